"""`init` from what a repository shows: one product with its name, paths, suppliers and models, each with its place."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from scratch import Scratch

AGENT = {
    "README.md": "# Claims Desk\n\n[![build](https://example.com/b.svg)](https://example.com)\n\n"
    "Reads insurance claims and drafts an answer that a clerk sends.\n\n## Install\n\nRun make.\n",
    "pyproject.toml": '[project]\nname = "claims-desk"\nversion = "1.2.0"\ndescription = "Other words."\n',
    "src/desk/model.py": 'from openai import OpenAI\nMODEL_NAME = "gpt-4o-mini"\n',
    "src/desk/answer.py": "from desk.model import MODEL_NAME\n",
    "src/desk/views.py": "from desk.answer import MODEL_NAME\n",
    "src/other/mail.py": "import smtplib\n",
    "src/other/sms.py": "import socket\n",
    "tests/test_model.py": "import anthropic\n",
    ".github/CODEOWNERS": "* @acme/all\n/src/desk/ @acme/claims\n",
    ".github/workflows/deploy.yml": "name: deploy\n",
}


def text_of(scratch: Scratch) -> str:
    return scratch.read("governance.yaml")


def test_one_product_with_everything_that_is_there_and_where_from(scratch: Scratch) -> None:
    scratch.commit("Code", files=AGENT)
    assert scratch.run("init", "--yes").code == 0
    (system,) = scratch.manifest()["systems"]
    assert (system["name"], system["owner_team"], system["stage"]) == ("Claims Desk", "acme/claims", "production")
    assert system["description"] == "Reads insurance claims and drafts an answer that a clerk sends."
    assert (system["paths"], system["vendors"]) == (["src/desk/**"], ["openai"])
    assert [(it["id"], it["vendor_name"]) for it in scratch.manifest()["vendors"]] == [("openai", "OpenAI")]
    said = text_of(scratch)
    for line in (
        "name: Claims Desk   # seen: README.md:1",
        "owner_team: acme/claims   # seen: .github/CODEOWNERS:2",
        "stage: production   # seen: .github/workflows/deploy.yml:1",
        "# of openai, seen: src/desk/model.py:2",
        "# seen: src/desk/model.py:1 OpenAI client (openai)",
    ):
        assert line in said
    assert "{name: gpt-4o-mini}" in said
    assert "anthropic" not in said


def test_people_are_proposed_in_comments_and_never_assigned(scratch: Scratch) -> None:
    scratch.commit("Code", by="Rae Kim", files=AGENT)
    scratch.run("init", "--yes")
    roles = scratch.read("policies/roles.yaml")
    assert "# May be asked to fill one: @acme/claims, .github/CODEOWNERS:2" in roles
    assert "# May be asked to fill one: Rae Kim (1 of the last" in roles
    assert roles.count("members: []") == roles.count("members:") - 1, "the example in a comment aside"


def test_what_nothing_shows_stays_open(scratch: Scratch) -> None:
    scratch.commit("Code", files={"bot/main.py": "import anthropic\n"})
    scratch.run("init", "--yes")
    said = text_of(scratch)
    assert "stage: production   # taken to be in use; nothing here shows its stage" in said
    assert "# description:" in said
    assert "guessed: [id, stage, paths]" in said


_NAMES = {
    "a folder for helpers": (
        {"utils/ai.py": "import openai\n", "README.md": "# Letter Box\n\nSorts letters.\n"},
        "Letter Box",
    ),
    "a package": ({"package.json": '{\n  "name": "letter-box"\n}\n', "z/a.ts": 'import "openai";\n'}, "Letter box"),
    "a heading that names nothing": (
        {
            "README.md": "# Getting started\n",
            "pyproject.toml": '[project]\nname = "letterbox"\n',
            "z/a.py": "import openai\n",
        },
        "Letterbox",
    ),
    "HTML": ({"README.md": '<h1 align="center">Letter Box</h1>\n', "z/a.py": "import openai\n"}, "Letter Box"),
    "a card": ({"z/MODEL_CARD.md": "# Model card: Sorter\n", "z/a.py": "import openai\n"}, "Sorter"),
}


@pytest.mark.parametrize(("files", "name"), _NAMES.values(), ids=_NAMES)
def test_a_product_is_not_called_like_one_of_its_folders(scratch: Scratch, files: dict[str, str], name: str) -> None:
    scratch.commit("Code", files=files)
    scratch.run("init", "--yes")
    assert [it["name"] for it in scratch.manifest()["systems"]] == [name]


def test_without_any_name_the_repository_gives_it(scratch: Scratch) -> None:
    scratch.git("remote", "add", "origin", "https://github.com/acme/letter-box.git")
    scratch.commit("Code", files={"z/a.py": "import openai\n"})
    scratch.run("init", "--yes")
    (system,) = scratch.manifest()["systems"]
    assert (system["name"], system["owner_team"]) == ("Letter box", "acme")


_SHAPES = {
    "folders that load each other": (
        {"app/a.py": "import openai\n", "jobs/b.py": "import openai\nfrom app.a import x\n"},
        [["app/**", "jobs/**"]],
    ),
    "samples in several languages": (
        {f"client-{name}/package.json": f'{{"name": "client-{name}"}}\n' for name in ("js", "ts", "python")}
        | {f"client-{name}/a.ts": 'import "openai";\n' for name in ("js", "ts", "python")},
        [["client-js/**", "client-python/**", "client-ts/**"]],
    ),
    "packages of a monorepo": (
        {
            "package.json": '{"name": "all", "workspaces": ["packages/*"]}\n',
            "packages/a/package.json": '{"name": "@x/a"}\n',
            "packages/a/i.ts": 'import "openai";\n',
            "packages/b/package.json": '{"name": "@x/b"}\n',
            "packages/b/i.ts": 'import "@anthropic-ai/sdk";\n',
        },
        [["packages/a/**"], ["packages/b/**"]],
    ),
    "a library that one package uses": (
        {
            "packages/a/package.json": '{"name": "@x/a", "dependencies": {"@x/llm": "1"}}\n',
            "packages/a/i.ts": 'import "openai";\n',
            "packages/llm/package.json": '{"name": "@x/llm"}\n',
            "packages/llm/i.ts": 'import "openai";\n',
        },
        [["packages/a/**", "packages/llm/**"]],
    ),
    "a service and its front end": (
        {
            "pyproject.toml": '[project]\nname = "s"\n',
            "api/a.py": "import openai\n",
            "web/package.json": '{"name": "w"}\n',
            "web/a.ts": 'import "ai";\n',
        },
        [["api/**", "web/**"]],
    ),
    "weights beside the code": (
        {"fit.py": "from sklearn import svm\n", "out/m.pkl": "x", "serve.py": "import fit\nfit.m.predict_proba([])\n"},
        [["fit.py", "out/**", "serve.py"]],
    ),
}


@pytest.mark.parametrize(("files", "paths"), _SHAPES.values(), ids=_SHAPES)
def test_products_not_folders_are_systems(scratch: Scratch, files: dict[str, str], paths: list[list[str]]) -> None:
    scratch.commit("Code", files=files)
    done = scratch.run("init", "--yes")
    assert done.code == 0, done
    assert [it["paths"] for it in scratch.manifest()["systems"]] == paths
    assert scratch.run("classify").code == 0


def test_run_again_it_adds_what_is_not_declared_yet_and_nothing_else(scratch: Scratch) -> None:
    scratch.commit("Code", files={"bot/main.py": "import anthropic\n"})
    scratch.run("init", "--yes")
    scratch.commit("Adopt")
    before = text_of(scratch)
    assert scratch.run("init", "--yes").code == 2
    scratch.commit("More", files={"rank/MODEL_CARD.md": "# Model card: Ranker\n", "rank/a.py": "import openai\n"})
    shown = scratch.run("init")
    assert (shown.code, text_of(scratch)) == (2, before)
    done = scratch.run("init", "--yes")
    assert done.code == 0, done
    first, second = scratch.manifest()["systems"]
    assert (second["id"], second["name"], second["model_card"]) == ("SYS-002", "Ranker", "rank/MODEL_CARD.md")
    assert set(before.splitlines()) <= set(text_of(scratch).splitlines()), "what was there stays"
    assert scratch.run("init", "--yes").code == 2

    scratch.commit("A card", files={"bot/MODEL_CARD.md": "# Model card: Bot\n"})
    assert scratch.run("init", "--yes").code == 0
    assert scratch.manifest()["systems"][0]["model_card"] == "bot/MODEL_CARD.md"
    assert first["id"] == "SYS-001"


def test_no_ai_is_a_statement_that_plain_signs_refuse(scratch: Scratch) -> None:
    scratch.commit("Code", files={"app.py": "x = 1\n"})
    silent = scratch.run("init", "--yes")
    assert (silent.code, "--no-ai" in silent.err) == (2, True)
    assert scratch.run("init", "--yes", "--no-ai", " ").code == 2
    assert scratch.run("init", "--yes", "--no-ai", "A table of colours: no model.").code == 0
    assert scratch.manifest()["reason"] == "A table of colours: no model."
    scratch.branch("govern")
    scratch.commit("Say so")
    assert scratch.check().verdict == "conditions", "the first adoption"


def test_no_ai_beside_a_client_is_refused(scratch: Scratch) -> None:
    scratch.commit("Code", files={"app.py": "import openai\n"})
    refused = scratch.run("init", "--yes", "--no-ai", "None.")
    assert (refused.code, "app.py:1 OpenAI client" in refused.err) == (2, True)


def test_cards_of_models_held_elsewhere_are_no_systems(scratch: Scratch) -> None:
    scratch.commit("Code", files={f"registry/{name}/model_card.yaml": f"name: {name}\n" for name in "abc"})
    done = scratch.run("init", "--yes")
    assert (done.code, "saw 3 model cards" in done.err) == (2, True)
    assert scratch.run("init", "--yes", "--from-card", "registry/a/model_card.yaml").code == 0
    assert scratch.manifest()["systems"][0]["name"] == "a"


def test_the_first_list_of_work_says_what_comes_first(scratch: Scratch) -> None:
    scratch.commit("Code", files={"bot/main.py": "import anthropic\n"})
    scratch.branch("govern")
    done = scratch.run("init", "--yes")
    assert "six answers first, in governance.yaml: the risk_profile of SYS-001" in done.err
    scratch.commit("Adopt")
    assert "six answers first" in " ".join(scratch.run("check").out.split())


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_at_a_terminal_it_asks_eight_questions_with_what_the_answers_mean(scratch: Scratch) -> None:
    scratch.commit("Code", files=AGENT)
    profile = ("financial", "partial", "sensitive", "general_public", "thousands", "reversible")
    said = _typed(scratch.path, [*profile, "development", "true", "acme", "y", "n"])
    (system,) = scratch.manifest()["systems"]
    assert system["risk_profile"]["decision_impact"] == "financial"
    assert (system["stage"], system["facts"]) == ("development", {"eu_market": "true"}), said
    assert system["guessed"] == ["id", "paths"]
    assert said.count("> ") == 8, said
    assert "production: people use it, or its results" in said
    assert "uses: acme/policy-gate@v1" in scratch.read(".github/workflows/policy-gate.yml")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_at_a_terminal_it_offers_to_ask_which_laws_apply(scratch: Scratch) -> None:
    scratch.commit("Code", files=AGENT)
    profile = ("financial", "partial", "sensitive", "general_public", "thousands", "reversible")
    said = _typed(scratch.path, [*profile, "development", "true", "acme", "y", "y", "?", "."])
    assert "Ask for the facts that decide which laws apply?" in said
    assert "SYS-001: an empty answer passes a question over" in said
    assert "next: policy-gate classify" in said


def test_without_a_terminal_or_with_yes_nothing_of_law_is_asked(scratch: Scratch) -> None:
    scratch.commit("Code", files=AGENT)
    assert "which laws apply" not in scratch.run("init", "--yes").err


def _typed(folder: Path, lines: list[str]) -> str:
    """What `policy-gate init` says at a terminal where these lines are typed."""
    ours, theirs = pty.openpty()
    env = os.environ | {"NO_COLOR": "1", "TERM": "dumb"}
    command = [sys.executable, "-P", "-m", "policy_gate", "init"]
    os.write(ours, "".join(f"{line}\n" for line in lines).encode())
    done = subprocess.run(command, cwd=folder, env=env, stdin=theirs, capture_output=True, check=True, timeout=60)
    os.close(ours)
    os.close(theirs)
    return (done.stdout + done.stderr).decode()
