"""T38: code that was high, declared again as a small system."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import high_system, low_system


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("t38"))
    repo.adopt(high_system("development"))
    inner = high_system("development", id="SYS-002", model_card="ml/rank/MODEL_CARD.md", paths=["ml/rank/**"])
    repo.declare(inner)
    entry = repo.entry("SYS-002")
    repo.rewrite(lambda data: data | {"systems": data["systems"][:1]})
    plain = entry | {"paths": ["**"], "model_card": "MODEL_CARD.md"}
    plain["artifacts"] = [it | {"path": it["path"].removeprefix("ml/rank/")} for it in entry["artifacts"]]
    repo.declare_only(plain, path="ml/rank/governance.yaml")
    repo.commit("A system with a manifest of its own", files={"tools/notes.py": "print()\n"})
    return repo


def test_t38_a_first_declaration_needs_a_second_reader(repo: Scratch) -> None:
    repo.branch("first")
    repo.declare(low_system("development", paths=["summariser/**"]))
    repo.commit("Declare a small tool")
    done = repo.check()
    assert (done.code, done.blocking()) == (1, ["approval:ai-safety-lead"]), done
    assert done.finding("first-classification")["state"] == "gap"
    repo.approve("ai-safety-lead", "first-classification", "SYS-003")
    assert repo.check().code == 0


@pytest.mark.parametrize(
    ("paths", "tier"),
    [(["screener/**"], "high"), (["screener/app.py"], "high"), (["ml/**"], "high"), (["tools/**"], "low")],
)
def test_t38_a_second_system_over_the_same_code_is_judged_at_the_higher_tier(
    repo: Scratch, paths: list[str], tier: str
) -> None:
    repo.branch("second")
    repo.declare_only(low_system("development", paths=paths))
    repo.commit("A small system over that code")
    done = repo.check("--defer", "approval")
    assert (done.system("SYS-003")["tier"], done.system("SYS-003")["effective_tier"]) == ("low", tier), done
    assert ("artifact:risk-tier-classification" in done.blocking()) is (tier == "high")


def test_t38_moving_on_under_the_small_name_meets_the_large_gates(repo: Scratch) -> None:
    repo.branch("small")
    repo.declare(low_system("conception", paths=["screener/**"]))
    repo.commit("Declared early, when nothing is asked")
    repo.merge("small")
    repo.branch("live")
    repo.declare(low_system("production", paths=["screener/**"]))
    repo.commit("And live")
    done = repo.check("--defer", "approval")
    assert done.code == 1, done
    assert {"artifact:red-team-report", "test:bias-benchmark-suite"} <= set(done.blocking())
    repo.git("checkout", "-q", "-f", "main")
    repo.git("reset", "-q", "--hard", "HEAD~1")


def test_t38_handing_the_code_over_takes_it_from_the_high_system(repo: Scratch) -> None:
    repo.branch("handed")
    repo.edit(paths=["screener/none/**"])
    repo.declare_only(low_system("development", paths=["screener/**"]))
    repo.commit("The small system takes the code over")
    done = repo.check()
    assert done.code == 1, done
    assert "path-narrowed" in done.changes()
    assert {item.get("for") for item in done.findings("gap")} >= {"weakening", "first-classification"}
