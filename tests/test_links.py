"""Links: what a URL in a page means, and the page with all of them in neutral form."""

from __future__ import annotations

import pytest

from generator.pages.links import ROOT, Dead, Link, at_root, neutral, resolve
from generator.pages.nearest import Nearest
from generator.pages.routes import Routes

SOURCE, HERE = "content/posts/k/index.md", "/posts/k/"
ROUTES = Routes(
    documents={
        "content/posts/k/index.md": "/posts/k/",
        "content/posts/other/index.md": "/posts/other/",
        "content/posts/note.md": "/posts/note/",
        "content/pages/about.md": "/about/",
    },
    folders={"content/posts/k": "/posts/k/", "content/posts/other": "/posts/other/"},
    targets={
        address: address
        for address in ("/", "/posts/k/", "/posts/other/", "/posts/note/", "/about/", "/tags/", "/img/logo.png", "/é/")
    }
    | {"/old/": "/about/"},
    files=frozenset(
        {
            *("content/posts/k/map.png", "content/posts/k/data/a b.csv", "content/posts/other/map.png"),
            *("content/posts/loose.png", "content/static/img/logo.png", "content/posts/k/draft.md"),
        }
    ),
)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("../other/index.md", Link("/posts/other/")),
        ("../other/index.md?x=1#top", Link("/posts/other/", "?x=1", "top")),
        ("../other/", Link("/posts/other/")),
        ("../other", Link("/posts/other/")),
        ("../note.md", Link("/posts/note/")),
        ("../note/", Link("/posts/note/")),
        ("../../pages/about.md", Link("/about/")),
        ("map.png", Link("/posts/k/map.png", copied="content/posts/k/map.png")),
        ("./data/a%20b.csv", Link("/posts/k/data/a b.csv", copied="content/posts/k/data/a b.csv")),
        ("data/a b.csv", Link("/posts/k/data/a b.csv", copied="content/posts/k/data/a b.csv")),
        ("../other/map.png", Link("/posts/other/map.png", copied="content/posts/other/map.png")),
        ("../../static/img/logo.png", Link("/img/logo.png")),
        ("/img/logo.png", Link("/img/logo.png")),
        ("/about", Link("/about/")),
        ("/old/#x", Link("/about/", fragment="x")),
        ("/%C3%A9/", Link("/é/")),
        ("/", Link("/")),
        ("#part", Link("/posts/k/", fragment="part")),
        ("index.md#part", Link("/posts/k/", fragment="part")),
        ("https://example.org/", None),
        ("//example.org/", None),
        ("mailto:a@example.org", None),
        ("data:image/png;base64,xx", None),
    ],
)
def test_what_a_link_means(target: str, expected: Link | None) -> None:
    assert resolve(target, SOURCE, HERE, ROUTES) == expected


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("", "write where the link leads to"),
        ("mapp.png", "did you mean 'map.png'?"),
        ("Map.png", "did you mean 'map.png'?"),
        ("../othr/index.md", "did you mean '../other/index.md'?"),
        ("nothing.pdf", ""),
        ("draft.md", "that file is left out of the site: a draft, a post of the future, or no post at all"),
        ("../loose.png", "only files beside a post are copied: put it beside this one, or into content/static"),
        ("../../../../etc/passwd", ""),
        ("/abuot/", "did you mean '/about/'?"),
        ("/../../about/x", ""),
        ("www.example.org/x", "did you mean 'https://www.example.org/x'?"),
    ],
)
def test_what_leads_nowhere(target: str, hint: str) -> None:
    found = resolve(target, SOURCE, HERE, ROUTES)
    assert isinstance(found, Dead)
    assert found.advice(Nearest(ROUTES), SOURCE) == hint


def test_files_go_with_their_own_post() -> None:
    """A file in another post's folder is that post's, though the note that links to it lies above both."""
    found = resolve("k/map.png", "content/posts/note.md", "/posts/note/", ROUTES)
    assert found == Link("/posts/k/map.png", copied="content/posts/k/map.png")
    found = resolve("loose.png", "content/posts/note.md", "/posts/note/", ROUTES)
    assert found == Link("/posts/note/loose.png", copied="content/posts/loose.png")
    found = resolve("loose.png", "content/posts/note.md", "/note.html", ROUTES)
    assert found == Link("/loose.png", copied="content/posts/loose.png")


def test_every_url_of_a_page_and_nothing_else() -> None:
    seen: list[tuple[str, bool]] = []

    def replace(url: str, picture: bool) -> str | None:
        seen.append((url, picture))
        return None if url == "keep" else f"<{url}>"

    text = (
        '<a href="a&amp;b" title=\'href="no"\'>href="no"</a> <img alt="src=no" src=c/d.png>'
        "<video poster='p' src=\"v\"></video> <A HREF='keep'>"
        '<img srcset="s1.png 1x, s2.png 2x" src="">'
        '<!-- <a href="no"> --><script src="j">var x = \'<a href="no">\'</script>'
        '<code>&lt;a href="no"&gt;</code><object data="o"></object><a data-href="no">'
    )
    result = neutral(text, replace)
    assert seen == [
        *(("a&b", False), ("c/d.png", True), ("p", True), ("v", False), ("keep", False)),
        *(("s1.png", True), ("s2.png", True), ("", True), ("j", False), ("o", False)),
    ]
    assert 'href="&lt;a&amp;b&gt;" title=\'href="no"\'>href="no"</a>' in result
    assert "<A HREF='keep'>" in result
    assert 'srcset="&lt;s1.png&gt; 1x, &lt;s2.png&gt; 2x"' in result
    assert '<!-- <a href="no"> --><script src="&lt;j&gt;">var x = \'<a href="no">\'</script>' in result


def test_a_long_line_of_broken_html_takes_no_time() -> None:
    text = "<a " + 'x="' * 20_000
    assert neutral(text, lambda url, picture: None) == text


def test_neutral_text_for_each_page() -> None:
    text = f'<a href="{ROOT}/posts/k/#x"><a href="{ROOT}/posts/k/"><img src="{ROOT}/img/logo.png">'
    assert at_root(text, "../../", HERE) == '<a href="#x"><a href="./"><img src="../../img/logo.png">'
    assert at_root(text, "./") == '<a href="./posts/k/#x"><a href="./posts/k/"><img src="./img/logo.png">'
    assert at_root(text, "https://x.org/b/").startswith('<a href="https://x.org/b/posts/k/#x">')
