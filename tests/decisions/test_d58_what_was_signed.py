"""D58: what was signed stays what was signed, and a vendor that becomes another company is another vendor."""

from __future__ import annotations

from typing import Any

import pytest
from evidence import document
from scratch import Result, Scratch
from world import days_ago, high_system, low_system, org_policy, to_yaml

PAPER = "red-team-report"
FOR = "evidence-replacement"
NEW_PATH = "governance/rt-2.md"


def _entry(repo: Scratch, **over: Any) -> None:
    kept = [dict(item) for item in repo.entry()["artifacts"]]
    for item in kept:
        if item["id"] == PAPER:
            item.update(over)
    repo.edit(artifacts=kept)


def _path(repo: Scratch) -> str:
    return next(str(item["path"]) for item in repo.entry()["artifacts"] if item["id"] == PAPER)


def _other(text: str) -> str:
    """As many sections and words, and other ones."""
    lines = [line if line.startswith(("#", "System")) else line[::-1] for line in text.splitlines()]
    return "\n".join(lines) + "\n"


def _rewritten(repo: Scratch) -> None:
    repo.write({_path(repo): _other(repo.read(_path(repo)))})


def _half_rewritten(repo: Scratch) -> None:
    text = repo.read(_path(repo))
    repo.write({_path(repo): " ".join("our" if word in ("the", "they", "of") else word for word in text.split(" "))})


def _elsewhere(repo: Scratch) -> None:
    repo.write({NEW_PATH: _other(repo.read(_path(repo)))})
    _entry(repo, path=NEW_PATH)


def _much_longer(repo: Scratch) -> None:
    text = repo.read(_path(repo))
    repo.write({_path(repo): text + "\n## Later\n\n" + _other(text).replace("#", "")})


def _in_another_order(repo: Scratch) -> None:
    lines = repo.read(_path(repo)).splitlines()
    shuffled = [line if line.startswith(("#", "System")) else " ".join(sorted(line.split())) for line in lines]
    repo.write({_path(repo): "\n".join(shuffled) + "\n"})


def _with_a_date(repo: Scratch) -> None:
    _rewritten(repo)
    _entry(repo, completed=days_ago(0))


SHAPES = {
    "another text": _rewritten,
    "a few words in each sentence": _half_rewritten,
    "another file": _elsewhere,
    "its words in another order": _in_another_order,
    "a long part added": _much_longer,
    "with a later date": _with_a_date,
}


@pytest.fixture
def signed(scratch: Scratch) -> Scratch:
    scratch.adopt(high_system("production", stage_since=days_ago(20)))
    scratch.branch()
    return scratch


def _asked(found: Result) -> list[str]:
    return [str(item["requirement"]["subject"]) for item in found.findings("gap") if item.get("for") == FOR]


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_d58_an_approved_paper_that_is_replaced_asks_again(signed: Scratch, shape: Any) -> None:
    shape(signed)
    signed.commit("Another report")
    found = signed.check()
    assert (found.code, _asked(found)) == (1, ["ciso"]), found
    signed.approve("ciso", FOR)
    found = signed.check()
    assert (found.code, _asked(found)) == (0, []), found.blocking()
    signed.commit("After the approval", files={_path(signed): signed.read(_path(signed)) + "\nAnd more.\n"})
    assert signed.check().code == 1, "what was approved is this text and no other"


def _small_step(repo: Scratch, number: int) -> None:
    words = repo.read(_path(repo)).split(" ")
    step = [w[::-1] if at % 16 == number and w.isalpha() else w for at, w in enumerate(words)]
    repo.write({_path(repo): " ".join(step)})


