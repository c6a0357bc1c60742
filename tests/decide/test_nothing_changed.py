"""D04, D28: when the answer is "nothing governed changed", whatever the policies say, and when that cannot be told."""

from __future__ import annotations

from typing import Any

import pytest
from clock_world import written
from decision_world import AS_OF, EMPTY, change, evaluation, facts, options, report, with_artifact
from msgspec.structs import replace

from policy_gate.decide.nothing_changed import changes_nothing_governed, nothing_changed_report
from policy_gate.schema.check_inputs import CheckInputs
from policy_gate.schema.documents import Manifest, Waivers
from policy_gate.schema.observed import Observed, Signal, SystemSigns
from policy_gate.schema.report import Ref
from policy_gate.schema.snapshot import CodeFile, DeclaredSystem, Evidence, Snapshot
from policy_gate.schema.source import Document, Problem
from policy_gate.schema.vocabulary import NOTHING_CHANGED

RULES_FILE = CodeFile("policies/org.yaml", "100644", "1" * 40)
CI_FILE = CodeFile(".github/workflows/ci.yml", "100644", "2" * 40)


def manifest(oid: str = "3") -> Document[Manifest]:
    content = Manifest.model_validate({"schema": "policy-gate/manifest/v1", "systems": [], "reason": "no AI here"})
    return Document("governance.yaml", oid * 40, content, {})


def waivers(oid: str = "4") -> Document[Waivers]:
    content = Waivers.model_validate({"schema": "policy-gate/waiver/v1", "waivers": []})
    return Document("governance/waivers.yaml", oid * 40, content, {})


INCIDENT = Document("governance/incidents/INC-1.yaml", "6" * 40, written(), {})
SIDE = replace(
    EMPTY,
    policy_files=(RULES_FILE,),
    enforcement_files=(CI_FILE,),
    waivers=waivers(),
    manifests=(manifest(),),
    systems=(facts().declared,),
    evidence={"r.md": Evidence("r.md", "file", "5" * 40, "text")},
)


def inputs(base: Snapshot = SIDE, result: Snapshot = SIDE, **fields: Any) -> CheckInputs:
    ref = Ref("main", "0" * 40)
    given = {"mode": "change", "base_ref": ref, "head_ref": ref, "result_from": "merge", "layers": (),
             "result_layers": None, "roles": None, "result_roles": None, "roles_untold": None,
             "target_branch": "main", **fields}  # fmt: skip
    return CheckInputs(base=base, result=result, **given)


def is_nothing(base: Snapshot = SIDE, result: Snapshot = SIDE, **fields: Any) -> bool:
    return changes_nothing_governed(inputs(base, result, **fields), options())


def test_the_same_on_both_sides_is_nothing() -> None:
    assert is_nothing()
    assert is_nothing(EMPTY, EMPTY)


@pytest.mark.parametrize(
    "fields",
    [
        {"policy_files": (RULES_FILE._replace(oid="9" * 40),)},
        {"policy_files": ()},
        {"enforcement_files": (CI_FILE._replace(mode="100755"),)},
        {"waivers": waivers("9")},
        {"waivers": None},
        {"manifests": (manifest("9"),)},
        {"systems": ()},
        {"evidence": {"r.md": Evidence("r.md", "file", "9" * 40, "text")}},
        {"evidence": {"r.md": Evidence("r.md", "binary", "5" * 40)}},
        {"evidence": {}},
        {"declares_nothing": "no AI here"},
        {"incidents": (INCIDENT,)},
        {"unread_incidents": ("governance/incidents/INC-9.yaml",)},
    ],
)
def test_whatever_is_governed_and_not_the_same_is_something(fields: dict[str, Any]) -> None:
    other = replace(SIDE, **fields)
    assert not is_nothing(SIDE, other)
    assert not is_nothing(other, SIDE)
    assert is_nothing(other, other)


def test_an_incident_that_reads_otherwise_is_something() -> None:
    told = replace(SIDE, incidents=(INCIDENT,))
    assert is_nothing(told, told)
    for other in ((), (replace(INCIDENT, oid="9" * 40),), (replace(INCIDENT, path="governance/incidents/INC-2.yaml"),)):
        assert not is_nothing(told, replace(SIDE, incidents=other))


