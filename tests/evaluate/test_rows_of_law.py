"""Rows of law that are made up: which apply on a day, what each lacks, and the rule that it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from decision_world import RULES, facts, options, with_artifact
from msgspec.structs import replace

from policy_gate.app.judge import evaluate_facts
from policy_gate.decide.decision_context import blamed
from policy_gate.decide.system_report import system_report
from policy_gate.evaluate.context import SectionsByRequirement, SystemContext
from policy_gate.evaluate.law import (
    LawReading,
    explained,
    read_law,
    reading_of,
    scope_standing,
    speaks_of_law,
    stated_in,
    to_ask,
)
from policy_gate.evaluate.law_rules import (
    UNCONCERNED,
    about_practice,
    enforcement_of,
    naming_laws,
    rule_of,
    standing_of,
)
from policy_gate.evaluate.obligations import check, evaluate, law_of_system
from policy_gate.policy.load import compile_condition
from policy_gate.schema.dates import end_of_day
from policy_gate.schema.facts import Facts
from policy_gate.schema.finding import Outcome
from policy_gate.schema.law import DerivedFact, LawBook, LawContent, LawRow, Route, RowResult
from policy_gate.schema.rule import Requirement, Rule
from policy_gate.schema.rule_condition import Condition, Truth
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.rule_targets import LAW_FACTS_STATED, LAW_STANDING
from policy_gate.schema.rule_targets import TODAY as TODAY_NAME
from policy_gate.schema.source import Location, Problem

TODAY = date(2026, 8, 2)
BEFORE, AFTER = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
LATER = TODAY + timedelta(days=9)


class Says(Condition):
    """True where the fact is, unknown where nobody states it; `!` before it for the contrary."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    @property
    def _name(self) -> str:
        name = self.text.removeprefix("!")
        return name if "." in name or name == TODAY_NAME else f"system.{name}"

    @property
    def names(self) -> tuple[str, ...]:
        return (self._name,)

    def truth(self, facts: Mapping[str, Any]) -> Truth:
        if self._name not in facts:
            return Truth(None, (self._name,))
        return Truth(bool(facts[self._name]) is not self.text.startswith("!"))


class Either(Condition):
    """True where one of the facts is."""

    __slots__ = ("parts", "text")

    def __init__(self, *parts: str) -> None:
        self.text, self.parts = " or ".join(parts), tuple(map(Says, parts))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for part in self.parts for name in part.names)

    def truth(self, facts: Mapping[str, Any]) -> Truth:
        return max((part.truth(facts) for part in self.parts), key=lambda it: it.value is True)


class Book(LawBook):
    """Packs that are at hand."""

    def __init__(self, *rows: LawRow, derived: tuple[DerivedFact, ...] = ()) -> None:
        self._content = LawContent(rows=rows, derived=derived)

    digest = "0"
    facts = frozenset({"user", "maker", "seller", "eu_market", "children", "declared"})

    @property
    def content(self) -> LawContent:
        return self._content


def row(when: str = "user", **fields: Any) -> LawRow:
    plain = {
        "id": "row-1", "pack": "p", "regulation": "act", "citation": "Art. 1", "requirement": "Do it.", "role": "r",
        "condition": "for users", "binding": "law", "mark": "", "since": BEFORE, "title": "Row", "checked_on": BEFORE,
        "location": Location("pack.yaml", 3, 1),
    }  # fmt: skip
    return LawRow(**{**plain, "when": Says(when), **fields})


def stated(**said: Any) -> Facts:
    names = {f"system.{name}": value for name, value in said.items()}
    return replace(facts(), stated={**names, "system.declared": sorted(said)})


def read(made: LawRow, derived: tuple[DerivedFact, ...] = (), **said: Any) -> RowResult:
    (result,) = read_law(stated(**said), Book(made, derived=derived), TODAY).results
    return result


def told(result: RowResult) -> tuple[Any, ...]:
    return (result.state, result.applies_from, result.missing_facts)


def on(day: date, when: str | None = None) -> Route:
    return Route(day, Says(when) if when else None)


YES, NO = {"user": True}, {"user": False}


