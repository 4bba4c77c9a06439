"""What coders said of the airings that several of them coded: each one's own last word, before anything was decided.

A coder's *own word* on a segment is the last revision that the coder wrote (for an imported segment: that came from the
same hand as the first one), not later than the first decision on the airing. What a supervisor, an adjudicator or a
change of the codebook wrote afterwards is not the coder's; where the coder's own last word is a retraction, the coder
says nothing there. Names that the codebook renamed or merged since stand under their present names. Who coded an
airing after its first decision has own words too, but was no party to it: agreement and adjudication leave them out.

An airing is coded by somebody whose assignment is done, also where nothing was recorded: that says "nothing here". Who
has no assignment (imports, a sample) coded what there are segments of, once the airing is finished. Whoever the airing
was taken from, and what was coded in training or in a test, is no coding here.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import select

from coding.counted_coders import decided_codings, holders, turns
from coding.mission.model import Airing, Mission
from coding.segment import CODES
from coding.segment_checks import Rules
from coding.store import Moment, Store, current_rows, schema
from coding.store.decisions import first_decisions, parties
from coding.store.engine import reading
from coding.vocabulary import PRACTICE, AiringKind, Progress

if TYPE_CHECKING:
    import pandas as pd

AIRINGS = ("airing_id", "outlet", "date", "week", "day", "unit", "monitored", "coder", "purpose", "turn")
SEGMENTS = (
    "segment_id", "seq", "airing_id", "coder", "start_ms", "end_ms", "page", "box", "amount", "unit", "subject", *CODES,
)  # fmt: skip
AT_ONCE = 40
"""Airings whose revisions are read in one short statement."""
Pair = tuple[str, str]
"""An airing and a coder."""


class Written(Protocol):
    """A revision, as far as one must know it to tell whose word it is."""

    @property
    def seq(self) -> int: ...
    @property
    def coder(self) -> str: ...
    @property
    def recorded_by(self) -> str: ...
    @property
    def retracted(self) -> bool: ...


T = TypeVar("T", bound=Written)


class Own(NamedTuple):
    """One revision of a segment, as far as agreement reads it."""

    seq: int
    segment_id: str
    revision: int
    airing_id: str
    coder: str
    start_ms: int | None
    end_ms: int | None
    page: int | None
    box: str
    amount: int
    subject: str
    role: str
    speech: str
    tone: str
    format: str
    topic: str
    retracted: bool
    recorded_at: str
    recorded_by: str


@dataclass(frozen=True)
class Codings:
    """Several coders' codings of some airings, at one state of the record (`fingerprint`).

    `airings` has one row for each airing and coder: airing_id, outlet, date (ISO), week (its Monday, ISO), day (outlet
    and date: the cluster that intervals resample), unit (the outlet's), monitored (the amount that was, in that unit),
    coder, purpose (coding, double, or empty without an assignment), turn (of these codings of the airing the least one
    is the one that results count; `coding.counted_coders.turns`).
    `segments` are own words: segment_id, seq (the row of that revision), airing_id, coder, start_ms, end_ms, page
    (empty where there is none), box, amount (in `unit`), unit, subject, role, speech, tone, format, topic.
    """

    mission: Mission
    fingerprint: str
    airings: "pd.DataFrame"
    segments: "pd.DataFrame"


def double_codings(store: Store, at: Moment | None = None) -> Codings:
    """Every airing of which at least two codings are finished, now or at a moment; totals without airings are none."""
    reader = _Reader(store, at or store.moment())
    asked = reader.coded()
    read = reader.codings({name: coders for name, coders in asked.items() if len(coders) > 1})
    return _without(read, {pair for pair in _pairs(read) if pair not in reader.standing}, 2)


def codings_of(
    store: Store,
    airing_ids: Iterable[str],
    coders: Collection[str] | None = None,
    agreed: Collection[str] = (),
    at: Moment | None = None,
) -> Codings:
    """Codings of these airings, of everybody or of the named coders, also those of training and of tests.

    Finished or not: whoever recorded something there, or is done with the airing. The codings of `agreed` coders are
    read as they stand, with what others revised and decided in them.
    """
    reader = _Reader(store, at or store.moment())
    asked = reader.touched(list(dict.fromkeys(airing_ids)))
    chosen = {
        name: [coder for coder in held if coders is None or coder in coders or coder in agreed]
        for name, held in asked.items()
    }
    read = reader.codings({name: held for name, held in chosen.items() if held}, agreed)
    open_ = {pair for pair, (_, progress) in reader.standing.items() if progress != Progress.DONE}
    return _without(read, {pair for pair in _pairs(read) if pair not in reader.standing or pair in open_}, 1)


def own_word(revisions: Sequence[T], until: int | None = None) -> T | None:
    """The coder's own last word of one segment's revisions, the oldest first; None where there is none.

    `until` is the last row that counts: what was written later followed a decision.
    """
    mine = own_words(revisions, until)
    return mine[-1] if mine and not mine[-1].retracted else None


def own_words(revisions: Sequence[T], until: int | None = None) -> list[T]:
    """All of the coder's own revisions of one segment, retractions too; see `own_word`."""
    own = {revisions[0].recorded_by, revisions[0].coder}
    return [each for each in revisions if each.recorded_by in own and (until is None or each.seq <= until)]


def _pairs(read: Codings) -> set[Pair]:
    return set(zip(read.airings["airing_id"], read.airings["coder"], strict=True))


def _without(read: Codings, asked: set[Pair], least: int) -> Codings:
    """Without codings in which nothing stands and of which nobody said that they are done (`asked`).

    Then without airings that have fewer than `least` codings.
    """
    with_words = set(zip(read.segments["airing_id"], read.segments["coder"], strict=True))
    airings = read.airings
    if airings.empty:  # an empty list of yes and no would choose columns
        return read
    pairs = zip(airings["airing_id"], airings["coder"], strict=True)
    airings = airings[[pair in with_words or pair not in asked for pair in pairs]]
    airings = airings[airings.groupby("airing_id")["coder"].transform("size") >= least].reset_index(drop=True)
    segments = read.segments[read.segments["airing_id"].isin(airings["airing_id"])].reset_index(drop=True)
    return replace(read, airings=airings, segments=segments)


class _Reader:
    """Reads the codings of one moment, in short reads, so that no writer waits."""

    def __init__(self, store: Store, at: Moment) -> None:
        self.store, self.at = store, at
        columns = ("airing_id", "coder", "purpose", "progress")
        rows = current_rows(store, schema.assignment, columns, at.assignment_seq)
        self.standing: dict[Pair, Pair] = {(row[0], row[1]): (row[2], row[3]) for row in rows}

    @cached_property
    def mission(self) -> Mission:
        return self.store.mission(self.at)

    @cached_property
    def present(self) -> "_Present":
        """The names of this moment."""
        return _Present(self.store, self.mission, self.at)

    @cached_property
    def airings(self) -> dict[str, Airing]:
        """Those that coders can have coded: imported totals have none."""
        return {each.airing_id: each for each in self.store.airings(self.at) if each.kind != AiringKind.AGGREGATE}

    @cached_property
    def parties(self) -> dict[str, set[str]]:
        """Between whom an airing was decided; none where nothing was."""
        return parties(self.store, self.at)

    def coded(self) -> dict[str, list[str]]:
        """By airing who finished a coding of it, as far as assignments and the first look at segments tell.

        Of a decided airing those between whom it was decided: of who came later nobody read anything then.
        """
        recorded = set(current_rows(self.store, schema.segment, ("airing_id", "coder"), self.at.segment_seq))
        found: dict[str, list[str]] = {}
        for airing_id, coder in sorted({tuple(pair) for pair in recorded} | self.standing.keys()):
            late = coder not in self.parties.get(airing_id, (coder,))
            if airing_id in self.airings and self._finished(airing_id, coder) and not late:
                found.setdefault(airing_id, []).append(coder)
        return found

    def _finished(self, airing_id: str, coder: str) -> bool:
        held = self.standing.get((airing_id, coder))
        if held is None:
            return self.airings[airing_id].coded
        return held[0] not in PRACTICE and held[1] == Progress.DONE

    def touched(self, airing_ids: Sequence[str]) -> dict[str, list[str]]:
        """By airing who recorded something in it or is done with it."""
        known = [name for name in airing_ids if name in self.airings]
        done = {pair for pair, (_, progress) in self.standing.items() if progress == Progress.DONE and pair[0] in known}
        recorded = {(each.airing_id, each.coder) for each in self._revisions(known)}
        found: dict[str, list[str]] = {}
        for airing_id, coder in sorted(recorded | done):
            found.setdefault(airing_id, []).append(coder)
        return found

    def codings(self, asked: Mapping[str, Sequence[str]], agreed: Collection[str] = ()) -> Codings:
        """The codings of these airings and coders."""
        import pandas as pd

        histories = self._histories(asked)
        words = [each for each in self._words(histories, agreed) if each.coder in asked[each.airing_id]]
        rules = Rules.of(self.mission, self.airings.values())
        rows = [self._row(self.present.of(each), rules) for each in words]
        whole = dict.fromkeys(("start_ms", "end_ms", "page"), "Int64")
        segments = pd.DataFrame(rows, columns=list(SEGMENTS)).astype({**whole, "amount": "int64", "seq": "int64"})
        segments = segments.sort_values(["airing_id", "coder", "start_ms", "page", "seq"], ignore_index=True)
        return Codings(
            self.mission, self.at.fingerprint, self._table(asked, rules, self._turns(asked, histories)), segments
        )

    def _turns(self, asked: Mapping[str, Sequence[str]], histories: Iterable[Sequence[Own]]) -> Mapping[Pair, int]:
        """In which order these codings count: the first revisions tell who was stored first, whose words they are."""
        stored: dict[Pair, int] = {}
        for history in histories:
            pair = (history[-1].airing_id, history[-1].coder)
            if not history[-1].retracted:
                stored[pair] = min(history[0].seq, stored.get(pair, history[0].seq))
        pairs = [(airing_id, coder) for airing_id, coders in asked.items() for coder in coders]
        return turns(pairs, stored, holders(self.store, self.at), decided_codings(self.store, self.at))

    def _table(self, asked: Mapping[str, Sequence[str]], rules: Rules, turn: Mapping[Pair, int]) -> "pd.DataFrame":
        import pandas as pd

        rows: list[tuple[Any, ...]] = []
        for airing_id, coders in asked.items():
            airing = self.airings[airing_id]
            days = (airing.date.isoformat(), monday(airing.date), day_of(airing))
            about = (airing_id, airing.outlet, *days, str(rules.units[airing.outlet]), airing.monitored)
            rows += [(*about, each, self._purpose(airing_id, each), turn[airing_id, each]) for each in coders]
        return pd.DataFrame(rows, columns=list(AIRINGS)).astype({"monitored": "Int64"})

    def _purpose(self, airing_id: str, coder: str) -> str:
        purpose, progress = self.standing.get((airing_id, coder), ("", ""))
        return "" if progress == Progress.WITHDRAWN else purpose

    def _row(self, own: Own, rules: Rules) -> tuple[Any, ...]:
        part = rules.formats.get(own.format)
        outlet = self.airings[own.airing_id].outlet
        unit = str(part.unit if part is not None and part.unit else rules.units[outlet])
        place = (own.start_ms, own.end_ms, own.page, own.box, own.amount, unit)
        codes = (own.role, own.speech, own.tone, own.format, own.topic)
        return (own.segment_id, own.seq, own.airing_id, own.coder, *place, own.subject, *codes)

    def _histories(self, airing_ids: Iterable[str]) -> list[list[Own]]:
        """The revisions of every segment of these airings, the oldest first."""
        histories: dict[str, list[Own]] = {}
        for each in self._revisions(list(airing_ids)):
            histories.setdefault(each.segment_id, []).append(each)
        return [sorted(history, key=lambda each: each.revision) for history in histories.values()]

    def _words(self, histories: Iterable[Sequence[Own]], agreed: Collection[str]) -> Iterator[Own]:
        """The own word on every one of these segments, or the standing one of an agreed coder."""
        until = first_decisions(self.store, self.at)
        for history in histories:
            last = history[-1]
            stands = None if last.retracted else last
            party = last.coder in self.parties.get(last.airing_id, ())
            own = own_word(history, until.get(last.airing_id) if party else None)
            word = stands if last.coder in agreed else own
            if word is not None:
                yield word

    def _revisions(self, airing_ids: Sequence[str]) -> Iterator[Own]:
        table = schema.segment
        columns = [table.c[name] for name in Own._fields]
        for first in range(0, len(airing_ids), AT_ONCE):
            some = airing_ids[first : first + AT_ONCE]
            rows = select(*columns).where(table.c.airing_id.in_(some), table.c.seq <= self.at.segment_seq)
            with reading(self.store.engine) as connection:
                piece = connection.execute(rows).all()
            yield from (each for each in map(Own._make, piece) if not self.present.carried(each))


class _Present:
    """Names as the codebook of a moment has them."""

    def __init__(self, store: Store, mission: Mission, at: Moment) -> None:
        from coding.store.codebook_changes import present_names
        from coding.suggestions.scales import tones_now

        self._names, self._tones = present_names(store, at), tones_now(store, mission, at)

    def carried(self, own: Own) -> bool:
        """Whether a revision only carried the segment over to a new name, whoever changed the codebook."""
        return (own.recorded_at, own.recorded_by) in self._names.carried

    def of(self, own: Own) -> Own:
        """A word under present names."""
        subject, topic, format_, tone = (
            self._names.now(kind, getattr(own, kind), own.seq) for kind in ("subject", "topic", "format", "tone")
        )
        return own._replace(subject=subject, topic=topic, format=format_, tone=self._tones.get(tone, tone))


def day_of(airing: Airing) -> str:
    """The outlet-day of an airing: what intervals resample."""
    return f"{airing.outlet} {airing.date.isoformat()}"


def monday(day: date) -> str:
    """The Monday of a day's week, ISO."""
    return (day - timedelta(days=day.weekday())).isoformat()
