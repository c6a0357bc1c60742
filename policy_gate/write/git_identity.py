"""Whose git identity this work tree has, and where its remote is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from pathlib import Path

from policy_gate.people.agents import is_agent
from policy_gate.schema.documents import Approver
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.people import Author

_IDENTITY = lazy_pattern(r"(?P<name>.*\S) <(?P<email>[^@\s<>]+@[^@\s<>]+)> \d+ [+-]\d+\Z")
_RELEASED = lazy_pattern(r"(?:.{0,40}[-/@])?v?[1-9]\d{0,7}(?:\.\d{1,8}){0,3}")
_REMOTE = lazy_pattern(r"(?:.*[:/])?(?P<name>[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+?)(?:\.git)?/?\Z")


def identity(root: Path) -> Approver | None:
    """Whom git would make the author of a commit here, by variables or settings; None where it could only guess."""
    found = _IDENTITY.match(_asked(root, "-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT"))
    return Approver(name=found["name"], email=found["email"]) if found else None


def signing_key_setting(root: Path) -> Path | None:
    """The key file that the setting `policygate.signingkey` names, or None where it is not set."""
    name = _setting(root, "policygate.signingkey")
    return root / Path(name).expanduser() if name else None


def remote_url(root: Path) -> str:
    """The URL of `origin`, or the empty string."""
    return _setting(root, "remote.origin.url")


def release_tag(root: Path) -> str:
    """The newest tag of a first release or a later one, such as `v1.2`; the empty string where there is none."""
    tags = _asked(root, "tag", "--list", "--sort=-version:refname").split("\n")
    return next((tag for tag in tags if _RELEASED.fullmatch(tag)), "")


def recent_authors(root: Path, agents: Collection[str]) -> tuple[str, ...]:
    """Who made most of the newest commits, the busiest first, and how many; no bots and no coding agents."""
    said = _asked(root, "log", "-n", "300", "--no-merges", "--format=%an%x00%ae").split("\n")
    authors = [Author(name, email) for name, _, email in (line.partition("\0") for line in said)]
    people = Counter(
        it.name for it in authors if it.name and not it.name.endswith("[bot]") and not is_agent(it, agents)
    )
    return tuple(f"{name} ({number} of the last {len(said)} commits)" for name, number in people.most_common(3))


def repository_name(root: Path) -> str:
    """`owner/name` of origin, else the folder's name."""
    url = remote_url(root)
    found = _REMOTE.match(url) if "://" in url or re.match(r"[\w.-]+@[\w.-]+:", url) else None
    return found["name"] if found else root.resolve().name


def _asked(root: Path, *words: str) -> str:
    import git  # noqa: PLC0415 - slow, and fails where no git is installed

    try:
        return str(git.Git(str(root)).execute(["git", *words])).strip()
    except git.exc.GitCommandError:
        return ""


def _setting(root: Path, key: str) -> str:
    import git  # noqa: PLC0415 - slow, and fails where no git is installed

    try:
        return str(git.Git(str(root)).config("--get", key)).strip()
    except git.exc.GitCommandError:
        return ""
