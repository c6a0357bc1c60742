"""`policy-gate doctor`: what the gate hangs on, one line for each, with the place and what mends it."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fakes.forge_server import Answer, Asked, ForgeServer
from keys import Keyring
from scratch import Scratch
from world import days_ago, email_of, from_yaml, high_system, low_system, to_yaml

WORKFLOW = """\
name: governance
on:
  pull_request:
  merge_group:
jobs:
  gate:
    runs-on: ubuntu-latest
    steps:
      - uses: example-org/policy-gate@v1
"""
CI = ".github/workflows/governance.yml"
ROLES = "policies/roles.yaml"


@pytest.fixture
def repo(scratch: Scratch) -> Scratch:
    files = {CI: WORKFLOW, "screener/a.py": "A = 1\n", "summariser/a.py": "A = 1\n"}
    scratch.adopt(high_system("development"), low_system("development"), files=files)
    return scratch


def doctor(repo: Scratch, *args: str, code: int = 1, **env: str) -> dict[str, list[dict[str, Any]]]:
    """By topic the lines of a run that asks no forge, unless the environment says one."""
    quiet = () if env else ("--no-forge",)
    found = repo.run("doctor", "--format", "json", *quiet, *args, **env)
    assert found.code == code, found
    assert found.report["state"] == {0: "ok", 1: "mend", 3: "not-known"}[code]
    topics: dict[str, list[dict[str, Any]]] = {}
    for line in found.report["lines"]:
        topics.setdefault(line["topic"], []).append(line)
    return topics


def told(lines: list[dict[str, Any]]) -> tuple[str, str, str]:
    """State, place and what was seen of the one line of a topic."""
    (line,) = lines
    at = line["location"] or {"path": "", "line": None}
    return line["state"], f"{at['path']}:{at['line']}" if at["line"] else at["path"], line["seen"]


def config(repo: Scratch, **fields: Any) -> None:
    said = from_yaml(repo.read("policy-gate.yaml")) | fields
    repo.write({"policy-gate.yaml": to_yaml(said)})


def test_a_sound_repository_has_nothing_to_mend_and_says_what_was_not_asked(repo: Scratch) -> None:
    topics = doctor(repo, code=0)
    assert {topic: {it["state"] for it in lines} for topic, lines in topics.items()} == {
        "base": {"ok"}, "manifests": {"ok"}, "overlap": {"ok"}, "policies": {"ok"}, "roles": {"ok"}, "keys": {"ok"},
        "records": {"ok"}, "ci": {"ok"}, "enforcement": {"ok"}, "pin": {"ok"}, "merge-methods": {"ok"},
        "required": {"not-known"}, "protection": {"not-known"},
    }  # fmt: skip
    text = repo.run("doctor", "--no-forge")
    assert text.out.endswith("Nothing to mend in the work tree; no forge was asked.\n")
    assert len(text.out.splitlines()) <= 24
    assert topics["required"][0]["seen"] == "not asked: --no-forge"


def test_what_only_a_forge_knows_leaves_it_untold(repo: Scratch) -> None:
    found = repo.run("doctor")
    assert found.code == 3
    assert "not asked: nothing says which forge this is" in found.out
    assert "Nothing to mend in the work tree, and 2 things not known" in found.out


def test_patterns_that_match_nothing_are_told_where_they_stand(repo: Scratch) -> None:
    config(repo, shared=["libs/**", "policies/**"], manifests=["**/governance.yaml", "ai/*.yaml"])
    repo.edit("SYS-003", paths=["summariser/**", "sumariser/lib/**"])
    repo.write({"policy-gate.yml": "schema: policy-gate/config/v1\n"})
    topics = doctor(repo)
    assert [(line["seen"].split()[0], line["location"]["path"]) for line in topics["paths"]] == [
        ("ai/*.yaml", "policy-gate.yaml"), ("libs/**", "policy-gate.yaml"), ("sumariser/lib/**", "governance.yaml"),
    ]  # fmt: skip
    assert any("policy-gate.yml is not read" in line["seen"] for line in topics["manifests"])
    repo.edit("SYS-003", paths=["nowhere/**"], stage="conception")
    config(repo, shared=["policies/**"], manifests=["**/governance.yaml"])
    assert "paths" not in doctor(repo)


def test_before_anything_is_merged_or_written_each_lack_has_its_command(scratch: Scratch) -> None:
    scratch.commit("Code", files={"bot/a.py": "import anthropic\n", ".github/CODEOWNERS": "\n"})
    topics = doctor(scratch)
    assert topics["manifests"][0]["mend"] == "policy-gate init"
    assert topics["roles"][0]["mend"] == "policy-gate init"
    assert topics["ci"][0]["seen"] == "no CI file here runs policy-gate"
    assert scratch.run("init", "--yes").code == 0
    topics = doctor(scratch)
    assert topics["base"][0]["seen"].endswith("holds no policies yet; those here are not in force")
    assert told(topics["ci"])[1] == ".github/policy-gate.yml.proposed"
    assert any("nobody holds it" in line["seen"] for line in topics["roles"])


def test_roles_without_their_schema_are_there_and_to_be_mended(repo: Scratch) -> None:
    repo.write({ROLES: to_yaml({"roles": from_yaml(repo.read(ROLES))["roles"]})})
    topics = doctor(repo)
    assert told(topics["roles"]) == ("mend", ROLES, "says nothing of roles, so nobody can approve")
    assert "policy-gate/roles/v1" in topics["roles"][0]["mend"]


def test_a_manifest_that_cannot_be_read_and_two_that_overlap_are_named(repo: Scratch) -> None:
    repo.write({"other/governance.yaml": "schema: policy-gate/manifest/v1\nsystems: nothing\n"})
    repo.edit("SYS-003", paths=["summariser/**", "screener/**"])
    topics = doctor(repo)
    assert told(topics["manifests"])[1] == "other/governance.yaml:2"
    state, place, seen = told(topics["overlap"])
    assert (state, place.partition(":")[0]) == ("mend", "governance.yaml")
    assert seen == "SYS-001 and SYS-003 claim screener/a.py and 1 other file: the strictest of them judges"


def test_roles_that_nobody_but_authors_fills_and_roles_that_nobody_fills(repo: Scratch) -> None:
    for number in range(12):
        repo.commit(f"Work {number}", by="Rae Kim")
    said = from_yaml(repo.read(ROLES))
    said["roles"]["ciso"] = {"members": []}
    repo.write({ROLES: to_yaml(said)})
    topics = doctor(repo)
    seen = [line["seen"] for line in topics["roles"]]
    assert any("only Rae Kim can approve" in it and "usually writes here too" in it for it in seen)
    assert "role ciso: nobody holds it" in seen
    assert {line["location"]["path"] for line in topics["roles"]} == {ROLES}


@pytest.mark.parametrize(("path", "is_told"), [("governance/approvals/{}.yaml", False), ("screener/{}.py", True)])
def test_who_commits_approval_records_alone_does_not_usually_write_here(
    repo: Scratch, path: str, is_told: bool
) -> None:
    for number in range(12):
        repo.commit(f"Work {number}")
        repo.commit(f"Approve {number}", by="Rae Kim", files={path.format(number): f"# {number}\n"})
    found = json.loads(repo.run("policy", "lint", "--format", "json").out)["problems"]
    assert any("only Rae Kim can approve" in it["message"] for it in found) is is_told


@pytest.mark.parametrize(
    ("ends", "beside", "said"),
    [(-3, False, "ended on"), (10, False, "ends on"), (90, False, ""), (10, True, ""), (90, False, "is revoked")],
)
def test_identities_near_their_end_and_revoked_ones_are_told(repo: Scratch, ends: int, beside: bool, said: str) -> None:
    day = (datetime.now(UTC).date() + timedelta(days=ends)).isoformat()
    who = {"issuer": "https://example.com", "identity": "audit@example.com"}
    pinned: list[Any] = [{**who, "valid_until": day}]
    pinned += [{**who, "identity": "next@example.com"}] if beside else []
    roles = from_yaml(repo.read(ROLES))
    roles["roles"]["ciso"]["members"][0]["identities"] = pinned
    if said == "is revoked":
        roles["revoked_identities"] = [{**who, "revoked_on": "2026-01-01", "reason": "It leaked."}]
    repo.write({ROLES: to_yaml(roles)})
    state, place, seen = told(doctor(repo, code=1 if said else 0)["keys"])
    assert state == ("mend" if said else "ok")
    assert not said or seen.startswith(f"an identity of Ada Example {said}")
    assert place.startswith(ROLES)


@pytest.mark.parametrize(
    ("ends", "beside", "said"),
    [(-3, False, "ended on"), (10, False, "ends on"), (90, False, ""), (10, True, "")],
)
def test_keys_near_their_end_are_told_unless_another_goes_on(
    repo: Scratch, tmp_path: Any, ends: int, beside: bool, said: str
) -> None:
    keys = Keyring(tmp_path)
    day = (datetime.now(UTC).date() + timedelta(days=ends)).isoformat()
    pinned: list[Any] = [{"key": keys["Ada Example"].with_suffix(".pub").read_text().strip(), "valid_until": day}]
    pinned += [keys.make("next").with_suffix(".pub").read_text().strip()] if beside else []
    roles = from_yaml(repo.read(ROLES))
    for role in ("ciso", "ai-governance-committee"):
        roles["roles"][role]["members"][0]["keys"] = copy.deepcopy(pinned)
    repo.write({ROLES: to_yaml(roles)})
    state, place, seen = told(doctor(repo, code=1 if said else 0)["keys"])
    assert state == ("mend" if said else "ok")
    assert seen == (f"a key of Ada Example {said} {day}" if said else "no key is near its end")
    assert place.startswith(ROLES)


@pytest.mark.parametrize(("for_good", "state"), [(True, "ok"), (False, "mend")])
def test_the_key_of_a_deputy_may_end_in_one_role_where_it_goes_on_in_another(
    repo: Scratch, tmp_path: Any, for_good: bool, state: str
) -> None:
    """Who stands in for somebody on leave signs in that role until a day: nothing is to be pinned beside it."""
    line = Keyring(tmp_path)["Ada Example"].with_suffix(".pub").read_text().strip()
    today = datetime.now(UTC).date()
    days = {"valid_from": today.isoformat(), "valid_until": (today + timedelta(days=14)).isoformat()}
    roles = from_yaml(repo.read(ROLES))
    entry = {"name": "Ada Example", "email": email_of("Ada Example")}
    roles["roles"]["ai-safety-lead"]["members"].insert(0, {**entry, "keys": [{"key": line, **days}]})
    roles["roles"]["ciso"]["members"] = [{**entry, "keys": [line if for_good else {"key": line, **days}]}]
    repo.write({ROLES: to_yaml(roles)})
    assert told(doctor(repo, code=0 if for_good else 1)["keys"])[0] == state


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("  pull_request:\n  merge_group:\n", "  schedule:\n    - cron: '1 1 * * *'\n", "on no change"),
        ("  pull_request:\n", "  pull_request:\n    paths: ['screener/**']\n", "for some files only"),
        ("    runs-on", "    continue-on-error: true\n    runs-on", "stops nothing"),
        ("    runs-on", "    if: ${{ false }}\n    runs-on", "never runs"),
        ("@v1\n", "@v1\n        with: {advisory: 'true'}\n", "blocks nothing"),
        ("uses: example-org/policy-gate@v1", "run: policy-gate check || true", "thrown away"),
        ("example-org", "<owner>", "<owner> stands for"),
        ("    runs-on", "    needs: tests\n    runs-on", "job that it needs fails"),
        ("    runs-on", "    needs: [a, b]\n    if: github.ref != 'x'\n    runs-on", "job that it needs fails"),
        ("    runs-on", "    if: github.actor != 'renovate[bot]'\n    runs-on", "as github.actor says"),
        ("@v1\n", "@v1\n        if: ${{ !github.event.pull_request.draft }}\n", "pull_request.draft says"),
        (
            "    runs-on",
            "    if: github.event.pull_request.head.repo.full_name == github.repository\n    runs-on",
            "pull_request.head says",
        ),
        ("  pull_request:\n", "  pull_request: {types: [opened, edited]}\n", "does not run on synchronize, reopened"),
        ("  pull_request:\n", "  pull_request:\n    types: synchronize\n", "does not run on opened, reopened"),
        ("  merge_group:\n", "", "does not run on edited"),
        ("on:\n  pull_request:\n  merge_group:\n", "on: [pull_request, push]\n", "does not run on edited"),
        ("on:\n  pull_request:\n  merge_group:\n", "on: pull_request\n", "does not run on edited"),
    ],
)
def test_a_workflow_that_does_not_stop_anything_is_told_with_its_line(
    repo: Scratch, was: str, now: str, said: str
) -> None:
    repo.write({CI: WORKFLOW.replace(was, now)})
    state, place, seen = told(doctor(repo)["ci"])
    assert (state, said in seen) == ("mend", True)
    assert place.startswith(f"{CI}:")


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("  merge_group:\n", ""),
        ("    runs-on", "    needs: tests\n    if: always()\n    runs-on"),
        ("    runs-on", "    if: ${{ !cancelled() }}\n    needs: [tests]\n    runs-on"),
        ("    runs-on", "    if: github.event_name != 'schedule' && github.repository == 'a/b'\n    runs-on"),
        ("jobs:\n", "jobs:\n  later:\n    needs: gate\n    steps: [{run: cat policy-gate-reports/report.json}]\n"),
        ("jobs:\n", "jobs:\n  after:\n    if: github.actor == 'x'\n    steps: [{run: echo policy-gate was here}]\n"),
    ],
)
def test_what_runs_on_each_change_is_sound_however_it_says_so(repo: Scratch, was: str, now: str) -> None:
    types = "  pull_request: {types: [opened, synchronize, reopened, edited, labeled]}\n"
    repo.write({CI: WORKFLOW.replace("  pull_request:\n", types).replace(was, now)})
    assert told(doctor(repo, code=0)["ci"])[0] == "ok"


def test_a_job_of_gitlab_that_nothing_includes(repo: Scratch) -> None:
    repo.remove(CI)
    job = ".gitlab/policy-gate.gitlab-ci.yml"
    repo.write({".gitlab/gate.yml": "gate: {script: [policy-gate ci gitlab]}\n"})
    assert told(doctor(repo)["ci"])[2] == "nothing includes .gitlab/gate.yml"
    repo.write({".gitlab-ci.yml": "include:\n  - local: .gitlab/gate.yml\n"})
    assert told(doctor(repo, code=0)["ci"])[0] == "ok"
    assert job not in str(doctor(repo, code=0)["ci"])


def test_patterns_that_match_nothing_and_a_ci_file_that_none_governs(repo: Scratch) -> None:
    config(repo, enforcement=["ci/*.yml", ".gitlab-ci.yml"])
    lines = doctor(repo)["enforcement"]
    assert [line["seen"] for line in lines] == [
        "ci/*.yml matches no file", ".gitlab-ci.yml matches no file",
        f"{CI} runs the gate, and no pattern governs it",
    ]  # fmt: skip
    assert lines[0]["location"]["path"] == "policy-gate.yaml"


def test_pins_and_ways_of_merging(repo: Scratch) -> None:
    config(repo, tool={"policies_digest": "sha256:" + "0" * 64})
    state, place, seen = told(doctor(repo)["pin"])
    assert (state, place.partition(":")[0]) == ("mend", "policy-gate.yaml")
    assert "pins policies sha256:0000000" in seen
    config(repo, tool={"version": "0.0.9"}, merge_methods=["merge"])
    topics = doctor(repo)
    assert told(topics["pin"])[2].startswith("pins 0.0.9, this is ")
    assert told(topics["merge-methods"])[:2] == ("not-known", "policy-gate.yaml:5")


def test_records_that_nobody_signed(repo: Scratch) -> None:
    repo.write({ROLES: repo.read(ROLES)})
    repo.promote()
    repo.approve("ciso", "pre-deployment-security-review")
    believed = told(doctor(repo, code=0)["records"])
    assert believed[2] == "1 approval record in governance/approvals"
    own = from_yaml(repo.read("policies/org.yaml"))
    own.pop("assurance")
    repo.write({"policies/org.yaml": to_yaml(own)})
    state, place, seen = told(doctor(repo)["records"])
    assert (state, seen) == ("mend", "1 of 1 record without a signature: they count nowhere")
    assert place.startswith("governance/approvals/")


def test_policies_that_cannot_be_read_are_told_and_nothing_is_guessed_from_them(repo: Scratch) -> None:
    repo.write({"policies/own.yaml": "schema: policy-gate/policy/v1\nrulez: []\n"})
    topics = doctor(repo)
    assert told(topics["policies"])[:2] == ("mend", "policies/own.yaml:2")
    assert told(topics["roles"])[0] == "not-known"


class Forge(ForgeServer):
    """GitHub's and GitLab's answers about one branch, as far as they are read."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        super().__init__()

    def respond(self, request: Asked) -> Answer:
        body = self.answers.get(request.path)
        return Answer(404, {"message": "Not Found"}) if body is None else Answer(200, body)


