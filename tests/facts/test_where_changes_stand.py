"""Each change of an entry is told at the line of the part that it is about, in the manifest of either side."""

from __future__ import annotations

from typing import Any

import pytest
from facts_world import PROFILE, entry, policy, snapshot
from msgspec.structs import replace
from world import to_yaml

from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.facts.changes import changes_between
from policy_gate.facts.facts import facts_of
from policy_gate.schema.snapshot import Snapshot
from policy_gate.schema.source import Location

ENTRY: dict[str, Any] = entry(
    facts={"eu_market": True, "annex_iii_points": ["4-a"]},
    regulatory_scope=["gdpr", "eu-ai-act"],
    enrolled="2026-01-01",
    reclassified="2026-02-01",
    stage_since="2026-03-01",
    models=[{"name": "gpt-4o", "retires": "2027-01-01", "source": "https://example.org/ends"}],
    vendors=["acme", "zeta"],
)
IMPACT = "decision_impact"
VENDORS = [{"id": id_, "vendor_name": id_.title(), "has_dpa": True} for id_ in ("acme", "zeta", "other")]


def written(entry_: dict[str, Any], vendors: list[dict[str, Any]]) -> tuple[Snapshot, list[str]]:
    """A tree, and the lines of its manifest as they are written."""
    text = to_yaml({"schema": "policy-gate/manifest/v1", "systems": [entry_], "vendors": vendors})
    _, marks = read_yaml("governance.yaml", text.encode())
    made = snapshot(entry_, vendors=vendors)
    systems = tuple(replace(it, manifest=replace(it.manifest, marks=marks)) for it in made.systems)
    return replace(made, systems=systems), text.splitlines()


def keys_at(lines: list[str], place: Location | None) -> str:
    """The key, or the item, at a place."""
    assert place is not None
    assert place.line is not None
    return lines[place.line - 1].strip().removeprefix("- ").partition(":")[0]


def found(after: dict[str, Any], vendors: list[dict[str, Any]]) -> dict[tuple[str, str], tuple[str, str]]:
    (base, before), (result, now) = written(ENTRY, VENDORS), written({"id": "SYS-001", **after}, vendors)
    changes = changes_between(facts_of(base, policy()), facts_of(result, policy()), base, result, policy())
    return {
        (it.kind, it.field): (keys_at(before, it.base_location), keys_at(now, it.location))
        for it in changes
        if it.system is not None
    }


@pytest.mark.parametrize(
    ("fields", "kind", "field", "at"),
    [
        ({"vendors": ["acme", "zeta", "other"]}, "vendor-changed", "other", "vendors"),
        ({"vendors": ["acme", "zeta", "other"]}, "vendor-risk-raised", "other", "vendors"),
        ({"vendors": ["acme"]}, "vendor-dropped", "zeta", "vendors"),
        ({"paths": ["screener/a/**"]}, "path-narrowed", "paths", "paths"),
        ({"paths": ["**"]}, "path-widened", "paths", "paths"),
        ({"stage": "pre_deployment"}, "stage-advanced", "stage", "stage"),
        ({"stage": "conception"}, "stage-regressed", "stage", "stage"),
        ({"description": "Something else for others"}, "use-case-changed", "description", "description"),
        ({"risk_profile": {**PROFILE, IMPACT: "financial"}}, "dimension-lowered", IMPACT, IMPACT),
        ({"risk_profile": {**PROFILE, IMPACT: "life_safety"}}, "dimension-raised", IMPACT, IMPACT),
        ({"facts": {"eu_market": False, "annex_iii_points": ["4-a"]}}, "fact-flipped", "eu_market", "eu_market"),
        ({"regulatory_scope": ["eu-ai-act"]}, "regulation-removed", "regulatory_scope", "regulatory_scope"),
    ],
)  # fmt: skip
def test_a_change_of_an_entry_stands_at_its_part(fields: dict[str, Any], kind: str, field: str, at: str) -> None:
    told = found({**ENTRY, **fields}, VENDORS)
    assert (kind, field) in told, told
    assert told[kind, field] == (at, at)


@pytest.mark.parametrize("name", ["enrolled", "reclassified", "stage_since"])
def test_a_date_that_moves_stands_at_its_line(name: str) -> None:
    told = {places for (_, field), places in found({**ENTRY, name: "2026-05-01"}, VENDORS).items() if field == name}
    assert told == {(name, name)}


def test_an_answer_of_a_vendor_stands_where_the_entry_names_its_vendors() -> None:
    told = found(ENTRY, [{**it, "has_dpa": False} for it in VENDORS])
    assert {field for _, field in told} >= {"acme.has_dpa", "zeta.has_dpa"}
    assert {*told.values()} == {("vendors", "vendors")}
