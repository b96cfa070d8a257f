"""Front matter: the YAML between two lines of ``---``, read so that each value and each error has its line and column.

PyYAML's `compose` keeps the place of each node, which loading straight to values loses; values are then built from the
nodes by the safe constructor alone. The only module that imports yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from generator.errors import UNPRINTABLE, Place, Problem, not_utf8

# libyaml's composer recurses in C: nesting of some ten thousand levels would end the process, not raise.
_MAX_DEPTH = 50
# What a front matter may grow to when its aliases are written out: a post has dozens of values, a "bomb" billions.
_MAX_VALUES = 10_000

_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL, _MERGE = "tag:yaml.org,2002:null", "tag:yaml.org,2002:merge"
_FENCE = re.compile(r"(?:---|\.\.\.)[ \t]*\Z")


@dataclass(frozen=True, slots=True)
class Field:
    """One value of the front matter.

    `value` is plain data (str, int, float, bool, date, datetime, None, list, dict); `text` a scalar as it was written,
    None for a list or mapping; `items` the fields of a list's entries; `place` where the value stands and `key_place`
    where its key does.
    """

    key: str
    value: object
    text: str | None
    place: Place
    key_place: Place
    items: tuple[Field, ...] = ()

    @property
    def empty(self) -> bool:
        """Nothing, or a text of blanks: as if the key were not there."""
        return self.value is None or (self.text is not None and not self.text.strip())


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """A file in its two parts. `fields` is empty where the YAML can't be read; `body_line` counts from 1."""

    fields: Mapping[str, Field] = field(default_factory=dict)
    body: str = ""
    body_line: int = 1
    problems: tuple[Problem, ...] = ()


def decode(path: str, data: bytes) -> tuple[str, tuple[Problem, ...]]:
    """The text of a file: UTF-8 with or without a byte order mark, any line ends, which become line feeds."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return "", (not_utf8(path, data, error),)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := UNPRINTABLE.search(text):
        message = f"control character U+{ord(found[0]):04X}"
        return "", (Problem(message, _place(path, text, found.start()), "remove it: a web page can't hold it"),)
    return text, ()


def split(text: str) -> tuple[str, str, int] | None:
    """The YAML, the body and the body's line of a text with line feeds; None where a fence is missing."""
    lines = text.split("\n")
    if not _FENCE.match(lines[0]) or lines[0].startswith("."):
        return None
    for number, line in enumerate(lines[1:], 2):
        if line[:1] in "-." and _FENCE.match(line):
            return "\n".join(lines[1 : number - 1]), "\n".join(lines[number:]), number + 1
    return None


def parse(path: str, text: str) -> FrontMatter:
    """The front matter and body of `text`, with everything that is wrong with the YAML."""
    parts = split(text)
    if parts is None:
        if text.startswith("---"):
            problem = Problem("the front matter has no end", Place(path, 1, 1), "close it with a line of ---")
        else:
            problem = Problem(
                "no front matter", Place(path, 1, 1), "begin the file with a line of ---, 'title: …', and a line of ---"
            )
        return FrontMatter(problems=(problem,))
    source, body, body_line = parts
    reader = _Reader(path, source)
    return FrontMatter(reader.fields(), body, body_line, tuple(reader.problems))


