"""Making a bundle from a folder of tiny packages, with the real pip and no network."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

import pytest

from coding.bundle import PROGRAM, bundle, write_start
from coding.bundle.platforms import PLATFORMS, environment_on, python_known, this_platform, this_python
from coding.bundle.wheels import Wheel, arrived, closure, read_wheel, requirements_in
from coding.problems import ProblemsFound

ROOT = Path(__file__).resolve().parents[3]


def put_wheel(
    folder: Path, name: str, version: str = "1.0", needs: Sequence[str] = (), tag: str = "py3-none-any"
) -> Path:
    """A package with nothing in it but its metadata."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}-{version}-{tag}.whl"
    inside = f"{name}-{version}.dist-info"
    extras = {part.split("extra == ")[1].strip("'\" ") for part in needs if "extra == " in part}
    lines = [f"Provides-Extra: {extra}" for extra in sorted(extras)] + [f"Requires-Dist: {need}" for need in needs]
    metadata = "\n".join(["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *lines, "", ""])
    with ZipFile(file, "w") as content:
        content.writestr(f"{inside}/METADATA", metadata)
        content.writestr(f"{inside}/WHEEL", f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n")
        content.writestr(f"{inside}/RECORD", "")
    return file


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """What there is to download: one package that needs another only on Windows, and one not at all on Windows."""
    folder = tmp_path / "index"
    needs = ["bell", 'paint>=1; sys_platform == "win32"', 'watch; sys_platform != "win32"', "spare; extra == 'full'"]
    put_wheel(folder, "apple", needs=needs)
    put_wheel(folder, "bell", tag="cp311-cp311-win_amd64")
    put_wheel(folder, "bell", tag="cp311-cp311-manylinux_2_17_x86_64")
    put_wheel(folder, "bell", tag="cp311-cp311-macosx_11_0_arm64")
    put_wheel(folder, "paint", "2.0", ["brush"])
    for name in ("watch", "brush", "spare"):
        put_wheel(folder, name)
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small program."""
    folder = tmp_path / "program"
    for part in ("coding/__pycache__", "tests", ".git", ".streamlit"):
        (folder / part).mkdir(parents=True)
    (folder / "requirements.txt").write_text("apple==1.0  # a remark\n\n# another\n", encoding="utf-8")
    for file in ("app.py", "coding/desk.py", "coding/__pycache__/desk.pyc", "tests/test_app.py", ".git/HEAD"):
        (folder / file).write_text("x = 1\n", encoding="utf-8")
    return folder


def made(target: Path, root: Path, index: Path, **asked: str) -> list[str]:
    """The lines a bundle says, with nothing but the folder to download from."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PIP_")}
    alone = kept | {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(index)}
    return list(bundle(target, root=root, environment=alone, **{"python": "3.11", **asked}))


def names(folder: Path) -> set[str]:
    return {file.name.split("-")[0] for file in (folder / "wheels").iterdir()}


def keys(found: pytest.ExceptionInfo[ProblemsFound]) -> list[str]:
    return [problem.key for problem in found.value.problems]


def test_each_platform_gets_what_it_needs_there_and_not_what_it_would_need_here(
    tmp_path: Path, root: Path, index: Path
) -> None:
    expected = {"windows": {"apple", "bell", "paint", "brush"}, "linux": {"apple", "bell", "watch"}}
    for platform, needed in (expected | {"macos": expected["linux"]}).items():
        made(tmp_path / platform, root, index, platform=platform)
        assert names(tmp_path / platform) == needed
    assert [file.name for file in (tmp_path / "windows" / "wheels").glob("bell*")] == [
        "bell-1.0-cp311-cp311-win_amd64.whl"
    ]


def test_the_program_is_copied_without_tests_and_without_its_history(tmp_path: Path, root: Path, index: Path) -> None:
    made(tmp_path / "out", root, index, platform="linux")
    inside = {file.relative_to(tmp_path / "out" / "evenhand").as_posix() for file in (tmp_path / "out").rglob("*.py")}
    assert inside == {"app.py", "coding/desk.py"}
    assert not list((tmp_path / "out").rglob("__pycache__")) and not list((tmp_path / "out").rglob(".git"))
    assert {file.name for file in (tmp_path / "out").iterdir()} == {
        "READ-ME-FIRST.txt", "SHA256SUMS", "evenhand", "start.sh", "wheels", "wheels.txt",
    }  # fmt: skip


def test_what_is_to_be_copied_exists() -> None:
    assert [name for name in PROGRAM if not (ROOT / name).exists()] == []


def test_sums_cover_every_file_and_pins_name_every_package(tmp_path: Path, root: Path, index: Path) -> None:
    said = made(tmp_path / "out", root, index, platform="windows")
    lines = (tmp_path / "out" / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = dict(line.split("  ", 1)[::-1] for line in lines)
    files = {f.relative_to(tmp_path / "out").as_posix() for f in (tmp_path / "out").rglob("*") if f.is_file()}
    assert set(listed) == files - {"SHA256SUMS"}
    for name, expected in listed.items():
        assert hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == expected
    pins = (tmp_path / "out" / "wheels.txt").read_text(encoding="utf-8").splitlines()[1:]
    assert [pin.split(" ")[0] for pin in pins] == ["apple==1.0", "bell==1.0", "brush==1.0", "paint==2.0"]
    assert all(" --hash=sha256:" in pin for pin in pins)
    own = hashlib.sha256((tmp_path / "out" / "SHA256SUMS").read_bytes()).hexdigest()
    assert any(own in line for line in said), "the sum of the sums is told, to pass on"
    assert any("start.bat" in line for line in said)


def test_an_empty_folder_may_be_there_already(tmp_path: Path, root: Path, index: Path) -> None:
    (tmp_path / "out").mkdir()
    made(tmp_path / "out", root, index, platform="linux")
    assert (tmp_path / "out" / "start.sh").stat().st_mode & 0o111


def test_every_problem_with_the_request_at_once_and_nothing_is_touched(tmp_path: Path, root: Path, index: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ProblemsFound) as found:
        made(tmp_path / "out", root, index, platform="beos", python="3.9")
    assert keys(found) == ["bundle.not_empty", "not_one_of", "bundle.python"]
    assert "windows, macos, macos-intel, linux" in str(found.value)
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_a_package_without_a_wheel_for_the_platform_is_named_and_nothing_is_left(
    tmp_path: Path, root: Path, index: Path
) -> None:
    with pytest.raises(ProblemsFound) as found:
        made(tmp_path / "out", root, index, platform="macos-intel")
    assert keys(found) == ["bundle.no_wheel"]
    assert "bell for macOS 14 or later (Intel) with Python 3.11" in str(found.value)
    assert {path.name for path in tmp_path.iterdir()} == {"index", "program"}


def test_a_package_that_only_the_other_platform_needs_is_named_when_it_is_missing(
    tmp_path: Path, root: Path, index: Path
) -> None:
    (index / "brush-1.0-py3-none-any.whl").unlink()
    with pytest.raises(ProblemsFound) as found:
        made(tmp_path / "out", root, index, platform="windows")
    assert keys(found) == ["bundle.no_wheel"]
    assert "brush" in str(found.value)


def test_no_network_is_told_from_a_missing_package(tmp_path: Path, root: Path) -> None:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PIP_")}
    dead = kept | {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:9/simple"}
    with pytest.raises(ProblemsFound) as found:
        list(bundle(tmp_path / "out", platform="linux", python="3.11", root=root, environment=dead))
    assert keys(found) == ["bundle.no_network"]
    assert not (tmp_path / "out").exists()


def test_a_package_cut_short_is_refused(tmp_path: Path) -> None:
    file = put_wheel(tmp_path, "apple")
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(ProblemsFound, match=r"apple-1\.0-py3-none-any\.whl"):
        read_wheel(file)


def wheel(name: str, *requires: str, version: str = "1.0") -> Wheel:
    return Wheel(Path(f"{name}.whl"), name, version, requires, "0" * 64, 1)


def test_closure_follows_extras_and_conditions_of_the_target() -> None:
    windows = environment_on(PLATFORMS["windows"], "3.13")
    held = [
        wheel("a", "b[fast]>=2", "old; python_version < '3.12'", "c; platform_system == 'Windows'"),
        wheel("b", "quick; extra == 'fast'", "slow; extra == 'safe'", version="2.1"),
    ]
    needed, missing = closure(["A"], held, windows)
    assert [one.name for one in needed] == ["a", "b"]
    assert missing == ["c", "quick"]
    assert closure(["b<2"], held, windows)[1] == ["b<2"], "another version than the one that is asked for"


def test_remarks_are_no_requirements(root: Path) -> None:
    assert requirements_in(root / "requirements.txt") == ["apple==1.0"]
    assert len(requirements_in(ROOT / "requirements.txt")) > 10


def test_markers_of_this_machine_are_the_ones_python_itself_gives() -> None:
    from packaging.markers import default_environment

    if this_platform() not in PLATFORMS:
        pytest.skip("no bundles are made for this platform")
    ours, real = environment_on(PLATFORMS[this_platform()], this_python()), default_environment()
    assert set(ours) == set(real)
    differing = {"platform_release", "platform_version", "python_full_version", "implementation_version"}
    assert {key: ours[key] for key in set(ours) - differing} == {key: real[key] for key in set(real) - differing}


@pytest.mark.parametrize(
    ("version", "known"),
    [("3.11", True), ("3.14", True), ("3.10", False), ("3", False), ("3.11.2", False), ("", False)],
)
def test_python_known(version: str, known: bool) -> None:
    assert python_known(version) is known


@pytest.mark.parametrize("platform", PLATFORMS)
def test_start_files_are_complete(tmp_path: Path, platform: str) -> None:
    chosen = PLATFORMS[platform]
    write_start(tmp_path, chosen, "3.12")
    for file in tmp_path.iterdir():
        content = file.read_bytes()
        assert b"@" not in content.replace(b"@echo off", b"").replace(b'"$@"', b"")
        assert (b"\r\n" in content) is chosen.windows
        assert b"3.12" in content
    start = (tmp_path / chosen.start).read_text(encoding="utf-8")
    for words in ("--no-index", "--find-links", "--require-hashes", "streamlit run app.py", "python.org"):
        assert words in start


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_without_the_right_python_the_start_file_says_which_and_where(tmp_path: Path) -> None:
    write_start(tmp_path, PLATFORMS["macos"], "3.99")
    done = subprocess.run(
        ["sh", str(tmp_path / "start.command")], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 1
    assert "Evenhand needs Python 3.99" in done.stderr
    assert "https://www.python.org/downloads/macos/" in done.stderr
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize(
    ("line", "file"),
    [
        ("  Downloading bell-1.0-py3-none-any.whl (12.5 MB)", "bell-1.0-py3-none-any.whl"),
        ("  Using cached https://example.org/a/bell-1.0-py3-none-any.whl (10 kB)", "bell-1.0-py3-none-any.whl"),
        ("  Downloading bell-1.0-py3-none-any.whl.metadata (1 kB)", ""),
        ("Collecting bell", ""),
    ],
)
def test_progress_names_each_file_that_arrives(line: str, file: str) -> None:
    assert arrived(line) == ((file, line.split("(")[1].rstrip(")")) if file else None)
