"""What stands beside the record: suggestions, subtitles, trained models. No figure and no fingerprint rests on them."""

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, select

from coding.mission.loader import load
from coding.problems import ProblemsFound
from coding.store import Store, audit, records, schema, subtitles
from coding.store.engine import open_engine, reading, writing
from coding.store.subtitles import Cue, add_subtitles, remove_subtitles, subtitled, subtitles_of, text_between
from coding.store.suggestions import all_told, record_told, told_of
from coding.store.tone_models import ToneModel, add_model, model_in_use, tone_models, use_model
from monitoring.coverage import open_coverage
from tests.coding.store.made import told
from tests.missions import SUBJECTS, segment, write_mission

Make = Callable[..., Store]
CUES = [Cue(0, 4_000, "one"), Cue(4_000, 9_000, "two"), Cue(9_000, 9_900, "three")]


def _srt(store: Store, **more: object) -> str:
    given = {"name": "a.srt", "language": "ka", "kind": "srt", "sha256": "0" * 64, "cues": CUES} | more
    cues = given.pop("cues")
    return add_subtitles(store, "a-0312", cues, "supervisor", **given).subtitle_id  # type: ignore[arg-type]


def test_a_suggestion_is_told_once_for_a_segment_a_revision_a_model_and_a_subject(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60))
    first = record_told(store, told())
    assert first.recorded_at
    assert record_told(store, told(labels=("negative",), shown=False)) == first
    others = [
        record_told(store, told(revision=2)),
        record_told(store, told(model="v2")),
        record_told(store, told(subject="Red Party")),
        record_told(store, told(2, airing_id="b-0312", probabilities=(), labels=(), silent="no_text", shown=False)),
    ]
    assert all_told(store) == [first, *others]
    assert told_of(store, "b-0312") == others[3:]
    assert told_of(store, segment_ids=[first.segment_id]) == [first, *others[:3]]
    assert told_of(store, segment_ids=[f"{number}" for number in range(600)] + [others[3].segment_id]) == others[3:]


def test_what_stands_beside_the_record_moves_no_figure_and_no_fingerprint(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60))
    before, seen = store.moment(), open_coverage(store)
    record_told(store, told())
    _srt(store)
    remove_subtitles(store, _srt(store), "supervisor")
    add_model(store, ToneModel("v1", "models/v1", "", "supervisor", 0), use=True)
    assert store.moment() == before
    assert open_coverage(store) is seen, "nothing is computed again"
    with reading(store.engine) as connection:
        assert audit.head(connection) != before.fingerprint, "the chain goes on"
    store.revise(store.segments()[0].model_copy(update={"note": "seen"}), "coder-1")
    after = open_coverage(store)
    assert after.fingerprint == store.fingerprint() != before.fingerprint
    assert len(after.table(after.rows)) == 1


def test_the_chain_runs_through_what_stands_beside_the_record(small_store: Make) -> None:
    store = small_store(segment(1, start=0, end=60))
    record_told(store, told())
    remove_subtitles(store, _srt(store), "supervisor")
    add_model(store, ToneModel("v1", "models/v1", "", "supervisor", 0), use=True)
    with reading(store.engine) as connection:
        entries = connection.execute(select(schema.audit).order_by(schema.audit.c.seq)).mappings().all()
    beside = ["suggestion", "subtitles", "subtitles", "tone_model", "tone_model"]
    assert [entry["action"] for entry in entries][3:] == beside
    for before, entry in pairwise(entries):
        assert entry["previous"] == before["hash"]
        assert audit.entry_hash(dict(entry)) == entry["hash"]


def test_subtitles_are_attached_once_and_cut_to_a_stretch(small_store: Make) -> None:
    store = small_store()
    number = _srt(store)
    assert _srt(store) == number, "the same file again is already there"
    assert [each.cues for each in subtitles_of(store, ["a-0312"])] == [tuple(CUES)]
    assert subtitles_of(store, ["b-0312"]) == []
    assert subtitled(store) == {"a-0312"}
    assert text_between(store, "a-0312", 0, 60_000) == ("one two three", "ka")
    assert text_between(store, "a-0312", 0, 6_000) == ("one", "ka"), "the greater part of the second is outside"
    assert text_between(store, "a-0312", 5_000, 6_000) == ("two", "ka"), "a cue that fills the stretch"
    assert text_between(store, "a-0312", 60_000, 90_000) == ("", "")
    assert remove_subtitles(store, number, "supervisor")
    assert not remove_subtitles(store, number, "supervisor")
    assert subtitles_of(store) == []
    assert subtitled(store) == set()
    with reading(store.engine) as connection:
        assert len(connection.execute(select(schema.subtitle)).all()) == 2, "rows stay"


