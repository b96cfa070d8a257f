"""Validity: grammars of what machines read, for libxml2's RELAX NG and for jsonschema, and what no grammar can say.

`ATOM` is RFC 4287 as far as a blog needs it, stricter where the RFC is lenient: every address is a full URL, a time has
seconds and an offset, text is plain and content is HTML. `JSON_FEED` is version 1.1.
"""

from __future__ import annotations

import json
from html.parser import HTMLParser

import html5lib
import jsonschema
from lxml import etree

_URL = "https?://[!-~]+"
_TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})"


def _element(name: str, pattern: str) -> str:
    return f'<element name="{name}"><data type="string"><param name="pattern">{pattern}</param></data></element>'


_TEXT = r"[\s\S]*\S[\s\S]*"
_AUTHOR = f'<element name="author">{_element("name", _TEXT)}</element>'
_COMMON = _element("id", _URL) + _element("title", _TEXT) + _element("updated", _TIME)
_LINKS = f"""<oneOrMore><element name="link">
 <attribute name="rel"><choice><value>alternate</value><value>self</value></choice></attribute>
 <attribute name="type"><choice><value>text/html</value><value>application/atom+xml</value></choice></attribute>
 <attribute name="href"><data type="string"><param name="pattern">{_URL}</param></data></attribute>
</element></oneOrMore>"""
ATOM = f"""
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://www.w3.org/2005/Atom"
 datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
<start><element name="feed">
 <attribute name="xml:lang"><data type="language"/></attribute>
 <interleave>
  {_COMMON}{_LINKS}{_AUTHOR}
  <optional>{_element("subtitle", _TEXT)}</optional>
 </interleave>
 <zeroOrMore><element name="entry"><interleave>
  {_COMMON}{_LINKS}{_element("published", _TIME)}
  <optional>{_AUTHOR}</optional>
  <zeroOrMore><element name="category"><attribute name="term"/></element></zeroOrMore>
  <optional>{_element("summary", _TEXT)}</optional>
  <element name="content"><attribute name="type"><value>html</value></attribute><text/></element>
 </interleave></element></zeroOrMore>
</element></start>
</grammar>
"""

_STRING = {"type": "string", "minLength": 1}
_ADDRESS = {"type": "string", "pattern": f"^{_URL}$"}
_AUTHORS = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "object", "properties": {"name": _STRING}, "required": ["name"], "additionalProperties": False},
}
_ITEM = {
    "type": "object",
    "properties": {
        "id": _ADDRESS,
        "url": _ADDRESS,
        "title": _STRING,
        "summary": _STRING,
        "content_html": {"type": "string"},
        "image": _ADDRESS,
        "date_published": {"type": "string", "pattern": f"^{_TIME}$"},
        "date_modified": {"type": "string", "pattern": f"^{_TIME}$"},
        "authors": _AUTHORS,
        "tags": {"type": "array", "items": _STRING, "uniqueItems": True},
    },
    "required": ["id", "content_html"],
    "additionalProperties": False,
}
JSON_FEED = {
    "type": "object",
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": _STRING,
        "home_page_url": _ADDRESS,
        "feed_url": _ADDRESS,
        "description": _STRING,
        "language": _STRING,
        "authors": _AUTHORS,
        "items": {"type": "array", "items": _ITEM},
    },
    "required": ["version", "title", "items"],
    "additionalProperties": False,
}


def atom_errors(text: bytes) -> list[str]:
    """What is wrong with an Atom feed."""
    grammar = etree.RelaxNG(etree.fromstring(ATOM))
    root = etree.fromstring(text)
    if not grammar.validate(root):
        return [str(error) for error in grammar.error_log]  # type: ignore[attr-defined]
    space = "{http://www.w3.org/2005/Atom}"
    ids = [str(found.text) for found in root.iter(f"{space}id")]
    contents = [str(found.text or "") for found in root.iter(f"{space}content")]
    wrong = []
    for one in (root, *root.iter(f"{space}entry")):
        rels = [str(link.get("rel")) for link in one.findall(f"{space}link")]
        if rels != (["alternate", "self"] if one is root else ["alternate"]):
            wrong.append(f"links {rels}")
    return [*wrong, *_twice(ids[1:]), *(problem for content in contents for problem in content_errors(content))]


def json_feed_errors(text: bytes) -> list[str]:
    """What is wrong with a JSON feed."""
    value = json.loads(text)
    found = [error.message for error in jsonschema.Draft202012Validator(JSON_FEED).iter_errors(value)]
    if found:
        return found
    ids = [item["id"] for item in value["items"]]
    return [*_twice(ids), *(problem for item in value["items"] for problem in content_errors(item["content_html"]))]


def content_errors(content: str) -> list[str]:
    """What a feed reader would stumble over in the HTML of an entry."""
    parser = html5lib.HTMLParser(strict=False)
    parser.parseFragment(content)
    problems = [f"{code} at {place}" for place, code, _ in parser.errors]
    links = _Links()
    links.feed(content)
    return problems + links.problems


class _Links(HTMLParser):
    """Finds scripts, and links that are no full URLs."""

    def __init__(self) -> None:
        super().__init__()
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "link", "base", "meta"):
            self.problems.append(f"<{tag}> in a feed")
        for name, value in attrs:
            if name.startswith("on"):
                self.problems.append(f"{name} in a feed")
            if name in ("src", "href") and ":" not in (value or ""):
                self.problems.append(f"{name}={value!r} is no full URL")


def _twice(ids: list[str]) -> list[str]:
    return [f"the id {one} stands twice" for one in sorted({one for one in ids if ids.count(one) > 1})]
