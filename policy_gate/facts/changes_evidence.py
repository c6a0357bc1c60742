"""Changes of evidence: documents and results that left, dates that moved without work, claims of no concern."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from policy_gate.facts.change_kinds import FactsPair, placed
from policy_gate.schema.facts import ArtifactFact, Change, TestFact


def proof_changes(pair: FactsPair) -> Iterator[Change]:
    """Every change of declared evidence between the two sides."""
    yield from _artifacts(pair)
    yield from _tests(pair)
    yield from _claims(pair)
    if pair.was.card is not None and pair.was.card.cause is None and pair.now.card is None:
        before = pair.was.card.path
        yield pair.change("artifact-removed", "model_card", before, None, "model_card")


def _artifacts(pair: FactsPair) -> Iterator[Change]:
    for id_, was in sorted(pair.was.artifacts.items()):
        now = pair.now.artifacts.get(id_)
        if now is None or (now.cause == "absent" and was.cause != "absent"):
            after = now.path if now else None
            yield _at(pair, "artifact-removed", id_, was.path or was.attested, after, was, now)
        elif is_redated(was, now):
            yield _at(pair, "evidence-redated", id_, _text(was.completed), _text(now.completed), was, now)


def is_redated(was: ArtifactFact, now: ArtifactFact) -> bool:
    """Whether the date moved forward while the content, blanks and dates aside, stayed (D09)."""
    if was.completed is None or now.completed is None or now.completed <= was.completed:
        return False
    return was.substance == now.substance and was.cause == now.cause


def _tests(pair: FactsPair) -> Iterator[Change]:
    for id_, was in sorted(pair.was.tests.items()):
        now = pair.now.tests.get(id_)
        if now is None or (now.oid is None and was.oid is not None):
            yield _at(pair, "test-removed", id_, was.path, now.path if now else None, was, now)
        elif is_redated_test(was, now):
            yield _at(pair, "evidence-redated", id_, _text(was.completed), _text(now.completed), was, now)


def is_redated_test(was: TestFact, now: TestFact) -> bool:
    """Whether the same file of results claims a later day."""
    if was.completed is None or now.completed is None or now.completed <= was.completed:
        return False
    return was.oid is not None and was.oid == now.oid


def _at(
    pair: FactsPair,
    kind: str,
    field: str,
    before: str | None,
    after: str | None,
    was: ArtifactFact | TestFact,
    now: ArtifactFact | TestFact | None,
) -> Change:
    where = "artifacts" if isinstance(was, ArtifactFact) else "tests"
    change = pair.change(kind, field, before, after, where)
    return placed(change, now.declared_at if now else None, was.declared_at)


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _claims(pair: FactsPair) -> Iterator[Change]:
    """A claim that is new, or has another reason: only the very same stays as approved (D29)."""
    before = {claim.id: claim.reason for claim in pair.was.declared.entry.not_applicable}
    for position, claim in enumerate(pair.now.declared.entry.not_applicable):
        if before.get(claim.id) != claim.reason:
            was = before.get(claim.id)
            yield pair.change(
                "not-applicable-claimed",
                claim.id,
                was,
                claim.reason,
                "not_applicable",
                position,
                base_loc=("not_applicable",),
            )
