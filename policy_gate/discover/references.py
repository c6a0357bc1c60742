"""Which files in folders for tests and libraries a product itself refers to: these are its own, whatever the name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from policy_gate.discover.code_text import without_comments
from policy_gate.discover.places import (
    excusing_folder,
    is_apart,
    is_foreign,
    is_named_like_a_test,
    is_shown_settings,
    language_of,
)
from policy_gate.discover.started import in_folders, is_ci, started_in_ci
from policy_gate.schema.patterns import lazy_pattern

_STARTS: Final = lazy_pattern(
    r"(?:dockerfile|containerfile)(?:\..*)?|.*\.dockerfile|procfile|(?:docker-)?compose[\w.-]{0,40}\.ya?ml|.*\.service",
    re.IGNORECASE,
)
"""files that say which program is started, wherever they lie"""
_OF_TOOLS: Final = lazy_pattern(
    r"package(?:-lock)?\.json|(?:ts|js)config.*\.json|pyproject\.toml|setup\.(?:py|cfg)|tox\.ini|pytest\.ini|noxfile\.py"
    r"|(?:jest|vitest|vite|playwright|cypress|karma|wdio|ava|babel|eslint|stylelint|prettier)\.(?:config|conf)\.\w{2,4}|\.\w{1,20}(?:rc|ignore)(?:\.\w{2,5})?|makefile|cargo\.toml|composer\.json"
    r"|build\.gradle(?:\.kts)?|pom\.xml|.*\.csproj|sonar-project\.properties|\.?codecov\.ya?ml|\.pre-commit-config\.ya?ml"
    r"|\.?ruff\.toml|mkdocs\.ya?ml|mypy\.ini|pyrightconfig\.json|labeler\.ya?ml|biome\.jsonc?|(?:nx|turbo|lerna|typedoc)\.json"
    r"|dependabot\.ya?ml|renovate\.json5?|\.?readthedocs\.ya?ml|_config\.ya?ml|_?typos\.toml|\.?golangci\.ya?ml",
    re.IGNORECASE,
)
"""settings of tools that name tests because they run them"""
_STARTED: Final = lazy_pattern(
    r"""["']?(?:main|module|start|serve|run|web|worker|deploy|release|prestart|poststart|bin|exports)["']?\s{0,5}[:=]"""
    r"""[^\n]{0,300}(?:\n\t[^\n]{0,300}){0,6}"""
    r"""|^\[(?:project|tool\.poetry)\.(?:gui-)?scripts\][^\[]{0,4000}|^\[project\.entry-points[^\[]{0,4000}"""
    r"""|entry_points\s{0,5}=[\s\S]{0,2000}""",
    re.MULTILINE,
)
"""what such settings say of what is started"""
_STEM: Final = frozenset({"__init__", "index", "mod", "init", "main"})
"""files that are called by their folder's name"""
_ABOVE: Final = lazy_pattern(r"([\w@~-]+)(?:[./\\:]{1,3})\Z")
_ANY_ROOT: Final = frozenset({"src", "self", "crate", "super", "lib", "app", "~", "@", "@/"})
_LOADS: Final = lazy_pattern(
    r"\b(?:import|from|mod|use|using|require|source|include|include_once|require_once)[\s(\"']+\Z"
)
_ENDS_PATH: Final = lazy_pattern(r"(?:[/\\.]|::)?(?:[\"'`\s;,)*{$]|\Z)")
_FURTHER: Final = lazy_pattern(r"(?:[/\\.]|::)[\"'`*{$]")
_DECLARED: Final = lazy_pattern(
    r"\b(?:class|module|struct|enum|object|interface|record|trait|protocol|extension|actor|def|func|fun)[ \t]+"
    r"(?:self\.)?([A-Za-z_]\w{2,80})"
)
_NEEDS_NO_IMPORT: Final = frozenset({"csharp", "ruby", "swift", "php", "java", "r"})
_LOOKED_AT: Final = 120
"""characters about a folder's name that are read with it"""
_MOST_MENTIONS: Final = 500
"""of a folder in one text; who names it more often refers to all that is in it"""
_OF_OTHERS: Final = frozenset(
    {"django", "numpy", "pandas", "torch", "sklearn", "scipy", "rest_framework", "jax", "sqlalchemy", "twisted"}
)
"""libraries with parts for tests of their own"""
_LOADS_ALL: Final = lazy_pattern(r"iter_modules|walk_packages|__path__|import\.meta\.glob|require\.context")
_LISTS: Final = lazy_pattern(r"glob|iterdir|listdir|scandir|walk|iter_modules|readdir|import_module|import\.meta")


