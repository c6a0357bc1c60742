"""Which model a Markdown card is of: by its title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from policy_gate.cards.field_names import name_key
from policy_gate.cards.piece import RUN_IN, Piece
from policy_gate.schema.patterns import lazy_pattern

_TITLE: Final = lazy_pattern(
    r"\A[^\w\s\[({<\"'“]*\s*(?:(?:model\s*card|modelcard)(?:\s+for)?\b\s*[:\-–—]?\s*(?P<after>.+)\Z"
    r"|(?P<before>.+?)\s+model\s*card\Z)",
    re.IGNORECASE,
)
_UNTITLED: Final = frozenset(
    {
        "overview", "model card", "model details", "model overview", "model summary", "model description", "model id",
        "model name", "introduction", "summary", "description", "readme", "about", "card", "your model", "untitled",
        "template", "table of contents", "contents", "references", "citation", "license", "licence", "usage",
        "how to get started with model", "getting started", "quickstart", "your model title", "your model name",
        "transparency note", "system card", "model card md", "system card md", "installation", "framework versions",
    }
)  # fmt: skip
"""first headings that name no model"""
_REMARK: Final = lazy_pattern(r"\([^()]*\)|\[[^\[\]]*\]")
"""a remark in brackets beside "Model card", such as (draft)"""


def title_of(pieces: Sequence[Piece]) -> Piece | None:
    """A first heading that stands alone at the highest level, though that is not the first level."""
    headings = [piece for piece in pieces if piece.kind == "heading" and piece.level < RUN_IN]
    top = min((piece.level for piece in headings), default=0)
    highest = [piece for piece in headings if piece.level == top]
    return highest[0] if len(highest) == 1 and len(headings) > 1 and highest[0] is headings[0] else None


def name_in_title(title: str) -> tuple[str, bool]:
    """The model's name in a title, empty where it names none, and whether the title says that this is a model card."""
    found = _TITLE.match(" ".join(title.split())[:300])
    name = (found["after"] or found["before"]).strip(' "“”:') if found else title.strip()
    is_name = name_key(name) not in _UNTITLED and not _REMARK.fullmatch(name)
    return (name if is_name else ""), found is not None
