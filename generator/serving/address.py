"""Address: where the site is served, and which names of it are answered to."""

from __future__ import annotations

import errno
import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from generator.errors import UsageError

HOST, PORT = "127.0.0.1", 8000
_TRIED = 100
"""Ports that are tried, one after the other."""
_OWN_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Address:
    """A host, as it was asked for, and the port that was free there."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """What to type into a browser on this machine."""
        host = {"0.0.0.0": HOST, "::": "[::1]"}.get(self.host, f"[{self.host}]" if ":" in self.host else self.host)
        return f"http://{host}:{self.port}/"

    def answers_to(self, header: str, reached: str = "") -> bool:
        """Whether a request whose ``Host`` is `header`, and which came in at the address `reached`, is meant for us.

        A page of another host that has its name lead here (DNS rebinding) could otherwise read drafts. No name can
        do that which is an address itself.
        """
        try:
            name = urlsplit(f"//{header}").hostname or ""
        except ValueError:
            return False
        return name in _OWN_NAMES or name == self.host.lower() or _same(name, reached)


def claim(host: str, port: int | None) -> tuple[socket.socket, Address]:
    """A socket that listens at `host`, on the first free port from `port` on; raises UsageError if there is none."""
    first = PORT if port is None else port
    for tried in range(first, min(first + _TRIED, 65536)):
        try:
            bound = _bound(host, tried)
            return bound, Address(host, bound.getsockname()[1])
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise UsageError(f"{host} is no address of this machine: {error.strerror or error}") from error
        except UnicodeError as error:
            raise UsageError(f"{host} is no address of this machine: no name is written so") from error
    raise UsageError(f"no port from {first} on is free at {host}", "name another one with --port")


def _bound(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    bound = socket.socket(family, kind, protocol)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)  # Windows would share a port
        else:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # ours of a moment ago, not another's
        bound.bind(place)
        bound.listen()
    except OSError:
        bound.close()
        raise
    return bound


def _same(name: str, reached: str) -> bool:
    try:
        return ipaddress.ip_address(name) == ipaddress.ip_address(reached)
    except ValueError:
        return False
