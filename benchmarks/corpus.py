"""The corpus: posts of a made-up blog, the same for every generator, as many as are asked for.

Post i is made of the number i alone: a blog of 10,000 posts begins with the very posts of one of 100.
"""

from __future__ import annotations

import datetime
import json
import random
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, repeat
from pathlib import Path

from generator.fragment import Fragment

CHARTS = 20
PICTURES = 10
TAGS = (
    *("almanac", "bakery", "bicycles", "birds", "books", "bridges", "cameras", "cartography", "chess", "clocks"),
    *("compilers", "databases", "ferries", "forests", "games", "gardens", "harbours", "kitchens", "lamps", "letters"),
    *("libraries", "machines", "maps", "markets", "measures", "mountains", "museums", "music", "networks", "numbers"),
    *("paper", "radio", "railways", "rivers", "sailing", "statistics", "stones", "telescopes", "trees", "weather"),
)
_COMMON, _RARE = (
    words.split() for words in (Path(__file__).parent / "words.txt").read_text(encoding="utf-8").split("\n\n")
)
_WORDS = (*_COMMON, *_RARE)
_WEIGHTS = tuple(accumulate(1 / (rank + 4) ** 0.9 for rank in range(len(_WORDS))))
"""The n-th word is about 1/n as frequent as the first, as in a language."""
_FIRST = datetime.datetime(2012, 1, 2, 7, 0)


@dataclass(frozen=True, slots=True)
class Post:
    """A post. `chart` is the name of a chart between the Markdown `before` and `after` it, or empty."""

    number: int
    title: str
    slug: str
    date: datetime.datetime
    tags: tuple[str, ...]
    description: str
    before: str
    after: str
    chart: str

    def body(self, include: Callable[[str], str]) -> str:
        """Its Markdown, the chart as a generator's own tag."""
        return f"{self.before}\n\n{include(self.chart)}\n\n{self.after}" if self.chart else self.before


def slug(number: int) -> str:
    """The name of a post, from its number alone: other posts link to it."""
    source = random.Random(f"slug {number}")
    return f"{source.choice(_RARE)}-{source.choice(_RARE)}-{number:05d}"


def post(number: int) -> Post:
    """A post of 300 to 900 words beside its code and tables."""
    writer = _Writer(number)
    blocks, chart_at = writer.blocks()
    before, after = "\n\n".join(blocks[:chart_at]), "\n\n".join(blocks[chart_at:])
    has_chart = number % 5 == 0
    return Post(
        number=number,
        title=writer.words(3, 7).title(),
        slug=slug(number),
        date=_FIRST + datetime.timedelta(minutes=600 * number + writer.source.randrange(500)),
        tags=tuple(writer.source.sample(TAGS, writer.source.randint(1, 4))),
        description=writer.sentence(plain=True),
        before=before if has_chart else f"{before}\n\n{after}",
        after=after if has_chart else "",
        chart=f"chart-{number // 5 % CHARTS + 1:02d}" if has_chart else "",
    )


