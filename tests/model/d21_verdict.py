"""D04, D17, D20 to D25, D27, D45, waivers: blame, debt, and the answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from d01_step import Step
from d05_owed import Change, Outcome, claimed, entered, outcomes, reviews_entered, told
from d09_papers import WORSE
from d10_approvals import authors, counts, subject
from d12_reviews import is_untold, reviews
from d24_facts import (
    ROOT,
    Entry,
    Facts,
    Tree,
    code_of,
    facts_of,
    is_below_unread,
    is_reviewed,
    lost,
    others_claiming,
    papers_of,
    systems,
)
from d41_changes import RULES, Held, of_repository, of_systems
from d46_merging import SHARED, is_other_by_rebase, patch
from tables import RETIRED, TIERS, Policies, is_readable, later, rank, with_layer

Reason = tuple[str, str, str, str]
"""System, kind, subject, and what an approval would be for."""


class Answer(NamedTuple):
    verdict: str
    blocking: frozenset[Reason] = frozenset()
    subjects: Mapping[tuple[str, str], Any] = {}


def judge(step: Step, shipped: Policies) -> Answer:
    """What merging a change would do to base, by the rules that base holds (principle 4)."""
    law = next(it for it in (step.base, *step.earlier) if is_readable(it["own"].values(), shipped))  # D25
    policies = with_layer(shipped, law["own"].values())
    line = [step.fork, *(tree for _, tree in step.commits)]
    undecided = is_other_by_rebase(step.base, step.result, line, step.since) or _may_be_governed(step.base, step.result)
    if governed(step.base) == governed(step.result):  # D04, without a system D28
        return Answer("undecided" if undecided or (law is not step.base and not systems(step.base)) else "passes")
    is_repair = _is_of_rules_alone(step) and is_readable(step.result["own"].values(), shipped)
    if law is not step.base and not is_repair:
        ends, changes = [governed(tree)[::2] for tree in (step.base, step.result)], _changes(step, policies)[0]
        return Answer("undecided" if undecided or changes or ends[0] != ends[1] else "passes")
    asked = list(_asked(step, policies))
    reviewed = {
        number: _seen_at(step, number, policies)
        for number in {it.commit for it in (step.forge.reviews if step.forge else ())}
    }
    step = replace(step, said=(*step.said, *reviews(step, reviewed)))
    states = [(it, _state(it, about, facts, step, policies)) for it, facts, about in asked]
    blocking = {("", "problem", path, "") for path in _problems(step)}
    blocking |= {_reason(it) for it, state in states if state == "gap"}
    undecided |= any(state == "unknown" for _, state in states)
    verdict = "block" if blocking else "undecided" if undecided else "passes"
    return Answer(verdict, frozenset(blocking), _subjects(asked))


def _reason(it: Outcome) -> Reason:
    is_yes = bool(it.roles) and it.want.kind == "approval"
    return it.system, it.want.kind, " or ".join(it.roles) if is_yes else it.want.subject, it.for_ if is_yes else ""


def _state(it: Outcome, about: Any, facts: Facts | None, step: Step, policies: Policies) -> str:
    """What it comes to once people are heard (D10 to D16, D56)."""
    if not it.roles:
        return it.state
    wrote, tier = authors(step, it.system, it.for_, it.instance), facts.tier if facts else ""
    is_given = _may_lack_approver(it, step) or any(
        counts(one, role, (it.for_, it.system, about), tier, wrote, step, policies)
        for one in step.said for role in it.roles
    )  # fmt: skip
    return "met" if is_given else "unknown" if is_untold(it.roles, step) else "gap"


def _changes(step: Step, policies: Policies) -> tuple[list[Change], dict[str, Held]]:
    return of_systems(step.base, step.result, step.earlier, step.today, policies)


def _asked(step: Step, policies: Policies) -> Iterator[tuple[Outcome, Facts | None, Any]]:
    """What may stop the change, and what an approval of it would be for."""
    changes, held = _changes(step, policies)
    changes += of_repository(step.base, step.result)
    found: list[tuple[Outcome, Facts | None, Sequence[Outcome]]] = []
    for id_ in sorted({*systems(step.base), *held}):
        facts, mine, every = _of_system(id_, step, changes, held, policies)
        found += [(outcome, facts, every) for outcome in mine]
    found += [(outcome, None, ()) for outcome in _of_no_system(changes, policies)]
    for it, facts, every in found:
        yield it, facts, subject(it.for_, every, changes, facts, step.base, step.result, policies) if it.roles else None


def _subjects(asked: Iterable[tuple[Outcome, Facts | None, Any]]) -> dict[tuple[str, str], Any]:
    return {(it.system, it.for_): about for it, _, about in asked if it.roles}


def _seen_at(step: Step, number: int | None, policies: Policies) -> Any:
    """D12: what a commit would have asked approvals for, where it left base; nothing where it is gone."""
    line = (step.base, *step.earlier)
    past = line[next(n for n, tree in enumerate(line, 1) if tree is step.fork) :]
    tree = step.fork if number is None else step.commits[number][1]
    return _subjects(_asked(replace(step, base=step.fork, result=tree, earlier=past), policies))


def governed(tree: Tree) -> Any:
    """D04: all that a change must touch to be more than a line."""
    named = {path for _, entry in systems(tree).values() for path in papers_of(entry)}
    papers = {path: text for path, text in tree["texts"].items() if path in named}
    code = {path: text for path, text in tree["texts"].items() if text[0] == "code"}
    rest = {name: value for name, value in tree.items() if name not in ("texts", "readme", "written")}
    return papers, code, rest


def _may_be_governed(base: Tree, result: Tree) -> bool:
    """D45: what is changed where a manifest that stays unreadable could govern it."""
    return any(
        is_below_unread(path, base, result) for part, path in patch(base, result)
        if part in ("texts", "manifests", "incidents", "readme")
    )  # fmt: skip


def _problems(step: Step) -> Iterator[str]:
    """D24: what the change made unreadable, and dates that are refused (D09)."""
    yield from (f"governance/incidents/{name}.yaml" for name in _nobodys(step))
    yield from lost(step.result)
    for path, manifest in step.result["manifests"].items():
        if manifest.get("broken") not in (None, step.base["manifests"].get(path, {}).get("broken")):
            yield path
        for entry in manifest.get("systems", {}).values():
            days = [entry.get(name) for name in ("enrolled", "stage_since", "reclassified", "reclassification_review")]
            if max(filter(None, days), default="") > (step.today + timedelta(days=1)).isoformat():
                yield path


def _nobodys(step: Step) -> set[str]:
    """D20: open incidents of systems whose entry goes, and of nobody where the change has all manifests read (D45)."""
    touched, told = list(patch(step.base, step.result)), step.result["incidents"]
    vendors = [tree["manifests"][ROOT].get("vendors", {}) for tree in (step.base, step.result)]
    has_all_read = vendors[0] != vendors[1] or any(
        part in (*RULES, "incidents") or path.startswith(SHARED) for part, path in touched
    )
    broken = {path for path, manifest in step.result["manifests"].items() if manifest.get("broken")}
    was, now = {*systems(step.base)}, {*systems(step.result)}
    removed = {
        name for name in told if told[name]["system"] in was - now and not {path for _, path in touched} & broken
    }
    new = {name for name in {*told} - {*step.base["incidents"]} if told[name]["system"] not in was | now}
    return removed | new if has_all_read and not broken else removed


def _of_no_system(changes: Sequence[Change], policies: Policies) -> Iterator[Outcome]:
    return (
        Outcome("", rule, want, "gap", "not-approved", f"{it.kind}:{it.field}", rule.id, True, (want.subject,))
        for it in changes if not it.system
        for rule in policies.rules if rule.about == "change" and rule.holds(told(it, policies)) is True
        for want in rule.wants
    )  # fmt: skip


def _of_system(
    id_: str, step: Step, changes: Sequence[Change], held: Mapping[str, Any], policies: Policies
) -> tuple[Facts, list[Outcome], Sequence[Outcome]]:
    """What stops the change for one system's sake: what it causes, what it enters, what is overdue on the way."""
    was = systems(step.base).get(id_)
    stage = was[1]["stage"] if was else "none"
    base = facts_of(id_, was[1], step.base, step.today, policies, stage) if was else None
    kinds = {change.kind for change in changes if change.system == id_}
    if id_ not in held:
        assert base is not None
        return base, _of_removed(base, changes, policies) if "system-removed" in kinds else [], ()
    now = facts_of(id_, held[id_].entry, step.result, step.today, policies, stage, held[id_].least)
    raised = {} if base is None or now.is_promoted else _as_if_raised(base, now, step, policies)
    least = max(now.tier, _tier_of_claimants(was, now, step, policies), key=rank)
    now = facts_of(id_, now.entry, step.result, step.today, policies, stage, (least, now.law_class))
    as_written = facts_of(id_, systems(step.result)[id_][1], step.result, step.today, policies, stage)
    is_changed = bool(kinds) or not was or (was[0], content(was[1], step.base)) != (
        systems(step.result)[id_][0], content(as_written.entry, step.result))  # fmt: skip
    is_enrolled = "system-enrolled" in kinds
    if is_enrolled:
        now = replace(now, known={**now.known, "system.is_promoted": False})
    gates = [] if is_enrolled else entered(stage, now.stage, policies)
    if base is not None:
        gates += reviews_entered(base, now, policies)
        if _is_reviewed_anew(base, now):
            gates.append("reclassification-review")
    before = {it.key: it for it in outcomes(base, (), (), policies)} if base else {}
    weighed = []
    asked = _covered(list(outcomes(now, changes, gates, policies, base)))
    for outcome in asked:
        if _is_rewriting_free(outcome, before.values(), gates, asked, now) or _is_asked_as_hard(outcome, asked):
            continue
        if _stands(outcome, before, base):
            continue
        blame = _blamed(outcome, before, raised, gates, is_enrolled, was is None)
        if _stops(outcome, blame, before.get(outcome.key), base, now, step, policies, as_written, is_changed):
            weighed.append(outcome)
    return now, _waived(weighed, now, step, policies), asked


