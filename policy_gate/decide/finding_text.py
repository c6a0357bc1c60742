"""The words of a finding: its title, what was seen and wanted, and the command or line that fixes it."""

from __future__ import annotations

import re
from typing import Final

from msgspec.structs import replace

from policy_gate.decide.approvals import roles_of
from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.documents.spelling import listed
from policy_gate.schema.facts import ArtifactFact, CardFact, Facts
from policy_gate.schema.finding import Outcome
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.rule import Requirement
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.vocabulary import RETIRED, ROLES_FILE, stage_rank

_ONE_IN_S = ("ss", "sis", "us")
"""how words end of which there is one, such as an analysis or a process"""
_TAKES_SECTIONS = (".md", ".markdown", ".yaml", ".yml")
"""what a card is called to which `draft` surely can add a section"""
_VENDOR_NAME = lazy_pattern(r"\bvendor\.(\w+)")
_SUMS_OF_ANSWERS = {"risk_score", "risk_tier", "use_approved", "open_findings", "open_severities"}
"""what the policies make of all answers of a vendor"""
TITLES = {
    "absent": "{name} {is_} missing",
    "draft": "{name} {is_} not final",
    "thin": "{name} {is_} thin: {seen}",
    "template": "{name} {is_} still a template",
    "empty": "{name} {is_} empty",
    "stale": "{name} {is_} out of date: {seen}",
    "undated": "{name} {has} no date",
    "refused": "{name} cannot be used: {seen}",
    "not-run": "Test {subject} did not run: {seen}",
    "failed": "Test {subject} did not pass: {seen}",
}

_WHERE_IT_WENT: Final = "where it was moved, write its new path into the entry"
_POINTER: Final = "it is a Git LFS pointer"
_LOOK_ANEW: Final = (
    "look at it anew, write what you find into it, and set completed to that day: about a later date alone "
    "somebody else is asked"
)


def name_of(outcome: Outcome, policy: RuleSet) -> str:
    """What the requirement is about, in words."""
    requirement = outcome.requirement
    subject = requirement.subject
    if requirement.kind == "artifact":
        return policy.artifacts[subject].title
    if requirement.kind == "test":
        return policy.tests[subject].title
    if requirement.kind == "approval":
        return policy.roles[subject].title
    if requirement.kind == "card":
        return policy.artifacts[policy.model_card].title if policy.model_card else "Model card"
    if requirement.kind == "any_of":
        return " or ".join(name_of(_with(outcome, part), policy) for part in requirement.alternatives)
    return outcome.rule.title


def _with(outcome: Outcome, part: Requirement) -> Outcome:
    return replace(outcome, requirement=part)


def title_of(weighed: WeighedOutcome, policy: RuleSet) -> str:
    """The finding in one line."""
    outcome = weighed.outcome
    name, cause, subject = name_of(outcome, policy), outcome.cause or "", outcome.requirement.subject
    if outcome.claims_not_applicable and outcome.state in ("gap", "unknown", "deferred"):
        return f'{name}: "not applicable" is not approved'
    if outcome.needs_attestation and outcome.state in ("gap", "deferred"):
        return f"{name}: nobody has vouched for the evidence held elsewhere"
    if outcome.requirement.kind == "approval":
        return _approval_title(outcome, name)
    if outcome.approval is not None and outcome.state in ("gap", "unknown", "deferred"):
        return _choice_title(outcome, outcome.approval, policy)
    if outcome.state == "unknown" and outcome.missing_facts:
        is_claim = outcome.requirement.kind == "that"
        return f'Not known whether "{name}": {outcome.seen}' if is_claim else f"{name}: cannot be told, {outcome.seen}"
    if outcome.state == "unknown":
        return name
    if outcome.requirement.kind == "that":
        return outcome.rule.title
    if outcome.state in ("met", "not-applicable"):
        return name
    is_of_card = outcome.requirement.kind == "artifact" and subject == policy.model_card
    if outcome.requirement.kind == "card" or (cause == "thin" and is_of_card):
        return f"{name} is incomplete: {outcome.seen}" if cause == "thin" else _by_cause(outcome, name, cause)
    return _by_cause(outcome, name, cause)


