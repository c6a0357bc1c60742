"""`policy-gate init`: govern this repository, from what it shows and what only people know."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from policy_gate.app import adoption
from policy_gate.app.adoption import Shown
from policy_gate.app.views import builtin_policies, facts_in
from policy_gate.cli import options
from policy_gate.cli.output import one_line, say, show_lines, to_root
from policy_gate.collect.gitlab_pipeline import PIPELINE, hurdles, pipeline_of
from policy_gate.collect.layout import Layout
from policy_gate.collect.manifests import MANIFEST as MANIFEST_SCHEMA
from policy_gate.collect.manifests import is_anothers
from policy_gate.collect.policies_of_tree import policies_of
from policy_gate.discover import scan
from policy_gate.discover.scan import Candidate
from policy_gate.documents import writer
from policy_gate.documents.cache import DocumentCache
from policy_gate.documents.globs import has_wildcard
from policy_gate.documents.writer import NewFile
from policy_gate.errors import DocumentError, UsageError
from policy_gate.schema.documents import Manifest
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.source import Document
from policy_gate.schema.vocabulary import DIMENSIONS, STAGES
from policy_gate.vcs.repository import Repository
from policy_gate.vcs.tree import Tree
from policy_gate.vcs.worktree import WorkTree
from policy_gate.write import adoption_files
from policy_gate.write.adoption_files import SystemPlan
from policy_gate.write.ci_files import GITHUB_PROPOSED, GITHUB_WORKFLOW, GITLAB_JOB, GITLAB_PIPELINE, OWNER
from policy_gate.write.git_identity import identity

_ACCOUNT = lazy_pattern(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\Z")
_ELSEWHERE = "ai-governance.yaml"
"""a name for the manifest where another tool has taken ours"""
_STAGES: Mapping[str, str] = {
    "conception": "an idea; nothing is built",
    "development": "being built; nobody outside the team uses it",
    "pre_deployment": "built, and tested before people use it",
    "production": "people use it, or its results",
    "deprecated": "still in use, and to be taken out of it",
    "decommissioned": "out of use",
}
_MARKET = "eu_market"


def _account(_: click.Context, param: click.Parameter, value: str | None) -> str:
    """The name of an account on GitHub, or an empty string."""
    if value and not _ACCOUNT.match(value):
        raise click.BadParameter(f'"{value}" is no account (expected a name such as example-org)', param=param)
    return value or ""


@click.command(short_help="Govern this repository: manifest, roles, CI file.")
@click.option("--from-card", metavar="FILE", help="Start from this model card.")
@click.option("--no-ai", metavar="REASON", help="Declare that there is no AI system here, and why.")
@click.option("--action-owner", metavar="ACCOUNT", callback=_account, help="Who publishes the GitHub action you use.")
@click.option("--yes", is_flag=True, help="Do not ask: write what can be seen, leave the rest open.")
@options.directory
def init(*, from_card: str | None, no_ai: str | None, action_owner: str, yes: bool, directory: Path) -> int:
    """Write the manifest, roles and a CI file for what this repository holds.

    Reads code, README, model cards, package files, CODEOWNERS and history, asks what it cannot see,
    shows every file first and overwrites nothing. Merging the result is the adoption: what is owed
    becomes debt with dates, and from then on only new gaps are in the way. Run it again to add what
    the code shows by then and the manifest does not declare: a second system, a model card.

    \b
    Examples:
      policy-gate init
      policy-gate init --yes
      policy-gate init --from-card models/screener/MODEL_CARD.md
      policy-gate init --no-ai "A website without any model, own or hosted."
    """
    with Repository.open(directory) as repository:
        return _begun(WorkTree(repository), repository.root, from_card, no_ai, action_owner, yes=yes)


def _begun(
    tree: WorkTree, root: Path, from_card: str | None, no_ai: str | None, action_owner: str, *, yes: bool
) -> int:
    """Show what would be written, and write it where that is agreed to."""
    path, there = _place_of_manifest(tree)
    asks = not yes and sys.stdin.isatty()
    about = _shown(tree, root, is_beside=there is not None and bool(there.content.systems))
    if there is not None:
        return _again(tree, root, about, there, from_card, asks=asks, yes=yes)
    reason = no_ai if no_ai is not None else _reason_for_none(about, from_card) if asks else None
    plans = [] if reason is not None else _plans(about, _candidates(tree, about, from_card, asks), asks)
    if reason is not None:
        _check_reason(reason, about)
    owner = action_owner or (_action_owner(about) if asks else "")
    pipeline = pipeline_of(tree)
    files = _without_own_job(tree, _files(plans, about, root, path, owner, reason or ""))
    kept = [file for file in files if tree.entry(file.path) is not None]
    fresh = [file for file in files if file not in kept]
    show_lines(writer.diff(fresh))
    for file in kept:
        say(f"{file.path} is already there and stays as it is")
    _agree(f"Write these {len(fresh)} files?", asks=asks, yes=yes)
    writer.create(root, fresh)
    _next(fresh, root, about, plans, pipeline)
    if asks and plans:
        _offer_interview(root)
    return 0


def _offer_interview(root: Path) -> None:
    """Ask what decides which rows of law apply, where that is wanted now; what was written is there either way."""
    query = "Ask for the facts that decide which laws apply? (`policy-gate classify --interview` does so at any time)"
    try:
        is_wanted = click.confirm(query, default=False, err=True)
    except click.Abort:
        is_wanted = False
    if not is_wanted:
        return
    from policy_gate.cli.interview import interview  # noqa: PLC0415 - most runs ask nothing

    policy, systems = facts_in(options.view(root, None), of_all=False)
    for facts in systems:
        interview(facts, policy, options.today())


def _agree(query: str, *, asks: bool, yes: bool) -> None:
    if asks:
        click.confirm(query, abort=True)
    elif not yes:
        raise UsageError("nothing was written: there is no terminal to ask on", hint="read it, then add --yes")


def _again(
    tree: Tree, root: Path, about: Shown, there: Document[Manifest], card: str | None, *, asks: bool, yes: bool
) -> int:
    """Add to the manifest what the code shows and it does not declare."""
    layout = policies_of(tree, "here", DocumentCache()).layout
    if card is not None:
        about = replace(about, seen=replace(about.seen, candidates=_candidates(tree, about, card, asks), cards=()))
    more = adoption.additions(about, there, layout)
    for path in more.missed[:3]:
        say(f"{one_line(path)} shows AI, and no system claims it: add it to `paths` of the one that it belongs to")
    if more.is_empty:
        raise UsageError(
            f"{there.path} is already there, and nothing new is seen beside it",
            hint="policy-gate check --worktree says what it owes",
        )
    plans = adoption.plans(about, more.candidates, [it.id for it in there.content.systems])
    plans = [_asked(plan) for plan in plans if _is_wanted(plan)] if asks else plans
    entry = tree.entry(there.path)
    text = tree.read(entry).decode("utf-8") if entry else ""
    file = NewFile(there.path, adoption.with_additions(text, there, plans, more.cards, options.today()))
    show_lines(writer.diff([file], {file.path: text}))
    _agree(f"Write this into {file.path}?", asks=asks, yes=yes)
    writer.update(root, file, text)
    say(f"wrote {file.path}")
    say("next: policy-gate check --worktree      what the change asks for: an approval of the enrolment")
    return 0


def _place_of_manifest(tree: Tree) -> tuple[str, Document[Manifest] | None]:
    """Where the manifest goes: the root, by the one name that policy-gate.yaml gives there, else by ours; and it.

    UsageError where one stands there that cannot be read, and where another tool's file stands in its place.
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
        return path, None
    if is_anothers(tree, entry):
        raise UsageError(
            f"{path} is another tool's file: it does not begin with `schema: {MANIFEST_SCHEMA}`",
            hint="give ours another name: write these two lines into policy-gate.yaml, and run this again: "
            f'`schema: policy-gate/config/v1` and `manifests: ["{_ELSEWHERE}"]`',
        )
    try:
        return path, DocumentCache().document(Manifest, tree, entry)
    except DocumentError as error:
        raise UsageError(
            f"{path} is already there, and cannot be read", hint="policy-gate check --worktree says what is wrong"
        ) from error


