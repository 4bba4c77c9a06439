"""What a file of a model folder holds, read without running or loading it: the checks before anything opens it.

No library that opens models is asked: a header is read as bytes, and what does not fit is refused with its reason.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.refusal import Refused, refusing
from models.written import listed, table, whole

RUNS_CODE = (".bin", ".pt", ".pth", ".pkl", ".pickle", ".joblib", ".ckpt", ".skops", ".h5", ".keras", ".npy", ".npz",
             ".msgpack", ".dill", ".py", ".pyc", ".pyd", ".pyw", ".pyz", ".so", ".dll", ".dylib", ".exe", ".sh", ".bat",
             ".cmd", ".ps1")  # fmt: skip
"""Files that can carry code or objects: never opened, and refused where they lie in a model folder."""
TEXTS = ("report.json", "README.md", "LICENSE", "LICENSE.txt", "LICENSE.md", "NOTICE", "NOTICE.txt", "NOTICE.md")
"""What a folder of any kind of model may say of itself beside its manifest."""
MOST_JSON = 48 * 2**20
"""The largest tokenizers (of 260,000 words) have 35 MB."""
MOST_PARTS = 3_000_000
"""Lists, tables and commas of a JSON file; those tokenizers have two million. More would take long to read."""
MOST_HEADER = 2 * 2**20
"""A tensor takes some 100 bytes of the header."""
AGAIN = "copy the folder again."
REMOTE = ("auto_map", "trust_remote_code", "custom_pipelines")
EMBEDDINGS = ("word_embeddings.weight", "embed_tokens.weight", "shared.weight", "wte.weight")


def paths_below(folder: Path) -> Iterator[Path]:
    """Every file and folder below a folder; links are not followed."""
    for place, folders, files in os.walk(folder):
        yield from (Path(place, name) for name in (*folders, *files))


def check_place(path: Path, *roots: Path) -> None:
    """Raises Refused unless a path is a file or folder that lies in one of these folders (which are no links)."""
    real = Path(os.path.realpath(path))
    if not any(real.is_relative_to(root) for root in roots):
        raise Refused(f"{path} points out of the model's folder; copy the file itself into the folder.")
    if path.is_symlink() and path.is_dir():
        raise Refused(f"{path} points to a folder; copy the folder itself.")
    if not path.is_dir() and not path.is_file():
        raise Refused(f"{path} is no plain file; a model folder holds files only.")


def check_kind(path: Path) -> None:
    """Raises Refused for a file that by its name can carry code."""
    if path.suffix.lower() in RUNS_CODE:
        raise Refused(f"{path} can carry code or pickled objects; only safetensors, ONNX, JSON and text are read.")


def check(path: Path) -> None:
    """Look into one file by its kind. Raises Refused; a kind nothing is known about only has to be no code."""
    check_kind(path)
    if path.suffix == ".safetensors":
        tensors(path)
    elif path.suffix == ".onnx":
        initializers(path)
    elif path.suffix == ".json":
        _no_remote_code(path, read_json(path))


def read_json(path: Path, most: int = MOST_JSON) -> Any:
    """What a JSON file says. Raises Refused when it is too large, not UTF-8, cut short or not JSON."""
    if not path.exists():
        raise Refused(f"{path} is not there; copy the whole folder of the model again.")
    with refusing(f"{path} is not a JSON file, or cut short", AGAIN):
        if path.stat().st_size > most:
            raise Refused(f"{path} is larger than {most // 2**20} MiB; that is no file of a tone model.")
        read = path.read_bytes()
        if sum(map(read.count, (b"[", b"{", b","))) > MOST_PARTS:
            raise Refused(f"{path} holds more than {MOST_PARTS} parts; that is no file of a tone model.")
        return json.loads(read.decode("utf-8"))


def _no_remote_code(path: Path, written: object) -> None:
    waiting = [written]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            asked = [key for key in REMOTE if part.get(key)]
            if asked:
                raise Refused(f"{path} asks for code from elsewhere ({asked[0]}); such models are never opened.")
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)


def tensors(path: Path) -> dict[str, tuple[int, ...]]:
    """The shapes of a safetensors file by name. Raises Refused when the file is cut short or its header is wrong."""
    with refusing(f"The header of {path} cannot be read", AGAIN), path.open("rb") as file:
        size = path.stat().st_size
        length = int.from_bytes(file.read(8), "little")
        if size < 8 or length > min(MOST_HEADER, size - 8):
            raise Refused(f"{path} is cut short or no safetensors file; copy the folder again.")
        header = table(json.loads(file.read(length)))
        found = {name: its for name, its in header.items() if name != "__metadata__"}
        shapes = {name: tuple(whole(side) for side in listed(its["shape"])) for name, its in found.items()}
        end = max((whole(its["data_offsets"][1]) for its in found.values()), default=0)
    if end != size - 8 - length:
        raise Refused(
            f"{path} holds {size - 8 - length} bytes of numbers where its header says {end}: it is cut short."
        )
    return shapes


def rows_of_embedding(folder: Path) -> int | None:
    """How many tokens the model in a folder has a vector for; None where no file says so."""
    for path in sorted(folder.iterdir()):
        shapes = {".safetensors": tensors, ".onnx": initializers}.get(path.suffix, lambda _: {})(path)
        for name, shape in shapes.items():
            if len(shape) == 2 and any(known in name for known in EMBEDDINGS):
                return shape[0]
    config = folder / "config.json"
    with refusing(f"{config} is no description of a model", AGAIN):
        said = table(read_json(config)).get("vocab_size") if config.is_file() else None
    return said if isinstance(said, int) else None


def tokenizer_size(path: Path) -> int:
    """One more than the highest token number in a tokenizer.json. Raises Refused when it is no such file."""
    written = read_json(path)
    with refusing(f"{path} is not a tokenizer of the tokenizers library", AGAIN):
        pieces = written["model"]["vocab"]
        numbers = pieces.values() if isinstance(pieces, dict) else range(len(pieces))
        added = [whole(token["id"]) for token in written.get("added_tokens", [])]
        return max([*(whole(number) for number in numbers), *added]) + 1


def check_tokenizer(folder: Path) -> None:
    """Raises Refused when the folder's tokenizer knows tokens for which its model has no vector."""
    tokenizer = folder / "tokenizer.json"
    if not tokenizer.is_file():
        return
    needed, there = tokenizer_size(tokenizer), rows_of_embedding(folder)
    if there is not None and needed > there:
        raise Refused(f"{tokenizer} numbers {needed} tokens, the model beside it knows {there}: it is another model's.")


