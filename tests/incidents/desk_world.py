"""A repository whose support bot has an incident, for tests of the desk through the command line."""

from __future__ import annotations

from typing import Any, Final

import pytest
from incident_world import SUPPORT_BOT
from scratch import Scratch
from world import roles, to_yaml

FILE: Final = "governance/incidents/INC-2026-001.yaml"
LEAK: Final = """\
schema: policy-gate/incident/v1
id: INC-2026-001   # as in the ticket
system: SYS-002
type: privacy_violation
severity: high
description: A customer saw the address of another.
occurred_at: 2026-11-20T07:00:00Z
detected_at: 2026-11-20T09:00:00Z
aware_at: 2026-11-20T10:00:00Z
affected_users_estimate: 3
eu_residents_affected: true
personal_data_exposed: true
risk_to_persons: risk
serious_incident: none
timeline: []   # in order
# what was learnt
root_cause: ""
new_tests: []
control_changes: []
"""


@pytest.fixture
def desk(scratch: Scratch) -> Scratch:
    """On main: the bot, roles, and its leak."""
    files = {"governance.yaml": SUPPORT_BOT, "policies/roles.yaml": to_yaml(roles()), FILE: LEAK}
    scratch.commit("Govern", files={**files, "tests/test_cache.py": "def test_apart(): ...\n"})
    return scratch


def status(scratch: Scratch, *args: str) -> dict[str, Any]:
    """`incident status` of the one incident, as JSON."""
    done = scratch.run("incident", "status", "INC-2026-001", "--format", "json", *args)
    assert done.code == 0, done
    (found,) = done.report["incidents"]
    return dict(found)


def clock(found: dict[str, Any], id_: str = "gdpr-33") -> dict[str, Any]:
    """One of its clocks."""
    return next(dict(it) for it in found["clocks"] if it["id"] == id_)
