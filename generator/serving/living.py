"""Living: a page of the site as it is served: with the script that shows it anew, and a policy that lets it.

Only what goes to the browser is changed, never a file.
"""

from __future__ import annotations

import html
import re

from generator.serving.sight import Sight

SCRIPT, STYLE, EVENTS = "/_visualposts/live.js", "/_visualposts/live.css", "/_visualposts/events"

BLANK = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>visualposts</title>
</head>
<body></body>
</html>
"""
"""The page of a site that has not been built even once."""

_POLICY = re.compile(
    r"""(<meta\s[^>]*http-equiv=["']?content-security-policy["']?[^>]*?\scontent=)("[^"]*"|'[^']*')""", re.IGNORECASE
)
_NEEDED = ("script-src", "style-src", "connect-src")
_ENDS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in (r"</head\s*>", r"<body\b", r"\Z"))
_REDIRECT = re.compile(r"""<meta\s[^>]*http-equiv=["']?refresh""", re.IGNORECASE)


def living(text: str, seen: Sight) -> str:
    """The HTML `text` with the script, which is told what its page shows; a page that only leads on stays as it is."""
    if _REDIRECT.search(text, 0, 4096):
        return text
    script = f'<script defer src="{SCRIPT}" data-page="{seen.page}" data-style="{seen.style}"></script>\n'
    text = _POLICY.sub(lambda match: match[1] + _allowing(match[2]), text)
    end = next(match for pattern in _ENDS if (match := pattern.search(text)))
    return f"{text[: end.start()]}{script}{text[end.start() :]}"


def _allowing(quoted: str) -> str:
    """A quoted policy that lets the files of this server be loaded and asked."""
    mark, policy = quoted[0], html.unescape(quoted[1:-1])
    directives = dict(_directive(part) for part in policy.split(";") if part.strip())
    for name in _NEEDED:
        sources = directives.get(name, directives.get("default-src"))
        if sources is not None and "'self'" not in sources:
            directives[name] = [*(source for source in sources if source.lower() != "'none'"), "'self'"]
    text = "; ".join(" ".join((name, *sources)) for name, sources in directives.items())
    return f"{mark}{text.replace(mark, '&quot;' if mark == chr(34) else '&#39;')}{mark}"


def _directive(part: str) -> tuple[str, list[str]]:
    name, *sources = part.split()
    return name.lower(), sources
