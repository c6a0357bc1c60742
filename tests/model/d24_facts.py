"""D24, D40, D48, D57: what is true of one system in one tree, as conditions of the policies may ask.

A tree is plain data: `manifests` by path with `systems` by id, `texts` by path, `roles`, `assurance`, `waivers`.
A text is a tuple that begins with its kind: `doc`, `run`, `card` or `code`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

from tables import STAGES, Policies, rank

Tree = Mapping[str, Any]
ROOT = "governance.yaml"
Entry = Mapping[str, Any]


def systems(tree: Tree) -> dict[str, tuple[str, Entry]]:
    """Every declared system by id, with the manifest that declares it, and with what is said of its vendors (D61).

    Another company under a vendor's id is another vendor (D58).
    """
    root, found = tree["manifests"][ROOT], {}
    shared = {} if root.get("broken") else root.get("vendors", {})
    for path, manifest in tree["manifests"].items():
        known = {**shared, **manifest.get("vendors", {})}
        for id_, entry in manifest["systems"].items() if not manifest.get("broken") else ():
            used = {f"{name} {known[name]['vendor_name']}": known[name] for name in entry.get("vendors", ())}
            found[id_] = path, {**entry, "vendors": used} if used else entry
    return found


def governing(tree: Tree) -> set[str]:
    """D45: the manifests that declare a system, or cannot be read and so may."""
    return {path for path, manifest in tree["manifests"].items() if manifest.get("broken") or manifest["systems"]}


def lost(tree: Tree) -> set[str]:
    """T47: the manifests that narrow settings of the same tree do not find, so that nobody would read them in base."""
    return {path for path, it in tree["manifests"].items()
            if tree["config"] and path != ROOT and (it["systems"] or it.get("vendors"))}  # fmt: skip


def is_below_unread(path: str, base: Tree, result: Tree) -> bool:
    """D45: whether a manifest that neither side can read could govern it; the root's, what no other folder's does."""
    read = tuple(
        it.removesuffix(ROOT) for it in governing(base) if it != ROOT and not base["manifests"][it].get("broken")
    )
    return any(
        path.startswith(name.removesuffix(ROOT)) and not (name == ROOT and path.startswith(read))
        for name, it in base["manifests"].items()
        if it.get("broken") and result["manifests"].get(name, {}).get("broken")
    )


@dataclass(frozen=True)
class Facts:
    """One system of one tree, rated; `from_stage` is base's stage, `none` for a new system."""

    id: str
    entry: Entry
    tree: Tree
    today: date
    tier: str
    law_class: frozenset[str]
    from_stage: str
    known: Mapping[str, Any] = field(default_factory=dict)

    @property
    def stage(self) -> str:
        return str(self.entry["stage"])

    @property
    def is_promoted(self) -> bool:
        """D05: moving on to a stage of use or before it; retiring is no promotion, nor is an idea that is declared."""
        order = STAGES.index(self.stage)
        return order <= STAGES.index("production") and order > (
            0 if self.from_stage == "none" else STAGES.index(self.from_stage)
        )

    def day(self, name: str) -> date | None:
        return date.fromisoformat(self.entry[name]) if self.entry.get(name) else None


def stated(entry: Entry) -> dict[str, Any]:
    return {**entry["risk_profile"], **entry.get("facts", {})}


def rated(entry: Entry, policies: Policies) -> tuple[str, frozenset[str]]:
    """Tier and law classes: the points with the top for each blank (D24), lifted by the floors."""
    top = {name: max(points, key=points.__getitem__) for name, points in policies.points.items()}
    profile = top | entry["risk_profile"]
    score = sum(policies.points[name][value] for name, value in profile.items())
    said = stated(entry)
    known = {f"system.{name}": value for name, value in said.items()} | {"system.declared": sorted(said)}
    at_top = known | {f"system.{name}": value for name, value in profile.items()}
    by_score = next(tier for least, tier in policies.thresholds if score >= least)
    lifted = [floor["tier"] for floor in _holding(policies.floors, at_top)]
    return max([by_score, *lifted], key=rank), frozenset(it["id"] for it in _holding(policies.law_classes, known))


def _holding(items: list[Mapping[str, Any]], known: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    from conditions import condition

    return (item for item in items if condition(item["when"])(known))


def facts_of(
    id_: str,
    entry: Entry,
    tree: Tree,
    today: date,
    policies: Policies,
    from_stage: str = "none",
    least: tuple[str, frozenset[str]] = ("low", frozenset()),
) -> Facts:
    """The facts of an entry; `least` are the tier and the law classes that hold whatever it says (D41)."""
    tier, law_class = rated(entry, policies)
    tier, law_class = max(tier, least[0], key=rank), law_class | least[1]
    bare = Facts(id_, entry, tree, today, tier, law_class, from_stage)
    said = stated(entry)
    known = {f"system.{name}": value for name, value in said.items()} | {
        "system.id": id_,
        "system.stage": entry["stage"],
        "system.from_stage": from_stage,
        "system.tier": tier,
        "system.law_class": sorted(law_class),
        "system.regulations": [],
        "system.declared": [*said, *(name for name in ("deployment_date",) if entry.get(name))],
        "system.has_model_card": bool(entry.get("model_card")),
        "system.has_vendors": bool(entry.get("vendors")),
        "system.claims_code": bool(entry["paths"]),
        "system.has_incident_contact": bool(entry.get("incident_contact")),
        "system.is_promoted": bare.is_promoted,
        "system.reclassified_declared": bool(entry.get("reclassified")),
        "system.reclassification_reviewed": is_reviewed(entry),
        "system.deployment_date": entry.get("deployment_date"),
        "system.names_personal_data": False,
        "system.names_automatic_decisions": False,
        "today.date": today.isoformat(),
    }
    return replace(bare, known=known)


def is_reviewed(entry: Entry) -> bool:
    """D49: the review is held where it is dated on or after the raise."""
    return bool(entry.get("reclassified") and entry.get("reclassification_review")) and (
        entry["reclassification_review"] >= entry["reclassified"]
    )


def others_claiming(id_: str, tree: Tree, result: Tree, policies: Policies) -> Iterator[tuple[str, dict[str, Any]]]:
    """D51: code of each other system, as one tree has it, and its tier, there or in the result, whichever is higher."""
    for other, (_, entry) in systems(tree).items():
        if other != id_:
            yield (
                max((rated(it, policies)[0] for it in (entry, systems(result).get(other, ("", entry))[1])), key=rank),
                code_of(entry, tree),
            )


def papers_of(entry: Entry) -> list[str]:
    """The paths of documents, results and card."""
    items = [it for kind in ("artifacts", "tests") for it in entry.get(kind, {}).values()]
    return [*(it.get("path") or it["report"] for it in items), *filter(None, [entry.get("model_card")])]


def code_of(entry: Entry, tree: Tree) -> dict[str, Any]:
    """The files under `paths` of an entry, less what its manifest names as papers and what is governed."""
    papers = papers_of(entry)
    return {
        path: text
        for path, text in tree["texts"].items()
        if text[0] == "code"
        and path not in papers
        and any(fnmatchcase(path, pattern) for pattern in entry.get("paths", ()))
    }
