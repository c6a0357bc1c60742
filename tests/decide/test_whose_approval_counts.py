"""D10 to D15: for what content an approval is, who had a hand in it, how sure that must be, and once only."""

from __future__ import annotations

from typing import Any

import pytest
from decision_world import (
    RULES,
    TODAY,
    change,
    claim,
    day,
    evaluation,
    facts,
    one,
    people,
    rules_with,
    weighed,
    with_artifact,
    with_entry,
)
from msgspec.structs import replace
from world import AUTHOR, ROLE_HOLDERS, email_of

from policy_gate.decide.authorship import authorship_of
from policy_gate.decide.governed_content import content_of
from policy_gate.decide.subject_digest import explain_difference
from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.schema.approval_subject import ApprovalSubject
from policy_gate.schema.facts import Facts
from policy_gate.schema.people import Author, Commit, ForgeContributor, ReviewedContent, UncheckedSignature
from policy_gate.schema.roles import Person
from policy_gate.schema.rule import Requirement
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.snapshot import CodeFile

GATE = "pre-deployment-security-review"
BEFORE, AFTER = facts(stage="development"), facts()
CISO = ROLE_HOLDERS["ciso"]


def author(name: str) -> Author:
    return Author(name, email_of(name))


def commit(*names: str, **fields: Any) -> Commit:
    """A commit of the manifest by these people."""
    made = {"oid": "8d41b07" + "0" * 33, "paths": frozenset({"governance.yaml"}), **fields}
    return Commit(authors=tuple(author(name) for name in names), **made)


def asked(*claims: Any, now: Facts = AFTER, rules: RuleSet = RULES, on: Any = None, **who: Any) -> WeighedOutcome:
    """What the promotion's wish for the CISO comes to."""
    made = evaluation([BEFORE], [now], [change("stage-advanced", "stage")], rules)
    found = weighed(made, people(*claims, **{"commits": [commit(AUTHOR)], **who}), **(on or {}))
    return next(item for item in found if (item.outcome.rule.id, item.outcome.requirement.subject) == (GATE, "ciso"))


def digest(**world: Any) -> str:
    return str(asked(**world).digest)


DIGEST = digest()


def approved(**fields: Any) -> Any:
    return claim("ciso", GATE, DIGEST, **fields)


def with_assurance(**fields: Any) -> RuleSet:
    return replace(RULES, assurance=replace(RULES.assurance, **fields))


def test_the_control_the_ciso_approves_what_somebody_else_wrote() -> None:
    assert asked(approved()).outcome.state == "met"
    assert asked().outcome.state == "gap"
    assert [name for _, name in asked(approved()).counted] == [CISO]


@pytest.mark.parametrize(
    ("what", "world"),
    [
        ("an artifact of the gate", {"now": with_artifact(AFTER, "red-team-report", oid="9" * 40)}),
        ("the entry", {"now": with_entry(AFTER, description="Something else")}),
        ("the card", {"now": replace(AFTER, card=replace(AFTER.card, oid="9" * 40))}),  # type: ignore[type-var]
        (
            "a result that a number of the card rests on",
            {"now": replace(AFTER, card=replace(AFTER.card, bound=(("r.json", "1" * 40),)))},  # type: ignore[type-var]
        ),
        ("the code", {"now": replace(AFTER, declared=replace(AFTER.declared, code=(CodeFile("a", "100644", "1"),)))}),
        ("the repository", {"on": {"repository": "org/fork"}}),
        ("the branch", {"on": {"target_branch": "release"}}),
        ("the tier", {"now": facts("critical")}),
    ],
)
def test_d10_what_is_approved_is_bound_to(what: str, world: dict[str, Any]) -> None:
    assert digest(**world) != DIGEST, what
    assert asked(approved(), **world).outcome.state == "gap", what


@pytest.mark.parametrize(
    "now",
    [
        with_artifact(AFTER, "migration-documentation", oid="9" * 40),
        with_artifact(AFTER, "deployment-runbook", words=7, status="draft"),
        replace(AFTER, stated={**AFTER.stated}),
    ],
)
def test_d10_what_the_gate_does_not_count_moves_nothing(now: Facts) -> None:
    assert digest(now=now) == DIGEST
    assert asked(approved(), now=now).outcome.state == "met"


@pytest.mark.parametrize(
    "doubt",
    [
        {"unchecked": "the forge does not answer"},
        {"unchecked": ""},
        {"proof": UncheckedSignature("only some signatures are verified")},
        {"proof": UncheckedSignature("")},
        {"unchecked": "it is not known whether base held it", "proof": UncheckedSignature("it is not verified")},
    ],
)
def test_what_could_not_be_checked_is_neither_a_yes_nor_a_no(doubt: dict[str, Any]) -> None:
    found = asked(approved(**doubt))
    assert (found.outcome.state, found.outcome.cause, found.recorded) == ("unknown", "unknown", False)
    assert [note.counts for note in found.claims] == [False]
    assert asked(approved(**doubt), approved()).outcome.state == "met", "another claim settles it"
    assert asked(approved(role="legal", **doubt)).outcome.state == "gap", "certainly in another role"
    assert asked(approved(**doubt), commits=[commit(CISO)]).outcome.state == "gap", "certainly of their own work"


