"""T61: another model or prompt behind a name that says nothing of either, in languages that are read by their text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from looked_at import asked as shown
from scratch import Scratch
from world import days_ago, high_system

ONE, OTHER = "acme-rank-1", "acme-rank-2"
FAIR = "Rank the people by what they did at work, and nothing else at all."
UNFAIR = "Rank the people by where they were born, and nothing else at all."
JS = 'import OpenAI from "openai";\nconst client = new OpenAI();\n'
GO = 'package a\n\nimport "github.com/sashabaranov/go-openai"\n\n'
JAVA = "import com.openai.client.OpenAIClient;\n\n"
KOTLIN = "import com.aallam.openai.client.OpenAI\n\n"
SHARP = "using OpenAI.Chat;\n\n"
RUBY = 'require "openai"\n\n'
PHP = "<?php\nuse OpenAI;\n"
RUST = "use async_openai::Client;\n"
ASK = "client.chat.completions.create"

MODELS: Final[Mapping[str, tuple[str, str]]] = {
    "a constant": ("a.js", f'{JS}const RANKER = "{ONE}";\n{ASK}({{ model: RANKER, messages: [] }});\n'),
    "with its type": ("a.ts", f'{JS}const RANKER: string = "{ONE}";\n{ASK}({{ "model": RANKER as string }});\n'),
    "beside remarks": ("a.js", f'{JS}const RANKER = /* now */ "{ONE}";\n{ASK}({{ model: /* it */ RANKER }});\n'),
    "by way of another": ("a.js", f'{JS}const FIRST = "{ONE}";\nconst RANKER = FIRST;\n{ASK}({{ model: RANKER }});\n'),
    "a default": ("a.js", f'{JS}const RANKER = process.env.RANKER ?? "{ONE}";\n{ASK}({{ model: RANKER }});\n'),
    "one of two": ("a.js", f'{JS}const RANKER = "{ONE}";\n{ASK}({{ model: quick ? RANKER : SLOW }});\n'),
    "behind a variable": ("a.js", f'{JS}const RANKER = "{ONE}";\n{ASK}({{ model: process.env.M || RANKER }});\n'),
    "put into a text": ("a.js", f'{JS}const RANKER = `{ONE}`;\n{ASK}({{ model: `${{RANKER}}` }});\n'),
    "of an object": ("a.ts", f'{JS}const kept = {{ ranker: "{ONE}" }};\n{ASK}({{ model: kept.ranker }});\n'),
    "of one in another": (
        "a.ts",
        f'{JS}const kept =\n{{ ai: {{ "ranker": "{ONE}" }} }};\n{ASK}({{ model: kept.ai.ranker }});\n',
    ),
    "of a table": (
        "a.ts",
        f'{JS}const RANKERS: Record<string, string> = {{ it: "{ONE}" }};\n{ASK}({{ model: RANKERS[kind] }});\n',
    ),
    "of a list": ("a.ts", f'{JS}const RANKERS = ["{ONE}"];\n{ASK}({{ model: RANKERS[0] }});\n'),
    "of a class": (
        "a.ts",
        f'{JS}class A {{ constructor() {{ this.ranker = "{ONE}"; }}\n  go() {{ ask({{ model: this.ranker }}); }} }}\n',
    ),
    "of an enumeration": ("a.ts", f'{JS}enum Ranker {{ First = "{ONE}" }}\n{ASK}({{ model: Ranker.First }});\n'),
    "in a function": ("a.js", f'{JS}function go() {{\n  const it = "{ONE}";\n  {ASK}({{ model: it }});\n}}\n'),
    "around a function": ("a.js", f'{JS}const it = "{ONE}";\nconst go = () => {{ {ASK}({{ model: it }}); }};\n'),
    "set by a function": ("a.js", f'{JS}let it;\nfunction set() {{ it = "{ONE}"; }}\n{ASK}({{ model: it }});\n'),
    "a parameter": ("a.js", f'{JS}async function go(it = "{ONE}") {{\n  {ASK}({{ model: it }});\n}}\n'),
    "what makes models": (
        "a.ts",
        f'import {{ openai }} from "@ai-sdk/openai";\nconst RANKER = "{ONE}";\nask({{ model: openai(RANKER) }});\n',
    ),
    "a constant of Go": ("a.go", f'{GO}const (\n\tranker string = "{ONE}"\n)\n\nvar it = A{{\n\tModel: F(ranker)}}\n'),
    "a variable of Go": ("a.go", f'{GO}func go() {{\n\tranker := "{ONE}"\n\treq.Model = ranker\n}}\n'),
    "a field of Go": ("a.go", f'{GO}var kept = Kept{{Ranker: "{ONE}"}}\n\nvar it = A{{Model: kept.Ranker}}\n'),
    "a map of Go": ("a.go", f'{GO}var kept = map[string]string{{"it": "{ONE}"}}\n\nvar x = A{{Model: kept[x]}}\n'),
    "a constant of Java": (
        "A.java",
        f'{JAVA}class A {{\n  static final String RANKER = "{ONE}";\n  void go() {{ it.model(A.RANKER); }}\n}}\n',
    ),
    "a pair of Java": (
        "A.java",
        f'{JAVA}class A {{\n  static final String RANKER = "{ONE}";\n  Object it = Map.of("model", RANKER);\n}}\n',
    ),
    "an enumeration of Java": (
        "A.java",
        f'{JAVA}enum R {{ FIRST("{ONE}"); }}\nclass A {{\n  void go() {{ it.model(R.FIRST.id()); }}\n}}\n',
    ),
    "a constant of Kotlin": ("A.kt", f'{KOTLIN}const val RANKER = "{ONE}"\nfun go() = ask(model = ModelId(RANKER))\n'),
    "a pair of Kotlin": ("A.kt", f'{KOTLIN}val ranker by lazy {{ "{ONE}" }}\nval it = mapOf("model" to ranker)\n'),
    "a constant of C#": (
        "A.cs",
        f'{SHARP}class A {{ const string Ranker = "{ONE}";\n  void Go() {{ new ChatClient(Ranker, key); }} }}\n',
    ),
    "a property of C#": (
        "A.cs",
        f'{SHARP}class A {{ string Ranker {{ get; }} = "{ONE}";\n  void Go() {{ new O {{ Model = Ranker }}; }} }}\n',
    ),
    "a constant of Ruby": ("a.rb", f'{RUBY}RANKER = "{ONE}".freeze\nclient.chat(parameters: {{ model: RANKER }})\n'),
    "a table of Ruby": ("a.rb", f'{RUBY}KEPT = {{ it: "{ONE}" }}\nclient.chat(with: {{ :model => KEPT[:it] }})\n'),
    "of an object of Ruby": (
        "a.rb",
        f'{RUBY}def start\n  @it = "{ONE}"\nend\n\ndef go\n  client.chat(parameters: {{ model: @it }})\nend\n',
    ),
    "a variable of PHP": ("a.php", f"{PHP}$ranker = '{ONE}';\n$client->chat()->create(['model' => $ranker]);\n"),
    "a constant of PHP": ("a.php", f"{PHP}define('RANKER', '{ONE}');\n$client->chat()->create(['model' => RANKER]);\n"),
    "of an object of PHP": (
        "a.php",
        f"{PHP}class A {{ private $it = '{ONE}';\n  function go() {{ $c->create(['model' => $this->it]); }} }}\n",
    ),
    "a table of PHP": ("a.php", f"{PHP}$kept = ['it' => '{ONE}'];\n$c->create(['model' => $kept['it']]);\n"),
    "a constant of Rust": ("a.rs", f'{RUST}const RANKER: &str = "{ONE}";\nfn go(it: B) {{ it.model(RANKER); }}\n'),
    "a copy of Rust": ("a.rs", f'{RUST}const IT: &str = "{ONE}";\nfn go() {{ A {{ model: IT.to_string() }} }}\n'),
    "a constant of Swift": ("a.swift", f'import OpenAI\nlet it = "{ONE}"\nlet asked = ChatQuery(model: it)\n'),
    "an attribute of Elixir": (
        "a.ex",
        f'alias LangChain.ChatModels.ChatOpenAI\n@ranker "{ONE}"\nChatOpenAI.new!(%{{model: @ranker}})\n',
    ),
    "a variable of R": ("a.R", f'library(ellmer)\nranker <- "{ONE}"\nchat_openai(model = ranker)\n'),
    "a page": ("a.vue", f'<script>\n{JS}const RANKER = "{ONE}";\n{ASK}({{ model: RANKER }});\n</script>\n'),
    "Python that does not parse": ("a.py", f'import openai\nRANKER = "{ONE}"\nprint "x"\ncreate(model=RANKER)\n'),
}  # fmt: skip
PROMPTS: Final[Mapping[str, tuple[str, str]]] = {
    "instructions": ("a.js", f'{JS}const RULE = "{FAIR}";\nclient.responses.create({{ instructions: RULE }});\n'),
    "a message": ("a.ts", f'{JS}const RULE = "{FAIR}";\nask({{ messages: [{{ role: "system", content: RULE }}] }});\n'),
    "a message, its role last": (
        "a.ts",
        f'{JS}const RULE = "{FAIR}";\n{ASK}({{ messages: [{{ content: RULE, role: "system" }}] }});\n',
    ),
    "a part of a message": (
        "a.ts",
        f'{JS}const RULE = "{FAIR}";\n{ASK}([{{ role: "system", content: [{{ type: "text", text: RULE }}] }}]);\n',
    ),
    "a sum": ("a.ts", f'{JS}const RULE = "Be kind. " +\n  "{FAIR}";\ngenerateText({{ system: RULE + MORE }});\n'),
    "a list": ("a.ts", f'{JS}const RULE = ["Be kind.", "{FAIR}"].join(" ");\ngenerateText({{ system: RULE }});\n'),
    "put into a text": ("a.ts", f'{JS}const RULE = "{FAIR}";\ngenerateText({{ system: `${{RULE}} And more.` }});\n'),
    "a message of a class": ("a.ts", f"{JS}const RULE = `{FAIR}`;\nnew SystemMessage(RULE);\n"),
    "a message of Go": (
        "a.go",
        f"{GO}const rule = `{FAIR}`\n\nvar it = M{{Role: openai.ChatMessageRoleSystem, Content: rule}}\n",
    ),
    "a message of Java": (
        "A.java",
        f'{JAVA}class A {{ static final String RULE = """\n{FAIR}\n""";\n  A it = new SystemMessage(RULE); }}\n',
    ),
    "a message of C#": (
        "A.cs",
        f'{SHARP}class A {{ const string Rule = "{FAIR}";\n  void Go() {{ new SystemChatMessage(Rule); }} }}\n',
    ),
    "a message of Kotlin": (
        "A.kt",
        f'{KOTLIN}val rule = "{FAIR}"\nval it = ChatMessage(role = ChatRole.System, content = rule)\n',
    ),
    "a long text of Ruby": (
        "a.rb",
        f'{RUBY}RULE = <<~TEXT\n  {FAIR}\nTEXT\nchat(messages: [{{ role: "system", content: RULE }}])\n',
    ),
    "a message of PHP": ("a.php", f"{PHP}$rule = '{FAIR}';\n$c->create([['role' => 'system', 'content' => $rule]]);\n"),
    "a prompt of Rust": ("a.rs", f'{RUST}const RULE: &str = "{FAIR}";\nfn go(it: B) {{ it.system_prompt(RULE); }}\n'),
}  # fmt: skip
QUIET: Final[Mapping[str, tuple[str, str]]] = {
    "a label": ("a constant", 'const TITLE = "rank-2";\nshow({ title: TITLE, label: "rank-3", style: "col-4" });\n'),
    "a function's own": ("in a function", 'function page() {\n  const it = "rank-2";\n  show(it);\n}\n'),
    "an arrow's own": ("in a function", 'const page = (a) => {\n  const it = "rank-2";\n  show(it);\n};\n'),
    "a parameter's own": ("in a function", 'function page(it = "rank-2") {\n  show(it);\n}\n'),
    "a key of others": ("of an object", 'const chart = { ranker: "chart-2" };\n'),
    "a table of others": ("of a table", 'const NAMES = { it: "chart-2" };\n'),
    "a function's own in Go": ("a variable of Go", 'func page() {\n\tranker := "rank-2"\n\tshow(ranker)\n}\n'),
    "a method's own in Java": (
        "a constant of Java",
        'class P { void page(int a) throws E { String RANKER = "rank-2"; show(RANKER); } }\n',
    ),
    "a method's own in Ruby": ("a constant of Ruby", 'def page\n  ranker = "rank-2"\n  show(ranker)\nend\n'),
    "a function's own in PHP": ("a variable of PHP", "function page() { $ranker = 'rank-2'; show($ranker); }\n"),
    "a function's own in Rust": ("a constant of Rust", 'fn page() { let IT = "rank-2"; show(IT) }\n'),
    "a remark": ("a constant", '// model: TITLE\nconst TITLE = "rank-2";\n'),
}  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
def test_t61_a_model_that_a_name_hands_on_is_shown(name: str) -> None:
    path, text = MODELS[name]
    assert ("model", ONE) in shown(path, text)
    assert ("model", OTHER) in shown(path, text.replace(ONE, OTHER))


@pytest.mark.parametrize("name", PROMPTS)
def test_t61_a_prompt_that_a_name_hands_on_is_shown(name: str) -> None:
    path, text = PROMPTS[name]
    said = {it for it in shown(path, text) if it[0] == "prompt"}
    assert said
    assert said != {it for it in shown(path, text.replace(FAIR, UNFAIR)) if it[0] == "prompt"}


@pytest.mark.parametrize("name", QUIET)
def test_t61_control_the_same_name_for_something_else_shows_nothing(name: str) -> None:
    of, more = QUIET[name]
    path, text = MODELS[of]
    assert shown(path, text) == shown(path, text + more)


@pytest.mark.parametrize("name", ["a constant", "by way of another", "a variable of PHP", "a constant of Go"])
def test_t61_control_another_name_and_other_lines_for_the_same_show_the_same(name: str) -> None:
    path, text = MODELS[name]
    other = text.replace("RANKER", "CHOSEN").replace("ranker", "chosen").replace("FIRST", "EARLIEST")
    assert shown(path, text) == shown(path, other) == shown(path, text.replace(";\n", ";\n\n// Next.\n"))


def test_t61_functions_that_call_theirs_the_same_hide_none() -> None:
    text = "".join(
        f'function f{it}() {{\n  const it = "acme-{it}";\n  {ASK}({{ model: it }});\n}}\n' for it in range(3)
    )
    assert shown("a.js", JS + text) == {("model", f"acme-{it}") for it in range(3)}


def test_t61_more_names_in_a_row_and_signs_that_mark_names_hide_none() -> None:
    row = "".join(f"const {one} = {other};\n" for other, one in zip("ABCD", "BCDE", strict=True))
    assert ("model", ONE) in shown("a.js", f'{JS}const A = "{ONE}";\n{row}{ASK}({{ model: E }});\n')
    assert ("model", ONE) in shown("a.js", f'{JS}// \x1f7 \nconst A = "{ONE}";\n{ASK}({{ model: A }});\n')


def test_t61_a_model_and_a_prompt_that_names_hand_on_ask_somebody(tmp_path: Path) -> None:
    repo = Scratch(tmp_path)
    files = {
        f"screener/{name.replace(' ', '_')}/{path}": text
        for name, (path, text) in {**MODELS, **PROMPTS}.items()
        if name in ("a constant", "a variable of Go", "instructions")
    }
    repo.adopt(high_system("production", stage_since=days_ago(20)), files=files)
    for path, text in files.items():
        for old, new, kind in ((ONE, OTHER, "model-changed"), (FAIR, UNFAIR, "prompt-changed")):
            if old in text:
                repo.branch("work")
                repo.commit("Another", files={path: text.replace(old, new)})
                assert (repo.check().code, repo.check().changes()) == (1, [kind]), path
    repo.branch("work")
    told = {path: text.replace("RANKER", "CHOSEN").replace("RULE", "KEPT") for path, text in files.items()}
    repo.commit("Other names", files=told)
    assert (repo.check().code, repo.check().changes()) == (0, [])


@pytest.mark.parametrize(
    "piece",
    [
        'def f():\n    it = "a-1"\n    create(model=it)\n',
        'const it = "a-1";\nask({ model: it });\n',
        'function f() { model: it; it = "a-1"; }\n',
        "model: it = it = ",
        "it = { model: it[",
        'def a\n model: it, it = "a-1"\n',
    ],
)
def test_t62_many_names_that_are_handed_on_hide_no_model(piece: str) -> None:
    path, head = ("a.py", "import openai\nask(model=") if piece.startswith("def f") else ("a.js", JS + "ask({model: ")
    end = ")\n" if path == "a.py" else "});\n"
    assert ("model", ONE) in shown(path, f'{head}"{ONE}"{end}' + piece * (64_000 // len(piece)))
