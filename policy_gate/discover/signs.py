"""The signs of AI use as data: read strictly, checked as a whole, and compiled to look-ups. `scan` looks for them.

Expressions take time in proportion to the text: no repetition without a bound, none of a group, no looking back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from policy_gate.discover.code_facts import normal_name
from policy_gate.discover.prefilter import Prefilter, beginnings_of, texts_of
from policy_gate.discover.telling_pieces import telling_pieces
from policy_gate.documents.globs import matches
from policy_gate.errors import DocumentError
from policy_gate.schema.observed import bare_model_name
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.source import Document, Problem

_IMPORTS: Final = ("python", "javascript", "java", "go", "csharp", "ruby", "rust", "php", "swift", "r")
_PACKAGES: Final = ("pypi", "npm", "maven", "nuget", "gems", "crates", "packagist")
_TEXTS: Final = ("hosts", "models", "strings", "calls")
_NAME_LISTS: Final = (*_IMPORTS, *_PACKAGES, *_TEXTS)
_SEEN_BY: Final = (*_NAME_LISTS, "files")
_ESCAPES: Final = lazy_pattern(r"\\(?:\d|.)", re.DOTALL)
_REPEATED: Final = lazy_pattern(r".(?:[?*+]|\{[^}]*\})", re.DOTALL)
_NO_LETTERS: Final = lazy_pattern(r"[\0.^$]")
_GROUP: Final = lazy_pattern(r"\([^()]*\)(?:\?|\{[^}]*\})?")
_CLASSES: Final = lazy_pattern(r"\[\^?\]?[^\]]*\]")
_COSTLY: Final = {
    lazy_pattern(r"[*+]|\{\d*,\}"): "repeats without a bound (expected a bound such as {0,80})",
    lazy_pattern(r"\)[{]"): "repeats a group (expected single characters or classes repeated)",
    lazy_pattern(r"\(\?(?!:)"): "uses an extension of groups (expected plain groups or (?:...))",
}

SIGNS_FILE: Final = "signs.yaml"
SEAL_FILE: Final = "signs.sealed.json"


class Sign(Struct, frozen=True):
    """What a sign says of the place where it is seen; see `SignSpec` for each."""

    id: str
    kind: str
    what: str
    confidence: str
    vendor: str = ""
    files: tuple[str, ...] = ()
    any_case: bool = False
    within: str | None = None
    card: bool = False


class FileSign(Struct, frozen=True):
    """A sign seen by a file's path, and where `text` is given by a line of it; `asks` tells which models it names.

    What holds none of `holds`, in lower case, has no such line, where there are any.
    """

    spec: Sign
    text: re.Pattern[str] | None
    asks: re.Pattern[str] | None = None
    holds: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()
    endings: tuple[str, ...] = ()
    patterns: tuple[tuple[str, str], ...] = ()
    """`files` by how they are told: last names and endings in any folder, and whole patterns for the rest, each with
    a text that whatever it covers holds"""

    @property
    def is_read(self) -> bool:
        """Whether the text of its files says something beside their names."""
        return self.spec.kind == "prompt" or self.text is not None

    def covers(self, path: str) -> bool:
        """Whether one of the sign's patterns covers the path."""
        path = path.lower() if self.spec.any_case else path
        name = path.rpartition("/")[2]
        if name in self.names or (self.endings and name.endswith(self.endings) and name not in self.endings):
            return True
        return any(matches(pattern, path) for pattern, held in self.patterns if held in path)


class ModelNames(Struct, frozen=True):
    """An expression that fits whole names of models; each of these holds a text, in lower case."""

    expression: re.Pattern[str]
    holds: str
    sign: Sign


class _Tables(Struct, frozen=True):
    """What can be told of the signs without looking at a file, as plain data; a sign is its place among `signs`.

    `names` are those of each kind of look-up; `models` an expression, a text that it holds and the sign; `files` the
    sign, its expressions `text` and `asks`, what the first `holds`, and its `names`, `endings` and `patterns`. `key` is
    the digest of what they were read from.
    """

    signs: tuple[Sign, ...]
    names: dict[str, dict[str, int]]
    models: tuple[tuple[str, str, int], ...]
    files: tuple[
        tuple[
            int,
            str | None,
            str | None,
            tuple[str, ...],
            tuple[str, ...],
            tuple[str, ...],
            tuple[tuple[str, str], ...],
        ],
        ...,
    ]
    words: tuple[str, ...]
    beginnings: dict[str, tuple[str, ...]]
    key: str = ""


