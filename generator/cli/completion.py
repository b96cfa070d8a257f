"""Completion: what a shell offers for a word that is a chart or a post. Names of files are enough; nothing is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click


def charts(context: click.Context, _: click.Parameter, typed: str) -> list[str]:
    """Charts that have been made."""
    return _matching(_charts(_project(context)), typed)


def chart_sources(context: click.Context, _: click.Parameter, typed: str) -> list[str]:
    """Charts that have been made, and the folders of posts."""
    project = _project(context)
    return _matching([*_charts(project), *_posts(project)], typed)


def posts(context: click.Context, _: click.Parameter, typed: str) -> list[str]:
    """Posts that are folders."""
    return _matching(_posts(_project(context)), typed)


def _project(context: click.Context) -> Path:
    return Path(context.params.get("project") or ".")


def _charts(project: Path) -> Iterator[str]:
    return (path.stem for path in project.glob("includes/*.html"))


def _posts(project: Path) -> Iterator[str]:
    return (path.parent.name for path in project.glob("content/posts/*/index.m*"))


def _matching(names: Iterable[str], typed: str) -> list[str]:
    return sorted({name for name in names if name.startswith(typed)})
