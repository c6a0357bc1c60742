"""The `card diff` view: what a card says otherwise than it did, a field at a time, losses first."""

from __future__ import annotations

from collections.abc import Sequence

from policy_gate.report.formats.json import dumped
from policy_gate.report.style import RenderOptions
from policy_gate.report.text_layout import Line, Span, hanging, line, printed
from policy_gate.schema.card_check import CardDiff

_TOLD = {
    "card-section-removed": "is gone",
    "card-section-emptied": "was emptied",
    "card-section-added": "is new",
    "card-section-filled": "is filled in",
    "limit-dropped": "drops",
    "limit-added": "adds",
    "use-case-changed": "is another",
    "model-changed": "is another",
    "data-changed": "has other figures",
    "metric-regressed": "got worse",
    "metric-improved": "got better",
    "metric-added": "is new",
    "threshold-tightened": "asks for more",
    "metric-evidence-dropped": "names no evidence any more",
    "metric-evidence-changed": "rests on its evidence otherwise",
}
_LOSSES = (
    "card-section-removed", "card-section-emptied", "limit-dropped", "metric-regressed", "metric-evidence-dropped",
)  # fmt: skip
_RESTS_ON = {"claimed": "claimed, with no evidence", "shown": "shown by its evidence"}


def card_diff_json(changes: Sequence[CardDiff]) -> str:
    """`{"changes": [{"kind", "field", "before", "after", …}]}`."""
    return dumped(
        {
            "changes": [
                {
                    "kind": it.kind,
                    "field": it.field,
                    "before": it.before,
                    "after": it.after,
                    "line": it.line,
                    "base_line": it.base_line,
                    "system": it.system or None,
                    "evidence": it.evidence,
                    "evidence_said": it.evidence_said or None,
                }
                for it in changes
            ]
        }
    )


def card_diff_text(changes: Sequence[CardDiff], render: RenderOptions) -> str:
    """A block for each system, or none."""
    if not changes:
        return printed([line("the cards say the same")], render)
    lines: list[Line] = []
    for system in dict.fromkeys(it.system for it in changes):
        lines += [line(Span(system, "name"))] if system else []
        of_system = [it for it in changes if it.system == system]
        dropped = {it.field for it in of_system if it.kind == "limit-dropped"}
        added = {it.field for it in of_system if it.kind == "limit-added"}
        for it in of_system:
            if it.kind != "limit-added" or it.field not in dropped:
                lines += _block(it, render, is_both=it.kind == "limit-dropped" and it.field in added)
    return printed(lines, render)


def _block(it: CardDiff, render: RenderOptions, *, is_both: bool) -> list[Line]:
    """One difference; `is_both` says that the field drops something and adds something, which is told as one."""
    style = "block" if it.kind in _LOSSES else "pass" if it.kind.endswith(("added", "filled", "improved")) else ""
    at = f" (line {it.line})" if it.line else f" (was line {it.base_line})" if it.base_line else ""
    told = "drops and adds" if is_both else _TOLD.get(it.kind, it.kind)
    lines = [line(Span(f"{it.field.replace('_', ' ')} {told}", style), f"{_by(it)}{at}")]
    if it.evidence is not None:
        said = _RESTS_ON.get(it.evidence) or f"{it.evidence}: {it.evidence_said}"
        lines += hanging(line("  ", Span("now: ", "faint")), said, render)
    if it.evidence is not None or isinstance(it.before, float | int) or isinstance(it.after, float | int):
        return lines
    for label, said, other in (("was: ", it.before, it.after), ("is:  ", it.after, it.before)):
        if said and it.kind != "card-section-removed":
            lines += hanging(line("  ", Span(label, "faint")), _apart(str(said), str(other or "")), render)
    return lines


def _apart(said: str, other: str) -> str:
    """The sentences that the other side does not have, and … for those it has; all where the order alone differs."""
    sentences, known = said.split("\n"), frozenset(other.split("\n"))
    if known.issuperset(sentences):
        return " / ".join(sentences) if len(known) == len(sentences) else "…"
    told = [sentence if sentence not in known else "…" for sentence in sentences]
    return " / ".join(it for at, it in enumerate(told) if it != "…" or told[at - 1 : at] != ["…"])


def _by(it: CardDiff) -> str:
    """From which number to which, and by how much."""
    was, now = it.before, it.after
    if isinstance(was, float | int) and isinstance(now, float | int):
        return f": {was:g} to {now:g}, {now - was:+.4g}"
    if isinstance(was, float | int):
        return f": {was:g}, and is not given now"
    return f": {now:g}" if isinstance(now, float | int) else ""
