"""`Strict`, the base of all documents: frozen, no unknown keys, no silent conversions."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """A frozen record that refuses unknown keys and never turns one type into another.

    Its validator is built when the first document of its kind is read: most runs meet few kinds.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True, defer_build=True)


class FieldsError(ValueError):
    """Fields of one entry that do not go together; `hint` says what to write."""

    def __init__(self, said: str, hint: str) -> None:
        super().__init__(said)
        self.hint = hint


def empty_list(description: str | None = None) -> Any:
    """A field that is an empty list where nothing is written; pydantic would copy a default, at length, each time."""
    return Field(default_factory=_no_entries, json_schema_extra={"default": []}, description=description)


def empty_dict(description: str | None = None) -> Any:
    """A field that is an empty mapping where nothing is written."""
    return Field(default_factory=_no_keys, json_schema_extra={"default": {}}, description=description)


# Of a function it is known at once that it takes nothing; pydantic parses the signature of `list` as text.
def _no_entries() -> list[Any]:
    return []


def _no_keys() -> dict[str, Any]:
    return {}


def literal_words(annotation: Any) -> tuple[str, ...]:
    """The words of an annotation that is a Literal, a list of them, or a union with one; none elsewhere."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return next((words for branch in get_args(annotation) if (words := literal_words(branch))), ())
