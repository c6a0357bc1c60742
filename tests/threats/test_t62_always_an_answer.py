"""T62: whatever an author writes, there is an answer: work grows with the input and no faster, or it is undecided."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from card_words import CARD_WORDS
from raw_objects import write_commit
from scratch import Scratch
from world import high_system

from policy_gate.cards.reader import read_card
from policy_gate.collect import claims as claims_module
from policy_gate.collect.claims import claims_of
from policy_gate.collect.evidence import evidence_of
from policy_gate.decide.authorship import authorship_of
from policy_gate.errors import UndecidedError
from policy_gate.facts.result_matching import Expected
from policy_gate.facts.test_results import read_results
from policy_gate.schema.facts import TestFact
from policy_gate.schema.people import Author, Commit, People
from policy_gate.schema.snapshot import CodeFile
from policy_gate.schema.source import Location
from policy_gate.vcs.commits import parse_commit
from policy_gate.vcs.repository import Repository

WHO = "author Bo <bo@example.com> 1700000000 +0000\ncommitter Bo <bo@example.com> 1700000000 +0000\n"


def _lines_run(work: Callable[[], Any]) -> int:
    """How many lines of Python a piece of work runs: a measure of it that no clock has a say in."""
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


class _Counted(str):
    """Text that counts how often it is compared."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other: object) -> bool:
        _Counted.compared += 1
        return str.__eq__(self, other)

    def __hash__(self) -> int:
        return str.__hash__(self)


def _lie(repo: Scratch, oid: str, header: bytes) -> None:
    path = repo.path / ".git" / "objects" / oid[:2] / oid[2:]
    path.chmod(0o644)
    path.write_bytes(zlib.compress(header + b"\0" + b"abc"))


@pytest.mark.parametrize("size", ["99999999999", "1000", "1", "4", "5000000"])
def test_t62_an_object_that_lies_about_its_size(scratch: Scratch, size: str) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch("work")
    scratch.edit(owner_team="People")
    scratch.commit("Another team")
    assert scratch.check().code == 0, "control: an honest object"
    oid = scratch.git("rev-parse", "HEAD:governance.yaml")
    _lie(scratch, oid, f"blob {size}".encode())
    found = scratch.check()
    assert found.code == 3, found
    assert oid in found.out


@pytest.mark.parametrize("kind", ["blob", "tree", "commit"])
def test_t62_what_is_read_after_an_object_that_lies_is_read_right(scratch: Scratch, kind: str) -> None:
    names = {"blob": "HEAD:a", "tree": "HEAD:folder", "commit": "HEAD"}
    scratch.commit("Files", files={"a": "one\n", "b": "two\n", "folder/c": "three\n"})
    lying = scratch.git("rev-parse", names[kind])
    sound = [scratch.git("rev-parse", name) for name in ("HEAD:b", "HEAD:folder/c")]
    tree = scratch.git("rev-parse", "HEAD^{tree}")
    _lie(scratch, lying, f"{kind} 70".encode())
    with Repository.open(scratch.path) as repository:
        store = repository.tree(tree)._objects
        store.expect([sound[0], lying, sound[1]])
        assert store.read(sound[0], "blob") == b"two\n"
        with pytest.raises(UndecidedError, match=lying):
            store.read(lying, kind)
        assert store.read(sound[1], "blob") == b"three\n"


@pytest.mark.parametrize(
    "message",
    [
        lambda n: "".join(f"Co-authored-by: P{i} <p{i}@example.com>\n" for i in range(n)),
        lambda n: f"Co-authored-by: a{' ' * n}b\n",
        lambda n: f"Co-authored-by:{' ' * n}\n",
        lambda n: f"Co-authored-by: {'<' * n}\n",
        lambda n: f"{' ' * n}Co-authored-by\n",
    ],
)
def test_t62_messages_are_read_in_one_pass(scratch: Scratch, message: Callable[[int], str]) -> None:
    tree = scratch.git("mktree", stdin="")
    many = 200_000
    oid = write_commit(scratch.path, tree, message=f"Change\n\n{message(many)}")
    raw = scratch.git("cat-file", "commit", oid).encode()
    found = parse_commit(raw)
    assert found.authors[0] == Author("Bo", "bo@example.com")


