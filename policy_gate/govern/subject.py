"""Subjects: for each gate or governed change, the content an approval must be for (D10, D16)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from policy_gate.govern.content import content_digest, content_of, content_parts
from policy_gate.govern.standing import Standing
from policy_gate.schema.canonical import digest_of
from policy_gate.schema.facts import Change
from policy_gate.schema.finding import Outcome
from policy_gate.schema.law import RuleSet
from policy_gate.schema.papers import Terms
from policy_gate.schema.subject import Subject


def subject(
    for_: str,
    standing: Standing | None,
    outcomes: Sequence[Outcome],
    changes: Sequence[Change],
    law: RuleSet,
    terms: Terms,
) -> Subject:
    """The subject of one gate or governed change.

    `outcomes` are what this gate or change asks for, `changes` the ones it is about together with all
    weakenings of the system. Code is bound for entering gates of the tiers in `binds_code`.
    """
    content: dict[str, str] = {
        "for": for_,
        "repository": terms.repository,
        "target_branch": terms.target_branch,
    }
    if changes:
        content["changes"] = digest_of(_changes(changes))
    if standing is not None:
        content.update(system=standing.id, tier=standing.now.tier, from_stage=standing.from_stage)
        content.update(_counted(standing, outcomes, law))
        if binds_code(for_, standing, law):
            declared = standing.now.declared
            content["code"] = digest_of(sorted(list(file) for file in (*declared.code, *declared.inside)))
    parts = tuple(sorted(content.items()))
    return Subject(standing.id if standing else None, for_, digest_of(content), parts, _known_places(parts, standing))


def whole_subject(standing: Standing) -> Subject:
    """All governed content of a system, for which no approval is asked now."""
    facts = standing.declared or standing.now
    parts = content_parts(facts)
    return Subject(standing.id, "", content_digest(facts), parts, _known_places(parts, standing))


def _known_places(parts: Sequence[tuple[str, str]], standing: Standing | None) -> tuple[tuple[str, str], ...]:
    places = _places(standing) if standing is not None else {}
    return tuple((name, places[name]) for name, _ in parts if name in places)


def _places(standing: Standing) -> dict[str, str]:
    """Where each part stands in the repository, by its name."""
    facts = standing.declared or standing.now
    found = {"entry": facts.declared.manifest.path}
    if facts.card is not None:
        found["card"] = facts.card.path
    found.update({f"artifact {name}": fact.path for name, fact in facts.artifacts.items() if fact.path})
    found.update({f"test {name}": fact.path for name, fact in facts.tests.items()})
    return found


def _changes(changes: Sequence[Change]) -> list[dict[str, Any]]:
    plain = [{"kind": c.kind, "field": c.field, "before": c.before, "after": c.after} for c in changes]
    return sorted(plain, key=lambda item: (item["kind"], item["field"], str(item["before"]), str(item["after"])))


def _counted(standing: Standing, outcomes: Sequence[Outcome], law: RuleSet) -> dict[str, str]:
    """What is asked for, and what counts as it, one part each: blob ids of files, digests of the rest."""
    artifacts, tests, claims = set[str](), set[str](), set[str]()
    for outcome in outcomes:
        for requirement in (outcome.requirement, *outcome.requirement.alternatives):
            claims.add(requirement.subject)
            if requirement.kind == "artifact":
                artifacts.update((requirement.subject, *law.artifacts[requirement.subject].satisfied_by))
            elif requirement.kind == "test":
                tests.add(requirement.subject)
            elif requirement.kind == "card":
                artifacts.add("model-card")
    content = content_of(standing.declared or standing.now, artifacts, tests, claims)
    parts = {"entry": digest_of(content["entry"])}
    if content["vendors"]:
        parts["vendors"] = digest_of(content["vendors"])
    if content["card"]:
        parts["card"] = content["card"]
    parts.update({f"artifact {name}": str(value) for name, value in content["artifacts"].items()})
    for name, value in content["tests"].items():
        parts[f"test {name}"] = value if isinstance(value, str) else digest_of(value)
    return parts


def binds_code(for_: str, standing: Standing, law: RuleSet) -> bool:
    """Whether papers for one program must not release another: entering stage gates of bound tiers."""
    gate = law.gates.get(for_)
    if gate is None or gate.entered_by != "stage" or for_ not in standing.entered:
        return False
    return standing.now.tier in law.assurance.binds_code
