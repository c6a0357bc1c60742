"""No heading that the policies ask for says of itself that what stands below it is no part of the document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from parts import ROOT

from policy_gate.cards.text_standing import is_no_part, is_set_aside


def headings(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        for key, value in found.items():
            if key in ("title", "aliases", "headings"):
                yield from [value] if isinstance(value, str) else (it for it in value if isinstance(it, str))
            yield from headings(value)
    elif isinstance(found, list):
        for value in found:
            yield from headings(value)


@pytest.mark.parametrize("name", ["artifacts", "card", "tests"])
def test_d53_no_heading_that_is_asked_for_sets_its_text_aside(name: str) -> None:
    wanted = list(headings(yaml.safe_load((ROOT / "policies" / f"{name}.yaml").read_text("utf-8"))))
    assert wanted
    assert [it for it in wanted if is_no_part(it) or is_set_aside(it)] == []
