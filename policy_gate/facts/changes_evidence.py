"""Changes of evidence: documents and results that left, dates that moved without work, claims of no concern."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from policy_gate.facts.change_kinds import FactsPair, is_weakening, placed
from policy_gate.schema.change import Change
from policy_gate.schema.dates import is_to_come
from policy_gate.schema.documents import ArtifactEntry, TestEntry
from policy_gate.schema.facts import ArtifactFact, Facts, TestFact
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.source import Loc


def proof_changes(pair: FactsPair) -> Iterator[Change]:
    """Every change of declared evidence between the two sides."""
    yield from _artifacts(pair)
    yield from _tests(pair)
    yield from vouched_changes(pair.was, pair.now, pair.policy)
    if pair.was.card is not None and pair.was.card.cause is None and pair.now.card is None:
        before = pair.was.card.path
        yield pair.change("artifact-removed", "model_card", before, None, "model_card")


def _artifacts(pair: FactsPair) -> Iterator[Change]:
    for id_ in sorted({*pair.was.artifacts, *pair.now.artifacts}):
        was, now = pair.was.artifacts.get(id_), pair.now.artifacts.get(id_)
        if was is not None and (now is None or (now.cause == "absent" and was.cause != "absent")):
            after = now.path if now else None
            yield _at(pair, "artifact-removed", id_, was.path or was.attested, after, was, now)
        elif now is not None:
            yield from _artifact(pair, was, now)


def _artifact(pair: FactsPair, was: ArtifactFact | None, now: ArtifactFact) -> Iterator[Change]:
    """What became of a document that is still there; old work with a new date is looked for in base's history too."""
    redated = redated_from(pair.was, now) or _dated_back(pair, was, now)
    known, raised = _known_artifacts(pair.was, now), pair.now.declared.entry.reclassified
    renewed = (old for old in known if is_hardly_renewed(old, now, pair.policy, raised))
    if redated is not None:
        yield _at(pair, "evidence-redated", now.id, str(redated.completed), str(now.completed), was, now)
    elif (old := next(renewed, None)) is not None:
        yield _at(pair, "evidence-renewed", now.id, str(old.completed), str(now.completed), was, now)
    elif was is not None and not _explains_the_raise(was, now, pair.policy, raised):
        before = next((old for old in (was, _since_its_date(pair, was)) if is_replaced(old, now, pair.policy)), None)
        if before is not None and was.substance != now.substance:
            yield _at(pair, "evidence-replaced", now.id, _content(before), _content(now), was, now)


def _since_its_date(pair: FactsPair, own: ArtifactFact) -> ArtifactFact:
    """The text that base's document was before the last small steps, none of which gave it another date.

    Steps that are small each are no typo together; a later date has been somebody's word.
    """
    first = own
    for old in pair.was.earlier_in_stage.get(own.id, ()):
        if old.cause is not None or old.completed != own.completed or not _is_hardly_other(old, first, pair.policy):
            break
        first = old
    return first


def _dated_back(pair: FactsPair, was: ArtifactFact | None, now: ArtifactFact) -> ArtifactFact | None:
    """Base's own, where that bore a day to come, which is no date, and the same work now bears another (D52)."""
    if was is None or not _leaves_a_day_to_come(pair, was, now):
        return None
    is_same = was.substance == now.substance or _is_hardly_other(was, now, pair.policy)
    return was if is_same else None


def _test_dated_back(pair: FactsPair, was: TestFact | None, now: TestFact) -> TestFact | None:
    return was if was is not None and _leaves_a_day_to_come(pair, was, now) and now.is_same_run(was) else None


def _leaves_a_day_to_come(pair: FactsPair, was: ArtifactFact | TestFact, now: ArtifactFact | TestFact) -> bool:
    """Whether it bore a day to come and bears one that has been, and counts for as much as it did."""
    if pair.today is None or was.completed is None or now.completed is None or was.cause != now.cause:
        return False
    return is_to_come(was.completed, pair.today) and not is_to_come(now.completed, pair.today)


def redated_from(was: Facts, now: ArtifactFact) -> ArtifactFact | None:
    """The version, base's or one that its history held, of which this is the same work with a later date."""
    return next((old for old in _known_artifacts(was, now) if is_redated(old, now)), None)


