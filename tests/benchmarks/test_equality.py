"""The equality benchmark on a small file in the regulator's shape, made by hand: one service equal over the day only."""

import json
from pathlib import Path

import pytest

from benchmarks.equality import SPEAKING, TEN_MINUTES, figures, flagged, judged, main, of_time, slotted
from monitoring.entitled.judged import Verdict

SLOTS = ("6h-9h", "9h-18h", "18h-24h", "0h-6h")
HEADER = "Service;Circonscription;Candidat;Type de temps;" + ";".join(
    f"Durée (tranche {slot});Pourcentage (tranche {slot})" for slot in SLOTS
)
WHO = ("ALPHA ANNE", "BETA BRUNO", "GAMMA GILLES")


def clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}:00"


def line(service: str, who: str, kind: str, minutes: tuple[int, int, int, int]) -> str:
    return f"{service};00_NATIONAL;{who};{kind};" + ";".join(f"{clock(each)};-" for each in minutes)


def write(folder: Path) -> Path:
    """Even TV gives all the same in each slot; Lopsided TV the same over the day only; Quiet TV has two minutes."""
    spoken = {
        "Even TV": [(30, 60, 60, 0)] * 3,
        "Lopsided TV": [(0, 60, 0, 0), (60, 0, 0, 0), (0, 0, 60, 0)],
        "Quiet TV": [(0, 2, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0)],
    }
    rows = [
        line(service, who, kind, minutes if kind in ("Candidat", "Total Temps de parole", "Total Temps d'antenne") else (0, 0, 0, 0))
        for service, each in spoken.items()
        for who, minutes in zip(WHO, each, strict=True)
        for kind in ("Candidat", "Soutiens", "Total Temps de parole", "Antenne", "Total Temps d'antenne")
    ]  # fmt: skip
    folder.mkdir(exist_ok=True)
    file = folder / "28_mars_au_8_avril_2022_made_by_hand.csv"
    file.write_bytes(("\r\n".join([HEADER, *rows]) + "\r\n").encode("latin-1"))
    return file


def test_equal_over_the_day_is_no_equality_in_the_slot(tmp_path: Path) -> None:
    rows = judged(write(tmp_path / "files"))
    held = of_time(rows, SPEAKING)
    assert flagged(held) == {"Lopsided TV", "Quiet TV"}
    assert flagged(held, least=TEN_MINUTES) == {"Lopsided TV"}
    told = figures(rows)
    assert told["hidden_by_the_day"] == ["Lopsided TV"]
    assert told["services"] == 3
    day = [row for row in held if row.outlet == "Lopsided TV" and not row.slot]
    assert {row.verdict for row in day} == {Verdict.WITHIN}
    assert {round(row.effective_number or 0, 6) for row in day} == {3.0}


def test_the_command_prints_one_line_of_figures_last(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path)
    assert main(["--data", str(tmp_path), "--quick"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["benchmark"] == "equality"
    assert told["flagged"] == 2


def test_without_the_file_it_says_so_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path)]) == 2
    assert "no CSV file" in capsys.readouterr().err
    assert slotted(tmp_path) is None
