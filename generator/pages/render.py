"""Render: pages through their Jinja2 templates. The only module of the pages wing that makes a Jinja2 environment.

A project's ``content/templates`` come first, the theme's own second; the theme's originals can be reached under the
prefix ``theme/`` (``{% extends "theme/base.html" %}``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from types import CodeType, TracebackType

import jinja2
from jinja2.bccache import Bucket

from generator import digests
from generator.errors import Place, Problem, did_you_mean, not_utf8
from generator.pages import views
from generator.pages.links import at_root
from generator.pages.routes import encode
from generator.pages.tree import THEME
from generator.pages.views import Page, SiteView

OVERRIDES = "content/templates"
_ORIGINALS = "theme/"
_MISSING = re.compile(r"'generator\.pages\.views\.(\w+) object' has no attribute '(\w+)'")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class TemplateError(Exception):
    """A template that can't be read or filled, as the problem that its author is told."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


class Compiled(jinja2.BytecodeCache):
    """Templates as Python, kept by a process that builds again and again; on no disk, where another might write."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._kept.get(bucket.key, ("", None))
        bucket.code = code if checksum == bucket.checksum else None

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._kept[bucket.key] = (bucket.checksum, bucket.code)


def make_ready(project: Path, compiled: Compiled, theme: Path = THEME) -> None:
    """Compile all templates of a project; what is wrong with one is told when a page is made with it."""
    environment = _environment(project / OVERRIDES, theme, compiled)
    for name in environment.list_templates():
        with suppress(jinja2.TemplateError, ValueError, OSError, RecursionError):
            environment.get_template(name)


def _environment(overrides: Path, theme: Path, compiled: Compiled | None) -> jinja2.Environment:
    originals = jinja2.FileSystemLoader(theme / "templates")
    return jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [jinja2.FileSystemLoader(overrides), originals, jinja2.PrefixLoader({"theme": originals})]
        ),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        bytecode_cache=compiled,
    )


class Renderer:
    """Fills templates for one site. `assets` maps the names that ``asset()`` knows to encoded paths below the root."""

    def __init__(
        self,
        project: Path,
        site: SiteView,
        assets: Mapping[str, str],
        theme: Path = THEME,
        compiled: Compiled | None = None,
    ) -> None:
        self._project, self._site, self._assets, self._theme = project, site, assets, theme
        self._overrides = project / OVERRIDES
        self._environment = _environment(self._overrides, theme, compiled)
        self._environment.filters["date"] = lambda moment: human_date(moment, site.language)
        self._environment.filters["isodate"] = iso_date

    def layouts(self) -> frozenset[str]:
        """The names that ``layout:`` may hold: every template that is neither a part (``_card``) nor a base."""
        names = {Path(name).stem for name in self._environment.list_templates() if "/" not in name}
        return frozenset(name for name in names if not name.startswith(("_", ".")) and name != "base")

    def digest(self) -> str:
        """What stands for all templates and assets: another text, another digest."""
        names = sorted(self._environment.list_templates())
        folders = (self._overrides, self._theme / "templates")
        texts = [path.read_bytes() for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
        parts = (*names, *map(digests.of_bytes, texts), *self._assets, *self._assets.values())
        return digests.of_bytes("\0".join(parts).encode())

    def render(self, page: Page, root: str, site: SiteView | None = None) -> str:
        """The page's HTML; `root` is the way from it to the site's root. Raises TemplateError.

        The template sees `site` in place of the renderer's own: one that is watched (see `lookups`).
        Texts in neutral form (see `links`) get their way to the root here.
        """
        values = {item.name: getattr(page, item.name) for item in fields(page)}
        try:
            template = self._environment.get_template(page.template)
            seen = site or self._site
            made = template.render(values, page=page.view, site=seen, url=_linker(root), asset=self._asset(root))
            made.encode()  # half of a surrogate pair is no text
            return at_root(made, root)
        except jinja2.TemplateSyntaxError as error:
            place = self._place(error.filename or error.name or page.template, error.lineno)
            raise TemplateError(Problem(f"template: {error.message}", place)) from error
        except jinja2.TemplateNotFound as error:
            asked = self._innermost(error.__traceback__) or Place(page.owner)
            near = did_you_mean(str(error.name), self._environment.list_templates())
            raise TemplateError(Problem(f"there is no template '{error.name}'", asked, near)) from error
        except UnicodeDecodeError as error:
            raise TemplateError(self._undecoded(error)) from error
        except Exception as error:
            line = self._innermost(error.__traceback__)
            if line is None and isinstance(error, RecursionError | UnicodeEncodeError):
                line = self._file(page.template)
            if line is None:
                raise  # not a template's line: the mistake is ours
            raise TemplateError(_problem(error, line)) from error

    def _asset(self, root: str) -> Callable[[str], str]:
        def asset(name: str) -> str:
            if name not in self._assets:
                raise jinja2.UndefinedError(f"there is no asset '{name}'; there are: {', '.join(sorted(self._assets))}")
            return root + self._assets[name]

        return asset

    def _file(self, template: str) -> Place:
        """The file of a template, where no line of it can be told."""
        own = self._overrides / template
        return Place(f"{OVERRIDES}/{template}" if own.exists() else f"{_ORIGINALS}{template}")

    def _place(self, file: str, line: int) -> Place:
        """The place in a template's file, relative to the project, or as ``theme/base.html`` in the theme."""
        path = Path(file)
        if path.is_relative_to(self._project):
            return Place(path.relative_to(self._project).as_posix(), line)
        return Place(f"{_ORIGINALS}{path.name}", line)

    def _undecoded(self, error: UnicodeDecodeError) -> Problem:
        """Jinja2 doesn't say which file it couldn't decode: it is the one that holds these bytes."""
        held = (path for path in sorted(self._overrides.rglob("*.html")) if path.read_bytes() == error.object)
        path = next(held, self._overrides)
        return not_utf8(path.relative_to(self._project).as_posix(), error.object, error)

    def _innermost(self, traceback: TracebackType | None) -> Place | None:
        """The last line of a template that a traceback passes, an author's before the theme's."""
        places: list[Place] = []
        while traceback is not None:
            file = Path(traceback.tb_frame.f_code.co_filename)
            if file.is_relative_to(self._overrides) or file.is_relative_to(self._theme):
                places.append(self._place(str(file), traceback.tb_lineno))
            traceback = traceback.tb_next
        own = [place for place in places if not place.path.startswith(_ORIGINALS)]
        return (own or places)[-1] if places else None