def test_a_yes_in_doubt_that_names_no_content_is_not_known_and_one_for_other_content_is_none() -> None:
    doubt = {"unchecked": "the forge does not answer"}
    assert asked(approved(**doubt, digest=None)).outcome.state == "unknown"
    assert asked(approved(**doubt, digest="sha256:0")).outcome.state == "gap"
    assert asked(approved(digest=None)).outcome.state == "gap", "in no doubt, and for nothing"


@pytest.mark.parametrize("reason", ["it is no record", ""])
def test_what_is_wrong_with_a_claim_is_wrong_however_little_is_said_of_it(reason: str) -> None:
    found = asked(approved(problem=reason))
    assert (found.outcome.state, [(note.counts, note.why) for note in found.claims]) == ("gap", [(False, reason)])


@pytest.mark.parametrize(("tier", "binds"), [("critical", True), ("high", True), ("medium", False)])
def test_d10_code_is_bound_where_a_bound_tier_enters_a_gate(tier: str, binds: bool) -> None:
    def of(oid: str, was: str) -> set[str | None]:
        now = facts(tier, "production")
        now = replace(now, declared=replace(now.declared, code=(CodeFile("case/a.py", "100644", oid),)))
        made = evaluation([facts(tier, was)], [now], [change("use-case-changed", "description", "a", "b")])
        return {item.digest for item in weighed(made) if item.for_ in ("production-deployment", "use-case-change")}

    entering = of("1" * 40, "pre_deployment"), of("2" * 40, "pre_deployment")
    assert (entering[0] != entering[1]) is binds
    assert of("1" * 40, "production") == of("2" * 40, "production"), "no gate is entered"


def test_d12_a_review_counts_for_the_content_that_its_commit_showed() -> None:
    seen, other = "a" * 40, "b" * 40
    same = ApprovalSubject("CASE", GATE, DIGEST, ())
    moved = ApprovalSubject("CASE", GATE, "sha256:other", (("artifact red-team-report", "1"),))
    reviewed_content = {seen: ReviewedContent({("CASE", GATE): same}), other: ReviewedContent({("CASE", GATE): moved})}

    def review(commit_: str, **more: Any) -> WeighedOutcome:
        given = approved(digest=None, for_=None, system=None, role=None, commit=commit_)
        return asked(given, **{"reviewed_content": reviewed_content, **more})

    assert review(seen).outcome.state == "met"
    assert review(other).outcome.state == "gap"
    assert review("c" * 40).outcome.state == "gap", "a commit that nobody looked at"
    gone = {seen: ReviewedContent(problem="the commit is not here")}
    assert review(seen, reviewed_content=gone).outcome.state == "gap"
    assert "the commit is not here" in review(seen, reviewed_content=gone).claims[0].why
    assert review(seen, reviewed_content={seen: ReviewedContent({})}).outcome.state == "gap", (
        "nothing asked for it there"
    )
    told = {review(it).claims[0].why.split(",")[0].split(":")[0] for it in (other, "c" * 40)}
    assert told == {"given on commit bbbbbbb", "given on commit ccccccc"}


@pytest.mark.parametrize(
    ("why", "made", "counts"),
    [
        ("wrote it", commit(CISO), False),
        ("wrote it with somebody", commit(AUTHOR, CISO), False),
        ("is its co-author", commit(AUTHOR, CISO, co_authors=(author(CISO),)), False),
        ("signed it", commit(AUTHOR, signer=author(CISO)), False),
        ("merged it, as git merges", commit(CISO, merge_of_git=True), True),
        ("wrote her own record", commit(CISO, paths=frozenset({"governance/approvals/a.yaml"})), True),
        ("wrote another system's entry", commit(CISO, entries={"governance.yaml": frozenset({"OTHER"})}), True),
        ("wrote this system's entry", commit(CISO, entries={"governance.yaml": frozenset({"CASE"})}), False),
        ("wrote its code, elsewhere now", commit(CISO, paths=frozenset(), systems=frozenset({"CASE"})), False),
    ],
)
def test_d13_who_had_a_hand_in_it_cannot_approve_it(why: str, made: Commit, counts: bool) -> None:
    found = asked(approved(), commits=[commit(AUTHOR), made])
    assert (found.outcome.state == "met") is counts, why
    assert [note.counts for note in found.claims] == [counts]


@pytest.mark.parametrize(
    ("commits", "counts"),
    [(None, False), ((), True), ((commit(AUTHOR),), False), ((commit(AUTHOR, paths=frozenset({"x"})),), True)],
)
def test_d13_whoever_a_forge_names_made_what_their_commits_touch(commits: Any, counts: bool) -> None:
    contributor = ForgeContributor(author(CISO), "opened pull request 7", commits)
    assert (asked(approved(), contributors=(contributor,)).outcome.state == "met") is counts


