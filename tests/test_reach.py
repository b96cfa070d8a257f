"""Reach: addresses asked of a real server on this machine, which notes what it is asked and when."""

from __future__ import annotations

import email.utils
import http.server
import socket
import ssl
import threading
import time
import urllib.error
from collections.abc import Iterator
from email.message import Message

import pytest

from generator import reach
from generator.reach import Answer, Manners

QUICK = Manners(pause=0.0, timeout=5.0)


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers by the path: its first part is a status, or a name of what to do."""

    asked: list[tuple[str, str]]
    busy: dict[str, int]
    agents: set[str]

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        self.asked.append((self.command, self.path))
        self.agents.add(self.headers["User-Agent"])
        what = self.path.partition("?")[0].split("/")[1]
        if what == "head-405" and self.command == "HEAD":
            self.reply(405)
        elif what == "cut" and self.command == "HEAD":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif what in ("301", "302", "308"):
            self.reply(int(what), {"Location": self.path[len(what) + 1 :] or "/200"})
        elif what == "loop":
            self.reply(302, {"Location": "/loop?again"})
        elif what == "file":
            self.reply(302, {"Location": "file:///etc/passwd"})
        elif what == "busy":
            left = self.busy[self.path] = self.busy.get(self.path, 3) - 1
            self.reply(429 if left else 200, {"Retry-After": "7"} if left else {})
        elif what == "later":
            self.reply(503, {"Retry-After": "86400"})
        else:
            self.reply(int(what) if what.isdigit() else 200)

    def reply(self, status: int, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class Server:
    def __init__(self) -> None:
        self.handler = type("Noting", (Handler,), {"asked": [], "busy": {}, "agents": set()})
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    @property
    def asked(self) -> list[tuple[str, str]]:
        return self.handler.asked


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "*")
    made = Server()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def ask(*urls: str, manners: Manners = QUICK) -> dict[str, Answer]:
    return dict(reach.ask(urls, manners))


def test_a_page_that_is_there_is_asked_for_once_and_not_fetched(server: Server) -> None:
    assert ask(f"{server.url}/200") == {f"{server.url}/200": Answer("fine")}
    assert server.asked == [("HEAD", "/200")]
    (agent,) = server.handler.agents
    assert agent.startswith("visualposts/")


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/404", Answer("gone", "404 Not Found")),
        ("/410", Answer("gone", "410 Gone")),
        ("/403", Answer("closed", "403 Forbidden")),
        ("/999", Answer("closed", "999")),
        ("/500", Answer("silent", "500 Internal Server Error")),
        ("/head-405", Answer("fine")),
        ("/cut", Answer("fine")),
        ("/loop", Answer("silent", "redirects without an end")),
        ("/file", Answer("silent", "redirects without an end")),
        ("/200/käse kuchen?q=ü&a=%20b#part", Answer("fine")),
    ],
)
def test_what_is_made_of_an_answer(server: Server, path: str, answer: Answer) -> None:
    assert ask(server.url + path)[server.url + path] == answer
    assert len(server.asked) <= 25


def test_addresses_are_encoded_once(server: Server) -> None:
    ask(f"{server.url}/200/käse kuchen?q=ü&a=%20b#part")
    assert server.asked == [("HEAD", "/200/k%C3%A4se%20kuchen?q=%C3%BC&a=%20b")]


def test_where_a_page_has_moved_for_good(server: Server) -> None:
    urls = [f"{server.url}/{path}" for path in ("301/200", "308/301/200", "302/200", "301/302/200", "301/404")]
    moved = {url: answer.moved for url, answer in ask(*urls).items()}
    new = f"{server.url}/200"
    assert [moved[url] for url in urls] == [new, new, "", f"{server.url}/302/200", ""]
    assert {method for method, path in server.asked if path == "/200"} == {"HEAD"}


def test_a_busy_host_is_left_alone_as_long_as_it_asks(server: Server) -> None:
    slept: list[float] = []
    (answer,) = dict(reach.ask([f"{server.url}/busy"], Manners(pause=0.5), slept.append)).values()
    assert answer == Answer("fine")
    assert slept == [7.0, 7.0]


def test_nobody_waits_a_day(server: Server) -> None:
    slept: list[float] = []
    (answer,) = dict(reach.ask([f"{server.url}/later"], Manners(pause=0.5), slept.append)).values()
    assert answer == Answer("silent", "503 Service Unavailable")
    assert slept == []


def test_a_pause_between_two_questions_to_a_host(server: Server) -> None:
    slept: list[float] = []
    urls = [f"{server.url}/200?{number}" for number in range(4)]
    answers = dict(reach.ask([*urls, urls[0]], Manners(pause=0.25), slept.append))
    assert list(answers) == urls
    assert slept == [0.25] * 3
    assert len(server.asked) == 4


def test_hosts_are_asked_side_by_side(server: Server) -> None:
    """Two names of one machine are two hosts: one's long pause does not hold up the other."""
    other = server.url.replace("127.0.0.1", "localhost")
    done = threading.Event()
    urls = [f"{server.url}/200?1", f"{server.url}/200?2", f"{other}/200?3"]
    answers = reach.ask(urls, Manners(pause=1.0), lambda _: done.wait(10) or pytest.fail("nobody came"))
    assert {next(answers)[0], next(answers)[0]} == {urls[0], urls[2]}
    done.set()
    assert next(answers)[0] == urls[1]


def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
    assert ask(url)[url] == Answer("silent", "the connection is refused")


def test_nobody_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        assert ask(url, manners=Manners(pause=0.0, timeout=0.05))[url] == Answer("silent", "no answer in time")


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (socket.gaierror(socket.EAI_NONAME, "unknown"), Answer("gone", "no such host")),
        (socket.gaierror(socket.EAI_AGAIN, "try again"), Answer("silent", "its name can't be looked up just now")),
        (ConnectionResetError(104, "Connection reset by peer"), Answer("silent", "Connection reset by peer")),
        (ValueError("odd"), Answer("silent", "odd")),
        (ConnectionAbortedError(), Answer("silent", "ConnectionAbortedError")),
    ],
)
def test_why_nothing_was_reached(error: Exception, answer: Answer) -> None:
    assert reach._unreached(error) == answer
    assert reach._unreached(urllib.error.URLError(error)) == answer  # type: ignore[arg-type]


def test_a_certificate_that_is_not_valid() -> None:
    error = ssl.SSLCertVerificationError()
    error.verify_message = "certificate has expired"
    assert reach._unreached(error).said == "its certificate is not valid: certificate has expired"


def test_what_is_no_address() -> None:
    for url in ("https://", "http://[::1", f"http://{'a' * 64}.org/", "http://host:port/"):
        assert ask(url)[url].verdict == "gone", url


def test_hosts_in_other_scripts() -> None:
    assert reach._encoded("https://bücher.example:8080/ä") == "https://xn--bcher-kva.example:8080/%C3%A4"
    assert reach._encoded("HTTP://[::1]:80/") == "http://[::1]:80/"


def test_how_long_a_host_asks_for() -> None:
    def asked(text: str, code: int = 429) -> float | None:
        headers = Message()
        headers["Retry-After"] = text
        return reach._asked_to_wait(code, headers)

    assert asked("12") == 12.0
    assert asked("soon") is asked("") is asked("12", 404) is None
    then = asked(email.utils.formatdate(time.time() + 3600, usegmt=True))
    assert then is not None
    assert 3500 < then <= 3600
    assert asked("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
