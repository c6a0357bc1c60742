"""The strict reader: what it refuses, where it says so, and what it gives back."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_gate.documents import yaml_reader
from policy_gate.documents.yaml_reader import read_front_matter, read_json, read_yaml
from policy_gate.errors import DocumentError
from policy_gate.schema.source import Mark, Problem

Read = Callable[[str, bytes], Any]


def refusal(read: Read, data: bytes | str) -> Problem:
    with pytest.raises(DocumentError) as caught:
        read("f", data.encode() if isinstance(data, str) else data)
    (problem,) = caught.value.problems
    assert "\n" not in problem.message + problem.hint
    return problem


YAML_REFUSALS = {
    "duplicate key": ("a: 1\nb:\n  c: 1\n  c: 2\n", 4, 3, "twice"),
    "duplicate key, quoted": ('a: 1\n"a": 2\n', 2, 1, "twice"),
    "alias": ("a: &x 1\n", 1, 4, "anchor"),
    "alias of nothing": ("a: *x\n", 1, 4, "alias"),
    "anchor on a list": ("a: &x [1]\n", 1, 4, "anchor"),
    "merge key": ("a:\n  <<: {b: 1}\n", 2, 3, "merge"),
    "tag": ("a: !!str 1\n", 1, 4, "tag"),
    "python tag": ("!!python/object/apply:os.system [x]\n", 1, 1, "tag"),
    "tag on a map": ("a: !t {b: 1}\n", 1, 4, "tag"),
    "directive": ("%YAML 1.1\n---\na: 1\n", 1, 1, "directive"),
    "second document": ("a: 1\n---\nb: 2\n", 2, 1, "second document"),
    "second document after an end": ("a: 1\n...\n---\nb: 2\n", 3, 1, "second document"),
    "number as key": ("a: 1\n2: b\n", 2, 1, "no text"),
    "truth as key": ("true: b\n", 1, 1, "no text"),
    "null as key": ("~: b\n", 1, 1, "no text"),
    "list as key": ("[a]: b\n", 1, 1, "no key"),
    "infinity": ("a: .inf\n", 1, 4, "finite"),
    "not a number": ("a: .nan\n", 1, 4, "finite"),
    "1e400": ("a: 1e400\n", 1, 4, "finite"),
    "huge integer": ("a: 123456789012345678901234567890\n", 1, 4, "64 bits"),
    "ten thousand digits": ("a: " + "9" * 10_000 + "\n", 1, 4, "64 bits"),
    "NUL": ("a: b\0c\n", 1, 5, "U+0000"),
    "escaped NUL": ('a: "b\\0c"\n', 1, 4, "U+0000"),
    "control character": ("a: b\n\x1b[2J: c\n", 2, 1, "U+001B"),
    "a line break that no editor shows": ("a: b\u2028c: d\n", 1, 5, "U+2028"),
    "its escape": ('a: "b\\Lc"\n', 1, 4, "U+2028"),
    "BOM": (b"\xef\xbb\xbfa: 1\n", 1, 1, "byte order mark"),
    "BOM in the middle": ("a: \ufeffb\n", 1, 4, "U+FEFF"),
    "UTF-16": ("a: 1\n".encode("utf-16"), 1, 1, "no UTF-8"),
    "invalid UTF-8": (b"a: 1\nb: \xff\n", 2, 4, "0xff"),
    "tab as indentation": ("a:\n\tb: 1\n", 2, 1, "no YAML"),
    "unclosed": ("a: [1, 2\n", 2, 1, "no YAML"),
    "glob that is no text": ("a: **/x\n", 1, 5, "no YAML"),
    "escape of half a character": ('a: "\\ud800"\n', 1, 4, "U+D800"),
    "escape beyond all characters": ('a: "\\UFFFFFFFF"\n', 1, 4, "U+FFFFFFFF"),
    "list as key below an unread rest": ("a: [[{[{" + "[{" * 5_000, 1, 7, "no key"),
}
"""Of what the parser alone refuses only `no YAML` is quoted: the rest is its own wording."""

TOO_DEEP = {
    "flow lists": ("a: " + "[" * 10_000, 1, 3 + 40),
    "flow lists, closed": ("a: " + "[" * 10_000 + "]" * 10_000, 1, 3 + 40),
    "flow lists, one a line": ("[\n" * 10_000, 41, 1),
    "flow maps": ("{a: " * 10_000, 1, 4 * 40 + 1),
    "flow in block": ("a:\n- b:\n  - " + "[" * 10_000, 3, 5 + 36),
    "block lists": ("- " * 10_000, 1, 2 * 40 + 1),
    "block lists below each other": ("".join(f"{' ' * depth}-\n" for depth in range(500)), 41, 41),
    "block maps": ("".join(f"{' ' * depth}a:\n" for depth in range(500)), 41, 41),
    "other letters before it": ("\u00e4: " + "[" * 10_000, 1, 3 + 40),
}


@pytest.mark.parametrize(("data", "line", "column", "said"), YAML_REFUSALS.values(), ids=YAML_REFUSALS)
def test_t16_yaml_is_refused_at_its_place(data: bytes | str, line: int, column: int, said: str) -> None:
    problem = refusal(read_yaml, data)
    assert (problem.line, problem.column) == (line, column), problem
    assert said in problem.message


JSON_REFUSALS = {
    "duplicate key": ('{"a": 1,\n "b": {"c": 1, "c": 2}}', 2, 16, "twice"),
    "duplicate key, escaped": ('{"a": 1, "\\u0061": 2}', 1, 10, "twice"),
    "NaN": ('{"a": NaN}', 1, 7, "finite"),
    "Infinity": ("[1, -Infinity]", 1, 5, "finite"),
    "1e400": ('{"a":\n 1e400}', 2, 2, "finite"),
    "huge integer": ("[" + "9" * 10_000 + "]", 1, 2, "64 bits"),
    "lone surrogate": ('{"a": "\\ud800"}', 1, 7, "U+D800"),
    "escaped NUL": ('["\\u0000"]', 1, 2, "U+0000"),
    "trailing comma": ('{"a": 1,}', 1, 9, "no JSON"),
    "comment": ('{"a": 1} // x', 1, 10, "no JSON"),
    "two values": ("{}\n{}", 2, 1, "no JSON"),
    "empty": ("", 1, 1, "no JSON"),
    "number as key": ("{1: 2}", 1, 2, "no JSON"),
    "BOM": (b"\xef\xbb\xbf{}", 1, 1, "byte order mark"),
}


@pytest.mark.parametrize(("data", "line", "column", "said"), JSON_REFUSALS.values(), ids=JSON_REFUSALS)
def test_t16_json_is_refused_at_its_place(data: bytes | str, line: int, column: int, said: str) -> None:
    problem = refusal(read_json, data)
    assert (problem.line, problem.column) == (line, column), problem
    assert said in problem.message


@pytest.mark.parametrize(("data", "line", "column"), TOO_DEEP.values(), ids=TOO_DEEP)
def test_t16_the_limit_of_depth_is_ours_and_no_parsers(data: str, line: int, column: int) -> None:
    for text, offset in ((data, 0), (f"---\n{data}\n---\n", 1)):
        problem = refusal(read_front_matter if offset else read_yaml, text)
        assert "nested too deeply" in problem.message
        assert (problem.line, problem.column) == (line + offset, column), problem
        assert "fewer levels" in problem.hint


@pytest.mark.parametrize("read", [read_yaml, read_json])
def test_t16_ten_thousand_levels_are_refused(read: Read) -> None:
    for text in ("[" * 10_000, '{"a":' * 10_000, '[{"a":' * 5_000, "[" * 10_000 + "]" * 10_000):
        problem = refusal(read, text)
        assert "nested too deeply" in problem.message
        assert "fewer levels" in problem.hint
    assert read("f", b"[" * yaml_reader.MAX_DEPTH + b"]" * yaml_reader.MAX_DEPTH)[0]


@pytest.mark.parametrize("read", [read_yaml, read_json])
def test_t16_size_and_count_are_capped(read: Read) -> None:
    assert "too large" in refusal(read, "[" + "1," * 600_000 + "1]").message
    assert "too many nodes" in refusal(read, "[" + "1," * 210_000 + "1]").message


@pytest.mark.parametrize(
    ("read", "data"),
    [
        (read_yaml, "a: 1e" + "9" * 500_000),
        (read_yaml, "a: &" + "x" * 500_000 + " 1"),
        (read_yaml, "a: !" + "x" * 500_000 + " 1"),
        (read_yaml, "a: *" + "x" * 500_000),
        (read_yaml, "? " + "x" * 500_000 + "\n: 1\n? " + "x" * 500_000 + "\n: 1\n"),
        (read_yaml, 'a: "' + "x" * 500_000),
        (read_json, "[1e" + "9" * 500_000 + "]"),
        (read_json, '{"' + "x" * 500_000 + '": 1, "' + "x" * 500_000 + '": 2}'),
    ],
    ids=["number", "anchor", "tag", "alias", "key", "unclosed", "number in JSON", "key in JSON"],
)
def test_a_huge_word_is_not_repeated_whole(read: Read, data: str) -> None:
    problem = refusal(read, data)
    assert len(problem.message) < 200
    assert problem.hint


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        ("a: b: c\n", "put text that holds ': ' in quotes"),
        ("a: *\n", "put text that begins with * in quotes"),
        ("a: & b\n", "put text that begins with & in quotes"),
        ("a: @b\n", "put text that begins with"),
        ("a: `b`\n", "put text that begins with"),
        ("a:\n\tb: 1\n", "indent with spaces"),
        ('a: "b" in c\n', "the whole value in quotes of the other kind"),
        ("a: !b\n", "put text that begins with ! in quotes"),
        ("a: !!str b\n", "leave the tag out"),
        ("a: [1, 2\n", "brackets"),
        ("a:\n  b: 1\n c: 2\n", "indentation"),
        ("%FOO\n---\na: 1\n", "leave lines that begin with % out"),
        ("a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> main\n", "keep what should stay of both sides"),
        ("a: 1\r\n<<<<<<< HEAD\r\nb: 1\r\n=======\r\nb: 2\r\n>>>>>>> main\r\n", "keep what should stay of both"),
        ("a: 1\n<<<<<<< HEAD\nb: 1\n", "indentation"),
    ],
)
def test_what_the_parser_refuses_has_our_hint(monkeypatch: pytest.MonkeyPatch, data: str, hint: str) -> None:
    assert hint in refusal(read_yaml, data).hint
    _speak_otherwise(monkeypatch)
    problem = refusal(read_yaml, data)
    assert hint in problem.hint


@pytest.mark.parametrize("read", [read_yaml, read_json])
def test_what_git_left_of_a_conflict_is_told_at_its_first_line(read: Read) -> None:
    sides = '{\n"a": 1,\n<<<<<<< HEAD\n"b": 1\n=======\n"b": 2\n>>>>>>> main\n}\n'
    problem = refusal(read, sides)
    assert ("conflict" in problem.message, problem.line, problem.column) == (True, 3, 1)


@pytest.mark.parametrize(("read", "cases"), [(read_yaml, YAML_REFUSALS), (read_json, JSON_REFUSALS)])
def test_no_place_or_word_of_ours_rests_on_a_parsers_wording(
    monkeypatch: pytest.MonkeyPatch, read: Read, cases: dict[str, tuple[bytes | str, int, int, str]]
) -> None:
    _speak_otherwise(monkeypatch)
    for data, line, column, said in cases.values():
        problem = refusal(read, data)
        assert (problem.line, problem.column, said in problem.message) == (line, column, True), problem


def _speak_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """The libraries say something else, as their next versions may."""
    import json
    import re

    import yaml

    told, decoded = yaml.MarkedYAMLError.__init__, json.JSONDecodeError.__init__

    def marked(self: Any, context: Any = None, at: Any = None, problem: Any = None, place: Any = None, *_: Any) -> None:
        told(self, context and "uno", at, problem and "due", place)

    def undecoded(self: Any, msg: str, doc: str, pos: int) -> None:
        before_end = re.match(r"\s*[]}]", doc[pos:]) and doc[:pos].rstrip().endswith(",")
        decoded(self, "tre", doc, doc.rindex(",", 0, pos) if before_end else pos)

    monkeypatch.setattr(yaml.MarkedYAMLError, "__init__", marked)
    monkeypatch.setattr(json.JSONDecodeError, "__init__", undecoded)


@pytest.mark.nightly
@settings(max_examples=20_000)
@given(st.text("ab:-[]{}\"'&*!%#|>\n \t,1.e~<?\\uUDF8", max_size=200).map(str.encode))
def test_no_long_text_brings_the_readers_down(data: bytes) -> None:
    for read in (read_yaml, read_json, read_front_matter):
        with contextlib.suppress(DocumentError):
            read("f", data)


def test_t16_alias_bomb_is_refused_at_its_first_anchor() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{n}: &{n} [*{p}, *{p}]\n" for p, n in zip("abcdefgh", "bcdefghi", strict=True))
    assert refusal(read_yaml, bomb).line == 1


def test_t16_scalars_are_those_of_yaml_1_2() -> None:
    text = "a: NO\nb: on\nc: 2026-01-02\nd: 0o17\ne: 0x1F\nf: ~\ng: true\nh: -1.5e3\ni: 012\nj: 1_000\nk: 12:30\nl:\n"
    assert read_yaml("f", text.encode())[0] == {
        "a": "NO", "b": "on", "c": "2026-01-02", "d": 15, "e": 31, "f": None, "g": True, "h": -1500.0, "i": 12,
        "j": "1_000", "k": "12:30", "l": None,
    }  # fmt: skip


def test_t16_numbers_remember_how_they_were_written() -> None:
    value = read_yaml("f", b"v: 1.10\nn: 007\n")[0]
    assert (value["v"], value["v"].text) == (1.1, "1.10")
    assert (value["n"], value["n"].text) == (7, "007")
    assert read_json("f", b"[1.10]")[0][0].text == "1.10"


def test_marks_tell_where_each_node_stands() -> None:
    text = "a: 1\nb:\n  - x: y\n    z: {q: r}\n  - [s]\n"
    marks = read_yaml("f", text.encode())[1]
    assert marks[("a",)] == Mark(1, 4)
    assert marks[("b",)] == Mark(2, 1)
    assert marks[("b", 0)] == Mark(3, 5)
    assert marks[("b", 0, "x")] == Mark(3, 8)
    assert marks[("b", 0, "z", "q")] == Mark(4, 12)
    assert marks[("b", 1, 0)] == Mark(5, 6)
    assert isinstance(marks[("a",)], Mark)


def test_json_has_the_same_marks() -> None:
    value, marks = read_json("f", b'{"a": [1,\n  {"b": "c"}]}')
    assert value == {"a": [1, {"b": "c"}]}
    assert marks == {
        (): Mark(1, 1), ("a",): Mark(1, 7), ("a", 0): Mark(1, 8), ("a", 1): Mark(2, 3), ("a", 1, "b"): Mark(2, 9),
    }  # fmt: skip


def test_front_matter_keeps_its_place_in_the_file() -> None:
    data, marks, body, line = read_front_matter("f", b"\xef\xbb\xbf---\nlicense: mit\ntags:\n- a\n---\n# Card\n")
    assert data == {"license": "mit", "tags": ["a"]}
    assert marks[("license",)] == Mark(2, 10)
    assert (body, line) == ("# Card\n", 6)


def test_text_without_front_matter_is_all_body() -> None:
    assert read_front_matter("f", b"# Card\n---\n") == (None, {}, "# Card\n---\n", 1)


def test_a_break_that_no_editor_shows_is_a_blank_in_front_matter_also_as_an_escape() -> None:
    said = "a\u2028b\u2029c", "a\\Lb\\Pc", "a\\u2028b\\u2029c"
    for text in said:
        assert read_front_matter("f", f'---\nterms: "{text}"\n---\n'.encode())[0] == {"terms": "a b c"}
    assert read_front_matter("f", b"---\nterms: 'C:\\Lib'\n---\n")[0] == {"terms": "C:\\Lib"}
    assert "U+0007" in refusal(read_front_matter, '---\nterms: "a\\ab"\n---\n').message
    assert refusal(read_front_matter, '---\nterms: "a\\Lb"\nterms: c\n---\n').line == 3


@pytest.mark.parametrize(
    ("read", "text", "line"),
    [
        (read_yaml, "b: 1\na: 1\n\na: 2\n", 2),
        (read_front_matter, "---\nb: 1\na: 1\n\na: 2\n---\n", 3),
        (read_front_matter, "\ufeff---\nx:\n  a: 1\n  b:\n  - 1\n  a: 2\n---\n", 3),
        (read_front_matter, "---\nx: {b: 1,\n  a: 1, a: 2}\n---\n", 3),
        (read_json, '{"b": 1,\n "a": 1,\n "a": 2}', 2),
    ],
)
def test_the_line_of_the_first_of_two_keys_is_that_of_the_file(read: Read, text: str, line: int) -> None:
    assert refusal(read, text).hint == f"keep one of them; the first is in line {line}"


def test_t16_front_matter_is_as_strict() -> None:
    assert refusal(read_front_matter, "---\na: 1\na: 2\n---\n").line == 3
    assert "never ends" in refusal(read_front_matter, "---\na: 1\n").message


def test_the_pure_parser_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    text = b"a: 1.10\nb:\n  - x: 'y'\n    z: {q: NO}\n"
    wanted = read_yaml("f", text)
    monkeypatch.setattr(yaml_reader, "_Parser", yaml.SafeLoader)
    assert read_yaml("f", text) == wanted
    for data, _, _, said in YAML_REFUSALS.values():
        assert said in refusal(read_yaml, data).message


@settings(max_examples=150)
@given(st.one_of(st.binary(max_size=60), st.text("ab:-[]{}\"'&*!%#|>\n \t,1.e~<?\\u0", max_size=40).map(str.encode)))
def test_no_bytes_bring_the_readers_down(data: bytes) -> None:
    for read in (read_yaml, read_json, read_front_matter):
        with contextlib.suppress(DocumentError):
            read("f", data)


@settings(max_examples=60)
@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.text("abc é\"'\\/:#", max_size=8)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.text("ab é", max_size=4), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_json_that_json_writes_is_read_alike_by_both(value: Any) -> None:
    import json

    data = json.dumps(value, ensure_ascii=False).encode()
    assert read_json("f", data)[0] == value
    assert read_yaml("f", data)[0] == value
