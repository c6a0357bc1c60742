"""CI files that run the gate from outside the checkout, with no more rights than reading code and reviews."""

from __future__ import annotations

from policy_gate.record.write import NewFile


def ci_file(platform: str, version: str) -> NewFile:
    """The file for `github` or `gitlab`; KeyError for another platform."""
    path, text = _FILES[platform]
    return NewFile(path, text.replace("@VERSION@", version))


_GITHUB = """\
name: policy-gate
on:
  pull_request:
    types: [opened, synchronize, reopened, edited]
  pull_request_review:
    types: [submitted, dismissed]
  merge_group:
permissions: {}
jobs:
  check:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      pull-requests: read
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v5.6.0
        with:
          python-version: "3.12"
      - name: Install the gate outside the checkout
        working-directory: ${{ runner.temp }}
        run: python -m venv gate && gate/bin/pip install "ai-policy-gate[github]==@VERSION@"
      - name: Check
        env:
          GATE: ${{ runner.temp }}/gate/bin/python
          GITHUB_TOKEN: ${{ github.token }} # reads the reviews, and only where an approval is needed
        run: '"$GATE" -I -m policy_gate check'
"""

_GITLAB = """\
# Approvals of merge requests are read with POLICY_GATE_GITLAB_TOKEN: a project access token with the role
# Reporter and the scope read_api, as a masked CI/CD variable. Signed records need none.
policy-gate:
  image: python:3.12-slim
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  variables:
    GIT_DEPTH: "0"
    TARGET: $CI_MERGE_REQUEST_TARGET_BRANCH_NAME
  before_script:
    - apt-get update -qq && apt-get install -y -qq git openssh-client
    - python -m venv /tmp/gate && /tmp/gate/bin/pip install --quiet "ai-policy-gate[gitlab]==@VERSION@"
    - git fetch --quiet origin "+refs/heads/$TARGET:refs/remotes/origin/$TARGET"
  script:
    - /tmp/gate/bin/python -I -m policy_gate check
"""

_FILES = {
    "github": (".github/workflows/policy-gate.yml", _GITHUB),
    "gitlab": (".gitlab/policy-gate.gitlab-ci.yml", _GITLAB),
}
