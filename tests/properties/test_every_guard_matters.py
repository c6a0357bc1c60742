"""T35: with any one rule or kind of weakening switched off, an author alone gets through; so none is idle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zlib import crc32

import pytest
from author_moves import ALL, start
from author_play import Change, witness
from gate_in_memory import Gate, shipped, without

START = start()
GUARDS = {
    rule["id"]: "weakenings.yaml"
    for document in shipped().documents
    if document.path.endswith("weakenings.yaml")
    for rule in document.content["rules"]
    if rule["enforcement"] == "block"
} | dict.fromkeys(("system-vanished", "deprecated-before-production"), "rules.yaml")
"""Every rule that asks somebody else about a change, and those by which nothing disappears."""
WEAKENINGS = [
    kind["id"]
    for document in shipped().documents
    for kind in document.content.get("change_kinds", [])
    if kind.get("weakening")
]
ASKED_BY_NAME = {
    "tier-lowered": ("tier-lowering", "lowest decision_impact"),
    "law-class-dropped": ("law-class-drop", "flip the fact of a law"),
    "stage-regressed": ("stage-regression", "back to conception"),
    "limit-dropped": ("use-case-change", "a prohibition gone"),
}
"""Weakenings that a rule of their own asks about by name, flag or no flag, and a move that makes one.

For these the flag alone decides only which value judges meanwhile; it is idle where nobody ever approves.
"""

SHOWN_ELSEWHERE = ("metric-evidence-dropped", "model-end-moved")
"""Weakenings of what the start does not hold: numbers that rest on results, in tests/threats/test_t34_numbers_*.py, and
listed models, in tests/app/test_listed_models.py."""

RULES_SHOWN_ELSEWHERE = ("ai-at-a-new-place", "model-fallback")
"""Rules about what the start does not hold: AI in code, in tests/histories and tests/threats/test_t68_*.py, and listed
models, in tests/threats/test_t61_fallback_models.py."""

WITH_WHAT_IT_COVERS = {"tier-lowering": ["weakening"], "law-class-drop": ["weakening"]}
"""Rules whose approval covers what another rule asks: where they only advise they cover nothing, and the other asks."""


SHOWN_BY = {
    "first-classification": ["new code declared low"],
    "enrolment": ["a low system over the same code, enrolled"],
    "evidence-vouched": ["nothing applies"],
    "evidence-renewal": ["a document dated anew for one word"],
    "evidence-replacement": ["a counted document replaced"],
    "stage-regression": ["back to conception"],
    "use-case-change": ["another purpose"],
    "waiver": ["a waiver typed"],
    "policy-change": ["policies loosened"],
    "enforcement-change": ["workflow deleted"],
    "system-vanished": ["entry deleted"],
    "deprecated-before-production": ["every paper there is", "deprecate"],
    "vendor-dropped": ["the vendor is another company"],
    "vendor-weakened": ["better terms unassessed"],
    "vendor-liability-lowered": ["the vendor answers for less"],
    "vendor-right-lost": ["the vendor may be audited no more"],
    "incident-severity-lowered": ["the incident is less severe"],
    "incident-rewritten": ["the incident was known later"],
    "incident-eased": ["the incident harmed nobody"],
    "incident-dropped": ["the incident deleted"],
    "incident-notice-backdated": ["a notice in time, dated back"],
    "incident-closing": ["the incident is over"],
    "evidence-redated": ["a document redated"],
    "enrolled-moved": ["later enrolled"],
    "reclassified-moved": ["later reclassified"],
    "stage-since-moved": ["later stage_since"],
}
"""Where the search found a way before, and so looks first: of the others a way is found among the first moves."""


def _off(rule: str) -> list[str]:
    return [rule, *WITH_WHAT_IT_COVERS.get(rule, [])]


def _searched(guard: str) -> Iterator[Sequence[Change]]:
    """The known way, then single moves, then each on top of all the papers that one can write alone."""
    if guard in SHOWN_BY:
        yield [Change(tuple(SHOWN_BY[guard]))]
    yield from ([Change((name,))] for name in ALL)
    yield from ([Change(("every paper there is", name))] for name in ALL)


def test_what_is_switched_off_is_all_there_is() -> None:
    assert set(GUARDS) == {
        "first-classification", "enrolment", "tier-lowering", "law-class-drop", "weakening", "stage-regression",
        "use-case-change", "waiver", "policy-change", "enforcement-change", "system-vanished",
        "deprecated-before-production", "evidence-vouched", "evidence-renewal", "evidence-replacement", "first-answers",
        "incident-closing", *RULES_SHOWN_ELSEWHERE,
    }  # fmt: skip
    assert set(WEAKENINGS) >= set(ASKED_BY_NAME)
    assert len(WEAKENINGS) == 27
    assert set(WEAKENINGS) >= set(SHOWN_ELSEWHERE)


@pytest.mark.parametrize("rule", [rule for rule in GUARDS if rule not in RULES_SHOWN_ELSEWHERE])
def test_without_one_rule_an_author_alone_gets_through(rule: str) -> None:
    assert witness(Gate(without(rules=_off(rule))), START, _searched(rule)), f"nothing shows what {rule} is for"


@pytest.mark.parametrize("rule", WITH_WHAT_IT_COVERS)
def test_what_a_rule_covers_is_asked_about_where_it_only_advises(rule: str) -> None:
    move = next(move for asked, move in ASKED_BY_NAME.values() if asked == rule)
    assert witness(Gate(without(rules=_off(rule))), START, [[Change((move,))]])
    assert witness(Gate(without(rules=["weakening"])), START, [[Change((move,))]]) == ""
    assert witness(Gate(without(rules=[rule])), START, [[Change((move,))]]) == ""


@pytest.mark.parametrize("kind", [kind for kind in WEAKENINGS if kind not in {*ASKED_BY_NAME, *SHOWN_ELSEWHERE}])
def test_without_one_weakening_an_author_alone_gets_through(kind: str) -> None:
    assert witness(Gate(without(weakenings=[kind])), START, _searched(kind)), f"nothing shows what {kind} is for"


@pytest.mark.parametrize("share", [4, pytest.param(1, marks=pytest.mark.nightly)])
@pytest.mark.parametrize("kind", ASKED_BY_NAME)
def test_a_weakening_asked_about_by_name_is_stopped_by_that_rule_alone(kind: str, share: int) -> None:
    rule, move = ASKED_BY_NAME[kind]
    flagless = Gate(without(weakenings=[kind]))
    tried = [move, *(name for name in ALL if crc32(f"{kind}|{name}".encode()) % share == 0)]
    assert witness(flagless, START, ([Change((name,))] for name in tried)) == "", f"{kind} is asked about elsewhere too"
    assert witness(Gate(without(weakenings=[kind], rules=_off(rule))), START, [[Change((move,))]])
    assert witness(Gate(without(rules=_off(rule))), START, [[Change((move,))]])
