"""Live: the line to the pages that are open in browsers, by Server-Sent Events.

Each message is whole: a page that missed some, since it was hidden or its computer slept, needs only the last one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from generator.serving.sight import Sight
from generator.serving.state import State

BEAT = 20.0
"""Seconds after which something is said, so that a line whose other end is gone is noticed."""


class Live:
    """Tells all who listen how the site stands. Belongs to the event loop in which it is listened to."""

    def __init__(self) -> None:
        self._state = State()
        self._news: set[asyncio.Event] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    def tell(self, state: State) -> None:
        """Say something new; from any thread."""
        self._state = state
        self._wake()

    def close(self) -> None:
        """End all lines."""
        self._closed = True
        self._wake()

    async def lines(self, look: Callable[[], Sight]) -> AsyncIterator[str]:
        """What one page is told from now on; `look` is what it would show if it were served now."""
        self._loop = asyncio.get_running_loop()
        news, said = asyncio.Event(), ""
        self._news.add(news)
        news.set()
        try:
            while not self._closed:
                try:
                    async with asyncio.timeout(BEAT):
                        await news.wait()
                except TimeoutError:
                    yield ":\n\n"
                    continue
                news.clear()
                if not self._closed and (text := self._state.message(look())) != said:
                    said = text
                    yield f"data: {text}\n\n"
        finally:
            self._news.discard(news)

    def _wake(self) -> None:
        if self._loop is not None:
            with suppress(RuntimeError):  # it has ended
                self._loop.call_soon_threadsafe(self._ring)

    def _ring(self) -> None:
        for news in self._news:
            news.set()
