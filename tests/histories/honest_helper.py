"""Somebody honest, who reads why a change is stopped and does exactly that: writes, runs, asks others for their yes."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

from commit_line import Histories, Made
from comparison import Played, files_of, record_of
from d24_facts import systems
from edits import EDITS, found, mend_manifest
from history import DAYS

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


def stuck(played: Played, gate: Histories) -> str | None:
    """Why the last change of a history cannot be brought to a pass in `ROUNDS`; None where it can, or had not to be.

    Nor is it asked for where somebody has to agree whom base names nowhere, or who wrote it all, or has to sign it, nor
    beside a manifest of base that cannot be read and is mended by a change of its own.
    """
    turn, (step, report) = played.turns[-1], played.seen[-1]
    signs = any(said != "recorded" for said in step.base["assurance"].values())
    unread = any(it.get("broken") for it in step.base["manifests"].values())
    if report is None or report.exit_code == 0 or signs or unread:
        return None
    tree, made = copy.deepcopy(dict(step.result)), list(turn.made)
    records = {path: text for path, text in turn.result.items() if path.startswith("governance/approvals/")}
    if turn.behind:  # rebase it and push
        made = [(tuple(dict.fromkeys(who for people, _ in made for who in people)), turn.result)]
    history = [files_of(it) for it in step.earlier]
    for number in range(ROUNDS):
        if report.exit_code == 0:
            return None
        if _is_beyond_help(report):
            return None
        open_ = [it for it in report.findings if it.blocks]
        work = [it for it in open_ if it.kind != "approval"]
        broken = report.problems if report.verdict == "block" else ()
        for problem in broken:
            _mended(problem, tree, turn.today)
        before = copy.deepcopy(tree)
        for finding in work:
            _done(finding, tree, step.base, turn.today)
        if tree != before or broken:
            made.append(((HELPER,), files_of(copy.deepcopy(tree)) | records))
        else:
            asked = [it for it in open_ if it not in work]
            given = [_agreed(it, number, tree, records, turn.today) for it in asked]
            if None in given:
                return None
            made += [it for it in given if it]
        report = gate.of(turn.base, made, history, turn.today)
    return None if report.exit_code == 0 else _told(report)


def _mended(problem: Problem, tree: dict[str, Any], today: date) -> None:
    """A manifest that can be read, and no day to come where one has to have come."""
    mend_manifest(tree, today, problem.path)
    for entry in (found(tree, id_) or {} for id_ in systems(tree)):
        for name in DAYS:
            if problem.message.startswith(name) and entry.get(name, "") > today.isoformat():
                del entry[name]


def _is_beyond_help(report: Report) -> bool:
    return any(it.blocks and it.subject in BEYOND_HELP for it in report.findings)


def _told(report: Report) -> str:
    said = "; ".join(f"{it.system} {it.kind} {it.subject}: {it.message}" for it in report.findings if it.blocks)
    return f"honest work does not get past it in {ROUNDS} rounds: {said}"


def _done(finding: Finding, tree: dict[str, Any], base: Any, today: date) -> None:
    """What the finding asks for, in the tree."""
    system = finding.system or ""
    kind, subject = finding.kind, finding.subject
    entry = found(tree, system) or {}
    first = subject.partition(" or ")[0]
    if kind in ("artifact", "card") or first == "model-card":
        _write(tree, system, finding.artifact or first, today)
    elif kind in ("test", "any_of"):
        EDITS["test"](tree, today, system, first, "pass")
    elif subject == "contact-before-use":
        entry["incident_contact"] = "oncall@example.com"
    elif subject == "system-vanished":
        path = systems(base)[system][0]
        written = tree["manifests"].setdefault(path, {**base["manifests"][path], "systems": {}})
        written["systems"][system] = copy.deepcopy(found(base, system))
    elif subject == "deployment-date-passed":
        entry.pop("deployment_date", None)
    elif subject == "reclassification-review":
        EDITS["day"](tree, today, system, subject.replace("-", "_"), 0)
    elif subject == "vendor-critical-open":
        for name in entry["vendors"]:
            EDITS["vendor"](tree, today, system, name, AGREED)
    elif subject == "deprecated-before-production":
        EDITS["stage"](tree, today, system, "decommissioned")


def _write(tree: dict[str, Any], system: str, artifact: str, today: date) -> None:
    others = [it for id_, (_, it) in systems(tree).items() if id_ != system]
    item = (found(tree, system) or {}).get("artifacts", {}).get(artifact, {})
    if any(item == other.get("artifacts", {}).get(artifact) for other in others):
        item["path"] = item["path"].replace(".md", f"-of-{system}.md")  # one file is about one system
    EDITS["paper"](tree, today, system, artifact, "new", 0)


def _agreed(finding: Finding, number: int, tree: Any, records: dict[str, str], today: date) -> Made | None:
    """A yes of somebody whom the report says to be able to give it; None where there is nobody."""
    for who in finding.able or ():
        role = next((it for it in (finding.subject, *finding.accountable) if who in tree["roles"].get(it, ())), None)
        if role:
            path = f"governance/approvals/helper-{number}-{finding.for_}-{finding.system or ''}-{role}.yaml"
            records[path] = record_of(finding, role, who, today)
            return (who,), files_of(tree) | records
    return None
