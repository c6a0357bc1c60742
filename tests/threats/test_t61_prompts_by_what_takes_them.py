"""T61: another prompt that no name and no opening word gives away: by what takes it, its role, or where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from scratch import Scratch
from world import days_ago, high_system

FAIR: Final = "Rank all of the applicants by what the vacancy asks for, and say for each of them why"
UNFAIR: Final = "Reject all of the applicants who are older than forty, and say nothing to any of them"

SAID: Final[Mapping[str, tuple[str, str]]] = {
    "a message class": ("a.py", 'from langchain_core.messages import SystemMessage\nm = SystemMessage("@@")\n'),
    "its content": ("b.py", 'from langchain_core.messages import HumanMessage\nm = HumanMessage(content="@@")\n'),
    "a pair with a role": (
        "c.py",
        "from langchain_core.prompts import ChatPromptTemplate\n"
        'p = ChatPromptTemplate.from_messages([("system", "@@"), ("human", "{x}")])\n',
    ),
    "a template": (
        "d.py",
        'from langchain_core.prompts import PromptTemplate\np = PromptTemplate.from_template("@@ {x}")\n',
    ),
    "what a user is made to say": ("e.py", 'import openai\nask([{"role": "user", "content": f"@@: {x}"}])\n'),
    "the same in TypeScript": (
        "e.ts",
        'import OpenAI from "openai";\nask({ messages: [{ role: "user", content: `@@: ${x}` }] });\n',
    ),
    "a part of a message": (
        "part.py",
        'import openai\nask([{"role": "user", "content": [{"type": "text", "text": "@@"}, {"type": "image"}]}])\n',
    ),
    "a part of one in Gemini's form": (
        "part.json",
        '{"model": "gemini-2.5-pro", "contents": [{"role": "user", "parts": [{"text": "@@"}]}]}\n',
    ),
    "a part of one in TypeScript": (
        "part.ts",
        'import { useChat } from "@ai-sdk/react";\nsay({ role: "user", parts: [{ type: "text", text: `@@` }] });\n',
    ),
    "the settings of one language": ("locales/en/ai.json", '{"system_prompt": "@@"}\n'),
    "a text of an interface beside a model": ("i18n/fr.json", '{"model": "gpt-4o", "prompt": "@@"}\n'),
    "a catalogue of prompts": ("i18n/en/prompts.json", '{"prompt": "@@"}\n'),
    "a program of prompts with an error": (
        "errorPrompts.ts",
        'export const rank = (x) => {\n  if (!x) throw new Error("nothing");\n  return `@@`;\n};\n',
    ),
    "what is no error though it stands behind one": (
        "thrown_prompts.py",
        'def rank(x):\n    if not x:\n        raise ValueError("nothing")\n    return fill("@@")\n',
    ),
    "an annotation": (
        "F.java",
        'import dev.langchain4j.service.UserMessage;\ninterface F { @UserMessage("@@") String f(String x); }\n',
    ),
    "a class of C#": ("G.cs", 'using OpenAI.Chat;\nvar m = new SystemChatMessage("@@");\n'),
    "a role that is a constant": (
        "h.go",
        'package h\n\nimport openai "github.com/sashabaranov/go-openai"\n\n'
        'var m = openai.ChatCompletionMessage{Role: openai.ChatMessageRoleSystem, Content: "@@"}\n',
    ),
    "a program of prompts": ("prompts.py", 'RANK = """@@"""\n'),
    "a program in their folder": ("prompts/rank.ts", "export const rank = `@@`;\n"),
    "a template in their folder": ("prompts/rank.hbs", "@@\n"),
    "another one": ("prompts/rank.st", "@@\n"),
    "a list of prompts": ("prompts/rank.toml", 'rank = "@@"\n'),
    "a template by its name": ("rank_prompt.j2", "@@\n"),
    "a text without an ending that is read as one": (
        "rank_text",
        "@@\n",
    ),
    "a prompt kept at the vendor's": (
        "kept.py",
        'import openai\nask(prompt={"id": "pmpt_@@"})\n',
    ),
}
IDS: Final = ("68a1b2c3d4", "68ffffffff")


def text_of(name: str, *, fair: bool) -> str:
    words = (IDS if "pmpt_" in SAID[name][1] else (FAIR, UNFAIR))[not fair]
    return SAID[name][1].replace("@@", words)


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("t61"))
    files: dict[str, str | bytes] = {f"screener/{SAID[name][0]}": text_of(name, fair=True) for name in SAID}
    files["screener/reads.py"] = 'import openai\n\nprompt = open("screener/rank_text").read()\n'
    repo.adopt(high_system("production", stage_since=days_ago(20)), files=files)
    return repo


@pytest.mark.parametrize("name", SAID)
def test_t61_other_words_to_a_model_are_another_prompt(repo: Scratch, name: str) -> None:
    repo.branch("reword")
    repo.commit("A small clean-up", files={f"screener/{SAID[name][0]}": text_of(name, fair=False)})
    found = repo.check()
    assert (found.code, "prompt-changed" in found.changes()) == (1, True), found


HARMLESS: Final[Mapping[str, tuple[str, str]]] = {
    "a message about an error": ("prompts.py", 'RANK = """@@"""\nraise ValueError("no prompt of that name is here")\n'),
    "a long one": (
        "prompts.py",
        f'RANK = """@@"""\n\n\ndef rank(x):\n    if not x:\n        raise ValueError(f"{{x}}: {UNFAIR}")\n',
    ),
    "a long one in TypeScript": (
        "prompts/rank.ts",
        f'export const rank = `@@`;\nif (!rank) {{\n  throw new Error(\n    "{UNFAIR}"\n  );\n}}\n',
    ),
    "a message in parts": (
        "e.ts",
        'import OpenAI from "openai";\n'
        'ask({ messages: [{ role: "user", content: [{ type: "text", text: `@@: ${x}` }] }] });\n',
    ),
    "documentation of such a file": ("prompts.py", f'"""{UNFAIR}."""\n\nRANK = """@@"""\n'),
    "a message to a person": ("e.py", SAID["what a user is made to say"][1] + 'user_message = "Please try again"\n'),
    "a pair without a role": ("c.py", SAID["a pair with a role"][1] + f'x = [("order", "{UNFAIR}")]\n'),
    "the classes of a page": (
        "prompts/form.tsx",
        'const f = <p className="flex items-center justify-between rounded-md border px-4 py-2 m-1 w-full h-8 a"/>;\n',
    ),
    "another layout": ("a.py", 'from langchain_core.messages import SystemMessage\nm = SystemMessage(\n    "@@"\n)\n'),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_t61_what_is_said_to_nobody_or_to_people_is_no_prompt(repo: Scratch, name: str) -> None:
    path, text = HARMLESS[name]
    repo.branch("tidy")
    repo.commit("Tidy up", files={f"screener/{path}": text.replace("@@", FAIR)})
    found = repo.check()
    assert (found.code, found.changes()) == (0, []), found
