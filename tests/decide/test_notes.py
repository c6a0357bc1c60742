"""What people are told beside the findings: at adoption, of roles, of records for nothing, of dates that lack."""

from __future__ import annotations

from typing import Any

import pytest
from decision_world import (
    EMPTY,
    RULES,
    TODAY,
    change,
    claim,
    day,
    evaluation,
    facts,
    options,
    people,
    weighed,
    with_entry,
)
from msgspec.structs import replace

from policy_gate.decide.decide import settled
from policy_gate.decide.decision_context import blamed
from policy_gate.decide.notes import notes_of
from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.schema.change import Change
from policy_gate.schema.facts import Facts
from policy_gate.schema.people import Author, Commit, People
from policy_gate.schema.roles import Roles
from policy_gate.schema.snapshot import CodeFile, SystemKey
from policy_gate.schema.source import Document

PROMOTED = change("stage-advanced", "stage", "development", "pre_deployment")
ASKED = {part.subject for rule in RULES.rules for part in rule.requirements if part.kind == "approval"}
ROLES = sorted(ASKED & RULES.roles.keys())
ADA, BO = ({"name": name, "email": f"{name.lower()}@example.org"} for name in ("Ada", "Bo"))


def listed(**held: Any) -> Roles:
    return Roles.model_validate(
        {"schema": "policy-gate/roles/v1", "roles": {k.replace("_", "-"): v for k, v in held.items()}}
    )


def everywhere(**holders: Any) -> Roles:
    return listed(**dict.fromkeys(ROLES, holders))


def notes(
    now: Facts, was: Facts | None = None, edit: Change | None = None, who: People | None = None,
    roles: Roles | None = None, **on: Any,
) -> tuple[str, ...]:  # fmt: skip
    made = evaluation([was] if was else [], [now], [edit] if edit else [])
    asked = who or people()
    if roles is not None:
        asked = replace(asked, roles=Document("policies/roles.yaml", "", roles, {}))
    context, _ = settled(blamed(made, options(**on)), EMPTY, asked)
    return notes_of(context, roles)


def about(found: tuple[str, ...], words: str) -> list[str]:
    return [note for note in found if words in note]


def test_at_adoption_roles_that_nobody_can_fill_are_named() -> None:
    first, *others = ROLES
    some = listed(**{role: {"members": [ADA]} for role in others})
    (said,) = about(notes(facts(), roles=some, mode="adoption"), "nobody in policies/roles.yaml can approve")
    assert f"as {RULES.roles[first].title}:" in said
    for filled in ({"members": [ADA]}, {"teams": ["org/team"]}, {"same_as": others[0]}):
        whole = listed(**{role: {"members": [ADA]} for role in others}, **{first: filled})
        assert not about(notes(facts(), roles=whole, mode="adoption"), "nobody in policies/roles.yaml")
    empty = listed(**{role: {"members": [ADA]} for role in others}, **{first: {"members": []}})
    assert about(notes(facts(), roles=empty, mode="adoption"), f"as {RULES.roles[first].title}:")
    assert not about(notes(facts(), facts(), roles=some), "nobody in policies/roles.yaml")


def test_at_adoption_blanks_and_guesses_are_named() -> None:
    guessed = with_entry(facts(), guessed=["stage", "paths", "stage"], paths=["a/**", "b/**"])
    blank = replace(guessed, rating=replace(guessed.rating, undeclared=("decision_impact", "human_oversight")))
    found = notes(blank, mode="adoption")
    assert about(found, "CASE: fill in decision_impact, human_oversight now; what is left open is judged as high")
    (said,) = about(found, "guessed, so mend it now")
    assert said.endswith(": stage pre_deployment; paths a/**, b/**")
    assert not about(notes(facts(), mode="adoption"), "fill in")
    assert not about(notes(facts(), mode="adoption"), "guessed")
    assert not about(notes(blank, blank), "guessed")