def test_d58_many_small_steps_are_no_typo_together(signed: Scratch) -> None:
    asked = []
    for number in range(4):
        _small_step(signed, number)
        signed.commit(f"Step {number}")
        found = signed.check()
        asked.append(_asked(found))
        if found.code:
            break
        signed.merge()
        signed.branch()
    assert asked[0] == []
    assert asked[-1] == ["ciso"], asked
    _entry(signed, completed=days_ago(0))
    signed.commit("A second look", by="Bo Author")
    signed.approve("ciso", "evidence-renewal")
    assert signed.check().code == 0, signed.check()
    signed.merge()
    signed.branch()
    signed.commit("A typo after the look", files={_path(signed): signed.read(_path(signed)).replace("Red", "red", 1)})
    found = signed.check()
    assert found.code == 0, (found.blocking(), found.changes())


def test_d58_control_a_typo_is_no_other_paper(signed: Scratch) -> None:
    text = signed.read(_path(signed))
    signed.commit("Typo", files={_path(signed): text.replace("examined", "examind", 1)})
    assert (signed.check().code, _asked(signed.check())) == (0, [])


def test_d58_control_a_paper_that_no_gate_has_counted_is_ordinary_work(scratch: Scratch) -> None:
    scratch.adopt(high_system("conception"))
    scratch.branch()
    item = {"id": PAPER, "path": "governance/rt.md", "status": "final", "completed": days_ago(3)}
    scratch.edit(artifacts=[*scratch.entry().get("artifacts", []), item])
    scratch.commit("First", by="Rae Kim", files={"governance/rt.md": document(PAPER)})
    scratch.merge()
    scratch.branch("again")
    _rewritten(scratch)
    scratch.commit("Again")
    found = scratch.check()
    assert (found.code, _asked(found)) == (0, []), found.blocking()
    assert "evidence-replaced" in found.changes()


def test_d58_control_what_is_out_of_date_is_owed_and_not_replaced(scratch: Scratch) -> None:
    scratch.adopt(high_system("production", stage_since=days_ago(20)))
    _entry(scratch, completed=days_ago(800))
    scratch.commit("Long ago", by="Rae Kim")
    scratch.branch()
    _rewritten(scratch)
    scratch.commit("Another text of that year")
    assert _asked(scratch.check()) == ["ciso"], "what is out of date was signed all the same"
    _entry(scratch, completed=days_ago(0))
    scratch.commit("This year's")
    assert _asked(scratch.check()) == []


def test_d58_control_at_low_it_is_told(scratch: Scratch) -> None:
    scratch.adopt(low_system("production", stage_since=days_ago(20)))
    entry = scratch.entry("SYS-003")
    paper = next(item for item in entry["artifacts"] if item.get("path"))
    scratch.branch()
    text = scratch.read(paper["path"])
    scratch.commit("Anew", files={paper["path"]: text.replace("examined", "admired").replace("reviewers", "friends")})
    found = scratch.check()
    assert (found.code, _asked(found)) == (0, []), found.blocking()


VENDOR = {
    "id": "models",
    "vendor_name": "Acme Models",
    "access_type": "api",
    "has_dpa": True,
    "assessed_on": days_ago(9),
}


def _vendors(repo: Scratch, **fields: Any) -> None:
    repo.rewrite(lambda data: data | {"vendors": [VENDOR | fields]})


@pytest.fixture
def supplied(scratch: Scratch) -> Scratch:
    scratch.adopt(high_system("conception"))
    _vendors(scratch)
    scratch.edit(vendors=["models"])
    scratch.commit("With a vendor", by="Rae Kim")
    scratch.branch()
    return scratch


@pytest.mark.parametrize(
    "fields",
    [
        {"vendor_name": "Shady Models"},
        {"vendor_name": "Acme Models Offshore Ltd"},
        {"vendor_name": "Shady Models", "assessed_on": days_ago(0), "eu_data_residency": True},
    ],
    ids=["another name", "another legal entity", "assessed anew on the same day"],
)
def test_d58_a_vendor_that_becomes_another_company_is_dropped_and_added(supplied: Scratch, fields: Any) -> None:
    _vendors(supplied, **fields)
    supplied.commit("The same vendor")
    found = supplied.check()
    told = [(it["kind"], it["field"]) for it in found.system()["changes"]]
    assert told == [
        ("vendor-changed", "models"),
        ("vendor-dropped", "models (Acme Models)"),
        ("vendor-risk-raised", "models"),
    ], told
    assert (found.code, found.finding("weakening")["state"]) == (1, "gap"), found
    supplied.approve("ai-safety-lead", "weakening")
    assert supplied.check().code == 0, supplied.check()


