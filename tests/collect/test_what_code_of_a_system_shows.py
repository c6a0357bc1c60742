"""What a change shows of the code that a system claims: prompts that code reads, who is asked, what is out of sight."""

from __future__ import annotations

from hashlib import sha256

import pytest
from looked_at import LAYOUT, observed

from policy_gate.collect.manifests import Selection
from policy_gate.collect.snapshot import TreeSide, snapshot
from policy_gate.collect.statements import statements_in_change
from policy_gate.discover.places import MOST_OF_PROGRAM
from policy_gate.documents.cache import DocumentCache
from policy_gate.schema.observed import Signal, SystemSigns
from policy_gate.vcs.memory_tree import MemoryTree

MANIFEST = (
    "schema: policy-gate/manifest/v1\nsystems:\n"
    "  - {id: SYS-001, name: A, owner_team: T, stage: production, paths: ['src/**'], risk_profile: {}}\n"
)
READS = 'import openai\n\nPROMPT = open("texts/{}").read()\n'


def shown(before: dict[str, str], after: dict[str, str]) -> SystemSigns | None:
    """What a change of the one system shows of it; a file that base has stays unless it is told otherwise."""
    files = {"governance.yaml": MANIFEST, **before}
    return observed(files, {**files, **after}).by_system.get("SYS-001")


def of_kind(kind: str, side: tuple[tuple[Signal, ...], ...]) -> list[Signal]:
    return [signal for file in side for signal in file if signal.kind == kind]


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("rules.txt", True), ("Rules.TXT", True), ("rules", True), ("rules.bin", False), ("README.md", False)],
)
def test_t61_a_text_that_code_reads_as_a_prompt_is_one_by_its_ending_or_without_any(name: str, is_one: bool) -> None:
    code = {"src/app.py": READS.format(name), f"src/texts/{name}": "Rank by the vacancy alone."}
    seen = shown(code, {f"src/texts/{name}": "Reject half of them."})
    assert ([it.found for it in of_kind("prompt", seen.after)] == ["Reject half of them."] if seen else False) is is_one


@pytest.mark.parametrize(("length", "told"), [(80, "x" * 80), (81, "x" * 77 + "...")])
def test_t61_a_long_prompt_is_told_by_how_it_begins(length: int, told: str) -> None:
    code = {"src/app.py": READS.format("rules.txt"), "src/texts/rules.txt": "Rank."}
    seen = shown(code, {"src/texts/rules.txt": "x" * length})
    assert seen is not None
    assert [it.found for it in of_kind("prompt", seen.after)] == [told]


def test_t61_another_model_beside_code_that_stays_is_seen_and_only_what_grows_out_of_sight_hides() -> None:
    asks = "import openai\nopenai.chat.completions.create(model={!r})\n"
    code = {"src/app.py": asks.format("gpt-4o"), "src/other.py": "x = 1\n"}
    seen = shown(code, {"src/app.py": asks.format("gpt-4o-mini")})
    assert seen is not None
    assert not seen.hides
    assert [[it.value for it in of_kind("model", side)] for side in (seen.before, seen.after)] == [
        ["gpt-4o"],
        ["gpt-4o-mini"],
    ]
    large = shown(code, {"src/app.py": asks.format("gpt-4o-mini") + "#" * MOST_OF_PROGRAM})
    assert large is not None
    assert large.hides


CLIENT = "from openai import OpenAI\nclient = OpenAI()\n"
POSTS = "import requests\n\n\ndef rank(rows):\n    return requests.post('https://{}/v1', json=rows)\n"
OWN = POSTS.format("llm.acme.example")


@pytest.mark.parametrize(
    ("before", "after", "is_told"),
    [
        (CLIENT, OWN, True),
        ("import anthropic\n", OWN, True),
        (POSTS.format("api.cohere.ai"), OWN, True),
        (CLIENT, CLIENT + OWN, False),
        (CLIENT, f"{OWN}{'# ' * 500_000}\n", True),
        (CLIENT, f"{OWN}{'#' * MOST_OF_PROGRAM}\n", False),
        ("x = 1\n", OWN, False),
    ],
    ids=["a client", "another", "a host", "a client that stays", "padded", "too large", "nobody was asked"],
)
def test_t61_an_address_that_nobody_knows_is_told_in_place_of_who_was_asked(
    before: str, after: str, is_told: bool
) -> None:
    seen = shown({"src/rank.py": before}, {"src/rank.py": after})
    hosts = {it.value for it in of_kind("host", seen.after)} if seen else set()
    assert ("llm.acme.example" in hosts) is is_told


def test_t34_digests_are_of_the_bytes_of_weights_and_not_of_a_link_to_them() -> None:
    model = "[{name: rank, version: '1', digest: '" + "0" * 64 + "'}]"
    files = {"governance.yaml": MANIFEST.replace("risk_profile: {}", f"risk_profile: {{}}, models: {model}")}
    links = {"src/newest.safetensors": "rank.safetensors"}
    trees = tuple(MemoryTree({**files, "src/rank.safetensors": data}, links) for data in ("one", "two"))
    changed, cache = frozenset({"src/rank.safetensors"}), DocumentCache()
    was = snapshot(TreeSide(trees[0]), Selection(False, changed), LAYOUT, cache)
    now = snapshot(TreeSide(trees[1], before=trees[0], was=was), Selection(False, changed), LAYOUT, cache)
    (seen,) = statements_in_change((trees[0], trees[1]), (was, now), changed, LAYOUT, cache).values()
    assert seen.weights == (("src/rank.safetensors", sha256(b"two").hexdigest()),)
