"""Fine-tuning on a tiny random encoder: it learns, stops, goes on exactly where it was, and refuses what is not safe."""

import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from models import folder as folders
from models.encoders import checkpoint, epochs
from models.encoders.finetune import finetune
from models.encoders.recipe import Recipe, kept_back
from models.refusal import Refused
from models.scale import THREE
from tests.models import tiny

RECIPE = Recipe(epochs=2, learning_rate=2e-3, batch=8, development=0.25, max_tokens=32)
LEARNS = replace(RECIPE, epochs=20, learning_rate=3e-3, head_rate=1.0)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("torch", reason="fine-tuning needs torch (requirements-transformer.txt)")
    return tiny.bert(tmp_path_factory.mktemp("base") / "bert")


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame(tiny.labelled())


def weights(folder: Path) -> dict[str, Any]:
    from safetensors.numpy import load_file

    return load_file(folder / "model.safetensors") | load_file(folder / "head.safetensors")


def same(left: dict[str, Any], right: dict[str, Any]) -> bool:
    return left.keys() == right.keys() and all(np.array_equal(left[name], right[name]) for name in left)


def test_it_learns_and_writes_a_folder(base: Path, table: pd.DataFrame, tmp_path: Path) -> None:
    lines: list[tuple[str, float]] = []
    out = tmp_path / "model"
    recipe = replace(LEARNS, balance=0.5)
    made = finetune(table, THREE, base, out, recipe, languages=["en"], tell=lambda *told: lines.append(told))
    assert folders.read(out) == made
    assert made.languages == ("en",)
    assert {"model.safetensors", "head.safetensors", "tokenizer.json", "config.json", "report.json"} == set(made.files)
    report = json.loads((out / "report.json").read_text())
    assert len(report["epochs"]) == 20
    assert report["best"]["macro_f1"] == max(its["macro_f1"] for its in report["epochs"]) > 0.9
    assert any(words.startswith("epoch 20: loss") and share == 1 for words, share in lines)
    assert not out.with_name("model.training").exists()
    answers = folders.open_model(out).model.probabilities(["good good Zed", "bad bad Zed"], [tiny.ZED] * 2, ["en"] * 2)
    assert answers.argmax(axis=1).tolist() == [2, 0]


def test_embeddings_stay_as_they_were(base: Path, table: pd.DataFrame, tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    finetune(table, THREE, base, tmp_path / "model", replace(RECIPE, freeze=1))
    before, after = load_file(base / "model.safetensors"), load_file(tmp_path / "model" / "model.safetensors")
    changed = {name for name in before if not np.array_equal(before[name], after[name])}
    assert changed
    assert all("layer.1." in name for name in changed)


class Broken(Exception):
    """The machine stops."""


@pytest.mark.parametrize("step", [1, 7, 11, 12, 13, 19])
def test_a_killed_training_goes_on_exactly(
    base: Path, table: pd.DataFrame, tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models.encoders.learner import Learner

    recipe = replace(RECIPE, words_dropped=0.05)
    finetune(table, THREE, base, tmp_path / "whole", recipe)
    learn = Learner.learn

    def dies(self: Any, at: int, *rest: Any) -> float:
        if at == step:
            raise Broken
        return learn(self, at, *rest)

    monkeypatch.setattr(Learner, "learn", dies)
    with pytest.raises(Broken):
        finetune(table, THREE, base, tmp_path / "cut", recipe, minutes=0)
    monkeypatch.undo()
    again: list[int] = []
    monkeypatch.setattr(Learner, "learn", lambda self, at, *rest: again.append(at) or learn(self, at, *rest))
    finetune(table, THREE, base, tmp_path / "cut", recipe, minutes=0, resume=True)
    assert again[0] == step
    assert same(weights(tmp_path / "whole"), weights(tmp_path / "cut"))


def test_stopped_when_asked_and_nothing_but_safetensors_and_json_kept(
    base: Path, table: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pickle, "dump", None)
    calls = iter([False] * 5)
    with pytest.raises(epochs.Stopped, match="after step 6 of"):
        finetune(table, THREE, base, tmp_path / "model", RECIPE, cancelled=lambda: next(calls, True))
    place = tmp_path / "model.training"
    files = {path.name for path in place.rglob("*") if path.is_file()}
    assert files == {"progress.json", "state.json", "net.safetensors", "optimizer.safetensors"}
    progress = json.loads((place / "progress.json").read_text())
    assert progress["step"] == 1
    assert 0 < progress["share"] < 1
    with pytest.raises(Refused, match="go on with --resume"):
        finetune(table, THREE, base, tmp_path / "model", RECIPE)
    with pytest.raises(Refused, match="another base, table or options"):
        finetune(table, THREE, base, tmp_path / "model", replace(RECIPE, seed=9), resume=True)
    finetune(table, THREE, base, tmp_path / "model", RECIPE, resume=True)


def test_a_half_written_checkpoint_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / checkpoint.OLD).mkdir()
    (tmp_path / checkpoint.OLD / checkpoint.STATE).write_text("{}")
    (tmp_path / checkpoint.NEW).mkdir()
    assert checkpoint.found(tmp_path) == tmp_path / checkpoint.OLD
    (tmp_path / checkpoint.LAST).mkdir()
    (tmp_path / checkpoint.LAST / checkpoint.STATE).write_text("{}")
    assert checkpoint.found(tmp_path) == tmp_path / checkpoint.LAST


def test_a_teacher_is_learned_from_also_without_labels(base: Path, table: pd.DataFrame, tmp_path: Path) -> None:
    tiny.word_model(tmp_path / "teacher")
    recipe = replace(LEARNS, epochs=14, teacher_share=1.0)
    back = np.array(kept_back(list(table["group"]), recipe.development, recipe.seed))
    turned = table["tone"].replace({"positive": "negative", "negative": "positive"})
    wrong = table.assign(tone=table["tone"].where(back, turned))
    made = finetune(
        wrong,
        THREE,
        base,
        tmp_path / "model",
        recipe,
        teacher=tmp_path / "teacher",
        unlabelled=table.drop(columns="tone"),
    )
    answers = folders.open_model(tmp_path / "model").model.probabilities(
        ["praised praised Zed", "blamed blamed Zed"], [tiny.ZED] * 2, ["en"] * 2
    )
    assert answers.argmax(axis=1).tolist() == [2, 0]
    assert f"on {120 + int((~back).sum())} rows" in made.note


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda table: table.assign(tone="sad"), "not on the scale"),
        (lambda table: table.head(60), "rows to learn from"),
        (lambda table: table[table["tone"] != "positive"], "0 rows of “positive”"),
        (lambda table: table.assign(group="one"), "kept back|to learn from"),
        (lambda table: table.assign(text="nobody"), "names its target"),
        (lambda table: table.drop(columns="group"), "no column group"),
    ],
)
def test_a_table_that_cannot_be_learned_is_refused(
    base: Path, table: pd.DataFrame, tmp_path: Path, change: Callable[[pd.DataFrame], pd.DataFrame], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        finetune(change(table), THREE, base, tmp_path / "model", RECIPE)
    assert not list(tmp_path.iterdir())


def break_pickle(base: Path) -> None:
    (base / "pytorch_model.bin").write_bytes(b"x")


def break_weights(base: Path) -> None:
    (base / "model.safetensors").unlink()


def break_code(base: Path) -> None:
    config = json.loads((base / "config.json").read_text())
    (base / "config.json").write_text(json.dumps(config | {"auto_map": {"AutoModel": "net.Net"}}))


def break_script(base: Path) -> None:
    (base / "net.py").write_text("raise SystemExit")


def break_length(base: Path) -> None:
    path = base / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1])


