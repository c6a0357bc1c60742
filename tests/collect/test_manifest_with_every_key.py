"""A manifest that writes every key which the public face of the project shows is read without a problem."""

from __future__ import annotations

from policy_gate.collect.layout import Layout
from policy_gate.collect.systems import declared_systems, entries_of
from policy_gate.documents.validation import validated
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.schema.documents import Config, Manifest

MANIFEST = """\
schema: policy-gate/manifest/v1
systems:
  - id: SYS-001
    name: Hiring Resume Screener
    description: Ranks applicants by what they write
    owner_team: People Ops
    incident_contact: ai-oncall@example.com
    deployment_date: 2027-03
    stage: development
    enrolled: 2026-11-22
    reclassified: 2026-11-22
    reclassification_review: 2027-01-20
    stage_since: 2026-11-22
    sections: {red-team-report: {"Who attacked": "Testing team"}}
    models: [{name: claude-opus-4-6, vendor: anthropic}]
    risk_profile:
      decision_impact: employment
      human_oversight: partial
      data_sensitivity: sensitive
      user_vulnerability: general_public
      deployment_scale: thousands
      decision_reversibility: difficult_to_reverse
    regulatory_scope: [EU_AI_Act, GDPR, EEOC]
    facts: {eu_market: true, annex_iii_points: [4-a], profiles_persons: true}
    model_card: MODEL_CARD.md
    paths: ["screener/**"]
    vendors: [anthropic]
    artifacts:
      - {id: red-team-report, path: governance/red-team.md, status: final, completed: 2026-10-01}
      - {id: security-assessment-report, url: "https://drive.example.com/x", sha256: "%s", held_by: Security,
         completed: 2026-10-02}
    tests:
      - {id: bias-benchmark-suite, report: reports/bias.xml}
    not_applicable:
      - {id: shadow-mode-validation, reason: "no predecessor to shadow"}
vendors:
  - id: anthropic
    vendor_name: Anthropic
    product_name: Claude API
    access_type: api
    data_sent: Resumes without names
    use_case: Ranking
    soc2_type2_certified: true
    assessed_on: 2026-05-01
""" % ("9f" * 32)
CONFIG = """\
schema: policy-gate/config/v1
repository: example-org/screener
manifests: ["**/governance.yaml"]
policies: policies
packs: [eu-ai-act, gdpr, nist-ai-rmf]
shared: ["governance/shared/**"]
enforcement: [".github/workflows/*.yml", ".gitlab-ci.yml"]
tool: {version: "0.1", policies_digest: "sha256:%s"}
merge_methods: [merge, squash]
""" % ("9f" * 32)


def test_every_key_of_a_manifest_and_of_the_config_is_known() -> None:
    config = validated(Config, "policy-gate.yaml", "0", *read_yaml("policy-gate.yaml", CONFIG.encode()))
    manifest = validated(Manifest, "governance.yaml", "0", *read_yaml("governance.yaml", MANIFEST.encode()))
    (system,) = declared_systems(entries_of((manifest,)), (), Layout(config.content))
    assert system.problems == ()
    assert [vendor.id for vendor in system.vendors] == ["anthropic"]
