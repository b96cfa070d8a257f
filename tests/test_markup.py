"""The markup of the demo's pages, one of every kind: parsed without an error, and each name in it given once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import html5lib
import pytest

from tests.served import KINDS

NAMES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "headers")


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_parsed_without_an_error_and_its_names_are_given_once(demo: Path, kind: str) -> None:
    address = KINDS[kind].partition("?")[0]
    text = (demo / address / ("" if address.endswith(".html") else "index.html")).read_text(encoding="utf-8")
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    document = parser.parse(text)
    assert parser.errors == []
    ids = Counter(element.get("id") for element in document.iter() if element.get("id"))
    assert [name for name, times in ids.items() if times > 1] == []
    asked = {word for element in document.iter() for name in NAMES for word in (element.get(name) or "").split()}
    assert asked <= set(ids)
    assert len(document.findall(".//h1")) == 1
    if kind != "missing":
        assert document.find(".//meta[@name='description']").get("content")
