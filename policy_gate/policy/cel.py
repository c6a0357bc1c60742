"""Conditions in CEL: one typed environment per subject, compiled expressions, three-valued truth.

The only module that knows the CEL runtime. Which names there are stands in `variables`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from policy_gate.documents.spelling import spelling_hint
from policy_gate.errors import PolicyError
from policy_gate.policy.condition_hints import bare_word_hint, grammar_hint, type_hint
from policy_gate.policy.expressions import declared_names, names_read, uses_has
from policy_gate.policy.variables import SUBJECTS, variables
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.rule_condition import Condition, Truth, comparable
from policy_gate.schema.rule_set import FactDefinition
from policy_gate.schema.source import Location, Problem
from policy_gate.schema.vocabulary import Subject

_TRUE, _FALSE = Truth(True), Truth(False)
_MISSING = "No value with name "
_FAULT = lazy_pattern(r"<input>:(\d+):(\d+): (.*)")
_UNDECLARED = lazy_pattern(r"undeclared reference to '([^']*)'")
_OVERLOAD = lazy_pattern(r"found no matching overload for '([^']*)' applied to '\((.*)\)'")
_NEEDS_QUOTES = lazy_pattern(r"[!&*%@`\[\]{}|>\"'#,]|[-?:] ")
_NO_CEL = "no CEL: "
_ABSENT = object()
_HAS_LENGTH = 2
_MAPS = (2, 5)
"""the value of an Any, which is a CheckedExpr, and the source_info in it (cel-spec, checked.proto and syntax.proto)"""
_KEPT = 4096
"""So many truths of one condition are remembered, each by the values it was told from."""
_LONGEST_ONE_LINER = 110
"""A longer expression is likely folded over lines, and then no column can be told from its mark."""


class _CelEnvironment:
    """One CEL environment, and the activation of the facts it saw last."""

    __slots__ = ("_activation", "_copy", "_facts", "env")

    def __init__(self, types: Mapping[str, str]) -> None:
        cel = _runtime()
        known = {"LIST<STRING>": cel.Type.List(cel.Type.STRING)}
        self.env = cel.NewEnv(
            variables={name: known.get(kind) or getattr(cel.Type, kind) for name, kind in types.items()}
        )
        self._facts: Mapping[str, Any] | None = None
        self._copy: dict[str, Any] = {}
        self._activation: Any = None

    def taken(self, form: bytes) -> Any:
        """The expression that was compiled before; None where this runtime does not take it."""
        try:
            return self.env.deserialize(form)
        except (RuntimeError, TypeError, ValueError):
            return None

    def activation(self, facts: Mapping[str, Any]) -> Any:
        """Many conditions see the same facts in a row; the copy tells when they were changed in place."""
        if facts is not self._facts or facts != self._copy:
            self._facts, self._copy = facts, dict(facts)
            data = {name: list(value) if type(value) is tuple else value for name, value in self._copy.items()}
            self._activation = self.env.Activation(data)
        return self._activation


class KnownExpression(Struct, frozen=True):
    """A compiled condition as plain data: the runtime's own form of it, and the type of each variable that it reads."""

    form: bytes
    names: dict[str, str]


