"""The training newspaper page: a masthead, articles in columns, a placeholder, free space and an advertisement."""

from PIL import Image, ImageDraw

from sample_data.kazakhstan_2007_training import PAGE_MM, Article, Script
from sample_data.training_lettering import font, lines, put_lines

WIDTH = 1600
SIZE = (WIDTH, round(WIDTH * PAGE_MM[1] / PAGE_MM[0]))
PAPER, INK, GREY, RULE, BLUE = "#f7f3e9", "#161616", "#5a564c", "#8d887b", "#1d4e79"
BODY, LEADING, GUTTER, INDENT = 21, 29, 26, 24
FRAMES = {"free": "#e8eef4", "advertisement": "#fbe7b9"}

Drawing = ImageDraw.ImageDraw


def draw_page(told: Script) -> tuple[Image.Image, int]:
    """The page, and how many lines of text its free space has."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    _masthead(draw, told.paper)
    free_lines = 0
    for article in told.articles:
        printed = _article(draw, article)
        free_lines += printed if article.format == "free space" else 0
    return image, free_lines


def _masthead(draw: Drawing, paper: dict[str, str]) -> None:
    width, height = SIZE
    for top in (0, height - 44):
        draw.rectangle((0, top, width, top + 44), fill="#f2b632")
        draw.text((width / 2, top + 22), paper["notice"], font=font("sans bold", 22), fill="#1c1c1c", anchor="mm")
    draw.text((width / 2, 112), paper["title"], font=font("serif bold", 92), fill=INK, anchor="mm")
    draw.line((48, 176, width - 48, 176), fill=INK, width=4)
    draw.text((48, 202), paper["title_en"], font=font("sans", 22), fill=GREY, anchor="lm")
    draw.text((width - 48, 202), paper["line"], font=font("sans", 22), fill=GREY, anchor="rm")
    draw.line((48, 226, width - 48, 226), fill=INK, width=2)


def _article(draw: Drawing, article: Article) -> int:
    """Draw one piece inside its box; the number of lines of its text."""
    left, top, width, height = (side * whole for side, whole in zip(article.box, SIZE * 2, strict=True))
    pad = 0.0
    if article.frame:
        pad = 16.0
        draw.rectangle((left, top, left + width, top + height), fill=FRAMES[article.frame], outline=INK, width=3)
    else:
        draw.line((left, top, left + width, top), fill=RULE, width=2)
    x, y, room = left + pad, top + 12 + pad / 2, width - 2 * pad
    draw.text((x, y), article.kicker.upper(), font=font("sans bold", 17), fill=BLUE)
    size = {1: 32, 2: 40, 3: 58}[article.columns]
    y = put_lines(draw, (x, y + 28), article.headline, font("serif bold", size), room, INK, round(size * 1.16))
    y = put_lines(draw, (x, y + 8), article.english, font("sans", 18), room, GREY, 25) + 12
    return _columns(draw, article, (x, y, room, top + height - pad - y))


def _columns(draw: Drawing, article: Article, place: tuple[float, float, float, float]) -> int:
    """The text in columns of even length, the picture above all but the first; the number of lines."""
    x, y, room, height = place
    width = (room - GUTTER * (article.columns - 1)) / article.columns
    letters = font("serif", BODY)
    heads = [0] + [int(height * article.picture / LEADING)] * (article.columns - 1)
    if article.picture:
        bottom = y + heads[-1] * LEADING - 48
        _placeholder(draw, (x + width + GUTTER, y + 6, x + room, bottom), article.picture_caption)
    waiting = list(lines(article.text, letters, width, INDENT))
    rows = next(n for n in range(len(waiting) + 1) if sum(max(0, n - head) for head in heads) >= len(waiting))
    if rows * LEADING > height:
        raise SystemExit(f"«{article.headline}» needs {rows} rows; its box has {height / LEADING:.1f}.")
    places = [(column, row) for column, head in enumerate(heads) for row in range(head, rows)]
    for (column, row), (line, indent) in zip(places, waiting, strict=False):
        spot = (x + column * (width + GUTTER) + indent, y + row * LEADING)
        draw.text(spot, line, font=letters, fill=INK)
    if article.frame == "advertisement":
        _pencil(draw, x, y + height - 70, room)
    return len(waiting)


def _placeholder(draw: Drawing, sides: tuple[float, float, float, float], caption: str) -> None:
    left, top, right, bottom = sides
    draw.rectangle(sides, fill="#cfcabd", outline=RULE, width=2)
    middle = (left + right) / 2
    ground = bottom - 30
    draw.polygon(((left + 30, ground), (middle - 90, top + 60), (middle + 40, ground)), fill="#a9a395")
    draw.polygon(((middle - 60, ground), (middle + 110, top + 100), (right - 30, ground)), fill="#bbb5a6")
    draw.ellipse((right - 150, top + 30, right - 90, top + 90), fill="#e7e2d3")
    draw.text((left, bottom + 8), caption, font=font("sans", 17), fill=GREY)


def _pencil(draw: Drawing, x: float, y: float, room: float) -> None:
    tip, end = x + 8, x + room - 8
    draw.rectangle((tip + 70, y, end, y + 40), fill="#c8402f")
    draw.rectangle((tip + 70, y + 13, end, y + 27), fill="#d9604f")
    draw.rectangle((end - 50, y, end - 30, y + 40), fill="#b9bcc0")
    draw.rectangle((end - 30, y, end, y + 40), fill="#e8a0a8")
    draw.polygon(((tip + 70, y), (tip + 70, y + 40), (tip, y + 20)), fill="#e9cf9f")
    draw.polygon(((tip + 22, y + 13), (tip + 22, y + 27), (tip, y + 20)), fill=INK)
