"""T34: the manifest names one vendor, the card one model, `paths` one folder, and the code shows another."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from evidence import card
from scratch import Scratch
from world import high_system, low_system, medium_system

OPENAI = {"id": "openai", "vendor_name": "OpenAI", "access_type": "api", "has_dpa": True, "opt_out_of_training": True}
ANTHROPIC = {"id": "claude", "vendor_name": "Anthropic PBC", "has_dpa": True, "opt_out_of_training": True}
APP = 'import openai\nclient = openai.OpenAI()\nMODEL = "gpt-4o-2024-08-06"\n'
REFUTED = "any_of:papers-denied-by-code or ai-safety-lead"
FILES: dict[str, str | bytes] = {
    "screener/app.py": APP,
    "screener/rank.py": "def rank(rows):\n    return sorted(rows)\n",
    "shared/llm.py": "import openai\n\ndef ask(text):\n    return openai.OpenAI().responses.create(input=text)\n",
    "shared/text.py": "def plain(text):\n    return text.strip()\n",
    "web/llm.ts": 'import OpenAI from "openai";\nexport const client = new OpenAI();\n',
}


def system(stage: str = "development", **more: Any) -> dict[str, Any]:
    return high_system(stage, vendors=["openai"], **more)


def govern(repo: Scratch, entry: dict[str, Any], vendor: dict[str, Any], files: dict[str, str | bytes]) -> None:
    repo.adopt(entry, files=files)
    repo.declare_only(vendors=[vendor])
    repo.commit("Name the vendor")


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("t34"))
    govern(repo, system(), OPENAI, {**FILES, "MODEL_CARD.md": named("GPT-4o")})
    return repo


def named(model: str) -> str:
    return card(base_model=model)


DENIED: dict[str, tuple[str, dict[str, str]]] = {
    "a client of another vendor": (
        "vendors",
        {"screener/rank.py": "import anthropic\nclient = anthropic.Anthropic()\n"},
    ),
    "another vendor in TypeScript": ("vendors", {"screener/a.ts": 'import { Mistral } from "@mistralai/mistralai";\n'}),
    "a host of another vendor": (
        "vendors",
        {"screener/rank.py": 'import httpx\nhttpx.post("https://api.cohere.com/v2/chat", json={})\n'},
    ),
    "a model of another vendor": (
        "vendors",
        {"screener/app.py": APP.replace("gpt-4o-2024-08-06", "claude-sonnet-4-5")},
    ),
    "another model of the same vendor": ("model", {"screener/app.py": APP.replace("gpt-4o-2024-08-06", "gpt-4o-mini")}),
    "a second model": ("model", {"screener/more.py": 'import openai\nMODEL = "gpt-4.1"\n'}),
    "code of its own": (
        "paths",
        {"screener/rank.py": "from shared.llm import ask\n\ndef rank(rows):\n    return ask(rows)\n"},
    ),
    "a module of a package of its own": ("paths", {"screener/rank.py": "from shared import llm\n"}),
    "a relative import": ("paths", {"screener/rank.py": "from ..shared import (\n    text,\n    llm,\n)\n"}),
    "a script of its own": ("paths", {"screener/page.tsx": 'import { client } from "../web/llm";\n'}),
}


@pytest.mark.parametrize("name", DENIED)
def test_t34_what_the_change_brings_against_the_papers_is_stopped(repo: Scratch, name: str) -> None:
    field, files = DENIED[name]
    repo.branch("deny")
    repo.commit("A small clean-up", files=files)
    found = repo.check()
    assert found.code == 1, found
    assert REFUTED in found.blocking(), found
    denied = [change["field"] for change in found.system()["changes"] if change["kind"] == "statement-refuted"]
    assert field in denied, found
    (finding,) = [it for it in found.findings("gap") if it["requirement"]["subject"].startswith("papers-denied")][:1]
    assert finding["location"]["path"] in files


FINE: dict[str, dict[str, str]] = {
    "the same vendor elsewhere": {"screener/more.py": "import openai\n"},
    "the model without its date": {"screener/app.py": APP.replace("-2024-08-06", "")},
    "the model by its provider": {"screener/app.py": APP.replace("gpt-4o-2024-08-06", "openai/gpt-4o")},
    "the model by who serves it": {"screener/app.py": APP.replace("gpt-4o-2024-08-06", "openai:gpt-4o")},
    "the model by a path": {"screener/app.py": APP.replace("gpt-4o-2024-08-06", "accounts/x/models/gpt-4o")},
    "a module without AI": {"screener/rank.py": "from shared.text import plain\n"},
    "an import in a comment": {
        "screener/rank.py": '"""\nfrom shared.llm import ask\n"""\n# from shared.llm import ask\n'
    },
    "a script in a comment": {"screener/page.ts": '// import { client } from "../web/llm";\n'},
    "another vendor in a test": {"screener/tests/test_app.py": "import anthropic\n"},
    "another vendor in a comment": {"screener/rank.py": "# not anthropic\n"},
    "its own module": {"screener/more.py": "from screener.app import client\n"},
}


@pytest.mark.parametrize("name", FINE)
def test_t34_what_agrees_with_the_papers_is_let_be(repo: Scratch, name: str) -> None:
    repo.branch("agree")
    repo.commit("Tidy up", files=FINE[name])
    found = repo.check()
    assert "statement-refuted" not in found.changes(), found


def test_t34_whoever_says_it_in_the_same_change_is_not_stopped(repo: Scratch) -> None:
    repo.branch("said")
    repo.edit(vendors=["openai", "claude"], paths=["screener/**", "shared/**"])
    repo.declare_only(vendors=[OPENAI, ANTHROPIC])
    repo.commit(
        "Another vendor, and a model",
        files={
            "MODEL_CARD.md": named("GPT-4o, and Claude Sonnet 4.5 where it is down"),
            "screener/rank.py": 'import anthropic\nfrom shared import llm\nMODEL = "claude-sonnet-4-5-20250929"\n',
        },
    )
    assert "statement-refuted" not in repo.check().changes()


def test_t34_a_card_that_names_another_model_than_the_code_has(repo: Scratch) -> None:
    repo.branch("card")
    repo.commit("New words", files={"MODEL_CARD.md": named("Claude Sonnet 4.5")})
    found = repo.check()
    assert REFUTED in found.blocking(), found


def test_t34_a_vendor_taken_off_the_list_while_the_code_uses_it(repo: Scratch) -> None:
    repo.branch("off")
    repo.edit(vendors=["claude"])
    repo.declare_only(vendors=[ANTHROPIC])
    repo.commit("Tidy up the vendors")
    found = repo.check()
    changes = [it for it in found.system()["changes"] if it["kind"] == "statement-refuted"]
    assert [it["field"] for it in changes] == ["vendors"], found


def test_t34_what_base_had_already_is_told_and_stops_nobody(scratch: Scratch) -> None:
    govern(scratch, high_system(vendors=["claude"]), ANTHROPIC, {**FILES, "MODEL_CARD.md": named("GPT-4o")})
    scratch.branch("work")
    scratch.commit("A new line", files={"screener/app.py": f"{APP}# a note\n", "screener/more.py": "import openai\n"})
    found = scratch.check()
    assert "statement-refuted" not in found.changes(), found
    assert any("`vendors` does not name" in note for note in found.report["trust"]["notes"]), found


@pytest.mark.parametrize(
    ("make", "verdict", "enforcement"),
    [(medium_system, "conditions", "remediate"), (low_system, "conditions", "advise")],
)
def test_t34_below_high_it_is_told(scratch: Scratch, make: Any, verdict: str, enforcement: str) -> None:
    own = make(vendors=["openai"])
    folder = own["paths"][0].partition("/")[0]
    govern(scratch, own, OPENAI, {f"{folder}/app.py": "import openai\n"})
    scratch.branch("work")
    scratch.commit("Another vendor", files={f"{folder}/b.py": "import anthropic\n"})
    found = scratch.check()
    assert found.verdict == verdict, found
    (finding,) = [it for it in found.findings("gap") if it["requirement"]["subject"].startswith("statement")]
    assert finding["enforcement"] == enforcement


def test_t34_without_a_statement_nothing_is_denied(scratch: Scratch) -> None:
    scratch.adopt(high_system(), files=FILES)
    scratch.branch("work")
    scratch.commit("Another vendor", files={"screener/b.py": "import anthropic\n"})
    found = scratch.check()
    denied = [it["field"] for it in found.system()["changes"] if it["kind"] == "statement-refuted"]
    assert denied == [], found


WEIGHTS = b"\x00one" * 100
OTHER = b"\x00two" * 100


def digest_of(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def pointer(data: bytes) -> str:
    return f"version https://git-lfs.github.com/spec/v1\noid {digest_of(data)}\nsize {len(data)}\n"


@pytest.mark.parametrize(
    ("path", "new", "denied"),
    [
        ("screener/a.onnx", OTHER, True),
        ("", OTHER, True),
        ("screener/a.onnx", pointer(OTHER), True),
        ("screener/a.onnx", pointer(WEIGHTS), False),
    ],
)
def test_t34_weights_without_the_digest_that_is_declared(
    scratch: Scratch, path: str, new: bytes | str, denied: bool
) -> None:
    listed = {"name": "ranker", "digest": digest_of(WEIGHTS), **({"path": path} if path else {})}
    scratch.adopt(high_system(models=[listed]), files={"screener/a.onnx": WEIGHTS})
    scratch.branch("work")
    scratch.commit("Train again", files={"screener/a.onnx": new})
    found = scratch.check()
    fields = [it["field"] for it in found.system()["changes"] if it["kind"] == "statement-refuted"]
    assert fields == (["digest"] if denied else []), found
    scratch.edit(models=[{**listed, "digest": digest_of(OTHER)}])
    scratch.commit("Say so")
    assert ("statement-refuted" in scratch.check().changes()) is not denied


def test_t34_a_model_that_is_listed_is_declared(repo: Scratch) -> None:
    repo.branch("listed")
    repo.edit(models=[{"name": "gpt-4o"}, {"name": "gpt-4o-mini", "version": "2024-07-18"}])
    repo.commit("A small one", files={"screener/more.py": 'import openai\nMODEL = "gpt-4o-mini-2024-07-18"\n'})
    assert "statement-refuted" not in repo.check().changes()
    repo.commit("Another", files={"screener/more.py": 'import openai\nMODEL = "gpt-4.1"\n'})
    assert "statement-refuted" in repo.check().changes()


def test_t34_another_pin_is_another_model(scratch: Scratch) -> None:
    scratch.adopt(high_system(models=[{"name": "gpt-4o", "version": "2024-08-06"}]))
    scratch.branch("work")
    scratch.edit(models=[{"name": "gpt-4o", "version": "2024-11-20"}])
    scratch.commit("Newer")
    changes = [(it["kind"], it["field"]) for it in scratch.check().system()["changes"]]
    assert changes == [("model-changed", "models gpt-4o")]


@pytest.fixture
def denying(scratch: Scratch) -> Scratch:
    """Base's code shows another model than the card, another vendor than the entry, and imports what nobody claims."""
    app = APP + "import anthropic\nfrom shared.llm import ask\n"
    govern(scratch, system(), OPENAI, {**FILES, "screener/app.py": app, "MODEL_CARD.md": named("distilroberta-base")})
    scratch.branch("work")
    return scratch


@pytest.mark.parametrize("place", ["screener/core.py", "screener/inner/app.py"])
def test_t34_code_that_moves_within_its_system_brings_nothing(denying: Scratch, place: str) -> None:
    (denying.path / place).parent.mkdir(exist_ok=True)
    denying.git("mv", "screener/app.py", place)
    denying.commit("A better name")
    found = denying.check()
    assert (found.code, found.changes()) == (0, []), found


def test_t34_what_comes_with_the_move_is_brought_all_the_same(denying: Scratch) -> None:
    denying.git("mv", "screener/app.py", "screener/core.py")
    text = denying.read("screener/core.py").replace("gpt-4o-2024-08-06", "gpt-4.1")
    denying.commit("A better name", files={"screener/core.py": text})
    found = denying.check()
    assert (found.code, "statement-refuted" in found.changes()) == (1, True), found
