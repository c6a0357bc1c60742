"""The attestation of a verdict: what it names, by whom it is accepted, signed for real, and when there is none."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from parts import PARTS, ROOT
from sample_reports import HOSTILE, SAMPLES, blocked, hostile, passed, report, rules_changed, system, trust

from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.report.formats.attestation import EXTENSION, PREDICATE_TYPE, attestation, resource_uri, unattestable
from policy_gate.schema.report import Ref, Report

SCHEMA = json.loads((ROOT / "tests" / "data" / "slsa-verification-summary.schema.json").read_text("utf-8"))
NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
ATTESTED = [name for name, make in SAMPLES.items() if not unattestable(make())]
Data = dict[str, Any]


def told(said: Report, url: str = "") -> Data:
    statement: Data = json.loads(attestation(said, NOON, url))
    return statement


def faults(predicate: Data) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(predicate)]


def test_some_samples_are_attested_and_some_are_not() -> None:
    assert set(SAMPLES) - set(ATTESTED) == {"conflict", "undecided-fact", "deferred", "hostile"}


@pytest.mark.parametrize("name", ATTESTED)
def test_the_predicate_is_a_verification_summary(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    statement = told(SAMPLES[name]())
    assert statement["predicateType"] == PREDICATE_TYPE == "https://slsa.dev/verification_summary/v1"
    assert faults(statement["predicate"]) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda it: it.pop("verifier"),
        lambda it: it.pop("policy"),
        lambda it: it["policy"].pop("digest"),
        lambda it: it["policy"]["digest"].update(sha256="sha256:" + "a" * 64),
        lambda it: it.update(verificationResult="OK"),
        lambda it: it.update(verifiedLevels="SLSA_BUILD_LEVEL_3"),
        lambda it: it.update(verifiedLevels=["SLSA_FINE"]),
        lambda it: it.update(timeVerified="2026-11-22"),
        lambda it: it.update(resourceUri="example-org/screener"),
        lambda it: it.update(verdict="pass"),
        lambda it: it[EXTENSION].pop("base"),
        lambda it: it[EXTENSION]["head"].update(commit=None),
        lambda it: it[EXTENSION]["result"].update({"from": "worktree"}),
        lambda it: it[EXTENSION].update(verdict="undecided"),
        lambda it: it[EXTENSION].update(enforcing=False),
    ],
)
def test_the_schema_refuses_what_is_no_summary(spoil: Callable[[Data], object]) -> None:
    predicate = told(passed())["predicate"]
    spoil(predicate)
    assert faults(predicate) != []


@pytest.mark.parametrize(
    ("verdict", "result", "levels"),
    [
        ("pass", "PASSED", ["SLSA_BUILD_LEVEL_UNEVALUATED", "POLICY_GATE_PASS"]),
        ("conditions", "PASSED", ["SLSA_BUILD_LEVEL_UNEVALUATED", "POLICY_GATE_CONDITIONS"]),
        ("block", "FAILED", ["FAILED"]),
    ],
)
def test_a_verdict_that_lets_merge_is_passed_and_block_is_failed(verdict: Any, result: str, levels: list[str]) -> None:
    predicate = told(report(verdict=verdict))["predicate"]
    assert (predicate["verificationResult"], predicate["verifiedLevels"]) == (result, levels)
    assert predicate[EXTENSION]["verdict"] == verdict
    assert faults(predicate) == []


def test_t29_it_names_base_head_result_and_policies() -> None:
    said = passed()
    statement = told(said)
    subjects = {subject["name"]: subject["digest"] for subject in statement["subject"]}
    assert subjects["result"] == {"gitTree": said.trust.result_tree}
    assert subjects["head"] == {"gitCommit": said.trust.head.commit}
    check = statement["predicate"][EXTENSION]
    assert check["base"] == {"ref": "refs/remotes/origin/main", "commit": said.trust.base.commit}
    assert check["head"] == {"ref": "HEAD", "commit": said.trust.head.commit}
    assert check["result"] == {"tree": said.trust.result_tree, "from": "head"}
    assert check["policies"]["digest"] == said.trust.policies_digest
    assert "sha256:" + statement["predicate"]["policy"]["digest"]["sha256"] == said.trust.policies_digest


@pytest.mark.parametrize(
    "moved",
    [
        {"base": Ref("refs/remotes/origin/weak", "3f2a9c1" + "0" * 33)},
        {"base": Ref("refs/remotes/origin/main", "1" * 40)},
        {"head": Ref("HEAD", "1" * 40)},
        {"result_tree": "1" * 40},
        {"policies_digest": "sha256:" + "1" * 64},
        {"repository": "example-org/other"},
    ],
)
def test_t29_a_verdict_about_anything_else_is_another_attestation(moved: Data) -> None:
    again = attestation(report(verdict="pass"), NOON)
    assert again == attestation(report(verdict="pass"), NOON)
    assert again != attestation(report(verdict="pass", trust=trust(**moved)), NOON)


def test_the_json_report_is_a_subject_byte_for_byte() -> None:
    said = blocked()
    as_a_job_writes_it = REPORTERS["json"](
        said, RenderOptions(width=100, source_url="https://forge.example/a/blob/main")
    )
    digest = hashlib.sha256(as_a_job_writes_it.encode("utf-8")).hexdigest()
    assert told(said)["subject"][2] == {"name": "policy-gate.json", "digest": {"sha256": digest}}


def test_each_system_stands_with_its_own_verdict() -> None:
    systems = told(blocked())["predicate"][EXTENSION]["systems"]
    assert [(it["id"], it["stage"], it["tier"], it["verdict"]) for it in systems] == [
        ("SYS-001", "pre_deployment", "high", "block"),
        ("SYS-002", "production", "medium", "pass"),
    ]
    assert told(rules_changed())["predicate"][EXTENSION]["systems"] == []


def test_the_time_is_the_instant_of_the_check_in_utc() -> None:
    east = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert attestation(passed(), east) == attestation(passed(), NOON)
    assert told(passed())["predicate"]["timeVerified"] == "2026-11-22T12:00:00Z"


@pytest.mark.parametrize(
    ("named", "url", "uri"),
    [
        ("example-org/screener", "https://forge.example/a/b", "git+https://forge.example/a/b"),
        ("https://forge.example:8443/a/b", "", "git+https://forge.example:8443/a/b"),
        ("example-org/screener", "", "urn:policy-gate:repository:example-org/screener"),
        ("example-org/it", "https://user:secret@forge.example/a", "urn:policy-gate:repository:example-org/it"),
        ("example-org/it", "javascript:alert(1)", "urn:policy-gate:repository:example-org/it"),
        ("a b\n::error::\ud800", "", "urn:policy-gate:repository:a%20b%0A%3A%3Aerror%3A%3A%ED%A0%80"),
        ("", "", "gitoid:tree:sha1:c0ffee1" + "0" * 33),
    ],
)  # fmt: skip
def test_the_resource_is_always_a_uri(named: str, url: str, uri: str) -> None:
    said = report(verdict="pass", trust=trust(repository=named))
    assert resource_uri(said, url) == uri
    assert faults(told(said, url)["predicate"]) == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"verdict": "undecided"}, "the verdict is undecided"),
        ({"trust": trust(enforcing=False, notes=("--as-of",))}, "this check does not enforce (--as-of)"),
        ({"trust": trust(enforcing=False)}, "this check does not enforce (it was asked for on weaker terms)"),
        ({"trust": trust(result_from="worktree")}, "what was judged is no commit"),
        ({"trust": trust(head=Ref("HEAD", None))}, "what was judged is no commit"),
        ({"trust": trust(base=Ref("HEAD", None))}, "what was judged is no commit"),
        ({"trust": trust(head=Ref("HEAD", "HEAD"))}, "what was judged is no commit"),
        ({"trust": trust(result_tree="")}, "what was judged is no commit"),
        ({"trust": trust(policies_digest="")}, "the policies in force cannot be named"),
    ],
)
def test_nothing_is_attested_of_what_does_not_bind(changes: Data, why: str) -> None:
    plain = report(verdict="pass")
    assert unattestable(plain) == ""
    said = report(**({"verdict": "pass"} | changes))
    assert unattestable(said) == why
    with pytest.raises(ValueError, match="nothing to attest"):
        attestation(said, NOON)


def test_t21_hostile_text_is_shown_and_never_obeyed() -> None:
    named = hostile().trust
    said = report(
        verdict="block",
        systems=(system(id=HOSTILE[0]),),
        trust=trust(
            notes=HOSTILE, repository=" / ".join(HOSTILE), policies_source=HOSTILE[3],
            head=Ref(named.head.ref, "8d41b07" + "0" * 33), base=Ref(HOSTILE[2], "3f2a9c1" + "0" * 33),
        ),
    )  # fmt: skip
    text = attestation(said, NOON)
    assert "forged" in text
    assert [char for char in text if unicodedata.category(char)[0] == "C" and char != "\n"] == []
    assert re.search(r"^\s*::|##\w*\[", text, re.MULTILINE) is None
    assert faults(json.loads(text)["predicate"]) == []


SIGN = """
import json, sys
from google.protobuf.json_format import ParseDict
from in_toto_attestation.v1.statement import Statement
from in_toto_attestation.v1.statement_pb2 import Statement as Message
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner

