"""A model folder: manifest.json, which says what the model is and seals its files, and the files of its backend.

A folder may come from anywhere, so it is read with suspicion: every file is named in the manifest with its size and
SHA-256, is of a kind that cannot run code, lies inside the folder, and holds what its kind should. Nothing is executed.
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from models import contents
from models.backends import files_of, load
from models.refusal import Refused, refused_at, refusing
from models.scale import Point, Scale, check_sense
from models.written import listed, number, table, text, whole

if TYPE_CHECKING:
    from models.calibrate import Calibration
    from models.suggestion import Suggester

MANIFEST = "manifest.json"
FORMAT = 1
MOST_BYTES = 4 * 2**30
"""A model folder may hold as much as this in all."""
MOST_FILES = 500
MOST_MANIFEST = 8 * 2**20
WINDOWS = (16, 512)
"""Tokens that a model may read at once: its setting `max_tokens`."""
NOT_OURS = (".DS_Store", "Thumbs.db", "desktop.ini")
"""Files that operating systems leave in folders."""
LARGE = "_large"
"""What follows the language in the name of a ready model that is surer and slower than the usual one."""
READY = {name: Path(__file__).parent / "ready" / name for name in ("en", f"en{LARGE}", "ru")}
"""Models that come with the project, by language."""


@dataclass(frozen=True)
class FileEntry:
    """One file as the manifest seals it: its SHA-256 in hexadecimal digits and its length in bytes."""

    sha256: str
    bytes: int


@dataclass(frozen=True)
class Manifest:
    """What a model folder says of itself.

    `languages` empty means any. `files` are named by their path inside the folder, with `/`. `calibration` holds one
    entry by language (or under "" for every other), `earned` by language what was measured and `earned: true|false`;
    None where it was not measured. `settings` are the backend's own; `made` says when, from what and by what command.
    """

    backend: str
    version: str
    scale: Scale
    languages: tuple[str, ...] = ()
    files: Mapping[str, FileEntry] = field(default_factory=dict)
    calibration: Mapping[str, Any] = field(default_factory=dict)
    earned: Mapping[str, Any] | None = None
    note: str = ""
    licence: str = ""
    made: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The manifest as plain JSON."""
        return {
            "format": FORMAT,
            "backend": self.backend,
            "version": self.version,
            "scale": [asdict(point) for point in self.scale.points],
            "languages": list(self.languages),
            "files": {name: asdict(entry) for name, entry in sorted(self.files.items())},
            "calibration": dict(self.calibration),
            "earned": None if self.earned is None else dict(self.earned),
            "note": self.note,
            "licence": self.licence,
            "made": dict(self.made),
            "settings": dict(self.settings),
        }


def ready(name: str) -> Path | None:
    """The folder of a model that comes with the project (a language, or one with LARGE), if it is installed."""
    folder = READY.get(name)
    return folder if folder is not None and (folder / MANIFEST).is_file() else None


