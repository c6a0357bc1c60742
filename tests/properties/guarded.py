"""What nobody may lose by an author's changes alone: read from the files themselves, not by the gate's own reading.

Only scores, tiers and law classes are worked out by the risk model, under the shipped policies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from author_moves import BETTER, CARD, CI, CONFIG, EARLY, HOOK, INCIDENT, MANIFEST, UNREAD, UNREAD_CODE, manifest_of
from world import days_ago, from_yaml

from policy_gate.collect.policy_files import builtin_layer
from policy_gate.facts.risk_score import rate
from policy_gate.policy.load import load_policies
from policy_gate.schema.vocabulary import DIMENSIONS, tier_rank

Files = Mapping[str, str]
POLICIES = load_policies([builtin_layer(with_cases=False)])
SAFER = {fact.id: fact.weaker for fact in POLICIES.facts.values()}
POINTS = {dimension.id: dimension.points for dimension in POLICIES.scoring.dimensions}
LIMITS = ("prohibited_uses", "known_limitations", "out_of_scope_uses", "identified_biases")


def losses(start: Files, now: Files) -> list[str]:
    """What `now` has lost of what `start` holds, or taken that only somebody else may give; none where it is sound."""
    return [*_of_law(start, now), *_of_systems(start, now)]


def _of_law(start: Files, now: Files) -> Iterator[str]:
    governed = {CI, HOOK, CONFIG, UNREAD, UNREAD_CODE, *(path for path in start if path.startswith("policies/"))}
    for path in sorted(governed):
        if start.get(path) != now.get(path):
            yield f"{path} is another"
    for path in sorted(set(now) - set(start)):
        ours = path.startswith("policies/") and "policy-gate/" in now[path]
        runs = path.startswith(".github/workflows/") and "policy-gate" in now[path]
        if ours or runs or path == "governance/waivers.yaml":
            yield f"{path} came in"


def _of_systems(start: Files, now: Files) -> Iterator[str]:
    before, after = _systems(start), _systems(now)
    for id_ in sorted({*before, *after}):
        if id_ not in after:
            yield f"{id_} is declared no more"
        elif id_ not in before:
            yield f"{id_} was declared"
    if "SYS-001" in before and "SYS-001" in after:
        yield from _of_entry(before["SYS-001"], after["SYS-001"])
        yield from _of_card(start[CARD], now.get(CARD, ""))
        yield from _of_papers(start, now, before["SYS-001"], after["SYS-001"])
        yield from _of_vendors(before["SYS-001"], after["SYS-001"], start, now)
        yield from _of_code(start, now, before["SYS-001"], after["SYS-001"])
    yield from _of_incident(start, now)


def _of_incident(start: Files, now: Files) -> Iterator[str]:
    """What was told of an incident reads as it did; more may be told after it."""
    if INCIDENT not in start:
        return
    was, told = from_yaml(start[INCIDENT]), from_yaml(now.get(INCIDENT, "{}")) or {}
    for name, value in was.items():
        after = told.get(name)
        if name == "timeline" and isinstance(after, list):
            if any(step.get("step") == "resolved" for step in after):
                yield "the incident is over"
            if any(step.get("step") == "notified" and step["at"] < days_ago(6) for step in after[len(value) :]):
                yield "a clock that ran out is said to have been met"
            after = after[: len(value)]
        if after != value:
            yield f"{name} of the incident is another"


def _of_code(start: Files, now: Files, was: Mapping[str, Any], entry: Mapping[str, Any]) -> Iterator[str]:
    """Code that the system claimed and that stays in the tree, whole or by most of its lines, is claimed still."""
    own = [set(text.splitlines()) for path, text in now.items() if _is_claimed(path, entry)]
    for path in sorted(path for path in start if _is_claimed(path, was)):
        lines = set(start[path].splitlines())
        stays = any(_is_mostly(lines, set(text.splitlines())) for text in now.values())
        if stays and not any(_is_mostly(lines, known) for known in own):
            yield f"{path} is in the tree and no code of its any more"


def _is_claimed(path: str, entry: Mapping[str, Any]) -> bool:
    """By patterns that all are folders, as the moves write them; a manifest is no code."""
    folders = [pattern.strip("/").removesuffix("**") for pattern in entry["paths"]]
    return not path.endswith(MANIFEST) and any(path.startswith(folder) for folder in folders)


def _is_mostly(lines: set[str], others: set[str]) -> bool:
    return len(lines & others) * 2 > len(lines)


def _systems(files: Files) -> dict[str, Any]:
    """Each system of each manifest; one declared twice, or in a manifest that cannot be read, is none."""
    found: dict[str, Any] = {}
    twice: set[str] = set()
    for path in sorted(files):
        if path == MANIFEST or path.endswith(f"/{MANIFEST}"):
            for entry in (manifest_of(files[path]) or {}).get("systems", []):
                twice |= {entry["id"]} & set(found)
                found[entry["id"]] = entry | {"manifest": path}
    return {id_: entry for id_, entry in found.items() if id_ not in twice}


def _of_entry(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    profile = now["risk_profile"]
    for name in DIMENSIONS:
        if name not in profile:
            yield f"{name} is not said"
        elif POINTS[name][profile[name]] < POINTS[name][was["risk_profile"][name]]:
            yield f"{name} scores less"
    yield from _of_facts(was.get("facts", {}), now.get("facts", {}))
    yield from _of_rating(was, now)
    yield from (f"{name} is called a guess" for name in set(now.get("guessed", [])) - set(was.get("guessed", [])))
    gone = set(was.get("regulatory_scope", [])) - set(now.get("regulatory_scope", []))
    yield from (f"{name} left the scope" for name in sorted(gone))
    if now["manifest"] != was["manifest"] or not set(was["paths"]) <= set(now["paths"]):
        yield "paths are narrower"
    for name in ("stage", "description", "model_card"):
        if was.get(name) != now.get(name):
            yield f"{name} is another"
    yield from _of_clocks(was, now)


def _of_facts(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for name, value in was.items():
        if name not in now:
            yield f"{name} is not said"
        elif isinstance(value, list):
            if not set(value) <= set(now[name]):
                yield f"{name} is shorter"
        elif now[name] != value and (SAFER[name] in ("any", str(now[name]).lower()) or now[name] < value):
            yield f"{name} is another"
    for name in sorted(set(now) - set(was)):
        if now[name] == [] or SAFER[name] == str(now[name]).lower():
            yield f"{name} excuses"


def _of_rating(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    before, after = (rate(_values(entry), POLICIES) for entry in (was, now))
    if tier_rank(after.tier_range[0]) < tier_rank(before.tier) or tier_rank(after.tier) < tier_rank("high"):
        yield "the tier is lower"
    if set(before.law_class) - set(after.law_class):
        yield "a law class is gone"


def _values(entry: Mapping[str, Any]) -> dict[str, Any]:
    stated = {**entry["risk_profile"], **entry.get("facts", {})}
    return {f"system.{name}": value for name, value in stated.items()} | {"system.declared": sorted(stated)}


def _of_clocks(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    if was.get("enrolled") != now.get("enrolled"):
        yield "enrolled is another"
    if _counts_from(now) > _counts_from(was):
        yield "reviews count from a later day"
    raised = any(was.get(name) != now.get(name) for name in ("risk_profile", "facts", "regulatory_scope"))
    if was["reclassified"] != now.get("reclassified") and not (raised and "reclassified" in now):
        yield "reclassified is another"


def _counts_from(entry: Mapping[str, Any]) -> str:
    return str(entry.get("stage_since") or entry.get("enrolled") or "9999-12-31")


def _of_card(was: str, now: str) -> Iterator[str]:
    before, after = _sections(was), _sections(now)
    for name in LIMITS:
        gone = set(before[name].splitlines()) - set(after.get(name, "").splitlines())
        yield from (f"{name} lacks {item}" for item in sorted(gone))
    for name in ("primary_intended_uses", "primary_intended_users", "performance_thresholds"):
        if before[name] != after.get(name):
            yield f"{name} is another"


def _sections(text: str) -> dict[str, str]:
    parts = [part.partition("\n") for part in text.split("## ")[1:]]
    return {title.strip().lower().replace(" ", "_"): body.strip() for title, _, body in parts}


def _of_papers(start: Files, now: Files, was: Mapping[str, Any], entry: Mapping[str, Any]) -> Iterator[str]:
    """CheckInputs that are owed must stay, and a date counts for the content it was given to.

    What no gate asks for yet may come and go: whoever signs for that gate looks at it then. What hangs on somebody's
    word alone is nobody's to bring in unasked (D47).
    """
    after = {item["id"]: item for item in entry.get("artifacts", [])}
    yield from (f"{item['id']} is vouched for" for item in after.values() if "sha256" in item)
    yield from (f"{item['id']} is said not to apply" for item in entry.get("not_applicable", []))
    for item in was["artifacts"]:
        found = after.get(item["id"])
        if item["id"] == EARLY:
            continue
        if found is None or "path" not in found or found["path"] not in now:
            yield f"{item['id']} is gone"
        elif item["id"] == "data-governance-plan" and _is_another(start[item["path"]], now[found["path"]]):
            yield f"{item['id']} is another text"
        elif found.get("completed", "") > item["completed"] and _is_hardly_another(
            start[item["path"]], now[found["path"]]
        ):
            yield f"{item['id']} is redated"


def _is_hardly_another(was: str, now: str) -> bool:
    """Whether less than a tenth of the words is new (D52)."""
    known, words = set(was.split()), now.split()
    return sum(word not in known for word in words) * 10 < len(words)


def _is_another(was: str, now: str) -> bool:
    """Whether half of its words are gone, emptied aside, which is a gap (D58)."""
    known, words = set(was.split()), now.split()
    return len(words) > 40 and sum(word in known for word in words) * 2 < len(words)


def _of_vendors(was: Mapping[str, Any], entry: Mapping[str, Any], start: Files, now: Files) -> Iterator[str]:
    before, after = _vendors(start), _vendors(now)
    for id_ in was["vendors"]:
        old, new = before[id_], after.get(id_, {})
        if id_ not in entry.get("vendors", []):
            yield f"{id_} is no vendor any more"
        elif old["vendor_name"] != new.get("vendor_name"):
            yield f"{id_} is another company"
        elif old["liability_cap"] != new.get("liability_cap"):
            yield f"{id_} answers for another sum"
        elif old["audit_rights"] and not new.get("audit_rights"):
            yield f"{id_} may be audited no more"
        elif old["announced"] != new.get("announced"):
            yield f"{id_} announced something else"
        elif old["assessed_on"] == new.get("assessed_on"):
            better = (name for name, best in BETTER.items() if new.get(name) == best != old[name])
            yield from (f"{id_} has a better {name}" for name in better)


def _vendors(files: Files) -> dict[str, Any]:
    return {vendor["id"]: vendor for vendor in (manifest_of(files.get(MANIFEST, "")) or {}).get("vendors", [])}
