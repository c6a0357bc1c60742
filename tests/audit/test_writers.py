"""Many writers at once, here and over real git HTTP: nothing is lost, and nothing is forced."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from audit_log import REF, audit_part, commits, recorded, statement, verified
from git_server import GitServer
from keys import Keyring, needs_openssh, with_keys
from scratch import Scratch
from world import high_system, roles, to_yaml

pytestmark = pytest.mark.real_git
FEW, MANY = 20, 200

# Writers at once: each a process of its own that adds one entry under its own number; all are forked before any writes.
WRITERS = """
import os, sys, traceback
from datetime import UTC, datetime
from pathlib import Path
from msgspec.structs import replace
import msgspec
from policy_gate.app.audit import log_writer
from policy_gate.audit.statements import Draft
from policy_gate.schema.audit_entry import AuditEntry, Inputs, Side, StageChange, entry_id
from policy_gate.schema.in_toto import EVENT_TYPE
from policy_gate.vcs.discovery import find_repository
from policy_gate.vcs.ref_remote import own_remote

def write(number, directory):
    inputs = Inputs(Side("main", base), Side("HEAD", "c" * 40), "d" * 40, "main", "change",
                    "2026-11-29T10:00:00Z", "sha256:" + "0" * 64, False, False, "", False, ())
    record = StageChange(f"SYS-{number}", "development", "production")
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    id_ = entry_id(inputs, record, msgspec.to_builtins(record))
    entry = AuditEntry(0, None, now, id_, "0", "example", inputs, record)
    subject = [{"name": "result", "digest": {"gitTree": "d" * 40}}, {"name": "head", "digest": {"gitCommit": "c" * 40}}]
    draft = Draft(entry, {"subject": subject, "predicateType": EVENT_TYPE, "predicate": {}})
    with log_writer(directory) as log:
        log.append([draft], own_remote(find_repository(directory).git_dir, url) if url else None)

base, url, *directories = sys.argv[1:]
ready, go = os.pipe()
children = []
for number, directory in enumerate(directories):
    child = os.fork()
    if not child:
        os.close(go)
        os.read(ready, 1)  # until the other end is closed
        try:
            write(number, Path(directory))
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    children.append(child)
os.close(go)
failed = [os.waitpid(child, 0)[1] for child in children]
sys.exit(any(failed))
"""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    with GitServer(tmp_path / "served") as made:
        yield made


def write_at_once(repo: Scratch, directories: Sequence[Path], url: str = "") -> None:
    """As many writers as there are folders, each with one entry; none fails."""
    command = [sys.executable, "-c", WRITERS, repo.git("rev-parse", "main"), url, *map(str, directories)]
    environment = repo.environment(NO_PROXY="127.0.0.1,localhost")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def all_there(repo: Scratch, many: int) -> None:
    """One entry of each writer, in a chain that holds."""
    found = Counter(audit_part(statement(repo, commit))["record"]["system"] for commit in commits(repo))
    assert found == Counter(f"SYS-{number}" for number in range(many))
    done = verified(repo)
    assert (done.code, done.report["entries"]) == (0, many), done


def here_at_once(repo: Scratch, many: int) -> None:
    repo.adopt(high_system("development"))
    write_at_once(repo, [repo.path] * many)
    all_there(repo, many)


def far_at_once(repo: Scratch, server: GitServer, tmp_path: Path, many: int) -> None:
    repo.adopt(high_system("development"))
    url = server.host(repo.path, "example-org/screener")
    clones = [tmp_path / f"clone-{number}" for number in range(many)]
    for clone in clones:
        repo.git("init", "-q", "--bare", str(clone))
    write_at_once(repo, clones, url)
    repo.git("fetch", "-q", url, f"{REF}:{REF}")
    all_there(repo, many)


def test_writers_of_one_clone_lose_nothing(scratch: Scratch) -> None:
    here_at_once(scratch, FEW)


def test_writers_of_one_remote_lose_nothing(scratch: Scratch, server: GitServer, tmp_path: Path) -> None:
    far_at_once(scratch, server, tmp_path, FEW)


@pytest.mark.nightly
def test_two_hundred_writers_of_one_clone_lose_nothing(scratch: Scratch) -> None:
    here_at_once(scratch, MANY)


@pytest.mark.nightly
def test_two_hundred_writers_of_one_remote_lose_nothing(scratch: Scratch, server: GitServer, tmp_path: Path) -> None:
    far_at_once(scratch, server, tmp_path, MANY)


def _cloned(repo: Scratch, url: str, name: str) -> Scratch:
    """Another person's clone, on the same change."""
    other = Scratch.__new__(Scratch)
    other.path, other.home = repo.home.parent / name, repo.home
    repo.git("clone", "-q", str(repo.path), str(other.path))
    other.git("remote", "set-url", "origin", url)
    other.git("remote", "set-head", "origin", "main")
    other.git("checkout", "-q", "-B", "work", "origin/work")
    return other


