"""Cases of the rules, and roles that somebody holds."""

from __future__ import annotations

import pytest
from small_policies import document, policies_of

from policy_gate.documents.validation import validated
from policy_gate.errors import DocumentError
from policy_gate.policy.cases import read_cases, rules_without_cases
from policy_gate.policy.lint_roles import lint_roles
from policy_gate.schema.roles import Roles
from policy_gate.schema.source import Problem

POLICIES = policies_of()
HEAD = "schema: policy-gate/case/v1\ncases:\n"
FIRES = HEAD + (
    "  - id: review-blocks\n    title: T\n    rule: security-review\n    facts: {system.eu_market: true, users: 3}\n"
    "    artifacts: {model-card: draft}\n    expect:\n"
    "      - {requirement: 'artifact:model-card', state: gap, rules: [security-review]}\n"
)


def test_cases_are_read_in_order_of_path() -> None:
    second = document("tests/b.yaml", HEAD + "  - {id: b, title: B}\n")
    first = document("tests/a.yaml", FIRES)
    assert [case.id for case in read_cases((second, first), POLICIES)] == ["review-blocks", "b"]


@pytest.mark.parametrize(
    ("old", "new", "place", "hint"),
    [
        ("rule: security-review", "rule: security-reviw", "5:11", "security-review"),
        ("users: 3", "usres: 3", "6:44", "users"),
        ("{model-card: draft}", "{model-crad: draft}", "7:29", "model-card"),
        ("{model-card: draft}", "{model-card: drafty}", "7:29", "draft"),
        ("state: gap", "state: gapp", "9:53", "gap"),
        ("rules: [security-review]", "rules: [cecurity-review]", "9:65", "security-review"),
        ("'artifact:model-card'", "'artefact:model-card'", "9:23", "artifact"),
        ("'artifact:model-card'", "'artifact:model-crad'", "9:23", "model-card"),
        ("artifacts:", "artifact:", "7:", "artifacts"),
        ("    expect:", "    changes: [{kind: tier-lowerd}]\n    expect:", "8:22", "tier-lowered"),
        ("    expect:", "    profile: {human_oversigt: full}\n    expect:", "8:31", "human_oversight"),
        ("    expect:", "    vendors: [{has_dpaa: true}]\n    expect:", "8:26", "has_dpa"),
    ],
)
def test_unknown_words_in_a_case_are_refused_where_they_stand(old: str, new: str, place: str, hint: str) -> None:
    assert old in FIRES
    with pytest.raises(DocumentError) as refusal:
        read_cases((document("tests/a.yaml", FIRES.replace(old, new)),), POLICIES)
    problem = refusal.value.problems[0]
    assert str(problem.location).startswith(f"tests/a.yaml:{place}")
    assert hint in problem.hint


def test_two_cases_of_one_id_are_refused_with_both_places() -> None:
    with pytest.raises(DocumentError) as refusal:
        read_cases((document("a.yaml", FIRES), document("b.yaml", FIRES)), POLICIES)
    assert "a.yaml:3:5, b.yaml:3:5" in refusal.value.problems[0].message


def test_rules_without_a_firing_and_a_resting_case_are_named() -> None:
    rests = (
        HEAD
        + "  - {id: quiet, title: Q, rule: security-review}\n  - {id: other, title: O, never: ['rule:hiring-in-eu']}\n"
    )
    read = read_cases((document("a.yaml", FIRES), document("b.yaml", rests)), POLICIES)
    lacking = {row.id: (row.fires, row.rests) for row in rules_without_cases(POLICIES, read)}
    assert "security-review" not in lacking
    assert lacking["hiring-in-eu"] == (False, True)
    assert lacking["assessment"] == (False, False)
    assert [str(row) for row in rules_without_cases(POLICIES, read)][-1] == "rule hiring-in-eu: no case makes it fire"


def roles_problems(text: str) -> tuple[Problem, ...]:
    raw = document("policies/roles.yaml", "schema: policy-gate/roles/v1\nroles:\n" + text)
    return lint_roles(validated(Roles, raw.path, raw.oid, raw.content, raw.marks), POLICIES)


HELD = "  ciso: {members: [{name: Ada, email: ada@example.com}]}\n  ai-safety-lead: {same_as: ciso}\n"


def test_roles_that_are_held_have_no_problem() -> None:
    assert roles_problems(HELD) == ()


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        (HELD + "  legall: {members: [{name: L}]}\n", "5:", 'unknown role "legall"', "known: ai-safety-lead, ciso"),
        (HELD.replace("same_as: ciso", "same_as: cisso"), "4:29", 'same_as names "cisso"', 'did you mean "ciso"?'),
        ("  ciso: {same_as: ai-safety-lead}\n  ai-safety-lead: {same_as: ciso}\n", "3:19", "in a circle", ""),
        ("  ciso: {same_as: ciso}\n", "3:19", "(ciso -> ciso)", ""),
    ],
)
def test_roles_that_lead_nowhere_are_errors(text: str, place: str, message: str, hint: str) -> None:
    problem = roles_problems(text)[0]
    assert str(problem.location).startswith(f"policies/roles.yaml:{place}")
    assert message in problem.message
    assert hint in problem.hint
    assert not problem.advice


