"""Workshop: a bare repository of our own, in which the commit is made and from which it is pushed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from generator.errors import AuthorError, Problem, VisualpostsError
from generator.git.repository import REMOTE, Repository
from generator.git.running import GitError, run

THERE = "refs/there/branch"
"""Where the tip of the remote's branch is kept."""
_HERE = "refs/heads/site"
# Whatever the user's global settings say: no hook, no housekeeping, and nothing pushed but the one branch.
_CALM = {
    "core.hooksPath": os.devnull,
    "gc.auto": "0",
    "maintenance.auto": "false",
    "fetch.writeCommitGraph": "false",
    "push.followTags": "false",
    "push.recurseSubmodules": "no",
    "submodule.recurse": "false",
}


@dataclass(frozen=True, slots=True)
class Tip:
    """The end of a branch: its commit, the tree of that, and each file's blob by its path."""

    commit: str
    tree: str
    files: Mapping[str, str]


@contextmanager
def open_workshop(repository: Repository, cache: Path, remote: str) -> Iterator[Workshop]:
    """A bare repository below the folder `cache`, from which `remote` of the author's `repository` can be reached.

    It lies in the project, so that settings that hold below some folder hold for it too.
    """
    url = repository.url(remote)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        place = tempfile.TemporaryDirectory(prefix="publish-", dir=cache, ignore_cleanup_errors=True)
    except OSError as error:
        raise VisualpostsError(f"{cache} can't be written: {error.strerror or error}") from error
    with place as folder:
        settings = [*_CALM.items(), *repository.reaching(remote), (f"remote.{REMOTE}.url", url)]
        made = Workshop(Path(folder), repository.top, url, settings)
        made.git(
            "git can't work here", "init", "--bare", "--quiet", "--template=", f"--object-format={repository.format}"
        )
        yield made


class Workshop:
    """Our own repository: looks at the remote's branch, makes the commit, pushes it."""

    def __init__(self, folder: Path, top: Path, url: str, settings: Iterable[tuple[str, str]]) -> None:
        self.url = url
        self._top, self._environ = top, _environ(folder, settings)

    def git(self, what: str, *arguments: str) -> str:
        """The output of a git command; raises GitError beginning with `what` if it fails."""
        done = run(list(arguments), self._top, self._environ)
        if done.returncode:
            raise GitError(what, done.stderr.decode(errors="replace"))
        return done.stdout.decode(errors="surrogateescape")

    def look(self, branch: str) -> Tip | None:
        """The tip of the remote's `branch`, its trees alone where the remote can send those; None if there is none."""
        what = f"{shown(self.url)} can't be read"
        if not self.git(what, "ls-remote", REMOTE, f"refs/heads/{branch}").strip():
            return None
        source = f"+refs/heads/{branch}:{THERE}"
        self.git(what, "fetch", "--quiet", "--depth=1", "--no-tags", "--filter=blob:none", REMOTE, source)
        return self._tip(THERE)

    def text(self, tip: Tip, path: str) -> bytes:
        """The bytes of a file on the remote's branch."""
        what = f"{shown(self.url)} can't be read"
        return self.git(what, "cat-file", "blob", tip.files[path]).encode(errors="surrogateescape")

    def commit(
        self, files: Iterable[tuple[str, bytes]], people: tuple[str, str], message: str, parent: Tip | None
    ) -> Tip:
        """A commit that holds `files` and nothing else, on top of `parent` or of nothing."""
        command = ["git", "fast-import", "--quiet", "--date-format=raw"]
        pipe = subprocess.PIPE
        with subprocess.Popen(
            command, cwd=self._top, env=self._environ, stdin=pipe, stdout=subprocess.DEVNULL, stderr=pipe
        ) as process:
            assert process.stdin is not None
            assert process.stderr is not None
            with suppress(BrokenPipeError), process.stdin:  # it has said why
                _stream(process.stdin, files, people, message, parent)
            said = process.stderr.read().decode(errors="replace")
        if process.returncode:
            raise GitError("git can't make the commit", said)
        return self._tip(_HERE)

    def push(self, tip: Tip, branch: str, seen: Tip | None) -> None:
        """Make `tip` the remote's `branch`, which must still be where it was `seen`.

        Raises GitError, or AuthorError where the remote says no.
        """
        lease = f"--force-with-lease=refs/heads/{branch}:{seen.commit if seen else ''}"
        arguments = ["push", "--porcelain", "--no-verify", lease, REMOTE, f"{tip.commit}:refs/heads/{branch}"]
        done = run(arguments, self._top, self._environ)
        if not done.returncode:
            return
        said = done.stderr.decode(errors="replace")
        refused = re.search(r"^!\t\S+\t(.*)$", done.stdout.decode(errors="replace"), re.MULTILINE)
        if refused is None:
            raise GitError(f"the push to {shown(self.url)} failed", said)
        notes = tuple(line for line in said.splitlines() if line.startswith("remote: ") and line.strip() != "remote:")
        raise AuthorError([_refusal(refused[1], branch, notes)])

    def _tip(self, name: str) -> Tip:
        commit, tree = self.git("git can't read", "rev-parse", name, f"{name}^{{tree}}").split()
        listing = self.git("git can't read", "ls-tree", "-r", "-z", "--full-tree", name)
        entries = (entry.partition("\t") for entry in listing.split("\0") if entry)
        return Tip(commit, tree, {path: head.split()[2] for head, _, path in entries})