def test_an_entry_is_put_after_what_others_recorded_meanwhile(scratch: Scratch, server: GitServer) -> None:
    scratch.adopt(high_system("development"))
    scratch.promote()
    url = server.host(scratch.path, "example-org/screener")
    one, two = _cloned(scratch, url, "one"), _cloned(scratch, url, "two")
    recorded(one, "--remote", "origin")
    two.commit("Another", files={"notes.md": "2\n"})
    recorded(two)
    assert audit_part(statement(two, commits(two)[0]))["previous"] is None
    done = recorded(two, "--remote", "origin")
    assert "recorded before" in done.out
    assert [audit_part(statement(two, commit))["sequence"] for commit in commits(two)] == [0, 1, 2]
    assert two.git("ls-remote", url, REF).split()[0] == commits(two)[-1]
    assert verified(two, "--remote", "origin").code == verified(two).code == 0
    assert verified(one, "--remote", "origin").report["entries"] == 3


@needs_openssh
def test_a_signed_entry_is_signed_anew_at_its_new_place_or_not_moved(
    scratch: Scratch, server: GitServer, tmp_path: Path
) -> None:
    keys = Keyring(tmp_path)
    scratch.adopt(high_system("development"), files={"policies/roles.yaml": to_yaml(with_keys(roles(), keys))})
    scratch.promote()
    url = server.host(scratch.path, "example-org/screener")
    one, two = _cloned(scratch, url, "one"), _cloned(scratch, url, "two")
    recorded(one, "--remote", "origin")
    two.commit("Another", files={"notes.md": "2\n"})
    recorded(two, "--key", str(keys["Ada Example"]))
    before = commits(two)
    refused = two.run("audit", "record", "--remote", "origin")
    assert refused.code == 2, refused
    assert "it must be signed again at its new place" in refused.err
    assert commits(two) == before
    recorded(two, "--key", str(keys["Ada Example"]), "--remote", "origin")
    assert [bool(two.git("ls-tree", commit, "statement.json.sig")) for commit in commits(two)] == [False, False, True]


def test_a_log_that_was_rewritten_at_the_remote_is_told_and_not_added_to(scratch: Scratch, server: GitServer) -> None:
    scratch.adopt(high_system("development"))
    scratch.promote()
    url = server.host(scratch.path, "example-org/screener")
    one = _cloned(scratch, url, "one")
    recorded(one, "--remote", "origin")
    old = commits(one)
    one.git("push", "-q", "--force", url, f"{old[0]}:{REF}")
    done = verified(one, "--remote", "origin")
    assert done.code == 1, done
    assert f"entry 1 ({old[1][:12]})" in done.report["first_broken"]
    one.commit("Another", files={"notes.md": "2\n"})
    refused = one.run("audit", "record", "--remote", "origin")
    assert refused.code == 3, refused
    assert "the log at origin was rewritten" in refused.err
    one.git("push", "-q", url, f":{REF}")
    assert "the log at origin was rewritten" in str(verified(one, "--remote", "origin").report["first_broken"])
    assert "the log at origin was rewritten" in one.run("audit", "record", "--remote", "origin").err


def test_a_remote_that_does_not_take_it_is_not_a_success(scratch: Scratch, server: GitServer) -> None:
    scratch.adopt(high_system("development"))
    scratch.promote()
    url = server.host(scratch.path, "example-org/screener")
    hook = server.folder / "example-org" / "screener.git" / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    one = _cloned(scratch, url, "one")
    done = one.run("audit", "record", "--remote", "origin")
    assert done.code == 3, done
    assert "origin does not take the entry" in done.err
    assert "2 entries are added in this clone, and not pushed" in done.err
    assert len(commits(one)) == 2
    assert REF not in scratch.git("ls-remote", url)


