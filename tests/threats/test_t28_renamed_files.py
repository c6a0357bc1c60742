"""T28: files under new names are no "unchanged" files: what counts is the state by system id."""

from __future__ import annotations

from typing import Any

import pytest
from scratch import Scratch
from world import high_system

ROOM = "screener"


def _inside(**overrides: Any) -> dict[str, Any]:
    """SYS-001 with everything below one folder, so that the folder can be moved as a whole."""
    return high_system("pre_deployment", **({"paths": ["src/**"]} | overrides))


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("t28"))
    repo.adopt()
    repo.declare(_inside())
    files = ("governance.yaml", "MODEL_CARD.md", "governance", "reports", "src")
    (repo.path / ROOM).mkdir()
    repo.commit("All at the root")
    for name in files:
        repo.git("mv", name, f"{ROOM}/{name}")
    repo.commit("Into one folder")
    return repo


def _move(repo: Scratch, branch: str) -> str:
    repo.branch(branch)
    repo.git("mv", ROOM, "cv")
    return "cv/governance.yaml"


def test_t28_a_moved_folder_is_the_same_system(repo: Scratch) -> None:
    _move(repo, "moved")
    repo.commit("Move")
    done = repo.check()
    assert (done.code, done.changes()) == (0, []), done


def test_t28_a_lowered_dimension_is_seen_under_another_name(repo: Scratch) -> None:
    path = _move(repo, "lowered")
    repo.edit(path=path, risk_profile={"data_sensitivity": "non_sensitive"})
    repo.commit("Move and lower")
    done = repo.check()
    assert (done.code, "dimension-lowered" in done.changes()) == (1, True), done
    assert done.finding("weakening")["state"] == "gap"


def test_t28_a_report_that_moves_and_loses_its_text_is_a_gap(repo: Scratch) -> None:
    repo.branch("emptied")
    repo.git("mv", f"{ROOM}/governance/red-team-report.md", f"{ROOM}/governance/old.md")
    repo.write({f"{ROOM}/governance/old.md": "# Red team report\n\nTODO\n"})
    path = f"{ROOM}/governance.yaml"
    artifacts = repo.entry(path=path)["artifacts"]
    moved = [it | ({"path": "governance/old.md"} if it["id"] == "red-team-report" else {}) for it in artifacts]
    repo.edit(path=path, artifacts=moved)
    repo.commit("Rename and empty")
    done = repo.check()
    assert (done.code, done.blocking()) == (1, ["artifact:red-team-report"]), done


def test_t28_a_report_renamed_behind_the_manifests_back_is_missing(repo: Scratch) -> None:
    repo.branch("renamed")
    repo.git("mv", f"{ROOM}/governance/red-team-report.md", f"{ROOM}/governance/old.md")
    repo.commit("Rename")
    done = repo.check()
    assert (done.code, done.blocking()) == (1, ["artifact:red-team-report"]), done


def test_t28_a_card_under_another_name_is_read_again(repo: Scratch) -> None:
    path = f"{ROOM}/governance.yaml"
    repo.branch("card")
    repo.git("mv", f"{ROOM}/MODEL_CARD.md", f"{ROOM}/CARD.md")
    repo.edit(path=path, model_card="CARD.md")
    repo.commit("Rename the card")
    assert repo.check().code == 0
    text = repo.read(f"{ROOM}/CARD.md").replace("- Deciding on promotion or dismissal of employees\n", "")
    repo.commit("And drop a limit", files={f"{ROOM}/CARD.md": text})
    done = repo.check()
    assert (done.code, "limit-dropped" in done.changes()) == (1, True), done


def test_t28_a_second_copy_of_the_manifest_does_not_speak_for_the_first(repo: Scratch) -> None:
    repo.branch("copied")
    text = repo.read(f"{ROOM}/governance.yaml").replace("decision_impact: employment", "decision_impact: informational")
    repo.commit("A softer copy", files={"a/governance.yaml": text, f"{ROOM}/src/app.py": "print('touched')\n"})
    done = repo.check()
    assert done.code == 1, done
    assert "declared twice" in done.report["problems"][0]["message"]
