"""What is written in a format is read back to the letter and the millisecond, whatever is said."""

import html
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coding.subtitles.found import FileCue, plain_text
from coding.subtitles.reading import FORMATS, read_subtitles
from coding.subtitles.rolled import unrolled

HOUR = 3_600_000
LETTERS = "abcÀéЖәғқңөұүһіქართ한العربية 0123456789.,:;!?…«»“”–—-'\"()%&"
LINES = st.text(LETTERS, min_size=1, max_size=30).map(plain_text).filter(bool)
Times = tuple[int, int, str]


def is_plain(line: str) -> bool:
    """A line that SubRip, which has no way to escape, cannot take for anything else."""
    return "--" not in line and not line.isdecimal() and not line[:1].isdecimal()


TEXTS = st.lists(LINES.filter(is_plain), min_size=1, max_size=3).map("\n".join)
STARTS = st.integers(0, 150 * HOUR)
CUES = st.lists(st.tuples(STARTS, st.integers(1, 9999), TEXTS), min_size=1, max_size=8).map(
    lambda cues: [(start, start + length, text) for start, length, text in sorted(cues, key=lambda cue: cue[0])]
)


def clock(milliseconds: int, mark: str = ".") -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{mark}{rest:03d}"


def srt(cues: list[Times]) -> str:
    return "".join(
        f"{number}\n{clock(start, ',')} --> {clock(end, ',')}\n{text}\n\n"
        for number, (start, end, text) in enumerate(cues, 1)
    )


def vtt(cues: list[Times]) -> str:
    blocks = (
        f"{clock(start)} --> {clock(end)} align:start\n{html.escape(text, quote=False)}\n\n"
        for start, end, text in cues
    )
    return "WEBVTT\n\n" + "".join(blocks)


def ttml(cues: list[Times]) -> str:
    spoken = "".join(
        f'<p begin="{clock(start)}" end="{clock(end)}">{escape(text).replace(chr(10), "<br/>")}</p>'
        for start, end, text in cues
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<tt xmlns="http://www.w3.org/ns/ttml"><body><div>{spoken}</div></body></tt>'


WRITERS: dict[str, Callable[[list[Times]], str]] = {"srt": srt, "vtt": vtt, "ttml": ttml}


def test_every_format_is_listed_and_written_here() -> None:
    folder = Path(__file__).parents[3] / "coding" / "subtitles"
    files = {path.stem for path in folder.glob("*.py") if "\nFORMAT = " in path.read_text(encoding="utf-8")}
    assert files == {each.name for each in FORMATS} == set(WRITERS)


@pytest.mark.parametrize("name", sorted(WRITERS))
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(cues=CUES)
def test_cues_come_back(tmp_path: Path, name: str, ends: str, cues: list[Times]) -> None:
    path = tmp_path / f"any.{name}"
    path.write_bytes(WRITERS[name](cues).replace("\n", ends).encode("utf-8-sig"))
    read = read_subtitles(path)
    assert read.kind == name
    assert [(cue.start_ms, cue.end_ms, cue.text) for cue in read.cues] == cues


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    frames=st.lists(st.tuples(st.integers(0, 90_000), st.integers(1, 500)), min_size=1, max_size=5),
    rate=st.sampled_from([(25, "1 1"), (30, "1000 1001"), (24, "1000 1001"), (50, "1 1")]),
)
def test_frames_and_ticks_say_the_same(tmp_path: Path, frames: list[tuple[int, int]], rate: tuple[int, str]) -> None:
    """A moment written in frames, and the same in ticks of a frame, is read as the same millisecond."""
    nominal, multiplier = rate
    above, below = map(int, multiplier.split())
    head = 'xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter"'
    rates = f'ttp:frameRate="{nominal}" ttp:frameRateMultiplier="{multiplier}" ttp:tickRate="{nominal * above}"'
    for metric, factor in (("f", 1), ("t", below)):
        spoken = "".join(
            f'<p begin="{start * factor}{metric}" dur="{length * factor}{metric}">x</p>' for start, length in frames
        )
        path = tmp_path / "any.ttml"
        path.write_text(f"<tt {head} {rates}><body><div>{spoken}</div></body></tt>")
        true = [Fraction(start * 1000 * below, nominal * above) for start, _ in sorted(frames)]
        assert [cue.start_ms for cue in read_subtitles(path).cues] == [round(each) for each in true]


@given(CUES)
def test_rolling_loses_no_line(cues: list[Times]) -> None:
    """Every line of every cue stands in what is kept, at the end of which it may have grown."""
    given = [FileCue(start, end, text, line) for line, (start, end, text) in enumerate(cues)]
    kept, _ = unrolled(given)
    lines = [line for cue in kept for line in cue.text.split("\n")]
    for cue in given:
        for line in cue.text.split("\n"):
            assert any(each == line or each.startswith(f"{line} ") for each in lines)
    assert sum(len(cue.text) for cue in kept) <= sum(len(cue.text) for cue in given)


@given(st.lists(LINES, min_size=3, max_size=12, unique=True), st.integers(2, 3))
def test_a_roll_of_lines_is_said_once(lines: list[str], height: int) -> None:
    rolling = [
        FileCue(at * 1000, (at + 1) * 1000, "\n".join(lines[max(0, at - height + 1) : at + 1]), at)
        for at in range(len(lines))
        if not any(line.startswith(f"{before} ") for before in lines[:at] for line in lines)
    ]
    if len(rolling) == len(lines):
        kept, repeats = unrolled(rolling)
        assert [cue.text for cue in kept] == lines
        assert repeats == len(lines) - 1
