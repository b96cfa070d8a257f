"""State: how the site stands: what is wrong with it, and which charts are being computed."""

from __future__ import annotations

import json
from dataclasses import dataclass

from generator.errors import Problem
from generator.serving.sight import Sight


@dataclass(frozen=True, slots=True)
class Running:
    """A chart source that runs or waits for another, and how far it is in words."""

    source: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """`problems` are errors alone: those of the pages, then those of the charts. `notice` says what is waited for."""

    problems: tuple[Problem, ...] = ()
    running: tuple[Running, ...] = ()
    notice: str = ""

    def message(self, seen: Sight) -> str:
        """What a page is told, as JSON: the state, and what it would show if it were served now."""
        problems = [
            {"place": str(item.place or ""), "message": item.message, "notes": item.notes, "hint": item.hint}
            for item in self.problems
        ]
        running = [{"source": item.source, "text": item.text} for item in self.running]
        value = {
            "page": seen.page,
            "style": seen.style,
            "problems": problems,
            "running": running,
            "notice": self.notice,
        }
        return json.dumps(value, ensure_ascii=False)
