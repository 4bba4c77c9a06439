"""The drawn scenes of the training bulletin: studio, lectern, hall, building, weather, title."""

import csv
import math
from collections.abc import Callable, Sequence
from functools import lru_cache

from PIL import Image, ImageDraw

from sample_data.kazakhstan_2007_stories import HERE
from sample_data.kazakhstan_2007_training import Shot

WIDTH, HEIGHT = 640, 194
FINE = 3
"""Scenes are drawn this many times larger and then reduced, for smooth edges."""

AMBER, NAVY, SKIN, HAIR = "#f2b632", "#14304d", "#d9ab86", "#3a2b24"

Sides = tuple[float, float, float, float]


class Canvas:
    """Flat shapes in the picture's own pixels, drawn larger."""

    def __init__(self) -> None:
        self._image = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE))
        self._draw = ImageDraw.Draw(self._image)

    def picture(self) -> Image.Image:
        """What was drawn, at its own size."""
        return self._image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)

    def box(self, sides: Sides, fill: str) -> None:
        """A rectangle."""
        self._draw.rectangle(_larger(sides), fill=fill)

    def rounded(self, sides: Sides, radius: int, fill: str) -> None:
        """A rectangle with round corners."""
        self._draw.rounded_rectangle(_larger(sides), radius * FINE, fill=fill)

    def ellipse(self, sides: Sides, fill: str) -> None:
        """An ellipse in a rectangle."""
        self._draw.ellipse(_larger(sides), fill=fill)

    def ring(self, sides: Sides, ink: str, width: int) -> None:
        """The outline of an ellipse."""
        self._draw.ellipse(_larger(sides), outline=ink, width=width * FINE)

    def chord(self, sides: Sides, start: int, end: int, fill: str) -> None:
        """A part of an ellipse between two angles."""
        self._draw.chord(_larger(sides), start, end, fill=fill)

    def polygon(self, corners: Sequence[tuple[float, float]], fill: str) -> None:
        """A shape with straight edges."""
        self._draw.polygon([(x * FINE, y * FINE) for x, y in corners], fill=fill)

    def line(self, ends: Sides, ink: str, width: int) -> None:
        """A straight line."""
        self._draw.line(_larger(ends), fill=ink, width=width * FINE)


def _larger(sides: Sides) -> Sides:
    left, top, right, bottom = sides
    return left * FINE, top * FINE, right * FINE, bottom * FINE


def person(draw: Canvas, x: int, y: int, mouth: float, coat: str, long_hair: bool) -> None:
    """Head and shoulders; `x, y` is the chin, `mouth` how far it is open from 0 to 1."""
    if long_hair:
        draw.rounded((x - 35, y - 84, x + 35, y + 6), 34, HAIR)
    draw.rounded((x - 74, y + 14, x + 74, y + 150), 44, coat)
    draw.polygon(((x - 20, y + 14), (x + 20, y + 14), (x, y + 58)), "#f4f4f0")
    draw.box((x - 12, y - 10, x + 12, y + 18), "#c79a77")
    draw.ellipse((x - 29, y - 74, x + 29, y + 3), SKIN)
    draw.chord((x - 31, y - 80, x + 31, y - 16), 190, 350, HAIR)
    for side in (-11, 11):
        draw.ellipse((x + side - 3, y - 42, x + side + 3, y - 36), "#2b2b2b")
    draw.ellipse((x - 9, y - 18 - 6 * mouth, x + 9, y - 15 + 6 * mouth), "#7d3b3b")


def studio(draw: Canvas, shot: Shot, mouth: float) -> None:
    """A presenter at a desk before the lights of a town."""
    draw.box((0, 0, 640, 194), "#1d456b")
    for n in range(26):
        height = 30 + 53 * n % 71
        draw.box((n * 26, 150 - height, n * 26 + 19, 194), "#163756")
        for lit in range(2):
            top = 156 - height + 17 * lit + 3 * n % 7
            draw.box((n * 26 + 4 + 7 * lit, top, n * 26 + 7 + 7 * lit, top + 4), "#e7c66b")
    person(draw, 160, 108, mouth, "#7b2d3f" if shot.voice == "presenter" else "#2e6b5c", long_hair=True)
    draw.box((0, 172, 640, 194), "#c9d3dc")
    draw.box((0, 172, 640, 175), "white")


def podium(draw: Canvas, shot: Shot, mouth: float) -> None:
    """Somebody speaks at a lectern before a curtain."""
    for n in range(32):
        draw.box((n * 20, 0, n * 20 + 20, 194), "#8d99a6" if n % 2 else "#99a5b1")
    woman = shot.voice == "woman"
    person(draw, 160, 96, mouth, "#4a3c6e" if woman else "#2b3440", long_hair=woman)
    draw.polygon(((78, 150), (242, 150), (228, 194), (92, 194)), "#6f4e2f")
    draw.box((70, 143, 250, 152), "#8a6440")
    for side in (-26, 26):
        draw.line((160 + 2 * side, 146, 160 + side, 118), "#22262b", 3)
        draw.ellipse((154 + side, 107, 166 + side, 123), "#22262b")


