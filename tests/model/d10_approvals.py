"""D10 to D16: whose yes counts, and for what content."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from d01_step import Step, Yes
from d05_owed import Change, Outcome, controls
from d12_reviews import is_held
from d24_facts import ROOT, Entry, Facts, Tree, code_of, governing, papers_of, systems
from d41_changes import RULES
from d46_merging import patch
from tables import Policies, later, rank


def subject(
    for_: str, outcomes: Iterable[Outcome], changes: Sequence[Change], facts: Facts | None, base: Tree, result: Tree,
    policies: Policies,
) -> Any:  # fmt: skip
    """D10, D16: what one approval is for; equal where nothing that it covers is another."""
    if facts is None:
        return (for_, repr(of_repository(for_, result, base)))
    mine = [it for it in outcomes if for_ in (it.for_, it.rule.gate)]
    counted = {option.subject for it in mine for option in (it.want, *it.want.options)}
    counted |= {it.instance.partition(":")[2] for it in mine if it.rule.about == "change"}
    counted |= {it.subject for rule in policies.rules if rule.kind != "rule" and for_ in (rule.gate, rule.id)
                and (rule.id in controls(facts.tier, policies) if rule.kind == "control" else facts.tier in rule.tiers)
                for want in rule.wants for it in (want, *want.options)}  # fmt: skip
    _, written = systems(result).get(facts.id) or systems(base)[facts.id]
    entry = {name: said for name, said in written.items() if said}
    parts: list[Any] = [for_, facts.id, facts.tier, facts.from_stage]
    for kind in ("artifacts", "tests", "not_applicable"):
        kept = {name: item for name, item in entry.pop(kind, {}).items() if name in counted}
        paths = [item.get("path") or item.get("report") for item in kept.values() if isinstance(item, dict)]
        parts.append(
            (kind, json.dumps(kept, sort_keys=True), [repr(result["texts"].get(path)) for path in sorted(paths)])
        )
    parts += [repr(result["texts"].get(entry.get("model_card", "")))] if "model-card" in counted else []
    parts.append(json.dumps(entry, sort_keys=True))
    gate = policies.gates.get(for_)
    binds_code = gate and gate["from"] != gate["to"] and facts.tier in policies.assurance["binds_code"]
    # Where paths were narrowed, what is judged has base's paths and files; what stays is bound by itself.
    parts += [repr(sorted(it.items())) for it in (
        {**(code_of(facts.entry, base) if any(it[:2] == ("path-narrowed", facts.id) for it in changes) else {}),
         **code_of(facts.entry, result)}, code_of(written, result)) if binds_code
    ]  # fmt: skip
    if gate is None and any(it.rule.about == "change" for it in mine):
        parts.append([it for it in changes if it.system == facts.id
                      and (f"{it.kind}:{it.field}" in {one.instance for one in mine}
                           or it.kind in policies.weakenings)])  # fmt: skip
    return repr(parts)


def of_repository(for_: str, tree: Tree, base: Tree) -> Any:
    """D16: the rules, the waivers and what runs the gate, each by itself and file by file, as far as not base's.

    With the last, that a manifest is gone which base could not read (D45).
    """
    if own := {"waiver": ("waivers",), "policy-change": RULES}.get(for_):
        return [(key, said) for key, (_, said) in patch(base, tree).items() if key[0] in own]
    unread = {path for path, it in base["manifests"].items() if it.get("broken")}
    return tree["ci"], sorted(unread - governing(tree))


def authors(step: Step, system: str, for_: str, instance: str) -> frozenset[str]:
    """D13: who opened the change, and made or pushed a commit that touches the system's entry, papers or code.

    Of no system, the rules. Its papers and its code are what base, the result, or the commit itself says. Who writes an
    entry into another manifest touches it, and so does who writes of the incident that an instance is about, or of one
    that goes or gets milder, as any yes to a change of the system is one to that (D16). An entry under an id that later
    commits take away counts for all that stand in its manifest.
    """
    found, before = {step.forge.opener} if step.forge else set(), step.fork
    said = [it for tree in (step.base, step.result) for it in [systems(tree).get(system)] if it]
    told = {instance.partition(":")[2], *(milder(system, step) if ":" in instance else ())}
    for number, (people, tree) in enumerate(step.commits):
        ends = [of_repository(for_, it, step.base) for it in (before, tree)]
        if _touches(system, before, tree, said, told, step) if system else ends[0] != ends[1]:
            found |= people | ({step.forge.pushers[number]} if step.forge and not step.forge.is_silent else set())
        before = tree
    return frozenset(found)


def milder(system: str, step: Step) -> set[str]:
    """Incidents of a system that go, or are said to be less severe."""
    return {
        name for name, it in step.base["incidents"].items() for now in [step.result["incidents"].get(name)]
        if it["system"] == system and (now is None or rank(now["severity"]) < rank(it["severity"]))
    }  # fmt: skip


def _touches(
    system: str, before: Tree, after: Tree, at_ends: Iterable[tuple[str, Entry]], incidents: set[str], step: Step
) -> bool:
    found = [systems(tree).get(system, ("", {})) for tree in (before, after)]
    homes, entries = zip((ROOT, {}), *found, *at_ends, strict=True)
    vendors = {name for entry in entries for name in entry.get("vendors", ())}
    paths = {
        path for entry in entries for tree in (before, after) for path in (*papers_of(entry), *code_of(entry, tree))
    }
    return (
        found[0] != found[1]
        or any(before["incidents"].get(name) != after["incidents"].get(name) for name in incidents)
        or any(described(name, homes, before) != described(name, homes, after) for name in vendors)
        or any(before["texts"].get(path) != after["texts"].get(path) for path in paths)
        or any(
            systems(before).get(id_) != systems(after).get(id_)
            and any(systems(tree).get(id_, ("",))[0] == ends[0] for tree in (before, after))
            for ends in (systems(tree).get(system) for tree in (step.base, step.result)) if ends
            for id_ in systems(before).keys() | systems(after).keys()
            if id_ not in systems(step.base) and id_ not in systems(step.result)
        )
    )  # fmt: skip


def described(vendor: str, homes: Iterable[str], tree: Tree) -> list[Any]:
    """D61: what a system's own manifests and the root's say of a vendor."""
    return [it["vendors"][name] for name in vendor.split(maxsplit=1)[:1]
            for path, it in tree["manifests"].items() if path in homes and name in it.get("vendors", ())]  # fmt: skip


def counts(
    said: Yes, role: str, about: tuple[Any, ...], tier: str, wrote: frozenset[str], step: Step, policies: Policies
) -> bool:
    """D12 to D15: in a role of base's, by nobody who wrote it, for this content, in time, as sure as base asks."""
    return (
        said.role in (role, "")
        and (said.for_, said.system, said.subject) == about
        and is_held(role, said, step)
        and said.who not in wrote
        and step.today <= later(said.day, policies.assurance["valid_for"])
        and (said.is_verified or step.base["assurance"].get(tier or "governed_changes") == "recorded")  # D14
    )
