"""The calendar of the full check: all that falls due within the time that the policies set, and what is late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct

from policy_gate.decide.decision_context import DecisionContext
from policy_gate.decide.findings import owners_of
from policy_gate.decide.system_change import SystemChange
from policy_gate.decide.weighed_outcome import WeighedOutcome
from policy_gate.schema.documents import Waivers
from policy_gate.schema.due import DueItem, DueKind
from policy_gate.schema.finding import Finding, Reason
from policy_gate.schema.incidents import INTERNAL
from policy_gate.schema.report import IncidentReport
from policy_gate.schema.roles import Person, PinnedIdentity, PinnedKey, Roles
from policy_gate.schema.rule import Requirement, every_part
from policy_gate.schema.rule_set import Artifact, RuleSet, TestDefinition
from policy_gate.schema.source import Document
from policy_gate.schema.vendor_terms import terms_by_id
from policy_gate.signing.pinned_keys import blob_of

_OWED = ("gap", "unknown", "deferred")
_RuleId = tuple[str, str]
"""kind and id of a rule"""


class _Calendar(Struct, frozen=True):
    """What the items are made from; `reviews` and `raised` are the rules that recur and those of a raised system."""

    context: DecisionContext
    today: date
    reviews: frozenset[_RuleId]
    raised: frozenset[_RuleId]
    open_findings: Mapping[tuple[str | None, str, str], Sequence[Finding]]
    """what is open, by its system and each rule that wants it"""

    @property
    def policy(self) -> RuleSet:
        return self.context.policy


def due_items(
    context: DecisionContext,
    findings: Sequence[Finding],
    incidents: Iterable[IncidentReport],
    waivers: Document[Waivers] | None,
) -> tuple[DueItem, ...]:
    """Everything with a day up to the end of the window, in order of days; nothing where a change is judged."""
    policy, options = context.policy, context.options
    if options.mode != "all" or policy.calendar is None:
        return ()
    today = options.as_of.date()
    last = policy.calendar.window.after(today)
    items = _collected(_calendar_of(context, findings, today), findings, incidents, waivers)
    near = {item for item in items if item.day <= last}
    return tuple(sorted(near, key=lambda it: (it.day, it.system, it.kind, it.title, it.what)))


def _calendar_of(context: DecisionContext, findings: Sequence[Finding], today: date) -> _Calendar:
    rules = context.policy.rules
    open_findings: dict[tuple[str | None, str, str], list[Finding]] = {}
    for finding in findings:
        if finding.state in (*_OWED, "upcoming"):
            for reason in finding.because:
                open_findings.setdefault((finding.system, reason.kind, reason.rule), []).append(finding)
    return _Calendar(
        context,
        today,
        frozenset((rule.kind, rule.id) for rule in rules if rule.recurring),
        frozenset((rule.kind, rule.id) for rule in rules if context.policy.is_reclassification(rule.gate)),
        open_findings,
    )


def _collected(
    calendar: _Calendar,
    findings: Sequence[Finding],
    incidents: Iterable[IncidentReport],
    waivers: Document[Waivers] | None,
) -> Iterator[DueItem]:
    yield from _debts(findings, calendar)
    for place in calendar.context.asked_for:
        own = calendar.context.by_system.get(place.id, ())
        yield from _reviews(place, own, calendar)
        yield from _papers(place, own, calendar)
        yield from _vendors(place, own, calendar)
        yield from _models(own, calendar)
        yield from _law(place, calendar)
    yield from _clocks(incidents, calendar.policy)
    yield from _waivers(waivers, calendar)
    if not calendar.context.options.only and (roles := calendar.context.people.roles) is not None:
        yield from _signers(roles)


def _debts(findings: Sequence[Finding], calendar: _Calendar) -> Iterator[DueItem]:
    """Gaps with a date, and rules that take effect; what has items of its own is left to these."""
    for finding in findings:
        if finding.due is None or finding.state not in (*_OWED, "upcoming"):
            continue
        wants = {(reason.kind, reason.rule) for reason in finding.because}
        if wants and wants <= calendar.reviews:
            continue
        if finding.state == "upcoming" and not any(_is_plain(it, calendar.policy) for it in finding.because):
            continue
        kind: DueKind = "rule" if finding.state == "upcoming" else "debt"
        if wants and wants <= calendar.raised:
            kind = "reclassification"
        yield DueItem(
            finding.due,
            kind,
            finding.system or "",
            finding.title,
            finding.responsible,
            finding.fix or finding.message,
            finding.location,
            finding=finding.id,
        )


def _is_plain(reason: Reason, policy: RuleSet) -> bool:
    """Whether the rule takes effect on the day, and not what it speaks of: a law, a vendor's terms, a model's end."""
    if reason.kind == "law":
        return False
    rule = policy.plain_rules.get(reason.rule) if reason.kind == "rule" else None
    return rule is None or rule.for_each not in ("vendor", "model") or rule.effective is not None


def _reviews(place: SystemChange, own: Sequence[WeighedOutcome], calendar: _Calendar) -> Iterator[DueItem]:
    """One item for each review, whatever number of papers it wants."""
    wanted: dict[_RuleId, list[WeighedOutcome]] = {}
    for item in own:
        outcome = item.outcome
        is_wanted = outcome.state not in ("not-applicable", "waived")
        if outcome.rule.recurring and not outcome.event and item.due is not None and is_wanted:
            wanted.setdefault((outcome.rule.kind, outcome.rule.id), []).append(item)
    for (kind, rule), items in wanted.items():
        told = calendar.open_findings.get((place.id, kind, rule), ())
        papers = [_title_of(part, calendar.policy) for it in items for part in every_part([it.outcome.requirement])]
        who = dict.fromkeys(role for it in items for role in owners_of(it, calendar.policy)[0])
        yield DueItem(
            min(it.due for it in items if it.due is not None),
            "review",
            place.id,
            items[0].outcome.rule.title,
            tuple(who),
            f"Hold the review, and date what it asks for: {', '.join(dict.fromkeys(filter(None, papers)))}",
            place.now.declared.at(),
            finding=told[0].id if told else "",
        )


def _title_of(part: Requirement, policy: RuleSet) -> str:
    spec = policy.artifacts.get(part.subject) or policy.tests.get(part.subject)
    return spec.title if spec else ""


def _papers(place: SystemChange, own: Sequence[WeighedOutcome], calendar: _Calendar) -> Iterator[DueItem]:
    """What is in date and will not be: the first day of those on which a rule finds it too old."""
    first: dict[str, tuple[date, WeighedOutcome, Requirement]] = {}
    for item in own:
        if item.outcome.state != "met" or item.outcome.event or item.outcome.rule.recurring:
            continue
        for part in every_part([item.outcome.requirement]):
            day = _ages_on(part, place, calendar.policy)
            if day is not None and (part.subject not in first or day < first[part.subject][0]):
                first[part.subject] = (day, item, part)
    for name, (day, item, part) in first.items():
        fact = place.now.artifacts.get(name) or place.now.tests.get(name)
        yield DueItem(
            day,
            "paper",
            place.id,
            f"{_title_of(part, calendar.policy)} will be too old",
            owners_of(item, calendar.policy)[0],
            "Run it again" if part.kind == "test" else "Look at it again, write down what is new, and date it",
            fact.declared_at if fact else None,
        )


def _ages_on(part: Requirement, place: SystemChange, policy: RuleSet) -> date | None:
    """The last day on which the newest that counts as it is young enough; None where it does not age."""
    spec: Artifact | TestDefinition | None = None
    if part.kind == "artifact":
        spec = policy.artifacts.get(part.subject)
    elif part.kind == "test":
        spec = policy.tests.get(part.subject)
    if spec is None:
        return None
    period = (part.max_age or spec.max_age or {}).get(place.now.tier)
    names = (part.subject, *(spec.satisfied_by if isinstance(spec, Artifact) else ()))
    facts = [place.now.artifacts.get(name) or place.now.tests.get(name) for name in names]
    dates = [fact.completed for fact in facts if fact is not None and fact.completed is not None]
    return period.after(max(dates)) if period and dates else None


def _vendors(place: SystemChange, own: Sequence[WeighedOutcome], calendar: _Calendar) -> Iterator[DueItem]:
    """When what is known of a vendor has to be looked at again, where a rule asks for that; and its terms to come."""
    terms = terms_by_id(place.now.vendors, place.now.announced)
    for item in own:
        outcome = item.outcome
        condition = outcome.requirement.condition
        asks = condition is not None and "vendor.review_due" in (condition.names or ())
        if outcome.rule.for_each != "vendor" or outcome.state != "met" or not asks or outcome.instance not in terms:
            continue
        due = terms[outcome.instance].on(calendar.today).get("vendor.review_due")
        if due:
            said = f"Vendor {outcome.instance} is to be looked at again"
            yield _of_rule(date.fromisoformat(due), "vendor-assessment", said, item, calendar)
    if place.now.stage == "decommissioned":
        return
    where = place.now.declared.at("vendors")
    for id_, known in terms.items():
        for later in known.ahead(calendar.today):
            what = f"Settle what they open, or have another vendor: {later.told}"
            who = calendar.policy.owners.responsible
            yield DueItem(later.day, "vendor-terms", place.id, f"Vendor {id_} has other terms", who, what, where)


def _models(own: Sequence[WeighedOutcome], calendar: _Calendar) -> Iterator[DueItem]:
    for item in own:
        outcome = item.outcome
        if outcome.rule.for_each == "model" and outcome.state == "upcoming" and outcome.due is not None:
            yield _of_rule(outcome.due, "model", f"Its vendor ends {outcome.instance}", item, calendar)


def _of_rule(day: date, kind: DueKind, title: str, item: WeighedOutcome, calendar: _Calendar) -> DueItem:
    """What falls due by one outcome of a rule, in the rule's words."""
    outcome, rule = item.outcome, item.outcome.rule
    told = calendar.open_findings.get((outcome.system, rule.kind, rule.id), ())
    finding = next((it.id for it in told if it.location == outcome.location and it.due == day), "")
    who, what = owners_of(item, calendar.policy)[0], outcome.requirement.fix or rule.fix or rule.title
    return DueItem(day, kind, outcome.system or "", title, who, what, outcome.location, finding=finding)


