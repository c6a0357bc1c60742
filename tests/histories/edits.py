"""What people do to a repository: each edit by name, over a tree of the model.

One that finds nothing to do does nothing.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Container, Mapping
from datetime import date, timedelta
from typing import Any

from d05_owed import Outcome, controls, entered, outcomes, passed
from d24_facts import facts_of, papers_of, systems
from tables import STAGES, Policies, shipped

Edit = tuple[str, tuple[Any, ...]]
Thing = tuple[str, str]
"""A rule, and what it wants."""

POLICIES: Policies = shipped()
ROOT_MANIFEST, SECOND_MANIFEST = "governance.yaml", "apps/governance.yaml"
SHARED = "common/**"
"""What manifests in folders may claim, too, by `shared` of policy-gate.yaml."""


def edited(tree: Mapping[str, Any], edits: tuple[Edit, ...], today: date) -> dict[str, Any]:
    """The tree after these edits, one upon the other."""
    result = _copied(tree)
    for name, args in edits:
        EDITS[name](result, today, *args)
    result["manifests"] = _in_order(result["manifests"])
    return result


def _copied(node: Any) -> Any:
    """The same mappings and lists anew; what else stands in a tree nobody changes."""
    if isinstance(node, dict):
        return {key: _copied(value) for key, value in node.items()}
    return [_copied(item) for item in node] if isinstance(node, list) else node


def _in_order(said: Mapping[str, Any]) -> dict[str, Any]:
    """The same with its keys sorted: what says the same is the same text, as where files conflict it has to be."""
    return {name: _in_order(said[name]) if isinstance(said[name], dict) else said[name] for name in sorted(said)}


EDITS: dict[str, Callable[..., None]] = {}


def _edit(made: Callable[..., None]) -> Callable[..., None]:
    EDITS[made.__name__.strip("_")] = made
    return made


def found(tree: dict[str, Any], system: str) -> dict[str, Any] | None:
    """The entry as it is written, to be edited."""
    written = [it["systems"] for it in tree["manifests"].values() if not it.get("broken") and system in it["systems"]]
    return written[-1][system] if written else None


def folder_of(tree: Mapping[str, Any], system: str) -> str:
    folder = systems(tree)[system][0].rpartition("/")[0]
    return f"{folder}/" if folder else ""


def _ago(today: date, days: int) -> str:
    return (today - timedelta(days=days)).isoformat()


@_edit
def work(tree: dict[str, Any], today: date, system: str, stage: str, *, but: Container[Thing] = ()) -> None:
    """Write what is missing up to a stage, and run the tests of the gates on the way."""
    entry = found(tree, system)
    for outcome in _lacking(tree, today, system, stage):
        if entry is None or (outcome.rule.id, outcome.want.subject) in but:
            continue
        for want in (outcome.want, *outcome.want.options[:1]):
            if want.kind == "artifact":
                _write(tree, system, entry, want.subject, today)
            elif want.kind == "test":
                _run(tree, system, entry, want.subject, today, "pass")


@_edit
def work_but_waived(tree: dict[str, Any], today: date, system: str, stage: str) -> None:
    """The same, without what a waiver names, whatever the waiver is worth."""
    work(tree, today, system, stage, but={(it["rule"], it.get("subject", "")) for it in tree["waivers"]})


def _lacking(tree: dict[str, Any], today: date, system: str, stage: str) -> list[Outcome]:
    entry = found(tree, system)
    if entry is None:
        return []
    gates = entered("none" if stage == entry["stage"] else entry["stage"], stage, POLICIES) or passed(stage, POLICIES)
    facts = facts_of(system, {**systems(tree)[system][1], "stage": stage}, tree, today, POLICIES, entry["stage"])
    return [it for it in outcomes(facts, (), gates, POLICIES) if it.state == "gap" and it.rule.kind != "rule"]


def _write(tree: dict[str, Any], system: str, entry: dict[str, Any], artifact: str, today: date, days: int = 0) -> None:
    if POLICIES.artifacts[artifact].get("is_model_card"):
        path = entry.setdefault("model_card", f"{folder_of(tree, system)}{system}/CARD.md")
        old = tree["texts"].get(path, ("card", (), (0, 1), 0, 0, 0, "met"))
        tree["texts"][path] = ("card", (), *old[2:])
        return
    path = f"{folder_of(tree, system)}{system}/{artifact}.md"
    item = entry.setdefault("artifacts", {}).setdefault(artifact, {"path": path})
    old = tree["texts"].get(item["path"])
    version = old[3] + 1 if old else tree["written"]
    tree["written"] += 1
    tree["texts"][item["path"]] = ("doc", artifact, "good", version, 0, system)
    item |= {"status": "final", "completed": _ago(today, days)}


def _run(tree: dict[str, Any], system: str, entry: dict[str, Any], test: str, today: date, outcome: str) -> None:
    path = f"{folder_of(tree, system)}{system}/{test}.xml"
    item = entry.setdefault("tests", {}).setdefault(test, {"report": path})
    tree["written"] += 1
    tree["texts"][item["report"]] = ("run", outcome, tree["written"], _ago(today, 0), test)


@_edit
def stage(tree: dict[str, Any], today: date, system: str, to: str) -> None:
    if entry := found(tree, system):
        entry["stage"] = to


@_edit
def next_stage(tree: dict[str, Any], today: date, system: str) -> None:
    if entry := found(tree, system):
        entry["stage"] = STAGES[min(STAGES.index(entry["stage"]) + 1, len(STAGES) - 1)]


@_edit
def dimension(tree: dict[str, Any], today: date, system: str, name: str, value: str | None) -> None:
    if entry := found(tree, system):
        entry["risk_profile"] = _with(entry["risk_profile"], name, value)


@_edit
def fact(tree: dict[str, Any], today: date, system: str, name: str, value: Any) -> None:
    if entry := found(tree, system):
        value = list(value) if isinstance(value, tuple) else value
        _say(entry, "facts", _with(entry.get("facts", {}), name, value))


def _say(entry: dict[str, Any], name: str, said: Mapping[str, Any] | list[str]) -> None:
    """What is said under a name of the entry; nothing under no name."""
    entry.pop(name, None)
    if said:
        entry[name] = said


def _with(said: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """The same with another value at its place: an entry that says what it said is the same text."""
    return {key: it for key, it in {**said, name: value}.items() if it is not None}


@_edit
def day(tree: dict[str, Any], today: date, system: str, name: str, days: int | None) -> None:
    if entry := found(tree, system):
        entry.pop(name, None)
        if days is not None:
            entry[name] = _ago(today, days)


@_edit
def paper(tree: dict[str, Any], today: date, system: str, artifact: str, how: str, days: int | None) -> None:
    """One document: written, worded anew, touched, spoilt, left out; with another day, or as it was dated."""
    entry = found(tree, system)
    if entry is None:
        return
    item = entry.get("artifacts", {}).get(artifact)
    if how == "new":
        _write(tree, system, entry, artifact, today, days or 0)
        return
    if item is None:
        return
    text = tree["texts"].get(item["path"])
    if how == "left out":
        del entry["artifacts"][artifact]
    elif how == "deleted":
        tree["texts"].pop(item["path"], None)
    elif how == "moved" and text:
        tree["texts"][item["path"].replace(".md", "-2.md")] = tree["texts"].pop(item["path"])
        item["path"] = item["path"].replace(".md", "-2.md")
    elif how in ("draft", "final"):
        item["status"] = how
    elif how == "undated":
        item.pop("completed", None)
    elif text:
        kind, name, quality, version, touches, of = text
        changed = {
            "reworded": (quality, version + 1, touches), "touched": (quality, version, touches + 1),
            "as before": (quality, max(version - 1, 0), touches), "dated": (quality, version, touches),
        }.get(how, (how, version, touches))  # fmt: skip
        tree["texts"][item["path"]] = (kind, name, *(changed if changed[0] == "good" else (changed[0], 0, 0)), of)
    if days is not None and artifact in entry["artifacts"]:
        item["completed"] = _ago(today, days)


@_edit
def claim(tree: dict[str, Any], today: date, system: str, name: str, reason: str | None) -> None:
    """A document or test is said not to apply, for another reason, or no more."""
    if entry := found(tree, system):
        _say(entry, "not_applicable", _with(entry.get("not_applicable", {}), name, reason))


NO_RUNS = ("breaks outside its cases", "breaks without a failure", "skips all")
OF_OTHERS = ("of another suite", "of another system")
RUNS = ("pass", "fail", "none", *NO_RUNS, *OF_OTHERS)
"""What a report may say; of all but the first the model knows that it is no pass."""


@_edit
def test(tree: dict[str, Any], today: date, system: str, name: str, how: str) -> None:
    entry = found(tree, system)
    if entry is None:
        return
    if how == "left out":
        entry.get("tests", {}).pop(name, None)
    elif how == "deleted":
        tree["texts"].pop(entry.get("tests", {}).get(name, {}).get("report", ""), None)
    elif how == "dated anew":
        _date_anew(tree, entry, name, today)
    elif how in RUNS:
        _run(tree, system, entry, name, today, how)


def _date_anew(tree: dict[str, Any], entry: dict[str, Any], test: str, today: date) -> None:
    """The same run in another order, with the day of today."""
    path = entry.get("tests", {}).get(test, {}).get("report", "")
    if path in tree["texts"]:
        kind, outcome, number, _, name, *dress = tree["texts"][path]
        tree["texts"][path] = (kind, outcome, number, _ago(today, 0), name, sum(dress) + 1)


@_edit
def card(tree: dict[str, Any], today: date, system: str, how: str, value: Any) -> None:
    entry = found(tree, system)
    path = entry.get("model_card", "") if entry else ""
    if path in tree["texts"]:
        kind, lacking, limits, purpose, typo, model, number = tree["texts"][path]
        match how:
            case "number":
                number = value
            case "lacking":
                lacking = tuple(value)
            case "limits" if "known_limitations" not in lacking:
                limits = tuple(value)
            case "purpose":
                purpose = value
            case "model":
                model = value
            case "typo":
                typo += 1
            case "deleted":
                del tree["texts"][path]
                return
        tree["texts"][path] = (kind, lacking, limits, purpose, typo, model, number)


@_edit
def paths(tree: dict[str, Any], today: date, system: str, *patterns: str) -> None:
    if entry := found(tree, system):
        entry["paths"] = [f"{folder_of(tree, system)}{system}/{it}/**" for it in patterns]


@_edit
def claim_code(tree: dict[str, Any], today: date, system: str, of: str, name: str) -> None:
    """A system claims another's code beside its own, or what all may share."""
    entry = found(tree, system)
    pattern = f"{folder_of(tree, of)}{of}/{name}/**" if of in systems(tree) else SHARED
    if entry and (pattern == SHARED or pattern.startswith(folder_of(tree, system))):
        entry["paths"] = [*dict.fromkeys((*entry["paths"], pattern))]


