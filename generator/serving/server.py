"""Server: answers a browser on this machine with the files of the site."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from urllib.parse import quote, unquote

import uvicorn
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from generator.serving import living
from generator.serving.address import Address
from generator.serving.folder import Folder, media_type
from generator.serving.live import Live
from generator.serving.sight import Sight, sight

HERE = Path(__file__).resolve().parent
OURS = {living.SCRIPT: HERE / "live.js", living.STYLE: HERE / "live.css"}
HEADERS = {
    "Cache-Control": "no-cache",  # kept, and asked for again each time: an old plotly.js need not be sent again
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
FAREWELL = 1
"""Seconds that answers under way have at the end."""


class Application:
    """The ASGI application over the site in `folder`."""

    def __init__(self, folder: Folder, live: Live, address: Address) -> None:
        self._folder, self._live, self._address = folder, live, address
        self._files = StaticFiles(directory=folder.root, check_dir=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = self._response(Request(scope, receive))
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        await response(scope, receive, send)

    def _response(self, request: Request) -> Response:
        reached = (request.scope.get("server") or ("",))[0]
        if not self._address.answers_to(request.headers.get("host", ""), reached):
            return PlainTextResponse(f"this server is at {self._address.url}\n", 403)
        if request.method not in ("GET", "HEAD"):
            return PlainTextResponse("only GET and HEAD\n", 405, {"Allow": "GET, HEAD"})
        path = request.scope["path"]
        if path == living.EVENTS:
            return self._events(request)
        if path in OURS:
            return self._file(OURS[path], request.scope)
        found = self._folder.find(path)
        if found.instead:
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(quote(found.instead) + query)
        if found.file is None or found.file.suffix in (".html", ".htm"):
            return self._page(path, found.file)
        return self._file(found.file, request.scope)

    def _page(self, path: str, file: Path | None) -> Response:
        text, seen = self._look(path, file)
        return HTMLResponse(living.living(text, seen), 404 if file is None else 200)

    def _look(self, path: str, file: Path | None) -> tuple[str, Sight]:
        """The HTML at an address, be it the page for missing ones, and what it shows."""
        shown = file or self._folder.missing
        try:
            text = shown.read_text(encoding="utf-8", errors="replace") if shown else living.BLANK
        except OSError:  # gone just now
            text = living.BLANK
        return text, sight(text, path, self._folder)

    def _file(self, file: Path, scope: Scope) -> Response:
        try:
            response = self._files.file_response(file, file.stat(), scope)
        except OSError:
            return PlainTextResponse("gone\n", 404)
        if response.status_code == 200:
            response.headers["Content-Type"] = media_type(file)
        return response

    def _events(self, request: Request) -> Response:
        if request.method == "HEAD":
            return Response(media_type="text/event-stream")
        page = unquote(request.query_params.get("page", "/"))  # as a browser writes it: percent-encoded
        lines = self._live.lines(lambda: self._look(page, self._folder.find(page).file)[1])
        return StreamingResponse(lines, media_type="text/event-stream", headers={"Cache-Control": "no-store"})


class Server(uvicorn.Server):
    """A uvicorn whose endless answers end when it does. It calls `ready` as soon as it can be asked, and ended."""

    def __init__(self, application: Application, live: Live, ready: Callable[[], None]) -> None:
        options = {"loop": "asyncio", "http": "h11", "ws": "none", "lifespan": "off", "interface": "asgi3"}
        quiet = {"log_config": None, "log_level": "critical", "access_log": False}
        super().__init__(
            uvicorn.Config(
                application,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=FAREWELL,
                **options,  # type: ignore[arg-type]
                **quiet,  # type: ignore[arg-type]
            )
        )
        self._live, self._ready = live, ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._live.close()
        super().handle_exit(sig, frame)

    def listen(self, bound: socket.socket) -> None:
        """Serve until Ctrl-C or SIGTERM, which is how a server ends well."""
        try:
            self.run([bound])
        except KeyboardInterrupt:
            pass
        finally:
            self._live.close()