def _is_root(name: str, layout: Layout) -> bool:
    return "/" not in name and not has_wildcard(name) and layout.is_manifest(name)


def _action_owner(about: Shown) -> str:
    """The account that publishes the action, asked once where a workflow is to use it; empty where left open."""
    if "github" not in about.seen.platforms:
        return ""
    while True:
        said = str(click.prompt("account that publishes the GitHub action (- leaves it open)", default="-", err=True))
        if said == "-" or _ACCOUNT.match(said):
            return said.removeprefix("-")
        say(f"{one_line(said)} is no account")


def _shown(tree: Tree, root: Path, *, is_beside: bool) -> Shown:
    about = adoption.shown(tree, root, is_beside=is_beside)
    if about.seen.unread:
        first = about.seen.unread[0]
        say(f"not looked into, {len(about.seen.unread)} in all: {one_line(str(first.location))}: {first.message}")
    return about


def _reason_for_none(about: Shown, card: str | None) -> str | None:
    """Why there is no AI here, where nothing shows any and whoever is asked says so; None elsewhere."""
    if about.seen.candidates or card is not None:
        return None
    say("Nothing that was looked at shows AI.")
    said = str(click.prompt("This holds no AI, because (- if it does hold some)", default="-", err=True)).strip()
    return None if said == "-" else said


