"""D50: another model, vendor, host, prompt or file of weights that the code shows is a change, moved or not."""

from __future__ import annotations

from typing import Any

import pytest
from facts_world import entry, policy, snapshot
from msgspec.structs import replace

from policy_gate.facts.change_kinds import FactsPair
from policy_gate.facts.changes import changes_between
from policy_gate.facts.changes_observed import is_one_sided, observed_changes, values_compared
from policy_gate.facts.facts import facts_of
from policy_gate.schema.change import Change
from policy_gate.schema.observed import Observed, Signal, SystemSigns
from policy_gate.schema.source import Location, Mark


def sign(kind: str, value: str, path: str = "a.py", line: int = 1, **more: Any) -> Signal:
    return Signal(
        path, line, kind, "A sign", more.pop("confidence", "high"), more.pop("found", value), value=value, **more
    )


def model(value: str, path: str = "a.py", line: int = 1, vendor: str = "") -> Signal:
    return sign("model", value, path, line, vendor=vendor)


def changes(seen: Observed, *named: str, **fields: Any) -> list[Change]:
    """What is told beside a base whose entry names these models."""
    base = snapshot(entry(**{"models": [{"name": name} for name in named], **fields}))
    result = replace(base, observed=seen)
    was = facts_of(base, policy())
    now = tuple(replace(facts, vendors=({"vendor.id": "x", "vendor.vendor_name": "X"},)) for facts in was)
    found = changes_between(was, now, base, result, policy())
    return [change for change in found if change.field.startswith("observed_") or change.system is None]


def told(before: list[list[Signal]], after: list[list[Signal]], **elsewhere: Any) -> list[tuple[str, Any, Any]]:
    sides = (tuple(map(tuple, side)) for side in (before, after))
    seen = SystemSigns(*sides, {name: frozenset(values) for name, values in elsewhere.items()})
    return [(change.field, change.before, change.after) for change in changes(Observed({"SYS-001": seen}))]


OLD, NEW, STAYS = model("gpt-4o"), model("gpt-4o-mini"), model("phi-4-14b")


@pytest.mark.parametrize(
    ("before", "after", "elsewhere", "found"),
    [
        ([[OLD]], [[NEW]], (), [("observed_models", "gpt-4o", "gpt-4o-mini")]),
        ([[OLD]], [[OLD]], (), []),
        ([[OLD]], [[model("gpt-4o", "b.py", 9)]], (), []),
        ([[]], [[NEW]], (), [("observed_models", None, "gpt-4o-mini")]),
        ([[OLD]], [[]], (), [("observed_models", "gpt-4o", None)]),
        ([[OLD]], [[OLD, NEW]], (), [("observed_models", None, "gpt-4o-mini")]),
        # what only comes or only goes is none where the system has it elsewhere, or has it still
        ([[]], [[NEW]], ["gpt-4o-mini"], []),
        ([[OLD]], [[]], ["gpt-4o"], []),
        ([[OLD], [OLD]], [[OLD], []], (), []),
        ([[OLD], []], [[OLD], [OLD]], (), []),
        # one that takes another's place is one in any case
        ([[OLD]], [[NEW]], ["gpt-4o", "gpt-4o-mini"], [("observed_models", "gpt-4o", "gpt-4o-mini")]),
        ([[OLD], [OLD]], [[OLD], [NEW]], (), [("observed_models", "gpt-4o", "gpt-4o-mini")]),
        ([[STAYS, OLD]], [[STAYS, NEW]], (), [("observed_models", "gpt-4o", "gpt-4o-mini")]),
        # each value once, in order
        ([[]], [[NEW, OLD, NEW]], (), [("observed_models", None, "gpt-4o, gpt-4o-mini")]),
    ],
)
def test_another_model(before: Any, after: Any, elsewhere: Any, found: Any) -> None:
    assert told(before, after, observed_models=elsewhere) == found


MINE, OTHER = model("gpt-4o"), model("claude-3-haiku")
AGAIN = replace(OTHER, path="b.py")


