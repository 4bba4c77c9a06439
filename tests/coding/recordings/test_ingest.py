"""Files become recordings of airings: named, placed, converted, once, and whole or not at all."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from coding.problems import ProblemsFound
from coding.recordings import files
from coding.recordings.changes import correct, held, remove
from coding.recordings.ingest import ingest, ingest_page, ingest_sample, media_in
from coding.recordings.mp4_boxes import mp4_layout
from coding.recordings.probe import probe
from coding.recordings.report import Options, Report, Stage
from coding.store import Store
from coding.store.audit import head
from coding.store.engine import reading
from coding.store.recordings import Recording, recordings
from coding.vocabulary import RecordingKind
from tests.coding.recordings.conftest import FILES, encode
from tests.missions import AIRINGS, AIRINGS_HEADER, segment

ROOT = Path(__file__).parents[3]
Named = Callable[[str, str], Path]
HOUR = 3_600_000


def stored(store: Store, *given: Path, **options: Any) -> list[Recording]:
    report = ingest(store, given, Options(**options), "ana")
    assert report.problems == ()
    return [row for each in report.stored for row in each.rows]


def refused(store: Store, *given: Path, **options: Any) -> str:
    report = ingest(store, given, Options(**options), "ana")
    return "\n".join(problem.text() for problem in report.problems)


def told(report: Report) -> list[str]:
    return [note.key for each in report.stored for note in each.notes]


def clock(store: Store, airing_id: str) -> tuple[int | None, int | None]:
    """Actual start and end of an airing, in ms after its planned start."""
    airing = store.airing(airing_id)
    assert airing is not None and airing.planned_start is not None
    start, end = airing.actual_start, airing.actual_end
    return (
        None if start is None else start - airing.planned_start,
        None if end is None else end - airing.planned_start,
    )


def test_a_file_is_copied_and_stays(store: Store, folder: Path, named: Named) -> None:
    given = named("fast.mp4", "a-0312")
    before = given.read_bytes()
    (row,) = stored(store, given)
    assert given.read_bytes() == before
    assert files.path_in(folder, row).read_bytes() == before
    assert (row.airing_id, row.kind, row.name, row.suffix) == ("a-0312", RecordingKind.VIDEO, "a-0312.mp4", ".mp4")
    assert (row.offset_ms, row.length_ms, row.rate_frames, row.rate_seconds) == (0, 4000, 25, 1)
    assert (row.bytes, row.width, row.height) == (len(before), 160, 120)
    assert recordings(store) == [row]


@pytest.mark.parametrize(
    "name", ["end.mp4", "fragments.mp4", "stream.ts", "old.mpg", "new.mp4", "deep.mp4", "sound.avi"]
)
def test_what_a_browser_cannot_play_is_made_playable(store: Store, folder: Path, named: Named, name: str) -> None:
    report = ingest(store, [named(name, "a-0312")], Options(), "ana")
    assert "converted" in told(report)
    (row,) = report.stored[0].rows
    path = files.path_in(folder, row)
    after = probe(path)
    assert after.plays and after.streamable and mp4_layout(path).streamable
    assert row.suffix == ".mp4"
    assert abs((row.length_ms or 0) - 4000) < 100
    assert row.bytes == path.stat().st_size
    assert [each.name for each in folder.iterdir()] == [path.name]


def test_encoded_pictures_have_a_keyframe_each_second(store: Store, folder: Path, named: Named) -> None:
    import av

    (row,) = stored(store, named("old.mpg", "a-0312"))
    with av.open(str(files.path_in(folder, row))) as container:
        keys = [float(p.pts * p.time_base) for p in container.demux(video=0) if p.is_keyframe and p.pts is not None]
    assert len(keys) >= 4
    assert all(later - earlier <= 1.05 for earlier, later in pairwise(keys))


def test_the_same_file_again_adds_nothing(store: Store, folder: Path, named: Named) -> None:
    stored(store, named("stream.ts", "a-0312"))
    with reading(store.engine) as connection:
        before = head(connection)
    report = ingest(store, [named("stream.ts", "A-0312")], Options(), "ana")
    assert told(report) == ["already"]
    with reading(store.engine) as connection:
        assert head(connection) == before
    assert len(list(folder.iterdir())) == 1


def test_the_same_file_for_another_airing_needs_no_second_copy(store: Store, folder: Path, named: Named) -> None:
    (first,) = stored(store, named("fast.mp4", "a-0312"))
    (second,) = stored(store, named("fast.mp4", "a-0313"))
    assert second.recording_id == first.recording_id
    assert len(list(folder.iterdir())) == 1


def test_a_lost_file_is_put_back_by_ingesting_it_again(store: Store, folder: Path, named: Named) -> None:
    (row,) = stored(store, named("stream.ts", "a-0312"))
    files.path_in(folder, row).unlink()
    assert [each.here for each in held(store, store.mission())] == [False]
    stored(store, named("stream.ts", "a-0312"))
    assert [each.here for each in held(store, store.mission())] == [True]
    assert recordings(store) == [row]


def evening(small_store: Callable[..., Store]) -> Store:
    """Two short airings of one evening, a minute apart, and one much later."""
    rows = (
        "e-1,Channel A,2025-03-12,,programme,News,news,,20:30:02,20:30:04,,,,,no,\n"
        "e-2,Channel A,2025-03-12,,programme,Talk,news,,20:30:04,20:30:06,20:30:04.5,20:30:05.500,,,no,\n"
        "e-3,Channel A,2025-03-12,,programme,Late,news,,22:00,22:30,,,,,no,\n"
        "e-4,Channel B,2025-03-12,,programme,News,news,,20:30:02,20:30:04,,,,,no,\n"
    )
    return small_store(airings=AIRINGS_HEADER + rows)


@pytest.fixture
def small_store(tmp_path: Path, folder: Path) -> Callable[..., Store]:
    from coding.mission.loader import load
    from coding.store.places import sqlite_url
    from tests.missions import write_mission

    def make(**changed: str) -> Store:
        found = load(write_mission(tmp_path / "mission", **changed))
        made = Store(sqlite_url(tmp_path / "evening.sqlite"))
        made.put_mission(found.mission, found.airings, "test", "made for a test")
        return made

    return make


def test_one_recording_covers_the_airings_of_an_evening(small_store: Callable[..., Store], named: Named) -> None:
    store = evening(small_store)
    rows = stored(store, named("stream.ts", "channel a_2025-03-12_20-30-01"))
    assert [(row.airing_id, row.offset_ms) for row in rows] == [("e-1", 1000), ("e-2", 3500)]
    assert len({row.recording_id for row in rows}) == 1
    assert clock(store, "e-1") == (0, 2000)
    assert clock(store, "e-2") == (500, 1500)
    assert clock(store, "e-3") == (None, None)


def test_a_recording_that_began_late_or_ended_early_is_monitored_in_part(
    small_store: Callable[..., Store], named: Named
) -> None:
    store = evening(small_store)
    rows = stored(store, named("fast.mp4", "Channel B_20250312_203003"))
    assert [(row.airing_id, row.offset_ms) for row in rows] == [("e-4", 0)]
    assert clock(store, "e-4") == (1000, 2000)


def test_an_airing_without_times_gets_those_of_its_file(store: Store, named: Named) -> None:
    report = ingest(store, [named("fast.mp4", "b-0313")], Options(), "ana")
    assert "times_set" in told(report)
    assert clock(store, "b-0313") == (0, 4000)
    assert store.airing("b-0313") != store.airing("b-0312")


def test_a_start_that_is_said_goes_before_the_plan(store: Store, named: Named) -> None:
    stored(store, named("fast.mp4", "b-0313"), start="2025-03-13 20:00:10")
    assert clock(store, "b-0313") == (10_000, 14_000)
    (row,) = recordings(store)
    assert row.offset_ms == 0


def test_actual_times_stay_and_place_the_recording(store: Store, named: Named) -> None:
    before = store.airing("a-0317")
    (row,) = stored(store, named("fast.mp4", "whatever"), airing_id="a-0317", start="2025-03-17 23:30:58")
    assert row.offset_ms == 2000
    assert store.airing("a-0317") == before


def test_an_airing_that_is_said_goes_before_the_name(store: Store, named: Named) -> None:
    (row,) = stored(store, named("fast.mp4", "channel b_2025-03-12_20-00"), airing_id="a-0312")
    assert (row.airing_id, row.offset_ms) == ("a-0312", 0)


def test_what_cannot_be_placed_says_what_to_give(store: Store, folder: Path, named: Named) -> None:
    unnamed = refused(store, named("fast.mp4", "holiday"))
    assert all(word in unnamed for word in ("--airing", "--start", "--pattern", "{outlet}_{date}_{time}"))
    nothing = refused(store, named("fast.mp4", "channel a_2025-03-12_10-00"))
    assert "2025-03-12 10:00:00" in nothing and "a-0312" in nothing
    assert "twelve hours" in refused(store, named("fast.mp4", "a-0312"), start="2025-03-20 20:30")
    assert "is an issue of a paper" in refused(store, named("fast.mp4", "g-0312"))
    assert "a-9999" in refused(store, named("fast.mp4", "x"), airing_id="a-9999")
    assert recordings(store) == []
    assert not list(folder.glob("*"))


def test_one_bad_file_keeps_no_good_one_out(store: Store, named: Named, tmp_path: Path) -> None:
    text = tmp_path / "a-0313.mp4"
    text.write_text("no recording")
    report = ingest(store, [text, named("fast.mp4", "a-0312")], Options(), "ana")
    assert [problem.file for problem in report.problems] == ["a-0313.mp4"]
    assert [row.airing_id for each in report.stored for row in each.rows] == ["a-0312"]


def test_pages_have_a_number_and_a_printed_size(store: Store, folder: Path, picture: Callable[..., Path]) -> None:
    (row,) = stored(store, picture())
    assert (row.kind, row.page, row.width_mm, row.height_mm, row.width) == (RecordingKind.PAGE, 1, 289, 380, 40)
    page = picture("scan.jpg", colour=9)
    assert "number of the page is missing" in refused(store, page, airing_id="g-0312")
    assert "printed size of the page is missing" in refused(store, page, airing_id="g-0312", page=2)
    assert "belongs to an issue" in refused(store, page, airing_id="a-0312", page=2, width_mm=289, height_mm=380)
    made = ingest_page(store, "g-0312", page, 2, 289, 380, "ana")
    assert (made.page, made.airing_id) == (2, "g-0312")
    assert ingest_page(store, "g-0312", page, 2, 289, 380, "ana") == made
    with pytest.raises(ProblemsFound, match="belongs to an issue"):
        ingest_page(store, "a-0312", page, 1, 289, 380, "ana")


def test_a_scan_that_browsers_do_not_show_is_rewritten_upright(
    store: Store, folder: Path, picture: Callable[..., Path]
) -> None:
    (row,) = stored(store, picture("g-0312-p1-289x380mm.tif", turned=6))
    with Image.open(files.path_in(folder, row)) as image:
        assert (image.format, image.size) == ("JPEG", (60, 40))
    assert (row.width, row.height, row.suffix) == (60, 40, ".jpg")


def test_an_issue_of_planned_size_is_monitored_when_a_page_is_there(
    small_store: Callable[..., Store], picture: Callable[..., Path]
) -> None:
    store = small_store(airings=AIRINGS.replace("900000,900000,yes", "900000,,no"))
    report = ingest(store, [picture()], Options(), "ana")
    assert "size_set" in told(report)
    airing = store.airing("g-0312")
    assert airing is not None and airing.actual_size == 900_000


def test_a_small_copy_is_made_when_wanted(store: Store, folder: Path, named: Named) -> None:
    (row,) = stored(store, named("fast.mp4", "a-0312"), proxy=True)
    small = probe(files.path_in(folder, row, proxy=True))
    assert small.plays and small.streamable and small.length_ms is not None
    assert [each.proxy for each in held(store, store.mission())] == [True]
    assert not list(folder.glob(f"*{files.MAKING}"))


def test_progress_is_told_and_a_stop_leaves_nothing_half_made(store: Store, folder: Path, named: Named) -> None:
    seen: list[tuple[Stage, float]] = []
    report = ingest(
        store, [named("old.mpg", "a-0312"), named("fast.mp4", "a-0313")], Options(), "ana",
        lambda file, stage, share: seen.append((stage, share)), lambda: any(stage == Stage.STORING for stage, _ in seen),
    )  # fmt: skip
    assert report.cancelled
    assert {stage for stage, _ in seen} == {Stage.READING, Stage.STORING}
    assert all(0 <= share <= 1 for _, share in seen)
    assert recordings(store) == []
    assert not list(folder.glob("*"))


def test_a_full_disk_is_told_before_anything_is_written(
    store: Store, folder: Path, named: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9 - 1000, 1000))
    words = refused(store, named("fast.mp4", "a-0312"))
    assert "the disk has no room" in words and "EVENHAND_RECORDINGS" in words and "0.0 MB are free" in words
    assert recordings(store) == [] and not list(folder.glob("*"))


def test_a_disk_that_fails_in_the_middle_is_told(
    store: Store, folder: Path, named: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path, step: files.Step) -> None:
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "copy", full)
    assert "No space left on device" in refused(store, named("fast.mp4", "a-0312"))
    assert recordings(store) == [] and not list(folder.glob("*"))


KILLED = """
import sys, time
from pathlib import Path
from coding.recordings.ingest import ingest
from coding.recordings.report import Options
from coding.store import Store
def slow(file, stage, share):
    if stage == "storing":
        print("storing", flush=True)
        time.sleep(60)