KNOWN = Person(name=CISO, email="ciso@example.org", github="ciso-gh", github_id=7, gitlab="ciso-gl")


@pytest.mark.parametrize(
    ("made_by", "is_hers"),
    [
        (Author("x", "ciso@example.org"), True),
        (Author("x", "CISO@Example.org"), True),
        (Author("x", "ciso+work@example.org"), True),
        (Author("x", "", "github:ciso-gh"), True),
        (Author("x", "", "github:CISO-GH"), True),
        (Author("x", "", "github:renamed", "github:7"), True),
        (Author("x", "", "gitlab:ciso-gl"), True),
        (Author("x", "7+ciso-gh@users.noreply.github.com"), True),
        (Author(f"Written with {CISO}", ""), True),
        (Author("<ciso@example.org>", ""), True),
        (Author("x", "ada@example.org"), False),
        (Author("x", "", "github:somebody-else"), False),
        (Author("x", "", "github:ciso-gh", "github:8"), False),
        (Author("x", "", "gitlab:somebody-else"), False),
        (Author("x", "8+somebody-else@users.noreply.github.com"), False),
    ],
)
@pytest.mark.parametrize(
    "approver", [Author(CISO, "ciso@example.org"), Author("", "", "github:ciso-gh", "github:7")], ids=["email", "forge"]
)
def test_d13_whoever_made_it_is_known_by_address_account_and_name_however_they_approve(
    approver: Author, made_by: Author, is_hers: bool
) -> None:
    held = {**people().members, "ciso": (KNOWN,)}
    contributor = ForgeContributor(made_by, "opened pull request 7", None)
    found = asked(approved(approver=approver), members=held, contributors=(contributor,))
    assert found.outcome.state == ("gap" if is_hers else "met")
    assert [note.counts for note in found.claims] == [not is_hers]


def test_d13_an_address_that_only_the_claim_gives_is_the_approvers_own_too() -> None:
    """Base knows the account alone; what was written from the address of the claim was written by its approver."""
    other = Person(name=AUTHOR, email=email_of(AUTHOR), github="author-gh")
    held = {**people().members, "ciso": (Person(name=CISO, github="ciso-gh"),), "legal": (other,)}
    yes = approved(approver=Author("", "me@example.org", "github:ciso-gh"))
    for address in ("me@example.org", "ME@example.org", "me+x@example.org"):
        contributor = ForgeContributor(Author("x", address), "opened pull request 7", None)
        assert asked(yes, members=held, contributors=(contributor,)).outcome.state == "gap", address
    both = ForgeContributor(Author("x", "me@example.org", "github:author-gh"), "opened pull request 7", None)
    assert asked(yes, members=held, contributors=(both,)).outcome.state == "gap", "whosever account stands beside it"
    of_others = replace(both, author=Author("x", email_of(AUTHOR), "github:author-gh"))
    assert asked(yes, members=held, contributors=(of_others,)).outcome.state == "met"
    assert asked(yes, members=held).outcome.state == "met", "the control: somebody else wrote it, whom base knows"


@pytest.mark.parametrize("nobody", ["noreply@github.com", "NoReply@GitHub.com"])
def test_d13_a_forges_own_committer_is_nobody_but_not_the_only_one(nobody: str) -> None:
    service = Author("GitHub", nobody)
    both = Commit("1" * 40, (author(AUTHOR), service), frozenset({"governance.yaml"}))
    alone = Commit("1" * 40, (service,), frozenset({"governance.yaml"}))
    paths = frozenset({"governance.yaml"})
    authorship = authorship_of(people(commits=[both]), paths, "CASE", RULES.assurance, "committed")
    assert [contributor.author for contributor in authorship.known] == [author(AUTHOR)]
    assert asked(approved(), commits=[both]).outcome.state == "met"
    assert asked(approved(), commits=[alone]).outcome.state == "unknown"


def test_d13_an_author_who_cannot_be_told_leaves_it_unknown() -> None:
    nameless = Commit("1" * 40, (Author("somebody", ""),), frozenset({"governance.yaml"}))
    assert asked(approved(), commits=[nameless]).outcome.state == "unknown"
    assert asked(approved(), commits=[replace(nameless, paths=frozenset({"README.md"}))]).outcome.state == "met"
    assert asked(approved(), commits=[nameless], is_forge_known=True).outcome.state == "met", "a forge says who pushed"


@pytest.mark.parametrize("claims", [(), (approved(),)], ids=["silence", "a yes"])
def test_d13_where_no_author_can_be_told_no_approval_counts_and_none_is_missed(claims: Any) -> None:
    found = asked(*claims, commits=(), attributed=False)
    assert (found.outcome.state, found.outcome.seen) == ("unknown", "the authors of this change could not be told")
    assert asked(*claims, commits=()).outcome.state == ("met" if claims else "gap"), "the control: nobody touched it"


