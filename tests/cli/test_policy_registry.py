"""`policy impact --registry`: other policies over recorded facts, and nothing called unchanged that is not known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scratch import Scratch
from world import days_ago, high_system, low_system, to_yaml

NEVER = 'system.tier == "critical"'


def rule(id_: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "title": f"Rule {id_}",
        "why": "Because",
        "when": 'system.tier == "high"',
        "effective": days_ago(400),
        "enforcement": "block",
        "require": [{"that": "!system.has_model_card", "message": "It is so."}],
    } | fields


def layer(*rules: dict[str, Any], **more: Any) -> str:
    return to_yaml({"schema": "policy-gate/policy/v1", "rules": list(rules)} | more)


def impact(repo: Scratch, registry: Path, *args: str, **rules: str) -> dict[str, Any]:
    folders = {}
    for name, text in rules.items():
        folder = repo.path.parent / f"layer-{name}-{len(list(repo.path.parent.glob('layer-*')))}"
        folder.mkdir()
        (folder / "rules.yaml").write_text(text, "utf-8")
        folders[name] = str(folder)
    force = ("--in-force", folders["was"]) if "was" in folders else ()
    words = ("--policies", folders["now"], *force, "--registry", str(registry), "--format", "json", *args)
    found = repo.run("policy", "impact", *words)
    assert found.code == 0, found
    return found.report


def effects(report: dict[str, Any]) -> dict[str, str]:
    return {it["id"]: it["effect"] for it in report["systems"]}


def recorded(scratch: Scratch) -> Path:
    scratch.adopt(high_system("development"), low_system("development"), files={"screener/a.py": "A = 1\n"})
    line = scratch.run("policy", "facts")
    assert line.code == 0, line
    assert line.out.count("\n") == 1
    path = scratch.path.parent / "facts.jsonl"
    path.write_text(line.out, "utf-8")
    return path


def test_a_rule_blocks_or_frees_the_systems_that_it_fits_and_leaves_the_others(scratch: Scratch) -> None:
    path = recorded(scratch)
    low, high = sorted(effects(impact(scratch, path, now=layer(rule("x")))), reverse=True)
    none = layer(rule("other", when=NEVER))
    assert effects(impact(scratch, path, now=layer(rule("x")))) == {"SYS-001": "newly-blocked", low: "unchanged"}
    assert effects(impact(scratch, path, was=layer(rule("x")), now=none)) == {"SYS-001": "freed", low: "unchanged"}
    assert set(effects(impact(scratch, path, was=layer(rule("x")), now=layer(rule("x")))).values()) == {"unchanged"}
    advice = impact(scratch, path, now=layer(rule("x", enforcement="advise")))
    assert effects(advice) == {"SYS-001": "changed", low: "unchanged"}
    assert high == "SYS-001"


def test_what_facts_do_not_tell_is_unknown(scratch: Scratch) -> None:
    path = recorded(scratch)
    paper = rule("x", require=[{"artifact": "bias-evaluation-results"}])
    assert effects(impact(scratch, path, now=layer(paper)))["SYS-001"] == "unknown"
    unseen = rule("x", when="system.is_public", require=[{"that": "!system.has_model_card", "message": "No."}])
    facts = [{"id": "is_public", "about": "Is it public", "type": "BOOL"}]
    assert effects(impact(scratch, path, now=layer(unseen, facts=facts)))["SYS-001"] == "unknown"
    scored = impact(scratch, path, now=layer(thresholds=[{"tier": "medium", "at_least": 6}]))
    assert set(effects(scored).values()) == {"unknown"}
    assert any("scoring" in note for note in scored["notes"])


def test_a_report_names_systems_whose_facts_nobody_knows(scratch: Scratch) -> None:
    recorded(scratch)
    folder = scratch.path.parent / "reports"
    folder.mkdir()
    (folder / "screener.json").write_text(scratch.check("--all").out, "utf-8")
    report = impact(scratch, folder, now=layer(rule("x", when=NEVER)))
    assert set(effects(report).values()) == {"unknown"}
    assert any("not recorded" in note for note in report["notes"])


def test_a_file_that_is_no_registry_is_told_with_its_line(scratch: Scratch) -> None:
    path = recorded(scratch)
    path.write_text(path.read_text("utf-8") + '{"a": 1}\n', "utf-8")
    scratch.write({"rules/x.yaml": layer(rule("x"))})
    found = scratch.run("policy", "impact", "--policies", "rules", "--registry", str(path))
    assert found.code == 2
    assert "facts.jsonl:2" in found.err
    (path).write_text("", "utf-8")
    assert scratch.run("policy", "impact", "--policies", "rules", "--registry", str(path)).code == 3
    both = scratch.run("policy", "impact", "--policies", "rules", "--registry", str(path), "--last", "2")
    assert both.code == 2


def test_the_record_is_one_line_of_json_with_what_conditions_see(scratch: Scratch) -> None:
    value = json.loads(recorded(scratch).read_text("utf-8"))
    assert value["schema"] == "policy-gate/facts/v1"
    assert value["repository"] == "example-org/screener"
    first = value["systems"][0]
    assert (first["facts"]["system.tier"], first["facts"]["system.has_model_card"]) == ("high", True)
