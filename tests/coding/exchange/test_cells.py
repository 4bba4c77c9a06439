"""Cells are read as declared and in no other way."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.exchange.cells import CellError, amount, day, guarded, native_text, unguarded
from coding.exchange.mapping import FileShape


@pytest.mark.parametrize(
    ("text", "reading", "decimal", "wanted"),
    [
        ("126:10:05", "h:mm:ss", ".", 454_205_000),
        ("90", "seconds", ".", 90_000),
        ("1,5", "minutes", ",", 90_000),
        ("0.30000000000000004", "seconds", ".", 300),
        ("12.25", "cm2", ".", 1225),
        ("17", "lines", ".", 17),
        ("17.0", "unit", ".", 17),
    ],
)
def test_amounts_in_base_units(text: str, reading: str, decimal: str, wanted: int) -> None:
    assert amount(text, reading, decimal) == wanted


@pytest.mark.parametrize(
    ("text", "reading", "key"),
    [
        ("", "seconds", "missing_value"),
        ("NaN", "seconds", "not_a_number"),
        ("inf", "ms", "not_a_number"),
        ("-inf", "ms", "not_a_number"),
        ("1e3", "ms", "not_a_number"),
        ("1,234.5", "seconds", "not_a_number"),
        ("1_000", "ms", "not_a_number"),
        ("1,5", "seconds", "decimal_sign"),
        ("-3", "seconds", "out_of_range"),
        ("99999999999999999999", "ms", "out_of_range"),
        ("1.5", "lines", "not_a_whole_number"),
        ("12:61:00", "h:mm:ss", "duration"),
        ("12:10", "h:mm:ss", "duration"),
        ("90", "h:mm:ss", "duration"),
    ],
)
def test_other_amounts_are_refused(text: str, reading: str, key: str) -> None:
    with pytest.raises(CellError) as caught:
        amount(text, reading, ".")
    assert caught.value.key == key


@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from(["ymd", "dmy", "mdy"]))
def test_dates_come_back_in_their_own_order(moment: date, order: str) -> None:
    shape = FileShape.model_validate({"date_order": order})
    assert day(native_text(moment, shape), order) == moment


@pytest.mark.parametrize(
    ("text", "order"), [("13/04/2022", "mdy"), ("2022-04-13", "dmy"), ("13.04.22", "dmy"), ("31.02.2022", "dmy")]
)
def test_a_date_is_never_read_in_another_order(text: str, order: str) -> None:
    with pytest.raises(CellError) as caught:
        day(text, order)
    assert caught.value.key == "date_order"


@given(st.text())
def test_guard_comes_off_again(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@pytest.mark.parametrize("text", ["=1+1", "'tis", "-5", "'"])
def test_text_that_no_export_wrote_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        unguarded(text)


def test_native_values_as_the_mapping_would_write_them() -> None:
    shape = FileShape(decimal=",", date_order="dmy")
    values: list[object] = [
        None,
        True,
        3.0,
        0.25,
        Decimal("1.50"),
        1e-5,
        date(2022, 4, 13),
        datetime(2022, 4, 13),
        time(0, 2, 6),
    ]
    values += [timedelta(hours=126, seconds=5), datetime(2022, 4, 13, 10, tzinfo=UTC), "=1", float("nan"), 10**20]
    assert [native_text(value, shape) for value in values] == [
        "", "yes", "3", "0,25", "1,5", "0,00001", "13.04.2022", "13.04.2022", "00:02:06",
        "126:00:05", "2022-04-13T10:00:00Z", "=1", "NaN", "100000000000000000000",
    ]  # fmt: skip
