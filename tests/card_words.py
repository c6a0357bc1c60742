"""The words by which the built-in policies read cards, for tests that read one by itself."""

from __future__ import annotations

from policy_gate.cards.field_names import vocabulary
from policy_gate.collect.policy_files import builtin_layer
from policy_gate.policy.load import load_policies

CARD_WORDS = vocabulary(load_policies([builtin_layer()]).card_words)
