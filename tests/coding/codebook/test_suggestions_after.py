"""What models said and learned before a change of names goes on to be read under the names of today."""

from collections.abc import Callable

from coding.codebook.applying import applied
from coding.codebook.changing import Wanted
from coding.store import Store
from coding.store.codebook_changes import Change
from coding.store.suggestions import record_told
from coding.suggestions.labels import labels_of
from coding.suggestions.stamp import stamped
from coding.vocabulary import CodeKind, SuggestionShown
from tests.coding.store.made import told
from tests.missions import segment


def test_blind_codes_are_labels_and_what_was_seen_stays_seen(small_store: Callable[..., Store]) -> None:
    own = segment(1, start=0, end=5, tone="positive", text="Blue Party opened a school.", language="en")
    store = small_store(own)
    record_told(store, told(1, subject="Blue Party", shown=True, revision=1))
    before = labels_of(store)
    for kind, old, new in ((CodeKind.SUBJECT, "Blue Party", "Azure Union"), (CodeKind.TONE, "positive", "good")):
        applied(store, Wanted(kind, Change.RENAME, (old,), (new,)), "supervisor", "why")
    after = labels_of(store)
    assert before.table[["subject", "tone"]].to_numpy().tolist() == [["Blue Party", "positive"]]
    assert after.table[["subject", "tone"]].to_numpy().tolist() == [["Azure Union", "good"]]
    assert after.left_out == before.left_out
    held = store.history(own.segment_id)[-1].segment
    assert stamped(store, held, held.revision + 1).suggestion == SuggestionShown.AFTER
