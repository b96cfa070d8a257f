"""Where a Chromium is looked for."""

from __future__ import annotations

import os
from pathlib import Path

from generator.charts import browser


def test_the_path_is_searched_and_browser_path_goes_first(tmp_path: Path) -> None:
    chromium, other = tmp_path / "bin" / "chromium", tmp_path / "other"
    for path in (chromium, other):
        path.parent.mkdir(exist_ok=True)
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
    assert browser.find({"PATH": str(chromium.parent)}) == str(chromium)
    assert browser.find({"PATH": str(chromium.parent), "BROWSER_PATH": str(other)}) == str(other)
    assert browser.find({"PATH": str(chromium.parent), "BROWSER_PATH": os.devnull}) == ""
    assert browser.find({"PATH": str(tmp_path)}) == ""
