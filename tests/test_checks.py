"""Links to places of pages: what a page answers by itself, and what is left for the others."""

from __future__ import annotations

from generator.pages.checks import unsettled
from generator.pages.links import Anchor

PAGE = b"""<h2 id="here">A</h2> <a name=there></a> <script>"<i id='code'>"</script> <!-- <i id="gone"> -->"""


def link(address: str, name: str) -> Anchor:
    return Anchor(address, name, f"#{name}", 1)


def test_a_page_settles_the_links_to_its_own_places() -> None:
    assert unsettled((link("/a/", "here"), link("/a/", "there")), "/a/", PAGE) == ()


def test_what_a_page_lacks_and_what_others_have_is_left() -> None:
    left = link("/a/", "missing"), link("/b/", "here"), link("/a/", "code"), link("/a/", "gone")
    assert unsettled((*left, link("/a/", "here")), "/a/", PAGE) == left