class _Reader:
    """Reads one YAML text and gathers what is wrong with it."""

    def __init__(self, path: str, text: str) -> None:
        self._path, self._text = path, text
        self.problems: list[Problem] = []

    def fields(self) -> dict[str, Field]:
        try:
            if self._too_deep():
                return self._refuse(f"the front matter is nested more than {_MAX_DEPTH} levels deep", 0)
            self._loader = _LOADER(self._text)
            root = self._loader.get_single_node()
            if root is None:
                return {}
            if not isinstance(root, yaml.MappingNode):
                return self._refuse(
                    "the front matter is no list of 'key: value' lines",
                    root.start_mark.index,
                    "write a space after the colon, as in 'title: My post'",
                )
            if self._size(root, {}, ()) > _MAX_VALUES:
                return self._refuse(f"the front matter has more than {_MAX_VALUES} values", root.start_mark.index)
            return self._entries(root)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            message = error.problem or error.context or "unreadable"
            return self._refuse(f"YAML: {message}", mark.index if mark else 0, _hint(message))
        except (yaml.YAMLError, RecursionError) as error:
            return self._refuse(f"YAML: {' '.join(str(error).split()) or 'unreadable'}", 0)

    def _too_deep(self) -> bool:
        """Whether the text nests too deep to be composed; each level takes at least one of these characters."""
        if sum(map(self._text.count, "[{-?:")) <= 1000:
            return False
        depth = 0
        try:
            for event in yaml.parse(self._text, Loader=_LOADER):
                if isinstance(event, yaml.CollectionStartEvent):
                    depth += 1
                    if depth > _MAX_DEPTH:
                        return True
                elif isinstance(event, yaml.CollectionEndEvent):
                    depth -= 1
        except yaml.MarkedYAMLError as error:
            # PyYAML has a limit of its own from 6.0.4 on. Whatever else is wrong is told when the text is composed.
            return "depth" in (error.problem or "")
        return False

    def _size(self, node: yaml.Node, sizes: dict[int, int], parents: tuple[int, ...]) -> int:
        """How many values `node` stands for with aliases written out; notes duplicate keys on the way."""
        if isinstance(node, yaml.ScalarNode):
            return 1
        if id(node) in parents:
            raise yaml.constructor.ConstructorError(None, None, "a value holds itself", node.start_mark)
        if id(node) not in sizes:
            if isinstance(node, yaml.MappingNode):
                self._duplicates(node)
            inner = (*parents, id(node))
            sizes[id(node)] = 1 + sum(self._size(child, sizes, inner) for child in _children(node))
        return sizes[id(node)]

    def _duplicates(self, node: yaml.MappingNode) -> None:
        seen: dict[str, int] = {}
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag == _MERGE:
                continue
            if key.value in seen:
                place = self._at(key)
                line = _place(self._path, self._text, seen[key.value]).line + 1
                self.problems.append(
                    Problem(f"the key '{key.value}' stands here again", place, f"first on line {line}")
                )
            else:
                seen[key.value] = key.start_mark.index

    def _entries(self, root: yaml.MappingNode) -> dict[str, Field]:
        self._loader.flatten_mapping(root)
        fields: dict[str, Field] = {}
        for key, node in root.value:
            if isinstance(key, yaml.ScalarNode):
                fields[key.value] = self._field(key.value, node, self._at(key))
            else:
                self.problems.append(Problem("a key of the front matter must be a word", self._at(key)))
        return fields

    def _field(self, key: str, node: yaml.Node, key_place: Place) -> Field:
        place = self._at(node)
        if isinstance(node, yaml.ScalarNode):
            text = "" if node.tag == _NULL else str(node.value)
            return Field(key, self._value(node), text, place, key_place)
        items: tuple[Field, ...] = ()
        if isinstance(node, yaml.SequenceNode):
            items = tuple(self._field(key, child, place) for child in node.value)
        return Field(key, self._value(node), None, place, key_place, items)

    def _value(self, node: yaml.Node) -> object:
        try:
            return self._loader.construct_object(node, deep=True)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or node.start_mark
            place = _below(self._path, self._text, mark.index)
            self.problems.append(Problem(f"YAML: {error.problem}", place, "write plain text, numbers or lists"))
        except (ValueError, OverflowError, LookupError, TypeError, AttributeError):
            # Looks like a date or a number and is none (2017-13-45): it stays what was written. PyYAML's constructors
            # raise whatever comes of it.
            return str(node.value) if isinstance(node, yaml.ScalarNode) else None
        return None

    def _at(self, node: yaml.Node) -> Place:
        return _below(self._path, self._text, node.start_mark.index)

    def _refuse(self, message: str, index: int, hint: str = "") -> dict[str, Field]:
        self.problems.append(Problem(message, _below(self._path, self._text, index), hint))
        return {}


def _children(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key
            yield value
    else:
        yield from node.value


def _place(path: str, text: str, index: int) -> Place:
    return Place(path, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


def _below(path: str, text: str, index: int) -> Place:
    """The place in the file of an index into its YAML, which begins on the second line.

    Counted by ourselves: YAML takes some characters for line ends that no editor does.
    """
    place = _place(path, text, index)
    return Place(path, place.line + 1, place.col)


def _hint(message: str) -> str:
    if "mapping values" in message:
        return "put quotes around a value that holds a colon"
    if "cannot start any token" in message:
        return "indent with spaces, and put quotes around a value that begins with a special character"
    if "quoted scalar" in message or "end of stream" in message:
        return "a quote is not closed"
    if "alias" in message or "anchor" in message:
        return "put quotes around a value that begins with * or &"
    return "front matter is YAML: 'key: value' lines, and quotes around values with special characters"
