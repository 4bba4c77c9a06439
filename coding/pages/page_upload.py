"""A page of a paper's issue, uploaded at the desk by whoever codes it: the picture, its number, its printed size."""

import streamlit as st

from coding.desk.operations import NotAllowed, check_assigned
from coding.mission.model import Airing
from coding.pages import frame
from coding.pages.uploads import placed
from coding.problems import ProblemsFound
from coding.recordings.ingest import ingest_page

SIZES = (420, 594)
"""Width and height of a broadsheet in mm, to begin with."""
PICTURES = ["jpg", "jpeg", "png", "webp", "tif", "tiff"]


def page_upload(opened: frame.Opened, airing: Airing) -> None:
    """Under the desk, folded: the desk itself fills the window."""
    t = opened.t
    with st.expander(t("page.desk.add_page")):
        upload = st.file_uploader(t("page.desk.page_file"), type=PICTURES, key=f"page.file.{airing.airing_id}")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            page = st.number_input(t("page.desk.page_number"), 1, 999, 1, key="page.number", width=140)
            width = st.number_input(t("page.desk.page_width"), 50, 2000, SIZES[0], key="page.width", width=180)
            height = st.number_input(t("page.desk.page_height"), 50, 2000, SIZES[1], key="page.height", width=180)
            pressed = st.button(t("page.desk.page_add"), key="page.add", disabled=upload is None)
        if pressed and upload is not None:
            try:
                check_assigned(opened.store, opened.person, airing.airing_id, to_write=True)
                with placed(upload) as path:
                    sides = int(width), int(height)
                    ingest_page(opened.store, airing.airing_id, path, int(page), *sides, opened.person.name)
            except NotAllowed as refusal:
                frame.text("bad", refusal.problem.message(t))
                return
            except ProblemsFound as found:
                frame.problem_table(t, found.problems)
                return
            st.session_state["desk.said"] = t("page.desk.page_added", page=page)
            st.rerun()
        said = st.session_state.pop("desk.said", "")
        if said:
            frame.text("good", said)
