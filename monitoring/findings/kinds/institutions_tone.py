"""In what tone a named group was covered, over all outlets of one kind of ownership.

On TV Kazakhstan and TV Khabar together, 99.8 per cent of the coverage of President and Government was positive or
neutral (99.4 to 99.9; 390 segments).

Rule: the group has the mission's minimum of segments with a tone on these outlets; the interval exists and is no
wider than a strong difference (`monitoring.findings.carried`). Outlets of one ownership are pooled: their amounts
add. Tones of the scale with a score of 0 or more are added before they are resampled. There is no sentence where
office-holders count for their party, as for `institutions`.

Source of the form: OSCE/ODIHR, Kazakhstan, Final Report on the parliamentary elections of 18 August 2007, section
VIII.
"""

from dataclasses import replace

from monitoring.findings.carried import reason, thin
from monitoring.findings.finding import Finding, Found, Row, Unmade
from monitoring.findings.material import Material
from monitoring.findings.telling import interval, listed, share
from monitoring.selection import Incumbents
from monitoring.words import Words

KIND = "institutions_tone"
BY = ("medium", "ownership", "unit", "group")


def find(material: Material) -> Found:
    """One finding for each ownership and group."""
    if material.selection.incumbents == Incumbents.PARTY:
        return Found()
    groups = {group.name for group in material.mission.groups}
    cells: dict[tuple[str, ...], list[Row]] = {}
    for row in material.rows("tone", BY):
        if row.of("group") in groups and row.total_amount:
            cells.setdefault(tuple(row.of(name) for name in BY), []).append(row)
    pooled = material.favourable(BY) if cells else {}
    made: list[Finding] = []
    unmade: list[Unmade] = []
    for cell, rows in cells.items():
        place = tuple(zip(BY, cell, strict=True))
        value, low, high = pooled.get(cell, (float("nan"), None, None))
        scores = {point.name: point.score for point in material.mission.tone}
        parts = [replace(row, part="favourable" if scores[row.of("tone")] >= 0 else "negative") for row in rows]
        total = replace(parts[0], part="told", picked=place, value=value, low=low, high=high,
                        segments=sum(row.segments for row in rows),
                        amount=sum(row.amount for row in parts if row.part == "favourable"))  # fmt: skip
        why = "thin" if thin(rows, material.mission.minimum_segments) else reason(total, [total])
        if why:
            unmade.append(Unmade(KIND, place, why))
        else:
            outlets = _outlets(material, dict(place))
            made.append(Finding(KIND, place, material.selection, (total, *parts), outlets=outlets))
    return Found(tuple(made), tuple(unmade))


def _outlets(material: Material, place: dict[str, str]) -> tuple[str, ...]:
    """The outlets that are pooled: those of the ownership with something about the group."""
    known = {outlet.name: outlet for outlet in material.mission.outlets}
    rows = material.rows("share", ("outlet", "group"))
    seen = [row.of("outlet") for row in rows if row.of("group") == place["group"] and row.amount]
    return tuple(
        name for name in seen
        if (known[name].ownership, known[name].medium) == (place["ownership"], place["medium"])
    )  # fmt: skip


def statement(finding: Finding, words: Words) -> str:
    """The sentence of a group on outlets of one ownership."""
    told = finding.part("told")[0]
    tones = [words.named("tone", row.of("tone")) for row in finding.part("favourable")]
    shown = [words.named("outlet", outlet) for outlet in finding.outlets]
    return words.t(
        f"sentence.finding.{KIND}.{'one' if len(shown) == 1 else 'many'}", outlets=listed(shown, words),
        name=words.named("group", told.of("group")), value=share(told.value, words), interval=interval(told, words),
        tones=words.t("sentence.finding.or").join(tones), segments=words.number(told.segments),
    )  # fmt: skip
