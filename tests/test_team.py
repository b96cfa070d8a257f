"""The team: the same results in the same order, however many do the work and whatever becomes of them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures.process import BrokenProcessPool

import pytest

from generator import team
from generator.team import Team


def square(number: int) -> int:
    return number * number


def following(number: int) -> int:
    return number + 1


def impossible(number: int) -> int:
    return 1 // (number - 4)


def dying(number: int) -> int:
    """Dies in a member of the team, and nowhere else."""
    if number == 5 and multiprocessing.parent_process():
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def shared(work: object, count: int = 10) -> list[int]:
    crew: Team[int, int] = Team(work, 2)  # type: ignore[arg-type]
    for start in range(0, count, 3):
        crew.give(range(start, min(start + 3, count)))
    return list(crew.gather())


@pytest.mark.skipif(not team.can_fork(), reason="needs a system that forks")
def test_the_results_come_in_order() -> None:
    assert shared(square) == [square(number) for number in range(10)]
    assert shared(following) == list(range(1, 11))


@pytest.mark.skipif(not team.can_fork(), reason="needs a system that forks")
def test_a_member_that_dies_costs_nothing() -> None:
    assert shared(dying) == [square(number) for number in range(10)]


@pytest.mark.skipif(not team.can_fork(), reason="needs a system that forks")
def test_a_member_that_has_died_is_given_nothing() -> None:
    crew: Team[int, int] = Team(dying, 2)
    crew.give([5])
    ((_, first),) = crew._given
    with pytest.raises(BrokenProcessPool):  # from then on the pool takes nothing
        first.result(timeout=30)  # type: ignore[union-attr]
    crew.give([6])
    assert list(crew.gather()) == [25, 36]


@pytest.mark.skipif(not team.can_fork(), reason="needs a system that forks")
def test_a_mistake_in_the_work_is_told() -> None:
    with pytest.raises(ZeroDivisionError):
        shared(impossible)


def test_beside_a_thread_they_are_started_anew() -> None:
    ended = threading.Event()
    other = threading.Thread(target=ended.wait)
    other.start()
    try:
        assert not team.can_fork()
        assert shared(square) == [square(number) for number in range(10)]
    finally:
        ended.set()
        other.join()


def endless(number: int) -> int:
    while True:
        number += 1


def test_a_team_is_dismissed_whatever_it_does() -> None:
    crew: Team[int, int] = Team(endless, 2)
    crew.give([1])
    crew.give([2])
    crew.dismiss()
    assert not multiprocessing.active_children()
