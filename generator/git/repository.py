"""Repository: the author's, which is only asked questions."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from generator.errors import AuthorError, Problem, UsageError, did_you_mean
from generator.git.running import GitError, asked, run

REMOTE = "there"
"""What a workshop calls the remote."""

# Local settings that say how to reach a remote. The user's global ones are read by git itself.
_REACHING = re.compile(
    r"credential\..*|http\..*|url\..*|protocol\..*|ssh\..*|core\.(?:sshcommand|askpass|gitproxy)", re.DOTALL
)
_OF_REMOTE = ("proxy", "proxyauthmethod", "receivepack", "uploadpack", "vcs")


@dataclass(frozen=True, slots=True)
class Repository:
    """The author's repository, which is only read. `top` is its checkout, `folder` the project's place in it.

    `folder` is POSIX, empty for a project that is the whole checkout; `format` is the hash that objects are named by.
    """

    top: Path
    folder: str
    format: str

    def remotes(self) -> tuple[str, ...]:
        return tuple(asked(self.top, "remote").split())

    def url(self, remote: str) -> str:
        """Where a push to `remote`, a name or an address, goes. Raises UsageError for a name that no remote has."""
        found = asked(self.top, "remote", "get-url", "--push", remote).strip()
        if found:
            return found
        if re.search(r"[/:\\]", remote):
            return remote
        known = self.remotes()
        hint = f"it has {', '.join(known)}" if known else f"add one: git remote add {remote} ADDRESS"
        raise UsageError(f"the repository has no remote '{remote}'", did_you_mean(remote, known) or hint)

    def branch(self) -> str:
        """The branch that is checked out; empty for a detached HEAD."""
        return asked(self.top, "symbolic-ref", "--quiet", "--short", "HEAD").strip()

    def home(self) -> str:
        """The remote that the branch which is checked out goes to, as far as that is settled."""
        return asked(self.top, "config", f"branch.{self.branch()}.remote").strip() or "origin"

    def head(self) -> str:
        """The short name of the commit that is checked out; empty before the first."""
        return asked(self.top, "rev-parse", "--quiet", "--short", "--verify", "HEAD").strip()

    def people(self) -> tuple[str, str]:
        """Author and committer of a commit made now, each as ``NAME <EMAIL> SECONDS ZONE``."""
        author, committer = (
            run(["var", f"GIT_{role}_IDENT"], self.top, dict(os.environ)) for role in ("AUTHOR", "COMMITTER")
        )
        for found in (author, committer):
            if found.returncode:
                hint = 'git config --global user.name "Your Name", and the same for user.email'
                raise AuthorError([Problem("git does not know who you are", hint=hint)])
        # A name may be in the encoding of another time.
        said, also = (found.stdout.decode(errors="surrogateescape").strip() for found in (author, committer))
        return said, also

    def reaching(self, remote: str) -> tuple[tuple[str, str], ...]:
        """The repository's own settings that reach `remote`, as the workshop takes them."""
        found = []
        parts = asked(self.top, "config", "--list", "--show-scope", "-z").split("\0")
        for scope, entry in zip(parts[::2], parts[1::2], strict=False):
            key, _, value = entry.partition("\n")
            if scope not in ("local", "worktree"):
                continue
            section, _, name = key.rpartition(".")
            if _REACHING.fullmatch(key):
                found.append((key, value))
            elif section == f"remote.{remote}" and name in _OF_REMOTE:
                found.append((f"remote.{REMOTE}.{name}", value))
        return tuple(found)


def find(folder: Path) -> Repository | None:
    """The repository that `folder` lies in; None if it lies in none."""
    done = run(["rev-parse", "--show-toplevel", "--show-object-format", "--show-prefix"], folder, dict(os.environ))
    said = done.stderr.decode(errors="replace")
    if done.returncode:
        if "not a git repository" in said:
            return None
        raise GitError("git can't read this repository", said)
    lines = done.stdout.decode(errors="surrogateescape").split("\n")
    return Repository(Path(lines[0]), lines[2].rstrip("/"), lines[1])


def setting(folder: Path, key: str) -> str:
    """A git setting, as text, as it stands in `folder`; empty if it has none, or if there is no git."""
    try:
        return asked(folder, "config", key).strip().encode(errors="surrogateescape").decode(errors="replace")
    except UsageError:
        return ""


def branch_problem(branch: str) -> str:
    """What is wrong with the name of a branch, or an empty string."""
    found = run(["check-ref-format", f"refs/heads/{branch}"], Path.cwd(), dict(os.environ))
    return f"'{branch}' can't be the name of a branch" if found.returncode or branch.startswith("-") else ""
