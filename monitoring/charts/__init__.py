"""Every chart, one file each. The only place that knows the chart library. A new chart is a new file and a line here.

A chart takes the table of a metric (aggregated, never segments) and a `Figure` with its words. Its title is the answer;
its subtitle says what was counted and carries the mission's notice. A click on a mark selects the point `pick`.
"""

from monitoring.charts.agreement import agreement
from monitoring.charts.agreement_spread import agreement_spread
from monitoring.charts.appearances import appearances
from monitoring.charts.calendar import calendar
from monitoring.charts.comparison import comparison
from monitoring.charts.confusion import confusion
from monitoring.charts.gaps import gaps
from monitoring.charts.material import material
from monitoring.charts.pull import pull
from monitoring.charts.reliability import reliability
from monitoring.charts.rules import rules
from monitoring.charts.rules_equality import rules_equality
from monitoring.charts.shares import shares
from monitoring.charts.theme import Figure, picture
from monitoring.charts.timeline import timeline
from monitoring.charts.tone import tone
from monitoring.charts.tone_balance import tone_balance

CHARTS = (
    shares, tone, tone_balance, appearances, timeline, material, pull, confusion, reliability, agreement,
    agreement_spread, calendar, comparison, gaps,
    rules, rules_equality,
)  # fmt: skip

__all__ = [
    "CHARTS",
    "Figure",
    "agreement",
    "agreement_spread",
    "appearances",
    "calendar",
    "comparison",
    "confusion",
    "gaps",
    "material",
    "picture",
    "pull",
    "reliability",
    "rules",
    "rules_equality",
    "shares",
    "timeline",
    "tone",
    "tone_balance",
]
