"""From safetensors to int8 ONNX and back to answers: the same tones, a smaller vocabulary, and only what fits."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models import folder as folders
from models.encoders.export import compare, export
from models.encoders.masked_tokens import read_tokenizer
from models.encoders.prune import renumbered
from models.refusal import Refused
from models.scale import THREE
from tests.models import tiny

CALIBRATION = {"temperature": 1.5, "bias": [0, 0, 0], "thresholds": [0, 0, 0], "collapsed": False, "rows": 9}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("torch", reason="export needs torch (requirements-transformer.txt)")
    pytest.importorskip("onnx", reason="export needs onnx (requirements-transformer.txt)")
    from models.encoders.tone_net import ToneNet
    from models.encoders.torch_parts import read_base, write_net

    place = tmp_path_factory.mktemp("export")
    base = tiny.bert(place / "base")
    folder = place / "full"
    folder.mkdir()
    mask_id = tiny.VOCABULARY.index("[MASK]")
    net = ToneNet(read_base(base), mask_id, 3)
    for layer in (net.head[1], net.head[4]):
        layer.weight.data *= 6
    write_net(net, folder)
    (folder / "tokenizer.json").write_bytes((base / "tokenizer.json").read_bytes())
    (folder / "LICENSE").write_text("licence of the base")
    settings = {"max_tokens": 32, "mask_id": mask_id}
    folders.write(
        folder, folders.Manifest("encoder", "tiny", THREE, ("en",), calibration={"": CALIBRATION}, settings=settings)
    )
    return folder


def answers(folder: Path, *texts: str) -> Any:
    return folders.open_model(folder).model.probabilities(list(texts), [tiny.ZED] * len(texts), ["en"] * len(texts))


def test_the_small_model_says_the_same(source: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    made = export(source, tmp_path / "small", tell=lines.append)
    assert folders.read(tmp_path / "small") == made
    assert set(made.files) == {"model.onnx", "tokenizer.json", "LICENSE"}
    assert made.version == "tiny-int8"
    assert made.made["export"]["changed"] <= 0.05
    texts = [f"the {word} party praised Zed and {other}" for word in tiny.WORDS[:6] for other in tiny.WORDS[3:9]]
    big, small = answers(source, *texts), answers(tmp_path / "small", *texts)
    assert np.abs(big - small).mean() < 0.05
    its = made.calibration[""]["temperature"]
    assert its == pytest.approx(1.5 * made.made["export"]["temperature"])


def test_four_bits_say_nearly_the_same_in_less_room(source: Path, tmp_path: Path) -> None:
    made = export(source, tmp_path / "four", bits=4, tell=lambda _: None)
    assert made.version == "tiny-int4"
    texts = [f"the {word} party praised Zed" for word in tiny.WORDS[:6]]
    big, small = answers(source, *texts), answers(tmp_path / "four", *texts)
    assert np.abs(big - small).max() < 0.35
    assert "MatMulNBits" in (tmp_path / "four" / "model.onnx").read_bytes().decode("latin-1")


def test_rows_held_out_fit_the_probabilities_anew(source: Path, tmp_path: Path) -> None:
    texts = [f"[MASK] is {word}" for word in tiny.WORDS] * 3
    made = export(source, tmp_path / "small", texts, (texts, [0, 1, 2] * len(tiny.WORDS)))
    assert made.calibration[""]["rows"] == len(texts)


def test_a_pruned_vocabulary_reads_the_same_texts_the_same(source: Path, tmp_path: Path) -> None:
    texts = ["[MASK] praised well", "the council blamed [MASK]", "[MASK] met the party today"]
    export(source, tmp_path / "whole", texts)
    export(source, tmp_path / "pruned", texts, needed=texts)
    sizes = [
        len(read_tokenizer(tmp_path / name / "tokenizer.json", 32).tokenizer.get_vocab())
        for name in ("whole", "pruned")
    ]
    assert sizes[1] < sizes[0]
    named = [text.replace("[MASK]", "Zed") for text in texts]
    assert np.allclose(answers(tmp_path / "whole", *named), answers(tmp_path / "pruned", *named), atol=0.02)


def test_unigram_and_its_frame_are_renumbered() -> None:
    written = {
        "model": {
            "type": "Unigram",
            "unk_id": 1,
            "vocab": [["<s>", 0], ["<unk>", 0], ["a", -1], ["ab", -2], ["<mask>", 0]],
        },
        "added_tokens": [{"id": 0, "content": "<s>"}, {"id": 4, "content": "<mask>"}],
        "post_processor": {
            "type": "Sequence",
            "processors": [
                {"type": "TemplateProcessing", "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]}}},
                {"type": "RobertaProcessing", "sep": ["<mask>", 4], "cls": ["<s>", 0]},
            ],
        },
    }
    new = renumbered(written, {0: 0, 1: 1, 2: 2, 4: 3})
    assert [piece for piece, _ in new["model"]["vocab"]] == ["<s>", "<unk>", "a", "<mask>"]
    assert [token["id"] for token in new["added_tokens"]] == [0, 3]
    assert new["post_processor"]["processors"][1]["sep"] == ["<mask>", 3]
    assert new["post_processor"]["processors"][0]["special_tokens"]["<s>"]["ids"] == [0]


def test_the_comparison_counts_only_real_changes() -> None:
    original = np.array([[0.9, 0.05, 0.05], [0.4, 0.35, 0.25], [0.1, 0.8, 0.1]])
    made = np.array([[0.85, 0.1, 0.05], [0.34, 0.41, 0.25], [0.8, 0.1, 0.1]])
    found = compare(original, made)
    assert found["changed"] == pytest.approx(1 / 3)
    assert compare(original, original)["temperature"] == pytest.approx(1, abs=0.01)
    sharper = original**2 / (original**2).sum(axis=1, keepdims=True)
    assert compare(original, sharper)["temperature"] == pytest.approx(2, abs=0.01)


def rounded_badly(net: Any, path: Path, bits: int) -> None:
    tiny.onnx(path, np.ones((len(tiny.VOCABULARY), 2)), np.array([[0, 9, 0], [0, 9, 0]]))


@pytest.mark.parametrize("case", ["full", "small", "changed"])
def test_what_cannot_be_exported_is_refused(
    source: Path, tmp_path: Path, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases: dict[str, tuple[Callable[[], object], str]] = {
        "full": (lambda: export(source, source), "not empty"),
        "small": (lambda: export(tmp_path / "words", tmp_path / "out"), "no encoder kept as safetensors"),
        "changed": (lambda: export(source, tmp_path / "out"), "answers of .* change"),
    }
    tiny.word_model(tmp_path / "words")
    if case == "changed":
        monkeypatch.setattr("models.encoders.export.write_onnx", rounded_badly)
    with pytest.raises(Refused, match=cases[case][1]):
        cases[case][0]()


def test_a_head_of_another_scale_is_refused(source: Path, tmp_path: Path) -> None:
    import shutil

    from models.scale import Point, Scale

    shutil.copytree(source, tmp_path / "five")
    five = Scale(tuple(Point(f"p{place}", place / 2 - 1) for place in range(5)))
    folders.write(tmp_path / "five", replace(folders.read(source), scale=five, calibration={}))
    with pytest.raises(Refused, match="does not fit the encoder"):
        folders.open_model(tmp_path / "five")
    config = json.loads((tmp_path / "five" / "config.json").read_text())
    assert config["hidden_size"] == 16
