"""What the tests of a report ran on: the version in a model's name, the model, and whose test a case counts for."""

from __future__ import annotations

from typing import Any

import pytest

from policy_gate.facts import result_matching
from policy_gate.facts.result_formats.suites import Case, Placed, Suite
from policy_gate.facts.result_matching import Expected, each, of_something_else, version_of, versions_of
from policy_gate.facts.test_results import counted_by_none, once_each
from policy_gate.schema.documents import TestEntry
from policy_gate.schema.facts import TestFact
from policy_gate.schema.source import Location

HERE = Location("governance.yaml", 1, 1)


def ran(model: str = "", tool: str = "promptfoo", *around: Suite, **fields: Any) -> Placed:
    return Placed(Case("a", 1, **fields), (Suite("outer", 1, model=model, tool=tool), *around))


@pytest.mark.parametrize(
    ("model", "version", "found"),
    [
        *((f"ranker{sign}2.1", "2.1", True) for sign in ("-", ":", "@", "/", "_", "v", " ", "-V")),
        ("2.1", "2.1", True),
        ("Ranker-RC", "rc", True),
        ("ranker-rc", "RC", True),
        ("ranker12.1", "2.1", False),
        ("ranker.2.1", "2.1", False),
        ("ranker-2.1", "2", False),
        ("ranker-2.1-x", "2.1", False),
        ("", "2.1", False),
        ("ranker", None, False),
        ("ranker", "", False),
    ],
)
def test_a_version_may_be_the_end_of_the_name_of_a_model(model: str, version: str | None, found: bool) -> None:
    assert versions_of([ran(model)], version) == [frozenset({version} if found else ())]


def test_what_a_test_states_of_its_version_goes_before_the_name_of_its_model() -> None:
    stated = ran("ranker-2.1", properties=[("model_version", "9")])
    assert versions_of([stated], "2.1") == [frozenset({"9"})]
    outer, inner = (Suite("s", 1, properties=[("model_version", said)]) for said in ("1", "2"))
    assert each([Placed(Case("a", 1), (outer, inner))], version_of) == [frozenset({"2"})], "the nearest suite"
    assert each([Placed(Case("a", 1), (outer, Suite("x", 1)))], version_of) == [frozenset({"1"})]
    assert each([Placed(Case("a", 1, properties=[("x", "y")]), (outer,))], version_of) == [frozenset({"1"})]
    assert each([Placed(Case("a", 1), ())], version_of) == [frozenset()]
    assert each([ran(properties=[("model_version", "")])], version_of) == [frozenset()], "an empty one says nothing"


def against(placed: list[Placed], **expected: Any) -> str | None:
    blank = TestFact("t", "r.json", "1" * 40, HERE, None, "")
    return of_something_else(placed, blank, Expected("t", "SYS-001", known_systems=frozenset({"SYS-001"}), **expected))


HOSTED = ("gpt", "claude")


@pytest.mark.parametrize(
    ("models", "expected", "said"),
    [
        (["gpt-4o"], {}, ""),
        (["claude-3"], {"hosted": HOSTED}, ""),
        # the entry names one: each test must say that it ran on it
        (["gpt-4o"], {"model": "gpt-4o"}, ""),
        (["openai:GPT-4o"], {"model": "gpt-4o"}, ""),
        (["openai/gpt-4o"], {"model": "gpt-4o"}, ""),
        (["ours"], {"model": "gpt-4o"}, "for another model (got ours, expected gpt-4o)"),
        ([""], {"model": "gpt-4o"}, "it does not say on which model it ran (expected gpt-4o)"),
        (["gpt-4o", ""], {"model": "gpt-4o"}, "it does not say on which model it ran (expected gpt-4o)"),
        (["https://example.org/x"], {"model": "gpt-4o"},
         "for another model (got https://example.org/x, expected gpt-4o)"),
        # the system lists some: only a hosted model is another than these
        ([""], {"models": ("gpt-4o",)}, ""),
        (["ours"], {"models": ("gpt-4o",), "hosted": HOSTED}, ""),
        (["claude-3"], {"models": ("gpt-4o",)}, ""),
        (["file://claude.py"], {"models": ("gpt-4o",), "hosted": HOSTED}, ""),
        (["claude.py"], {"models": ("gpt-4o",), "hosted": HOSTED}, ""),
        (["claude-3"], {"models": ("gpt-4o",), "hosted": HOSTED}, "for another model (got claude-3, expected gpt-4o)"),
        (["anthropic:claude-3"], {"models": ("a", "b", "c", "d"), "hosted": HOSTED},
         "for another model (got anthropic:claude-3, expected a or b or c)"),
        (["gpt-4o", "claude-3"], {"models": ("gpt-4o",), "hosted": HOSTED},
         "for another model (got claude-3, expected gpt-4o); `suite:` in its entry picks the tests of one model"),
        (["claude-3", "claude-3"], {"models": ("gpt-4o",), "hosted": HOSTED},
         "for another model (got claude-3, expected gpt-4o)"),
        (["c" * 70], {"model": "gpt-4o"}, f"for another model (got {'c' * 60}, expected gpt-4o)"),
    ],
)  # fmt: skip
def test_which_model_it_ran_on(models: list[str], expected: dict[str, Any], said: str) -> None:
    assert against([ran(model) for model in models], **expected) == (said or None)
    assert against([ran(model, "") for model in models], **expected) is None, "such reports name no model"