ingest(Store(sys.argv[1]), [Path(sys.argv[2])], Options("a-0312"), "ana", slow)
"""


@pytest.mark.parametrize("name", ["old.mpg", "fast.mp4"])
def test_killed_in_the_middle_nothing_counts_and_the_next_one_cleans_up(
    store: Store, folder: Path, named: Named, name: str
) -> None:
    given = named(name, "a-0312")
    command = [sys.executable, "-c", KILLED, store.url, str(given)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)}
    ) as process:
        assert process.stdout is not None and process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
    assert recordings(store) == []
    left = list(folder.iterdir())
    assert left and all(each.name.endswith(files.MAKING) for each in left)
    time.sleep(1)  # an encoder whose parent died finishes what it has
    for each in left:
        os.utime(each, (time.time() - files.LEFT_BEHIND - 60,) * 2)
    (row,) = stored(store, given)
    assert [each.name for each in folder.iterdir()] == [files.path_in(folder, row).name]


def test_what_another_ingest_is_making_stays(store: Store, folder: Path, named: Named) -> None:
    folder.mkdir(parents=True)
    making = folder / f"other.mp4{files.MAKING}"
    making.write_bytes(b"half")
    stored(store, named("fast.mp4", "a-0312"))
    assert making.exists()


def test_a_store_that_refuses_leaves_no_file(
    store: Store, folder: Path, named: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: object) -> None:
        raise RuntimeError("no store")

    monkeypatch.setattr("coding.recordings.ingest.put_recordings", broken)
    with pytest.raises(RuntimeError):
        ingest(store, [named("fast.mp4", "a-0312")], Options(), "ana")
    assert not list(folder.glob("*"))


def test_corrections_are_later_rows(store: Store, folder: Path, named: Named) -> None:
    (row,) = stored(store, named("fast.mp4", "a-0312"))
    moved = correct(store, row, "a-0313", "", "bea")
    assert recordings(store) == [moved] and moved.airing_id == "a-0313"
    later = correct(store, moved, "a-0313", "2025-03-13 20:29:58", "bea")
    assert recordings(store) == [later] and later.offset_ms == 2000
    with pytest.raises(ProblemsFound, match="not in the store any more"):
        correct(store, row, "a-0313", "", "bea")
    with pytest.raises(ProblemsFound, match="is an issue of a paper"):
        correct(store, later, "g-0312", "", "bea")
    assert files.path_in(folder, later).is_file()


def test_a_removed_recording_goes_aside_when_its_last_airing_lost_it(store: Store, folder: Path, named: Named) -> None:
    (first,) = stored(store, named("fast.mp4", "a-0312"), proxy=True)
    (second,) = stored(store, named("fast.mp4", "a-0313"))
    remove(store, first, "bea")
    assert recordings(store) == [second] and files.path_in(folder, second).is_file()
    remove(store, second, "bea")
    assert recordings(store) == []
    assert len(list((folder / files.REMOVED).iterdir())) == 2
    assert [each.name for each in folder.iterdir()] == [files.REMOVED]
    (again,) = stored(store, named("fast.mp4", "a-0312"))
    assert again.recording_id != first.recording_id


def test_segments_that_are_there_keep_their_airing(store: Store, named: Named) -> None:
    store.add([segment(1, start=0, end=30)], "test")
    stored(store, named("fast.mp4", "a-0312"))
    assert len(store.segments()) == 1


def test_the_sample_brings_its_own(store: Store, folder: Path, named: Named, picture: Callable[..., Path]) -> None:
    given = named("fast.mp4", "a-0312").parent
    picture()
    (given / "key.csv").write_text("no recording")
    assert ingest_sample(store, given) == ["a-0312", "g-0312"]
    assert ingest_sample(store, given) == ["a-0312", "g-0312"]
    assert len(list(folder.iterdir())) == 2
    assert ingest_sample(store, given / "none") == []
    named("fast.mp4", "unknown")
    with pytest.raises(ProblemsFound):
        ingest_sample(store, given)


def test_only_media_are_found_in_a_folder(tmp_path: Path) -> None:
    for name in ("b.MP4", "a.ts", "notes.txt", "page.jpeg"):
        (tmp_path / name).touch()
    (tmp_path / "inner.mp4").mkdir()
    assert [path.name for path in media_in(tmp_path)] == ["a.ts", "b.MP4", "page.jpeg"]
    assert media_in(tmp_path / "none") == []


@pytest.mark.parametrize(
    "identifier", ["../../etc/passwd", "", "a/b", "{0b0e9a52-0f0a-4a53-9b7e-3f1f7f1c2a10}", "%2e%2e"]
)
def test_no_path_is_made_of_anything_but_an_id(identifier: str) -> None:
    row = Recording(identifier, "a", RecordingKind.VIDEO, "a", ".mp4", "", 0)
    with pytest.raises(ProblemsFound):
        files.path_in(Path("/recordings"), row)
    fine = replace(row, recording_id="0b0e9a52-0f0a-4a53-9b7e-3f1f7f1c2a10")
    assert files.path_in(Path("/recordings"), fine).name == f"{fine.recording_id}.mp4"
    for suffix in ("", "/../../x", ".html", ".mp4/.."):
        with pytest.raises(ProblemsFound):
            files.path_in(Path("/recordings"), replace(fine, suffix=suffix))


def test_sound_with_a_cover_is_sound(store: Store, tmp_path: Path, folder: Path) -> None:
    sound = FILES["talk.mp3"]
    cover = f"{sound} -f lavfi -i color=red:size=64x64:duration=1:rate=1 -map 0 -map 1 -c:v mjpeg -disposition:v attached_pic"
    path = encode(cover, tmp_path / "a-0312.mp3")
    (row,) = stored(store, path)
    assert (row.kind, row.suffix, row.width) == (RecordingKind.AUDIO, ".mp3", None)
