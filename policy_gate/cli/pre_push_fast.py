"""The first look at a push: answers at once where nothing governed changed, and else leaves it to the full check.

Loads nothing but the standard library and a few small modules of ours, as it stands between a person and git.
"""

from __future__ import annotations

import io
import sys
from contextlib import suppress

from policy_gate.ci.push import Base, Remote, Update, bases_of, remote_of, short, updates_of
from policy_gate.ci.remembered_paths import known_bases, load, save
from policy_gate.decide.governed_paths import GovernedPaths, is_quiet, may_lose_code
from policy_gate.errors import PolicyGateError
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.vocabulary import NOTHING_CHANGED
from policy_gate.vcs.difference import PushedTrees
from policy_gate.vcs.discovery import Here, here
from policy_gate.vcs.hardening import Borrowed

_EARLIER = 3
"""memories of earlier bases that are tried"""
_STEPS = 50
"""commits of base's line after which nothing is told any more of code that was taken out"""
_PLAIN_NAME = lazy_pattern(r"[A-Za-z0-9._/+@=-]+")


def fast_answer(arguments: list[str]) -> int | None:
    """The exit code of `hook pre-push` with these arguments where a glance is enough, after telling so; else None.

    What git wrote to standard input can still be read afterwards.
    """
    words = [word for word in arguments if word not in ("--", "--advisory")]
    if len(words) != 2 or any(word.startswith("-") for word in words) or sys.stdin is None or sys.stdin.isatty():
        return None
    data = sys.stdin.buffer.read()
    sys.stdin = io.TextIOWrapper(io.BytesIO(data), "utf-8", "surrogateescape")
    try:
        lines = _lines(data, words)
    except (PolicyGateError, OSError, ValueError):
        return None
    if lines is None:
        return None
    with suppress(OSError):
        # Whoever reads this may have gone; that stops no push.
        for line in lines:
            print(line, file=sys.stderr)
    return 0


def _lines(data: bytes, words: list[str]) -> list[str] | None:
    updates = updates_of(data)
    names = [name for update in updates for name in (update.local_ref, update.remote_ref)]
    if not all(_PLAIN_NAME.fullmatch(name) for name in names):
        return None
    place, remote = here(), remote_of(words)
    weighed = [update for update in updates if not update.skipped]
    bases = bases_of(place, remote, weighed) if weighed else {}
    lines = []
    for update in updates:
        base = bases.get(update)
        if update.skipped:
            lines.append(told_skipped(update, remote))
        elif base is not None and is_quiet_push(place, update, base):
            lines.append(told_quiet(update, remote, base))
        else:
            return None
    return lines


def is_quiet_push(place: Here, update: Update, base: Base) -> bool:
    """Is it plain from what this clone remembers of base that this push changes nothing governed?"""
    if not known_bases(place.memory):
        return False
    try:
        with Borrowed(place.common_dir, place.algorithm, {}) as borrowed, PushedTrees(borrowed.path) as trees:
            governed = load(place.memory, base.commit) or _carried_over(place, base, trees)
            if governed is None:
                return False
            result = trees.merged(base.commit, update.local_oid)
            changes = trees.differing(trees.tree_of(base.commit), result)
            return is_quiet(governed, [*changes, *trees.replayed(base.commit, update.local_oid)], trees.bytes_of)
    except (PolicyGateError, OSError, ValueError):
        return False


def _carried_over(place: Here, base: Base, trees: PushedTrees) -> GovernedPaths | None:
    """What is remembered of an earlier base that governs the same paths; kept for this one too."""
    for earlier in known_bases(place.memory)[:_EARLIER]:
        governed = load(place.memory, earlier)
        try:
            changes = trees.differing(trees.tree_of(earlier), trees.tree_of(base.commit)) if governed else []
            if governed and is_quiet(governed, changes, trees.bytes_of, with_code=False):
                if not governed.may_return:
                    since = trees.paths_since(earlier, base.commit, _STEPS)
                    governed = governed._replace(may_return=since is None or may_lose_code(governed, since))
                save(place.memory, base.commit, governed)
                return governed
        except (PolicyGateError, ValueError):
            continue
    return None


def told_quiet(update: Update, remote: Remote, base: Base) -> str:
    """The one line for a push that changes nothing governed."""
    return f"policy-gate: {way(update, remote)}: pass, {NOTHING_CHANGED} since {told_base(base)}"


def told_skipped(update: Update, remote: Remote) -> str:
    """The one line for a ref that is not judged, and why."""
    return f"policy-gate: {way(update, remote)}: not judged, {update.skipped}"


def way(update: Update, remote: Remote) -> str:
    """What is pushed where, for people."""
    if " " in update.local_ref:
        # No ref of git's: what is staged goes nowhere yet.
        return update.local_ref
    what = "deletion" if not update.local_oid.strip("0") else short(update.local_ref)
    return f"{what} -> {remote.label} {short(update.remote_ref)}"


def told_base(base: Base) -> str:
    """What it is judged against, for people."""
    return f"{short(base.ref)} {base.commit[:7]}"
