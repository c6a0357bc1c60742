"""`policy-gate evidence` as a user meets it: what it refuses, where it writes, and what it leaves out."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from scratch import Scratch
from test_completion_of_ids import offered
from world import high_system, low_system, org_policy, to_yaml

pytestmark = pytest.mark.real_git
ALWAYS = ("--from", "2000-01-01", "--to", "2099-12-31")


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("evidence"))
    repo.commit("Begin")
    repo.adopt(high_system("pre_deployment"), low_system())
    return repo


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "nothing says where the evidence goes"),
        (("--from", "2026-01-01", "-o", "e.zip"), "a period has two ends"),
        (("--system", "SYS-001", "--from", "2026-02-01", "--to", "2026-01-31", "-o", "e.zip"), "is after --to"),
        (("--system", "SYS-001", "--from", "soon", "--to", "2026-01-31", "-o", "e.zip"), '"soon" is no date'),
        ((*ALWAYS, "-o", "e.zip"), "is of one system"),
        (("--system", "SYS-001", "--system", "SYS-003", *ALWAYS, "-o", "e.zip"), "is of one system"),
        (("--system", "SYS-001", *ALWAYS, "-o", "e.html"), "the evidence of a period is a zip"),
        (("--system", "SYS-001", *ALWAYS, "-o", "nowhere/e.zip"), "cannot write nowhere/e.zip"),
        (("--system", "SYS-001", *ALWAYS, "--with-names", "-o", "e.zip"), "--with-names asks about today"),
        (("--system", "SYS-001", *ALWAYS, "--as-of", "2026-01-01", "-o", "e.zip"), "--as-of asks about today"),
        (("--system", "SYS-00", "-o", "page.html"), 'no system "SYS-00"'),
        (("-o", "page.zip"), "today's evidence is a page or data"),
        (("--limit", "3", "-o", "page.html"), "--limit asks about a period"),
        (("--forge", "github:a/b", "-o", "page.html"), "--forge asks about a period"),
    ],
)
def test_what_cannot_be_answered_is_a_usage_error_and_writes_nothing(
    repo: Scratch, words: tuple[str, ...], said: str
) -> None:
    before = sorted(repo.path.iterdir())
    done = repo.run("evidence", *words)
    assert (done.code, done.out) == (2, ""), done
    assert said in done.err
    assert "Traceback" not in done.err
    assert sorted(repo.path.iterdir()) == before


def test_where_one_system_is_declared_the_period_is_of_that_one(tmp_path: Path) -> None:
    alone = Scratch(tmp_path)
    alone.commit("Begin")
    alone.adopt(low_system())
    named, unnamed = (alone.run("evidence", *who, *ALWAYS, "--format", "json") for who in (("--system", "SYS-003"), ()))
    assert (unnamed.code, unnamed.out) == (0, named.out)


def test_a_branch_that_is_not_there_and_a_repository_without_systems(repo: Scratch, tmp_path: Path) -> None:
    assert repo.run("evidence", "--branch", "nosuch", "-o", "page.html").code == 3
    bare = Scratch(tmp_path)
    bare.commit("Begin")
    done = bare.run("evidence", "-o", "page.html")
    assert (done.code, "no AI system is declared" in done.err) == (3, True)


@pytest.mark.parametrize("without", ["blob:none", "tree:0"])
def test_a_clone_that_lacks_files_tells_no_history_until_it_has_them(
    repo: Scratch, tmp_path: Path, without: str
) -> None:
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.git("config", "uploadpack.allowAnySHA1InWant", "true")
    part = Scratch(tmp_path)
    part.git("remote", "add", "origin", f"file://{repo.path}")
    part.git("fetch", "-q", f"--filter={without}", "origin")
    part.git("checkout", "-q", "-B", "main", "origin/main~1")
    words = ("evidence", "--system", "SYS-001", *ALWAYS, "--branch", "origin/main", "-o", "e.zip")
    done = part.run(*words)
    assert (done.code, "git fetch --refetch --no-filter" in done.err) == (3, True), done
    assert not (part.path / "e.zip").exists()
    part.git("fetch", "-q", "--refetch", "--no-filter")
    assert part.run(*words).code == 0, "control: with what it was told"


def test_todays_page_and_data_are_of_every_system_and_name_nobody(repo: Scratch, tmp_path: Path) -> None:
    page, data = tmp_path / "page.html", tmp_path / "data.json"
    assert repo.run("evidence", "-o", str(page)).out == f"wrote {page}\n"
    assert repo.run("evidence", "-o", str(data)).code == 0
    told = json.loads(data.read_text("utf-8"))
    assert [(it["id"], it["tier"]) for it in told["systems"]] == [("SYS-001", "high"), ("SYS-003", "low")]
    assert told == repo.run("evidence", "--format", "json").report
    for text in (page.read_text("utf-8"), data.read_text("utf-8")):
        assert "@example.com" not in text
        assert "Ada Example" not in text
        assert str(repo.path) not in text
    one = told["systems"][0]
    assert {it["state"] for it in one["documents"]} == {"present"}
    assert all(it["digest"].startswith("git:") for it in one["documents"])
    assert {it["outcome"] for it in one["tests"]} == {"passed"}
    assert one["law"]
    named = repo.run("evidence", "--system", "SYS-001", "--with-names", "--format", "json").report
    assert [it["contact"] for it in named["systems"]] == ["ai-oncall@example.com"]


def test_the_same_day_gives_the_same_bytes(repo: Scratch) -> None:
    one, other = (repo.run("evidence", "--as-of", "2026-12-01", "--format", "json").out for _ in range(2))
    assert one == other


def test_the_organisations_folder_is_not_told(repo: Scratch, tmp_path: Path) -> None:
    folder = tmp_path / "organisation"
    folder.mkdir()
    (folder / "org.yaml").write_text(to_yaml(org_policy()), "utf-8")
    words = ("--system", "SYS-001", *ALWAYS, "--policies", str(folder))
    done = repo.run("evidence", *words, "--format", "json")
    assert done.code == 0, done
    assert str(folder) not in done.out
    assert "ORGANISATION-POLICIES" in done.out


def test_a_job_of_ci_changes_no_replay(repo: Scratch) -> None:
    words = ("--system", "SYS-001", *ALWAYS, "--format", "json")
    job = {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_BASE_REF": "nosuch", "GITHUB_EVENT_NAME": "pull_request"}
    assert repo.run("evidence", *words, **job).out == repo.run("evidence", *words).out


def test_ids_of_systems_are_completed(repo: Scratch) -> None:
    assert offered(repo, "evidence", "--system", "SYS-0") == ["SYS-001", "SYS-003"]


def test_progress_is_for_a_terminal_alone(repo: Scratch) -> None:
    words = [sys.executable, "-m", "policy_gate", "evidence", "--system", "SYS-001", *ALWAYS, "--format", "json"]
    primary, secondary = pty.openpty()
    done = subprocess.run(
        words, cwd=repo.path, env=repo.environment(), stdout=subprocess.PIPE, stderr=secondary, check=True
    )
    os.close(secondary)
    shown = os.read(primary, 65536).decode()
    os.close(primary)
    assert "of 2 merges" in shown
    assert "a second" in shown
    assert json.loads(done.stdout)["schema"] == "policy-gate/evidence-pack/v1"
    quiet = repo.run("evidence", "--system", "SYS-001", *ALWAYS, "--format", "json")
    assert quiet.err == ""
