"""The note on newer releases. The forge is a fake on loopback that answers one address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fakes.forge_server import Answer, Asked, ForgeServer

from policy_gate.ci.github.releases import release_note

pytestmark = pytest.mark.contract_fake


class Releases(ForgeServer):
    """A fake: the newest release of example-org/policy-gate, and nothing else."""

    tag: Any = "v0.2.0"

    def respond(self, request: Asked) -> Answer:
        if request.path != "/repos/example-org/policy-gate/releases/latest" or self.tag is None:
            return Answer(404, {"message": "Not Found"})
        return Answer(200, {"tag_name": self.tag})


@pytest.fixture
def releases() -> Iterator[Releases]:
    with Releases() as fake:
        yield fake


def note(releases: Releases, version: str = "0.1.0", home: str = "example-org/policy-gate") -> str:
    given = {"GITHUB_API_URL": releases.url, "GITHUB_TOKEN": "t", "GITHUB_REPOSITORY": "example-org/screener"}
    return release_note(given | ({"GITHUB_ACTION_REPOSITORY": home} if home else {}), version)


def test_a_newer_release_is_named(releases: Releases) -> None:
    assert "0.2.0 is published" in note(releases)


@pytest.mark.parametrize("version", ["0.2.0", "0.10.0", "1.0.0"])
def test_the_newest_and_later_ones_are_told_apart_by_number(releases: Releases, version: str) -> None:
    assert "no newer release" in note(releases, version)


@pytest.mark.parametrize("tag", [None, 5, "x\n::error::forged", "v99999999.0.0"])
def test_t24_an_answer_that_tells_nothing_is_no_news_and_no_failure(releases: Releases, tag: Any) -> None:
    releases.tag = tag
    said = note(releases)
    assert said.startswith("policy-gate 0.1.0; ")
    assert "is published:" not in said
    assert "\n" not in said


def test_files_of_the_checkout_have_no_release(releases: Releases) -> None:
    assert "no release to compare" in note(releases, home="")
    assert releases.requests == []
