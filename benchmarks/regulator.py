"""Are our shares right? A regulator's published percentages, recomputed by the ordinary way of a file.

`python -m benchmarks.regulator --data FOLDER [--quick]` imports every CSV file of the folder with the shipped
mapping `arcom` into a new mission, computes the shares, and compares each published percentage. Nothing about the
files is known here but their shape: services, candidates and periods come from the files.
"""

import argparse
import json
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from unicodedata import combining, normalize

from coding.exchange.cells import amount
from coding.exchange.importer import import_file
from coding.exchange.mapping import FileMapping, find_mapping
from coding.exchange.new_mission import mission_from_file
from coding.exchange.readers import Cells, RawTable, read_table
from coding.mission.model import Period
from coding.problems import ProblemsFound
from coding.store import Store
from coding.store.engine import open_engine
from coding.store.places import sqlite_url
from coding.vocabulary import Role, Speech, canonical
from monitoring.coverage import Coverage, open_coverage
from monitoring.metrics.contestants import contestants
from monitoring.metrics.share import share
from monitoring.selection import Selection

WITHIN = 0.0051
"""Percentage points: half of the last published digit, and rounding."""
NOT_PUBLISHED = "-"
PERCENTAGE, DURATION = "Pourcentage", "Durée"
KIND, SERVICE, CANDIDATE = "Type de temps", "Service", "Candidat"
SPEAKING, AIRTIME = "Total Temps de parole", "Total Temps d'antenne"
PARTS = {SPEAKING: ("Candidat", "Soutiens"), AIRTIME: ("Candidat", "Soutiens", "Antenne")}
"""The kinds of time that are sums, and of what."""
WHOLE_YEAR = (date(2022, 1, 1), date(2022, 4, 8))
MONTHS = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin",
    "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
)  # fmt: skip

Code = tuple[str, str]
Shares = Mapping[tuple[str, str, str], float]
"""(outlet, slot, subject) -> share in per cent of that outlet and slot."""


@dataclass
class Outcome:
    """What one file gave."""

    file: str
    published: int = 0
    reproduced: int = 0
    worst: float = 0.0
    identities: int = 0
    differing: list[str] = field(default_factory=list)
    effective: dict[str, float] = field(default_factory=dict)


def asked(codes: Iterable[Code]) -> Selection:
    """The selection of segments that carry one of these codes (role, speech)."""
    pairs = set(codes)
    roles, speech = {Role(role) for role, _ in pairs}, {Speech(speech) for _, speech in pairs}
    return Selection(roles=tuple(sorted(roles)), speech=tuple(sorted(speech)))


def shares_of(coverage: Coverage, codes: Iterable[Code]) -> Shares:
    """Share of each subject in the amounts of one outlet and slot, by the project's own metric."""
    result = share(coverage, asked(codes), ("outlet", "slot", "subject"))
    keys = zip(result["outlet"], result["slot"], result["subject"], strict=True)
    return dict(zip(keys, (result["value"] * 100).fillna(0).tolist(), strict=True))


def effective_numbers(coverage: Coverage, codes: Iterable[Code]) -> dict[str, float]:
    """Effective number of candidates of each outlet, all slots added."""
    result = contestants(coverage, asked(codes), ("outlet",)).dropna(subset=["value"])
    return dict(zip(result["outlet"], result["value"], strict=True))


def examine(path: Path, folder: Path) -> Outcome:
    """Import one file into a new mission in `folder` and compare every published cell."""
    mapping = find_mapping("arcom")
    start, end = period_of(path.name)
    period = Period(name="published", start=start, end=end)
    url = sqlite_url(folder / f"{path.stem}.sqlite")
    store = Store(url, open_engine(url))
    new = mission_from_file(
        path, mapping, mission_id="regulator", title=path.stem, period=period, time_zone="Europe/Paris"
    )
    store.put_mission(new.mission, (), "benchmark", path.name)
    import_file(path, mapping, store, "benchmark", period)
    coverage = open_coverage(store)
    table, outcome = read_table(path, mapping.file), Outcome(path.name)
    for kind in sorted({cells[KIND] for _, cells in table.rows}):
        _compare(table, kind, shares_of(coverage, codes_of(mapping, kind)), mapping, outcome)
    outcome.differing += list(_broken_identities(table, mapping, outcome))
    outcome.effective = effective_numbers(coverage, codes_of(mapping, SPEAKING))
    store.engine.dispose()
    return outcome


def codes_of(mapping: FileMapping, kind: str) -> list[Code]:
    """The additive codes behind a kind of time."""
    by_kind = mapping.codes[KIND]
    return [(by_kind[part]["role"], by_kind[part]["speech"]) for part in PARTS.get(kind, (kind,))]


