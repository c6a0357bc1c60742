"""A session that serves many checks: each answer is the one of a check for itself, at a cost that does not add up."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from scratch import Scratch
from world import TODAY, high_system, low_system, medium_system, org_policy, to_yaml

from policy_gate.app.check import CheckSession, run_check
from policy_gate.errors import PolicyGateError
from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.dates import end_of_day

pytestmark = pytest.mark.real_git
MERGES = 30


class Merge(NamedTuple):
    """One proposed merge: the commit merged into, and the one proposed, which left the line before it."""

    base: str
    head: str


class Replay(NamedTuple):
    """A repository and the merges that were proposed to it; some cannot be judged."""

    repo: Scratch
    merges: tuple[Merge, ...]


def _nothing_governed(repo: Scratch, number: int) -> None:
    repo.write({f"src/{number}.py": f"x = {number}\n"})


def _broken_manifest(repo: Scratch, number: int) -> None:
    repo.write({"governance.yaml": f"systems: [{number}\n"})


def _policy(repo: Scratch, number: int) -> None:
    repo.write({"policies/org.yaml": to_yaml({**org_policy(), "about": f"Version {number}."})})


def _broken_policy(repo: Scratch, number: int) -> None:
    repo.write({"policies/more.yaml": f"schema: policy-gate/policy/v1\nrules: [{number}\n"})


def _pack(repo: Scratch, number: int) -> None:
    row = {
        **{"id": "ours/one", "citation": "Our code 1", "requirement": f"Ask the parents {number} times."},
        **{"role": "any", "condition": "children", "when": "system.children", "binding": "voluntary", "mark": "memory"},
    }
    pack = {
        **{"schema": "policy-gate/pack/v1", "id": "ours", "title": "Our code", "regulation": "gdpr"},
        **{"checked_on": "2026-11-22", "since": "2026-11-22", "rows": [row]},
    }
    repo.write({"policies/ours.yaml": to_yaml(pack)})


CHANGES: Sequence[Callable[[Scratch, int], Any]] = (
    _nothing_governed,
    lambda repo, _: repo.edit(stage="pre_deployment"),
    lambda repo, _: repo.edit(risk_profile={"decision_impact": "informational"}),
    _policy,
    _broken_manifest,
    lambda repo, number: repo.write({"README.md": f"# Ours {number}\n"}),
    lambda repo, _: repo.write({"MODEL_CARD.md": "# Card\n"}),
    _broken_policy,
    _pack,
    lambda repo, number: repo.edit("SYS-003", owner_team=f"Team {number}", path="inner/governance.yaml"),
    lambda repo, number: repo.declare(medium_system(id=f"SYS-1{number:02}"), path=f"more/{number}/governance.yaml"),
)
MERGED = (_nothing_governed, _policy, _pack)
"""changes that get in, so that base's own policies change on the way"""


@pytest.fixture(scope="module")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Replay:
    repo = Scratch(tmp_path_factory.mktemp("replay"))
    repo.declare(low_system(), path="inner/governance.yaml")
    repo.adopt(high_system(), files={"screener/rank.py": "x = 0\n"})
    merges = []
    for number in range(MERGES):
        change = CHANGES[number % len(CHANGES)]
        repo.branch("work")
        change(repo, number)
        head = repo.commit(f"Change {number}")
        repo.checkout("main")
        base = repo.commit(f"Meanwhile {number}", files={"README.md": f"# Theirs {number}\n"})
        merges.append(Merge(base, head))
        if change in MERGED:
            repo.merge()
    return Replay(repo, tuple(merges))


def request_of(replay: Replay, merge: Merge, day: int = 0) -> Request:
    return Request(replay.repo.path, end_of_day(TODAY + timedelta(days=day)), base=merge.base, head=merge.head)


def told(check: Callable[[Request], Any], request: Request) -> Any:
    """The answer in bytes: what formats print of the report, or the error."""
    try:
        report = check(request)
    except PolicyGateError as error:
        return type(error), error.message, error.hint, error.problems
    return {name: REPORTERS[name](report, RenderOptions()) for name in ("json", "sarif", "text")}


@pytest.fixture(scope="module")
def fresh(replay: Replay) -> list[Any]:
    """What a check for each merge alone says."""
    return [told(run_check, request_of(replay, merge)) for merge in replay.merges]


