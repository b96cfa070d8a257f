"""Clusters at scale: seconds, memory and bytes of a K-Means of 12 columns, from 100,000 to 10 million rows.

``python benchmarks/clusters.py [ROWS…]`` prints one table. Each line is a process of its own. The rows are made by
arithmetic on whole numbers, in Spark and in numpy alike, so scikit-learn fits the very same ones.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SIZES = (100_000, 1_000_000, 10_000_000)
COLUMNS = 12
GROUPS = 5
PRIME = 2**31 - 1
HEAP = "4g"
QUICK = 1_000_000
"""Rows up to which Java's quick compiler, a build's own choice, is tried beside the optimising one."""
OPTIMISING = {"spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=4"}


def mixed(number: Any, salt: int) -> Any:
    """A number below `PRIME`, the same from a Spark column as from a numpy array; no product passes 2**62."""
    once = (number * (1_103_515 + 7919 * salt) + 12_345 * (salt + 1)) % PRIME
    return (once * once + salt) % PRIME


def columns(number: Any) -> list[Any]:
    """Twelve columns around the centres of five groups, with a triangular noise of about the same width."""
    group = mixed(number, 0) % GROUPS
    return [
        (group * (place + 1) % GROUPS) * 2.0 + (mixed(number, 2 * place + 1) + mixed(number, 2 * place + 2)) / PRIME
        for place in range(COLUMNS)
    ]


def ours(rows: int, conf: dict[str, str], generated: bool = True) -> dict[str, float]:
    """A fit with its profile, a sample and a density on Spark, and the fragments of their three figures.

    Without `generated` code Spark interprets its plans at every size.
    """
    from pyspark.sql import functions as sf

    from generator.charts import clusters, density, export, figures, java, layout, spark
    from generator.config import SparkSettings

    log = Path(tempfile.mkdtemp()) / "spark.log"
    settings = SparkSettings("local[*]", {"spark.driver.memory": HEAP, **conf})
    session = spark.start(settings, java.choose(os.environ), log)
    names = [f"c{place}" for place in range(COLUMNS)]
    frame = session.range(rows).select(
        *(column.alias(name) for column, name in zip(columns(sf.col("id")), names, strict=True))
    )
    store = str(log.parent / "rows")
    with layout.compiled(frame, rows * 10**6):
        frame.write.parquet(store)
    frame = session.read.parquet(store)
    if not generated:
        for module in (clusters, density):
            module.compiled = lambda *_: contextlib.nullcontext()  # type: ignore[attr-defined]
    times = {}
    process = Path(f"/proc/{session.sparkContext._gateway.proc.pid}/stat")
    used = processor(process)
    before = time.perf_counter()

    def lap(name: str) -> None:
        nonlocal before
        times[name], before = time.perf_counter() - before, time.perf_counter()

    found = clusters.fit(frame, names, k=GROUPS, scale="standard")
    lap("fit")
    profile = found.profile()
    lap("profile")
    sample = found.sample(2000, ["c0", "c1"])
    lap("sample")
    grid = clusters.density(found.frame, "c0", "c1", cluster="cluster")
    lap("density")
    drawn = {
        "heatmap": figures.heatmap(profile, alt="Profile."),
        "scatter": figures.scatter_2d(sample, "c0", "c1", cluster="cluster", alt="Sample."),
        "density": figures.density(grid, alt="Density."),
    }
    weight = sum(len(export.to_fragment(name, figure).to_html().encode()) for name, figure in drawn.items())
    used = processor(process) - used
    spark.stop(session)
    shutil.rmtree(log.parent)
    return {**times, "bytes": weight, "cost": found.cost, "processor": used}


def processor(stat: Path) -> float:
    """The processor's seconds of the process with this ``/proc/…/stat``, whatever else the machine does."""
    if not stat.exists():
        return 0.0
    user, system = stat.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def theirs(rows: int, batches: bool) -> dict[str, float]:
    """The same rows by scikit-learn, standardised, one initialisation as Spark has it."""
    import numpy as np
    from sklearn.cluster import KMeans, MiniBatchKMeans  # type: ignore[import-untyped]

    table = np.stack(columns(np.arange(rows, dtype=np.int64)), axis=1)
    before = time.perf_counter()
    table -= table.mean(axis=0)
    table /= table.std(axis=0)
    kind = MiniBatchKMeans if batches else KMeans
    found = kind(GROUPS, n_init=1, random_state=0, max_iter=50).fit(table)
    return {"fit": time.perf_counter() - before, "cost": float(found.inertia_)}


def measured(kind: str, rows: int) -> dict[str, float]:
    """What one process says; nothing where it failed."""
    done = subprocess.run([sys.executable, __file__, kind, str(rows)], stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1])) if done.returncode == 0 else {}


def line(name: str, rows: int, found: dict[str, float]) -> str:
    cells = [
        f"{found[key]:.1f}" if key in found else "–" for key in ("fit", "profile", "sample", "density", "processor")
    ]
    memory = f"{found['memory'] / 1e6:.0f} MB" if found else "failed"
    weight = f"{found['bytes'] / 1000:.1f} KB" if "bytes" in found else "–"
    return " | ".join([f"| {rows:,}", name, *cells, memory, weight, f"{found.get('cost', 0):.6g} |"])


def main() -> None:
    if len(sys.argv) > 2 and not sys.argv[1].isdigit():
        kind, rows = sys.argv[1], int(sys.argv[2])
        if kind in ("quick", "optimising"):
            found = ours(rows, OPTIMISING if kind == "optimising" else {})
        elif kind == "interpreted":
            found = ours(rows, OPTIMISING, generated=False)
        else:
            found = theirs(rows, kind == "batches")
        found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps(found))
        return
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    print(
        f"{datetime.date.today()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, heap of {HEAP}\n"
    )
    titles = ("rows", "what", "fit, s", "profile, s", "sample, s", "density, s", "processor, s")
    print("| " + " | ".join((*titles, "Python's memory", "fragments", "cost |")))
    print("| ---: | --- |" + " ---: |" * 8)
    for rows in sizes:
        kinds = [
            ("optimising", "clusters, optimising compiler"),
            ("interpreted", "the same without code generation"),
            ("exact", "KMeans"),
            ("batches", "MiniBatchKMeans"),
        ]
        if rows <= QUICK:
            kinds.insert(0, ("quick", "clusters"))
        for kind, name in kinds:
            print(line(name, rows, measured(kind, rows)), flush=True)


if __name__ == "__main__":
    main()
