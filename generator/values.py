"""Values: frozen dataclasses as JSON text and back, and the digest of a value.

Whatever is in a value is in its text: a field that is added to a dataclass changes the text, and so the digest, without
a word here. JSON, not pickle: a cache may lie in a folder that came from elsewhere, and reading it must run nothing.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import types
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

T = TypeVar("T")
_MOMENT, _DAY = "\0moment", "\0day"  # no key of an author's: front matter can't hold the character
_Reader = Callable[[Any], Any]


def dumps(value: object) -> str:
    """The text of a value: str, int, float, bool, None, date, datetime, dataclasses, and tuples, lists and mappings of
    them. Equal texts are of equal values. Raises TypeError for any other."""
    return _ENCODER.encode(value)


def digest(value: object) -> str:
    """32 hex digits that stand for the value."""
    return _of_text(dumps(value))


def _of_text(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


class Digester:
    """Digests of many values that share parts: of each object of a `shared` dataclass it is worked out once.

    `context` is a part of every digest.
    """

    def __init__(self, context: str, shared: tuple[type, ...]) -> None:
        self._context, self._shared = context, frozenset(shared)
        self._known: dict[int, tuple[object, str]] = {}
        self._encode = json.JSONEncoder(separators=(",", ":"), default=self._part, check_circular=False).encode

    def learn(self, value: object, digest: str) -> None:
        """Take `digest` for what stands for an object of a shared dataclass."""
        self._known[id(value)] = (value, digest)

    def digest(self, value: object) -> str:
        """32 hex digits that stand for the value."""
        whole = self._part(value) if type(value) in self._shared else self._encode(value)
        return _of_text(f"{self._context}{whole}")

    def _part(self, value: object) -> object:
        if type(value) not in self._shared:
            return _plain(value)
        found = self._known.get(id(value))
        if found is None:
            # The object is kept with its digest: its id must not become another's.
            found = self._known[id(value)] = (value, _of_text(self._encode(_plain(value))))
        return found[1]


def loads(kind: type[T], text: str | bytes) -> T:
    """The value of dataclass `kind` in a text that `dumps` made. Raises ValueError for a text that holds none."""
    read: _Reader = _reader(cast("Any", kind))
    try:
        found: T = read(json.loads(text))
    except (TypeError, LookupError, AttributeError, RecursionError, OverflowError) as error:
        raise ValueError(f"no {kind.__name__}: {error}") from error
    return found


def loads_all(kind: type[T], texts: Sequence[str]) -> list[T | None]:
    """The values in many texts, None for one that holds none; parsed at once, which is faster."""
    read: _Reader = _reader(cast("Any", kind))
    try:
        found = json.loads(f"[{','.join(texts)}]")
        if len(found) == len(texts):  # a broken text may be none, or several
            return [read(raw) for raw in found]
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError):
        pass
    return [_loaded(kind, text) for text in texts]


def _loaded(kind: type[T], text: str) -> T | None:
    try:
        return loads(kind, text)
    except ValueError:
        return None


def _plain(value: object) -> object:
    """What JSON has no word for, as something that it has."""
    if dataclasses.is_dataclass(value):
        return _getter(cast("Any", type(value)))(value)
    if isinstance(value, datetime):
        return {_MOMENT: [value.replace(tzinfo=None).isoformat(), _zone_text(value), value.fold]}
    if isinstance(value, date):
        return {_DAY: value.isoformat()}
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is no value")


_ENCODER = json.JSONEncoder(separators=(",", ":"), default=_plain, check_circular=False)


@cache
def _getter(kind: type) -> Callable[[Any], object]:
    names = [field.name for field in dataclasses.fields(kind)]
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: [getattr(value, name) for name in names]


@cache
def _reader(kind: Any) -> _Reader:
    """What makes a value of the type `kind` of parsed JSON."""
    if dataclasses.is_dataclass(kind):
        return _dataclass_reader(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        inner = _reader(next(argument for argument in arguments if argument is not types.NoneType))
        return lambda raw: None if raw is None else inner(raw)
    if origin is tuple and len(arguments) == 2 and arguments[1] is ...:
        one = _reader(arguments[0])
        return tuple if one is _same else lambda raw: tuple([one(item) for item in raw])
    if origin is tuple:
        readers = [_reader(argument) for argument in arguments]
        if all(one is _same for one in readers):
            return tuple
        return lambda raw: tuple([read(item) for read, item in zip(readers, raw, strict=True)])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        value = _reader(arguments[1])
        return _same if value is _same else lambda raw: {key: value(item) for key, item in raw.items()}
    if kind is object:
        return _thawed
    if kind is datetime:
        return lambda raw: _moment(*raw[_MOMENT])
    if isinstance(kind, type) and issubclass(kind, str) and kind is not str:
        return kind
    return _same


def _same(raw: object) -> object:
    return raw


def _dataclass_reader(kind: Any) -> _Reader:
    hints = get_type_hints(kind)
    fields = dataclasses.fields(kind)
    changing = [
        (index, read) for index, field in enumerate(fields) if (read := _reader(hints[field.name])) is not _same
    ]

    def read_fields(raw: list[Any]) -> object:
        for index, one in changing:
            raw[index] = one(raw[index])
        return kind(*raw)

    return read_fields


def _thawed(raw: object) -> object:
    """Data of an author's front matter."""
    if isinstance(raw, list):
        return [_thawed(item) for item in raw]
    if isinstance(raw, dict):
        if _MOMENT in raw:
            return _moment(*raw[_MOMENT])
        if _DAY in raw:
            return date.fromisoformat(raw[_DAY])
        return {key: _thawed(item) for key, item in raw.items()}
    return raw


def _zone_text(moment: datetime) -> str | float | None:
    """A time zone by its name, a fixed offset by its seconds: a template may ask for either."""
    zone = moment.tzinfo
    if zone is None:
        return None
    if isinstance(zone, ZoneInfo) and zone.key:
        return zone.key
    if zone == UTC:
        return 0.0
    if isinstance(zone, timezone) and (offset := moment.utcoffset()) is not None:
        return offset.total_seconds()
    raise TypeError(f"a time zone without a name is no value: {zone}")


def _moment(text: str, zone: str | float | None, fold: int) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=_zone(zone), fold=fold)


@cache
def _zone(text: str | float | None) -> tzinfo | None:
    if text is None:
        return None
    if isinstance(text, str):
        return ZoneInfo(text)
    return timezone(timedelta(seconds=text)) if text else UTC
