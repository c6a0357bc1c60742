"""The hooks for the pre-commit framework, installed by the real framework as docs/hooks.md says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docs.doc_pages import blocks
from parts import ROOT, constraints, part
from pushing import Pusher
from scratch import Result
from world import from_yaml, to_yaml

from policy_gate import __version__

pytestmark = pytest.mark.real_git
CONFIG = ".pre-commit-config.yaml"
SHIPPED = (
    *(".pre-commit-hooks.yaml", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE"),
    *("policy_gate", "policies", "templates"),
)
FOR_PIP = ("PIP_", "SSL_CERT_", "REQUESTS_CA_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
STAGED = "what is staged, judged against"


class Framed(Pusher):
    """A governed clone whose main has the page's configuration, with the framework's hooks of both kinds installed."""

    def __init__(self, path: Path, shared: Path) -> None:
        self.program = part("pre-commit")
        self.cache = shared
        self.tool = _tool(shared)
        super().__init__(path)
        self.config = _config_of_the_page(self.tool)
        self.commit("Hooks", files={CONFIG: to_yaml(self.config)})
        self.git("push", "-q", "origin", "main")
        self.git("fetch", "-q", "origin")
        self.installed = self.framework("install")

    def environment(self, **more: str) -> dict[str, str]:
        """Nothing of the machine but how pip reaches its registry; the package is the installed one."""
        kept = {name: value for name, value in os.environ.items() if name.upper().startswith(FOR_PIP)}
        fixed = {"PRE_COMMIT_HOME": str(self.cache / "home"), "PRE_COMMIT_COLOR": "never"}
        pip = {"PIP_CACHE_DIR": str(self.cache / "pip"), "PIP_NO_COMPILE": "1"}
        pip |= dict.fromkeys(("PIP_CONSTRAINT", "PIP_BUILD_CONSTRAINT"), str(constraints(self.cache)))
        ours = super().environment(**fixed, **pip, **more)
        return {**kept, **{name: value for name, value in ours.items() if name != "PYTHONPATH"}}

    def framework(self, *words: str) -> Result:
        """The framework's own command, in this repository."""
        return self._process([str(self.program), *words], None, {})

    def try_commit(self) -> Result:
        """`git commit` of what is staged, hooks and all."""
        return self._process(["git", "commit", "-m", "Try"], None, {})


def _tool(shared: Path) -> Path:
    """What is shipped, as a repository of its own with the release's tag.

    The first process of this test run makes it, the others wait: so the framework builds one environment for all.
    """
    folder, done = shared / "tool", shared / "done"
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        for _ in range(600):
            if done.exists():
                return folder
            time.sleep(0.1)
        raise AssertionError(f"nobody made {folder}") from None
    _release(folder)
    done.write_text("", "utf-8")
    return folder


def _release(folder: Path) -> None:
    for name in SHIPPED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, folder / name)
    identity = ("-c", "user.name=Release", "-c", "user.email=release@example.com")
    for words in (
        ("init", "-q", "-b", "main"),
        ("add", "-A"),
        (*identity, "commit", "-q", "-m", "Release"),
        ("tag", f"v{__version__}"),
    ):
        subprocess.run(["git", *words], cwd=folder, check=True, env=_bare_environment())


def _bare_environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}


def _config_of_the_page(tool: Path) -> dict[str, Any]:
    """The configuration of docs/hooks.md, with this machine's address of the tool."""
    (block,) = [it for it in blocks(ROOT / "docs" / "hooks.md", "yaml") if it.value("fragment", ":") == "pre-commit"]
    config: dict[str, Any] = from_yaml(block.text)
    (repo,) = config["repos"]
    assert repo["repo"] == "https://github.com/<owner>/policy-gate"
    assert repo["rev"] == f"v{__version__}"
    repo["repo"] = tool.as_uri()
    return config


@pytest.fixture(scope="module")
def framed(tmp_path_factory: pytest.TempPathFactory) -> Framed:
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own
    return Framed(tmp_path_factory.mktemp("framed"), shared / "framework")


@pytest.fixture
def clone(framed: Framed) -> Iterator[Framed]:
    """The one clone of the framework's tests, on a branch of its own, clean before and after."""
    framed.branch("work")
    yield framed
    framed.clean()


