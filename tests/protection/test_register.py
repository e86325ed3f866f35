"""The register of releases: it holds what was published, only grows, and never goes on when in doubt."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import textwrap
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toekomstscenario_eval.errors import OnthullingsFout, UitvoerFout
from toekomstscenario_eval.protection import register
from toekomstscenario_eval.protection.entries import Draw, Grant, Published, Withdrawal
from toekomstscenario_eval.protection.noise import Noise
from toekomstscenario_eval.protection.register import Register

RUIS = Noise(6, 3, 2)
AFDRUK = "0123456789abcdef"
GEHEEL, ZUID = ("", "totaal"), ("proeftuin", "pt01")
DAG, LATER, LAATST = date(2026, 1, 1), date(2027, 1, 1), date(2028, 1, 1)


@pytest.fixture
def pad(tmp_path) -> Path:
    pad = tmp_path / register.FILE
    register.create(pad, AFDRUK)
    return pad


def open_(pad: Path, afdruk: str = AFDRUK, ruis: Noise = RUIS, epoche: str = "jaar") -> Register:
    return Register.open(pad, afdruk, ruis, epoche)


def trekking(plek=ZUID, epoche=DAG, **anders) -> Draw:
    return Draw(plek, epoche, **({"huishoudens": 103, "pakket": "p1"} | anders))


def cellen(plek=ZUID, epoche=DAG, recept="duo", periode="2025", gesloten=False, t=42) -> Published:
    return Published(
        recept, plek, periode, epoche, 103, gesloten, ("t", "t", "r"), (0, 0, 0), (1, 2, 1), (t, 7, 58)
    )


def uitzondering(plek=ZUID) -> Grant:
    return Grant(plek, "correctie", "A. Eigenaar", "een fout in de bron", date(2026, 3, 1))


# What it holds.


def test_a_new_register_is_empty(pad):
    boek = open_(pad)
    assert boek.draws(ZUID) == ()
    assert boek.cells("duo", ZUID, "2025") is None
    assert boek.exceptions(ZUID) == ()
    assert boek.snapshot.rules is None
    assert boek.append([]) == boek.head
    assert pad.read_bytes().count(b"\n") == 1


@pytest.mark.parametrize("waar", ["schijf", "geheugen"])
def test_what_was_added_is_read(pad, waar):
    boek = open_(pad) if waar == "schijf" else Register.memory(AFDRUK, RUIS, "jaar")
    begin = boek.head
    kop = boek.append([trekking(), cellen(), trekking(GEHEEL), cellen(GEHEEL, periode="")])
    assert kop == boek.head != begin
    for gelezen in [boek] + [open_(pad)] * (waar == "schijf"):
        assert gelezen.head == kop
        assert gelezen.draws(ZUID) == (trekking(),)
        assert gelezen.cells("duo", ZUID, "2025") == cellen()
        assert gelezen.cells("duo", GEHEEL, "") == cellen(GEHEEL, periode="")
        assert gelezen.cells("duo", ZUID, "2024") is None
        assert gelezen.snapshot.places == (GEHEEL, ZUID)
        assert gelezen.snapshot.rules == (6, 3, 2, "jaar")


def test_the_same_entries_give_the_same_bytes(tmp_path):
    koppen = set()
    for naam in "ab":
        pad = tmp_path / naam / register.FILE
        register.create(pad, AFDRUK)
        koppen.add((open_(pad).append([trekking(), cellen()]), pad.read_bytes()))
    koppen.add((Register.memory(AFDRUK, RUIS, "jaar").append([trekking(), cellen()]), pad.read_bytes()))
    assert len(koppen) == 1


def test_counts_of_numpy_go_in(pad):
    n = np.array([42], dtype=np.int64)
    entry = Published("duo", ZUID, "", DAG, n[0], np.bool_(True), ("t",), tuple(n * 0), tuple(n), tuple(n))
    open_(pad).append([trekking(huishoudens=n[0]), entry])
    assert open_(pad).cells("duo", ZUID, "") == Published(
        "duo", ZUID, "", DAG, 42, True, ("t",), (0,), (42,), (42,)
    )
    assert open_(pad).draws(ZUID)[0].huishoudens == 42


@given(
    tekst=st.text(max_size=20),
    rijen=st.lists(
        st.tuples(st.text(max_size=5), st.integers(0, 10**6), st.integers(1, 999), st.integers(0, 10**7))
    ),
)
def test_any_cells_come_back_as_they_were(tekst, rijen, tmp_path_factory):
    pad = tmp_path_factory.mktemp("r") / register.FILE
    register.create(pad, AFDRUK)
    plek = (tekst, tekst)
    entry = Published(
        tekst,
        plek,
        tekst,
        DAG,
        1,
        True,
        *(tuple(c) for c in (zip(*rijen, strict=True) if rijen else [()] * 4)),
    )
    open_(pad).append([trekking(plek, pakket=tekst), entry])
    assert open_(pad).cells(tekst, plek, tekst) == entry


def test_it_takes_little_room(pad):
    """100,000 cells: at most sixty bytes each."""
    plekken = [("proeftuin", f"pt{i:03}") for i in range(500)]
    k = tuple(range(1, 21))
    regels = [
        Published(
            f"professionals_per_huishouden[telling=verschillend,soort={r}]", plek, "2025", DAG, 1500, True,
            ("einde_1",) * 20, (365,) * 20, k, tuple(1500 - 7 * i for i in k),
        )
        for plek in plekken
        for r in range(10)
    ]  # fmt: skip
    open_(pad).append([*(trekking(p) for p in plekken), *regels])
    assert pad.stat().st_size / 100_000 < 60
    boek = open_(pad)
    assert boek.cells(regels[-1].recept, regels[-1].plek, "2025") == regels[-1]


def test_a_snapshot_goes_to_another_process_and_stays(pad):
    boek = open_(pad)
    boek.append([trekking(), cellen(), uitzondering()])
    foto = boek.snapshot
    elders = pickle.loads(pickle.dumps(foto))
    boek.append([trekking(GEHEEL)])
    for f in (foto, elders):
        assert f.places == (ZUID,)
        assert f.cells("duo", ZUID, "2025") == cellen()
        assert len(f.exceptions(ZUID)) == 1
        assert f.head != boek.head


# What may be added.


def weigert(boek: Register, *entries, wat: str) -> None:
    kop, inhoud = boek.head, boek.path.read_bytes()
    with pytest.raises(OnthullingsFout, match=wat):
        boek.append(entries)
    assert boek.head == kop
    assert boek.path.read_bytes() == inhoud


def test_a_place_is_drawn_once_an_epoch_and_floor_v_times(pad):
    boek = open_(pad)
    boek.append([trekking()])
    weigert(boek, trekking(GEHEEL), trekking(), wat="in deze epoche al getrokken")
    boek.append([trekking(epoche=LATER)])
    weigert(boek, trekking(), wat="in deze epoche al getrokken")
    boek.append([trekking(epoche=LAATST)])
    weigert(boek, trekking(epoche=date(2029, 1, 1)), wat="zo vaak getrokken als mag")
    boek.append([trekking(GEHEEL)])


def test_a_pilot_with_another_start_is_drawn_again_in_its_epoch(pad):
    boek = open_(pad)
    boek.append([trekking(start=("Zuid=2024-04-01",))])
    weigert(boek, trekking(start=("Zuid=2024-04-01",)), wat="in deze epoche al getrokken")
    boek.append([trekking(start=("Zuid=2024-05-01",))])
    boek.append([trekking(start=("Zuid=2024-06-01",))])
    weigert(boek, trekking(start=("Zuid=2024-07-01",)), wat="zo vaak getrokken als mag")
    assert [d.start for d in open_(pad).draws(ZUID)] == [(f"Zuid=2024-0{m}-01",) for m in (4, 5, 6)]


def test_cells_belong_to_the_last_draw_of_their_place(pad):
    boek = open_(pad)
    weigert(boek, cellen(), wat="niet van de laatste trekking")
    boek.append([trekking(), cellen()])
    weigert(boek, cellen(t=43), wat="staan er al")
    weigert(boek, cellen(epoche=LATER), wat="niet van de laatste trekking")
    boek.append([cellen(recept="een nieuwe vraag")])
    boek.append([trekking(epoche=LATER), cellen(epoche=LATER, t=43)])
    assert boek.cells("duo", ZUID, "2025").n[0] == 43
    weigert(boek, cellen(epoche=DAG, recept="nog een"), wat="niet van de laatste trekking")


def test_a_closed_window_stays_but_for_an_exception(pad):
    boek = open_(pad)
    boek.append([trekking(), cellen(gesloten=True)])
    boek.append([trekking(epoche=LATER)])
    weigert(boek, cellen(epoche=LATER, gesloten=True, t=43), wat="staan er al")
    boek.append([uitzondering()])
    (toegestaan,) = boek.exceptions(ZUID)
    boek.append(
        [trekking(epoche=LATER, uitzondering=toegestaan.kenmerk), cellen(epoche=LATER, gesloten=True, t=43)]
    )
    assert boek.cells("duo", ZUID, "2025").n[0] == 43
    weigert(boek, cellen(epoche=LATER, gesloten=True, t=44), wat="staan er al")


def test_an_exception_counts_as_a_draw_and_is_used_once(pad):
    boek = open_(pad)
    boek.append([trekking(), trekking(GEHEEL), uitzondering()])
    (toegestaan,) = boek.exceptions(ZUID)
    assert boek.exceptions(GEHEEL) == ()
    weigert(boek, trekking(GEHEEL, uitzondering=toegestaan.kenmerk), wat="is er niet, of is al gebruikt")
    weigert(boek, trekking(uitzondering="een ander"), wat="is er niet, of is al gebruikt")
    boek.append([trekking(uitzondering=toegestaan.kenmerk)])
    assert len(boek.draws(ZUID)) == 2
    assert boek.exceptions(ZUID) == ()
    weigert(boek, trekking(uitzondering=toegestaan.kenmerk), wat="is er niet, of is al gebruikt")
    boek.append([trekking(epoche=LATER)])
    weigert(boek, trekking(epoche=LAATST), wat="zo vaak getrokken als mag")


def test_an_exception_for_all_is_used_by_each_place(pad):
    boek = open_(pad)
    boek.append([trekking(), trekking(GEHEEL), uitzondering(None)])
    (toegestaan,) = boek.exceptions(ZUID)
    boek.append([trekking(uitzondering=toegestaan.kenmerk)])
    assert boek.exceptions(ZUID) == ()
    assert boek.exceptions(GEHEEL) == (toegestaan,)
    boek.append([Withdrawal(toegestaan.kenmerk, "A. Eigenaar", "toch niet", LATER)])
    assert boek.exceptions(GEHEEL) == ()
    assert open_(pad).exceptions(GEHEEL) == ()
    weigert(boek, Withdrawal(toegestaan.kenmerk, "A", "b", LATER), wat="al ingetrokken")
    weigert(boek, Withdrawal("onbekend", "A", "b", LATER), wat="is er niet")


@pytest.mark.parametrize(
    "entry",
    [
        Grant(ZUID, "correctie", " ", "reden", DAG),
        Grant(ZUID, "correctie", "wie", "", DAG),
        Grant(ZUID, "zomaar", "wie", "reden", DAG),
        Withdrawal("x", "", "reden", DAG),
    ],
)
def test_a_decision_has_a_name_and_a_reason(pad, entry):
    weigert(open_(pad), entry, wat="het register neemt dit niet op")


def test_owner_decides_before_the_first_release(pad):
    """Who enters a decision knows no noise; a draw needs it."""
    boek = Register(pad, AFDRUK, None)
    boek.append([uitzondering(None)])
    weigert(boek, trekking(), wat="zo vaak getrokken als mag")
    assert boek.snapshot.rules is None
    open_(pad).append([trekking()])
    assert Register(pad, AFDRUK, None).snapshot.rules == (6, 3, 2, "jaar")


# Fails closed.


def test_other_noise_or_another_epoch(pad):
    open_(pad).append([trekking()])
    for ander in (
        {"ruis": Noise(7, 3, 2)},
        {"ruis": Noise(6, 4, 2)},
        {"ruis": Noise(6, 3, 1)},
        {"epoche": "halfjaar"},
    ):
        with pytest.raises(OnthullingsFout, match="anders dan in het register") as fout:
            open_(pad, **ander)
        assert fout.value.verwacht == "D 6, V 3, js 2, epoche jaar"


def test_another_secret(pad):
    with pytest.raises(OnthullingsFout, match="andere sleutel"):
        open_(pad, afdruk="f" * 16)


def test_no_register(pad):
    pad.unlink()
    with pytest.raises(OnthullingsFout, match="niet bekend is wat al is vrijgegeven") as fout:
        open_(pad)
    assert "reservekopie" in fout.value.herstel
    assert "--intern" in fout.value.herstel
    assert not pad.exists()


def test_a_register_with_releases_is_not_made_anew(pad):
    register.create(pad, "f" * 16)
    open_(pad, afdruk="f" * 16).append([trekking()])
    with pytest.raises(OnthullingsFout, match="al een register met vrijgaven"):
        register.create(pad, AFDRUK)


@pytest.fixture
def vol(pad) -> Path:
    """Two batches."""
    boek = open_(pad)
    boek.append([trekking(), cellen()])
    boek.append([trekking(GEHEEL), cellen(GEHEEL), uitzondering()])
    return pad


def test_a_changed_byte_is_seen_wherever_it_is(vol):
    """But, without the file beside it, for the very last one: the batch counts as never finished then."""
    inhoud = vol.read_bytes()
    vol.write_bytes(inhoud[:-1] + b"x")
    with pytest.raises(OnthullingsFout, match="ouder dan wat er al mee is vrijgegeven"):
        open_(vol)
    register.mark_of(vol).unlink()
    vol.write_bytes(inhoud)
    kop = open_(vol).head
    stil = []
    for i in range(len(inhoud)):
        vol.write_bytes(inhoud[:i] + bytes([inhoud[i] ^ 1]) + inhoud[i + 1 :])
        try:
            boek = open_(vol)
        except OnthullingsFout:
            continue
        assert boek.head != kop
        stil.append(i)
    assert stil == [len(inhoud) - 1]


def test_a_line_gone_swapped_or_double(vol):
    regels = vol.read_bytes().splitlines(keepends=True)
    for i in range(len(regels) - 1):
        for anders in (
            regels[:i] + regels[i + 1 :],
            regels[: i + 1] + regels[i:],
            [*regels[:i], regels[i + 1], regels[i], *regels[i + 2 :]],
        ):
            vol.write_bytes(b"".join(anders))
            with pytest.raises(OnthullingsFout):
                open_(vol)


def test_every_beginning_is_a_register_or_refused(vol):
    """Cut off anywhere, as by a full disk or a stop: the batches that are complete, and no half one."""
    inhoud = vol.read_bytes()
    eindes = [0]
    for regel in inhoud.splitlines(keepends=True):
        eindes.append(eindes[-1] + len(regel))
    heel = [eindes[1], eindes[5], eindes[-1]]  # header; rules, draw, cells, end; the second batch
    for i in range(len(inhoud)):
        vol.write_bytes(inhoud[:i])
        # So it is where it was never written further than this.
        register.mark_of(vol).unlink(missing_ok=True)
        if i < heel[0]:
            with pytest.raises(OnthullingsFout):
                open_(vol)
            continue
        boek = open_(vol)
        assert len(boek.snapshot.places) == (1 if i >= heel[1] else 0)
        assert boek.snapshot.grants == {}
        # And it goes on from there: what was half is gone.
        boek.append([trekking(("regio", "r1"))])
        assert open_(vol).head == boek.head
        assert vol.read_bytes().startswith(inhoud[: max(h for h in heel if h <= i)])


def test_an_older_copy_that_is_put_back_is_refused(pad):
    """Whole batches and a right chain: only what stands beside it tells that more is out."""
    boek, kopieen = open_(pad), [pad.read_bytes()]
    for plek in ("r1", "r2"):
        boek.append([trekking(("regio", plek))])
        kopieen.append(pad.read_bytes())
    for oud in kopieen[:-1]:
        pad.write_bytes(oud)
        with pytest.raises(OnthullingsFout, match="ouder dan wat er al mee is vrijgegeven"):
            open_(pad)
        assert pad.read_bytes() == oud
    # Another history of the same length is another register too.
    nieuwe, merk = kopieen[-1], register.mark_of(pad).read_bytes()
    pad.write_bytes(kopieen[0])
    register.mark_of(pad).unlink()
    ander = open_(pad)
    for plek in ("r3", "r4"):
        ander.append([trekking(("regio", plek))])
    assert len(pad.read_bytes()) == len(nieuwe)
    register.mark_of(pad).write_bytes(merk)
    with pytest.raises(OnthullingsFout, match="ouder dan"):
        open_(pad)
    pad.write_bytes(nieuwe)
    assert open_(pad).head == boek.head


def test_a_register_that_is_further_than_its_mark_is_fine(vol):
    """Stopped between the two: the register knows more, and nothing is out that it does not know."""
    merk = register.mark_of(vol).read_bytes()
    boek = open_(vol)
    boek.append([trekking(("regio", "r1"))])
    register.mark_of(vol).write_bytes(merk)
    assert open_(vol).head == boek.head
    register.mark_of(vol).write_bytes(b"onzin\n")
    with pytest.raises(OnthullingsFout, match="ouder dan"):
        open_(vol)


def test_it_is_not_gone_back_or_changed_under_our_hands(vol):
    boek = open_(vol)
    inhoud = vol.read_bytes()
    vol.write_bytes(inhoud[: len(inhoud) // 2])
    with pytest.raises(OnthullingsFout, match="het register klopt niet"):
        boek.append([trekking(("regio", "r1"))])
    assert vol.read_bytes() == inhoud[: len(inhoud) // 2]


def test_an_unreadable_register(vol):
    vol.unlink()
    vol.mkdir()
    with pytest.raises(OnthullingsFout, match="kan niet worden gelezen"):
        open_(vol)


def test_what_was_refused_stays_refused(vol):
    """A batch is spoilt while the register is open: asked again, it is not passed over."""
    boek, inhoud = open_(vol), vol.read_bytes()
    ander = open_(vol)
    ander.append([trekking(("regio", "r1"))])
    ander.append([trekking(("regio", "r2"))])
    nieuw = vol.read_bytes()
    vol.write_bytes(nieuw[:-100] + b"x" + nieuw[-99:])
    assert nieuw.startswith(inhoud)
    for _ in range(2):
        with pytest.raises(OnthullingsFout, match="het register klopt niet"), boek.writing():
            pass


@pytest.mark.parametrize("wat", ["write", "fsync", "half"])
def test_full_disk(vol, monkeypatch, wat):
    boek, kop, inhoud = open_(vol), open_(vol).head, vol.read_bytes()
    echt = os.write

    def halfway(handle, data):
        if len(data) < 40:
            raise OSError(28, "No space left on device")
        return echt(handle, data[: len(data) // 2])

    def stuk(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as m:
        m.setattr(os, "fsync" if wat == "fsync" else "write", halfway if wat == "half" else stuk)
        with pytest.raises(UitvoerFout, match="er is niets veranderd") as fout:
            boek.append([trekking(("regio", "r1"))])
        assert fout.value.exitcode == 6
    assert vol.read_bytes() == inhoud
    assert boek.head == open_(vol).head == kop
    # There is room again.
    boek.append([trekking(("regio", "r1"))])
    assert open_(vol).head == boek.head


def test_full_disk_that_cannot_even_take_back(vol, monkeypatch):
    boek, kop, inhoud = open_(vol), open_(vol).head, vol.read_bytes()
    echt, beurt = os.write, []

    def halfway(handle, data):
        beurt.append(1)
        if len(beurt) > 1:
            monkeypatch.setattr(os, "ftruncate", lambda *_: halfway(0, b""))
            raise OSError(28, "No space left on device")
        return echt(handle, data[:50])

    with monkeypatch.context() as m:
        m.setattr(os, "write", halfway)
        with pytest.raises(UitvoerFout):
            boek.append([trekking(("regio", "r1"))])
    monkeypatch.undo()
    assert len(vol.read_bytes()) == len(inhoud) + 50
    assert open_(vol).head == kop


# Two processes.


SCHRIJVER = """
    import sys, time
    from datetime import date
    from pathlib import Path
    from toekomstscenario_eval.protection.entries import Draw
    from toekomstscenario_eval.protection.noise import Noise
    from toekomstscenario_eval.protection.register import Register

    boek = Register.open(Path(sys.argv[1]), "0123456789abcdef", Noise(6, 3, 2), "jaar")
