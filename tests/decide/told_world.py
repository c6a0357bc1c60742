"""A repository with much in it, in memory, and everything that an answer about a change of it says, line by line.

    lines = told(tree(), edited)        what is said otherwise than of a change that touches nothing

Every place is real: the manifest is written as YAML and read back. No git, no disk, no clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from datetime import date, timedelta
from functools import cache
from typing import Any

import evidence
from decision_world import RULES
from msgspec import Struct, field
from msgspec.structs import replace
from world import AUTHOR, ROLE_HOLDERS, email_of, high_system, low_system, medium_system, roles, to_yaml

from policy_gate.app.judge import evaluate_change
from policy_gate.decide.decide import decide
from policy_gate.decide.decision_context import blamed
from policy_gate.documents.globs import covers
from policy_gate.documents.yaml_reader import read_front_matter, read_json, read_yaml
from policy_gate.schema.change import Change
from policy_gate.schema.check_inputs import CheckOptions
from policy_gate.schema.dates import end_of_day
from policy_gate.schema.documents import Manifest, Waivers
from policy_gate.schema.evaluation import Evaluation
from policy_gate.schema.facts import Facts
from policy_gate.schema.finding import Finding, Outcome
from policy_gate.schema.observed import Observed
from policy_gate.schema.people import Author, Claim, Commit, People, Verified
from policy_gate.schema.report import LawReport, Ref, Report, SystemReport, Trust
from policy_gate.schema.roles import Person, Roles
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.snapshot import CodeFile, DeclaredSystem, EarlierSystem, Evidence, Snapshot, SystemKey
from policy_gate.schema.source import Document, Location

DAY = date(2026, 11, 15)
MANIFEST = "governance.yaml"


def ago(days: int) -> str:
    """The ISO date that many days before the day of the check."""
    return (DAY - timedelta(days=days)).isoformat()


class Tree(Struct):
    """One tree as people write it: change what you like, then `snapshot()` reads it."""

    systems: dict[str, dict[str, Any]]
    vendors: dict[str, dict[str, Any]]
    files: dict[str, str | Evidence]
    code: dict[str, str]
    waivers: list[dict[str, Any]] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)
    """further fields of the snapshot"""
    of_system: dict[str, dict[str, Any]] = field(default_factory=dict)
    """further fields of what collecting says of a system"""
    earlier: dict[str, list[Tree]] = field(default_factory=dict)
    """by system, what history held, the newest first"""
    seen: dict[str, Any] = field(default_factory=dict)
    """what the code shows: fields of `Observed`"""

    def copy(self) -> Tree:
        return deepcopy(self)

    def paper(self, system: str, artifact: str) -> dict[str, Any]:
        """The entry of one artifact."""
        return next(item for item in self.systems[system]["artifacts"] if item["id"] == artifact)

    def result(self, system: str, test: str) -> dict[str, Any]:
        """The entry of one test."""
        return next(item for item in self.systems[system]["tests"] if item["id"] == test)

    def text(self, path: str) -> str:
        found = self.files[path]
        assert isinstance(found, str)
        return found

    def reword(self, path: str, old: str, new: str) -> None:
        """Other words in one file."""
        assert old in self.text(path), (path, old)
        self.files[path] = self.text(path).replace(old, new)

    def snapshot(self) -> Snapshot:
        document = self._manifest()
        waivers = {"schema": "policy-gate/waiver/v1", "waivers": self.waivers}
        raw, marks = read_yaml("governance/waivers.yaml", to_yaml(waivers).encode())
        held = Document("governance/waivers.yaml", _oid(str(waivers)), Waivers.model_validate(raw), marks)
        systems = tuple(self._declared(document, index) for index in range(len(document.content.systems)))
        evidence_ = {path: _read(path, text) for path, text in self.files.items()}
        earlier = {
            id_: tuple(EarlierSystem(it._only(id_), {p: _read(p, t) for p, t in it.files.items()}) for it in trees)
            for id_, trees in self.earlier.items()
        }
        return replace(
            Snapshot(None, _oid(to_yaml(self.systems)), systems, (document,), evidence_, any_manifest=True),
            waivers=held if self.waivers else None,
            earlier=earlier,
            observed=Observed(**self.seen),
            **self.more,
        )

    def _only(self, id_: str) -> DeclaredSystem:
        return next(system for system in self.snapshot().systems if system.key.id == id_)

    def manifest_text(self) -> str:
        vendors = list(self.vendors.values())
        raw = {"schema": "policy-gate/manifest/v1", "vendors": vendors, "systems": list(self.systems.values())}
        if not self.systems and not vendors:
            raw["reason"] = "nothing here decides anything"
        key = repr(raw)
        if key not in _TEXTS:
            _TEXTS[key] = to_yaml(raw)
        return _TEXTS[key]

    def _manifest(self) -> Document[Manifest]:
        text = self.manifest_text()
        data, marks = read_yaml(MANIFEST, text.encode())
        return Document(MANIFEST, _oid(text), Manifest.model_validate(data), marks)

    def _declared(self, document: Document[Manifest], index: int) -> DeclaredSystem:
        entry = document.content.systems[index]
        named = [item.path for item in entry.artifacts if item.path] + [
            item.report for item in entry.tests if item.report
        ]
        named += [entry.model_card] if entry.model_card else []
        claimed = [path for path in self.code if any(covers(glob, path) for glob in entry.paths)]
        system = DeclaredSystem(
            key=SystemKey(MANIFEST, entry.id),
            entry=entry,
            manifest=document,
            index=index,
            vendors=tuple(vendor for vendor in document.content.vendors if vendor.id in entry.vendors),
            files={path: path for path in named if not path.startswith("../")},
            code=tuple(CodeFile(path, "100644", self.code[path]) for path in sorted(claimed)),
        )
        return replace(system, **self.of_system.get(entry.id, {}))


_TEXTS: dict[str, str] = {}


def _oid(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def _read(path: str, found: str | Evidence) -> Evidence:
    return found if isinstance(found, Evidence) else _read_text(path, found)


@cache
def _read_text(path: str, found: str) -> Evidence:
    data: Any = None
    marks: Mapping[Any, Any] = {}
    line = 1
    if path.endswith(".yaml"):
        data, marks = read_yaml(path, found.encode())
    elif path.endswith(".json"):
        data, marks = read_json(path, found.encode())
    elif path.endswith(".md"):
        data, marks, _, line = read_front_matter(path, found.encode())
    return Evidence(path, "file", _oid(found), found, data, marks, line)


def junit(suite: str, *cases: str, day: str = ago(6), version: str = "") -> str:
    """A result: each case a name, with `!` before one that failed, `-` before one that was skipped."""
    inner = {"!": '<failure message="0.78, wanted 0.80"/>', "-": "<skipped/>"}
    lines = [
        f'<testcase classname="{suite}" name="{case.lstrip("!-")}" time="0.{number + 1}">{inner.get(case[0], "")}'
        "</testcase>"
        for number, case in enumerate(cases or ("one", "two", "three"))
    ]
    said = f'<properties><property name="model_version" value="{version}"/></properties>' if version else ""
    return "\n".join([f'<testsuite name="{suite}" timestamp="{day}T08:00:00">', said, *lines, "</testsuite>", ""])


def with_papers(tree: Tree, id_: str, folder: str, days: int = 5, left_out: Iterable[str] = ()) -> None:
    """Everything that the system owes at its stage, declared and there."""
    entry = tree.systems[id_]
    artifacts, tests = evidence.owed(evidence.tier_of(entry), entry["stage"])
    done = [it for it in artifacts if it not in ("model-card", *left_out)]
    entry["artifacts"] = [
        {"id": it, "path": f"{folder}/{it}.md", "status": "final", "completed": ago(days)} for it in done
    ]
    entry["tests"] = [{"id": it, "report": f"{folder}/{it}.xml"} for it in tests if it not in left_out]
    tree.files |= {f"{folder}/{it}.md": evidence.document(it, id_) for it in done}
    tree.files |= {item["report"]: junit(item["id"]) for item in entry["tests"]}
    if "model_card" in entry:
        tree.files[entry["model_card"]] = evidence.card()


def people(base: Snapshot, result: Snapshot, claims: Iterable[Claim] = (), **fields: Any) -> People:
    """Everybody in the usual roles; the author made one commit that touches all that differs."""
    held = Document("policies/roles.yaml", "0" * 40, Roles.model_validate(roles()), {})
    members = {role: (Person(name=name, email=email_of(name)),) for role, name in ROLE_HOLDERS.items()}
    commit = Commit("8d41b07" + "0" * 33, (Author(AUTHOR, email_of(AUTHOR)),), _differing(base, result))
    return People(**{"roles": held, "members": members, "claims": tuple(claims), "commits": (commit,), **fields})


def _differing(base: Snapshot, result: Snapshot) -> frozenset[str]:
    was, now = ({it.path: it.oid for it in _files(side)} for side in (base, result))
    return frozenset(path for path in {*was, *now} if was.get(path) != now.get(path))


def _files(side: Snapshot) -> Iterator[Any]:
    yield from side.manifests
    yield from side.evidence.values()
    for system in side.systems:
        yield from system.code


def approvals(report: Report) -> list[Claim]:
    """A signed yes of every holder for everything that the report asks for."""
    return [
        Claim(
            "records",
            Verified("signature"),
            Author(name, email_of(name)),
            role,
            found.for_,
            found.system,
            found.subject_digest,
            DAY,
            path=f"governance/approvals/{found.for_}.yaml",
        )
        for found in report.findings
        if found.for_ is not None
        for role, name in ROLE_HOLDERS.items()
        if role in (*found.accountable, found.subject)
    ]


def answer(
    base: Snapshot, result: Snapshot, claims: Iterable[Claim] = (), policy: RuleSet = RULES, **fields: Any
) -> tuple[Evaluation, Report]:
    """What every rule came to, and the report."""
    who = fields.pop("who", {})
    usual = {"mode": "change", "as_of": end_of_day(DAY), "repository": "org/repo", "target_branch": "main"}
    options = CheckOptions(**{**usual, **fields})
    ref = Ref("main", "0" * 40)
    trust = Trust(options.mode, True, ref, ref, "0" * 40, "head", "builtin", policy.digest, True)
    made = evaluate_change(base, result, policy, options.as_of)
    heard = people(base, result, claims, **who)
    return made, decide(
        blamed(made, options), base, result, heard, trust, version="0", changed=_differing(base, result)
    )


def told(base: Tree, result: Tree, claims: Iterable[Claim] = (), **fields: Any) -> list[str]:
    """Everything that is said of the change and not of one that touches nothing; what is no longer said with `-`."""
    key = repr((base, {name: id(it) if name == "policy" else it for name, it in fields.items()}))
    if key not in _QUIET:
        same = base.copy()
        _QUIET[key] = lines_of(base, same, *answer(base.snapshot(), same.snapshot(), **fields))
    quiet, said = _QUIET[key], lines_of(base, result, *answer(base.snapshot(), result.snapshot(), claims, **fields))
    gone = [f"- {line}" for line in quiet if line not in said and not line.startswith(_ONCE_EACH)]
    return [*(line for line in said if line not in quiet), *gone]


_QUIET: dict[str, list[str]] = {}
_ONCE_EACH = ("verdict", "system", " ")
"""what such lines begin with is said in either answer, and of the former only what is another now"""


def lines_of(base: Tree, result: Tree, made: Evaluation, report: Report) -> list[str]:
    """A whole answer as lines. A place in the manifest is told by what stands there."""
    was, now = _Places(base), _Places(result)
    found = [_words("verdict", report.verdict, report.scope, report.headline, report.hint)]
    found += [f"note: {note}" for note in report.trust.notes]
    found += [_words("problem", now.at(it.location), it.message, it.hint) for it in report.problems]
    found += [_change(it, was, now) for it in made.changes]
    found += [_change(it, was, now) for system in report.systems for it in system.edits]
    judged = {facts.id: facts for facts in made.now}
    found += [line for facts in made.declared for line in _held(facts, judged[facts.id])]
    for system in report.systems:
        found += _system(system, was if system.presence == "removed" else now)
    found += [line for it in report.findings if it.state != "met" or it.for_ for line in _finding(it, now)]
    found += [_met(it, now) for it in made.after if it.state == "met"]
    found += [_words("ask", it.name, it.roles) for it in report.ask]
    found += [_words("grant", it.name, it.roles) for it in report.grants]
    return found


class _Places:
    """The lines of a tree's manifest."""

    def __init__(self, tree: Tree) -> None:
        self._lines = tree.manifest_text().splitlines()

    def at(self, place: Location | None) -> str:
        if place is None or place.path != MANIFEST or not place.line or place.line > len(self._lines):
            return str(place or "")
        return f"`{self._lines[place.line - 1].strip()[:40]}`"


