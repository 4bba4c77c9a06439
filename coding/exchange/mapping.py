"""What a file's columns mean, declared once: read, checked and saved as a small TOML file.

Nothing of a file is guessed: its encoding, its decimal sign, the order of its dates, what each column is, which
rows are totals of others. A column that the mapping neither reads, drops nor ignores is a problem.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Literal

import tomli_w
from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import PydanticCustomError

from coding.mission.model import Slot
from coding.mission.parts import Part
from coding.mission.tables import read_text, translated
from coding.mission.toml_lines import line_of
from coding.problems import Problem, ProblemsFound
from coding.segment import FIELDS
from coding.vocabulary import Unit, canonical

SHIPPED = Path(__file__).parent / "mappings"
AIRING_FIELDS = ("outlet", "date", "programme", "slot")
TARGETS = (*FIELDS, *AIRING_FIELDS)
"""What a column, a code or a constant may set."""

AmountReading = Literal["unit", "h:mm:ss", "seconds", "minutes", "ms", "cm2", "mm2", "lines"]
TimeReading = Literal["h:mm:ss", "seconds", "minutes", "ms"]

UNIT_OF_READING: dict[str, Unit | None] = {
    "unit": None,
    "h:mm:ss": Unit.MS,
    "seconds": Unit.MS,
    "minutes": Unit.MS,
    "ms": Unit.MS,
    "cm2": Unit.MM2,
    "mm2": Unit.MM2,
    "lines": Unit.LINES,
}
"""What an amount read in this way is counted in; `unit` is a whole number of whatever the outlet counts in."""


def _target(name: str) -> str:
    if name not in TARGETS:
        raise PydanticCustomError("enum", "unknown field", {"expected": ", ".join(TARGETS)})
    return name


def _encoding(name: str) -> str:
    try:
        "a".encode(name)
    except LookupError:
        raise PydanticCustomError("encoding", "unknown encoding") from None
    return name


Column = Annotated[str, AfterValidator(canonical), Field(min_length=1)]
"""A column's name or a cell's value in the file, compared without regard to spacing and Unicode form."""
Target = Annotated[str, AfterValidator(_target)]


class FileShape(Part):
    """How the file is written. `format` empty: by the file's suffix. `sheet` empty: `segments`, else the first.

    `apostrophe_text`: in CSV, a cell that begins with `=`, `+`, `-`, `@`, tab or line end stands behind an
    apostrophe, and so does a cell that begins with one (see `exporter`); reading takes it off again.
    """

    format: Literal["", "csv", "xlsx", "parquet"] = ""
    encoding: Annotated[str, AfterValidator(_encoding)] = "utf-8"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    sheet: str = ""
    decimal: Literal[".", ","] = "."
    date_order: Literal["ymd", "dmy", "mdy"] = "ymd"
    ends_without_newline: bool = False
    apostrophe_text: bool = False


class Wide(Part):
    """One of several amount columns; each makes a row of its own with these fields set."""

    column: Column
    sets: dict[Target, str] = Field(default_factory=dict)


class FileMapping(Part):
    """What a file's columns mean.

    `columns`: field -> column. `optional`: columns that may be absent. `values`: column -> written -> read.
    `codes`: column -> value -> the fields it sets; a value that is not listed is a problem. `drop`: column ->
    values whose rows are left out, and counted. `wide`: amount columns; those in the file are used, at least one
    must be. `constants`: field -> value. `ignore`: names or patterns of columns knowingly left out.
    `aggregate`: rows are published totals of an outlet over a period. `skip_zero`: an amount of 0 gives no segment.
    `slots`: parts of the day that a new mission gets.
    """

    title: str
    amount_as: AmountReading = "unit"
    time_as: TimeReading = "ms"
    aggregate: bool = False
    skip_zero: bool = False
    ignore: tuple[Column, ...] = ()
    optional: tuple[Column, ...] = ()
    file: FileShape = FileShape()
    columns: dict[Target, Column] = Field(default_factory=dict)
    constants: dict[Target, str] = Field(default_factory=dict)
    values: dict[Column, dict[Column, str]] = Field(default_factory=dict)
    codes: dict[Column, dict[Column, dict[Target, str]]] = Field(default_factory=dict)
    drop: dict[Column, tuple[Column, ...]] = Field(default_factory=dict)
    wide: tuple[Wide, ...] = ()
    slots: tuple[Slot, ...] = ()

    @property
    def unit(self) -> Unit | None:
        """What amounts of the file are counted in; None where the outlet's own unit is meant."""
        return UNIT_OF_READING[self.amount_as]

    @property
    def amount_columns(self) -> tuple[Wide, ...]:
        """The columns that hold amounts, each with the fields it sets."""
        single = self.columns.get("amount")
        return self.wide or ((Wide(column=single),) if single else ())

    @property
    def read_columns(self) -> frozenset[str]:
        """Columns that must be in the file, apart from the wide ones."""
        return frozenset(self.columns.values()) | frozenset(self.codes) | frozenset(self.drop)

    def ignores(self, column: str) -> bool:
        """Whether the column is knowingly left out."""
        return column in self.ignore or any(fnmatchcase(column, pattern) for pattern in self.ignore)

    def sources(self) -> Counter[str]:
        """How many places of the mapping set each field."""
        places: list[Mapping[str, object]] = [self.columns, self.constants]
        places += [
            {field: True for fields in by_value.values() for field in fields} for by_value in self.codes.values()
        ]
        if self.wide:
            places.append({"amount": True} | {field: True for part in self.wide for field in part.sets})
        return Counter(field for place in places for field in place)