def _check_reason(reason: str, about: Shown) -> None:
    if not reason.strip():
        raise UsageError("--no-ai wants the reason", hint='--no-ai "A website without any model, own or hosted."')
    if about.is_sure and about.seen.candidates:
        signs = "; ".join(one_line(sign) for sign in about.seen.candidates[0].signs[:3])
        raise UsageError(f"the code shows AI: {signs}", hint="policy-gate init declares it")


def _candidates(tree: Tree, about: Shown, card: str | None, asks: bool) -> tuple[Candidate, ...]:
    if card is not None:
        candidate = scan.of_card(tree, Path(card).as_posix())
        if candidate is None:
            raise UsageError(f"{card} is no file of this repository", hint="give its path from the repository's root")
        return (_with_code(candidate, about),)
    if not about.seen.candidates and not asks:
        cards = about.seen.cards
        only = f"saw {len(cards)} model cards and no code that uses a model" if cards else ""
        raise UsageError(
            only or "saw no model card and no code that imports an AI library",
            hint="run `policy-gate init` on a terminal and say what the system is, or give --from-card FILE, or "
            '--no-ai "WHY" where there is none',
        )
    return about.seen.candidates or (Candidate("", "", ("**",), None, ()),)


def _with_code(card: Candidate, about: Shown) -> Candidate:
    """A card's candidate with what the code beside it shows."""
    own = next((it for it in about.seen.candidates if it.card == card.card), None)
    if own is None:
        return card
    named = {"name": card.name, "name_at": card.name_at, "description": card.description or own.description}
    return replace(own, **named)


def _without_own_job(tree: Tree, files: Sequence[NewFile]) -> tuple[NewFile, ...]:
    """A pipeline of GitLab that names policy-gate, as with the component, needs no job from here; so with GitHub.

    One that includes the very file that is written here needs it.
    """
    if tree.entry(GITHUB_WORKFLOW) is not None:
        files = [file for file in files if file.path != GITHUB_PROPOSED]
    pipeline = tree.entry(GITLAB_PIPELINE.path)
    said = tree.read(pipeline) if pipeline is not None and pipeline.kind == "file" else b""
    if b"policy-gate" not in said:
        return tuple(files)
    named = [GITLAB_PIPELINE.path] if GITLAB_JOB.encode() in said else [GITLAB_JOB, GITLAB_PIPELINE.path]
    return tuple(file for file in files if file.path not in named)


def _plans(about: Shown, candidates: Sequence[Candidate], asks: bool) -> list[SystemPlan]:
    plans = adoption.plans(about, candidates)
    if not asks:
        return plans
    plans = [_asked(plan) for plan in plans if len(plans) == 1 or _is_wanted(plan)]
    if not plans:
        raise UsageError("no system was chosen; nothing was written")
    return plans


