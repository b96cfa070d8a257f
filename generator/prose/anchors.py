"""Anchors of headings, made exactly as GitHub makes them."""

from __future__ import annotations

import re
import unicodedata

_ASCII_DROPPED = re.compile(r"[^a-z0-9_ -]")


def slug(text: str, taken: dict[str, int]) -> str:
    """The anchor of a heading with the plain text `text`: lower case, punctuation dropped, spaces to hyphens.

    Letters, marks and digits of every script stay, as do hyphens and underscores. `taken` holds the anchors given on
    this page so far and how often each was asked for; it is brought up to date, so that a repeated heading gets ``-1``,
    the next ``-2``. A heading without a single letter gets ``section``, since an empty anchor can't be linked to.
    """
    text = text.strip().lower()
    if text.isascii():
        kept = _ASCII_DROPPED.sub("", text)
    else:
        kept = "".join(char for char in text if char in " -_" or _is_word(char))
    base = kept.replace(" ", "-") or "section"
    anchor = base
    while anchor in taken:
        taken[base] += 1
        anchor = f"{base}-{taken[base]}"
    taken[anchor] = 0
    return anchor


def _is_word(char: str) -> bool:
    """Whether the character is one of a word as Unicode's annex 18 has it: a letter, mark, digit or connector."""
    category = unicodedata.category(char)
    return category[0] in "LM" or category in ("Nd", "Pc")
