"""What a text is given to, told by the text before it or by more than one sign: pairs, sums, lists, defaults, results.

`Map.of("model", "acme/rank-1")`, `"model" to "…"`, `PROMPT = "…" + "…"`, `model = env.MODEL ?? "…"`,
`function systemPrompt() { return "…" }`: in languages that are read by their text alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from policy_gate.discover.code_facts import ASKED_MODEL, OF_MESSAGE, THROWN, snake
from policy_gate.discover.given_before import key_before
from policy_gate.discover.given_through import is_branch, is_next_branch, may_be_branch, places_around
from policy_gate.discover.model_keys import speaks_of_model
from policy_gate.discover.prompt_texts import addresses_model, speaks_of_prompt
from policy_gate.discover.said_in_text import is_said
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
_TYPED: Final = lazy_pattern(
    r"(?<![\w$.])([A-Za-z_$][\w$]{0,80})[?!]?\s{0,5}:(?!:)\s{0,20}"
    r"(?:[^=;,<>(){}\n]|\n\s{0,40}\||<[^=;<>\n]{0,60}>|\([^=;()\n]{0,60}\)|\{[^=;{}\n]{0,60}\}){1,120}=\s{0,40}$"
)
"""a name with a type of more than one word, as a list of texts that it may be"""
_RETURNS: Final = lazy_pattern(
    r"(?:\b(?:function|def|defp|func|fn|fun|static|public|private|override|async|export|const|let|[Ss]tring)|\*)\s{1,5}"
    r"([A-Za-z_$][\w$]{0,80})\s{0,5}(?:[:=]\s{0,5}(?:async\s{1,5})?)?\([^()]{0,100}\)[^;{}()]{0,40}\{([^\"]|\"\s){0,150}?"
    r"(?:\breturn|=>|->|:)\s{0,40}$"
)
"""one of several texts that a function returns"""
_COMPUTED: Final = lazy_pattern(
    r"\b(?:var|val|let)\s{1,5}([A-Za-z_]\w{0,80})\s{0,5}:\s{0,5}\w{1,40}[?!]?\s{0,5}\{(?:[^{};]{0,20}\{)?\s{0,40}$"
)
_SHORT_BODY: Final = lazy_pattern(
    r"\b(?:defp?|fun)\s{1,5}([a-z_]\w{0,80})(?:\([^()]{0,80}\))?"
    r"(?:[^=\n]{0,40},\s{0,5}do:|\s{0,5}(?::\s{0,5}\w{1,20})?\s{0,5}=)\s{0,40}$"
)
_PARAMETER: Final = lazy_pattern(r"(?<![\w.])([a-z_]\w{0,80})\s{1,5}\\\\\s{0,5}$")
"""what a function of Elixir takes where it is handed nothing"""
_FOR: Final = lazy_pattern(r"_?(?:for|by|of|from)(?:_\w{0,40})?$")
"""how names of functions end that say for whom or from what"""
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
_OF_MESSAGE: Final = OF_MESSAGE | {"role"}


class Row:
    """The texts of a program one after the other: what the last one says of the next."""

    def __init__(self, *, is_program: bool = True) -> None:
        self.is_program = is_program
        self._said = ""
        self._key = ""
        self._is_list = False
        self._is_branch = False

    def goes_on(self, gap: str) -> bool:
        """Is what comes after this gap a further part of the text before it?"""
        if not self._key:
            return False
        if _SUMMED.fullmatch(gap) or (self._is_list and _NEXT.fullmatch(gap)):
            return True
        return self._is_branch and is_next_branch(gap)

    def key(self, gap: str, before: str, value: str) -> str:
        """What the text is given to by what came before it; empty where nothing of it says so."""
        if self.goes_on(gap):
            return self._key
        if self._said and _PAIRED.fullmatch(gap):
            if self._said in ("system", "developer") and " " in value:
                return "system"
            if self._said in _OF_MESSAGE or speaks_of_model(self._said):
                return self._said
            if _OF_PIPELINE.search(before):
                return ASKED_MODEL
        is_to_model = " " in value and (_OF_TOOL.search(before) or (self.is_program and is_said(before)))
        found = "system" if is_to_model else _of_expression(before)
        return found if found or not self.is_program else _through_calls(before)

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
        self._is_branch = is_telling(key) and ((self._is_branch and key == self._key) or _is_of_branch(before, key))
        self._said = value if len(value) <= _LONGEST_NAME else ""
        self._key = key if is_telling(key) else "prompt" if addresses_model(value) else ""

    def part(self) -> None:
        """What comes stands far from all that says anything."""
        self._said = self._key = ""


@lru_cache(maxsize=2048)
def _through_calls(before: str) -> str:
    """What a text is given to by way of calls that come to it."""
    for place, own in places_around(before) if _may_say(before) else ():
        key = key_before(place, place.rstrip()[-1:])
        if found := key if is_telling(key) else _of_expression(place):
            return found
        if own and speaks_of_model(own):
            return own
    return ""


def _is_of_branch(before: str, key: str) -> bool:
    """Does a text stand in one of several branches that a name of this spelling is given?"""
    if not may_be_branch(before):
        return False
    names = (it for it in _NAME.finditer(before) if snake(it[0].rpartition(".")[2].lstrip("$")) == key)
    return any(is_branch(before, it.end()) for it in names)


def _may_say(before: str) -> bool:
    lower = before.lower()
    return any(word in lower for word in _WORDS)


@lru_cache(maxsize=2048)
def _of_expression(before: str) -> str:
    if not _may_say(before):
        return ASKED_MODEL if "pipeline" in before.lower() and _OF_PIPELINE.search(before) else ""
    ways = _Ways(before)
    for word in _NAME.finditer(before):
        name = word[0].rpartition(".")[2].lstrip("$")
        if is_telling(name) and ways.is_given(word.end(), is_prompt=speaks_of_prompt(name)):
            return name
    return next(filter(is_telling, _names_around(before, before.rstrip()[-1:])), "")


def _names_around(before: str, last: str) -> Iterator[str]:
    """Names of what a text stands in; a pattern is tried where the mark that it ends with is there."""
    tried = [_DECLARED]
    tried += [_ENUMERATED] if "enum" in before else []
    tried += [_RETURNED, _BODY] if ")" in before or "def" in before else []
    tried += [_TYPED] if last == "=" and ":" in before else []
    tried += [_HELD, _COMPUTED] if "{" in before else []
    tried += [_ADDED, _CHAINED] if last == "(" else []
    tried += [_PARAMETER] if last == "\\" else []
    for found in (pattern.search(before) for pattern in tried):
        if found:
            yield found[found.lastindex or 1].rpartition(".")[2].lstrip("$")
    returning = [_RETURNS] if "{" in before and last in "n>:" else []
    returning += [_SHORT_BODY] if last in ":=" else []
    for found in (pattern.search(before) for pattern in returning):
        if found:
            yield _FOR.sub("", snake(found[1]))


class _Ways:
    """In which ways what comes next may be given to a name before it."""

    def __init__(self, before: str) -> None:
        self._before = before
        self._opens_default = _OPENS_DEFAULT.search(before) is not None
        self._may_be_branch = may_be_branch(before)

    def is_given(self, end: int, *, is_prompt: bool) -> bool:
        """Is it given to the name that ends there?"""
        if _LISTED.match(self._before, end) or (self._opens_default and _DEFAULT.match(self._before, end)):
            return True
        if self._may_be_branch and is_branch(self._before, end):
            return True
        within = _WITHIN.match(self._before, end) if is_prompt else None
        return within is not None and _ASKS_USER.search(within[1]) is None


def is_outer(own: str, last: str, before: str, by_row: str) -> bool:
    """Does what stands around a text say more of it than the name that it is given to, which `last` ends?"""
    if not own or (last in "(>{" and not is_telling(own)) or (own in OF_MESSAGE and by_row == "system"):
        return True
    if last == "=" and not is_telling(own) and ("enum" in before or ":" in before):
        return any(pattern.search(before) for pattern in (_ENUMERATED, _TYPED))
    if last == ":" and own == "default":
        return True
    return own == "description" and _OF_TOOL.search(before) is not None


@lru_cache(maxsize=4096)
def is_telling(key: str) -> bool:
    """Does the name say that a model is given to it, or what is said to one?"""
    return key in ("system", THROWN) or speaks_of_prompt(key) or speaks_of_model(key)
