"""What one file shows of AI, in the language that it is written in; and that its harmless neighbour shows nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from looked_at import look

from policy_gate.discover.look import look_at
from policy_gate.discover.signs import shipped_signs
from policy_gate.discover.signs_at_place import of_unclaimed
from policy_gate.schema.observed import Signal, bare_model_name, values_of


def seen(path: str, text: str) -> list[tuple[str, int, str]]:
    return [(signal.kind, signal.line, signal.found) for signal in look(path, text).signals]


IMPORTS = {
    "a.py": (
        "\nfrom google import genai\n",
        "google.genai",
        "# from google import genai\ndef f():\n  'import openai'\n",
    ),
    "a.pyi": ("import openai.types\n", "openai", "import openai_helpers\n"),
    "a.ts": (
        '\nimport OpenAI from "openai";\n',
        "openai",
        '// import OpenAI from "openai"\nimport x from "./openai"\n',
    ),
    "a.mjs": ("const o = await import('openai')\n", "openai", "/*\nimport('openai')\n*/ const s = `import 'openai'`\n"),
    "a.vue": ('<script>import { streamText } from "ai"</script>', "ai", '<p>import { x } from "main"</p>'),
    "A.java": ("\nimport static dev.langchain4j.model.X.y;\n", "dev.langchain4j", "/* \nimport dev.langchain4j.X;\n*/"),
    "A.kt": (
        "import com.aallam.openai.client.OpenAI\n",
        "com.aallam.openai",
        'val s = """\nimport com.openai.x\n"""\n',
    ),
    "a.go": (
        'package a\nimport (\n\t"fmt"\n\tai "github.com/sashabaranov/go-openai"\n)\n',
        "github.com/sashabaranov/go-openai",
        'package a\n// "github.com/sashabaranov/go-openai"\nvar s = "see github.com/sashabaranov/go-openai"\n',
    ),
    "A.cs": ("using Chat = OpenAI.Chat;\n", "OpenAI", "// using OpenAI;\nusing OpenAIsh.Things;\n"),
    "a.rb": ("require 'openai'\n", "openai", "=begin\nrequire 'openai'\n=end\n# require 'openai'\n"),
    "a.rs": ("use async_openai::{Client};\n", "async_openai", "// use async_openai::Client;\nuse async_std::task;\n"),
    "a.php": ("<?php\nuse OpenAI\\Client;\n", "OpenAI", "<?php\n# use OpenAI\\Client;\n$s = 'use OpenAI\\Client';\n"),
    "a.swift": ("import CoreML\n", "CoreML", "// import CoreML\nimport CoreData\n"),
    "a.R": ("x <- caret::train(y)\n", "caret", '# library(caret)\nprint("library(caret)")\n'),
}


@pytest.mark.parametrize("path", IMPORTS)
def test_an_import_is_seen_in_every_language_and_a_comment_or_a_text_is_none(path: str) -> None:
    use, found, harmless = IMPORTS[path]
    assert [(kind, name) for kind, _, name in seen(path, use)] == [("sdk", found)]
    assert seen(path, harmless) == []


DEPENDENCIES = {
    "requirements/prod.txt": ("# openai\nhttpx\nOpenAI[x]>=1\n", 3, "openai"),
    "pyproject.toml": ('[tool.poetry.dependencies]\nanthropic = "^1"\n', 2, "anthropic"),
    "Pipfile": ('[packages]\nopenai = "*"\n', 2, "openai"),
    "web/package.json": (
        '{"scripts": {"ai": "node x"},\n "dependencies": {"@langchain/core": "^1"}}',
        2,
        "@langchain/core",
    ),
    "go.mod": (
        "module x\nrequire (\n\tgithub.com/anthropics/anthropic-sdk-go v1.2\n)\n",
        3,
        "github.com/anthropics/anthropic-sdk-go",
    ),
    "pom.xml": (
        "<a>\n<groupId>dev.langchain4j</groupId>\n<artifactId>langchain4j</artifactId></a>",
        2,
        "dev.langchain4j:langchain4j",
    ),
    "build.gradle.kts": (
        'dependencies {\n  implementation("com.openai:openai-java:1.0")\n}',
        2,
        "com.openai:openai-java",
    ),
    "A.csproj": ('<P>\n<PackageReference Include="OpenAI" Version="2"/></P>', 2, "OpenAI"),
    "Gemfile": ("source 'x'\ngem 'ruby-openai', '~> 7'\n", 2, "ruby-openai"),
    "Cargo.toml": ('[dependencies]\nasync-openai = "0.2"\n', 2, "async-openai"),
    "composer.json": ('{"require": {\n"openai-php/client": "^1"}}', 2, "openai-php/client"),
}


@pytest.mark.parametrize("path", DEPENDENCIES)
def test_a_dependency_is_seen_in_the_file_of_every_ecosystem_and_its_version_says_nothing(path: str) -> None:
    text, line, found = DEPENDENCIES[path]
    (signal,) = look(path, text).signals
    assert (signal.kind, signal.line, signal.found, signal.value) == ("dependency", line, found, "")
    bumped = look(path, text.replace("1", "7").replace("2", "8"))
    assert [(it.what, it.vendor) for it in bumped.signals] == [(signal.what, signal.vendor)]


@pytest.mark.parametrize(
    ("path", "text", "models"),
    [
        ("a.py", 'import litellm\nlitellm.completion(model="gpt-4o")\n', ("gpt-4o",)),
        ("a.py", 'import openai\nMODEL = "another-vendors-large"\n', ("another-vendors-large",)),
        ("a.py", 'llm_model_name: str = "house-7b"\n', ("house-7b",)),
        (
            "a.py",
            'import os\nm = os.environ.get("CHAT_MODEL", "claude-sonnet-4-5")\n',
            ("$CHAT_MODEL", "claude-sonnet-4-5"),
        ),
        ("a.py", 'from transformers import AutoModel\nAutoModel.from_pretrained("acme/tiny-1")\n', ("acme/tiny-1",)),
        ("a.py", 'import openai\ndef ask(model="x-large-2"): pass\n', ("x-large-2",)),
        (
            "a.ts",
            'import {openai} from "@ai-sdk/openai";\nconst r = f({ model: openai("gpt-4.1-mini") })\n',
            ("gpt-4.1-mini",),
        ),
        (
            "a.py",
            'm = init_chat_model("google_genai:gemini-3.1-flash-lite")\n',
            ("google_genai:gemini-3.1-flash-lite",),
        ),
        ("a.ts", 'const m = { id: "openai:gpt-5" };\n', ("openai:gpt-5",)),
        ("a.yaml", "m: accounts/fireworks/models/llama-v3-70b\n", ("accounts/fireworks/models/llama-v3-70b",)),
        ("a.py", 'm = "gemini-2.0-flash@001"\n', ("gemini-2.0-flash@001",)),
        ("a.py", 'm = "time:12-30"\np = "urn:a/b-1"\n', ()),
        ("A.java", 'class A { String modelName = "gemini-2.5-flash"; }\n', ("gemini-2.5-flash",)),
        ("a.yaml", "llm:\n  model: mistral-large-latest  # was gpt-4\n", ("mistral-large-latest",)),
        (".env", "OPENAI_MODEL=gpt-4o-mini\n", ("gpt-4o-mini",)),
        ("car.py", 'import cars\nmodel = "golf-7"\nmodel_year = "2020-1"\n', ()),
        ("a.py", '"""Ask gpt-4o."""\n# gpt-4o\nx = "we like gpt-4o very much"\n', ()),
    ],
)
def test_a_models_name_is_a_text_of_its_own_or_what_a_model_is_set_to(
    path: str, text: str, models: tuple[str, ...]
) -> None:
    found = look(path, text)
    beside = found.beside if found.uses_ai else ()
    assert values_of((*found.signals, *beside), "model") == models


def test_hosts_are_told_by_name_and_endpoints_by_what_they_are_given_to() -> None:
    text = 'import requests\nrequests.post("https://api.anthropic.com/v1/messages")\n'
    assert seen("a.py", text) == [("host", 2, "api.anthropic.com")]
    assert seen("a.py", text.replace("api.anthropic.com", "api.anthropic.com.example.org")) == []
    own = look("a.py", 'import openai\nc = openai.OpenAI(base_url="https://llm.example.org/v1")\n')
    assert values_of(own.beside, "host") == ("llm.example.org",)


def test_a_prompt_is_told_by_its_words_and_not_by_how_they_are_laid_out() -> None:
    def prompts(path: str, text: str) -> tuple[str, ...]:
        found = look(path, text)
        return values_of((*found.signals, *(found.beside if found.uses_ai else ())), "prompt")

    one = prompts("a.py", 'import openai\nSYSTEM = "Rank applicants; a recruiter decides."\n')
    assert one == prompts("a.py", 'import openai\nSYSTEM = """Rank  applicants;\n a recruiter decides."""\n')
    assert one != prompts("a.py", 'import openai\nSYSTEM = "Reject applicants below 0.5 at once."\n')
    assert one == prompts(
        "a.py", 'import openai\nx = [{"role": "system", "content": "Rank applicants; a recruiter decides."}]\n'
    )
    assert one == prompts(
        "a.ts", 'import o from "openai"\nx = [{role: "system", content: "Rank applicants; a recruiter decides."}]\n'
    )
    assert one == prompts("prompts/rank.md", "Rank applicants;\na recruiter decides.\n")
    assert prompts("cli.py", 'import click\nclick.prompt("Your name")\nprompt = "Your name: "\n') == ()


RATES = "You are a clerk who rates each of the applicants."


@pytest.mark.parametrize(
    ("path", "text", "lines"),
    [
        ("a.ts", f"export const f = () => `\\\nA text:\n`;\nexport const aPrompt = `{RATES}`;\n", [4]),
        ("a.ts", f"const re = /`/;\nconst aPrompt = `{RATES}`;\n", [2]),
        ("a.ts", f"x.split(/['\"]/); y = x.replace(/[/`]/g, '');\nconst aPrompt = `{RATES}`;\n", [2]),
        ("a.ts", f"const half = a / b; const aPrompt = '{RATES}'; c = d / e;\n", [1]),
        ("a.js", f"const aPrompt = '{RATES}\\\nIt is so.';\nconst b = 'x';\n", [1]),
        ("a.rb", f"PROMPT = <<~TEXT\n  {RATES}\n  It's so.\nTEXT\nOTHER_PROMPT = '{RATES}!'\n", [1, 5]),
        ("a.rb", f"a << b\nPROMPT = '{RATES}'\n", [2]),
        ("a.php", f'<?php $prompt = <<<EOT\n{RATES} It\'s "so".\nEOT;\n$other_prompt = "{RATES}!";\n', [1, 4]),
        (
            "a.rs",
            f'const PROMPT: &str = "{RATES}\n  So.";\nconst C: char = \'"\';\nconst B_PROMPT: &str = "{RATES}!";\n',
            [1, 4],
        ),
        ("a.R", f'prompt <- "{RATES}\nIt is so."\n', [1]),
    ],
)  # fmt: skip
def test_a_prompt_is_seen_where_texts_go_over_lines_and_expressions_hold_quotes(
    path: str, text: str, lines: list[int]
) -> None:
    assert [it.line for it in look(path, text).signals if it.kind == "prompt"] == lines


def test_weights_are_their_blob_and_are_not_read() -> None:
    def refuse() -> Any:
        raise AssertionError("read")

    found = look_at("app/Model.SafeTensors", "a" * 40, refuse, refuse, shipped_signs())
    assert [(it.kind, it.value, it.confidence) for it in found.signals] == [("weights", "a" * 40, "high")]


def test_a_notebook_is_read_by_its_cells_and_its_magic_is_passed_over() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["import openai\n"]},
        {"cell_type": "code", "source": ["%pip install x\n", "import torch\n"]},
    ]
    assert seen("n.ipynb", json.dumps({"cells": cells}, indent=1)) == [("sdk", 13, "torch")]


def test_what_does_not_parse_is_looked_at_by_its_text_and_that_is_said() -> None:
    found = look("a.py", "print 'x'\nimport openai\n# import cohere\n")
    assert [it.found for it in found.signals] == ["openai"]
    assert "does not parse" in found.unread[0].message
    assert look("n.ipynb", "import torch").unread[0].path == "n.ipynb"


@pytest.mark.parametrize(
    "text",
    [
        "'" * 30_000,
        "/*" * 20_000,
        '"""' * 10_000,
        "(" * 30_000,
        "`${" * 10_000,
        "a = 'x' + " * 3_000,
        "\\" * 30_000,
        "<<A\n" * 10_000,
        "<<A\nA\n" * 6_000,
        "=/[" * 10_000,
        "(/a" * 10_000,
    ],
)
@pytest.mark.parametrize("path", ["a.py", "a.ts", "a.rs", "a.cs", "a.rb", "a.php", "a.yaml", "pom.xml"])
def test_what_stands_before_a_long_text_is_seen(path: str, text: str) -> None:
    def seen(text: str) -> set[str]:
        return {signal.found for signal in look(path, text).signals}

    head = "import openai\nmodel\n"
    assert seen(f"{head}{text}") >= seen(head)