def test_what_is_recorded_while_the_remote_is_down_is_kept_and_pushed_by_the_next_run(
    scratch: Scratch, server: GitServer
) -> None:
    scratch.adopt(high_system("development"))
    scratch.promote()
    url = server.host(scratch.path, "example-org/screener")
    one, two = _cloned(scratch, url, "one"), _cloned(scratch, url, "two")
    server.is_down = True
    done = one.run("audit", "record", "--remote", "origin")
    assert done.code == 3, done
    assert "origin does not tell its refs/policy-gate/audit" in done.err
    assert "2 entries are added in this clone, and not pushed" in done.err
    assert "run it again with --remote, which pushes what is here" in done.err
    kept = commits(one)
    assert verified(one).report["entries"] == len(kept) == 2
    server.is_down = False
    two.commit("Another", files={"notes.md": "2\n"})
    recorded(two, "--remote", "origin")
    done = recorded(one, "--remote", "origin")
    assert "recorded before" in done.out
    assert scratch.git("ls-remote", url, REF).split()[0] == commits(one)[-1]
    assert len(commits(one)) == 3, "the verdict of each, and the stage that both saw"
    assert verified(one, "--remote", "origin").code == verified(one).code == 0


def test_a_rejected_push_leaves_the_log_here_as_it_was(scratch: Scratch, server: GitServer) -> None:
    """Only what is at the remote is followed, so that a writer that is killed between two tries left nothing behind."""
    from policy_gate.app.audit import drafts_of, log_writer
    from policy_gate.app.check import run_check
    from policy_gate.cli import options
    from policy_gate.errors import UndecidedError

    scratch.adopt(high_system("development"))
    scratch.promote()
    request = options.request(scratch.path)
    drafts = drafts_of(run_check(request), request, options.now())

    class Busy:
        name = "busy"

        def head(self, ref: str) -> str:
            return ""

        def fetch(self, ref: str) -> None:
            raise AssertionError

        def push(self, commit: str, ref: str) -> bool:
            assert commits(scratch) == [], ref
            return False

    with log_writer(scratch.path) as log, pytest.raises(UndecidedError, match="2 entries are added in this clone"):
        log.append(drafts, Busy(), wait=lambda _: None)
    assert len(commits(scratch)) == 2, "kept in the end"


def test_a_log_is_seen_in_the_step_that_moves_it(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is killed between the two could else hide that the log was cut off right after."""
    from policy_gate.app.audit import drafts_of, log_writer
    from policy_gate.app.check import run_check
    from policy_gate.cli import options
    from policy_gate.errors import UndecidedError

    scratch.adopt(high_system("development"))
    scratch.promote()
    recorded(scratch)
    before = commits(scratch)
    scratch.commit("More", files={"notes.md": "more\n"})
    lock = scratch.path / ".git" / "refs" / "policy-gate" / "audit-seen" / "here.lock"
    lock.touch()
    monkeypatch.setattr("policy_gate.audit.append.ATTEMPTS", 5)  # git waits for a lock at each
    request = options.request(scratch.path)
    drafts = drafts_of(run_check(request), request, options.now())
    with log_writer(scratch.path) as log, pytest.raises(UndecidedError, match="others wrote to the log") as told:
        log.append(drafts, wait=lambda _: None)
    assert ".lock under refs/policy-gate" in told.value.hint
    assert commits(scratch) == before
    lock.unlink()
    recorded(scratch)
    assert scratch.git("rev-parse", "refs/policy-gate/audit-seen/here") == commits(scratch)[-1]


def test_no_two_remotes_are_remembered_as_one() -> None:
    from policy_gate.audit.append import HERE, memory_ref

    names = ["origin", "a.b", "a-b", "Origin", "-", "", "https://example.com/a/b", "https://example.com/a-b"]
    refs = {memory_ref(name) for name in names}
    assert len(refs) == len(names)
    assert memory_ref(HERE) not in refs


def test_a_writer_that_others_are_quicker_than_gives_up_some_day(
    scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    from policy_gate.app.audit import drafts_of, log_writer
    from policy_gate.app.check import run_check
    from policy_gate.cli import options
    from policy_gate.errors import UndecidedError
    from policy_gate.vcs.ref_writer import RefWriter

    scratch.adopt(high_system("development"))
    scratch.promote()
    request = options.request(scratch.path)
    drafts = drafts_of(run_check(request), request, options.now())
    monkeypatch.setattr(RefWriter, "move", lambda *_: False)
    waited: list[float] = []
    with log_writer(scratch.path) as log, pytest.raises(UndecidedError, match="others wrote to the log"):
        log.append(drafts, wait=waited.append)
    assert len(waited) == 100
    assert max(waited) <= 90
    assert len(set(waited)) > 30, "no two wait alike"
