"""The browser: finds a Chromium on this machine, for posters."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
INSTALL = "on Debian or Ubuntu: apt install chromium; anywhere: kaleido_get_chrome"
_MACOS = ("Google Chrome", "Chromium", "Microsoft Edge")
_WINDOWS = (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe")


def find(environ: Mapping[str, str]) -> str:
    """The path of a Chromium or its like, or an empty string.

    ``BROWSER_PATH``, which Kaleido knows too, goes first, and what Kaleido itself has downloaded last.
    """
    if chosen := environ.get("BROWSER_PATH"):
        return chosen if os.access(chosen, os.X_OK) else ""
    path = environ.get("PATH", "")
    found = next((browser for name in NAMES if (browser := shutil.which(name, path=path))), "")
    return found or next((str(place) for place in _usual(environ) if place.is_file()), "") or _downloaded()


def _usual(environ: Mapping[str, str]) -> tuple[Path, ...]:
    if sys.platform == "darwin":
        return tuple(Path(f"/Applications/{name}.app/Contents/MacOS/{name}") for name in _MACOS)
    if sys.platform == "win32":
        roots = [environ[key] for key in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA") if key in environ]
        return tuple(Path(root, name) for name in _WINDOWS for root in roots)
    return ()


def _downloaded() -> str:
    if importlib.util.find_spec("choreographer") is None:
        return ""
    from choreographer.browsers import Chromium

    try:
        return Chromium.find_browser(skip_local=False, verify_local=True) or ""
    except RuntimeError:
        return ""
