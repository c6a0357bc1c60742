"""D53: at critical and high, every visible edit in or above purpose and limits is shown as it was and as it is."""

from __future__ import annotations

from typing import Any

import pytest
from scratch import Scratch
from world import high_system, medium_system

CARD = "MODEL_CARD.md"
ADDED = "- Scores short careers less reliably\n- Misses irony"
SHAPES: dict[str, tuple[str, str, str, str | None, str | None]] = {
    "a limit added": ("- Scores short careers less reliably", ADDED, "known_limitations", None, "Misses irony"),
    "punctuation of a limit": (
        "- Reads only English text",
        "- Reads only English text!",
        "known_limitations",
        "Reads only English text",
        "Reads only English text!",
    ),
    "capitals of the purpose": (
        "Rank applications so that recruiters read",
        "Rank APPLICATIONS so that recruiters read",
        "primary_intended_uses",
        "Rank applications so that recruiters read the most relevant ones first.",
        "Rank APPLICATIONS so that recruiters read the most relevant ones first.",
    ),
    "words above all": (
        "# Hiring Resume Screener\n",
        "# Hiring Resume Screener\n\nFor the pilot of 2024 read the wiki.\n",
        "above purpose and limits",
        None,
        "For the pilot of 2024 read the wiki.",
    ),
    "a heading above": (
        "## Known limitations",
        "# History\n\nOf the first version.\n\n## Known limitations",
        "above purpose and limits",
        None,
        "History\nOf the first version.",
    ),
}


@pytest.fixture(scope="module")
def governed(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("side"))
    repo.adopt(high_system("development"), medium_system("development"))
    return repo


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_d53_an_edit_is_shown_side_by_side(governed: Scratch, shape: tuple[str, str, str, Any, Any]) -> None:
    old, new, field, was, now = shape
    governed.branch()
    text = governed.read(CARD)
    assert old in text
    governed.commit("Edit", files={CARD: text.replace(old, new)})
    found = governed.check()
    edits = found.system()["edits"]
    assert [(edit["field"], edit["was"], edit["now"]) for edit in edits if edit["field"] == field] == [
        (field, was, now)
    ], edits
    assert found.code == 0, "nothing is asked for it"
    for way in ("text", "markdown", "html"):
        said = governed.run("check", "--format", way).out.replace("\\", "")
        for line in str(now).splitlines():
            assert " ".join(line.split())[:24] in " ".join(said.split()), (way, said)


def test_d53_control_elsewhere_and_layout_are_not_listed(governed: Scratch) -> None:
    governed.branch()
    text = governed.read(CARD)
    edited = text.replace("names, photos", "names, pictures").replace("- Reads only", "*  Reads   only\n  ")
    edited = edited.replace("so that recruiters read", "so that\nrecruiters read")
    governed.commit("Edit", files={CARD: edited})
    assert governed.check().system()["edits"] == []


def test_d53_control_at_medium_nothing_is_compared(governed: Scratch) -> None:
    governed.branch()
    path = "chatbot/MODEL_CARD.md"
    governed.commit("Edit", files={path: governed.read(path).replace("- Scores short careers less reliably", ADDED)})
    assert governed.check().system("SYS-002")["edits"] == []
