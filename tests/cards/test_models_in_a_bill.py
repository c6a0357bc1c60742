"""Bills of materials with several models, and with data sets that stand in a component of their own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from card_words import CARD_WORDS

from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.facts import CardFact
from policy_gate.schema.source import Location


def model(name: str, limit: str, **more: Any) -> dict[str, Any]:
    card = {"considerations": {"technicalLimitations": [limit]}, "modelParameters": more}
    return {"type": "machine-learning-model", "name": name, "modelCard": card}


def read(bill: dict[str, Any], *names: str) -> CardFact:
    text = json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", **bill})
    return read_card(evidence_of("bom.json", "", text.encode()), Location("governance.yaml"), CARD_WORDS, names)


BERT, RANKER = model("bert", "No night images"), model("ranker", "No wet parcels")


def test_the_card_of_the_model_that_was_asked_for_is_judged_wherever_it_stands() -> None:
    for parts in ([BERT, RANKER], [RANKER, BERT], [{"type": "application", "name": "a", "components": [BERT, RANKER]}]):
        card = read({"components": parts}, "ranker")
        assert card.fields["known_limitations"].text == "No wet parcels"
        assert (card.models.judged, card.models.is_named) == ("ranker", True)


def test_t11_a_model_that_nobody_asked_for_is_told_as_the_first_of_several() -> None:
    card = read({"components": [BERT, RANKER]}, "screener")
    assert card.models.described == ("bert", "ranker")
    assert (card.models.judged, card.models.is_named) == ("bert", False)
    alone = read({"components": [RANKER]}, "screener")
    assert (alone.models.described, alone.fields["model_name"].text) == ((), "ranker")


@pytest.mark.parametrize("whole", [RANKER, {"type": "application", "name": "ranker"}])
def test_the_model_that_the_bill_is_about_goes_before_what_it_is_made_of(whole: dict[str, Any]) -> None:
    parts = [BERT] if whole is RANKER else [BERT, RANKER]
    card = read({"metadata": {"component": whole}, "components": parts})
    assert card.fields["known_limitations"].text == "No wet parcels"
    assert card.models.described == ("ranker", "bert")


def test_t11_a_model_without_a_card_of_its_own_takes_nothing_of_the_cards_beside_it() -> None:
    bare = {"type": "machine-learning-model", "name": "ranker", "modelCard": {}}
    card = read({"components": [BERT, bare]}, "ranker")
    assert card.models.judged == "ranker"
    assert card.fields["known_limitations"].state == "absent"


def test_a_data_set_that_is_referred_to_is_read_where_it_stands() -> None:
    data = {"type": "data", "bom-ref": "d1", "name": "Parcels", "description": "12,000 weighed by hand"}
    referring = model("ranker", "No wet parcels", datasets=[{"ref": "d1"}])
    field = read({"components": [referring, data]}).fields["training_data_description"]
    assert field.text == "Parcels: 12,000 weighed by hand"
    named = read({"components": [BERT, referring, data]}, "ranker").fields["training_data_description"]
    assert named.text == field.text


@pytest.mark.parametrize("ref", ["d2", "", "urn:cdx:elsewhere/1#d1"])
def test_t11_a_reference_to_what_the_bill_does_not_hold_is_no_description(ref: str) -> None:
    referring = model("ranker", "No wet parcels", datasets=[{"ref": ref}])
    assert read({"components": [referring]}).fields["training_data_description"].state != "present"
    named = model("ranker", "No wet parcels", datasets=[{"ref": ref, "name": "Parcels of 2021"}])
    assert read({"components": [named]}).fields["training_data_description"].text == "Parcels of 2021"
