"""Cards in a document of SPDX 3: the `ai_AIPackage` that it is about, with the data sets it was trained and tested on.

The version of the specification and of the document are none of the model's. What the profile has no place for, such as
users, failures and measures, such a document does not say.
https://spdx.github.io/spdx-spec/v3.0.1/model/AI/AI/
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from policy_gate.cards.formats.nested import filled, items_of, numbers_again, performance_of
from policy_gate.errors import DocumentError

MODEL: Final = "ai_AIPackage"
_CONTEXT: Final = "spdx.org/rdf/3"
_WHOLE: Final = ("SpdxDocument", "software_Sbom", "Bom", "Bundle")
"""elements that say by `rootElement` what the document is about"""
_NOTHING: Final = frozenset({"", "noassertion", "none", "unknown"})
_ABOUT_DATA: Final = ("name", "summary", "description", "dataset_dataCollectionProcess", "dataset_intendedUse")

_Element = Mapping[Any, Any]


def spdx_values(data: Mapping[Any, Any]) -> dict[str, Any] | None:
    """The values of the model by the names of our fields; None for a document of another kind.

    DocumentError where the document is about no model or about several, or says one thing in two ways.
    """
    graph = _graph(data)
    return None if graph is None else filled(_values(_model(graph), graph))


def spdx_numbers(data: Mapping[Any, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every number of the model, also those that it gives a second time."""
    graph = _graph(data)
    return iter(()) if graph is None else numbers_again(_metrics(_model(graph)))


def _graph(data: Mapping[Any, Any]) -> list[_Element] | None:
    """The elements of a document of SPDX 3; None for any other."""
    elements = data.get("@graph") if "@graph" in data else [data]
    if not isinstance(elements, list) or not any(_CONTEXT in str(it) for it in items_of(data.get("@context"))):
        return None
    found = [it for it in elements if isinstance(it, Mapping)]
    if twice := _twice(_id(it) for it in found):
        raise DocumentError(f"two elements of this SPDX document are {twice}", hint="keep one of them")
    return found


def _twice(names: Iterable[str]) -> str:
    """The first of these names that is there twice; empty where none is."""
    return next((name for name, number in Counter(names).items() if name and number > 1), "")


def _model(graph: Sequence[_Element]) -> _Element:
    models = [it for it in graph if it.get("type") == MODEL]
    roots = {id_ for it in graph if it.get("type") in _WHOLE for id_ in _ids(it, "rootElement")}
    meant = [it for it in models if _id(it) in roots] or models
    if not models:
        raise DocumentError(f"no element of this SPDX document is an {MODEL}", hint=f"add one with type: {MODEL}")
    if len(meant) > 1:
        raise DocumentError(
            f"this SPDX document describes {len(models)} models, and says of none alone that it is about it",
            hint="name the system's own as the rootElement of the document",
        )
    return meant[0]


def _values(model: _Element, graph: Sequence[_Element]) -> dict[str, Any]:
    known = {_id(it): it for it in reversed(graph)}
    trained, tested = (_related(model, kind, graph, known) for kind in ("trainedOn", "testedOn"))
    return {
        "model_name": model.get("name"),
        "model_id": model.get("software_packageUrl") or model.get("spdxId"),
        "version": model.get("software_packageVersion"),
        "release_date": model.get("releaseTime"),
        "authors": [known.get(id_, {}).get("name") for id_ in _ids(model, "originatedBy")],
        "organization": next((known.get(id_, {}).get("name") for id_ in _ids(model, "suppliedBy")), None),
        "license": [
            it.get("simplelicensing_licenseExpression") or it.get("name")
            for kind in ("hasConcludedLicense", "hasDeclaredLicense")
            for it in _related(model, kind, graph, known)
        ],
        "base_model": [it.get("name") for it in _related(model, "descendantOf", graph, known)],
        "primary_intended_uses": _said(model, "ai_informationAboutApplication"),
        "known_limitations": _said(model, "ai_limitation"),
        "training_data_description": [*_said(model, "ai_informationAboutTraining"), *map(_of_data, trained)],
        "training_data_known_issues": [bias for it in trained for bias in _said(it, "dataset_knownBias")],
        "evaluation_data_description": [*map(_of_data, tested)],
        "regulatory_compliance": _said(model, "ai_standardCompliance"),
        **performance_of(_metrics(model)),
    }


def _metrics(model: _Element) -> list[Any]:
    """Its numbers as other bills have them, each with the threshold of the same name."""
    stated = [(str(it.get("key")), it.get("value")) for it in _entries(model, "ai_metricDecisionThreshold")]
    if twice := _twice(name for name, _ in stated):
        raise DocumentError(f"the threshold of {twice} is there twice", hint="keep one of them")
    limits = dict(stated)
    return [
        {"type": it.get("key"), "value": it.get("value"), "threshold": limits.get(str(it.get("key")))}
        for it in _entries(model, "ai_metric")
    ]


def _entries(model: _Element, name: str) -> list[_Element]:
    return [it for it in items_of(model.get(name)) if isinstance(it, Mapping)]


def _related(model: _Element, kind: str, graph: Sequence[_Element], known: Mapping[str, _Element]) -> list[_Element]:
    """What relationships of this kind lead to from the model, as far as the document describes it."""
    ways = (it for it in graph if it.get("relationshipType") == kind and _id(model) in _ids(it, "from"))
    return [known[id_] for it in ways for id_ in _ids(it, "to") if id_ in known]


def _of_data(element: _Element) -> str:
    return ": ".join(text for name in _ABOUT_DATA for text in _said(element, name))


def _said(element: _Element, name: str) -> list[str]:
    """The texts under a name, but for those that decline to say anything."""
    return [it for it in items_of(element.get(name)) if isinstance(it, str) and it.strip().casefold() not in _NOTHING]


def _id(element: _Element) -> str:
    return str(element.get("spdxId") or element.get("@id") or "")


def _ids(element: _Element, name: str) -> list[str]:
    """The elements that are named there, by reference or in place."""
    return [_id(it) if isinstance(it, Mapping) else str(it) for it in items_of(element.get(name))]