REPO = "/repos/example-org/screener"
METHODS = {"allow_merge_commit": True, "allow_squash_merge": True, "allow_rebase_merge": False}
OPEN = {"protected": False}
CLASSIC = {"protected": True, "protection": {"required_status_checks": {"contexts": ["lint", "gate"]}}}
RULES = [
    {"type": "pull_request", "parameters": {"required_approving_review_count": 1}},
    {"type": "required_status_checks", "parameters": {"required_status_checks": [{"context": "gate"}]}},
]


@pytest.mark.parametrize(
    ("branch", "rules", "required", "protected"),
    [
        (CLASSIC, [], "ok", "ok"),
        (OPEN, RULES, "ok", "ok"),
        (OPEN, [], "mend", "mend"),
        (CLASSIC | {"protection": {"required_status_checks": {"contexts": ["lint"]}}}, [], "mend", "ok"),
        (None, [], "not-known", "not-known"),
    ],
)
def test_github_is_asked_where_the_environment_says_which(
    repo: Scratch, branch: Any, rules: list[Any], required: str, protected: str
) -> None:
    answers = {f"{REPO}/rules/branches/main": rules, REPO: METHODS, f"{REPO}/branches/main": branch}
    with Forge(answers) as forge:
        env = {"GITHUB_REPOSITORY": "example-org/screener", "GITHUB_TOKEN": "t", "GITHUB_API_URL": forge.url}
        code = 1 if "mend" in (required, protected) else 3 if "not-known" in (required, protected) else 0
        topics = doctor(repo, code=code, **env)
    assert (told(topics["required"])[0], told(topics["protection"])[0]) == (required, protected)
    assert told(topics["merge-methods"])[0] == "ok"
    assert "would spare the others" in told(topics["merge-methods"])[2]


