"""Templates: the files that an author starts from; ``@name@`` in them stands for a value."""

from __future__ import annotations

import json
import re
from pathlib import Path

from generator import __version__

_FILES = Path(__file__).resolve().parent / "files"
# Plain YAML and TOML words; all else is quoted.
_PLAIN = re.compile(r"[^\W\d_]\w*(?:[ -]\w+)*")
_YAML_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def filled(name: str, /, **values: str) -> str:
    """The template `name` with its values put in."""
    text = (_FILES / f"{name}.in").read_text(encoding="utf-8")
    return re.sub(r"@(\w+)@", lambda match: {"version": __version__, **values}[match[1]], text)


def quoted(text: str) -> str:
    """`text` as a string of TOML, Python or YAML: what JSON writes is one in each."""
    return json.dumps(text, ensure_ascii=False)


def yaml_word(text: str) -> str:
    """`text` as it may stand in a YAML list: bare where that means the same."""
    return text if _PLAIN.fullmatch(text) and text.lower() not in _YAML_WORDS else quoted(text)
