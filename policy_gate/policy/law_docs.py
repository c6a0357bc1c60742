"""Rows of law and derived facts in words, for `explain`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from policy_gate.policy.condition_words import in_words
from policy_gate.schema.law import LAW_NAMES, LawContent, LawPack, LawRow, Route
from policy_gate.schema.policy_docs import RuleDoc
from policy_gate.schema.rule import Requirement

_WEIGHT = {
    "law": "law",
    "guidance": "guidance: advises, does not block",
    "voluntary": "taken on by choice: advises, does not block",
}


def law_docs(content: LawContent) -> Iterator[RuleDoc]:
    """One entry for each row and each derived fact, in the packs' order."""
    packs = {pack.id: pack for pack in content.packs}
    for row in content.rows:
        yield _row(row, packs[row.pack])
    for fact in content.derived:
        rows = tuple(("law", row.id, row.requirement) for row in content.rows if LAW_NAMES + fact.id in row.when.text)
        facts = (("when", in_words(fact.when.text)),)
        yield RuleDoc("derived-fact", LAW_NAMES + fact.id, fact.about, "follows from stated facts", facts=facts,
                      wanted_by=rows)  # fmt: skip


def wanted_by_law(entries: Iterable[RuleDoc], content: LawContent) -> Iterator[RuleDoc]:
    """The entries, those of artifacts and facts with the rows that want or read them."""
    rows: dict[tuple[str, str], list[LawRow]] = {}
    for row in content.rows:
        wanted = {subject for requirement in row.evidence for subject in requirement.subjects}
        read = {name.removeprefix("system.") for name in row.when.names or () if name.startswith("system.")}
        for key in (*(("artifact", id_) for id_ in wanted), *(("fact", id_) for id_ in read)):
            rows.setdefault(key, []).append(row)
    for entry in entries:
        by_law = rows.get((entry.kind, entry.id), ())
        told = tuple(("law", row.id, row.requirement) for row in by_law)
        yield replace(entry, wanted_by=(*entry.wanted_by, *told)) if told else entry


def _row(row: LawRow, pack: LawPack) -> RuleDoc:
    return RuleDoc(
        "law",
        row.id,
        row.title,
        row.requirement,
        citation=row.citation,
        how=tuple(_evidence(wanted) for wanted in row.evidence),
        facts=tuple((label, said) for label, said in _facts(row, pack) if said),
    )


def _facts(row: LawRow, pack: LawPack) -> Iterator[tuple[str, str]]:
    yield "for", row.role
    yield "when", in_words(row.when.text)
    yield "from", "; ".join(_route(route) for route in row.applies) or (row.dates or "")
    yield "dates", (row.dates or "") if row.applies else ""
    yield "until", row.until.isoformat() if row.until else ""
    yield "weight", f"{_WEIGHT[row.binding]}{'' if row.status == 'in-force' else f' ({row.status})'}"
    yield "replaced by", row.superseded_by or ""
    yield "prohibited", in_words(row.prohibited_when.text) if row.prohibited_when else ""
    yield "penalty", f"{row.penalty} (unverified)" if row.penalty and "memory" in row.mark else row.penalty
    known = {source.id: source for source in pack.sources}
    for name in row.sources:
        yield "source", f"{name}: {known[name].what} ({known[name].kind})"
    open_ = {uncertain.id: uncertain for uncertain in pack.uncertain}
    for name in row.uncertain:
        yield "unsettled", f"{open_[name].topic} {open_[name].known}"
    yield "checked", f"{row.checked_on.isoformat()}, {row.mark}"


def _route(route: Route) -> str:
    return f"{route.from_.isoformat()}{f' when {in_words(route.when.text)}' if route.when else ''}"


def _evidence(wanted: Requirement) -> str:
    conditions = ", and ".join(in_words(condition.text) for condition in wanted.when)
    return f"artifact {wanted.subject}{f', when {conditions}' if conditions else ''}"
