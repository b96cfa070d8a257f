"""Settings: the ``[tool.visualposts]`` table of ``pyproject.toml``, checked, with the line of whatever is wrong."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from generator.errors import UNPRINTABLE, AuthorError, Place, Problem, UsageError, did_you_mean, not_utf8

FILE = "pyproject.toml"
NUMBERS = {"paginate": "10", "chart_timeout": "600", "chart_budget_kb": "300"}
"""Settings that are whole numbers above 0, each with an example."""
SWITCHES = ("search", "show_code")
"""Settings that are true or false."""
PERMALINK_PARTS = ("year", "month", "day", "slug")


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the site's header: its text and a link as an author writes it."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class SparkSettings:
    """Where Spark runs, and its own configuration (keys such as ``spark.executor.memory``)."""

    master: str = "local[*]"
    conf: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settings:
    """The site's settings. `charts` is the author's own table, handed to chart sources as ``settings``."""

    title: str
    description: str = ""
    author: str = ""
    language: str = "en"
    base_url: str = ""
    timezone: str = "UTC"
    permalink: str = "/posts/:slug/"
    paginate: int = 10
    chart_timeout: int = 600
    """Seconds that a chart source may run, unless it says ``TIMEOUT`` itself."""
    chart_budget_kb: int = 300
    """Size of a fragment, in KB of 1,000 bytes, past which a build warns."""
    show_code: bool = False
    """Whether readers can see the code of the charts that they see, with the modules of the project that it imports."""
    search: bool = False
    nav: tuple[NavItem, ...] | None = None
    charts: Mapping[str, object] = field(default_factory=dict)
    spark: SparkSettings = field(default_factory=SparkSettings)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


def load(project: Path) -> Settings:
    """Read and check the settings of the project in folder `project`.

    Raises UsageError where there is no project, AuthorError with everything that is wrong.
    """
    path = project / FILE
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(
            f"there is no {FILE} in {project}",
            "name the folder of your site with -C, or make a new one: visualposts init",
        ) from None
    except OSError as error:
        raise UsageError(f"{FILE} can't be read: {error.strerror}") from None
    try:
        return parse(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise AuthorError([not_utf8(FILE, data, error)]) from None


def parse(text: str) -> Settings:
    """The settings in the text of a ``pyproject.toml``; raises AuthorError with everything that is wrong."""
    try:
        document = tomllib.loads(text)
    except RecursionError:
        raise AuthorError([Problem("this is nested too deep", Place(FILE))]) from None
    except ValueError as error:  # TOMLDecodeError, and Python's own for a number of thousands of digits
        what, line, col = _complaint(str(error), text)
        if twice := re.match(r"Cannot declare \((.*?),?\) twice", what):
            what = f"the table [{twice[1].replace(', ', '.').replace(chr(39), '')}] stands here again"
        raise AuthorError([Problem(what[:1].lower() + what[1:], Place(FILE, line, col))]) from None
    tool = document.get("tool")
    table = tool.get("visualposts") if isinstance(tool, dict) else None
    if not isinstance(table, dict):
        raise AuthorError([_no_table(text, tool if isinstance(tool, dict) else {})])
    return _Reader(text).settings(table)


def _complaint(said: str, text: str) -> tuple[str, int, int]:
    """What a reader of TOML says of `text`, and the line and column that it names."""
    if match := re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", said, re.DOTALL):
        return match[1], int(match[2]), int(match[3])
    if said.endswith(end := " (at end of document)"):
        return said.removesuffix(end), text.count("\n") + 1, len(text) - text.rfind("\n")
    return "a number has too many digits", 0, 0


def place(project: Path, key: str) -> Place:
    """The line of a setting of the project."""
    try:
        text = (project / FILE).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return Place(FILE)
    return _Reader(text).place("tool.visualposts", key)


def _no_table(text: str, tools: Mapping[str, object]) -> Problem:
    """What to say where the table is missing: perhaps its name has a slip."""
    for name in tools:
        if near := did_you_mean(name, ["visualposts"]):
            place = _Reader(text).place(f"tool.{name}", "")
            return Problem(f"unknown table [tool.{name}]", place, near)
    hint = 'a site needs a title: [tool.visualposts] with title = "My blog"'
    return Problem("no [tool.visualposts] table", Place(FILE), hint)


class _Reader:
    """Checks one table and gathers what is wrong with it."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self.problems: list[Problem] = []

    def settings(self, table: Mapping[str, object]) -> Settings:
        known = ("title", "description", "author", "language", "base_url", "timezone", "permalink", *NUMBERS, *SWITCHES)
        self._unknown(table, (*known, "nav", "charts", "spark"), "tool.visualposts")
        values: dict[str, object] = {}
        for key in known:
            if key in table:
                values[key] = self._checked(key, table[key])
        if "title" not in table:
            self._problem("tool.visualposts", "", "the site has no title", 'add title = "My blog"')
        charts = table.get("charts", {})
        if not isinstance(charts, dict):
            self._problem("tool.visualposts", "charts", "'charts' must be a table", "")
            charts = {}
        nav = self._nav(table["nav"]) if "nav" in table else None
        spark = self._spark(table.get("spark", {}))
        if self.problems:
            raise AuthorError(self.problems)
        return Settings(nav=nav, charts=charts, spark=spark, **values)  # type: ignore[arg-type]

    def _checked(self, key: str, value: object) -> object:
        kind, example = _kind(key)
        if not isinstance(value, kind) or isinstance(value, bool) != (kind is bool):
            self._problem("tool.visualposts", key, f"'{key}' must be {_WORDS[kind]}", f"for example {key} = {example}")
            return value
        complaint = _control(key, value) or (_CHECKS[key](value) if key in _CHECKS else "")
        if key in NUMBERS and isinstance(value, int) and value < 1:
            complaint = f"'{key}' must be at least 1"
        if complaint:
            self._problem("tool.visualposts", key, complaint, f"for example {key} = {example}")
        return value.rstrip("/") if key == "base_url" and isinstance(value, str) else value

    def _nav(self, value: object) -> tuple[NavItem, ...]:
        items = []
        for entry in value if isinstance(value, list) else [None]:
            if (
                isinstance(entry, dict)
                and set(entry) == {"title", "url"}
                and all(isinstance(v, str) for v in entry.values())
            ):
                if complaint := _control("nav", entry["title"] + entry["url"]):
                    self._problem("tool.visualposts", "nav", complaint, "remove it")
                items.append(NavItem(entry["title"], entry["url"]))
            else:
                self._problem(
                    "tool.visualposts",
                    "nav",
                    "'nav' must be a list of tables with 'title' and 'url'",
                    'for example nav = [{ title = "About", url = "/about/" }]',
                )
                break
        return tuple(items)

    def _spark(self, value: object) -> SparkSettings:
        if not isinstance(value, dict):
            self._problem("tool.visualposts", "spark", "'spark' must be a table", "")
            return SparkSettings()
        self._unknown(value, ("master", "conf"), "tool.visualposts.spark")
        master, conf = value.get("master", "local[*]"), value.get("conf", {})
        if not isinstance(master, str) or not master:
            self._problem(
                "tool.visualposts.spark", "master", "'master' must be a string", 'for example master = "local[*]"'
            )
            master = "local[*]"
        if not isinstance(conf, dict):
            self._problem("tool.visualposts.spark", "conf", "'conf' must be a table", "")
            conf = {}
        return SparkSettings(master, {key: _spark_value(item) for key, item in _flat(conf).items()})

    def _unknown(self, table: Mapping[str, object], known: tuple[str, ...], name: str) -> None:
        for key in table:
            if key not in known:
                near = did_you_mean(key, known) or f"known settings: {', '.join(known)}"
                self._problem(name, key, f"unknown setting '{key}' in [{name}]", near)

    def _problem(self, table: str, key: str, message: str, hint: str) -> None:
        self.problems.append(Problem(message, self.place(table, key), hint))

    def place(self, table: str, key: str) -> Place:
        """The line of `key` in `table`: tomllib keeps no marks, so it is looked for in the text."""
        current, header = "", 0
        for number, line in enumerate(self._lines, 1):
            if match := re.match(r"\s*\[\[?\s*([^\]]+?)\s*\]", line):
                current = match[1].replace('"', "")
                if current == table:
                    header = number
                if key and current == f"{table}.{key}":
                    return Place(FILE, number, line.index("[") + 1)
            elif key and current == table and (match := re.match(rf'\s*(["\']?){re.escape(key)}\1\s*[=.]', line)):
                return Place(FILE, number, len(line) - len(line.lstrip()) + 1)
        return Place(FILE, header, 1 if header else 0)


