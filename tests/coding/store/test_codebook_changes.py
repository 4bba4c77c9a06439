"""Present names: what was recorded under an earlier name is found under the one that it has now."""

from collections.abc import Callable

from coding.store import Store
from coding.store.codebook_changes import (
    Change,
    CodebookChange,
    PresentNames,
    changes,
    present_names,
    write_change,
)
from coding.store.engine import writing
from coding.vocabulary import CodeKind

DAY = "2025-04-0{}T00:00:00.000Z"


def made(
    version: int, change: Change, old: str, new: str, seq: int, kind: CodeKind = CodeKind.SUBJECT
) -> CodebookChange:
    before, after = (tuple(side.split("|")) if side else () for side in (old, new))
    return CodebookChange(version, kind, change, before, after, seq, "why", DAY.format(version), "supervisor")


HISTORY = [
    made(2, Change.RENAME, "A", "B", 10),
    made(3, Change.NEW, "", "A", 20),
    made(4, Change.MERGE, "A|C", "D", 30),
    made(5, Change.SPLIT, "D", "E|F", 40),
]


def test_a_name_is_followed_from_the_row_that_carries_it() -> None:
    names = PresentNames(HISTORY)
    subject = [(name, seq, names.now("subject", name, seq)) for name, seq in
               [("A", 10), ("A", 11), ("A", 30), ("A", 31), ("B", 15), ("C", 1), ("D", 35), ("X", 1)]]  # fmt: skip
    assert subject == [
        ("A", 10, "B"),  # before the renaming
        ("A", 11, "D"),  # the later subject of the same name, which was merged
        ("A", 30, "D"),
        ("A", 31, "A"),
        ("B", 15, "B"),
        ("C", 1, "D"),
        ("D", 35, "D"),  # a split leaves the name
        ("X", 1, "X"),
    ]
    assert names.now("topic", "A", 1) == "A"


def test_what_has_no_row_is_followed_by_its_instant() -> None:
    names = PresentNames(HISTORY)
    assert names.now_of("subject", "A", DAY.format(1)) == "B"
    assert names.now_of("subject", "A", DAY.format(3)) == "D"
    assert names.now_of("subject", "A", DAY.format(5)) == "A"


def test_what_names_its_codebook_version_is_followed_from_that() -> None:
    names = PresentNames(HISTORY)
    assert [names.since_version("subject", "A", version) for version in (1, 2, 3, 4)] == ["B", "D", "D", "A"]


def test_what_has_no_date_is_followed_from_the_last_change_unless_the_name_is_one_of_today() -> None:
    names = PresentNames(HISTORY)
    assert names.since("subject", "A", ["B", "D"]) == "D"
    assert names.since("subject", "A", ["A", "B", "D"]) == "A"
    assert PresentNames(HISTORY[:1]).since("subject", "A", ["B"]) == "B"
    there_and_back = PresentNames([made(2, Change.RENAME, "A", "B", 1), made(3, Change.RENAME, "B", "A", 2)])
    assert there_and_back.now("subject", "A", 1) == "A"
    assert there_and_back.since("subject", "B", ["A"]) == "A"


def test_changes_are_kept_in_order_and_read_up_to_a_moment(small_store: Callable[..., Store]) -> None:
    store = small_store()
    moment = store.moment()
    assert changes(store) == []
    with writing(store.engine) as connection:
        for each in HISTORY:
            write_change(connection, each)
    assert changes(store) == HISTORY
    assert changes(store, moment) == [], "version 1 had none"
    assert present_names(store).now("subject", "A", 1) == "B"
    assert present_names(store, moment).now("subject", "A", 1) == "A"
