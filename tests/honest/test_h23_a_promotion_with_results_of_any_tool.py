"""H23: a promotion whose results come from tools with habits of their own; the many forms are in tests/facts."""

from __future__ import annotations

from typing import Any

import pytest
from promotion import Promotion
from world import days_ago

ID = "bias-benchmark-suite"
PATH = f"reports/{ID}.xml"
DAY = days_ago(1)
SUREFIRE = f"""<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="org.acme.BiasIT" tests="2" errors="0" skipped="1" failures="0" timestamp="{DAY}T09:14:02">
  <properties><property name="java.version" value="21"/><property name="system" value="SYS-002"/></properties>
  <testcase name="" classname="org.acme.SlowIT" time="0"><skipped message="disabled"/></testcase>
  <testcase name="gap" classname="org.acme.BiasIT" time="0.2"/></testsuite>"""
JEST = f"""<testsuites name="jest tests"><testsuite name="accent" timestamp="1970-01-01T00:00:00" tests="1" skipped="1">
  <testcase classname="accent" name="accent"><skipped/></testcase></testsuite>
  <testsuite name="language" timestamp="{DAY}T09:14:02" tests="1">
  <testcase classname="language" name="gap"/></testsuite>
</testsuites>"""
PYTEST = f"""<testsuites><testsuite name="pytest" tests="1" timestamp="{DAY}T09:14:02.1">
  <testcase classname="t" name="gap">
  <properties><property name="model_version" value="2.1.0"/></properties></testcase></testsuite></testsuites>"""
UTF16 = '<?xml version="1.0" encoding="utf-16"?>' + PYTEST


@pytest.fixture(scope="module")
def promotion(tmp_path_factory: pytest.TempPathFactory) -> Promotion:
    return Promotion(tmp_path_factory.mktemp("promotion"))


@pytest.mark.parametrize(
    ("report", "fields", "seen"),
    [
        (SUREFIRE, {}, "1 tests passed, 1 skipped (committed)"),
        (JEST, {}, "1 tests passed, 1 skipped (committed)"),
        (PYTEST, {"version": "2.1.0"}, "1 tests passed (committed)"),
        (UTF16.encode("utf-16"), {}, "1 tests passed (committed)"),
    ],
    ids=["surefire", "jest", "pytest", "utf-16"],
)
def test_h23_such_a_result_is_met(promotion: Promotion, report: str | bytes, fields: dict[str, Any], seen: str) -> None:
    result = promotion.attempt({PATH: report}, tests=promotion.results(ID, **fields))
    assert (result.code, result.finding(ID)["state"], result.finding(ID)["seen"]) == (0, "met", seen)
