"""Times of TTML: clock times with fractions or frames, and amounts of hours to ticks, at the rates of the document."""

import re
from dataclasses import dataclass
from fractions import Fraction

from coding.subtitles.found import Found
from coding.subtitles.safe_xml import Element

_CLOCK = re.compile(r"(\d{2,4}):(\d{2}):(\d{2})(?:[.,](\d{1,12})|[:;](\d{2,3})(?:\.(\d{1,3}))?)?", re.ASCII)
_AMOUNT = re.compile(r"(\d{1,18}(?:\.\d{1,12})?)(h|ms|m|s|f|t)", re.ASCII)
_MS = {"h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}
_STATED = ("frameRate", "frameRateMultiplier", "subFrameRate", "tickRate", "dropMode")
_DROPPED = {"nonDrop": 0, "dropNTSC": 2}
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)


@dataclass
class Rates:
    """How a document counts. `rate` are frames a second in truth, `nominal` those that a second's count reaches.

    `smpte`: clock times are labels of frames, `dropped` of which are left out in each minute that is no tenth.
    """

    nominal: int
    rate: Fraction
    sub_frames: int
    ticks: int
    smpte: bool = False
    dropped: int = 0
    assumed: bool = False
    frames_seen: bool = False

    def time_ms(self, written: str) -> Fraction | None:
        """A time expression in ms; None for what is none.

        >>> Rates(25, Fraction(25), 1, 10_000_000).time_ms("00:00:10:05")
        Fraction(10200, 1)
        """
        text = written.strip()
        if amount := _AMOUNT.fullmatch(text):
            return self._amount(Fraction(amount[1]), amount[2])
        clock = _CLOCK.fullmatch(text)
        if not clock:
            return None
        hours, minutes, seconds = (int(part) for part in clock.groups()[:3])
        frames = self._frames(clock[5], clock[6])
        if minutes > 59 or seconds > 59 or frames is None:
            return None
        whole = hours * 3600 + minutes * 60 + seconds
        if self.smpte:
            left_out = self.dropped * (hours * 54 + minutes - minutes // 10)
            counted = whole * self.nominal + frames - left_out
            return counted * 1000 / self.rate + _fraction_ms(clock[4])
        return whole * 1000 + frames * 1000 / self.rate + _fraction_ms(clock[4])

    def _amount(self, count: Fraction, metric: str) -> Fraction:
        if metric == "f":
            self.frames_seen = True
            return count * 1000 / self.rate
        return count * 1000 / self.ticks if metric == "t" else count * _MS[metric]

    def _frames(self, frames: str | None, sub_frames: str | None) -> Fraction | None:
        """Frames of a clock time; None where there are more than a second has."""
        if frames is None:
            return Fraction(0)
        self.frames_seen = True
        if int(frames) >= self.nominal or int(sub_frames or 0) >= self.sub_frames:
            return None
        return int(frames) + Fraction(int(sub_frames or 0), self.sub_frames)


def _fraction_ms(digits: str | None) -> Fraction:
    return Fraction(int(digits) * 1000, 10 ** len(digits)) if digits else Fraction(0)


def rates_of(root: Element, found: Found) -> Rates | None:
    """The rates that the document states, else those of the standard; None with a problem where they make no sense."""
    stated = root.attributes
    base = stated.get("timeBase", "media")
    if base not in ("media", "smpte"):
        found.problem("time_base", root.line, base)
        return None
    nominal, sub_frames = _whole(stated.get("frameRate", "30")), _whole(stated.get("subFrameRate", "1"))
    parts = re.split(r"[\s:]+", stated.get("frameRateMultiplier", "1 1").strip())
    above, below = _whole(parts[0]), _whole(parts[1] if len(parts) == 2 else "1")
    by_frames = nominal * sub_frames if "frameRate" in stated else 1
    ticks = _whole(stated["tickRate"]) if "tickRate" in stated else by_frames
    dropped = _DROPPED.get(stated.get("dropMode", "nonDrop"))
    if dropped is None or not (nominal and sub_frames and above and below and ticks):
        written = " ".join(f'{name}="{stated[name]}"' for name in _STATED if name in stated)
        found.problem("rates", root.line, written)
        return None
    rate = nominal * Fraction(above, below)
    return Rates(nominal, rate, sub_frames, ticks, base == "smpte", dropped, "frameRate" not in stated)


def _whole(written: str) -> int:
    """A whole number above zero, or 0 for anything else."""
    return int(written) if _WHOLE.fullmatch(written.strip()) else 0
