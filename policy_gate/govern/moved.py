"""What changed in the content of an approval since somebody agreed to it, in words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from policy_gate.schema.subject import Subject

_BLOB = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_SAID = {
    "tier": "the tier was {was}, now {now}",
    "from_stage": "the stage in base was {was}, now {now}",
    "repository": "it is for the repository {was}, not {now}",
    "target_branch": "it is for the branch {was}, not {now}",
    "system": "it is for the system {was}, not {now}",
    "for": "it is for {was}, not {now}",
    "vendors": "the vendors it names changed",
    "code": "the code under its paths changed",
    "changes": "what this change weakens is not the same any more",
}


def what_moved(before: Sequence[tuple[str, str]], subject: Subject) -> str:
    """What differs between the parts of an earlier subject and this one; empty where the parts are not known.

    A file is told with the command that shows the difference, by the blob ids of both.
    """
    was, now, places = dict(before), dict(subject.parts), dict(subject.places)
    moved = [name for name in sorted({*was, *now}) if was.get(name) != now.get(name)]
    if not was or not moved:
        return ""
    told = [_told(name, was.get(name, ""), now.get(name, ""), places) for name in moved]
    return f"for an earlier content: {'; '.join(told)}"


def _told(name: str, was: str, now: str, places: dict[str, str]) -> str:
    if name in _SAID:
        return _SAID[name].format(was=was or "not named", now=now or "not named")
    place = places.get(name, "")
    what = f"the entry in {place}" if name == "entry" and place else place or name
    if not was or not now:
        return f"{what} was not there yet" if not was else f"{what} is gone"
    if _BLOB.match(was) and _BLOB.match(now):
        return f"{what} changed since (git diff {was[:10]} {now[:10]})"
    return f"{what} changed since"
