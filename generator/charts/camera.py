"""The camera: draws charts as pictures, in a process of its own, by Kaleido and the Chromium that it drives.

The page that it draws on loads the site's own style sheets and the look of its chart client (``theme/charts``), so
that a poster looks like what the client draws, and there is one source of the look.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import html
import json
import os
import shutil
import signal
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import kaleido
import plotly
from kaleido.errors import JavascriptError, KaleidoError

import generator
from generator.charts import protocol, webp
from generator.charts.protocol import PosterAnswer, PosterRequest
from generator.poster import LIMIT, NARROW, VARIANTS, WIDE

THEME = Path(generator.__file__).parent / "theme"
PATIENCE = 60.0
"""Seconds that the pictures of one chart may take."""
SCALES = (2, 1)
"""Pixels to a CSS pixel: those of most screens, or fewer where that is too much for a poster's bytes."""


class Page:
    """The page that Kaleido draws on."""

    def __init__(self, styles: Sequence[str] = ()) -> None:
        self._styles = [THEME / "static" / "style.css", *map(Path, styles)]

    def generate_index(self) -> str:
        """Its HTML: the part that Kaleido asks for."""
        variants = [
            (name, NARROW if "narrow" in name else WIDE, "dark" if "dark" in name else "light") for name in VARIANTS
        ]
        return (
            (THEME / "poster" / "page.html")
            .read_text(encoding="utf-8")
            .format(
                styles="\n".join(f'<link rel="stylesheet" href="{path.as_uri()}">' for path in self._styles),
                plotly=(Path(plotly.__file__).parent / "package_data" / "plotly.min.js").as_uri(),
                look=(THEME / "charts" / "look.js").as_uri(),
                camera=(THEME / "poster" / "camera.js").as_uri(),
                variants=html.escape(json.dumps(variants)),
                kaleido=(Path(kaleido.__file__).parent / "vendor" / "kaleido_scopes.js").as_uri(),
            )
        )


async def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer each request until `requests` closes or SIGTERM comes. Whatever ends Chromium ends this too."""
    setup = protocol.receive_poster_setup(requests.readline())
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    with contextlib.suppress(NotImplementedError):  # Windows
        loop.add_signal_handler(signal.SIGTERM, task.cancel)
    session = kaleido.Kaleido(path=setup.browser, page_generator=Page(setup.styles), timeout=PATIENCE)
    try:
        await session.open()
        while line := await _line(requests):
            request = protocol.receive_poster_request(line)
            protocol.send(answers, await _taken(session, request))
    finally:  # where `async with` would not close one that was stopped while it opened
        await session.close()


async def _line(stream: BinaryIO) -> bytes:
    """The next line of `stream`, read by a thread that nobody waits for when this process ends."""
    loop = asyncio.get_running_loop()
    found: asyncio.Future[bytes] = loop.create_future()

    def read() -> None:
        line = stream.readline()
        with contextlib.suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(tell, line)

    def tell(line: bytes) -> None:
        if not found.done():
            found.set_result(line)

    threading.Thread(target=read, daemon=True).start()
    return await found


async def _taken(session: kaleido.Kaleido, request: PosterRequest) -> PosterAnswer:
    found: dict[str, str] = {}
    try:
        figure = json.loads(request.payload)
        for scale in SCALES:
            pictures = await _pictures(session, figure, request.height, scale)
            lacking = [variant for variant in pictures if variant not in found]
            # Pillow works outside of Python's lock: on as many cores as there are.
            packed = await asyncio.gather(
                *(asyncio.to_thread(webp.compressed, pictures[variant], LIMIT) for variant in lacking)
            )
            found |= {
                variant: base64.b64encode(data).decode() for variant, data in zip(lacking, packed, strict=True) if data
            }
            if len(found) == len(VARIANTS):
                return PosterAnswer(request.name, found)
    except (KaleidoError, JavascriptError, TimeoutError, ValueError, LookupError) as error:
        text = str(error) or f"it took more than {PATIENCE:g} s"
        return PosterAnswer(request.name, error=" ".join(text.split())[:200])
    return PosterAnswer(request.name, error=f"there is too much in it for {LIMIT // 1000} KB")


async def _pictures(session: kaleido.Kaleido, figure: dict[str, object], height: int, scale: int) -> dict[str, bytes]:
    """All variants of a poster as PNG."""
    spec = {"data": figure["data"], "layout": figure["layout"]}
    options = {"format": "json", "width": WIDE, "height": height, "scale": scale}
    text = await session.calc_fig(spec, opts=options)
    return {variant: base64.b64decode(data) for variant, data in json.loads(text).items()}


def main() -> None:
    """Serve requests from standard input until it closes."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    requests = os.fdopen(os.dup(0), "rb")  # not sys.stdin, whose lock a thread holds that still reads at the end
    try:
        with contextlib.suppress(asyncio.CancelledError, BrokenPipeError):
            asyncio.run(serve(requests, answers))
    finally:
        aside = Path(os.environ.get("TMPDIR", ""))
        if aside.name.startswith("visualposts-"):
            shutil.rmtree(aside, ignore_errors=True)  # the parent, killed, can't


if __name__ == "__main__":
    main()
