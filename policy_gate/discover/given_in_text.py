"""What a text is given to, told by the text before it or by more than one sign: pairs, sums, lists, defaults, results.

`Map.of("model", "acme/rank-1")`, `"model" to "…"`, `PROMPT = "…" + "…"`, `model = env.MODEL ?? "…"`,
`function systemPrompt() { return "…" }`: in languages that are read by their text alone.
"""

from __future__ import annotations

import re
from typing import Final

from policy_gate.discover.code_facts import ASKED_MODEL, THROWN
from policy_gate.discover.model_keys import speaks_of_model
from policy_gate.discover.prompt_texts import addresses_model, speaks_of_prompt
from policy_gate.discover.said_to_people import ASKS_PEOPLE
from policy_gate.schema.patterns import lazy_pattern

_PAIRED: Final = lazy_pattern(r"\s{0,200}(?:,|\bto\b|->)\s{0,200}")
_JOINT: Final = r"(?:[+.&]|\.\.|<>|\+\+)\s{0,200}"
_SUMMED: Final = lazy_pattern(rf"\s{{0,200}}{_JOINT}(?:[\w.$()\[\]]{{1,80}}\s{{0,200}}{_JOINT})?")
_NEXT: Final = lazy_pattern(r"\s{0,200},\s{0,200}")
_NAME: Final = lazy_pattern(r"(?<![\w$])[A-Za-z_$][\w$.-]{0,80}")
_TYPE: Final = r"[\"']?\s{0,20}(?::\s{0,5}[\w<>?\[\]. ]{1,40})?"
_GIVEN: Final = rf"{_TYPE}\s{{0,5}}(?:[+.]=|(?:\?\?|\|\|)=|:=|=>|<-|=|:)\s{{0,20}}"
_LISTED: Final = lazy_pattern(
    rf"{_GIVEN}(?:\[|\(|(?:new\s{{0,5}})?(?:[A-Za-z]{{0,20}}\s?\[\]|\[\][a-z]{{1,12}})\s{{0,5}}\{{"
    r"|(?:listOf|arrayOf|List|List\.of|Seq|Vec|Arrays\.asList|c|array|vec!\s{0,5})\s{0,5}[(\[])\s{0,200}$"
)
_OPENING_MARKS: Final = ("(", "[", "{")
_WITHIN: Final = lazy_pattern(rf"{_GIVEN}([^;,{{}}\n]{{1,120}}?)\s{{0,80}}$")
_ASKS_USER: Final = lazy_pattern(rf"\b(?:{'|'.join(sorted(ASKS_PEOPLE))}|read_?line|alert|window)\b", re.IGNORECASE)
_ADDED: Final = lazy_pattern(
    r"(?<![\w$])([A-Za-z_$][\w$]{0,80})\s{0,5}\.\s{0,5}(?:append|push|add|concat|insert|write|push_str)(?:Line)?\s{0,5}\("
    r"\s{0,80}$",
    re.I,
)
_HELD: Final = lazy_pattern(
    r"(?<![\w$])([A-Za-z_$][\w$]{0,80})\s{0,20}(?:\{[^{}]{0,60}\}\s{0,20}=|by\s{1,5}lazy\s{0,5}\{)\s{0,40}$"
)
_CHAINED: Final = lazy_pattern(r"\b(prompt)\(\)[^;]{0,140}\.\s{0,5}(?:user|system)\(\s{0,40}$")
_BODY: Final = lazy_pattern(r"\bdef\s{1,5}([a-z_]\w{0,80})[^\n]{0,80}\n\s{0,40}$")
_OF_ROLE: Final = lazy_pattern(
    r"(?:Role|Type)\s{0,2}(?:\.|::)\s{0,2}(?i:system|developer|user)\w{0,10}\s{0,5},\s{0,40}$"
)
_OPENING: Final = (
    r"(?:\?\?|\|\||\?:|\?|:|\bor|\belse"
    r"|\.(?:orElse|getOrElse|unwrap_or|unwrap_or_else|or|fetch)\s{0,5}\(\s{0,5}(?:\|_?\|)?)\s{0,40}$"
)
_OPENS_DEFAULT: Final = lazy_pattern(_OPENING)
_DEFAULT: Final = lazy_pattern(rf"{_GIVEN}(?![=>])[\w.$\[\]\"'()! =&<>?:-]{{1,120}}{_OPENING}")
_RETURNED: Final = lazy_pattern(
    r"(?<![\w$])([A-Za-z_$][\w$]{0,80})\s{0,5}(?:[:=]\s{0,5}(?:async\s{1,5})?(?:function\s{0,5})?)?\([^()]{0,200}\)"
    r"\s{0,20}(?:(?::|->)\s{0,5}[\w<>?. ]{1,40}|[a-z]{2,10})?\s{0,5}(?:=>|=|->)?\s{0,5}\{?\s{0,200}"
    r"(?:return\s{0,20}\(?)?\s{0,40}$"
)
_DECLARED: Final = lazy_pattern(
    r"@([a-z_]\w{0,80})\s{1,20}(?:~[sS])?$|(?<![\w$])([A-Za-z_]\w{0,80})\s{1,20}(?:string|any)\s{0,20}=\s{0,40}$"
    r"|\b(?:string|string_view|auto|String)\s{1,5}([A-Za-z_]\w{0,80})\s{0,5}[{(]\s{0,40}$"
)
"""an attribute of a module of Elixir, a typed variable of Go, a variable of C++ with its value in brackets"""
_ENUMERATED: Final = lazy_pattern(r"\benum(?:\s{1,5}class)?\s{1,5}([A-Za-z_]\w{0,80})[^{};]{0,40}\{[^{}]{0,150}$")
_OF_TOOL: Final = lazy_pattern(r"\b[Tt]ool\s{0,3}\(\s{0,20}\{?[^(){}]{0,120}\bdescription\s{0,3}[:=]\s{0,40}$")
"""what a library tells a model of a tool"""
_ENTRY: Final = lazy_pattern(r"\bname\s{0,5}[:=]\s{0,5}([A-Za-z]\w{0,80})\s{1,80}value\s{0,5}[:=]\s{0,5}$")
"""the variable of a container, before its value"""
_OF_PIPELINE: Final = lazy_pattern(
    r"\bpipeline\s{0,3}(?:<[\w'\" |-]{1,60}>)?\(\s{0,40}(?:[\"'`]\s{1,80}|[\w.$]{1,60}),\s{0,40}$"
)
"""behind the task of a pipeline stands its model"""
_WORDS: Final = ("model", "prompt", "instruction", "preamble", "deployment", "base")
_LONGEST_NAME: Final = 80
_OF_MESSAGE: Final = frozenset({"role", "content", "text"})