@pytest.mark.parametrize(("grouping", "code"), [("ALLGREEN", 0), ("HEADGREEN", 1)])
def test_t29_a_queue_that_merges_what_is_red_in_front_of_what_is_green(repo: Scratch, grouping: str, code: int) -> None:
    rules = [*RULES, {"type": "merge_queue", "parameters": {"merge_method": "SQUASH", "grouping_strategy": grouping}}]
    with Forge({f"{REPO}/rules/branches/main": rules, REPO: METHODS, f"{REPO}/branches/main": OPEN}) as forge:
        env = {"GITHUB_REPOSITORY": "example-org/screener", "GITHUB_TOKEN": "t", "GITHUB_API_URL": forge.url}
        lines = doctor(repo, code=code, **env)["required"]
    assert [line["state"] for line in lines] == (["ok"] if code == 0 else ["ok", "mend"])


def test_ways_of_merging_that_the_forge_allows_and_nobody_judges(repo: Scratch) -> None:
    config(repo, merge_methods=["squash"])
    with Forge({f"{REPO}/rules/branches/main": RULES, REPO: METHODS, f"{REPO}/branches/main": OPEN}) as forge:
        env = {"GITHUB_REPOSITORY": "example-org/screener", "GITHUB_TOKEN": "t", "GITHUB_API_URL": forge.url}
        line = doctor(repo, **env)["merge-methods"][0]
    assert line["seen"] == "the forge also allows merge, unjudged"
    assert line["mend"] == "merge_methods: [merge, squash] in policy-gate.yaml"


