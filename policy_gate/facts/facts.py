"""A snapshot to facts: everything known of each system in one tree, typed for the conditions of the policies."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from policy_gate.facts.declared_facts import (
    are_evaluated,
    known_hint,
    names_declared,
    problem_at,
    regulations,
    stated_facts,
    unknown_ids,
)
from policy_gate.facts.declared_models import model_values
from policy_gate.facts.risk_score import rate
from policy_gate.schema.documents import SystemEntry
from policy_gate.schema.facts import ArtifactFact, CardFact, Facts, TestFact, unrated_values
from policy_gate.schema.observed import Signal, values_of, vendors_of
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.snapshot import DeclaredSystem, Evidence, Snapshot
from policy_gate.schema.source import Problem
from policy_gate.schema.vendor_document import VENDOR_FIELDS, AnnouncedTerm, VendorEntry
from policy_gate.schema.vendor_terms import VendorTerms, later_by_id

_OF_DATA = ("training_data_description", "evaluation_data_description", "primary_intended_uses")
_OF_USES = ("primary_intended_uses",)
"""fields of a card that say whose data goes in, and what its results are used for"""
_MOST_READ = 128
"""systems of which is kept what their evidence was read as"""


def facts_of(snapshot: Snapshot, policy: RuleSet) -> tuple[Facts, ...]:
    """The facts of every system of the snapshot, sorted by manifest and id.

    What the policies do not know (a fact, a regulation, an id) is a located problem of the system and is
    left out of its facts, so that it decides nothing.
    """
    known = frozenset(system.key.id for system in snapshot.systems) | snapshot.systems_named
    seen = snapshot.observed.by_tree or {}
    found = (
        system_facts(system, snapshot.evidence, policy, known, seen.get(system.key.id)) for system in snapshot.systems
    )
    if snapshot.incidents:
        from policy_gate.facts.incidents import with_incidents  # noqa: PLC0415 - few repositories have had one

        found = (with_incidents(it, snapshot.incidents, snapshot.incident_files, policy) for it in found)
    if snapshot.earlier or snapshot.history_ends or snapshot.history_is_long:
        found = (_with_history(facts, snapshot, policy, known) for facts in found)
    return tuple(sorted(found, key=lambda facts: facts.key))


def _with_history(facts: Facts, snapshot: Snapshot, policy: RuleSet, known: Collection[str]) -> Facts:
    """The facts with what base's history held of evidence that is another in the result."""
    artifacts: dict[str, tuple[ArtifactFact, ...]] = {}
    in_stage: dict[str, tuple[ArtifactFact, ...]] = {}
    tests: dict[str, tuple[TestFact, ...]] = {}
    for system, evidence in snapshot.earlier.get(facts.id, ()):
        for document in _artifacts(system, evidence, policy, known).values():
            if document.oid is not None:
                artifacts[document.id] = (*artifacts.get(document.id, ()), document)
                if system.entry.stage == facts.stage:
                    in_stage[document.id] = (*in_stage.get(document.id, ()), document)
        for result in _tests(system, evidence, policy, None, known).values():
            if result.oid is not None:
                tests[result.id] = (*tests.get(result.id, ()), result)
    return replace(
        facts,
        earlier_artifacts=artifacts,
        earlier_in_stage=in_stage,
        earlier_tests=tests,
        history_ends=snapshot.history_ends,
        history_is_long=frozenset(id_ for system, id_ in snapshot.history_is_long if system == facts.id),
    )