@pytest.mark.parametrize(
    ("before", "after", "is_option"),
    [
        # what only leaves a file in which a model that base names still stands
        ([[MINE, OTHER]], [[MINE]], True),
        ([[MINE, OTHER], [MINE, AGAIN]], [[MINE], [MINE]], True),
        ([[MINE, OTHER], [sign("sdk", "x")]], [[MINE], [sign("sdk", "x")]], True),
        ([[MINE, OTHER], [sign("sdk", "claude-3-haiku")]], [[MINE], []], True),
        ([[MINE, OTHER]], [[MINE, sign("sdk", "claude-3-haiku")]], True),
        # it leaves one in which none stands, or the one that base names goes, or another model comes
        ([[OTHER]], [[]], False),
        ([[OTHER]], [[sign("host", "gpt-4o")]], False),
        ([[MINE, OTHER], [AGAIN]], [[MINE], []], False),
        ([[AGAIN], [MINE, OTHER]], [[], [MINE]], False),
        ([[MINE, OTHER]], [[OTHER]], False),
        ([[MINE, OTHER]], [[]], False),
        ([[MINE, OTHER]], [[model("mistral-large")]], False),
        ([[MINE, OTHER]], [[MINE, model("openai/gpt-4o-2024-08-06")]], False),
        ([[MINE]], [[MINE, OTHER]], False),
    ],
)
def test_d50_a_model_that_only_leaves_is_an_option_less_where_what_base_names_stays(
    before: list[list[Signal]], after: list[list[Signal]], is_option: bool
) -> None:
    def found(*named: str, hides: bool = False) -> list[Change]:
        seen = SystemSigns(*(tuple(map(tuple, side)) for side in (before, after)), hides=hides)
        return [it for it in changes(Observed({"SYS-001": seen}), *named) if it.field == "observed_models"]

    assert [it.option_removed for it in found("gpt-4o")] == [is_option]
    assert not any(it.option_removed for it in found()), "base names none"
    assert not any(it.option_removed for it in found("gpt-4o", "claude-3-haiku")), "base names it"
    assert not any(it.option_removed for it in found("gpt-4o", hides=True)), "nobody can see what is left"


@pytest.mark.parametrize(
    ("sign_", "is_told"),
    [(OTHER, True), (sign("host", "api.example.org"), False), (sign("sdk", "acme", vendor="Acme"), False)],
)
def test_d50_what_leaves_beside_a_file_that_nobody_can_look_into_may_stand_there(sign_: Signal, is_told: bool) -> None:
    """A model under another name; a vendor or host that stands elsewhere is there whatever the file shows."""
    elsewhere = {name: frozenset(values) for name, values in values_compared([sign_]).items()}

    def found(hides: bool) -> list[Change]:
        return changes(Observed({"SYS-001": SystemSigns(((MINE, sign_),), ((MINE,),), elsewhere, hides)}), "gpt-4o")

    assert bool(found(hides=True)) is is_told
    assert not found(hides=False), "the control"


def test_d50_only_a_model_that_leaves_is_an_option_less() -> None:
    host = sign("host", "api.example.org")
    (told,) = changes(Observed({"SYS-001": SystemSigns(((MINE, host),), ((MINE,),))}), "gpt-4o")
    assert (told.field, told.option_removed) == ("observed_hosts", False)


@pytest.mark.parametrize(
    ("after", "is_fallback"),
    [
        ([model("mistral-large-2407")], True),
        ([model("mistral-large-2407"), model("phi-4-14b")], True),
        ([model("mistral-large-2407"), model("gpt-4o-mini")], False),
        ([model("gpt-4o-mini")], False),
        ([], False),
        ([MINE, sign("host", "mistral-large-2407")], False),
    ],
)
def test_d50_a_model_that_base_may_go_back_to_is_told_as_that(after: list[Signal], is_fallback: bool) -> None:
    listed = [{"name": "gpt-4o"}, *({"name": it, "fallback": True} for it in ("mistral-large-2407", "phi-4-14b"))]
    (told,) = changes(Observed({"SYS-001": SystemSigns(((MINE,),), (tuple(after),))}), models=listed)
    assert told.to_fallback is is_fallback
    plain = [{"name": it["name"]} for it in listed]
    (control,) = changes(Observed({"SYS-001": SystemSigns(((MINE,),), (tuple(after),))}), models=plain)
    assert control.to_fallback is False


def test_d16_a_yes_to_what_code_shows_is_for_these_values_wherever_they_stand() -> None:
    def bound(before: list[Signal], after: list[Signal]) -> str:
        return next(it.bound for it in changes(Observed({"SYS-001": SystemSigns((tuple(before),), (tuple(after),))})))

    one = bound([OLD], [NEW])
    assert one == bound([replace(OLD, line=8, path="x.py")], [replace(NEW, line=9)])
    others = [
        bound([OLD], [MINE, OTHER]),
        bound([OTHER], [NEW]),
        bound([], [NEW]),
        bound([OLD], []),
        bound([NEW], [OLD]),
    ]
    assert len({one, *others}) == 6
    long = ["a" * 12 + end for end in "xy"]
    weights = [bound([], [sign("weights", value, "w.bin")]) for value in long]
    assert weights[0] != weights[1], "more than is shown of it"


