"""The Recordings page: files from this machine or uploaded, each with its airing, stored while a bar moves."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from coding.mission.clock import local_time
from coding.mission.model import Airing
from coding.pages import frame
from coding.pages.recordings_held import held_shown
from coding.pages.uploads import safe_name
from coding.people.rights import Right
from coding.problems import Problem, ProblemsFound
from coding.recordings import jobs
from coding.recordings.ingest import MEDIA, media_in
from coding.recordings.names import Named, NameReader
from coding.recordings.report import Options
from coding.store.places import data_dir, is_url
from coding.vocabulary import AiringKind

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp")
SIZES = {"broadsheet": (420, 594), "berliner": (315, 470), "tabloid": (289, 380)}
"""Printed sizes of a page in mm, by name."""
OWN_SIZE = "own_size"
MOST_FILES = 40
ROUND = "recordings.round"
"""Counts the ingests of a session: an uploader with a new key is empty again."""
Given = list[tuple[Path, Options]]


def body(opened: frame.Opened) -> None:
    """What is being done, what can be added, what is here."""
    if not is_url(opened.where):
        frame.copy_offer(opened, opened.t("page.recordings.folder"))
        return
    _job(opened)
    frame.text("head", opened.t("page.recordings.add"), "h2")
    _add(opened)
    frame.text("head", opened.t("page.recordings.held"), "h2")
    held_shown(opened)


def _job(opened: frame.Opened) -> None:
    """The ingest that runs, or how the last one ended."""
    job = jobs.job_of(opened.store.url)
    if job is None:
        return
    if job.running:
        _running(opened)
        return
    t = opened.t
    if job.report is None:
        frame.text("bad", t("page.recordings.failed"))
    else:
        lines = [f"{each.file}: {note.text(t)}" for each in job.report.stored for note in each.notes]
        lines += [t("recordings.cancelled")] if job.report.cancelled else []
        if lines:
            frame.text("good", "\n".join(lines))
        if job.report.problems:
            frame.text("bad", t("page.recordings.refused", count=len(job.report.problems)))
            frame.problem_table(t, job.report.problems, lambda problem: (problem.file, ""))
    st.button(t("page.recordings.close"), key="recordings.close", on_click=jobs.dismiss, args=(opened.store.url,))


@st.fragment(run_every=1)
def _running(opened: frame.Opened) -> None:
    """The bar; the whole page is drawn anew when the work is over."""
    t, job = opened.t, jobs.job_of(opened.store.url)
    if job is None or not job.running:
        st.rerun()
        return
    counts = {"done": job.done, "total": job.total, "stage": t(f"recordings.{job.stage}")}
    frame.text("told", t("page.recordings.running", file=job.file, **counts))
    st.progress(min(1.0, job.share))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            t("page.recordings.stopping" if job.stop.is_set() else "page.recordings.stop"),
            key="recordings.stop", on_click=job.stop.set, disabled=job.stop.is_set(),
        )  # fmt: skip
        frame.text("note", t("page.recordings.goes_on"))


def _add(opened: frame.Opened) -> None:
    """Where the files come from. Whoever tries the sample has no account, so sees no paths of the machine."""
    t = opened.t
    if opened.person.demo:
        _from_upload(opened)
        return
    source = st.segmented_control(
        t("page.recordings.add"), ["upload", "machine"], default="upload", required=True, key="recordings.source",
        format_func=lambda value: t(f"page.recordings.from_{value}"), label_visibility="collapsed",
    )  # fmt: skip
    if source == "machine":
        _from_machine(opened)
    else:
        _from_upload(opened)


def _from_upload(opened: frame.Opened) -> None:
    key = f"recordings.upload.{st.session_state.get(ROUND, 0)}"
    label = opened.t("page.recordings.upload")
    uploads = st.file_uploader(label, type=list(MEDIA), accept_multiple_files=True, key=key)
    chosen = {Path(upload.file_id) / safe_name(upload.name): upload for upload in uploads}
    _form(opened, list(chosen), lambda given: _kept(given, chosen))


def _kept(given: Given, uploads: dict[Path, UploadedFile]) -> tuple[Given, Callable[[], None]]:
    """Uploads as files that stay until the ingest is over."""
    home = data_dir() / "uploads" / uuid4().hex
    placed = []
    for number, (path, options) in enumerate(given):
        target = home / str(number) / path.name
        target.parent.mkdir(parents=True)
        target.write_bytes(uploads[path].getbuffer())
        placed.append((target, options))
    return placed, lambda: shutil.rmtree(home, ignore_errors=True)


def _from_machine(opened: frame.Opened) -> None:
    t = opened.t
    written = st.text_input(t("page.recordings.path"), key="recordings.path", help=t("page.recordings.path_hint"))
    if not written.strip():
        frame.text("note", t("page.recordings.path_hint"))
        return
    try:
        found = _listed(Path(written.strip()).expanduser())
    except ProblemsFound as refused:
        frame.problem_table(t, refused.problems)
        return
    if not found:
        frame.text("told", t("page.recordings.no_media"))
        return
    if len(found) > MOST_FILES:
        frame.text("note", t("page.recordings.more", shown=MOST_FILES, total=len(found)))
    _form(opened, found[:MOST_FILES], lambda given: (given, _nothing))


def _nothing() -> None:
    """Files of this machine stay where they are."""


def _listed(place: Path) -> list[Path]:
    try:
        if not place.is_absolute() or not place.exists():
            raise ProblemsFound([Problem("recordings.no_folder", str(place))])
        return media_in(place)
    except PermissionError:
        raise ProblemsFound([Problem("recordings.no_folder", str(place))]) from None


def _form(
    opened: frame.Opened, found: Sequence[Path], ready: Callable[[Given], tuple[Given, Callable[[], None]]]
) -> None:
    """What each file is, asked where its name does not say; then the button."""
    if not found:
        return
    t = opened.t
    airings = opened.store.airings()
    reader = NameReader(opened.mission, airings)
    options = [_one(opened, reader, airings, file) for file in found]
    proxy = st.checkbox(t("page.recordings.proxy"), key="recordings.proxy")
    if None in options:
        frame.text("told", t("page.recordings.lacks"))
    job = jobs.job_of(opened.store.url)
    given = [(file, replace(each, proxy=proxy)) for file, each in zip(found, options, strict=True) if each]
    busy = job is not None and job.running
    if st.button(t("page.recordings.ingest"), type="primary", key="recordings.ingest", disabled=busy or not given):
        placed, afterwards = ready(given)
        jobs.start_ingest(opened.store, placed, opened.person.name, afterwards)
        st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
        st.rerun()


def _one(opened: frame.Opened, reader: NameReader, airings: Sequence[Airing], file: Path) -> Options | None:
    """What one file's name says, or what the person says of it; None while something lacks."""
    t = opened.t
    named = reader.read(file.stem)
    picture = file.suffix.lower() in PICTURES
    if named and not picture:
        frame.text("line", _says(opened, named, file.name))
        return Options(airing_id=named.airing_id or _airing_of_outlet(opened, airings, named, file))
    if named and named.page and named.width_mm and named.height_mm:
        sizes = {"page": named.page, "width": named.width_mm, "height": named.height_mm}
        frame.text("line", t("page.recordings.says_page", file=file.name, airing=named.airing_id, **sizes))
        return Options()
    known = named.airing_id if named else ""
    key = "says_more" if known else "says_nothing"
    frame.text("line", t(f"page.recordings.{key}", file=file.name, airing=known))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        airing = known or _airing_asked(opened, airings, picture, file)
        options = _page_asked(opened, named, file) if picture else _start_asked(opened, file)
    return replace(options, airing_id=airing) if airing and options else None


