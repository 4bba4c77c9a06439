"""Models of transformers by folder: the real library on tiny models; labels told from their config or refused."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models import folder as folders
from models import hub
from models.backends.transformer import labels_of, plain
from models.refusal import Refused
from models.scale import THREE, Point, Scale
from models.suggestion import suggest
from models.target import Target
from tests.models import tiny

FIVE = Scale(tuple(Point(name, score) for name, score in zip("abcde", (-1, -0.5, 0, 0.5, 1), strict=True)))
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def tone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("torch", reason="needs torch (requirements-transformer.txt)")
    return tiny.bert(tmp_path_factory.mktemp("t") / "tone", ("Positive", "Negative", "Neutral"))


@pytest.fixture(scope="module")
def nli(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("torch", reason="needs torch (requirements-transformer.txt)")
    return tiny.bert(tmp_path_factory.mktemp("t") / "nli", ("contradiction", "neutral", "entailment"), seed=1)


def told(model: Any, *texts: str) -> Any:
    return model.probabilities(list(texts), [tiny.ZED] * len(texts), ["en"] * len(texts))


def test_a_classifier_of_pairs_gives_the_scale_in_order(tone: Path) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    model = plain(tone)
    answers = told(model, "Zed is good", "nobody", "the council praised Zed")
    assert answers.shape == (3, 3)
    assert np.isnan(answers[1]).all()
    tokenizer, net = (
        AutoTokenizer.from_pretrained(tone),
        AutoModelForSequenceClassification.from_pretrained(tone).eval(),
    )
    with torch.no_grad():
        positive, negative, neutral = (
            net(**tokenizer("Zed is good", "Zed", return_tensors="pt")).logits.softmax(-1)[0].tolist()
        )
    assert np.allclose(answers[0], [negative, neutral, positive], atol=1e-5)


def test_a_classifier_of_masked_text_does_not_see_names(tone: Path) -> None:
    model = plain(tone, asks="masked")
    one = told(model, "Zed praised Kex")
    other = model.probabilities(["Kex praised Zed"], [Target("Kex", (), (("Zed", "Zedd"),))], ["en"])
    assert np.array_equal(one, other)
    assert not np.allclose(told(plain(tone), "Zed praised Kex"), one)


def test_entailment_answers_zero_shot_by_language(nli: Path) -> None:
    model = plain(nli)
    answers = model.probabilities(["Zed is good"] * 3, [tiny.ZED] * 3, ["en", "ru", "xx"])
    assert np.allclose(answers.sum(axis=1), 1)
    assert np.array_equal(answers[0], answers[2])
    assert not np.allclose(answers[0], answers[1])


def test_a_long_text_is_cut_to_the_model(tone: Path, nli: Path) -> None:
    text = "met " * 900 + "Zed good " + "met " * 900 + "Zed bad"
    for model in (plain(tone), plain(tone, asks="masked"), plain(nli)):
        answers = told(model, text)
        assert np.allclose(answers.sum(), 1)


def test_plain_and_sealed_folders_open_the_same(tone: Path, tmp_path: Path) -> None:
    sealed = tmp_path / "sealed"
    shutil.copytree(tone, sealed)
    folders.write(sealed, folders.Manifest("transformer", "tone-1", THREE))
    by_door = [suggest(["Zed is good"], [tiny.ZED], ["en"], place)[0] for place in (tone, sealed)]
    assert by_door[0].probabilities == by_door[1].probabilities
    assert [each.model for each in by_door] == ["transformer-tone", "tone-1"]


@pytest.mark.parametrize(
    ("labels", "scale", "found"),
    [
        (("NEGATIVE", "NEUTRAL", "POSITIVE"), THREE, [0, 1, 2]),
        (("pos", "neg", "neu"), THREE, [1, 2, 0]),
        (("положительный", "нейтральный", "отрицательный"), THREE, [2, 1, 0]),
        (("against", "favor", "none"), THREE, [0, 2, 1]),
        (("e", "d", "c", "b", "a"), FIVE, [4, 3, 2, 1, 0]),
        (("very negative", "negative", "neutral", "positive", "very positive"), FIVE, [0, 1, 2, 3, 4]),
    ],
)
def test_labels_are_told_by_their_side(labels: tuple[str, ...], scale: Scale, found: list[int]) -> None:
    assert labels_of(Path("m"), {"id2label": dict(enumerate(labels))}, scale) == (found, False)
    assert labels_of(Path("m"), {"id2label": {"2": "entailment", "0": "contradiction", "1": "neutral"}}, scale) == (
        [2],
        True,
    )


@pytest.mark.parametrize(
    "numbered",
    [
        {"a": "negative", "b": "neutral", "c": "positive"},
        {"1": "negative", "2": "neutral", "3": "positive"},
        {"0": "negative", "1": "neutral", "01": "positive"},
        {"0": 1, "1": 2, "2": 3},
        ["negative", "neutral", "positive"],
    ],
)
def test_labels_without_their_numbers_are_refused(numbered: Any) -> None:
    with pytest.raises(Refused, match=r"labels|id2label"):
        labels_of(Path("m"), {"id2label": numbered}, THREE)


def test_labels_that_stand_on_the_other_side_are_refused() -> None:
    turned = Scale((Point("for", -1), Point("none", 0), Point("against", 1)))
    with pytest.raises(Refused, match="“for” stands below zero"):
        labels_of(Path("m"), {"id2label": {"0": "against", "1": "none", "2": "for"}}, turned)


@pytest.mark.parametrize("part", ["classifier.weight", "bert.embeddings.word_embeddings.weight"])
def test_weights_that_are_no_numbers_are_refused(tone: Path, tmp_path: Path, part: str) -> None:
    from safetensors.numpy import load_file, save_file

    folder = tmp_path / "m"
    shutil.copytree(tone, folder)
    weights = load_file(folder / "model.safetensors")
    weights[part] = weights[part].copy()
    weights[part][-1] = np.nan
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(Refused, match="no number"):
        folders.open_model(folder)


@pytest.mark.parametrize(
    ("settings", "said"), [({"hypotheses": 5}, "hypotheses"), ({"hypotheses": {"en": {"-1": 3}}}, "hypotheses")]
)
def test_hypotheses_that_are_none_are_refused(nli: Path, tmp_path: Path, settings: dict[str, Any], said: str) -> None:
    folder = tmp_path / "m"
    shutil.copytree(nli, folder)
    folders.write(folder, folders.Manifest("transformer", "nli-1", THREE, settings=settings))
    with pytest.raises(Refused, match=said):
        folders.open_model(folder)


def test_own_hypotheses_are_asked(nli: Path, tmp_path: Path) -> None:
    folder = tmp_path / "m"
    shutil.copytree(nli, folder)
    own = {"en": {"-1": "{target} bad", "0": "{target} met", "1": "{target} {target.__class__} good"}}
    folders.write(folder, folders.Manifest("transformer", "nli-1", THREE, settings={"hypotheses": own}))
    answers = told(folders.open_model(folder).model, "Zed is good")
    assert np.allclose(answers.sum(), 1)
    assert not np.allclose(answers, told(plain(nli), "Zed is good"))


def test_what_lies_in_folders_of_a_plain_folder(tone: Path, tmp_path: Path) -> None:
    folder = tmp_path / "m"
    shutil.copytree(tone, folder)
    below = folder / "onnx"
    below.mkdir()
    (below / "config.json").write_text("{}")
    folders.open_model(folder)
    (below / "run.py").write_text("print(1)")
    with pytest.raises(Refused, match=r"run\.py can carry code"):
        folders.open_model(folder)
    (below / "run.py").unlink()
    (below / "loop").symlink_to("loop")
    with pytest.raises(Refused, match="no plain file"):
        folders.open_model(folder)
    (below / "loop").unlink()
    (below / "out").symlink_to(tmp_path)
    with pytest.raises(Refused, match="points out"):
        folders.open_model(folder)


def test_a_folder_of_the_hubs_cache_opens(tone: Path, tmp_path: Path) -> None:
    blobs, folder = tmp_path / "models--a--b" / "blobs", tmp_path / "models--a--b" / "snapshots" / "abc"
    shutil.copytree(tone, blobs)
    for path in blobs.iterdir():
        (folder / "onnx").mkdir(parents=True, exist_ok=True)
        (folder / path.name).symlink_to(f"../../blobs/{path.name}")
    (folder / "onnx" / "config.json").symlink_to("../../../blobs/config.json")
    folders.open_model(folder)


@pytest.mark.parametrize("written", [{"model_max_length": 1}, {"model_max_length": "many"}, {"model_max_length": -3}])
def test_a_model_that_reads_nothing_is_refused(tone: Path, tmp_path: Path, written: dict[str, Any]) -> None:
    folder = tmp_path / "m"
    shutil.copytree(tone, folder)
    config = json.loads((folder / "tokenizer_config.json").read_text())
    (folder / "tokenizer_config.json").write_text(json.dumps(config | written))
    with pytest.raises(Refused):
        folders.open_model(folder)


@pytest.mark.parametrize(
    ("labels", "scale"),
    [
        (("LABEL_0", "LABEL_1", "LABEL_2"), THREE),
        (("joy", "anger", "neutral"), THREE),
        (("negative", "positive"), THREE),
        (("negative", "neutral", "positive", "positive"), THREE),
        (("negative", "neutral", "positive"), FIVE),
        ((), THREE),
    ],
)
def test_labels_that_are_no_tones_of_the_scale_are_refused(labels: tuple[str, ...], scale: Scale) -> None:
    with pytest.raises(Refused, match="labels"):
        labels_of(Path("m"), {"id2label": dict(enumerate(labels))}, scale)


def test_what_does_not_fit_is_refused(tone: Path, nli: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="not the tones of the scale"):
        plain(tone, FIVE)
    with pytest.raises(Refused, match="knows three tones"):
        plain(nli, FIVE)
    with pytest.raises(Refused, match="asked by “pair”"):
        plain(nli, asks="pair")
    with pytest.raises(Refused, match="asked by “nli”"):
        plain(tone, asks="nli")
    encoder = tiny.bert(tmp_path / "encoder")
    config = json.loads((encoder / "config.json").read_text())
    (encoder / "config.json").write_text(json.dumps(config | {"id2label": {"0": "neg", "1": "neu", "2": "pos"}}))
    with pytest.raises(Refused, match="lacks weights"):
        plain(encoder)


def test_remote_code_and_pickles_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    tiny.tokenizer(folder)
    (folder / "config.json").write_text(json.dumps({"model_type": "bert", "auto_map": {"AutoModel": "x.X"}}))
    with pytest.raises(Refused, match=r"code from elsewhere|torch"):
        folders.open_model(folder)
    (folder / "config.json").write_text(json.dumps({"model_type": "bert"}))
    (folder / "pytorch_model.bin").write_bytes(b"x")
    with pytest.raises(Refused, match=r"can carry code|torch"):
        folders.open_model(folder)


def test_without_torch_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    code = (
        "import sys, importlib.util as u\nfind = u.find_spec\n"
        "u.find_spec = lambda name, *more: None if name == 'torch' else find(name, *more)\n"
        "from pathlib import Path\nfrom models.refusal import Refused\nfrom models.folder import open_model\n"
        "from models.speech import transcribe\n"
        "for ask in (lambda: open_model(Path(sys.argv[1])), lambda: list(transcribe(Path('x'), Path('y')))):\n"
        "    try:\n        ask()\n    except Refused as refused:\n        print(refused.reason)\n"
        "print('torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    assert [line.endswith("pip install -r requirements-transformer.txt") for line in lines] == [True, True, False]
    assert lines[-1] == "False"


def test_a_hub_is_asked_only_by_name_and_never_offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[dict[str, Any]] = []

    def fetch(name: str, **options: Any) -> str:
        asked.append({"name": name, **options})
        raise OSError("not found")

    huggingface_hub = pytest.importorskip("huggingface_hub")
    monkeypatch.setattr(huggingface_hub, "snapshot_download", fetch)
    for name in ("nowhere", "/no/such/folder", "../x", "a b/c"):
        with pytest.raises(Refused, match="neither a folder nor the name"):
            hub.place_of(name)
    assert not asked
    assert hub.place_of(str(tmp_path)) == tmp_path
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(Refused, match="HF_HUB_OFFLINE forbids"):
        hub.place_of("owner/name")
    assert asked[-1]["local_files_only"] is True
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.delenv("TRANSFORMERS_OFFLINE", raising=False)
    with pytest.raises(Refused, match="cannot be fetched"):
        hub.place_of("owner/name@main")
    assert asked[-1]["local_files_only"] is False
    assert asked[-1]["revision"] == "main"
    assert not any(
        pattern.endswith((".bin", ".py", ".pt")) or pattern == "*" for pattern in asked[-1]["allow_patterns"]
    )
