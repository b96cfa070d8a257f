"""The policy of a page, from its HTML."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import pytest

from generator import fragment
from generator.fragment import Fragment
from generator.pages.policy import guarded, notes
from generator.pages.redirects import redirect
from tests.served import serving

HEAD = '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>T</title>\n</head>\n<body>\n'
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:;"
    " font-src 'self'; connect-src 'self'; media-src 'self'; frame-src 'self';"
    " form-action 'self'; manifest-src 'self'; base-uri 'none'"
)


def policy(body: str, *, compiles: bool = False) -> str:
    match = re.search(
        r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', guarded(HEAD + body, compiles=compiles)[0]
    )
    assert match
    return match[1]


def more(body: str) -> dict[str, set[str]]:
    """What the policy of a page with `body` allows beyond the strict one."""

    def split(text: str) -> dict[str, set[str]]:
        return {words[0]: set(words[1:]) for words in map(str.split, text.split(";"))}

    strict = split(STRICT)
    found = split(policy(body))
    return {name: extra for name, sources in found.items() if (extra := sources - strict.get(name, set()))}


def sha(code: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


def trusted(*sources: str) -> dict[str, set[str]]:
    names = ("script-src", "style-src", "img-src", "font-src", "connect-src", "media-src", "frame-src")
    return {name: set(sources) for name in names}


def styled(source: str) -> dict[str, set[str]]:
    return {name: {source} for name in ("style-src", "font-src", "img-src")}


CHART = Fragment("c", fragment.payload([{"type": "bar", "text": ["<b>", "https://e.org"]}], {}), "Alt.").to_html()
MAP = Fragment("m", fragment.payload([{"type": "choropleth"}], {}), "Alt.").to_html()
TILES = Fragment("t", fragment.payload([{"type": "scattermap"}], {"map": {"style": "white-bg"}}), "Alt.").to_html()


@pytest.mark.parametrize(
    "body",
    [
        '<p>A <a href="https://e.org/">link</a>, only = 1</p><img src="a.png"><iframe src="b.html"></iframe>',
        '<script defer src="../assets/charts.js?v=1" data-plotly="x.js"></script>',
        '<link rel="canonical" href="https://e.org/"><link rel="alternate" href="https://e.org/feed.xml">',
        CHART,
        "<pre><code>&lt;img src=&quot;https://e.org/a.png&quot; onload=&quot;x()&quot;&gt;</code></pre>",
        '<script type="application/ld+json">{"@context":"https://schema.org"}</script>',
        '<script type="text/template"><img src="x.png"></script>',
        '<img src="data:image/gif;base64,R0lGOD"><a href="https://e.org/"><img src="x.png" alt="onload = 1"></a>',
    ],
)
def test_a_page_that_needs_nothing_more_is_strict(body: str) -> None:
    assert policy(body) == STRICT
    assert guarded(HEAD + body)[1] == ()
    assert guarded(HEAD + body)[1] == ()


@pytest.mark.parametrize(
    ("body", "extra"),
    [
        ('<img src="https://e.org/a.png?x;y">', {"img-src": {"https://e.org"}}),
        ("<IMG SRC=//e.org:8080/a.png>", {"img-src": {"e.org:8080"}}),
        (
            '<img srcset="https://a.org/1.png 1x, https://b.org/2.png 2x" src="1.png">',
            {"img-src": {"https://a.org", "https://b.org"}},
        ),
        ('<iframe src="https://www.tube.com/embed/1"></iframe>', {"frame-src": {"https://www.tube.com"}}),
        (
            '<video src="http://e.org/v.mp4" poster="https://p.org/p.png">',
            {"media-src": {"http://e.org"}, "img-src": {"https://p.org"}},
        ),
        ('<video><source src="https://e.org/v.mp4"></video>', {"media-src": {"https://e.org"}}),
        ('<embed src="paper.pdf">', {"object-src": {"'self'"}}),
        ('<form action="https://post.org/x"></form>', {"form-action": {"https://post.org"}}),
        (
            '<link rel="stylesheet" href="https://f.org/f.css">',
            styled("https://f.org"),
        ),
        (
            '<style>@import "https://f.org/f.css";</style>',
            styled("https://f.org"),
        ),
        (
            '<p style="background:url(https://f.org/f.png)">',
            styled("https://f.org"),
        ),
        ('<svg><image href="https://e.org/a.png"/></svg>', {"img-src": {"https://e.org"}}),
        ('<img src="https://bücher.example/a.png">', {"img-src": {"https://xn--bcher-kva.example"}}),
        ("<script>go()</script>", {"script-src": {sha("go()")}}),
        ('<script type="module">\nimport "./x.js"\n</script>', {"script-src": {sha('\nimport "./x.js"\n')}}),
        ("<SCRIPT>if (a<b) go()</SCRIPT>", {"script-src": {sha("if (a<b) go()")}}),
        ('<button onclick="go(&quot;x&quot;)">', {"script-src": {sha('go("x")'), "'unsafe-hashes'"}}),
        ("<body\nonload=go()>", {"script-src": {sha("go()"), "'unsafe-hashes'"}}),
        ('<script src="https://cdn.org/d3.js"></script>', trusted("https://cdn.org")),
        ('<iframe srcdoc="&lt;script&gt;go()&lt;/script&gt;"></iframe>', {"script-src": {sha("go()")}}),
        (MAP, {"connect-src": {"https://cdn.plot.ly"}, "img-src": {"https://cdn.plot.ly"}}),
        (TILES, {"worker-src": {"blob:"}}),
    ],
)
def test_what_an_author_put_there_is_allowed(body: str, extra: dict[str, set[str]]) -> None:
    assert more(body) == extra


def test_a_host_in_an_author_s_script_is_trusted_and_a_namespace_is_no_host() -> None:
    code = 'fetch("https://api.org/x"); ns = "http://www.w3.org/2000/svg"; path = "//x"'
    expected = trusted("https://api.org")
    expected["script-src"].add(sha(code))
    assert more(f"<script>{code}</script>") == expected


def test_the_search_may_compile_and_no_page_may_evaluate() -> None:
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy("", compiles=True)
    assert "'unsafe-eval'" not in policy('<script>eval("1")</script><p onclick="eval(1)">', compiles=True)


def test_nothing_that_is_written_ends_the_policy() -> None:
    told = policy("""<img src="https://e.org;script-src/a"><img src='https://"x/'><img src="https://e.org,b/">""")
    assert "script-src 'self';" in told
    assert told.count(";") == STRICT.count(";")
    assert {"img-src": {"https://e.org"}} == more('<img src="https://e.org;script-src *">')


@pytest.mark.parametrize(
    ("page", "before"),
    [
        (HEAD, '<meta charset="utf-8">\n'),
        ("<html><head><title>T</title>", "<html><head>\n"),
        ('<!doctype html>\n<html lang="en">\n<title>T</title>', '<html lang="en">\n'),
        ("<!doctype html><p>x", "<!doctype html>\n"),
        ("<p>x", ""),
    ],
)
def test_it_stands_before_all_that_it_rules(page: str, before: str) -> None:
    text, _ = guarded(page)
    assert text.partition("<meta http-equiv")[0].endswith(before)
    assert text.replace(f'\n<meta http-equiv="Content-Security-Policy" content="{STRICT}">', "") in (page, text)


def test_a_policy_of_the_template_s_own_is_left_alone() -> None:
    page = '<head><META http-equiv="Content-Security-Policy" content="default-src *"></head><body><img src="https://e.org/">'
    assert guarded(page) == (page, ())


def test_the_notes_name_each_host_once() -> None:
    asked = {"/a/": ("e.org",), "/b/": ("e.org", "f.org"), "/c/": ("e.org",), "/d/": ("e.org",), "/e/": ()}
    assert list(notes(asked)) == ["readers of /a/, /b/, /c/ and 1 more ask e.org", "readers of /b/ ask f.org"]


# ---- In a browser

INLINE = """<p id="told">nothing</p>
<script>
document.getElementById("told").textContent = "inline"
fetch("https://unnamed.test/").catch(() => { document.getElementById("told").textContent += " blocked" })
</script>
<button onclick="this.textContent = &quot;pressed&quot;">press</button>
<img src="https://pictures.test/a.png" alt="">
<iframe srcdoc="&lt;script&gt;parent.document.title = &quot;framed&quot;&lt;/script&gt;" title="f"></iframe>
"""


@pytest.mark.browser
@pytest.mark.parametrize("way", ["disk", "server"])
def test_a_browser_does_what_an_author_wrote_and_nothing_else(browser: Any, tmp_path: Path, way: str) -> None:
    page = HEAD + INLINE.replace("https://unnamed.test/", "https://un" + '" + "' + "named.test/")
    text, asked = guarded(page.replace("<p id", '<p style="color:red" id'))
    assert asked == ("pictures.test",)
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "index.html").write_text(text)
    (tmp_path / "old.html").write_text(redirect("/old.html", "/new/index.html", "T", "en", ""))
    tab = browser.new_page()
    requests: list[str] = []
    tab.on("request", lambda request: requests.append(request.url))
    tab.route("https://**/*", lambda route: route.abort())
    with serving(tmp_path) as address:
        tab.goto(f"{tmp_path.as_uri() if way == 'disk' else address}/old.html")
        tab.wait_for_url("**/new/index.html")
        tab.get_by_text("inline blocked").wait_for()
        tab.click("button")
        assert tab.inner_text("button") == "pressed"
        assert "https://pictures.test/a.png" in requests
        assert tab.evaluate("getComputedStyle(document.getElementById('told')).color") == "rgb(255, 0, 0)"
        if way == "server":  # from disk no page is of another's origin
            assert tab.title() == "framed"
    tab.close()
