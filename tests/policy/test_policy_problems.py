"""Every fault of a policy is refused where it stands, with the nearest valid word."""

# ruff: noqa: E501 - tables of cases are read one a line

from __future__ import annotations

import pytest
from small_policies import BUILTIN, FILES, SCHEMA, base, edited, layer, refused

from policy_gate.errors import PolicyError
from policy_gate.policy.load import lint_policies, load_policies

ADDED = "rules:\n  - id: mine\n    title: Mine\n    why: So.\n    enforcement: block\n"


def added(when: str, require: str = "[{test: bias-suite}]", more: str = "") -> str:
    return f"{ADDED}    when: {when}\n    require: {require}\n{more}"


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        (added('system.tierr == "high"'), "7:11", 'unknown name "system.tierr"', 'did you mean "system.tier"?'),
        (added('"\'a\' == system.tierr"'), "7:19", 'unknown name "system.tierr"', 'did you mean "system.tier"?'),
        (added('system.eu_market && sytem.tier == "low"'), "7:31", 'unknown name "sytem.tier"', 'did you mean "system.tier"?'),
        (added("|\n      system.eu_market\n      && system.usrs > 1"), "9", 'unknown name "system.usrs"', "system.users"),
        (added('change.kind == "x"'), "7:11", 'unknown name "change.kind"', "for_each: change"),
        (added("system.tier == 5"), "7:23", "`==` does not go with (string, int)", "quotes"),
        (added("system.users > 1.0"), "7:24", "`>` does not go with (int, double)", "1.0 beside a DOUBLE"),
        (added("system.users >"), "7:25", "no CEL: ", "quotes and brackets"),
        (added('system.tier == "low" and system.eu_market'), "7:32", "no CEL: ", "write && for and"),
        (added('system.tier == "and" OR !system.eu_market'), "7:32", "no CEL: ", "write || for OR"),
        (added("not system.eu_market"), "7:15", "no CEL: ", "write ! for not"),
        (added('system.tier = "low or not"'), "7:23", "no CEL: ", "write == for ="),
        (added("system.users => 3"), "7:24", "no CEL: ", "write >= for =>"),
        (added('system.tier is not "low"'), "7:23", "no CEL: ", "write != for is not"),
        (added('system.tier not in ["low"]'), "7:23", "no CEL: ", 'write !(system.tier in ["low"])'),
        (added('system.regulations contains "gdpr"'), "7:30", "no CEL: ", 'write "gdpr" in system.regulations'),
        (added("system.regulations == 'gdpr'"), "7:30", "does not go with (list(string), string)", '"word" in LIST'),
        (added('system.tier in "low, high"'), "7:23", "`in` does not go with", '["one", "other"]'),
        (added("system.tier == “low”"), "7:26", "no CEL: ", 'write " for “'),
        (added("system.tier == „low“"), "7:26", "no CEL: ", 'write " for „'),
        (added("system.users > 0,85"), "7:27", "no CEL: ", "write 0.85 for 0,85"),
        (added("system.users > 1,000"), "7:27", "no CEL: ", "nothing between its thousands"),
        (added("system.users > 85%"), "7:29", "no CEL: ", "write 0.85 for 85%"),
        (added("system.users > 2,5 %"), "7:27", "no CEL: ", "write 0.025 for 2,5 %"),
        (added('system.eu_market == "yes"'), "7:28", "does not go with (bool, string)", "!NAME where it is not"),
        (added("system.eu_market == no"), "7:31", 'unknown name "no"', "write false"),
        (added('system.tier >= "low"'), "7:23", "system.tier is a word, and `>=` compares words by the alphabet", '"high", "low"'),
        (added("system.eu_market && 'low' < system.tier"), "7:37", "compares words by the alphabet", "system.tier in [...]"),
        (added("system.eu_market").replace("enforcement:", "effective: 01.03.2027\n    enforcement:"), "6:16", "effective is", "write 2027-03-01"),
        (added("system.eu_market").replace("enforcement:", "effective: 03/01/2027\n    enforcement:"), "6:16", "effective is", ""),
        (added("system.eu_market", "[{artifact: red-team-report, max_age: 6 months}]"), "8:52", "no ISO 8601 duration", "write P6M"),
        (added("system.eu_market", "[{artifact: red-team-report, max_age: {high: 30 Tage}}]"), "8:59", "no ISO 8601 duration", "write P30D"),
        (added("system.eu_market", "{test: bias-suite}"), "8:14", "require is a mapping (a list)", "begin each entry of the list with `- `"),
        (added("system.tier == high"), "7:26", 'unknown name "high"', 'a text stands in double quotes: "high"'),
        (added("system.eu_market == False"), "7:31", 'unknown name "False"', "write false"),
        (added('tier == "high"'), "7:11", 'unknown name "tier"', "did you mean system.tier?"),
        (added("system.users"), "7:11", "got INT, expected BOOL", ""),
        (added("has(system.eu_market)"), "7:11", "has() does not ask", "BOOL"),
        (added('system.tier == "hihg"'), "7:26", 'system.tier is never "hihg"', 'did you mean "high"?'),
        (added('system.tier in ["low", "hihg"]'), "7:34", 'system.tier is never "hihg"', 'did you mean "high"?'),
        (added('system.stage != "prodution"'), "7:27", 'system.stage is never "prodution"', 'did you mean "production"?'),
        (added('system.purpose == "hirring"'), "7:29", 'system.purpose is never "hirring"', 'did you mean "hiring"?'),
        (added('\'"gpdr" in system.regulations\''), "7:12", 'system.regulations is never "gpdr"', 'did you mean "gdpr"?'),
        (added("system.regulations.exists(r, r == 'gpdr')"), "7:45", "system.regulations is never 'gpdr'", "gdpr"),
        (added("'\"eu_markt\" in system.declared'"), "7:12", 'system.declared is never "eu_markt"', "eu_market"),
        (added('system.human_oversight == "ful"'), "7:37", 'system.human_oversight is never "ful"', '"full"'),
        (added("'false'"), "7:11", "can never fire: `false` is never true", ""),
        (added("system.eu_market && false"), "7:11", "can never fire", ""),
        (added('system.tier == "low" && system.tier == "high"'), "7:11", "leaves no value for system.tier", ""),
        (added('(system.tier == "low" && (system.tier != "low"))'), "7:11", "leaves no value for system.tier", ""),
        (added("system.eu_market && !system.eu_market"), "7:11", "leaves no value for system.eu_market", ""),
        (added("system.tier in []"), "7:11", "leaves no value for system.tier", ""),
        (
            added('system.tier == "low"', "[{test: bias-suite, when: system.tier == 'high'}]"),
            "8:14",
            "leaves no value for system.tier (here system.tier is low)",
            "",
        ),
        (added("system.eu_market", "[{that: 'true', message: No}]"), "8:14", "always holds, so it asks for nothing", ""),
        (added("system.eu_market", "[]"), "8:14", "require is empty", ""),
        (added("system.eu_market", "[{all_of: []}]"), "8:24", "all_of is empty", ""),
        (added("system.eu_market", "[{card: []}]"), "8:22", "an empty list of card fields asks for nothing", ""),
        (added("system.eu_market", "[{artifact: red-team}]"), "8:26", 'unknown artifact "red-team"', '"red-team-report"'),
        (added("system.eu_market", "[{test: bias-siute}]"), "8:22", 'unknown test "bias-siute"', 'did you mean "bias-suite"?'),
        (added("system.eu_market", "[{approval: cisso}]"), "8:26", 'unknown role "cisso"', 'did you mean "ciso"?'),
        (added("system.eu_market", more="    activity: leading\n"), "9:15", 'unknown activity "leading"', ""),
        (added("system.eu_market", "[{card: [known_limits]}]"), "8:23", 'unknown card field "known_limits"', "known_"),
        (
            added("system.eu_market", "[{any_of: [{approval: cisso}, {test: bias-suite}]}]"),
            "8:36",
            'unknown role "cisso"',
            "ciso",
        ),
        (added("system.eu_market", "[{approval: ciso, status: final}]"), "8:40", "status means nothing for approval", "out"),
        (added("system.eu_market", more="    approve_for: use-case-chang\n"), "9:18", 'unknown id "use-case-chang"', "change"),
        (
            "rules:\n  - {id: mine, title: M, when: system.eu_market, enforcement: block, require: [{test: bias-suite}]}\n",
            "3:5",
            "why is missing",
            "sentence",
        ),
        (added("system.eu_market").replace("title: Mine", "title: ' '"), "4:12", "title is blank", ""),
        (added("system.eu_market").replace("id: mine", "id: security-review"), "3:9", "a gate has this id too", ""),
        (added("system.eu_market").replace("enforcement: block", "enforcement: blok"), "6:18", "blok", '"block"'),
        (added("system.eu_market").replace("title:", "titel:"), "4:", "titel", "title"),
        ("facts: [{id: package, type: BOOL, about: X}]", "2:14", "is a word of CEL", ""),
        ("facts: [{id: tier, type: STRING, about: X}]", "2:14", "system.tier is there already", ""),
        ("facts: [{id: big, type: BOOL, about: X, weaker: lower}]", "2:49", "is for INT or DOUBLE (got BOOL)", ""),
        ("facts: [{id: big, type: INT, about: X, values: [a]}]", "2:48", "values are for STRING", ""),
        ("facts: [{id: big, type: STRING, about: X, values: []}]", "2:51", "allows none", ""),
        ("card_fields: [{id: known_limits, title: T, tiers: [low]}]", "2:20", "no model card has such a field", "known_"),
        (
            "law_classes: [{id: 'gdrp:x', title: T, regulation: gdrp, when: system.eu_market, rank: 1}]",
            "2:52",
            'unknown regulation "gdrp"',
            "gdpr",
        ),
        ("raci: [{id: x, title: T, responsible: [cisso], accountable: ciso}]", "2:40", 'unknown role "cisso"', "ciso"),
        ("raci: [{id: x, title: T, responsible: [ciso], accountable: cisso}]", "2:60", 'unknown role "cisso"', "ciso"),
        ("regulations: [{id: other, title: T, aliases: [GDPR]}]", "2:46", '"gdpr" already names regulation gdpr', ""),
        ("regulations: [{id: other, title: T, enforced_by: [GDPR]}]", "2:50", '"gdpr" already names regulation gdpr', ""),
        ("assurance: {self_approval: [high]}", "2:28", "nobody approves their own work at tier high", ""),
        ("floors: [{id: f, title: F, when: system.usrs > 3, tier: high}]", "2:34", 'unknown name "system.usrs"', "users"),
        ("floors: [{id: f, title: F, when: \"system.tier == 'hihg'\", tier: high}]", "2:49", "is never 'hihg'", "high"),
    ],
)  # fmt: skip
def test_t26_a_fault_in_an_added_policy_is_refused_where_it_stands(
    text: str, place: str, message: str, hint: str
) -> None:
    found = refused(BUILTIN, base(text))
    hits = [problem for problem in found if message in problem.message and hint in problem.hint]
    assert hits, found
    assert str(hits[0].location).startswith(f"policies/own.yaml:{place}")


