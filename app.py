"""Evenhand: `streamlit run app.py`. The one entry: which mission, which language, which page. No analysis."""

import os
from pathlib import Path

import streamlit as st

from coding.languages import DEFAULT, languages, translator
from coding.store.places import is_url, stores

ROOT = Path(__file__).parent
SAMPLE = ROOT / "sample_data" / "kazakhstan_2007"
MISSION_VARIABLE = "EVENHAND_MISSION"
RESULTS = ("overview", "share", "tone", "appearances", "timeline")
RECORD = {"import": "import_segments", "mission": "mission"}


def chosen_language() -> str:
    """The language of this session: `?lang=` at first, then the picker."""
    known = languages()
    asked = st.query_params.get("lang", "")
    first = asked if asked in known else DEFAULT
    # kept apart from the picker's own state, which a page switch may drop together with `?lang=`
    state = st.session_state
    spoken = str(state.get("language_picked", state.get("language", first)))
    choices = list(known)
    label = translator(spoken)("app.language")
    picked = st.sidebar.selectbox(
        label, choices, choices.index(spoken), format_func=known.__getitem__, key="language_picked"
    )
    state["language"] = picked
    return str(picked)


def missions() -> dict[str, str]:
    """Place and name of every mission that can be opened: the one of the environment, the sample, the stores."""
    asked = os.environ.get(MISSION_VARIABLE, "")
    t = translator(st.session_state["language"])
    places = (
        {asked: Path(asked).name if is_url(asked) else t("page.mission.in_folder", name=Path(asked).name)}
        if asked
        else {}
    )
    if SAMPLE.is_dir():
        places.setdefault(str(SAMPLE), t("app.sample", name=SAMPLE.name))
    return places | {url: name for name, url in stores().items()}


def main() -> None:
    """Draw the frame and run the chosen page."""
    st.set_page_config(page_title="Evenhand", layout="wide", initial_sidebar_state=250)
    t = translator(chosen_language())
    places = missions()
    where = st.sidebar.selectbox(t("app.mission"), list(places), format_func=lambda place: places[place], key="mission")
    st.session_state["where"] = where
    results = [
        st.Page(f"monitoring/pages/{name}.py", title=t(f"page.{name}.menu"), default=name == RESULTS[0])
        for name in RESULTS
    ]
    record = [st.Page(f"coding/pages/{file}.py", title=t(f"page.{name}.menu")) for name, file in RECORD.items()]
    st.navigation({t("app.results"): results, t("app.record"): record}).run()


main()
