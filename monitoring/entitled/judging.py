"""Every rule and entitlement of a mission, judged; and the kinds of rules there are."""

from coding.problems import Problem, ProblemsFound
from coding.store import Store
from monitoring.coverage import Coverage
from monitoring.entitled import ceiling, entitlements, equality, paid, silence
from monitoring.entitled.case import Case
from monitoring.entitled.judged import Ruling

KINDS = (entitlements, equality, ceiling, paid, silence)
"""One module for each kind; a new kind is a new file and a line here. Each has `KIND` and `rulings(case)`."""


def judge(coverage: Coverage, store: Store) -> tuple[Ruling, ...]:
    """Every ruling of the mission: entitlements first, then the rules, kind by kind in the order of the mission."""
    case = Case(coverage, store)
    return tuple(ruling for kind in KINDS for ruling in kind.rulings(case))


def named(rulings: tuple[Ruling, ...], name: str) -> tuple[Ruling, ...]:
    """The rulings of one name; all where it is empty. Raises ProblemsFound for a name that there is not."""
    found = tuple(each for each in rulings if not name or each.name == name)
    if not found:
        values = {"known": "; ".join(each.name for each in rulings)}
        raise ProblemsFound([Problem("unknown_name", column="--rule", value=name, values=values)])
    return found
