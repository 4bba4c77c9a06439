"""The picture of the training bulletin: a scene, a headline, the subjects' straps, the caption and the label."""

from PIL import Image, ImageDraw

from sample_data.kazakhstan_2007_record import clock
from sample_data.kazakhstan_2007_training import START_MS, Shot
from sample_data.training_lettering import font, put_lines
from sample_data.training_scenes import AMBER, NAVY, colour, scene, subjects

SIZE = (640, 360)
LABEL = "СИНТЕТИЧЕСКИЙ ВЫПУСК, СДЕЛАН ДЛЯ ОБУЧЕНИЯ  ·  synthetic bulletin, made for training"
TOP, STRAP, CAPTION, FOOT = 30, 224, 256, 340
"""The y at which the scene, the strap, the caption and the label begin."""


def frame(shot: Shot, moment: int, mouth: float) -> Image.Image:
    """The picture at a moment (ms from the start), the mouth open from 0 to 1."""
    image = Image.new("RGB", SIZE, "#0b1d30")
    draw = ImageDraw.Draw(image)
    image.paste(scene(shot, round(4 * mouth)), (0, TOP))
    draw.text((12, 6), "УЧЕБНЫЕ НОВОСТИ", font=font("sans bold", 14), fill="white")
    draw.text((180, 8), "Training news  ·  17.07.2007", font=font("sans", 12), fill="#a9c0d6")
    draw.text((628, 6), clock(START_MS + moment), font=font("mono", 15), fill=AMBER, anchor="ra")
    _headline(draw, shot)
    _straps(draw, shot)
    _caption(draw, shot)
    draw.rectangle((0, FOOT, SIZE[0], SIZE[1]), fill=AMBER)
    draw.text((SIZE[0] / 2, FOOT + 10), LABEL, font=font("sans bold", 11), fill="#1c1c1c", anchor="mm")
    return image


def _headline(draw: ImageDraw.ImageDraw, shot: Shot) -> None:
    draw.rectangle((330, 62, 622, 192), fill=NAVY)
    draw.rectangle((330, 62, 335, 192), fill=AMBER)
    below = put_lines(draw, (350, 78), shot.headline, font("sans bold", 22), 262, "white", 30)
    put_lines(draw, (350, below + 8), shot.headline_en, font("sans", 15), 262, "#c9d8e6", 20)


def _straps(draw: ImageDraw.ImageDraw, shot: Shot) -> None:
    """One subject on the whole strap, the names one above the other; two subjects on half of its height each."""
    draw.rectangle((0, STRAP, SIZE[0], CAPTION - 1), fill=NAVY)
    for number, codes in enumerate(shot.subjects):
        row, fill = subjects()[codes.subject], colour(codes.subject)
        own, english, ink = row[f"name_{shot.language}"], row["name_en"], ink_on(fill)
        if len(shot.subjects) == 1:
            draw.rectangle((0, STRAP, SIZE[0], CAPTION - 1), fill=fill)
            draw.text((12, STRAP + 1), own, font=font("sans bold", 14), fill=ink)
            draw.text((12, STRAP + 18), english, font=font("sans", 11), fill=ink)
        else:
            top = STRAP + 16 * number
            draw.rectangle((0, top, SIZE[0], top + 15), fill=fill)
            draw.text((12, top + 1), own, font=font("sans bold", 11), fill=ink)
            draw.text((SIZE[0] - 12, top + 1), english, font=font("sans", 11), fill=ink, anchor="ra")


def _caption(draw: ImageDraw.ImageDraw, shot: Shot) -> None:
    for top, text, cut, size, ink in (
        (CAPTION + 3, shot.caption, "sans bold", 14, "white"),
        (CAPTION + 44, shot.caption_en, "sans", 13, "#f4e3a8"),
    ):
        below = put_lines(draw, (12, top), text, font(cut, size), 616, ink, size + 5)
        if below > top + 2 * (size + 5):
            raise SystemExit(f"this caption needs more than two lines, shorten it: {text}")


def ink_on(fill: str) -> str:
    """Black or white, whichever reads better on this colour."""
    red, green, blue = (int(fill[n : n + 2], 16) for n in (1, 3, 5))
    return "#101010" if 0.30 * red + 0.59 * green + 0.11 * blue > 125 else "white"
