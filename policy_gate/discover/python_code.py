"""Python read by its own parser: imports, calls, and texts that are no documentation."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from typing import Any, Final

from policy_gate.discover.asked_by_name import asked_in_call
from policy_gate.discover.code_facts import ASKED_PROMPT, ROLES, SAYS_TO_MODEL, THROWN, CodeFacts, Literal, Named, snake
from policy_gate.discover.given_in_python import (
    given_in_assignment,
    given_in_loop,
    given_in_message,
    given_in_pairs,
    given_to_option,
    named_by_class,
    returned_as,
    texts_given,
)
from policy_gate.discover.handed_names import LOOPS, HandedNames
from policy_gate.discover.model_constants import may_be_constant
from policy_gate.discover.prefilter import Needed, is_any
from policy_gate.discover.prompt_texts import speaks_of_prompt
from policy_gate.discover.python_expressions import last_name
from policy_gate.discover.said_to_people import is_of_option
from policy_gate.discover.sent_documentation import sent_documentation
from policy_gate.discover.type_imports import guards_types
from policy_gate.schema.patterns import lazy_pattern

_NAMES_A_MODEL: Final = frozenset(
    {
        *("from_pretrained", "SentenceTransformer", "CrossEncoder", "GenerativeModel", "init_chat_model", "YOLO"),
        *("ChatOpenAI", "ChatAnthropic", "OpenAIEmbeddings", "LLM", "InferenceClient", "get_model", "generative_model"),
    }
)
"""what takes the name of a model as its first argument"""

_MARKED: Final = lazy_pattern(
    r"#[^\n]*"
    r'|"""[^"\\]*(?:(?:\\[\s\S]|"(?!""))[^"\\]*)*"""'
    r"|'''[^'\\]*(?:(?:\\[\s\S]|'(?!''))[^'\\]*)*'''"
    r'|"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"'
    r"|'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*'"
)
"""comments and texts"""
_NO_PROGRAM: Final = lazy_pattern(
    r"\n(?:[ \t]*(?!(?:and|as|assert|async|await|case|class|def|del|elif|else|except|for|from|global|if|import|in|is"
    r"|lambda|match|nonlocal|not|or|raise|return|type|while|with|yield)\b)[A-Za-z_]\w*[ \t]+"
    r"(?!(?:and|as|for|from|if|else|in|is|not|or)\b)\w"
    r"|[ \t]*(?:from[ \t]+[\w.]+[ \t]+)?import[ \t]+[\w.]+[ \t]+(?!as\b)\w"
    r"|[ \t]*from[ \t]+[\w.]+[ \t]+(?!import\b)\w"
    r"|[ \t]*(?:import|from)[ \t]+(?:(?:\w+\.)*\d|[^\n;]*[^\w.,; \t\\*()\n])"
    r"|<{7}|>{7}|={7})"
)
"""a line that no program holds: two words that nothing joins, an import of what is no name, marks of a conflict"""
_MARGIN: Final = lazy_pattern(r"\n(?=[A-Za-z_@])(?!(?:else|elif|except|finally)\b)")
_DECORATED: Final = lazy_pattern(r"\n(?:async[ \t]+def|def|class)\b")
_BRACKETS: Final = ("()", "[]", "{}")
_EVERYTHING: Final = Needed(everything=True)
_OF_MESSAGE: Final = frozenset({"content", "text", "template", "message", "desc"})
_WITH_DEFAULT: Final = frozenset({"get", "getenv", "setdefault"})
_TEXTS: Final = frozenset[Any]({ast.Constant, ast.JoinedStr, ast.BinOp})
_GIVING: Final = frozenset(
    {
        ast.Raise,
        ast.Assign,
        ast.AnnAssign,
        ast.AugAssign,
        ast.NamedExpr,
        ast.Call,
        ast.Dict,
        ast.Tuple,
        ast.FunctionDef,
        ast.AsyncFunctionDef,
        ast.ClassDef,
        ast.Lambda,
        *LOOPS,
    }
)
_IMPORTING_BY_NAME: Final = frozenset({"__import__", "import_module"})
_COMING_TO_TEXT: Final = _TEXTS | {ast.Call}
_SPEAKING: Final = _TEXTS | _GIVING
_IMPORTING: Final = frozenset({ast.Import, ast.ImportFrom})
_MUTE: Final = frozenset(
    {
        *(type(None), str, int, bool, ast.Name, ast.alias, ast.Pass, ast.Load, ast.Store, ast.Del),
        *(ast.expr_context, ast.operator, ast.cmpop, ast.boolop, ast.unaryop),
        *(kind for base in (ast.operator, ast.cmpop, ast.boolop, ast.unaryop) for kind in base.__subclasses__()),
    }
)
"""what holds nothing that is asked for, by its class"""
_NO_NODES: Final = frozenset({"ctx", "op", "ops", "id", "attr", "kind", "type_comment", "lineno", "level"})
_WAYS: Final[dict[type[ast.AST], tuple[str, ...]]] = {ast.Constant: ()}
"""by class, the fields that may hold nodes"""


