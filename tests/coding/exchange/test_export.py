"""What goes out comes in again, equal; and no export is a formula, half a file, or without its notice."""

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import openpyxl  # type: ignore[import-untyped]
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from coding.__main__ import app
from coding.double_coding.deciding import decide
from coding.double_coding.disagreements import disagreements
from coding.exchange.exporter import export_segments
from coding.exchange.folder import export_folder
from coding.exchange.importer import import_file
from coding.exchange.mapping import find_mapping
from coding.mission.aliases import Alias
from coding.mission.loader import load
from coding.mission.model import Airing
from coding.problems import ProblemsFound
from coding.segment import Segment
from coding.store import Store
from coding.store.assignments import assign, change
from coding.store.decisions import NOTHING
from coding.store.places import sqlite_url
from coding.vocabulary import Progress, Purpose
from tests.missions import segment, write_mission

KINDS = (".csv", ".xlsx", ".parquet")
# U+FFFE and U+FFFF are not text in XML, nor are other control signs in a workbook's eyes
PRINTABLE = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cn", "Cc")), max_size=20)
TEXTS = st.one_of(
    PRINTABLE,
    st.sampled_from(["=1+1", "'tis", "-", "a\nb", "a\r\nb", '"', "1.0", "007", "  x ", "'=", "a\tb", "a\u2028b\x85"]),
)


@st.composite
def segments(draw: st.DrawFn) -> list[Segment]:
    made = []
    for number in range(1, draw(st.integers(1, 5)) + 1):
        start = number * 100 + draw(st.integers(0, 50))
        more: dict[str, Any] = {}
        probability = draw(st.none() | st.floats(0, 1))
        if probability is not None:
            more = {"suggested_tone": "neutral", "suggested_by": "model 1", "suggestion": "after"}
            more["suggested_probability"] = probability
        paper = {"airing_id": "g-0312", "page": draw(st.integers(1, 40)), "box": "0.1 0.2 0.5 0.25", "amount": start}
        more |= paper if draw(st.booleans()) else {"start_ms": start * 1000, "end_ms": start * 1000 + 10_001}
        made.append(
            segment(
                number,
                subject=draw(st.sampled_from(["Blue Party", "Ana Turncoat", "Government"])),
                tone=draw(st.sampled_from(["positive", "very negative"])),
                topic=draw(st.sampled_from(["", "economy"])),
                text=draw(TEXTS),
                note=draw(TEXTS),
                language=draw(st.sampled_from(["", "ka", "kk"])),
                **more,
            )
        )
    return made


def filled(folder: Path, held: list[Segment], name: str = "store") -> Store:
    mission = load(write_mission(folder / "mission"))
    store = Store(sqlite_url(folder / f"{name}.sqlite"))
    store.put_mission(mission.mission, mission.airings, "test", "made for a test")
    store.add(held, "test")
    return store


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(segments())
def test_exports_and_folders_round_trip(held: list[Segment]) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place)
        store = filled(folder, held)
        for kind in KINDS:
            export_segments(store, folder / f"out{kind}")
            other = filled(folder, [], kind[1:])
            report = import_file(folder / f"out{kind}", find_mapping("evenhand"), other, "test")
            assert report.stored == len(held)
            assert other.segments() == held, kind
            assert len(import_file(folder / f"out{kind}", find_mapping("evenhand"), store, "test").already) == len(held)
            other.engine.dispose()
        export_folder(store, folder / "back")
        read = load(folder / "back")
        assert (read.mission, read.segments) == (store.mission(), tuple(held))
        assert read.airings == store.airings()
        assert not [path for path in folder.iterdir() if "writing" in path.name]
        store.engine.dispose()


def first_coders(held: Iterable[Segment]) -> dict[str, str]:
    """Who stands first: whoever counts where a file is read in."""
    found: dict[str, str] = {}
    for each in held:
        found.setdefault(each.airing_id, each.coder)
    return found