def content(entry: Entry, tree: Tree) -> Any:
    """D10: what is governed of a system; its code is not."""
    return entry, [tree["texts"].get(path) for path in papers_of(entry)]


def _tier_of_claimants(was: tuple[str, Entry] | None, now: Facts, step: Step, policies: Policies) -> str:
    """D51: the highest tier among those that claim the same code, here or in base; of one that stays, that it takes."""
    is_all = was is None or now.is_promoted
    is_held = now.entry["paths"] != systems(step.result)[now.id][1]["paths"]  # of what left, base's judges (D41)
    code = {path for tree in (step.result, *((step.base,) if is_held else ())) for path in code_of(now.entry, tree)} - (
        set() if was is None or is_all else set(code_of(was[1], step.base)))  # fmt: skip
    others = (it for tree in (step.base, *((step.result,) if is_all else ()))
              for it in others_claiming(now.id, tree, step.result, policies))  # fmt: skip
    return max(("low", *(tier for tier, theirs in others if code & set(theirs))), key=rank)


def _is_reviewed_anew(base: Facts, now: Facts) -> bool:
    """D43, D49: entered by the date of the review, and by moving on with a tier above that of the gates passed."""
    if is_reviewed(now.entry):
        return not is_reviewed(base.entry) or base.entry["reclassified"] != now.entry["reclassified"]
    return now.is_promoted and base.stage != "conception" and rank(now.tier) > rank(base.tier)