def test_t62_who_wrote_it_takes_work_in_proportion(monkeypatch: pytest.MonkeyPatch) -> None:
    def compared(count: int) -> int:
        names = tuple(Author(f"P{i}", _Counted(f"p{i}@example.com")) for i in range(count))
        commit = Commit("0" * 40, names, frozenset({"a"}), co_authors=names)
        _Counted.compared = 0
        people = People(roles=(), claims=(), members=(), commits=(commit,))
        assurance: Any = type("Assurance", (), {"service_committers": frozenset()})()
        assert len(authorship_of(people, frozenset({"a"}), None, assurance, "committed").known) == count
        return _Counted.compared

    assert compared(2_000) <= 3 * compared(1_000) + 100


def test_t62_claims_take_work_in_proportion() -> None:
    def lines(count: int) -> int:
        code = {f"S{i}": tuple(CodeFile(f"s{i}/{n}", "100644", f"{i}.{n}") for n in range(5)) for i in range(count)}
        return _lines_run(lambda: claims_of(code, {}, code))

    assert lines(800) <= 2.5 * lines(400)


@pytest.mark.parametrize(
    "line", ["# A\n", "a\n===\n", "## B\n# A\n", "TODO: a\n", "<p>\n", "<h1>a</h1>\n", "| a | b |\n"]
)
def test_t62_a_card_takes_work_in_proportion_to_its_lines(line: str) -> None:
    def lines(count: int) -> int:
        text = f"# Ranker\n\n## Limitations\n\n{line * count}"
        found = evidence_of("MODEL_CARD.md", "0" * 40, text.encode())
        return _lines_run(lambda: read_card(found, Location("governance.yaml"), CARD_WORDS))

    lines(1)  # what is loaded and compiled at the first card
    assert lines(800) <= 2.5 * lines(400)


@pytest.mark.parametrize("row", ["| Accuracy | 0.9 | 0.8 |\n", "| Accuracy | 0.{0:04} | 0.5{0:04} |\n"])
def test_t62_a_number_that_a_card_gives_over_and_over(row: str) -> None:
    def lines(count: int) -> int:
        rows = "".join(row.format(number) for number in range(count))
        text = f"# Ranker\n\n## Evaluation\n\n| Metric | Value | Threshold |\n|---|---|---|\n{rows}"
        found = evidence_of("MODEL_CARD.md", "0" * 40, text.encode())
        return _lines_run(lambda: read_card(found, Location("governance.yaml"), CARD_WORDS))

    lines(1)
    assert lines(400) <= 2.5 * lines(200)


def test_t62_systems_that_all_claim_the_same_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims_module, "_MOST_PAIRS", 1_000)
    files = tuple(CodeFile(f"{n}", "100644", f"{n}") for n in range(50))
    few = claims_of({f"S{i}": files for i in range(30)}, {}, {})
    assert len(few.of("S1").shares_with) == 29, "control: files count once for those who share them"
    with pytest.raises(UndecidedError, match="claim the same files"):
        claims_of({f"S{i}": files for i in range(40)}, {}, {})


def test_t62_suites_within_suites_take_work_in_proportion() -> None:
    blank = TestFact("smoke-test-suite", "r.xml", "1", Location("governance.yaml"), None, "")

    def lines(depth: int) -> int:
        cases = "".join(f'<testcase name="c{n}"/>' for n in range(100))
        text = '<testsuite name="s" timestamp="2026-11-20">' * depth + cases + "</testsuite>" * depth
        return _lines_run(lambda: read_results(text, Expected("smoke-test-suite", "SYS-001"), blank))

    lines(1)
    assert lines(36) <= 3 * lines(12)
