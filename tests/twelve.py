"""Twelve changes that a colleague would want to know about, each made with git and told by `check`.

    python tests/twelve.py

prints which are told. Used by the tests and by the bench of discovery.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

from evidence import card
from scratch import Result, Scratch
from world import high_system, to_yaml

SETTINGS = "screener/settings.py"
APP = (
    'import openai\n\nMODEL = "gpt-4o-2024-08-06"\nEMBEDDING_MODEL = "text-embedding-3-large"\n'
    'client = openai.OpenAI(base_url="https://api.openai.com/v1")\n'
)
PROMPT = "You are a recruiter's assistant. Rank the applicants by their experience alone.\n"


class Told(NamedTuple):
    """A change: the files it writes, and what its report has to hold: kinds of change, or findings, and words."""

    name: str
    files: Mapping[str, str | bytes]
    kinds: Sequence[str] = ()
    subject: str = ""
    words: Sequence[str] = ()
    is_none: bool = False


TWELVE = (
    Told("the prompt", {"screener/prompts/rank.txt": PROMPT + "Prefer the young.\n"}, ["prompt-changed"]),
    Told(
        "the model", {SETTINGS: APP.replace("gpt-4o-2024-08-06", "gpt-4o-mini")}, ["model-changed"], "", ["gpt-4o-mini"]
    ),
    Told(
        "model and host",
        {
            SETTINGS: APP.replace("gpt-4o-2024-08-06", "mistral-large-latest").replace(
                "api.openai.com", "api.mistral.ai"
            )
        },
        ["model-changed", "vendor-changed"],
        "",
        ["mistral-large-latest", "api.mistral.ai"],
    ),
    Told(
        "the embedding model",
        {SETTINGS: APP.replace("text-embedding-3-large", "text-embedding-ada-002")},
        ["model-changed"],
        "",
        ["text-embedding-ada-002"],
    ),
    Told("the weights", {"screener/ranker.onnx": b"other weights"}, ["weights-changed"]),
    Told(
        "another model in the card", {"MODEL_CARD.md": card(base_model="GPT-4.1")}, ["model-changed"], "", ["GPT-4.1"]
    ),
    Told("a metric better", {}, ["metric-improved"], "", ["0.95"]),
    Told("a metric worse", {}, ["metric-regressed"], "", ["0.62"]),
    Told(
        "a feature that nobody claims, in Python",
        {"reviews/score.py": "from anthropic import Anthropic\n\nclient = Anthropic()\n"},
        (),
        "ai-use-without-system",
        ["reviews/score.py"],
    ),
    Told(
        "a feature that nobody claims, in TypeScript",
        {"web/score.ts": 'import OpenAI from "openai";\nexport const client = new OpenAI();\n'},
        (),
        "ai-use-without-system",
        ["web/score.ts"],
    ),
    Told(
        "an SDK where there is no AI",
        {"site/help.py": "import openai\n"},
        (),
        "no-ai-contradicted",
        ["site/help.py"],
        is_none=True,
    ),
    Told(
        "a vendor in a dependency file",
        {"requirements.txt": "flask==3.0\nanthropic==0.40\n"},
        (),
        "ai-use-perhaps-without-system",
        ["requirements.txt"],
    ),
)


def governed(folder: Path) -> Scratch:
    """A repository with one governed system, whose code, papers and dependencies are in base."""
    repo = Scratch(folder)
    files: dict[str, str | bytes] = {
        SETTINGS: APP,
        "screener/prompts/rank.txt": PROMPT,
        "screener/ranker.onnx": b"weights",
        "requirements.txt": "flask==3.0\n",
        "web/page.ts": "export const page = 1;\n",
        "MODEL_CARD.md": card(base_model="GPT-4o"),
    }
    repo.adopt(high_system(), files=files)
    return repo


def without_ai(folder: Path) -> Scratch:
    """A repository that says that it holds no AI."""
    repo = Scratch(folder)
    none = {"schema": "policy-gate/manifest/v1", "systems": [], "reason": "A website without AI"}
    repo.write({"governance.yaml": to_yaml(none), "site/page.py": "PAGE = 1\n"})
    repo.commit("A website")
    return repo


def run(repo: Scratch, change: Told) -> Result:
    """The report of the change, made on a branch of its own."""
    repo.branch(change.name.replace(" ", "-").replace(",", ""))
    files = dict(change.files)
    if "metric" in change.name:
        now = f"| accuracy | {change.words[0]} |"
        files = {"MODEL_CARD.md": repo.read("MODEL_CARD.md").replace("| accuracy | 0.91 |", now)}
    repo.commit(f"Change {change.name}", files=files)
    return repo.check()


def missing(found: Result, change: Told) -> list[str]:
    """What the report does not tell of the change."""
    told = {it["kind"] for system in found.report.get("systems", []) for it in system["changes"]}
    lacks = [kind for kind in change.kinds if kind not in told]
    if change.subject and not any(it["requirement"]["subject"] == change.subject for it in found.findings()):
        lacks.append(change.subject)
    said = json.dumps(found.report, ensure_ascii=False)
    return lacks + [word for word in change.words if word not in said]


def outcomes(folder: Path) -> Iterator[tuple[Told, list[str], Result]]:
    """Each of the twelve with what is not told of it."""
    repo, none = governed(folder / "governed"), without_ai(folder / "none")
    for change in TWELVE:
        found = run(none if change.is_none else repo, change)
        yield change, missing(found, change), found


def main() -> int:
    """Print which are told; 1 where one is not."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [(change, lacks) for change, lacks, _ in outcomes(Path(folder))]
    for change, lacks in rows:
        print(f"  {'told' if not lacks else 'not told: ' + ', '.join(lacks):12} {change.name}")
    told = sum(not lacks for _, lacks in rows)
    print(f"{told} of {len(rows)} told")
    return 0 if told == len(rows) else 1


if __name__ == "__main__":
    sys.exit(main())
