"""A promotion with all its papers in order, and what a trick makes of it.

`main` holds SYS-001 in development, `work` moves it to pre_deployment with every document and result that
its gate wants; only the approvals are left, which `--defer approval` sets aside. So the honest change exits 0,
and whatever an attempt changes shows in the exit code.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scratch import Result, Scratch
from world import high_system


class Promotion(Scratch):
    """One repository for many attempts: each is a branch of its own, made from `work`."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.adopt(high_system("development"))
        self.promote()

    def restart(self, at: str = "work") -> None:
        """Begin another attempt: the files as they are at `at`, on the branch `attempt`."""
        self.git("checkout", "-q", "-f", "-B", "attempt", at)
        self.git("clean", "-q", "-f", "-d", "-x")

    def read(self, name: str) -> str:
        """A file as it stands; one that an earlier attempt took away, as `work` holds it."""
        return super().read(name) if (self.path / name).is_file() else self.git("show", f"work:{name}") + "\n"

    def attempt(self, files: Mapping[str, str | bytes] | None = None, at: str = "work", **fields: Any) -> Result:
        """Judge `at` with these files rewritten and fields of the entry changed, approvals set aside."""
        self.restart(at)
        self.write(files or {})
        if fields:
            self.edit(**fields)
        return self.judge()

    def judge(self, *args: str) -> Result:
        """Commit the work tree and judge it, approvals set aside."""
        self.commit("Attempt")
        return self.check("--defer", "approval", *args)

    def inputs(self, artifact: str, **fields: Any) -> list[dict[str, Any]]:
        """The entry's artifacts with fields of one of them changed, for `attempt(artifacts=...)`."""
        return _with(self._work_entry()["artifacts"], artifact, fields)

    def results(self, test: str, **fields: Any) -> list[dict[str, Any]]:
        """The entry's tests with fields of one of them changed, for `attempt(tests=...)`."""
        return _with(self._work_entry()["tests"], test, fields)

    def _work_entry(self) -> dict[str, Any]:
        self.restart()
        return self.entry()


def _with(items: list[dict[str, Any]], wanted: str, fields: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {k: v for k, v in (item | fields).items() if v is not None} if item["id"] == wanted else item for item in items
    ]
