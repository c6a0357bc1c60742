"""What an author can do to a governed repository: its start, and every edit by name.

A move is one edit of a work tree; a change is one or more of them, judged and, where it passes, merged.
`WEAKER` move something to the side that looks safer, `AROUND` go at what runs or feeds the gate, `HONEST`
are everyday work. Moves are written against any state that others may have left: one that finds nothing to
do does nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evidence import card, completed, document, junit, owed
from world import AUTHOR, base_files, days_ago, email_of, from_yaml, high_system, low_system, roles, to_yaml

MANIFEST, CARD, CONFIG = "governance.yaml", "MODEL_CARD.md", "policy-gate.yaml"
CI, HOOK = ".github/workflows/governance.yml", ".pre-commit-config.yaml"
UNREAD, UNREAD_CODE = "legacy/governance.yaml", "legacy/app.py"
INCIDENT = "governance/incidents/INC-1.yaml"
EARLY = "deployment-runbook"
"""a document that is there before any gate asks for it"""
EARLY_TEST = "smoke-test-suite"
LOWEST = {
    "decision_impact": "informational",
    "human_oversight": "full",
    "data_sensitivity": "non_sensitive",
    "user_vulnerability": "professionals",
    "deployment_scale": "internal",
    "decision_reversibility": "reversible",
}
FACTS: dict[str, Any] = {
    "processes_personal_data": True,
    "controller_or_processor_in_eu": True,
    "user_facing": True,
    "org_size": "large",
    "org_employees": 4000,
    "decision_domain": ["employment", "other"],
}
ANNEX_III: dict[str, Any] = {"eu_market": True, "annex_iii_points": ["4-a"], "profiles_persons": False}
"""facts that make a system high by law, whatever its points"""
VENDOR: dict[str, Any] = {
    "id": "acme",
    "vendor_name": "Acme",
    "access_type": "api",
    "has_dpa": False,
    "opt_out_of_training": False,
    "data_retention_days": 90,
    "liability_cap": "EUR 5 million",
    "audit_rights": True,
    "assessed_on": days_ago(200),
    "announced": [
        {"field": "data_retention_days", "value": 120, "from": days_ago(-30), "source": "https://acme.example/terms"}
    ],
}
TOLD: dict[str, Any] = {
    "schema": "policy-gate/incident/v1",
    "id": "INC-1",
    "system": "SYS-003",
    "type": "privacy_violation",
    "severity": "high",
    "description": "A customer saw the address of another.",
    "detected_at": f"{days_ago(9)}T09:00:00Z",
    "aware_at": f"{days_ago(9)}T10:00:00Z",
    "eu_residents_affected": True,
    "personal_data_exposed": True,
    "risk_to_persons": "risk",
    "serious_incident": "none",
    "timeline": [{"at": f"{days_ago(9)}T10:20:00Z", "step": "triaged", "by": "rae@example.com"}],
}
"""of the small system: it keeps it from moving on"""
BETTER = {"has_dpa": True, "opt_out_of_training": True, "data_retention_days": 0}


_LEGACY = to_yaml({"schema": "policy-gate/manifest/v1", "systems": [high_system("production", id="SYS-OLD")]})


@dataclass
class Draft:
    """A repository's files, its root manifest as data; None where the manifest is gone or rewritten as text."""

    manifest: dict[str, Any] | None
    files: dict[str, str] = field(default_factory=dict)

    @property
    def systems(self) -> list[dict[str, Any]]:
        return self.manifest["systems"] if self.manifest else []

    def system(self, id_: str = "SYS-001") -> dict[str, Any]:
        """The entry of this id, or one of nobody's where it is not there."""
        return next((item for item in self.systems if item["id"] == id_), {"risk_profile": {}, "facts": {}})

    def rendered(self) -> dict[str, str]:
        """Every file by path; manifests are written as JSON, which is YAML and read much faster."""
        return self.files | ({} if self.manifest is None else {MANIFEST: manifest_text(self.manifest)})

    @classmethod
    def of(cls, files: Mapping[str, str]) -> Draft:
        """The draft that renders to these files."""
        rest = {path: text for path, text in files.items() if path != MANIFEST}
        return cls(manifest_of(files[MANIFEST]) if MANIFEST in files else None, rest)


