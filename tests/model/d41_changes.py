"""D08, D09, D16, D38, D40, D41, D48, D51, D52, D58: what a change weakens, and what of base judges meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from d05_owed import Change
from d09_papers import is_hardly_another
from d24_facts import Entry, Tree, code_of, facts_of, governing, is_below_unread, others_claiming, rated, systems
from d61_vendors import RIGHTS, better, known_of
from tables import STAGES, Policies, rank

REPOSITORY = {"waivers": "waivers-changed", "ci": "enforcement-changed"}
RULES = ("roles", "assurance", "own", "config")
MILDER = {"false": False, "true": True}
HELD = ("dimension-answered", "dimension-removed", "dimension-lowered",
        "fact-answered", "fact-removed", "fact-flipped", "fact-changed")  # fmt: skip
"""D41: of these what base says judges."""


ANSWERS = ("risk_profile", "facts", "artifacts", "tests")


class Held(NamedTuple):
    """A system with what base says of all that the change weakens (D41)."""

    entry: Entry
    least: tuple[str, frozenset[str]]


def of_repository(base: Tree, result: Tree) -> Iterator[Change]:
    """D16: the rules, the waivers and what runs the gate have changes of no system."""
    if any(base[name] != result[name] for name in RULES):
        yield Change("policy-changed", field="policies")
    yield from (Change(kind, field=name) for name, kind in REPOSITORY.items() if base[name] != result[name])
    unread = (path for path, manifest in base["manifests"].items() if manifest.get("broken"))
    yield from (Change("unread-manifest-removed", field=path) for path in unread if path not in governing(result))


def of_systems(
    base: Tree, result: Tree, earlier: Sequence[Tree], today: date, policies: Policies
) -> tuple[list[Change], dict[str, Held]]:
    """The changes of every system of both trees, and each as it is held."""
    changes: list[Change] = []
    held: dict[str, Held] = {}
    before, after = systems(base), systems(result)
    broken = {path for path, manifest in result["manifests"].items() if manifest.get("broken")}
    for id_ in sorted({*before, *after}):
        if id_ not in after:
            if before[id_][0] not in broken:
                changes.append(Change("system-removed", id_))
        elif id_ not in before:
            changes.append(Change(presence(*after[id_], base, result), id_))
            changes += _vouched({}, after[id_][1], id_, policies)
            held[id_] = Held(after[id_][1], ("low", frozenset()))
        else:
            found = _Pair(id_, before[id_][1], after[id_][1], base, result, today, policies)
            changes += found.changes(earlier)
            held[id_] = Held(found.held, found.least)
    return changes, held


def presence(path: str, entry: Entry, base: Tree, result: Tree) -> str:
    """D27: enrolled is what base's code already was, unless the change touches that code or the date lacks.

    D45: what a manifest that base could not read may have declared is added.
    """
    was, now = code_of(entry, base), code_of(entry, result)
    is_old = (
        entry.get("enrolled")
        and was
        and was == now
        and not any(is_below_unread(file, base, base) for file in (path, *was))
    )
    return "system-enrolled" if is_old else "system-added"


def _vouched(was: Entry, now: Entry, id_: str, policies: Policies) -> Iterator[Change]:
    """D47: evidence held elsewhere and claims of no concern, new or worded anew."""
    attested = {name: item for name, item in now.get("artifacts", {}).items() if "sha256" in item}
    yield from (Change("evidence-attested", id_, name, accountable=policies.accountable(name))
                for name, item in attested.items() if was.get("artifacts", {}).get(name) != item)  # fmt: skip
    yield from (Change("not-applicable-claimed", id_, name, after=reason, accountable=policies.accountable(name))
                for name, reason in now.get("not_applicable", {}).items()
                if was.get("not_applicable", {}).get(name) != reason)  # fmt: skip


def _less(facts: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in names}


def _classes_lost(gone: frozenset[str], instead: frozenset[str], policies: Policies) -> frozenset[str]:
    """Law classes in whose place no higher one of the same law stands."""
    place = {it["id"]: (it["regulation"], it["rank"]) for it in policies.law_classes}
    return frozenset(
        one for one in gone
        if not any(place[it][0] == place[one][0] and place[it][1] > place[one][1] for it in instead)
    )  # fmt: skip


class _Pair:
    """One system in base and in the result."""

    def __init__(
        self, id_: str, was: Entry, now: Entry, base: Tree, result: Tree, today: date, policies: Policies
    ) -> None:
        self.id, self.was, self.now, self.base, self.result = id_, was, now, base, result
        self.today, self.policies = today, policies
        self.found: list[Change] = []
        self.held = {**now} | {
            name: deepcopy(now.get(name, {})) for name in ("risk_profile", "facts", "artifacts", "tests")
        }
        self.least: tuple[str, frozenset[str]] = ("low", frozenset())

    def say(self, kind: str, field: str = "", before: Any = "", after: Any = "", who: tuple[str, ...] = ()) -> None:
        self.found.append(Change(kind, self.id, field, before, after, who))

    def changes(self, earlier: Sequence[Tree]) -> list[Change]:
        self._stage()
        self._answers("risk_profile", self._kind_of_dimension)
        self._answers("facts", self._kind_of_fact)
        self._rating()
        self._dates()
        self._code(earlier)
        self._card()
        self._evidence(earlier)
        self._runs()
        self._incidents()
        self._vendors()
        self.found += _vouched(self.was, self.now, self.id, self.policies)
        return self.found

    def _stage(self) -> None:
        before, after = self.was["stage"], self.now["stage"]
        if STAGES.index(after) > STAGES.index(before):
            self.say("stage-advanced", "stage", before, after)
        elif after != before:  # D08
            self.say("stage-regressed", "stage", before, after)
            self.held["stage"] = before

    def _answers(self, part: str, kind_of: Callable[[str, Any, Any], str]) -> None:
        """D40, D48: less is a weakening, and the first answer to a blank judges from the next change on."""
        was, now = self.was.get(part, {}), self.now.get(part, {})
        for name in sorted({*was, *now}):
            before, after = was.get(name), now.get(name)
            kind = kind_of(name, before, after) if before != after else ""
            if kind:
                self.say(kind, name, "" if before is None else before, "" if after is None else after)
            if kind in HELD:
                both = (
                    [*before, *(it for it in after or () if it not in before)] if isinstance(before, list) else before
                )
                self.held[part] = _less(self.held[part], {name}) | ({} if before is None else {name: both})
            if name == "human_oversight" and kind == "dimension-raised":
                self.say("oversight-weakened", name, before, after)
            if name in ("user_vulnerability", "deployment_scale") and before and after and before != after:
                self.say("population-changed", name, before, after)

    def _kind_of_dimension(self, name: str, before: Any, after: Any) -> str:
        points = self.policies.points[name]
        if before is None:
            return "dimension-stated" if points[after] == max(points.values()) else "dimension-answered"
        if after is None:
            return "dimension-removed"
        if points[after] == points[before]:
            return "use-case-changed" if name == "decision_impact" else ""  # D38
        return "dimension-lowered" if points[after] < points[before] else "dimension-raised"

    def _kind_of_fact(self, name: str, before: Any, after: Any) -> str:
        weaker = str(self.policies.facts[name]["weaker"])
        if after is None:
            return "fact-removed"
        if before is None:
            return self._kind_of_first_fact(name, after, weaker)
        if set(before) < set(after) if isinstance(after, list) else after is not MILDER.get(weaker, after):
            return "fact-raised"
        return "fact-flipped" if weaker in MILDER else "fact-changed"

    def _kind_of_first_fact(self, name: str, after: Any, weaker: str) -> str:
        """D48, T57: a first fact weakens where it lifts a class or a tier, or excuses from what a gate asked for."""
        is_exempting = name == "annex_iii_exemption" and after != "none"
        is_mild = is_exempting or (after is MILDER[weaker] if weaker in MILDER else after == [])
        if self._lifts(name) or (is_mild and self._excuses(name, after)):
            return "fact-flipped"
        return "fact-answered" if is_mild else "fact-added"

    def _lifts(self, name: str) -> bool:
        """Whether the system would be in a class or tier that this fact alone, or beside other mild ones, denies."""
        first = {
            other
            for other, value in self.now["facts"].items()
            if other not in self.was.get("facts", {})
            and (value == [] or value is MILDER.get(self.policies.facts[other]["weaker"], ""))
        }
        for left in (set(), first):
            one, other = (
                rated({**self.now, "facts": _less(self.now["facts"], less)}, self.policies)
                for less in (left, {*left, name})
            )
            if rank(other[0]) > rank(one[0]) or _classes_lost(other[1] - one[1], one[1], self.policies):
                return True
        return False

    def _excuses(self, name: str, after: Any) -> bool:
        known = facts_of(self.id, self.was, self.base, self.today, self.policies, self.was["stage"]).known
        lifted = {**known, f"system.{name}": after, "system.declared": [*known["system.declared"], name]}
        tier = rated(self.was, self.policies)[0]
        behind = [rule for rule in self.policies.rules if self._went_through(rule.gate) and tier in rule.tiers]
        return any(it.holds(known) is not False and it.holds(lifted) is False for rule in behind for it in rule.wants)

    def _went_through(self, gate: str) -> bool:
        """What was enrolled went through no gate but the one to the stage that it came to since."""
        said = self.policies.gates.get(gate)
        if said is None or said["from"] == said["to"] or STAGES.index(said["to"]) > STAGES.index(self.was["stage"]):
            return False
        since, enrolled = self.was.get("stage_since", ""), self.was.get("enrolled")
        return not enrolled or (since > enrolled and said["to"] == self.was["stage"])

    def _rating(self) -> None:
        before, after = rated(self.was, self.policies), rated(self.now, self.policies)
        for name in sorted(_classes_lost(before[1] - after[1], after[1] - before[1], self.policies)):
            self.say("law-class-dropped", name, name, "")
            self.least = (self.least[0], self.least[1] | {name})
        for name in sorted(_classes_lost(after[1] - before[1], before[1] - after[1], self.policies)):
            self.say("law-class-added", name, "", name)
        if rank(after[0]) < rank(before[0]):
            by_answers = rank(self._tier_by_answers()) <= rank(after[0]) and not self.least[1]
            self.say("tier-answered" if by_answers else "tier-lowered", "tier", before[0], after[0])
            self.least = (before[0], self.least[1])
        elif rank(after[0]) > rank(before[0]):
            self.say("tier-raised", "tier", before[0], after[0])

    def _tier_by_answers(self) -> str:
        """D48: base's tier, were its blanks filled in as the result does."""
        flipped = {change.field for change in self.found if change.kind == "fact-flipped"}
        profile = {**self.now["risk_profile"], **self.was["risk_profile"]}
        facts = {**_less(self.now.get("facts", {}), flipped), **self.was.get("facts", {})}
        return rated({**self.was, "risk_profile": profile, "facts": facts}, self.policies)[0]

    def _dates(self) -> None:
        """D06, D21, D27, D52: no clock is set forward, and `reclassified` moves only with a raise."""
        raises = any(change.kind in ("tier-raised", "law-class-added") for change in self.found)
        for name in ("enrolled", "stage_since", "reclassified"):
            before, after = self.was.get(name, ""), self.now.get(name, "")
            if before == after:
                continue
            if name == "stage_since":
                counted, since = before or self.was.get("enrolled"), after or self.now.get("enrolled")
                stages = [STAGES.index(entry["stage"]) for entry in (self.was, self.now)]
                starts = not counted and self.was["stage"] == self.now["stage"] == "production"
                is_moved = stages[1] <= stages[0] and (starts or (bool(counted) and (not since or since > counted)))
            else:
                is_moved = name == "enrolled" or not (
                    raises and (not before or (name == "reclassified" and bool(after)))
                )
            if is_moved:
                self.say(f"{name.replace('_', '-')}-moved", name, before, after)
                self.held[name] = before

    def _code(self, earlier: Sequence[Tree]) -> None:
        """D51: code that leaves the system and stays in the tree, by path or by content, and patterns dropped."""
        was, now = code_of(self.was, self.base), code_of(self.now, self.result)
        kept = {text[1] for text in now.values()}
        outside = {path: text for path, text in self.result["texts"].items() if path not in now and text[0] == "code"}
        left = {
            at: it
            for path, text in was.items() if path not in now and not self._claimed_as_high(path, text)
            for at, it in outside.items() if at == path or (path not in outside and it[1] == text[1] not in kept)
        }  # fmt: skip
        left |= self._returned(earlier)
        paths = self.was["paths"], self.now["paths"]
        if left or not all(glob in paths[1] or self._has_moved(glob, was, now) for glob in paths[0]):
            self.say(
                "path-narrowed", "paths", tuple(paths[0]), (*paths[1], *sorted(left.items()))
            )  # D16: all that left
            self.held["paths"] = [*paths[0], *paths[1], *left]

    def _returned(self, earlier: Sequence[Tree]) -> dict[str, Any]:
        """D51: what earlier changes took out of the claims, and this one brings where no system claims it."""
        base, result = self.base["texts"], self.result["texts"]
        claimed = {path for _, entry in systems(self.result).values() for path in code_of(entry, self.result)}
        outside = [path for path, text in result.items() if text[0] == "code" and path not in claimed]
        brought = Counter(result[path][1] for path in outside)
        brought -= Counter(base[path][1] for path in {*base} - claimed if base[path][0] == "code")
        held = {path: text[1] for tree in earlier for path, text in code_of(self.was, tree).items()}
        back = {it for path, it in held.items() if result.get(path, ("", ""))[1] != it and it in brought}
        return {path: result[path] for path in outside if result[path][1] in back - {result[it][1] for it in claimed}}

    def _has_moved(self, glob: str, was: dict[str, Any], now: dict[str, Any]) -> bool:
        held = {path: text for path, text in was.items() if fnmatchcase(path, glob)}
        return bool(held) and not set(held) & set(now) and all(text in now.values() for text in held.values())

    def _claimed_as_high(self, path: str, text: Any) -> bool:
        return any(
            rank(tier) >= rank(rated(self.was, self.policies)[0])
            and path not in self.result["texts"]
            and text in code.values()
            for tier, code in others_claiming(self.id, self.result, self.result, self.policies)
        )

    def _card(self) -> None:
        """D38: other words of purpose, and items of limits that are gone or reworded."""
        was, now = (tree["texts"].get(entry.get("model_card", "")) for tree, entry in
                    ((self.base, self.was), (self.result, self.now)))  # fmt: skip
        if not was or was[0] != "card":
            return
        lacking, limits, purpose, _, model, _ = now[1:] if now else (self.policies.card_fields, (), "", 0, "", "")
        if set(was[2]) - set(limits) or ("known_limitations" in lacking and "known_limitations" not in was[1]):
            self.say("limit-dropped", "known_limitations", was[2], limits)
        if was[3] != purpose and now:
            self.say("use-case-changed", "primary_intended_uses", was[3], purpose)
        if was[5] != model:  # D39
            self.say("model-changed", "base_model", was[5], model)

    def _vendors(self) -> None:
        """D58, D61: vendors that go, answers that read better, rights that are lost, a risk that rises."""
        was, now = (entry.get("vendors", {}) for entry in (self.was, self.now))
        held = {**was, **now}
        for name, terms in was.items():
            told = now.get(name)
            if told is None:
                self.say("vendor-dropped", name)
                continue
            easier = {field: terms.get(field) for field in better(terms, told)}
            held[name] = {**told, **easier}
            lost = [field for field in RIGHTS if terms.get(field) and not told.get(field)]
            for field in (*easier, *lost):
                kind = "vendor-weakened" if field in easier else "vendor-right-lost"
                self.say(kind, f"{name}.{field}", terms.get(field), told.get(field))
        self.held |= {"vendors": held} if held else {}
        for name in now:
            tiers = [known_of(name, of[name], said.get("facts", {}).get("processes_personal_data"), self.policies)
                     ["vendor.risk_tier"] for of, said in ((was, self.was), (now, self.now)) if name in of]  # fmt: skip
            if tiers[-1] == "high" and (name not in was or (tiers[0] != "high" and was[name] != now[name])):
                self.say("vendor-risk-raised", name, tiers[0] if name in was else "", "high")

    def _incidents(self) -> None:
        """What was recorded stays: gone, or said to be less severe, is a weakening, and base's judges."""
        held, now = self.base["incidents"], self.result["incidents"]
        for name, said in {**held, **now}.items():
            before, after = (of.get(name, {}).get("severity", "") for of in (held, now))
            kind = ("opened" if not before else "dropped" if not after
                    else "severity-lowered" if rank(after) < rank(before) else "")  # fmt: skip
            if kind and held.get(name, said)["system"] == self.id:
                self.say(f"incident-{kind}", name, before, after)

    def _evidence(self, earlier: Sequence[Tree]) -> None:
        for name, item in self.now.get("artifacts", {}).items():
            text = self.result["texts"].get(item.get("path", ""))
            before = self._former(name, item, text, earlier)
            old = self.was.get("artifacts", {}).get(name)
            if text is None and old and old.get("path") not in self.base["texts"]:
                before = old, None  # a date of nothing moves no more than one of a text
            elif before is None or text is None or "sha256" in item:
                continue
            was, was_text = before
            if not was.get("completed") and item.get("completed"):  # D52: an earlier change took it out
                was = {**was, "completed": self._day_taken_out(name, text, earlier)}
            is_later = bool(item.get("completed")) and item["completed"] > (was.get("completed") or "")
            who = self.policies.accountable(name)
            if is_later and was.get("completed") and text == was_text:
                self.say("evidence-redated", name, was["completed"], item["completed"], who)
                self.held["artifacts"][name]["completed"] = was["completed"]
            elif text is None or was_text is None:
                continue
            elif is_later and was.get("completed") and is_hardly_another(was_text, text):
                self.say("evidence-renewed", name, was["completed"], item["completed"], who)
            elif self._explains_the_raise(name, was, item):
                continue
            elif {text[2], was_text[2]} <= {"good", "thin"} and not is_hardly_another(was_text, text):
                self.say("evidence-replaced", name, is_later, text, who)

    def _runs(self) -> None:
        """D52: the same run with a later day, in whatever order and layout."""
        for name, item in self.now.get("tests", {}).items():
            was, now = (tree["texts"].get(of.get("tests", {}).get(name, {}).get("report", ""))
                        for tree, of in ((self.base, self.was), (self.result, self.now)))  # fmt: skip
            if was and now and was[2] == now[2] and was[3] < now[3]:
                self.say("evidence-redated", name, was[3], now[3], self.policies.accountable(name))
                self.held["tests"][name] = {**item, "completed": was[3]}

    def _held(self, name: str, trees: Sequence[Tree]) -> list[tuple[Entry, Any]]:
        """The document of that id as each tree has it, with its text."""
        entries = [systems(tree)[self.id][1] if self.id in systems(tree) else {} for tree in trees]
        items = [entry.get("artifacts", {}).get(name, {}) for entry in entries]
        return [(item, tree["texts"].get(item.get("path", ""))) for item, tree in zip(items, trees, strict=True)]

    def _day_taken_out(self, name: str, text: Any, earlier: Sequence[Tree]) -> str:
        """The latest day that base's history had beside the same text."""
        days = [item.get("completed", "") for item, of_it in self._held(name, earlier) if of_it == text]
        return max(days, default="")

    def _explains_the_raise(self, name: str, was: Entry, now: Entry) -> bool:
        """D49: the document that tells why the tier rose lacks words on that, until it is dated since the raise."""
        is_told = name in self.policies.kinds["evidence-renewed"]["after_raise"]
        return is_told and was.get("completed", "") < self.now.get("reclassified", "") <= now.get("completed", "")

    def _former(self, name: str, item: Entry, text: Any, earlier: Sequence[Tree]) -> tuple[Entry, Any] | None:
        """Base's document of that id, or where base has another file the nearest like it of base's history (D52).

        Not where base's own counts and is of no earlier day: what base does not hold is not claimed then.
        """
        in_base = self.was.get("artifacts", {}).get(name, {})
        own = self.base["texts"].get(in_base.get("path", ""), ("", "", "absent"))
        keeps = own[2] == "good" and in_base.get("completed", "") >= item.get("completed", "~")
        candidates = [it for it in self._held(name, (self.base, *(() if keeps else earlier))) if it[1]]
        alike = [it for it in candidates if text and is_hardly_another(it[1], text)]
        is_base = candidates and in_base and candidates[0][0] is in_base
        return alike[0] if alike else candidates[0] if is_base else None
