"""The `policy impact` view: what other policies would do to each system and to the last merges."""

from __future__ import annotations

from collections.abc import Sequence

from policy_gate.report.formats.json import dumped
from policy_gate.report.policy_impact import (
    EFFECT_WORDS,
    counts_line,
    difference_line,
    effects_line,
    impact_data,
    system_line,
)
from policy_gate.report.style import RenderOptions
from policy_gate.report.text_layout import Line, Span, hanging, line, printed, prose
from policy_gate.report.wording import plural
from policy_gate.schema.policy_impact import Effect, MergeImpact, PolicyImpact, SystemImpact

_SYSTEMS_SHOWN, _MERGES_SHOWN, _DIFFERENCES = 20, 10, 5
_STYLES: dict[Effect, str] = {
    "newly-blocked": "block",
    "unknown": "undecided",
    "freed": "pass",
    "changed": "conditions",
}


def impact_json(impact: PolicyImpact) -> str:
    """All of it: every system, every difference, every merge."""
    return dumped(impact_data(impact))


def impact_text(impact: PolicyImpact, render: RenderOptions) -> str:
    """What was compared, the counts, one block for each system that is not unchanged, then the merges."""
    lines = [
        *hanging(line(Span("policies now   ", "faint")), impact.source_was, render),
        *hanging(line(Span("         then  ", "faint")), impact.source_now, render),
        (),
        *prose(f"{counts_line(impact)}, in {impact.over}", render, style="name"),
    ]
    if impact.digest_was == impact.digest_now:
        lines += prose("Both say the same.", render)
    hit = [it for it in impact.systems if it.effect != "unchanged"]
    for system in hit[:_SYSTEMS_SHOWN]:
        lines += [(), *_system(system, render)]
    lines += _rest(len(hit) - _SYSTEMS_SHOWN, "system", render)
    lines += _merges(impact.merges, render)
    for note in impact.notes:
        lines += hanging(line(Span("  note   ", "faint")), note, render)
    return printed(lines, render)


def _system(system: SystemImpact, render: RenderOptions, indent: int = 0) -> list[Line]:
    word = EFFECT_WORDS[system.effect]
    said = system_line(system).removeprefix(word)
    lines = hanging(line(" " * indent, Span(word.capitalize(), _STYLES[system.effect])), said, render)
    for difference in system.differences[:_DIFFERENCES]:
        lines += prose(difference_line(difference), render, indent=indent + 4)
    left = len(system.differences) - _DIFFERENCES
    return lines + (prose(f"and {left} more (--format json)", render, indent=indent + 4) if left > 0 else [])


def _merges(merges: Sequence[MergeImpact], render: RenderOptions) -> list[Line]:
    """The merges that would have come out otherwise; approvals that both want count as given."""
    if not merges:
        return []
    said = f"The last {plural(len(merges), 'merge')}: {effects_line(merges)}"
    lines: list[Line] = [(), *prose(said, render, style="name")]
    hit = [it for it in merges if it.effect != "unchanged"]
    for merge in hit[:_MERGES_SHOWN]:
        lines += [(), *hanging(line("  ", Span(merge.commit[:12], "name"), "  "), merge.title or "(no title)", render)]
        lines += prose(f"not judged: {merge.problem}", render, indent=4) if merge.problem else []
        for system in merge.systems:
            lines += _system(system, render, indent=4)
    return lines + _rest(len(hit) - _MERGES_SHOWN, "merge", render)


def _rest(number: int, what: str, render: RenderOptions) -> list[Line]:
    return [(), *prose(f"and {plural(number, f'other {what}')} (--format json)", render)] if number > 0 else []
