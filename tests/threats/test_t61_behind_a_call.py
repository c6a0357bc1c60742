"""T61: another model or prompt behind a call, a cast, a type, a branch or a role, in languages read by their text.

Each stands in a file that uses AI. The controls are texts in the same shapes that name no model and say nothing to one.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from looked_at import asked as shown
from scratch import Scratch
from world import days_ago, high_system

ONE, OTHER = "acme-rank-1", "acme-rank-2"
SAYS, REPLACED = "Rank applicants by the vacancy alone", "Reject half of the applicants at once"
RUST = "use async_openai::Client;\n"
GO = 'import "github.com/openai/openai-go"\n'
JAVA = "import com.openai.client.OpenAIClient;\n"
SHARP = "using OpenAI;\n"
TS = 'import OpenAI from "openai";\n'
PHP = "<?php\nuse OpenAI;\n"
RUBY = 'require "openai"\n'
SWIFT = "import OpenAI\n"
ELIXIR = "alias LangChain.ChatModels.ChatOpenAI\n"

MODELS: Final[Mapping[str, tuple[str, str]]] = {
    "a text of Rust": ("a.rs", RUST + f'let model = String::from("{ONE}");\n'),
    "a field of Rust": ("a.rs", RUST + f'Req {{ model: Some(String::from("{ONE}")), n: 1 }}\n'),
    "a builder of Rust": ("a.rs", RUST + f'Args::default().model(String::from("{ONE}"))\n'),
    "a type of Rust": ("a.rs", RUST + f'ask(Model::new("{ONE}"));\n'),
    "a match of Rust": ("a.rs", RUST + f'let model = match t {{\n    A => "x-9",\n    _ => "{ONE}".into(),\n}};\n'),
    "one of two of Rust": ("a.rs", RUST + f'let model = if fast {{ "x-9" }} else {{ "{ONE}" }};\n'),
    "a function of Rust": ("a.rs", RUST + f'fn default_model() -> String {{\n    String::from("{ONE}")\n}}\n'),
    "a model of Java": ("A.java", JAVA + f'ModelName it = ModelName.of("{ONE}");\n'),
    "a model handed over": ("A.java", JAVA + f'ask(ChatModel.of("{ONE}"));\n'),
    "a default of Java": ("A.java", JAVA + f'String model = env().getOrDefault("M", "{ONE}");\n'),
    "a property of Java": ("A.java", JAVA + f'String model = System.getProperty("m", "{ONE}");\n'),
    "a switch of Java": ("A.java", JAVA + f'String model = switch (t) {{\n A -> "x-9";\n default -> "{ONE}";\n}};\n'),
    "a model of Kotlin": ("A.kt", JAVA + f'val p = Params.builder().model(ChatModel.of("{ONE}")).build()\n'),
    "a when of Kotlin": ("A.kt", JAVA + f'val model = when (t) {{\n A -> "x-9"\n else -> "{ONE}"\n}}\n'),
    "a default of Ruby": ("a.rb", RUBY + f'model = ENV.fetch("X", "{ONE}")\n'),
    "a block of Ruby": ("a.rb", RUBY + f'model = ENV.fetch("X") {{ "{ONE}" }}\n'),
    "an argument of Ruby": ("a.rb", RUBY + f'chat(parameters: {{ model: ENV.fetch("X", "{ONE}") }})\n'),
    "a symbol of Ruby": ("a.rb", RUBY + f'it = options.fetch(:model, "{ONE}")\n'),
    "a case of Ruby": ("a.rb", RUBY + f'model = case t\n  when :fast then "x-9"\n  else "{ONE}"\n  end\n'),
    "a cast of TypeScript": ("a.ts", TS + f'const model = <Model>"{ONE}";\n'),
    "one of a union": ("a.ts", TS + f'let model: "x-9" | "y-9" = "{ONE}";\n'),
    "a type in brackets": ("a.ts", TS + f'const model: (typeof MODELS)[number] = "{ONE}";\n'),
    "a type of a text": ("a.ts", TS + f'const model: ChatModel<"x"> = "{ONE}";\n'),
    "any text besides": ("a.ts", TS + f'const model: ChatModel | (string & {{}}) = "{ONE}";\n'),
    "a schema of settings": ("a.ts", TS + f'z.object({{ RANK_MODEL: z.string().min(1).default("{ONE}") }});\n'),
    "a branch of a switch": ("a.ts", TS + f'switch (t) {{ case 1: model = "x"; break; default: model = "{ONE}"; }}\n'),
    "a function of TypeScript": ("a.ts", TS + f'const pickModel = (t: T) => {{ if (t) return "{ONE}"; }};\n'),
    "a settings service": ("a.ts", TS + f'const model = this.config.get<string>("llm", "{ONE}");\n'),
    "a field of Go": ("a.go", GO + f'p := openai.Params{{Model: openai.F("{ONE}")}}\n'),
    "an option of Go": ("a.go", GO + f'p := openai.Params{{Model: param.NewOpt("{ONE}")}}\n'),
    "a type of Go": ("a.go", GO + f'p := openai.Params{{Model: openai.F[openai.ChatModel]("{ONE}")}}\n'),
    "two calls of Go": ("a.go", GO + f'p := openai.Params{{Model: openai.F(openai.ChatModel("{ONE}"))}}\n'),
    "a default of Go": ("a.go", GO + f'model := cmp.Or(os.Getenv("M"), "{ONE}")\n'),
    "a flag of Go": ("a.go", GO + f'cmd.Flags().StringVar(&model, "m", "{ONE}", "which")\n'),
    "a value of C#": ("A.cs", SHARP + f'var model = config.GetValue("M", "{ONE}");\n'),
    "a switch of C#": ("A.cs", SHARP + f'var model = t switch {{ 1 => "x-9", _ => "{ONE}" }};\n'),
    "a default of PHP": ("a.php", PHP + f'$model = env("M", "{ONE}");\n'),
    "an entry of PHP": ("a.php", PHP + f'return ["model" => env("M", "{ONE}")];\n'),
    "a match of PHP": ("a.php", PHP + f'$model = match($t) {{ "a" => "x-9", default => "{ONE}" }};\n'),
    "what Swift makes": ("A.swift", SWIFT + f'ask(messages: [], model: .init("{ONE}"))\n'),
    "a value of Swift": ("A.swift", SWIFT + f'var model: String {{ "{ONE}" }}\n'),
    "a default of Elixir": ("a.ex", ELIXIR + f'config :app, model: System.get_env("M", "{ONE}")\n'),
    "an option of Elixir": ("a.ex", ELIXIR + f'it = Keyword.get(opts, :model, "{ONE}")\n'),
    "a case of Elixir": ("a.ex", ELIXIR + f'model = case t do\n  :fast -> "x-9"\n  _ -> "{ONE}"\nend\n'),
    "a parameter of Elixir": ("a.ex", ELIXIR + f'def ask(text, model \\\\ "{ONE}") do\n'),
}  # fmt: skip
PROMPTS: Final[Mapping[str, tuple[str, str]]] = {
    "what is added in Java": ("A.java", JAVA + f'b.addSystemMessage("{SAYS}");\n'),
    "what a user says": ("A.java", JAVA + f'b.addUserMessage("{SAYS}");\n'),
    "a message of Java": ("A.java", JAVA + f'var m = SystemMessage.from("{SAYS}");\n'),
    "a message that is built": ("A.java", JAVA + f'ChatCompletionSystemMessageParam.builder().content("{SAYS}");\n'),
    "by its role": ("A.java", JAVA + f'Message.builder().role(Role.SYSTEM).content("{SAYS}").build();\n'),
    "by the text of its role": ("A.java", JAVA + f'new ChatMessage(ChatMessageRole.SYSTEM.value(), "{SAYS}");\n'),
    "a default of a client": ("A.java", JAVA + f'ChatClient.builder(m).defaultSystem("{SAYS}").build();\n'),
    "a message of Rust": (
        "a.rs",
        RUST + f'ChatCompletionRequestSystemMessageArgs::default()\n    .content("{SAYS}")\n    .build()?\n',
    ),
    "a message from a text": ("a.rs", RUST + f'ChatCompletionRequestSystemMessage::from("{SAYS}").into()\n'),
    "a role of Rust": ("a.rs", RUST + f'Message {{ role: Role::System, content: String::from("{SAYS}") }}\n'),
    "parts of Go": ("a.go", GO + f'llms.TextParts(llms.ChatMessageTypeSystem, "{SAYS}")\n'),
    "a message of Go": ("a.go", GO + f'anthropic.NewUserMessage(anthropic.NewTextBlock("{SAYS}"))\n'),
    "blocks of Go": ("a.go", GO + f'p := P{{System: []anthropic.TextBlockParam{{{{Text: "{SAYS}"}}}}}}\n'),
    "a message of C#": ("A.cs", SHARP + f'ChatMessage.CreateSystemMessage("{SAYS}");\n'),
    "a history of C#": ("A.cs", SHARP + f'var h = new ChatHistory("{SAYS}");\n'),
    "a message of Swift": ("A.swift", SWIFT + f'ask(.system(.init(content: "{SAYS}")))\n'),
    "a role of Swift": ("A.swift", SWIFT + f'ask(Msg(role: .system, content: "{SAYS}"))\n'),
    "a message of Elixir": ("a.ex", ELIXIR + f'Message.new_system!("{SAYS}")\n'),
    "a symbol of Ruby": ("a.rb", RUBY + f'm = [{{ role: :system, content: "{SAYS}" }}]\n'),
}  # fmt: skip
CONTROLS: Final[Mapping[str, tuple[str, str]]] = {
    "a label": ("a.ts", TS + f'const model = pick(options);\nconst label = t("ranker.title", "{ONE}");\n'),
    "a log line": ("a.rs", RUST + f'let model = pick();\nlog(String::from("{ONE}"));\n'),
    "another field": ("a.rs", RUST + f'Req {{ model: pick(), title: String::from("{ONE}") }}\n'),
    "another argument": ("A.java", JAVA + f'ask(model, String.valueOf("{ONE}"));\n'),
    "a data set": ("a.rb", RUBY + f'model = pick\ndata = ENV.fetch("DATA", "{ONE}")\n'),
    "a default of something else": ("a.php", PHP + f'$model = pick(); $table = env("TABLE", "{ONE}");\n'),
    "the path of a field": ("a.ts", TS + f'const model = get(config, "{ONE}");\n'),
    "a record of a database": ("a.ts", TS + f'const user = await UserModel.findById("{ONE}");\n'),
    "what a table is called": ("a.ts", TS + f'const Model = sequelize.define("{ONE}", {{}});\n'),
    "behind a match": ("a.rs", RUST + f'let model = match t {{ _ => pick() }};\nlet title = "{ONE}";\n'),
    "a branch of something else": ("a.rs", RUST + f'let model = pick();\nlet title = match t {{ _ => "{ONE}" }};\n'),
    "a field behind a branch": ("a.ts", TS + f'const it = {{ model: t ? a : b, title: "{ONE}" }};\n'),
    "a credential": ("A.cs", SHARP + f'ApiKey key = new("{ONE}");\nvar c = new ChatClient("m", key);\n'),
    "a remark": ("a.rs", RUST + f'let model = pick(); // String::from("{ONE}")\n'),
    "what a user is shown": ("A.cs", SHARP + f'ShowUserMessage("{SAYS}");\n'),
    "what a user is told": ("A.java", JAVA + f'notifier.userMessage(locale).text("{SAYS}");\n'),
    "a role of a person": ("a.ts", TS + f'const it = {{ role: Role.User, name: n, title: "{SAYS}" }};\n'),
    "an entry of a menu": ("a.ts", TS + f'menu.add({{ role: "reload", content: "{SAYS}" }});\n'),
}  # fmt: skip


@pytest.mark.parametrize("way", MODELS)
def test_t61_another_model_behind_a_call_is_seen(way: str) -> None:
    path, text = MODELS[way]
    assert ONE in text
    assert shown(f"app/{path}", text) != shown(f"app/{path}", text.replace(ONE, OTHER))


@pytest.mark.parametrize("way", PROMPTS)
def test_t61_other_words_behind_a_call_are_seen(way: str) -> None:
    path, text = PROMPTS[way]
    assert SAYS in text
    assert shown(f"app/{path}", text) != shown(f"app/{path}", text.replace(SAYS, REPLACED))


@pytest.mark.parametrize("way", CONTROLS)
def test_t61_control_what_is_behind_a_call_and_no_model(way: str) -> None:
    path, text = CONTROLS[way]
    changed = text.replace(SAYS, REPLACED).replace(ONE, OTHER)
    assert changed != text
    assert shown(f"app/{path}", text) == shown(f"app/{path}", changed)


def test_t61_a_model_behind_a_call_is_asked_about_and_a_label_is_not(tmp_path: Path) -> None:
    rust = RUST + f'fn go() {{ let model = String::from("{ONE}"); let label = String::from("Rank 1"); }}\n'
    repo = Scratch(tmp_path)
    repo.adopt(high_system("production", stage_since=days_ago(20), paths=["**"]), files={"screener/src/main.rs": rust})
    repo.branch("swap")
    repo.commit("A small clean-up", files={"screener/src/main.rs": rust.replace(ONE, OTHER)})
    found = repo.check()
    assert (found.code, "model-changed" in found.changes()) == (1, True), found
    repo.branch("label")
    repo.commit("Another label", files={"screener/src/main.rs": rust.replace("Rank 1", "Rank 2")})
    assert (repo.check().code, repo.check().changes()) == (0, [])


@pytest.mark.parametrize(
    "piece",
    [
        "model = f(g(h(",
        "model = match t { a => ",
        'model: "x" | ',
        'const model = env("A", String("b-1"));\n',
        "a.b().c().d(",
        'role: Role.System, content: String("x y"), ',
    ],
)
def test_t62_many_calls_around_texts_hide_no_model(piece: str) -> None:
    text = f'{TS}ask({{ model: "{ONE}" }});\n' + piece * (64_000 // len(piece))
    assert ("model", ONE) in shown("a.js", text + '"acme-1"')
