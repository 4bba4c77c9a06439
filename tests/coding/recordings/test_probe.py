"""What a file holds is measured: kind, length, rate, whether a browser plays it; broken and cut ones are refused."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image

from coding.problems import ProblemsFound
from coding.recordings.convert import target_of
from coding.recordings.files import CONTENT_TYPES
from coding.recordings.mp4_boxes import mp4_layout
from coding.recordings.probe import probe
from coding.vocabulary import RecordingKind

Media = Callable[[str], Path]
VIDEO, AUDIO, PAGE = RecordingKind.VIDEO, RecordingKind.AUDIO, RecordingKind.PAGE


@pytest.mark.parametrize(
    ("name", "kind", "suffix", "stays", "encoded"),
    [
        ("fast.mp4", VIDEO, ".mp4", True, False),
        ("end.mp4", VIDEO, ".mp4", False, False),
        ("fragments.mp4", VIDEO, ".mp4", False, False),
        ("stream.ts", VIDEO, ".mp4", False, False),
        ("old.mpg", VIDEO, ".mp4", False, True),
        ("new.mp4", VIDEO, ".mp4", False, True),
        ("deep.mp4", VIDEO, ".mp4", False, True),
        ("sound.avi", VIDEO, ".mp4", False, True),
        ("recorder.mkv", VIDEO, ".mkv", True, False),
        ("open.webm", VIDEO, ".webm", True, False),
        ("talk.mp3", AUDIO, ".mp3", True, False),
        ("talk.wav", AUDIO, ".wav", True, False),
        ("talk.flac", AUDIO, ".flac", True, False),
        ("talk.ogg", AUDIO, ".ogg", True, False),
        ("talk.aac", AUDIO, ".m4a", False, False),
    ],
)
def test_what_is_kept_copied_or_encoded(
    media: Media, name: str, kind: RecordingKind, suffix: str, stays: bool, encoded: bool
) -> None:
    probed = probe(media(name))
    assert (probed.kind, probed.suffix) == (kind, suffix)
    assert probed.suffix in CONTENT_TYPES
    target = target_of(probed)
    assert (target is None) == stays
    assert bool(target and target[1]) == encoded
    assert abs((probed.length_ms or 0) - 4000) < 60
    if kind == VIDEO:
        assert (probed.rate, probed.variable_rate, probed.width, probed.height) == (Fraction(25), False, 160, 120)


def test_a_rate_is_a_fraction_and_an_uneven_one_is_marked(media: Media) -> None:
    assert probe(media("american.mp4")).rate == Fraction(30000, 1001)
    uneven = probe(media("uneven.mp4"))
    assert uneven.variable_rate
    assert uneven.rate is not None and 5 < uneven.rate < 20


def test_a_video_without_sound_ends_with_its_last_frame(media: Media) -> None:
    assert probe(media("american.mp4")).length_ms == round(120 * 1001 / 30)


def test_the_name_is_not_believed(media: Media, tmp_path: Path) -> None:
    renamed = tmp_path / "stream.mp4"
    renamed.write_bytes(media("stream.ts").read_bytes())
    assert probe(renamed).container == "mpegts"


def cut(path: Path, target: Path, share: float) -> Path:
    content = path.read_bytes()
    target.write_bytes(content[: int(len(content) * share)])
    return target


@pytest.mark.parametrize("name", ["fast.mp4", "recorder.mkv", "talk.wav", "talk.flac"])
def test_a_file_that_was_cut_is_refused_with_what_is_left(media: Media, tmp_path: Path, name: str) -> None:
    with pytest.raises(ProblemsFound, match="was cut short") as found:
        probe(cut(media(name), tmp_path / name, 0.4))
    assert found.value.problems[0].file == name


def test_a_file_whose_index_was_never_written_is_refused(media: Media, tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound, match="Copy it again from the recorder"):
        probe(cut(media("end.mp4"), tmp_path / "cut.mp4", 0.4))


def test_sound_that_was_cut_plays_to_the_cut_and_gets_a_true_length(media: Media, tmp_path: Path) -> None:
    probed = probe(cut(media("talk.mp3"), tmp_path / "cut.mp3", 0.5))
    assert 1500 < (probed.length_ms or 0) < 2500
    assert target_of(probed) == (".m4a", False)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"this is a text\n" * 30, "no recording that can be read"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"#EXTM3U\n#EXTINF:4,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n", "no recording that can be read"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "no recording that can be read"),
    ],
)
def test_what_is_no_recording_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "text.mp4"
    path.write_bytes(content)
    with pytest.raises(ProblemsFound, match=words):
        probe(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound, match="no such file"):
        probe(tmp_path / "none.mp4")


def test_a_page_is_as_wide_as_it_is_shown(picture: Callable[..., Path]) -> None:
    assert (probe(picture()).width, probe(picture()).height) == (40, 60)
    turned = probe(picture("turned.jpg", turned=6))
    assert (turned.kind, turned.width, turned.height, turned.plays) == (PAGE, 60, 40, True)


def test_pictures_that_browsers_do_not_show_are_rewritten(picture: Callable[..., Path]) -> None:
    assert (probe(picture("a.tif")).suffix, probe(picture("a.tif")).plays) == (".jpg", False)
    assert probe(picture("line.tif", mode="1")).suffix == ".png"
    assert probe(picture("a.bmp")).suffix == ".jpg"


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_picture_too_large_to_open_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    Image.new("1", (13000, 13000)).save(path)
    with pytest.raises(ProblemsFound, match="150 million dots"):
        probe(path)


def test_a_cut_picture_and_one_of_several_pages_are_refused(picture: Callable[..., Path], tmp_path: Path) -> None:
    path = tmp_path / "noise.jpg"
    Image.effect_noise((300, 300), 80).save(path)
    with pytest.raises(ProblemsFound, match="broken or was cut short"):
        probe(cut(path, tmp_path / "cut.jpg", 0.5))
    pages = tmp_path / "pages.tif"
    Image.new("L", (9, 9)).save(pages, save_all=True, append_images=[Image.new("L", (9, 9))])
    with pytest.raises(ProblemsFound, match="2 pages"):
        probe(pages)


def test_boxes_are_walked_and_never_read(media: Media, tmp_path: Path) -> None:
    assert mp4_layout(media("fast.mp4")).streamable
    assert not mp4_layout(media("end.mp4")).index_first
    assert mp4_layout(media("fragments.mp4")).fragmented
    odd = tmp_path / "odd.mp4"
    odd.write_bytes(b"\x00\x00\x00\x02ftyp" + b"\x00" * 20)
    assert not mp4_layout(odd).fragmented
