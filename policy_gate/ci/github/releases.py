"""Whether a newer release of the action is published: asked only where the job wants to know, and only told."""

from __future__ import annotations

from collections.abc import Mapping

from policy_gate.forges.errors import ForgeError
from policy_gate.forges.github import GitHub
from policy_gate.forges.github_answers import Release
from policy_gate.schema.patterns import lazy_pattern

_VERSION = lazy_pattern(r"v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})")


def release_note(environment: Mapping[str, str], version: str) -> str:
    """A sentence on this version and the newest release of GITHUB_ACTION_REPOSITORY; never raises, never judges."""
    running = f"policy-gate {version}"
    home = environment.get("GITHUB_ACTION_REPOSITORY", "")
    if not home:
        return f"{running}; the action's files are this checkout's, so there is no release to compare it with"
    try:
        with GitHub.of_job({**environment, "GITHUB_REPOSITORY": home}, "contents: read") as github:
            newest = github.one(Release, f"{github.repository}/releases/latest", f"the newest release of {home}")
    except ForgeError as error:
        return f"{running}; whether there is a newer release is not known ({error.message})"
    numbers, own = _numbers(newest.tag_name), _numbers(version)
    if numbers is None or own is None:
        return f"{running}; the newest release of {home} has no version of the form v1.2.3"
    if numbers > own:
        return f"{running}; {'.'.join(map(str, numbers))} is published: read its changelog and move the pin"
    return f"{running}; no newer release is published"


def _numbers(text: str) -> tuple[int, ...] | None:
    found = _VERSION.fullmatch(text)
    return tuple(int(part) for part in found.groups()) if found else None