def human_date(moment: date, language: str) -> str:
    """``23 November 2026`` in English; in other languages the date as ISO 8601 writes it, which all of them read."""
    if language.split("-")[0].lower() == "en":
        return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
    return f"{moment:%Y-%m-%d}"


def iso_date(moment: date) -> str:
    """The date, or the time with its offset, as machines read it."""
    return moment.isoformat(timespec="seconds") if isinstance(moment, datetime) else moment.isoformat()


def _linker(root: str) -> Callable[[str], str]:
    """The template's ``url()``: an address of the site as seen from the page; full URLs stay as they are."""

    def url(address: str) -> str:
        if not address.startswith("/") or address.startswith("//"):
            return address
        path, mark, fragment = address.partition("#")
        return root + encode(path[1:]) + mark + fragment

    return url


def _problem(error: Exception, place: Place) -> Problem:
    """What a template's author is told of an exception in one of its expressions."""
    text = " ".join(str(error).split())
    if isinstance(error, RecursionError):
        return Problem("template: it includes itself, or nests too deep", place)
    if isinstance(error, UnicodeEncodeError):
        return Problem("template: it gives half of a character, which is no text", place)
    if not isinstance(error, jinja2.UndefinedError):
        return Problem(f"template: {type(error).__name__}{': ' if text else ''}{text}", place)
    if match := _MISSING.fullmatch(text):
        # Templates know these values by their own names, not by those of our classes.
        name = match[1].removesuffix("View").lower()
        names = {item.name for item in fields(getattr(views, match[1]))} if hasattr(views, match[1]) else set()
        return Problem(f"template: {name} has no '{match[2]}'", place, did_you_mean(match[2], names))
    return Problem(f"template: {text}", place)
