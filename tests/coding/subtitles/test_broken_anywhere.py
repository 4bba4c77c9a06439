"""Files cut at any place, and bytes that mean nothing: refused with a reason, or read without a wrong time."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from coding.problems import ProblemsFound
from coding.subtitles.found import FileCue
from coding.subtitles.reading import FORMATS, SubtitleText, read_subtitles
from tests.coding.subtitles.test_formats import BILLION_LAUGHS, BROADCAST, EBU, YOUTUBE
from tests.coding.subtitles.test_round_trips import WRITERS

TIMES = [(1000, 4000, "Бірінші сөз"), (4000, 6500, "екінші\nжол"), (360_000_000, 360_001_000, "соңғы")]
PIECES = [
    "WEBVTT", "1", "00:00:01,000", " --> ", "00:00:02.000", "\n", "\n\n", "NOTE", "text", "<i>", "</i>", "<v Ann>", "&amp;",
    "{\\an8}", "<tt xmlns='http://www.w3.org/ns/ttml'>", "<body>", "<div>", "<p begin='1s' end='2s'>", "</p>", "</div>",
    "</body>", "</tt>", "<br/>", "X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:9", "-1", "99:99:99,999", "\ufeff", "\x00", "é",
]  # fmt: skip


def tried(path: Path, encoding: str = "") -> SubtitleText | None:
    """What is read, or None where it is refused in words; any other exception is a fault."""
    try:
        return read_subtitles(path, encoding)
    except ProblemsFound as found:
        assert all(problem.text() for problem in found.problems)
        return None


def is_beginning(cues: tuple[FileCue, ...]) -> bool:
    """Whether these are the first cues with their own times; only the last one's words may end too soon."""
    *whole, last = [(cue.start_ms, cue.end_ms, cue.text) for cue in cues]
    full = TIMES[len(cues) - 1]
    return whole == TIMES[: len(whole)] and last[:2] == full[:2] and full[2].startswith(last[2])


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_cut_at_any_place_no_cue_gets_a_wrong_time(tmp_path: Path, name: str) -> None:
    text = WRITERS[name](TIMES)
    refused = 0
    for end in range(len(text)):
        path = tmp_path / f"cut.{name}"
        path.write_text(text[:end], encoding="utf-8")
        read = tried(path)
        refused += read is None
        assert read is None or is_beginning(read.cues), text[:end]
    assert refused == len(text) if name == "ttml" else refused > 80


@pytest.mark.parametrize("suffix", [suffix for each in FORMATS for suffix in each.suffixes])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80, deadline=None)
@given(pieces=st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=25))
@example(pieces=[BILLION_LAUGHS])
@example(pieces=["WEBVTT\n-->"])
@example(pieces=["1" * 5000, "\n00:00:01,000 --> 00:00:02,000\nx\n\n", "1" * 5000])
def test_nonsense_is_refused_in_words(tmp_path: Path, suffix: str, pieces: list[str]) -> None:
    path = tmp_path / f"any{suffix}"
    path.write_text("".join(pieces), encoding="utf-8", errors="replace")
    read = tried(path)
    assert read is None or all(0 <= cue.start_ms < cue.end_ms and cue.text.strip() for cue in read.cues)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    raw=st.binary(max_size=200),
    begins=st.sampled_from(["", BROADCAST, YOUTUBE, EBU]),
    encoding=st.sampled_from(
        ["", "utf-8", "cp1251", "utf-16", "utf-7", "idna", "shift_jis", "\x00", "zlib", "unicode_escape"]
    ),
)
def test_bytes_in_any_encoding_are_refused_in_words(tmp_path: Path, raw: bytes, begins: str, encoding: str) -> None:
    path = tmp_path / "any.srt"
    path.write_bytes(begins.encode() + raw)
    tried(path, encoding)


@pytest.mark.parametrize("suffix", [".srt", ".ttml"])
def test_halves_of_signs_are_no_text(tmp_path: Path, suffix: str) -> None:
    cue = {
        ".srt": b"1\n00:00:01,000 --> 00:00:02,000\na\\ud800b\n",
        ".ttml": b'<?xml version="1.0" encoding="unicode_escape"?><tt xmlns="http://www.w3.org/ns/ttml"><body><div>'
        b'<p begin="1s" end="2s">a\\ud800b</p></div></body></tt>',
    }[suffix]
    path = tmp_path / f"any{suffix}"
    path.write_bytes(cue)
    assert tried(path, "unicode_escape") is None
