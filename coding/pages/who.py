"""Who looks at a page: read from the header that the gate wrote, and asked of the database at every run."""

import streamlit as st
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from streamlit.proto.BackMsg_pb2 import BackMsg

from coding.languages import Translate
from coding.people.accounts import people
from coding.people.gate import DEMO, HEADER, demo_person
from coding.people.rights import Person, Right
from coding.store.places import real_mission_exists


def session_header() -> str | None:
    """The session that the gate found behind this page; None where the page did not come through the gate."""
    return st.context.headers.get(HEADER)


def person() -> Person | None:
    """Who may see this run of a page; None for nobody: then nothing is shown."""
    session = session_header()
    if session == DEMO:
        return None if real_mission_exists() else demo_person()
    found = people().by_session(session) if session else None
    return None if found is None or found.one_time else found


def allowed(t: Translate, right: Right) -> Person | None:
    """The person, where a page is for them; else says that it is not."""
    found = person()
    if found is not None and found.may(right):
        return found
    st.error(t("people.signed_out" if found is None else "people.not_for_you"))
    return None


def whole_run(message: bytes) -> bytes | None:
    """A message that asks for a part of a page, as one that asks for the whole; None for any other."""
    try:
        sent = BackMsg.FromString(message)
    except DecodeError:
        return None
    if sent.WhichOneof("type") != "rerun_script":
        return None
    sent.rerun_script.fragment_id = ""
    whole: bytes = sent.SerializeToString()
    return whole
