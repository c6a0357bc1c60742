"""The `explain` view: any id of the policies in words."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from policy_gate.documents.spelling import listed
from policy_gate.errors import UsageError
from policy_gate.report.formats.json import dumped
from policy_gate.report.rule_entry import entry_lines
from policy_gate.report.style import RenderOptions
from policy_gate.report.text_layout import Line, printed, prose
from policy_gate.schema.policy_docs import PolicyDocs, RuleDoc


def explanation(docs: PolicyDocs, name: str) -> tuple[RuleDoc, ...]:
    """Every entry called `name`; `kind:ID` takes one kind only (D33), and `kind:ID/ROLE`, as SARIF says it, too.

    Raises UsageError with the nearest names where there is none.
    """
    known = docs.entries
    name = name.partition("/")[0] if ":" in name and not name.startswith("law:") else name
    found = tuple(entry for entry in known if name in (entry.id, f"{entry.kind}:{entry.id}"))
    if found:
        return found
    meant = (docs.aliases.get(name.lower()), *docs.agencies.get(name.lower(), ()))
    if regulation := tuple(entry for entry in known if entry.kind == "regulation" and entry.id in meant):
        return regulation
    raise UsageError(f'nothing is called "{name}"', hint=_nearest(name, known))


def explanation_text(
    docs: PolicyDocs, name: str, render: RenderOptions, names: Mapping[str, Sequence[str]] | None = None
) -> str:
    """What, why, citation, who, how to satisfy it, and what wants it; `names` are the holders of roles."""
    found = explanation(docs, name)
    lines: list[Line] = []
    if len(found) > 1:
        kinds = listed([f"{entry.kind}:{entry.id}" for entry in found])
        lines += [*prose(f"{name} is {len(found)} things: {kinds}", render), ()]
    for entry in found:
        lines += ([()] if lines and lines[-1] else []) + entry_lines(entry, docs.roles, render, names or {})
    return printed(lines, render)


def explanation_json(docs: PolicyDocs, name: str) -> str:
    """The same as JSON: each thing that is called so."""
    return dumped({"id": name, "matches": [_data(entry) for entry in explanation(docs, name)]})


def _data(entry: RuleDoc) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "id": entry.id,
        "title": entry.title,
        "what": entry.what,
        "why": entry.why,
        "citation": entry.citation,
        "responsible": list(entry.responsible),
        "accountable": list(entry.accountable),
        "how": list(entry.how),
        "facts": [{"label": label, "text": text} for label, text in entry.facts],
        "wanted_by": [{"kind": kind, "id": rule, "title": title} for kind, rule, title in entry.wanted_by],
    }


def _nearest(name: str, known: Sequence[RuleDoc]) -> str:
    """'did you mean …?' over ids, and qualified ids where the name is one."""
    ids = {f"{entry.kind}:{entry.id}" if ":" in name else entry.id for entry in known}
    close = difflib.get_close_matches(name, sorted(ids), n=3, cutoff=0.5)
    if close:
        quoted = [f'"{item}"' for item in close]
        return f"did you mean {listed(quoted, 'or')}?"
    return "policy-gate policy list shows every id"
