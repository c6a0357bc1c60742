"""Who is told to have had a hand, whom the rules ask about waivers, and what unreadable manifests of base hold up."""

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
    outcomes,
    people,
    report,
    system_change,
    weighed,
    with_artifact,
    with_entry,
)
from msgspec.structs import replace

from policy_gate.decide.authorship import UNATTRIBUTED, authorship_of
from policy_gate.decide.decide import decide
from policy_gate.decide.decision_context import blamed
from policy_gate.decide.document_problems import problems_verdict, unread_above, unread_notes
from policy_gate.decide.findings import findings_of
from policy_gate.decide.waiver_validity import roles_asked_of_edits
from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.evaluate.statements import check_that, resting_on
from policy_gate.schema.documents import NotApplicable, Waivers
from policy_gate.schema.people import Author, Commit, ForgeContributor, People
from policy_gate.schema.snapshot import CodeFile, Snapshot, UnreadManifest
from policy_gate.schema.source import Document, Mark, Problem
from policy_gate.schema.vendor_document import VendorEntry

FILE = frozenset({"governance.yaml"})
ADA, BO = Author("Ada", "ada@example.org"), Author("Bo", "bo@example.org")
TOOL = Author("Forge", sorted(RULES.assurance.service_committers)[0])


def commit(*authors: Author, **fields: Any) -> Commit:
    return Commit(**{"oid": "12345678" + "0" * 32, "authors": authors, "paths": FILE, **fields})


def hands(*commits: Commit, system: str | None = "CASE", wanted: str = "committed", **who: Any) -> Any:
    return authorship_of(People(**{"commits": commits, **who}), FILE, system, RULES.assurance, wanted)


def test_d13_each_hand_is_told_with_what_it_did() -> None:
    made = hands(commit(ADA, BO, TOOL, co_authors=(BO,), signer=ADA))
    assert [(hand.author.name, hand.how) for hand in made.known] == [
        ("Ada", "wrote commit 1234567 in this change"),
        ("Bo", "is a co-author of commit 1234567 in this change"),
        ("Ada", "signed commit 1234567 in this change"),
    ]
    assert made.not_known is None
    rebased = hands(commit(BO, ADA))
    assert [(hand.author.name, hand.how.split()[0]) for hand in rebased.known] == [("Bo", "wrote"), ("Ada", "is")]
    assert "the committer" in rebased.known[1].how


def test_d13_only_a_commit_that_touches_the_content_makes_a_hand() -> None:
    elsewhere = commit(ADA, paths=frozenset({"README.md"}))
    assert hands(elsewhere).known == ()
    assert hands(replace(elsewhere, systems=frozenset({"CASE"}))).known
    assert hands(replace(elsewhere, systems=frozenset({"OTHER"}))).known == ()
    assert hands(commit(ADA, merge_of_git=True)).known == ()
    assert hands(commit(ADA, entries={"governance.yaml": frozenset({"OTHER"})})).known == ()
    assert hands(commit(ADA, entries={"governance.yaml": frozenset({"CASE"})})).known
    opened = ForgeContributor(BO, "opened pull request 7")
    assert [hand.how for hand in hands(contributors=(opened,)).known] == ["opened pull request 7"]
    assert hands(contributors=(replace(opened, commits=(elsewhere,)),)).known == ()
    assert hands(contributors=(replace(opened, commits=(elsewhere, commit(BO))),)).known


@pytest.mark.parametrize(
    ("made", "who", "wanted", "said"),
    [
        (commit(ADA), {"attributed": False}, "committed", UNATTRIBUTED),
        (commit(TOOL), {}, "committed", "names no person who made it, only a service"),
        (commit(TOOL), {"is_forge_known": True}, "committed", "ask an approver who wrote none of it for a review"),
        (commit(Author("Ada", "")), {}, "committed", "cannot be read (Ada)"),
        (commit(Author("", "")), {}, "committed", "cannot be read (it is empty)"),
        (commit(Author("Ada", "")), {"is_forge_known": True}, "committed", None),
        (commit(Author("Ada", "", "github:ada")), {}, "committed", None),
        (commit(ADA), {}, "signed", "is not signed by a key that base pins"),
        (commit(ADA, signer=ADA), {}, "signed", None),
        (commit(ADA), {}, "forge", "no forge says here who opened and pushed"),
        (commit(ADA), {"is_forge_known": True}, "forge", None),
        (commit(ADA), {}, "committed", None),
    ],
)
def test_d13_why_the_hands_cannot_be_told(made: Commit, who: dict[str, Any], wanted: str, said: str | None) -> None:
    found = hands(made, wanted=wanted, **{"is_forge_known": False, **who}).not_known
    assert (found is None) is (said is None)
    assert (said or "") in (found or "")


PUSHED = ForgeContributor(BO, "pushed to pull request 7", (commit(TOOL),))
OF_A_BOT = Author("helper[bot]", "", "github:helper[bot]")


