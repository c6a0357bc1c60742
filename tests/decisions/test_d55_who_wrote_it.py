"""D55: what bots and coding agents alone wrote is told at high and critical, and none of them approves anything."""

from __future__ import annotations

import pytest
from decision_world import RULES
from scratch import Scratch
from world import AUTHOR, email_of, high_system, roles, to_yaml

from policy_gate.people.agents import is_agent
from policy_gate.schema.people import Author

CO_AUTHOR = "Other words\n\nCo-authored-by: "
BY_AGENTS = {
    "an author's address": ("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com", "Other words"),
    "a bot of another forge": ("helper", "project_7_bot_a1@noreply.gitlab.example.com", "Other words"),
    "a coding agent's address": ("Copilot", "198982749+Copilot@users.noreply.github.com", "Other words"),
    "a co-author": (AUTHOR, email_of(AUTHOR), f"{CO_AUTHOR}Claude <noreply@anthropic.com>"),
    "a co-author without an address": (AUTHOR, email_of(AUTHOR), f"{CO_AUTHOR}aider"),
    "a trailer": (AUTHOR, email_of(AUTHOR), "Other words\n\nGenerated-by: some tool 1.2"),
}


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    repo = Scratch(tmp_path_factory.mktemp("d55"))
    repo.adopt(high_system())
    return repo


def commit(repo: Scratch, name: str, email: str, message: str, path: str = "MODEL_CARD.md") -> None:
    text = repo.read("MODEL_CARD.md").replace("distilroberta-base", "roberta-large")
    repo.write({path: text})
    repo.git("add", "-A")
    repo.git("-c", f"user.name={name}", "-c", f"user.email={email}", "commit", "-q", "-m", message)


@pytest.mark.parametrize("how", BY_AGENTS)
def test_d55_what_agents_alone_wrote_is_advised_to_be_read(repo: Scratch, how: str) -> None:
    repo.branch("agent")
    commit(repo, *BY_AGENTS[how])
    found = repo.check()
    finding = found.finding("written-by-agent")
    assert (finding["state"], finding["enforcement"]) == ("gap", "advise"), found
    assert (found.code, found.blocking()) == (0, []), found


def test_d55_one_commit_of_a_person_is_enough(repo: Scratch) -> None:
    repo.branch("both")
    commit(repo, *BY_AGENTS["a co-author"])
    commit(repo, AUTHOR, email_of(AUTHOR), "By hand", "NOTES.md")
    assert [it for it in repo.check().findings() if it.get("for") == "written-by-agent"] == []


@pytest.mark.parametrize(
    ("name", "email", "message"),
    [
        ("Claude Martin", "claude.martin@example.com", "Other words"),
        ("Devin", "devin@example.com", "Other words"),
        (AUTHOR, email_of(AUTHOR), "Other words\n\nSigned-off-by: Copilot <x@example.com>"),
        (AUTHOR, email_of(AUTHOR), "Generated-by: words in the middle\n\nand an end."),
    ],
)
def test_d55_people_who_are_called_like_a_tool_are_people(repo: Scratch, name: str, email: str, message: str) -> None:
    repo.branch("people")
    commit(repo, name, email, message)
    assert [it for it in repo.check().findings() if it.get("for") == "written-by-agent"] == []


def test_d55_whoever_reads_it_settles_it(repo: Scratch) -> None:
    repo.branch("read")
    commit(repo, *BY_AGENTS["an author's address"])
    repo.approve("engineering", "written-by-agent")
    assert repo.check().finding("written-by-agent")["state"] == "met"


def test_d55_a_bot_that_holds_the_role_approves_nothing(scratch: Scratch) -> None:
    bot = "reader[bot]"
    scratch.adopt(high_system(), files={"policies/roles.yaml": to_yaml(roles(engineering=bot))})
    scratch.branch("bot")
    commit(scratch, *BY_AGENTS["a co-author"])
    scratch.approve("engineering", "written-by-agent", by=bot)
    finding = scratch.check().finding("written-by-agent")
    assert finding["state"] == "gap"
    assert any("a bot cannot approve" in str(claim) for claim in finding["claims"]), finding


@pytest.mark.parametrize(
    ("author", "is_one"),
    [
        (Author("x", "x@example.com", "github:renovate[bot]"), True),
        (Author("Copilot", ""), True),
        (Author("Copilot", "lee@example.com"), False),
        (Author("x", "robot@example.com"), False),
        (Author("", ""), False),
    ],
)
def test_d55_agents_are_told_by_address_and_account(author: Author, is_one: bool) -> None:
    assert is_agent(author, RULES.assurance.agents) is is_one
