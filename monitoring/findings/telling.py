"""How findings are told: numbers with their intervals, lists, places, and what makes a sentence quotable alone."""

from collections.abc import Sequence

from coding.vocabulary import Unit
from monitoring.findings import KINDS
from monitoring.findings.finding import Finding, Found, Row
from monitoring.selection import Selection
from monitoring.words import Words

KEY = "sentence.finding"
NEWS = "news"
OTHERS = ("tone", "balance", "appearance_share", "among")
"""Metrics with a basis that is the same for every selection."""
ALL_IN_ONE_DECIMAL = 0.9995
"""From here on one decimal would write 100.0 for what is not all."""


def statement(finding: Finding, words: Words) -> str:
    """What was found, in one sentence; what it was counted from stands in `basis`."""
    return {kind.name: kind for kind in KINDS}[finding.kind].statement(finding, words)


def sentence(finding: Finding, words: Words) -> str:
    """The finding as it can be quoted alone: with its denominator, days, formats, reading, and the mission's notice."""
    return words.with_notice(f"{statement(finding, words)} {basis(finding, words)}")


def basis(finding: Finding, words: Words) -> str:
    """What the numbers of a finding were counted from, in one sentence."""
    if finding.kind == "rules":
        return words.t(f"{KEY}.basis", parts=f"{_days(finding, words)}; {words.t(f'{KEY}.basis_rules')}")
    rows = finding.rows
    metrics = dict.fromkeys(row.metric for row in rows)
    parts = []
    if "share" in metrics:
        unit = next(row.unit for row in rows if row.metric == "share")
        parts.append(words.t(f"{KEY}.basis_share", basis=words.basis(finding.selection, unit)))
    parts += [words.t(f"{KEY}.basis_{name}") for name in metrics if name in OTHERS]
    ends = "interval_of_difference" if finding.kind == "differences" else "interval_is"
    return words.t(f"{KEY}.basis", parts="; ".join([*parts, *counted(finding.selection, words, ends)]))


def counted(selection: Selection, words: Words, interval_is: str = "interval_is") -> list[str]:
    """What was counted, on which media, under which reading of office-holders, and where the interval stands."""
    formats, *filters = words.counted(selection)
    media = words.listed("medium", selection.media).lower()
    only = [words.t("word.only.medium", names=media)] if media else []
    return [
        formats[:1].lower() + formats[1:], *only, *filters, words.reading(selection), words.t(f"{KEY}.{interval_is}")
    ]  # fmt: skip


def _days(finding: Finding, words: Words) -> str:
    """From the first to the last day that the judged rows of a rule are about."""
    spans = [words.span(row.selection) for row in finding.rows]
    return words.days(min(first for first, _ in spans), max(last for _, last in spans))


def coverage_name(selection: Selection, words: Words) -> str:
    """What a share is a share of, in the reports' words: political news coverage where only news was counted."""
    only_news = selection.formats_in(words.mission) == (NEWS,)
    return words.t(f"{KEY}.coverage_{'news' if only_news else 'all'}")


def place(outlet: str, unit: str, words: Words) -> str:
    """Where: on a channel, in a newspaper. `outlet` is the shown name."""
    return words.t(f"{KEY}.{'on' if unit == Unit.MS else 'in'}", outlet=outlet)


def with_interval(
    key: str, row: Row, words: Words, percent: bool = False, selection: Selection | None = None, **more: str
) -> str:
    """A row's name, value and interval by a message of the catalogue; `percent` spells per cent out.

    With `selection`, `outlet` (a shown name) and `unit` the message may name the coverage and the place, too.
    """
    values = dict(more)
    if selection is not None:
        values["coverage"] = coverage_name(selection, words)
    if "outlet" in more:
        values["place"] = place(more["outlet"], more.get("unit", row.unit), words)
    return words.t(
        key,
        name=words.named("group", row.of("group")),
        segments=words.number(row.segments),
        interval=interval(row, words),
        value=share(row.value, words) if percent else number(row.value, words),
        **values,
    )


def interval(row: Row, words: Words, least: int = 0) -> str:
    """The interval in brackets with a space before it; nothing where there is none. `least` decimals or more."""
    if row.low is None or row.high is None:
        return ""
    if row.metric == "balance":
        return words.t(f"{KEY}.interval_of_balance", low=words.balance(row.low), high=words.balance(row.high))
    least = max(least, decimals(row.value))
    ends = {name: number(end, words, least) for name, end in (("low", row.low), ("high", row.high))}
    return " (" + words.t("word.range", **ends) + ")"


def number(value: float, words: Words, least: int = 0) -> str:
    """A fraction as a number of per cent without the words: whole, or with one decimal where whole would lie."""
    return _spelt(value, words, f"{KEY}.number", least)


def share(value: float, words: Words, least: int = 0) -> str:
    """A fraction as per cent, spelt out."""
    return _spelt(value, words, "word.percent", least)


def _spelt(value: float, words: Words, key: str, least: int) -> str:
    if ALL_IN_ONE_DECIMAL <= value < 1:
        return words.t(key, number=words.number(min(value * 100, 99.99), 2))
    return words.percent(value, max(least, decimals(value)), key)


def decimals(value: float) -> int:
    """One where whole per cent would write all or nothing for what is neither.

    >>> decimals(0.998), decimals(0.2), decimals(0.0), decimals(1.0)
    (1, 0, 0, 0)
    """
    return int(0 < value < 0.005 or 0.995 <= value < 1)


def spread(key: str, values: Sequence[float], words: Words, **more: object) -> str:
    """Several values as a range (`KEY_range`), or as one where they read the same (`KEY_same`)."""
    low, high = min(values), max(values)
    if number(low, words) == number(high, words):
        return words.t(f"{key}_same", value=share(low, words), **more)
    return words.t(f"{key}_range", low=number(low, words), high=share(high, words), **more)


def listed(items: Sequence[str], words: Words) -> str:
    """One, two and three: a list as a sentence has it."""
    if len(items) == 1:
        return items[0]
    return ", ".join(items[:-1]) + words.t(f"{KEY}.and") + items[-1]


def unmade(found: Found, words: Words) -> list[str]:
    """For which places no sentence is made, one line for each reason; places in their order."""
    reasons: dict[str, list[str]] = {}
    for one in found.unmade:
        shown = [
            words.named(column, value) for column, value in one.place if column not in ("medium", "unit", "quantity")
        ]
        reasons.setdefault(one.reason, []).append(", ".join(shown))
    return [
        words.t(
            f"{KEY}.unmade", count=len(places), names="; ".join(dict.fromkeys(places)),
            reason=words.t(f"{KEY}.reason.{why}", minimum=words.mission.minimum_segments),
        )
        for why, places in reasons.items()
    ]  # fmt: skip
