"""Both sides of edges where one word, one field or one date decides: what is renewed, and what blanks could be."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from decision_world import RULES
from facts_world import PROFILE, entry, policy, snapshot
from golden_lines import held_against
from msgspec.structs import replace
from own_rules_of_risk import with_floor, with_law_class

from policy_gate.cards.markdown_outline import MAX_TEXT
from policy_gate.facts.change_kinds import FactsPair
from policy_gate.facts.changes import changes_between
from policy_gate.facts.changes_classification import classification_changes
from policy_gate.facts.changes_evidence import is_hardly_renewed
from policy_gate.facts.changes_observed import observed_changes
from policy_gate.facts.facts import facts_of
from policy_gate.facts.held_facts import hold
from policy_gate.facts.result_dialects import outcome_of_attributes
from policy_gate.facts.statements_refuted import refuted_statements
from policy_gate.schema.facts import ArtifactFact, Facts
from policy_gate.schema.observed import Observed, Signal, StatementSigns, SystemSigns
from policy_gate.schema.rule_set import FactDefinition, RuleSet
from policy_gate.schema.snapshot import Evidence
from policy_gate.schema.source import Location

GOLDEN = Path(__file__).parent / "golden"
PAPER = "red-team-report"


def facts(rules: RuleSet | None = None, **fields: Any) -> Facts:
    return facts_of(snapshot(entry(**fields)), rules or policy())[0]


# Work that is hardly new

HUNDRED = [f"word{number}" for number in range(100)]


def document(words: list[str], day: int, **fields: Any) -> ArtifactFact:
    text = " ".join(words)
    plain = ArtifactFact(PAPER, "r.md", "1" * 40, "final", date(2026, 10, day), Location("m.yaml"), substance=text)
    return replace(plain, **fields)


def swapped(pairs: int) -> list[str]:
    """So many neighbours in the other order: the same words, three other pairs for each."""
    words = list(HUNDRED)
    for number in range(pairs):
        words[4 * number], words[4 * number + 1] = words[4 * number + 1], words[4 * number]
    return words


@pytest.mark.parametrize(
    ("was", "now", "is_told"),
    [
        ({}, {}, True),
        ({"cause": "template"}, {}, False),
        ({}, {"cause": "template"}, False),
        ({"cause": "template"}, {"cause": "template"}, False),
        ({"attested": "a" * 64}, {}, False),
        ({}, {"attested": "a" * 64}, False),
        ({"completed": None}, {}, False),
        ({}, {"completed": None}, False),
        ({}, {"completed": date(2026, 10, 1)}, False),
    ],
)
def test_d52_only_what_could_be_read_on_both_sides_is_hardly_renewed(
    was: dict[str, Any], now: dict[str, Any], is_told: bool
) -> None:
    old, new = document(HUNDRED, 1, **was), document([*HUNDRED, "more"], 2, **now)
    assert is_hardly_renewed(old, new, policy()) is is_told


def test_d52_other_words_count_once_and_another_order_by_half_its_pairs() -> None:
    kinds = dict(policy().change_kinds)
    kinds["evidence-renewed"] = replace(kinds["evidence-renewed"], below_percent=10)
    rules = replace(policy(), change_kinds=kinds)

    def hardly(words: list[str]) -> bool:
        return is_hardly_renewed(document(HUNDRED, 1), document(words, 2), rules)

    assert hardly(HUNDRED[:-9] + ["other"] * 9)
    assert not hardly([*HUNDRED[:-10], *(f"other{number}" for number in range(10))])
    assert hardly(swapped(6))
    assert not hardly(swapped(7))


def test_d41_a_new_date_is_base_s_only_where_the_policies_say_so() -> None:
    files = {"r.md": "We attacked the ranking service for two weeks with eight people and wrote down all we saw."}

    def side(day: str) -> Any:
        return snapshot(entry(artifacts=[{"id": PAPER, "path": "r.md", "completed": day}]), files=files)

    def held(rules: RuleSet) -> date | None:
        base, result = side("2026-01-01"), side("2026-10-01")
        was, now = facts_of(base, rules), facts_of(result, rules)
        return hold(was, now, changes_between(was, now, base, result, rules), rules)[0].artifacts[PAPER].completed

    assert held(policy()) == date(2026, 1, 1)
    kinds = dict(policy().change_kinds)
    kinds["evidence-redated"] = replace(kinds["evidence-redated"], holds="nothing")
    assert held(replace(policy(), change_kinds=kinds)) == date(2026, 10, 1)


# Facts: how another answer reads

ANSWERS: dict[str, tuple[Any, ...]] = {
    "BOOL": (None, True, False),
    "INT": (None, 1, 2),
    "LIST<STRING>": (None, [], ["a"], ["a", "b"], ["c"]),
    "STRING": (None, "a", "b"),
}


@pytest.mark.parametrize("weaker", ["any", "none", "true", "false", "lower", "higher"])
def test_how_another_answer_to_a_fact_reads(weaker: Any) -> None:
    lines = []
    for type_, answers in ANSWERS.items():
        spec = FactDefinition(id="x", about="A fact", type=type_, weaker=weaker)  # type: ignore[arg-type]
        rules = replace(policy(), facts={**policy().facts, "x": spec})
        usual = type_ == "BOOL" or weaker in ("any", "none")
        for before in answers if usual or type_ == "INT" else ():
            for after in answers:
                was, now = (facts(rules, facts={} if it is None else {"x": it}) for it in (before, after))
                found = [it for it in classification_changes(FactsPair(was, now, rules)) if it.field == "x"]
                said = [
                    f"{it.kind}{' weakens' if it.weakening else ''}{' raises' if it.raising else ''}" for it in found
                ]
                lines.append(f"{type_} {before!r} -> {after!r}: {', '.join(said) or '-'}")
    held_against(GOLDEN / "answers.txt", weaker, lines)


def test_t57_a_fact_that_nothing_is_weaker_of_lifts_nothing() -> None:
    known = dict(policy().facts)
    known["annex_iii_exemption"] = replace(known["annex_iii_exemption"], weaker="none")
    rules = replace(policy(), facts=known)
    listed = {"eu_market": True, "annex_iii_points": ["4-a"], "profiles_persons": False}

    def kinds(by: RuleSet) -> list[tuple[str, bool]]:
        was, now = facts(by, facts=listed), facts(by, facts={**listed, "annex_iii_exemption": "a"})
        found = classification_changes(FactsPair(was, now, by))
        return [(it.kind, it.weakening) for it in found if it.field == "annex_iii_exemption"]

    assert kinds(policy()) == [("fact-flipped", True)]
    assert kinds(rules) == [("fact-added", False)]


# Blanks, and floors that hang on them


@pytest.mark.parametrize(
    ("when", "left_out", "tiers"),
    [
        ("system.score >= 6", "human_oversight", ("critical", "critical")),
        ("system.score >= 14", "human_oversight", ("high", "critical")),
        ("system.score >= 40", "human_oversight", ("high", "high")),
        ('system.human_oversight == "none"', "human_oversight", ("high", "critical")),
        ('system.human_oversight == "none"', "data_sensitivity", ("high", "high")),
        ('system.human_oversight == "none" && system.score >= 40', "human_oversight", ("high", "high")),
        ('system.human_oversight != "none" || system.score >= 1', "human_oversight", ("critical", "critical")),
        ("system.score >= 1", "human_oversight", ("critical", "critical")),
        ("system.eu_market", "", ("high", "critical")),
    ],
)
def test_d24_what_a_blank_could_be_decides_where_a_floor_holds(
    when: str, left_out: str, tiers: tuple[str, str]
) -> None:
    profile = {name: value for name, value in PROFILE.items() if name != left_out}
    rating = facts(with_floor(when, "critical"), risk_profile=profile).rating
    assert rating.tier_range == tiers
    assert rating.undeclared[:1] == ((left_out,) if left_out else ("eu_market",))


def test_what_could_raise_the_tier_no_more_is_not_asked_for() -> None:
    assert facts(with_floor("system.eu_market", "low")).rating.undeclared == ()
    assert facts(with_floor("system.eu_market", "critical")).rating.undeclared == ("eu_market",)


@pytest.mark.parametrize(("least", "tier"), [(13, "critical"), (14, "high")])
def test_a_floor_over_points_holds_by_those_that_are_known(least: int, tier: str) -> None:
    rating = facts(with_floor(f"system.score >= {least}", "critical"), risk_profile=PROFILE).rating
    assert (rating.score, rating.tier_range, rating.undeclared) == (13, (tier, tier), ())


@pytest.mark.parametrize(("least", "found"), [(13, ("eu-ai-act:own",)), (14, ())])
def test_a_law_class_over_points_holds_by_those_that_are_known(least: int, found: tuple[str, ...]) -> None:
    rules = with_law_class(f"system.score >= {least}")
    assert facts(rules, risk_profile=PROFILE).rating.law_class == found
    blank = {name: value for name, value in PROFILE.items() if name != "human_oversight"}
    assert facts(rules, risk_profile=blank).rating.law_class == (), "points that are not known decide nothing"


@pytest.mark.parametrize(
    ("when", "top"),
    [
        ('(system.human_oversight == "none") != (system.human_oversight == "none")', "high"),
        ('system.human_oversight == "none" && system.data_sensitivity == "sensitive"', "critical"),
        ('system.human_oversight in ["none", "full"]', "critical"),
    ],
)
def test_of_two_blanks_those_are_filled_in_that_a_floor_asks_for(when: str, top: str) -> None:
    mild = {**PROFILE, "decision_impact": "informational", "deployment_scale": "internal"}
    profile = {name: it for name, it in mild.items() if name not in ("human_oversight", "data_sensitivity")}
    assert facts(with_floor(when, "critical"), risk_profile=profile).rating.tier_range[1] == top


# Papers at their edges


def test_two_entries_that_name_one_file_are_one_paper_whatever_its_blob() -> None:
    items = [{"id": PAPER, "path": "r.md"}, {"id": "rollback-procedure", "path": "r.md"}]
    text = Evidence(
        "r.md", "file", None, "We attacked the ranking service for two weeks and wrote down all that we saw."
    )
    found = facts_of(snapshot(entry(artifacts=items), files={"r.md": text}), policy())[0].artifacts
    assert (found[PAPER].cause, found["rollback-procedure"].cause) == (None, "refused")


@pytest.mark.parametrize(("more", "cause"), [(0, None), (1, "refused")])
def test_a_text_as_long_as_may_be_is_read_and_no_longer_one(more: int, cause: str | None) -> None:
    text = "We wrote down all that we saw, and what has to be mended by whom until the end of the quarter at last.\n"
    whole = (text + "\n" * MAX_TEXT)[: MAX_TEXT + more]
    tree = snapshot(entry(artifacts=[{"id": PAPER, "path": "r.md"}]), files={"r.md": whole})
    assert facts_of(tree, policy())[0].artifacts[PAPER].cause == cause


# What code shows


def sign(kind: str, value: str, vendor: str = "") -> Signal:
    return Signal("app/a.py", 3, kind, f"A {kind}", "high", value, vendor, value)


def test_d50_what_the_code_shows_is_known_by_its_names() -> None:
    seen = (sign("model", "m", "acme"), sign("host", "h"), sign("weights", "w"), sign("prompt", "p"), sign("sdk", "s"))
    tree = snapshot(entry(), observed=Observed(by_tree={"SYS-001": seen}))
    values = facts_of(tree, policy())[0].stated
    assert {name: value for name, value in values.items() if "observed" in name} == {
        "system.observed_models": ["m"],
        "system.observed_vendors": ["acme"],
        "system.observed_hosts": ["h"],
        "system.observed_weights": ["w"],
        "system.observed_prompts": ["p"],
    }


def test_d50_each_kind_of_sign_is_compared_by_itself_and_in_every_file() -> None:
    before = ((sign("model", "m1"),), (sign("model", "m2"),), (sign("host", "h1"),))
    after = ((sign("model", "m3"),), (sign("model", "m4"),), (sign("prompt", "p1"),))
    elsewhere = {"observed_models": frozenset({"m1", "m2", "m3", "m4"})}
    base, result = (facts() for _ in range(2))
    found = observed_changes(FactsPair(base, result, policy()), SystemSigns(before, after, elsewhere))
    assert [(it.field, it.before, it.after) for it in found] == [
        ("observed_models", "m1, m2", "m3, m4"),
        ("observed_hosts", "h1", None),
        ("observed_prompts", None, '"p1" (p1)'),
    ]


def test_d50_what_changes_places_between_files_is_another_in_each() -> None:
    models = [(sign("model", f"m{number}"),) for number in range(4)]
    places = SystemSigns(tuple(models), (models[1], models[0], models[3], models[2]))
    (found,) = observed_changes(FactsPair(facts(), facts(), policy()), places)
    assert (found.before, found.after) == ("m0, m1, m2, m3", "m0, m1, m2, m3")


@pytest.mark.parametrize(("signs", "more"), [(5, ""), (6, "; 1 more"), (8, "; 3 more")])
def test_many_places_that_deny_one_statement_are_counted(signs: int, more: str) -> None:
    missed = tuple(sign("sdk", f"s{number}") for number in range(signs))
    (found,) = refuted_statements(None, facts(), StatementSigns(missed=missed), policy())
    shown = "; ".join(f"app/a.py:3 A sdk (s{number})" for number in range(5))
    assert found.after == f"{shown}{more}"


# Words for an outcome

_WORDS_TEXT = """
    passed pass success successful succeeded ok okay run ran completed complete finished done executed true
    flaky expected fixed bpass skipped skip skipping ignored ignore pending notrun notexecuted notstarted
    unexecuted untested undefined disabled inconclusive blocked suppressed filtered deferred todo incomplete
    excluded explicit warning xfail xfailed expectedfailure knownfailure bxfail queued running inprogress
    failed fail failing failure failures unsuccessful false ko nok notok bad broken unexpected xpass xpassed
    unexpectedsuccess bfail bxpass rejected invalid notrunnable error errored errors hookerror cleanuperror
    crashed crash fatal panicked panic aborted abort cancelled canceled interrupted killed timedout timeout
    yes y no n 0 0.0 00 1 17 3s none null nil na n/a - maybe purple not-run Timed_Out Failed:Error:x
    skipped(why) error/x,y
    """
WORDS = _WORDS_TEXT.split()
_NAMES_TEXT = """
    status result outcome verdict conclusion state label runstate success successful succeeded passed pass ok
    failed failure failures error errors skipped skip ignored disabled pending notrun executed ran run enabled
    tests crashes purple exit hostname testid
    """
NAMES = _NAMES_TEXT.split()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("of_suite", [False, True])
def test_what_each_word_of_an_attribute_says(name: str, of_suite: bool) -> None:
    said: dict[str, list[str]] = {}
    for word in WORDS:
        said.setdefault(outcome_of_attributes({name: word}, of_suite=of_suite).outcome, []).append(word)
    lines = [f"{outcome}: {' '.join(words)}" for outcome, words in sorted(said.items())]
    held_against(GOLDEN / "words.txt", f"{name} of a {'suite' if of_suite else 'test'}", lines)


def test_the_rules_at_hand_are_the_shipped_ones() -> None:
    assert policy().digest == RULES.digest
