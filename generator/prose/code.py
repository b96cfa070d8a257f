"""Code: highlighted with Pygments classes at build time, and the style sheet for those classes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from html import escape

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES, Token, _TokenType
from pygments.util import ClassNotFound

from generator.prose.lexing import hurried

# Light and dark, each colour with a contrast of at least 7 to its ground (none of Pygments' own styles has that
# throughout). The first role that a token's type belongs to counts.
_GROUND = ("#f5f6f8", "#171b22")
_INK = ("#1f2430", "#e2e6ee")
_ROLES: tuple[tuple[_TokenType, tuple[str, str], str], ...] = (
    (Token.Comment, ("#4a5260", "#a9b3c1"), "; font-style: italic"),
    (Token.Keyword, ("#8b1a66", "#f2a3d0"), ""),
    (Token.Operator.Word, ("#8b1a66", "#f2a3d0"), ""),
    (Token.Literal.Number, ("#853800", "#f5b97a"), ""),
    (Token.Literal, ("#1d5c2e", "#a5d9a0"), ""),
    (Token.Name.Function, ("#15509e", "#93c5ff"), ""),
    (Token.Name.Class, ("#6a2fa0", "#cdb4ff"), ""),
    (Token.Name.Exception, ("#6a2fa0", "#cdb4ff"), ""),
    (Token.Name.Decorator, ("#6a2fa0", "#cdb4ff"), ""),
    (Token.Name.Builtin, ("#0b5a6b", "#7fd6e6"), ""),
    (Token.Name.Tag, ("#8b1a66", "#f2a3d0"), ""),
    (Token.Name.Attribute, ("#15509e", "#93c5ff"), ""),
    (Token.Generic.Deleted, ("#a11218", "#ffa8a3"), ""),
    (Token.Generic.Inserted, ("#1d5c2e", "#a5d9a0"), ""),
    (Token.Generic.Heading, _INK, "; font-weight: bold"),
    (Token.Generic.Subheading, _INK, "; font-weight: bold"),
    (Token.Generic.Strong, _INK, "; font-weight: bold"),
    (Token.Generic.Emph, _INK, "; font-style: italic"),
    (Token.Generic.Prompt, ("#4a5260", "#a9b3c1"), ""),
    (Token.Generic.Output, ("#4a5260", "#a9b3c1"), ""),
    (Token.Generic.Error, ("#a11218", "#ffa8a3"), ""),
    (Token.Generic.Traceback, ("#a11218", "#ffa8a3"), ""),
)


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
        return hurried(get_lexer_by_name(language, stripnl=False, ensurenl=True)) if language else None
    except ClassNotFound:
        return None


def stylesheet() -> str:
    """CSS for the classes of `highlight`: each colour a pair for light and dark, chosen by the page's color-scheme."""
    return "\n".join(_rules()) + "\n"


def _rules() -> Iterator[str]:
    yield f".highlight {{ background: {_pair(_GROUND)}; color: {_pair(_INK)} }}"
    for role, colours, more in _ROLES:
        names = sorted({_class(token) for token in STANDARD_TYPES if _role(token) is role} - {""})
        selectors = ", ".join(f".highlight .{name}" for name in names)
        yield f"{selectors} {{ color: {_pair(colours)}{more} }}"


def _pair(colours: tuple[str, str]) -> str:
    return f"light-dark({colours[0]}, {colours[1]})"


def _role(token: _TokenType) -> _TokenType | None:
    """The most special of the types with a colour of their own that `token` belongs to."""
    return next((role for role, _, _ in _ROLES if token[: len(role)] == role), None)
