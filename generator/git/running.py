"""Running: one git command, and what is made of one that fails."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from generator.errors import AuthorError, Problem, UsageError

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


def run(arguments: list[str], folder: Path, environ: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    # GIT_OPTIONAL_LOCKS: not even the stat data in the author's index are refreshed.
    environ = {**environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    try:
        return subprocess.run(["git", *arguments], cwd=folder, env=environ, capture_output=True, check=False)
    except FileNotFoundError:
        raise UsageError("git is not installed", "publishing needs git: https://git-scm.com/downloads") from None


def asked(folder: Path, *arguments: str) -> str:
    """What git says in `folder`; empty where it fails, which is its way to say no."""
    done = run(list(arguments), folder, dict(os.environ))
    return "" if done.returncode else done.stdout.decode(errors="surrogateescape")