def test_what_base_shows_nowhere_in_code_is_placed_at_the_paths_of_base() -> None:
    base = snapshot(entry())
    marks = {("systems", 0, "paths"): Mark(7, 3), ("systems", 0): Mark(2, 5)}
    (system,) = base.systems
    base = replace(base, systems=(replace(system, manifest=replace(system.manifest, marks=marks)),))
    was = facts_of(base, policy())
    pair = FactsPair(was[0], was[0], policy())
    (told,) = observed_changes(pair, SystemSigns(((),), ((NEW,),)))
    assert (told.location, told.base_location) == (Location("a.py", 1, 1), Location("governance.yaml", 7, 3))


def test_a_vendor_is_another_where_it_takes_the_place_of_one_in_a_file_wherever_both_stand_besides() -> None:
    acme, other = (sign("sdk", vendor.lower(), vendor=vendor) for vendor in ("Acme", "Other"))
    assert told([[acme]], [[other]]) == [("observed_vendors", "Acme", "Other")]
    for elsewhere in (["Acme"], ["Other"], ["Acme", "Other"]):
        assert told([[acme]], [[other]], observed_vendors=elsewhere) == [("observed_vendors", "Acme", "Other")]
    assert told([[acme], [acme]], [[acme], [other]]) == [("observed_vendors", "Acme", "Other")]


def test_a_vendor_that_only_comes_or_goes_is_another_where_the_system_had_or_has_it_nowhere_else() -> None:
    acme, other = (sign("sdk", vendor.lower(), vendor=vendor) for vendor in ("Acme", "Other"))
    assert told([[acme]], [[acme, other]]) == [("observed_vendors", None, "Other")]
    assert told([[acme]], [[acme, other]], observed_vendors=["Other"]) == []
    assert told([[acme, other]], [[acme]], observed_vendors=["Other"]) == []
    listed = [sign("dependency", vendor.lower(), vendor=vendor) for vendor in ("Acme", "Other")]
    assert told([listed[:1]], [listed[1:]], observed_vendors=["Acme", "Other"]) == []


def test_each_kind_of_sign_is_told_in_a_field_of_its_own() -> None:
    def one(kind: str, **more: Any) -> list[tuple[str, Any, Any]]:
        return told([[]], [[sign(kind, "0123456789abcdef", **more)]])

    assert one("host") == [("observed_hosts", None, "0123456789abcdef")]
    assert one("weights", path="w.bin") == [("observed_weights", None, "w.bin (0123456789ab)")]
    assert one("prompt", found="Rank them") == [("observed_prompts", None, '"Rank them" (0123456789ab)')]
    assert one("sdk") == one("training") == []


def test_t61_weights_that_code_names_are_compared_with_those_that_lie_there() -> None:
    def named(path: str, value: str) -> Signal:
        return sign("weights-path", value, found=path)

    one, two = named("models/one.onnx", "one.onnx"), named("models/two.onnx", "two.onnx")
    assert told([[one]], [[two]]) == [("observed_weights", "models/one.onnx", "models/two.onnx")]
    assert told([[]], [[two]]) == [("observed_weights", None, "models/two.onnx")]
    assert told([[one]], [[named("data/one.onnx", "one.onnx")]]) == [], "another folder"
    assert told([[one]], [[]], observed_weights=["one.onnx"]) == []
    (change,) = changes(Observed({"SYS-001": SystemSigns(((one,),), ((two,),))}))
    assert change.kind == "weights-changed"
    # One that lies here is known by its content, whoever tells of it.
    lies = sign("weights", "0123456789abcdef", "one.onnx")
    assert told([[lies]], [[named("models/other.onnx", "0123456789abcdef")]]) == []
    assert told([[one]], [[lies]]) == [("observed_weights", "models/one.onnx", "one.onnx (0123456789ab)")]
    assert values_compared([one, lies])["observed_weights"] == {"one.onnx", "0123456789abcdef"}


