"""The table of texts that commands and training take: read from a file, checked, and turned into targets.

Columns: `text`, `target`, `aliases` (spellings parted by " | "), `language` ("" is told from the text), `tone` (a point
of the scale) and `group` (rows that belong together, such as an airing). Optional: `bystanders` (the spellings of one
parted by " | ", one from the next by " || "), and `subject`, `outlet`, `format` to look at parts.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.refusal import Refused
from models.scale import Scale

if TYPE_CHECKING:
    import pandas as pd

    from models.target import Target

ASKED = ("text", "target")
"""What a model has to be told."""
JUDGED = (*ASKED, "aliases", "language", "tone", "group")
"""What it takes to say how good it is."""
LINE = "line"
"""The name of the index of a table that was read from a file: where each row begins there."""
MARKS = {";": "semicolons", "\t": "tabs"}
LONGEST_CELL = 1_000_000
SPELLINGS, SUBJECTS = " | ", " || "


def read_table(path: Path) -> "pd.DataFrame":
    """A table of texts from a .csv or .parquet file; every cell a text, the index the line in the file.

    Raises Refused, with the line, for a file that is not there, not UTF-8, empty, or has a row of another length.
    """
    import pandas as pd

    if not path.is_file():
        raise Refused(f"{path}: there is no such file. Check the path.")
    kind = path.suffix.lower()
    if kind == ".parquet":
        return _parquet(path)
    if kind != ".csv":
        raise Refused(f"{path}: a table is a .csv or .parquet file. Save it as one of them.")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines, rows = _rows(path, file)
    except UnicodeDecodeError as error:
        raise Refused(f"{path}: byte {error.start} is not UTF-8. Save the file as UTF-8.") from None
    if not rows:
        raise Refused(f"{path}: the table is empty. It needs a header and rows.")
    return pd.DataFrame(rows[1:], columns=rows[0], index=pd.Index(lines[1:], name=LINE), dtype=str)


def _rows(path: Path, file: Any) -> tuple[list[int], list[list[str]]]:
    before = csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(file, strict=True)
    lines, rows, start = [], [], 1
    try:
        for row in reader:
            if row:
                lines.append(start)
                rows.append(row)
                if len(rows[0]) == 1 and (mark := next((mark for mark in MARKS if mark in row[0]), "")):
                    raise Refused(
                        f"{path}:{start}: the columns are parted by {MARKS[mark]}; save the table with commas instead."
                    )
                if len(row) != len(rows[0]):
                    cells = f"this row has {len(row)} cells, the header has {len(rows[0])}"
                    raise Refused(f"{path}:{start}: {cells}. A text with a comma needs quotes.")
            start = reader.line_num + 1
    except csv.Error as error:
        raise Refused(f"{path}:{start}: this is not a CSV row ({error}). Check the quotes.") from None
    finally:
        csv.field_size_limit(before)
    if rows and len(set(rows[0])) < len(rows[0]):
        raise Refused(f"{path}:1: a column stands twice in the header. Names of columns are unique.")
    return lines, rows


def _parquet(path: Path) -> "pd.DataFrame":
    import pandas as pd

    try:
        table = pd.read_parquet(path)
    except (ValueError, OSError) as error:  # pyarrow's own errors are ValueErrors
        raise Refused(f"{path}: this is not a Parquet file that can be read ({error}).") from None
    raw = [name for name in table.columns if any(isinstance(cell, bytes) for cell in table[name])]
    if raw:
        raise Refused(f"{path}: column {raw[0]} holds bytes, no text. Save it as text.")
    return in_texts(table)


def in_texts(table: "pd.DataFrame") -> "pd.DataFrame":
    """The table with every cell as a text; nothing becomes the empty text."""
    return table.astype(object).where(table.notna(), "").map(str)


def checked(table: "pd.DataFrame", scale: Scale | None = None) -> "pd.DataFrame":
    """The table with its optional columns filled in, ready to be asked; with a scale also ready to be judged.

    Raises Refused, with the line, for a column that is missing, no rows, a target, tone or group that is missing, or a
    tone that is not on the scale.
    """
    needed = ASKED if scale is None else JUDGED
    missing = [name for name in needed if name not in table.columns]
    if missing:
        raise Refused(f"The table has no column {', '.join(missing)}; it needs {', '.join(needed)}. Add it.")
    if table.empty:
        raise Refused("The table has no rows. Give it some texts.")
    filled = in_texts(table).assign(
        **{name: "" for name in ("aliases", "bystanders", "language") if name not in table.columns}
    )
    _cells(filled, ("target",) if scale is None else ("target", "tone", "group"))
    if scale is not None:
        check_tones(filled, scale)
    return filled


def _cells(table: "pd.DataFrame", names: Sequence[str]) -> None:
    for name in names:
        empty = table[name].str.strip() == ""
        if empty.any():
            raise Refused(f"{place(table, empty)}: the {name} is missing. Write one.")


def check_tones(table: "pd.DataFrame", scale: Scale) -> None:
    """Raises Refused, with the line, for a tone that is not on the scale."""
    unknown = ~table["tone"].isin(scale.names)
    if unknown.any():
        tone = table.loc[unknown, "tone"].iloc[0]
        known = ", ".join(scale.names)
        raise Refused(f"{place(table, unknown)}: the tone “{tone}” is not on the scale. Write one of: {known}.")


def place(table: "pd.DataFrame", where: "pd.Series[bool]") -> str:
    """The first marked row, by its line in the file, or by its number (from 1) where there was no file."""
    if table.index.name == LINE:
        return f"Line {table.index[where][0]}"
    return f"Row {int(where.to_numpy().argmax()) + 1}"


def targets_of(table: "pd.DataFrame") -> "list[Target]":
    """The target of every row of a checked table."""
    return list(_targets(table))


def _targets(table: "pd.DataFrame") -> "Iterator[Target]":
    from models.target import Target

    for name, aliases, bystanders in zip(table["target"], table["aliases"], table["bystanders"], strict=True):
        others = (_parts(one, SPELLINGS) for one in _parts(bystanders, SUBJECTS))
        yield Target(name.strip(), _parts(aliases, SPELLINGS), tuple(filter(None, others)))


def _parts(text: str, mark: str) -> tuple[str, ...]:
    """Parts of a cell; spaces round the marks do not matter.

    >>> _parts("Nur Otan | Нұр Отан |", " | ")
    ('Nur Otan', 'Нұр Отан')
    """
    return tuple(part.strip(" |") for part in text.split(mark.strip()) if part.strip(" |"))
