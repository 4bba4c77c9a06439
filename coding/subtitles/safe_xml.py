"""XML as elements with their lines. A document type is refused, so no entity can be declared, fetched or multiplied."""

from dataclasses import dataclass, field
from xml.parsers import expat

from coding.problems import Problem, ProblemsFound
from coding.subtitles.found import Found

MOST_ELEMENTS = 400_000
DEEPEST = 60
_SEPARATOR = "\n"
"""Between namespace and name; stands in neither."""
_XML = "http://www.w3.org/XML/1998/namespace"
_TIMED_TEXT = ("http://www.w3.org/ns/ttml", "http://www.w3.org/2006/10/ttaf1", "http://www.w3.org/2006/04/ttaf1")
_EARLY_ENDS = ("no element found", "unclosed token", "partial character", "unclosed CDATA section")
"""What the parser says of a document that ends too soon, and of no other."""


@dataclass
class Element:
    """An element: local name, attributes by local name, the line of its tag, elements and texts in it in order."""

    name: str
    attributes: dict[str, str]
    line: int
    children: "list[Element | str]" = field(default_factory=list)

    def elements(self) -> "list[Element]":
        """The elements in it, without the texts."""
        return [child for child in self.children if isinstance(child, Element)]


def read_xml(text: str, found: Found) -> Element | None:
    """The root element; None with a problem where this is no whole XML document.

    Names and attributes of timed text stand without their namespace; other elements keep theirs, other attributes are
    left out. Raises ProblemsFound at once for a document type, and for more or deeper elements than subtitles have.
    """
    building = _Building(found)
    try:
        building.parser.Parse(text.encode("utf-8"), True)
    except expat.ExpatError as error:
        words = expat.ErrorString(error.code)
        found.problem("cut" if words in _EARLY_ENDS else "not_xml", error.lineno, words)
        return None
    return building.root


class _Building:
    """The handlers that make elements of what the parser meets."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self.root: Element | None = None
        self.open: list[Element] = []
        self.count = 0
        self.parser = expat.ParserCreate("utf-8", _SEPARATOR)  # the text is decoded: what it declares no longer holds
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _doctype(self, name: str, *_: object) -> None:
        self._refuse("doctype", name)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MOST_ELEMENTS or len(self.open) >= DEEPEST:
            self._refuse("xml_too_large", str(self.count))
        element = Element(_name(name), _attributes(attributes), self.parser.CurrentLineNumber)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def _end(self, _: str) -> None:
        self.open.pop()

    def _text(self, text: str) -> None:
        self.open[-1].children.append(text)

    def _refuse(self, key: str, value: str) -> None:
        line = self.parser.CurrentLineNumber
        raise ProblemsFound([Problem(f"subtitles.{key}", self.found.file, line, value=value[:60])])


def _name(written: str) -> str:
    space, _, local = written.rpartition(_SEPARATOR)
    return local if not space or space in _TIMED_TEXT else f"{space} {local}"


def _attributes(written: dict[str, str]) -> dict[str, str]:
    named = {}
    for key, value in written.items():
        space, _, local = key.rpartition(_SEPARATOR)
        if not space or space == _XML or space.removesuffix("#parameter") in _TIMED_TEXT:
            named[local] = value
    return named
