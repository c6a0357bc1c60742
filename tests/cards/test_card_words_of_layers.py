"""What cards call their fields is policy: a layer adds names, takes none away, and one nobody vouches for adds none."""

from __future__ import annotations

import pytest
from card_words import CARD_WORDS

from policy_gate.cards.field_names import vocabulary
from policy_gate.collect.policy_files import builtin_layer
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.errors import PolicyError
from policy_gate.policy.load import load_policies
from policy_gate.schema.check_inputs import LayerSource
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.source import Document


def layered(said: str, *, trusted: bool = True) -> RuleSet:
    content, marks = read_yaml("policies/own.yaml", f"schema: policy-gate/policy/v1\ncard_names:\n{said}".encode())
    document = Document("policies/own.yaml", "", content, marks)
    return load_policies([builtin_layer(), LayerSource("repository", "own", (document,), trusted=trusted)])


def test_a_layer_adds_names_and_the_known_ones_stay() -> None:
    policy = layered("  - {id: known_limitations, headings: [What worries us, Grenzen des Modells]}\n")
    words = vocabulary(policy.card_words)
    assert words.fields_named("3. What worries us:") == ("known_limitations",)
    assert words.fields_named("Limitations") == CARD_WORDS.fields_named("Limitations")
    assert CARD_WORDS.fields_named("What worries us") == ()
    assert [note for note in policy.notes if "What worries us" in note]


@pytest.mark.parametrize(
    ("said", "trusted", "told"),
    [
        ("  - {id: known_limitations, headings: [What worries us]}\n", False, "may loosen nothing"),
        ("  - {id: limits, headings: [What worries us]}\n", True, "is no field of a card"),
        ("  - {id: version, phrases: ['release v#']}\n", True, '"v#" is no word of a sentence'),
        ("  - {id: version, phrases: ['data: of|from']}\n", True, '"data:" is no word of a sentence'),
        ("  - {id: version, phrases_in: {license: ['~*ing under']}}\n", True, '"*ing" is no word of a sentence'),
    ],
)
def test_names_nobody_vouches_for_and_fields_nobody_knows_are_refused(said: str, trusted: bool, told: str) -> None:
    with pytest.raises(PolicyError) as refused:
        layered(said, trusted=trusted)
    assert told in " ".join(f"{problem.message} {problem.hint}" for problem in refused.value.problems)


def test_a_fields_own_name_is_always_known() -> None:
    assert vocabulary(()).fields_named("Training data cutoff") == ("training_data_cutoff",)