@pytest.mark.parametrize(
    ("hand", "is_forge_known", "is_told"),
    [
        (PUSHED, True, True),
        (replace(PUSHED, commits=None), True, True),
        (PUSHED, False, False),
        (replace(PUSHED, author=OF_A_BOT), True, False),
        (replace(PUSHED, author=TOOL), True, False),
        (replace(PUSHED, commits=(commit(BO, oid="7654321" + "0" * 33),)), True, False),
    ],
)
def test_d55_who_brought_what_only_a_service_made(hand: ForgeContributor, is_forge_known: bool, is_told: bool) -> None:
    found = hands(commit(TOOL), contributors=(hand,), is_forge_known=is_forge_known)
    assert (found.not_known is None) is is_told


def test_t25_whom_the_rules_ask_to_approve_an_edit_of_the_waivers() -> None:
    asked = roles_asked_of_edits(RULES)
    made = weighed(evaluation([], [], [change("waivers-changed", "governance/waivers.yaml", [], [], system=None)]))
    wanted = [it.outcome.requirement.subject for it in made if it.outcome.requirement.kind == "approval"]
    assert asked == tuple(dict.fromkeys(wanted)) != ()
    always = next(rule for rule in RULES.rules if rule.id == "policy-change")
    extra = replace(always, id="any-change", when=None)
    assert set(roles_asked_of_edits(replace(RULES, rules=(extra,)))) == {it.subject for it in extra.requirements}
    assert roles_asked_of_edits(replace(RULES, rules=(always,))) == ()
    assert roles_asked_of_edits(replace(RULES, rules=(replace(extra, for_each="system"),))) == ()


# Manifests of base that cannot be read

UNREAD = UnreadManifest("hr/governance.yaml", "1" * 40)
BASE = replace(EMPTY, unread=(UNREAD,), problems=(Problem(UNREAD.path, "is broken"),))


def verdict(*changed: str, base: Snapshot = BASE, result: Snapshot = BASE, mode: str = "change") -> str:
    return problems_verdict(base, result, (), frozenset(changed), mode, options().as_of)[0]


def test_d45_what_an_unreadable_manifest_of_base_could_govern_has_no_answer() -> None:
    assert verdict("hr/a.py") == "undecided"
    assert verdict("README.md") == verdict() == "conditions"
    assert verdict("hr/a.py", mode="all") == "block"
    assert verdict("hr/a.py", result=EMPTY) == "pass", "it is mended"
    assert unread_above(BASE, BASE, frozenset({"hr/b.py", "hr/a.py", "x"})) == {UNREAD: "hr/a.py"}
    assert unread_above(EMPTY, BASE, frozenset({"hr/a.py"})) == {}


def test_d45_what_is_governed_whatever_a_manifest_says_is_not_held_up() -> None:
    file = CodeFile("hr/policies/a.yaml", "100644", "1" * 40)
    waivers: Any = Document("hr/waivers.yaml", "0" * 40, Waivers.model_construct(waivers=[]), {})
    record: Any = Document("hr/approvals/a.yaml", "0" * 40, None, {})
    result = replace(
        BASE, policy_files=(file,), enforcement_files=(file._replace(path="hr/ci.yml"),), records=(record,)
    )
    for path in (
        "hr/policies/a.yaml",
        "hr/ci.yml",
        "hr/waivers.yaml",
        "hr/approvals/a.yaml",
        "hr/approvals/a.yaml.sig",
    ):
        assert unread_above(BASE, replace(result, waivers=waivers), frozenset({path})) == {}, path
        assert unread_above(replace(result, waivers=waivers, records=()), replace(BASE, records=(record,)),
                            frozenset({path})) == {}, path  # fmt: skip
    assert unread_above(BASE, result, frozenset({"hr/approvals/b.yaml"}))


def test_d45_the_note_names_a_path_and_the_way_out() -> None:
    (own,) = unread_notes(BASE, BASE, frozenset({"hr/a.py"}))
    assert own == (
        "hr/governance.yaml of base cannot be read, and could govern hr/a.py: mend it first, in a change of its own"
    )
    foreign = replace(BASE, unread=(UNREAD._replace(is_anothers=True),))
    (other,) = unread_notes(foreign, foreign, frozenset({"hr/a.py"}))
    assert "`manifests:` in policy-gate.yaml" in other
    assert list(unread_notes(BASE, BASE, frozenset({"a.py"}))) == []


@pytest.mark.parametrize(
    ("base", "asked", "found"),
    [(BASE, True, "undecided"), (BASE, False, "conditions"), (EMPTY, True, "pass")],
)
def test_d45_where_a_governed_base_is_demanded_an_unreadable_one_is_no_answer(
    base: Snapshot, asked: bool, found: str
) -> None:
    made = evaluation([facts()], [facts()])
    on = options(require_governed_base=asked)
    assert decide(blamed(made, on), base, base, people(), report(made).trust, version="0").verdict == found
    manifest: Any = Document("governance.yaml", "0" * 40, None, {})
    read = replace(base, manifests=(manifest,))
    told = decide(blamed(made, on), read, read, people(), report(made).trust, version="0").verdict
    assert told == ("conditions" if base is BASE else "pass"), "something of base can be read"


