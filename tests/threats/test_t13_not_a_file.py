"""T13: evidence that is another file than it seems, or none."""

from __future__ import annotations

import hashlib

import pytest
from evidence import document
from promotion import Promotion
from scratch import Result

ID, PATH = "red-team-report", "governance/red-team-report.md"
TEXT = document(ID)
BINARY = b"%PDF-1.7\0" + TEXT.encode()
POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 4711\n"


def refused(result: Result, said: str) -> None:
    finding = result.finding(ID)
    assert (result.code, result.blocking()) == (1, [f"artifact:{ID}"]), result
    assert said in finding["message"]
    assert finding["location"]["path"] == "governance.yaml"


@pytest.mark.parametrize("target", ["red-team.md", "/etc/hostname"])
def test_t13_a_link_is_no_evidence(promotion: Promotion, target: str) -> None:
    promotion.restart()
    (promotion.path / PATH).rename(promotion.path / "governance/red-team.md")
    (promotion.path / PATH).symlink_to(target)
    refused(promotion.judge(), "it is a symbolic link, not a file")


def test_t13_a_file_behind_a_linked_folder_is_no_evidence(promotion: Promotion) -> None:
    inputs = promotion.inputs(ID, path=f"papers/{ID}.md")
    (promotion.path / "papers").symlink_to("governance")
    promotion.edit(artifacts=inputs)
    refused(promotion.judge(), "it is a symbolic link, not a file")


def test_t13_a_submodule_is_no_evidence(promotion: Promotion) -> None:
    promotion.restart()
    promotion.remove(PATH)
    promotion.git("add", "-A")
    promotion.git("update-index", "--add", "--cacheinfo", f"160000,{'b' * 40},{PATH}")
    promotion.git("commit", "-q", "-m", "A submodule")
    refused(promotion.check("--defer", "approval"), "it is a submodule, not a file")


def test_t13_a_folder_is_no_evidence(promotion: Promotion) -> None:
    promotion.restart()
    promotion.remove(PATH)
    refused(
        promotion.attempt({"papers/red-team/a.md": TEXT}, artifacts=promotion.inputs(ID, path="papers/red-team/")),
        "it is a folder, not a file",
    )


@pytest.mark.parametrize("path", ["../red-team.md", "/etc/hostname", f"governance/../{PATH}"])
def test_t13_a_path_that_leaves_its_folder_is_refused(promotion: Promotion, path: str) -> None:
    result = promotion.attempt(artifacts=promotion.inputs(ID, path=path))
    refused(result, "the path leads outside the manifest's folder")
    [problem] = result.report["problems"]
    assert (problem["line"], problem["column"]) == (53, 11)
    assert path in problem["message"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (".", "there is no such file"),
        (".git/HEAD", "there is no such file"),
        ("Governance/red-team-report.md", "there is no such file"),
        ("governance/Red-Team-Report.md", "differs by case or Unicode form; write red-team-report.md"),
    ],
)
def test_t13_a_name_that_is_none_is_no_evidence(promotion: Promotion, path: str, said: str) -> None:
    refused(promotion.attempt(artifacts=promotion.inputs(ID, path=path)), said)


def test_t13_another_unicode_form_is_another_name(promotion: Promotion) -> None:
    composed, decomposed = "governance/r\u00e9d.md", "governance/re\u0301d.md"
    inputs = promotion.inputs(ID, path=composed)
    refused(promotion.attempt({decomposed: TEXT}, artifacts=inputs), "differs by case or Unicode form")
    assert promotion.attempt({composed: TEXT}, artifacts=inputs).code == 0


def test_t13_a_name_with_a_twin_is_refused(promotion: Promotion) -> None:
    refused(promotion.attempt({"governance/Red-Team-Report.md": "Else.\n"}), "only by case or Unicode form")
    result = promotion.attempt({"Governance/other.md": "Something else.\n"})
    assert "only by case or Unicode form" in result.finding(ID)["message"]


@pytest.mark.parametrize(
    ("data", "sha256", "held_by", "said"),
    [
        (POINTER, None, None, "a Git LFS pointer, not the document; sha256 and held_by would attest it"),
        (POINTER, "c" * 64, "Security", f"its sha256 is {'a' * 64}, and not the one of the entry"),
        (BINARY, "a" * 64, "Security", "and not the one of the entry"),
        (TEXT.encode("utf-16"), None, None, "it is no text; sha256 and held_by would attest it"),
    ],
)
def test_t13_what_cannot_be_read_counts_only_by_its_own_digest(
    promotion: Promotion, data: str | bytes, sha256: str | None, held_by: str | None, said: str
) -> None:
    refused(promotion.attempt({PATH: data}, artifacts=promotion.inputs(ID, sha256=sha256, held_by=held_by)), said)


@pytest.mark.parametrize(("data", "sha256"), [(POINTER, "a" * 64), (BINARY, hashlib.sha256(BINARY).hexdigest())])
def test_t13_a_digest_counts_once_it_is_approved(promotion: Promotion, data: str | bytes, sha256: str) -> None:
    result = promotion.attempt({PATH: data}, artifacts=promotion.inputs(ID, sha256=sha256, held_by="Security"))
    assert (result.code, promotion.check().code) == (0, 1)
    assert "not read" in str(promotion.check().findings("gap"))


@pytest.mark.parametrize(
    ("path", "subject"), [("MODEL_CARD.md", "model-card"), ("reports/smoke.xml", "bias-benchmark-suite")]
)
def test_t13_cards_and_results_are_no_links_either(promotion: Promotion, path: str, subject: str) -> None:
    tests = promotion.results("bias-benchmark-suite", report="reports/smoke.xml")
    promotion.write({"reports/smoke.xml": promotion.read("reports/bias-benchmark-suite.xml")})
    promotion.edit(tests=tests)
    assert promotion.judge().code == 0
    (promotion.path / path).rename(promotion.path / "elsewhere")
    (promotion.path / path).symlink_to("elsewhere" if path == "MODEL_CARD.md" else "../elsewhere")
    result = promotion.judge()
    assert result.code == 1
    assert "symlink" in result.finding(subject)["message"] or "symbolic link" in result.finding(subject)["message"]


def test_t13_the_same_file_under_its_own_name_goes_through(promotion: Promotion) -> None:
    result = promotion.attempt(
        {"governance/r\u00e9d team.md": TEXT}, artifacts=promotion.inputs(ID, path="./governance//r\u00e9d team.md")
    )
    assert (result.code, result.finding(ID)["state"]) == (0, "met")
