"""Files into a mission's recordings: read, named and stored whole, in a form that browsers play."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from uuid import NAMESPACE_OID, uuid4, uuid5

from coding.mission.model import Mission
from coding.problems import Problem, ProblemsFound
from coding.recordings import files
from coding.recordings.convert import PROXY_BITS, convert, make_proxy, room_needed, target_of
from coding.recordings.names import PATTERNS, Named, NameReader, given_start
from coding.recordings.pictures import rewrite
from coding.recordings.placement import Placed, placed
from coding.recordings.probe import Probed, probe
from coding.recordings.report import (
    Cancelled,
    Note,
    Options,
    Progress,
    Report,
    Stage,
    Stored,
    Watch,
    converted_note,
    never,
    on_air_note,
    stored_note,
    unwatched,
)
from coding.store import Store, records
from coding.store.engine import writing
from coding.store.recordings import Recording, put_recordings, recordings
from coding.vocabulary import RecordingKind

MEDIA = (
    "mp4", "m4v", "m4a", "mov", "mkv", "webm", "ts", "m2ts", "mts", "mpg", "mpeg", "vob", "avi", "wmv", "wma", "asf",
    "flv", "mxf", "3gp", "mp3", "wav", "ogg", "oga", "ogv", "opus", "flac", "aac", "ac3", "amr", "aiff",
    "jpg", "jpeg", "png", "webp", "tif", "tiff", "bmp",
)  # fmt: skip
"""Suffixes of the files that are looked for in a folder; what a file is, its content says."""
SAMPLE_WHO = "sample"
_writing = Lock()


def ingest(
    store: Store,
    given: Iterable[Path],
    options: Options,
    who: str,
    progress: Progress = unwatched,
    cancelled: Callable[[], bool] = never,
) -> Report:
    """Store files with their airings. A file that is refused keeps no other from being stored.

    The same content again for the same airing adds nothing. Raises ProblemsFound only for what concerns all files: a
    pattern or a start that cannot be read.
    """
    patterns = (options.pattern,) if options.pattern else PATTERNS
    return _Ingest.of(store, options, patterns, who, Watch(progress, cancelled)).all(given)


def ingest_page(
    store: Store, airing_id: str, file: Path, page: int, width_mm: int, height_mm: int, who: str
) -> Recording:
    """Store one page of a paper, as the coder of its issue has it. Raises ProblemsFound where it is refused."""
    options = Options(airing_id, page=page, width_mm=width_mm, height_mm=height_mm)
    report = ingest(store, [file], options, who)
    if report.problems:
        raise ProblemsFound(report.problems)
    sha256 = files.digest(file, lambda share: None)
    return next(row for row in recordings(store, [airing_id]) if row.sha256 == sha256)


def ingest_sample(store: Store, folder: Path) -> list[str]:
    """Store what the sample mission brings; the ids of its airings. The same file has the same id in every store."""
    if not folder.is_dir():
        return []
    patterns = tuple(pattern for pattern in PATTERNS if pattern.startswith("{airing}"))
    work = _Ingest.of(store, Options(), patterns, SAMPLE_WHO, Watch())
    report = replace(work, new_id=lambda sha256: str(uuid5(NAMESPACE_OID, sha256))).all(media_in(folder))
    if report.problems:
        raise ProblemsFound(report.problems)
    return list(dict.fromkeys(row.airing_id for row in recordings(store)))


def media_in(place: Path) -> list[Path]:
    """The media files of a folder (not of folders in it), or the file itself, in the order of their names."""
    found = [place] if place.is_file() else sorted(place.iterdir()) if place.is_dir() else []
    return [each for each in found if each.is_file() and each.suffix.lower().lstrip(".") in MEDIA]


@dataclass(frozen=True)
class _Ingest:
    """One ingest at work: what is the same for all its files."""

    store: Store
    mission: Mission
    options: Options
    reader: NameReader
    start: int | None
    who: str
    watch: Watch
    new_id: Callable[[str], str]

    @classmethod
    def of(cls, store: Store, options: Options, patterns: Sequence[str], who: str, watch: Watch) -> "_Ingest":
        mission = store.mission()
        start = given_start(options.start, mission.zone) if options.start.strip() else None
        reader = NameReader(mission, store.airings(), patterns)
        return cls(store, mission, options, reader, start, who, watch, lambda sha256: str(uuid4()))

    @property
    def folder(self) -> Path:
        return files.recordings_folder(self.mission.id)

    def all(self, given: Iterable[Path]) -> Report:
        """Every file in its turn, until the person stops it."""
        files.sweep(self.folder)
        stored: list[Stored] = []
        problems: list[Problem] = []
        for file in given:
            try:
                stored.append(self.one(file))
            except ProblemsFound as found:
                problems += [
                    problem if problem.file else replace(problem, file=file.name) for problem in found.problems
                ]
            except OSError as error:
                problems.append(Problem("recordings.disk", file.name, value=error.strerror or str(error)))
            except Cancelled:
                return Report(tuple(stored), tuple(problems), cancelled=True)
        return Report(tuple(stored), tuple(problems))

    def one(self, file: Path) -> Stored:
        """Read a file, find its airings, store what is new."""
        probed = probe(file, self.watch.step(file.name, Stage.READING, 0, 0.5))
        named = self._named(file, probed)
        places = placed(named, probed, self.mission, self.store.airings(), file.name)
        sha256 = files.digest(file, self.watch.step(file.name, Stage.READING, 0.5, 0.5))
        held = [row for row in recordings(self.store) if row.sha256 == sha256]
        first = held[0] if held else self._recording(file, probed, sha256)
        target = files.path_in(self.folder, first)
        there = target.is_file()
        if not there:
            first = self._stored(file, probed, first, target)
        elif not held:
            first = _measured(first, probe(target), target)
        try:
            return self._written(file, probed, named, places, first)
        except BaseException:
            if not there and not held:
                target.unlink(missing_ok=True)  # a file without a row would never be found again
            raise

    def _named(self, file: Path, probed: Probed) -> Named | None:
        """What the name says, over it what the person says."""
        options, said = self.options, self.reader.read(file.stem)
        if not said and not options.airing_id:
            return None
        named = said or Named("")
        if options.airing_id:
            elsewhere = self._outlet(options.airing_id) != (named.outlet or self._outlet(named.airing_id))
            named = replace(Named("") if elsewhere else named, airing_id=options.airing_id)
        named = replace(
            named,
            start=named.start if self.start is None else self.start,
            page=options.page or named.page,
            width_mm=options.width_mm or named.width_mm,
            height_mm=options.height_mm or named.height_mm,
        )
        if probed.kind == RecordingKind.PAGE:
            _check_page(named, file.name)
        return named

    def _outlet(self, airing_id: str) -> str:
        airing = self.store.airing(airing_id) if airing_id else None
        return airing.outlet if airing else ""

    def _recording(self, file: Path, probed: Probed, sha256: str) -> Recording:
        target = target_of(probed)
        suffix = target[0] if target else probed.suffix
        return Recording(self.new_id(sha256), "", probed.kind, file.name, suffix, sha256, 0)

    def _stored(self, file: Path, probed: Probed, recording: Recording, target: Path) -> Recording:
        """The file at its place, and the recording as it is there: what was converted is measured again."""
        files.check_space(self.folder, room_needed(probed, file.stat().st_size), file.name)
        step = self.watch.step(file.name, Stage.STORING)
        with files.made_whole(target) as making:
            if probed.rewrite:
                rewrite(file, making, recording.suffix)
            elif target_of(probed):
                convert(file, probed, making, step)
            else:
                files.copy(file, making, step)
            measured = probe(making) if _converted(probed) else probed
        return _measured(recording, measured, target)

    def _written(
        self, file: Path, probed: Probed, named: Named | None, places: Sequence[Placed], first: Recording
    ) -> Stored:
        """The rows that the store lacks, the times that the airings lacked, and the small copy if it is wanted."""
        with _writing:
            ids = [place.airing.airing_id for place in places]
            known = {row.airing_id for row in recordings(self.store, ids) if row.sha256 == first.sha256}
            rows = [_row(first, place, named) for place in places if place.airing.airing_id not in known]
            put_recordings(self.store, rows, self.who)
        notes = [stored_note(row) for row in rows]
        notes += [Note("already", {"airing": airing_id}) for airing_id in ids if airing_id in known]
        notes += [note for place in places if (note := self._on_air(place))]
        if rows and _converted(probed):
            notes.append(converted_note(probed))
        if probed.variable_rate:
            notes.append(Note("variable_rate", {}))
        if self.options.proxy and first.kind == RecordingKind.VIDEO:
            proxy_of(self.folder, first, self.watch)
        return Stored(file.name, tuple(rows), tuple(notes))

    def _on_air(self, place: Placed) -> Note | None:
        """Give the airing the actual times (or size) that it lacks; what it says of that."""
        if place.later is None:
            return None
        with writing(self.store.engine) as connection:
            now = records.airing(connection, place.airing.airing_id)
            if now is None or now.monitored is not None:
                return None
            names = ("actual_start", "actual_end", "actual_size")
            later = now.model_copy(update={name: getattr(place.later, name) for name in names})
            records.append_airing(connection, later, self.who, "recording")
        return on_air_note(later, self.mission)


def proxy_of(folder: Path, recording: Recording, watch: Watch) -> Path:
    """The small copy of a stored video, made where there is none. Raises ProblemsFound and Cancelled."""
    target = files.path_in(folder, recording, proxy=True)
    if not target.is_file():
        files.check_space(folder, (recording.length_ms or 0) * PROXY_BITS // 8000, recording.name)
        source = files.path_in(folder, recording)
        with files.made_whole(target) as making:
            make_proxy(source, probe(source), making, watch.step(recording.name, Stage.PROXY))
    return target


def _check_page(named: Named, file: str) -> None:
    problems = []
    if not named.page:
        problems.append(Problem("recordings.page_missing", file))
    if not named.width_mm or not named.height_mm:
        problems.append(Problem("recordings.size_missing", file))
    if problems:
        raise ProblemsFound(problems)


def _converted(probed: Probed) -> bool:
    """Whether the stored file is another one than the given."""
    return probed.rewrite or target_of(probed) is not None


def _measured(recording: Recording, measured: Probed, target: Path) -> Recording:
    """The recording with what its stored file is; a file still being made lies beside its place."""
    return replace(
        recording,
        bytes=target.stat().st_size,
        length_ms=measured.length_ms,
        rate_frames=measured.rate.numerator if measured.rate else None,
        rate_seconds=measured.rate.denominator if measured.rate else None,
        width=measured.width,
        height=measured.height,
    )


def _row(first: Recording, place: Placed, named: Named | None) -> Recording:
    row = replace(first, airing_id=place.airing.airing_id, offset_ms=place.offset_ms)
    if row.kind != RecordingKind.PAGE or named is None:
        return row
    return replace(row, page=named.page, width_mm=named.width_mm, height_mm=named.height_mm)
