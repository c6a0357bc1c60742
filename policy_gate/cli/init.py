"""`policy-gate init`: govern this repository, from what it shows and what only people know."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click
from msgspec.structs import replace

from policy_gate.app.views import builtin_policies
from policy_gate.cli import options
from policy_gate.cli.output import one_line, say, show
from policy_gate.collect.layout import Layout
from policy_gate.collect.manifests import MANIFEST as MANIFEST_SCHEMA
from policy_gate.collect.manifests import is_anothers
from policy_gate.collect.policies_of_tree import policies_of
from policy_gate.discover import scan
from policy_gate.discover.scan import AiSignals, Candidate
from policy_gate.documents import writer
from policy_gate.documents.cache import DocumentCache
from policy_gate.documents.globs import has_wildcard
from policy_gate.documents.writer import NewFile
from policy_gate.errors import UsageError
from policy_gate.schema.vocabulary import DIMENSIONS, STAGES
from policy_gate.vcs.repository import Repository
from policy_gate.vcs.tree import Tree
from policy_gate.vcs.worktree import WorkTree
from policy_gate.write import adoption_files
from policy_gate.write.adoption_files import SystemPlan
from policy_gate.write.ci_files import GITHUB_PROPOSED, GITHUB_WORKFLOW, GITLAB_JOB, GITLAB_PIPELINE, OWNER
from policy_gate.write.git_identity import identity, remote_url, repository_name

_ACCOUNT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\Z")
_ELSEWHERE = "ai-governance.yaml"
"""a name for the manifest where another tool has taken ours"""


def _account(_: click.Context, param: click.Parameter, value: str | None) -> str:
    """The name of an account on GitHub, or an empty string."""
    if value and not _ACCOUNT.match(value):
        raise click.BadParameter(f'"{value}" is no account (expected a name such as example-org)', param=param)
    return value or ""


@click.command(short_help="Govern this repository: manifest, roles, CI file.")
@click.option("--from-card", metavar="FILE", help="Start from this model card.")
@click.option("--action-owner", metavar="ACCOUNT", callback=_account, help="Who publishes the GitHub action you use.")
@click.option("--yes", is_flag=True, help="Do not ask: write what can be seen, leave the rest open.")
@options.directory
def init(*, from_card: str | None, action_owner: str, yes: bool, directory: Path) -> int:
    """Write the manifest, roles and a CI file for what this repository holds.

    Looks for model cards and for code that imports an AI library, asks what it cannot see, shows
    every file first and overwrites nothing. Merging the result is the adoption: what is owed becomes
    debt with dates, and from then on only new gaps are in the way.

    \b
    Examples:
      policy-gate init
      policy-gate init --yes
      policy-gate init --from-card models/screener/MODEL_CARD.md
    """
    root = Repository.open(directory).root
    tree = WorkTree(Repository.open(directory))
    manifest = _place_of_manifest(tree)
    asks = not yes and sys.stdin.isatty()
    seen = _seen(tree, from_card, remote_url(root))
    plans = _plans(seen, root, asks)
    owner = action_owner or (_action_owner(seen) if asks else "")
    files = _without_own_job(tree, _files(plans, seen, root, manifest, owner))
    kept = [file for file in files if tree.entry(file.path) is not None]
    fresh = [file for file in files if file not in kept]
    show(writer.diff(fresh))
    for file in kept:
        say(f"{file.path} is already there and stays as it is")
    if asks:
        click.confirm(f"Write these {len(fresh)} files?", abort=True)
    elif not yes:
        raise UsageError("nothing was written: there is no terminal to ask on", hint="read it, then add --yes")
    writer.create(root, fresh)
    _next(fresh, seen)
    return 0


def _place_of_manifest(tree: Tree) -> str:
    """Where the manifest goes: the root, by the one name that policy-gate.yaml gives there, else by ours.

    UsageError where a manifest stands already, and where another tool's file stands in its place.
    """
    layout = policies_of(tree, "here", DocumentCache()).layout
    path = next((name for name in (adoption_files.MANIFEST, *layout.config.manifests) if _is_root(name, layout)), "")
    if not path:
        raise UsageError(
            f"policy-gate.yaml looks for manifests at {', '.join(layout.config.manifests)}, and this writes one in the "
            "root",
            hint=f'add a name such as "{_ELSEWHERE}" to `manifests` there, or write the manifest yourself',
        )
    entry = tree.entry(path)
    if entry is None:
        return path
    if is_anothers(tree, entry):
        raise UsageError(
            f"{path} is another tool's file: it does not begin with `schema: {MANIFEST_SCHEMA}`",
            hint="give ours another name: write these two lines into policy-gate.yaml, and run this again: "
            f'`schema: policy-gate/config/v1` and `manifests: ["{_ELSEWHERE}"]`',
        )
    raise UsageError(f"{path} is already there", hint="policy-gate check --worktree says what it owes")


def _is_root(name: str, layout: Layout) -> bool:
    return "/" not in name and not has_wildcard(name) and layout.is_manifest(name)


def _action_owner(seen: AiSignals) -> str:
    """The account that publishes the action, asked once where a workflow is to use it; empty where left open."""
    if "github" not in seen.platforms:
        return ""
    while True:
        said = str(click.prompt("account that publishes the GitHub action (- leaves it open)", default="-", err=True))
        if said == "-" or _ACCOUNT.match(said):
            return said.removeprefix("-")
        say(f"{one_line(said)} is no account")


def _seen(tree: Tree, card: str | None, remote: str) -> AiSignals:
    seen = scan.scan(tree, remote)
    if seen.unread:
        first = seen.unread[0]
        say(f"not looked into, {len(seen.unread)} in all: {one_line(str(first.location))}: {first.message}")
    if card is None:
        return seen
    candidate = scan.of_card(tree, Path(card).as_posix())
    if candidate is None:
        raise UsageError(f"{card} is no file of this repository", hint="give its path from the repository's root")
    return replace(seen, candidates=(candidate,))


def _without_own_job(tree: Tree, files: Sequence[NewFile]) -> tuple[NewFile, ...]:
    """A pipeline of GitLab that names policy-gate, as with the component, needs no job from here; so with GitHub."""
    if tree.entry(GITHUB_WORKFLOW) is not None:
        files = [file for file in files if file.path != GITHUB_PROPOSED]
    pipeline = tree.entry(GITLAB_PIPELINE.path)
    if pipeline is None or pipeline.kind != "file" or b"policy-gate" not in tree.read(pipeline):
        return tuple(files)
    return tuple(file for file in files if file.path not in (GITLAB_JOB, GITLAB_PIPELINE.path))


def _plans(seen: AiSignals, root: Path, asks: bool) -> list[SystemPlan]:
    if not seen.candidates and not asks:
        raise UsageError(
            "saw no model card and no code that imports an AI library",
            hint="run `policy-gate init` on a terminal and say what the system is, or give --from-card FILE",
        )
    me = identity(root)
    team = me.name if me else "unassigned"
    candidates = seen.candidates or (Candidate("", root.name, ("**",), None, ()),)
    plans = [_plan(number, candidate, team) for number, candidate in enumerate(candidates, 1)]
    return [_asked(plan) for plan in plans if _is_wanted(plan)] if asks else plans


def _plan(number: int, candidate: Candidate, team: str) -> SystemPlan:
    # What is in the repository already is taken to be in use, which is the honest guess until told otherwise.
    return SystemPlan(
        id=f"SYS-{number:03}",
        name=candidate.name,
        owner_team=team,
        stage="production",
        paths=candidate.paths,
        card=candidate.card,
        signs=candidate.signs,
        guessed=("id", "stage", "paths"),
    )


def _is_wanted(plan: SystemPlan) -> bool:
    for sign in plan.signs[:3]:
        say(f"seen: {one_line(sign)}")
    return click.confirm(f"Declare {one_line(', '.join(plan.paths))} as an AI system?", default=True, err=True)


def _asked(plan: SystemPlan) -> SystemPlan:
    def ask(query: str, default: str, options: tuple[str, ...] = ()) -> str:
        kind = click.Choice([*options, "-"] if default == "-" else options) if options else None
        return str(click.prompt(query, default=default, type=kind, err=True))

    say("Press enter to take what is in brackets; - leaves a dimension open, ? says what each value means.")
    profile = {name: _dimension(name, ask) for name in DIMENSIONS}
    return SystemPlan(
        id=ask("id", plan.id),
        name=ask("name", plan.name),
        description=ask("what it does, in one sentence", ""),
        owner_team=ask("owning team", plan.owner_team),
        stage=ask("stage", plan.stage, STAGES),
        paths=plan.paths,
        card=plan.card,
        profile={name: value for name, value in profile.items() if value != "-"},
        signs=plan.signs,
    )


def _dimension(name: str, ask: Callable[[str, str, tuple[str, ...]], str]) -> str:
    """A value of the dimension, or -; asked again after each ? with what the values mean."""
    while (answer := ask(name, "-", (*adoption_files.choices(name), "?"))) == "?":
        dimension = next(item for item in builtin_policies().scoring.dimensions if item.id == name)
        say(f"{dimension.title}:")
        for value, meaning in dimension.meanings.items():
            say(f"  {value}: {meaning}")
    return answer


def _files(
    plans: list[SystemPlan], seen: AiSignals, root: Path, manifest: str, action_owner: str
) -> tuple[NewFile, ...]:
    if not plans:
        raise UsageError("no system was chosen; nothing was written")
    return adoption_files.files(
        plans,
        repository=repository_name(root),
        roles=[(role.id, role.title) for role in builtin_policies().roles.values()],
        suggested=identity(root),
        platforms=seen.platforms,
        today=options.today(),
        manifest_path=manifest,
        action_owner=action_owner,
    )


def _next(files: list[NewFile], seen: AiSignals) -> None:
    say(f"wrote {', '.join(file.path for file in files)}")
    if not seen.platforms:
        say("no CI file: nothing here names GitHub or GitLab; run `python -I -m policy_gate check` there")
    if any(file.path == GITHUB_PROPOSED for file in files):
        say("the CI file waits for the account that publishes the action; put it for ACCOUNT, before the merge:")
        say(
            f"  mkdir -p .github/workflows && sed 's/{OWNER}/ACCOUNT/' {GITHUB_PROPOSED} > {GITHUB_WORKFLOW} "
            f"&& rm {GITHUB_PROPOSED}"
        )
    if any(file.path == GITLAB_JOB for file in files) and GITLAB_PIPELINE not in files:
        say(f"add to .gitlab-ci.yml:  include: [{{local: {GITLAB_JOB}}}]")
    say("next: policy-gate classify              what tier is it, and which facts decide that")
    say("      policy-gate check --worktree      what it owes, with dates")
    say("      policies/roles.yaml               who may approve what")
