"""A client that speaks Streamlit's own protocol: opens a session, runs pages, presses buttons, draws nothing.

It stands for the browsers of many people. The server does for it all that it does for a browser, but what browsers
draw on machines of their own takes no processor from the server that is measured.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from websockets.sync.client import connect
from websockets.typing import Subprotocol

Shown = Callable[[Element], bool]
LONGEST_WAIT = 120
"""Seconds without any message after which a run counts as failed."""


@dataclass
class Run:
    """One run of a page: milliseconds to what was waited for (None: it never came) and to the end, and what failed."""

    shown_ms: float | None = None
    whole_ms: float = 0.0
    problems: list[str] = field(default_factory=list)


def chart(element: Element) -> bool:
    """Whether this is a chart."""
    return bool(element.WhichOneof("type") == "vega_lite_chart")


class StreamlitClient:
    """One session, as an open tab has it. `cookie` is the whole header."""

    def __init__(self, address: str, cookie: str = "") -> None:
        where = address.replace("http://", "ws://").rstrip("/") + "/_stcore/stream"
        headers = {"Cookie": cookie} if cookie else {}
        self._socket = connect(
            where, subprotocols=[Subprotocol("streamlit")], additional_headers=headers, max_size=None,
            ping_interval=None, open_timeout=LONGEST_WAIT,
        )  # fmt: skip
        self._pages: dict[str, str] = {}
        self._page = ""
        self._widgets: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the tab."""
        self._socket.close()

    def run(self, page: str | None = None, values: Mapping[str, Any] | None = None, shown: Shown | None = None) -> Run:
        """Run a page (its name in the address; None for the open one) with values of widgets, named by their labels.

        A value is a text, a number, or True for a pressed button.
        """
        start = time.perf_counter()
        self._socket.send(self._asked(page, values or {}).SerializeToString())
        run = Run()
        while True:
            message = ForwardMsg.FromString(self._socket.recv(timeout=LONGEST_WAIT))
            kind = message.WhichOneof("type")
            if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                self._met(message.delta.new_element, run)
                if run.shown_ms is None and shown and shown(message.delta.new_element):
                    run.shown_ms = (time.perf_counter() - start) * 1000
            elif kind == "navigation":
                self._pages = {each.url_pathname: each.page_script_hash for each in message.navigation.app_pages}
                self._page = message.navigation.page_script_hash
            elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                run.whole_ms = (time.perf_counter() - start) * 1000
                return run

    def _asked(self, page: str | None, values: Mapping[str, Any]) -> BackMsg:
        states = WidgetStates(widgets=[_state(self._widgets[label], value) for label, value in values.items()])
        known = self._page if page is None else self._pages.get(page, "")
        named = "" if known or page is None else page
        return BackMsg(rerun_script=ClientState(page_script_hash=known, page_name=named, widget_states=states))

    def _met(self, element: Element, run: Run) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            run.problems.append(f"{element.exception.type}: {element.exception.message}")
        elif kind:
            told = getattr(element, kind)
            if {"id", "label"} <= set(told.DESCRIPTOR.fields_by_name):
                self._widgets[told.label] = told.id


def _state(widget: str, value: str | float | bool) -> WidgetState:
    if isinstance(value, bool):
        return WidgetState(id=widget, trigger_value=value)
    if isinstance(value, str):
        return WidgetState(id=widget, string_value=value)
    return WidgetState(id=widget, double_value=value)
