"""Which files of a tree load which others, by the words of each language and the paths that there are."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final

from policy_gate.discover.places import language_of

_PYTHON: Final = re.compile(
    r"^[ \t]*(?:from[ \t]+([.\w]{1,200})[ \t]+import[ \t]+[( ]{0,2}([\w, \t]{1,400})|import[ \t]+([\w., \t]{1,400}))",
    re.MULTILINE,
)
_JAVASCRIPT: Final = re.compile(
    r"""(?:\bfrom|\bimport|\brequire[ \t]{0,3}\(|\bimport[ \t]{0,3}\()\s{0,5}["'`]([^"'`\n]{1,300})"""
)
_JAVA: Final = re.compile(r"^[ \t]*import[ \t]+(?:static[ \t]+)?([\w.]{3,300})", re.MULTILINE)
_GO: Final = re.compile(r'"([\w.-]+(?:/[\w.-]+){1,20})"')
_RUBY: Final = re.compile(r"""\brequire_relative[ \t(]+["']([^"'\n]{1,300})""")
_SCRIPT_ENDINGS: Final = (
    "",
    ".ts",
    ".tsx",
    ".js",
    ".jsx",
    ".mjs",
    ".cjs",
    ".vue",
    ".svelte",
    "/index.ts",
    "/index.tsx",
    "/index.js",
)


def imported_files(path: str, text: str, paths: Collection[str], go_modules: Mapping[str, str]) -> set[str]:
    """Those of the paths that a file loads; `go_modules` are the names of Go modules and their folders.

    What is put together while a program runs, or found by a setting of a tool, is not seen.
    """
    found = _LANGUAGES.get(language_of(path), _nothing)(path, text, paths, go_modules)
    return {it for it in found if it in paths} - {path}


_Finder = Callable[[str, str, Collection[str], Mapping[str, str]], Iterator[str]]


def _nothing(*_: object) -> Iterator[str]:
    return iter(())


def _of_python(path: str, text: str, paths: Collection[str], _: object) -> Iterator[str]:
    folder = posixpath.dirname(path)
    for module, names, plain in _PYTHON.findall(text):
        if plain:
            for name in plain.split(","):
                yield from _module(name.split(" as ")[0].strip().replace(".", "/"), _above(folder), paths)
            continue
        dots = len(module) - len(module.lstrip("."))
        inner = module.lstrip(".").replace(".", "/")
        bases = [posixpath.normpath(posixpath.join(folder, *[".."] * (dots - 1)))] if dots else _above(folder)
        for name in names.split(","):
            word = name.split(" as ")[0].strip()
            yield from _module(posixpath.join(inner, word) if inner else word, bases, paths)
        if inner:
            yield from _module(inner, bases, paths)


def _above(folder: str) -> list[str]:
    """The folder and all above it, and `src` at the top: where an absolute name may begin."""
    parts = folder.split("/") if folder else []
    return [*("/".join(parts[:end]) for end in range(len(parts), -1, -1)), "src"]


def _module(inner: str, bases: list[str], paths: Collection[str]) -> Iterator[str]:
    for base in bases:
        at = posixpath.normpath(posixpath.join(base, inner)) if base not in ("", ".") else inner
        hit = next((it for it in (f"{at}.py", f"{at}/__init__.py") if it in paths), None)
        if hit:
            yield hit
            return


def _of_javascript(path: str, text: str, paths: Collection[str], _: object) -> Iterator[str]:
    folder = posixpath.dirname(path)
    for spec in _JAVASCRIPT.findall(text):
        if spec.startswith("."):
            bases = [posixpath.normpath(posixpath.join(folder, spec))]
        elif spec.startswith(("@/", "~/")):
            bases = [posixpath.join(base, spec[2:]) for above in _above(folder) for base in (above, f"{above}/src")]
        else:
            continue
        every = (f"{base.lstrip('/')}{ending}" for base in bases for ending in _SCRIPT_ENDINGS)
        if hit := next((it for it in every if it in paths), None):
            yield hit
            continue
        # TypeScript lets `./a.js` mean `a.ts`.
        stems = (posixpath.splitext(base)[0] + ending for base in bases for ending in (".ts", ".tsx"))
        yield from (it for it in stems if it in paths)


def _of_java(_: str, text: str, paths: Collection[str], __: object) -> Iterator[str]:
    wanted = {name.replace(".", "/") for name in _JAVA.findall(text)}
    for path in paths if wanted else ():
        stem, ending = posixpath.splitext(path)
        if ending in (".java", ".kt", ".scala") and any(stem == it or stem.endswith(f"/{it}") for it in wanted):
            yield path


def _of_go(_: str, text: str, paths: Collection[str], modules: Mapping[str, str]) -> Iterator[str]:
    for name in _GO.findall(text):
        for module, folder in modules.items():
            if name == module or name.startswith(f"{module}/"):
                inner = posixpath.normpath(posixpath.join(folder, name[len(module) :].strip("/")))
                yield from (
                    it for it in paths if posixpath.dirname(it) == inner.removeprefix("./") and it.endswith(".go")
                )


def _of_ruby(path: str, text: str, _: Collection[str], __: object) -> Iterator[str]:
    for spec in _RUBY.findall(text):
        at = posixpath.normpath(posixpath.join(posixpath.dirname(path), spec))
        yield at if at.endswith(".rb") else f"{at}.rb"


_LANGUAGES: Final[Mapping[str, _Finder]] = {
    "python": _of_python,
    "javascript": _of_javascript,
    "java": _of_java,
    "go": _of_go,
    "ruby": _of_ruby,
}
