"""Requirements as written to requirements as evaluated: groups resolved, conditions compiled."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.errors import PolicyError
from policy_gate.policy.cel import Language
from policy_gate.policy.items import Item
from policy_gate.schema.dates import periods
from policy_gate.schema.rule import ACCOUNTABLE, Requirement
from policy_gate.schema.rule_condition import Condition
from policy_gate.schema.source import Loc, Problem
from policy_gate.schema.vocabulary import Subject

if TYPE_CHECKING:
    from policy_gate.schema.requirement_document import RequirementSpec

Kind = Literal["artifact", "test", "approval", "card", "that", "any_of"]
_MOST_CHOICES = 64
"""An any_of of all_of grows as a product; beyond this it is written in a way nobody can read."""


class RequirementCompiler(Struct):
    """Compiles what one item requires; faults go to `problems`, located, and the part is left out."""

    language: Language
    item: Item
    subject: Subject
    problems: list[Problem]
    sentences: int = 0
    """how many `that` there were so far: the first is named as the rule, further ones are counted"""

    def all(self) -> tuple[Requirement, ...]:
        """Every requirement of the item, all_of flattened, in order."""
        parts = enumerate(self.item.spec.require)
        return tuple(found for index, spec in parts for found in self._compiled(spec, ("require", index)))

    def condition(self, text: str, *way: str | int) -> Condition | None:
        """The compiled condition at this part of the item, or None where it has faults."""
        try:
            return self.language.compile(text, self.subject, self.item.at(*way))
        except PolicyError as fault:
            name = f"{self.item.kind} {self.item.id}: "
            self.problems += (replace(problem, message=name + problem.message) for problem in fault.problems)
            return None

    def _compiled(self, spec: RequirementSpec, way: Loc) -> list[Requirement]:
        when = self.condition(spec.when, *way, "when") if spec.when is not None else None
        found = list(self._unconditional(spec, way))
        if when is None:
            return found
        return [replace(part, when=(when, *part.when)) for part in found]

    def _unconditional(self, spec: RequirementSpec, way: Loc) -> Iterator[Requirement]:
        if spec.all_of is not None:
            for index, part in enumerate(spec.all_of):
                for found in self._compiled(part, (*way, "all_of", index)):
                    yield replace(found, fix=found.fix or spec.fix)
        elif spec.any_of is not None:
            yield from self._choices(spec, spec.any_of, way)
        else:
            yield self._single(spec, way)

    def _choices(self, spec: RequirementSpec, parts: list[RequirementSpec], way: Loc) -> Iterator[Requirement]:
        """Alternatives, each of one requirement: `a, or b and c` is `a or b` and `a or c`."""
        sides = [self._compiled(part, (*way, "any_of", index)) for index, part in enumerate(parts)]
        count = 1
        for side in sides:
            count *= max(len(side), 1)
        if count > _MOST_CHOICES:
            message = f"any_of over all_of makes too many combinations (got {count}, at most {_MOST_CHOICES})"
            self.problems.append(self.item.problem(message, *way, hint="name the alternatives as controls"))
            return
        for choice in itertools.product(*sides):
            alternatives = tuple(single for part in choice for single in _opened(part))
            yield Requirement(
                kind="any_of",
                subject=" or ".join(dict.fromkeys(part.subject for part in alternatives)),
                alternatives=alternatives,
                message=spec.message,
                fix=spec.fix,
                may_be_not_applicable=spec.may_be_not_applicable,
            )

    def _single(self, spec: RequirementSpec, way: Loc) -> Requirement:
        kind, subject = self._kind_and_subject(spec)
        return Requirement(
            kind=kind,
            subject=subject,
            condition=self.condition(spec.that, *way, "that") if spec.that is not None else None,
            status=spec.status,
            max_age=periods(spec.max_age),
            sections=tuple(spec.sections),
            fields=tuple(spec.card) if isinstance(spec.card, list) else (),
            updated_in_change=spec.updated_in_change,
            count=spec.count,
            message=spec.message,
            fix=spec.fix,
            may_be_not_applicable=spec.may_be_not_applicable,
            of_accountable=spec.approval == ACCOUNTABLE,
        )

    def _kind_and_subject(self, spec: RequirementSpec) -> tuple[Kind, str]:
        if spec.artifact is not None:
            return "artifact", spec.artifact
        if spec.test is not None:
            return "test", spec.test
        if spec.approval is not None:
            return "approval", spec.approval
        if spec.card is not None:
            return "card", spec.card if isinstance(spec.card, str) else ",".join(spec.card)
        self.sentences += 1
        return "that", self.item.id if self.sentences == 1 else f"{self.item.id}-{self.sentences}"


def _opened(part: Requirement) -> tuple[Requirement, ...]:
    """An any_of inside an any_of is more alternatives, each under the condition of both."""
    if part.kind != "any_of":
        return (part,)
    return tuple(replace(single, when=(*part.when, *single.when)) for single in part.alternatives)
