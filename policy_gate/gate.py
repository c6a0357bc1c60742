"""The hallway: the whole flow on one screen. Every room is entered from here and from nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from policy_gate import __version__, collect, derive, enact, evaluate, govern
from policy_gate.collect import OpenPapers
from policy_gate.errors import DocumentError, LawError, UndecidedError, UsageError
from policy_gate.govern import Permission, Wish
from policy_gate.schema.dates import Instant, end_of_day
from policy_gate.schema.facts import Change, Facts
from policy_gate.schema.judgement import Judgement
from policy_gate.schema.law import RuleSet
from policy_gate.schema.papers import Papers, Request, Terms
from policy_gate.schema.people import Claim, People, Sight
from policy_gate.schema.policy_document import Case
from policy_gate.schema.report import Report, Trust
from policy_gate.schema.snapshot import Snapshot
from policy_gate.schema.source import Problem
from policy_gate.schema.subject import Subject


def check(
    base: Snapshot,
    result: Snapshot,
    law: RuleSet,
    people: People,
    terms: Terms,
    trust: Trust,
    papers: Papers | None = None,
) -> Report:
    """Judge what merging this change would do to base, by the rules that base holds. Pure."""
    return _settled(judge(base, result, law, terms.as_of), base, result, people, terms, trust, papers)


def judge(base: Snapshot, result: Snapshot, law: RuleSet, as_of: Instant) -> Judgement:
    """Work out facts, changes and outcomes of both trees; nobody is heard yet."""
    was = derive.facts_of(base, law)
    declared = was if result is base else derive.facts_of(result, law)
    changes = () if result is base else derive.changes_between(was, declared, base, result, law)
    changes = tuple(change for change in changes if not _is_unreadable(change, base, result))
    return judge_facts(law, was, declared, changes, as_of)


def judge_facts(
    law: RuleSet, was: tuple[Facts, ...], declared: tuple[Facts, ...], changes: tuple[Change, ...], as_of: Instant
) -> Judgement:
    """Hold what the change weakens, and apply the rules to both sides."""
    now = derive.hold(was, declared, changes, law) if changes else declared
    before = evaluate.evaluate(law, was, (), as_of)
    after = before if now is was and not changes else evaluate.evaluate(law, now, changes, as_of, was)
    raised = evaluate.evaluate(law, derive.as_if_raised(was, now, changes), (), as_of)
    return Judgement(law, was, declared, now, changes, before, after, as_of, raised)


def _is_unreadable(change: Change, base: Snapshot, result: Snapshot) -> bool:
    """A system whose manifest became unreadable did not leave: the problem itself is what blocks."""
    if change.kind != "system-removed" or change.system is None:
        return False
    gone = base.system(change.system)
    return gone is not None and any(problem.path == gone.key.manifest for problem in result.problems)


def run(request: Request) -> Report:
    """The whole of `check`: fetch the papers, read the law, judge, hear the people, settle.

    Raises the errors of `policy_gate.errors` where no report can be given at all.
    """
    with collect.fetch(request) as papers:
        terms = govern.terms_of(request, papers)
        if request.systems:
            _known_systems(request, papers)
        try:
            law, notes = law_in_force(request, papers)
        except LawError:
            if not govern.leaves_all_as_it_is(papers, terms):
                raise
            return govern.untouched_report(papers, terms, __version__)
        judgement = judge(papers.base, papers.result, law, request.as_of)
        people = _with_sights(request, papers, law, _hear(request, papers, judgement, terms), terms)
        report = _settled(
            judgement, papers.base, papers.result, people, terms, govern.trust_of(papers, law, people, notes), papers
        )
        return replace(
            report,
            system_count=max(papers.system_count, report.system_count),
            preview=_preview(papers, people, terms, report),
            lacking_commits=collect.lacking(papers, people.sights),
            law=law,
        )


def ground(request: Request) -> dict[str, Any] | None:
    """The governed paths of base as plain data, or None where they are not clear; for a hook to keep."""
    with collect.fetch(request) as papers:
        return collect.ground_of(papers)


def no_answer(request: Request, error: UndecidedError) -> Report:
    """The report of a check that could not be made: undecided, with what stood in its way."""
    return govern.no_answer(request, error, __version__)


def _settled(
    judgement: Judgement,
    base: Snapshot,
    result: Snapshot,
    people: People,
    terms: Terms,
    trust: Trust,
    papers: Papers | None,
) -> Report:
    return govern.settle(
        judgement,
        base,
        result,
        people,
        terms,
        trust,
        version=__version__,
        changed=papers.changed_paths if papers else frozenset(),
        result_roles=papers.result_roles.content if papers and papers.result_roles else None,
    )


def law_of(papers: Papers) -> RuleSet:
    """The law in force: built-in, organisation, and base's own, layered and compiled."""
    law = enact.enact(papers.layers, _packs(papers))
    pin = papers.base.config.content.tool if papers.base.config else None
    if pin and pin.policies_digest and pin.policies_digest != law.digest:
        raise UndecidedError(
            f"base pins the policies {pin.policies_digest}, these are {law.digest}",
            hint="install the pinned version, or change the pin in policy-gate.yaml in a change of its own",
        )
    return law


