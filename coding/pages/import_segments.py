"""The Import page: a file, how it is read, what importing it would do, and only then the import."""

import re
from pathlib import Path
from zoneinfo import available_timezones

import streamlit as st

from coding.exchange.importer import ImportRefused, ImportReport, import_file, preview
from coding.exchange.into import import_segments
from coding.exchange.mapping import FileMapping, save_mapping
from coding.exchange.new_mission import NewMission, mission_from_file
from coding.mission.model import Period
from coding.pages import frame
from coding.pages.file_preview import rejected_shown, report_shown
from coding.pages.mapping_form import chosen_mapping
from coding.pages.uploads import placed
from coding.problems import ProblemsFound
from coding.store.places import data_dir, sqlite_url


def body(opened: frame.Opened) -> None:
    """One step under the other; a step appears when the one before it is complete."""
    t = opened.t
    if opened.from_folder:
        frame.copy_offer(opened, t("page.import.folder"))
    upload = st.file_uploader(t("page.import.file"), type=["csv", "xlsx", "parquet"], key="import.file")
    if upload is None:
        frame.text("note", t("page.import.start"))
        return
    with placed(upload) as path:
        mapping = chosen_mapping(opened, path, upload.file_id)
        if mapping is None:
            return
        with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
            target = _target(opened)
            _mapping_kept(opened, mapping, path)
        if target == "new":
            _into_new(opened, path, mapping, upload.file_id)
        elif not opened.from_folder:
            _into_this(opened, path, mapping, upload.file_id)


def _mapping_kept(opened: frame.Opened, mapping: FileMapping, path: Path) -> None:
    """The mapping as a file, for the next time and for the command line."""
    written = path.parent / "mapping.toml"
    save_mapping(mapping, written)
    st.download_button(
        opened.t("page.import.save_mapping"), written.read_bytes(), f"{path.stem}-mapping.toml", "application/toml",
        key="import.save_mapping", on_click="ignore",
    )  # fmt: skip


def _target(opened: frame.Opened) -> str:
    t = opened.t
    targets = ["new"] if opened.from_folder else ["this", "new"]
    return str(
        st.segmented_control(
            t("page.import.target"), targets, default=targets[0], required=True, key=f"import.target.{len(targets)}",
            format_func=lambda value: t(f"page.import.target_{value}"),
        )
    )  # fmt: skip


def _into_this(opened: frame.Opened, path: Path, mapping: FileMapping, file_id: str) -> None:
    """Preview, then import into the open mission."""
    t, store = opened.t, opened.store
    period = _period(opened) if mapping.aggregate else None
    if mapping.aggregate and period is None:
        frame.text("told", t("page.import.ask_period"))
        return
    key = (file_id, mapping.model_dump_json(), period, store.url, store.fingerprint())
    report = frame.remembered("preview", key, lambda: preview(path, mapping, store, period))
    report_shown(t, report, opened.mission)
    done = st.session_state.get("import.done", ("", ""))
    if done[0] == file_id:
        frame.text("good", done[1])
    elif not report.rejected and not report.stored:
        frame.text("told", t("page.import.all_there" if report.already else "page.import.nothing_in_it"))
    pressed = st.button(
        t("page.import.import"), type="primary", key="import.go", disabled=bool(report.rejected) or not report.stored
    )
    if pressed:
        _import(opened, path, mapping, period, file_id)


def _period(opened: frame.Opened) -> Period | None:
    return st.selectbox(
        opened.t("page.import.period"), opened.mission.periods, index=None, key="import.period",
        format_func=lambda period: f"{period.name} ({period.start} – {period.end})",
        placeholder=opened.t("page.import.choose"),
    )  # fmt: skip


def _import(opened: frame.Opened, path: Path, mapping: FileMapping, period: Period | None, file_id: str) -> None:
    t = opened.t
    try:
        with st.spinner(t("page.import.importing")):
            report: ImportReport = import_file(path, mapping, opened.store, opened.person.name, period)
    except ImportRefused as refused:  # somebody else wrote since the preview
        rejected_shown(t, refused.problems, path.name, opened.mission.notice)
        return
    counts = {"stored": frame.number(t, report.stored), "already": frame.number(t, len(report.already))}
    st.session_state["import.done"] = (file_id, t("page.import.done", file=path.name, **counts))
    st.rerun()


def _into_new(opened: frame.Opened, path: Path, mapping: FileMapping, file_id: str) -> None:
    """A mission made from the outlets and subjects of a file of totals."""
    t = opened.t
    if not mapping.aggregate:
        frame.text("told", t("page.import.new_totals_only"))
        return
    title = st.text_input(t("page.import.new_title"), key="new.title", max_chars=200).strip()
    proposed = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")
    name = st.text_input(t("page.import.new_id"), proposed, key=f"new.id.{proposed}", max_chars=60).strip()
    zone = st.selectbox(
        t("page.import.new_zone"), sorted(available_timezones()), index=None, key="new.zone",
        placeholder=t("page.import.choose"),
    )  # fmt: skip
    period = _new_period(opened)
    if not (title and name and zone and period):
        frame.text("told", t("page.import.new_lacks"))
        return
    store = data_dir() / "stores" / f"{name}.sqlite"
    made = _planned(opened, path, mapping, (file_id, name, title, zone, period))
    if made is not None:
        frame.demo_ends(opened)
    if store.is_file():
        frame.text("bad", t("page.import.new_taken", name=name))
    elif made is not None and st.button(t("page.import.new_make"), type="primary", key="new.go"):
        _make(opened, path, store, title, period, zone)


def _new_period(opened: frame.Opened) -> Period | None:
    t = opened.t
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(t("page.import.new_period"), key="new.period", max_chars=100).strip()
        start = st.date_input(t("page.import.new_from"), None, format="YYYY-MM-DD", key="new.from", width=180)
        end = st.date_input(t("page.import.new_to"), None, format="YYYY-MM-DD", key="new.to", width=180)
    return Period(name=name, start=start, end=end) if name and start and end else None


def _planned(
    opened: frame.Opened, path: Path, mapping: FileMapping, wanted: tuple[str, str, str, str, Period]
) -> NewMission | None:
    """What the new mission would hold, said; None with its problems."""
    t = opened.t
    _, name, title, zone, period = wanted

    def make() -> NewMission | ProblemsFound:
        try:
            return mission_from_file(path, mapping, mission_id=name, title=title, period=period, time_zone=zone)
        except ProblemsFound as found:
            return found

    made = frame.remembered("new", (*wanted, mapping.model_dump_json()), make)
    if isinstance(made, ProblemsFound):
        rejected_shown(t, made.problems, path.name, "")
        return None
    mission = made.mission
    counts = {"outlets": len(mission.outlets), "subjects": len(mission.subjects), "formats": len(mission.formats)}
    frame.text("line", t("page.import.new_holds", **counts))
    if made.notices:
        frame.text("told", t("page.import.new_look"))
        frame.problem_table(t, made.notices)
    return made


def _make(opened: frame.Opened, path: Path, store: Path, title: str, period: Period, zone: str) -> None:
    t = opened.t
    try:
        with st.spinner(t("page.import.importing")):
            mapping = str(path.parent / "mapping.toml")
            import_segments(path, mapping, "", str(store), title, period, zone, opened.person.name)
    except ProblemsFound as found:
        rejected_shown(t, found.problems, path.name, "")
        return
    frame.text("good", t("page.import.new_made", title=title))
    url = sqlite_url(store)
    st.button(t("page.import.new_open"), key="new.open", on_click=frame.open_place, args=(url,))


frame.show("import", body)
