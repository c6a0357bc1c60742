"""T67: a yes to little, used for more: what an approval permits and its digest does not hold is changed afterwards."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from incident_world import FILES as LEARNT_FILES
from incident_world import LEARNT, PATH, hours_ago, incident, step
from scratch import Scratch
from world import days_ago, high_system, low_system

PROGRAM = "".join(f"def step_{number}(x, y):\n    return x * {number} + y.count({number})\n" for number in range(20))
OTHER = PROGRAM.replace("step", "leap").replace("count", "index")
APP = 'import openai\nclient = openai.OpenAI()\nSYSTEM_PROMPT = "{prompt}"\nMODEL = "gpt-4o"\n'
BASE = "You are a careful assistant who ranks the applications of one vacancy, and you say why."
HARMLESS = (
    "You are a careful assistant. Rank the applicants by what the vacancy asks for, and explain each rank. "
    "Revision 5717484."
)
HARMFUL = (
    "You are a strict assistant. Reject every applicant who is older than fifty, and do not say why. Revision 26965569."
)
"""Their SHA-256 begin with the same twelve digits, which takes minutes to find."""
SDKS = ("anthropic", "cohere", "google.generativeai", "groq", "mistralai", "openai", "replicate")
VENDOR = {
    "id": "house",
    "vendor_name": "House Models",
    "product_name": "House",
    "access_type": "api",
    "data_sent": "nothing",
    "data_classes": ["none"],
    "use_case": "ranking",
}
TOLD: dict[str, Any] = {
    "occurred_at": hours_ago(101),
    "detected_at": hours_ago(100),
    "aware_at": hours_ago(99),
    "timeline": [step("triaged", 90), step("contained", 80)],
}
OVER: dict[str, Any] = {**TOLD, "timeline": [*TOLD["timeline"], step("resolved", 2)], **LEARNT}


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("t67"))
    files = {"screener/a.py": PROGRAM, "screener/b.py": OTHER, "screener/app.py": APP.format(prompt=BASE)}
    repo.adopt(high_system("production", stage_since=days_ago(20), vendors=["house"]), files=files)
    repo.declare_only(vendors=[VENDOR])
    repo.commit("A vendor", by="Rae Kim")
    return repo


def moved(repo: Scratch, name: str) -> None:
    repo.git("mv", f"screener/{name}", name)
    repo.commit("Tidy")


def test_t67_more_code_leaves_than_was_agreed_to(repo: Scratch) -> None:
    repo.branch("leave")
    moved(repo, "a.py")
    repo.approve("ai-safety-lead", "weakening")
    assert repo.check().code == 0, "control: what was agreed to"
    moved(repo, "b.py")
    assert repo.check().blocking() == ["approval:ai-safety-lead"]


def test_t67_the_same_file_takes_more_code_along(repo: Scratch) -> None:
    repo.branch("one-file")
    moved(repo, "a.py")
    repo.approve("ai-safety-lead", "weakening")
    assert repo.check().code == 0, "control: what was agreed to"
    repo.remove("screener/b.py")
    repo.commit("Tidy", files={"a.py": f"{PROGRAM}{OTHER}"})
    assert repo.check().blocking() == ["approval:ai-safety-lead"]


def test_t67_an_unrelated_commit_leaves_that_approval_be(repo: Scratch) -> None:
    repo.branch("beside")
    moved(repo, "a.py")
    repo.approve("ai-safety-lead", "weakening")
    repo.commit("A readme", files={"README.md": "# Read me\n"})
    assert repo.check().code == 0


def test_t67_a_merged_prompt_gives_way_to_one_of_the_same_short_digest(scratch: Scratch) -> None:
    scratch.adopt(high_system("production"), files={"screener/app.py": APP.format(prompt=HARMLESS)})
    scratch.branch("work")
    scratch.commit("Wording", files={"screener/app.py": APP.format(prompt=HARMFUL)})
    found = scratch.check()
    assert found.code == 1, found
    assert "prompt-changed" in found.changes()


def test_t67_a_prompt_file_that_code_reads(scratch: Scratch) -> None:
    reader = 'import openai\nPROMPT = open("screener/texts/rank.txt").read()\n'
    files = {"screener/app.py": reader, "screener/texts/rank.txt": f"{HARMLESS}\n"}
    scratch.adopt(high_system("production"), files=files)
    scratch.branch("work")
    scratch.commit("Wording", files={"screener/texts/rank.txt": f"{HARMFUL}\n"})
    assert "prompt-changed" in scratch.check().changes()


def test_t67_a_sign_that_the_finding_only_counts(repo: Scratch) -> None:
    """Seven vendors that the entry does not name are told with five and a number."""
    repo.branch("vendors")
    repo.commit("Many", files={f"screener/v{at}.py": f"import {name}\n" for at, name in enumerate(SDKS)})
    change = next(it for it in repo.check().system()["changes"] if it["kind"] == "statement-refuted")
    told, before = change["after"], repo.system_digest("papers-denied-by-code")
    repo.commit("Not this one", files={"screener/v6.py": "import together\n"})
    assert repo.system_digest("papers-denied-by-code") != before, told


@pytest.fixture
def closing(scratch: Scratch) -> Scratch:
    """Base has a serious incident, and the branch declares it over."""
    scratch.adopt(low_system("development", id="SYS-001", facts={"us_phi": False}))
    scratch.write(incident(**TOLD) | LEARNT_FILES)
    scratch.commit("An incident", by="Rae Kim")
    scratch.branch("work")
    scratch.write(incident(**OVER))
    scratch.commit("Over")
    return scratch


@pytest.mark.parametrize(
    "other",
    [
        {"root_cause": "The operator pressed the wrong button, which can happen to anybody."},
        {"new_tests": ["README.md"]},
        {"control_changes": ["README.md"]},
        {"description": "Nothing worth a word happened."},
    ],
    ids=lambda it: next(iter(it)),
)
def test_t67_an_incident_reads_otherwise_than_what_was_closed(closing: Scratch, other: dict[str, Any]) -> None:
    assert closing.check().blocking() == ["approval:ciso"], "control: somebody has to agree"
    closing.approve("ciso", "incident-closing")
    assert closing.check().code == 0, "control: what was agreed to"
    closing.write(incident(**OVER | other))
    closing.commit("Wording")
    assert closing.check().blocking() == ["approval:ciso"]


def test_t67_another_layout_of_the_incident_is_the_same_one(closing: Scratch) -> None:
    closing.approve("ciso", "incident-closing")
    told = yaml.safe_load(closing.read(PATH))
    closing.write({PATH: f"# as told\n{yaml.safe_dump(told, sort_keys=True, default_flow_style=True)}"})
    closing.commit("Layout")
    assert closing.check().code == 0


def test_t67_who_wrote_that_it_is_over_does_not_agree_to_it(scratch: Scratch) -> None:
    scratch.adopt(low_system("development", id="SYS-001", facts={"us_phi": False}))
    scratch.write(incident(**TOLD) | LEARNT_FILES)
    scratch.commit("An incident", by="Rae Kim")
    scratch.branch("work")
    scratch.write(incident(**OVER))
    scratch.commit("Over", by="Ada Example")
    scratch.approve("ciso", "incident-closing")
    found = scratch.check()
    assert found.blocking() == ["approval:ciso"], found
    assert "wrote commit" in str(found.finding("incident-closing")["claims"])


USES = "Rank applications so that recruiters read the most relevant ones first."
OTHERS = "Rank applications so that recruiters read the best ones at once."


@pytest.mark.parametrize("as_shown", ["> {}", "### Formerly\n\n{}", "In the old version:\n\n- {}"], ids=repr)
def test_t67_a_purpose_that_was_agreed_to_comes_to_stand_under_something(repo: Scratch, as_shown: str) -> None:
    repo.branch("purpose")
    text = repo.read("MODEL_CARD.md")
    repo.commit("Purpose", files={"MODEL_CARD.md": text.replace(USES, OTHERS)})
    repo.approve("ai-safety-lead", "use-case-change")
    assert repo.check().code == 0, "control: what was agreed to"
    repo.commit("Layout", files={"MODEL_CARD.md": text.replace(USES, as_shown.format(OTHERS))})
    found = repo.check()
    assert (found.code, "approval:ai-safety-lead" in found.blocking()) == (1, True), found
