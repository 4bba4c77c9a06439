"""The order of work of a training: the same for the same seed, every row once, whole groups kept back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.encoders.recipe import Recipe, kept_back
from models.refusal import Refused


@given(st.lists(st.integers(1, 128), min_size=1, max_size=900), st.integers(0, 5), st.integers(1, 20))
def test_every_row_once_and_as_many_steps_as_said(lengths: list[int], epoch: int, batch: int) -> None:
    recipe = Recipe(batch=batch)
    made = recipe.batches(lengths, epoch)
    assert sorted(place for rows in made for place in rows) == list(range(len(lengths)))
    assert all(len(rows) <= batch for rows in made)
    assert len(made) * recipe.epochs == recipe.steps(len(lengths))
    assert made == recipe.batches(lengths, epoch)


def test_another_epoch_or_seed_is_another_order() -> None:
    lengths = list(range(100))
    orders = [Recipe(seed=seed).batches(lengths, epoch) for seed in (1, 2) for epoch in (0, 1)]
    assert len({str(order) for order in orders}) == 4


def test_the_rate_rises_and_falls() -> None:
    recipe = Recipe(warmup=0.1)
    rates = [recipe.rate(step, 100) for step in range(100)]
    assert max(rates) == 1
    assert rates[:3] == [0.1, 0.2, 0.3]
    assert rates[9:] == sorted(rates[9:], reverse=True)
    assert rates[-1] == pytest.approx(1 / 90)
    assert Recipe(warmup=0).rate(0, 1) == 1


def test_groups_are_kept_back_whole_and_new_rows_move_none() -> None:
    groups = [f"g{place // 3}" for place in range(3000)]
    back = kept_back(groups, 0.2, 1)
    assert 0.15 < sum(back) / len(back) < 0.25
    assert all(back[place] == back[place // 3 * 3] for place in range(3000))
    assert kept_back([*groups, "new"], 0.2, 1)[:3000] == back
    assert kept_back(groups, 0.2, 2) != back


@pytest.mark.parametrize(
    "wrong",
    [{"epochs": 0}, {"batch": 0}, {"learning_rate": 0}, {"learning_rate": 2}, {"development": 0}, {"development": 0.6},
     {"max_tokens": 8}, {"max_tokens": 9999}, {"smoothing": 1}, {"others_masked": 1.5}, {"teacher_share": -1}, {"freeze": -1}],
)  # fmt: skip
def test_numbers_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(Refused):
        Recipe(**wrong)
