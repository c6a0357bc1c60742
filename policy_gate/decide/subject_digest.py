"""Subjects: for each gate or governed change, the content an approval must be for (D10, D16)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from policy_gate.decide.governed_content import content_of
from policy_gate.decide.system_change import SystemChange
from policy_gate.schema.approval_subject import ApprovalSubject
from policy_gate.schema.canonical import digest_of
from policy_gate.schema.change import Change
from policy_gate.schema.check_inputs import CheckOptions
from policy_gate.schema.facts import Facts
from policy_gate.schema.finding import Outcome
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.rule_set import RuleSet


def subject(
    for_: str,
    system_change: SystemChange | None,
    outcomes: Sequence[Outcome],
    changes: Sequence[Change],
    policy: RuleSet,
    options: CheckOptions,
) -> ApprovalSubject:
    """The subject of one gate or governed change.

    `outcomes` are what this gate or change asks for, `changes` the ones it is about together with all
    weakenings of the system. Code is bound for entering gates of the tiers in `binds_code`.
    """
    content: dict[str, str] = {
        "for": for_,
        "repository": options.repository,
        "target_branch": options.target_branch,
    }
    if changes:
        content["changes"] = digest_of(_changes(changes))
    if system_change is not None:
        content.update(system=system_change.id, tier=system_change.now.tier, from_stage=system_change.from_stage)
        content.update(_counted(system_change, outcomes, policy))
        suspected = sorted(it.id for it in system_change.now.incidents if it.values["incident.reopens_data"])
        if suspected and for_ in policy.gates:
            content["suspected data"] = ", ".join(suspected)
        if binds_code(for_, system_change, policy):
            judged, stays = _code_of(system_change.now), _code_of(system_change.written)
            content["code"] = digest_of(judged if judged == stays else [judged, stays])
    parts = tuple(sorted(content.items()))
    return ApprovalSubject(
        system_change.id if system_change else None,
        for_,
        digest_of(content),
        parts,
        _known_places(parts, system_change),
    )


def whole_subject(system_change: SystemChange) -> ApprovalSubject:
    """All governed content of a system, for which no approval is asked now."""
    parts = system_change.content
    return ApprovalSubject(
        system_change.id, "", system_change.content_digest, parts, _known_places(parts, system_change)
    )


def _known_places(parts: Sequence[tuple[str, str]], system_change: SystemChange | None) -> tuple[tuple[str, str], ...]:
    places = _places(system_change) if system_change is not None else {}
    return tuple((name, places[name]) for name, _ in parts if name in places)


def _places(system_change: SystemChange) -> dict[str, str]:
    """Where each part stands in the repository, by its name."""
    facts = system_change.written
    found = {"entry": facts.declared.manifest.path}
    if facts.card is not None:
        found["card"] = facts.card.path
        found.update({f"numbers {path}": path for path, _ in facts.card.bound})
    found.update({f"artifact {name}": fact.path for name, fact in facts.artifacts.items() if fact.path})
    found.update({f"test {name}": fact.path for name, fact in facts.tests.items()})
    return found


def _changes(changes: Sequence[Change]) -> list[dict[str, Any]]:
    plain = [
        {"kind": c.kind, "field": c.field, "before": c.before, "after": c.after}
        | ({"bound": c.bound} if c.bound else {})
        for c in changes
    ]
    return sorted(plain, key=lambda item: (item["kind"], item["field"], str(item["before"]), str(item["after"])))


def _counted(system_change: SystemChange, outcomes: Sequence[Outcome], policy: RuleSet) -> dict[str, str]:
    """What is asked for, and what counts as it, one part each: blob ids of files, digests of the rest."""
    artifacts, tests, claims = set[str](), set[str](), set[str]()
    with_card = False
    for outcome in outcomes:
        if outcome.rule.for_each == "change":
            about = outcome.instance.partition(":")[2]
            artifacts.update({about} & policy.artifacts.keys())
            tests.update({about} & policy.tests.keys())
        for requirement in (outcome.requirement, *outcome.requirement.alternatives):
            claims.add(requirement.subject)
            if requirement.kind == "artifact":
                artifacts.update((requirement.subject, *policy.artifacts[requirement.subject].satisfied_by))
            elif requirement.kind == "test":
                tests.add(requirement.subject)
            elif requirement.kind == "card":
                with_card = True
    if policy.model_card is not None and with_card:
        artifacts.add(policy.model_card)
    with_card = with_card or policy.model_card in artifacts
    content = content_of(system_change.written, artifacts, tests, claims, with_card=with_card)
    parts = {"entry": digest_of(content["entry"])}
    if content["vendors"]:
        parts["vendors"] = digest_of(content["vendors"])
    if content["card"]:
        parts["card"] = content["card"]
    parts.update({f"numbers {path}": oid for path, oid in content["numbers"].items()})
    parts.update({f"artifact {name}": str(value) for name, value in content["artifacts"].items()})
    for name, value in content["tests"].items():
        parts[f"test {name}"] = value if isinstance(value, str) else digest_of(value)
    return parts


def _code_of(facts: Facts) -> list[list[str]]:
    """Path and blob of each file; where `paths` were narrowed, what is judged holds files that the result deletes."""
    declared = facts.declared
    return sorted(list(file) for file in {*declared.code, *declared.inside, *declared.linked})


def binds_code(for_: str, system_change: SystemChange, policy: RuleSet) -> bool:
    """Whether papers for one program must not release another: entering stage gates of bound tiers."""
    gate = policy.gates.get(for_)
    if gate is None or gate.entered_by != "stage" or for_ not in system_change.entered:
        return False
    return system_change.now.tier in policy.assurance.binds_code


_BLOB = lazy_pattern(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_SAID = {
    "tier": "the tier was {was}, now {now}",
    "from_stage": "the stage in base was {was}, now {now}",
    "repository": "it is for the repository {was}, not {now}",
    "target_branch": "it is for the branch {was}, not {now}",
    "system": "it is for the system {was}, not {now}",
    "for": "it is for {was}, not {now}",
    "vendors": "the vendors it names changed",
    "code": "the code under its paths changed",
    "suspected data": "since then the data came under suspicion ({now})",
    "changes": "what this change weakens is not the same any more",
}


def explain_difference(before: Sequence[tuple[str, str]], subject: ApprovalSubject) -> str | None:
    """What differs between the parts of an earlier subject and this one; None where they do not tell.

    A file is told with the command that shows the difference, by the blob ids of both.
    """
    was, now, places = dict(before), dict(subject.parts), dict(subject.places)
    moved = [name for name in sorted({*was, *now}) if was.get(name) != now.get(name)]
    if not was or not moved:
        return None
    told = [_told(name, was.get(name, ""), now.get(name, ""), places) for name in moved]
    return f"for an earlier content: {'; '.join(told)}"


def _told(name: str, was: str, now: str, places: dict[str, str]) -> str:
    if name in _SAID:
        return _SAID[name].format(was=was or "not named", now=now or "not named")
    place = places.get(name, "")
    what = f"the entry in {place}" if name == "entry" and place else place or name
    if not was or not now:
        return f"{what} was not there yet" if not was else f"{what} is gone"
    if _BLOB.match(was) and _BLOB.match(now):
        return f"{what} changed since (git diff {was[:10]} {now[:10]})"
    return f"{what} changed since"