@pytest.mark.parametrize(
    ("wanted", "world", "state"),
    [
        ("committed", {}, "met"),
        ("forge", {}, "unknown"),
        ("forge", {"is_forge_known": True}, "met"),
        ("signed", {}, "unknown"),
        ("signed", {"commits": [commit(AUTHOR, signer=author(AUTHOR))]}, "met"),
    ],
)
def test_d14_how_sure_authorship_must_be_is_data(wanted: str, world: dict[str, Any], state: str) -> None:
    rules = with_assurance(authors=dict.fromkeys(("low", "medium", "high", "critical"), wanted))
    assert asked(approved(), rules=rules, **world).outcome.state == state


def test_d14_a_recorded_yes_counts_only_where_base_opts_in_and_from_the_approvers_own_commit() -> None:
    recorded = {"proof": None, "added_by": (author(CISO),)}
    opted = with_assurance(approvals=dict.fromkeys(("low", "medium", "high", "critical"), "recorded"))
    assert asked(approved(**recorded)).outcome.state == "gap"
    found = asked(approved(**recorded), rules=opted)
    assert found.outcome.state == "met"
    assert "recorded, not verified" in found.outcome.seen
    assert "not verified" not in asked(approved(), rules=opted).outcome.seen
    for claims in ((approved(**recorded), approved()), (approved(), approved(**recorded))):
        assert asked(*claims, rules=opted).recorded, "one of two is told, whichever comes first"
    for others in ((), (author(AUTHOR),)):
        assert asked(approved(**{**recorded, "added_by": others}), rules=opted).outcome.state == "gap"
    for touched, by in (
        ((), "nobody in this change"),
        ((author(CISO),), "nobody in this change"),
        ((author(AUTHOR), author(CISO), Author("Ada", "ada@example.org")), ", ".join(sorted(("Ada", AUTHOR)))),
    ):
        (note,) = asked(approved(proof=None, added_by=(), touched_by=touched), rules=opted).claims
        assert note.why == f"the record was committed by {by}"
    other_tier = with_assurance(approvals={**RULES.assurance.approvals, "medium": "recorded"})
    assert asked(approved(**recorded), rules=other_tier).outcome.state == "gap"


@pytest.mark.parametrize("role", [*RULES.artifacts["migration-documentation"].accountable, "legal"])
def test_d19_who_vouches_for_what_nobody_can_read_here_is_verified_whatever_base_opts_into(role: str) -> None:
    """Whoever it is that the rule asks about such evidence."""
    paper = "migration-documentation"
    opted = with_assurance(approvals=dict.fromkeys(("low", "medium", "high", "critical"), "recorded"))
    if role not in RULES.artifacts[paper].accountable:
        opted = rules_with("evidence-vouched", opted, requirements=(Requirement("approval", role),))
    edit = change("evidence-attested", paper, None, "sha256:aaaa held by Us")
    made = evaluation([AFTER], [with_artifact(AFTER, paper, attested="a" * 64)], [edit], opted)

    def of(*claims: Any) -> WeighedOutcome:
        found = weighed(made, people(*claims, commits=[commit(AUTHOR)]))
        return next(it for it in found if it.outcome.instance == f"evidence-attested:{paper}")

    asked = of()
    assert asked.for_ is not None
    yes = claim(role, asked.for_, asked.digest)
    recorded = replace(yes, proof=None, added_by=(author(ROLE_HOLDERS[role]),))
    assert [of(it).outcome.state for it in (yes, recorded)] == ["met", "gap"]


@pytest.mark.parametrize(
    ("why", "fields", "counts"),
    [
        ("today", {}, True),
        ("base holds it already", {"spent": True, "touched_by": (author(CISO),)}, False),
        ("the last day", {"approved_on": day(-90)}, True),
        ("a day late", {"approved_on": day(-91)}, False),
        ("a day ahead, somewhere on earth", {"approved_on": day(1)}, True),
        ("two days ahead", {"approved_on": day(2)}, False),
        ("its own last day", {"approved_on": day(-9), "expires": TODAY}, True),
        ("past its own last day", {"approved_on": day(-9), "expires": day(-1)}, False),
        ("a later day than the policy's", {"approved_on": day(-91), "expires": day(9)}, False),
        ("this branch", {"target_branch": "main"}, True),
        ("another branch", {"target_branch": "release"}, False),
        ("another system", {"system": "OTHER"}, False),
        ("another gate", {"for_": "production-deployment"}, False),
        ("another role", {"role": "legal"}, False),
        ("any role", {"role": None}, True),
        ("another content", {"digest": "sha256:" + "0" * 64}, False),
        ("a bot", {"bot": True}, False),
        ("a bad signature", {"problem": "the signature does not fit"}, False),
    ],
)
def test_d15_a_yes_counts_once_in_time_and_for_one_thing(why: str, fields: dict[str, Any], counts: bool) -> None:
    found = asked(approved(**fields))
    assert (found.outcome.state == "met") is counts, why
    assert counts or found.outcome.state == "gap"


