"""T25: a waiver by the author, for everything, for ever, by one person alone, or for what cannot be waived."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from scratch import Result, Scratch
from world import base_files, days_ago, high_system, roles, to_yaml

GATE = "pre-deployment-security-review"
PAPER = "data-lineage-documentation"
FILE = "governance/waivers.yaml"
WAIVER = {
    "system": "SYS-001",
    "rule": GATE,
    "subject": PAPER,
    "owner": "Pat Moss",
    "approver": "Rae Kim",
    "reason": "The lineage tool is rolled out in the first week of January.",
    "created": days_ago(1),
    "expires": days_ago(-30),
}


def waiver(**over: str | None) -> dict[str, Any]:
    """The waiver that holds, with fields laid over; None leaves one out."""
    return {name: value for name, value in {**WAIVER, **over}.items() if value is not None}


def written(*waivers: Mapping[str, Any]) -> str:
    return to_yaml({"schema": "policy-gate/waiver/v1", "waivers": [dict(item) for item in waivers]})


class Lineage(Scratch):
    """SYS-001 goes to pre_deployment with one paper less than its gate wants; approvals are set aside."""

    def prepare(self) -> None:
        self.adopt(high_system("development"))
        self.branch("work")
        self.declare(high_system("pre_deployment"))
        self.edit(artifacts=[item for item in self.entry()["artifacts"] if item["id"] != PAPER])
        self.commit("Promote without its lineage")

    def under(self, text: str, work: str = "work", **files: str) -> Result:
        """The change judged against a base that holds these waivers."""
        self.branch("held", "main")
        self.commit("What base holds", by="Rae Kim", files={FILE: text, **files})
        self.checkout(work)
        return self.check("--base", "held", "--defer", "approval")


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Lineage:
    repo = Lineage(tmp_path_factory.mktemp("t25"))
    repo.prepare()
    return repo


def faults(result: Result) -> list[str]:
    """The ids of what was found about waivers."""
    named = [item["requirement"]["subject"] for item in result.findings("gap")]
    return sorted(name for name in named if name.startswith("waiver-"))


def test_t25_control_a_waiver_of_base_holds_and_the_gap_stays_visible(repo: Lineage) -> None:
    assert repo.under(written()).blocking() == [f"artifact:{PAPER}"]
    held = repo.under(written(waiver()))
    assert held.code == 0, held
    finding = held.finding(PAPER)
    assert (finding["state"], finding["title"]) == ("waived", "Data lineage documentation is missing")
    assert "Pat Moss" in finding["waiver"]
    assert "first week of January" in finding["waiver"]
    assert held.report["summary"]["findings"]["waived"] == 1
    assert faults(held) == []


@pytest.mark.parametrize(
    ("over", "found", "said"),
    [
        ({"owner": "Rae Kim"}, "waiver-refused", "alone"),
        ({"owner": "rae@example.com"}, "waiver-refused", "alone"),
        ({"owner": "RAE  kim", "approver": "rae@EXAMPLE.com"}, "waiver-refused", "alone"),
        ({"owner": "R. Kim <rae@example.com>"}, "waiver-refused", "alone"),
        ({"approver": "Lin Park"}, "waiver-refused", "Lin Park is named for none of ai-safety-lead"),
        ({"approver": "Nobody Known"}, "waiver-refused", "Nobody Known is named for none"),
        ({"owner": " "}, "waiver-refused", "nobody owns it"),
        ({"reason": " "}, "waiver-refused", "gives no reason"),
        ({"expires": "9999-12-31"}, "waiver-too-broad", "longer than 60 days"),
        ({"expires": days_ago(-60)}, "waiver-too-broad", "longer than 60 days"),
        ({"created": days_ago(90), "expires": days_ago(1)}, "waiver-expired", "expired on"),
        ({"created": days_ago(-1), "expires": days_ago(-61)}, "waiver-refused", "in the future"),
        ({"subject": None}, "waiver-too-broad", "names no subject"),
        ({"subject": "red-team-reprot"}, "waiver-refused", "wants no red-team-reprot"),
        ({"rule": "everything"}, "waiver-refused", "no rule everything"),
    ],
)
def test_t25_a_waiver_that_is_not_as_it_must_be_covers_nothing(
    repo: Lineage, over: dict[str, str | None], found: str, said: str
) -> None:
    done = repo.under(written(waiver(**over)))
    assert done.code == 1, done
    assert f"artifact:{PAPER}" in done.blocking()
    assert faults(done) == [found]
    finding = done.finding(found)
    assert said in finding["message"]
    assert finding["enforcement"] == "remediate"
    assert not finding["blocks"]
    assert (finding["location"]["path"], finding["location"]["line"]) == (FILE, 3)
    if over.get("rule", GATE) == GATE and over.get("subject", PAPER) in (PAPER, None):
        assert said in str(done.finding(PAPER)["details"])


@pytest.mark.parametrize("over", [{"expires": days_ago(-59)}, {"approver": "ada@example.com"}, {"owner": "Bo Author"}])
def test_t25_control_what_is_as_it_must_be_holds(repo: Lineage, over: dict[str, str]) -> None:
    done = repo.under(written(waiver(**over)))
    assert (done.code, done.finding(PAPER)["state"]) == (0, "waived"), done


@pytest.mark.parametrize(
    "over",
    [
        {"system": "SYS-002"},
        {"rule": "production-deployment", "subject": "deployment-runbook"},
        {"subject": "red-team-report"},
    ],
)
def test_t25_a_waiver_for_something_else_covers_nothing(repo: Lineage, over: dict[str, str]) -> None:
    done = repo.under(written(waiver(**over)))
    assert done.blocking() == [f"artifact:{PAPER}"], done


def _two_ways(text: str) -> str:
    """Two expiry dates: the last wins for one reader, the first for another."""
    return text.replace("expires:", "expires: 2020-01-01\n  expires:")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (written(waiver(rule="*")), "rule is"),
        (written(waiver(rule=None)), "rule is missing"),
        (written(waiver(system="*")), "system is"),
        (written(waiver(system=None)), "system is missing"),
        (written(waiver(owner=None)), "owner is missing"),
        (written(waiver(reason="")), "reason is empty"),
        (written(waiver(expires=None)), "expires is missing"),
        (_two_ways(written(waiver())), "expires"),
        (written(waiver()).replace("- system", "- &all\n  system"), "anchor"),
        (written(waiver(expires="2026-02-30")), "expires is"),
        (written(waiver()) + "---\nschema: policy-gate/waiver/v1\n", "document"),
    ],
)
def test_t25_a_waiver_for_everything_or_that_reads_two_ways_is_malformed(repo: Lineage, text: str, said: str) -> None:
    done = repo.under(text)
    assert done.code == 1, done
    assert done.blocking() == [f"artifact:{PAPER}"]
    assert [problem for problem in done.report["problems"] if problem["path"] == FILE and said in problem["message"]]


def test_t25_a_waiver_in_the_same_change_holds_from_the_next_one_on(repo: Lineage) -> None:
    repo.branch("own", "work")
    repo.commit("Waive it while at it", files={FILE: written(waiver())})
    done = repo.check("--defer", "approval")
    assert done.blocking() == [f"artifact:{PAPER}"], done
    assert "holds from the next change on" in str(done.report["trust"]["notes"])
    assert "holds from the next change on" in str(done.finding(PAPER)["details"])
    assert done.finding("waiver")["state"] == "deferred"
    repo.approve("ai-governance-committee", "waiver", None)
    approved = repo.check("--defer", "approval")
    assert approved.finding("waiver")["state"] == "met"
    assert approved.blocking() == [f"artifact:{PAPER}"], "approved or not, it is not of base"


def test_t25_a_waiver_in_the_change_that_could_not_hold_is_told(repo: Lineage) -> None:
    repo.branch("own", "work")
    repo.commit("Waive it badly", files={FILE: written(waiver(owner="Rae Kim"))})
    assert "would not hold: its owner approved it alone" in str(repo.check().report["trust"]["notes"])


def test_t25_an_approver_of_the_changes_own_roles_approves_nothing(repo: Lineage) -> None:
    own = written(waiver(approver="Lin Park"))
    repo.branch("roles", "work")
    repo.commit("Lin approves", files={"policies/roles.yaml": to_yaml(roles(ai_safety_lead="Lin Park"))})
    done = repo.under(own, work="roles")
    assert f"artifact:{PAPER}" in done.blocking()
    assert faults(done) == ["waiver-refused"]
    later = repo.under(own, **{"policies/roles.yaml": to_yaml(roles(ai_safety_lead="Lin Park"))})
    assert (later.code, later.finding(PAPER)["state"]) == (0, "waived"), later


def test_t25_the_same_waiver_twice_is_one(repo: Lineage) -> None:
    done = repo.under(written(waiver(), waiver()))
    assert (done.code, faults(done)) == (0, [])
    late = repo.under(written(waiver(expires=days_ago(0), created=days_ago(200)), waiver(created=days_ago(200))))
    assert faults(late) == ["waiver-too-broad", "waiver-too-broad"]
    twice = repo.under(written(*[waiver(owner="Rae Kim")] * 2))
    assert faults(twice) == ["waiver-refused"]


@pytest.mark.parametrize(
    ("rule", "subject", "worse"),
    [
        (
            "tier-lowering",
            "ai-safety-lead",
            {"risk_profile": {"decision_impact": "informational"}, "facts": {"annex_iii_points": []}},
        ),
        ("prohibited-practice", None, {"facts": {"art5_practices": ["f"]}}),
    ],
)
def test_t25_what_can_never_be_waived_stays(
    repo: Lineage, rule: str, subject: str | None, worse: dict[str, Any]
) -> None:
    repo.branch("worse", "work")
    repo.edit(**worse)
    repo.commit("Make it worse")
    repo.under(written(waiver(rule=rule, subject=subject), waiver()), work="worse")
    done = repo.check("--base", "held")
    assert done.finding(rule)["state"] == "gap", done
    assert done.finding(rule)["blocks"]
    assert done.finding(PAPER)["state"] == "waived", "the control: what may be waived is"
    assert "can never be waived" in done.finding("waiver-refused")["message"]


def _waived(scratch: Scratch) -> None:
    """Base lacks a paper and holds an approved waiver of it."""
    scratch.adopt(high_system("pre_deployment"))
    scratch.edit(artifacts=[item for item in scratch.entry()["artifacts"] if item["id"] != PAPER])
    scratch.commit("The lineage was never written", files={FILE: written(waiver())})


def test_t25_longer_or_later_wants_the_committee_again(scratch: Scratch) -> None:
    _waived(scratch)
    scratch.branch("longer")
    scratch.commit("A little longer", files={FILE: written(waiver(expires=days_ago(-58)))})
    assert scratch.check().blocking() == ["approval:ai-governance-committee"]
    scratch.approve("ai-governance-committee", "waiver", None)
    assert scratch.check().code == 0
    for over in ({"expires": days_ago(-59)}, {"created": days_ago(0), "expires": days_ago(-58)}, {"reason": "No."}):
        scratch.branch("more", "longer")
        scratch.commit("More than was approved", files={FILE: written(waiver(**{"expires": days_ago(-58), **over}))})
        done = scratch.check()
        assert done.blocking() == ["approval:ai-governance-committee"], (over, done)
    scratch.branch("tidy", "longer")
    scratch.commit("Tidy up", files={FILE: "# Permissions\n" + scratch.read(FILE).replace("  rule", "  rule")})
    assert scratch.check().code == 0, "the control: a comment voids nothing"


def test_t25_from_the_wish_to_the_waived_gap(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch("permission")
    asked = scratch.run(
        *("waive", "--system", "SYS-001", "--rule", GATE, "--subject", PAPER, "--approver", "Rae Kim"),
        *("--reason", WAIVER["reason"], "--expires", days_ago(-30), "--yes"),
    )
    assert asked.code == 0, asked
    scratch.commit("Ask for more time")
    assert scratch.check().blocking() == ["approval:ai-governance-committee"]
    scratch.approve("ai-governance-committee", "waiver", None)
    assert scratch.check().code == 0
    scratch.merge("permission")
    scratch.branch("work")
    scratch.declare(high_system("pre_deployment"))
    scratch.edit(artifacts=[item for item in scratch.entry()["artifacts"] if item["id"] != PAPER])
    scratch.commit("Promote without its lineage")
    for role in ("ciso", "legal", "product-owner"):
        scratch.approve(role, GATE)
    done = scratch.check()
    assert (done.code, done.finding(PAPER)["state"], done.blocking()) == (0, "waived", []), done


def test_t25_the_author_does_not_approve_the_waiver(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch("permission")
    scratch.commit("Waive", by="Ada Example", files={FILE: written(waiver())})
    scratch.approve("ai-governance-committee", "waiver", None)
    done = scratch.check()
    assert done.blocking() == ["approval:ai-governance-committee"], done
    assert "wrote commit" in str(done.finding("waiver")["claims"])


def test_t25_what_is_wrong_with_waivers_is_told_where_it_matters(scratch: Scratch) -> None:
    _waived(scratch)
    scratch.commit(
        "More of them",
        files={
            FILE: written(
                waiver(),
                waiver(subject="model-card"),
                waiver(system="SYS-009"),
                waiver(rule="production-deployment", subject="deployment-runbook"),
                waiver(rule="model-re-evaluation", subject="bias-benchmark-suite"),
                waiver(rule="incident-contact", subject=None, created=days_ago(50), expires=days_ago(5)),
            )
        },
    )
    night = scratch.check("--all")
    assert night.finding(PAPER)["state"] == "waived", night
    assert faults(night) == ["waiver-expired", "waiver-refused", "waiver-unused"]
    assert night.finding("waiver-unused")["enforcement"] == "advise"
    assert night.finding("waiver-unused")["title"].startswith(f"The waiver of model-card ({GATE})")
    assert night.finding("waiver-refused")["system"] == "SYS-009"
    assert night.finding("waiver-expired")["due"] == days_ago(5)
    assert night.code == 0
    text = scratch.run("check", "--all").out
    assert "The waiver of incident-contact expired on" in text
    scratch.branch("typo")
    scratch.commit("Typo", files={"README.md": "# Scratched\n"})
    quiet = scratch.check()
    assert (quiet.verdict, faults(quiet)) == ("pass", []), quiet
    assert len(scratch.run("check").out.strip().splitlines()) == 1
    scratch.branch("touched")
    scratch.edit(deployment_date="2099-01")
    scratch.commit("A date")
    touched = scratch.check()
    assert faults(touched) == ["waiver-expired", "waiver-unused"], "of the system that the change touches"
    assert (touched.code, touched.verdict) == (0, "conditions")


@pytest.mark.parametrize("name", ["waiver-expired", "waiver-unused", "waiver-too-broad", "waiver-refused"])
def test_t25_every_such_finding_is_explained(scratch: Scratch, name: str) -> None:
    done = scratch.run("explain", name, "--format", "json")
    assert (done.code, [match["kind"] for match in done.report["matches"]]) == (0, ["rule"])
    assert done.report["matches"][0]["why"]
    assert f"  {name} " in scratch.run("policy", "list").out


@pytest.mark.parametrize("rule", [GATE, "incident-contact"])
def test_t25_one_that_comes_with_an_adoption_would_be_approved_by_nobody(scratch: Scratch, rule: str) -> None:
    """Base's waivers hold, and at adoption nobody is there to be asked."""
    subject = "legal" if rule == GATE else None
    scratch.commit("Years of work")
    scratch.branch()
    scratch.write(base_files())
    scratch.declare(high_system("development", enrolled=days_ago(0)))
    scratch.commit("Adopt")
    assert scratch.check().code == 0, "the control: without it"
    scratch.commit("And spare us that", files={FILE: written(waiver(rule=rule, subject=subject))})
    done = scratch.check()
    assert (done.code, done.blocking()) == (1, ["approval:ai-governance-committee"]), done
    (refused,) = (item for item in done.findings("gap") if item["blocks"])
    assert "leave it for the next change" in refused["fix"]
    assert "would not hold" not in str(done.report["trust"]["notes"]), "from the next change on it would"