def _law(place: SystemChange, calendar: _Calendar) -> Iterator[DueItem]:
    """Rows of law that apply to the system from a day to come."""
    for result in calendar.context.evaluation.law.get(place.id, ()):
        if result.state == "upcoming" and result.applies_from is not None:
            row = result.row
            yield DueItem(
                result.applies_from,
                "law",
                place.id,
                f"{row.citation}: {row.title}",
                calendar.policy.owners.responsible,
                row.requirement,
                place.now.declared.at(),
            )


def _clocks(incidents: Iterable[IncidentReport], policy: RuleSet) -> Iterator[DueItem]:
    for incident in incidents:
        for clock in incident.clocks:
            if clock.deadline is None:
                continue
            until = clock.deadline.replace("T", " ").removesuffix("Z")
            asks = f", if it runs: state {', '.join(clock.missing)}" if clock.missing else ""
            do = "Do and record it" if clock.recipient == INTERNAL else f"Tell {clock.recipient}"
            yield DueItem(
                datetime.fromisoformat(clock.deadline).date(),
                "clock",
                incident.system,
                f"{incident.id}: {clock.title}",
                policy.owners.responsible,
                f"{do} by {until} UTC{asks}",
            )


def _waivers(waivers: Document[Waivers] | None, calendar: _Calendar) -> Iterator[DueItem]:
    """Permissions that end; one that has ended is a finding."""
    if waivers is None:
        return
    asked = {place.id for place in calendar.context.asked_for}
    for index, waiver in enumerate(waivers.content.waivers):
        if waiver.expires >= calendar.today and waiver.system in asked:
            name = f"{waiver.subject} ({waiver.rule})" if waiver.subject else waiver.rule
            yield DueItem(
                waiver.expires,
                "waiver",
                waiver.system,
                f"The waiver of {name} ends",
                (waiver.owner,),
                "Do what it lets wait, or ask for a new one: policy-gate waive",
                waivers.at("waivers", index),
                is_person=True,
            )


