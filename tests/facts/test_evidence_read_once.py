"""What was read of an entry's evidence serves every tree that holds the same, and no other."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from facts_world import entry, evidence, policy, snapshot
from msgspec.structs import replace

from policy_gate.cards.field_names import vocabulary
from policy_gate.facts import evidence as reading
from policy_gate.facts.facts import facts_of
from policy_gate.schema.snapshot import Snapshot

PATH = "docs/report.md"
TEXT = (
    "# Red team report\n\nSystem: SYS-001, SYS-002\n\n## Findings\n\nThree prompts led the model to tell an address.\n"
)
RULES = policy()


def tree() -> Snapshot:
    paper = {"id": "red-team-report", "path": PATH, "status": "final", "completed": "2026-01-02"}
    return snapshot(entry(artifacts=[paper]), files={PATH: TEXT})


def paper_of(side: Snapshot) -> Any:
    (facts,) = facts_of(side, RULES)
    return facts.artifacts["red-team-report"]


def with_system(side: Snapshot, **fields: Any) -> Snapshot:
    return replace(side, systems=(replace(side.systems[0], **fields),))


def test_the_same_evidence_is_read_once() -> None:
    side = tree()
    first = paper_of(side)
    with patch.object(reading, "artifact_fact", side_effect=AssertionError("it was read before")):
        again = paper_of(with_system(side, touched=True))
    assert again is first


@pytest.mark.parametrize("what", ["text", "absent", "path", "known", "position", "entry", "rules"])
def test_what_differs_is_read_anew(what: str) -> None:
    side = tree()
    assert paper_of(side).words > 5
    assert paper_of(side).names_systems == ("SYS-001",)
    system = side.systems[0]
    if what == "text":
        other = replace(side, evidence={PATH: evidence(PATH, "# Red team report\n\nShort.\n")})
        assert paper_of(other).words < 5
    elif what == "absent":
        assert paper_of(replace(side, evidence={})).cause == "absent"
    elif what == "path":
        elsewhere = "other/report.md"
        moved = with_system(replace(side, evidence={elsewhere: evidence(elsewhere, TEXT)}), files={PATH: elsewhere})
        assert paper_of(moved).path == elsewhere
    elif what == "known":
        assert paper_of(replace(side, systems_named=frozenset({"SYS-002"}))).names_systems == ("SYS-001", "SYS-002")
    elif what == "position":
        other = tree().manifests[0]
        twice = replace(other, content=other.content.model_copy(update={"systems": [system.entry, system.entry]}))
        assert paper_of(with_system(side, manifest=twice, index=1)).declared_at == twice.at(
            "systems", 1, "artifacts", 0
        )
    elif what == "entry":
        draft = system.entry.artifacts[0].model_copy(update={"status": "draft"})
        edited = system.entry.model_copy(update={"artifacts": [draft]})
        assert paper_of(with_system(side, entry=edited)).status == "draft"
    else:
        changed = replace(RULES, digest="another")
        assert changed.remembered == {}
        (facts,) = facts_of(side, changed)
        assert facts.artifacts["red-team-report"] is not paper_of(side)


def test_a_vocabulary_is_of_its_words() -> None:
    words = RULES.card_words
    fewer = words[1:]
    assert vocabulary(words) is vocabulary(words)
    assert vocabulary(words[:1] + words[1:]) is vocabulary(words)
    assert vocabulary(fewer) is not vocabulary(words)
    for some in range(2, 20):  # more than are kept
        assert vocabulary(words[some:]) is not vocabulary(words)
    assert vocabulary(words).named == vocabulary(words[:1] + words[1:]).named
