"""T13, D19: what cannot be told is not equal: a file whose digest nobody knows attests nothing."""

from __future__ import annotations

import pytest
from facts_world import entry, policy, snapshot

from policy_gate.collect.evidence import evidence_of
from policy_gate.facts.facts import facts_of
from policy_gate.schema.facts import ArtifactFact

SHA = "ab" * 32
HEAD = b"version https://git-lfs.github.com/spec/v1\n"


def seen(data: bytes) -> ArtifactFact:
    item = {"id": "red-team-report", "path": "rt.pdf", "sha256": SHA, "held_by": "Security", "status": "final"}
    files = {"rt.pdf": evidence_of("rt.pdf", "1" * 40, data)}
    return facts_of(snapshot(entry(artifacts=[item]), files=files), policy())[0].artifacts["red-team-report"]


@pytest.mark.parametrize(
    "rest",
    [
        b"oid sha512:" + SHA.encode() + b"\nsize 9\n",
        b"oid sha256:" + SHA[:-1].encode() + b"\nsize 9\n",
        b" oid sha256:" + SHA.encode() + b"\nsize 9\n",
        b"size 9\n",
        b"oid sha256:" + b"cd" * 32 + b"\nsize 9\n",
    ],
)
def test_t13_a_pointer_to_nothing_or_to_another_attests_nothing(rest: bytes) -> None:
    fact = seen(HEAD + rest)
    assert (fact.cause, fact.attested) == ("refused", None)


def test_t13_control_a_pointer_to_what_was_approved_attests_it() -> None:
    assert seen(HEAD + b"oid sha256:" + SHA.encode() + b"\nsize 9\n").attested == SHA
