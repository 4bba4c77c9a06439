"""A problem is told in the reader's language, also after a job wrote it down for the page."""

import json
from dataclasses import asdict

import pytest

from coding.languages import languages, translator
from coding.problems import Problem
from coding.segment_checks import overlap_problems
from tests.missions import segment


@pytest.mark.parametrize("language", languages())
def test_a_problem_that_was_written_down_says_the_same(language: str) -> None:
    codes = {"tone": "negative", "role": "supporter", "speech": "direct", "format": "interview", "topic": "economy"}
    (problem,) = overlap_problems([segment(1, start=0, end=60), segment(2, start=0, end=60, **codes)])
    read = Problem(**json.loads(json.dumps(asdict(problem))))
    told = translator(language)
    assert read.text(told) == problem.text(told)
    assert all(told(f"desk.field.{code}") in problem.text(told) for code in codes)
    assert told("word.role.supporter") in problem.text(told)
