"""What is wrong with what the policies say of vendors: names that cannot be read, tiers that leave something out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from policy_gate.documents.spelling import spelling_hint
from policy_gate.policy.condition_problems import condition_problem, strange_words
from policy_gate.policy.expressions import tokens
from policy_gate.policy.items import Item, MergedPolicies, Which
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.rule_targets import ASSESSED_FROM, TARGETS, VENDOR_WORKED_OUT
from policy_gate.schema.source import Problem
from policy_gate.schema.vocabulary import SEVERITIES, VENDOR_TIERS

_FIELD = lazy_pattern(r"\{(\w+)\}")
_VENDOR = TARGETS["vendor"]
_WORDS = {name: frozenset(words) for name, words in _VENDOR.words.items()}
_ELSEWHERE = ("system.", "today.")
_AFTERWARDS = frozenset(VENDOR_WORKED_OUT) - frozenset(ASSESSED_FROM)
"""What is worked out from findings."""


def vendor_faults(policy: MergedPolicies, which: Which) -> Iterator[Problem]:
    """Every fault of `vendor_findings` and `vendor_tiers`."""
    findings = policy.items["vendor-finding"]
    for item in filter(which, findings.values()):
        yield from _condition_faults(item)
        yield from _issue_faults(item)
    if findings:
        yield from _tier_faults(policy, next(iter(findings.values())))


def _condition_faults(item: Item) -> Iterator[Problem]:
    """Conditions that read something else than the vendor's entry, or words that no vendor has."""
    for name in ("when", "that"):
        text = str(getattr(item.spec, name))
        for token in tokens(text):
            if token.kind == "name" and (token.text.startswith(_ELSEWHERE) or token.text in _AFTERWARDS):
                hint = "a finding is read off the vendor's entry alone; what else matters is for a rule"
                yield condition_problem(item, (name,), text, token.offset, f"{token.text} is not read here", hint)
        yield from strange_words(item, [(text, (name,))], _VENDOR.fields, _WORDS)


def _issue_faults(item: Item) -> Iterator[Problem]:
    """Places in the text of an issue that no field of a vendor fills."""
    known = [name.removeprefix("vendor.") for name in ASSESSED_FROM]
    for name in _FIELD.findall(item.spec.issue):
        if name not in known:
            yield item.problem(f'no vendor has a field "{name}"', "issue", hint=spelling_hint(name, known))


def _tier_faults(policy: MergedPolicies, first: Item) -> Iterator[Problem]:
    """Tiers that are not there, that begin below a lower one, or that let the worst pass."""
    tiers = policy.items["vendor-tier"]
    for tier in VENDOR_TIERS:
        if tier not in tiers:
            yield first.problem(f"no vendor_tiers entry says from how many points on a vendor is {tier}")
    present: Sequence[Item] = [tiers[tier] for tier in VENDOR_TIERS if tier in tiers]
    for lower, higher in pairwise(present):
        if higher.spec.at_least <= lower.spec.at_least:
            message = f"begins at {higher.spec.at_least} points, {lower.id} at {lower.spec.at_least} (expected more)"
            yield higher.problem(message, "at_least")
    if present and present[0].id == VENDOR_TIERS[0] and present[0].spec.at_least > 0:
        yield present[0].problem("leaves scores from 0 points up without a tier", "at_least")
    for item in present:
        if item.spec.use_approved and SEVERITIES[-1] not in item.spec.blocked_by:
            message = f"approves a vendor of whom something {SEVERITIES[-1]} is open"
            yield item.problem(message, "blocked_by", hint=f"add {SEVERITIES[-1]} to blocked_by")
