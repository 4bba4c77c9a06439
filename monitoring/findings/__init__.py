"""Findings: sentences that the evidence carries, each kind a file in `kinds` and a line in KINDS.

The list is light: a kind's own file, and the metrics with it, load when it is first asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitoring.findings.finding import Finding, Found
    from monitoring.findings.material import Material
    from monitoring.words import Words


@dataclass(frozen=True)
class Kind:
    """A kind of finding: `name` is that of its file and of its section in the catalogue (`sentence.finding.NAME`)."""

    name: str

    @property
    def find(self) -> "Callable[[Material], Found]":
        """The function that makes what findings of this kind a selection carries, and says where it makes none."""
        function: Callable[[Material], Found] = self._module.find
        return function

    @property
    def statement(self) -> "Callable[[Finding, Words], str]":
        """The function that tells a finding of this kind in the language of the words."""
        function: Callable[[Finding, Words], str] = self._module.statement
        return function

    @property
    def _module(self) -> ModuleType:
        return import_module(f"monitoring.findings.kinds.{self.name}")


KINDS = (
    Kind("shares"),
    Kind("institutions"),
    Kind("institutions_tone"),
    Kind("tone"),
    Kind("quantity_and_tone"),
    Kind("counting"),
    Kind("differences"),
    Kind("benchmarks"),
    Kind("rules"),
)
