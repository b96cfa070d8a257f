"""Golden trees: the mini sites below ``tests/sites`` as the pages wing makes them, in a plain theme of their own.

``python -m tests.golden NAME…`` writes ``expected/`` of the named sites anew, for a reader to look through the diff.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from generator import config
from generator.errors import AuthorError, Problem
from generator.model import Origin
from generator.pages import posts, site
from generator.pages.assembly import Assembly
from generator.pages.posts import Content
from generator.pages.typesetting import Typesetting

TESTS = Path(__file__).parent
SITES, BROKEN = TESTS / "sites", TESTS / "broken"
PLAIN = TESTS / "plain_theme"
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def assembled(project: Path, theme: Path = PLAIN, origins: Iterable[Origin] = ()) -> tuple[Content, Assembly | None]:
    """The content of a project, and its site unless the content has errors."""
    settings = config.load(project)
    typesetting = Typesetting()
    content = posts.read(project, settings, drafts=False, future=False, now=NOW, take=typesetting.take)
    if any(problem.severity == "error" for problem in content.problems):
        return content, None
    texts = typesetting.finish(content)
    return content, site.assemble(project, settings, content, texts, origins=origins, theme=theme)


def complaints(project: Path, theme: Path = PLAIN) -> tuple[Problem, ...]:
    """All problems of the stage of a project that fails first, as a build sorts them."""
    try:
        content, assembly = assembled(project, theme)
    except AuthorError as error:
        return error.problems
    problems = (*content.problems, *(assembly.problems if assembly else ()))
    return tuple(sorted(problems, key=lambda problem: problem.order))


def tree(assembly: Assembly) -> dict[str, bytes]:
    """The outputs by path, without plotly.js, which is not ours to hold."""
    return {output.path: output.read() for output in assembly.outputs if not output.path.startswith("assets/plotly-")}


def main(names: list[str]) -> None:
    for name in names:
        folder = SITES / name / "expected"
        _, assembly = assembled(SITES / name)
        assert assembly is not None
        shutil.rmtree(folder, ignore_errors=True)
        for path, data in tree(assembly).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)


if __name__ == "__main__":
    main(sys.argv[1:])