def _is_neither(outcome: Outcome) -> bool:
    """Whether the manifest names none of several things of which one is wanted."""
    unnamed = all(said.startswith("the manifest names no ") for said in outcome.seen.split(" · "))
    return outcome.requirement.kind == "any_of" and outcome.cause in ("absent", "not-run") and unnamed


def _by_cause(outcome: Outcome, name: str, cause: str) -> str:
    if _is_neither(outcome):
        return f"{name}: one is wanted, and none is there"
    pattern = TITLES.get(cause, "{name}: {seen}")
    head = name.partition(" for ")[0].partition(" of ")[0]
    several = head.endswith("s") and not head.endswith(_ONE_IN_S)
    is_, has = ("are", "have") if several else ("is", "has")
    return pattern.format(name=name, is_=is_, has=has, subject=outcome.requirement.subject, seen=outcome.seen)


def _approval_title(outcome: Outcome, name: str) -> str:
    if outcome.state == "met":
        return f"{name} has approved"
    if outcome.rule.for_each != "system":
        return outcome.rule.title
    return f"Whether {name} has approved cannot be told" if outcome.state == "unknown" else f"{name} has not approved"


def _choice_title(outcome: Outcome, approval: Requirement, policy: RuleSet) -> str:
    """The work, or the approval that does instead."""
    parts = [part for part in outcome.requirement.alternatives if part.kind != "approval"]
    if outcome.rule.fix and all(part.kind == "that" for part in parts):
        mended = outcome.rule.fix[:1].lower() + outcome.rule.fix[1:].rstrip(".")
        return f"{outcome.rule.title}: {mended}, or {policy.roles[approval.subject].title} approves"
    work = " or ".join(name_of(_with(outcome, part), policy) for part in parts)
    return f"{outcome.rule.title}: {work} anew, or {policy.roles[approval.subject].title} approves"


def message_of(weighed: WeighedOutcome) -> str:
    """What was seen, then what is wanted."""
    outcome = weighed.outcome
    if outcome.requirement.kind == "that":
        return outcome.seen
    parts = [outcome.seen, f"wanted: {outcome.wanted}" if outcome.wanted else ""]
    return "; ".join(part for part in parts if part)


def fix_of(weighed: WeighedOutcome, policy: RuleSet, mode: str = "change", roles_file: str = ROLES_FILE) -> str:
    """The command or the line that starts the work; empty where nothing is to do."""
    outcome = weighed.outcome
    if outcome.state in ("met", "not-applicable"):
        return ""
    if weighed.for_ is not None:
        return _whom_to_name(weighed, policy, mode, roles_file) or approve_command(weighed, policy)
    if mode == "adoption" and outcome.requirement.kind == "approval" and outcome.rule.for_each == "change":
        return "leave it for the next change, in which somebody can approve it"
    stated = outcome.requirement.fix or outcome.rule.fix
    if outcome.state == "unknown" and outcome.missing_facts and outcome.requirement.kind == "that":
        if all(name.startswith("vendor.") for name in outcome.missing_facts):
            names = (name.removeprefix("vendor.") for name in outcome.missing_facts)
            return f"state {', '.join(names)} in the entry of vendor {outcome.instance}"
        return f"state {', '.join(outcome.missing_facts)} in the manifest{_in_its_own_change(weighed)}"
    if stated:
        said = stated.replace("{system}", outcome.system or "")
        return said + _held_first(stated, weighed, policy) + _held_answers(weighed)
    if outcome.state == "unknown" and outcome.missing_facts:
        return f"state {', '.join(outcome.missing_facts)} in the manifest"
    way = _brought_back(weighed, policy) or _sections_to_add(weighed, policy) or _fix_by_kind(outcome)
    return f"{_entry_kept(weighed)}{way}"


