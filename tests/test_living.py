"""Living: the script in a served page, and a policy that lets it."""

from __future__ import annotations

import pytest

from generator.serving.living import BLANK, SCRIPT, living
from generator.serving.sight import Sight

SEEN = Sight("1", "2")
TAG = f'<script defer src="{SCRIPT}" data-page="1" data-style="2"></script>\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<head><title>x</title></head><body>", f"<head><title>x</title>{TAG}</head><body>"),
        ("<title>x</title><body class=a>", f"<title>x</title>{TAG}<body class=a>"),
        ("<p>x", f"<p>x{TAG}"),
    ],
)
def test_the_script_comes_last_in_the_head(text: str, expected: str) -> None:
    assert living(text, SEEN) == expected
    assert TAG in living(BLANK, SEEN)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("script-src 'self'; style-src 'self'; connect-src 'self'", None),
        ("img-src *", None),
        (
            "default-src 'none'; img-src 'self'",
            "default-src 'none'; img-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'",
        ),
        (
            "default-src https:; Script-Src 'sha256-x'; connect-src 'none'",
            "default-src https:; script-src 'sha256-x' 'self'; connect-src 'self'; style-src https: 'self'",
        ),
    ],
)
@pytest.mark.parametrize("mark", ['"', "'"])
def test_the_policy_lets_it(policy: str, expected: str | None, mark: str) -> None:
    def page(policy: str) -> str:
        written = policy.replace(mark, "&quot;" if mark == '"' else "&#39;")
        return f"<meta http-equiv={mark}Content-Security-Policy{mark} content={mark}{written}{mark}>"

    assert living(page(policy), SEEN) == f"{page(expected or policy)}{TAG}"


def test_a_page_that_only_leads_on_stays_as_it_is() -> None:
    text = '<meta http-equiv="refresh" content="0; url=../new/"><body>'
    assert living(text, SEEN) == text
