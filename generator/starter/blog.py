"""Blog: a new one, which builds at once."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

from generator import files, git, hosting
from generator.errors import AuthorError, Place, Problem, UsageError, VisualpostsError
from generator.git import Repository
from generator.report import Report
from generator.starter import templates, workflow

KEPT = frozenset({".gitignore", "site/.gitignore"})
"""Files that stay where they are there: a new repository often has one, and it harms nobody."""
_ABOUT = {
    "pyproject.toml": "the settings",
    "index.md": "a post",
    "charts.py": "and its chart",
    "about.md": "a page",
    "pages.yml": "builds the site on GitHub",
}


def init(folder: Path, title: str, report: Report, now: datetime | None = None) -> None:
    """Make a blog in `folder`, which may hold other things; `title` is its name, or empty for that of the folder.

    Raises AuthorError with everything that is in the way, and then nothing was written.
    """
    repository = _repository(folder)
    wanted = contents(folder, title, repository, now or datetime.now(UTC))
    kept = [path for path in sorted(KEPT) if (folder / path).is_file()]
    texts = {path: text for path, text in wanted.items() if path not in kept}
    if problems := [problem for path in texts if (problem := _in_the_way(folder, path))]:
        raise AuthorError(problems)
    for path, text in texts.items():
        files.write(folder / path, text.encode())
    width = max(map(len, texts))
    for path in texts:
        report.line(f"wrote {path:<{width}}  {_ABOUT.get(path.rpartition('/')[2], '')}".rstrip())
    for path in kept:
        if lacking := _lacking(folder / path, wanted[path]):
            report.line(f"left as it is: {path}; it should have {' '.join(lacking)}")
    _tell_next(folder, report, by_github=workflow.PATH in texts)


def contents(folder: Path, title: str, repository: Repository | None, now: datetime) -> dict[str, str]:
    """The files of a new blog, by their paths."""
    name = folder.resolve().name.encode(errors="replace").decode()
    title = " ".join(title.split()) or _spoken(name)
    author = git.setting(_existing(folder), "user.name")
    post = f"content/posts/{now:%Y-%m-%d}-birthdays"
    settings = templates.filled(
        "pyproject.toml",
        name=re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "blog",
        title=templates.quoted(title),
        author=f"author = {templates.quoted(author)}\n" if author else "",
        base_url=_base_url(repository),
    )
    wanted = {
        "pyproject.toml": settings,
        f"{post}/index.md": templates.filled("post.md"),
        f"{post}/charts.py": templates.filled("charts.py"),
        "content/pages/about.md": templates.filled("about.md", by=f" by {author}" if author else ""),
        ".gitignore": templates.filled("gitignore"),
        "site/.gitignore": templates.filled("site.gitignore"),
    }
    if repository is None or not repository.folder:
        wanted[workflow.PATH] = workflow.text(workflow.branch_of(repository, _existing(folder)))
    return wanted


def _repository(folder: Path) -> Repository | None:
    """The repository that `folder` lies or will lie in; a blog can do without, and without git."""
    try:
        found = git.find(_existing(folder))
    except VisualpostsError:
        return None
    if found is None or folder.is_dir():
        return found
    inside = folder.resolve().relative_to(found.top.resolve()).as_posix()
    return Repository(found.top, inside, found.format)


def _existing(folder: Path) -> Path:
    """`folder`, or what there is of the way to it."""
    return next(place for place in (folder, *folder.parents) if place.is_dir())


def _base_url(repository: Repository | None) -> str:
    try:
        place = hosting.github(repository.url("origin")) if repository else None
    except UsageError:
        place = None
    if place:
        return f"base_url = {templates.quoted(place.pages)}"
    return '# base_url = "https://example.org/blog"  # where it will be: for the feed, the sitemap and social tags'


def _spoken(name: str) -> str:
    """The name of a folder as a title: ``my-blog`` is *My blog*."""
    words = " ".join(re.split(r"[-_\s]+", name)).strip()
    return words[:1].upper() + words[1:] or "My blog"


def _in_the_way(folder: Path, path: str) -> Problem | None:
    parts = path.split("/")
    for depth in range(1, len(parts)):
        place = "/".join(parts[:depth])
        if (folder / place).exists() and not (folder / place).is_dir():
            return Problem(f"this file stands where the folder {place} is to be", Place(place))
    if (folder / path).exists() or (folder / path).is_symlink():
        return Problem("this is in the way", Place(path), "move it away, or name another folder")
    return None


def _lacking(path: Path, wanted: str) -> list[str]:
    there = {line.strip().rstrip("/") for line in path.read_text(encoding="utf-8", errors="replace").splitlines()}
    return [line for line in wanted.splitlines() if line.rstrip("/") not in there]


def _tell_next(folder: Path, report: Report, *, by_github: bool) -> None:
    if not by_github:
        report.line(
            "for a workflow at the top of the repository, by which GitHub builds it: visualposts publish --workflow"
        )
    report.line()
    report.line("Next:")
    if folder != Path.cwd():
        there = folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder
        report.line(f"  cd {shlex.quote(str(there))}")
    report.line("  visualposts serve                  shows the site in a browser and follows what you save")
    report.line('  visualposts new post "A title"     begins a post; new chart NAME begins a chart for it')
    report.line("  visualposts build                  runs what has changed, checks everything, writes site/")
    report.line("  visualposts publish                brings that to the branch gh-pages of a remote")
    if by_github:
        report.line(f"  git push                           or lets GitHub build it, by {workflow.PATH}")
