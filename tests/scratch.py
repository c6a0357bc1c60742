"""A scratch repository, driven as a user drives it: real git, the installed command, JSON read back.

    repo = Scratch(tmp_path)                          # or the fixture `scratch`
    repo.adopt(high_system("development"))            # main: policies, roles, a system with all it owes
    repo.branch("work")                               # the author, Bo Author, at work
    repo.declare(high_system("pre_deployment"))       # manifest and the evidence that it owes
    repo.commit("promote")
    for role in ("ciso", "legal", "product-owner"):
        repo.approve(role, "pre-deployment-security-review")
    assert repo.check().code == 0

Systems, people and law are in `world`, documents and results in `evidence`. Everything that the
manifest needs is made from the shipped catalogue in `policies/`, so a test says
only what is different about its case: an override, a file left out, a file rewritten.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

import yaml
from command import STARTER
from evidence import PACKAGE, completed
from world import AUTHOR, ROLE_HOLDERS, SafeDumper, base_files, email_of, from_yaml, high_system


@dataclass(frozen=True)
class Result:
    """What one run of the command came to. `report` is the JSON on stdout, or {} where there is none."""

    code: int
    out: str
    err: str
    report: dict[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        return str(self.report.get("verdict"))

    def findings(self, state: str | None = None, system: str | None = None) -> list[dict[str, Any]]:
        """The report's findings, narrowed by state and system."""
        return [
            item
            for item in self.report.get("findings", [])
            if (state is None or item["state"] == state) and (system is None or item["system"] == system)
        ]

    def finding(self, subject: str, kind: str | None = None) -> dict[str, Any]:
        """The one finding about a subject, or about `for` an approval; AssertionError where not one."""
        found = [
            item
            for item in self.findings()
            if subject in (item["requirement"]["subject"], item.get("for"))
            and kind in (None, item["requirement"]["kind"])
        ]
        assert len(found) == 1, f"{len(found)} findings about {subject}: {found}\n{self}"
        return found[0]

    def blocking(self) -> list[str]:
        """`kind:subject` of introduced or overdue gaps that block, sorted."""
        return sorted(
            f"{item['requirement']['kind']}:{item['requirement']['subject']}"
            for item in self.findings("gap")
            if item["enforcement"] == "block" and item["blame"] != "inherited"
        )

    def system(self, system_id: str = "SYS-001") -> dict[str, Any]:
        """One system of the report."""
        found: dict[str, Any] = next(item for item in self.report["systems"] if item["id"] == system_id)
        return found

    def changes(self, system_id: str = "SYS-001") -> list[str]:
        """The kinds of change of one system."""
        return [change["kind"] for change in self.system(system_id)["changes"]]

    def __str__(self) -> str:
        return f"exit {self.code}\n{self.out}\n{self.err}"