def test_d09_a_vendors_assessment_lies_at_most_a_day_ahead() -> None:
    def found(days: int) -> list[tuple[str, int | None, int | None]]:
        vendor = VendorEntry.model_validate({"id": "acme", "vendor_name": "Acme", "assessed_on": day(days)})
        declared = facts().declared
        marks = {("systems", declared.index): Mark(2, 1), ("systems", declared.index, "vendors"): Mark(9, 5)}
        manifest = replace(declared.manifest, marks=marks)
        now = replace(facts(), declared=replace(declared, vendors=(vendor,), manifest=manifest))
        place = system_change(now, facts())
        told = problems_verdict(EMPTY, EMPTY, (place,), frozenset(), "change", options().as_of)[1]
        return [(it.message, it.line, it.column) for it in told]

    said = f"assessed_on of vendor acme lies in the future (got {day(2)}, expected a day that has come)"
    assert found(1) == []
    assert found(2) == [(said, 9, 5)]


# What conditions say


def test_d23_what_nobody_declared_is_asked_for_by_name_and_what_nobody_could_is_a_fault_of_the_rule() -> None:
    asking = next(it for it in outcomes(facts()) if it.requirement.kind == "that")
    condition = asking.requirement.condition
    assert condition is not None

    class Open:
        text = "x"

        def __init__(self, *missing: str) -> None:
            self.missing = missing

        def truth(self, values: Any) -> Any:
            return type("Truth", (), {"value": None, "missing": self.missing})

    def checked(*missing: str, message: str | None = "So.") -> Any:
        base = replace(asking, requirement=replace(asking.requirement, condition=Open(*missing), message=message))
        return check_that(base, {}, facts(), RULES)

    known = checked("system.eu_market", "system.decision_impact")
    assert (known.state, known.missing_facts) == ("unknown", ("eu_market", "decision_impact"))
    assert known.seen == "not declared: eu_market, decision_impact"
    nobody = checked("metric.value")
    assert (nobody.state, nobody.missing_facts, nobody.seen) == ("unknown", (), "So.")
    assert checked("metric.value", message=None).seen == ""
    assert checked("metric.value", "system.eu_market").missing_facts == ("metric.value", "eu_market")


def test_why_something_is_not_wanted_names_the_facts_that_say_so() -> None:
    rule = next(rule for rule in RULES.rules if rule.id == "pre-deployment-security-review")
    (condition,) = next(it for it in rule.requirements if it.subject == "privacy-impact-assessment").when
    assert resting_on(condition, {"system.processes_personal_data": False}) == (
        "not wanted here: processes_personal_data is false"
    )
    assert resting_on(condition, {"system.processes_personal_data": ["a", "b"]}).endswith("is [a, b]")
    assert resting_on(condition, {"system.declared": ["x"]}) == "not wanted here"


def test_a_card_that_lacks_is_a_finding_about_the_paper_that_it_is() -> None:
    lacking = next(it for it in outcomes(facts()) if it.requirement.kind == "artifact")
    place = system_change(facts(), facts())

    def artifact(kind: Any) -> str | None:
        outcome = replace(lacking, requirement=replace(lacking.requirement, kind=kind), state="gap", cause="absent")
        (found,) = findings_of((WeighedOutcome(outcome, place, "introduced"),), RULES, "change")
        return found.artifact

    assert artifact("card") == RULES.model_card
    assert artifact("artifact") is None


# What base vouched for stands


def test_d05_what_base_vouched_for_stands_until_a_gate_asks_anew() -> None:
    paper, test = "red-team-report", "shadow-mode-validation"
    held = with_artifact(facts(artifacts={paper: "not-approved"}), paper, attested="a" * 64)

    def state(was: Any, now: Any, subject: str, mode: str = "change", *edits: Any) -> set[str]:
        made = weighed(evaluation([was], [now], edits), mode=mode)
        return {it.outcome.state for it in made if subject in it.outcome.requirement.subjects and it.for_ is None}

    edit = change("path-widened", "paths")
    assert state(held, held, paper, "change", edit) == {"met"}
    other = with_artifact(held, paper, attested="b" * 64)
    assert state(held, other, paper, "change", edit) == set(), "another digest is asked about"
    claim = [NotApplicable(id=test, reason="no predecessor")]
    live = with_entry(facts(stage="production", tests={test: "absent"}), not_applicable=claim)
    assert "gap" not in state(live, live, test, "change", edit)
    promoted = change("stage-advanced", "stage", "development", "pre_deployment")
    before = with_artifact(facts(stage="development", artifacts={paper: "not-approved"}), paper, attested="a" * 64)
    found = weighed(evaluation([before], [held], [promoted]))
    assert {it.outcome.state for it in found if paper in it.outcome.requirement.subjects} == {"gap"}
