"""T61: another model, vendor, host, prompt or weights in claimed code, with card and manifest left as they are."""

from __future__ import annotations

from typing import Any

import pytest
from evidence import junit
from scratch import Scratch
from world import days_ago, high_system

APP = (
    'import openai\nclient = openai.OpenAI()\nMODEL = "gpt-4o"\n'
    'SYSTEM = "Rank applicants; a recruiter decides about each of them."\n'
)
NOTEBOOK = (
    '{"cells": [{"cell_type": "code", "source": ["from openai import OpenAI\\n", "m = {\\"model\\": \\"gpt-4o\\"}"]}]}'
)
FILES: dict[str, str | bytes] = {
    "screener/app.py": APP,
    "screener/chat.ts": 'import OpenAI from "openai";\nconst reply = ask({ model: "gpt-4o-mini", temperature: 0 });\n',
    "screener/settings.yaml": "llm:\n  model: gpt-4.1  # the one we tested\n",
    "screener/explore.ipynb": NOTEBOOK,
    "screener/model.safetensors": b"\x00one" * 100,
    "screener/ranker.onnx": b"\x00one" * 90,
    "screener/prompts/rank.md": "Rank the applicants by what the vacancy asks for.\n",
    "screener/package.json": '{"dependencies": {"openai": "^4"}}\n',
}
MODEL = {"any_of:model-card or ai-safety-lead", "any_of:bias-benchmark-suite or ai-safety-lead"}
PROMPT = {
    "any_of:bias-benchmark-suite or ai-safety-lead",
    "any_of:adversarial-robustness-evaluation or ai-safety-lead",
}


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("t61"))
    repo.adopt(high_system("production", stage_since=days_ago(20)), files=FILES)
    return repo


def swapped(path: str, *pairs: tuple[str, str]) -> dict[str, str]:
    text = str(FILES[path])
    for one, other in pairs:
        assert one in text
        text = text.replace(one, other)
    return {path: text}


ATTEMPTS: dict[str, tuple[str, dict[str, Any], set[str]]] = {
    "hosted model": ("model-changed", swapped("screener/app.py", ("gpt-4o", "deepseek-r1-distill")), MODEL),
    "a name that nobody knows": ("model-changed", swapped("screener/app.py", ("gpt-4o", "house-large-2")), MODEL),
    "model in TypeScript": ("model-changed", swapped("screener/chat.ts", ("gpt-4o-mini", "claude-haiku-4-5")), MODEL),
    "model in configuration": ("model-changed", swapped("screener/settings.yaml", ("gpt-4.1", "qwen3-8b")), MODEL),
    "model in a notebook": ("model-changed", swapped("screener/explore.ipynb", ("gpt-4o", "gemini-2.5-flash")), MODEL),
    "model taken from elsewhere": (
        "model-changed",
        swapped("screener/app.py", ('"gpt-4o"', "os.environ['MODEL']"), ("import openai", "import os, openai")),
        MODEL,
    ),
    "host": (
        "vendor-changed",
        swapped("screener/app.py", ("OpenAI()", 'OpenAI(base_url="https://llm.example.net/v1")')),
        MODEL,
    ),
    "vendor": ("vendor-changed", swapped("screener/chat.ts", ('"openai"', '"@anthropic-ai/sdk"')), MODEL),
    "vendor in a dependency": (
        "vendor-changed",
        swapped("screener/package.json", ('"openai": "^4"', '"openai": "^4", "@mistralai/mistralai": "^1"')),
        MODEL,
    ),
    "weights": ("weights-changed", {"screener/model.safetensors": b"\x00two" * 100}, MODEL),
    "weights of a second model": ("weights-changed", {"screener/ranker.onnx": b"\x00two" * 90}, MODEL),
    "prompt in code": (
        "prompt-changed",
        swapped("screener/app.py", ("a recruiter decides about", "reject half of")),
        PROMPT,
    ),
    "prompt file": (
        "prompt-changed",
        {"screener/prompts/rank.md": "Reject the applicants below 0.5 at once.\n"},
        PROMPT,
    ),
    "a new prompt": ("prompt-changed", {"screener/prompts/more.md": "Reject whoever is late.\n"}, PROMPT),
}