def manifest_text(manifest: Mapping[str, Any]) -> str:
    """A manifest as the moves write it."""
    return json.dumps(manifest, indent=1) + "\n"


def manifest_of(text: str) -> dict[str, Any] | None:
    """The manifest that such a text holds; None where it cannot be read."""
    try:
        found: dict[str, Any] = json.loads(text)
    except ValueError:
        return None
    return found


Files = Mapping[str, str]
Move = Callable[[Draft], None]
WEAKER: dict[str, Move] = {}
AROUND: dict[str, Move] = {}
HONEST: dict[str, Move] = {}


def _in(moves: dict[str, Move], name: str) -> Callable[[Move], Move]:
    def register(move: Move) -> Move:
        assert name not in moves
        moves[name] = move
        return move

    return register


def _sets(moves: dict[str, Move], title: str, /, **fields: Any) -> None:
    """A move that lays fields over the entry; dicts are merged, None takes a field away."""

    def move(draft: Draft) -> None:
        entry = draft.system()
        for key, value in fields.items():
            over = entry.get(key, {}) | value if isinstance(value, dict) else value
            entry[key] = {k: v for k, v in over.items() if v is not None} if isinstance(over, dict) else over
            if entry[key] is None:
                del entry[key]

    _in(moves, title)(move)


def _writes(moves: dict[str, Move], name: str, files: Mapping[str, str | None]) -> None:
    """A move that writes files; None takes one away."""

    def move(draft: Draft) -> None:
        for path, text in files.items():
            draft.files.pop(path, None)
            if text is not None:
                draft.files[path] = text

    _in(moves, name)(move)


_RANK = "".join(f"RANK_{number} = {number}\n" for number in range(9))


def start(*, by_law: bool = False, untold: bool = False, shared: bool = False) -> dict[str, str]:
    """Base: SYS-001, high, in development with all its papers; a small system; law, roles, CI, old code.

    `untold` adds what cannot be told: a manifest that nobody can read, and a committee that is a forge's team.
    With `shared` the system claims a folder that others may claim, too.
    """
    facts = FACTS | (ANNEX_III if by_law else {})
    clocks = {"enrolled": days_ago(400), "reclassified": days_ago(100), "stage_since": days_ago(90)}
    entry, files = completed(
        high_system(
            "development", facts=facts, regulatory_scope=["GDPR", "EEOC", "EU_AI_Act"], vendors=["acme"], **clocks
        )
    )
    entry["artifacts"].append(
        {"id": EARLY, "path": "governance/early.md", "status": "final", "completed": days_ago(300)}
    )
    entry["tests"] = [{"id": EARLY_TEST, "report": "reports/early.xml", "completed": days_ago(60)}]
    small, its_files = completed(low_system("development"))
    manifest = {"schema": "policy-gate/manifest/v1", "systems": [entry, small], "vendors": [VENDOR]}
    others = {
        "governance/early.md": document(EARLY),
        "reports/early.xml": junit(EARLY_TEST).replace(f' timestamp="{days_ago(1)}T08:00:00"', ""),
        "screener/rank/model.py": "RANK = 1\n",
        "tools/sort.py": "print()\n",
        INCIDENT: to_yaml(TOLD),
        CI: "name: governance\non: pull_request\njobs:\n  gate:\n    steps:\n      - run: policy-gate check\n",
        HOOK: "repos:\n  - repo: local\n    hooks:\n      - id: policy-gate\n",
    }
    if untold:
        said = roles(ai_governance_committee=None)
        said["roles"]["ai-governance-committee"] = {"teams": ["github:example-org/ai-governance"]}
        others |= {UNREAD: f"{_LEGACY}  misplaced: [\n", UNREAD_CODE: "OLD = 1\n", "policies/roles.yaml": to_yaml(said)}
    if shared:
        known = from_yaml(base_files()[CONFIG])
        others |= {CONFIG: to_yaml(known | {"shared": ["lib/**"]}), SHARED: _RANK}
        entry["paths"] = ["screener/**", "/lib/**"]
    return Draft(manifest, base_files() | files | its_files | others).rendered()


