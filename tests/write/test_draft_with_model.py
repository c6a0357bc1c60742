"""`draft --with-model`: what is asked of a model, what becomes of its answer, and what is written where none comes.

The model is a Messages API on loopback; the SDK that asks it is the real one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from evidence import prose
from fakes.claude import BUSY, Claude
from scratch import Scratch
from world import days_ago, high_system

pytestmark = [pytest.mark.real_git, pytest.mark.contract_fake]
DRAFT = ("draft", "red-team-report", "--system", "SYS-001")
PATH = "governance/red-team-report.md"


@pytest.fixture
def claude() -> Iterator[Claude]:
    with Claude(answers=_every_section) as fake:
        yield fake


def _every_section(
    asked: str, text: Callable[[int], str] = lambda _: "The entry says that it ranks applicants."
) -> str:
    """An answer for each heading of the template that is asked about."""
    template = asked.split("<template>")[1].split("</template>", maxsplit=1)[0]
    headings = [line for line in template.splitlines() if line.startswith("## ")]
    return "\n\n".join(f"{heading}\n{text(number)}" for number, heading in enumerate(headings))


@pytest.fixture
def adopted(scratch: Scratch) -> Scratch:
    """A repository with a system that owes a red team report."""
    scratch.adopt()
    scratch.declare_only(high_system("pre_deployment", model_card=None))
    return scratch


def test_a_model_fills_the_template_and_nothing_counts_until_a_person_read_it(adopted: Scratch, claude: Claude) -> None:
    done = adopted.run(*DRAFT, "--with-model", **claude.environment)
    assert done.code == 0, done
    assert "drafted by claude-opus-4-6, 100 tokens in, 42 out" in done.err
    text = adopted.read(PATH)
    assert "The entry says that it ranks applicants." in text
    assert text.count("TODO: drafted by claude-opus-4-6 on ") == text.count("\n## ")
    adopted.edit(stage="pre_deployment", artifacts=[{"id": "red-team-report", "path": PATH, "status": "final",
                                                           "completed": "2026-10-01"}])  # fmt: skip
    adopted.commit("Draft called final")
    finding = adopted.check("--all").finding("red-team-report", "artifact")
    assert (finding["state"], finding["cause"]) == ("gap", "template")
    assert 'says "TODO: drafted by claude-opus-4-6 on ' in finding["message"]


def test_a_draft_counts_once_every_mark_is_gone(adopted: Scratch, claude: Claude) -> None:
    claude.answers = lambda asked: _every_section(asked, lambda number: prose(60, number * 60))
    adopted.run(*DRAFT, "--with-model", **claude.environment)
    lines = adopted.read(PATH).splitlines()
    marks = [number for number, line in enumerate(lines) if line.startswith("TODO: ")]
    named = {"id": "red-team-report", "path": PATH, "status": "final", "completed": days_ago(3)}
    for left in (1, 0):
        gone = set(marks[left:])
        adopted.write({PATH: "\n".join(line for number, line in enumerate(lines) if number not in gone)})
        adopted.edit(artifacts=[named])
        adopted.commit(f"{left} to be checked")
        finding = adopted.check("--all").finding("red-team-report", "artifact")
        assert finding["state"] == ("gap" if left else "met"), finding


def test_a_card_of_a_model_states_nothing_until_a_person_read_it(adopted: Scratch, claude: Claude) -> None:
    adopted.run("draft", "model-card", "--system", "SYS-001", "--with-model", **claude.environment)
    read = adopted.run("card", "check", "MODEL_CARD.md", "--format", "json").report["fields"]
    assert "The entry says that it ranks applicants." in adopted.read("MODEL_CARD.md")
    assert read["known_limitations"]["state"] == "placeholder"
    text = adopted.read("MODEL_CARD.md")
    kept = (line for line in text.splitlines() if not line.startswith("TODO: "))
    adopted.write({"MODEL_CARD.md": "\n".join(kept)})
    read = adopted.run("card", "check", "MODEL_CARD.md", "--format", "json").report["fields"]
    assert read["known_limitations"]["state"] == "present"


def test_what_is_sent_is_the_template_and_what_the_repository_says(adopted: Scratch, claude: Claude) -> None:
    shown = adopted.run(*DRAFT, "--show-prompt", **claude.environment)
    assert shown.code == 0, shown
    assert claude.requests == []
    assert not (adopted.path / PATH).exists()
    assert "nothing was sent" in shown.err
    adopted.run(*DRAFT, "--with-model", "--model", "claude-another", **claude.environment)
    (body,) = claude.bodies()
    assert body["model"] == "claude-another"
    assert shown.out.strip() == f"{body['system']}\n\n{body['messages'][0]['content']}"
    for part in ("its entry in the manifest", "its scores"):
        assert f'<material name="{part}">' in shown.out
    assert "screener/**" in shown.out


def test_what_is_personal_or_secret_is_not_sent(adopted: Scratch, claude: Claude) -> None:
    adopted.edit(incident_contact="ada@example.org", description="Call +49 30 901820. Key sk-ant-abcdefghijklmnop")
    shown = adopted.run(*DRAFT, "--show-prompt", **claude.environment)
    assert "ada@example.org" not in shown.out
    assert "901820" not in shown.out
    assert "abcdefghijklmnop" not in shown.out
    assert "1 x telephone number" in shown.err
    assert "not recognised: names in running text" in shown.err


def test_a_number_in_a_line_of_its_own_is_masked(adopted: Scratch, claude: Claude) -> None:
    adopted.edit(description="Call\n+49 30 901820\nor write to\nada@example.org")
    shown = adopted.run(*DRAFT, "--show-prompt", **claude.environment)
    assert "901820" not in shown.out
    assert "ada@example.org" not in shown.out


def test_a_model_in_the_environment_is_sent_nothing_unasked(adopted: Scratch, claude: Claude) -> None:
    named = {**claude.environment, "POLICY_GATE_MODEL": "claude-another"}
    assert adopted.run(*DRAFT, **named).code == 0
    assert claude.requests == []
    adopted.remove(PATH)
    assert adopted.run(*DRAFT, "--with-model", **named).code == 0
    assert [body["model"] for body in claude.bodies()] == ["claude-another"]


def test_a_model_that_is_named_and_not_asked_is_an_error(adopted: Scratch, claude: Claude) -> None:
    done = adopted.run(*DRAFT, "--model", "claude-another", **claude.environment)
    assert done.code == 2
    assert "add --with-model or --show-prompt" in done.err
    assert claude.requests == []
    assert not (adopted.path / PATH).exists()


def test_nothing_is_asked_where_one_of_the_documents_is_none(adopted: Scratch, claude: Claude) -> None:
    done = adopted.run("draft", "red-team-report", "red-tem-report", "--system", "SYS-001", "--with-model",
                       **claude.environment)  # fmt: skip
    assert done.code == 2
    assert 'no artifact "red-tem-report"' in done.err
    assert claude.requests == []
    assert not (adopted.path / PATH).exists()


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"ANTHROPIC_API_KEY": ""}, "ANTHROPIC_API_KEY is not set"),
        ({"ANTHROPIC_API_KEY": "another"}, "gave no answer: HTTP 401"),
    ],
    ids=["no key", "a key that is refused"],
)
def test_where_no_answer_comes_the_template_is_written(
    adopted: Scratch, claude: Claude, environment: dict[str, str], said: str
) -> None:
    done = adopted.run(*DRAFT, "--with-model", **claude.environment | environment)
    assert done.code == 0, done
    assert said in done.err
    assert "the template is written as it is" in done.err
    written = adopted.read(PATH)
    adopted.remove(PATH)
    assert adopted.run(*DRAFT).code == 0
    assert adopted.read(PATH) == written


def test_a_service_that_fails_for_good_leaves_nothing_half_written(adopted: Scratch, claude: Claude) -> None:
    claude.fail("/v1/messages", BUSY)
    done = adopted.run(*DRAFT, "--with-model", **claude.environment)
    assert (done.code, "Traceback" in done.err) == (0, False)
    assert "TODO: drafted by" not in adopted.read(PATH)


def test_all_that_is_missing_can_be_drafted_by_a_model(adopted: Scratch, claude: Claude) -> None:
    shown = adopted.run("draft", "--all", "--system", "SYS-001", "--show-prompt", **claude.environment)
    assert shown.code == 0, shown
    assert claude.requests == []
    assert not (adopted.path / "governance/SYS-001").exists()
    done = adopted.run("draft", "--all", "--system", "SYS-001", "--with-model", **claude.environment)
    assert done.code == 0, done
    written = [line.removeprefix("wrote ") for line in done.out.splitlines() if line.startswith("wrote ")]
    assert len(written) == len(claude.bodies()) > 1
    assert all("TODO: drafted by claude-opus-4-6" in adopted.read(path) for path in written)


def test_several_documents_at_once(adopted: Scratch) -> None:
    done = adopted.run("draft", "red-team-report", "deployment-runbook", "--system", "SYS-001")
    assert done.code == 0, done
    assert [line for line in done.out.splitlines() if line.startswith("wrote ")] == [
        f"wrote {PATH}", "wrote governance/deployment-runbook.md",
    ]  # fmt: skip
