"""Reports built by hand, one for each thing that people can be told."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec.structs import replace

from policy_gate.schema.change import Change
from policy_gate.schema.due import DueItem
from policy_gate.schema.finding import ClaimNote, Finding, Reason, RequirementId
from policy_gate.schema.policy_impact import DecidingRule, Difference, MergeImpact, PolicyImpact, SystemImpact
from policy_gate.schema.report import GateReport, LawReport, Ref, Report, RoleGrant, SystemReport, Trust
from policy_gate.schema.source import Location, Problem

AS_OF = date(2026, 11, 22)
GATE = "pre-deployment-security-review"
DIGEST = "sha256:9b1c42d07e11a6c8" + "0" * 48
NAMES = {
    "ciso": ("Ada Example",),
    "ai-safety-lead": ("Rae Kim",),
    "engineering": ("Sam Lee",),
    "dpo": ("Dee Ortiz",),
    "legal": ("Lou Marsh", "Kit Vale"),
    "ai-governance-committee": ("Ada Example", "Rae Kim"),
}
TITLES = {
    "ciso": "CISO",
    "ai-safety-lead": "AI Safety Lead",
    "engineering": "Engineering",
    "dpo": "Data Protection Officer",
    "legal": "Legal",
    "product-owner": "Product owner",
    "ai-governance-committee": "AI Governance Committee",
    GATE: "Pre-Deployment Security Review",
}


def trust(**changes: Any) -> Trust:
    plain = Trust(
        mode="change",
        enforcing=True,
        base=Ref("refs/remotes/origin/main", "3f2a9c1" + "0" * 33),
        head=Ref("HEAD", "8d41b07" + "0" * 33),
        result_tree="c0ffee1" + "0" * 33,
        result_from="head",
        policies_source="builtin + base:policies",
        policies_digest="sha256:" + "a" * 64,
        policies_trusted=True,
        reproduce=f"policy-gate check --base 3f2a9c1{'0' * 33} --head 8d41b07{'0' * 33} --as-of 2026-11-22",
    )
    return replace(plain, **changes)


def system(**changes: Any) -> SystemReport:
    plain = SystemReport(
        id="SYS-001",
        name="Hiring Resume Screener",
        manifest="governance.yaml",
        presence="changed",
        stage="pre_deployment",
        base_stage="development",
        score=13,
        score_range=(5, 23),
        score_tier="high",
        tier="high",
        tier_range=("high", "high"),
        undeclared=(),
        effective_tier="high",
        base_tier="high",
        law_class=("eu-ai-act:high-risk-annex-iii",),
        required_controls=("security-assessment", "privacy-impact-assessment", "red-team-engagement"),
        subject_digest="sha256:" + "5" * 64,
        changes=(Change("stage-advanced", "SYS-001", "stage", "development", "pre_deployment"),),
        gates=(GateReport(GATE, "Pre-Deployment Security Review", True, DIGEST, "block"),),
        law=(),
        verdict="block",
    )
    return replace(plain, **changes)


def other_system(**changes: Any) -> SystemReport:
    plain: dict[str, Any] = {
        "id": "SYS-002",
        "name": "Customer Service Chatbot",
        "presence": "unchanged",
        "stage": "production",
        "base_stage": "production",
        "score": 11,
        "score_tier": "medium",
        "tier": "medium",
        "tier_range": ("medium", "medium"),
        "effective_tier": "medium",
        "base_tier": "medium",
        "law_class": (),
        "changes": (),
        "gates": (),
        "verdict": "pass",
    }
    return system(**{**plain, **changes})


def gate_reason() -> Reason:
    return Reason("gate", GATE, "Pre-Deployment Security Review", None)


def control(name: str, citation: str | None = None) -> Reason:
    return Reason("control", name, name.replace("-", " ").capitalize(), citation)


def finding(kind: str, subject: str, title: str, **changes: Any) -> Finding:
    """A gap of a gate that this change enters, which blocks."""
    base: dict[str, Any] = {
        "id": f"{kind}-{subject}",
        "system": "SYS-001",
        "state": "gap",
        "enforcement": "block",
        "blame": "introduced",
        "requirement": RequirementId(kind, subject),  # type: ignore[arg-type]
        "title": title,
        "message": "",
        "because": (gate_reason(),),
        "location": None,
        "fix": "",
        "responsible": (),
        "accountable": (),
        "gate": GATE,
        "entered": True,
        "blocks": True,
        "artifact": "model-card" if kind == "card" else None,
    }
    made = Finding(**{**base, **changes})
    said = f"seen {made.seen}; wanted {made.wanted}" if made.seen else title
    return made if made.message else replace(made, message=said)


def approval(role: str, title: str = "", **changes: Any) -> Finding:
    title = title or f"{TITLES.get(role, role)} has not approved"
    return finding(
        "approval", role, title, **{"for_": GATE, "subject_digest": DIGEST, "cause": "not-approved", **changes}
    )


def met(kind: str, subject: str, **changes: Any) -> Finding:
    return finding(kind, subject, f"{subject} stands", **{"state": "met", "blame": None, "blocks": False, **changes})


def debt(subject: str, title: str, due: date | None, role: str, **changes: Any) -> Finding:
    owed: dict[str, Any] = {"blame": "inherited", "blocks": False, "due": due, "responsible": (role,), "entered": False}
    return finding("artifact", subject, title, **{**owed, **changes})


def report(**changes: Any) -> Report:
    plain = Report(
        version="0.1.0",
        verdict="block",
        as_of=AS_OF,
        trust=trust(),
        systems=(system(),),
        findings=(),
        system_count=3,
        names=NAMES,
        titles=TITLES,
    )
    return replace(plain, **changes)


def many_met() -> tuple[Finding, ...]:
    documents = tuple(met("artifact", f"document-{number}") for number in range(1, 15))
    tests = tuple(met("test", f"test-{number}") for number in range(1, 5))
    return documents + tests + tuple(met("approval", role) for role in ("ciso", "legal", "product-owner"))


OLD_DEBT = (
    debt("privacy-review", "Privacy review is missing", date(2027, 1, 21), "dpo", system="SYS-002", id="d1"),
    debt(
        "security-checklist",
        "Security checklist is a template",
        date(2027, 2, 20),
        "engineering",
        system="SYS-002",
        id="d2",
    ),
)


def red_team_missing(title: str = "Red team report is missing", **changes: Any) -> Finding:
    given: dict[str, Any] = {
        "because": (gate_reason(), control("red-team-engagement")),
        "location": Location("governance.yaml", 31, 7),
        "cause": "absent",
        "fix": "policy-gate draft red-team-report --system SYS-001",
        "responsible": ("ai-safety-lead",),
        "accountable": ("ciso",),
        "seen": "the manifest names no such artifact",
        "wanted": "Who attacked the system, how, and what was done about it.",
    }
    return finding("artifact", "red-team-report", title, **{**given, **changes})


def blocked() -> Report:
    """A gate entered with half of the work done."""
    bias = finding(
        "artifact",
        "bias-evaluation-results",
        "Bias evaluation results are thin: 2 of 4 sections have text",
        seen='"Results by group": TODO',
        wanted="at least 8 words in each of its 4 sections",
        because=(
            gate_reason(),
            control("bias-testing"),
            control("human-oversight-mechanism"),
            Reason("rule", "eu-ai-act-10-2-f", "Examination for biases", "Regulation (EU) 2024/1689, Art. 10(2)(f)"),
            Reason("rule", "nyc-ll144-1", "Bias audit", "NYC Admin. Code 20-871(a)"),
        ),
        location=Location("governance/bias.md", 18, 1),
        cause="thin",
        responsible=("engineering",),
        accountable=("ai-safety-lead",),
    )
    failed = finding(
        "test",
        "bias-benchmark-suite",
        "Test bias-benchmark-suite did not pass: 1 of 14 failed",
        seen="selection_rate_ratio[women] 0.78",
        wanted="0.80",
        location=Location("reports/bias.xml", 9, 5),
        cause="failed",
        responsible=("engineering",),
        accountable=("ai-safety-lead",),
    )
    not_run = finding(
        "test",
        "security-penetration-test",
        "Test security-penetration-test did not run: the manifest names no result for it",
        seen="the manifest names no result for it",
        wanted="its result, named under tests",
        because=(gate_reason(), control("independent-security-assessment")),
        location=Location("governance.yaml", 40, 5),
        cause="not-run",
        fix="run the suite, commit its JUnit XML and name the file under tests",
        responsible=("engineering",),
        accountable=("ciso",),
    )
    return report(
        systems=(system(), other_system()),
        findings=(
            approval("ciso"),
            approval("legal"),
            approval("product-owner"),
            red_team_missing(),
            bias,
            failed,
            not_run,
            *many_met(),
            *OLD_DEBT,
            finding("artifact", "appeal-procedure", "Appeal procedure", state="upcoming", blame=None, blocks=False),
        ),
    )


def passed() -> Report:
    gate = GateReport(GATE, "Pre-Deployment Security Review", True, DIGEST, "pass")
    weighed = system(
        verdict="pass", gates=(gate,), next_due=date(2027, 11, 22), next_due_title="annual review",
        law=(LawReport("eu-ai-act", 12, 10, 0, 0, 2, True),),
    )  # fmt: skip
    return report(verdict="pass", systems=(weighed, other_system()), findings=many_met())


def nothing_changed() -> Report:
    still = system(presence="unchanged", changes=(), base_stage="pre_deployment", verdict="pass", gates=())
    owed = (*OLD_DEBT, replace(OLD_DEBT[0], id="d3"), replace(OLD_DEBT[1], id="d4"))
    return report(verdict="pass", systems=(still, other_system()), findings=owed, headline="nothing governed changed")


def weakened() -> Report:
    """Two dimensions lowered, so that the tier falls."""
    at = Location("governance.yaml", 14, 24)
    changes = (
        Change("dimension-lowered", "SYS-004", "human_oversight", "partial", "full", True, location=at),
        Change(
            "dimension-lowered", "SYS-004", "data_sensitivity", "sensitive", "non_sensitive", True,
            location=Location("governance.yaml", 15, 25),
        ),
        Change("tier-lowered", "SYS-004", "tier", "high", "medium", True, location=Location("governance.yaml", 9, 5)),
    )  # fmt: skip
    lowered = approval(
        "ai-safety-lead",
        "This change lowers the tier from high to medium",
        system="SYS-004",
        for_="tier-lowering",
        about=("tier-lowered",),
        shows=frozenset({"tier-lowered", "dimension-lowered", "dimension-removed", "fact-removed", "fact-flipped"}),
        location=at,
        because=(
            Reason(
                "rule", "tier-lowering", "The tier is lowered", None,
                "A lower tier asks for less, so somebody else must agree that the risk really fell.",
            ),
        ),
        fix="policy-gate approve --for tier-lowering --system SYS-004 --role ai-safety-lead",
    )  # fmt: skip
    adviser = system(
        id="SYS-004", name="Credit Limit Adviser", stage="production", base_stage="production", tier="medium",
        score=11, score_tier="medium", tier_range=("medium", "medium"), gates=(), changes=changes,
    )  # fmt: skip
    note = "approvals are recorded, not verified: base's policy allows it for tier medium"
    return report(systems=(adviser,), findings=(lowered,), trust=trust(approval_sources=("records",), notes=(note,)))


def purpose_changed() -> Report:
    was = "Rank job applicants for recruiter review. Recruiters make the final decision."
    now = "Rank job applicants for recruiter review. Applicants below 0.5 are rejected automatically."
    at = Location("MODEL_CARD.md", 9, 1)
    asked = approval(
        "ai-safety-lead",
        "The stated purpose changed",
        for_="use-case-change",
        about=("use-case-changed",),
        shows=frozenset({"use-case-changed", "limit-dropped"}),
        location=at,
        because=(
            Reason(
                "rule", "use-case-change", "The stated purpose changed", None,
                "The classification was made for another purpose; somebody must read both, side by side.",
            ),
        ),
        details=(
            'but: human_oversight still says partial, and "Automatic rejection" is a prohibited use in line 12',
        ),
    )  # fmt: skip
    change = Change("use-case-changed", "SYS-001", "intended_use_cases", was, now, location=at)
    return report(systems=(system(base_stage="pre_deployment", gates=(), changes=(change,)),), findings=(asked,))


def approval_refused() -> Report:
    claims = (
        ClaimNote(
            "Ada Example", False,
            'for an earlier content; since then MODEL_CARD.md:44 "Known limitations" lost a line', date(2026, 11, 20),
        ),
        ClaimNote("Bo Author", False, "wrote commit 8d41b07 in this change", date(2026, 11, 21)),
    )  # fmt: skip
    return report(
        findings=(approval("ciso", claims=claims), approval("product-owner"), *many_met()),
        trust=trust(approval_sources=("github-reviews", "records")),
    )


def adopted() -> Report:
    owed = tuple(
        replace(item, id=f"a{number}", due=due)
        for number, (item, due) in enumerate(
            [
                (OLD_DEBT[0], date(2027, 1, 21)),
                (OLD_DEBT[1], date(2027, 2, 20)),
                (debt("model-card", "Model card states no limits", None, "engineering", system="SYS-002"), None),
                (
                    debt(
                        "incident-response-plan",
                        "Nobody has said whether the chatbot tells people that it is a machine",
                        None, "product-owner", system="SYS-002", state="unknown", missing_facts=("discloses_ai",),
                    ),
                    date(2027, 2, 20),
                ),
            ]
        )
    )  # fmt: skip
    grants = (
        RoleGrant("Ada Example", ("ciso", "ai-governance-committee")),
        RoleGrant("Rae Kim", ("ai-safety-lead",)),
    )
    return report(
        verdict="conditions",
        trust=trust(mode="adoption"),
        systems=(other_system(presence="enrolled", base_stage=None, verdict="conditions"),),
        findings=owed,
        grants=grants,
        system_count=1,
    )


def conflict() -> Report:
    return report(
        verdict="undecided",
        systems=(),
        headline="cannot tell what merging would give: bot.py conflicts with origin/main",
        hint="git fetch origin main && git merge origin/main, then run this again.",
    )


def undecided_fact() -> Report:
    """An entered gate needs a fact that nobody declared."""
    query = finding(
        "artifact",
        "explainability-report",
        "Nobody has said whether this system profiles persons",
        state="unknown",
        cause="unknown",
        blocks=False,
        undecided=True,
        missing_facts=("profiles_persons",),
        location=Location("governance.yaml", 22, 5),
        fix="add `profiles_persons: true` or `false` under facts",
        because=(gate_reason(), control("explainability-documentation")),
        responsible=("product-owner",),
        seen="facts has no profiles_persons",
        wanted="true or false",
    )
    triage = system(
        id="SYS-005", name="Support triage", verdict="undecided", score=None, score_tier=None, tier="high",
        tier_range=("medium", "high"), undeclared=("human_oversight",),
    )  # fmt: skip
    return report(verdict="undecided", systems=(triage,), findings=(replace(query, system="SYS-005"),))


def bad_input() -> Report:
    problems = (
        Problem(
            "governance.yaml", 'human_oversight is "partal" (none, partial or full)', 14, 24, 'did you mean "partial"?'
        ),
        Problem("MODEL_CARD.md", "is a symbolic link (got a link, expected a regular file)"),
    )
    return report(systems=(), findings=(), problems=problems)


def falls_due() -> tuple[DueItem, ...]:
    """One thing of each sort, and two laws of one day."""
    place = Location("governance.yaml", 14, 5)
    lead = ("ai-safety-lead",)
    return (
        DueItem(date(2026, 11, 2), "key", "", "A signing key of Ada Example ends", ("Ada Example",),
                "Pin the next key beside it", Location("policies/roles.yaml", 8, 9), is_person=True),
        DueItem(date(2026, 11, 9), "review", "SYS-001", "Annual review", ("engineering",), "Hold the review", place,
                finding="artifact-review-record"),
        DueItem(date(2026, 11, 23), "clock", "SYS-001", "INC-2026-001: Tell the authority", ("engineering",),
                "Tell authority by 2026-11-23 10:00 UTC"),
        DueItem(date(2026, 12, 1), "waiver", "SYS-001", "The waiver of red-team-report ends", ("Pat Moss",),
                "Do what it lets wait, or ask for a new one: policy-gate waive", place, is_person=True),
        DueItem(date(2026, 12, 2), "law", "SYS-001", "Article 5(1)(ba): No such imagery", lead, "Have none", place),
        DueItem(date(2026, 12, 2), "law", "SYS-001", "Article 5(1)(bb): Nor this", lead, "Have none", place),
        DueItem(date(2027, 1, 4), "paper", "SYS-001", "Red team report will be too old", lead, "Look again", place),
        DueItem(date(2027, 1, 9), "vendor-assessment", "SYS-001", "Look at vendor acme again", lead, "Ask", place),
        DueItem(date(2027, 1, 10), "vendor-terms", "SYS-001", "Other terms of acme", lead, "Settle them", place),
        DueItem(date(2027, 1, 11), "model", "SYS-001", "Its vendor ends acme-large", lead, "Move on", place),
        DueItem(date(2027, 2, 1), "rule", "SYS-002", "Nobody is named to call", lead, "Name somebody", place),
        DueItem(date(2027, 2, 2), "reclassification", "SYS-002", "Nobody has looked again", lead, "Look", place),
    )  # fmt: skip


def everything() -> Report:
    """The nightly full check: overdue debt blocks, all is listed."""
    late = debt(
        "data-lineage-documentation",
        "Data lineage documentation is stale: 14 months old",
        date(2026, 10, 1),
        "engineering",
    )
    late = replace(late, blame="overdue", blocks=True, seen="completed 2025-09-20", wanted="at most P1Y old")
    waived = finding(
        "artifact", "stakeholder-impact-assessment", "Stakeholder impact assessment is missing", state="waived",
        blame=None, blocks=False, waiver="until 2027-02-01, by Rae Kim: the study is under way (TICKET-7)",
    )  # fmt: skip
    upcoming = finding(
        "artifact", "appeal-procedure", "Appeal procedure is missing: would block", state="upcoming", blame=None,
        blocks=False, due=date(2027, 3, 1), responsible=("legal",),
    )  # fmt: skip
    still = system(presence="unchanged", changes=(), base_stage="pre_deployment", gates=())
    summariser = other_system(
        id="SYS-003", name="Meeting Summariser", tier="low", effective_tier="low", score=6, tier_range=("low", "low")
    )  # fmt: skip
    return report(
        trust=trust(mode="all", base=Ref("HEAD", "8d41b07" + "0" * 33)),
        due=falls_due(),
        systems=(still, other_system(verdict="conditions"), summariser),
        findings=(
            late, waived, upcoming, *OLD_DEBT, *many_met(),
            met("test", "shadow-mode-validation", state="not-applicable"),
            met("card", "complete", system="SYS-003"),
        ),
    )  # fmt: skip


def deferred() -> Report:
    """A pre-push run: approvals are deferred, one thing is advised, the answer does not enforce."""
    advised = finding(
        "artifact", "explainability-report", "Explainability report is a draft", enforcement="remediate", blocks=False,
        seen="status: draft", wanted="status: final", location=Location("governance.yaml", 37, 9), cause="draft",
        because=(control("explainability-documentation"),), responsible=("engineering",), accountable=("engineering",),
    )  # fmt: skip
    return report(
        verdict="conditions",
        systems=(system(verdict="conditions"), other_system()),
        findings=(
            approval("ciso", state="deferred", blocks=False),
            approval("legal", state="deferred", blocks=False),
            advised,
            finding("artifact", "model-card", "Model card is thin", state="waived", blame=None, blocks=False,
                    waiver="until 2027-02-01, by Rae Kim: rewritten in TICKET-9"),
            *OLD_DEBT[:1],
            *many_met()[:14],
        ),
        trust=trust(enforcing=False, notes=("--defer approval: missing approvals do not count",)),
        preview=("rule use-case-change would no longer ask for an approval",),
    )  # fmt: skip


def rules_changed() -> Report:
    """The repository's own rules: no system at all."""
    asked = approval(
        "ai-governance-committee",
        "The rules themselves change",
        system=None,
        gate=None,
        for_="policy-change",
        seen="policies/lifecycle.yaml changed, policies/roles.yaml removed",
        because=(
            Reason(
                "rule", "policy-change", "The rules themselves change", None,
                "Whoever may change the rules may switch them off.",
            ),
        ),
    )  # fmt: skip
    return report(systems=(), findings=(asked,), policy_impact=impact_of_policies())


