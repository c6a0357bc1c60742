"""Cards that the Model Card Toolkit writes: what it nests becomes values by the names of a card's fields.

The version of its schema is none of the model's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policy_gate.cards.formats.nested import (
    all_of,
    filled,
    first_of,
    items_of,
    list_of,
    map_in,
    mitigations_of,
    numbers_again,
    performance_of,
    said_of,
)

_TOOLKIT_PARTS: Final = ("model_parameters", "quantitative_analysis", "considerations")


def toolkit_values(data: Mapping[Any, Any]) -> dict[str, Any] | None:
    """The values of a toolkit's card by the names of our fields; None for a document of another kind."""
    if isinstance(data.get("model_details"), Mapping) and any(
        isinstance(data.get(it), Mapping) for it in _TOOLKIT_PARTS
    ):
        return filled(_of_toolkit(data))
    return None


def toolkit_numbers(data: Mapping[Any, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every number of a toolkit's card, also those that it gives a second time."""
    return numbers_again(list_of(map_in(data, "quantitative_analysis"), "performance_metrics"))


def _of_toolkit(data: Mapping[Any, Any]) -> dict[str, Any]:
    details, parameters, thoughts = (
        map_in(data, "model_details"),
        map_in(data, "model_parameters"),
        map_in(data, "considerations"),
    )
    version, owners = details.get("version"), list_of(details, "owners")
    sets = parameters.get("data")
    trained = map_in(sets, "train") if isinstance(sets, Mapping) else None
    tested = map_in(sets, "eval") if isinstance(sets, Mapping) else None
    licenses = [*list_of(details, "licenses"), details.get("license")]
    return {
        "model_name": details.get("name"),
        "version": first_of(version, "name"),
        "release_date": first_of(version, "date") if isinstance(version, Mapping) else None,
        "changelog_summary": first_of(version, "diff") if isinstance(version, Mapping) else None,
        "authors": [first_of(owner, "name") for owner in owners],
        "incident_contact": [
            owner["contact"] for owner in owners if isinstance(owner, Mapping) and owner.get("contact")
        ],
        "license": [first_of(item, "identifier", "custom_text") for item in licenses],
        "training_data_description": [said_of(item) for item in (items_of(sets) if trained is None else [trained])],
        "evaluation_data_description": [said_of(tested)] if tested else None,
        "primary_intended_users": all_of(thoughts, "users"),
        "primary_intended_uses": all_of(thoughts, "use_cases"),
        "known_limitations": all_of(thoughts, "limitations"),
        "performance_caveats": all_of(thoughts, "tradeoffs"),
        "safety_risks": [first_of(item, "name", "description") for item in list_of(thoughts, "ethical_considerations")],
        "mitigation_measures": mitigations_of(thoughts, "ethical_considerations"),
        **performance_of(list_of(map_in(data, "quantitative_analysis"), "performance_metrics")),
    }
