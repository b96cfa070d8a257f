"""The server: what a browser gets, and what nobody gets."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from generator.errors import Place, Problem
from generator.serving import address
from generator.serving.address import Address
from generator.serving.folder import Folder
from generator.serving.live import Live
from generator.serving.server import Application, Server
from generator.serving.state import Running, State
from tests import projects

PAGE = "<html><head><title>A</title></head><body>Hello</body></html>"


@dataclass(frozen=True)
class Site:
    root: Path
    address: Address
    live: Live

    def ask(self, path: str, method: str = "GET", host: str = "", **headers: str) -> tuple[int, dict[str, str], bytes]:
        """The answer to one request, whose path goes out as it is: status, headers by lower name, body."""
        line = http.client.HTTPConnection(self.address.host, self.address.port, timeout=20)
        line.putrequest(method, path, skip_host=True)
        line.putheader("Host", host or f"localhost:{self.address.port}")
        for name, value in headers.items():
            line.putheader(name.replace("_", "-"), value)
        line.endheaders()
        answer = line.getresponse()
        body = answer.read()
        line.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    place = tmp_path_factory.mktemp("place")
    (place / "secret.txt").write_text("secret")
    files = {
        "index.html": PAGE,
        "p/index.html": PAGE,
        "404.html": PAGE.replace("Hello", "Nothing"),
        "data.csv": "a,b\n",
    }
    root = projects.write(place / "site", {**files, "img/map.webp": "0123456789", "feed.json": "{}"})
    (root / "out").symlink_to(place / "secret.txt")
    bound, where = address.claim("127.0.0.1", None)
    live = Live()
    ready = threading.Event()
    server = Server(Application(Folder(root, "/blog"), live, where), live, ready.set)
    thread = threading.Thread(target=server.listen, args=(bound,))
    thread.start()
    assert ready.wait(20)
    yield Site(root, where, live)
    server.handle_exit(2, None)
    thread.join(20)
    assert not thread.is_alive()


def test_a_page_has_the_script_and_nothing_is_kept(site: Site) -> None:
    status, headers, body = site.ask("/")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert headers["cache-control"] == "no-cache"
    assert b'<script defer src="/_visualposts/live.js" data-page="' in body
    assert (site.root / "index.html").read_text() == PAGE
    for path in ("/_visualposts/live.js", "/_visualposts/live.css"):
        assert site.ask(path)[0] == 200


def test_files_have_their_types_and_are_sent_once(site: Site) -> None:
    status, headers, body = site.ask("/img/map.webp?v=1")
    assert (status, headers["content-type"], body) == (200, "image/webp", b"0123456789")
    assert site.ask("/img/map.webp", If_None_Match=headers["etag"])[0] == 304
    assert site.ask("/feed.json")[1]["content-type"] == "application/json; charset=utf-8"


def test_a_part_of_a_file(site: Site) -> None:
    status, headers, body = site.ask("/img/map.webp", Range="bytes=2-4")
    assert (status, headers["content-range"], body) == (206, "bytes 2-4/10", b"234")


def test_head(site: Site) -> None:
    for path in ("/", "/img/map.webp", "/_visualposts/events"):
        status, _, body = site.ask(path, "HEAD")
        assert (status, body) == (200, b"")
    assert site.ask("/", "HEAD")[1]["content-length"] == site.ask("/")[1]["content-length"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_is_changed_from_outside(site: Site, method: str) -> None:
    status, headers, _ = site.ask("/", method)
    assert (status, headers["allow"]) == (405, "GET, HEAD")


def test_a_folder_gets_its_slash_and_no_listing(site: Site) -> None:
    status, headers, _ = site.ask("/p?x=1")
    assert (status, headers["location"]) == (307, "/p/?x=1")
    assert site.ask("/blog/p")[1]["location"] == "/blog/p/"
    assert site.ask("/blog")[1].get("location") == "/blog/"
    assert site.ask("/blog/")[0] == 200
    assert site.ask("/img/")[0] == site.ask("/img")[0] == 404


def test_what_is_missing_has_its_page(site: Site) -> None:
    status, headers, body = site.ask("/nothing/there/")
    assert (status, headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert b"Nothing" in body
    assert b"live.js" in body


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/p/%2e%2e/%2e%2e/secret.txt",
        "/p/..%2f..%2fsecret.txt",
        "/..%5csecret.txt",
        "/%2fetc/passwd",
        "//etc/passwd",
        "/blog/%2e%2e/%2e%2e/secret.txt",
        "/out",
        "/%00",
        "/%ff",
        "/_visualposts/../live.js",
        "/_visualposts/server.py",
    ],
)
def test_nothing_outside_the_site(site: Site, path: str) -> None:
    status, _, body = site.ask(path)
    assert status == 404
    assert b"secret" not in body
    assert b"root:" not in body


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.", "x y"])
@pytest.mark.parametrize("path", ["/", "/data.csv", "/_visualposts/events", "/nothing"])
def test_no_name_of_another_is_answered_to(site: Site, host: str, path: str) -> None:
    status, _, body = site.ask(path, host=host)
    assert status in (400, 403)
    assert b"Hello" not in body
    assert site.ask("/data.csv", host=f"127.0.0.1:{site.address.port}")[0] == 200


@pytest.mark.parametrize("path", ["/p/", "/caf%C3%A9%20%25/", "/p/?x=1", "/blog/p/", "/no%FFwhere", "/p/%2e%2e/"])
def test_a_page_is_what_it_was_served_as(site: Site, path: str) -> None:
    """Otherwise it would be loaded anew for ever."""
    served = site.ask(path)[2].decode()
    line = http.client.HTTPConnection(site.address.host, site.address.port, timeout=20)
    line.request("GET", f"/_visualposts/events?page={quote(path.partition('?')[0], safe='')}")
    told = json.loads(line.getresponse().readline().removeprefix(b"data: "))
    line.close()
    assert f'data-page="{told["page"]}" data-style="{told["style"]}"' in served


def test_open_pages_are_told(site: Site) -> None:
    site.live.tell(State())
    line = http.client.HTTPConnection(site.address.host, site.address.port, timeout=20)
    line.request("GET", "/_visualposts/events?page=/p/")
    answer = line.getresponse()
    assert answer.getheader("content-type") == "text/event-stream; charset=utf-8"

    def news() -> dict[str, object]:
        text = answer.readline()
        answer.readline()
        return json.loads(text.removeprefix(b"data: "))

    first = news()
    assert (first["problems"], first["running"]) == ([], [])
    assert f'data-page="{first["page"]}" data-style="{first["style"]}"'.encode() in site.ask("/p/")[2]
    problem = Problem("no such thing", Place("content/posts/a.md", 3, 7), "add it", notes=("a note",))
    (site.root / "p/index.html").write_text(PAGE.replace("Hello", "Good day"))
    site.live.tell(State((problem,), (Running("content/posts/a/charts.py", "Spark stage 1"),)))
    second = news()
    assert second["page"] != first["page"]
    assert second["problems"] == [
        {"place": "content/posts/a.md:3:7", "message": "no such thing", "notes": ["a note"], "hint": "add it"}
    ]
    assert second["running"] == [{"source": "content/posts/a/charts.py", "text": "Spark stage 1"}]
    site.live.tell(State((problem,), ()))
    assert news()["running"] == []
    line.close()
