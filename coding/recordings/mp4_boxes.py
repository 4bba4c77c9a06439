"""The outermost boxes of an MP4 file: whether its index stands before what it indexes."""

import struct
from dataclasses import dataclass
from pathlib import Path

HEAD = struct.Struct(">I4s")
LONG = struct.Struct(">Q")
TO_THE_END, LONG_SIZE = 0, 1


@dataclass(frozen=True)
class Mp4Layout:
    """Whether the index comes first (else a browser fetches the end before it shows anything), or is in fragments."""

    index_first: bool = True
    fragmented: bool = False

    @property
    def streamable(self) -> bool:
        return self.index_first and not self.fragmented


def mp4_layout(file: Path) -> Mp4Layout:
    """Walks over the outermost boxes; their contents are not read."""
    names = _names(file)
    moov = names.index("moov") if "moov" in names else len(names)
    mdat = names.index("mdat") if "mdat" in names else len(names)
    return Mp4Layout(moov < mdat, "moof" in names)


def _names(file: Path, most: int = 200) -> list[str]:
    names: list[str] = []
    end = file.stat().st_size
    with file.open("rb") as content:
        at = 0
        while at + HEAD.size <= end and len(names) < most:
            content.seek(at)
            size, name = HEAD.unpack(content.read(HEAD.size))
            names.append(name.decode("latin-1"))
            if size == LONG_SIZE:
                size = LONG.unpack(content.read(LONG.size))[0]
            if size == TO_THE_END or size < HEAD.size:
                break
            at += size
    return names
