"""Views: the values that templates see. Addresses are paths below the site's root; ``url()`` makes links of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from generator.prose import Heading

PageKind = Literal["post", "page", "index", "tag", "tags", "archive", "charts", "code", "search", "404"]


class Html(str):
    """Text that is HTML already: autoescaping leaves it alone."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


_NOTHING = Html()


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag; tags that differ in case alone are one."""

    name: str
    slug: str
    url: str


@dataclass(frozen=True, slots=True)
class CountedTag(Tag):
    """A tag with the number of its posts, where all tags are listed and on its own page.

    A post's own tags have no count: a new post would be news to every page with one of its tags.
    """

    count: int


@dataclass(frozen=True, slots=True)
class NavEntry:
    """An entry of the header. `url` is an address of the site, perhaps with a fragment, or a full URL."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class SiteView:
    """The site as a whole. `base_url` and `feed` are empty on a site that does not know its own address.

    `gallery` is empty on a site whose texts include nothing, `search` on one that has none.
    """

    title: str
    description: str
    author: str
    language: str
    base_url: str
    feed: str = ""
    gallery: str = ""
    search: str = ""
    nav: tuple[NavEntry, ...] = ()
    tags: tuple[CountedTag, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a post or a chart: a chart's poster, or the ``image`` of a post's front matter.

    `src` is an address of the site (an author's picture may be a full URL). `dark`, `narrow` and `narrow_dark` are the
    same for readers by dark, on a phone, and both; empty where there is none. `width` and `height` are those of `src`
    in CSS pixels, `narrow_width` and `narrow_height` those of `narrow`; 0 where they are not known. `alt` is plain
    text; an author's picture has none.
    """

    src: str
    dark: str = ""
    narrow: str = ""
    narrow_dark: str = ""
    alt: str = ""
    width: int = 0
    height: int = 0
    narrow_width: int = 0
    narrow_height: int = 0


@dataclass(frozen=True, slots=True)
class PostCard:
    """A post in a list. `summary` is HTML without charts, `description` plain text, `date` is aware.

    `picture` is the author's, or else the poster of the post's first chart. `lede` is the description where
    an author wrote one, `description` that or else the first words of the text.
    """

    title: str
    url: str
    date: datetime
    summary: Html = _NOTHING
    description: str = ""
    tags: tuple[Tag, ...] = ()
    has_charts: bool = False
    words: int = 0
    lede: str = ""
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class ChartCard:
    """A chart in the gallery. `url` leads to the chart on its page, whose address, title and date are the others.

    `caption` is HTML, `alt` plain text; each may be empty.
    """

    name: str
    url: str
    title: str
    page: str
    date: datetime | None = None
    alt: str = ""
    caption: Html = _NOTHING
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Pagination:
    """Where a page stands in the list of posts: page `number` of `total`, and the addresses of its neighbours."""

    number: int
    total: int
    newer: str = ""
    older: str = ""


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post in a long list, which has room for a line each. `date` is aware."""

    title: str
    url: str
    date: datetime


class Year(NamedTuple):
    """The posts of a year, newest first; a template may write ``{% for year, posts in years %}``."""

    year: int
    posts: tuple[PostLine, ...]


@dataclass(frozen=True, slots=True)
class PageView:
    """The page that a template renders. `previous` is the next older post, `next` the next newer one.

    `lede` is the description where the author wrote one, `description` that or else the first words of the text.
    `canonical` is a full URL, or empty without a `base_url`; `feed` the address of a tag's own feed; `picture` the
    author's, or else the poster of the first chart, and `image` its full URL where there is a `base_url`, else its
    address; `extra` the front matter that is not ours.
    """

    kind: PageKind
    title: str
    url: str
    description: str = ""
    canonical: str = ""
    feed: str = ""
    lede: str = ""
    image: str = ""
    picture: Picture | None = None
    content: Html = _NOTHING
    has_charts: bool = False
    has_math: bool = False
    date: datetime | None = None
    updated: datetime | None = None
    author: str = ""
    tags: tuple[Tag, ...] = ()
    headings: tuple[Heading, ...] = ()
    toc: bool = False
    words: int = 0
    previous: PostCard | None = None
    next: PostCard | None = None
    layout: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """A page to be made: what its template sees, and which one it is.

    `posts`, `pagination`, `years`, `tag` and `charts` belong to lists; a list's own `owner` is said in words, a
    document's is its source. All that the page's text depends on, but for the site and the templates, is in here.
    """

    view: PageView
    template: str
    owner: str
    posts: tuple[PostCard, ...] = ()
    pagination: Pagination | None = None
    years: tuple[Year, ...] = ()
    tag: CountedTag | None = None
    charts: tuple[ChartCard, ...] = ()
