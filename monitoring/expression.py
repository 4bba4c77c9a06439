"""The coverage query: segments joined to airings, outlets and dated affiliations, overlaps resolved. Pure Ibis.

The same expressions run on DuckDB, on PostgreSQL and on a cluster. Every row of coverage follows from one airing, the
segments in it and who was given it, so the coverage of some airings can be computed anew without the others.
"""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from coding.vocabulary import PRACTICE, AiringKind, Progress, Purpose, Role

CODES = ("role", "speech", "tone", "format", "topic")
AGGREGATE = AiringKind.AGGREGATE.value
DECIDED, CODING, NOT_ASSIGNED, DOUBLE, PRACTISED = -1, 0, 1, 2, 3
"""Which of several coders of one airing counts: the one with the least of these; a practised coding never does."""


def newest(records: ir.Table, key: str) -> ir.Table:
    """The newest revision of every record that is not retracted."""
    latest = records.revision.max().over(group_by=key)
    return records.mutate(latest=latest).filter(lambda t: (t.revision == t.latest) & ~t.retracted).drop("latest")


def airings_expression(record: Mapping[str, ir.Table], of: Mapping[str, ir.Table], windows: bool) -> ir.Table:
    """Airings that belong to the analysis: dated inside a period, starting inside a window, outlet known.

    An aggregate has to lie in one period with all its days, and no window is asked of it.
    """
    airing = newest(record["airing"], "airing_id")
    last = of["day"].select(date_to="date", period_to="period")
    airing = airing.join(of["day"], "date").join(last, "date_to").filter(lambda t: t.period == t.period_to)
    airing = airing.join(of["outlet"], "outlet")
    if windows:
        window = of["window"]
        inside = [
            airing.outlet == window.outlet,
            (airing.date >= window.first) & (airing.date <= window.last),
            (airing.start_clock.coalesce(window.opens) >= window.opens)
            & (airing.start_clock.coalesce(window.opens) < window.closes),
        ]
        started = airing.semi_join(window, inside)
        airing = airing.filter(airing.kind == AGGREGATE).union(started.filter(started.kind != AGGREGATE))
    return airing.select(
        "period", "week", "date", "date_to", "outlet", "medium", "ownership", "region", "outlet_unit", "airing_id",
        "kind", "coded", "programme", "slot", "start_clock", airing_format="format",
        planned=airing.planned_size.coalesce(airing.planned_end - airing.planned_start),
        monitored=airing.actual_size.coalesce(airing.actual_end - airing.actual_start),
    )  # fmt: skip


def coverage_expression(
    record: Mapping[str, ir.Table], of: Mapping[str, ir.Table], airing: ir.Table, slots: bool
) -> ir.Table:
    """The coverage table of one mission; see the head of this module for its columns."""
    segment = counted_segments(record, airing)
    timed, stated = segment.filter(segment.start_ms.notnull()), segment.filter(segment.start_ms.isnull())
    stated = stated.mutate(segments=ibis.literal(1, "int64"))
    if slots:
        timed, stated = _cut_at_slots(timed, of["slot"]), _slot_of_start(stated, airing, of["slot"])
    else:
        timed = timed.mutate(slot=ibis.literal(""), begins_here=ibis.literal(1, "int64"))
        stated = stated.join(airing.select("airing_id", "slot"), "airing_id")
    columns = ["airing_id", "subject", *CODES, "start_ms", "end_ms", "amount", "segments", "slot"]
    rows = _union_of_overlaps(timed).select(columns).union(stated.select(columns))
    return _with_groups(rows.join(airing.drop("slot", "start_clock"), "airing_id"), of)


def counted_segments(record: Mapping[str, ir.Table], airing: ir.Table) -> ir.Table:
    """Segments of these airings as they now are. Two coders of one airing never add: one of them counts.

    The coding in which disagreements were decided comes first. Then the coder to whom the airing is assigned for coding
    comes before one without an assignment, and that one before one who holds it for double coding; of several with a
    coding, the one who has had it longest. Else the coder counts of whose segments one was stored before all others,
    then the name: the order is the store's, no clock decides. What was coded in training or in a test never counts.
    The same rule for rows outside an engine: `coding.counted_coders`.
    """
    segment = record["segment"]
    stored = segment.mutate(stored=segment.seq.min().over(group_by="segment_id"))
    current = newest(stored, "segment_id").filter(lambda t: t.airing_id.isin(airing.airing_id))
    coder = current.group_by("airing_id", "coder").aggregate(stored=current.stored.min())
    coder = coder.left_join(_holders(record["assignment"]), ["airing_id", "coder"]).select(
        *coder.columns, "place", "since"
    )
    decided = record["decision"].select("airing_id", "coder").distinct().mutate(decided=DECIDED)
    coder = coder.left_join(decided, ["airing_id", "coder"]).select(*coder.columns, "decided")
    place = coder.decided.coalesce(coder.place, NOT_ASSIGNED)
    coder = coder.mutate(place=place, since=coder.since.coalesce(0)).filter(lambda t: t.place != PRACTISED)
    # where it was decided that nothing holds, the other coder's segments do not come in its place
    coder = coder.filter((coder.place == DECIDED) | coder.airing_id.notin(decided.airing_id))
    rank = ibis.row_number().over(group_by="airing_id", order_by=["place", "since", "stored", "coder"])
    chosen = coder.mutate(rank=rank).filter(lambda t: t["rank"] == 0)
    return current.drop("stored").semi_join(chosen, ["airing_id", "coder"])