@pytest.mark.parametrize(("pipeline", "protects"), [(True, True), (False, False)])
def test_gitlab_is_asked_likewise(repo: Scratch, pipeline: bool, protects: bool) -> None:
    project = {"squash_option": "default_on", "only_allow_merge_if_pipeline_succeeds": pipeline}
    answers: dict[str, Any] = {"/api/v4/projects/7": project}
    answers |= {"/api/v4/projects/7/protected_branches/main": {"name": "main"}} if protects else {}
    with Forge(answers) as forge:
        env = {"CI_PROJECT_ID": "7", "CI_API_V4_URL": f"{forge.url}/api/v4", "GITLAB_TOKEN": "t"}
        topics = doctor(repo, code=0 if pipeline else 1, **env)
    assert told(topics["required"])[0] == ("ok" if pipeline else "mend")
    assert told(topics["protection"])[0] == ("ok" if protects else "mend")


@pytest.mark.parametrize(
    ("skipped", "pushers", "required", "protected"),
    [
        (False, [0], ["ok"], "ok"),
        (None, [], ["ok"], "ok"),
        (True, [0], ["ok", "mend"], "ok"),
        (False, [40], ["ok"], "mend"),
        (False, [0, 40], ["ok"], "mend"),
        (False, [None], ["ok"], "mend"),
    ],
)
def test_t29_ways_past_the_pipeline_that_gitlab_is_set_to_leave_open(
    repo: Scratch, skipped: bool | None, pushers: list[int | None], required: list[str], protected: str
) -> None:
    project = {"squash_option": "default_on", "only_allow_merge_if_pipeline_succeeds": True}
    project |= {} if skipped is None else {"allow_merge_on_skipped_pipeline": skipped}
    branch = {"name": "main", "push_access_levels": [{"id": 1, "access_level": level} for level in pushers]}
    with Forge({"/api/v4/projects/7": project, "/api/v4/projects/7/protected_branches/main": branch}) as forge:
        env = {"CI_PROJECT_ID": "7", "CI_API_V4_URL": f"{forge.url}/api/v4", "GITLAB_TOKEN": "t"}
        topics = doctor(repo, code=0 if (required, protected) == (["ok"], "ok") else 1, **env)
    assert [line["state"] for line in topics["required"]] == required
    assert told(topics["protection"])[0] == protected


