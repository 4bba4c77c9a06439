"""The desk page: which airing, whose coding, and the desk itself in the whole width of the window."""

import streamlit as st

from coding.desk.component import desk
from coding.desk.operations import NotAllowed, check_assigned
from coding.mission.model import Airing
from coding.pages import frame
from coding.pages.page_upload import page_upload
from coding.people.rights import Person, Right
from coding.recordings.serve import has_proxy
from coding.store.assignments import assignments
from coding.store.places import is_url, place_key
from coding.store.recordings import recordings
from coding.vocabulary import AiringKind, Progress

WIDE = """<style>
.stApp [data-testid="stMainBlockContainer"] { padding: .5rem .8rem .3rem 2.6rem; max-width: none; }
[data-testid="stMainBlockContainer"] [data-testid="stVerticalBlock"] { gap: .3rem; }
[data-testid="stSidebar"] { position: absolute !important; height: 100% !important; }
[data-testid="stSidebar"][data-collapsed="false"] { box-shadow: 0 0 24px #0006; }
</style>"""
"""The desk has the whole window; the menu, where it is open, lies over its left edge and pushes nothing out."""


def body(opened: frame.Opened) -> None:
    """Choose an airing where none was chosen on My work, and draw its desk."""
    t, who = opened.t, opened.person
    if not is_url(opened.where):
        frame.text("told", t("page.desk.only_store"))
        return
    mine = [each for each in assignments(opened.store, who.name) if each.progress != Progress.DONE]
    airing = _chosen(opened, who, [each.airing_id for each in mine])
    if airing is None:
        return
    coder = _coder(opened, who, airing)
    held = recordings(opened.store, [airing.airing_id])
    if any(has_proxy(opened.mission.id, each) for each in held):
        st.sidebar.toggle(t("page.desk.proxy"), key="desk.proxy")
    settings = {
        "mission": place_key(opened.where),
        "airing": airing.airing_id,
        "coder": coder,
        "person": who.name,
        "language": str(st.session_state.get("language", "")),
        "proxy": bool(st.session_state.get("desk.proxy")),
        "opening": t("page.desk.opening"),
        "failed": t("page.desk.failed"),
    }
    st.html(WIDE)
    desk(settings, key=f"desk.{settings['mission']}.{airing.airing_id}.{coder}.{settings['language']}")
    if airing.kind == AiringKind.ISSUE:
        page_upload(opened, airing)


def _chosen(opened: frame.Opened, who: Person, mine: list[str]) -> Airing | None:
    """The airing of the session; else a choice among the own ones (a supervisor's: among all)."""
    t = opened.t
    # in the address too, so that a reload, or a server that was started again, opens the same airing
    asked = str(st.session_state.get("desk.airing") or st.query_params.get("airing", ""))
    airing = opened.store.airing(asked) if asked else None
    if asked and _refused(opened, asked):
        st.session_state.pop("desk.airing", None)
        st.query_params.pop("airing", None)
    elif airing is not None:
        st.session_state["desk.airing"] = st.query_params["airing"] = asked
        return airing
    offered = mine or ([each.airing_id for each in opened.store.airings()] if who.may(Right.SUPERVISE) else [])
    if not offered:
        frame.text("told", t("page.desk.nothing"))
        return None
    frame.text("told", t("page.desk.choose"))
    picked = st.selectbox(t("page.desk.airing"), offered, index=None, key="desk.picked")
    if picked:
        st.session_state["desk.airing"] = picked
        st.rerun()
    return None


def _refused(opened: frame.Opened, airing_id: str) -> bool:
    """Whether an airing is not in this person's hands, which is told, whether there is such an airing or not."""
    try:
        check_assigned(opened.store, opened.person, airing_id)
    except NotAllowed as refusal:
        frame.text("bad", refusal.problem.message(opened.t))
        return True
    return False


def _coder(opened: frame.Opened, who: Person, airing: Airing) -> str:
    """Whose coding: one's own; a supervisor may open that of anybody who has the airing in hand."""
    if not who.may(Right.SUPERVISE) or who.demo:
        return who.name
    others = [each.coder for each in assignments(opened.store) if each.airing_id == airing.airing_id]
    names = list(dict.fromkeys([who.name, *others]))
    if len(names) == 1:
        return who.name
    return str(st.sidebar.selectbox(opened.t("page.desk.coder"), names, key=f"desk.coder.{airing.airing_id}"))


frame.show("desk", body, Right.CODE, bare=True)
