"""Redirects, as text; a browser follows one in `test_offline`."""

from __future__ import annotations

from generator.pages.policy import BARE
from generator.pages.redirects import redirect


def test_a_redirect_works_anywhere_and_points_to_the_one_address() -> None:
    page = redirect("/old/place/", "/new é/", "A & B", "en", "https://example.org/blog")
    assert '<meta http-equiv="refresh" content="0; url=../../new%20%C3%A9/">' in page
    assert '<link rel="canonical" href="https://example.org/blog/new%20%C3%A9/">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert f'content="{BARE}"' in page
    assert "<title>A &amp; B</title>" in page
    assert 'rel="canonical" href="../../new%20%C3%A9/"' in redirect("/old/place/", "/new é/", "A", "en", "")