def system_facts(
    system: DeclaredSystem,
    evidence: Mapping[str, Evidence],
    policy: RuleSet,
    known: Collection[str],
    seen: Sequence[Signal] | None = None,
) -> Facts:
    """The facts of one system; `seen` is all that its code shows, None where nobody looked."""
    declared, problems = stated_facts(system, policy)
    scope, unknown_scope = regulations(system, policy)
    dimensions, unscored = _dimensions(system, policy)
    stated = {**_stated(system.entry, scope, {**dimensions, **declared}, policy), **observed_values(seen)}
    stage = system.entry.stage
    card, tests, artifacts = _read_once(system, evidence, policy, known)
    if card is not None and (system.entry.metrics or any(it.claim for it in card.metrics)):
        from policy_gate.facts.metric_evidence import with_evidence  # noqa: PLC0415 - few cards name evidence

        card = with_evidence(card, system, tests, evidence)
    stated |= values_of_groups(card) | values_of_words(card, system.vendors)
    rating = rate(unrated_values(system.key.id, stage, stage, scope, stated), policy)
    found = [*problems, *unknown_scope, *unscored, *unknown_ids(system, policy)]
    vendors = assessed_vendors(described_terms(system.vendors), stated, policy)
    if rating.tier in policy.assurance.binds_code:
        found += _links_out(system)
    return Facts(
        declared=system,
        stage=stage,
        from_stage=stage,
        regulations=scope,
        stated=stated,
        rating=rating,
        artifacts=artifacts,
        tests=tests,
        card=card,
        vendors=tuple(vendor.stated for vendor in vendors),
        announced=later_by_id(vendors),
        problems=_together(system.problems, found),
        models=tuple(model_values(model, policy) for model in system.entry.models),
    )


def _links_out(system: DeclaredSystem) -> list[Problem]:
    """What an approval cannot be for: nobody sees what stands behind such a link, or when it changes (D58)."""
    if not system.links_out:
        return []
    shown = ", ".join(path if path.isprintable() else ascii(path) for path in system.links_out[:3])
    message = f"code of {system.key.id} is a symbolic link that leads out of the repository: {shown}"
    return [problem_at(system.at("paths"), message, "put what it points at into the repository, or take it out")]


def _together(collected: tuple[Problem, ...], found: list[Problem]) -> tuple[Problem, ...]:
    """What was found here added to what collecting found; one place is complained of once."""
    places = {problem.location for problem in collected}
    return (*collected, *(problem for problem in found if problem.location not in places))


def _stated(entry: SystemEntry, scope: tuple[str, ...], declared: Mapping[str, Any], policy: RuleSet) -> dict[str, Any]:
    """What `Facts.stated` holds; `declared` are dimensions and facts by their bare names.

    `regulations_evaluated` is true or absent: what no pack evaluates is unknown, not untrue (D42).
    """
    values: dict[str, Any] = {f"system.{name}": value for name, value in declared.items()}
    if entry.deployment_date is not None:
        values["system.deployment_date"] = entry.deployment_date
    values["system.declared"] = names_declared(values, policy)
    if are_evaluated(scope, policy):
        values["system.regulations_evaluated"] = True
    values["system.has_model_card"] = entry.model_card is not None
    values["system.has_vendors"] = bool(entry.vendors)
    values["system.claims_code"] = bool(entry.paths)
    values["system.has_incident_contact"] = bool(entry.incident_contact and entry.incident_contact.strip())
    values["system.reclassified_declared"] = entry.reclassified is not None
    values["system.reclassification_reviewed"] = entry.is_review_held
    return values


def values_of_groups(card: CardFact | None) -> dict[str, Any]:
    """The `system.*` values that compare the groups of a card."""
    if card is None or not card.metrics:
        return {"system.has_selection_rates": False}
    from policy_gate.facts.group_comparison import group_values  # noqa: PLC0415 - only where there are numbers

    return group_values(card.metrics)


def values_of_words(card: CardFact | None, vendors: Iterable[VendorEntry]) -> dict[str, Any]:
    """What the card, and the vendors' `data_sent`, say of people in plain words: of their data, of who decides."""
    sent = [vendor.data_sent for vendor in vendors if vendor.data_sent]
    data, uses = _sentences(card, _OF_DATA), _sentences(card, _OF_USES)
    if not (sent or data or uses):
        return {"system.names_personal_data": False, "system.names_automatic_decisions": False}
    from policy_gate.cards.words_about_people import (  # noqa: PLC0415 - only where there are words
        names_automatic_decisions,
        names_personal_data,
    )

    return {
        "system.names_personal_data": names_personal_data((*sent, *data)),
        "system.names_automatic_decisions": names_automatic_decisions(uses),
    }


