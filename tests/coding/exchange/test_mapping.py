"""A mapping says everything, once: what contradicts itself or names unknown fields is refused."""

from pathlib import Path

import pytest

from coding.exchange.mapping import FileMapping, find_mapping, load_mapping, mapping_from, save_mapping, shipped
from coding.problems import ProblemsFound
from coding.segment import FIELDS


def texts(tree: dict[str, object]) -> list[str]:
    with pytest.raises(ProblemsFound) as caught:
        mapping_from(tree, "m.toml")
    return [problem.text() for problem in caught.value.problems]


def test_every_shipped_mapping_loads_and_survives_saving(tmp_path: Path) -> None:
    assert {"arcom", "evenhand"} <= shipped().keys()
    for name in shipped():
        mapping = find_mapping(name)
        save_mapping(mapping, tmp_path / "saved.toml")
        assert load_mapping(tmp_path / "saved.toml") == mapping
        assert find_mapping(str(tmp_path / "saved.toml")) == mapping


def test_own_mapping_reads_every_field_of_a_segment() -> None:
    assert find_mapping("evenhand").columns == {name: name for name in FIELDS}


def test_unknown_mapping_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ProblemsFound, match=r"no mapping «nowhere». Name one of arcom, evenhand"):
        find_mapping("nowhere")


def test_unknown_fields_encodings_and_keys_are_all_named(sheet_tree: dict[str, object]) -> None:
    wrong = sheet_tree | {"columns": {"mood": "Tone"}, "file": {"encoding": "klingon", "date_order": "dym"}, "extra": 1}
    found = "\n".join(texts(wrong))
    assert "«mood» is not known. Write one of: segment_id" in found
    assert "«klingon» is not an encoding" in found
    assert "'ymd', 'dmy' or 'mdy'" in found
    assert "nobody reads extra" in found


def test_field_set_twice_and_field_set_nowhere(sheet_tree: dict[str, object]) -> None:
    tree = sheet_tree | {"constants": {"tone": "neutral"}, "codes": {"Who": {"x": {"format": "news"}}}}
    assert texts(tree) == [
        "m.toml tone: the mapping sets tone in more than one place. Keep one.",
        "m.toml format: the mapping sets format in more than one place. Keep one.",
    ]
    assert texts({"title": "empty"}) == [
        f"m.toml {name}: the mapping does not say where {name} comes from. Add it to [columns] or [constants]."
        for name in ("subject", "format", "amount", "outlet", "date")
    ]


def test_translation_of_an_unread_column_is_refused(sheet_tree: dict[str, object]) -> None:
    assert "[values] translates the column Mood" in texts(sheet_tree | {"values": {"Mood": {"a": "b"}}})[0]


def test_broken_toml_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("title = \n")
    with pytest.raises(ProblemsFound, match=r"broken\.toml.*this is not TOML"):
        load_mapping(path)


def test_ignore_takes_patterns_and_brackets(sheet: FileMapping) -> None:
    mapping = sheet.model_copy(update={"ignore": ("Percent*", "Note [old]")})
    assert mapping.ignores("Percent (6-9)")
    assert mapping.ignores("Note [old]")
    assert not mapping.ignores("Note")