def test_folders_say_whose_code_it_is_where_no_system_claims_it() -> None:
    def confidences(path: str) -> list[str]:
        return [signal.confidence for signal in of_unclaimed(look(path, "import openai\n"), path).signals]

    assert [confidences(path) for path in ("src/a.py", "examples/a.py", "tests/a.py", "vendor/a.py")] == [
        ["high"], ["medium"], ["low"], [],
    ]  # fmt: skip


ASKS = "import com.openai.client.OpenAIClient;\nclass A { OpenAIClient a; }\n"


@pytest.mark.parametrize(
    ("path", "confidence"),
    [
        ("src/main/java/com/example/demo/A.java", "high"),
        ("app/src/main/kotlin/org/acme/samples/A.kt", "high"),
        ("src/commonMain/kotlin/docs/A.kt", "high"),
        ("src/main/java/com/acme/vendor/A.java", "high"),
        ("src/main/java/com/acme/test/A.java", "high"),
        ("src/com/example/A.java", "high"),
        ("examples/chat/src/main/java/com/acme/A.java", "medium"),
        ("samples/com/acme/A.java", "medium"),
        ("src/test/java/com/acme/A.java", "low"),
        ("src/commonTest/kotlin/com/acme/A.kt", "low"),
        ("src/main/java/com/acme/ATest.java", "low"),
        ("vendor/lib/src/main/java/com/acme/A.java", ""),
    ],
)
def test_names_of_packages_are_no_folders_for_examples_tests_or_others_code(path: str, confidence: str) -> None:
    found = of_unclaimed(look(path, ASKS), path).signals
    assert [it.confidence for it in found] == ([confidence] if confidence else [])


