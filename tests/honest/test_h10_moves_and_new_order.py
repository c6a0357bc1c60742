"""H10: manifest moved to another folder, keys reordered, system renamed in its `name`: nothing vanishes."""

from __future__ import annotations

from scratch import Scratch
from world import high_system

PAPERS = ("MODEL_CARD.md", "governance", "reports", "screener")


def _move(repo: Scratch, *, keep: str = "SYS-001") -> None:
    """Everything of the system into `svc/`, its keys the other way round, under another name."""
    entry = repo.entry()
    (repo.path / "svc").mkdir()
    for name in (*PAPERS, "governance.yaml"):
        repo.git("mv", name, f"svc/{name}")
    turned = {key: entry[key] for key in reversed(entry)} | {"name": "Screener, second edition", "id": keep}
    repo.declare_only({**turned, "artifacts": entry["artifacts"][::-1]}, path="svc/governance.yaml")
    repo.git("rm", "-q", "--cached", "--ignore-unmatch", "governance.yaml")


def test_h10_a_move_a_new_order_and_a_new_name_ask_for_nothing(scratch: Scratch) -> None:
    scratch.adopt(high_system("pre_deployment"))
    scratch.branch()
    _move(scratch)
    scratch.commit("Move")
    found = scratch.check()
    assert (found.verdict, found.changes(), found.blocking()) == ("pass", [], []), found
    assert [item["id"] for item in found.report["systems"]] == ["SYS-001"]
    assert found.system()["manifest"] == "svc/governance.yaml"


def test_h10_control_another_id_is_a_vanished_system(scratch: Scratch) -> None:
    scratch.adopt(high_system("pre_deployment"))
    scratch.branch()
    _move(scratch, keep="SYS-002")
    scratch.write({"svc/governance.yaml": scratch.read("svc/governance.yaml").replace("id: SYS-001", "id: SYS-002")})
    data = scratch.manifest("svc/governance.yaml")
    data["systems"] = [item for item in data["systems"] if item["name"].startswith("Screener")]
    scratch.declare_only(*data["systems"], path="svc/governance.yaml")
    scratch.commit("Move under another id")
    found = scratch.check()
    assert found.verdict == "block"
    assert {item["id"]: item["presence"] for item in found.report["systems"]} == {
        "SYS-001": "removed",
        "SYS-002": "added",
    }
