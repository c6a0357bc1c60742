"""Which files in folders for tests a product refers to, in the ways that programs name one another."""

from __future__ import annotations

import pytest

from policy_gate.discover.references import may_refer, mentions_of, referred


def is_referred(path: str, by: str, text: str, content: str = "") -> bool:
    return referred({path: content}, [(by, text)]) == {path}


REFERRED = [
    ("app/testing/c.py", "app/a.py", "from app.testing.c import MODEL\n"),
    ("app/testing/c.py", "app/a.py", "from app.testing import c\n"),
    ("app/testing/c.py", "app/a.py", "from .testing import c as settings\n"),
    ("app/testing/c.py", "app/a.py", "from .testing import (\n    b,\n    c,\n)\n"),
    ("app/testing/c.py", "app/a.py", "import app.testing.c as t\n"),
    ("app/testing/c.py", "app/a.py", 'importlib.import_module("app.testing.c")\n'),
    ("app/testing/c.py", "app/a.py", 'importlib.import_module(f"app.testing.{name}")\n'),
    ("app/testing/c.py", "app/a.py", 'sys.path.insert(0, "app/testing")\nimport c\n'),
    ("app/testing/c.py", "app/a.py", 'sys.path.insert(0, os.path.join(HERE, "testing"))\nfrom c import MODEL\n'),
    ("app/testing/c.py", "app/a.py", '"""Settings."""; from app.testing import c\n'),
    ("app/testing/llm.yaml", "app/a.py", 'read(\n    """app/testing/llm.yaml"""\n)\n'),
    ("app/testing/__init__.py", "app/a.py", "from app import testing\n"),
    ("app/testing/inner/__init__.py", "app/a.py", "from app.testing.inner import MODEL\n"),
    ("app/fixtures/llm.yaml", "app/a.py", 'read(Path("app") / "fixtures" / "llm.yaml")\n'),
    ("app/fixtures/llm.yaml", "app/a.py", 'read(os.path.join("fixtures", "llm.yaml"))\n'),
    ("app/fixtures/llm.yaml", "app/a.py", 'read(f"{here}/fixtures/{name}.yaml")\n'),
    ("app/test_settings.py", "app/a.py", "from app import test_settings\n"),
    ("app/settings_test.py", "app/a.py", "from app.settings_test import MODEL\n"),
    ("web/__mocks__/chat.ts", "web/app.ts", 'import { model } from "./__mocks__/chat";\n'),
    ("web/e2e/chat.ts", "web/app.ts", 'const { model } = require("./e2e/chat.js");\n'),
    ("web/e2e/index.ts", "web/app.ts", 'import { model } from "./e2e";\n'),
    ("web/e2e/index.ts", "web/app.ts", 'import { model } from "@web/e2e";\n'),
    ("web/chat.spec.ts", "web/app.ts", 'import { model } from "./chat.spec";\n'),
    ("bot/testing/model.go", "bot/main.go", 'import "example.com/org/bot/testing"\n'),
    ("src/bot/testing/Config.java", "src/bot/Main.java", "import bot.testing.Config;\n"),
    ("src/bot/testing/Config.java", "src/bot/Main.java", "import bot.testing.*;\n"),
    ("src/testing/mod.rs", "src/main.rs", "mod testing;\n"),
    ("src/testing/config.rs", "src/main.rs", "use crate::testing::config;\n"),
    ("R/testing/model.R", "R/app.R", 'source("testing/model.R")\n'),
    ("app/testing/main.py", "Dockerfile", 'CMD ["python", "app/testing/main.py"]\n'),
    ("app/testing/main.py", "Procfile", "web: python -m app.testing.main\n"),
    ("app/testing/main.py", "compose.yaml", "services:\n  bot:\n    command: python app/testing/main.py\n"),
    ("app/testing/main.py", "pyproject.toml", '[project.scripts]\nbot = "app.testing.main:run"\n'),
    ("app/testing/main.js", "package.json", '{"main": "app/testing/main.js"}\n'),
    ("app/testing/main.js", "package.json", '{"scripts": {"start": "node app/testing/main.js"}}\n'),
    ("vendor/llm.py", "app/a.py", "from vendor.llm import ask\n"),
    ("app/vendor/llm.py", "app/a.py", "from .vendor import llm\n"),
]


