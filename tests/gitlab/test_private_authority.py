"""H35: a job of a GitLab behind a private authority trusts whom GitLab's runner names for its server."""

from __future__ import annotations

from pathlib import Path

import pytest
from project import Project
from tls_front import TlsFront
from world import high_system

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]


def test_h35_a_merge_request_there_is_fetched_and_judged_like_any(tmp_path: Path) -> None:
    with Project(tmp_path) as project:
        project.scratch.adopt(high_system("development"))
        project.scratch.branch("work")
        project.scratch.commit("A typo", files={"README.md": "Mended.\n"})
        project.propose()
        with TlsFront(tmp_path, project.server.url) as front:
            told = {"CI_SERVER_URL": front.url, "NO_PROXY": "127.0.0.1"}
            without = project.merge_request_job(**told)
            assert without.code == 3, without
            assert "ertificate" in without.out + without.err
            done = project.merge_request_job(**told, CI_SERVER_TLS_CA_FILE=str(front.authority))
    assert done.code == 0, done
    assert done.report["trust"]["enforcing"] is True
