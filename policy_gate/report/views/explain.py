"""The `explain` view: any id of the policies in words."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from policy_gate.documents.spelling import listed
from policy_gate.errors import UsageError
from policy_gate.report.formats.json import dumped
from policy_gate.report.formats.text_layout import Line, Span, hanging, line, printed, prose
from policy_gate.report.style import RenderOptions
from policy_gate.schema.policy_docs import PolicyDocs, RuleDoc

_LABEL = 13
_HEADINGS = {"gate": "requires", "control": "requires", "rule": "requires", "law": "evidence", "dimension": "values"}


def explanation(docs: PolicyDocs, name: str) -> tuple[RuleDoc, ...]:
    """Every entry called `name`; `kind:ID` takes one kind only (D33), and `kind:ID/ROLE`, as SARIF says it, too.

    Raises UsageError with the nearest names where there is none.
    """
    known = docs.entries
    name = name.partition("/")[0] if ":" in name and not name.startswith("law:") else name
    found = tuple(entry for entry in known if name in (entry.id, f"{entry.kind}:{entry.id}"))
    if found:
        return found
    alias = docs.aliases.get(name.lower())
    if alias and (regulation := tuple(e for e in known if e.kind == "regulation" and e.id == alias)):
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
        lines += ([()] if lines and lines[-1] else []) + _told(entry, docs.roles, render, names or {})
    return printed(lines, render)


def explanation_json(docs: PolicyDocs, name: str) -> str:
    return dumped({"id": name, "matches": [_data(entry) for entry in explanation(docs, name)]})


def rows_of(
    entry: RuleDoc, roles: Mapping[str, str], names: Mapping[str, Sequence[str]] | None = None
) -> list[tuple[str, tuple[str, ...]]]:
    """What there is to say of an entry, below its title: (label, texts), none of them empty.

    `roles` are the titles of roles, `names` who holds them.
    """
    held = names or {}
    rows = [("what", entry.what), ("why", entry.why), ("citation", entry.citation or "")]
    rows += [("who", _people(entry.responsible, roles, held)), ("signs", _people(entry.accountable, roles, held))]
    rows += list(entry.facts)
    heading = _HEADINGS.get(entry.kind, "how")
    wanted_by = tuple(f"{kind} {rule}: {title}" for kind, rule, title in entry.wanted_by)
    several = [(label, (text,) if text else ()) for label, text in rows]
    return [(label, texts) for label, texts in (*several, (heading, entry.how), ("wanted by", wanted_by)) if texts]


def entry_text(entry: RuleDoc, roles: Mapping[str, str], render: RenderOptions) -> str:
    """One entry as `explain` prints it; people are named by their roles."""
    return printed(_told(entry, roles, render, {}), render)


def _told(
    entry: RuleDoc, roles: Mapping[str, str], render: RenderOptions, names: Mapping[str, Sequence[str]]
) -> list[Line]:
    lines = hanging(line(Span(f"{entry.kind} {entry.id}", "name"), "  "), entry.title, render)
    for label, texts in rows_of(entry, roles, names):
        lines += _group(label, texts, render)
    return lines


def _people(held_by: Sequence[str], roles: Mapping[str, str], names: Mapping[str, Sequence[str]]) -> str:
    return ", ".join(_person(role, roles, names) for role in held_by)


def _person(role: str, roles: Mapping[str, str], names: Mapping[str, Sequence[str]]) -> str:
    title = roles.get(role, role)
    holders = names.get(role, ())
    return f"{listed(holders, 'or')} ({title})" if holders else title


def _row(label: str, text: str, render: RenderOptions) -> list[Line]:
    return hanging(line("  ", Span(label.ljust(_LABEL - 2), "faint")), text, render)


def _group(label: str, texts: Sequence[str], render: RenderOptions) -> list[Line]:
    return [row for number, text in enumerate(texts) for row in _row("" if number else label, text, render)]


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
