"""Typesetting: what was typeset is remembered as it comes, so that a build that is stopped was not in vain."""

from __future__ import annotations

from pathlib import Path

from generator import config, values
from generator.memory import Memory
from generator.pages import briefs, posts
from generator.pages.posts import Content
from generator.pages.typesetting import KIND, SOME, Texts, _copy, typeset

BODY = "---\ntitle: A\ndate: 2026-01-02\n---\nThe text.\n"


def test_a_build_that_is_stopped_has_remembered_its_texts(tmp_path: Path) -> None:
    settings = config.Settings("A blog")
    parsed = [posts.parse(f"content/posts/{number}.md", BODY, settings) for number in range(SOME + 1)]
    documents = [item.document for item in parsed if item.document]
    keys = {document.source: f"key {document.source}" for document in documents}
    texts = Texts(Content(tuple(documents), texts=keys), Memory(tmp_path / "memory", "maker"), None)
    for document in documents:
        text, short = typeset(_copy(document))
        texts.hold(document.source, text, values.loads(briefs.Brief, short))
    # Nothing was saved: the process is killed here.
    remembered = Memory(tmp_path / "memory", "maker").all(KIND)
    assert remembered.keys() == {keys[document.source] for document in documents[:SOME]}
    assert texts[documents[0].source].html == "<p>The text.</p>"
    assert texts[documents[-1].source].html == "<p>The text.</p>"
