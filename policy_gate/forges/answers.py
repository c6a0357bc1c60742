"""How an answer of a forge becomes a typed value: read once, strictly, with the place of what is not as documented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, TypeAdapter, ValidationError, WrapValidator

from policy_gate.schema.source import Loc
from policy_gate.vcs.tree import is_object_id

Value = TypeVar("Value")


class Answer(BaseModel):
    """An object of an answer: what is not read of it is ignored, what is read has its documented type."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", defer_build=True)


class UnexpectedShapeError(ValueError):
    """An answer is not as documented; the text says where, such as `[0].user.id`."""


def parse(kind: Any, body: bytes) -> Any:
    """The value of a type (a model, a list of models) in a body of JSON; UnexpectedShapeError where it is none."""
    try:
        return _adapter(kind).validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise UnexpectedShapeError(_place(first["loc"], first["type"])) from None


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _place(loc: Loc, fault: str) -> str:
    if fault == "json_invalid":
        return "it is no JSON"
    named = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).removeprefix(".")
    return f"{named} is missing or of another type" if named else "it is of another type"


def _utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("no instant in UTC") from error


def _object_id(text: str) -> str:
    if not is_object_id(text):
        raise ValueError("no commit id")
    return text


def _or_none(value: Any, read: Callable[[Any], Any]) -> Any:
    try:
        return read(value)
    except ValidationError:
        return None


Instant = Annotated[AwareDatetime, AfterValidator(_utc)]
"""An instant with its zone, in UTC."""
ObjectId = Annotated[str, AfterValidator(_object_id)]
"""A full commit id."""
Shaped = Annotated[Value | None, WrapValidator(_or_none)]
"""The value, or None for anything of another shape: for parts that others may leave empty in ways of their own."""
