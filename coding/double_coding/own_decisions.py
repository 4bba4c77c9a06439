"""What was decided about one coder's own coding: the coder's word, what holds, why, and what can be asked.

Nobody else's word is in it: of the other coders of an airing neither name nor coding.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coding.double_coding.disagreements import CODES, NEAR_MS
from coding.store import Store
from coding.store.decisions import Decision, Reopening, decisions, newest_of, reopenings


@dataclass(frozen=True)
class OwnDecision:
    """A decision in force about a passage that the coder coded: `said` and `holds` are codes, empty for nothing there.

    `asked` is the coder's wish that it be taken again; `again` says that such a wish led to this decision.
    """

    decision_id: str
    airing_id: str
    segments: tuple[str, ...]
    said: Mapping[str, Any]
    holds: Mapping[str, Any]
    upheld: bool
    differs: tuple[str, ...]
    reason: str
    recorded_at: str
    recorded_by: str
    asked: Reopening | None = None
    again: bool = False


def own_decisions(store: Store, coder: str) -> list[OwnDecision]:
    """Every decision now in force about this coder's coding, the newest first."""
    wishes = {each.decision_id: each for each in reopenings(store, coder=coder)}
    made = [each for each in decisions(store) if each.said_by(coder) is not None]
    newest = newest_of(made)
    standing = [each for each in made if each.holds and any(newest[name] is each for name in each.segments)]
    return [_told(each, coder, wishes, made) for each in reversed(standing)]


def _told(made: Decision, coder: str, wishes: Mapping[str, Reopening], earlier: Sequence[Decision]) -> OwnDecision:
    word = made.said_by(coder) or {}
    said = {name: value for name, value in word.items() if name not in ("coder", "pieces")} if word["found"] else {}
    differs = _differs(said, made.codes)
    before = (each for each in earlier if each is not made and set(each.segments) & set(made.segments))
    again = any(each.decision_id in wishes for each in before)
    return OwnDecision(
        made.decision_id, made.airing_id, made.segments, said, made.codes, made.kept == coder or not differs, differs,
        made.reason, made.recorded_at, made.recorded_by, wishes.get(made.decision_id), again,
    )  # fmt: skip


def _differs(said: Mapping[str, Any], holds: Mapping[str, Any]) -> tuple[str, ...]:
    """In what the coder's word differs from what holds."""
    if not said or not holds:
        return ("found",) if bool(said) != bool(holds) else ()
    codes = [name for name in CODES if said[name] != holds[name]]
    times = [(said[side], holds[side]) for side in ("start_ms", "end_ms") if said[side] is not None]
    far = any(holds_at is not None and abs(said_at - holds_at) > NEAR_MS for said_at, holds_at in times)
    return (*codes, *(("bounds",) if far else ()))
