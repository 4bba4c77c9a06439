"""What the page Agreement shows, computed once for a state of the store and held: codings, passages and the figures."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from coding.double_coding.codings import Codings, double_codings
from coding.double_coding.passages import passages
from coding.store import Store, audit
from coding.store.engine import reading
from monitoring.agreement.measures import report
from monitoring.coverage import SHORTEST_WAIT, WAIT_FACTOR

T = TypeVar("T")


@dataclass
class Found:
    """Everything about one state. `state` is the newest entry of the audit chain, `version` the codebook's."""

    state: str
    version: int
    codings: Codings
    table: pd.DataFrame
    report: pd.DataFrame
    as_of: datetime
    finished: float = 0.0
    seconds: float = 0.0
    parts: dict[Hashable, Any] = field(default_factory=dict)
    """What was asked for since."""

    def part(self, name: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, computed at the first time that it is asked for."""
        if name not in self.parts:
            self.parts[name] = make()
        found: T = self.parts[name]
        return found


@dataclass
class Shelf:
    """What is held of one store. One visitor computes at a time; the others then find it done."""

    lock: Any = field(default_factory=Lock)
    held: Found | None = None


@st.cache_resource(max_entries=8, show_spinner=False)
def _shelf(url: str) -> Shelf:
    return Shelf()


def found_in(store: Store, computing: str) -> Found:
    """The figures of the store as it is, or, while people save, of a little earlier: `as_of` says of when.

    What is held serves on for a few seconds, and for some times what computing it took, as coverage does.
    """
    shelf, state = _shelf(store.url), newest_entry(store)
    held = shelf.held
    if held is not None and (held.state == state or _may_wait(held, store)):
        return held
    with st.spinner(computing), shelf.lock:
        if shelf.held is None or shelf.held.state != state:
            shelf.held = _computed(store, state)
        return shelf.held


def newest_entry(store: Store) -> str:
    """The newest entry of all: assignments, decisions and suggestions too."""
    with reading(store.engine) as connection:
        return audit.head(connection)


def _may_wait(held: Found, store: Store) -> bool:
    """Whether what is held may be shown a while longer: not after a change of the mission, nor where it is nothing."""
    fresh = monotonic() - held.finished < max(SHORTEST_WAIT, WAIT_FACTOR * held.seconds)
    return fresh and len(held.table) > 0 and held.version == store.codebook_version()


def _computed(store: Store, state: str) -> Found:
    begun, as_of, version = monotonic(), datetime.now(UTC), store.codebook_version()
    codings = double_codings(store)
    table = passages(codings)
    found = Found(state, version, codings, table, report(codings, table), as_of)
    found.finished = monotonic()
    found.seconds = found.finished - begun
    return found
