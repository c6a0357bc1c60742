"""H30: whoever has nothing but a browser writes a document by hand, as docs/drafts.md shows it, and it counts."""

from __future__ import annotations

import re

import pytest
import yaml
from parts import ROOT
from scratch import Scratch
from world import days_ago, high_system

PAGE = (ROOT / "docs" / "drafts.md").read_text("utf-8")
_BLOCK = re.compile(r"^```(markdown|yaml fragment:systems)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("is_written", [True, False])
def test_h30_a_document_by_hand_is_the_document(scratch: Scratch, is_written: bool) -> None:
    shown = dict(_BLOCK.findall(PAGE))
    (line,) = yaml.safe_load(shown["yaml fragment:systems"])["artifacts"]
    scratch.adopt(high_system("development"))
    scratch.promote()
    kept = [item for item in scratch.entry()["artifacts"] if item["id"] != line["id"]]
    scratch.edit(artifacts=[*kept, line | {"completed": days_ago(20)}])
    scratch.commit("By hand", files={line["path"]: shown["markdown"] if is_written else "# Red team report\n"})
    found = scratch.check()
    assert (f"artifact:{line['id']}" in found.blocking()) is not is_written, found
