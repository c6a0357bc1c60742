"""The manifest of `init --yes` as a reviewer reads it: nothing twice, no catalogues, nobody who is no person."""

from __future__ import annotations

from scratch import Scratch


def models_of(scratch: Scratch) -> list[str]:
    (system,) = scratch.manifest()["systems"]
    return [it["name"] for it in system.get("models", [])]


def test_an_alias_and_the_dated_name_that_it_stands_for_are_one_model(scratch: Scratch) -> None:
    table = 'import anthropic\nMODELS = {"claude-haiku-4.5": "anthropic:claude-haiku-4-5-20251001"}\n'
    scratch.commit("Code", files={"app/config.py": table, "app/ask.py": 'MODEL_NAME = "openai/gpt-4.1"\n'})
    assert scratch.run("init", "--yes").code == 0
    assert models_of(scratch) == ["anthropic:claude-haiku-4-5-20251001", "openai/gpt-4.1"]


def test_two_days_of_one_model_and_a_name_that_moves_elsewhere_are_several(scratch: Scratch) -> None:
    files = {
        "app/a.py": 'import openai\nMODELS = ["gpt-4o-2024-05-13", "gpt-4o-2024-08-06"]\n',
        "app/b.py": 'import openai\nMODEL_NAME = "gpt-4o"\n',
    }
    scratch.commit("Code", files=files)
    scratch.run("init", "--yes")
    assert models_of(scratch) == ["gpt-4o", "gpt-4o-2024-05-13", "gpt-4o-2024-08-06"]


def catalogue(count: int) -> str:
    return "MODELS = [" + ", ".join(f'"gpt-{5 + at // 10}.{at % 10}"' for at in range(count)) + "]\n"


def test_a_catalogue_is_told_and_only_what_is_chosen_is_listed(scratch: Scratch) -> None:
    files = {"lib/known.py": catalogue(30), "lib/ask.py": 'import openai\nMODEL_NAME = "gpt-4o-mini"\n'}
    scratch.commit("Code", files=files)
    scratch.run("init", "--yes")
    assert models_of(scratch) == ["gpt-4o-mini"]
    assert "# lib/known.py lists 30 models to choose from: add those in use" in scratch.read("governance.yaml")


def test_ten_models_of_a_product_and_a_catalogue_alone_are_listed(scratch: Scratch) -> None:
    scratch.commit("Code", files={"lib/known.py": f"import openai\n{catalogue(10)}", "lib/ask.py": "import openai\n"})
    scratch.run("init", "--yes")
    assert len(models_of(scratch)) == 10
    other = Scratch(scratch.path.parent / "other")
    other.commit("Code", files={"lib/known.py": f"import openai\n{catalogue(30)}"})
    other.run("init", "--yes")
    assert len(models_of(other)) == 30


def test_the_name_of_a_vocabulary_is_no_model(scratch: Scratch) -> None:
    code = 'import torch\n\n\ndef get_encoding(name: str = "gpt2"):\n    encoding_name = "gpt2"\n    return name\n'
    scratch.commit("Code", files={"asr/tokenizer.py": code})
    scratch.run("init", "--yes")
    assert models_of(scratch) == []
    scratch.commit("Used", files={"asr/decode.py": 'import torch\nMODEL_NAME = "gpt2"\n'})
    assert "gpt2" in scratch.run("discover").out


def test_agents_of_who_works_here_are_neither_product_nor_people(scratch: Scratch) -> None:
    files = {
        "src/desk/model.py": 'from openai import OpenAI\nMODEL_NAME = "gpt-4o-mini"\n',
        ".agents/skills/review/openai.yaml": "model: gpt-5.1\n",
        ".claude/agents/reviewer.md": "You are a careful reviewer.\n",
    }
    scratch.commit("Code", by="Rae Kim", files=files)
    scratch.write({"src/desk/more.py": "import openai\n"})
    scratch.git("add", "-A")
    scratch.git("-c", "user.name=Claude", "-c", "user.email=noreply@anthropic.com", "commit", "-q", "-m", "More")
    scratch.run("init", "--yes")
    (system,) = scratch.manifest()["systems"]
    assert system["paths"] == ["src/desk/**"]
    assert models_of(scratch) == ["gpt-4o-mini"]
    assert "Claude" not in scratch.read("governance.yaml") + scratch.read("policies/roles.yaml")


def test_what_a_package_says_of_itself_is_no_dependency(scratch: Scratch) -> None:
    package = (
        '[project]\nname = "openai-whisper"\nauthors = [{ name = "OpenAI" }]\ndescription = "openai for all"\n'
        'keywords = [\n  "anthropic",\n]\ndependencies = ["torch"]\n'
    )
    scratch.commit("Code", files={"pyproject.toml": package, "asr/decode.py": "import torch\n"})
    said = scratch.run("discover").out
    assert "PyTorch (torch)" in said
    assert "openai" not in said.lower().replace("openai-whisper (", "")
    assert "anthropic" not in said.lower()


def test_instructions_of_an_agent_are_its_prompt_and_those_for_people_are_none(scratch: Scratch) -> None:
    files = {
        "agent.py": "import managed_deepagents\n",
        "instructions.md": "You are an expert in insurance.\n\nAnswer in one sentence.\n",
        "setup/build-instructions.md": "# Build\n\nYou are now ready to run make.\n",
    }
    scratch.commit("Code", files=files)
    scratch.run("init", "--yes")
    (system,) = scratch.manifest()["systems"]
    assert system["paths"] == ["agent.py", "instructions.md"]
    said = scratch.run("discover").out
    assert "Instructions of an agent" in said
    assert "build-instructions" not in said


def test_the_card_of_a_system_is_claimed_by_it(scratch: Scratch) -> None:
    files = {
        "asr/decode.py": "import torch\n",
        "docs/model-card.md": "---\nlibrary_name: torch\n---\n# Model card: Ears\n",
    }
    scratch.commit("Code", files=files)
    scratch.run("init", "--yes")
    assert "model_card: docs/model-card.md" in scratch.read("governance.yaml")
    assert "No system claims" not in scratch.run("discover").out