def _signers(roles: Document[Roles]) -> Iterator[DueItem]:
    """Pinned keys and identities with a last day, each person's once; revoked ones are told by doctor."""
    revoked: set[object] = {blob_of(key.key) for key in roles.content.revoked_keys}
    revoked |= {(it.issuer, it.identity) for it in roles.content.revoked_identities}
    seen: set[tuple[str, object]] = set()
    for role, holders in roles.content.roles.items():
        for number, person in enumerate(holders.members):
            for name, position, pinned in _pinned(person):
                is_key = isinstance(pinned, PinnedKey)
                what = blob_of(pinned.key) if isinstance(pinned, PinnedKey) else (pinned.issuer, pinned.identity)
                if pinned.valid_until is None or what in revoked or (person.name, what) in seen:
                    continue
                seen.add((person.name, what))
                anew = "Pin the next key beside it" if is_key else "Pin it anew"
                yield DueItem(
                    pinned.valid_until,
                    "key",
                    "",
                    f"A signing {'key' if is_key else 'identity'} of {person.name} ends",
                    (person.name,),
                    f"{anew}, in a change of its own; take out one that has ended",
                    roles.at("roles", role, "members", number, name, position),
                    is_person=True,
                )


def _pinned(person: Person) -> Iterator[tuple[str, int, PinnedKey | PinnedIdentity]]:
    """What somebody may sign with on certain days, by the list and the place where it stands."""
    yield from (("keys", at, key) for at, key in enumerate(person.keys) if isinstance(key, PinnedKey))
    yield from (("identities", at, pinned) for at, pinned in enumerate(person.identities))
