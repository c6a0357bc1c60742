"""The pages of the law packs are those that their rows give; `POLICY_GATE_WRITE_GOLDENS=1` writes them."""

from __future__ import annotations

import os
from pathlib import Path

from law_world import content
from pack_pages import pages

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "regulations"


def test_each_pack_has_the_page_that_its_rows_give() -> None:
    made = pages(content())
    if os.environ.get("POLICY_GATE_WRITE_GOLDENS"):
        FOLDER.mkdir(exist_ok=True)
        for name, text in made.items():
            (FOLDER / name).write_text(text, "utf-8")
    assert {path.name for path in FOLDER.iterdir()} == set(made)
    for name, text in made.items():
        assert (FOLDER / name).read_text("utf-8") == text, name