class Signs(Struct, frozen=True):
    """All signs, by what they are seen by; names of distributions are in their normal form.

    `hosts` are those written out, `host_patterns` those with a `*`. The first of `models` that fits a whole name says
    whose it is.
    """

    imports: Mapping[str, Mapping[str, Sign]]
    packages: Mapping[str, Mapping[str, Sign]]
    strings: Mapping[str, Sign]
    calls: Mapping[str, Sign]
    hosts: Mapping[str, Sign]
    host_patterns: tuple[tuple[re.Pattern[str], Sign], ...]
    models: tuple[ModelNames, ...]
    files: tuple[FileSign, ...]
    words: frozenset[str]
    """of each name that stands in code its longest piece in lower case: a file that holds none of them, names no
    model, is no dependency file and none of `files` shows nothing"""
    prefilter: Prefilter
    """the same, and what names of models and prompts need, looked for in bytes"""
    names: frozenset[str] = frozenset()
    endings: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    """in lower case, one of which the path of a file has that one of `files` covers: names, endings, texts in it"""

    @property
    def globs(self) -> tuple[str, ...]:
        """The patterns of all files that are looked at whatever is in them, cards aside."""
        return tuple(glob for sign in self.files if not sign.spec.card and not sign.holds for glob in sign.spec.files)

    @property
    def globs_by_texts(self) -> Mapping[tuple[str, ...], tuple[str, ...]]:
        """The patterns of all others, by the texts in lower case without one of which such a file shows nothing."""
        others = [sign for sign in self.files if not sign.spec.card and sign.holds]
        return {
            texts: tuple(glob for sign in others if sign.holds == texts for glob in sign.spec.files)
            for texts in dict.fromkeys(sign.holds for sign in others)
        }

    def of_path(self, path: str) -> list[FileSign]:
        """The signs that one of whose patterns covers the path."""
        lower = path.lower()
        name = lower.rpartition("/")[2]
        if name in self.names or name.endswith(self.endings) or any(text in lower for text in self.held):
            return [sign for sign in self.files if sign.covers(path)]
        return []

    @property
    def python(self) -> Mapping[str, Sign]:
        return self.imports["python"]

    @property
    def pypi(self) -> Mapping[str, Sign]:
        return self.packages["pypi"]

    def model(self, name: str) -> Sign | None:
        """The sign that a text is the name of such a model; None for any other text."""
        if len(name) > _LONGEST_NAME or " " in name or not _IS_NAME.fullmatch(name):
            return None
        if name.lower().endswith(_OF_OTHER_FILES):
            return None
        known = _KNOWN_NAMES.setdefault(id(self.models), (self.models, {}))[1]
        if name not in known:
            if len(known) > _MOST_NAMES:
                known.clear()
            found, bare = self._fitting(name), bare_model_name(name)
            known[name] = found or (self._fitting(bare) if bare != name else None)
        return known[name]

    def _fitting(self, name: str) -> Sign | None:
        lower = name.lower() if name.isascii() else ""
        fitting = (it for it in self.models if not lower or it.holds in lower)
        return next((it.sign for it in fitting if it.expression.fullmatch(name)), None)

    def host(self, name: str) -> Sign | None:
        """The sign of a host in lower case; None for any other."""
        found = self.hosts.get(name)
        return found or next((sign for pattern, sign in self.host_patterns if pattern.fullmatch(name)), None)


_OF_OTHER_FILES: Final = (
    *(".html", ".htm", ".md", ".mdx", ".rst", ".txt", ".png", ".jpg", ".jpeg", ".svg", ".webp", ".gif", ".ico", ".css"),
    *(".js", ".mjs", ".ts", ".tsx", ".jsx", ".py", ".rb", ".go", ".rs", ".java", ".kt", ".cs", ".php", ".pdf", ".csv"),
)
"""endings of files that hold no model, whatever they are called after"""
_LONGEST_NAME: Final = 200
_MOST_NAMES: Final = 20_000
"""texts that are remembered to be names of models, or none"""
_KNOWN_NAMES: Final[dict[int, tuple[tuple[ModelNames, ...], dict[str, Sign | None]]]] = {}
_IS_NAME: Final = lazy_pattern(r"(?=.{0,200}[\d/.-])[\w./:@+-]{3,200}")


@cache
def shipped_signs() -> Signs:
    """The signs that come with the package, read when the first scan asks for them, from their seal if it is theirs."""
    path = Path(__file__).with_name(SIGNS_FILE)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(
            "the signs of AI use are missing from this installation", hint="install it again"
        ) from error
    seal = _unsealed(path.with_name(SEAL_FILE), data)
    return _compiled(seal) if seal else read_signs("builtin:signs.yaml", data)


