"""Names in the package are English; Dutch only for words of the data, and for what users call by name.

A word is English when it is in an English word list, and not far more common in Dutch. So a new Dutch word is
caught without standing in any list of ours. Which Dutch is allowed follows from the code: the words of
data_schema/, of the public tables, of `tks.*` and the commands. The parameters of public functions, and
fields that also stand as text in the package, for they are written or read by that name, may be Dutch too.
"""

from __future__ import annotations

import ast
import csv
import json
import re
from collections.abc import Iterator
from functools import cache
from inspect import signature
from pathlib import Path

import pytest
from spellchecker import SpellChecker

import toekomstscenario_eval as tks
from toekomstscenario_eval import errors, long_tables, types
from toekomstscenario_eval.protection import public as protected

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "toekomstscenario_eval"
FILES = sorted(p for p in PACKAGE.rglob("*.py") if "meegeleverd" not in p.parts)
# Folders in which every file is found by its name, which is what users call it.
BY_NAME = {"indicators", "checks", "cli", "sections", "thresholds", "rules"}
# The fingerprint of a plan covers the names of its fields.
FINGERPRINTED = {"Plan", "RegionFlow", "Supplier", "Story", "Passage"}
# Public tables by the module that names their columns, and the words of `weergave` in them.
TABLES = {long_tables: ("SCHATTING", "REEKS", "TOETS", "UITSLUITING"), protected: ("CELLEN", "PLEKKEN")}
SHOWN = (types.WEINIG, types.NUL, types.BIJNA, types.ALLE, types.NIET)

# Of programming, statistics and publishing: in no word list, or common in Dutch texts too;
# and the names of authors and of Dutch institutions.
TECHNICAL = frozenset(
    re.findall(
        r"\w+",
        """
    aalen acf alt analyse app args assortativity betweenness binom bools bsn centralisation centred clopper
    cls coc codelist codelists colour config cov covariate covariates css csv ctx curveball
    dersimonian docx doi door dossier durbin efron eigenvector enden estimands exitcode fernandez flowchart
    fmt gexf gini graphml histogram holm hoverable html icc integer ints inv iso johansen json kaplan
    lag lags ljung logdet logit loglik logrank lookup loop mcf meier metadata mimebundle mimetype min mpl
    mrqap msc mse msr multiverse nan net networkx newey npt nullmodel num ols opsahl org organisation
    organisations overdispersed overdispersion pacsv pdf png ppi prefilled presolve prof pww qap quantile
    quantiles radii rand reclassering rel reml
    repr resample rng rustworkx rvt schema secon separators sha stderr
    doctype duckdb gzip postgres pseudonymise spss sql sqlite stata xes
    steege stem submatrix summarise svg svgs toml tuples typst upc url utf winsor xml yaml
    """,
    )
)
# Calls whose keywords are columns.
COLUMNS = {"mutate", "agg", "aggregate", "assign", "select", "rename", "group_by", "order_by"}
# How much more common a word may be in Dutch than in English.
RATIO = 4


def words(name: str) -> list[str]:
    """Return the words of an identifier, in small letters."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]*|[a-z]+", name)
    return [p.lower() for p in parts if len(p) > 2]


def plurals(word: str) -> Iterator[str]:
    """Yield the word and what may be its plural in Dutch."""
    yield from (word, word + "s", word + "en", word + "n", word + word[-1] + "en")
    if m := re.fullmatch(r"(.*)([aeou])\2([^aeiou])", word):
        yield m[1] + m[2] + m[3] + "en"
    if word.endswith("heid"):
        yield word[:-4] + "heden"


@cache
def dictionaries() -> tuple[dict[str, float], dict[str, float]]:
    """Return how common words are in English and in Dutch."""
    both = []
    for language in ("en", "nl"):
        found = SpellChecker(language=language, distance=1).word_frequency
        both.append({w: n / found.total_words for w, n in found.dictionary.items()})
    return both[0], both[1]


def is_english(word: str) -> bool:
    english, dutch = dictionaries()
    return word in TECHNICAL or dutch.get(word, 0.0) < RATIO * english.get(word, 0.0)


def schema() -> Iterator[str]:
    """Yield the names in data_schema/: tables, fields, code lists and codes of one word."""
    for path in (ROOT / "data_schema" / "tables").glob("*.json"):
        yield path.stem
        yield from (f["name"] for f in json.loads(path.read_text(encoding="utf-8"))["fields"])
    for path in (ROOT / "data_schema" / "codelists").glob("*.csv"):
        yield path.stem
        with path.open(encoding="utf-8", newline="") as lines:
            yield from (row["code"] for row in csv.DictReader(lines) if "_" not in row["code"])


def public() -> Iterator[str]:
    """Yield what users and writers of indicators call by name."""
    yield from tks.__all__
    yield from (p.stem for folder in ("cli", "indicators") for p in (PACKAGE / folder).glob("[a-z]*.py"))
    for module in (types, errors):
        for name, thing in vars(module).items():
            if isinstance(thing, type) and thing.__module__ == module.__name__:
                yield name
                yield from getattr(thing, "__members__", {})
    # What a user gives to everything that shows: `tks.tabel(vrijgave)`.
    yield next(iter(signature(tks.tabel).parameters))
    for module, tables in TABLES.items():
        for name in tables:
            yield from (name, *getattr(module, name))
    yield from SHOWN


@cache
def vocabulary() -> frozenset[str]:
    names = ("peildatum", "totaal", *schema(), *public())
    return frozenset(p for name in names for word in words(name) for p in plurals(word))


@cache
def written() -> frozenset[str]:
    """Return the words that stand as text in the package: keys, columns, fields of templates and settings."""
    found = set(tks.__all__)
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {node.value} if node.value.isidentifier() else set()
            elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in COLUMNS:
                found |= {k.arg for k in node.keywords if k.arg}
            elif isinstance(node, ast.ClassDef) and is_open(node.name, path):
                found |= {n.target.id for n in node.body if isinstance(n, ast.AnnAssign)}
    for path in (p for end in ("j2", "toml", "typ") for p in PACKAGE.rglob(f"*.{end}")):
        found |= set(re.findall(r"[a-z_]+", path.read_text(encoding="utf-8")))
    for path in PACKAGE.rglob("*.csv"):
        found |= set(path.read_text(encoding="utf-8").splitlines()[0].split(","))
    return frozenset(found)


@cache
def offered() -> frozenset[str]:
    """Return the names of what is offered to users, and of the classes that it is made of."""
    classes = [thing for name in tks.__all__ if isinstance(thing := getattr(tks, name), type)]
    return frozenset((*tks.__all__, *(base.__name__ for c in classes for base in c.__mro__)))


def is_open(name: str, path: Path) -> bool:
    """Whether users know a class by its fields, or files hold them."""
    return name in offered() or path.stem in ("types", "errors", "nodes") or name in FINGERPRINTED


def is_public(node: ast.FunctionDef, owner: str, path: Path) -> bool:
    """Whether users call this by name, with its parameters."""
    if path.parent.name == "cli":
        return bool(node.decorator_list) or re.search("typer|Arg|Opt", ast.unparse(node.args)) is not None
    return is_open(owner or node.name, path)


def is_own(node: ast.AST) -> bool:
    """Whether this sets an attribute of `self`."""
    store = isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    return store and getattr(node.value, "id", "") == "self"


def assigned(node: ast.AST) -> Iterator[str]:
    """Yield the names that a node binds, but for those of functions, classes and imports."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name
    elif isinstance(node, ast.alias) and node.asname:
        yield node.asname
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest


def names(tree: ast.AST, path: Path, owner: str = "", *, fields: bool = False) -> Iterator[tuple[str, int]]:
    """Yield every name that a file gives and that must be English, with its line."""
    for node in ast.iter_child_nodes(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.ClassDef):
            if node.name.lower() not in written():
                yield node.name, line
            yield from names(node, path, node.name, fields=True)
            continue
        if isinstance(node, ast.FunctionDef):
            public_ = is_public(node, owner, path)
            if not (public_ or (fields and node.name in written())):
                yield node.name, line
            arguments = (a.arg for a in ast.walk(node.args) if isinstance(a, ast.arg))
            yield from ((a, line) for a in arguments if not public_)
            for part in node.body:
                yield from names(ast.Module([part], []), path)
            continue
        if is_own(node) and node.attr not in written():
            yield node.attr, line
        yield from ((n, line) for n in assigned(node) if not (fields and n in written()))
        if isinstance(node, ast.Lambda):
            yield from ((a.arg, line) for a in node.args.args)
        yield from names(node, path, owner, fields=fields)


def dutch(name: str) -> list[str]:
    """Return the words of a name that are Dutch; those that Python calls, such as `__init__`, have none."""
    found = [] if name.startswith("__") else words(name)
    return [w for w in found if w not in vocabulary() and not is_english(w)]


def faults(text: str, path: Path) -> list[str]:
    """Return every Dutch word in a name that the file gives, its own name included."""
    found = [
        f"regel {line}: {name} ({', '.join(d)})"
        for name, line in names(ast.parse(text), path)
        if (d := dutch(name))
    ]
    by_name = path.parent.name in BY_NAME and not path.stem.startswith("_")
    return found if by_name or not dutch(path.stem) else [f"bestand {path.name}", *found]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_names_are_english(path):
    assert not faults(path.read_text(encoding="utf-8"), path)


PLANTED = {
    "rijen": "def rows(rijen):\n    return rijen\n",
    "bestand": "with open('x') as bestand:\n    pass\n",
    "uitkomst_per_kolom": "uitkomst_per_kolom = 1\n",
    "sleutelbos": "def f():\n    for sleutelbos in ():\n        pass\n",
    "pad": "def f():\n    pad = 1\n",
    "Kastje": "class Kastje:\n    lade: int\n",
    "lade": "class Box:\n    lade: int\n",
    "zoek_op": "def zoek_op():\n    pass\n",
    "rij": "x = [rij for rij in ()]\n",
    "knip": "f = lambda knip: 1\n",
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_new_dutch_name_is_seen(name):
    assert any(f" {name} " in fault for fault in faults(PLANTED[name], PACKAGE / "estimators" / "new.py"))


def test_a_dutch_file_name_is_seen():
    assert faults("", PACKAGE / "estimators" / "schatters.py") == ["bestand schatters.py"]


def test_words_of_the_data_and_public_names_may_stay():
    text = (
        "def huishoudens(venster, *, peildatum):\n    einde = reden = 1\n    teller, noemer = maten = 1, 2\n"
    )
    assert not faults(text, PACKAGE / "estimators" / "new.py")


def test_files_in_different_rooms_have_different_names():
    seen: dict[str, list[str]] = {}
    for path in FILES:
        if not path.stem.startswith("_") and path.parent.name not in BY_NAME:
            seen.setdefault(path.stem, []).append(str(path.relative_to(PACKAGE)))
    assert not {stem: paths for stem, paths in seen.items() if len(paths) > 1}
