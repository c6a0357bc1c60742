"""`policy-gate guide`: for whoever writes code here, what is governed, which changes ask whom, what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from policy_gate.app.guide import guide as guided
from policy_gate.cli import options
from policy_gate.cli.output import say, show, tell
from policy_gate.documents import writer
from policy_gate.errors import UsageError
from policy_gate.report.views.guide import guide_json, guide_markdown
from policy_gate.vcs.discovery import find_repository
from policy_gate.write.guide_section import with_section


@click.command(short_help="Say what whoever writes code here should know.")
@click.option("--write", is_flag=True, help="Keep it as a section of AGENTS.md, between markers.")
@click.option("--check", is_flag=True, help="Exit 1 where that section is not up to date.")
@click.option("--file", "file", default="AGENTS.md", show_default=True, metavar="PATH", help="Another file for it.")
@options.policies
@options.text_or_json
@options.directory
def guide(*, write: bool, check: bool, file: str, policies: Path | None, formats: Any, directory: Path) -> int:
    """Say what whoever writes code here should know, people and coding agents alike.

    What is governed, which changes ask whom, what a next stage takes, and the commands; as Markdown. With --write it is
    kept as a section of AGENTS.md: what lies outside its markers is never touched.

    \b
    Examples:
      policy-gate guide
      policy-gate guide --write
      policy-gate guide --check        in CI: is the section up to date?

    Exit codes: 0 told or written, 1 the section is not up to date, 2 usage, 3 it cannot be told.
    """
    if write and check:
        raise click.UsageError("--write brings the section up to date, --check only looks; give one of them")
    if (write or check) and formats:
        raise click.UsageError("--format is for the guide itself; --write and --check tell it in a file")
    found = guided(options.view(directory, policies))
    if not (write or check):
        tell(formats, {"text": lambda _: guide_markdown(found), "json": lambda _: guide_json(found)})
        return 0
    root = find_repository(directory).root
    before = _read(root, file)
    after = with_section(file, before or b"", guide_markdown(found))
    if before == after:
        show(f"{file} is up to date")
        return 0
    if check:
        show(f"{file} is {'out of date' if before is not None else 'not there'}")
        say(f"  hint: policy-gate guide --write{'' if file == 'AGENTS.md' else f' --file {file}'}")
        return 1
    writer.put(root, file, after, before)
    show(f"wrote {file}")
    return 0


def _read(root: Path, file: str) -> bytes | None:
    """What the file holds now; None where there is none. UsageError for a link and what is no file."""
    target = root / file
    if target.is_symlink() or (target.exists() and not target.is_file()):
        raise UsageError(f"{file} is a link or no regular file", hint="name the file itself: --file PATH")
    try:
        return target.read_bytes() if target.exists() else None
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}") from error
