"""Lettering for the drawn recordings: DejaVu in four cuts, and text broken into lines that fit a width."""

from collections.abc import Iterator
from functools import lru_cache

from PIL import ImageDraw, ImageFont

FILES = {
    "sans": "DejaVuSans.ttf",
    "sans bold": "DejaVuSans-Bold.ttf",
    "mono": "DejaVuSansMono.ttf",
    "serif": "DejaVuSerif.ttf",
    "serif bold": "DejaVuSerif-Bold.ttf",
}
Font = ImageFont.FreeTypeFont


@lru_cache
def font(cut: str, size: int) -> Font:
    """One cut in pixels; leaves with a message where the DejaVu fonts are not installed."""
    try:
        return ImageFont.truetype(FILES[cut], size)
    except OSError:
        raise SystemExit(
            f"the font {FILES[cut]} was not found. Install DejaVu (Debian: apt-get install fonts-dejavu-core)."
        ) from None


def lines(text: str, letters: Font, width: float, indent: int = 0) -> Iterator[tuple[str, int]]:
    """The text broken into lines of at most this width, each with its indent: that of a paragraph's first line."""
    for paragraph in text.splitlines():
        line, taken = "", indent
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and taken + letters.getlength(longer) > width:
                yield line, taken
                line, taken = word, 0
            else:
                line = longer
        yield line, taken


def put_lines(
    draw: ImageDraw.ImageDraw,
    place: tuple[float, float],
    text: str,
    letters: Font,
    width: float,
    ink: str,
    leading: int,
) -> float:
    """Text from a top left corner; the y below it."""
    x, y = place
    for line, _ in lines(text, letters, width):
        draw.text((x, y), line, font=letters, fill=ink)
        y += leading
    return y