@pytest.mark.parametrize(
    ("fields", "said", "found"),
    [
        ({}, YES, ("enforceable", None, ())),
        ({}, NO, ("not-applicable", None, ())),
        ({}, {}, ("unknown", None, ("user",))),
        # what is over is over, on the day after
        ({"until": BEFORE}, YES, ("not-applicable", None, ())),
        ({"until": TODAY}, YES, ("enforceable", None, ())),
        ({"until": BEFORE}, {}, ("not-applicable", None, ())),
        ({"status": "superseded", "superseded_by": "act-2"}, YES, ("superseded", None, ())),
        # a draft has no date, of whomever it speaks
        ({"status": "draft"}, YES, ("upcoming", None, ())),
        ({"status": "draft", "applies": (on(BEFORE),)}, YES, ("upcoming", None, ())),
        ({"status": "draft"}, NO, ("not-applicable", None, ())),
        # what makes it void
        ({"void_when": Says("maker")}, {**YES, "maker": True}, ("not-applicable", None, ())),
        ({"void_when": Says("maker")}, {**YES, "maker": False}, ("enforceable", None, ())),
        ({"void_when": Says("maker")}, YES, ("enforceable", None, ())),
        ({"void_when": Says("maker")}, {"maker": True}, ("not-applicable", None, ())),
        # routes: the first that holds, to the day
        ({"applies": (on(TODAY),)}, YES, ("enforceable", TODAY, ())),
        ({"applies": (on(AFTER),)}, YES, ("upcoming", AFTER, ())),
        ({"applies": (on(BEFORE, "maker"), on(AFTER))}, {**YES, "maker": True}, ("enforceable", BEFORE, ())),
        ({"applies": (on(BEFORE, "maker"), on(AFTER))}, {**YES, "maker": False}, ("upcoming", AFTER, ())),
        ({"applies": (on(BEFORE, "maker"), on(AFTER))}, YES, ("unknown", None, ("maker",))),
        ({"applies": (on(TODAY, "maker"), on(LATER))}, YES, ("unknown", None, ("maker",))),
        ({"applies": (on(AFTER, "maker"), on(TODAY))}, YES, ("unknown", None, ("maker",))),
        ({"applies": (on(AFTER, "maker"), on(LATER))}, YES, ("upcoming", AFTER, ())),
        ({"applies": (on(LATER, "maker"), on(AFTER))}, YES, ("upcoming", AFTER, ())),
        ({"applies": (on(BEFORE, "maker"), on(TODAY))}, YES, ("enforceable", TODAY, ())),
        ({"applies": (on(BEFORE, "maker"),)}, {**YES, "maker": False}, ("not-applicable", None, ())),
        ({"applies": (on(BEFORE, "maker"),)}, YES, ("unknown", None, ("maker",))),
        ({"applies": (on(AFTER, "maker"),)}, YES, ("unknown", None, ("maker",))),
        ({"applies": (on(BEFORE, "maker"), on(AFTER, "seller"))}, YES, ("unknown", None, ("maker", "seller"))),
        ({"applies": (on(BEFORE, "maker"), on(AFTER, "!maker"))}, {**YES, "maker": False},
         ("upcoming", AFTER, ())),
        ({"applies": (on(BEFORE), on(LATER))}, YES, ("enforceable", BEFORE, ())),
    ],
)  # fmt: skip
def test_whether_a_row_applies_to_the_day(fields: dict[str, Any], said: dict[str, Any], found: Any) -> None:
    assert told(read(row(**fields), **said)) == found


@pytest.mark.parametrize(
    ("formal", "applies", "advised"),
    [(None, AFTER, False), (BEFORE, AFTER, True), (TODAY, AFTER, True), (AFTER, LATER, False), (BEFORE, TODAY, False)],
)
def test_what_is_on_the_books_before_it_applies_is_advised(formal: date | None, applies: date, advised: bool) -> None:
    assert read(row(formal_from=formal, applies=(on(applies),)), **YES).is_advised is advised


@pytest.mark.parametrize(
    ("applies", "said", "state", "practised", "missing"),
    [
        (TODAY, {"maker": True}, "enforceable", True, ()),
        (TODAY, {"maker": False}, "enforceable", False, ()),
        (TODAY, {}, "unknown", False, ("maker",)),
        (AFTER, {"maker": True}, "upcoming", True, ()),
        (AFTER, {"maker": False}, "upcoming", False, ()),
        (AFTER, {}, "upcoming", False, ("maker",)),
    ],
)
def test_of_a_ban_in_force_it_must_be_known_whether_it_is_done(
    applies: date, said: Any, state: str, practised: bool, missing: Any
) -> None:
    found = read(row(prohibited_when=Says("maker"), applies=(on(applies),)), **YES, **said)
    assert (found.state, found.practised, found.missing_facts) == (state, practised, missing)


