"""The pack's page: which merges there were, which were against the replay, and how each number is counted again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy_gate.report.formats.html.page_templates import printed
from policy_gate.report.wording import plural
from policy_gate.schema.evidence_pack import Figure, MergeRecord, PackDocument, PackHead

_ENTRIES, _ROWS, _COMMITS = 500, 2000, 200
_KINDS = {
    "merge": "a merge",
    "commit": "one commit: a squash, a rebase or a direct push",
    "octopus": "a merge of several branches",
    "edited-merge": "a merge that holds something else than git makes of its parents",
}
_PRESENCES = {
    "added": "new", "enrolled": "enrolled", "changed": "changed", "removed": "left", "unchanged": "as it was",
}  # fmt: skip
_CONTENTS = (
    ("against", "Against the replay"), ("touching", "Touching the system"), ("others", "All other merges"),
    ("figures", "Figures"), ("documents", "Documents"), ("limits", "What it cannot know"),
)  # fmt: skip


def pack_page(
    head: PackHead, records: Sequence[MergeRecord], figures: Sequence[Figure], documents: Sequence[PackDocument]
) -> str:
    """One page that opens offline, beside the other members of the pack."""
    newest = list(reversed(records))
    against = [it for it in newest if it.is_against]
    touching = [it for it in newest if not it.is_against and it.touches != "no"]
    others = [it for it in newest if not it.is_against and it.touches == "no"]
    value = {figure.id: figure.value for figure in figures}
    name = f"{head.system} {head.name}".strip()
    return printed(
        "evidence_pack.html.j2",
        version=head.version,
        title=f"Evidence of {name}, {head.first_day} to {head.last_day}",
        tone="plain" if not records else "block" if value["recorded-against"] else
        "conditions" if against else "pass",
        brand=f"evidence by replay{f' of {head.repository}' if head.repository else ''}",
        heading=f"{name}: {head.first_day} to {head.last_day}",
        lead=tuple(_lead(head, records, value)),
        compared=tuple(_compared(head)),
        numbers=tuple(_numbers(value)),
        contents=_CONTENTS,
        head=head,
        total=len(records),
        against=against[:_ENTRIES],
        more_against=max(0, len(against) - _ENTRIES),
        touching=touching[:_ENTRIES],
        more_touching=max(0, len(touching) - _ENTRIES),
        others=others[:_ROWS],
        more_others=max(0, len(others) - _ROWS),
        figures=figures,
        documents=documents,
        limits=tuple(limits_of(head)),
        kinds=_KINDS,
        reason=_reason,
        presences=_PRESENCES,
        shown_commits=_COMMITS,
        footer=(f"policy-gate {head.version}, {head.branch} at {head.branch_commit}.",),
    )  # fmt: skip


def _reason(record: MergeRecord) -> str:
    """The first of what stopped it, in a line."""
    if record.problem or not record.blocking:
        return record.problem
    more = len(record.blocking) - 1
    return f"{record.blocking[0].title}{f', and {more} more' if more else ''}"


def _lead(head: PackHead, records: Sequence[MergeRecord], value: dict[str, int]) -> Iterator[str]:
    if not records:
        yield f"There was no merge into {head.branch} in this period."
    else:
        said = f"{plural(value['merges'], 'merge')} into {head.branch}, {value['touching']} touched the system"
        if value["touching-unknown"]:
            said += f" and of {value['touching-unknown']} it cannot be told"
        yield f"{said}. {_against(value)}"
    if head.more:
        yield f"{plural(head.more, 'older merge')} of the period were left out by --limit."
    if not head.present:
        yield "At the end of the period the system was not declared."


def _against(value: dict[str, int]) -> str:
    if not value["against"]:
        return "Each that could be judged passes by the rules of its time."
    said = "was merged although the replay stops it" if value["against"] == 1 else "were merged although it stops them"
    return f"By the rules of their time {value['against']} {said}."


def _compared(head: PackHead) -> Iterator[tuple[str, str]]:
    yield "Branch", head.branch
    yield "End", head.tip[:12] or "no commit yet"
    if head.present:
        yield "Stage", head.stage
        yield "Tier", head.tier or "not known"
    yield "Forge", head.forge
    yield "Audit log", head.audit_log or "none"


def _numbers(value: dict[str, int]) -> Iterator[tuple[int, str, str]]:
    yield value["against"], "against the replay", "against"
    yield value["merges"], "merges in the period", "figures"
    yield value["touching"], "touched the system", "touching"
    yield value["unrecorded"], "without a recorded verdict", "figures"
    yield value["weakenings"], "weakenings", "figures"
    yield value["approvals-counted"], "approvals counted", "figures"
    yield value["waivers-used"], "requirements waived", "figures"
    yield value["incidents-opened"], "incidents opened", "figures"


def limits_of(head: PackHead) -> Iterator[str]:
    """What nobody can read from a clone, in sentences."""
    if head.forge == "not asked":
        yield (
            "No forge was asked: a yes that was given as a review and not as a record in the tree is not seen here, "
            "and a merge that rested on it replays to block."
        )
    else:
        yield (
            f"The forge ({head.forge}) was asked today: reviews that were deleted or dismissed since, and accounts "
            "that are gone, are not seen. What was given after the instant at which "
            "the forge says the change was merged does not count. On GitHub, where that instant is not told, "
            "reviews are compared with a merge by their day."
        )
    if not head.audit_log:
        yield (
            "There is no audit log: a bypass by an administrator cannot be told apart from a merge that the gate let "
            "pass on what it saw then and this clone does not hold."
        )
    else:
        yield "The audit log was read and not verified: policy-gate audit verify does that."
    yield "Test results and other files that a job laid aside, and that are in no commit, are not seen."
    yield (
        "The day of a merge is the committer date of its commit, which whoever made the commit could choose. Dates "
        "that run backwards, and commits between two merges of the period that are dated outside of it, are counted."
    )
    yield (
        "A branch that was rebased, fast-forwarded or pushed stands on the line commit by commit, and each is judged "
        "alone. Those of one moment are judged together, too, and it is said where they pass so."
    )
    yield (
        "Where the branch itself was merged into another one that then took its place, the line runs through that one, "
        "and what was merged before stands beside it."
    )
    yield (
        "The rules are those of the repository at each merge, with the built-in ones of this version of policy-gate. "
        "An organisation's layer is today's, where one was given."
    )
    yield "A branch whose history was rewritten shows what it was rewritten to."
