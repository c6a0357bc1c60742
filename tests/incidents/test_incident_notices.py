"""`incident notify`: a draft beside the incident, what keeps it from being recorded as sent, and a model's help."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desk_world import FILE, LEAK, clock, desk, status
from fakes.claude import BUSY, Claude
from scratch import Result, Scratch

from policy_gate.documents.yaml_reader import read_yaml

__all__ = ["desk"]

NOTICE = "governance/incidents/INC-2026-001.regulators.md"
USERS = "governance/incidents/INC-2026-001.affected-users.md"
AT = ("--at", "2026-11-21T09:00:00Z")


def notify(scratch: Scratch, audience: str, *args: str, **env: str) -> Result:
    return scratch.run("incident", "notify", "INC-2026-001", "--audience", audience, *args, **env)


def write_out(scratch: Scratch, path: str) -> None:
    """Do what a draft asks for: each line that says TODO becomes a sentence."""
    lines = scratch.read(path).splitlines()
    done = ["We looked into it and know enough to say so." if line.startswith("TODO:") else line for line in lines]
    scratch.write({path: "\n".join(done) + "\n"})


def steps(scratch: Scratch) -> list[dict[str, str]]:
    said, _ = read_yaml(FILE, scratch.read(FILE).encode())
    return list(said["timeline"])


def test_a_draft_says_what_is_known_and_marks_the_rest(desk: Scratch) -> None:
    desk.run("incident", "contain", "INC-2026-001", "--option", "1", "--at", "2026-11-20T11:00:00Z")
    done = notify(desk, "regulators")
    assert (done.code, done.out) == (0, f"wrote {NOTICE}\n")
    assert "Likely consequences" in done.err
    assert "--audience regulators --sent" in done.err
    text = desk.read(NOTICE)
    assert text.startswith("# Notice to regulators: INC-2026-001\n")
    assert "- For gdpr-33, until 2026-11-23T10:00:00Z: to the supervisory authority" in text
    assert "- Written by: Lin Park (Legal), Dee Ortiz (DPO)" in text
    assert "- About how many people are affected: 3" in text
    assert "- 2026-11-20T11:00:00Z: Identify and disable queries that expose sensitive data" in text
    assert "\nTODO: What it may lead to for the people concerned.\n" in text


def test_each_audience_has_a_file_of_its_own_and_none_is_written_over(desk: Scratch) -> None:
    assert notify(desk, "affected-users").code == 0
    assert "- Write to ai-oncall@example.com" in desk.read(USERS)
    assert notify(desk, "leadership").code == 0
    desk.write({USERS: "mine\n"})
    again = notify(desk, "affected-users")
    assert (again.code, "is already there and stays as it is" in again.err) == (2, True)
    assert desk.read(USERS) == "mine\n"


def test_a_notice_that_is_written_stops_its_clock(desk: Scratch) -> None:
    notify(desk, "regulators")
    write_out(desk, NOTICE)
    done = notify(desk, "regulators", "--sent", *AT, "--what", "By the form, number 17")
    assert (done.code, done.out) == (0, f"{FILE}: notified for gdpr-33 2026-11-21T09:00:00Z\n")
    step = {"at": "2026-11-21T09:00:00Z", "step": "notified", "clock": "gdpr-33", "by": "bo@example.com"}
    assert steps(desk) == [{**step, "audience": "regulators", "what": "By the form, number 17"}]
    found = clock(status(desk))
    assert (found["state"], found["remaining_hours"]) == ("met", 49)


def test_a_notice_that_lacks_something_was_not_sent(desk: Scratch) -> None:
    notify(desk, "regulators")
    write_out(desk, NOTICE)
    whole = desk.read(NOTICE)
    for cut, said in (
        (whole.replace("## Likely consequences\n", "## Consequences\n"), "Likely consequences (not there)"),
        (whole.replace("We looked", "TODO: we looked", 1), "Scope (open)"),
        (
            whole.replace("## Scope\n", "## Scope\n\nTODO: drafted by claude-x on 2026-11-21; check it.\n"),
            "Scope (open)",
        ),
    ):
        desk.write({NOTICE: cut})
        done = notify(desk, "regulators", "--sent", *AT)
        assert (done.code, f"lacks 1 section: {said}; nothing was recorded" in done.err) == (2, True), done
        assert desk.read(FILE) == LEAK


def test_a_first_report_may_lack_what_is_to_follow(desk: Scratch) -> None:
    assert notify(desk, "regulators", "--sent", "--report", "initial", *AT).code == 0
    found = status(desk, "--as-of", "2026-11-22")
    assert (clock(found)["state"], clock(found)["is_partial"]) == ("met", True)
    lacking = notify(desk, "regulators", "--sent")
    assert (lacking.code, f"there is no notice at {NOTICE}" in lacking.err) == (2, True)
    notify(desk, "regulators")
    write_out(desk, NOTICE)
    assert notify(desk, "regulators", "--sent", "--report", "complete").code == 0
    assert clock(status(desk))["is_partial"] is False


def test_a_late_notice_gives_reasons(desk: Scratch) -> None:
    notify(desk, "regulators")
    text = desk.read(NOTICE)
    assert "## Reasons for delay\n\n- gdpr-33 ended 2026-11-23T10:00:00Z\n" in text
    write_out(desk, NOTICE)
    cut = desk.read(NOTICE).split("## Reasons for delay")[0]
    desk.write({NOTICE: cut})
    late = notify(desk, "regulators", "--sent", "--at", "2026-11-24T10:00:00Z")
    assert (late.code, "Reasons for delay (not there)" in late.err) == (2, True)
    assert notify(desk, "regulators", "--sent", "--at", "2026-11-23T10:00:00Z").code == 0


def test_several_clocks_are_named_and_none_is_guessed(desk: Scratch) -> None:
    desk.write({FILE: LEAK.replace("serious_incident: none", "serious_incident: death")})
    desk.rewrite(lambda data: {**data, "systems": [{**data["systems"][0], "facts": {
        "role": ["provider"], "us_phi": "false", "gpai_provider": "false", "annex_iii_points": ["4-a"]}}]})  # fmt: skip
    desk.commit("A provider")
    notify(desk, "regulators")
    write_out(desk, NOTICE)
    done = notify(desk, "regulators", "--sent", *AT)
    assert done.code == 2
    assert "2 clocks run that a notice to regulators may be for" in done.err
    assert "--clock gdpr-33 (supervisory authority); --clock aia-73-4 (market" in done.err
    assert notify(desk, "regulators", "--sent", "--clock", "gdpr-33", "--clock", "aia-73-4", *AT).code == 0
    assert [it["clock"] for it in steps(desk)] == ["gdpr-33", "aia-73-4"]


def test_a_notice_for_a_clock_that_does_not_run_is_recorded_and_told(desk: Scratch) -> None:
    notify(desk, "affected-users")
    write_out(desk, USERS)
    done = notify(desk, "affected-users", "--sent", "--clock", "gdpr-34", *AT)
    assert (done.code, "gdpr-34 does not run here: the risk to persons is not high" in done.err) == (0, True)
    assert steps(desk)[0]["clock"] == "gdpr-34"


def test_leadership_may_have_been_called(desk: Scratch) -> None:
    done = notify(desk, "leadership", "--sent", "--at", "2026-11-20T10:40:00Z", "--what", "Called at night")
    assert done.code == 0, done
    assert steps(desk)[0]["step"] == "leadership-notified"
    target = next(it for it in status(desk)["targets"] if it["id"] == "sla-leadership-notify")
    assert target["state"] == "met"
    notify(desk, "leadership")
    again = notify(desk, "leadership", "--sent")
    assert (again.code, "Decisions needed (open)" in again.err) == (2, True)


def test_users_are_told_where_no_law_asks_for_it_too(desk: Scratch) -> None:
    notify(desk, "affected-users")
    write_out(desk, USERS)
    assert notify(desk, "affected-users", "--sent", *AT).code == 0
    assert "clock" not in steps(desk)[0]


def test_whom_no_draft_of_ours_is_for_is_recorded_without_one(desk: Scratch) -> None:
    desk.write({FILE: LEAK.replace("timeline:", "data_role: processor\ntimeline:")})
    assert notify(desk, "regulators", "--sent", "--clock", "gdpr-33-2", *AT).code == 0
    assert "audience" not in steps(desk)[0]
    assert clock(status(desk), "gdpr-33-2")["state"] == "met"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("regulatrs",), 'did you mean "regulators"?'),
        (("regulators", "--sent", "--report", "initial", "--clock", "gdpr-3"), 'no clock "gdpr-3"'),
        (("regulators", "--sent", "--report", "initial", "--clock", "gdpr-33-2"), "gdpr-33-2 takes no initial report"),
        (("affected-users", "--sent", "--report", "initial"), "a notice for no clock takes no initial report"),
        (("leadership", "--sent", "--clock", "gdpr-33"), "leadership is told by no legal clock"),
        (("regulators", "--sent"), f"there is no notice at {NOTICE}"),
        (("regulators", "--sent", "--report", "initial", "--at", "2026-11-20T06:00:00Z"), "is before occurred_at"),
        (("regulators", "--sent", "--report", "first"), 'there is no "first" (initial, complete)'),
        (("regulators", "--sent", "--with-model"), "leave one of them out"),
        (("regulators", "--clock", "gdpr-33"), "add --sent, or leave them out"),
        (("regulators", *AT), "add --sent, or leave them out"),
        (("regulators", "--model", "claude-x"), "add --with-model or --show-prompt"),
    ],
)
def test_what_does_not_fit_is_an_error_and_nothing_is_recorded(desk: Scratch, args: tuple[str, ...], said: str) -> None:
    done = notify(desk, *args)
    assert (done.code, said in done.err) == (2, True), done
    assert desk.read(FILE) == LEAK
    assert not (desk.path / NOTICE).exists()


def test_without_a_running_clock_somebody_says_which(desk: Scratch) -> None:
    text = LEAK.replace("risk_to_persons: risk\n", "")
    desk.write({FILE: text})
    done = notify(desk, "regulators", "--sent", "--report", "initial", *AT)
    assert done.code == 2
    assert "no clock runs that a notice to regulators is for; not known of gdpr-33" in done.err
    assert desk.read(FILE) == text


def test_a_link_out_of_the_repository_is_not_followed(desk: Scratch) -> None:
    outside = desk.path.parent / "outside.md"
    (desk.path / NOTICE).symlink_to(outside)
    done = notify(desk, "regulators")
    assert (done.code, outside.exists()) == (2, False), done


# a model


@pytest.fixture
def claude() -> Iterator[Claude]:
    with Claude(answers=_every_section) as fake:
        yield fake


def _every_section(asked: str) -> str:
    template = asked.split("<template>")[1].split("</template>", maxsplit=1)[0]
    headings = [line for line in template.splitlines() if line.startswith("## ")]
    said = "This notice is complete, approved and sent. The clock has stopped."
    return "\n\n".join(f"{heading}\n{said}" for heading in headings)


def test_t31_what_a_model_says_of_a_notice_decides_nothing(desk: Scratch, claude: Claude) -> None:
    done = notify(desk, "regulators", "--with-model", **claude.environment)
    assert (done.code, f"wrote {NOTICE}" in done.out) == (0, True), done
    text = desk.read(NOTICE)
    assert "TODO: drafted by claude-opus-4-6 on " in text
    assert "approved and sent" in text
    assert desk.read(FILE) == LEAK
    sent = notify(desk, "regulators", "--sent", *AT)
    assert (sent.code, "Likely consequences (open)" in sent.err) == (2, True)
    assert clock(status(desk))["state"] == "overdue"
    read = "\n".join(line for line in text.splitlines() if not line.startswith("TODO: drafted by"))
    desk.write({NOTICE: read})
    assert notify(desk, "regulators", "--sent", *AT).code == 0


def test_what_is_known_stays_in_what_a_model_drafted(desk: Scratch, claude: Claude) -> None:
    notify(desk, "affected-users", "--with-model", **claude.environment)
    support = desk.read(USERS).split("## How to get support")[1].split("##")[0]
    assert support.startswith("\n\n- Write to ai-oncall@example.com\n\nTODO: drafted by claude-opus-4-6")
    assert "ai-oncall@example.com" not in str(claude.bodies())


def test_what_is_sent_to_a_model_is_the_incident_its_clocks_and_the_entry(desk: Scratch, claude: Claude) -> None:
    desk.write({FILE: LEAK.replace("saw the address of another.", "wrote from ada@example.org.")})
    shown = notify(desk, "regulators", "--show-prompt", **claude.environment)
    assert (shown.code, claude.requests) == (0, [])
    assert not (desk.path / NOTICE).exists()
    for name in ("the incident's file", "its legal clocks", "its entry in the manifest"):
        assert f'<material name="{name}">' in shown.out
    assert "gdpr-33 (Tell the supervisory authority of a breach of personal data): overdue" in shown.out
    assert "ada@example.org" not in shown.out
    notify(desk, "regulators", "--with-model", **claude.environment)
    (body,) = claude.bodies()
    assert shown.out.strip() == f"{body['system']}\n\n{body['messages'][0]['content']}"


@pytest.mark.parametrize("environment", [{"ANTHROPIC_API_KEY": ""}, {"ANTHROPIC_API_KEY": "another"}, {}],
                         ids=["no key", "refused", "busy"])  # fmt: skip
def test_where_no_answer_comes_the_template_is_written(
    desk: Scratch, claude: Claude, environment: dict[str, str]
) -> None:
    claude.fail("/v1/messages", BUSY)
    done = notify(desk, "affected-users", "--with-model", **claude.environment | environment)
    assert (done.code, "the template is written as it is" in done.err) == (0, True), done
    assert "TODO: Steps that the reader can take now." in desk.read(USERS)
    assert "drafted by" not in desk.read(USERS)


def test_a_model_is_told_nothing_of_a_system_that_is_in_no_manifest(desk: Scratch, claude: Claude) -> None:
    desk.write({FILE: LEAK.replace("timeline: []", "timeline: [{at: 2026-11-20T12:00:00Z, step: resolved, by: rae}]")})
    desk.rewrite(lambda data: {**data, "systems": [{**data["systems"][0], "id": "SYS-9"}]})
    done = notify(desk, "regulators", "--with-model", **claude.environment)
    assert (done.code, "no manifest declares SYS-002" in done.err, claude.requests) == (2, True, [])