def may_refer(path: str) -> bool:
    """Whether a file is one whose words say what the product uses: code, settings, what starts a program."""
    return not is_apart(path) and (bool(language_of(path)) or is_start(path))


def is_start(path: str) -> bool:
    """Is it a file that says which program is started?"""
    return _STARTS.fullmatch(PurePosixPath(path).name) is not None


def names_of(path: str) -> set[str]:
    """Words in lower case one of which stands in every text outside its folder that calls the file.

    But for the names of types, where a language needs no import.
    """
    place = PurePosixPath(path)
    folder = excusing_folder(path)
    words = {folder.rpartition("/")[2].lower()} if folder else {place.parent.name.lower()}
    if not folder or is_named_like_a_test(place.name):
        words.update(_below(path, folder)[-1:])
    return words - {""}


def _below(path: str, folder: str) -> list[str]:
    """The parts of its path below a folder in lower case, without the name that stands for the folder itself."""
    place = PurePosixPath(path)
    if is_shown_settings(path):
        return [place.name.lower()]
    below = list(PurePosixPath(path.removeprefix(f"{folder}/")).with_suffix("").parts) if folder else [place.stem]
    if below[-1] in _STEM and (len(below) > 1 or folder):
        below.pop()
    return [part.lower() for part in below]


def referred(asked: Mapping[str, str], product: Iterable[tuple[str, str]]) -> set[str]:
    """Those of the files in question (path: text) that the product's (path, text) refer to, also by way of others.

    A file is referred to by its name, or by its folder where that is loaded as a whole. What a program puts together
    while it runs is not seen.
    """
    wanted = {path: _Names(path, text) for path, text in asked.items()}
    any_of_them = re.compile("|".join(sorted({re.escape(word) for names in wanted.values() for word in names.words})))
    found: set[str] = set()
    waiting: list[tuple[str, str]] = []
    source = iter(product)
    while len(found) < len(wanted) and (said := waiting.pop() if waiting else next(source, None)) is not None:
        text = said_by(*said)
        lower = text.lower()
        for path, names in (
            wanted.items() if any_of_them.search(lower) or excusing_folder(said[0]) or _LOADS_ALL.search(lower) else ()
        ):
            if path not in found and (names.stand_in(text, lower) or names.is_beside(said[0], lower)):
                found.add(path)
                waiting.append((path, asked[path]))
    return found


def said_by(path: str, text: str) -> str:
    """What a file says to the machine: no comments, and of CI and of the settings of tools what they start."""
    if is_ci(path):
        return started_in_ci(text)
    if _OF_TOOLS.fullmatch(PurePosixPath(path).name):
        return "\n".join(found[0] for found in _STARTED.finditer(text))
    language = language_of(path) or "configuration"
    said = without_comments(text, language)
    if language == "configuration":
        return f"{said}\n{in_folders(said)}"
    return _without_documentation(said) if language == "python" else said


