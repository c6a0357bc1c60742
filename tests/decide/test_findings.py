"""Findings: what is merged into one and what stays apart, who is named for it, and in which order people read them."""

from __future__ import annotations

from typing import Any

import pytest
from decision_world import RULES, change, day, evaluation, facts, only, outcomes, report, system_change, with_artifact
from msgspec.structs import replace

from policy_gate.decide.findings import findings_of
from policy_gate.decide.governed_content import content_parts
from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.schema.finding import Finding
from policy_gate.schema.vendor_document import VendorEntry

GATE = "pre-deployment-security-review"
REPORT = "red-team-report"
LACKING = outcomes(facts(artifacts={REPORT: "absent"}))
PLACE = system_change(facts(), facts())


def item(rule: str = GATE, subject: str = REPORT, state: Any = "gap", **fields: Any) -> WeighedOutcome:
    """One outcome of a rule about a subject, in whatever state."""
    outcome = replace(only(LACKING, rule, subject), state=state, cause="absent" if state == "gap" else None)
    given = {"blame": "introduced", "gate": rule if rule in RULES.gates else None, **fields}
    return WeighedOutcome(outcome, PLACE, **given)


def found(*items: WeighedOutcome, mode: str = "change", **fields: Any) -> tuple[Finding, ...]:
    return findings_of(items, RULES, mode, **fields)


def rules_about(subject: str) -> list[str]:
    return [outcome.rule.id for outcome in LACKING if outcome.requirement.subject == subject]


def test_one_thing_that_several_rules_want_is_one_finding_with_every_reason() -> None:
    several = rules_about(REPORT)
    assert len(several) > 1
    (finding,) = found(*(item(rule) for rule in several))
    assert [reason.rule for reason in finding.because] == several
    assert (finding.requirement.kind, finding.requirement.subject) == ("artifact", REPORT)


def test_the_weightiest_speaks_and_only_those_in_its_state_give_reasons() -> None:
    one, other = rules_about(REPORT)[:2]
    (finding,) = found(
        item(one, state="met", due=day(1), asked=True),
        item(other, due=day(9)),
        item(other, due=day(5), blame="inherited"),
    )
    assert (finding.state, finding.blame, finding.cause, finding.blocks) == ("gap", "introduced", "absent", True)
    assert [reason.rule for reason in finding.because] == [other]
    assert finding.due == day(5)
    assert not finding.entered
    (open_,) = found(item(one, state="unknown"))
    assert (open_.undecided, open_.blocks) == (True, False)
    (met,) = found(item(one, state="met", asked=True))
    assert (met.cause, met.blocks, met.undecided, met.due) == (None, False, False, None)


def test_entered_says_that_this_change_enters_the_gate_it_is_due_at() -> None:
    assert found(item(asked=True))[0].entered
    assert not found(item(asked=False))[0].entered
    assert not found(item(asked=True, gate=None))[0].entered


def approval(**fields: Any) -> WeighedOutcome:
    return item(subject="ciso", **fields)


def test_one_roles_approvals_are_one_finding_for_each_thing_they_are_for() -> None:
    assert len(found(approval(), approval())) == 1
    assert len(found(approval(for_="a"), approval(for_="b"))) == 2
    assert len(found(approval(for_="a"), approval(for_="a"))) == 1
    assert len(found(approval(gate="a"), approval(gate="b"))) == 2
    assert len(found(approval(for_="a", gate="x"), approval(for_="a", gate="y"))) == 1
    # for anything but an approval it is one and the same thing
    assert len(found(item(gate="a"), item(gate="b"))) == 1


def test_a_findings_id_is_the_same_from_run_to_run_and_no_other_ones() -> None:
    one, two = found(item(), approval())
    assert {one.id, two.id} == {finding.id for finding in found(approval(state="unknown"), item(due=day(3)))}
    assert one.id != two.id
    assert (len(one.id), int(one.id, 16) >= 0) == (16, True)


def test_people_read_what_is_open_first_what_blocks_before_debt_and_work_before_approvals() -> None:
    subjects = (REPORT, "security-assessment-report")
    blocking, debt = (item(subject=name) for name in subjects)
    debt = replace(debt, blame="inherited")
    asked = approval()
    met = item(subject="privacy-impact-assessment", state="met")
    order = [finding.requirement.subject for finding in found(met, debt, asked, blocking)]
    assert order == [REPORT, "ciso", subjects[1], "privacy-impact-assessment"]
    remediated = replace(blocking, enforcement="remediate")
    order = [finding.requirement.subject for finding in found(debt, remediated)]
    assert order == [REPORT, subjects[1]]
    late = replace(debt, blame="overdue")
    assert [finding.blame for finding in found(late, remediated)] == ["introduced", "overdue"]