def valid(payload):
    try:
        Statement.copy_from_pb(ParseDict(json.loads(payload), Message())).validate()
    except Exception:
        return False
    return True

def holds(envelope, *keys):
    try:
        envelope.verify(list(keys), 1)
    except VerificationError:
        return False
    return True

TYPE = "application/vnd.in-toto+json"
ours, theirs = CryptoSigner.generate_ed25519(), CryptoSigner.generate_ed25519()
for payload in json.load(sys.stdin):
    signed = Envelope(payload.encode(), TYPE, {})
    signed.sign(ours)
    sent = json.loads(json.dumps(signed.to_dict()))
    read = Envelope.from_dict(sent)
    same = read.payload == payload.encode()
    turned = Envelope(payload.replace("FAILED", "PASSED").replace("block", "pass").encode(), TYPE, read.signatures)
    retyped = Envelope(read.payload, "text/plain", read.signatures)
    print(json.dumps({
        "valid": valid(payload), "same": same, "signed": holds(read, ours.public_key),
        "other_key": holds(read, theirs.public_key), "turned": holds(turned, ours.public_key),
        "retyped": holds(retyped, ours.public_key),
    }))
"""


@pytest.fixture(scope="module")
def signed() -> Callable[[list[str]], list[dict[str, bool]]]:
    python = PARTS / "bin" / "python"
    if (
        not python.exists()
        or subprocess.run(
            [python, "-c", "import in_toto_attestation, securesystemslib"], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("in-toto-attestation and securesystemslib are not installed here; .ci/run installs them")

    def sign(payloads: list[str]) -> list[dict[str, bool]]:
        done = subprocess.run(
            [python, "-c", SIGN], input=json.dumps(payloads), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    return sign


@pytest.mark.real_crypto
def test_others_accept_the_statement_and_hold_its_signature(
    signed: Callable[[list[str]], list[dict[str, bool]]],
) -> None:
    payloads = [attestation(SAMPLES[name](), NOON) for name in ATTESTED]
    spoilt = []
    for change in (
        lambda it: it.update(subject=[]),
        lambda it: it["subject"][0].pop("digest"),
        lambda it: it.update(_type="https://in-toto.io/Statement/v0.1"),
        lambda it: it.update(predicate={}),
    ):
        statement = told(blocked())
        change(statement)
        spoilt.append(json.dumps(statement))
    answers = signed([*payloads, *spoilt])
    assert [answer["valid"] for answer in answers] == [True] * len(payloads) + [False] * len(spoilt)
    for answer, payload in zip(answers, payloads, strict=False):
        assert (answer["same"], answer["signed"], answer["other_key"], answer["retyped"]) == (True, True, False, False)
        assert answer["turned"] == ("FAILED" not in payload and "block" not in payload)
    assert any("FAILED" in payload for payload in payloads)
