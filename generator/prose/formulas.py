"""Formulas: TeX to MathML when the site is built, so that no script has to draw them."""

from __future__ import annotations

import re
from html import escape, unescape

from generator.prose.result import Trouble
from generator.prose.tags import Found, show

_FORMULA = re.compile(
    r'<(?P<tag>span|div) class="arithmatex">\s*\\(?P<sign>[(\[])(?P<tex>.*?)\\[)\]]\s*</(?P=tag)>', re.DOTALL
)
_BOX = '<div class="formula" tabindex="0" role="group" aria-label="Formula">{}</div>'
_UNKNOWN = re.compile(r"<m[ion][^>]*>(\\[A-Za-z]+)</m[ion]>")
_BARE_AMPERSAND = re.compile(r"&(?!#?\w+;)")


def typeset(html: str, found: tuple[Found, ...]) -> tuple[str, tuple[Trouble, ...]]:
    """`html` with the formulas that Markdown marked in it as MathML, and what is wrong with their TeX.

    `found` are the include tags of the text: in a formula each is a mistake.
    """
    troubles: list[Trouble] = []

    def replaced(match: re.Match[str]) -> str:
        marked = unescape(match["tex"]).strip()
        tex = show(marked, found)
        try:
            if tex != marked:
                raise ValueError("an include can't stand in it")
            mathml = _mathml(tex, match["sign"] == "[")
        except ValueError as error:
            troubles.append(Trouble(f"this formula can't be read: {error}", tex))
            return f"<code>{escape(tex, quote=False)}</code>"
        return mathml if match["tag"] == "span" else _BOX.format(mathml)

    return _FORMULA.sub(replaced, html), tuple(troubles)


def _mathml(tex: str, block: bool) -> str:
    """The formula as a ``<math>`` element; raises ValueError with what is wrong."""
    from latex2mathml.converter import convert  # as slow to import as Markdown itself, and few texts need it

    if not tex:
        raise ValueError("it is empty")
    if (depth := _brace_depth(tex)) != 0:
        raise ValueError("a '{' is not closed" if depth > 0 else "a '}' closes nothing")
    try:
        mathml: str = convert(tex, display="block" if block else "inline")
    except Exception as error:  # each of latex2mathml's complaints is an exception of its own, without a common base
        raise ValueError(_words(type(error).__name__)) from error
    if unknown := _UNKNOWN.search(mathml):
        raise ValueError(f"{unknown[1]} is not a command that is known here")
    return _BARE_AMPERSAND.sub("&amp;", mathml).replace("<math ", f'<math alttext="{escape(tex)}" ', 1)


def _brace_depth(tex: str) -> int:
    depth = 0
    for brace in re.findall(r"\\.|[{}]", tex, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if depth < 0:
            break
    return depth


def _words(name: str) -> str:
    """``MissingSuperScriptOrSubscriptError`` as ``missing super script or subscript``."""
    return " ".join(re.findall("[A-Z][a-z]*", name.removesuffix("Error"))).lower()