def test_d30_only_a_command_that_gives_an_approval_names_the_branch_it_is_for() -> None:
    both = (item(), approval(for_=GATE, digest="sha256:1"))
    plain = {finding.requirement.subject: finding.fix for finding in found(*both)}
    named = {finding.requirement.subject: finding.fix for finding in found(*both, branch="release 2")}
    assert plain["ciso"].startswith("policy-gate approve ")
    assert named == {**plain, "ciso": f"{plain['ciso']} --base 'release 2'"}


def test_who_does_it_and_who_signs() -> None:
    (paper,) = found(item())
    spec = RULES.artifacts[REPORT]
    assert (paper.responsible, paper.accountable) == (tuple(spec.responsible), tuple(spec.accountable))
    (signed,) = found(approval())
    assert (signed.responsible, signed.accountable) == (("ciso",), ("ciso",))
    tested = next(outcome for outcome in LACKING if outcome.requirement.kind == "test")
    (result,) = found(WeighedOutcome(tested, PLACE))
    test = RULES.tests[tested.requirement.subject]
    assert (result.responsible, result.accountable) == (tuple(test.responsible), tuple(test.accountable))
    assert paper.artifact is None
    other = next(outcome for outcome in LACKING if outcome.requirement.kind == "that")
    (stated,) = found(WeighedOutcome(other, PLACE))
    assert (stated.responsible, stated.accountable) == (RULES.owners.responsible, RULES.owners.accountable)
    for name, activity in RULES.raci.items():
        rule = replace(other.rule, activity=name)
        (named,) = found(WeighedOutcome(replace(other, rule=rule), PLACE))
        assert (named.responsible, named.accountable) == (tuple(activity.responsible), (activity.accountable,))
        for asked, told in ((outcome, it) for outcome, it in ((tested, result), (approval().outcome, signed))):
            (same,) = found(WeighedOutcome(replace(asked, rule=replace(asked.rule, activity=name)), PLACE))
            assert (same.responsible, same.accountable) == (told.responsible, told.accountable), "its own first"


def test_whoever_could_approve_is_named_only_where_an_approval_is_asked() -> None:
    names = {"1": "Ada", "2": "Bo"}
    (asked,) = found(approval(for_=GATE, digest="sha256:1", able=("2", "9", "1")), names=names)
    assert (asked.able, asked.for_, asked.subject_digest) == (("Bo", "Ada"), GATE, "sha256:1")
    (not_asked,) = found(approval(able=("1",)), names=names)
    assert not_asked.able is None
    assert found(approval(for_=GATE))[0].able == ()


@pytest.mark.parametrize("kind", ["tier-lowered", "path-narrowed", "use-case-changed"])
def test_what_an_approval_of_a_change_is_about_and_what_is_put_before_whoever_gives_it(kind: str) -> None:
    made = evaluation([facts()], [facts()], [change(kind, "field", "a", "b")])
    asked = [finding for finding in report(made).findings if kind in finding.about]
    assert asked
    for finding in asked:
        (rule,) = [rule for rule in RULES.rules if rule.kind == "rule" and rule.id == finding.for_]
        assert finding.shows == rule.shows
    assert {finding.about for finding in found(item())} == {()}


def test_the_governed_content_is_told_in_parts_so_that_what_moved_can_be_named() -> None:
    now = facts()
    parts = dict(content_parts(now))
    assert {name for name in parts if name.startswith("artifact ")} == {f"artifact {id_}" for id_ in now.artifacts}
    assert {name for name in parts if name.startswith("test ")} == {f"test {id_}" for id_ in now.tests}
    assert "entry" in parts
    edited = dict(content_parts(with_artifact(now, REPORT, oid="9" * 40)))
    assert {name for name in parts if parts[name] != edited[name]} == {f"artifact {REPORT}"}
    gone = dict(content_parts(with_artifact(now, REPORT, oid=None)))
    assert set(parts) - set(gone) == {f"artifact {REPORT}"}


def test_the_card_and_the_vendors_are_parts_of_the_governed_content() -> None:
    now = facts()
    vendor = VendorEntry.model_validate({"id": "acme", "vendor_name": "Acme"})
    other = vendor.model_copy(update={"vendor_name": "Bcme"})

    def with_vendors(*vendors: VendorEntry) -> dict[str, str]:
        return dict(content_parts(replace(now, declared=replace(now.declared, vendors=vendors))))

    assert "vendors" not in with_vendors()
    assert with_vendors(vendor)["vendors"] != with_vendors(other)["vendors"]
    assert {name for name, value in with_vendors(vendor).items() if with_vendors(other)[name] != value} == {"vendors"}
    assert now.card is not None
    assert dict(content_parts(now))["card"] == now.card.oid
    assert "card" not in dict(content_parts(replace(now, card=None)))
