"""`init` in a project of GitLab: the job, the include, what that does to the jobs that are there, and the accounts."""

from __future__ import annotations

import pytest
from scratch import Scratch

from policy_gate.write.ci_files import GITLAB_JOB

pytestmark = pytest.mark.real_git


def begun(repo: Scratch, pipeline: str) -> str:
    """What `init` says where the project has this pipeline."""
    repo.commit("Code", files={"screener/rank.py": "import transformers\n", ".gitlab-ci.yml": pipeline})
    done = repo.run("init", "--yes")
    assert done.code == 0, done
    assert repo.read(".gitlab-ci.yml") == pipeline
    return done.err


def test_the_include_is_said_and_whom_it_silences(scratch: Scratch) -> None:
    said = begun(scratch, "unit:\n  stage: test\n  script: [pytest]\n")
    assert f"add to .gitlab-ci.yml:  include: [{{local: {GITLAB_JOB}}}]" in said
    assert "unit would stop no merge" in said
    assert "docs/gitlab.md" in said
    assert "gitlab: LOGIN" in scratch.read("policies/roles.yaml")
    assert "github: LOGIN" not in scratch.read("policies/roles.yaml")


def test_a_list_of_includes_is_added_to(scratch: Scratch) -> None:
    said = begun(scratch, "include: [ours.yml]\nunit: {script: [pytest]}\n")
    assert f"add to the list `include` in .gitlab-ci.yml:  - local: {GITLAB_JOB}" in said
    assert "would stop" not in said


def test_an_include_of_the_file_that_is_written_here_gets_that_file(scratch: Scratch) -> None:
    said = begun(scratch, f"include: [{{local: {GITLAB_JOB}}}]\n")
    assert (scratch.path / GITLAB_JOB).is_file()
    assert "add to" not in said


def test_a_component_needs_no_file_and_a_missing_stage_is_said(scratch: Scratch) -> None:
    said = begun(scratch, "include: [{component: $CI_SERVER_FQDN/acme/policy-gate/policy-gate@1}]\nstages: [build]\n")
    assert not (scratch.path / GITLAB_JOB).exists()
    assert "has no stage test" in said
    assert "inputs: {stage: build}" in said
