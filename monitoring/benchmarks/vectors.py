"""Numbers of the user as a benchmark: typed on a command line or a page, beside those of the mission.

--vector "Nur Otan=3,ANSDP=1"                    the first is called "own"
--vector "debates 2004: Nur Otan=3,ANSDP=1"      with a name
--vector '"Party, the Second=2",ANSDP=1'         a name with a comma in quotation marks, as in CSV
"""

import csv
from collections.abc import Mapping, Sequence
from math import isfinite

from coding.mission.model import Benchmark, Mission
from coding.problems import Problem, ProblemsFound
from coding.vocabulary import canonical
from monitoring.benchmarks.due import names

OWN = "own"


def vectors(texts: Sequence[str], mission: Mission, source: str) -> tuple[Benchmark, ...]:
    """The benchmarks that the texts describe, in their order. Raises ProblemsFound with everything wrong in them."""
    found: list[Benchmark] = []
    problems: list[Problem] = []
    for text in texts:
        try:
            name, weights = _read(text, mission, found)
            found.append(vector(name, weights, mission, found, source))
        except ProblemsFound as wrong:
            problems += wrong.problems
    if problems:
        raise ProblemsFound(problems)
    return tuple(found)


def vector(
    name: str, weights: Mapping[str, float], mission: Mission, own: Sequence[Benchmark], source: str
) -> Benchmark:
    """Numbers of contestants as a benchmark of the user.

    Raises ProblemsFound for unknown contestants, for a name that is missing or taken, for numbers below 0, and where
    nobody has anything.
    """
    known = [subject.name for subject in mission.contestants]
    values = {"known": ", ".join(known)}
    problems = [
        Problem("unknown_name", column="vector", value=each, values=values) for each in weights if each not in known
    ]
    problems += [
        Problem("benchmark.number", column="vector", value=str(number), values={"name": each})
        for each, number in weights.items()
        if not isfinite(number) or number < 0
    ]
    if not name:
        problems.append(Problem("benchmark.nameless", column="vector"))
    if name in names(mission, own):
        problems.append(Problem("benchmark.taken", column="vector", value=name))
    if not problems and not sum(weights.values()) > 0:
        problems.append(Problem("benchmark.nobody", column="vector", value=name))
    if problems:
        raise ProblemsFound(problems)
    return Benchmark(name=name, weights=dict(weights), source=source)


def as_toml(vector_: Benchmark) -> str:
    """The lines of `mission.toml` that would keep the numbers with the mission."""
    import json

    rows = [f"{json.dumps(name, ensure_ascii=False)} = {number!r}" for name, number in vector_.weights.items()]
    head = ["[[benchmarks]]", f"name = {json.dumps(vector_.name, ensure_ascii=False)}", 'source = ""']
    return "\n".join([*head, "[benchmarks.weights]", *rows])


def _read(text: str, mission: Mission, found: Sequence[Benchmark]) -> tuple[str, dict[str, float]]:
    """Name and numbers of one text."""
    head, colon, rest = text.partition(":")
    named = bool(colon) and "=" not in head
    name = canonical(head) if named else _free_name(mission, found)
    weights: dict[str, float] = {}
    problems = []
    for part in next(csv.reader([rest if named else text], skipinitialspace=True), []):
        contestant, equals, number = part.rpartition("=")
        value = _number(number) if equals else None
        if value is None or not contestant.strip():
            problems.append(Problem("benchmark.form", column="vector", value=part))
        elif canonical(contestant) in weights:
            problems.append(Problem("benchmark.twice", column="vector", value=canonical(contestant)))
        else:
            weights[canonical(contestant)] = value
    if problems:
        raise ProblemsFound(problems)
    return name, weights


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _free_name(mission: Mission, found: Sequence[Benchmark]) -> str:
    taken = names(mission, found)
    numbered = [OWN, *(f"{OWN} {number}" for number in range(2, len(taken) + 3))]
    return next(name for name in numbered if name not in taken)
