"""An encoder kept as safetensors becomes a small int8 ONNX model that runs without torch, checked against the original.

Source of the choices: `docs/tone.md`. Dynamic quantisation of weights to signed 8 bits, one scale for each column,
embeddings too; the graph is left unfused, since onnxruntime's own fusions at opening are as fast and lose less.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from models import folder as folders
from models.backends.encoder import MOST_TOKENS, Encoder, load, onnx_run
from models.calibrate import fit
from models.encoders.masked_tokens import read_tokenizer
from models.encoders.torch_parts import read_net, torch_or_refused
from models.refusal import Refused

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BLOCK = 32  # weights that share one scale in four bits
OPSET = 17
CHECKED = 200
"""Texts on which the exported model is compared with the original where none are given."""
COMPARED, NEEDED = 2000, 1_000_000
"""At most so many texts of a table compare the two models, or say which tokens are needed."""
MOST_CHANGED = 0.05
"""The share of texts whose likeliest tone may change by rounding to 8 bits; more is refused."""
TIE = 0.1
"""Two tones whose probabilities differ by less are no change: the original could not tell them apart either."""
KEPT = ("tokenizer.json", "README.md", "LICENSE", "NOTICE")
Tell = Callable[[str], None]


def export(
    source: Path,
    out: Path,
    texts: Sequence[str] = (),
    held_out: "tuple[Sequence[str], Sequence[int]] | None" = None,
    needed: Sequence[str] = (),
    bits: int = 8,
    tell: Tell = lambda _: None,
) -> folders.Manifest:
    """Write the encoder in `source` as ONNX of 8 or 4 bits into the new folder `out`; gives its manifest.

    Four bits (of the matrices; words keep eight) halve a large encoder, at less than half its speed.

    All texts have their names masked already (`masked_rows`). On `texts` the new model is compared with the
    original, and its temperature corrected. `held_out`, texts that no training saw with their tones as places on the
    scale, fits a new calibration instead. `needed`, where given, cuts the vocabulary down to theirs. Raises Refused.
    """
    torch_or_refused()
    manifest = _source(source, out)
    net = read_net(source, manifest.scale.size).eval()
    compared_on = list(texts) or _plain_texts(source)
    original = load(source, manifest).outputs_of_masked(compared_on)[0]
    out.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.iterdir()):
        if path.name.startswith(KEPT):
            shutil.copyfile(path, out / path.name)
    if needed:
        from models.encoders.prune import prune

        tell(f"{prune(net, out / 'tokenizer.json', [*needed, *compared_on])} tokens kept")
    tell("writing the graph")
    write_onnx(net, out / "model.onnx", bits)
    most = int(manifest.settings.get("max_tokens", MOST_TOKENS))
    reader = read_tokenizer(out / "tokenizer.json", most)
    settings = {**manifest.settings, "max_tokens": most, "mask_id": reader.marks.mask_id}
    made = Encoder(replace(manifest, settings=settings), reader, onnx_run(out / "model.onnx"))
    tell("comparing with the original")
    compared = compare(original, made.outputs_of_masked(compared_on)[0])
    if compared["changed"] > MOST_CHANGED:
        raise Refused(f"In {bits} bits {compared['changed']:.0%} of the answers of {source} change; keep it as it is.")
    named = replace(manifest, settings=settings, version=f"{manifest.version}-int{bits}")
    return _sealed(out, named, made, compared, held_out)


def _source(source: Path, out: Path) -> folders.Manifest:
    if out.exists() and any(out.iterdir()):
        raise Refused(f"{out} is not empty; name a new folder for the exported model.")
    manifest = folders.read(source)
    if manifest.backend != "encoder" or not (source / "model.safetensors").is_file():
        raise Refused(f"{source} is no encoder kept as safetensors; make one with `python -m models finetune`.")
    return manifest


def _sealed(
    out: Path,
    manifest: folders.Manifest,
    made: Encoder,
    compared: dict[str, float],
    held_out: "tuple[Sequence[str], Sequence[int]] | None",
) -> folders.Manifest:
    calibration = {name: _corrected(its, compared["temperature"]) for name, its in manifest.calibration.items()}
    if held_out is not None:
        calibration = {"": fit(made.outputs_of_masked(held_out[0])[0], held_out[1], manifest.scale).to_json()}
    about = {**manifest.made, "exported": datetime.now(UTC).isoformat(timespec="seconds"), "export": compared}
    return folders.write(out, replace(manifest, calibration=calibration, made=about))


def _plain_texts(source: Path) -> list[str]:
    """Sentences of no meaning to compare on where no table was given: the tokenizer's own pieces around a mask."""
    marks = read_tokenizer(source / "tokenizer.json", MOST_TOKENS).marks
    tokenizer = read_tokenizer(source / "tokenizer.json", MOST_TOKENS).tokenizer
    pieces = [piece.strip("▁#Ġ") for piece in sorted(tokenizer.get_vocab())]
    words = [piece for piece in pieces if piece.isalpha()]
    step = max(1, len(words) // (CHECKED * 12))
    picked = words[::step]
    return [
        " ".join([*picked[at : at + 6], marks.mask, *picked[at + 6 : at + 12]]) for at in range(0, len(picked), 12)
    ][:CHECKED]


def write_onnx(net: Any, path: Path, bits: int = 8) -> None:
    """A tone net as ONNX of 8 or 4 bits with inputs input_ids, attention_mask and outputs logits, features."""
    with TemporaryDirectory() as place, _quiet():
        exact = Path(place) / "exact.onnx"
        try:
            _trace(net, exact)
            (_in_eight if bits == 8 else _in_four)(exact, path)
        except ImportError as error:
            raise Refused(
                "Export needs onnx, which is not installed here; run: pip install -r requirements-transformer.txt"
            ) from error


def _in_eight(exact: Path, path: Path) -> None:
    from onnx import TensorProto
    from onnxruntime.quantization import QuantType, quantize_dynamic

    options = {"DefaultTensorType": TensorProto.FLOAT}
    quantize_dynamic(exact, path, weight_type=QuantType.QInt8, per_channel=True, extra_options=options)


def _in_four(exact: Path, path: Path) -> None:
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

    halved = exact.with_name("four.onnx")
    quantizer = MatMulNBitsQuantizer(onnx.load(str(exact)), block_size=BLOCK, is_symmetric=True, accuracy_level=4)
    quantizer.process()
    quantizer.model.save_model_to_file(str(halved), False)
    quantize_dynamic(halved, path, weight_type=QuantType.QInt8, op_types_to_quantize=["Gather"])


def _trace(net: Any, path: Path) -> None:
    import torch

    net.encoder.config._attn_implementation = "eager"
    ids = torch.tensor([[1, net.mask_id, 2, 3], [1, 2, net.mask_id, 0]])
    attention = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    rows = {0: "rows"}
    with _quiet():
        torch.onnx.export(
            net,
            (ids, attention),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=["logits", "features"],
            dynamic_axes={
                "input_ids": {0: "rows", 1: "length"}, "attention_mask": {0: "rows", 1: "length"},
                "logits": rows, "features": rows,
            },
            opset_version=OPSET,
            dynamo=False,
        )  # fmt: skip


@contextmanager
def _quiet() -> Iterator[None]:
    """The tracer and the quantiser warn of what is meant."""
    import logging
    import warnings

    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        root.setLevel(level)


def compare(original: "NDArray[np.float64]", made: "NDArray[np.float64]") -> dict[str, float]:
    """How the exported model differs: share of likeliest tones changed, mean difference, and its temperature.

    The temperature is the one by which the exported probabilities come nearest (in cross-entropy) to the original's.
    """
    import numpy as np

    logs = np.log(np.clip(made, 1e-9, 1))

    def far(temperature: float) -> float:
        scaled = logs / temperature
        scaled -= np.log(np.exp(scaled - scaled.max(1, keepdims=True)).sum(1, keepdims=True)) + scaled.max(
            1, keepdims=True
        )
        return -float((original * scaled).sum(1).mean())

    grid = np.exp(np.linspace(np.log(0.5), np.log(2), 281))
    return {
        "texts": float(len(made)),
        "changed": float((original.max(1) - original[np.arange(len(made)), made.argmax(1)] > TIE).mean()),
        "difference": float(np.abs(original - made).mean()),
        "temperature": round(float(min(grid, key=far)), 4),
    }


def _corrected(calibration: Any, temperature: float) -> Any:
    """A calibration that first undoes what the rounding did to the temperature."""
    if not isinstance(calibration, dict) or "temperature" not in calibration:
        return calibration
    return {**calibration, "temperature": calibration["temperature"] * temperature}