def test_d15_a_yes_that_could_not_be_checked_is_neither_yes_nor_no() -> None:
    assert asked(approved(unchecked="no ssh-keygen here")).outcome.state == "unknown"
    late = approved(unchecked="no ssh-keygen here", approved_on=day(-91))
    assert asked(late).outcome.state == "gap", "it would not count whatever the check said"


def test_one_person_who_says_yes_twice_is_one() -> None:
    (gate,) = [rule for rule in RULES.rules if rule.id == GATE]
    wanted = tuple(replace(want, count=2) if want.subject == "ciso" else want for want in gate.requirements)
    rules = replace(RULES, rules=tuple(replace(r, requirements=wanted) if r.id == GATE else r for r in RULES.rules))
    second = people().members["legal"]
    members = {**people().members, "ciso": (*people().members["ciso"], *second)}
    other = claim("legal", GATE, DIGEST, role="ciso")
    assert asked(approved(), approved(path="twice"), rules=rules, members=members).outcome.state == "gap"
    assert asked(approved(), other, rules=rules, members=members).outcome.state == "met"


def test_d26_an_answer_that_is_missing_is_unknown_and_silence_is_a_gap() -> None:
    assert asked(missing=("the forge did not answer",)).outcome.state == "unknown"
    assert asked(approved(), missing=("the forge did not answer",)).outcome.state == "met"


@pytest.mark.parametrize("missing", [(), ("the forge did not answer",)])
def test_d26_whom_base_does_not_name_no_forge_can_speak_for(missing: tuple[str, ...]) -> None:
    made = evaluation([], [], [change("policy-changed", "policies/roles.yaml", "1", "2", system=None)])
    alone = one(weighed(made, people(members={}, missing=missing), policies_only=True), "policy-change")
    assert (alone.outcome.state, alone.forgiven) == ("gap", True)
    named = one(weighed(made, people(missing=missing), policies_only=True), "policy-change")
    assert (named.outcome.state, named.forgiven) == ("unknown" if missing else "gap", False)


def test_d30_a_deferred_approval_is_open_still() -> None:
    assert asked(on={"defer_approval": True}).outcome.state == "deferred"
    assert asked(approved(), on={"defer_approval": True}).outcome.state == "met"


def test_d18_agreeing_with_oneself_is_told_and_only_where_base_allows_it() -> None:
    def of(tier: str, *allowed: str) -> WeighedOutcome:
        rules = with_assurance(self_approval=frozenset(allowed))
        made = evaluation([facts(tier)], [facts(tier)], [change("path-narrowed", "paths")], rules)
        digest_ = one(weighed(made), "weakening").digest
        yes = claim("ai-safety-lead", "weakening", digest_)
        mine = people(yes, commits=[commit(ROLE_HOLDERS["ai-safety-lead"])])
        return one(weighed(made, mine), "weakening")

    for tier in ("low", "medium"):
        alone = of(tier, tier)
        assert (alone.outcome.state, alone.self_approved) == ("met", True)
        assert (of(tier).outcome.state, of(tier).able) == ("gap", ())
        assert alone.able, "and so who made it is among those to ask"
    for tier in ("high", "critical"):
        assert of(tier, tier).outcome.state == "gap", "never, whatever base says"


@pytest.mark.parametrize(
    ("agreed", "count", "apart", "alone"),
    [
        (("Ada", "Bo"), 1, False, False),
        (("Bo", "Ada"), 1, False, False),
        (("Bo",), 1, False, False),
        (("Ada",), 1, False, True),
        (("Ada", "Bo"), 2, False, True),
        (("Bo", "Ada"), 2, False, True),
        (("Ada", "Bo", "Cy"), 2, False, False),
        (("Ada", "Bo"), 1, True, True),
        (("Bo",), 1, True, False),
    ],
)
def test_d18_who_agrees_with_oneself_is_told_unless_the_others_are_enough(
    agreed: tuple[str, ...], count: int, apart: bool, alone: bool
) -> None:
    """Where roles are kept apart, whoever else agreed may be needed for another one."""
    holders = {name: Person(name=name, email=email_of(name)) for name in ("Ada", "Bo", "Cy")}
    role, rule = "ai-safety-lead", "weakening"
    kept = [frozenset({role, "ciso"})] if apart else []
    rules = with_assurance(self_approval=frozenset({"low"}), separate_roles=tuple(kept))
    rules = rules_with(rule, rules, requirements=(Requirement("approval", role, count=count),))
    made = evaluation([facts("low")], [facts("low")], [change("path-narrowed", "paths")], rules)
    digest_ = one(weighed(made), rule).digest
    said = [claim(role, rule, digest_, approver=author(name)) for name in agreed]
    members = {**people().members, role: tuple(holders.values())}
    found = one(weighed(made, people(*said, commits=[commit("Ada")], members=members)), rule)
    assert (found.outcome.state, found.self_approved) == ("met", alone)
    assert ("by an author" in found.outcome.seen) is alone


