"""What the mission's rules and entitlements came to: who is over, who is under, by how much.

Each contestant was granted 0:20:00 (free airtime, TV Khabar): 7 of 7 used it in full.

Rule: the judgements of `monitoring.entitled`, each under the wording of its own rule. There is no sentence where
nothing of a rule could be judged. Rules hold for the days and formats that they name, so that filters of days,
formats, roles and speech change nothing here; a filter on outlets or media leaves out rulings about others.
"""

from monitoring.entitled.judged import BREACHES, UNKNOWN, Judged, Ruling, Verdict
from monitoring.entitled.judging import judge
from monitoring.entitled.listed import behind
from monitoring.entitled.words import answer
from monitoring.findings.finding import Finding, Found, Row, Unmade
from monitoring.findings.material import Material
from monitoring.selection import Selection
from monitoring.words import Words

KIND = "rules"
AT_MOST = 12
"""Rows that stand behind a sentence: those beyond a rule first."""


def find(material: Material) -> Found:
    """One finding for each ruling of which something could be judged."""
    if material.store is None:
        return Found()
    made: list[Finding] = []
    unmade: list[Unmade] = []
    for ruling in judge(material.coverage, material.store):
        own = [row for row in ruling.rows if _chosen(row, material)]
        if not own:
            continue
        where = (("rule", ruling.name),)
        judged = [row for row in own if row.verdict not in UNKNOWN]
        if judged:
            made.append(Finding(KIND, where, material.selection, _rows(judged), facts=(("ruling", ruling),)))
        else:
            seen = any(row.verdict != Verdict.NOT_MONITORED for row in own)
            unmade.append(Unmade(KIND, where, "not_judged" if seen else "not_monitored"))
    return Found(tuple(made), tuple(unmade))


def _chosen(row: Judged, material: Material) -> bool:
    media = {outlet.name: outlet.medium for outlet in material.mission.outlets}
    chosen = material.selection
    return (not chosen.outlets or row.outlet in chosen.outlets) and (
        not chosen.media or media.get(row.outlet) in chosen.media
    )


def _rows(judged: list[Judged]) -> tuple[Row, ...]:
    ordered = sorted(judged, key=lambda row: row.verdict not in BREACHES)[:AT_MOST]
    return tuple(_row(row) for row in ordered)


def _row(row: Judged) -> Row:
    selection, picked = behind(row) or (row.selection or Selection(), {"outlet": row.outlet, "group": row.group})
    return Row(
        part=str(row.verdict),
        metric=KIND,
        selection=selection,
        picked=tuple((k, str(v)) for k, v in picked.items() if v),
        value=float("nan") if row.value is None else row.value,
        low=None,
        high=None,
        amount=row.amount or 0,
        total_amount=row.limit_amount or row.total_amount or 0,
        unit=row.unit,
        segments=row.segments,
        airings=0,
    )


def statement(finding: Finding, words: Words) -> str:
    """The sentence of the ruling."""
    ruling = dict(finding.facts)["ruling"]
    if not isinstance(ruling, Ruling):
        raise TypeError("a finding about a rule holds its ruling")
    return answer(ruling, words)