def python_facts(text: str, needed: Needed = _EVERYTHING) -> CodeFacts | None:
    """What the program says, as far as it stands in a statement with something that is `needed`.

    None where it does not parse.
    """
    is_guarded = guards_types(text)
    part = text if needed.everything else _statements(text, needed)
    found, handed = _parsed(part, is_guarded=is_guarded)
    is_whole = part == text or (handed is not None and not handed.needs(text))
    return found if is_whole else _parsed(text, is_guarded=is_guarded)[0]


def _parsed(text: str, *, is_guarded: bool) -> tuple[CodeFacts | None, HandedNames | None]:
    """What a program says, and the names that are handed on in it, which other statements may give something."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _facts(ast.parse(text), is_guarded=is_guarded)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None, None


def _statements(text: str, needed: Needed) -> str:
    """A module with blank lines for statements without anything that is needed; as it is where that is not told.

    A statement begins with a word at the margin, outside of texts and brackets, that goes on with nothing before it.
    What is plainly no program is left whole, to be told of.
    """
    bare = _MARKED.sub(_held_place, text)
    if "\r" in text or "\f" in text or '"' in bare or "'" in bare or _NO_PROGRAM.search(f"\n{bare}"):
        return text
    lines, places = text.split("\n"), needed.places(text)
    found: list[str] = []
    first = at = begin = 0
    statement = _Statement()
    for piece in _MARGIN.split(bare):
        at += piece.count("\n") + 1
        if not statement.is_over_with(piece):
            continue
        statement = _Statement()
        own = "\n".join(lines[first:at])
        is_needed = needed.is_in(own) if places is None else is_any(places, begin, begin + len(own.removesuffix("\\")))
        found.append(own if is_needed else "\n" * (at - first - 1))
        begin += len(own) + 1
        first = at
    return "\n".join([*found, *lines[first:at]])


class _Statement:
    """A statement while it is put together: its brackets, and whether what a decorator stands above has come."""

    def __init__(self) -> None:
        self._open = [0, 0, 0]
        self._is_decorator: bool | None = None

    def is_over_with(self, piece: str) -> bool:
        """Whether it ends with this piece, as far as its brackets and its last line tell."""
        for at, both in enumerate(_BRACKETS):
            self._open[at] += piece.count(both[0]) - piece.count(both[1])
        if self._is_decorator is None:
            self._is_decorator = piece[:1] == "@" and _DECORATED.search(piece) is None
        elif self._is_decorator:
            self._is_decorator = _DECORATED.search(f"\n{piece}") is None
        return not any(self._open) and not piece.endswith("\\") and not self._is_decorator


def _held_place(found: re.Match[str]) -> str:
    """Nothing for a comment, as many lines for a text."""
    text = found[0]
    if text[0] == "#":
        return ""
    return "0" if "\n" not in text else "\n" * text.count("\n") + "0"


def _facts(tree: ast.Module, *, is_guarded: bool) -> tuple[CodeFacts, HandedNames]:
    imports: list[Named] = []
    for_types: list[Named] = []
    of_checkers = {id(it) for it in _bodies_for_checkers(tree)} if is_guarded else set()
    literals: dict[int, Literal] = {}
    calls: list[Named] = []
    constants: list[Named] = []
    handed = HandedNames()
    silent: set[int] = set()
    whole: set[int] = set()  # texts that are put together: what is in them is theirs
    waiting: list[Any] = [tree]
    while waiting:
        # Every node is met before what is in it.
        node = waiting.pop()
        kind = node.__class__
        if kind in _IMPORTING:
            (for_types if id(node) in of_checkers else imports).extend(_imported(node))
        elif kind is ast.Expr:
            # A text that stands alone is documentation.
            silent.update(id(it) for it in (node.value,) if it.__class__ in _TEXTS)
        elif kind is ast.Constant:
            if node.value.__class__ is str and id(node) not in silent and id(node) not in literals:
                literals[id(node)] = Literal(node.value, node.lineno)
            continue
        elif kind in _SPEAKING and id(node) not in silent:
            if kind is ast.Call and (name := last_name(node.func)):
                calls.append(Named(name, node.lineno))
                imports += _named_modules(node, name)
            handed.meet_scope(node)
            if kind in _GIVING:
                for key, text in _texts_given(node, kind) if id(node) not in whole else ():
                    handed.meet(node, key, text)
                    _note(literals, silent, whole, text, key)
            else:
                handed.meet_text("", node, is_part=id(node) in whole)
                _note(literals, silent, whole, node, "")
        elif kind is ast.Attribute:
            constants += _taken(node)
        if id(node) not in whole:
            _add_nodes_in(node, kind, waiting)
    _note_handed(literals, handed)
    texts = (*literals.values(), *(Literal(text, line, snake(key)) for key, text, line in handed.put_together()))
    facts = CodeFacts(tuple(imports), texts, tuple(calls), tuple(for_types), tuple(constants))
    return facts, handed


def _thrown(node: ast.Raise) -> list[ast.expr]:
    """What an error is made of that is raised where it is made."""
    made = node.exc
    return made.args if isinstance(made, ast.Call) and last_name(made.func) not in SAYS_TO_MODEL else []


def _taken(node: ast.Attribute) -> Iterator[Named]:
    """A constant that may be a model's name."""
    if may_be_constant(last_name(node.value), node.attr):
        yield Named(node.attr, node.lineno)


