"""An entry of the policies in words, as `explain` prints it and SARIF tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from policy_gate.documents.spelling import listed
from policy_gate.report.style import RenderOptions
from policy_gate.report.text_layout import Line, Span, hanging, line, printed
from policy_gate.schema.policy_docs import RuleDoc

_LABEL = 13
_HEADINGS = {"gate": "requires", "control": "requires", "rule": "requires", "law": "evidence", "dimension": "values"}


def rows_of(
    entry: RuleDoc, roles: Mapping[str, str], names: Mapping[str, Sequence[str]] | None = None
) -> list[tuple[str, tuple[str, ...]]]:
    """What there is to say of an entry, below its title: (label, texts), none of them empty.

    `roles` are the titles of roles, `names` who holds them.
    """
    held = names or {}
    rows = [("what", entry.what), ("why", entry.why), ("citation", entry.citation or "")]
    rows += [("held by", ", ".join(held.get(entry.id, ())))] if entry.kind == "role" else []
    rows += [("who", _people(entry.responsible, roles, held)), ("signs", _people(entry.accountable, roles, held))]
    rows += list(entry.facts)
    heading = _HEADINGS.get(entry.kind, "how")
    wanted_by = tuple(f"{kind} {rule}: {title}" for kind, rule, title in entry.wanted_by)
    several = [(label, (text,) if text else ()) for label, text in rows]
    return [(label, texts) for label, texts in (*several, (heading, entry.how), ("wanted by", wanted_by)) if texts]


def entry_text(entry: RuleDoc, roles: Mapping[str, str], render: RenderOptions) -> str:
    """One entry as `explain` prints it; people are named by their roles."""
    return printed(entry_lines(entry, roles, render, {}), render)


def entry_lines(
    entry: RuleDoc, roles: Mapping[str, str], render: RenderOptions, names: Mapping[str, Sequence[str]]
) -> list[Line]:
    """One entry as lines; `names` are the holders of roles."""
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
