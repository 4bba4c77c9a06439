"""Who received how much on an outlet, in the form of observers' reports.

Nur Otan received 20 per cent of the political news coverage on TV Khabar (17 to 23), Ak Zhol 7 (6 to 8) and ANSDP 3
(2 to 4); the other 4 contestants received between 4 and 5 per cent each.

Rule: every number is firm (`monitoring.findings.carried`); who is named is in `monitoring.findings.named`, largest
first; the others are told as a range only where each of them is firm without its interval. There is no sentence where
nobody named is firm, nor where only some subjects are chosen.

Source of the form: OSCE/ODIHR, Kazakhstan, Final Report on the parliamentary elections of 18 August 2007, section
VIII.
"""

from dataclasses import replace

from monitoring.findings.carried import reason, thin
from monitoring.findings.finding import Finding, Found, Row, Unmade
from monitoring.findings.material import Material, by_place
from monitoring.findings.named import named
from monitoring.findings.telling import listed, spread, with_interval
from monitoring.words import Words

KIND = "shares"


def find(material: Material) -> Found:
    """One finding for each outlet that carries it."""
    names = named(material)
    made: list[Finding] = []
    unmade: list[Unmade] = []
    for outlet, rows in by_place(material.rows("share", ("outlet", "group"))).items():
        found = _of_outlet(material, outlet, rows, names)
        if isinstance(found, Finding):
            made.append(found)
        else:
            unmade.append(found)
    return Found(tuple(made), tuple(unmade))


def _of_outlet(material: Material, outlet: str, rows: list[Row], names: tuple[str, ...]) -> Finding | Unmade:
    place = (("outlet", outlet),)
    if thin(rows, material.mission.minimum_segments):
        return Unmade(KIND, place, "thin")
    own = {row.of("group"): row for row in rows if row.of("group") in material.contestants}
    why = {name: reason(row, rows, shown=name in names) for name, row in own.items()}
    told = [replace(own[name], part="named") for name in names if name in own and not why[name]]
    if not told:
        return Unmade(KIND, place, next((why[name] for name in names if name in own), "empty"))
    told.sort(key=lambda row: -row.value)
    others = [row for name, row in own.items() if name not in names]
    if len(others) == 1 and not why[others[0].of("group")]:
        told.append(replace(others.pop(), part="named"))
    if any(why[row.of("group")] for row in others):
        untold = tuple(name for name in own if name not in {row.of("group") for row in told})
        return Finding(KIND, place, material.selection, tuple(told), untold)
    untold = tuple(name for name in names if name in own and why[name])
    return Finding(KIND, place, material.selection, (*told, *(replace(row, part="other") for row in others)), untold)


def statement(finding: Finding, words: Words) -> str:
    """The outlet's sentence."""
    t = words.t
    rows = finding.part("named")
    outlet = {"outlet": words.named("outlet", rows[0].of("outlet")), "unit": rows[0].unit}
    key = "sentence.finding.shares"
    first = with_interval(f"{key}.first", rows[0], words, percent=True, selection=finding.selection, **outlet)
    items = [first, *(with_interval(f"{key}.item", row, words) for row in rows[1:])]
    told = [listed(items, words)]
    others = finding.part("other")
    if others:
        told.append(spread(f"{key}.others", [row.value for row in others], words, count=len(others)))
    if finding.untold:
        told.append(t(f"{key}.untold", names=words.listed("group", finding.untold)))
    return "; ".join(told) + "."
