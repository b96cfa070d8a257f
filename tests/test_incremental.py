"""Incremental builds: after any edits, the site is byte for byte what a build without memory makes of the same sources.

Each step edits a small blog at random, builds it with its memory and its folder, and compares all files, or all that is
wrong, with the site assembled from nothing. ``pytest --steps 500`` walks further.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator import config
from generator.config import Settings
from generator.errors import AuthorError, Problem
from generator.fragment import Fragment
from generator.memory import FILE
from generator.model import Origin
from generator.pages import posts, site
from generator.pages.desk import Choice, Desk
from generator.pages.typesetting import Typesetting
from generator.poster import key

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SEEDS = 3
STEPS = 12
WORDS = ["data", "chart", "group", "line", "Spark", "mean", "point", "café", "Straße", "cluster", "colour"]
TAGS = ["charts", "Charts", "data", "spark", "C++", "notes"]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{0}"/>'
POST = "content/posts"
CODE = Origin(f"{POST}/code/charts.py", (f"{POST}/code/_words.py",), ("chart",))


class Author:
    """Someone who edits the blog in `project` at random."""

    def __init__(self, project: Path, seed: int) -> None:
        self.project, self.random = project, random.Random(seed)
        self.count = 0
        for _ in range(6):
            self.add_post()
        self.edit_page("about")
        self.edit_page("more")
        self.edit_settings()
        self.edit_include()
        self.edit_chart()
        self.edit_code()
        self.edit_picture()

    def edit(self) -> str:
        """Do one of the things that authors do, and say which."""
        deeds: list[Callable[[], None]] = [
            *(self.add_post, self.edit_text, self.edit_text, self.edit_front, self.edit_front, self.rename),
            *(self.remove, self.edit_page, self.edit_settings, self.edit_include, self.edit_chart, self.add_poster),
            *(self.edit_picture, self.edit_code, self.edit_template, self.spoil_site, self.spoil_memory, self.rest),
        ]
        deed = self.random.choice(deeds)
        deed()
        return deed.__name__

    def write(self, path: str, text: str) -> None:
        (self.project / path).parent.mkdir(parents=True, exist_ok=True)
        (self.project / path).write_text(text, encoding="utf-8")

    def some(self, pattern: str) -> Path | None:
        found = sorted(self.project.glob(pattern))
        return self.random.choice(found) if found else None

    def words(self, count: int) -> str:
        return " ".join(self.random.choices(WORDS, k=count))

    def add_post(self) -> None:
        self.count += 1
        name = f"{POST}/p{self.count}.md" if self.random.random() < 0.7 else f"{POST}/p{self.count}/index.md"
        front = [f"title: {self.words(2)} {self.count}", f"date: 2026-0{self.random.randint(1, 9)}-01"]
        self.write(name, "\n".join(["---", *front, "---", self.text()]))

    def text(self) -> str:
        """Some paragraphs, with whatever a page may depend on."""
        other = self.random.choice(["about", "more"])
        parts = [
            f"## {self.words(2)}",
            f"See [that](/{other}/) and [its end](/{other}/#end).",
            "{% include chart.html %}",
            '{% include note.html word="' + self.words(1) + '" %}',
            "![picture](/picture.svg)",
            "Back to [the top](#top) and [home](/).",
            "## End",
            f"```python\n{self.words(1)} = {self.random.randint(1, 99)}\n```",
            "<!-- more -->",
        ]
        chosen = self.random.sample(parts, self.random.randint(0, 4))
        return "\n\n".join([self.words(self.random.randint(5, 40)), *chosen, self.words(5)]) + "\n"

    def edit_text(self) -> None:
        if path := self.some(f"{POST}/**/*.md"):
            head, fence, text = path.read_text(encoding="utf-8").partition("\n---\n")
            old = self.random.choice(text.split() or ["x"])
            text = self.text() if self.random.random() < 0.5 else text.replace(old, self.words(1), 1)
            path.write_text(head + fence + text, encoding="utf-8")

    def edit_front(self) -> None:
        """Another line of front matter. Some give two posts one address: then that is told."""
        if path := self.some(f"{POST}/**/*.md"):
            line = self.random.choice(
                [
                    f"tags: [{', '.join(self.random.sample(TAGS, 2))}]",
                    "draft: true",
                    f"aliases: /old/{self.random.randint(1, 3)}/",
                    f"description: {self.words(3)}",
                    "image: /picture.svg",
                    "toc: false",
                    f"updated: 2026-10-0{self.random.randint(1, 9)}",
                    f"mood: {{is: {self.words(1)}, since: 2026-01-01}}",
                    f"slug: {self.random.choice(WORDS[:4])}-{self.random.randint(1, 5)}",
                ]
            )
            head, fence, text = path.read_text(encoding="utf-8").partition("\n---\n")
            kept = [other for other in head.split("\n") if other.partition(":")[0] != line.partition(":")[0]]
            path.write_text("\n".join([*kept, line]) + fence + text, encoding="utf-8")

    def rename(self) -> None:
        if path := self.some(f"{POST}/*.md"):
            self.count += 1
            path.rename(path.with_name(f"p{self.count}.md"))

    def remove(self) -> None:
        if len(list(self.project.glob(f"{POST}/**/*.md"))) > 3 and (path := self.some(f"{POST}/**/*.md")):
            path.unlink()

    def edit_page(self, name: str = "about") -> None:
        end = "## End\n" if self.random.random() < 0.9 else ""
        self.write(f"content/pages/{name}.md", f"---\ntitle: {self.words(1)}\n---\n{self.text()}\n{end}")

    def mend(self, complaints: list[str]) -> str:
        """Write anew what is complained of, if it is a post, or else the page that is linked to."""
        for path in {complaint.partition(":")[0] for complaint in complaints}:
            if path.startswith(POST):
                self.write(path, f"---\ntitle: {self.words(2)}\ndate: 2026-01-02\n---\n{self.words(9)}\n")
        self.edit_page()
        self.edit_page("more")
        return "mend"

    def edit_settings(self) -> None:
        lines = ["[tool.visualposts]", f'title = "{self.words(2)}"', f"paginate = {self.random.randint(1, 4)}"]
        if self.random.random() < 0.7:
            lines.append('base_url = "https://example.org/blog"')
        if self.random.random() < 0.3:
            lines.append('nav = [{ title = "Tags", url = "/tags/" }]')
        if self.random.random() < 0.5:
            lines.append("show_code = true")
        if self.random.random() < 0.3:
            lines.append('permalink = "/:year/:slug/"')
        self.write("pyproject.toml", "\n".join(lines) + "\n")

    def edit_include(self) -> None:
        shown = self.random.choice(
            ["page.title", "site.title", "site.tags | length", "page.previous.title", "include.word"]
        )
        inner = self.random.choice(["", "{% include inner.html %}", "{% import 'inner.html' as inner %}"])
        self.write("includes/note.html", f"<p>{self.words(2)} {{{{ {shown} }}}}</p>{inner}<a href='/about/'>a</a>\n")
        self.write("includes/inner.html", f"<i>{self.words(1)}</i>\n")

    def edit_chart(self) -> None:
        payload = f'{{"data":[{{"y":[{self.random.randint(1, 9)}]}}],"layout":{{}}}}'
        self.write("includes/chart.html", Fragment("chart", payload, self.words(3), self.words(2)).to_html())

    def edit_code(self) -> None:
        for path in (CODE.source, *CODE.modules):
            if self.random.random() < 0.7:
                self.write(path, f"x = '{self.words(2)}'\n")

    def add_poster(self) -> None:
        path = self.project / "includes/chart.html"
        payload = path.read_text(encoding="utf-8").partition('json">')[2].partition("</script>")[0]
        self.write(f"includes/chart.{key(payload, 450)}.light.webp", self.words(1))

    def edit_picture(self) -> None:
        self.write("content/static/picture.svg", SVG.format(self.random.randint(1, 9)))

    def edit_template(self) -> None:
        path = self.project / "content/templates/_card.html"
        if path.exists():
            path.unlink()
        else:
            self.write(
                "content/templates/_card.html", f"<p>{self.words(1)} {{{{ post.title }}}} {{{{ site.tags|length }}}}"
            )

    def rest(self) -> None:
        """Nothing happens."""

    def spoil_site(self) -> None:
        """What someone does to the built site is undone."""
        if path := self.some("site/**/*.html"):
            if self.random.random() < 0.5:
                path.unlink()
            else:
                path.write_bytes(path.read_bytes().replace(b"a", b"b", 1))

    def spoil_memory(self) -> None:
        if self.random.random() < 0.3:
            (self.project / ".visualposts" / FILE).write_bytes(b"spoilt")


def origins(settings: Settings) -> tuple[Origin, ...]:
    return (CODE,) if settings.show_code else ()


def complaints(problems: tuple[Problem, ...]) -> list[str]:
    return sorted(str(problem) for problem in problems)


def stopped(problems: tuple[Problem, ...]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def built(project: Path) -> tuple[list[str], dict[str, bytes]]:
    """What is wrong, and if nothing is, the files of ``site/`` after a build with all that it remembers."""
    settings = config.load(project)
    with Desk(project, settings, project / "site", writable=True) as desk:
        content = desk.read(Choice(drafts=False, future=False, now=NOW))
        if stopped(content.problems):
            return complaints(content.problems), {}
        assembly = desk.assemble(content, desk.typeset(content), (), (), origins(settings))
        problems = (*content.problems, *assembly.problems)
        if stopped(problems):
            return complaints(problems), {}
        desk.publish(assembly)
    found = (path for path in (project / "site").rglob("*") if path.is_file())
    return complaints(problems), {path.relative_to(project / "site").as_posix(): path.read_bytes() for path in found}


def clean(project: Path) -> tuple[list[str], dict[str, bytes]]:
    """The same from nothing."""
    settings = config.load(project)
    typesetting = Typesetting()
    content = posts.read(project, settings, drafts=False, future=False, now=NOW, take=typesetting.take)
    if stopped(content.problems):
        return complaints(content.problems), {}
    assembly = site.assemble(project, settings, content, typesetting.finish(content), origins=origins(settings))
    problems = (*content.problems, *assembly.problems)
    return complaints(problems), {} if stopped(problems) else {item.path: item.read() for item in assembly.outputs}


@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_incremental_site_is_a_clean_one(tmp_path: Path, seed: int, pytestconfig: pytest.Config) -> None:
    author = Author(tmp_path, seed)
    done: list[str] = []
    good = 0
    for _ in range(pytestconfig.getoption("--steps") or STEPS):
        try:
            expected = clean(tmp_path)
        except AuthorError as error:
            pytest.fail(f"the author broke the settings: {error.problems}")
        problems, files = built(tmp_path)
        assert problems == expected[0], f"seed {seed}, after {done}"
        assert sorted(files) == sorted(expected[1]), f"seed {seed}, after {done}"
        stale = sorted(path for path, data in expected[1].items() if files[path] != data)
        assert not stale, f"seed {seed}, after {done}"
        good += bool(files)
        deeds = [author.edit() for _ in range(author.random.randint(1, 3))] if files else [author.mend(problems)]
        done.append(" and ".join(deeds))
    assert good > len(done) / 2
