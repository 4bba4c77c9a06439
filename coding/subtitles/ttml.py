"""TTML (.ttml, .dfxp, .xml; EBU-TT and IMSC are kinds of it): paragraphs and spans with begin, end or dur."""

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from coding.subtitles.format import Format
from coding.subtitles.found import Found
from coding.subtitles.safe_xml import Element, read_xml
from coding.subtitles.ttml_time import Rates, rates_of

_START = re.compile(r"\s*<(?:\?xml|!--|!DOCTYPE|[A-Za-z_])")
_CONTAINERS, _SPOKEN = ("body", "div"), "p"
_TIMES = ("begin", "end", "dur")


@dataclass(frozen=True)
class Stretch:
    """When an element is shown (ms; without end as long as its parent), its language, and whether spaces count."""

    begin: Fraction = Fraction(0)
    end: Fraction | None = None
    language: str = ""
    spaces: bool = False


def begins(text: str) -> bool:
    """Whether a file starts as XML does; what kind of XML is said when it is read."""
    return _START.match(text) is not None


def read(text: str, found: Found) -> None:
    """Cues into `found`: one for each paragraph, and for each span that has times of its own."""
    root = read_xml(text, found)
    if root is None:
        return
    if root.name != "tt":
        found.problem("not_ttml", root.line, root.name)
        return
    rates = rates_of(root, found)
    if rates is not None:
        reader = _Reader(found, rates)
        for body in root.elements():
            if body.name == "body":
                reader.container(body, reader.inner(root, Stretch()))
        found.declared = root.attributes.get("lang", "")
        if rates.assumed and rates.frames_seen:
            found.note("frame_rate", root.line, "", rate=rates.nominal)


@dataclass
class _Reader:
    found: Found
    rates: Rates

    def container(self, element: Element, outer: Stretch) -> None:
        """Everything that is said in body or div."""
        own = self.inner(element, outer)
        if element.attributes.get("timeContainer") == "seq":
            self.found.problem("sequence", element.line)
            return
        for child in element.elements():
            if child.name in _CONTAINERS:
                self.container(child, own)
            elif child.name == _SPOKEN:
                self.cue(child, own)

    def cue(self, element: Element, outer: Stretch) -> None:
        """One paragraph or timed span; spans in it that have times become cues of their own."""
        own = self.inner(element, outer)
        text = "".join(self._words(element, own))
        if text.strip() and own.end is None:
            self.found.problem("no_end", element.line, text)
            return
        if not text.strip() and any(_is_timed(child) for child in element.elements()):
            return
        end = own.begin if own.end is None else own.end
        self.found.cue(round(own.begin), round(end), text, element.line, own.language)

    def _words(self, element: Element, own: Stretch) -> list[str]:
        words: list[str] = []
        for child in element.children:
            if isinstance(child, str):
                words.append(child if own.spaces else re.sub(r"\s+", " ", child))
            elif child.name == "br":
                words.append("\n")
            elif _is_timed(child):
                self.cue(child, own)
            elif child.name == "span":
                words += self._words(child, own)
        return words

    def inner(self, element: Element, outer: Stretch) -> Stretch:
        """The stretch of an element inside another: its times count from the beginning of the outer one."""
        begin, end, dur = (self._time(element, name) for name in _TIMES)
        start = outer.begin + (begin or 0)
        ends = [
            *([] if end is None else [outer.begin + end]),
            *([] if dur is None else [start + dur]),
            *([] if outer.end is None else [outer.end]),
        ]
        spaces = element.attributes.get("space")
        return replace(
            outer,
            begin=start,
            end=min(ends, default=None),
            language=element.attributes.get("lang", outer.language),
            spaces=outer.spaces if spaces is None else spaces == "preserve",
        )

    def _time(self, element: Element, name: str) -> Fraction | None:
        written = element.attributes.get(name)
        if written is None:
            return None
        stated = self.rates.time_ms(written)
        if stated is None:
            self.found.problem("ttml_time", element.line, written)
        return stated


def _is_timed(element: Element) -> bool:
    return element.name == "span" and any(name in element.attributes for name in _TIMES)


FORMAT = Format("ttml", (".ttml", ".dfxp", ".itt", ".xml"), begins, read)
