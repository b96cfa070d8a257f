"""The master: where Spark runs, who says so, and of which kind it is."""

from __future__ import annotations

import re
from collections.abc import Mapping

from generator.config import FILE, SparkSettings


def choose(option: str | None, environ: Mapping[str, str], settings: SparkSettings) -> tuple[str, str]:
    """Where Spark runs, and who says so: the command line, the environment, the project, or nobody.

    ``SPARK_REMOTE`` is Spark's own variable for the address of a Spark Connect server.
    """
    if option:
        return option, "--spark-master"
    for name in ("SPARK_MASTER", "SPARK_REMOTE"):
        if master := environ.get(name):
            return master, name
    return settings.master, "the default" if settings.master == SparkSettings().master else FILE


def is_local(master: str) -> bool:
    """Whether Spark runs in this machine's one JVM (``local-cluster[…]`` starts more of them)."""
    return re.fullmatch(r"local(\[.*\])?", master) is not None


def is_remote(master: str) -> bool:
    """Whether Spark runs elsewhere altogether, behind Spark Connect, and needs no Java here."""
    return master.startswith("sc://")