def _holders(assignment: ir.Table) -> ir.Table:
    """Who has an airing (airing_id, coder), their `place`, and for a coding the row `since` which they have had it."""
    keys = ["airing_id", "coder"]
    # what was practised on and taken away again stays practice
    practised = assignment.purpose.isin([purpose.value for purpose in PRACTICE])
    given = (assignment.progress != Progress.WITHDRAWN.value) | practised
    coding = given & (assignment.purpose == Purpose.CODING.value)
    other = given & (assignment.purpose != Purpose.CODING.value)
    otherwise = coding.ifelse(0, assignment.seq).max().over(group_by=keys)
    last = assignment.seq.max().over(group_by=keys)
    place = coding.ifelse(CODING, (assignment.purpose == Purpose.DOUBLE.value).ifelse(DOUBLE, PRACTISED))
    rows = assignment.mutate(coding=coding, other=other, place=place, otherwise=otherwise, last=last)
    held = rows.filter((rows.coding & (rows.seq > rows.otherwise)) | (rows.other & (rows.seq == rows.last)))
    return held.group_by(keys).aggregate(place=held.place.min(), since=held.coding.ifelse(held.seq, 0).min())


def _union_of_overlaps(timed: ir.Table) -> ir.Table:
    """The same subject with the same codes over the same or touching seconds of a slot is one stretch."""
    keys = ["airing_id", "subject", *CODES, "slot"]
    stretches = with_runs(timed, keys)
    united = stretches.group_by([*keys, "run"]).aggregate(
        start_ms=stretches.start_ms.min(), end_ms=stretches.end_ms.max(), segments=stretches.begins_here.sum()
    )
    return united.mutate(amount=united.end_ms - united.start_ms)


def with_runs(timed: ir.Table, keys: list[str]) -> ir.Table:
    """Number (`run`) the maximal stretches of touching or overlapping intervals within the keys."""
    order = ["start_ms", "end_ms"]
    before = timed.end_ms.max().over(ibis.window(group_by=keys, order_by=order, preceding=(None, 1)))
    marked = timed.mutate(begins=(before.isnull() | (timed.start_ms > before)).ifelse(1, 0))
    run = marked.begins.sum().over(ibis.window(group_by=keys, order_by=order, preceding=None, following=0))
    return marked.mutate(run=run)


def _cut_at_slots(timed: ir.Table, slot: ir.Table) -> ir.Table:
    """Segments cut at the borders of the slots; each is counted in the slot in which it begins."""
    pieces = timed.left_join(
        slot, [timed.airing_id == slot.airing_id, timed.start_ms < slot.closes, timed.end_ms > slot.opens]
    )
    start = ibis.greatest(pieces.start_ms, pieces.opens.coalesce(pieces.start_ms))
    end = ibis.least(pieces.end_ms, pieces.closes.coalesce(pieces.end_ms))
    begins = (start == pieces.start_ms).ifelse(1, 0).cast("int64")
    return pieces.mutate(slot=pieces.slot.coalesce(""), start_ms=start, end_ms=end, begins_here=begins)


def _slot_of_start(stated: ir.Table, airing: ir.Table, slot: ir.Table) -> ir.Table:
    """An amount without an interval belongs to the slot in which its airing starts, or that the airing names."""
    first = slot.filter(slot.opens == 0).select("airing_id", starts_in="slot")
    rows = stated.join(airing.select("airing_id", named="slot"), "airing_id").left_join(first, "airing_id")
    return rows.mutate(slot=rows.named.nullif("").coalesce(rows.starts_in, ""))


def _with_groups(rows: ir.Table, of: Mapping[str, ir.Table]) -> ir.Table:
    """The contestant of each subject on that date, and the group it counts under in both readings of incumbents."""
    affiliation = of["affiliation"]
    dated = rows.left_join(
        affiliation,
        [rows.subject == affiliation.subject, rows.date >= affiliation.first, rows.date <= affiliation.last],
    )
    dated = dated.left_join(of["named_group"], "subject").left_join(of["format"], "format")
    own = dated.named_group.coalesce(dated.subject)
    party = dated.affiliation.coalesce(own)
    return dated.select(
        "period", "week", "date", "date_to", "outlet", "medium", "ownership", "region", "airing_id", "kind", "coded",
        "programme", "airing_format", "slot", "format", "subject", "role", "speech", "topic", "tone", "start_ms",
        "end_ms", "amount", "segments",
        unit=dated.format_unit.nullif("").coalesce(dated.outlet_unit),
        affiliation=dated.affiliation.coalesce(""),
        group_institution=(dated.role == Role.INSTITUTION.value).ifelse(own, party),
        group_party=party,
    )  # fmt: skip
