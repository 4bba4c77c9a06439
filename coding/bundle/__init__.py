"""A folder that installs and starts Evenhand on a machine without a network.

`wheels/` holds every package for one platform and one Python, `evenhand/` the program, and a start file installs from
the one and opens the other. Made in a folder beside the target, which gets its name only when it is complete.
"""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

from coding.bundle.manifest import SUMS, WHEELS, sums, write_manifest
from coding.bundle.platforms import PLATFORMS, Platform, python_known, this_platform, this_python
from coding.bundle.wheels import Wheel, fetch_wheels
from coding.languages import Translate, translator
from coding.problems import Problem, ProblemsFound

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = (
    "app.py", "requirements.txt", "README.md", "LICENSE", "CHANGELOG.md", "models", "coding", "monitoring",
    "sample_data", "docs", ".streamlit",
)  # fmt: skip
"""What a user needs; no tests, no benchmarks, nothing of the version control."""

NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.pyc", ".DS_Store")
PYTHON_PLACE = "https://www.python.org/downloads/"


def bundle(
    target: Path,
    platform: str = "",
    python: str = "",
    *,
    root: Path = ROOT,
    environment: Mapping[str, str] | None = None,
    translate: Translate | None = None,
) -> Iterator[str]:
    """Make the folder and say how far it is, one line for each step.

    `platform` is a name in PLATFORMS and `python` a version such as 3.11; without them, this machine's.
    `environment` replaces the environment in which pip runs. Raises ProblemsFound (a folder that is not empty, an
    unknown platform, no network, a package without a wheel for the platform); nothing is then left behind.
    """
    told = translate or translator()
    chosen = _checked(target, platform, python)
    version = python or this_python()
    target.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        yield told("bundle.fetching", platform=chosen.title, python=version)
        wheels = yield from fetch_wheels(root / "requirements.txt", part / "wheels", chosen, version, told, environment)
        yield told("bundle.copying")
        copy_program(root, part / "evenhand")
        write_start(part, chosen, version)
        write_manifest(part, wheels)
        part.chmod(0o755)
        if target.exists():
            target.rmdir()
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    yield from _done(target, chosen, version, wheels, told)


def _checked(target: Path, platform: str, python: str) -> Platform:
    """The platform asked for; every problem with the request at once."""
    problems = []
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        problems.append(Problem("bundle.not_empty", value=str(target)))
    name = platform or this_platform()
    if name not in PLATFORMS:
        problems.append(
            Problem("not_one_of", column="--platform", value=name, values={"expected": ", ".join(PLATFORMS)})
        )
    if python and not python_known(python):
        problems.append(Problem("bundle.python", column="--python", value=python))
    if problems:
        raise ProblemsFound(problems)
    return PLATFORMS[name]


def copy_program(root: Path, folder: Path) -> None:
    """The program as it stands in `root`; what is missing there is left out."""
    folder.mkdir()
    for name in PROGRAM:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=NOT_COPIED)
        elif source.exists():
            shutil.copy2(source, folder / name)


def write_start(folder: Path, platform: Platform, python: str) -> None:
    """The start file of the platform, and the page that tells how to use it."""
    place = PYTHON_PLACE + ("windows/" if platform.windows else "macos/" if platform.mac else "")
    values = {"PYTHON": python, "PLACE": place, "PLATFORM": platform.title, "START": platform.start}
    values |= {"OPENING": platform.opening, "CHECKING": platform.checking}
    for template, name in ((platform.template, platform.start), ("READ-ME-FIRST.txt", "READ-ME-FIRST.txt")):
        text = files("coding.bundle").joinpath("start", template).read_text(encoding="utf-8")
        for key, value in values.items():
            text = text.replace(f"@{key}@", value)
        ends = "\r\n" if platform.windows else "\n"
        (folder / name).write_text(text, encoding="utf-8", newline=ends)
    (folder / platform.start).chmod(0o755)


def _done(target: Path, platform: Platform, python: str, wheels: list[Wheel], told: Translate) -> Iterator[str]:
    size = sum(file.stat().st_size for file in target.rglob("*") if file.is_file())
    packed = sum(wheel.file_size for wheel in wheels)
    yield told("bundle.size", count=len(wheels), wheels=packed // 1_000_000, all=size // 1_000_000)
    yield told("bundle.check", file=SUMS, sum=sums([target / SUMS])[0], wheels=WHEELS)
    yield told("bundle.next", folder=target, start=platform.start, python=python, place=PYTHON_PLACE)
