"""One repository, many edits: everything that is said of each, held against files that people have read.

`POLICY_GATE_WRITE_GOLDENS=1` writes them anew; read the difference before keeping it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from decision_world import RULES
from golden_lines import held_against
from msgspec.structs import replace
from repository_edits import EDITS, PAPER, edited, entry, paper
from told_world import DAY, Tree, ago, answer, approvals, lines_of, start, told

from policy_gate.schema.people import Author, Claim, Commit, ForgeContributor, UncheckedSignature, Verified
from policy_gate.schema.roles import Roles
from policy_gate.schema.source import Document
from policy_gate.schema.vocabulary import TIERS

GOLDEN = Path(__file__).parent / "golden"
_NOBODY = Document(
    "policies/roles.yaml", "0" * 40, Roles.model_validate({"schema": "policy-gate/roles/v1", "roles": {}}), {}
)

BACK = (
    "people decide less", "fewer people are reached", "the tier falls", "the tier rises", "a dimension is left out",
    "all dimensions are left out", "a fact is flipped", "a fact is taken out", "a fact is added",
    "a fact is answered with no", "a list of a fact is emptied", "a number of a fact falls", "a law is taken out",
    "one stage back", "the start of the stage moves", "no date to count from", "code is left alone",
    "no code is claimed", "a paper is taken out", "a paper is a draft", "a paper has a day to come",
    "a paper is written anew with its date", "a paper is now held elsewhere", "of no concern", "a result is taken out",
    "a test fails", "a result of a day to come", "no card is named", "a limit is dropped", "a number is worse",
    "a limit of a number is lower", "a vendor is dropped", "a vendor comes", "a vendor answers for less",
    "a waiver is taken out", "what is forbidden",
)  # fmt: skip
"""edits that are told the other way round, too: base has them, and the change takes them back"""


@pytest.mark.parametrize("name", EDITS)
def test_what_an_edit_comes_to(name: str) -> None:
    held_against(GOLDEN / "edits.txt", name, told(start(), edited(name)))


@pytest.mark.parametrize("name", BACK)
def test_what_it_comes_to_that_an_edit_is_taken_back(name: str) -> None:
    held_against(GOLDEN / "edits-back.txt", name, told(edited(name), start()))


@pytest.mark.parametrize("now", ["a paper has no date", "a paper is taken out", "a paper is old", "the card is gone"])
def test_what_it_comes_to_that_a_day_to_come_is_another(now: str) -> None:
    base = start()
    for artifact in ("privacy-impact-assessment", "security-assessment-report", PAPER):
        paper("SCREEN", artifact, completed=ago(-9))(base)
    result = base.copy()
    EDITS[now](result)
    held_against(GOLDEN / "edits-back.txt", f"a day to come, then {now}", told(base, result))


ONE_AFTER_ANOTHER = (
    # what the system is said to be
    ("people decide less", "a dimension is left out"), ("a dimension is left out", "people decide less"),
    ("all dimensions are left out", "more people are reached"), ("the tier rises", "the tier falls"),
    ("the tier falls", "a dimension is left out"), ("a fact is added", "a fact is answered with no"),
    ("a list of a fact is longer", "a list of a fact is emptied"), ("a law is added", "a law is taken out"),
    ("a fact is taken out", "a fact is flipped"), ("a fact is flipped", "a fact is taken out"),
    ("a raise is dated that is none", "the tier rises and the entry dates it"),
    ("a guess is claimed", "all dimensions are left out"), ("to production", "deprecated"),
    ("one stage back", "to production with a start"), ("no date to count from", "a start that is to come"),
    # what it is made of
    ("a listed model is another", "another model version"), ("another model version", "no model version"),
    ("code is claimed in addition", "code is left alone"), ("code is left alone", "code goes to a stricter system"),
    ("a system comes", "another system of which the code denies all"), ("a system leaves", "a system comes"),
    # papers and results
    ("a paper is a draft", "a paper is written anew with its date"), ("a file is gone", "a paper is taken out"),
    ("a file is a template", "a file is thin"), ("a paper has no date", "a paper is old"),
    ("a paper is now held elsewhere", "a paper is written anew with its date"),
    ("a result held elsewhere", "a result held elsewhere of a later day"),
    ("a result held elsewhere", "a result held elsewhere by others"),
    ("a result held elsewhere of a later day", "a result held elsewhere"),
    ("a result held elsewhere", "a result is run anew"), ("a test fails", "a result of another version"),
    ("a result without a date", "a result has another day only"), ("of no concern", "a result held elsewhere"),
    # the card and vendors
    ("a limit is dropped", "a section is gone"), ("a section is gone", "a limit is dropped"),
    ("a number is worse", "a number is gone"), ("a limit of a number is lower", "a number is worse"),
    ("no card is named", "a use is another"), ("the card is empty", "other data"),
    ("the model of the card is another", "no card is named"), ("a vendor comes", "a vendor is dropped"),
    ("a vendor answers better, assessed", "a vendor answers better, unassessed"),
    ("a vendor answers for more", "a vendor answers for less"), ("a waiver is longer", "a waiver without a ticket"),
)  # fmt: skip
"""pairs of edits of the same: base has the one, the change takes it back and makes the other"""


@pytest.mark.parametrize(("was", "now"), ONE_AFTER_ANOTHER)
def test_what_it_comes_to_that_one_edit_takes_the_place_of_another(was: str, now: str) -> None:
    held_against(GOLDEN / "edits-after.txt", f"{was}, then {now}", told(edited(was), edited(now)))


def test_all_that_there_is_to_be_said_of_the_repository() -> None:
    tree = start()
    held_against(
        GOLDEN / "whole.txt",
        "the full check",
        lines_of(tree, tree, *answer(tree.snapshot(), tree.snapshot(), mode="all")),
    )


def test_all_that_is_said_when_it_is_adopted() -> None:
    nothing = Tree({}, {}, {}, {}, more={"manifests": (), "any_manifest": False})
    tree = start()
    entry("SUMS", guessed=["stage", "id"], risk_profile={"human_oversight": "full"})(tree)
    lines = lines_of(nothing, tree, *answer(nothing.snapshot(), tree.snapshot(), mode="adoption"))
    held_against(GOLDEN / "whole.txt", "the adoption", lines)


RECORDED = replace(
    RULES, assurance=replace(RULES.assurance, approvals=dict.fromkeys(TIERS, "recorded"), governed_changes="recorded")
)
LOWER = "the tier falls"
ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    "about one system that is left alone": (LOWER, {"only": ("SUMS",)}),
    "about the one system": (LOWER, {"only": ("SCREEN",)}),
    "with approvals set aside": ("to production", {"defer_approval": True}),
    "with a stage that is reached": ("code is another", {"require_stage": "development", "only": ("SCREEN",)}),
    "with a stage that is not reached": ("code is another", {"require_stage": "production"}),
    "with a stage that only the result reaches": ("to production", {"require_stage": "production"}),
    "with a base that is governed": (LOWER, {"require_governed_base": True}),
    "of a change of policies alone": ("the policies change", {"policies_only": True}),
    "in full": ("a result is taken out", {"mode": "all"}),
    "in full of what is forbidden": ("what is forbidden", {"mode": "all"}),
    "as an adoption": ("a system comes", {"mode": "adoption"}),
    "without any people": (LOWER, {"who": {"members": {}, "roles": None}}),
    "where the people cannot be told": (LOWER, {"who": {"members": {}, "roles_untold": "the forge is silent"}}),
    "where a source is silent": (LOWER, {"who": {"missing": ("the forge did not answer",)}}),
    "where the authors cannot be told": (LOWER, {"who": {"attributed": False, "commits": ()}}),
    "about policies without any people": ("the policies change", {"who": {"members": {}, "roles": _NOBODY}}),
    "about policies alone without any people": (
        "the policies change",
        {"who": {"members": {}, "roles": _NOBODY}, "policies_only": True},
    ),
    "about first answers without any people": (
        "a fact is answered with no",
        {"who": {"members": {}, "roles": _NOBODY}},
    ),
}


@pytest.mark.parametrize("name", ASKED)
def test_what_another_way_of_asking_comes_to(name: str) -> None:
    edit, fields = ASKED[name]
    held_against(GOLDEN / "asked.txt", name, told(start(), edited(edit), **fields))


AGREED = (
    "the tier falls", "the tier rises with the stage", "a fact is flipped", "a dimension is left out",
    "to production", "from development to what is live", "one stage back", "a system comes", "a system leaves",
    "a paper is now held elsewhere", "a paper is written anew without a date", "of no concern",
    "of no concern for another reason", "a paper held elsewhere is another", "a limit is dropped",
    "the model of the card is another", "the code denies the papers", "the code shows another model",
    "the policies change", "a waiver is taken out", "a vendor is dropped", "the date of enrolment moves",
)  # fmt: skip


@pytest.mark.parametrize("name", AGREED)
def test_what_is_left_once_everybody_agreed(name: str) -> None:
    held_against(GOLDEN / "agreed.txt", name, told_of(name, asked_of(name)))


def told_of(name: str, claims: Iterable[Claim], *, records: bool = False) -> list[str]:
    """What is said of an edit where these claims are made, and not where nobody has said anything."""
    unheard, policy = _unheard(name, records), RECORDED if records else RULES
    return [line for line in told(start(), edited(name), claims, policy=policy) if line not in unheard]


@cache
def _unheard(name: str, records: bool) -> frozenset[str]:
    return frozenset(told(start(), edited(name), policy=RECORDED if records else RULES))


@cache
def asked_of(name: str, records: bool = False) -> tuple[Claim, ...]:
    """A yes of everybody who is asked about an edit."""
    policy = RECORDED if records else RULES
    return tuple(approvals(answer(start().snapshot(), edited(name).snapshot(), policy=policy)[1]))


BO = Author("Bo Author", "bo@example.com")
CLAIMS: dict[str, dict[str, Any]] = {
    "recorded": {"proof": None, "added_by": (Author("Rae Kim", "rae@example.com"),)},
    "recorded by another": {"proof": None, "added_by": (BO,), "touched_by": (BO,)},
    "by the author": {"approver": BO},
    "by nobody known": {"approver": Author("Zed", "zed@example.com")},
    "by a bot": {"bot": True},
    "in another role": {"role": "ciso"},
    "in another role by who holds it": {"role": "ciso", "approver": Author("Ada Example", "ada@example.com")},
    "in no role": {"role": None},
    "for something else": {"for_": "first-classification"},
    "for another system": {"system": "CHAT"},
    "for another branch": {"target_branch": "release"},
    "for this branch": {"target_branch": "main"},
    "for other content": {"digest": "sha256:" + "0" * 64},
    "for other content in parts": {
        "digest": "sha256:" + "0" * 64,
        "parts": (("for", "tier-lowering"), ("entry", "sha256:" + "1" * 64), ("tier", "medium"), ("card", "1" * 40)),
    },
    "long ago": {"approved_on": date(2025, 1, 1)},
    "in the days to come": {"approved_on": date(2026, 11, 20)},
    "until yesterday": {"expires": date(2026, 11, 14)},
    "already spent": {"spent": True},
    "already spent for other content": {"spent": True, "digest": "sha256:" + "0" * 64},
    "with a signature that cannot be checked": {"proof": UncheckedSignature("no key is at hand")},
    "of which nobody can say whether it was given": {"unchecked": "the forge did not say", "proof": None},
    "of which nobody can say whether it was given, for other content": {
        "unchecked": "the forge did not say",
        "digest": "sha256:" + "0" * 64,
    },
    "of which nobody can say whether it was given, nor for what": {
        "unchecked": "the forge did not say",
        "digest": None,
        "for_": None,
        "role": None,
    },
    "for content that is not named": {"digest": None},
    "given today and until today": {"approved_on": DAY, "expires": DAY},
    "given tomorrow": {"approved_on": date(2026, 11, 16)},
    "given the day after": {"approved_on": date(2026, 11, 17)},
    "by an agent": {"approver": Author("Claude", "noreply@anthropic.com")},
    "with a fault": {"problem": "its form is no record's"},
    "on a commit that nobody looked at": {"commit": "abcdef1" + "0" * 33, "digest": None, "for_": None, "role": None},
}


@pytest.mark.parametrize("name", CLAIMS)
def test_what_one_approval_comes_to(name: str) -> None:
    asked, *_ = asked_of(LOWER)
    held_against(GOLDEN / "claims.txt", name, told_of(LOWER, [replace(asked, **CLAIMS[name])]))


def _commit(*authors: Author, **fields: Any) -> dict[str, Any]:
    """Who had a hand, where one commit touches all that differs."""
    touched = frozenset({"governance.yaml", "screener/app.py"})
    return {"commits": (Commit("8d41b07" + "0" * 33, authors, touched, **fields),)}


def _yes() -> Author:
    """Whoever is asked first about the edit."""
    return asked_of(LOWER)[0].approver


HANDS: dict[str, Callable[[], dict[str, Any]]] = {
    "the approver": lambda: _commit(_yes()),
    "the approver, by another case of the address": lambda: _commit(Author("x", _yes().email.upper())),
    "somebody of the same name": lambda: _commit(Author(_yes().name, "other@example.org")),
    "a line that holds the name": lambda: _commit(BO, Author(f"{_yes().name} and a colleague", "")),
    "a line that holds the address": lambda: _commit(BO, Author(f"<{_yes().email}", "")),
    "a line that holds half of the name": lambda: _commit(BO, Author(f"{_yes().name}ball", "")),
    "a line that holds the name, and an account": lambda: _commit(BO, Author(_yes().name, "", "github:zed")),
    "a line that nobody can read": lambda: _commit(Author("Zed", "")),
    "nobody": lambda: _commit(Author("", "")),
    "nobody, where a forge says who pushed": lambda: {**_commit(Author("", "")), "is_forge_known": True},
    "an account that nobody knows": lambda: _commit(Author("", "", "github:zed")),
    "a service": lambda: _commit(Author("GitHub", "noreply@github.com")),
    "a service and the author": lambda: _commit(Author("GitHub", "noreply@github.com"), BO),
    "the approver as a co-author": lambda: _commit(BO, _yes(), co_authors=(_yes(),)),
    "the approver by a signature": lambda: _commit(BO, signer=_yes()),
    "the approver in a merge of git": lambda: _commit(_yes(), merge_of_git=True),
    "the approver in another entry": lambda: _commit(
        _yes(), entries={"governance.yaml": frozenset({"SUMS"}), "screener/app.py": frozenset({"SUMS"})}
    ),
    "the approver in this entry": lambda: _commit(_yes(), entries={"governance.yaml": frozenset({"SCREEN"})}),
    "the approver in code that moved": lambda: _commit(
        _yes(), entries={"governance.yaml": frozenset(), "screener/app.py": frozenset()}, systems=frozenset({"SCREEN"})
    ),
    "the approver, who opened it": lambda: {
        **_commit(BO),
        "contributors": (ForgeContributor(_yes(), "opened pull request 7"),),
    },
    "the approver, who pushed nothing of it": lambda: {
        **_commit(BO),
        "contributors": (ForgeContributor(_yes(), "pushed", ()),),
    },
    "the approver, who pushed it": lambda: {
        **_commit(BO),
        "contributors": (ForgeContributor(_yes(), "pushed", _commit(BO)["commits"]),),
    },
    "an account nobody knows, that opened it": lambda: {
        **_commit(BO),
        "contributors": (ForgeContributor(Author("", "", "github:zed"), "opened pull request 7"),),
    },
    "not all that there are": lambda: {**_commit(BO), "attributed": False},
}
"""who made the change"""


@pytest.mark.parametrize("name", HANDS)
def test_whose_hands_are_in_a_change_decides_who_may_agree_to_it(name: str) -> None:
    claim = asked_of(LOWER)[0]
    usual = told(start(), edited(LOWER), [claim])
    found = told(start(), edited(LOWER), [claim], who=HANDS[name]())
    held_against(GOLDEN / "hands.txt", name, [line for line in found if line not in usual])


RAE = Author("Rae Kim", "rae@example.com")
RECORDS: dict[str, dict[str, Any]] = {
    "by the approver": {"added_by": (RAE,), "touched_by": (RAE,)},
    "by the approver and somebody else": {"added_by": (RAE,), "touched_by": (RAE, BO)},
    "by somebody else": {"added_by": (BO,), "touched_by": (BO, Author("Al", "al@example.com"), RAE)},
    "by nobody in this change": {},
    "with a signature": {"proof": Verified("signature"), "added_by": (BO,)},
}


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("edit", [LOWER, "of no concern", "the policies change"])
def test_what_a_record_comes_to_where_records_do(name: str, edit: str) -> None:
    asked = asked_of(edit, True)
    claims = [replace(it, **{"proof": None, "added_by": (), **RECORDS[name]}) for it in asked]
    held_against(GOLDEN / "records.txt", f"{edit}, {name}", told_of(edit, claims, records=True))


def test_a_waiver_of_a_system_that_is_not_there_is_told_in_full() -> None:
    base = start()
    base.waivers.append({**base.waivers[0], "system": "GONE", "expires": ago(1)})
    found = lines_of(base, base, *answer(base.snapshot(), base.snapshot(), mode="all"))
    quiet = lines_of(start(), start(), *answer(start().snapshot(), start().snapshot(), mode="all"))
    held_against(GOLDEN / "whole.txt", "a waiver of a system that is gone", [it for it in found if it not in quiet])


def _once(name: str) -> dict[str, list[Tree]]:
    """History as base's tree was with this edit."""
    tree = start()
    ((system, _),) = WHOSE[name].items()
    EDITS[name](tree)
    return {system: [tree]}


WHOSE = {
    "a paper is written anew with its date": {"SCREEN": 1},
    "a result is run anew": {"SCREEN": 1},
    "a paper is old": {"SCREEN": 1},
}
HISTORY: dict[str, tuple[str, str]] = {
    "the text of before with a later date": ("a paper is written anew with its date", "a paper has a new date only"),
    "the result of before": ("a result is run anew", "a result has another day only"),
    "a model that is not looked at anew": ("a result is run anew", "the model of the card is another"),
    "a paper of before": ("a paper is old", "a paper is written anew without a date"),
}


@pytest.mark.parametrize("name", HISTORY)
@pytest.mark.parametrize("more", [{}, {"history_ends": True}, {"history_is_long": frozenset({("SCREEN", PAPER)})}])
def test_what_base_held_before(name: str, more: dict[str, Any]) -> None:
    earlier, edit = HISTORY[name]
    base = start()
    base.earlier, base.more = _once(earlier), more
    held_against(GOLDEN / "history.txt", " ".join([name, *more]), told(base, edited(edit)))