@pytest.mark.parametrize("said", [{"user": False, "maker": True}, {"maker": True}])
def test_a_ban_that_speaks_to_somebody_else_is_not_practised(said: dict[str, Any]) -> None:
    found = read(row(prohibited_when=Says("maker")), **said)
    assert (found.practised, found.state) == (False, "not-applicable" if "user" in said else "unknown")


def paper(*when: str, subject: str = "red-team-report") -> Requirement:
    return Requirement(kind="artifact", subject=subject, when=tuple(map(Says, when)))


def either(*parts: Requirement) -> Requirement:
    return Requirement(kind="any_of", subject="one of these", alternatives=parts)


def test_what_lacks_to_tell_whether_evidence_is_wanted_is_asked_where_the_row_counts() -> None:
    wanting = {"evidence": (paper("maker"), paper("seller", "maker"))}
    assert told(read(row(**wanting), **YES)) == ("enforceable", None, ("maker", "seller"))
    assert told(read(row(**wanting), **YES, maker=True)) == ("enforceable", None, ("seller",))
    assert told(read(row(**wanting), **YES, maker=True, seller=False)) == ("enforceable", None, ())
    assert told(read(row(**wanting, applies=(on(AFTER),)), **YES)) == ("upcoming", AFTER, ("maker", "seller"))
    assert told(read(row(**wanting), **NO)) == ("not-applicable", None, ())
    assert told(read(row(**wanting))) == ("unknown", None, ("user",))
    banned = read(row(**wanting, prohibited_when=Says("seller")), **YES)
    assert told(banned) == ("unknown", None, ("seller",)), "of a ban that is not known to be kept nothing more"


def derived(id_: str, when: str) -> DerivedFact:
    return DerivedFact(id_, "about", Says(when))


def test_systems_that_are_alike_in_what_rows_read_share_the_results() -> None:
    book = Book(row(evidence=(paper("maker"),)))
    first, again = (read_law(stated(user=True, hue=hue), book, TODAY) for hue in ("red", "blue"))
    assert again.results is first.results
    assert [it.values["system.hue"] for it in (first, again)] == ["red", "blue"]
    assert told(read_law(stated(user=True, maker=True), book, TODAY).results[0])[2] == ()
    assert read_law(stated(user=True), book, AFTER).results is not first.results
    assert read_law(stated(user=True), Book(row("maker")), TODAY).results[0].state == "unknown"


class OneIsTrue(Says):
    """True of a truth value alone, and not of the number 1, which Python takes for an equal."""

    __slots__ = ()

    def truth(self, facts: Mapping[str, Any]) -> Truth:
        return Truth(facts[self._name] is True)


@pytest.mark.parametrize("said", [1, 1.0, [True]])
def test_a_number_is_not_taken_for_a_truth_value_that_it_equals(said: Any) -> None:
    book = Book(replace(row(), when=OneIsTrue("user")))
    states = [read_law(stated(user=it), book, TODAY).results[0].state for it in (True, said, True)]
    assert states == ["enforceable", "not-applicable", "enforceable"]


def test_a_derived_fact_that_cannot_be_told_is_asked_for_by_those_that_it_rests_on() -> None:
    chain = (derived("first", "maker"), derived("second", "law.first"))
    of = row("law.second")
    assert told(read(of, chain)) == ("unknown", None, ("maker",))
    assert told(read(of, chain, maker=True)) == ("enforceable", None, ())
    assert told(read(of, chain, maker=False)) == ("not-applicable", None, ())
    reading = read_law(stated(maker=True), Book(of, derived=chain), TODAY)
    assert (reading.values["law.first"], reading.values["law.second"], reading.lacking) == (True, True, {})
    open_ = read_law(stated(), Book(of, derived=chain), TODAY)
    assert open_.lacking == {"law.first": ("maker",), "law.second": ("maker",)}
    assert "law.second" not in open_.values


def test_a_derived_fact_of_which_cannot_be_said_what_it_reads_is_told_from_all_that_is_known() -> None:
    when = compile_condition("system . eu_market", "system", RULES)
    assert when.names is None
    chain = (DerivedFact("first", "about", when),)
    assert told(read(row("law.first"), chain, eu_market=True)) == ("enforceable", None, ())
    assert told(read(row("law.first"), chain, eu_market=False)) == ("not-applicable", None, ())
    assert because(row("law.first"), chain, eu_market=True) == "for users", "then the law's own words say why"


def because(made: LawRow, chain: tuple[DerivedFact, ...] = (), **said: Any) -> str:
    system, book = stated(**said), Book(made, derived=chain)
    (result,) = explained(read_law(system, book, TODAY), system, book, TODAY)
    return result.because


