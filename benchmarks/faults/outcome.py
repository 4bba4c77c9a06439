"""What a fault came to: figures for the machine, a line for people."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.faults.desks import must
from benchmarks.faults.record import Tally


@dataclass(frozen=True)
class Outcome:
    """A fault, the figures of the record after it, and the words that the coder read meanwhile."""

    name: str
    done: str
    told: str
    tallies: tuple[Tally, ...]
    figures: Mapping[str, float] = field(default_factory=dict)

    @property
    def acknowledged(self) -> int:
        return sum(each.acknowledged for each in self.tallies)

    @property
    def lost(self) -> int:
        return sum(each.lost for each in self.tallies)

    @property
    def duplicated(self) -> int:
        return sum(each.duplicated for each in self.tallies)

    def line(self) -> str:
        """One line for people."""
        counts = f"acknowledged {self.acknowledged}, lost {self.lost}, duplicated {self.duplicated}"
        more = "".join(f", {name.replace('_', ' ')} {value:g}" for name, value in self.figures.items())
        return f"{self.name}: {self.done}; {counts}{more}; told: {self.told}"

    def check(self) -> "Outcome":
        """Raises NotAsExpected where anything was lost, stored twice or damaged."""
        must(all(each.clean for each in self.tallies), self)
        return self
