"""Profiles: mappings for official layouts that travel with the package, one file each.

A mapping says `profiel: NAAM`; what it says itself goes before the profile, key by key. A profile may build
on another in the same way. `kolomnamen` gives the names that the columns have in a delivery.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from toekomstscenario_eval.data.yaml_node import Node, Wording, load_yaml
from toekomstscenario_eval.errors import GebruikFout, did_you_mean

FOLDER = Path(__file__).with_name("profiles")
_KEY, _CARD, _RENAMED = "profiel", "over", "kolomnamen"
_ORIGINS = frozenset({"kolom", "vast", "nummer"})
# Where a mapping names columns of the source: the last steps of the path to a value.
_NAMING = frozenset(
    {
        *((k,) for k in ("per", "van", "tot", "open_als_leeg", "over", "kolom")),
        *((k,) for k in ("gevuld", "samen", "binnen", "onderscheid")),
        ("van_leeg", "wordt"),
        *(("levering", k) for k in ("sleutel", "volgorde", "versie", "leverancier")),
    }
)
_CARD_KEYS = ("titel", "bron", "zelf_invullen", "toegevoegd")
_WORDS = Wording(
    naam="het profiel",
    weg="bestaat niet",
    onleesbaar="kan niet worden gelezen",
    pad="installeer het programma opnieuw",
    utf8="installeer het programma opnieuw",
    vorm="installeer het programma opnieuw",
)


@dataclass(frozen=True)
class Profile:
    """What a profile is about: its title, the source of its layout, and what a user still has to say.

    `toegevoegd` are the columns that a delivery needs beside those of the layout.
    """

    naam: str
    titel: str
    bron: str
    zelf_invullen: tuple[str, ...]
    toegevoegd: tuple[str, ...]


def names() -> tuple[str, ...]:
    """Return the profiles that exist, in alphabetical order."""
    return tuple(sorted(p.stem for p in FOLDER.glob("*.yaml")))


def card(naam: str) -> Profile:
    """Return what a profile is about.

    Raises
    ------
    GebruikFout
        When there is no such profile.
    """
    whole = Node(_completed(naam), _load(naam).plek)
    block = _keys(whole)[_CARD].block(_CARD_KEYS, needed=("titel", "bron"))
    lists = {k: block[k].items() if k in block else () for k in ("zelf_invullen", "toegevoegd")}
    return Profile(naam, block["titel"].filled(), block["bron"].filled(), **lists)


def texts(naam: str) -> dict[str, str]:
    """Return a profile as it is written, comments included, and before it those that it builds on."""
    keys = _keys(_load(naam))
    below = texts(keys[_KEY].filled()) if _KEY in keys else {}
    return {**below, naam: _path(naam).read_text(encoding="utf-8")}


def with_profile(root: Node) -> Node:
    """Return a mapping completed by the profile that it names, with the column names of the delivery."""
    keys = _keys(root)
    renamed = {old: new.filled() for old, new in keys[_RENAMED].block().items()} if _RENAMED in keys else {}
    if _KEY not in keys:
        if renamed:
            raise keys[_RENAMED].refuse(f"'{_RENAMED}' hoort bij een profiel", remedy=f"noem ook '{_KEY}'")
        return root
    naam = keys[_KEY].filled()
    if naam not in names():
        raise keys[_KEY].refuse(
            f"het profiel '{naam}' bestaat niet",
            expected=", ".join(names()),
            remedy=did_you_mean(naam, names()),
        )
    _mark(root.bron, root.plek.bestand)
    merged = merge(_completed(naam), root.bron)
    _drop(merged, (_KEY, _CARD, _RENAMED))
    known = {str(n.value).strip() for n in _columns(merged)}
    for old in renamed:
        if old not in known:
            raise keys[_RENAMED].refuse(
                f"het profiel {naam} gebruikt geen kolom '{old}'", remedy=did_you_mean(old, sorted(known))
            )
    return Node(_rename(merged, renamed), root.plek)


def _path(naam: str) -> Path:
    if naam not in names():
        raise GebruikFout(
            f"het profiel '{naam}' bestaat niet",
            verwacht=", ".join(names()),
            herstel=did_you_mean(naam, names()),
        )
    return FOLDER / f"{naam}.yaml"


def _load(naam: str) -> Node:
    root, _ = load_yaml(_path(naam), _WORDS)
    if root is None:
        raise GebruikFout(f"het profiel '{naam}' is leeg", herstel="installeer het programma opnieuw")
    _mark(root.bron, f"profiel {naam}")
    return root


def _completed(naam: str) -> yaml.Node:
    """Return a profile, completed by the one that it builds on."""
    root = _load(naam)
    keys = _keys(root)
    return merge(_completed(keys[_KEY].filled()), root.bron) if _KEY in keys else root.bron


def _keys(root: Node) -> Mapping[str, Node]:
    return root.block() if isinstance(root.bron, yaml.MappingNode) else {}


def _mark(node: yaml.Node, naam: str) -> None:
    """Let every part say in which file it stands, also when two are merged."""
    node.start_mark.name = naam
    for child in _children(node):
        _mark(child, naam)


def _children(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        yield from node.value
    elif isinstance(node, yaml.MappingNode):
        for pair in node.value:
            yield from pair


def _named(node: yaml.MappingNode) -> dict[str, yaml.Node]:
    return {str(key.value).strip(): value for key, value in node.value}


def merge(under: yaml.Node, over: yaml.Node) -> yaml.Node:
    """Return a block with the keys of both; those of `over` go first, and an empty one takes a key away."""
    if not (isinstance(under, yaml.MappingNode) and isinstance(over, yaml.MappingNode)):
        return over
    above = _named(over)
    if _ORIGINS & set(above):  # where a field comes from is said as a whole
        return over
    # With its key too: a message names the line where a reader can change something.
    where = {str(k.value).strip(): k for k, _ in over.value}
    pairs = [
        (where.get(n, k), merge(v, above.get(n, v))) for k, v in under.value for n in [str(k.value).strip()]
    ]
    there = set(_named(under))
    said: set[str] = set()
    for k, v in over.value:
        naam = str(k.value).strip()
        # A key that stands there twice stays so: whoever reads the mapping refuses it.
        if naam not in there or naam in said:
            pairs.append((k, v))
        said.add(naam)
    kept = [(k, v) for k, v in pairs if not _empty(v)]
    return yaml.MappingNode(over.tag, kept, over.start_mark, over.end_mark)


def _empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.style is None and node.value in ("", "~", "null")


def _drop(node: yaml.Node, keys: tuple[str, ...]) -> None:
    node.value = [(k, v) for k, v in node.value if str(k.value).strip() not in keys]


def _columns(node: yaml.Node, path: tuple[str, ...] = ()) -> Iterator[yaml.ScalarNode]:
    """Yield the places where a mapping names a column of the source; `path` says where `node` stands."""
    if isinstance(node, yaml.MappingNode):
        in_source = path[:1] in (("bron",), ("bronnen",)) and path[-1] == "kolommen"
        for key, value in node.value:
            if in_source or path[-1:] == ("alleen",):
                yield key
            yield from _columns(value, (*path, str(key.value).strip()))
    elif path[-1:] in _NAMING or path[-2:] in _NAMING:
        if path[:1] != ("bronnen",) or path[-1:] != ("van",):  # there it is another source
            named = node.value if isinstance(node, yaml.SequenceNode) else [node]
            yield from (n for n in named if isinstance(n, yaml.ScalarNode))
    elif isinstance(node, yaml.SequenceNode):
        for part in node.value:
            yield from _columns(part, path)


def _rename(node: yaml.Node, renamed: Mapping[str, str]) -> yaml.Node:
    for name in _columns(node):
        name.value = renamed.get(str(name.value).strip(), name.value)
    return node
