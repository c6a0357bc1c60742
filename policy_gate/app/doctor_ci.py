"""What runs the gate: the CI file and the ways round it, and what the forge says of the branch merged into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from policy_gate.collect.enforcement_files import enforcement_files
from policy_gate.collect.gitlab_pipeline import PIPELINE, hurdles, pipeline_of
from policy_gate.collect.inputs import OpenInputs
from policy_gate.collect.layout import CONFIG_FILE, Layout
from policy_gate.collect.policies_of_tree import DEFAULT_CONFIG, TreePolicies
from policy_gate.documents.cache import regular_bytes
from policy_gate.documents.globs import matches
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.errors import DocumentError
from policy_gate.forges.errors import ForgeError
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.setup import SetupLine
from policy_gate.schema.snapshot import CodeFile
from policy_gate.schema.source import Document, Loc, Location
from policy_gate.vcs.tree import Tree

_WORKFLOWS, _GITLAB = ".github/workflows/", PIPELINE
_PROPOSED = ".github/policy-gate.yml.proposed"
_GATE = lazy_pattern(r"policy[-_]gate")
_TRIGGERS = ("pull_request", "pull_request_target", "merge_group", "workflow_call", "push")
_LITERAL = lazy_pattern(r"'([^']+)'")
_WEAK = lazy_pattern(r"policy-gate[^\n]*(--advisory\b|\|\|\s*(?:true|:))")
_RUNS_GATE = lazy_pattern(r"policy[-_]gate(?:@|\.ya?ml@|\s+(?:check|ci)\b)")
_BY_AUTHOR = lazy_pattern(
    r"github\.(?:actor|triggering_actor|head_ref)\b|github\.event\.(?:sender|label|head_commit)\b"
    r"|github\.event\.pull_request\.(?:title|body|draft|labels|user|head)\b"
)
"""what whoever proposes a change chooses"""
_ALWAYS = lazy_pattern(r"always\(\)|!\s*cancelled\(\)")
_STARTS = ("opened", "synchronize", "reopened")
_NOT_ASKED = "not asked"
_LAX_QUEUE = SetupLine(
    "required",
    "mend",
    "the merge queue merges a red pull request together with a green one behind it",
    mend="switch on *only merge non-failing pull requests* in the queue's settings: docs/required.md",
)

_SKIPPED = SetupLine(
    "required",
    "mend",
    "a pipeline that is skipped counts as passed, so that [skip ci] in a message merges unjudged",
    mend="switch off *skipped pipelines are considered successful*: docs/gitlab.md",
)


def ci_lines(inputs: OpenInputs, own: TreePolicies, tree: Tree) -> Iterator[SetupLine]:
    """The files that run the gate, what keeps them from running or stopping, and the globs that govern them."""
    running = [file for file in enforcement_files(tree, Layout(DEFAULT_CONFIG), inputs.cache) if _runs_jobs(file.path)]
    yield from _runs(running, tree)
    yield from _governed(running, own, tree)


def job_names(inputs: OpenInputs, tree: Tree) -> set[str]:
    """What the checks of the jobs that run the gate may be called, as far as their files say it."""
    found: set[str] = set()
    for file in enforcement_files(tree, Layout(DEFAULT_CONFIG), inputs.cache):
        document = _read(file, tree) if file.path.startswith(_WORKFLOWS) else None
        if document is None:
            continue
        found.add(file.path)
        for id_, job in _jobs(document.content):
            name = str(job.get("name", id_))
            found |= {id_, name, *_LITERAL.findall(name)}
    return found


def _runs_jobs(path: str) -> bool:
    return path.startswith(_WORKFLOWS) or path == _GITLAB or path.startswith(".gitlab/")


def _runs(running: list[CodeFile], tree: Tree) -> Iterator[SetupLine]:
    workflows = [file for file in running if file.path.startswith(_WORKFLOWS)]
    if tree.entry(_PROPOSED) is not None and not workflows:
        mend = "write the account that publishes the action in place of <owner>, then git mv it to .github/workflows/"
        yield SetupLine("ci", "mend", "the workflow waits where nothing runs it", Location(_PROPOSED), mend)
        return
    if not running:
        yield SetupLine(
            "ci", "mend", "no CI file here runs policy-gate", mend="policy-gate init, or see docs/required.md"
        )
        return
    faults = [line for file in workflows for line in _workflow_faults(file, tree)]
    faults += _gitlab_faults(running, tree)
    yield from faults
    if not faults:
        yield SetupLine("ci", "ok", "runs the gate on changes", Location(running[0].path))


def _workflow_faults(file: CodeFile, tree: Tree) -> Iterator[SetupLine]:
    try:
        document = _parsed(file, tree)
    except DocumentError as error:
        problem = error.problems[0]
        yield SetupLine("ci", "not-known", f"cannot be read: {problem.message}", problem.location, problem.hint)
        return
    if not isinstance(document.content, dict):
        yield SetupLine("ci", "mend", "is no workflow", Location(file.path), "see docs/github.md")
        return
    yield from _trigger_faults(document)
    for id_, job in _jobs(document.content):
        yield from _job_faults(document, id_, job)
        yield from _skipped(document, id_, job)


def _trigger_faults(document: Document[Any]) -> Iterator[SetupLine]:
    on = document.content.get("on")
    named = {on} if isinstance(on, str) else set(on) if isinstance(on, list | dict) else set()
    if not named & set(_TRIGGERS):
        said = f"runs on {', '.join(sorted(map(str, named))) or 'nothing'} and on no change"
        yield SetupLine("ci", "mend", said, document.at("on"), "on: pull_request")
    for event in sorted(named & {"pull_request", "pull_request_target"}):
        filters = on[event] if isinstance(on, dict) and isinstance(on[event], dict) else {}
        for name in ("paths", "paths-ignore"):
            if name in filters:
                said = f"runs for some files only, so a change of others merges unseen ({event}: {name})"
                yield SetupLine("ci", "mend", said, document.at("on", event, name), f"take `{name}` out")
        given = filters.get("types") or _STARTS
        types = (given,) if isinstance(given, str) else given
        wanted = (*_STARTS, "edited") if "merge_group" not in named else _STARTS
        if missing := [it for it in wanted if it not in types]:
            lost = "what a push brings" if missing != ["edited"] else "the branch that it is for by then"
            said = f"does not run on {', '.join(missing)}, so {lost} is not judged ({event})"
            at = document.at("on", event, "types") if "types" in filters else document.at("on", event)
            yield SetupLine("ci", "mend", said, at, f"types: [{', '.join((*_STARTS, 'edited'))}]")


def _job_faults(document: Document[Any], id_: str, job: Mapping[str, Any]) -> Iterator[SetupLine]:
    """What keeps one job that runs the gate from stopping anything."""
    steps = job.get("steps")
    parts: list[tuple[Loc, Mapping[str, Any]]] = [(("jobs", id_), job)]
    parts += [
        (("jobs", id_, "steps", number), step)
        for number, step in enumerate(steps if isinstance(steps, list) else ())
        if isinstance(step, dict) and _speaks_of_gate(step)
    ]
    for loc, part in parts:
        given, run = part.get("with"), part.get("run")
        is_advisory = isinstance(given, dict) and _says(given, "advisory", "true")
        faults = (
            (_says(part, "continue-on-error", "true"), "continue-on-error", "a failure of it stops nothing"),
            (_says(part, "if", "false"), "if", "it never runs"),
            (is_advisory, "with", "advisory: it blocks nothing"),
            (isinstance(run, str) and bool(_WEAK.search(run)), "run", "what the gate answers is thrown away"),
            ("<owner>" in str(part.get("uses", "")), "uses", "<owner> stands for the account that publishes it"),
        )
        for is_so, key, said in faults:
            if is_so:
                yield SetupLine("ci", "mend", said, document.at(*loc, key), f"mend `{key}`")


def _skipped(document: Document[Any], id_: str, job: Mapping[str, Any]) -> Iterator[SetupLine]:
    """When a job that runs the gate is green without it: GitHub takes a check that is skipped for one that passed."""
    steps = job.get("steps")
    listed = enumerate(steps if isinstance(steps, list) else ())
    own = [(number, step) for number, step in listed if isinstance(step, dict) and _runs_gate(step)]
    if not own and not _runs_gate(job):
        return
    counts = "and a check that is skipped counts as passed"
    if "needs" in job and not _ALWAYS.search(str(job.get("if", ""))):
        said = f"is skipped where a job that it needs fails, {counts}"
        yield SetupLine("ci", "mend", said, document.at("jobs", id_, "needs"), "take `needs` out")
    parts: list[tuple[Loc, Mapping[str, Any]]] = [(("jobs", id_), job)]
    for loc, part in parts + [(("jobs", id_, "steps", number), step) for number, step in own]:
        if chosen := _BY_AUTHOR.search(str(part.get("if", ""))):
            said = f"is skipped as {chosen[0]} says, which its author chooses, {counts}"
            yield SetupLine("ci", "mend", said, document.at(*loc, "if"), "take `if` out")


def _runs_gate(part: Mapping[str, Any]) -> bool:
    return any(isinstance(part.get(key), str) and _RUNS_GATE.search(part[key]) for key in ("uses", "run"))


def _says(part: Mapping[str, Any], key: str, word: str) -> bool:
    return str(part.get(key, "")).strip("${} ").lower() == word


def _gitlab_faults(running: list[CodeFile], tree: Tree) -> list[SetupLine]:
    """A job of the gate's that nothing includes, and what the project's own file makes of one that is included."""
    jobs = [file for file in running if file.path.startswith(".gitlab/")]
    entry = tree.entry(_GITLAB)
    is_named = any(file.path == _GITLAB for file in running)
    if not jobs and not is_named:
        return []
    faults = []
    if not is_named and not (entry is not None and any(file.path.encode() in tree.read(entry) for file in jobs)):
        where = Location(_GITLAB) if entry is not None else Location(jobs[0].path)
        mend = f"include: [{{local: {jobs[0].path}}}]"
        faults.append(SetupLine("ci", "mend", f"nothing includes {jobs[0].path}", where, mend))
    document = pipeline_of(tree)
    found = hurdles(document.content) if document is not None else ()
    return faults + [SetupLine("ci", "mend", it.said, document.at(*it.loc), it.mend) for it in found if document]


def _governed(running: list[CodeFile], own: TreePolicies, tree: Tree) -> Iterator[SetupLine]:
    """Globs of `enforcement` that match nothing, and files that run the gate and that no glob matches."""
    config = own.config
    globs = config.content.enforcement if config else None
    if config is None or globs is None:
        yield SetupLine("enforcement", "ok", f"every CI file that runs the gate is governed ({len(running)})")
        return
    paths = [entry.path for entry in tree.walk()]
    empty = [number for number, glob in enumerate(globs) if not any(matches(glob, path) for path in paths)]
    for number in empty:
        at = config.at("enforcement", number)
        yield SetupLine(
            "enforcement", "mend", f"{globs[number]} matches no file", at, "mend the pattern, or take it out"
        )
    bare = [file.path for file in running if not own.layout.is_enforcement(file.path)]
    for path in bare:
        said = f"{path} runs the gate, and no pattern governs it"
        yield SetupLine("enforcement", "mend", said, config.at("enforcement"), f'add "{path}"')
    if not empty and not bare:
        said = f"each of {len(globs)} patterns matches, and every file that runs the gate is governed"
        yield SetupLine("enforcement", "ok", said, config.at("enforcement"))


def forge_lines(
    inputs: OpenInputs, own: TreePolicies, environment: Mapping[str, str], *, ask_forge: bool
) -> tuple[list[SetupLine], str]:
    """Ways of merging, the required check and the protection of the branch, and which forge told of them."""
    branch, untold = inputs.target_branch, ""
    if not ask_forge:
        untold = f"{_NOT_ASKED}: --no-forge"
    elif not branch:
        untold = f"{_NOT_ASKED}: which branch is merged into is not known"
    if untold:
        return list(_untold(own, untold, is_left_out=not ask_forge)), ""
    from policy_gate.forges.branch_settings import branch_settings  # noqa: PLC0415 - few runs ask a forge

    try:
        told = branch_settings(environment, branch)
    except ForgeError as error:
        return list(_untold(own, error.sentence, is_left_out=False)), ""
    assert inputs.revisions is not None  # noqa: S101 - inputs that were loaded have them
    names = job_names(inputs, inputs.revisions.result)
    return [
        _methods(own, told.merge_methods, told.untold.get("merge_methods", ""), is_left_out=False),
        _required(branch, told.required_checks, told.untold.get("required_checks", ""), names),
        *([_LAX_QUEUE] if told.is_queue_lax else ()),
        *([_SKIPPED] if told.is_skip_enough else ()),
        _protected(branch, told.is_protected, told.untold.get("is_protected", ""), is_open=told.is_push_open),
    ], told.forge


def _untold(own: TreePolicies, why: str, *, is_left_out: bool) -> Iterator[SetupLine]:
    yield _methods(own, None, why, is_left_out=is_left_out)
    yield SetupLine("required", "not-known", why, mend="docs/required.md says what to set", is_left_out=is_left_out)
    yield SetupLine("protection", "not-known", why, mend="docs/required.md says what to set", is_left_out=is_left_out)


def _methods(own: TreePolicies, allowed: tuple[str, ...] | None, why: str, *, is_left_out: bool) -> SetupLine:
    """The ways of merging that are judged, beside those that the forge allows."""
    config = own.config
    judged = (config or Document(CONFIG_FILE, "", DEFAULT_CONFIG, {})).content.merge_methods
    at = config.at("merge_methods") if config and ("merge_methods",) in config.marks else None
    said = ", ".join(judged)
    if set(judged) >= {"merge", "squash", "rebase"} and allowed is None:
        return SetupLine("merge-methods", "ok", f"all are judged ({said})", at)
    if allowed is None:
        return SetupLine("merge-methods", "not-known", f"{said} are judged; {why}", at, "", is_left_out)
    missing = [name for name in allowed if name not in judged]
    wanted = f"merge_methods: [{', '.join(allowed)}] in {CONFIG_FILE}"
    if missing:
        return SetupLine("merge-methods", "mend", f"the forge also allows {', '.join(missing)}, unjudged", at, wanted)
    spare = "" if set(judged) == set(allowed) else f"; {wanted} would spare the others"
    return SetupLine("merge-methods", "ok", f"what the forge allows is judged ({', '.join(allowed)}){spare}", at)


def _required(branch: str, checks: tuple[str, ...] | None, why: str, names: set[str]) -> SetupLine:
    """Whether a check that must pass is the gate's."""
    mend = "make the job of the gate a required check: docs/required.md"
    if checks is None:
        return SetupLine("required", "not-known", why, mend=mend)
    if not checks:
        return SetupLine("required", "mend", f"no check must pass before {branch} is merged into", mend=mend)
    found = [check for check in checks if check == "pipeline" or check in names or _GATE.search(check)]
    if found:
        return SetupLine("required", "ok", f"{found[0]} must pass before {branch} is merged into")
    return SetupLine(
        "required", "mend", f"only {', '.join(sorted(checks)[:3])} must pass, which is not the gate", mend=mend
    )


