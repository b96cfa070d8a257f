"""Bad input: what an author may write by mistake, copy from elsewhere, or be handed, and the very words about it.

Those about includes, links, routes and the like are in ``tests/broken``, as whole sites.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.projects import POST, SETTINGS, outcome, write

ODD = "content/posts/2026-01-02-odd.md"
HINTS = {
    "text": "write {0}: and one line of text",
    "date": "for example 2026-11-23 or 2026-11-23 10:00:00 +0200",
    "flag": "write {0}: true, without quotes",
    "words": "for example {0}: [charts, machine learning]",
    "paths": "for example {0}: [/old/address/]",
    "permalink": "for example permalink: /:year/:month/:slug/",
    "picture": "name a file beside the post, /file.png of content/static, or an address with https://",
}
FIELDS = [
    # the key, the value as it is written, the message, and which hint follows it
    *((key, "[a, b]", f"'{key}' must be text", "text") for key in ("title", "author", "image", "layout", "slug")),
    *((key, "{a: 1}", f"'{key}' must be text", "text") for key in ("description", "summary", "subtitle", "permalink")),
    *((key, '"a\\0b"', f"'{key}' holds the control character U+0000", "") for key in ("title", "slug", "tags")),
    *((key, "soon", f"'{key}' is not a date: 'soon'", "date") for key in ("date", "updated", "last_modified_at")),
    *((key, "[2026-01-02]", f"'{key}' is not a date", "date") for key in ("date", "updated")),
    ("date", "2026-13-40", "'date' is not a date: '2026-13-40'", "date"),
    ("date", "0001-01-01 00:00:00 +1400", "'date' is not a date: '0001-01-01 00:00:00 +1400'", "date"),
    ("date", '"\\e[2J"', "'date' is not a date: '\\x1b[2J'", "date"),
    *((key, "maybe", f"'{key}' must be true or false", "flag") for key in ("draft", "published", "toc", "math")),
    *((key, "[true]", f"'{key}' must be true or false", "flag") for key in ("draft", "toc")),
    *((key, "{a: 1}", f"'{key}' must be a list of texts", "words") for key in ("tags", "categories")),
    ("tags", "[a, [b]]", "each of 'tags' must be text", "words"),
    ("tags", "[.]", "nothing in the tag '.' can stand in an address", "-"),
    ("categories", "[/]", "nothing in the tag '/' can stand in an address", "-"),
    ("tags", "x" * 300, "a tag of 300 characters is too long for an address", "-"),
    ("aliases", "{a: 1}", "'aliases' must be a list of addresses", "paths"),
    *(
        ("aliases", path, f"'{path}' is no address of this site", "paths")
        for path in ("old", "//host/x", "/../x", "/a/./b", "/.git/config", "/%2e%2e/x", "/a?b", "https://host/")
    ),
    ("permalink", "old/", "a permalink begins with '/': 'old/'", "permalink"),
    *(
        ("permalink", path, f"a permalink can't hold dot segments or backslashes: '{path}'", "permalink")
        for path in ("/../../etc/passwd", "/.git/hooks/x", "/a/./b/")
    ),
    ("permalink", "/%2e%2e/x", "a permalink can't hold '?', '#' or '%': '/%2e%2e/x'", "permalink"),
    ("permalink", "/:yaer/", "unknown part ':yaer' in the permalink '/:yaer/'", "permalink"),
    ("slug", "../x", "the slug '../x' can't stand in an address", "for example slug: x"),
    ("slug", "x" * 300, f"a name in '/posts/{'x' * 300}/' is too long for a file", "-"),
    ("image", "../../../etc/passwd", "the picture '../../../etc/passwd' is missing", "-"),
    ("image", "javascript:alert(1)", "'javascript:alert(1)' is no picture", "picture"),
    ("image", "/tags/", "'/tags/' is no picture", "picture"),
    ("layout", "../../base", "there is no layout '../../base'", "there are: page, post"),
    ("x", "!!python/object/apply:os.system [id]", "YAML: could not determine a constructor for the tag "
     "'tag:yaml.org,2002:python/object/apply:os.system'", "write plain text, numbers or lists"),
    ("x", "&a [*a]", "YAML: a value holds itself", "front matter is YAML: 'key: value' lines, and quotes around values "
     "with special characters"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value", "message", "hint"), FIELDS, ids=lambda text: str(text)[:30])
def test_fields(tmp_path: Path, key: str, value: str, message: str, hint: str) -> None:
    title = "" if key == "title" else "title: A\n"
    write(tmp_path, {ODD: f"---\n{title}{key}: {value}\n---\nText.\n"})
    found = outcome(tmp_path).splitlines()
    line, col = (2 if key == "title" else 3), len(key) + 3
    if value.startswith("[") and hint in ("words", "-"):
        col += value.index("[b]") if "[b]" in value else 0
    assert found[0] == f"{ODD}:{line}:{col}: error: {message}"
    hint = HINTS.get(hint, hint).format(key)
    if hint == "-":
        assert len(found) == 1
    else:
        assert found[1] == f"  hint: {hint or 'remove it'}"
    assert len(found) <= 2 or key in ("title", "date", "x")


TEXTS = {
    "nothing": (b"", "1:1: error: no front matter"),
    "binary": (bytes(range(256)), "2:118: error: not UTF-8: byte 0x80"),
    "UTF-16": (POST.encode("utf-16"), "1:1: error: not UTF-8: byte 0xff"),
    "Latin-1": ((POST + "é").encode("latin-1"), "7:1: error: not UTF-8: byte 0xe9"),
    "half of a character": (POST.encode() + b"\xed\xa0\x80", "7:1: error: not UTF-8: byte 0xed"),
    "NUL": (POST.encode() + b"\0", "7:1: error: control character U+0000"),
    "an escape": (POST.encode() + b"\x1b[2J", "7:1: error: control character U+001B"),
    "a long list": (
        b"---\ntitle: A\nx: [" + b"1," * 20_000 + b"]\n---\n",
        "2:1: error: the front matter has more than 10000 values",
    ),
    "a tower": (b"---\nx: " + b"[" * 1_000_000, "1:1: error: the front matter has no end"),
    "a closed tower": (
        b"---\nx: " + b"[" * 1_000_000 + b"\n---\n",
        "2:1: error: the front matter is nested more than 50 levels deep",
    ),
    "a bomb": (
        "---\na0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))
        + "---\n",
        "2:1: error: the front matter has more than 10000 values",
    ),
    "a key twice": ("---\ntitle: A\ntags: x\ntags: y\n---\n", "4:1: error: the key 'tags' stands here again"),
    "definitions without end": (POST + "a\n: b\n" * 5000, " error: this text is nested too deep"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts(tmp_path: Path, name: str) -> None:
    text, message = TEXTS[name]
    write(tmp_path, {ODD: ""})
    (tmp_path / ODD).write_bytes(text if isinstance(text, bytes) else text.encode())
    assert outcome(tmp_path).splitlines()[0] == f"{ODD}:{message}"


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + POST.encode(),
        POST.replace("\n", "\r\n").encode(),
        POST.replace("\n", "\r").encode(),
        POST.encode() + b"x" * 10_000_000,
        POST.encode() + b"\n```\n" + b"x = 1\n" * 1_600_000 + b"```\n",
        POST.encode() + b">" * 100_000,
        POST.replace("title: A post", "title: A post\nx: '" + "y" * 10_000_000 + "'").encode(),
    ],
    ids=["a byte order mark", "CRLF", "CR", "one long line", "much code", "deep quotes", "long front matter"],
)
def test_texts_that_are_no_mistake(tmp_path: Path, data: bytes) -> None:
    write(tmp_path, {ODD: ""})
    (tmp_path / ODD).write_bytes(data)
    assert outcome(tmp_path) == ""
    assert (tmp_path / "site/posts/odd/index.html").is_file()


def test_a_date_that_was_left_empty_is_that_of_the_name(tmp_path: Path) -> None:
    write(tmp_path, {ODD: "---\ntitle: A\ndate:\n---\n"})
    assert outcome(tmp_path) == ""
    assert "2026-01-02" in (tmp_path / "site/posts/odd/index.html").read_text()


NAMES = {
    "content/posts/a\nb.md": "the file's name holds a control character",
    "content/static/a\x1bb.txt": "the file's name holds a control character",
    "content/posts/2026-01-02-😀.md": "nothing in the name can stand in an address",
    "content/static/index.html": "'/index.html' can't stand beside '/' of the list of posts",
    "content/static/assets/style.css": "'/assets/style.css' is claimed by the theme too",
}
TWINS = [
    (
        "content/posts/2026-01-02-Ab.md",
        "content/posts/2026-01-03-aB.md",
        "'/posts/aB/' can't stand beside '/posts/Ab/'",
    ),
    ("content/posts/2026-01-02-\u00e9.md", "content/posts/2026-01-03-e\u0301.md", "'/posts/\u00e9/' is claimed by"),
    ("content/static/A.txt", "content/static/a.txt", "'/a.txt' can't stand beside '/A.txt'"),
    ("content/static/e\u0301.txt", "content/static/\u00e9.txt", "'/\u00e9.txt' can't stand beside '/e\u0301.txt'"),
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_names(tmp_path: Path, name: str) -> None:
    write(tmp_path, {name: POST})
    shown = name.replace("\n", "\\n").replace("\x1b", "\\x1b")
    assert outcome(tmp_path).splitlines()[0] == f"{shown}: error: {NAMES[name]}"


@pytest.mark.parametrize(("one", "other", "message"), TWINS, ids=ascii)
def test_twins(tmp_path: Path, one: str, other: str, message: str) -> None:
    write(tmp_path, {one: POST, other: POST})
    assert outcome(tmp_path).startswith(
        f"{other}: error: {message} of {one}".replace("by of", "by") + (" too" if "by" in message else "")
    )


def test_names_that_are_no_mistake(tmp_path: Path) -> None:
    files = [
        "a b.txt",
        "é.txt",
        "a#b?.txt",
        "a%20b.txt",
        "-rf.txt",
        "'\"&<b>.txt",
        "a:b.txt",
        "x" * 250,
        ".well-known/x",
    ]
    write(tmp_path, {f"content/static/{name}": name for name in files})
    write(tmp_path, {f"content/static/{name}": "secret" for name in (".env", ".git/config", "a/.b/c")})
    write(tmp_path, {f"content/posts/2026-01-02-{name}.md": POST for name in ("a b", "ü", "%41?#&", "x" * 200)})
    assert outcome(tmp_path) == ""
    made = {path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*") if path.is_file()}
    assert {*files, "posts/a-b/index.html", "posts/ü/index.html", "posts/41/index.html"} <= made
    assert not [path for path in made if path.endswith((".env", "config", "c"))]


INCLUDES = {
    "{% include ../pyproject.toml %}": "error: an include can't lie outside includes/: '../pyproject.toml'",
    "{% include /etc/passwd %}": "error: an include can't lie outside includes/: '/etc/passwd'",
    "{% include a/../../x.html %}": "error: an include can't lie outside includes/: 'a/../../x.html'",
    "{% include .hidden %}": "error: there is no include '.hidden'",
    "{% include manifest.json %}": "error: there is no include 'manifest.json'",
    "{% include a b.html %}": "error: an include tag that can't be read: {% include a b.html %}",
    f"{{% include {'x' * 5000} %}}": f"error: there is no include '{'x' * 5000}'",
    "{% include link.html %}": "error: includes/link.html is a link that leads out of includes/",
}
FILLED = "this include can't be filled in: "
DEEP = f"{FILLED}it includes itself, or nests too deep"
HANDWRITTEN = {
    "{% include a.html %}": ":1: error: this include includes itself: a.html → a.html",
    "{% include b.html %}": ":1: error: this include includes itself: a.html → b.html → a.html",
    '{% extends "a.html" %}': f":1: error: {DEEP}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}": f":1: error: {DEEP}",
    "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}": f": error: {DEEP}",
    '{% include "/etc/passwd" %}': ":1: error: there is no include '/etc/passwd'",
    '{% import "../pyproject.toml" as x %}': ":1: error: there is no include '../pyproject.toml'",
    "{{ 1 / 0 }}": f":1: error: {FILLED}division by zero",
    "{{ nothing }}": f":1: error: {FILLED}'nothing' is undefined",
    "\n{% if %}": ":2: error: this include can't be read: Expected an expression, got 'end of statement block'",
    '{{ "\\ud800" }}': f": error: {FILLED}it gives half of a character, which is no text",
    '<figure class="chart" id="chart-a">': ": error: this chart is damaged: it is not as it was written",
    "\udcff": ": error: this include is not a text in UTF-8",
}


@pytest.mark.parametrize("tag", INCLUDES, ids=lambda text: text[:40])
def test_include_tags(tmp_path: Path, tag: str) -> None:
    write(tmp_path, {ODD: POST + tag + "\n", "includes/.hidden": "secret", "includes/manifest.json": "{}"})
    (tmp_path / "includes/link.html").symlink_to(tmp_path / "pyproject.toml")
    assert outcome(tmp_path).splitlines()[0] == f"{ODD}:7:1: {INCLUDES[tag]}"


@pytest.mark.parametrize("text", HANDWRITTEN, ids=lambda text: ascii(text[:40]))
def test_handwritten_includes(tmp_path: Path, text: str) -> None:
    write(tmp_path, {ODD: POST + "{% include a.html %}\n", "includes/b.html": "{% include a.html %}"})
    (tmp_path / "includes/a.html").write_bytes(text.encode("utf-8", "surrogateescape"))
    place = "includes/b.html" if "b.html" in text else "includes/a.html"
    assert outcome(tmp_path).splitlines()[0] == place + HANDWRITTEN[text]


TEMPLATES = {
    "{% if %}": ":1: error: template: Expected an expression, got 'end of statement block'",
    "{{ page": ":1: error: template: unexpected end of template, expected 'end of print statement'.",
    "{{ page.nope }}": ":1: error: template: page has no 'nope'",
    "\n{{ nope }}": ":2: error: template: 'nope' is undefined",
    "{{ 1 / 0 }}": ":1: error: template: ZeroDivisionError: division by zero",
    '{% extends "post.html" %}': ":1: error: template: it includes itself, or nests too deep",
    "{{ " + "(" * 2000 + "1" + ")" * 2000 + " }}": ": error: template: it includes itself, or nests too deep",
    '{{ "\\ud800" }}': ": error: template: it gives half of a character, which is no text",
    '{% include "../../pyproject.toml" %}': ":1: error: there is no template '../../pyproject.toml'",
    "\udcff": ":1:1: error: not UTF-8: byte 0xff",
}


@pytest.mark.parametrize("text", TEMPLATES, ids=lambda text: ascii(text[:40]))
def test_templates(tmp_path: Path, text: str) -> None:
    write(tmp_path, {ODD: POST, "content/templates/post.html": ""})
    (tmp_path / "content/templates/post.html").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert outcome(tmp_path).splitlines()[0] == "content/templates/post.html" + TEMPLATES[text]


TABLE = '[tool.visualposts]\ntitle = "A"\n'
BASE = ":3:1: error: 'base_url'"
NO_BASE = "is not an address that begins with https:// or http://"
TOO_DEEP = ": error: this is nested too deep"
SETTING = {
    "": ": error: no [tool.visualposts] table",
    "\udcff": ":1:1: error: not UTF-8: byte 0xff",
    "tool = [1]": ": error: no [tool.visualposts] table",
    TABLE + TABLE: ":3:18: error: the table [tool.visualposts] stands here again",
    TABLE.replace('"A"', '["A"]'): ":2:1: error: 'title' must be a string",
    TABLE.replace('"A"', '" "'): ":2:1: error: 'title' is empty",
    TABLE.replace('"A"', '"\\u0001"'): ":2:1: error: 'title' holds the control character U+0001",
    TABLE + "x = " + "[" * 100_000: TOO_DEEP,
    TABLE + "charts = " + "{a = " * 500 + "1" + "}" * 500: TOO_DEEP,
    TABLE.removesuffix('"\n'): ":2:11: error: unterminated string",
    TABLE + "nav = [": ":3:8: error: invalid value",
    TABLE + "nav = [ # and\n": ":4:1: error: invalid value",
    TABLE + "paginate = " + "9" * 5000: ": error: a number has too many digits",
    TABLE + "paginate = 0": ":3:1: error: 'paginate' must be at least 1",
    TABLE + "paginate = true": ":3:1: error: 'paginate' must be a whole number",
    TABLE + "search = 'yes'": ":3:1: error: 'search' must be true or false",
    TABLE + 'base_url = "https://["': ":3:1: error: 'base_url' is not an address: Invalid IPv6 URL",
    TABLE + 'base_url = "javascript:x"': f"{BASE} {NO_BASE}: 'javascript:x'",
    TABLE + 'base_url = "https://me:secret@x.org"': f"{BASE} can't hold a name or password: it stands in every page",
    TABLE + 'timezone = "../../../etc/passwd"': ":3:1: error: unknown time zone '../../../etc/passwd'",
    TABLE + 'permalink = "/../:slug/"': ":3:1: error: a permalink can't hold dot segments or backslashes: '/../:slug/'",
    TABLE + 'permalink = "/%2e%2e/:slug/"': ":3:1: error: a permalink can't hold '?', '#' or '%': '/%2e%2e/:slug/'",
    TABLE + 'language = "../x"': ":3:1: error: '../x' is not a language tag",
    TABLE + 'nav = [{ title = "A", url = 1 }]': ":3:1: error: 'nav' must be a list of tables with 'title' and 'url'",
    TABLE + 'nav = [{ title = "A\\u0001", url = "/" }]': ":3:1: error: 'nav' holds the control character U+0001",
    TABLE + "charts = 1": ":3:1: error: 'charts' must be a table",
    TABLE + "spark = []": ":3:1: error: 'spark' must be a table",
    TABLE + "[tool.visualposts.spark]\nconf = [1]": ":4:1: error: 'conf' must be a table",
    TABLE + "titel = 1": ":3:1: error: unknown setting 'titel' in [tool.visualposts]",
}  # fmt: skip


@pytest.mark.parametrize("text", SETTING, ids=lambda text: ascii(text[-40:]))
def test_settings(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert outcome(tmp_path).splitlines()[0] == "pyproject.toml" + SETTING[text]


BOOK = '{"nbformat": 4, "cells": [], "metadata": '
NOTEBOOKS = {
    "": "1:1: error: this is not a notebook: Expecting value",
    "{": "1:2: error: this is not a notebook: Expecting property name enclosed in double quotes",
    "[]": "1:1: error: this is not a notebook of nbformat 4",
    '{"nbformat": 3, "cells": []}': "1:1: error: this is not a notebook of nbformat 4",
    "[" * 100_000: "1:1: error: this is not a notebook: it is nested too deep",
    BOOK + '{"execute": 1}}': "1:1: error: 'execute' in the notebook's metadata must be true or false",
    BOOK + '{"kernelspec": {"language": "R"}}}': "1:1: error: a notebook in r can't be run, only Python",
}  # fmt: skip


@pytest.mark.parametrize("text", NOTEBOOKS, ids=lambda text: text[:40])
def test_notebooks(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"content/posts/a/index.md": POST, "content/posts/a/book.ipynb": text})
    assert outcome(tmp_path).splitlines()[0] == f"content/posts/a/book.ipynb:{NOTEBOOKS[text]}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "<<<<<<< HEAD\n{}",
        "\0",
        "[" * 100_000,
        '{"format": 99, "sources": {}}',
        '{"format": 1, "sources": {"content/posts/a/charts.py": 1, "../x": {"format": 1, "fragments": {"../x": "0"}}}}',
        json.dumps({"format": 1, "sources": {}, "orphans": {"../pyproject": "0", "one": 1, "a\0": "0"}}),
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_a_broken_manifest_is_an_empty_one(tmp_path: Path, text: str) -> None:
    source = {"content/posts/a/index.md": POST, "content/posts/a/charts.py": "def charts():\n    return {}\n"}
    write(tmp_path, {**source, "includes/manifest.json": text})
    assert outcome(tmp_path).startswith("content/posts/a/charts.py:1:1: error: stale: never run\n")
    assert (tmp_path / "pyproject.toml").read_text() == SETTINGS