def test_one_person_in_every_role_is_told_so() -> None:
    alone = everywhere(members=[ADA])
    (said,) = about(notes(facts(), roles=alone, mode="adoption"), "alone in every role")
    assert said.startswith("Ada is alone in every role")
    assert "Before the merge" in said
    for roles in (everywhere(members=[ADA, BO]), everywhere(members=[ADA], teams=["org/team"]), everywhere()):
        assert not about(notes(facts(), roles=roles, mode="adoption"), "alone in every role")
    two = everywhere(members=[ADA])
    two.roles[ROLES[0]].members[:] = everywhere(members=[BO]).roles[ROLES[0]].members
    assert not about(notes(facts(), roles=two, mode="adoption"), "alone in every role")


def test_the_same_is_told_where_something_they_wrote_wants_an_approval() -> None:
    alone = everywhere(members=[ADA])
    members = {role: tuple(alone.roles[role].members) for role in ROLES}
    wrote = Commit("1" * 40, authors=(Author("Ada", "ada@example.org"),), paths=frozenset({"governance.yaml"}))
    own = people(members=members, commits=[wrote])
    before = facts(stage="development")
    (said,) = about(notes(facts(), before, PROMOTED, own, alone), "alone in every role")
    assert "has written this" in said
    other = replace(wrote, authors=(Author("Bo", "bo@example.org"),))
    by_other = people(members=members, commits=[other])
    assert not about(notes(facts(), before, PROMOTED, by_other, alone), "alone in every role")
    assert not about(notes(facts(), facts(), None, own, alone), "alone in every role")
    assert not about(notes(facts(), before, PROMOTED, own, alone, defer_approval=True), "alone in every role")
    context, _ = settled(blamed(evaluation([before], [facts()], [PROMOTED]), options()), EMPTY,
                         replace(own, roles=Document("policies/roles.yaml", "", alone, {})))  # fmt: skip
    brought = everywhere(members=[ADA, BO])
    assert about(notes_of(context, brought), "alone in every role"), "whom a change names helps from the next one on"
    lacking, edit = facts(artifacts={"red-team-report": "absent"}), change("path-widened", "paths")
    assert not about(notes(lacking, facts(), edit, own, alone), "alone in every role"), "only a paper is missing"


def test_records_for_what_the_change_does_not_ask_for_are_named() -> None:
    gate = "pre-deployment-security-review"
    idle = claim("ciso", "some-other-gate", "sha256:1", path="governance/approvals/a.yaml")
    said = "governance/approvals/a.yaml approves some-other-gate of CASE, which this change does not ask for"
    before = facts(stage="development")
    assert about(notes(facts(), before, PROMOTED, people(idle)), "approves") == [said]
    for quiet in (replace(idle, spent=True), replace(idle, for_=None), replace(idle, for_=gate)):
        assert not about(notes(facts(), before, PROMOTED, people(quiet)), "does not ask for")
    assert about(
        notes(facts(), before, PROMOTED, people(replace(idle, system=None))), "approves some-other-gate, which"
    )


def test_a_raise_without_a_date_is_told_the_line_that_dates_its_debt() -> None:
    was, now = (facts(tier, "production", artifacts={"red-team-report": "absent"}) for tier in ("medium", "high"))
    line = f"add `reclassified: {TODAY}` to its entry"
    raised = replace(change("tier-raised", "tier", "medium", "high"), raising=True)
    assert about(notes(now, was, raised), "CASE: this change raises") == about(notes(now, was, raised), line) != []
    assert not about(notes(with_entry(now, reclassified=day(0)), was, raised), line)
    assert not about(notes(now, now, change("path-widened", "paths")), line)
    other = replace(raised, field="stage")
    assert not about(notes(now, was, other), line), "only a raise of tier or law class dates its debt"


