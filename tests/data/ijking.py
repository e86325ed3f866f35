"""What the example data are calibrated on: each target with its source and tolerance."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Ijkpunt:
    """A figure that the example data imitate, and the range in which the measured figure must lie.

    `doel` is the published or chosen target; `laagste` and `hoogste` are the tolerance around it.
    """

    doel: float
    laagste: float
    hoogste: float
    wat: str
    bron: str


_STEEGE = "Van der Steege & Regeer 2023/2024"
_ENDEN = "Van den Enden & Kuiper 2026"
_EIGEN = "eigen keuze"

IJKING = {
    "duo_aandeel_proeftuin": Ijkpunt(
        0.50,
        0.45,
        0.60,
        "huishoudens met een duo, van wie in de proeftuinen instroomden na de start en nu uitgestroomd zijn",
        _STEEGE,
    ),
    "duo_aandeel_laatste_jaar": Ijkpunt(
        0.50,
        0.40,
        0.55,
        "huishoudens met een duo in het laatste jaar, van wie toen aanwezig in de proeftuinen",
        _STEEGE,
    ),
    "duo_aandeel_vergelijking": Ijkpunt(
        0.08,
        0.03,
        0.15,
        "huishoudens met een duo in het laatste jaar, van wie toen aanwezig in de vergelijkingsregio's",
        "eigen keuze: veel minder dan in de proeftuinen",
    ),
    "duo_gemiddeld_dagen": Ijkpunt(
        91, 80, 105, "gemiddelde duur van duo's die een jaar of langer voor de peildatum begonnen", _STEEGE
    ),
    "duo_langer_180": Ijkpunt(0.10, 0.07, 0.13, "duo's langer dan 180 dagen", _STEEGE),
    "duo_langer_365": Ijkpunt(0.015, 0.003, 0.03, "duo's langer dan 365 dagen ('soms jaren')", _STEEGE),
    "ots_voor": Ijkpunt(
        0.040,
        0.033,
        0.048,
        "kinderen met een OTS op 1 maart 2024 (voor de eerste start), van wie toen aanwezig",
        "NVO 24-02-2023: 4 van 103 zaken",
    ),
    "ots_proeftuin": Ijkpunt(
        0.034, 0.026, 0.040, "idem op 1 juli 2025 in de proeftuinen", f"{_STEEGE}: 'een klein deel'"
    ),
    "ots_duur_verhouding": Ijkpunt(
        0.80,
        0.65,
        0.95,
        "gemiddelde duur van een OTS tot 540 dagen (Kaplan-Meier): begonnen na de start / de overige",
        f"{_STEEGE}: eerder beëindigd; de maat zelf is een eigen keuze",
    ),
    "professionals_proeftuin": Ijkpunt(
        3.5,
        3.0,
        4.0,
        "verschillende professionals per huishouden in het laatste jaar, proeftuinen",
        "Doodkorte (illustratie): een contactpersoon na de start; met het team eromheen 3 tot 4",
    ),
    "professionals_vergelijking": Ijkpunt(
        6.0, 5.2, 6.8, "idem, vergelijkingsregio's", "Doodkorte (illustratie): zes in een jaar"
    ),
    "professionals_boven_10": Ijkpunt(
        0.08, 0.03, 0.15, "meer dan tien professionals in een jaar, vergelijkingsregio's", _EIGEN
    ),
    "mdo_mediaan": Ijkpunt(7, 5, 9, "mediaan van het aantal deelnemers aan een MDO", _EIGEN),
    "mdo_boven_20": Ijkpunt(
        0.01, 0.002, 0.03, "MDO's met meer dan twintig deelnemers (komt in enkele regio's voor)", _ENDEN
    ),
    "keten_boven_540": Ijkpunt(
        0.05,
        0.01,
        0.15,
        "ketens van melding tot start van de maatregel die langer dan 18 maanden duren",
        "position paper over het Toekomstscenario",
    ),
    "aanwezig_mediaan": Ijkpunt(
        380, 320, 440, "mediane duur in het onderzoek (Kaplan-Meier met late instroom), dagen", _EIGEN
    ),
    "laat_ingestroomd": Ijkpunt(
        0.43,
        0.35,
        0.50,
        "huishoudens die voor het waarneemvenster van twee jaar begonnen (bij gelijke instroom)",
        _EIGEN,
    ),
    "kinderen_per_huishouden": Ijkpunt(1.7, 1.6, 1.85, "kinderen per huishouden", _EIGEN),
    "dwingende_controle": Ijkpunt(
        0, 0, 0, "huishoudens met profiel dwingende controle", f"{_ENDEN}, hfst. 8"
    ),
    "ggz_verslavingszorg": Ijkpunt(
        0.01, 0.001, 0.02, "deel van de betrokkenheid dat ggz of verslavingszorg levert", f"{_ENDEN}, hfst. 8"
    ),
    "contacten_begin": Ijkpunt(
        2, 1.4, 2.6, "contacten per maand in de eerste vier maanden na instroom", _EIGEN
    ),
    "contacten_per_huishouden": Ijkpunt(12, 10, 15, "contactregels per huishouden", _EIGEN),
    "contacten_vast_gezicht": Ijkpunt(
        0.6, 0.5, 0.85, "deel van de contacten na de start dat het vaste gezicht doet, proeftuinen", _EIGEN
    ),
    "meting_aandeel": Ijkpunt(0.6, 0.5, 0.65, "huishoudens met minstens een meting", _EIGEN),
    "meting_alfa": Ijkpunt(0.8, 0.7, 0.9, "Cronbachs alfa van de schaal veiligheid, eerste moment", _EIGEN),
    "sites_verhouding": Ijkpunt(3, 2.5, 3.5, "grootste regio gedeeld door de kleinste", _EIGEN),
    "huishoudens_per_professional": Ijkpunt(8, 6, 9, "huishoudens per professional", _EIGEN),
}
