"""What a change is told with: both values and the place, so that whoever approves sees what is approved."""

from __future__ import annotations

from typing import Any

import pytest
from facts_world import PROFILE, entry, evidence, improved_unassessed, policy, snapshot
from msgspec.structs import replace

from policy_gate.facts.changes import changes_between, pair_up
from policy_gate.facts.facts import facts_of
from policy_gate.schema.change import Change
from policy_gate.schema.documents import Waivers
from policy_gate.schema.snapshot import CodeFile, Evidence, Snapshot
from policy_gate.schema.source import Document, Location, Mark

CARD = "# Screener\n\n## Limitations\n\nWeak on handwritten resumes.\n"
WORDS = "We attacked the ranking service for two weeks with eight people and wrote down all that we saw. "


def tree(
    files: dict[str, str | Evidence] | None = None, vendor: dict[str, Any] | None = None, **fields: Any
) -> Snapshot:
    vendors = [{"id": "acme", "vendor_name": "Acme", **(vendor or {})}]
    return snapshot(entry(**fields), files=files, vendors=vendors)


def between(base: Snapshot, result: Snapshot) -> tuple[Change, ...]:
    return changes_between(facts_of(base, policy()), facts_of(result, policy()), base, result, policy())


def told(base: Snapshot, result: Snapshot) -> list[tuple[str, str, Any, Any]]:
    return [(change.kind, change.field, change.before, change.after) for change in between(base, result)]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("ranks people", "rejects people", [("use-case-changed", "description", "ranks people", "rejects people")]),
        (
            " ranks people\n",
            " rejects people ",
            [("use-case-changed", "description", "ranks people", "rejects people")],
        ),
        ("ranks people", "", [("use-case-changed", "description", "ranks people", None)]),
        ("ranks people", "Ranks  people.", []),
        ("", "ranks people", []),
    ],
)
def test_the_purpose(before: str, after: str, found: list[Any]) -> None:
    assert told(tree(description=before), tree(description=after)) == found


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("1.4", "1.5", [("model-changed", "model_version", "1.4", "1.5")]),
        ("1.4", None, [("model-changed", "model_version", "1.4", None)]),
        ("v1 Large", " V1  large ", []),
        (None, "1.4", []),
        (None, None, []),
    ],
)
def test_the_model(before: str | None, after: str | None, found: list[Any]) -> None:
    assert told(tree(model_version=before), tree(model_version=after)) == found


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("description", "ranks", "rejects"),
        ("model_version", "1", "2"),
        ("paths", ["a/**"], ["b/**"]),
        ("stage", "development", "conception"),
        ("enrolled", "2026-01-01", "2026-02-01"),
        ("stage_since", "2026-01-01", "2026-02-01"),
        ("regulatory_scope", ["gdpr"], []),
        ("risk_profile.decision_impact", PROFILE, {**PROFILE, "decision_impact": "life_safety"}),
        ("risk_profile.decision_impact", PROFILE, {**PROFILE, "decision_impact": "informational"}),
        ("facts.eu_market", {"eu_market": True}, {"eu_market": False}),
    ],
)
def test_a_change_of_the_entry_is_located_at_its_line_in_both_manifests(name: str, before: Any, after: Any) -> None:
    sides, (first, *inner) = [], name.split(".")
    for value, line in ((before, 7), (after, 9)):
        side = snapshot(entry(**{first: value}), code={"a/x.py": "1" * 40})
        marks = {("systems", 0): Mark(2, 5), ("systems", 0, first, *inner): Mark(line, 5)}
        manifest = replace(side.manifests[0], marks=marks)
        sides.append(replace(side, systems=(replace(side.systems[0], manifest=manifest),), manifests=(manifest,)))
    found = [change for change in between(*sides) if change.field == name.rpartition(".")[2]]
    assert found
    for change in found:
        assert change.location == Location("governance.yaml", 9, 5)
        assert change.base_location == Location("governance.yaml", 7, 5)