class Row:
    """The texts of a program one after the other: what the last one says of the next."""

    def __init__(self) -> None:
        self._said = ""
        self._key = ""
        self._is_list = False

    def goes_on(self, gap: str) -> bool:
        """Is what comes after this gap a further part of the text before it?"""
        if not self._key:
            return False
        return _SUMMED.fullmatch(gap) is not None or (self._is_list and _NEXT.fullmatch(gap) is not None)

    def key(self, gap: str, before: str, value: str) -> str:
        """What the text is given to by what came before it; empty where nothing of it says so."""
        if self.goes_on(gap):
            return self._key
        if self._said and _PAIRED.fullmatch(gap):
            if self._said in ("system", "developer") and " " in value:
                return "system"
            if self._said in _OF_MESSAGE or speaks_of_model(self._said):
                return self._said
            return ASKED_MODEL if _OF_PIPELINE.search(before) else ""
        is_said = " " in value and (_OF_ROLE.search(before) or _OF_TOOL.search(before))
        return "system" if is_said else _of_expression(before)

    def named(self, key: str, before: str) -> str:
        """What it is given to; of an entry with a name and a value, the name."""
        if key != "value":
            return key
        found = _ENTRY.search(before)
        return found[1] if found else self._said if speaks_of_model(self._said) else key

    def note(self, value: str, key: str, before: str, *, is_key: bool) -> None:
        """Go on to the next text."""
        if is_key:
            self._key = ""
            return
        is_listed = bool(key) and before.rstrip()[-1:] in _OPENING_MARKS and _LISTED.search(before) is not None
        self._is_list = is_listed or (self._is_list and key == self._key)
        self._said = value if len(value) <= _LONGEST_NAME else ""
        self._key = key if is_telling(key) else "prompt" if addresses_model(value) else ""

    def part(self) -> None:
        """What comes stands far from all that says anything."""
        self._said = self._key = ""


def _of_expression(before: str) -> str:
    lower = before.lower()
    if not any(word in lower for word in _WORDS):
        return ASKED_MODEL if "pipeline" in lower and _OF_PIPELINE.search(before) else ""
    for word in _NAME.finditer(before):
        name = word[0].rpartition(".")[2].lstrip("$")
        if is_telling(name) and _is_given(before, word.end(), is_prompt=speaks_of_prompt(name)):
            return name
    others = (pattern.search(before) for pattern in (_ENUMERATED, _DECLARED, _RETURNED, _HELD, _ADDED, _CHAINED, _BODY))
    names = (found[found.lastindex or 1].rpartition(".")[2].lstrip("$") for found in others if found)
    return next(filter(is_telling, names), "")


def _is_given(before: str, end: int, *, is_prompt: bool) -> bool:
    """Is what comes next given to the name that ends there?"""
    if _LISTED.match(before, end) or (_OPENS_DEFAULT.search(before) and _DEFAULT.match(before, end)):
        return True
    within = _WITHIN.match(before, end) if is_prompt else None
    return within is not None and _ASKS_USER.search(within[1]) is None


def is_outer(own: str, last: str, before: str) -> bool:
    """Does what stands around a text say more of it than the name that it is given to, which `last` ends?"""
    if not own or (last == "(" and not is_telling(own)):
        return True
    if last == "=" and "enum" in before:
        return not is_telling(own) and _ENUMERATED.search(before) is not None
    return own == "description" and _OF_TOOL.search(before) is not None


def is_telling(key: str) -> bool:
    """Does the name say that a model is given to it, or what is said to one?"""
    return key in ("system", THROWN) or speaks_of_prompt(key) or speaks_of_model(key)