def _entry_kept(weighed: WeighedOutcome) -> str:
    """What comes first where the entry itself is gone: nothing can be named in an entry that is not there."""
    change = weighed.system_change
    if change is None or change.presence != "removed":
        return ""
    return f"keep the entry of {change.id} in {change.now.declared.manifest.path} until this is done: "


def _brought_back(weighed: WeighedOutcome, policy: RuleSet) -> str:
    """What to do where base has the paper that is missing now; empty where it has none.

    It may be gone, or the one of file and entry moved without the other.
    """
    outcome, change = weighed.outcome, weighed.system_change
    if outcome.cause != "absent" or change is None or change.was is None:
        return ""
    held, now = (_paper(outcome, facts, policy) for facts in (change.was, change.written))
    if held is None or held.cause is not None or held.path is None:
        return ""
    if now is None or now.path is None:
        return f"bring back {held.path} and its entry, as base has them{_until_moved_back(weighed, policy)}"
    if now.path == held.path:
        rest = "; what changed in the card falls away with it" if held is change.was.card else ""
        there = _new_path(change.written, held.path)
        way = f"write its new path into the entry: {there}" if there else _WHERE_IT_WENT
        return f"bring back {held.path}, as base has it; or {way}{rest}"
    if change.written.declared.key.manifest != change.was.declared.key.manifest:
        return f"move {held.path} along, to {now.path}: paths are from the folder of the manifest, which moved"
    return f"move {held.path} to {now.path}, or write the path at which it lies into the entry"


def _new_path(facts: Facts, path: str) -> str:
    """Where a file went, as an entry spells it: from the folder of its manifest. Empty where that cannot be said."""
    folder = facts.declared.key.manifest.rpartition("/")[0]
    there = facts.declared.moved.get(path, "")
    if not folder:
        return there
    return there.removeprefix(f"{folder}/") if there.startswith(f"{folder}/") else ""


def _until_moved_back(weighed: WeighedOutcome, policy: RuleSet) -> str:
    """How long a paper stays owed of a system that moves back before the gate which asks for it (D41)."""
    change, rule = weighed.system_change, weighed.outcome.rule
    gate = policy.gates.get(rule.gate or "")
    if gate is None or change is None or change.was is None or change.written.stage in RETIRED:
        return ""
    stage = change.written.stage
    if not stage_rank(stage) < min(stage_rank(change.was.stage), stage_rank(gate.to)):
        return ""
    return f"; {gate.title} asks for it until the move back to {stage} is merged"


def _sections_to_add(weighed: WeighedOutcome, policy: RuleSet) -> str:
    """The command that adds a heading for each field that a card says nothing of; empty where it has them all."""
    outcome, change = weighed.outcome, weighed.system_change
    card = change.written.card if change is not None else None
    if outcome.cause != "thin" or change is None or card is None or _paper(outcome, change.written, policy) is not card:
        return ""
    if not card.path.lower().endswith(_TAKES_SECTIONS):
        return ""
    named, tier = outcome.requirement.fields, change.written.tier
    lacking = (it for it in policy.card_fields if tier in it.tiers and (not named or it.id in named))
    if all(card.read_field(field.id).state != "absent" for field in lacking):
        return ""
    return f"policy-gate draft {policy.model_card} --system {outcome.system}"


def _paper(outcome: Outcome, facts: Facts, policy: RuleSet) -> ArtifactFact | CardFact | None:
    kind = outcome.requirement.kind
    name = policy.model_card if kind == "card" else outcome.requirement.subject
    if kind not in ("artifact", "card"):
        return None
    return facts.artifacts.get(name or "") or (facts.card if name == policy.model_card else None)


