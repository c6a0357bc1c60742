"""`waive`: what it writes, what it leaves as it is, and when it refuses."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest
from scratch import Result, Scratch
from world import days_ago, from_yaml, high_system, roles, to_yaml

FILE = "governance/waivers.yaml"
GATE = "pre-deployment-security-review"
REASON = "The red team is booked for the first week of January."
GIVEN = {
    "--system": "SYS-001",
    "--rule": GATE,
    "--subject": "red-team-report",
    "--reason": REASON,
    "--expires": days_ago(-30),
    "--approver": "Rae Kim",
}


@pytest.fixture(scope="module")
def governed(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """SYS-001 in pre_deployment without its red team report; every test starts from main."""
    repo = Scratch(tmp_path_factory.mktemp("waive"))
    repo.adopt(high_system("pre_deployment"))
    repo.edit(artifacts=[item for item in repo.entry()["artifacts"] if item["id"] != "red-team-report"])
    repo.commit("The red team has not been here")
    return repo


@pytest.fixture
def repo(governed: Scratch) -> Scratch:
    governed.git("checkout", "-q", "-f", "-B", "attempt", "main")
    governed.git("clean", "-q", "-f", "-d", "-x")
    return governed


def waive(repo: Scratch, *more: str, **over: str | None) -> Result:
    given = GIVEN | {f"--{name}": value for name, value in over.items()}
    words = [word for name, value in given.items() if value is not None for word in (name, value)]
    return repo.run("waive", *words, *more)


def is_untouched(repo: Scratch) -> bool:
    return repo.git("status", "--porcelain") == ""


def test_it_writes_a_new_file_and_says_what_comes_next(repo: Scratch) -> None:
    done = waive(repo, "--yes", ticket="https://tracker.example.com/411", owner="Pat Moss")
    assert done.code == 0, done
    assert from_yaml(repo.read(FILE)) == {
        "schema": "policy-gate/waiver/v1",
        "waivers": [
            {
                "system": "SYS-001",
                "rule": GATE,
                "subject": "red-team-report",
                "owner": "Pat Moss",
                "approver": "Rae Kim",
                "reason": REASON,
                "ticket": "https://tracker.example.com/411",
                "created": days_ago(0),
                "expires": days_ago(-30),
            }
        ],
    }
    assert "+    approver: Rae Kim" in done.out
    assert "--- /dev/null" in done.out
    assert "missing now" in done.err
    assert "red-team-engagement wants it too" in done.err
    assert "policy-gate approve --for waiver --role ai-governance-committee" in done.err
    assert "once it is in base" in done.err


def test_you_own_it_where_nobody_else_is_named(repo: Scratch) -> None:
    assert waive(repo, "--yes").code == 0
    assert from_yaml(repo.read(FILE))["waivers"][0]["owner"] == "Bo Author"


def test_it_never_asks_without_a_terminal(repo: Scratch) -> None:
    done = waive(repo)
    assert done.code == 2
    assert "+  - system: SYS-001" in done.out
    assert "no terminal" in done.err
    assert is_untouched(repo)


def on_a_terminal(repo: Scratch, answer: str) -> tuple[int, str]:
    """Run `waive` with a pseudo-terminal on all three streams and type an answer."""
    mine, its = pty.openpty()
    words = [word for pair in GIVEN.items() for word in pair]
    command = [sys.executable, "-P", "-m", "policy_gate", "waive", *words]
    with subprocess.Popen(
        command, cwd=repo.path, env=repo.environment(), stdin=its, stdout=its, stderr=its, close_fds=True
    ) as run:
        os.close(its)
        os.write(mine, answer.encode())
        seen = b""
        try:
            while part := os.read(mine, 4096):
                seen += part
        except OSError:
            pass  # the other end is closed: it has said all
        os.close(mine)
    return run.returncode, seen.decode()


def test_on_a_terminal_it_asks_and_takes_no_for_an_answer(repo: Scratch) -> None:
    code, seen = on_a_terminal(repo, "n\n")
    assert code == 130
    assert "Ask Rae Kim to waive red-team-report for SYS-001" in seen
    assert is_untouched(repo)
    code, seen = on_a_terminal(repo, "y\n")
    assert code == 0, seen
    assert (repo.path / FILE).exists()


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"system": "SYS-01"}, 'did you mean "SYS-001"?'),
        ({"rule": "pre-deployment-security-revew"}, f'did you mean "{GATE}"?'),
        ({"rule": "tier-lowering", "subject": None}, "can never be waived"),
        ({"rule": "prohibited-practice", "subject": None}, "can never be waived"),
        ({"subject": None}, "one of: model-card, security-assessment-report"),
        ({"subject": "red-team-reprot"}, 'did you mean "red-team-report"?'),
        ({"expires": days_ago(1)}, f"the last possible day is {days_ago(-60)}"),
        ({"expires": days_ago(-61)}, f"the last possible day is {days_ago(-60)}"),
        ({"expires": "P61D"}, f"the last possible day is {days_ago(-60)}"),
        ({"expires": "soon"}, "YYYY-MM-DD"),
        ({"reason": "no time"}, "too short"),
        ({"reason": "word " * 500}, "at most 2000 characters"),
        ({"owner": "Rae Kim"}, "alone"),
        ({"owner": "rae@example.com"}, "alone"),
        ({"approver": "Lin Park"}, "one of: Rae Kim, Ada Example"),
        ({"approver": None}, "one of: Rae Kim, Ada Example"),
    ],
)
def test_what_could_not_hold_is_refused_before_anything_is_written(
    repo: Scratch, over: dict[str, str | None], said: str
) -> None:
    done = waive(repo, "--yes", **over)
    assert done.code == 2, done
    assert said in " ".join(done.err.split()), done.err
    assert is_untouched(repo)


def test_the_last_possible_day_is_possible(repo: Scratch) -> None:
    assert waive(repo, "--yes", expires=days_ago(-60)).code == 0
    assert waive(repo, "--yes", expires="P60D", subject="model-card").code == 0
    assert {item["expires"] for item in from_yaml(repo.read(FILE))["waivers"]} == {days_ago(-60)}


def test_the_one_other_person_who_may_is_the_approver(repo: Scratch) -> None:
    assert waive(repo, "--yes", owner="ada@example.com", approver=None).code == 0
    assert from_yaml(repo.read(FILE))["waivers"][0]["approver"] == "Rae Kim"


def test_where_base_names_nobody_who_could_approve_it_says_so(repo: Scratch) -> None:
    alone = to_yaml(roles(ai_safety_lead=None, ai_governance_committee="Bo Author"))
    repo.commit("Only Bo", files={"policies/roles.yaml": alone})
    done = waive(repo, "--yes", "--base", "attempt", approver=None)
    assert done.code == 2
    assert "base names nobody but Bo Author" in " ".join(done.err.split())
    repo.write({"policies/roles.yaml": to_yaml(roles())})
    again = waive(repo, "--yes", "--base", "attempt")
    assert again.code == 2, "the files as they are give nobody a role"


KNOWN = """\
# Permissions, oldest first. Ask Pat before you add one.
schema: policy-gate/waiver/v1
waivers:
- rule: incident-contact      # the list stands at the left edge
  system: SYS-001
  owner: "Pat Moss"
  approver: Rae Kim
  reason: >-
    The on-call rota is being
    rebuilt this month.
  created: 2026-01-01
  expires: 2026-01-31
