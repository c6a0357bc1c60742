"""The decision in its Report: required stages, teams, grants, the content of a system, and gates that ask nothing."""

from __future__ import annotations

from typing import Any

import pytest
from decision_world import (
    EMPTY,
    RULES,
    change,
    day,
    evaluation,
    facts,
    options,
    people,
    report,
    rules_with,
    system_change,
    with_artifact,
    with_entry,
    with_test,
)
from msgspec.structs import replace

from policy_gate.decide.decide import decide, settled, wants_signed_authors
from policy_gate.decide.decision_context import blamed
from policy_gate.decide.governed_content import content_of, content_parts
from policy_gate.decide.notes import empty_gates
from policy_gate.decide.role_naming import Named, NobodyNamed, NotTold, naming
from policy_gate.decide.subject_digest import explain_difference, subject, whole_subject
from policy_gate.decide.system_report import system_report
from policy_gate.schema.canonical import digest_of
from policy_gate.schema.change import Change
from policy_gate.schema.documents import NotApplicable
from policy_gate.schema.evaluation import Evaluation
from policy_gate.schema.facts import Facts
from policy_gate.schema.finding import Finding, RequirementId
from policy_gate.schema.report import Report
from policy_gate.schema.roles import Roles
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.snapshot import CodeFile
from policy_gate.schema.source import Document, Mark
from policy_gate.schema.vendor_document import VendorEntry

GATE, PAPER = "pre-deployment-security-review", "red-team-report"
EDIT = change("path-widened", "paths")


def roles(**held: Any) -> Roles:
    return Roles.model_validate({"schema": "policy-gate/roles/v1", "roles": held})


def listed(**held: Any) -> Any:
    return Document("policies/roles.yaml", "", roles(**held), {})


@pytest.mark.parametrize(
    ("was", "now", "is_short"),
    [
        ("production", "production", False),
        ("deprecated", "production", False),
        ("pre_deployment", "production", True),
        ("production", "pre_deployment", True),
        (None, "production", True),
    ],
)
def test_a_stage_that_the_job_requires_is_reached_in_base_and_in_the_result(
    was: str | None, now: str, is_short: bool
) -> None:
    made = evaluation([facts(stage=was)] if was else [], [facts(stage=now)], [EDIT])
    found = [item for item in report(made, require_stage="production").findings if "required-stage" in item.subject]
    assert bool(found) is is_short
    for item in found:
        assert item.requirement == RequirementId("that", "required-stage")
        assert (item.state, item.enforcement, item.blame, item.cause, item.blocks) == (
            "gap", "block", "introduced", "false", True,
        )  # fmt: skip
        assert [(reason.kind, reason.rule) for reason in item.because] == [("rule", "required-stage")]
        assert (item.responsible, item.accountable) == (RULES.owners.stage_responsible, RULES.owners.stage_accountable)
        assert report(made, require_stage="production").verdict == "block"
    assert not [item for item in report(made).findings if "required-stage" in item.subject]


def test_teams_that_hold_a_role_are_told_beside_the_people() -> None:
    made = evaluation([facts()], [facts()])
    who = people(roles=listed(ciso={"teams": ["org/security"]}, legal={"members": []}, dpo={"same_as": "ciso"}))
    assert report(made, who).teams == {"ciso": ("org/security",), "dpo": ("org/security",)}
    assert report(made).teams == {}
    assert report(made).names["ciso"] == ("Ada Example",)


def test_whom_a_roles_file_makes_able_is_told_where_nobody_could_approve_it() -> None:
    policies = change("policy-changed", "policies/org.yaml", "1" * 40, "2" * 40, system=None)
    made = evaluation([facts()], [facts()], [policies])

    def grants(made: Evaluation = made, **who: Any) -> tuple[Any, ...]:
        context = blamed(made, options(policies_only=made.changes == (policies,)))
        brought = roles(ciso={"members": [{"name": "Ada Example"}]})
        found: Report = decide(
            context, EMPTY, EMPTY, people(**who), report(made).trust, version="0", result_roles=brought
        )
        return tuple((grant.name, grant.roles) for grant in found.grants)

    assert grants(members={}) == (("Ada Example", ("ciso",)),)
    assert grants() == (), "the control: somebody could"
    was = with_entry(facts(), enrolled=day(-1))
    answered = evaluation([was], [was], [change("dimension-answered", "human_oversight", None, "full")])
    assert grants(answered, members={}) == (), "first answers of a system merge unread and make nobody able (D48)"