def test_a_role_that_a_rule_asks_for_and_nobody_holds_is_advice() -> None:
    (problem,) = roles_problems("  ciso: {members: [{name: Ada, email: ada@example.com}]}\n")
    assert problem.advice
    assert problem.message == (
        "role ai-safety-lead is asked to approve (first by rule use-case-change) and nobody holds it"
    )
    (empty, _) = roles_problems("  ciso: {}\n")
    assert empty.advice
    assert empty.message == "role ciso: nobody holds it"


KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJwTqkGJuYXZ4IvQRMMHaLbhbDqMF3ZnLcZJvVvA3Tqk"


def _member(name: str, keys: str, email: str = "") -> str:
    return f"{{name: {name}{f', email: {email}' if email else ''}, keys: [{keys}]}}"


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ([_member("Ada", "ssh-ed25519 AAAA", "ada@example.com")], "a key of Ada is no key"),
        ([_member("Ada", KEY)], "Ada has keys, and no address or account"),
        (
            [_member("Ada", KEY, "ada@example.com"), _member("Rae", f"{KEY} laptop", "rae@example.com")],
            "Ada and Rae pin the same key",
        ),
    ],
)
def test_keys_that_can_sign_for_nobody_are_errors(members: list[str], message: str) -> None:
    found = roles_problems(f"  ciso: {{members: [{', '.join(members)}]}}\n  ai-safety-lead: {{same_as: ciso}}\n")
    assert [message in problem.message for problem in found] == [True]
    assert not found[0].advice


def test_one_person_pins_one_key_in_several_roles() -> None:
    ada = _member("Ada", KEY, "ada@example.com")
    for again in (ada, f"{{name: Ada, github: ada-x, keys: [{KEY}]}}"):
        assert roles_problems(f"  ciso: {{members: [{ada}]}}\n  ai-safety-lead: {{members: [{again}]}}\n") == ()


def _as(name: str, identity: str, **more: str) -> str:
    said = "".join(f", {key}: {value}" for key, value in more.items())
    pinned = f"{{issuer: https://token.actions.githubusercontent.com, identity: '{identity}'{said}}}"
    return f"{{name: {name}, email: {name.lower()}@example.com, identities: [{pinned}]}}"


WORKFLOW = "https://github.com/example-org/app/.github/workflows/audit.yml@refs/heads/main"


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ([_as("Ada", WORKFLOW), _as("Rae", WORKFLOW)], "Ada and Rae pin the same identity"),
        ([_as("Ada", WORKFLOW.replace("heads/main", "pull/7/merge"))], "changes that are only proposed"),
        ([_as("Ada", WORKFLOW, called_by=WORKFLOW.replace("heads/main", "pull/7/merge"))], "only proposed"),
        ([_as("Ada", WORKFLOW + "\u200b")], "the identity holds U+200B"),
        ([f"{{name: Bot, identities: {_as('Bot', WORKFLOW).partition('identities: ')[2]}"], "no address, no account"),
    ],
)
def test_identities_that_sign_for_nobody_or_for_anybody_are_told(members: list[str], message: str) -> None:
    found = roles_problems(f"  ciso: {{members: [{', '.join(members)}]}}\n  ai-safety-lead: {{same_as: ciso}}\n")
    assert message in found[0].message


@pytest.mark.parametrize(
    "pinned",
    [
        {"issuer": "https://token.actions.githubusercontent.com", "identity": WORKFLOW.replace("audit.yml", "*")},
        {"issuer": "https://token.actions.githubusercontent.com", "identity": "*@example.com"},
        {"issuer": "https://*.example.com", "identity": "ada@example.com"},
        {"issuer": "http://example.com", "identity": "ada@example.com"},
        {"issuer": "https://example.com", "identity": "ada@example.com "},
        {"issuer": "https://example.com", "identity": "Ada"},
        {"issuer": "https://example.com", "identity": ""},
        {"issuer": "https://example.com"},
        {"identity": "ada@example.com"},
        {"issuer": "https://example.com", "identity": "ada@example.com", "repository_id": 0},
        {"issuer": "https://example.com", "identity": "ada@example.com", "ref": "main"},
    ],
    ids=str,
)
def test_an_identity_is_pinned_whole_and_without_wildcards(pinned: dict[str, object]) -> None:
    from pydantic import ValidationError

    from policy_gate.schema.roles import PinnedIdentity

    with pytest.raises(ValidationError):
        PinnedIdentity.model_validate(pinned)
    good = {"issuer": "https://token.actions.githubusercontent.com", "identity": WORKFLOW, "repository_id": 4711}
    assert PinnedIdentity.model_validate(good).identity == WORKFLOW
