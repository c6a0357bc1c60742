"""The figures of a period: each a query over the lines of `merges.json`, with the commits that it counts.

One description of a query gives the number, its commits and the command that counts it again, so that they agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from policy_gate.schema.evidence_pack import Figure, MergeRecord, PackHead

MERGES, PACK = "merges.json", "pack.json"
_AGAINST = ("block", "undecided")


class Is(Struct, frozen=True):
    """That the value of a field is one of these; with `but` that it is none of them."""

    field: str
    values: tuple[Any, ...]
    but: bool = False

    def holds(self, row: Any) -> bool:
        return (_value(row, self.field) in self.values) is not self.but

    @property
    def jq(self) -> str:
        word, sign = (" and ", "!=") if self.but else (" or ", "==")
        said = word.join(f".{self.field} {sign} {msgspec.json.encode(it).decode()}" for it in self.values)
        return f"({said})" if len(self.values) > 1 else said


class Query(Struct, frozen=True):
    """Rows that hold all of `where`; with `each` the items of that list in them that hold all of `items`.

    With `distinct` the number of different values of that field, empty ones left out.
    """

    where: tuple[Is, ...] = ()
    each: str = ""
    items: tuple[Is, ...] = ()
    distinct: str = ""

    def count(self, rows: Sequence[Mapping[str, Any]]) -> tuple[int, tuple[str, ...]]:
        """The number, and the commits of the rows that add to it."""
        found = [row for row in rows if all(it.holds(row) for it in self.where)]
        if self.distinct:
            first: dict[str, str] = {}
            for row in found:
                first.setdefault(_value(row, self.distinct) or "", row["commit"])
            first.pop("", None)
            return len(first), tuple(first.values())
        if not self.each:
            return len(found), tuple(row["commit"] for row in found)
        numbers = {row["commit"]: sum(1 for _ in self._matching(row)) for row in found}
        return sum(numbers.values()), tuple(commit for commit, number in numbers.items() if number)

    def _matching(self, row: Mapping[str, Any]) -> Iterator[Any]:
        items = _value(row, self.each) or ()
        return (item for item in items if all(it.holds(item) for it in self.items))

    @property
    def jq(self) -> str:
        """The filter for `jq -s` over the lines."""
        steps = [".[]", *_select(self.where)]
        if self.distinct:
            return f'[{" | ".join([*steps, f".{self.distinct}"])} | select(. != "")] | unique | length'
        if self.each:
            steps += [f".{self.each}[]?", *_select(self.items)]
        return f"[{' | '.join(steps)}] | length"


def _select(conditions: Iterable[Is]) -> list[str]:
    said = " and ".join(it.jq for it in conditions)
    return [f"select({said})"] if said else []


def _value(row: Any, field: str) -> Any:
    for name in field.split("."):
        row = row.get(name) if isinstance(row, Mapping) else None
    return row


_AGAINST_IT = Is("verdict", _AGAINST)
_TOUCHING = Is("touches", ("yes",))
QUERIES: Mapping[str, tuple[str, Query]] = {
    "merges": ("Merges in the period", Query()),
    "touching": ("Merges that touched the system", Query((_TOUCHING,))),
    "touching-unknown": (
        "Merges of which it cannot be told whether they touched it", Query((Is("touches", ("unknown",)),)),
    ),
    "passed": ("Merges that replay to pass or conditions", Query((Is("verdict", ("pass", "conditions")),))),
    "against": ("Merged although the replay says block or undecided", Query((_AGAINST_IT,))),
    "against-touching": ("Of these, touching the system, or perhaps", Query(
        (_AGAINST_IT, Is("touches", ("yes", "unknown"))))),
    "against-approvals": (
        "Of these, for want of approvals alone, and no forge was asked",
        Query((_AGAINST_IT, Is("lacks_only_approvals", (True,)))),
    ),
    "against-together": (
        "Of these, passing where the commits pushed at once are judged as one change",
        Query((_AGAINST_IT, Is("together", ("",), but=True))),
    ),
    "against-recorded-pass": (
        "Of these, recorded as pass or conditions in the audit log",
        Query((_AGAINST_IT, Is("recorded.verdict", ("pass", "conditions")))),
    ),
    "recorded-against": (
        "Merged although the audit log holds block or undecided", Query((Is("recorded.verdict", _AGAINST),)),
    ),
    "unrecorded": ("Merges without a recorded verdict", Query((Is("recorded", (None,)),))),
    "not-judged": ("Merges that could not be compared with anything", Query((Is("verdict", ("not-judged",)),))),
    "edited-merges": (
        "Merges that hold something else than git makes of their parents", Query((Is("kind", ("edited-merge",)),)),
    ),
    "dated-before": (
        "Merges dated before the commit that they follow", Query((Is("is_before_parent", (True,)),)),
    ),
    "policies": ("Different sets of rules that were in force", Query(distinct="policies_digest")),
    "stage-changes": (
        "Moves of the system to another stage",
        Query((_TOUCHING,), "system.changes", (Is("kind", ("stage-advanced", "stage-regressed", "stage-mended")),)),
    ),
    "weakenings": (
        "Changes that make the system look safer without work",
        Query((_TOUCHING,), "system.changes", (Is("weakening", (True,)),)),
    ),
    "approvals-counted": ("Approvals that counted", Query((), "approvals", (Is("counts", (True,)),))),
    "approvals-refused": (
        "Approvals that were given and did not count",
        Query((), "approvals", (Is("counts", (False,)), Is("who", ("",), but=True))),
    ),
    "approvals-missing": (
        "Approvals that were wanted and are not there",
        Query((), "approvals", (Is("who", ("",)), Is("state", ("gap", "unknown")))),
    ),
    "waivers-used": ("Requirements that a waiver let pass", Query((), "waivers")),
    "incidents-opened": ("Incidents opened", Query((), "incidents", (Is("is_new", (True,)),))),
    "incidents-stepped": ("Steps of incidents recorded", Query((), "incidents", (Is("is_new", (False,)),))),
    "tests-passed": ("Test results that had passed, as merges left them", Query(
        (_TOUCHING,), "tests", (Is("outcome", ("passed",)),))),
    "tests-open": ("Test results that had not passed, as merges left them", Query(
        (_TOUCHING,), "tests", (Is("outcome", ("passed",), but=True),))),
}  # fmt: skip
"""Every figure over merges: its title, and what counts."""
_LISTED_OUTSIDE = "Commits that stand between merges of the period and are dated outside of it"


def figures_of(head: PackHead, records: Sequence[MergeRecord]) -> tuple[Figure, ...]:
    """All figures of a pack."""
    rows = [msgspec.to_builtins(record) for record in records]
    found = []
    for id_, (title, query) in QUERIES.items():
        number, commits = query.count(rows)
        command = f"unzip -p PACK {MERGES} | jq -s '{query.jq}'"
        found.append(Figure(id_, title, number, command, commits, _note(id_, head), _from_git(id_, head)))
    command = f"unzip -p PACK {PACK} | jq '.head.outside | length'"
    found.append(Figure("dated-outside", _LISTED_OUTSIDE, len(head.outside), command, head.outside))
    return tuple(found)


def _note(id_: str, head: PackHead) -> str:
    if id_ == "merges" and head.more:
        return f"{head.more} older merges of the period were left out by --limit"
    if id_ == "unrecorded" and not head.audit_log:
        return "there is no audit log, so none has one"
    return ""


def _from_git(id_: str, head: PackHead) -> str:
    """How git alone counts the population."""
    if id_ != "merges" or not head.branch_commit or head.more:
        return ""
    days = f'$1 >= "{head.first_day}" && $1 <= "{head.last_day}"'
    form = "--date=format-local:%Y-%m-%d --format=%cd"
    return f"TZ=UTC git log --first-parent {form} {head.branch_commit} | awk '{days}' | wc -l"
