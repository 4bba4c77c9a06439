"""Files from before a change of names: read under the names of today, and the same file adds nothing a second time."""

from collections.abc import Callable
from pathlib import Path

import pytest

from coding.codebook.applying import applied
from coding.codebook.changing import Wanted
from coding.exchange.importer import ImportRefused, import_file
from coding.exchange.mapping import FileMapping, find_mapping, mapping_from
from coding.store import Store
from coding.store.codebook_changes import Change
from coding.vocabulary import CodeKind

NAMES = ("airing_id", "start_ms", "end_ms", "subject", "tone", "format", "topic", "coder", "coded_at")
PLAIN = mapping_from({"title": "without ids", "time_as": "ms", "columns": {name: name for name in NAMES}})
HEAD = ",".join(NAMES) + "\n"
ROWS = (
    "a-0312,0,5000,Blue Party,neutral,news,economy,c-1,2025-04-01T10:00:00Z\n"
    "a-0312,10000,15000,Red Party,neutral,news,economy,c-1,2025-04-01T10:00:00Z\n"
    "a-0312,20000,25000,Green Party,positive,news,,c-1,2025-04-01T10:00:00Z\n"
)


def with_ids(text: str) -> str:
    head, *rows = text.splitlines()
    numbered = [f"{number:08x}-0000-0000-0000-000000000000,{row}" for number, row in enumerate(rows, 1)]
    return "\n".join([f"segment_id,{head}", *numbered, ""])


@pytest.mark.parametrize(("mapping", "written"), [(PLAIN, str), (find_mapping("evenhand"), with_ids)])
def test_the_same_file_after_renames_and_a_merge_adds_nothing(
    small_store: Callable[..., Store], tmp_path: Path, mapping: FileMapping, written: Callable[[str], str]
) -> None:
    store = small_store()
    file = tmp_path / "log.csv"
    file.write_text(written(HEAD + ROWS), encoding="utf-8")
    assert import_file(file, mapping, store, "test").stored == 3
    for kind, change, old, new in (
        (CodeKind.SUBJECT, Change.RENAME, ("Blue Party",), "Azure Union"),
        (CodeKind.SUBJECT, Change.RENAME, ("Azure Union",), "Sky Union"),
        (CodeKind.SUBJECT, Change.MERGE, ("Red Party", "Green Party"), "Alliance"),
        (CodeKind.TOPIC, Change.RENAME, ("economy",), "prices"),
        (CodeKind.TONE, Change.RENAME, ("neutral",), "balanced"),
    ):
        applied(store, Wanted(kind, change, old, (new,)), "supervisor", "why")
    again = import_file(file, mapping, store, "test")
    assert (again.stored, len(again.already)) == (0, 3)
    fresh = tmp_path / "new.csv"
    later = written(HEAD + ROWS).replace("a-0312", "a-0313").replace("-0000-0000-", "-0000-0001-")
    fresh.write_text(later, encoding="utf-8")
    assert import_file(fresh, mapping, store, "test").stored == 3
    found = {(each.subject, each.tone, each.topic) for each in store.segments() if each.airing_id == "a-0313"}
    assert found == {
        ("Sky Union", "balanced", "prices"),
        ("Alliance", "balanced", "prices"),
        ("Alliance", "positive", ""),
    }


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_a_file_with_a_name_that_was_split_up_is_refused_by_line(
    small_store: Callable[..., Store], tmp_path: Path
) -> None:
    store = small_store()
    applied(store, Wanted(CodeKind.TOPIC, Change.SPLIT, ("economy",), ("prices", "jobs")), "supervisor", "too broad")
    file = tmp_path / "log.csv"
    file.write_text(HEAD + ROWS, encoding="utf-8")
    with pytest.raises(ImportRefused) as found:
        import_file(file, PLAIN, store, "test")
    assert [(problem.key, problem.line) for problem in found.value.problems] == [
        ("codebook.retired", 2),
        ("codebook.retired", 3),
    ]
    assert store.segments() == []