def _is_wanted(plan: SystemPlan) -> bool:
    for sign in plan.signs[:3]:
        say(f"seen: {one_line(sign)}")
    query = f"Declare {one_line(plan.name)} ({one_line(', '.join(plan.paths))}) as an AI system?"
    return click.confirm(query, default=True, err=True)


def _asked(plan: SystemPlan) -> SystemPlan:
    """The plan with what only people know: eight questions, each with what its answers mean."""
    say(f"{one_line(plan.name)}: eight questions. Enter takes what is in brackets; - leaves it open.")
    dimensions = {item.id: item for item in builtin_policies().scoring.dimensions}
    profile = {
        name: _answer(dimensions[name].title, adoption_files.choices(name), dimensions[name].meanings)
        for name in DIMENSIONS
    }
    stage = _answer("Stage", STAGES, _STAGES, plan.stage)
    market = _answer("Is it sold or used in the European Union, or are its results?", ("true", "false"), {})
    return replace(
        plan,
        stage=stage if stage != "-" else plan.stage,
        profile={name: value for name, value in profile.items() if value != "-"},
        facts={} if market == "-" else {_MARKET: market},
        guessed=("id", "paths") if stage != "-" else plan.guessed,
    )


def _answer(title: str, values: Sequence[str], meanings: Mapping[str, str], default: str = "-") -> str:
    """One of the values, or -, which leaves it open."""
    say(title if title.endswith("?") else f"{title}:")
    for value in values if meanings else ():
        say(f"  {value}: {meanings.get(value, value)}")
    choice = click.Choice([*values, "-"])
    return str(click.prompt("", default=default, type=choice, err=True, prompt_suffix="> "))


def _files(
    plans: list[SystemPlan], about: Shown, root: Path, manifest: str, action_owner: str, reason: str
) -> tuple[NewFile, ...]:
    return adoption_files.files(
        plans,
        repository=about.repository,
        roles=[(role.id, role.title) for role in builtin_policies().roles.values()],
        suggested=identity(root),
        platforms=about.seen.platforms,
        today=options.today(),
        manifest_path=manifest,
        action_owner=action_owner,
        candidates=about.people,
        reason=reason,
    )


def _include(pipeline: Document[Any] | None) -> str:
    """What to add to the project's own .gitlab-ci.yml."""
    content = pipeline.content if pipeline else None
    if isinstance(content, dict) and "include" in content:
        return f"add to the list `include` in {PIPELINE}:  - local: {GITLAB_JOB}"
    return f"add to {PIPELINE}:  include: [{{local: {GITLAB_JOB}}}]"


def _next(
    files: list[NewFile], root: Path, about: Shown, plans: Sequence[SystemPlan], pipeline: Document[Any] | None
) -> None:
    say(f"wrote {', '.join(file.path for file in files)}")
    if not about.seen.platforms:
        say("no CI file: nothing here names GitHub or GitLab; run `python -I -m policy_gate check` there")
    if any(file.path == GITHUB_PROPOSED for file in files):
        say("the CI file waits for the account that publishes the action; put it for ACCOUNT, before the merge:")
        say(
            f"  {one_line(to_root(root))}mkdir -p .github/workflows && "
            f"sed 's/{OWNER}/ACCOUNT/' {GITHUB_PROPOSED} > {GITHUB_WORKFLOW} && rm {GITHUB_PROPOSED}"
        )
    is_included = pipeline is not None and GITLAB_JOB in str(pipeline.content)
    if any(file.path == GITLAB_JOB for file in files) and GITLAB_PIPELINE not in files and not is_included:
        say(_include(pipeline))
    for hurdle in hurdles(pipeline.content if pipeline else None):
        say(f"  {PIPELINE}: {one_line(hurdle.said)}")
        say(f"  mend: {one_line(hurdle.mend)}")
    lacking = [plan.id for plan in plans if len(plan.profile) < len(DIMENSIONS)]
    if lacking:
        say(f"next: six answers first, in {files[0].path}: the risk_profile of {', '.join(lacking)}")
    begin = "      " if lacking else "next: "
    say(f"{begin}policy-gate classify              what tier is it, and which facts decide that")
    say("      policy-gate check --worktree      what it owes, with dates")
    say("      policies/roles.yaml               who may approve what")
