"""Somebody honest, who reads why a change is stopped and does exactly that: writes, runs, asks others for their yes."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import date
from typing import Any

from commit_line import Histories
from comparison import Played, Turn, files_of, record_of
from d01_step import Review, Step
from d24_facts import systems
from edits import EDITS, ROOT_MANIFEST, found, mend_manifest
from forge import holders, is_team
from history import DAYS
from shown_ai import models_by_path

from policy_gate.schema.finding import Finding
from policy_gate.schema.report import Report
from policy_gate.schema.source import Problem

ROUNDS = 5
HELPER = "Hal Honest"
AGREED = {"access_type": "api", "has_dpa": True, "assessed_on": 0}
"""What ends whatever is critical about a vendor."""
BEYOND_HELP = {
    "prohibited-practice": "nobody may do it",
    "prohibited-intimate-imagery": "nobody may do it",
    "incident-open": "it ends when it ends",
}
"""What reports say that no writing mends."""
SAID = {
    "deprecated-before-production": ("stage", "decommissioned"),
    "metric-below-threshold": ("card", "number", "met"),
    "metric-missing-value": ("card", "number", "met"),
    "reclassification-review": ("day", "reclassification_review", 0),
}
"""What ends by one edit of the system."""


def stuck(played: Played, gate: Histories) -> str | None:
    """Why the last change of a history cannot be brought to a pass in `ROUNDS`; None where it can, or had not to be.

    Nor is it asked for where somebody has to agree whom base names nowhere, or who wrote it all, or has to sign it, or
    is in a team that only a forge knows, nor beside a manifest of base that cannot be read and is mended by a change of
    its own, nor where the last edit conflicts with base. On a forge people agree by reviews there.
    """
    turn, (step, report) = played.turns[-1], played.seen[-1]
    signs = any(said != "recorded" for said in step.base["assurance"].values())
    teams = any(is_team(name) for held in step.base["roles"].values() for name in held)
    unread = any(it.get("broken") for it in step.base["manifests"].values())
    if report is None or report.exit_code == 0 or ((signs or teams) and not turn.forge) or unread or not turn.result:
        return None
    return _Helper(turn, step, gate).through(report)


class _Helper:
    """One change in the hands of somebody honest."""

    def __init__(self, turn: Turn, step: Step, gate: Histories) -> None:
        self.turn, self.step, self.gate = turn, step, gate
        self.tree: dict[str, Any] = copy.deepcopy(dict(step.result))
        self.made = list(turn.made)
        self.records = {path: text for path, text in turn.result.items() if path.startswith("governance/approvals/")}
        self.forge = turn.forge._replace(is_silent=False) if turn.forge else None
        if turn.behind:  # rebase it and push
            self.made = [(tuple(dict.fromkeys(who for people, _ in self.made for who in people)), turn.result)]
            pushed = tuple(dict.fromkeys(self.forge.pushers))[:1] if self.forge else ()
            self.forge = self.forge and self.forge._replace(pushers=pushed, reviews=())

    def through(self, report: Report) -> str | None:
        history = [files_of(it) for it in self.step.earlier]
        for number in range(ROUNDS):
            if report.exit_code == 0 or _is_beyond_help(report):
                return None
            if not self._has_worked(report) and not self._is_agreed(report, number):
                return None
            if self.forge:  # everybody pushes what they made
                mine = tuple(people[0] for people, _ in self.made[len(self.forge.pushers) :])
                self.forge = self.forge._replace(pushers=(*self.forge.pushers, *mine))
            report = self.gate.of(self.turn.base, self.made, history, self.turn.today, forge=self.forge)
        return None if report.exit_code == 0 else _told(report)

    def _has_worked(self, report: Report) -> bool:
        """Does what needs nobody else, in a commit; false where that is nothing."""
        before, broken = copy.deepcopy(self.tree), report.problems if report.verdict == "block" else ()
        for problem in broken:
            _mended(problem, self.tree, self.step.base, self.turn.today)
        for finding in report.findings:
            if finding.blocks and finding.kind != "approval" and not _is_to_be_agreed(finding):
                _done(finding, self.tree, self.step.base, self.turn.today)
        if self.tree == before and not broken:
            return False
        self.made.append(((HELPER,), files_of(copy.deepcopy(self.tree)) | self.records))
        return True

    def _is_agreed(self, report: Report, number: int) -> bool:
        """Asks for each yes that lacks; false where there is nobody who could give one."""
        asked = [it for it in report.findings if it.blocks and (it.kind == "approval" or _is_to_be_agreed(it))]
        give = self._reviewed if self.forge else self._recorded
        given = [give(finding, number) for finding in asked]
        return all(given)

    def _recorded(self, finding: Finding, number: int) -> bool:
        """A yes of somebody whom the report says to be able to give it."""
        for who in finding.able or ():
            role = next((it for it in _roles_of(finding) if who in self.tree["roles"].get(it, ())), None)
            if role:
                path = f"governance/approvals/helper-{number}-{finding.for_}-{finding.system or ''}-{role}.yaml"
                self.records[path] = record_of(finding, role, who, self.turn.today)
                self.made.append(((who,), files_of(self.tree) | self.records))
                return True
        return False

    def _reviewed(self, finding: Finding, _: int) -> bool:
        """The same of the newest commit on the forge; or of somebody in a team that holds the role, who had no hand."""
        assert self.forge
        hands = {self.forge.opener, *self.forge.pushers, *(who for people, _ in self.made for who in people)}
        held = [holders(self.step.base["roles"].get(role, ())) for role in _roles_of(finding)]
        named = [who for who in dict.fromkeys(who for them in held for who in them) if who not in hands]
        who = next((who for who in (*(finding.able or ()), *named) if any(who in them for them in held)), None)
        if who:
            review = Review(who, len(self.made) - 1, self.turn.today, "approved")
            self.forge = self.forge._replace(reviews=(*self.forge.reviews, review))
        return who is not None


def _roles_of(finding: Finding) -> Sequence[str]:
    return (finding.subject, *finding.accountable)


def _mended(problem: Problem, tree: dict[str, Any], base: Any, today: date) -> None:
    """A manifest that can be read, no day to come where one has to have come, the entry of who has an open incident."""
    mend_manifest(tree, today, problem.path)
    if problem.path in tree["manifests"]:
        tree["config"] = base["config"]
    for told in tree["incidents"].values():
        if told["system"] in problem.message and told["system"] in systems(base):
            _put_back(told["system"], tree, base)
    for entry in (found(tree, id_) or {} for id_ in systems(tree)):
        for name in DAYS:
            if problem.message.startswith(name) and entry.get(name, "") > today.isoformat():
                del entry[name]


def _is_beyond_help(report: Report) -> bool:
    """Also where base does not say which account of a team an address of the change is: its roles say so, first."""
    return any(
        (it.blocks and it.subject in BEYOND_HELP) or (it.undecided and "does not say whether" in it.message)
        for it in report.findings
    )


def _told(report: Report) -> str:
    said = "; ".join(f"{it.system} {it.kind} {it.subject}: {it.message}" for it in report.findings if it.blocks)
    return f"honest work does not get past it in {ROUNDS} rounds: {said}"


def _done(finding: Finding, tree: dict[str, Any], base: Any, today: date) -> None:
    """What the finding asks for, in the tree."""
    system = finding.system or ""
    kind, subject = finding.kind, finding.subject
    if finding.fix.startswith(f"keep the entry of {system} "):
        _put_back(system, tree, base)
    entry = found(tree, system) or {}
    first = subject.partition(" or ")[0]
    if kind in ("artifact", "card") or first == "model-card":
        _write(tree, system, finding.artifact or first, today)
        if (
            first == "model-card" and finding.cause == "stale"
        ):  # what code asks is another: the card says something of it
            EDITS["card"](tree, today, system, "typo", None)
    elif kind in ("test", "any_of"):
        EDITS["test"](tree, today, system, first, "pass")
    elif subject == "contact-before-use":
        entry["incident_contact"] = "oncall@example.com"
    elif subject == "system-vanished":
        _put_back(system, tree, base)
    elif subject == "deployment-date-passed":
        entry.pop("deployment_date", None)
    elif subject in SAID:
        name, *said = SAID[subject]
        EDITS[name](tree, today, system, *said)
    elif subject == "vendor-critical-open":
        places = [base["manifests"].get(path, {}) for path in (systems(tree)[system][0], ROOT_MANIFEST)]
        for name in entry["vendors"]:
            known = next((it["vendors"][name] for it in places if name in it.get("vendors", ())), None)
            company = (
                {"vendor_name": known["vendor_name"]} if known else {}
            )  # whoever goes is judged in that change (D61)
            EDITS["vendor"](tree, today, system, name, AGREED | company)
    elif subject == "ai-use-without-system":
        _claim(tree)


def _put_back(system: str, tree: dict[str, Any], base: Any) -> None:
    path = systems(base)[system][0]
    written = tree["manifests"].setdefault(path, {**base["manifests"][path], "systems": {}})
    written["systems"].setdefault(system, copy.deepcopy(found(base, system)))


def _is_to_be_agreed(finding: Finding) -> bool:
    """What the code shows and the papers deny: somebody else may say that it is so."""
    return finding.kind == "any_of" and finding.subject.startswith("papers-denied-by-code ")


def _claim(tree: dict[str, Any]) -> None:
    """Code that asks a model and that no system claims comes under one that may; where none may, it goes."""
    live = {id_: path for id_, (path, it) in systems(tree).items() if it["stage"] != "decommissioned"}
    claimed = [glob.removesuffix("**") for id_ in live for glob in (found(tree, id_) or {"paths": ()})["paths"]]
    for path in [it for it in models_by_path(tree) if not any(it.startswith(glob) for glob in claimed)]:
        below = {id_: manifest.removesuffix("governance.yaml") for id_, manifest in live.items()}
        entry = next((found(tree, id_) for id_, folder in below.items() if path.startswith(folder)), None)
        if entry:
            entry["paths"] = [*entry["paths"], f"{path.rpartition('/')[0]}/**"]
        else:
            del tree["texts"][path]


def _write(tree: dict[str, Any], system: str, artifact: str, today: date) -> None:
    others = [it for id_, (_, it) in systems(tree).items() if id_ != system]
    item = (found(tree, system) or {}).get("artifacts", {}).get(artifact, {})
    if any(item == other.get("artifacts", {}).get(artifact) for other in others):
        item["path"] = item["path"].replace(".md", f"-of-{system}.md")  # one file is about one system
    EDITS["paper"](tree, today, system, artifact, "new", 0)
