"""How a file is read: a mapping that ships, one from a file, or one that is made here by picking columns."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import streamlit as st

from coding.exchange.mapping import (
    AmountReading,
    FileMapping,
    FileShape,
    TimeReading,
    load_mapping,
    mapping_from,
    shipped,
)
from coding.exchange.readers import RawTable
from coding.languages import Translate
from coding.mission.model import Mission
from coding.pages import frame
from coding.pages.file_preview import file_shown
from coding.pages.uploads import placed
from coding.problems import Problem, ProblemsFound
from coding.vocabulary import Role, Speech, canonical, matching_key

ENCODINGS = ("utf-8", "cp1251", "koi8-r", "iso-8859-5", "cp1252", "iso-8859-1", "cp1254", "cp1256", "utf-16")
DELIMITERS = (",", ";", "\t", "|")
FIELD_GROUPS: Mapping[str, tuple[str, ...]] = {
    "where": ("outlet", "date", "programme", "airing_id"),
    "how_much": ("start_ms", "end_ms", "amount", "page"),
    "codes": ("subject", "role", "speech", "tone", "format", "topic"),
    "about": ("text", "language", "note", "coder", "coded_at", "segment_id"),
}
NOTHING = ("", "")
Choice = tuple[str, str]
"""Where a field comes from: ("column", its name), ("constant", a value in every row), or NOTHING."""
MOST_TRANSLATED = 40


def chosen_mapping(opened: frame.Opened, path: Path, file_id: str) -> FileMapping | None:
    """The mapping, once everything that it needs was said; the file's first rows are shown as it reads them."""
    t = opened.t
    with st.container(horizontal=True, vertical_alignment="bottom"):
        how = st.segmented_control(
            t("page.import.mapping"), ["shipped", "own", "made"], default="shipped", required=True, key="import.how",
            format_func=lambda value: t(f"page.import.mapping_{value}"),
        )  # fmt: skip
        base = _shipped(t) if how == "shipped" else None
    base = _own(t) if how == "own" else base
    if how != "made" and base is None:
        return None
    shape = _shape(t, base.file if base else FileShape(), path, str(how), asked=base is None)
    if shape is None:
        frame.text("told", t("page.import.ask_encoding"))
        return None
    table = file_shown(t, path, shape, file_id)
    if table is None:
        return None
    return base.model_copy(update={"file": shape}) if base is not None else _made(opened, table, shape)


def _shipped(t: Translate) -> FileMapping:
    files = shipped()
    titles = {name: load_mapping(path).title for name, path in files.items()}
    name = st.selectbox(
        t("page.import.which"), sorted(files, key=lambda name: name != "evenhand"), format_func=titles.__getitem__,
        key="import.shipped", width=420,
    )  # fmt: skip
    return load_mapping(files[str(name)])


def _own(t: Translate) -> FileMapping | None:
    upload = st.file_uploader(t("page.import.mapping_file"), type=["toml"], key="import.mapping_file")
    if upload is None:
        return None
    try:
        with placed(upload) as path:
            return load_mapping(path)
    except ProblemsFound as found:
        frame.text("bad", t("page.import.mapping_refused"))
        frame.problem_table(t, found.problems)
        return None


