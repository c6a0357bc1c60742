"""The opening story of the source lesson: fourteen AI systems in eight repositories, mostly undocumented.

`lay_code(folder)` makes the repositories as auditors find them: code that uses AI, and no word about it.
`declare(folder)` does what the teams did after the audit's first week: each system has an entry, and what was already
written is named. What the lesson counts holds: three written security assessments, two model cards, one incident
response plan, no privacy impact assessment, seven systems with personal data of EU residents, two that decide about
employment, three about money, and one in production for three years whose model version nobody knows.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from evidence import card, document
from world import TODAY, base_files, days_ago, to_yaml

_ANTHROPIC = """import anthropic

client = anthropic.Anthropic()


def answer(text: str) -> str:
    reply = client.messages.create(
        model="claude-opus-4-6", max_tokens=400, messages=[{"role": "user", "content": text}]
    )
    return reply.content[0].text
"""
_RETIRED = _ANTHROPIC.replace("claude-opus-4-6", "claude-3-opus-20240229")
_OPENAI = """from openai import OpenAI


def answer(text: str) -> str:
    reply = OpenAI().chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": text}])
    return reply.choices[0].message.content
"""
_HOSTED = """from transformers import AutoModelForSequenceClassification, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("distilbert-base-uncased")
model = AutoModelForSequenceClassification.from_pretrained("distilbert-base-uncased")


def rate(text: str) -> float:
    return float(model(**tokenizer(text, return_tensors="pt")).logits[0][1])
"""
_UNKNOWN = """import os

from transformers import pipeline

rate = pipeline("text-classification", model=os.environ["MODERATION_MODEL"])
"""
_SKLEARN = """import joblib
from sklearn.ensemble import GradientBoostingClassifier


def train(rows, labels):
    model = GradientBoostingClassifier().fit(rows, labels)
    joblib.dump(model, "model.joblib")
    return model
