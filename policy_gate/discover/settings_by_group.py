"""Models that settings name in a group which speaks of AI: `[llm]` with `model = "…"`, `"ai": {"model": "…"}`.

The name of a setting is all of its path: `llm.model` says as much as `llm_model`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from policy_gate.discover.code_facts import Literal
from policy_gate.discover.model_keys import GROUPS_OF_AI
from policy_gate.schema.patterns import lazy_pattern

_NAME: Final = (
    r"[\"']?(?:(?:[a-z]{2,20}[_-]?)?model(?:[_-]?(?:name|id))?|(?:[a-z]{2,20}[_-]?)?deployment(?:[_-]?(?:name|id))?)"
    r"[\"']?[ \t]{0,5}[:=][ \t]{0,5}"
)
_VALUE: Final = r"[\"']?([\w][\w./:@-]{1,150})[\"']?"
_IN_BRACES: Final = lazy_pattern(
    rf"(?<![\w.-]){GROUPS_OF_AI}[\"']?\s{{0,5}}[:=]?\s{{0,5}}\{{(?:[^{{}}]{{0,400}}?[\s,])?{_NAME}{_VALUE}",
    re.IGNORECASE,
)
_REMARK: Final = r"[ \t]{0,5}(?:#.{0,200})?$"
_LINE: Final = lazy_pattern(
    r"^(?P<indent>[ \t]{0,40})"
    rf"(?:\[{{1,2}}[ \t]{{0,5}}(?:[\w.\"-]{{0,80}}[.\"])?(?P<table>{GROUPS_OF_AI})[\"]?[ \t]{{0,5}}\]|(?P<other>\[)"
    rf"|[\"']?(?P<group>{GROUPS_OF_AI})[\"']?:{_REMARK}|{_NAME}(?P<value>{_VALUE}){_REMARK}|(?P<plain>[^\s#]))",
    re.IGNORECASE | re.MULTILINE,
)
_SPEAKS: Final = lazy_pattern(
    rf"(?<![\w-]){GROUPS_OF_AI}[\"']?\s{{0,5}}(?:[:=]\s{{0,5}}(?:[\n{{#]|$)|\{{|\])", re.IGNORECASE
)
_MODEL: Final = "llm_model"
"""what such a setting is read as: a name that speaks of a model that is asked"""


def models_in_groups(text: str) -> Iterator[Literal]:
    """The models that groups of settings name, with their lines."""
    lower = text.lower()
    if ("model" not in lower and "deployment" not in lower) or _SPEAKS.search(text) is None:
        return
    for found in _IN_BRACES.finditer(text):
        yield Literal(found[1], text.count("\n", 0, found.start(1)) + 1, _MODEL)
    yield from _below_names(text)


def _below_names(text: str) -> Iterator[Literal]:
    """The same in a table of TOML, and in a group of YAML as long as its lines stand further in."""
    is_table, group = False, -1
    line, at = 1, 0
    for found in _LINE.finditer(text):
        indent = len(found["indent"])
        if found["table"] or found["other"]:
            is_table, group = bool(found["table"]), -1
            continue
        if indent <= group:
            group = -1
        if found["group"] and group < 0:
            group = indent
        elif found["value"] and (is_table or group >= 0):
            line, at = line + text.count("\n", at, found.start()), found.start()
            yield Literal(found[found.lastindex or 0].strip("\"'"), line, _MODEL)
