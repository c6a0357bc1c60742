"""`policy-gate vendor`: what a vendor's entry comes to, what to ask it, and its answers taken back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from policy_gate.app.vendors import chosen, import_answers, vendors_in
from policy_gate.cli import options
from policy_gate.cli.app import CONTEXT
from policy_gate.cli.output import one_line, say, show, tell
from policy_gate.errors import UsageError
from policy_gate.report.views.vendors import form_markdown, vendors_json, vendors_text
from policy_gate.report.wording import plural
from policy_gate.vendors.questionnaire import form_yaml, open_questions


@click.group(context_settings=CONTEXT, short_help="Score the vendors, ask them, take their answers back.")
def vendor() -> None:
    """Score the vendors that manifests describe, write what is open as a form, and take the answers back."""


@vendor.command(short_help="Score vendors, with what is wrong and what is not stated.")
@click.argument("ids", metavar="[ID]...", nargs=-1, shell_complete=options.completing("vendor"))
@options.text_or_json
@options.as_of
@options.policies
@options.directory
def assess(*, ids: tuple[str, ...], formats: Any, as_of: date | None, policies: Path | None, directory: Path) -> int:
    """Show what the policies make of each vendor, or of those named: points, tier, what is wrong, and what to do.

    What an entry does not say is an open question and weighs like a bad answer. Something critical or high that is
    open keeps a vendor from being approved, whatever the points. Terms that it announced hold from their day on; until
    then they are told, with what the vendor will come to.

    \b
    Examples:
      policy-gate vendor assess
      policy-gate vendor assess anthropic --format json
      policy-gate vendor assess --as-of 2027-06-01

    Exit codes: 0 told, 1 a manifest cannot be read, 2 no such vendor.
    """
    _, found = vendors_in(options.view(directory, policies, as_of))
    picked, today = chosen(found, ids), as_of or options.today()
    tell(
        formats,
        {"text": lambda render: vendors_text(picked, today, render), "json": lambda _: vendors_json(picked, today)},
    )
    return 0


@vendor.command(short_help="Write the open questions to a vendor as a form.")
@click.argument("id_", metavar="ID", shell_complete=options.completing("vendor"))
@options.formats(("yaml", "markdown"))
@options.as_of
@options.policies
@options.directory
def questionnaire(*, id_: str, formats: Any, as_of: date | None, policies: Path | None, directory: Path) -> int:
    """Write what the entry of a vendor does not say as a form: YAML to fill in, or Markdown to send.

    What it announced for the day of the form, or an earlier one, is not asked again.

    \b
    Examples:
      policy-gate vendor questionnaire anthropic --format yaml=answers.yaml
      policy-gate vendor questionnaire anthropic --format markdown
    """
    policy, found = vendors_in(options.view(directory, policies, as_of))
    one = chosen(found, (id_,))
    if len(one) > 1:
        raise UsageError(f"{id_} is described at {', '.join(it.place for it in one)}", hint="keep one description")
    questions = open_questions(one[0].values, one[0].assessment, policy)
    today = as_of or options.today()
    views = {
        "yaml": lambda _: form_yaml(id_, one[0].entry.vendor_name, questions, today),
        "markdown": lambda _: form_markdown(one[0], questions, today),
    }
    tell(formats or (("yaml", None),), views)
    say(f"{plural(len(questions), 'question is', 'questions are')} open" if questions else "nothing is open")
    if ours := [it.field for it in questions if it.is_ours]:
        say(f"not for the vendor, for ourselves to answer: {', '.join(ours)}")
    return 0


@vendor.command("import", short_help="Take a vendor's answers into its entry.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--vendor",
    "id_",
    metavar="ID",
    shell_complete=options.completing("vendor"),
    help="Whose answers these are, where the file does not say.",
)
@options.policies
@options.directory
def import_(*, file: Path, id_: str | None, policies: Path | None, directory: Path) -> int:
    """Take the answers of FILE into the vendor's entry in the manifest.

    FILE is YAML as `vendor questionnaire` writes it, or CSV with columns `field` and `answer`, or a CAIQ as CSV with
    `Question ID` and `CSP CAIQ Answer`, of which those rows count that answer what a finding asks. An empty answer
    says nothing. What the entry states already is never written over, but for a later `assessed_on`: an answer that
    says otherwise is told, and nothing is written.

    \b
    Examples:
      policy-gate vendor import answers.yaml
      policy-gate vendor import caiq.csv --vendor anthropic

    Exit codes: 0 written, or nothing new, 1 something does not fit, 2 no such file or vendor.
    """
    done = import_answers(options.view(directory, policies), file, id_)
    if done.answers.passed_over:
        say(f"{plural(done.answers.passed_over, 'row')} of the questionnaire answered nothing that is asked here")
    if not done.said:
        show(f"{one_line(done.vendor)}: nothing new")
        return 0
    show(f"{one_line(done.path)}: {one_line(done.vendor)} now says {', '.join(done.said)}")
    if "assessed_on" not in done.said:
        say("set assessed_on to the day on which somebody looked at them: without, a better answer wants an approval")
    return 0
