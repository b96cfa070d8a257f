"""Fields: the front matter's keys that are ours, each checked for its type, each complaint at its own place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from generator.errors import UNPRINTABLE, Place, Problem, warning
from generator.pages.frontmatter import Field

KNOWN = frozenset(
    {"title", "date", "updated", "last_modified_at", "tags", "categories", "description", "subtitle", "summary"}
    | {"author", "image", "draft", "published", "permalink", "slug", "aliases", "layout", "toc", "math"}
)
# Keys of other generators that are no slips of ours.
_FOREIGN = frozenset({"authors", "category", "images", "tag"})

_MOMENT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:[Tt]|[ \t]+)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d*)?)?[ \t]*(?:([Zz]|UTC)|([-+])(\d{2}):?(\d{2})?)?)?"
)
_MOMENT_HINT = "for example 2026-11-23 or 2026-11-23 10:00:00 +0200"


def moment(text: str, zone: ZoneInfo) -> datetime | None:
    """The aware time that `text` names in ISO or Jekyll form, in `zone` where it names none; None if it names no time.

    A date alone is its midnight.
    """
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    utc, sign, hours, minutes = match.groups()[6:]
    try:
        offset: timezone | ZoneInfo = zone
        if utc:
            offset = UTC
        elif sign:
            span = timedelta(hours=int(hours), minutes=int(minutes or 0))
            offset = timezone(-span if sign == "-" else span)
        found = datetime(year, month, day, hour, minute, second, tzinfo=offset)
        found.astimezone(UTC)  # the first and the last day of the calendar have no UTC
    except (ValueError, OverflowError):
        return None
    return found


class Fields:
    """Reads typed values out of one front matter and gathers what is wrong with them."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self._fields = fields
        self.problems: list[Problem] = []

    def get(self, *keys: str) -> Field | None:
        """The first of `keys` that holds something."""
        found = (self._fields[key] for key in keys if key in self._fields)
        return next((field for field in found if not field.empty), None)

    def complain(self, field: Field, message: str, hint: str = "") -> None:
        self.problems.append(Problem(message, field.place, hint))

    def text(self, *keys: str) -> str:
        """One line of text; a number or date stands for what was written. Empty where there is none."""
        field = self.get(*keys)
        return (
            ""
            if field is None
            else self._line(field, f"'{field.key}' must be text", f"write {field.key}: and one line of text")
        )

    def flag(self, key: str) -> bool | None:
        """True, false, or None where the key is missing."""
        field = self.get(key)
        if field is None:
            return None
        if isinstance(field.value, bool):
            return field.value
        self.complain(field, f"'{key}' must be true or false", f"write {key}: true, without quotes")
        return None

    def moment(self, zone: ZoneInfo, *keys: str) -> datetime | None:
        """A time as YAML, ISO 8601 or Jekyll write it."""
        field = self.get(*keys)
        if field is None:
            return None
        found = moment(field.text, zone) if field.text is not None else None
        if found is None:
            shown = f": '{field.text}'" if field.text is not None else ""
            self.complain(field, f"'{field.key}' is not a date{shown}", _MOMENT_HINT)
        return found

    def words(self, key: str) -> tuple[str, ...]:
        """Tags and the like, each once: the entries of a list, or a text split at its commas, or else at its blanks.

        Only a list or commas give names of several words: ``tags: machine learning`` is two tags, as in Jekyll.
        """
        field = self.get(key)
        if field is None:
            return ()
        hint = f"for example {key}: [charts, machine learning]"
        if field.items:
            found = [self._line(item, f"each of '{key}' must be text", hint) for item in field.items if not item.empty]
        elif field.text is not None:
            text = self._line(field, "", hint)
            found = [" ".join(part.split()) for part in text.split(",")] if "," in text else text.split()
        else:
            if field.value:
                self.complain(field, f"'{key}' must be a list of texts", hint)
            found = []
        spellings: dict[str, str] = {}
        for word in found:
            if word:
                spellings.setdefault(word.casefold(), word)
        return tuple(spellings.values())

    def paths(self, key: str) -> tuple[str, ...]:
        """Addresses below the site's root, as ``/old/place/``."""
        field = self.get(key)
        if field is None:
            return ()
        found = []
        for item in field.items or (field,):
            path = self._line(item, f"'{key}' must be a list of addresses", f"for example {key}: [/old/address/]")
            if not path:
                continue
            if not path.startswith("/") or path.startswith("//") or re.search(r"[\\?#%]|/\.", path):
                self.complain(item, f"'{path}' is no address of this site", f"for example {key}: [/old/address/]")
            else:
                found.append(path)
        return tuple(dict.fromkeys(found))

    def unknown(self) -> dict[str, object]:
        """What is not ours, for templates; a key that looks like a slip of one of ours is warned of."""
        extra: dict[str, object] = {}
        for key, field in self._fields.items():
            if key in KNOWN:
                continue
            extra[key] = field.value
            near = difflib.get_close_matches(key.lower(), sorted(KNOWN), n=1, cutoff=0.8)
            if near and key not in _FOREIGN:
                self.problems.append(warning(f"unknown key '{key}'", field.key_place, f"did you mean '{near[0]}'?"))
        return extra

    def places(self) -> dict[str, tuple[int, int]]:
        """Line and column of the value of each key that is ours."""
        return {key: (field.place.line, field.place.col) for key, field in self._fields.items() if key in KNOWN}

    def _line(self, field: Field, message: str, hint: str = "") -> str:
        if field.text is None:
            self.complain(field, message, hint)
            return ""
        if found := UNPRINTABLE.search(field.text):
            self.complain(field, f"'{field.key}' holds the control character U+{ord(found[0]):04X}", "remove it")
            return ""
        return " ".join(field.text.split())


def place_of(path: str, places: Mapping[str, tuple[int, int]], key: str) -> Place:
    """The place of the value of `key` in the file `path`; the file alone where the key is missing."""
    return Place(path, *places.get(key, (0, 0)))
