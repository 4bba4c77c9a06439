"""How far the contestant with the most coverage on an outlet is from what each benchmark would give it, side by side.

Nur Otan received 41 per cent of the time of all contestants on TV Khabar (36 to 47); due to it by benchmark: equal 14
(received 27 points more), votes 88 (received 47 points less), seats 100 (received 59 points less).

Rule: the contestant with the largest share among contestants, that share being firm (`monitoring.findings.carried`);
no benchmark is left out or put first, they stand in the mission's order. A benchmark inside the interval is said not
to differ clearly. The share is one among contestants, never of all subjects.

Source: OSCE/ODIHR, Handbook on Media Monitoring for Election Observation Missions (2012), on equal and on
proportional treatment.
"""

from monitoring.benchmarks.due import due_shares, names
from monitoring.benchmarks.gaps import gaps
from monitoring.benchmarks.words import basis, decimals_of
from monitoring.findings.carried import reason, thin
from monitoring.findings.finding import Finding, Found, Row, Unmade
from monitoring.findings.material import Material, by_place, row_of
from monitoring.findings.telling import interval, number, place, share
from monitoring.words import Words

KIND = "benchmarks"
METRIC = "among"


def find(material: Material) -> Found:
    """One finding for each outlet where a share among contestants is firm."""
    if not material.contestants:
        return Found()
    made: list[Finding] = []
    unmade: list[Unmade] = []
    for outlet, rows in by_place(_shares(material)).items():
        where = (("outlet", outlet),)
        most = max(rows, key=lambda row: row.amount)
        why = "thin" if thin(rows, material.mission.minimum_segments) else reason(most, rows)
        if why:
            unmade.append(Unmade(KIND, where, why))
        else:
            made.append(Finding(KIND, where, material.selection, (most,)))
    return Found(tuple(made), tuple(unmade))


def _shares(material: Material) -> list[Row]:
    """The shares among contestants with their intervals: a gap and its interval, moved back by what is due."""
    benchmark = names(material.mission)[0]
    found = gaps(material.coverage, material.selection, ("outlet",), (benchmark,))
    moved = found.assign(value=found["share"], low=found["low"] + found["due"], high=found["high"] + found["due"])
    return [
        row_of(record, ["outlet", "group"], METRIC, "most", material.selection) for record in moved.to_dict("records")
    ]


def statement(finding: Finding, words: Words) -> str:
    """The outlet's sentence, every benchmark in it."""
    row, key = finding.rows[0], f"sentence.finding.{KIND}"
    dues = {name: due_shares(words.mission, name)[row.of("group")] for name in names(words.mission)}
    least = decimals_of(row.value, *dues.values())
    items = [_against(name, due, row, words, least) for name, due in dues.items()]
    outlet = words.named("outlet", row.of("outlet"))
    return words.t(
        f"{key}.told",
        name=words.named("group", row.of("group")),
        value=share(row.value, words, least),
        interval=interval(row, words, least),
        basis=basis(words, row.unit),
        place=place(outlet, row.unit, words),
        dues=", ".join(items),
    )


def _against(benchmark: str, due: float, row: Row, words: Words, least: int) -> str:
    """A benchmark with what it would give, and whether and how far that is from what was received."""
    side = "same" if row.low is None or row.high is None or row.low <= due <= row.high else ""
    side = side or ("less" if due < row.value else "more")
    apart = words.number(abs(row.value - due) * 100, least)
    points = words.t(f"sentence.compare.{'point' if apart == '1' else 'points'}", number=apart)
    return words.t(
        f"sentence.finding.{KIND}.{side}", benchmark=words.term(benchmark), due=number(due, words, least), points=points
    )
