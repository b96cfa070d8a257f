"""Columns: what figures take from an author's frame, checked, so that a mistake is one plain line.

Everything here raises ValueError with that line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from generator.charts.palette import Look, looks
from generator.errors import did_you_mean

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Names = Mapping[object, str]
Column: TypeAlias = "pd.Series[Any]"


def column(frame: pd.DataFrame, name: str) -> Column:
    """The column `name` of a frame that has rows."""
    if name not in frame.columns:
        known = [str(other) for other in frame.columns]
        near = did_you_mean(str(name), known) or f"there are: {', '.join(known) or 'none'}"
        raise ValueError(f"there is no column '{name}': {near}")
    if not len(frame):
        raise ValueError(f"there are no rows to draw in column '{name}'")
    return frame[name]


def numbers(frame: pd.DataFrame, name: str, *, positive: bool = False) -> Floats:
    """The column `name` as finite numbers, all above 0 where they are `positive` (for a logarithmic axis)."""
    values = column(frame, name)
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        raise ValueError(f"column '{name}' is not numeric but {values.dtype}")
    found: Floats = values.to_numpy(dtype=np.float64, na_value=np.nan)
    if missing := int((~np.isfinite(found)).sum()):
        raise ValueError(f"column '{name}' has {missing} values that are missing or infinite")
    if positive and (low := int((found <= 0).sum())):
        raise ValueError(f"column '{name}' has {low} values of 0 or less, which a logarithmic axis can't show")
    return found


def table(frame: pd.DataFrame, what: str) -> pd.DataFrame:
    """`frame` as a table of finite numbers, one row for each cluster, with at least one row and one column."""
    if frame.empty:
        raise ValueError(f"the table of {what} is empty")
    return pd.DataFrame({name: numbers(frame, name) for name in frame.columns}, index=frame.index)


def words(frame: pd.DataFrame, name: str) -> list[str]:
    """The column `name` as text, for hover labels."""
    return [str(value) for value in column(frame, name)]


def distinct(values: Column) -> list[object]:
    """The labels in `values`: a categorical's in its own order, others sorted; whole numbers as ``int``."""
    if values.isna().any():
        raise ValueError(f"column '{values.name}' has rows without a group")
    if isinstance(values.dtype, pd.CategoricalDtype):
        return [plain(label) for label in values.cat.categories]
    return sorted({plain(label) for label in values.unique()}, key=lambda label: (isinstance(label, str), label))


def groups(frame: pd.DataFrame, name: str, names: Names | None = None) -> list[tuple[Look, Mask]]:
    """The groups in column `name`: how each looks, and which rows are its own (groups without rows are left out)."""
    values = column(frame, name)
    look = looks(distinct(values), names)
    own = values.map(plain).to_numpy(dtype=object)
    masks = [(found, own == label) for label, found in look.items()]
    return [(found, mask) for found, mask in masks if mask.any()]


def plain(label: object) -> object:
    """A label as Python's own value: a numpy or whole float number is an ``int``, so that 1.0 and 1 are one cluster."""
    if isinstance(label, np.generic):
        label = label.item()
    return int(label) if isinstance(label, float) and label.is_integer() else label
