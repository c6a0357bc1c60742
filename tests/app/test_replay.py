"""A period of a real history, replayed: what each merge comes to by the rules of its time, and what is counted."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from evidence import card
from histories import Dated, eventful
from scratch import Result, Scratch
from world import GATE_ROLES, high_system, low_system, roles, to_yaml

from policy_gate.app.recorded_verdicts import Judged, at_merge
from policy_gate.schema.evidence_pack import RecordedVerdict

pytestmark = pytest.mark.real_git
JANUARY = ("--system", "SYS-001", "--from", "2026-01-01", "--to", "2026-01-31")


class Pack(NamedTuple):
    """A repository with its events by name, and the pack of its January."""

    repo: Dated
    commits: dict[str, str]
    file: Path

    def read(self, name: str) -> bytes:
        with zipfile.ZipFile(self.file) as pack:
            return pack.read(name)

    def data(self, name: str) -> Any:
        return json.loads(self.read(name))

    @property
    def merges(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.read("merges.json").decode().splitlines()]

    def merge(self, event: str) -> dict[str, Any]:
        return next(it for it in self.merges if it["commit"] == self.commits[event])

    def figure(self, id_: str) -> dict[str, Any]:
        found: dict[str, Any] = next(it for it in self.data("figures.json") if it["id"] == id_)
        return found

    def counted(self, id_: str) -> set[str]:
        """The events whose commits a figure lists."""
        names = {commit: name for name, commit in self.commits.items()}
        return {names[commit] for commit in self.figure(id_)["commits"]}


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    folder = tmp_path_factory.mktemp("eventful")
    repo, commits = eventful(folder)
    file = folder / "january.zip"
    done = repo.run("evidence", *JANUARY, "-o", str(file))
    assert done.code == 0, done
    assert "17 merges, 10 touched SYS-001, 6 against the replay" in done.err
    return Pack(repo, commits, file)


def evidence(repo: Scratch, *words: str) -> dict[str, Any]:
    done = repo.run("evidence", *words, "--format", "json")
    assert done.code == 0, done
    return done.report


def test_each_merge_is_judged_by_the_rules_of_its_time(pack: Pack) -> None:
    found = {name: (it["kind"], it["verdict"], it["touches"]) for name in pack.commits for it in pack.merges
             if it["commit"] == pack.commits[name]}  # fmt: skip
    assert found == {
        "first": ("commit", "not-judged", "unknown"),
        "adopted": ("commit", "conditions", "yes"),
        "code": ("merge", "pass", "yes"),
        "quiet": ("commit", "pass", "no"),
        "against": ("merge", "block", "yes"),
        "reverted": ("commit", "conditions", "yes"),
        "rules": ("commit", "block", "no"),
        "broken": ("commit", "block", "unknown"),
        "while-broken": ("commit", "undecided", "unknown"),
        "mended": ("commit", "block", "yes"),
        "incident": ("commit", "conditions", "yes"),
        "stepped": ("commit", "pass", "yes"),
        "octopus": ("octopus", "pass", "no"),
        "backwards": ("commit", "pass", "no"),
        "edited": ("edited-merge", "pass", "yes"),
        "hostile": ("commit", "pass", "yes"),
        "renamed": ("commit", "block", "yes"),
    }


def test_a_replay_says_what_a_check_of_the_same_commits_says(pack: Pack) -> None:
    for event in ("against", "reverted", "mended"):
        record = pack.merge(event)
        done = pack.repo.check(*record["reproduce"].split()[2:])
        assert (done.verdict, done.report["trust"]["policies"]["digest"]) == (
            record["verdict"], record["policies_digest"],
        )  # fmt: skip
        assert pack.data(f"reports/{record['commit']}.json") == done.report


def test_the_record_says_what_the_merge_did_to_the_system(pack: Pack) -> None:
    against = pack.merge("against")
    (change,) = [it for it in against["system"]["changes"] if it["weakening"]]
    assert (change["kind"], change["before"], change["after"]) == ("dimension-lowered", "partial", "full")
    assert [it["purpose"] for it in against["approvals"] if not it["who"]] == ["weakening"]
    assert against["lacks_only_approvals"]
    assert pack.merge("renamed")["appeared"] == ["SYS-009"]
    assert pack.merge("renamed")["system"]["presence"] == "removed"
    assert "governance.yaml:2:1" in pack.merge("broken")["problem"]
    assert pack.merge("rules")["policies_digest"] != pack.merge("hostile")["policies_digest"]
    opened, stepped = (pack.merge(it)["incidents"] for it in ("incident", "stepped"))
    assert [(it["id"], it["is_new"], it["steps"]) for it in (*opened, *stepped)] == [
        ("INC-1", True, []), ("INC-1", False, ["triaged"]),
    ]  # fmt: skip


def test_dates_that_run_backwards_hide_no_merge(pack: Pack) -> None:
    assert pack.counted("dated-before") == {"backwards", "edited"}
    assert pack.counted("dated-outside") == {"outside"}
    assert pack.counted("against") == {"against", "rules", "broken", "while-broken", "mended", "renamed"}
    assert pack.counted("edited-merges") == {"edited"}


def test_each_figure_is_counted_again_from_the_pack(pack: Pack) -> None:
    if shutil.which("jq") is None or shutil.which("unzip") is None:
        pytest.skip("jq or unzip is not installed here")
    figures = pack.data("figures.json")
    assert len(figures) > 20
    assert sum(it["value"] > 0 for it in figures) > 10
    for figure in figures:
        command = figure["query"].replace("PACK", str(pack.file))
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
        assert int(done.stdout) == figure["value"], figure["id"]
        assert len(figure["commits"]) <= figure["value"]
        assert bool(figure["commits"]) == bool(figure["value"])


def test_git_alone_counts_the_same_population(pack: Pack) -> None:
    figure = pack.figure("merges")
    done = subprocess.run(
        ["bash", "-c", figure["from_git"]], cwd=pack.repo.path, env=pack.repo.environment(), capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    assert int(done.stdout) == figure["value"] == 17


def test_the_pack_holds_what_its_manifest_says_and_no_path_of_this_machine(pack: Pack) -> None:
    digests = pack.data("manifest.json")["sha256"]
    with zipfile.ZipFile(pack.file) as opened:
        names = opened.namelist()
        assert len(names) == len(set(names))
        assert set(names) == {*digests, "manifest.json"}
        for name, digest in digests.items():
            assert hashlib.sha256(opened.read(name)).hexdigest() == digest
            assert str(pack.repo.path).encode() not in opened.read(name)
    assert len([name for name in names if name.startswith("reports/")]) == 16


def test_the_same_input_gives_the_same_bytes(pack: Pack) -> None:
    again = pack.file.with_name("again.zip")
    assert pack.repo.run("evidence", *JANUARY, "-o", str(again)).code == 0
    assert again.read_bytes() == pack.file.read_bytes()


def test_documents_are_as_they_were_at_the_end_of_the_period(pack: Pack, tmp_path: Path) -> None:
    file = tmp_path / "middle.zip"
    words = ("--system", "SYS-001", "--from", "2026-01-10", "--to", "2026-01-11", "-o", str(file))
    assert pack.repo.run("evidence", *words).code == 0
    middle = pack._replace(file=file)
    documents = {it["path"]: it for it in middle.data("documents.json")}
    assert {"governance.yaml", "MODEL_CARD.md", "policies/org.yaml"} <= set(documents)
    manifest = documents["governance.yaml"]
    then = pack.repo.git("show", f"{pack.commits['quiet']}:governance.yaml")
    assert middle.read(manifest["member"]).decode().rstrip("\n") == then
    assert manifest["blob"] == pack.repo.git("rev-parse", f"{pack.commits['quiet']}:governance.yaml")
    assert pack.data("documents.json") == []
    assert not pack.data("pack.json")["head"]["present"]


def test_days_are_inclusive_and_a_limit_says_what_it_leaves_out(pack: Pack) -> None:
    one = evidence(pack.repo, "--system", "SYS-001", "--from", "2026-01-12", "--to", "2026-01-12")
    assert [it["commit"] for it in one["merges"]] == [pack.commits["against"]]
    few = evidence(pack.repo, *JANUARY, "--limit", "2")
    assert [it["commit"] for it in few["merges"]] == [pack.commits["hostile"], pack.commits["renamed"]]
    assert few["head"]["more"] == 15
    assert few["figures"][0]["note"] == "15 older merges of the period were left out by --limit"


def test_a_period_without_merges_is_an_honest_empty_pack(pack: Pack, tmp_path: Path) -> None:
    file = tmp_path / "empty.zip"
    words = ("--system", "SYS-001", "--from", "2025-01-01", "--to", "2025-12-31", "-o", str(file))
    assert pack.repo.run("evidence", *words).code == 0
    empty = pack._replace(file=file)
    assert empty.merges == []
    assert {it["value"] for it in empty.data("figures.json")} == {0}
    assert "There was no merge into main in this period." in empty.read("index.html").decode()


def test_a_system_that_never_was_is_a_usage_error(pack: Pack, tmp_path: Path) -> None:
    file = tmp_path / "none.zip"
    period = ("--from", "2025-01-01", "--to", "2026-12-31", "-o", str(file))
    done = pack.repo.run("evidence", "--system", "SYS-003x", *period)
    assert done.code == 2
    assert 'did you mean "SYS-003"?' in done.err
    assert not file.exists()


def test_a_system_that_left_is_told_of(pack: Pack) -> None:
    february = evidence(pack.repo, "--system", "SYS-009", "--from", "2026-01-25", "--to", "2026-02-28")
    assert [it["system"]["presence"] for it in february["merges"]] == ["added", "removed"]
    assert not february["head"]["present"]


def test_a_shallow_clone_is_undecided_with_the_fix(pack: Pack, tmp_path: Path) -> None:
    pack.repo.git("clone", "-q", "--depth", "3", pack.repo.path.as_uri(), str(tmp_path / "repo"))
    done = pack.repo.run("evidence", "-C", str(tmp_path / "repo"), *JANUARY, "-o", str(tmp_path / "e.zip"))
    assert done.code == 3
    assert "git fetch --unshallow" in done.err
    assert not (tmp_path / "e.zip").exists()


def test_a_graft_changes_nothing(pack: Pack, tmp_path: Path) -> None:
    pack.repo.git("clone", "-q", str(pack.repo.path), str(tmp_path / "grafted"))
    mine = Scratch(tmp_path / "home")
    mine.path = tmp_path / "grafted"
    mine.git("replace", "--graft", pack.commits["rules"], pack.commits["code"])
    told = evidence(mine, *JANUARY)
    assert [it["commit"] for it in told["merges"]] == [it["commit"] for it in pack.merges]


def test_commits_pushed_at_once_are_judged_together_too(tmp_path: Path) -> None:
    repo = Dated(tmp_path)
    repo.push("01-01", "Begin")
    repo.on("01-02")
    repo.adopt(high_system("development"))
    repo.on("01-03")
    repo.edit(risk_profile={"human_oversight": "full"})
    lowered = repo.commit("A person decides now")
    repo.edit(risk_profile={"human_oversight": "partial"})
    last = repo.commit("No, it does not")
    found = {it["commit"]: it for it in evidence(repo, *JANUARY)["merges"]}
    assert found[lowered]["verdict"] == "block"
    assert found[lowered]["together"] == last
    figures = {it["id"]: it for it in evidence(repo, *JANUARY)["figures"]}
    assert figures["against-together"]["commits"] == [lowered]


def _judged_and_merged(repo: Scratch, judged: list[str], message: str, squash: bool = False) -> Result:
    done = repo.check("--base", "refs/heads/main", "--head", "work")
    judged.append(done.verdict)
    assert done.code == 0, done
    repo.checkout("main")
    repo.git("merge", "-q", *(("--squash",) if squash else ("--no-ff", "-m", message)), "work")
    if squash:
        repo.commit(message)
    return done


@pytest.mark.real_crypto
def test_an_honest_teams_history_replays_to_what_it_was_judged_as(tmp_path: Path) -> None:
    repo, judged = Scratch(tmp_path), list[str]()
    key = repo.home / "approvals"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "Ada", "-f", str(key)], check=True)
    pinned = roles()
    public = key.with_suffix(".pub").read_text("ascii").strip()
    for role in ("ciso", "ai-governance-committee"):
        pinned["roles"][role]["members"] = [{"name": "Ada Example", "email": "ada@example.com", "keys": [public]}]
    repo.commit("Begin")
    repo.branch("work")
    repo.adopt(high_system("development"), low_system("development"), files={"policies/roles.yaml": to_yaml(pinned)})
    _judged_and_merged(repo, judged, "Adopt")
    repo.branch("work")
    repo.commit("Code", files={"screener/rank.py": "x = 1\n", "README.md": "# More\n"})
    _judged_and_merged(repo, judged, "Rank by skills", squash=True)
    repo.promote()
    for role in GATE_ROLES:
        repo.approve(role, "pre-deployment-security-review", key=key if role == "ciso" else None)
    _judged_and_merged(repo, judged, "Promote")
    repo.branch("work")
    repo.edit(risk_profile={"human_oversight": "full"})
    repo.commit("A person decides now")
    repo.approve("ai-safety-lead", "weakening")
    _judged_and_merged(repo, judged, "Lower")
    found = evidence(repo, "--system", "SYS-001", "--from", "2000-01-01", "--to", "2099-12-31")
    assert [it["verdict"] for it in found["merges"]] == ["not-judged", *judged]
    figures = {it["id"]: it["value"] for it in found["figures"]}
    assert (figures["against"], figures["approvals-counted"], figures["stage-changes"]) == (0, 4, 1)
    promoted = found["merges"][3]
    assert {(it["who"], it["counts"]) for it in promoted["approvals"]} == {
        ("Ada Example", True), ("Lin Park", True), ("Pat Moss", True),
    }  # fmt: skip
    assert {it["outcome"] for it in promoted["tests"]} == {"passed"}
    assert {it["provenance"] for it in promoted["tests"]} == {"committed"}


def test_the_audit_log_tells_a_bypass_from_a_merge_that_was_passed(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    repo.commit("Begin")
    repo.adopt(high_system("development"))
    repo.branch("work")
    repo.edit(risk_profile={"human_oversight": "full"})
    repo.commit("A person decides now")
    recorded = repo.run("audit", "record", "--base", "refs/heads/main", "--head", "work")
    assert recorded.code == 0, recorded
    repo.merge()
    repo.branch("work")
    repo.commit("Unseen", files={"README.md": "# Unseen\n"})
    repo.merge()
    found = evidence(repo, "--system", "SYS-001", "--from", "2000-01-01", "--to", "2099-12-31")
    figures = {it["id"]: it["value"] for it in found["figures"]}
    assert (figures["recorded-against"], figures["unrecorded"], figures["merges"]) == (1, 3, 4)
    assert found["merges"][2]["recorded"]["verdict"] == "block"
    assert found["head"]["audit_log"].startswith("refs/policy-gate/audit at ")


def test_a_verdict_on_something_else_is_none_on_the_merge(tmp_path: Path) -> None:
    """Not on an earlier merge that left the same files, nor on a branch of which the last commit alone was judged."""
    repo = Scratch(tmp_path)
    repo.commit("Begin")
    repo.adopt(high_system("development"))
    repo.branch("work")
    repo.edit(risk_profile={"human_oversight": "none"})
    repo.commit("Nobody looks any more")
    for time in range(2):
        repo.merge()
        if not time:
            recorded = repo.run("audit", "record", "--base", repo.git("rev-parse", "main~1"), "--head", "main")
            assert recorded.code == 0, recorded
        repo.git("revert", "--no-edit", "-m", "1", "HEAD")
        repo.branch("work")
        repo.git("revert", "--no-edit", "HEAD")
    repo.commit("And more", files={"README.md": "# More\n"})
    repo.git("branch", "itself", "work~1")
    assert repo.run("audit", "record", "--base", "itself", "--head", "work").code == 0
    repo.merge()
    found = evidence(repo, "--system", "SYS-001", "--from", "2000-01-01", "--to", "2099-12-31")
    told = [(it["title"].split()[0], it["recorded"] is not None) for it in found["merges"]]
    assert told[2:] == [("Merge", True), ("Revert", False), ("Merge", False), ("Revert", False), ("Merge", False)]


def test_a_yes_that_came_after_the_merge_hides_no_block() -> None:
    def judged(verdict: str, at: str) -> Judged:
        return Judged("base", RecordedVerdict(verdict, verdict, at))

    asked, agreed = judged("block", "2026-04-01T10:00:00Z"), judged("pass", "2026-04-03T10:00:00Z")
    for moment, verdict in (("2026-04-02T10:00:00Z", "block"), ("2026-04-04T10:00:00Z", "pass"),
                            ("2026-03-31T10:00:00Z", "block")):  # fmt: skip
        found = at_merge((agreed, asked), moment)
        assert found is not None
        assert found.verdict == verdict
    assert at_merge((), "2026-04-02T10:00:00Z") is None


def test_what_is_added_or_shown_to_be_compared_is_counted_as_no_weakening(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    repo.commit("Begin")
    repo.adopt(high_system("development"), files={"MODEL_CARD.md": card()})
    repo.branch("work")
    limit = "Scores short careers less reliably"
    repo.commit("Reword", files={"MODEL_CARD.md": card().replace(limit, "Scores careers under one year well")})
    repo.merge()
    repo.branch("more")
    more = repo.read("MODEL_CARD.md").replace("- Reads only", "- Knows nothing of part-time work\n- Reads only")
    repo.commit("One limit more", files={"MODEL_CARD.md": more})
    repo.merge("more")
    found = evidence(repo, "--system", "SYS-001", "--from", "2000-01-01", "--to", "2099-12-31")
    changes = [[(it["kind"], it["weakening"]) for it in (one["system"] or {"changes": []})["changes"]]
               for one in found["merges"][2:]]  # fmt: skip
    assert changes[0] == [("limit-dropped", True), ("words-edited", False), ("limit-added", False)]
    assert {weakening for _, weakening in changes[1]} == {False}
    assert {it["id"]: it["value"] for it in found["figures"]}["weakenings"] == 1
