"""Which files named like tests, or like a library's, are the product's own: those that it refers to."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import PurePosixPath
from typing import Final

from policy_gate.collect.layout import Layout
from policy_gate.collect.moved_lines import lines_of
from policy_gate.discover.encodings import utf8_of
from policy_gate.discover.imports import own_imports
from policy_gate.discover.places import is_apart, is_foreign, is_program, language_of, most_bytes
from policy_gate.discover.references import may_refer, names_of, referred
from policy_gate.errors import UndecidedError
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.vcs.tree import Tree
from policy_gate.vcs.trees import GitTree

_FOR_TESTS: Final = lazy_pattern(r"(?:^|[._-])(?:tests?|spec)(?=$|[._-])|^_+")
"""words of a name that say that it is a test"""
MOST_READ: Final = 20_000
"""files that are asked what they refer to"""


def referred_by_product(
    asked: Iterable[str], code: Callable[[Tree], Iterable[str]] | None, trees: Iterable[Tree], layout: Layout
) -> set[str] | None:
    """Those of the files, named like tests or like a library's, that the product refers to in any of the trees.

    `code` gives the paths of a tree that may refer to them, None all but libraries. What a repository starts its
    programs by is looked at, too.
    None where that cannot be told, or only with great effort.
    """
    wanted = set(asked)
    found: set[str] = set()
    try:
        for tree in trees:
            found |= _in_tree(wanted - found, tree, tuple(code(tree) if code else _all_but_libraries(tree)), layout)
    except (_CannotTellError, UndecidedError):
        return None
    return found


def _all_but_libraries(tree: Tree) -> Iterator[str]:
    return (entry.path for entry in tree.walk() if not is_foreign(entry.path))


def named_anew(asked: Sequence[str], code: Sequence[str], trees: tuple[Tree, Tree]) -> set[str]:
    """Those of the files that these files of the product refer to in the second tree, and did not in the first."""
    before, after = trees
    texts = [dict(_read(tree, code)) for tree in trees]
    words = " ".join(texts[1].values()).lower()
    near = [path for path in asked if any(word in words for word in names_of(path))]
    content = dict(_read(after, near))
    return referred(content, texts[1].items()) - referred(dict(_read(before, near)), texts[0].items())


def loaded(asked: Iterable[str], code: Sequence[str], trees: Iterable[Tree]) -> set[str]:
    """Those of any files of the repository that these files load in one of the trees, also by way of others.

    A file is loaded by an import, or by its path where it is no program.
    """
    wanted = set(asked)
    others = {path for path in wanted if not is_program(path)}
    found: set[str] = set()
    for tree in trees:
        for path, text in _read(tree, _all_loaded(code, tree)):
            found |= {other for other in others - found if other != path and _is_named(other, text)}
            found |= {path} & wanted
    return found


def loaded_anew(code: Sequence[str], known: Collection[str], trees: tuple[Tree, Tree]) -> set[str]:
    """The files that these files import in the second tree and did not in the first, and what those import.

    The `known` ones are not among them, nor what only they import.
    """
    before, after = ({it for path in code for it in _imports(tree, path)} for tree in trees)
    return set(_all_loaded(sorted(after - before - set(known)), trees[1], known))


def text_of(tree: Tree, path: str) -> str:
    """The text of a file; empty where there is none, or it is too large."""
    return next((text for _, text in _read(tree, [path])), "")


def is_alike(one: tuple[Tree, str], other: tuple[Tree, str]) -> bool:
    """Whether two files are called the same, words for tests aside, or share most of the lines of either."""
    stems = [_FOR_TESTS.sub("", PurePosixPath(path).stem.lower()) for _, path in (one, other)]
    if stems[0] == stems[1]:
        return True
    lines = [lines_of(text.encode()) for tree, path in (one, other) for _, text in _read(tree, [path])]
    if len(lines) < 2:
        return False
    return (lines[0] & lines[1]).total() >= max(1, min(it.total() for it in lines) / 2)


def _all_loaded(code: Sequence[str], tree: Tree, known: Collection[str] = ()) -> list[str]:
    """These files and all that they import, and these again, but for the known ones; as many as are read."""
    found = dict.fromkeys(path for path in code if language_of(path))
    waiting = list(found)
    while waiting and len(found) < MOST_READ:
        new = [path for path in _imports(tree, waiting.pop()) if path not in found and path not in known]
        found.update(dict.fromkeys(new))
        waiting += new
    return list(found)


def _imports(tree: Tree, path: str) -> list[str]:
    return [it.entry.path for it in own_imports(tree, tree.entry(path))]


def _is_named(path: str, text: str) -> bool:
    """Whether a text names a file by its folder and name, in one word or in several."""
    parts = r"[^\w\n]{1,8}".join(re.escape(part) for part in path.split("/")[-2:])
    return re.search(rf"(?<![\w-]){parts}(?![\w-])", text) is not None


class _CannotTellError(Exception):
    """So many or so large files that what they refer to is not looked for."""


def _in_tree(wanted: set[str], tree: Tree, claimed: Sequence[str], layout: Layout) -> set[str]:
    if not any(tree.entry(path) for path in wanted):
        return set()
    paths = [path for path in claimed if may_refer(path) and path not in wanted]
    # What stands between, and what starts a program, may lie outside all claims.
    others = (entry.path for entry in tree.walk() if not is_foreign(entry.path))
    known = {*paths, *wanted}
    paths += islice((path for path in others if path not in known and may_refer(path)), MOST_READ)
    # Helpers of helpers lead on, so every claimed test may be asked what it refers to.
    helpers = sorted(wanted | {path for path in claimed if is_apart(path) and language_of(path)})
    if len(claimed) > MOST_READ:
        raise _CannotTellError
    return referred(dict(_texts(tree, helpers, layout)), _texts(tree, paths, layout)) & wanted


def _texts(tree: Tree, paths: Sequence[str], layout: Layout) -> Iterator[tuple[str, str]]:
    def is_of_gate(path: str) -> bool:
        return layout.is_manifest(path) or layout.is_policy(path)

    return _read(tree, [path for path in paths if not is_of_gate(path)], is_whole=True)


def _read(tree: Tree, paths: Sequence[str], *, is_whole: bool = False) -> Iterator[tuple[str, str]]:
    """Path and text of each file that is not too large; `_CannotTellError` for a large program where all are asked."""
    found = (tree.entry(path) for path in paths)
    # What a link holds is the path that it leads to.
    entries = [entry for entry in found if entry is not None and entry.kind in ("file", "symlink")]
    if isinstance(tree, GitTree):
        tree.expect(entries)
    for entry in entries:
        if tree.size(entry) <= most_bytes(language_of(entry.path)):
            yield entry.path, utf8_of(tree.read(entry)).decode("utf-8", "replace")
        elif is_whole and is_program(entry.path):
            raise _CannotTellError
