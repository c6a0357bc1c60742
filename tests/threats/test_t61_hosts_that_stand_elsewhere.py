"""T61: who is asked is exchanged for one that the system asks elsewhere, or for an address that nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from scratch import Result, Scratch
from world import days_ago, high_system

RUST: Final = 'pub async fn rank(c: &reqwest::Client) {{ c.post("https://{}/v1/rerank").send().await; }}\n'
TS: Final = 'export const rank = (body: string) => fetch("https://{}/v1/chat/completions", {{ body }});\n'
PYTHON: Final = "import requests\n\n\ndef rank(rows):\n    return requests.post('https://{}/v1/rank', json=rows)\n"
BARE: Final = 'const rank = https.request({{ hostname: "{}", path: "/v1/rank" }});\n'
COHERE, GROQ, OWN = "api.cohere.ai", "api.groq.com", "llm.acme.example"
BOTH: Final = {
    "screener/other.rs": RUST.format(COHERE) + RUST.format(GROQ).replace("rank", "sum"),
    "screener/more.ts": 'import OpenAI from "openai";\nimport Anthropic from "@anthropic-ai/sdk";\n',
}


def judged(scratch: Scratch, before: Mapping[str, str], after: Mapping[str, str | None]) -> Result:
    high = high_system("production", stage_since=days_ago(20), paths=["screener/**"])
    scratch.adopt(high, files={**BOTH, **before})
    scratch.branch()
    for path in (path for path, text in after.items() if text is None):
        scratch.git("rm", "-q", path)
    scratch.commit("Another way", files={path: text for path, text in after.items() if text is not None})
    return scratch.check()


SWAPS: Final[Mapping[str, tuple[str, str, str]]] = {
    "a host in Rust": ("rank.rs", RUST.format(COHERE), RUST.format(GROQ)),
    "a host in TypeScript": ("rank.ts", TS.format(COHERE), TS.format(GROQ)),
    "a client in Python": (
        "rank.py",
        "from openai import OpenAI\nclient = OpenAI()\n",
        "from anthropic import Anthropic\nclient = Anthropic()\n",
    ),
    "an own proxy in Rust": ("rank.rs", RUST.format(COHERE), RUST.format(OWN)),
    "an own proxy in TypeScript": ("rank.ts", TS.format(COHERE), TS.format(OWN)),
    "an own proxy in Python": ("rank.py", PYTHON.format(COHERE), PYTHON.format(OWN)),
    "a proxy of this machine": ("rank.py", PYTHON.format(COHERE), PYTHON.format("localhost:8000")),
    "a host without its scheme": ("rank.js", BARE.format(COHERE), BARE.format(OWN)),
    "an address with a part that is put in": ("rank.ts", TS.format(COHERE), TS.format("${region}.acme.example")),
    "an own address in place of a client": (
        "rank.py",
        "from openai import OpenAI\nclient = OpenAI()\n",
        PYTHON.format(OWN),
    ),
}


@pytest.mark.parametrize("way", SWAPS)
def test_t61_who_is_asked_instead_is_told_wherever_the_other_stands(scratch: Scratch, way: str) -> None:
    name, before, after = SWAPS[way]
    found = judged(scratch, {f"screener/{name}": before}, {f"screener/{name}": after})
    assert (found.code, "vendor-changed" in found.changes()) == (1, True), found


CLIENTS: Final = RUST.format(COHERE) + RUST.format(GROQ).replace("rank", "sum")
TWO: Final = {"screener/rank.rs": RUST.format(COHERE), "screener/sum.rs": RUST.format(GROQ)}
LISTS: Final = (
    '{"dependencies": {"openai": "^4", "react": "^18"}}\n',
    '{"dependencies": {"@anthropic-ai/sdk": "^1", "react": "^18"}}\n',
)
HONEST: Final[Mapping[str, tuple[Mapping[str, str], Mapping[str, str | None]]]] = {
    "a file is moved": (
        {"screener/rank.rs": RUST.format(COHERE)},
        {"screener/rank.rs": None, "screener/rank/mod.rs": RUST.format(COHERE)},
    ),
    "two files are put together": (TWO, {**dict.fromkeys(TWO), "screener/clients.rs": CLIENTS}),
    "one file is taken apart": (
        {"screener/clients.rs": CLIENTS},
        {"screener/clients.rs": "mod rank;\nmod sum;\n", **TWO},
    ),
    "the host becomes a constant of another file": (
        {"screener/rank.ts": TS.format(COHERE)},
        {
            "screener/rank.ts": TS.replace('"https://{}', "`${{HOST}}").format().replace('ns"', "ns`"),
            "screener/hosts.ts": f'export const HOST = "https://{COHERE}";\n',
        },
    ),
    "packages change places": (
        {"screener/a/package.json": LISTS[0], "screener/b/package.json": LISTS[1]},
        {"screener/a/package.json": LISTS[1], "screener/b/package.json": LISTS[0]},
    ),
    "a page is named in a remark, the client moves away": (
        {"screener/rank.rs": RUST.format(COHERE)},
        {
            "screener/rank.rs": "// see https://wiki.acme.example/rank\npub use crate::ask::rank;\n",
            "screener/ask.rs": RUST.format(COHERE),
        },
    ),
    "another page beside the same host": (
        {"screener/rank.ts": TS.format(COHERE)},
        {"screener/rank.ts": TS.format(COHERE) + 'export const help = "https://wiki.acme.example/rank";\n'},
    ),
    "a log goes elsewhere, the client moves away": (
        {"screener/rank.ts": TS.format(COHERE)},
        {
            "screener/rank.ts": 'export * from "./ask";\nexport const sentryUrl = "https://sentry.acme.example/1";\n',
            "screener/ask.ts": TS.format(COHERE),
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", HONEST)
def test_t61_control_what_only_moves_asks_nobody(scratch: Scratch, way: str) -> None:
    found = judged(scratch, *HONEST[way])
    assert (found.code, found.changes()) == (0, []), found
