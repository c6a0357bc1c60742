"""CI files that run the gate from outside the checkout, with no more rights than reading code and reviews."""

from __future__ import annotations

from pathlib import Path

from policy_gate.documents.writer import NewFile
from policy_gate.errors import UsageError

GITHUB_WORKFLOW = ".github/workflows/policy-gate.yml"
GITHUB_PROPOSED = ".github/policy-gate.yml.proposed"
"""Where the workflow waits while nobody has said whose action it uses: GitHub runs nothing there."""
OWNER = "<owner>"
"""What stands in the proposed workflow for the account that publishes the action."""
GITLAB_JOB = ".gitlab/policy-gate.gitlab-ci.yml"
GITLAB_PIPELINE = NewFile(".gitlab-ci.yml", f"include:\n  - local: {GITLAB_JOB}\n")
"""What makes GitLab run the job, where the project has no pipeline yet."""


def ci_file(platform: str, action_owner: str = "") -> NewFile:
    """The file for `github` or `gitlab`; without the account that publishes the action, GitHub's waits beside."""
    if platform == "gitlab":
        return NewFile(GITLAB_JOB, _component())
    if not action_owner:
        return NewFile(GITHUB_PROPOSED, _GITHUB)
    return NewFile(GITHUB_WORKFLOW, _GITHUB.replace(OWNER, action_owner))


_GITHUB = """\
name: policy-gate
on:
  pull_request:
    types: [opened, synchronize, reopened, edited] # edited: the verdict is for another base after a retarget
  pull_request_review:
    types: [submitted, dismissed]
  merge_group:
  schedule:
    - cron: "17 4 * * *" # each night: all that is owed, and the issue that lists it
permissions: {}
concurrency:
  group: policy-gate-${{ github.event_name }}-${{ github.ref }}
  cancel-in-progress: true
jobs:
  gate:
    # A job that a review starts has a check of its own; the required one is the pull request's, which it renews.
    name: ${{ github.event_name == 'pull_request_review' && 'review' || 'gate' }}
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: read
      actions: write # starts the pull request's check again after a review
      pull-requests: write # reads the reviews; write is for the comment
      issues: write # for the dashboard
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          persist-credentials: false
      - uses: actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v5.6.0
        with:
          python-version: "3.12"
      - id: gate
        uses: <owner>/policy-gate@v1
        with:
          comment: "true"
          dashboard: "true"
"""


def _component() -> str:
    """The CI/CD component as published: included from a project's own files it takes the same inputs."""
    package = Path(__file__).resolve().parent.parent
    places = (folder / "templates" / "policy-gate.yml" for folder in (package, package.parent))
    file = next((place for place in places if place.is_file()), None)
    if file is None:
        raise UsageError("the CI/CD component is missing from this installation", hint="install policy-gate again")
    return file.read_text("utf-8")
