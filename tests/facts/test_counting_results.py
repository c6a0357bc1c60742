"""What one report comes to: how many ran, were skipped and failed, with whose message, or that nobody can tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from facts_world import entry, policy, snapshot

from policy_gate.facts.facts import facts_of
from policy_gate.schema.facts import TestFact

SUITE = "bias-benchmark-suite"


def seen(text: str, system: str = "SYS-001", **fields: object) -> TestFact:
    item = {"id": SUITE, "report": "r.xml", **fields}
    tree = snapshot(entry(id=system, tests=[item]), files={"r.xml": text})
    return facts_of(tree, policy())[0].tests[SUITE]


def suite(inner: str, **attributes: object) -> str:
    return f"<testsuite name='s'{''.join(f' {k}={v!r}' for k, v in attributes.items())}>{inner}</testsuite>"


def case(name: str, inner: str = "", **attributes: str) -> str:
    return f"<testcase name='{name}'{''.join(f' {k}={v!r}' for k, v in attributes.items())}>{inner}</testcase>"


@pytest.mark.parametrize(
    ("text", "executed", "skipped", "failed"),
    [
        (suite(case("a") + case("b")), 2, 0, 0),
        (suite(case("a") + case("b", "<skipped/>")), 1, 1, 0),
        (suite(case("a") + case("b", "<failure/>") + case("c", "<error/>")), 3, 0, 2),
        # an element that says worse than the attribute, and one that says better
        (suite(case("a") + case("b", "<failure/>", status="skipped")), 2, 0, 1),
        (suite(case("a") + case("b", "<skipped/>", status="failed")), 2, 0, 1),
        (suite(case("a") + case("b", "<skipped/>", status="purple")), 1, 1, 0),
        # totals that own up to skips which no test shows, up to what passed
        (suite(case("a") + case("b"), skipped="1"), 1, 1, 0),
        (suite(case("a") + case("b", "<skipped/>"), skipped="1"), 1, 1, 0),
        (suite(case("a") + case("b") + case("c", "<skipped/>"), skipped="2"), 1, 2, 0),
        (suite(case("a") + case("b") + case("c"), skipped="1", disabled="1"), 1, 2, 0),
        (suite(case("a"), tests="2", skipped="1"), 1, 0, 0),
        (suite(case("a"), tests="3", skipped="1"), 1, 0, 0),
        (suite(case("a") + case("b"), tests="3", skipped="2"), 1, 1, 0),
        (suite(suite(case("a") + case("b"), ignored="1")), 1, 1, 0),
        # a suite that did not run has nothing that passed; what failed in it failed
        (suite(case("a")) + suite(case("b"), status="skipped"), 1, 1, 0),
        (suite(case("a")) + suite("<skipped/>" + case("b")), 1, 1, 0),
        (suite(case("a")) + suite("<skipped/>" + case("b", "<failure/>")), 2, 0, 1),
    ],
)
def test_counts(text: str, executed: int, skipped: int, failed: int) -> None:
    fact = seen(f"<testsuites>{text}</testsuites>")
    assert (fact.executed, fact.skipped, len(fact.failed)) == (executed, skipped, failed)
    assert fact.cause == ("failed" if failed else None)


@pytest.mark.parametrize(
    ("inner", "message"),
    [
        (case("a", "<failure message='below 0.8'/>"), "below 0.8"),
        (case("a", "<failure message='below&#10; 0.8'>trace</failure>"), "below 0.8"),
        (case("a", "<failure>said\n inside</failure>"), "said inside"),
        (case("a", "<failure/>", result="failed"), 'result="failed"'),
        (case("a", "<failure message='below 0.8'/>", result="failed"), "below 0.8"),
        (case("a", "<failure>inside</failure>", result="failed"), "inside"),
        (case("a", "<failure message='first'/><error message='second'/>"), "first"),
        (case("a", "<failure/><error message='second'/>"), "second"),
        (case("a", "<skipped message='why not'/><failure message='after all'/>"), "after all"),
        (case("a", "<failure message='bad'/><skipped message='why not'/>"), "bad"),
        (case("a", "<system-out>noise</system-out><failure>bad</failure><system-err>noise</system-err>"), "bad"),
        (case("a", f"<failure message='{'x' * 400}'/>"), "x" * 300),
    ],
)
def test_the_message_of_a_failure_is_the_clearest_that_is_given(inner: str, message: str) -> None:
    (failed,) = seen(suite(inner)).failed
    assert (failed.name, failed.message, failed.line) == ("a", message, 1)


@pytest.mark.parametrize(
    ("attributes", "owned_up"),
    [
        ("failures='2'", 2),
        ("failed='2'", 2),
        ("failure='2'", 2),
        ("errors='2'", 2),
        ("error='2'", 2),
        ("failures='1' errors='1'", 2),
        ("failures='1' failed='1'", None),
        ("failures='1'", None),
        ("failures=''", None),
        ("failed='many'", None),
    ],
)
def test_failures_that_a_total_owns_up_to_and_no_test_shows(attributes: str, owned_up: int | None) -> None:
    bad = case("a", "<failure/>") + case("b")
    fact = seen(f"<testsuite name='s' {attributes}>{bad}</testsuite>")
    more = [it.message for it in fact.failed if it.name == "s"]
    assert more == ([f"the suite reports {owned_up} failures and errors, 1 are listed"] if owned_up else [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<html/>", "no JUnit XML (got <html>, expected <testsuites> or <testsuite>)"),
        ("<robot/>", "expected <testsuites> or <testsuite>); Robot Framework writes one with --xunit FILE"),
        ("<TestRun/>", "dotnet test --logger junit writes one in place of TRX"),
        ("<coverage/>", "it tells which lines ran"),
        ("<testcase name='a'/>", "no JUnit XML (got <testcase>, expected <testsuites> or <testsuite>)"),
        ("<testsuites><testcase name='a'/></testsuites>", None),
        (suite(case("a", case("b"))), "a <testcase> stands inside another"),
        (suite(case("a", suite(""))), "a suite stands inside a <testcase>"),
        (suite(case("a"), failures="many"), 'line 1: failures is "many", expected a number'),
        (suite(case("a"), errors="-1"), 'line 1: errors is "-1", expected a number'),
        (suite("<tags>" * 39 + "</tags>" * 39), None),
        (suite("<x>" * 40 + "</x>" * 40), "nested deeper than 40 elements"),
        ("<testsuite>", "cannot be read beyond line 1"),
        (suite("<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='a'/>"), "external reference"),
    ],
)
def test_what_cannot_be_trusted_to_be_read_is_refused(text: str, said: str | None) -> None:
    fact = seen(text)
    assert (fact.cause == "refused") is (said is not None)
    assert (said or "") in fact.detail


def test_failures_of_the_suite_itself_fail_whatever_its_tests_say() -> None:
    own = seen(suite("<error message='no database'/>" + case("a")))
    assert (own.cause, [(it.name, it.message) for it in own.failed]) == ("failed", [("s", "no database")])
    stated = seen(suite(case("a"), result="failed"))
    assert (stated.cause, [(it.name, it.message) for it in stated.failed]) == ("failed", [("s", 'result="failed"')])
    silent = seen(suite("<error/>" + case("a")))
    assert [(it.name, it.message) for it in silent.failed] == [("s", "the suite itself failed")]
    unclear = seen(suite(case("a"), result="purple", failures="1"))
    assert (unclear.cause, [it.message for it in unclear.failed]) == (
        "failed", ["the suite reports 1 failures and errors, 0 are listed"]
    )  # fmt: skip
    # where its tests show what failed, the suite's own word for it is no failure more
    told = seen(suite(case("a", "<failure message='bad'/>"), result="failed"))
    assert [(it.name, it.message) for it in told.failed] == [("a", "bad")]


def test_how_a_test_ended_that_nobody_can_tell_is_no_pass() -> None:
    fact = seen(suite(case("a") + case("b", status="purple") + "<testcase/>"))
    assert fact.cause == "refused"
    assert fact.detail == 'how 2 of its tests ended cannot be told (b, line 1: status="purple")'
    nameless = seen(suite(case("a") + "\n<testcase/>"))
    assert "(test without a name, line 2), line 2: it has neither name nor classname" in nameless.detail
    whole = seen(suite(case("a"), outcome="purple"))
    assert whole.cause == "refused"


@pytest.mark.parametrize(
    ("attributes", "name"),
    [
        ("name='a' classname='x'", "x.a"),
        ("name=' a ' class='x'", "x.a"),
        ("name='a'", "a"),
        ("classname='x'", "x"),
    ],
)
def test_the_name_of_a_test(attributes: str, name: str) -> None:
    assert seen(suite(f"<testcase {attributes}/>")).outcome == ((name, "passed"),)


@pytest.mark.parametrize(
    ("system", "named", "other"),
    [
        ("SYS-001", "SYS-002", True),
        ("SYS-001", "sys-77", True),
        ("SYS-001", "SYS-001", False),
        ("SYS-001", "x86_64", False),
        ("SYS-001", "Linux", False),
        ("screener", "Linux", False),
        ("screener", "chat", False),
        ("screener", "Screener", False),
    ],
)
def test_a_property_called_system_counts_where_an_id_of_ours_stands_in_it(system: str, named: str, other: bool) -> None:
    given = f"<properties><property name='system' value='{named}'/></properties>"
    fact = seen(suite(given + case("a")), system=system)
    assert fact.cause == ("not-run" if other else None)
    if other:
        assert fact.detail == f"for another system (got {named}, expected {system})"


def test_a_propertys_text_is_its_value() -> None:
    given = "<properties><property name='system-id'>\n SYS-009 </property></properties>"
    assert seen(suite(given + case("a"))).detail == "for another system (got SYS-009, expected SYS-001)"


def for_two(first: dict[str, object], second: dict[str, object], name: str = "s") -> list[str | None]:
    """The causes of two tests of one system that show the same report, in the order of their entries."""
    items = [{"report": "r.xml", **it} for it in (first, second)]
    text = f"<testsuite name='{name}'><testcase name='a'/><testcase name='b'/></testsuite>"
    found = facts_of(snapshot(entry(tests=items), files={"r.xml": text}), policy())[0].tests
    return [found[str(it["id"])].cause for it in items]


def test_t59_one_run_counts_for_the_test_whose_entry_says_most_of_it_else_for_the_first() -> None:
    one, other = {"id": SUITE}, {"id": "smoke-test-suite"}
    assert for_two(one, other) == [None, "not-run"]
    assert for_two(other, one) == [None, "not-run"]
    assert for_two(one, {**other, "suite": "s"}) == ["not-run", None]
    assert for_two({**one, "suite": "s"}, other) == [None, "not-run"]
    assert for_two(one, {**other, "cases": ["a"]}) == ["not-run", None]
    assert for_two({**one, "suite": "s"}, {**other, "cases": ["a"]}) == ["not-run", None]
    assert for_two({**one, "cases": ["b"]}, {**other, "cases": ["a"]}) == [None, None]
    assert for_two(one, {**other, "cases": ["*"]}) == [None, "not-run"]
    assert for_two(other, one, SUITE) == ["not-run", None]
    assert for_two(other, one, "Bias_Benchmark Suite") == ["not-run", None]


def test_t59_a_result_that_is_none_takes_nothing_from_the_others() -> None:
    items = [{"id": "rollback-drill", "report": "none.xml"}, {"id": SUITE, "report": "r.xml"},
             {"id": "smoke-test-suite", "report": "r.xml"}]  # fmt: skip
    found = facts_of(snapshot(entry(tests=items), files={"r.xml": suite(case("a"))}), policy())[0].tests
    assert [found[str(it["id"])].cause for it in items] == ["not-run", None, "not-run"]


@pytest.mark.parametrize("names", [8, 9])
def test_names_that_a_report_has_instead_are_told_up_to_eight(names: int) -> None:
    cases = [case(f"{number}{'x' * 99}") for number in range(names)]
    told = seen(suite("".join([*cases, cases[0]])), cases=["a"]).detail
    shown = ", ".join(f"{number}{'x' * 79}" for number in range(8))
    more = ", and 1 more" if names == 9 else ""
    assert told == f"no test of the report is one of its `cases:` (got {shown}{more})"


@pytest.mark.parametrize(
    ("card", "stated", "says"),
    [
        ("2.1", "2.1", True), ("2.1", "v2.1", True), ("v2.1", "2.1", True), ("2.1 of May", "V2.1", True),
        ("release 2.1.", "2.1", True), ("2.1", "2.10", False), ("2.1", "2", False),
        ("gpt-4o, may build", "gpt-4o", True),
    ],
)  # fmt: skip
def test_a_run_of_another_version_than_the_card_names_is_no_run_of_this_model(
    card: str, stated: str, says: bool
) -> None:
    given = f"<properties><property name='model-version' value='{stated}'/></properties>"
    item = {"id": SUITE, "report": "r.xml"}
    files = {"r.xml": suite(given + case("a")), "card.md": f"# C\n\n## Version\n\n{card}\n"}
    fact = facts_of(snapshot(entry(tests=[item], model_card="card.md"), files=files), policy())[0].tests[SUITE]
    assert fact.cause == (None if says else "not-run")


def test_a_result_without_the_version_that_its_entry_names_is_none_of_it() -> None:
    silent = seen(suite(case("a")), version="2.1")
    assert (silent.cause, silent.detail) == ("not-run", "it does not say for which model version (expected 2.1)")
    assert seen(suite(case("a"))).cause is None
    given = "<properties><property name='model-version' value='2.0'/></properties>"
    assert seen(suite(given + case("a")), version="2.1").detail.startswith("for another model version (got 2.0")
    inner = f"<testcase name='b'>{given}</testcase>"
    assert "1 of 2 tests do not" in seen(suite(case("a") + inner), version="2.0").detail


def test_a_suite_without_a_test_says_what_it_is_of_before_how_it_ended() -> None:
    given = "<properties><property name='model-version' value='2.0'/></properties>"
    assert seen(suite(given, failures="1"), version="2.0").cause == "failed"
    assert seen(suite("", failures="1"), version="2.0").detail.startswith("it does not say for which model version")


@pytest.mark.parametrize(
    ("pattern", "name", "counts"),
    [
        ("ab", "ab", True), ("ab", "abc", False), ("ab", "cab", False), ("AB", "aB", True),
        ("a*", "abc", True), ("a*", "ba", False), ("*c", "abc", True), ("*c", "abd", False), ("*", "x", True),
        ("a*c", "abc", True), ("a*c", "ac", True), ("a*c", "abd", False), ("a*c", "bac", False),
        ("aba*aba", "aba", False),
        ("a*b*c", "axbxc", True), ("a*b*c", "abc", True), ("a*b*c", "axc", False), ("a*b*c", "acb", False),
        ("a*b*bc", "abc", False), ("a**c", "abc", True), ("*b*", "bx", True), ("*b*", "ac", False),
    ],
)  # fmt: skip
def test_a_pattern_of_the_entry_says_which_tests_count(pattern: str, name: str, counts: bool) -> None:
    found = seen(suite(case(name)), cases=[pattern])
    assert (found.cause, found.executed) == ((None, 1) if counts else ("not-run", 0))


def test_words_of_a_failure_that_a_skip_follows_stay_its_words() -> None:
    text = "<testcase name='a'><failure>it broke</failure><skipped/>and more</testcase>"
    (failed,) = seen(suite(text)).failed
    assert failed.message == "it broke"
    (both,) = seen(suite("<testcase name='a'><skipped>not now</skipped><failure/></testcase>")).failed
    assert "not now" not in both.message


def picked(*inner: str, cases: Sequence[str] = ("c.a",), more: Sequence[tuple[str, str]] = ()) -> TestFact:
    """A result whose entry picks these out of a report that holds a test `a` of class `c` and more."""
    item = {"id": SUITE, "report": "r.xml", "cases": [*cases]}
    others = [{"id": "smoke-test-suite", "report": report, "cases": [name]} for report, name in more]
    files = {
        "r.xml": f"<testsuites>{suite(''.join([case('a', classname='c'), *inner]))}</testsuites>",
        "other.xml": suite(case("b", "<failure/>", classname="c")),
    }
    return facts_of(snapshot(entry(tests=[item, *others]), files=files), policy())[0].tests[SUITE]


BESIDE = case("b", "<failure/>", classname="c")
BARE = case("score 1"), case("score 2", "<failure/>"), case("latency", "<failure/>")


@pytest.mark.parametrize(
    ("inner", "more", "left"),
    [
        ([BESIDE], {}, ["c.b"]),
        ([case("b", "<error/>", classname="c")], {}, ["c.b"]),
        ([case("b", classname="c")], {}, []),
        ([case("b", "<skipped/>", classname="c")], {}, []),
        ([BESIDE], {"cases": ["c.*"]}, []),
        # another class, unless it differs in numbers alone
        ([case("b", "<failure/>", classname="d")], {}, []),
        ([case("a", "<failure/>", classname="d")], {}, []),
        ([case("a", classname="c1"), case("a", "<failure/>", classname="c2")], {"cases": ["c1.a"]}, ["c2.a"]),
        ([case("a", classname="c1"), case("b", "<failure/>", classname="c2")], {"cases": ["c1.a"]}, []),
        # without classes: all of the suite where single names are picked, and where patterns are, what is called alike
        (BARE, {"cases": ["score 1"]}, ["score 2", "latency"]),
        (BARE, {"cases": ["*ore 1"]}, ["score 2"]),
        (BARE, {"cases": ["score 1", "no*"]}, ["score 2"]),
        (BARE, {"cases": ["score*"]}, []),
        (BARE[2:], {}, ["latency"]),
        ([*BARE[:1], f"</testsuite>{suite(BARE[2])}<testsuite name='t'>"], {"cases": ["score 1"]}, []),
        # what another test of the system counts is no loss; a failure of that name in another report is
        ([BESIDE, case("b2", "<failure/>", classname="c")], {"more": [("r.xml", "c.b")]}, ["c.b2"]),
        ([BESIDE], {"more": [("r.xml", "c.b")]}, []),
        ([BESIDE], {"more": [("other.xml", "c.b")]}, ["c.b"]),
        ([BESIDE, case("z", "<skipped/>", classname="c")], {"more": [("r.xml", "c.z")]}, ["c.b"]),
    ],
)
def test_failures_beside_the_tests_that_an_entry_picks_count_unless_another_test_has_them(
    inner: Sequence[str], more: dict[str, Any], left: list[str]
) -> None:
    found = picked(*inner, **more)
    assert [it.name for it in found.left_out] == left
    own = [it.name for it in found.failed if it.name not in left]
    assert (found.cause, found.is_sample) == ("failed" if left or own else None, False)
    assert [it.name for it in found.failed] == [*own, *left]


def test_what_is_wrong_with_the_picked_tests_themselves_goes_before_failures_beside_them() -> None:
    skipped, ran = (picked(case("z", inner, classname="c"), BESIDE, cases=["c.z"]) for inner in ("<skipped/>", ""))
    assert (skipped.cause, skipped.failed, skipped.left_out) == ("not-run", (), ())
    assert (ran.cause, len(ran.left_out)) == ("failed", 1), "the control: it ran"
    both = picked(case("z", "<failure/>", classname="c"), BESIDE, cases=["c.z"])
    assert ([it.name for it in both.failed], [it.name for it in both.left_out]) == (["c.z", "c.b"], ["c.b"])


def test_a_failure_beside_the_picked_ones_is_told_though_its_suite_of_that_name_failed_too() -> None:
    found = picked("<failure/>", case("s", "<failure/>"))
    assert ([it.name for it in found.failed], [it.name for it in found.left_out]) == (["s", "s"], ["s"])
    assert [it.name for it in picked("<failure/>").failed] == ["s"], "the control: the suite alone"


@pytest.mark.parametrize(("number", "untold"), [(1, []), (5, []), (6, ["1"]), (7, ["2"])])
def test_of_failures_beside_the_picked_ones_five_are_named_and_the_rest_is_counted(
    number: int, untold: list[str]
) -> None:
    names = [f"c.{chr(ord('k') + at) * 90}" for at in range(number)]
    found = picked(*(case(name[2:], "<failure/>", classname="c") for name in names))
    assert len(found.left_out) == number
    assert [name for name in names if name[:80] in found.detail] == names[:5]
    assert not any(name[:81] in found.detail for name in names)
    assert re.findall(r"\d+", found.detail) == [str(number), *untold]