def _sentences(card: CardFact | None, names: Iterable[str]) -> list[str]:
    """The sentences of these fields that stand for themselves, under no quotation, template or withdrawal."""
    fields = [card.fields[name] for name in names if name in card.fields] if card is not None else []
    # What the front matter says counts beside the text, which stands before it and may be silent about it.
    return [
        item
        for field in fields
        if field.state == "present"
        for item, under in (
            *zip(field.items, field.standing or ("",) * len(field.items), strict=False),
            *((text, "") for text in field.front.splitlines() if text.strip()),
        )
        if not under
    ]


def observed_values(seen: Sequence[Signal] | None) -> dict[str, Any]:
    """The `system.observed_*` values; none where nobody looked."""
    if seen is None:
        return {}
    found = {
        "observed_models": values_of(seen, "model"),
        "observed_vendors": vendors_of(seen),
        "observed_hosts": values_of(seen, "host"),
        "observed_weights": values_of(seen, "weights"),
        "observed_prompts": values_of(seen, "prompt"),
    }
    return {f"system.{name}": list(values) for name, values in found.items()}


def vendor_values(vendor: VendorEntry) -> dict[str, Any]:
    """The `vendor.*` values of one vendor; what it does not state is absent, dates are ISO text."""
    stated = ((name, getattr(vendor, name)) for name in VENDOR_FIELDS)
    values = {f"vendor.{name}": value for name, value in stated if value is not None}
    if vendor.assessed_on is not None:
        values["vendor.assessed_on"] = vendor.assessed_on.isoformat()
    if vendor.sla_uptime_percentage is not None:
        values["vendor.sla_uptime_percentage"] = float(vendor.sla_uptime_percentage)
    return values


DescribedTerms = tuple[Mapping[str, Any], Sequence[AnnouncedTerm]]
"""The `vendor.*` values of one vendor, and what it announced."""


def described_terms(vendors: Iterable[VendorEntry]) -> list[DescribedTerms]:
    """What the entries of vendors say, by id."""
    return [(vendor_values(it), it.announced) for it in sorted(vendors, key=lambda vendor: vendor.id)]


def assessed_vendors(
    vendors: Sequence[DescribedTerms], stated: Mapping[str, Any], policy: RuleSet
) -> tuple[VendorTerms, ...]:
    """What the policies make of vendors over time, for a system of which this is stated."""
    if not vendors:
        return ()
    from policy_gate.facts.announced_terms import assessed_terms  # noqa: PLC0415 - many systems have no vendor

    personal = stated.get("system.processes_personal_data")
    return tuple(assessed_terms(values, announced, personal, policy) for values, announced in vendors)


def with_vendors(facts: Facts, vendors: Sequence[DescribedTerms], policy: RuleSet) -> Facts:
    """The facts with these vendors, assessed by what is stated of the system."""
    found = assessed_vendors(vendors, facts.stated, policy)
    return replace(facts, vendors=tuple(it.stated for it in found), announced=later_by_id(found))


class _EvidenceRead(NamedTuple):
    """What the evidence of one entry was read as; `held` is what it was read of, kept so that ids stay theirs."""

    card: CardFact | None
    tests: dict[str, TestFact]
    artifacts: dict[str, ArtifactFact]
    held: tuple[object, ...]


def _read_once(
    system: DeclaredSystem, evidence: Mapping[str, Evidence], policy: RuleSet, known: Collection[str]
) -> tuple[CardFact | None, dict[str, TestFact], dict[str, ArtifactFact]]:
    """Card, tests and artifacts of an entry: read once for all trees of a session that hold the same of them.

    They are the same where the manifest, its entry and the evidence are the very objects that were read before, as a
    cache of documents gives them, and the paths and ids that they speak of are equal.
    """
    found = [evidence.get(path) for path in system.files.values()]
    held = (system.manifest, system.entry, *found)
    key = (tuple(map(id, held)), system.key, system.index, tuple(system.files.items()), frozenset(known))
    remembered: dict[Any, _EvidenceRead] = policy.remembered.setdefault("evidence", {})
    read = remembered.get(key)
    if read is None:
        if len(remembered) >= _MOST_READ:
            remembered.clear()
        card = _card(system, evidence, policy)
        tests, artifacts = _tests(system, evidence, policy, card, known), _artifacts(system, evidence, policy, known)
        read = remembered[key] = _EvidenceRead(card, tests, artifacts, held)
    return read.card, read.tests, read.artifacts


