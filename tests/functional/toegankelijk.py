"""What the accessibility tests share: axe-core in headless Chromium, LibreOffice, and where to find them."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

WORTEL = Path(__file__).parents[2]
_CSP = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
# Every box is opened first: what is folded away must be accessible too.
_DRAAI = """
document.querySelectorAll("details").forEach(d => d.open = true);
axe.run(document).then(r => {
  const uit = document.createElement("pre");
  uit.id = "axe-uit";
  uit.textContent = JSON.stringify({
    donker: matchMedia("(prefers-color-scheme: dark)").matches,
    breed: innerWidth,
    geslaagd: r.passes.length,
    fout: r.violations.map(v => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 200)]),
    onzeker: r.incomplete.map(v => [v.id, v.nodes.length]),
  });
  document.body.append(uit);
});
"""


def chromium() -> str:
    """Return the browser, or skip."""
    for naam in ("chromium", "chromium-browser", "google-chrome"):
        if pad := shutil.which(naam):
            return pad
    pytest.skip("geen Chromium op deze machine")


def axe_bron() -> str:
    """Return the source of axe-core, or skip: `npm install --prefix .venv/axe axe-core` brings it."""
    mappen = [os.environ.get("TKS_AXE", ""), WORTEL / ".venv" / "axe", WORTEL]
    for map_ in filter(None, mappen):
        pad = Path(map_) / "node_modules" / "axe-core" / "axe.min.js"
        if pad.is_file():
            return pad.read_text(encoding="utf-8")
    pytest.skip("geen axe-core; npm install --prefix .venv/axe axe-core, of zet de map in TKS_AXE")


def blader(*opties: str, pad: Path) -> str:
    """Open a page in headless Chromium and return its document as the browser has it."""
    opdracht = [chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", *opties]
    uit = subprocess.run(
        [*opdracht, "--dump-dom", pad.as_uri()], capture_output=True, text=True, check=True, timeout=180
    )
    return uit.stdout


def axe(tekst: str, map_: Path, *, donker: bool, breed: int) -> dict[str, Any]:
    """Return what axe-core finds on a page, in light or dark, at a width."""
    bron = axe_bron()
    pagina = _CSP.sub("", tekst)
    eind = pagina.rindex("</body>")
    pad = map_ / f"axe-{donker}-{breed}.html"
    script = f"<script>{bron}</script><script>{_DRAAI}</script>"
    pad.write_text(pagina[:eind] + script + pagina[eind:], encoding="utf-8")
    dom = blader(
        f"--window-size={breed},900",
        "--virtual-time-budget=120000",
        f"--blink-settings=preferredColorScheme={0 if donker else 1}",
        pad=pad,
    )
    gevonden = re.search(r'<pre id="axe-uit">(.*?)</pre>', dom, re.DOTALL)
    assert gevonden, "axe-core gaf geen antwoord"
    uit: dict[str, Any] = json.loads(html.unescape(gevonden[1]))
    assert uit["donker"] == donker
    assert uit["geslaagd"] > 20  # a page on which nothing could be checked proves nothing
    return uit


def aangevraagd(pad: Path, map_: Path) -> set[str]:
    """Return every host outside the file that opening the page asks for, and an empty page does not.

    The browser has business of its own with its maker; that is not the page's.
    """
    leeg = map_ / "leeg.html"
    leeg.write_text("<!DOCTYPE html><title>leeg</title>", encoding="utf-8")
    return _hosts(pad, map_ / "net.json") - _hosts(leeg, map_ / "leeg.json")


def _hosts(pad: Path, logboek: Path) -> set[str]:
    blader(
        f"--log-net-log={logboek}",
        f"--user-data-dir={logboek.with_suffix('.profiel')}",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        pad=pad,
    )
    tekst = logboek.read_text(encoding="utf-8", errors="replace")
    return set(re.findall(r'"url":"(?:https?|wss?|ftp)://([^/"]+)', tekst))


def via_libreoffice(pad: Path, map_: Path) -> Path:
    """Return a DOCX opened by LibreOffice and saved by it again, or skip."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("geen LibreOffice op deze machine")
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation={(map_ / 'office').as_uri()}",
            "--headless",
            "--convert-to",
            "docx:MS Word 2007 XML",
            "--outdir",
            str(map_ / "terug"),
            str(pad),
        ],
        capture_output=True,
        check=True,
        timeout=300,
    )
    return map_ / "terug" / pad.name
