"""T11: a document that its entry calls final and that says of itself that it is a draft, or that it was withdrawn."""

from __future__ import annotations

import pytest
from evidence import document
from facts_world import entry, policy, snapshot

from policy_gate.facts.document_status import standing_of
from policy_gate.facts.facts import facts_of
from policy_gate.schema.facts import ArtifactFact

ID = "red-team-report"
TEXT = document(ID)
TITLE = TEXT.split("\n", 1)[0]


def seen(text: str, status: str | None = "final", path: str = "governance/rt.md") -> ArtifactFact:
    item = {"id": ID, "path": path, "completed": "2026-11-02"} | ({"status": status} if status else {})
    return facts_of(snapshot(entry(artifacts=[item]), files={path: text}), policy())[0].artifacts[ID]


def headed(line: str) -> str:
    return TEXT.replace(TITLE, f"{TITLE}\n\n{line}", 1)


DRAFTS = [
    headed("Status: DRAFT"),
    headed("**Status:** draft, not reviewed"),
    headed("| Document status | Work in progress |\n|---|---|\n| Owner | Rae |"),
    headed("> **DRAFT v0.3 - do not distribute**"),
    headed("This report is still a draft, and its findings were not reviewed."),
    headed("The red team report has not been read.\n\nThis document is not yet approved."),
    headed("Status: Entwurf"),
    headed("Statut : brouillon"),
    f"---\nstatus: draft\n---\n{TEXT}",
    f"---\nstatus: In review\n---\n{TEXT}",
    TEXT.replace(TITLE, f"{TITLE} (DRAFT)", 1),
    TEXT.replace(TITLE, f"# Draft: {TITLE[2:]}", 1),
]
DRAFTS += [
    f"---\ndraft: true\n---\n{TEXT}",
    f"---\napproved: false\n---\n{TEXT}",
    f"---\ndocument-status: in review\n---\n{TEXT}",
    f"---\nReviewed: no\n---\n{TEXT}",
]
VOID = [
    f"---\nsuperseded: true\n---\n{TEXT}",
    f"---\nsuperseded_by: rt-8.md\n---\n{TEXT}",
    f"---\nwithdrawn: 2026-10-01\n---\n{TEXT}",
    headed("Superseded by: rt-8.md"),
    headed("| Replaced by | RT-8 |\n|---|---|\n| Owner | Rae |"),
    headed("Status: withdrawn"),
    headed("Status – withdrawn"),
    headed("**This report has been withdrawn and must not be used.**"),
    headed("SUPERSEDED"),
    f"---\nstatus: superseded by RT-8\n---\n{TEXT}",
    TEXT.replace(TITLE, f"{TITLE} [OBSOLETE]", 1),
]


@pytest.mark.parametrize("text", [*DRAFTS, *VOID])
def test_t11_a_final_document_that_says_it_is_none_does_not_count(text: str) -> None:
    fact = seen(text)
    assert fact.cause == "refused"
    assert "says of itself" in fact.detail


@pytest.mark.parametrize("text", VOID)
def test_t11_what_was_withdrawn_is_no_draft_either(text: str) -> None:
    assert seen(text, "draft").cause == "refused"


@pytest.mark.parametrize("text", DRAFTS)
@pytest.mark.parametrize("status", ["draft", None])
def test_t11_control_a_draft_that_is_called_one_is_read(text: str, status: str | None) -> None:
    assert seen(text, status).cause is None


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        headed("Status: final"),
        headed("Status: Approved, supersedes the draft of 2026-09-01"),
        headed("Status: draft until 2026-10-01, approved 2026-11-02"),
        headed("The first draft of this report was read by Rae. The earlier report was withdrawn."),
        headed("This report replaces the draft, which is obsolete."),
        headed("Status of the system: in production"),
        headed("Status: deprecated"),
        headed("The system is deprecated, and this plan says what is kept."),
        f"---\nstatus: final\n---\n{TEXT}",
        f"{TEXT}\n## Open points\n\nStatus: in progress, the second finding is mended by Rae next week.\n",
    ],
)
def test_t11_control_what_else_a_document_says_of_drafts_and_states(text: str) -> None:
    assert seen(text).cause is None


def test_t11_data_says_it_too() -> None:
    text = "status: {}\nscope: the screener and its prompts were attacked by three people for nine days\n"
    assert seen(text.format("draft"), path="governance/rt.yaml").cause == "refused"
    assert seen(text.format("final"), path="governance/rt.yaml").cause is None


@pytest.mark.parametrize(
    "line", ["# " + "(" * 200_000, "(" * 200_000 + "draft", "the " + "a-" * 100_000 + " document is"]
)
def test_t62_a_long_line_is_no_word_on_the_document(line: str) -> None:
    assert standing_of(line, 1, None) is None
    assert standing_of(line[:300], 1, {"status": line}) is None


@pytest.mark.parametrize(
    "text",
    [
        headed("Status: superseded by nothing"),
        headed("Superseded by: none"),
        headed("| Supersedes | RT-7 |\n|---|---|\n| Superseded by | – |\n| Status | final |"),
        headed("This document is superseded by no other document."),
        f"---\nsuperseded: false\nsuperseded_by: null\ndraft: false\napproved: true\nrevoked: []\n---\n{TEXT}",
        f"---\nsuperseded_by: n/a\ncancelled: 3 of 40 runs\nfinal: true\n---\n{TEXT}",
    ],
)
def test_t11_control_what_nothing_took_the_place_of_stands(text: str) -> None:
    assert seen(text).cause is None
