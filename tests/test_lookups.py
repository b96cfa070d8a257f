"""Lookups: whatever a page asks of what pages share is noted, and another answer is noticed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest

from generator.pages.includes import Includes
from generator.pages.lookups import Lookups
from generator.pages.nearest import Nearest
from generator.pages.pictures import Sizes
from generator.pages.posters import Posters
from generator.pages.references import References
from generator.pages.routes import Routes
from generator.pages.views import SiteView

SITE = SiteView("Blog", "", "", "en", "")


def references(folder: Path) -> References:
    routes = Routes({"a.md": "/a/"}, {"a": "/a/"}, {"/a/": "/a/"}, frozenset({"a.png"}))
    (folder / "includes").mkdir(exist_ok=True)
    (folder / "includes/note.html").write_text("{% include inner.html %}")
    (folder / "includes/inner.html").write_text("inner")
    found = Includes(folder / "includes")
    return References(routes, Nearest(routes), found, Sizes(folder), Posters(), frozenset({"soon.html"}), {"c": "/c/"})


def routed(change: Callable[[Routes], Routes]) -> Callable[[References], References]:
    return lambda old: replace(old, routes=change(old.routes))


def test_all_that_is_shared_is_watched(tmp_path: Path) -> None:
    """A new field of the references needs a watcher: without one, what is asked of it makes no page stale."""
    known = references(tmp_path)
    watched, _, _ = Lookups(known, SITE).watched()
    same = {item.name for item in fields(known) if getattr(watched, item.name) is getattr(known, item.name)}
    assert same == {"nearest"}  # it guesses for error messages, and a page with an error is not remembered
    routes = {item.name for item in fields(known.routes)}
    assert not any(getattr(watched.routes, name) is getattr(known.routes, name) for name in routes)


@pytest.mark.parametrize(
    ("ask", "change"),
    [
        (lambda r: r.routes.documents["a.md"], routed(lambda old: replace(old, documents={"a.md": "/b/"}))),
        (lambda r: r.routes.documents.get("b.md"), routed(lambda old: replace(old, documents={"b.md": "/b/"}))),
        (lambda r: "b" in r.routes.folders, routed(lambda old: replace(old, folders={"b": "/b/"}))),
        (lambda r: r.routes.find("/b"), routed(lambda old: replace(old, targets={"/b/": "/b/"}))),
        (lambda r: "b.png" in r.routes.files, routed(lambda old: replace(old, files=frozenset({"b.png"})))),
        (lambda r: "soon.html" in r.awaited, lambda old: replace(old, awaited=frozenset())),
        (lambda r: r.code.get("d"), lambda old: replace(old, code={"d": "/d/"})),
    ],
)
def test_another_answer_is_noticed(
    tmp_path: Path, ask: Callable[[References], object], change: Callable[[References], References]
) -> None:
    known = references(tmp_path)
    watched, _, asked = Lookups(known, SITE).watched()
    assert ask(watched) == ask(known)
    assert asked
    assert Lookups(known, SITE).hold(asked)
    assert not Lookups(change(known), SITE).hold(asked)


def test_what_was_not_asked_may_change(tmp_path: Path) -> None:
    known = references(tmp_path)
    watched, site, asked = Lookups(known, SITE).watched()
    assert (watched.routes.find("/a/"), site.title) == ("/a/", "Blog")
    other = replace(known, routes=replace(known.routes, documents={}), code={})
    assert Lookups(other, replace(SITE, author="Ada")).hold(asked)
    assert not Lookups(other, replace(SITE, title="Another")).hold(asked)


@pytest.mark.parametrize("name", ["note.html", "inner.html"])
def test_an_include_within_an_include_is_asked_for_too(tmp_path: Path, name: str) -> None:
    known = references(tmp_path)
    watched, _, asked = Lookups(known, SITE).watched()
    watched.includes.get("note.html")
    watched.includes.fill("note.html", {}, None, SITE)
    (tmp_path / f"includes/{name}").write_text("other")
    assert not Lookups(replace(known, includes=Includes(tmp_path / "includes")), SITE).hold(asked)


def test_a_page_can_not_go_through_everything(tmp_path: Path) -> None:
    watched, _, _ = Lookups(references(tmp_path), SITE).watched()
    for whole in (watched.routes.documents, watched.routes.files, watched.awaited):
        with pytest.raises(TypeError, match="a page can't"):
            list(whole)
        with pytest.raises(TypeError, match="a page can't"):
            len(whole)