def redated_test_from(was: Facts, now: TestFact) -> TestFact | None:
    """The run, base's or one that its history held, of which this is the same with a later date."""
    own = was.tests.get(now.id)
    earlier = () if _keeps_its_date(own, now) else was.earlier_tests.get(now.id, ())
    known = (*((own,) if own else ()), *earlier)
    return next((old for old in known if is_redated_test(old, now)), None)


def _known_artifacts(was: Facts, now: ArtifactFact) -> tuple[ArtifactFact, ...]:
    own = was.artifacts.get(now.id)
    earlier = () if _keeps_its_date(own, now) else was.earlier_artifacts.get(now.id, ())
    return (*((own,) if own else ()), *earlier)


def _keeps_its_date(was: ArtifactFact | TestFact | None, now: ArtifactFact | TestFact) -> bool:
    """Whether base's own counts and is of no earlier day: then no date is claimed that base does not hold."""
    if was is None or was.cause is not None or was.completed is None or now.completed is None:
        return False
    return now.completed <= was.completed


def is_hardly_renewed(was: ArtifactFact, now: ArtifactFact, policy: RuleSet, raised: date | None = None) -> bool:
    """Whether the date moved forward though hardly a word, by the share that the policies say, is another (D52).

    A document that tells why the tier rose lacks no more than a sentence on that, in one older than the raise (D49).
    """
    if was.completed is None or now.completed is None or now.completed <= was.completed:
        return False
    if was.cause is not None or now.cause is not None or was.attested or now.attested:
        return False
    return not _explains_the_raise(was, now, policy, raised) and _is_hardly_other(was, now, policy)


def _explains_the_raise(was: ArtifactFact, now: ArtifactFact, policy: RuleSet, raised: date | None) -> bool:
    kind = policy.change_kinds.get("evidence-renewed")
    wanted = kind.after_raise.get(now.id) if kind is not None else None
    if not wanted or raised is None or was.completed is None or now.completed is None:
        return False
    added = Counter(now.substance.split()) - Counter(was.substance.split())
    return was.completed < raised <= now.completed and added.total() >= wanted


def is_replaced(was: ArtifactFact, now: ArtifactFact, policy: RuleSet) -> bool:
    """Whether the document, or evidence held elsewhere, has become another text: more than a few words (D58)."""
    if was.cause is not None or now.cause is not None or now.attested or was.substance == now.substance:
        return False
    return not _is_hardly_other(was, now, policy)


def _is_hardly_other(was: ArtifactFact, now: ArtifactFact, policy: RuleSet) -> bool:
    """Whether less than the share of words that the policies say is another."""
    kind = policy.change_kinds.get("evidence-renewed")
    if kind is None or kind.below_percent is None:
        return False
    before, after = was.substance.split(), now.substance.split()
    changed = max(_changed(before, after), _changed(list(pairwise(before)), list(pairwise(after))) / 2)
    return 100 * changed < kind.below_percent * max(len(before), len(after))


def _changed(before: Sequence[object], after: Sequence[object]) -> int:
    """How many of either side the other has not as often; of pairs of words, one other word makes two."""
    was, now = Counter(before), Counter(after)
    return max((was - now).total(), (now - was).total())


def _content(fact: ArtifactFact) -> str:
    """Where its text is and which: enough to compare the two."""
    if fact.attested is not None:
        return f"sha256:{fact.attested}"
    return f"{fact.path} ({str(fact.oid)[:10]})"


def is_redated(was: ArtifactFact, now: ArtifactFact) -> bool:
    """Whether the date moved forward while the content, blanks and dates aside, stayed (D09)."""
    if was.completed is None or now.completed is None or now.completed <= was.completed:
        return False
    return was.substance == now.substance and was.cause == now.cause


def _tests(pair: FactsPair) -> Iterator[Change]:
    for id_ in sorted({*pair.was.tests, *pair.now.tests}):
        was, now = pair.was.tests.get(id_), pair.now.tests.get(id_)
        if was is not None and (now is None or (_is_nowhere(now) and not _is_nowhere(was))):
            yield _at(pair, "test-removed", id_, was.path, now.path if now else None, was, now)
        elif now is not None:
            if was is not None and was.cause is None and now.cause is not None:
                yield _at(pair, "test-failed", id_, was.detail or "held elsewhere", now.detail, was, now)
            old = redated_test_from(pair.was, now) or _test_dated_back(pair, was, now)
            if old is not None:
                yield _at(pair, "evidence-redated", id_, str(old.completed), str(now.completed), was, now)


