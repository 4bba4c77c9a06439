"""Fetches every wheel that the requirements need on another platform, and proves that none is missing.

pip reads the conditions of a package (`colorama; platform_system == "Windows"`) on the machine where it runs, so what
it fetches for another platform is incomplete. Here the conditions are read again for the target, from the wheels
themselves, until nothing more is asked for.
"""

import hashlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from coding.bundle.platforms import Platform, environment_on
from coding.languages import Translate
from coding.problems import Problem, ProblemsFound

if TYPE_CHECKING:
    from packaging.requirements import Requirement

NO_NETWORK = re.compile(
    r"connection broken by|NewConnectionError|NameResolutionError|Temporary failure in name|No route to host|"
    r"Network is unreachable|ConnectTimeoutError|ProxyError|getaddrinfo failed"
)
NO_WHEEL = re.compile(r"No matching distribution found for (\S+)")
DOWNLOADING = re.compile(r"^\s*(?:Downloading|Using cached) (\S+) \(([^)]*)\)$")


@dataclass(frozen=True)
class Wheel:
    """One package as a file."""

    file: Path
    name: str
    version: str
    requires: tuple[str, ...]
    sha256: str
    file_size: int


def read_wheel(file: Path) -> Wheel:
    """Name, version and requirements from the wheel's own metadata. A broken file raises ProblemsFound."""
    from packaging.utils import canonicalize_name

    try:
        with ZipFile(file) as content:
            inside = next(name for name in content.namelist() if name.endswith(".dist-info/METADATA"))
            metadata = HeaderParser().parsestr(content.read(inside).decode("utf-8"))
    except (BadZipFile, StopIteration):
        raise ProblemsFound([Problem("bundle.broken", value=file.name)]) from None
    return Wheel(
        file,
        canonicalize_name(metadata["Name"]),
        metadata["Version"],
        tuple(metadata.get_all("Requires-Dist", ())),
        hashlib.sha256(file.read_bytes()).hexdigest(),
        file.stat().st_size,
    )


def requirements_in(file: Path) -> list[str]:
    """The lines of a requirements file, without remarks."""
    lines = (re.sub(r"(^|\s)#.*", "", line).strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def fetch_wheels(
    requirements: Path,
    folder: Path,
    platform: Platform,
    python: str,
    told: Translate,
    environment: Mapping[str, str] | None = None,
) -> Generator[str, None, list[Wheel]]:
    """Download into `folder`, one line for each wheel; returns the wheels that will be installed, sorted by name."""
    folder.mkdir(parents=True)
    wanted = requirements_in(requirements)
    markers = environment_on(platform, python)
    yield from _download(wanted, folder, platform, python, told, environment)
    for _ in range(20):
        wheels = [read_wheel(file) for file in sorted(folder.glob("*.whl"))]
        needed, missing = closure(wanted, wheels, markers)
        if not missing:
            for spare in {wheel.file for wheel in wheels} - {wheel.file for wheel in needed}:
                spare.unlink()
            return needed
        held = [f"{wheel.name}=={wheel.version}" for wheel in wheels]
        yield from _download(missing, folder, platform, python, told, environment, held=held)
    raise ProblemsFound([Problem("bundle.no_wheel", value=name, values=_where(platform, python)) for name in missing])


def closure(
    wanted: Iterable[str], wheels: Iterable[Wheel], markers: Mapping[str, str]
) -> tuple[list[Wheel], list[str]]:
    """The wheels that an installation will use under these markers, and the requirements none of them meets."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    held = {wheel.name: wheel for wheel in wheels}
    waiting, seen, needed, missing = [Requirement(line) for line in wanted], set(), {}, []
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if not _applies(requirement, markers, ""):
            continue
        wheel = held.get(name)
        if wheel is None or not requirement.specifier.contains(wheel.version, prereleases=True):
            missing.append(f"{requirement.name}{requirement.specifier}")
            continue
        needed[name] = wheel
        for extra in ("", *sorted(requirement.extras)):
            if (name, extra) not in seen:
                seen.add((name, extra))
                waiting += [
                    _without_marker(one) for one in map(Requirement, wheel.requires) if _applies(one, markers, extra)
                ]
    return sorted(needed.values(), key=lambda wheel: wheel.name), sorted(set(missing))


def _applies(requirement: "Requirement", markers: Mapping[str, str], extra: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(dict(markers) | {"extra": extra})


def _without_marker(requirement: "Requirement") -> "Requirement":
    """It was judged together with the extra that asked for it, which is not known any more later."""
    requirement.marker = None
    return requirement


def _download(
    wanted: Sequence[str],
    folder: Path,
    platform: Platform,
    python: str,
    told: Translate,
    environment: Mapping[str, str] | None,
    held: Sequence[str] = (),
) -> Iterator[str]:
    """Run pip, with a line for each file; versions in `held` do not change."""
    with tempfile.TemporaryDirectory() as place:
        asked, fixed = Path(place) / "asked.txt", Path(place) / "fixed.txt"
        asked.write_text("\n".join(wanted), encoding="utf-8")
        fixed.write_text("\n".join(held), encoding="utf-8")
        tags = [part for tag in platform.tags for part in ("--platform", tag)]
        options = ["--only-binary=:all:", "--implementation", "cp", "--python-version", python, *tags]
        quiet = ["--progress-bar", "off", "--disable-pip-version-check", "--no-input", "--retries", "2"]
        sources = ["-r", str(asked), "-c", str(fixed)]
        command = [sys.executable, "-m", "pip", "download", *quiet, *options, *sources, "-d", str(folder)]
        spoken = yield from _run(command, told, environment)
    if spoken is not None:
        raise ProblemsFound([_reason(spoken, platform, python)])


def _run(
    command: Sequence[str], told: Translate, environment: Mapping[str, str] | None
) -> Generator[str, None, str | None]:
    """One line for each file that arrives; returns None, or everything pip said where it failed."""
    spoken: list[str] = []
    heard = subprocess.STDOUT
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=heard) as pip:  # noqa: S603
        for line in pip.stdout or ():
            spoken.append(line.decode("utf-8", "replace"))
            if file := arrived(spoken[-1]):
                yield told("bundle.file", name=file[0], size=file[1])
    return None if pip.returncode == 0 else "".join(spoken)


def arrived(line: str) -> tuple[str, str] | None:
    """The file and its size where this line of pip's says that a package arrives, else nothing."""
    found = DOWNLOADING.match(line.rstrip())
    if found is None or not found[1].endswith(".whl"):
        return None
    return found[1].rsplit("/", 1)[-1], found[2]


def _where(platform: Platform, python: str) -> dict[str, str]:
    return {"platform": platform.title, "python": python}


def _reason(spoken: str, platform: Platform, python: str) -> Problem:
    """Why pip failed, in plain words."""
    if "No module named pip" in spoken:
        return Problem("bundle.no_pip", value=sys.executable)
    if NO_NETWORK.search(spoken):
        return Problem("bundle.no_network")
    missing = NO_WHEEL.search(spoken)
    if missing:
        return Problem("bundle.no_wheel", value=missing[1], values=_where(platform, python))
    lines = [line.strip() for line in spoken.splitlines() if line.strip()]
    return Problem("bundle.pip", value=" ".join(lines[-3:]))