@_edit
def shared_code(tree: dict[str, Any], today: date, how: str) -> None:
    path = SHARED.replace("**", "lib.py")
    text = tree["texts"].get(path)
    if how == "edited":
        tree["texts"][path] = ("code", path, text[2] + 1 if text else 1)
    elif text and how == "deleted":
        del tree["texts"][path]
    elif text:
        tree["texts"]["attic/shared.py"] = tree["texts"].pop(path)


@_edit
def move_entry(tree: dict[str, Any], today: date, system: str, to: str) -> None:
    """A system goes to another manifest, where that may name all that it names."""
    entry, written = found(tree, system), tree["manifests"].setdefault(to, {"systems": {}})
    folder = to.removesuffix("governance.yaml")
    if entry is None or written.get("broken") or "vendors" in entry or not _is_found(tree, to):
        return
    named = [*entry["paths"], *papers_of(entry)]
    if all(path.startswith(folder) or path in ("", SHARED) for path in named):
        del tree["manifests"][systems(tree)[system][0]]["systems"][system]
        written["systems"][system] = entry


@_edit
def settings(tree: dict[str, Any], today: date, is_narrow: int) -> None:
    """The patterns that find manifests find the root's alone, or all."""
    tree["config"] = is_narrow


def _is_found(tree: Mapping[str, Any], manifest: str) -> bool:
    return manifest == ROOT_MANIFEST or not tree["config"]


