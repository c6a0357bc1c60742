"""A first draft of a missing document: the catalogue's headings, what is known, and what is to be said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from policy_gate.cards.markdown_document import field_section
from policy_gate.documents.writer import NewFile
from policy_gate.schema.documents import SystemEntry
from policy_gate.schema.facts import CardField
from policy_gate.schema.rule_set import Artifact, RuleSet, WantedCardField, WantedSection
from policy_gate.schema.vocabulary import DIMENSIONS


def draft(artifact: str, entry: SystemEntry, tier: str, manifest: str, policy: RuleSet) -> tuple[NewFile, str]:
    """The new file, and the line to add to the manifest (under the entry, or under its artifacts).

    `manifest` is the manifest's path; the file is written beside it, and named relative to it.
    """
    if artifact == policy.model_card:
        path, text = "MODEL_CARD.md", _card(entry, tier, policy.card_fields)
        line = f"model_card: {path}"
    else:
        path, text = f"governance/{artifact}.md", _document(policy.artifacts[artifact], entry, tier)
        line = f"- {{id: {artifact}, path: {path}, status: draft}}"
    return NewFile((PurePosixPath(manifest).parent / path).as_posix(), text), line


def _document(spec: Artifact, entry: SystemEntry, tier: str) -> str:
    sections = spec.sections or (WantedSection(spec.title, min_words=spec.min_words),)
    lines = [f"# {spec.title}: {entry.name}", "", *_known(entry, tier), "", f"> {spec.about}", ""]
    for section in sections:
        lines += [f"## {section.title}", "", _todo(section.title, section.min_words), ""]
    return "\n".join(lines)


def _card(entry: SystemEntry, tier: str, fields: Sequence[WantedCardField]) -> str:
    lines = [f"# Model card: {entry.name}", "", *_known(entry, tier), ""]
    for field in fields:
        if tier in field.tiers:
            todo = CardField("placeholder", text=f"TODO: {field.why or _FORMS[field.form]}")
            lines.append(field_section(field.id, todo, field.title))
    return "\n".join(lines)


_FORMS = {
    "text": "say it in a sentence or two",
    "list": "a list, one thing an item",
    "metrics": "a table of metric, value and threshold",
    "groups": "a table of group, metric and value",
}


def _known(entry: SystemEntry, tier: str) -> list[str]:
    told = [f"{name} {getattr(entry.risk_profile, name) or 'not stated'}" for name in DIMENSIONS]
    return [
        f"- System: {entry.id}, {entry.name}",
        f"- Owner: {entry.owner_team}",
        f"- Stage: {entry.stage}; tier: {tier}",
        f"- Risk profile: {', '.join(told)}",
        *([f"- Purpose: {entry.description}"] if entry.description else []),
        *([f"- Suppliers: {', '.join(entry.vendors)}"] if entry.vendors else []),
    ]


def _todo(title: str, least: int) -> str:
    return f"TODO: {title.lower()}, at least {least} words; what was done, what was seen, and what follows."