def test_it_is_told_of_a_change_only_and_not_where_a_stage_is_asked_for() -> None:
    assert not is_nothing(mode="all")
    assert not is_nothing(mode="adoption")
    assert not changes_nothing_governed(inputs(), options(require_stage="production"))


def test_d28_it_is_not_told_where_a_side_declares_no_system_at_all() -> None:
    bare = replace(SIDE, any_manifest=False)
    assert not is_nothing(bare, SIDE)
    assert not is_nothing(SIDE, bare)
    assert not is_nothing(bare, bare)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("policies/org.yaml", True),
        ("governance.yaml", False),
        ("policies/other.yaml", False),
        ("policy-gate.yaml", False),
    ],
)
def test_a_broken_policy_leaves_the_answer_and_any_other_broken_paper_takes_it(path: str, told: bool) -> None:
    broken = replace(SIDE, problems=(Problem(path, 1, 1, "unreadable"),))
    assert is_nothing(broken, broken) is told
    assert is_nothing(broken, SIDE) is told
    assert is_nothing(SIDE, broken) is told


def test_a_broken_configuration_takes_it_even_where_it_lies_among_the_policies() -> None:
    file = RULES_FILE._replace(path="policy-gate.yaml")
    broken = replace(SIDE, policy_files=(file,), problems=(Problem("policy-gate.yaml", 1, 1, "unreadable"),))
    assert not is_nothing(broken, broken)


def test_a_system_of_the_result_with_problems_of_its_own_takes_it() -> None:
    system: DeclaredSystem = replace(facts().declared, problems=(Problem("governance.yaml", 2, 1, "two of one id"),))
    broken = replace(SIDE, systems=(system,))
    assert not is_nothing(broken, broken)
    assert is_nothing(SIDE, SIDE)


def test_the_report_of_it_passes_trusts_no_policy_and_says_so() -> None:
    found = nothing_changed_report(inputs(system_count=3, notes=("read late",)), options(), "1.0")
    assert (found.verdict, found.headline, found.system_count) == ("pass", NOTHING_CHANGED, 3)
    assert (found.findings, found.systems, found.as_of) == ((), (), AS_OF.date())
    trust = found.trust
    assert (trust.enforcing, trust.policies_source, trust.policies_trusted) == (True, "unreadable", False)
    assert (trust.approvals_complete, trust.approval_sources) == (True, ())
    assert trust.notes[0] == "read late"
    assert len(trust.notes) == 2
    weak = nothing_changed_report(inputs(not_enforcing=("another date",)), options(), "1.0").trust
    assert (weak.enforcing, weak.notes[0]) == (False, "another date")


def test_a_decided_change_that_differs_in_nothing_says_the_same() -> None:
    same, edited = evaluation([facts()], [facts()]), evaluation([facts()], [facts()], [change("path-widened", "paths")])
    assert report(same).headline == NOTHING_CHANGED
    assert report(edited).headline != NOTHING_CHANGED
    assert report(same, mode="all").headline != NOTHING_CHANGED
    policies = change("policy-changed", "policies/org.yaml", "1", "2", system=None)
    assert report(evaluation([facts()], [facts()], [policies])).headline != NOTHING_CHANGED
    worse = with_artifact(facts(), "red-team-report", cause="absent")
    assert report(evaluation([worse], [worse])).headline == NOTHING_CHANGED


@pytest.mark.parametrize("field", ["by_system", "at_new_places", "unclaimed", "refuting"])
def test_d50_what_the_code_of_the_result_shows_is_something(field: str) -> None:
    sign = Signal("a.py", 1, "sdk", "A sign", "high", "openai")
    of_systems = {"by_system": SystemSigns(), "at_new_places": (sign,)}
    shown: Any = {"SYS-001": of_systems[field]} if field in of_systems else (sign,)
    assert not is_nothing(SIDE, replace(SIDE, observed=Observed(**{field: shown})))
