"""Fixtures that start something real, for the whole run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.charts import posters

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_FLAGS = (
    *("--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skip", action="store_true", help="a skipped test is a failed one")
    parser.addoption("--steps", type=int, help="how many random edits test_incremental.py makes from each seed")
    parser.addoption("--kills", type=int, default=40, help="how many running builds test_kill.py ends")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[Any]:
    """Under ``--no-skip`` whatever a machine lacks is a failure that says so."""
    report = yield
    if report.skipped and item.config.getoption("--no-skip") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which --no-skip does not allow: {report.longrepr[-1]}"
    return report


_CHOSEN = os.environ.get("BROWSER_PATH")
os.environ["BROWSER_PATH"] = os.devnull  # builds find no Chromium for posters, which would take seconds each


@pytest.fixture
def posters_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Posters are made in this test, by the Chromium of this machine."""
    monkeypatch.delenv("BROWSER_PATH")
    if _CHOSEN:
        monkeypatch.setenv("BROWSER_PATH", _CHOSEN)
    if lacking := posters.unable(os.environ):
        pytest.skip(f"NO POSTERS: {lacking}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless Chromium of this machine (playwright's `Browser`); none is ever downloaded."""
    playwright = pytest.importorskip("playwright.sync_api", reason="NO BROWSER TESTS: playwright is not installed")
    path = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if path is None:
        pytest.skip(f"NO BROWSER TESTS: none of {', '.join(_BROWSERS)} is on PATH")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of this checkout, with its search."""
    from tests.served import lay_demo

    return lay_demo(tmp_path_factory.mktemp("demo"), tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A Spark session on this machine, one for the whole run; a test that uses it is marked ``spark``."""
    from generator.charts import java, spark
    from generator.config import SparkSettings

    session = spark.start(SparkSettings("local[2]"), java.choose(os.environ), tmp_path_factory.mktemp("spark") / "log")
    yield session
    spark.stop(session)
