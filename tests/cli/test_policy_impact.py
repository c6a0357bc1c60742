"""`policy-gate policy impact`: what other policies would do to each system here, and to the last merges."""

from __future__ import annotations

from typing import Any

import pytest
from scratch import Scratch
from world import days_ago, high_system, low_system, to_yaml


def layer(*rules: dict[str, Any], **more: Any) -> str:
    return to_yaml({"schema": "policy-gate/policy/v1", "rules": list(rules)} | more)


def rule(id_: str, that: str = "!system.has_model_card", **fields: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "title": f"Rule {id_}",
        "why": "Because",
        "when": 'system.tier == "high"',
        "effective": days_ago(400),
        "enforcement": "block",
        "require": [{"that": that, "message": "It is so."}],
    } | fields


BLOCKS = rule("no-card")
THRESHOLDS = [{"tier": "medium", "at_least": 6}]
ASKS = rule("asks", "system.user_facing", when="true")


@pytest.fixture
def repo(scratch: Scratch) -> Scratch:
    scratch.adopt(high_system("development"), low_system("development"), files={"screener/a.py": "A = 1\n"})
    return scratch


def govern(repo: Scratch, *rules: dict[str, Any], name: str = "own") -> None:
    """Rules that hold: on the branch merged into."""
    repo.commit("Rules", by="Rae Kim", files={f"policies/{name}.yaml": layer(*rules)})


def impact(repo: Scratch, policies: str = "policies", *args: str) -> dict[str, Any]:
    found = repo.run("policy", "impact", "--policies", policies, "--format", "json", *args)
    assert found.code == 0, found
    return found.report


def effects(report: dict[str, Any]) -> dict[str | None, str]:
    return {it["id"]: it["effect"] for it in report["systems"]}


def rules_of(system: dict[str, Any]) -> list[str]:
    return [it["rule"] for difference in system["differences"] for it in difference["rules"]]


def test_a_rule_of_the_work_tree_blocks_one_system_and_leaves_the_other(repo: Scratch) -> None:
    repo.write({"policies/own.yaml": layer(BLOCKS)})
    report = impact(repo)
    assert effects(report) == {"SYS-001": "newly-blocked", "SYS-003": "unchanged"}
    assert report["summary"] == {"newly-blocked": 1, "unknown": 0, "freed": 0, "changed": 0, "unchanged": 1}
    assert report["over"] == "the work tree"
    (difference,) = report["systems"][0]["differences"]
    assert (difference["was"], difference["now"], difference["decides"]) == (None, "gap", True)
    assert [it | {"location": it["location"]["path"]} for it in difference["rules"]] == [
        {"kind": "rule", "rule": "no-card", "title": "Rule no-card", "enforcement": "block",
         "location": "policies/own.yaml"}
    ]  # fmt: skip
    text = repo.run("policy", "impact", "--policies", "policies")
    assert "2 systems: 1 newly blocked, 1 unchanged, in the work tree" in text.out
    assert "Newly blocked: SYS-001 Hiring Resume Screener" in text.out
    assert "asked by no-card (policies/own.yaml:" in text.out
    assert text.err == ""


def test_a_rule_that_goes_frees_and_names_where_it_stood(repo: Scratch) -> None:
    govern(repo, BLOCKS)
    repo.remove("policies/own.yaml")
    report = impact(repo)
    assert effects(report) == {"SYS-001": "freed", "SYS-003": "unchanged"}
    assert rules_of(report["systems"][0]) == ["no-card"]
    assert "no longer asked by no-card" in repo.run("policy", "impact", "--policies", "policies").out


def test_a_fact_that_nobody_declared_is_unknown(repo: Scratch) -> None:
    repo.write({"policies/own.yaml": layer(ASKS)})
    assert effects(impact(repo)) == {"SYS-001": "unknown", "SYS-003": "unknown"}


def test_what_only_owes_more_is_changed_and_what_is_met_is_not(repo: Scratch) -> None:
    told = rule("told", enforcement="advise")
    met = rule("met", "system.has_model_card")
    repo.write({"policies/own.yaml": layer(told, met)})
    report = impact(repo)
    assert effects(report) == {"SYS-001": "changed", "SYS-003": "unchanged"}
    assert rules_of(report["systems"][0]) == ["told"]


def test_another_threshold_changes_a_tier(repo: Scratch) -> None:
    repo.write({"policies/own.yaml": layer(thresholds=THRESHOLDS)})
    hit = next(it for it in impact(repo)["systems"] if it["id"] == "SYS-003")
    assert hit["tier"] == {"was": "low", "now": "medium"}
    assert hit["effect"] != "unchanged"


def test_policies_of_a_branch_and_systems_of_a_commit(repo: Scratch) -> None:
    repo.branch("stricter")
    repo.commit("Stricter", files={"policies/own.yaml": layer(BLOCKS)})
    repo.checkout("main")
    assert effects(impact(repo, "stricter"))["SYS-001"] == "newly-blocked"
    report = impact(repo, "stricter", "--head", "main")
    assert effects(report)["SYS-001"] == "newly-blocked"
    assert report["over"].startswith("main ")
    assert list(effects(impact(repo, "stricter", "--system", "SYS-003"))) == ["SYS-003"]


