"""What must hold of every history, whatever the model says: read from the trees and the reports alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from adoption import adopted_otherwise
from commit_line import Histories
from comparison import VERDICTS, Played, blocking, files_of, play
from d01_step import Step
from forge import holders
from history import PROFILES, History
from honest_helper import stuck
from merging import merged
from shown_ai import brought_alone, models_by_path

from policy_gate.errors import PolicyGateError
from policy_gate.report import REPORTERS, RenderOptions
from policy_gate.schema.report import Report

Tree = Mapping[str, Any]
POINTS = {
    "decision_impact": {"life_safety": 5, "employment": 4, "financial": 3, "access_to_services": 3, "reputational": 2,
                        "informational": 1},
    "human_oversight": {"none": 4, "partial": 2, "full": 1},
    "data_sensitivity": {"special_category": 4, "highly_sensitive": 3, "sensitive": 2, "non_sensitive": 1},
    "user_vulnerability": {"vulnerable_populations": 4, "general_public": 2, "professionals": 1},
    "deployment_scale": {"millions": 3, "hundreds_of_thousands": 2, "thousands": 1, "internal": 0},
    "decision_reversibility": {"irreversible": 3, "difficult_to_reverse": 2, "reversible": 1},
}  # fmt: skip
"""Written out, so that a change of `policies/` that lowers a score is seen here."""
AGREEMENTS = ("has_dpa", "opt_out_of_training", "soc2_type2_certified", "audit_rights")
SHORT = 3
"""changes of a history, a quarter of them, of which an adoption is looked at as well"""
EVIDENCE = ("artifacts", "tests", "not_applicable")
FORWARD = ("conception", "development", "pre_deployment", "production")


def broken(made: History, played: Played, gate: Histories) -> Iterator[str]:
    """What a history shows to be broken; nothing where all holds."""
    for step, report in played.seen:
        if report is not None and report.exit_code == 0:
            yield from _merged_alone(step)
            yield from brought_alone(step, _entries, _is_judged_high, _agreed)
        if _touches_nothing(step) and (report is None or report.exit_code != 0):
            yield "a change that touches nothing governed is stopped"
    if len(made.proposals) <= SHORT:
        yield from adopted_otherwise(made, gate)
    for step, report in played.seen[:1]:
        yield from _otherwise_written(step, report, played, gate)
    for _, report in played.seen[-1:]:
        yield from _told_alike(report) if report else ()
    if played.turns and not played.disagreement and (said := stuck(played, gate)):
        yield said


def _merged_alone(step: Step) -> Iterator[str]:
    """What only another person may give, and nobody gave to this content."""
    is_held = bool(step.base["roles"].get("ai-governance-committee"))  # where nobody is named, rules alone may merge
    if is_held and step.base["own"] != step.result["own"] and not _agreed(step, "", "own"):
        yield "a rule changed without another's yes"
    before, after = _entries(step.base), _entries(step.result)
    for id_, was in before.items():
        now = after.get(id_)
        if now is None:
            if _points(was) >= 12 and was["stage"] != "decommissioned":
                yield f"{id_} left the manifest and was never decommissioned"
            continue
        yield from (f"{id_}: {said}" for said in _of_high(was, now) if _points(was) >= 12 and not _agreed(step, id_))
        yield from (f"{id_}: {said}" for said in _of_numbers(step, was, now) if _points(now) >= 12)
        yield from (
            f"{id_}: {name} is younger by itself" for name in _younger(step, was, now) if not _agreed(step, id_)
        )
    for id_ in sorted(set(after) - set(before)):
        if _points(after[id_]) >= 12 and not _agreed(step, id_):
            yield f"{id_} was declared by its authors alone"


def _of_high(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    if now["stage"] in FORWARD and now["stage"] != was["stage"]:
        yield f"it entered {now['stage']}"
    if _points(now) < 12:
        yield "it is below high"
    for name, value in was["risk_profile"].items():
        if name not in now["risk_profile"] or POINTS[name][now["risk_profile"][name]] < POINTS[name][value]:
            yield f"{name} scores less"
    for name, value in was.get("facts", {}).items():
        if value is True and now.get("facts", {}).get(name) is not True:
            yield f"{name} is said no more"
    yield from _of_vendors(was, now)


def _of_numbers(step: Step, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """A card that states no result which meets its limit, where base's did, is no card to merge."""
    before, after = (
        tree["texts"].get(of.get("model_card", ""), ("",) * 7)[6] for tree, of in ((step.base, was), (step.result, now))
    )
    if after in ("missed", "none") and before == "met":
        yield f"its card has a result that is {after}"