def test_a_key_that_is_misspelt_is_not_told_as_missing_too() -> None:
    found = refused(BUILTIN, base(added("system.eu_market").replace("enforcement:", "enforcment:")))
    assert [(problem.message, problem.hint) for problem in found] == [
        ("unknown key enforcment", 'did you mean "enforcement"?')
    ]


def test_a_new_rule_that_lacks_a_key_is_told_which_line_to_add() -> None:
    (found,) = refused(BUILTIN, base(added("system.eu_market").replace("    enforcement: block\n", "")))
    assert (found.message, found.hint.split(";")[0]) == (
        "enforcement is missing in rules[0]",
        "add a line `enforcement: ...` here",
    )


def test_days_are_compared_as_text() -> None:
    """Words of a closed list have no order; days that are written from the year on do."""
    assert not lint_policies(
        [BUILTIN, base(added('system.eu_market && today.date >= "2027-01-01"', more="    effective: 2026-01-01\n"))]
    )


GATE = """gates:
  - id: second-review
    title: Second
    why: So.
    from: pre_deployment
    to: production
    tiers: [critical, high]
    none_for: [low, medium]
    enforcement: block
    require: [{approval: ciso}]
"""


@pytest.mark.parametrize(
    ("old", "new", "place", "message", "hint"),
    [
        ("none_for: [low, medium]", "none_for: [medium]", "8:12", "this gate says nothing for low", "none_for: [low]"),
        ("none_for: [low, medium]", "none_for: [low, medium, high]", "9:15", "high is in tiers and in none_for", ""),
        ("to: production", "to: development", "7:9", "a gate never leads back", ""),
        ("tiers: [critical, high]", "tiers: [critical, hihg]", "8:23", "hihg", '"high"'),
        (
            "{approval: ciso}",
            '{approval: ciso, when: system.tier == "low"}',
            "11:14",
            "(here system.tier is critical or",
            "",
        ),
        (
            "    enforcement: block",
            "    enforcement: block\n    recurring: {high: P1Y}",
            "11:16",
            "recurs for critical",
            "",
        ),
    ],
)
def test_t26_gates_say_something_for_every_tier(old: str, new: str, place: str, message: str, hint: str) -> None:
    assert load_policies((BUILTIN, base(GATE))).gates["second-review"].to == "production"
    (problem,) = refused(BUILTIN, base(GATE.replace(old, new)))
    assert str(problem.location) == f"policies/own.yaml:{place}"
    assert message in problem.message
    assert hint in problem.hint


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  - {tier: medium, at_least: 7}\n", "", "no threshold says from how many points a system is medium"),
        ("{tier: high, at_least: 12}", "{tier: high, at_least: 7}", "threshold high: begins at 7 points, medium at 7"),
        ("{tier: medium, at_least: 7}", "{tier: medium, at_least: 7}\n  - {tier: low, at_least: 6}", "leaves scores from 5"),
        ("professionals: 1", "professionels: 1", 'unknown value "professionels"'),
        (", professionals: 1", "", 'no points for "professionals"'),
        ("id: human_oversight", "id: human_oversigth", 'dimension human_oversigth: unknown dimension'),
        ("authors: forge\n", "\n", "assurance: authors is missing"),
        ("expiry: {low: P1Y, ", "expiry: {", "debt: expiry is missing for low"),
        ("waivers:\n  max_period: {low: P1Y, medium: P6M, high: P3M, critical: P1M}\n  approved_like: [use-case-change]\n", "", "nothing sets waivers"),
        ("due_at: security-review, require: [{artifact: red", "due_at: security-reveiw, require: [{artifact: red", "unknown gate"),
        ("satisfied_by: [full-assessment]", "satisfied_by: [full-asessment]", 'unknown control "full-asessment"'),
    ],
)  # fmt: skip
def test_t26_a_policies_that_lacks_a_part_is_no_policies(old: str, new: str, message: str) -> None:
    found = refused(edited(old, new))
    assert any(message in problem.message for problem in found), found


