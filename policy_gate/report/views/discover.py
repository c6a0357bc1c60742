"""The `discover` view: signs of AI by file and line, and which system claims each file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from policy_gate.report.formats.json import dumped
from policy_gate.report.style import RenderOptions
from policy_gate.report.text_layout import Line, printed, prose
from policy_gate.report.wording import plural, short_ref
from policy_gate.schema.observed import Signal
from policy_gate.schema.source import Problem

_SHOWN_UNREAD = 5


def discovered_json(
    signals: Sequence[Signal], claimed: Mapping[str, Sequence[str]], unread: Sequence[Problem], files: int
) -> str:
    """`{"signals": […], "unread": […], "files": n}` in the order of paths and lines; `system` is the first claimant."""
    return dumped(
        {
            "signals": [
                {
                    "path": signal.path,
                    "line": signal.line,
                    "kind": signal.kind,
                    "what": signal.what,
                    "found": signal.found,
                    "confidence": signal.confidence,
                    "vendor": signal.vendor or None,
                    "system": next(iter(claimed.get(signal.path, ())), None),
                }
                for signal in signals
            ],
            "unread": [{"path": it.path, "line": it.line, "message": it.message} for it in unread],
            "files": files,
        }
    )


def discovered_text(
    signals: Sequence[Signal],
    claimed: Mapping[str, Sequence[str]],
    unread: Sequence[Problem],
    files: int,
    since: str,
    render: RenderOptions,
) -> str:
    """One block for each system, then what no system claims with the line that would; then what was not looked into."""
    lines: list[Line] = []
    by_owner = sorted(signals, key=lambda signal: (claimed.get(signal.path, ("~",))[0], signal.path, signal.line))
    for owner, found in groupby(by_owner, key=lambda signal: next(iter(claimed.get(signal.path, ())), "")):
        lines += ([()] if lines else []) + _block(owner, list(found), render)
    if not signals:
        what = "shows no sign of AI" if not since else f"shows no sign of AI that {short_ref(since)} does not"
        lines += prose(f"What was looked at ({plural(files, 'file')}) {what}.", render)
    if unread:
        lines += [(), *prose(f"Not looked into, so what they show is not known: {len(unread)}", render, style="name")]
        for problem in unread[:_SHOWN_UNREAD]:
            lines += prose(f"{problem.location}: {problem.message}", render, indent=2)
        if len(unread) > _SHOWN_UNREAD:
            lines += prose(f"and {len(unread) - _SHOWN_UNREAD} more (--format json)", render, indent=2, style="faint")
    return printed(lines, render)


def _block(owner: str, found: list[Signal], render: RenderOptions) -> list[Line]:
    title = owner or "No system claims"
    lines = prose(f"{title}: {plural(len(found), 'sign')}", render, style="name")
    for signal in found:
        said = f"{signal.what} ({signal.found}), {signal.kind}, {signal.confidence}"
        lines += prose(f"{signal.path}:{signal.line}  {said}", render, indent=2)
    if not owner:
        folders = sorted({signal.path.rpartition("/")[0] for signal in found if signal.confidence == "high"})
        if folders:
            wanted = ", ".join(f'"{folder}/**"' if folder else '"*"' for folder in folders[:_SHOWN_UNREAD])
            lines += [(), *prose(f"An entry that would: paths: [{wanted}]", render, indent=2)]
    return lines
