"""What the code of a tree shows by itself, and what of it a change makes another: seen, beside what is declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct, field

from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.source import Problem

IN_CODE: Final = "A prompt in code"
"""what a sign says of a prompt that is no file of its own"""

WEIGHTS_NAMED: Final = "weights-path"
"""the kind of a sign that names a file of weights by its path; its value is the file's name, or its blob"""


_SERVED: Final = lazy_pattern(
    r"(?:[A-Za-z][\w-]{0,30}:(?=[A-Za-z][^:]*[\d-]))?(?:[\w.-]{1,60}/){0,6}([\w.:-]{1,150}?)(?:@[\w.-]{1,40})?"
)

_BETWEEN: Final = lazy_pattern(r"[^a-z0-9]+")
_OF_REGION: Final = lazy_pattern(r"^(?:[a-z]{2,12}\.){1,2}(?=[a-z])")
_DATED: Final = lazy_pattern(
    r"(?:-(?:20\d{2}-?[01]\d-?[0-3]\d|[01]\d[0-3]\d|[01]\d-20\d{2}|latest|preview|v\d(?:-\d{1,2})?|\d{3}))+$"
)


def bare_model_name(name: str) -> str:
    """A model's name without who serves it before it (`openai:`, `accounts/x/models/`) and its version behind `@`.

    A tag behind a name (`llama3.1:8b`) is part of it.
    """
    found = _SERVED.fullmatch(name)
    return found[1] if found else name


def plain_model_name(name: str) -> str:
    """A model's name in the one form that its spellings share: `openai/GPT-4.1` and `gpt-4-1`."""
    return _BETWEEN.sub("-", _OF_REGION.sub("", bare_model_name(name.lower().strip()))).strip("-")


def model_family(name: str) -> str:
    """What `gpt-4o-2024-08-06` and `openai/GPT-4o` have in common: the name without provider, date and version."""
    plain = plain_model_name(name)
    return _DATED.sub("", plain) or plain


class Signal(Struct, frozen=True):
    """One sign seen at one place; `found` is the name or text that was seen.

    `vendor` is whose product it is, empty where that cannot be told. `value` is what a change of it is a change of: a
    model's name, a host, a blob id of weights, a digest of a prompt; for all else what was found.
    """

    path: str
    line: int
    kind: str
    what: str
    confidence: str
    found: str
    vendor: str = ""
    value: str = ""


class FileSigns(Struct, frozen=True):
    """What one file shows. `beside` counts only where something else says that the file uses AI.

    `unread` is what could not be looked into, or only by its text: what it shows is then not known.
    """

    signals: tuple[Signal, ...] = ()
    beside: tuple[Signal, ...] = ()
    unread: tuple[Problem, ...] = ()
    left_out: bool = False
    """some of it was not looked at in any way"""
    opaque: tuple[Signal, ...] = ()
    """programs of which nobody here can see anything, as weights; they count in what a change touches"""

    @property
    def uses_ai(self) -> bool:
        """Whether something in it speaks of AI by itself."""
        return any(signal.kind in ("sdk", "model", "host", "training") for signal in self.signals)

    @property
    def counting(self) -> tuple[Signal, ...]:
        """All that counts of it."""
        return (*self.signals, *(self.beside if self.uses_ai else ()))


class SystemSigns(Struct, frozen=True):
    """What the files of one system that a change touches show in base and in the result, one entry for each file.

    `elsewhere` are the values that its other files show, by kind; only looked for where it matters. `hides` where
    the change makes one of them too large to be looked into, so that what is gone may stand there as something else.
    """

    before: tuple[tuple[Signal, ...], ...] = ()
    after: tuple[tuple[Signal, ...], ...] = ()
    elsewhere: Mapping[str, frozenset[str]] = field(default_factory=dict)
    hides: bool = False


class StatementSigns(Struct, frozen=True):
    """What the code shows of what the manifest states of one system, where a change touches the one or the other.

    `before` and `after` are the touched files in base and in the result, one entry for each, in base also those that
    the change takes away or moves; `others` what the rest of the code shows, looked at where something comes that the
    touched files did not show, or where the statement itself is another (`restated`). `missed` are imports that the
    change brings of files that show AI and that no system claims, their `found` the file and what it shows;
    `missed_before` those that base had in the same files.
    """

    before: tuple[tuple[Signal, ...], ...] = ()
    after: tuple[tuple[Signal, ...], ...] = ()
    others: tuple[Signal, ...] = ()
    restated: bool = False
    weights: tuple[tuple[str, str], ...] = ()
    """path and sha256 of each file of weights, where one of them or what is stated of them is another"""
    missed: tuple[Signal, ...] = ()
    missed_before: tuple[Signal, ...] = ()


class Undeclared(Struct, frozen=True):
    """What a tree shows in which no manifest declares a system (D28).

    `signals` are uses of AI, those of high confidence first. `left_out` is what was not looked at, so that without a
    sign nothing can be said. `files` is how many were looked at, not all where the signs were plain before the end;
    of those in `by_text` only the text, as they do not parse.
    """

    signals: tuple[Signal, ...] = ()
    left_out: tuple[Problem, ...] = ()
    files: int = 0
    by_text: tuple[Problem, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether one of the signs is plain."""
        return any(signal.confidence == "high" for signal in self.signals)


class Observed(Struct, frozen=True):
    """What was seen of the files that a change touches.

    `unclaimed` is AI use that the change brings and no system claims; `refuting` what shows AI in a repository that
    says that it holds none, where the change brings the one or the other. `by_tree` holds for each system all that its
    code shows, for conditions that ask about it.
    """

    by_system: Mapping[str, SystemSigns] = field(default_factory=dict)
    at_new_places: Mapping[str, tuple[Signal, ...]] = field(default_factory=dict)
    """by system, uses of AI that come to a place which it claims only since of late"""
    unclaimed: tuple[Signal, ...] = ()
    refuting: tuple[Signal, ...] = ()
    unread: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    """what was seen and is taken for no change of a system, as sentences"""
    unseen: tuple[str, ...] = ()
    """submodules and compiled programs of systems that come or are others, as sentences"""
    by_tree: Mapping[str, tuple[Signal, ...]] | None = None
    stated: Mapping[str, StatementSigns] = field(default_factory=dict)
    """by system, what bears on what its manifest states of it"""
    undeclared: Undeclared | None = None
    """what the result shows where neither tree holds a manifest; None elsewhere"""


def values_of(signals: Sequence[Signal], *kinds: str) -> tuple[str, ...]:
    """The values of these kinds of sign, each once, sorted."""
    return tuple(sorted({signal.value for signal in signals if signal.kind in kinds and signal.value}))


def vendors_of(signals: Sequence[Signal]) -> tuple[str, ...]:
    """Whose products are seen, each vendor once, sorted."""
    return tuple(sorted({signal.vendor for signal in signals if signal.vendor}))
