"""Reach: whether addresses of other sites still answer, asked politely.

One question at a time to each host, with a pause between two; a HEAD, and a GET only where that was not understood;
a host that asks to be left alone for a while is, if it is a short one. The standard library's client does what is
needed here: redirects, proxies of the environment, the system's certificates.
"""

from __future__ import annotations

import email.utils
import http.client
import queue
import re
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from typing import IO, Literal
from urllib.parse import quote, urlsplit, urlunsplit

from generator import __version__

Verdict = Literal["fine", "gone", "silent", "closed"]
"""It answers; there is nothing any more; it can't be reached just now; it answers people but no programs."""

_AGENT = f"visualposts/{__version__} (checks the links of a blog)"
_GONE = (404, 410)
_CLOSED = (401, 402, 403, 406, 407, 429, 451, 999)
_BUSY = (429, 503)
_REDIRECTS = 10
_NO_HOST, _NO_NAME, _LATE = "no such host", "its name can't be looked up just now", "no answer in time"
_FINAL = frozenset({_NO_HOST, _NO_NAME, _LATE})  # a second question would not change these
_PERMANENT = (301, 308)
OFFLINE = frozenset({_NO_HOST, _NO_NAME, "Network is unreachable"})
"""What is said of every address where there is no network."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking: the verdict, what was said (``404``, ``no such host``), and where it has moved for good."""

    verdict: Verdict
    said: str = ""
    moved: str = ""


@dataclass(frozen=True, slots=True)
class Manners:
    """How much is asked of others: hosts at once, and seconds: between two questions to one, for an answer, to wait."""

    hosts: int = 8
    pause: float = 1.0
    timeout: float = 15.0
    patience: float = 30.0


def ask(
    urls: Iterable[str], manners: Manners = Manners(), sleep: Callable[[float], None] = time.sleep
) -> Iterator[tuple[str, Answer]]:
    """Each of `urls` with its answer, as they come."""
    hosts: dict[str, list[str]] = {}
    for url in dict.fromkeys(urls):
        hosts.setdefault(host(url), []).append(url)
    waiting: queue.SimpleQueue[list[str] | None] = queue.SimpleQueue()
    answers: queue.SimpleQueue[tuple[str, Answer]] = queue.SimpleQueue()
    for group in hosts.values():
        waiting.put(group)
    count = min(manners.hosts, len(hosts))
    for _ in range(count):
        waiting.put(None)
        # Daemons: whoever interrupts the command waits for nobody's answer.
        threading.Thread(target=_visit, args=(waiting, answers, manners, sleep), daemon=True).start()
    for _ in range(sum(map(len, hosts.values()))):
        yield answers.get()


def host(url: str) -> str:
    """The host that `url` names, with its port, as far as one can be seen in it."""
    match = re.match(r"\w+://(?:[^/?#@]*@)?([^/?#]*)", url)
    return match[1].lower() if match else ""


def _visit(
    waiting: queue.SimpleQueue[list[str] | None],
    answers: queue.SimpleQueue[tuple[str, Answer]],
    manners: Manners,
    sleep: Callable[[float], None],
) -> None:
    """Ask one host after the other."""
    while (group := waiting.get()) is not None:
        for number, url in enumerate(group):
            if number:
                sleep(manners.pause)
            answers.put((url, _answer(url, manners, sleep)))


def _answer(url: str, manners: Manners, sleep: Callable[[float], None]) -> Answer:
    try:
        address = _encoded(url)
    except ValueError as error:
        return Answer("gone", f"no address: {error}")
    answer, wait = _try("HEAD", address, manners)
    if answer.verdict != "fine" and wait is None and answer.said not in _FINAL:
        sleep(manners.pause)
        answer, wait = _try("GET", address, manners)
    for _ in range(2):
        if wait is None or wait > manners.patience:
            break
        sleep(max(wait, manners.pause))
        answer, wait = _try("GET", address, manners)
    return answer


def _try(method: str, address: str, manners: Manners) -> tuple[Answer, float | None]:
    """The answer to one question, and the seconds that the host asks to be left alone for, if it does."""
    trail = _Trail()
    opener = urllib.request.OpenerDirector()
    for handler in (
        *(urllib.request.ProxyHandler, urllib.request.UnknownHandler, urllib.request.HTTPHandler),
        *(urllib.request.HTTPSHandler, urllib.request.HTTPDefaultErrorHandler, urllib.request.HTTPErrorProcessor),
        *(urllib.request.HTTPCookieProcessor,),
    ):
        opener.add_handler(handler())
    opener.add_handler(trail)
    request = urllib.request.Request(address, method=method, headers={"User-Agent": _AGENT, "Accept": "*/*"})
    try:
        with opener.open(request, timeout=manners.timeout):
            return Answer("fine", moved=trail.moved), None
    except urllib.error.HTTPError as error:
        with error:
            endless = 300 <= error.code < 400
            said = "redirects without an end" if endless else f"{error.code} {error.reason}".strip()
            return Answer(_verdict(error.code), said), _asked_to_wait(error.code, error.headers)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return _unreached(error), None


class _Trail(urllib.request.HTTPRedirectHandler):
    """Follows redirects by the method that was asked with, and notes where a permanent one leads."""

    max_redirections = _REDIRECTS

    def __init__(self) -> None:
        self.moved = ""
        self._for_good = True

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> urllib.request.Request | None:
        self._for_good = self._for_good and code in _PERMANENT
        self.moved = newurl if self._for_good else self.moved
        made = super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]
        if made is not None:
            made.method = req.get_method()
        return made


def _verdict(code: int) -> Verdict:
    return "gone" if code in _GONE else "closed" if code in _CLOSED else "silent"


def _asked_to_wait(code: int, headers: Message) -> float | None:
    """The seconds of a ``Retry-After``, which is a number or a date (RFC 9110, section 10.2.3)."""
    text = headers.get("Retry-After", "").strip()
    if code not in _BUSY or not text:
        return None
    if re.fullmatch(r"\d+", text):
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except ValueError:
        return None


def _unreached(error: Exception) -> Answer:
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, socket.gaierror):
        known = cause.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
        return Answer("gone", _NO_HOST) if known else Answer("silent", _NO_NAME)
    if isinstance(cause, TimeoutError):
        return Answer("silent", _LATE)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return Answer("silent", f"its certificate is not valid: {cause.verify_message}")
    if isinstance(cause, ConnectionRefusedError):
        return Answer("silent", "the connection is refused")
    said = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause)
    return Answer("silent", said.partition("\n")[0] or type(cause).__name__)


def _encoded(url: str) -> str:
    """`url` as it goes over the wire: the host by IDNA, the rest percent-encoded, without the place on the page."""
    parts = urlsplit(url)
    name = (parts.hostname or "").encode("idna").decode()
    if not name:
        raise ValueError("it names no host")
    where = f"[{name}]" if ":" in name else name
    port = f":{parts.port}" if parts.port else ""
    keep = "/%:@!$&'()*+,;=~-._?"
    return urlunsplit((parts.scheme.lower(), where + port, quote(parts.path, keep), quote(parts.query, keep), ""))
