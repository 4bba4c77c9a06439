"""How much of the coverage went to a named group that is no contestant, such as President and Government, by outlet.

President and Government received 34 per cent of the political news coverage on TV Kazakhstan (31 to 37), 33 on
TV Khabar (30 to 38) and 24 on Channel 31 (21 to 27).

Rule: every number is firm (`monitoring.findings.carried`); outlets in the mission's order. More than AT_MOST outlets
are told as a range, with the highest and the lowest. There is no sentence where office-holders count for their party
(what is left in the group is no longer what its name says), nor where only some subjects are chosen.
"""

from monitoring.findings.carried import reason, thin
from monitoring.findings.finding import Finding, Found, Row, Unmade
from monitoring.findings.material import Material, by_place
from monitoring.findings.telling import listed, spread, with_interval
from monitoring.selection import Incumbents
from monitoring.words import Words

KIND = "institutions"
AT_MOST = 6


def find(material: Material) -> Found:
    """One finding for each of the mission's groups and each unit: a share of time never stands with one of space."""
    if material.selection.incumbents == Incumbents.PARTY:
        return Found()
    places = by_place(material.rows("share", ("outlet", "group"), "named"))
    units = dict.fromkeys(row.unit for rows in places.values() for row in rows)
    made: list[Finding] = []
    unmade: list[Unmade] = []
    for group in (group.name for group in material.mission.groups):
        rows, lacking = _of_group(material, group, places)
        unmade += lacking
        for unit in units:
            own = tuple(row for row in rows if row.unit == unit)
            if any(row.amount for row in own):
                made.append(Finding(KIND, (("group", group), ("unit", unit)), material.selection, own))
    return Found(tuple(made), tuple(unmade))


def _of_group(material: Material, group: str, places: dict[str, list[Row]]) -> tuple[list[Row], list[Unmade]]:
    rows: list[Row] = []
    lacking: list[Unmade] = []
    for outlet, all_rows in places.items():
        own = next((row for row in all_rows if row.of("group") == group), None)
        if own is None:
            continue
        why = "thin" if thin(all_rows, material.mission.minimum_segments) else reason(own, all_rows)
        if why:
            lacking.append(Unmade(KIND, (("outlet", outlet), ("group", group)), why))
        else:
            rows.append(own)
    return rows, lacking


def statement(finding: Finding, words: Words) -> str:
    """The group's sentence, over outlets."""
    key, rows = f"sentence.finding.{KIND}", list(finding.rows)
    if len(rows) > AT_MOST:
        return _ranged(finding, rows, words)
    parts = [
        with_interval(
            f"{key}.{'item' if place else 'first'}", row, words, percent=not place, selection=finding.selection,
            outlet=words.named("outlet", row.of("outlet")), unit=row.unit,
        )
        for place, row in enumerate(rows)
    ]  # fmt: skip
    return listed(parts, words) + "."


def _ranged(finding: Finding, rows: list[Row], words: Words) -> str:
    key = f"sentence.finding.{KIND}"
    most, least = max(rows, key=lambda row: row.value), min(rows, key=lambda row: row.value)
    ends = {
        name: with_interval(f"{key}.item", row, words, outlet=words.named("outlet", row.of("outlet")), unit=row.unit)
        for name, row in (("most", most), ("least", least))
    }
    between = spread(f"{key}.between", [row.value for row in rows], words)
    count = words.number(len(rows))
    return with_interval(f"{key}.many", rows[0], words, False, finding.selection, count=count, range=between, **ends)
