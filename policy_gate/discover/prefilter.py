"""What of a file has to be read at all: the texts in its bytes that a sign needs, told without reading a program.

Each sign needs a text: a piece of an imported name or a host, the beginning of a model's name, words of a prompt. A
file without any shows nothing; in one with some, only what stands beside them is read. Where a text may be hidden by
how it is written (an escape, two texts that are put together, letters that only look alike), all of it is read.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from policy_gate.discover.code_facts import LOADS_WEIGHTS
from policy_gate.discover.encodings import as_compiled, readings_of
from policy_gate.discover.model_constants import FAMILIES
from policy_gate.discover.model_keys import GROUPS_OF_AI, KNOWN_PROVIDERS, SERVED_BY
from policy_gate.discover.weights_by_path import ARCHIVES, ENDINGS, PERHAPS
from policy_gate.schema.patterns import lazy_pattern

_TO_WORDS: Final = bytes(at if chr(at).isascii() and (chr(at).isalnum() or at == ord("_")) else 32 for at in range(256))
"""bytes of a text in lower case to its words, with blanks between them"""
_SAYS_SOMETHING: Final = (b"prompt", b"instruction", b"preamble")
"""parts of words"""
_NAMES_A_MODEL: Final = lazy_pattern(
    "|".join(
        (
            r"model[_.-]?(?:name|id|uri)|(?:llm|chat|embeddings?|ai|base)[_.-]?model",
            rf"(?:{SERVED_BY.replace('_', '[_.-]')}|(?<![a-z0-9])(?:llm|ai|chat|embeddings?))"
            r"[_.-](?:[a-z0-9]{1,20}[_.-]){0,2}(?:model|deployment)",
            rf"(?:llm|model)[\"']?\s{{0,5}}[:=]\s{{0,5}}[\"']?{KNOWN_PROVIDERS}[/:]",
            rf"provider[\"']?\s{{0,5}}[:=]\s{{0,5}}[\"']?(?:[\w-]{{1,40}}/){{0,2}}{KNOWN_PROVIDERS}\b",
            rf"(?<![\w-]){GROUPS_OF_AI}(?:[\"']?\s{{0,5}}(?:[:=]\s{{0,5}}[\n{{#]|\{{|\]|:[ \t\r]{{0,5}}\n)",
            r">|[.:]\s?[\w.: -]{0,60}(?:model|deployment))",
        )
    ).encode()
)
_OF_MODELS: Final = (b"model", b"deployment", b"llm")
_BESIDE: Final = (
    *("model", "deployment", "engine", "prompt", "instruction", "preamble", "system", "developer", "url", "endpoint"),
    *("user", "human", "template", "provider", "pull", "pmpt_"),
    *("tool", "ai_fn", "ai_func", "chatclient", "embeddingclient", "chatcompletion", "gateway"),
    *("host", "server", "base", "from_pretrained", "sentencetransformer"),
    *("revision", "artifact", "adapter", "lora", "peft", "storage", "weights", "checkpoint", "hub"),
    *("crossencoder", "yolo", "llm", "chatopenai", "chatanthropic", "openaiembeddings", "inferenceclient"),
    *("pipeline", *(max(name.split("."), key=len).lower() for name in LOADS_WEIGHTS)),
    *FAMILIES,
)
"""parts of words that count only beside a sign"""
_NUMBERED: Final = lazy_pattern(
    rb"\\(?:x([2-7][0-9a-f])|u(?:00|\{0{0,4})([2-7][0-9a-f])\}?|u000000([2-7][0-9a-f])|(0?[4-7][0-7]|1[0-7]{2}))"
)
"""an escape that is a letter of ours, by its number"""
_ESCAPED: Final = lazy_pattern(r"\\(?:[xu0-7\r\n]|(?<=[a-z0-9_./:@ -]\\)[^nrtbfvxu0-7\"'`\\])")
"""an escape that may stand for a letter in the midst of a name, in lower case"""
_SPACE: Final = lazy_pattern(rb"\\[nrtbfv]")
_QUOTES: Final = lazy_pattern(rb"[\"'](?:[\s\\+rbfu]{0,200}[\"'])+")
"""the end of a text of Python and the beginning of the next, where nothing that parts them is between"""
_OF_NAME: Final = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789_./:@-")
_OPENINGS: Final = (b"you are", b"you're", b"act as", b"as an ai")
_ALIKE: Final = lazy_pattern(
    rb"\xc2[\xaa\xba]|\xc5\xbf|\xc4[\xb0\xb1]|[\xca\xcb]|\xe1[\xb4-\xb6]|\xe2[\x81\x82\x84\x85\x91-\x93]"
    rb"|\xef[\xac\xbc\xbd]|\xf0\x9d"
)
"""letters of other alphabets, in UTF-8, that are taken for those of ours where names are compared"""
_ALSO_OURS: Final = ("\u0130", "\u0131", "\u017f")
"""letters that fit one of ours where case is of no account, and are others in lower case"""
_MOST_NEAR: Final = 200_000
"""characters that stand near to what is needed, of a program whose names are followed"""
_LOOKED_BACK: Final = 160
_MOST_BEGINNINGS: Final = 300
_COMMON: Final = frozenset({"text", "all", "open", "models", "google", "microsoft", "facebook", "apple", "multi"})

Beginnings = Mapping[str, Sequence[str]]
"""by a word that stands in it, beginnings of models' names; a word that may go on ends with `*`"""


