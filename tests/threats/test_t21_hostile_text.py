"""T21 through the command: text of the repository is shown in every format, and obeyed in none."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from scratch import Scratch
from world import high_system

HOSTILE = {
    "workflow command": "a\n::error file=x,line=1::forged",
    "legacy command": "a ##[add-mask]forged",
    "stop commands": "a\n::stop-commands::forged",
    "table": "a | forged | b",
    "mention": "a @org/security forged",
    "link": "[forged](javascript:alert(1))",
    "html": "<script>forged</script><img src=x onerror=alert(1)>",
    "ansi": "a \x1b[2J\x1b]0;forged\x07",
    "bidi": "a \u202egnp.forged \u2066x",
    "cdata": "a ]]> [[ATTACHMENT|/etc/passwd]] forged",
}
OBEYED = re.compile(r"^\s*::|##\w*\[", re.MULTILINE)
UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    scratch = Scratch(tmp_path_factory.mktemp("t21"))
    scratch.adopt(high_system("development"))
    return scratch


def said(scratch: Scratch, text: str, form: str, *args: str) -> str:
    """What the command prints of a change whose name, reason and description hold the text."""
    scratch.branch("work")
    entry = scratch.entry()
    entry["stage"] = "pre_deployment"
    manifest = {
        "schema": "policy-gate/manifest/v1",
        "systems": [
            entry | {"name": text, "description": text, "not_applicable": [{"id": "red-team-report", "reason": text}]}
        ],
    }
    scratch.commit("hostile", files={"governance.yaml": json.dumps(manifest)})
    done = scratch.run("check", "--format", form, *args)
    scratch.git("checkout", "-qf", "main")
    assert done.code == 1, done
    return done.out


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_t21_no_format_lets_the_text_of_a_manifest_act(world: Scratch, kind: str, form: str) -> None:
    told = said(world, HOSTILE[kind], form)
    assert [c for c in told if unicodedata.category(c) in UNSAFE and c != "\n"] == []
    assert OBEYED.search(told) is None
    if kind in ("workflow command", "stop commands", "ansi", "bidi") and form == "json":
        seen = json.loads(told)
        assert "forged" in json.dumps(seen) or seen["problems"]
    if form == "markdown":
        page = MarkdownIt("commonmark", {"html": True}).enable("table").render(told)
        assert not re.search(r"<script|<img|href=\"javascript|onerror=(?![^<]*&gt;)", page.replace("&lt;", ""))


@pytest.mark.parametrize("name", ["a\u202eb.md", "::error::forged.md", "x|y`z.md"])
def test_t21_a_path_is_text_too(world: Scratch, name: str, tmp_path: Path) -> None:
    world.branch("work")
    world.edit(artifacts=[{"id": "red-team-report", "path": name}], stage="pre_deployment")
    world.commit("a path", files={name: "TODO\n"})
    for form in ("text", "markdown", "json"):
        done = world.run("check", "--format", form)
        assert done.code == 1
        assert [c for c in done.out if unicodedata.category(c) in UNSAFE and c != "\n"] == []
        assert OBEYED.search(done.out) is None
    world.git("checkout", "-qf", "main")


def test_t21_control_an_ordinary_name_is_shown_as_it_is(world: Scratch) -> None:
    told = said(world, "Screener & co (v2)", "text")
    assert "Screener & co (v2)" in told


def test_t21_no_break_spaces_of_a_name_begin_no_line_of_the_report(world: Scratch) -> None:
    name = "Screener" + "\u00a0" * 61 + "PASS" + "\u00a0 nothing governed changed (1 system)"
    shown = said(world, name, "text")
    plain = said(world, name.replace("\u00a0", " "), "text")
    assert next(row for row in shown.splitlines() if "BLOCKED  SYS" in row) in plain
    assert "nothing governed changed" in shown
    assert not any(len(row) > 80 for row in shown.splitlines() if "PASS" in row)


@pytest.mark.parametrize("folder", ["::error::forged", "a\u202eb", "c ##[add-mask]d"])
def test_t21_what_commands_say_of_their_files_is_text_too(world: Scratch, folder: str) -> None:
    world.branch("work")
    entry = high_system("development", id="SYS-009", paths=["nine/**"])
    world.declare_only(entry | {"model_card": f"{folder}/CARD.md"}, path=f"{folder}/governance.yaml")
    world.commit("beside")
    for args in (("red-team-report",), ("--all",)):
        done = world.run("draft", *args, "--system", "SYS-009")
        assert done.code == 0, done
        assert [c for c in done.out + done.err if unicodedata.category(c) in UNSAFE and c != "\n"] == []
        assert OBEYED.search(done.out) is None
        assert OBEYED.search(done.err) is None
        assert "wrote " in done.out
    world.git("clean", "-qfd")
    world.git("checkout", "-qf", "main")


def test_t21_control_a_folder_with_signs_of_its_own_is_told_as_it_is(world: Scratch) -> None:
    world.branch("work")
    entry = high_system("development", id="SYS-009", paths=["nine/**"])
    world.declare_only(entry, path="Größe #4 a|b @x 🚀/governance.yaml")
    world.commit("beside")
    done = world.run("draft", "red-team-report", "--system", "SYS-009")
    assert "wrote Größe #4 a|b @x 🚀/governance/" in done.out, done
    world.git("clean", "-qfd")
    world.git("checkout", "-qf", "main")