def test_a_raise_that_has_a_date_is_asked_for_none_however_late_it_is() -> None:
    was, now = (facts(tier, "production", artifacts={"red-team-report": "absent"}) for tier in ("medium", "high"))
    raised = replace(change("tier-raised", "tier", "medium", "high"), raising=True)

    def told(now: Facts) -> tuple[bool, bool]:
        late = [it for it in weighed(evaluation([was], [now], [raised])) if it.blame == "overdue"]
        return bool(late), bool(about(notes(now, was, raised), "add `reclassified:"))

    assert told(now) == (True, True)
    assert told(with_entry(now, reclassified=day(-3000))) == (True, False)
    assert told(with_entry(now, reclassified=day(0))) == (False, False)


def test_entering_production_without_a_date_is_told_the_line_that_starts_its_reviews() -> None:
    was, now = facts(), facts(stage="production")
    up = change("stage-advanced", "stage", "pre_deployment", "production")
    words = "CASE: add `stage_since:`"
    assert about(notes(now, was, up), words)
    for dated in (with_entry(now, stage_since=day(0)), with_entry(now, enrolled=day(-9))):
        assert not about(notes(dated, was, up), words)
    assert not about(notes(facts(), facts(stage="development"), PROMOTED), words)
    assert not about(notes(now, now, change("path-widened", "paths")), words)


def test_what_cannot_be_promised_of_approvals_is_counted() -> None:
    def commits(*texts: str) -> People:
        return people(commits=[Commit("1" * 40, authors=(), paths=frozenset(), unaddressed=texts)])

    (said,) = about(notes(facts(), facts(), None, commits("Ada")), "co-author")
    assert said == "commit 1111111 names a co-author without an address, who is taken for nobody: Ada"
    tool = sorted(RULES.assurance.service_committers)[0]
    assert not about(notes(facts(), facts(), None, commits(tool, tool.upper())), "co-author")
    many = about(notes(facts(), facts(), None, commits(*(f"Ada {n}" for n in range(40)))), "co-author")
    assert many[-1] == f"{41 - len(many)} more co-authors are named without an address"


def test_approvals_that_base_s_policies_allow_though_nobody_stands_for_them_are_counted_once_each() -> None:
    context, _ = settled(blamed(evaluation([facts()], [facts()]), options()), EMPTY, people())
    item = context.weighed[0]
    met = replace(item, outcome=replace(item.outcome, state="met"), for_="a", recorded=True, self_approved=True)

    def told(*items: WeighedOutcome) -> list[str]:
        return about(notes_of(replace(context, weighed=items)), "base's policies allow that here")

    recorded, alone = told(met, met)
    assert recorded == "1 approval is recorded, not verified: base's policies allow that here"
    assert alone == "1 approval is by an author of the content: base's policies allow that here"
    both = told(met, replace(met, for_="b", self_approved=False))
    assert both == ["2 approvals are recorded, not verified: base's policies allow that here", alone]
    assert told(replace(met, outcome=replace(met.outcome, state="gap"))) == []
    assert len(told(replace(met, outcome=replace(met.outcome, state="not-applicable")))) == 2


CODE = (CodeFile("app/rank.py", "100644", "1" * 40), CodeFile("app/main.py", "100644", "2" * 40))


def side(
    name: str, code: Any = CODE, takes_from: Any = (), tier: str = "high", stage: str = "production", **dates: Any
) -> Facts:
    """One of several systems, with code of its own."""
    found, key = with_entry(facts(tier, stage), id=name, **dates), SystemKey("governance.yaml", name)
    return replace(found, declared=replace(found.declared, key=key, code=code, takes_from=takes_from))


