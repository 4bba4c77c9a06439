"""Model folders: what is sealed comes back; what is hostile or broken is refused with its reason, and nothing runs."""

import json
import os
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models import contents
from models import folder as folders
from models.backends import files_of
from models.numbers_file import write_numbers
from models.refusal import Refused
from models.scale import THREE, Point, Scale
from tests.models import tiny


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tiny.word_model(tmp_path / "model", languages=("en",), note="a note", licence="MIT", made={"by": "test"})
    return tmp_path / "model"


def rewrite(folder: Path, **changes: Any) -> None:
    """Change the manifest itself, as somebody who forges one would."""
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def sealed(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "manifest.json").read_text())["files"])


def seal_anyway(folder: Path, name: str) -> None:
    """Put a file into the manifest with its true size and digest."""
    entry = folders._entry(folder / name)
    rewrite(folder, files=sealed(folder) | {name: {"sha256": entry.sha256, "bytes": entry.bytes}})


def test_written_and_read_back(folder: Path) -> None:
    manifest = folders.read(folder)
    assert manifest.scale == THREE
    assert (manifest.languages, manifest.note, manifest.licence) == (("en",), "a note", "MIT")
    assert set(manifest.files) == {"model.onnx", "tokenizer.json"}
    assert manifest.made == {"by": "test"}
    assert folders.write(folder, manifest) == manifest


@pytest.mark.parametrize(("points", "collapsed"), [(2, False), (5, True)])
def test_a_calibration_for_another_scale_is_refused_when_the_model_is_opened(
    folder: Path, points: int, collapsed: bool
) -> None:
    its = {"temperature": 1.0, "bias": [0] * points, "thresholds": [0] * points, "collapsed": collapsed}
    folders.write(folder, replace(folders.read(folder), calibration={"en": its}))
    with pytest.raises(Refused, match=f"is for {points} points and the scale has 3"):
        folders.open_model(folder)


def test_earned_and_calibration_reach_the_suggester(folder: Path) -> None:
    its = {"temperature": 2.0, "bias": [0, 0, 0], "thresholds": [0, 0, 0.5], "collapsed": False, "rows": 9}
    earned = {"en": {"earned": True}, "kk": {"earned": False}}
    folders.write(folder, replace(folders.read(folder), calibration={"en": its}, earned=earned))
    suggester = folders.open_model(folder)
    assert suggester.earned == {"en"}
    assert suggester.calibration["en"].temperature == 2
    folders.write(folder, replace(folders.read(folder), calibration={"en": {"temperature": "?"}}))
    with pytest.raises(Refused, match="calibration"):
        folders.open_model(folder)


def test_ready_models_are_sealed() -> None:
    assert folders.ready("xx") is None
    for language, place in folders.READY.items():
        found = folders.ready(language)
        if found is not None:
            assert found == place
            folders.read(found)