def _is_rewriting_free(
    it: Outcome, before: Iterable[Outcome], gates: Sequence[str], found: Sequence[Outcome], now: Facts
) -> bool:
    """D58, D52: what no gate behind the system has counted, what base found wanting, what a gate looks at now.

    And what the change has to work on, and did: later than base, or on this day or the one before.
    """
    kind, _, name = it.instance.partition(":")
    if kind not in ("evidence-replaced", "evidence-renewed"):
        return False
    if any(name in _named(other) and other.rule.gate in gates for other in found if other.rule.kind != "rule"):
        return True
    yesterday = (now.today - timedelta(days=1)).isoformat()
    anew = [other.want.subject for other in found if other.want.said.get("updated_in_change") and other.state == "met"]
    if (
        kind == "evidence-replaced"
        and name in anew
        and (it.is_later or now.entry["artifacts"].get(name, {}).get("completed", "") >= yesterday)
    ):
        return True
    mine = [other for other in before if other.rule.kind != "rule" and name in _named(other)]
    is_wanting = any(
        other.state == "gap" and not other.roles and (it.is_later or other.cause not in ("stale", "undated"))
        for other in mine
    )
    is_counted = any(not (other.rule.said.get("recurring") and it.is_later) for other in mine)
    return kind == "evidence-replaced" and (is_wanting or not is_counted)