def test_d18_of_two_roles_that_may_agree_the_one_is_told_that_is_no_authors() -> None:
    paper, roles = "migration-documentation", ("ciso", "legal")
    either = {**RULES.artifacts, paper: replace(RULES.artifacts[paper], accountable=roles)}
    rules = replace(with_assurance(self_approval=frozenset({"low"})), artifacts=either)
    was = facts("low")
    edit = change("evidence-attested", paper, None, "sha256:aaaa held by Us")
    made = evaluation([was], [with_artifact(was, paper, attested="a" * 64)], [edit], rules)

    def of(*agreed: str) -> WeighedOutcome:
        asked = one(weighed(made), "evidence-vouched")
        said = [claim(role, str(asked.for_), asked.digest) for role in agreed]
        return one(weighed(made, people(*said, commits=[commit(CISO)])), "evidence-vouched")

    alone, both = of("ciso"), of(*roles)
    assert (alone.outcome.state, alone.self_approved) == ("met", True)
    assert (both.outcome.state, both.self_approved) == ("met", False)


@pytest.mark.parametrize(
    ("approver", "told"),
    [
        (Author("Ada", "ada@example.org", "ada-gh"), "Ada"),
        (Author("", "ada@example.org", "ada-gh"), "ada@example.org"),
        (Author("", "", "ada-gh"), "ada-gh"),
    ],
)
def test_whoever_claims_is_told_by_the_clearest_that_is_known(approver: Author, told: str) -> None:
    found = asked(approved(approver=approver))
    assert [(note.who, note.counts) for note in found.claims] == [(told, False)]
    assert found.claims[0].why == "does not hold ciso in base's policies/roles.yaml"


@pytest.mark.parametrize(
    ("holder", "account_id", "is_told"),
    [
        ({"github": "ada-old"}, "github:7", True),
        ({"github": "ada-old", "github_id": 8}, "github:7", False),
        ({"github": "ada-old"}, "", False),
        ({"github": "ada-old"}, "gitlab:7", False),
        ({"gitlab": "ada-old"}, "gitlab:7", True),
        ({"email": "ada@example.org"}, "github:7", False),
    ],
)
def test_h18_of_an_account_that_may_have_been_renamed_the_number_is_told(
    holder: dict[str, Any], account_id: str, is_told: bool
) -> None:
    held = {**people().members, "ciso": (Person(name="Ada", **holder),), "legal": (Person(name="Bo", github="bo"),)}
    claim_ = approved(approver=Author("", "", "github:ada-new", account_id))
    (note,) = asked(claim_, members=held).claims
    assert not note.counts
    assert ("ada-old" in note.why, "bo" in note.why.split()) == (is_told, False)
    assert ("7" in note.why) is is_told
    is_unknown = bool(account_id) and account_id.partition(":")[0] not in holder
    assert ("account of Ada; this is" in note.why) is is_unknown


@pytest.mark.parametrize(
    ("made_by", "is_forge_known", "is_told"),
    [
        (Author("x", "x@example.net"), True, True),
        (Author("x", "x@example.net"), False, False),
        (Author("x", "x@example.net", "gitlab:x"), True, False),
    ],
)
def test_h22_who_wrote_under_an_unknown_address_may_add_it_to_the_account_where_a_forge_tells_accounts(
    made_by: Author, is_forge_known: bool, is_told: bool
) -> None:
    contributor = ForgeContributor(made_by, "opened pull request 7", None)
    held = {**people().members, "ciso": (Person(name=CISO, github="ciso-gh"),)}
    yes = approved(approver=Author("", "", "github:ciso-gh"))
    found = asked(yes, members=held, contributors=(contributor,), commits=(), is_forge_known=is_forge_known)
    (note,) = found.claims
    assert (found.outcome.state, "account on the forge" in note.why) == ("unknown", is_told), note


@pytest.mark.parametrize(
    ("approver", "is_agent"),
    [
        (Author("Helper", "helper@agents.example"), True),
        (Author("Helper", "Helper@Agents.Example"), True),
        (Author("", "", "github:helper-app"), True),
        (Author("helper-app", ""), True),
        (Author("helper-app", email_of(CISO)), False),
        (author(CISO), False),
    ],
)
def test_t07_an_agent_approves_nothing_whatever_role_it_was_given(approver: Author, is_agent: bool) -> None:
    rules = with_assurance(agents=("*@agents.example", "helper-app"))
    holders = tuple(
        Person(name="Helper", email=it.email or None, github=it.account.partition(":")[2] or None)
        for it in (approver, author(CISO))
    )
    found = asked(approved(approver=approver), members={**people().members, "ciso": holders}, rules=rules)
    (note,) = found.claims
    assert (note.why == "a bot cannot approve") is is_agent
    assert found.outcome.state == ("gap" if is_agent else "met")
    if is_agent and approver.email:
        named = asked(approved(approver=approver), members={**people().members, "ciso": holders})
        assert named.outcome.state == "met", "the control: no agent by these rules"


