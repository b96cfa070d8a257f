"""The canonical layout of a frame: its rows in one order and one partitioning, whatever they were before.

Spark's K-Means begins with rows that it samples partition by partition, and floats are added up in the order of the
rows, so its result depends on how a frame is laid out. A frame of up to `SINGLE` rows is therefore sorted in one
partition; a larger one is spread over `PARTITIONS` by a hash of the clustered columns and sorted within each. The sort
is by the clustered columns first and then by all others, so that only rows that are equal throughout may change places.

Also here: the checks of what an author asks to cluster on, each a `ClustersError` of one line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as sf
from pyspark.sql.types import ArrayType, AtomicType, DataType, NumericType, StructType
from pyspark.storagelevel import StorageLevel

from generator.errors import did_you_mean

SINGLE = 100_000
PARTITIONS = 8
LABEL = "cluster"


class ClustersError(ValueError):
    """What was asked for can't be clustered; the message is one plain line."""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A frame in canonical layout (cached), the columns it is clustered on, and its number of rows.

    `numeric` are all its numeric columns; `distinct` is about how many different rows it has in the clustered columns.
    """

    frame: DataFrame
    columns: tuple[str, ...]
    numeric: tuple[str, ...]
    rows: int
    distinct: int


def quoted(name: str) -> str:
    """The column called exactly `name`, dots and all, as SQL text.

    Long expressions are written as text: each step of a `Column` asks the JVM, which takes longer than small sums do.
    """
    return "`" + name.replace("`", "``") + "`"


def double(name: str) -> str:
    """A numeric column as a double, as SQL text."""
    return f"CAST({quoted(name)} AS DOUBLE)"


def finite(value: str) -> str:
    """Whether a double is a number: Spark sorts NaN above infinity, so one comparison finds both. Null stays null."""
    return f"abs({value}) < double('Infinity')"


def literal(value: float) -> str:
    """A finite double, exactly, as SQL text."""
    return f"({value!r}D)"


def column(name: str) -> Column:
    """The column called exactly `name`."""
    return sf.col(quoted(name))


def number(name: str) -> Column:
    """A numeric column as a double."""
    return sf.expr(double(name))


def numeric(frame: DataFrame) -> tuple[str, ...]:
    """The numeric columns of `frame`, in its order."""
    return tuple(field.name for field in frame.schema.fields if isinstance(field.dataType, NumericType))


@contextmanager
def compiled(frame: DataFrame, rows: int) -> Iterator[None]:
    """Spark's code generation for as long as a large frame is worked on, where the session does without (`spark`).

    To compile costs more than it saves for a few rows; for half a million, sums took six times as long without.
    """
    conf, key = frame.sparkSession.conf, "spark.sql.codegen.wholeStage"
    if rows <= SINGLE or conf.get(key, "true") != "false":
        yield
        return
    conf.set(key, "true")
    try:
        yield
    finally:
        conf.set(key, "false")


def sortable(frame: DataFrame) -> tuple[str, ...]:
    """The columns of `frame` that rows can be sorted and hashed by."""
    return tuple(field.name for field in frame.schema.fields if _sorts(field.dataType))


def known(columns: Sequence[str], among: Sequence[str], what: str = "column") -> tuple[str, ...]:
    """`columns` as a tuple, after checking that each is in `among` and is named once."""
    if isinstance(columns, str):
        raise ClustersError(f"columns must be a list of names, not the text '{columns}'")
    if not columns:
        raise ClustersError("no columns are named")
    for name in columns:
        if name not in among:
            near = did_you_mean(name, among) or f"there are {', '.join(among)}"
            raise ClustersError(f"there is no {what} '{name}' in the frame; {near}")
        if list(columns).count(name) > 1:
            raise ClustersError(f"column '{name}' is named twice")
    return tuple(columns)


def lay_out(frame: DataFrame, columns: Sequence[str]) -> Layout:
    """Check `columns` and bring `frame` into its canonical layout; ClustersError where they can't be clustered on."""
    names = _checked(frame, columns)
    rows, distinct = _counted(frame, names)
    order = [*names, *(name for name in sortable(frame) if name not in names)]
    hashed = sf.expr(f"xxhash64({', '.join(map(quoted, names))})")
    places = (1,) if rows <= SINGLE else (PARTITIONS, hashed)
    canonical = frame.repartition(*places).sortWithinPartitions(*map(column, order))
    if canonical.storageLevel == StorageLevel.NONE:
        canonical = canonical.persist(StorageLevel.MEMORY_AND_DISK)
    return Layout(canonical, names, numeric(frame), rows, distinct)


def _checked(frame: DataFrame, columns: Sequence[str]) -> tuple[str, ...]:
    names = known(columns, frame.columns)
    if LABEL in frame.columns:
        raise ClustersError(f"the frame has a column '{LABEL}' already; rename or drop it first")
    for name in frame.columns:
        if frame.columns.count(name) > 1:
            raise ClustersError(f"the frame has two columns '{name}'")
    for name in names:
        kind = frame.schema[name].dataType
        if not isinstance(kind, NumericType):
            raise ClustersError(f"column '{name}' is not numeric, it is {kind.simpleString()}")
    return names


def _counted(frame: DataFrame, names: tuple[str, ...]) -> tuple[int, int]:
    """Rows, and roughly how many are distinct; raises for null, NaN and infinite values. One pass over the frame."""
    values = [double(name) for name in names]
    good = " AND ".join(f"coalesce({finite(value)}, false)" for value in values)
    counts = (
        "count(1)",
        f"count(CASE WHEN {good} THEN 1 END)",
        f"approx_count_distinct(xxhash64({', '.join(values)}))",
    )
    rows, usable, distinct = frame.agg(*map(sf.expr, counts)).collect()[0]
    if usable < rows:
        raise _not_numbers(frame, names, rows)
    return rows, distinct


def _not_numbers(frame: DataFrame, names: tuple[str, ...], rows: int) -> ClustersError:
    nulls = (sf.expr(f"count(CASE WHEN {double(name)} IS NULL THEN 1 END)") for name in names)
    others = (sf.expr(f"count(CASE WHEN NOT {finite(double(name))} THEN 1 END)") for name in names)
    found = tuple(frame.agg(*nulls, *others).collect()[0])
    for i, amount in enumerate(found):
        if amount:
            name, what = names[i % len(names)], "null" if i < len(names) else "NaN or infinite"
            return ClustersError(f"column '{name}' is {what} in {amount} of {rows} rows; drop or fill them first")
    raise AssertionError("the frame changed while it was read")


def _sorts(kind: DataType) -> bool:
    """Whether rows can be sorted and hashed by a column of this type; maps, variants and vectors can't."""
    if isinstance(kind, ArrayType):
        return _sorts(kind.elementType)
    if isinstance(kind, StructType):
        return all(_sorts(field.dataType) for field in kind.fields)
    return isinstance(kind, AtomicType) and kind.typeName() not in ("variant", "geometry", "geography")
