"""Mini projects for tests: a folder with settings, posts and chart sources, written from short texts."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from generator import build, memory
from generator.build import Options
from generator.errors import VisualpostsError
from generator.report import Report

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SETTINGS = '[tool.visualposts]\ntitle = "A blog"\nbase_url = "https://example.org/blog"\n'
POST = "---\ntitle: A post\ndate: 2026-01-02\n---\n\nHello.\n"
CHART = """\
import plotly.graph_objects as go


def charts():
    return {"one": go.Figure(go.Scatter(x=[1, 2, 3], y=[1, 4, 9]), layout={"meta": {"alt": "A rising line."}})}
"""


def write(project: Path, files: dict[str, str]) -> Path:
    """Write `files` (paths to texts) below `project`, with settings if there are none."""
    for path, text in {"pyproject.toml": SETTINGS, **files}.items():
        target = project / path
        if path == "pyproject.toml" and path not in files and target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return project


def environment() -> dict[str, str]:
    """The environment of commands: nothing is put into the cache of whoever runs the tests."""
    return {**os.environ, "NO_COLOR": "1", "XDG_CACHE_HOME": os.devnull}


def visualposts(
    project: Path, *arguments: str, environ: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command in `project` as a user would, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "generator", *arguments],
        cwd=project,
        env={**environment(), **(environ or {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below `folder` and its bytes, but for the memory, in which every command may note something."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != memory.FILE)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def outcome(project: Path) -> str:
    """Build in this process, running no charts: the errors as text, or nothing where a site came of it."""
    words = io.StringIO()
    try:
        build.build(project, Options(now=NOW, frozen=True), Report(words, words))
    except VisualpostsError as error:
        return str(error) or "no words"
    assert (project / "site/index.html").is_file()
    return ""
