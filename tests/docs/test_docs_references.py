"""Every principle, decision, attempt, honest situation and fault that is named anywhere stands on its page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from doc_pages import ALL_PAGES, PAGES, ROOT, spans

DECISIONS, THREATS = ROOT / "docs" / "decisions.md", ROOT / "docs" / "threats.md"
ENTRIES = {"principle": (DECISIONS, 13), "D": (DECISIONS, 61), "T": (THREATS, 69), "H": (THREATS, 36)}
"""What is numbered without a hole: on which page, and how many there are."""
_ANCHOR = re.compile(r'<a id="([dteh]|principle-)(\d+)"></a>')
_NAMED = re.compile(
    r"\b(?P<kind>[DTH])(?P<number>\d\d)\b(?!:\d)|\b(?P<long>principle|fault E)s? ?(?P<other>\d+)\b", re.I
)
_OF_A_TEST = re.compile(r"test_(?P<kind>[dth])(?P<number>\d\d)_")
_TEST_FILE = re.compile(r"tests/[\w*/]+\.py")
_MODULE = re.compile(r"policy_gate/[\w/]+(?:\.py|/)")


def kept(page: Path) -> list[tuple[str, int]]:
    """The entries of a page in order, such as ("D", 1)."""
    return [(_kind(kind), int(number)) for kind, number in _ANCHOR.findall(page.read_text("utf-8"))]


def _kind(word: str) -> str:
    word = word.lower().rstrip("-")
    return word if word == "principle" else word.removeprefix("fault ").upper()


KEPT = {*kept(DECISIONS), *kept(THREATS)}


def named(text: str) -> set[tuple[str, int]]:
    """What a text refers to; capital letters only, so that no hexadecimal digest counts."""
    found = set()
    for match in _NAMED.finditer(text):
        if match["kind"] and match["kind"].isupper():
            found.add((match["kind"], int(match["number"])))
        elif match["long"]:
            found.add((_kind(match["long"]), int(match["other"])))
    return found | {(_kind(match["kind"]), int(match["number"])) for match in _OF_A_TEST.finditer(text)}


def sources() -> Iterator[Path]:
    yield from ALL_PAGES
    yield from (ROOT / "policy_gate").rglob("*.py")
    yield from (ROOT / "policies").rglob("*.yaml")
    yield from (ROOT / "tests").rglob("*.py")


def entry(page: Path, kind: str, number: int) -> str:
    """The text of one entry, up to the next."""
    text = page.read_text("utf-8")
    start = text.index(f'<a id="{kind.lower()}{number:02}"></a>')
    end = re.compile(r"\n(?:- |\| |#)").search(text, start)
    return text[start : end.start() if end else len(text)]


@pytest.mark.parametrize("kind", ENTRIES)
def test_entries_are_complete_and_in_order(kind: str) -> None:
    page, most = ENTRIES[kind]
    assert [number for one, number in kept(page) if one == kind] == list(range(1, most + 1))


def test_each_entry_stands_once() -> None:
    found = [*kept(DECISIONS), *kept(THREATS)]
    assert len(found) == len(set(found))


def test_each_anchor_is_that_of_its_number() -> None:
    for page in (DECISIONS, THREATS):
        for anchor, shown in re.findall(
            r'<a id="([dteh]\d+)"></a>(?:\*\*)?(?:fault )?([DTEH]\d+)', page.read_text("utf-8")
        ):
            assert anchor == shown.lower()


def test_every_reference_resolves() -> None:
    lost: list[str] = []
    for path in sources():
        if path == Path(__file__):
            continue
        where = path.relative_to(ROOT)
        unknown = named(f"{path.name}\n{path.read_text('utf-8')}") - KEPT
        lost += [f"{where}: {kind} {number}" for kind, number in sorted(unknown)]
    assert lost == []


def test_a_reference_to_nothing_would_be_noticed() -> None:
    assert named("(D99), principle 14, fault E03, def test_t77_x, principles 5") == {
        ("D", 99), ("principle", 14), ("E", 3), ("T", 77), ("principle", 5),
    }  # fmt: skip
    assert named("2026-11-22T00:00:00Z and d41 and sha256:ad12 D123") == set()
    assert ("D", 99) not in KEPT


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_test_files_of_the_page_exist(page: Path) -> None:
    gone = [span for span in spans(page) if _TEST_FILE.fullmatch(span) and not list(ROOT.glob(span))]
    assert gone == []


@pytest.mark.parametrize(
    ("page", "kind", "folder"),
    [(DECISIONS, "D", "decisions"), (THREATS, "T", "threats"), (THREATS, "H", "honest")],
    ids=["decisions", "threats", "honest"],
)
def test_numbered_test_files_are_named_where_they_belong(page: Path, kind: str, folder: str) -> None:
    for number in range(1, ENTRIES[kind][1] + 1):
        pattern = f"tests/{folder}/test_{kind.lower()}{number:02}_*.py"
        assert (pattern in entry(page, kind, number)) == bool(list(ROOT.glob(pattern))), f"{kind}{number:02}"


@pytest.mark.parametrize("kind", ["T", "H"])
def test_what_is_not_tested_says_so(kind: str) -> None:
    for number in range(1, ENTRIES[kind][1] + 1):
        last = entry(THREATS, kind, number).rstrip(" |\n").rpartition("|")[2].strip()
        assert last.startswith(("`tests/", "Not yet")), f"{kind}{number:02}: {last}"


def test_the_modules_that_pages_name_exist() -> None:
    lost = [
        f"{page.name}: {span}"
        for page in PAGES
        for span in spans(page)
        if _MODULE.fullmatch(span) and not (ROOT / span).exists()
    ]
    assert lost == []


def test_the_types_of_the_glossary_exist() -> None:
    page = ROOT / "docs" / "glossary.md"
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "policy_gate").rglob("*.py"))
    defined = set(re.findall(r"^(?:class |type )?([A-Z]\w+)\b(?:\(|:| =)", code, re.MULTILINE))
    rows = [line.split("|") for line in page.read_text("utf-8").splitlines() if line.startswith("| ")]
    types = {name for row in rows if len(row) > 4 for name in re.findall(r"`([A-Z][A-Za-z]+)`", row[3])}
    assert types, "the table of nouns has no types"
    assert types - defined == set()