def start_in_grace() -> dict[str, str]:
    """Base just after an adoption: blanks, guesses, and nobody who could read first answers (D48)."""
    said = {"human_oversight": "partial", "decision_impact": "employment"}
    entry, files = completed(low_system("development", id="SYS-001", enrolled=days_ago(5), paths=["screener/**"]))
    entry |= {"risk_profile": said, "guessed": ["stage", "paths"]}
    manifest = {"schema": "policy-gate/manifest/v1", "systems": [entry]}
    unfilled = {"policies/roles.yaml": to_yaml(roles(ai_safety_lead=None))}
    code = {"screener/rank/model.py": "RANK = 1\n", "tools/sort.py": "print()\n"}
    return Draft(manifest, base_files() | files | unfilled | code).rendered()


def result_of(files: Files, moves: Iterable[Move]) -> dict[str, str]:
    """The files after these moves, one upon the other."""
    draft = Draft.of(files)
    for move in moves:
        move(draft)
    return draft.rendered()


# What the system is said to be

for _name, _value in LOWEST.items():
    _sets(WEAKER, f"lowest {_name}", risk_profile={_name: _value})
    _sets(WEAKER, f"no {_name}", risk_profile={_name: None})
_sets(WEAKER, "every dimension lowest", risk_profile=LOWEST)
_sets(WEAKER, "one step of impact", risk_profile={"decision_impact": "financial"})

_sets(WEAKER, "flip a fact", facts={"user_facing": False})
_sets(WEAKER, "flip the fact of a law", facts={"processes_personal_data": False})
_sets(WEAKER, "drop a fact", facts={"user_facing": None})
_sets(WEAKER, "drop the fact of a law", facts={"controller_or_processor_in_eu": None})
_sets(WEAKER, "drop all facts", facts=dict.fromkeys(FACTS | ANNEX_III))
_sets(WEAKER, "another size", facts={"org_size": "micro"})
_sets(WEAKER, "fewer employees", facts={"org_employees": 3})
_sets(WEAKER, "a shorter list", facts={"decision_domain": ["other"]})
_sets(WEAKER, "an emptied list", facts={"annex_iii_points": []})
_sets(WEAKER, "a claimed exemption", facts={"annex_iii_exemption": "a"})
_sets(
    WEAKER,
    "dates before a law's",
    facts={"placed_on_market_date": "2024-01-01", "significant_design_change_date": "none"},
)
_sets(WEAKER, "excused from a test", facts={"replaces_existing_process": False})
_sets(WEAKER, "a shorter scope", regulatory_scope=["GDPR", "EU_AI_Act"])
_sets(WEAKER, "no scope", regulatory_scope=None)

_sets(WEAKER, "a narrower path", paths=["screener/rank/**"])
_sets(WEAKER, "no path", paths=[])
_sets(WEAKER, "another folder", paths=["summariser/**"])

_sets(WEAKER, "called a guess", guessed=["stage", "paths"])
_sets(WEAKER, "another purpose", description="Formats documents for printing")
_sets(WEAKER, "no purpose", description=None)

# Stages

_sets(WEAKER, "promote", stage="pre_deployment")
_sets(WEAKER, "jump to production", stage="production")
_sets(WEAKER, "back to conception", stage="conception")
_sets(WEAKER, "deprecate", stage="deprecated")
_sets(WEAKER, "decommission", stage="decommissioned")

# Clocks