def test_of_a_test_only_what_it_imports_is_worth_a_line() -> None:
    text = 'import openai\nMODEL = "gpt-4o"\nSYSTEM_PROMPT = "You are a clerk who rates each of the applicants."\n'
    assert {it.kind for it in look("test_a.py", text).signals} == {"sdk", "model", "prompt"}
    assert [it.kind for it in of_unclaimed(look("test_a.py", text), "test_a.py").signals] == ["sdk"]


def test_values_are_sorted_and_each_there_once() -> None:
    one, other = (Signal("a", 1, "model", "M", "high", name, "", name) for name in ("b", "a"))
    assert values_of((one, other, one), "model") == ("a", "b")


HOSTS = {
    "openai": "api.openai.com",
    "anthropic": "api.anthropic.com",
    "mistral": "api.mistral.ai",
    "cohere": "api.cohere.ai",
    "groq": "api.groq.com",
    "deepseek": "api.deepseek.com",
}


@pytest.mark.parametrize("path", ["hosts.yaml", "data/allow.json", "settings.toml"])
def test_settings_that_name_one_vendor_are_a_use_and_a_list_of_many_may_be_none(path: str) -> None:
    def of(hosts: list[str]) -> set[str]:
        named = {f"host_{number}": host for number, host in enumerate(hosts)}
        equals = ": " if path.endswith("yaml") else " = "
        lines = [f'{name}{equals}"{host}"' for name, host in named.items()]
        text = json.dumps(named) if path.endswith("json") else "\n".join(lines)
        return {signal.confidence for signal in look(path, text).signals}

    assert of(list(HOSTS.values())[:1]) == {"high"}
    assert of(list(HOSTS.values())[:5]) == {"high"}
    assert of(list(HOSTS.values())) == {"medium"}


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("image: ollama/ollama:0.5", True),
        ("image: 'vllm/vllm-openai'", True),
        ("image: registry.corp:5000/docker.io/ollama/ollama", True),
        ('image: "nvcr.io/nvidia/tritonserver:24.01"', True),
        ("docs: https://github.com/ollama/ollama-python", False),
        ("docs: https://hub.docker.com/r/vllm/vllm-openai", False),
        ("image: ollama/ollama-webui", False),
    ],
)
def test_an_image_that_serves_models_is_told_from_an_address_of_its_pages(line: str, is_one: bool) -> None:
    found = look("compose.yaml", f"services:\n  a:\n    {line}\n").signals
    assert bool(found) is is_one, found


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("a.yaml", "models:\n  - gpt-4o\n", 2),
        ("a.yaml", "models: [mine, gpt-4o]\n", 1),
        ("a.yaml", "model: >-\n  gpt-4o\n", 2),
        ("Dockerfile", "FROM x\nENV LLM_MODEL gpt-4o\n", 2),
        ("a.yaml", "models: [gpt-4o]\n", 1),
        ("a.yaml", "models:\n  - llama3.1:8b\n", 2),
        ("run.sh", "set -e\ncurl -s https://api.openai.com/v1/chat\n", 2),
        ("a.yaml", "hosts:\n  - api.openai.com\n", 2),
    ],
)
def test_what_settings_hold_without_quotes_is_seen_in_every_shape(path: str, text: str, line: int) -> None:
    assert [at for _, at, _ in seen(path, text)] == [line], seen(path, text)


