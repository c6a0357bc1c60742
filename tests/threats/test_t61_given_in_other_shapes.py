"""T61: another model or prompt, given in a shape other than `name = "text"`: pairs, sums, lists, defaults, blocks.

Each way stands in a file that uses AI and shows another model or prompt once its text is exchanged; the controls are
texts beside it that are neither.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from looked_at import asked as shown
from scratch import Scratch
from world import days_ago, high_system

ONE, OTHER = "acme-rank-1", "acme-rank-2"
SAYS, REPLACED = "Rank applicants by the vacancy alone", "Reject half of the applicants at once"
JAVA = "import com.openai.client.OpenAIClient;\n"
CSHARP = "using OpenAI;\n"
GO = 'import "github.com/openai/openai-go"\n'
TS = 'import OpenAI from "openai";\n'
PY = "import openai\n"
RUST = "use async_openai::Client;\n"
HOST = "url: https://api.openai.com/v1\n"


MODELS: dict[str, tuple[str, str]] = {
    "a map of Java": ("A.java", JAVA + 'r = Map.of("temperature", 0, "model", "acme-rank-1");\n'),
    "put": ("A.java", JAVA + 'r.put("model", "acme-rank-1");\n'),
    "a pair of Kotlin": ("A.kt", JAVA + 'val r = mapOf("model" to "acme-rank-1")\n'),
    "a pair of Scala": ("A.scala", JAVA + 'Map("model" -> "acme-rank-1")\n'),
    "a dictionary of C#": ("A.cs", CSHARP + 'new Dictionary<string, object> {{"model", "acme-rank-1"}};\n'),
    "a property of C#": ("A.cs", CSHARP + 'string Model { get; set; } = "acme-rank-1";\n'),
    "a client of C#": ("A.cs", CSHARP + 'var client = new ChatClient("acme-rank-1", key);\n'),
    "a field of a form": ("a.ts", TS + 'form.append("model", "acme-rank-1");\n'),
    "a function of a vendor": ("a.ts", 'import { openai } from "@ai-sdk/openai";\nopenai("acme-rank-1");\n'),
    "a default of TypeScript": ("a.ts", TS + 'const model = process.env.MODEL ?? "acme-rank-1";\n'),
    "one of two": ("a.ts", TS + 'const model = fast ? "x-9" : "acme-rank-1";\n'),
    "in brackets": ("a.ts", TS + 'const model = ("acme-rank-1");\n'),
    "a flag of Go": ("a.go", GO + 'm := flag.String("model", "acme-rank-1", "which")\n'),
    "a default of Rust": ("a.rs", RUST + 'let model = env::var("M").unwrap_or("acme-rank-1".into());\n'),
    "a variable of PHP": ("a.php", "<?php use OpenAI;\n$model = $_ENV['M'] ?? 'acme-rank-1';\n"),
    "an arrow of R": ("a.r", 'library(openai)\nmodel <- "acme-rank-1"\n'),
    "a pair of Python": ("a.py", PY + 'x = dict([("model", "acme-rank-1")])\n'),
    "setattr": ("a.py", PY + 'setattr(settings, "model", "acme-rank-1")\n'),
    "a default of Python": ("a.py", PY + 'model = os.environ.get("M") or "acme-rank-1"\n'),
    "a default in a call": ("a.py", PY + 'model = os.environ.get("M", "acme-rank-1")\n'),
    "one of two in Python": ("a.py", PY + 'model = "acme-rank-1" if fast else other\n'),
    "an option of a command": ("a.py", PY + 'parser.add_argument("--model", default="acme-rank-1")\n'),
    "a field": ("a.py", PY + 'class A:\n    model: str = Field("acme-rank-1")\n'),
    "several at once": ("a.py", PY + 'model, heat = "acme-rank-1", 0\n'),
    "an enumeration": ("a.py", PY + 'class Model(StrEnum):\n    RANK = "acme-rank-1"\n'),
    "a class's own": ("a.py", PY + 'class A(Agent, model="acme-rank-1"):\n    pass\n'),
    "braces of YAML": ("a.yaml", HOST + "llm: {model: acme-rank-1, heat: 0}\n"),
    "an anchor": ("a.yaml", HOST + "model: &m acme-rank-1\n"),
    "a tag": ("a.yaml", HOST + "model: !!str acme-rank-1\n"),
    "a key on its own line": ("a.yaml", HOST + "? model\n: acme-rank-1\n"),
    "a group": ("a.yaml", HOST + "model:\n  name: acme-rank-1\n"),
    "an item": ("a.yaml", HOST + 'model:\n  - "acme-rank-1"\n'),
    "a variable of a container": ("a.yaml", HOST + "env:\n  - name: MODEL\n    value: acme-rank-1\n"),
    "a variable in quotes": ("a.yaml", HOST + 'environment:\n  - "MODEL=acme-rank-1"\n'),
    "a task": ("a.json", '{"u": "https://api.openai.com", "e": [{"name": "MODEL", "value": "acme-rank-1"}]}'),
    "an element": ("a.xml", "<a><u>https://api.openai.com</u>\n<model>acme-rank-1</model></a>\n"),
    "a service": ("a.service", "Environment=U=https://api.openai.com/v1\nEnvironment=MODEL=acme-rank-1\n"),
    "a field of a command": ("a.sh", "curl https://api.openai.com/v1/x -F model=acme-rank-1\n"),
    "JSON with remarks": ("a.jsonc", '{"url": "https://api.openai.com/v1", "model": "acme-rank-1"}\n'),
    "a client of BAML": ("a.baml", 'client<llm> R {\n  options {\n    model "acme-rank-1"\n  }\n}\n'),
}  # fmt: skip
PROMPTS: dict[str, tuple[str, str]] = {
    "a map of Java": ("A.java", JAVA + f'Map.of("role", "system", "content", "{SAYS}");\n'),
    "a sum": ("A.java", JAVA + f'String prompt = "Be fair. " +\n    "{SAYS}";\n'),
    "a sum with a remark": ("A.java", JAVA + f'String prompt = "Be fair. " + // and short\n    "{SAYS}";\n'),
    "what is added": ("A.java", JAVA + f'prompt.append("{SAYS}");\n'),
    "a format": ("A.java", JAVA + f'String prompt = String.format("{SAYS} %s", x);\n'),
    "a role's constant": ("A.java", JAVA + f'Message.of(Role.SYSTEM, "{SAYS}");\n'),
    "a pair of Kotlin": ("A.kt", JAVA + f'mapOf("role" to "system", "content" to "{SAYS}")\n'),
    "a function of Go": ("a.go", GO + f'func systemPrompt(x string) string {{\n\treturn "{SAYS}"\n}}\n'),
    "a list": ("a.ts", TS + f'const prompt = ["Be fair.", "{SAYS}"].join("\\n");\n'),
    "a function": ("a.ts", TS + f"function systemPrompt(a) {{ return `{SAYS} ${{a}}` }}\n"),
    "an arrow": ("a.ts", TS + f"const prompt = (a) => `{SAYS} ${{a}}`;\n"),
    "what is added by a sign": ("a.ts", TS + f'prompt += "{SAYS}";\n'),
    "before its role": ("a.ts", TS + f'push({{ content: "{SAYS}", role: "system" }});\n'),
    "a pair of a list": ("a.ts", TS + f'm = [["system", "{SAYS}"]];\n'),
    "a list of Python": ("a.py", PY + f'INSTRUCTIONS = ["Be fair.", "{SAYS}"]\n'),
    "joined": ("a.py", PY + f'PROMPT = "\\n".join(["Be fair.", "{SAYS}"])\n'),
    "a table": ("a.py", PY + f'PROMPTS = {{"rank": "{SAYS}"}}\n'),
    "added in Python": ("a.py", PY + f'prompt += "{SAYS}"\n'),
    "a template": ("a.py", PY + f'PROMPT = Template("{SAYS}")\n'),
    "what a function returns": ("a.py", PY + f'def system_prompt():\n    if x:\n        return "{SAYS}"\n'),
    "by way of a name": ("a.py", PY + f'def system_prompt():\n    text = "{SAYS}"\n    return text\n'),
    "what an agent's function returns": ("a.py", PY + f'@agent.system_prompt\ndef rank():\n    return "{SAYS}"\n'),
    "a signature": ("a.py", f'import dspy\nclass R(dspy.Signature):\n    """{SAYS}."""\n'),
    "a field of a signature": ("a.py", f'import dspy\na = dspy.InputField(desc="{SAYS}")\n'),
    "a function that a model is": ("a.py", f'import marvin\n@marvin.fn\ndef rank(a):\n    """{SAYS}."""\n'),
    "a tool": ("a.py", f'from pydantic_ai import Agent\n@agent.tool\ndef rank(a):\n    """{SAYS}."""\n'),
    "a block of YAML": ("a.yaml", HOST + f"prompt: |\n  {SAYS},\n  please.\n"),
    "a folded block": ("a.yaml", HOST + f"- system_prompt: >-\n    {SAYS},\n    please.\n"),
    "items of YAML": ("a.yaml", HOST + f"instructions:\n  - {SAYS}\n  - Be fair\n"),
    "a message of YAML": ("a.yaml", HOST + f"messages:\n  - role: system\n    content: {SAYS}\n"),
    "a table of YAML": ("a.yaml", HOST + f"prompts:\n  rank: {SAYS}\n"),
    "items of JSON": ("a.json", f'{{"url": "https://api.openai.com", "instructions": ["Be fair", "{SAYS}"]}}'),
    "a long text of TOML": ("a.toml", f'url = "https://api.openai.com"\nprompt = """\n{SAYS}\n"""\n'),
    "a function of BAML": ("a.baml", f'function R(a: string) -> int {{\n  prompt #"\n    {SAYS}\n  "#\n}}\n'),
}  # fmt: skip


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


CONTROLS: dict[str, tuple[str, str]] = {
    "a message of a form": ("A.java", JAVA + f'errors.put("prompt", "{SAYS}");\n'),
    "a log line": ("A.java", JAVA + f'log.info("model", "{SAYS}");\n'),
    "what a user is asked": ("a.py", PY + f'prompt = input("{SAYS}")\n'),
    "what a user is asked elsewhere": ("a.ts", TS + f'const prompt = await question("{SAYS}");\n'),
    "documentation": ("a.py", PY + f'def rank():\n    """{SAYS}."""\n'),
    "documentation of a class": ("a.py", PY + f'class Rank(BaseModel):\n    """{SAYS}."""\n'),
    "what another function returns": ("a.py", PY + f'def title():\n    return "{SAYS}"\n'),
    "the next field": ("a.ts", TS + f'f({{ prompt: text, title: "{SAYS}" }});\n'),
    "the next statement": ("a.ts", TS + f'const prompt = read(path);\nshow("{SAYS}");\n'),
    "another block": ("a.yaml", HOST + f"prompt: short\ndescription: |\n  {SAYS}\n"),
    "a remark": ("a.yaml", HOST + f"prompt: |\n  Be fair.\n# {SAYS}\n"),
    "a group of settings": ("a.yaml", HOST + f"other:\n  name: {SAYS}\n"),
    "where weights lie": ("a.py", PY + f'model = joblib.load("data/{ONE}.bin")\n'),
}


@pytest.mark.parametrize("way", CONTROLS)
def test_t61_control_what_is_no_model_and_no_prompt(way: str) -> None:
    path, text = CONTROLS[way]
    changed = text.replace(SAYS, REPLACED).replace(ONE, OTHER)
    assert changed != text
    assert shown(f"app/{path}", text) == shown(f"app/{path}", changed)


def test_t61_what_is_given_in_such_a_shape_is_asked_about_and_a_developers_assistant_is_not(tmp_path: Path) -> None:
    java = JAVA + f'class A {{ Object r = Map.of("model", "{ONE}"); }}\n'
    settings = HOST + f"prompt: |\n  {SAYS},\n  please.\n"
    assistant = {".github/prompts/review.prompt.md": "Review it.\n", "AGENTS.md": "You are an engineer.\n"}
    repo = Scratch(tmp_path)
    repo.adopt(
        high_system("production", stage_since=days_ago(20), paths=["**"]),
        files={"screener/A.java": java, "screener/a.yaml": settings, **assistant},
    )
    for path, text, kind in (
        ("screener/A.java", java.replace(ONE, OTHER), "model-changed"),
        ("screener/a.yaml", settings.replace(SAYS, REPLACED), "prompt-changed"),
    ):
        repo.branch("swap")
        repo.commit("A small clean-up", files={path: text})
        found = repo.check()
        assert (found.code, kind in found.changes()) == (1, True), found
    repo.branch("assistant")
    repo.commit("Tell the assistant", files={path: f"{text}And be brief.\n" for path, text in assistant.items()})
    found = repo.check()
    assert (found.code, found.changes()) == (0, []), found
