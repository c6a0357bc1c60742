"""What a notice needs to say, by audience and incident, and what of it is filled in."""

from __future__ import annotations

from desk_facts import RULES, at, seen

from policy_gate.app.incidents import lacking_in_notice
from policy_gate.report.views.incident_notice import notice_markdown
from policy_gate.respond.notice import NoticeContext, NoticePart, clocks_for, parts_of, wanted_sections
from policy_gate.schema.incidents import IncidentFact

NOW = at("20T12:00")
ABOUT = NoticeContext("Support Bot", "desk@example.com", "Dee Ortiz (DPO)")
CONTAINED = {"at": "2026-11-20T11:00:00Z", "step": "contained", "by": "rae", "what": "Took the cache down"}
ARTICLE_33 = [
    "Nature of the breach", "Categories and number of individuals", "Data protection contact", "Likely consequences",
    "Measures taken or proposed",
]  # fmt: skip


def titles(audience: str, fact: IncidentFact, now: str = "20T12:00") -> list[str]:
    return [part.title for part in wanted_sections(RULES.notices[audience], fact.values_at(at(now)))]


def parts(audience: str, fact: IncidentFact) -> dict[str, NoticePart]:
    return {part.title: part for part in parts_of(RULES.notices[audience], fact, ABOUT, NOW)}


def test_what_article_33_wants_is_wanted_where_personal_data_may_be_exposed() -> None:
    for exposed in (True, None):
        assert set(ARTICLE_33) <= set(titles("regulators", seen(personal_data_exposed=exposed)))
    assert not set(ARTICLE_33) & set(titles("regulators", seen(personal_data_exposed=False)))


def test_reasons_are_wanted_of_a_notice_that_is_late() -> None:
    assert "Reasons for delay" not in titles("regulators", seen())
    assert "Reasons for delay" in titles("regulators", seen(), "23T10:01")


def test_the_lessons_requirements_of_the_other_audiences() -> None:
    assert titles("affected-users", seen()) == [
        "What happened", "What data may have been affected", "What you should do", "How to get support", "Your rights",
    ]  # fmt: skip
    assert titles("leadership", seen()) == [
        "Decisions needed", "Business impact", "Reputational risk", "Regulatory risk", "Resourcing", "Timeline",
    ]  # fmt: skip


def test_what_is_known_is_filled_in_and_the_rest_is_asked_for() -> None:
    found = parts("regulators", seen(CONTAINED))
    assert found["Nature of the incident"].known[1:] == (
        "It began: 2026-11-20T07:00:00Z", "It was found: 2026-11-20T09:00:00Z", "It was certain: 2026-11-20T10:00:00Z",
    )  # fmt: skip
    assert found["Nature of the incident"].asks is None
    assert found["Immediate actions"] == NoticePart(
        "Immediate actions", ("2026-11-20T11:00:00Z: Took the cache down",), None
    )
    assert found["Data protection contact"].known == ("Who writes this: Dee Ortiz (DPO)",)
    assert found["Likely consequences"].known == ()
    assert found["Likely consequences"].asks


def test_what_is_not_known_stays_asked_for() -> None:
    found = parts("regulators", seen(aware_at=None))
    assert "It was certain: not known yet" in found["Nature of the incident"].known
    assert found["Nature of the incident"].asks is not None
    for fact in (seen(), seen("contained 20T11:00")):
        assert parts("regulators", fact)["Immediate actions"].asks is not None


def test_leadership_reads_which_clocks_run() -> None:
    known = parts("leadership", seen())["Regulatory risk"].known
    assert known[0].startswith("gdpr-33 runs, until 2026-11-23T10:00:00Z")


def test_t11_the_question_of_a_draft_without_its_mark_is_open_until_it_is_answered() -> None:
    fact, notice = seen(CONTAINED), RULES.notices["regulators"]
    found = parts_of(notice, fact, ABOUT, NOW)
    text = notice_markdown(notice, fact, found, (), "Legal")
    wanted = wanted_sections(notice, fact.values_at(NOW))
    asked = {part.title: "open" for part in found if part.asks is not None}
    for bare in ("", "> ", "* "):
        assert lacking_in_notice(text.replace("TODO: ", bare), wanted, found) == asked, bare
    answer = "We looked at it with care."
    for before, after in ((f"{answer}\n\n", ""), ("", f"\n\n{answer}"), ("", f"\n{answer}")):
        lines = (
            before + line.removeprefix("TODO: ") + after if line.startswith("TODO:") else line
            for line in text.splitlines()
        )
        assert lacking_in_notice("\n".join(lines), wanted, found) == {}, (before, after)


def test_the_clocks_of_an_audience() -> None:
    both = seen(risk_to_persons="high")
    assert [it.id for it in clocks_for("regulators", both.clocks, RULES, NOW)] == ["gdpr-33"]
    assert [it.id for it in clocks_for("affected-users", both.clocks, RULES, NOW)] == ["gdpr-34"]
    assert clocks_for("leadership", both.clocks, RULES, NOW) == ()
    told = seen("notified 20T11:00 gdpr-33")
    assert clocks_for("regulators", told.clocks, RULES, NOW) == ()
    step = {"at": "2026-11-20T11:00:00Z", "step": "notified", "clock": "gdpr-33", "report": "initial", "by": "rae"}
    assert [it.id for it in clocks_for("regulators", seen(step).clocks, RULES, NOW)] == ["gdpr-33"]


def test_a_draft_lacks_just_what_it_asks_for() -> None:
    fact, notice = seen(CONTAINED), RULES.notices["regulators"]
    found = parts_of(notice, fact, ABOUT, NOW)
    text = notice_markdown(notice, fact, found, (), "Legal")
    wanted = wanted_sections(notice, fact.values_at(NOW))
    assert set(lacking_in_notice(text, wanted)) == {part.title for part in found if part.asks is not None}
    lines = text.splitlines()
    whole = "\n".join("We looked at it with care." if line.startswith("TODO:") else line for line in lines)
    assert lacking_in_notice(whole, wanted) == {}
    assert lacking_in_notice(whole.replace("## Scope", "## Extent"), wanted) == {"Scope": "not there"}
    hidden = whole.replace("We looked at it with care.", "<!-- We looked at it with care. -->")
    assert lacking_in_notice(hidden, wanted)["Likely consequences"] == "empty"


def test_text_of_the_repository_brings_no_markup() -> None:
    fact = seen(description="<img src=x> ![x](http://example.com/x) \u202e\n## Scope")
    text = notice_markdown(RULES.notices["regulators"], fact, parts_of(RULES.notices["regulators"], fact, ABOUT, NOW),
                           (), "Legal")  # fmt: skip
    assert "<img" not in text
    assert "![x]" not in text
    assert "\u202e" not in text
    assert text.count("\n## Scope") == 1
