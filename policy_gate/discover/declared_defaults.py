"""What an option, a field or a variable holds where nobody sets it, by how it is declared.

`#[arg(default_value = "…")] model: String`, `@Value("${ranker:…}") String model`, `model: { default: "…" }`,
`.option("--model <name>", "which", "…")`, `variable "openai_model" { default = "…" }`: languages read by their text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from policy_gate.discover.code_facts import Literal, snake
from policy_gate.discover.given_in_text import is_telling
from policy_gate.discover.given_through import opening_before
from policy_gate.discover.prefilter import is_any
from policy_gate.schema.patterns import lazy_pattern

_VALUE: Final = r"(?P<quote>[\"'`])(?P<value>(?:(?!(?P=quote))[^\n\\]){2,200})(?P=quote)"
_DEFAULT: Final = lazy_pattern(
    r"(?<![\w$])(?P<mark>[\"']?[dD]efault(?:_?[vV]alue)?(?:_t)?[\"']?\s{0,5}(?:[:=]|\()\s{0,5}(?:String::from\()?)"
    + _VALUE
)
_INJECTED: Final = lazy_pattern(
    r"(?P<mark>@Value\s{0,3}\(\s{0,5}(?:value\s{0,3}=\s{0,3})?[\"']\\?\$\{[\w.-]{1,80}:)(?P<value>[^}\"'\n]{2,200})\}"
)
_TAGGED: Final = lazy_pattern(
    r"^[ \t]{0,40}(?P<name>[A-Za-z_]\w{0,60})[ \t]{1,20}\*?[\w.]{1,40}[ \t]{1,20}`[^`\n]{0,200}?(?:\b|[a-z])[dD]efault:"
    r"\"(?P<value>[^\"\n]{2,200})\"",
    re.MULTILINE,
)
"""a field of Go with its default in a tag"""
_POSITIONAL: Final = lazy_pattern(
    r"(?P<mark>\.(?:option|requiredOption|argument)\s{0,3}\(\s{0,20})(?P<q>[\"'`])(?P<name>[^\"'`\n]{1,80})(?P=q)"
    r"\s{0,20},\s{0,20}[\"'`][^\n]{0,200}?[\"'`]\s{0,20},\s{0,20}[\"'`](?P<value>[^\"'`\n]{2,200})[\"'`]"
    r"|(?P<mark_of_go>\bString(?:Var)?P?\(\s{0,20}(?:&?[\w.]{1,60}\s{0,5},\s{0,20})?)\"(?P<name_of_go>[\w.-]{1,60})\""
    r"\s{0,5},(?:\s{0,20}\"\w?\"\s{0,5},)?\s{0,20}\"(?P<value_of_go>[^\"\n]{2,200})\""
)
"""options of commander, and flags of pflag with their short form"""
_OPTION: Final = lazy_pattern(
    r"(?:[\"'`](?:-\w, ?)?-{0,2}|:)([A-Za-z][\w.-]{0,60})(?:[ =][<\[]\S{0,40}[>\]])?(?:[\"'`]|\b)"
)
"""a name as the text, or the symbol, that a call is handed"""
_OWNER: Final = lazy_pattern(
    r"(?:\b([A-Za-z_$][\w$-]{0,80})[\"']?\s{0,5}(?::|=>?)\s{0,5}(?:(?:new\s{1,3})?[A-Za-z_$][\w.$]{0,60}(?:<[^<>\n]{0,40}>)?)?"
    r"|[\"']([A-Za-z][\w.-]{0,60})[\"']\s{0,5})\Z"
)
"""a name whose value, or whose block, the bracket opens"""
_ATTRIBUTE: Final = lazy_pattern(r"(?:@[\w.]{1,60}\s{0,3}\(|#\[\w{1,20}\(|\[[A-Z]\w{0,40}\(|(?:^|[\n;{}])\s{0,40}\[)\Z")
_FURTHER: Final = (
    r"(?:\s{0,60}(?:@\w{1,40}(?:\([^()\n]{0,120}\))?|#\[[^\[\]\n]{0,120}\]|\[[A-Z][^\[\]\n]{0,120}\])){0,3}"
)
_DECLARED: Final = lazy_pattern(rf"[\])]{{1,3}}{_FURTHER}\s{{1,60}}([^;={{}}\n(),]{{1,120}})")
_NAMED: Final = lazy_pattern(r"([A-Za-z_$][\w$]{0,60})[?!]?\s{0,5}(?::(?!:)|\Z)")
_CLOSES: Final = lazy_pattern(r"[\])]")
_OUTWARD: Final = 3
_BACK: Final = 400
_AHEAD: Final = 300


def defaults_declared(text: str, code: Callable[[], str], places: list[int] | None) -> Iterator[Literal]:
    """Models and prompts that declarations give as defaults, with their lines, each given to its setting's name.

    `code` gives the program without comments and texts, each as long as it is; it is only asked for where it is needed.
    A declaration is read where one of the `places` is close to it, in order; anywhere without them.
    """
    found = _near((*_DEFAULT.finditer(text), *_INJECTED.finditer(text)), places)
    positional = _near(_POSITIONAL.finditer(text), places)
    alone = code() if found or positional else ""
    for it in found:
        name = _is_code(alone, it.start("mark")) and _setting(text, alone, it)
        if name:
            yield Literal(it["value"], text.count("\n", 0, it.start("value")) + 1, snake(name))
    for it in positional:
        of = "_of_go" if it["mark_of_go"] else ""
        name = _is_code(alone, it.start(f"mark{of}")) and _first_telling(it[f"name{of}"], quoted=False)
        if name:
            yield Literal(it[f"value{of}"], text.count("\n", 0, it.start(f"value{of}")) + 1, snake(name))
    for it in _near(_TAGGED.finditer(text), places) if "efault:" in text else ():
        if is_telling(it["name"]):
            yield Literal(it["value"], text.count("\n", 0, it.start("value")) + 1, snake(it["name"]))


def _near(found: Iterable[re.Match[str]], places: list[int] | None) -> list[re.Match[str]]:
    return [it for it in found if places is None or is_any(places, it.start() - _BACK, it.end() + _AHEAD)]


def _is_code(alone: str, at: int) -> bool:
    """Whether what begins here is no part of a comment, and none of a text."""
    return not alone[at].isspace()


def _setting(text: str, alone: str, found: re.Match[str]) -> str:
    """The name of the setting that has this default; empty where none speaks of models or prompts."""
    at = found.start("mark" if found.re is _DEFAULT else "value")
    for _ in range(_OUTWARD):
        opening = opening_before(alone, at, max(0, at - _BACK))
        inside, before = text[opening + 1 : at], text[max(0, opening - 160) : max(0, opening)]
        if opening < 0:
            inside = text[max(0, at - _BACK) : at].rpartition("\n")[2]
        if (opening < 0 or alone[opening] != "{") and (name := _first_telling(inside)):
            return name
        if opening < 0:
            return ""
        if (owner := _OWNER.search(before)) and is_telling(name := owner[1] or owner[2]):
            return name
        if _ATTRIBUTE.search(text[max(0, opening - 70) : opening + 1]):
            return _declared_after(alone, found.end())
        at = opening
    return ""


def _first_telling(text: str, *, quoted: bool = True) -> str:
    """The first name in a text that speaks of models or prompts, as a call is handed it."""
    for it in _OPTION.finditer(text if quoted else f'"{text}"'):
        if is_telling(name := it[1].rpartition(".")[2].replace("-", "_")):
            return name
    return ""


def _declared_after(alone: str, at: int) -> str:
    """The name that is declared behind the attribute in which this place is."""
    closing = _CLOSES.search(alone, at, at + _AHEAD)
    declared = _DECLARED.match(alone, closing.start(), at + _AHEAD) if closing else None
    words = declared[1].split(":", 1) if declared else []
    name = _NAMED.search(f"{words[0].rstrip()}:" if len(words) > 1 else words[0].rstrip()) if words else None
    return name[1] if name and is_telling(name[1]) else ""