def _without_documentation(text: str) -> str:
    """A Python program without the texts that stand alone in it, which nothing reads."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text
    lines = text.encode("utf-8", "surrogatepass").split(b"\n")
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            continue
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        if last < len(lines) and not lines[last][node.end_col_offset :].strip():
            lines[first : last + 1] = [lines[first][: node.col_offset], *[b""] * (last - first)]
    return b"\n".join(lines).decode("utf-8", "surrogatepass")


class _Names:
    """How a file can be called by others."""

    def __init__(self, path: str, text: str) -> None:
        place = PurePosixPath(path)
        folder = excusing_folder(path)
        self._place = folder
        self._parent = path.rpartition("/")[0]
        self._beside = "" if folder or "/" not in path else path.split("/")[-2].lower()
        self._folder = folder.rpartition("/")[2] if folder else ""
        self._above = folder.split("/")[-2].lower() if "/" in folder else ""
        below = _below(path, folder)
        self._below = below
        self._is_named_so = not folder or is_named_like_a_test(place.name)
        # A library's folder is named to build with it; its parts are called by their own names.
        self._may_be_whole = not self._is_named_so and not is_foreign(path)
        # `import x.testing as t`, `("testing", "c.py")` and `testing / "c.py"` are one way to say it.
        between = r"(?:[^\w\n]{1,8}|[ \t]{1,4}import[ \t(]{1,4})"
        self._rest = re.compile(between + between.join(map(re.escape, below)) + r"(?!\w)") if below else None
        stem = below[-1] if below else ""
        self._stem = re.compile(rf"(?<![\w-]){re.escape(stem)}(?![\w-])") if stem else None
        loaded = rf"""(?:["'/.]|\b(?:import|from|use|using|require|mod)[ \t]{{1,4}}){re.escape(stem)}(?!\w)"""
        self._stem_loaded = re.compile(loaded) if stem else None
        self._types = _declared(path, text)
        self.words = names_of(path) | set(map(str.lower, self._types))
        """one of these stands in every text outside its folder that calls it, in lower case"""

    def is_beside(self, path: str, lower: str) -> bool:
        """Whether a file in the same folder loads it, which needs no word of that folder."""
        if not self._place:
            return path.rpartition("/")[0] == self._parent and _LOADS_ALL.search(lower) is not None
        beside = bool(self._place) and path.startswith(f"{self._place}/")
        return beside and self._loads_stem(lower)

    def stand_in(self, text: str, lower: str) -> bool:
        """Whether a text calls the file by any of them; `lower` is the text in lower case."""
        if self._is_named_so and self._stem and self._below[-1] in lower and self._stem.search(lower):
            return True
        if self._types and any(re.search(rf"\b{re.escape(name)}\b", text) for name in self._types if name in text):
            return True
        return self._by_folder(lower) if self._folder else self._by_list(lower)

    def _by_list(self, lower: str) -> bool:
        """Whether whatever lies in its folder is gone through."""
        if not self._beside or not _LISTS.search(lower):
            return False
        return re.search(rf"(?<![\w-]){re.escape(self._beside)}(?:[/\\.]\W|[\"'`])", lower) is not None

    def _by_folder(self, lower: str) -> bool:
        said = mentions_of(lower, self._folder.lower(), self._above)
        if said.are_too_many or (self._may_be_whole and said.is_whole) or (self._rest is None and said.is_below):
            return True
        # Where a path leads below a name that stands for some folder, only the whole of what follows says so.
        rest = self._rest if all(part in lower for part in self._below) else None
        if rest is not None and any(rest.match(after) for after in said.followed_by):
            return True
        return said.is_bare and self._loads_stem(lower)

    def _loads_stem(self, lower: str) -> bool:
        loads = self._stem_loaded
        return loads is not None and self._below[-1] in lower and loads.search(lower) is not None


class _Mentions(NamedTuple):
    """What a text says of a folder by its name, wherever it does so: of all files in it the same."""

    are_too_many: bool = False
    followed_by: tuple[str, ...] = ()
    is_below: bool = False
    """once what stands before the name can be this folder's parent"""
    is_whole: bool = False
    """once such a folder itself is loaded, or gone through with a name that only the run knows"""
    is_bare: bool = False
    """once its name stands alone in quotes"""


@lru_cache(maxsize=64)
def mentions_of(lower: str, name: str, parent: str) -> _Mentions:
    followed: list[str] = []
    is_whole = is_bare = is_below = False
    for number, found in enumerate(re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", lower)):
        if number == _MOST_MENTIONS:
            return _Mentions(are_too_many=True)
        before = lower[max(0, found.start() - _LOOKED_AT) : found.start()]
        after = lower[found.end() : found.end() + _LOOKED_AT]
        above = _ABOVE.search(before)
        if above is not None and above[1] in _OF_OTHERS and above[1] != parent:
            continue
        followed.append(after)
        can_be = above is None or not parent or above[1] in (parent, *_ANY_ROOT) or above[1].startswith(("@", "~"))
        if can_be:
            is_below = True
            is_whole = is_whole or _is_whole(before, after)
            is_bare = is_bare or (before[-1:] in ("'", '"', "`") and after[:1] in ("'", '"', "`"))
    return _Mentions(False, tuple(dict.fromkeys(followed)), is_below, is_whole, is_bare)


def _is_whole(before: str, after: str) -> bool:
    """Whether the folder itself is loaded, or is gone through with a name that only the run knows."""
    if before[-1:] in ("/", "\\", ".", ":"):
        return _ENDS_PATH.match(after) is not None
    return _FURTHER.match(after) is not None or (
        _LOADS.search(before) is not None and _ENDS_PATH.match(after) is not None
    )


def _declared(path: str, text: str) -> tuple[str, ...]:
    """Names that others use without a word of where they come from, in languages that allow it."""
    if language_of(path) not in _NEEDS_NO_IMPORT:
        return ()
    return tuple(sorted({found[1] for found in _DECLARED.finditer(without_comments(text, language_of(path)))}))
