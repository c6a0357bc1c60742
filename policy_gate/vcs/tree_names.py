"""Which names a tree may hold: the one place that says what a malformed folder is.

A checkout would write such names somewhere else than where a checker reads them, or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from policy_gate.errors import DocumentError
from policy_gate.schema.source import Problem

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_IGNORED_BY_HFS = re.compile("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")
_DEEPEST = 200
"""folders within each other; checkouts on common systems end near 100"""
_HINT = "such a tree is not made by git add; rewrite the commit that brought it in"


def malformed(folder: str, what: str) -> DocumentError:
    """The error for a folder that cannot be read as git would check it out."""
    place = folder or "."
    return DocumentError(f"{place}: {what}", hint=_HINT, problems=(Problem(place, what, hint=_HINT),))


def check_depth(folder: str) -> None:
    """DocumentError for a folder that lies deeper than any checkout would reach."""
    if folder.count("/") >= _DEEPEST:
        raise malformed(f"{folder[:60]}...", f"more than {_DEEPEST} folders lie within each other")


def checked_names(raw: Sequence[bytes], folder: str) -> list[str]:
    """The names of one folder as text.

    DocumentError where one is not UTF-8, stands twice, or is one that a checkout would not write there.
    """
    try:
        names = [name.decode("utf-8") for name in raw]
    except UnicodeDecodeError as error:
        raise malformed(folder, f"the name {error.object!r} is not UTF-8") from None
    if _is_suspect("\n".join(names), len(names)):
        for name in names:
            if reason := _fault(name):
                raise malformed(folder, f"the name {name!a} {reason}")
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise malformed(folder, f"two entries have the name {twice!a}")
    return names


def _is_suspect(lines: str, count: int) -> bool:
    """Does any name need a closer look? One pass over all of them, since folders can be large."""
    if lines.count("\n") != max(count - 1, 0) or "/" in lines or not lines.isascii():
        return True
    text = f"\n{lines}\n"
    odd = "\n\n" in text or "\n.\n" in text or "\n..\n" in text or _CONTROL.search(lines.replace("\n", ""))
    return bool(odd) or "git" in lines.lower()


def _fault(name: str) -> str:
    if name in ("", ".", ".."):
        return "is no file name"
    if "/" in name:
        return "holds a slash"
    if _CONTROL.search(name):
        return "holds a control character"
    return "stands for the repository's own folder" if _means_git_folder(name) else ""


def _means_git_folder(name: str) -> bool:
    """`.git` as some file system would read it: in any case, with ignored characters, as a short name."""
    plain = _IGNORED_BY_HFS.sub("", name).casefold()
    return plain.split(":")[0].rstrip(". ") in (".git", "git~1")
