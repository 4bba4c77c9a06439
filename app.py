"""Evenhand: `streamlit run app.py`. The one entry: who asks, which mission, language and page. No analysis.

Streamlit reads this file twice. The server imports it and finds `app`, with the gate and the few routes of our own;
then each run of a page executes it as a script, and `main` draws the frame.
"""

import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st
import typer
from starlette.middleware import Middleware
from streamlit.runtime.scriptrunner import get_script_run_ctx

from coding.demo import prepared_demo
from coding.desk.routes import ROUTES as DESK_ROUTES
from coding.languages import DEFAULT, languages, translator
from coding.pages import who
from coding.people.accounts import FIRST_ADMIN, people
from coding.people.gate import DEMO, PASSWORD, SIGN_IN, SIGN_OUT, Gate
from coding.people.rights import Person, Right
from coding.people.routes import LANGUAGE_COOKIE
from coding.people.routes import ROUTES as PEOPLE_ROUTES
from coding.store.places import SAMPLE, data_dir, demo_url, is_demo, is_url, named_mission, stores
from coding.suggestions.worker import WORKER

PAGES = (
    ("results", "overview", "monitoring/pages/overview.py", Right.RESULTS),
    ("results", "share", "monitoring/pages/share.py", Right.RESULTS),
    ("results", "tone", "monitoring/pages/tone.py", Right.RESULTS),
    ("results", "appearances", "monitoring/pages/appearances.py", Right.RESULTS),
    ("results", "timeline", "monitoring/pages/timeline.py", Right.RESULTS),
    ("evidence", "balance", "monitoring/pages/balance.py", Right.RESULTS),
    ("evidence", "compare", "monitoring/pages/compare.py", Right.RESULTS),
    ("evidence", "rules", "monitoring/pages/rules.py", Right.RESULTS),
    ("evidence", "calendar", "monitoring/pages/calendar.py", Right.RESULTS),
    ("evidence", "incidents", "monitoring/pages/incidents.py", Right.RESULTS),
    ("evidence", "agreement", "monitoring/pages/agreement.py", Right.RESULTS),
    ("evidence", "tone_model", "monitoring/pages/tone_model.py", Right.RESULTS),
    ("evidence", "suggestions", "monitoring/pages/suggestions.py", Right.RESULTS),
    ("coding", "my_work", "coding/pages/my_work.py", Right.CODE),
    ("coding", "returned_work", "coding/pages/returned_work.py", Right.CODE),
    ("coding", "desk", "coding/pages/desk.py", Right.CODE),
    ("coding", "assign", "coding/pages/assign.py", Right.SUPERVISE),
    ("coding", "adjudication", "coding/pages/adjudication.py", Right.SUPERVISE),
    ("coding", "gold", "coding/pages/gold.py", Right.SUPERVISE),
    ("coding", "queue", "coding/pages/queue.py", Right.SUPERVISE),
    ("coding", "tone_model_training", "coding/pages/tone_model_training.py", Right.SUPERVISE),
    ("coding", "recordings", "coding/pages/recordings.py", Right.SUPERVISE),
    ("coding", "subtitles", "coding/pages/subtitles.py", Right.SUPERVISE),
    ("record", "import", "coding/pages/import_segments.py", Right.RECORD),
    ("record", "mission", "coding/pages/mission.py", Right.RECORD),
    ("record", "codebook", "coding/pages/codebook.py", Right.RECORD),
    ("team", "people", "coding/pages/people.py", Right.PEOPLE),
)
"""Section of the menu, name in the catalogue, file, and what a person must be allowed to see it."""
DESK = "desk"
LOOK = Path(__file__).parent / "coding" / "pages" / "look.css"
REFUSED = '<style>[data-testid="stSidebar"], [data-testid="stExpandSidebarButton"] { display: none; }</style>'
"""The menu of the run before would stay beside the refusal."""


def chosen_language() -> str:
    """The language of this session: `?lang=` or the one of the sign-in page at first, then the picker."""
    known = languages()
    asked = (st.query_params.get("lang", ""), st.context.cookies.get(LANGUAGE_COOKIE, ""), DEFAULT)
    first = next(language for language in asked if language in known)
    # kept apart from the picker's own state, which a page switch may drop together with `?lang=`
    state = st.session_state
    spoken = str(state.get("language_picked", state.get("language", first)))
    choices = list(known)
    label = translator(spoken)("app.language")
    picked = st.sidebar.selectbox(
        label, choices, choices.index(spoken), format_func=known.__getitem__, key="language_picked",
        label_visibility="collapsed",
    )  # fmt: skip
    state["language"] = picked
    if st.query_params.get("lang") != picked:
        st.query_params["lang"] = picked  # a reload keeps the language
    return str(picked)


