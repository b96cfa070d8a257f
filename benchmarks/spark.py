"""Spark's start and small fits: the same chart sources with Spark's defaults and by a build, one and more of them.

``python benchmarks/spark.py [RUNS]`` prints one table: medians of whole processes, wall-clock seconds. The ways take
turns, so that what else the machine does falls on all of them.
"""

from __future__ import annotations

import datetime
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SETTINGS = '[tool.visualposts]\ntitle = "A benchmark"\nbase_url = "https://example.org"\n'
SOURCE = '''\
"""K-Means of 300 rows, with its heatmap and a scatter."""

from pathlib import Path

from pyspark.sql import functions as sf

from generator.charts import clusters, figures

NAME = Path(__file__).parent.name
NAMES = ["a", "b", "c", "d"]


def charts(spark):
    noise = [sf.pmod(sf.xxhash64("id", sf.lit(n)), sf.lit(1000)) / 500 for n in range(4)]
    values = [sf.col("id") * (7 + n) % 3 * 5 + noise[n] for n in range(4)]
    frame = spark.range(300).select(*(value.alias(name) for value, name in zip(values, NAMES)))
    found = clusters.fit(frame, NAMES, k=3, scale="standard")
    return {
        f"{NAME}-heatmap": figures.heatmap(found.profile(), alt="A heatmap."),
        f"{NAME}-scatter": figures.scatter_2d(found.sample(300), "a", "b", cluster="cluster", alt="A scatter."),
    }
'''
DEFAULTS = """\
import runpy, sys
from pyspark.sql import SparkSession
from generator.charts import export
spark = SparkSession.builder.getOrCreate()
for path in sys.argv[1:]:
    for name, figure in runpy.run_path(path)["charts"](spark).items():
        export.to_fragment(name, figure).to_html()
spark.stop()
"""


def project(folder: Path, sources: int) -> Path:
    """A site of so many posts, each with a chart source of its own."""
    for number in range(sources):
        post = folder / f"content/posts/p{number}"
        post.mkdir(parents=True)
        (post / "index.md").write_text(f"---\ntitle: Post {number}\ndate: 2026-01-01\n---\n\nText.\n")
        (post / "charts.py").write_text(SOURCE)
    (folder / "pyproject.toml").write_text(SETTINGS)
    return folder


def defaults(site: Path, home: Path) -> None:
    """Its sources one after the other in one process, on a session as Spark starts it."""
    sources = sorted(map(str, site.glob("content/posts/*/charts.py")))
    run([sys.executable, "-c", DEFAULTS, *sources], site, JAVA_HOME=str(home), SPARK_LOCAL_IP="127.0.0.1")


def build(site: Path, cache: Path) -> None:
    run([sys.executable, "-m", "generator", "build", "--rerun"], site, XDG_CACHE_HOME=str(cache))


def run(command: list[str], folder: Path, **environ: str) -> None:
    done = subprocess.run(command, cwd=folder, env={**os.environ, **environ}, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)


def seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def archived(cache: Path) -> float:
    """Wait until the archive is made in the background; the seconds that took."""
    began = time.perf_counter()
    while not list(cache.glob("visualposts/*.jsa")):
        if time.perf_counter() - began > 300:
            sys.exit("no archive was made")
        time.sleep(0.2)
    return time.perf_counter() - began


def main() -> None:
    from generator.charts import java, spark

    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    chosen = java.choose(os.environ)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home = spark._home_for_scripts(chosen, folder)
        sites = {count: project(folder / f"site{count}", count) for count in (1, 3, 6)}
        cache = folder / "cache"
        first = seconds(lambda: build(sites[3], cache))
        made = archived(cache)
        ways: list[tuple[str, Callable[[], None]]] = [
            ("3 sources, Spark's defaults", lambda: defaults(sites[3], home)),
            ("3 sources, a build without an archive", lambda: build(sites[3], Path(os.devnull))),
            ("3 sources, a build", lambda: build(sites[3], cache)),
            ("1 source, a build", lambda: build(sites[1], cache)),
            ("6 sources, a build", lambda: build(sites[6], cache)),
        ]
        times: dict[str, list[float]] = {what: [] for what, _ in ways}
        for _ in range(runs):
            for what, work in ways:
                times[what].append(seconds(work))
    print(f"{datetime.date.today()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()},", end=" ")
    print(f"Java {chosen.version}, medians of {runs}\n")
    print("| whole process | seconds | of the defaults | of one source |\n| --- | ---: | ---: | ---: |")
    middle = {what: statistics.median(found) for what, found in times.items()}
    print(f"| 3 sources, the first build, which lists classes | {first:.1f} (once) | | |")
    for what, value in middle.items():
        share = f"{value / middle[ways[0][0]]:.2f}" if what.startswith("3") else ""
        more = f"{value / middle[ways[3][0]]:.2f}" if what.endswith("a build") and not what.startswith("3") else ""
        print(f"| {what} | {value:.1f} | {share} | {more} |")
    print(f"\nThe archive was there {made:.0f} s after the first build had ended.")


if __name__ == "__main__":
    main()