@pytest.mark.parametrize(
    ("fields", "said", "words"),
    [
        ({}, YES, "user is true"),
        ({}, {}, "not stated: user"),
        ({"status": "superseded", "superseded_by": "act-2"}, YES, "replaced by act-2"),
        ({"until": BEFORE}, YES, f"it applied until {BEFORE.isoformat()}"),
        ({"status": "draft"}, YES, "a draft: it has no date yet"),
        ({"when": Says(TODAY_NAME)}, YES, "for users"),
        # where none of them decides alone, each is told
        ({"when": Either("user", "maker")}, {**YES, "maker": True}, "user is true, maker is true"),
        # what decides is told, and not what would leave it as it is
        ({"void_when": Says("maker")}, {**YES, "maker": True}, "maker is true"),
        ({"void_when": Says("maker")}, {**YES, "maker": False}, "user is true"),
        ({"applies": (on(BEFORE, "maker"), on(AFTER))}, {**YES, "maker": True}, "user is true, maker is true"),
        ({"prohibited_when": Says("maker")}, {**YES, "maker": False}, "user is true, maker is false"),
        ({"prohibited_when": Says("maker")}, {**NO, "maker": False}, "user is false"),
        ({"when": Says("law.first")}, {"maker": True}, "maker is true"),
        # each excludes it by itself, and what does not is left out
        ({"void_when": Says("maker"), "applies": (on(TODAY, "seller"),)}, {**NO, "maker": True, "seller": True},
         "user is false, maker is true"),
    ],
)  # fmt: skip
def test_a_result_is_told_with_the_facts_that_decided_it(fields: Any, said: dict[str, Any], words: str) -> None:
    assert because(replace(row(), **fields), (derived("first", "maker"),), **said) == words


def test_a_fact_decides_where_things_would_be_otherwise_if_nobody_had_stated_it() -> None:
    when = '(!("eu_market" in system.declared) || system.eu_market) && system.children'
    made = replace(row(), when=compile_condition(when, "system", RULES))
    assert because(made, eu_market=True, children=True) == "children is true"


def test_what_somebody_must_vouch_for_is_asked_before_the_gate_that_a_row_is_due_at() -> None:
    made = row(evidence=(paper(),), due_at="production-deployment")
    lacking = replace(stated(user=True), stage="pre_deployment", artifacts={})
    attested = with_artifact(replace(lacking, artifacts=facts().artifacts), paper().subject, attested="a" * 64)
    attested = with_artifact(attested, paper().subject, completed=BEFORE)

    def state(system: Facts) -> str:
        found = evaluate(replace(RULES, law=Book(made)), (system,), (), end_of_day(TODAY), ())
        return next(it.state for it in found if it.rule.id == "row-1")

    assert (state(lacking), state(attested)) == ("upcoming", "gap")
    assert state(replace(lacking, stage="production")) == "gap"


@pytest.mark.parametrize("stage", ["pre_deployment", "production"])
def test_what_a_row_wants_at_a_later_gate_is_met_as_soon_as_it_is_there(stage: str) -> None:
    made = row(evidence=(paper(),), due_at="production-deployment")
    there = replace(stated(user=True), stage=stage, artifacts=facts().artifacts)
    system = with_artifact(there, paper().subject, completed=BEFORE)
    found = evaluate(replace(RULES, law=Book(made)), (system,), (), end_of_day(TODAY), ())
    assert [it.state for it in found if it.rule.id == "row-1"] == ["met"]


def test_the_stated_facts_that_a_row_reads_are_named_through_derived_ones_each_once() -> None:
    chain = (derived("first", "maker"), derived("second", "law.first"))
    made = row("law.second", void_when=Says("user"), prohibited_when=Says("maker"), applies=(on(TODAY, "seller"),))
    book = Book(made, derived=chain)
    reading = read_law(stated(maker=True, user=False, seller=True), book, TODAY)
    assert stated_in(made, reading, book) == ["maker", "user", "seller"]
    assert stated_in(made, read_law(stated(user=False), book, TODAY), book) == ["user"], "what is stated"
    assert stated_in(row("system.declared"), reading, book) == [], "which facts are stated is none of them"