class Marker:
    """Unpickled, it makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize(
    "name",
    [
        "pytorch_model.bin",
        "model.pt",
        "head.pkl",
        "linear.joblib",
        "last.ckpt",
        "x.npy",
        "x.npz",
        "modeling.py",
        "x.skops",
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_what_can_run_code_is_refused_and_does_not_run(folder: Path, tmp_path: Path, name: str, known: bool) -> None:
    trap = tmp_path / "it ran"
    (folder / name).write_bytes(pickle.dumps(Marker(trap)))
    if known:
        seal_anyway(folder, name)
    with pytest.raises(Refused, match="can carry code"):
        folders.open_model(folder)
    assert not trap.exists()
    with pytest.raises(Refused, match="can carry code"):
        folders.write(folder, folders.Manifest("encoder", "v", THREE))


def test_a_pickle_under_another_name_is_not_loaded(folder: Path, tmp_path: Path) -> None:
    trap = tmp_path / "it ran"
    for name in ("model.onnx", "tokenizer.json"):
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(pickle.dumps(Marker(trap)))
        seal_anyway(folder, name)
        with pytest.raises(Refused, match="copy"):
            folders.open_model(folder)
        (folder / name).write_bytes(whole)
        seal_anyway(folder, name)
    folders.open_model(folder)
    assert not trap.exists()


@pytest.mark.parametrize(
    "written", [{"auto_map": {"AutoModel": "modeling.Net"}}, {"deep": [{"trust_remote_code": True}]}]
)
def test_remote_code_is_refused(folder: Path, written: dict[str, Any]) -> None:
    (folder / "config.json").write_text(json.dumps(written))
    seal_anyway(folder, "config.json")
    with pytest.raises(Refused, match="code from elsewhere"):
        folders.read(folder)


def test_a_file_not_in_the_manifest_is_refused(folder: Path) -> None:
    (folder / ".DS_Store").write_text("left by a system")
    folders.read(folder)
    (folder / "README.md").write_text("new")
    with pytest.raises(Refused, match=r"README\.md is not in the manifest"):
        folders.read(folder)


def test_a_file_the_backend_does_not_know_is_refused(folder: Path) -> None:
    (folder / "notes.txt").write_text("?")
    seal_anyway(folder, "notes.txt")
    with pytest.raises(Refused, match=r"notes\.txt is no file of a model of the kind “encoder”"):
        folders.read(folder)


def test_missing_short_and_changed_files_are_told_apart(folder: Path) -> None:
    path = folder / "model.onnx"
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    with pytest.raises(Refused, match="cut short"):
        folders.read(folder)
    path.write_bytes(whole + b"x")
    with pytest.raises(Refused, match="is changed"):
        folders.read(folder)
    path.write_bytes(whole[:-1] + b"x")
    with pytest.raises(Refused, match="SHA-256 differs"):
        folders.read(folder)
    path.unlink()
    with pytest.raises(Refused, match="is missing"):
        folders.read(folder)


@pytest.mark.parametrize("keep", [4, 60, 400])
def test_an_onnx_file_cut_short_and_sealed_so_is_refused(folder: Path, keep: int) -> None:
    path = folder / "model.onnx"
    path.write_bytes(path.read_bytes()[:keep])
    seal_anyway(folder, "model.onnx")
    with pytest.raises(Refused, match="no ONNX"):
        folders.read(folder)


@pytest.mark.parametrize(
    "more",
    [
        tiny.field(14, 1),
        tiny.field(14, 1 + 2**32),
        tiny.field(14, 7),
        tiny.field(13, tiny.field(1, "location") + tiny.field(2, "../../etc/passwd")),
    ],
)
def test_numbers_in_other_files_are_refused(folder: Path, more: bytes) -> None:
    tiny.onnx(folder / "model.onnx", np.ones((len(tiny.VOCABULARY), 2)), np.ones((2, 3)), more=more)
    seal_anyway(folder, "model.onnx")
    with pytest.raises(Refused, match="in other files"):
        folders.read(folder)


LOCATION = tiny.field(1, "location") + tiny.field(2, "secret.dat")


@pytest.mark.parametrize(
    "more",
    [
        tiny.field(13 + 2**29, LOCATION),
        tiny.field(14 + 2**29, 1),
        bytes([13 << 3 & 127 | 2 | 128, 0x80, 0x00]) + bytes([len(LOCATION)]) + LOCATION,
        tiny.field(0, 1),
        tiny.field(14, 2**64 + 1),
    ],
    ids=["key + 2^32, bytes", "key + 2^32, number", "over-long key", "field 0", "number of 65 bits"],
)
def test_numbers_written_as_no_program_writes_them_are_refused(folder: Path, more: bytes) -> None:
    """A reader that cuts a key to 32 bits would see a field of another file's numbers where ours sees an unknown one."""
    tiny.onnx(folder / "model.onnx", np.ones((len(tiny.VOCABULARY), 2)), np.ones((2, 3)), more=more)
    seal_anyway(folder, "model.onnx")
    with pytest.raises(Refused, match="no ONNX file"):
        folders.read(folder)