def _words(*parts: object) -> str:
    """What there is of these, in one line."""
    said = (", ".join(map(str, it)) if isinstance(it, tuple | list | frozenset) else str(it) for it in parts if it)
    return " | ".join(said)


def _change(it: Change, was: _Places, now: _Places) -> str:
    signs = [name for name, is_set in (("weakens", it.weakening), ("raises", it.raising)) if is_set]
    what = f"{it.before!r} -> {it.after!r}"
    places = (now.at(it.location), it.base_location and f"base {was.at(it.base_location)}")
    return _words(f"change {it.kind}", it.system, it.field, *signs, it.confidence, what, *places)


def _held(old: Facts, new: Facts) -> list[str]:
    """What judges otherwise than it is declared."""
    names = ("stage", "from_stage", "regulations", "stated", "rating", "artifacts", "tests", "card", "vendors")
    found = [(name, getattr(old, name), getattr(new, name)) for name in names]
    found += [("entry", old.declared.entry, new.declared.entry), ("code", old.declared.code, new.declared.code)]
    return [f"held {new.id} {name}: {_other(before, after)}" for name, before, after in found if before != after]


def _other(before: Any, after: Any) -> str:
    """What of it is another."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        keys = sorted(key for key in {*before, *after} if before.get(key) != after.get(key))
        return "; ".join(f"{key} {_other(before.get(key), after.get(key))}" for key in keys)
    names = getattr(before, "__struct_fields__", None) or getattr(type(before), "model_fields", ())
    if names and type(before) is type(after):
        found = [(it, getattr(before, it), getattr(after, it)) for it in names]
        return ", ".join(f"{it} {_other(one, two)}" for it, one, two in found if one != two)
    return f"{before!r} -> {after!r}"


def _system(it: SystemReport, places: _Places) -> list[str]:
    place = places.at(Location(it.manifest, it.line)) if it.line else ""
    found = [
        _words(
            f"system {it.id}", it.presence, it.verdict, f"{it.base_stage} -> {it.stage}", it.manifest, place, it.name
        ),
        _words(f"  {it.id} tier", it.tier, it.tier_range, it.effective_tier, f"base {it.base_tier}", it.undeclared),
        _words(f"  {it.id} score", it.score, it.score_range, it.score_tier, it.law_class, list(map(_law, it.law))),
        _words(f"  {it.id} next", it.next_due, it.next_due_title),
        _words(f"  {it.id} content", _short(it.subject_digest)),
    ]
    for gate in it.gates:
        lists = {
            "missing": gate.missing_artifacts,
            "unapproved": gate.missing_approvals,
            "failed": gate.failed_tests,
            "not run": gate.tests_not_run,
        }
        said = [f"{name} {', '.join(items)}" for name, items in lists.items() if items]
        entered = "entered" if gate.entered else ""
        found.append(_words(f"  {it.id} gate {gate.id}", entered, gate.verdict, _short(gate.subject_digest), *said))
    return found


def _law(it: LawReport) -> str:
    counts = (it.applicable, it.met, it.gaps, it.unknown, it.upcoming)
    return f"{it.regulation}{' complete' if it.evidence_complete else ''}{f' {counts}' if any(counts) else ''}"


def _short(digest: str | None) -> str:
    return (digest or "").removeprefix("sha256:")[:8]


def _finding(it: Finding, places: _Places) -> list[str]:
    signs = [
        name for name, is_set in (("blocks", it.blocks), ("open", it.undecided), ("entered", it.entered)) if is_set
    ]
    asks = [f"for {it.for_} {_short(it.subject_digest)}", f"able {it.able}"] if it.for_ else []
    parts = (
        f"#{it.id[:4]} {it.state} {it.system or 'repository'} {it.kind} {it.subject}",
        [reason.rule for reason in it.because],
        it.blame,
        it.enforcement,
        *signs,
        it.cause,
        it.due and f"due {it.due}",
        it.gate and f"at {it.gate}",
        *asks,
        it.seen,
        it.wanted and f"wanted {it.wanted}",
        places.at(it.location),
        it.missing_facts,
        it.about,
        it.shows and f"shows {len(it.shows)} kinds",
        it.waiver,
        f"{'/'.join(it.responsible)} for {'/'.join(it.accountable)}",
    )
    more = (*it.details, *(f"{claim.who}: {claim.counts} {claim.why}".strip() for claim in it.claims))
    return [_words(*parts), *(f"  {it.subject} {line}" for line in more)]


def _met(it: Outcome, places: _Places) -> str:
    what = f"met {it.system or 'repository'} {it.rule.id} {it.requirement.subject}"
    dates = (it.due and f"due {it.due}", it.reviewed and f"reviewed {it.reviewed}")
    return _words(what, it.instance, it.seen, places.at(it.location), *dates)


def start() -> Tree:
    return _start().copy()


@cache
def _start() -> Tree:
    """Four systems, one of each tier, in different stages, with nearly everything that an entry can say."""
    screen = high_system(
        "pre_deployment",
        id="SCREEN",
        enrolled=ago(250),
        facts={
            "eu_market": True,
            "annex_iii_points": ["4-a"],
            "processes_personal_data": True,
            "decides_about_persons": True,
            "org_employees": 250,
            "lawful_basis": ["consent", "contract"],
            "role": ["deployer"],
        },
        model_version="2.1.0",
        models=[
            {"name": "gpt-4o-2024-08-06"},
            {"name": "ranker", "digest": "a" * 64, "path": "screener/ranker.bin"},
        ],
        vendors=["openai", "hoster"],
        sections={"data-governance-plan": {"Data Sources": "Where the data comes from"}},
    )
    chat = medium_system("production", id="CHAT", stage_since=ago(300), deployment_date="2026-01", enrolled=ago(320))
    triage = high_system(
        "production",
        id="TRIAGE",
        name="Emergency triage",
        paths=["triage/**"],
        risk_profile={
            "decision_impact": "life_safety",
            "data_sensitivity": "special_category",
            "user_vulnerability": "vulnerable_populations",
            "decision_reversibility": "irreversible",
        },
        stage_since=ago(400),
        enrolled=ago(420),
        model_card="triage/MODEL_CARD.md",
        vendors=["hoster"],
    )
    systems = {it["id"]: it for it in (screen, chat, low_system("development", id="SUMS"), triage)}
    tree = Tree(systems, {it["id"]: it for it in deepcopy(VENDORS)}, {}, dict(CODE))
    with_papers(tree, "SCREEN", "hiring", left_out=["incident-response-plan"])
    with_papers(tree, "CHAT", "chatbot/papers", days=200)
    with_papers(tree, "SUMS", "sums")
    with_papers(tree, "TRIAGE", "triage/papers", days=40, left_out=["regulatory-notification-record"])
    held = tree.paper("SCREEN", "privacy-impact-assessment")
    held.update(path=None, sha256="b" * 64, held_by="the DPO", url="https://example.org/pia")
    tree.systems["SCREEN"]["artifacts"] = [
        {name: value for name, value in item.items() if value is not None}
        for item in tree.systems["SCREEN"]["artifacts"]
    ]
    tree.systems["TRIAGE"]["not_applicable"] = [{"id": "appeal-procedure", "reason": "nobody is judged by name"}]
    tree.waivers = [
        {
            "system": "TRIAGE",
            "rule": "regulatory-filing-or-notification",
            "owner": "Pat Moss",
            "approver": "Ada Example",
            "reason": "the authority has not opened its portal",
            "ticket": "GOV-7",
            "created": ago(10),
            "expires": ago(-5),
        }
    ]
    return tree


VENDORS: list[dict[str, Any]] = [
    {
        "id": "openai",
        "vendor_name": "OpenAI",
        "product_name": "GPT-4o",
        "access_type": "api",
        "use_case": "ranking",
        "has_dpa": False,
        "opt_out_of_training": True,
        "sla_uptime_percentage": 99.5,
        "data_retention_days": 30,
        "liability_cap": "EUR 2 million",
        "assessed_on": ago(100),
    },
    {"id": "hoster", "vendor_name": "Hoster Ltd", "access_type": "self_hosted", "has_dpa": True},
]
CODE = {
    "screener/app.py": "1" * 40,
    "screener/rank.py": "2" * 40,
    "screener/ranker.bin": "3" * 40,
    "chatbot/app.py": "4" * 40,
    "summariser/app.py": "5" * 40,
    "triage/app.py": "6" * 40,
    "other/app.py": "7" * 40,
}