"""


class Team(NamedTuple):
    """A repository, and the team whose it is."""

    repository: str
    owner: str


class Deployed(NamedTuple):
    """One of the fourteen systems: where its code is, and what its entry says."""

    id: str
    name: str
    folder: str
    code: str
    impact: str
    stage: str = "production"
    since: str = "2025-02"
    oversight: str = "partial"
    data: str = "sensitive"
    users: str = "general_public"
    facts: Mapping[str, Any] = {}
    models: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    has_card: bool = False
    vendors: tuple[str, ...] = ()


_EU: Mapping[str, Any] = {"processes_personal_data": True, "eu_residents": True, "controller_or_processor_in_eu": True}

PORTFOLIO: Mapping[Team, tuple[Deployed, ...]] = {
    Team("support", "Customer Success"): (
        Deployed(
            *("SUP-1", "Support chatbot", "chatbot", _ANTHROPIC, "reputational"),
            facts=_EU | {"interacts_with_persons": True, "generative_ai": True, "eu_market": True},
            models=("claude-opus-4-6",),
            papers=("security-assessment-report", "incident-response-plan"),
            has_card=True,
            vendors=("anthropic",),
        ),
        Deployed(
            *("SUP-2", "Ticket summariser", "tickets", _ANTHROPIC, "informational"),
            users="professionals",
            oversight="full",
            facts=_EU,
            models=("claude-opus-4-6",),
            vendors=("anthropic",),
        ),
    ),
    Team("fraud", "Payments"): (
        Deployed(
            *("FRD-1", "Card fraud detection", "scoring", _SKLEARN, "financial"),
            data="highly_sensitive",
            facts=_EU | {"decides_about_persons": True},
            papers=("security-assessment-report",),
            has_card=True,
        ),
    ),
    Team("lending", "Consumer Credit"): (
        Deployed(
            *("LND-1", "Credit scoring", "credit", _SKLEARN, "financial"),
            data="highly_sensitive",
            oversight="none",
            facts=_EU
            | {
                "eu_market": True,
                "role": ["provider", "deployer"],
                "annex_iii_points": ["5-b"],
                "profiles_persons": True,
            },
        ),
        Deployed(*("LND-2", "Loan pricing", "pricing", _SKLEARN, "financial"), data="highly_sensitive"),
    ),
    Team("people", "People Operations"): (
        Deployed(
            *("HR-1", "Resume screening", "screening", _HOSTED, "employment"),
            facts=_EU
            | {
                "eu_market": True,
                "role": ["provider", "deployer"],
                "annex_iii_points": ["4-a"],
                "profiles_persons": True,
            },
            models=("distilbert-base-uncased",),
        ),
        Deployed(
            *("HR-2", "Promotion ranking", "promotion", _OPENAI, "employment"),
            facts=_EU
            | {
                "eu_market": True,
                "role": ["provider", "deployer"],
                "annex_iii_points": ["4-b"],
                "profiles_persons": True,
            },
            models=("gpt-4o",),
            vendors=("openai",),
        ),
    ),
    Team("trust", "Trust and Safety"): (
        Deployed(
            *("MOD-1", "Content moderation", "moderation", _UNKNOWN, "reputational"), since="2023-11", oversight="none"
        ),
        Deployed(*("MOD-2", "Image moderation", "images", _HOSTED, "reputational")),
    ),
    Team("documents", "Engineering"): (
        Deployed(
            *("DOC-1", "Document summariser", "summaries", _ANTHROPIC, "informational"),
            users="professionals",
            oversight="full",
            models=("claude-opus-4-6",),
            vendors=("anthropic",),
        ),
        Deployed(
            *("DOC-2", "Contract search", "contracts", _RETIRED, "informational"),
            users="professionals",
            oversight="full",
            models=("claude-3-opus-20240229",),
            vendors=("anthropic",),
        ),
    ),
    Team("plants", "Operations"): (
        Deployed(
            *("PLT-1", "Predictive maintenance", "maintenance", _SKLEARN, "informational"),
            users="professionals",
            data="non_sensitive",
            papers=("security-assessment-report",),
        ),
    ),
    Team("growth", "Marketing"): (
        Deployed(*("GRW-1", "Churn prediction", "churn", _SKLEARN, "informational"), facts=_EU),
        Deployed(*("GRW-2", "Offer targeting", "offers", _SKLEARN, "informational"), stage="deprecated"),
    ),
}
"""Every repository of the company, and its systems."""

_SCALE = {"professionals": "internal"}
_LAWS = {"eu_market": "EU_AI_Act", "eu_residents": "GDPR"}
_TERMS: Mapping[str, Mapping[str, Any]] = {
    "anthropic": {
        "vendor_name": "Anthropic",
        "product_name": "Claude API",
        "access_type": "api",
        "data_sent": "customer messages",
        "use_case": "answers and summaries",
        "soc2_type2_certified": True,
        "has_dpa": True,
        "assessed_on": days_ago(60),
    },
    "openai": {
        "vendor_name": "OpenAI",
        "product_name": "Chat completions",
        "access_type": "api",
        "data_sent": "employee reviews",
        "use_case": "rankings",
        "has_dpa": False,
    },
}


def lay_code(folder: Path) -> None:
    """Make the eight repositories under `folder`, as bare of governance as the auditors find them."""
    for team, systems in PORTFOLIO.items():
        place = folder / team.repository
        place.mkdir(parents=True)
        _git(place, "init", "-q", "-b", "main")
        _git(place, "config", "user.name", "Bo Author")
        _git(place, "config", "user.email", "bo@example.com")
        texts = {f"{it.folder}/{it.folder}_model.py": it.code for it in systems}
        _write(place, texts | {"README.md": f"# {team.repository}\n\nCode of {team.owner}.\n"})
        _commit(place, "What runs")


def declare(folder: Path) -> None:
    """Declare every system of the repositories under `folder`."""
    for team, systems in PORTFOLIO.items():
        files = base_files() | {
            "policy-gate.yaml": to_yaml(
                {"schema": "policy-gate/config/v1", "repository": f"example-org/{team.repository}"}
            )
        }
        entries = []
        for system in systems:
            entry, papers = _entry(team, system)
            entries.append(entry)
            files |= papers
        named = dict.fromkeys(name for system in systems for name in system.vendors)
        manifest = {
            "schema": "policy-gate/manifest/v1",
            "systems": entries,
            "vendors": [{"id": name, **_TERMS[name]} for name in named],
        }
        _write(folder / team.repository, files | {"governance.yaml": to_yaml(manifest)})
        _commit(folder / team.repository, "Say what runs here")


def _entry(team: Team, system: Deployed) -> tuple[dict[str, Any], dict[str, str]]:
    entry: dict[str, Any] = {
        "id": system.id,
        "name": system.name,
        "description": f"{system.name} of {team.owner}",
        "owner_team": team.owner,
        "deployment_date": system.since,
        "stage": system.stage,
        "enrolled": TODAY.isoformat(),
        "risk_profile": {
            "decision_impact": system.impact,
            "human_oversight": system.oversight,
            "data_sensitivity": system.data,
            "user_vulnerability": system.users,
            "deployment_scale": _SCALE.get(system.users, "thousands"),
            "decision_reversibility": "difficult_to_reverse" if system.impact == "employment" else "reversible",
        },
        "regulatory_scope": [law for fact, law in _LAWS.items() if system.facts.get(fact)],
        "facts": dict(system.facts),
        "models": [{"name": name} for name in system.models],
        "paths": [f"{system.folder}/**"],
        "vendors": list(system.vendors),
        "artifacts": [],
    }
    if system.id != "MOD-1":
        entry["incident_contact"] = f"{team.repository}-oncall@example.com"
    files = {f"{system.folder}/governance/{paper}.md": document(paper, system.id) for paper in system.papers}
    entry["artifacts"] = [
        {"id": Path(path).stem, "path": path, "status": "final", "completed": days_ago(200)} for path in files
    ]
    if system.has_card:
        entry["model_card"] = f"{system.folder}/MODEL_CARD.md"
        files[entry["model_card"]] = card(model_name=system.name, model_id=system.id)
    return {key: value for key, value in entry.items() if value not in ([], {})}, files


def _write(place: Path, texts: Mapping[str, str]) -> None:
    for path, text in texts.items():
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")


def _commit(place: Path, message: str) -> None:
    _git(place, "add", "--all")
    _git(place, "commit", "-q", "-m", message)


def _git(place: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=place, check=True, capture_output=True)
