"""Balanced in quantity, but not in tone: contestants with alike shares, presented very differently.

KTK was balanced in quantity but not in tone: Nur Otan received 12 per cent of the political news coverage (10 to 14),
Ak Zhol 12 (10 to 14) and ANSDP 12 (10 to 14); presented best: Nur Otan (+0.27, +0.15 to +0.39; 111 segments), worst:
ANSDP (-0.20, -0.33 to -0.07; 115 segments).

Rule: the shares of all contestants told by name (`monitoring.findings.named`, two at least) are firm and lie less
than a moderate difference apart (`monitoring.comparison.strength`); the tone balances of the best and the worst
presented of them are firm, at least a moderate difference apart, and their intervals, widened for all balances of the
selection together (`monitoring.findings.carried`), do not meet.

Source of the form: OSCE/ODIHR, Kazakhstan, Final Report on the parliamentary elections of 18 August 2007, section
VIII.
"""

from dataclasses import replace

from monitoring.comparison.strength import LIMITS
from monitoring.findings.carried import reason, thin, widened
from monitoring.findings.finding import Finding, Found, Row, Unmade
from monitoring.findings.kinds.tone import asked_of, judged, leaning
from monitoring.findings.material import Material, by_place
from monitoring.findings.named import named
from monitoring.findings.telling import listed, with_interval
from monitoring.words import Words

KIND = "quantity_and_tone"
BY = ("outlet", "group")


def find(material: Material) -> Found:
    """One finding for each outlet of which it can be said."""
    names, tones = named(material), by_place(material.rows("balance", BY))
    asked = asked_of(tones, judged(material))
    made: list[Finding] = []
    unmade: list[Unmade] = []
    for outlet, rows in by_place(material.rows("share", BY, "quantity")).items():
        own = sorted((row for row in rows if row.of("group") in names), key=lambda row: -row.value)
        toned = [row for row in tones.get(outlet, []) if row.of("group") in names]
        why = _why_not(own, rows, material)
        pair = [] if why else _pair(toned, material, material.degrees.get(outlet, 0), asked)
        if pair:
            made.append(Finding(KIND, (("outlet", outlet),), material.selection, (*own, *pair)))
        else:
            unmade.append(Unmade(KIND, (("outlet", outlet),), why or "not_shown"))
    return Found(tuple(made), tuple(unmade))


def _why_not(own: list[Row], rows: list[Row], material: Material) -> str:
    """Why nothing is said of the quantity: it is thin or not firm (its reason), or not balanced (`not_shown`)."""
    if thin(rows, material.mission.minimum_segments):
        return "thin"
    unsure = next((why for row in own if (why := reason(row, rows))), "")
    if unsure or len(own) < 2:
        return unsure or "not_shown"
    _, moderate, _ = LIMITS["share"]
    return "" if own[0].value - own[-1].value < moderate else "not_shown"


def _pair(toned: list[Row], material: Material, degrees: int, asked: int) -> list[Row]:
    """The best and the worst presented, where they clearly differ; else nobody."""
    enough = material.mission.minimum_segments
    firm = sorted(
        (row for row in toned if row.segments >= enough and not reason(row, [row])), key=lambda row: row.value
    )
    if len(firm) < 2:
        return []
    worst, best = firm[0], firm[-1]
    ends = [widened(row, degrees, asked) for row in (worst, best)]
    _, moderate, _ = LIMITS["tone"]
    if best.value - worst.value < moderate or ends[0] is None or ends[1] is None or ends[0][1] >= ends[1][0]:
        return []
    return [replace(best, part="best"), replace(worst, part="worst")]


def statement(finding: Finding, words: Words) -> str:
    """The outlet's sentence."""
    key, rows = f"sentence.finding.{KIND}", finding.part("quantity")
    outlet = words.named("outlet", rows[0].of("outlet"))
    first = with_interval(f"{key}.first", rows[0], words, percent=True, selection=finding.selection)
    items = [first, *(with_interval("sentence.finding.shares.item", row, words) for row in rows[1:])]
    sides = {name: leaning(finding.part(name), words) for name in ("best", "worst")}
    return words.t(f"{key}.told", outlet=outlet, shares=listed(items, words), **sides)
