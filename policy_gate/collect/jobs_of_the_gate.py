"""What the jobs that run the gate are called, and whether another CI file has a job that may be called the same (D31).

A forge knows a check by its name alone, from whichever file its job is: one that does nothing would stand for the gate.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.errors import DocumentError
from policy_gate.schema.patterns import lazy_pattern

_EXPRESSION: Final = lazy_pattern(r"\$\{\{(.*?)\}\}", re.DOTALL)
_OF_MATRIX: Final = lazy_pattern(r"\s*matrix(?:\.[\w-]+)+\s*")
_TEXT: Final = lazy_pattern(r"'([^']+)'")
_MORE: Final = lazy_pattern(r"(?: / .*| \(.*\))$", re.DOTALL)
"""what a forge puts behind the name of a job: the job that it calls, or the values of its matrix"""
_LONGEST: Final = 300
_MOST_JOBS: Final = 256
"""values of a matrix that are tried; GitHub makes no more jobs of one"""
_LINES: Final = lazy_pattern(r"^[ \t]{0,4}([\w-]+):[ \t]*$|^[ \t]{2,8}name:[ \t]*[\"']?([^\n\"'#]+)", re.MULTILINE)
"""lines that may begin a job or name it, where no more than lines can be told"""
_NO_JOBS: Final = frozenset({"", "jobs", "on", "env", "permissions", "defaults", "steps", "with"})
_STARTS: Final = frozenset({"script", "run", "extends", "trigger"})
"""what makes a key at the top of a file a job of GitLab"""
_TO_ALL_JOBS: Final = frozenset(
    {"variables", "default", "workflow", "image", "services", "before_script", "after_script", "include"}
)
"""keys at the top of a file of GitLab that bear on the jobs of all files"""
_TOP: Final = lazy_pattern(r"^([\w.]+):", re.MULTILINE)
_HIDDEN: Final = lazy_pattern(r"(?<![\w./-])\.[A-Za-z][\w-]{0,80}(?![\w./-])")
"""a job that runs only where another one extends it or refers to it (`.tool`)"""
_KEYWORDS: Final = _TO_ALL_JOBS | {"stages", "spec", "cache", "pages"}


def is_workflow(path: str) -> bool:
    """Is it of those whose jobs stand together under one key, as GitHub, Gitea and Forgejo have them?"""
    return "/workflows/" in path


def names_of_jobs(path: str, data: bytes, words: Iterable[str]) -> frozenset[str]:
    """What the jobs of a CI file are called that hold one of these words; all of its jobs where none does."""
    try:
        jobs = _jobs(path, data)
    except DocumentError:
        found = _LINES.findall(data.decode("utf-8", "replace"))
        return frozenset(_plain(id_ or name) for id_, name in found) - _NO_JOBS
    wanted = [word.casefold() for word in words]
    running = {id_: job for id_, job in jobs.items() if _holds(f"{id_} {_said(job)}".casefold(), wanted)}
    return frozenset(_plain(name) for id_, job in (running or jobs).items() for name in _called(id_, job)) - {""}


def said_by_jobs(path: str, data: bytes, words: Iterable[str]) -> str:
    """All that the jobs of a CI file say that hold one of these words; of one that cannot be read all of it."""
    try:
        jobs = _jobs(path, data)
    except DocumentError:
        return data.decode("utf-8", "replace")
    wanted = [word.casefold() for word in words]
    said = {id_: _said(job) for id_, job in jobs.items()}
    return "\n".join(text for id_, text in said.items() if _holds(f"{id_} {text}".casefold(), wanted))


def has_job_called(path: str, data: bytes, names: frozenset[str]) -> bool:
    """May a job of this CI file be called one of these? One that cannot be read may where a name stands in it."""
    text = data.decode("utf-8", "replace").casefold()
    if not ("${{" in text or "\\" in text or _holds(text, names)):
        return False
    try:
        jobs = _jobs(path, data, with_all=True)
    except DocumentError:
        return "\\" in text or any(re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", text) for name in names)
    return any(_may_be(name, job, names) for id_, job in jobs.items() for name in _names(id_, job))


def hidden_jobs_in(data: bytes) -> frozenset[str]:
    """The hidden jobs that a file of GitLab names."""
    return frozenset(_HIDDEN.findall(data.decode("utf-8", "replace")))


def said_to_other_jobs(path: str, data: bytes, hidden: frozenset[str]) -> dict[str, str]:
    """What a file of GitLab says to the jobs of all files, and to these `hidden` ones; {} for other files."""
    try:
        whole, _ = read_yaml(path, data)
    except DocumentError:
        found = _TOP.split(data.decode("utf-8", "replace"))
        keys: Mapping[Any, Any] = dict(zip(found[1::2], found[2::2], strict=True))
    else:
        keys = whole if isinstance(whole, Mapping) else {}
        if not all(_is_of_gitlab(str(key), value) for key, value in keys.items()):
            return {}
    said = {str(key): _said(_brought(value) if key == "include" else value) for key, value in keys.items()}
    return {key: text for key, text in said.items() if (key in _TO_ALL_JOBS or key in hidden) and text.strip()}


def _is_of_gitlab(key: str, value: Any) -> bool:
    return key in _KEYWORDS or key.startswith(".") or _is_job(value)


def _brought(include: Any) -> Any:
    """Of what a file includes that which comes from elsewhere; files of the repository are looked at themselves."""
    parts = include if isinstance(include, list) else [include]
    return [it for it in parts if not ("local" in it if isinstance(it, Mapping) else "://" not in str(it))]


def _jobs(path: str, data: bytes, *, with_all: bool = False) -> dict[str, Any]:
    """The jobs of a CI file by their ids, `with_all` that may be part of one; DocumentError where it cannot be read."""
    content, _ = read_yaml(path, data)
    whole = content if isinstance(content, Mapping) else {}
    jobs = whole.get("jobs")
    if isinstance(jobs, Mapping) or is_workflow(path):
        return {str(id_): job for id_, job in jobs.items()} if isinstance(jobs, Mapping) else {}
    return {str(key): job for key, job in whole.items() if with_all or _is_job(job)}


def _is_job(value: Any) -> bool:
    return isinstance(value, Mapping) and not _STARTS.isdisjoint(map(str, value))


def _names(id_: str, job: Any) -> list[str]:
    """What a check may be called by: the job's name, else its id; the id is what other files override it by."""
    name = job.get("name") if isinstance(job, Mapping) else None
    return [id_] if name is None else [id_, str(getattr(name, "text", name))]


