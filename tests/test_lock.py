"""The lock: one holder at a time, told of, and gone with its process."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from generator import lock
from generator.errors import UsageError, VisualpostsError
from tests.projects import POST, visualposts, write

HOLDER = """\
import os, sys, time
from pathlib import Path
from generator import lock

with lock.held(Path(sys.argv[1]), print):
    if "--fork" in sys.argv and os.fork() == 0:
        time.sleep(60)
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(project: Path, *options: str) -> subprocess.Popen[str]:
    """A process that holds the lock of a project until its input is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(project), *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.communicate()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def test_the_next_one_waits_and_says_for_whom(tmp_path: Path) -> None:
    process, told = holder(tmp_path), []

    def tell(text: str) -> None:
        told.append(text)
        assert process.stdin is not None
        process.stdin.close()

    with lock.held(tmp_path, tell):
        process.wait()
    assert told == [f"another build of this project runs (process {process.pid}): waiting until it has ended"]
    assert process.stdout is not None
    process.stdout.close()


def test_patience_ends(tmp_path: Path) -> None:
    process = holder(tmp_path)
    message = rf"another build of this project runs \(process {process.pid}\)"
    with pytest.raises(UsageError, match=message), lock.held(tmp_path, lambda _: None, patience=0):
        pass
    end(process)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that forks")
def test_the_lock_goes_with_its_process_though_a_child_lives_on(tmp_path: Path) -> None:
    process = holder(tmp_path, "--fork")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    with lock.held(tmp_path, print, patience=0):
        pass
    os.killpg(process.pid, signal.SIGKILL)  # the child holds our pipe
    end(process)


def test_caches_that_are_removed_take_no_lock_with_them(tmp_path: Path) -> None:
    with lock.held(tmp_path, print, patience=0):
        shutil.rmtree(tmp_path / ".visualposts")
        process = holder(tmp_path)
        with pytest.raises(UsageError), lock.held(tmp_path, print, patience=0):
            pass
        end(process)


def test_git_ignores_the_caches(tmp_path: Path) -> None:
    with lock.held(tmp_path, print):
        assert (tmp_path / ".visualposts/.gitignore").read_text() == "*\n"


def test_a_file_in_place_of_the_caches(tmp_path: Path) -> None:
    (tmp_path / ".visualposts").write_text("")
    message = r"\.visualposts can't be written: a file stands in the place of a folder"
    with pytest.raises(VisualpostsError, match=message), lock.held(tmp_path, print):
        pass


def test_two_builds_at_once_both_do_their_work(tmp_path: Path) -> None:
    write(tmp_path, {"content/posts/2026-01-02-a.md": POST})
    done = []
    threads = [threading.Thread(target=lambda: done.append(visualposts(tmp_path, "build"))) for _ in range(2)]
    process = holder(tmp_path)
    for thread in threads:
        thread.start()
    end(process)
    for thread in threads:
        thread.join()
    assert [build.returncode for build in done] == [0, 0]
    assert sorted("(0 written" in build.stdout for build in done) == [False, True]
