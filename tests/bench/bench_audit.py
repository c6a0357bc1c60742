"""What the audit log costs: `make bench-audit` prints seconds for the verification of many entries, with replay and
without, and what a signature adds.

The log is of one repository whose main line has as many merges as there are entries; every second one touches the
code of a governed system. Each entry is the true answer for its merge, judged while the log is made.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scratch import Scratch
from world import high_system

from policy_gate.app.audit import drafts_of
from policy_gate.app.audit_replay import replayed
from policy_gate.app.check import CheckSession
from policy_gate.audit.log import read_log
from policy_gate.audit.statements import Draft, digest_of_statement, message_of, placed
from policy_gate.audit.verification import verified_chain, with_signatures
from policy_gate.schema.audit_entry import REF, LoggedEntry, Previous
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.roles import Roles
from policy_gate.signing.sigstore_bundle import spelt
from policy_gate.signing.sigstore_verify import BundleVerifier, VerifiedBundle, bundle_verifier
from policy_gate.vcs.objects import object_id
from policy_gate.vcs.repository import Repository

ENTRIES = 10_000
BUNDLES = 1_000
START = datetime(2026, 11, 1, tzinfo=UTC)


def main_line(repo: Scratch, many: int) -> list[str]:
    """Commits on main, one after another; their ids from the oldest, what was there before first."""
    repo.adopt(high_system("development"))
    tip = repo.git("rev-parse", "main")
    parts = []
    for number in range(many):
        path = "screener/rank.py" if number % 2 else "notes.md"
        text = f"# {number}\n"
        when = int((START + timedelta(seconds=number)).timestamp())
        above = f"from {tip}\n" if number == 0 else ""
        parts.append(
            f"commit refs/heads/main\nmark :{number + 1}\ncommitter Bo Author <bo@example.com> {when} +0000\n"
            f"data 1\nx\n{above}M 100644 inline {path}\ndata {len(text)}\n{text}\n"
        )
    repo.git("fast-import", "--quiet", "--force", stdin="".join(parts))
    return [tip, *repo.git("rev-list", "--reverse", f"{tip}..main").split()]


def drafts(repo: Scratch, line: list[str]) -> Iterator[Draft]:
    """The true answer for each step of the line."""
    with CheckSession(repo.path) as session:
        for number, (base, head) in enumerate(pairwise(line)):
            moment = START + timedelta(seconds=number)
            request = Request(repo.path, moment, base=base, head=head, environment={"PATH": os.environ["PATH"]})
            yield from session.check_with(
                request,
                lambda report, _, request=request, moment=moment: drafts_of(report, request, moment, "", session),
            )[:1]


def write(repo: Scratch, some: Iterator[Draft]) -> str:
    """Write the log as the command does, its objects put there directly; its newest commit."""
    objects, parent, digest = repo.path / ".git" / "objects", "", ""

    def put(kind: str, data: bytes) -> str:
        oid = object_id(kind, data)
        path = objects / oid[:2] / oid[2:]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(zlib.compress(f"{kind} {len(data)}\0".encode() + data, 1))
        return oid

    for number, draft in enumerate(some):
        previous = Previous(parent, digest) if parent else None
        entry, statement = placed(draft, number, previous)
        tree = put("tree", b"100644 statement.json\0" + bytes.fromhex(put("blob", statement)))
        who = f"policy-gate <policy-gate> {int(datetime.fromisoformat(entry.recorded).timestamp())} +0000"
        above = f"parent {parent}\n" if parent else ""
        body = f"tree {tree}\n{above}author {who}\ncommitter {who}\n\n{message_of(entry)}"
        parent, digest = put("commit", body.encode()), digest_of_statement(statement)
    repo.git("update-ref", REF, parent)
    repo.git("repack", "-a", "-d", "-q")
    return parent


def bundle_seconds(entries: Sequence[LoggedEntry], folder: Path) -> float:
    """Seconds for one Sigstore bundle, of as many as there are entries; each is verified whole."""
    from fakes.sigstore import GITHUB, WORKFLOW, Sigstore

    service = Sigstore()
    verifier = bundle_verifier(service.trust_config(folder / "trust.json", "https://sigstore.example.com"))
    assert isinstance(verifier, BundleVerifier)
    pinned = {"name": "Audit", "identities": [{"issuer": GITHUB, "identity": WORKFLOW}]}
    roles = Roles.model_validate({"schema": "policy-gate/roles/v1", "roles": {"audit": {"members": [pinned]}}})
    signed = []
    for one in entries:
        assert one.entry is not None
        moment = datetime.fromisoformat(one.entry.recorded)
        signed.append((one.statement, spelt(json.dumps(service.bundle(one.statement, moment, moment))), moment))
    started = time.perf_counter()
    for statement, bundle, moment in signed:
        assert isinstance(verifier.who_signed(statement, bundle, moment, lambda _: roles), VerifiedBundle)
    return (time.perf_counter() - started) / len(signed)


def main() -> None:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    with tempfile.TemporaryDirectory(prefix="policy-gate-bench-") as name:
        repo = Scratch(Path(name))
        started = time.perf_counter()
        head = write(repo, drafts(repo, main_line(repo, many)))
        print(f"{many} entries made in {time.perf_counter() - started:.1f} s")
        started, used = time.perf_counter(), time.process_time()
        with Repository.open(repo.path) as repository:
            found = verified_chain(read_log(repository, head))
        found = with_signatures(found, lambda _: None, os.environ, is_required=False)
        assert found.ok, found.broken[:1]
        assert len(found.entries) == many
        print(f"verify            {time.perf_counter() - started:6.2f} s  ({time.process_time() - used:.2f} s of CPU)")
        each = bundle_seconds(found.entries[:BUNDLES], Path(name))
        print(f"verify a bundle   {each * 1000:6.2f} ms each, {each * many:.0f} s for {many}")
        for workers in (1, os.cpu_count() or 1):
            started = time.perf_counter()
            again = replayed(found, repo.path, None, os.environ, workers)
            took = time.perf_counter() - started
            assert again.replayed == {"same": many, "different": 0, "untold": 0}, again.replayed
            print(f"verify --replay   {took:6.2f} s  with {workers} processes, {many / took:.0f} a second")


if __name__ == "__main__":
    main()
