"""What a segment's own columns say of a suggestion, from the store's record of what was told: nobody else's word."""

from typing import Any

from coding.segment import Segment
from coding.store import Store, records
from coding.store.codebook_changes import present_names
from coding.store.engine import reading
from coding.store.suggestions import Told, told_in
from coding.suggestions.queue import selected_in
from coding.suggestions.scales import Present, under_present_name
from coding.suggestions.telling import probability
from coding.vocabulary import SuggestionShown

NOTHING: dict[str, Any] = {
    "suggested_tone": "",
    "suggested_probability": None,
    "suggested_by": "",
    "suggestion": SuggestionShown.NEVER,
}
JOINED = " / "
"""Between the labels of a suggestion that names two."""


def stamped(store: Store, segment: Segment, revision: int) -> Segment:
    """The segment as its revision of this number is to be stored; `selected` is the one of the airing's draw.

    A revision that is stored already keeps what it says: a message may come again after the coder was told.
    """
    with reading(store.engine) as connection:
        history = records.history(connection, segment.segment_id)
        told = told_in(connection, segment_ids=[segment.segment_id])
        selected = history[0].segment.selected if history else selected_in(connection, segment.airing_id)
    held = next((each.segment for each in history if each.revision == revision), None)
    if held is not None:
        return segment.model_copy(update={name: getattr(held, name) for name in (*NOTHING, "selected")})
    return segment.model_copy(update=columns(_now(store, told), segment.subject, revision) | {"selected": selected})


def _now(store: Store, told: list[Told]) -> list[Told]:
    """What was told, under the names that the points and the subjects have now."""
    if not told:
        return []
    present, names = Present(store, store.mission()), present_names(store)
    return [present.renamed(under_present_name(names, each), each.model) for each in told]


def columns(told: list[Told], subject: str, revision: int) -> dict[str, Any]:
    """The four columns of a revision: what its coder had seen of a suggestion about its subject.

    What was shown before the first code (`Told.revision` 0) goes with every revision, as `before`; what was shown
    after a revision goes with the later ones, as `after`.
    """
    seen = [each for each in told if each.shown and each.subject == subject and each.revision < revision]
    if not seen:
        return NOTHING
    first = seen[0]
    return {
        "suggested_tone": JOINED.join(first.labels),
        "suggested_probability": probability(first),
        "suggested_by": first.model,
        "suggestion": SuggestionShown.BEFORE if first.revision == 0 else SuggestionShown.AFTER,
    }