class Needed(Struct, frozen=True):
    """What a file has to be read for: texts in lower case, one of which stands by each sign; or `everything`.

    Where the file writes some letter `otherwise` (in two parts, by one that looks alike), its parts are read for the
    texts as `readings` gives them; where it is `escaped`, what stands about an escape that may be one is read, too.
    """

    texts: tuple[str, ...] = ()
    everything: bool = False
    escaped: bool = False
    otherwise: bool = False

    def __bool__(self) -> bool:
        return self.everything or bool(self.texts)

    def is_in(self, text: str) -> bool:
        """Whether a part of the file has to be read."""
        if self.everything:
            return True
        lower = text.lower()
        if any(it in lower for it in self.texts) or (self.escaped and _ESCAPED.search(lower) is not None):
            return True
        if not self.otherwise:
            return False
        others = readings(text.encode("utf-8", "surrogatepass"), is_python=True)[1:]
        return any(it.encode() in other for other in others for it in self.texts)

    def places(self, text: str) -> list[int] | None:
        """Where the texts stand in a part of the file, in order; None where that cannot be told by looking for them."""
        lower = text.lower()
        if self.everything or self.otherwise or len(lower) != len(text):
            return None
        found = [at for it in self.texts for at in _places(lower, it)]
        found += (it.start() for it in (_ESCAPED.finditer(lower) if self.escaped else ()))
        return sorted(found)


def _places(lower: str, text: str) -> Iterator[int]:
    at = lower.find(text)
    while at >= 0:
        yield at
        at = lower.find(text, at + 1)


def is_short(text: str, needed: Needed) -> bool:
    """Whether so little has to be read that people wrote it: names of one letter hand on much in a bundle."""
    return sum(end - begin for begin, end in windows(text, needed.places(text))) <= _MOST_NEAR


def windows(text: str, places: Sequence[int] | None) -> Iterator[tuple[int, int]]:
    """The lines of a text at and closely behind these places, or all of it; none twice."""
    begin, end = 0, len(text) if places is None else 0
    for place in places or ():
        if place >= end:
            yield begin, end
            begin = place
        if end < place + _LOOKED_BACK:
            end = text.find("\n", place + _LOOKED_BACK)
            end = len(text) if end < 0 else end + 1
    yield begin, end


def is_any(places: list[int], begin: int, end: int) -> bool:
    """Whether one of these places, in order, is from `begin` on and before `end`."""
    at = bisect_left(places, begin)
    return at < len(places) and places[at] < end


class Prefilter:
    """The texts that signs need, looked for in bytes."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Prefilter) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment] # as of whatever is compared by what it holds

    def __init__(self, words: Iterable[str], beginnings: Beginnings) -> None:
        self._words = frozenset(word.encode() for word in words)
        whole = {word: texts for word, texts in beginnings.items() if not word.endswith("*")}
        self._beginnings = {word.encode(): [text.encode() for text in texts] for word, texts in whole.items()}
        open_ended = {word: texts for word, texts in beginnings.items() if word.endswith("*")}
        self._open = {b" " + word[:-1].encode(): [text.encode() for text in open_ended[word]] for word in open_ended}

    def needed(self, data: bytes, *, is_python: bool = False, uses_ai: bool = False) -> Needed:
        """What a program, or a file of settings, has to be read for; nothing where it can hold no sign.

        `uses_ai` where its name and a line of it say that it does.
        """
        if is_python and b"\\N{" in data:
            return Needed(everything=True)  # a letter by its name in Unicode
        said = readings(data, is_python=is_python)
        words: set[bytes] = set().union(*[lower.translate(_TO_WORDS).split() for lower in said])
        lower = b"\n".join(said)
        each = b" ".join([b"", *words])  # each word behind a blank, and much shorter than the text
        found = {word.decode() for word in self._words & words}
        found.update(text.decode() for text in self._models(lower, words, each))
        prompts = {text.decode() for text in _SAYS_SOMETHING if text in each}
        prompts.update(text.decode() for text in _OPENINGS if text in lower)
        if found or uses_ai or (any(it in each for it in _OF_MODELS) and _NAMES_A_MODEL.search(lower)):
            # Where something speaks of AI, other texts count beside it.
            prompts.update(text for text in _BESIDE if text.encode() in each)
            prompts.update(text for text in (*ENDINGS, *PERHAPS, *ARCHIVES) if text.encode() in lower)
        escaped = b"\\" in data
        return Needed(tuple(sorted({*found, *prompts})), escaped=escaped, otherwise=len(said) > 1 + escaped)

    def _models(self, lower: bytes, words: set[bytes], each: bytes) -> Iterable[bytes]:
        """Beginnings of models' names in the text."""
        hits = [self._beginnings[word] for word in self._beginnings.keys() & words]
        hits += [texts for begin, texts in self._open.items() if begin in each]
        return {text for texts in hits for text in texts if text in lower}


