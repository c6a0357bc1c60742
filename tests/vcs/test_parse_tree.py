"""A folder of plain names is read by a shorter way, which gives what the longer one gives and refuses nothing less."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_gate.errors import DocumentError
from policy_gate.vcs import trees
from policy_gate.vcs.trees import Row, parse_tree

MODES = (b"100644", b"100755", b"40000", b"120000", b"160000", b"100664", b"100600")
NAMES = st.one_of(
    st.sampled_from((
        "a", "b", "a-b", "a.b", "a0", "-", "_", "A", ".git", "..", ".", "git~1", ".GIT", "a b", "é", ".gitmodules",
    )),
    st.text("ab.-_0~ /:\n", min_size=1, max_size=4),
)  # fmt: skip
ENTRY = st.tuples(st.sampled_from(MODES), NAMES.map(str.encode), st.binary(min_size=20, max_size=20))


def written(entries: list[tuple[bytes, bytes, bytes]]) -> bytes:
    return b"".join(mode + b" " + name + b"\0" + oid for mode, name, oid in entries)


def told(data: bytes) -> dict[str, Row] | str:
    try:
        return parse_tree(data, "folder", 20)
    except DocumentError as error:
        return str(error)


def by_the_longer_way(data: bytes) -> dict[str, Row] | str:
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(trees._PLAIN_ENTRY, 20, re.compile(rb"(nothing)(is)(plain)"))
        patched.setattr(trees, "_is_all_of", lambda data, found, width: bool(found) and _is_whole(data, found, width))
        return told(data)


def _is_whole(data: bytes, found: list[tuple[bytes, bytes, bytes]], width: int) -> bool:
    return sum(len(mode) + len(name) + 2 + width for mode, name, _ in found) == len(data)


def in_order(entries: list[tuple[bytes, bytes, bytes]]) -> list[tuple[bytes, bytes, bytes]]:
    return sorted(entries, key=lambda it: it[1] + b"/" if it[0] == b"40000" else it[1])


@given(st.lists(ENTRY, min_size=1, max_size=5), st.booleans(), st.binary(max_size=3))
def test_both_ways_tell_the_same(entries: list[tuple[bytes, bytes, bytes]], sort: bool, rest: bytes) -> None:
    data = written(in_order(entries) if sort else entries) + rest
    assert told(data) == by_the_longer_way(data)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([(b"100644", b"a"), (b"40000", b"a")], "two entries have the name 'a'"),
        ([(b"100644", b"a"), (b"100644", b"a")], "two entries have the name 'a'"),
        ([(b"100644", b"b"), (b"100644", b"a")], "its entries are not in order"),
        ([(b"40000", b"a"), (b"100644", b"a-b")], "its entries are not in order"),
        ([(b"40000", b".git")], "stands for the repository's own folder"),
        ([(b"100644", b"..")], "is no file name"),
    ],
)
def test_plain_names_are_refused_as_others_are(names: list[tuple[bytes, bytes]], said: str) -> None:
    assert said in str(told(written([(mode, name, b"x" * 20) for mode, name in names])))


def test_a_damaged_folder_is_refused() -> None:
    whole = written([(b"100644", b"a", b"x" * 20), (b"100644", b"b", b"y" * 20)])
    assert isinstance(told(whole), dict)
    for damaged in (whole[:-1], whole + b"z", b"z" + whole):
        assert "is damaged" in str(told(damaged))
    assert "has mode 00644" in str(told(whole[1:]))
