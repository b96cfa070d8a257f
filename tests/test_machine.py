"""Machine files of whole sites: feeds that are valid and stay small, with posters by full URLs."""

from __future__ import annotations

import json
from pathlib import Path

import feedparser
import pytest

from generator import poster
from generator.fragment import Fragment, payload
from generator.pages.machine import SITE_LENGTH, TAG_LENGTH
from generator.poster import Poster
from tests.golden import SITES, assembled, tree
from tests.projects import write
from tests.validity import atom_errors, json_feed_errors

BASE = "https://example.org/blog"
SETTINGS = f'[tool.visualposts]\ntitle = "A blog"\nbase_url = "{BASE}"\n'
ALT, TABLE = 'Two rings, "one" in another.', "<table><tbody><tr><td>1</td></tr></tbody></table>"
RINGS = Fragment("rings", payload([{"type": "bar", "y": [1]}], {}), ALT, "Rings.", TABLE, 500)


def site(project: Path) -> dict[str, bytes]:
    _, assembly = assembled(project)
    assert assembly is not None
    assert not assembly.problems
    return tree(assembly)


def test_every_feed_of_a_site_is_valid() -> None:
    made = site(SITES / "blog")
    feeds = [path for path in made if path.endswith("feed.xml")]
    assert "feed.xml" in feeds
    assert {path: atom_errors(made[path]) for path in feeds} == {path: [] for path in feeds}
    assert json_feed_errors(made["feed.json"]) == []


def test_the_feeds_of_a_site_say_the_same() -> None:
    made = site(SITES / "blog")
    feed, items = feedparser.parse(made["feed.xml"]), json.loads(made["feed.json"])["items"]
    assert feed.feed.updated == "2026-02-01T00:00:00+01:00"
    assert [entry.title for entry in feed.entries] == ["Charts <here>", "A note", "Früh"]
    assert [entry.title for entry in feed.entries] == [item["title"] for item in items]
    assert [entry.summary for entry in feed.entries] == [item["summary"] for item in items]


def test_a_tag_has_a_feed_of_its_own() -> None:
    made = site(SITES / "blog")
    feed = feedparser.parse(made["tags/spark/feed.xml"]).feed
    assert feed.title.casefold().startswith("spark · ")
    assert feed.id == feed.link
    assert feed.id.endswith("/tags/spark/")
    assert f"{feed.id}feed.xml" in [link.href for link in feed.links]


@pytest.mark.parametrize("drawn", [True, False])
def test_a_chart_is_its_poster_or_its_words_with_a_link_to_where_it_moves(tmp_path: Path, drawn: bool) -> None:
    file = Poster("rings", poster.key(RINGS.payload, 500), "light").file
    files = {
        "pyproject.toml": SETTINGS,
        "content/posts/2026-01-01-a.md": "---\ntitle: A\n---\n{% include rings.html %}\n\n{% include rings.html %}\n",
        "includes/rings.html": RINGS.to_html(),
        **({f"includes/{file}": "RIFF"} if drawn else {}),
    }
    write(tmp_path, files)
    made = site(tmp_path)
    assert atom_errors(made["feed.xml"]) == []
    (item,) = json.loads(made["feed.json"])["items"]
    link = f'<a href="{BASE}/posts/a/#chart-rings">'
    picture = f'<img src="{BASE}/charts/{file}" alt="Two rings, &quot;one&quot; in another." width="800" height="500">'
    content = item["content_html"]
    assert (f"<p>{link}{picture}</a></p>" in content) == drawn
    assert (f"<p>{ALT}</p>" in content) != drawn
    assert f"<p>{link}Interactive chart</a></p>" in content
    assert f'<a href="{BASE}/posts/a/#chart-rings-2">' in content
    assert content.count(TABLE) == 2
    assert item.get("image") == (f"{BASE}/charts/{file}" if drawn else None)
    assert '"type":"bar"' not in content


def test_a_feed_stays_what_it_weighs_however_many_posts_there_are(tmp_path: Path) -> None:
    posts = {
        f"content/posts/2026-01-{day:02}-p{day}.md": f"---\ntitle: P{day}\ntags: [all]\n---\nText.\n"
        for day in range(1, 30)
    }
    write(tmp_path, {"pyproject.toml": SETTINGS, **posts})
    made = site(tmp_path)
    titles = [entry.title for entry in feedparser.parse(made["feed.xml"]).entries]
    assert titles == [f"P{day}" for day in range(29, 29 - SITE_LENGTH, -1)]
    tagged = [entry.title for entry in feedparser.parse(made["tags/all/feed.xml"]).entries]
    assert tagged == titles[:TAG_LENGTH]
