"""H18: an incomplete card is told with the command that adds its missing headings, which keeps all that was there."""

from __future__ import annotations

import re
import shlex
from typing import Any

import pytest
from evidence import card
from scratch import Scratch
from world import high_system

DRAFT = "policy-gate draft model-card --system SYS-001"
FIELDS = ("failure_modes", "mitigation_measures")
HEADINGS = ["Failure modes", "Mitigation measures"]
MARKDOWN = "# Ranker\n\n## Version\n\n2.1\n\n## Known limitations\n\nReads no scans.\n"
CARDS = {
    "CARD.md": MARKDOWN,
    "marked.md": MARKDOWN,
    "card.yaml": "schema: policy-gate/card/v1\nmodel_name: Ranker\nversion: 2.1.0\n",
    "card.json": '{\n  "schema": "policy-gate/card/v1",\n  "model_name": "Ranker"\n\n}\n',
}
LINE_ENDS = {
    "LF": lambda text: text,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "CRLF first": lambda text: text.replace("\n", "\r\n", 2),
    "LF first": lambda text: text.replace("\n", "\r\n").replace("\r\n", "\n", 2),
    "no last": lambda text: text.rstrip("\n"),
    "a blank last": lambda text: f"{text}\n   \n",
}


def _with_card(repo: Scratch, **fields: str | None) -> None:
    repo.adopt(high_system("development"))
    repo.branch("work")
    repo.declare(high_system("pre_deployment"))
    repo.write({"MODEL_CARD.md": card(**fields)})
    repo.commit("Move on")


def _of_the_card(repo: Scratch) -> list[dict[str, Any]]:
    return [it for it in repo.check().findings("gap") if it["requirement"]["subject"] == "model-card"]


def test_h18_a_card_without_two_headings_is_told_the_command_that_adds_them(scratch: Scratch) -> None:
    _with_card(scratch, **dict.fromkeys(FIELDS))
    was = scratch.read("MODEL_CARD.md")
    (found,) = _of_the_card(scratch)
    assert (found["fix"], found["location"]["path"]) == (DRAFT, "MODEL_CARD.md")
    out = scratch.run("check").out
    assert re.search(rf"start +{DRAFT}\n", out), out
    assert "MODEL_CARD.md:1" in out, "the line to edit stands beside it"

    done = scratch.run(*shlex.split(DRAFT)[1:])
    assert done.code == 0, done
    text = scratch.read("MODEL_CARD.md")
    assert text.startswith(was)
    assert re.findall(r"(?m)^## (.*)$", text[len(was) :]) == HEADINGS
    scratch.commit("Headings")
    (found,) = _of_the_card(scratch)
    line = text[: text.index("TODO: ")].count("\n") + 1
    assert (found["fix"], found["location"]["line"]) == (f"edit MODEL_CARD.md:{line}:1", line), (
        "now it is to be written"
    )

    for words in ("Tables in two columns are read in the wrong order.", "Nobody reads below the first page."):
        text = re.sub(r"TODO: .*", words, text, count=1)
    scratch.commit("Written", files={"MODEL_CARD.md": text})
    assert _of_the_card(scratch) == []


def test_h18_control_a_heading_that_is_there_and_open_is_to_be_edited(scratch: Scratch) -> None:
    _with_card(scratch, failure_modes="TODO: say it")
    (found,) = _of_the_card(scratch)
    assert found["fix"].startswith("edit MODEL_CARD.md:"), found


@pytest.mark.parametrize("ends", LINE_ENDS)
@pytest.mark.parametrize("name", CARDS)
def test_h18_what_adds_sections_keeps_every_byte(scratch: Scratch, name: str, ends: str) -> None:
    was = (b"\xef\xbb\xbf" if name == "marked.md" else b"") + LINE_ENDS[ends](CARDS[name]).encode()
    (scratch.path / name).write_bytes(was)
    done = scratch.run("card", "check", name, "--tier", "high", "--fix")
    assert done.err.startswith("added "), done
    now = (scratch.path / name).read_bytes()
    front = next((n for n, (one, other) in enumerate(zip(was, now, strict=False)) if one != other), len(was))
    added = now[front : len(now) - len(was[front:])]
    assert now == was[:front] + added + was[front:]
    assert b"TODO" in added
    is_crlf = was.partition(b"\n")[0].endswith(b"\r")
    assert added.count(b"\r\n") == (added.count(b"\n") if is_crlf else 0)


def test_h18_a_card_in_another_encoding_is_left_alone_and_told(scratch: Scratch) -> None:
    was = MARKDOWN.encode("utf-16")
    (scratch.path / "CARD.md").write_bytes(was)
    done = scratch.run("card", "check", "CARD.md", "--fix")
    assert (done.code, "UTF-8" in done.err) == (2, True), done
    assert (scratch.path / "CARD.md").read_bytes() == was