def test_a_model_of_another_format_under_the_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(tiny.field(15, "xxORTM") + tiny.field(7, tiny.field(5, tiny.tensor("w", np.ones(2, np.float32)))))
    whole = path.read_bytes()
    path.write_bytes(whole[:4] + b"ORTM" + whole[8:])
    with pytest.raises(Refused, match="no ONNX file"):
        contents.initializers(path)


def test_numbers_in_other_files_are_found_inside_branches(tmp_path: Path) -> None:
    outside = tiny.tensor("w", np.ones(2, np.float32), tiny.field(14, 1))
    branch = tiny.field(1, "then_branch") + tiny.field(6, tiny.field(5, outside)) + tiny.field(20, 5)
    path = tmp_path / "model.onnx"
    path.write_bytes(tiny.field(7, tiny.field(1, tiny.node("If", ["c"], "o", branch))))
    with pytest.raises(Refused, match="in other files"):
        contents.initializers(path)


def test_a_graph_nested_without_end_is_refused(tmp_path: Path) -> None:
    graph = tiny.field(2, "end")
    for _ in range(30):
        graph = tiny.field(1, tiny.node("If", ["c"], "o", tiny.field(1, "b") + tiny.field(6, graph)))
    path = tmp_path / "model.onnx"
    path.write_bytes(tiny.field(7, graph))
    with pytest.raises(Refused, match="nested too deeply"):
        contents.initializers(path)


def test_a_tokenizer_of_a_larger_model_is_refused(folder: Path) -> None:
    tiny.tokenizer(folder, (*tiny.VOCABULARY, "one", "more"))
    (folder / "tokenizer_config.json").unlink()
    seal_anyway(folder, "tokenizer.json")
    with pytest.raises(Refused, match=r"numbers \d+ tokens, the model beside it knows \d+"):
        folders.read(folder)


def safetensors(path: Path, header: object, body: bytes = b"") -> None:
    words = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(len(words).to_bytes(8, "little") + words + body)


GOOD = {"w": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}}


@pytest.mark.parametrize(
    ("header", "body"),
    [
        (GOOD, b"x" * 15),
        (GOOD, b"x" * 17),
        (b"{not json", b""),
        ({"w": {"shape": [1]}}, b""),
        ([1], b""),
        ({"w": 1}, b""),
        ({"w": {"shape": [float("inf")], "data_offsets": [0, 0]}}, b""),
        ({"w": {"shape": [-1], "data_offsets": [0, 0]}}, b""),
        ({"w": {"shape": ["2"], "data_offsets": [0, 0]}}, b""),
    ],
)
def test_damaged_safetensors_are_refused(tmp_path: Path, header: object, body: bytes) -> None:
    path = tmp_path / "model.safetensors"
    safetensors(path, GOOD, b"x" * 16)
    assert contents.tensors(path) == {"w": (2, 2)}
    safetensors(path, header, body)
    with pytest.raises(Refused, match=r"cut short|cannot be read"):
        contents.check(path)


def test_what_would_take_long_to_read_is_refused_unread(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[int] = []
    parse = json.loads

    def counted(text: str | bytes) -> object:
        parsed.append(len(text))
        return parse(text)

    monkeypatch.setattr("models.contents.json.loads", counted)
    (folder / "tokenizer.json").write_bytes(b"[" + b"[]," * 10 * 2**20 + b"[]]")
    seal_anyway(folder, "tokenizer.json")
    with pytest.raises(Refused, match=r"tokenizer\.json holds more than"):
        folders.read(folder)
    empty = {f"a{place}": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]} for place in range(300_000)}
    safetensors(folder / "model.safetensors", empty)
    with pytest.raises(Refused, match="cut short or no safetensors"):
        contents.check(folder / "model.safetensors")
    assert parsed
    assert max(parsed) < 2**20


