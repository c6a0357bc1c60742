"""D05, D06, D07, D49: which rules speak of a system, and what each of their requirements comes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from conditions import condition
from d09_papers import MET, WORSE, paper, result
from d24_facts import Facts
from d61_vendors import known_of
from tables import RETIRED, STAGES, Policies, Rule, Want, rank


class Change(NamedTuple):
    """A difference of one system, or of the repository where `system` is empty."""

    kind: str
    system: str = ""
    field: str = ""
    before: Any = ""
    after: Any = ""
    accountable: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    system: str
    rule: Rule
    want: Want
    state: str
    cause: str = ""
    instance: str = ""
    for_: str = ""
    entered: bool = False
    roles: tuple[str, ...] = ()
    is_later: bool = False

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        return (self.want.kind, self.want.subject, self.rule.kind, self.rule.id, self.instance)


def passed(stage: str, policies: Policies) -> list[str]:
    """D05: all gates up to a stage; what is decommissioned owes only its own."""
    if stage == "decommissioned":
        return ["decommissioning"]
    reached = STAGES[1 : STAGES.index(stage) + 1]
    return [id_ for id_, gate in policies.gates.items() if gate["from"] != gate["to"] and gate["to"] in reached]


def entered(before: str, after: str, policies: Policies) -> list[str]:
    """D05: the gates between two stages; on the way out only the gates of the way out."""
    if before == "none":
        return passed(after, policies)
    if STAGES.index(after) <= STAGES.index(before):
        return []
    way_out = {"deprecation": before == "production", "decommissioning": after == "decommissioned"}
    gates = [gate for gate, is_on_it in way_out.items() if is_on_it] if after in RETIRED else passed(after, policies)
    return [gate for gate in gates if gate not in passed(before, policies)]


def controls(tier: str, policies: Policies) -> set[str]:
    """D07: those of the tier, and those of lower tiers that none of its own satisfies (fault E11)."""
    own = {id_ for id_, it in policies.controls.items() if tier in it["tiers"]}
    lower = {id_ for id_, it in policies.controls.items() if any(rank(other) < rank(tier) for other in it["tiers"])}
    return own | {id_ for id_ in lower - own if not own & set(policies.controls[id_].get("satisfied_by", ()))}


def outcomes(
    facts: Facts,
    changes: Sequence[Change],
    gates: Sequence[str],
    policies: Policies,
    base: Facts | None = None,
) -> Iterator[Outcome]:
    """All that is asked of one system; `gates` are those that the change enters, `base` is what it was before."""
    owed = passed(facts.stage, policies)
    owned = controls(facts.tier, policies)
    for rule in policies.rules:
        if rule.kind == "rule":
            yield from _of_rule(rule, facts, changes, policies, base)
        elif _is_owed(rule, facts, owed, gates, owned):
            for want in rule.wants:
                yield from _at_gate(rule, want, facts, gates, policies)
    if "reclassification-review" in gates:
        yield from _asked_again(facts, gates, policies)


def _is_owed(rule: Rule, facts: Facts, owed: Sequence[str], gates: Sequence[str], owned: set[str]) -> bool:
    if rule.kind == "control":
        return rule.id in owned and (rule.gate in owed or rule.gate in gates)
    if rule.id == "reclassification-review":
        return facts.tier in rule.tiers and bool(facts.entry.get("reclassified")) and facts.stage != "decommissioned"
    if rule.said.get("recurring"):
        return facts.tier in rule.tiers and facts.stage in ("production", "deprecated")
    return facts.tier in rule.tiers and (rule.id in owed or rule.id in gates)


def _at_gate(rule: Rule, want: Want, facts: Facts, gates: Sequence[str], policies: Policies) -> Iterator[Outcome]:
    is_entered, applies = rule.gate in gates, want.holds(facts.known)
    is_event = want.kind in ("approval", "test")  # asked once, when the gate is entered (principle 7)
    if applies is False or (is_event and not is_entered):
        return
    if applies is None:
        yield Outcome(facts.id, rule, want, "unknown", "unknown", entered=is_entered)
        return
    if want.kind == "approval":
        yield Outcome(facts.id, rule, want, "gap", "not-approved", "", rule.gate or rule.id, True, (want.subject,))
        return
    state, cause = stands(want, facts, policies)
    completed = facts.entry.get("artifacts", {}).get(want.subject, {}).get("completed", "")
    is_look = rule.id == "reclassification-review" and want.kind == "artifact"
    if is_look and state == "met" and completed < facts.entry["reclassified"]:
        state, cause = "gap", "stale"  # D43
    roles = answering(want, policies) if state == "gap" and claimed(want, facts.entry) else ()
    if roles:
        yield Outcome(facts.id, rule, want, "gap", "not-approved", "", rule.gate or rule.id, is_entered, roles)
    else:
        yield Outcome(facts.id, rule, want, state, cause, "", "", is_entered)


def claimed(want: Want, entry: Mapping[str, Any]) -> str:
    """D29: the reason why a requirement that allows it is said not to apply."""
    names = (
        (want.subject, *(option.subject for option in want.options)) if want.said.get("may_be_not_applicable") else ()
    )
    return next((reason for name, reason in entry.get("not_applicable", {}).items() if name in names), "")


def answering(want: Want, policies: Policies) -> tuple[str, ...]:
    """Who answers for a document or test; of alternatives for the first."""
    return policies.accountable(next(iter(want.options), want).subject)


def stands(want: Want, facts: Facts, policies: Policies, known: Mapping[str, Any] | None = None) -> tuple[str, str]:
    """State and cause of one requirement; of alternatives the best. `known` is what a condition may ask."""
    match want.kind:
        case "artifact":
            return paper(want, facts, policies)
        case "test":
            return result(want, facts, policies)
        case "that":
            said = condition(want.said["that"])(known or facts.known)
            return MET if said else ("gap", "false") if said is False else ("unknown", "unknown")
        case "any_of":
            return min((stands(option, facts, policies) for option in want.options), key=lambda it: WORSE[it[1]])
    raise ValueError(want.kind)


def _of_rule(
    rule: Rule, facts: Facts, changes: Sequence[Change], policies: Policies, base: Facts | None
) -> Iterator[Outcome]:
    if str(rule.said.get("effective", "")) > facts.today.isoformat():
        return  # upcoming
    for known, instance, change in _about(rule, facts, changes, policies, base):
        for outcome in _judged(rule, facts, {**facts.known, **known}, instance, policies, change):
            is_work = change is not None and outcome.want.kind == "any_of"
            yield _with_work(outcome, facts, base, policies) if is_work else outcome


def _about(
    rule: Rule, facts: Facts, changes: Sequence[Change], policies: Policies, base: Facts | None
) -> Iterator[tuple[Mapping[str, Any], str, Change | None]]:
    """What a rule speaks of: the system, or each vendor, incident or change of it; with what is known of that."""
    match rule.about:
        case "system":
            yield {}, "", None
        case "vendor" if rule.enforcement == "block":
            personal = facts.known.get("system.processes_personal_data")
            for name, terms in facts.entry.get("vendors", {}).items():
                yield known_of(name, terms, personal, policies), name, None
        case "incident":
            untold: dict[str, Any] = {f"incident.{it}": [] for it in ("clocks_missed", "duties_open", "tests_open")}
            for name, severity in incidents(facts, base).items():
                told_of = {"incident.is_open": True, "incident.severity": severity, "incident.reopens_data": False}
                yield untold | told_of, name, None
        case "metric":
            text = facts.tree["texts"].get(facts.entry.get("model_card", ""), ())
            yield from (numbered(number) for number in text[6:])
        case "change":
            mine = [it for it in changes if it.system == facts.id]
            yield from ((told(it, policies), f"{it.kind}:{it.field}", it) for it in mine)


def incidents(facts: Facts, base: Facts | None) -> dict[str, str]:
    """The incidents of a system, each as severe as it was ever said to be (D41)."""
    found = [(name, said) for tree in (facts.tree, *((base.tree,) if base else ()))
             for name, said in tree["incidents"].items() if said["system"] == facts.id]  # fmt: skip
    return {name: max((it["severity"] for other, it in found if other == name), key=rank) for name, _ in found}


def numbered(number: str) -> tuple[Mapping[str, Any], str, None]:
    """A result of the card that has a limit, by whether it is met, missed or no result (T60)."""
    said = {"has_threshold": True, "has_value": number != "none", "meets": number == "met",
            "has_overall_limit": False, "evidence": "claimed", "verdict": number}  # fmt: skip
    return {f"metric.{name}": value for name, value in said.items()}, "accuracy", None


def told(change: Change, policies: Policies) -> dict[str, Any]:
    return {
        "change.weakening": change.kind in policies.weakenings,
        "change.kind": change.kind,
        "change.field": change.field,
        "change.before": str(change.before),
        "change.after": str(change.after),
        "change.of": "system" if change.system else "repository",
        "change.by_agent": False,
        "change.confidence": "",
        "change.by_percent": 0.0,
        "change.to_fallback": False,
        "change.option_removed": False,
    }


def _judged(
    rule: Rule, facts: Facts, known: Mapping[str, Any], instance: str, policies: Policies, change: Change | None = None
) -> Iterator[Outcome]:
    applies = rule.holds(known)
    for want in rule.wants if applies is not False else ():
        if want.holds(known) is False:
            continue
        if applies is None:
            yield Outcome(facts.id, rule, want, "unknown", "unknown", instance)
        elif want.kind == "approval":
            roles = change.accountable if change and want.subject == "accountable" else (want.subject,)
            for_, is_later = str(rule.said.get("approve_for", rule.id)), change is not None and change.before is True
            yield Outcome(facts.id, rule, want, "gap", "not-approved", instance, for_, True, roles, is_later)
        elif want.kind == "any_of":
            yield Outcome(facts.id, rule, want, "gap", "not-approved", instance)
        else:
            yield Outcome(facts.id, rule, want, *stands(want, facts, policies, known), instance)


def _with_work(it: Outcome, facts: Facts, base: Facts | None, policies: Policies) -> Outcome:
    """D50: where the work was done in this very change, the approval that would do instead is not asked."""
    work, other = it.want.options
    if base is None or it.want.holds(facts.known) is False:
        return replace(it, state="met")
    if work.kind == "artifact":
        done = base.tree["texts"].get(base.entry.get("model_card", "")) != facts.tree["texts"].get(
            facts.entry.get("model_card", "")
        )
    else:
        runs = [of.tree["texts"].get(of.entry.get("tests", {}).get(work.subject, {}).get("report", ""))
                for of in (base, facts)]  # fmt: skip
        done = runs[1] is not None and (runs[0] is None or (runs[1][2] != runs[0][2] and runs[1][3] > runs[0][3]))
    if done and stands(work, facts, policies) == MET:
        return replace(it, state="met")
    return replace(it, for_=it.rule.id, roles=(other.subject,))


def _asked_again(facts: Facts, gates: Sequence[str], policies: Policies) -> Iterator[Outcome]:
    """D49: the review asks once for the tests and approvals of every gate passed, at the new tier."""
    behind, owned = set(passed(facts.stage, policies)) - set(gates), controls(facts.tier, policies)
    for rule in policies.rules:
        mine = facts.tier in rule.tiers if rule.kind == "gate" else rule.id in owned
        for want in rule.wants if rule.kind != "rule" and rule.gate in behind and mine else ():
            if want.kind == "approval":
                yield Outcome(facts.id, rule, want, "gap", "not-approved", "", "reclassification-review", True,
                              (want.subject,))  # fmt: skip
            elif want.kind == "test" and want.holds(facts.known):
                yield Outcome(facts.id, rule, want, *stands(want, facts, policies), "", "reclassification-review", True)


def reviewed_on(rule: Rule, facts: Facts) -> date | None:
    """D06: the oldest day among the documents that a review asks of the system; None where one has none."""
    asked = [it.subject for it in rule.wants if it.kind == "artifact" and it.holds(facts.known) is not False]
    said = [facts.entry.get("artifacts", {}).get(name, {}).get("completed", "") for name in asked]
    is_dated = said and all("" < day <= facts.today.isoformat() for day in said)
    return date.fromisoformat(min(said)) if is_dated else None


def reviews_entered(base: Facts, now: Facts, policies: Policies) -> list[str]:
    """D06: the reviews that this change dates later than base counted from."""
    found = []
    for rule in policies.rules if {now.stage, base.stage} <= {"production", "deprecated"} else ():
        if rule.said.get("recurring") and rule.kind == "gate" and now.tier in rule.tiers:
            held = reviewed_on(rule, now)
            since = reviewed_on(rule, base) or base.day("stage_since") or base.day("enrolled") or date.min
            found += [rule.id] if held and held > since else []
    return found