def _dimensions(system: DeclaredSystem, policy: RuleSet) -> tuple[dict[str, str], list[Problem]]:
    """The declared dimensions that the policies give points to; another value is a problem, never the lowest score."""
    values: dict[str, str] = {}
    problems: list[Problem] = []
    profile = system.entry.risk_profile
    for dimension in policy.scoring.dimensions:
        value = getattr(profile, dimension.id, None)
        if value is not None and value not in dimension.points:
            place = system.at("risk_profile", dimension.id)
            wanted = ", ".join(dimension.points)
            message = f'{dimension.id} is "{value}" (expected one of {wanted})'
            problems.append(problem_at(place, message, known_hint(value, dimension.points)))
        elif value is not None:
            values[dimension.id] = value
    return values, problems


def _artifacts(
    system: DeclaredSystem, evidence: Mapping[str, Evidence], policy: RuleSet, known: Collection[str]
) -> dict[str, ArtifactFact]:
    if not system.entry.artifacts:
        return {}
    from policy_gate.facts.evidence import artifact_fact, each_of_its_own  # noqa: PLC0415

    found = (artifact_fact(system, i, evidence, policy, known) for i in range(len(system.entry.artifacts)))
    return _first_by_id(each_of_its_own(found, policy))


def _tests(
    system: DeclaredSystem,
    evidence: Mapping[str, Evidence],
    policy: RuleSet,
    card: CardFact | None,
    known: Collection[str],
) -> dict[str, TestFact]:
    entries = system.entry.tests
    if not entries:
        return {}
    from policy_gate.facts.evidence import test_fact  # noqa: PLC0415
    from policy_gate.facts.result_claims import with_left_out  # noqa: PLC0415
    from policy_gate.facts.test_results import counted_by_none, once_each  # noqa: PLC0415

    version = card.field("version").text if card else None
    found = [test_fact(system, position, evidence, policy, version, known) for position in range(len(entries))]
    if len(found) > 1:
        found = counted_by_none(once_each(entries, found))
    return _first_by_id(with_left_out(found))


def _first_by_id(found: Any) -> dict[str, Any]:
    """By id, sorted; of two entries of one id, which is a problem, the first counts."""
    by_id: dict[str, Any] = {}
    for fact in found:
        by_id.setdefault(fact.id, fact)
    return dict(sorted(by_id.items()))


def _card(system: DeclaredSystem, evidence: Mapping[str, Evidence], policy: RuleSet) -> CardFact | None:
    if system.entry.model_card is None:
        return None
    from policy_gate.cards.draft_questions import is_asked_of  # noqa: PLC0415
    from policy_gate.cards.field_names import vocabulary  # noqa: PLC0415
    from policy_gate.cards.reader import read_card  # noqa: PLC0415

    path = system.files.get(system.entry.model_card)
    found = evidence.get(path or "")
    if found is None:
        found = Evidence(path or system.entry.model_card, "outside" if path is None else "absent")
    card = read_card(found, system.at("model_card"), vocabulary(policy.card_words), names_of_models(system))
    asked = {it.id for it in policy.card_fields if is_asked_of(card.read_field(it.id).words, it)}
    left = {name: replace(field, state="placeholder") for name, field in card.fields.items() if name in asked}
    return replace(card, fields={**card.fields, **left}) if left else card


def names_of_models(system: DeclaredSystem) -> tuple[str, ...]:
    """What the models of a system are called: as its entry lists them, and as it is called itself."""
    listed = [model.name for model in system.entry.models]
    return (*listed, *(name.rpartition("/")[2] for name in listed if "/" in name), system.entry.name, system.key.id)