# The end.
"""


@pytest.mark.parametrize(
    "known",
    [
        KNOWN,
        KNOWN.rstrip("\n"),
        KNOWN.replace("\n", "\r\n"),
        KNOWN.replace("\n- ", "\n    - ").replace("\n  ", "\n      ").replace("\n        - ", "\n    - "),
        "schema: policy-gate/waiver/v1\n",
        "schema: policy-gate/waiver/v1\nwaivers:\n  # none yet\n  - {system: SYS-001, rule: incident-contact, owner: A,"
        " approver: B, reason: C, created: 2026-01-01, expires: 2026-01-02}\n",
    ],
)
def test_what_stands_there_keeps_its_words_and_shape(repo: Scratch, known: str) -> None:
    repo.commit("Waivers", files={FILE: known})
    before = from_yaml(known).get("waivers", [])
    done = waive(repo, "--yes")
    assert done.code == 0, done
    after = (repo.path / FILE).read_bytes().decode()
    assert after.startswith(known)
    listed = from_yaml(after)["waivers"]
    assert listed[:-1] == before
    assert listed[-1]["subject"] == "red-team-report"
    assert ("\r\n" in known) == (after.count("\r\n") == after.count("\n"))
    assert f"--- a/{FILE}" in done.out
    assert not [line for line in done.out.splitlines() if line.startswith("-") and not line.startswith("---")] or (
        not known.endswith("\n")
    )


@pytest.mark.parametrize(
    "known",
    [
        "schema: policy-gate/waiver/v1\nwaivers: []\n",
        "{schema: policy-gate/waiver/v1, waivers: []}\n",
        "waivers:\n- {system: SYS-001, rule: incident-contact, owner: A, approver: B, reason: C,"
        " created: 2026-01-01, expires: 2026-01-02}\nschema: policy-gate/waiver/v1\n",
        KNOWN + "...\n",
    ],
)
def test_a_file_that_cannot_be_added_to_safely_is_left_alone(repo: Scratch, known: str) -> None:
    repo.commit("Waivers", files={FILE: known})
    done = waive(repo, "--yes")
    assert done.code == 2, done
    assert "nothing was written" in done.err
    assert "- system: SYS-001" in done.out
    assert is_untouched(repo)


@pytest.mark.parametrize("known", ["waivers: [\n", KNOWN.replace("expires", "expirse"), "schema: x\n"])
def test_a_malformed_file_is_left_alone_and_the_lines_are_shown(repo: Scratch, known: str) -> None:
    repo.commit("Waivers", files={FILE: known})
    done = waive(repo, "--yes")
    assert done.code == 2, done
    assert FILE in done.err
    assert "nothing was written" in done.err
    assert "  - system: SYS-001" in done.out
    assert is_untouched(repo)


def test_a_link_in_the_place_of_the_file_is_not_followed(repo: Scratch) -> None:
    repo.write({"elsewhere.yaml": KNOWN})
    (repo.path / FILE).symlink_to(repo.path / "elsewhere.yaml")
    done = waive(repo, "--yes")
    assert done.code == 2, done
    assert repo.read("elsewhere.yaml") == KNOWN


def test_the_same_permission_is_not_written_twice_while_it_lasts(repo: Scratch) -> None:
    assert waive(repo, "--yes").code == 0
    again = waive(repo, "--yes", reason="Four other words here.")
    assert again.code == 2
    assert "waived already" in again.err
    assert f"{FILE}:3" in again.err
    repo.write({FILE: repo.read(FILE).replace(days_ago(-30), days_ago(1)).replace(days_ago(0), days_ago(9))})
    assert waive(repo, "--yes").code == 0, "an expired one may be asked for anew"


def test_a_waiver_of_nothing_is_written_with_a_warning(repo: Scratch) -> None:
    done = waive(repo, "--yes", subject="model-card")
    assert done.code == 0
    assert "waiver-unused" in done.err
    ahead = waive(repo, "--yes", rule="production-deployment", subject="deployment-runbook")
    assert ahead.code == 0
    assert "nothing of it is missing yet" in ahead.err
