"""What a bundle holds: pinned versions with their sums, which the installation checks, and a sum for every file."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from coding.bundle.wheels import Wheel

WHEELS = "wheels.txt"
SUMS = "SHA256SUMS"
HEADER = "# Every package that is installed, with the SHA-256 sum of its file. pip refuses a file that differs.\n"


def write_manifest(folder: Path, wheels: Iterable[Wheel]) -> None:
    """`wheels.txt` for pip, and `SHA256SUMS` over all files of the folder (as `sha256sum -c` reads it)."""
    pins = "".join(f"{wheel.name}=={wheel.version} --hash=sha256:{wheel.sha256}\n" for wheel in wheels)
    (folder / WHEELS).write_text(HEADER + pins, encoding="utf-8", newline="\n")
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    lines = (f"{one}  {file.relative_to(folder).as_posix()}\n" for one, file in zip(sums(files), files, strict=True))
    (folder / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def sums(files: Iterable[Path]) -> list[str]:
    """The SHA-256 sum of each file, in hexadecimal."""
    found = []
    for file in files:
        with file.open("rb") as content:
            found.append(hashlib.file_digest(content, "sha256").hexdigest())
    return found