def test_the_view_of_the_law_tells_what_was_found_of_the_evidence_that_each_row_wants() -> None:
    wanted = tuple(
        next(it for rule in RULES.rules for it in rule.requirements if it.subject == subject)
        for subject in ("red-team-report", "rollback-procedure", "incident-response-plan")
    )
    rows = (
        row("user", id="now", evidence=wanted),
        row("user", id="later", evidence=wanted[:1], applies=(on(LATER),)),
        row("maker", id="open", evidence=wanted[1:2]),
        row("!user", id="out", evidence=wanted),
    )
    system = with_artifact(stated(user=True), "red-team-report", completed=BEFORE)
    system = with_artifact(system, "rollback-procedure", cause="template")
    system = replace(system, artifacts={k: it for k, it in system.artifacts.items() if k != "incident-response-plan"})
    found = law_of_system(system, replace(RULES, law=Book(*rows)), end_of_day(TODAY))
    assert (found.system, found.name) == ("CASE", system.declared.entry.name)
    assert [(it.row.id, it.state, it.because) for it in found.results] == [
        ("now", "enforceable", "user is true"),
        ("later", "upcoming", "user is true"),
        ("open", "unknown", "not stated: maker"),
        ("out", "not-applicable", "user is true"),
    ]
    assert {id_: {it.id: it.state for it in seen} for id_, seen in found.evidence.items()} == {
        "now": {"red-team-report": "met", "rollback-procedure": "template", "incident-response-plan": "absent"},
        "later": {"red-team-report": "met"},
        "open": {"rollback-procedure": "template"},
    }
    assert found.to_ask == {"maker": ("open",)}
    bare = law_of_system(system, replace(RULES, law=None), end_of_day(TODAY))
    assert (bare.system, bare.results, bare.evidence, bare.to_ask) == ("CASE", (), {}, {})
    broken = replace(system, problems=(Problem("governance.yaml", "is no answer"),))
    for law in (Book(*rows), None):
        assert law_of_system(broken, replace(RULES, law=law), end_of_day(TODAY)).problems == broken.problems
    assert (found.problems, bare.problems) == ((), ())


# What names of laws come to


def results(*found: tuple[str, str, dict[str, Any]]) -> LawReading:
    made = [
        RowResult(row=row(id=f"row-{at}", regulation=law, **fields), state=state)  # type: ignore[arg-type]
        for at, (law, state, fields) in enumerate(found)
    ]
    return reading_of(tuple(made), {}, {})


def standing(reading: LawReading, *named: str, rules: RuleSet = RULES) -> tuple[Any, ...]:
    found = scope_standing(reading, replace(stated(), regulations=named), rules)
    return found.excluded, found.undeclared, found.superseded


OUT, IN, SOON, OPEN = "not-applicable", "enforceable", "upcoming", "unknown"


def test_a_law_that_is_named_is_excluded_where_no_row_of_it_can_apply() -> None:
    assert standing(results(("act", OUT, {}), ("act", OUT, {})), "act") == (("act",), (), ())
    for other in (IN, SOON, OPEN):
        assert standing(results(("act", OUT, {}), ("act", other, {})), "act") == ((), (), ())
    assert standing(results(("act", OUT, {}), ("act", "superseded", {})), "act") == (("act",), (), ())
    assert standing(results(("act", "superseded", {})), "act") == ((), (), ()), "nothing is said of it"
    assert standing(results(("act", OUT, {}))) == ((), (), ()), "nobody names it"


def test_a_law_that_the_facts_bring_in_wants_to_be_named() -> None:
    for state in (IN, SOON):
        assert standing(results(("act", state, {}))) == ((), ("act",), ())
    assert standing(results(("act", IN, {}), ("act", IN, {}))) == ((), ("act",), ())
    assert standing(results(("act", IN, {})), "act") == ((), (), ())
    assert standing(results(("act", OPEN, {}), ("act", OUT, {}))) == ((), (), ())
    for binding in ("guidance", "voluntary"):
        assert standing(results(("act", IN, {"binding": binding}))) == ((), (), ()), "no law"
    (classed, *_) = {known.regulation for known in RULES.scoring.law_classes}
    assert standing(results((classed, IN, {}))) == ((), (), ()), "its class has a rule of its own"


def test_a_law_that_was_replaced_is_told_where_it_is_named() -> None:
    known = next(iter(RULES.regulations.values()))
    own = {"act": replace(known, superseded_by="act-2"), "new": replace(known, superseded_by=None)}
    rules = replace(RULES, regulations={**RULES.regulations, **own})
    assert standing(results(), "act", "new", "unheard", rules=rules) == ((), (), ("act",))
    assert standing(results(), rules=rules) == ((), (), ())


