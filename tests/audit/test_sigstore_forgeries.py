"""Bundles that somebody would like to be believed: each is told with its place, and none counts.

Each attempt is made with real cryptography, beside a control without the trick that counts.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from audit_log import audit_part, canonical, commits, put, recorded, statement
from scratch import Scratch
from sigstore_world import (
    GITHUB,
    ROLES,
    SEEN,
    WORKFLOW,
    Signing,
    Sigstore,
    bundle_of,
    governed,
    needs_sigstore,
    pinned,
    workflow,
)
from world import from_yaml, to_yaml

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake, needs_sigstore]
Data = dict[str, Any]


@pytest.fixture(scope="module")
def signing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signing]:
    with Sigstore() as service:
        yield Signing(service, tmp_path_factory.mktemp("trust"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, signing: Signing) -> Scratch:
    """A verdict and its stage, signed as the audit workflow, which base pins for the CISO."""
    repo = Scratch(tmp_path_factory.mktemp("signed"))
    governed(repo, workflow())
    assert signing.record(repo).code == 0
    return repo


@pytest.fixture
def repo(made: Scratch, tmp_path: Path) -> Scratch:
    found = Scratch.__new__(Scratch)
    found.path, found.home = tmp_path / "repo", tmp_path / "home"
    found.home.mkdir()
    shutil.copytree(made.path, found.path)
    found.git("update-ref", "-d", SEEN)
    return found


def told(repo: Scratch, signing: Signing) -> str:
    """What is wrong with the first entry; nothing is signed, and what people read is plain text."""
    done = signing.verified(repo)
    assert done.code == 1, done
    assert done.report["signed"] == 0
    text = repo.run("audit", "verify", "--trust-config", str(signing.trust))
    assert "Traceback" not in text.err
    assert all(it.isprintable() or it == "\n" for it in text.out)
    return str(done.report["first_broken"])


def test_the_control_a_bundle_made_by_hand_counts(repo: Scratch, signing: Signing) -> None:
    signing.forged(repo)
    assert signing.verified(repo, "--require-signed").code == 0
    signing.forged(repo, stamped=signing.service.now)
    assert signing.verified(repo, "--require-signed").code == 0


REPO = "https://github.com/example-org/app"


@pytest.mark.parametrize(
    "about",
    [
        {"identity": f"{REPO}/.github/workflows/release.yml@refs/heads/main"},
        {"identity": f"{REPO}/.github/workflows/audit.yml@refs/pull/7/merge"},
        {"identity": f"{REPO}/.github/workflows/audit.yml@refs/heads/main2"},
        {"identity": f"{REPO}/.github/workflows/audit.yml@refs/tags/main"},
        {"identity": WORKFLOW.replace("example-org", "Example-Org")},
        {"identity": WORKFLOW.replace("app", "fork")},
        {"identity": WORKFLOW + "/"},
        {"identity": WORKFLOW + "\0"},
        {"identity": "ada@example.com"},
        {"issuer": GITHUB + "/"},
        {"issuer": "https://gitlab.com"},
        {"issuer": GITHUB.replace("token", "TOKEN")},
        {"issuer": GITHUB + "/_services/token"},
    ],
    ids=str,
)
def test_whoever_is_not_pinned_letter_by_letter_signs_nothing(repo: Scratch, signing: Signing, about: Data) -> None:
    signing.forged(repo, **about)
    assert "pinned for nobody" in told(repo, signing)


def test_a_workflow_of_another_that_calls_ours_is_not_ours(repo: Scratch, signing: Signing) -> None:
    """A reusable workflow's certificates name it, whoever calls it, from any branch of any repository."""
    signing.forged(repo, called_by=f"{REPO}/.github/workflows/mine.yml@refs/heads/mine")
    assert "it was called by" in told(repo, signing)
    signing.forged(repo, called_by="")
    assert "does not say which workflow called it" in told(repo, signing)


