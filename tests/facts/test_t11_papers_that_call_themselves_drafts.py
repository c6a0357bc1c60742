"""T11: a document that its entry calls final and that says of itself that it is a draft, or that it was withdrawn."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from evidence import document
from facts_world import entry, evidence, policy, snapshot

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


LONG = "Status: draft, " + "x" * 285
OTHER = "Status: draft"
OF_TEXTS: dict[str, tuple[int, str, bool] | None] = {
    f"# Plan\n\n{OTHER}\n": (3, OTHER, False),
    f"# Plan\n\n> **{OTHER}**\n": (3, OTHER, False),
    "Status: `withdrawn`": (1, "Status: `withdrawn`", True),
    "Status: not approved": (1, "Status: not approved", False),
    "Status: still draft": (1, "Status: still draft", False),
    "Status: still a draft": (1, "Status: still a draft", False),
    "Status: just an unreviewed plan": (1, "Status: just an unreviewed plan", False),
    "Status: a drafted plan": None,
    "Status: draft, approved since": None,
    "Status: withdrawn, released again": None,
    "Status: superseded by nothing": None,
    "Status: final\nDRAFT\n": (2, "DRAFT", False),
    "Status: drafted by Rae": None,
    "Superseded by: rt-8.md": (1, "Superseded by: rt-8.md", True),
    "Superseded by: none\nDRAFT\n": (2, "DRAFT", False),
    "This plan is superseded by no other.": None,
    "This plan has been withdrawn.": (1, "This plan has been withdrawn.", True),
    "This plan is still only a draft.": (1, "This plan is still only a draft.", False),
    "This plan is just a summary of the draft.": None,
    "This plan is in preparation.": (1, "This plan is in preparation.", False),
    "VOID": (1, "VOID", True),
    "VOID of people": None,
    "# Plan (draft)": (1, "Plan (draft)", False),
    "# Plan [withdrawn]": (1, "Plan [withdrawn]", True),
    "# Draft: plan": (1, "Draft: plan", False),
    "# Obsolete: plan": (1, "Obsolete: plan", True),
    "# Draft horses": None,
    "\n" * 39 + OTHER: (40, OTHER, False),
    "\n" * 40 + OTHER: None,
    f"# Plan\n## Scope\n{OTHER}\n": None,
    f"Plan\n----\n{OTHER}\n": None,
    f"Plan\n====\n{OTHER}\n": (3, OTHER, False),
    f"Plan\n\n----\n{OTHER}\n": (4, OTHER, False),
    f"----\n{OTHER}\n": (2, OTHER, False),
    LONG: (1, LONG[:80], False),
    f"{LONG}x": None,
    f"{LONG}x\n{OTHER}\n": (2, OTHER, False),
}
OF_DATA: list[tuple[Any, tuple[str, bool] | None]] = [
    (None, None),
    (["status", "draft"], None),
    ({"status": "draft"}, ("status: draft", False)),
    ({"Doc-Status": " Withdrawn"}, ("Doc-Status: Withdrawn", True)),
    ({"status": "final", "draft": True}, ("draft: true", False)),
    ({"status": True}, None),
    ({"status": ["draft"]}, None),
    ({"is_draft": "Yes"}, ("is_draft: Yes", False)),
    ({"draft": False, "wip": "no", "preliminary": "soon"}, None),
    ({"final": False}, ("final: false", False)),
    ({"approved": "No"}, ("approved: No", False)),
    ({"final": True, "reviewed": "yes", "complete": 0}, None),
    ({"superseded_by": "rt-8.md"}, ("superseded_by: rt-8.md", True)),
    ({"replaced by": 8}, ("replaced by: 8", True)),
    ({"superseded_by": None, "replaced_by": False, "obsoleted_by": "none"}, None),
    ({"superseded_by": ""}, None),
    ({"superseded_by": {"by": "rt-8.md"}}, None),
    ({"superseded_by": ["none", "rt-8.md"]}, ("superseded_by: ['none', 'rt-8.md']", True)),
    ({"superseded_by": [], "replaced_by": [None, "n/a"], "withdrawn": [True]}, None),
    ({"withdrawn": True}, ("withdrawn: true", True)),
    ({"withdrawn": "true"}, ("withdrawn: true", True)),
    ({"withdrawn": date(2026, 10, 1)}, ("withdrawn: 2026-10-01", True)),
    ({"void": "since 2026-10-01"}, ("void: since 2026-10-01", True)),
    ({"void": "2026"}, None),
    ({"void": False, "cancelled": "no"}, None),
    ({"superseded_by": "r" * 300}, (f"superseded_by: {'r' * 60}", True)),
    ({"superseded_by": "r" * 301}, None),
    ({"superseded_by": "r" * 301, "draft": True}, ("draft: true", False)),
    ({"owner": "draft", "notes": True}, None),
]


@pytest.mark.parametrize("text", OF_TEXTS)
def test_t11_what_the_head_of_a_document_says_of_it_and_where(text: str) -> None:
    found = OF_TEXTS[text]
    assert standing_of(text, 1, None) == found
    assert standing_of(text, 5, {"owner": "Rae"}) == (found and (found[0] + 4, *found[1:]))


@pytest.mark.parametrize(("data", "found"), OF_DATA)
def test_t11_what_data_says_of_its_document(data: Any, found: tuple[str, bool] | None) -> None:
    assert standing_of("", 1, data) == (found and (1, *found))
    assert standing_of("# Plan\n\nVOID\n", 7, data) == ((1, *found) if found else (9, "VOID", True))


def test_t11_a_number_in_data_is_told_as_it_is_written() -> None:
    found = evidence("plan.yaml", "superseded_by: 2.10\n")
    assert standing_of("", 1, found.data) == (1, "superseded_by: 2.10", True)
