"""`draft --all` and `--gate`: every missing document in a folder of its system, named in the manifest as it writes."""

from __future__ import annotations

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
