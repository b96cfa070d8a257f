"""Surroundings: what lies outside a chart source and is shared by all; each source finds it as the first one did."""

from __future__ import annotations

import locale
import os
import random
import sys
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

SEED = 0
TEMPLATE = "plotly"
"""Plotly's own default."""


@contextmanager
def kept() -> Iterator[None]:
    """Give back afterwards all that author code may have changed for the next source.

    Working directory, import path, environment, warnings filters, locale, numpy's and pandas' options, Plotly's
    templates and defaults. Random numbers begin alike for each source: who forgot a seed gets the same chart again.
    """
    directory, path, environment, words = Path.cwd(), list(sys.path), dict(os.environ), locale.setlocale(locale.LC_ALL)
    random.seed(SEED)
    try:
        with ExitStack() as stack:
            stack.enter_context(warnings.catch_warnings())
            if numpy := sys.modules.get("numpy"):
                _keep_numpy(numpy, stack)
            stack.callback(_reset_pandas)
            stack.callback(_reset_plotly, _renderer())
            yield
    finally:
        os.chdir(directory)
        sys.path[:] = path
        os.environ.clear()
        os.environ.update(environment)
        locale.setlocale(locale.LC_ALL, words)


def _keep_numpy(numpy: Any, stack: ExitStack) -> None:
    stack.enter_context(numpy.errstate())
    stack.enter_context(numpy.printoptions())
    numpy.random.seed(SEED)


def _reset_pandas() -> None:
    """Bring pandas' options to their defaults; those of plotting would import a library to do so."""
    pandas: Any = sys.modules.get("pandas")
    options = getattr(pandas, "options", None)  # an import that failed leaves half a module
    if options is None:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some are deprecated
        for group in dir(options):
            if group != "plotting":
                with suppress(KeyError):
                    pandas.reset_option(f"^{group}\\.")


def _renderer() -> str:
    plotly = sys.modules.get("plotly.io")
    return plotly.renderers.default if plotly else ""


def _reset_plotly(renderer: str) -> None:
    """Forget templates that were registered or changed, and the defaults of figures."""
    if plotly := sys.modules.get("plotly.io"):
        templates = plotly.templates
        vars(templates).update(vars(type(templates)()))
        templates.default = TEMPLATE
        if renderer:
            plotly.renderers.default = renderer
    if express := sys.modules.get("plotly.express"):
        express.defaults.reset()