@pytest.mark.parametrize(("path", "by", "text"), REFERRED)
def test_what_the_product_names_is_its_own_whatever_the_folder(path: str, by: str, text: str) -> None:
    assert may_refer(by)
    assert is_referred(path, by, text)


@pytest.mark.parametrize(
    ("path", "by", "content", "text"),
    [
        ("Bot/Testing/Config.cs", "Bot/Main.cs", "class BotConfig { }\n", "var model = BotConfig.Model;\n"),
        ("lib/testing/model.rb", "lib/bot.rb", "module Chosen\nend\n", "ask(Chosen::MODEL)\n"),
        ("Sources/Testing/Model.swift", "Sources/Bot.swift", "struct Chosen {}\n", "let it = Chosen()\n"),
        ("src/Testing/Chosen.php", "src/Bot.php", "class Chosen {}\n", "echo Chosen::MODEL;\n"),
    ],
)
def test_where_no_import_is_needed_the_name_of_a_type_is_enough(path: str, by: str, content: str, text: str) -> None:
    assert is_referred(path, by, text, content)
    assert not is_referred(path, by, "nothing of it\n", content)


@pytest.mark.parametrize(
    ("path", "by", "text"),
    [
        ("app/tests/test_a.py", "app/a.py", "# see app/tests/test_a.py\n"),
        ("app/examples/ask.py", "app/a.py", '"""See app/examples/ask.py."""\nx = 1\n'),
        ("app/tests/helpers.py", "app/a.py", "from app import helpers\n"),
        ("app/tests/helpers.py", "app/helpers.py", "import tests_of_skill\n"),
        ("app/testing/c.py", "app/a.py", 'if mode == "testing":\n    run()\n'),
        ("app/testing/c.py", "app/a.py", "from django.testing import c\n"),
        ("app/test/client.py", "app/a.py", "from django.test import client\n"),
        ("app/fixtures/data.json", "app/a.py", 'load("data.json")\n'),
        ("app/e2e/chat.ts", "app/a.ts", "// ./e2e/chat\nconst e2e = false;\n"),
        ("app/tests/test_a.py", "pyproject.toml", '[tool.pytest.ini_options]\ntestpaths = ["app/tests"]\n'),
        ("app/tests/a.js", "package.json", '{"scripts": {"test": "jest app/tests/a.js", "build": "tsc"}}\n'),
        ("app/tests/helpers.py", "setup.py", 'setup(packages=find_packages(exclude=["app/tests/helpers"]))\n'),
        ("app/tests/a.ts", "tsconfig.json", '{"exclude": ["app/tests/a.ts"]}\n'),
        ("vendor/openai/types.py", "Dockerfile", "COPY vendor/ ./vendor/\n"),
        ("vendor/github.com/x/y/z.go", "main.go", 'import "github.com/x/y"\n'),
    ],
)
def test_a_test_stays_one_where_only_comments_tools_and_namesakes_speak_of_it(path: str, by: str, text: str) -> None:
    assert not is_referred(path, by, text)


def test_a_helper_leads_on() -> None:
    asked = {
        "app/testing/__init__.py": "from app.testing.one import MODEL\n",
        "app/testing/one.py": "from .deep import two\n",
        "app/testing/deep/two.py": "MODEL = 1\n",
        "app/tests/test_two.py": "from app.testing.deep import two\n",
        "app/tests/other.py": "x = 1\n",
    }
    product = [("app/a.py", "from app.testing import MODEL\n")]
    assert referred(asked, product) == {path for path in asked if "/testing/" in path}


def test_tests_do_not_speak_for_the_product() -> None:
    assert not may_refer("app/tests/test_a.py")
    assert not may_refer("app/README.md")


def test_what_a_text_says_of_a_folder_is_read_once_for_all_files_in_it() -> None:
    asked = {f"tests/fixtures/rows_{number}.yaml": "a: 1\n" for number in range(300)}
    product = [(f"app/a{number}.py", f"x = {number}\n" + 'read("tests", "rows")\n' * 30) for number in range(6)]
    mentions_of.cache_clear()
    assert referred(asked, product) == set()
    assert mentions_of.cache_info().misses == len(product)