@_edit
def drop_manifest(tree: dict[str, Any], today: date, path: str) -> None:
    """One that holds nothing is in no tree (`rendered`)."""
    if any(tree["manifests"].get(path, {}).get(part) for part in ("systems", "vendors")):
        del tree["manifests"][path]


@_edit
def code(tree: dict[str, Any], today: date, system: str, name: str, how: str) -> None:
    if system not in systems(tree):
        return
    path = f"{folder_of(tree, system)}{system}/{name}/main.py"
    text = tree["texts"].get(path)
    if how == "edited":
        tree["texts"][path] = ("code", path, text[2] + 1 if text else 1)
    elif text and how == "deleted":
        del tree["texts"][path]
    elif text and how == "moved out":
        tree["texts"][f"attic/{system}-{name}.py"] = tree["texts"].pop(path)
    elif how == "back outside":  # whether it went before or stands there still
        tree["texts"].setdefault(f"attic/{system}-{name}.py", ("code", path, 1))


@_edit
def ai(tree: dict[str, Any], today: date, system: str, place: str, model: str | None) -> None:
    """Code that asks a hosted model, below a system or, with no such system, of nobody; another model; gone."""
    folder = f"{folder_of(tree, system)}{system}/" if system in systems(tree) else ""
    path = f"{folder}{place}/ask.py"
    if model is not None:
        tree["texts"][path] = ("code", path, 1, model)
    elif path in tree["texts"]:
        del tree["texts"][path]


