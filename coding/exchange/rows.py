"""The mapping applied to a file's rows: fields with text in them, not yet held against the mission."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from coding.exchange.mapping import FileMapping, Wide
from coding.exchange.readers import Cells, RawTable
from coding.problems import Problem, ProblemsFound
from coding.vocabulary import canonical

VERBATIM = frozenset({"text", "note", "language", "box", "suggested_tone", "suggested_by"})
"""Fields kept to the letter; the spacing of all others means nothing."""


@dataclass(frozen=True)
class Draft:
    """What one row (of several amount columns: one of them) says: field -> text, and the column of its amount."""

    line: int
    fields: Mapping[str, str]
    amount_column: str


@dataclass
class Drafts:
    """All drafts of a file, with what was left out (reason -> rows) and what cannot be read."""

    file: str
    rows: int
    drafts: list[Draft] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)


def drafts_of(table: RawTable, mapping: FileMapping) -> Drafts:
    """The rows of a file in the fields of the mapping. Raises ProblemsFound where the header does not fit."""
    problems = list(_header_problems(table, mapping))
    if problems:
        raise ProblemsFound(problems)
    amounts = [part for part in mapping.amount_columns if part.column in table.header] or [Wide(column="amount")]
    made = Drafts(table.file, len(table.rows))
    for line, cells in table.rows:
        reason = _dropped(cells, mapping)
        if reason:
            made.dropped[reason] += 1
            continue
        shared = _fields(line, cells, mapping, made)
        for part in amounts:
            fields = shared | part.sets | {"amount": cells.get(part.column, "")}
            made.drafts.append(Draft(line, fields, part.column))
    return made


def _header_problems(table: RawTable, mapping: FileMapping) -> Iterator[Problem]:
    present = set(table.header)
    for column in sorted(mapping.read_columns - present - set(mapping.optional)):
        yield Problem("missing_column", table.file, 1, column)
    wide = [part.column for part in mapping.wide]
    if wide and not present & set(wide):
        yield Problem("no_amount_column", table.file, 1, values={"columns": ", ".join(wide)})
    for column in table.header:
        if column not in mapping.read_columns and column not in wide and not mapping.ignores(column):
            yield Problem("unmapped_column", table.file, 1, column)


def _dropped(cells: Cells, mapping: FileMapping) -> str:
    """Why the row is left out (`column = value`), or nothing."""
    for column, values in mapping.drop.items():
        value = canonical(cells.get(column, ""))
        if value in values:
            return f"{column} = {value}"
    return ""


def _fields(line: int, cells: Cells, mapping: FileMapping, made: Drafts) -> dict[str, str]:
    fields = dict(mapping.constants)
    for name, column in mapping.columns.items():
        written = cells.get(column, "")
        value = mapping.values.get(column, {}).get(canonical(written), written)
        fields[name] = value if name in VERBATIM else canonical(value)
    for column, by_value in mapping.codes.items():
        value = canonical(cells.get(column, ""))
        if value in by_value:
            fields |= by_value[value]
        else:
            values = {"known": ", ".join(by_value)}
            made.problems.append(Problem("unknown_code", made.file, line, column, value, values))
    return fields
