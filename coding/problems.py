"""What is wrong with something a person gave us: where, which value, and what to write instead."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from coding.languages import Translate, translator


@dataclass(frozen=True)
class Problem:
    """One thing to mend.

    `key` names the message in the catalogue (section `problem`), `values` fill its places; a list among them holds
    phrases, each a key of the catalogue and what fills the places of that. `file`, `line` (1 is the first line of
    the file; a row of a workbook or Parquet file counts its header as 1) and `column` say where, `value` what stands
    there.
    """

    key: str
    file: str = ""
    line: int | None = None
    column: str = ""
    value: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    def place(self) -> str:
        """`file:line column`, as far as known."""
        where = f"{self.file}:{self.line}" if self.line is not None else self.file
        return " ".join(part for part in (where, self.column) if part)

    def message(self, translate: Translate | None = None) -> str:
        """What is wrong and what to write instead, in the reader's language."""
        told = translate or translator()
        return told(f"problem.{self.key}", value=self.value, column=self.column, **_in_words(self.values, told))

    def text(self, translate: Translate | None = None) -> str:
        """Place and message in one line."""
        place = self.place()
        return f"{place}: {self.message(translate)}" if place else self.message(translate)


def _in_words(values: Mapping[str, Any], told: Translate) -> dict[str, Any]:
    return {name: _phrases(value, told) if isinstance(value, list) else value for name, value in values.items()}


def _phrases(listed: Iterable[Sequence[Any]], told: Translate) -> str:
    return "; ".join(told(key, **_in_words(values, told)) for key, values in listed)


class ProblemsFound(Exception):
    """Input was refused; nothing of it was kept. Carries every problem, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.text() for problem in self.problems))
