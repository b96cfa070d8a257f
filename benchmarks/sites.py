"""How long a blog takes to build, here and with other generators, as one table.

``python -m benchmarks.sites [POSTS…] [--runs N] [--only NAME] [--tools FOLDER] [--work FOLDER]`` makes the same blog of
100, 1,000 and 10,000 posts for each generator that is installed, and times whole processes: cold (no output and no
caches), after a word of one post has changed, and with nothing changed. The generators take turns, so that whatever
else the machine does hits all of them; figures are medians of N runs. What they built is counted first, and must be
equal. Beside each time stands its ratio to the fastest of the others.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from benchmarks import corpus, outputs, peers, processes
from benchmarks.corpus import Post
from benchmarks.outputs import Output
from benchmarks.peers import Peer
from benchmarks.processes import Cost

SIZES = (100, 1_000, 10_000)
KINDS = ("cold", "one post changed", "nothing changed")
TITLES = ("posts", "generator", *(f"{kind}, s" for kind in KINDS), "processor, s", "memory, MB")


@dataclass(frozen=True, slots=True)
class Blog:
    """A blog of one generator, in its folder."""

    peer: Peer
    folder: Path

    def run(self, *, memory: bool = False) -> Cost:
        return processes.run(self.peer.command, self.folder, self.peer.variables(self.folder), memory=memory)

    def clear(self) -> None:
        """Nothing built, nothing remembered.

        What was is moved out of the way: for half a minute ext4 walks around each file that was removed when it makes a
        new one, which took every generator's next build up to a second more at 1,000 posts.
        """
        away = Path(tempfile.mkdtemp(prefix=f"{self.folder.name}-", dir=self.folder.parent))
        for name in (self.peer.output, *self.peer.caches):
            path = self.folder / name
            if os.path.lexists(path):
                path.rename(away / path.name)

    def round(self, post: Post, word: str) -> dict[str, Cost]:
        """One run of each kind."""
        self.clear()
        cold = self.run()
        peers.edit(self.peer, self.folder, post, word)
        changed = self.run()
        if not outputs.says(self.peer, self.folder, post, word):
            sys.exit(f"{self.peer.name}: the page of {post.slug} is stale, in {self.folder}")
        return dict(zip(KINDS, (cold, changed, self.run()), strict=True))


def compare(blogs: Sequence[Blog], posts: Sequence[Post]) -> dict[str, Output]:
    """Build each blog for the first time, untimed, and count; leave where one of them lacks something."""
    wanted = outputs.expected(posts)
    found = {}
    for blog in blogs:
        blog.run()
        found[blog.peer.name] = built = outputs.built(blog.peer, blog.folder)
        for name, number in asdict(wanted).items():
            if getattr(built, name) != number:
                sys.exit(f"{blog.peer.name}: {getattr(built, name)} {name} instead of {number}, in {blog.folder}")
    return found


def measure(blogs: Sequence[Blog], posts: Sequence[Post], runs: int) -> dict[str, dict[str, Cost]]:
    """Medians by generator and kind; the memory is that of one more cold run."""
    times: dict[str, list[dict[str, Cost]]] = {blog.peer.name: [] for blog in blogs}
    for number in range(runs):
        for place in range(len(blogs)):
            blog = blogs[(place + number) % len(blogs)]
            times[blog.peer.name].append(blog.round(posts[len(posts) // 2], corpus.TAGS[number % len(corpus.TAGS)]))
    found = {name: {kind: median([one[kind] for one in rounds]) for kind in KINDS} for name, rounds in times.items()}
    for blog in blogs:
        blog.clear()
        cold = found[blog.peer.name]["cold"]
        found[blog.peer.name]["cold"] = Cost(cold.wall, cold.processor, blog.run(memory=True).memory)
    return found


def median(costs: Sequence[Cost]) -> Cost:
    return Cost(statistics.median(cost.wall for cost in costs), statistics.median(cost.processor for cost in costs))


def rows(size: int, found: Mapping[str, Mapping[str, Cost]]) -> list[str]:
    """Lines of the table: seconds, and in brackets the ratio to the fastest other generator; ours comes first."""
    others = [name for name in found if name != peers.OURS] or list(found)
    best = {kind: min(found[name][kind].wall for name in others) for kind in KINDS}
    lines = []
    for name, costs in found.items():
        cells = [f"{costs[kind].wall:.2f} ({costs[kind].wall / best[kind]:.2f})" for kind in KINDS]
        cold = costs["cold"]
        lines.append(f"| {size:,} | {name} | {' | '.join(cells)} | {cold.processor:.1f} | {cold.memory / 1e6:.0f} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("posts", nargs="*", type=int, default=SIZES)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", action="append", default=[], help="a generator, or a part of its name")
    temporary = Path(tempfile.gettempdir())
    parser.add_argument("--tools", type=Path, default=temporary / "visualposts-peers", help="has Eleventy and Pelican")
    parser.add_argument("--work", type=Path, default=temporary, help="where the blogs are made")
    chosen = parser.parse_args()
    wanted = [
        peer
        for peer in peers.peers(chosen.tools.resolve())
        if not chosen.only or any(part.lower() in peer.name.lower() for part in chosen.only)
    ]
    installed = [peer for peer in wanted if peer.installed]
    for peer in wanted:
        if not peer.installed:
            print(f"{peer.name} is not installed: {peer.install}", file=sys.stderr)
    if installed:
        table(installed, chosen.posts, chosen.runs, chosen.work.resolve())


def table(installed: Sequence[Peer], sizes: Sequence[int], runs: int, work: Path) -> None:
    """Measure and print, size by size."""
    versions = ", ".join(f"{peer.name} {peer.told_version()}" for peer in installed)
    machine = f"{os.cpu_count()} cores of {platform.machine()}, {platform.system()}, Python {platform.python_version()}"
    print(f"{datetime.date.today()}, {machine}; {versions}; medians of {runs}; cold processor and memory\n")
    print(f"| {' | '.join(TITLES)} |\n| ---: | --- |{' ---: |' * (len(TITLES) - 2)}")
    notes = []
    with tempfile.TemporaryDirectory(prefix="visualposts-sites-", dir=work) as folder:
        for size in sizes:
            start = time.perf_counter()
            posts = [corpus.post(number) for number in range(size)]
            blogs = [Blog(peer, Path(folder, str(size), peer.name.lower())) for peer in installed]
            for blog in blogs:
                peers.write(blog.peer, blog.folder, posts)
            compared = compare(blogs, posts)
            for line in rows(size, measure(blogs, posts, runs)):
                print(line, flush=True)
            notes.append(note(size, compared) + f", took {time.perf_counter() - start:.0f} s")
    print(f"\nload at the end: {os.getloadavg()[1]:.1f}\n" + "\n".join(notes))


def note(size: int, found: Mapping[str, Output]) -> str:
    """A line that says what all have built."""
    one = next(iter(found.values()))
    return f"{size:,} posts, in each: " + ", ".join(f"{getattr(one, field.name)} {field.name}" for field in fields(one))


if __name__ == "__main__":
    main()
