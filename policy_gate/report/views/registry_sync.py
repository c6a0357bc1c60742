"""What a sync of the registry came to, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policy_gate.report.formats.json import dumped
from policy_gate.report.style import RenderOptions
from policy_gate.report.text_layout import Line, printed, prose
from policy_gate.report.wording import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

_FEW = 5


def sync_text(
    counts: dict[str, int],
    failed: Sequence[tuple[str, str]],
    passed_over: Sequence[tuple[str, str]],
    unnamed: Sequence[str],
    where: str,
    render: RenderOptions,
) -> str:
    """How many were read and which failed, a line each; `failed` and `passed_over` are names with reasons.

    `unnamed` are those that no source named. A sync of a part has many, so that a few stand for all.
    """
    told = f"{plural(counts['sources'], 'source')} in {where}: {counts['read']} read ({counts['changed']} changed)"
    lines: list[Line] = prose(f"{told}, {counts['unchanged']} unchanged, {len(failed)} failed", render, style="name")
    for heading, rows in (("Failed", failed), ("Passed over", passed_over)):
        if rows:
            lines += [(), *prose(f"{heading}: {len(rows)}", render, style="name")]
            for name, why in rows:
                lines += prose(f"{name}: {why}", render, indent=2)
    if unnamed:
        more = f" and {len(unnamed) - _FEW} more" if len(unnamed) > _FEW else ""
        lines += [
            (),
            *prose(f"Among none of these sources, and told as last known: {len(unnamed)}", render, style="name"),
        ]
        lines += prose(", ".join(unnamed[:_FEW]) + more, render, indent=2)
        lines += prose("one that is gone or has another name: policy-gate registry forget NAME", render, indent=2)
    return printed(lines, render)


def sync_json(
    number: int, counts: dict[str, int], failed: Sequence[Any], passed_over: Sequence[Any], unnamed: Sequence[str]
) -> str:
    """`{"schema_version", "sync", "sources", "read", "changed", "unchanged", "failed", "passed_over", "unnamed"}`."""
    rows = {"failed": list(failed), "passed_over": list(passed_over), "unnamed": list(unnamed)}
    return dumped({"schema_version": 1, "sync": number, **counts, **rows})
