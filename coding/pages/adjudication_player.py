"""The recording of a passage with what each coding has of it, and the keys of the adjudication page."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from coding.double_coding.disagreements import Disagreement, Word
from coding.pages import frame
from coding.recordings.serve import has_proxy
from coding.store.places import place_key
from coding.store.recordings import Recording, recordings
from coding.vocabulary import RecordingKind

LEAD_MS = 3_000
"""The recording is played from this long before the passage."""
AROUND_MS = 10_000
"""So much of the airing is shown around the passage."""
STYLE = """
.ev-player { color: var(--ev-ink, inherit); font-size: .85rem; }
.ev-player video { width: 100%; max-height: 280px; background: black; display: block; border-radius: 4px; }
.ev-player audio { width: 100%; display: block; }
.ev-player .none { margin: 0 0 .4rem; padding: .9rem; background: var(--ev-panel); color: var(--ev-quiet); border-radius: 4px; }
.ev-player .strip { position: relative; margin-top: .5rem; }
.ev-player .row { display: grid; grid-template-columns: 4.6rem 1fr; align-items: center; gap: .5rem; margin-bottom: .25rem; }
.ev-player .row span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--ev-quiet); }
.ev-player .track { position: relative; height: 12px; background: var(--ev-panel); border-radius: 2px; }
.ev-player .track i { position: absolute; top: 0; bottom: 0; min-width: 2px; background: var(--ev-accent); border-radius: 2px; }
.ev-player .row:nth-child(2) .track i { background: repeating-linear-gradient(45deg, var(--ev-accent) 0 3px, transparent 3px 6px); border: 1px solid var(--ev-accent); box-sizing: border-box; }
.ev-player .at { position: absolute; inset: 0; margin: 0; align-items: stretch; }
.ev-player .at .track { height: auto; background: none; cursor: pointer; }
.ev-player .at b { position: absolute; top: -2px; bottom: -2px; width: 2px; background: var(--ev-bad-edge); }
.ev-player .paper { position: relative; max-height: 520px; overflow: auto; }
.ev-player .paper img { width: 100%; display: block; }
.ev-player .box { position: absolute; box-sizing: border-box; border: 3px solid var(--ev-mark); background: color-mix(in srgb, var(--ev-mark) 13%, transparent); font-style: normal; }
.ev-player .box.n1 { border: 3px dashed var(--ev-mark-other); background: color-mix(in srgb, var(--ev-mark-other) 13%, transparent); }
.ev-player .box span { position: absolute; top: 0; left: 0; background: var(--ev-mark); color: #ffffff; padding: 0 .4rem; font-weight: 600; }
.ev-player .box.n1 span { left: auto; right: 0; background: var(--ev-mark-other); }
"""  # noqa: E501
_player = st.components.v2.component(
    name="evenhand_adjudication",
    html='<div class="ev-player"></div>',
    css=STYLE,
    js=Path(__file__).with_name("adjudication.js").read_text(encoding="utf-8"),
)


def player(
    opened: frame.Opened, passage: Disagreement, words: Sequence[Word], names: Sequence[str], keys: Mapping[str, str]
) -> bool:
    """Draw it; whether there is something to play.

    `names` are what the codings are called, in the order of `words`; `keys` the style classes of the page's buttons.
    """
    held = recordings(opened.store, [passage.airing_id])
    place = _pages(opened, passage, words, names, held)
    told = place if place is not None else _timed(opened, passage, words, names, held)
    t = opened.t
    spoken = {name: t(f"page.adjudication.{name}") for name in ("recording", "failed")}
    spoken["none"] = t("page.adjudication.no_picture" if told["kind"] == "page" else "page.adjudication.no_recording")
    _player(data={"passage": {**told, "words": spoken}, "keys": dict(keys)}, key="adjudication.player")
    return bool(told["source"]) and told["kind"] != "page"


def _address(opened: frame.Opened, recording: Recording) -> str:
    small = "&proxy=1" if has_proxy(opened.mission.id, recording) else ""
    return f"/recordings/{recording.recording_id}?mission={place_key(opened.where)}{small}"


def _pages(
    opened: frame.Opened,
    passage: Disagreement,
    words: Sequence[Word],
    names: Sequence[str],
    held: Sequence[Recording],
) -> dict[str, Any] | None:
    """The page of a paper with the boxes; None for what has time, or lies nowhere."""
    page = next((word.page for word in words if word.page is not None), None)
    if page is None:
        return None
    picture = next((each for each in held if each.kind == RecordingKind.PAGE and each.page == page), None)
    rows = [
        {"name": name, "boxes": [_sides(piece.box) for piece in word.pieces if piece.box]}
        for name, word in zip(names, words, strict=True)
    ]
    return {"kind": "page", "source": _address(opened, picture) if picture else "", "rows": rows}


def _sides(box: str) -> list[float]:
    return [float(side) for side in box.split()]


def _timed(
    opened: frame.Opened,
    passage: Disagreement,
    words: Sequence[Word],
    names: Sequence[str],
    held: Sequence[Recording],
) -> dict[str, Any]:
    """The recording, where it is to be played from, and the seconds that each coding has."""
    recording = next((each for each in held if each.kind != RecordingKind.PAGE), None)
    times = [(word.start_ms, word.end_ms) for word in words if word.start_ms is not None and word.end_ms is not None]
    start, end = min((each[0] for each in times), default=0), max((each[1] for each in times), default=0)
    rows = [
        {
            "name": name,
            "pieces": [[piece.start_ms, piece.end_ms] for piece in word.pieces if piece.start_ms is not None],
        }
        for name, word in zip(names, words, strict=True)
    ]
    begins = recording.offset_ms if recording else 0
    return {
        "kind": str(recording.kind) if recording else "video",
        "source": _address(opened, recording) if recording else "",
        "begins": begins,
        "play_from": max(0, begins + start - LEAD_MS),
        "from": max(0, start - AROUND_MS),
        "to": end + AROUND_MS,
        "rows": rows if times else [],
    }
