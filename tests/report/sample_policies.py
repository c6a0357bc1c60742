"""A small law and three systems under it, built by hand: what the views of policies and facts are tried on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from policy_gate.app.views import builtin_policies
from policy_gate.policy.docs import every_doc
from policy_gate.schema.card_fields import WantedCardField
from policy_gate.schema.dates import Period, periods
from policy_gate.schema.documents import Manifest, RiskProfile, SystemEntry
from policy_gate.schema.facts import Facts, Rating
from policy_gate.schema.policy_docs import PolicyDocs
from policy_gate.schema.rule import Requirement, Rule
from policy_gate.schema.rule_condition import Condition, Truth
from policy_gate.schema.rule_set import (
    Activity,
    Artifact,
    ChangeKind,
    Control,
    Dimension,
    FactDefinition,
    Floor,
    Gate,
    LawClass,
    Origin,
    Regulation,
    Role,
    RuleSet,
    Scoring,
    TestDefinition,
    WantedSection,
)
from policy_gate.schema.rule_settings import Assurance, DebtPeriods, Owners, WaiverSettings
from policy_gate.schema.snapshot import DeclaredSystem, SystemKey
from policy_gate.schema.source import Document, Location

POINTS = {
    "decision_impact": {"life_safety": 5, "employment": 4, "financial": 3, "access_to_services": 3, "informational": 1},
    "human_oversight": {"none": 4, "partial": 2, "full": 1},
    "data_sensitivity": {"special_category": 4, "highly_sensitive": 3, "sensitive": 2, "non_sensitive": 1},
    "user_vulnerability": {"vulnerable_populations": 4, "general_public": 2, "professionals": 1},
    "deployment_scale": {"millions": 3, "hundreds_of_thousands": 2, "thousands": 1, "internal": 0},
    "decision_reversibility": {"irreversible": 3, "difficult_to_reverse": 2, "reversible": 1},
}
PERIODS: Mapping[Any, Period] = {"high": Period.parse("P60D"), "low": Period.parse("P180D")}


@dataclass(frozen=True)
class Words(Condition):
    """A condition that is only its text."""

    text: str

    def truth(self, facts: Mapping[str, Any]) -> Truth:
        return Truth(None)


def by_id(*specs: Any) -> dict[str, Any]:
    return {spec.id: spec for spec in specs}


@cache
def shipped() -> RuleSet:
    return builtin_policies()


def rules() -> tuple[Rule, ...]:
    gate = Rule(
        "gate", "pre-deployment-security-review", "Pre-Deployment Security Review",
        "Attackers and unfair results are cheaper to find here.", None,
        (
            Requirement("artifact", "model-card", status="final"),
            Requirement("artifact", "red-team-report"),
            Requirement("approval", "ciso"),
            Requirement("test", "bias-benchmark-suite", when=(Words("system.user_facing"),)),
        ),
        "block", tiers=frozenset({"high", "critical"}), gate="pre-deployment-security-review",
    )  # fmt: skip
    control = Rule(
        "control", "model-card", "Model card", "Users must know where it fails.", None,
        (Requirement("artifact", "model-card", status="final"),), "block", tiers=frozenset({"high", "medium"}),
        gate="pre-deployment-security-review",
    )  # fmt: skip
    lowering = Rule(
        "rule", "tier-lowering", "This change lowers the tier", "Somebody else must agree.",
        "D16", (Requirement("approval", "ai-safety-lead"),), "block", "change",
        Words('change.kind == "tier-lowered"'), waivable=False,
    )  # fmt: skip
    return gate, control, lowering


def docs() -> PolicyDocs:
    """What the small law says to people, of every id."""
    return every_doc(policy())


def policy() -> RuleSet:
    return RuleSet(
        rules=rules(),
        gates=by_id(
            Gate(
                id="pre-deployment-security-review", title="Pre-Deployment Security Review",
                from_="development", to="pre_deployment", tiers=("critical", "high"),
            )
        ),
        controls=by_id(
            Control(id="model-card", title="Model card", tiers=("high", "medium"))
        ),
        plain_rules=by_id(*(rule for rule in rules() if rule.kind == "rule")),
        artifacts=by_id(
            Artifact(
                id="model-card", title="Model card", about="What the model is for and where it fails.",
                is_model_card=True, responsible=("engineering",), accountable=("product-owner",),
            ),
            Artifact(
                id="red-team-report", title="Red team report", about="Who attacked the system, and what got through.",
                sections=(WantedSection("Scope"), WantedSection("Findings", min_words=20),), min_words=80,
                max_age={"high": Period.parse("P1Y"), "critical": Period.parse("P6M")},
                responsible=("ai-safety-lead",), accountable=("ciso",),
            ),
        ),
        tests=by_id(
            TestDefinition(
                id="bias-benchmark-suite", title="Bias benchmark suite", about="Results by group against the limits.",
                max_age=periods("P1Y"), responsible=("engineering",), accountable=("ai-safety-lead",),
            )
        ),
        roles=by_id(
            Role(id="ciso", title="CISO", about="Answers for security."),
            Role(id="ai-safety-lead", title="AI Safety Lead", about="Answers for safety."),
            Role(id="engineering", title="Engineering", about="Builds it."),
            Role(id="product-owner", title="Product owner", about="Answers for its use."),
        ),
        facts=by_id(FactDefinition(id="user_facing", type="BOOL", about="People use the system.", weaker="false")),
        change_kinds=by_id(ChangeKind(id="tier-lowered", title="The tier falls", weakening=True)),
        regulations=by_id(Regulation(id="eu-ai-act", title="EU AI Act", aliases=("EU_AI_Act",))),
        aliases={"eu_ai_act": "eu-ai-act", "eu-ai-act": "eu-ai-act"},
        raci=by_id(
            Activity(
                id="red-team-program", title="Red team program", responsible=("ai-safety-lead",), accountable="ciso",
                consulted=("engineering",),
            )
        ),
        card_fields=(WantedCardField(id="known_limitations", title="Known limitations", tiers=("critical", "high",)),),
        scoring=Scoring(
            tuple(Dimension(id=name, title=name, points=points) for name, points in POINTS.items()),
            (("critical", 17), ("high", 12), ("medium", 7), ("low", 0)),
            (Floor("employment", Words('system.decision_impact == "employment"'), "high", "Employment decisions"),),
            (LawClass("eu-ai-act:high-risk-annex-iii", Words("true"), "eu-ai-act", 2, "High-risk use of Annex III"),),
        ),
        controls_by_tier={
            "critical": (), "high": ("security-assessment", "privacy-impact-assessment", "model-card"),
            "medium": ("model-card",), "low": (),
        },
        demanded={},
        assurance=Assurance({"high": "verified"}, "verified", {"high": "committed"}, frozenset({"low", "medium"}),
                            (), frozenset(), Period.parse("P90D"), frozenset({"high"})),
        debt=DebtPeriods(PERIODS, PERIODS, PERIODS, PERIODS, Period.parse("P30D")),
        waivers=WaiverSettings(PERIODS, ("tier-lowering",)),
        waiver_rules=shipped().waiver_rules,
        owners=Owners(("engineering",), ("ai-safety-lead",), ("engineering",), ("product-owner",)),
        renamed_roles={},
        origins={
            "artifact:red-team-report": Origin("builtin", Location("builtin:artifacts.yaml", 30, 5)),
            "artifact:red-team-report.min_words": Origin("repository", Location("policies/own.yaml", 7, 16)),
            "rule:tier-lowering": Origin("builtin", Location("builtin:weakenings.yaml", 4, 5)),
            "threshold:high": Origin("organisation", Location("org/risk.yaml", 3, 5)),
        },
        digest="sha256:" + "d" * 64,
        source="builtin + base:policies",
        notes=("2 documents in policies/ are not ours and were not read",),
    )  # fmt: skip


# fmt: off
WRITTEN = {
    "artifact:red-team-report": {
        "id": "red-team-report", "title": "Red team report",
        "about": "Who attacked the system, and what got through.",
        "sections": [{"title": "Scope"}, {"title": "Findings", "min_words": 20}], "min_words": 80,
        "max_age": {"high": "P1Y", "critical": "P6M"},
        "responsible": ["ai-safety-lead"], "accountable": ["ciso"],
    },
    "rule:tier-lowering": {
        "id": "tier-lowering", "title": "This change lowers the tier", "for_each": "change",
        "when": 'change.kind == "tier-lowered"', "require": [{"approval": "ai-safety-lead"}],
        "enforcement": "block",
    },
    "threshold:high": {"tier": "high", "at_least": 12},
}
# fmt: on


def facts(name: str, title: str, profile: dict[str, str], **changes: Any) -> Facts:
    entry = SystemEntry(
        id=name, name=title, owner_team="Team", stage="development", paths=[], risk_profile=RiskProfile(**profile)
    )  # type: ignore[arg-type]
    manifest = Document("governance.yaml", "0" * 40, Manifest(schema="policy-gate/manifest/v1", systems=[entry]), {})
    key = SystemKey("governance.yaml", name)
    rating: dict[str, Any] = {
        "score": 13,
        "score_range": (13, 13),
        "score_tier": "high",
        "tier_range": ("high", "high"),
        "undeclared": (),
        "floors": (),
        "law_class": (),
    }
    return Facts(
        declared=DeclaredSystem(key, entry, manifest, 0),
        stage="development",
        from_stage="development",
        regulations=(),
        stated={},
        rating=Rating(**{**rating, **changes}),
        artifacts=MappingProxyType({}),
        tests=MappingProxyType({}),
    )


SCREENER = {
    "decision_impact": "employment",
    "human_oversight": "partial",
    "data_sensitivity": "sensitive",
    "user_vulnerability": "general_public",
    "deployment_scale": "thousands",
    "decision_reversibility": "difficult_to_reverse",
}

SUMMARISER = {
    "decision_impact": "informational",
    "human_oversight": "full",
    "data_sensitivity": "sensitive",
    "user_vulnerability": "professionals",
    "deployment_scale": "internal",
    "decision_reversibility": "reversible",
}


def systems() -> tuple[Facts, ...]:
    open_profile = {name: value for name, value in SCREENER.items() if name != "human_oversight"}
    open_profile["decision_impact"] = "financial"
    return (
        facts(
            "SYS-005", "Support triage", open_profile, score=None, score_tier=None, score_range=(11, 14),
            tier_range=("medium", "high"), undeclared=("human_oversight",),
        ),
        facts(
            "SYS-001", "Hiring Resume Screener", SCREENER, floors=("employment",),
            law_class=("eu-ai-act:high-risk-annex-iii",),
        ),
        facts(
            "SYS-003", "Meeting Summariser", SUMMARISER, score=6,
            score_range=(6, 6), score_tier="low", tier_range=("low", "low"),
        ),
    )  # fmt: skip