def _of_vendors(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for id_, terms in was["vendors"].items():
        told = now["vendors"].get(id_, {})
        if told.get("vendor_name") != terms["vendor_name"]:
            yield f"{id_} is gone"
        elif terms.get("audit_rights") and not told.get("audit_rights"):
            yield f"{id_} may not be audited"
        elif told.get("assessed_on", "") > terms.get("assessed_on", ""):
            continue
        elif told.get("access_type") == "self_hosted" != terms.get("access_type"):
            yield f"{id_} is said to run here"
        else:
            yield from (f"{id_} got {name} by itself" for name in AGREEMENTS if told.get(name) and not terms.get(name))


def _younger(step: Step, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for name, item in now.get("artifacts", {}).items():
        old = was.get("artifacts", {}).get(name)
        if old and not old.get("completed"):
            old = _dated_before(step, name, old)
        texts = [
            tree["texts"].get(of["path"]) for tree, of in ((step.base, old), (step.result, item)) if of and "path" in of
        ]
        is_same = len(texts) == 2 and texts[0] == texts[1] is not None and texts[0][2] == "good"
        if old and is_same and old.get("completed") and item.get("completed", "") > old["completed"]:
            yield name
    for name, run in now.get("tests", {}).items():
        before, after = (
            tree["texts"].get(of.get("report", ""))
            for tree, of in ((step.base, was.get("tests", {}).get(name, {})), (step.result, run))
        )
        if before and after and before[2] == after[2] and before[3] < after[3]:
            yield name


def _dated_before(step: Step, name: str, old: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document with the day that base's last tree of the same text gave it, where base has none."""
    for tree in step.earlier:
        for entry in _entries(tree).values():
            item = entry.get("artifacts", {}).get(name, {})
            if item.get("path") == old.get("path") and item.get("completed"):
                same = tree["texts"].get(item["path"]) == step.base["texts"].get(item["path"])
                return {**old, "completed": item["completed"]} if same else old
    return old


def _entries(tree: Tree) -> dict[str, Mapping[str, Any]]:
    found, shared = {}, tree["manifests"]["governance.yaml"].get("vendors", {})
    for path, manifest in tree["manifests"].items():
        if tree["config"] and path != "governance.yaml":
            continue
        known = {**shared, **manifest.get("vendors", {})}
        for id_, it in manifest["systems"].items() if not manifest.get("broken") else ():
            found[id_] = {**it, "vendors": {name: known[name] for name in it.get("vendors", ())}}
    return found


def _is_judged_high(entry: Mapping[str, Any]) -> bool:
    """By its points, or by a listed use: a prohibited practice stops it whatever its tier, from its own day on."""
    said = entry.get("facts", {})
    return _points(entry) >= 12 or bool(said.get("annex_iii_points") and said.get("eu_market") is not False)


def _points(entry: Mapping[str, Any]) -> int:
    return sum(points[entry["risk_profile"][name]] if name in entry["risk_profile"] else max(points.values())
               for name, points in POINTS.items())  # fmt: skip


def _agreed(step: Step, system: str, part: str = "") -> bool:
    """Whether somebody whom base names, and who made no commit of this change, said yes after the last edit."""
    makers = _makers(step, system, part)
    if not part and any(it["system"] == system and it["approver"] not in makers for it in step.base["waivers"]):
        return True  # a waiver that was agreed to before may stand for a gate's yes
    return any(
        who not in makers and _part(tree, system, part) == _part(step.result, system, part)
        for who, tree in _yeses(step, system)
    )


def _yeses(step: Step, system: str) -> Iterator[tuple[str, Tree]]:
    """Who said yes to a system, as somebody whom base names, and what was proposed then."""
    records = [number for number, (people, _) in enumerate(step.commits) if not people]
    for said, number in zip(step.said, records[len(records) - len(step.said) :], strict=True):
        if said.system == system and said.who in step.base["roles"].get(said.role, ()):
            yield said.who, proposed_at(step, number)
    forge = step.forge
    for review in forge.reviews if forge and not forge.is_silent else ():
        last = [it for it in forge.reviews if it.who == review.who][-1]
        held = {who for names in step.base["roles"].values() for who in holders(names)}
        if last.says == review.says == "approved" and review.commit is not None and review.who in held:
            yield review.who, proposed_at(step, review.commit)


def _makers(step: Step, system: str, part: str) -> set[str]:
    """Who opened the change, or made a commit that touches a system's entry, its folder or a part of the rules.

    Or pushed it, where the forge says who did.
    """
    found, before = {step.forge.opener} if step.forge else set(), step.fork
    for number, (people, tree) in enumerate(step.commits):
        texts = [{path: text for path, text in it["texts"].items() if f"{system}/" in path} for it in (before, tree)]
        if _part(before, system, part) != _part(tree, system, part) or (not part and texts[0] != texts[1]):
            found |= people | ({step.forge.pushers[number]} if step.forge and not step.forge.is_silent else set())
        before = tree
    return found


def proposed_at(step: Step, number: int) -> Tree:
    """What was proposed while a commit was the last: what merging it gives."""
    head = step.commits[number][1]
    return merged(step.fork, step.base, head) or head


def _part(tree: Tree, system: str, part: str) -> Any:
    """What the yes has to have seen: a part of the rules, or an entry without its evidence, which only gates bind."""
    if part:
        return tree[part]
    return {name: said for name, said in _entries(tree).get(system, {}).items() if name not in EVIDENCE}


def _touches_nothing(step: Step) -> bool:
    """Only a readme, or what stands in files of code that were there before, is another."""
    base, result = step.base, step.result
    rest = [
        {name: value for name, value in tree.items() if name not in ("readme", "texts", "written")}
        for tree in (base, result)
    ]
    paths = set(base["texts"]) == set(result["texts"])
    papers = [{path: text for path, text in tree["texts"].items() if text[0] != "code"} for tree in (base, result)]
    is_line = step.fork is base or len(step.commits) < 2  # of another, a rebase may bring in something else
    mended = is_line and not any(manifest.get("broken") for manifest in base["manifests"].values())
    asks = models_by_path(base) == models_by_path(result)
    return mended and rest[0] == rest[1] and paths and papers[0] == papers[1] and asks


def _otherwise_written(step: Step, report: Report | None, played: Played, gate: Histories) -> Iterator[str]:
    """The same change with keys, items and systems in another order, and with a history that is not about it."""
    if report is None:
        return
    base, made = _backwards(step.base), [(tuple(people), files_of(_backwards(tree))) for people, tree in step.commits]
    unrelated = [files_of({**step.base, "readme": 99}), *(files_of(tree) for tree in step.earlier)]
    try:
        again = gate.of(files_of(base), made, unrelated, step.today, forge=step.forge)
        seen = VERDICTS[again.exit_code], blocking(again)
    except PolicyGateError as error:
        seen = VERDICTS.get(error.exit_code, ""), frozenset()
    if seen != (VERDICTS[report.exit_code], blocking(report)):
        yield "another order of files, keys or systems, or an unrelated history, gives another answer"


def _told_alike(report: Report) -> Iterator[str]:
    """Text, JSON and SARIF tell of one answer: its exit code, the systems that are stopped, and each reason."""
    text = REPORTERS["text"](report, RenderOptions())
    said = json.loads(REPORTERS["json"](report, RenderOptions()))
    run = json.loads(REPORTERS["sarif"](report, RenderOptions()))["runs"][0]
    blocking_ = {it.id for it in report.findings if it.blocks}
    systems = {it.system for it in report.findings if it.blocks and it.system}
    if set(re.findall(r"^(?:BLOCKED|UNDECIDED) +(SYS-\d)", text, re.M)) < systems:
        yield "the text names another system"
    ends = re.findall(r"exit (\d)$", text.rstrip())
    if ends != [str(report.exit_code)] and (ends or report.exit_code):  # a pass may say nothing of its code
        yield "the text ends otherwise"
    if said["verdict"] != report.verdict or {it["id"] for it in said["findings"] if it["blocks"]} != blocking_:
        yield "the JSON gives other reasons"
    errors = [it for it in run["results"] if it.get("level") == "error"]
    marks = {it["partialFingerprints"]["policyGateFinding/v1"] for it in errors if it["properties"].get("blocks")}
    if run["invocations"][0]["exitCode"] != report.exit_code or not blocking_ <= marks:
        yield "the SARIF gives other reasons"
    if bool(errors) != (report.exit_code in (1, 3)):
        yield "the SARIF is red where the answer is not, or not where it is"


def _backwards(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _backwards(node[key]) for key in reversed(node)}
    return node


def checked(history: History, gate: Histories) -> list[str]:
    """What one history shows to be broken. Within `gate.at_work`."""
    return list(broken(history, play(history, gate), gate))


assert all(set(profile) == set(POINTS) for profile in PROFILES.values())
