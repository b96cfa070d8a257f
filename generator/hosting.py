"""Hosting: what GitHub Pages takes, and at which address it serves a branch."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from generator.config import FILE
from generator.errors import Place, Problem, warning
from generator.model import Output
from generator.report import size

LARGEST_FILE = 100 * 10**6
LARGEST_SITE = 10**9
"""Bytes. GitHub refuses a push with a larger file, and asks for no larger site; other hosts draw similar lines."""

WORKFLOW = ".github/workflows/pages.yml"
"""Where the top of a repository keeps the file by which GitHub builds the site itself."""

_GITHUB = re.compile(
    r"(?:(?:https?|ssh|git)://(?:[^/@]*@)?(?:www\.|ssh\.)?github\.com(?::\d+)?/|(?:[^/@]*@)?github\.com:/?)"
    r"(?P<user>[\w.-]+)/(?P<name>[\w.-]+?)(?:\.git)?/?"
)


@dataclass(frozen=True, slots=True)
class Project:
    """A repository on GitHub."""

    user: str
    name: str

    @property
    def pages(self) -> str:
        """The address of its site, where no domain of the author's own leads to it."""
        host = f"https://{self.user.lower()}.github.io"
        return host if self.name.lower() == f"{self.user}.github.io".lower() else f"{host}/{self.name}"

    @property
    def settings(self) -> str:
        """Where its owner chooses what Pages serves."""
        return f"https://github.com/{self.user}/{self.name}/settings/pages"


def github(url: str) -> Project | None:
    """The repository on GitHub that a remote's `url` names, however it is written; None for another host."""
    match = _GITHUB.fullmatch(url)
    return Project(match["user"], match["name"]) if match else None


def address(project: Project, domain: str) -> str:
    """Where a site of `project` is served; `domain` is what its ``CNAME`` holds, or empty."""
    return f"https://{domain}" if domain else project.pages


def domain(cname: bytes | None) -> str:
    """The domain that a ``CNAME`` file holds; empty if it holds none."""
    return (cname or b"").decode(errors="replace").strip().partition("\n")[0].strip().lower()


def mismatch(project: Project, base_url: str, domain: str) -> Problem | None:
    """A warning where the site will not be at the address that its settings name; feeds and sitemap would be wrong."""
    expected = address(project, domain)
    if not base_url or _bare(base_url) == _bare(expected):
        return None
    host = urlsplit(base_url).hostname or ""
    own = not host.endswith(".github.io")
    if own and not domain and urlsplit(base_url).path.strip("/") == project.name:
        return None  # the domain of the user's own site serves their other repositories too
    hint = f'set base_url = "{expected}"'
    if own and not domain:
        hint = f"for a domain of your own put '{host}' into content/static/CNAME; without one {hint}"
    return warning(f"base_url is {base_url}, but GitHub Pages serves this at {expected}", Place(FILE), hint)


def too_large(outputs: Iterable[tuple[str, int]]) -> tuple[Problem, ...]:
    """What is wrong with the sizes of a site's files, given as paths and bytes."""
    files = sorted(outputs)
    hint = "keep data and videos elsewhere, and link to them"
    problems = [
        Problem(
            f"the file is {size(count)}; hosts take files of up to {size(LARGEST_FILE)}", Place(f"site/{path}"), hint
        )
        for path, count in files
        if count > LARGEST_FILE
    ]
    whole = sum(count for _, count in files)
    if whole > LARGEST_SITE and not problems:
        path, count = max(files, key=lambda file: file[1])
        message = f"the site is {size(whole)}; hosts take sites of up to {size(LARGEST_SITE)}"
        problems.append(Problem(message, hint=f"its largest file is {path}, {size(count)}; {hint}"))
    return tuple(problems)


def sizes(outputs: Iterable[Output]) -> list[tuple[str, int]]:
    return [(output.path, output.size()) for output in outputs]


def _bare(url: str) -> str:
    parts = urlsplit(url)
    return f"{(parts.hostname or '').lower()}{parts.path.rstrip('/')}"
