"""`policy-gate card check`: what a card states and lacks, where, and the sections that it adds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scratch import Scratch
from world import high_system, low_system

CARD = """---
license: mit
---
# Ranker

### Version

2.1

### Limitations

TBD

### Notes

Not intended for hiring decisions of any kind.

### Results

| Metric | Value | Threshold |
|---|---|---|
| accuracy | 0.91 | 0.88 |
| recall | 0.70 | 0.85 |
"""


@pytest.fixture
def repo(scratch: Scratch) -> Scratch:
    scratch.adopt(high_system("development"))
    scratch.write({"CARD.md": CARD})
    return scratch


def test_each_field_is_present_placeholder_or_absent_with_its_line(repo: Scratch) -> None:
    found = repo.run("card", "check", "CARD.md", "--tier", "critical", "--format", "json")
    data = found.report
    assert (found.code, data["file"], data["format"], data["tier"]) == (1, "CARD.md", "huggingface", "critical")
    fields = {name: (field["state"], field["line"], field["text"]) for name, field in data["fields"].items()}
    assert fields["version"] == ("present", 8, "2.1")
    assert fields["known_limitations"] == ("placeholder", 12, "TBD")
    assert fields["out_of_scope_uses"] == ("present", 16, "Not intended for hiring decisions of any kind.")
    assert fields["failure_modes"] == ("absent", None, None)
    assert fields["license"][0] == "present"
    assert data["complete"] is False
    assert "known_limitations" in data["gaps"]
    assert "version" not in data["gaps"]
    assert {"line": 14, "text": "Notes", "fields": []} in data["headings"]
    assert "limitations" in data["fields"]["known_limitations"]["accepted"]
    standing = {metric["name"]: metric["standing"] for metric in data["metrics"]}
    assert standing == {"accuracy": "met", "recall": "missed"}


def test_people_read_where_it_is_where_it_should_be_and_what_is_accepted(repo: Scratch) -> None:
    out = repo.run("card", "check", "CARD.md", "--tier", "high").out
    for said in (
        "incomplete: 4 of the 16 fields that the tier asks for are stated",
        'placeholder  Known limitations         line 12 holds "TBD"',
        "absent       Failure modes             add it from line 24, headed Failure",
        "present      Version                   line 8",
        "present      Uses out of scope         line 16, in a sentence of another",
        "met          accuracy of overall: 0.91, wants at least 0.88",
        "missed       recall of overall: 0.7, wants at least 0.85",
        "Notes (line 14)",
        "policy-gate card check CARD.md --fix",
    ):
        assert said in out, out


def test_the_card_of_the_manifest_is_meant_by_itself_with_its_systems_tier(repo: Scratch) -> None:
    found = repo.run("card", "check", "--format", "json")
    assert (found.code, found.report["file"], found.report["tier"]) == (0, "MODEL_CARD.md", "high")
    assert found.report["complete"] is True
    assert found.report["gaps"] == []


def test_missing_sections_are_added_and_nothing_else_changes(repo: Scratch) -> None:
    before = repo.run("card", "check", "CARD.md", "--tier", "high", "--format", "json").report
    fixed = repo.run("card", "check", "CARD.md", "--tier", "high", "--fix", "--format", "json")
    text = repo.read("CARD.md")
    assert text.startswith(CARD)
    assert "### Failure modes\n\nTODO: " in text
    assert "out of scope" not in text.removeprefix(CARD).casefold(), "what a sentence states lacks no section"
    assert "added " in fixed.err
    assert set(fixed.report["gaps"]) == set(before["gaps"]), "an open section counts for nothing"
    for name, field in before["fields"].items():
        now = fixed.report["fields"][name]
        assert now["state"] == ("placeholder" if name in before["gaps"] else field["state"])
    again = repo.run("card", "check", "CARD.md", "--tier", "high", "--fix")
    assert "nothing to add" in again.err
    assert repo.read("CARD.md") == text


@pytest.mark.parametrize(
    ("name", "text", "added"),
    [
        ("card.yaml", "schema: policy-gate/card/v1\nmodel_name: R # ours\n", 'version: "TODO: '),
        ("card.json", '{\n    "model_name": "R"\n}\n', '    "version": "TODO: '),
        ("card.md", "# R\r\n\r\n## Base model\r\n\r\norg/encoder\r\n", "## Version\r\n\r\nTODO: "),
    ],
)
def test_keys_are_added_as_the_file_is_written(repo: Scratch, name: str, text: str, added: str) -> None:
    repo.write({name: text.encode()})
    assert repo.run("card", "check", name, "--tier", "critical", "--fix").code == 1
    now = (repo.path / name).read_bytes().decode()
    assert added in now
    assert now.startswith(text.rstrip("}\n") if name.endswith(".json") else text)
    fields = repo.run("card", "check", name, "--tier", "critical", "--format", "json").report["fields"]
    assert fields["model_name"]["state"] == "present"
    wanted = [field["state"] for key, field in fields.items() if field["wanted"] and key != "model_name"]
    assert set(wanted) == {"placeholder"}


def test_a_section_that_is_added_is_a_part_of_no_other(repo: Scratch) -> None:
    deep = "# R\n\n## Use\n\nRanks.\n\n## Contact\n\n### Feedback\n\na@example.org\n\n### Questions\n\nb@example.org\n"
    repo.write({"CARD.md": deep})
    repo.run("card", "check", "CARD.md", "--tier", "medium", "--fix")
    added = [it for it in repo.read("CARD.md").removeprefix(deep).splitlines() if it.startswith("#")]
    assert {it.partition(" ")[0] for it in added} == {"##"}, added


@pytest.mark.parametrize("text", ["# R\n\n```\ncode", "# R\n\n<!-- open", "# R\n\n<div hidden>\n"])
def test_a_card_that_cannot_take_a_section_stays_as_it_is(repo: Scratch, text: str) -> None:
    repo.write({"CARD.md": text})
    found = repo.run("card", "check", "CARD.md", "--tier", "medium", "--fix")
    assert (found.code, repo.read("CARD.md")) == (2, text)


BILL = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "library", "name": "a"}]}
NO_CARDS = {
    "bom.json": json.dumps(BILL),
    "README.md": "# Shop\n\n## Build\n\nmake\n",
    "docs/README.md": (
        "# Shop\n\nIt is designed to sell shoes to people.\n\n## Licence\n\nMIT\n\n## Contact\n\na@example.org\n"
    ),
}


@pytest.mark.parametrize("name", NO_CARDS)
def test_what_is_no_card_says_so_in_one_line_and_how_to_go_on(repo: Scratch, name: str) -> None:
    repo.write(NO_CARDS)
    found = repo.run("card", "check", name)
    assert found.code == 1
    assert "no model card: " in found.out
    assert f"policy-gate card import {name}" in " ".join(found.out.split())
    assert len(found.out.splitlines()) <= 6
    for asked in (("check", name, "--fix"), ("render", name), ("export", name)):
        refused = repo.run("card", *asked)
        assert (refused.code, refused.out) == (2, ""), refused
        assert f"policy-gate card import {name} makes a card of it" in refused.err
    assert repo.read(name) == NO_CARDS[name]


def test_a_readme_that_states_more_than_any_does_is_a_card_and_so_is_what_an_entry_names(repo: Scratch) -> None:
    readme = NO_CARDS["docs/README.md"]
    repo.write({"README.md": f"{readme}\n## Limitations\n\nSlow on long orders.\n", "MODEL_CARD.md": readme})
    for name in ("README.md", "MODEL_CARD.md"):
        assert "fields that the tier asks for are stated" in repo.run("card", "check", name).out


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("card.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "card.pdf is a PDF, and no card is read of one"),
        ("notes.pdf", b"%PDF-1.4\nplain text\n", "notes.pdf is a PDF, and no card is read of one"),
        ("card.md", b"# Ranker\n\xff\xfe\x00\x01", "card.md is no text file"),
        ("lfs.md", b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 1\n", "Git LFS"),
        ("long.md", b"# Ranker\n\n## Limitations\n\n" + b"Slow on scans.\n" * 80_000, "larger than 1 MiB of text"),
        ("big.md", b"a" * (9 << 20), "larger than 8 MiB"),
    ],
)
def test_what_no_card_can_be_read_of_is_refused_by_every_command(
    repo: Scratch, name: str, data: bytes, told: str
) -> None:
    repo.write({name: data})
    for asked in (("check",), ("check", "--fix"), ("render",), ("export",), ("import",), ("diff", "MODEL_CARD.md")):
        refused = repo.run("card", *asked, name)
        assert (refused.code, refused.out) == (2, ""), (asked, refused)
        assert told in refused.err


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("card.yaml", "schema: policy-gate/card/v1\nmodel_name: R\nprohibited_use: [x]\nversion: '2'\n", 3),
        ("card.md", "---\nlicense: [mit\n---\n# R\n\n## Version\n\n2\n", 3),
    ],
)
def test_the_rest_of_a_card_with_a_fault_is_still_read(repo: Scratch, name: str, text: str, line: int) -> None:
    repo.write({name: text})
    data = repo.run("card", "check", name, "--format", "json").report
    assert (data["complete"], data["problems"][0]["line"]) == (False, line), data["problems"]
    assert data["fields"]["version"] == {**data["fields"]["version"], "state": "present", "text": "2"}
    out = repo.run("card", "check", name).out
    assert f"{name}:{line}" in out
    assert "present      Version" in out


def test_a_fault_is_located_and_no_file_is_an_error(repo: Scratch) -> None:
    repo.write({"card.yaml": "schema: policy-gate/card/v1\nmodel_name: R\nprohibited_use: [x]\n"})
    found = repo.run("card", "check", "card.yaml")
    assert found.code == 1
    assert "card.yaml:3" in found.out
    assert repo.run("card", "check", "gone.md").code == 2


def test_it_works_outside_a_repository(repo: Scratch, tmp_path: Path) -> None:
    place = tmp_path / "elsewhere"
    place.mkdir()
    (place / "CARD.md").write_text(CARD, encoding="utf-8")
    found = repo.run("card", "check", "CARD.md", "-C", str(place), "--format", "json")
    assert (found.code, found.report["tier"]) == (1, "critical")


def test_a_draft_of_a_card_that_is_there_adds_what_it_lacks(repo: Scratch) -> None:
    text = "# Hiring Resume Screener\n\n## Version\n\n2.1\n"
    repo.write({"MODEL_CARD.md": text})
    drafted = repo.run("draft", "model-card", "--system", "SYS-001")
    assert drafted.code == 0, drafted
    assert repo.read("MODEL_CARD.md").startswith(text)
    assert "## Known limitations\n\nTODO: " in repo.read("MODEL_CARD.md")
    again = repo.run("draft", "model-card", "--system", "SYS-001")
    assert (again.code, "policy-gate card check MODEL_CARD.md" in again.err) == (2, True)


def test_of_several_models_the_one_that_the_entry_names_is_judged_and_an_open_choice_is_told(repo: Scratch) -> None:
    parts = "".join(
        f"## {name}\n\n### Intended use\n\n{use}\n\n### Limitations\n\nReads no scans.\n\n"
        for name, use in (("ranker-small", "Orders letters for clerks."), ("ranker-large", "TBD"))
    )
    repo.write({"TWO.md": f"# Rankers\n\n{parts}"})
    out = repo.run("card", "check", "TWO.md").out
    told = "describes 2 models: ranker-small, ranker-large; nothing says which is meant, so the first, ranker-small"
    assert told in " ".join(out.split()), out
    large = repo.run("card", "check", "TWO.md", "--model", "ranker-large", "--format", "json").report
    assert large["models"] == {
        "described": ["ranker-small", "ranker-large"],
        "judged": "ranker-large",
        "named": True,
    }
    assert large["fields"]["primary_intended_uses"]["state"] == "placeholder"
    refused = repo.run("card", "check", "TWO.md", "--model", "ranker")
    assert (refused.code, "describes ranker-small, ranker-large, and no ranker" in refused.err) == (2, True)


def test_the_gate_judges_the_model_that_the_entry_lists(scratch: Scratch) -> None:
    text = "# Rankers\n" + "".join(
        f"\n## {name}\n\n### Intended use\n\n{use}\n\n### Limitations\n\nReads no scans.\n"
        for name, use in (("ranker-small", "Orders letters for clerks."), ("ranker-large", "TBD"))
    )
    entry = low_system("development", model_card="TWO.md", models=[{"name": "org/ranker-large"}])
    scratch.adopt(entry, files={"TWO.md": text})
    found = scratch.run("card", "check", "--format", "json").report
    assert (found["models"]["judged"], found["models"]["named"]) == ("ranker-large", True)
    assert found["fields"]["primary_intended_uses"]["state"] == "placeholder"


def test_the_headings_shown_are_those_nearest_to_the_field(repo: Scratch) -> None:
    shown = " ".join(repo.run("card", "check", "CARD.md", "--tier", "critical").out.split())
    assert "headed Prohibited uses / prohibited / prohibited use" in shown
    assert "headed Incident contact / contact / contact info" in shown
    assert "verbotene nutzung" not in shown, "other languages are read, and not what a reader of English is told"