def test_control_characters_of_an_identity_reach_no_terminal(repo: Scratch, signing: Signing) -> None:
    signing.forged(repo, identity="https://example.com/\x1b]0;mine\x07/", called_by="\u202eyas")
    assert "pinned for nobody" in told(repo, signing)


def _second_name(service: Any) -> Data:
    from cryptography import x509

    both = ["https://example.com/mine", WORKFLOW]
    return {"names": [x509.UniformResourceIdentifier(it) for it in both]}


def _as_address(service: Any) -> Data:
    from cryptography import x509

    return {"names": [x509.DNSName("github.com")]}


def _two_issuers(service: Any) -> Data:
    from fakes.sigstore import der

    return {"issuers": [("1", GITHUB.encode()), ("8", der(0x0C, b"https://example.com"))]}


def _longer_issuer(service: Any) -> Data:
    from fakes.sigstore import der

    return {"issuers": [("1", GITHUB.encode()), ("8", der(0x0C, GITHUB.encode()) + b"more")]}


@pytest.mark.parametrize(
    ("about", "what"),
    [
        (_second_name, "does not name one workflow or e-mail address"),
        (_as_address, "does not name one workflow or e-mail address"),
        (_two_issuers, "does not name one issuer"),
        (_longer_issuer, "says something that is no text"),
        (lambda _: {"issuers": []}, "does not name one issuer"),
    ],
)
def test_a_certificate_that_names_several_or_none_names_nobody(
    repo: Scratch, signing: Signing, about: Callable[[Any], Data], what: str
) -> None:
    signing.forged(repo, **about(signing.service))
    assert what in told(repo, signing)


def test_a_certificate_of_ones_own_proves_nothing(repo: Scratch, signing: Signing) -> None:
    from cryptography.x509.oid import ExtendedKeyUsageOID
    from fakes.sigstore import new_key

    signing.forged(repo, ca=new_key())
    assert "does not verify" in told(repo, signing)
    signing.forged(repo, is_logged=False)
    assert "does not verify" in told(repo, signing)
    signing.forged(repo, usage=ExtendedKeyUsageOID.CLIENT_AUTH)
    assert "does not verify" in told(repo, signing)


def test_a_service_of_ones_own_proves_nothing(repo: Scratch, signing: Signing) -> None:
    mine = Sigstore()
    signing.forged(repo, bundle=mine.bundle)
    assert "does not verify" in told(repo, signing)
    mine.ca, mine.root, mine.ct = signing.service.ca, signing.service.root, signing.service.ct
    signing.forged(repo, bundle=mine.bundle)
    assert "does not verify" in told(repo, signing), "only the transparency log is another"
    mine.log, mine.ct = signing.service.log, Sigstore().ct
    signing.forged(repo, bundle=mine.bundle)
    assert "does not verify" in told(repo, signing), "only the certificate log is another"
    mine.ct = signing.service.ct
    signing.forged(repo, bundle=mine.bundle)
    assert signing.verified(repo).code == 0, "the control: all keys are those of the trust root"


def test_a_bundle_of_other_bytes_or_of_another_entry_is_none(repo: Scratch, signing: Signing) -> None:
    signing.forged(repo, bundle=lambda text: signing.service.bundle(text + b"\n"))
    assert "does not verify" in told(repo, signing)
    repo.commit("More", files={"notes.md": "1\n"})
    assert signing.record(repo).code == 0
    other = bundle_of(repo, commits(repo)[1])
    signing.forged(repo, bundle=lambda _: other)
    assert "does not verify" in told(repo, signing)


def _other(place: str) -> Callable[[Data, Data], None]:
    """Take one part of a genuine bundle from another genuine bundle."""

    def change(data: Data, other: Data) -> None:
        *way, last = place.split(".")
        for key in way:
            data, other = data[key], other[key]
        assert data[last] != other[last]
        data[last] = other[last]

    return change


