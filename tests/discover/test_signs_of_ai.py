"""The signs of AI use as data: what ships is sound and in the wheel, and what is wrong in such a file is located."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path
from typing import get_args

import pytest
from parts import ROOT, build_wheel

from policy_gate.discover.prefilter import holds_any, texts_of
from policy_gate.discover.signs import SEAL_FILE, read_signs, shipped_signs
from policy_gate.errors import DocumentError
from policy_gate.schema.sign_document import SignKind

HEAD = "schema: policy-gate/signs/v1\nsigns:\n"
ONE = "  - {id: a, kind: sdk, what: A, confidence: high, checked: https://example.com, %s}\n"


def refused(*rows: str) -> list[tuple[str, int | None, str]]:
    with pytest.raises(DocumentError) as caught:
        read_signs("signs.yaml", (HEAD + "".join(rows)).encode())
    return [(problem.message, problem.line, problem.hint) for problem in caught.value.problems]


def test_what_ships_is_sound_and_knows_the_kinds_of_the_contract() -> None:
    signs = shipped_signs()
    assert signs.python["openai"].what == "OpenAI client"
    assert signs.pypi["scikit-learn"] is signs.python["sklearn"]
    assert {sign.spec.id for sign in signs.files if sign.spec.card} == {"model-card", "hub-readme"}
    assert get_args(SignKind) == ("sdk", "model", "host", "weights", "prompt", "training", "dependency")


def test_an_unknown_kind_is_told_with_its_line_and_the_nearest_word() -> None:
    ((message, line, hint),) = refused(
        ONE % "python: [a]", ONE.replace("sdk", "sdks").replace("id: a", "id: b") % "npm: [b]"
    )
    assert ('kind is "sdks"' in message, line, "sdk" in hint) == (True, 4, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("'(a'", "cannot be read"),
        ("'^a+b'", "repeats without a bound"),
        ("'^.*b'", "repeats without a bound"),
        ("'a{2,}'", "repeats without a bound"),
        ("'(?:a{0,9}){0,9}'", "repeats a group"),
        ("'(a)\\1'", "refers back"),
        ("'(?=a)'", "extension of groups"),
        ("'(?P<n>a)'", "extension of groups"),
    ],
)
def test_an_expression_that_is_none_or_may_take_long_is_told_with_its_place(text: str, said: str) -> None:
    ((message, line, hint),) = refused(ONE % f"files: ['**'], text: {text}")
    assert said in message
    assert line == 3
    assert hint


@pytest.mark.parametrize("text", [r"'^(?:a|b)\s{0,80}:'", r"'[*+{]\*\+\{2,\}'", r"'[]*]x?'"])
def test_a_bounded_expression_is_taken(text: str) -> None:
    assert read_signs("signs.yaml", (HEAD + ONE % f"files: ['**'], text: {text}").encode()).files[0].text


@pytest.mark.parametrize(
    ("expression", "texts"),
    [
        ("", ()),
        ("^You are [a-z]{1,9}", ("you are ",)),
        ("a(?:bc|def)?g", ("a",)),
        ("x(?:bc|def)", ("bc", "def")),
        ("(?:abc|[de])f", ("f",)),
        ("abc|d?", ()),
        ("ab?c{1,3}d[.]e[(]", ("d.e(",)),
        (r"a\bbc\.d|n\d", ("bc.d", "n")),
        ("(?:a(?:bb|cc)|dd)", ("bb", "cc", "dd")),
        (r"[^\]x]yz", ()),
    ],
)
def test_whatever_fits_an_expression_holds_one_of_its_texts(expression: str, texts: tuple[str, ...]) -> None:
    assert texts_of(expression) == texts


def test_the_lines_of_every_sign_with_an_expression_are_told_by_texts() -> None:
    by_text = [sign for sign in shipped_signs().files if sign.text is not None]
    assert len(by_text) > 8
    assert all(sign.holds and min(map(len, sign.holds)) > 2 for sign in by_text)


@pytest.mark.parametrize("line", ["aı_query(1)", "aſ cortex.complete (", "AI_QUERY ("])
def test_a_letter_that_is_one_of_ours_in_any_case_hides_no_line(line: str) -> None:
    assert holds_any(line, line.lower(), ("ai_", "as_"))
    assert not holds_any("plain", "plain", ("ai_", "as_"))


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("python: [x]", "python: [x]", "python x is there twice"),
        ("pypi: [llama_index]", "pypi: [Llama-Index]", "pypi llama-index is there twice"),
        ("files: ['**/A.md'], any_case: true", "files: ['**/a.md']", "files **/a.md is there twice"),
    ],
)
def test_a_sign_that_is_there_twice_is_told_with_the_place_of_both(first: str, second: str, said: str) -> None:
    ((message, line, hint),) = refused(ONE % first, ONE.replace("id: a", "id: b") % second)
    assert (message, line, "line 3" in hint) == (said, 4, True)


def test_an_id_that_is_there_twice_is_told() -> None:
    assert [(told[0], told[1]) for told in refused(ONE % "npm: [x]", ONE % "npm: [y]")] == [("id a is there twice", 4)]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("npm: []", "a is seen by nothing"),
        ("npm: [x], text: y", "text says nothing without files"),
        ("files: [x], asks: '--model (x)'", "asks says nothing without text"),
        ("files: [x], within: front-matter", "within says nothing without text"),
        ("npm: [x], pattern: y", "unknown key pattern"),
        ("npm: [x], confidence: high", "key 'confidence' is there twice"),
    ],
)
def test_a_sign_that_would_say_nothing_is_told(row: str, said: str) -> None:
    assert [message for message, line, _ in refused(ONE % row) if line == 3] == [said]


def test_a_check_does_not_pay_for_them() -> None:
    code = "import sys, policy_gate.cli.check as it; sys.exit('policy_gate.discover.signs' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0


def test_the_wheel_carries_them_and_their_seal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run(build_wheel(tmp_path), check=True, cwd=ROOT, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        carried = archive.read("policy_gate/discover/signs.yaml")
        seal = archive.read(f"policy_gate/discover/{SEAL_FILE}")
    assert read_signs("signs.yaml", carried) == shipped_signs()
    (tmp_path / "signs.yaml").write_bytes(carried)
    (tmp_path / SEAL_FILE).write_bytes(seal)
    monkeypatch.setattr("policy_gate.discover.signs.__file__", str(tmp_path / "signs.py"))
    monkeypatch.setattr("policy_gate.discover.signs.read_signs", lambda path, data: None)
    assert shipped_signs.__wrapped__() == read_signs("signs.yaml", carried), "the seal says the same"
    (tmp_path / "signs.yaml").write_bytes(carried + b"# another one\n")
    assert shipped_signs.__wrapped__() is None, "a seal of other signs is none"