class _Writer:
    """Writes one post."""

    def __init__(self, number: int) -> None:
        self.source = random.Random(f"post {number}")
        self._number = number
        self._notes: list[str] = []

    def words(self, least: int, most: int) -> str:
        return " ".join(self._words(self.source.randint(least, most)))

    def sentence(self, *, plain: bool = False) -> str:
        """6 to 18 words, one or more of them marked in every third sentence."""
        found = self._words(self.source.randint(6, 18))
        if len(found) > 9:
            found[len(found) // 2] += ","
        place, chance = self.source.randrange(1, len(found) - 2), self.source.random()
        if not plain and chance < 0.36:
            found[place] = self._marked(found[place].rstrip(","), chance)
        text = " ".join(found)
        return text[0].upper() + text[1:] + self.source.choice("....?!")

    def blocks(self) -> tuple[list[str], int]:
        """Blocks of Markdown, and the number of those before the chart."""
        source = self.source
        sections, length = source.randint(2, 5), source.randint(300, 900)
        coded = set(source.sample(range(sections), source.randint(1, 2)))
        listed, pictured, charted, tabled = (source.randrange(sections) for _ in range(4))
        blocks = [self._paragraph(source.randint(35, 60))]
        chart_at = 0
        for section in range(sections):
            blocks.append(("### " if section % 3 == 2 else "## ") + self.words(2, 5).capitalize())
            blocks += self._prose(max(30, (length - 50) // sections))
            if section == listed:
                sign = source.choice(("-", "1."))
                blocks.append("\n".join(f"{sign} {self.sentence()}" for _ in range(source.randint(3, 6))))
            if section == pictured:
                blocks.append(f"![{self.words(4, 4)}](/images/picture-{self._number % PICTURES}.png)")
            if section == tabled and self._number % 4 == 0:
                blocks.append(self._table())
            if section in coded:
                blocks.append(self._code())
            if section == charted:
                chart_at = len(blocks)
        return [*blocks, *self._notes], chart_at

    def _words(self, count: int) -> list[str]:
        return self.source.choices(_WORDS, cum_weights=_WEIGHTS, k=count)

    def _marked(self, word: str, chance: float) -> str:
        if chance < 0.1:
            return f"**{word}**"
        if chance < 0.2:
            return f"*{word}*"
        if chance < 0.28:
            return f"`{word}_{len(word)}`"
        if chance < 0.31 and self._number:
            return f"[{word}](/posts/{slug(self.source.randrange(self._number))}/)"
        if chance < 0.34 or self._number % 3 or len(self._notes) == 3:
            return f"[{word}](https://example.org/{word}/{len(word)})"
        self._notes.append(f"[^{len(self._notes) + 1}]: {self.sentence(plain=True)}")
        return f"{word}[^{len(self._notes)}]"

    def _paragraph(self, length: int) -> str:
        found: list[str] = []
        while sum(text.count(" ") + 1 for text in found) < length:
            found.append(self.sentence())
        return " ".join(found)

    def _prose(self, length: int) -> list[str]:
        """Paragraphs of 30 to 80 words."""
        found: list[str] = []
        while (left := length - sum(text.count(" ") + 1 for text in found)) > 0:
            found.append(self._paragraph(min(left, self.source.randint(30, 80))))
        return found

    def _table(self) -> str:
        source = self.source
        head = ["| " + " | ".join(self._words(4)) + " |", "| --- | --- | ---: | ---: |"]
        rows = [
            f"| {self.words(1, 1)} | {self.words(2, 2)} | {source.randrange(10_000)} | {source.random():.3f} |"
            for _ in range(source.randint(4, 9))
        ]
        return "\n".join([*head, *rows])

    def _code(self) -> str:
        """A block of about 16 lines, every second one Python."""
        source = self.source
        language = source.choice(("python", *_CODE)) if source.random() < 0.6 else "python"
        opening, repeated, closing = _CODE[language]
        names = dict(zip("abcdefgh", source.sample(_RARE, 8), strict=True))
        names |= {"say": self.sentence(plain=True), "note": self.sentence(plain=True)}
        lines = chain(opening, *repeat(repeated, source.randint(1, 3)), closing)
        values = (source.randint(1, 999) for _ in iter(int, 1))
        return "\n".join([f"```{language}", *(_filled(line, names, next(values)) for line in lines), "```"])


def _filled(line: str, names: dict[str, str], value: int) -> str:
    """A line of code with names for its ``$a`` and a number for its ``$0``; ``$b0`` is a name of its own."""
    if "$" not in line:
        return line
    for name, word in names.items():
        line = line.replace(f"${name}", word)
    return line.replace("$0", str(value))


_CODE: dict[str, tuple[Sequence[str], Sequence[str], Sequence[str]]] = {
    "python": (
        (
            *("import math", "from dataclasses import dataclass", "", "", "@dataclass(frozen=True)", "class Of$a:"),
            *('    """$say"""', "", "    $b: int = $0", '    $c: str = "$d"', "", ""),
            *("def $e(values: list[float], limit: int = $0) -> float:", "    # $note"),
            "    total = sum(value * 0.$0 for value in values if value > limit)",
        ),
        (
            "    $f_$0 = [total / (step + 1) for step in range($0)]",
            '    if total > $0 and not math.isnan(total): print(f"$g {total:.2f}", $f_$0)',
        ),
        ("    return total",),
    ),
    "javascript": (
        (
            *('import { $a } from "./$a.js";', "", "// $note", "export async function $b(values, limit = $0) {"),
            *("  const $c = new Map();", "  for (const value of values.filter((one) => one > limit)) {"),
            *('    $c.set(`$d-${value}`, { key: value, text: "$say" });', "  }"),
        ),
        ("  const $e$0 = await $a($c, { size: $0, exact: true });", "  if ($e$0 === null) return $c.get('$f');"),
        ("  return [...$c.values()].map(({ key }) => key / $0);", "}"),
    ),
    "sql": (
        (
            *("-- $note", "CREATE TABLE $a (", "  id INTEGER PRIMARY KEY,", "  $b TEXT NOT NULL DEFAULT '$c',"),
            *("  $d NUMERIC(10, 2)", ");", "", "SELECT $a.$b, count(*) AS $e, avg($a.$d) AS $f"),
            *("FROM $a JOIN $g ON $g.id = $a.id", "WHERE $a.$d > $0 AND $a.$b LIKE '%$c%'"),
        ),
        ("  AND ($g.$h BETWEEN $0 AND 2000 OR $g.$h IS NULL)", "  AND $a.$b <> '$d $0'"),
        ("GROUP BY $a.$b", "HAVING count(*) > $0", "ORDER BY $e DESC;"),
    ),
    "bash": (
        (
            *("#!/usr/bin/env bash", "set -euo pipefail", "# $note", 'cd "$(dirname "$1")"', "limit=$0"),
            *('for file in $a/*.csv; do', '  name=$(basename "$file" .csv)'),
        ),
        ('  if [ "$name" != "$b" ]; then sort -n "$file" | head -n $0 > "$c-$0.txt"; fi', '  echo "$d: $name" >&2'),
        ("done", 'test -s $c.txt || { echo "$say"; exit 1; }'),
    ),
    "json": (
        ("{", '  "name": "$a",', '  "text": "$say",', '  "limit": $0,', '  "$b": ['),
        ('    {"$c": $0, "$d": "$e", "exact": true},', '    {"$c": $0, "$d": null, "exact": false},'),
        ('    {"$c": 0.$0}', "  ],", '  "$f": {"$g": ["$h", "$a"]}', "}"),
    ),
    "yaml": (
        ("# $note", "name: $a", "on:", "  push:", "    branches: [$b, $c]", "jobs:"),
        ("  $d-$0:", "    runs-on: $e", "    timeout-minutes: $0", '    steps: ["$f", "$g"]'),
        ("  last:", "    needs: [$h]", "    if: success()"),
    ),
    "go": (
        (
            *("package $a", "", 'import "fmt"', "", "// $note", "type Of$b struct {", "\tName  string"),
            *("\tLimit int", "}", "", "func (one *Of$b) $c(values []float64) (total float64, err error) {"),
        ),
        ("\tfor step, value := range values[:$0] {", '\t\ttotal += value / float64(step+$0) // $d', "\t}"),
        ('\tfmt.Println("$say", total)', "\treturn total, nil", "}"),
    ),
}  # fmt: skip


def chart(number: int) -> Fragment:
    """A chart of some 8 KB, from 1 on, in the format that ``includes/`` holds: a few lines over some years."""
    name = f"chart-{number:02d}"
    source = random.Random(name)
    months = [f"{2014 + month // 12}-{month % 12 + 1:02d}-01" for month in range(112)]
    lines = {word: [round(source.gauss(50, 12), 3) for _ in months] for word in source.sample(_RARE, 3)}
    traces = [
        {"mode": "lines+markers", "name": word, "type": "scatter", "x": months, "y": values}
        for word, values in lines.items()
    ]
    layout = {"title": {"text": " ".join(source.sample(_RARE, 4))}, "xaxis": {"type": "date"}}
    payload = '{"data":[\n' + ",\n".join(map(_json, traces)) + f'\n],"layout":{_json(layout)}}}'
    rows = "\n".join(
        f"<tr><th>{word}</th><td>{min(values)}</td><td>{max(values)}</td></tr>" for word, values in lines.items()
    )
    table = f"<table><thead><tr><th></th><th>least</th><th>most</th></tr></thead><tbody>\n{rows}\n</tbody></table>"
    words = " ".join(source.choices(_RARE, k=12))
    return Fragment(name, payload, alt=f"Three lines: {words}.", caption=f"About {words}.", table=table)


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def picture(number: int) -> bytes:
    """A small PNG of its own colours."""
    rows = b"".join(
        b"\0" + bytes(value for column in range(24) for value in (column * 10, row * 10, number * 25))
        for row in range(24)
    )
    header = struct.pack(">IIBBBBB", 24, 24, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