def _says(opened: frame.Opened, named: Named, file: str) -> str:
    t = opened.t
    if named.airing_id or named.start is None:
        return t("page.recordings.says_airing", file=file, airing=named.airing_id)
    start = f"{local_time(named.start, opened.mission.zone):%Y-%m-%d %H:%M:%S}"
    return t("page.recordings.says_start", file=file, outlet=named.outlet, start=start)


def _airing_of_outlet(opened: frame.Opened, airings: Sequence[Airing], named: Named, file: Path) -> str:
    """One airing of the outlet, where the person knows better than the times; else those that are overlapped."""
    day = local_time(named.start or 0, opened.mission.zone).date()
    near = [each for each in airings if each.outlet == named.outlet and abs((each.date - day).days) <= 1]
    ids = [airing.airing_id for airing in near if airing.kind == AiringKind.PROGRAMME]
    return _picked(opened, ids, file, "by_time")


def _airing_asked(opened: frame.Opened, airings: Sequence[Airing], picture: bool, file: Path) -> str:
    wanted = AiringKind.ISSUE if picture else AiringKind.PROGRAMME
    ids = [airing.airing_id for airing in airings if airing.kind == wanted]
    return _picked(opened, ids, file, "choose")


def _picked(opened: frame.Opened, ids: Sequence[str], file: Path, hint: str) -> str:
    """The airing that the person picks for a file; empty as long as there is none."""
    label, hinted = opened.t("page.recordings.airing"), opened.t(f"page.recordings.{hint}")
    return st.selectbox(label, ids, index=None, key=f"recordings.airing.{file}", placeholder=hinted) or ""


def _start_asked(opened: frame.Opened, file: Path) -> Options:
    t = opened.t
    hint = t("page.recordings.start_hint")
    start = st.text_input(t("page.recordings.start"), key=f"recordings.start.{file}", help=hint, placeholder=hint)
    return Options(start=start)


def _page_asked(opened: frame.Opened, named: Named | None, file: Path) -> Options | None:
    t = opened.t
    number = st.number_input(
        t("page.recordings.page"), 1, 9999, (named and named.page) or 1, key=f"recordings.page.{file}", width=120
    )
    chosen = st.selectbox(
        t("page.recordings.size"), [*SIZES, OWN_SIZE], index=None, key=f"recordings.size.{file}",
        format_func=lambda name: t(f"page.recordings.{name}"), placeholder=t("page.recordings.choose"),
    )  # fmt: skip
    size = SIZES.get(chosen or "")
    if chosen == OWN_SIZE:
        written = st.text_input(t("page.recordings.size_hint"), key=f"recordings.own.{file}")
        width, _, height = written.lower().partition("x")
        size = (int(width), int(height)) if width.isdecimal() and height.isdecimal() else None
    return Options(page=int(number), width_mm=size[0], height_mm=size[1]) if size and all(size) else None


frame.show("recordings", body, Right.SUPERVISE)
