"""What a generator has built, counted: only equal outputs can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import Post
from benchmarks.peers import Peer

_CODE = re.compile(r"<pre\b.*?</pre>", re.DOTALL)
_NOTE = re.compile(r'<li[^>]* id="fn')
_LINK = re.compile(r'href="[^"]*/[a-z]+-[a-z]+-\d{5}/"')
_NOTED = re.compile(r"^\[\^\d\]: ", re.MULTILINE)
_FENCE = re.compile(r"^```\w", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Output:
    """Numbers of a blog: pages of posts, pages of the index, tag pages; what is on the pages of posts; lists."""

    posts: int
    index: int
    tags: int
    code: int
    """Blocks of code that are highlighted."""
    charts: int
    tables: int
    notes: int
    pictures: int
    links: int
    """Links from post to post."""
    feed: int
    """Entries of the feed."""
    sitemap: int
    """Posts in the sitemap."""


def expected(posts: Iterable[Post]) -> Output:
    """What a blog of these posts has to have."""
    posts = tuple(posts)
    texts = [post.body(str) for post in posts]
    charts = sum(1 for post in posts if post.chart)

    def count(sign: str) -> int:
        return sum(text.count(sign) for text in texts)

    return Output(
        posts=len(posts),
        index=-(-len(posts) // 10),
        tags=len({tag for post in posts for tag in post.tags}),
        code=sum(len(_FENCE.findall(text)) for text in texts),
        charts=charts,
        tables=count("| --- | --- |") + charts,
        notes=sum(len(_NOTED.findall(text)) for text in texts),
        pictures=count("!["),
        links=count("](/posts/"),
        feed=min(20, len(posts)),
        sitemap=len(posts),
    )


def built(peer: Peer, blog: Path) -> Output:
    """What there is in the blog's output."""
    site = blog / peer.output
    pages = [page.read_text(encoding="utf-8") for page in site.glob("posts/*/index.html")]
    bodies = [page.partition("<article")[2].partition("</article>")[0] for page in pages]

    def count(sign: str) -> int:
        return sum(text.count(sign) for text in bodies)

    return Output(
        posts=len(pages),
        index=len([site / "index.html", *site.glob("page/[2-9]*/index.html"), *site.glob("page/1?*/index.html")]),
        tags=len([*site.glob("tags/*/index.html")]),
        code=sum("<span class=" in code for text in bodies for code in _CODE.findall(text)),
        charts=count('<script type="application/json">{"data":'),
        tables=count("<table"),
        notes=sum(len(_NOTE.findall(text)) for text in bodies),
        pictures=count("<img"),
        links=len(_LINK.findall("".join(bodies))),
        feed=len(re.findall("<(?:entry|item)>", _text(site / peer.feed))),
        sitemap=len(re.findall(r"<loc>[^<]*/posts/[^<]+</loc>", _text(site / "sitemap.xml"))),
    )


def says(peer: Peer, blog: Path, post: Post, word: str) -> bool:
    """Whether the page of a post has the `word` that `peers.edit` put into it."""
    return f"<p>And {word}.</p>" in _text(blog / peer.output / "posts" / post.slug / "index.html")


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""