def write(folder: Path, manifest: Manifest) -> Manifest:
    """Seal the files that lie in a folder and write its manifest, last and at once; gives the manifest with its files.

    Raises Refused when a file is there that this backend may not hold, or the scale makes no sense.
    """
    check_sense(manifest.scale)
    files = {name: _entry(folder / name) for name in _names(folder) if name != MANIFEST}
    sealed = replace(manifest, files=files)
    _allowed(folder, sealed)
    new = folder / f"{MANIFEST}.new"
    new.write_text(json.dumps(sealed.to_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    new.replace(folder / MANIFEST)
    return sealed


def read(folder: Path) -> Manifest:
    """The manifest of a folder whose files have all been checked against it. Raises Refused with what is wrong."""
    if not folder.is_dir():
        raise Refused(f"{folder} is not a folder; name the folder that holds the model's {MANIFEST}.")
    there = _names(folder)
    manifest = _manifest(folder / MANIFEST)
    _allowed(folder, manifest)
    _sealed(folder, manifest, there)
    for name in manifest.files:
        contents.check(folder / name)
    contents.check_tokenizer(folder)
    return manifest


def open_model(folder: Path) -> "Suggester":
    """The model of a folder, ready to suggest: one of ours, or a plain folder of transformers. Raises Refused."""
    from models.calibrate import Calibration
    from models.suggestion import Suggester

    folder = Path(folder)
    if not (folder / MANIFEST).is_file() and (folder / "config.json").is_file():
        from models.backends.transformer import plain

        return Suggester(plain(folder), {})
    manifest = read(folder)
    earned = manifest.earned
    spoken = None if earned is None else frozenset(name for name, its in earned.items() if its.get("earned") is True)
    with refused_at(folder / MANIFEST):
        calibration = {name: Calibration.from_json(written) for name, written in manifest.calibration.items()}
    _fits(folder, manifest.scale, calibration)
    return Suggester(load(folder, manifest), calibration, spoken)


def _fits(folder: Path, scale: Scale, calibration: "Mapping[str, Calibration]") -> None:
    """Raises Refused here, and not at the first text, for a calibration with more or fewer points than the scale."""
    for its in calibration.values():
        points = scale.collapsed().size if its.collapsed else scale.size
        if len(its.bias) != points:
            raise Refused(
                f"The calibration in {folder / MANIFEST} is for {len(its.bias)} points and the scale has {points}; "
                "train the model again."
            )


def _names(folder: Path) -> list[str]:
    """Every file below the folder. Raises Refused for one that points out of it, is no plain file, or is too much."""
    root, names, size = Path(os.path.realpath(folder)), list[str](), 0
    for path in contents.paths_below(folder):
        contents.check_place(path, root)
        if path.is_dir() or path.name in NOT_OURS:
            continue
        names.append(path.relative_to(folder).as_posix())
        size += path.stat().st_size
        if len(names) > MOST_FILES or size > MOST_BYTES:
            raise Refused(f"{folder} holds more than {MOST_FILES} files or {MOST_BYTES // 2**30} GiB: no tone model.")
    return sorted(names)


def _entry(path: Path) -> FileEntry:
    with path.open("rb") as file:
        return FileEntry(hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)


def _manifest(path: Path) -> Manifest:
    written = contents.read_json(path, MOST_MANIFEST)
    if not isinstance(written, dict) or written.get("format") != FORMAT:
        raise Refused(f"{path} is not a manifest of format {FORMAT}; the model was made by another version.")
    with refusing(f"{path} is damaged", contents.AGAIN), refused_at(path):
        return _parsed(written)


def _parsed(written: dict[str, Any]) -> Manifest:
    earned, settings = written.get("earned"), table(written.get("settings", {}))
    manifest = Manifest(
        backend=text(written["backend"]),
        version=text(written["version"]),
        scale=Scale(tuple(Point(text(point["name"]), number(point["score"])) for point in listed(written["scale"]))),
        languages=tuple(text(language) for language in listed(written["languages"])),
        files={
            _inside(name): FileEntry(_digest(of["sha256"]), whole(of["bytes"]))
            for name, of in table(written["files"]).items()
        },
        calibration=table(written["calibration"]),
        earned=None if earned is None else {name: table(entry) for name, entry in table(earned).items()},
        note=text(written.get("note", "")),
        licence=text(written.get("licence", "")),
        made=table(written.get("made", {})),
        settings=settings,
    )
    check_sense(manifest.scale)
    with refusing("its setting max_tokens cannot be", "make the model again."):
        whole(settings.get("max_tokens", WINDOWS[0]), *WINDOWS)
    if not manifest.version:
        raise ValueError("no version")
    return manifest


def _digest(written: object) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", text(written)):
        raise ValueError(f"{written!r} is not a SHA-256")
    return str(written)


def _inside(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or path.as_posix() != name:
        raise Refused(f"the file “{name}” does not lie in the folder")
    return name


def _allowed(folder: Path, manifest: Manifest) -> None:
    patterns = files_of(manifest.backend)
    for name in manifest.files:
        contents.check_kind(folder / name)
        if not any(fnmatch(name, pattern) for pattern in patterns):
            raise Refused(f"{folder / name} is no file of a model of the kind “{manifest.backend}”; take it away.")


def _sealed(folder: Path, manifest: Manifest, there: list[str]) -> None:
    for name in there:
        if name not in manifest.files and name != MANIFEST:
            contents.check(folder / name)
            raise Refused(f"{folder / name} is not in the manifest; take it away or copy the model again.")
    for name, sealed in manifest.files.items():
        path = folder / name
        if name not in there:
            raise Refused(f"{path} is missing; copy the whole folder of the model again.")
        size = path.stat().st_size
        if size != sealed.bytes:
            how = "cut short" if size < sealed.bytes else "changed"
            raise Refused(f"{path} is {how}: {size} bytes where the manifest says {sealed.bytes}; copy it again.")
        if _entry(path).sha256 != sealed.sha256:
            raise Refused(f"{path} is not the file the manifest seals (SHA-256 differs); copy the model again.")
