"""Import into a mission: as declared, all or nothing, and the same file twice adds nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coding.exchange.importer import ImportRefused, ImportReport, import_file, preview
from coding.exchange.mapping import FileMapping, find_mapping, mapping_from
from coding.problems import Problem, ProblemsFound
from coding.store import Store
from tests.coding.exchange.conftest import GOOD

Write = Callable[..., Path]
Refused = Callable[..., list[str]]


def row(**changed: str) -> str:
    cells = dict(zip(("outlet", "day", "show", "who", "start", "end", "tone", "kind"), GOOD.split(","), strict=True))
    return ",".join((cells | changed).values())


def test_rows_become_segments_under_canonical_names(store: Store, sheet: FileMapping, write: Write) -> None:
    path = write(row(outlet="არხი ა", who="الحزب الأزرق"), row(start="0:01:00", end="0:01:30.500", tone="neg"))
    report = import_file(path, sheet, store, "test")
    first, second = store.segments()
    assert (report.rows, report.stored, report.already, report.rejected) == (2, 2, (), ())
    assert (first.airing_id, first.subject, first.start_ms, first.end_ms, first.amount) == (
        "a-0312",
        "Blue Party",
        10_000,
        40_000,
        30_000,
    )
    assert (first.tone, second.tone, second.amount) == ("positive", "negative", 30_500)
    assert (first.coder, first.coded_at, first.codebook_version) == ("coder-7", "2025-03-12T00:00:00Z", 1)


def test_same_file_twice_adds_nothing(store: Store, sheet: FileMapping, write: Write) -> None:
    path = write(GOOD, row(start="0:01:00", end="0:01:10"), row(who="Reds"))
    import_file(path, sheet, store, "test")
    before = (store.fingerprint(), store.segments())
    again = import_file(path, sheet, store, "somebody else")
    assert (again.stored, again.already) == (0, (2, 3, 4))
    assert store.segments() == before[1]
    assert "3 rows read, 0 segments stored, 3 already there" in again.lines()[0]
    longer = import_file(write(GOOD, row(who="Reds"), row(who="Government"), name="longer.csv"), sheet, store, "test")
    assert (longer.stored, longer.already) == (1, (2, 3))


def test_identical_rows_are_as_many_segments_on_every_import(
    store: Store, sheet_tree: dict[str, Any], write: Write
) -> None:
    columns = {k: v for k, v in sheet_tree["columns"].items() if k not in ("start_ms", "end_ms")} | {"amount": "Start"}
    mapping = mapping_from(sheet_tree | {"columns": columns, "amount_as": "h:mm:ss", "ignore": ["End"]})
    path = write(GOOD, GOOD, GOOD)
    assert import_file(path, mapping, store, "test").stored == 3
    assert import_file(path, mapping, store, "test").already == (2, 3, 4)
    assert len({held.segment_id for held in store.segments()}) == 3


def test_a_later_codebook_and_a_correction_do_not_bring_rows_in_again(
    store: Store, sheet: FileMapping, write: Write
) -> None:
    path = write(GOOD, row(start="0:01:00", end="0:01:10"))
    import_file(path, sheet, store, "test")
    store.put_mission(store.mission().model_copy(update={"country": "Georgia"}), (), "test", "a later codebook")
    corrected, retracted = store.segments()
    store.revise(corrected.model_copy(update={"tone": "negative"}), "test", "corrected")
    store.retract(retracted.segment_id, 1, "test", "not in the programme")
    assert import_file(path, sheet, store, "test").already == (2, 3)
    assert [(held.tone, held.revision) for held in store.segments()] == [("negative", 2)]


def test_preview_says_the_same_and_writes_nothing(store: Store, sheet: FileMapping, write: Write) -> None:
    before = store.fingerprint()
    good, bad = write(GOOD), write(row(who="Nobody"), name="bad.csv")
    assert preview(good, sheet, store).stored == 1
    assert len(preview(bad, sheet, store).rejected) == 1
    assert store.fingerprint() == before
    assert import_file(good, sheet, store, "test") == ImportReport("sheet.csv", rows=1, stored=1)


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        (
            {"who": "Blue Partie"},
            "Who: «Blue Partie» is not known in this mission. Nearest: Blue Party, Red Party. Correct it",
        ),
        ({"who": "zzz"}, "Who: «zzz» is not known. Known: Ana Turncoat, Blue Party"),
        ({"who": ""}, "Who: Who is missing. Write one."),
        ({"outlet": "Chanel A"}, "Station: «Chanel A» is not known in this mission. Nearest: Channel A, Channel B."),
        ({"end": "0:00:05"}, "the end (5000 ms) is not after the start (600000 ms). Exchange them or correct one."),
        ({"end": "2:00:00"}, "2:00:00 is past the airing's end (1:00:00)."),
        ({"end": ""}, "start and end go together."),
        ({"start": "NaN"}, "Start: «NaN» is not a duration. Write h:mm:ss"),
        ({"tone": "glowing"}, "Tone: «glowing» is not on the tone scale. Write one of: very positive, positive"),
        ({"tone": ""}, "Tone: the tone is missing."),
        ({"kind": "newz"}, "Kind: «newz» is not known. Known: news"),
        ({"day": "2025-03-12"}, "Day: «2025-03-12» is not a date in the order dmy (such as 13.04.2022). Correct it"),
        ({"day": "03/13/2025"}, "Day: «03/13/2025» is not a date in the order dmy"),
        ({"day": "14/03/2025"}, "«Channel A / 2025-03-14 / News» is not in airings.csv. Add the airing."),
        ({"show": "Late news"}, "«Channel A / 2025-03-12 / Late news» is not in airings.csv."),
        ({"outlet": "Channel B", "day": "13/03/2025"}, "b-0313 was not monitored"),
    ],
)
def test_bad_rows_are_named_and_nothing_is_stored(
    changed: dict[str, str], wanted: str, write: Write, refused: Refused
) -> None:
    (found,) = refused(write(GOOD, row(**({"start": "0:10:00", "end": "0:10:30"} | changed))))
    assert found.startswith("sheet.csv:3")
    assert wanted in found


def test_every_bad_row_is_named_at_once(write: Write, refused: Refused, store: Store, sheet: FileMapping) -> None:
    path = write(GOOD, row(who="x"), row(end="0:00:01"), row(tone="odd", kind="odd"))
    assert [text.partition(" ")[0] for text in refused(path)] == [
        "sheet.csv:3", "sheet.csv:4:", "sheet.csv:5", "sheet.csv:5"
    ]  # fmt: skip
    with pytest.raises(ImportRefused) as caught:
        import_file(path, sheet, store, "test")
    assert caught.value.report.lines()[-5] == "4 problems; nothing of the file was stored"


def test_other_codes_on_the_same_seconds(store: Store, sheet: FileMapping, write: Write, refused: Refused) -> None:
    (found,) = refused(write(GOOD, row(start="0:00:30", end="0:00:50", tone="neg")))
    assert found.startswith("sheet.csv:3 start_ms: Blue Party in a-0312: two segments overlap, 0:00:10 to 0:00:40 and ")
    assert "0:00:30 to 0:00:50, with different codes (Tone: positive / negative)." in found
    assert "They are sheet.csv:2 " in found
    assert " and sheet.csv:3 " in found


@pytest.mark.parametrize(("start", "end"), [("0:00:30", "0:00:50"), ("0:00:05", "0:00:50")])
def test_other_codes_on_seconds_that_the_store_holds(
    store: Store, sheet: FileMapping, write: Write, refused: Refused, start: str, end: str
) -> None:
    """Whichever of the two begins first, the row of the file and the segment of the store can be found."""
    import_file(write(GOOD), sheet, store, "test")
    (found,) = refused(write(row(start=start, end=end, tone="neg"), name="later.csv"))
    assert found.startswith("later.csv:2 start_ms: Blue Party in a-0312: ")
    assert f"{start} to {end}" in found
    assert store.segments()[0].segment_id in found
    assert "later.csv:2 " in found.partition("They are")[2]


def test_same_codes_on_the_same_seconds_are_kept_and_reported(store: Store, sheet: FileMapping, write: Write) -> None:
    report = import_file(write(GOOD, row(start="0:00:30", end="0:00:50")), sheet, store, "test")
    (pair,) = report.joined
    assert (report.stored, pair.start_ms, pair.end_ms, pair.line) == (2, 30_000, 40_000, 3)
    assert "Blue Party: the same codes from 0:00:30 to 0:00:40" in report.lines()[1]


def test_more_than_one_airing_fits(store: Store, sheet: FileMapping, write: Write, refused: Refused) -> None:
    airing = next(a for a in store.airings() if a.airing_id == "a-0312")
    store.put_mission(store.mission(), [airing.model_copy(update={"airing_id": "a-0312-repeat"})], "test", "repeat")
    (found,) = refused(write(GOOD))
    assert "fits more than one airing: a-0312, a-0312-repeat. State the airing_id." in found


def test_columns_are_used_ignored_or_a_problem(write: Write, refused: Refused, sheet: FileMapping) -> None:
    header = "Station,Day,Show,Who,Start,End,Mood,Kind"
    assert refused(write(GOOD, header=header)) == [
        "sheet.csv:1 Tone: the column Tone is missing. Add it to the header.",
        "sheet.csv:1 Mood: the mapping does not say what the column Mood is. Add it to [columns], or to ignore.",
    ]
    (garbled,) = refused(write("Channel A,12/03/2025,News,კი,0:00:10,0:00:40,pos,news"), sheet.model_copy(
        update={"file": sheet.file.model_copy(update={"encoding": "cp1251"})}))  # fmt: skip
    assert "the file is valid UTF-8 but was to be read as cp1251" in garbled


def test_units_are_never_mixed(store: Store, write: Write, refused: Refused) -> None:
    mapping = mapping_from(
        {
            "title": "paper in minutes",
            "amount_as": "minutes",
            "columns": {"airing_id": "issue", "subject": "who", "amount": "size", "format": "kind", "tone": "tone"},
        }
    )
    path = write("g-0312,Reds,12,news,neutral", header="issue,who,size,kind,tone")
    assert "this is counted in mm2, but the mapping reads amounts as minutes" in refused(path, mapping)[0]
    area = mapping.model_copy(update={"amount_as": "cm2"})
    assert import_file(path, area, store, "test").stored == 1
    assert store.segments()[0].amount == 1200
    lines = mapping.model_copy(update={"amount_as": "lines"})
    free = write("g-0312,Reds,17,free space,", "g-0312,Reds,,free space,", header="issue,who,size,kind,tone")
    assert refused(free, lines) == ["sheet.csv:3 size: size is missing. Write one."]
    for number in ("NaN", "inf", "-4"):
        (found,) = refused(write(f"g-0312,Reds,{number},news,neutral", header="issue,who,size,kind,tone"), area)
        assert found.startswith(f"sheet.csv:2 size: «{number}» is ")


def test_codes_set_several_fields_and_drop_counts(store: Store, sheet_tree: dict[str, Any], write: Write) -> None:
    tree = sheet_tree | {
        "constants": {},
        "columns": {k: v for k, v in sheet_tree["columns"].items() if k != "tone"},
        "values": {},
        "codes": {"Tone": {"own voice": {"speech": "direct", "tone": "neutral"}, "quoted": {"tone": "negative"}}},
        "drop": {"Who": ["All parties"]},
    }
    mapping = mapping_from(tree)
    path = write(row(tone="own voice"), row(tone="quoted", who="Reds"), row(who="All  parties", tone="sum"))
    report = import_file(path, mapping, store, "test")
    assert report.dropped == {"Who = All parties": 1}
    assert [(s.speech, s.tone, s.coder) for s in store.segments()] == [
        ("direct", "neutral", "import"),
        ("none", "negative", "import"),
    ]
    unknown = preview(write(row(tone="sung")), mapping, store).rejected
    assert "«sung» has no codes in the mapping. Known: own voice, quoted." in unknown[0].message()


def test_ids_of_the_file_are_kept_and_guarded(store: Store, write: Write, refused: Refused) -> None:
    own = find_mapping("evenhand")
    header = "segment_id,airing_id,start_ms,end_ms,subject,tone,format,coder,coded_at"
    one = "00000000-0000-0000-0000-000000000001,a-0312,0,5000,Blues,neutral,news,ana,2025-04-01T10:00:00Z"
    import_file(write(one, header=header), own, store, "test")
    assert store.segments()[0].segment_id.endswith("0001")
    (found,) = refused(write(one.replace("5000", "6000"), header=header), own)
    assert "is already in the store with other content. Revise that segment there" in found
    two = one.replace("0001,", "0002,").replace(",0,5000", ",9000,9500")
    twice = refused(write(two, two.replace("9500", "9600"), header=header), own)
    assert twice[0] == (
        "sheet.csv:3 segment_id: 00000000-0000-0000-0000-000000000002 stands twice. Identifiers are unique."
    )


def test_somebody_writes_between_check_and_transaction(
    store: Store, sheet: FileMapping, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def beaten(*_: object, **__: object) -> None:
        raise ProblemsFound([Problem("id_other_content", value="x")])

    monkeypatch.setattr(store, "add", beaten)
    with pytest.raises(ImportRefused) as caught:
        import_file(write(GOOD), sheet, store, "test")
    assert (caught.value.report.stored, len(caught.value.report.rejected)) == (0, 1)
    assert store.segments() == []


def test_decimal_commas_of_a_semicolon_file(store: Store, write: Write) -> None:
    mapping = mapping_from(
        {
            "title": "minutes",
            "amount_as": "minutes",
            "file": {"delimiter": ";", "decimal": ",", "encoding": "cp1251"},
            "columns": {"airing_id": "выпуск", "subject": "кто", "amount": "минуты", "note": "заметка"},
            "constants": {"format": "news", "tone": "neutral"},
        }
    )
    path = write("a-0312;Синяя партия;1,5;  =SUM(A1) ", header="выпуск;кто;минуты;заметка", encoding="cp1251")
    import_file(path, mapping, store, "test")
    (held,) = store.segments()
    assert (held.amount, held.subject, held.note) == (90_000, "Blue Party", "  =SUM(A1) ")
