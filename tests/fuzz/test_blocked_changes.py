"""No bytes in one file of a blocked change let it merge: a few inputs of each kind here, by atheris many more."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

import blocked_changes
import forged_bundles
import pytest
from blocked_changes import BLOCKED, NOTE, PASSES, TalkedIntoPassError, blocked, code_of
from forged_signatures import ForgedError, counts_for_nobody, genuine
from gate_in_memory import Gate, without
from keys import needs_openssh, real_crypto
from mutations import other_bytes, other_lines
from sigstore_world import needs_sigstore
from targets import TARGETS, Target

ROOT = Path(__file__).resolve().parents[2]
LAW = {"pass-roles", "pass-policy", "pass-config", "pass-roles-taken", "pass-config-weaker"}
"""where each input is rules that are compiled anew"""


def _fed(name: str, target: Target, tries: int) -> None:
    chance = random.Random(name)  # noqa: S311 - the same inputs every time
    seeds = list(target.seeds())
    for number in range(tries):
        seed = chance.choice(seeds)
        target.read(other_bytes(seed, chance) if number % 2 else other_lines(seed, seeds, chance))


NEEDED = {"pass-signature": [needs_openssh, real_crypto], "pass-bundle": [needs_sigstore]}
SEARCHED = [pytest.param(name, marks=NEEDED.get(name, [])) for name in PASSES]


@pytest.mark.parametrize("name", SEARCHED)
def test_no_bytes_of_one_file_turn_a_block_into_a_pass(name: str) -> None:
    _fed(name, PASSES[name], 15 if name in LAW else 60)


@pytest.mark.nightly
@pytest.mark.parametrize("name", SEARCHED)
def test_nor_do_many(name: str) -> None:
    _fed(f"{name} at night", PASSES[name], 300 if name in LAW else 2_000)


@pytest.mark.parametrize("name", BLOCKED)
def test_each_change_is_blocked_and_base_stands(name: str) -> None:
    world = blocked(name)
    assert world.judged(world.seed()) == 1
    assert code_of(world.base, {**world.base, NOTE: "# Notes\n"}) == 0


@pytest.mark.parametrize(
    "name", [*(name for name in BLOCKED if name.endswith(("-weaker", "-taken", "-redated"))), "pass-manifest"]
)
def test_a_pass_is_seen_and_taking_it_back_is_honest(name: str) -> None:
    """With the file as base has it, nothing is asked; were that no honest edit, it would be found."""
    world = blocked(name)
    back = world._replace(result={**world.base, NOTE: "# Notes\n"})
    before = world.base[world.path].encode()
    assert back.judged(before) == 0
    with pytest.raises(TalkedIntoPassError):
        back._replace(is_honest=lambda *_: False).judged(before)


@pytest.mark.parametrize(
    ("name", "off"),
    [
        ("pass-manifest-weaker", {"rules": ["tier-lowering", "weakening"]}),
        ("pass-card-weaker", {"rules": ["use-case-change", "weakening"]}),
        ("pass-roles-taken", {"rules": ["policy-change"]}),
        ("pass-document-redated", {"weakenings": ["evidence-redated"]}),
        ("pass-incident-weaker", {"weakenings": ["incident-severity-lowered"]}),
        ("pass-incident", {"rules": ["incident-open", "incident-clock-missed"]}),
    ],
)
def test_where_a_defence_is_off_the_pass_is_found(
    name: str, off: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, gate = blocked(name), Gate(without(**off))
    monkeypatch.setattr(blocked_changes, "_gate", lambda: gate)
    with pytest.raises(TalkedIntoPassError):
        world.judged(world.seed())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pass-manifest", "schema: policy-gate/manifest/v1\nsystems: [{id: SYS-001, stage: pre_deployment}]\n"),
        ("pass-manifest", "schema: policy-gate/manifest/v1\nsystems: []\n"),
        ("pass-manifest-weaker", "systems: []\n"),
        ("pass-card-weaker", "# Card\n\n## Prohibited uses\n\n- Automatic rejection of an applicant\n"),
        ("pass-roles-taken", "schema: policy-gate/roles/v1\nroles: {}\n"),
        ("pass-document-redated", None),
        ("pass-incident-weaker", "schema: policy-gate/incident/v1\nid: INC-1\nsystem: SYS-003\nseverity: low\n"),
    ],
)
def test_what_is_honest_is_read_without_the_gate(name: str, text: str | None) -> None:
    """None is the change as it is blocked."""
    world = blocked(name)
    assert world.is_honest(world.base, world.base)
    assert not world.is_honest(world.base, world.result if text is None else {**world.base, world.path: text})


@needs_openssh
@real_crypto
def test_a_genuine_signature_would_be_found() -> None:
    with pytest.raises(ForgedError):
        counts_for_nobody(genuine())


@needs_sigstore
def test_a_genuine_bundle_would_be_found() -> None:
    with pytest.raises(ForgedError):
        forged_bundles.counts_for_nobody(forged_bundles.genuine())


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize(("goal", "names"), [("fuzz", TARGETS), ("fuzz-passes", PASSES)])
def test_make_names_each_of_them(goal: str, names: dict[str, Target]) -> None:
    told = subprocess.run(["make", "-n", goal], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    (loop,) = (line for line in told.splitlines() if line.startswith("for target in "))
    assert loop.removeprefix("for target in ").partition(";")[0].split() == [*names]
