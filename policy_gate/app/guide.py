"""What whoever writes code here should know, from the manifests, policies and roles of the files as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from policy_gate.app.views import refuse_unread
from policy_gate.collect.inputs import load_inputs
from policy_gate.collect.layout import APPROVALS, CONFIG_FILE, WAIVERS_FILE, Layout
from policy_gate.collect.policies_of_tree import policies_of
from policy_gate.documents.spelling import listed
from policy_gate.errors import UngovernedError
from policy_gate.facts.change_kinds import is_raising, is_weakening
from policy_gate.facts.facts import facts_of
from policy_gate.policy.load import load_policies
from policy_gate.schema.change import Change
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.facts import Facts
from policy_gate.schema.guide import Asked, AskingChange, Guide, GuidedSystem, NextStage
from policy_gate.schema.roles import Roles
from policy_gate.schema.rule import Requirement, Rule
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.rule_targets import CHANGES_OF_REPOSITORY, TODAY
from policy_gate.schema.vocabulary import RETIRED


class _Known(Struct, frozen=True):
    """The policies, roles and layout that the files here have."""

    policy: RuleSet
    roles: Roles | None
    layout: Layout
    today: str


def guide(request: Request) -> Guide:
    """The guide to the files as they are; UngovernedError where they declare no system, PolicyError as they come."""
    with load_inputs(request) as inputs:
        assert inputs.revisions is not None  # noqa: S101 - inputs that were loaded have them
        own = policies_of(inputs.revisions.result, "work tree", inputs.cache)
        packs = own.config.content.pack_ids if own.config else ()
        policy = load_policies(inputs.result_layers or inputs.layers, packs)
        systems = sorted(facts_of(inputs.result, policy), key=lambda facts: facts.id)
        if not systems:
            refuse_unread(inputs.result)
            raise UngovernedError("no AI system is declared in these files", hint="policy-gate init")
        roles = own.roles.content if own.roles else None
        known = _Known(policy, roles, own.layout, request.as_of.date().isoformat())
        running = (file.path for file in inputs.result.enforcement_files)
        return Guide(
            tuple(_system(facts, known) for facts in systems),
            tuple(_changes(systems, known)),
            (f"{own.layout.policies}/", CONFIG_FILE, f"{APPROVALS}/", WAIVERS_FILE, *running),
        )


def _system(facts: Facts, known: _Known) -> GuidedSystem:
    folder = facts.key.manifest.rpartition("/")[0]
    paths = (known.layout.resolved(folder, pattern) for pattern in facts.declared.entry.paths)
    return GuidedSystem(
        facts.id,
        facts.declared.entry.name,
        facts.tier,
        facts.rating.tier_range,
        facts.stage,
        facts.key.manifest,
        tuple(path for path in paths if path),
        _next_stage(facts, known),
    )


def _next_stage(facts: Facts, known: _Known) -> NextStage | None:
    """What the gate of the next stage asks of this tier; conditions of the facts are left open."""
    policy = known.policy
    ahead = (it for it in policy.gates.values() if it.entered_by == "stage" and it.from_ == facts.stage)
    gate = next((it for it in ahead if it.to not in RETIRED), None)
    if gate is None:
        return None
    rules = (rule for rule in policy.rules if _is_due_at(rule, gate.id, facts, policy))
    return NextStage(gate.id, gate.title, gate.to, _asked((it for rule in rules for it in rule.requirements), known))


def _is_due_at(rule: Rule, gate: str, facts: Facts, policy: RuleSet) -> bool:
    if rule.kind == "gate":
        return rule.id == gate and facts.tier in rule.tiers
    return rule.kind == "control" and rule.gate == gate and rule.id in policy.demanded[facts.tier]


def _changes(systems: Iterable[Facts], known: _Known) -> Iterator[AskingChange]:
    """The rules about changes that ask for more than advice, with the systems that may set them off."""
    listed_systems = tuple(systems)
    for rule in known.policy.rules:
        if rule.kind != "rule" or rule.for_each != "change" or rule.enforcement == "advise":
            continue
        asked = _asked(rule.requirements, known)
        concerned = tuple(facts.id for facts in listed_systems if _may_fire(rule, facts, known))
        if concerned or _may_fire(rule, None, known):
            yield AskingChange(rule.id, rule.title, concerned, asked, rule.enforcement == "block")


def _may_fire(rule: Rule, facts: Facts | None, known: _Known) -> bool:
    """Whether any kind of change of a system, or of the repository, may set a rule off."""
    if rule.when is None:
        return True
    seen: Mapping[str, object] = {**(facts.values if facts else {}), TODAY: known.today}
    for kind in known.policy.change_kinds:
        if (kind in CHANGES_OF_REPOSITORY) == (facts is not None):
            continue
        weakens, raises = is_weakening(kind, known.policy), is_raising(kind, known.policy)
        change = Change(kind, facts.id if facts else None, "", None, None, weakens, raises)
        stated = {name: value for name, value in change.values().items() if name in _OF_KIND}
        if rule.when.truth({**seen, **stated}).value is not False:
            return True
    return False


_OF_KIND = ("change.kind", "change.weakening", "change.of")
"""What is known of a change by its kind alone; the rest is left open."""


def _asked(requirements: Iterable[Requirement], known: _Known) -> Asked:
    """Approvals by role with who holds it, and work by name, each once."""
    approvals: dict[str, None] = {}
    work: dict[str, None] = {}
    for requirement in requirements:
        said = _words(requirement, known)
        (approvals if requirement.kind == "approval" else work)[said] = None
    return Asked(tuple(approvals), tuple(work))


def _words(requirement: Requirement, known: _Known) -> str:
    policy, subject = known.policy, requirement.subject
    if requirement.kind == "approval":
        return _holders(requirement, known)
    if requirement.kind == "artifact" and subject in policy.artifacts:
        return policy.artifacts[subject].title
    if requirement.kind == "test" and subject in policy.tests:
        return policy.tests[subject].title
    if requirement.kind == "card":
        return "model card"
    if requirement.kind == "any_of":
        return " or ".join(dict.fromkeys(_words(part, known) for part in requirement.alternatives))
    return f"blocked while it is so: {(requirement.message or subject).rstrip('.: ')}"


def _holders(requirement: Requirement, known: _Known) -> str:
    """'AI Safety Lead (Rae Kim)', with teams by their names."""
    if requirement.of_accountable:
        return "whoever answers for that document or test"
    role = requirement.subject
    title = known.policy.roles[role].title if role in known.policy.roles else role
    held = tuple(known.roles.holding(role)) if known.roles else ()
    names = [person.name for holders in held for person in holders.members]
    names += [team for holders in held for team in holders.teams]
    return f"{title} ({listed(list(dict.fromkeys(names)))})" if names else f"{title} (nobody is named yet)"
