"""CSV files of a mission folder: strict reading with line numbers, and problems in place of exceptions."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from coding.mission.rules import RULE_KINDS
from coding.problems import Problem, ProblemsFound

M = TypeVar("M", bound=BaseModel)
Row = dict[str, str]

csv.field_size_limit(1_000_000)


def read_text(path: Path) -> str:
    """A UTF-8 file as text; refuses other encodings, and names the line of the first wrong byte."""
    if not path.is_file():
        raise ProblemsFound([Problem("missing_file", path.name)])
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ProblemsFound(
            [Problem("not_utf8", path.name, line, value=raw[error.start : error.start + 1].hex())]
        ) from None


def read_rows(
    path: Path, required: Sequence[str], allowed: Sequence[str], prefixes: Sequence[str] = ()
) -> Iterator[tuple[int, Row]]:
    """Line number and cells of every row. Raises ProblemsFound for a wrong header, a ragged row, a cut-off end."""
    text = read_text(path)
    if text and not text.endswith("\n"):
        raise ProblemsFound([Problem("cut_short", path.name, text.count("\n") + 1, value=text[-40:].splitlines()[-1])])
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        _check_header(path.name, header, required, allowed, prefixes)
        for cells in reader:
            if len(cells) != len(header) and any(cells):
                values = {"found": len(cells), "expected": len(header)}
                raise ProblemsFound([Problem("ragged_row", path.name, reader.line_num, values=values)])
            if any(cells):
                yield reader.line_num, dict(zip(header, cells, strict=True))
    except csv.Error as error:
        raise ProblemsFound([Problem("csv_broken", path.name, reader.line_num, value=str(error))]) from None


def _check_header(
    file: str, header: list[str], required: Sequence[str], allowed: Sequence[str], prefixes: Sequence[str]
) -> None:
    unknown = [name for name in header if name not in allowed and not name.startswith(tuple(prefixes) or "\0")]
    twice = sorted({name for name in header if header.count(name) > 1})
    problems = [Problem("missing_column", file, 1, name) for name in required if name not in header]
    problems += [Problem("unknown_column", file, 1, name, values={"allowed": ", ".join(allowed)}) for name in unknown]
    problems += [Problem("column_twice", file, 1, name) for name in twice]
    if problems:
        raise ProblemsFound(problems)


def checked(
    model: type[M], values: Mapping[str, Any], file: str, line: int | None, problems: list[Problem]
) -> M | None:
    """The model made of `values`, or None after its problems were added to the list."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        problems += translated(error, file, lambda _: line)
        return None


def translated(error: ValidationError, file: str, line_of: Any) -> list[Problem]:
    """Pydantic's findings as problems; `line_of(loc)` gives the line of a location."""
    found = error.errors(include_url=False)
    # a default that waits for a wrong value is no mistake of its own
    own = [each for each in found if each["type"] != "default_factory_not_called"]
    return [_problem(each, file, line_of(each["loc"])) for each in map(_without_kind, own)]


def _without_kind(found: Any) -> Any:
    """The finding at the place where the file has it: pydantic puts a rule's kind between its number and its key."""
    place = found["loc"]
    if len(place) > 2 and place[0] == "rules" and place[2] in RULE_KINDS:
        return {**found, "loc": (*place[:2], *place[3:])}
    return found


_KEYS = {
    "missing": "missing_value",
    "extra_forbidden": "unknown_key",
    "enum": "not_one_of",
    "literal_error": "not_one_of",
    "clock": "clock",
    "clock_skipped": "clock_skipped",
    "time_zone": "time_zone",
    "box": "box",
    "encoding": "encoding",
    "alias_days": "alias.days",
    "alias_reversed": "alias.reversed",
    "withheld": "suggestions.withheld",
    "union_tag_invalid": "rules.kind",
    "union_tag_not_found": "rules.kind",
    "rule_days": "rules.days",
    "rule_times": "rules.times",
    "rule_formats": "rules.formats",
    "rule_empty": "rules.empty",
    "rule_unit": "rules.unit",
    "rule_local": "rules.local",
    "rule_reversed": "rules.reversed",
    "rule_silence_days": "rules.silence_days",
    "granted_half": "rules.granted_half",
    "granted_reversed": "rules.granted_reversed",
    "benchmark_both": "rules.benchmark_both",
    "benchmark_nothing": "rules.benchmark_nothing",
    "interval_half": "interval_half",
    "interval_reversed": "interval_reversed",
    "interval_amount": "interval_amount",
    "string_too_short": "missing_value",
    "string_too_long": "too_long",
    "bool_parsing": "yes_or_no",
    "finite_number": "not_a_number",
    "uuid": "uuid",
    "incident_reversed": "incident.reversed",
    "incident_unit": "incident.amount_alone",
    "incident_signs": "incident.signs",
}


def _problem(found: Any, file: str, line: int | None) -> Problem:
    kind, context = found["type"], dict(found.get("ctx") or {})
    column = ".".join(str(part) for part in found["loc"] if not isinstance(part, int))
    value = "" if kind == "missing" or isinstance(found["input"], dict) else str(found["input"])
    if kind in _KEYS:
        key = _KEYS[kind]
    elif kind.startswith(("int_", "float_", "decimal_")):
        key = "not_a_whole_number" if kind.startswith("int_") else "not_a_number"
    elif kind.startswith("datetime_"):
        key = "rules.moment"
    elif kind.startswith("date_"):
        key = "date"
    elif kind == "string_pattern_mismatch":
        key = {"segment_id": "uuid", "coded_at": "utc_instant", "colour": "colour", "id": "identifier"}.get(
            column, "pattern"
        )
    elif kind.startswith(("greater_", "less_")):
        key = "out_of_range"
        context = {"limit": next(iter(context.values()), "")}
    else:
        key, context = "invalid", {"reason": found["msg"]}
    return Problem(key, file, line, column, value, {"expected": "", **{str(k): v for k, v in context.items()}})
