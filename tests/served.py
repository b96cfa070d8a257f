"""Served: a folder on a local server under a sub-path, as a project page on GitHub Pages is."""

from __future__ import annotations

import contextlib
import http.server
import threading
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from generator import pagefind
from generator.charts import manifest, room
from generator.model import Output
from generator.pages.tree import THEME
from tests.golden import assembled

DEMO = Path(__file__).parent.parent
KINDS = {
    "list": "",
    "post": "posts/seeing-k-means/",
    "notebook": "posts/customer-360-in-a-notebook/",
    "page": "charts-in-your-own-posts/",
    "gallery": "charts/",
    "code": "charts/code/pages/charts-in-your-own-posts/",
    "archive": "archive/",
    "tags": "tags/",
    "tag": "tags/k-means/",
    "search": "search/?q=cluster",
    "missing": "404.html",
}
"""An address of every kind of page of the demo."""


def lay_demo(root: Path, cache: Path) -> Path:
    """Write the site of this checkout below `root`, as a build does: search, code of charts and all."""
    known = manifest.load(DEMO / "includes")
    sources = cast("Any", [SimpleNamespace(path=path) for path in known.entries])
    _, assembly = assembled(DEMO, THEME, tuple(room.origins(sources, known)))
    assert assembly is not None
    assert not [problem for problem in assembly.problems if problem.severity == "error"]
    assert assembly.search is not None
    index = pagefind.Index(cache).outputs(assembly.search.key, assembly.search.records)
    return lay(root, (*assembly.outputs, *index))


def lay(root: Path, outputs: Iterable[Output]) -> Path:
    """Write outputs below `root`, and return it."""
    for output in outputs:
        target = root / output.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(output.read())
    return root


class _Handler(http.server.SimpleHTTPRequestHandler):
    prefix = ""

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix(self.prefix))

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextlib.contextmanager
def serving(root: Path, prefix: str = "/blog") -> Iterator[str]:
    """The address of the site in `root`, without a slash at its end."""
    handler = type("Handler", (_Handler,), {"prefix": prefix})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(root))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{prefix}"
        finally:
            server.shutdown()
            thread.join()