@pytest.mark.parametrize("kind", [*KINDS, ""])
def test_whoever_counts_stands_first_in_a_file(store: Store, tmp_path: Path, kind: str) -> None:
    """A correction makes a later row, an assignment overrules who was first; a file knows neither."""
    mine, again = segment(1, start=0, end=60), segment(2, start=100, end=160)
    blind = segment(3, start=0, end=50, coder="coder-2")
    early = segment(4, "a-0317", start=0, end=60, coder="coder-2")
    given = segment(5, "a-0317", start=0, end=60)
    store.add([mine, again, blind, early, given], "test")
    for each in (mine, again):
        store.revise(each.model_copy(update={"tone": "positive"}), "coder-1", "heard again")
    assign(store, ["a-0317"], "coder-2", Purpose.DOUBLE, "test")
    assign(store, ["a-0317"], "coder-1", Purpose.CODING, "test")
    if kind:
        export_segments(store, tmp_path / f"out{kind}")
        other = filled(tmp_path / "other", [], kind[1:])
        import_file(tmp_path / f"out{kind}", find_mapping("evenhand"), other, "test")
        held = other.segments()
    else:
        export_folder(store, tmp_path / "back")
        held = list(load(tmp_path / "back").segments)
    assert sorted(each.segment_id for each in held) == sorted(each.segment_id for each in store.segments())
    assert first_coders(held) == {"a-0312": "coder-1", "a-0317": "coder-1"}
    assert [each.segment_id for each in held if each.coder == "coder-1"] == [
        each.segment_id for each in (mine, again, given)
    ]


@pytest.mark.parametrize("target", ["out.csv", "back"])
def test_what_counts_nowhere_is_left_out_and_said(store: Store, tmp_path: Path, target: str) -> None:
    """Practice, also beside a coding and after it was taken away, and what others said where nothing holds."""
    assign(store, ["a-0312"], "coder-1", Purpose.CODING, "sup")
    for airing_id in ("a-0312", "a-0317"):
        assign(store, [airing_id], "trainee", Purpose.TEST, "sup")
    change(store, "a-0317", "trainee", Progress.WITHDRAWN, "sup")
    for coder, purpose in (("coder-1", Purpose.CODING), ("coder-2", Purpose.DOUBLE)):
        assign(store, ["a-0313"], coder, purpose, "sup")
        change(store, "a-0313", coder, Progress.DONE, coder)
    mine = segment(3, start=0, end=60)
    left = [
        *(segment(1 + n, name, start=0, end=60, coder="trainee") for n, name in enumerate(("a-0312", "a-0317"))),
        segment(5, "a-0313", start=0, end=60, coder="coder-2"),
    ]
    store.add([*left, segment(4, "a-0313", "Red Party", start=0, end=60), mine], "test")
    (who,) = disagreements(store, "a-0313")
    decide(store, "sup", who, NOTHING, reason="a crowd")
    told = CliRunner().invoke(app, ["export", store.url, str(tmp_path / target)])
    assert "left out: 3 segments" in told.output
    held = list(load(tmp_path / "back").segments) if target == "back" else None
    if held is None:
        other = filled(tmp_path / "other", [], "other")
        import_file(tmp_path / target, find_mapping("evenhand"), other, "test")
        held = other.segments()
    assert [each.segment_id for each in held] == [mine.segment_id]
    assert len(store.segments()) == 4, "in the store nothing is lost"


def test_airings_of_nights_clock_changes_and_totals_round_trip(store: Store, tmp_path: Path) -> None:
    airings = {airing.airing_id: airing for airing in store.airings()}
    night = airings["a-0317"].model_copy(update={"airing_id": "night", "note": 'über Mitternacht, "so"'})
    total = Airing.model_validate(
        {"airing_id": "sum", "outlet": "Radio C", "date": "2025-03-10", "date_to": "2025-03-31", "kind": "aggregate"}
        | {"outlet": "Channel A", "slot": "18-21", "coded": True}
    )
    store.put_mission(store.mission(), [night, total], "test", "more")
    export_folder(store, tmp_path / "back")
    assert load(tmp_path / "back").airings == store.airings()
    berlin = load(write_mission(tmp_path / "berlin", mission=_zone(tmp_path, "Europe/Berlin"), airings=AUTUMN))
    other = Store(sqlite_url(tmp_path / "berlin.sqlite"))
    other.put_mission(berlin.mission, berlin.airings, "test", "clock change")
    export_folder(other, tmp_path / "berlin-back")
    assert load(tmp_path / "berlin-back").airings == other.airings()
    assert len({airing.actual_start for airing in other.airings()}) == 2


