"""Posters: which are missing, which fit nothing any more, and real ones, by Kaleido and Chromium."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from generator import files, fragment, poster
from generator.charts import browser, posters
from generator.charts.contract import ChartSource
from generator.charts.manifest import Entry, Manifest
from generator.charts.posters import Gallery
from generator.charts.protocol import PosterAnswer, PosterRequest
from generator.fragment import Fragment
from generator.poster import LIMIT, NARROW, VARIANTS, WIDE, Poster
from generator.report import Report
from tests.projects import POST, visualposts, write

SOURCE = ChartSource("content/posts/a/charts.py", ("spark",), 3, (("line", 5, 13),))
LINE = Fragment("line", '{"data":[{"y":[1,2]}],"layout":{}}', alt="A line.", height=300)
BARS = Fragment("book-1", '{"data":[{"type":"bar","y":[1,2]}],"layout":{}}', height=400)


def key(chart: Fragment) -> str:
    return poster.key(chart.payload, chart.height)


def names(chart: Fragment) -> list[str]:
    return [Poster(chart.name, key(chart), variant).file for variant in VARIANTS]


def project(folder: Path, *charts: str) -> tuple[Path, Manifest]:
    """A project whose one source gave these fragments."""
    digests = {}
    for text in charts:
        name = fragment.notebook_name(text) or next(fragment.charts(text)).name
        (folder / "includes").mkdir(exist_ok=True)
        (folder / "includes" / f"{name}.html").write_text(text)
        digests[name] = files.digest(text.encode())
    return folder, Manifest({SOURCE.path: Entry(digests, {})})


def survey(folder: Path, manifest: Manifest) -> Gallery:
    return posters.survey(folder, (SOURCE,), manifest)


def test_a_chart_lacks_posters_until_all_variants_of_its_figure_are_there(tmp_path: Path) -> None:
    folder, manifest = project(tmp_path, LINE.to_html(), fragment.notebook("book", f"<p>Hi</p>\n{BARS.to_html()}"))
    assert [item.chart.name for item in survey(folder, manifest).missing] == ["line", "book-1"]
    for name in [*names(LINE), *names(BARS)[1:]]:
        (folder / "includes" / name).write_bytes(b"RIFF")
    (item,) = survey(folder, manifest).missing
    assert item.chart == BARS
    (folder / "includes" / names(BARS)[0]).write_bytes(b"RIFF")
    assert survey(folder, manifest) == Gallery((), ())


def test_a_poster_of_another_figure_or_of_no_chart_goes(tmp_path: Path) -> None:
    folder, manifest = project(tmp_path, LINE.to_html())
    old, orphan = Poster("line", "0" * 12, "light").file, Poster("gone", key(LINE), "dark").file
    for name in (*names(LINE), old, orphan, "photo.webp"):
        (folder / "includes" / name).write_bytes(b"RIFF")
    found = survey(folder, manifest)
    assert found == Gallery((), (orphan, old))
    posters.prune(folder, found)
    assert {path.name for path in (folder / "includes").iterdir()} == {"line.html", "photo.webp", *names(LINE)}


def test_posters_of_a_source_that_is_left_out_are_neither_made_nor_removed(tmp_path: Path) -> None:
    folder, manifest = project(tmp_path, LINE.to_html())
    (folder / "includes" / names(LINE)[0]).write_bytes(b"RIFF")
    assert posters.survey(folder, (), manifest) == Gallery((), ())


def test_what_is_remembered_of_a_fragment_is_not_read_again_and_a_broken_memory_is_none(tmp_path: Path) -> None:
    folder, manifest = project(tmp_path, LINE.to_html())
    first = survey(folder, manifest)
    cache = folder / ".visualposts" / "posters.json"
    remembered = cache.read_text()
    for name in names(LINE):
        (folder / "includes" / name).write_bytes(b"RIFF")
    (folder / "includes" / "line.html").chmod(0o000)
    if not os.access(folder / "includes" / "line.html", os.R_OK):  # not so for root
        assert survey(folder, manifest) == Gallery((), ())
    (folder / "includes" / "line.html").chmod(0o644)
    for broken in ("[]", "{", json.dumps({files.digest(LINE.to_html().encode()): [["line"]]})):
        cache.write_text(broken)
        assert survey(folder, manifest) == Gallery((), ())
        assert cache.read_text() == remembered
    assert first.missing[0].chart == LINE


def test_a_figure_that_changes_gets_new_posters(tmp_path: Path) -> None:
    survey(*project(tmp_path, LINE.to_html()))
    changed = Fragment("line", LINE.payload, alt="Other words.", height=301)
    found = survey(*project(tmp_path, changed.to_html()))
    assert [item.chart for item in found.missing] == [changed]


class FakeChild:
    """A camera that says what it is told to say; an answer of None is the end of the process."""

    answers: Iterator[PosterAnswer | None] = iter(())
    log: list[str] = []  # noqa: RUF012 - set anew by each test
    expired = False

    def __init__(self, *_: object) -> None:
        self.log.append("start")

    def lines(self, request: PosterRequest, limit: float) -> Iterator[bytes]:
        self.log.append(request.name)
        if answer := next(self.answers):
            yield json.dumps({"name": answer.name, "pictures": dict(answer.pictures), "error": answer.error}).encode()

    def end(self) -> str:
        self.log.append("end")
        return ""


def told(
    monkeypatch: pytest.MonkeyPatch, folder: Path, manifest: Manifest, *answers: PosterAnswer | None
) -> tuple[str, str]:
    """What `make` says on either stream when the camera gives these answers."""
    monkeypatch.setattr(posters, "Child", FakeChild)
    FakeChild.answers, FakeChild.log = iter(answers), []
    out, err = io.StringIO(), io.StringIO()
    report = Report(out, err)
    posters.make(folder, survey(folder, manifest).missing, report, {"BROWSER_PATH": "/bin/true"})
    assert report.exit_code == 0
    return out.getvalue(), err.getvalue()


def test_posters_are_kept_under_the_key_of_their_figure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder, manifest = project(tmp_path, LINE.to_html())
    answer = PosterAnswer("line", dict.fromkeys(VARIANTS, "UklGRg=="))
    out, err = told(monkeypatch, folder, manifest, answer)
    assert (out.splitlines()[0], err) == ("[1/1] posters (1 chart without one)", "")
    assert "posters: those of 1 chart in " in out
    assert FakeChild.log == ["start", "line", "end"]
    assert [(folder / "includes" / name).read_bytes() for name in names(LINE)] == [b"RIFF"] * 4


def test_what_goes_wrong_is_a_warning_at_the_chart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder, manifest = project(tmp_path, LINE.to_html())
    _, err = told(monkeypatch, folder, manifest, PosterAnswer("line", error="no WebGL"))
    assert err == "content/posts/a/charts.py:5:13: warning: no poster of the chart 'line': no WebGL\n"


def test_a_chromium_that_keeps_ending_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    charts = [Fragment(f"c{n}", LINE.payload, height=300).to_html() for n in range(4)]
    _, err = told(monkeypatch, *project(tmp_path, *charts), None, None)
    assert FakeChild.log == ["start", "c0", "end", "start", "c1", "end"]
    assert [line.partition("warning: ")[2] for line in err.splitlines() if "warning" in line] == [
        "no poster of the chart 'c0': Chromium ended",
        "no poster of the chart 'c1': Chromium ended",
        "Chromium ended 2 times: no more posters are made in this build",
    ]


def test_what_a_machine_lacks_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    assert posters.unable({"BROWSER_PATH": "/bin/sh"}) == ""
    assert posters.unable({"BROWSER_PATH": os.devnull}) == f"install Chromium ({browser.INSTALL}) and build again"
    monkeypatch.setattr(posters, "EXTRA", ("no_such_package",))
    assert posters.unable({"BROWSER_PATH": "/bin/sh"}) == "pip install 'visualposts[posters]' and build again"


def test_a_build_without_chromium_says_once_that_posters_are_missing(tmp_path: Path) -> None:
    text = LINE.to_html()
    source = "def charts():\n    return {}\n"
    write(tmp_path, {SOURCE.path: source, "content/posts/a/index.md": POST, "includes/line.html": text})
    entry = {"format": 1, "fragments": {"line": files.digest(text.encode())}}
    entry["files"] = {SOURCE.path: files.digest(source.encode())}
    (tmp_path / "includes" / "manifest.json").write_text(json.dumps({"format": 1, "sources": {SOURCE.path: entry}}))
    done = visualposts(tmp_path, "build")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("poster") == 1
    assert "note: 1 chart has no poster: install Chromium" in done.stdout
    done = visualposts(tmp_path, "build", "--frozen")
    assert "note: 1 chart has no poster: --frozen makes none" in done.stdout
    for name in names(LINE):
        (tmp_path / "includes" / name).write_bytes(b"RIFF")
    done = visualposts(tmp_path, "build")
    assert "poster" not in done.stdout
    assert (tmp_path / "includes" / names(LINE)[0]).is_file()


CLOUD = Fragment(
    "cloud",
    fragment.payload([{"type": "scatter3d", "x": [1, 2, 3], "y": [1, 3, 2], "z": [2, 1, 3], "mode": "markers"}], {}),
    alt="Three points.",
    height=350,
)


def test_an_author_s_style_sheets_are_those_that_templates_link_to(tmp_path: Path) -> None:
    link = """<link rel="stylesheet" href="{{ url('/mine.css') }}">{{ url("/gone.css") }}"""
    files = {"content/templates/base.html": link, "content/static/mine.css": ":root {}", "content/static/other.css": ""}
    write(tmp_path, files)
    assert posters.styles(tmp_path) == (str(tmp_path / "content/static/mine.css"),)
    assert posters.styles(tmp_path / "no") == ()


@pytest.mark.browser
@pytest.mark.usefixtures("posters_made")
def test_real_posters_look_like_the_client_s_charts(tmp_path: Path) -> None:
    folder, manifest = project(tmp_path, CLOUD.to_html(), LINE.to_html())
    link = """{% extends "theme/base.html" %}{% block head %}<link href="{{ url('/mine.css') }}">{% endblock %}"""
    mine = ":root { --chart-1: #c01540; --ground: light-dark(#ffeecc, #161514); }"
    write(folder, {"content/templates/base.html": link, "content/static/mine.css": mine})
    out, err = io.StringIO(), io.StringIO()
    posters.make(folder, survey(folder, manifest).missing, Report(out, err), os.environ)
    assert err.getvalue() == ""
    assert "those of 2 charts" in out.getvalue()
    assert survey(folder, manifest) == Gallery((), ())
    grounds, colour = {"light": (0xFF, 0xEE, 0xCC), "dark": (0x16, 0x15, 0x14)}, (0xC0, 0x15, 0x40)
    for chart in (CLOUD, LINE):
        for name in names(chart):
            path = folder / "includes" / name
            made = poster.parse(name)
            assert made is not None
            assert path.stat().st_size <= LIMIT
            image = Image.open(path).convert("RGB")
            assert image.size == (2 * (NARROW if "narrow" in name else WIDE), 2 * chart.height)
            assert image.getpixel((2, image.height - 3)) == grounds[made.variant.removeprefix("narrow-")]
            colours = image.getcolors(1 << 20) or []
            near = [n for n, pixel in colours if max(abs(a - b) for a, b in zip(pixel, colour, strict=True)) < 30]  # type: ignore[arg-type]
            assert sum(near) > 100, f"{name} shows no mark in the page's first colour"


@pytest.mark.browser
@pytest.mark.usefixtures("posters_made")
def test_ctrl_c_leaves_no_chromium(tmp_path: Path) -> None:
    folder, _ = project(tmp_path, CLOUD.to_html())
    code = (
        "import sys, os\nfrom pathlib import Path\nfrom generator import fragment\n"
        "from generator.charts import posters\n"
        "from generator.errors import Place\nfrom generator.report import Report\n"
        "chart = fragment.parse(Path('includes/cloud.html').read_text())\n"
        "missing = (posters.Missing(chart, Place('x')),) * 50\n"
        "posters.make(Path('.'), missing, Report(sys.stdout, sys.stderr), os.environ)\n"
    )
    # Not below tmp_path: the name of a socket in Chromium's profile can't be that long.
    with tempfile.TemporaryDirectory(prefix="vp-") as aside:
        environ = {**os.environ, "TMPDIR": aside}
        process = subprocess.Popen([sys.executable, "-c", code], cwd=folder, env=environ, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while not list((folder / "includes").glob("cloud.*.webp")) and time.monotonic() < deadline:
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) != 0
        assert list((folder / "includes").glob("cloud.*.webp"))
        # Its profile lies in the folder that the build gave it: where that is gone, so is the browser.
        assert os.listdir(aside) == []
        running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
        assert aside not in running.replace(code, "")


def test_posters_of_an_authors_own_fragment_are_never_touched(tmp_path: Path) -> None:
    folder, manifest = project(tmp_path, LINE.to_html())
    (folder / "includes" / "bars.html").write_text(BARS.to_html())
    for name in (*names(LINE), *names(BARS)):
        (folder / "includes" / name).write_bytes(b"RIFF")
    assert names(BARS)[0].startswith("book-1")
    assert survey(folder, manifest).stale == tuple(sorted(names(BARS)))
    own = Poster("bars", key(BARS), "light").file
    (folder / "includes" / own).write_bytes(b"RIFF")
    assert own not in survey(folder, manifest).stale