@pytest.mark.parametrize(
    ("path", "text", "models"),
    [
        ("compose.yaml", "environment:\n  - LLM_MODEL_ID=${LLM_MODEL_ID:-gpt-4o}\n", ("$LLM_MODEL_ID", "gpt-4o")),
        ("main.parameters.json", '{"value": "${AZURE_MODEL=gpt-35-turbo}"}', ("$AZURE_MODEL", "gpt-35-turbo")),
        ("application.yml", "model: ${OLLAMA:llama3.1:8b}\n", ("$OLLAMA", "llama3.1:8b")),
        ("application.properties", "a.model=${chat-model:gpt-4o}\n", ("$chat-model", "gpt-4o")),
        ("A.java", 'class A { @Value("${openai.model:gpt-4o}") String m; }\n', ("$openai.model", "gpt-4o")),
        ("run.sh", 'MODEL="${MODEL-gpt-4o}"\n', ("$MODEL", "gpt-4o")),
        ("run.sh", 'M="${M-llama3.1:8b}"\n', ("$M", "llama3.1:8b")),
        ("run.sh", 'M="${m-gpt-4o}"\n', ("$m", "gpt-4o")),
        ("run.sh", "export M=${A:-${B:-gpt-4o}}\n", ("$B", "gpt-4o")),
        ("Makefile", "MODEL ?= gpt-4o\n", ("gpt-4o",)),
        ("d.yaml", "m: '{{ .Values.m | default \"gpt-4.1\" }}'\n", ("$.Values.m", "gpt-4.1")),
        ("d.yaml", "m: \"{{ model | default('gpt-4.1') }}\"\n", ("$model", "gpt-4.1")),
        (".github/workflows/a.yml", "env:\n  M: \"${{ vars.MODEL || 'gpt-4o' }}\"\n", ("$vars.MODEL", "gpt-4o")),
        ("a.yaml", "m: ${A:-some text}\nn: ${B}\no: ${C:?gpt-4o is not set}\n", ()),
    ],
)
def test_a_model_that_holds_where_a_variable_is_not_set_is_seen_with_the_variable(
    path: str, text: str, models: tuple[str, ...]
) -> None:
    found = look(path, text)
    assert values_of((*found.signals, *found.beside), "model") == models


