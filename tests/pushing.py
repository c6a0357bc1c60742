"""A governed clone that pushes: real git, the hook as `hook install` writes it, a remote on disk or over HTTP.

`main` holds SYS-001 in development; `blocked()` makes a branch that promotes it without the papers its gate wants,
`harmless()` one that changes nothing governed.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from command import STARTER
from scratch import Result, Scratch
from world import high_system


class Pusher(Scratch):
    """A scratch repository with the remote `origin`, whose `main` it has fetched; the hook is installed."""

    def __init__(self, path: Path, url: str | None = None) -> None:
        super().__init__(path)
        self.adopt(high_system("development"))
        self.served = path / "served.git"
        if url is None:
            self.git("clone", "-q", "--bare", str(self.path), str(self.served))
            url = str(self.served)
        self.git("remote", "add", "origin", url)

    def ready(self) -> None:
        """Fetch, as a clone has, and install the hook."""
        self.git("fetch", "-q", "origin")
        done = self.command("hook", "install")
        assert done.code == 0, done

    def command(self, *args: str, cwd: Path | None = None, **env: str) -> Result:
        """The command, in another folder where wanted."""
        done = STARTER.run(args, self.path if cwd is None else cwd, self.environment(**env))
        return Result(done.code, done.out.decode("utf-8"), done.err.decode("utf-8"))

    def push(self, *args: str, cwd: Path | None = None, **env: str) -> Result:
        """`git push` with these arguments; what the hook said is in `err`."""
        return self._process(["git", "push", *args], cwd, env)

    def harmless(self, name: str, at: str = "main", file: str = "src/tool.py") -> str:
        """A branch with a commit that touches nothing governed; its commit."""
        self.branch(name, at)
        return self.commit(f"Work on {name}", files={file: f"NAME = {name!r}\n"})

    def blocked(self, name: str, at: str = "main") -> str:
        """A branch that promotes the system without its papers; its commit."""
        self.branch(name, at)
        self.edit(stage="pre_deployment")
        return self.commit("Promote")

    def clean(self) -> None:
        """Drop what is not committed, a merge included, and all branches but main, the remote's too."""
        self.git("merge", "--abort", ok=False)
        self.git("checkout", "-q", "-f", "main")
        self.git("clean", "-q", "-f", "-d")
        for where in ((), ("--git-dir", str(self.served))):
            names = self.git(*where, "for-each-ref", "--format=%(refname)", "refs/heads").split()
            for name in names:
                if name != "refs/heads/main":
                    self.git(*where, "update-ref", "-d", name)

    def remote_tip(self, ref: str) -> str:
        """What the remote on disk holds at a ref, or empty."""
        return self.git("--git-dir", str(self.served), "rev-parse", "-q", "--verify", ref, ok=False)

    def _process(self, words: list[str], cwd: Path | None, env: dict[str, str]) -> Result:
        where = self.path if cwd is None else cwd
        done = subprocess.run(
            words, cwd=where, env=self.environment(**env), capture_output=True, check=False, stdin=subprocess.DEVNULL
        )
        return Result(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def write_hook(file: Path, text: str) -> None:
    """Put a hook of somebody else's in place."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    file.chmod(0o755)


def is_executable(file: Path) -> bool:
    return os.access(file, os.X_OK)
