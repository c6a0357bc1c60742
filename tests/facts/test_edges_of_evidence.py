"""What was seen of each paper and result at its edges: where it is, whose it is, and whether it left or is another."""

from __future__ import annotations

from typing import Any

import pytest
from facts_world import entry, evidence, policy, snapshot
from msgspec.structs import replace

from policy_gate.cards.markdown_outline import MAX_TEXT
from policy_gate.cards.placeholders import DRAFTED, UNKNOWN
from policy_gate.facts.changes import changes_between
from policy_gate.facts.changes_evidence import is_replaced
from policy_gate.facts.document_sections import KEPT, DocumentText, Readings, read_markdown
from policy_gate.facts.facts import facts_of
from policy_gate.facts.result_dialects import outcome_of_attributes
from policy_gate.schema.facts import ArtifactFact, TestFact
from policy_gate.schema.snapshot import Evidence, Snapshot
from policy_gate.schema.source import Problem

PAPER, RUN = "red-team-report", "smoke-test-suite"
MORE = "Something else that nobody here has ever written, in many words. "
WORDS = "We attacked the ranking service for two weeks with eight people and wrote down all that we saw. "


def tree(files: dict[str, Any] | None = None, *papers: dict[str, Any], **fields: Any) -> Snapshot:
    items = papers or ({"id": PAPER, "path": "r.md"},)
    named = {"artifacts": list(items), "tests": [{"id": RUN, "report": "t.xml"}], **fields}
    return snapshot(entry(**named), files=files)


def paper(files: dict[str, Any], **fields: Any) -> ArtifactFact:
    return facts_of(tree(files, {"id": PAPER, "path": "r.md", **fields}), policy())[0].artifacts[PAPER]


def run(text: str | Evidence, **fields: Any) -> TestFact:
    item = {"id": RUN, "report": "t.xml", **fields}
    return facts_of(snapshot(entry(tests=[item]), files={"t.xml": text}), policy())[0].tests[RUN]


def told(base: Snapshot, result: Snapshot) -> list[tuple[str, str]]:
    found = changes_between(facts_of(base, policy()), facts_of(result, policy()), base, result, policy())
    return [(change.kind, change.field) for change in found]


def test_a_paper_that_is_not_there_is_told_by_its_path_in_the_repository() -> None:
    below = snapshot(entry(artifacts=[{"id": PAPER, "path": "r.md"}]), manifest="hr/governance.yaml")
    fact = facts_of(below, policy())[0].artifacts[PAPER]
    assert (fact.path, fact.cause, fact.oid) == ("hr/r.md", "absent", None)
    assert fact.detail == "r.md: there is no such file"
    outside = paper({}, path="../r.md")
    assert (outside.path, outside.cause) == ("../r.md", "refused")
    assert "leads outside" in outside.detail


@pytest.mark.parametrize(
    ("state", "fields", "attested", "cause", "said"),
    [
        ("binary", {"sha256": "a" * 64, "held_by": "Us"}, True, None, ""),
        ("binary", {"sha256": "b" * 64, "held_by": "Us"}, False, "refused", "and not the one of the entry"),
        ("binary", {"held_by": "Us"}, False, "refused", "sha256 and held_by would attest it"),
        ("binary", {"sha256": "a" * 64}, False, "refused", "sha256 and held_by would attest it"),
        ("binary", {}, False, "refused", "sha256 and held_by would attest it"),
        ("symlink", {"sha256": "a" * 64, "held_by": "Us"}, False, "refused", "it is a symbolic link, not a file"),
        ("absent", {}, False, "absent", "there is no such file"),
    ],
)
def test_d19_what_cannot_be_read_counts_by_the_digest_that_its_entry_names(
    state: Any, fields: dict[str, str], attested: bool, cause: str | None, said: str
) -> None:
    fact = paper({"r.md": Evidence("r.md", state, "1" * 40, None, sha256="a" * 64)}, **fields)
    assert (fact.attested, fact.cause) == ("a" * 64 if attested else None, cause)
    assert said in fact.detail
    if attested:
        assert fact.substance == f"sha256:{'a' * 64}"