def _is_asked_as_hard(it: Outcome, found: Sequence[Outcome]) -> bool:
    """D47: asked once; a gate that blocks and asks the same role about the same claim is the one that is asked."""
    kind, _, name = it.instance.partition(":")
    return kind == "not-applicable-claimed" and any(
        other.want.subject == name and other.roles and set(other.roles) & set(it.roles)
        and other.rule.kind != "rule" and other.rule.enforcement == "block" for other in found
    )  # fmt: skip


def _stands(it: Outcome, before: Mapping[Any, Outcome], base: Facts | None) -> bool:
    """D05: a claim stands as approved while it equals base's, and no gate is entered that asks about it."""
    if base is None or it.entered or it.instance or not it.roles or it.want.kind == "approval" or it.key not in before:
        return False
    return claimed(it.want, base.entry) != ""


def _named(it: Outcome) -> set[str]:
    return {want.subject for want in (it.want, *it.want.options) if want.kind == "artifact"}


def _of_removed(base: Facts, changes: Sequence[Change], policies: Policies) -> list[Outcome]:
    """T04, D28: what leaves without being decommissioned, or with a gap of the last gate, has vanished."""
    found = [it for it in outcomes(base, changes, (), policies) if it.instance.startswith("system-removed")]
    if base.stage == "decommissioned":
        found = [it for it in outcomes(base, (), (), policies) if it.rule.gate == "decommissioning"]
    return [it for it in found if it.state == "gap" and it.rule.enforcement == "block"]


def _as_if_raised(base: Facts, now: Facts, step: Step, policies: Policies) -> dict[Any, Outcome]:
    """D21: the gaps that base would have had, had it told the truth of now; these are debt."""
    raised = now.entry.get("reclassified") or base.entry.get("reclassified", "")
    said = {"risk_profile": now.entry["risk_profile"], "facts": now.entry.get("facts", {}), "reclassified": raised}
    facts = facts_of(base.id, {**base.entry, **said}, base.tree, step.today, policies, base.stage,
                     (now.tier, now.law_class))  # fmt: skip
    return {it.key: it for it in outcomes(facts, (), (), policies)}


def _covered(found: list[Outcome]) -> list[Outcome]:
    """D16: one yes to what covers others is a yes to those."""
    asking = [it.rule for it in found if it.want.kind == "approval"]
    covered = {(rule, kind) for it in asking for rule, kinds in it.said.get("covers", {}).items() for kind in kinds}
    return [it for it in found if (it.rule.id, it.instance.partition(":")[0]) not in covered]


def _blamed(
    it: Outcome,
    before: Mapping[Any, Outcome],
    raised: Mapping[Any, Outcome],
    gates: Sequence[str],
    is_enrolled: bool,
    is_new: bool,
) -> str:
    """D21: introduced is what an entered gate wants, or what base had not, or had in a better state."""
    if it.state not in ("gap", "unknown"):
        return ""
    if (it.entered or it.roles or it.instance) and it.rule.about not in ("vendor", "metric"):
        return "introduced"
    may_be_debt = it.rule.said.get("may_be_debt", True)
    if is_enrolled:
        return "inherited" if may_be_debt else "introduced"  # D27
    if is_new:
        return "introduced"
    if it.rule.id == "reclassification-review" and (it.cause in ("stale", "false") or it.key not in before):
        return "inherited"  # D43: the look that a raised system owes by a day
    is_old = any(
        earlier and earlier.state in ("gap", "unknown") and WORSE[earlier.cause] >= WORSE[it.cause]
        for earlier in (before.get(it.key), raised.get(it.key) if may_be_debt else None)
    )
    return "inherited" if is_old else "introduced"