@pytest.mark.real_runner
def test_the_manifest_of_the_hooks_is_valid(tmp_path: Path) -> None:
    program = str(part("pre-commit"))
    broken = tmp_path / ".pre-commit-hooks.yaml"
    text = (ROOT / broken.name).read_text("utf-8")
    broken.write_text(text.replace("stages: [pre-commit, pre-push]", "stages: [pre-merge]"), "utf-8")
    assert broken.read_text("utf-8") != text
    for file, code in ((ROOT / broken.name, 0), (broken, 1)):
        done = subprocess.run(
            [program, "validate-manifest", str(file)],
            env={**_bare_environment(), "PRE_COMMIT_HOME": str(tmp_path / "home")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done


@pytest.mark.real_runner
def test_framework_installs_both_hooks_by_the_page_alone(clone: Framed) -> None:
    assert clone.installed.code == 0, clone.installed
    for name in ("pre-commit", "pre-push"):
        assert "pre-commit" in (clone.path / ".git" / "hooks" / name).read_text("utf-8")
    assert clone.framework("validate-config", CONFIG).code == 0


@pytest.mark.real_runner
def test_framework_stops_a_commit_and_lets_the_next_pass(clone: Framed) -> None:
    before = clone.git("rev-parse", "HEAD")
    clone.edit(stage="pre_deployment")
    clone.git("add", "-A")
    stopped = clone.try_commit()
    assert stopped.code != 0
    assert f"{STAGED} origin/main" in stopped.err
    assert "BLOCKED  SYS-001" in stopped.err
    assert "Traceback" not in stopped.err
    assert clone.git("rev-parse", "HEAD") == before
    clone.git("checkout", "-q", "HEAD", "--", "governance.yaml")
    clone.write({"src/tool.py": "x = 1\n"})
    clone.git("add", "-A")
    clone.edit(stage="pre_deployment")
    passed = clone.try_commit()
    assert passed.code == 0, "what is not staged is no part of the commit"
    assert "Passed" in passed.err
    assert clone.git("rev-parse", "HEAD^") == before


@pytest.mark.real_runner
def test_framework_lints_a_policy_when_it_is_committed(clone: Framed) -> None:
    lint = "policy-gate policy lint"
    clone.write({"src/tool.py": "x = 2\n"})
    clone.git("add", "-A")
    other = clone.try_commit()
    assert other.code == 0
    assert _row(other, lint).endswith("Skipped")
    clone.write({"policies/typo.yaml": "schema: policy-gate/policy/v1\nruels: []\n"})
    clone.git("add", "-A")
    stopped = clone.try_commit()
    assert stopped.code != 0
    assert _row(stopped, lint).endswith("Failed")
    assert "policies/typo.yaml" in stopped.err
    assert "ruels" in stopped.err


def _row(done: Result, name: str) -> str:
    return next(line for line in done.err.splitlines() if line.startswith(name))


@pytest.mark.real_runner
def test_framework_stops_a_push_and_lets_the_next_pass(clone: Framed) -> None:
    clone.blocked("promoted")
    stopped = clone.push("origin", "promoted")
    assert stopped.code != 0
    said = stopped.out + stopped.err
    assert "promoted -> origin promoted, judged against origin/main" in said
    assert "BLOCKED  SYS-001" in said
    assert not clone.remote_tip("refs/heads/promoted")
    clone.harmless("fine")
    passed = clone.push("origin", "fine")
    assert passed.code == 0, passed
    assert clone.remote_tip("refs/heads/fine")


@pytest.mark.real_runner
def test_t32_the_framework_tells_one_ref_only_as_the_page_says(clone: Framed) -> None:
    page = " ".join((ROOT / "docs" / "hooks.md").read_text("utf-8").split())
    clone.harmless("a-first")
    clone.blocked("b-second")
    alone = clone.push("origin", "b-second")
    assert alone.code != 0
    both = clone.push("origin", "a-first", "b-second")
    assert both.code == 0, "what the framework does not tell cannot be judged; hook install sees every ref"
    assert "with several at once only the first is judged" in page
    again = clone.push("origin", "b-second:refs/heads/b-again")
    assert again.code == 0, "nor does it tell a new branch of commits that the remote has"
    assert "of a new branch whose commits the remote has already" in page


@pytest.mark.real_runner
def test_framework_only_tells_where_the_page_says_how(clone: Framed, tmp_path: Path) -> None:
    clone.edit(stage="pre_deployment")
    clone.git("add", "-A")
    advisory = _only(clone, tmp_path / "advisory.yaml", args=["--advisory"], verbose=True)
    told = clone.framework("run", "-c", advisory)
    assert told.code == 0, told
    assert "BLOCKED  SYS-001" in told.out
    assert "Exit 0 instead of 1" in told.out
    later = _only(clone, tmp_path / "later.yaml", stages=["pre-push"])
    assert clone.framework("run", "-c", later).code == 0
    push = ("run", "-c", later, "--hook-stage", "pre-push", "--from-ref", "main", "--to-ref", "HEAD")
    assert clone.framework(*push).code == 0, "nothing is committed yet"
    clone.git("commit", "-q", "--no-verify", "-m", "Promote")
    pushed = clone.framework(*push)
    assert pushed.code == 1
    assert "BLOCKED" in pushed.out


def _only(clone: Framed, file: Path, **settings: Any) -> str:
    """A configuration with the judging hook alone, set up otherwise, in a file of its own."""
    repo = {**clone.config["repos"][0], "hooks": [{"id": "policy-gate", **settings}]}
    file.write_text(json.dumps({"repos": [repo]}), "utf-8")
    return str(file)


@pytest.mark.real_runner
def test_d31_the_configuration_that_names_the_gate_is_governed(clone: Framed) -> None:
    clone.write({"docs/page.yaml": "repos: []\n"})
    assert "enforcement-change" not in clone.check("--worktree").out
    config = from_yaml(to_yaml(clone.config))
    config["repos"][0]["hooks"].pop(0)
    clone.write({CONFIG: to_yaml(config)})
    assert "enforcement-change" in clone.check("--worktree").out


@pytest.mark.real_runner
def test_try_repo_shows_what_it_would_say(clone: Framed) -> None:
    clone.edit(stage="pre_deployment")
    clone.git("add", "-A")
    done = clone.framework("try-repo", str(clone.tool), "policy-gate", "--ref", f"v{__version__}")
    assert done.code == 1, done
    assert "BLOCKED  SYS-001" in done.out
