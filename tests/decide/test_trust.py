"""D30: which options keep an answer from binding, and what a check that could not be made reports."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from decision_world import AS_OF, RULES, TODAY, people
from msgspec.structs import replace

from policy_gate.decide.trust import (
    options_of,
    repository_of,
    reproducing,
    trust_of,
    undecided_report,
    weakening_options,
)
from policy_gate.errors import UndecidedError
from policy_gate.schema.check_inputs import CheckInputs, Request
from policy_gate.schema.dates import end_of_day
from policy_gate.schema.documents import Config
from policy_gate.schema.report import Ref
from policy_gate.schema.snapshot import Snapshot
from policy_gate.schema.source import Document, Problem


def request(**fields: Any) -> Request:
    return Request(Path(), AS_OF, **fields)


@pytest.mark.parametrize(
    ("fields", "options"),
    [
        ({}, ()),
        ({"everything": True, "require_governed_base": True, "require_stage": "production"}, ()),
        ({"as_of_given": True}, ("--as-of",)),
        ({"systems": ("SYS-001",)}, ("--system",)),
        ({"defer_approval": True}, ("--defer",)),
        ({"advisory": True}, ("--advisory",)),
        ({"evidence": (Path("results"),)}, ("--evidence",)),
        ({"evidence": (Path("results"),), "environment": {"CI": ""}}, ("--evidence",)),
        ({"evidence": (Path("results"),), "environment": {"JENKINS": "1"}}, ("--evidence",)),
        ({"evidence": (Path("results"),), "environment": {"CI": "true"}}, ()),
        ({"evidence": (Path("results"),), "environment": {"GITHUB_ACTIONS": "true"}}, ()),
        ({"evidence": (Path("results"),), "environment": {"GITLAB_CI": "true"}}, ()),
        ({"as_of_given": True, "advisory": True}, ("--as-of", "--advisory")),
    ],
)
def test_d30_options_that_keep_an_answer_from_binding(fields: dict[str, Any], options: tuple[str, ...]) -> None:
    assert tuple(reason.split()[0] for reason in weakening_options(request(**fields))) == options


def test_the_repository_is_called_what_base_s_config_says() -> None:
    config = Config.model_validate({"schema": "policy-gate/config/v1", "repository": "org/repo"})
    base = Snapshot(None, "t", (), (), {}, config=Document("policy-gate.yaml", "0" * 40, config, {}))
    ref = Ref("main", "1" * 40)
    inputs = CheckInputs("change", base, base, ref, ref, "head", (), None, None, None, None, "main")
    assert repository_of(inputs) == options_of(request(), inputs).repository == "org/repo"
    assert repository_of(replace(inputs, base=replace(base, config=None))) == ""


def test_a_check_that_could_not_be_made_is_undecided_and_says_why() -> None:
    problem = Problem("policies/org.yaml", 3, 1, "no such key")
    error = UndecidedError("the policies cannot be read", hint="mend them", problems=(problem,))
    found = undecided_report(request(base="main", head="topic"), error, "1.0")
    assert (found.verdict, found.as_of, found.findings, found.systems) == ("undecided", TODAY, (), ())
    assert (found.headline, found.hint, found.problems) == ("the policies cannot be read", "mend them", (problem,))
    trust = found.trust
    assert (trust.mode, trust.enforcing, trust.policies_trusted, trust.result_from) == ("change", True, False, "head")
    assert (trust.base.ref, trust.head.ref, trust.notes) == ("main", "topic", ("the policies cannot be read",))


def test_it_binds_no_more_than_the_options_allow() -> None:
    error = UndecidedError("the policies cannot be read")
    asked = request(advisory=True, worktree=True, everything=True)
    trust = undecided_report(asked, error, "1.0").trust
    assert (trust.mode, trust.enforcing, trust.result_from, trust.base.ref) == ("all", False, "worktree", "")
    assert [note.split()[0] for note in trust.notes] == ["--advisory", "the"]


HEAD = Ref("HEAD", "b" * 40)


@pytest.mark.parametrize(
    ("asked", "read", "command"),
    [
        ({}, {}, "--base {a} --head {b} --as-of 2026-11-15"),
        ({}, {"target_branch": "main"}, "--base {a} --into main --head {b} --as-of 2026-11-15"),
        ({"worktree": True}, {"result_from": "worktree"}, "--worktree --base {a} --as-of 2026-11-15"),
        ({}, {"mode": "all"}, "--all --base {a} --head {b} --as-of 2026-11-15"),
        ({}, {"base_ref": Ref("", None)}, "--head {b} --as-of 2026-11-15"),
        (
            {"require_governed_base": True, "require_stage": "production"},
            {},
            "--require-governed-base --base {a} --head {b} --require-stage production --as-of 2026-11-15",
        ),
        (
            {"systems": ("A", "B"), "defer_approval": True},
            {},
            "--base {a} --head {b} --system A --system B --defer approval --as-of 2026-11-15",
        ),
        (
            {"organisation_policies": Path("their policies"), "evidence": (Path("it's"), Path("b"))},
            {},
            "--base {a} --head {b} --policies 'their policies' --evidence 'it'\\''s' --evidence b --as-of 2026-11-15",
        ),
    ],
)
def test_the_command_asks_the_same_again(asked: dict[str, Any], read: dict[str, Any], command: str) -> None:
    empty = Snapshot(None, "", (), (), {})
    usual = {"mode": "change", "base_ref": Ref("main", "a" * 40), "head_ref": HEAD, "result_from": "head"}
    papers = {"base": empty, "result": empty, "layers": (), "result_layers": None, "roles": None}
    more = {"result_roles": None, "roles_untold": None, "target_branch": ""}
    inputs = CheckInputs(**{**usual, **papers, **more, **read})
    said = reproducing(Request(Path(), end_of_day(date(2026, 11, 15)), **asked), inputs)
    assert said == f"policy-gate check {command.format(a='a' * 40, b='b' * 40)}"


def test_d30_an_answer_binds_where_no_option_keeps_it_from_that() -> None:
    base = Snapshot(None, "t", (), (), {})
    ref = Ref("main", "1" * 40)
    inputs = CheckInputs("change", base, base, ref, ref, "head", (), None, None, None, None, "main")
    for reasons, binds in (((), True), (("--as-of was given",), False)):
        asked = replace(inputs, not_enforcing=reasons)
        found = trust_of(asked, RULES, people(), ("more",))
        assert found.enforcing is options_of(request(), asked).enforcing is binds
        assert found.notes == (*reasons, *inputs.notes, "more", *RULES.notes)