@pytest.mark.parametrize(
    ("squash", "wanted"), [("default_on", "fast-forward, squash"), ("never", "fast-forward"), ("always", None)]
)
def test_where_gitlab_fast_forwards_it_is_told(repo: Scratch, squash: str, wanted: str | None) -> None:
    project = {"squash_option": squash, "merge_method": "ff", "only_allow_merge_if_pipeline_succeeds": True}
    with Forge(
        {"/api/v4/projects/7": project, "/api/v4/projects/7/protected_branches/main": {"name": "main"}}
    ) as forge:
        env = {"CI_PROJECT_ID": "7", "CI_API_V4_URL": f"{forge.url}/api/v4", "GITLAB_TOKEN": "t"}
        line = doctor(repo, code=1 if wanted else 0, **env)["merge-methods"][0]
    assert line["mend"] == (f"merge_methods: [{wanted}] in policy-gate.yaml" if wanted else "")


def test_a_forge_without_a_token_was_not_asked(repo: Scratch) -> None:
    topics = doctor(repo, code=3, GITHUB_REPOSITORY="example-org/screener")
    assert "there is no token" in told(topics["protection"])[2]


def test_bad_input_is_usage_and_no_base_is_told(repo: Scratch, tmp_path: Any) -> None:
    assert repo.run("doctor", "--head", "nowhere").code == 2
    assert repo.run("doctor", "-C", str(tmp_path)).code == 2
    assert repo.run("doctor", "--base", "nowhere").code == 3
    repo.git("branch", "-m", "main", "trunk")
    state, _, seen = told(doctor(repo)["base"])
    assert (state, "no base to take the policies from" in seen) == ("mend", True)