@pytest.mark.parametrize(
    "place",
    [
        "messageSignature",
        "messageSignature.signature",
        "messageSignature.messageDigest",
        "verificationMaterial.certificate",
        "verificationMaterial.tlogEntries",
    ],
)
def test_parts_of_two_genuine_bundles_are_no_third(repo: Scratch, signing: Signing, place: str) -> None:
    def mixed(text: bytes) -> Data:
        data, other = signing.service.bundle(text), signing.service.bundle(b"other")
        _other(place)(data, other)
        return dict(data)

    signing.forged(repo, bundle=mixed)
    assert "does not verify" in told(repo, signing)


def entry_of(data: Data) -> Data:
    found: Data = data["verificationMaterial"]["tlogEntries"][0]
    return found


@pytest.mark.parametrize(
    "change",
    [
        lambda it: entry_of(it).update(integratedTime=str(int(entry_of(it)["integratedTime"]) - 60)),
        lambda it: entry_of(it).update(logIndex="77"),
        lambda it: entry_of(it)["inclusionProof"].update(logIndex="77"),
        lambda it: entry_of(it)["inclusionProof"].update(rootHash="A" * 43 + "="),
        lambda it: entry_of(it).pop("inclusionPromise"),
        lambda it: entry_of(it).pop("inclusionProof"),
        lambda it: entry_of(it).pop("integratedTime"),
        lambda it: entry_of(it).update(integrated_time=entry_of(it)["integratedTime"]),
        lambda it: entry_of(it)["inclusionProof"]["checkpoint"].update(envelope="x\n\ny\n"),
        lambda it: it["verificationMaterial"]["tlogEntries"].append(entry_of(it)),
        lambda it: it["verificationMaterial"]["tlogEntries"].clear(),
        lambda it: it["verificationMaterial"].update(tlogEntries={}),
        lambda it: it["verificationMaterial"]["certificate"].update(rawBytes="AAAA"),
        lambda it: it["verificationMaterial"].update(publicKey={"hint": "x"}),
        lambda it: it["verificationMaterial"].update(x509CertificateChain={"certificates": []}),
        lambda it: it.update(mediaType="application/vnd.dev.sigstore.bundle+json;version=0.1"),
        lambda it: it.update(dsseEnvelope={"payload": "", "payloadType": "x", "signatures": []}),
        lambda it: it.update(more="x"),
        lambda it: it.pop("messageSignature"),
        lambda it: it["messageSignature"].update(signature="AA\n=="),
        lambda it: it["messageSignature"].pop("messageDigest") and it["messageSignature"].update(signature="AAAA"),
    ],
)
def test_a_bundle_with_a_part_changed_is_none(repo: Scratch, signing: Signing, change: Callable[[Data], Any]) -> None:
    def changed(text: bytes) -> Data:
        data: Data = signing.service.bundle(text)
        change(data)
        return data

    signing.forged(repo, bundle=changed)
    assert " bundle " in told(repo, signing)


def _twice(text: str) -> str:
    """The same key twice: two readers would see two things."""
    return text.replace('{"mediaType":', '{"mediaType":"x","mediaType":', 1)


@pytest.mark.parametrize(
    ("spelt", "what"),
    [
        (_twice, "not written as a bundle is stored"),
        (lambda it: " " + it, "not written as a bundle is stored"),
        (lambda it: it + "\n", "not written as a bundle is stored"),
        (lambda it: it.replace("mediaType", "m\\u0065diaType"), "not written as a bundle is stored"),
        (lambda it: it[:-9], "it is no JSON"),
        (lambda it: "[" * 60_000, "it is no JSON"),
        (lambda it: "\x1b[31m", "it is no JSON"),
        (lambda it: "[]\n", "not written as a bundle is stored"),
        (lambda it: "null\n", "not written as a bundle is stored"),
        (lambda it: "{}\n", "no bundle of format 0.3"),
        (lambda it: "", "it is no JSON"),
        (lambda it: it + " " * 70_000, "too large"),
    ],
)
def test_a_bundle_is_spelt_in_one_way(repo: Scratch, signing: Signing, spelt: Callable[[str], str], what: str) -> None:
    signing.forged(repo, bundle=lambda text: spelt(canonical(signing.service.bundle(text))))
    assert what in told(repo, signing)


