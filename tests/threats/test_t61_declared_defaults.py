"""T61: a model that a declaration names as what holds where nobody sets it, in languages read by their text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from looked_at import asked as shown
from scratch import Scratch
from world import days_ago, high_system

ONE, OTHER = "acme-rank-1", "acme-rank-2"

SPRING = "import org.springframework.ai.chat.client.ChatClient;\n"
RUST = "use async_openai::Client;\n"
TS = 'import OpenAI from "openai";\n'
GO = 'package a\n\nimport "github.com/openai/openai-go"\n\n'
CS = "using OpenAI.Chat;\n"
RUBY = 'require "openai"\n'
DART = "import 'package:dart_openai/dart_openai.dart';\n"

WAYS: Final[Mapping[str, tuple[str, str]]] = {
    "a value of Spring": ("A.java", SPRING + f'@Value("${{app.ai.model:{ONE}}}")\nprivate String name;\n'),
    "a value by its field": ("A.java", SPRING + f'@Value("${{ranker:{ONE}}}")\n@NotNull\nprivate String model;\n'),
    "a value by its parameter": ("A.java", SPRING + f'A(@Value("${{ranker:{ONE}}}") String model, int n) {{}}\n'),
    "a value of Kotlin": ("A.kt", SPRING + f'@Value("\\${{app.model:{ONE}}}") val name: String\n'),
    "a property of MicroProfile": (
        "A.java",
        SPRING + f'@ConfigProperty(name = "ranker", defaultValue = "{ONE}") String model;\n',
    ),
    "an option of picocli": ("A.java", SPRING + f'@Option(names = "--model", defaultValue = "{ONE}") String it;\n'),
    "an argument of clap": ("a.rs", RUST + f'#[arg(long, default_value = "{ONE}")]\nmodel: String,\n'),
    "one of a type": ("a.rs", RUST + f'#[arg(long, default_value_t = String::from("{ONE}"))]\npub model: String,\n'),
    "one behind others": ("a.rs", RUST + f'#[arg(default_value = "{ONE}")]\n#[serde(skip)]\nmodel: String,\n'),
    "an option of commander": ("a.ts", TS + f'program.option("-m, --model <name>", "which", "{ONE}");\n'),
    "one with its default": ("a.ts", TS + f'new Option("--model <name>", "which").default("{ONE}");\n'),
    "an option of yargs": ("a.ts", TS + f'yargs.option("model", {{ type: "string", default: "{ONE}" }});\n'),
    "options of yargs": ("a.ts", TS + f'yargs.options({{ model: {{ type: "string", default: "{ONE}" }} }});\n'),
    "a flag of oclif": ("a.ts", TS + f"const flags = {{ model: Flags.string({{ char: 'm', default: '{ONE}' }}) }};\n"),
    "options of Node": ("a.js", TS + f"parseArgs({{ options: {{ model: {{ short: 'm', default: '{ONE}' }} }} }});\n"),
    "a variable of envalid": ("a.ts", TS + f'cleanEnv(env, {{ OPENAI_MODEL: str({{ default: "{ONE}" }}) }});\n'),
    "a setting of convict": ("a.ts", TS + f'convict({{ model: {{ doc: "Which", default: "{ONE}", env: "M" }} }});\n'),
    "a tag of Go": ("a.go", GO + f'type C struct {{\n\tModel string `env:"M" envDefault:"{ONE}"`\n}}\n'),
    "a flag of Go": ("a.go", GO + f'cmd.Flags().StringVarP(&it, "model", "m", "{ONE}", "which")\n'),
    "a property of C#": ("A.cs", CS + f'[DefaultValue("{ONE}")]\npublic string Model {{ get; set; }}\n'),
    "an option of Ruby": ("a.rb", RUBY + f'option :model, type: :string, default: "{ONE}"\n'),
    "a variable of Dart": ("a.dart", DART + f"const String.fromEnvironment('MODEL', defaultValue: '{ONE}');\n"),
    "a variable of Terraform": ("a.tf", f'variable "openai_model" {{\n  type = string\n  default = "{ONE}"\n}}\n'),
    "a schema": ("schema.json", f'{{"ai": {{"openai_model": {{"type": "string", "default": "{ONE}"}}}}}}\n'),
    "a variable of a shell": ("a.sh", f': "${{OPENAI_MODEL:={ONE}}}"\n'),
}
CONTROLS: Final[Mapping[str, tuple[str, str]]] = {
    "another option": ("a.ts", TS + f'program.option("-t, --title <text>", "of the page", "{ONE}");\n'),
    "another setting": ("a.ts", TS + f'convict({{ title: {{ doc: "Which", default: "{ONE}" }} }});\n'),
    "the next setting": (
        "a.ts",
        TS + f'convict({{ model: {{ default: process.env.M }}, title: {{ default: "{ONE}" }} }});\n',
    ),
    "a remark": ("a.rs", RUST + f'// #[arg(long, default_value = "{ONE}")]\n// model: String,\n'),
    "another field": ("a.rs", RUST + f'#[arg(long, default_value = "{ONE}")]\ntitle: String,\nmodel: String,\n'),
    "another value": ("A.java", SPRING + f'@Value("${{page.title:{ONE}}}")\nprivate String title;\n'),
    "another tag": ("a.go", GO + f'type C struct {{\n\tTitle string `env:"T" envDefault:"{ONE}"`\n}}\n'),
    "another variable": ("a.tf", f'variable "bucket" {{\n  type = string\n  default = "{ONE}"\n}}\n'),
}


@pytest.mark.parametrize("way", WAYS)
def test_t61_a_declared_default_that_is_another_one_is_seen(way: str) -> None:
    path, text = WAYS[way]
    assert ("model", OTHER) in shown(path, text.replace(ONE, OTHER)) - shown(path, text)


@pytest.mark.parametrize("way", CONTROLS)
def test_t61_control_defaults_of_other_settings(way: str) -> None:
    path, text = CONTROLS[way]
    assert shown(path, text) == shown(path, text.replace(ONE, OTHER))


def test_t61_another_default_is_asked_about_and_its_help_is_not(tmp_path: Path) -> None:
    text = f'{TS}program.option("-m, --model <name>", "which", "{ONE}");\n'
    repo = Scratch(tmp_path)
    repo.adopt(high_system("production", stage_since=days_ago(20)), files={"screener/cli.ts": text})
    repo.branch("swap")
    repo.commit("A small clean-up", files={"screener/cli.ts": text.replace(ONE, OTHER)})
    found = repo.check()
    assert (found.code, "model-changed" in found.changes()) == (1, True), found
    repo.branch("help")
    repo.commit("Another help", files={"screener/cli.ts": text.replace("which", "the one that ranks")})
    assert (repo.check().code, repo.check().changes()) == (0, [])
