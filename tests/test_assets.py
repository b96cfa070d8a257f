"""Assets: what pages load, and where plotly.js comes from."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from generator.errors import VisualpostsError
from generator.memory import Memory
from generator.pages.assets import Assets, gather
from generator.pages.plotlyjs import plotly_version
from tests.golden import PLAIN


def test_names_change_with_their_content(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static/style.css").write_text("a{}")
    first = gather(frozenset(), "content/static/", tmp_path)
    (tmp_path / "static/style.css").write_text("b{}")
    second = gather(frozenset(), "content/static/", tmp_path)
    assert first.names["style.css"].startswith("assets/style.css?v=")
    assert first.names["style.css"] != second.names["style.css"]
    assert second.outputs[0].path == "assets/style.css"


def test_an_authors_favicon_goes_first() -> None:
    found = gather(frozenset({"content/static/favicon.ico"}), "content/static/", PLAIN)
    assert found.names["favicon.svg"] == "favicon.ico"
    assert not [output for output in found.outputs if "favicon" in output.path]


def test_plotly_is_found_without_importing_it() -> None:
    code = (
        "import sys; from generator.pages.plotlyjs import find_plotly, plotly_version;"
        "print(plotly_version(find_plotly())); assert 'plotly' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.count(".") == 2


def test_a_site_with_charts_needs_plotly(tmp_path: Path) -> None:
    with pytest.raises(VisualpostsError, match="install the package plotly"):
        Assets((), {}).library(Memory())
    (tmp_path / "p.js").write_text("no header")
    assert len(plotly_version(tmp_path / "p.js")) == 8
