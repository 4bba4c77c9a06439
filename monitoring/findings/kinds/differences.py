"""Where outlets that everybody pays for and private ones treated a contestant differently, in share or in tone.

ANSDP: the share of the time given to all subjects was 6.8 points lower on state and public outlets (3.5 per cent)
than on private ones (10.4 per cent), between 5.6 and 8.1 points, a moderate difference; p = 0.001, corrected for 7.

Rule: differences that `monitoring.comparison` shows (interval without zero and p at most 0.05 after Holm's correction
over the contestants of one quantity), with its words for their strength; tone only of contestants with the mission's
minimum of segments on both sides. Each medium by itself, since units never mix.
"""

from dataclasses import replace
from typing import Any

from coding.problems import ProblemsFound
from coding.vocabulary import Medium
from monitoring.comparison.asked import Comparison, Quantity, by_ownership
from monitoring.comparison.compare import compare
from monitoring.comparison.sentences import sentence
from monitoring.findings.finding import Finding, Found, Picked, Row, Unmade, together
from monitoring.findings.material import Material
from monitoring.selection import Selection
from monitoring.words import Words

KIND = "differences"
METRICS = {Quantity.SHARE: "share", Quantity.TONE: "balance"}


def find(material: Material) -> Found:
    """One finding for each contestant and quantity with a difference that is shown."""
    found = [
        _of_comparison(material, asked)
        for medium in _media(material)
        for quantity in METRICS
        if (asked := _asked(material, quantity, medium)) is not None
    ]
    return together(found)


def _media(material: Material) -> tuple[Medium, ...]:
    known = tuple(dict.fromkeys(outlet.medium for outlet in material.mission.outlets if outlet.monitored))
    return tuple(medium for medium in known if medium in (material.selection.media or known))


def _asked(material: Material, quantity: Quantity, medium: Medium) -> Comparison | None:
    """The comparison; None where one of its sides has no outlet."""
    try:
        return by_ownership(quantity, material.mission, replace(material.selection, media=(medium,)))
    except ProblemsFound:
        return None


def _of_comparison(material: Material, asked: Comparison) -> Found:
    """Of each contestant; none where imported totals are on a side, which are of no day that could be compared."""
    made: list[Finding] = []
    unmade: list[Unmade] = []
    if material.coverage.has_totals(replace(asked.selection, outlets=(*asked.a.outlets, *asked.b.outlets))):
        places = [_where(asked, group) for group in material.contestants]
        return Found((), tuple(Unmade(KIND, where, "no_interval") for where in places))
    for record in compare(material.coverage, asked).to_dict("records"):
        where = _where(asked, str(record["group"]))
        why = _why_not(record, asked, material)
        if why:
            unmade.append(Unmade(KIND, where, why))
            continue
        rows = tuple(_side(material, asked, part, str(record["group"])) for part in ("a", "b"))
        facts = tuple(sorted((str(name), value) for name, value in record.items()))
        made.append(Finding(KIND, where, asked.selection, rows, strength=str(record["strength"]), facts=facts))
    return Found(tuple(made), tuple(unmade))


def _where(asked: Comparison, group: str) -> Picked:
    medium = str(asked.selection.media[0])
    return (("quantity", asked.quantity.value), ("medium", medium), ("group", group))


def _why_not(record: dict[Any, Any], asked: Comparison, material: Material) -> str:
    few = min(record["segments_a"], record["segments_b"]) < material.mission.minimum_segments
    if record["strength"] == "too_little":
        return "no_interval"
    if few and asked.quantity == Quantity.TONE:
        return "thin"
    return "" if record["shown"] else "not_shown"


def _side(material: Material, asked: Comparison, part: str, group: str) -> Row:
    """What the contestant had on all outlets of one side together."""
    side: Selection = asked.of_side(asked.a if part == "a" else asked.b)
    rows = material.rows(METRICS[asked.quantity], ("group",), part, side)
    return next(row for row in rows if row.of("group") == group)


def statement(finding: Finding, words: Words) -> str:
    """The sentence of the comparison."""
    where = dict(finding.place)
    asked = by_ownership(Quantity(where["quantity"]), words.mission, finding.selection)
    return sentence(dict(finding.facts), asked, words)
