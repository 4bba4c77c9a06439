"""What a format of subtitles is: a file of this folder that defines FORMAT and is listed in `reading.FORMATS`."""

from collections.abc import Callable
from dataclasses import dataclass

from coding.subtitles.found import Found


@dataclass(frozen=True)
class Format:
    """A way to write subtitles.

    `begins` tells from the beginning of a text whether it is written so, `read` puts its cues and problems into what
    it is given; `suffixes` decide only where no beginning is known.
    """

    name: str
    suffixes: tuple[str, ...]
    begins: Callable[[str], bool]
    read: Callable[[str, Found], None]
