"""Cards that other tools write as data: Google's Model Card Toolkit, and machine-learning models of CycloneDX.

Both nest what a card says; here it becomes values by the names of a card's fields. Versions of their own schemas and
documents are none of the model's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

_TOOLKIT_PARTS: Final = ("model_parameters", "quantitative_analysis", "considerations")
_ALL: Final = frozenset({"", "all", "overall", "total", "everyone"})


def toolkit_values(data: Mapping[Any, Any]) -> dict[str, Any] | None:
    """The values of a toolkit's card by the names of our fields; None for a document of another kind."""
    if isinstance(data.get("model_details"), Mapping) and any(
        isinstance(data.get(it), Mapping) for it in _TOOLKIT_PARTS
    ):
        return _filled(_of_toolkit(data))
    if data.get("bomFormat") == "CycloneDX":
        return _filled(_of_bill(data))
    return None


def _of_toolkit(data: Mapping[Any, Any]) -> dict[str, Any]:
    details, parameters, thoughts = (
        _map(data, "model_details"),
        _map(data, "model_parameters"),
        _map(data, "considerations"),
    )
    version, owners = details.get("version"), _list(details, "owners")
    sets = parameters.get("data")
    trained = _map(sets, "train") if isinstance(sets, Mapping) else None
    tested = _map(sets, "eval") if isinstance(sets, Mapping) else None
    licenses = [*_list(details, "licenses"), details.get("license")]
    return {
        "model_name": details.get("name"),
        "version": _first(version, "name"),
        "release_date": _first(version, "date") if isinstance(version, Mapping) else None,
        "changelog_summary": _first(version, "diff") if isinstance(version, Mapping) else None,
        "authors": [_first(owner, "name") for owner in owners],
        "incident_contact": [
            owner["contact"] for owner in owners if isinstance(owner, Mapping) and owner.get("contact")
        ],
        "license": [_first(item, "identifier", "custom_text") for item in licenses],
        "training_data_description": [_said(item) for item in (_items(sets) if trained is None else [trained])],
        "evaluation_data_description": [_said(tested)] if tested else None,
        "primary_intended_users": _all(thoughts, "users"),
        "primary_intended_uses": _all(thoughts, "use_cases"),
        "known_limitations": _all(thoughts, "limitations"),
        "performance_caveats": _all(thoughts, "tradeoffs"),
        "safety_risks": [_first(item, "name", "description") for item in _list(thoughts, "ethical_considerations")],
        "mitigation_measures": _mitigations(thoughts, "ethical_considerations"),
        **_performance(_list(_map(data, "quantitative_analysis"), "performance_metrics")),
    }


def _of_bill(data: Mapping[Any, Any]) -> dict[str, Any]:
    """The first machine-learning model of the bill, or the one that the bill as a whole is about."""
    parts = [*_list(data, "components"), _map(_map(data, "metadata"), "component")]
    models = [it for it in parts if isinstance(it, Mapping) and it.get("type") == "machine-learning-model"]
    model: Mapping[Any, Any] = next((it for it in models if isinstance(it.get("modelCard"), Mapping)), {})
    card = _map(model, "modelCard")
    parameters, thoughts = _map(card, "modelParameters"), _map(card, "considerations")
    fairness = _list(thoughts, "fairnessAssessments")
    ethics = "ethicalConsiderations"
    return {
        "model_id": model.get("purl") or model.get("bom-ref"),
        "model_name": model.get("name"),
        "version": model.get("version"),
        "release_date": _map(model, "releaseNotes").get("timestamp"),
        "changelog_summary": _map(model, "releaseNotes").get("description"),
        "authors": [_first(it, "name") for it in _list(model, "authors")],
        "organization": _first(model.get("supplier") or model.get("manufacturer") or model.get("publisher"), "name"),
        "license": [_first(_map(it, "license") or it, "id", "name", "expression") for it in _list(model, "licenses")],
        "base_model": [_first(it, "name") for it in _list(_map(model, "pedigree"), "ancestors")],
        "fine_tuning_approach": _map(parameters, "approach").get("type"),
        "training_data_description": [_said(it) for it in _list(parameters, "datasets")],
        "primary_intended_users": _all(thoughts, "users"),
        "primary_intended_uses": _all(thoughts, "useCases"),
        "known_limitations": _all(thoughts, "technicalLimitations"),
        "performance_caveats": _all(thoughts, "performanceTradeoffs"),
        "identified_biases": [
            ": ".join(filter(None, (_first(it, "groupAtRisk"), _first(it, "harms")))) for it in fairness
        ],
        "safety_risks": [_first(it, "name", "description") for it in _list(thoughts, ethics)],
        "mitigation_measures": [*_mitigations(thoughts, ethics), *_mitigations(thoughts, "fairnessAssessments")],
        **_performance(_list(_map(card, "quantitativeAnalysis"), "performanceMetrics")),
    }


def _performance(metrics: list[Any]) -> dict[str, Any]:
    """Numbers of the whole, of groups (`slice`), and the thresholds that they are held to."""
    overall: dict[str, Any] = {}
    groups: dict[str, dict[str, Any]] = {}
    limits: dict[str, Any] = {}
    for metric in metrics:
        if not isinstance(metric, Mapping) or metric.get("value") in (None, ""):
            continue
        name, group = str(metric.get("type") or metric.get("name") or ""), str(metric.get("slice") or "").strip()
        if group.casefold() in _ALL:
            overall.setdefault(name, metric["value"])
        else:
            groups.setdefault(group, {}).setdefault(name, metric["value"])
        if metric.get("threshold") not in (None, ""):
            limits.setdefault(name, metric["threshold"])
    return {"overall_performance": overall, "performance_by_group": groups, "performance_thresholds": limits}


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    """The values that say something."""
    kept = {name: [it for it in value if it] if isinstance(value, list) else value for name, value in values.items()}
    return {name: value for name, value in kept.items() if value}


def _map(value: Any, name: str) -> Mapping[Any, Any]:
    inner = value.get(name) if isinstance(value, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def _list(value: Mapping[Any, Any], name: str) -> list[Any]:
    return _items(value.get(name))


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _first(value: Any, *names: str) -> Any:
    """The first of these keys that holds something; of what is no map, the value itself."""
    if not isinstance(value, Mapping):
        return value
    return next((value[name] for name in names if value.get(name)), None)


def _said(value: Any) -> str:
    """Name and description of a data set."""
    return ": ".join(_parts(value)) if isinstance(value, Mapping) else str(value)


def _parts(value: Mapping[Any, Any]) -> Iterator[str]:
    yield from (str(value[name]) for name in ("name", "description", "ref") if isinstance(value.get(name), str))


def _all(value: Mapping[Any, Any], name: str) -> list[Any]:
    return [_first(item, "description", "name") for item in _list(value, name)]


def _mitigations(value: Mapping[Any, Any], name: str) -> list[Any]:
    found = (item for item in _list(value, name) if isinstance(item, Mapping))
    return [item.get("mitigation_strategy") or item.get("mitigationStrategy") for item in found]
