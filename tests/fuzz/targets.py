"""What is fuzzed: each reader of what others write, by a name, with what it begins from.

A reader answers, or refuses with one of the errors it promises; whatever else it raises is a fault, and so is an answer
that takes longer than a second. Nothing here knows the fuzzer: `fuzz.py` feeds it, and
`test_readers.py` tries a few inputs of each.
"""

from __future__ import annotations

import base64
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import evaluations
from card_words import CARD_WORDS
from evidence import card, document, junit
from world import base_files, high_system, roles, to_yaml

from policy_gate.advise.masking import Mask
from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.collect.policy_files import builtin_texts
from policy_gate.discover.look import look_at
from policy_gate.discover.signs import shipped_signs
from policy_gate.documents.validation import validated
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.errors import PolicyGateError
from policy_gate.facts.document_sections import read_markdown
from policy_gate.facts.test_results import Expected, read_results
from policy_gate.forges.github_event import read_event
from policy_gate.schema.documents import ApprovalRecord, Config, Manifest, Waivers
from policy_gate.schema.facts import TestFact
from policy_gate.schema.incident_document import Incident
from policy_gate.schema.policy_document import PolicyFile
from policy_gate.schema.roles import Roles
from policy_gate.schema.source import Location
from policy_gate.signing.sigstore_bundle import MalformedBundleError, check_bundle, spelt
from policy_gate.signing.sshsig import MalformedSignatureError, parse
from policy_gate.vcs.commits import parse_commit
from policy_gate.vcs.trees import parse_tree

ROOT = Path(__file__).resolve().parents[2]
_LIMIT = 200_000
"""bytes of the largest input; the readers themselves refuse more than this by their own limits"""


class Target(NamedTuple):
    """A reader of bytes, what it may raise, and where its inputs begin."""

    read: Callable[[bytes], Any]
    seeds: Callable[[], Iterator[bytes]]
    refusals: tuple[type[Exception], ...] = (PolicyGateError,)
    largest: int = 0
    """bytes of the largest input that is made; 0 is twice the largest seed. Larger seeds are read as they are: what a
    reader does takes as long as its input is large, and most of its branches are reached by small ones"""


def _typed(model: type[Any], path: str) -> Callable[[bytes], Any]:
    def read(data: bytes) -> Any:
        raw, marks = read_yaml(path, data)
        return validated(model, path, "0" * 40, raw, marks)

    return read


def _card(name: str) -> Callable[[bytes], Any]:
    def read(data: bytes) -> Any:
        return read_card(evidence_of(name, "0" * 40, data), Location("governance.yaml"), CARD_WORDS)

    return read


def _results(data: bytes) -> Any:
    blank = TestFact("bias-benchmark-suite", "r.json", "0", Location("governance.yaml", 1, 1), None, "")
    text = evidence_of("r.xml", "0" * 40, data, as_data=False).text
    return text and read_results(text, Expected("bias-benchmark-suite", "SYS-001", version="2.1"), blank)


def _code(path: str) -> Callable[[bytes], Any]:
    return lambda data: look_at(path, "0" * 40, lambda: len(data), lambda: data, shipped_signs())


def _prose(data: bytes) -> Any:
    return read_markdown(data.decode("utf-8", "replace"))


def _event(data: bytes) -> Any:
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return read_event({"GITHUB_EVENT_PATH": file.name})


def _yaml(*values: Any) -> Callable[[], Iterator[bytes]]:
    return lambda: (to_yaml(value).encode() for value in values)


_INCIDENT = {
    "schema": "policy-gate/incident/v1",
    "id": "INC-1",
    "system": "SYS-001",
    "type": "privacy_violation",
    "severity": "high",
    "description": "A customer saw the address of another.",
    "occurred_at": "2026-11-20T07:00:00Z",
    "detected_at": "2026-11-20T09:00:00Z",
    "aware_at": "2026-11-20T10:00:00Z",
    "affected_users_estimate": 3,
    "eu_residents_affected": True,
    "timeline": [{"at": "2026-11-20T10:20:00Z", "step": "triaged", "by": "rae@example.com"}],
    "new_tests": ["tests/test_leak.py"],
}
_APPROVAL = {
    "schema": "policy-gate/approval/v1",
    "system": "SYS-001",
    "for": "production-deployment",
    "role": "ciso",
    "approver": {"name": "Ada Example", "email": "ada@example.com"},
    "approved_on": "2026-11-20",
    "expires": "2027-02-18",
    "subject_digest": "sha256:" + "0" * 64,
    "target_branch": "main",
    "statement": "I read it.",
}
_WAIVERS = {
    "schema": "policy-gate/waiver/v1",
    "waivers": [
        {
            "system": "SYS-001",
            "rule": "model-card",
            "reason": "The card is written next week.",
            "expires": "2027-01-01",
            "owner": "bo@example.com",
            "approver": "ada@example.com",
            "created": "2026-11-20",
            "ticket": "https://example.com/1",
        }
    ],
}
_EVENT = {
    "action": "opened",
    "ref": "refs/heads/main",
    "number": 7,
    "pull_request": {
        "number": 7,
        "user": {"login": "bo", "id": 1},
        "head": {"sha": "a" * 40, "ref": "work"},
        "base": {"sha": "b" * 40, "ref": "main"},
    },
    "repository": {"default_branch": "main"},
    "sender": {"login": "bo", "id": 1},
}
_COMMIT = (
    b"tree " + b"a" * 40 + b"\nparent " + b"b" * 40 + b"\nauthor Bo Author <bo@example.com> 1764400000 +0100\n"
    b"committer Bo Author <bo@example.com> 1764400000 +0100\n\nA change\n\nCo-authored-by: Ada <ada@example.com>\n"
)


