"""Import of a file into a store: everything is checked first, then all rows go in at once, or none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import select

from coding.exchange.airings import AiringIndex, Totals, nested_totals, period_problems
from coding.exchange.building import Builder
from coding.exchange.mapping import FileMapping
from coding.exchange.readers import read_table
from coding.exchange.rows import drafts_of
from coding.languages import Translate, translator
from coding.mission.checks import check_airings
from coding.mission.clock import duration_text
from coding.mission.model import Airing, Mission, Period
from coding.problems import Problem, ProblemsFound
from coding.segment import FIELDS, Segment
from coding.segment_checks import Rules, joined_overlaps, overlap_problems
from coding.store import Store, schema
from coding.store.codebook_changes import present_names
from coding.store.engine import reading
from coding.vocabulary import CodeKind

AT_ONCE = 500


@dataclass(frozen=True)
class Joined:
    """Two segments with the same codes over the same seconds: both are kept, the seconds count once."""

    first: str
    second: str
    subject: str
    start_ms: int
    end_ms: int
    line: int | None


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or in a preview would do.

    `rows`: rows of the file. `stored`: segments that go in; `already`: lines of rows that the store holds to the
    letter. `dropped`: reason -> rows left out. `airings`: aggregate airings made. `rejected`: every problem; where
    there is one, `stored` is 0 and nothing of the file was kept.
    """

    file: str
    rows: int = 0
    stored: int = 0
    already: tuple[int, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)
    joined: tuple[Joined, ...] = ()
    airings: tuple[str, ...] = ()
    rejected: tuple[Problem, ...] = ()

    def lines(self, translate: Translate | None = None) -> list[str]:
        """The report as sentences, in the reader's language; problems last."""
        told = translate or translator()
        text = [told("import.rows", file=self.file, rows=self.rows, stored=self.stored, already=len(self.already))]
        text += [told("import.dropped", reason=reason, rows=rows) for reason, rows in self.dropped.items()]
        text += [told("import.airings", airings=len(self.airings))] if self.airings else []
        for pair in self.joined:
            span = {"start": duration_text(pair.start_ms), "end": duration_text(pair.end_ms)}
            values = {"subject": pair.subject, "one": pair.first, "two": pair.second, **span}
            text.append(told("import.joined", **values))
        text += [told("import.refused", problems=len(self.rejected))] if self.rejected else []
        return text + [problem.text(told) for problem in self.rejected]


