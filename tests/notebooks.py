"""Notebooks for tests, written as Jupyter writes them."""

from __future__ import annotations

import json
from typing import Any


def markdown(source: str, **metadata: Any) -> dict[str, Any]:
    attachments = {"attachments": metadata.pop("attachments")} if "attachments" in metadata else {}
    return {"cell_type": "markdown", "source": _lines(source), **attachments, "metadata": metadata}


def code(source: str, *, outputs: Any = (), execution_count: int | None = None, **metadata: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": execution_count,
        "outputs": list(outputs),
        "source": _lines(source),
        "metadata": metadata,
    }


def text(*cells: dict[str, Any], **metadata: Any) -> str:
    """The text of a notebook of these cells."""
    value = {"nbformat": 4, "nbformat_minor": 5, "cells": list(cells), "metadata": metadata}
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def shown(data: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    """An output as it is saved: the forms of a value by MIME type."""
    return {"output_type": "display_data", "data": data, "metadata": metadata}


def printed(words: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": _lines(words)}


def _lines(source: str) -> list[str]:
    return source.splitlines(keepends=True)
