"""Git: what publishing asks of it. The one module that runs ``git``.

There are two repositories. The author's (`Repository`) is only asked questions: where its remotes are, who commits,
what is checked out. Everything else happens in a bare one of our own (`Workshop`), which lives as long as the command:
there the commit is made, and from there it is pushed. So not one byte of the author's ``.git`` changes, whatever
becomes of the push, and no hook of theirs runs. Of their settings those go along that say how to reach a remote and how
to log in there.

``ghp-import``, the library for this, commits to a local branch of the author's repository, pushes by name with
``--force`` and lets hooks run; publishing promises none of that.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from generator.errors import AuthorError, Problem, UsageError, VisualpostsError, did_you_mean

THERE = "refs/there/branch"
"""Where the workshop keeps the tip of the remote's branch."""
_HERE = "refs/heads/site"
_REMOTE = "there"

# Local settings that say how to reach a remote. The user's global ones are read by git itself.
_REACHING = re.compile(
    r"credential\..*|http\..*|url\..*|protocol\..*|ssh\..*|core\.(?:sshcommand|askpass|gitproxy)", re.DOTALL
)
_OF_REMOTE = ("proxy", "proxyauthmethod", "receivepack", "uploadpack", "vcs")
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
_HINTS = (
    (r"could not resolve host|connection (?:refused|timed out)|network is unreachable", "is this machine online?"),
    (
        r"permission denied|authentication failed|could not read (?:username|password)|access denied|error: 403",
        "git can't log in there, or you may not write there; 'git push --dry-run' tries the same",
    ),
    (r"not found|does not (?:appear to be|exist)|no such", "'git remote -v' shows where your remotes are"),
    (r"no space left|disk quota", "make room on the disk"),
)


class GitError(AuthorError):
    """A git command that failed, in git's own words, with a hint where we know one."""

    def __init__(self, what: str, said: str) -> None:
        self.said = said
        lines = [line.strip() for line in said.splitlines() if line.strip() and not line.startswith("warning:")]
        fatal = [line for line in lines if line.startswith(("fatal: ", "error: ", "ERROR: "))] or lines[-1:]
        cause = re.sub(r"\A(?:fatal|error|ERROR): ", "", fatal[0]) if fatal else "git says nothing about it"
        hint = next((hint for pattern, hint in _HINTS if re.search(pattern, said, re.IGNORECASE)), "")
        notes = tuple(line for line in lines if line.startswith("remote: ") and line.removeprefix("remote: "))
        super().__init__([Problem(f"{what}: {cause}", hint=hint, notes=notes)])


@dataclass(frozen=True, slots=True)
class Tip:
    """The end of a branch: its commit, the tree of that, and each file's blob by its path."""

    commit: str
    tree: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Repository:
    """The author's repository, which is only read. `top` is its checkout, `folder` the project's place in it.

    `folder` is POSIX, empty for a project that is the whole checkout; `format` is the hash that objects are named by.
    """

    top: Path
    folder: str
    format: str

    def remotes(self) -> tuple[str, ...]:
        return tuple(_asked(self.top, "remote").split())

    def url(self, remote: str) -> str:
        """Where a push to `remote`, a name or an address, goes. Raises UsageError for a name that no remote has."""
        found = _asked(self.top, "remote", "get-url", "--push", remote).strip()
        if found:
            return found
        if re.search(r"[/:\\]", remote):
            return remote
        known = self.remotes()
        hint = f"it has {', '.join(known)}" if known else f"add one: git remote add {remote} ADDRESS"
        raise UsageError(f"the repository has no remote '{remote}'", did_you_mean(remote, known) or hint)

    def branch(self) -> str:
        """The branch that is checked out; empty for a detached HEAD."""
        return _asked(self.top, "symbolic-ref", "--quiet", "--short", "HEAD").strip()

    def home(self) -> str:
        """The remote that the branch which is checked out goes to, as far as that is settled."""
        return _asked(self.top, "config", f"branch.{self.branch()}.remote").strip() or "origin"

    def head(self) -> str:
        """The short name of the commit that is checked out; empty before the first."""
        return _asked(self.top, "rev-parse", "--quiet", "--short", "--verify", "HEAD").strip()

    def people(self) -> tuple[str, str]:
        """Author and committer of a commit made now, each as ``NAME <EMAIL> SECONDS ZONE``."""
        author, committer = (
            _run(["var", f"GIT_{role}_IDENT"], self.top, dict(os.environ)) for role in ("AUTHOR", "COMMITTER")
        )
        for found in (author, committer):
            if found.returncode:
                hint = 'git config --global user.name "Your Name", and the same for user.email'
                raise AuthorError([Problem("git does not know who you are", hint=hint)])
        return author.stdout.decode().strip(), committer.stdout.decode().strip()

    def reaching(self, remote: str) -> tuple[tuple[str, str], ...]:
        """The repository's own settings that reach `remote`, as the workshop takes them."""
        found = []
        parts = _asked(self.top, "config", "--list", "--show-scope", "-z").split("\0")
        for scope, entry in zip(parts[::2], parts[1::2], strict=False):
            key, _, value = entry.partition("\n")
            if scope not in ("local", "worktree"):
                continue
            section, _, name = key.rpartition(".")
            if _REACHING.fullmatch(key):
                found.append((key, value))
            elif section == f"remote.{remote}" and name in _OF_REMOTE:
                found.append((f"remote.{_REMOTE}.{name}", value))
        return tuple(found)