@pytest.mark.parametrize(
    ("fields", "cause", "said"),
    [
        ({}, "absent", "neither a path nor evidence held elsewhere"),
        ({"url": "https://example.org/r"}, "refused", "needs sha256 and held_by"),
        ({"sha256": "a" * 64}, "refused", "needs held_by"),
        ({"url": "https://example.org/r", "held_by": "Us"}, "refused", "needs sha256"),
        ({"sha256": "a" * 64, "held_by": "Us"}, None, ""),
    ],
)
def test_d19_evidence_held_elsewhere_names_its_digest_and_who_holds_it(
    fields: dict[str, str], cause: str | None, said: str
) -> None:
    fact = paper({}, path=None, **fields)
    assert (fact.cause, fact.attested) == (cause, None if cause else "a" * 64)
    assert said in fact.detail


@pytest.mark.parametrize(
    ("fields", "cause", "said"),
    [
        ({}, "not-run", "neither a report nor a result held elsewhere"),
        ({"url": "https://example.org/r"}, "refused", "needs sha256 and held_by"),
        ({"sha256": "a" * 64}, "refused", "needs held_by"),
        ({"sha256": "a" * 64, "held_by": "Us"}, None, ""),
    ],
)
def test_d19_a_result_held_elsewhere_names_its_digest_and_who_holds_it(
    fields: dict[str, str], cause: str | None, said: str
) -> None:
    fact = run("", report=None, **fields)
    assert (fact.cause, fact.attested, fact.path) == (cause, None if cause else "a" * 64, "")
    assert said in fact.detail


@pytest.mark.parametrize("mark", [DRAFTED, UNKNOWN])
def test_a_draft_that_nobody_has_checked_is_a_template_at_its_first_mark(mark: str) -> None:
    fact = paper({"r.md": f"# R\n\n{WORDS}\n\n- {mark} who did it\n\n{UNKNOWN} when\n"})
    assert fact.cause == "template"
    assert fact.detail.startswith(f'r.md:5 is a draft that nobody has checked yet: it says "- {mark} who')


def test_what_texts_were_read_as_is_kept_until_there_are_too_many() -> None:
    readings, texts = Readings(), [DocumentText(str(number)) for number in range(KEPT + 1)]
    read = {text: read_markdown(text.text) for text in texts[:2]}
    assert readings.known(texts[0]) is None
    readings.keep(read)
    assert readings.known(texts[1]) is read[texts[1]]
    readings.keep(dict.fromkeys(texts[2:], read[texts[0]]))
    assert (readings.known(texts[1]), readings.known(texts[2])) == (None, read[texts[0]])


