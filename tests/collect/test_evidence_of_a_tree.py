"""Evidence as a tree holds it: nothing is followed, nothing is mistaken for another name."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_gate.collect.evidence import MAX_EVIDENCE, EvidenceReader, Wanted
from policy_gate.documents.cache import DocumentCache
from policy_gate.schema.snapshot import Evidence
from policy_gate.vcs.memory_tree import MemoryTree

LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 12345\n"


def render(files: dict[str, bytes | str], path: str, **more: dict[str, str]) -> Evidence:
    return EvidenceReader(MemoryTree(files, **more), DocumentCache()).render(Wanted(path))


def test_a_regular_file_is_text() -> None:
    seen = render({"a/b.txt": b"\xef\xbb\xbfhello\n"}, "a/b.txt")
    assert (seen.state, seen.text, seen.provenance) == ("file", "hello\n", "committed")


@pytest.mark.parametrize("path", ["link.md", "folder/real.md"])
def test_t13_a_link_is_not_followed(path: str) -> None:
    seen = render(
        {"real.md": "text", "elsewhere/real.md": "text"}, path, links={"link.md": "real.md", "folder": "elsewhere"}
    )
    assert (seen.state, seen.text) == ("symlink", None)


@pytest.mark.parametrize("path", ["module", "module/doc.md"])
def test_t13_a_submodule_is_not_entered(path: str) -> None:
    assert render({"x": ""}, path, submodules={"module": "1" * 40}).state == "submodule"


def test_t13_an_lfs_pointer_is_not_the_file() -> None:
    seen = render({"big.md": LFS}, "big.md")
    assert (seen.state, seen.text) == ("lfs-pointer", None)
    assert render({"big.md": LFS + "x" * 2000}, "big.md").state == "file"


def test_t13_a_folder_is_no_file() -> None:
    assert render({"doc.md/x": "text"}, "doc.md").state == "folder"


@pytest.mark.parametrize(
    ("held", "wanted"), [("Doc.md", "doc.md"), ("caf\u00e9.md", "cafe\u0301.md"), ("stra\u00dfe.md", "STRASSE.md")]
)
def test_t13_a_name_that_differs_by_case_or_form_is_another(held: str, wanted: str) -> None:
    seen = render({f"a/{held}": "text"}, f"a/{wanted}")
    assert seen.state == "absent"
    assert seen.problem is not None
    assert held in seen.problem.hint


@pytest.mark.parametrize(
    "names", [("a/doc.md", "a/DOC.md"), ("a/doc.md", "A/other.md"), ("a/caf\u00e9.md", "a/cafe\u0301.md")]
)
def test_t13_two_names_for_one_place_are_refused(names: tuple[str, str]) -> None:
    assert render(dict.fromkeys(names, "text"), names[0]).state == "collision"
    assert render({names[0]: "text", "b/other.md": "text"}, names[0]).state == "file"


@pytest.mark.parametrize("data", [b"%PDF-1.7\n\xff\xfe", b"a\0b", "text".encode("utf-16")])
def test_what_is_no_text_is_binary(data: bytes) -> None:
    assert render({"a.pdf": data}, "a.pdf").state == "binary"


def test_a_huge_file_is_not_read() -> None:
    assert render({"a.md": b"x" * (MAX_EVIDENCE + 1)}, "a.md").state == "too-large"


def test_data_and_front_matter_are_parsed() -> None:
    assert render({"a.yaml": "a: {b: 1}\n"}, "a.yaml").data == {"a": {"b": 1}}
    assert render({"a.json": '{"a": [1]}'}, "a.json").data == {"a": [1]}
    card = render({"README.md": "---\nlicense: mit\n---\n# Card\n"}, "README.md")
    assert (card.data, card.body_line) == ({"license": "mit"}, 4)
    assert card.text is not None
    assert card.text.startswith("---")


def test_t16_malformed_data_is_a_located_problem() -> None:
    seen = render({"a.json": '{"a": 1,\n "a": 2}'}, "a.json")
    assert seen.data is None
    assert seen.problem is not None
    assert (seen.problem.path, seen.problem.line) == ("a.json", 2)


def beside(
    tree: dict[str, bytes | str], folder: Path, names: tuple[str, ...] = ("svc/r/a.xml", "r/a.xml", "a.xml")
) -> Evidence:
    return EvidenceReader(MemoryTree(tree), DocumentCache(), (folder,)).render(Wanted("svc/r/a.xml", names))


@pytest.mark.parametrize("name", ["svc/r/a.xml", "r/a.xml", "a.xml"])
def test_what_the_job_produced_stands_for_what_the_tree_lacks(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("<testsuite/>")
    seen = beside({"x": ""}, tmp_path)
    assert (seen.state, seen.text, seen.provenance) == ("file", "<testsuite/>", "job")


def test_what_the_job_produced_is_never_laid_over_the_tree(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("from the job")
    seen = beside({"svc/r/a.xml": "committed"}, tmp_path)
    assert (seen.text, seen.provenance) == ("committed", "committed")


def test_t13_links_in_the_evidence_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.xml").write_text("x")
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "a.xml").symlink_to(tmp_path / "real" / "a.xml")
    (tmp_path / "given" / "r").symlink_to(tmp_path / "real")
    assert beside({"x": ""}, tmp_path / "given").state == "absent"


def test_t46_a_file_that_came_with_the_change_is_not_the_jobs_wherever_it_lies(tmp_path: Path) -> None:
    given = tmp_path / "checkout" / "out"
    given.mkdir(parents=True)
    (given / "a.xml").write_text("<testsuite/>")
    (tmp_path / "checkout" / "link").symlink_to(given)

    def provenance(tree: dict[str, bytes | str], folder: Path) -> str:
        reader = EvidenceReader(MemoryTree(tree), DocumentCache(), (folder,), tmp_path / "checkout")
        return reader.render(Wanted("svc/r/a.xml", ("a.xml",))).provenance

    assert provenance({"out/a.xml": "<testsuite/>"}, given) == "committed"
    assert provenance({"out/a.xml": "written over since"}, given) == "committed"
    assert provenance({"out/a.xml": "<testsuite/>"}, tmp_path / "checkout" / "link") == "committed"
    assert provenance({"out/b.xml": "<testsuite/>"}, given) == "job"


def test_only_test_reports_may_come_from_the_job(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("x")
    assert beside({"x": ""}, tmp_path, ()).state == "absent"
