"""The encoder backend: a text with its target masked goes through an encoder, a small head says the tone.

Kept as ONNX in few bits (onnxruntime, no torch) or as safetensors (transformers with torch). One thread, one text at
a time, long texts in windows around the mentions whose probabilities and features are averaged.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.backends import tried
from models.contents import TEXTS
from models.encoders.masked_tokens import Reader, padded, read_tokenizer
from models.refusal import Refused

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from models.folder import Manifest
    from models.target import Target

    Run = Callable[[NDArray[np.int64], NDArray[np.int64]], tuple[NDArray[np.float32], NDArray[np.float32]]]

FILES = (
    "model.onnx", "config.json", "model.safetensors", "head.safetensors", "tokenizer.json", "tokenizer_config.json",
    "special_tokens_map.json", *TEXTS,
)  # fmt: skip
MOST_TOKENS = 128


class Encoder:
    """An open encoder. `run` takes token numbers and attention, and gives logits and features."""

    def __init__(self, manifest: "Manifest", reader: Reader, run: "Run") -> None:
        self.version, self.scale = manifest.version, manifest.scale
        self.languages = frozenset(manifest.languages)
        self._reader, self._run = reader, run

    def probabilities(
        self, texts: Sequence[str], targets: "Sequence[Target]", languages: Sequence[str]
    ) -> "NDArray[np.float64]":
        """(n, points); NaN where the target is not named."""
        return self.outputs(texts, targets, languages)[0]

    def features(
        self, texts: Sequence[str], targets: "Sequence[Target]", languages: Sequence[str]
    ) -> "NDArray[np.float64]":
        """(n, width): the head's hidden layer, which already knows the target; NaN where it is not named."""
        return self.outputs(texts, targets, languages)[1]

    def outputs(
        self, texts: Sequence[str], targets: "Sequence[Target]", languages: Sequence[str]
    ) -> tuple["NDArray[np.float64]", "NDArray[np.float64]"]:
        """Probabilities and features in one run."""
        named = [
            self._reader.masked(text, target, language)
            for text, target, language in zip(texts, targets, languages, strict=True)
        ]
        return self.outputs_of_masked(named)

    def outputs_of_masked(self, texts: Sequence[str]) -> tuple["NDArray[np.float64]", "NDArray[np.float64]"]:
        """The same for texts whose names are masked already; NaN for a text of ""."""
        import numpy as np

        windows = self._reader.windows(texts)
        owner = np.array([place for place, its in enumerate(windows) for _ in its], dtype=np.int64)
        rows = [row for its in windows for row in its]
        logits, features = self._all(rows)
        count = np.bincount(owner, minlength=len(texts)).astype(np.float64)[:, None]
        count[count == 0] = np.nan
        return _summed(softmax(logits), owner, len(texts)) / count, _summed(features, owner, len(texts)) / count

    def _all(self, rows: list[list[int]]) -> tuple["NDArray[np.float64]", "NDArray[np.float64]"]:
        """Logits and features of every row, each run by itself.

        In eight bits the numbers of a batch are rounded together, so that a text's answer would hang on the texts
        beside it; and on one thread a batch is no faster.
        """
        import numpy as np

        if not rows:
            return np.zeros((0, self.scale.size)), np.zeros((0, 0))
        told = {row: self._run(*padded([row], self._reader.marks.pad_id)) for row in dict.fromkeys(map(tuple, rows))}
        logits, features = (np.concatenate([told[tuple(row)][part] for row in rows]) for part in (0, 1))
        return logits.astype(np.float64), features.astype(np.float64)


def _summed(values: "NDArray[np.float64]", owner: "NDArray[np.int64]", size: int) -> "NDArray[np.float64]":
    import numpy as np

    total = np.zeros((size, values.shape[1]))
    np.add.at(total, owner, values)
    return total


def softmax(logits: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Probabilities of logits, (n, points)."""
    import numpy as np

    grown: NDArray[np.float64] = np.exp(logits - logits.max(axis=1, keepdims=True)) if len(logits) else logits
    grown /= grown.sum(axis=1, keepdims=True)
    return grown


def load(folder: Path, manifest: "Manifest") -> Encoder:
    """The encoder of a checked folder. Raises Refused when its files do not make one."""
    settings = manifest.settings
    reader = read_tokenizer(folder / "tokenizer.json", int(settings.get("max_tokens", MOST_TOKENS)))
    sealed = settings.get("mask_id", reader.marks.mask_id)
    if sealed != reader.marks.mask_id:
        raise Refused(
            f"{folder / 'tokenizer.json'} numbers its mask token {reader.marks.mask_id}, the model was trained with "
            f"{sealed}: it is another model's tokenizer."
        )
    run = onnx_run(folder / "model.onnx") if (folder / "model.onnx").is_file() else torch_run(folder, manifest)
    return tried(folder, Encoder(manifest, reader, run))


def check_weights(folder: Path, net: Any) -> None:
    """Raises Refused for a net of torch with a weight that is no number, which only some words might meet."""
    if not all(weight.isfinite().all() for weight in net.parameters()):
        raise Refused(f"The model in {folder} has weights that are no number; train or copy it again.")


def onnx_run(path: Path) -> "Run":
    """An ONNX model on one thread. Raises Refused when onnxruntime cannot open it or it has other inputs."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    # without it, processors that lack VNNI (many laptops) overflow where weights are signed 8 bits: other answers there
    options.add_session_config_entry("session.x64quantprecision", "1")
    try:
        session = onnxruntime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise Refused(f"{path} cannot be opened ({str(error)[:200]}); copy or export the model again.") from error
    names = [value.name for value in session.get_inputs()], [value.name for value in session.get_outputs()]
    if names != (["input_ids", "attention_mask"], ["logits", "features"]):
        raise Refused(f"{path} takes {names[0]} and gives {names[1]}; make it with `python -m models export`.")

    def run(ids: "NDArray[np.int64]", attention: "NDArray[np.int64]") -> Any:
        return session.run(["logits", "features"], {"input_ids": ids, "attention_mask": attention})

    return run


def torch_run(folder: Path, manifest: "Manifest") -> "Run":
    """An encoder kept as safetensors, on one thread. Raises Refused where torch is missing or weights do not fit."""
    from models.encoders.torch_parts import read_net, torch_or_refused

    torch = torch_or_refused()
    net = read_net(folder, manifest.scale.size).eval()
    check_weights(folder, net)
    torch.set_num_threads(1)

    def run(ids: "NDArray[np.int64]", attention: "NDArray[np.int64]") -> Any:
        with torch.no_grad():
            logits, features = net(torch.from_numpy(ids), torch.from_numpy(attention))
        return logits.float().numpy(), features.float().numpy()

    return run
