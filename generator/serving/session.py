"""Session: the command from its start to its end: a site that is built, shown and built again until Ctrl-C."""

from __future__ import annotations

import threading
import webbrowser
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

from generator import build, config, files
from generator.build import Options
from generator.errors import AuthorError
from generator.report import Report
from generator.serving import address
from generator.serving.engine import Engine
from generator.serving.folder import Folder
from generator.serving.live import Live
from generator.serving.server import Application, Server
from generator.serving.state import State
from generator.serving.watch import Watch


def serve(project: Path, options: Options, host: str, port: int | None, opened: bool, report: Report) -> None:
    """Serve the site at `host` on the first free port from `port` on, until Ctrl-C or SIGTERM.

    It is built into a folder of its own below ``.visualposts/``: drafts never come to lie among what is published.
    Raises UsageError where there is no project, or no such address.
    """
    with suppress(AuthorError):  # which the first build tells, and which may be mended
        config.load(project)
    bound, where = address.claim(host, port)
    with ExitStack() as stack:
        stack.enter_context(bound)
        if port not in (None, where.port):
            report.line(f"port {port} is taken")
        output = project / files.CACHE / f"serve-{where.port}"
        folder, live = Folder(output), Live()

        def tell(state: State) -> None:
            folder.prefix = engine.prefix
            live.tell(state)

        engine = Engine(project, replace(options, output=output), report, tell)
        engine.begin()
        watch = Watch(project, (output, project / build.OUTPUT), engine.changed, report.line)
        watch.start()
        stack.callback(watch.close)
        engine.start()
        stack.callback(engine.close)

        def ready() -> None:
            report.line(f"the site is at {where.url} and follows what you save; Ctrl-C ends it")
            if opened:
                threading.Thread(target=webbrowser.open, args=(where.url,), daemon=True).start()

        Server(Application(folder, live, where), live, ready).listen(bound)
    # What was wrong while it was written is no failure of a server that ends when it is told to.
    report.errors = report.warnings = 0