for _name, _days in (("enrolled", 400), ("reclassified", 100), ("stage_since", 90)):
    _sets(WEAKER, f"later {_name}", **{_name: days_ago(1)})
    _sets(WEAKER, f"no {_name}", **{_name: None})
_sets(WEAKER, "a clock set ahead", enrolled=days_ago(-30))

# The card


def _card_move(moves: dict[str, Move], name: str, **fields: str | None) -> None:
    _writes(moves, name, {CARD: card(**fields)})


_PROHIBITED = "- Automatic rejection of an applicant\n- Inferring health, religion or origin"
_card_move(WEAKER, "a prohibition gone", prohibited_uses=_PROHIBITED.splitlines()[0])
_card_move(WEAKER, "a prohibition reworded", prohibited_uses=_PROHIBITED.replace("Automatic", "Fully automatic"))
_card_move(WEAKER, "a limitation gone", known_limitations="- Reads only English text")
_card_move(WEAKER, "a section of limits gone", out_of_scope_uses=None)
_card_move(WEAKER, "another intended use", primary_intended_uses="Formats documents for printing.")
_card_move(
    WEAKER, "a lower threshold", performance_thresholds="| metric | threshold |\n| --- | --- |\n| accuracy | 0.5 |"
)
_writes(WEAKER, "an empty card", {CARD: ""})
_writes(WEAKER, "no card", {CARD: None})
_sets(WEAKER, "no card named", model_card=None)

# Evidence


@_in(WEAKER, "a document redated")
def _(draft: Draft) -> None:
    for item in draft.system().get("artifacts", []):
        if item["id"] == "data-governance-plan":
            item["completed"] = days_ago(1)


@_in(WEAKER, "a result redated")
def _(draft: Draft) -> None:
    for item in draft.system().get("tests", []):
        item["completed"] = days_ago(1)


@_in(WEAKER, "an owed document left out")
def _(draft: Draft) -> None:
    entry = draft.system()
    entry["artifacts"] = [item for item in entry.get("artifacts", []) if item["id"] != "data-governance-plan"]


_writes(WEAKER, "an owed document deleted", {"governance/data-governance-plan.md": None})
_writes(WEAKER, "an owed document emptied", {"governance/data-governance-plan.md": "# Plan\n\nTODO\n"})


def _missing() -> tuple[list[str], list[str]]:
    return owed("high", "production")


@_in(WEAKER, "nothing applies")
def _(draft: Draft) -> None:
    claims = [*_missing()[0], *_missing()[1]]
    draft.system()["not_applicable"] = [{"id": id_, "reason": "It is only a pilot."} for id_ in claims]


@_in(WEAKER, "all of it held elsewhere")
def _(draft: Draft) -> None:
    entry = draft.system()
    known = {item["id"] for item in entry.get("artifacts", [])}
    elsewhere = {"url": "https://vault.example.com/x", "sha256": "a" * 64, "held_by": "CISO", "status": "final"}
    entry["artifacts"] = entry.get("artifacts", []) + [
        {"id": id_, **elsewhere, "completed": days_ago(1)}
        for id_ in _missing()[0]
        if id_ not in known and id_ != "model-card"
    ]


_sets(
    WEAKER,
    "what is yet to come does not apply",
    not_applicable=[{"id": "shadow-mode-validation", "reason": "It replaces nothing."}],
)


@_in(WEAKER, "a document dated anew for one word")
def _(draft: Draft) -> None:
    path = "governance/data-governance-plan.md"
    for item in draft.system().get("artifacts", []):
        if item["id"] == "data-governance-plan" and path in draft.files:
            item["completed"] = days_ago(1)
            draft.files[path] += "\nRevisited.\n"


def _reversed(text: str) -> str:
    """As many words, and other ones; reversed twice it is the same again."""
    lines = [line if line.startswith(("#", "System")) else line[::-1] for line in text.splitlines()]
    return "\n".join(lines) + "\n"


