"""A ready model of 8 bits gives on this processor what its whole numbers say, also where fast sums would overflow."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.backends.encoder import MOST_TOKENS, onnx_run
from models.encoders.masked_tokens import read_tokenizer

READY = Path(__file__).parents[3] / "models" / "ready"
TEXTS = (
    "[MASK] promised lower taxes, and the crowd applauded for minutes.",
    "Critics accuse [MASK] of hiding the money of the campaign from the public.",
    "[MASK] arrives in the capital on Tuesday for a meeting of the council.",
)


def exact(path: Path) -> Any:
    """The same model with its products of whole numbers made in floats of 64 bits, which hold every sum."""
    onnx = pytest.importorskip("onnx", reason="the model is rewritten with onnx (requirements-transformer.txt)")
    import onnxruntime

    model = onnx.load(str(path))
    nodes = []
    for at, node in enumerate(model.graph.node):
        if node.op_type != "MatMulInteger":
            nodes.append(node)
            continue
        wide = [f"wide{at}_{place}" for place in range(len(node.input))]
        for name, to in zip(node.input, wide, strict=True):
            nodes.append(onnx.helper.make_node("Cast", [name], [to], to=onnx.TensorProto.DOUBLE))
        sides = []
        for place, zero in ((0, 2), (1, 3)):
            if zero < len(wide):
                nodes.append(onnx.helper.make_node("Sub", [wide[place], wide[zero]], [f"side{at}_{place}"]))
            sides.append(f"side{at}_{place}" if zero < len(wide) else wide[place])
        nodes.append(onnx.helper.make_node("MatMul", sides, [f"sum{at}"]))
        nodes.append(onnx.helper.make_node("Cast", [f"sum{at}"], [node.output[0]], to=onnx.TensorProto.INT32))
    assert len(nodes) > len(model.graph.node), "the model has products of whole numbers"
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("name", ["en", "ru"])
def test_a_ready_model_sums_exactly(name: str) -> None:
    reader = read_tokenizer(READY / name / "tokenizer.json", MOST_TOKENS)
    run, wide = onnx_run(READY / name / "model.onnx"), exact(READY / name / "model.onnx")
    for text in TEXTS:
        ids = np.array([reader.tokenizer.encode(text.replace("[MASK]", reader.marks.mask)).ids], dtype=np.int64)
        assert reader.marks.mask_id in ids
        attention = np.ones_like(ids)
        logits, features = wide.run(["logits", "features"], {"input_ids": ids, "attention_mask": attention})
        found = run(ids, attention)
        assert np.allclose(found[0], logits, atol=1e-3)
        assert np.allclose(found[1], features, atol=1e-3)