def _flat(table: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    """Nested tables as dotted keys: TOML reads an unquoted ``spark.ui.enabled`` as tables."""
    flat: dict[str, object] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat.update(_flat(value, f"{prefix}{key}."))
        else:
            flat[prefix + key] = value
    return flat


def _spark_value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def base_url_problem(value: str) -> str:
    """What is wrong with a base URL, or an empty string."""
    try:
        parts = urlsplit(value)
        _ = parts.port  # is looked at only when it is asked for
    except ValueError as error:
        return f"'base_url' is not an address: {error}"
    if parts.username or parts.password:
        return "'base_url' can't hold a name or password: it stands in every page"
    if value and not (parts.scheme in ("http", "https") and parts.netloc):
        return f"'base_url' is not an address that begins with https:// or http://: {value!r}"
    if wrong := re.search(r"""[^!-~]|[?#"<>\\^`{|}]""", value):
        instead = "" if wrong[0] in "?#" else f" ({quote(wrong[0])} in an address)"
        return f"'base_url' can't hold {wrong[0]!r}{instead}: {value!r}"
    return ""


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):
        return f"unknown time zone {value!r}"
    return ""


def permalink_problem(value: str) -> str:
    """What is wrong with a permalink pattern, or an empty string."""
    if not value.startswith("/"):
        return f"a permalink begins with '/': {value!r}"
    if "\\" in value or any(part in (".", "..") or part.startswith(".") for part in value.split("/")):
        return f"a permalink can't hold dot segments or backslashes: {value!r}"
    if re.search(r"[?#%]", value):
        return f"a permalink can't hold '?', '#' or '%': {value!r}"
    for part in re.findall(r":([a-z_]+)", value):
        if part not in PERMALINK_PARTS:
            return f"unknown part ':{part}' in the permalink {value!r}"
    return ""


def _control(key: str, value: object) -> str:
    found = UNPRINTABLE.search(value) if isinstance(value, str) else None
    return f"'{key}' holds the control character U+{ord(found[0]):04X}" if found else ""


def _kind(key: str) -> tuple[type, str]:
    """The type of a setting's value, and an example of it."""
    if key in SWITCHES:
        return bool, "true"
    return (int, NUMBERS[key]) if key in NUMBERS else (str, f'"{_EXAMPLES.get(key, "text")}"')


_WORDS: dict[type, str] = {bool: "true or false", int: "a whole number", str: "a string"}
_EXAMPLES = {
    "title": "My blog",
    "base_url": "https://example.org/blog",
    "language": "en",
    "timezone": "Europe/Berlin",
    "permalink": "/:year/:month/:day/:slug/",
}
_CHECKS: dict[str, Callable[..., str]] = {
    "title": lambda value: "" if value.strip() else "'title' is empty",
    "language": lambda value: (
        "" if re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", value) else f"{value!r} is not a language tag"
    ),
    "base_url": base_url_problem,
    "timezone": _zone,
    "permalink": lambda value: (
        permalink_problem(value) or ("" if ":slug" in value else "the permalink of the site needs ':slug'")
    ),
}
