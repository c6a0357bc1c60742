"""A first draft of a missing document: the catalogue's headings, what is known, and what is to be said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

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
) -> tuple[NewFile, str]:
    """The new file, and the line to add to the manifest (under the entry, or under its artifacts).

    `manifest` is the manifest's path; the file is written beside it, and named relative to it. Where `is_of_another`
    says that a file of its name is another system's, the id of this one is added to the name.
    """
    folder, spec = PurePosixPath(manifest).parent, policy.artifacts[artifact]
    is_card = artifact == policy.model_card
    stem = "MODEL_CARD" if is_card else f"governance/{artifact}"
    names = (f"{stem}.md", f"{stem}-{entry.id}.md")
    path = names[1] if is_of_another((folder / names[0]).as_posix()) else names[0]
    if is_card:
        text, line = _card(entry, tier, policy), f"model_card: {path}"
    else:
        text, line = _document(spec, entry, tier), f"- {{id: {artifact}, path: {path}, status: draft}}"
    return NewFile((folder / path).as_posix(), text), line


def _document(spec: Artifact, entry: SystemEntry, tier: str) -> str:
    sections = spec.sections or (WantedSection(spec.title, min_words=spec.min_words),)
    lines = [f"# {spec.title}: {entry.name}", "", *_known(entry, tier), "", f"> {spec.about}", ""]
    for section in sections:
        lines += [f"## {section.title}", "", _todo(section.title, section.min_words), ""]
    return "\n".join(lines)


def _card(entry: SystemEntry, tier: str, policy: RuleSet) -> str:
    lines = [f"# Model card: {entry.name}", "", *_known(entry, tier), ""]
    for field in policy.card_fields:
        if tier in field.tiers:
            open_ = CardField("placeholder", text=todo(field))
            lines.append(field_section(field.id, open_, vocabulary(policy.card_words), field.title))
    return "\n".join(lines)


_OF = "- System: "


def says_system(lines: Sequence[str], system: str) -> bool:
    """Whether these lines are of a draft for this system."""
    return any(line.startswith(f"{_OF}{system},") for line in lines)


def _known(entry: SystemEntry, tier: str) -> list[str]:
    told = [f"{name} {getattr(entry.risk_profile, name) or 'not stated'}" for name in DIMENSIONS]
    return [
        f"{_OF}{entry.id}, {entry.name}",
        f"- Owner: {entry.owner_team}",
        f"- Stage: {entry.stage}; tier: {tier}",
        f"- Risk profile: {', '.join(told)}",
        *([f"- Purpose: {entry.description}"] if entry.description else []),
        *([f"- Suppliers: {', '.join(entry.vendors)}"] if entry.vendors else []),
    ]


def _todo(title: str, least: int) -> str:
    return f"TODO: {title.lower()}, at least {least} words; what was done, what was seen, and what follows."
