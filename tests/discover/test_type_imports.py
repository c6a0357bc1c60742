"""Imports for type checkers alone are a weaker sign, and any import that may run is as sure as ever."""

from __future__ import annotations

import pytest
from looked_at import look

GUARD = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from openai import OpenAI\n"
USE = 'export const f = (m: UIMessage) => m.parts.map((p) => JSON.parse(p.text)).join(" ")\n'


def sureness(path: str, text: str) -> list[tuple[str, str]]:
    return [(signal.found, signal.confidence) for signal in look(path, text).signals]


@pytest.mark.parametrize(
    "line",
    [
        'import type { UIMessage } from "ai";',
        "import type { UIMessage } from 'ai'",
        'import type UIMessage from "ai";',
        'import type * as UIMessage from "ai";',
        'import type {\n  UIMessage, // one\n  ChatStatus,\n} from "ai";',
        'import type{UIMessage}from"ai"',
        'import { type UIMessage } from "ai";',
        'import {\n  type UIMessage as M,\n  type ChatStatus,\n} from "ai";',
        'export type { UIMessage } from "ai";',
        '"use client"\n\nimport x from "./x";import type { UIMessage } from "ai";',
        f"import type {{ {', '.join(f'SomeLongName{i}' for i in range(30))} }} from 'ai'",
    ],
)
def test_what_typescript_leaves_out_when_it_is_compiled_is_a_weaker_sign(line: str) -> None:
    assert sureness("web/a.tsx", f"{line}\n{USE}") == [("ai", "medium")]


@pytest.mark.parametrize(
    "line",
    [
        'import type from "ai";',
        'import type, { streamText } from "ai";',
        'import { type } from "ai";',
        'import { type as ask } from "ai";',
        'import { type as as } from "ai";',
        'import { type UIMessage, streamText } from "ai";',
        'import ask, { type UIMessage } from "ai";',
        'import * as type from "ai";',
        'import "ai";',
        'export * from "ai";',
        'const type = await import("ai");',
        'import type { UIMessage } from "ai";\nimport { streamText } from "ai";',
        'import { streamText } from "ai";\nimport type { UIMessage } from "ai";',
        'import type X = require("ai")\nconst y = require("ai");',
    ],
)
def test_what_may_still_run_is_as_sure_as_ever(line: str) -> None:
    assert sureness("web/a.ts", f"{line}\n{USE}") == [("ai", "high")]


@pytest.mark.parametrize(
    "call",
    [
        "c.chat.completions.create({})",
        "c?.responses?.stream?.({})",
        'c.messages["create"]({})',
        "create.call(c, {})",
        "model.doGenerate({})",
        "c.invoke(x)",
        "c.send(new Command())",
        "c.beta.chat.completions.parse<T>({})",
        "c.models.generateContent({})",
        "c.images.edit({})",
        'c["cre" + "ate"]({})',
        "c.beta.threads.runs.poll(id)",
        "c.audio.translations.translate?.({})",
    ],
)
def test_a_file_that_may_ask_by_a_client_of_that_type_is_as_sure_as_ever(call: str) -> None:
    text = f'import type OpenAI from "openai";\nexport const f = (c: OpenAI) => {call}\n'
    assert sureness("web/a.ts", text) == [("openai", "high")]


@pytest.mark.parametrize(
    "text",
    [
        GUARD + "\ndef f(c: OpenAI) -> str:\n    return c.api_key\n",
        GUARD.replace("OpenAI\n", "OpenAI\n    import anthropic\n").replace(
            "openai import OpenAI", "anthropic import A"
        ),
        GUARD.replace("from typing import TYPE_CHECKING", "import typing").replace("if T", "if typing.T"),
        GUARD.replace("from typing import TYPE_CHECKING", "import os, typing").replace("if T", "if typing.T"),
        GUARD.replace("typing import", "typing import (\n    Any,\n   ").replace("KING\n\n", "KING,\n)\n\n"),
    ],
)
def test_what_python_reads_for_type_checkers_alone_is_a_weaker_sign(text: str) -> None:
    assert {how for _, how in sureness("bot/a.py", text)} == {"medium"}


@pytest.mark.parametrize(
    "text",
    [
        GUARD + "\ndef f(c: OpenAI) -> str:\n    return c.responses.create(input='x')\n",
        GUARD + "else:\n    from openai import OpenAI\n",
        GUARD + "import openai\n",
        "import openai\n" + GUARD,
        GUARD.replace("if TYPE", "TYPE_CHECKING = True\nif TYPE"),
        GUARD.replace("if TYPE", "if not TYPE"),
        GUARD.replace("if TYPE_CHECKING", "if TYPE_CHECKING or True"),
        GUARD.replace("typing import TYPE_CHECKING", "mine import TYPE_CHECKING"),
        GUARD.replace("import TYPE_CHECKING", "import Any as TYPE_CHECKING"),
        GUARD.replace("KING\n\n", "KING\nfrom mine import *\n\n"),
        GUARD.replace("KING\n\n", "KING\nglobals().update(x)\n\n"),
        GUARD.replace("from typing import TYPE_CHECKING", "import mine as typing").replace("if T", "if typing.T"),
        GUARD.replace("    from", "    def f():\n        import typing\n    if 1: from"),
        "for TYPE_CHECKING in (1,):\n    pass\n" + GUARD,
        *(
            f"{line}\nif typing.TYPE_CHECKING:\n    import openai\n"
            for line in (
                "from mine import typing",
                "from . import typing",
                "import mine.typing",
                "import mine as typing",
                "import typing\nfrom mine import (\n    x,\n    typing,\n)",
                "import typing\nfor typing in f():\n    pass",
                "import typing\nclass typing:\n    __getattr__ = f",
                "import typing\nwith f() as (typing):\n    pass",
                "import typing\ntyping = f()",
                "import typing\ndel typing",
            )
        ),
    ],
)
def test_what_python_may_still_run_is_as_sure_as_ever(text: str) -> None:
    assert ("openai", "high") in sureness("bot/a.py", text)
