"""The report's own JSON writer gives the text that the standard one gives."""

from __future__ import annotations

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from policy_gate.report.formats.indented import indented

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.dates()
KEYS = st.text() | st.integers() | st.booleans()
DATA = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner) | st.tuples(inner, inner))


@given(DATA)
def test_it_is_the_text_of_the_standard_library(data: object) -> None:
    assert indented(data, str) == json.dumps(data, indent=2, ensure_ascii=False, default=str)


def test_what_json_does_not_know_is_given_to_the_caller() -> None:
    assert indented({"due": [date(2026, 1, 2)], "n": {}}, str) == '{\n  "due": [\n    "2026-01-02"\n  ],\n  "n": {}\n}'
