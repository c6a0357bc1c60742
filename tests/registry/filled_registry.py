"""A registry of a few repositories, filled as a sync fills it: two syncs, a month apart."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from policy_gate.registry.store import Registry
from policy_gate.schema import registry_record as it

FIRST, SECOND = "2026-10-01T06:00:00Z", "2026-11-20T06:00:00Z"
HOSTILE = (
    '<script>alert(1)</script><img src=x onerror="alert(2)">',
    '=HYPERLINK("https://evil.example","click")',
    "it's \u202egnp.exe \x1b[31m\u200b' or '1'='1\"; drop table systems; --",
    "@SUM(A1)\n::error::x",
)


def screener() -> it.RepositoryRecord:
    """A hiring system with everything that can be owed."""
    return it.RepositoryRecord(
        "acme/hiring", source="https://forge.example/acme/hiring", commit="a" * 40, as_of="2026-10-01", governed=True,
        verdict="block", tool_version="0.1.0",
        systems=(
            it.SystemRecord(
                "SYS-001", "Hiring Resume Screener", manifest="governance.yaml", description="Ranks applicants",
                owner_team="People Ops", incident_contact="people@acme.example", stage="production", tier="high",
                effective_tier="high", score=13, law_class=("eu-ai-act:high-risk-annex-iii",),
                regulatory_scope=("EU_AI_Act", "GDPR"), verdict="block", next_due="2026-11-01",
                next_due_title="Annual review",
                risk_profile={"decision_impact": "employment", "human_oversight": "partial"},
                gates=(it.GateStatus("pre-deployment-security-review", "Pre-Deployment Security Review", "block",
                                     ("privacy-impact-assessment", "red-team-report")),),
                facts={"system.decision_domain": ["employment"]},
            ),
        ),
        findings=(
            it.FindingRecord("f1", "SYS-001", "gap", "block", "overdue", "artifact", "privacy-impact-assessment",
                             "Privacy impact assessment", due="2026-11-01"),
            it.FindingRecord("f2", "SYS-001", "unknown", "remediate", "inherited", "artifact", "model-card",
                             "Model card"),
            it.FindingRecord("f3", "SYS-001", "waived", "block", "inherited", "artifact", "red-team-report",
                             "Red team report", due="2026-12-31", waiver="governance/waivers/w.yaml"),
        ),
        law=(
            it.LawRecord("SYS-001", "eu-ai-act", "art-9", "Risk management", "gap", "2026-08-02"),
            it.LawRecord("SYS-001", "eu-ai-act", "art-72", "Monitoring", "upcoming", "2027-12-02"),
            it.LawRecord("SYS-001", "gdpr", "art-35", "Impact assessment", "unknown"),
        ),
        vendors=(
            it.VendorRecord("SYS-001", "anthropic", "Anthropic", "Claude API", "api", "CVs", sends_personal_data=True,
                            has_dpa=False, risk="high", open=("no data processing agreement",),
                            review_due="2026-11-10"),
        ),
        models=(it.ModelRecord("SYS-001", "claude-3-opus", "anthropic", pinned=False, retires="2026-11-15"),),
        incidents=(
            it.IncidentRecord("INC-1", "SYS-001", "bias_harm", "high", "contained",
                              detected_at="2026-11-18T10:00:00Z",
                              clocks=(("gdpr-authority", "overdue", "2026-11-21T10:00:00Z"),)),
        ),
        approvals=(
            it.RecordedApproval("SYS-001", "pre-deployment-security-review", "ciso", "Ada Example", "2026-09-30",
                              expires="2026-11-30", verified=True),
        ),
        waivers=(it.WaiverRecord("SYS-001", "red-team-report", "booked for December", "2026-12-31", "valid", "",
                                 "Bo", "Ann", "2026-05-01"),),
        due=(
            it.DueRecord("SYS-001", "review", "Annual review", "2026-11-01", "People Ops"),
            it.DueRecord("SYS-001", "waiver", "Waiver of red-team-report ends", "2026-12-31"),
        ),
    )  # fmt: skip


def chatbot() -> it.RepositoryRecord:
    """A quiet system whose model nobody knows, and whose owner nobody names."""
    return it.RepositoryRecord(
        "acme/support", commit="b" * 40, as_of="2026-10-01", governed=True, verdict="pass",
        systems=(it.SystemRecord("SYS-001", "Customer Service Chatbot", stage="production", tier="medium",
                                 effective_tier="medium", score=11, verdict="pass"),),
    )  # fmt: skip


def undeclared() -> it.RepositoryRecord:
    return it.RepositoryRecord(
        "acme/notebooks", commit="c" * 40, as_of="2026-10-01",
        ai_uses=(it.AiUseRecord("train.py", "PyTorch", "sdk"), it.AiUseRecord("serve.py", "PyTorch", "sdk")),
    )  # fmt: skip


def hostile() -> it.RepositoryRecord:
    """Text that wants to be markup, a formula, a command of a runner, or SQL."""
    markup, formula, quotes, at = HOSTILE
    return it.RepositoryRecord(
        f"acme/{markup}", commit="d" * 40, as_of="2026-10-01", governed=True, verdict="block",
        systems=(it.SystemRecord(quotes, formula, owner_team=at, description=markup, stage=markup, tier="high",
                                 effective_tier="high", verdict="block", next_due_title=formula,
                                 manifest=markup),),
        findings=(it.FindingRecord("h", quotes, "gap", "block", "overdue", "artifact", "model-card", formula,
                                   due="2026-11-01"),),
        vendors=(it.VendorRecord(quotes, formula, markup, at, sends_personal_data=True),),
        models=(it.ModelRecord(quotes, formula, at, retires="2026-01-01", path=markup),),
        due=(it.DueRecord(quotes, "review", markup, "2026-12-01", formula),),
        law=(it.LawRecord(quotes, markup, formula, at, "gap", "2026-08-02"),),
        ai_uses=(it.AiUseRecord(markup, formula),),
    )  # fmt: skip


def fill(path: Path | str, *, with_hostile: bool = False) -> Path | str:
    """Two syncs: in the second one system has moved up a tier, one repository fails, and one was never read."""
    with Registry.open(path, for_writing=True) as registry:
        registry.begin_sync("0.1.0", FIRST)
        for record in (replace_tier(screener()), chatbot(), undeclared()):
            registry.record(record, "1")
        registry.end_sync(FIRST)
        registry.begin_sync("0.1.0", SECOND)
        registry.record(screener(), "2")
        for record in (hostile(),) if with_hostile else ():
            registry.record(record, "2")
        registry.failed("acme/support", "", "the host did not answer")
        registry.failed("acme/<gone>", "", "no such repository <b>")
        registry.is_current("acme/notebooks", "1")
        registry.end_sync(SECOND)
    return path


def replace_tier(record: it.RepositoryRecord) -> it.RepositoryRecord:
    systems = tuple(replace(one, tier="medium", effective_tier="medium") for one in record.systems)
    return replace(record, systems=systems)


def many(path: Path, systems: int, *, syncs: int = 3) -> Path:
    """A registry of so many systems, two a repository, that change from sync to sync."""
    tiers, teams = ("low", "medium", "high", "critical"), [f"Team {number:02}" for number in range(17)]
    stages = ("development", "pre_deployment", "production", "deprecated")
    with Registry.open(path, for_writing=True) as registry:
        for sync in range(syncs):
            at = f"2026-{9 + sync:02}-05T06:00:00Z"
            registry.begin_sync("0.1.0", at)
            for number in range(systems // 2):
                base = screener()
                one = replace(base.systems[0], name=f"Ranking of cases {number}", owner_team=teams[number % 17],
                              tier=tiers[(number + sync // 2) % 4], effective_tier=tiers[(number + sync // 2) % 4],
                              stage=stages[number % 4],
                              verdict=("pass", "conditions", "block")[number % 3])  # fmt: skip
                two = replace(one, id="SYS-002", name=f"Summary of files {number}", owner_team=teams[(number * 3) % 17])
                findings = base.findings[: number % 4] if sync else base.findings
                registry.record(
                    replace(base, repository=f"acme/service-{number:03}", systems=(one, two), findings=findings,
                            commit=f"{sync}" * 40),
                    f"{sync}",
                )  # fmt: skip
            registry.failed("acme/old", "", "the host did not answer")
            registry.record(replace(undeclared(), repository="acme/lab"), f"{sync}")
            registry.end_sync(at)
    return path