def test_an_entry_is_signed_in_one_way(repo: Scratch, signing: Signing) -> None:
    old = commits(repo)[0]
    files = {
        name: repo.git("show", f"{old}:{name}") + "\n" for name in ("statement.json", "statement.json.sigstore.json")
    }
    put(repo, "", files | {"statement.json.sig": "x"}, repo.git("log", "-1", "--format=%B", old))
    assert "it is signed in two ways" in told(repo, signing)
    put(repo, "", files, repo.git("log", "-1", "--format=%B", old))
    assert signing.verified(repo, "--require-signed").code == 0, "the control"


def at(when: datetime) -> Callable[[Data], None]:
    """The entry says that it was recorded then."""

    def change(data: Data) -> None:
        audit_part(data)["recorded"] = when.strftime("%Y-%m-%dT%H:%M:%SZ")

    return change


def test_what_is_signed_today_was_not_recorded_last_week(repo: Scratch, signing: Signing) -> None:
    """Whoever steals a pinned identity signs what happens now, and nothing of the past."""
    now = signing.service.now
    later = signing.service.now + timedelta(days=3)
    for when in (later, now + timedelta(hours=1), now - timedelta(hours=25), now - timedelta(days=700)):
        signing.forged(repo, at(when), at=now)
        assert "says that it was signed" in told(repo, signing)
    signing.forged(repo, at(now + timedelta(minutes=5)), at=now)
    assert signing.verified(repo).code == 0, "the control"


def test_an_old_certificate_signs_nothing_new(repo: Scratch, signing: Signing) -> None:
    now = signing.service.now
    signing.forged(repo, valid_from=now - timedelta(hours=2))
    assert "does not verify" in told(repo, signing)
    signing.forged(repo, valid_from=now - timedelta(hours=2), stamped=now - timedelta(hours=2))
    assert "says that it was signed" in told(repo, signing)
    mine = {"valid_from": now - timedelta(hours=2), "stamped": now - timedelta(hours=2), "at": now}
    signing.forged(repo, at(now - timedelta(hours=2)), **mine)
    assert signing.verified(repo).code == 1


def test_a_time_stamp_that_is_not_proven_moves_nothing(repo: Scratch, signing: Signing) -> None:
    """Beside a proven time of today, one that somebody stamped for themselves says when it should have been."""
    now = signing.service.now
    then = now - timedelta(days=30)

    def stamped(text: bytes) -> Data:
        data: Data = signing.service.bundle(text, stamped=then)
        mine = Sigstore().bundle(text, stamped=then)
        data["verificationMaterial"]["timestampVerificationData"] = mine["verificationMaterial"][
            "timestampVerificationData"
        ]
        return data

    signing.forged(repo, at(then), bundle=stamped)
    assert "says that it was signed" in told(repo, signing)
    signing.forged(repo, at(now), bundle=stamped)
    assert "says that it was signed" in told(repo, signing)


def test_no_proof_of_time_is_none(repo: Scratch, signing: Signing) -> None:
    def timeless(text: bytes) -> Data:
        data: Data = signing.service.bundle(text)
        entry_of(data).update(integratedTime="0")
        return data

    signing.forged(repo, bundle=timeless)
    assert "does not say when it was signed" in told(repo, signing)


def on_main(repo: Scratch, policy: Data) -> None:
    """Change the roles on main, in a commit of its own and of a later second; then back to the change."""
    time.sleep(1.1)  # the clock of commits has seconds
    repo.checkout("main")
    repo.commit("Roles", by="Rae Kim", files={ROLES: to_yaml(policy)})
    repo.checkout("work")


