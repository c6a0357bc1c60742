"""Cards of the Hugging Face Hub: a README whose front matter the Hub reads, and the text below it.

The Hub's keys are described under "Model Cards" of its documentation. `model-index` is kept and never made: it needs
a task and a data set for each number, which a card's fields do not tell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from policy_gate.cards.card import CardDocument, WrittenCard
from policy_gate.cards.field_names import CardVocabulary
from policy_gate.cards.markdown_document import read_document, write_document
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.snapshot import Evidence

FORMAT = "huggingface"
HUB_KEYS: Final = (
    "language", "license", "license_name", "license_link", "library_name", "pipeline_tag", "tags", "datasets",
    "metrics", "base_model", "base_model_relation", "model-index",
)  # fmt: skip
"""What the Hub reads, in the order that cards have it."""
_LICENSES: Final = """
    apache-2.0 mit openrail bigscience-openrail-m creativeml-openrail-m bigscience-bloom-rail-1.0 bigcode-openrail-m
    afl-3.0 artistic-2.0 bsl-1.0 bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear c-uda cc cc0-1.0 cc-by-2.0 cc-by-2.5
    cc-by-3.0 cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nd-4.0 cc-by-nc-nd-3.0
    cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cdla-sharing-1.0 cdla-permissive-1.0
    cdla-permissive-2.0 wtfpl ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1 eupl-1.2 agpl-3.0 gfdl gpl gpl-2.0 gpl-3.0
    lgpl lgpl-2.1 lgpl-3.0 isc lppl-1.3c ms-pl apple-ascl apple-amlr mpl-2.0 odc-by odbl openrail++ osl-3.0
    postgresql ofl-1.1 ncsa unlicense zlib pddl lgpl-lr deepfloyd-if-license llama2 llama3 llama3.1 llama3.2 llama3.3
    llama4 gemma
    """
_KNOWN_LICENSES: Final = frozenset(_LICENSES.split())
"""The licences that the Hub has an id for; it takes `other` for all the rest."""
_REPOSITORY: Final = lazy_pattern(r"[\w.-]{1,96}(?:/[\w.-]{1,96})?", re.ASCII)


def recognises(evidence: Evidence) -> bool:
    """Front matter with a key of the Hub."""
    return isinstance(evidence.data, Mapping) and any(key in evidence.data for key in HUB_KEYS)


def read(evidence: Evidence, words: CardVocabulary) -> CardDocument:
    """The card that the text gives, and the front matter where the text leaves a field open."""
    return read_document(evidence, FORMAT, words)


def write(card: CardDocument) -> WrittenCard:
    """The Hub's keys as far as the card tells them, and a section for each field that they do not say."""
    front = _kept(card)
    license_, base = card.fields["license"], card.fields["base_model"]
    if license_.state == "present" and "license" not in front:
        front["license"] = license_.text if license_.text in _KNOWN_LICENSES else "other"
    if base.state == "present" and "base_model" not in front and _REPOSITORY.fullmatch(base.text or ""):
        front["base_model"] = base.text
    first = {key: front[key] for key in HUB_KEYS if key in front}
    return write_document(card, first | front, FORMAT)


def _kept(card: CardDocument) -> dict[str, Any]:
    """Keys that the card had: all of a Hub card's, else the Hub's own; never of a field that the card lacks now."""
    kept = card.data if card.format == FORMAT else {key: card.data[key] for key in HUB_KEYS if key in card.data}
    return {key: value for key, value in kept.items() if _is_told(key, card)}


def _is_told(key: str, card: CardDocument) -> bool:
    named = card.words.fields_named(key) if key != "metrics" else ()
    return not named or any(card.fields[name].state != "absent" for name in named)
