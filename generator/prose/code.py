"""Code: highlighted with Pygments classes at build time, and the style sheet for those classes."""

from __future__ import annotations

from functools import cache
from html import escape

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES, Token, _TokenType
from pygments.util import ClassNotFound


def highlight(code: str, language: str) -> str:
    """`code` as ``<div class="highlight">…</div>``; a language that Pygments doesn't know gives plain text."""
    lexer = _lexer(language)
    if lexer is None:
        body, label = escape(code, quote=False), "Code"
    else:
        body, label = _spans(code, lexer), f"{escape(lexer.name)} code"
    return box(body, label, language)


def box(body: str, label: str = "Code", language: str = "") -> str:
    """`body`, which is HTML already, as a block of code that can be scrolled by keyboard."""
    of = f' data-language="{escape(language)}"' if language else ""
    opening = f'<div class="highlight"{of}><pre tabindex="0" role="group" aria-label="{label}"><code>'
    return f"{opening}{body}</code></pre></div>"


def _spans(code: str, lexer: Lexer) -> str:
    # Pygments' own HTML formatter spends as long as many a lexer: it works line by line, for line numbers that we
    # don't have. Neighbours of one class share a span here.
    parts: list[str] = []
    open_class, held = "", ""
    for token, value in lexer.get_tokens(code):
        name = _class(token)
        if name == open_class or value.isspace():  # white space looks the same in any colour
            held += value
        else:
            parts.append(_span(open_class, held))
            open_class, held = name, value
    parts.append(_span(open_class, held))
    return "".join(parts)


def _span(name: str, text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<span class="{name}">{text}</span>' if name and text else text


@cache
def _class(token: _TokenType) -> str:
    """Pygments' short class for a token type, or that of the nearest type above it that has one."""
    while token not in STANDARD_TYPES:
        token = token.parent or Token
    name = STANDARD_TYPES[token]
    return "" if name == "w" else name


@cache
def _lexer(language: str) -> Lexer | None:
    # Kept for the life of the process: finding a lexer goes through some 600 entries, making one compiles its rules.
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=True) if language else None
    except ClassNotFound:
        return None


def stylesheet() -> str:
    """CSS for the classes of `highlight`: a light style, and a dark one for those who prefer it."""
    from pygments.formatters.html import HtmlFormatter

    def rules(style: str) -> str:
        css: str = HtmlFormatter(style=style).get_style_defs(".highlight")  # type: ignore[no-untyped-call]
        return css

    return f"{rules('xcode')}\n@media (prefers-color-scheme: dark) {{\n{rules('github-dark')}\n}}\n"