@_in(WEAKER, "a counted document replaced")
def _(draft: Draft) -> None:
    path = "governance/data-governance-plan.md"
    if path in draft.files:
        draft.files[path] = _reversed(draft.files[path])


@_in(WEAKER, "a counted document replaced elsewhere and dated")
def _(draft: Draft) -> None:
    for item in draft.system().get("artifacts", []):
        if item["id"] == "data-governance-plan" and item["path"] in draft.files:
            draft.files["governance/plan-2.md"] = _reversed(draft.files[item["path"]])
            item |= {"path": "governance/plan-2.md", "completed": days_ago(0)}


# Vendors


@_in(WEAKER, "the vendor is another company")
def _(draft: Draft) -> None:
    for vendor in (draft.manifest or {}).get("vendors", []):
        vendor.update(vendor_name="Shady Models", assessed_on=days_ago(0))


@_in(WEAKER, "better terms unassessed")
def _(draft: Draft) -> None:
    for vendor in (draft.manifest or {}).get("vendors", []):
        vendor.update(BETTER)


@_in(WEAKER, "the vendor answers for less")
def _(draft: Draft) -> None:
    for vendor in (draft.manifest or {}).get("vendors", []):
        vendor.update(liability_cap="EUR 1 million", assessed_on=days_ago(0))


@_in(WEAKER, "the vendor may be audited no more")
def _(draft: Draft) -> None:
    for vendor in (draft.manifest or {}).get("vendors", []):
        vendor.update(audit_rights=False, assessed_on=days_ago(0))


@_in(WEAKER, "what the vendor announced is taken out")
def _(draft: Draft) -> None:
    for vendor in (draft.manifest or {}).get("vendors", []):
        vendor.update(assessed_on=days_ago(0))
        vendor.pop("announced", None)


@_in(WEAKER, "what the vendor announced is put off")
def _(draft: Draft) -> None:
    for vendor in (draft.manifest or {}).get("vendors", []):
        for term in vendor.get("announced", []):
            term.update({"from": days_ago(-300)})


@_in(WEAKER, "the vendor announced better terms")
def _(draft: Draft) -> None:
    for vendor in (draft.manifest or {}).get("vendors", []):
        better = {"field": "has_dpa", "value": True, "from": days_ago(-1), "source": "their letter"}
        vendor.setdefault("announced", []).append(better)


@_in(WEAKER, "the vendor renamed with better terms")
def _(draft: Draft) -> None:
    for vendor in (draft.manifest or {}).get("vendors", []):
        vendor.update(BETTER, id="acme-inc")
    draft.system()["vendors"] = ["acme-inc"]


_sets(WEAKER, "no vendor named", vendors=None)
_sets(WEAKER, "the vendor named again", vendors=["acme"])

# Incidents


def _retells(name: str, **fields: Any) -> None:
    _writes(WEAKER, name, {INCIDENT: to_yaml(TOLD | fields)})


_retells("the incident is less severe", severity="low")
_retells("the incident was known later", aware_at=f"{days_ago(1)}T10:00:00Z")
_retells("the incident harmed nobody", risk_to_persons="none")
_retells(
    "the incident is over",
    root_cause="The cache key left the tenant out of what it was made from.",
    new_tests=["tools/sort.py"],
    control_changes=["bias-testing"],
    timeline=[*TOLD["timeline"], {"at": f"{days_ago(1)}T10:20:00Z", "step": "resolved", "by": "bo@example.com"}],
)
_retells(
    "a notice in time, dated back",
    timeline=[
        *TOLD["timeline"],
        {"at": f"{days_ago(8)}T10:00:00Z", "step": "notified", "clock": "gdpr-33", "by": "bo@example.com"},
    ],
)
_retells("the incident is of another system", system="SYS-001")
_writes(WEAKER, "the incident deleted", {INCIDENT: None})

# Coming and going


@_in(WEAKER, "entry deleted")
def _(draft: Draft) -> None:
    if draft.manifest:
        draft.manifest["systems"] = [item for item in draft.systems if item["id"] != "SYS-001"]


