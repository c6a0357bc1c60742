"""Principle 3: what is required stands in `policies/`; here it is read as plain tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from conditions import condition

ROOT = Path(__file__).resolve().parents[2]
TIERS = ("low", "medium", "high", "critical")
STAGES = ("conception", "development", "pre_deployment", "production", "deprecated", "decommissioned")
RETIRED = ("deprecated", "decommissioned")
_PERIOD = re.compile(r"P(\d+)([DMY])")


@dataclass(frozen=True)
class Want:
    """One requirement of a rule; of alternatives, `options` holds each."""

    kind: str
    subject: str
    said: Mapping[str, Any]
    options: tuple[Want, ...] = ()

    def holds(self, known: Mapping[str, Any]) -> Any:
        return condition(self.said["when"])(known) if "when" in self.said else True


@dataclass(frozen=True)
class Rule:
    """A gate, a control or a rule. `gate` is the gate at which it is judged, where there is one."""

    kind: str
    id: str
    said: Mapping[str, Any]
    wants: tuple[Want, ...]
    gate: str = ""
    tiers: frozenset[str] = frozenset(TIERS)

    @property
    def enforcement(self) -> str:
        return str(self.said.get("enforcement", "block"))

    @property
    def about(self) -> str:
        return str(self.said.get("for_each", "system"))

    def holds(self, known: Mapping[str, Any]) -> Any:
        return condition(self.said["when"])(known) if "when" in self.said else True


def _want(said: Mapping[str, Any], rule: str) -> Want:
    for kind in ("artifact", "test", "approval", "that"):
        if kind in said:
            return Want(kind, rule if kind == "that" else str(said[kind]), said)
    kind = next(name for name in ("any_of", "all_of", "card") if name in said)
    options = tuple(_want(it, rule) for it in said[kind]) if kind != "card" else ()
    return Want(kind, " or ".join(it.subject for it in options) or rule, said, options)


@dataclass
class Policies:
    """The tables of one set of documents."""

    documents: list[Mapping[str, Any]]
    rules: list[Rule] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.points = {item["id"]: item["points"] for item in self.listed("dimensions")}
        self.thresholds = sorted(((item["at_least"], item["tier"]) for item in self.listed("thresholds")), reverse=True)
        self.floors = list(self.listed("floors"))
        self.law_classes = list(self.listed("law_classes"))
        self.artifacts = {item["id"]: item for item in self.listed("artifacts")}
        self.tests = {item["id"]: item for item in self.listed("tests")}
        self.card_fields = {item["id"]: item["tiers"] for item in self.listed("card_fields")}
        self.kinds = {item["id"]: item for item in self.listed("change_kinds")}
        self.facts = {item["id"]: item for item in self.listed("facts")}
        self.roles = {item["id"] for item in self.listed("roles")}
        self.gates = {item["id"]: item for item in self.listed("gates")}
        self.controls = {item["id"]: item for item in self.listed("controls")}
        for kind, items in (("gate", self.gates), ("control", self.controls)):
            for id_, item in items.items():
                gate = id_ if kind == "gate" else str(item.get("due_at", ""))
                wants = tuple(_want(it, id_) for it in item["require"])
                self.rules.append(Rule(kind, id_, item, wants, gate, frozenset(item["tiers"])))
        for item in self.listed("rules"):
            self.rules.append(Rule("rule", item["id"], item, tuple(_want(it, item["id"]) for it in item["require"])))
        self.weakenings = {id_ for id_, kind in self.kinds.items() if kind.get("weakening")}
        for name in ("assurance", "debt", "waivers"):
            setattr(self, name, next(doc[name] for doc in self.documents if isinstance(doc.get(name), dict)))

    assurance: Any = None
    debt: Any = None
    waivers: Any = None

    def accountable(self, name: str) -> tuple[str, ...]:
        """Who answers for a document or test."""
        return tuple((self.artifacts.get(name) or self.tests[name])["accountable"])

    def listed(self, name: str) -> Iterator[Mapping[str, Any]]:
        for document in self.documents:
            if isinstance(document.get(name), list):
                yield from document[name]


def shipped() -> Policies:
    """The tables of the shipped policies."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "policies").glob("*.yaml"))]
    return Policies([yaml.load(text, Loader=loader) for text in texts])  # noqa: S506 (a safe loader)


def with_layer(policies: Policies, documents: Iterable[Mapping[str, Any]]) -> Policies:
    """The policies with the rules that a repository adds to them."""
    rules = [Rule("rule", it["id"], it, tuple(_want(want, it["id"]) for want in it["require"]))
             for document in documents for it in document["rules"]]  # fmt: skip
    if not rules:
        return policies
    layered = copy(policies)
    layered.rules = [*policies.rules, *rules]
    return layered


_SAID = {"system.tier": TIERS, "system.stage": STAGES}


def is_readable(documents: Iterable[Mapping[str, Any]], policies: Policies) -> bool:
    """D25: whether all rules that a repository adds are some."""
    return not any(_is_none(rule, policies) for document in documents for rule in document["rules"])


def _is_none(rule: Mapping[str, Any], policies: Policies) -> bool:
    """T26, T69: what can want nothing, or would ask somebody else in place of a rule which nobody may loosen."""
    used = {name for it in policies.rules for name in re.findall(r"system\.\w+", str(it.said.get("when", "")))}
    names, compared = re.findall(r"system\.\w+", rule["when"]), re.findall(r'(system\.\w+) == "(\w+)"', rule["when"])
    wanted = {"artifact": policies.artifacts, "test": policies.tests, "approval": policies.roles}
    return (
        not rule["require"]
        or any(name not in used for name in names)
        or any(value not in _SAID.get(name, (value,)) for name, value in compared)
        or any(kind in wanted and id_ not in wanted[kind] for it in rule["require"] for kind, id_ in it.items())
        or any(it.id in rule.get("covers", ()) and not it.said.get("overridable") for it in policies.rules)
    )


def later(day: date, period: str) -> date:
    """The day one ISO 8601 period after another."""
    match = _PERIOD.fullmatch(period)
    assert match
    count, unit = int(match[1]), match[2]
    if unit == "D":
        return day + timedelta(days=count)
    month = day.month - 1 + count * (12 if unit == "Y" else 1)
    year, month = day.year + month // 12, month % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


def rank(tier: str) -> int:
    return TIERS.index(tier)
