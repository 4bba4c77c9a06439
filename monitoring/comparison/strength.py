"""Words for the size of a difference, tied to stated limits. The limits are ours; no norm of monitoring sets any.

They were chosen by what a viewer would meet, not by what happens to be significant:

- `share`, points of a share of time or space. One point is what whole per cent can show, and 18 seconds of a daily
  bulletin of half an hour; three points are a minute of it a day; ten points are three minutes a day, a whole story.
- `tone`, the balance from -1 to 1. 0.05, 0.2 and 0.5 are a fortieth, a tenth and a quarter of a contestant's coverage
  turned from negative to positive (twice as much turned from neutral).
- `speech`, points of a contestant's own coverage: the same fortieth, tenth and quarter of it.

The words say how large a difference is, never how sure: see `verdict`. Cohen's limits for d or h are not used: they
are in units of the scatter, which for sums over days depends on how long was monitored.
"""

from math import isfinite
from typing import Literal

Kind = Literal["share", "tone", "speech"]
Strength = Literal["none", "weak", "moderate", "strong"]
Verdict = Literal["not_shown", "weak", "moderate", "strong"]

LIMITS: dict[Kind, tuple[float, float, float]] = {
    "share": (0.01, 0.03, 0.10),
    "tone": (0.05, 0.20, 0.50),
    "speech": (0.025, 0.10, 0.25),
}
"""From which size on a difference is weak, moderate, strong; below the first it is none. Fractions, or balance."""

CARRIED_AT = 0.05
"""The corrected p-value above which a difference is not shown."""

_ROUNDING = 1e-9


def strength(kind: Kind, effect: float) -> Strength:
    """The word for a difference of that size, whatever its sign: `share` and `speech` in fractions, `tone` in balance.

    0.04 of a share (4 points) is moderate, 0.04 of tone balance none. Raises ValueError where there is no effect.
    """
    if not isfinite(effect):
        raise ValueError("a difference that is not known has no strength")
    weak, moderate, strong = (limit - _ROUNDING for limit in LIMITS[kind])
    size = abs(effect)
    return "strong" if size >= strong else "moderate" if size >= moderate else "weak" if size >= weak else "none"


def shown(low: float, high: float, p: float) -> bool:
    """Whether the days carry a difference: its interval leaves out 0 and its corrected p is at most CARRIED_AT."""
    return (low > 0 or high < 0) and p <= CARRIED_AT


def verdict(kind: Kind, effect: float, low: float, high: float, p: float) -> Verdict:
    """What may be said of a difference: `not_shown`, whatever its size, unless the days carry it; then its strength.

    One that is carried and smaller than the first limit is weak: it is there, and it is small.
    """
    if not shown(low, high, p):
        return "not_shown"
    word = strength(kind, effect)
    return "weak" if word == "none" else word