@_edit
def declare(
    tree: dict[str, Any], today: date, system: str, entry: Mapping[str, Any], enrolled: int | None,
    manifest: str = ROOT_MANIFEST,
) -> None:  # fmt: skip
    """A system that was not there: with code of its own, or over code that was there before."""
    written = tree["manifests"].setdefault(manifest, {"systems": {}})
    if system in systems(tree) or written.get("broken") or not _is_found(tree, manifest):
        return
    folder = manifest.removesuffix("governance.yaml")
    made = copy.deepcopy(dict(entry)) | {"paths": [f"{folder}{pattern}" for pattern in entry["paths"]]}
    written["systems"][system] = made
    if enrolled is None:
        path = f"{folder}{system}/app/main.py"
        tree["texts"][path] = ("code", path, 7)
    else:
        made["enrolled"] = _ago(today, enrolled)


@_edit
def old_code(tree: dict[str, Any], today: date, system: str) -> None:
    """Code that nobody has declared."""
    tree["texts"].setdefault(f"{system}/app/main.py", ("code", f"{system}/app/main.py", 3))


@_edit
def remove(tree: dict[str, Any], today: date, system: str) -> None:
    declared = systems(tree).get(system)
    if declared:
        del tree["manifests"][declared[0]]["systems"][system]


@_edit
def rename(tree: dict[str, Any], today: date, system: str, to: str) -> None:
    declared = systems(tree).get(system)
    if declared and to not in systems(tree):
        entries = tree["manifests"][declared[0]]["systems"]
        tree["manifests"][declared[0]]["systems"] = {to if id_ == system else id_: it for id_, it in entries.items()}


@_edit
def break_manifest(tree: dict[str, Any], today: date, path: str, how: str = "not closed") -> None:
    others = [entry for name, it in tree["manifests"].items() if name != path for entry in it["systems"].values()]
    if tree["manifests"].get(path, {}).get("broken"):
        return
    if tree["manifests"].get(path, {}).get("systems") and not any("vendors" in entry for entry in others):
        tree["manifests"][path] = {**tree["manifests"][path], "broken": how}