def _shape(t: Translate, given: FileShape, path: Path, how: str, asked: bool) -> FileShape | None:
    """How the file is written, as the mapping says and a person may say otherwise. None: the encoding is asked."""
    is_text = (given.format or path.suffix.lower().removeprefix(".")) == "csv"
    key = f"import.shape.{how}.{given.encoding}.{given.delimiter}.{given.date_order}"
    picked: dict[str, Any] = {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if is_text:
            picked["encoding"] = _one(
                t, "encoding", _with(ENCODINGS, given.encoding), None if asked else given.encoding, key
            )
            picked["delimiter"] = _one(t, "delimiter", _with(DELIMITERS, given.delimiter), given.delimiter, key)
        picked["decimal"] = _one(t, "decimal", (".", ","), given.decimal, key)
        picked["date_order"] = _one(t, "date_order", ("ymd", "dmy", "mdy"), given.date_order, key)
    if is_text:
        picked["ends_without_newline"] = st.checkbox(
            t("page.import.ends_without_newline"), given.ends_without_newline, key=f"{key}.end"
        )
    if is_text and not picked["encoding"]:
        return None
    return given.model_copy(update=picked)


def _with(known: Sequence[str], given: str) -> list[str]:
    return [*known, *([given] if given not in known else [])]


SHAPE_WORDS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", ".": "point"}


def _one(t: Translate, name: str, options: Sequence[str], given: str | None, key: str) -> str | None:
    def shown(value: str) -> str:
        if name == "encoding":
            return t(f"page.import.encoding.{value}") if value in ENCODINGS else value
        word = SHAPE_WORDS.get(value, value)
        return t(f"page.import.{name}_{word}") if word.isalpha() else word

    index = None if given is None else list(options).index(given)
    return st.selectbox(
        t("page.import.encoding.label" if name == "encoding" else f"page.import.{name}"), list(options), index=index,
        format_func=shown, key=f"{key}.{name}",
        placeholder=t("page.import.choose"), width=230,
    )  # fmt: skip


def _made(opened: frame.Opened, table: RawTable, shape: FileShape) -> FileMapping | None:
    """A mapping from picked columns, or None with what is still missing."""
    t, key = opened.t, f"map.{hash(table.header)}"
    frame.text("head", t("page.import.columns_head"), "h2")
    frame.text("note", t("page.import.columns_note"))
    picked: dict[str, Choice] = {}
    for group, fields in FIELD_GROUPS.items():
        frame.text("line", t(f"page.import.group.{group}"))
        for column, field in zip(st.columns(len(fields)), fields, strict=True):
            with column:
                picked[field] = _field(opened, field, table.header, key)
    columns = {field: name for field, (kind, name) in picked.items() if kind == "column"}
    tree: dict[str, Any] = {
        "title": table.file,
        "columns": columns,
        "constants": {field: value for field, (kind, value) in picked.items() if kind == "constant"},
        "values": _translations(opened, table, columns, key),
        "file": shape,
        **_readings(t, columns, key),
    }
    left = [name for name in table.header if name not in columns.values()]
    tree["ignore"] = st.multiselect(
        t("page.import.ignore"), left, key=f"{key}.ignore", placeholder=t("page.import.choose"), disabled=not left
    )
    try:
        return mapping_from(tree)
    except ProblemsFound as found:
        _lacking(t, found.problems)
        return None


def _lacking(t: Translate, problems: Sequence[Problem]) -> None:
    """What keeps the mapping from being used, in the words of the form."""
    missing = [problem.column for problem in problems if problem.key == "mapping_lacks"]
    if missing:
        fields = ", ".join(t(f"page.import.field.{field}") for field in missing)
        frame.text("told", t("page.import.mapping_lacks", fields=fields))
    if len(missing) < len(problems):
        frame.text("bad", t("page.import.mapping_refused"))
        frame.problem_table(t, [problem for problem in problems if problem.key != "mapping_lacks"])


def _field(opened: frame.Opened, field: str, header: Sequence[str], key: str) -> Choice:
    t = opened.t
    options = [NOTHING, *(("column", name) for name in header)]
    options += [("constant", value) for value in _known(opened.mission, field) if field != "subject"]

    def shown(choice: Choice) -> str:
        kind, name = choice
        return (
            t("page.import.not_there")
            if not kind
            else name
            if kind == "column"
            else t("page.import.every_row", value=name)
        )

    choice = st.selectbox(t(f"page.import.field.{field}"), options, format_func=shown, key=f"{key}.{field}")
    return choice or NOTHING


def _known(mission: Mission, field: str) -> list[str]:
    """The words that a field may hold; none where it may hold anything."""
    known: dict[str, Sequence[str]] = {
        "outlet": [part.name for part in mission.outlets],
        "role": [part.value for part in Role],
        "speech": [part.value for part in Speech],
        "tone": [part.name for part in mission.tone],
        "format": [part.name for part in mission.formats],
        "topic": mission.topics,
    }
    return list(known.get(field, ()))


def _readings(t: Translate, columns: Mapping[str, str], key: str) -> dict[str, Any]:
    """How amounts and times are written, and whether rows are totals."""
    read: dict[str, Any] = {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if "amount" in columns:
            read["amount_as"] = _reading(t, "amount_as", get_args(AmountReading), key)
        if "start_ms" in columns or "end_ms" in columns:
            read["time_as"] = _reading(t, "time_as", get_args(TimeReading), key)
        read["aggregate"] = st.checkbox(t("page.import.aggregate"), key=f"{key}.aggregate")
        read["skip_zero"] = st.checkbox(t("page.import.skip_zero"), key=f"{key}.skip_zero")
    return {name: value for name, value in read.items() if value}


def _reading(t: Translate, name: str, options: Sequence[str], key: str) -> str:
    def shown(value: str) -> str:
        return t(f"page.import.reading.{value.replace(':', '_')}")

    order = sorted(options, key=lambda value: value != "h:mm:ss")
    return str(st.selectbox(t(f"page.import.{name}"), order, format_func=shown, key=f"{key}.{name}", width=280))


def _translations(
    opened: frame.Opened, table: RawTable, columns: Mapping[str, str], key: str
) -> dict[str, dict[str, str]]:
    """What the file's own words mean, where they are not the mission's."""
    t, values = opened.t, {}
    for field in ("tone", "role", "speech", "format", "topic"):
        known = _known(opened.mission, field)
        column = columns.get(field)
        if column is None or not known:
            continue
        same = {matching_key(word): word for word in known}
        written = dict.fromkeys(canonical(cells[column]) for _, cells in table.rows if cells[column].strip())
        other = [word for word in written if word not in known][:MOST_TRANSLATED]
        if not other:
            continue
        frame.text("line", t("page.import.meaning", field=t(f"page.import.field.{field}"), column=column))
        meant: dict[str, str] = {}
        for place, word in zip((cell for _ in other for cell in st.columns(3)), other, strict=False):
            with place:
                meant[word] = _meant(t, word, known, same.get(matching_key(word)), f"{key}.{field}.{word}")
        values[column] = {word: value for word, value in meant.items() if value}
    return {column: meant for column, meant in values.items() if meant}


def _meant(t: Translate, word: str, known: Sequence[str], alike: str | None, key: str) -> str:
    frame.text("note", f"«{word}»")
    picked = st.selectbox(
        t("page.import.means"), list(known), index=list(known).index(alike) if alike else None, key=key,
        placeholder=t("page.import.choose"), label_visibility="collapsed",
    )  # fmt: skip
    return picked or ""