def break_tokenizer(base: Path) -> None:
    tiny.tokenizer(base, (*tiny.VOCABULARY, *map(str, range(500))))


def break_layers(base: Path) -> None:
    config = json.loads((base / "config.json").read_text())
    (base / "config.json").write_text(json.dumps(config | {"num_hidden_layers": 3}))


def break_kind(base: Path) -> None:
    (base / "config.json").write_text("{}")


def break_fast(base: Path) -> None:
    (base / "tokenizer.json").unlink()


def break_below(base: Path) -> None:
    (base / "onnx").mkdir()
    (base / "onnx" / "run.py").write_text("print()")


def break_link(base: Path) -> None:
    (base / "itself").symlink_to(base / "itself")


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (break_below, "can carry code"),
        (break_link, "no plain file"),
        (break_pickle, "can carry code"),
        (break_weights, r"no model\.safetensors"),
        (break_code, "code from elsewhere"),
        (break_script, "can carry code"),
        (break_length, "cut short"),
        (break_tokenizer, "another model's"),
        (break_layers, "lacks weights"),
        (break_kind, "kind of model"),
        (break_fast, r"no tokenizer\.json"),
    ],
)
def test_a_base_that_is_not_safe_or_whole_is_refused(
    table: pd.DataFrame, tmp_path: Path, break_it: Callable[[Path], None], said: str
) -> None:
    pytest.importorskip("torch", reason="fine-tuning needs torch (requirements-transformer.txt)")
    broken = tiny.bert(tmp_path / "base")
    break_it(broken)
    with pytest.raises(Refused, match=said):
        finetune(table, THREE, broken, tmp_path / "model", RECIPE)


def test_an_existing_folder_is_never_written_over(base: Path, table: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="there already"):
        finetune(table, THREE, base, tmp_path, RECIPE)


def test_devices_are_named(base: Path, table: pd.DataFrame, tmp_path: Path) -> None:
    import torch

    with pytest.raises(Refused, match="auto, cpu or cuda"):
        finetune(table, THREE, base, tmp_path / "model", RECIPE, device="tpu")
    if not torch.cuda.is_available():
        with pytest.raises(Refused, match="no CUDA device"):
            finetune(table, THREE, base, tmp_path / "other", RECIPE, device="cuda")


def test_a_refused_start_leaves_nothing_to_resume(base: Path, table: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        finetune(table, THREE, base, tmp_path / "model", RECIPE, device="tpu")
    with pytest.raises(Refused, match=r"--max-tokens is 512; .* reads \d+ at most"):
        finetune(table, THREE, base, tmp_path / "model", replace(RECIPE, max_tokens=512))
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(Refused, match="start without --resume"):
        finetune(table, THREE, base, tmp_path / "model", RECIPE, resume=True)
    finetune(table, THREE, base, tmp_path / "model", RECIPE)