def test_a_claim_that_does_not_count_says_why() -> None:
    def why(**fields: Any) -> str:
        (note,) = asked(approved(**fields)).claims
        assert not note.counts
        return note.why

    assert why(bot=True) == "a bot cannot approve"
    assert why(role="legal") == "approved as legal, not ciso"
    assert why(approver=author(ROLE_HOLDERS["legal"])).startswith("holds ")
    assert "not ciso, in base's policies/roles.yaml" in why(approver=author(ROLE_HOLDERS["legal"]))
    assert why(target_branch="release") == "for the branch release, not main"
    (note,) = asked(approved(target_branch="release"), on={"target_branch": ""}).claims
    assert note.why.startswith("for the branch release, and a base that is a commit names none"), "of a replay"
    assert why(digest="sha256:0") == "for another content than what would be merged now"
    assert why(approved_on=day(2)) == f"dated {day(2)}, which is in the future"
    assert why(expires=day(-1)) == f"expired on {day(-1)}"
    assert why(spent=True, touched_by=(author(CISO),)) == "base already holds this record: it is spent"
    assert why(proof=None).startswith("recorded, not verified")


def test_a_claim_counts_up_to_the_day_it_expires_and_from_tomorrow_of_another_clock() -> None:
    assert asked(approved(expires=day(0))).outcome.state == "met"
    assert asked(approved(approved_on=day(1))).outcome.state == "met"
    assert asked(approved(target_branch="main")).outcome.state == "met"


MAILBOX = Author("Somebody", "ada+gate@example.org")


@pytest.mark.parametrize(
    ("made_by", "may"),
    [
        ((), True),
        ((author(AUTHOR),), True),
        ((Author("x", "ada@example.org"),), False),
        ((Author("x", "", "github:ada-gh"),), False),
        ((MAILBOX,), False),
        ((Author("Ada Bee", ""),), False),
        ((Author("written by ada@example.org", ""),), False),
        ((Author("Ada", "other@example.org"),), True),
        ((author(AUTHOR), MAILBOX), False),
    ],
)
def test_whoever_could_approve_is_named_among_those_without_a_hand_in_it(
    made_by: tuple[Author, ...], may: bool
) -> None:
    ada, other = Person(name="Ada Bee", email="ada@example.org", github="ada-gh"), Person(name="Bo", email="bo@x.org")
    held = {**people().members, "ciso": (ada, other)}
    made = [Commit("1" * 40, (it,), frozenset({"governance.yaml"})) for it in made_by]
    assert asked(members=held, commits=made).able == tuple(
        name for name, it in (("ada@example.org", may), ("bo@x.org", True)) if it
    )


@pytest.mark.parametrize("alone", [frozenset({"low"}), frozenset()])
def test_d18_whoever_may_agree_alone_is_named_though_they_wrote_it(alone: frozenset[Any]) -> None:
    paper, was = "migration-documentation", facts("low")
    spec = replace(RULES.artifacts[paper], accountable=("ciso",))
    rules = replace(with_assurance(self_approval=alone), artifacts={**RULES.artifacts, paper: spec})
    edit = change("evidence-attested", paper, None, "sha256:aaaa held by Us")
    made = evaluation([was], [with_artifact(was, paper, attested="a" * 64)], [edit], rules)
    asked = one(weighed(made, people(commits=[commit(CISO)])), "evidence-vouched")
    assert asked.able == ((email_of(CISO),) if alone else ())


def test_a_record_that_base_holds_for_other_content_is_history_unless_it_is_brought_back() -> None:
    assert asked(approved(spent=True, digest="sha256:0")).claims == ()
    assert len(asked(approved(spent=True)).claims) == 1
    assert len(asked(approved(spent=True, digest="sha256:0", touched_by=(author(AUTHOR),))).claims) == 1


def test_a_record_in_another_role_is_about_that_role_unless_its_approver_holds_this_one() -> None:
    other = author(ROLE_HOLDERS["legal"])
    assert asked(approved(approver=other, role="legal")).claims == ()
    for named, of_whom in (("legal", author(CISO)), ("ciso", other), (None, other), (None, author(CISO))):
        assert len(asked(approved(approver=of_whom, role=named)).claims) == 1, (named, of_whom)


def test_a_maker_who_may_be_the_approver_under_another_name_leaves_it_unknown() -> None:
    control = asked(approved())
    assert control.outcome.state == "met"
    account = asked(
        approved(),
        contributors=(ForgeContributor(Author("", "", "somebody-else"), "opened pull request 7", None),),
    )
    assert (account.outcome.state, account.outcome.cause) == ("unknown", "unknown")
    assert account.outcome.seen.startswith("somebody-else opened pull request 7, and base's policies/roles.yaml")
    assert f"whether that is {CISO}" in account.outcome.seen


ONE, OTHER = Person(name=CISO, github="ciso-gh"), Person(name=CISO, email=email_of(CISO))


