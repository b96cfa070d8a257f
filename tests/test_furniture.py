"""Furniture: numbers, names and axes as a phone has room for them."""

from __future__ import annotations

import numpy as np
import pytest

from generator.charts import furniture


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1234567, "1.23M"), (999_999, "1M"), (-4560, "−4.56k"), (12, "12"), (0.05, "0.05"), (1e-5, "0.00001")],
)
def test_short_numbers(value: float, text: str) -> None:
    assert furniture.short(value) == text


def test_long_names_are_broken_but_not_words() -> None:
    assert furniture.wrapped("Automobile insurance") == "Automobile<br>insurance"
    assert furniture.wrapped("Versicherungsnehmer") == "Versicherungsnehmer"


def test_logarithmic_ticks_are_as_many_as_fit() -> None:
    def ticks(low: float, high: float) -> list[str]:
        return furniture.log_axis("GDP", np.array([low, high]))["ticktext"]

    assert ticks(300, 40_000) == ["300", "1k", "3k", "10k", "30k"]
    assert ticks(12, 80) == ["20", "50"]
    assert ticks(1, 1e6) == ["1", "10", "100", "1k", "10k", "100k", "1M"]


def test_a_single_value_has_a_range() -> None:
    low, high = furniture.padded(np.zeros(3))
    assert low < 0 < high
