"""The rules about waivers themselves: the ones that no policy states, because it is judged after all others.

A waiver is looked at once every rule has been applied, so no condition over facts could speak of it.
They have the shape of rules, so that they are weighed, told and explained like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from policy_gate.schema.rule_set import Requirement, Rule
from policy_gate.schema.vocabulary import Enforcement


def _rule(id_: str, title: str, why: str, enforcement: Enforcement, message: str, fix: str) -> Rule:
    wanted = (Requirement("that", id_, message=message),)
    return Rule("rule", id_, title, why, None, wanted, enforcement, waivable=False, fix=fix)


_RULES = (
    _rule(
        "waiver-expired",
        "A waiver has expired",
        "What it allowed for a while is owed again, and a list of dead waivers hides the living ones.",
        "remediate",
        "The day under expires has passed.",
        "Do the work and remove the waiver, or ask for a new one: policy-gate waive.",
    ),
    _rule(
        "waiver-unused",
        "A waiver waives nothing",
        "Whoever needs no permission should hold none: it would cover the next gap unseen.",
        "advise",
        "Nothing that the waiver names is missing.",
        "Remove the waiver.",
    ),
    _rule(
        "waiver-too-broad",
        "A waiver is too broad to hold",
        "A permission is for one thing and for a while; one for everything or for ever is a hole in the fence.",
        "remediate",
        "It names no subject while its rule wants several things, or runs longer than the policy allows.",
        "Name one subject, and an expiry within the longest period; or remove it.",
    ),
    _rule(
        "waiver-refused",
        "A waiver does not hold",
        "A waiver that looks valid and is not leads people to rely on it.",
        "remediate",
        "Its system, rule or subject is unknown or cannot be waived, or its owner and approver are not two people"
        " of whom the second may approve.",
        "Correct the waiver, or remove it.",
    ),
)
WAIVER_RULES: Final[Mapping[str, Rule]] = {rule.id: rule for rule in _RULES}