@pytest.mark.parametrize(
    ("holder", "maker", "said"),
    [
        (ONE, Author("Mo", "mo@example.org"), "mo@example.org"),
        (OTHER, Author("Mo", "", "github:mo"), "github:mo"),
        (OTHER, Author("Mo", "", "", "github:7"), "Mo"),
        (OTHER, Author("Mo", "", "github:mo", "github:7"), "github:mo"),
    ],
)
@pytest.mark.parametrize("known_as", ["nobody", "one that may be the holder", "somebody else"])
def test_d13_a_maker_of_whom_base_knows_nothing_in_common_may_be_the_holder(
    holder: Person, maker: Author, said: str, known_as: str
) -> None:
    """Unless base knows the maker as somebody who certainly is another."""
    address, account = maker.email or None, maker.account.removeprefix("github:") or None
    number = int(maker.account_id.removeprefix("github:") or 0) or None
    listed = Person(name="M.", email=address, github=account, github_id=number)
    if known_as == "somebody else":
        differs = {"github": "mo-gh"} if holder is ONE else {"email": "mo@example.org"}
        listed = listed.model_copy(update=differs)
    committer = Person(name=AUTHOR, email=email_of(AUTHOR), github="author-gh")
    others = (committer, listed) if known_as != "nobody" else (committer,)
    members = {**people().members, "ciso": (holder,), "legal": others}
    approver = Author("", "", "github:ciso-gh") if holder is ONE else author(CISO)
    hand = ForgeContributor(maker, "opened pull request 7", None)
    found = asked(approved(approver=approver), members=members, contributors=(hand,))
    assert found.outcome.state == ("met" if known_as == "somebody else" else "unknown")
    if known_as != "somebody else":
        assert found.outcome.seen.startswith(f"{said} opened pull request 7")


def test_a_claim_for_earlier_content_says_what_moved_since() -> None:
    def why(*parts: tuple[str, str]) -> str:
        return asked(approved(digest="sha256:0", parts=parts)).claims[0].why

    assert why() == "for another content than what would be merged now"
    assert why(("entry", "sha256:0")).startswith("for an earlier content: ")
    assert "changed since" in why(("entry", "sha256:0"))
    assert "gone is gone" in why(("gone", "sha256:0"))


@pytest.mark.parametrize(
    ("kind", "enrolled", "forgiven"),
    [
        ("dimension-answered", day(-1), True),
        ("dimension-answered", day(-3000), False),
        ("dimension-answered", None, False),
        ("path-narrowed", day(-1), False),
        ("tier-lowered", day(-1), False),
    ],
)
def test_d48_only_first_answers_in_time_merge_where_base_names_nobody_to_read_them(
    kind: str, enrolled: Any, forgiven: bool
) -> None:
    was = with_entry(facts(), enrolled=enrolled)
    made = evaluation([was], [was], [change(kind, "decision_impact", None, "employment")])
    found = [item for item in weighed(made, people(members={})) if item.outcome.instance.startswith(f"{kind}:")]
    assert [item.outcome.state for item in found] == ["gap"]
    assert [item.forgiven for item in found] == [forgiven]
    named = [item for item in weighed(made) if item.outcome.instance.startswith(f"{kind}:")]
    assert not any(item.forgiven for item in named), "where base names somebody, they are asked"


def test_a_gate_that_counts_no_card_counts_no_result_that_its_numbers_rest_on() -> None:
    bound = replace(AFTER, card=replace(AFTER.card, bound=(("r.json", "1" * 40),)))  # type: ignore[type-var]
    counted, left = (content_of(bound, (), (), with_card=with_card) for with_card in (True, False))
    assert (counted["card"], counted["numbers"]) == (bound.card and bound.card.oid, {"r.json": "1" * 40})
    assert (left["card"], left["numbers"]) == (None, {})
    assert content_of(replace(bound, card=None), (), ())["numbers"] == {}


BLOB, OTHER_BLOB = "1" * 40, "2" * 64


@pytest.mark.parametrize(
    ("was", "now", "shown"),
    [
        (BLOB, OTHER_BLOB, True),
        (OTHER_BLOB, BLOB, True),
        ("sha256:" + "1" * 64, BLOB, False),
        (BLOB, "sha256:" + "1" * 64, False),
        ("sha256:" + "1" * 64, "sha256:" + "2" * 64, False),
        ("1" * 39, BLOB, False),
        (BLOB, "1" * 41, False),
        ("", BLOB, False),
        (BLOB, "", False),
    ],
)
def test_the_command_that_shows_what_moved_is_told_where_git_holds_both(was: str, now: str, shown: bool) -> None:
    part = "test bias-benchmark-suite"
    subject = ApprovalSubject("CASE", GATE, "sha256:0", (("x", "y"), (part, now)), ((part, "results/bias.xml"),))
    told = explain_difference((("x", "y"), (part, was)), subject)
    assert told is not None
    assert "results/bias.xml" in told
    assert (f"git diff {was[:10]} {now[:10]}" in told) is shown
    assert ("git diff" in told) is shown
