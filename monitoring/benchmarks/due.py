"""What part of the contestants' time each contestant is due, by a benchmark.

A benchmark is a distribution over the contestants: numbers of the mission (equal, votes, seats, candidates
registered, …), a mix of such (a law's own rule), or numbers of the user. Which of them is right is not for a program
to say, so all are shown side by side, and "equal" always exists. Who is not named by the numbers is due nothing, and
that is said (`unnamed`).

    weights {"Nur Otan" = 3, "ANSDP" = 1}   ->  Nur Otan 0.75, ANSDP 0.25, Auyl 0.0
    mix {equal = 0.5, the above = 0.5}      ->  Nur Otan 0.54, ANSDP 0.29, Auyl 0.17
"""

from collections.abc import Sequence

from coding.mission.model import Benchmark, Mission
from coding.problems import Problem, ProblemsFound

EQUAL = "equal"


def benchmarks(mission: Mission, own: Sequence[Benchmark] = ()) -> tuple[Benchmark, ...]:
    """The benchmarks in the mission's order, those of the user (`own`) behind; "equal" first where it had to be made.

    Without contestants there is nothing to be equal about: then only what the mission has.
    """
    found = (*mission.benchmarks, *own)
    if not mission.contestants or any(each.name == EQUAL for each in found):
        return found
    return (Benchmark(name=EQUAL, weights=dict.fromkeys(_ballot(mission), 1.0)), *found)


def names(mission: Mission, own: Sequence[Benchmark] = ()) -> tuple[str, ...]:
    """The names of all benchmarks; "equal" is always among them."""
    found = tuple(each.name for each in benchmarks(mission, own))
    return found if EQUAL in found else (EQUAL, *found)


def benchmark(mission: Mission, name: str, own: Sequence[Benchmark] = ()) -> Benchmark:
    """The benchmark of a name. Raises ProblemsFound for one that there is not."""
    held = {each.name: each for each in benchmarks(mission, own)}
    if name not in held:
        values = {"known": ", ".join(held)}
        raise ProblemsFound([Problem("unknown_name", column="benchmark", value=name, values=values)])
    return held[name]


def due_shares(mission: Mission, name: str, own: Sequence[Benchmark] = ()) -> dict[str, float]:
    """What each contestant is due as a fraction of what all contestants get together, in ballot order.

    The fractions sum to 1; every contestant is in it, with 0 where the benchmark has nothing for it; a mix is
    resolved. Empty for a mission without contestants. Raises ProblemsFound for an unknown name, and where a benchmark
    gives nothing to any contestant.
    """
    if not mission.contestants:
        return {}
    asked = benchmark(mission, name, own)
    if not asked.mix:
        return _of_weights(mission, asked)
    whole = sum(asked.mix.values())
    parts = {part: due_shares(mission, part, own) for part in asked.mix}
    return {
        contestant: sum(weight / whole * parts[part][contestant] for part, weight in asked.mix.items())
        for contestant in _ballot(mission)
    }


def unnamed(mission: Mission, name: str, own: Sequence[Benchmark] = ()) -> tuple[str, ...]:
    """The contestants for whom the benchmark has no number at all: their due is 0, which the reader must be told."""
    if not mission.contestants:
        return ()
    asked = benchmark(mission, name, own)
    parts = [benchmark(mission, part, own) for part in asked.mix] or [asked]
    named = {contestant for part in parts for contestant in part.weights}
    return tuple(contestant for contestant in _ballot(mission) if contestant not in named)


def _ballot(mission: Mission) -> tuple[str, ...]:
    return tuple(subject.name for subject in mission.contestants)


def _of_weights(mission: Mission, asked: Benchmark) -> dict[str, float]:
    weights = {contestant: asked.weights.get(contestant, 0.0) for contestant in _ballot(mission)}
    whole = sum(weights.values())
    if not whole > 0:
        raise ProblemsFound([Problem("benchmark.nobody", column="benchmark", value=asked.name)])
    return {contestant: weight / whole for contestant, weight in weights.items()}
