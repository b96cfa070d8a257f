"""The press: pages, from their orders to their finished HTML under its policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.config import Settings
from generator.errors import Problem
from generator.model import Output
from generator.pages import compose, policy
from generator.pages.articles import article
from generator.pages.bodies import body
from generator.pages.includes import feed_form
from generator.pages.links import Anchor, neutral_address
from generator.pages.orders import Order
from generator.pages.references import References
from generator.pages.render import Renderer, TemplateError
from generator.pages.routes import output_path, way_to_root
from generator.pages.views import Page, Picture, SiteView
from generator.prose import Prose


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished page and what the rest of the site wants to know of it.

    `output` is None where a template is broken. `words` counts those of includes too; `charts` are names in their
    order; `picture` is the author's, or else the poster of the first chart; `copied` maps the files that links name to
    their addresses; `asked` are the other hosts that its readers ask.
    """

    output: Output | None
    words: int = 0
    charts: tuple[str, ...] = ()
    picture: Picture | None = None
    anchors: tuple[Anchor, ...] = ()
    copied: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    asked: tuple[str, ...] = ()


class Press:
    """Prints the pages of a site; `prose` is the rendered Markdown of its documents, by source."""

    def __init__(
        self,
        settings: Settings,
        site: SiteView,
        references: References,
        renderer: Renderer,
        prose: Mapping[str, Prose],
    ) -> None:
        self._settings, self._site, self._references = settings, site, references
        self._renderer, self._prose = renderer, prose

    def printed(self, order: Order) -> Printed:
        """The page of `order`, with everything that is wrong with it."""
        document = order.document
        text = article(document, self._prose[order.source], self._references.routes, self._references.nearest)
        view = compose.document_view(order, text, self._settings, self._references.sizes)
        inserted = body(text, view, self._site, self._references)
        page = compose.document_page(order, view, inserted, self._settings)
        made = self.listed(page)
        return Printed(
            made.output,
            page.view.words,
            inserted.charts,
            page.view.picture,
            (*text.anchors, *inserted.anchors),
            {**text.copied, **inserted.copied},
            (*text.problems, *inserted.problems, *made.problems),
            made.asked,
        )

    def listed(self, page: Page) -> Printed:
        """A page that is no document's, or that has its text already."""
        address = page.view.url
        try:
            html = self._renderer.render(page, way_to_root(address, self._settings.base_url))
        except TemplateError as error:
            return Printed(None, problems=(error.problem,))
        html, asked = policy.guarded(html, compiles=page.view.kind == "search")
        return Printed(Output(output_path(address), html.encode(), page.owner), asked=asked)

    def text(self, order: Order) -> str:
        """The text of a document in neutral form (see `links`), includes put in."""
        text = article(order.document, self._prose[order.source], self._references.routes, self._references.nearest)
        view = compose.document_view(order, text, self._settings, self._references.sizes)
        return body(text, view, self._site, self._references).text

    def entry(self, order: Order) -> str:
        """The text of a document as feeds show it, in neutral form."""
        return feed_form(self.text(order), neutral_address(order.address), self._references.posters.picture)
