"""H18: a result that is too old, or that nobody can read, is to be made anew; no line of the manifest mends it."""

from __future__ import annotations

import pytest
from evidence import junit
from promotion import Promotion
from world import days_ago

ID = "bias-benchmark-suite"
PATH = f"reports/{ID}.xml"
LFS = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'4d' * 32}\nsize 12345\n"


def suite(cases: str, day: str = days_ago(1)) -> str:
    return f'<testsuite name="{ID}" tests="1" timestamp="{day}T09:14:02">{cases}</testsuite>'


@pytest.fixture(scope="module")
def promotion(tmp_path_factory: pytest.TempPathFactory) -> Promotion:
    return Promotion(tmp_path_factory.mktemp("promotion"))


@pytest.mark.parametrize(
    ("report", "begins"),
    [
        pytest.param(suite('<testcase name="gap"/>', days_ago(900)), "run the suite again", id="stale"),
        pytest.param("ok, all green\n", "have the suite write JUnit XML", id="a-log"),
        pytest.param(suite('<testcase name="gap">'), "have the suite write JUnit XML", id="cut-off"),
        pytest.param('<assemblies><assembly name="Bias.dll"/></assemblies>', "have the suite write JUnit", id="xunit"),
        pytest.param('{"Action": "pass", "Test": "TestGap"}\n', "have the suite write JUnit XML", id="go-test"),
        pytest.param(
            suite('<testcase name="gap"><rerun/></testcase>'), "have the suite write of each", id="no-outcome"
        ),
        pytest.param(suite('<testcase name="gap"><skipped/></testcase>'), "have its tests run", id="all-skipped"),
        pytest.param(LFS, "take the report out of Git LFS", id="git-lfs"),
    ],
)
def test_h18_what_to_do_is_a_run_and_then_it_is_met(promotion: Promotion, report: str, begins: str) -> None:
    told = promotion.attempt({PATH: report}).finding(ID)
    assert told["state"] == "gap"
    assert told["fix"].startswith(begins), told["fix"]
    assert ID in told["fix"]
    done = promotion.attempt({PATH: junit(ID)})
    assert (done.code, done.finding(ID)["state"]) == (0, "met"), done


def test_h18_control_a_date_is_mended_in_the_entry(promotion: Promotion) -> None:
    told = promotion.attempt({PATH: f'<testsuite name="{ID}" tests="1"><testcase name="gap"/></testsuite>'})
    assert told.finding(ID)["fix"].startswith("edit governance.yaml:")