@_in(WEAKER, "no system at all")
def _(draft: Draft) -> None:
    if draft.manifest:
        draft.manifest |= {"systems": [], "reason": "Nothing here is AI."}


@_in(WEAKER, "id renamed")
def _(draft: Draft) -> None:
    draft.system()["id"] = "SYS-101"


@_in(WEAKER, "ids swapped")
def _(draft: Draft) -> None:
    swap = {"SYS-001": "SYS-003", "SYS-003": "SYS-001"}
    for item in draft.systems:
        item["id"] = swap.get(item["id"], item["id"])


def _declares(name: str, **fields: Any) -> None:
    @_in(WEAKER, name)
    def _(draft: Draft) -> None:
        entry, files = completed(low_system("development", id="SYS-007", **fields))
        if draft.manifest is not None and "id" in draft.system() and draft.system("SYS-007").get("id") is None:
            draft.systems.append(entry)
            draft.files.update({path: text for path, text in files.items() if path not in draft.files})


_declares("a low system over the same code", paths=["screener/**"])
_declares("a low system over the same code, enrolled", paths=["screener/**"], enrolled=days_ago(300))
_declares("new code declared low", paths=["fresh/**"])
_declares("old code enrolled", paths=["tools/**"], enrolled=days_ago(300))


def _twin(id_: str) -> str:
    entry, _ = completed(low_system("production", id=id_, paths=["**"]))
    return manifest_text({"schema": "policy-gate/manifest/v1", "systems": [entry]})


_writes(WEAKER, "a twin in its folder", {"screener/governance.yaml": _twin("SYS-001")})
_writes(WEAKER, "another in its folder", {"screener/governance.yaml": _twin("SYS-008")})


@_in(WEAKER, "manifest moved away")
def _(draft: Draft) -> None:
    if draft.manifest:
        draft.files["papers/governance.yaml"] = manifest_text(draft.manifest)
        draft.manifest = None


@_in(WEAKER, "manifest under another ending")
def _(draft: Draft) -> None:
    if draft.manifest:
        draft.files["governance.yml"] = manifest_text(draft.manifest)
        draft.manifest = None


@_in(WEAKER, "manifest broken")
def _(draft: Draft) -> None:
    draft.files[MANIFEST] = "schema: policy-gate/manifest/v1\nsystems: [\n"
    draft.manifest = None


@_in(WEAKER, "manifest deleted")
def _(draft: Draft) -> None:
    draft.manifest = None
    draft.files.pop(MANIFEST, None)


# Code that more than one may claim

SHARED = "lib/rank.py"


def _claims(name: str, folder: str, *paths: str) -> None:
    """A low system in a manifest of its own claims code, or code is moved there where `paths` end in a file."""
    entry, _ = completed(low_system("production", id="SYS-009", paths=[path for path in paths if "*" in path]))
    claim = manifest_text({"schema": "policy-gate/manifest/v1", "systems": [entry]})

    def move(draft: Draft) -> None:
        draft.files[f"{folder}/{MANIFEST}"] = claim
        for path in paths:
            if "*" not in path and path in draft.files:
                draft.files[f"{folder}/{path.rpartition('/')[2]}"] = draft.files.pop(path)

    _in(WEAKER, name)(move)


_claims("a low system claims what is shared", "other", "/lib/**")
_claims("a low system takes what is shared", "other", "**", SHARED)
_claims("a low system takes its code", "other", "**", "screener/rank/model.py")


@_in(WEAKER, "its code moves where nobody claims it")
def _(draft: Draft) -> None:
    for path in ("screener/rank/model.py", SHARED):
        if path in draft.files:
            draft.files[f"attic/{path}"] = draft.files.pop(path)


@_in(WEAKER, "its code moves where nobody claims it, with another line")
def _(draft: Draft) -> None:
    for path in ("screener/rank/model.py", SHARED):
        if path in draft.files:
            draft.files[f"attic/{path}"] = "# moved\n" + draft.files.pop(path)