def find(folder: Path) -> Repository | None:
    """The repository that `folder` lies in; None if it lies in none."""
    done = _run(["rev-parse", "--show-toplevel", "--show-object-format", "--show-prefix"], folder, dict(os.environ))
    said = done.stderr.decode(errors="replace")
    if done.returncode:
        if "not a git repository" in said:
            return None
        raise GitError("git can't read this repository", said)
    lines = done.stdout.decode(errors="surrogateescape").split("\n")
    return Repository(Path(lines[0]), lines[2].rstrip("/"), lines[1])


def setting(folder: Path, key: str) -> str:
    """A git setting as it stands in `folder`; empty if it has none, or if there is no git."""
    try:
        return _asked(folder, "config", key).strip()
    except UsageError:
        return ""


@contextmanager
def workshop(repository: Repository, cache: Path, remote: str) -> Iterator[Workshop]:
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
        settings = [*_CALM.items(), *repository.reaching(remote), (f"remote.{_REMOTE}.url", url)]
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
        done = _run(list(arguments), self._top, self._environ)
        if done.returncode:
            raise GitError(what, done.stderr.decode(errors="replace"))
        return done.stdout.decode(errors="surrogateescape")

    def look(self, branch: str) -> Tip | None:
        """The tip of the remote's `branch`, its trees alone where the remote can send those; None if there is none."""
        what = f"{shown(self.url)} can't be read"
        if not self.git(what, "ls-remote", _REMOTE, f"refs/heads/{branch}").strip():
            return None
        source = f"+refs/heads/{branch}:{THERE}"
        self.git(what, "fetch", "--quiet", "--depth=1", "--no-tags", "--filter=blob:none", _REMOTE, source)
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
            try:
                _stream(process.stdin, files, people, message, parent)
                process.stdin.close()
            except BrokenPipeError:
                pass  # it has said why
            said = process.stderr.read().decode(errors="replace")
        if process.returncode:
            raise GitError("git can't make the commit", said)
        return self._tip(_HERE)

    def push(self, tip: Tip, branch: str, seen: Tip | None) -> None:
        """Make `tip` the remote's `branch`, which must still be where it was `seen`.

        Raises GitError, or AuthorError where the remote says no.
        """
        lease = f"--force-with-lease=refs/heads/{branch}:{seen.commit if seen else ''}"
        arguments = ["push", "--porcelain", "--no-verify", lease, _REMOTE, f"{tip.commit}:refs/heads/{branch}"]
        done = _run(arguments, self._top, self._environ)
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


def branch_problem(branch: str) -> str:
    """What is wrong with the name of a branch, or an empty string."""
    found = _run(["check-ref-format", f"refs/heads/{branch}"], Path.cwd(), dict(os.environ))
    return f"'{branch}' can't be the name of a branch" if found.returncode or branch.startswith("-") else ""


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
    into.write(f"commit {_HERE}\nauthor {author}\ncommitter {committer}\ndata {len(text)}\n".encode() + text)
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


def _asked(folder: Path, *arguments: str) -> str:
    """What git says in `folder`; empty where it fails, which is its way to say no."""
    done = _run(list(arguments), folder, dict(os.environ))
    return "" if done.returncode else done.stdout.decode(errors="surrogateescape")


def _run(arguments: list[str], folder: Path, environ: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    # GIT_OPTIONAL_LOCKS: not even the stat data in the author's index are refreshed.
    environ = {**environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    try:
        return subprocess.run(["git", *arguments], cwd=folder, env=environ, capture_output=True, check=False)
    except FileNotFoundError:
        raise UsageError("git is not installed", "publishing needs git: https://git-scm.com/downloads") from None
