"""Redirects: the pages at the old addresses of posts, which need no server."""

from __future__ import annotations

import html

from generator.pages.policy import BARE
from generator.pages.routes import absolute, encode, to_root


def redirect(address: str, target: str, title: str, language: str, base_url: str) -> str:
    """The page at the old `address` of a post that now stands at `target`."""
    link = html.escape(to_root(address) + encode(target)[1:])
    canonical = html.escape(absolute(base_url, target)) if base_url else link
    return (
        f'<!doctype html>\n<html lang="{html.escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{BARE}">\n'
        f'<title>{html.escape(title)}</title>\n<link rel="canonical" href="{canonical}">\n'
        f'<meta name="robots" content="noindex">\n<meta http-equiv="refresh" content="0; url={link}">\n'
        f'</head>\n<body>\n<p><a href="{link}">{html.escape(title)}</a></p>\n</body>\n</html>\n'
    )
