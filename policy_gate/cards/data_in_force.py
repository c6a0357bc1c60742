"""What of YAML and JSON is in force: without remarks, and without what its keys set aside (D53)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from policy_gate.cards.measured import of_all_below
from policy_gate.cards.result_columns import is_of_another
from policy_gate.cards.text_standing import is_no_part, is_set_aside
from policy_gate.schema.patterns import lazy_pattern

_REMARK: Final = lazy_pattern(r"[_#]|//|(?:\$|x[-_])?comments?\Z", re.IGNORECASE)
"""keys of remarks beside the data"""
_SAMPLE: Final = lazy_pattern(r"(?:for )?(?:example|sample|template)", re.IGNORECASE)
_NUMBERS: Final = lazy_pattern(r" (?:results?|scores?|metrics|performance|numbers)\Z", re.IGNORECASE)
_OF_OTHERS: Final = lazy_pattern(
    r"(?:previous|prior|old|older|former|last|earlier|parent|base|teacher|vendor|third party|upstream|reference|other"
    r"|another|competing|competitor|next|future|planned) (?:models?|versions?|releases?|systems?|cards?)"
    r"|previous|former|predecessor|vorg[aä]nger|baselines?|competitors?|comparisons?",
    re.IGNORECASE,
)
"""keys of maps that are about a model beside the card's own"""


def entries_in_force(data: Mapping[Any, Any]) -> Iterator[tuple[Any, Any]]:
    """The entries of a mapping without remarks and what is set aside; none where it says so of itself as a whole."""
    if not any(_ends_all(_plain(key), value) for key, value in data.items()):
        yield from ((key, value) for key, value in data.items() if not _is_aside(str(key), _plain(key)))


def card_in_force(data: Mapping[Any, Any]) -> dict[Any, Any]:
    """A card's data less what is set aside in it; what it says of itself as a whole, such as a status, ends nothing."""
    return {key: _in_force(value) for key, value in data.items() if not _is_aside(str(key), _plain(key))}


def is_of_another_model(key: object) -> bool:
    """Whether what stands in a map of this key is said of another model, or of another version of this one."""
    return _OF_OTHERS.fullmatch(_plain(key)) is not None


def holds_no_results(key: object) -> bool:
    """Whether numbers in a map of this key are of the training data, of a baseline, or a wish."""
    whole = _plain(key)
    name = _NUMBERS.sub("", whole)
    return any(of_all_below(it, has_limits=False) for it in (name, whole)) or is_of_another(name)


def _in_force(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _in_force(inner) for key, inner in entries_in_force(value)}
    return [_in_force(inner) for inner in value] if isinstance(value, list) else value


def _plain(key: object) -> str:
    return " ".join(str(key).replace("_", " ").replace("-", " ").split())


def _is_aside(key: str, name: str) -> bool:
    """Whether a key is that of a remark, or says that its value is withdrawn; examples in data are the author's own."""
    return bool(_REMARK.match(key)) or (is_set_aside(name) and not _SAMPLE.match(name))


def _ends_all(name: str, value: Any) -> bool:
    """Whether an entry says that what stands beside it is set aside: `withdrawn: true`, `status: obsolete`."""
    said = "yes" if value is True else value
    if not isinstance(said, str):
        return False
    if said.casefold() in ("yes", "true"):
        return is_set_aside(name) or is_no_part(name)
    is_status = name.casefold() in ("status", "state", "document status", "validity")
    return is_status and (is_set_aside(said) or is_no_part(said))
