"""Histories: a repository at its start, and up to twelve successive changes of people who are honest or are not.

A history is plain data, made from a seed; it is shrunk by leaving out changes and edits of changes.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from edits import (
    NO_RUNS,
    POLICIES,
    ROOT_MANIFEST,
    SECOND_MANIFEST,
    Edit,
    edited,
    wanted_papers,
    wanted_tests,
)
from forge import GROUPS, RETARGETED, TEAM, TEAMS, OnForge
from merging import WAYS
from slips import slip
from tables import STAGES, TIERS
from world import AUTHOR, ROLE_HOLDERS

START_DAY = date(2026, 11, 29)
LEAST = {"decision_impact": "informational", "human_oversight": "full", "data_sensitivity": "sensitive",
         "user_vulnerability": "professionals", "deployment_scale": "internal",
         "decision_reversibility": "reversible"}  # fmt: skip
PARTIAL = {"human_oversight": "partial", "user_vulnerability": "general_public", "deployment_scale": "thousands"}
PROFILES = {
    "low": LEAST,
    "medium": LEAST | PARTIAL | {"decision_impact": "financial"},
    "high": LEAST | PARTIAL | {"decision_impact": "employment", "decision_reversibility": "difficult_to_reverse"},
    "critical": LEAST | {"decision_impact": "life_safety", "human_oversight": "partial",
                         "data_sensitivity": "special_category", "user_vulnerability": "vulnerable_populations",
                         "deployment_scale": "thousands", "decision_reversibility": "irreversible"},
}  # fmt: skip
FACTS: Mapping[str, tuple[Any, ...]] = {
    "processes_personal_data": (True, False),
    "decides_about_persons": (True, False),
    "user_facing": (True, False),
    "replaces_existing_process": (True, False),
    "eu_market": (True, False),
    "annex_iii_points": ((), ("4-a",), ("4-a", "5-b")),
    "annex_iii_exemption": ("none", "a"),
    "profiles_persons": (True, False),
    "art5_practices": ((), (), ("a",), ("ba",)),
}
SOUND = {"access_type": "api", "data_classes": ("personal",), "soc2_type2_certified": True, "has_dpa": True,
         "penetration_tested": True, "data_retention_days": 30, "opt_out_of_training": True, "audit_rights": True,
         "sla_uptime_percentage": 99.9, "has_fallback_provider": True, "assessed_on": 100}  # fmt: skip
TERMS: Mapping[str, tuple[Any, ...]] = {
    "access_type": ("api", "fine_tuned", "self_hosted", "licensed_weights", None),
    "data_classes": (("personal",), ("none",), ("public", "personal"), ("public",), None),
    "data_retention_days": (0, 30, 60, None),
    "sla_uptime_percentage": (99.0, 99.5, 99.9, None),
    "vendor_name": ("Acme", "Acme Offshore"),
    "assessed_on": (0, 0, 10, 300, None),
    **dict.fromkeys(("has_dpa", "opt_out_of_training", "soc2_type2_certified", "penetration_tested",
                     "has_fallback_provider", "audit_rights", "eu_data_residency"), (True, False, None)),
}  # fmt: skip
VENDORS = ("acme", "bolt")
RECORDED = dict.fromkeys((*TIERS, "governed_changes"), "recorded")
OWN_RULE = {
    "schema": "policy-gate/policy/v1",
    "about": "What this repository asks besides.",
    "rules": [{
        "id": "contact-before-use", "title": "Nobody is named to call", "why": "At night nobody looks up who built it.",
        "when": 'system.tier in ["critical", "high", "medium"] && system.stage != "conception"', "enforcement": "block",
        "effective": "2026-01-01", "fix": "Add incident_contact.",
        "require": [{"that": "system.has_incident_contact", "message": "The entry names no incident_contact."}],
    }],
}  # fmt: skip
APPROVALS = ("nobody", "everybody", "everybody", "all but one", "everybody, then an edit", "everybody, later")
SHARE_ON_FORGE = 0.25
SHARE_ON_GITLAB = 0.4
"""of those on a forge; the others are on GitHub"""
SHARE_WITH_AI = 0.06
SHARE_WITH_TRICKS = 0.25
SHARE_WITH_SLIPS = 0.25
HOSTED = ("gpt-4o", "gpt-4o", "gpt-4.1-mini", None)
PLACES = (("SYS-1", "app"), ("SYS-1", "lib"), ("SYS-1", "more"), ("SYS-2", "more"), ("", "bot"), ("", "bot/inner"))
BEHIND = (0, 0, 0, 0, 0, 0, 1, 1, 2, 3)
PEOPLE = (AUTHOR, AUTHOR, AUTHOR, AUTHOR, "Sam Lee", "Rae Kim", "Pat Moss", "Ada Example")


@dataclass(frozen=True)
class Proposal:
    """One change: so many days after the last, by these people; who approves it; what is edited after that."""

    days: int
    people: tuple[str, ...]
    edits: tuple[Edit, ...]
    approvals: str = "nobody"
    """`as proposed` by whom the change itself names for a role"""
    after: tuple[Edit, ...] = ()
    beside: tuple[str, ...] = ()
    """who makes `beside_edits`, a commit of its own before"""
    beside_edits: tuple[Edit, ...] = ()
    way: str = "merge"
    """how the forge lets it in: `merge`, `squash` or `rebase`"""
    behind: int = 0
    """how many commits before base the branch began"""
    goes_on: bool = False
    """it is the branch of the change before with more commits, whether or not that was let in"""
    undoes: bool = False
    """where it began before base, it first repeats what base did since, and takes it back"""
    forge: OnForge | None = None
    """where it is proposed on a forge"""


@dataclass(frozen=True)
class History:
    start: tuple[Edit, ...]
    proposals: tuple[Proposal, ...]

    @property
    def shows_ai(self) -> bool:
        """Whether code in it asks a hosted model, which the decisions of the model do not speak of."""
        parts = (self.start, *(edits for it in self.proposals for edits in (it.edits, it.after, it.beside_edits)))
        return any(name == "ai" for edits in parts for name, _ in edits)

    def tree(self) -> dict[str, Any]:
        """What the repository holds before the first change."""
        return edited(EMPTY, self.start, START_DAY)

    def smaller(self) -> Iterator[History]:
        """Histories with a change less, or with an edit less in one of them."""
        for n, proposal in enumerate(self.proposals):
            rest = (self.proposals[:n], self.proposals[n + 1 :])
            yield replace(self, proposals=(*rest[0], *rest[1]))
            for name in ("edits", "after", "beside_edits"):
                edits = getattr(proposal, name)
                for m in range(len(edits)):
                    less = replace(proposal, **{name: edits[:m] + edits[m + 1 :]})
                    yield replace(self, proposals=(*rest[0], less, *rest[1]))
            plainer = (
                replace(proposal, days=0), replace(proposal, people=(AUTHOR,)), replace(proposal, approvals="nobody"),
                replace(proposal, beside=()), replace(proposal, way="merge"), replace(proposal, behind=0),
                replace(proposal, goes_on=False), replace(proposal, undoes=False), replace(proposal, forge=None),
                replace(proposal, forge=proposal.forge and proposal.forge.plainer()),
            )  # fmt: skip
            yield from (replace(self, proposals=(*rest[0], it, *rest[1])) for it in plainer if it != proposal)
        for n in range(len(self.start)):
            yield replace(self, start=self.start[:n] + self.start[n + 1 :])


EMPTY: Mapping[str, Any] = {
    "manifests": {ROOT_MANIFEST: {"systems": {}}, SECOND_MANIFEST: {"systems": {}}},
    "texts": {},
    "roles": {role: (name,) for role, name in ROLE_HOLDERS.items()},
    "assurance": RECORDED,
    "own": {},
    "config": 0,
    "waivers": [],
    "incidents": {},
    "ci": 0,
    "readme": 0,
    "written": 0,
}


def history(seed: int) -> History:
    """The history of a seed."""
    made = random.Random(seed)  # noqa: S311
    start: list[Edit] = []
    for number in range(made.choice((1, 1, 2))):
        start += _system(
            made, f"SYS-{number + 1}", SECOND_MANIFEST if number and made.random() < 0.6 else ROOT_MANIFEST
        )
    if made.random() < 0.2:
        start += [("shared_code", ("edited",)), _claim_code(made, "SYS-2"), _claim_code(made, "SYS-1")]
    if made.random() < 0.2:
        start.append(("own_rule", ("contact", OWN_RULE)))
    if made.random() < 0.3:
        start.append(("old_code", ("SYS-8",)))
    if made.random() < 0.25:
        start += [_waiver(made, "SYS-1") for _ in range(2)]
        start += [_waiver_of_lacking(made, "SYS-1") for _ in range(made.choice((1, 2, 3)))]
    if made.random() < 0.1:
        start.append(("role", (made.choice(sorted(ROLE_HOLDERS)),)))
    if made.random() < 0.05:
        start.append(("assurance", (made.choice(sorted(RECORDED)), "verified")))
    if made.random() < 0.06:
        start.append(("break_manifest", (made.choice((ROOT_MANIFEST, SECOND_MANIFEST, SECOND_MANIFEST)),)))
    found = History(tuple(start), tuple(_proposal(made) for _ in range(made.randint(1, 12))))
    other = random.Random(f"forge {seed}")  # noqa: S311
    found = _on_forge(other, found) if other.random() < SHARE_ON_FORGE else found
    if random.Random(f"gitlab {seed}").random() < SHARE_ON_GITLAB:  # noqa: S311
        found = _on_gitlab(found)
    aimed = random.Random(f"aim {seed}")  # noqa: S311
    found = replace(found, proposals=tuple(_retargeted(aimed, it) for it in found.proposals))
    sly = random.Random(f"trick {seed}")  # noqa: S311
    if sly.random() < SHARE_WITH_TRICKS:
        found = replace(found, proposals=tuple(_tricked(sly, it) for it in found.proposals))
    slips = random.Random(f"slip {seed}")  # noqa: S311
    if slips.random() < SHARE_WITH_SLIPS:
        found = replace(found, proposals=tuple(_slipped(slips, it) for it in found.proposals))
    another = random.Random(f"ai {seed}")  # noqa: S311
    return _with_ai(another, found) if another.random() < SHARE_WITH_AI else found


def _tricked(made: random.Random, it: Proposal) -> Proposal:
    """The same change with evidence that only looks like some, a key twice, or somebody named for it in it."""
    if made.random() < 0.4:
        return it
    trick = made.choice((_no_paper, _no_paper, _to_come, _no_run, _no_run, _key_twice, _names, _names))
    approvals = made.choice(("as proposed", "as proposed", "everybody")) if trick is _names else it.approvals
    return replace(it, edits=(*it.edits, trick(made)), approvals=approvals)


def _slipped(made: random.Random, it: Proposal) -> Proposal:
    """The same change with a run or a rule that is none, or with what takes a manifest from the gate."""
    if made.random() < 0.4:
        return it
    edits = it.edits if made.random() < 0.6 else ()
    return replace(it, edits=(*edits, slip(made, _id(made))))


def _no_paper(made: random.Random) -> Edit:
    return "paper", (_id(made), made.choice(wanted_papers(made.choice(TIERS))), made.choice(TRICKS), None)


def _to_come(made: random.Random) -> Edit:
    how, days = made.choice(("dated", "new")), made.choice((-1, -20, -300))
    return "paper", (_id(made), made.choice(wanted_papers(made.choice(TIERS))), how, days)


def _no_run(made: random.Random) -> Edit:
    return "test", (_id(made), made.choice(wanted_tests("critical")), made.choice(NO_RUNS))


def _key_twice(made: random.Random) -> Edit:
    return "break_manifest", (made.choice((ROOT_MANIFEST, SECOND_MANIFEST)), "a key twice")


def _names(made: random.Random) -> Edit:
    return "role", (made.choice(sorted(ROLE_HOLDERS)), made.choice(PEOPLE))


def _with_ai(made: random.Random, found: History) -> History:
    """The same history, in which some changes bring, exchange or take away code that asks a hosted model."""
    start = (*found.start, ("ai", ("SYS-1", "app", "gpt-4o"))) if made.random() < 0.5 else found.start
    return History(start, tuple(_proposed_with_ai(made, it) for it in found.proposals))


def _proposed_with_ai(made: random.Random, it: Proposal) -> Proposal:
    if made.random() < 0.4:
        return it
    edits = it.edits if made.random() < 0.4 else ()
    return replace(it, edits=(*edits, *made.choice((_widened, _exchanged, _anywhere))(made)))


def _widened(made: random.Random) -> tuple[Edit, ...]:
    """A system claims another folder, for AI that comes there at once or was there."""
    id_ = made.choice(("SYS-1", "SYS-1", "SYS-2"))
    claim, comes = ("paths", (id_, "app", "lib", "more")), ("ai", (id_, "more", "gpt-4o"))
    return made.choice(((claim, comes), (claim, comes), (claim,), (comes,)))


def _exchanged(made: random.Random) -> tuple[Edit, ...]:
    return (("ai", ("SYS-1", "app", made.choice(HOSTED))),)


def _anywhere(made: random.Random) -> tuple[Edit, ...]:
    return (("ai", (*made.choice(PLACES), made.choice(HOSTED))),)


def _on_forge(made: random.Random, found: History) -> History:
    """The same history on a forge, where teams hold roles and people review."""
    teams = tuple(_held_by_team(made) for _ in range(made.choice((0, 1, 2))))
    start, proposals = (*found.start, *teams), tuple(_proposed_on_forge(made, it) for it in found.proposals)
    unnamed = _unnamed((start, *(edits for it in proposals for edits in (it.edits, it.after, it.beside_edits))))
    return History(start, tuple(replace(it, people=_told_apart(it.people, unnamed)) for it in proposals))


def _unnamed(edits: Iterable[Sequence[Edit]]) -> set[str]:
    """Who is taken out of a role, and so may be named by no address any more."""
    roles = [what for each in edits for kind, what in each if kind == "role"]
    return {ROLE_HOLDERS[role] for role, *held in roles if role in ROLE_HOLDERS and ROLE_HOLDERS[role] not in held}


def _told_apart(people: tuple[str, ...], unnamed: Collection[str]) -> tuple[str, ...]:
    """Without co-authors of whom nobody could tell whether they are somebody of a team (D13)."""
    return (people[0], *(who for who in people[1:] if who not in unnamed))


def _held_by_team(made: random.Random) -> Edit:
    role = made.choice((*sorted(ROLE_HOLDERS), "ai-safety-lead", "ai-safety-lead", "ai-governance-committee"))
    team = made.choice((TEAM, TEAM, TEAM, *TEAMS))
    return "role", (role, *made.choice(((), (ROLE_HOLDERS[role],))), team)


def _proposed_on_forge(made: random.Random, it: Proposal) -> Proposal:
    if made.random() < 0.1:
        return it
    opener = it.people[0] if made.random() < 0.85 else made.choice((*PEOPLE, *TEAMS[TEAM]))
    pusher = made.choice((*PEOPLE, *TEAMS[TEAM])) if made.random() < 0.1 else ""
    then = made.choice(("nothing",) * 7 + ("dismissed", "asks for changes", "again", "gone"))
    by, is_silent = made.choice(("reviews", "reviews", "reviews", "records")), made.random() < 0.04
    edits, after = it.edits, it.after
    if it.approvals == "everybody, then an edit" and made.random() < 0.5:
        after = (("readme", ()),)
    if made.random() < 0.1:
        edits = (*edits, _held_by_team(made))
    people = (made.choice(TEAMS[TEAM]), *it.people[1:]) if made.random() < 0.05 else it.people
    people = (people[0], *(who for who in people[1:] if who in ROLE_HOLDERS.values()))  # a forge knows them by address
    on_forge = OnForge(opener, pusher, by, then, made.choice((0, 0, 1, 2)), is_silent)
    return replace(it, people=tuple(dict.fromkeys(people)), edits=edits, after=after, forge=on_forge)


def _on_gitlab(found: History) -> History:
    """The same history where the forge is GitLab, whose groups hold the roles."""
    return History(_held_by_groups(found.start), tuple(_proposed_on_gitlab(it) for it in found.proposals))


def _proposed_on_gitlab(it: Proposal) -> Proposal:
    edits = {name: _held_by_groups(getattr(it, name)) for name in ("edits", "after", "beside_edits")}
    return replace(it, **edits, forge=it.forge and it.forge._replace(is_gitlab=True))


def _held_by_groups(edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    groups = dict(zip(TEAMS, GROUPS, strict=True))
    return tuple((name, tuple(groups.get(it, it) for it in said) if name == "role" else said) for name, said in edits)


def _retargeted(made: random.Random, it: Proposal) -> Proposal:
    """The same change, which was to go to another branch when people said yes to it."""
    if it.forge is None or made.random() < 0.9:
        return it
    return replace(it, forge=it.forge._replace(then=made.choice(RETARGETED)))


def _system(made: random.Random, id_: str, manifest: str) -> Iterator[Edit]:
    tier, stage = made.choice(TIERS), made.choice(STAGES[:5])
    entry = {"stage": stage, "risk_profile": PROFILES[tier], "paths": [f"{id_}/app/**", f"{id_}/lib/**"]}
    if made.random() < 0.8:
        entry["incident_contact"] = "oncall@example.com"
    for name, days in (("stage_since", 400), ("reclassified", 300)):
        if made.random() < 0.3:
            yield "day", (id_, name, days)
    yield "declare", (id_, entry, None, manifest)
    for name, days in (("stage_since", made.randint(1, 500)), ("enrolled", made.randint(1, 500))):
        if made.random() < 0.3:
            yield "day", (id_, name, days)
    yield "code", (id_, "app", "edited")
    yield "code", (id_, "lib", "edited")
    for name, values in FACTS.items():
        if made.random() < 0.15:
            yield "fact", (id_, name, made.choice(values))
    if made.random() < 0.3:
        yield "vendor", (id_, "acme", SOUND)
        yield from (_vendor(made, id_) for _ in range(made.choice((0, 0, 1, 2, 4))))
        yield "uses", (id_, *made.choice(USED))
    if made.random() < 0.85:
        yield "work", (id_, stage)
    for _ in range(made.choice((0, 0, 0, 1, 2))):
        yield _paper(made, id_)


def _proposal(made: random.Random) -> Proposal:
    edits = tuple(_any_edit(made) for _ in range(made.choice((1, 1, 1, 2, 2, 3))))
    if made.random() < 0.35:
        edits = tuple(_promotion(made))
    people = (made.choice(PEOPLE), *((made.choice(PEOPLE),) if made.random() < 0.1 else ()))
    approvals = made.choice(APPROVALS)
    after = (_any_edit(made),) if approvals == "everybody, then an edit" else ()
    beside = (made.choice(PEOPLE),) if made.random() < 0.15 else ()
    beside_edits = (_any_edit(made),) if beside else ()
    days = made.choice((0, 0, 0, 1, 10, 40, 100, 200))
    way, behind, goes_on = made.choice(WAYS), made.choice(BEHIND), made.random() < 0.15
    undoes = made.random() < 0.1
    return Proposal(
        days, tuple(dict.fromkeys(people)), edits, approvals, after, beside, beside_edits, way, behind, goes_on, undoes
    )


def _promotion(made: random.Random) -> Iterator[Edit]:
    id_ = _id(made)
    to = made.choice(STAGES[1:])
    yield ("work" if made.random() < 0.6 else "work_but_waived"), (id_, to)
    yield ("stage", (id_, to)) if made.random() < 0.4 else ("next_stage", (id_,))
    if made.random() < 0.3:
        yield _any_edit(made)


def _id(made: random.Random) -> str:
    return made.choice(("SYS-1", "SYS-1", "SYS-1", "SYS-2", "SYS-8", "SYS-9"))


def _paper(made: random.Random, id_: str) -> Edit:
    days = made.choice((None, None, 0, 1, 20, 200, 380, 500))
    return "paper", (id_, made.choice(wanted_papers(made.choice(TIERS))), made.choice(PAPERS), days)


PAPERS = (
    "new", "left out", "deleted", "moved", "draft", "final", "undated", "reworded", "touched", "dated", "as before",
    "thin", "template", "empty",
)  # fmt: skip
TRICKS = ("hidden", "no document")
DAYS = ("enrolled", "reclassified", "stage_since", "reclassification_review", "deployment_date")
CLAIMS = (
    "privacy-impact-assessment", "shadow-mode-validation", "bias-evaluation-results", "bias-benchmark-suite",
    "appeal-procedure", "data-governance-plan",
)  # fmt: skip
PATHS = (("app",), ("app", "lib"), ("lib",), (), ("app", "lib", "more"))
HOLDERS = ((AUTHOR,), (), ("Rae Kim", "Ada Example"))
MANIFESTS: tuple[Edit, ...] = (
    ("break_manifest", (ROOT_MANIFEST,)),
    ("mend_manifest", (ROOT_MANIFEST,)),
    ("break_manifest", (SECOND_MANIFEST,)),
    ("mend_manifest", (SECOND_MANIFEST,)),
    ("drop_manifest", (SECOND_MANIFEST,)),
    ("no_waivers", ()),
)


def _any_edit(made: random.Random) -> Edit:
    weights, makers = zip(*MAKERS, strict=True)
    return made.choices(makers, weights)[0](made, _id(made))


def _dimension(made: random.Random, id_: str) -> Edit:
    name = made.choice(sorted(POLICIES.points))
    return "dimension", (id_, name, None if made.random() < 0.03 else made.choice([*POLICIES.points[name]]))


def _fact(made: random.Random, id_: str) -> Edit:
    name = made.choice(sorted(FACTS))
    return "fact", (id_, name, made.choice((*FACTS[name], None)))


def _test(made: random.Random, id_: str) -> Edit:
    how = made.choice(("pass", "fail", "none", "left out", "deleted"))
    return "test", (id_, made.choice(wanted_tests("critical")), how)


def _declare(made: random.Random, _: str) -> Edit:
    new = made.choice(("SYS-8", "SYS-9"))
    entry = {"stage": made.choice(STAGES[:4]), "risk_profile": PROFILES[made.choice(TIERS)], "paths": [f"{new}/app/**"]}
    manifest = SECOND_MANIFEST if made.random() < 0.2 else ROOT_MANIFEST
    return "declare", (new, entry, made.choice((None, 0, 100)), manifest)


def _claim_code(made: random.Random, id_: str) -> Edit:
    return "claim_code", (id_, made.choice(("SYS-1", "SYS-2", "SYS-8", "")), made.choice(("app", "app", "lib")))


def _waiver(made: random.Random, id_: str) -> Edit:
    kinds = ("gate",) if made.random() < 0.7 else ("gate", "control")
    rule = made.choice([rule for rule in POLICIES.rules if rule.kind in kinds])
    subject = made.choice(("", *(want.subject for want in rule.wants)))
    return "waiver", (
        id_,
        rule.id,
        subject,
        made.choice(("Rae Kim", "Ada Example", AUTHOR)),
        made.choice((20, 50, 100)),
    )


def _waiver_of_lacking(made: random.Random, id_: str) -> Edit:
    approver = made.choice(("Rae Kim", "Ada Example", "Pat Moss", AUTHOR))
    stage, number, days = made.choice(STAGES[1:]), made.randrange(12), made.choice((20, 50, 100, 400))
    return "waive_lacking", (id_, stage, number, approver, days)


def _card(made: random.Random, id_: str) -> Edit:
    how, value = made.choice((
        ("limits", (0,)), ("limits", (0, 1)), ("limits", (0, 1, 2)), ("purpose", 1), ("purpose", 0), ("typo", None),
        ("model", 1), ("model", 0),
        ("lacking", ("failure_modes",)), ("lacking", ("known_limitations",)), ("lacking", ()), ("deleted", None),
    ))  # fmt: skip
    return "card", (id_, how, value)


CODE = ("edited", "deleted", "deleted", "moved out", "back outside", "back outside")
USED = (("acme",), ("acme",), ("acme", "bolt"), ("bolt",), ())


def _vendor(made: random.Random, id_: str) -> Edit:
    names = [made.choice(sorted(TERMS)) for _ in range(made.choice((1, 1, 2)))]
    return "vendor", (id_, made.choice(VENDORS), {name: made.choice(TERMS[name]) for name in names})


MAKERS: tuple[tuple[int, Callable[[random.Random, str], Edit]], ...] = (
    (12, _dimension),
    (9, _fact),
    (12, lambda _, id_: ("next_stage", (id_,))),
    (8, lambda made, id_: ("stage", (id_, made.choice(STAGES)))),
    (6, lambda made, id_: ("day", (id_, made.choice(DAYS), made.choice((None, 0, 1, 30, 100, 500, -30))))),
    (14, _paper),
    (6, _test),
    (6, _card),
    (4, lambda made, id_: ("paths", (id_, *made.choice(PATHS)))),
    (8, lambda made, id_: ("code", (id_, made.choice(("app", "lib")), made.choice(CODE)))),
    (5, _declare),
    (4, _claim_code),
    (2, lambda made, _: ("shared_code", (made.choice(("edited", "edited", "deleted", "moved")),))),
    (2, lambda made, id_: ("move_entry", (id_, made.choice((ROOT_MANIFEST, SECOND_MANIFEST))))),
    (3, lambda _, id_: ("remove", (id_,))),
    (3, lambda _, id_: ("rename", (id_, "SYS-9"))),
    (2, lambda made, _: ("role", (made.choice(sorted(ROLE_HOLDERS)), *made.choice(HOLDERS)))),
    (2, _waiver),
    (4, _waiver_of_lacking),
    (1, lambda made, _: ("own_rule", ("contact", made.choice((None, OWN_RULE))))),
    (1, lambda *_: ("ci", ())),
    (3, lambda *_: ("readme", ())),
    (3, lambda made, _: made.choice(MANIFESTS)),
    (6, lambda made, id_: ("incident", (id_, made.choice(("critical", "high", "low", None))))),
    (
        4,
        lambda made, id_: (
            "claim",
            (id_, made.choice(CLAIMS), made.choice(("Nobody is there.", "It is small.", None))),
        ),
    ),
    (6, _vendor),
    (3, lambda made, id_: ("uses", (id_, *made.choice(USED)))),
    (3, lambda made, id_: ("work", (id_, made.choice(STAGES[1:])))),
)
"""Every edit of everyday work and of attempts, with how often it is made."""