class CompiledCondition(Condition):
    """A condition ready to evaluate."""

    __slots__ = ("_environment", "_expression", "_known", "_language", "_names", "place", "subject", "text")

    def __init__(self, text: str, subject: Subject, language: Language, place: Location) -> None:
        self.text = text
        self.subject = subject
        self._language = language
        self.place = place
        self._environment: _CelEnvironment | None = None
        self._expression: Any = None
        self._names: tuple[str, ...] | None = None
        self._known: dict[tuple[Any, ...], Truth] = {}

    @property
    def names(self) -> tuple[str, ...] | None:
        """As `Condition` says; PolicyError as `Language.compile` raises it."""
        if self._environment is None and self._names is None:
            known = self._known_form()
            if known is None:
                self.compile()
            else:
                self._names = tuple(known.names)
        return self._names

    def __repr__(self) -> str:
        return f"CompiledCondition({self.text!r}, {self.subject!r})"

    def truth(self, facts: Mapping[str, Any]) -> Truth:
        """True, false, or unknown with the declared names that `facts` lacks, in order of their use.

        PolicyError where the expression itself fails: a division by zero, a bad pattern, no end in sight.
        """
        names = self.names
        if names is None:
            return self._evaluated(facts)
        said = facts.get
        if names == (self.text,) and type(plain := said(self.text)) is bool:
            return _TRUE if plain else _FALSE
        seen = tuple([it if type(it := said(name, _ABSENT)) is str else comparable(it) for name in names])
        found = self._known.get(seen)
        if found is None:
            found = self._evaluated(facts)
            if len(self._known) < _KEPT:
                self._known[seen] = found
        return found

    def _evaluated(self, facts: Mapping[str, Any]) -> Truth:
        environment = self._environment or self.compile()
        try:
            value = self._expression.eval(environment.activation(facts)).value()
        except Exception as fault:  # the runtime raises bare RuntimeErrors, by message only
            raise self._fault(str(fault)) from fault
        if value is True:
            return _TRUE
        if value is False:
            return _FALSE
        if _MISSING in str(value):
            names = self._names
            if names is None:
                names = declared_names(self.text, self._language.variables[self.subject])
            return Truth(None, tuple(name for name in names if name not in facts))
        raise self._fault(str(value))

    def compile(self) -> _CelEnvironment:
        """Compile the text, unless that was done before; PolicyError as `Language.compile` raises it."""
        environment = self._language.environment(self.subject)
        variables = self._language.variables[self.subject]
        known = self._known_form()
        if known is not None:
            self._expression, self._names = environment.taken(known.form), tuple(known.names)
        if self._expression is None:
            self._expression = self._language.expression(environment, self.text, self.subject, self.place)
            self._names = names_read(self.text, variables)
        self._environment = environment
        return environment

    def _known_form(self) -> KnownExpression | None:
        """What was compiled before, where its variables have the types they had."""
        variables = self._language.variables[self.subject]
        known = self._language.known.get((self.subject, self.text))
        fits = known is not None and all(variables.get(name) == kind for name, kind in known.names.items())
        return known if fits else None

    def known(self) -> KnownExpression | None:
        """What need not be compiled again; None where it cannot be said which variables are read."""
        self.compile()
        variables = self._language.variables[self.subject]
        names = None if self._names is None else {name: variables[name] for name in self._names}
        return None if names is None else KnownExpression(_in_order(self._expression.serialize()), names)

    def faults_when_tried(self) -> tuple[Problem, ...]:
        """What it fails with over made-up facts; nothing of what only other facts would bring out."""
        types = self._language.variables[self.subject]
        for sample in _SAMPLES:
            try:
                self.truth({name: sample[kind] for name, kind in types.items() if kind in sample})
            except PolicyError as fault:
                return fault.problems
        return ()

    def _fault(self, said: str) -> PolicyError:
        message = f"the condition `{self.text}` cannot be evaluated: {_without_codes(said)}"
        problem = Problem(self.place.path, message, self.place.line, self.place.column)
        return PolicyError(f"{self.place}: {message}", hint="mend the condition in the policy", problems=(problem,))


_SAMPLES: tuple[Mapping[str, Any], ...] = tuple(
    {"BOOL": yes, "INT": 7, "DOUBLE": 0.7, "STRING": "a", "LIST<STRING>": ["a"]} for yes in (True, False)
)
"""By type, facts over which lint tries a condition."""


class Language:
    """The names and types of one rule set, and the conditions compiled over them so far."""

    def __init__(self, facts: Mapping[str, FactDefinition], *, proven: bool = False) -> None:
        self.declare(facts)
        self._proven = proven
        self.known: dict[tuple[Subject, str], KnownExpression] = {}
        self._benches: dict[Subject, _CelEnvironment] = {}
        self._compiled: dict[tuple[str, Subject], CompiledCondition] = {}

    def declare(self, facts: Mapping[str, FactDefinition]) -> None:
        """Set the facts that conditions may name; before the first of them is compiled."""
        self.variables = variables(facts)

    def compile(self, text: str, subject: Subject, place: Location) -> CompiledCondition:
        """Compile `text` as a condition about `subject`; `place` is where its scalar begins.

        PolicyError with one located Problem per fault: a syntax error, an unknown name, types that do not
        go together, a result that is no BOOL. In proven policies it is compiled when it is first asked.
        """
        found = self._compiled.get((text, subject))
        if found is None:
            found = CompiledCondition(text, subject, self, place)
            if not self._proven:
                found.compile()
            self._compiled[text, subject] = found
        return found

    def environment(self, subject: Subject) -> _CelEnvironment:
        """The environment that knows the names of this subject."""
        if subject not in self._benches:
            self._benches[subject] = _CelEnvironment(self.variables[subject])
        return self._benches[subject]

    def expression(self, environment: _CelEnvironment, text: str, subject: Subject, place: Location) -> Any:
        """The runtime's own compiled form of a condition; PolicyError as `compile` raises it."""
        try:
            expression = environment.env.compile(text)
        except (RuntimeError, TypeError) as fault:
            raise _policy_error(self._problems(str(fault), text, subject, place)) from None
        if problem := _unfit(expression, text, place):
            raise _policy_error((problem,))
        return expression

    def _problems(self, said: str, text: str, subject: Subject, place: Location) -> tuple[Problem, ...]:
        faults = _FAULT.findall(said)
        if not faults:
            return (_problem(place, f"no condition: {_without_codes(said)}"),)
        told = [self._problem(text, subject, place, int(line), int(col), what) for line, col, what in faults]
        # After the first thing that is no CEL the rest is read out of step.
        return tuple(told[:1] if told[0].message.startswith(_NO_CEL) else told)

    def _problem(self, text: str, subject: Subject, place: Location, line: int, column: int, said: str) -> Problem:
        if undeclared := _UNDECLARED.search(said):
            name = undeclared[1]
            column = _start_of(name, text, line, column)
            return _problem(inside(place, text, line, column), f'unknown name "{name}"', self._hint(name, subject))
        message, hint = _reworded(said, text)
        return _problem(inside(place, text, line, column), f"{message} in `{text}`", hint)

    def _hint(self, name: str, subject: Subject) -> str:
        for other in SUBJECTS:
            if name in self.variables[other]:
                return f"{name} is a name of another subject (got for_each: {subject}, expected for_each: {other})"
        if "." not in name:
            if f"system.{name}" in self.variables[subject]:
                return f"did you mean system.{name}?"
            return bare_word_hint(name)
        return spelling_hint(name, self.variables[subject])