def _stops(
    it: Outcome,
    blame: str,
    before: Outcome | None,
    base: Facts | None,
    now: Facts,
    step: Step,
    policies: Policies,
    as_written: Facts,
    is_changed: bool,
) -> bool:
    """D06, D22: does it stop this change?"""
    is_of_review = it.entered and it.rule.said.get("recurring") and it.want.kind in ("approval", "test")
    is_taken_back = (
        before and before.state == "met" and it.want.kind == "artifact" and now.tier in it.rule.said.get("keeps", ())
    )  # D58
    if not blame or not (it.rule.enforcement == "block" or is_of_review or is_taken_back):
        return False
    if blame == "introduced":
        return True
    if it.rule.said.get("may_be_debt") is False:
        is_retired = now.stage in RETIRED and now.stage != now.from_stage
        return is_changed and not is_retired and it.rule.holds(as_written.known) is not False
    return (
        base is not None
        and now.is_promoted
        and it.state == "gap"
        and _due(it, before, base, now, policies) < step.today
    )


def _due(it: Outcome, before: Outcome | None, base: Facts | None, now: Facts, policies: Policies) -> date:
    """D22: the policy's period after enrolment, reclassification, a rule's day or expiry; else at once."""
    kept = base if base and before and before.state == "gap" else now
    # D52: a raise explains a gap of what the tier below does not want.
    is_new = it.rule.kind == "rule" or it.rule.id == "reclassification-review" or (  # D43
        rank(now.tier) > 0 and TIERS[rank(now.tier) - 1] not in it.rule.tiers
    )  # fmt: skip
    raised = kept.day("reclassified") if before is None or is_new else None
    if raised and now.is_promoted:
        return date.min  # D21: the next promotion needs the work
    begins = ((now.day("enrolled"), "enrolment"), (raised, "reclassification"))
    starts = [later(day, policies.debt[kind][now.tier]) for day, kind in begins if day]
    if "effective" in it.rule.said:
        starts.append(later(date.fromisoformat(str(it.rule.said["effective"])), policies.debt["effective"][now.tier]))
    item = now.entry.get("artifacts", {}).get(it.want.subject)
    age = it.want.said.get("max_age", policies.artifacts.get(it.want.subject, {}).get("max_age"))
    period = age.get(now.tier) if isinstance(age, dict) else age
    if it.cause == "stale" and item and period:
        old = later(date.fromisoformat(item["completed"]), period)
        starts.append(later(old, policies.debt["expiry"][now.tier]))
    return max(starts, default=date.min)


def _waived(found: list[Outcome], now: Facts, step: Step, policies: Policies) -> list[Outcome]:
    """A waiver of base's covers one thing that one rule wants, until a day."""
    return [
        it
        for it in found
        if not any(_waives(waiver, it, found, now, step, policies) for waiver in step.base["waivers"])
    ]


def _waives(waiver: Any, it: Outcome, found: list[Outcome], now: Facts, step: Step, policies: Policies) -> bool:
    created, expires = date.fromisoformat(waiver["created"]), date.fromisoformat(waiver["expires"])
    agreeing = {role for rule in policies.rules if rule.id in policies.waivers["approved_like"]
                for want in rule.wants for role in [want.subject]}  # fmt: skip
    return (
        waiver["system"] == it.system
        and waiver["rule"] == it.rule.id
        and (waiver.get("subject") == it.want.subject or (not waiver.get("subject") and len(it.rule.wants) == 1))
        and it.rule.said.get("waivable", True)
        and created <= step.today <= expires <= later(created, policies.waivers["max_period"][now.tier])
        and waiver["owner"] != waiver["approver"]
        and any(waiver["approver"] in step.base["roles"].get(role, ()) for role in agreeing)
    )


def _may_lack_approver(it: Outcome, step: Step) -> bool:
    """D26, D56: where base names nobody who could agree, a change of the rules alone may merge."""
    may_lack = it.rule.said.get("may_lack_approver") and not any(step.base["roles"].get(role) for role in it.roles)
    return bool(may_lack) and not it.system and _is_of_rules_alone(step)


def _is_of_rules_alone(step: Step) -> bool:
    return not any(part not in RULES for part, _ in patch(step.base, step.result))