def test_an_identity_that_is_pinned_only_later_signed_nothing_before(signing: Signing, tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    governed(repo)
    recorded(repo)
    signing.forged(repo)
    assert "pinned for nobody" in told(repo, signing)
    on_main(repo, pinned(repo, workflow()))
    assert "was pinned for Ada Example at another time" in told(repo, signing)


def test_an_identity_that_was_taken_out_signs_nothing_since_and_what_it_signed_stays(
    repo: Scratch, signing: Signing
) -> None:
    before = datetime.now(UTC)
    policy = from_yaml(repo.read(ROLES))
    for member in policy["roles"]["ciso"]["members"]:
        member.pop("identities", None)
    on_main(repo, policy)
    assert signing.verified(repo, "--require-signed").code == 0
    time.sleep(1.1)
    signing.forged(repo, at(before))
    assert "pinned for nobody" in told(repo, signing)


def test_a_revoked_identity_signs_nothing_however_old_the_entry(repo: Scratch, signing: Signing) -> None:
    gone = {"issuer": GITHUB, "identity": WORKFLOW.upper().replace("HTTPS", "https"), "reason": "It leaked."}
    on_main(repo, from_yaml(repo.read(ROLES)) | {"revoked_identities": [gone | {"revoked_on": "2026-11-01"}]})
    assert "was revoked on 2026-11-01: It leaked." in told(repo, signing)


def test_one_identity_of_two_people_is_nobodys(signing: Signing, tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    governed(repo, workflow())
    repo.checkout("main")
    repo.commit("Roles", files={ROLES: to_yaml(pinned(repo, workflow(), role="legal"))})
    repo.checkout("work")
    recorded(repo)
    signing.forged(repo)
    assert "it cannot be told who signed" in told(repo, signing)


def test_an_entry_of_the_signed_log_replaced_by_an_unsigned_one_is_remembered(repo: Scratch, signing: Signing) -> None:
    assert signing.verified(repo).code == 0
    old = commits(repo)[0]
    text = canonical(statement(repo, old))
    put(repo, "", {"statement.json": text}, repo.git("log", "-1", "--format=%B", old))
    done = signing.verified(repo)
    assert done.code == 1, done
    assert "was rewritten, truncated or replaced" in done.report["first_broken"]


def test_the_trust_configuration_is_no_file_of_the_repository(repo: Scratch, signing: Signing, tmp_path: Path) -> None:
    mine = Sigstore()
    signing.forged(repo, bundle=mine.bundle)
    place = repo.path / "trust.json"
    mine.trust_config(place, "https://sigstore.example.com")
    (tmp_path / "link.json").symlink_to(place)
    repo.git("worktree", "add", "-q", str(tmp_path / "beside"), "main")
    shutil.copy2(place, tmp_path / "beside" / "trust.json")
    for name in ("trust.json", str(place), str(tmp_path / "link.json"), str(tmp_path / "beside" / "trust.json")):
        done = repo.run("audit", "verify", "--trust-config", name)
        assert done.code == 2, done
        assert "is inside the repository" in done.err
        assert signing.record(repo, "--trust-config", name).code == 2
    outside = mine.trust_config(tmp_path / "outside.json", "https://sigstore.example.com")
    assert repo.run("audit", "verify", "--trust-config", str(outside)).code == 0, (
        "the control: whoever verifies chose it"
    )


def test_nonsense_bytes_anywhere_break_nothing(repo: Scratch, signing: Signing) -> None:
    """Every byte that could be another is tried in steps, by the verifier itself; none of them counts."""
    from policy_gate.schema.roles import Roles
    from policy_gate.signing.sigstore_bundle import spelt
    from policy_gate.signing.sigstore_verify import BundleVerifier, VerifiedBundle, bundle_verifier

    roles = Roles.model_validate_json(json.dumps(from_yaml(repo.read(ROLES))))
    verifier = bundle_verifier(signing.trust)
    assert isinstance(verifier, BundleVerifier)
    genuine, now = spelt(json.dumps(signing.service.bundle(b"text\n"))), signing.service.now
    unsigned = genuine.index(b"\\u2014 fake.log ") + 7
    assert isinstance(verifier.who_signed(b"text\n", genuine, now, lambda _: roles), VerifiedBundle)
    assert not isinstance(verifier.who_signed(b"text", genuine, now, lambda _: roles), VerifiedBundle)
    for place in range(0, len(genuine), 7):
        for byte in (b"A", b"0", b"\xff"):
            changed = genuine[:place] + byte + genuine[place + 1 :]
            if changed != genuine and place not in range(unsigned, unsigned + 8):  # a name that nothing is by
                who = verifier.who_signed(b"text\n", changed, now, lambda _: roles)
                assert not isinstance(who, VerifiedBundle), (place, byte)


def test_what_no_signer_makes_counts_for_nobody(repo: Scratch, signing: Signing) -> None:
    """Keys, numbers and lists that the library does not expect: each is told, in bounded time, and none counts."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from fakes.sigstore import b64

    from policy_gate.schema.roles import Roles
    from policy_gate.signing.sigstore_bundle import spelt
    from policy_gate.signing.sigstore_verify import BundleVerifier, VerifiedBundle, bundle_verifier

    service, text = signing.service, b"text\n"
    roles = Roles.model_validate_json(json.dumps(from_yaml(repo.read(ROLES))))
    verifier = bundle_verifier(signing.trust)
    assert isinstance(verifier, BundleVerifier)

    def certificate(key: Any) -> Data:
        made = service.certificate(key.public_key(), at=service.now - timedelta(seconds=5))
        return {"rawBytes": b64(made.public_bytes(serialization.Encoding.DER))}

    def proof(**more: Any) -> Callable[[Data, Data], None]:
        return lambda material, entry: entry["inclusionProof"].update(more)

    def stamps(times: int) -> Callable[[Data, Data], None]:
        def change(material: Data, entry: Data) -> None:
            listed = material["timestampVerificationData"]
            listed["rfc3161Timestamps"] = listed["rfc3161Timestamps"] * times

        return change

    root = {"rawBytes": b64(service.root.public_bytes(serialization.Encoding.DER))}
    rsa_key, other_key = rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP384R1())
    changes: dict[str, Callable[[Data, Data], Any]] = {
        "rsa": lambda it, _: it.update(certificate=certificate(rsa_key)),
        "ed25519": lambda it, _: it.update(certificate=certificate(ed25519.Ed25519PrivateKey.generate())),
        "p384": lambda it, _: it.update(certificate=certificate(other_key)),
        "root": lambda it, _: it.update(certificate=root),
        "large tree": proof(treeSize=str(2**64 - 1)),
        "large index": proof(logIndex=str(2**64 - 1)),
        "no tree": proof(treeSize="0"),
        "many hashes": proof(hashes=[b64(b"x" * 32)] * 1000),
        "many notes": proof(checkpoint={"envelope": "a\n1\nAA==\n\n" + "\u2014 a AAAAAAAA\n" * 2000}),
        "late": lambda _, entry: entry.update(integratedTime=str(2**63 - 1)),
        "number": lambda _, entry: entry.update(integratedTime=5),
        "envelope": lambda _, entry: entry.update(kindVersion={"kind": "dsse", "version": "0.0.1"}),
        "version": lambda _, entry: entry.update(kindVersion={"kind": "hashedrekord", "version": "0.0.2"}),
        "no body": lambda _, entry: entry.update(canonicalizedBody=""),
        "other log": lambda _, entry: entry.update(logId={"keyId": b64(b"x" * 32)}),
        "no stamps": lambda it, _: it.update(timestampVerificationData=None),
        "two stamps": stamps(2),
        "forty stamps": stamps(40),
    }
    for name, change in {"control": lambda *_: None, **changes}.items():
        data = service.bundle(text, stamped=service.now)
        change(data["verificationMaterial"], entry_of(data))
        who = verifier.who_signed(text, spelt(json.dumps(data)), service.now, lambda _: roles)
        assert isinstance(who, VerifiedBundle) is (name == "control"), (name, who)


def test_an_unsigned_entry_is_no_signed_one(repo: Scratch, signing: Signing) -> None:
    repo.commit("More", files={"notes.md": "1\n"})
    recorded(repo)
    assert signing.verified(repo, "--require-signed").report["first_broken"].endswith("it is not signed")
