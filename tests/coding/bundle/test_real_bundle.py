"""The real thing: a bundle for this machine, made from the package index, installed and started without a network."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from coding.bundle import bundle
from coding.bundle.platforms import PLATFORMS, this_platform
from coding.problems import ProblemsFound
from coding.store.places import DATA_VARIABLE

OFFLINE = Path(__file__).with_name("offline.py")
NO_WAY_OUT = {"PIP_NO_INDEX": "1", "HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"}

pytestmark = [
    pytest.mark.bundle,
    pytest.mark.skipif(this_platform() != "linux", reason="the start file is driven by a shell on Linux"),
]


def made(target: Path) -> Path:
    """A bundle in a folder; without a network, fail in CI and skip elsewhere."""
    try:
        list(bundle(target))
    except ProblemsFound as found:
        if [problem.key for problem in found.problems] == ["bundle.no_network"] and not os.environ.get("CI"):
            pytest.skip("no network to fetch the packages over")
        raise
    return target


def started(folder: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """The start file, run as a person's first or later start, with the network cut where this machine can cut it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    cut = ["unshare", "-rn"]
    if subprocess.run([*cut, "true"], capture_output=True, check=False).returncode:
        cut = []
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "PYTHON", "VIRTUAL_ENV"))}
    environment = kept | NO_WAY_OUT | {"HOME": str(home), DATA_VARIABLE: str(home / "evenhand")}
    environment |= {"NO_PROXY": "localhost", "no_proxy": "localhost"}
    command = [*cut, sys.executable, str(OFFLINE), str(folder / PLATFORMS[this_platform()].start), port]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=500)


def test_it_installs_and_starts_with_the_network_cut(tmp_path: Path) -> None:
    folder = made(tmp_path / "на диске (копия)")
    sums = subprocess.run(
        ["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert sums.returncode == 0, sums.stdout
    (tmp_path / "home").mkdir()
    first = started(folder, tmp_path / "home")
    assert first.returncode == 0, first.stdout + first.stderr
    assert "answered: ok" in first.stdout
    assert "First start" in first.stdout
    later = started(folder, tmp_path / "home")
    assert later.returncode == 0, later.stdout + later.stderr
    assert "First start" not in later.stdout
    _refuses_a_damaged_package(folder, tmp_path / "home")


def _refuses_a_damaged_package(folder: Path, home: Path) -> None:
    (folder / ".venv" / "installed").unlink()
    wheel = next((folder / "wheels").glob("toolz-*.whl"))
    wheel.write_bytes(wheel.read_bytes()[:-1] + b"?")
    refused = started(folder, home)
    assert refused.returncode != 0
    assert "copy this folder again" in refused.stderr
    assert not (folder / ".venv" / "installed").exists()
