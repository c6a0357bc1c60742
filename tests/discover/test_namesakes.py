"""A proposal takes no package of the tree's own, and no application of Django, for a library of the same name."""

from __future__ import annotations

import pytest

from policy_gate.discover.scan import scan
from policy_gate.vcs.memory_tree import MemoryTree

SEARCH = "from haystack import indexes\n"
OWN = {"haystack/__init__.py": "", "haystack/views.py": SEARCH, "shop/search.py": SEARCH}


def products(files: dict[str, str]) -> list[str]:
    return [it.folder for it in scan(MemoryTree(files)).candidates]


@pytest.mark.parametrize("root", ["", "src/", "lib/"])
def test_a_package_of_the_tree_that_shows_nothing_else_is_no_library_of_ai(root: str) -> None:
    files = {f"{root}{path}": text for path, text in OWN.items()}
    assert products(files) == []
    assert scan(MemoryTree(files)).signals == ()


@pytest.mark.parametrize(
    "more",
    [
        {"haystack/rank.py": "import torch\n"},
        {"haystack/ask.py": 'requests.post("https://api.openai.com/v1/chat/completions")\n'},
    ],
)
def test_control_one_that_uses_ai_is_one(more: dict[str, str]) -> None:
    assert products(OWN | more) != []


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_an_application_of_django_is_no_library_of_ai(name: str) -> None:
    listed = "django-haystack==3\n" if name.endswith("txt") else '[project]\ndependencies = ["django-haystack"]\n'
    assert products({"shop/search.py": SEARCH, name: listed}) == []


@pytest.mark.parametrize("listed", ["", "haystack-ai\n", "django-haystack\nhaystack-ai\n", "django\n"])
def test_control_a_tree_that_asks_for_the_library_or_for_none_uses_it(listed: str) -> None:
    assert products({"shop/search.py": SEARCH, "requirements.txt": listed}) == ["shop"]


def test_control_what_else_a_namesake_stands_beside_is_kept() -> None:
    files = OWN | {"bot/ask.py": "import openai\n"}
    assert products(files) == ["bot"]