class Scratch:
    """One real git repository in a folder of its own; `main` is the branch merged into."""

    def __init__(self, path: Path) -> None:
        self.path = path / "repo"
        self.home = path / "home"
        self.home.mkdir(parents=True, exist_ok=True)
        shutil.copytree(templates() / "empty", self.path, dirs_exist_ok=True)

    # git

    def environment(self, **more: str) -> dict[str, str]:
        """A process environment that holds nothing of the machine but PATH."""
        return _environment(self.home) | more

    def git(self, *args: str, stdin: str | None = None, ok: bool = True, **env: str) -> str:
        """Run git here; its stdout without the last newline. AssertionError where it fails and `ok`."""
        done = subprocess.run(
            ["git", *args],
            cwd=self.path,
            env=self.environment(**env),
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0 or not ok, f"git {' '.join(args)}: {done.stderr}"
        return done.stdout.rstrip("\n")

    def iam(self, name: str, email: str | None = None) -> None:
        """Whose git identity this clone has from now on."""
        config = self.path / ".git" / "config"
        mine = f"[user]\n\tname = {name}\n\temail = {email or email_of(name)}\n"
        config.write_text(_IDENTITY.sub(lambda _: mine, config.read_text("utf-8"), count=1), "utf-8")

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files into the work tree, folders made as needed."""
        for name, text in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))

    def read(self, name: str) -> str:
        """A file of the work tree as text."""
        return (self.path / name).read_text("utf-8")

    def remove(self, *names: str) -> None:
        """Delete files from the work tree."""
        for name in names:
            (self.path / name).unlink()

    def commit(self, message: str = "Change", by: str = AUTHOR, files: Mapping[str, str | bytes] | None = None) -> str:
        """Write `files`, add everything, commit as `by`; the commit's id."""
        self.write(files or {})
        self.git("add", "-A")
        identity = ("-c", f"user.name={by}", "-c", f"user.email={email_of(by)}")
        self.git(*identity, "commit", "-q", "--allow-empty", "--no-verify", "-m", message)
        return self._tip()

    def _tip(self) -> str:
        """The commit of HEAD, read where git has just written it."""
        git_dir = self.path / ".git"
        _, is_branch, ref = (git_dir / "HEAD").read_text("utf-8").strip().partition("ref: ")
        loose = git_dir / ref
        return loose.read_text("ascii").strip() if is_branch and loose.is_file() else self.git("rev-parse", "HEAD")

    def branch(self, name: str = "work", at: str = "main") -> None:
        """Make a branch at a revision and switch to it."""
        self.git("checkout", "-q", "-B", name, at)

    def checkout(self, name: str) -> None:
        """Switch to a branch or commit."""
        self.git("checkout", "-q", name)

    def merge(self, name: str = "work", into: str = "main") -> None:
        """Merge a branch, as the forge would: `into` is checked out afterwards."""
        self.checkout(into)
        self.git("merge", "-q", "--no-ff", "-m", f"Merge {name}", name)

    # the manifest

    def manifest(self, path: str = "governance.yaml") -> dict[str, Any]:
        """The manifest of the work tree as data, dates and numbers as text."""
        data: dict[str, Any] = from_yaml(self.read(path))
        return data

    def entry(self, system: str = "SYS-001", path: str = "governance.yaml") -> dict[str, Any]:
        """One system of the manifest, as data."""
        found: dict[str, Any] = next(item for item in self.manifest(path)["systems"] if item["id"] == system)
        return found

    def declare(self, *systems: Mapping[str, Any], stage: str | None = None, path: str = "governance.yaml") -> None:
        """Write systems into the manifest with all the evidence that each owes (up to `stage` or its own)."""
        for entry in systems:
            done, files = completed(entry, stage)
            self.write(files)
            self.declare_only(done, path=path)

    def declare_only(self, *systems: Mapping[str, Any], path: str = "governance.yaml", **top: Any) -> None:
        """Write systems into the manifest exactly as given, replacing those of the same id."""
        data: dict[str, Any] = {"schema": "policy-gate/manifest/v1", "systems": []}
        if (self.path / path).exists():
            data = self.manifest(path)
        for entry in systems:
            kept = [item for item in data["systems"] if item["id"] != entry["id"]]
            at = next((n for n, item in enumerate(data["systems"]) if item["id"] == entry["id"]), len(kept))
            data["systems"] = [*kept[:at], dict(entry), *kept[at:]]
        self.write({path: _manifest_text(data | top)})

    def rewrite(self, change: Callable[[dict[str, Any]], dict[str, Any]], path: str = "governance.yaml") -> None:
        """Write the manifest as `change` makes it from what it is."""
        self.write({path: _manifest_text(change(self.manifest(path)))})

    def edit(self, system: str = "SYS-001", path: str = "governance.yaml", **fields: Any) -> None:
        """Change fields of one system's entry; `risk_profile={...}` and `facts={...}` are laid over,
        None removes a field."""
        entry = self.entry(system, path)
        for name, value in fields.items():
            over = isinstance(value, dict) and isinstance(entry.get(name), dict)
            entry[name] = {k: v for k, v in (entry[name] | value).items() if v is not None} if over else value
        self.declare_only({k: v for k, v in entry.items() if v is not None}, path=path)

    def adopt(self, *systems: Mapping[str, Any], files: Mapping[str, str | bytes] | None = None) -> str:
        """Commit to main: policies, roles, and these systems with all that their stage owes.

        A repository that is still empty gets a copy of what the same call made before.
        """
        before = self._state()
        made = templates() / sha256(repr((before, systems, files)).encode()).hexdigest() if before else None
        if made and made.is_dir():
            shutil.copytree(made, self.path, dirs_exist_ok=True)
            return self._tip()
        self.write(base_files())
        if systems:
            self.declare(*systems)
        commit = self.commit("Govern this repository", by="Rae Kim", files=files)
        if made:
            shutil.copytree(self.path, made)
        return commit

    def _state(self) -> str:
        """What an empty repository was configured to, or nothing where it holds anything."""
        git_dir = self.path / ".git"
        is_empty = set(self.path.iterdir()) == {git_dir} and not any((git_dir / "refs" / "heads").iterdir())
        return (git_dir / "config").read_text("utf-8") if is_empty else ""

    def promote(self, message: str = "Promote the screener") -> str:
        """On a branch `work`, commit SYS-001 in pre_deployment with all that its gate wants but the approvals."""
        self.branch("work")
        self.declare(high_system("pre_deployment"))
        return self.commit(message)

    # the command

    def run(self, *args: str, stdin: str | None = None, **env: str) -> Result:
        """The installed command, in this repository; JSON on stdout is read into `report`."""
        done = STARTER.run(args, self.path, self.environment(**env), (stdin or "").encode("utf-8"))
        out, err = done.out.decode("utf-8"), done.err.decode("utf-8")
        return Result(done.code, out, err, _json(out))

    def check(self, *args: str, **env: str) -> Result:
        """`policy-gate check --format json`, with more arguments and environment variables."""
        return self.run("check", "--format", "json", *args, **env)

    def approve(
        self, role: str, for_: str, system: str | None = "SYS-001", by: str | None = None, key: Path | None = None
    ) -> str:
        """The holder of the role (or `by`) records an approval of HEAD's content and commits it.

        With `key` it is signed, and the approver is whom base pins that key for.
        """
        who = by or ROLE_HOLDERS[role]
        self.iam(who)
        target = ("--system", system) if system else ()
        signing = ("--key", str(key)) if key else ()
        done = self.run("approve", "--for", for_, *target, "--role", role, *signing, "--yes")
        self.iam(AUTHOR)
        assert done.code == 0, done
        return self.commit(f"Approve {for_} as {role}", by=who)

    def system_digest(self, for_: str, system: str | None = "SYS-001", *args: str) -> str:
        """The subject digest that the report asks approvals of `for_` to be for; AssertionError where none."""
        digests = {
            str(item["subject_digest"])
            for item in self.check(*args).findings()
            if item.get("for") == for_ and item["system"] == system
        }
        assert len(digests) == 1, f"{len(digests)} digests for {for_}"
        return digests.pop()


def _environment(home: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": str(PACKAGE.parent),
    }


_IDENTITY = re.compile(r"\[user\]\n\tname = .*\n\temail = .*\n")
_SETTINGS = {"user.name": AUTHOR, "user.email": email_of(AUTHOR), "maintenance.auto": "false", "core.fsync": "none"}


@cache
def templates() -> Path:
    """A folder of this process that holds `empty`, a repository as git makes it, and what adopting made of it."""
    folder = Path(tempfile.mkdtemp(prefix="scratch-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    empty = folder / "empty"
    for args in (("init", "-q", "-b", "main", str(empty)), *(("config", *it) for it in _SETTINGS.items())):
        at = folder if args[0] == "init" else empty
        subprocess.run(["git", *args], cwd=at, env=_environment(folder), check=True)
    for sample in (empty / ".git" / "hooks").glob("*.sample"):
        sample.unlink()
    return folder


class _PlainDumper(SafeDumper):
    """Writes text such as dates, numbers and true without quotes, as a person would."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _manifest_text(data: Any) -> str:
    text: str = yaml.dump(_as_text(data), Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=1000)
    return text


def _as_text(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {key: _as_text(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_as_text(value) for value in node]
    return str(node).lower() if isinstance(node, bool) else str(node)


def _json(out: str) -> dict[str, Any]:
    if not out.lstrip().startswith("{"):
        return {}
    try:
        data = json.loads(out)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