def _signatures() -> Iterator[bytes]:
    def string(data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + data

    key = string(b"ssh-ed25519") + string(bytes(32))
    signed = string(b"ssh-ed25519") + string(bytes(64))
    parts = (key, b"policy-gate-approval@v1", b"", b"sha512", signed)
    blob = b"SSHSIG" + (1).to_bytes(4, "big") + b"".join(map(string, parts))
    yield b"-----BEGIN SSH SIGNATURE-----\n" + base64.encodebytes(blob) + b"-----END SSH SIGNATURE-----\n"


def _bundles() -> Iterator[bytes]:
    material = {"certificate": {"rawBytes": "AAAA"}, "tlogEntries": [{"logIndex": "0"}]}
    digest = {"algorithm": "SHA2_256", "digest": "AAAA"}
    whole = {
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "messageSignature": {"messageDigest": digest, "signature": "AAAA"},
        "verificationMaterial": material,
    }
    yield spelt(json.dumps(whole))


def _cards(*endings: str) -> Callable[[], Iterator[bytes]]:
    def seeds() -> Iterator[bytes]:
        for folder in (ROOT / "tests", ROOT.parent / "shared" / "corpus" / "cards"):
            for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
                if path.suffix in endings and path.is_file() and path.stat().st_size < _LIMIT:
                    data = path.read_bytes()
                    if b"model" in data.lower():
                        yield data
        yield card().encode()

    return seeds


def _reports() -> Iterator[bytes]:
    yield junit("bias-benchmark-suite", 2, 1, 1).encode()
    for made in (evaluations.promptfoo(2, 1), evaluations.deepeval(2, 1), evaluations.lm_eval(0.9)):
        yield json.dumps(made).encode()
    yield json.dumps(evaluations.pytest_json(("passed", "failed", "skipped"))).encode()
    yield json.dumps(evaluations.plain(2, 1)).encode()
    yield evaluations.garak().encode()
    yield evaluations.garak_hits().encode()


def _documents() -> Iterator[bytes]:
    for artifact in ("red-team-report", "privacy-impact-assessment", "incident-response-plan"):
        yield document(artifact).encode()


_PYTHON = """from typing import TYPE_CHECKING

import openai

if TYPE_CHECKING:
    from anthropic import Anthropic

MODEL = "gpt-4o-2024-08-06"
PROMPT = f'''You are {MODEL}, an assistant of recruiters.'''


@cached
def ask(client: "Anthropic", words: str = "none") -> str:
    return openai.OpenAI().responses.create(model=MODEL, input=[{"role": "system", "content": PROMPT + words}])
"""
_TYPESCRIPT = """import type { UIMessage } from "ai";
import { openai } from '@ai-sdk/openai'; // the client
export const r = { model: openai(`gpt-4.1-mini`), system: "You are kind.", url: /https?:[/]{2}/ };
"""
_CONFIGURATION = "llm:\n  model: gpt-4o # was gpt-4\n  base_url: https://api.openai.com/v1\n  a: ['b']\nMODEL=o1\n"


def _trees() -> Iterator[bytes]:
    yield b"100644 governance.yaml\0" + b"\1" * 20 + b"40000 screener\0" + b"\2" * 20
    yield b"120000 link\0" + b"\1" * 20 + b"160000 module\0" + b"\2" * 20


TARGETS: dict[str, Target] = {
    "manifest": Target(
        _typed(Manifest, "governance.yaml"),
        _yaml({"schema": "policy-gate/manifest/v1", "systems": [high_system("production")], "vendors": []}),
    ),
    "config": Target(_typed(Config, "policy-gate.yaml"), lambda: iter([base_files()["policy-gate.yaml"].encode()])),
    "roles": Target(_typed(Roles, "policies/roles.yaml"), _yaml(roles())),
    "policy": Target(_typed(PolicyFile, "policies/own.yaml"), lambda: iter(builtin_texts().values()), largest=4_000),
    "approval": Target(_typed(ApprovalRecord, "governance/approvals/a.yaml"), _yaml(_APPROVAL)),
    "waivers": Target(_typed(Waivers, "governance/waivers.yaml"), _yaml(_WAIVERS)),
    "incident": Target(_typed(Incident, "governance/incidents/INC-1.yaml"), _yaml(_INCIDENT)),
    "card-markdown": Target(_card("MODEL_CARD.md"), _cards(".md"), largest=1_600),
    "card-yaml": Target(_card("card.yaml"), _cards(".yaml", ".yml"), largest=2_500),
    "card-json": Target(_card("card.json"), _cards(".json"), largest=2_500),
    "document": Target(_prose, _documents),
    "code-python": Target(_code("app.py"), lambda: iter([_PYTHON.encode()])),
    "code-script": Target(_code("app.ts"), lambda: iter([_TYPESCRIPT.encode()])),
    "code-settings": Target(_code("deploy/app.yaml"), lambda: iter([_CONFIGURATION.encode()])),
    "masked": Target(lambda data: Mask({"Ada Example"}).hide(data.decode("utf-8", "replace")), _documents),
    "results": Target(_results, _reports),
    "event": Target(_event, lambda: iter([json.dumps(_EVENT).encode()])),
    "commit": Target(parse_commit, lambda: iter([_COMMIT])),
    "tree": Target(lambda data: parse_tree(data, "", 20), _trees),
    "signature": Target(parse, _signatures, (MalformedSignatureError,)),
    "bundle": Target(check_bundle, _bundles, (MalformedBundleError,)),
}
"""Every reader of what an author, a forge or a tool may have written."""
