"""What people do to the repository of `told_world`: one edit each, by a name that says what it is."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import evidence
from told_world import DAY, Tree, ago, junit, start

from policy_gate.schema.observed import Signal, StatementSigns, SystemSigns
from policy_gate.schema.snapshot import CodeFile, Evidence
from policy_gate.schema.source import Problem

Edit = Callable[[Tree], object]


def entry(id_: str, **fields: Any) -> Edit:
    """Fields of one entry, laid over; None takes one out."""

    def edit(tree: Tree) -> None:
        merged = tree.systems[id_] | fields
        tree.systems[id_] = {name: value for name, value in merged.items() if value is not None}

    return edit


def part(id_: str, name: str, **fields: Any) -> Edit:
    """The same of a mapping within an entry, such as `facts`."""

    def edit(tree: Tree) -> None:
        merged = tree.systems[id_].get(name, {}) | fields
        entry(id_, **{name: {key: value for key, value in merged.items() if value is not None}})(tree)

    return edit


def profile(id_: str, **fields: Any) -> Edit:
    return part(id_, "risk_profile", **fields)


def fact(id_: str, **fields: Any) -> Edit:
    return part(id_, "facts", **fields)


def vendor(id_: str, **fields: Any) -> Edit:
    def edit(tree: Tree) -> None:
        merged = tree.vendors[id_] | fields
        tree.vendors[id_] = {name: value for name, value in merged.items() if value is not None}

    return edit


def paper(id_: str, artifact: str, **fields: Any) -> Edit:
    """Fields of one artifact's entry; without any it is taken out."""

    def edit(tree: Tree) -> None:
        items = [it for it in tree.systems[id_]["artifacts"] if it["id"] != artifact]
        own = next((it for it in tree.systems[id_]["artifacts"] if it["id"] == artifact), {"id": artifact}) | fields
        kept = [{name: value for name, value in own.items() if value is not None}] if fields else []
        tree.systems[id_]["artifacts"] = [*items, *kept]

    return edit


def result(id_: str, test: str, **fields: Any) -> Edit:
    """The same of one test's entry."""

    def edit(tree: Tree) -> None:
        items = [it for it in tree.systems[id_]["tests"] if it["id"] != test]
        own = next((it for it in tree.systems[id_]["tests"] if it["id"] == test), {"id": test}) | fields
        kept = [{name: value for name, value in own.items() if value is not None}] if fields else []
        tree.systems[id_]["tests"] = [*items, *kept]

    return edit


def words(path: str, old: str, new: str) -> Edit:
    return lambda tree: tree.reword(path, old, new)


def file(path: str, text: str | Evidence | None) -> Edit:
    """One file as it is now, or gone."""

    def edit(tree: Tree) -> None:
        tree.files.pop(path, None)
        if text is not None:
            tree.files[path] = text

    return edit


def code(path: str, oid: str | None) -> Edit:
    def edit(tree: Tree) -> None:
        tree.code.pop(path, None)
        if oid is not None:
            tree.code[path] = oid * 40

    return edit


def of_system(id_: str, **fields: Any) -> Edit:
    """What collecting says of a system beside its entry."""
    return lambda tree: tree.of_system.update({id_: {**tree.of_system.get(id_, {}), **fields}})


def more(**fields: Any) -> Edit:
    return lambda tree: tree.more.update(fields)


def seen(**fields: Any) -> Edit:
    return lambda tree: tree.seen.update(fields)


def without(id_: str) -> Edit:
    return lambda tree: tree.systems.pop(id_)


def new(id_: str, like: str, **fields: Any) -> Edit:
    """One more system, like another of these without its papers."""

    def edit(tree: Tree) -> None:
        taken = ("artifacts", "tests", "model_card", "enrolled", "stage_since", "models", "vendors", "sections")
        plain = {name: value for name, value in deepcopy(tree.systems[like]).items() if name not in taken}
        tree.systems[id_] = {**plain, "id": id_, **fields}

    return edit


def text_of(path: str) -> Edit:
    """A document that keeps its headings and says something else."""

    def edit(tree: Tree) -> None:
        lines = [line for line in tree.text(path).splitlines() if line.startswith(("#", "System"))]
        said = [
            f"{line}\n\n{_SAID[at % len(_SAID)]}" if line.startswith("##") else line for at, line in enumerate(lines)
        ]
        tree.files[path] = "\n\n".join(said)

    return edit