@pytest.mark.parametrize("name", ATTEMPTS)
def test_t61_what_is_only_done_is_told_and_stopped_like_what_is_said(repo: Scratch, name: str) -> None:
    kind, files, wanted = ATTEMPTS[name]
    repo.branch("swap")
    repo.commit("A small clean-up", files=files)
    found = repo.check()
    assert (found.code, kind in found.changes()) == (1, True), found
    assert wanted <= set(found.blocking())
    change = next(it for it in found.system()["changes"] if it["kind"] == kind)
    assert change["field"].startswith("observed_")
    assert (change["location"] or change["base_location"])["path"] in files


HARMLESS: dict[str, dict[str, Any]] = {
    "a comment": {"screener/app.py": APP.replace('MODEL = "gpt-4o"', 'MODEL = "gpt-4o"  # and not deepseek-r1')},
    "documentation": {"screener/app.py": f'"""Once we tried claude-3-opus."""\n{APP}'},
    "other quotes and lines": {
        "screener/app.py": APP.replace('"gpt-4o"', "'gpt-4o'").replace("decides about", "decides  about")
    },
    "a test": {"screener/tests/test_app.py": 'import anthropic\nMODEL = "claude-haiku-4-5"\n'},
    "code that shows nothing": {"screener/rank.py": "def rank(rows):\n    return sorted(rows)\n"},
    "the same model in another file": {"screener/more.py": 'import openai\nMODEL = "gpt-4o"\n'},
    "a raised SDK": swapped("screener/package.json", ("^4", "^5")),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_t61_what_leaves_model_and_prompt_as_they_are_is_let_be(repo: Scratch, name: str) -> None:
    repo.branch("tidy")
    repo.commit("Tidy up", files=HARMLESS[name])
    found = repo.check()
    assert (found.code, found.verdict, found.changes()) == (0, "pass", []), found


def test_t61_moved_within_the_system_is_not_changed(repo: Scratch) -> None:
    repo.branch("move")
    repo.git("mv", "screener/app.py", "screener/engine.py")
    repo.git("mv", "screener/model.safetensors", "screener/weights.safetensors")
    repo.commit("Better names")
    found = repo.check()
    assert (found.code, found.changes()) == (0, []), found


def test_t61_the_work_settles_it_and_so_does_one_word_from_the_role(repo: Scratch) -> None:
    repo.branch("work")
    again = {
        test["report"]: junit(test["id"], passed=7).replace(f"{days_ago(1)}T", f"{days_ago(0)}T")
        for test in repo.entry()["tests"]
        if test["id"] in ("bias-benchmark-suite", "adversarial-robustness-evaluation")
    }
    repo.commit("Another prompt, tested", files={"screener/prompts/rank.md": "Rank by the vacancy alone.\n", **again})
    done = repo.check()
    assert (done.code, done.blocking()) == (0, []), done

    repo.branch("word")
    repo.commit("Another prompt", files=swapped("screener/app.py", ("Rank applicants", "Sort applicants")))
    asked = repo.check()
    finding = next(item for item in asked.findings("gap") if item["requirement"]["kind"] == "any_of")
    assert (finding["for"], finding["accountable"]) == ("prompt-re-evaluation", ["ai-safety-lead"])
    repo.approve("ai-safety-lead", "prompt-re-evaluation")
    assert repo.check().code == 0, repo.check()
    # What was agreed to is this prompt, and no other one.
    repo.commit("And another one", files=swapped("screener/app.py", ("Rank applicants", "Rate applicants")))
    assert repo.check().code == 1


def test_t61_an_author_gives_no_word_for_it(repo: Scratch) -> None:
    repo.branch("own")
    repo.commit("Another model", by="Rae Kim", files=swapped("screener/app.py", ("gpt-4o", "gpt-5")))
    repo.approve("ai-safety-lead", "model-re-evaluation")
    assert repo.check().code == 1


def test_t61_what_cannot_be_looked_into_is_told(repo: Scratch) -> None:
    repo.branch("large")
    repo.commit("A large file", files={"screener/app.py": APP + "#" * 16_000_000})
    notes = " ".join(repo.check().report["trust"]["notes"])
    assert "screener/app.py" in notes
    assert "too large" in notes
    repo.branch("broken")
    repo.commit("Python of long ago", files={"screener/app.py": APP.replace("gpt-4o", "gpt-5") + "print 'x'\n"})
    found = repo.check()
    assert "does not parse" in " ".join(found.report["trust"]["notes"])
    assert "model-changed" in found.changes(), "its text was looked at all the same"


USER = "from screener.testing.llm import MODEL\nimport openai\nopenai.OpenAI().ask(MODEL)\n"
NAMED: dict[str, tuple[dict[str, str | bytes], dict[str, str | bytes]]] = {
    "a library's folder": ({}, {"screener/vendor/llm.py": APP}),
    "another name for it": ({}, {"screener/third_party/deep/llm.ts": str(FILES["screener/chat.ts"])}),
    "settings in it": ({}, {"screener/vendor/llm.yaml": str(FILES["screener/settings.yaml"])}),
    "weights in it": ({}, {"screener/vendor/rank.onnx": b"\x00one" * 70}),
    "a folder for tests that the code loads": ({"screener/use.py": USER}, {"screener/testing/llm.py": APP}),
    "a file named like a test": (
        {"screener/use.py": "from .test_llm import MODEL\n"},
        {"screener/test_llm.py": APP},
    ),
    "a file that such a file loads": (
        {"screener/use.py": USER, "screener/testing/llm.py": "from .deep import *\n"},
        {"screener/testing/deep/__init__.py": APP},
    ),
    "settings for tests that the code reads": (
        {"screener/use.py": 'read("screener/fixtures/llm.yaml")\n'},
        {"screener/fixtures/llm.yaml": str(FILES["screener/settings.yaml"])},
    ),
    "started by what no system claims": (
        {"deploy/Dockerfile": 'CMD ["python", "screener/e2e/main.py"]\n'},
        {"screener/e2e/main.py": APP},
    ),
}


@pytest.mark.parametrize("name", NAMED)
def test_t61_the_name_of_a_folder_excuses_nothing_that_the_system_uses(scratch: Scratch, name: str) -> None:
    beside, files = NAMED[name]
    scratch.adopt(high_system("production", stage_since=days_ago(20)), files={**beside, **files})
    scratch.branch("swap")
    other = {
        path: b"\x00two" * 70
        if isinstance(text, bytes)
        else text.replace("gpt-4o", "deepseek-r1").replace("gpt-4.1", "deepseek-r1")
        for path, text in files.items()
    }
    scratch.commit("A small clean-up", files=other)
    found = scratch.check()
    assert (found.code, bool(found.blocking())) == (1, True), found
    assert {"model-changed", "weights-changed"} & set(found.changes())


def test_t61_a_link_to_a_test_is_a_use_of_it(scratch: Scratch) -> None:
    old, new = (f"llm:\n  model: {name}\n" for name in ("gpt-4o", "deepseek-r1"))
    scratch.adopt(high_system("production", stage_since=days_ago(20)))
    files = {"screener/tests/llm.yaml": old, "screener/app.py": 'read("screener/llm.yaml")\n'}
    (scratch.path / "screener").mkdir(exist_ok=True)
    (scratch.path / "screener/llm.yaml").symlink_to("tests/llm.yaml")
    scratch.commit("Settings by a link", files=files)
    scratch.branch("swap")
    scratch.commit("A small clean-up", files={"screener/tests/llm.yaml": new})
    found = scratch.check()
    assert (found.code, "model-changed" in found.changes()) == (1, True), found


@pytest.mark.parametrize("linked", ["models/{}.yaml", "models/{}"])
def test_t61_a_link_that_leads_elsewhere_is_another_model(scratch: Scratch, linked: str) -> None:
    scratch.adopt(high_system("production", stage_since=days_ago(20)))
    names = {"a": "gpt-4o", "b": "deepseek-r1"}
    files = {f"screener/{linked.format(it)}": f"llm:\n  model: {name}\n" for it, name in names.items()}
    if not linked.endswith("yaml"):
        files = {f"{path}/llm.yaml": text for path, text in files.items()}
    scratch.write(files)
    link = scratch.path / "screener/chosen.yaml"
    link.symlink_to(linked.format("a"))
    scratch.commit("Settings by a link")
    assert (scratch.path / "screener/chosen.yaml").exists()
    scratch.branch("swap")
    link.unlink()
    link.symlink_to(linked.format("b"))
    scratch.commit("A small clean-up")
    found = scratch.check()
    assert (found.code, "model-changed" in found.changes()) == (1, True), found


@pytest.mark.parametrize("folder", ["vendor", "tests", "testing", "third_party", "fixtures"])
def test_t61_to_move_it_there_and_swap_it_is_to_swap_it(repo: Scratch, folder: str) -> None:
    repo.branch("hide")
    repo.git("rm", "-q", "screener/chat.ts")
    files = swapped("screener/chat.ts", ("gpt-4o-mini", "deepseek-r1"))
    repo.commit("Tidy up", files={f"screener/{folder}/chat.ts": files["screener/chat.ts"]})
    found = repo.check()
    assert (found.code, "model-changed" in found.changes()) == (1, True), found


def test_t61_what_is_taken_from_the_list_of_a_library_counts(scratch: Scratch) -> None:
    models = [f"gpt-4{letter}" for letter in ("o", "o-mini", ".1", ".1-mini")]
    listed = "MODELS = " + str(models) + "\n"
    scratch.adopt(
        high_system("production", stage_since=days_ago(20)),
        files={"screener/vendor/sdk.py": listed, "screener/app.py": APP},
    )
    scratch.branch("swap")
    scratch.commit(
        "Take it from there",
        files={
            "screener/vendor/sdk.py": listed.replace("[", "['deepseek-r1', "),
            "screener/app.py": APP.replace('"gpt-4o"', "sdk.MODELS[0]").replace("import openai", "import openai, sdk"),
        },
    )
    found = scratch.check()
    assert (found.code, "model-changed" in found.changes()) == (1, True), found


def test_t61_use_outside_all_claims_is_told_in_a_folder_of_any_name(repo: Scratch) -> None:
    for folder, load in (("vendor", "from vendor.ask import ask\n"), ("testing", "from svc.testing.ask import ask\n")):
        place = f"svc/{folder}/ask.py" if folder == "testing" else f"{folder}/ask.py"
        repo.branch(f"out-{folder}")
        repo.commit("A feature", files={place: "import openai\nopenai.OpenAI()\n", "svc/app.py": load})
        found = repo.check()
        assert (found.code, found.blocking()) == (1, ["that:ai-use-without-system"]), found


Step = dict[str, str | bytes]
DEAD = 'PRICES = {"gpt-4o": 2.5}\n'
SUMS: dict[str, tuple[Step, list[Step]]] = {
    "a test of another model, and then the code takes it from there": (
        {},
        [
            {"screener/tests/llm.py": APP.replace("gpt-4o", "deepseek-r1")},
            {"screener/app.py": APP.replace('MODEL = "gpt-4o"', f"from screener.tests.llm import MODEL\n{DEAD}")},
        ],
    ),
    "an example, and then the code takes it from there": (
        {},
        [
            {"screener/examples/llm.py": APP.replace("gpt-4o", "deepseek-r1")},
            {"screener/app.py": APP.replace('MODEL = "gpt-4o"', f"from screener.examples.llm import MODEL\n{DEAD}")},
        ],
    ),
    "weights that are called a test, and then other ones": (
        {"screener/weights/v1.onnx": b"\x00one" * 70, "screener/load.py": 'glob("screener/weights/*.onnx")\n'},
        [
            {"screener/weights/v1.onnx": b"", "screener/weights/v1_test.onnx": b"\x00one" * 70},
            {"screener/weights/v1_test.onnx": b"\x00two" * 70},
        ],
    ),
    "settings that are called a test": (
        {"screener/conf/llm_test.yaml": "llm:\n  model: gpt-4o\n"},
        [{"screener/conf/llm_test.yaml": "llm:\n  model: deepseek-r1\n"}],
    ),
    "a plugin that is called a test": (
        {
            "screener/plug/__init__.py": "for it in pkgutil.iter_modules(__path__): load(it)\n",
            "screener/plug/b_test.py": APP,
        },
        [{"screener/plug/b_test.py": APP.replace("gpt-4o", "deepseek-r1")}],
    ),
    "settings of nobody": (
        {},
        [
            {
                "config/settings.py": 'MODEL = "deepseek-r1"\n',
                "screener/app.py": APP.replace('MODEL = "gpt-4o"', f"from config.settings import MODEL\n{DEAD}"),
            }
        ],
    ),
    "settings of nobody that the code reads already": (
        {"config/llm.yaml": "llm:\n  model: gpt-4o\n", "screener/use.py": 'read(Path("config") / "llm.yaml")\n'},
        [{"config/llm.yaml": "llm:\n  model: deepseek-r1\n"}],
    ),
    "settings of nobody behind others of nobody": (
        {
            "screener/use.py": "from lib.one import MODEL\n",
            "lib/one.py": "from lib.two import MODEL\n",
            "lib/two.py": 'MODEL = "gpt-4o"\n',
        },
        [{"lib/two.py": 'MODEL = "deepseek-r1"\n'}],
    ),
    "settings of nobody that are loaded anew, behind others": (
        {"lib/one.py": "from lib.two import MODEL\n", "lib/two.py": 'MODEL = "deepseek-r1"\n'},
        [{"screener/app.py": APP.replace('MODEL = "gpt-4o"', f"from lib.one import MODEL\n{DEAD}")}],
    ),
    "two models that change places": (
        {"screener/judge.py": 'import openai\nMODEL = "gpt-4.1"\n'},
        [
            {
                "screener/judge.py": 'import openai\nMODEL = "gpt-4o"\n',
                "screener/app.py": APP.replace("gpt-4o", "gpt-4.1"),
            }
        ],
    ),
    "a name behind marks": (
        {"screener/llm.json": '{"model_name": "gpt-4o"}\n'},
        [{"screener/llm.json": '{"model_name": "deepseek\\u002dr1"}\n'}],
    ),
    "settings in XML": (
        {"screener/llm.xml": '<llm model="gpt-4o"/>\n'},
        [{"screener/llm.xml": '<llm model="deepseek-r1"/>\n'}],
    ),
}


@pytest.mark.parametrize("name", SUMS)
def test_t61_small_steps_whose_sum_is_another_model_are_stopped_at_one_of_them(scratch: Scratch, name: str) -> None:
    first, steps = SUMS[name]
    scratch.adopt(high_system("production", stage_since=days_ago(20)), files={"screener/app.py": APP, **first})
    codes = []
    for number, files in enumerate(steps):
        scratch.branch(f"step-{number}")
        gone = [path for path, content in files.items() if content == b""]
        if gone:
            scratch.git("rm", "-q", *gone)
        scratch.commit("A step", files={path: content for path, content in files.items() if path not in gone})
        codes.append(scratch.check().code)
        scratch.merge(f"step-{number}")
    assert 1 in codes, codes


def test_t61_what_cannot_be_told_of_claimed_files_is_said(repo: Scratch) -> None:
    repo.branch("odd")
    repo.commit("More", files={"screener/rank.bin": b"\x00" * 40, "screener/more.zst": b"\x01" * 40})
    notes = " ".join(repo.check().report["trust"]["notes"])
    assert "screener/more.zst and 1 more changed, of a kind that is not looked into" in notes


def test_t61_many_mentions_of_a_folder_take_no_long_time(scratch: Scratch) -> None:
    tests = {f"screener/testing/t{number}.py": APP for number in range(8)}
    many = "".join(f'PLACE_{number} = "testing/q"\n' for number in range(40_000))
    scratch.adopt(high_system("production", stage_since=days_ago(20)), files={"screener/words.py": many, **tests})
    scratch.branch("more")
    scratch.commit("Tests", files={path: APP.replace("gpt-4o", "gpt-5") for path in tests})
    assert scratch.check().code in (0, 1)