def test_such_a_change_is_sure_and_stands_at_the_first_sign_of_either_side() -> None:
    signs = SystemSigns(((model("gpt-4o", "b.py", 7),),), ((model("gpt-4o-mini", "c.py", 9), NEW),))
    (change,) = changes(Observed({"SYS-001": signs}))
    assert (change.kind, change.confidence) == ("model-changed", "high")
    assert (change.location, change.base_location) == (Location("c.py", 9, 1), Location("b.py", 7, 1))
    (come,) = changes(Observed({"SYS-001": replace(signs, before=((),))}))
    assert come.base_location == snapshot(entry()).systems[0].at("paths")
    assert changes(Observed({"OTHER": signs})) == changes(Observed()) == []


def test_ai_that_no_system_claims_is_told_by_folder_the_surest_sign_first() -> None:
    def at(path: str, confidence: str, line: int = 1) -> Signal:
        return sign("sdk", "openai", path, line, confidence=confidence)

    low, high = at("x/a.py", "low", 3), at("x/b.py", "high", 4)
    alone, many = at("top.py", "medium"), tuple(at(f"y/{n}.py", "low") for n in range(7))
    found = changes(Observed(unclaimed=(low, high, alone, *many)))
    assert [(it.kind, it.field, it.confidence) for it in found] == [
        ("unclaimed-ai-use", "top.py", "medium"), ("unclaimed-ai-use", "x", "high"), ("unclaimed-ai-use", "y", "low"),
    ]  # fmt: skip
    assert found[1].after == "x/b.py:4 A sign (openai); x/a.py:3 A sign (openai)"
    assert (found[1].before, found[1].location) == (None, Location("x/b.py", 4, 1))
    assert str(found[2].after).split("; ")[4:] == ["y/4.py:1 A sign (openai)", "2 more"]
    (all_shown,) = changes(Observed(unclaimed=many[:5]))
    assert str(all_shown.after).split("; ")[4:] == ["y/4.py:1 A sign (openai)"]
    (refuted,) = changes(Observed(refuting=(high,)))
    assert (refuted.kind, refuted.field, refuted.system) == ("absence-contradicted", "systems", None)


def test_it_matters_what_else_a_system_shows_only_where_something_comes_or_goes_alone() -> None:
    assert is_one_sided(SystemSigns((), ((NEW,),)))
    assert is_one_sided(SystemSigns(((OLD,),), ()))
    assert not is_one_sided(SystemSigns(((OLD,),), ((NEW,),)))
    assert not is_one_sided(SystemSigns(((OLD,),), ((OLD,),)))
    acme, other = model("m", vendor="Acme"), model("m", vendor="Other")
    assert is_one_sided(SystemSigns(((acme,),), ((other,),))), "of vendors always"


def test_values_are_kept_by_the_field_that_another_would_change() -> None:
    assert values_compared([model("m", vendor="Acme"), sign("host", "api.example.org")]) == {
        "observed_models": frozenset({"m"}),
        "observed_vendors": frozenset({"Acme"}),
        "observed_hosts": frozenset({"api.example.org"}),
        "observed_weights": frozenset(),
        "observed_prompts": frozenset(),
    }


def test_ai_where_a_system_claims_code_only_since_of_late_is_told_of_that_system() -> None:
    def at(path: str, confidence: str = "high", line: int = 1) -> Signal:
        return sign("sdk", "openai", path, line, confidence=confidence)

    def claimed(*signals: Signal, system: str = "SYS-001") -> list[Change]:
        base = snapshot(entry())
        result = replace(base, observed=Observed(at_new_places={system: signals}))
        was = facts_of(base, policy())
        return list(changes_between(was, was, base, result, policy()))

    faint, plain = at("x/a.py", "low", 3), at("x/b.py", "high", 4)
    (told,) = claimed(faint, plain)
    assert (told.kind, told.system, told.field, told.before) == ("ai-use-claimed", "SYS-001", "paths", None)
    assert (told.location, told.confidence) == (Location("x/b.py", 4, 1), "high"), "the surest sign first"
    assert told.weakening is policy().change_kinds["ai-use-claimed"].weakening
    assert claimed() == claimed(plain, system="OTHER") == [], "the controls"
    bounds = [claimed(*them)[0].bound for them in ((faint, plain), (plain, faint), (plain,), (at("y/b.py", line=4),))]
    assert bounds[0] == bounds[1], "a yes is for these signs, in whatever order they were found"
    assert len({*bounds}) == 3
    assert claimed(at("x/b.py", line=9))[0].bound == bounds[2], "a line that moves is the same sign"
