"""D50: what code shows of vendors, models and weights, held against what entry and card state of them."""

from __future__ import annotations

from typing import Any

import pytest
from facts_world import entry, policy, snapshot
from msgspec.structs import replace

from policy_gate.facts.changes import refuted_in_base
from policy_gate.facts.facts import facts_of
from policy_gate.facts.statements_refuted import refuted_before, refuted_statements
from policy_gate.schema.change import Change
from policy_gate.schema.facts import Facts
from policy_gate.schema.observed import Observed, Signal, StatementSigns
from policy_gate.schema.source import Location

A, B, C = ("a" * 64, "b" * 64, "c" * 64)


def sign(kind: str, found: str, vendor: str = "", path: str = "x.py", sure: str = "high", value: str = "") -> Signal:
    return Signal(path, 3, kind, f"A {kind}", sure, found, vendor, value or found)  # type: ignore[arg-type]


def sdk(vendor: str, **more: Any) -> Signal:
    return sign("sdk", f"import {vendor}", vendor, **more)


def host(vendor: str, **more: Any) -> Signal:
    return sign("host", f"{vendor or 'llm'}.example.org", vendor, **more)


def model(name: str, **more: Any) -> Signal:
    return sign("model", name, **more)


def side(
    card: str | None = None, vendors: tuple[str, ...] = (), manifest: str = "governance.yaml", **fields: Any
) -> Facts:
    listed = [{"id": name.lower().replace(" ", "-"), "vendor_name": name} for name in vendors]
    named = {"vendors": [it["id"] for it in listed]} if listed else {}
    folder = manifest.rpartition("/")[0]
    files = {} if card is None else {f"{folder}/c.md".lstrip("/"): f"# Card\n\n{card}\n"}
    carded = {} if card is None else {"model_card": "c.md"}
    made = snapshot(entry(**named, **carded, **fields), files=files, vendors=listed, manifest=manifest)
    return facts_of(made, policy())[0]


def signs(*after: list[Signal], before: tuple[list[Signal], ...] = (), **more: Any) -> StatementSigns:
    return StatementSigns(tuple(map(tuple, before)), tuple(map(tuple, after)), **more)


def changes(now: Facts, seen: StatementSigns | None, was: Facts | None = None) -> list[Change]:
    return list(refuted_statements(was, now, seen, policy()))


def told(now: Facts, seen: StatementSigns, was: Facts | None = None) -> dict[str, str]:
    """What stands against each field: what was found."""
    return {
        it.field: ", ".join(part.partition("(")[2].rstrip(")") or part for part in str(it.after).split("; "))
        for it in changes(now, seen, was)
    }


ACME = ("Acme",)


@pytest.mark.parametrize(
    ("vendors", "file", "found"),
    [
        # who is named, by any of its names or as part of one, is no surprise
        (("OpenAI",), [sdk("openai")], ""),
        (("Open AI Ireland Ltd",), [sdk("openai")], ""),
        (("ChatGPT",), [sdk("openai")], ""),
        (("Claude",), [sdk("anthropic")], ""),
        (("Openaire",), [sdk("openai")], "import openai"),
        (ACME, [sdk("openai")], "import openai"),
        # who serves what this one makes
        (("Google",), [sdk("anthropic")], ""),
        (("Anthropic",), [sdk("google")], "import google"),
        # where no vendor is named nothing is said of any
        ((), [sdk("openai")], ""),
        # what is no sign of use, or of no vendor
        (ACME, [sdk("")], ""),
        (ACME, [sdk("openai", sure="low")], ""),
        (ACME, [sdk("openai", sure="medium")], "import openai"),
        (ACME, [sign("package", "openai", "openai")], ""),
        (ACME, [host("openai")], "openai.example.org"),
        (ACME, [model("gpt-4o", vendor="openai")], "gpt-4o"),
        (ACME, [sdk("ollama")], ""),
        (ACME, [sdk("ollama"), sdk("", sure="low"), sdk("openai")], "import openai"),
        (ACME, [sdk("none")], "import none"),
        (ACME, [sdk("unheard")], "import unheard"),
        # a client that many services understand says nothing beside another host, a model does
        (ACME, [sdk("openai"), host("")], ""),
        (ACME, [sdk("openai"), host("", path="y.py")], ""),
        (ACME, [sdk("anthropic"), host("")], "import anthropic"),
        (ACME, [sdk("unheard"), host("")], "import unheard"),
        (ACME, [model("gpt-4o", vendor="openai"), host("")], "gpt-4o"),
        # the first sign of each, a sure one before others, vendors in order
        (ACME, [sdk("openai"), host("openai")], "openai.example.org"),
        (ACME, [model("gpt-4o", vendor="openai"), model("gpt-4", vendor="openai")], "gpt-4o"),
        (ACME, [sdk("openai", sure="medium"), model("gpt-4o", vendor="openai")], "gpt-4o"),
        (ACME, [sdk("openai", sure="medium"), model("gpt-4o", vendor="openai", sure="medium")], "import openai"),
        (ACME, [sdk("openai"), model("gpt-4o", vendor="openai", sure="medium")], "import openai"),
        (ACME, [sdk("mistral"), sdk("cohere")], "import cohere, import mistral"),
    ],
)  # fmt: skip
def test_a_vendor_that_the_entry_does_not_name(vendors: tuple[str, ...], file: list[Signal], found: str) -> None:
    seen = told(side(vendors=vendors), signs(file))
    assert seen == ({"vendors": found} if found else {})


