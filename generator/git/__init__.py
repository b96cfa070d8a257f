"""Git: what publishing asks of it. The one package that runs ``git``.

There are two repositories. The author's (`Repository`) is only asked questions: where its remotes are, who commits,
what is checked out. Everything else happens in a bare one of our own (`Workshop`), which lives as long as the command:
there the commit is made, and from there it is pushed. So not one byte of the author's ``.git`` changes, whatever
becomes of the push, and no hook of theirs runs. Of their settings those go along that say how to reach a remote and how
to log in there.

``ghp-import``, the library for this, commits to a local branch of the author's repository, pushes by name with
``--force`` and lets hooks run; publishing promises otherwise.
"""

from generator.git.repository import Repository, branch_problem, find, setting
from generator.git.running import GitError
from generator.git.workshop import Tip, Workshop, open_workshop, shown

__all__ = ["GitError", "Repository", "Tip", "Workshop", "branch_problem", "find", "open_workshop", "setting", "shown"]