def test_the_facts_to_state_next_are_those_that_decide_most_rows_of_what_concerns_the_system() -> None:
    def asked(*named: str) -> dict[str, list[str]]:
        found = [("act", "a", "law"), ("act", "b", "law"), ("note", "b", "guidance"), ("frame", "c", "voluntary")]
        made = [
            RowResult(row=row(id=f"row-{at}", regulation=law, binding=how), state="unknown", missing_facts=(name, "z"))
            for at, (law, name, how) in enumerate(found)
        ]
        known = RowResult(row=row(id="known"), state="enforceable")
        return to_ask(reading_of((*made, known), {}, {}), replace(stated(), regulations=named))

    assert asked() == {"b": ["row-1", "row-2"], "a": ["row-0"]}
    assert list(asked()) == ["b", "a"], "what decides most comes first"
    assert asked("frame") == {"b": ["row-1", "row-2"], "a": ["row-0"], "c": ["row-3"]}
    assert asked("act") == asked()


def test_rows_are_read_of_a_system_that_names_a_law_or_states_a_fact_of_one() -> None:
    rules = replace(RULES, law=Book(row()))
    assert speaks_of_law(stated(user=True), rules)
    assert speaks_of_law(replace(stated(), regulations=("act",)), rules)
    assert not speaks_of_law(stated(dealer=True), rules)
    assert not speaks_of_law(stated(), rules)
    assert not speaks_of_law(replace(stated(user=True), regulations=("act",)), replace(rules, law=None))


def test_how_a_system_stands_is_seen_by_rules_under_the_names_that_they_read() -> None:
    reading = results(("gone", OUT, {}), ("come", IN, {}))
    seen = standing_of(reading, replace(stated(), regulations=("gone",)), RULES)
    assert seen.values == {**UNCONCERNED.values, **seen.values}
    assert [value for name, value in seen.values.items() if name != LAW_FACTS_STATED] == [["gone"], ["come"], []]
    assert (seen.values[LAW_FACTS_STATED], seen.asked) == (True, {})
    open_ = reading_of((replace(reading.results[1], state="unknown", missing_facts=("user",)),), {}, {})
    asked = standing_of(open_, stated(), RULES)
    assert LAW_FACTS_STATED not in asked.values, "missing is not false"
    assert asked.asked == {"user": ["row-1"]}
    assert asked.location == stated().declared.at("facts")


# The rule that a row becomes


def rule(result: RowResult, rules: RuleSet = RULES) -> Rule:
    return rule_of(result, TODAY, rules)


def test_a_row_becomes_a_rule_with_its_own_words_and_place() -> None:
    made = row(evidence=(paper(),), due_at="production-deployment")
    found = rule(RowResult(row=made, state="enforceable"))
    assert (found.kind, found.id, found.title, found.why, found.citation) == ("law", "row-1", "Row", "Do it.", "Art. 1")
    assert (found.requirements, found.gate, found.location) == (made.evidence, "production-deployment", made.location)
    assert (found.enforcement, found.waivable, found.may_be_debt) == ("block", True, True)
    assert not rule(RowResult(row=replace(made, practice="a"), state="enforceable")).waivable


@pytest.mark.parametrize(
    ("since", "begins", "effective"),
    [
        (BEFORE, None, BEFORE),
        (BEFORE, BEFORE - timedelta(days=1), BEFORE),
        (BEFORE, TODAY, TODAY),
        (BEFORE, AFTER, AFTER),
        (LATER, None, TODAY),
        (LATER, BEFORE, TODAY),
        (LATER, AFTER, AFTER),
    ],
)
def test_a_gap_is_debt_from_the_day_on_which_its_row_was_there(
    since: date, begins: date | None, effective: date
) -> None:
    result = RowResult(row=row(since=since), state="enforceable", applies_from=begins)
    assert rule(result).effective == effective


@pytest.mark.parametrize(
    ("fields", "enforcement"),
    [
        ({}, "block"),
        ({"advisory": True}, "advise"),
        *(({"status": status}, "advise") for status in ("adopted-future", "draft", "under-rescission")),
        *(({"binding": how}, "advise") for how in ("guidance", "voluntary")),
        ({"binding": "voluntary", "regulation": "frame"}, "remediate"),
        ({"binding": "voluntary", "regulation": "frame", "status": "draft"}, "advise"),
        ({"binding": "law", "regulation": "frame"}, "block"),
    ],
)
def test_settled_law_may_block_and_what_is_taken_on_does_what_the_policies_say(
    fields: dict[str, Any], enforcement: str
) -> None:
    known = replace(next(iter(RULES.regulations.values())), id="frame", enforcement="remediate")
    rules = replace(RULES, regulations={**RULES.regulations, "frame": known})
    assert enforcement_of(row(**fields), rules) == enforcement


