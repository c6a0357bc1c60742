"""GitHub's event file: what started a job, as GitHub wrote it, and careful ways into it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from policy_gate.errors import BaseError
from policy_gate.vcs.objects import is_object_id

_EVENT_LIMIT = 32 * 1024 * 1024


def read_event(environment: Mapping[str, str]) -> Any:
    """The event of this job; BaseError where the file that GITHUB_EVENT_PATH names cannot be read."""
    path = environment.get("GITHUB_EVENT_PATH", "")
    try:
        with Path(path).open("rb") as file:
            return json.loads(file.read(_EVENT_LIMIT))
    except (OSError, ValueError, RecursionError) as error:
        raise BaseError(
            f"the event file that GITHUB_EVENT_PATH names cannot be read ({type(error).__name__})",
            hint="name the base with --base",
        ) from error


def value_at(event: Any, *way: str) -> Any:
    """What stands at the end of these keys, or None where there is no such place."""
    for key in way:
        event = event.get(key) if isinstance(event, dict) else None
    return event


def text_at(event: Any, *way: str) -> str:
    """The text at the end of these keys, or empty."""
    found = value_at(event, *way)
    return found if isinstance(found, str) else ""


def commit_at(event: Any, *way: str) -> str:
    """The full commit id at the end of these keys, or empty."""
    found = text_at(event, *way)
    return found if is_object_id(found) else ""
