"""The rules of the house, held by reading the source: directions of imports, names, lists, documents."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from coding.exchange.mapping import shipped
from monitoring.metrics import METRICS

ROOT = Path(__file__).parent.parent
PACKAGES = ("models", "coding", "monitoring")
SOURCES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))] + [ROOT / "app.py"]
MAY_IMPORT = {"models": {"models"}, "coding": {"models", "coding"}, "monitoring": {"models", "coding", "monitoring"}}
NAMES_NOT_IN_THIS_HOUSE = {"utils.py", "helpers.py", "common.py"}
VARIABLES_NOT_IN_THIS_HOUSE = {"df", "data", "tmp"}
HEAVY = (
    "pandas",
    "ibis",
    "duckdb",
    "sqlalchemy",
    "altair",
    "streamlit",
    "pyarrow",
    "alembic",
    "sklearn",
    "torch",
    "transformers",
)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    parts = path.relative_to(ROOT).parts
    names = set(imported(path))
    if parts[0] in MAY_IMPORT:
        ours = {name.split(".")[0] for name in names} & {*PACKAGES, "app", "tests", "benchmarks", "sample_data"}
        assert ours <= MAY_IMPORT[parts[0]]
    if "streamlit" in {name.split(".")[0] for name in names}:
        assert parts[0] == "app.py" or parts[1] == "pages" or parts[:2] == ("coding", "desk")
    if {"altair", "vl_convert"} & {name.split(".")[0] for name in names}:
        assert parts[:2] == ("monitoring", "charts")
    if "pages" not in parts and parts[0] != "app.py":
        assert not any(".pages" in name for name in names)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_names_and_manners(path: Path) -> None:
    assert path.name not in NAMES_NOT_IN_THIS_HOUSE
    tree = ast.parse(path.read_text(encoding="utf-8"))
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    assert not stored & VARIABLES_NOT_IN_THIS_HOUSE
    assert not any(isinstance(node, ast.Assert) for node in ast.walk(tree)), "raise an error a person can read"
    assert ast.get_docstring(tree), "say what this file is for"


def test_every_metric_file_is_listed() -> None:
    files = {path.stem for path in (ROOT / "monitoring" / "metrics").glob("*.py")} - {"__init__"}
    assert files == {metric.name for metric in METRICS}


def test_every_metric_states_its_source_and_an_example() -> None:
    for metric in METRICS:
        text = ast.get_docstring(
            ast.parse((ROOT / "monitoring" / "metrics" / f"{metric.name}.py").read_text(encoding="utf-8"))
        )
        assert text is not None
        assert "Source:" in text
        assert "value" in text


def test_every_mapping_file_is_listed() -> None:
    files = {path.stem for path in (ROOT / "coding" / "exchange" / "mappings").glob("*.toml")}
    assert files == set(shipped())
    assert "arcom" in files


@pytest.mark.parametrize("package", ["monitoring", "coding"])
def test_help_pays_for_nothing_heavy(package: str) -> None:
    """The words after `--help` must come at once: no heavy library may load."""
    code = (
        "import sys, runpy\nsys.argv = ['x', '--help']\n"
        f"try:\n    runpy.run_module('{package}', run_name='__main__')\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_documents_name_files_that_exist() -> None:
    """A path in backticks in the architecture page is a path in the repository."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = {
        word for word in text.split("`")[1::2] if "/" in word and " " not in word and not word.startswith(("http", "/"))
    }
    missing = [word for word in sorted(named) if not list(ROOT.glob(word.rstrip("/")))]
    assert named
    assert missing == []
