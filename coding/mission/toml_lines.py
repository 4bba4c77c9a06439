"""Where a key stands in a TOML file: the parser of the standard library keeps no line numbers."""

import re
from collections.abc import Sequence

_HEADER = re.compile(r"^\s*\[(\[)?\s*([^\]]+?)\s*\]")


def line_of(text: str, location: Sequence[str | int]) -> int:
    """Line (from 1) of a key such as `("windows", 1, "from")`, or of the nearest table above it.

    >>> line_of('[[tone]]\\nname = "a"\\n[[tone]]\\nname = "b"', ("tone", 1, "name"))
    4
    """
    table = next((part for part in location if isinstance(part, str)), "")
    index = next((part for part in location if isinstance(part, int)), 0)
    keys = [part for part in location[1:] if isinstance(part, str)]
    best, seen, inside = 1, -1, False
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header:
            seen += header[2] == table
            inside = header[2] == table and (not header[1] or seen == index)
            best = number if inside else best
        elif re.match(rf"\s*\"?{re.escape(table)}\"?\s*=", line) and seen < 0 and not inside:
            best = number
        elif inside and keys and re.match(rf"\s*\"?{re.escape(keys[0])}\"?\s*=", line):
            return number
    return best
