"""A small but whole rule set, as YAML text, and the layers that tests make of it."""

# ruff: noqa: E501 - tables of cases are read one a line

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.errors import PolicyError
from policy_gate.policy.load import load_policies
from policy_gate.schema.check_inputs import LayerSource
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.source import Document, Problem

SCHEMA = "schema: policy-gate/policy/v1\n"

SCORING = (
    SCHEMA
    + """
dimensions:
  - {id: decision_impact, title: Impact, points: {life_safety: 5, employment: 4, financial: 3, access_to_services: 3, reputational: 2, informational: 1}}
  - {id: human_oversight, title: Oversight, points: {none: 4, partial: 2, full: 1}}
  - {id: data_sensitivity, title: Data, points: {special_category: 4, highly_sensitive: 3, sensitive: 2, non_sensitive: 1}}
  - {id: user_vulnerability, title: People, points: {vulnerable_populations: 4, general_public: 2, professionals: 1}}
  - {id: deployment_scale, title: Scale, points: {millions: 3, hundreds_of_thousands: 2, thousands: 1, internal: 0}}
  - {id: decision_reversibility, title: Undoing, points: {irreversible: 3, difficult_to_reverse: 2, reversible: 1}}
thresholds:
  - {tier: critical, at_least: 17}
  - {tier: high, at_least: 12}
  - {tier: medium, at_least: 7}
floors:
  - {id: life-safety, title: Life safety, when: system.decision_impact == "life_safety", tier: high}
"""
)

PEOPLE = (
    SCHEMA
    + """
facts:
  - {id: eu_market, type: BOOL, about: On the EU market, weaker: "false"}
  - {id: purpose, type: STRING, about: What for, values: [hiring, chat]}
  - {id: users, type: INT, about: How many users, weaker: lower}
regulations:
  - {id: gdpr, title: GDPR, aliases: [DSGVO]}
  - {id: eu-ai-act, title: EU AI Act, pack: eu-ai-act, aliases: [EU_AI_Act]}
roles:
  - {id: ciso, title: CISO, about: Security}
  - {id: ai-safety-lead, title: Lead, about: Safety}
artifacts:
  - id: model-card
    title: Model card
    about: The card
    is_model_card: true
    overridable: true
    responsible: [ai-safety-lead]
    accountable: [ciso]
    max_age: P1Y
    min_words: 40
    sections: [{title: Purpose, min_words: 8}, {title: Limits}]
  - {id: red-team-report, title: Red team, about: Attacks, responsible: [ciso], accountable: [ciso]}
tests:
  - {id: bias-suite, title: Bias, about: Bias, responsible: [ciso], accountable: [ciso]}
change_kinds:
  - {id: tier-lowered, title: Tier lowered, weakening: true}
  - {id: use-case-changed, title: Purpose changed}
card_fields:
  - {id: known_limitations, title: Limits, tiers: [high, critical]}
raci:
  - {id: triage, title: Triage, responsible: [ciso], accountable: ciso}
assurance:
  approvals: {low: verified, medium: verified, high: verified, critical: verified}
  governed_changes: verified
  authors: forge
  valid_for: P90D
  binds_code: [critical, high]
debt:
  enrolment: {low: P1Y, medium: P6M, high: P3M, critical: P1M}
  reclassification: {low: P1Y, medium: P6M, high: P3M, critical: P1M}
  effective: {low: P1Y, medium: P6M, high: P3M, critical: P1M}
  expiry: {low: P1Y, medium: P6M, high: P3M, critical: P1M}
waivers:
  max_period: {low: P1Y, medium: P6M, high: P3M, critical: P1M}
  approved_like: [use-case-change]
waiver_rules:
  - {id: waiver-expired, title: Expired, why: So., enforcement: remediate, finding: "{what} expired", message: M, fix: F}
  - {id: waiver-unused, title: Unused, why: So., enforcement: advise, finding: "{what} is unused", message: M, fix: F}
  - {id: waiver-too-broad, title: Broad, why: So., enforcement: remediate, finding: "{what} is broad", message: M, fix: F}
  - {id: waiver-refused, title: Refused, why: So., enforcement: remediate, finding: "{what} is void", message: M, fix: F}
owners: {responsible: [ciso], accountable: [ai-safety-lead], stage_responsible: [ciso], stage_accountable: [ciso]}
"""
)

RULES = (
    SCHEMA
    + """
gates:
  - id: security-review
    title: Security review
    why: Before anybody is hurt.
    from: development
    to: pre_deployment
    tiers: [critical, high]
    none_for: [low, medium]
    enforcement: block
    overridable: true
    require:
      - artifact: model-card
        status: final
      - approval: ciso
      - {test: bias-suite, max_age: P6M}
controls:
  - {id: full-assessment, title: Full, why: Because., tiers: [critical], due_at: security-review, require: [{artifact: red-team-report}]}
  - id: assessment
    title: Plain
    why: Because.
    tiers: [high, medium]
    due_at: security-review
    require: [{artifact: model-card}]
    satisfied_by: [full-assessment]
  - {id: checklist, title: List, why: Because., tiers: [low], due_at: security-review, require: [{card: complete}], satisfied_by: [assessment]}
  - {id: logging, title: Logs, why: Because., tiers: [low], recurring: P1Y, require: [{card: [known_limitations]}]}
rules:
  - id: use-case-change
    title: The purpose changed
    for_each: change
    when: change.kind == "use-case-changed" && system.tier in ["critical", "high"]
    require: [{approval: ai-safety-lead}]
    enforcement: block
    why: It was classified for another purpose.
  - id: hiring-in-eu
    title: Hiring in the EU
    when: system.purpose == "hiring" && system.eu_market
    require:
      - {that: system.users < 1000, message: Too many users}
    enforcement: remediate
    waivable: false
    why: It is regulated.
"""
)

FILES = {"builtin/a.yaml": SCORING, "builtin/b.yaml": PEOPLE, "builtin/c.yaml": RULES}


def document(path: str, text: str) -> Document[Any]:
    raw, marks = read_yaml(path, text.encode())
    return Document(path, "0" * 40, raw, marks)


def layer(files: Mapping[str, str], name: str = "builtin", *, trusted: bool = True) -> LayerSource:
    kind = {"builtin": "builtin", "org": "organisation", "base": "repository"}[name]
    shown = {"builtin": "builtin", "org": "organisation:/etc/policies", "base": "base:policies"}[name]
    documents = tuple(document(path, text) for path, text in files.items())
    return LayerSource(kind, shown, documents, trusted=trusted)  # type: ignore[arg-type]


BUILTIN = layer(FILES)


def base(text: str, *, trusted: bool = True) -> LayerSource:
    """The repository's own layer, of one document."""
    return layer({"policies/own.yaml": SCHEMA + text}, "base", trusted=trusted)


def organisation(text: str) -> LayerSource:
    """The organisation's layer, of one document."""
    return layer({"org.yaml": SCHEMA + text}, "org")


def policies_of(*layers: LayerSource) -> RuleSet:
    return load_policies((BUILTIN, *layers))


def refused(*layers: LayerSource, packs: tuple[str, ...] = ()) -> tuple[Problem, ...]:
    """The problems for which the layers are refused; an AssertionError where they are not."""
    try:
        load_policies(layers, packs)
    except PolicyError as fault:
        return fault.problems
    raise AssertionError("the layers were enacted")


def edited(old: str, new: str) -> LayerSource:
    """The builtin layer with one passage, which must be there exactly once, put otherwise."""
    assert sum(text.count(old) for text in FILES.values()) == 1, old
    return layer({path: text.replace(old, new) for path, text in FILES.items()})
