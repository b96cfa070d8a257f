"""Inputs that an author declares: ``INPUTS = ["data/*.parquet"]`` in a chart source, for what can't be observed."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from types import ModuleType

from generator import files
from generator.charts.contract import ChartSource, unseen
from generator.charts.observing import Observer
from generator.errors import AuthorError, Place, Problem

NAME = "INPUTS"


def declared(module: ModuleType, source: ChartSource, project: Path, observer: Observer) -> dict[str, str]:
    """The patterns in ``INPUTS``, as project paths, with the hash of what they match; `observer` notes the matches.

    Raises AuthorError for a value that is not a list of relative patterns.
    """
    value = getattr(module, NAME, ())
    place = Place(source.path, source.inputs_line or source.line, 1)
    hint = f'for example {NAME} = ["data/*.parquet"]'
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) and item for item in value):
        raise AuthorError([Problem(f"{NAME} must be a list of file names or patterns", place, hint)])
    found = {}
    for item in value:
        path = PurePosixPath(item)
        if path.is_absolute() or ".." in path.parts:
            raise AuthorError([Problem(f"{NAME} names files beside the post, not {item!r}", place, hint)])
        pattern = f"{source.folder}/{path}"
        if problem := _pattern_problem(str(path)):
            raise AuthorError([Problem(problem, place, hint)])
        matches = tuple(matching(project, pattern))
        for match in matches:
            observer.read(project / match)
        found[pattern] = names_hash(matches)
    return found


def unobserved(project: Path, source: ChartSource, local: Iterable[Path]) -> tuple[Problem, ...]:
    """A warning for each import by a helper of `source` of what reads natively; none where ``INPUTS`` is declared.

    The source itself is looked at in every build (`contract.parse`).
    """
    helpers = {path.relative_to(project).as_posix(): path for path in local}.items() if not source.inputs_line else ()
    trees = ((name, ast.parse(path.read_bytes())) for name, path in sorted(helpers) if name != source.path)
    return tuple(problem for name, tree in trees for problem in unseen(name, tree))


def matching(project: Path, pattern: str) -> Iterator[str]:
    """The project paths of the files that match `pattern`, sorted; none where it is no pattern."""
    for path in () if _pattern_problem(pattern) else sorted(project.glob(pattern)):
        if path.is_file():
            yield path.relative_to(project).as_posix()


def _pattern_problem(pattern: str) -> str:
    try:
        next(Path().glob(pattern), None)
    except (ValueError, NotImplementedError) as error:
        return f"{NAME} holds what is no pattern, {pattern!r}: {error}"
    return ""


def names_hash(names: tuple[str, ...]) -> str:
    """The hash of which files match, their contents being hashed on their own."""
    return files.digest("\n".join(names).encode())
