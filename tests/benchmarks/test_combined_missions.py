"""The benchmark of human and machine together: few missions, the same conclusions."""

from pathlib import Path

import pytest

from benchmarks.combined_missions import combined_figures, main


def test_both_together_hold_where_the_naive_mix_does_not() -> None:
    found = combined_figures(quick=True)
    assert 0.90 <= found["combined_coverage"] <= 0.99
    assert found["combined_width_ratio"] < 0.8
    assert found["combined_width_useless"] < 1.1
    assert found["naive_mix_coverage"] < 0.5


def test_without_the_data_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path)]) == 2
    assert "does not hold devtest_mt.jsonl" in capsys.readouterr().err
