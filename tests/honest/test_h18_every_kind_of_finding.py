"""H18: whoever does what the report prints, and nothing else, gets past it: over every kind of finding that blocks."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from evidence import card, document, junit
from scratch import AUTHOR, Scratch
from world import ROLE_HOLDERS, days_ago, from_yaml, high_system, low_system, medium_system, roles, to_yaml

_RESULT = re.compile(r"keep its JUnit XML result, and name it under tests as (?P<id>[\w-]+)")
_ROUNDS = 6


def _promoted(repo: Scratch, stage: str = "pre_deployment") -> None:
    repo.adopt(high_system("development" if stage == "pre_deployment" else "pre_deployment"))
    repo.branch("work")
    repo.edit(stage=stage)


def _promoted_without_a_card(repo: Scratch) -> None:
    repo.adopt(medium_system("development", model_card=None))
    repo.branch("work")
    repo.edit(medium_system()["id"], stage="pre_deployment")


def _retired(repo: Scratch) -> None:
    repo.adopt(low_system("production"))
    repo.branch("work")
    repo.edit("SYS-003", stage="decommissioned")


def _not_applicable(repo: Scratch) -> None:
    _promoted(repo)
    repo.edit(not_applicable=[{"id": "bias-benchmark-suite", "reason": "nobody is judged by it"}])


def _declared(repo: Scratch) -> None:
    repo.adopt(high_system("development"))
    repo.branch("work")
    repo.write({"summariser/app.py": "x = 1\n"})
    repo.declare(low_system("development"))


def _edited(**fields: Any) -> Callable[[Scratch], None]:
    def make(repo: Scratch) -> None:
        repo.adopt(high_system("production", stage_since=days_ago(20)))
        repo.branch("work")
        repo.edit(**fields)

    return make


def _written(**files: str) -> Callable[[Scratch], None]:
    def make(repo: Scratch) -> None:
        repo.adopt(high_system("development"))
        repo.branch("work")
        repo.write({name.replace("__", "/"): text for name, text in files.items()})

    return make


def _redated(repo: Scratch) -> None:
    repo.adopt(high_system("production", stage_since=days_ago(20)))
    repo.branch("work")
    repo.edit(artifacts=[item | {"completed": days_ago(0)} for item in repo.entry()["artifacts"]])


def _dropped(repo: Scratch) -> None:
    repo.adopt(high_system("production", stage_since=days_ago(20)))
    repo.branch("work")
    repo.edit(artifacts=repo.entry()["artifacts"][1:], tests=repo.entry()["tests"][1:])


def _colleague(repo: Scratch) -> None:
    _written(**{"policies/roles.yaml": to_yaml(roles(ciso="Sam Lee"))})(repo)


WORLDS: dict[str, Callable[[Scratch], None]] = {
    "pre-deployment": _promoted,
    "production": lambda repo: _promoted(repo, "production"),
    "without a card": _promoted_without_a_card,
    "retirement": _retired,
    "not applicable": _not_applicable,
    "a new system": _declared,
    "a dimension": _edited(risk_profile={"human_oversight": "full"}),
    "a tier": _edited(risk_profile={"decision_impact": "informational", "deployment_scale": "internal"}),
    "paths": _edited(paths=["screener/rank/**"]),
    "a stage back": _edited(stage="development"),
    "another purpose": _edited(description="AI rejects applicants by itself, and nobody reads them"),
    "a law": _edited(facts={"annex_iii_points": [], "eu_market": "false"}),
    "dates": _redated,
    "evidence gone": _dropped,
    "roles": _colleague,
    "what runs the gate": _written(**{".github/workflows/policy-gate.yml": "name: policy-gate\n"}),
}


def _remedies(repo: Scratch) -> Iterator[tuple[str, Callable[[], None]]]:
    """What is to be done, work before approvals: the id of each finding, and how its own words say to begin."""
    found = [it for it in repo.check().findings() if it["state"] in ("gap", "unknown") and it.get("blocks")]
    work = [it for it in found if not it["fix"].startswith("policy-gate approve")]
    for it in work or found:
        yield it["id"], lambda it=it: _do(repo, it)  # type: ignore[misc]


def _do(repo: Scratch, finding: dict[str, Any]) -> None:
    fix, system = finding["fix"], finding["system"]
    if fix.startswith("policy-gate approve"):
        _approve(repo, fix)
    elif fix.startswith("policy-gate draft"):
        _draft(repo, fix, system)
    elif fix.startswith("bring back"):
        _bring_back(repo, fix.split()[2])
    elif (result := _RESULT.search(fix)) is not None:
        _run_suite(repo, result["id"], system)
    else:
        assert finding["requirement"]["kind"] == "test", f"nothing says how to begin: {finding}"
        _run_suite(repo, finding["requirement"]["subject"], system)


def _bring_back(repo: Scratch, path: str) -> None:
    repo.git("checkout", "main", "--", path)
    (had,) = from_yaml(repo.git("show", "main:governance.yaml"))["systems"]
    repo.edit(artifacts=[*repo.entry()["artifacts"], *(item for item in had["artifacts"] if item["path"] == path)])
    repo.commit("Bring it back")


def _approve(repo: Scratch, command: str) -> None:
    words = shlex.split(command)
    who = ROLE_HOLDERS[words[words.index("--role") + 1]]
    repo.iam(who)
    done = repo.run(*words[1:], "--yes")
    repo.iam(AUTHOR)
    assert done.code == 0, done
    repo.commit("Approve", by=who)


def _draft(repo: Scratch, command: str, system: str) -> None:
    """Write the draft, fill it in, and put its line where the command says; or the line of a file that is there."""
    done = repo.run(*shlex.split(command)[1:])
    kept = re.search(r"(?s)(\S+) is already there and stays.*add under the artifacts of \S+ `([^`]*)`", done.err)
    if kept is not None:
        (entry,) = from_yaml(" ".join(kept[2].split()))
        (base,) = (it for it in from_yaml(repo.git("show", "main:governance.yaml"))["systems"] if it["id"] == system)
        (held,) = (it for it in base["artifacts"] if it["id"] == entry["id"])
        entry |= {"status": "final", "completed": str(held["completed"])}
        repo.edit(system, artifacts=[*repo.entry(system)["artifacts"], entry])
        repo.commit("Name it again")
        return
    assert done.code == 0, done
    path = re.findall(r"^wrote (\S+)", done.out, re.MULTILINE)[0]
    line = next(line.strip() for line in done.out.splitlines() if line.startswith("  "))
    if line.startswith("model_card:"):
        assert f"add to the entry of {system}" in done.out
        repo.edit(system, **from_yaml(line))
        repo.write({path: card()})
    else:
        assert f"add under the artifacts of {system}" in done.out
        (entry,) = from_yaml(line)
        entry |= {"status": "final", "completed": days_ago(0)}
        repo.edit(system, artifacts=[*repo.entry(system).get("artifacts", []), entry])
        repo.write({path: document(entry["id"], system)})
    repo.commit("Do the work")


def _run_suite(repo: Scratch, suite: str, system: str) -> None:
    path = f"reports/{suite}.xml"
    repo.edit(system, tests=[*repo.entry(system).get("tests", []), {"id": suite, "report": path}])
    repo.commit("Run the suite", files={path: junit(suite)})


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_h18_what_is_printed_is_enough(scratch: Scratch, world: Callable[[Scratch], None]) -> None:
    world(scratch)
    scratch.commit("Change")
    said = " ".join(scratch.run("check").out.split())
    assert scratch.check().code == 1
    for _ in range(_ROUNDS):
        todo = list(_remedies(scratch))
        for name, do in todo:
            fix = next(it["fix"] for it in scratch.check().findings() if it["id"] == name)
            if " ".join(fix.split()) not in said:
                said = " ".join(scratch.run("check").out.split())
            assert " ".join(fix.split()) in said, fix
            do()
            assert name not in [it["id"] for it in scratch.check().findings() if it.get("blocks")], fix
        if scratch.check().code == 0:
            return
    pytest.fail(str(scratch.check()))
