"""The desk as a component of the page: a frame in Python, everything else in `web/`, without a build step."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from coding.desk.payload import words

WEB = Path(__file__).with_name("web")
UNSAVED_WORDS = ("not_saved", "all_saved", "others_wait", "trouble")
LOADER = """
const at = (file) => new URL(file, window.location.origin).href;
export default function (component) {
  const { parentElement, data } = component;
  import(at(data.script)).then((desk) => desk.draw(parentElement, data));
  return () => import(at(data.script)).then((desk) => desk.leave(parentElement));
}
"""
UNSAVED_STYLE = """
.ev-unsaved p { margin: 0; padding: .4rem .8rem; font-weight: 600; border-inline-start: 5px solid #b7791f;
  background: #fff4d6; color: #5f3b00; }
.ev-unsaved p.bad { border-color: #b3261e; background: #fdecea; color: #601410; }
"""
_desk = st.components.v2.component(
    "evenhand_desk",
    html='<div class="ev-desk"></div>',
    css=(WEB / "desk.css").read_text(encoding="utf-8"),
    js=LOADER,
)
_unsaved = st.components.v2.component(
    "evenhand_unsaved", html='<div class="ev-unsaved"></div>', css=UNSAVED_STYLE, js=LOADER
)


def desk(settings: Mapping[str, Any], key: str) -> None:
    """Draw the desk. `settings`: mission (key of the place), airing, coder, language, opening and failed (words)."""
    _desk(data={**settings, "script": "/desk/web/desk.js"}, key=key)


def unsaved(person: str, language: str) -> None:
    """What this browser has not yet saved of a person's work, where there is something; sent from here too."""
    shown = {key: text for key, text in words(language).items() if key.split(".")[0] in UNSAVED_WORDS}
    settings = {"person": person, "language": language, "words": shown, "script": "/desk/web/unsaved.js"}
    _unsaved(data=settings, key="unsaved")
