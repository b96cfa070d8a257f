"""Lighthouse on every kind of page of a built site: the four categories, and what moves them, as one table.

``python benchmarks/lighthouse.py [SITE] [--runs N] [--tools FOLDER] [--only KIND]`` serves SITE (left out: the demo,
built for this) as GitHub Pages does, compressed, kept for ten minutes and below a folder, and measures each kind of
page with Lighthouse's own profile of a phone on a slow line (simulated, so that the network of this machine plays no
part; its processor does, and points are lost if it is busy). Medians of N runs; what costs a point is named below the
table. Needs npm and a Chromium; Lighthouse is installed into FOLDER, outside the checkout.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import functools
import gzip
import http.server
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

VERSION = "12.8.2"
FOLDER = "/visualposts"
KINDS = {
    "the list of posts": "index.html",
    "a post, 6 charts": "posts/seeing-k-means/index.html",
    "a notebook": "posts/customer-360-in-a-notebook/index.html",
    "a page, 1 chart": "charts-in-your-own-posts/index.html",
    "the gallery": "charts/index.html",
    "the code of charts": "charts/code/posts/2026-11-02-seeing-k-means/index.html",
    "the archive": "archive/index.html",
    "a tag": "tags/k-means/index.html",
    "the search": "search/index.html",
}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FIGURES = {"largest-contentful-paint": "LCP, s", "total-blocking-time": "TBT, ms", "cumulative-layout-shift": "CLS"}
FLAGS = (
    *("--headless=new", "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-quic"),
    *("--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
TEXT = {".html", ".css", ".js", ".json", ".svg", ".xml", ".txt", ".csv"}


@dataclass(frozen=True, slots=True)
class Report:
    """One run: points of 0 to 100 by category, figures by audit, and what cost points."""

    points: dict[str, float]
    figures: dict[str, float]
    faults: tuple[str, ...]


class Pages(http.server.SimpleHTTPRequestHandler):
    """A folder below `FOLDER`, text compressed, everything kept for ten minutes: what GitHub Pages answers."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path, _, _ = self.path.removeprefix(FOLDER).partition("?")
        file = Path(self.directory, path.lstrip("/"))
        file = file / "index.html" if path.endswith("/") else file
        found = self.path.startswith(f"{FOLDER}/") and file.is_file()
        body = _bytes(file) if found else b"not found"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", self.guess_type(file) + ("; charset=utf-8" if file.suffix in TEXT else ""))
        if found and file.suffix in TEXT:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Cache-Control", "max-age=600")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@functools.cache
def _bytes(file: Path) -> bytes:
    return gzip.compress(file.read_bytes()) if file.suffix in TEXT else file.read_bytes()


class Server(http.server.ThreadingHTTPServer):
    """Says nothing where a browser hangs up."""

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextlib.contextmanager
def serving(site: Path) -> Iterator[str]:
    """The address of the site, without a slash at its end."""
    with Server(("127.0.0.1", 0), functools.partial(Pages, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{FOLDER}"
        server.shutdown()


def lighthouse(tools: Path) -> Path:
    """The program, installed if it is not there."""
    program = tools / "node_modules/.bin/lighthouse"
    if not program.exists():
        tools.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--prefix", tools, f"lighthouse@{VERSION}"], check=True)
    return program


def measured(program: Path, address: str) -> Report:
    """One run of Lighthouse on one page."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    command: list[str | Path] = [program, address, "--quiet", "--output=json", "--throttling-method=simulate"]
    options = [f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={' '.join(FLAGS)}"]
    environment = os.environ | ({"CHROME_PATH": browser} if browser else {})
    run = subprocess.run([*command, *options], capture_output=True, env=environment, check=False)
    if run.returncode:
        sys.exit(f"{address}: {run.stderr.decode()}")
    told = json.loads(run.stdout)
    audits = told["audits"]
    weights = {one["id"]: one["weight"] for kind in told["categories"].values() for one in kind["auditRefs"]}
    faults = [
        f"{audits[name]['title']} ({audits[name]['score']:.2f})" for name in weights if _costs(audits, weights, name)
    ]
    return Report(
        {name: 100 * told["categories"][name]["score"] for name in CATEGORIES},
        {name: audits[name]["numericValue"] for name in FIGURES},
        tuple(faults),
    )


def _costs(audits: dict[str, dict[str, float | None]], weights: dict[str, float], name: str) -> bool:
    score = audits[name]["score"]
    return weights[name] > 0 and score is not None and score < 0.995


def row(kind: str, runs: list[Report]) -> str:
    """A line of the table: medians."""
    points = [f"{statistics.median(run.points[name] for run in runs):.0f}" for name in CATEGORIES]
    paint, blocked, shift = (statistics.median(run.figures[name] for run in runs) for name in FIGURES)
    return f"| {kind} | {' | '.join(points)} | {paint / 1000:.1f} | {blocked:.0f} | {shift:.3f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("site", nargs="?", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", action="append", default=[], help="a kind of page, or a part of its name")
    parser.add_argument("--tools", type=Path, default=Path(tempfile.gettempdir(), "visualposts-lighthouse"))
    chosen = parser.parse_args()
    program = lighthouse(chosen.tools.resolve())
    with tempfile.TemporaryDirectory() as folder:
        if chosen.site is None:
            checkout = Path(__file__).parent.parent
            options = ["-q", "--frozen", "-C", str(checkout), "-d", folder]
            subprocess.run([sys.executable, "-m", "generator", "build", *options], check=True)
        site = (chosen.site or Path(folder)).resolve()
        table(program, site, chosen.runs, chosen.only)


def table(program: Path, site: Path, times: int, only: list[str]) -> None:
    """Measure and print, row by row."""
    machine = f"{os.cpu_count()} cores of {platform.machine()}, load {os.getloadavg()[0]:.1f} at the start"
    print(f"{datetime.date.today()}, Lighthouse {VERSION}, {times} runs each, {machine}\n")
    print(f"| page | {' | '.join(CATEGORIES)} | {' | '.join(FIGURES.values())} |")
    print(f"| --- |{' ---: |' * (len(CATEGORIES) + len(FIGURES))}")
    faults: dict[str, set[str]] = {}
    with serving(site) as address:
        for kind, path in KINDS.items():
            if not (site / path).exists() or (only and not any(part in kind for part in only)):
                continue
            runs = [measured(program, f"{address}/{path.removesuffix('index.html')}") for _ in range(times)]
            print(row(kind, runs), flush=True)
            faults[kind] = {fault for run in runs for fault in run.faults}
    for kind, found in faults.items():
        for fault in sorted(found):
            print(f"\n{kind}: {fault}", end="")
    print()


if __name__ == "__main__":
    main()
