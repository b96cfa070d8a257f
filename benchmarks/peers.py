"""The generators that are compared: where each keeps things, how it says them, and how it is called."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import corpus
from benchmarks.corpus import Post
from generator.pages.plotlyjs import find_plotly

BLOGS = Path(__file__).parent / "blogs"
"""The settings and templates of each."""
OURS = "visualposts"
STYLE = "body { max-width: 42rem; margin: auto; font-family: sans-serif; }\n"
ELEVENTY = ("@11ty/eleventy@3.1.8", "@11ty/eleventy-plugin-syntaxhighlight@5.0.2", "@11ty/eleventy-plugin-rss@3.0.0")
PELICAN = ("pelican==4.12.0", "markdown==3.11.3", "pygments==2.19.2")


@dataclass(frozen=True, slots=True)
class Peer:
    """A generator. Folders are relative to the blog's own."""

    name: str
    program: tuple[str | Path, ...]
    """Its command without arguments."""
    arguments: tuple[str, ...]
    posts: str
    charts: str
    pictures: str
    assets: str
    """Folder of what the pages of a peer load for charts; ours brings its own."""
    output: str
    caches: tuple[str, ...]
    """What has to go, beside the output, for a cold build."""
    feed: str
    tag: str
    """The tag for a chart, with ``NAME`` in it."""
    version: tuple[str, ...] = ("--version",)
    install: str = ""
    """How to get it, for those who haven't."""
    dated: bool = False
    """Whether the name of a post's file begins with its date."""
    plain: bool = False
    """Whether the front matter has lines of words instead of YAML."""
    environment: tuple[tuple[str, str], ...] = ()

    @property
    def command(self) -> list[str | Path]:
        return [*self.program, *self.arguments]

    @property
    def installed(self) -> bool:
        return all(shutil.which(part) for part in self.program[:1]) and all(
            part.exists() for part in self.program if isinstance(part, Path)
        )

    def variables(self, blog: Path) -> dict[str, str]:
        """The environment of its process; a path in it is one within the blog.

        A Python that may not keep what it compiled would compile an editable install of ours anew each time, while the
        others were compiled when they were installed.
        """
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return kept | {name: str(blog / value) for name, value in self.environment}

    def told_version(self) -> str:
        """What it says of its version: the first word with digits and dots."""
        said = subprocess.run([*self.program, *self.version], capture_output=True, text=True, check=True).stdout
        words = (word.strip("v,").partition("-")[0].partition("+")[0] for word in said.split())
        return next((word for word in words if word[:1].isdigit() and "." in word), "?")

    def file(self, post: Post) -> str:
        """The path of a post."""
        return f"{self.posts}/{f'{post.date:%Y-%m-%d}-' if self.dated else ''}{post.slug}.md"

    def text(self, post: Post) -> str:
        """The whole file of a post."""
        names = ", ".join(post.tags)
        if self.plain:
            front = f"Title: {post.title}\nDate: {post.date:%Y-%m-%d %H:%M}\nTags: {names}\n"
            front += f"Description: {post.description}\n"
        else:
            front = f"---\ntitle: {json.dumps(post.title)}\ndate: {post.date:%Y-%m-%dT%H:%M:%SZ}\ntags: [{names}]\n"
            front += f"description: {json.dumps(post.description)}\n---\n"
        return f"{front}\n{post.body(lambda name: self.tag.replace('NAME', name))}\n"


def peers(tools: Path) -> tuple[Peer, ...]:
    """All of them, ours first; what comes from npm or PyPI lies in the folder `tools`."""
    modules = tools / "eleventy"
    environment = tools / "pelican"
    return (
        Peer(
            name=OURS,
            program=(Path(sys.executable).with_name("visualposts"),),
            arguments=("build", "--quiet"),
            posts="content/posts",
            charts="includes",
            pictures="content/static/images",
            assets="",
            output="site",
            caches=(".visualposts",),
            feed="feed.xml",
            tag="{% include NAME.html %}",
            install="pip install -e .",
        ),
        Peer(
            name="Hugo",
            program=("hugo",),
            arguments=("--quiet",),
            posts="content/posts",
            charts="layouts/shortcodes",
            pictures="static/images",
            assets="static",
            output="public",
            caches=("resources", "cache", ".hugo_build.lock"),
            feed="index.xml",
            tag="{{< NAME >}}",
            version=("version",),
            install="apt-get install hugo",
            environment=(("HUGO_CACHEDIR", "cache"),),
        ),
        Peer(
            name="Eleventy",
            program=("node", modules / "node_modules/@11ty/eleventy/cmd.cjs"),
            arguments=("--quiet",),
            posts="posts",
            charts="_includes/charts",
            pictures="public/images",
            assets="public",
            output="_site",
            caches=(".cache",),
            feed="feed.xml",
            tag='{% chart "NAME" %}',
            install=f"npm install --prefix {modules} {' '.join(ELEVENTY)} markdown-it-footnote@4",
        ),
        Peer(
            name="Pelican",
            program=(environment / "bin/pelican",),
            arguments=("--quiet",),
            posts="content/posts",
            charts="includes",
            pictures="content/images",
            assets="content/extra",
            output="output",
            caches=("cache", "__pycache__"),
            feed="feed.xml",
            tag="{% include NAME.html %}",
            install=f"python3 -m venv {environment} && {environment}/bin/pip install {' '.join(PELICAN)}",
            plain=True,
        ),
        Peer(
            name="Jekyll",
            program=("jekyll",),
            arguments=("build", "--quiet", "--incremental"),
            posts="_posts",
            charts="_includes",
            pictures="images",
            assets=".",
            output="_site",
            caches=(".jekyll-cache", ".jekyll-metadata"),
            feed="feed.xml",
            tag="{% include NAME.html %}",
            install="apt-get install jekyll",
            dated=True,
        ),
    )


def write(peer: Peer, blog: Path, posts: Iterable[Post]) -> None:
    """Make a blog for `peer` in the new folder `blog`."""
    shutil.copytree(BLOGS / peer.name.lower(), blog)
    charts = map(corpus.chart, range(1, corpus.CHARTS + 1))
    _write(blog / peer.charts, {f"{chart.name}.html": chart.to_html() for chart in charts})
    _write(blog / peer.pictures, {f"picture-{number}.png": corpus.picture(number) for number in range(corpus.PICTURES)})
    if peer.assets:
        plotly = find_plotly()
        assert plotly
        _write(blog / peer.assets, {"style.css": STYLE, "plotly.min.js": plotly.read_bytes()})
    if peer.name == "Eleventy":
        module = next(part for part in peer.program if isinstance(part, Path))
        (blog / "node_modules").symlink_to(module.parents[2])
    _write(blog, {peer.file(post): peer.text(post) for post in posts})


def edit(peer: Peer, blog: Path, post: Post, word: str) -> None:
    """Change a word in the body of a post, as an author does: its last one."""
    (blog / peer.file(post)).write_text(f"{peer.text(post)}\nAnd {word}.\n", encoding="utf-8")


def _write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
