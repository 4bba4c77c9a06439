"""Recordings over HTTP: the ranges that a browser asks for, and nothing that lies elsewhere."""

import os
import resource
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from coding.recordings import files
from coding.recordings.serve import file_response, has_proxy
from coding.store.recordings import Recording
from coding.vocabulary import RecordingKind

CONTENT = bytes(range(256)) * 400
ROW = Recording(
    "0b0e9a52-0f0a-4a53-9b7e-3f1f7f1c2a10", "a-0312", RecordingKind.VIDEO, "новости \r\n.mp4", ".mp4", "", len(CONTENT)
)
LAST = len(CONTENT) - 1


@pytest.fixture
def kept(folder: Path) -> Path:
    folder.mkdir(parents=True)
    files.path_in(folder, ROW).write_bytes(CONTENT)
    return folder


@pytest.fixture
def client(kept: Path) -> Iterator[Callable[..., Response]]:
    def answer(request: Request) -> Response:
        row = replace(ROW, recording_id=request.query_params.get("id", ROW.recording_id))
        row = replace(row, suffix=request.query_params.get("suffix", row.suffix))
        return file_response("small", row, proxy=request.query_params.get("proxy") == "1")

    with TestClient(Starlette(routes=[Route("/", answer)])) as made:
        yield lambda query="", **headers: made.get(
            f"/?{query}", headers={name.replace("_", "-"): value for name, value in headers.items()}
        )


def test_the_whole_file_and_its_headers(client: Callable[..., Response]) -> None:
    answer = client()
    assert (answer.status_code, answer.content) == (200, CONTENT)
    headers = answer.headers
    assert headers["content-type"] == "video/mp4"
    assert headers["content-disposition"] == "inline"
    assert headers["cache-control"] == "private, max-age=0, must-revalidate"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize(
    ("asked", "status", "first", "last"),
    [
        ("bytes=0-", 206, 0, LAST),
        ("bytes=0-0", 206, 0, 0),
        ("bytes=100-299", 206, 100, 299),
        (f"bytes={LAST}-", 206, LAST, LAST),
        ("bytes=-500", 206, LAST - 499, LAST),
        ("bytes=-9999999", 206, 0, LAST),
        ("bytes=100-9999999", 206, 100, LAST),
    ],
)
def test_ranges(client: Callable[..., Response], asked: str, status: int, first: int, last: int) -> None:
    answer = client(range=asked)
    assert answer.status_code == status
    assert answer.content == CONTENT[first : last + 1]
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(CONTENT)}"
    assert answer.headers["content-length"] == str(last - first + 1)
    assert answer.headers["content-type"] == "video/mp4"


def test_a_range_behind_the_end_is_refused_with_the_size(client: Callable[..., Response]) -> None:
    answer = client(range=f"bytes={len(CONTENT)}-")
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(CONTENT)}"
    assert client(range="bytes=9-3").status_code == 400


def test_several_ranges_come_in_parts(client: Callable[..., Response]) -> None:
    answer = client(range="bytes=0-9,1000-1009")
    assert answer.status_code == 206
    assert answer.headers["content-type"].startswith("multipart/byteranges")
    assert CONTENT[:10] in answer.content and CONTENT[1000:1010] in answer.content
    assert len(answer.content) == int(answer.headers["content-length"]) < 1000


def test_a_range_of_a_file_that_changed_is_the_whole_new_file(client: Callable[..., Response], kept: Path) -> None:
    tag = client().headers["etag"]
    assert client(range="bytes=0-9", if_range=tag).status_code == 206
    os.utime(files.path_in(kept, ROW), (1, 1))
    assert client(range="bytes=0-9", if_range=tag).status_code == 200


def test_what_the_browser_has_is_not_sent_again(client: Callable[..., Response]) -> None:
    tag = client().headers["etag"]
    answer = client(if_none_match=tag)
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    assert client(if_none_match='"other"').status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "id=../../../etc/passwd",
        "id=..%2F..%2Fetc%2Fpasswd",
        "id=",
        "id=0B0E9A52-0F0A-4A53-9B7E-3F1F7F1C2A10",
        "id=0b0e9a52-0f0a-4a53-9b7e-3f1f7f1c2a11",
        "suffix=.html",
        "suffix=%2F..%2Fsecret",
    ],
)
def test_nothing_else_is_served(client: Callable[..., Response], query: str) -> None:
    answer = client(query)
    assert answer.status_code == 404
    assert answer.text
    assert answer.headers["content-type"].startswith("text/plain")


def test_a_link_to_elsewhere_is_not_followed(client: Callable[..., Response], kept: Path, tmp_path: Path) -> None:
    path = files.path_in(kept, ROW)
    path.unlink()
    (tmp_path / "secret").write_text("secret")
    path.symlink_to(tmp_path / "secret")
    assert client().status_code == 404


def test_a_missing_file_is_told(client: Callable[..., Response], kept: Path) -> None:
    files.path_in(kept, ROW).unlink()
    answer = client()
    assert answer.status_code == 404
    assert "ingest it again" in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_the_small_copy_where_there_is_one(client: Callable[..., Response], kept: Path) -> None:
    assert client("proxy=1").content == CONTENT
    assert not has_proxy("small", ROW)
    files.path_in(kept, ROW, proxy=True).write_bytes(b"small")
    assert has_proxy("small", ROW)
    assert client("proxy=1").content == b"small"
    assert client("proxy=1").headers["content-type"] == "video/mp4"
    assert client("proxy=0").content == CONTENT


def test_a_large_file_is_never_held_in_memory(kept: Path, client: Callable[..., Response]) -> None:
    size = 2_000_000_000
    with files.path_in(kept, ROW).open("wb") as out:
        out.truncate(size)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = client(range=f"bytes={size - 1000}-")
    assert (answer.status_code, len(answer.content)) == (206, 1000)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000