def test_authors_sign_where_some_tier_that_is_judged_asks_for_it() -> None:
    def wants(tier: str, **authors: str) -> bool:
        asked = {**dict.fromkeys(("low", "medium", "high", "critical"), "committed"), **authors}
        law = replace(RULES, assurance=replace(RULES.assurance, authors=asked))
        return wants_signed_authors(evaluation([], [facts(tier)], (), law))

    assert not wants("high")
    assert wants("high", high="signed")
    assert not wants("high", low="signed")
    assert wants("low", critical="signed"), "for the rules themselves"


# Who is named for a role


def test_whom_base_names_for_a_role() -> None:
    assert naming(["ciso"], people()) == Named()
    assert naming(["ciso"], people(members={})) == NobodyNamed()
    assert naming(["nobody", "ciso"], people()) == Named()
    assert naming([], people()) == NobodyNamed()
    team = listed(ciso={"teams": ["org/security"]})
    assert naming(["ciso"], people(members={}, roles=team)) == Named()
    unread = people(members={}, roles=team, unread_teams=frozenset({"org/security"}))
    assert isinstance(naming(["ciso"], unread), NotTold)
    assert isinstance(naming(["legal", "ciso"], unread), NotTold)
    assert naming(["legal"], unread) == NobodyNamed()
    assert naming(["ciso"], people(roles_untold="they cannot be read")) == NotTold("they cannot be read")


# Gates that ask nothing


def test_an_entered_gate_that_asks_nothing_is_no_answer_unless_the_policies_say_so() -> None:
    def found(tier: str, was: str, now: str, mode: str = "change", rules: RuleSet = RULES) -> list[str]:
        made = evaluation([facts(tier, was)], [facts(tier, now)], [change("stage-advanced", "stage", was, now)], rules)
        return [note.partition(" asks ")[0] for note in empty_gates(blamed(made, options(mode=mode)))]

    title, asking = RULES.gates[GATE].title, [rule.id for rule in RULES.rules if GATE in (rule.id, rule.gate)]
    silent = replace(RULES, rules=tuple(rule for rule in RULES.rules if rule.id not in asking))
    assert found("high", "development", "pre_deployment", rules=silent) == [title]
    assert found("high", "development", "pre_deployment") == []
    assert found("medium", "development", "pre_deployment", rules=silent) == [], "the policies say so for this tier"
    assert found("high", "development", "pre_deployment", "adoption", silent) == []
    quiet = RULES.gates["deprecation"]
    rest = replace(RULES, rules=tuple(it for it in RULES.rules if quiet.id not in (it.id, it.gate)))
    assert found("high", "production", "deprecated", rules=rest) == [quiet.title]
    assert found("high", "production", "decommissioned", rules=rest) == [], "it owes what the last gate asks"
    last = RULES.gates["decommissioning"]
    none = replace(RULES, rules=tuple(it for it in RULES.rules if last.id not in (it.id, it.gate)))
    gate = replace(none, gates={**none.gates, last.id: replace(last, none_for=frozenset())})
    assert found("high", "deprecated", "decommissioned", rules=gate) == [last.title]


# The governed content of a system


def test_what_of_the_entry_is_counted_is_what_is_asked_for() -> None:
    now = with_entry(facts(), not_applicable=[NotApplicable(id="x", reason="none"), NotApplicable(id="y", reason="no")])

    def lists(artifacts: Any, tests: Any, claims: tuple[str, ...] = ()) -> dict[str, list[str]]:
        entry = content_of(now, artifacts, tests, claims)["entry"]
        return {name: [item["id"] for item in entry.get(name, ())] for name in ("artifacts", "tests", "not_applicable")}

    whole = lists(None, None)
    assert whole["not_applicable"] == ["x", "y"]
    assert set(whole["artifacts"]) == {entry.id for entry in now.declared.entry.artifacts}
    assert lists([], [], ("x",)) == {"artifacts": [], "tests": [], "not_applicable": ["x"]}
    assert lists([], []) == {"artifacts": [], "tests": [], "not_applicable": []}


