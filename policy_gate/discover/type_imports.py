"""Imports for type checkers alone, of which a program that runs holds nothing: `import type`, `if TYPE_CHECKING`.

Whoever writes such a file may still be handed the object whose type it names, and ask a model by it. So what it imports
so is a weaker sign only where the file calls nothing by a name under which clients are asked.
"""

from __future__ import annotations

import re
from typing import Final

from policy_gate.schema.patterns import lazy_pattern

_NAME: Final = r"[A-Za-z_$][\w$]{0,80}"
_TYPE: Final = rf"type\s{{1,20}}(?!as\b){_NAME}(?:\s{{1,20}}as\s{{1,20}}{_NAME})?"
_ALL_TYPES: Final = rf"\{{\s{{0,200}}{_TYPE}(?:\s{{0,200}},\s{{0,200}}{_TYPE}){{0,100}}\s{{0,20}},?\s{{0,200}}\}}"
_FOR_TYPES: Final = lazy_pattern(
    rf"(?<![\w$.])(?:import|export)\s{{0,20}}(?:\stype\s{{0,20}}(?:\s{_NAME}\s|\*\s{{0,20}}as\s{{1,20}}{_NAME}\s"
    rf"|\{{[^{{}}]{{0,4000}}\}})|{_ALL_TYPES})\s{{0,20}}from\s{{0,20}}$"
)
"""the end of what stands before the name of a module in TypeScript, where each name in it is said to be a type"""
_GUARD: Final = lazy_pattern(
    r"^if[ \t]+(?:typing\.)?TYPE_CHECKING[ \t]*:|^from[ \t]+typing(?:_extensions)?[ \t]+import[ \t]+"
    r"(?:\([^()*]{0,2000}\)|[\w, \t]{1,500}$)",
    re.MULTILINE,
)
_OF_TYPING: Final = lazy_pattern(
    r"^[ \t]*import[ \t]+(?:\w+[ \t]*,[ \t]*){0,20}typing(?=[ \t]*(?:,[ \t]*\w+[ \t]*){0,20}$)"
    r"|^[ \t]*from[ \t]+typing(?=[ \t]+import\b)|(?<![\w.])typing(?=\.\w)",
    re.MULTILINE,
)
"""where `typing` is surely the module of that name: imported by it, or asked for something"""
_TYPING: Final = lazy_pattern(r"\btyping\b")
_RENAMED: Final = lazy_pattern(
    r"\bas[ \t]+TYPE_CHECKING\b|^[ \t]*from[ \t][^\n]{1,500}\bimport[ \t]*\(?[ \t]*\*"
    r"|\b(?:exec|globals|setattr|vars|__dict__)\b",
    re.MULTILINE,
)
_ASKED: Final = lazy_pattern(
    r"(?<![\w$])(?<!JSON\.)(?:a?create|a?stream\w*|a?generate(?:_?(?:content|text|object|stream|images?|speech))?\w{0,7}"
    r"|complet(?:e|ion)\w*|chat\w*|a?invoke\w*|embed\w*|parse|run(?:_?\w{1,20})?|a?batch|predict\w*|infer\w*|ask|query"
    r"|do_?generate|do_?stream|send|transcribe\w*|moderat\w*|respond|rerank|synthesi[sz]e\w*|edit|poll|translate\w*"
    r"|classify\w*|score|answer|execute|process\w*|call|apply|bind)"
    r"[\"'`]?\]?\s{0,5}(?:\?\.\s{0,5})?[(<\[]|\]\s{0,5}(?:\?\.\s{0,5})?\(",
    re.IGNORECASE,
)
"""a call by a name under which clients of models are asked, also of a function that was taken out of the client, or by
a name that is worked out"""


def is_for_types(before: str) -> bool:
    """Whether an import of TypeScript, by what stands before the name of its module, leaves nothing when compiled."""
    return _FOR_TYPES.search(before) is not None


def guards_types(program: str) -> bool:
    """Whether TYPE_CHECKING in a Python program is the name of `typing` and no other, which is false where it runs."""
    if "TYPE_CHECKING" not in program or _RENAMED.search(program):
        return False
    return "TYPE_CHECKING" not in _GUARD.sub("", program) and not _TYPING.search(_OF_TYPING.sub("", program))


def asks_something(program: str) -> bool:
    """Whether a program calls anything by a name under which clients of models are asked."""
    return _ASKED.search(program) is not None
