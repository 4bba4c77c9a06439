"""Subtitles on an airing: what is taken of a file, what a stretch of the airing says, what is refused."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.mission.model import Airing
from coding.problems import ProblemsFound
from coding.store import Store
from coding.store.subtitles import Cue, SubtitleFile, subtitles_of, text_between, text_of
from coding.subtitles.attach import Attached, attach, covered, given_offset, remove, taken
from coding.subtitles.found import FileCue
from coding.subtitles.reading import SubtitleText, read_subtitles
from coding.subtitles.rolled import unrolled
from tests.coding.subtitles.conftest import Read, Written
from tests.coding.subtitles.test_formats import tt

HOUR = 3_600_000
THREE = (
    "1\n00:00:01,000 --> 00:00:04,000\nOne & one.\n\n2\n00:00:04,000 --> 00:00:06,000\n- Two?\n- Two.\n\n"
    "3\n00:59:58,000 --> 01:00:02,000\nThree.\n"
)
TWO_LANGUAGES = tt(
    '<p xml:lang="ru" begin="0s" end="4s">Слово</p><p xml:lang="kk" begin="0s" end="4s">Сөз</p>'
    '<p xml:lang="ru" begin="4s" end="6s">и дело</p><p begin="6s" end="7s">♪</p>'
)


@pytest.fixture
def attached(store: Store, read: Read) -> Callable[..., Attached]:
    def attaching(
        text: str = THREE, airing: str = "a-0312", language: str = "en", offset: int = 0, name: str = "a.srt"
    ) -> Attached:
        return attach(store, read(text, name), airing, language, offset, "ana")

    return attaching


def keys(refused: pytest.ExceptionInfo[ProblemsFound]) -> list[str]:
    assert all(problem.text() for problem in refused.value.problems)
    return [problem.key.removeprefix("subtitles.") for problem in refused.value.problems]


def test_a_stretch_says_what_is_said_in_it(store: Store, attached: Callable[..., Attached]) -> None:
    done = attached()
    assert text_between(store, "a-0312", 0, 4000) == ("One & one.", "en")
    assert text_between(store, "a-0312", 4000, 8000) == ("- Two? - Two.", "en")
    assert text_between(store, "a-0312", 10_000, 20_000) == ("", "")
    assert (done.already, done.notes, done.file.kind, done.file.recorded_by) == (False, (), "srt", "ana")
    assert done.covered == pytest.approx((3000 + 2000 + 2000) / HOUR)


def test_the_offset_says_where_in_the_file_the_airing_begins(store: Store, attached: Callable[..., Attached]) -> None:
    attached(offset=4000)
    assert text_between(store, "a-0312", 0, 2000) == ("- Two? - Two.", "en")
    attached(airing="b-0312", offset=-60_000)
    assert text_between(store, "b-0312", 64_000, 66_000)[0] == "- Two? - Two."


def test_a_second_press_attaches_nothing_more(store: Store, attached: Callable[..., Attached]) -> None:
    attached()
    before = store.fingerprint()
    assert attached().already
    assert (len(subtitles_of(store)), store.fingerprint()) == (1, before)


def test_the_same_file_another_way_must_be_removed_first(store: Store, attached: Callable[..., Attached]) -> None:
    first = attached()
    with pytest.raises(ProblemsFound) as refused:
        attached(offset=500)
    assert keys(refused) == ["attached"]
    remove(store, first.file, "ana")
    assert not attached(offset=500).already
    assert [each.offset_ms for each in subtitles_of(store)] == [500]
    with pytest.raises(ProblemsFound) as refused:
        remove(store, first.file, "ana")
    assert keys(refused) == ["not_here"]


def test_cues_outside_the_airing_are_kept_and_noted(attached: Callable[..., Attached]) -> None:
    done = attached(airing="b-0312")  # half an hour
    assert [(note.key, note.line, note.value) for note in done.notes] == [("subtitles.outside_airing", 11, "0:59:58")]
    assert len(done.file.cues) == 3


def test_nothing_inside_is_refused_with_the_first_time(attached: Callable[..., Attached]) -> None:
    with pytest.raises(ProblemsFound) as refused:
        attached(offset=10 * HOUR)
    assert keys(refused) == ["all_outside"]
    assert "0:00:01" in refused.value.problems[0].text()


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ({"airing": "nowhere"}, "unknown_airing"),
        ({"airing": "g-0312"}, "not_programme"),
        ({"language": "Kazakh"}, "language"),
        ({"language": ""}, "language"),
        ({"offset": 100 * HOUR}, "offset"),
    ],
)
def test_what_cannot_be_attached(
    store: Store, attached: Callable[..., Attached], asked: dict[str, str], key: str
) -> None:
    with pytest.raises(ProblemsFound) as refused:
        attached(**asked)
    assert keys(refused) == [key]
    assert subtitles_of(store) == []


def test_of_two_languages_one_is_taken(store: Store, attached: Callable[..., Attached]) -> None:
    done = attached(TWO_LANGUAGES, language="kk-KZ", name="x.ttml")
    assert [note.key for note in done.notes if "language" in note.key] == ["subtitles.one_language"]
    assert text_between(store, "a-0312", 0, 10_000) == ("Сөз ♪", "kk")
    with pytest.raises(ProblemsFound) as refused:
        attached(TWO_LANGUAGES, airing="b-0312", language="en", name="x.ttml")
    assert keys(refused) == ["no_language"]
    assert "ru, kk" in refused.value.problems[0].text()


def test_another_language_than_declared_is_noted(attached: Callable[..., Attached]) -> None:
    done = attached("WEBVTT\nLanguage: ru\n\n00:01.000 --> 00:02.000\nсөз\n", language="kk", name="x.vtt")
    assert [note.key for note in done.notes] == ["subtitles.other_language"]


def test_rolling_captions_are_said_once(store: Store, attached: Callable[..., Attached]) -> None:
    done = attached(
        "WEBVTT\n\n00:00.000 --> 00:02.000\none\n\n00:02.000 --> 00:02.010\none\n\n00:02.010 --> 00:04.000\none\ntwo\n\n"
        "00:04.000 --> 00:06.000\ntwo\nthree and\n\n00:06.000 --> 00:08.000\ntwo\nthree and four\n\n"
        "00:20.000 --> 00:21.000\nthree and four\n\n",
        name="x.vtt",
    )
    assert [(cue.start_ms, cue.end_ms, cue.text) for cue in done.file.cues] == [
        (0, 2010, "one"),
        (2010, 4000, "two"),
        (4000, 8000, "three and four"),
        (20_000, 21_000, "three and four"),
    ]
    assert done.notes[-1].values == {"count": 4}
    assert text_between(store, "a-0312", 0, 10_000)[0] == "one two three and four"


def test_one_of_two_words_at_once_is_no_roll() -> None:
    cues = [FileCue(0, 1000, "No", 1), FileCue(1000, 2000, "Nobody came", 4), FileCue(2000, 3000, "No\nNo", 7)]
    assert [cue.text for cue in unrolled(cues)[0]] == ["No", "Nobody came", "No\nNo"]


def test_offsets_as_a_person_writes_them() -> None:
    assert [given_offset(each) for each in ("0:00:12.5", "-1:00:00", "−0:00:01", "+0:00:01", " ")] == [
        12_500, -HOUR, -1000, 1000, 0,
    ]  # fmt: skip
    for wrong in ("soon", "12", "0:61:00"):
        with pytest.raises(ProblemsFound):
            given_offset(wrong)


# laws

CUES = st.lists(st.tuples(st.integers(0, 60_000), st.integers(1, 8000)), min_size=1, max_size=20).map(
    lambda times: tuple(Cue(start, start + length, f"w{at}") for at, (start, length) in enumerate(sorted(times)))
)
MOMENTS = st.integers(-2000, 70_000)


def held(cues: tuple[Cue, ...], offset: int = 0) -> SubtitleFile:
    return SubtitleFile("a", "s", "n", "en", "srt", offset, "0" * 64, cues)


@given(CUES, MOMENTS, MOMENTS, MOMENTS)
def test_cutting_a_segment_in_two_loses_no_word(cues: tuple[Cue, ...], one: int, two: int, three: int) -> None:
    start, middle, end = sorted((one, two, three))
    whole = text_of([held(cues)], start, end)[0].split()
    halves = text_of([held(cues)], start, middle)[0].split() + text_of([held(cues)], middle, end)[0].split()
    assert set(whole) <= set(halves)


@settings(deadline=None)
@given(CUES, st.integers(100, 9000))
def test_a_whole_airing_cut_into_segments_loses_no_word(cues: tuple[Cue, ...], length: int) -> None:
    pieces = [text_of([held(cues)], start, start + length)[0].split() for start in range(0, 70_000, length)]
    assert {word for piece in pieces for word in piece} == {cue.text for cue in cues}


@given(CUES, MOMENTS, st.integers(1, 30_000), st.integers(-50_000, 50_000))
def test_an_offset_moves_every_word_by_as_much(cues: tuple[Cue, ...], start: int, length: int, offset: int) -> None:
    """Subtitles that begin later in the file by an offset say at every moment what they said without both."""
    later = tuple(replace(cue, start_ms=cue.start_ms + offset, end_ms=cue.end_ms + offset) for cue in cues)
    end = start + length
    assert text_of([held(later, offset)], start, end) == text_of([held(cues)], start, end)
    assert text_of([held(cues, offset)], start, end) == text_of([held(cues)], start + offset, end + offset)
    assert covered(later, offset, 60_000) == covered(cues, 0, 60_000)


@settings(deadline=None)
@given(CUES, st.integers(1, 80_000), st.integers(-9000, 9000))
def test_the_share_covered_is_that_of_its_moments(cues: tuple[Cue, ...], length: int, offset: int) -> None:
    share = covered(cues, offset, length)
    under = {moment for cue in cues for moment in range(max(cue.start_ms, offset), min(cue.end_ms, offset + length))}
    assert share == len(under) / length


def test_length_unknown_means_share_unknown() -> None:
    assert covered([Cue(0, 1, "x")], 0, None) is None


def test_an_airing_without_times_takes_what_there_is(written: Written) -> None:
    airing = Airing.model_validate({"airing_id": "x", "outlet": "o", "date": "2025-03-12", "kind": "programme"})
    read: SubtitleText = read_subtitles(written(THREE))
    assert len(taken(read, airing, "en", 0).cues) == 3
