"""The platforms a bundle can be made for: which wheels fit, and what a package's conditions see there."""

import platform as machine
import re
import sys
from dataclasses import dataclass, field

OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True)
class Platform:
    """`tags` are what pip calls the platform, best first; `markers` what environment markers read on it.

    `opening` and `checking` are sentences of the page that goes with the bundle.
    """

    title: str
    tags: tuple[str, ...]
    start: str
    template: str
    opening: str
    checking: str
    markers: dict[str, str] = field(hash=False)

    @property
    def windows(self) -> bool:
        """Whether lines end, and paths are written, as on Windows."""
        return self.markers["os_name"] == "nt"

    @property
    def mac(self) -> bool:
        """Whether it is a Mac of either kind."""
        return self.markers["sys_platform"] == "darwin"


def _markers(os_name: str, sys_platform: str, system: str, processor: str) -> dict[str, str]:
    names = {"os_name": os_name, "sys_platform": sys_platform, "platform_system": system}
    return names | {"platform_machine": processor, "platform_release": "", "platform_version": ""}


def _manylinux() -> tuple[str, ...]:
    """glibc 2.28 (Debian 10, Ubuntu 20.04, RHEL 8) and everything older that still runs there."""
    return (*(f"manylinux_2_{minor}_x86_64" for minor in range(28, 4, -1)), "manylinux2014_x86_64",
            "manylinux2010_x86_64", "manylinux1_x86_64", "linux_x86_64")  # fmt: skip


_SHELL = "If a stick lost the permission to run it: sh "
_RIGHT_CLICK = "macOS may ask once whether you trust the file: right click, Open.\n   "
_POWERSHELL = (
    "Get-Content SHA256SUMS | ForEach-Object { $sum, $file = $_ -split '  ', 2; "
    "if ((Get-FileHash $file).Hash -ne $sum) { $file } }\n   (in PowerShell; it names every file that differs)"
)

PLATFORMS = {
    "windows": Platform(
        "Windows (64-bit)",
        ("win_amd64",),
        "start.bat",
        "start.bat",
        "Windows may ask once whether you trust the file: More info, Run anyway.",
        _POWERSHELL,
        _markers("nt", "win32", "Windows", "AMD64"),
    ),
    "macos": Platform(
        "macOS 14 or later (Apple silicon)",
        ("macosx_14_0_arm64",),
        "start.command",
        "start.sh",
        f"{_RIGHT_CLICK}{_SHELL}start.command",
        "shasum -a 256 -c SHA256SUMS",
        _markers("posix", "darwin", "Darwin", "arm64"),
    ),
    "macos-intel": Platform(
        "macOS 14 or later (Intel)",
        ("macosx_14_0_x86_64",),
        "start.command",
        "start.sh",
        f"{_RIGHT_CLICK}{_SHELL}start.command",
        "shasum -a 256 -c SHA256SUMS",
        _markers("posix", "darwin", "Darwin", "x86_64"),
    ),
    "linux": Platform(
        "Linux (64-bit, glibc 2.28 or later)",
        _manylinux(),
        "start.sh",
        "start.sh",
        f"{_SHELL}start.sh",
        "sha256sum -c SHA256SUMS",
        _markers("posix", "linux", "Linux", "x86_64"),
    ),
}


def this_platform() -> str:
    """The name under which this machine stands in PLATFORMS, else what it calls itself."""
    processor = {"AMD64": "x86_64", "aarch64": "arm64"}.get(machine.machine(), machine.machine())
    return {
        ("win32", "x86_64"): "windows",
        ("darwin", "arm64"): "macos",
        ("darwin", "x86_64"): "macos-intel",
        ("linux", "x86_64"): "linux",
    }.get((sys.platform, processor), f"{sys.platform} {processor}")


def this_python() -> str:
    """`3.11`."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def python_known(version: str) -> bool:
    """Whether it is written as two numbers and not too old for Evenhand.

    >>> python_known("3.12"), python_known("3.9"), python_known("3.12.1"), python_known("python3")
    (True, False, False, False)
    """
    found = re.fullmatch(r"(3)\.(\d{1,2})", version)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST_PYTHON


def environment_on(platform: Platform, python: str) -> dict[str, str]:
    """What every environment marker reads on that platform with that Python."""
    full = f"{python}.9"  # no package here asks for one patch release and not for a later one
    versions = {"python_version": python, "python_full_version": full, "implementation_version": full}
    names = {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
    return platform.markers | versions | names
