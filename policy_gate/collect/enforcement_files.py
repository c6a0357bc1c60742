"""The files that run the gate: CI files that name it, and what lies on the way from a CI file to its call (D31)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import islice
from typing import NamedTuple

from policy_gate.collect.code_files import at_or_below
from policy_gate.collect.jobs_of_the_gate import (
    has_job_called,
    hidden_jobs_in,
    is_workflow,
    names_of_jobs,
    said_by_jobs,
    said_to_other_jobs,
)
from policy_gate.collect.layout import Layout, is_yaml
from policy_gate.documents.cache import NAMES_OF_THE_GATE, DocumentCache
from policy_gate.documents.globs import has_wildcard, literal_folder, matches
from policy_gate.documents.scalars import MAX_BYTES
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.snapshot import CodeFile
from policy_gate.vcs.tree import Tree, TreeEntry
from policy_gate.vcs.trees import GitTree

_SCRIPTS = (
    ".sh", ".bash", ".zsh", ".fish", ".ksh", ".ps1", ".bat", ".cmd", ".py", ".js", ".mjs", ".cjs", ".ts", ".rb", ".pl",
    ".groovy",
)  # fmt: skip
"""Endings of what a line of CI may run. What holds many things beside it (a Makefile, `package.json`) is not among
them: every edit of it would be asked about, and `doctor` says that no CI file runs the gate."""
_BETWEEN = b"\n"
_LINES = "lines:"
"""begins what stands for some lines of a file where others have its blob id"""
_LISTS = (".txt", ".in", ".toml", ".lock", ".cfg")
"""Endings of what says from where and in which version the gate is installed; of these the lines that do so count."""
_INSTALLED_FROM = ("pyproject.toml", "setup.cfg", "setup.py", "Dockerfile", "Containerfile")
"""what an installer or a builder reads of a folder that it is given"""
_READ_UNNAMED = ("pyproject.toml", "uv.toml", "uv.lock", "poetry.lock", "pdm.lock", "Pipfile", "tox.ini", "setup.cfg")
"""what tools read of the folder that they are started in"""
_READS_UNNAMED = lazy_pattern(
    rb"(?<![\w./-])(?:uv|uvx|poetry|pdm|pipenv|rye|tox|hatch)[ \t]"
    rb"|\binstall[ \t]+(?:-[\w-]+[ \t]+)*\.(?:\[[\w,-]*\])?(?![\w./])"
)
_BUILDS_IMAGES = lazy_pattern(rb"\b(?:docker|podman|buildah|kaniko|buildx)\b")
_IMAGE = lazy_pattern(
    r"(?:.*/)?(?:(?:dockerfile|containerfile)(?:\.[\w.-]+)?|[\w.-]+\.(?:dockerfile|containerfile))", re.I
)
_SAYS_WHAT_RUNS = lazy_pattern(
    rb"^\s*(?:entrypoint|cmd|shell)\b|^\s*(?:env|arg)\b.*\b(?:pip_|uv_|python|ld_|git_|path\b)", re.IGNORECASE
)
"""lines of an image that bear on whatever is started in it"""
_REACHES_ON = lazy_pattern(
    rb"GITHUB_(?:ENV|PATH)|\b(?:PIP|UV)_[A-Z]|PYTHON(?:PATH|HOME|STARTUP)|LD_(?:PRELOAD|LIBRARY_PATH)|GIT_(?:CONFIG|DIR)"
    rb"|BASH_ENV|(?:site|user)customize|\.pth\b|pip\.conf|/usr/(?:local/)?bin/|\.local/bin"
)
"""what a step leaves for those after it in its job"""
_MADE_OF = lazy_pattern(rb"^\s*(from)\s+(?:--\S+\s+)?([^\s:@]+)", re.IGNORECASE)
_STARTED_IN_A_FOLDER = ("action.yml", "action.yaml", "__main__.py", "index.js")
_WORD = lazy_pattern(rb"[\w.@+~*?-]*[/.\w][\w.@+~/*?-]*")
_MODULE = lazy_pattern(rb"-m[ \t]+([\w.]+)")
_REMARK = lazy_pattern(rb"(?m)^[ \t]*(?:#(?!!)|//|::|REM[ \t]).*$")
_SEPARATORS = lazy_pattern(rb"[-_.]+")
"""what installers take for one another in a name"""
_PARTED = lazy_pattern(rb"\n[ \t]*\n")
_CONTINUED = lazy_pattern(rb"\\\n")
_FROM_WHERE = lazy_pattern(
    rb"^\s*-|(?<![a-z][-_])index|(?:extra|default|pip|uv)[-_]index|find.links|(?<![a-z][-_])registry|^\s*url\s*=",
    re.IGNORECASE,
)
"""the words of an option or a table, and not the end of a package's name (`llama-index`)"""
_MOST_FOLLOWED = 500
_MOST_OF_A_PACKAGE = 100
_MOST_FOLDERS = 8


