"""The types of what documents say: ids, lines, days, values of facts, and where something was read."""

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from policy_gate.schema.patterns import lazy_pattern

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$")]
KebabId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=127)]
RuleId = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)?$", max_length=255)
]
"""Of a gate, a control or a rule; of a row of law, its pack and itself."""
FactName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=63)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=2000)]


def day_of(value: object) -> object:
    """ISO 8601 text of a real date, which is how documents write dates; anything else is left to pydantic."""
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value if _ISO_DAY.fullmatch(value) else "")
    except ValueError:
        raise PydanticCustomError("date_type", "a real date as YYYY-MM-DD") from None


_ISO_DAY = lazy_pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Day = Annotated[date, BeforeValidator(day_of), Field(description="YYYY-MM-DD")]
FactValue = bool | int | float | str | list[str]
Source = Annotated[str, StringConstraints(pattern=r"\S", max_length=2000), Field(description="where it says so")]