def readings(data: bytes, *, is_python: bool) -> list[bytes]:
    """A text in lower case, and as it is read where some of its letters are written otherwise."""
    found = [data.lower()]
    if not data.isascii() and _ALIKE.search(found[0]):
        from unicodedata import normalize  # noqa: PLC0415 - few files need its tables

        text = data.decode("utf-8", "replace").replace("\u0130", "i").replace("\u0131", "i")
        found.append(normalize("NFKC", text).lower().encode("utf-8", "replace"))
    if is_python and any(_is_joint(found[-1], *it.span()) for it in _QUOTES.finditer(found[-1])):
        found.append(_QUOTES.sub(b"", found[-1]))
    if b"\\" in data:
        bare = _SPACE.sub(b" ", found[-1].replace(b"\\\r\n", b"").replace(b"\\\n", b""))
        found.append(_NUMBERED.sub(_character, bare).replace(b"\\", b""))
    return found


def all_readings(data: bytes) -> list[bytes] | None:
    """A file in lower case in every way in which some language reads it; None where a letter is told by its name."""
    if b"\\n{" in (lower := data.lower()):
        return None
    texts = readings_of(data, is_python=True)[0]
    texts += [as_compiled(text, "java") for text in texts]
    return [lower, *(it for text in dict.fromkeys(texts) for it in readings(text, is_python=True))]


def _character(found: re.Match[bytes]) -> bytes:
    """What an escape with a number stands for."""
    return bytes([int(found[1] or found[2] or found[3], 16) if not found[4] else int(found[4], 8)]).lower()


def _is_joint(lower: bytes, start: int, end: int) -> bool:
    """Whether a name, or the beginning of a prompt, may go on from one text to the next."""
    if start and lower[start - 1] in _OF_NAME:
        has_letter = any(char in b"rbfu" for char in lower[start:end])
        if has_letter or (end < len(lower) and lower[end] in _OF_NAME):
            return True
    both = lower[max(0, start - 8) : start] + lower[end : end + 8]
    return any(text in both for text in _OPENINGS)


def beginnings_of(expressions: Iterable[str]) -> dict[str, list[str]]:
    """How names begin that these expressions fit, by the most telling word of each beginning; see `Beginnings`."""
    found: dict[str, set[str]] = {}
    for expression in expressions:
        for text, is_open in _begin(expression):
            words = re.findall(r"[a-z0-9_]+", text)
            last = words[-1] if is_open and re.search(r"[a-z0-9_]\Z", text) else ""
            whole = words[:-1] if last else words
            best = max((word for word in whole if word not in _COMMON), key=len, default="")
            key = best or (f"{last}*" if last else "") or max(whole, key=len, default="*")
            found.setdefault(key, set()).add(text)
    # What begins like another one needs no line of its own, where the word of that one ends in it.
    short = {text for key, texts in found.items() for text in texts if not text[-1:].isalnum() or key.endswith("*")}
    kept = {
        key: [text for text in sorted(texts) if not any(text != it and text.startswith(it) for it in short)]
        for key, texts in sorted(found.items())
    }
    return {key: texts for key, texts in kept.items() if texts}


_PART: Final = lazy_pattern(
    r"(?P<close>\))|(?P<open>\((?:\?:)?)|(?P<bar>\|)|(?:(?P<class>\[\^?\]?[^\]]*\])|(?P<escape>\\.)|(?P<plain>.))"
    r"(?P<often>[?]|\{[0-9,]+\})?"
)