@pytest.mark.parametrize(
    ("part", "whole", "is_told"),
    [
        ({}, {}, True),
        ({"code": CODE}, {}, True),
        ({"code": ()}, {}, False),
        ({"code": (CodeFile("app/new.py", "100644", "3" * 40),)}, {}, False),
        ({"takes_from": ("GONE", "CASE")}, {}, True),
        ({"takes_from": ("NEW", "CASE")}, {}, True),
        ({"takes_from": ()}, {}, False),
        # it has passed no gate yet, or more and other ones than the whole has
        ({"stage": "conception"}, {}, False),
        ({"stage": "development"}, {}, True),
        ({}, {"stage": "pre_deployment"}, False),
        ({}, {"stage": "deprecated"}, False),
        ({"tier": "medium"}, {}, True),
        ({"tier": "critical"}, {}, False),
        # what is debt of the whole has dates already
        ({}, {"enrolled": day(-9)}, False),
        ({}, {"reclassified": day(-9)}, False),
    ],
)
def test_d27_a_part_that_becomes_a_system_of_its_own_is_told_how_its_gates_count(
    part: dict[str, Any], whole: dict[str, Any], *, is_told: bool
) -> None:
    giver, new = side("CASE", **whole), side("NEW")
    own = side("PART", **{"code": CODE[:1], "takes_from": ("CASE",), **part})
    context, _ = settled(blamed(evaluation([giver], [giver, new, own]), options()), EMPTY, people())
    told = about(notes_of(context, None), "went through these gates")
    assert told == ([told[0]] if is_told else [])
    assert all(note.startswith("PART: all of its code is CASE's in base, which") for note in told)


def test_d27_a_system_that_base_has_already_is_no_part_that_becomes_one() -> None:
    giver, was, own = side("CASE"), side("PART", CODE[1:], stage="development"), side("PART", CODE[:1], ("CASE",))
    context, _ = settled(blamed(evaluation([giver, was], [giver, own]), options()), EMPTY, people())
    assert about(notes_of(context, None), "went through these gates") == []


@pytest.mark.parametrize(("path", "is_moved"), [("app/rank.py", False), ("rank/rank.py", True)])
def test_d27_code_of_a_part_that_moves_is_to_be_moved_first(path: str, *, is_moved: bool) -> None:
    giver, own = side("CASE"), side("PART", (CodeFile(path, "100644", "1" * 40),), ("CASE",))
    context, _ = settled(blamed(evaluation([giver], [giver, own]), options()), EMPTY, people())
    (told,) = about(notes_of(context, None), "went through these gates")
    assert ("moved in a change of its own first, under paths of CASE, and" in told) is is_moved
    assert f"`enrolled: {TODAY}`" in told


def test_d51_a_tier_that_others_code_makes_names_those_who_are_as_high() -> None:
    own = {name: side(name, tier=tier) for name, tier in (("CASE", "high"), ("MIDDLE", "medium"), ("TOP", "critical"))}
    low = side("PART", CODE[:1], tier="low")
    raised = side("PART", CODE[:1], tier="high")
    raised = replace(raised, declared=replace(raised.declared, shares_with=("MIDDLE", "CASE", "GONE", "TOP")))
    context, _ = settled(blamed(evaluation([*own.values(), low], [*own.values(), low]), options()), EMPTY, people())
    place = replace(context.systems["PART"], now=raised)
    told = about(notes_of(replace(context, systems={**context.systems, "PART": place})), "judged as high")
    assert told == [
        "PART: judged as high, as its paths hold code of CASE and TOP: keep that under paths of CASE and TOP alone, "
        "or owe what high asks"
    ]


def test_d54_code_that_stays_at_its_place_is_not_told_to_have_gone_anywhere() -> None:
    was = side("CASE", CODE)
    files = (*(it.path for it in CODE), "elsewhere/app.py")
    narrowed = replace(change("path-narrowed", "paths", system="CASE"), files=files)
    context, _ = settled(blamed(evaluation([was], [side("CASE", ())], [narrowed]), options()), EMPTY, people())
    (told,) = about(notes_of(context), "its code went to")
    assert told.startswith("CASE: its code went to elsewhere/, which no `paths` cover")