_sets(WEAKER, "what is shared claimed no more", paths=["screener/**"])

# Law, roles, waivers, CI

_LOOSE = {
    "schema": "policy-gate/policy/v1",
    "about": "Nobody else is needed.",
    "gates": [],
    "assurance": {"self_approval": ["low", "medium"], "binds_code": []},
}
_HANDS = dict.fromkeys(("ciso", "legal", "product_owner", "ai_safety_lead", "ai_governance_committee"), AUTHOR)
_writes(AROUND, "policies loosened", {"policies/loose.yaml": to_yaml({k: v for k, v in _LOOSE.items() if v})})
_writes(AROUND, "policies deleted", {"policies/org.yaml": None, "policies/roles.yaml": None})
_writes(AROUND, "policies broken", {"policies/org.yaml": "schema: policy-gate/policy/v1\nrules: [\n"})
_writes(AROUND, "roles taken", {"policies/roles.yaml": to_yaml(roles(**_HANDS))})
_writes(AROUND, "roles emptied", {"policies/roles.yaml": to_yaml({"schema": "policy-gate/roles/v1", "roles": {}})})
_writes(AROUND, "config deleted", {CONFIG: None})


def _configures(name: str, **fields: Any) -> None:
    @_in(AROUND, name)
    def _(draft: Draft) -> None:
        known = from_yaml(draft.files.get(CONFIG, "schema: policy-gate/config/v1\n"))
        draft.files[CONFIG] = to_yaml(known | fields)


_configures("other manifests", manifests=["empty/governance.yaml"])
_configures("policies from elsewhere", policies="elsewhere")
_configures("another repository", repository="example-org/other")
_configures("CI not looked at", enforcement=[])
_configures("everything shared", shared=["**"])
_configures("another tool", tool={"version": "99"})

_WAIVER = {
    "system": "SYS-001",
    "rule": "pre-deployment-security-review",
    "owner": email_of("Sam Lee"),
    "approver": email_of("Rae Kim"),
    "reason": "The review comes later.",
    "created": days_ago(1),
    "expires": days_ago(-20),
}
_writes(
    AROUND,
    "a waiver typed",
    {"governance/waivers.yaml": to_yaml({"schema": "policy-gate/waiver/v1", "waivers": [_WAIVER]})},
)
_writes(AROUND, "workflow deleted", {CI: None})
_writes(AROUND, "hook deleted", {HOOK: None})
_writes(AROUND, "workflow advisory", {CI: "jobs:\n  gate:\n    steps:\n      - run: policy-gate check --advisory\n"})
_writes(AROUND, "a second workflow", {".github/workflows/z.yml": "jobs: {gate: {steps: [{run: echo policy-gate}]}}\n"})


def _unread_becomes(name: str, text: str | None, path: str = UNREAD) -> None:
    """A move over the manifest that nobody can read, where there is one: another text, or none, at this place."""

    def move(draft: Draft) -> None:
        if draft.files.pop(UNREAD, None) is not None and text is not None:
            draft.files[path] = text

    _in(AROUND, name)(move)


_unread_becomes("what nobody can read deleted", None)
_unread_becomes("what nobody can read moved", f"{_LEGACY}  misplaced: [\n", "old/governance.yaml")
_unread_becomes("what nobody can read emptied", to_yaml({"schema": "policy-gate/manifest/v1", "systems": []}))
_unread_becomes("what nobody can read is another tool's", "project: {name: legacy}\n")
_unread_becomes(
    "what nobody can read enrolled as low",
    to_yaml(
        {
            "schema": "policy-gate/manifest/v1",
            "systems": [low_system("production", id="SYS-OLD", enrolled=days_ago(9), paths=["**"])],
        }
    ),
)