def shown(url: str) -> str:
    """`url` without the password or token that may stand in it."""
    return re.sub(r"\A(\w+://)[^/@]*@", r"\1", url)


def _refusal(reason: str, branch: str, notes: tuple[str, ...]) -> Problem:
    if re.search(r"stale info|expected|incorrect old value|already exists|cannot lock ref", reason):
        message, hint = (
            f"the branch {branch} has moved while this was on its way",
            "nothing was overwritten: publish again",
        )
    elif re.search(r"non-fast-forward|denying non-fast|protected branch", f"{reason} {' '.join(notes)}", re.IGNORECASE):
        message = f"the remote lets nobody replace what {branch} holds"
        hint = "'publish --history' adds a commit to it instead"
    else:
        message, hint = f"the remote refuses: {reason}", ""
    return Problem(message, hint=hint, notes=notes)


def _stream(
    into: IO[bytes], files: Iterable[tuple[str, bytes]], people: tuple[str, str], message: str, parent: Tip | None
) -> None:
    """Write what ``git fast-import`` reads: https://git-scm.com/docs/git-fast-import."""
    author, committer = people
    text = f"{message.strip()}\n".encode()
    head = f"commit {_HERE}\nauthor {author}\ncommitter {committer}\ndata {len(text)}\n"
    into.write(head.encode(errors="surrogateescape") + text)
    if parent:
        into.write(f"from {parent.commit}\ndeleteall\n".encode())
    for path, data in files:
        name = path.replace("\\", "\\\\").replace('"', '\\"')
        into.write(f'M 100644 inline "{name}"\ndata {len(data)}\n'.encode(errors="surrogateescape"))
        into.write(data)
        into.write(b"\n")


def _environ(folder: Path, settings: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The environment of the workshop's commands: this process's own, without what it says of another repository."""
    local = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_NAMESPACE")
    also = (
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_SHALLOW_FILE",
        "GIT_GRAFT_FILE",
        "GIT_PREFIX",
        "GIT_QUARANTINE_PATH",
    )
    environ = {key: value for key, value in os.environ.items() if key not in (*local, *also)}
    environ["GIT_DIR"] = str(folder)
    if not sys.stdin or not sys.stdin.isatty():
        environ.setdefault("GIT_TERMINAL_PROMPT", "0")  # nobody would answer
    count = int(environ.get("GIT_CONFIG_COUNT") or 0)
    for number, (key, value) in enumerate(settings, count):
        environ |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        environ["GIT_CONFIG_COUNT"] = str(number + 1)
    return environ
