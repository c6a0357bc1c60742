"""The files that `init` proposes: manifest, roles, configuration and a CI file, as text to be read first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import get_args, get_type_hints

from msgspec import Struct, field

from policy_gate.documents.writer import NewFile, scalar
from policy_gate.schema.documents import Approver, RiskProfile
from policy_gate.schema.vocabulary import DIMENSIONS
from policy_gate.write.ci_files import GITLAB_PIPELINE, ci_file

MANIFEST = "governance.yaml"


class SystemPlan(Struct, frozen=True):
    """One system as it will be declared; a dimension left out stays open, which makes the tier a range."""

    id: str
    name: str
    owner_team: str
    stage: str
    paths: tuple[str, ...]
    description: str = ""
    card: str | None = None
    profile: Mapping[str, str] = field(default_factory=dict)
    signs: tuple[str, ...] = ()
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
) -> tuple[NewFile, ...]:
    """All files of a first adoption; `roles` are (id, title) of the roles that the policies know."""
    return (
        NewFile(manifest_path, manifest(systems, today)),
        NewFile("policy-gate.yaml", f"schema: policy-gate/config/v1\nrepository: {scalar(repository)}\n"),
        NewFile("policies/roles.yaml", _roles(roles, suggested)),
        NewFile("policies/organisation.yaml", _ORGANISATION),
        *(ci_file(platform, action_owner) for platform in platforms),
        *((GITLAB_PIPELINE,) if "gitlab" in platforms else ()),
    )


def manifest(systems: Sequence[SystemPlan], today: date) -> str:
    """governance.yaml with what is known filled in, and what is not as a commented choice."""
    lines = ["schema: policy-gate/manifest/v1", "systems:"]
    for system in systems:
        lines += _entry(system, today)
    return "\n".join(lines) + "\n"


def _entry(system: SystemPlan, today: date) -> list[str]:
    lines = [f"  # seen: {_comment(sign)}" for sign in system.signs[:3]]
    lines += [f"  - id: {scalar(system.id)}", f"    name: {scalar(system.name)}"]
    if system.description:
        lines.append(f"    description: {scalar(system.description)}")
    else:
        lines.append("    # description: what it does, and who decides on what it says")
    lines += [f"    owner_team: {scalar(system.owner_team)}", f"    stage: {system.stage}"]
    lines.append(
        f"    enrolled: {today.isoformat()}   # it existed before it was declared: what it owes gets due dates"
    )
    if system.guessed:
        lines.append(f"    guessed: [{', '.join(system.guessed)}]   # mend these, and take away each that is true")
    lines.append("    # incident_contact: ai-oncall@example.com")
    lines.append("    paths: [" + ", ".join(scalar(path) for path in system.paths) + "]")
    if system.card:
        lines.append(f"    model_card: {scalar(system.card)}")
    return [*lines, *_profile(system.profile)]


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


def _roles(roles: Iterable[tuple[str, str]], suggested: Approver | None) -> str:
    example = suggested or Approver(name="Ada Example", email="ada@example.com")
    person = f"{{name: {scalar(example.name)}, email: {scalar(example.email)}, github: LOGIN, keys: [PUBLIC KEY]}}"
    lines = [
        "schema: policy-gate/roles/v1",
        "# Who may approve what, read from the base branch only. Put people between the brackets, such as",
        f"#   members: [{person}]",
        "# The account is for reviews, the SSH key (the line of a .pub file) for signed records; either will do.",
        "# In a small team a role may stand in for another: `dpo: {same_as: legal}`.",
        "roles:",
    ]
    for role, title in roles:
        lines += [f"  {role}:   # {_comment(title)}", "    members: []"]
    return "\n".join(lines) + "\n"


def _comment(text: str) -> str:
    return " ".join(text.split())[:100]


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
