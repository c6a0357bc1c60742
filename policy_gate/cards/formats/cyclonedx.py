"""Cards in a bill of materials of CycloneDX: the `modelCard` of a component that is a machine-learning model.

The version of the bill is none of the model's. What CycloneDX has no place for, or holds in other words, stands in
`properties` of the card under `policy-gate:` and the name of the field; where a bill has such a property, it counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from policy_gate.cards.card import NUMBERS, CardDocument, WrittenCard, differences
from policy_gate.cards.card_values import NO_FINDINGS, fields_of, map_of, plain_data, text_of
from policy_gate.cards.field_names import CardVocabulary
from policy_gate.cards.formats.models_in_bill import MODEL, components_of, models_with_cards
from policy_gate.cards.formats.nested import (
    all_of,
    filled,
    first_of,
    list_of,
    map_in,
    mitigations_of,
    numbers_again,
    performance_of,
    said_of,
)
from policy_gate.cards.metrics import with_more
from policy_gate.cards.stated_twice import with_all_places
from policy_gate.cards.statements import with_statements
from policy_gate.errors import DocumentError
from policy_gate.schema.card_fields import CARD_FIELDS
from policy_gate.schema.facts import CardField
from policy_gate.schema.snapshot import Evidence

FORMAT: Final = "cyclonedx"
NO_CARD: Final = "no component of this bill of materials is a machine-learning model with a modelCard"
_OWN: Final = "policy-gate:"
_ETHICS: Final = "ethicalConsiderations"
_GROUPS, _LIMITS, _OVERALL = "performance_by_group", "performance_thresholds", "overall_performance"
_SPEC: Final = "1.6"
_UNNAMED: Final = "unnamed-model"
"""CycloneDX wants a name of every component"""
_NUMBERS: Final = ".numbers"
_READ: Final = frozenset({
    "type", "bom-ref", "purl", "name", "version", "supplier", "manufacturer", "publisher", "authors", "licenses",
    "pedigree", "releaseNotes", "modelCard",
})  # fmt: skip
"""keys of a component that fields are read from; what else it has stays with it"""


def recognises(evidence: Evidence) -> bool:
    """JSON that says of itself that it is a bill of CycloneDX."""
    return isinstance(evidence.data, Mapping) and evidence.data.get("bomFormat") == "CycloneDX"


def read(evidence: Evidence, words: CardVocabulary) -> CardDocument:
    """The card of the model that the bill as a whole is about, else of its first.

    DocumentError where no component has a card.
    """
    model = next(iter(models_with_cards(evidence.data)), None)
    if model is None:
        raise DocumentError(NO_CARD, hint="add modelCard to the component of type machine-learning-model")
    return _document(model, evidence.data, words)


def read_component(evidence: Evidence, words: CardVocabulary) -> CardDocument:
    """What a bill without a card tells of its model, or of what it as a whole is about: name, version and the like.

    DocumentError where it tells of neither.
    """
    parts = components_of(evidence.data)
    model = next((it for it in parts if it.get("type") == MODEL), parts[-1] if parts else None)
    if model is None:
        raise DocumentError("this bill of materials has no component")
    return _document(model, evidence.data, words)


def _document(model: Mapping[Any, Any], bill: Mapping[Any, Any], words: CardVocabulary) -> CardDocument:
    native = _values(model, bill)
    own = dict(_own_values(map_in(model, "modelCard")))
    fields = fields_of(native | {name: value for name, value in own.items() if not name.endswith(_NUMBERS)}, {})
    fields = with_all_places(fields, fields_of(native, {}).items())
    stated = {name: map_of(own.get(f"{name}{_NUMBERS}", native.get(name))) for name in NUMBERS}
    metrics = list_of(map_in(map_in(model, "modelCard"), "quantitativeAnalysis"), "performanceMetrics")
    numbers, again = with_more(stated, numbers_again(metrics))
    return CardDocument(
        format=FORMAT,
        words=words,
        fields=with_statements(fields, (), words),
        numbers=numbers,
        again=again,
        data={str(key): value for key, value in model.items() if key not in _READ},
    )


def write(card: CardDocument) -> WrittenCard:
    """A bill of this one model; what its own places do not give back as the card says it is a property, too."""
    told = _differing(card, _bill(card, ()))
    text = json.dumps(_bill(card, told), indent=2, ensure_ascii=False) + "\n"
    return WrittenCard(text, differences(card, _read_again(text, card)))


def _values(model: Mapping[Any, Any], bill: Mapping[Any, Any]) -> dict[str, Any]:
    card = map_in(model, "modelCard")
    parameters, thoughts = map_in(card, "modelParameters"), map_in(card, "considerations")
    fairness = list_of(thoughts, "fairnessAssessments")
    supplier = model.get("supplier") or model.get("manufacturer") or model.get("publisher")
    native = {
        "model_id": model.get("purl") or model.get("bom-ref"),
        "model_name": model.get("name") if model.get("name") != _UNNAMED else None,
        "version": model.get("version"),
        "release_date": map_in(model, "releaseNotes").get("timestamp"),
        "changelog_summary": map_in(model, "releaseNotes").get("description"),
        "authors": [first_of(it, "name") for it in list_of(model, "authors")],
        "organization": first_of(supplier, "name"),
        "license": [first_of(map_in(it, "license") or it, "id", "name", "expression")
                    for it in list_of(model, "licenses")],
        "base_model": [first_of(it, "name") for it in list_of(map_in(model, "pedigree"), "ancestors")],
        "fine_tuning_approach": map_in(parameters, "approach").get("type"),
        "training_data_description": [said_of(_referred(it, bill)) for it in list_of(parameters, "datasets")],
        "primary_intended_users": all_of(thoughts, "users"),
        "primary_intended_uses": all_of(thoughts, "useCases"),
        "known_limitations": all_of(thoughts, "technicalLimitations"),
        "performance_caveats": all_of(thoughts, "performanceTradeoffs"),
        "identified_biases": [": ".join(filter(None, (first_of(it, "groupAtRisk"), first_of(it, "harms"))))
                              for it in fairness],
        "safety_risks": [first_of(it, "name", "description") for it in list_of(thoughts, _ETHICS)],
        "mitigation_measures": [*mitigations_of(thoughts, _ETHICS), *mitigations_of(thoughts, "fairnessAssessments")],
        **performance_of(list_of(map_in(card, "quantitativeAnalysis"), "performanceMetrics")),
    }  # fmt: skip
    return filled(native)


def _referred(data: Any, bill: Mapping[Any, Any]) -> Any:
    """A data set with what the component says that it refers to; nothing where it refers to none of the bill."""
    ref = data.get("ref") if isinstance(data, Mapping) else None
    if not isinstance(ref, str):
        return data
    found = next((it for it in components_of(bill) if it.get("bom-ref") == ref), {})
    said = {**found, **data}
    return {name: said.get(name) for name in ("name", "description")}


def _own_values(card: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    """The properties of ours: a field's text, or under its name with `.numbers` its numbers."""
    for item in list_of(card, "properties"):
        name, value = (item.get("name"), item.get("value")) if isinstance(item, Mapping) else (None, None)
        if not isinstance(name, str) or not isinstance(value, str) or not name.startswith(_OWN):
            continue
        field = name.removeprefix(_OWN)
        if field in CARD_FIELDS:
            yield field, value
        elif field.removesuffix(_NUMBERS) in NUMBERS:
            yield field, _numbers_from(value)


