"""The files that `init` proposes: manifest, roles, configuration and a CI file, as text to be read first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple, get_args, get_type_hints

from msgspec import Struct, field

from policy_gate.documents.writer import NewFile, scalar
from policy_gate.schema.documents import Approver, RiskProfile, SystemEntry
from policy_gate.schema.vocabulary import DIMENSIONS
from policy_gate.write.ci_files import GITLAB_PIPELINE, ci_file

MANIFEST = "governance.yaml"
_SIGNS = 3
"""signs of one system that are shown in the manifest"""
_NO_STAGE = "   # taken to be in use; nothing here shows its stage"


class PlannedModel(NamedTuple):
    """A model as code names it, its vendor (or none), and where."""

    name: str
    vendor: str
    place: str


class PlannedVendor(NamedTuple):
    """A supplier as the code shows it, and where."""

    id: str
    name: str
    place: str


class SystemPlan(Struct, frozen=True):
    """One system as it will be declared; a dimension left out stays open, which makes the tier a range.

    `seen` says of fields where their value comes from. `parts` are folders that may be systems of their own.
    """

    id: str
    name: str
    owner_team: str
    stage: str
    paths: tuple[str, ...]
    description: str = ""
    card: str | None = None
    profile: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    signs: tuple[str, ...] = ()
    vendors: tuple[PlannedVendor, ...] = ()
    models: tuple[PlannedModel, ...] = ()
    parts: tuple[str, ...] = ()
    model_lists: tuple[str, ...] = ()
    """files that offer models to choose from, as sentences"""
    people: str = ""
    """who may know whose it is, in words"""
    seen: Mapping[str, str] = field(default_factory=dict)
    guessed: tuple[str, ...] = ()
    """the fields that nobody was asked about: id, stage, paths"""


def choices(dimension: str) -> tuple[str, ...]:
    """The values of a dimension, from the schema itself, strictest first."""
    words = [arg for part in get_args(get_type_hints(RiskProfile)[dimension]) for arg in get_args(part)]
    return tuple(str(word) for word in words)


def files(
    systems: Sequence[SystemPlan],
    *,
    repository: str,
    roles: Iterable[tuple[str, str]],
    suggested: Approver | None,
    platforms: Sequence[str],
    today: date,
    manifest_path: str = MANIFEST,
    action_owner: str = "",
    candidates: Sequence[str] = (),
    reason: str = "",
) -> tuple[NewFile, ...]:
    """All files of a first adoption; `roles` are (id, title) of the roles that the policies know.

    `candidates` are people who may fill roles, in words. With a `reason` there is no system, and it says why.
    """
    return (
        NewFile(manifest_path, absence(reason) if reason else manifest(systems, today)),
        NewFile("policy-gate.yaml", f"schema: policy-gate/config/v1\nrepository: {scalar(repository)}\n"),
        NewFile("policies/roles.yaml", _roles(roles, suggested, candidates, platforms)),
        NewFile("policies/organisation.yaml", _ORGANISATION),
        *(ci_file(platform, action_owner) for platform in platforms),
        *((GITLAB_PIPELINE,) if "gitlab" in platforms else ()),
    )


def absence(reason: str) -> str:
    """governance.yaml of a repository that holds no AI system, and why."""
    return f"schema: policy-gate/manifest/v1\nsystems: []\nreason: {scalar(' '.join(reason.split()))}\n"


def manifest(systems: Sequence[SystemPlan], today: date) -> str:
    """governance.yaml with what is known filled in, and what is not as a commented choice."""
    lines = ["schema: policy-gate/manifest/v1", *vendor_lines(systems), "systems:"]
    for system in systems:
        lines += entry(system, today)
    return "\n".join(lines) + "\n"


def vendor_lines(systems: Sequence[SystemPlan], known: Collection[str] = ()) -> list[str]:
    """The suppliers that these systems name, each once, but those that are described already."""
    found = {vendor.id: vendor for system in systems for vendor in system.vendors if vendor.id not in known}
    lines = ["vendors:"] if found else []
    for vendor in found.values():
        lines += [f"  - id: {scalar(vendor.id)}{_from(vendor.place)}", f"    vendor_name: {scalar(vendor.name)}"]
    return lines


def entry(system: SystemPlan, today: date) -> list[str]:
    """The lines of one system, indented by two, with where each value comes from."""
    seen = system.seen
    lines = [f"  # seen: {_comment(sign)}" for sign in system.signs[:_SIGNS]]
    if len(system.signs) > _SIGNS:
        lines.append(f"  # and {len(system.signs) - _SIGNS} more: policy-gate discover")
    if system.parts:
        lines.append(f"  # {len(system.parts)} parts; declare those apart that are products of their own")
    lines += [f"  - id: {scalar(system.id)}", f"    name: {scalar(system.name)}{_from(seen.get('name'))}"]
    if system.description:
        lines.append(f"    description: {scalar(system.description)}{_from(seen.get('description'))}")
    else:
        lines.append("    # description: what it does, and who decides on what it says")
    lines.append(f"    owner_team: {scalar(system.owner_team)}{_from(seen.get('owner_team'))}")
    if system.people:
        lines.append(f"    # may know whose it is: {_comment(system.people)}")
    stage_from = _from(seen.get("stage")) if "stage" not in system.guessed or seen.get("stage") else _NO_STAGE
    lines.append(f"    stage: {system.stage}{stage_from}")
    lines.append(
        f"    enrolled: {today.isoformat()}   # it existed before it was declared: what it owes gets due dates"
    )
    if system.guessed:
        lines.append(f"    guessed: [{', '.join(system.guessed)}]   # mend these, and take away each that is true")
    lines.append("    # incident_contact: ai-oncall@example.com")
    lines.append("    paths: [" + ", ".join(scalar(path) for path in system.paths) + "]")
    if system.card:
        lines.append(f"    model_card: {scalar(system.card)}")
    return [*lines, *_supplied(system), *_profile(system.profile), *_facts(system.facts)]


def _supplied(system: SystemPlan) -> Iterator[str]:
    """Vendors and models; models as a comment where manifests have no place for them."""
    if system.vendors:
        places = ", ".join(vendor.place for vendor in system.vendors)
        yield f"    vendors: [{', '.join(scalar(vendor.id) for vendor in system.vendors)}]{_from(places)}"
    if system.models:
        mark = "" if "models" in SystemEntry.model_fields else "# "
        yield f"    {mark}models:"
        for model in system.models:
            of = f" of {model.vendor}," if model.vendor else ""
            yield f"    {mark}  - {{name: {scalar(model.name)}}}   #{of} seen: {_comment(model.place)}"
    yield from (f"    # {_comment(said)}: add those in use" for said in system.model_lists)


def _facts(facts: Mapping[str, str]) -> list[str]:
    said = ", ".join(f"{name}: {value}" for name, value in facts.items())
    return [f"    facts: {{{said}}}"] if said else ["    # facts: {eu_market: true}   # or false"]


def _from(place: str | None) -> str:
    return f"   # seen: {_comment(place)}" if place else ""


def _profile(profile: Mapping[str, str]) -> list[str]:
    lines = []
    for name in DIMENSIONS:
        options = ", ".join(choices(name))
        if name in profile:
            lines.append(f"      {name}: {profile[name]}")
        else:
            lines.append(f"      # {name}:   # one of {options}")
    return [
        f"    risk_profile:{'' if profile else ' {}   # take the braces away with the first line you fill in'}",
        *lines,
    ]


def _roles(
    roles: Iterable[tuple[str, str]], suggested: Approver | None, candidates: Sequence[str], platforms: Sequence[str]
) -> str:
    example = suggested or Approver(name="Ada Example", email="ada@example.com")
    accounts = ", ".join(f"{forge}: LOGIN" for forge in platforms or ("github",))
    person = f"{{name: {scalar(example.name)}, email: {scalar(example.email)}, {accounts}, keys: [PUBLIC KEY]}}"
    lines = [
        "schema: policy-gate/roles/v1",
        "# Who may approve what, read from the base branch only. Put people between the brackets, such as",
        f"#   members: [{person}]",
        "# The account is for reviews, the SSH key (the line of a .pub file) for signed records; either will do.",
        "# In a small team a role may stand in for another: `dpo: {same_as: legal}`.",
        *(f"# May be asked to fill one: {_comment(candidate)}" for candidate in candidates),
        "roles:",
    ]
    for role, title in roles:
        lines += [f"  {role}:   # {_comment(title)}", "    members: []"]
    return "\n".join(lines) + "\n"


def _comment(text: str) -> str:
    said = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(said.split())[:100]


_ORGANISATION = """\
schema: policy-gate/policy/v1
about: This repository's own rules, on top of the built-in ones. See `policy-gate policy list --origin`.
# Approvals count when they are verified: a review on the forge, or a record signed with a key that roles.yaml
# pins. `recorded` also accepts records that are only written down, by whoever's address is in the commit
# that adds them; every report will repeat that.
assurance:
  approvals: {low: verified, medium: verified, high: verified, critical: verified}
  governed_changes: verified
  # Whoever works alone, with nobody else to ask, may agree with themselves at these tiers, and every report
  # will say so. Once this is merged, it takes a second person to change it.
  # self_approval: [low, medium]
"""