def test_the_nearest_suite_that_names_a_model_says_which() -> None:
    assert against([ran("gpt-4o", "promptfoo", Suite("in", 1, model="ours"))], model="ours") is None
    assert against([ran("gpt-4o", "promptfoo", Suite("in", 1))], model="gpt-4o") is None
    assert against([Placed(Case("a", 1), ())], model="gpt-4o") is None


def test_only_what_ran_says_what_it_ran_on_unless_nothing_did() -> None:
    skipped, other = ran("ours", outcome="skipped"), ran("gpt-4o")
    assert result_matching.tests_that_ran([skipped, other]) == [other]
    assert result_matching.tests_that_ran([skipped]) == [skipped]
    assert against([skipped, other], model="gpt-4o") is None
    assert against([skipped], model="gpt-4o") == "for another model (got ours, expected gpt-4o)"


@pytest.mark.parametrize(
    ("stated", "said"),
    [(["2", "2"], None), (["2", ""], ": 1 of 2 tests do not"), (["", ""], "")],
)
def test_a_version_that_the_entry_names_must_be_stated_by_each_test(stated: list[str], said: str | None) -> None:
    placed = [ran(properties=[("model_version", it)] if it else []) for it in stated]
    found = against(placed, version="2", version_must_be_stated=True)
    assert found == (None if said is None else f"it does not say for which model version (expected 2){said}")
    assert against(placed, version="2") is None


@pytest.mark.parametrize(
    ("card", "stated", "is_said"),
    [
        ("2.1", "2.1", True), ("v2.1", "2.1", True), ("2.1", "V2.1", True), ("Version 2.1 of May.", "2.1", True),
        ("2.1.", "2.1", True), ("RC-1", "rc-1", True), ("2.1 of May", "2.1 of may", True),
        ("1.0,2 of May", "2 of May", True),
        ("2.10", "2.1", False), ("2.1", "2", False), ("2.1", "of", False),
    ],
)  # fmt: skip
def test_where_the_manifest_states_no_version_the_words_of_the_card_count(
    card: str, stated: str, is_said: bool
) -> None:
    placed = [ran(properties=[("model_version", stated)])]
    said = None if is_said else f"for another model version (got {stated}, the model card says {card})"
    assert against(placed, card_version=card) == said
    assert against(placed, card_version=card, version="9") is None, "the manifest states one"
    assert against(placed) is None, "nobody states one"
    assert against([ran()], card_version=card) is None


def test_another_version_than_the_one_of_the_manifest_is_told() -> None:
    fact = TestFact("t", "r.json", "1" * 40, HERE, None, "", version="1")
    for wanted, said in (("1", None), (None, None), ("2", "for another model version (got 1, expected 2)")):
        assert of_something_else([ran()], fact, Expected("t", "SYS-001", version=wanted)) == said
    long = against([ran(properties=[("model_version", "1")])], card_version="x" * 50)
    assert str(long).endswith(f"says {'x' * 40})")


@pytest.mark.parametrize(
    ("text", "known", "another"),
    [
        ("SYS-001", (), False), ("SYS-002", (), True), ("sys-002", (), True), ("SYS-77", (), True),
        ("OTHER", (), False), ("OTHER", ("OTHER",), True), ("Linux SYS-002", (), False), ("SYS-002 x86", (), True),
        ("SYS-002, SYS-001", (), False), ("SYS", (), False), ("plain", (), False),
    ],
)  # fmt: skip
def test_which_system_a_report_names(text: str, known: tuple[str, ...], another: bool) -> None:
    fact = TestFact("t", "r.json", "1" * 40, HERE, None, "")
    expected = Expected("t", "SYS-001", known_systems=frozenset({"SYS-001", *known}))
    found = of_something_else([ran(properties=[("system", text)])], fact, expected)
    assert (found is not None) is another
    plain = Expected("t", "PLAIN", known_systems=frozenset({"PLAIN"}))
    assert of_something_else([ran(properties=[("system", text)])], fact, plain) is None, "no number in its own id"