def test_another_commit_can_be_looked_at(repo: Scratch) -> None:
    repo.remove(CI)
    found = repo.run("doctor", "--head", "main", "--no-forge")
    assert (found.code, "Nothing to mend in main " in found.out) == (0, True)
    assert days_ago(0) not in found.out


def test_a_pipeline_of_gitlab_in_which_the_gate_alone_would_run(repo: Scratch) -> None:
    repo.remove(CI)
    job = ".gitlab/policy-gate.yml"
    unit = "unit:\n  script: [pytest]\n"
    repo.write({job: "gate: {script: [policy-gate ci gitlab]}\n", ".gitlab-ci.yml": f"include: [{job}]\n{unit}"})
    state, place, seen = told(doctor(repo)["ci"])
    assert (state, place, "unit would stop no merge" in seen) == ("mend", ".gitlab-ci.yml:2", True)
    repo.write({".gitlab-ci.yml": f"include: [{job}, ours.yml]\n{unit}"})
    assert told(doctor(repo, code=0)["ci"])[0] == "ok", "what another file brings is not known"


def test_who_asks_no_forge_is_told_what_each_wants(repo: Scratch) -> None:
    said = repo.run("doctor", "--format", "json").report["lines"]
    (line,) = [line for line in said if line["topic"] == "protection"]
    assert all(name in line["seen"] for name in ("GITHUB_REPOSITORY", "CI_API_V4_URL", "POLICY_GATE_GITLAB_TOKEN"))
