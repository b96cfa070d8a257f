"""The house: the order of imports, one importer for each heavy library, and what may be imported early."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "generator"
FLOORS = (
    {"__init__", "errors", "model", "stamps", "team", "values"},
    {"config", "files", "fragment", "maps", "poster", "prose", "reach", "report", "traces"},
    {"lock", "memory", "obstacles"},
    {"digests"},
    {"maker", "pagefind", "shelf"},
    {"charts", "pages"},
    {"external"},
    {"build", "doctor", "export", "git", "hosting", "listing"},
    {"publish", "serving", "starter"},
    {"cli"},
    {"__main__"},
)
OWNERS = {
    "pyspark": {"charts"},
    "py4j": {"charts"},
    "plotly": {"charts"},
    "kaleido": {"charts"},
    "choreographer": {"charts"},
    "PIL": {"charts"},
    "pandas": {"charts"},
    "numpy": {"charts"},
    "ipykernel": {"charts"},
    "jupyter_client": {"charts"},
    "nbclient": {"charts"},
    "nbformat": {"charts"},
    "markdown": {"prose"},
    "pymdownx": {"prose"},
    "pygments": {"prose"},
    "latex2mathml": {"prose"},
    "imagesize": {"pages"},
    "jinja2": {"pages"},
    "markupsafe": {"pages"},
    "yaml": {"pages"},
    "click": {"cli"},
    "rich": {"report"},
    "starlette": {"serving"},
    "uvicorn": {"serving"},
    "watchfiles": {"serving"},
}


def room(path: Path) -> str:
    """The module or wing directly below the package that the file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def floor(name: str) -> int:
    return next(number for number, names in enumerate(FLOORS) if name in names)


def files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", files(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_go_down_only(path: Path) -> None:
    here = room(path)
    for name in imports(path):
        if name.startswith("generator."):
            there = name.split(".")[1]
            there = "__init__" if there == "__version__" else there
            assert there == here or floor(there) < floor(here), f"{here} imports {name}"


@pytest.mark.parametrize("path", files(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_each_heavy_library_has_one_importer(path: Path) -> None:
    for name in imports(path):
        owners = OWNERS.get(name.partition(".")[0])
        assert owners is None or room(path) in owners, f"{path}: {name} belongs to {owners}"


def loaded_after(code: str) -> set[str]:
    """The top-level modules in ``sys.modules`` of a new process after `code`."""
    script = f"{code}\nimport sys\nprint(' '.join(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("path", files(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_pattern_has_a_possessive_group(path: Path) -> None:
    """Before 3.11.5 Python loses matches of such a group if there are possessive parts in it (its issue 106052)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert not [text for text in texts if re.search(r"[^(]\)[*+?]\+", text)]


def test_help_imports_nothing_heavy() -> None:
    code = "from click.testing import CliRunner\nfrom generator.cli import commands\n"
    code += "assert 'build' in CliRunner().invoke(commands, ['--help']).output"
    assert not loaded_after(code) & (set(OWNERS) - {"click"} | {"asyncio", "generator.build"})


def test_the_story_imports_no_library_of_the_worker() -> None:
    assert not loaded_after("import generator.build") & {"pyspark", "py4j", "plotly", "pandas", "numpy", "rich"}
