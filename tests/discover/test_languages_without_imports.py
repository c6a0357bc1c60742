"""What shows AI in languages that name a library without importing it in the file, or whose imports are lines of text.

Beside each line stands one that looks like it and shows nothing: a remark, a class of the program's own, other words.
"""

from __future__ import annotations

import pytest
from looked_at import look

from policy_gate.discover.signs import shipped_signs

SHOWN: dict[str, tuple[str, str, str]] = {
    "Julia": ("net.jl", "using CUDA, Flux\n", "# using Flux\nusing FluxCapacitor\n"),
    "a part of a library of Julia": ("net.jl", "using Flux: onehotbatch\n", 'println("using Flux")\n'),
    "packages of Julia": ("Project.toml", '[deps]\nFlux = "587475ba"\n', '[deps]\nJSON = "682c06a0"\nname = "Flux"\n'),
    "Elixir": ("lib/a.ex", "alias LangChain.ChatModels.ChatOpenAI\n", "# alias LangChain.X\nalias Shop.LangChains\n"),
    "a call of Elixir": ("lib/a.ex", "x = OpenAI.chat_completion(model: m)\n", "x = Shop.OpenAI.help()\n"),
    "packages of Elixir": ("mix.exs", '[{:langchain, "~> 0.4"}]\n', '[{:lang, "~> 0.4"}, {:phoenix, "1"}]\n'),
    "Dart": ("lib/a.dart", "import 'package:tflite_flutter/a.dart';\n", "// import 'package:tflite/a.dart';\n"),
    "packages of Dart": ("pubspec.yaml", "dependencies:\n  dart_openai: ^5.0.0\n", "dependencies:\n  dart_open: 1\n"),
    "a header of C++": ("a.cpp", "#include <onnxruntime_cxx_api.h>\n", "// #include <onnxruntime_cxx_api.h>\n"),
    "a class of C++": ("a.cpp", "Ort::Session session{env, path, options};\n", "Port::Session session;\n"),
    "packages of C++": ("CMakeLists.txt", "find_package(onnxruntime REQUIRED)\n", "find_package(Torchlight)\n"),
    "a class of Ruby": ("app/a.rb", "client = OpenAI::Client.new\n", "# OpenAI::Client.new\nShop::OpenAI::Client\n"),
    "a template of Ruby": ("a.rb.tt", "c.search = Langchain::Vectorsearch::Chroma.new(\n", "c.search = Chroma.new\n"),
    "a class of C#": ("A.cs", "s.AddSingleton<OpenAIClient>(sp => x);\n", "// OpenAIClient\nMyOpenAIClient c;\n"),
    "a class of PHP": ("a.php", "<?php\n$c = \\OpenAI::client($k);\n", "<?php\n// OpenAI::client($k)\n$c = $k;\n"),
    "packages of R": ("DESCRIPTION", "Imports:\n    ellmer,\n    shiny\n", "Title: About ellmer\nImports: shiny\n"),
    "Swift": ("A.swift", "import StableDiffusion\n", "import Diffusion\n"),
    "packages of Swift": (
        "Package.swift",
        '.package(url: "https://github.com/ml-explore/mlx-swift", from: "1.0.0")\n',
        '.package(url: "https://github.com/apple/swift-log", from: "1.0.0")\n',
    ),
    "Terraform of another provider": (
        "main.tf",
        'resource "awscc_bedrock_agent" "a" {\n',
        '# resource "awscc_bedrock_agent"\nresource "awscc_s3_bucket" "b" {\n',
    ),
    "a function of a database": ("a.sql", "select * from ml.forecast(model m)\n", "select html.forecast(x) from y\n"),
    "a model that dbt makes": ("a.sql", "{{ config(materialized='model') }}\n", "{{ config(materialized='table') }}\n"),
    "a request in its protocol": ("a.ts", 'fetch(base + "/chat/completions");\n', 'fetch(base + "/chat/rooms");\n'),
    "the same on a page": ("a.html", '<script>f(`${base}/chat/completions`)</script>\n', "<p>/chat/completions</p>\n"),
    "a part that is put in": (
        "a.py",
        'at = f"https://{region}-aiplatform.googleapis.com/v1"\n',
        'at = f"https://{region}-storage.googleapis.com/v1"\n',
    ),
    "the same in Kotlin": ("A.kt", 'val at = "https://$n.openai.azure.com/x"\n', 'val at = "https://$n.azure.com"\n'),
    "the same in Swift": ("A.swift", 'let at = "https://\\(n).openai.azure.com"\n', 'let at = "https://\\(n).azure.com"\n'),
    "the same in Go": ("a.go", 'at := fmt.Sprintf("https://%s.openai.azure.com", n)\n', 'at := "%s.azure.com"\n'),
}  # fmt: skip


def shown(path: str, text: str) -> list[tuple[str, int]]:
    return [(it.kind, it.line) for it in look(path, text).signals]


@pytest.mark.parametrize("way", SHOWN)
def test_a_use_without_an_import_is_seen_with_its_line_and_its_neighbour_shows_nothing(way: str) -> None:
    path, text, neighbour = SHOWN[way]
    lines = text.split("\n")
    found = shown(path, f"\n{text}")
    assert found, way
    # The line that says it is the last one that is not empty, or the one that Imports: opens.
    assert found[0][1] == len([it for it in lines if it]) + 1 - (path == "DESCRIPTION")
    assert shown(path, f"\n{neighbour}") == []


@pytest.mark.parametrize("path", ["img/mistral.svg", "articles/cohere.html", "pages/gpt-4.md", "src/gemini-pro.ts"])
def test_a_file_of_another_kind_is_no_model_whatever_it_is_called_after(path: str) -> None:
    assert shipped_signs().model(path) is None
    assert shipped_signs().model(path.rpartition("/")[2]) is None