def impact_of_policies(text: str = "", number: int = 7) -> PolicyImpact:
    """Of two systems one is blocked, with more than a handful of differences, and one freed; `text` stands for each."""
    path = text or "policies/own.yaml"
    rules = tuple(
        DecidingRule("rule", f"own-rule-{it}", text or "Own rule", "block", Location(path, it, 5)) for it in range(4, 9)
    )
    asked = tuple(
        Difference(
            RequirementId("artifact", f"paper-{it}"), text or f"Paper {it} is missing", None, "gap", rules[: it + 1],
            it == 0, AS_OF, Location("governance.yaml", 3, 3), text or "edit governance.yaml:3",
        )
        for it in range(number)
    )  # fmt: skip
    gone = Difference(RequirementId("approval", "ciso"), text or "CISO has not approved", "gap", None, rules[:1], True)
    systems = (
        SystemImpact(
            "SYS-001", text or "Hiring Resume Screener", "governance.yaml", "newly-blocked", "pass", "block", "medium",
            "high", asked,
        ),
        SystemImpact(
            "SYS-002", text or "Chatbot", "bot/governance.yaml", "freed", "block", "pass", "medium", "medium", (gone,)
        ),
        SystemImpact("SYS-003", text or "Summariser", "governance.yaml", "unchanged", "pass", "pass", "low", "low"),
    )  # fmt: skip
    merges = (
        MergeImpact("8d41b07" + "0" * 33, text or "Merge the screener", "newly-blocked", "pass", "block", systems[:1]),
        MergeImpact("3f2a9c1" + "0" * 33, text or "Notes", "unchanged", "pass", "pass"),
        MergeImpact("c0ffee1" + "0" * 33, text or "Old", "unknown", None, None, problem=text or "cut off"),
    )
    sources = (text or "builtin + base:policies", text or "builtin + result:policies")
    digests = ("sha256:" + "a" * 64, "sha256:" + "b" * 64)
    return PolicyImpact(*sources, *digests, "the work tree", systems, merges, (text or "approvals were not asked for",))


