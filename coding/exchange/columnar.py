"""Parquet files: measured, checked whole, then read as text; and written with their metadata."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from coding.exchange.cells import native_text
from coding.exchange.mapping import FileShape
from coding.problems import Problem, ProblemsFound

MOST_ROWS = 20_000_000
MOST_BYTES = 2**30
"""Unpacked size by the file's own account."""

# the library comes without types, and its half-typed names would have to be excused one by one
arrow: Any = import_module("pyarrow")
parquet: Any = import_module("pyarrow.parquet")


def read_parquet(path: Path, shape: FileShape) -> list[tuple[int, list[str]]]:
    """The columns' names, then every row, as text; the names count as line 1.

    Raises ProblemsFound for a file that is broken, cut short or too large, for text that is not UTF-8 and for
    columns that hold no plain values.
    """
    try:
        with parquet.ParquetFile(path) as file:
            _measure(path.name, file.metadata)
            table = file.read()
        table.validate(full=True)
    except (arrow.ArrowException, OSError) as error:
        raise ProblemsFound([Problem("parquet_broken", path.name, value=str(error).splitlines()[0])]) from None
    nested = [field.name for field in table.schema if not _is_plain(field.type)]
    if nested:
        raise ProblemsFound([Problem("nested_column", path.name, column=name) for name in nested])
    columns = [[native_text(value, shape) for value in column.to_pylist()] for column in table.columns]
    body = [list(cells) for cells in zip(*columns, strict=True)]
    return list(enumerate([list(table.column_names), *body], 1))


def _measure(file: str, metadata: Any) -> None:
    size = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
    if metadata.num_rows > MOST_ROWS or size > MOST_BYTES:
        values = {"rows": metadata.num_rows, "size": f"{size / 2**20:.0f}", "most": MOST_ROWS}
        raise ProblemsFound([Problem("parquet_too_large", file, values=values)])


def _is_plain(kind: Any) -> bool:
    value = kind.value_type if arrow.types.is_dictionary(kind) else kind
    return not (arrow.types.is_nested(value) or arrow.types.is_binary(value) or arrow.types.is_large_binary(value))


def write_parquet(
    path: Path, kinds: Mapping[str, str], rows: Sequence[Mapping[str, Any]], metadata: Mapping[str, str]
) -> None:
    """Write rows with the columns `kinds` (name -> Arrow's name of the type) and key-value metadata."""
    fields = [arrow.field(name, arrow.type_for_alias(kind)) for name, kind in kinds.items()]
    table = arrow.Table.from_pylist(list(rows), schema=arrow.schema(fields, metadata=dict(metadata)))
    parquet.write_table(table, path)