def test_a_host_that_holds_where_a_variable_is_not_set_is_seen() -> None:
    assert seen("run.sh", "export BASE=${BASE:-api.openai.com}\n") == [("host", 1, "api.openai.com")]


@pytest.mark.parametrize(
    "text",
    [
        "about: we compared it, gpt-4o and others, by hand\n",
        "# - gpt-4o\n",
        "a: b  # https://api.openai.com\n",
        "- a b\n",
    ],
)
def test_prose_and_comments_of_settings_show_nothing(text: str) -> None:
    assert seen("a.yaml", text) == []


MODELS = (
    "gpt-4o gpt-5.1-codex chatgpt-4o-latest claude-sonnet-4-5 claude-3-5-haiku-20241022 claude-instant-1 "
    "anthropic/claude-opus-4.1 gemini-2.5-flash gemini-pro gemini-embedding-001 openai:gpt-5 "
    "models/gemini-1.5-pro google_genai:gemini-3.1-flash-lite accounts/fireworks/models/llama-v3-70b "
    "meta-llama/Llama-3.1-8B-Instruct command-r command-r-plus command-a-03-2025 command-r7b-12-2024 grok-4 "
    "mistral-large-latest open-mistral-7b mistralai/Mistral-7B-Instruct-v0.2 codestral-2501 deepseek-chat "
    "deepseek-ai/DeepSeek-V3 facebook/bart-large-mnli facebook/opt-1.3b facebook/wav2vec2-base-960h "
    "google/vit-base-patch16-224 google/flan-t5-xl microsoft/phi-2 microsoft/deberta-v3-base openai/whisper-large-v3 "
    "openai/clip-vit-base-patch32 nvidia/Nemotron-4-340B-Instruct voyage-3-large stable-diffusion-v1-5 "
    "kimi-k2-0711-preview Salesforce/blip-image-captioning-base facebook/esm2_t33_650M_UR50D"
)
NO_MODELS = (
    "ChatGPT-User opt-in opt-out opt-level scripts/opt-in command-line command-args command-runner command-reference "
    "claude-code claude-desktop claude-code-action claude.ai gemini-cli gemini-api grok-parser grok-patterns "
    "mistral-common mistral-client deepseek-api stable-diffusion-webui voyage-date voyage-planner kimi-cli "
    "moonshot-app facebook/react google/protobuf google/go-github microsoft/TypeScript microsoft/vscode "
    "nvidia/cuda openai/openai-python openai/codex-action llama-index llama.cpp qualified-name o1-visa time:12-30"
)


