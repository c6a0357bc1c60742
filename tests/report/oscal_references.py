"""Whether the references of an OSCAL assessment-results document hold: schemas and readers look at shapes only.

Every reference must name something that the same document defines, of the kind that it asks for, and no UUID or id may
be given twice. https://pages.nist.gov/OSCAL-Reference/models/ says which field refers to what.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

REFERS_TO = {
    "party-uuid": "parties",
    "party-uuids": "parties",
    "role-id": "roles",
    "observation-uuid": "observations",
    "risk-uuid": "risks",
    "finding-uuid": "findings",
    "component-uuid": "components",
    "task-uuid": "tasks",
    "response-uuid": "remediations",
    "objective-id": "parts",
    "target-id": "parts",
}
"""The field, and the list of the document that defines what it names."""
BY_TYPE = {
    "component": "components",
    "tool": "components",
    "party": "parties",
    "resource": "resources",
    "assessment-platform": "assessment-platforms",
}
"""What `actor-uuid` and `subject-uuid` name, by the `type` beside them."""
OUTSIDE = ("rlinks",)
"""Where a link leads out of the document: the files themselves."""


def broken(document: dict[str, Any]) -> list[str]:
    """One line for each reference that leads nowhere and each id that stands for two things; empty where all hold."""
    defined = _defined(document)
    return [*_twice(defined), *_dangling(document, defined)]


def references(document: dict[str, Any]) -> Counter[str]:
    """How often each field that refers to something is there."""
    return Counter(field for _, field, _, _ in _references(document))


def _walk(node: Any, above: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object with the name of the field that it stands in."""
    if isinstance(node, dict):
        yield above, node
        for name, part in node.items():
            yield from _walk(part, name)
    elif isinstance(node, list):
        for part in node:
            yield from _walk(part, above)


def _defined(document: dict[str, Any]) -> dict[str, Counter[str]]:
    """The ids that each list gives; of one thing that is no list, under its own name."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for above, node in _walk(document):
        for name in ("uuid", "id"):
            if name in node:
                found[above][node[name]] += 1
    return found


def _twice(defined: dict[str, Counter[str]]) -> Iterator[str]:
    for one, times in sum(defined.values(), Counter()).items():
        if times > 1:
            yield f"{one} is given {times} times"


def _dangling(document: dict[str, Any], defined: dict[str, Counter[str]]) -> Iterator[str]:
    controls = _controls(document)
    for above, field, kind, value in _references(document):
        known = controls if field == "control-id" else defined.get(kind, {})
        if value not in known:
            yield f"{above}: {field} {value} is none of the {kind or 'kinds that a reference may have'}"


def _references(document: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Each reference: where it stands, its field, the list that must define what it names, and the name."""
    for above, node in _walk(document):
        for field, value in node.items():
            if field == "href" and above not in OUTSIDE:
                yield above, field, "resources", value.removeprefix("#") if value.startswith("#") else value
            elif field in ("actor-uuid", "subject-uuid"):
                yield above, field, BY_TYPE.get(node["type"], ""), value
            elif field == "control-id" and above == "include-controls":
                yield above, field, "controls", value
            elif field.endswith(("-uuid", "-uuids")) or field in REFERS_TO:
                for one in value if isinstance(value, list) else [value]:
                    yield above, field, REFERS_TO.get(field, ""), one


def _controls(document: dict[str, Any]) -> set[str]:
    """The controls that the document says something about: it states what one wants, or an observation names it."""
    stated = {node["control-id"] for above, node in _walk(document) if above == "objectives-and-methods"}
    named = {node["value"] for above, node in _walk(document) if above == "props" and node["name"] == "rule"}
    return stated | named