def test_what_a_row_prohibits_is_a_gap_that_nothing_waives() -> None:
    made = RowResult(row=row(practice="a", told_by="mine"), state="enforceable", practised=True)
    own = rule(made)
    known = replace(RULES, plain_rules={**RULES.plain_rules, "mine": own})
    named = stated(art5_practices=["a"])
    assert about_practice(made, own, named, known) is None, "the rule finds it by the fact"
    for system, rules in ((named, RULES), (stated(art5_practices=["b"]), known), (stated(), known)):
        found = about_practice(made, own, system, rules)
        assert found is not None
        assert (found.state, found.cause, found.system, found.instance) == ("gap", "false", system.id, "")
        assert (found.requirement.kind, found.requirement.subject) == ("that", "row-1")
        assert found.location == system.declared.at("facts")
        assert found.seen == "by its facts the system does what Art. 1 prohibits: Do it."
        ban = found.rule
        assert (ban.kind, ban.id, ban.enforcement) == ("law", "row-1", "block")
        assert not ban.waivable
        assert not ban.may_be_debt
        assert (ban.effective, ban.requirements, ban.location) == (own.effective, (), made.row.location)


def outcome(condition: str, state: Any = "gap", kind: Any = "that", seen: str = "") -> Outcome:
    asked = Requirement(kind=kind, subject="x", condition=Says(condition) if condition else None)
    plain = next(iter(RULES.plain_rules.values()))
    return Outcome("CASE", plain, asked, "", state, cause="false", seen=seen)


def test_a_rule_about_the_standing_of_law_names_what_it_is_about() -> None:
    reading = results(("gone", OUT, {}), ("away", OUT, {}), ("come", IN, {}))
    seen = standing_of(reading, replace(stated(), regulations=("gone", "away")), RULES)
    first, second, _ = (name for name in seen.values if name != LAW_FACTS_STATED)
    assert naming_laws(outcome(first), seen).seen == "gone, away"
    assert naming_laws(outcome(first, seen="laws:"), seen).seen == "laws: gone, away"
    assert naming_laws(outcome(second, "unknown"), seen).seen == "come"
    assert naming_laws(outcome(second, "unknown"), seen).state == "unknown"
    for other in (outcome(first, "met"), outcome("user"), outcome(""), outcome(first, kind="artifact")):
        assert naming_laws(other, seen) is other


def test_facts_that_decide_rows_are_asked_for_with_the_rows_that_they_decide() -> None:
    def asked(facts: int, rows: int) -> Outcome:
        names = {f"fact-{at:02}": [f"row-{number}" for number in range(rows)] for at in range(facts)}
        there = replace(UNCONCERNED, asked=names, location=Location("g.yaml", 4, 1))
        return naming_laws(outcome(LAW_FACTS_STATED), there)

    few = asked(2, 3)
    assert (few.state, few.cause, few.seen) == ("unknown", "unknown", "not stated: fact-00, fact-01")
    assert (few.missing_facts, few.location) == (("fact-00", "fact-01"), Location("g.yaml", 4, 1))
    assert few.details == tuple(f"fact-0{at} decides row-0, row-1, row-2" for at in (0, 1))
    many = asked(9, 5)
    assert str(many.seen).endswith("fact-07 and 1 more")
    assert len(many.missing_facts) == 9
    assert many.details[0] == "fact-00 decides row-0, row-1, row-2 and 2 more"
    assert not str(asked(8, 1).seen).endswith("more")


# From rows to what a check finds


def found_of(rules: RuleSet, system: Facts, rule_id: str) -> list[Outcome]:
    made = evaluate(rules, (system,), (), end_of_day(TODAY))
    return [it for it in made if it.rule.id == rule_id]


def written(**said: Any) -> Facts:
    """All of whose papers are of the day before."""
    found = stated(**said)
    return replace(found, artifacts={id_: replace(it, completed=BEFORE) for id_, it in found.artifacts.items()})


def book_of(*rows: LawRow) -> RuleSet:
    return replace(RULES, law=Book(*rows))


def test_a_law_that_all_facts_exclude_is_named_though_nothing_else_is_found_of_law() -> None:
    asked = {it.id: it.requirements[0].condition for it in RULES.rules if it.requirements}
    excluding = next(id_ for id_, it in asked.items() if it is not None and LAW_STANDING[0] in it.text)
    (found,) = found_of(book_of(row()), replace(stated(user=False), regulations=("act",)), excluding)
    assert found.state == "gap"
    assert str(found.seen).endswith("act")


