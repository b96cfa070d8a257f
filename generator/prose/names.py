"""Names: what a screen reader calls the parts without words of their own: ways back from footnotes, boxes of tasks."""

from __future__ import annotations

import re

_BOX = '<input type="checkbox" disabled'
_LIST = '<div class="footnote">\n<hr>'
_LIST_NAMED = '<div class="footnote" role="doc-endnotes" aria-label="Footnotes">\n<hr>'
_REFERENCE = '<a class="footnote-ref" '
_REFERENCE_NAMED = '<a class="footnote-ref" role="doc-noteref" '
_BACK = re.compile(
    r'<a class="footnote-backref" href="#fnref(?P<time>[0-9]*)-(?P<name>[^"]*)" title="(?P<title>[^"]*)">'
)


def named(html: str) -> str:
    """`html` whose footnotes carry the roles and names of DPUB-ARIA 1.1, and whose boxes say if a task is done.

    The way back to the second reference to a note is named as such.
    """
    if _BOX in html:
        html = html.replace(f"{_BOX} checked/>", f'{_BOX} checked aria-label="Done">')
        html = html.replace(f"{_BOX}/>", f'{_BOX} aria-label="To do">')
    if _LIST not in html:
        return html
    html = html.replace(_LIST, _LIST_NAMED).replace(_REFERENCE, _REFERENCE_NAMED)
    return _BACK.sub(_back, html)


def _back(match: re.Match[str]) -> str:
    label = match["title"] + (f", place {match['time']}" if match["time"] else "")
    return (
        f'<a class="footnote-backref" href="#fnref{match["time"]}-{match["name"]}" role="doc-backlink"'
        f' aria-label="{label}" title="{label}">'
    )
