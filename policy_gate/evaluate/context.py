"""What the checks of one system look at, and what is worked out once for all systems of an evaluation."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from policy_gate.cards.text_normal import title_key
from policy_gate.evaluate.headings import WantedSections
from policy_gate.evaluate.runs_elsewhere import RunsElsewhere
from policy_gate.schema.dates import Instant
from policy_gate.schema.facts import Facts
from policy_gate.schema.rule import Requirement
from policy_gate.schema.rule_set import Artifact, RuleSet, WantedSection


class SectionsByRequirement:
    """The sections that requirements want of artifacts, each list made once for all documents."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, tuple[str, ...]], WantedSections] = {}

    def of(self, spec: Artifact, requirement: Requirement) -> WantedSections:
        """The sections of the catalogue, and those that the requirement adds."""
        key = (spec.id, requirement.sections)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = WantedSections(_wanted(spec, requirement))
        return made


def sections_of(policy: RuleSet) -> SectionsByRequirement:
    """Those of a rule set: base and result, and the checks of a session, mostly have the same headings."""
    found: SectionsByRequirement = policy.remembered.setdefault("sections", SectionsByRequirement())
    return found


def _wanted(spec: Artifact, requirement: Requirement) -> list[WantedSection]:
    known = {title_key(name) for section in spec.sections for name in (section.title, *section.aliases)}
    added = [WantedSection(title=title) for title in requirement.sections if title_key(title) not in known]
    return [*spec.sections, *added]


class SystemContext(Struct, frozen=True):
    """Everything the checks of one system look at; of the repository itself, for which `facts` are None.

    `today` is the day of `as_of`; `earlier` are base's facts, against which "updated in this change" is judged, and
    `runs` the results of all systems.
    """

    policy: RuleSet
    facts: Facts | None
    as_of: Instant
    today: date
    sections: SectionsByRequirement
    earlier: Facts | None = None
    runs: RunsElsewhere | None = None