def test_a_host_of_one_file_says_nothing_of_another() -> None:
    assert told(side(vendors=ACME), signs([sdk("openai")], [host("")])) == {"vendors": "import openai"}
    elsewhere = signs([], others=(sdk("openai"), host("")))
    assert told(side(vendors=ACME), elsewhere) == {}


@pytest.mark.parametrize(
    "said",
    [{"id": "openai", "vendor_name": "X"}, {"id": "x", "vendor_name": "OpenAI"},
     {"id": "x", "vendor_name": "X", "product_name": "ChatGPT Team"}],
)  # fmt: skip
def test_a_vendor_is_named_by_its_id_its_name_or_its_product(said: dict[str, str]) -> None:
    named = facts_of(snapshot(entry(vendors=[said["id"]]), vendors=[said]), policy())[0]
    assert told(named, signs([sdk("openai")])) == {}
    assert told(named, signs([sdk("mistral")])) == {"vendors": "import mistral"}


OPENAI, TWO = sdk("openai"), ("Acme", "OpenAI")


@pytest.mark.parametrize(
    ("was", "before", "others", "is_told"),
    [
        (None, (), (), True),
        (ACME, (), (), True),
        # base showed it, in a file that the change touches or in another
        (ACME, ([OPENAI],), (), False),
        (ACME, (), (OPENAI,), False),
        (None, ([OPENAI],), (), False),
        # base showed it and named it: the change takes the name out
        (TWO, ([OPENAI],), (), True),
        (TWO, (), (OPENAI,), True),
        # what base showed was no sign of it
        (ACME, ([sdk("openai", sure="low")],), (), True),
        (ACME, ([sdk("anthropic")],), (), True),
    ],
)
def test_what_base_showed_already_is_no_change_but_told(was: Any, before: Any, others: Any, is_told: bool) -> None:
    base, now = side(vendors=was) if was is not None else None, side(vendors=ACME)
    seen = signs([OPENAI], before=before, others=others)
    assert bool(told(now, seen, base)) is is_told
    notes = list(refuted_before(base, now, seen, policy()))
    if is_told or base is None:
        assert notes == []
    else:
        assert notes == [
            "SYS-001: x.py:3 shows A sdk (import openai), of a vendor that `vendors` does not name; base had it, too"
        ]


def test_what_is_shown_in_files_that_are_left_alone_is_no_note_and_what_is_missed_before_is() -> None:
    base = now = side(vendors=ACME)
    assert list(refuted_before(base, now, signs([], others=(OPENAI,)), policy())) == []
    missed = signs([], missed_before=(sign("sdk", "torch", path="lab/a.py"),))
    said = ["SYS-001: lab/a.py:3 imports torch, which no system claims; base had it, too"]
    assert list(refuted_before(base, now, missed, policy())) == said
    assert list(refuted_before(None, now, missed, policy())) == list(refuted_before(base, now, None, policy())) == []
    assert changes(now, None) == changes(now, missed) == []


def test_what_an_entry_states_stands_beside_what_refutes_it() -> None:
    missed = signs([], missed=(sign("sdk", "torch", path="lab/a.py"),))
    assert [it.before for it in changes(side(paths=["a/**", "b/**"]), missed)] == ["a/**, b/**"]
    assert [it.before for it in changes(side(paths=[]), missed)] == [None]
    assert [it.before for it in changes(side(vendors=ACME), signs([OPENAI]))] == ["acme"]
    assert [it.field for it in changes(side(vendors=ACME), signs([sdk("none")]))] == ["vendors"], "no name is not None"