def sealed_signs() -> bytes:
    """The signs of this package as plain data, keyed by the bytes that they were read from."""
    data = Path(__file__).with_name(SIGNS_FILE).read_bytes()
    tables = _tables(_rows("builtin:signs.yaml", data))
    return msgspec.json.encode(replace(tables, key=sha256(data).hexdigest()))


def _unsealed(path: Path, data: bytes) -> _Tables | None:
    try:
        seal = msgspec.json.decode(path.read_bytes(), type=_Tables)
    except (OSError, ValueError):
        return None
    return seal if seal.key == sha256(data).hexdigest() and _is_whole(seal) else None


def _is_whole(seal: _Tables) -> bool:
    """Whether a seal has all look-ups and no place of a sign that is not there."""
    places = [at for table in seal.names.values() for at in table.values()]
    places += [at for *_, at in seal.models]
    places += [at for at, *_ in seal.files]
    has_all = {*_NAME_LISTS} - {"models"} <= seal.names.keys()
    return has_all and bool(places) and min(places) >= 0 and max(places) < len(seal.signs)


def read_signs(path: str, data: bytes) -> Signs:
    """The signs of one YAML document; DocumentError with every located problem."""
    return _compiled(_tables(_rows(path, data)))


def _rows(path: str, data: bytes) -> list[dict[str, Any]]:
    from policy_gate.documents.validation import validated  # noqa: PLC0415 - a seal needs none of these
    from policy_gate.documents.yaml_reader import read_yaml  # noqa: PLC0415
    from policy_gate.schema.sign_document import SignDocument  # noqa: PLC0415

    value, marks = read_yaml(path, data)
    document = validated(SignDocument, path, "", value, marks)
    problems = (*_unclear(document), *_twice(document), *_bad_expressions(document))
    if problems:
        first = problems[0]
        raise DocumentError(f"{first.location}: {first.message}", hint=first.hint, problems=problems)
    return [spec.model_dump(exclude_defaults=True) for spec in document.content.signs]


def _tables(rows: Sequence[Mapping[str, Any]]) -> _Tables:
    own = Sign.__struct_fields__
    signs = [msgspec.convert({name: row[name] for name in own if row.get(name) is not None}, Sign) for row in rows]

    def by(name: str) -> dict[str, int]:
        known = {str(key): at for at, row in enumerate(rows) for key in row.get(name, ())}
        return {normal_name(key): at for key, at in known.items()} if name == "pypi" else known

    named = [(expression, at) for at, row in enumerate(rows) for expression in row.get("models", ())]
    in_code = (*_IMPORTS, "hosts", "strings", "calls")
    names = [str(key) for row in rows for kind in in_code for key in row.get(kind, ())]
    return _Tables(
        signs=tuple(signs),
        names={name: by(name) for name in _NAME_LISTS if name != "models"},
        models=tuple((expression, _held(expression), at) for expression, at in named),
        files=tuple(
            (at, text, rows[at].get("asks"), texts_of(text or ""), *_told_by(sign))
            for at, sign in enumerate(signs)
            for text in (rows[at].get("text"),)
            if sign.files
        ),
        words=tuple(sorted(telling_pieces(names))),
        beginnings={word: tuple(texts) for word, texts in beginnings_of(it for it, _ in named).items()}
        | {f"{name}*": (name,) for name in names if name.endswith("_")},
    )


def _compiled(tables: _Tables) -> Signs:
    signs = tables.signs
    by = {kind: {name: signs[at] for name, at in table.items()} for kind, table in tables.names.items()}
    hosts = by["hosts"]
    files = tuple(
        FileSign(
            signs[at],
            _file_pattern(text, signs[at]),
            _file_pattern(asks, signs[at]),
            holds,
            frozenset(names),
            endings,
            patterns,
        )
        for at, text, asks, holds, names, endings, patterns in tables.files
    )
    return Signs(
        imports={name: by[name] for name in _IMPORTS},
        packages={name: by[name] for name in (*_PACKAGES, "go")},
        strings=by["strings"],
        calls=by["calls"],
        hosts={name: sign for name, sign in hosts.items() if "*" not in name},
        host_patterns=tuple((_host_pattern(name), sign) for name, sign in hosts.items() if "*" in name),
        models=tuple(
            ModelNames(lazy_pattern(text, re.IGNORECASE), holds, signs[at]) for text, holds, at in tables.models
        ),
        files=files,
        words=frozenset(tables.words),
        prefilter=Prefilter(tables.words, tables.beginnings),
        names=frozenset(name.lower() for file in files for name in file.names),
        endings=tuple(sorted({ending.lower() for file in files for ending in file.endings})),
        held=tuple(sorted({text.lower() for file in files for _, text in file.patterns})),
    )


