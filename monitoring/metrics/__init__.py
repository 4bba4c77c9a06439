"""Every metric, one file each, all of the one result shape. A new metric is a new file and a line in METRICS.

The list is light: a metric's own file, and pandas and the engine with it, load when it is first computed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from monitoring.coverage import Coverage
    from monitoring.intervals.sums import Sums
    from monitoring.selection import Selection

    Compute = Callable[[Coverage, Selection, Sequence[str]], pd.DataFrame]
    Summing = Callable[..., Sums]


@dataclass(frozen=True)
class Metric:
    """A metric as commands and pages know it.

    `name` is that of its file, its function and its command; `value` says what the value is (a fraction, a count, a
    number, a balance, hours), `lowest` and `highest` its range, `by` its usual group columns.
    """

    name: str
    value: str
    lowest: float
    highest: float | None
    by: tuple[str, ...]

    @property
    def compute(self) -> "Compute":
        """The function (coverage, selection, by) -> result."""
        function: Compute = getattr(import_module(f"monitoring.metrics.{self.name}"), self.name)
        return function

    @property
    def sums(self) -> "Summing | None":
        """The function (coverage, selection, by, each=DAY) -> what adds over outlet-days; None for a metric without."""
        function: Summing | None = getattr(import_module(f"monitoring.metrics.{self.name}"), "sums", None)
        return function


METRICS = (
    Metric("share", "fraction", 0, None, ("outlet", "group")),
    Metric("tone", "fraction", 0, 1, ("outlet", "group")),
    Metric("balance", "balance", -1, 1, ("outlet", "group")),
    Metric("appearances", "count", 0, None, ("outlet", "group")),
    Metric("appearance_share", "fraction", 0, 1, ("outlet", "group")),
    Metric("speech", "fraction", 0, 1, ("outlet", "group")),
    Metric("contestants", "number", 1, None, ("outlet",)),
    Metric("hours", "hours", 0, None, ("outlet",)),
)
