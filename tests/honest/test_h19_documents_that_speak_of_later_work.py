"""H19: complete documents that speak of versions before them, of later work and of what was not tested (T11)."""

from __future__ import annotations

from typing import Final

import pytest
from promotion import Promotion

PAPERS: Final = {
    "privacy-impact-assessment": """---
title: DPIA Resume Screener
status: approved
version: 1.2
supersedes: DPIA 1.1
superseded_by:
draft: false
---
# Data protection impact assessment

| Version | Status | Date |
|---|---|---|
| 1.0 | superseded by 1.2 | 2025-03-01 |
| 1.2 | approved | 2026-11-25 |

This assessment will be updated after each retraining. It is superseded by no later version.

## Description of the processing

Applicants upload a curriculum vitae. The screener removes names, photographs and addresses before
the model sees a text, ranks it, and shows the order to a recruiter, who reads all of them. Personal data
are education, employment and skills; special categories are deleted where a rule finds them.

## Necessity and proportionality

About four hundred people apply for a post, and two recruiters cannot read them with equal care in a week. A
keyword search was tried in 2024 and left out career changers. Nothing is kept past thirty days.

## Risks to the rights of data subjects

Somebody is ranked low for a gap in a career and is read late (likely, medium). Free text may reveal religion
(possible, high). There are no known risks of disclosure to other applicants. Residual risks will be reviewed in
the next quarterly meeting.

## Measures

Every tenth shortlist is shuffled and the difference is measured monthly; the notice to applicants names the
contact; see the internal wiki for the runbook. Deletion runs nightly and is tested in CI.
""",
    "incident-response-plan": """# Incident response plan

Owner: People Ops. Status: final.

## Detection

Alerts fire when the share of rejected applications by group moves by more than five points in a day, when latency
passes two seconds, or when a recruiter reports a strange order. Reports are tracked in Jira as AI-INC.

## Roles and contacts

The engineer on call leads; the data protection officer is told within four hours; the CISO decides on notices.
Contact the vendor by phone. This section will be updated whenever a number changes.

## Containment

The ranking is switched off with the flag `rank=false`, after which lists are shown by date. The form will be
completed by the engineer on call within one day. Logs are kept for ninety days and copied before anything is changed.

## Notification

Authorities are told within 72 hours where personal data are affected, fifteen days for serious incidents of the AI Act.

## Review

A meeting within ten days writes down what happened, why, and which test would have caught it; the test is added before
the model goes back to production.
""",
    "red-team-report": """# Red team report

## Scope

Two testers had one week and the staging system of 2.1.0 with the rights of an applicant; the hosting was out of scope.

## Attacks tried

- Prompt injection in white text of a PDF: 40 tries
- Key word stuffing with synonyms of the advertisement: 25 tries
- Requests for other applicants' data through the chat widget: 15 tries

## Findings

Three of forty injections moved an application up by more than ten places (high). Stuffing moved none by more than two.
No data of other applicants were disclosed. We did not test denial of service.

## Remediation

White text is dropped by the parser since 2.1.1 (ticket PRIV-77, closed); the forty documents are part of the nightly
suite. A second round is planned for March.
""",
}


@pytest.fixture(scope="module")
def promoted(tmp_path_factory: pytest.TempPathFactory) -> Promotion:
    return Promotion(tmp_path_factory.mktemp("h19"))


def test_h19_what_a_complete_document_says_of_later_work_takes_nothing_from_it(promoted: Promotion) -> None:
    result = promoted.attempt({f"governance/{name}.md": text for name, text in PAPERS.items()})
    assert (result.code, result.blocking()) == (0, [])
    assert {name: result.finding(name, "artifact")["state"] for name in PAPERS} == dict.fromkeys(PAPERS, "met")