Number = int | memoryview
PARTS = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {},
}
"""The parts of an ONNX file that can hold tensors: kind of part, number of the field, kind of what is in it."""
TENSOR_DIMS, TENSOR_NAME, TENSOR_EXTERNAL, TENSOR_PLACE = 1, 8, 13, 14
DEEPEST = 12
MOST_KEY = 2**32
"""Readers of protocol buffers cut a larger key to 32 bits, and find another field than is written there."""


def initializers(path: Path) -> dict[str, tuple[int, ...]]:
    """The shapes of an ONNX file's tensors by name.

    Raises Refused when the file is cut short, or keeps tensors in other files (which could be any file of the machine).
    """
    shapes: dict[str, tuple[int, ...]] = {}
    with refusing(f"{path} is cut short or no ONNX file", AGAIN):
        whole_file = path.read_bytes()
        if whole_file[4:8] == b"ORTM":
            raise ValueError("a format of onnxruntime that is not looked into")
        _walk(path, memoryview(whole_file), "model", shapes, 0)
    if not shapes:
        raise Refused(f"{path} holds no numbers; it is no ONNX model.")
    return shapes


def _walk(path: Path, part: memoryview, kind: str, shapes: dict[str, tuple[int, ...]], depth: int) -> None:
    if depth > DEEPEST:
        raise Refused(f"{path} is nested too deeply to be a tone model.")
    if kind == "tensor":
        _tensor(path, part, shapes)
        return
    for number, inside in _fields(part):
        if number in PARTS[kind] and isinstance(inside, memoryview):
            _walk(path, inside, PARTS[kind][number], shapes, depth + 1)


def _tensor(path: Path, part: memoryview, shapes: dict[str, tuple[int, ...]]) -> None:
    name, dims = "", list[int]()
    for number, inside in _fields(part):
        if number == TENSOR_EXTERNAL or (number == TENSOR_PLACE and inside != 0):
            raise Refused(f"{path} keeps numbers in other files; only an ONNX model in one file is opened.")
        if number == TENSOR_NAME and isinstance(inside, memoryview):
            name = bytes(inside).decode("utf-8", "replace")
        elif number == TENSOR_DIMS:
            dims += [inside] if isinstance(inside, int) else _packed(inside)
    if name:
        shapes[name] = tuple(dims)


def _fields(part: memoryview) -> Iterator[tuple[int, Number]]:
    """The fields of one message of protocol buffers: number, and a whole number or the bytes inside."""
    at = 0
    while at < len(part):
        key, at = _varint(part, at)
        if not 8 <= key < MOST_KEY:
            raise ValueError(f"{key} is no key of a field")
        wire = key & 7
        if wire == 0:
            value, at = _varint(part, at)
            yield key >> 3, value
            continue
        length, at = _varint(part, at) if wire == 2 else ({1: 8, 5: 4}[wire] if wire in (1, 5) else -1, at)
        if length < 0 or at + length > len(part):
            raise ValueError(f"field {key >> 3} does not end")
        yield key >> 3, part[at : at + length]
        at += length


def _packed(part: memoryview) -> list[int]:
    at, numbers = 0, list[int]()
    while at < len(part):
        number, at = _varint(part, at)
        numbers.append(number)
    return numbers


def _varint(part: memoryview, at: int) -> tuple[int, int]:
    """A number of at most 64 bits and where it ends. Raises ValueError for one that is longer than it need be."""
    value = 0
    for shift in range(0, 70, 7):
        byte = part[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            if value >= 2**64 or (shift and not byte):
                raise ValueError("a number is written as no program writes it")
            return value, at
    raise ValueError("a number does not end")
