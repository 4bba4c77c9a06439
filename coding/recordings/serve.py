"""A recording over HTTP, in the pieces that the browser asks for, never read into memory as a whole."""

import os
import stat
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from coding.languages import Translate, translator
from coding.problems import ProblemsFound
from coding.recordings.files import CONTENT_TYPES, PROXY, path_in, recordings_folder
from coding.store.recordings import Recording

HEADERS = {
    "Cache-Control": "private, max-age=0, must-revalidate",
    "Content-Disposition": "inline",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class KeptFile(FileResponse):
    """A file that the browser may keep, but asks about each time: 304 where its copy is still the right one."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = Headers(scope=scope)
        if asked.get("if-none-match") == self.headers["etag"] and "range" not in asked:
            named = ("etag", "last-modified", "cache-control")
            kept = Response(status_code=304, headers={name: self.headers[name] for name in named})
            await kept(scope, receive, send)
            return
        await super().__call__(scope, receive, send)


def file_response(mission_id: str, recording: Recording, proxy: bool = False, t: Translate | None = None) -> Response:
    """The recording's file (with `proxy` its small copy, where there is one), whole or the ranges asked for.

    Who may see it is decided before this is called. 404 with words where there is no such file.
    """
    told = t or translator()
    try:
        folder = recordings_folder(mission_id)
        path = path_in(folder, recording)
        small = path_in(folder, recording, proxy=True)
    except ProblemsFound as found:
        return missing(found.problems[0].message(told))
    if proxy and _plain_file(small) is not None:
        path = small
    status = _plain_file(path)
    if status is None:
        return missing(told("recordings.file_missing", name=recording.name))
    suffix = ".mp4" if path.name.endswith(PROXY) else path.suffix
    return KeptFile(path, headers=HEADERS, media_type=CONTENT_TYPES[suffix], stat_result=status)


def has_proxy(mission_id: str, recording: Recording) -> bool:
    """Whether there is a small copy for slow networks."""
    return _plain_file(path_in(recordings_folder(mission_id), recording, proxy=True)) is not None


def missing(words: str) -> Response:
    """404, said in words."""
    return PlainTextResponse(words, 404, {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})


def _plain_file(path: Path) -> os.stat_result | None:
    """The status of a file that lies here itself; None for one that is not there, or a link to elsewhere."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    return status if stat.S_ISREG(status.st_mode) else None
