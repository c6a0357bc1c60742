"""`policy-gate card diff`: what a card says otherwise, in meaning."""

from __future__ import annotations

from html import unescape

import pytest
from scratch import Scratch
from world import high_system, low_system

CARD = """# Ranker

## Base model

org/encoder

## Intended use

Ranks applications for a recruiter.

## Limitations

- Weak on scans.
- English only.

## Training data

12,000 applications.

## Results

| Metric | Value | Threshold |
|---|---|---|
| accuracy | 0.91 | 0.88 |

## Performance by group

| Group | accuracy |
|---|---|
| women | 0.90 |
| men | 0.92 |
"""


@pytest.fixture
def repo(scratch: Scratch) -> Scratch:
    scratch.adopt(high_system("development"), files={"was.md": CARD})
    return scratch


def told(repo: Scratch, text: str) -> list[tuple[str, str]]:
    repo.write({"now.md": text})
    found = repo.run("card", "diff", "was.md", "now.md", "--format", "json")
    assert found.code == 0, found
    return [(it["kind"], it["field"]) for it in found.report["changes"]]


CHANGES: list[tuple[str, str, list[tuple[str, str]]]] = [
    ("# Ranker", "# The ranker of the group", []),
    ("- Weak on scans.\n- English only.", "- English only.\n- Weak on scans.", []),
    ("- Weak on scans.\n", "", [("limit-dropped", "known_limitations")]),
    ("- English only.\n", "- English only.\n- Slow.\n", [("limit-added", "known_limitations")]),
    ("for a recruiter.", "without anybody reading.", [("use-case-changed", "primary_intended_uses")]),
    ("org/encoder", "org/other", [("model-changed", "base_model")]),
    ("12,000", "9,000", [("data-changed", "training_data_description")]),
    ("| 0.91 |", "| 0.89 |", [("metric-regressed", "accuracy[overall]")]),
    ("| 0.91 |", "| 0.95 |", [("metric-improved", "accuracy[overall]")]),
    ("| women | 0.90 |", "| women | 0.80 |", [("metric-regressed", "accuracy[women]")]),
    ("| 0.88 |", "| 0.90 |", [("threshold-tightened", "threshold accuracy[overall]")]),
    ("## Results", "## Failure modes\n\nTwo columns.\n\n## Results", [("card-section-added", "failure_modes")]),
    (
        "## Base model\n\norg/encoder\n",
        "",
        [("card-section-removed", "base_model"), ("model-changed", "base_model")],
    ),
]


@pytest.mark.parametrize(("old", "new", "changes"), CHANGES)
def test_meaning_is_compared_and_no_lines(repo: Scratch, old: str, new: str, changes: list[tuple[str, str]]) -> None:
    assert old in CARD
    assert told(repo, CARD.replace(old, new)) == changes


def test_another_form_of_the_same_card_says_the_same(repo: Scratch) -> None:
    assert repo.run("card", "export", "was.md", "--format", "cyclonedx=now.json").code == 0
    assert repo.run("card", "diff", "was.md", "now.json").out == "the cards say the same\n"


def test_people_read_what_was_what_is_and_by_how_much(repo: Scratch) -> None:
    text = CARD.replace("| women | 0.90 |", "| women | 0.80 |").replace("for a recruiter.", "without anybody reading.")
    repo.write({"now.md": text})
    out = repo.run("card", "diff", "was.md", "now.md").out
    for said in (
        "accuracy[women] got worse: 0.9 to 0.8, -0.1",
        "was: Ranks applications for a recruiter.",
        "is:  Ranks applications without anybody reading.",
    ):
        assert said in out, out


def test_people_read_only_the_sentences_that_differ_and_a_limit_put_in_other_words_once(repo: Scratch) -> None:
    text = CARD.replace("Ranks applications for a recruiter.", "Ranks applications.\nA recruiter reads all of them.")
    repo.write({"was.md": text, "now.md": text.replace("reads all", "reads some").replace("Weak on scans", "Slow")})
    out = repo.run("card", "diff", "was.md", "now.md").out
    for said in (
        "was: … / A recruiter reads all of them.",
        "is:  … / A recruiter reads some of them.",
        "known limitations drops and adds (line 14)\n  was: Weak on scans.\n  is:  Slow.\n",
    ):
        assert said in out, out
    assert out.count("Slow.") == 1, out


def test_files_are_compared_where_nothing_is_committed_yet(scratch: Scratch) -> None:
    scratch.write({"was.md": CARD, "now.md": CARD.replace("org/encoder", "org/other")})
    assert "base model is another" in scratch.run("card", "diff", "was.md", "now.md").out


@pytest.mark.parametrize(
    ("base", "head", "told"),
    [
        ("was.md", "gone.md", "gone.md is neither a file here nor a commit"),
        ("gone", "HEAD", "gone is neither a file here nor a commit"),
        ("was.md", "HEAD", "was.md is a file and no commit"),
    ],
)
def test_what_cannot_be_compared_is_told_by_its_name(repo: Scratch, base: str, head: str, told: str) -> None:
    refused = repo.run("card", "diff", base, head)
    assert (refused.code, refused.out) == (2, ""), refused
    assert told in refused.err
    assert "name two files, or two commits whose manifests name the cards" in refused.err


def test_a_card_with_a_fault_is_told_with_its_place_and_what_to_write(repo: Scratch) -> None:
    repo.write({"strict.yaml": "schema: policy-gate/card/v1\nmodel_name: R\nlimitations: [a]\n"})
    refused = repo.run("card", "diff", "was.md", "strict.yaml")
    assert refused.code == 1
    assert "strict.yaml:3:14: unknown key limitations" in refused.err
    assert 'did you mean "known_limitations"?' in refused.err


