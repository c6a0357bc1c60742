"""T61: another model, host or prompt as Rust, Go, C++, Elixir, Julia, Dart, Ruby, C#, PHP and TypeScript write it.

Each stands in a file that uses AI; the controls are everyday edits of such files.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from looked_at import asked as shown
from scratch import Scratch
from world import days_ago, high_system

ONE, OTHER = "acme/rank-1", "acme/rank-2"
SAYS, REPLACED = "Rank applicants by the vacancy alone", "Reject half of the applicants at once"
RUST = "use async_openai::Client;\n"
GO = 'import "github.com/openai/openai-go"\n'
CPP = "#include <llama.h>\n"
ELIXIR = "alias LangChain.ChatModels.ChatOpenAI\n"
DART = "import 'package:dart_openai/dart_openai.dart';\n"
TS = 'import { tool, generateText } from "ai";\n'
AZURE = "u: https://x.openai.azure.com\n"
DBT = "{{ config(materialized='model', "
JAVA = "import dev.langchain4j.agent.tool.Tool;\n"


MODELS: Final[Mapping[str, tuple[str, str]]] = {
    "a constant of Rust": ("a.rs", RUST + f'const MODEL: &str = "{ONE}";\n'),
    "a static of Rust": ("a.rs", RUST + f"pub static MODEL: &'static str = \"{ONE}\";\n"),
    "a constant of Go with its type": ("a.go", GO + f'const model string = "{ONE}"\n'),
    "a name behind an acronym": ("a.go", GO + f'openAIModel := "{ONE}"\n'),
    "characters of C": ("a.cpp", CPP + f'static const char model[] = "{ONE}";\n'),
    "a value in braces": ("a.cpp", CPP + f'std::string model{{"{ONE}"}};\n'),
    "an attribute of Elixir": ("a.ex", ELIXIR + f'@model "{ONE}"\n'),
    "a map of Elixir": ("a.ex", ELIXIR + f'ChatOpenAI.new!(%{{model: "{ONE}"}})\n'),
    "a constant of Julia": ("a.jl", f'using OpenAI\nconst MODEL = "{ONE}"\n'),
    "an argument of Dart": ("a.dart", DART + f"create(model: '{ONE}');\n"),
    "a client of Ruby that nothing requires": ("a.rb", f'OpenAI::Client.new.chat(parameters: {{ model: "{ONE}" }})\n'),
    "a client of C# that nothing opens": ("A.cs", f'new AzureOpenAIClient(at, key).GetChatClient("{ONE}");\n'),
    "a client of PHP by its whole name": ("a.php", f'<?php \\OpenAI::client($k)->create(["model" => "{ONE}"]);\n'),
    "an enumeration of TypeScript": ("a.ts", TS + f'enum Model {{ Rank = "{ONE}" }}\n'),
    "the second of an enumeration": ("a.ts", TS + f'enum ChatModel {{ Fast = "x/y-1", Rank = "{ONE}" }}\n'),
    "an enumeration of Java": ("A.java", JAVA + f'enum Model {{ RANK("{ONE}"); }}\n'),
    "an enumeration of Swift": ("A.swift", f'import OpenAI\nenum Model: String {{ case rank = "{ONE}" }}\n'),
    "a deployment with its vendor's name": ("a.yaml", AZURE + f"AZURE_OPENAI_CHAT_DEPLOYMENT: {ONE}\n"),
    "a long key of properties": ("a.properties", f"u=https://api.openai.com\nopen-ai.chat-model.deployment-name={ONE}\n"),
    "a model that dbt makes": ("a.sql", DBT + f"meta={{'ml_config': {{'endpoint': '{ONE}'}}}}) }}}}\n"),
}  # fmt: skip
PROMPTS: Final[Mapping[str, tuple[str, str]]] = {
    "a constant of Rust": ("a.rs", RUST + f'const RANK_PROMPT: &str =\n    "{SAYS}";\n'),
    "a raw text of Rust": ("a.rs", RUST + f'const RANK_PROMPT: &str = r#"Be fair.\n{SAYS}"#;\n'),
    "a raw text of C++": ("a.cpp", CPP + f'std::string system_prompt = R"(Be fair.\n{SAYS})";\n'),
    "a raw text with its mark": ("a.cpp", CPP + f'auto system_prompt = R"END(Be fair.\n{SAYS})END";\n'),
    "a long text of Elixir": ("a.ex", ELIXIR + f'@system_prompt """\n{SAYS}\n"""\n'),
    "a long text of Julia": ("a.jl", f'using PromptingTools\nprompt = """\n{SAYS}\n"""\n'),
    "a long text of Dart": ("a.dart", DART + f"const systemPrompt = '''\n{SAYS}\n''';\n"),
    "instructions of Ruby": ("app/a.rb", f'RubyLLM.chat.with_instructions("{SAYS}")\n'),
    "a message by its type": ("a.ts", TS + f'm = [{{ type: "system", content: "{SAYS}" }}];\n'),
    "what goes on from an opening": ("a.ts", TS + f'text = "You are fair. " +\n  "{SAYS}.";\n'),
    "what a tool is for": ("a.ts", TS + f'tool({{ description: "{SAYS}", inputSchema }});\n'),
    "what a tool of Java is for": ("A.java", JAVA + f'class A {{ @Tool("{SAYS}")\n void f() {{}} }}\n'),
    "the same by its name": ("A.java", JAVA + f'class A {{ @Tool(name = "r", description = "{SAYS}") int f; }}\n'),
}  # fmt: skip
HOSTS: Final[Mapping[str, tuple[str, str]]] = {
    "Python": ("a.py", 'import openai\nat = f"https://{region}-aiplatform.googleapis.com/v1"\n'),
    "Kotlin": ("A.kt", 'import com.openai.X\nval at = "https://$region-aiplatform.googleapis.com/v1"\n'),
    "Rust": ("a.rs", RUST + 'let at = format!("https://{region}-aiplatform.googleapis.com/v1");\n'),
    "Swift": ("A.swift", 'import OpenAI\nlet at = "https://\\(region)-aiplatform.googleapis.com/v1"\n'),
}


@pytest.mark.parametrize("way", MODELS)
def test_t61_another_model_is_seen(way: str) -> None:
    path, text = MODELS[way]
    assert ONE in text
    assert shown(f"app/{path}", text) != shown(f"app/{path}", text.replace(ONE, OTHER))


@pytest.mark.parametrize("way", PROMPTS)
def test_t61_another_prompt_is_seen(way: str) -> None:
    path, text = PROMPTS[way]
    assert SAYS in text
    assert shown(f"app/{path}", text) != shown(f"app/{path}", text.replace(SAYS, REPLACED))


@pytest.mark.parametrize("language", HOSTS)
def test_t61_a_host_with_a_part_that_is_put_in_is_exchanged_by_nobody_alone(language: str) -> None:
    path, text = HOSTS[language]
    host = "-aiplatform.googleapis.com"
    assert shown(path, text) != shown(path, text.replace(host, ".models.acme.example"))
    assert shown(path, text) == shown(path, text.replace("region", "place"))


def test_t61_a_host_that_nobody_knows_is_seen_under_a_name_with_acronyms() -> None:
    text = GO + 'const acmeAPIBaseURL = "https://models.acme.example/v1"\n'
    assert shown("a.go", text) != shown("a.go", text.replace("models", "other"))
    control = text.replace("BaseURL", "Page")
    assert shown("a.go", control) == shown("a.go", control.replace("models", "other"))


CONTROLS: Final[Mapping[str, tuple[str, str]]] = {
    "another constant of Rust": ("a.rs", RUST + f'const TITLE: &str = "{SAYS}";\n'),
    "another constant of Go": ("a.go", GO + f'const title string = "{ONE}"\n'),
    "a remark of Elixir": ("a.ex", ELIXIR + f'# @model "{ONE}"\n'),
    "documentation of Elixir": ("a.ex", ELIXIR + f'@moduledoc """\n{SAYS}\n"""\n'),
    "a remark of Julia": ("a.jl", f'using OpenAI\n# MODEL = "{ONE}"\n'),
    "another enumeration": ("a.ts", TS + f'enum Role {{ Admin = "{ONE}" }}\n'),
    "what comes behind an enumeration": ("a.ts", TS + f'enum Model {{ A = "a" }}\nconst title = "{ONE}";\n'),
    "a description of something else": ("a.ts", TS + f'const card = {{ description: "{SAYS}" }};\n'),
    "what comes behind a tool": ("a.ts", TS + f'tool({{ inputSchema }});\nconst card = {{ description: "{SAYS}" }};\n'),
    "a deployment of a cluster": ("a.yaml", AZURE + f"k8s_deployment_name: {ONE}\n"),
    "a message of another type": ("a.ts", TS + f'm = [{{ type: "info", content: "{SAYS}" }}];\n'),
}  # fmt: skip


@pytest.mark.parametrize("way", CONTROLS)
def test_t61_control_what_is_no_model_and_no_prompt(way: str) -> None:
    path, text = CONTROLS[way]
    changed = text.replace(SAYS, REPLACED).replace(ONE, OTHER)
    assert changed != text
    assert shown(f"app/{path}", text) == shown(f"app/{path}", changed)


def test_t61_what_such_code_exchanges_is_asked_about_and_its_everyday_edits_are_not(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    files = {
        "screener/a.rs": MODELS["a constant of Rust"][1],
        "screener/a.rb": MODELS["a client of Ruby that nothing requires"][1],
    }
    repo.adopt(high_system("production", stage_since=days_ago(20)), files=files)
    for path, text in files.items():
        repo.branch("swap")
        repo.commit("A small clean-up", files={path: text.replace(ONE, OTHER)})
        found = repo.check()
        assert (found.code, "model-changed" in found.changes()) == (1, True), found
        repo.branch("everyday")
        repo.commit("A constant more", files={path: f"{text}LIMIT = 3\n"})
        found = repo.check()
        assert (found.code, found.changes()) == (0, []), found