@pytest.mark.parametrize("start", [b"", b"\x01", (2**62).to_bytes(8, "little") + b"{}", b"\x80\x04pickle and more"])
def test_a_header_of_absurd_length_is_refused(tmp_path: Path, start: bytes) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(start)
    with pytest.raises(Refused, match="cut short or no safetensors"):
        contents.check(path)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": 2}, "format 1"),
        ({"backend": "pickle"}, "pickle"),
        ({"backend": "../../evil"}, "evil"),
        ({"version": ""}, "damaged"),
        ({"version": 3}, "damaged"),
        ({"scale": []}, "at least two"),
        ({"scale": [{"name": "a", "score": 1}, {"name": "b", "score": -1}]}, "rise"),
        ({"scale": [{"name": "a", "score": -9}, {"name": "b", "score": 1}]}, "between -1 and 1"),
        ({"scale": [{"name": "a", "score": "-1"}, {"name": "b", "score": 1}]}, "damaged"),
        ({"scale": [{"name": "a", "score": float("nan")}, {"name": "b", "score": 1}]}, "scores"),
        ({"scale": "three"}, "damaged"),
        ({"languages": [1]}, "damaged"),
        ({"files": []}, "damaged"),
        ({"files": {"../model.onnx": {"sha256": "0" * 64, "bytes": 1}}}, "does not lie in the folder"),
        ({"files": {"/etc/passwd": {"sha256": "0" * 64, "bytes": 1}}}, "does not lie in the folder"),
        ({"files": {"C:model.onnx": {"sha256": "0" * 64, "bytes": 1}}}, "does not lie in the folder"),
        ({"files": {"a\\b": {"sha256": "0" * 64, "bytes": 1}}}, "does not lie in the folder"),
        ({"files": {"model.onnx": {"sha256": "none", "bytes": 1}}}, "damaged"),
        ({"earned": 3}, "damaged"),
        ({"settings": [1]}, "damaged"),
        ({"languages": "en"}, "damaged"),
        ({"version": "half \ud83d"}, "damaged"),
        ({"calibration": []}, "damaged"),
        ({"earned": {"en": [["earned", 1]]}}, "damaged"),
        ({"files": {"model.onnx": {"sha256": "0" * 64, "bytes": float("inf")}}}, "damaged"),
        ({"files": {"model.onnx": {"sha256": "0" * 64, "bytes": "1"}}}, "damaged"),
        ({"scale": [{"name": "a", "score": -(10**400)}, {"name": "b", "score": 1}]}, "damaged"),
        *(({"settings": {"max_tokens": most}}, "max_tokens")
          for most in (0, 2, -5, 10**9, 32.0, True, "many", None, [1], float("inf"))),
    ],
)  # fmt: skip
def test_a_manifest_that_makes_no_sense_is_refused(folder: Path, changes: dict[str, Any], said: str) -> None:
    rewrite(folder, **changes)
    with pytest.raises(Refused, match=said):
        folders.read(folder)


@pytest.mark.parametrize(
    ("scores", "names", "said"),
    [
        ((-1, 0, 1), ("positive", "neutral", "negative"), "“positive” stands below zero"),
        ((-1, -0.5, 0, 1), ("neutral", "negative", "so so", "good"), "“neutral” stands below zero"),
        ((-1, 0), ("very negative", "Rather Negative"), "“Rather Negative” stands at zero"),
        ((-1, 1), ("оң", "теріс"), "“оң” stands below zero"),
        ((-1, 0, 1), ("против", "нейтрально", "отрицательная"), "“отрицательная” stands above zero"),
        ((-0.5, 0.5), ("bad / very positive", "good"), "“bad / very positive” stands below zero"),
        ((-1, -0.5, -0.1), ("a", "b", "c"), "on one side of zero"),
        ((0.5, 1), ("a", "b"), "on one side of zero"),
    ],
)
def test_a_scale_that_says_the_contrary_of_its_names_is_refused(
    folder: Path, scores: tuple[float, ...], names: tuple[str, ...], said: str
) -> None:
    points = tuple(Point(name, score) for name, score in zip(names, scores, strict=True))
    with pytest.raises(Refused, match=said):
        folders.write(folder, replace(folders.read(folder), scale=Scale(points)))
    rewrite(folder, scale=[{"name": point.name, "score": point.score} for point in points])
    with pytest.raises(Refused, match=rf"manifest\.json: .*{said}"):
        folders.open_model(folder)