def load_mapping(path: Path) -> FileMapping:
    """A mapping from its TOML file. Raises ProblemsFound with everything that is wrong in it."""
    text = read_text(path)
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = getattr(error, "lineno", None)
        raise ProblemsFound([Problem("toml_broken", path.name, line, value=str(error))]) from None
    return mapping_from(tree, path.name, text)


def mapping_from(tree: Mapping[str, Any], file: str = "", text: str = "") -> FileMapping:
    """A mapping from plain values, such as a form's. Raises ProblemsFound with everything that is wrong."""
    try:
        mapping = FileMapping.model_validate(tree)
    except ValidationError as error:
        raise ProblemsFound(translated(error, file, lambda loc: line_of(text, loc) if text else None)) from None
    problems = list(_contradictions(mapping, file))
    if problems:
        raise ProblemsFound(problems)
    return mapping


def _contradictions(mapping: FileMapping, file: str) -> Iterator[Problem]:
    sources = mapping.sources()
    for field, places in sources.items():
        if places > 1:
            yield Problem("field_twice", file, column=field)
    timed = "start_ms" in sources and "end_ms" in sources
    needed = ["subject", "format", *(() if timed else ("amount",))]
    if mapping.aggregate or "airing_id" not in sources:
        needed += ["outlet"] if mapping.aggregate else ["outlet", "date"]
    for field in needed:
        if field not in sources:
            yield Problem("mapping_lacks", file, column=field)
    for column in mapping.values.keys() - mapping.read_columns:
        yield Problem("values_unread", file, column=column)


def save_mapping(mapping: FileMapping, path: Path) -> None:
    """Write a mapping as TOML; `load_mapping` gives it back."""
    tree = mapping.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    written = path.with_name(path.name + ".writing")
    written.write_text(tomli_w.dumps(tree), encoding="utf-8")
    written.replace(path)


def shipped() -> dict[str, Path]:
    """Name and file of every mapping that comes with the software."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.toml"))}


def find_mapping(name: str) -> FileMapping:
    """A shipped mapping by name, or one from a TOML file by path. Raises ProblemsFound for neither."""
    known = shipped()
    path = known.get(name, Path(name))
    if not path.is_file():
        raise ProblemsFound([Problem("no_mapping", value=name, values={"known": ", ".join(known)})])
    return load_mapping(path)
