"""Subtitles of an airing: what of a file is taken, checked against the airing's time, and written to the store."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coding.mission.clock import duration_ms, duration_text
from coding.mission.model import Airing
from coding.problems import Problem, ProblemsFound
from coding.recordings.placement import span
from coding.store import Store
from coding.store.subtitles import Cue, SubtitleFile, add_subtitles, remove_subtitles, subtitles_of
from coding.subtitles.found import FileCue
from coding.subtitles.reading import SubtitleText, primary
from coding.subtitles.rolled import unrolled
from coding.vocabulary import AiringKind

_LANGUAGE = re.compile(r"[a-z]{2,3}")
FARTHEST_MS = 48 * 3_600_000


@dataclass(frozen=True)
class Taken:
    """The cues that an airing is given, in the times of the file, and what a person should look at."""

    cues: tuple[Cue, ...]
    notes: tuple[Problem, ...]


@dataclass(frozen=True)
class Attached:
    """What was attached, or (`already`) was there to the letter, and notes.

    `covered` is the share of the airing's `length_ms` that is under a cue, where that length is known.
    """

    file: SubtitleFile
    notes: tuple[Problem, ...]
    already: bool
    covered: float | None
    length_ms: int | None


def taken(read: SubtitleText, airing: Airing, language: str, offset_ms: int) -> Taken:
    """The cues of a file for an airing that begins `offset_ms` into it: one language, every line once.

    Cues outside the airing are kept and noted. Raises ProblemsFound where none is inside, the language is none of the
    file's or no code, or the airing is no programme.
    """
    check_place(airing, offset_ms)
    spoken, notes = _in_language(read, checked_language(language))
    cues, repeats = unrolled(spoken)
    if repeats:
        notes.append(Problem("subtitles.rolled", read.name, values={"count": repeats}))
    notes += _outside(read.name, cues, airing, offset_ms)
    plain = (Cue(cue.start_ms, cue.end_ms, cue.text.replace("\n", " ")) for cue in cues)
    return Taken(tuple(plain), (*read.notes, *notes))


def check_place(airing: Airing, offset_ms: int) -> None:
    """Raises ProblemsFound for an airing that nothing is said in, or an offset of more than two days."""
    if airing.kind != AiringKind.PROGRAMME:
        raise ProblemsFound([Problem("subtitles.not_programme", value=airing.airing_id)])
    if abs(offset_ms) > FARTHEST_MS:
        raise ProblemsFound([Problem("subtitles.offset", value=str(offset_ms))])


def given_offset(written: str) -> int:
    """Where in its file an airing begins, from `h:mm:ss[.fff]` with or without a sign. Raises ProblemsFound.

    >>> given_offset("-0:00:02.5"), given_offset("")
    (-2500, 0)
    """
    text = written.strip().replace("−", "-")
    try:
        length = duration_ms(text.lstrip("+-") or "0:00:00")
    except ValueError:
        raise ProblemsFound([Problem("subtitles.offset", value=written)]) from None
    return -length if text.startswith("-") else length


def checked_language(language: str) -> str:
    """The language as its short code. Raises ProblemsFound for what is no code.

    >>> checked_language("kk-KZ")
    'kk'
    """
    code = primary(language)
    if not _LANGUAGE.fullmatch(code):
        raise ProblemsFound([Problem("subtitles.language", value=language)])
    return code


def _in_language(read: SubtitleText, language: str) -> tuple[list[FileCue], list[Problem]]:
    """Where cues declare several languages, those of the one asked for; where they declare another one, a note."""
    declared = read.languages
    if len(declared) < 2:
        said = declared[0] if declared else primary(read.declared)
        other = bool(said) and said != language
        values = {"declared": said, "asked": language}
        return list(read.cues), [Problem("subtitles.other_language", read.name, values=values)] if other else []
    cues = [cue for cue in read.cues if primary(cue.language) in ("", language)]
    if language not in declared:
        values = {"declared": ", ".join(declared)}
        raise ProblemsFound([Problem("subtitles.no_language", read.name, value=language, values=values)])
    values = {"declared": ", ".join(declared), "asked": language, "count": str(len(read.cues) - len(cues))}
    return cues, [Problem("subtitles.one_language", read.name, values=values)]


def _outside(file: str, cues: Sequence[FileCue], airing: Airing, offset_ms: int) -> list[Problem]:
    """A note on cues before the airing or after it. Raises ProblemsFound where all of them are."""
    length = length_of(airing)
    if length is None:
        return []
    outside = [cue for cue in cues if cue.end_ms <= offset_ms or cue.start_ms >= offset_ms + length]
    if not outside:
        return []
    values = {
        "count": len(outside),
        "airing": airing.airing_id,
        "begins": duration_text(offset_ms),
        "ends": duration_text(offset_ms + length),
    }
    key = "subtitles.all_outside" if len(outside) == len(cues) else "subtitles.outside_airing"
    problem = Problem(key, file, outside[0].line, value=duration_text(outside[0].start_ms), values=values)
    if len(outside) == len(cues):
        raise ProblemsFound([problem])
    return [problem]


def length_of(airing: Airing) -> int | None:
    """How long an airing was on air, else planned to be, in ms."""
    on_air = span(airing)
    return on_air[1] - on_air[0] if on_air else None


def covered(cues: Iterable[Cue], offset_ms: int, length_ms: int | None) -> float | None:
    """The share of an airing's time in which a cue is shown; None where the airing's length is not known.

    >>> covered([Cue(0, 4000, "one"), Cue(3000, 5000, "two"), Cue(9000, 12000, "three")], 0, 10_000)
    0.6
    """
    if not length_ms:
        return None
    shown, reached = 0, offset_ms
    for cue in sorted(cues, key=lambda each: each.start_ms):
        end = min(cue.end_ms, offset_ms + length_ms)
        shown += max(0, end - max(cue.start_ms, reached))
        reached = max(reached, end)
    return shown / length_ms


def attach(store: Store, read: SubtitleText, airing_id: str, language: str, offset_ms: int, who: str) -> Attached:
    """Give an airing the subtitles of a file; the same file with the same offset and language is already there.

    Raises ProblemsFound where `taken` does, for an unknown airing, and for a file that is attached another way.
    """
    airing = found_airing(store, airing_id)
    given = taken(read, airing, language, offset_ms)
    before = [each for each in subtitles_of(store, [airing_id]) if each.sha256 == read.sha256]
    same = [each for each in before if (each.language, each.offset_ms) == (primary(language), offset_ms)]
    if before and not same:
        values = {"offset": duration_text(before[0].offset_ms), "language": before[0].language, "airing": airing_id}
        raise ProblemsFound([Problem("subtitles.attached", read.name, values=values)])
    file = add_subtitles(
        store, airing_id, given.cues, who,
        name=read.name, language=primary(language), kind=read.kind, sha256=read.sha256, offset_ms=offset_ms,
    )  # fmt: skip
    return attached(file, airing, given.notes, already=bool(same))


def attached(file: SubtitleFile, airing: Airing, notes: tuple[Problem, ...] = (), already: bool = False) -> Attached:
    """What to say of subtitles that an airing now has."""
    length = length_of(airing)
    return Attached(file, notes, already, covered(file.cues, file.offset_ms, length), length)


def found_airing(store: Store, airing_id: str) -> Airing:
    """The airing. Raises ProblemsFound where there is none."""
    airing = store.airing(airing_id)
    if airing is None:
        raise ProblemsFound([Problem("unknown_airing", column="airing_id", value=airing_id)])
    return airing


def remove(store: Store, file: SubtitleFile, who: str) -> None:
    """Take subtitles from their airing. Raises ProblemsFound where they are gone already."""
    if not remove_subtitles(store, file.subtitle_id, who):
        raise ProblemsFound([Problem("subtitles.not_here")])
