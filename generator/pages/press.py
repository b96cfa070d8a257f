"""The press: one page from its value to its finished HTML under its policy: a document's from its order, a list's from
its `Page`."""

from __future__ import annotations

from dataclasses import replace

from generator import digests
from generator.config import Settings
from generator.pages import checks, compose, policy
from generator.pages.articles import Article, article
from generator.pages.bodies import Body, body, exhibited
from generator.pages.entries import quiet
from generator.pages.includes import feed_form
from generator.pages.links import neutral_address
from generator.pages.machine import FeedOrder, feed
from generator.pages.orders import Order
from generator.pages.printed import Printed
from generator.pages.records import record
from generator.pages.references import References
from generator.pages.render import Renderer, TemplateError
from generator.pages.routes import way_to_root
from generator.pages.typesetting import Texts
from generator.pages.views import Page, PageView, SiteView


class Press:
    """Prints pages. What they see of the site beside their own values is handed in with each."""

    def __init__(self, settings: Settings, renderer: Renderer, texts: Texts) -> None:
        self._settings, self._renderer, self._texts = settings, renderer, texts
        self._fed: dict[str, str] = {}

    def document(self, order: Order, references: References, site: SiteView) -> tuple[Printed, bytes]:
        """The page of a document, with everything that is wrong with it."""
        text, view, inserted = self._parts(order, references, site)
        if (text.problems or inserted.problems) and not order.document.body:
            # Only their places are looked up in the Markdown: it is read for them alone.
            whole = replace(order, document=self._texts.whole(order.document))
            text, view, inserted = self._parts(whole, references, site)
        inserted = exhibited(inserted, order.address, references)
        page = compose.document_page(order, view, inserted, self._settings)
        printed = Printed(
            text=digests.of_bytes(inserted.text.encode()),
            words=page.view.words,
            charts=inserted.charts,
            picture=page.view.picture,
            anchors=(*text.anchors, *inserted.anchors),
            copied={**text.copied, **inserted.copied},
            problems=(*text.problems, *inserted.problems),
            exhibits=inserted.exhibits,
        )
        return self._finished(page, site, printed)

    def list(self, value: Page | FeedOrder, references: References, site: SiteView) -> tuple[Printed, bytes]:
        """A page that is no document's, or a feed."""
        if isinstance(value, Page):
            return self._finished(value, site, Printed())
        return self._feed(value, references, site)

    def _feed(self, order: FeedOrder, references: References, site: SiteView) -> tuple[Printed, bytes]:
        def text(post: Order) -> str:
            # A post is in several feeds. Its `Printed`, which is in their orders, says whether its text is as it was:
            # what the text itself looks up need not be noted for each of them.
            if post.source not in self._fed:
                whole = self._parts(post, references, site)[2].text
                self._fed[post.source] = quiet(
                    feed_form(whole, neutral_address(post.address), references.posters.picture)
                )
            return self._fed[post.source]

        data = feed(order, self._settings, text).encode()
        return Printed(digest=digests.of_bytes(data), size=len(data)), data

    def record(self, order: Order, references: References, site: SiteView) -> tuple[str, str]:
        """A document as the search knows it: the path of its page, and HTML."""
        return record(order, self._parts(order, references, site)[2].text, self._settings.language)

    def _parts(self, order: Order, references: References, site: SiteView) -> tuple[Article, PageView, Body]:
        text = article(order.document, self._texts[order.source], references.routes, references.nearest)
        view = compose.document_view(order, text, self._settings, references.sizes)
        return text, view, body(text, view, site, references)

    def _finished(self, page: Page, site: SiteView, printed: Printed) -> tuple[Printed, bytes]:
        try:
            html = self._renderer.render(page, way_to_root(page.view.url, self._settings.base_url), site)
        except TemplateError as error:
            return replace(printed, problems=(*printed.problems, error.problem)), b""
        html, asked = policy.guarded(html, compiles=page.view.kind == "search")
        data = html.encode()
        anchors = checks.unsettled(printed.anchors, page.view.url, data)
        return replace(printed, digest=digests.of_bytes(data), size=len(data), anchors=anchors, asked=asked), data