@pytest.mark.parametrize(
    ("start", "end"), [("gates:", "controls:"), ("dimensions:", "thresholds:"), ("thresholds:", "floors:")]
)
def test_t26_zero_gates_dimensions_or_thresholds_are_refused(start: str, end: str) -> None:
    files = {
        path: text[: text.index(start)] + text[text.index(end) :] if start in text else text
        for path, text in FILES.items()
    }
    word = start.removesuffix("s:")
    assert any(problem.message.startswith(f"no {word}") for problem in refused(layer(files)))


def test_t26_no_layer_at_all_is_refused() -> None:
    assert any("no gate" in problem.message for problem in refused())


def test_t26_a_pack_that_holds_no_rule_is_refused() -> None:
    empty = layer({**FILES, "p.yaml": SCHEMA + "pack: mine\nfacts: [{id: extra, type: BOOL, about: X}]\n"})
    assert "extra" not in load_policies((empty,)).facts
    (problem,) = refused(empty, packs=("mine",))
    assert (str(problem.location), problem.message) == ("p.yaml:2:7", 'pack "mine" holds no rule')


def test_t26_an_unknown_pack_is_refused_with_the_nearest_name() -> None:
    (problem,) = refused(BUILTIN, packs=("eu-ai-atc",))
    assert problem.message == 'unknown pack "eu-ai-atc"'
    assert problem.hint == 'did you mean "eu-ai-act"?'


