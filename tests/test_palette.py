"""The palette: seen on a white and on a near-black page, and told apart by the colour-blind."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from generator.charts import palette


def linear(colour: str) -> np.ndarray:
    values = np.array([int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    low, high = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def test_colours_can_be_seen_on_both_themes_and_text_on_both_scales() -> None:
    assert all(contrast(colour, "#FFFFFF") >= 2.2 and contrast(colour, "#111418") >= 3 for colour in palette.COLOURS)
    assert all(contrast(colour, "#FFFFFF") >= 3 for colour in palette.COLOURS[:4] + palette.COLOURS[6:])
    assert all(contrast(palette.NEUTRAL, page) >= 3.9 for page in ("#FFFFFF", "#111418"))
    assert all(contrast(palette.INK, stop) >= 4.5 for _, stop in palette.SEQUENTIAL + palette.DIVERGING)


BLINDNESS = {
    "none": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
"""Machado, Oliveira and Fernandes (2009), severity 1, for linear RGB."""


@pytest.mark.parametrize("kind", BLINDNESS)
def test_colours_stay_apart_for_the_colour_blind(kind: str) -> None:
    """By distance in Oklab (Ottosson, 2020): 2 is the least that is noticed."""
    to_cones = [
        [0.41222147, 0.53633254, 0.05144599],
        [0.2119035, 0.68069955, 0.10739696],
        [0.0883024, 0.2817188, 0.6299787],
    ]
    to_lab = [
        [0.21045426, 0.79361779, -0.00407205],
        [1.977998, -2.428592, 0.45059371],
        [0.025904, 0.78277177, -0.80867577],
    ]
    seen = [np.clip(np.array(BLINDNESS[kind]) @ linear(colour), 0, 1) for colour in palette.COLOURS]
    places = [100 * np.array(to_lab) @ np.cbrt(np.array(to_cones) @ light) for light in seen]
    assert min(np.linalg.norm(one - other) for one, other in itertools.combinations(places, 2)) > 7