HOSTILE = (
    "Screener\n::error file=a::forged",
    "::stop-commands::x",
    "x ##[add-mask]secret ##vso[task.complete]",
    "\x1b[31mred\x1b[0m \x1b]0;title\x07",
    "a\u202egnp.exe \u2066b\u2069 \u200bc \ufeffd",
    "| a | b |\n|---|---|",
    "@octocat #1 https://evil.example/ www.evil.example",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "[click](https://evil.example) ![i](//evil.example/i.png) `code` ```",
    "]]> --> </details> &amp; %0A %3A",
    "\r\x08\x7f\x9b31m\x00 \ud800 \U000e0041",
    "- item\n# heading\n1. one\n> quote",
    "$x^2$ ~~gone~~ **bold** __b__",
)


def hostile() -> Report:
    """Every text that a repository can choose is an attack."""
    name = " / ".join(HOSTILE)
    claims = tuple(ClaimNote(text, False, text, AS_OF) for text in HOSTILE)
    kinds = {"use-case-changed": "", "model-changed": "!"}
    changes = tuple(Change(kind, "SYS-001", text, text, text + end) for kind, end in kinds.items() for text in HOSTILE)
    bad = [
        finding(
            "artifact", "red-team-report", text, seen=text, wanted=text, fix=text, location=Location(text, 3, 1),
            id=f"h{number}", because=(Reason("rule", "r", text, text, text),), details=(text, f"was: {text}"),
            responsible=("ciso",), waiver=text, system="SYS-001",
        )
        for number, text in enumerate(HOSTILE)
    ]  # fmt: skip
    shown = frozenset({"use-case-changed", "limit-dropped"})
    asked = approval(
        "ai-safety-lead", name, for_="use-case-change", about=("use-case-changed",), shows=shown, claims=claims
    )
    problems = tuple(Problem(text, text, 1, 1, text) for text in HOSTILE)
    return report(
        systems=(system(name=name, manifest=name, changes=changes),),
        findings=(*bad, asked, debt("x", name, None, "ciso")),
        problems=problems,
        names={**NAMES, "ciso": HOSTILE},
        preview=HOSTILE,
        policy_impact=impact_of_policies(name, 2),
        grants=tuple(RoleGrant(text, ("ciso",)) for text in HOSTILE),
        trust=trust(notes=HOSTILE, head=Ref("::error::x", None)),
        headline=name,
        hint=name,
        due=tuple(
            DueItem(AS_OF, "waiver", text, text, (text,), text, Location(text, 3, 1), is_person=True)
            for text in HOSTILE
        ),
    )


SAMPLES = {
    "blocked": blocked,
    "passed": passed,
    "nothing-changed": nothing_changed,
    "weakened": weakened,
    "purpose-changed": purpose_changed,
    "approval-refused": approval_refused,
    "adopted": adopted,
    "conflict": conflict,
    "undecided-fact": undecided_fact,
    "bad-input": bad_input,
    "everything": everything,
    "deferred": deferred,
    "rules-changed": rules_changed,
    "hostile": hostile,
}
