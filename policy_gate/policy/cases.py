"""Cases that test the rules, as written in policies/tests: read, checked against the policies, and counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from policy_gate.documents.spelling import spelling_hint
from policy_gate.documents.validation import validated
from policy_gate.errors import DocumentError
from policy_gate.policy.variables import variables
from policy_gate.schema.policy_cases import Case, CaseFile
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.source import Document, Problem
from policy_gate.schema.vendor_document import VendorEntry
from policy_gate.schema.vocabulary import CAUSE_RANK, DIMENSIONS, STATES


class Uncovered(NamedTuple):
    """A rule, gate or control that no case makes fire, or that no case shows at rest."""

    kind: str
    id: str
    fires: bool
    rests: bool

    def __str__(self) -> str:
        lacks = [what for what, there in (("makes it fire", self.fires), ("shows it at rest", self.rests)) if not there]
        return f"{self.kind} {self.id}: no case {' or '.join(lacks)}"


def read_cases(documents: Sequence[Document[Any]], policy: RuleSet | None = None) -> tuple[Case, ...]:
    """The cases of the given documents (plain data), in order of path and position.

    With `policy`, every name in them must be one of its own. DocumentError with all located problems.
    """
    found: list[Case] = []
    problems: list[Problem] = []
    for document in sorted(documents, key=lambda it: it.path):
        try:
            file = validated(CaseFile, document.path, document.oid, document.content, document.marks)
        except DocumentError as fault:
            problems += fault.problems
            continue
        found += (_respelt(case, policy.renamed_roles) if policy else case for case in file.content.cases)
        if policy is not None:
            for index, case in enumerate(file.content.cases):
                problems += _unknown_words(file, index, _respelt(case, policy.renamed_roles), policy)
    problems += _twice(documents, found)
    if problems:
        first = problems[0]
        raise DocumentError(f"{first.location}: {first.message}", hint=first.hint, problems=problems)
    return tuple(found)


def _respelt(case: Case, names: Mapping[str, str]) -> Case:
    """The case with the roles that it names called as they are now."""
    if not names:
        return case
    expect = [it.model_copy(update={"requirement": _renamed(it.requirement, names)}) for it in case.expect]
    return case.model_copy(update={"expect": expect, "never": [_renamed(line, names) for line in case.never]})


def _renamed(line: str, names: Mapping[str, str]) -> str:
    kind, colon, subject = line.partition(":")
    if kind not in ("approval", "any_of"):
        return line
    return kind + colon + " or ".join(names.get(part, part) for part in subject.split(" or "))


def _twice(documents: Sequence[Document[Any]], found: Iterable[Case]) -> Iterator[Problem]:
    seen: set[str] = set()
    for case in found:
        if case.id in seen:
            places = ", ".join(str(place) for place in _places(documents, case.id))
            yield Problem(documents[0].path, f"case {case.id}: is there twice ({places})", hint="rename one of them")
        seen.add(case.id)


def _places(documents: Sequence[Document[Any]], case: str) -> Iterator[Any]:
    for document in documents:
        entries = document.content.get("cases", ()) if isinstance(document.content, dict) else ()
        for index, entry in enumerate(entries):
            if isinstance(entry, dict) and entry.get("id") == case:
                yield document.at("cases", index)


def _unknown_words(file: Document[CaseFile], index: int, case: Case, policy: RuleSet) -> Iterator[Problem]:
    for problem, way in _checked(case, policy):
        place = file.at("cases", index, *way)
        message = f"case {case.id}: {problem.message}"
        yield replace(problem, path=place.path, message=message, line=place.line, column=place.column)


Found = Iterator[tuple[Problem, tuple[str | int, ...]]]


def _checked(case: Case, policy: RuleSet) -> Found:
    rules = {rule.id for rule in policy.rules}
    names = variables(policy.facts)
    facts = {*names["system"], *(name.removeprefix("system.") for name in names["system"])}
    if case.rule is not None:
        yield from _known("rule", [case.rule], rules, ("rule",))
    yield from _known("fact", case.facts, facts, ("facts",))
    yield from _known("dimension", case.profile, DIMENSIONS, ("profile",))
    yield from _known("artifact", case.artifacts, policy.artifacts, ("artifacts",))
    yield from _known("test", case.tests, policy.tests, ("tests",))
    yield from _known("card field", case.card, [field.id for field in policy.card_fields] + ["complete"], ("card",))
    for name, of_tests in (("artifacts", ()), ("tests", ("inconclusive", "uncounted"))):
        for id_, outcome in getattr(case, name).items():
            yield from _known("outcome", [outcome], ("met", *CAUSE_RANK, *of_tests), (name, id_))
    for index, change in enumerate(case.changes):
        yield from _known("change kind", [str(change.get("kind"))], policy.change_kinds, ("changes", index, "kind"))
    for index, vendor in enumerate(case.vendors):
        yield from _known("vendor field", vendor, VendorEntry.model_fields, ("vendors", index))
    for index, metric in enumerate(case.metrics):
        own = [name.removeprefix("metric.") for name in names["metric"] if name.startswith("metric.")]
        yield from _known("metric field", metric, own, ("metrics", index))
    for index, expected in enumerate(case.expect):
        yield from _known("rule", expected.rules, _with_rows(rules, expected.rules, policy), ("expect", index, "rules"))
        yield from _known("state", [expected.state], STATES, ("expect", index, "state"))
        yield from _requirement(expected.requirement, policy, ("expect", index, "requirement"))
    for index, line in enumerate(case.never):
        yield from _requirement(line, policy, ("never", index))


def _with_rows(rules: set[str], named: Sequence[str], policy: RuleSet) -> set[str]:
    """The rules that may be named, with the rows of law where one is meant."""
    if policy.law is None or not any("/" in name for name in named):
        return rules
    return rules | {row.id for row in policy.law.content.rows}


def _requirement(line: str, policy: RuleSet, way: tuple[str | int, ...]) -> Found:
    """`kind:subject` of a requirement; in `never` also `rule:id` and its like, meaning the rule is at rest."""
    kind, colon, subject = line.partition(":")
    known = {
        "artifact": policy.artifacts, "test": policy.tests, "approval": policy.roles,
        "rule": policy.plain_rules, "gate": policy.gates, "control": policy.controls,
    }  # fmt: skip
    if not colon:
        yield Problem("", f'"{line}" is no requirement (expected kind:subject, such as artifact:model-card)'), way
    elif kind in known and subject:
        yield from _known(kind, [subject], known[kind], way)
    else:
        yield from _known("kind", [kind], (*known, "card", "that", "any_of"), way)


def _known(what: str, words: Iterable[str], known: Iterable[str], way: tuple[str | int, ...]) -> Found:
    known = list(known)
    for word in words:
        if word not in known:
            yield Problem("", f'unknown {what} "{word}"', hint=spelling_hint(word, known)), (*way, word)


def rules_without_cases(policy: RuleSet, read_cases: Sequence[Case]) -> tuple[Uncovered, ...]:
    """Gates, controls and rules, in the policies' order, that lack a case which fires or one which rests.

    A case makes a rule fire by naming it among the reasons of an expected gap or unknown, now or upcoming. A
    case shows it at rest by being for it (`rule:`) without such, or by naming `kind:id` in `never`.
    """
    fired = {id_ for case in read_cases for id_ in _fired(case)}
    rested = {case.rule for case in read_cases if case.rule is not None and case.rule not in _fired(case)}
    never = {line for case in read_cases for line in case.never}
    found = (
        Uncovered(rule.kind, rule.id, rule.id in fired, rule.id in rested or f"{rule.kind}:{rule.id}" in never)
        for rule in policy.rules
    )
    return tuple(lack for lack in found if not (lack.fires and lack.rests))


def _fired(case: Case) -> set[str]:
    return {
        id_ for expected in case.expect if expected.state in ("gap", "unknown", "upcoming") for id_ in expected.rules
    }