class _Lead(NamedTuple):
    """A file that CI may run, whether it stands where CI is configured, and the paths that it names in turn."""

    entry: TreeEntry
    is_root: bool
    named: tuple[str, ...]


def enforcement_files(
    tree: Tree, layout: Layout, cache: DocumentCache, before: Tree | None = None
) -> Iterator[CodeFile]:
    """The files that run the gate, sorted by path; links and submodules in their place count too.

    So do CI files which, since the tree `before` a change, have a job that may be taken for one that runs it.
    """
    found, before_it = _by_place(tree, layout), dict[str, CodeFile]()
    if layout.names_the_gate:
        leads = _leads(tree, layout, cache, found)
        found = _on_the_way(tree, cache, leads)
        before_it = dict(_run_before_it(tree, leads, found))
        if before is not None and any(_is_other(lead, before) for lead in leads.values()):
            found |= _stand_ins((before, tree), layout, cache, leads, found)
    files = before_it | {path: CodeFile(path, it.mode, _content(tree, layout, it)) for path, it in found.items()}
    return (files[path] for path in sorted(files))


def _content(tree: Tree, layout: Layout, entry: TreeEntry) -> str:
    """The blob; of a list of what is installed that CI names, a digest of what it says of the gate."""
    if entry.kind != "file" or not _is_list(entry.path) or layout.is_enforcement(entry.path):
        return entry.oid
    return _digest_of(_said_of_the_gate(entry.path, tree.read(entry)))


def _digest_of(lines: Iterable[bytes]) -> str:
    return f"{_LINES}{sha256(_BETWEEN.join(lines)).hexdigest()}"


def _run_before_it(
    tree: Tree, leads: Mapping[str, _Lead], running: Mapping[str, TreeEntry]
) -> Iterator[tuple[str, CodeFile]]:
    """What a job runs beside the gate, as far as it says what the next steps of a job find; the lines that say it."""
    words = (*(name.decode() for name in NAMES_OF_THE_GATE), *map(_said_as, running))
    for path, entry in running.items():
        beside = [it for it in leads[path].named if it not in running and leads[it].entry.kind == "file"]
        text = said_by_jobs(path, tree.read(entry), words) if beside and _has_jobs(tree, entry) else ""
        for other in (it for it in beside if _said_as(it) in text):
            its = leads[other].entry
            plain = _REMARK.sub(b"", tree.read(its)) if tree.size(its) <= MAX_BYTES else b""
            lines = [b" ".join(line.split()) for line in plain.split(b"\n") if _REACHES_ON.search(line)]
            if lines:
                yield other, CodeFile(other, its.mode, _digest_of(lines))