def _protected(branch: str, is_protected: bool | None, why: str, *, is_open: bool) -> SetupLine:
    mend = f"protect {branch}: docs/required.md"
    if is_protected is None:
        return SetupLine("protection", "not-known", why, mend=mend)
    if is_protected and is_open:
        said = f"{branch} is protected, and some may push to it without a merge request, past the gate"
        return SetupLine("protection", "mend", said, mend="*allowed to push and merge*: no one, see docs/gitlab.md")
    if is_protected:
        return SetupLine("protection", "ok", f"{branch} is protected")
    return SetupLine("protection", "mend", f"{branch} is not protected: whoever may push passes by the gate", mend=mend)


def _jobs(content: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The jobs of a workflow that run the gate."""
    jobs = content.get("jobs") if isinstance(content, dict) else None
    for id_, job in (jobs if isinstance(jobs, dict) else {}).items():
        if isinstance(job, dict) and _speaks_of_gate(job):
            yield str(id_), job


def _speaks_of_gate(node: Any) -> bool:
    if isinstance(node, dict):
        return any(_speaks_of_gate(part) for part in node.values())
    if isinstance(node, list):
        return any(_speaks_of_gate(part) for part in node)
    return isinstance(node, str) and _GATE.search(node) is not None


def _read(file: CodeFile, tree: Tree) -> Document[Any] | None:
    try:
        return _parsed(file, tree)
    except DocumentError:
        return None


def _parsed(file: CodeFile, tree: Tree) -> Document[Any]:
    """A CI file as data; DocumentError where the strict reader does not take it."""
    entry = tree.entry(file.path)
    assert entry is not None  # noqa: S101 - it was found in this tree
    raw, marks = read_yaml(file.path, regular_bytes(tree, entry))
    return Document(file.path, file.oid, raw, marks)
