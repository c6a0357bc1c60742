"""What a repository shows of AI: model cards, and code that imports an AI library.

A few sure signs, enough to propose systems to a person; never a verdict.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from msgspec import Struct

from policy_gate.vcs.tree import Tree, TreeEntry

_LARGEST = 200_000
_MOST_FILES = 5_000
_LIBRARIES = (
    "openai", "anthropic", "google.generativeai", "google.genai", "mistralai", "cohere", "langchain", "llama_index",
    "litellm", "transformers", "diffusers", "torch", "tensorflow", "keras", "sklearn", "xgboost", "lightgbm", "vllm",
)  # fmt: skip
_PYTHON = re.compile(rf"^[ \t]*(?:import|from)[ \t]+({'|'.join(map(re.escape, _LIBRARIES))})\b", re.MULTILINE)
_SCRIPT_LIBRARIES = (
    "openai|@anthropic-ai/sdk|@google/generative-ai|@mistralai/mistralai|langchain|ai|@huggingface/inference"
)
_SCRIPT = re.compile(rf"""(?:from|require\(|import)\s*["']({_SCRIPT_LIBRARIES})["']""")
_CODE = {".py": _PYTHON, ".js": _SCRIPT, ".mjs": _SCRIPT, ".ts": _SCRIPT, ".tsx": _SCRIPT, ".jsx": _SCRIPT}
_CARD_NAME = re.compile(r"model[-_]?card\.(?:md|ya?ml|json)\Z", re.IGNORECASE)
_HUB_KEY = re.compile(r"^(?:pipeline_tag|library_name|model-index|base_model)\s*:", re.MULTILINE)
_NOT_PRODUCT = frozenset({"test", "tests", "docs", "doc", "examples", "node_modules", "vendor", ".github", ".gitlab"})
_PASSED_THROUGH = frozenset({"src", "lib", "packages", "apps", "services", "models"})


class Candidate(Struct, frozen=True):
    """One folder (or single file) that looks like an AI system, and the signs that say so."""

    folder: str
    name: str
    paths: tuple[str, ...]
    card: str | None
    signs: tuple[str, ...]


class AiSignals(Struct, frozen=True):
    """Candidates in path order, and which forges' CI the repository uses."""

    candidates: tuple[Candidate, ...]
    platforms: tuple[str, ...]


def scan(tree: Tree, remote: str = "") -> AiSignals:
    """Look through a tree; `remote` is the URL of origin, which may name the forge."""
    entries = [entry for _, entry in zip(range(_MOST_FILES), _files(tree), strict=False)]
    cards: dict[str, str] = {}
    signs: dict[str, list[str]] = {}
    for entry in entries:
        if _is_card(tree, entry):
            cards.setdefault(_parent(entry.path), entry.path)
        for cache in _imports(tree, entry):
            signs.setdefault(_home(entry.path), []).append(f"{entry.path} imports {cache}")
    return AiSignals(tuple(_candidates(cards, signs)), _platforms(entries, remote))


def of_card(tree: Tree, path: str) -> Candidate | None:
    """The candidate that a model card speaks of, or None where there is no such file."""
    entry = tree.entry(path)
    if entry is None or entry.kind != "file":
        return None
    folder = _parent(path)
    return Candidate(
        folder, _title(_text(tree, entry)) or _named(folder), (_glob(folder),), path, (f"{path} is a card",)
    )


def _candidates(cards: Mapping[str, str], signs: Mapping[str, list[str]]) -> Iterator[Candidate]:
    # A card at the root speaks for the code; beside cards in folders it is one system more.
    root_card = cards.get("")
    homes = sorted(set(signs) | {folder for folder in cards if folder})
    if not homes and root_card:
        homes = [""]
    for home in homes:
        card = cards.get(home) or (root_card if len(homes) == 1 else None)
        told = [*([f"{card} is a model card"] if card else []), *signs.get(home, ())]
        yield Candidate(home, _named(home), (_glob(home),), card, tuple(told))


def _files(tree: Tree) -> Iterator[TreeEntry]:
    for entry in tree.walk():
        if entry.kind == "file" and not (_NOT_PRODUCT - {".github", ".gitlab"}) & set(_folders(entry.path)):
            yield entry


def _is_card(tree: Tree, entry: TreeEntry) -> bool:
    name = PurePosixPath(entry.path).name
    if _CARD_NAME.match(name):
        return True
    if name != "README.md":
        return False
    text = _text(tree, entry)
    front = text.split("\n---", 1)[0] if text.startswith("---\n") else ""
    return bool(_HUB_KEY.search(front))


def _imports(tree: Tree, entry: TreeEntry) -> tuple[str, ...]:
    pattern = _CODE.get(PurePosixPath(entry.path).suffix)
    if pattern is None or _NOT_PRODUCT & set(_folders(entry.path)):
        return ()
    return tuple(dict.fromkeys(pattern.findall(_text(tree, entry))))


def _text(tree: Tree, entry: TreeEntry) -> str:
    if tree.size(entry) > _LARGEST:
        return ""
    return tree.read(entry).decode("utf-8", "replace")


def _home(path: str) -> str:
    """The folder that a code file belongs to: the first below names such as src, or the file at the root."""
    folders = _folders(path)
    if not folders:
        return path
    depth = 2 if folders[0] in _PASSED_THROUGH and len(folders) > 1 else 1
    return "/".join(folders[:depth])


def _folders(path: str) -> tuple[str, ...]:
    return PurePosixPath(path).parts[:-1]


def _parent(path: str) -> str:
    return "/".join(_folders(path))


def _glob(folder: str) -> str:
    if not folder:
        return "**"
    return folder if PurePosixPath(folder).suffix in _CODE else f"{folder}/**"


def _named(folder: str) -> str:
    words = re.split(r"[-_.\s]+", PurePosixPath(folder).stem or "AI system")
    return " ".join(word for word in words if word).capitalize() or "AI system"


def _title(text: str) -> str:
    found = re.search(r"^#[ \t]+(?:model card[:\s]*(?:for)?[ \t]*)?(.+?)[ \t]*#*$", text, re.MULTILINE | re.IGNORECASE)
    return found[1][:200] if found else ""


def _platforms(entries: list[TreeEntry], remote: str) -> tuple[str, ...]:
    paths = [entry.path for entry in entries]
    github = "github" in remote or any(path.startswith(".github/") for path in paths)
    gitlab = "gitlab" in remote or ".gitlab-ci.yml" in paths
    return tuple(name for name, there in (("github", github), ("gitlab", gitlab)) if there)
