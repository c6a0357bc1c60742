"""Defences of the gate, each switched off by itself: after how many histories does the comparison notice?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import Any, NamedTuple
from unittest.mock import patch

import gate_in_memory
from commit_line import Histories, LineRepository
from comparison import clear, play
from gate_in_memory import without
from history import History, history
from invariants import broken
from msgspec.structs import replace

from policy_gate.app import check, judge
from policy_gate.approvals import people
from policy_gate.approvals.github import retargets, reviews
from policy_gate.cards import markdown_outline, metrics, quantities, reader, shown_html
from policy_gate.collect import evidence, inputs
from policy_gate.collect.returned_code import ReturnedCode
from policy_gate.decide import (
    approvals,
    blame,
    claim_check,
    document_problems,
    gates_entered,
    role_naming,
    subject_digest,
    waiver_validity,
)
from policy_gate.documents import yaml_reader
from policy_gate.evaluate import artifacts, dates
from policy_gate.facts import changes_card, changes_evidence, document_sections, held_facts, test_results
from policy_gate.facts import evidence as read_evidence
from policy_gate.policy import layers, lint
from policy_gate.schema.facts import TestFact


class Defence(NamedTuple):
    """A kind of attack by its number in docs/threats.md, and how what stops it is switched off."""

    threat: str
    title: str
    rules: tuple[str, ...] = ()
    weakenings: tuple[str, ...] = ()
    off: Callable[[], AbstractContextManager[Any]] = nullcontext


def _patched(module: Any, name: str, instead: Any) -> Callable[[], AbstractContextManager[Any]]:
    return lambda: patch.object(module, name, instead)


def _always(*_: Any) -> bool:
    return True


def _as_it_is(facts: Any, *_: Any) -> Any:
    return facts


def _nothing_read(*_: Any) -> frozenset[str]:
    return frozenset()


def _none(*_: Any) -> dict[Any, str]:
    return {}


def _never(*_: Any, **__: Any) -> None:
    """Nothing is found."""


def _last_alone(repository: Any, revisions: Any) -> Any:
    commits, *rest = _ALL_COMMITS(repository, revisions)
    return commits[:1], *rest


def _of_commits_alone(person: Any, claim: Any, request: Any) -> Any:
    known = tuple(it for it in request.authorship.known if "pull request" not in it.how)
    return _CONTRIBUTION(person, claim, replace(request, authorship=replace(request.authorship, known=known)))


def _as_the_change_names(inputs_: Any, *rest: Any) -> Any:
    return _MERGED(replace(inputs_, roles=inputs_.result_roles), *rest)


def _nothing_beside(*_: Any, **__: Any) -> list[Any]:
    return []


def _about_anything(request: Any) -> Any:
    return request.people.claims


def _same_gate_only(claim: Any, request: Any) -> Any:
    is_of_this = (claim.for_, claim.system) == (request.subject.for_, request.subject.system)
    return _CONTENT(claim, request) if claim.for_ is None or is_of_this else None


def _by_name_alone(role: str, people_: Any) -> Any:
    return role_naming.Named() if people_.holders(role) else role_naming.NobodyNamed()


_NUMBER = quantities.read_number
_ALL_COMMITS, _CONTRIBUTION = people._commits, claim_check._contribution_of
_MERGED, _CONTENT = people._merged, claim_check._content


@contextmanager
def _for_another_gate() -> Iterator[None]:
    with patch.object(claim_check, "_about", _about_anything), patch.object(claim_check, "_content", _same_gate_only):
        yield


@contextmanager
def _all_is_shown() -> Iterator[None]:
    with patch.object(shown_html.ShownHtml, "is_hidden", property(lambda _: False)):
        _forget_documents()
        yield
    _forget_documents()


def _forget_documents() -> None:
    document_sections.READINGS.__init__()
    markdown_outline.outline.cache_clear()


def _first_number(raw: Any, *, of_limit: bool = False) -> Any:
    found, written = _NUMBER(raw, of_limit=of_limit), re.search(r"\d+\.\d+", str(raw))
    return quantities.NumberReading(float(written[0])) if found is None and written else found


@contextmanager
def _any_number() -> Iterator[None]:
    with patch.object(metrics, "read_number", _first_number):
        _forget_cards()
        yield
    _forget_cards()


def _forget_cards() -> None:
    gate_in_memory._CARDS.clear()
    reader._READ.clear()


@contextmanager
def _of_results(names: tuple[str, ...], instead: Any) -> Iterator[None]:
    with ExitStack() as off:
        for name in names:
            off.enter_context(patch.object(test_results, name, instead))
        read_evidence._results.cache_clear()
        yield
    read_evidence._results.cache_clear()


def _cases_alone() -> AbstractContextManager[None]:
    return _of_results(("_of_suites", "unlisted_failures", "fewer_passed"), _nothing_beside)


def _of_whatever() -> AbstractContextManager[None]:
    return _of_results(("_of_another_suite", "of_something_else"), _never)


DEFENCES: tuple[Defence, ...] = (
    Defence("T01", "rules are edited without a yes", rules=("policy-change",)),
    Defence(
        "T02", "a branch is judged as it is, not as merged", off=_patched(LineRepository, "merge_base_is", _always)
    ),
    Defence("T03", "a dimension is lowered", weakenings=("dimension-lowered",)),
    Defence("T03", "what is lowered judges at once", off=_patched(judge, "hold", lambda was, now, *_: now)),
    Defence("T04", "an entry is deleted", rules=("system-vanished",)),
    Defence(
        "T05",
        "gates in between are skipped",
        off=_patched(gates_entered, "stage_rank", lambda stage: stage == "production"),
    ),
    Defence("T03", "a fact is dropped", weakenings=("fact-removed",)),
    Defence("T03", "a law class is lost by a fact", weakenings=("law-class-dropped",), rules=("law-class-drop",)),
    Defence("T03", "the purpose is reworded", rules=("use-case-change",)),
    Defence("T03", "a limit is left out", off=_patched(changes_card, "dropped_items", lambda *_: [])),
    Defence("T06", "a record counts where base asks for a signature", off=_patched(claim_check, "_assurance", _never)),
    Defence("T07", "an author approves", off=_patched(claim_check, "_contribution_of", lambda *_: None)),
    Defence("T07", "who made the last commit alone is an author", off=_patched(people, "_commits", _last_alone)),
    Defence(
        "T07",
        "who opened or pushed it reviews it",
        off=_patched(claim_check, "_contribution_of", _of_commits_alone),
    ),
    Defence("T08", "content moves after the approval", off=_patched(claim_check, "_content", lambda *_: None)),
    Defence("T08", "content moves after the review", off=_patched(claim_check, "_content_at", lambda *_: None)),
    Defence("T09", "a yes to another gate or system counts", off=_for_another_gate),
    Defence("T10", "whom the change names says yes to it", off=_patched(people, "_merged", _as_the_change_names)),
    Defence("T24", "a forge that does not answer has no reviews", off=_patched(approvals, "_silence", _never)),
    Defence("T27", "a review that was taken back counts", off=_patched(reviews, "_problem", _never)),
    Defence("T29", "a yes to another branch counts", off=_patched(retargets.Aim, "against", _never)),
    Defence("T49", "a team is nobody", off=_patched(role_naming, "_naming", _by_name_alone)),
    Defence("T44", "the code moves after the approval", off=_patched(subject_digest, "binds_code", lambda *_: False)),
    Defence("T45", "a record is used again, or long after", off=_patched(claim_check, "_time", lambda *_: None)),
    Defence("T11", "sections hold two words", off=_patched(artifacts, "_short", lambda base, *_: base.become("met"))),
    Defence("T12", "a document is dated anew", off=_patched(changes_evidence, "is_redated", lambda *_: False)),
    Defence("T12", "a day that has not come dates a document", off=_patched(dates, "is_to_come", lambda *_: False)),
    Defence("T13", "a pointer is the document", off=_patched(evidence, "is_lfs_pointer", lambda data: False)),
    Defence("T55", "an old run with another day is a new one", off=_patched(TestFact, "is_same_run", _never)),
    Defence("T60", "a result misses its limit", rules=("metric-missing-value", "metric-below-threshold")),
    Defence("T60", "any number is a result", off=_any_number),
    Defence("T56", "what nobody is shown counts", off=_all_is_shown),
    Defence("T16", "of a key that is there twice the last counts", off=_patched(yaml_reader, "_check_key", _never)),
    Defence("T59", "an error outside the cases of a run is none", off=_cases_alone),
    Defence("T46", "a run of another suite or system counts", off=_of_whatever),
    Defence("T15", "a run that failed counts", off=_patched(TestFact, "has_passed", property(lambda _: True))),
    Defence("T25", "a waiver is approved by anybody", off=_patched(waiver_validity, "refused_people", lambda *_: None)),
    Defence("T25", "a waiver runs for ever", off=_patched(waiver_validity, "_excess", lambda *_: None)),
    Defence("T26", "a rule that can want nothing is one", off=_patched(lint, "faults", _nothing_beside)),
    Defence("T69", "a new rule stands in for a built-in one", off=_patched(layers, "_judge_covering", _never)),
    Defence("T34", "code denies what the papers say", rules=("papers-denied-by-code",)),
    Defence("T36", "a fact is said away", weakenings=("fact-flipped",)),
    Defence("T37", "an old gap hides a worse one", off=_patched(blame, "_is_no_better", lambda *_: True)),
    Defence("T38", "a system is declared without a second reader", rules=("first-classification",)),
    Defence("T39", "it is live on the calendar alone", rules=("deployment-date-passed",)),
    Defence("T42", "what runs the gate is edited", rules=("enforcement-change",)),
    Defence("T47", "settings no longer find a manifest", off=_patched(inputs, "_lost", lambda *_: ())),
    Defence("T48", "new work is enrolled as old", rules=("enrolment",)),
    Defence(
        "T50", "a manifest that cannot be read governs nothing", off=_patched(document_problems, "unread_above", _none)
    ),
    Defence("T51", "what a rebase would bring back is not looked at", off=_patched(check, "check_rebase", _never)),
    Defence("T52", "a claim slips in while nothing asks", rules=("evidence-vouched",)),
    Defence("T53", "a clock is set forward", weakenings=("stage-since-moved",)),
    Defence("T53", "the day of a raise is moved", weakenings=("reclassified-moved",)),
    Defence("T53", "the day of enrolment is moved", weakenings=("enrolled-moved",)),
    Defence("T53", "documents never age", off=_patched(artifacts, "period_of", lambda *_: None)),
    Defence("T54", "code leaves the system", weakenings=("path-narrowed",)),
    Defence("T54", "code of another system is taken over", off=_patched(held_facts, "_at_shared_tier", _as_it_is)),
    Defence("T54", "code that was deleted comes back", off=_patched(ReturnedCode, "of", lambda *_: [])),
    Defence("T54", "who else claims it is not read", off=_patched(inputs, "meeting_manifests", _nothing_read)),
    Defence("T57", "a signed document is replaced", off=_patched(blame, "was_signed", lambda *_: False)),
    Defence("T33", "AI that no system claims", rules=("ai-use-without-system",)),
    Defence("T61", "another model in claimed code", rules=("model-re-evaluation", "papers-denied-by-code")),
    Defence("T67", "a yes to one weakening covers any", off=_patched(subject_digest, "_changes", _nothing_beside)),
    Defence("T68", "new AI under a claim of late", rules=("ai-at-a-new-place",)),
    Defence("T35", "a vendor's term is bettered by nobody's look", weakenings=("vendor-weakened",)),
    Defence("T35", "a vendor leaves", weakenings=("vendor-dropped",)),
    Defence("T35", "a right against a vendor is lost", weakenings=("vendor-right-lost",)),
    Defence("T35", "a vendor of high risk is taken up", rules=("vendor-high-risk", "vendor-risk-rise")),
    Defence("T35", "something critical about a vendor is open", rules=("vendor-critical-open",)),
    Defence("T64", "an incident is deleted", weakenings=("incident-dropped",)),
    Defence("T64", "an incident is said to be milder", weakenings=("incident-severity-lowered",)),
    Defence("T64", "a system moves on beside an incident", rules=("incident-open",)),
)


def found_after(number_of: int, limit: int, seed: int = 0) -> int | None:
    """How many histories it takes until the two differ without that defence; None where `limit` were not enough."""
    defence = DEFENCES[number_of]
    clear()
    builtin = (
        without(rules=defence.rules, weakenings=defence.weakenings) if defence.rules or defence.weakenings else None
    )
    gate, whole = Histories(builtin), Histories()
    for number in range(limit):
        made = history(seed + number)
        with defence.off():
            is_missed = _differs(made, gate)
        if is_missed and not _differs(made, whole):
            return number + 1
    return None


def _differs(made: History, gate: Histories) -> bool:
    with gate.at_work():
        try:
            played = play(made, gate)
            return played.disagreement is not None or (not played.is_compared and any(broken(made, played, gate)))
        except (KeyError, ValueError, TypeError):
            return True  # what was switched off broke the rest
