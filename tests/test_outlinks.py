"""Outlinks: the links to other sites that authors wrote, at their places."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from generator import config, prose
from generator.pages import posts
from generator.pages.outlinks import Outlink, outlinks
from tests import projects

SETTINGS = """\
[tool.visualposts]
title = "A blog"
nav = [{ title = "Code", url = "https://code.example.org/" }, { title = "About", url = "/" }]
"""
POST = """\
---
title: Links
date: 2026-01-02
image: https://pictures.example.org/a.png
---
A [link](https://example.org/a), <https://example.org/b>, https://example.org/c and [one more](https://example.org/a).

![a picture](//cdn.example.org/b.png "B") [mail](mailto:a@example.org) [here](#there) [post](index.md)

    https://example.org/in-code

`<a href="https://example.org/in-code">` <!-- <a href="https://example.org/in-a-comment"> -->

[by reference][r] {% include note.html url="x" %} {% include missing.html %}

[r]: https://example.org/r?a=1&b=2 "R"
"""
NOTE = '<a href="https://example.org/note">n</a> <a href="https://example.org/{{ include.url }}">x</a>'


def test_every_link_at_its_place(tmp_path: Path) -> None:
    source = "content/posts/links/index.md"
    projects.write(tmp_path, {"pyproject.toml": SETTINGS, source: POST, "includes/note.html": NOTE})
    settings = config.load(tmp_path)
    content = posts.read(tmp_path, settings, drafts=False, future=False, now=datetime(2026, 2, 1, tzinfo=UTC))
    bodies = {item.source: prose.render(item.body, math=False) for item in content.documents}
    found = outlinks(tmp_path, settings, content.documents, bodies)
    assert [(link.url, str(link.place), link.include) for link in found] == [
        ("https://code.example.org/", "pyproject.toml:3:32", ""),
        ("https://pictures.example.org/a.png", f"{source}:4:8", ""),
        ("https://example.org/a", f"{source}:6:10", ""),
        ("https://example.org/b", f"{source}:6:35", ""),
        ("https://example.org/c", f"{source}:6:59", ""),
        ("https://example.org/a", f"{source}:6:96", ""),
        ("https://cdn.example.org/b.png", f"{source}:8:14", ""),
        ("https://example.org/r?a=1&b=2", f"{source}:16:6", ""),
        ("https://example.org/note", f"{source}:14:19", "includes/note.html"),
    ]
    assert isinstance(found[0], Outlink)