def test_d58_control_the_same_company_spelt_otherwise_is_the_same(supplied: Scratch) -> None:
    _vendors(supplied, vendor_name="ACME models.", product_name="Ranker 2")
    supplied.commit("Spelling")
    found = supplied.check()
    assert ("vendor-dropped" in found.changes(), found.code) == (False, 0), found


@pytest.mark.parametrize("role", ["legal", "ciso"])
def test_d58_any_one_of_those_who_answer_for_the_evidence_may_agree(scratch: Scratch, role: str) -> None:
    paper = {
        "id": "own-paper", "title": "Own paper", "about": "What two roles answer for.", "responsible": ["engineering"],
        "accountable": ["ciso", "legal"],
    }  # fmt: skip
    scratch.adopt(
        high_system("conception"), files={"policies/org.yaml": to_yaml(org_policy() | {"artifacts": [paper]})}
    )
    scratch.branch()
    scratch.edit(not_applicable=[{"id": "own-paper", "reason": "there is nothing of the kind"}])
    scratch.commit("Not applicable")
    found = scratch.check()
    assert (found.code, found.finding("evidence-vouched")["state"]) == (1, "gap"), found
    scratch.approve(role, "evidence-vouched")
    assert scratch.check().code == 0, scratch.check()


PLAN = "data-retention-and-deletion-plan"


def _plan(repo: Scratch) -> dict[str, Any]:
    return next(item for item in repo.entry()["artifacts"] if item["id"] == PLAN)


def _without_the_plan(repo: Scratch) -> None:
    repo.edit(artifacts=[item for item in repo.entry()["artifacts"] if item["id"] != PLAN])


def _cut_short(repo: Scratch) -> None:
    path = _plan(repo)["path"]
    repo.write({path: "\n".join(line[:40] for line in repo.read(path).splitlines())})


def _emptied(repo: Scratch) -> None:
    repo.write({_plan(repo)["path"]: "# Data retention and deletion plan\n"})


@pytest.mark.parametrize("spoil", [_without_the_plan, _cut_short, _emptied])
def test_d58_what_a_gate_counted_is_not_spoilt_where_it_only_remediates(scratch: Scratch, spoil: Any) -> None:
    scratch.adopt(high_system("deprecated", stage_since=days_ago(20)))
    scratch.branch()
    spoil(scratch)
    scratch.commit("Tidy up")
    found = scratch.check()
    assert (found.code, f"artifact:{PLAN}" in found.blocking()) == (1, True), found


def test_d58_control_what_is_late_stays_late_there(scratch: Scratch) -> None:
    scratch.adopt(high_system("deprecated", stage_since=days_ago(20)))
    _without_the_plan(scratch)
    scratch.commit("It was never there", by="Rae Kim")
    scratch.branch()
    short = {"id": PLAN, "path": "governance/plan.md", "completed": days_ago(0)}
    scratch.edit(artifacts=[*scratch.entry()["artifacts"], short])
    scratch.commit("A beginning", files={"governance/plan.md": document(PLAN)[:200]})
    assert scratch.check().code == 0
    scratch.merge()
    scratch.branch("again")
    _without_the_plan(scratch)
    scratch.commit("No beginning")
    assert scratch.check().code == 0, "what has not counted may go"


def test_d58_control_at_low_what_is_remediated_may_go(scratch: Scratch) -> None:
    scratch.adopt(low_system("deprecated", stage_since=days_ago(20)))
    scratch.branch()
    kept = [item for item in scratch.entry("SYS-003")["artifacts"] if item["id"] != PLAN]
    scratch.edit("SYS-003", artifacts=kept)
    scratch.commit("Tidy up")
    assert scratch.check().code == 0