@pytest.mark.parametrize("name", MODELS.split())
def test_names_of_models_are_known(name: str) -> None:
    assert shipped_signs().model(name) is not None


@pytest.mark.parametrize("name", NO_MODELS.split())
def test_names_that_only_look_like_models_are_none(name: str) -> None:
    assert shipped_signs().model(name) is None


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("openai:gpt-5", "gpt-5"), ("google_genai:gemini-2.5-flash", "gemini-2.5-flash"), ("openai/gpt-4o", "gpt-4o"),
        ("accounts/fireworks/models/llama-v3-70b", "llama-v3-70b"), ("gemini-2.0-flash@001", "gemini-2.0-flash"),
        ("xai:grok-4", "grok-4"), ("openai:o3", "o3"), ("bedrock:us.anthropic.claude-3", "us.anthropic.claude-3"),
        ("gpt-4o", "gpt-4o"), ("llama3.1:8b", "llama3.1:8b"), ("mistral:7b-instruct", "mistral:7b-instruct"),
        ("mistral:latest", "mistral:latest"), ("phi3:mini", "phi3:mini"), ("", ""), ("two words", "two words"),
    ],
)  # fmt: skip
def test_who_serves_a_model_and_its_version_are_no_part_of_its_name(name: str, bare: str) -> None:
    assert bare_model_name(name) == bare