def test_what_base_showed_already_is_told_of_each_system_that_is_still_there() -> None:
    missed = signs([], missed_before=(sign("sdk", "torch", path="lab/a.py"),))
    result = replace(snapshot(entry()), observed=Observed(stated={"SYS-001": missed}))
    base = now = facts_of(result, policy())
    assert list(refuted_in_base(base, now, result, policy())) == list(refuted_before(base[0], now[0], missed, policy()))
    assert len(list(refuted_in_base(base, now, result, policy()))) == 1
    assert list(refuted_in_base(base, (), result, policy())) == []
    assert list(refuted_in_base(base, now, replace(result, observed=Observed()), policy())) == []


def base_model(name: str) -> str:
    return f"## Base model\n\n{name}"


LISTED = {"models": [{"name": "gpt-4o"}]}
WITH_VERSION = {"models": [{"name": "ranker", "version": "2"}]}


@pytest.mark.parametrize(
    ("stated", "shown", "found"),
    [
        ({"card": base_model("gpt-4o")}, ["gpt-4o"], ""),
        ({"card": base_model("gpt-4o")}, ["claude-3-opus"], "claude-3-opus"),
        ({"card": base_model("It rests on GPT 4o, served here.")}, ["gpt-4o"], ""),
        ({"card": base_model("our own")}, ["claude-3-opus"], "claude-3-opus"),
        (LISTED, ["gpt-4o"], ""),
        (LISTED, ["claude-3-opus"], "claude-3-opus"),
        (WITH_VERSION, ["ranker-2"], ""),
        (WITH_VERSION, ["ranker"], ""),
        (WITH_VERSION, ["ranker-3"], "ranker-3"),
        ({"models": [{"name": "ranker"}]}, ["ranker-none"], "ranker-none"),
        # a version names a model only where it begins as one that is known does
        ({"model_version": "gpt-4o"}, ["claude-3-opus"], "claude-3-opus"),
        ({"model_version": "2.1"}, ["claude-3-opus"], ""),
        ({}, ["claude-3-opus"], ""),
        ({"card": "Words."}, ["claude-3-opus"], ""),
        # a first statement may leave out what stands beside the model that it names
        (LISTED, ["gpt-4o", "claude-3-opus"], ""),
        (LISTED, ["mistral-large", "claude-3-opus"], "claude-3-opus, mistral-large"),
    ],
)
def test_a_model_that_a_first_statement_does_not_name(stated: Any, shown: list[str], found: str) -> None:
    seen = told(side(**stated), signs([model(name) for name in shown]))
    assert seen == ({"model": found} if found else {})
    empty = side()
    assert told(side(**stated), signs([model(name) for name in shown]), empty) == seen, "base named none"


@pytest.mark.parametrize(
    ("was", "before", "others", "after", "found"),
    [
        ("gpt-4o", ["gpt-4o"], [], ["gpt-4o", "claude-3-opus"], "claude-3-opus"),
        ("gpt-4o", ["claude-3-opus"], [], ["claude-3-opus"], ""),
        ("gpt-4o", [], ["claude-3-opus"], [], ""),
        ("claude-3-opus", ["claude-3-opus"], [], ["claude-3-opus"], "claude-3-opus"),
        ("claude-3-opus", [], ["claude-3-opus"], [], "claude-3-opus"),
        ("gpt-4o", [], [], [], ""),
        ("gpt-4o", [], [], ["mistral-large", "claude-3-opus"], "claude-3-opus, mistral-large"),
    ],
)
def test_a_model_that_a_later_statement_does_not_name_where_it_is_new_in_code_or_gone_from_it(
    was: str, before: Any, others: Any, after: Any, found: str
) -> None:
    base, now = side(models=[{"name": was}]), side(**LISTED)
    seen = signs([model(it) for it in after], before=([model(it) for it in before],), others=tuple(map(model, others)))
    assert told(now, seen, base) == ({"model": found} if found else {})


def test_a_card_that_cannot_be_read_states_nothing() -> None:
    carded = side(card=base_model("gpt-4o"))
    assert carded.card is not None
    unread = replace(carded, card=replace(carded.card, cause="refused"))
    assert told(carded, signs([model("claude-3-opus")])) == {"model": "claude-3-opus"}
    assert told(unread, signs([model("claude-3-opus")])) == {}


@pytest.mark.parametrize("other", [model("claude-3-opus", sure="low"), sign("weights", "claude-3-opus")])
def test_what_is_no_sure_sign_of_a_model_is_none(other: Signal) -> None:
    assert told(side(**LISTED), signs([other])) == {}
    assert told(side(**LISTED), signs([Signal("x.py", 3, "model", "A", "high", "claude", "", "")])) == {}


