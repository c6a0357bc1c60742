"""`check --attest FILE`: FILE holds the answer of this check afterwards, or nothing at all."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from scratch import Result, Scratch
from world import base_files, days_ago, high_system

EXTENSION = "urn:policy-gate:check:v1"
STALE = '{"predicate": {"verificationResult": "PASSED"}}'
ADOPTION = ("--base", "bare", "--head", "adopting")

pytestmark = pytest.mark.real_git


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """`work` corrects a word and passes; `promoted` blocks; `adopting`, judged against `bare`, has conditions."""
    made = Scratch(tmp_path_factory.mktemp("attest"))
    made.commit("Years of work", files={"screener/app.py": "x = 1\n"})
    made.git("branch", "bare")
    made.branch("adopting", at="bare")
    made.write(base_files())
    made.declare_only(high_system("production", enrolled=days_ago(0), model_card=None))
    made.commit("Adopt")
    made.checkout("main")
    made.adopt(high_system("development"))
    made.branch("promoted")
    made.edit(stage="pre_deployment")
    made.commit("Promote without the papers")
    made.branch("work")
    made.commit("Correct a word", files={"README.md": "# Screener\n"})
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "attestation.json"


def statement(file: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return data


@pytest.mark.parametrize(
    ("asked", "code", "verdict", "said"),
    [
        ((), 0, "pass", ("PASSED", "POLICY_GATE_PASS")),
        (ADOPTION, 0, "conditions", ("PASSED", "POLICY_GATE_CONDITIONS")),
        (("--head", "promoted"), 1, "block", ("FAILED", "FAILED")),
    ],
)
def test_t29_each_verdict_is_attested_with_what_it_is_about(
    repo: Scratch, file: Path, asked: tuple[str, ...], code: int, verdict: str, said: tuple[str, str]
) -> None:
    done = repo.check("--attest", str(file), *asked)
    assert (done.code, done.verdict, done.err) == (code, verdict, "")
    predicate = statement(file)["predicate"]
    assert (predicate["verificationResult"], predicate["verifiedLevels"][-1]) == said
    check, trust = predicate[EXTENSION], done.report["trust"]
    assert check["verdict"] == verdict
    head = asked[-1] if asked else "HEAD"
    assert check["head"] == {"ref": head, "commit": repo.git("rev-parse", head)}
    assert check["base"] == trust["base"]
    assert check["base"]["commit"] == repo.git("rev-parse", "bare" if asked == ADOPTION else "main")
    assert check["result"]["tree"] == repo.git("rev-parse", check["head"]["commit"] + "^{tree}")
    assert check["policies"]["digest"] == trust["policies"]["digest"]
    assert [it["id"] for it in check["systems"]] == [it["id"] for it in done.report["systems"]]
    named = "" if asked == ADOPTION else "example-org/screener"
    assert check["repository"] == named
    assert predicate["resourceUri"].startswith(f"urn:policy-gate:repository:{named}" if named else "gitoid:tree:sha1:")
    assert predicate["timeVerified"][:10] == check["as_of"] == done.report["as_of"]


def test_the_answer_and_its_exit_code_are_the_same_with_and_without_it(repo: Scratch, file: Path) -> None:
    with_it, without = repo.check("--attest", str(file), "--head", "promoted"), repo.check("--head", "promoted")
    assert (with_it.code, with_it.out, with_it.err) == (without.code, without.out, without.err)


def test_the_subject_is_the_json_report_byte_for_byte(repo: Scratch, file: Path, tmp_path: Path) -> None:
    done = repo.check("--attest", str(file), "--head", "promoted", "--format", f"json={tmp_path / 'gate.json'}")
    subject = next(it for it in statement(file)["subject"] if it["name"] == "policy-gate.json")
    printed = hashlib.sha256(done.out.encode("utf-8")).hexdigest()
    assert subject["digest"] == {"sha256": printed}
    assert hashlib.sha256((tmp_path / "gate.json").read_bytes()).hexdigest() == printed


@pytest.mark.parametrize(
    ("asked", "code", "why"),
    [
        (("--base", "nowhere"), 3, "there is no verdict"),
        ((*ADOPTION, "--require-governed-base"), 3, "the verdict is undecided"),
        (("--advisory",), 0, "this check does not enforce (--advisory"),
        (("--advisory", "--head", "promoted"), 0, "this check does not enforce (--advisory"),
        (("--advisory", "--base", "nowhere"), 0, "there is no verdict"),
        (("--as-of", days_ago(1)), 0, "this check does not enforce (--as-of"),
        (("--as-of", days_ago(1), "--head", "promoted"), 1, "this check does not enforce (--as-of"),
        (("--defer", "approval"), 0, "this check does not enforce (--defer"),
        (("--system", "SYS-001"), 0, "this check does not enforce (--system"),
        (("--worktree",), 0, "what was judged is no commit"),
    ],
)
def test_what_does_not_bind_leaves_nothing_to_sign(
    repo: Scratch, file: Path, asked: tuple[str, ...], code: int, why: str
) -> None:
    file.write_text(STALE, "utf-8")
    done = repo.run("check", "--attest", str(file), *asked)
    assert done.code == code, done
    said = next(line for line in done.err.splitlines() if "no attestation" in line)
    assert said.startswith(f"no attestation in {file}: {why}")
    assert list(file.parent.iterdir()) == []


@pytest.mark.parametrize(
    "asked",
    [("--system", "SYS-9"), ("--worktree", "--head", "promoted"), ("--format", f"json={os.devnull}/x"), ("-C", "/dev")],
)
def test_a_command_that_cannot_run_leaves_no_older_answer(repo: Scratch, file: Path, asked: tuple[str, ...]) -> None:
    file.write_text(STALE, "utf-8")
    done = repo.run("check", "--attest", str(file), *asked)
    assert done.code == 2, done
    assert not file.exists()


def test_an_older_answer_is_replaced_whole_and_nothing_is_left_beside_it(repo: Scratch, file: Path) -> None:
    file.write_text(STALE + " " * 100_000, "utf-8")
    repo.check("--attest", str(file), "--head", "promoted")
    assert statement(file)["predicate"]["verificationResult"] == "FAILED"
    assert list(file.parent.iterdir()) == [file]
    assert file.stat().st_mode & 0o777 == 0o644
    assert file.read_text("utf-8").endswith("}\n")


def test_t13_a_link_is_replaced_and_never_followed(repo: Scratch, file: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text(STALE, "utf-8")
    for target in (kept, tmp_path / "nothing-there"):
        file.unlink(missing_ok=True)
        file.symlink_to(target)
        assert repo.check("--attest", str(file)).code == 0
        assert not file.is_symlink()
        assert statement(file)["predicate"]["verificationResult"] == "PASSED"
    assert kept.read_text("utf-8") == STALE
    assert not (tmp_path / "nothing-there").exists()


def test_t13_a_link_is_taken_away_where_there_is_nothing_to_attest(repo: Scratch, file: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text(STALE, "utf-8")
    file.symlink_to(kept)
    assert repo.check("--attest", str(file), "--advisory").code == 0
    assert not os.path.lexists(file)
    assert kept.read_text("utf-8") == STALE


def refused(done: Result) -> bool:
    return done.code == 2 and "Traceback" not in done.err and done.out == ""


def test_what_is_no_file_is_refused_before_anything_is_judged(repo: Scratch, tmp_path: Path) -> None:
    folder, pipe = tmp_path / "folder", tmp_path / "pipe"
    folder.mkdir()
    os.mkfifo(pipe)
    (tmp_path / "to-folder").symlink_to(folder)
    (tmp_path / "to-pipe").symlink_to(pipe)
    (tmp_path / "plain").write_text("x", "utf-8")
    before = sorted(tmp_path.iterdir())
    for name in ("folder", "pipe", "to-folder", "to-pipe", "plain/below"):
        done = repo.run("check", "--attest", str(tmp_path / name))
        assert refused(done), f"{name}: {done}"
    assert sorted(tmp_path.iterdir()) == before
    assert repo.run("check", "--attest", str(tmp_path / "plain")).code == 0


def test_a_place_that_does_not_exist_is_told_with_a_hint(repo: Scratch, tmp_path: Path) -> None:
    done = repo.run("check", "--attest", str(tmp_path / "nowhere" / "a.json"))
    assert done.code == 2
    assert "cannot put an attestation at" in done.err
    assert "hint: give --attest FILE a place for a file of its own" in done.err


@pytest.mark.parametrize(
    ("environment", "uri"),
    [
        ({}, "urn:policy-gate:repository:example-org/screener"),
        (
            {"GITLAB_CI": "true", "CI_PROJECT_URL": "https://forge.example/example-org/screener"},
            "git+https://forge.example/example-org/screener",
        ),
        (
            {
                "GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://forge.example",
                "GITHUB_REPOSITORY": "example-org/screener",
            },
            "git+https://forge.example/example-org/screener",
        ),
        (
            {"CI_PROJECT_URL": "https://forge.example/a/b", "GITHUB_REPOSITORY": "a/b"},
            "urn:policy-gate:repository:example-org/screener",
        ),
    ],
)  # fmt: skip
def test_the_repository_is_named_as_the_job_knows_it(
    repo: Scratch, file: Path, environment: dict[str, str], uri: str
) -> None:
    done = repo.check("--attest", str(file), **environment)
    assert done.code == 0, done
    assert statement(file)["predicate"]["resourceUri"] == uri