def _bodies_for_checkers(tree: ast.Module) -> Iterator[ast.stmt]:
    """The statements right below `if TYPE_CHECKING:`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and _is_type_checking(node.test):
            yield from node.body


def _is_type_checking(test: ast.expr) -> bool:
    if isinstance(test, ast.Attribute):
        return test.attr == "TYPE_CHECKING" and isinstance(test.value, ast.Name) and test.value.id == "typing"
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


def _add_nodes_in(node: Any, kind: type[ast.AST], waiting: list[Any]) -> None:
    """Add the nodes in a node that say something."""
    ways = _WAYS.get(kind)
    if ways is None:
        ways = _WAYS[kind] = tuple(name for name in kind._fields if name not in _NO_NODES)
    for name in ways:
        value = getattr(node, name, None)
        if value.__class__ is list:
            if value:
                waiting.extend([part for part in value if part.__class__ not in _MUTE])
        elif value.__class__ not in _MUTE:
            waiting.append(value)


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[Named]:
    if isinstance(node, ast.Import):
        yield from (Named(alias.name, node.lineno) for alias in node.names)
    elif node.module and not node.level:
        yield Named(node.module, node.lineno)
        yield from (Named(f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def _named_modules(call: ast.Call, name: str) -> Iterator[Named]:
    """The module that a call of this name imports, where a text says which."""
    if name in _IMPORTING_BY_NAME:
        named = (*call.args[:1], *(word.value for word in call.keywords if word.arg == "name"))
        yield from (Named(module, call.lineno) for it in named if (module := _text(it)))


def _texts_given(node: Any, kind: type[ast.AST]) -> Iterator[tuple[str, Any]]:
    for key, value in _given(node, kind):
        yield from ((key, text) for text in texts_given(key, value))


def _given(node: Any, kind: type[ast.AST]) -> Iterator[tuple[str, Any]]:
    """Each text below a node of this class with the name that it is given to."""
    if kind is ast.Call:
        yield from _given_in_call(node)
    elif kind is ast.Assign:
        for target, value in given_in_assignment(node):
            if name := _target(target):
                yield from ((name, it) for it in _named_by(name, value))
    elif kind in (ast.AnnAssign, ast.AugAssign, ast.NamedExpr):
        if node.value is not None:
            yield _target(node.target), node.value
    elif kind is ast.Dict:
        yield from _given_in_dict(node)
    elif kind is ast.Tuple:
        if len(node.elts) == 2 and _text(node.elts[0]) in ROLES:
            yield "system", node.elts[1]
        yield from given_in_pairs(node.elts)
    elif kind is ast.Raise:
        yield from ((THROWN, text) for text in _thrown(node))
    elif kind is ast.Lambda or kind in LOOPS:
        yield from _defaults(node.args) if kind is ast.Lambda else given_in_loop(node)
    else:
        yield from (("system", text) for text in sent_documentation(node))
        yield from named_by_class(node) if kind is ast.ClassDef else _given_in_function(node)


def _given_in_function(node: Any) -> Iterator[tuple[str, Any]]:
    if "encoding" in node.name:
        yield from (("encoding", value) for _, value in _defaults(node.args))
    else:
        yield from _defaults(node.args)
        yield from returned_as(node)


def _named_by(name: str, value: Any) -> Sequence[Any]:
    """A value, and what a table of several under one name holds."""
    return (value, *value.values) if isinstance(value, ast.Dict) and name[-1:] in "sS" else (value,)


def _given_in_call(node: ast.Call) -> Iterator[tuple[str, Any]]:
    name = last_name(node.func)
    says = name in SAYS_TO_MODEL
    yield from asked_in_call(node, name)
    yield from given_in_message(node)
    yield from given_to_option(node)
    yield from (
        ("system" if says and word.arg in _OF_MESSAGE else word.arg, word.value)
        for word in node.keywords
        if word.arg and not (word.arg == "prompt" and is_of_option(node))
    )
    if node.args and says:
        yield "system", node.args[0]
    elif node.args and name in _NAMES_A_MODEL:
        yield "model", node.args[0]
    elif len(node.args) == 2 and name in _WITH_DEFAULT:
        yield _text(node.args[0]) or "", node.args[1]
    yield from given_in_pairs(node.args)


def _given_in_dict(node: ast.Dict) -> Iterator[tuple[str, Any]]:
    pairs = [(_text(key) or "", value) for key, value in zip(node.keys, node.values, strict=True)]
    said = {key: _text(value) for key, value in pairs}
    is_system = said.get("role") in ROLES
    if (said.get("id") or "").startswith("pmpt_"):
        yield from ((ASKED_PROMPT, value) for key, value in pairs if key == "version")
    if is_system:
        yield from (("system", text) for key, value in pairs if key in ("content", "parts") for text in _parts(value))
    yield from (("system" if is_system and key == "content" else key, value) for key, value in pairs if key)


def _parts(value: Any) -> Iterator[ast.expr]:
    """The texts of a message that is a list of parts."""
    for part in value.elts if isinstance(value, ast.List) else ():
        if isinstance(part, ast.Dict):
            yield from (text for key, text in zip(part.keys, part.values, strict=True) if _text(key) == "text")


def _defaults(arguments: ast.arguments) -> Iterator[tuple[str, ast.AST]]:
    plain = [*arguments.posonlyargs, *arguments.args]
    given = arguments.defaults
    yield from zip((argument.arg for argument in plain[len(plain) - len(given) :]), given, strict=True)
    keyed = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    yield from ((argument.arg, value) for argument, value in keyed if value is not None)


def _target(target: ast.expr) -> str:
    if isinstance(target, ast.Subscript):
        return _text(target.slice) or ""
    return target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""


def _note(literals: dict[int, Literal], silent: set[int], whole: set[int], node: Any, key: str) -> None:
    """Keep a text once; what is given a name is met before it is met by itself."""
    if node.__class__ not in _COMING_TO_TEXT or id(node) in literals or id(node) in silent:
        return
    text = _text(node)
    if text is not None:
        literals[id(node)] = Literal(text, getattr(node, "lineno", 1), snake(key))
        if node.__class__ is not ast.Constant:
            whole.add(id(node))


def _note_handed(literals: dict[int, Literal], handed: HandedNames) -> None:
    """Keep texts that a name hands on as given to what it hands them to."""
    changed = set[int]()
    for key, node in handed.texts():
        known = literals.get(id(node))
        if known is None:
            _note(literals, set(), set(), node, key)
        elif id(node) in changed or not speaks_of_prompt(known.key):  # which says more than "part of a message" does
            changed.add(id(node))
            literals[id(node)] = Literal(known.value, known.line, snake(key))


def _text(node: Any) -> str | None:
    """The text that an expression of texts comes to; what is put in at run time is `{}`."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or "{}" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        # Long chains lean to the left: walked, not recursed into.
        parts: list[str] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add):
            parts.append(_leaf(left.right))
            left = left.left
        parts.append(_leaf(left))
        return "".join(reversed(parts)) if any(part not in ("", "{}") for part in parts) else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("strip", "format"):
        return _text(node.func.value)
    if isinstance(node, ast.Call) and last_name(node.func) in ("dedent", "cleandoc") and len(node.args) == 1:
        return _text(node.args[0])
    return None


def _leaf(node: ast.expr) -> str:
    return (_text(node) or "{}") if isinstance(node, (ast.Constant, ast.JoinedStr)) else "{}"