def test_a_manifest_that_is_a_folder_is_refused(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    (folder / "manifest.json").mkdir()
    with pytest.raises(Refused, match=r"manifest\.json is not a JSON file"):
        folders.open_model(folder)


@pytest.mark.parametrize("written", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000])
def test_a_manifest_that_is_no_json_is_refused(folder: Path, written: bytes) -> None:
    (folder / "manifest.json").write_bytes(written)
    with pytest.raises(Refused, match=r"manifest\.json"):
        folders.read(folder)


def test_absurd_sizes_are_refused_before_reading(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (folder / "manifest.json").open("r+b") as file:
        file.truncate(folders.MOST_MANIFEST + 1)
    with pytest.raises(Refused, match="larger than"):
        folders.read(folder)
    monkeypatch.setattr(folders, "MOST_BYTES", 1000)
    with pytest.raises(Refused, match="holds more than"):
        folders.read(folder)


def test_a_wrong_scale_is_refused(folder: Path) -> None:
    five = Scale(tuple(Point(f"p{place}", place / 2 - 1) for place in range(5)))
    folders.write(folder, replace(folders.read(folder), scale=five))
    with pytest.raises(Refused, match="does not answer"):
        folders.open_model(folder)


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_out_of_the_folder_are_refused(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.onnx"
    (folder / "model.onnx").rename(outside)
    (folder / "model.onnx").symlink_to(outside)
    with pytest.raises(Refused, match="points out of the model's folder"):
        folders.read(folder)
    (folder / "model.onnx").unlink()
    (folder / "model.onnx").symlink_to(tmp_path / "nowhere")
    with pytest.raises(Refused, match="points out of the model's folder"):
        folders.read(folder)


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_to_itself_is_refused(folder: Path) -> None:
    (folder / "model.onnx").unlink()
    (folder / "model.onnx").symlink_to("model.onnx")
    with pytest.raises(Refused, match="is no plain file"):
        folders.read(folder)


@pytest.mark.parametrize("name", ["LICENSE.pyz", "LICENSE.dill", "NOTICE.doc", "LICENSE/x"])
def test_a_licence_is_text(folder: Path, name: str) -> None:
    for text in ("LICENSE", "LICENSE.txt", "NOTICE.md"):
        (folder / text).write_text("MIT")
        seal_anyway(folder, text)
    folders.read(folder)
    if "/" in name:
        (folder / "LICENSE").unlink()
        (folder / "LICENSE").mkdir()
        rewrite(folder, files={known: its for known, its in sealed(folder).items() if known != "LICENSE"})
    (folder / name).write_bytes(b"x")
    seal_anyway(folder, name)
    with pytest.raises(Refused, match=r"is no file of a model|can carry code"):
        folders.read(folder)


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="not a folder"):
        folders.read(tmp_path / "none")
    (tmp_path / "empty").mkdir()
    with pytest.raises(Refused, match=r"manifest\.json is not there"):
        folders.read(tmp_path / "empty")


@pytest.mark.parametrize("change", [{"offsets": np.nan}, {"weights": 1e30}, {"spread": 1e-300}, {"spread": -1.0}])
def test_an_adapted_head_that_gives_no_answer_is_refused(tmp_path: Path, change: dict[str, float]) -> None:
    from models.backends import adapted

    its = adapted.unchanged(3, 4).tensors()
    wrong = {name: np.full_like(array, change.get(name, 1.0)) for name, array in its.items()}
    write_numbers(tmp_path / adapted.NUMBERS, wrong)
    with pytest.raises(Refused, match=r"adapted\.safetensors"):
        adapted._read(tmp_path / adapted.NUMBERS, THREE)


def test_every_backend_says_what_it_may_hold() -> None:
    from models.backends import BACKENDS

    for backend in BACKENDS:
        assert files_of(backend)
        assert not any(pattern.endswith(contents.RUNS_CODE) for pattern in files_of(backend))