def _said_of_the_gate(path: str, data: bytes) -> Iterator[bytes]:
    """Lines that name the gate, or say where all comes from; of a lock file the paragraphs that name it."""
    plain = _REMARK.sub(b"", data.replace(b"\r\n", b"\n"))
    is_locked = path.lower().endswith(".lock")
    is_image = _is_image(path)
    parts = _PARTED.split(plain) if is_locked else _CONTINUED.sub(b" ", plain).split(b"\n")
    for part in parts:
        if is_image and (found := _MADE_OF.match(part)):
            yield b" ".join(found.groups())  # another version of the same image is as ever
        elif (
            _names_the_package(part)
            or (is_image and _SAYS_WHAT_RUNS.search(part))
            or (not is_locked and not is_image and _FROM_WHERE.search(part))
        ):
            yield b" ".join(part.split())


def _names_the_package(data: bytes) -> bool:
    """Whether the gate is named as an installer takes it, in whatever case and with whatever between its words."""
    spelt = _SEPARATORS.sub(b"-", data.lower())
    return any(_SEPARATORS.sub(b"-", name) in spelt for name in NAMES_OF_THE_GATE)


def _is_list(path: str) -> bool:
    return path.lower().endswith(_LISTS) or path.rpartition("/")[2] in _READ_UNNAMED or _is_image(path)


def _is_image(path: str) -> bool:
    """Does it say what an image is made of?"""
    return _IMAGE.fullmatch(path) is not None


def files_that_ci_runs(tree: Tree, layout: Layout, cache: DocumentCache) -> list[str]:
    """The paths of CI files and of what they name that CI may run, whether the gate is in it or not, sorted."""
    found = _by_place(tree, layout)
    return sorted(_leads(tree, layout, cache, found)) if layout.names_the_gate else sorted(found)


def _by_place(tree: Tree, layout: Layout) -> dict[str, TreeEntry]:
    folders = {literal_folder(glob) for glob in layout.enforcement_globs}
    below = (entry for folder in folders for entry in at_or_below(tree, folder))
    return {entry.path: entry for entry in below if layout.is_enforcement(entry.path)}


def _leads(tree: Tree, layout: Layout, cache: DocumentCache, roots: Mapping[str, TreeEntry]) -> dict[str, _Lead]:
    """By path, what CI files name and what that names, level by level."""
    found: dict[str, _Lead] = {}
    level = [roots[path] for path in sorted(roots)]
    while level:
        if isinstance(tree, GitTree):
            tree.expect(entry for entry in level if entry.kind == "file")
        further: dict[str, TreeEntry] = {}
        for entry in level:
            named = {it.path: it for it in _named_in(tree, layout, cache, entry)}
            found[entry.path] = _Lead(entry, entry.path in roots, tuple(named))
            further |= named
        room = _MOST_FOLLOWED + len(roots) - len(found)
        level = [further[path] for path in sorted(further) if path not in found][: max(room, 0)]
    return found


def _on_the_way(tree: Tree, cache: DocumentCache, leads: Mapping[str, _Lead]) -> dict[str, TreeEntry]:
    """Those that call the gate themselves, and those from which one of them is reached."""
    leading: dict[str, list[str]] = {}
    for path, lead in leads.items():
        for other in lead.named:
            leading.setdefault(other, []).append(path)
    waiting = [path for path, lead in leads.items() if _calls(tree, cache, lead)]
    found: dict[str, TreeEntry] = {}
    while waiting:
        path = waiting.pop()
        if path not in found:
            found[path] = leads[path].entry
            waiting += leading.get(path, ())
    return found


def _is_other(lead: _Lead, before: Tree) -> bool:
    was = before.entry(lead.entry.path)
    return was is None or was.oid != lead.entry.oid


