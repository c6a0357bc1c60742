"""Which commit a change is judged against: full ref names only, never a tag, ambiguity refused."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from policy_gate.documents.spelling import listed
from policy_gate.errors import BaseError, PolicyGateError, UndecidedError
from policy_gate.forges.merge_target import Target, default_branch_of, target_of
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.report import Ref
from policy_gate.vcs.discovery import FoundRef
from policy_gate.vcs.repository import Repository
from policy_gate.vcs.tree import is_object_id

_HEADS, _REMOTES = "refs/heads/", "refs/remotes/"
_ORIGIN = _REMOTES + "origin/"
_GUESSED = tuple(prefix + name for name in ("main", "master") for prefix in (_ORIGIN, _HEADS))
_OTHERS = 3
"""branches that are named where none of the wanted name is here"""
_SHORT_ID = lazy_pattern(r"[0-9a-f]{4,39}")
_NO_NAME = lazy_pattern(r"[\s\x00-\x20\x7f~^:?*\[\]\\{}]|\.\.|//|^[-/.]|[/.]$|/\.|\.lock(?:/|$)")


def resolve_base(repository: Repository, request: Request) -> Ref:
    """The base of a request: what it names, else the target that CI names, else origin/HEAD, else main.

    `ref` is a full ref name or a commit id, `commit` is hex. BaseError, with the command that fetches
    it, where there is none, where two refs of that name disagree, or where a revision expression is given.
    """
    if request.base is not None:
        return _named(repository, request.base)
    target = target_of(request.environment)
    return _of_target(repository, target) if target else _default(repository)


def target_branch(request: Request, base: Ref) -> str:
    """The short name of the branch merged into; empty where only a commit is known."""
    if branch := _branch_of(base.ref):
        return branch
    if request.into:
        return request.into
    target = target_of(request.environment)
    return target.branch if target else request.branch


def branch_of_commit(repository: Repository, request: Request) -> str:
    """The default branch, where a base named by its commit lies on it and nothing else names a branch; else empty.

    For looking back: to judge what is yet to be merged, a commit says nothing of where it goes (D30).
    """
    name = (request.base or "").lower()
    if not is_object_id(name) or request.into or target_of(request.environment) is not None:
        return ""
    try:
        tip = repository.default_branch_tip
        return tip.branch if tip.branch and repository.merge_base_is(_commit(repository, name).ref, tip.commit) else ""
    except (BaseError, UndecidedError):
        return ""


def tip_of_branch(repository: Repository, branch: str) -> str:
    """The newest commit of a branch as its remote had it, else as it is here; empty where there is neither."""
    found = repository.refs_called(branch) if branch else {}
    order = sorted(found, key=lambda name: (name.startswith(_HEADS), name != _ORIGIN + branch, name))
    return found[order[0]].oid if order else ""


def is_on(repository: Repository, tip: str, commit: str) -> bool:
    """Whether a commit is known to be one of the branch that ends in `tip`."""
    try:
        return bool(tip) and repository.holds_commit(commit) and repository.merge_base_is(commit, tip)
    except PolicyGateError:
        return False


def _branch_of(ref: str) -> str:
    return ref.removeprefix(_HEADS) if ref.startswith(_HEADS) else ref.removeprefix(_REMOTES).partition("/")[2]


def departure_from_event(repository: Repository, request: Request, base: Ref) -> str:
    """Why a base that was given is not the one that CI names, in words (D30); empty where it is, or CI names none."""
    target = target_of(request.environment) if request.base is not None else None
    if target is None:
        return ""
    try:
        meant = _of_target(repository, target)
    except BaseError:
        return f"the base is {base.ref}; the target that {target.source} names ({target.branch}) is not in this clone"
    if meant.commit == base.commit:
        return ""
    return f"the base is {base.ref}, and not {meant.ref}, the target that {target.source} names"


def guessed_base(repository: Repository, request: Request, base: Ref) -> str:
    """Why a base that nobody named does not bind, in words; empty where one is named, or no remote could say another.

    Who pushes a branch `main` to a remote whose default is another would choose what he is judged against (D56).
    """
    if base.ref not in _GUESSED or request.base is not None or target_of(request.environment) is not None:
        return ""
    if _ORIGIN + "HEAD" in repository.refs([_ORIGIN + "HEAD"]) or not repository.knows_a_remote():
        return ""
    branch = default_branch_of(request.environment)
    if base.ref == _ORIGIN + branch:
        return ""
    return (
        f"the base {base.ref} is a guess, as this clone does not know the remote's default branch: "
        "name it with --base, or run git remote set-head origin --auto"
    )


def branch_to_name(repository: Repository, request: Request, base: Ref) -> str:
    """The branch merged into where a command that is told none would take another; empty where it takes that one.

    What CI says of the default branch goes before what this clone's files say: a job's clone often does not know it.
    """
    if request.base is None and target_of(request.environment) is None:
        return ""
    branch = target_branch(request, base)
    default = default_branch_of(request.environment) or repository.default_branch
    return "" if branch == default else branch


def notes_on_base(repository: Repository, request: Request, base: Ref) -> tuple[str, ...]:
    """What to know of a base that was given by a short name: that the remote's branch is taken for it."""
    name = request.base or ""
    if not base.ref.startswith(_REMOTES) or name.startswith((_HEADS, _REMOTES)) or is_object_id(name.lower()):
        return ()
    local = repository.refs([_HEADS + name]).get(_HEADS + name) if name else None
    if local is None or local.oid == base.commit:
        return ()
    at = f"{base.ref} ({(base.commit or '')[:12]})"
    return (
        f"the base {name} is {at}, and not the local branch of that name ({local.oid[:12]}); "
        f"--base {_HEADS}{name} names that one",
    )


