"""Hand-written includes: Jinja2 templates that see the tag's parameters, the page and the site.

What Jekyll users bring along works too: ``{% include other.html key="value" %}`` without quotes around the name, and a
parameter, field or setting that isn't there is empty. Nothing is escaped: an include is its author's own HTML.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from types import TracebackType

import jinja2
from jinja2.utils import missing

from generator.errors import Place, did_you_mean
from generator.fragment import is_fragment

_FOLDER = "includes"
_INCLUDE = re.compile(
    r"""\{%(?P<open>-?)\s*include\s+(?P<quote>["']?)(?P<name>[\w./~@+()-]+?)(?P=quote)"""
    r"""(?P<rest>(?:\s+[\w-]+\s*=\s*(?:"[^"]*"|'[^']*'|[\w.]+))*)\s*(?P<close>-?)%\}"""
)
_NATIVE = re.compile(r"\{%[-+]?\s*(?:include|import|from|extends)\b")
_PARAMETER = re.compile(r"""([\w-]+)\s*=\s*("[^"]*"|'[^']*'|[\w.]+)""")
_DEPTH = 20
Get = Callable[[str], str | None]


class IncludeError(Exception):
    """Something wrong with an include; `place` is None where it is wrong in the tag that asked for it."""

    def __init__(self, message: str, place: Place | None = None, hint: str = "") -> None:
        self.message, self.place, self.hint = message, place, hint
        super().__init__(message)


class _Empty(jinja2.ChainableUndefined):
    """A field that isn't there: empty and false, as in Jekyll. But a name that nobody knows is a mistake."""

    def _known(self) -> None:
        if self._undefined_obj is missing:
            self._fail_with_undefined_error()

    def __str__(self) -> str:
        self._known()
        return ""

    def __bool__(self) -> bool:
        self._known()
        return False

    def __iter__(self):  # type: ignore[no-untyped-def]
        self._known()
        return iter(())

    def __len__(self) -> int:
        self._known()
        return 0


class Templates:
    """The hand-written includes among the texts that `get` knows by name."""

    def __init__(self, get: Get, names: tuple[str, ...]) -> None:
        self._get, self._names = get, names
        # Minified CSS and scripts are full of "{#", and Jinja2 can't be told to have no comments: these begin with a
        # character that no include holds.
        self._environment = jinja2.Environment(
            comment_start_string="\0{",
            comment_end_string="}\0",
            undefined=_Empty,
            loader=jinja2.FunctionLoader(self._load),
            keep_trailing_newline=True,
            autoescape=False,
            cache_size=-1,
        )

    def fill(self, name: str, parameters: dict[str, object], page: object, site: object, get: Get | None = None) -> str:
        """The HTML of include `name`. Raises IncludeError at the line of the include that is wrong.

        `get` is asked for every text that the HTML is made of, or might be, in place of the one of all includes.
        """
        return self._fill(name, parameters, page, site, get or self._get, ())

    def _fill(
        self, name: str, parameters: dict[str, object], page: object, site: object, get: Get, path: tuple[str, ...]
    ) -> str:
        if name in path or len(path) > _DEPTH:
            raise IncludeError(f"this include includes itself: {' → '.join((*path, name))}")

        def inner(other: str, given: dict[str, object]) -> str:
            text = get(other)
            if text is None:
                raise IncludeError(f"there is no include '{other}'", None, did_you_mean(other, self._names))
            return text if is_fragment(text) else self._fill(other, given, page, site, get, (*path, name))

        try:
            if _NATIVE.search(_INCLUDE.sub("", get(name) or "")):
                self._ask_for_all(get)  # which ones Jinja2 will load on its own can't be known
            template = self._environment.get_template(name)
            filled = template.render(include=parameters, page=page, site=site, _include=inner)
            filled.encode()  # half of a surrogate pair is no text
            return filled
        except IncludeError as error:
            place = error.place or self._innermost(error.__traceback__) or Place(f"{_FOLDER}/{name}")
            raise IncludeError(error.message, place, error.hint) from error
        except jinja2.TemplateSyntaxError as error:
            raise IncludeError(
                f"this include can't be read: {error.message}", _place(error.name, error.lineno)
            ) from error
        except jinja2.TemplateNotFound as error:
            place = self._innermost(error.__traceback__) or Place(f"{_FOLDER}/{name}")
            hint = did_you_mean(str(error.name), self._names)
            raise IncludeError(f"there is no include '{error.name}'", place, hint) from error
        except Exception as error:  # a template can raise whatever its expressions do
            place = self._innermost(error.__traceback__) or Place(f"{_FOLDER}/{name}")
            message = _words(error)
            raise IncludeError(f"this include can't be filled in: {message}", place) from error

    def _ask_for_all(self, get: Get) -> None:
        for name in self._names:
            with contextlib.suppress(IncludeError):
                get(name)

    def _load(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        text = self._get(name)
        if text is None:
            return None
        return _INCLUDE.sub(_call, text), f"{_FOLDER}/{name}", lambda: True

    def _innermost(self, trace: TracebackType | None) -> Place | None:
        """The line of the include that an exception came from: Jinja2 puts template lines into the traceback."""
        place = None
        while trace is not None:
            file = trace.tb_frame.f_code.co_filename
            if file.startswith(f"{_FOLDER}/"):
                place = Place(file, trace.tb_lineno)
            trace = trace.tb_next
        return place


def _call(match: re.Match[str]) -> str:
    """An include tag as Jekyll writes it, as an expression of Jinja2; as many lines as before."""
    given = ", ".join(f"{key!r}: {value}" for key, value in _PARAMETER.findall(match["rest"]))
    lines = "\n" * match[0].count("\n")
    return f"{{{{{match['open']} _include({match['name']!r}, {{{given}}}){lines} {match['close']}}}}}"


def _place(name: str | None, line: int) -> Place:
    return Place(f"{_FOLDER}/{name}", line) if name else Place(_FOLDER)


def _words(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it includes itself, or nests too deep"
    if isinstance(error, UnicodeEncodeError):
        return "it gives half of a character, which is no text"
    return " ".join(str(error).split()) or type(error).__name__