def test_commits_are_named_as_git_names_them_and_one_without_cards_is_told(repo: Scratch) -> None:
    repo.branch("work")
    repo.commit("Another card", files={"MODEL_CARD.md": CARD})
    assert "SYS-001" in repo.run("card", "diff", "HEAD~1", "HEAD").out
    repo.commit("No system", files={"governance.yaml": "schema: policy-gate/governance/v1\nsystems: []\n"})
    refused = repo.run("card", "diff", "HEAD~1", "HEAD")
    assert (refused.code, "no manifest here names a model card" in refused.err) == (2, True), refused


TWO = "# Rankers\n" + "".join(
    f"\n## {name}\n\n### Intended use\n\nOrders {what} for clerks.\n\n### Limitations\n\n- No scans.\n- {limit}\n"
    for name, what, limit in (("ranker-small", "letters", "Slow."), ("ranker-large", "parcels", "Costs more."))
)


def test_of_several_models_those_of_the_name_asked_for_are_compared(repo: Scratch) -> None:
    repo.write({"two.md": TWO, "later.md": TWO.replace("- Costs more.\n", ""), "one.md": CARD})
    assert repo.run("card", "diff", "two.md", "later.md").out == "the cards say the same\n"
    found = repo.run("card", "diff", "two.md", "later.md", "--model", "ranker-large", "--format", "json").report
    assert [(it["kind"], it["field"]) for it in found["changes"]] == [("limit-dropped", "known_limitations")]
    assert repo.run("card", "diff", "one.md", "two.md", "--model", "ranker-large").code == 0, "one model needs no name"
    for asked, told in (
        (("two.md", "later.md", "--model", "ranker"), "describes ranker-small, ranker-large, and no ranker"),
        (("was.md", "one.md", "--model", "ranker"), "describes one model alone, and no ranker"),
        (("main", "HEAD", "--model", "ranker"), "--model is for two files"),
    ):
        refused = repo.run("card", "diff", *asked)
        assert (refused.code, told in refused.err) == (2, True), refused


@pytest.mark.parametrize("command", [("render",), ("export", "--format", "yaml"), ("import", "-o", "MADE.md")])
def test_one_of_several_models_is_written_and_an_open_choice_is_told(repo: Scratch, command: tuple[str, ...]) -> None:
    repo.write({"two.md": TWO})
    name, *options = command
    large = repo.run("card", name, "two.md", *options, "--model", "ranker-large")
    text = repo.read("MADE.md") if name == "import" else large.out
    assert (large.code, "parcels" in text, "letters" in text) == (0, True, False), large
    assert "describes 2 models" not in large.err
    refused = repo.run("card", name, "two.md", *options, "--model", "ranker")
    assert (refused.code, "describes ranker-small, ranker-large, and no ranker" in refused.err) == (2, True)
    (repo.path / "MADE.md").unlink(missing_ok=True)
    first = repo.run("card", name, "two.md", *options)
    assert first.code == 0
    assert "describes 2 models: ranker-small, ranker-large; nothing says which is meant" in first.err


def test_cards_of_two_commits_are_those_that_the_manifests_name(repo: Scratch) -> None:
    repo.branch("work")
    card = repo.read("MODEL_CARD.md")
    limits = card.partition("imitations\n")[2]
    line = next(it for it in limits.splitlines() if it.strip())
    repo.commit("Fewer limits", files={"MODEL_CARD.md": card.replace(f"{line}\n", "", 1)})
    found = repo.run("card", "diff", "main", "work", "--format", "json").report["changes"]
    assert {it["system"] for it in found} == {"SYS-001"}
    assert "limit-dropped" in {it["kind"] for it in found}
    assert repo.run("card", "diff", "main", "main").out == "the cards say the same\n"


@pytest.mark.parametrize(("old", "new", "changes"), CHANGES)
def test_the_report_of_a_change_holds_the_same_list(
    scratch: Scratch, old: str, new: str, changes: list[tuple[str, str]]
) -> None:
    scratch.adopt(low_system(model_card="card.md"), files={"card.md": CARD})
    scratch.branch("work")
    scratch.commit("Another card", files={"card.md": CARD.replace(old, new)})
    found = scratch.check()
    [system] = found.report["systems"]
    said = [(it["kind"], it["field"]) for it in (*system["changes"], *system["card_gains"])]
    assert sorted(said) == sorted(changes)
    told = scratch.run("check").out
    worded = [it for it in system["changes"] if it["kind"] in ("use-case-changed", "limit-dropped")]
    assert ("Also changed" in told) == (len(changes) > len(worded)), told
    assert told.count("The stated purpose or a limit changed") == len(worded), told
    assert all(f": {it['field']}\n       was  " in told for it in worded), told


def test_what_a_card_says_anew_is_told_in_words(scratch: Scratch) -> None:
    scratch.adopt(low_system(model_card="card.md"), files={"card.md": CARD})
    scratch.branch("work")
    more = CARD.replace("- English only.\n", "- English only.\n- Slow on long ones.\n").replace("| 0.88 |", "| 0.90 |")
    scratch.commit("Says more", files={"card.md": more})
    for said in (scratch.run("check").out, scratch.run("check", "--format", "markdown").out):
        plain = " ".join(unescape(said).replace("\\", "").split())
        assert "known limitations, new: Slow on long ones." in plain, said
        assert "threshold accuracy[overall]: 0.88 -> 0.9" in plain, said
