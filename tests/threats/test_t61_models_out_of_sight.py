"""T61, T33, D50: no padding hides what a program asks: it is read, and beyond all size it counts by itself."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import high_system

from policy_gate.collect.evidence import sha256_of
from policy_gate.discover.encodings import stands_for_another
from policy_gate.discover.places import MOST_OF_PROGRAM

ASKS = 'from openai import OpenAI\n\nOpenAI().chat.completions.create(model="{}", messages=[])\n'
OLD, OTHER = ASKS.format("gpt-4o"), ASKS.format("gpt-4o-mini")
PADDING = "".join(f"ROW_{n} = 'value {n} of many values'\n" for n in range(30_000))
MORE = "#" + "x" * MOST_OF_PROGRAM + "\n"


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    made = Scratch(tmp_path_factory.mktemp("sight"))
    made.adopt(
        high_system("production"), files={"screener/app.py": OLD, "screener/old.py": OLD, "screener/rows.json": "[]"}
    )
    return made


@pytest.mark.parametrize(
    "files",
    [
        {"screener/app.py": OTHER + PADDING},
        {"screener/app.py": "import screener.more\n", "screener/more.py": PADDING + OTHER},
        {"screener/app.py": "import screener.more\n", "screener/more.ts": PADDING + OTHER},
        {"screener/app.py": OTHER + MORE},
    ],
    ids=["padded", "in a new file", "in another language", "beyond all size"],
)
def test_t61_what_is_padded_shows_the_old_model_no_more(repo: Scratch, files: dict[str, str]) -> None:
    repo.branch()
    repo.commit("Rows", files=files)
    found = repo.check()
    assert (found.code, "model-changed" in found.changes()) == (1, True), found


@pytest.mark.parametrize(
    "files",
    [
        {"screener/more.py": PADDING},
        {"screener/rows.json": f'["{PADDING}"]', "screener/app.py": "x = 1\n"},
        {"screener/app.py": OLD + "ROWS = 1\n"},
    ],
    ids=["a large file comes", "large data, and one place less", "it stays small"],
)
def test_t61_control_what_is_large_and_hides_nothing_asks_nobody(repo: Scratch, files: dict[str, str]) -> None:
    repo.branch()
    repo.commit("Rows", files=files)
    found = repo.check()
    assert "model-changed" not in found.changes(), found


@pytest.mark.parametrize("path", ["screener/more.py", "screener/more.ts"])
def test_t61_a_claimed_program_beyond_all_size_is_another_one_each_time(repo: Scratch, path: str) -> None:
    repo.branch()
    repo.commit("Rows", files={path: MORE})
    assert "weights-changed" in repo.check().changes()
    repo.merge()
    repo.branch()
    repo.commit("Other rows", files={path: MORE + OTHER})
    assert "weights-changed" in repo.check().changes()
    repo.merge()
    repo.branch()
    repo.commit("A page", files={"docs/page.md": "How it works.\n"})
    assert repo.check().changes() == []


@pytest.mark.parametrize("name", ["agent.py", "agent.ts", "agent.min.js", "agent.go", "agent.html", "agent"])
def test_t33_a_padded_program_that_nobody_claims_is_looked_into(repo: Scratch, name: str) -> None:
    asks = {
        "py": OTHER,
        "go": 'package main\n\nimport "github.com/openai/openai-go"\n\nvar c = openai.NewClient()\n',
        "html": "<script type=module>import OpenAI from 'openai';\nnew OpenAI();</script>\n",
        "agent": f"#!/usr/bin/env python3\n{OTHER}",
    }.get(name.rpartition(".")[2], "import OpenAI from 'openai';\nconst c = new OpenAI();\n")
    more = {"py": "# {}\n", "agent": "# {}\n", "html": "<!-- {} -->\n"}.get(name.rpartition(".")[2], "// {}\n")
    padding = more.format("x" * 60) * 20_000
    repo.branch()
    repo.commit("A tool", files={f"tools/{name}": asks + padding if name == "agent" else padding + asks})
    found = repo.check()
    assert (found.code, found.blocking()) == (1, ["that:ai-use-without-system"]), found


def test_t33_a_program_beyond_all_size_is_told_where_nobody_claims_it_and_once(repo: Scratch) -> None:
    repo.branch()
    repo.commit("Rows", files={"tools/rows.py": MORE})
    found = repo.check()
    assert (found.code, found.blocking()) == (1, ["that:ai-use-without-system"]), found
    assert "too large to be looked into" in repo.run("check").out
    repo.merge()
    repo.branch()
    repo.commit("Other rows", files={"tools/rows.py": MORE + MORE})
    assert repo.check().blocking() == []


def test_t33_control_large_files_that_are_no_programs_ask_nobody(repo: Scratch) -> None:
    repo.branch()
    files = {"tools/rows.json": f'["{MORE[1:-1]}"]', "tools/rows.csv": MORE, "tools/rows": MORE}
    repo.commit("Rows", files={**files, "tools/rows.py": PADDING})
    assert repo.check().blocking() == []


def pointer(digit: str) -> str:
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{digit * 64}\nsize 1234\n"


def test_t61_a_claimed_program_that_git_lfs_keeps_is_another_one_each_time(repo: Scratch) -> None:
    repo.branch()
    repo.commit("Kept elsewhere", files={"screener/rank.py": pointer("a")})
    assert "weights-changed" in repo.check().changes()
    repo.merge()
    repo.branch()
    repo.commit("Another", files={"screener/rank.py": pointer("b")})
    assert "weights-changed" in repo.check().changes()
    repo.merge()
    repo.branch()
    (repo.path / "screener/again.py").symlink_to("../tools/rank.ts")
    repo.commit("Behind a link", files={"tools/rank.ts": pointer("c")})
    assert "weights-changed" in repo.check().changes()


@pytest.mark.parametrize("path", ["tools/rank.py", "tools/rank.js", "tools/Rank.java"])
@pytest.mark.parametrize("kept", [pointer("a").encode(), b"\0GITCRYPT\0\x8d\x01\xfe"])
def test_t33_a_program_that_nobody_can_read_is_told_where_nobody_claims_it(
    repo: Scratch, path: str, kept: bytes
) -> None:
    repo.branch()
    repo.commit("Kept elsewhere", files={f"{len(kept)}/{path}": kept})
    assert repo.check().blocking() == ["that:ai-use-without-system"]
    repo.merge()
    repo.branch()
    repo.commit("Another", files={f"{len(kept)}/{path}": kept.replace(b"a", b"b") + b"\n"})
    assert repo.check().blocking() == []


@pytest.mark.parametrize(
    "kept",
    [
        pointer("a").replace("git-lfs.github.com/spec/v1", "hawser.github.com/spec/v1"),
        pointer("a").replace("https://git-lfs.github.com/spec/v1", "http://git-media.io/v/2"),
        "\n \n" + pointer("a"),
        "\u00a0" + pointer("a") + " " * 2000 + "x = 1\n",
        pointer("a").replace("\n", "\r\n"),
    ],
)
def test_t61_whatever_git_lfs_takes_for_a_pointer_is_one(kept: str) -> None:
    assert stands_for_another(kept.encode()) == "a pointer of Git LFS"
    assert sha256_of(kept[:1000].rstrip(" ").encode()) == "a" * 64


@pytest.mark.parametrize(
    "text", ["", "version = 1\n", "# version https://git-lfs.github.com/spec/v1\n", "\ufeffx = 1\n"]
)
def test_t61_control_a_program_is_no_pointer(text: str) -> None:
    assert stands_for_another(text.encode()) == ""


@pytest.mark.parametrize(
    "path", ["screener/rows.json", "screener/study.ipynb", "screener/logo.png", "tools/study.ipynb"]
)
def test_t33_control_what_else_git_lfs_keeps_asks_nobody(repo: Scratch, path: str) -> None:
    repo.branch()
    repo.commit("Kept elsewhere", files={path: pointer("a")})
    assert repo.check().code == 0


def test_t61_a_submodule_of_a_system_is_told_below_the_line_of_a_pass(repo: Scratch) -> None:
    def submodule(oid: str, path: str = "screener/engine") -> None:
        repo.git("update-index", "--add", "--cacheinfo", f"160000,{oid * 40},{path}")
        repo.git("commit", "-qm", "A submodule")

    repo.branch()
    submodule("a")
    said = repo.run("check").out
    assert said.startswith("PASS")
    assert "screener/engine of SYS-001 is a submodule at aaaaaaaaaaaa: nobody looked into its files" in " ".join(
        said.split()
    )
    repo.merge()
    repo.branch()
    submodule("b")
    submodule("c", "elsewhere/engine")
    said = " ".join(repo.run("check").out.split())
    assert "screener/engine of SYS-001 is a submodule at bbbbbbbbbbbb in place of aaaaaaaaaaaa" in said
    assert "elsewhere" not in said, "nobody claims it"
    assert "screener/engine" in repo.run("check", "--format", "markdown").out
    repo.merge()
    repo.branch()
    for number in range(5):
        submodule("d", f"screener/part{number}")
    assert "2 more submodules or programs were not looked into" in " ".join(repo.run("check").out.split())
    repo.merge()
    repo.branch()
    repo.commit("A page", files={"docs/page.md": "How it works.\n"})
    assert "submodule" not in repo.run("check").out


@pytest.mark.parametrize(
    "name", ["rank.pyc", "rank.jar", "rank.so", "rank.cpython-312-x86_64-linux-gnu.so", "Rank.WASM"]
)
def test_t61_a_compiled_program_of_a_system_is_told_below_the_line_of_a_pass(repo: Scratch, name: str) -> None:
    repo.branch()
    repo.commit("A program", files={f"screener/{name}": b"\x7fELF\x00", f"elsewhere/{name}": b"\x7fELF\x00"})
    said = " ".join(repo.run("check").out.split())
    assert said.startswith("PASS")
    assert f"screener/{name} of SYS-001 is a compiled program, a new one: nobody looked into it" in said
    assert "elsewhere" not in said, "nobody claims it"
    repo.merge()
    repo.branch()
    repo.commit("Another", files={f"screener/{name}": b"\x7fELF\x01"})
    assert "is a compiled program, another one" in " ".join(repo.run("check").out.split())
    repo.merge()
    repo.branch()
    repo.commit("A page", files={"docs/page.md": "How it works.\n"})
    assert "compiled" not in repo.run("check").out
