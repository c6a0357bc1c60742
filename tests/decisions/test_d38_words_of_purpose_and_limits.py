"""D38: other words of purpose or limits want an approval at high and critical; added limits and typos do not."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import days_ago, high_system, medium_system

USE = "Rank applications so that recruiters read the most relevant ones first."


def _reword(repo: Scratch, card: str, old: str, new: str) -> None:
    text = repo.read(card)
    assert old in text
    repo.branch(f"word-{abs(hash((old, new)))}")
    repo.commit("Reword", files={card: text.replace(old, new)})


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("read the most relevant ones", "never read the most relevant ones", "use-case-changed"),
        ("- Automatic rejection of an applicant\n", "", "limit-dropped"),
        ("- Reads only English text", "- Reads mostly English text", "limit-dropped"),
    ],
)
def test_d38_one_word_of_purpose_or_limits_wants_somebody_to_read_both(
    scratch: Scratch, old: str, new: str, kind: str
) -> None:
    scratch.adopt(high_system("production", stage_since=days_ago(20)))
    _reword(scratch, "MODEL_CARD.md", old, new)
    found = scratch.check()
    assert found.changes() == ([kind, "version-kept"] if kind == "use-case-changed" else [kind])
    assert found.blocking() == ["approval:ai-safety-lead"], "an approval and no document"
    scratch.approve("ai-safety-lead", "use-case-change")
    assert scratch.check().verdict == "pass"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (USE, USE.upper().replace(".", "!")),
        (
            USE,
            USE.replace("recruiters read", "the recruiters read").replace(
                "the most relevant ones", "most-relevant ones"
            ),
        ),
        ("- Reads only English text", "- Reads only English text\n- Misses irony"),
        ("English for office jobs only", "English for office work only"),
    ],
)
def test_d38_case_and_stops_added_limits_and_words_elsewhere_ask_for_nothing(
    scratch: Scratch, old: str, new: str
) -> None:
    scratch.adopt(high_system("production", stage_since=days_ago(20)))
    _reword(scratch, "MODEL_CARD.md", old, new)
    found = scratch.check()
    assert (found.verdict, found.changes()) == ("pass", [])


def test_d38_both_are_shown_and_at_medium_it_is_only_told(scratch: Scratch) -> None:
    scratch.adopt(
        high_system("production", stage_since=days_ago(20)), medium_system("production", stage_since=days_ago(20))
    )
    _reword(scratch, "MODEL_CARD.md", "read the most relevant ones", "skip the least relevant ones")
    said = scratch.run("check").out
    assert "was" in said
    assert "recruiters skip the least relevant ones first" in " ".join(said.split())
    assert "recruiters read the most relevant ones first" in " ".join(said.split())
    _reword_medium = scratch.read("chatbot/MODEL_CARD.md").replace("read the most", "skip the most")
    scratch.branch("medium")
    scratch.commit("Reword", files={"chatbot/MODEL_CARD.md": _reword_medium})
    found = scratch.check()
    assert (found.code, found.verdict, found.blocking()) == (0, "conditions", [])
    assert found.finding("use-case-note")["enforcement"] == "advise"