_GROUP_ENDS: Final = lazy_pattern(r"\)([?])?")


def texts_of(expression: str) -> tuple[str, ...]:
    """Texts in lower case, one of which stands in whatever the expression fits; none where that is not told."""
    is_plain = "\\]" not in expression  # such a class ends where it cannot be seen without its grammar
    return tuple(sorted(_texts_of(expression, 0)[0])) if is_plain else ()


def holds_any(text: str, lower: str, texts: Sequence[str]) -> bool:
    """Whether one of `texts_of` an expression may stand in a text; `lower` is the text in lower case."""
    return not texts or any(it in lower for it in texts) or any(letter in text for letter in _ALSO_OURS)


def _texts_of(expression: str, at: int) -> tuple[frozenset[str], int]:
    """The texts of all alternatives from here on, and where the group that holds them ends."""
    of_ways: list[frozenset[str]] = []
    best: frozenset[str] = frozenset()
    run = ""
    while part := _PART.match(expression, at):
        at = part.end()
        if part["close"]:
            at = part.start()
            break
        if part["bar"]:
            of_ways.append(best)
            best, run = frozenset(), ""
            continue
        if part["open"]:
            inner, at = _texts_of(expression, at)
            often = _GROUP_ENDS.match(expression, at)
            at = often.end() if often else at
            found, run = frozenset() if often is None or often[1] else inner, ""
        else:
            letter = "" if part["often"] else _letter_of(part["class"] or part["escape"] or part["plain"])
            run = run + letter.lower() if letter else ""
            found = frozenset({run} - {""})
        best = max(best, found, key=lambda texts: min(map(len, texts), default=0))
    of_ways.append(best)
    return frozenset().union(*of_ways) if all(of_ways) else frozenset(), at


def _letter_of(unit: str) -> str:
    """The only character that one unit fits; empty where it fits others, or a place between two."""
    if unit.startswith("["):
        return unit[1] if len(unit) == 3 else ""
    if unit.startswith("\\"):
        return "" if unit[1].isalnum() else unit[1]
    return "" if unit in ("^", "$", ".") else unit


def _begin(expression: str) -> list[tuple[str, bool]]:
    """Each way that a fitting text begins, in lower case; whether more may follow that is not told."""
    texts, end = _alternatives(expression, 0)
    if end != len(expression):
        raise ValueError(f"the expression {expression} ends in its midst")
    return [(text.lower(), is_open) for text, is_open in texts]


def _alternatives(expression: str, at: int) -> tuple[list[tuple[str, bool]], int]:
    """The beginnings of all alternatives from here on, and where the group that holds them ends."""
    found: list[tuple[str, bool]] = []
    live: list[tuple[str, bool]] = [("", False)]
    while part := _PART.match(expression, at):
        at = part.end()
        if part["close"]:
            at = part.start()
            break
        if part["bar"]:
            found, live = [*found, *live], [("", False)]
            continue
        if part["open"]:
            ways, at = _alternatives(expression, at)
            often = _GROUP_ENDS.match(expression, at)
            if often is None:
                raise ValueError(f"the expression {expression} does not close a group")
            at, is_optional = often.end(), often[1] is not None
        else:
            ways, is_optional = _ways(part["class"] or part["escape"] or part["plain"]), part["often"] == "?"
            ways = [("", True)] if part["often"] not in (None, "?") else ways
        live = _followed(live, ways, is_optional=is_optional)
    return [*found, *live], at


def _followed(
    live: list[tuple[str, bool]], ways: list[tuple[str, bool]], *, is_optional: bool
) -> list[tuple[str, bool]]:
    ended = [it for it in live if it[1]]
    going = [text for text, is_open in live if not is_open]
    if len(ended) + len(going) * (len(ways) + is_optional) > _MOST_BEGINNINGS:
        return [*ended, *((text, True) for text in going)]
    longer = [(text + more, is_open) for text in going for more, is_open in ways]
    return [*ended, *longer, *((text, False) for text in going if is_optional)]


def _ways(unit: str) -> list[tuple[str, bool]]:
    """The characters that one unit fits, where these are few; the end of a text is none."""
    if unit in ("^", "$"):
        return [("", False)]
    if unit.startswith("["):
        inner = unit[1:-1]
        few = re.fullmatch(r"[A-Za-z0-9_.:-]{1,4}", inner) and "-" not in inner.strip("-")
        return [(char, False) for char in inner] if few else [("", True)]
    if unit.startswith("\\"):
        return [(unit[1], False)] if not unit[1].isalnum() else [("", True)]
    return [("", True)] if unit == "." else [(unit, False)]