"""


def proces(pad: Path, code: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SCHRIJVER) + textwrap.dedent(code), str(pad)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_two_writers(pad):
    """While one has the register, another is refused; after it, it must look again."""
    boek = open_(pad)
    ander = proces(pad, """
        with boek.writing():
            print("bezig", flush=True)
            sys.stdin.readline()
            boek.append([Draw(("regio", "r1"), date(2026, 1, 1), 100, "p")])
        print(boek.head, flush=True)
    """)  # fmt: skip
    with ander:
        assert ander.stdout.readline() == "bezig\n"
        for _ in range(2):
            with pytest.raises(UitvoerFout, match="een ander proces schrijft"):
                boek.append([trekking()])
        with pytest.raises(UitvoerFout, match="een ander proces schrijft"), open_(pad).writing():
            pass
        # Reading goes on.
        assert open_(pad).snapshot.places == ()
        ander.stdin.write("\n")
        ander.stdin.flush()
        kop = ander.stdout.readline().strip()
    assert ander.returncode == 0
    for _ in range(2):
        with pytest.raises(OnthullingsFout, match="intussen door een ander aangevuld"):
            boek.append([trekking()])
    with boek.writing():
        assert boek.head == kop
        boek.append([trekking()])
    assert open_(pad).snapshot.places == (ZUID, ("regio", "r1"))


def test_many_at_once_lose_nothing(pad):
    """Processes that each look, decide and add, until it is their turn."""
    code = """
        for i in range(5):
            while True:
                try:
                    with boek.writing():
                        boek.append([Draw((sys.argv[2], str(i)), date(2026, 1, 1), 100, "p")])
                    break
                except Exception as fout:
                    assert type(fout).__name__ == "UitvoerFout", fout
                    time.sleep(0.002)
    """
    allen = [
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(SCHRIJVER) + textwrap.dedent(code), str(pad), naam]
        )
        for naam in "ab"
    ]
    assert [p.wait(timeout=60) for p in allen] == [0, 0]
    assert open_(pad).snapshot.places == tuple((n, str(i)) for n in "ab" for i in range(5))


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
@pytest.mark.parametrize("geschreven", [0, 1, 50, 10_000])
def test_killed_while_writing(pad, geschreven):
    """Whatever part of the batch reached the disk: it is not there, the lock is free, and writing goes on."""
    open_(pad).append([trekking(GEHEEL)])
    kop, inhoud = open_(pad).head, pad.read_bytes()
    with proces(pad, f"""
        import os
        echt = os.write
        def halfway(handle, data):
            echt(handle, bytes(data)[:{geschreven}])
            print("half", flush=True)
            time.sleep(60)
        os.write = halfway
        boek.append([Draw(("regio", str(i)), date(2026, 1, 1), 100, "p") for i in range(200)])
    """) as ander:  # fmt: skip
        assert ander.stdout.readline() == "half\n"
        ander.send_signal(signal.SIGKILL)
    assert ander.returncode == -signal.SIGKILL
    assert len(pad.read_bytes()) == len(inhoud) + geschreven
    boek = open_(pad)
    assert boek.head == kop
    assert boek.snapshot.places == (GEHEEL,)
    boek.append([trekking()])
    assert open_(pad).snapshot.places == (GEHEEL, ZUID)
    assert pad.read_bytes().startswith(inhoud)


def test_every_line_is_plain_json(vol):
    regels = [json.loads(regel) for regel in vol.read_text(encoding="utf-8").splitlines()]
    assert regels[0] == {"register": 1, "vingerafdruk": AFDRUK}
    assert [r["regel"] for r in regels[1:]] == [
        "regels", "trekking", "cellen", "klaar", "trekking", "cellen", "uitzondering", "klaar",
    ]  # fmt: skip
    assert [regels[3][kolom] for kolom in ("naam", "x", "k", "n")] == [
        ["t", "t", "r"], [0, 0, 0], [1, 2, 1], [42, 7, 58],
    ]  # fmt: skip