def _file_pattern(text: str | None, sign: Sign) -> re.Pattern[str] | None:
    return lazy_pattern(text, re.IGNORECASE if sign.any_case else 0) if text else None


def _told_by(sign: Sign) -> tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Last names, endings and patterns of a sign's files; see `FileSign`."""
    patterns = [glob.lower() if sign.any_case else glob for glob in sign.files]
    last = {glob: glob.removeprefix("**/") for glob in patterns if glob.startswith("**/")}
    endings = {glob for glob, name in last.items() if re.fullmatch(r"\*\.[\w.-]+", name)}
    names = {glob for glob, name in last.items() if re.fullmatch(r"[\w.-]+", name)}
    return (
        tuple(sorted(last[glob] for glob in names)),
        tuple(sorted(last[glob][1:] for glob in endings)),
        tuple((glob, _literal(glob)) for glob in patterns if glob not in endings and glob not in names),
    )


def _literal(glob: str) -> str:
    """The longest text without wildcards that a pattern of paths has in one name."""
    return max(re.split(r"[*?/]", glob), key=len)


def _held(expression: str) -> str:
    """A text in lower case that whatever fits an expression holds: the longest that stands in it outside all groups."""
    plain = _CLASSES.sub("\0", _ESCAPES.sub("\0", expression))
    while (inner := _GROUP.sub("\0", plain)) != plain:
        plain = inner
    bare = _REPEATED.sub("\0", plain)
    return "" if "|" in bare else max(_NO_LETTERS.split(bare), key=len).lower()


def _host_pattern(name: str) -> re.Pattern[str]:
    return lazy_pattern("[a-z0-9.-]{1,200}".join(map(re.escape, name.split("*"))))


def _unclear(document: Document[Any]) -> Iterator[Problem]:
    for index, spec in enumerate(document.content.signs):
        if not any(getattr(spec, name) for name in _SEEN_BY):
            yield _problem(document, (index,), f"{spec.id} is seen by nothing", f"give it one of {', '.join(_SEEN_BY)}")
        for key in ("text", "within", "card", "any_case"):
            if getattr(spec, key) and not spec.files:
                yield _problem(
                    document, (index, key), f"{key} says nothing without files", "name the files it is about"
                )
        for key in ("within", "asks"):
            if getattr(spec, key) and not spec.text:
                yield _problem(document, (index, key), f"{key} says nothing without text", "give the expression")


def _twice(document: Document[Any]) -> Iterator[Problem]:
    first: dict[tuple[str, ...], str] = {}
    for index, spec in enumerate(document.content.signs):
        for way, key in _keys(index, spec):
            if key in first:
                message = f"{' '.join(key)} is there twice"
                yield _problem(document, way, message, f"keep one of them; the first is in {first[key]}")
            else:
                first[key] = f"line {document.at('signs', *way).line}"


def _keys(index: int, spec: Any) -> Iterator[tuple[tuple[str | int, ...], tuple[str, ...]]]:
    """What no two signs may share, with its place: ids, names, and files with the same expression."""
    yield (index, "id"), ("id", spec.id)
    for kind in _NAME_LISTS:
        for at, name in enumerate(getattr(spec, kind)):
            yield (index, kind, at), (kind, normal_name(name) if kind == "pypi" else name)
    for at, pattern in enumerate(spec.files):
        glob = pattern.lower() if spec.any_case else pattern
        yield (index, "files", at), ("files", glob, *([spec.text] if spec.text else []))


def _bad_expressions(document: Document[Any]) -> Iterator[Problem]:
    for index, spec in enumerate(document.content.signs):
        said: list[tuple[tuple[str | int, ...], str | None]] = [(("text",), spec.text), (("asks",), spec.asks)]
        said += [(("models", at), text) for at, text in enumerate(spec.models)]
        for way, expression in said:
            if expression and (fault := _fault(expression)):
                hint = "say it with fewer means; it is looked for in one line at a time"
                message = f"{way[0]} is no expression to search with: it {fault}"
                yield _problem(document, (index, *way), message, hint)


def _fault(expression: str) -> str:
    try:
        re.compile(expression)
    except re.error as error:
        return f"cannot be read ({error})"
    if re.search(r"\\[1-9]", expression):
        return "refers back to a group"
    plain = _CLASSES.sub("x", _ESCAPES.sub("x", expression))
    return next((words for costly, words in _COSTLY.items() if costly.search(plain)), "")


def _problem(document: Document[Any], way: tuple[str | int, ...], message: str, hint: str) -> Problem:
    place = document.at("signs", *way)
    return Problem(document.path, message, place.line, place.column, hint)
