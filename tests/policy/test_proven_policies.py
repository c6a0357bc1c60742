"""The shipped layer alone is compiled as it is needed; what that saves must not cost a check."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from small_policies import FILES, layer

from policy_gate.collect.policy_files import builtin_layer
from policy_gate.errors import PolicyError
from policy_gate.policy.cel import Language
from policy_gate.policy.expressions import names_read
from policy_gate.policy.load import lint_policies, load_policies
from policy_gate.schema.source import Location

PLACE = Location("p.yaml", 1, 1)


def test_the_shipped_layer_is_proven_here() -> None:
    shipped = builtin_layer()
    assert shipped.proven
    assert [str(problem.location) for problem in lint_policies([shipped]) if not problem.advice] == []
    assert load_policies([shipped]).digest == load_policies([replace(shipped, proven=False)]).digest


def test_another_layer_has_everything_compiled_and_linted() -> None:
    files = {"builtin/c.yaml": FILES["builtin/c.yaml"].replace("system.tier", "system.tierr")}
    assert files["builtin/c.yaml"] != FILES["builtin/c.yaml"]
    own = layer({**FILES, **files})
    with pytest.raises(PolicyError, match="tierr"):
        load_policies([own])
    with pytest.raises(PolicyError, match="tierr"):
        load_policies([own, replace(layer({}, "org"), proven=True)])
    assert load_policies([replace(own, proven=True)]).rules


def test_a_fault_in_a_proven_policies_is_an_error_and_never_an_answer() -> None:
    condition = Language({}, proven=True).compile("system.tierr == 'low'", "system", PLACE)
    for _ in range(2):
        with pytest.raises(PolicyError, match="tierr"):
            condition.truth({"system.tier": "low"})


def test_a_remembered_truth_is_told_from_the_values_it_depends_on() -> None:
    language = Language({})
    condition = language.compile('system.tier == "low" && !system.has_vendors', "system", PLACE)
    low = {"system.tier": "low", "system.id": "A"}
    assert condition.truth({**low, "system.has_vendors": False}).value is True
    assert condition.truth({**low, "system.has_vendors": True}).value is False
    assert condition.truth({**low, "system.has_vendors": False, "system.id": "B"}).value is True
    assert condition.truth({"system.tier": "high", "system.has_vendors": False}).value is False
    assert condition.truth(low).missing == ("system.has_vendors",)


@pytest.mark.parametrize("text", ['system . tier == "low"', 'system//x\n.tier == "low"', "[1].size() > 0"])
def test_nothing_is_remembered_where_a_name_may_be_written_oddly(text: str) -> None:
    assert names_read(text, {"system.tier"}) is None


def test_a_name_with_blanks_is_evaluated_each_time() -> None:
    condition = Language({}).compile('system . tier == "low"', "system", PLACE)
    assert [condition.truth({"system.tier": tier}).value for tier in ("low", "high")] == [True, False]
