"""T34: the facts deny people whom the card or a vendor's entry names. The control is the card as it was."""

from __future__ import annotations

from typing import Any

import pytest
from evidence import CARD_SECTIONS
from scratch import Scratch
from world import high_system

DENIED = {"eu_market": True, "annex_iii_points": ["4-a"], "processes_personal_data": False}
DATA = str(CARD_SECTIONS["training_data_description"])
USES = str(CARD_SECTIONS["primary_intended_uses"])
FULL = {"human_oversight": "full"}
SAID = {"personal-data-contradicted", "data-sensitivity-contradicted", "oversight-denied-by-card"}


def _said(repo: Scratch, old: str, new: str, **fields: Any) -> set[str]:
    """What of these a change of the card brings, of a system that base has with these fields."""
    repo.adopt(high_system("development", **fields))
    repo.branch("work")
    card = repo.read("MODEL_CARD.md")
    assert old in card
    repo.write({"MODEL_CARD.md": card.replace(old, new)})
    repo.commit("Say it in the card")
    done = repo.check()
    return {item["requirement"]["subject"] for item in done.findings("gap")} & SAID


def test_t34_control_a_card_that_names_nobody_contradicts_nothing(scratch: Scratch) -> None:
    profile = FULL | {"data_sensitivity": "non_sensitive"}
    assert _said(scratch, DATA, f"{DATA} In English.", facts=DENIED, risk_profile=profile) == set()


NAMED = (
    "Applications of 2023 to 2025, with phone numbers and photographs of applicants.",
    "CVs of 41,200 people who applied.",
    "Personal data of applicants, kept for two years.",
)


@pytest.mark.parametrize("text", NAMED)
def test_t34_personal_data_that_the_card_names_and_the_facts_deny(scratch: Scratch, text: str) -> None:
    assert _said(scratch, DATA, text, facts=DENIED) == {"personal-data-contradicted"}


@pytest.mark.parametrize("text", NAMED)
def test_t34_personal_data_under_the_lowest_sensitivity(scratch: Scratch, text: str) -> None:
    found = _said(scratch, DATA, text, risk_profile={"data_sensitivity": "non_sensitive"})
    assert found == {"data-sensitivity-contradicted"}


def test_t34_control_personal_data_that_the_facts_state(scratch: Scratch) -> None:
    assert _said(scratch, DATA, NAMED[0], facts=DENIED | {"processes_personal_data": True}) == set()


@pytest.mark.parametrize("sent", ["full names and CVs", "e-mail addresses", "personal data of applicants"])
def test_t34_personal_data_that_a_vendor_is_sent_and_the_facts_deny(scratch: Scratch, sent: str) -> None:
    scratch.adopt(high_system("development", facts=DENIED))
    scratch.branch("work")
    vendor = {"id": "acme", "vendor_name": "Acme", "access_type": "self_hosted", "data_sent": sent}
    scratch.rewrite(lambda data: data | {"vendors": [vendor]})
    scratch.edit(vendors=["acme"])
    scratch.commit("A vendor")
    done = scratch.check()
    assert "personal-data-contradicted" in {item["requirement"]["subject"] for item in done.findings("gap")}, done


AUTOMATIC = (
    "Applications with a low score are automatically rejected.",
    "Ranks applications and declines the lower half without human review.",
    "Fully automated decisions on who is invited.",
)


@pytest.mark.parametrize("text", AUTOMATIC)
def test_t34_full_oversight_over_a_use_without_a_person(scratch: Scratch, text: str) -> None:
    assert _said(scratch, USES, text, risk_profile=FULL) == {"oversight-denied-by-card"}


def test_t34_control_partial_oversight_over_such_a_use(scratch: Scratch) -> None:
    assert _said(scratch, USES, AUTOMATIC[0], risk_profile={"human_oversight": "partial"}) == set()