@pytest.mark.parametrize(
    ("wanted", "said", "states"),
    [
        (paper(), YES, ["met"]),
        (paper("maker"), {**YES, "maker": True}, ["met"]),
        (paper("maker"), {**YES, "maker": False}, ["not-applicable"]),
        (paper("maker"), YES, []),
        (paper(), NO, []),
        (paper(), {}, []),
        # one of two will do: what cannot be told of the one leaves the other to be agreed to
        (either(paper("maker"), Requirement(kind="approval", subject="ciso")), YES, ["gap"]),
        (either(paper("maker"), paper("maker", subject="model-card")), YES, []),
    ],
)
def test_what_a_row_wants_as_evidence_is_owed_once_it_is_known_to_be_wanted(
    wanted: Requirement, said: dict[str, Any], states: list[str]
) -> None:
    found = found_of(book_of(row(evidence=(wanted,))), written(**said), "row-1")
    assert [it.state for it in found] == states


def test_a_row_wants_each_of_its_evidence_whatever_is_known_of_the_others() -> None:
    system = written(**YES)
    lacking = replace(system, artifacts={k: it for k, it in system.artifacts.items() if k != "incident-response-plan"})
    for order in (("maker", None), (None, "maker")):
        parts = tuple(paper("maker") if it else paper(subject="incident-response-plan") for it in order)
        found = found_of(book_of(row(evidence=parts)), lacking, "row-1")
        assert [(it.requirement.subject, it.state) for it in found] == [("incident-response-plan", "gap")], order


def test_of_an_alternative_every_condition_must_be_known() -> None:
    def state(**said: bool) -> tuple[str, tuple[str, ...]]:
        asked = Requirement(kind="any_of", subject="x", alternatives=(paper("maker", "seller"),))
        plain = next(iter(RULES.plain_rules.values()))
        system = written(**said)
        context = SystemContext(RULES, system, end_of_day(TODAY), TODAY, SectionsByRequirement())
        found = check(Outcome("CASE", plain, asked, "", "met"), system.values, context)
        return found.state, found.missing_facts

    assert state(maker=True, seller=True) == ("met", ())
    assert state(seller=True) == ("unknown", ("maker",))
    assert state(maker=True) == ("unknown", ("seller",))
    assert state() == ("unknown", ("maker", "seller"))
    assert state(maker=False) == ("not-applicable", ())


def test_of_each_law_what_is_met_what_lacks_and_what_is_open_is_counted() -> None:
    rows = (
        row(id="met", evidence=(paper(),)),
        row(id="met-too"),
        row(id="lacking", evidence=(paper(subject="incident-response-plan"),)),
        row(id="open", evidence=(paper(), paper("maker"))),
        row(id="open-and-lacking", evidence=(paper(subject="incident-response-plan"), paper("maker"))),
        row("maker", id="unknown"),
        row("!user", id="out"),
        row(id="unwanted", evidence=(replace(paper(), when=(Says("!user"),)),)),
        row(id="later", applies=(on(AFTER),)),
        row(id="others", regulation="other"),
    )

    def counted(*ids: str) -> dict[str, tuple[Any, ...]]:
        system = written(user=True)
        system = replace(system, artifacts={k: v for k, v in system.artifacts.items() if k != "incident-response-plan"})
        rules = book_of(*(it for it in rows if it.id in ids))
        made = evaluate_facts(rules, (system,), (system,), (), end_of_day(TODAY))
        context = blamed(made, options(mode="all", as_of=end_of_day(TODAY)))
        (place,) = context.systems.values()
        return {
            it.regulation: (it.applicable, it.met, it.gaps, it.unknown, it.upcoming, it.evidence_complete)
            for it in system_report(place, context, ()).law
        }

    assert counted("met", "met-too") == {"act": (2, 2, 0, 0, 0, True)}
    assert counted("met", "lacking") == {"act": (2, 1, 1, 0, 0, False)}
    assert counted("met", "open") == {"act": (2, 1, 0, 1, 0, False)}
    assert counted("met", "open-and-lacking") == {"act": (2, 1, 1, 0, 0, False)}
    assert counted("met", "unknown") == {"act": (1, 1, 0, 1, 0, False)}
    assert counted("met", "out") == {"act": (1, 1, 0, 0, 0, True)}
    assert counted("met", "unwanted") == {"act": (2, 2, 0, 0, 0, True)}
    assert counted("later") == {"act": (1, 0, 0, 0, 1, True)}
    assert counted("later", "lacking", "others") == {"act": (2, 0, 1, 0, 1, False), "other": (1, 1, 0, 0, 0, True)}
    assert counted("out") == counted("unknown") == {}