def test_evidence_held_elsewhere_counts_by_its_digest_and_a_jobs_result_by_its_outcome() -> None:
    held = with_artifact(facts(), PAPER, oid=None, attested="a" * 64)
    assert dict(content_parts(held))[f"artifact {PAPER}"] == "a" * 64
    (name, test), *_ = facts().tests.items()

    def part(**fields: Any) -> str:
        found = replace(facts(), tests={name: replace(test, **fields)})
        return dict(content_parts(found))[f"test {name}"]

    passed = (("a", "passed"),)
    job = part(provenance="job", outcome=passed, oid="1" * 40)
    assert job == part(provenance="job", outcome=passed, oid="2" * 40), "run again it is the same"
    assert job != part(provenance="job", outcome=(("a", "failed"),))
    assert part(oid="1" * 40) == "1" * 40


def test_what_a_vendors_entry_leaves_open_is_no_part_of_the_content() -> None:
    vendor = VendorEntry.model_validate({"id": "acme", "vendor_name": "Acme"})
    found = content_of(replace(facts(), declared=replace(facts().declared, vendors=(vendor,))), None, None)["vendors"]
    assert found == [{"id": "acme", "vendor_name": "Acme"}]


def with_vendor(found: Facts) -> Facts:
    vendor = VendorEntry.model_validate({"id": "acme", "vendor_name": "Acme"})
    return replace(found, declared=replace(found.declared, vendors=(vendor,)))


def test_an_approval_of_a_change_is_for_the_evidence_it_is_about_and_for_no_other() -> None:
    (test, *_) = facts().tests
    place = system_change(with_vendor(facts()), facts())

    def parts(kind: str, about: str) -> set[str]:
        made = blamed(evaluation([facts()], [with_vendor(facts())], [change(kind, about)]), options())
        counted = [item.outcome for item in made.weighed if item.outcome.instance == f"{kind}:{about}"]
        assert counted
        return {name for name, _ in subject("x", place, counted, (), RULES, options()).parts}

    always = {"for", "repository", "target_branch", "system", "tier", "from_stage", "entry", "vendors"}
    assert parts("evidence-redated", PAPER) == {*always, f"artifact {PAPER}"}
    assert parts("evidence-redated", test) == {*always, f"test {test}"}
    assert parts("path-narrowed", "paths") == always


def test_the_model_card_is_bound_with_whatever_asks_for_it() -> None:
    place = system_change(facts(), facts())
    made = [item.outcome for item in blamed(evaluation([facts()], [facts()], [EDIT]), options()).weighed]
    own = made[0].requirement
    with_card = [replace(made[0], requirement=replace(own, kind="card", subject="fields"))]
    as_paper = [item for item in made if item.requirement.subject == RULES.model_card]
    without = [item for item in made if item.requirement.subject == PAPER]
    assert as_paper
    for counted, is_bound in ((with_card, True), (as_paper, True), (without, False)):
        names = {name for name, _ in subject(GATE, place, counted, (), RULES, options()).parts}
        assert ("card" in names) is is_bound
    papers = {id_: spec for id_, spec in RULES.artifacts.items() if not spec.is_model_card}
    bare = replace(RULES, artifacts=papers)
    assert bare.model_card is None
    assert "card" in dict(subject(GATE, place, with_card, (), bare, options()).parts)


