"""`policy-gate policy`: read, check and try the rules themselves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from policy_gate.app.policy_cases import run_cases_of, skeleton
from policy_gate.app.views import facts_in
from policy_gate.cli import options
from policy_gate.cli.app import CONTEXT
from policy_gate.cli.completing_rules import completing_rules
from policy_gate.cli.output import as_json, one_line, show, tell
from policy_gate.cli.policies_here import (
    PoliciesHere,
    folder_sources,
    policies_here,
    settings_problems_here,
    sources_here,
)
from policy_gate.cli.policy_impact import facts, impact
from policy_gate.cli.policy_pack import pack
from policy_gate.documents.spelling import refuse_unknown, spelling_hint
from policy_gate.errors import PolicyError, UsageError
from policy_gate.policy.cases import read_cases, rules_without_cases
from policy_gate.policy.docs import every_doc
from policy_gate.policy.load import compile_condition, lint_policies, load_policies, policies_as_written
from policy_gate.report import RenderOptions
from policy_gate.report.formats.json import problem_data, report_schema
from policy_gate.report.formats.text import problem_lines
from policy_gate.report.text_layout import printed
from policy_gate.report.views.policy_list import policy_listing, policy_listing_json
from policy_gate.schema.published import PUBLISHED, document_schema
from policy_gate.schema.source import Problem


@click.group(context_settings=CONTEXT, short_help="Read, check and try the rules.")
def policy() -> None:
    """Read, check and try the rules: built-in, the organisation's, and this repository's own."""


@policy.command(short_help="Find what is wrong in the policies.")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@options.text_or_json
@options.policies
@options.directory
def lint(*, folder: Path | None, formats: Any, policies: Path | None, directory: Path) -> int:
    """Find what is wrong in the policies of this work tree, or of FOLDER.

    \b
    Examples:
      policy-gate policy lint
      policy-gate policy lint ../org-policies --format json
    """
    problems, wrong = _linted(folder, directory, policies)
    views = {
        "text": lambda render: _lint_text(problems, len(wrong), render),
        "json": lambda _: as_json({"problems": [problem_data(problem) for problem in problems]}),
    }
    tell(formats, views)
    return 1 if wrong else 0


def _linted(
    folder: Path | None, directory: Path, policies: Path | None
) -> tuple[tuple[Problem, ...], Sequence[Problem]]:
    """Every problem, and those of them that are no advice; of files that are no YAML only theirs."""
    try:
        here = folder_sources(folder) if folder else sources_here(directory, policies)
    except PolicyError as unread:
        if not unread.problems:
            raise
        return unread.problems, unread.problems
    own = () if folder else settings_problems_here(directory, policies)
    problems = (*lint_policies(here.layers, here.packs, today=options.today()), *own)
    return problems, (*_errors(here), *(problem for problem in own if not problem.advice))


def _errors(here: PoliciesHere) -> tuple[Problem, ...]:
    try:
        load_policies(here.layers, here.packs)
    except PolicyError as error:
        return error.problems or (Problem("policies", error.message),)
    return ()


def _lint_text(problems: tuple[Problem, ...], wrong: int, render: RenderOptions) -> str:
    advice = max(len(problems) - wrong, 0)
    count = f"{wrong} wrong, {advice} to consider" if problems else "nothing wrong"
    return "\n".join(filter(None, [printed(problem_lines(problems, render), render).rstrip("\n"), count]))


@policy.command(short_help="Run the cases beside the policies.")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@options.text_or_json
@options.policies
@options.directory
def test(*, folder: Path | None, formats: Any, policies: Path | None, directory: Path) -> int:
    """Run the cases beside the policies: facts and changes in, findings expected out.

    The cases of a layer are run under it and those below it: the shipped ones under the shipped rules alone.

    \b
    Examples:
      policy-gate policy test
      policy-gate policy test ../org-policies
    """
    here = folder_sources(folder) if folder else sources_here(directory, policies)
    rules = load_policies(here.layers, here.packs)
    cases = read_cases([document for layer in here.layers for document in layer.cases], rules)
    done = run_cases_of(here.layers, here.packs)
    bare = [str(lacking) for lacking in rules_without_cases(rules, cases)]
    answer = {"cases": done.cases, "failed": list(done.failed), "rules_without_cases": bare}
    tell(formats, {"text": lambda _: _test_text(answer), "json": lambda _: as_json(answer)})
    return 1 if done.failed else 0


def _test_text(answer: dict[str, Any]) -> str:
    lines = [f"FAILED  {one_line(failure)}" for failure in answer["failed"]]
    lines += [one_line(lacking) for lacking in answer["rules_without_cases"]]
    return "\n".join([*lines, f"{answer['cases']} cases, {len(answer['failed'])} failed"])


@policy.command("list")
@click.option("--origin", is_flag=True, help="Which layer and file set each effective value.")
@options.text_or_json
@options.policies
@options.directory
def list_(*, origin: bool, formats: Any, policies: Path | None, directory: Path) -> int:
    """List the rules in force here.

    \b
    Examples:
      policy-gate policy list
      policy-gate policy list --origin
    """
    here = sources_here(directory, policies)
    rules, written = load_policies(here.layers, here.packs), policies_as_written(here.layers, here.packs)
    docs = every_doc(rules)
    views = {
        "text": lambda render: policy_listing(rules, docs, render, written if origin else None),
        "json": lambda _: policy_listing_json(rules, docs, written),
    }
    tell(formats, views)
    return 0


@policy.command("eval", short_help="Evaluate a condition over a system.")
@click.argument("expression")
@click.option(
    "--system",
    shell_complete=options.completing("system"),
    metavar="ID",
    required=True,
    help="The system whose facts it is about.",
)
@options.text_or_json
@options.policies
@options.directory
def eval_(*, expression: str, system: str, formats: Any, policies: Path | None, directory: Path) -> int:
    """Evaluate a CEL condition over a system's facts: true, false, or unknown and what is missing.

    \b
    Examples:
      policy-gate policy eval 'system.tier == "high"' --system SYS-001
      policy-gate policy eval 'system.score > 12 && !system.has_model_card' --system SYS-001

    Exit codes: 0 true or false, 2 the expression is wrong, 3 unknown.
    """
    rules, facts = facts_in(options.view(directory, policies))
    values = {fact.id: fact.values for fact in facts}
    refuse_unknown("system", (system,), values)
    truth = compile_condition(expression, "system", rules).truth(values[system])
    word = {True: "true", False: "false", None: "unknown"}[truth.value]
    answer = {"system": system, "expression": expression, "value": truth.value, "missing": list(truth.missing)}
    missing = f": not known is {', '.join(truth.missing)}" if truth.missing else ""
    tell(formats, {"text": lambda _: word + missing, "json": lambda _: as_json(answer)})
    return 0 if truth.value is not None else 3


policy.add_command(impact)
policy.add_command(facts)
policy.add_command(pack)


@policy.command(short_help="Print the skeleton of a case for a rule.")
@click.argument("rule", shell_complete=completing_rules("rule"))
@options.policies
@options.directory
def case(*, rule: str, policies: Path | None, directory: Path) -> int:
    """Print the skeleton of a case for RULE, to be kept in policies/tests/.

    \b
    Example:
      policy-gate policy case tier-lowering > policies/tests/tier-lowering.yaml
    """
    rules = policies_here(directory, policies)
    found = next((item for item in rules.rules if item.id == rule), None)
    if found is None:
        raise UsageError(
            f'no rule, gate or control "{rule}"', hint=spelling_hint(rule, [item.id for item in rules.rules])
        )
    show(skeleton(rules, found))
    return 0


@policy.command(short_help="Print the JSON Schema of a document.")
@click.argument("document", metavar="DOCUMENT", type=click.Choice(["report", *PUBLISHED]))
def schema(*, document: str) -> int:
    """Print the JSON Schema of a document, for editors and other tools.

    DOCUMENT is report, manifest, config, roles, card, policy, approval, waiver or case.

    \b
    Example:
      policy-gate policy schema manifest > governance.schema.json
    """
    show(report_schema() if document == "report" else as_json(document_schema(document)))
    return 0