def missions(person: Person) -> dict[str, str]:
    """Place and name of every mission that the person can open: the one of the environment, the stores, the sample."""
    t = translator(st.session_state["language"])
    places = {}
    if not person.demo:
        named = named_mission()
        if named:
            folder = Path(named).name
            places[named] = folder if is_url(named) else t("page.mission.in_folder", name=folder)
        places |= {url: name for name, url in stores().items()}
    if SAMPLE.is_dir():
        places.setdefault(demo_url(data_dir()), t("app.sample", name=SAMPLE.name))
    return places


def refuse() -> None:
    """Say that nobody is signed in here, and where to sign in. Nothing else is shown."""
    t = translator(str(st.session_state.get("language", DEFAULT)))
    words = t("people.demo_over" if who.session_header() == DEMO else "people.signed_out")
    way = f'<a href="{SIGN_IN}">{escape(t("signin.go"))}</a>'
    st.html(LOOK)
    st.html(f'{REFUSED}<div class="ev-out" role="alert"><p>{escape(words)}</p>{way}</div>')
    st.stop()


def welcome(person: Person) -> None:
    """A session's state belongs to one person: a browser that signs in as another begins anew."""
    before = st.session_state.get("person", person)
    if before.session_id != person.session_id:
        st.session_state.clear()
    st.session_state["person"] = person


def signed_in(person: Person) -> None:
    """Who is signed in, under the menu, with the ways to a new password and out."""
    t = translator(st.session_state["language"])
    if person.demo:
        links = {SIGN_IN: t("signin.go")}
        named = f"<span>{escape(t('people.demo_notice'))}</span>"
    else:
        links = {PASSWORD: t("signin.password"), SIGN_OUT: t("signin.out")}
        named = f"<b>{escape(person.name)}</b> <span>· {escape(t(f'people.role.{person.role}'))}</span>"
    ways = "".join(f'<a href="{address}">{escape(words)}</a>' for address, words in links.items())
    st.sidebar.html(f'<p class="ev-who">{named}</p><p class="ev-who">{ways}</p>')


def run_page(person: Person) -> None:
    """Offer the pages that the person may see, and run the chosen one."""
    t = translator(st.session_state["language"])
    menu: dict[str, list[st.Page]] = {}
    for section, name, file, right in PAGES:
        if person.may(right):
            pages = menu.setdefault(t(f"app.{section}"), [])
            pages.append(st.Page(file, title=t(f"page.{name}.menu"), default=len(menu) == 1 and not pages))
    if menu:
        page = st.navigation(menu, expanded=True)
        # the desk takes the whole window
        sidebar: Any = "collapsed" if page.url_path == DESK else 250
        st.set_page_config(page_title="Evenhand", layout="wide", initial_sidebar_state=sidebar)
        page.run()
    else:
        st.html(f"<p>{escape(t('people.no_pages'))}</p>")


def main() -> None:
    """Draw the frame and run the chosen page."""
    person = who.person()
    if person is None:
        refuse()
        return
    welcome(person)
    st.html(LOOK)
    t = translator(chosen_language())
    places = missions(person)
    where = st.sidebar.selectbox(t("app.mission"), list(places), format_func=lambda place: places[place], key="mission")
    if where and is_demo(where):
        prepared_demo()
    st.session_state["where"] = where
    signed_in(person)
    run_page(person)


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """At the start of the server: an admin, where there is nobody at all, told once on the console."""
    password = people().first_start()
    if password is not None:
        typer.echo(translator()("people.first_start", name=FIRST_ADMIN, password=password), err=True)
    # what was imported stays for good: left out of every full garbage collection, which would otherwise go through it
    # in the middle of a read, while the store is locked (80 ms)
    gc.collect()
    gc.freeze()
    # a save lets go of the interpreter at each statement to the store, and beside analysts' pages waits for its turn
    # each time: 79 ms in place of 162 (95 %, 30 coders) with turns of half a millisecond
    sys.setswitchinterval(0.0005)
    yield
    WORKER.stop()


if get_script_run_ctx(suppress_warning=True) is None:
    gate = Middleware(Gate, allowed_hosts=st.get_option("server.allowedHosts") or (), whole=who.whole_run)
    app = st.App(
        __file__,
        routes=[*PEOPLE_ROUTES, *DESK_ROUTES],
        middleware=[gate],
        lifespan=lifespan,
    )
else:
    main()
