"""A blog by Pelican."""

from pathlib import Path

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

AUTHOR = "Nobody"
SITENAME = "A blog"
SITEURL = "https://example.org"
PATH = "content"
ARTICLE_PATHS = ["posts"]
STATIC_PATHS = ["images", "extra"]
EXTRA_PATH_METADATA = {f"extra/{file.name}": {"path": file.name} for file in Path("content/extra").iterdir()}
OUTPUT_PATH = "output"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
THEME = "theme"
PLUGINS: list[str] = []
SLUGIFY_SOURCE = "basename"
USE_FOLDER_AS_CATEGORY = False
STATIC_CREATE_LINKS = False

ARTICLE_URL, ARTICLE_SAVE_AS = "posts/{slug}/", "posts/{slug}/index.html"
TAG_URL, TAG_SAVE_AS = "tags/{slug}/", "tags/{slug}/index.html"
ARCHIVES_SAVE_AS, TAGS_SAVE_AS, SITEMAP_SAVE_AS = "archive/index.html", "tags/index.html", "sitemap.xml"
CATEGORY_SAVE_AS = CATEGORIES_SAVE_AS = AUTHOR_SAVE_AS = AUTHORS_SAVE_AS = ""
DIRECT_TEMPLATES = ["index", "archives", "tags", "sitemap", "404"]
PAGINATED_TEMPLATES = {"index": 10}
DEFAULT_PAGINATION = 10
PAGINATION_PATTERNS = ((1, "{url}", "{save_as}"), (2, "page/{number}/", "page/{number}/index.html"))

FEED_ATOM = "feed.xml"
FEED_MAX_ITEMS = 20
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None

CACHE_CONTENT = LOAD_CONTENT_CACHE = True
CONTENT_CACHING_LAYER = "reader"
CHECK_MODIFIED_METHOD = "mtime"
SUMMARY_MAX_LENGTH = None


class Charts(Preprocessor):
    """Puts the chart where its tag stands: set aside at once, it costs Markdown nothing."""

    def run(self, lines: list[str]) -> list[str]:
        return [self._line(line) for line in lines]

    def _line(self, line: str) -> str:
        if not line.startswith("{% include "):
            return line
        return self.md.htmlStash.store(Path("includes", line.split()[2]).read_text())


class Including(Extension):
    """Knows the tag."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        md.preprocessors.register(Charts(md), "charts", 26)


MARKDOWN = {
    "extensions": [
        Including(),
        "markdown.extensions.fenced_code",
        "markdown.extensions.codehilite",
        "markdown.extensions.tables",
        "markdown.extensions.footnotes",
        "markdown.extensions.meta",
    ],
    "extension_configs": {"markdown.extensions.codehilite": {"css_class": "highlight", "guess_lang": False}},
    "output_format": "html5",
}
