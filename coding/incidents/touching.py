"""Which incidents belong beside a result: those on its outlets and days."""

from collections.abc import Collection, Iterable
from datetime import date

from coding.incident import Incident
from coding.incidents.rows import in_order


def touching(incidents: Iterable[Incident], outlets: Collection[str], start: date, end: date) -> list[Incident]:
    """The incidents of which at least one day lies between two days (both inside), in the order of their days.

    `outlets` are those of the result; none is no restriction. An incident without an outlet concerns all of them.
    """
    return in_order(
        each
        for each in incidents
        if each.start <= end and each.last >= start and (not outlets or not each.outlet or each.outlet in outlets)
    )