def test_taking_a_file_away_reads_no_other_file(small_store: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    store = small_store()
    number, read = _srt(store), []
    add_subtitles(store, "a-0313", CUES, "supervisor", name="b.srt", language="ka", kind="srt", sha256="b")
    made = subtitles._of
    monkeypatch.setattr(subtitles, "_of", lambda row: read.append(row["subtitle_id"]) or made(row))
    assert remove_subtitles(store, number, "supervisor")
    assert read == [number]


def test_subtitles_of_a_file_that_began_before_the_airing(small_store: Make) -> None:
    store = small_store()
    _srt(store, offset_ms=4_000)
    assert text_between(store, "a-0312", 0, 5_000) == ("two", "ka")


def test_written_subtitles_come_before_recognised_speech_and_parts_go_on(small_store: Make) -> None:
    store = small_store()
    _srt(store, kind="speech", cues=[Cue(0, 60_000, "noise")], sha256="1" * 64)
    _srt(store)
    _srt(store, cues=[Cue(0, 5_000, "four"), Cue(5_000, 6_000, "four")], sha256="2" * 64, offset_ms=-20_000)
    assert text_between(store, "a-0312", 0, 30_000) == ("one two three four", "ka")
    assert text_between(store, "a-0312", 30_000, 60_000) == ("noise", "ka"), "where nothing else is"


def test_subtitles_of_an_unknown_airing_are_refused(small_store: Make) -> None:
    store = small_store()
    with pytest.raises(ProblemsFound, match="nowhere"):
        add_subtitles(store, "nowhere", [], "supervisor", name="", language="", kind="srt", sha256="")


def test_versions_are_kept_and_one_or_none_is_in_use(small_store: Make) -> None:
    store = small_store()
    first = ToneModel("v1", "models/v1", "2025-04-01T10:00:00.000Z", "sup", 120, {"ka": {"earned": True}}, "f" * 64)
    assert model_in_use(store) is None
    assert add_model(store, first) == first
    second = add_model(store, replace(first, version="v2"), use=True)
    assert second.in_use
    assert model_in_use(store) == second
    assert use_model(store, "v1", "sup")
    assert not use_model(store, "v1", "sup")
    assert tone_models(store) == [replace(first, in_use=True), replace(second, in_use=False)]
    assert use_model(store, "", "sup")
    assert model_in_use(store) is None
    with pytest.raises(ProblemsFound, match="v9"):
        use_model(store, "v9", "sup")
    with pytest.raises(ProblemsFound, match="v1"):
        add_model(store, first)


def test_a_store_of_before_is_brought_up_with_all_that_it_holds(store_url: str, tmp_path: Path) -> None:
    """A store as it was before suggestions: its codebook knows no policy, and writes aliases as plain texts."""
    held = load(write_mission(tmp_path / "mission", subjects=SUBJECTS))
    server = create_engine(store_url.replace("postgresql://", "postgresql+psycopg://"))
    config = Config()
    config.set_main_option("script_location", "coding/store/migrations")
    with server.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
    written = held.mission.model_dump(mode="json", by_alias=True, exclude={"suggestions"})
    assert written["subjects"][0]["aliases"] == ["Blues", "The Blues"]
    with server.begin() as connection:
        values = {
            "version": 1,
            "mission": json.dumps(written, ensure_ascii=False),
            "reason": "",
            **records.stamp("test"),
        }
        connection.execute(schema.codebook.insert().values(**values))
        audit.record(connection, "test", "codebook", "small", 1)
    server.dispose()
    store = Store(store_url, open_engine(store_url))
    assert store.mission() == held.mission
    assert store.put_mission(held.mission, held.airings, "test", "again") == 1, "no new version of the codebook"
    with writing(store.engine) as connection:
        assert records.codebook_version(connection) == 1
    store.add([segment(1, start=0, end=60)], "test")
    assert record_told(store, told()) == all_told(store)[0]
    store.engine.dispose()
