"""The calendar of the full check, in memory: which outcomes have a day on it, and what is said of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from decision_world import (
    RULES,
    day,
    evaluation,
    facts,
    people,
    person,
    report,
    rules_with,
    with_artifact,
)
from msgspec.structs import replace

from policy_gate.schema.dates import Period
from policy_gate.schema.due import DueItem
from policy_gate.schema.facts import Facts
from policy_gate.schema.roles import PinnedKey, RevokedKey, RoleHolders, Roles
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.source import Document

PAPER, WANTS, WANTS_TOO = "red-team-report", "red-team-engagement", "pre-deployment-security-review"
KEYS = [f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{letter * 43}" for letter in "ABC"]


def due(found: Facts, rules: RuleSet = RULES, mode: str = "all", **who: Any) -> list[DueItem]:
    return list(report(evaluation([found], [found], rules=rules), people(**who), mode=mode).due)


def papers(found: Facts, rules: RuleSet = RULES) -> list[tuple[str, date]]:
    return [(item.title, item.day) for item in due(found, rules) if item.kind == "paper"]


def looked_at(days: int, **fields: Any) -> Facts:
    return with_artifact(facts(stage="production"), PAPER, completed=day(-days), **fields)


OLD = looked_at(300)
LAST = Period.parse("P1Y").after(day(-300))


def test_a_paper_in_date_is_told_with_its_title_and_its_last_day() -> None:
    title = RULES.artifacts[PAPER].title
    assert papers(OLD) == [(f"{title} grows too old", LAST)]
    assert papers(looked_at(10)) == [], "the control: that is far ahead"


def test_what_lacks_already_is_no_paper_that_grows_too_old() -> None:
    assert papers(looked_at(300, cause="empty")) == []


@pytest.mark.parametrize("stricter", [WANTS, WANTS_TOO])
def test_of_two_rules_the_one_that_finds_it_too_old_first_is_told(stricter: str) -> None:
    rule = next(it for it in RULES.rules if it.id == stricter)
    sooner = tuple(
        replace(it, max_age={"high": Period.parse("P11M")}) if it.subject == PAPER else it for it in rule.requirements
    )
    found = papers(OLD, rules_with(stricter, requirements=sooner))
    assert [last for _, last in found] == [Period.parse("P11M").after(day(-300))]


def test_a_change_has_no_calendar() -> None:
    assert due(OLD, mode="change") == []
    assert due(OLD) != []


def test_only_a_model_that_ends_is_told_as_one() -> None:
    """A rule that takes effect later is upcoming with a day as well."""
    rules = rules_with(WANTS, rules_with(WANTS_TOO, effective=day(30)), effective=day(30))
    kinds = {item.kind for item in due(looked_at(300, cause="empty"), rules)}
    assert "rule" in kinds
    assert "model" not in kinds


def test_each_key_of_somebody_is_told_once_whatever_stands_before_it() -> None:
    def pinned(number: int, **until: Any) -> PinnedKey:
        return PinnedKey.model_validate({"key": KEYS[number], "valid_until": day(20 + number), **until})

    ada = person("Ada Example").model_copy(update={"keys": [KEYS[0], pinned(1), pinned(2)]})
    holders = {name: RoleHolders(members=[ada]) for name in ("ciso", "legal")}
    revoked = [RevokedKey(key=KEYS[1], revoked_on=day(-1), reason="lost")]
    content = Roles.model_validate({"schema": "policy-gate/roles/v1", "roles": {}}).model_copy(
        update={"roles": holders, "revoked_keys": revoked}
    )
    told = due(facts(), roles=Document("policies/roles.yaml", "0" * 40, content, {}))
    assert [(item.day, item.who) for item in told if item.kind == "key"] == [(day(22), ("Ada Example",))]
