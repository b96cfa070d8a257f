"""The artificial people of this post: run ``python _samples.py`` to write the CSV files beside it once more.

The files are what the charts read; numpy does not promise the same stream of random numbers for ever, a file does.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

PRODUCTS = (
    "debit_card",
    "personal_credit_card",
    "business_credit_card",
    "home_mortgage",
    "auto_loan",
    "brokerage_account",
    "roth_ira",
    "401k",
    "home_insurance",
    "automobile_insurance",
    "medical_insurance",
    "life_insurance",
)
"""Twelve products of the bank; a customer's value is the dollars that pass through one in a month."""

# Per persona and product: the share of its people who use the product, and the dollars that are typical of a user.
PERSONAS = {
    "starting out": (
        310,
        [0.98, 0.55, 0.01, 0.02, 0.22, 0.06, 0.10, 0.25, 0.02, 0.45, 0.35, 0.04],
        [1150, 260, 150, 700, 210, 80, 90, 130, 45, 95, 120, 20],
    ),
    "home and family": (
        240,
        [0.97, 0.85, 0.03, 0.94, 0.72, 0.15, 0.28, 0.82, 0.95, 0.95, 0.85, 0.82],
        [1700, 780, 250, 1850, 390, 180, 190, 480, 150, 170, 420, 95],
    ),
    "own boss": (
        110,
        [0.92, 0.75, 0.97, 0.40, 0.55, 0.22, 0.30, 0.06, 0.40, 0.85, 0.88, 0.40],
        [1900, 900, 3600, 1500, 450, 250, 240, 150, 130, 210, 640, 90],
    ),
    "investing": (
        140,
        [0.93, 0.90, 0.04, 0.28, 0.18, 0.96, 0.88, 0.70, 0.72, 0.85, 0.75, 0.50],
        [1650, 1150, 300, 1300, 380, 1900, 480, 900, 170, 150, 380, 120],
    ),
}

ACCOUNTS = ("current", "savings", "investments", "loans")
"""Four accounts; a customer's value is how many dollars the balance changed within a year."""


def customers(rng: np.random.Generator) -> pd.DataFrame:
    """800 customers of four personas, 12 non-negative columns in whole dollars a month, in mixed order."""
    groups = []
    for size, share, typical in PERSONAS.values():
        uses = rng.random((size, len(PRODUCTS))) < share
        dollars = np.array(typical) * rng.lognormal(sigma=0.35, size=(size, len(PRODUCTS)))
        groups.append(np.where(uses, dollars, 0.0))
    rows = np.vstack(groups).round().astype(int)
    return pd.DataFrame(rows[rng.permutation(len(rows))], columns=PRODUCTS)


def balances(rng: np.random.Generator) -> pd.DataFrame:
    """100 customers by the yearly change of four balances, in dollars: savers, spenders, two kinds of investors."""
    groups = [
        (36, (350, 1750, 100, -250)),
        (34, (-1500, -1250, -650, 300)),
        (15, (500, -1300, 1900, -1500)),
        (15, (600, -1100, 1800, 1700)),
    ]
    rows = np.vstack([rng.normal(centre, 520, (size, len(ACCOUNTS))) for size, centre in groups])
    return pd.DataFrame(rows[rng.permutation(len(rows))].round().astype(int), columns=ACCOUNTS)


def visits(rng: np.random.Generator) -> pd.DataFrame:
    """240 visits to a café: the minutes of the stay and the dollars spent."""
    groups = [
        (95, (10, 4), (5.6, 1.3), 0.3),
        (85, (46, 11), (16.5, 2.8), 0.2),
        (60, (142, 27), (9.5, 2.3), 0.5),
    ]
    rows = []
    for size, (minutes, spread), (dollars, step), together in groups:
        first, second = rng.standard_normal((2, size))
        stay = minutes + spread * first
        spent = dollars + step * (together * first + np.sqrt(1 - together**2) * second)
        rows.append(np.column_stack([stay.clip(2), spent.clip(2)]))
    table = np.vstack(rows)
    frame = pd.DataFrame(table[rng.permutation(len(table))], columns=["minutes", "dollars"])
    return frame.round({"minutes": 0, "dollars": 2}).astype({"minutes": int})


def main() -> None:
    """Write the three files into the folder of this post."""
    folder = Path(__file__).parent
    for seed, make in enumerate((visits, balances, customers), start=20261102):
        make(np.random.default_rng(seed)).to_csv(folder / f"{make.__name__}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
