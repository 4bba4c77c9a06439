"""What a first script would be, for `benchmarks.desk_load`: a form on a Streamlit page that saves and shows a table.

It saves into SQLite with the settings that Python's own driver has, and reads all segments at each run to group them
with pandas. It is driven by clients that speak Streamlit's protocol, in a process of their own.
"""

import random
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path

from streamlit.proto.Element_pb2 import Element

from benchmarks.desk_clients import EVERY_SECONDS
from benchmarks.streamlit_client import StreamlitClient

PAGE = """import sqlite3

import pandas as pd
import streamlit as st

connection = sqlite3.connect("segments.sqlite")
with st.form("segment"):
    channel = st.selectbox("Channel", ["Khabar", "Kazakhstan", "KTK", "Astana TV"])
    programme = st.text_input("Programme")
    subject = st.text_input("Subject")
    tone = st.selectbox("Tone", ["positive", "neutral", "negative"])
    seconds = st.number_input("Seconds", value=0.0)
    coder = st.text_input("Coder")
    text = st.text_area("Text")
    pressed = st.form_submit_button("Save")
if pressed:
    values = (channel, programme, subject, tone, seconds, coder, text)
    connection.execute(
        "INSERT INTO segments (channel, programme, subject, tone, seconds, coder, text) VALUES (?, ?, ?, ?, ?, ?, ?)",
        values,
    )
    connection.commit()
    st.success("saved")
segments = pd.read_sql("SELECT * FROM segments", connection)
st.dataframe(segments.groupby(["channel", "subject", "tone"])["seconds"].sum())
"""
COPIED = """SELECT a.date AS date, a.outlet AS channel, a.programme AS programme, s.subject AS subject, s.role AS role,
    s.speech AS speech, s.tone AS tone, s.format AS format, s.topic AS topic, s.amount / 1000.0 AS seconds,
    s.coder AS coder, s.text AS text
    FROM held.segment s JOIN held.airing a ON a.airing_id = s.airing_id AND a.revision = 1"""
OPTIONS = ["--server.headless=true", "--browser.gatherUsageStats=false", "--server.fileWatcherType=none"]


@dataclass
class Filled:
    """Milliseconds from the press to "saved" and to the end of the page, and what failed."""

    saved: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def naive_folder(folder: Path, store: Path) -> Path:
    """The page beside its database, which holds the segments of a store."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / "segments.sqlite")) as connection:
        connection.execute("ATTACH ? AS held", (str(store),))
        connection.execute(f"CREATE TABLE segments AS {COPIED}")
        connection.commit()
    (folder / "form.py").write_text(PAGE, encoding="utf-8")
    return folder / "form.py"


def said_saved(element: Element) -> bool:
    """Whether this is the green line that says so."""
    return element.WhichOneof("type") == "alert" and element.alert.body == "saved"


def fill(address: str, clients: int, seconds: float, ready: Event, go: Event, told: Connection) -> None:
    """Open the form for everybody, say so, wait for the word, fill it in again and again, tell what came of it."""
    filled, sessions = Filled(), [StreamlitClient(address) for _ in range(clients)]
    for session in sessions:
        session.run("")
    ready.set()
    go.wait()
    threads = [
        threading.Thread(target=_fills, args=(session, number, seconds, filled))
        for number, session in enumerate(sessions)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told.send(filled)


def _fills(session: StreamlitClient, number: int, seconds: float, filled: Filled) -> None:
    """One press each five seconds, or as soon as the last one is on the screen."""
    pace, end = random.Random(number), time.monotonic() + seconds
    when = time.monotonic() + pace.uniform(0, EVERY_SECONDS)
    while when < end:
        time.sleep(max(0.0, when - time.monotonic()))
        values = {"Subject": "Nur Otan", "Seconds": 1.5, "Coder": f"coder {number}", "Save": True}
        try:
            run = session.run(values=values, shown=said_saved)
        except TimeoutError:
            filled.errors.append("no answer")
            break
        if run.shown_ms is None or run.problems:
            filled.errors.append("; ".join(run.problems) or "no word of saved")
        else:
            filled.saved.append(run.shown_ms)
            filled.whole.append(run.whole_ms)
        when = max(time.monotonic(), when + pace.uniform(0.8, 1.2) * EVERY_SECONDS)
    session.close()
