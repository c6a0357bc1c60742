"""H18: what a finding about a vendor asks for settles it, in the change that does it or as the finding says."""

from __future__ import annotations

from typing import Any

import pytest
from scratch import Scratch
from world import days_ago, high_system

FOUND = "vendor-trains-on-data"


def answered(scratch: Scratch, **answers: Any) -> dict[str, Any]:
    """What a check finds about training where a change gives these answers, and base left them open."""
    vendor = {"id": "acme", "vendor_name": "Acme", "access_type": "api"}
    scratch.adopt(high_system("pre_deployment", vendors=["acme"]))
    scratch.declare_only(high_system("pre_deployment", vendors=["acme"]), vendors=[vendor])
    scratch.commit("Named", by="Rae Kim")
    scratch.branch()
    scratch.declare_only(high_system("pre_deployment", vendors=["acme"]), vendors=[{**vendor, **answers}])
    scratch.commit("Answered")
    return about(scratch, FOUND)


def about(scratch: Scratch, rule: str) -> dict[str, Any]:
    found = scratch.check().report["findings"]
    return next(it for it in found if it["because"][0]["rule"] == rule and it["requirement"]["kind"] == "that")


def test_h18_an_answer_with_the_day_of_its_assessment_counts_at_once(scratch: Scratch) -> None:
    assert answered(scratch, opt_out_of_training=True, assessed_on=days_ago(0))["state"] == "met"


def test_h18_an_answer_that_nobody_looked_at_says_how_it_would_count(scratch: Scratch) -> None:
    found = answered(scratch, opt_out_of_training=True)
    assert found["state"] != "met", "base's answer judges this change"
    assert "opt_out_of_training of acme stands here" in found["fix"]
    assert "`assessed_on`" in found["fix"]
    assert "opt_out_of_training of acme stands here" in about(scratch, "vendor-critical-open")["fix"]


def test_h18_an_answer_that_is_still_open_is_asked_for_alone(scratch: Scratch) -> None:
    found = answered(scratch, liability_cap="unlimited")
    assert found["state"] != "met"
    assert "stands here" not in found["fix"]


@pytest.mark.parametrize("named", ["acme", "other"])
def test_h18_an_unknown_about_a_vendor_names_the_entry_to_complete(scratch: Scratch, named: str) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch()
    scratch.declare_only(high_system("development", vendors=[named]), vendors=[{"id": named, "vendor_name": "Acme"}])
    scratch.commit("Named")
    found = about(scratch, FOUND)
    assert (found["state"], found["fix"]) == ("unknown", f"state access_type in the entry of vendor {named}")
    whole = {"id": named, "vendor_name": "Acme", "access_type": "self_hosted"}
    scratch.declare_only(high_system("development", vendors=[named]), vendors=[whole])
    scratch.commit("Stated")
    found = scratch.check().report["findings"]
    assert all(it["state"] != "unknown" for it in found if it["because"][0]["rule"] == FOUND)
