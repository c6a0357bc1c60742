"""How well signs of AI and `init` do on public repositories: recall, false files, and shares of what init proposes.

`make bench-discover` with POLICY_GATE_TREES, a folder of checkouts named `owner__name`. Which files use AI stands in
the corpus beside this repository (`ai-repos.json`), or where POLICY_GATE_CORPUS says. Skipped, with the reason, where
either is absent. Nothing is fetched.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from policy_gate.discover.scan import AiSignals, scan
from policy_gate.documents.globs import matches_any
from policy_gate.schema.observed import bare_model_name
from policy_gate.vcs.repository import Repository
from policy_gate.vcs.worktree import WorkTree

USES = ("call", "train", "load", "prompt", "mcp", "weights", "ci_agent", "dependency")
"""classes of the corpus in which a file uses AI"""
OF_PRODUCT = ("call", "train", "load", "prompt", "mcp", "weights")
LOCKS = ("-lock.yaml", "-lock.json", ".lock", "go.sum")


class Expected(Struct, frozen=True):
    """What a reviewer would write: words of the name, whether a description is to be had, suppliers and models."""

    systems: int
    name: str = ""
    has_description: bool = True
    vendors: frozenset[str] = frozenset()
    models: frozenset[str] = frozenset()


_OF_CHAT = (
    *("claude-haiku-4.5", "claude-sonnet-4.5", "claude-opus-4.5", "gemini-2.5-flash-lite", "gpt-4.1-mini", "gpt-5.2"),
    *("gemini-3-pro-preview", "grok-4.1-fast-non-reasoning", "claude-3.7-sonnet-thinking", "grok-code-fast-1-thinking"),
)
EXPECTED: Mapping[str, Expected] = {
    "vercel/ai-chatbot": Expected(
        1, "chat sdk", vendors=frozenset({"anthropic", "google", "openai", "xai"}), models=frozenset(_OF_CHAT)
    ),
    "almeidava93/mimic-iv-machine-learning-project": Expected(1, "mimic", has_description=False),
    "openai/whisper": Expected(1, "whisper"),
    "aaikoala/Hackathon-IA": Expected(1, "attrition"),
    "modelcontextprotocol/quickstart-resources": Expected(
        1, "quickstart", vendors=frozenset({"anthropic"}), models=frozenset({"claude-sonnet-5"})
    ),
    "Torkjellr/Machine-Learning-DevOps-Deploying-a-Scalable-ML-Pipeline-in-Production-on-Heroku-FastAPI": Expected(
        1, "machine learning", has_description=False
    ),
    "langchain-ai/chat-langchain": Expected(
        1,
        "chat langchain",
        vendors=frozenset({"anthropic", "google", "openai"}),
        models=frozenset({"claude-haiku-4-5-20251001", "gpt-5.4-nano", "gemini-3.5-flash-lite"}),
    ),
}
"""Written by reading the repositories; those without AI want no system."""


class Tally:
    """Right and wrong of one thing."""

    def __init__(self) -> None:
        self.right = self.all = 0

    def add(self, *, right: int, of: int = 1) -> None:
        self.right += right
        self.all += of

    def __str__(self) -> str:
        return f"{self.right} of {self.all}" + (f" ({self.right / self.all:.2f})" if self.all else "")


def main() -> int:
    """Print the figures; 0 also where there is nothing to measure."""
    folder = os.environ.get("POLICY_GATE_TREES", "")
    corpus = Path(os.environ.get("POLICY_GATE_CORPUS", "../shared/corpus/ai-repos.json"))
    if not folder or not Path(folder).is_dir():
        print("skipped: POLICY_GATE_TREES names no folder of checkouts (owner__name)")
        return 0
    if not corpus.is_file():
        print(f"skipped: no corpus at {corpus} (POLICY_GATE_CORPUS names another)")
        return 0
    rows = json.loads(corpus.read_text("utf-8"))
    there = [(row, Path(folder) / row["repo"].replace("/", "__")) for row in rows]
    tallies: dict[str, Tally] = {}
    false_files: list[int] = []
    files, seconds = 0, 0.0
    for row, path in there:
        if not (path / ".git").exists():
            print(f"absent: {row['repo']}")
            continue
        begin = time.perf_counter()
        seen = scan(WorkTree(Repository.open(path)))
        seconds += time.perf_counter() - begin
        files += len(seen.paths)
        _measure(row, seen, tallies, false_files)
    for name, tally in tallies.items():
        print(f"{name:28} {tally}")
    if false_files:
        print(f"{'false files, no AI':28} {sum(false_files) / len(false_files):.2f} for each of {len(false_files)}")
    print(f"{'files a second':28} {files / seconds:.0f}" if seconds else "nothing measured")
    return 0


def _measure(row: Mapping[str, Any], seen: AiSignals, tallies: dict[str, Tally], false_files: list[int]) -> None:
    def tally(name: str) -> Tally:
        return tallies.setdefault(name, Tally())

    shown = {it.path for it in seen.signals if it.confidence != "low" and (it.kind != "model" or it.value)}
    truth = {kind: [path for path in paths if not path.endswith(LOCKS)] for kind, paths in row["truth"].items()}
    wanted = {path for kind in USES for path in truth.get(kind, ())} & set(seen.paths)
    if row["uses_ai"]:
        found = {it.path for it in seen.signals} & wanted
        tally("recall of AI-using files").add(right=len(found), of=len(wanted))
        for path in sorted(wanted - found):
            print(f"  missed: {row['repo']} {path}")
    else:
        false_files.append(len(shown))
        for path in sorted(shown):
            print(f"  false: {row['repo']} {path}")
    expected = EXPECTED.get(row["repo"], Expected(0)) if not row["uses_ai"] else EXPECTED.get(row["repo"])
    if expected is None:
        return
    tally("init: systems").add(right=len(seen.candidates) == expected.systems)
    if not expected.systems or not seen.candidates:
        return
    one = seen.candidates[0]
    named = (one.name or row["repo"].rpartition("/")[2].replace("-", " ")).lower()
    tally("init: name").add(right=expected.name in named)
    tally("init: description").add(right=(one.description is not None) == expected.has_description)
    tally("init: paths").add(right=_covered(one.paths, [path for kind in OF_PRODUCT for path in truth.get(kind, ())]))
    _compare(tally("init: vendors"), expected.vendors, {it.value for _, it in one.vendors})
    _compare(tally("init: models"), expected.models, {bare_model_name(it.value) for _, it in one.models})


def _covered(globs: Iterable[str], files: list[str]) -> bool:
    held = [path for path in files if matches_any(tuple(globs), path)]
    return len(held) >= 0.9 * len(files)


def _compare(tally: Tally, wanted: frozenset[str], found: set[str]) -> None:
    """Each that is wanted, and each that is there without being wanted."""
    tally.add(right=len(wanted & found), of=len(wanted | found))


if __name__ == "__main__":
    sys.exit(main())
