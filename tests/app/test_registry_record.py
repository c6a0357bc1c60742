"""One repository to its record: everything that the registry is to hold of it, and nothing that nobody said.

`POLICY_GATE_WRITE_GOLDENS=1` writes the golden record anew; read the difference before keeping it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from keys import NAMESPACE, Keyring, needs_openssh, real_crypto, with_keys
from scratch import Scratch
from world import base_files, email_of, low_system, roles, to_yaml

from policy_gate.app.check import CheckSession, SharedReadings, run_check
from policy_gate.app.registry_record import record_of
from policy_gate.errors import DocumentError
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.dates import end_of_day
from policy_gate.schema.registry_record import RepositoryRecord

pytestmark = pytest.mark.real_git
GOLDEN = Path(__file__).parent / "goldens" / "registry_record.json"
DAY = date(2026, 11, 29)
SCREENER = {
    "id": "SYS-001",
    "name": "Resume Screener",
    "description": "Ranks applicants",
    "owner_team": "People Ops",
    "incident_contact": "ai-oncall@example.com",
    "stage": "production",
    "stage_since": "2026-02-01",
    "deployment_date": "2026-02",
    "paths": ["screener/**"],
    "risk_profile": {"decision_impact": "employment", "human_oversight": "partial", "data_sensitivity": "sensitive"},
    "regulatory_scope": ["EU_AI_Act"],
    "facts": {"eu_market": True, "annex_iii_points": ["4-a"], "role": ["deployer"], "processes_personal_data": True},
    "models": [{"name": "gpt-4-0613", "retires": "2027-03-31", "source": "https://vendor.example/deprecations"}],
    "vendors": ["acme"],
}
NOTES = {
    "id": "SYS-002",
    "name": "Meeting Notes",
    "owner_team": "Tools",
    "stage": "development",
    "paths": ["notes/**"],
    "risk_profile": {"decision_impact": "informational"},
}
ACME = {
    "id": "acme",
    "vendor_name": "Acme",
    "product_name": "Acme Rank",
    "access_type": "api",
    "data_sent": "resumes",
    "data_classes": ["personal"],
    "assessed_on": "2026-06-01",
    "announced": [
        {"field": "data_retention_days", "value": 90, "from": "2027-01-01", "source": "mail of 2026-10-01"},
    ],
}
INCIDENT = {
    "schema": "policy-gate/incident/v1",
    "id": "INC-1",
    "system": "SYS-001",
    "type": "data_exposure",
    "severity": "high",
    "description": "Resumes of others were shown.",
    "occurred_at": "2026-11-27T08:00:00Z",
    "detected_at": "2026-11-28T08:00:00+01:00",
    "aware_at": "2026-11-28T09:00:00Z",
    "eu_residents_affected": True,
    "personal_data_exposed": True,
    "risk_to_persons": "risk",
}
WAIVER = {
    "system": "SYS-001",
    "rule": "annual-production-review",
    "subject": "model-card-update",
    "owner": "Pat Moss",
    "approver": "Nobody Known",
    "reason": "The card is being rewritten",
    "ticket": "T-7",
    "created": "2026-11-01",
    "expires": "2026-12-24",
}
APPROVAL = {
    "schema": "policy-gate/approval/v1",
    "system": "SYS-001",
    "for": "production-deployment",
    "role": "ciso",
    "approver": {"name": "Ada Example", "email": email_of("Ada Example")},
    "approved_on": "2026-02-01",
    "expires": "2027-02-01",
    "subject_digest": f"sha256:{'1' * 64}",
    "statement": "I have read it.",
}
CODE = {
    "screener/rank.py": 'import openai\n\nCLIENT = openai.OpenAI()\nCLIENT.responses.create(model="gpt-4o")\n',
    "scripts/try_it.py": 'import anthropic\n\nanthropic.Anthropic().messages.create(model="claude-opus-4-1")\n',
}


def manifest(*systems: Mapping[str, Any], **more: Any) -> str:
    return to_yaml({"schema": "policy-gate/manifest/v1", "systems": list(systems), **more})


def record(path: Path, day: date = DAY, shared: SharedReadings | None = None, **asked: Any) -> RepositoryRecord:
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    request = Request(
        path, end_of_day(day), base="main", head="main", everything=True, environment=environment, **asked
    )
    with CheckSession(path, shared) as session:
        return record_of(session, request, "given/name", "https://git.example.org/given/name", "main")


@pytest.fixture
def told(scratch: Scratch) -> Scratch:
    scratch.write(base_files())
    scratch.write(CODE)
    document = roles()
    document["roles"]["ciso"]["members"][0]["keys"] = [{"key": "ssh-ed25519 AAAA", "valid_until": "2027-05-01"}]
    pinned = {"issuer": "https://example.com", "identity": "audit@example.com", "valid_until": "2027-04-01"}
    document["roles"]["legal"]["members"][0]["identities"] = [pinned]
    scratch.commit(
        files={
            "governance.yaml": manifest(SCREENER, NOTES, vendors=[ACME]),
            "policies/roles.yaml": to_yaml(document),
            "governance/incidents/INC-1.yaml": to_yaml(INCIDENT),
            "governance/waivers.yaml": to_yaml({"schema": "policy-gate/waiver/v1", "waivers": [WAIVER]}),
            "governance/approvals/one.yaml": to_yaml(APPROVAL),
        }
    )
    return scratch


def test_the_golden_record(told: Scratch) -> None:
    found = msgspec.to_builtins(record(told.path))
    assert found.pop("commit") == told.git("rev-parse", "main")
    del found["policies_digest"], found["tool_version"]
    text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("POLICY_GATE_WRITE_GOLDENS"):
        GOLDEN.write_text(text, "utf-8")
    assert text == GOLDEN.read_text("utf-8")


def test_it_says_what_the_full_check_says(told: Scratch) -> None:
    found = record(told.path)
    report = run_check(Request(told.path, end_of_day(DAY), base="main", head="main", everything=True))
    assert found.verdict == report.verdict
    assert {(it.id, it.verdict, it.tier) for it in found.systems} == {
        (it.id, it.verdict, it.tier) for it in report.systems
    }
    open_ = {it.id for it in report.findings if it.state not in ("met", "not-applicable")}
    assert {it.id for it in found.findings} == open_


def test_a_record_is_the_same_however_it_travels(told: Scratch) -> None:
    found = record(told.path)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=RepositoryRecord) == found
    assert msgspec.json.decode(msgspec.json.encode(found), type=RepositoryRecord) == found


def test_sessions_that_share_say_what_single_ones_say(told: Scratch, tmp_path: Path) -> None:
    other = Scratch(tmp_path / "other")
    other.adopt(low_system("development"))
    shared = SharedReadings()
    together = [record(path, shared=shared) for path in (told.path, other.path, told.path)]
    assert together == [record(path) for path in (told.path, other.path, told.path)]


def test_a_repository_without_a_manifest_is_read_all_the_same(scratch: Scratch) -> None:
    scratch.commit(files=CODE)
    found = record(scratch.path)
    assert not found.governed
    assert not found.systems
    assert found.repository == "given/name"
    assert ("screener/rank.py", "sdk") in {(use.path, use.kind) for use in found.ai_uses}
    assert {use.system for use in found.ai_uses} == {""}


def test_a_repository_without_ai_says_so(scratch: Scratch) -> None:
    scratch.commit(files={"README.md": "# Tools\n"})
    found = record(scratch.path)
    assert (found.governed, found.ai_uses, found.systems) == (False, (), ())
    assert found.error == ""


def test_a_manifest_that_cannot_be_read_is_no_record(scratch: Scratch) -> None:
    scratch.commit(files={"governance.yaml": "schema: policy-gate/manifest/v1\nsystems: [{id: SYS-001}]\n"})
    with pytest.raises(DocumentError, match=r"governance\.yaml cannot be read") as refused:
        record(scratch.path)
    assert refused.value.problems


def test_what_nobody_said_is_unknown_and_not_no(scratch: Scratch) -> None:
    vendor = {"id": "acme", "vendor_name": "Acme"}
    system = NOTES | {"vendors": ["acme"], "models": [{"name": "some-model"}]}
    scratch.commit(files={"governance.yaml": manifest(system, vendors=[vendor])})
    found = record(scratch.path)
    assert (found.vendors[0].has_dpa, found.vendors[0].sends_personal_data) == (None, None)
    assert found.vendors[0].open
    assert (found.models[0].pinned, found.models[0].retires) == (None, None)


@pytest.mark.parametrize(
    ("listed", "pinned"),
    [
        ({"name": "gpt-4o"}, False),
        ({"name": "gpt-4o-2024-08-06"}, True),
        ({"name": "gpt-4o", "version": "2024-08-06"}, True),
        ({"name": "in-house", "digest": "a" * 64}, True),
        ({"name": "in-house", "version": "latest"}, False),
    ],
)
def test_whether_a_model_is_pinned(scratch: Scratch, listed: dict[str, str], pinned: bool) -> None:
    scratch.commit(files={"governance.yaml": manifest(NOTES | {"models": [listed]})})
    assert record(scratch.path).models[0].pinned is pinned


@real_crypto
@needs_openssh
def test_a_signature_is_verified_with_the_key_that_base_pins(scratch: Scratch, tmp_path: Path) -> None:
    keys = Keyring(tmp_path)
    document = with_keys(roles(ciso="Ada Example"), keys)
    own = document["roles"]["ciso"]["members"][0]
    own["keys"] = [{"key": keys.public("Ada Example"), "valid_until": "2026-06-01"}]
    files = {name: to_yaml(APPROVAL | {"id": name}) for name in ("good", "forged", "plain")}
    scratch.write({f"governance/approvals/{name}.yaml": text for name, text in files.items()})
    folder = scratch.path / "governance/approvals"
    good = keys.sign("Ada Example", folder / "good.yaml", NAMESPACE)
    forged = keys.sign("Bo Author", folder / "forged.yaml", NAMESPACE)
    scratch.write({"governance/approvals/good.yaml.sig": good, "governance/approvals/forged.yaml.sig": forged})
    scratch.commit(
        files={
            "governance.yaml": manifest(NOTES),
            "policies/roles.yaml": to_yaml(
                {"schema": document["schema"], "roles": {"ciso": document["roles"]["ciso"]}}
            ),
        }
    )
    found = {Path(it.path).stem: it.verified for it in record(scratch.path).approvals}
    # The key ended after the day of the approval: what it signed, it signed.
    assert found == {"good": True, "forged": False, "plain": None}


def test_the_day_decides_what_is_due(told: Scratch) -> None:
    kinds = {it.kind for it in record(told.path).due}
    assert {"approval", "incident-clock", "key", "model", "vendor-assessment", "vendor-term", "waiver"} <= kinds
    before, after = (record(told.path, day) for day in (date(2026, 12, 31), date(2027, 1, 2)))
    assert [it.kind for it in before.due].count("vendor-term") == 1
    assert "vendor-term" not in {it.kind for it in after.due}