def test_a_card_that_left_is_evidence_that_left_and_so_are_its_limits() -> None:
    base = tree({"card.md": CARD}, model_card="card.md")
    assert told(base, tree()) == [
        ("artifact-removed", "model_card", "card.md", None),
        ("card-section-removed", "known_limitations", "Weak on handwritten resumes.", None),
        ("card-section-removed", "model_name", "Screener", None),
        ("limit-dropped", "known_limitations", "Weak on handwritten resumes.", None),
    ]


def test_a_card_that_base_could_not_read_says_nothing_that_could_be_lost() -> None:
    unread = tree({"card.md": Evidence("card.md", "binary", "1" * 40, None)}, model_card="card.md")
    assert told(unread, tree({"card.md": CARD}, model_card="card.md")) == []
    assert told(unread, tree()) == []


@pytest.mark.parametrize(
    ("share", "kind"),
    [(0, "evidence-redated"), (1, "evidence-renewed"), (None, "evidence-renewed"), (2, "evidence-replaced")],
)
def test_d52_a_later_date_wants_as_many_other_words_as_the_policies_say(share: int | None, kind: str) -> None:
    limit = policy().change_kinds["evidence-renewed"].below_percent
    assert limit is not None
    words = [f"word{number}" for number in range(99)]  # and one word of the title: a hundred
    other = {0: 0, 1: 1, None: limit - 1, 2: limit}[share]
    edited = [f"other{number}" for number in range(other)] + words[other:]

    def dated(text: list[str], day: str) -> Snapshot:
        item = {"id": "red-team-report", "path": "r.md", "status": "final", "completed": day}
        return tree({"r.md": f"# Report\n\n{' '.join(text)}\n"}, artifacts=[item])

    base = dated(words, "2026-01-01")
    result = dated(edited, "2026-11-01")
    (change,) = between(base, result)
    assert change.kind == kind
    if kind != "evidence-replaced":
        assert (change.before, change.after) == ("2026-01-01", "2026-11-01")
        assert not any(change.kind == kind for change in between(result, base)), "an earlier date is no new work"


def test_evidence_that_leaves_is_told_with_where_it_was() -> None:
    base = tree(
        {"r.md": WORDS, "t.xml": "<testsuite name='s'><testcase name='a'/></testsuite>"},
        artifacts=[{"id": "red-team-report", "path": "r.md"}],
        tests=[{"id": "smoke-test-suite", "report": "t.xml"}],
    )
    assert told(base, tree()) == [
        ("artifact-removed", "red-team-report", "r.md", None),
        ("test-removed", "smoke-test-suite", "t.xml", None),
    ]
    gone = tree(
        artifacts=[{"id": "red-team-report", "path": "r.md"}], tests=[{"id": "smoke-test-suite", "report": "t.xml"}]
    )
    assert told(base, gone) == [
        ("artifact-removed", "red-team-report", "r.md", "r.md"),
        ("test-removed", "smoke-test-suite", "t.xml", "t.xml"),
    ]
    assert told(gone, tree()) == told(base, tree())


@pytest.mark.parametrize(
    ("cases", "told_as"),
    [
        ("<testcase name='a'/><testcase name='b'><failure/></testcase>", "1 of 2 failed"),
        ("<testcase name='a'><skipped/></testcase>", "all 1 tests were skipped"),
        ("", "the report holds no test"),
        ("<testcase name='c'/><testcase name='d'/>", None),
    ],
)
def test_a_result_that_does_not_pass_any_more_is_told(cases: str, told_as: str | None) -> None:
    def results(of: str) -> Snapshot:
        files = {"t.xml": f"<testsuite name='s'>{of}</testsuite>"}
        return tree(files, tests=[{"id": "smoke-test-suite", "report": "t.xml"}])

    passed, other = results("<testcase name='a'/>"), results(cases)
    expected = [] if told_as is None else [("test-failed", "smoke-test-suite", "1 passed", told_as)]
    assert told(passed, other) == expected
    assert told(other, passed) == []
    assert told(other, other) == []


def test_a_result_that_was_held_elsewhere_and_fails_where_it_is_read_now_is_told() -> None:
    item = {"id": "smoke-test-suite", "sha256": "a" * 64, "held_by": "Acme"}
    files = {"t.xml": "<testsuite name='s'><testcase name='a'><failure/></testcase></testsuite>"}
    now = tree(files, tests=[{"id": "smoke-test-suite", "report": "t.xml"}])
    assert ("test-failed", "smoke-test-suite", "held elsewhere", "1 of 1 failed") in told(tree(tests=[item]), now)


