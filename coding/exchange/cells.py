"""Single cells: native values of workbooks as text, and text as amounts, moments and dates in the declared form."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from coding.exchange.mapping import FileShape
from coding.mission.clock import duration_ms, duration_text

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet takes a CSV cell that begins so for a formula, or trims it until it does."""

MOST = 2**63 - 1
_NUMBER = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{1,20})?")
_DURATION = re.compile(r"[0-9]{1,9}:[0-5][0-9]:[0-5][0-9](?:[.,][0-9]{1,3})?")
_DATE_PARTS = {
    "ymd": re.compile(r"(?P<y>[0-9]{4})[-./](?P<m>[0-9]{1,2})[-./](?P<d>[0-9]{1,2})"),
    "dmy": re.compile(r"(?P<d>[0-9]{1,2})[-./](?P<m>[0-9]{1,2})[-./](?P<y>[0-9]{4})"),
    "mdy": re.compile(r"(?P<m>[0-9]{1,2})[-./](?P<d>[0-9]{1,2})[-./](?P<y>[0-9]{4})"),
}
_DATE_FORMS = {"ymd": "%Y-%m-%d", "dmy": "%d.%m.%Y", "mdy": "%m/%d/%Y"}
_FACTORS = {"unit": 1, "ms": 1, "mm2": 1, "lines": 1, "seconds": 1000, "minutes": 60_000, "cm2": 100}
_WHOLE = ("unit", "ms", "mm2", "lines")


class CellError(Exception):
    """A cell that cannot be read as declared; `key` and `values` name the message."""

    def __init__(self, key: str, values: Mapping[str, Any] | None = None) -> None:
        self.key, self.values = key, values or {}
        super().__init__(key)


def native_text(value: Any, shape: FileShape) -> str:
    """A workbook's or Parquet file's own value, as the mapping says that text would be written.

    Numbers in plain digits with the declared decimal sign, dates in the declared order, durations as h:mm:ss.

    >>> native_text(0.25, FileShape(decimal=",")), native_text(date(2022, 4, 13), FileShape(date_order="mdy"))
    ('0,25', '04/13/2022')
    """
    match value:
        case None:
            text = ""
        case bool():
            text = "yes" if value else "no"
        case float() | Decimal():
            text = _plain(value).replace(".", shape.decimal)
        case datetime():
            text = _moment(value, shape)
        case date():
            text = value.strftime(_DATE_FORMS[shape.date_order])
        case timedelta():
            text = duration_text(round(value / timedelta(milliseconds=1)))
        case _:
            text = str(value)
    return text


def _plain(value: float | Decimal) -> str:
    exact = Decimal(repr(value)) if isinstance(value, float) else value
    text = format(exact, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(value: datetime, shape: FileShape) -> str:
    if value.tzinfo is None and value.time() == time():
        return native_text(value.date(), shape)
    return value.isoformat().replace("+00:00", "Z")


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula: behind an apostrophe where it begins like one.

    >>> guarded("=1+1"), guarded("'tis"), guarded("news")
    ("'=1+1", "''tis", 'news')
    """
    return f"'{text}" if text.startswith((*FORMULA_STARTS, "'")) else text


def unguarded(text: str) -> str:
    """The way back from `guarded`. Raises CellError for text that it would never have written."""
    plain = text[1:] if text.startswith("'") else text
    if guarded(plain) != text:
        raise CellError("apostrophe")
    return plain


def number(text: str, decimal: str) -> Decimal:
    """A number with the declared decimal sign, without group separators. Raises CellError."""
    other = "," if decimal == "." else "."
    if _NUMBER.fullmatch(text.replace(decimal, ".", 1)) and other not in text:
        return Decimal(text.replace(decimal, "."))
    if _NUMBER.fullmatch(text.replace(other, ".", 1)):
        raise CellError("decimal_sign", {"decimal": decimal})
    raise CellError("not_a_number")


def amount(text: str, reading: str, decimal: str) -> int:
    """An amount in the base unit of its reading: ms, mm2 or lines. A part of a millisecond or mm2 is rounded.

    Raises CellError for an empty cell, NaN, an infinite or negative number, or another form than declared.

    >>> amount("0:02:06", "h:mm:ss", "."), amount("12,5", "seconds", ","), amount("3.5", "cm2", ".")
    (126000, 12500, 350)
    """
    written = text.strip()
    if not written:
        raise CellError("missing_value")
    if reading == "h:mm:ss":
        return _duration(written)
    value = number(written, decimal) * _FACTORS[reading]
    if not 0 <= value <= MOST:
        raise CellError("out_of_range", {"limit": 0 if value < 0 else MOST})
    if reading in _WHOLE and value != value.to_integral_value():
        raise CellError("not_a_whole_number")
    return int(value.to_integral_value(ROUND_HALF_EVEN))


def _duration(text: str) -> int:
    if not _DURATION.fullmatch(text):
        raise CellError("duration")
    return duration_ms(text)


def day(text: str, order: str) -> date:
    """A date in the declared order, four digits for the year. Never read in another order. Raises CellError.

    >>> day("13.04.2022", "dmy")
    datetime.date(2022, 4, 13)
    """
    refused = CellError("date_order", {"order": order, "example": date(2022, 4, 13).strftime(_DATE_FORMS[order])})
    found = _DATE_PARTS[order].fullmatch(text.strip())
    if not found:
        raise refused
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        raise refused from None