def _is_nowhere(fact: TestFact) -> bool:
    return fact.oid is None and fact.attested is None


def is_redated_test(was: TestFact, now: TestFact) -> bool:
    """Whether the same run claims a later day."""
    if was.completed is None or now.completed is None or now.completed <= was.completed:
        return False
    return not _is_nowhere(was) and now.is_same_run(was)


def _at(
    pair: FactsPair,
    kind: str,
    field: str,
    before: str | None,
    after: str | None,
    was: ArtifactFact | TestFact | None,
    now: ArtifactFact | TestFact | None,
) -> Change:
    where = "artifacts" if isinstance(now or was, ArtifactFact) else "tests"
    change = pair.change(kind, field, before, after, where)
    return placed(change, now.declared_at if now else None, was.declared_at if was else None)


def vouched_changes(was: Facts | None, now: Facts, policy: RuleSet) -> Iterator[Change]:
    """What nobody here can read and somebody must vouch for, new or not as base has it (D47).

    That is evidence held elsewhere, and claims that a requirement is of no concern. `was` is None where base has no
    such system. Where an entry stands is nothing that anybody vouches for.
    """
    before = {} if was is None else _attested(was)
    for id_, text in _attested(now).items():
        if before.get(id_) != text and not _is_only_redated(id_, was, now):
            place = _place_of(id_, now)
            yield _vouched("evidence-attested", id_, before.get(id_), text, place, was, now, policy)
    reasons = {} if was is None else {claim.id: claim.reason for claim in was.declared.entry.not_applicable}
    for position, claim in enumerate(now.declared.entry.not_applicable):
        if reasons.get(claim.id) != claim.reason:
            reason = reasons.get(claim.id)
            place = ("not_applicable", position)
            yield _vouched("not-applicable-claimed", claim.id, reason, claim.reason, place, was, now, policy)


def _vouched(
    kind: str, id_: str, before: str | None, after: str, place: Loc, was: Facts | None, now: Facts, policy: RuleSet
) -> Change:
    there = None if was is None else was.declared.at(str(place[0]))
    weakens = is_weakening(kind, policy)
    return Change(kind, now.id, id_, before, after, weakens, location=now.declared.at(*place), base_location=there)


def _place_of(id_: str, facts: Facts) -> Loc:
    documents = [entry.id for entry in facts.declared.entry.artifacts]
    if id_ in documents:
        return ("artifacts", documents.index(id_))
    return ("tests", [entry.id for entry in facts.declared.entry.tests].index(id_))


def _attested(facts: Facts) -> dict[str, str]:
    """What each entry of evidence that is not read here says of it, in words; the first of each id."""
    said: dict[str, str] = {}
    seen: dict[str, ArtifactFact | TestFact] = {**facts.tests, **facts.artifacts}
    for entry in _entries(facts):
        fact = seen[entry.id]
        if fact.attested is not None:
            where = f" at {entry.url}" if entry.url else ""
            status = entry.status if isinstance(entry, ArtifactEntry) else None
            rest = f", {status}" if status else ""
            day = f", completed {entry.completed}" if entry.completed else ""
            said.setdefault(entry.id, f"sha256:{fact.attested} held by {entry.held_by}{where}{rest}{day}")
    return said


def _entries(facts: Facts) -> tuple[ArtifactEntry | TestEntry, ...]:
    return (*facts.declared.entry.artifacts, *facts.declared.entry.tests)


def _is_only_redated(id_: str, was: Facts | None, now: Facts) -> bool:
    """Whether all that is new is a later date, which is a change of its own."""
    if was is None:
        return False
    if id_ in now.artifacts:
        before, after = was.artifacts.get(id_), now.artifacts[id_]
        is_later = before is not None and is_redated(before, after)
    else:
        held = was.tests.get(id_)
        is_later = held is not None and is_redated_test(held, now.tests[id_])
    if not is_later:
        return False
    entries = [entry for facts in (was, now) for entry in _entries(facts) if entry.id == id_]
    said = {(entry.url, entry.sha256, entry.held_by, getattr(entry, "status", None)) for entry in entries}
    return len(said) == 1
