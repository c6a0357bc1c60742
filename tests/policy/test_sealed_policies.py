"""A seal is what reading and compiling the same policies gives, and never more than that."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from small_policies import base, organisation

from policy_gate.collect import policy_files
from policy_gate.collect.policy_files import builtin_layer, builtin_layer_sealed, builtin_texts
from policy_gate.errors import PolicyError
from policy_gate.policy.cel import CompiledCondition, Language
from policy_gate.policy.load import load_policies, seal_law, seal_policies
from policy_gate.policy.sealed import conditions_in, plain_data, seal_key
from policy_gate.schema.check_inputs import LayerSource, SealedSource
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.rule_targets import TARGETS

ROOT = Path(__file__).parents[2]
TEXTS = builtin_texts()
READ = builtin_layer(with_cases=False)
OWN = """
rules:
  - {id: mine, title: M, why: So., when: system.eu_market, enforcement: block, require: [{approval: ciso}]}
"""
RESTATED = """
artifacts:
  - {id: red-team-report, min_words: 400}
gates:
  - {id: production-deployment, require: [{artifact: system-description}]}
"""
RENAMED = """
roles:
  - {id: rai-officer, title: Responsible AI Officer, about: Our name for the lead., renames: ai-safety-lead}
"""


@cache
def seal() -> bytes:
    return seal_policies(READ, TEXTS)


def sealed(seal_: bytes | None = None, texts: dict[str, bytes] | None = None) -> LayerSource:
    source = SealedSource(seal() if seal_ is None else seal_, TEXTS if texts is None else texts)
    return LayerSource("builtin", "builtin", (), proven=True, sealed=source, law=READ.law)


def plain(policy: RuleSet) -> dict[str, Any]:
    """What a rule set says, conditions as their texts and subjects.

    Equal conditions are compiled once, with the place of whichever is needed first.
    """
    return {name: _placeless(plain_data(getattr(policy, name))) for name in policy.__struct_fields__}


def _placeless(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _placeless(part) for name, part in node.items()}
    if isinstance(node, list):
        is_condition = len(node) == 5 and isinstance(node[1], str) and node[1] in TARGETS
        return node[:2] if is_condition else [_placeless(part) for part in node]
    return node


@pytest.mark.parametrize(
    ("layers", "packs"),
    [
        ((), ()),
        ((), ("gdpr",)),
        ((), ("eu-ai-act", "nist-ai-rmf")),
        ((organisation(OWN),), ()),
        ((base(RESTATED),), ("gdpr",)),
        ((organisation(RENAMED), base(OWN)), ()),
        ((organisation(RESTATED), base(OWN)), ("gdpr",)),
    ],
    ids=["alone", "with a pack", "with packs", "added", "restated", "renamed", "both"],
)
def test_sealed_policies_are_the_read_ones(layers: tuple[LayerSource, ...], packs: tuple[str, ...]) -> None:
    assert plain(load_policies((sealed(), *layers), packs)) == plain(load_policies((READ, *layers), packs))


FAULTY = {
    "unknown artifact": "gates:\n  - {id: production-deployment, require: [{artifact: sytem-description}]}\n",
    "unknown name": OWN.replace("system.eu_market", "system.eu_markett"),
    "never fires": OWN.replace("system.eu_market", 'system.tier == "high" && system.tier == "low"'),
    "another type": "facts:\n  - {id: eu_market, type: STRING}\n",
    "loosened": "rules:\n  - {id: tier-lowering, enforcement: advise}\n",
    "covers what covers": "rules:\n  - {id: mine, title: M, why: So., for_each: change, when: change.weakening,"
    " enforcement: block, require: [{approval: ciso}], covers: {tier-lowering: [tier-lowered]}}\n",
    "gate of a rule's name": "gates:\n  - {id: tier-lowering, title: T, from: development, to: production,"
    " tiers: [low, medium, high, critical], enforcement: block, require: [{approval: ciso}]}\n",
}


@pytest.mark.parametrize("text", FAULTY.values(), ids=FAULTY)
def test_what_is_wrong_beside_a_seal_is_told_as_without_it(text: str) -> None:
    told = []
    for source in (READ, sealed()):
        with pytest.raises(PolicyError) as error:
            load_policies((source, organisation(text)), ("gdpr",))
        told.append((error.value.message, error.value.hint, error.value.problems))
    assert told[0] == told[1]


def conditions(policy: RuleSet) -> list[CompiledCondition]:
    every = [getattr(policy, name) for name in policy.__struct_fields__]
    return list(conditions_in([every, policy.law.content if policy.law else ()]))


@pytest.mark.parametrize("facts", [{}, {"system.eu_market": True, "system.tier": "high", "system.declared": ()}])
def test_sealed_conditions_say_what_compiled_ones_say(facts: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    told = [(it.text, it.truth(facts)) for it in conditions(load_policies((READ,)))]
    policy = load_policies((replace(sealed(), law_seal=seal_law(READ)),))
    monkeypatch.setattr(Language, "expression", lambda *_: pytest.fail("a condition was compiled again"))
    assert [(it.text, it.truth(facts)) for it in conditions(policy)] == told
    assert told


def test_a_sealed_condition_is_compiled_where_the_runtime_does_not_take_it() -> None:
    content = msgspec.msgpack.decode(seal())
    for expression in content["expressions"]:
        expression["known"]["form"] = b"of another runtime"
    found = conditions(load_policies((sealed(msgspec.msgpack.encode(content)),)))
    assert [it.truth({}) for it in found] == [it.truth({}) for it in conditions(load_policies((READ,)))]


def test_an_unknown_pack_is_told_beside_a_seal() -> None:
    with pytest.raises(PolicyError, match="gdprr"):
        load_policies((sealed(),), ("gdprr",))


def broken(name: str) -> LayerSource:
    """A seal that must not be used, before policies of which one rule is another one."""
    path = next(path for path, data in TEXTS.items() if b"id: tier-lowering" in data)
    other = {**TEXTS, path: TEXTS[path].replace(b"tier-lowering", b"tier-going-down")}
    content = msgspec.msgpack.decode(seal())
    seals = {
        "other policies": seal(),
        "of another version": msgspec.msgpack.encode({**content, "key": "0" * 64}),
        "cut off": seal()[:-100],
        "not a seal": b"\x93\x01\x02\x03",
        "empty": b"",
        "a kind that nobody knows": msgspec.msgpack.encode(
            {**content, "key": seal_key(other), "items": {"rool": content["items"]["rule"]}}
        ),
        "a document that is not there": msgspec.msgpack.encode(
            {**content, "key": seal_key(other), "documents": content["documents"][:1]}
        ),
        "a rule without requirements": msgspec.msgpack.encode(
            {**content, "key": seal_key(other), "items": {"rule": [{**content["items"]["rule"][0], "rule": {}}]}}
        ),
    }
    return sealed(seals[name], other)


@pytest.mark.parametrize(
    "name",
    [
        "other policies",
        "of another version",
        "cut off",
        "not a seal",
        "empty",
        "a kind that nobody knows",
        "a document that is not there",
        "a rule without requirements",
    ],
)
def test_policies_are_read_where_the_seal_is_not_theirs(name: str) -> None:
    assert "tier-going-down" in load_policies((broken(name),)).plain_rules


def test_the_same_policies_give_the_same_seal_in_any_process(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib\n"
        "from policy_gate.collect.policy_files import builtin_layer, builtin_texts\n"
        "from policy_gate.policy.load import seal_policies\n"
        "seal = seal_policies(builtin_layer(with_cases=False), builtin_texts())\n"
        "pathlib.Path(sys.argv[1]).write_bytes(seal)\n"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", code, str(tmp_path / seed)], check=True, env=environment)
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes() == seal()


def test_the_wheel_carries_the_seal_of_its_policies(tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read(f"policy_gate/policies/{policy_files.SEAL_FILE}") == seal()
        assert archive.read(f"policy_gate/policies/{policy_files.LAW_SEAL_FILE}") == seal_law(READ)


def test_sealed_packs_are_the_read_ones_and_of_other_bytes_there_is_no_seal() -> None:
    read = load_policies((READ,)).law
    found = load_policies((replace(READ, law_seal=seal_law(READ)),)).law
    assert read is not None
    assert found is not None
    assert plain_data(found.content) == plain_data(read.content)
    assert (found.facts, found.digest) == (read.facts, read.digest)
    changed = {path: data.replace(b"impact assessment", b"impact study") for path, data in READ.law.items()}
    other = load_policies((replace(READ, law=changed, law_seal=seal_law(READ)),)).law
    assert other is not None
    assert other.digest != read.digest
    assert "impact study" in str(plain_data(other.content))


def test_a_seal_beside_the_policies_is_used_and_its_absence_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / policy_files.LAW_FOLDER).mkdir()
    for path, data in {**TEXTS, **READ.law}.items():
        (tmp_path / path.removeprefix("builtin:")).write_bytes(data)
    monkeypatch.setattr(policy_files, "_builtin_folder", lambda: tmp_path)
    read_anew = builtin_layer_sealed.__wrapped__
    assert read_anew().sealed is None
    (tmp_path / policy_files.SEAL_FILE).write_bytes(seal())
    found = read_anew()
    assert found.sealed is not None
    assert found.documents == ()
    assert load_policies((found,)).digest == load_policies((READ,)).digest
