"""Records behave as dataclasses do, from their first object to their hundredth."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import re
from dataclasses import dataclass, field, fields, replace
from typing import Any

import pytest


@dataclass(frozen=True, slots=True)
class Paper:
    """A record with every sort of field."""

    path: str
    lines: list[str] = field(default_factory=list, compare=False)
    digest: str = field(default="none", repr=False)
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Signed(Paper):
    """A record that adds to another."""

    by: str = "nobody"


@dataclass(slots=True)
class Tray:
    """A record that may be changed."""

    papers: list[Paper] = field(default_factory=list)


@pytest.mark.parametrize("made_before", [0, 20])
def test_a_record_is_filled_as_its_fields_say(made_before: int) -> None:
    for _ in range(made_before):
        Paper("x")
    paper = Paper("a", pages=2)
    assert (paper.path, paper.lines, paper.digest, paper.pages) == ("a", [], "none", 2)
    assert repr(paper) == "Paper(path='a', lines=[], pages=2)"
    assert paper.lines is not Paper("a").lines
    assert Signed("a", by="me") == Signed("a", ["x"], "none", 1, "me")


@pytest.mark.parametrize("made_before", [0, 20])
@pytest.mark.parametrize(
    ("args", "kwargs"),
    [((), {}), (("a",), {"path": "b"}), (("a",), {"pagse": 2}), (("a", [], "d", 1, "more"), {})],
    ids=["one missing", "one twice", "one unknown", "too many"],
)
def test_a_wrong_call_is_refused(made_before: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    for _ in range(made_before):
        Paper("x")
    with pytest.raises(TypeError):
        Paper(*args, **kwargs)


def test_equal_records_are_equal_and_hash_alike_by_the_compared_fields() -> None:
    assert Paper("a", ["x"]) == Paper("a", ["y"])
    assert hash(Paper("a", ["x"])) == hash(Paper("a", ["y"]))
    assert Paper("a") != Paper("b")
    assert Paper("a") != Signed("a")
    with pytest.raises(TypeError):
        hash(Tray())


def test_a_frozen_record_stays_as_it_is() -> None:
    paper = Paper("a")
    for name in ("path", "other"):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(paper, name, "b")
    with pytest.raises(dataclasses.FrozenInstanceError):
        del paper.path
    tray = Tray()
    tray.papers = [paper]
    assert tray.papers == [paper]


def test_replace_changes_fields_and_refuses_unknown_ones() -> None:
    assert replace(Signed("a", pages=3), by="me") == Signed("a", pages=3, by="me")
    with pytest.raises(TypeError, match="pagse"):
        replace(Paper("a"), pagse=2)  # type: ignore[call-arg]


def test_the_standard_library_takes_a_record_for_a_dataclass() -> None:
    paper = Signed("a", ["x"], by="me")
    assert [part.name for part in fields(paper)] == ["path", "lines", "digest", "pages", "by"]
    assert dataclasses.asdict(paper) == {"path": "a", "lines": ["x"], "digest": "none", "pages": 1, "by": "me"}
    assert dataclasses.replace(paper, pages=9).pages == 9
    assert copy.deepcopy(paper) == paper
    assert pickle.loads(pickle.dumps(paper)) == paper  # noqa: S301 - our own bytes


def test_a_pattern_does_what_a_compiled_one_does() -> None:
    found = re.compile(r"(\d+)-(\w+)")
    match = found.fullmatch("12-ab")
    assert match is not None
    assert match.groups() == ("12", "ab")
    assert found.sub("", "x1-y z") == "x z"
    assert found.groups == 2