_SAID = (
    "Nobody had looked at this before, so three people of the lab sat down for a week, asked every team that had a "
    "hand in it, and wrote what they found beside each of the forty questions of the list.",
    "Last spring a customer complained; since then all answers below the line go to a clerk, whose own judgement is "
    "kept for half a year and held against the score on the first Monday of every month.",
    "Whenever the supplier ships another build, or the share of refusals moves by more than a tenth within two weeks, "
    "the owner calls everybody named above and this page is gone through from its first line.",
    "What remains open is told at the end: nobody knows how it reads dialects, names with apostrophes, or letters that "
    "were scanned twice, and until somebody does, such cases are left to people alone.",
)


def all_of(*edits: Edit) -> Edit:
    def edit(tree: Tree) -> None:
        for it in edits:
            it(tree)

    return edit


def signal(path: str, kind: str, found: str, vendor_: str = "", value: str = "", sure: str = "high") -> Signal:
    return Signal(path, 7, kind, f"A {kind}", sure, found, vendor_, value or found)


CARD, RANK = "MODEL_CARD.md", "screener/rank.py"
LIMITATIONS = "## Known limitations\n\n- Reads only English text\n- Scores short careers less reliably\n\n"
PAPER, PLAN = "red-team-report", "hiring/red-team-report.md"
GPT = signal(RANK, "model", "gpt-4o", "openai")
CLAUDE = signal(RANK, "model", "claude-3-opus", "anthropic")
HOST = signal(RANK, "host", "api.anthropic.com", "anthropic")
WEIGHTS = signal("screener/ranker.bin", "weights", "ranker.bin", "", "c" * 64)
OTHER_WEIGHTS = signal("screener/ranker.bin", "weights", "ranker.bin", "", "d" * 64)
PROMPT = signal("screener/p.txt", "prompt", "You rank", "", "e" * 64)
OTHER_PROMPT = signal("screener/p.txt", "prompt", "You judge", "", "f" * 64)