class ImportRefused(ProblemsFound):
    """Rows were rejected, so nothing of the file was stored. Carries the whole report."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__(report.rejected)
        self.report = report


@dataclass(frozen=True)
class _Prepared:
    report: ImportReport
    segments: tuple[Segment, ...] = ()
    airings: tuple[Airing, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)


def preview(path: Path, mapping: FileMapping, store: Store, period: Period | None = None) -> ImportReport:
    """What importing the file would do; writes nothing and raises nothing for a file with problems."""
    return _prepared(path, mapping, store, period).report


def import_file(path: Path, mapping: FileMapping, store: Store, who: str, period: Period | None = None) -> ImportReport:
    """Import a file, all or nothing. The same file again adds nothing.

    `period` (one of the mission's) is required for a file of totals. A row without a segment_id gets one from its
    content and its place among identical rows of the file, a total from what it is the total of; a row without
    coded_at gets the day of its airing. Raises ImportRefused where any row is rejected.
    """
    prepared = _prepared(path, mapping, store, period)
    if prepared.report.rejected:
        raise ImportRefused(prepared.report)
    try:
        store.add(prepared.segments, who, {"file": path.name, "mapping": mapping.title}, prepared.airings)
    except ProblemsFound as found:  # somebody else wrote between the check and the transaction
        rejected = tuple(_located(problem, path.name, prepared.lines) for problem in found.problems)
        raise ImportRefused(replace(prepared.report, stored=0, rejected=rejected)) from None
    return prepared.report


def _located(problem: Problem, file: str, lines: Mapping[str, int]) -> Problem:
    return replace(problem, file=file, line=problem.line or lines.get(problem.value))


def _prepared(path: Path, mapping: FileMapping, store: Store, period: Period | None) -> _Prepared:
    mission = store.mission()
    held_airings = store.airings()
    try:
        drafts = drafts_of(read_table(path, mapping.file), mapping)
    except ProblemsFound as found:
        return _Prepared(ImportReport(path.name, rejected=found.problems))
    problems = period_problems(period, mission, path.name) if mapping.aggregate else []
    if problems:
        return _Prepared(ImportReport(path.name, drafts.rows, rejected=tuple(problems)))
    airings = _places(mapping, mission, held_airings, period)
    builder = Builder(path.name, mapping, mission, airings, store.codebook_version(), present_names(store))
    built = [segment for draft in drafts.drafts if (segment := builder.segment(draft))]
    made = tuple(airings.made.values()) if isinstance(airings, Totals) else ()
    problems = [*drafts.problems, *builder.problems, *nested_totals(made, held_airings, path.name)]
    problems += check_airings(mission, [(None, airing) for airing in made])
    zero = len(builder.zero - set(builder.lines.values()))
    dropped = dict(drafts.dropped) | ({"amount = 0": zero} if zero else {})
    known = _Known.of(store, built, path.name, builder.lines)
    problems += known.problems
    rules = Rules.of(mission, ())
    problems += [p for new in known.new for p in rules.retired_names(new, path.name, builder.lines[new.segment_id])]
    beside = _beside(store, built)
    problems += overlap_problems([*beside, *known.new], path.name, builder.lines)
    report = ImportReport(
        path.name,
        drafts.rows,
        0 if problems else len(known.new),
        tuple(sorted(builder.lines[segment.segment_id] for segment in known.already)),
        dropped,
        tuple(_joined([*beside, *known.new], builder.lines)),
        tuple(airing.airing_id for airing in made),
        tuple(sorted(problems, key=lambda problem: problem.line or 0)),
    )
    return _Prepared(report, known.new, made, builder.lines)


def _places(
    mapping: FileMapping, mission: Mission, held: Iterable[Airing], period: Period | None
) -> AiringIndex | Totals:
    index = AiringIndex(held)
    if not mapping.aggregate or period is None:
        return index
    return Totals(period, frozenset(slot.name for slot in mission.slots), index)


@dataclass(frozen=True)
class _Known:
    """Segments of a file by whether the store has them."""

    new: tuple[Segment, ...]
    already: tuple[Segment, ...]
    problems: tuple[Problem, ...]

    @classmethod
    def of(cls, store: Store, built: Sequence[Segment], file: str, lines: Mapping[str, int]) -> "_Known":
        """An earlier revision counts too: a record that was corrected since is not refused and not undone."""
        held = _revisions(store, [segment.segment_id for segment in built])
        new, already, problems = [], [], []
        for segment in built:
            revisions = held.get(segment.segment_id)
            if revisions is None:
                new.append(segment)
            elif any(_same(segment, revision) for revision in revisions):
                already.append(segment)
            else:
                line = lines[segment.segment_id]
                problems.append(Problem("id_other_content", file, line, "segment_id", segment.segment_id))
        return cls(tuple(new), tuple(already), tuple(problems))


def _same(segment: Segment, held: Segment) -> bool:
    """Equal in all that the file says; the codebook may be a later one than at the first import."""
    return segment.model_copy(update={"codebook_version": held.codebook_version}) == held


def _revisions(store: Store, segment_ids: Sequence[str]) -> dict[str, list[Segment]]:
    """Every revision of these segments, retracted ones too, under the names of today."""
    held: dict[str, list[Segment]] = {}
    columns = [schema.segment.c[name] for name in ("seq", *FIELDS)]
    present = present_names(store)
    for first in range(0, len(segment_ids), AT_ONCE):
        wanted = schema.segment.c.segment_id.in_(segment_ids[first : first + AT_ONCE])
        with reading(store.engine) as connection:
            rows = connection.execute(select(*columns).where(wanted)).mappings().all()
        for row in rows:
            now = {kind: present.now(kind, row[kind], row["seq"]) for kind in CodeKind}
            values = {name: row[name] for name in FIELDS} | now
            held.setdefault(row["segment_id"], []).append(Segment.model_validate(values))
    return held


def _beside(store: Store, built: Sequence[Segment]) -> list[Segment]:
    """What the store holds in the airings where the file brings intervals."""
    airings = {segment.airing_id for segment in built if segment.start_ms is not None}
    return [held for held in store.segments(airings) if held.airing_id in airings] if airings else []


def _joined(segments: Sequence[Segment], lines: Mapping[str, int]) -> Iterable[Joined]:
    for first, second in joined_overlaps(segments):
        line = lines.get(second.segment_id) or lines.get(first.segment_id)
        if line is not None:
            start, end = second.start_ms or 0, min(first.end_ms or 0, second.end_ms or 0)
            yield Joined(first.segment_id, second.segment_id, second.subject, start, end, line)
