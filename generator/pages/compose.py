"""Compose: what the template of a document's page sees."""

from __future__ import annotations

from dataclasses import replace

from generator.config import Settings
from generator.pages.articles import Article
from generator.pages.bodies import Body
from generator.pages.exhibits import dressed
from generator.pages.headings import linked
from generator.pages.links import at_root
from generator.pages.orders import Order
from generator.pages.pictures import Sizes
from generator.pages.routes import absolute, way_to_root
from generator.pages.views import Html, Page, PageView, Picture


def document_view(order: Order, article: Article, settings: Settings, sizes: Sizes) -> PageView:
    """A document's page but for the text: what hand-written includes see of it."""
    document = order.document
    width, height = sizes.of(article.image_file) or (0, 0) if article.image_file else (0, 0)
    return PageView(
        kind=document.kind,
        title=document.title,
        url=order.address,
        description=order.description,
        lede=document.description,
        canonical=canonical(order.address, settings),
        image=_image(article.image, settings),
        picture=Picture(article.image, width=width, height=height) if article.image else None,
        date=document.date,
        updated=document.updated,
        author=document.author or settings.author,
        tags=order.tags,
        headings=article.headings,
        toc=document.toc,
        words=article.prose.words,
        previous=order.older,
        next=order.newer,
        layout=document.layout,
        extra=document.extra,
    )


def document_page(order: Order, view: PageView, body: Body, settings: Settings) -> Page:
    """The page of a document with its text."""
    text = dressed(body.text, body.exhibits) if body.exhibits else body.text
    content = at_root(text, way_to_root(order.address, settings.base_url), order.address)
    full = replace(
        view,
        content=Html(linked(content)),
        has_charts=bool(body.charts),
        has_math="<math" in content,
        words=view.words + body.words,
    )
    poster = body.exhibits[0].picture if body.exhibits else None
    if not view.picture and poster:
        full = replace(full, picture=poster, image=_image(poster.src, settings))
    return Page(full, order.template, order.source)


def canonical(address: str, settings: Settings) -> str:
    """The full URL of an address of the site, empty where the site does not know its own."""
    return absolute(settings.base_url, address) if settings.base_url else ""


def _image(address: str, settings: Settings) -> str:
    return canonical(address, settings) or address if address.startswith("/") else address