def _packs(papers: Papers) -> Sequence[str]:
    return papers.base.config.content.packs if papers.base.config else ()


def law_in_force(request: Request, papers: Papers) -> tuple[RuleSet, tuple[str, ...]]:
    """Base's law; where it is unreadable and the change only repairs it, the last one readable (D25)."""
    try:
        return law_of(papers), ()
    except LawError:
        if not papers.law_only or papers.mode == "all":
            raise
        for layers in collect.earlier_layers(request, papers):
            try:
                law = enact.enact(layers, _packs(papers))
            except LawError:
                continue
            if papers.result_layers is not None:
                enact.enact(papers.result_layers, _packs(papers))
            return law, ("base's policies cannot be read: judged by the last readable ones of its history",)
        raise


def _hear(request: Request, papers: Papers, judgement: Judgement, terms: Terms) -> People:
    """The people, asked only where an obligation needs one; their names always (D04)."""
    if govern.hears_people(judgement, terms) and terms.mode != "adoption":
        return collect.people(request, papers, govern.wants_signed_authors(judgement))
    return collect.names_only(papers)


def _with_sights(request: Request, papers: OpenPapers, law: RuleSet, people: People, terms: Terms) -> People:
    """The people, with what each commit that one of them reviewed would have asked approvals for (D12)."""
    commits = govern.reviewed_commits(people)
    return replace(people, sights={commit: _sight(request, papers, law, terms, commit) for commit in commits})


def _sight(request: Request, papers: OpenPapers, law: RuleSet, terms: Terms, commit: str) -> Sight:
    try:
        with collect.fetch_at(request, papers, commit) as seen:
            judgement = judge(seen.base, seen.result, law, request.as_of)
            return Sight(govern.subjects(judgement, seen.base, collect.names_only(papers), terms))
    except (UndecidedError, DocumentError) as error:
        return Sight(problem=f"{error.message} ({error.hint})" if error.hint else error.message)


def _preview(papers: Papers, people: People, terms: Terms, report: Report) -> tuple[str, ...]:
    """What the result's own policies would have decided: shown, never obeyed (principle 4)."""
    if papers.result_layers is None or terms.mode != "change":
        return ()
    try:
        law = enact.enact(papers.result_layers, _packs(papers))
    except LawError as error:
        return (f"the policies of this change cannot be read: {error.message}",)
    judgement = judge(papers.base, papers.result, law, terms.as_of)
    trust = govern.trust_of(papers, law, people, ())
    verdict = _settled(judgement, papers.base, papers.result, people, terms, trust, papers).verdict
    return (f"by the policies of this change the verdict would be {verdict}; base's policies decide",)