def _stand_ins(
    trees: tuple[Tree, Tree],
    layout: Layout,
    cache: DocumentCache,
    leads: Mapping[str, _Lead],
    running: Mapping[str, TreeEntry],
) -> dict[str, TreeEntry]:
    """CI files in which a job comes that may be taken for one that runs the gate; who shared a name before goes on."""
    before, tree = trees
    earlier = _leads(before, layout, cache, _by_place(before, layout))
    was_running = _on_the_way(before, cache, earlier)
    names = _joined(_names_of_jobs(tree, layout, running), _names_of_jobs(before, layout, was_running))
    hidden = _hidden_jobs(tree, running) | _hidden_jobs(before, was_running)

    def reaches_it(path: str, lead: _Lead) -> bool:
        stood = path in earlier and _stands_for_one(before, cache, earlier[path], names)
        if not stood and _stands_for_one(tree, cache, lead, names):
            return True
        says = (_to_other_jobs(side, side.entry(path), hidden) for side in trees)
        return False in names and len({tuple(sorted(it.items())) for it in says}) > 1

    return {path: lead.entry for path, lead in leads.items() if _is_other(lead, before) and reaches_it(path, lead)}


def _hidden_jobs(tree: Tree, found: Mapping[str, TreeEntry]) -> frozenset[str]:
    """The jobs that those which run the gate in GitLab take something from."""
    files = (entry for path, entry in found.items() if not is_workflow(path) and _has_jobs(tree, entry))
    return frozenset[str]().union(*(hidden_jobs_in(tree.read(entry)) for entry in files))


def _to_other_jobs(tree: Tree, entry: TreeEntry | None, hidden: frozenset[str]) -> dict[str, str]:
    if entry is None or is_workflow(entry.path) or not _has_jobs(tree, entry):
        return {}
    return said_to_other_jobs(entry.path, tree.read(entry), hidden)


_Names = dict[bool, frozenset[str]]
"""by whether they are workflows, what the jobs that run the gate are called in their files"""


def _names_of_jobs(tree: Tree, layout: Layout, found: Mapping[str, TreeEntry]) -> _Names:
    words = (*(name.decode() for name in NAMES_OF_THE_GATE), *map(_said_as, found))
    names: _Names = {}
    for path, entry in found.items():
        if _has_jobs(tree, entry) and (layout.is_enforcement(path) or not is_workflow(path)):
            names = _joined(names, {is_workflow(path): names_of_jobs(path, tree.read(entry), words)})
    return names


def _joined(names: _Names, others: _Names) -> _Names:
    return {key: names.get(key, frozenset()) | others.get(key, frozenset()) for key in {*names, *others}}


def _said_as(path: str) -> str:
    """How a job says a file: by its last name, or by the folder in which it is what is started."""
    folder, _, name = path.rpartition("/")
    return folder.rpartition("/")[2] if name in _STARTED_IN_A_FOLDER and folder else name


def _has_jobs(tree: Tree, entry: TreeEntry) -> bool:
    is_action = entry.path.rpartition("/")[2] in _STARTED_IN_A_FOLDER
    return entry.kind == "file" and is_yaml(entry.path) and not is_action and tree.size(entry) <= MAX_BYTES


def _stands_for_one(tree: Tree, cache: DocumentCache, lead: _Lead, names: _Names) -> bool:
    """May a job of it be taken for one that runs the gate?"""
    path, wanted = lead.entry.path, names.get(is_workflow(lead.entry.path))
    if not wanted or not _has_jobs(tree, lead.entry):
        return False
    key = ("a job called", path, lead.entry.oid, wanted)
    return cache.once(key, lambda: has_job_called(path, tree.read(lead.entry), wanted))


def _calls(tree: Tree, cache: DocumentCache, lead: _Lead) -> bool:
    """Does it name the gate? Where CI is configured a remark is enough, elsewhere a line has to."""
    if lead.entry.kind != "file":
        return lead.is_root
    if _is_list(lead.entry.path) and tree.size(lead.entry) <= MAX_BYTES:
        return lead.is_root or _names_the_package(_REMARK.sub(b"", tree.read(lead.entry)))
    if not cache.names_the_gate(tree, lead.entry):
        return False
    return lead.is_root or any(name in _REMARK.sub(b"", tree.read(lead.entry)) for name in NAMES_OF_THE_GATE)