def hall(draw: Canvas, shot: Shot, mouth: float) -> None:
    """A meeting seen from the last row, a banner in the colour of each subject."""
    draw.box((0, 0, 640, 194), "#b9a98f")
    draw.box((0, 96, 640, 130), "#8f7b5f")
    names = [codes.subject for codes in shot.subjects]
    for number, name in enumerate(names):
        middle = 160 + 130 * number - 65 * (len(names) - 1)
        draw.box((middle - 54, 20, middle + 54, 62), colour(name))
        draw.box((middle - 34, 76, middle + 34, 104), "#5d4a33")
        draw.ellipse((middle - 9, 50, middle + 9, 72), SKIN)
        draw.rounded((middle - 17, 70, middle + 17, 84), 7, "#2b3440")
    for row in range(3):
        for n in range(-1, 19 - row):
            x, y = n * (36 + 4 * row) + 17 * (row % 2), 124 + 24 * row
            draw.ellipse((x, y, x + 20 + 2 * row, y + 24 + 2 * row), fill=(HAIR, "#57453a", "#4b3a2e")[(n + row) % 3])
            draw.rounded((x - 9, y + 21, x + 30 + 2 * row, y + 70), 12, f"#{45 + 5 * row}505{n % 8}")


def building(draw: Canvas, shot: Shot, mouth: float) -> None:
    """The front of an official building."""
    draw.box((0, 0, 640, 194), "#9cc3e6")
    draw.box((0, 164, 640, 194), "#86a06a")
    draw.polygon(((20, 66), (160, 18), (300, 66)), "#e9e2d2")
    draw.polygon(((52, 60), (160, 26), (268, 60)), "#d8cfba")
    draw.box((28, 66, 292, 78), "#f4efe3")
    draw.box((36, 78, 284, 158), "#cfc5ae")
    for n in range(7):
        draw.box((42 + 37 * n, 78, 56 + 37 * n, 158), "#f7f3ea")
    for step in range(3):
        draw.box((26 - 7 * step, 156 + 7 * step, 294 + 7 * step, 163 + 7 * step), fill=("#ece6d8", "#ddd5c3")[step % 2])


def weather(draw: Canvas, shot: Shot, mouth: float) -> None:
    """Sun over one town, rain over the other."""
    draw.box((0, 0, 640, 194), "#6fb1e0")
    draw.polygon(((0, 194), (0, 150), (90, 128), (190, 146), (320, 120), (480, 140), (640, 118), (640, 194)), "#7fae62")
    for ray in range(12):
        turn = ray * math.pi / 6
        x, y = 88 + 48 * math.cos(turn), 70 + 48 * math.sin(turn)
        draw.line((88, 70, x, y), "#f6cf4d", 5)
    draw.ellipse((56, 38, 120, 102), "#f9d95f")
    for drop in range(6):
        draw.line((204 + 15 * drop, 96, 197 + 15 * drop, 118), "#e6f2fb", 3)
    for x, y, r in ((214, 76, 24), (244, 62, 32), (276, 78, 22)):
        draw.ellipse((x - r, y - r, x + r, y + r), "#eef3f7")
    draw.box((214, 78, 276, 100), "#eef3f7")


def title(draw: Canvas, shot: Shot, mouth: float) -> None:
    """The opening and closing picture: a globe of lines."""
    draw.box((0, 0, 640, 194), NAVY)
    for wide in (20, 60, 92):
        draw.ring((160 - wide, 5, 160 + wide, 189), "#3f6f9c", 2)
    for y in (40, 68, 97, 126, 154):
        half = math.sqrt(92**2 - (97 - y) ** 2)
        draw.line((160 - half, y, 160 + half, y), "#3f6f9c", 2)
    draw.polygon(((148, 76), (148, 118), (184, 97)), AMBER)


SCENES: dict[str, Callable[[Canvas, Shot, float], None]] = {
    scene.__name__: scene for scene in (studio, podium, hall, building, weather, title)
}


@lru_cache(maxsize=64)
def scene(shot: Shot, mouth: int) -> Image.Image:
    """The scene of a shot, with the mouth open so many quarters."""
    canvas = Canvas()
    SCENES[shot.scene](canvas, shot, mouth / 4)
    return canvas.picture()


@lru_cache
def subjects() -> dict[str, dict[str, str]]:
    """The lines of `subjects.csv`, by subject."""
    with (HERE / "kazakhstan_2007" / "subjects.csv").open(encoding="utf-8", newline="") as file:
        return {row["subject"]: row for row in csv.DictReader(file)}


def colour(subject: str) -> str:
    """A subject's own colour, else that of the group President and Government."""
    return subjects()[subject]["colour"] or "#5b4a8a"
