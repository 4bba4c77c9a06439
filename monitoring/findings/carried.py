"""When a number is firm enough to be told in a sentence: the rules that every kind of finding shares.

A number is told where its place holds the mission's minimum of segments, where it has an interval (so where there are
outlet-days enough, see `monitoring.intervals`), and where that interval is narrow enough: no wider than a difference
that would be called strong (`monitoring.comparison.strength`), or, for a fraction, with a half-width of no more than
a third of the value (a coefficient of variation of 16.5 per cent, up to which Statistics Canada releases estimates
without a warning: Survey Methods and Practices, 2003). A number told without its interval, as one of several in a
range, needs an interval no wider than twice a moderate difference. A group that received nothing in a place where
others have intervals is a firm zero: it is what was on air.

That something is above or below zero is told only where an interval widened for the number of such questions asked
(Bonferroni 1936; Dunn 1961, Journal of the American Statistical Association 56) leaves out zero. The interval in the
sentence stays that of 95 per cent.
"""

from collections.abc import Sequence
from math import exp, isnan, log

from monitoring.comparison.strength import LIMITS, Kind
from monitoring.findings.finding import Row

MEASURE: dict[str, Kind] = {
    "share": "share", "among": "share", "appearance_share": "share", "tone": "speech", "balance": "tone",
}  # fmt: skip
"""Which limits of strength hold for a metric: shares of an outlet, parts of a group's own coverage, tone balance."""

NEAR = 1e-9


RELATIVE = 0.165 * 1.96
"""Half-width over value up to which a fraction is told whatever its width."""


def narrow(row: Row, shown: bool = True) -> bool:
    """Whether the interval is narrow enough for the value to be told; `shown` says that it is told with it."""
    if row.width is None:
        return False
    _, moderate, strong = LIMITS[MEASURE[row.metric]]
    if not shown:
        return row.width <= 2 * moderate + NEAR
    relative = row.metric != "balance" and row.width / 2 <= RELATIVE * row.value
    return relative or row.width <= strong + NEAR


def thin(rows: Sequence[Row], minimum: int) -> bool:
    """Whether a place (all its rows of one result) holds fewer segments than the minimum, or nothing at all."""
    segments = sum(row.segments for row in rows)
    return not segments or segments < minimum or not any(row.total_amount for row in rows)


def reason(row: Row, place: Sequence[Row], shown: bool = True) -> str:
    """Why the row's value is not told: `empty`, `no_interval`, `wide`; nothing where it is.

    `place` are all rows of its place, `shown` says whether the value is told with its interval.
    """
    if isnan(row.value):
        return "empty"
    if row.width is None:
        firm_zero = row.value == 0 and any(other.width is not None for other in place)
        return "" if firm_zero else "no_interval"
    return "" if narrow(row, shown) else "wide"


def widened(row: Row, degrees: int, asked: int) -> tuple[float, float] | None:
    """The interval of a balance (-1 to 1) that holds for all `asked` values together; None without an interval.

    The half-width on the logit scale, on which intervals are laid off, grows by the ratio of the quantiles of Student's
    t with `degrees` of freedom for 0.05 / asked and for 0.05.
    """
    from scipy.special import stdtrit

    if row.low is None or row.high is None or degrees < 1 or not -1 < row.low <= row.value <= row.high < 1:
        return None
    ratio = float(stdtrit(degrees, 1 - 0.025 / max(asked, 1)) / stdtrit(degrees, 0.975))
    centre = _logit(row.value)
    low, high = (_from_logit(centre + (_logit(end) - centre) * ratio) for end in (row.low, row.high))
    return low, high


def clear_of_zero(row: Row, degrees: int, asked: int) -> bool:
    """Whether a balance differs from zero with an interval that holds for all `asked` values together."""
    wide = widened(row, degrees, asked)
    return wide is not None and (wide[0] > 0 or wide[1] < 0)


def apart(one: Row, other: Row) -> bool:
    """Whether the intervals of two values do not meet: stricter than a test of their difference at 5 per cent."""
    ends = (one.low, one.high, other.low, other.high)
    if any(end is None for end in ends):
        return False
    low, high, other_low, other_high = (float(end) for end in ends if end is not None)
    return high < other_low or other_high < low


def _logit(balance: float) -> float:
    return log((1 + balance) / (1 - balance))


def _from_logit(odds: float) -> float:
    return 2 / (1 + exp(-odds)) - 1