def test_a_statement_is_told_as_people_wrote_it() -> None:
    def said(**stated: Any) -> Any:
        (found,) = changes(side(**stated), signs([model("claude-3-opus")]))
        return found.before

    assert said(**LISTED) == "gpt-4o"
    assert said(**WITH_VERSION) == "ranker 2"
    assert said(card=base_model("our  own\nmodel")) == "our own model"
    assert said(card=base_model("gpt-4o"), **WITH_VERSION) == "gpt-4o, ranker 2"
    assert said(model_version="gpt-4o") == "gpt-4o"
    assert said(card="## Model name\n\ngpt-4o\n\n## Version\n\n3", model_version="7") == "gpt-4o, 3, 7"


def held(digest: str, path: str | None = None) -> dict[str, str]:
    return {"name": "m", "digest": digest} | ({"path": path} if path else {})


@pytest.mark.parametrize(
    ("models", "files", "found"),
    [
        # of a path it is told to the file
        ([held(A, "m.bin")], [("m.bin", A)], ""),
        ([held(A, "m.bin")], [("m.bin", B)], f"sha256 {B}"),
        ([held(A, "./x//m.bin")], [("x/m.bin", B)], f"sha256 {B}"),
        ([held(A, "m.bin")], [("n.bin", B)], ""),
        ([held(A, "m.bin"), held(B, "n.bin")], [("m.bin", B), ("n.bin", B)], f"sha256 {B}"),
        # without one it may be of any
        ([held(A)], [("m.bin", A), ("n.bin", B)], ""),
        ([held(A)], [("m.bin", C), ("n.bin", B)], f"sha256 {C}, sha256 {B}"),
        ([held(A), held(B)], [("m.bin", C), ("n.bin", B)], f"sha256 {C}"),
        ([held(A), held(B, "n.bin")], [("m.bin", C), ("n.bin", B)], f"sha256 {C}"),
        ([held(A), held(B, "n.bin")], [("m.bin", A), ("n.bin", C)], f"sha256 {C}"),
        ([{"name": "m"}], [("m.bin", C)], ""),
        ([], [("m.bin", C)], ""),
        ([held(A)], [], ""),
    ],
)
def test_weights_whose_digest_is_not_the_one_declared(models: Any, files: Any, found: str) -> None:
    seen = told(side(models=models) if models else side(), signs([], weights=tuple(files)))
    assert seen == ({"digest": found} if found else {})


def test_a_path_of_weights_is_one_from_the_manifest_and_a_digest_may_stand_in_the_card() -> None:
    below = side(models=[held(A, "m.bin")], manifest="team/governance.yaml")
    assert told(below, signs([], weights=(("team/m.bin", B),))) == {"digest": f"sha256 {B}"}
    assert told(below, signs([], weights=(("m.bin", B),))) == {}
    carded = side(card=f"## Weights digest\n\nsha256:{A}")
    (change,) = changes(carded, signs([], weights=(("m.bin", B),)))
    assert (change.field, change.before, change.location) == ("digest", A, Location("m.bin", 1, 1))
    assert (change.after, change.confidence) == (f"m.bin:1 Weights (sha256 {B})", "high")
    assert changes(carded, signs([], weights=(("m.bin", A),))) == []
    for longer in (f"{A}a", f"0{A}"):
        assert changes(side(card=f"## Weights digest\n\n{longer}"), signs([], weights=(("m.bin", B),))) == []


def test_all_that_is_refuted_is_told_field_by_field_the_surest_sign_first() -> None:
    missed = tuple(
        sign("sdk", f"m{at}", path=f"lab/{at}.py", sure=sure)
        for at, sure in enumerate(("low", "medium", "high", "low", "low", "low"))
    )
    now = side(vendors=ACME, models=[held(A, "m.bin")], paths=["a/**", "b/**"])
    seen = signs([OPENAI, model("claude-3-opus")], weights=(("m.bin", B),), missed=missed)
    found = changes(now, seen)
    assert [(it.field, it.before) for it in found] == [
        ("vendors", "acme"), ("model", "m"), ("digest", A), ("paths", "a/**, b/**"),
    ]  # fmt: skip
    paths = found[-1]
    assert paths.after == (
        "lab/2.py:3 A sdk (m2); lab/1.py:3 A sdk (m1); lab/0.py:3 A sdk (m0); lab/3.py:3 A sdk (m3); "
        "lab/4.py:3 A sdk (m4); 1 more"
    )
    assert (paths.location, paths.base_location, paths.confidence) == (Location("lab/2.py", 3, 1), None, "high")
    assert {it.kind for it in found} == {"statement-refuted"}
    assert all(it.weakening is found[0].weakening for it in found)
    five = changes(now, signs([], missed=missed[:5]))
    assert not str(five[0].after).endswith("more")
    assert five[0].system == "SYS-001"