def test_an_organisations_folder_takes_the_place_of_the_one_in_force(repo: Scratch) -> None:
    outside = repo.path.parent
    for name, rules in (("now", (BLOCKS,)), ("then", (BLOCKS, ASKS))):
        (outside / name).mkdir()
        (outside / name / "org.yaml").write_text(layer(*rules), "utf-8")
    assert effects(impact(repo, "../then"))["SYS-001"] == "newly-blocked"
    report = impact(repo, "../then", "--in-force", "../now")
    assert effects(report) == {"SYS-001": "unknown", "SYS-003": "unknown"}
    assert set(rules_of(report["systems"][0])) == {"asks"}


def test_the_last_merges_are_judged_by_todays_policies_and_by_the_others(repo: Scratch) -> None:
    repo.branch("work")
    repo.commit("Touch the screener", files={"screener/a.py": "A = 2\n"})
    repo.edit("SYS-001", description="AI ranks applicants")
    repo.commit("Say it otherwise")
    repo.merge("work")
    repo.commit("Notes", files={"NOTES.md": "x\n"})
    govern(repo, rule("later", "system.has_model_card"))
    repo.write({"policies/own.yaml": layer(rule("named", 'system.id != "SYS-001"', may_be_debt=False))})
    report = impact(repo, "policies", "--last", "4")
    assert [(it["title"], it["effect"]) for it in report["merges"]] == [
        ("Rules", "unchanged"), ("Notes", "unchanged"), ("Merge work", "newly-blocked"),
    ]  # fmt: skip
    assert "the history of this clone holds 3 merges of the base branch, not 4" in report["notes"]
    assert report["merges_summary"]["unchanged"] == 2
    text = repo.run("policy", "impact", "--policies", "policies", "--last", "3").out
    assert "The last 3 merges: 1 newly blocked, 2 unchanged" in text


@pytest.mark.parametrize("form", ["text", "json"])
def test_policies_that_cannot_be_read_are_one_located_problem(repo: Scratch, form: str) -> None:
    broken = rule("broken", 'system.tierr == "high"')
    repo.write({"policies/own.yaml": layer(broken)})
    found = repo.run("policy", "impact", "--policies", "policies", "--format", form)
    assert (found.code, found.out) == (2, "")
    assert found.err.count("policies/own.yaml:") == 1
    assert "system.tier" in found.err


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--policies", "nowhere"), "neither a folder nor a commit"),
        (("--policies", "screener"), "no policy document in it"),
        (("--policies", "policies", "--system", "SYS-009"), 'no system "SYS-009" is declared'),
        (("--policies", "policies", "--last", "0"), "--last"),
        ((), "--policies is missing"),
    ],
)
def test_bad_input_is_usage(repo: Scratch, args: tuple[str, ...], said: str) -> None:
    found = repo.run("policy", "impact", *args)
    assert (found.code, found.out) == (2, "")
    assert said in found.err


def test_without_policies_that_can_be_read_today_or_without_a_system_there_is_no_answer(repo: Scratch) -> None:
    govern(repo, rule("broken", 'system.tierr == "high"'))
    repo.write({"policies/own.yaml": layer(BLOCKS)})
    assert repo.run("policy", "impact", "--policies", "policies").code == 3
    repo.remove("policies/own.yaml", "governance.yaml")
    repo.commit("Nothing", by="Rae Kim")
    found = repo.run("policy", "impact", "--policies", "policies")
    assert (found.code, "no AI system is declared" in found.err) == (3, True)


def test_the_report_of_a_change_of_policies_says_what_it_does_here(repo: Scratch) -> None:
    repo.branch("work")
    repo.commit("Stricter", files={"policies/own.yaml": layer(BLOCKS)})
    found = repo.check()
    shown = found.report["policy_impact"]
    assert effects(shown) == {"SYS-001": "newly-blocked"}
    assert (shown["summary"]["unchanged"], shown["more"]) == (1, 0)
    text = repo.run("check").out
    assert "What this policy change does here, 2 systems: 1 newly blocked, 1 unchanged" in text
    assert "newly blocked: SYS-001 Hiring Resume Screener" in text
    page = repo.run("check", "--format", "markdown").out
    assert "What this policy change does here, 2 systems: 1 newly blocked, 1 unchanged" in page


def test_a_change_that_leaves_the_policies_or_only_their_words_alone_says_nothing(repo: Scratch) -> None:
    repo.branch("work")
    repo.commit("Code", files={"screener/a.py": "A = 2\n"})
    assert repo.check().report["policy_impact"] is None
    repo.commit("Roles", files={"policies/roles.yaml": repo.read("policies/roles.yaml") + "\n# more\n"})
    assert repo.check().report["policy_impact"] is None


def test_an_approval_that_only_the_other_policies_want_is_missing_and_one_that_both_want_is_not(repo: Scratch) -> None:
    promoted = rule("executive-look", for_each="change", when='change.kind == "stage-advanced"')
    promoted["require"] = [{"approval": "executive"}]
    repo.promote()
    repo.merge("work")
    repo.write({"policies/own.yaml": layer(promoted)})
    (merge, *_) = impact(repo, "policies", "--last", "1")["merges"]
    assert (merge["effect"], rules_of(merge["systems"][0])) == ("newly-blocked", ["executive-look"])
    repo.commit("Look", by="Rae Kim")
    repo.remove("policies/own.yaml")
    merges = impact(repo, "policies", "--last", "2")["merges"]
    assert [it["effect"] for it in merges] == ["unchanged", "freed"]