def _numbers_from(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _differing(card: CardDocument, bill: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields whose text, and with `.numbers` those whose numbers the bill gives otherwise than the card."""
    again = _read_again(json.dumps(bill), card)
    texts = (name for name in CARD_FIELDS if _said(card.fields[name]) != _said(again.fields[name]))
    numbers = (it for it in NUMBERS if _spelt(card.numbers.get(it, {})) != _spelt(again.numbers.get(it, {})))
    return (*texts, *(f"{name}{_NUMBERS}" for name in numbers))


def _said(field: CardField) -> tuple[str, str | None]:
    return field.state, field.text


def _read_again(text: str, card: CardDocument) -> CardDocument:
    return read(Evidence("bom.json", "file", text=text, data=json.loads(text)), card.words)


def _spelt(value: Any) -> Any:
    return {str(key): _spelt(inner) for key, inner in value.items()} if isinstance(value, Mapping) else text_of(value)


def _bill(card: CardDocument, told: Sequence[str]) -> dict[str, Any]:
    return {
        "$schema": f"http://cyclonedx.org/schema/bom-{_SPEC}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": _SPEC,
        "version": 1,
        "components": [_component(card, told)],
    }


def _component(card: CardDocument, told: Sequence[str]) -> dict[str, Any]:
    says = _Told(card)
    name = says.text("model_name") or says.text("model_id") or _UNNAMED
    component: dict[str, Any] = {"type": MODEL, "name": name}
    component |= {"bom-ref": says.text("model_id")} if says.text("model_id") else {}
    component |= {"version": says.text("version")} if says.text("version") else {}
    component |= {"supplier": {"name": says.text("organization")}} if says.text("organization") else {}
    component |= {"authors": [{"name": it} for it in says.items("authors")]} if says.items("authors") else {}
    component |= {"licenses": [{"license": {"name": says.text("license")}}]} if says.text("license") else {}
    if base := says.text("base_model"):
        component["pedigree"] = {"ancestors": [{"type": MODEL, "name": base}]}
    if changes := says.text("changelog_summary"):
        component["releaseNotes"] = {"type": "release", "description": changes}
    component["modelCard"] = _model_card(card, says, told)
    return component | (dict(plain_data(card.data)) if card.format == FORMAT else {})


class _Told:
    """What a card states, as text and as items."""

    def __init__(self, card: CardDocument) -> None:
        self._card = card

    def field(self, name: str) -> CardField | None:
        field = self._card.fields[name]
        return field if field.state == "present" and field.text else None

    def text(self, name: str) -> str:
        field = self.field(name)
        return str(plain_data(field.text)) if field else ""

    def items(self, name: str) -> list[str]:
        field = self.field(name)
        return [str(plain_data(item)) for item in (field.text or "").split("\n") if item] if field else []


def _model_card(card: CardDocument, says: _Told, told: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if data := says.text("training_data_description"):
        found["modelParameters"] = {"datasets": [{"type": "dataset", "name": "training data", "description": data}]}
    if metrics := list(_metrics(card)):
        found["quantitativeAnalysis"] = {"performanceMetrics": metrics}
    risks = [{"name": it} for it in says.items("safety_risks")]
    measures = [{"mitigationStrategy": it} for it in says.items("mitigation_measures")]
    biases = [it for it in says.items("identified_biases") if not it.startswith(NO_FINDINGS)]
    considerations = {
        "users": says.items("primary_intended_users"),
        "useCases": says.items("primary_intended_uses"),
        "technicalLimitations": says.items("known_limitations"),
        "performanceTradeoffs": says.items("performance_caveats"),
        _ETHICS: [*risks, *measures],
        "fairnessAssessments": [{"harms": it} for it in biases],
    }
    found |= {"considerations": kept} if (kept := {key: it for key, it in considerations.items() if it}) else {}
    own = [{"name": f"{_OWN}{name}", "value": _own(card, name)} for name in told]
    return found | ({"properties": own} if own else {})


def _own(card: CardDocument, name: str) -> str:
    if name.endswith(_NUMBERS):
        numbers = card.numbers.get(name.removesuffix(_NUMBERS), {})
        return json.dumps(plain_data(numbers), ensure_ascii=False)
    return str(plain_data(card.fields[name].text or ""))


def _metrics(card: CardDocument) -> Iterator[dict[str, str]]:
    """The numbers of the whole and of groups, as text, which is what CycloneDX takes."""
    for name, value in card.numbers.get(_OVERALL, {}).items():
        if text := text_of(value):
            yield {"type": str(name), "value": text}
    for group, results in card.numbers.get(_GROUPS, {}).items():
        for name, value in map_of(results).items():
            if text := text_of(value):
                yield {"type": str(name), "value": text, "slice": str(group)}
