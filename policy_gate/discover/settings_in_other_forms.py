"""Models that settings name in forms of their own: elements of XML, variables of other shells, names with their path.

`<add key="OpenAI:Model" value="…"/>`, `<key>OPENAI_MODEL</key>`, `$env:OPENAI_MODEL = "…"`, `openai.model = "…"`. Only
names that speak of models are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from policy_gate.discover.code_facts import Literal, snake
from policy_gate.discover.model_keys import GROUPS_OF_AI, speaks_of_model
from policy_gate.schema.patterns import lazy_pattern

_PATH: Final = r"[\w-]{1,40}[.:][ \t]?"
_FORMS: Final = (
    lazy_pattern(
        r"<\w{1,20}\s{1,20}(?:key|name)\s{0,3}=\s{0,3}[\"'](?P<name>[\w.:-]{1,80})[\"']\s{1,20}"
        r"(?:value|defaultValue)\s{0,3}=\s{0,3}[\"'](?P<value>[^\"'<>\n]{2,150})[\"']"
    ),
    lazy_pattern(r"<key>(?P<name>[\w.:-]{1,80})</key>\s{0,40}<string>(?P<value>[^<>\n]{2,150})</string>"),
    lazy_pattern(
        r"^[ \t]{0,20}(?:\$env:|set[ \t]{1,5}-\w{1,3}[ \t]{1,5}|setenv[ \t]{1,5})(?P<name>\w{1,60})[ \t]{0,5}=?"
        r"[ \t]{0,5}[\"']?(?P<value>[^\s\"'$=]{2,150})",
        re.MULTILINE | re.IGNORECASE,
    ),
    lazy_pattern(
        rf"^[ \t]{{0,40}}(?P<name>(?:{_PATH}){{0,4}}{GROUPS_OF_AI}[.:][ \t]?(?:{_PATH}){{0,3}}[\w-]{{1,40}})"
        r"[ \t]{0,5}[:=][ \t]{0,5}[\"'](?P<value>[^\"'\n]{2,150})[\"']",
        re.MULTILINE | re.IGNORECASE,
    ),
    lazy_pattern(
        r"^[ \t]{1,20}[\w-]{1,40}:(?P<name>[A-Za-z][\w-]{1,60}):[ \t]{1,5}(?P<value>[^\s\"'#]{2,150})[ \t]{0,5}$",
        re.MULTILINE,
    ),
)
_IN_ELEMENT: Final = lazy_pattern(
    rf"<(?P<group>{GROUPS_OF_AI})(?:\s[^<>\n]{{0,200}})?>(?:\s{{0,80}}<(\w[\w.-]{{0,60}})>[^<>]{{0,200}}</\2>){{0,20}}?"
    r"\s{0,80}<(?P<name>[\w.-]{0,20}(?:model|deployment)[\w.-]{0,20})>\s{0,40}(?P<value>[^<>\s]{2,150})\s{0,40}</",
    re.IGNORECASE,
)
"""an element of a group that speaks of AI"""


def models_in_other_forms(text: str) -> Iterator[Literal]:
    """The models that such settings name, with their lines."""
    lower = text.lower()
    if "model" not in lower and "deployment" not in lower:
        return
    for pattern in (*_FORMS, _IN_ELEMENT) if "<" in text else _FORMS[2:]:
        line, at = 1, 0
        for found in pattern.finditer(text):
            name = f"{found['group']}_{found['name']}" if pattern is _IN_ELEMENT else found["name"]
            if speaks_of_model(plain := _plain(name)):
                line, at = line + text.count("\n", at, found.start("value")), found.start("value")
                yield Literal(found["value"].strip(), line, plain)


def _plain(name: str) -> str:
    return snake(re.sub(r"[.: -]+", "_", name))
