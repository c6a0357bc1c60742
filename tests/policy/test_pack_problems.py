"""What is wrong with a law pack is told with its place, and nothing of it is in force then."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace
from small_policies import base
from test_sealed_policies import READ

from policy_gate.errors import PolicyError
from policy_gate.evaluate.law_rules import enforcement_of
from policy_gate.policy.load import lint_policies, load_policies
from policy_gate.policy.packs import compiled_packs
from policy_gate.schema.check_inputs import LayerSource

PACK = """schema: policy-gate/pack/v1
id: ours
title: Our own code of conduct
regulation: gdpr
checked_on: 2026-11-22
since: 2026-11-22
derived:
  - {id: ours_first, about: One., when: system.eu_market}
  - {id: ours_second, about: Two., when: law.ours_first && system.children}
rows:
  - id: ours/one
    citation: Our code 1
    requirement: Ask the parents.
    role: any
    condition: children in the Union
    when: law.ours_second
    binding: voluntary
    evidence: [dpia]
    mark: memory
"""
PATH = "policies/ours.yaml"
DAY = date(2026, 11, 23)


def layer(text: str, path: str = PATH) -> LayerSource:
    return LayerSource("organisation", "organisation:ours", (), law={path: text.encode()})


def test_a_pack_of_another_layer_stands_beside_the_shipped_ones() -> None:
    law = load_policies((READ, layer(PACK))).law
    assert law is not None
    assert [row.id for row in law.content.rows if row.pack == "ours"] == ["ours/one"]
    assert len(law.content.rows) == 219


def test_a_fact_that_is_written_with_blanks_still_decides_whether_rows_are_read() -> None:
    alone = PACK.replace("system.eu_market", "system . org_employees > 3")
    law = load_policies((replace(READ, law={}), layer(alone))).law
    assert law is not None
    assert {"org_employees", "children"} <= law.facts


@pytest.mark.parametrize(
    ("was", "becomes", "said", "line"),
    [
        ("law.ours_second\n    binding", "system.eu_markett\n    binding", 'unknown name "system.eu_markett"', 16),
        ("when: system.eu_market}", "when: law.ours_second}", "hangs on itself or on a circle (by law.ours_second)", 8),
        ("[dpia]", "[dpai]", 'unknown artifact "dpai"', 18),
        ("regulation: gdpr", "regulation: gdrp", 'unknown regulation "gdrp"', 4),
        ("ours/one", "theirs/one", 'row "theirs/one" is of another pack', 11),
        ("mark: memory", "mark: 'verified: X'\n    sources: [X]", 'unknown source "X"', 20),
        ("binding: voluntary", "binding: voluntary\n    status: superseded", "superseded where it says by what", 11),
        ("binding: voluntary", "binding: voluntary\n    applies: [{from: 2027-13-01}]", "from", 18),
        ("binding: voluntary", "binding: perhaps", "binding", 17),
        (
            "binding: voluntary",
            "binding: voluntary\n    applies: [{from: 2027-01-01}, {from: 2028-01-01}]",
            "no later",
            18,
        ),
        ("when: law.ours_second\n    binding", "when: system.org_employees\n    binding", "true or false", 16),
        # what compiles, and can never be
        ("when: law.ours_second\n    binding", "when: law.ours_second && !law.ours_second\n    binding",
         "row ours/one: can never apply: `law.ours_second && !law.ours_second` leaves no value for law.", 16),
        ("when: law.ours_second\n    binding", "when: 'false'\n    binding", "row ours/one: can never apply", 11),
        ("when: law.ours_second\n    binding", 'when: system.org_size == "smal"\n    binding',
         'row ours/one: system.org_size is never "smal"', 16),
        ("law.ours_first && system.children", """'"girls" in system.org_type'""",
         'derived fact ours_second: system.org_type is never "girls"', 9),
        ("system.eu_market}", 'system.org_size == "sme" && system.org_size == "smc"}',
         "derived fact ours_first: can never hold", 8),
        ("binding: voluntary", "binding: voluntary\n    applies: [{from: 2027-01-01, when: '!law.ours_second'}]",
         "row ours/one: a route can never be taken", 18),
        ("[dpia]", "[{artifact: dpia, when: '!law.ours_second'}]", "row ours/one: evidence can never be wanted", 18),
        ("binding: voluntary", "binding: voluntary\n    until: 2026-12-31\n    applies: [{from: 2027-01-01}]",
         "row ours/one: ends on 2026-12-31, before it begins on 2027-01-01", 11),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line(was: str, becomes: str, said: str, line: int) -> None:
    assert was in PACK
    with pytest.raises(PolicyError) as error:
        load_policies((READ, layer(PACK.replace(was, becomes))))
    told = [problem for problem in error.value.problems if said in problem.message]
    assert told, [problem.message for problem in error.value.problems]
    assert (told[0].path, told[0].line) == (PATH, line)


def test_a_file_of_another_name_is_no_pack() -> None:
    with pytest.raises(PolicyError, match="in a file of another name"):
        load_policies((READ, layer(PACK, "policies/theirs.yaml")))


def test_a_pack_of_a_shipped_id_does_not_replace_it() -> None:
    softer = PACK.replace("id: ours\n", "id: gdpr\n").replace("ours/one", "gdpr/art-5")
    policy = load_policies((READ, layer(softer, "policies/gdpr.yaml")))
    assert policy.law is not None
    assert len([row for row in policy.law.content.rows if row.pack == "gdpr"]) == 18
    assert any("stands as an earlier layer has it" in note for note in policy.notes)


def test_rows_that_nobody_has_looked_at_for_a_year_are_advice() -> None:
    assert not lint_policies((READ,), today=date(2027, 11, 22))
    told = lint_policies((READ,), today=date(2027, 11, 23))
    assert len(told) == 22, "one line a pack"
    assert all(problem.advice and "last checked more than 1 year ago" in problem.message for problem in told)
    assert "pack gdpr: all 18 rows last checked more than 1 year ago" in [problem.message for problem in told]
    past = PACK.replace("mark: memory", "mark: memory\n    until: 2026-11-22")
    (ended,) = lint_policies((READ, layer(past)), (), DAY)
    assert (ended.advice, "ended before today" in ended.message) == (True, True)


def advised(text: str) -> dict[str, int | None]:
    """What is advised of a pack, by its line."""
    found = lint_policies((READ, layer(text)), (), DAY)
    assert all(problem.advice and problem.path == PATH and problem.hint for problem in found), found
    return {problem.message: problem.line for problem in found}


def test_what_a_pack_does_not_need_is_advice() -> None:
    assert advised(PACK) == {}
    unread = PACK.replace("rows:", "  - {id: ours_third, about: Three., when: system.children}\nrows:")
    assert advised(unread) == {"derived fact ours_third: no row reads it": 10}
    idle = PACK.replace("derived:", "sources: [{id: X, what: Our intranet, kind: primary}]\nderived:")
    assert list(advised(idle)) == ["pack ours: no row names the source X"]
    assert advised(idle.replace("mark: memory", "mark: 'verified: X'\n    sources: [X]")) == {}


def test_rows_to_look_at_again_are_named_and_so_are_those_checked_ahead() -> None:
    rows = PACK[PACK.index("  - id: ours/one") :]
    ours = PACK + "".join(rows.replace("ours/one", f"ours/two-{number}") for number in range(14))
    old = ours.replace("mark: memory", "mark: memory\n    checked_on: 2025-11-22", 13)
    (told,) = advised(old)
    assert told.startswith("pack ours: ours/one, ours/two-0, ours/two-1, ")
    assert told.endswith("ours/two-10 and 1 more last checked more than 1 year ago")
    ahead = ours.replace("mark: memory", "mark: memory\n    checked_on: 2026-11-24", 1)
    assert advised(ahead) == {"pack ours: ours/one checked on a day that is still to come": 11}
    assert advised(ours.replace("mark: memory", "mark: memory\n    checked_on: 2026-11-23", 1)) == {}


def test_everything_that_is_wrong_with_a_row_is_told_at_once() -> None:
    broken = PACK.replace("[dpia]", "[dpai]").replace("when: law.ours_second\n", "when: system.childrn\n")
    with pytest.raises(PolicyError) as error:
        load_policies((READ, layer(broken)))
    assert [problem.line for problem in error.value.problems] == [16, 18]


def test_the_shipped_packs_have_no_problem() -> None:
    law = load_policies((READ,)).law
    assert law is not None
    assert compiled_packs(law._texts, law._known)[1] == ()  # type: ignore[attr-defined]


def test_a_repository_opts_in_to_a_framework_by_its_policies() -> None:
    text = "regulations:\n  - {id: nist-ai-rmf, enforcement: block}\n"
    policy = load_policies((READ, base(text)))
    rows = {row.id: row for row in policy.law.content.rows} if policy.law else {}
    assert enforcement_of(rows["nist-ai-rmf/govern-1-1"], policy) == "block"
    assert enforcement_of(rows["iso-42001/a-2-2"], policy) == "advise"
    assert enforcement_of(rows["us-fed-ugesp/1607-4-d"], policy) == "advise"