def period_of(name: str) -> tuple[date, date]:
    """First and last day from a name such as `28_mars_au_8_avril_2022_…`, else the whole stretch before the vote.

    >>> period_of("8_au_27_mars_2022.csv")
    (datetime.date(2022, 3, 8), datetime.date(2022, 3, 27))
    """
    plain = "".join(sign for sign in normalize("NFKD", name.lower()) if not combining(sign))
    months = "|".join(MONTHS)
    pattern = rf"(\d\d?)(?:er)?[_ -]+(?:({months})[_ -]+)?au[_ -]+(\d\d?)(?:er)?[_ -]+({months})[_ -]+(\d{{4}})"
    found = re.search(pattern, plain)
    if not found:
        return WHOLE_YEAR
    first_day, first_month, last_day, last_month, year = found.groups()
    start = date(int(year), MONTHS.index(first_month or last_month) + 1, int(first_day))
    return start, date(int(year), MONTHS.index(last_month) + 1, int(last_day))


def _columns(table: RawTable, mapping: FileMapping) -> Iterator[tuple[str, str, str]]:
    """Slot, column of durations and column of percentages, for each pair in the file."""
    for part in mapping.amount_columns:
        percentage = part.column.replace(DURATION, PERCENTAGE)
        if part.column in table.header and percentage in table.header:
            yield part.sets.get("slot", ""), part.column, percentage


def _is_total(cells: Cells, mapping: FileMapping) -> bool:
    return canonical(cells[CANDIDATE]) in mapping.drop[CANDIDATE]


def _compare(table: RawTable, kind: str, shares: Shares, mapping: FileMapping, outcome: Outcome) -> None:
    for line, cells in table.rows:
        if cells[KIND] != kind or _is_total(cells, mapping):
            continue
        for slot, _, column in _columns(table, mapping):
            if cells[column] == NOT_PUBLISHED:
                continue
            key = (canonical(cells[SERVICE]), slot, canonical(cells[CANDIDATE]))
            ours, theirs = shares.get(key, 0.0), float(cells[column])
            outcome.published += 1
            outcome.worst = max(outcome.worst, abs(ours - theirs))
            if abs(ours - theirs) <= WITHIN:
                outcome.reproduced += 1
            else:
                named = " / ".join((*key, kind))
                outcome.differing.append(f"{table.file}:{line} {named}: published {theirs:.2f}, computed {ours:.4f}")


def _broken_identities(table: RawTable, mapping: FileMapping, outcome: Outcome) -> Iterator[str]:
    """Cells where a published sum is not the sum of its parts, in milliseconds, without any tolerance."""
    for slot, column, _ in _columns(table, mapping):
        stated: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        summed: dict[tuple[str, str], int] = defaultdict(int)
        totals: dict[tuple[str, str], int] = {}
        for _, cells in table.rows:
            milliseconds = amount(cells[column], "h:mm:ss", ".")
            stated[cells[SERVICE], cells[CANDIDATE]][cells[KIND]] = milliseconds
            if _is_total(cells, mapping):
                totals[cells[SERVICE], cells[KIND]] = milliseconds
            else:
                summed[cells[SERVICE], cells[KIND]] += milliseconds
        checks = [
            (" / ".join((*who, kind, slot)), kinds[kind], sum(kinds.get(part, 0) for part in parts))
            for who, kinds in stated.items()
            for kind, parts in PARTS.items()
            if kind in kinds
        ]
        checks += [(" / ".join((*what, "all", slot)), total, summed[what]) for what, total in totals.items()]
        outcome.identities += len(checks)
        yield from (f"{table.file}: {cell}: stated {one}, summed {two} ms" for cell, one, two in checks if one != two)


def _print(outcomes: list[Outcome]) -> None:
    print(f"{'file':<48} {'published':>9} {'reproduced':>10} {'worst points':>12} {'sums checked':>12}")
    for outcome in outcomes:
        figures = f"{outcome.published:>9} {outcome.reproduced:>10} {outcome.worst:>12.4f} {outcome.identities:>12}"
        print(f"{outcome.file:<48} {figures}")
    print("\nEffective number of candidates (speaking time, whole day)")
    for outcome in outcomes:
        print(f"  {outcome.file}")
        for service, number in sorted(outcome.effective.items(), key=lambda pair: -pair[1]):
            print(f"    {service:<28} {number:>6.2f}")
    for line in (line for outcome in outcomes for line in outcome.differing):
        print(f"DIFFERS {line}")


def main(arguments: list[str] | None = None) -> int:
    """Run, print, and return 0 only where every published figure was reproduced."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.regulator", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the regulator's CSV files")
    parser.add_argument("--quick", action="store_true", help="only the smallest file")
    given = parser.parse_args(arguments)
    files = sorted(given.data.glob("*.csv"), key=lambda path: path.stat().st_size) if given.data.is_dir() else []
    if not files:
        print(f"no CSV file in {given.data}: name the folder with the regulator's files", file=sys.stderr)
        return 2
    try:
        with tempfile.TemporaryDirectory() as folder:
            outcomes = [examine(path, Path(folder)) for path in (files[:1] if given.quick else files)]
    except ProblemsFound as found:
        print(found, file=sys.stderr)
        return 1
    _print(outcomes)
    published, reproduced = sum(o.published for o in outcomes), sum(o.reproduced for o in outcomes)
    worst = max(outcome.worst for outcome in outcomes)
    figures = {"published": published, "reproduced": reproduced, "worst_points": round(worst, 6)}
    print(json.dumps({"benchmark": "regulator", **figures}))
    return 1 if published == 0 or any(outcome.differing for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
