"""Hosting: where GitHub serves a branch, and what it takes."""

from __future__ import annotations

import pytest

from generator import hosting
from generator.hosting import Project

ADA = Project("Ada", "blog")


@pytest.mark.parametrize(
    "url",
    [
        "git@github.com:Ada/blog.git",
        "git@github.com:Ada/blog",
        "github.com:Ada/blog.git",
        "ssh://git@github.com/Ada/blog.git",
        "ssh://git@ssh.github.com:443/Ada/blog.git",
        "https://github.com/Ada/blog",
        "https://github.com/Ada/blog.git",
        "https://github.com/Ada/blog/",
        "https://x-access-token:secret@github.com/Ada/blog.git",
        "git://github.com/Ada/blog.git",
    ],
)
def test_a_repository_on_github_however_it_is_written(url: str) -> None:
    assert hosting.github(url) == ADA


@pytest.mark.parametrize(
    "url",
    ["../remote.git", "/srv/git/github.com/a/b", "git@gitlab.com:Ada/blog.git", "https://github.com.example.org/a/b"],
)
def test_other_hosts(url: str) -> None:
    assert hosting.github(url) is None


def test_the_address_of_a_site() -> None:
    assert ADA.pages == "https://ada.github.io/blog"
    assert Project("Ada", "ada.github.io").pages == "https://ada.github.io"
    assert hosting.address(ADA, "example.org") == "https://example.org"
    assert hosting.domain(b"Example.org\n") == "example.org"
    assert hosting.domain(None) == ""
    assert ADA.settings == "https://github.com/Ada/blog/settings/pages"


@pytest.mark.parametrize(
    ("base_url", "domain"),
    [
        ("", ""),
        ("https://ada.github.io/blog", ""),
        ("http://Ada.github.io/blog", ""),
        ("https://example.org", "example.org"),
        ("https://example.org/blog", ""),  # the domain of the user's own site
    ],
)
def test_an_address_that_fits(base_url: str, domain: str) -> None:
    assert hosting.mismatch(ADA, base_url, domain) is None


@pytest.mark.parametrize(
    ("base_url", "domain", "hint"),
    [
        ("https://ada.github.io", "", 'set base_url = "https://ada.github.io/blog"'),
        ("https://ada.github.io/blog", "example.org", 'set base_url = "https://example.org"'),
        (
            "https://example.org",
            "",
            "for a domain of your own put 'example.org' into content/static/CNAME; "
            'without one set base_url = "https://ada.github.io/blog"',
        ),
    ],
)
def test_an_address_that_does_not_fit(base_url: str, domain: str, hint: str) -> None:
    problem = hosting.mismatch(ADA, base_url, domain)
    assert problem is not None
    assert problem.severity == "warning"
    assert problem.message.startswith(f"base_url is {base_url}, but GitHub Pages serves this at https://")
    assert problem.hint == hint


def test_files_that_are_too_large() -> None:
    fine = [("a.mp4", 100_000_000), ("b.mp4", 100_000_000)]
    assert hosting.too_large(fine) == ()
    found = hosting.too_large([*fine, ("c.mp4", 100_000_001)])
    assert [str(problem).splitlines()[0] for problem in found] == [
        "site/c.mp4: error: the file is 100.0 MB; hosts take files of up to 100.0 MB"
    ]


def test_a_site_that_is_too_large() -> None:
    (problem,) = hosting.too_large([(f"{number}.mp4", 91_000_000) for number in range(11)])
    assert str(problem) == (
        "error: the site is 1001.0 MB; hosts take sites of up to 1000.0 MB\n"
        "  hint: its largest file is 0.mp4, 91.0 MB; keep data and videos elsewhere, and link to them"
    )
