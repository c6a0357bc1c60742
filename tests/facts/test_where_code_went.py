"""Code that is claimed no more, went along, or is another system's now; and a guessed id that is mended (D48, D51)."""

from __future__ import annotations

from typing import Any

import pytest
from facts_world import PROFILE, entry, policy, snapshot
from msgspec.structs import replace

from policy_gate.facts.changes import changes_between, with_mended_ids
from policy_gate.facts.facts import facts_of
from policy_gate.report.wording import change_line
from policy_gate.schema.facts import Facts
from policy_gate.schema.snapshot import CodeFile, Snapshot
from policy_gate.schema.source import Location, Mark

CODE = {"a/x.py": "1" * 40, "a/y.py": "2" * 40}
LOWER = {**PROFILE, "decision_impact": "informational", "human_oversight": "full", "data_sensitivity": "non_sensitive"}


def tree(code: dict[str, str] | None = None, paths: tuple[str, ...] = ("a/**",), **more: Any) -> Snapshot:
    return snapshot(entry(paths=list(paths), **more), code=CODE if code is None else code)


def kinds(base: Snapshot, result: Snapshot) -> list[str]:
    found = changes_between(facts_of(base, policy()), facts_of(result, policy()), base, result, policy())
    return [change.kind for change in found]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ({"b/x.py": "1" * 40, "b/y.py": "2" * 40}, []),
        ({"b/x.py": "1" * 40, "b/y.py": "2" * 40, "b/z.py": "3" * 40}, []),
        ({"b/x.py": "1" * 40}, ["path-narrowed", "path-widened"]),
        ({"b/x.py": "1" * 40, "b/y.py": "9" * 40}, []),
        ({"b/x.py": "1" * 40, "b/z.py": "9" * 40}, ["path-narrowed", "path-widened"]),
        ({}, ["path-narrowed", "path-widened"]),
    ],
)
def test_h10_a_pattern_moves_only_with_all_of_its_files(code: dict[str, str], found: list[str]) -> None:
    assert kinds(tree(), tree(code, ("b/**",))) == found


def test_a_pattern_without_any_file_is_narrowed_when_it_goes() -> None:
    assert kinds(tree({}), tree({}, ("b/**",))) == ["path-narrowed", "path-widened"]


def test_two_files_of_one_content_want_both() -> None:
    twins = {"a/x.py": "1" * 40, "a/y.py": "1" * 40}
    assert kinds(tree(twins), tree({"b/x.py": "1" * 40}, ("b/**",))) == ["path-narrowed", "path-widened"]
    assert kinds(tree(twins), tree({"b/x.py": "1" * 40, "b/y.py": "1" * 40}, ("b/**",))) == []


def test_a_pattern_of_which_a_file_stays_has_not_moved_though_all_are_elsewhere_too() -> None:
    copied = {"b/x.py": "1" * 40, "b/y.py": "2" * 40}
    assert kinds(tree(), tree({**copied, "a/x.py": "1" * 40}, ("a/x.py", "b/**"))) == ["path-narrowed", "path-widened"]
    assert kinds(tree(), tree(copied, ("a/x.py", "b/**"))) == [], "the control"


def test_paths_that_were_a_guess_are_mended_and_not_narrowed() -> None:
    guessed = tree(guessed=["paths"])
    assert sorted(kinds(guessed, tree({}, ("b/**",)))) == ["path-widened", "paths-mended"]
    assert "path-narrowed" in kinds(tree(guessed=["stage"]), tree({}, ("b/**",)))


def test_d51_a_file_left_behind_is_narrowed_unless_as_strict_a_system_took_it() -> None:
    gone = CodeFile("c/x.py", "100644", "1" * 40)

    def left(path: str, claimed_by: dict[str, tuple[str, ...]], **other: Any) -> list[str]:
        both = snapshot(entry(paths=["a/**"]), entry(id="SYS-002", paths=["c/**"], **other), code=CODE)
        result = snapshot(entry(paths=["a/**"]), entry(id="SYS-002", paths=["c/**"], **other), code=CODE)
        first = replace(result.systems[0], left_behind=(gone._replace(path=path),), claimed_by=claimed_by)
        return kinds(both, replace(result, systems=(first, result.systems[1])))

    assert left("c/x.py", {}) == ["path-narrowed"]
    assert left("c/x.py", {"c/x.py": ("SYS-002",)}) == []
    assert left("c/x.py", {"c/y.py": ("SYS-002",)}) == ["path-narrowed"]
    assert left("c/x.py", {"c/x.py": ("SYS-009",)}) == ["path-narrowed"]
    assert left("c/x.py", {"c/x.py": ("SYS-002",)}, risk_profile=LOWER) == ["path-narrowed"]
    assert left("c/x.py", {"c/x.py": ("SYS-002", "SYS-001")}, risk_profile=LOWER) == []
    assert left("a/x.py", {"a/x.py": ("SYS-002",)}) == ["path-narrowed"]


STAGES_WATCHED = ("decommissioned", "conception", "development", "pre_deployment", "deprecated", "production")


@pytest.mark.parametrize("stage", STAGES_WATCHED)
@pytest.mark.parametrize("other", STAGES_WATCHED)
def test_d51_a_system_takes_a_file_only_in_a_stage_that_asks_for_as_much(stage: str, other: str) -> None:
    gone = CodeFile("c/x.py", "100644", "1" * 40)
    both = snapshot(entry(paths=["a/**"], stage=stage), entry(id="SYS-002", paths=["c/**"], stage=other), code=CODE)
    first = replace(both.systems[0], left_behind=(gone,), claimed_by={"c/x.py": ("SYS-002",)})
    found = kinds(both, replace(both, systems=(first, both.systems[1])))
    asks_less = STAGES_WATCHED.index(other) < STAGES_WATCHED.index(stage)
    assert ("path-narrowed" in found) is asks_less


