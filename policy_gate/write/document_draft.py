"""A first draft of a missing document: the catalogue's headings, what is known, and what is to be said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath

from policy_gate.cards.draft_questions import asked_of_section
from policy_gate.cards.field_names import vocabulary
from policy_gate.cards.markdown_document import field_section
from policy_gate.documents.writer import NewFile
from policy_gate.schema.documents import SystemEntry
from policy_gate.schema.facts import CardField
from policy_gate.schema.rule_set import Artifact, RuleSet, WantedSection
from policy_gate.schema.vocabulary import DIMENSIONS
from policy_gate.write.card_sections import todo


def draft(
    artifact: str,
    entry: SystemEntry,
    tier: str,
    manifest: str,
    policy: RuleSet,
    is_of_another: Callable[[str], bool] = lambda _: False,
    *,
    in_folder: bool = False,
) -> tuple[NewFile, str]:
    """The new file, and the line to add to the manifest (under the entry, or under its artifacts).

    `manifest` is the manifest's path; the file is written beside it, and named relative to it. Where `is_of_another`
    says that a file of its name is another system's, the id of this one is added to the name. `in_folder` puts it into
    a folder of the system's own.
    """
    folder, spec = PurePosixPath(manifest).parent, policy.artifacts[artifact]
    is_card = artifact == policy.model_card
    home = f"governance/{entry.id}" if in_folder else "governance"
    stem = "MODEL_CARD" if is_card else f"{home}/{artifact}"
    names = (f"{stem}.md", f"{stem}-{entry.id}.md")
    path = names[1] if is_of_another((folder / names[0]).as_posix()) else names[0]
    if is_card:
        text, line = _card(entry, tier, policy), f"model_card: {path}"
    else:
        text, line = _document(spec, entry, tier, policy), f"- {{id: {artifact}, path: {path}, status: draft}}"
    return NewFile((folder / path).as_posix(), text), line


def _document(spec: Artifact, entry: SystemEntry, tier: str, policy: RuleSet) -> str:
    sections = spec.sections or (WantedSection(spec.title, min_words=spec.min_words),)
    lines = [f"# {spec.title}: {entry.name}", "", *_known(entry, tier, policy), "", f"> {spec.about}", ""]
    for section in sections:
        lines += [f"## {section.title}", "", f"TODO: {asked_of_section(section.title, section.min_words)}", ""]
    return "\n".join(lines)


def _card(entry: SystemEntry, tier: str, policy: RuleSet) -> str:
    lines = [f"# Model card: {entry.name}", "", *_known(entry, tier, policy), ""]
    for field in policy.card_fields:
        if tier in field.tiers:
            open_ = CardField("placeholder", text=todo(field))
            lines.append(field_section(field.id, open_, vocabulary(policy.card_words), field.title))
    return "\n".join(lines)


_OF = "- System: "


def says_system(lines: Sequence[str], system: str) -> bool:
    """Whether these lines are of a draft for this system."""
    return any(line.startswith(f"{_OF}{system},") for line in lines)


def _known(entry: SystemEntry, tier: str, policy: RuleSet) -> list[str]:
    points = {dimension.id: dimension.points for dimension in policy.scoring.dimensions}
    told = [_scored(name, getattr(entry.risk_profile, name), points.get(name, {})) for name in DIMENSIONS]
    models = [" ".join(part for part in (it.name, it.version) if part) for it in entry.models]
    return [
        f"{_OF}{entry.id}, {entry.name}",
        f"- Owner: {entry.owner_team}",
        f"- Stage: {entry.stage}; tier: {tier}",
        f"- Risk profile: {', '.join(told)}",
        *([f"- Purpose: {entry.description}"] if entry.description else []),
        *([f"- Suppliers: {', '.join(entry.vendors)}"] if entry.vendors else []),
        *([f"- Models: {', '.join(models)}"] if models else []),
        *([f"- Code: {', '.join(entry.paths)}"] if entry.paths else []),
        *([f"- Model card: {entry.model_card}"] if entry.model_card else []),
    ]


def _scored(name: str, value: str | None, points: Mapping[str, int]) -> str:
    if value is None:
        return f"{name} not stated"
    if value not in points:
        return f"{name} {value}"
    return f"{name} {value} ({points[value]} {'point' if points[value] == 1 else 'points'})"