class Started(NamedTuple):
    """What was started and made since the test began."""

    processes: list[Any]
    folders: list[str]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    seen = Started([], [])
    popen, mkdtemp = subprocess.Popen, tempfile.mkdtemp

    class Counted(popen):  # type: ignore[type-arg,misc,valid-type]
        def __init__(self, *words: Any, **more: Any) -> None:
            seen.processes.append(words[0])
            super().__init__(*words, **more)

    def made(*words: Any, **more: Any) -> str:
        seen.folders.append(mkdtemp(*words, **more))
        return seen.folders[-1]

    monkeypatch.setattr(subprocess, "Popen", Counted)
    monkeypatch.setattr(tempfile, "mkdtemp", made)
    return seen


@pytest.fixture
def session(replay: Replay) -> Iterator[CheckSession]:
    with CheckSession(replay.repo.path) as opened:
        yield opened


def test_each_answer_is_that_of_a_check_for_itself(replay: Replay, fresh: list[Any], session: CheckSession) -> None:
    session.expect(replay.merges)
    assert [told(session.check, request_of(replay, merge)) for merge in replay.merges] == fresh
    kinds = {it[0].__name__ if isinstance(it, tuple) else "report" for it in fresh}
    assert kinds == {"report", "MergeConflictError"}


def test_neither_order_nor_failure_changes_an_answer(replay: Replay, fresh: list[Any], session: CheckSession) -> None:
    unknown = Request(replay.repo.path, end_of_day(TODAY), base="0" * 40, head=replay.merges[0].head)
    for merge, answer in reversed(list(zip(replay.merges, fresh, strict=True))):
        assert told(session.check, request_of(replay, merge)) == answer
        assert told(session.check, unknown)[0].__name__ == "BaseError"


def test_the_cost_does_not_grow_with_the_number_of_checks(replay: Replay, started: Started) -> None:
    counts = []
    for merges in (replay.merges[:10], replay.merges):
        before = len(started.processes)
        with CheckSession(replay.repo.path) as session:
            session.expect(merges)
            for merge in merges:
                told(session.check, request_of(replay, merge))
        counts.append(len(started.processes) - before)
    assert counts == [2, 2], started.processes
    assert len(started.folders) == 2
    assert not any(Path(folder).exists() for folder in started.folders)


def test_a_document_is_read_once_and_a_rule_set_made_once(
    replay: Replay, session: CheckSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    from policy_gate.app import check
    from policy_gate.documents import cache

    made: list[Any] = []
    for module, name in ((cache, "read_yaml"), (check, "load_policies")):
        original = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *words, it=original, of=name: made.append(of) or it(*words))
    told(session.check, request_of(replay, replay.merges[1]))
    assert {"read_yaml", "load_policies"} <= set(made)
    once = len(made)
    for day in (0, 1):
        told(session.check, request_of(replay, replay.merges[1], day))
    assert len(made) == once


def test_a_git_that_died_is_replaced(replay: Replay, fresh: list[Any], session: CheckSession) -> None:
    assert told(session.check, request_of(replay, replay.merges[0])) == fresh[0]
    store = session._opened.repository._store
    assert store._running is not None
    store._running.process.kill()
    store._running.process.wait()
    told(session.check, request_of(replay, replay.merges[1]))
    assert told(session.check, request_of(replay, replay.merges[1])) == fresh[1]


def test_two_sessions_share_nothing(replay: Replay, fresh: list[Any], session: CheckSession) -> None:
    with CheckSession(replay.repo.path) as other:
        assert told(other.check, request_of(replay, replay.merges[0])) == fresh[0]
    assert told(session.check, request_of(replay, replay.merges[0])) == fresh[0]


def test_a_work_tree_is_looked_at_anew(replay: Replay, session: CheckSession) -> None:
    request = Request(replay.repo.path, end_of_day(TODAY), base="main", worktree=True)
    replay.repo.checkout("main")
    replay.repo.edit(risk_profile={"decision_impact": "informational"})
    lowered = told(session.check, request)
    assert lowered == told(run_check, request)
    replay.repo.checkout("governance.yaml")
    assert told(session.check, request) == told(run_check, request) != lowered


def test_a_session_is_for_its_own_repository(replay: Replay, session: CheckSession, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="this session is for"):
        session.check(Request(tmp_path, end_of_day(TODAY)))


def test_what_is_kept_is_let_go_where_it_is_much(
    replay: Replay, fresh: list[Any], session: CheckSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("vcs.repository._MOST_KNOWN", "vcs.objects._MOST_KEPT", "documents.cache._MOST_KEPT"):
        monkeypatch.setattr(f"policy_gate.{place}", 3)
    monkeypatch.setattr("policy_gate.app.check._RULE_SETS", 1)
    assert [told(session.check, request_of(replay, merge)) for merge in replay.merges[:12]] == fresh[:12]
    session._opened.trim()
    repository = session._opened.repository
    assert not repository._parsed
    assert not repository._store._kept