@_in(AROUND, "code of what nobody can read")
def _(draft: Draft) -> None:
    if UNREAD_CODE in draft.files:
        draft.files[UNREAD_CODE] = "NEW = 1\n"


# Everyday work

_sets(HONEST, "a higher dimension", risk_profile={"data_sensitivity": "special_category"})
_sets(HONEST, "critical", risk_profile={"decision_impact": "life_safety", "human_oversight": "none"})
_sets(
    HONEST,
    "raised with its date",
    risk_profile={
        "decision_impact": "life_safety",
        "human_oversight": "none",
        "data_sensitivity": "special_category",
        "user_vulnerability": "vulnerable_populations",
        "decision_reversibility": "irreversible",
    },
    reclassified=days_ago(0),
)
_sets(HONEST, "one more fact", facts={"workplace_use": True})
_sets(HONEST, "one more law", regulatory_scope=["GDPR", "EEOC", "EU_AI_Act", "CCPA"])
_sets(HONEST, "another name", name="CV Screener")
_sets(HONEST, "a deployment date", deployment_date=days_ago(-90))
_sets(HONEST, "an older clock", stage_since=days_ago(95))


@_in(HONEST, "a wider path")
def _(draft: Draft) -> None:
    entry = draft.system()
    entry["paths"] = list(dict.fromkeys([*entry.get("paths", []), "jobs/**"]))


@_in(HONEST, "what nobody asks for yet left out")
def _(draft: Draft) -> None:
    entry = draft.system()
    entry["artifacts"] = [item for item in entry.get("artifacts", []) if item["id"] != EARLY]
    entry["tests"] = [item for item in entry.get("tests", []) if item["id"] != EARLY_TEST]


@_in(HONEST, "it comes back with a new date")
def _(draft: Draft) -> None:
    entry = draft.system()
    if all(item["id"] != EARLY for item in entry.get("artifacts", [])):
        again = {"id": EARLY, "path": "governance/early.md", "status": "final", "completed": days_ago(1)}
        entry["artifacts"] = [*entry.get("artifacts", []), again]


_card_move(
    HONEST,
    "one more limitation",
    known_limitations="- Reads only English text\n- Scores short careers less reliably\n- Knows no regional job titles",
)
_card_move(
    HONEST, "a typo in the card", training_data_known_issues="Few applications of people who changed trade late."
)
_writes(HONEST, "code", {"screener/app.py": "APP = 2\n", "jobs/new.py": "JOB = 1\n"})
_writes(HONEST, "a readme", {"README.md": "# Screener\n"})
_writes(HONEST, "somebody else's policy", {"policies/kyverno.yaml": "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\n"})


_BY_LAW = (
    "ropa-entry",
    "data-retention-schedule",
    "lawful-basis-record",
    "data-subject-rights-procedure",
    "data-protection-by-design-record",
    "security-measures-record",
    "cybersecurity-assessment",
    "breach-response-procedure",
    "breach-register",
)
"""What the GDPR wants of the system at the start once it has been in production."""


def _does_the_work(name: str, stage: str, by_law: Sequence[str] = ()) -> None:
    """All documents and results owed up to a stage, written by the author, who may not approve them."""

    @_in(HONEST, name)
    def _(draft: Draft) -> None:
        entry = draft.system()
        done, files = completed(high_system(stage))
        for paper in by_law:
            path = f"governance/{paper}.md"
            files[path] = document(paper)
            done["artifacts"].append({"id": paper, "path": path, "status": "final", "completed": days_ago(5)})
        for kind in ("artifacts", "tests"):
            known = {item["id"] for item in entry.get(kind, [])}
            entry[kind] = entry.get(kind, []) + [item for item in done[kind] if item["id"] not in known]
        draft.files.update({path: text for path, text in files.items() if path not in draft.files})


_does_the_work("the work of the gate", "pre_deployment")
_does_the_work("every paper there is", "decommissioned", _BY_LAW)


ALL: dict[str, Move] = {**WEAKER, **AROUND, **HONEST}