def held(digest: str = "a", **more: Any) -> Snapshot:
    return tree(artifacts=[{"id": "red-team-report", "sha256": digest * 64, "held_by": "Acme", **more}])


@pytest.mark.parametrize(
    ("base", "result", "found"),
    [
        (tree(), held(), (None, f"sha256:{'a' * 64} held by Acme")),
        (held(), held("b"), (f"sha256:{'a' * 64} held by Acme", f"sha256:{'b' * 64} held by Acme")),
        (
            held(),
            held(status="final", completed="2026-11-01", url="https://example.org/r"),
            (
                f"sha256:{'a' * 64} held by Acme",
                f"sha256:{'a' * 64} held by Acme at https://example.org/r, final, completed 2026-11-01",
            ),
        ),
    ],
)
def test_d47_evidence_held_elsewhere_is_told_in_words(base: Snapshot, result: Snapshot, found: Any) -> None:
    (change,) = between(base, result)
    assert (change.kind, change.field) == ("evidence-attested", "red-team-report")
    assert (change.before, change.after) == found
    assert change.location == result.systems[0].at("artifacts", 0)


def test_d47_a_later_date_alone_is_a_change_of_its_own() -> None:
    base, result = held(completed="2026-01-01"), held(completed="2026-11-01")
    assert told(base, result) == [("evidence-redated", "red-team-report", "2026-01-01", "2026-11-01")]
    kinds = [change.kind for change in between(base, held(completed="2026-11-01", status="final"))]
    assert kinds == ["evidence-attested", "evidence-redated"]
    assert between(base, base) == ()


def test_t36_a_claim_of_no_concern_is_told_with_both_reasons() -> None:
    def claimed(*reasons: str) -> Snapshot:
        return tree(not_applicable=[{"id": f"test-{at}", "reason": reason} for at, reason in enumerate(reasons)])

    assert told(tree(), claimed("none")) == [("not-applicable-claimed", "test-0", None, "none")]
    assert told(claimed("none", "few"), claimed("none", "many")) == [
        ("not-applicable-claimed", "test-1", "few", "many")
    ]
    (change,) = between(claimed("none", "few"), claimed("none", "many"))
    assert change.location == claimed("none", "many").systems[0].at("not_applicable", 1)


@pytest.mark.parametrize(
    ("was", "now", "improved"),
    [
        ({}, {}, []),
        ({"use_case": "a"}, {"use_case": "b"}, []),
        ({}, {"use_case": "b"}, []),
        ({"has_dpa": False}, {"has_dpa": True}, ["has_dpa"]),
        ({"has_dpa": False}, {}, []),
        ({"has_dpa": True}, {"has_dpa": True}, []),
        ({"data_retention_days": 30}, {"data_retention_days": 31}, []),
        ({"data_retention_days": 30}, {"data_retention_days": 29}, ["data_retention_days"]),
        ({}, {"data_retention_days": 30}, ["data_retention_days"]),
        ({"data_retention_days": 30}, {}, []),
        ({"liability_cap": "EUR 1m"}, {"liability_cap": "USD 9m"}, []),
        ({"liability_cap": "EUR 1m"}, {"liability_cap": "EUR 2m"}, ["liability_cap"]),
        ({"has_dpa": False, "data_retention_days": 9}, {"has_dpa": True, "data_retention_days": 1},
         ["data_retention_days", "has_dpa"]),
        ({"has_dpa": False, "assessed_on": "2026-01-01"}, {"has_dpa": True, "assessed_on": "2026-01-01"}, ["has_dpa"]),
        ({"has_dpa": False, "assessed_on": "2026-01-01"}, {"has_dpa": True}, ["has_dpa"]),
        ({"has_dpa": False, "assessed_on": "2026-01-01"}, {"has_dpa": True, "assessed_on": "2026-01-02"}, []),
    ],
)  # fmt: skip
def test_answers_that_improve_without_a_later_assessment(
    was: dict[str, Any], now: dict[str, Any], improved: list[str]
) -> None:
    one, other = ({f"vendor.{name}": value for name, value in side.items()} for side in (was, now))
    assert improved_unassessed(one, other) == improved


