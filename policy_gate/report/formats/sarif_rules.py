"""The rules of a SARIF log: what each told finding is told by, in the words of `policy-gate explain`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from policy_gate.report.alerts import LEVELS, MORE, NO_ANSWER, UNREADABLE, Alert, Level, fitted
from policy_gate.report.rule_entry import entry_text, rows_of
from policy_gate.report.sanitise import code, markdown, sarif
from policy_gate.report.style import RenderOptions
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.policy_docs import PolicyDocs, RuleDoc

DESCRIPTION: Final = 1000
"""characters of a description; GitHub takes 1,024"""
HELP: Final = 8000
"""characters of a help text"""
_NAME = 255
_WORD = lazy_pattern(r"[A-Za-z0-9]+")
_SEVERITIES = {"error": "error", "warning": "warning", "note": "recommendation"}
_OWN = {
    entry.id: entry
    for entry in (
        RuleDoc(
            "policy-gate", NO_ANSWER, "No trustworthy answer", "policy-gate could not tell what this change would do",
            "A gate that cannot look must not wave through.",
            how=("do what the message says, and run the check again",),
        ),
        RuleDoc(
            "policy-gate", UNREADABLE, "A governed document cannot be read",
            "a manifest, card, record or policy is not what its format asks for",
            "What cannot be read cannot be judged.", how=("mend the line it names",),
        ),
        RuleDoc(
            "policy-gate", MORE, "More findings", "there are more findings than a reader of this file shows",
            "Nothing is left out unsaid.", how=("policy-gate check --format json lists them all",),
        ),
    )
}  # fmt: skip


def reporting_descriptors(alerts: Sequence[Alert], docs: PolicyDocs | None) -> list[dict[str, Any]]:
    """One descriptor for each rule that these alerts name, in order of first use, as loud as its loudest alert."""
    loudest: dict[str, Alert] = {}
    for alert in alerts:
        known = loudest.get(rule_id(alert))
        if known is None or LEVELS.index(alert.level) < LEVELS.index(known.level):
            loudest[rule_id(alert)] = alert
    catalogue = _catalogue(docs)
    return [_descriptor(rule, alert, catalogue.get(alert.rule), docs) for rule, alert in loudest.items()]


def rule_id(alert: Alert) -> str:
    """The alert's rule, with the role that is asked behind it, as in `gate:production-deployment/legal`.

    Code scanning takes what one rule says of one line for one alert, and a gate asks several roles there.
    """
    finding = alert.finding
    return f"{alert.rule}/{finding.subject}" if finding is not None and finding.kind == "approval" else alert.rule


def _catalogue(docs: PolicyDocs | None) -> dict[str, RuleDoc]:
    known = {f"{entry.kind}:{entry.id}": entry for entry in docs.entries} if docs is not None else {}
    return {**known, **_OWN}


def _descriptor(rule: str, alert: Alert, entry: RuleDoc | None, docs: PolicyDocs | None) -> dict[str, Any]:
    kind, _, name = alert.rule.partition(":")
    entry = entry or _unlisted(kind, name, alert)
    about = entry.what if kind in ("artifact", "test") else entry.why or entry.what
    return {
        "id": sarif(rule),
        "name": fitted("".join(word.capitalize() for word in _WORD.findall(rule)), _NAME) or "PolicyGate",
        "shortDescription": {"text": _sentence(entry.title)},
        "fullDescription": {"text": _sentence(about or entry.title)},
        "help": {"text": _help_text(entry, docs), "markdown": _help_markdown(entry, docs)},
        "defaultConfiguration": {"level": alert.level},
        "properties": _properties(kind, alert.level),
    }


def _unlisted(kind: str, name: str, alert: Alert) -> RuleDoc:
    """A rule that the policies at hand do not list: what its finding says of it."""
    because = alert.finding.because if alert.finding else ()
    reason = next((reason for reason in because if reason.rule == name), None)
    if reason is None:
        return RuleDoc(kind, name, name.replace("-", " ").capitalize())
    return RuleDoc(kind, name, reason.title, why=reason.why, citation=reason.citation)


def _sentence(text: str) -> str:
    said = sarif(text).strip()
    return fitted(said if said.endswith((".", "!", "?")) else f"{said}.", DESCRIPTION)


def _help_text(entry: RuleDoc, docs: PolicyDocs | None) -> str:
    """As `explain` prints it; own rules and those of unread policies have fewer rows."""
    if docs is not None and entry.id not in _OWN:
        said = entry_text(entry, docs.roles, RenderOptions()).splitlines()
    else:
        said = [entry.title, *(f"{label}: {text}" for label, texts in _rows(entry, docs) for text in texts)]
    return fitted("\n".join(sarif(line) for line in said), HELP)


def _help_markdown(entry: RuleDoc, docs: PolicyDocs | None) -> str:
    rows = _rows(entry, docs)
    lines = [f"**{markdown(entry.title)}**", *([""] if rows else [])]
    for label, texts in rows:
        if len(texts) == 1:
            lines.append(f"- {label}: {markdown(texts[0])}")
        else:
            lines += [f"- {label}:", *(f"  - {markdown(text)}" for text in texts)]
    if entry.id not in _OWN:
        lines += ["", code(f"policy-gate explain {entry.kind}:{entry.id}")]
    kept = list(lines)
    while sum(len(line) + 1 for line in kept) > HELP:
        kept.pop()
    return "\n".join(kept if kept == lines else [*kept, "- …"])


def _rows(entry: RuleDoc, docs: PolicyDocs | None) -> list[tuple[str, tuple[str, ...]]]:
    if docs is not None:
        return rows_of(entry, docs.roles)
    plain = (("what", entry.what), ("why", entry.why), ("citation", entry.citation or ""))
    rows = [(label, (text,)) for label, text in plain if text]
    return [*rows, *([("how", entry.how)] if entry.how else [])]


def _properties(kind: str, level: Level) -> dict[str, Any]:
    """What GitHub sorts and filters by; it takes ten tags of a rule."""
    tags = ["ai-governance", kind] if _WORD.match(kind) else ["ai-governance"]
    return {"tags": tags, "precision": "very-high", "problem.severity": _SEVERITIES[level]}