def test_of_a_system_of_which_nothing_is_asked_all_content_is_the_subject() -> None:
    now = facts()
    place = system_change(now, now)
    whole = whole_subject(place)
    assert (whole.system, whole.for_, whole.digest) == (now.id, "", digest_of(dict(content_parts(now))))
    assert whole.parts == content_parts(now)
    places = dict(whole.places)
    assert places["entry"] == now.key.manifest
    assert now.card is not None
    assert places["card"] == now.card.path
    assert places[f"artifact {PAPER}"] == now.artifacts[PAPER].path
    assert {f"test {name}" for name in now.tests} <= places.keys()
    bare = whole_subject(system_change(replace(now, card=None), now))
    assert "card" not in dict(bare.places)
    elsewhere = with_artifact(now, PAPER, path=None)
    assert f"artifact {PAPER}" not in dict(whole_subject(system_change(elsewhere, now)).places)


def test_code_that_programs_read_is_bound_wherever_it_lies() -> None:
    def digest(**code: Any) -> str | None:
        now = facts()
        now = replace(now, declared=replace(now.declared, **code))
        place = system_change(now, facts(stage="development"), entered=(GATE,))
        return dict(subject(GATE, place, (), (), RULES, options()).parts).get("code")

    one, other = CodeFile("a.py", "100644", "1" * 40), CodeFile("b.py", "100644", "2" * 40)
    bound = {digest(code=(one,)), digest(code=(one,), inside=(other,)), digest(code=(one,), linked=(other,))}
    assert None not in bound
    assert digest(code=(one,), inside=(other,)) == digest(code=(one,), linked=(other,)) == digest(code=(one, other))
    assert len(bound) == 2


def test_d10_a_yes_is_for_what_each_vendor_answers_and_for_what_a_job_s_result_says() -> None:
    def part(name: str, now: Facts) -> str:
        counted = [it.outcome for it in blamed(evaluation([now], [now], [EDIT]), options(mode="all")).weighed]
        return dict(subject(GATE, system_change(now, now), counted, (), RULES, options()).parts)[name]

    plain = with_vendor(facts())
    (vendor,) = plain.declared.vendors
    signed = replace(plain, declared=replace(plain.declared, vendors=(vendor.model_copy(update={"has_dpa": True}),)))
    assert part("vendors", plain) not in {part("vendors", signed), "None"}
    assert part("vendors", plain) == part("vendors", with_vendor(facts()))

    test = next(it for it in facts().tests)
    said = {"suite": "smoke", "version": "2.1", "outcome": [["starts", "passed"], ["stops", "failed"]]}
    cases = tuple(map(tuple, said["outcome"]))  # type: ignore[arg-type]
    of_job = with_test(facts(), test, provenance="job", suite="smoke", version="2.1", outcome=cases)
    assert part(f"test {test}", of_job) == digest_of(said)


def test_d16_a_yes_to_changes_is_for_what_each_says_and_is_bound_to_in_whatever_order() -> None:
    place = system_change(facts(), facts())

    def parts(*changes: Change) -> dict[str, str]:
        return dict(subject("weakening", place, (), changes, RULES, options()).parts)

    one, other = change("path-narrowed", "paths", ["a/**"], []), change("fact-removed", "eu_market", True, None)
    said = {"kind": "path-narrowed", "field": "paths", "before": ["a/**"], "after": []}
    more = {"kind": "fact-removed", "field": "eu_market", "before": True, "after": None}
    assert parts(one)["changes"] == digest_of([said]), "as it was before anything was bound"
    assert parts(replace(one, bound="sha256:1"))["changes"] == digest_of([{**said, "bound": "sha256:1"}])
    assert parts(one, other)["changes"] == parts(other, one)["changes"] == digest_of([more, said])
    assert "changes" not in parts()


def test_t44_where_paths_are_narrowed_what_is_judged_and_what_stays_are_both_bound() -> None:
    def digest(judged: tuple[CodeFile, ...], stays: tuple[CodeFile, ...]) -> str | None:
        now, written = (replace(facts(), declared=replace(facts().declared, code=it)) for it in (judged, stays))
        place = replace(system_change(now, facts(stage="development"), entered=(GATE,)), declared=written)
        return dict(subject(GATE, place, (), (), RULES, options()).parts).get("code")

    one, other = CodeFile("a.py", "100644", "1" * 40), CodeFile("b.py", "100644", "2" * 40)
    sides = [((one, other), (one, other)), ((one, other), (one,)), ((one, other), ()), ((one,), (one,))]
    assert len({digest(*it) for it in sides}) == len(sides)
    plain = digest_of([list(file) for file in (one, other)])
    assert digest((other, one), (one, other)) == plain, "in whatever order"


