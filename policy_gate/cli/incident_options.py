"""What the steps and views of the incident desk share: times, who takes a step, what is known, and ids to complete."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem
from msgspec.structs import replace

from policy_gate.app.incidents import Desk, desk
from policy_gate.cli import options
from policy_gate.documents.spelling import did_you_mean
from policy_gate.errors import PolicyGateError, UsageError
from policy_gate.schema.dates import end_of_day
from policy_gate.schema.incident_document import moment_of
from policy_gate.schema.vocabulary import RISKS, SERIOUS_INCIDENTS
from policy_gate.write.git_identity import identity

F = TypeVar("F", bound=Callable[..., Any])
_EXAMPLE = "2026-11-20T10:00:00Z"
MOST_PEOPLE = 10**10


def moment(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime | None:
    """A time in ISO 8601 with its zone."""
    if value is None:
        return None
    found = moment_of(value)
    if found is None:
        raise click.BadParameter(f'"{value}" is no time with its zone (expected as {_EXAMPLE})', ctx, param)
    return found


def _moment_or_day(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime | None:
    """A time with its zone, or a day, which means its end."""
    if value is None:
        return None
    try:
        return moment_of(value) or end_of_day(date.fromisoformat(value))
    except ValueError:
        wanted = f"expected YYYY-MM-DD, or a time as {_EXAMPLE}"
        raise click.BadParameter(
            f'"{value}" is neither a day nor a time with its zone ({wanted})', ctx, param
        ) from None


def one_of(known: Sequence[str]) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    """One of these words; another is refused with the nearest one."""

    def read(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
        if value is not None and value not in known:
            near = did_you_mean(value, known)
            raise click.BadParameter(
                f'there is no "{value}" ({", ".join(known)}){"; " + near if near else ""}', ctx, param
            )
        return value

    return read


def _ids(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The ids of incidents that begin so; none where they cannot be read."""
    try:
        here = desk(options.view(Path(), None))
    except PolicyGateError:
        return []
    return [CompletionItem(fact.id) for fact in here.facts() if fact.id.startswith(incomplete)]


id_argument = click.argument("id_", metavar="ID", shell_complete=_ids)
ids_argument = click.argument("ids", metavar="[ID]...", nargs=-1, shell_complete=_ids)
at = click.option("--at", callback=moment, metavar="TIME", help="When it was done, with zone; now, where left out.")
as_of_moment = click.option(
    "--as-of", callback=_moment_or_day, metavar="TIME", help="As it stood at this time, or at the end of this day."
)
by = click.option("--by", metavar="WHO", help="Who did it; the address that git commits with, where left out.")
ASSESSED = ("aware_at", "affected_users_estimate", "eu_residents_affected", "personal_data_exposed", "risk_to_persons",
            "serious_incident", "data_role", "attack_vector")  # fmt: skip
"""the fields that are found out bit by bit"""


def assessed(command: F) -> F:
    """The options for what is found out about an incident bit by bit, by the names of `ASSESSED`."""
    for option in reversed((
        click.option("--aware-at", callback=moment, metavar="TIME",
                     help="When it was reasonably certain; legal clocks start here."),
        click.option("--affected-users", "affected_users_estimate", type=click.IntRange(0, MOST_PEOPLE), metavar="N",
                     help="About how many people are affected."),
        click.option("--eu-residents/--no-eu-residents", "eu_residents_affected", default=None,
                     help="Whether people in the EU are."),
        click.option("--personal-data/--no-personal-data", "personal_data_exposed", default=None,
                     help="Whether personal data was exposed."),
        click.option("--risk", "risk_to_persons", callback=one_of(RISKS), metavar="WORD",
                     help="To persons whose data was exposed: none, risk or high."),
        click.option("--serious", "serious_incident", callback=one_of(SERIOUS_INCIDENTS), metavar="WORD",
                     help="What makes it a serious incident of the AI Act, or none."),
        click.option("--data-role", "data_role", callback=one_of(("controller", "processor")), metavar="ROLE",
                     help="Whether the data was handled for oneself or for others: controller or processor."),
        click.option("--attack-vector", "attack_vector", metavar="TEXT", help="The way in, where it was an attack."),
    )):  # fmt: skip
        command = option(command)
    return command


def stated(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the options of `assessed` that were given."""
    return {name: fields[name] for name in ASSESSED if fields[name] is not None}


def opened_desk(directory: Path, policies: Path | None, moment: datetime | None = None) -> Desk:
    """The desk as the files are now, or as they stood at a moment."""
    asked = options.view(directory, policies)
    if moment is not None:
        asked = replace(asked, as_of=moment, as_of_given=True)
    return desk(asked)


def who_did(given: str | None, root: Path) -> str:
    """Who takes a step; UsageError where git does not know."""
    if given:
        return given
    me = identity(root)
    if me is None:
        raise UsageError("git does not know who you are", hint="give --by WHO, or set user.name and user.email")
    return me.email
