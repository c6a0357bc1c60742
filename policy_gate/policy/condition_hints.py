"""What to write instead where a condition is no CEL: by what people write who know other languages, or none."""

from __future__ import annotations

from typing import Final

from policy_gate.schema.patterns import lazy_pattern

_QUOTED: Final = lazy_pattern(r"""\"[^\"]*\"|'[^']*'""")
_BRACKETED: Final = lazy_pattern(r"\[[^\[\]]*\]|\([^()]*\)")
_FOREIGN: Final = {
    "&&": lazy_pattern(r"(?i)\band\b|(?<!&)&(?!&)"),
    "||": lazy_pattern(r"(?i)\bor\b|(?<!\|)\|(?!\|)"),
    "!=": lazy_pattern(r"(?i)\bis not\b|<>"),
    "!": lazy_pattern(r"(?i)(?<!\bis )\bnot\b(?! in\b)"),
    "==": lazy_pattern(r"\bis\b(?! not\b)|(?<![=!<>])=(?![=<>])"),
    ">=": lazy_pattern(r"=>"),
    "<=": lazy_pattern(r"=<"),
    '"': lazy_pattern("[\u201c\u201d\u201e\u201f\u00ab\u00bb]"),
    "'": lazy_pattern("[\u2018\u2019\u201a\u201b\u2039\u203a]"),
}
"""How CEL writes it, and what is written for it elsewhere."""
_HOLDS: Final = lazy_pattern(r"""(?i)([\w.]+) +(?:contains|includes|has) +("[^"]*"|'[^']*')""")
_NOT_IN: Final = lazy_pattern(r"""(?i)([\w.]+|"[^"]*"|'[^']*') +not +in +(\[[^\]]*\]|[\w.]+)""")
_COMMA: Final = lazy_pattern(r"\b(\d+),(\d+)\b")
_PERCENT: Final = lazy_pattern(r"\b(\d{1,3})(?:[.,](\d{1,6}))? ?%")
_NO_CHOICE = frozenset({"yes", "on", "no", "off", "ja", "nein", "true", "false"})
_THOUSAND = 3
"""digits after a comma that may stand for a thousand in one country and for decimals in another"""


def grammar_hint(text: str) -> str:
    """How CEL writes what people write in other languages, in words for whoever wrote this condition."""
    bare = _QUOTED.sub('""', text)
    if found := _HOLDS.search(text):
        return f"write {found[2]} in {found[1]}"
    if found := _NOT_IN.search(text):
        return f"write !({found[1]} in {found[2]})"
    if found := _PERCENT.search(bare):
        return f"write {_share(found[1], found[2] or '')} for {found[0]}"
    if found := _COMMA.search(_BRACKETED.sub("", bare)):
        if len(found[2]) == _THOUSAND and found[1] != "0":
            return "a number has a point before its decimals, and nothing between its thousands"
        return f"write {found[1]}.{found[2]} for {found[0]}"
    meant = [f"{cel} for {found[0]}" for cel, written in _FOREIGN.items() if (found := written.search(bare))]
    return f"write {', '.join(meant)}" if meant else "check its quotes and brackets"


def _share(whole: str, decimals: str) -> str:
    """A percentage as the number that measures are told in: `85` is 0.85, and `2`, `5` is 0.025."""
    digits = f"{whole.rjust(3, '0')}{decimals}"
    return f"{int(digits[: -2 - len(decimals)])}.{digits[-2 - len(decimals) :].rstrip('0') or '0'}"


def type_hint(operator: str, types: str) -> str:
    """What goes with what, where an operator stands between things of these types."""
    if {"int", "double"} <= set(types.split(", ")):
        return (
            "counts are INT and measures DOUBLE, and they do not compare: write 1.0 beside a DOUBLE and 1 beside an INT"
        )
    if "list" in types:
        return 'a list is asked whether it holds a word: "word" in LIST' if operator != "in" else ""
    if operator == "in":
        return 'after in stands a list: ["one", "other"]'
    if "bool" in types:
        return "what is true or false stands by itself: NAME where it is true, !NAME where it is not"
    if "string" in types:
        return "text is compared with text: write it in quotes"
    return ""


def bare_word_hint(name: str) -> str:
    """What a word that is no name may have been meant as."""
    lower = name.lower()
    if lower not in _NO_CHOICE:
        return f'a text stands in double quotes: "{name}"'
    return f"write {'false' if lower in ('no', 'off', 'nein', 'false') else 'true'}"