# One test case counts for one test


def fact(id_: str, oid: str = "1", **fields: Any) -> TestFact:
    usual: dict[str, Any] = {
        "executed": 2, "passed": 2, "run": ((1, "0.1"), (2, "0.2")), "outcome": (("a", "passed"), ("b", "passed")),
    }  # fmt: skip
    cause = fields.pop("cause", None)
    return TestFact(id_, "r.xml", fields.pop("oid", oid) * 40, HERE, cause, "2 passed", **{**usual, **fields})


def entries(*said: dict[str, Any]) -> list[TestEntry]:
    return [TestEntry(**{"id": id_, "report": "r.xml", **more}) for id_, more in zip("abcd", said, strict=False)]


@pytest.mark.parametrize(
    ("said", "facts", "refused"),
    [
        # the same file: the first, unless another says more
        (({}, {}), ({}, {}), "b"),
        (({}, {"suite": "x"}), ({}, {}), "a"),
        (({"suite": "x"}, {"suite": "x"}), ({}, {}), "b"),
        (({}, {}), ({}, {"suite": "b"}), "a"),
        (({}, {}), ({"suite": "B"}, {"suite": "b"}), "a"),
        (({}, {"cases": ["b*"]}), ({}, {"run": ((2, "0.2"),)}), "a"),
        (({"cases": ["a*"]}, {"cases": ["b*"]}), ({}, {}), ""),
        (({}, {"cases": ["*"]}), ({}, {}), "b"),
        (({"cases": [" *. "]}, {"suite": "x"}), ({}, {}), "a"),
        # parts of it that do not overlap, and such as do
        (({}, {}), ({"run": ((1, "0.1"),)}, {"run": ((2, "0.2"),), "outcome": (("b", "passed"),)}), ""),
        (({}, {}), ({"run": ((1, "0.1"),)}, {"run": ((1, "0.1"), (2, "0.2"))}), "b"),
        # the same run in another file
        (({}, {}), ({}, {"oid": "2"}), "b"),
        (({}, {}), ({}, {"oid": "2", "run": ((1, "0.1"), (2, "0.3"))}), ""),
        (({}, {}), ({}, {"oid": "2", "suite": "y"}), ""),
        (({}, {}), ({}, {"oid": "2", "outcome": (("a", "passed"), ("c", "passed"))}), ""),
        # what failed counts, what did not run or is vouched for takes nothing
        (({}, {}), ({"cause": "failed"}, {}), "b"),
        (({}, {}), ({"cause": "refused"}, {}), ""),
        (({}, {}), ({"attested": "a" * 64}, {}), ""),
        (({}, {}), ({}, {"cause": "not-run"}), ""),
        (({}, {}, {}), ({}, {}, {}), "bc"),
        (({"suite": "x"}, {}, {"cases": ["a"]}), ({}, {}, {}), "ab"),
    ],
)  # fmt: skip
def test_a_case_counts_for_one_test_the_one_that_says_most(said: Any, facts: Any, refused: str) -> None:
    made = [fact(id_, **more) for id_, more in zip("abcd", facts, strict=False)]
    found = once_each(entries(*said), made)
    assert [it.id for it in found] == [it.id for it in made]
    changed = [it for it, was in zip(found, made, strict=True) if it is not was]
    assert "".join(it.id for it in changed) == refused
    assert all(it.cause == "not-run" and "its tests count for" in it.detail for it in changed)


def test_a_test_of_a_report_counts_for_none_where_no_entry_of_the_report_counts_it() -> None:
    one, two = fact("a", uncounted=("x", "y")), fact("b", uncounted=("y", "z"))
    other, whole = fact("c", "2", uncounted=("x",)), fact("d", "3")
    found = counted_by_none([one, two, other, whole])
    assert [it.uncounted for it in found] == [("y",), ("y",), ("x",), ()]
    assert found[3] is whole
    assert [it.uncounted for it in counted_by_none([one, fact("b")])] == [(), ()]
