"""The notebook of the demo: its sentences say what its run computed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from generator import fragment
from generator.charts import notebook

ROOT = Path(__file__).resolve().parents[1]
PATH = "content/posts/2026-11-20-customer-360-in-a-notebook/customer-360.ipynb"


@pytest.fixture(scope="module")
def page() -> str:
    return (ROOT / "includes/customer-360.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def prose() -> str:
    found, problems = notebook.parse(PATH, (ROOT / PATH).read_text(encoding="utf-8"))
    assert problems == ()
    return " ".join(" ".join(cell.source for cell in found.cells if cell.kind == "markdown").split())


def figure(name: str, page: str) -> dict[str, list[dict[str, object]]]:
    text = re.search(rf'<figure class="chart" id="chart-{name}".*?</figure>\n', page, re.DOTALL)
    assert text is not None
    chart = fragment.parse(text[0])
    assert chart is not None
    payload: dict[str, list[dict[str, object]]] = json.loads(chart.payload)
    return payload


def table(page: str, first: str) -> dict[str, list[int]]:
    """The rows of the table whose first row is called `first`."""
    rows = re.findall(r'<th scope="row">([^<]*)</th>((?:<td>[^<]*</td>)+)', page)
    found = {
        name: [int(cell) for cell in re.findall(r"<td>(\d+)</td>", cells)] for name, cells in rows if not name.isdigit()
    }
    assert first in found
    return found


def test_who_brings_the_money(page: str, prose: str) -> None:
    customers, dollars = ([round(value) for value in trace["y"]] for trace in figure("customer-360-2", page)["data"])  # type: ignore[attr-defined]
    assert f"A is {customers[0]} in 100 customers and brings {dollars[0]} of 100 dollars." in prose
    assert sum(customers[2:]) < 33 < 45 < sum(dollars[2:]) < 50


def test_the_clusters_are_the_kinds(page: str, prose: str) -> None:
    found = table(page, "starting out")
    assert found["starting out"][1:] == [0, 0, 0]
    assert "All who are starting out were found together." in prose
    elsewhere = []
    for place, kind in ((1, "home and family"), (2, "investing"), (3, "own boss")):
        row = found[kind]
        assert row[place] == max(row)
        elsewhere.append(round(100 * (1 - row[place] / sum(row))))
    assert max(elsewhere) == 4
    assert "Of the other kinds up to four in a hundred sit elsewhere, most of them in A or B" in prose
    right = sum(max(found[kind]) for kind in ("starting out", "home and family", "own boss", "investing"))
    assert f"{right:,} of 1,000,000 customers" in page


def test_the_heatmap_stands_alone_too(page: str, prose: str) -> None:
    alone = (ROOT / "includes/million-heatmap.html").read_text(encoding="utf-8")
    assert alone.strip() in page
    assert "(+2.4)" in prose
    rows = re.findall(r"<tr><td>([^<]*)</td>((?:<td>[^<]*</td>){4})</tr>", alone)
    values = {
        name: [float(cell.replace("−", "-")) for cell in re.findall(r"<td>([^<]*)</td>", rest)] for name, rest in rows
    }
    assert len(values) == 12
    assert round(values["Business credit card"][3], 1) == 2.4
    assert all(row[0] < 0 for row in values.values())
    assert "A is below the average in everything" in prose
    assert max(abs(value) for row in values.values() for value in row) == values["Business credit card"][3]
