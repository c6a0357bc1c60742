"""What the file that starts the job asked for: the inputs of the action or component, read from its environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from policy_gate.documents.spelling import choices_hint
from policy_gate.errors import UsageError

AUDIT = ("off", "auto", "required")
_YES, _NO = ("true", "True", "TRUE"), ("false", "False", "FALSE", "")


class Inputs(Struct, frozen=True):
    """The inputs; empty text means that none was given."""

    base: str = ""
    head: str = ""
    directory: Path = Path()
    policies: Path | None = None
    evidence: tuple[Path, ...] = ()
    formats: tuple[str, ...] = ()
    require_stage: str = ""
    comment: bool = False
    dashboard: bool = False
    advisory: bool = False
    require_governed_base: bool = False
    version_check: bool = False
    rejudge: bool = False
    audit: str = "off"
    """`off`, `auto` (record where that may be written) or `required`"""
    token: str = ""


def read_inputs(environment: Mapping[str, str], prefix: str, root: Path, known: tuple[str, ...]) -> Inputs:
    """The inputs from variables that begin with `prefix`; relative paths are meant from `root`.

    UsageError where a value cannot be meant: each is checked before anything else is done.
    """

    def given(name: str) -> str:
        return environment.get(prefix + name.replace("-", "_").upper(), "").strip()

    def switch(name: str) -> bool:
        value = given(name)
        if value not in (*_YES, *_NO):
            raise UsageError(f"{name} is {value!r} (true or false)")
        return value in _YES

    def audit() -> str:
        value = given("audit") or "off"
        if value not in AUDIT:
            raise UsageError(f"audit is {value!r} ({', '.join(AUDIT)})")
        return value

    def folder(name: str, value: str) -> Path:
        path = root / value
        if not path.is_dir():
            raise UsageError(
                f"{name} is {value!r}, and there is no such folder", hint=f"relative paths are from {root}"
            )
        return path.resolve()

    return Inputs(
        base=given("base"),
        head=given("head"),
        directory=folder("working-directory", given("working-directory") or "."),
        policies=folder("policies", given("policies")) if given("policies") else None,
        evidence=tuple(folder("evidence", line) for line in given("evidence").splitlines() if line.strip()),
        formats=_formats(given("formats"), known),
        require_stage=given("require-stage"),
        comment=switch("comment"),
        dashboard=switch("dashboard"),
        advisory=switch("advisory"),
        require_governed_base=switch("require-governed-base"),
        version_check=switch("version-check"),
        rejudge=switch("rejudge"),
        audit=audit(),
        token=given("github-token") or given("token"),
    )


def _formats(text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name for name in re.split(r"[\s,]+", text) if name))
    for name in names:
        if name not in known:
            raise UsageError(f"formats names {name!r}", hint=choices_hint(name, known))
    return names
