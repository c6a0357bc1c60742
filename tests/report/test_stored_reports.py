"""A report is plain data: stored and loaded again it is equal, and every format prints the same bytes of it."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from sample_policies import docs
from sample_reports import SAMPLES

from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.schema.report import Report

FORMS = pytest.mark.parametrize("store", [msgspec.json, msgspec.msgpack], ids=["json", "msgpack"])


def held(report: Report, store: ModuleType) -> Report:
    """The report as loaded from what was stored of it; equal to it, and told alike by every format."""
    loaded: Report = store.decode(store.encode(report), type=Report)
    assert loaded == report
    for name, reporter in REPORTERS.items():
        assert reporter(loaded, RenderOptions()) == reporter(report, RenderOptions()), name
    return loaded


def decodable(value: Any) -> Any:
    """Without lone surrogates, which no document, tree or commit can bring into a report."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, tuple):
        return tuple(map(decodable, value))
    if isinstance(value, dict):
        return {decodable(key): decodable(item) for key, item in value.items()}
    if isinstance(value, msgspec.Struct):
        return replace(value, **{name: decodable(getattr(value, name)) for name in value.__struct_fields__})
    return value


@FORMS
@pytest.mark.parametrize("name", SAMPLES)
def test_a_stored_report_is_the_report(name: str, store: ModuleType) -> None:
    report = decodable(SAMPLES[name]())
    held(replace(report, docs=docs()), store)
    assert held(report, store).docs is None