def test_files_of_the_repository_are_told_by_what_happened_to_each() -> None:
    def with_files(**files: str) -> Snapshot:
        listed = tuple(CodeFile(f"policies/{name}.yaml", "100644", oid * 40) for name, oid in sorted(files.items()))
        return replace(tree(), policy_files=listed)

    base, result = with_files(edited="1", gone="2", kept="3"), with_files(edited="4", kept="3", new="5")
    assert told(base, result) == [
        ("policy-changed", "policies/edited.yaml", "1" * 40, "4" * 40),
        ("policy-changed", "policies/gone.yaml", "2" * 40, None),
        ("policy-changed", "policies/new.yaml", None, "5" * 40),
    ]


def test_d19_only_what_a_digest_can_stand_for_may_be_held_as_it_is() -> None:
    for state, attested in (("binary", True), ("lfs-pointer", True), ("symlink", False), ("submodule", False)):
        found = Evidence("r.pdf", state, "1" * 40, None, sha256="a" * 64)  # type: ignore[arg-type]
        item = {"id": "red-team-report", "path": "r.pdf", "sha256": "a" * 64, "held_by": "Acme"}
        fact = facts_of(tree({"r.pdf": found}, artifacts=[item]), policy())[0].artifacts["red-team-report"]
        assert (fact.attested is not None) is attested, state
        assert (fact.cause == "refused") is not attested, state


def test_one_text_is_not_two_papers() -> None:
    def seen(one: str, other: str, texts: dict[str, str]) -> Any:
        items = [{"id": "red-team-report", "path": one}, {"id": "rollback-procedures", "path": other}]
        files: dict[str, str | Evidence] = {path: evidence(path, text) for path, text in texts.items()}
        return facts_of(tree(files, artifacts=items), policy())[0].artifacts

    twice = seen("r.md", "r.md", {"r.md": WORDS})
    assert twice["red-team-report"].cause is None
    assert twice["rollback-procedures"].cause == "refused"
    assert twice["rollback-procedures"].detail.startswith("r.md has the same text as the red-team-report")
    copied = seen("r.md", "s.md", {"r.md": WORDS, "s.md": WORDS})
    assert copied["rollback-procedures"].cause == "refused"
    for texts in ({"r.md": WORDS, "s.md": f"{WORDS} And more."}, {"s.md": WORDS}):
        assert seen("r.md", "s.md", texts)["rollback-procedures"].cause is None


REPORT = f"# Report\n\n## Findings\n\n{WORDS}\n"
DRESSED = f"---\ntitle: ours\n---\n# Report\n\n\n## Findings\n\n*{WORDS.strip()}*\n"
MEANT_FOR_EACH_OTHER = next((it.id, it.satisfied_by[0]) for it in policy().artifacts.values() if it.satisfied_by)


@pytest.mark.parametrize(
    ("papers", "refused"),
    [
        ([("red-team-report", REPORT), ("rollback-procedures", DRESSED)], ["rollback-procedures"]),
        ([("red-team-report", DRESSED), ("rollback-procedures", REPORT)], ["rollback-procedures"]),
        ([("red-team-report", REPORT), ("rollback-procedures", REPORT.replace("eight", "nine"))], []),
        ([(id_, text) for id_, text in zip(MEANT_FOR_EACH_OTHER, (REPORT, DRESSED), strict=True)], []),
        ([(id_, text) for id_, text in zip(MEANT_FOR_EACH_OTHER[::-1], (REPORT, DRESSED), strict=True)], []),
        (
            [*zip(MEANT_FOR_EACH_OTHER, (REPORT, DRESSED), strict=True), ("rollback-procedures", f"{REPORT}\n")],
            ["rollback-procedures"],
        ),
        ([("red-team-report", "# A\n\nTBD\n"), ("rollback-procedures", "# A\n\n\nTBD\n")], []),
    ],
)
def test_one_text_in_another_dress_is_not_two_papers_unless_one_is_meant_to_do_for_the_other(
    papers: list[tuple[str, str]], refused: list[str]
) -> None:
    items = [{"id": id_, "path": f"{id_}.md"} for id_, _ in papers]
    files: dict[str, str | Evidence] = {f"{id_}.md": evidence(f"{id_}.md", text) for id_, text in papers}
    found = facts_of(tree(files, artifacts=items), policy())[0].artifacts
    assert [id_ for id_ in sorted(found) if found[id_].cause == "refused"] == refused
    assert all(papers[0][0] in found[id_].detail for id_ in refused)


