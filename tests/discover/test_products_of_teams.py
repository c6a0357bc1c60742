"""Products of a tree whose CODEOWNERS names teams: what is another team's stays another product."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from policy_gate.discover.products import products
from policy_gate.schema.observed import Signal

NAMES = ("ads", "chat", "fraud", "mail", "pricing", "recs", "search", "vision")
ROOT = {"pyproject.toml": '[project]\nname = "shop"\n'}


def _folders(
    names: tuple[str, ...], owners: str, others: Mapping[str, str] | None = None, top: str = "apps/"
) -> list[str]:
    files = {f"{top}{name}/app.py": "import openai\n" for name in names} | dict(others or {})
    files |= {"CODEOWNERS": owners}
    signals = [Signal(path, 1, "sdk", "OpenAI client", "high", "openai") for path in files if path.endswith("app.py")]
    found = products(tuple(files), signals, (), files.get, lambda _: ())
    return [part.folder for part in found]


def _each(top: str = "/apps/") -> str:
    return "".join(f"{top}{name}/ @acme/{name}\n" for name in NAMES)


@pytest.mark.parametrize(("others", "top"), [({}, "apps/"), (ROOT, "apps/"), ({}, "")])
def test_eight_teams_have_eight_products(others: dict[str, str], top: str) -> None:
    assert _folders(NAMES, _each(f"/{top}"), others, top) == [f"{top}{name}" for name in NAMES]


@pytest.mark.parametrize(
    "owners", ["", "* @acme/all\n", "/apps/ @acme/all\n", "".join(f"/apps/{name}/ @{name}\n" for name in NAMES)]
)
def test_control_what_is_one_teams_or_persons_stays_one_product(owners: str) -> None:
    assert _folders(NAMES, owners) == [""]
    assert _folders(NAMES, owners, ROOT) == [""]


def test_two_teams_with_a_few_folders_each_keep_them_apart() -> None:
    owners = "".join(f"/apps/{name}/ @acme/{'one' if name < 'm' else 'two'}\n" for name in NAMES)
    assert _folders(NAMES, owners) == [f"apps/{name}" for name in NAMES]


def test_the_many_folders_of_one_team_become_one_beside_another_teams() -> None:
    owners = "".join(f"/apps/{name}/ @acme/{'two' if name == 'vision' else 'one'}\n" for name in NAMES)
    assert _folders(NAMES, owners) == ["apps/ads", "apps/vision"]


def test_parts_of_one_package_that_are_no_products_stay_together() -> None:
    owners = "/shop/ads/ @acme/ads\n/shop/chat/ @acme/chat\n"
    assert _folders(("ads", "chat"), owners, ROOT, top="shop/") == [""]