def _named(repository: Repository, name: str) -> Ref:
    if is_object_id(name.lower()):
        return _commit(repository, name.lower())
    _check_name(name)
    if name.startswith((_HEADS, _REMOTES)):
        return _only(repository, name, repository.refs([name]))
    found = repository.refs_called(name)
    named = {full: ref for full, ref in found.items() if full in (_HEADS + name, _REMOTES + name)}
    if _REMOTES + name in named:
        return _only(repository, name, named)
    remotes = {full: ref for full, ref in found.items() if full not in named}
    local = named.get(_HEADS + name)
    # A local branch is whatever was checked out under that name: what the remote holds is what is merged into.
    is_local = local is not None and all(ref.oid == local.oid for ref in remotes.values())
    return _only(repository, name, named if is_local else remotes)


def _only(repository: Repository, name: str, found: Mapping[str, FoundRef]) -> Ref:
    """The ref that a name means: origin's first, where all that it could be are one commit."""
    if not found:
        raise _absent(repository, name)
    first = min(found, key=lambda full: (not full.startswith(_ORIGIN), full))
    if len({ref.oid for ref in found.values()}) > 1:
        said = " and ".join(f"{full} ({found[full].oid[:12]})" for full in sorted(found))
        hint = f"give the full name: --base {shlex.quote(first)}"
        raise BaseError(f"base {name!r} is ambiguous: {said}", hint=hint)
    return Ref(first, found[first].oid)


def _check_name(name: str) -> None:
    if name.startswith("refs/tags/") or name == "refs/tags":
        hint = "name a branch (refs/heads/..., refs/remotes/...) or a full commit id"
        raise BaseError(f"base {name!r} is a tag, and a tag is no branch to merge into", hint=hint)
    if not name or _NO_NAME.search(name) or not name.isprintable():
        hint = "a revision expression is not taken; give its id: --base $(git rev-parse ...)"
        raise BaseError(f"base {name!r} is not the name of a branch or a full commit id", hint=hint)