@_edit
def mend_manifest(tree: dict[str, Any], today: date, path: str) -> None:
    if path in tree["manifests"]:
        tree["manifests"][path].pop("broken", None)


@_edit
def role(tree: dict[str, Any], today: date, name: str, *people: str) -> None:
    tree["roles"][name] = people


@_edit
def assurance(tree: dict[str, Any], today: date, name: str, value: str) -> None:
    tree["assurance"][name] = value


@_edit
def own_rule(tree: dict[str, Any], today: date, name: str, said: Mapping[str, Any] | None) -> None:
    tree["own"].pop(name, None)
    if said is not None:
        tree["own"][name] = dict(said)


@_edit
def waiver(tree: dict[str, Any], today: date, system: str, rule: str, subject: str, approver: str, days: int) -> None:
    said = {
        "system": system, "rule": rule, "owner": "Sam Lee", "approver": approver, "reason": "It is booked for May.",
        "created": _ago(today, 0), "expires": _ago(today, -days),
    }  # fmt: skip
    tree["waivers"] = [*tree["waivers"], said | ({"subject": subject} if subject else {})]


@_edit
def waive_lacking(
    tree: dict[str, Any], today: date, system: str, stage: str, number: int, approver: str, days: int
) -> None:
    """Waive one of the things that a stage lacks, by its number."""
    lacking = [it for it in _lacking(tree, today, system, stage) if it.want.subject]
    if lacking:
        it = lacking[number % len(lacking)]
        waiver(tree, today, system, it.rule.id, it.want.subject, approver, days)


@_edit
def incident(tree: dict[str, Any], today: date, system: str, severity: str | None) -> None:
    """An incident of a system is recorded, told otherwise, or taken out."""
    name = f"INC-{system}"
    if severity is None:
        tree["incidents"].pop(name, None)
    elif system in systems(tree):
        tree["incidents"][name] = {
            "system": system,
            "severity": severity,
            "on": tree["incidents"].get(name, {}).get("on", today.isoformat()),
        }


@_edit
def vendor(tree: dict[str, Any], today: date, system: str, name: str, terms: Mapping[str, Any]) -> None:
    """A vendor is described, or its terms are told otherwise: where the system is declared, else for all."""
    path = systems(tree)[system][0] if system in systems(tree) else ROOT_MANIFEST
    if tree["manifests"][path].get("broken"):
        return
    known = tree["manifests"][path].setdefault("vendors", {})
    said = dict(known.get(name, {"vendor_name": name.title()}))
    for field, value in terms.items():
        is_day = field == "assessed_on" and value is not None
        said = _with(said, field, _ago(today, value) if is_day else list(value) if isinstance(value, tuple) else value)
    known[name] = said


@_edit
def uses(tree: dict[str, Any], today: date, system: str, *names: str) -> None:
    """The vendors that a system uses, as far as they are described."""
    if entry := found(tree, system):
        path = systems(tree)[system][0]
        known = {**tree["manifests"][ROOT_MANIFEST].get("vendors", {}), **tree["manifests"][path].get("vendors", {})}
        _say(entry, "vendors", [name for name in names if name in known])


@_edit
def no_waivers(tree: dict[str, Any], today: date) -> None:
    tree["waivers"] = []


@_edit
def ci(tree: dict[str, Any], today: date) -> None:
    tree["ci"] += 1


@_edit
def readme(tree: dict[str, Any], today: date) -> None:
    tree["readme"] += 1


def wanted_papers(tier: str) -> list[str]:
    """The documents that gates and controls may ask of a tier."""
    owned = controls(tier, POLICIES)
    rules = [it for it in POLICIES.rules if (it.kind == "gate" and tier in it.tiers) or it.id in owned]
    return sorted({want.subject for rule in rules for want in rule.wants if want.kind == "artifact"} - {"model-card"})


def wanted_tests(tier: str) -> list[str]:
    rules = [it for it in POLICIES.rules if it.kind == "gate" and tier in it.tiers]
    return sorted({want.subject for rule in rules for want in rule.wants if want.kind == "test"})
