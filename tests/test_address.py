"""Address: free ports, and the names of this server."""

from __future__ import annotations

import socket

import pytest

from generator.errors import UsageError
from generator.serving import address
from generator.serving.address import Address


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("localhost:8000", True),
        ("LOCALHOST", True),
        ("127.0.0.1:8000", True),
        ("[::1]:8000", True),
        ("evil.example:8000", False),
        ("127.0.0.1.evil.example", False),
        ("localhost.evil.example", False),
        ("", False),
        ("[::1", False),
        ("user@evil.example", False),
        ("192.168.1.7:8000", False),
    ],
)
def test_only_names_of_this_machine_are_answered_to(header: str, expected: bool) -> None:
    assert Address("127.0.0.1", 8000).answers_to(header, "127.0.0.1") is expected


def test_a_host_that_was_asked_for_is_a_name_too() -> None:
    assert Address("laptop.local", 8000).answers_to("Laptop.local:8000")
    everywhere = Address("0.0.0.0", 8000)
    assert everywhere.answers_to("192.168.1.7:8000", "192.168.1.7")
    assert not everywhere.answers_to("evil.example:8000", "192.168.1.7")
    assert everywhere.url == "http://127.0.0.1:8000/"
    assert Address("::1", 8000).url == "http://[::1]:8000/"


def test_the_next_free_port_is_taken() -> None:
    first, where = address.claim("127.0.0.1", None)
    try:
        second, other = address.claim("127.0.0.1", where.port)
        second.close()
        assert other.port > where.port >= address.PORT
    finally:
        first.close()


def test_a_port_is_free_again_at_once() -> None:
    bound, where = address.claim("127.0.0.1", None)
    client = socket.create_connection(("127.0.0.1", where.port))
    served, _ = bound.accept()
    served.close()  # this end waits now, for whatever is still under way
    client.close()
    bound.close()
    again, same = address.claim("127.0.0.1", where.port)
    again.close()
    assert same == where


def test_what_is_no_address_is_a_mistake() -> None:
    for host in ("192.0.2.1", "no such host", "a..b"):
        with pytest.raises(UsageError, match="no address of this machine"):
            address.claim(host, None)
