"""T59: results that say in their own way that they are no pass; the many ways are in tests/facts."""

from __future__ import annotations

import json

import pytest
from evidence import junit
from promotion import Promotion
from scratch import Scratch
from world import days_ago, high_system

ID = "bias-benchmark-suite"
PATH = f"reports/{ID}.xml"


def test_t59_a_system_is_known_though_its_manifest_was_not_read(scratch: Scratch) -> None:
    other = high_system("development", id="chat", paths=["**"])
    scratch.adopt(high_system("development"), files={})
    scratch.declare_only(other, path="elsewhere/deep/governance.yaml")
    scratch.commit("Another system")
    scratch.branch()
    scratch.declare(high_system("pre_deployment"))
    for value, state in (("chat", "gap"), ("pixel-8", "met")):
        said = f'<properties><property name="system" value="{value}"/></properties><testcase'
        scratch.commit(f"Promote, {value}", files={PATH: junit(ID).replace("<testcase", said, 1)})
        assert scratch.check("--defer", "approval").finding(ID)["state"] == state


@pytest.mark.parametrize("said", ['status="failed"', 'result="error"', 'success="false"'])
def test_t59_such_a_result_blocks(promotion: Promotion, said: str) -> None:
    report = junit(ID).replace("<testcase", f"<testcase {said}", 1)
    result = promotion.attempt({PATH: report})
    assert (result.code, result.blocking()) == (1, [f"test:{ID}"])
    assert said in str(result.finding(ID)["details"])


def test_t59_a_run_that_says_of_itself_that_it_failed(promotion: Promotion) -> None:
    cases = [{"name": f"case {n}", "outcome": "passed", "duration": 0.1 + n} for n in range(3)]
    report = {"suite": ID, "date": days_ago(1), "cases": cases}
    assert promotion.attempt({PATH: json.dumps(report)}).code == 0, "control: nothing against it"
    result = promotion.attempt({PATH: json.dumps(report | {"error": "the run crashed"})})
    assert (result.code, result.blocking()) == (1, [f"test:{ID}"])
