"""`python -m coding ingest` and `recordings`, as a person types them."""

from collections.abc import Callable
from pathlib import Path

from typer.testing import CliRunner

from coding.__main__ import app
from coding.store import Store
from coding.store.recordings import recordings

Named = Callable[[str, str], Path]


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(each) for each in arguments])
    return done.exit_code, done.output


def test_files_are_ingested_and_listed(store: Store, named: Named, picture: Callable[..., Path]) -> None:
    given = named("stream.ts", "a-0312")
    scan = picture("scan.jpg")
    assert run("recordings", store.url) == (
        0,
        "No recordings yet. Ingest files with: python -m coding ingest FILES --mission MISSION\n",
    )
    code, words = run("ingest", given, "--mission", store.url, "--who", "ana")
    assert (
        code == 0
        and "a-0312: stored, 0:00:04 long" in words
        and "Converted for the browser (mpegts, h264, mp2)" in words
    )
    code, words = run("ingest", scan, "--mission", store.url, "--airing", "g-0312", "--page", 2, "--size", "289x380")
    assert (code, words) == (0, "scan.jpg: g-0312: page 2 stored.\n")
    code, words = run("recordings", store.url)
    assert code == 0 and [line.split()[0] for line in words.splitlines()] == ["a-0312", "g-0312"]


def test_a_folder_is_all_its_media(store: Store, named: Named) -> None:
    named("fast.mp4", "a-0313")
    code, _ = run("ingest", named("talk.mp3", "a-0312").parent, "--mission", store.url)
    assert code == 0
    assert [row.airing_id for row in recordings(store)] == ["a-0312", "a-0313"]


def test_what_is_refused_is_said_and_the_status_tells(store: Store, named: Named) -> None:
    code, words = run("ingest", named("fast.mp4", "holiday"), named("fast.mp4", "a-0312"), "--mission", store.url)
    assert code == 1
    assert "holiday.mp4: the name tells neither airing nor outlet and time" in words
    assert "1 problems; the files named above were not stored." in words
    assert "a-0312: stored" in words


def test_options_that_cannot_be_read(store: Store, named: Named) -> None:
    given = named("fast.mp4", "a-0312")
    assert "is not a start" in run("ingest", given, "--mission", store.url, "--start", "soon")[1]
    assert "is not a pattern" in run("ingest", given, "--mission", store.url, "--pattern", "{name}")[1]
    assert "is not a size" in run("ingest", given, "--mission", store.url, "--size", "A3")[1]
    assert recordings(store) == []
