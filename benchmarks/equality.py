"""Is equality judged where it has to be? A regulator's strict-equality file, judged by a rule that is stated here.

`python -m benchmarks.equality --data FOLDER [--quick]` takes the file that counts by slots of the day (one column of
durations for each), imports it with the shipped mapping `arcom` into a new mission, writes the rule into its
mission.toml, reads that folder as anybody would, and prints every service with its worst slot. `--quick` leaves out
the table of other tolerances. Totals of weeks have no outlet-days, so no interval belongs to any of these figures.

The rule: benchmark equal; tolerance 0.1 of what is due, in each slot of the day and each kind of time, so that each of
twelve candidates may have 7.5 to 9.2 per cent. The law asks for equality and gives no number. Over the whole day half
of the services stay within 3 per cent of what is due in speaking time, which is what the law equalises; a tenth leaves
three times that, and whoever wants another one sees in the last table what it changes. `at_least` is 0: equality of
the law knows no least amount, so each slot is judged, and the seconds that it holds stand beside the verdict, since a
slot of a few seconds is unequal by one answer. The count of services that are still flagged where slots under ten
minutes are not judged stands beside, too.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from benchmarks.regulator import period_of
from coding.exchange.folder import export_folder
from coding.exchange.importer import import_file
from coding.exchange.mapping import find_mapping
from coding.exchange.new_mission import mission_from_file
from coding.exchange.readers import read_table
from coding.mission.model import Period
from coding.problems import ProblemsFound
from coding.store import Store
from coding.store.engine import open_engine
from coding.store.places import sqlite_url
from monitoring.coverage import open_coverage
from monitoring.entitled.equality import departure, worst
from monitoring.entitled.judged import BREACHES, UNKNOWN, Judged
from monitoring.entitled.judging import judge

TOLERANCE, TEN_MINUTES = 0.1, 600_000
TOLERANCES, LEAST = (0.05, 0.1, 0.2, 0.25, 0.5), (0, TEN_MINUTES, 6 * TEN_MINUTES)
SPEAKING = "speaking time"
WITNESS, SLOT = "tv5monde", "09-18"
RULE = f"""
[[rules]]
name = "strict equality"
kind = "equality"
benchmark = "equal"
tolerance = {TOLERANCE}
times = [
  {{ name = "{SPEAKING}", speech = ["direct"] }},
  {{ name = "candidates speaking", roles = ["contestant"], speech = ["direct"] }},
  {{ name = "supporters speaking", roles = ["supporter"], speech = ["direct"] }},
  {{ name = "coverage", speech = ["none"] }},
  {{ name = "airtime" }},
]
source = "law no. 62-1292 of 6 November 1962, article 3, I bis; the tolerance is this program's own"
"""


def slotted(folder: Path) -> Path | None:
    """The file of a folder that counts by slots of the day; None where there is none."""
    mapping = find_mapping("arcom")
    for path in sorted(folder.glob("*.csv")):
        header = read_table(path, mapping.file).header
        if any(part.sets.get("slot") and part.column in header for part in mapping.amount_columns):
            return path
    return None


def mission_folder(path: Path, folder: Path) -> Path:
    """A mission folder of the file, with the rule at the end of its mission.toml."""
    mapping, url = find_mapping("arcom"), sqlite_url(folder / "import.sqlite")
    start, end = period_of(path.name)
    period = Period.model_validate({"name": "strict equality", "from": start, "to": end})
    store = Store(url, open_engine(url))
    new = mission_from_file(
        path, mapping, mission_id="equality", title=path.stem, period=period, time_zone="Europe/Paris"
    )
    store.put_mission(new.mission, (), "benchmark", path.name)
    import_file(path, mapping, store, "benchmark", period)
    export_folder(store, folder / "mission")
    store.engine.dispose()
    with (folder / "mission" / "mission.toml").open("a", encoding="utf-8") as out:
        out.write(RULE)
    return folder / "mission"


def judged(path: Path) -> list[Judged]:
    """Every row that the rule gives for a file: import, folder, rule, verdicts, all by the ordinary way."""
    from coding.mission.loader import load

    with tempfile.TemporaryDirectory() as place:
        held = load(mission_folder(path, Path(place)))
        url = sqlite_url(Path(place) / "judged.sqlite")
        store = Store(url, open_engine(url))
        store.put_mission(held.mission, held.airings, "benchmark", path.name)
        store.add(held.segments, "benchmark")
        rows = [row for ruling in judge(open_coverage(store), store) for row in ruling.rows]
        store.engine.dispose()
    return rows


def of_time(rows: Iterable[Judged], time: str) -> list[Judged]:
    """The rows of one kind of time."""
    return [row for row in rows if row.time == time]


def flagged(rows: Iterable[Judged], tolerance: float = TOLERANCE, least: int = 0) -> set[str]:
    """The services with a contestant beyond a tolerance in a slot that holds at least so many milliseconds."""
    return {
        row.outlet
        for row in rows
        if row.slot and row.value is not None and (row.total_amount or 0) >= least and departure(row) > tolerance + 1e-9
    }


def day_and_slot(rows: Iterable[Judged], service: str, slot: str) -> tuple[float | None, float | None, int]:
    """Effective number of a service over the day and in a slot, and the milliseconds of the slot."""
    own = [row for row in rows if row.outlet.casefold() == service and row.value is not None]
    day = next((row.effective_number for row in own if not row.slot), None)
    held = next((row for row in own if row.slot == slot), None)
    return day, held.effective_number if held else None, (held.total_amount or 0) if held else 0


def printed(rows: list[Judged]) -> str:
    """Every service with its worst slot in speaking time, and how many places of each kind of time are unequal."""
    found = worst(of_time(rows, SPEAKING)).sort_values("departure", ascending=False)
    shown = found[["outlet", "slot", "group", "value", "due", "departure", "effective_number", "effective_day"]]
    seconds = (found["total_amount"].fillna(0) / 1000).round().astype(int)
    shown = shown.assign(seconds=seconds, day=found["verdict_day"], verdict=found["verdict"])
    lines = [f"Worst slot of each service in {SPEAKING}", shown.round(3).to_string(index=False), ""]
    for time in dict.fromkeys(row.time for row in rows):
        held = of_time(rows, time)
        lines.append(
            f"{time:<22} flagged {len(flagged(held)):>3}   with ten minutes {len(flagged(held, least=TEN_MINUTES)):>3}"
        )
    return "\n".join(lines)


def others(rows: list[Judged]) -> str:
    """How many services are flagged in speaking time under other tolerances and least amounts."""
    held = of_time(rows, SPEAKING)
    table = pd.DataFrame(
        [[len(flagged(held, tolerance, least)) for least in LEAST] for tolerance in TOLERANCES],
        index=pd.Index(TOLERANCES, name="tolerance"), columns=[f"from {least // 60_000} min" for least in LEAST],
    )  # fmt: skip
    return f"\nServices flagged in {SPEAKING}\n{table.to_string()}"


def figures(rows: list[Judged]) -> dict[str, object]:
    """The figures of the last line."""
    held = of_time(rows, SPEAKING)
    found = worst(held)
    hidden = found[(found["verdict_day"] == "within") & (found["verdict"] == "unequal")]
    day, slot, amount = day_and_slot(held, WITNESS, SLOT)
    broken = sum(row.verdict in BREACHES for row in rows if row.slot)
    return {
        "services": len({row.outlet for row in rows}), "tolerance": TOLERANCE,
        "flagged": len(flagged(held)), "flagged_ten_minutes": len(flagged(held, least=TEN_MINUTES)),
        "flagged_any_time": len(flagged(rows)), "hidden_by_the_day": sorted(hidden["outlet"]),
        "rows": len(rows), "unequal_rows": broken, "not_judged": sum(row.verdict in UNKNOWN for row in rows),
        "tv5monde_day": None if day is None else round(day, 2),
        "tv5monde_slot": None if slot is None else round(slot, 2),
        "tv5monde_slot_seconds": amount // 1000,
    }  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Run and print; 0 where a slot that the whole day hides was found, 2 where the file is not there."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.equality", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the regulator's CSV files")
    parser.add_argument("--quick", action="store_true", help="without the table of other tolerances")
    given = parser.parse_args(arguments)
    try:
        path = slotted(given.data) if given.data.is_dir() else None
        if path is None:
            print(f"no CSV file with slots of the day in {given.data}: name the regulator's folder", file=sys.stderr)
            return 2
        rows = judged(path)
    except ProblemsFound as found:
        print(found, file=sys.stderr)
        return 1
    print(printed(rows))
    if not given.quick:
        print(others(rows))
    told = figures(rows)
    print(json.dumps({"benchmark": "equality", **told}))
    return 0 if told["hidden_by_the_day"] else 1


if __name__ == "__main__":
    sys.exit(main())