def test_what_a_reader_refused_is_refused_with_its_place_and_hint() -> None:
    flaw = Problem("r.yaml", "is broken", line=3, hint="mend it")
    broken = replace(evidence("r.yaml", "a: b\n"), problem=flaw, data=None)
    fact = paper({"r.yaml": broken}, path="r.yaml")
    assert (fact.cause, fact.flaw_at) == ("refused", flaw.location)
    assert fact.detail.endswith("is broken; mend it")
    none = paper({"r.yaml": evidence("r.yaml", "# nothing but a note\n")}, path="r.yaml")
    assert (none.cause, none.detail) == ("refused", "r.yaml: it holds no data")
    assert paper({"r.md": "word " * (MAX_TEXT // 5)}).cause != "refused"
    assert "it is too large to be read" in paper({"r.md": "word " * (MAX_TEXT // 5) + "more"}).detail


def test_one_text_may_stand_twice_only_where_one_paper_counts_as_the_other() -> None:
    def causes(one: dict[str, Any], other: dict[str, Any], **files: str) -> list[str | None]:
        found = facts_of(tree({f"{name}.md": text for name, text in files.items()}, one, other), policy())[0]
        return [found.artifacts[item["id"]].cause for item in (one, other)]

    report, other = {"id": PAPER, "path": "r.md"}, {"id": "rollback-procedure", "path": "r.md"}
    assert causes(report, other, r=WORDS) == [None, "refused"]
    assert causes({**report, "path": "s.md"}, other, r=WORDS) == ["absent", None]
    assert causes({"id": PAPER, "sha256": "a" * 64, "held_by": "Us"}, other, r=WORDS) == [None, None]
    checklist = policy().artifacts["security-checklist"]
    pair = {"id": "security-checklist", "path": "r.md"}, {"id": checklist.satisfied_by[0], "path": "r.md"}
    assert causes(*pair, r=WORDS) == causes(*pair[::-1], r=WORDS) == [None, None]


@pytest.mark.parametrize("text", ["", " \n"])
def test_two_files_without_a_word_are_each_empty_and_no_copy_of_each_other(text: str) -> None:
    papers = [{"id": id_, "path": f"{id_}.md"} for id_ in (PAPER, "incident-response-plan")]
    found = facts_of(tree({f"{it['id']}.md": text for it in papers}, *papers), policy())[0].artifacts
    assert {fact.cause for fact in found.values()} == {"empty"}


def test_d37_a_line_that_names_systems_is_looked_for_at_the_head_of_the_document() -> None:
    def names(text: str) -> tuple[str, ...]:
        base = tree({"r.md": text})
        return facts_of(replace(base, systems_named=frozenset({"SYS-002"})), policy())[0].artifacts[PAPER].names_systems

    lines = [f"{WORDS}{number}" for number in range(60)]
    assert names("\n".join([*lines[:39], "System: SYS-002"])) == ("SYS-002",)
    assert names("\n".join([*lines[:40], "System: SYS-002"])) == ()
    assert names("Systems: SYS-002, SYS-001 and SYS-777") == ("SYS-001", "SYS-002")
    assert names("System: SYS-002\nFor system: SYS-001") == ("SYS-001", "SYS-002")


@pytest.mark.parametrize(
    ("state", "text", "cause"),
    [
        ("absent", None, "not-run"),
        ("binary", None, "refused"),
        ("symlink", None, "refused"),
        ("file", None, "refused"),
        ("file", " \n", "not-run"),
    ],
)
def test_a_result_that_is_no_text_file_is_no_run(state: Any, text: str | None, cause: str) -> None:
    fact = run(Evidence("t.xml", state, "1" * 40, text))
    assert (fact.cause, fact.executed) == (cause, 0)
    outside = run("<testsuite/>", report="../t.xml")
    assert (outside.cause, outside.path) == ("refused", "../t.xml")
    assert "leads outside" in outside.detail
    missing = run("", report="u.xml")
    assert (missing.cause, missing.detail) == ("not-run", "u.xml: there is no such file")


def test_what_a_report_without_the_wanted_tests_lacks_is_told() -> None:
    assert run("<testsuite name='s'/>").detail == "the report holds no test"
    assert run("<testsuite name='s'/>", cases=["a"]).detail == "the report holds no test"
    other = run("<testsuite name='s'><testcase name='b'/></testsuite>", cases=["a"])
    assert (other.cause, other.detail) == ("not-run", "no test of the report is one of its `cases:` (got b)")
    skipped = run("<testsuite name='s'><testcase name='b'><skipped/></testcase></testsuite>")
    assert (skipped.cause, skipped.detail) == ("not-run", "all 1 tests were skipped")


def test_totals_count_what_was_skipped_by_any_name_of_it() -> None:
    for name in ("skipped", "skips", "ignored", "pending", "notrun", "not-run", "inconclusive", "blocked", "disabled"):
        fact = run(f"<testsuite name='s' {name}='1'><testcase name='a'/><testcase name='b'/></testsuite>")
        assert (fact.executed, fact.skipped) == (1, 1), name


def test_attributes_are_those_of_a_test_unless_a_suite_is_meant() -> None:
    assert outcome_of_attributes({"skipped": "true"}).outcome == "skipped"
    assert outcome_of_attributes({"skipped": "3"}, of_suite=True).outcome == "passed", "a count, which is read as one"
    assert outcome_of_attributes({"skipped": "true"}, of_suite=True).outcome == "unknown"
    assert outcome_of_attributes({"status": "failed"}, of_suite=True).said == 'status="failed"'


# What left, and what is another


def test_what_is_not_there_any_more_left_and_what_never_was_did_not() -> None:
    there = tree({"r.md": WORDS, "t.xml": "<testsuite name='s'><testcase name='a'/></testsuite>"})
    assert told(there, tree()) == [("artifact-removed", PAPER), ("test-removed", RUN)]
    assert told(tree(), tree()) == []
    assert told(tree(), there) == []
    empty = tree({"r.md": "", "t.xml": "<testsuite name='s'><testcase name='a'/></testsuite>"})
    assert told(empty, tree()) == [("artifact-removed", PAPER), ("test-removed", RUN)]
    assert told(tree(), tree({"r.md": ""})) == []


@pytest.mark.parametrize(
    ("was", "now", "is_told"),
    [
        (WORDS, MORE, True),
        (WORDS, WORDS, False),
        ("", WORDS, False),
        (WORDS, "# R\n\nTODO\n", False),
    ],
)
def test_d58_a_document_is_replaced_by_another_that_can_be_read(was: str, now: str, is_told: bool) -> None:
    found = told(tree({"r.md": was}), tree({"r.md": now}))
    assert (("evidence-replaced", PAPER) in found) is is_told


def test_d58_the_same_text_is_no_other_whatever_share_of_words_the_policies_allow() -> None:
    kinds = policy().change_kinds
    name = "evidence-renewed"
    no_share = replace(policy(), change_kinds={**kinds, name: replace(kinds[name], below_percent=None)})
    no_kind = replace(policy(), change_kinds={id_: kind for id_, kind in kinds.items() if id_ != name})
    for rules in (no_share, no_kind):
        was, same, other = (
            facts_of(tree({"r.md": text}), rules)[0].artifacts[PAPER] for text in (WORDS, f"\n{WORDS}", MORE)
        )
        assert not is_replaced(was, same, rules)
        assert is_replaced(was, other, rules)


@pytest.mark.parametrize(("words", "other", "is_other"), [(100, 9, False), (100, 10, True), (101, 10, False)])
def test_d52_a_tenth_of_the_words_makes_another_text_and_less_does_not(words: int, other: int, is_other: bool) -> None:
    text = [f"word{number}" for number in range(words)]
    edited = [f"other{number}" if number in range(1, 4 * other, 4) else word for number, word in enumerate(text)]
    found = told(tree({"r.md": " ".join(text)}), tree({"r.md": " ".join(edited)}))
    assert (("evidence-replaced", PAPER) in found) is is_other


def test_d58_evidence_held_elsewhere_is_replaced_by_whatever_can_be_read_here() -> None:
    held = {"id": PAPER, "sha256": "a" * 64, "held_by": "Us"}
    here = tree({"r.md": WORDS})
    base = tree({}, held)
    found = changes_between(facts_of(base, policy()), facts_of(here, policy()), base, here, policy())
    (change,) = [item for item in found if item.kind == "evidence-replaced"]
    assert change.before == f"sha256:{'a' * 64}"
    assert change.after == f"r.md ({(here.evidence['r.md'].oid or '')[:10]})"
    assert ("evidence-replaced", PAPER) not in told(here, base), "somebody vouches for that"


@pytest.mark.parametrize(
    ("was", "now", "is_told"),
    [
        ("<testsuite name='s'><testcase name='a'/></testsuite>", None, True),
        ("<testsuite name='s'><testcase name='a'/></testsuite>", "<testsuite name='s'><testcase name='b'/></testsuite>",
         False),
        ("<testsuite name='s'><testcase name='a'/></testsuite>",
         "<testsuite name='s'>\n  <testcase name='a'/>\n</testsuite>", True),
        ("no result", "none either", False),
        ("<testsuite name='s'><testcase name='a' time='1'/></testsuite>",
         "<testsuite name='s'><testcase name='a' time='2'/></testsuite>", False),
    ],
)  # fmt: skip
def test_t12_the_same_run_under_a_later_date_is_redated(was: str, now: str | None, is_told: bool) -> None:
    def dated(text: str, day: str) -> Snapshot:
        return tree({"t.xml": text}, tests=[{"id": RUN, "report": "t.xml", "completed": day}])

    base, result = dated(was, "2026-01-01"), dated(was if now is None else now, "2026-11-01")
    assert (("evidence-redated", RUN) in told(base, result)) is is_told
    assert ("evidence-redated", RUN) not in told(result, base)


def test_what_is_vouched_for_anew_stands_at_its_list_in_base() -> None:
    held = {"id": PAPER, "sha256": "a" * 64, "held_by": "Us"}
    base, result = tree({}, held), tree({}, {**held, "sha256": "b" * 64})
    found = changes_between(facts_of(base, policy()), facts_of(result, policy()), base, result, policy())
    (change,) = [item for item in found if item.kind == "evidence-attested"]
    assert change.base_location == base.systems[0].at("artifacts")


def test_d19_what_was_held_elsewhere_and_leaves_the_entry_is_told_by_its_digest() -> None:
    held = {"id": PAPER, "sha256": "a" * 64, "held_by": "Us"}
    base, result = tree({}, held), tree({}, {"id": "another-paper", "path": "o.md"})
    found = changes_between(facts_of(base, policy()), facts_of(result, policy()), base, result, policy())
    (gone,) = [change for change in found if change.kind == "artifact-removed"]
    assert (gone.field, gone.before, gone.after) == (PAPER, "a" * 64, None)