def _called(id_: str, job: Any) -> Iterator[str]:
    """The names of a job that runs the gate; where they are worked out, the texts that they may be made of."""
    for name in _names(id_, job):
        yield name
        yield from (text for said in _EXPRESSION.findall(name) for text in _TEXT.findall(said))


def _may_be(name: str, job: Any, names: frozenset[str]) -> bool:
    if len(name) > _LONGEST:
        return True
    parts = _EXPRESSION.split(name)
    if len(parts) == 1:
        return _plain(name) in names
    spelt = [_worked_out(part, job) if at % 2 else (part.casefold(),) for at, part in enumerate(parts)]
    return any(_spells(spelt, wanted) for wanted in names)


_Part = tuple[str, ...] | None
"""the texts that a part of a name may be; None for any"""


def _worked_out(expression: str, job: Any) -> _Part:
    """What an expression may come to: of a matrix that is written out its values, of anything else anything."""
    strategy = job.get("strategy") if isinstance(job, Mapping) else None
    matrix = strategy.get("matrix") if isinstance(strategy, Mapping) else None
    values = {value.casefold() for value in _scalars(matrix)}
    is_told = _OF_MATRIX.fullmatch(expression) and len(values) <= _MOST_JOBS
    return tuple(values) if is_told and not any("${{" in value for value in values) else None


def _spells(parts: Iterable[_Part], wanted: str) -> bool:
    """May these parts, one after the other, make this text? By the places that each may end at."""
    ends = {0}
    for part in parts:
        if part is None:
            ends = set(range(min(ends), len(wanted) + 1))
        else:
            ends = {at + len(text) for at in ends for text in part if wanted.startswith(text, at)}
        if not ends:
            return False
    return len(wanted) in ends


def _scalars(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        for value in node.values():
            yield from _scalars(value)
    elif isinstance(node, list):
        for value in node:
            yield from _scalars(value)
    elif node is not None:
        yield str(getattr(node, "text", node))


def _said(node: Any) -> str:
    """All keys and values of a node, as one text."""
    if isinstance(node, Mapping):
        return " ".join(f"{key} {_said(value)}" for key, value in node.items())
    return " ".join(map(_said, node)) if isinstance(node, list) else str(getattr(node, "text", node))


def _holds(text: str, words: Iterable[str]) -> bool:
    return any(word in text for word in words)


def _plain(name: str) -> str:
    """A name as forges compare it, less what they put behind it."""
    return _MORE.sub("", name.strip()).strip().casefold()