def _whom_to_name(weighed: WeighedOutcome, policy: RuleSet, mode: str, file: str) -> str:
    """What comes before an approval that nobody can give as things stand; empty where somebody can."""
    if not weighed.unheld or (weighed.forgiven and weighed.system_change is None):
        return ""
    role, others = roles_of(weighed, policy)[0], "let somebody else write this one"
    if weighed.unheld == "nobody" and mode == "adoption":
        return f"whoever {file} names as {role} can approve it once this is merged"
    if weighed.unheld == "nobody":
        return f"name somebody as {role} in {file}, in a change of its own"
    if weighed.system_change is None:
        return f"{others}, or the change of {file} that names another person as {role}"
    return f"name another person as {role} in {file}, in a change of its own; or {others}"


def notes_on(weighed: WeighedOutcome) -> tuple[str, ...]:
    """What spares the approval: work that does in its place, or that an honest change has not to do."""
    return (*_runs_instead(weighed), *_card_kept(weighed), *_ended_instead(weighed))


def _runs_instead(weighed: WeighedOutcome) -> tuple[str, ...]:
    """The result that would do in place of an approval, where base's is the one that is there."""
    outcome, change = weighed.outcome, weighed.system_change
    if weighed.for_ is None or change is None or outcome.state in ("met", "not-applicable"):
        return ()
    wanted = [part.subject for part in outcome.requirement.alternatives if part.kind == "test"]
    found = [fact for name in wanted if (fact := change.written.tests.get(name or "")) is not None and fact.path]
    return tuple(f"note: or run {it.id} on this change and keep its result in {it.path}" for it in found)


def _card_kept(weighed: WeighedOutcome) -> tuple[str, ...]:
    """What spares the approval of what a card says no more, where its system is retired."""
    outcome, change = weighed.outcome, weighed.system_change
    was = change.was.card if change is not None and change.was is not None else None
    if change is None or was is None or was.cause is not None or change.written.stage not in RETIRED:
        return ()
    now = change.written.card
    gone = now is None or now.cause == "absent"
    of_card = (it for it in change.changes if it.base_location is not None and it.base_location.path == was.path)
    if not gone or all(f"{it.kind}:{it.field}" != outcome.instance for it in of_card):
        return ()
    return (f"note: a retired system keeps its card until its entry goes; bring back {was.path}, as base has it",)


def _ended_instead(weighed: WeighedOutcome) -> tuple[str, ...]:
    """Where nothing of AI is left to look at: what says that the system ends with it, once for each system."""
    outcome, change = weighed.outcome, weighed.system_change
    if change is None or outcome.state in ("met", "not-applicable") or change.written.stage == "decommissioned":
        return ()
    last = next((it for it in change.changes if it.is_last_seen), None)
    is_first = outcome.rule.requirements[:1] == (outcome.requirement,)
    if last is None or outcome.instance != f"{last.kind}:{last.field}" or not is_first:
        return ()
    return (
        f"note: the code of {change.id} shows no model, vendor or prompt any more; if it ends with that, "
        "`stage: decommissioned` in its entry asks for its decommissioning, and not for this",
    )


def _held_first(fix: str, weighed: WeighedOutcome, policy: RuleSet) -> str:
    """What to add where the fix names a fact to state, and what base holds of it judges this change (D41)."""
    change = weighed.system_change
    if change is None or change.was is None or ": " not in fix:
        return ""
    named = [name for name in policy.facts if f"{name}: " in fix and re.search(rf"\b{name}: ", fix)]
    if not named:
        return ""
    facts = change.written.declared.entry.facts
    if any(name in facts for name in named):
        return (
            f" {listed(named)} stands here, and judges from the next change on: state it in a change of its own first."
        )
    return f" State {listed(named)} in a change of its own first and merge that: base's answer judges this one."


