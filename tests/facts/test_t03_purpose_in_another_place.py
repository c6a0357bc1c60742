"""T03: a wider use, or one limit less, in the place of a card that no rule read: front matter, another key, a property.

What is in force is what any place says: nobody who reads the card knows which of them counts.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from facts_world import entry, policy, snapshot

from policy_gate.facts.changes import changes_between
from policy_gate.facts.facts import facts_of
from policy_gate.schema.change import Change
from policy_gate.schema.snapshot import Snapshot

USE, WIDER = "Order job applications for a recruiter who reads all of them.", "Reject applications without a recruiter."
LIMIT, OTHER = "Weak on handwritten resumes.", "Knows no schools outside Europe."
BODY = f"# Resume ranker\n\n## Version\n\n2.1\n\n## Intended uses\n\n{USE}\n\n## Known limitations\n\n- {LIMIT}\n"

KINDS = ("use-case-changed", "limit-dropped", "model-changed")


def tree(path: str, text: str) -> Snapshot:
    return snapshot(entry(model_card=path), files={path: text})


def changes(path: str, before: str, after: str, to: str = "") -> list[Change]:
    base, result = tree(path, before), tree(to or path, after)
    was, now = facts_of(base, policy()), facts_of(result, policy())
    return [it for it in changes_between(was, now, base, result, policy()) if it.kind in KINDS]


def told(path: str, before: str, after: str, to: str = "") -> list[str]:
    found = [f"{it.kind} {it.field}" for it in changes(path, before, after, to)]
    return [it for it in found if it != "model-changed version"]


def front(**keys: Any) -> str:
    return f"---\n{json.dumps(keys)}\n---\n{BODY}"


def keys(**more: Any) -> str:
    return json.dumps({"version": "2.1", "intended_uses": USE, "known_limitations": [LIMIT], **more})


def bill(more: str) -> str:
    thoughts = {"useCases": [USE, *([more] if more else [])], "technicalLimitations": [LIMIT]}
    own = [{"name": "policy-gate:primary_intended_uses", "value": USE}]
    card = {"considerations": thoughts, "properties": own}
    model = {"type": "machine-learning-model", "name": "ranker", "version": "2.1", "modelCard": card}
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [model]})


WIDENED: dict[str, tuple[str, str, str]] = {
    "front matter": ("card.md", BODY, front(intended_uses=WIDER)),
    "a list in it": ("card.md", BODY, front(primary_intended_uses=[USE, WIDER])),
    "another word of it": ("card.md", front(intended_uses=USE), front(intended_uses=WIDER)),
    "its second key": ("card.md", front(intended_uses=USE), front(intended_uses=USE, direct_use=WIDER)),
    "a map of it": ("card.md", BODY, front(model_details={"intended_uses": WIDER})),
    "another key": ("card.json", keys(), keys(model_details={"intended_uses": WIDER})),
    "another key of YAML": ("card.yaml", keys(), keys(primary_intended_uses=WIDER)),
    "beside a property": ("card.cdx.json", bill(""), bill(WIDER)),
}
SHORTENED: dict[str, tuple[str, str, str]] = {
    "front matter": ("card.md", front(known_limitations=[LIMIT, OTHER]), front(known_limitations=[LIMIT])),
    "all of it": ("card.md", front(known_limitations=[OTHER]), BODY),
    "another key": ("card.json", keys(limitations=[OTHER]), keys()),
}


@pytest.mark.parametrize("place", WIDENED)
def test_t03_a_wider_use_in_another_place_of_the_card(place: str) -> None:
    path, before, after = WIDENED[place]
    assert told(path, before, after) == ["use-case-changed primary_intended_uses"]
    assert told(path, after, after.replace("2.1", "2.2")) == [], "control: once it is agreed to, it is no news"


@pytest.mark.parametrize("place", WIDENED)
def test_t67_a_wider_use_in_another_place_is_told_in_full_so_that_a_yes_is_for_it(place: str) -> None:
    path, before, after = WIDENED[place]
    (found,) = changes(path, before, after)
    assert WIDER in str(found.after)
    assert WIDER not in str(found.before)
    (other,) = changes(path, before, after.replace(WIDER, "Fire people."))
    assert "Fire people." in str(other.after)


def test_t67_another_model_in_front_matter_is_told_by_what_stands_there() -> None:
    body = f"{BODY}\n## Base model\n\nOf the family that we know.\n"
    was, now = (f"---\nbase_model: {name}\n---\n{body}" for name in ("bert-base", "bert-large"))
    edited = was.replace("# Resume ranker", "# The ranker")
    assert told("card.md", was, edited) == [], "the control: the same model in both"
    (found,) = changes("card.md", was, now)
    assert (found.kind, found.field, found.before, found.after) == (
        "model-changed",
        "base_model",
        "bert-base",
        "bert-large",
    )


def test_h24_a_base_model_that_comes_in_front_matter_beside_the_same_text_is_no_other_model() -> None:
    plain = f"{BODY}\n## Base model\n\nBERT, the base one.\n"
    fronted, other = (f"---\nbase_model: {name}\n---\n{plain}" for name in ("google-bert/bert-base", "roberta-large"))
    assert told("card.md", plain, fronted) == []
    assert told("card.md", fronted, other) == ["model-changed base_model"], "the control: another where it names one"


@pytest.mark.parametrize(
    ("text", "found"),
    [("BERT, the base one.", ["model-changed base_model"]), ("BERT-base of Google", []), ("`bert-base`", [])],
)
def test_t67_a_base_model_that_goes_from_front_matter_is_named_by_the_text_or_gone(text: str, found: list[str]) -> None:
    """Two changes exchange no more than one: take it out, then name another."""
    plain = f"{BODY}\n## Base model\n\n{text}\n"
    assert told("card.md", f"---\nbase_model: google-bert/bert-base\n---\n{plain}", plain) == found


@pytest.mark.parametrize(("title", "found"), [("resume-ranker", []), ("Our ranker", ["model-changed model_name"])])
def test_h24_a_name_that_moves_into_the_title_is_the_same_model(title: str, found: list[str]) -> None:
    named = BODY.replace("# Resume ranker\n", "# Our card\n\n## Model name\n\nresume-ranker\n")
    assert told("card.md", named, BODY.replace("# Resume ranker", f"# {title}")) == found


@pytest.mark.parametrize(("name", "found"), [("resume-ranker", []), ("bert-ranker", ["model-changed model_name"])])
def test_h24_a_name_that_moves_into_the_title_and_leaves_a_blank_is_the_same_model(name: str, found: list[str]) -> None:
    named, blank = (
        BODY.replace("# Resume ranker\n", f"# {title}\n\n## Model name\n\n{it}\n")
        for title, it in (("Our card", name), ("resume-ranker", "TBD"))
    )
    assert told("card.md", named, blank) == found


@pytest.mark.parametrize("word", ["none", "None.", "not required", "fully automated"])
def test_t03_less_oversight_in_front_matter(word: str) -> None:
    body = f"{BODY}\n## Required oversight level\n\npartial\n"
    less = f"---\nrequired_oversight_level: {word}\n---\n{body}"
    assert told("card.md", body, less) == ["use-case-changed required_oversight_level"]


@pytest.mark.parametrize("place", SHORTENED)
def test_t03_a_limit_that_only_another_place_told(place: str) -> None:
    path, before, after = SHORTENED[place]
    assert told(path, before, after) == ["limit-dropped known_limitations"]


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ("It is weak on photos, letters, and notes of class A.", []),
        ("it is weak on photos letters and notes of class a", []),
        ("It is weak on photos, letters or notes of class A.", ["limit-dropped known_limitations"]),
    ],
)
def test_d38_a_limit_with_a_comma_more_or_in_small_letters_is_the_same(now: str, found: list[str]) -> None:
    was = BODY.replace(LIMIT, "It is weak on photos, letters and notes of class A.")
    assert told("card.md", was, BODY.replace(LIMIT, now)) == found


def test_t03_control_saying_the_same_twice_or_more_limits_is_free() -> None:
    same, more = front(intended_uses=USE, known_limitations=[LIMIT]), front(known_limitations=[LIMIT, OTHER])
    assert told("card.md", BODY, same) == told("card.md", same, BODY) == told("card.md", BODY, more) == []
    assert told("card.json", keys(), keys(known_limitations=[LIMIT, OTHER])) == []
    assert told("card.md", BODY, keys(), to="card.json") == [], "nor is another format"


def test_t03_control_a_limit_that_moves_from_the_front_matter_into_the_text_is_kept() -> None:
    moved = BODY.replace(f"- {LIMIT}\n", f"- {LIMIT}\n- {OTHER}\n")
    assert told("card.md", front(known_limitations=[OTHER]), moved) == []


def test_t03_a_use_that_goes_from_the_front_matter_alone_is_no_wider_one() -> None:
    assert told("card.md", front(intended_uses=WIDER), BODY) == []
    assert told("card.md", front(intended_uses=WIDER), f"---\n{json.dumps({'intended_uses': WIDER})}\n---\n# R\n") != []