def test_d16_a_yes_to_narrower_paths_is_for_the_files_that_they_leave() -> None:
    def bound(*files: CodeFile) -> str:
        now = replace(tree(), systems=(replace(tree().systems[0], left_behind=files),))
        (change,) = changes_between(facts_of(tree(), policy()), facts_of(now, policy()), tree(), now, policy())
        return change.bound

    one, other = CodeFile("a/x.py", "100644", "1" * 40), CodeFile("a/y.py", "100644", "2" * 40)
    assert bound(one, other) == bound(other, one)
    others = (one._replace(oid="9" * 40), one._replace(mode="100755"), one._replace(path="a/z.py"), other)
    assert len({bound(it) for it in (one, *others)} | {bound(one, other)}) == 6


@pytest.mark.parametrize(
    ("paths", "kind"), [(("a/x.py",), "path-narrowed"), (("a/**", "b/**"), "path-widened"), (("**",), "path-widened")]
)
def test_other_paths_are_told_at_their_line_on_either_side(paths: tuple[str, ...], kind: str) -> None:
    def side(line: int, *paths: str) -> Snapshot:
        made = tree(paths=paths)
        (system,) = made.systems
        marks = {("systems", 0): Mark(1, 1), ("systems", 0, "paths"): Mark(line, 3)}
        return replace(made, systems=(replace(system, manifest=replace(system.manifest, marks=marks)),))

    base, result = side(7, "a/**"), side(9, *paths)
    (change,) = changes_between(facts_of(base, policy()), facts_of(result, policy()), base, result, policy())
    assert (change.kind, change.field) == (kind, "paths")
    assert change.base_location == Location("governance.yaml", 7, 3)
    assert change.location == Location("governance.yaml", 9, 3)


def test_a_developer_is_told_which_files_were_left_behind() -> None:
    """A folder moved with its patterns, and one file stayed: the patterns alone do not say which."""
    paths = ["a/api.py", "a/b.py", "a/deep/c.py", "a/z.py"]
    result = tree({"b/x.py": "1" * 40}, ("b/**",))

    def line(left: list[str]) -> str:
        files = tuple(CodeFile(path, "100644", "4" * 40) for path in reversed(left))
        now = replace(result, systems=(replace(result.systems[0], left_behind=files),))
        found = changes_between(facts_of(tree(), policy()), facts_of(now, policy()), tree(), now, policy())
        (change,) = [it for it in found if it.kind == "path-narrowed"]
        assert list(change.files) == left
        return change_line(change)

    assert line([]).endswith("paths: a/** -> b/**")
    assert line(paths[:1]).endswith("a/** -> b/**; left behind: a/api.py")
    assert line(paths[:3]).endswith("left behind: a/api.py, a/b.py, a/deep/c.py")
    assert line(paths).endswith("left behind: a/api.py, a/b.py, a/deep/c.py and 1 more")


def test_patterns_are_told_as_they_are_written_and_from_the_root_where_only_their_manifest_moved() -> None:
    def told(paths: list[str], manifest: str) -> tuple[Any, Any]:
        was, now = (
            snapshot(entry(paths=it), manifest=at, code={"hr/a/x.py": "1" * 40})
            for it, at in ((["b/**", "a/**"], "hr/governance.yaml"), (paths, manifest))
        )
        found = changes_between(facts_of(was, policy()), facts_of(now, policy()), was, now, policy())
        (change,) = [it for it in found if it.kind == "path-narrowed"]
        return change.before, change.after

    assert told(["b/**"], "hr/governance.yaml") == (["a/**", "b/**"], ["b/**"])
    assert told(["a/**", "b/**"], "governance.yaml") == (["hr/a/**", "hr/b/**"], ["a/**", "b/**"])


def facts(*entries: dict[str, Any], code: dict[str, str] | None = None) -> tuple[Facts, ...]:
    return facts_of(snapshot(*entries, code=CODE if code is None else code), policy())


def test_d48_a_guessed_id_is_followed_to_the_one_system_with_the_same_code() -> None:
    guess, named = entry(id="app", guessed=["id"], paths=["a/**"]), entry(id="SCREENER", paths=["a/**"])

    def ids(was: tuple[Facts, ...], now: tuple[Facts, ...]) -> list[str]:
        return sorted(found.id for found in with_mended_ids(was, now))

    assert ids(facts(guess), facts(named)) == ["SCREENER"]
    assert ids(facts(guess), facts({**guess, "guessed": []})) == ["app"]
    assert ids(facts({**guess, "guessed": ["paths"]}), facts(named)) == ["app"]
    assert ids(facts(guess), facts({**named, "paths": ["b/**"]})) == ["app"]
    assert ids(facts(guess), facts(named, code={"a/x.py": "9" * 40})) == ["app"]
    assert ids(facts(guess), facts(named, entry(id="OTHER", paths=["a/**"]))) == ["app"]
    assert ids(facts(guess), facts(guess, named)) == ["app"]
    assert ids(facts(guess, named), facts(named)) == ["SCREENER", "app"]
    second = entry(id="bot", guessed=["id"], paths=["a/**"])
    assert ids(facts(guess, second), facts(named)) == ["app", "bot"]