EDITS: dict[str, Edit] = {
    "the entry in another order and with another owner": entry("SUMS", owner_team="Facilities", description="Notes."),
    # what the system is said to be
    "people decide less": profile("SCREEN", human_oversight="none"),
    "people decide more": profile("SCREEN", human_oversight="full"),
    "fewer people are reached": profile("SCREEN", deployment_scale="internal", user_vulnerability="professionals"),
    "more people are reached": profile("SUMS", deployment_scale="millions", user_vulnerability="general_public"),
    "the tier falls": profile("SCREEN", decision_impact="informational", data_sensitivity="non_sensitive"),
    "the tier rises": profile("CHAT", decision_impact="life_safety", decision_reversibility="irreversible"),
    "people decide less and the classification says so": all_of(
        profile("SCREEN", human_oversight="none"),
        text_of("hiring/risk-tier-classification.md"),
        paper("SCREEN", "risk-tier-classification", completed=DAY.isoformat()),
    ),
    "the tier rises and the entry dates it": all_of(
        profile("CHAT", decision_impact="life_safety", decision_reversibility="irreversible"),
        entry("CHAT", reclassified=DAY.isoformat()),
    ),
    "the tier rises with the stage": all_of(
        profile("SCREEN", decision_impact="life_safety", data_sensitivity="special_category"),
        profile("SCREEN", decision_reversibility="irreversible"),
        entry("SCREEN", stage="production"),
    ),
    "a dimension is left out": profile("SCREEN", human_oversight=None),
    "all dimensions are left out": entry("SUMS", risk_profile={}),
    "a fact is flipped": fact("SCREEN", eu_market=False),
    "a fact is taken out": fact("SCREEN", eu_market=None),
    "a fact is added": fact("SCREEN", children=True, solely_automated=True),
    "a fact is answered with no": fact("SCREEN", children=False),
    "a list of a fact is longer": fact("SCREEN", lawful_basis=["consent", "contract", "public-task"]),
    "a list of a fact is emptied": fact("SCREEN", annex_iii_points=[]),
    "a number of a fact falls": fact("SCREEN", org_employees=20),
    "a fact that nobody knows": fact("SCREEN", eu_markt=True, org_employees="many", art5_practices=["z"]),
    "what is forbidden": fact("SCREEN", art5_practices=["a"]),
    "what is forbidden soon": fact("SCREEN", art5_practices=["ba"]),
    "a law is taken out": entry("SCREEN", regulatory_scope=["GDPR"]),
    "a law is added": entry("SCREEN", regulatory_scope=["EU_AI_Act", "GDPR", "EEOC", "CCPA", "nothing known"]),
    # its life
    "to production": entry("SCREEN", stage="production"),
    "to production with a start": entry("SCREEN", stage="production", stage_since=DAY.isoformat()),
    "from development to what is live": entry("SUMS", stage="production"),
    "one stage back": entry("SCREEN", stage="development"),
    "deprecated": entry("TRIAGE", stage="deprecated"),
    "deprecated from development": entry("SUMS", stage="deprecated"),
    "decommissioned": entry("CHAT", stage="decommissioned"),
    "the date of enrolment moves": entry("SCREEN", enrolled=ago(20)),
    "the start of the stage moves": entry("CHAT", stage_since=ago(20)),
    "no start of the stage": entry("CHAT", stage_since=None),
    "the start of the stage is earlier": entry("CHAT", stage_since=ago(310)),
    "a start that is to come": entry("CHAT", stage_since=ago(-20), enrolled=ago(-9)),
    "no date to count from": entry("CHAT", stage_since=None, enrolled=None),
    "a raise is dated that is none": entry("SCREEN", reclassified=ago(3), reclassification_review=ago(1)),
    "a guess is claimed": entry("SCREEN", guessed=["stage", "paths"]),
    "a day of deployment that has passed": entry("SCREEN", deployment_date="2026-03-01"),
    # what it is made of
    "another model version": entry("SCREEN", model_version="3.0.0"),
    "no model version": entry("SCREEN", model_version=None),
    "a listed model is another": entry("SCREEN", models=[{"name": "gpt-4o"}, {"name": "ranker", "version": "2"}]),
    "a first list of models": entry("TRIAGE", models=[{"name": "claude-3-opus-20240229", "version": "1"}]),
    "an early model of a critical system": entry("TRIAGE", models=[{"name": "gpt-3.5-turbo"}]),
    "code is another": code(RANK, "9"),
    "code is left alone": entry("SCREEN", paths=["screener/app.py"]),
    "code is claimed in addition": entry("SCREEN", paths=["screener/**", "other/**"]),
    "code moves with its pattern": all_of(
        entry("SUMS", paths=["notes/**"]), code("summariser/app.py", None), code("notes/app.py", "5")
    ),
    "no code is claimed": entry("SUMS", paths=[]),
    "code goes to a stricter system": all_of(
        entry("SCREEN", paths=["screener/app.py"]),
        of_system(
            "SCREEN",
            left_behind=(CodeFile("triage/rank.py", "100644", "2" * 40),),
            claimed_by={"triage/rank.py": ("TRIAGE",)},
        ),
    ),
    "code is shared": all_of(of_system("SUMS", shares_with=("TRIAGE",)), entry("SUMS", stage="pre_deployment")),
    "code is handed over": of_system("SUMS", takes_from=("TRIAGE", "GONE")),
    "a link leads out": of_system("TRIAGE", links_out=("triage/out", "triage/o\u200bdd")),
    "an id is mended": all_of(
        entry("SUMS", id="SUMMARISER"), lambda tree: tree.systems.update(SUMMARISER=tree.systems.pop("SUMS"))
    ),
    # coming and going
    "a system comes": new("NEW", "SCREEN", paths=["other/**"]),
    "a system comes that ran before": all_of(
        new("OLD", "CHAT", paths=["other/**"], enrolled=ago(1)), of_system("OLD", existed=True)
    ),
    "a system comes that ran before and is touched": all_of(
        new("OLD", "CHAT", paths=["other/**"], enrolled=ago(1)), of_system("OLD", existed=True, touched=True)
    ),
    "a system leaves": without("CHAT"),
    # papers
    "a paper is taken out": paper("SCREEN", PAPER),
    "a file is gone": file(PLAN, None),
    "a file is empty": file(PLAN, " \n"),
    "a file is a template": file(PLAN, "# Red team\n\n## Findings\n\nTODO: fill in\n\n## Scope\n\nTBD\n"),
    "a file is thin": file(PLAN, "# Red team\n\n## Findings\n\nWe saw that it can be led astray by long text.\n"),
    "a file is a link": file(PLAN, Evidence(PLAN, "symlink", "8" * 40)),
    "a file is broken": file(
        PLAN, Evidence(PLAN, "file", "8" * 40, "x", problem=Problem(PLAN, "is broken", 3, 4, "mend it"))
    ),
    "a paper leads outside": paper("SCREEN", PAPER, path="../red-team.md"),
    "a paper is about another": words(PLAN, "System: SCREEN", "System: CHAT"),
    "a paper is a draft": paper("SCREEN", PAPER, status="draft"),
    "a paper says no status": paper("SCREEN", PAPER, status=None),
    "a paper has no date": paper("SCREEN", "privacy-impact-assessment", completed=None),
    "a paper has a day to come": paper("SCREEN", PAPER, completed=ago(-9)),
    "a paper is old": paper("SCREEN", "security-assessment-report", completed=ago(800)),
    "a paper has a new date only": paper("SCREEN", "risk-tier-classification", completed=ago(1)),
    "a paper has a new date and a typo less": all_of(
        paper("SCREEN", "risk-tier-classification", completed=ago(1)),
        words("hiring/risk-tier-classification.md", "who did not build it", "who never built it"),
    ),
    "a paper is written anew with its date": all_of(paper("SCREEN", PAPER, completed=ago(1)), text_of(PLAN)),
    "a paper is written anew without a date": text_of(PLAN),
    "a paper is now held elsewhere": paper(
        "SCREEN", PAPER, path=None, sha256="9" * 64, held_by="the lab", url="https://example.org/r"
    ),
    "a paper held elsewhere is another": paper("SCREEN", "privacy-impact-assessment", sha256="7" * 64),
    "a paper held elsewhere has a later date": paper("SCREEN", "privacy-impact-assessment", completed=ago(2)),
    "a paper nobody asked for": all_of(
        paper("SUMS", "red-team-report", path="sums/x.md"), paper("SUMS", "no-such-paper", path="sums/y.md")
    ),
    "two papers with one text": paper("SCREEN", PAPER, path="hiring/system-description.md"),
    "a paper that counts as another": all_of(
        paper("CHAT", "privacy-review"), paper("CHAT", "security-checklist", status="draft")
    ),
    "the review is held": all_of(
        paper("CHAT", "review-record", path="chatbot/papers/review.md", status="final", completed=ago(1)),
        file("chatbot/papers/review.md", evidence.document("review-record", "CHAT")),
    ),
    "a review is dated before the stage": all_of(
        paper("TRIAGE", "review-record", path="triage/papers/review.md", status="final", completed=ago(500)),
        file("triage/papers/review.md", evidence.document("review-record", "TRIAGE")),
    ),
    "of no concern": entry("SCREEN", not_applicable=[{"id": "bias-benchmark-suite", "reason": "nobody is judged"}]),
    "of no concern for another reason": entry(
        "TRIAGE", not_applicable=[{"id": "appeal-procedure", "reason": "no reason that anybody knows"}]
    ),
    "of no concern where that is not allowed": entry(
        "SCREEN", not_applicable=[{"id": "incident-response-plan", "reason": "nothing happens"}]
    ),
    # results
    "a result is taken out": result("SCREEN", "bias-benchmark-suite"),
    "a result is gone": file("hiring/bias-benchmark-suite.xml", None),
    "a result is no result": file("hiring/bias-benchmark-suite.xml", "<html/>"),
    "a test fails": file("hiring/bias-benchmark-suite.xml", junit("bias-benchmark-suite", "one", "!two", "-three")),
    "all tests are skipped": file("hiring/bias-benchmark-suite.xml", junit("bias-benchmark-suite", "-one", "-two")),
    "a result of another version": file(
        "hiring/bias-benchmark-suite.xml", junit("bias-benchmark-suite", version="9.9")
    ),
    "a result of another suite": result("SCREEN", "bias-benchmark-suite", suite="accuracy"),
    "a result is run anew": file(
        "hiring/bias-benchmark-suite.xml", junit("bias-benchmark-suite", "one", "four", day=ago(1))
    ),
    "a result has another day only": file("hiring/bias-benchmark-suite.xml", junit("bias-benchmark-suite", day=ago(1))),
    "a result of a day to come": file("hiring/bias-benchmark-suite.xml", junit("bias-benchmark-suite", day=ago(-9))),
    "a result without a date": file("hiring/bias-benchmark-suite.xml", junit("bias-benchmark-suite", day="soon")),
    "a result held elsewhere": result(
        "SCREEN", "bias-benchmark-suite", report=None, sha256="8" * 64, held_by="the lab", completed=ago(9)
    ),
    "a result held elsewhere of a later day": result(
        "SCREEN", "bias-benchmark-suite", report=None, sha256="8" * 64, held_by="the lab", completed=ago(2)
    ),
    "a result held elsewhere by others": result(
        "SCREEN", "bias-benchmark-suite", report=None, sha256="8" * 64, held_by="others", completed=ago(2)
    ),
    "one result for two tests": result(
        "SCREEN", "out-of-distribution-testing", report="hiring/bias-benchmark-suite.xml"
    ),
    # the card
    "no card is named": entry("SCREEN", model_card=None),
    "the card is gone": file(CARD, None),
    "the card is empty": file(CARD, "# Card\n"),
    "a limit is dropped": words(CARD, "- Reads only English text\n", ""),
    "a prohibition is dropped and another added": words(CARD, "Automatic rejection of an applicant", "Poetry"),
    "a use is another": words(CARD, "so that recruiters read", "so that nobody reads"),
    "a section is emptied": words(
        CARD, "Tables and two column layouts are read in the wrong order and rank too low.", "TBD"
    ),
    "a section is gone": words(CARD, LIMITATIONS, ""),
    "a number is worse": words(CARD, "| accuracy | 0.91 |", "| accuracy | 0.80 |"),
    "a limit of a number is lower": words(CARD, "| accuracy | 0.85 |", "| accuracy | 0.5 |"),
    "a number of the entry is below its limit": entry(
        "SCREEN", metrics=[{"name": "ease", "value": 0.9}, {"name": "fairness", "value": 0.7, "threshold": 0.8}]
    ),
    "a number is gone": words(CARD, "| recall | 0.88 |", "| recall | unknown |"),
    "the model of the card is another": words(CARD, "distilroberta-base", "bert-large"),
    "other data": words(CARD, "41,200 applications", "12 applications"),
    "other words above the limits": words(
        "triage/MODEL_CARD.md", "# Hiring Resume Screener", "# Hiring\n\nTake all limits below lightly."
    ),
    "a limit in other words": words("triage/MODEL_CARD.md", "Reads only English text", "Reads only english  text!"),
    # vendors
    "a vendor is dropped": all_of(entry("SCREEN", vendors=["hoster"]), lambda tree: tree.vendors.pop("openai")),
    "a vendor comes": all_of(entry("CHAT", vendors=["hoster"]), entry("SUMS", vendors=["openai", "opena"])),
    "a vendor is named that another system has": entry("CHAT", vendors=["open-ai"]),
    "a vendor is another company": vendor("openai", vendor_name="Other Inc"),
    "a vendor serves something else": vendor("openai", product_name="GPT-5", access_type="fine_tuned"),
    "a vendor answers better, unassessed": vendor(
        "openai", has_dpa=True, sla_uptime_percentage=99.9, audit_rights=True
    ),
    "a vendor answers better, assessed": vendor("openai", has_dpa=True, data_retention_days=0, assessed_on=ago(1)),
    "a vendor answers for less": vendor("openai", liability_cap="EUR 1 million"),
    "a vendor answers for more": vendor("openai", liability_cap="unlimited"),
    "a vendor's assessment is to come": vendor("openai", assessed_on=ago(-30)),
    # what the code shows
    "the code shows another model": seen(by_system={"SCREEN": SystemSigns(((GPT,),), ((CLAUDE,),))}),
    "the code shows a vendor in addition": seen(by_system={"SCREEN": SystemSigns(((GPT,),), ((GPT, HOST),))}),
    "the code shows other weights and prompts": seen(
        by_system={"SCREEN": SystemSigns(((WEIGHTS,), (PROMPT,)), ((OTHER_WEIGHTS,), (OTHER_PROMPT,)))}
    ),
    "the code shows a prompt that is elsewhere": seen(
        by_system={"CHAT": SystemSigns(((), ()), ((PROMPT,), (HOST,)), {"observed_prompts": frozenset({"e" * 64})})}
    ),
    "the code denies the papers": seen(
        stated={"SCREEN": StatementSigns(((GPT,),), ((CLAUDE, HOST),), weights=(("screener/ranker.bin", "d" * 64),))}
    ),
    "the code imports what nobody claims": seen(
        stated={"CHAT": StatementSigns(((),), ((),), missed=(signal("other/app.py", "sdk", "openai", "openai"),))}
    ),
    "the code denies what is new": all_of(
        entry(
            "CHAT", vendors=["hoster"], models=[{"name": "command-r", "path": "chatbot/./c.bin", "digest": "a" * 64}]
        ),
        seen(
            stated={
                "CHAT": StatementSigns(
                    ((signal("chatbot/a.py", "sdk", "openai", "openai"), GPT),),
                    (
                        (
                            signal("chatbot/a.py", "sdk", "openai", "openai"),
                            signal("chatbot/a.py", "host", "llm.example.org"),
                            signal("chatbot/a.py", "model", "command-r-08-2024", "cohere", "Cohere/command-r-08-2024"),
                            signal("chatbot/a.py", "sdk", "ollama", "ollama"),
                            signal("chatbot/a.py", "sdk", "maybe", "google", sure="low"),
                        ),
                        (
                            signal("chatbot/b.py", "sdk", "cohere", "cohere", sure="medium"),
                            signal("chatbot/b.py", "model", "mistral-small", "mistral", sure="medium"),
                            signal("chatbot/b.py", "host", "api.cohere.com", "cohere"),
                        ),
                    ),
                    others=(GPT, signal("chatbot/c.py", "sdk", "mistralai", "mistral")),
                    weights=(("chatbot/c.bin", "b" * 64), ("chatbot/d.bin", "c" * 64)),
                    missed_before=(signal("other/old.py", "sdk", "torch"),),
                )
            }
        ),
    ),
    "the code denies what base said": seen(
        stated={
            "SCREEN": StatementSigns(
                ((CLAUDE,),),
                ((CLAUDE,), (signal(RANK, "model", "gpt-4o-2024-08-06", "openai", "openai/gpt-4o-2024-08-06"),)),
                others=(HOST,),
                restated=True,
                weights=(("screener/ranker.bin", "a" * 64),),
            )
        }
    ),
    "another system of which the code denies all": all_of(
        new("NEW", "SCREEN", paths=["other/**"], vendors=["openai"], model_card="NEW.md", stage="development"),
        file("NEW.md", evidence.card(base_model=f"claude-3-opus, sha256 {'a' * 64}")),
        seen(
            stated={
                "NEW": StatementSigns(
                    ((),),
                    ((CLAUDE, signal(RANK, "model", "mistral-large", "mistral")),),
                    weights=(("x.bin", "b" * 64),),
                )
            }
        ),
    ),
    "code that nobody claims": seen(
        unclaimed=(
            signal("lab/a.py", "sdk", "torch", sure="medium"),
            signal("lab/b.py", "model", "gpt-4o", "openai"),
            signal("one.py", "sdk", "keras", sure="low"),
        )
    ),
    # what is no system's
    "code where there is none": all_of(
        seen(refuting=tuple(signal(f"lab/{number}.py", "sdk", "torch") for number in range(7))),
        more(declares_nothing="we only write letters"),
    ),
    "the policies change": more(policy_files=(CodeFile("policies/a.yaml", "100644", "1" * 40),)),
    "the pipeline changes": more(enforcement_files=(CodeFile(".github/workflows/gate.yml", "100644", "1" * 40),)),
    "a waiver is taken out": lambda tree: tree.waivers.clear(),
    "a waiver is taken out with a change of the policies": all_of(
        lambda tree: tree.waivers.clear(), more(policy_files=(CodeFile("policies/a.yaml", "100644", "1" * 40),))
    ),
    "a waiver is taken out and a number is called like that": all_of(
        lambda tree: tree.waivers.clear(),
        words(CARD, "| accuracy | 0.91 |", "| waivers-changed: it | 0.80 |"),
        words(CARD, "| accuracy | 0.85 |", "| waivers-changed: it | 0.85 |"),
    ),
    "a waiver without a ticket": lambda tree: tree.waivers[0].pop("ticket"),
    "a waiver is longer": lambda tree: tree.waivers[0].update(expires=ago(-25)),
    "a waiver is added": lambda tree: tree.waivers.append(
        {**tree.waivers[0], "system": "SCREEN", "rule": "incident-response-plan", "approver": "Nobody Known"}
    ),
    "a document cannot be read": more(problems=(Problem("MODEL_CARD.md", "is broken", 2, 1, "mend it"),)),
}


def edited(name: str) -> Tree:
    tree = start()
    EDITS[name](tree)
    return tree
