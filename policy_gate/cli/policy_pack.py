"""`policy-gate policy pack`: packs of law from outside, before they are taken in and afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from policy_gate.app.pack_check import PackCheck, verify_folder, verify_here, verify_url
from policy_gate.cli import options
from policy_gate.cli.app import CONTEXT
from policy_gate.cli.output import as_json, one_line, tell
from policy_gate.errors import UsageError
from policy_gate.report import RenderOptions
from policy_gate.report.formats.json import problem_data
from policy_gate.report.formats.text import problem_lines
from policy_gate.report.text_layout import printed
from policy_gate.report.wording import plural


@click.group(context_settings=CONTEXT, short_help="Packs of law from outside.")
def pack() -> None:
    """Packs of law from outside: a folder or a git repository that policy-gate.yaml names with its digest."""


@pack.command(short_help="Show what a pack is, and what is wrong with it.")
@click.argument("place", metavar="[FOLDER|URL]", required=False)
@click.option("--ref", default="", metavar="REF", help="A branch, tag or commit of the URL.")
@options.text_or_json
@options.directory
def verify(*, place: str | None, ref: str, formats: Any, directory: Path) -> int:
    """Show the digest, the rows and the problems of a pack, and rows that nobody has checked for a year.

    Without FOLDER or URL, of every pack from outside that policy-gate.yaml names.

    \b
    Examples:
      policy-gate policy pack verify
      policy-gate policy pack verify governance/packs/ours
      policy-gate policy pack verify https://git.example.com/law/packs --ref v3

    Exit codes: 0 sound, 1 a problem or another digest, 2 no such folder or url, 3 the repository cannot be fetched.
    """
    today = options.today()
    if place is None:
        found = verify_here(directory, today)
    elif "://" in place:
        found = [verify_url(place, ref, today)]
    elif ref:
        raise UsageError("--ref is of a URL", hint="a folder is read as it is")
    else:
        found = [verify_folder(directory / place, today)]
    views = {
        "text": lambda render: _text(found, render),
        "json": lambda _: as_json({"packs": [_plain(it) for it in found]}),
    }
    tell(formats, views)
    return 0 if all(it.is_sound for it in found) else 1


def _text(found: list[PackCheck], render: RenderOptions) -> str:
    if not found:
        return "policy-gate.yaml names no pack from outside"
    return "\n\n".join("\n".join(_lines(it, render)) for it in found)


def _lines(found: PackCheck, render: RenderOptions) -> list[str]:
    lines = [one_line(found.place), f"  digest   {found.digest or 'none: it cannot be read'}"]
    if found.wanted and found.wanted != found.digest:
        lines.append(f"  wanted   {found.wanted}: this is not the pack that was approved")
    for it in found.packs:
        said = (
            f"{it.id}  {it.title}: {plural(it.rows, 'row')} of {it.regulation}, checked on {it.checked_on.isoformat()}"
        )
        lines.append(f"  pack     {one_line(said)}")
    told = (*found.problems, *found.advice)
    lines += printed(problem_lines(told, render), render).rstrip("\n").split("\n") if told else []
    if told or found.is_sound:
        lines.append(f"{len(found.problems)} wrong, {len(found.advice)} to consider" if told else "nothing wrong")
    if not found.problems and found.wanted != found.digest:
        lines.append(f"packs: [{_entry(found)}]")
    return lines


def _entry(found: PackCheck) -> str:
    """The entry of `packs` in policy-gate.yaml that takes this pack in."""
    if found.place.endswith("/"):
        return f'{{folder: {one_line(found.place.rstrip("/"))}, digest: "{found.digest}"}}'
    url = found.place.removesuffix(f"@{found.ref}") if found.ref else found.place
    return f'{{url: "{one_line(url)}", {f"ref: {found.ref}, " if found.ref else ""}digest: "{found.digest}"}}'


def _plain(found: PackCheck) -> dict[str, Any]:
    return {
        "place": found.place,
        "digest": found.digest,
        "wanted": found.wanted,
        "packs": [
            {
                "id": it.id,
                "title": it.title,
                "regulation": it.regulation,
                "rows": it.rows,
                "checked_on": it.checked_on.isoformat(),
            }
            for it in found.packs
        ],
        "problems": [problem_data(it) for it in found.problems],
        "advice": [problem_data(it) for it in found.advice],
    }
