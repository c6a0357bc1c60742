"""What must hold where a gate is adopted (D26): over code alone, a change brings all that a history starts with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from commit_line import Histories
from comparison import files_of
from d24_facts import rated, systems
from edits import POLICIES
from history import START_DAY, History
from world import AUTHOR

from policy_gate.errors import PolicyGateError


def adopted_otherwise(made: History, gate: Histories) -> Iterator[str]:
    """Nobody is asked, and nothing stops it but what may never be, or what somebody would have had to agree to."""
    tree = made.tree()
    files = files_of(tree)
    bare = {path: files[path] for path, text in tree["texts"].items() if text[0] == "code"}
    try:
        report = gate.of(bare, [((AUTHOR,), files)], (), START_DAY)
    except PolicyGateError as error:
        yield f"an adoption has no answer: {error}"
        return
    asked = sorted({it.subject for it in report.findings if it.kind == "approval" and it.blocks})
    if report.trust.mode != "adoption" or (asked and not tree["waivers"]):
        yield f"an adoption asks {', '.join(asked)}"
    if (report.exit_code != 0) != _is_to_stop(tree):
        yield "an adoption is stopped for what it may bring, or not for what it may not"


def _is_to_stop(tree: Mapping[str, Any]) -> bool:
    entries = [entry for _, entry in systems(tree).values()]
    practices = [
        it for entry in entries if "eu-ai-act:prohibited" in rated(entry, POLICIES)[1]
        for it in entry["facts"]["art5_practices"] if it == "a"
    ]  # fmt: skip
    return bool(practices or tree["waivers"] or any(it.get("broken") for it in tree["manifests"].values()))
