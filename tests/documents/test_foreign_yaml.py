"""YAML of other tools is read as texts, whatever their types, and what is none is told so."""

from __future__ import annotations

import pytest

from policy_gate.documents.foreign_yaml import read_foreign_yaml


def test_scalars_are_texts_and_nothing_is_made_of_tags_and_merges() -> None:
    read = read_foreign_yaml(b"a: 1e5\nb: no\nc: 2026-01-01\nd: &x {k: ~, !!int k: 2}\ne: [{<<: 1}, []]\n")
    assert read == {"a": "1e5", "b": "no", "c": "2026-01-01", "d": {"k": "2"}, "e": [{"<<": "1"}, []]}
    assert read_foreign_yaml(b"") is None


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"a: [", "no YAML"),
        (b"\ta: b", "no YAML"),
        (b"a: &x 1\nb: *x", "refers to another part"),
        (b"[" * 100_000, "nested too deep|no YAML"),
        (b"{a: " * 60 + b"}" * 60, "nested too deep"),
        (b"? [a]\n: b", "a key is no text"),
    ],
)
def test_what_is_not_read_is_a_value_error(data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_foreign_yaml(data)