def inside(place: Location, text: str, line: int, column: int) -> Location:
    """The place of (line, column) of an expression, as far as the mark of its scalar tells.

    A block scalar's text begins below its mark, at a column that the mark does not hold.
    """
    if place.line is None or place.column is None:
        return place
    if "\n" in text.rstrip("\n"):
        return Location(place.path, place.line + line, None)
    if len(text) > _LONGEST_ONE_LINER or text.endswith("\n"):
        return place
    quoted = bool(_NEEDS_QUOTES.match(text)) or ": " in text or " #" in text
    return Location(place.path, place.line, place.column + column - 1 + quoted)


def _unfit(expression: Any, text: str, place: Location) -> Problem | None:
    if "has" in text and uses_has(text):
        return _problem(place, f"has() does not ask whether a fact is declared, in `{text}`", "use a fact of type BOOL")
    kind = expression.return_type().name()
    if kind != "BOOL":
        return _problem(place, f"a condition is true or false (got {kind}, expected BOOL) in `{text}`")
    return None


def _reworded(said: str, text: str) -> tuple[str, str]:
    if overload := _OVERLOAD.search(said):
        operator, types = overload[1].strip("_@").replace("_", " "), overload[2]
        return f"`{operator}` does not go with ({types})", type_hint(operator, types)
    return f"{_NO_CEL}{_without_codes(said.split(' expecting ', maxsplit=1)[0])}", grammar_hint(text)


def _without_codes(said: str) -> str:
    plain = re.sub(r"^[A-Z_]+: | ?\[[A-Z_]+\]$", "", said.strip())
    return " ".join(plain.split())


def _start_of(name: str, text: str, line: int, column: int) -> int:
    """The runtime points at the last dot of a dotted name; people look for its beginning."""
    row = text.split("\n")[line - 1] if line <= text.count("\n") + 1 else ""
    starts = [found.start() + 1 for found in re.finditer(re.escape(name), row) if found.start() < column]
    return starts[-1] if starts else column


def _problem(place: Location, message: str, hint: str = "") -> Problem:
    return Problem(place.path, message, place.line, place.column, hint)


def _policy_error(problems: tuple[Problem, ...]) -> PolicyError:
    return PolicyError(f"{problems[0].location}: {problems[0].message}", hint=problems[0].hint, problems=problems)


def _in_order(message: bytes, inside: Sequence[int] = _MAPS) -> bytes:
    """A serialised expression with its maps in a fixed order, as the runtime writes them in any.

    It is in protocol buffers' encoding (https://protobuf.dev/programming-guides/encoding); `inside` are the numbers
    of the fields, one in the other, that hold further maps.
    """
    fields = [
        (number, head + (_in_order(body, inside[1:]) if number in inside[:1] else body))
        for number, head, body in _fields_of(message)
    ]
    return b"".join(field for _, field in sorted(fields))


def _fields_of(message: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """The fields of a message: number, the bytes before what it holds, and that."""
    at = 0
    while at < len(message):
        start = at
        tag, at = _varint(message, at)
        length, after = _varint(message, at)
        if tag & 7 == _HAS_LENGTH:
            yield tag >> 3, message[start:after], message[after : after + length]
            at = after + length
        else:
            yield tag >> 3, message[start:after], b""
            at = after


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """A number, and where it ends."""
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _runtime() -> Any:
    try:
        from cel_expr_python import cel  # noqa: PLC0415 - not every platform has it, and that is to be said well
    except ImportError as fault:
        raise PolicyError(
            f"the CEL runtime cannot be loaded on this platform ({fault})",
            hint="cel-expr-python has wheels for Linux x86-64 and aarch64, macOS arm64 and Windows",
        ) from fault
    return cel