def _held_answers(weighed: WeighedOutcome) -> str:
    """What to add where answers of the vendor stand here already and base's judge, as nobody looked at them (D41)."""
    outcome, change = weighed.outcome, weighed.system_change
    if change is None or outcome.rule.for_each != "vendor":
        return ""
    vendor = f"{outcome.instance}."
    held = (it.field for it in change.changes if it.kind == "vendor-weakened" and it.field.startswith(vendor))
    conditions = filter(None, (outcome.rule.when, outcome.requirement.condition))
    asked = set(_VENDOR_NAME.findall(" ".join(it.text for it in conditions)))
    weighed_together = asked & _SUMS_OF_ANSWERS
    names = [name for field in held if (name := field.removeprefix(vendor)) in asked or weighed_together]
    if not names:
        return ""
    return (
        f" {listed(names)} of {outcome.instance} stands here: it counts at once with `assessed_on` of the day when "
        "somebody looked at it, else from the next change on."
    )


def _in_its_own_change(weighed: WeighedOutcome) -> str:
    """What to add to a fact that base left open: here its strictest reading judges, whatever is stated (D48)."""
    change = weighed.system_change
    return "" if change is None or change.was is None else ", in a change of its own first"


def approve_command(weighed: WeighedOutcome, policy: RuleSet) -> str:
    """The command that writes the approval; with a key where an unsigned record would not count."""
    outcome = weighed.outcome
    system = f" --system {outcome.system}" if outcome.system else ""
    role = next(iter(roles_of(weighed, policy)), "")
    tier = weighed.system_change.now.tier if weighed.system_change else None
    wanted = policy.assurance.approvals[tier] if tier else policy.assurance.governed_changes
    signed = " --key FILE" if wanted == "verified" or outcome.is_attestation else ""
    return f"policy-gate approve --for {weighed.for_}{system}" + (f" --role {role}" if role else "") + signed


def _another_result(outcome: Outcome) -> str:
    """What to do about a result that is too old or that nobody can read, as no line of the manifest mends it."""
    kept = f"where {outcome.requirement.subject} names it under tests"
    if outcome.cause == "refused" and _POINTER in outcome.seen:
        return f"take the report out of Git LFS, so that it lies itself {kept}"
    if outcome.cause == "stale":
        return f"run the suite again, and keep its new result {kept}"
    if outcome.cause == "refused" and outcome.seen.startswith("the report is no "):
        return f"have the suite write JUnit XML, and keep that {kept}"
    if outcome.cause == "refused" and outcome.seen.startswith("how "):
        return f"have the suite write of each test how it ended, and keep that report {kept}"
    return ""


def _fix_by_kind(outcome: Outcome) -> str:
    if _is_neither(outcome):
        parts = [(part, "not-run" if part.kind == "test" else "absent") for part in outcome.requirement.alternatives]
        ways = [_fix_by_kind(replace(outcome, requirement=part, cause=cause)) for part, cause in parts]
        return "; or ".join(way for way in ways if way)
    kind, subject, where = outcome.requirement.kind, outcome.requirement.subject, outcome.location
    if kind == "artifact" and outcome.cause == "absent":
        return f"policy-gate draft {subject} --system {outcome.system}"
    if kind == "artifact" and outcome.cause == "stale" and outcome.seen.startswith("completed "):
        return _LOOK_ANEW
    if kind == "artifact" and outcome.cause == "refused" and outcome.seen.startswith("it is about ") and where:
        own = f"policy-gate draft {subject} --system {outcome.system}"
        return f"take it out of the entry of {outcome.system}, then {own}; {where.path}:{where.line} is another's"
    if kind == "test" and (run := _another_result(outcome)):
        return run
    if kind == "test" and outcome.cause == "failed":
        return (
            f"mend what fails, run the suite again, and keep its new result in {outcome.location.path}"
            if (outcome.location)
            else "mend what fails, and run the suite again"
        )
    if kind == "test" and outcome.cause == "not-run" and outcome.seen.startswith("the result is the one from before"):
        return f"run the suite again, and keep its new result where {subject} names it under tests"
    if kind == "test" and outcome.cause == "not-run" and not outcome.seen.startswith("the manifest names no"):
        return f"have its tests run, and keep the new result where {subject} names it under tests"
    if kind == "test" and outcome.cause == "not-run":
        return f"run the suite, keep its JUnit XML result, and name it under tests as {subject}"
    return f"edit {where}" if where else ""
