"""Which paths are governed, and whether a difference leaves all of them as they are.

This is the first of three ways to tell that nothing governed changed (D04), each of which is enough for the next one:
no governed path is touched (here, from plain data that a hook can keep); the governed content is the same
(`nothing_changed.changes_nothing_governed`, from two snapshots); no system and no rule set differs in meaning
(`nothing_changed.is_quiet_decision`, from a whole decision). Whatever is odd (a link, a submodule, a name outside
ASCII, a near miss of a governed name) touches something here, so that a closer look decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from policy_gate.discover.places import DVC_FILES, kept_by_windows, language_of, may_hold_code, names_place_apart
from policy_gate.documents.globs import covers, has_wildcard
from policy_gate.schema.patterns import lazy_pattern

_DATA_ENDINGS = ("yaml", "yml", "json")
_PLAIN = lazy_pattern(r"[A-Za-z0-9 ._+@=,~()\[\]{}#%&!$'^;-]+(?:/[A-Za-z0-9 ._+@=,~()\[\]{}#%&!$'^;-]+)*")

_PIECES = lazy_pattern(rb"[a-z0-9_]+")
_MAY_BE_HIDDEN = lazy_pattern(rb"[\\\0]|coding|[\"'][\s+rbfuRBFU]*[\"']")
"""by what a name may be written otherwise than it reads: an escape, an encoding, two texts that are put together"""
_MOST_BYTES = 1_000_000
_FEW = 5
"""lines that a full check takes for none (`collect.moved_lines`)"""


class GovernedPaths(NamedTuple):
    """The governed paths at a commit of base.

    `names` are the last names of manifest patterns, `patterns` every pattern of manifests, shared and CI files,
    `policies` the folder of policies, `manifests` all manifests, and `known` of those that were read the paths that
    they name, as `files` (literal) and `paths` (patterns).
    """

    names: tuple[str, ...]
    patterns: tuple[str, ...]
    policies: str
    manifests: tuple[str, ...]
    known: Mapping[str, Mapping[str, list[str]]]
    words: tuple[str, ...] = ()
    """pieces of names in lower case without one of which no code shows AI; one that ends in `_` begins a piece"""
    files: tuple[str, ...] = ()
    """patterns in lower case of files that are looked at whatever is in them"""
    texts: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    """other patterns in lower case, and texts without one of which a file that they cover shows nothing by its name"""
    may_return: bool = True
    """whether earlier changes may have taken claimed code out that a next one brings where nobody claims it (D51)"""


class _Watch:
    """A ground made ready to be asked about many paths; without code only for what is governed at all."""

    def __init__(self, governed: GovernedPaths, with_code: bool) -> None:
        code = (glob for it in governed.known.values() for glob in it["paths"]) if with_code else ()
        self._patterns = tuple(dict.fromkeys(glob.lower() for glob in (*governed.patterns, *code)))
        self._policies = governed.policies.lower()
        self._names_are_open = any(map(has_wildcard, governed.names))
        self._ai_files = governed.files
        self._ai_texts = [(globs, [text.encode() for text in texts]) for globs, texts in governed.texts]
        self._ai_words = frozenset(word.encode() for word in governed.words)
        self._ai_beginnings = tuple(word for word in self._ai_words if word.endswith(b"_"))
        names = {it.lower() for it in governed.names}
        self._names = names | {it.lstrip("._").rpartition(".")[0] for it in names}
        files = {name for it in governed.known.values() for name in it["files"]} | {*governed.manifests}
        self._folders = {folder for name in files for folder in _above(name) if folder}
        self._files, self._ways = {it.lower() for it in files}, {it.lower() for it in self._folders}
        self._unread = {name.rpartition("/")[0] for name in governed.manifests if name not in governed.known}

    def touches(self, path: str) -> bool:
        """Could this path matter to a full check? In doubt, yes."""
        if not _PLAIN.fullmatch(path) or self._names_are_open:
            return True
        spelled = path.lower()
        parts = spelled.split("/")
        if parts[-1] in DVC_FILES or any(part != kept_by_windows(part) for part in parts):
            return True
        if "governance" in spelled or "policy-gate" in spelled or any(part.startswith(".git") for part in parts):
            return True
        if spelled == self._policies or spelled.startswith(f"{self._policies}/"):
            return True
        return self._is_named_alike(parts[-1]) or self._is_covered(spelled) or self._is_near_a_file(path)

    def is_below_an_unread_manifest(self, path: str) -> bool:
        return not self._unread.isdisjoint(_above(path))

    def may_show_ai(self, path: str, contents: Iterable[bytes]) -> bool:
        """Could it be AI that no system claims, by its name or by what is in it? In doubt, yes."""
        spelled = path.lower()
        if any(covers(glob, spelled) for glob in self._ai_files):
            return True
        texts = [it for globs, some in self._ai_texts if any(covers(glob, spelled) for glob in globs) for it in some]
        return any(len(data) > _MOST_BYTES or self._shows_ai(data, texts) for data in contents)

    def _shows_ai(self, data: bytes, texts: Sequence[bytes]) -> bool:
        if data.isascii() and not _MAY_BE_HIDDEN.search(data):
            return self._names_ai(data.lower(), texts)
        from policy_gate.discover.prefilter import all_readings  # noqa: PLC0415 - most files say plainly what they say

        said = all_readings(data)
        return said is None or any(self._names_ai(lower, texts) for lower in said)

    def _names_ai(self, lower: bytes, texts: Sequence[bytes]) -> bool:
        pieces = _PIECES.findall(lower)
        if not self._ai_words.isdisjoint(pieces) or any(it.startswith(self._ai_beginnings) for it in pieces):
            return True
        # In UTF-16 the letters of a text stand between zeros.
        return bool(texts) and (b"\0" in lower or any(text in lower for text in texts))

    def _is_named_alike(self, name: str) -> bool:
        plain = name.lstrip("._")
        return not self._names.isdisjoint((name, plain, plain.rpartition(".")[0], plain.partition(".")[0]))

    def _is_covered(self, spelled: str) -> bool:
        return any(covers(glob, spelled) for glob in self._patterns)

    def _is_near_a_file(self, path: str) -> bool:
        """Is it a governed file, in place of one or of a folder on its way, or in a twin of such a folder?"""
        steps = [path, *(folder for folder in _above(path) if folder)]
        if any(step.lower() in self._files for step in steps) or path.lower() in self._ways:
            return True
        return any(step.lower() in self._ways and step not in self._folders for step in steps)


def is_quiet(
    governed: GovernedPaths,
    changes: Iterable[tuple[str, tuple[str, ...], bool]],
    reads: Callable[[str], bytes],
    *,
    with_code: bool = True,
) -> bool:
    """Does this difference leave everything governed as it is?

    `changes` are what `vcs.difference.Changed` says: a path, the ids of what stands there before and after, and whether
    all of that are regular files. `reads(oid)` gives the bytes of a file.

    Without code it tells only whether the same paths are governed after it as before.
    """
    watch = _Watch(governed, with_code)
    added = 0
    for path, oids, is_regular in changes:
        if not is_regular or watch.touches(path):
            return False
        if with_code and (watch.is_below_an_unread_manifest(path) or watch.may_show_ai(path, map(reads, oids))):
            return False
        if path.lower().endswith(_DATA_ENDINGS) and any(b"policy-gate" in reads(oid) for oid in oids):
            return False
        may_refer = with_code and (may_hold_code(path) or language_of(path))
        if may_refer and _may_begin_to_use([reads(oid) for oid in oids]):
            return False
        if with_code and governed.may_return and may_hold_code(path):
            added += _rows_added([reads(oid) for oid in oids])
    return added < _FEW


def may_lose_code(governed: GovernedPaths, paths: Iterable[str]) -> bool:
    """Could a change of these paths take out code that a system claims? In doubt, yes."""
    watch = _Watch(governed, with_code=True)
    return any(watch.touches(path) or watch.is_below_an_unread_manifest(path) for path in paths)


def _may_begin_to_use(contents: Sequence[bytes]) -> bool:
    """Could the last of two contents refer to a test, an example or a library as the first does not? In doubt, yes."""
    new = set(contents[-1].splitlines()).difference(*(data.splitlines() for data in contents[:-1]))
    return b"\0" in contents[-1] or names_place_apart(b"\n".join(new).decode("utf-8", "replace").lower())


def _rows_added(contents: Sequence[bytes]) -> int:
    """How many lines the last of two contents has more; all where there is one, and many where it is no text."""
    if b"\0" in contents[-1]:
        return _FEW
    rows = [Counter(data.replace(b"\\n", b"\n").splitlines()) for data in contents]
    return (rows[-1] - rows[0] if len(rows) > 1 else rows[0]).total()


def _above(path: str) -> Iterator[str]:
    while path:
        path = path.rpartition("/")[0]
        yield path