def _named_in(tree: Tree, layout: Layout, cache: DocumentCache, entry: TreeEntry) -> Iterator[TreeEntry]:
    """What a CI file or script names that CI may run: other YAML of CI, actions of the repository, scripts, links."""
    if entry.kind not in ("file", "symlink") or tree.size(entry) > MAX_BYTES:
        return
    words = cache.once(("words of what CI runs", entry.oid, entry.kind), lambda: _words(tree.read(entry)))
    top = set(tree.names(""))
    here = ("", entry.path.rpartition("/")[0])
    said = dict.fromkeys(path for word in words for path in _ways_to_say(word, here) if path.split("/")[0] in top)
    folders = [path for path in said if _kind(tree, path) == "folder"]
    below = (*here, *folders[:_MOST_FOLDERS])
    for word in words:
        is_file = "/" in word or "." in word.strip(".") or word in _READ_UNNAMED or _is_image(word)
        if entry.kind == "symlink" or is_file or word in folders:
            for path in _ways_to_say(word, below):
                if path.split("/")[0] in top:
                    yield from (it for it in _meant(tree, path) if _may_run(tree, layout, it))


def _words(data: bytes) -> tuple[str, ...]:
    """The words of a text that may be paths, each once; `-m a.b` is the file or the folder of that module."""
    shown = _REMARK.sub(b"", data)
    said = [word.decode("utf-8", "replace") for word in _WORD.findall(shown)]
    for name in _MODULE.findall(shown):
        module = name.decode("utf-8", "replace").replace(".", "/")
        said += [f"./{module}", f"{module}.py"]
    said += _READ_UNNAMED if _READS_UNNAMED.search(shown) else ()
    said += ("Dockerfile", "Containerfile") if _BUILDS_IMAGES.search(shown) else ()
    return tuple(dict.fromkeys(said))


def _ways_to_say(word: str, folders: Iterable[str]) -> Iterator[str]:
    """The paths from the root that a word may mean: below each of the folders, and without what a variable holds."""
    parts = [part for part in word.split("/") if part not in ("", ".")]
    for folder in folders:
        whole = [*folder.split("/"), *parts] if folder else parts
        while ".." in whole[1:]:
            at = whole.index("..", 1)
            whole = whole[: at - 1] + whole[at + 1 :]
        if whole and whole[0] != "..":
            yield "/".join(whole)
    yield from ("/".join(parts[at:]) for at in range(1, min(len(parts), 4)))


def _meant(tree: Tree, path: str) -> Iterator[TreeEntry]:
    if has_wildcard(path):
        below = at_or_below(tree, literal_folder(path)) if is_yaml(path) and literal_folder(path) else ()
        yield from (entry for entry in below if matches(path, entry.path))
        return
    entry = tree.entry(path)
    if entry is not None and entry.kind == "folder":
        yield from (it for name in _STARTED_IN_A_FOLDER if (it := tree.entry(f"{path}/{name}")) is not None)
        own = [it for name in _INSTALLED_FROM if (it := tree.entry(f"{path}/{name}")) is not None]
        yield from own
        if any(it.path.endswith(("pyproject.toml", "setup.py")) for it in own):
            yield from islice((it for it in at_or_below(tree, path) if it.path.endswith(".py")), _MOST_OF_A_PACKAGE)
    elif entry is not None:
        yield entry


def _kind(tree: Tree, path: str) -> str:
    entry = tree.entry(path) if not has_wildcard(path) else None
    return entry.kind if entry is not None else ""


def _may_run(tree: Tree, layout: Layout, entry: TreeEntry) -> bool:
    """May CI run it? What the gate reads as its own document names it without calling it."""
    path = entry.path
    if layout.is_policy(path) or layout.is_manifest(path) or layout.is_record(path) or entry.kind == "folder":
        return False
    if is_yaml(path) or path.lower().endswith(_SCRIPTS) or _is_list(path):
        return True
    has_ending = "." in path.rpartition("/")[2].strip(".")
    return not has_ending and (entry.kind != "file" or entry.mode == "100755" or tree.read(entry)[:2] == b"#!")