def test_lint_reads_the_packs_that_are_not_active() -> None:
    text = SCHEMA + "pack: mine\n" + added("system.usrs > 3")
    inactive = layer({**FILES, "p.yaml": text})
    assert load_policies((inactive,)).digest == load_policies((BUILTIN,)).digest
    (problem,) = lint_policies((inactive,))
    assert str(problem.location) == "p.yaml:8:11"
    assert not problem.advice


def test_all_faults_are_reported_at_once_in_file_order() -> None:
    text = added("system.usrs > 3", "[{test: bias-siute}, {approval: cisso}]")
    with pytest.raises(PolicyError) as refusal:
        load_policies((BUILTIN, base(text)))
    assert [str(problem.location) for problem in refusal.value.problems] == [
        "policies/own.yaml:7:11",
        "policies/own.yaml:8:22",
        "policies/own.yaml:8:46",
    ]
    assert refusal.value.exit_code == 3
    assert "(and 2 more)" in str(refusal.value)


def test_malformed_documents_of_every_shape_are_problems() -> None:
    for text in ("gates: 5", "gates: [5]", "rules: [{id: [1]}]", "assurance: []", "thresholds: [{tier: [x]}]"):
        assert refused(BUILTIN, base(text))
    sections = "artifacts: [{id: model-card, sections: [5, {title: [x]}]}]"
    assert refused(BUILTIN, base(sections))[0].path == "policies/own.yaml"


def test_choices_that_multiply_beyond_reading_are_refused() -> None:
    both = "{all_of: [{test: bias-suite}, {approval: ciso}, {artifact: model-card}]}"
    (problem,) = refused(BUILTIN, base(added("system.eu_market", f"[{{any_of: [{', '.join([both] * 4)}]}}]")))
    assert "too many combinations (got 81" in problem.message


@pytest.mark.parametrize(("when", "found"), [("system.eu_market", ["nothing reads it"]), ("system.own_fact", [])])
def test_a_fact_that_nothing_reads_is_advice(when: str, found: list[str]) -> None:
    """Nothing asks anybody for it: the interview goes by what rows and rules read."""
    text = added(when) + "facts:\n  - {id: own_fact, type: BOOL, about: Of our own.}\n"
    problems = [it for it in lint_policies((BUILTIN, base(text))) if "own_fact" in it.message]
    assert [it.message.partition(": ")[2] for it in problems] == found
    assert all(it.advice and it.hint for it in problems)
