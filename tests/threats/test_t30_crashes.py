"""T30: input that should bring the gate down: a located problem, no verdict or a bug, and never a pass."""

from __future__ import annotations

import os
from typing import Any

import pytest
from promotion import Promotion
from raw_objects import write_commit
from scratch import Result
from world import to_yaml


def stopped(result: Result, code: int = 1) -> bool:
    """Was an answer given, and is it no pass?"""
    assert result.code == code, result
    return "Traceback" not in result.err and "bug in policy-gate" not in result.err


MARKDOWN = (
    "[" * 20_000,
    "![" * 10_000,
    "> " * 20_000,
    "*a_ " * 10_000,
    "<div " * 5000,
    "`" * 60_000,
    "# a\n" * 20_000,
    "|a" * 5000 + "\n" + "|-" * 5000 + "\n",
    "".join("  " * depth + "- a\n" for depth in range(500)) + "&#xD800; &#99999999999;",
    "a " * 600_000,
)


def test_t30_no_markdown_brings_the_reader_down(promotion: Promotion) -> None:
    promotion.restart()
    inputs = [paper["id"] for paper in promotion.entry()["artifacts"]]
    result = promotion.attempt({f"governance/{id_}.md": text for id_, text in zip(inputs, MARKDOWN, strict=True)})
    assert stopped(result)
    assert result.blocking() == sorted(f"artifact:{id_}" for id_ in inputs)


@pytest.mark.parametrize("number", ["1e400", "nan", "9" * 100_000, "&#xD800;"])
def test_t30_no_number_of_a_card_brings_the_reader_down(promotion: Promotion, number: str) -> None:
    promotion.restart()
    card = promotion.read("MODEL_CARD.md")
    assert stopped(promotion.attempt({"MODEL_CARD.md": card.replace("0.91", number)}))


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"enrolled": "0000-00-00"}, 26),
        ({"stage_since": "99999-01-01"}, 26),
        ({"name": "x" * 100_000}, 4),
        ({"paths": ["a" * 5000]}, 24),
        ({"risk_profile": {"decision_impact": "\\ud800"}}, 10),
        ({"facts": {"eu_market": "1e400"}}, 21),
    ],
)
def test_t30_no_value_of_a_manifest_brings_the_gate_down(
    promotion: Promotion, fields: dict[str, Any], line: int
) -> None:
    result = promotion.attempt(**fields)
    assert stopped(result)
    assert result.report["problems"][0]["path"] == "governance.yaml"
    assert abs(result.report["problems"][0]["line"] - line) <= 60


def test_t30_a_hundred_thousand_systems_are_a_problem_of_their_manifest(promotion: Promotion) -> None:
    systems = "".join(f"  - {{id: S-{number}}}\n" for number in range(100_000))
    manifest = f"schema: policy-gate/manifest/v1\nsystems:\n{systems}"
    result = promotion.attempt({"many/governance.yaml": manifest}, at="main")
    assert stopped(result)
    assert "too large" in result.report["problems"][0]["message"]
    result = promotion.attempt({"many/governance.yaml": manifest[: manifest.index("  - {id: S-40000}")]}, at="main")
    assert stopped(result)
    assert "more faults are not told" in result.report["problems"][-1]["message"]


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_t30_the_ends_of_the_calendar_are_days(promotion: Promotion, day: str) -> None:
    record = {
        "schema": "policy-gate/approval/v1",
        "system": "SYS-001",
        "for": "pre-deployment-security-review",
        "role": "ciso",
        "approver": {"name": "Ada Example", "email": "ada@example.com"},
        "approved_on": day,
        "expires": day,
        "subject_digest": f"sha256:{'a' * 64}",
        "target_branch": "main",
        "statement": "Yes.",
    }
    promotion.restart()
    promotion.commit("Approve", by="Ada Example", files={"governance/approvals/ciso.yaml": to_yaml(record)})
    result = promotion.check()
    assert stopped(result)
    assert "approval:ciso" in result.blocking()
    assert stopped(promotion.check("--as-of", day, "--defer", "approval"))


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (f"{'(' * 900}true{')' * 900}", "policies/own.yaml:7:9"),
        (
            "".join(f"[1,2,3,4,5,6,7,8,9].all({name}, " for name in "abcdefgh") + "true" + ")" * 8,
            "policies/own.yaml:7:9",
        ),
        ('system.id.matches("(")', "invalid regular expression"),
        ("1 / (system.score - system.score) == 1", "divide by zero"),
        ("!" * 1901 + "true", "policies/own.yaml:7:9"),
    ],
    ids=["nesting", "loops", "regex", "division", "negation"],
)
def test_t30_no_condition_brings_the_gate_down(promotion: Promotion, when: str, said: str) -> None:
    rule = {"id": "own-rule", "title": "Own", "why": "Because.", "enforcement": "block", "when": when}
    policy = {"schema": "policy-gate/policy/v1", "rules": [rule | {"require": [{"artifact": "red-team-report"}]}]}
    promotion.restart("main")
    base = promotion.commit("Law", files={"policies/own.yaml": to_yaml(policy)})
    result = promotion.check("--base", base, "--head", "work", "--defer", "approval")
    assert stopped(result, 3)
    assert said in result.err


@pytest.mark.parametrize(
    "lines",
    [
        "committer Bo <bo@example.com> 1 +0000\n",
        "author <> 1 +0000\ncommitter <> 1 +0000\n",
        "author B <b@x> 9e9 +99\n",
    ],
)
def test_t30_no_identity_of_a_commit_brings_the_gate_down(promotion: Promotion, lines: str) -> None:
    promotion.restart()
    parent = promotion.git("rev-parse", "HEAD")
    head = write_commit(promotion.path, promotion.git("rev-parse", "HEAD^{tree}"), parent, lines=lines)
    assert stopped(promotion.check("--head", head))


def test_t30_names_that_are_no_text_are_told(promotion: Promotion) -> None:
    promotion.restart()
    (promotion.path / "governance" / os.fsdecode(b"caf\xe9.md")).write_text("x")
    result = promotion.judge()
    assert stopped(result)
    assert "is not UTF-8" in result.err
    promotion.restart()
    assert stopped(promotion.check("--head", "\udcff"), 2)
    assert stopped(promotion.check("--system", "\udcff"), 2)


def test_t30_a_damaged_object_is_no_pass(promotion: Promotion) -> None:
    promotion.restart()
    head = write_commit(promotion.path, "0" * 40, promotion.git("rev-parse", "HEAD"))
    assert stopped(promotion.check("--head", head), 3)
    assert promotion.check("--defer", "approval").code == 0