AUTUMN = (
    "airing_id,outlet,date,kind,programme,format,actual_start,actual_end\n"
    "first,Channel A,2025-10-26,programme,Night,news,2025-10-26 02:30+02:00,2025-10-26 02:50+02:00\n"
    "second,Channel A,2025-10-26,programme,Night,news,2025-10-26 02:30+01:00,2025-10-26 02:50+01:00\n"
)


def _zone(folder: Path, zone: str) -> str:
    return (folder / "mission" / "mission.toml").read_text(encoding="utf-8").replace("Asia/Tbilisi", zone)


def test_every_export_carries_the_notice_and_the_state_of_the_store(tmp_path: Path) -> None:
    store = filled(tmp_path, [segment(1, start=0, end=5)])
    for kind in KINDS:
        assert len(export_segments(store, tmp_path / f"out{kind}").segments) == 1
    beside = json.loads((tmp_path / "out.csv-metadata.json").read_text(encoding="utf-8"))
    about = {row[0]: row[1] for row in openpyxl.load_workbook(tmp_path / "out.xlsx")["About"].values}
    inside = {k.decode(): v.decode() for k, v in pq.read_schema(tmp_path / "out.parquet").metadata.items()}
    for carried in (beside, about, inside):
        assert (carried["notice"], carried["title"]) == ("made for a test", "A small mission")
        assert carried["store_fingerprint"] == store.fingerprint()
        assert carried["software"].startswith("Evenhand ")
    assert beside["rows"] == 1
    assert beside["columns"]["amount"].startswith("integer of the outlet's unit")
    assert str(pq.read_schema(tmp_path / "out.parquet").field("amount").type) == "int64"


def test_no_export_carries_a_formula(tmp_path: Path) -> None:
    wicked = ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", "{=1}", "http://example.org"]
    held = [segment(i, start=i * 10, end=i * 10 + 5, text=text, note=text) for i, text in enumerate(wicked, 1)]
    store = filled(tmp_path, held)
    export_segments(store, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as lines:
        cells = [row["text"] for row in csv.DictReader(lines)]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]
    export_segments(store, tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    texts = [cell for row in book["segments"].iter_rows(min_row=2) for cell in row if cell.value in wicked]
    assert {cell.data_type for cell in texts} == {"s"}
    assert not [cell for cell in texts if cell.hyperlink]


def test_what_a_workbook_cannot_hold_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    store = filled(tmp_path, [segment(1, start=0, end=5, text="🗳" * 20_000, note="x\ufffe")])
    with pytest.raises(ProblemsFound, match=r"out\.xlsx:2 text: a cell of a workbook holds 32767 signs"):
        export_segments(store, tmp_path / "out.xlsx")
    store = filled(tmp_path, [segment(1, start=0, end=5, note="x\ufffe")], "other")
    with pytest.raises(ProblemsFound, match=r"note of 00000000-0000-0000-0000-000000000001 .* does not survive"):
        export_segments(store, tmp_path / "out.xlsx")
    with pytest.raises(ProblemsFound, match=r"«\.ods» is not a format"):
        export_segments(store, tmp_path / "out.ods")
    assert not [path for path in tmp_path.iterdir() if "out" in path.name]
    export_segments(store, tmp_path / "out.csv")


def test_damaged_export_is_refused_on_import(tmp_path: Path) -> None:
    store = filled(tmp_path, [segment(n, start=n * 10, end=n * 10 + 5) for n in (1, 2, 3)])
    path = tmp_path / "out.csv"
    export_segments(store, path)
    whole = path.read_bytes()
    for length in range(whole.index(str(UUID(int=2)).encode()), len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(ProblemsFound, match="out"):
            import_file(path, find_mapping("evenhand"), store, "test")


def test_a_folder_that_holds_something_is_not_overwritten(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound, match="not empty"):
        export_folder(store, tmp_path / "mission")
    (tmp_path / "new").mkdir()
    export_folder(store, tmp_path / "new")
    assert load(tmp_path / "new").mission == store.mission()


def test_what_a_folder_cannot_say_is_refused(store: Store, tmp_path: Path) -> None:
    mission = store.mission()
    first = mission.subjects[0].model_copy(update={"aliases": (Alias(name="one|two"),)})
    store.put_mission(mission.model_copy(update={"subjects": (first, *mission.subjects[1:])}), (), "test", "a bar")
    with pytest.raises(ProblemsFound, match=r"mission\.toml: this file cannot say what the store holds"):
        export_folder(store, tmp_path / "back")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mission", "store.sqlite"]
