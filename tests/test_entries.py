"""Entries: what a feed reader must not run, and times."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from generator.pages.entries import moment, quiet


def test_what_a_reader_must_not_run() -> None:
    text = '<p onclick="x()" id="a">1</p><script>"</p>"</script><!-- no --><style>p{}</style><svg onload=x>on it</svg>'
    assert quiet(text) == '<p id="a">1</p><svg>on it</svg>'
    assert quiet("<p>2</p><script>open") == "<p>2</p>"
    assert quiet('<p\nonclick="x()">3</p>') == "<p>3</p>"
    assert quiet('<p\tonclick="x()">on</p>') == "<p>on</p>"


def test_times_have_no_seconds_in_their_offset() -> None:
    assert moment(datetime(2026, 1, 2, 3, tzinfo=UTC)) == "2026-01-02T03:00:00+00:00"
    assert moment(datetime(2026, 7, 2, tzinfo=ZoneInfo("Europe/Berlin"))) == "2026-07-02T00:00:00+02:00"
    assert moment(datetime(1880, 1, 2, tzinfo=ZoneInfo("Europe/Berlin"))) == "1880-01-01T23:06:32+00:00"
