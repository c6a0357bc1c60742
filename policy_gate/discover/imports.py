"""Which files of the same tree a program imports, by the ways that its language has of naming them.

Told for Python, JavaScript and TypeScript, Go, Java and Kotlin, and Ruby. What a path set at run time, a build file
or an alias of a bundler hides is not found, and nothing is said of it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from policy_gate.discover.encodings import utf8_of
from policy_gate.discover.places import MOST_BYTES, MOST_OF_PROGRAM, language_of
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.vcs.tree import Tree, TreeEntry

_PYTHON: Final = lazy_pattern(
    r"^[ \t]*(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]*(\([^)]{0,4000}\)|[^\n#]{0,1000})|import[ \t]+([^\n#]{1,1000}))",
    re.MULTILINE,
)
_LONG: Final = lazy_pattern(r'"""[\s\S]*?(?:"""|\Z)|' + r"'''[\s\S]*?(?:'''|\Z)")
_WORD: Final = lazy_pattern(r"[A-Za-z_]\w*(?=\s*(?:,|\)|\n|$|#|\bas\b|;|\\))")
_MODULE: Final = lazy_pattern(r"(?:^|,)\s*([A-Za-z_][\w.]*)")
_SCRIPT: Final = lazy_pattern(
    r"""(?:\bfrom\s{0,5}|\bimport\s{0,5}\(?\s{0,5}|\brequire\s{0,5}\(\s{0,5})["']((?:\.{1,2}|[@~])/[^"'\n]{1,300})["']"""
)
_GO: Final = lazy_pattern(r'^[ \t]*(?:import[ \t]+)?(?:[\w.]+[ \t]+)?"([\w./~-]{3,300})"[ \t]*$', re.MULTILINE)
_GO_MODULE: Final = lazy_pattern(r"^module[ \t]+(\S{1,300})", re.MULTILINE)
_JAVA: Final = lazy_pattern(r"^[ \t]*import[ \t]+(?:static[ \t]+)?([A-Za-z_][\w.]{1,300})", re.MULTILINE)
_RUBY: Final = lazy_pattern(r"""\brequire_relative[ \t(]{1,5}["']([^"'\n]{1,300})["']""")
_ENDINGS: Final = (
    *("", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte"),
    *("/index.ts", "/index.tsx", "/index.js", "/index.jsx", "/index.mjs"),
)
_BESIDE: Final = ("", "src", "lib", "python")
"""folders of the root in which Python modules lie, whoever imports them"""


class OwnImport(NamedTuple):
    """A file of the tree, and the line from 1 on which another imports it."""

    entry: TreeEntry
    line: int


def own_imports(tree: Tree, entry: TreeEntry | None) -> tuple[OwnImport, ...]:
    """The files of the tree that this one imports, each once, in the order of lines."""
    reader = _READERS.get(language_of(entry.path)) if entry is not None and entry.kind == "file" else None
    if reader is None or entry is None or tree.size(entry) > MOST_OF_PROGRAM:
        return ()
    text = utf8_of(tree.read(entry)).decode("utf-8", "replace")
    found: dict[str, OwnImport] = {}
    for at, paths in reader(text, entry.path, tree):
        for path in paths:
            other = tree.entry(path)
            if other is not None and other.kind == "file":
                found.setdefault(path, OwnImport(other, text.count("\n", 0, at) + 1))
                break
    found.pop(entry.path, None)
    return tuple(found.values())


_Found = Iterator[tuple[int, Iterator[str]]]


def _of_python(text: str, path: str, tree: Tree) -> _Found:
    for found in _PYTHON.finditer(_LONG.sub(_blank, text)):
        at = found.start() + len(found[0]) - len(found[0].lstrip())
        if found[3] is not None:
            for module in _MODULE.finditer(found[3]):
                yield at, _modules(module[1].split("."), path, tree)
            continue
        dots = len(found[1]) - len(found[1].lstrip("."))
        parts = [part for part in found[1][dots:].split(".") if part]
        names = _WORD.findall(found[2])
        for name in names:
            yield at, _relative([*parts, name], path, dots) if dots else _modules([*parts, name], path, tree)
        if parts:
            yield at, _relative(parts, path, dots) if dots else _modules(parts, path, tree)


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def _relative(parts: list[str], path: str, dots: int) -> Iterator[str]:
    folders = path.split("/")[:-1]
    if dots - 1 <= len(folders):
        base = folders[: len(folders) - dots + 1]
        yield "/".join([*base, *parts]) + ".py"
        yield "/".join([*base, *parts, "__init__.py"])


def _modules(parts: list[str], path: str, tree: Tree) -> Iterator[str]:
    folders = path.split("/")[:-1]
    roots = ["/".join(folders[:depth]) for depth in range(len(folders), -1, -1)]
    for root in dict.fromkeys([*roots, *_BESIDE]):
        known = tree.names(root)
        if parts[0] in known or f"{parts[0]}.py" in known:
            whole = "/".join([*([root] if root else []), *parts])
            yield f"{whole}.py"
            yield f"{whole}/__init__.py"


def _of_script(text: str, path: str, tree: Tree) -> _Found:
    for found in _SCRIPT.finditer(text):
        before = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        if "//" in before or before.lstrip().startswith(("*", "/*")):
            continue
        named = found[1]
        if named.startswith((".", "..")):
            bases = [posixpath.normpath(posixpath.join(posixpath.dirname(path), named))]
        else:
            folders = path.split("/")[:-1]
            above = ["/".join(folders[:depth]) for depth in range(len(folders), -1, -1)]
            bases = [
                posixpath.normpath(posixpath.join(root, where, named[2:])) for root in above for where in ("src", "")
            ]
        yield found.start(1), (whole for base in bases if not base.startswith("..") for whole in _spelled(base))


def _spelled(base: str) -> Iterator[str]:
    yield from (f"{base}{ending}" for ending in _ENDINGS)
    stem, dot, ending = base.rpartition(".")
    if dot and ending in ("js", "jsx", "mjs", "cjs"):
        yield from (f"{stem}.{ending.replace('js', 'ts')}", f"{stem}.tsx")


def _of_go(text: str, path: str, tree: Tree) -> _Found:
    module, root = _go_module(path, tree)
    for found in _GO.finditer(text) if module else ():
        if found[1].startswith(f"{module}/"):
            folder = posixpath.normpath(posixpath.join(root, found[1][len(module) + 1 :]))
            for name in tree.names(folder):
                if name.endswith(".go") and not name.endswith("_test.go"):
                    yield found.start(1), iter((f"{folder}/{name}",))


def _go_module(path: str, tree: Tree) -> tuple[str, str]:
    """The name of the module that a file belongs to, and its folder."""
    folders = path.split("/")[:-1]
    for depth in range(len(folders), -1, -1):
        root = "/".join(folders[:depth])
        entry = tree.entry(f"{root}/go.mod" if root else "go.mod")
        if entry is not None and entry.kind == "file" and tree.size(entry) <= MOST_BYTES:
            found = _GO_MODULE.search(tree.read(entry).decode("utf-8", "replace"))
            return (found[1], root) if found else ("", "")
    return "", ""


def _of_java(text: str, path: str, tree: Tree) -> _Found:
    folders = path.split("/")[:-1]
    for found in _JAVA.finditer(text):
        parts = found[1].rstrip(".").split(".")
        roots = ["/".join(folders[:at]) for at, folder in enumerate(folders) if folder == parts[0]]
        others = [
            root.replace("/java", "/kotlin") if "/java" in root else root.replace("/kotlin", "/java") for root in roots
        ]
        known = dict.fromkeys([*roots, *others])
        everywhere = dict.fromkeys([*known, *(it for root in known for it in _in_other_modules(root, tree))])
        places = ["/".join([*([root] if root else []), *parts]) for root in everywhere]
        yield found.start(1), (f"{place}{ending}" for place in places for ending in (".java", ".kt"))


def _in_other_modules(root: str, tree: Tree) -> Iterator[str]:
    """The same folder for sources in the modules that lie beside this one."""
    module, found, inner = f"/{root}/".partition("/src/")
    if found and module:
        above = module[1:].rpartition("/")[0]
        prefix = f"{above}/" if above else ""
        yield from (f"{prefix}{name}/src/{inner.rstrip('/')}" for name in tree.names(above))


def _of_ruby(text: str, path: str, tree: Tree) -> _Found:
    for found in _RUBY.finditer(text):
        base = posixpath.normpath(posixpath.join(posixpath.dirname(path), found[1]))
        if not base.startswith(".."):
            yield found.start(1), iter((base if base.endswith(".rb") else f"{base}.rb",))


_READERS: Final[Mapping[str, Callable[[str, str, Tree], _Found]]] = {
    "python": _of_python,
    "javascript": _of_script,
    "go": _of_go,
    "java": _of_java,
    "ruby": _of_ruby,
}
