"""`draft --all` and `--gate`: every missing document in a folder of its system, named in the manifest as it writes."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import high_system, medium_system

COMMENTED = """\
schema: policy-gate/manifest/v1
systems:
  # the first one
  - id: SYS-001   # its id
    name: Hiring Resume Screener
    owner_team: People Ops
    stage: pre_deployment
    paths: [screener/**]
    risk_profile: {decision_impact: employment, human_oversight: partial, data_sensitivity: sensitive}
  - name: Bot
    id: BOT
    owner_team: People Ops
    stage: development
    paths: [bot/**]
    risk_profile: {}
    artifacts:
      # kept
      - {id: system-description, path: governance/about.md, status: draft}
"""


def test_all_that_is_missing_is_drafted_once_and_named(scratch: Scratch) -> None:
    scratch.adopt()
    scratch.declare_only(high_system("pre_deployment", model_card=None), medium_system("pre_deployment"))
    done = scratch.run("draft", "--all")
    assert done.code == 0, done
    first, second = scratch.manifest()["systems"]
    assert first["model_card"] == "MODEL_CARD.md"
    named = {it["id"]: it["path"] for it in first["artifacts"]}
    assert named["red-team-report"] == "governance/SYS-001/red-team-report.md"
    assert all(it["path"].startswith("governance/SYS-002/") for it in second["artifacts"])
    text = scratch.read(named["red-team-report"])
    assert "- Code: screener/**" in text
    assert "employment (" in text
    assert "?" in text.split("TODO", 1)[1]
    assert scratch.run("draft", "--all").out == "no document is missing\n"
    scratch.commit("Drafts")
    assert scratch.check("--all").finding("red-team-report", "artifact")["cause"] != "absent"


def test_where_nothing_is_declared_nothing_is_said_to_be_there(scratch: Scratch) -> None:
    scratch.commit("Code", files={"README.md": "# A tool\n"})
    for args in (("--all",), ("--gate", "production-deployment")):
        done = scratch.run("draft", *args)
        assert (done.code, done.out, "policy-gate init" in done.err) == (3, "", True)


VIEWS = [("draft", "--all"), ("classify",), ("law",), ("guide",), ("evidence", "-o", "page.html")]


@pytest.mark.parametrize("command", VIEWS, ids=lambda it: it[0])
def test_a_manifest_that_cannot_be_read_is_told_at_its_line(scratch: Scratch, command: tuple[str, ...]) -> None:
    text = COMMENTED.replace("stage: development", "stage: developing")
    line = text[: text.index("developing")].count("\n") + 1
    scratch.commit("Code", files={"governance.yaml": text})
    done = scratch.run(*command)
    told = f"governance.yaml:{line}:" in done.err, "policy-gate init" in done.err
    assert (done.code, *told) == (1, True, False), done


def test_one_manifest_of_two_that_cannot_be_read_leaves_nothing_out_in_silence(scratch: Scratch) -> None:
    scratch.adopt()
    scratch.commit("Another", files={"bot/governance.yaml": "schema: ["})
    for command in (("draft", "--all"), ("classify",), ("law",)):
        done = scratch.run(*command)
        assert (done.code, done.out, "bot/governance.yaml:" in done.err) == (1, "", True), done


def test_comments_and_order_stay(scratch: Scratch) -> None:
    scratch.adopt()
    scratch.write({"governance.yaml": COMMENTED})
    assert scratch.run("draft", "--all").code == 0
    said = scratch.read("governance.yaml")
    assert set(COMMENTED.splitlines()) <= set(said.splitlines())
    bot = scratch.entry("BOT")
    assert [it["path"] for it in bot["artifacts"]][-1] == "governance/about.md"


def test_one_gate_and_one_system(scratch: Scratch) -> None:
    scratch.adopt()
    scratch.declare_only(high_system("development", model_card=None), medium_system("development"))
    done = scratch.run("draft", "--gate", "development-authorization", "--system", "SYS-001")
    assert done.code == 0, done
    assert "artifacts" in scratch.entry("SYS-001")
    assert "governance/SYS-002" not in done.out


def test_what_does_not_go_together_is_told(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    assert scratch.run("draft", "red-team-report", "--all").code == 2
    assert scratch.run("draft", "red-team-report").code == 2
    assert scratch.run("draft", "--all", "--system", "NONE").code == 2
    assert "no gate" in scratch.run("draft", "--gate", "nope").err
