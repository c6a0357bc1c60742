"""What the policies say of vendors, and who does what: layers tighten it, and faults are told where they stand."""

# ruff: noqa: E501 - tables of cases are read one a line

from __future__ import annotations

import pytest

from policy_gate.collect.policy_files import builtin_layer
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.errors import PolicyError
from policy_gate.policy.load import load_policies
from policy_gate.schema.check_inputs import LayerSource
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.source import Document

SHIPPED = builtin_layer()
OWN = "{id: mine, title: T, why: W, when: 'true', that: vendor.bug_bounty_program, severity: low, points: 1, issue: I, asks: A?, fix: F}"


def with_layer(text: str, kind: str = "repository") -> RuleSet:
    path = f"{kind}/own.yaml"
    raw, marks = read_yaml(path, f"schema: policy-gate/policy/v1\n{text}".encode())
    own = LayerSource(kind, kind, (Document(path, "0" * 40, raw, marks),), trusted=True)  # type: ignore[arg-type]
    return load_policies((SHIPPED, own))


def refused(text: str, kind: str = "repository") -> str:
    with pytest.raises(PolicyError) as fault:
        with_layer(text, kind)
    return "\n".join(f"{it.line}:{it.column} {it.message} ({it.hint})" for it in fault.value.problems)


def test_a_layer_adds_a_finding_and_raises_what_one_weighs() -> None:
    policy = with_layer(
        f"vendor_findings:\n  - {OWN}\n  - {{id: no-dpa, points: 5}}\n  - {{id: no-audit-rights, severity: high}}\n"
        "vendor_tiers:\n  - {id: high, at_least: 6, review_every: P6M}\n  - {id: low, severities: [medium]}\n"
    )
    assert policy.vendor_findings["mine"].points == 1
    assert policy.vendor_findings["no-dpa"].points == 5
    assert policy.vendor_findings["no-dpa"].that.text == "vendor.has_dpa"
    assert policy.vendor_findings["no-audit-rights"].severity == "high"
    assert (policy.vendor_tiers["high"].at_least, str(policy.vendor_tiers["high"].review_every)) == (6, "P6M")


def test_a_layer_may_loosen_what_is_marked_and_it_is_noted() -> None:
    policy = with_layer("vendor_findings: [{id: no-audit-rights, points: 0}]")
    assert policy.vendor_findings["no-audit-rights"].points == 0
    assert any("no-audit-rights" in note for note in policy.notes)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("vendor_findings: [{id: no-dpa, points: 1}]", "vendor-finding no-dpa: points loosens 3 to 1"),
        ("vendor_findings: [{id: no-dpa, severity: high}]", "vendor-finding no-dpa: severity loosens critical to high"),
        ("vendor_findings: [{id: no-dpa, that: 'true'}]", "vendor-finding no-dpa: that loosens"),
        ("vendor_findings: [{id: no-dpa, when: vendor.access_type == 'api'}]", "vendor-finding no-dpa: when loosens"),
        ("vendor_tiers: [{id: high, at_least: 9}]", "vendor-tier high: at_least loosens 8 to 9"),
        ("vendor_tiers: [{id: high, use_approved: true}]", "vendor-tier high: use_approved loosens false to true"),
        ("vendor_tiers: [{id: medium, blocked_by: [critical]}]", "vendor-tier medium: blocked_by loosens"),
        ("vendor_tiers: [{id: low, review_every: P2Y}]", "vendor-tier low: review_every loosens P1Y to P2Y"),
    ],
)  # fmt: skip
def test_a_layer_may_not_loosen_what_is_not_marked(text: str, said: str) -> None:
    assert said in refused(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OWN.replace("vendor.bug_bounty_program", "vendor.bug_bountyprogram"), 'unknown name "vendor.bug_bountyprogram"'),
        (OWN.replace("vendor.bug_bounty_program", "vendor.data_retention_days"), "got INT, expected BOOL"),
        (OWN.replace("'true'", "vendor.access_type == 'apii'"), 'vendor.access_type is never \'apii\' (did you mean "api"?)'),
        (OWN.replace("'true'", "'\"personnal\" in vendor.data_classes'"), "vendor.data_classes is never"),
        (OWN.replace("'true'", "system.tier == 'low'"), "system.tier is not read here"),
        (OWN.replace("'true'", "vendor.risk_score > 1"), "vendor.risk_score is not read here"),
        (OWN.replace("issue: I", "issue: 'Kept {retention} days'"), 'no vendor has a field "retention"'),
        (OWN.replace("severity: low", "severity: lwo"), 'severity is "lwo"'),
        (OWN.replace("points: 1", "points: -1"), "points is -1"),
        (OWN.replace("asks: A?, ", ""), "asks is missing"),
    ],
)  # fmt: skip
def test_a_finding_with_a_fault_is_refused_where_it_stands(text: str, said: str) -> None:
    told = refused(f"vendor_findings:\n  - {text}")
    assert said in told
    assert told.startswith("3:")


def test_tiers_begin_one_after_the_other() -> None:
    assert "high: begins at 3 points, medium at 4" in refused("vendor_tiers: [{id: high, at_least: 3}]")


# Who does what

ROW = "{{id: x, title: T, responsible: [{r}], accountable: {a}, consulted: [{c}], informed: [{i}]}}"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ROW.format(r="ciso", a="[ciso, dpo]", c="", i=""), "exactly one accountable role (got ciso, dpo)"),
        (ROW.format(r="ciso", a="[]", c="", i=""), "exactly one accountable role (got none)"),
        (ROW.format(r="", a="ciso", c="", i=""), "responsible"),
        (ROW.format(r="ciso", a="cisso", c="", i=""), 'unknown role "cisso" (did you mean "ciso"?)'),
        (ROW.format(r="dpo, dpo", a="ciso", c="", i=""), "activity x: responsible names dpo twice"),
        (ROW.format(r="dpo", a="ciso", c="dpo", i=""), "activity x: dpo is responsible and consulted"),
        (ROW.format(r="dpo", a="ciso", c="", i="ciso"), "activity x: ciso is accountable and informed"),
        (ROW.format(r="dpo", a="ciso", c="legal", i="legal"), "activity x: legal is consulted and informed"),
    ],
)
def test_what_is_wrong_with_a_row_is_told_where_it_stands(row: str, said: str) -> None:
    told = refused(f"raci:\n  - {row}")
    assert said in told
    assert told.startswith("3:")


def test_whoever_answers_may_do_the_work_too() -> None:
    policy = with_layer("raci:\n  - " + ROW.format(r="ciso, legal", a="ciso", c="dpo", i="product"))
    assert (policy.raci["x"].accountable, policy.raci["x"].responsible) == ("ciso", ("ciso", "legal"))
    more = with_layer("raci:\n  - {id: security-assessment, accountable: legal, informed: [dpo, product]}")
    assert more.raci["security-assessment"].accountable == "legal"
