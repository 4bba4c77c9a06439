"""The desk as a component of the page: a frame in Python, everything else in `web/`, without a build step."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

WEB = Path(__file__).with_name("web")
LOADER = """
const at = (file) => new URL(file, window.location.origin).href;
export default function (component) {
  const { parentElement, data } = component;
  import(at(data.script)).then((desk) => desk.draw(parentElement, data));
  return () => import(at(data.script)).then((desk) => desk.leave(parentElement));
}
"""
_mounted = st.components.v2.component(
    "evenhand_desk",
    html='<div class="ev-desk"></div>',
    css=(WEB / "desk.css").read_text(encoding="utf-8"),
    js=LOADER,
)


def desk(settings: Mapping[str, Any], key: str) -> None:
    """Draw the desk. `settings`: mission (key of the place), airing, coder, language, opening and failed (words)."""
    _mounted(data={**settings, "script": "/desk/web/desk.js"}, key=key)
