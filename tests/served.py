"""Served: a folder on a local server under a sub-path, as a project page on GitHub Pages is."""

from __future__ import annotations

import contextlib
import http.server
import threading
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from generator.model import Output


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
