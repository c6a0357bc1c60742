"""Source code in encodings that compilers take: what it shows is the same, and no bytes make a traceback."""

from __future__ import annotations

import codecs
import encodings.aliases
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_gate.discover.encodings import as_compiled, readings_of, utf8_of
from policy_gate.discover.look import look_at
from policy_gate.discover.signs import shipped_signs
from policy_gate.schema.observed import FileSigns

AI: Final = "import openai\nclient = openai.OpenAI()\n"
TS: Final = 'import OpenAI from "openai";\n'
JAVA: Final = "import dev.langchain4j.model.openai.OpenAiChatModel;\nclass Main {}\n"


def seen(path: str, data: bytes) -> FileSigns:
    return look_at(path, "1" * 40, lambda: len(data), lambda: data, shipped_signs())


def kinds(path: str, data: bytes) -> list[str]:
    return [signal.kind for signal in seen(path, data).signals]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", AI),
        ("a.ts", TS),
        ("Main.java", JAVA),
        ("Main.cs", "using OpenAI.Chat;\nclass A {}\n"),
        ("a.ps1", 'Invoke-RestMethod "https://api.openai.com/v1/chat/completions"\n'),
        ("requirements.txt", "openai==1.5\n"),
        ("package.json", '{"dependencies": {"openai": "4"}}\n'),
        ("a.py", f"# {chr(0x4E2D) * 300}\n{AI}"),
    ],
)
def test_a_program_shows_the_same_in_each_encoding(path: str, text: str, encoding: str) -> None:
    assert kinds(path, text.encode(encoding)) == kinds(path, text.encode()) != []


@pytest.mark.parametrize(
    "data",
    [
        b"# coding: utf-7\nimport +AG8AcABlAG4AYQBp-\n",
        b"#!/usr/bin/python\n# vim: set fileencoding=utf-7 :\nimport +AG8AcABlAG4AYQBp-\n",
        b"\n# -*- coding: UTF_7 -*-\nimport +AG8AcABlAG4AYQBp-\n",
        b"# coding: unicode_escape\nx = 1\\nimport \\x6fpenai\n",
        b"# coding: raw_unicode_escape\n# \\u000aimport openai\n",
        b"# coding: cp037\n" + AI.encode("cp037"),
        b"# coding: latin-1\n# \xe4\n" + AI.encode(),
        b"# coding: cp037\n" + AI.encode(),
        b"# coding: rot13\n" + AI.encode(),
        b"import openai\0\n",
        b"# hello\rimport openai\r",
    ],
)
def test_a_python_program_is_read_as_it_states(data: bytes) -> None:
    assert "sdk" in kinds("a.py", data)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("A.java", "\\u0069mport dev.l\\uuu0061ngchain4j.model.openai.OpenAiChatModel;"),
        ("A.java", "// hello \\u000aimport dev.langchain4j.model.openai.OpenAiChatModel;"),
        ("A.java", "// hello\rimport dev.langchain4j.model.openai.OpenAiChatModel;\r"),
        ("A.cs", "using Open\\u0041I.Chat;"),
        ("A.cs", "using Open\\U00000041I.Chat;"),
        ("a.go", 'package main\nimport openai "github.com/sash\\u0061baranov/go-openai"\n'),
        ("a.go", 'package main\nimport openai "github.com/sash\\x61baranov/go-openai"\n'),
        ("a.js", f"// hello\r{TS}"),
        ("a.js", f"// hello{chr(0x2028)}{TS}"),
        ("a.js", f"// hello{chr(0x2029)}{TS}"),
    ],
)
def test_what_a_language_takes_for_a_letter_or_for_the_end_of_a_line(path: str, text: str) -> None:
    assert kinds(path, text.encode()) == ["sdk"]


def test_an_escape_that_is_escaped_is_none() -> None:
    assert as_compiled(b'String s = "\\\\u0061";', "java") == b'String s = "\\\\u0061";'
    assert as_compiled(b'var s = "\\u0022;"', "csharp") == b'var s = "\\u0022;"'
    assert as_compiled(b"x\\u0061", "python") == b"x\\u0061"


def test_an_encoding_that_nobody_knows_is_told() -> None:
    found = seen("a.py", b"# coding: klingon\nimport openai\n")
    assert [it.message for it in found.unread] == ["states an encoding that is not known (klingon)"]
    assert [it.kind for it in found.signals] == ["sdk"]


@pytest.mark.parametrize("name", sorted({*encodings.aliases.aliases.values(), "idna", "punycode", "undefined", "oem"}))
def test_no_encoding_of_python_is_too_much(name: str) -> None:
    data = f"# coding: {name}\n{AI}".encode()
    assert "sdk" in kinds("a.py", data), "what runs it otherwise than Python does heeds no such line"


@given(st.binary(max_size=300), st.sampled_from(["", "\ufeff", "# coding: utf-7\n", "# coding: cp037\n"]))
def test_any_bytes_are_read(data: bytes, head: str) -> None:
    whole = head.encode() + data
    utf8_of(whole).decode("utf-8", "replace")
    readings, _ = readings_of(whole, is_python=True)
    assert readings
    assert seen("a.py", whole) == seen("a.py", whole)


def test_plain_text_is_left_as_it_is() -> None:
    for data in (b"", b"x = 1\n", AI.encode(), codecs.BOM_UTF8 + b"x", "\u00e4".encode()):
        assert utf8_of(data) == data.removeprefix(codecs.BOM_UTF8)
