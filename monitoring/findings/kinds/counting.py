"""What a count of appearances hides: two contestants that came up about as often, with very different time.

Counted by appearances, Nur Otan had 8 per cent of all on TV Khabar and ANSDP 8; measured by time, Nur Otan received
20 (17 to 23) and ANSDP 3 (2 to 4).

Rule: of the contestants told by name (`monitoring.findings.named`) with firm shares of time, the one with the largest
and the one with the smallest; told where their shares of appearances lie less than a moderate difference apart, their
shares of time at least a strong one (`monitoring.comparison.strength`), and the intervals of time do not meet.

Source: OSCE/ODIHR, Kazakhstan, Final Report on the parliamentary elections of 18 August 2007, section VIII, on the
ministry that counted appearances whatever their length.
"""

from dataclasses import replace

from monitoring.comparison.strength import LIMITS
from monitoring.findings.carried import apart, reason, thin
from monitoring.findings.finding import Finding, Found, Row, Unmade
from monitoring.findings.material import Material, by_place
from monitoring.findings.named import named
from monitoring.findings.telling import interval, number, place, share
from monitoring.words import Words

KIND = "counting"
BY = ("outlet", "group")


def find(material: Material) -> Found:
    """One finding for each outlet on which counting hides what time shows."""
    names = named(material)
    counted = by_place(material.rows("appearance_share", BY))
    made: list[Finding] = []
    unmade: list[Unmade] = []
    for outlet, rows in by_place(material.rows("share", BY)).items():
        why, pair = _pair(rows, names, material)
        beside = {row.of("group"): row for row in counted.get(outlet, [])}
        if not why and not _hidden(pair, beside):
            why = "not_shown"
        where = (("outlet", outlet),)
        if why:
            unmade.append(Unmade(KIND, where, why))
            continue
        told = [replace(row, part=part) for row, part in zip(pair, ("most", "least"), strict=True)]
        count = [
            replace(beside[row.of("group")], part=f"{part}_counted")
            for row, part in zip(pair, ("most", "least"), strict=True)
        ]
        made.append(Finding(KIND, where, material.selection, (*told, *count)))
    return Found(tuple(made), tuple(unmade))


def _pair(rows: list[Row], names: tuple[str, ...], material: Material) -> tuple[str, list[Row]]:
    """The contestants with the largest and the smallest share of time, or why there is no such pair."""
    if thin(rows, material.mission.minimum_segments):
        return "thin", []
    own = [row for row in rows if row.of("group") in names]
    firm = sorted((row for row in own if not reason(row, rows) and row.width is not None), key=lambda row: -row.value)
    if len(firm) < 2:
        return next((why for row in own if (why := reason(row, rows))), "not_shown"), []
    return "", [firm[0], firm[-1]]


def _hidden(pair: list[Row], counted: dict[str, Row]) -> bool:
    """Whether the counts of the two are alike and their times are not."""
    _, moderate, strong = LIMITS["share"]
    most, least = pair
    counts = [counted[row.of("group")].value for row in pair if row.of("group") in counted]
    alike = len(counts) == 2 and abs(counts[0] - counts[1]) < moderate
    return alike and most.value - least.value >= strong and apart(most, least)


def statement(finding: Finding, words: Words) -> str:
    """The outlet's sentence, count and time side by side."""
    row = {part: finding.part(part)[0] for part in ("most", "least", "most_counted", "least_counted")}
    most, least = row["most"], row["least"]
    outlet = words.named("outlet", most.of("outlet"))
    return words.t(
        f"sentence.finding.{KIND}.{most.unit}", outlet=outlet, place=place(outlet, most.unit, words),
        most=words.named("group", most.of("group")), least=words.named("group", least.of("group")),
        most_counted=share(row["most_counted"].value, words), least_counted=number(row["least_counted"].value, words),
        most_timed=share(most.value, words), least_timed=number(least.value, words),
        most_interval=interval(most, words), least_interval=interval(least, words),
    )  # fmt: skip