def test_what_differs_from_an_earlier_content_is_told_by_its_place() -> None:
    now = subject(GATE, system_change(facts(), facts()), (), (), RULES, options())
    was = dict(now.parts)
    assert explain_difference((), now) is None
    assert explain_difference(now.parts, now) is None
    tier = explain_difference(tuple({**was, "tier": "low"}.items()), now)
    assert tier == "for an earlier content: the tier was low, now high"
    bare = replace(now, parts=(("for", GATE),))
    assert explain_difference((("for", GATE), ("tier", "low")), bare) == (
        "for an earlier content: the tier was low, now not named"
    )
    assert explain_difference((("for", GATE),), replace(bare, parts=(("for", GATE), ("tier", "low")))) == (
        "for an earlier content: the tier was not named, now low"
    )
    blobs = explain_difference(
        (("for", GATE), ("artifact x", "1" * 40)), replace(bare, parts=(("for", GATE), ("artifact x", "2" * 40)))
    )
    assert blobs == f"for an earlier content: artifact x changed since (git diff {'1' * 10} {'2' * 10})"
    gone = explain_difference(tuple({**was, "artifact x": "1" * 40}.items()), now)
    assert gone == "for an earlier content: artifact x is gone"
    new = explain_difference(tuple((k, v) for k, v in was.items() if k != "entry"), now)
    assert new == f"for an earlier content: the entry in {facts().key.manifest} was not there yet"
    edited = explain_difference(tuple({**was, "entry": "sha256:1"}.items()), now)
    assert edited == f"for an earlier content: the entry in {facts().key.manifest} changed since"


# One system in the report


def test_where_a_system_stands_in_its_manifest_and_what_its_gates_lack() -> None:
    def lined(found: Facts) -> Facts:
        manifest = replace(found.declared.manifest, marks={("systems", found.declared.index): Mark(7, 3)})
        return replace(found, declared=replace(found.declared, manifest=manifest))

    (told,) = report(evaluation([facts()], [lined(facts())], [EDIT])).systems
    assert told.line == 7
    (left,) = report(evaluation([lined(facts())], [], [change("system-removed", "system", "high", None)])).systems
    assert left.line == 0
    bare = replace(facts(), card=None, artifacts={})
    (told,) = report(evaluation([facts()], [bare], [EDIT])).systems
    gate = next(gate for gate in told.gates if gate.id == GATE)
    assert {RULES.model_card, PAPER} <= set(gate.missing_artifacts)
    of_card = next(rule for rule in RULES.rules if rule.id == GATE)
    wants = tuple(replace(it, kind="card") if it.subject == RULES.model_card else it for it in of_card.requirements)
    made = evaluation([facts()], [bare], [EDIT], rules_with(GATE, requirements=wants))
    context, _ = settled(blamed(made, options()), EMPTY, people())
    (place,) = context.systems.values()
    gates = {gate.id: gate for gate in system_report(place, context, ()).gates}
    assert RULES.model_card in gates[GATE].missing_artifacts


def test_the_next_date_is_the_first_with_the_rule_that_sets_it() -> None:
    made = evaluation([facts()], [facts()], [EDIT])
    context, _ = settled(blamed(made, options()), EMPTY, people())
    (place,) = context.systems.values()
    plain = next(it for it in report(made).findings if it.because)

    def next_due(*findings: Finding) -> tuple[Any, str]:
        told = system_report(place, context, findings)
        return told.next_due, told.next_due_title

    late, soon = (replace(plain, due=day(days), title=f"in {days} days") for days in (9, 3))
    assert next_due(late, replace(plain, due=None), soon) == (day(3), plain.because[0].title)
    assert next_due(late, replace(soon, because=())) == (day(3), "in 3 days")
    assert next_due(replace(plain, due=None)) == next_due() == (None, "")