def _systems_of(papers: Papers) -> set[str]:
    """The systems of what was read; a change that does not touch one leaves it unread."""
    return {system.key.id for side in (papers.base, papers.result) for system in side.systems}


def _known_systems(request: Request, papers: Papers) -> None:
    known = sorted(_systems_of(papers))
    for name in request.systems:
        if name not in known:
            raise UsageError(f"no system {name!r} is declared", hint=f"declared: {', '.join(known) or 'none'}")


def facts_in(request: Request) -> tuple[RuleSet, tuple[Facts, ...]]:
    """The law in force and the facts of the result tree, for views that judge nothing."""
    with collect.fetch(request) as papers:
        law = law_of(papers)
        return law, derive.facts_of(papers.result, law)


def subjects(request: Request, system: str | None, for_: str | None = None) -> tuple[Subject, ...]:
    """What each approval that this change asks for would be for: of one system or of none, as it stands now.

    With `for_` the one asked for; where nothing is asked for, what the system's own digest is over.
    Raises UsageError where the system is not declared or nothing of this change asks for `for_`.
    """
    with collect.fetch(request) as papers:
        if request.systems:
            _known_systems(request, papers)
        elif system is not None and system not in _systems_of(papers):
            return subjects(replace(request, systems=(system,)), system, for_)
        law, _ = law_in_force(request, papers)
        judgement = judge(papers.base, papers.result, law, request.as_of)
        terms = govern.terms_of(request, papers)
        return govern.subjects_asked(judgement, papers.base, collect.names_only(papers), terms, system, for_)


def proposal(request: Request, system: str | None, for_: str, claim: Claim) -> govern.Proposal:
    """What somebody would agree to and what stands against it, before they do; `claim` is theirs.

    Its `digest` is filled in here. UsageError as for `subjects`, and where the role is unknown.
    """
    with collect.fetch(request) as papers:
        law, _ = law_in_force(request, papers)
        judgement = judge(papers.base, papers.result, law, request.as_of)
        terms = govern.terms_of(request, papers)
        people = _with_sights(request, papers, law, _hear(request, papers, judgement, terms), terms)
        return govern.proposal(judgement, papers.base, people, terms, system, for_, claim)


def permission(request: Request, wish: Wish) -> tuple[Permission, tuple[Problem, ...]]:
    """The waiver that a wish comes to, by base's law and roles, and what is wrong in the files as they are.

    Raises UsageError where such a waiver could not hold.
    """
    with collect.fetch(request) as papers:
        terms = govern.terms_of(request, papers)
        law, _ = law_in_force(request, papers)
        judgement = judge(papers.base, papers.result, law, request.as_of)
        found = govern.permission(wish, judgement, papers.result, collect.names_only(papers), terms)
        return found, papers.result.problems


def builtin_law() -> RuleSet:
    """The built-in policies alone."""
    return enact.enact([collect.builtin()], ())


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What running policy cases gave: how many, and a sentence for each that did not come out."""

    cases: int
    failed: tuple[str, ...]


def rehearse(law: RuleSet, cases: Sequence[Case]) -> Rehearsal:
    """Run policy cases: facts and changes in, findings expected out."""
    failed = [problem for case in cases for problem in _rehearse_one(law, case)]
    return Rehearsal(len(cases), tuple(failed))


def _rehearse_one(law: RuleSet, case: Case) -> tuple[str, ...]:
    from policy_gate.derive.cases import CASE_DAY, facts_of_case  # noqa: PLC0415 - only `policy test` runs cases
    from policy_gate.govern.rehearsal import compare  # noqa: PLC0415

    was, now, changes = facts_of_case(case, law)
    as_of = end_of_day(case.as_of or CASE_DAY)
    judgement = judge_facts(law, was, now, changes, as_of)
    terms = Terms(mode="change", as_of=as_of)
    return compare(case, govern.findings_of(govern.blamed(judgement, terms)[1], law, terms.mode))
