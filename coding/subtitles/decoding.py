"""Bytes as text in the encoding that the file declares or a person names; another one is never tried in silence."""

import codecs
import re

from coding.problems import Problem, ProblemsFound

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""\s*<\?xml\s[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_SENSELESS = re.compile("[\x00\x80-\x9f\ud800-\udfff]")
"""Signs that no text has and no store takes (halves of signs), and that letters become in a wrong encoding."""
UTF8 = "utf-8"


def decoded(raw: bytes, file: str, asked: str = "") -> tuple[str, str]:
    """The text and the encoding it was read in: that of its mark (BOM), else `asked`, else declared, else UTF-8.

    Raises ProblemsFound where that encoding does not fit: whoever has the file must name the right one.
    """
    for mark, marked in _BOMS:
        if raw.startswith(mark):
            if asked and not _codec(asked, file).startswith(marked[:6]):
                raise ProblemsFound([Problem("subtitles.marked", file, values={"encoding": marked, "asked": asked})])
            return _text(raw[len(mark) :], file, marked), marked
    declared = _DECLARED.match(raw)
    encoding = _codec(asked or (declared[1].decode("ascii") if declared else UTF8), file)
    if encoding != UTF8 and not raw.isascii() and _is_utf8(raw):
        raise ProblemsFound([Problem("other_encoding", file, values={"encoding": encoding})])
    return _text(raw, file, encoding), encoding


def _codec(name: str, file: str) -> str:
    try:
        found = codecs.lookup(name)
        "a".encode(name)
    except (LookupError, ValueError):
        raise ProblemsFound([Problem("encoding", file, value=name)]) from None
    return found.name


def _text(raw: bytes, file: str, encoding: str) -> str:
    values = {"encoding": encoding}
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line, byte = raw.count(b"\n", 0, error.start) + 1, raw[error.start : error.start + 1].hex()
        key = "subtitles.not_utf8" if encoding == UTF8 else "subtitles.not_in_encoding"
        raise ProblemsFound([Problem(key, file, line, value=byte, values=values)]) from None
    except UnicodeError as error:  # encodings that are not of text files name no place
        raise ProblemsFound([Problem("subtitles.not_in_encoding", file, 1, value=str(error), values=values)]) from None
    senseless = _SENSELESS.search(text)
    if senseless:
        line = text.count("\n", 0, senseless.start()) + 1
        value = f"{ord(senseless[0]):02x}"
        raise ProblemsFound([Problem("subtitles.not_in_encoding", file, line, value=value, values=values)])
    return text


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode(UTF8)
    except UnicodeDecodeError:
        return False
    return True
