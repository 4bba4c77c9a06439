"""A page of a paper as a picture: what it is, whether it is whole, and a form that every browser shows."""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from coding.problems import Problem, ProblemsFound

FORMATS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "TIFF": "", "BMP": ""}
"""Formats that are read, and the suffix of those that a browser shows as they are."""
MOST_PIXELS = 150_000_000
"""A broadsheet page scanned at 600 dots per inch has 139 million."""
Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # Pillow warns from here on, and refuses twice as much
LINE_ART = ("1", "P")
SIDEWAYS = (5, 6, 7, 8)
"""EXIF orientations that exchange width and height."""
ORIENTATION = 0x0112


@dataclass(frozen=True)
class Picture:
    """Width and height as shown (with the camera's rotation applied), the kept suffix, and whether to rewrite it."""

    width: int
    height: int
    suffix: str
    rewrite: bool


def picture(file: Path) -> Picture | None:
    """What a picture is, decoded once so that a cut one is found; None where the file is no picture at all.

    Raises ProblemsFound for one that is cut, too large to open safely, or holds several pages.
    """
    try:
        with Image.open(file, formats=tuple(FORMATS)) as image:
            _check(file, image)
            image.load()
            width, height = image.size
            if image.getexif().get(ORIENTATION) in SIDEWAYS:
                width, height = height, width
            suffix = FORMATS[image.format or ""]
            rewritten = ".png" if image.mode in LINE_ART else ".jpg"
            return Picture(width, height, suffix or rewritten, rewrite=not suffix)
    except UnidentifiedImageError:
        return None
    except Image.DecompressionBombError:
        raise ProblemsFound([_too_large(file)]) from None
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk, not the picture
        raise ProblemsFound([Problem("recordings.broken_page", file.name, value=str(error))]) from None


def _check(file: Path, image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise ProblemsFound([_too_large(file)])
    pages = getattr(image, "n_frames", 1)
    if pages > 1:
        raise ProblemsFound([Problem("recordings.many_pages", file.name, values={"pages": pages})])


def _too_large(file: Path) -> Problem:
    return Problem("recordings.page_too_large", file.name, values={"most": MOST_PIXELS // 1_000_000})


def rewrite(file: Path, target: Path, suffix: str) -> None:
    """The picture upright in a format that browsers show: line art without loss, the rest as JPEG."""
    with Image.open(file, formats=tuple(FORMATS)) as image:
        upright = ImageOps.exif_transpose(image)
        if suffix == ".png":
            upright.save(target, "PNG")
        else:
            upright.convert("RGB").save(target, "JPEG", quality=92)