def test_d47_what_a_new_system_has_somebody_vouch_for_is_told_too() -> None:
    result = held()
    (change,) = [change for change in between(snapshot(), result) if change.kind == "evidence-attested"]
    assert (change.before, change.after) == (None, f"sha256:{'a' * 64} held by Acme")
    assert change.base_location is None
    (edited,) = between(held(), held("b"))
    assert edited.base_location == result.systems[0].at("artifacts")


def test_both_sides_of_a_system_are_paired_by_manifest_first_and_then_by_id() -> None:
    def side(**folders: str) -> Snapshot:
        systems = [
            snapshot(entry(description=said), manifest=f"{folder}/governance.yaml").systems[0]
            for folder, said in folders.items()
        ]
        return replace(tree(), systems=tuple(systems))

    def pairs(base: Snapshot, result: Snapshot) -> list[tuple[str | None, str | None]]:
        found = pair_up(facts_of(base, policy()), facts_of(result, policy()))
        return [tuple(it.key.manifest[0] if it else None for it in pair) for pair in found]  # type: ignore[misc]

    assert pairs(side(a="one", b="two"), side(a="one", b="two")) == [("a", "a"), ("b", "b")]
    assert pairs(side(b="two"), side(a="one", b="two")) == [("b", "b"), (None, "a")]
    assert pairs(side(a="one"), side(b="one")) == [("a", "b")]
    assert pairs(side(a="one", b="two"), side(b="two")) == [("b", "b"), ("a", None)]


@pytest.mark.parametrize(
    ("stated", "names"),
    [
        ("system: OTHER", ("OTHER",)),
        ("systems: [OTHER, SYS-001]", ("OTHER", "SYS-001")),
        ("system_id: OTHER", ("OTHER",)),
        ("system_ids: [OTHER]", ("OTHER",)),
        ("system: Hiring Resume Screener", ("SYS-001",)),
        ("system:", ()),
        ("about: OTHER", ()),
    ],
)
def test_a_document_says_which_systems_it_is_for(stated: str, names: tuple[str, ...]) -> None:
    found = evidence("r.md", f"---\n{stated}\n---\n# Report\n\n{WORDS}\n")
    item = {"id": "red-team-report", "path": "r.md"}
    fact = facts_of(tree({"r.md": found}, artifacts=[item]), policy())[0].artifacts["red-team-report"]
    assert fact.names_systems == names


def test_waivers_are_told_as_plain_data_in_one_order() -> None:
    def side(*systems: str) -> Snapshot:
        waivers = [
            {"system": name, "rule": "r", "owner": "o", "approver": "a", "reason": "x", "created": "2026-01-01",
             "expires": "2026-02-01"}
            for name in systems
        ]  # fmt: skip
        content = Waivers.model_validate({"schema": "policy-gate/waiver/v1", "waivers": waivers})
        return replace(tree(), waivers=Document("governance/waivers.yaml", "", content, {}))

    (change,) = between(side("A"), side("B", "A"))
    assert [waiver["system"] for waiver in change.after] == ["A", "B"]
    assert (change.before[0]["created"], change.before[0]["expires"]) == ("2026-01-01", "2026-02-01")
    assert "subject" not in change.before[0], "what is not written"
    assert change.location == change.base_location == Location("governance/waivers.yaml", 1, 1)
    assert between(side("A", "B"), side("B", "A")) == ()
    (gone,) = between(side("A"), tree())
    assert (gone.after, gone.location) == ([], None)
