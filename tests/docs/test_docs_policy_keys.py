"""The page of all keys of a policy document, held against the models that read one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from policy_gate.policy.strictness import FREE, GROWING, MAY_GROW, MAY_SHRINK, RANKED
from policy_gate.schema.policy_document import PolicyFile
from policy_gate.schema.policy_head import PolicyHead
from policy_gate.schema.requirement_document import RequirementSpec

PAGE = Path(__file__).resolve().parents[2] / "docs" / "policy-keys.md"
OF_MOST = {"why", "citation", "overridable"}
"""told once for all items"""
INNER = {
    "`sections` of an artifact": "SectionSpec",
    "`needs` of a clock": "NeedSpec",
    "`binds_later` of a clock": "BindsLaterSpec",
    "`rests` of a clock": "RestsSpec",
    "`parts` of a notice": "NoticeSectionSpec",
}


def _move(name: str, extra: Any) -> str:
    """What a later layer may do with a key without `overridable`."""
    direction = str(extra.get("stricter", "")) if isinstance(extra, dict) else ""
    if name in FREE and name != "id":
        return "change it"
    if name in GROWING or name in MAY_GROW or name in ("sections", "separate_roles"):
        return "add"
    if name in MAY_SHRINK or name == "covers":
        return "take away"
    if name in ("effective", "enrol_by"):
        return "be earlier"
    if name in RANKED or name == "points" or direction == "higher":
        return "go higher"
    if direction in ("true", "false") or name == "weakening":
        return f"set `{direction or 'true'}`"
    return {"lower": "go lower", "shorter": "be shorter"}.get(direction, "")


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from _models(field.annotation) if annotation is not RequirementSpec else ()
    for part in get_args(annotation):
        yield from _models(part)


MODELS = {model.__name__: model for model in _models(PolicyFile)}
SECTIONS: dict[str, type[BaseModel]] = {
    **{
        name: next(_models(field.annotation))
        for name, field in PolicyFile.model_fields.items()
        if name not in PolicyHead.model_fields
    },
    **{title: MODELS[name] for title, name in INNER.items()},
    "A requirement": RequirementSpec,
}


def _told() -> dict[str, list[tuple[str, str, str]]]:
    """By heading, the rows of the table below it: the key, whether it must be there, how a layer may move it."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    heading = ""
    for line in PAGE.read_text("utf-8").split("\n"):
        if line.startswith("## ") or line.startswith("### "):
            heading = line.lstrip("# ")
        elif row := re.fullmatch(r"\| `([^`]+)` \| ([^|]*) \| ([^|]*) \| ([^|]+) \|", line):
            found.setdefault(heading, []).append((row[1], row[2].strip(), row[3].strip()))
    return found


def test_each_section_has_its_table_and_no_other_is_there() -> None:
    assert set(_told()) == set(SECTIONS)
    used = {model.__name__ for model in SECTIONS.values()}
    assert set(MODELS) - used == {"PolicyFile"}


@pytest.mark.parametrize("section", SECTIONS)
def test_each_key_is_told_with_whether_it_must_be_there_and_how_a_layer_may_move_it(section: str) -> None:
    wanted = []
    for name, field in SECTIONS[section].model_fields.items():
        must = "yes" if field.is_required() else ""
        if name not in OF_MOST:
            wanted.append((field.alias or name, must, _move(name, field.json_schema_extra)))
    assert _told()[section] == wanted
