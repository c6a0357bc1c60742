"""What a change takes out of the rules and the settings of base, for whoever approves it: shown, never obeyed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policy_gate.errors import PolicyError
from policy_gate.policy.load import lost_between
from policy_gate.policy.strictness import shown
from policy_gate.schema.check_inputs import CheckInputs
from policy_gate.schema.documents import Config

_UNSET = Config.model_validate({"schema": "policy-gate/config/v1"})


def policy_losses(inputs: CheckInputs) -> tuple[str, ...]:
    """A line for each thing that the result's policies ask less of than base's, and for each setting that differs.

    Of rules nothing where those of base cannot be read.
    """
    if inputs.result_layers is None:
        return ()
    was, now = (side.config.content if side.config else _UNSET for side in (inputs.base, inputs.result))
    try:
        rules = lost_between(inputs.layers, was.pack_ids, inputs.result_layers, now.pack_ids)
    except PolicyError:  # base's cannot be read, which is told by itself
        rules = ()
    return (*_settings(was, now), *rules)


def _settings(was: Config, now: Config) -> Iterator[str]:
    before, after = (config.model_dump(by_alias=True) for config in (was, now))
    for key, value in before.items():
        if value != after[key]:
            yield f"policy-gate.yaml changes {key}: {_spelt(value)} to {_spelt(after[key])}"


def _spelt(value: Any) -> str:
    return "not set" if value is None else shown(value)
