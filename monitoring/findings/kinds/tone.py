"""Who was presented negatively, and who positively, on an outlet.

KTK presented ANSDP (-0.20, -0.31 to -0.09; 115 segments) negatively and Nur Otan (+0.27, +0.17 to +0.37; 111
segments) positively on balance.

Rule: tone balance with an interval no wider than a strong difference; the group has the mission's minimum of
segments; the balance is at least weak (`monitoring.comparison.strength`), and it differs from zero with an interval
that holds for all balances of the selection together (`monitoring.findings.carried`). Groups of which that cannot be
said are not named: silence about a group is no finding that it was treated neutrally.

Source: OSCE/ODIHR, Handbook on Media Monitoring for Election Observation Missions (2012).
"""

from dataclasses import replace

from monitoring.comparison.strength import strength
from monitoring.findings.carried import clear_of_zero, reason
from monitoring.findings.finding import Finding, Found, Row, Unmade
from monitoring.findings.material import Material, by_place
from monitoring.findings.telling import interval, listed
from monitoring.words import Words

KIND = "tone"


def find(material: Material) -> Found:
    """One finding for each outlet on which at least one group was clearly presented one way."""
    made: list[Finding] = []
    unmade: list[Unmade] = []
    for outlet, (rows, why) in leanings(material).items():
        place = (("outlet", outlet),)
        if rows:
            made.append(Finding(KIND, place, material.selection, rows))
        else:
            unmade.append(Unmade(KIND, place, why))
    return Found(tuple(made), tuple(unmade))


def leanings(material: Material) -> dict[str, tuple[tuple[Row, ...], str]]:
    """Of each outlet the rows that lean clearly, parts `negative` and `positive`; without any, why there is none."""
    places = by_place(material.rows("balance", ("outlet", "group")))
    shown, asked = judged(material), asked_of(places, judged(material))
    found = {}
    for outlet, rows in places.items():
        own = [row for row in rows if row.of("group") in shown]
        firm = [row for row in own if row.segments >= material.mission.minimum_segments and not reason(row, rows)]
        degrees = material.degrees.get(outlet, 0)
        clear = [row for row in firm if clear_of_zero(row, degrees, asked) and strength("tone", row.value) != "none"]
        parted = [replace(row, part="negative" if row.value < 0 else "positive") for row in clear]
        why = "not_shown" if firm else "thin" if _few(own, material) else "no_interval"
        found[outlet] = (tuple(sorted(parted, key=lambda row: row.value)), why)
    return found


def judged(material: Material) -> set[str]:
    """Whose tone is judged: the contestants and the mission's groups."""
    return {*material.contestants, *(group.name for group in material.mission.groups)}


def asked_of(places: dict[str, list[Row]], shown: set[str]) -> int:
    """How many balances of a selection are asked together: those that have an interval."""
    return sum(row.of("group") in shown and row.width is not None for rows in places.values() for row in rows)


def _few(rows: list[Row], material: Material) -> bool:
    return all(row.segments < material.mission.minimum_segments for row in rows)


def statement(finding: Finding, words: Words) -> str:
    """The outlet's sentence."""
    key = f"sentence.finding.{KIND}"
    sides = {name: leaning(finding.part(name), words) for name in ("negative", "positive")}
    side = "both" if all(sides.values()) else "negative" if sides["negative"] else "positive"
    return words.t(f"{key}.{side}", outlet=words.named("outlet", finding.rows[0].of("outlet")), **sides)


def leaning(rows: tuple[Row, ...], words: Words) -> str:
    """The groups of one side, the clearest first, each with balance, interval and number of segments."""
    ordered = sorted(rows, key=lambda row: -abs(row.value))
    items = [
        words.t(
            "sentence.finding.tone.item", name=words.named("group", row.of("group")), value=words.balance(row.value),
            interval=interval(row, words), segments=words.number(row.segments),
        )
        for row in ordered
    ]  # fmt: skip
    return listed(items, words) if items else ""
