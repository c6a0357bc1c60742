"""Where policy documents come from: the built-in folder, an organisation's, a tree's.

Here they are found and parsed, not understood: that is for `policy`. Only documents whose `schema:` is
ours are policies; other YAML in the same folder is counted aloud, a nearly right schema is a problem (D34).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from posixpath import dirname, normpath
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from policy_gate.collect.layout import is_yaml
from policy_gate.collect.policy_without_schema import problem_without_schema
from policy_gate.documents.cache import regular_bytes
from policy_gate.documents.scalars import BOM, MAX_BYTES, document_error, is_lfs_pointer
from policy_gate.documents.spelling import did_you_mean, nearest
from policy_gate.documents.validation import validated
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.errors import DocumentError, PolicyError, UndecidedError, UsageError
from policy_gate.schema.check_inputs import LayerSource, SealedSource
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.roles import Roles
from policy_gate.schema.snapshot import CodeFile
from policy_gate.schema.source import Document, Problem, Unread
from policy_gate.schema.vocabulary import Layer
from policy_gate.vcs.memory_tree import MemoryTree
from policy_gate.vcs.tree import Tree, TreeEntry

POLICY, CASE, ROLES = "policy-gate/policy/v1", "policy-gate/case/v1", "policy-gate/roles/v1"
PACK = "policy-gate/pack/v1"
_OURS = (POLICY, CASE, ROLES, PACK)
LAW_FOLDER, LAW_SEAL_FILE = "regulations", "sealed-law.msgpack"
"""Where the built-in law packs lie, and the file beside it that `policy.packs` made of them."""
BUILTIN, SEAL_FILE = "builtin:", "sealed.msgpack"
"""What people see before the paths of the built-in policies; the file beside them that `policy.sealed` made."""
_SCHEMA_LINE = lazy_pattern(
    rb"""^[ \t]*(?:---[ \t]+)?(?:\{\s*)?["']?schema["']?\s*:\s*["']?([^\s"'#,}]+)""", re.MULTILINE
)
_OTHER_KEY = lazy_pattern(
    rb"""^(?:\xef\xbb\xbf)?["']?[^\s:"'#-][^\s:]*\s*:\s*["']?policy-gate/(?:policy|case|roles|pack)/v1["']?\s*?(?:#.*)?$""",
    re.MULTILINE,
)
"""One of our schemas as the value of a key that is not `schema`, at the left."""
_FIRST_LINES = lazy_pattern(rb"\A(?:\xef\xbb\xbf)?(?:[ \t\r\n]|#[^\n]*\n|---[^\n]*\n)*(?:\{\s*)?")
_BEGINNING, _MOST_READ = 64 * 1024, 64 * 1024 * 1024
"""Bytes of a file that is too large to parse: how many tell whose it is, and where not even they are read."""


class PolicyFolder(Struct):
    """What one folder of policies holds: its documents, its roles, its files of ours, and what is wrong."""

    source: LayerSource
    roles: Document[Roles] | None = None
    files: tuple[CodeFile, ...] = ()
    problems: tuple[Problem, ...] = ()


def builtin_layer(*, with_cases: bool = True) -> LayerSource:
    """The built-in policies: of the installed package, else of the checkout it runs from.

    Their test cases are left out where only the rules are wanted.

    PolicyError where they are malformed or missing, which only a broken installation can be.
    """
    files = files_of_folder(_builtin_folder(), () if with_cases else ("tests",))
    return replace(_sound(read_policies(files, "", "builtin", "builtin", shown=BUILTIN)), proven=True)


@cache
def builtin_layer_sealed() -> LayerSource:
    """The built-in policies without their test cases, sealed where the package was built with a seal.

    They are read once in a process. PolicyError as `builtin_layer`.
    """
    folder = _builtin_folder()
    seal = folder / SEAL_FILE
    if not seal.is_file():
        return builtin_layer(with_cases=False)
    law_seal = folder / LAW_SEAL_FILE
    return LayerSource(
        "builtin",
        "builtin",
        (),
        proven=True,
        sealed=SealedSource(seal.read_bytes(), builtin_texts()),
        law=builtin_law_texts(),
        law_seal=law_seal.read_bytes() if law_seal.is_file() else None,
    )


def builtin_texts() -> dict[str, bytes]:
    """The built-in policies' documents as bytes, by the path that people see."""
    folder = _builtin_folder()
    return _texts(folder, _yaml_below(folder, (".git", "tests", LAW_FOLDER)))


def builtin_law_texts() -> dict[str, bytes]:
    """The built-in law packs as bytes, by the path that people see."""
    folder = _builtin_folder()
    return _texts(folder, _yaml_below(folder / LAW_FOLDER)) if (folder / LAW_FOLDER).is_dir() else {}


def _texts(folder: Path, paths: Iterator[Path]) -> dict[str, bytes]:
    return {BUILTIN + path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _builtin_folder() -> Path:
    package = Path(__file__).resolve().parent.parent
    folder = next((it for it in (package / "policies", package.parent / "policies") if it.is_dir()), None)
    if folder is None:
        raise PolicyError("the built-in policies are missing from this installation", hint="install policy-gate again")
    return folder


def of_tree(tree: Tree, folder: str, name: str) -> LayerSource:
    """The repository's own layer; PolicyError with every document that cannot be parsed."""
    return _sound(read_policies(tree, folder, "repository", name))


def of_folder(path: Path, trusted: bool) -> LayerSource:
    """An organisation's layer from a folder on disk; UsageError where there is none, PolicyError as `of_tree`."""
    if not path.is_dir():
        raise UsageError(f"--policies {path}: no such folder", hint="name a folder that holds policy documents")
    found = read_policies(
        files_of_folder(path), "", "organisation", f"organisation:{path}", trusted=trusted, shown=f"{path}/"
    )
    if not found.source.documents and not found.problems:
        raise UsageError(
            f"--policies {path}: no policy document in it", hint=f"a policy document begins with `schema: {POLICY}`"
        )
    return _sound(found)


def read_policies(
    tree: Tree, folder: str, layer: Layer, name: str, *, trusted: bool = True, shown: str = ""
) -> PolicyFolder:
    """Everything of ours in a folder of policies, parsed; nothing is raised for what is malformed.

    `shown` is put before the paths that people see.
    """
    reading = _Reading(tree, folder, shown)
    home = tree.entry(folder) if folder else None
    if home is not None and is_no_folder(home):
        reading.refuse(home, "is a link or a submodule (expected a folder)", "put the folder itself here")
    for entry in tree.walk(folder):
        if is_yaml(entry.path):
            reading.take(entry)
        elif entry.kind == "file":
            reading.look_at(entry)
    notes = list(reading.notes)
    if reading.foreign:
        notes.append(f"{name}: {reading.foreign} YAML file(s) that are not policy-gate's are not read")
    problems = tuple(reading.problems)
    source = LayerSource(
        layer,
        name,
        tuple(reading.policies),
        tuple(reading.cases),
        trusted,
        tuple(notes),
        problems,
        law=reading.law,
        advice=tuple(reading.advice),
    )
    return PolicyFolder(source, reading.roles, tuple(reading.files), problems)


def is_no_folder(entry: TreeEntry | None) -> bool:
    """Does a link or a submodule stand where the policies should?"""
    return entry is not None and entry.kind in ("symlink", "submodule")


def _sound(found: PolicyFolder) -> LayerSource:
    if found.problems:
        first = found.problems[0]
        raise PolicyError(f"{first.location}: {first.message}", hint=first.hint, problems=found.problems)
    return found.source


def files_of_folder(folder: Path, without: tuple[str, ...] = ()) -> Tree:
    """The YAML files below a folder on disk, links left out, and so the folders named directly in it.

    UndecidedError where one may not be read: without it the rules are other rules.
    """
    found = _yaml_below(folder, (".git", *without))
    try:
        return MemoryTree({path.relative_to(folder).as_posix(): path.read_bytes() for path in found})
    except OSError as fault:
        message = f"{fault.filename} cannot be read: {fault.strerror}"
        raise UndecidedError(message, hint="let this user read all files of the policies") from fault


def _yaml_below(folder: Path, without: tuple[str, ...] = (".git",)) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or path.name in without:
            continue
        if path.is_dir():
            yield from _yaml_below(path)
        elif is_yaml(path.name):
            yield path


class _Reading(Struct):
    """A folder of policies while it is read."""

    tree: Tree
    folder: str
    shown: str
    policies: list[Document[Any]] = field(default_factory=list)
    cases: list[Document[Any]] = field(default_factory=list)
    law: dict[str, bytes] = field(default_factory=dict)
    roles: Document[Roles] | None = None
    files: list[CodeFile] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    advice: list[Problem] = field(default_factory=list)
    foreign: int = 0

    def take(self, entry: TreeEntry) -> None:
        """Read one YAML file, or count it as somebody else's."""
        if entry.kind != "file":
            if self._leads_to_ours(entry):
                self.refuse(entry, "is a symbolic link (expected a regular file)", "put the file itself here")
            else:
                self.notes.append(f"{entry.path} is a link or submodule: policies are read from regular files only")
            return
        try:
            data = regular_bytes(self.tree, entry)
        except DocumentError as error:
            self._take_unread(entry, error)
            return
        if is_lfs_pointer(data):
            self.refuse(entry, "is a Git LFS pointer (expected the file itself)", "take policies out of Git LFS")
            return
        schema = schema_of(data)
        if not _is_ours(schema):
            self._take_foreign(entry, data)
            return
        self.files.append(CodeFile(entry.path, entry.mode, entry.oid))
        if schema == PACK:
            self.law[self.shown + entry.path] = data
            return
        try:
            self._sort(entry, data, schema)
        except DocumentError as error:
            self._refuse(entry, error.problems)

    def look_at(self, entry: TreeEntry) -> None:
        """Refuse a policy that is named like no YAML: it would be no rule, silently."""
        beginning = self.tree.read(entry)[:_BEGINNING] if self.tree.size(entry) <= MAX_BYTES else b""
        if _is_ours(schema_of(_FIRST_LINES.sub(b"", beginning).partition(b"\n")[0])):
            self.refuse(entry, "is a policy by its content, and not by its name", "name it .yaml, or remove it")

    def refuse(self, entry: TreeEntry, message: str, hint: str, line: int | None = None) -> None:
        """Put down a file of ours that cannot be read as it is."""
        self.files.append(CodeFile(entry.path, entry.mode, entry.oid))
        self._refuse(entry, (Problem(self.shown + entry.path, message, line, line and 1, hint),))

    def _leads_to_ours(self, entry: TreeEntry) -> bool:
        if entry.kind != "symlink":
            return False
        way = self.tree.read(entry).decode("utf-8", "replace")
        target = self.tree.entry(normpath(f"{dirname(entry.path)}/{way}").lstrip("/"))
        if target is None or target.kind != "file" or self.tree.size(target) > MAX_BYTES:
            return False
        return _is_ours(schema_of(self.tree.read(target)))

    def _take_unread(self, entry: TreeEntry, error: DocumentError) -> None:
        """A file over the limit is somebody else's only where its beginning says so."""
        beginning = self.tree.read(entry)[:_BEGINNING] if self.tree.size(entry) <= _MOST_READ else b""
        schema = schema_of(beginning)
        if beginning and not _is_ours(schema):
            self.foreign += 1
            return
        self.files.append(CodeFile(entry.path, entry.mode, entry.oid))
        self._refuse(entry, tuple(replace(problem, path=self.shown + problem.path) for problem in error.problems))

    def _take_foreign(self, entry: TreeEntry, data: bytes) -> None:
        """Count what is somebody else's; what names our schema under another key is ours, and would be no rule."""
        if found := _OTHER_KEY.search(data):
            line = data.count(b"\n", 0, found.start()) + 1
            message = "names a schema of policy-gate's under a key that is not schema"
            self.refuse(entry, message, f"begin the file with `schema: {POLICY}`", line)
        else:
            self.foreign += 1
            if (advice := problem_without_schema(self.shown + entry.path, data, POLICY)) is not None:
                self.advice.append(advice)

    def _refuse(self, entry: TreeEntry, problems: tuple[Problem, ...]) -> None:
        self.problems.extend(problems)
        self.policies.append(Document(self.shown + entry.path, entry.oid, Unread(problems), {}))

    def _sort(self, entry: TreeEntry, data: bytes, schema: str) -> None:
        path = self.shown + entry.path
        raw, marks = read_yaml(path, data)
        schema = raw.get("schema", schema) if isinstance(raw, dict) else schema
        document = Document(path, entry.oid, raw, marks)
        if schema == CASE:
            self.cases.append(document)
        elif schema == POLICY:
            self.policies.append(document)
        elif schema == ROLES:
            self._take_roles(entry, validated(Roles, path, entry.oid, raw, marks))
        else:
            at = document.at("schema")
            hint = did_you_mean(str(schema), _OURS) or f"a policy document begins with `schema: {POLICY}`"
            message = f"schema is {schema!r} ({POLICY}, {CASE}, {ROLES} or {PACK})"
            raise document_error(path, message, at.line or 1, at.column or 1, hint)

    def _take_roles(self, entry: TreeEntry, roles: Document[Roles]) -> None:
        wanted = f"{self.folder}/roles.yaml" if self.folder else "roles.yaml"
        if entry.path != wanted:
            raise document_error(roles.path, f"roles are read from {wanted} only", hint=f"move them to {wanted}")
        self.roles = roles


def schema_of(data: bytes) -> str:
    """What the file says its schema is, told from its text, as foreign YAML need not be strict."""
    # In UTF-16 and UTF-32 the letters of ours stand between zeros.
    plain = data.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff") if b"\0" in data else data
    found = _SCHEMA_LINE.search(plain.removeprefix(BOM))
    return found[1].decode("utf-8", "replace") if found else ""


def is_ours(data: bytes) -> bool:
    """Does a YAML file say that it is one of policy-gate's?"""
    return _is_ours(schema_of(data))


def _is_ours(schema: str) -> bool:
    return schema.startswith("policy-gate/") or _nearly_ours(schema)


def _nearly_ours(schema: str) -> bool:
    return nearest(schema.lower(), _OURS, cutoff=0.8) is not None