def _commit(repository: Repository, oid: str) -> Ref:
    if not repository.holds_commit(oid):
        hint = f"git fetch origin {oid}, then run this again"
        raise BaseError(f"base {oid} is not a commit of {_clone(repository)}", hint=hint)
    return Ref(oid, oid)


def _of_target(repository: Repository, target: Target) -> Ref:
    _check_name(target.branch)
    if target.is_exact:
        return Ref(_ORIGIN + target.branch, _commit(repository, target.commit).commit)
    name = _ORIGIN + target.branch
    found = repository.refs([name])
    if name in found:
        return Ref(name, found[name].oid)
    if target.commit and repository.holds_commit(target.commit):
        return Ref(name, target.commit)
    raise _absent(repository, target.branch, target.source)


def _default(repository: Repository) -> Ref:
    names = [_ORIGIN + "HEAD", *_GUESSED]
    found = repository.refs(names)
    for name in names:
        if name in found:
            return Ref(found[name].points_to or name, found[name].oid)
    absent = _absent(repository, "main")
    if absent.hint.startswith("git fetch") and repository.knows_a_remote():
        all_branches = "git remote set-branches --add origin '*' && " if repository.knows_one_remote_branch() else ""
        absent.hint = (
            f"{absent.hint}; or where the default branch is called otherwise, "
            f"{all_branches}git fetch origin && git remote set-head origin --auto"
        )
    raise absent


def _absent(repository: Repository, name: str, source: str = "") -> BaseError:
    if repository.resolve("HEAD") is None and not source:
        hint = "commit what was there before policy-gate, then run this again"
        return BaseError("this repository has no commit yet, so there is nothing to compare with", hint=hint)
    said = f" (named by {source})" if source else ""
    if _SHORT_ID.fullmatch(name) and repository.resolve(name) is not None:
        hint = f"name a commit by its whole id: --base $(git rev-parse {name})"
        return BaseError(f"base {name!r} is no branch of {_clone(repository)}", hint=hint)
    tag = f"refs/tags/{name}"
    if not source and (name == "HEAD" or repository.resolve(tag) is not None):
        commit = shlex.quote("HEAD" if name == "HEAD" else f"{tag}^{{commit}}")
        hint = f"name a branch; or to compare with that commit, its whole id: --base $(git rev-parse {commit})"
        return BaseError(f"base {name!r} is no branch of {_clone(repository)}", hint=hint)
    hint = f"git fetch {_to_fetch(name)}, then run this again; or name another with --base"
    if not source and not repository.has_a_remote():
        hint = _without_remote(repository, name)
    return BaseError(f"base {name!r}{said} is no branch of {_clone(repository)}", hint=hint)


def _without_remote(repository: Repository, name: str) -> str:
    """What to name where nothing can be fetched yet: a branch that is here, else the commit that the work began at."""
    others = [shlex.quote(name) for name in repository.other_branches(_OTHERS)]
    if others:
        more = f" (or {listed(others[1:], 'or')})" if others[1:] else ""
        here = f"name the branch that this is for: --base {others[0]}{more}"
    else:
        here = "name the commit that the work began at by its whole id: --base $(git rev-parse HEAD~1)"
    branch = shlex.quote(name.removeprefix(_REMOTES).removeprefix(_HEADS).removeprefix("origin/"))
    added = f"git remote add origin URL && git fetch origin {branch}"
    return f"{here}; to judge by a remote, as this clone has none: {added}"


def _to_fetch(name: str) -> str:
    """What `git fetch` is told: where to put the branch, too, as a clone of one branch keeps no other by itself."""
    remote, branch, into = "origin", name.removeprefix("origin/"), name
    if name.startswith(_REMOTES):
        remote, _, branch = name.removeprefix(_REMOTES).partition("/")
    elif name.startswith(_HEADS):
        branch = name.removeprefix(_HEADS)
    else:
        into = _ORIGIN + branch
    return shlex.join([remote, f"{branch}:{into}"])


def _clone(repository: Repository) -> str:
    return "this clone, which is shallow" if repository.shallow else "this clone"
