"""What lint says of policies that nobody refuses and that are in force nowhere: of no pack that is named, no schema."""

from __future__ import annotations

import pytest

from policy_gate.collect.policy_files import builtin_layer, of_tree
from policy_gate.policy.load import lint_policies
from policy_gate.schema.check_inputs import LayerSource
from policy_gate.vcs.memory_tree import MemoryTree

SCHEMA = "schema: policy-gate/policy/v1\n"
RULE = """\
rules:
  - id: two-look
    title: Nobody else has looked
    why: Two see more than one.
    when: system.tier == "high"
    enforcement: block
    effective: 2026-01-01
    require: [{approval: ciso}]
"""
FACTS = "facts:\n  - {id: is_loud, type: BOOL, about: Does it make a noise?}\n"
SEMGREP = "rules:\n  - {id: x, message: m, languages: [python], severity: ERROR, pattern: eval, fix: y}\n"


def layer(text: str, name: str = "own.yaml") -> LayerSource:
    return of_tree(MemoryTree({f"policies/{name}": text}), "policies", "here")


def considered(text: str, packs: tuple[str, ...] = ()) -> list[str]:
    found = lint_policies((builtin_layer(), layer(text)), packs)
    assert all(problem.advice for problem in found), found
    return [str(problem.location) for problem in found if "in force" in problem.message]


def test_a_pack_that_the_config_does_not_name_is_told_where_it_is_said() -> None:
    assert considered(SCHEMA + "pack: finance\n" + RULE) == ["policies/own.yaml:2:7"]
    assert considered(SCHEMA + "pack: finance\n" + RULE, packs=("finance",)) == []


def test_a_policy_that_says_no_schema_is_told() -> None:
    assert considered(RULE) == ["policies/own.yaml:1:1"]


@pytest.mark.parametrize(
    "text", [RULE, FACTS, "about: Ours.\n" + RULE, "pack: finance\n" + RULE, "debt: {start: now}\n" + RULE]
)
def test_what_lacks_the_schema_alone_reads_like_a_policy(text: str) -> None:
    (problem,) = layer(text).advice
    assert problem.hint == "begin the file with `schema: policy-gate/policy/v1`"
    assert layer(SCHEMA + text).advice == ()


@pytest.mark.parametrize(
    "text",
    [
        SEMGREP,
        "apiVersion: kyverno.io/v1\n" + RULE,
        "schema: other/v1\n" + RULE,
        "rules: [one, two]\n",
        "rules:\n",
        "- a\n",
        "rules: &x [{id: a}]\nroles: *x\n",
        "{{- if .on }}\nrules: []\n{{- end }}\n",
        "",
    ],
)
def test_h15_what_other_tools_keep_there_is_left_alone(text: str) -> None:
    assert layer(text, "tool.yml").advice == ()
