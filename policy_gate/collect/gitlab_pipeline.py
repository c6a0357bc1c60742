"""What a project's own .gitlab-ci.yml makes of the gate's job: whether it runs for a merge request, what beside it, and
what it is told by others.

GitLab looks at one pipeline of a merge request: that of the request itself, where there is one. Read from the file
alone: what other files bring that it includes is not known here, and then nothing is said of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from policy_gate.documents.cache import regular_bytes
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.errors import DocumentError
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.source import Document, Loc
from policy_gate.vcs.tree import Tree

PIPELINE: Final = ".gitlab-ci.yml"
STAGE: Final = "test"
"""where the gate's job goes unless the include says another stage"""
_GATE: Final = lazy_pattern(r"policy[-_]gate")
_OF_REQUEST: Final = lazy_pattern(r"merge_request|CI_MERGE_REQUEST|OPEN_MERGE_REQUESTS")
_OF_BRANCH: Final = lazy_pattern(r"CI_COMMIT_(?:BRANCH|TAG)\b|CI_PIPELINE_SOURCE\s*==\s*[\"'](?!merge_request)")
_BRANCHES_ALONE: Final = "Workflows/Branch-Pipelines"
_REQUESTS: Final = "Workflows/MergeRequest-Pipelines"
_STARTS: Final = frozenset({"script", "run", "trigger"})
_WHEN: Final = frozenset({"rules", "only", "except"})
_NAMED: Final = 3
HINT: Final = 'workflow: {rules: [{if: $CI_PIPELINE_SOURCE == "merge_request_event"}, …]}: docs/gitlab.md has it whole'


class Hurdle(NamedTuple):
    """What keeps the job from running, or what its pipeline leaves out: where, in words, and what mends it."""

    loc: Loc
    said: str
    mend: str


def pipeline_of(tree: Tree) -> Document[Any] | None:
    """The project's own file as data; None where there is none, or where it holds what the strict reader refuses."""
    entry = tree.entry(PIPELINE)
    if entry is None:
        return None
    try:
        raw, marks = read_yaml(PIPELINE, regular_bytes(tree, entry))
    except DocumentError:
        return None
    return Document(PIPELINE, "", raw, marks)


def hurdles(content: Any) -> Iterator[Hurdle]:
    """What stands in the way in a .gitlab-ci.yml that includes the gate's job, or is about to."""
    whole = content if isinstance(content, Mapping) else {}
    includes = list(_includes(whole.get("include")))
    yield from _stages(whole, includes)
    yield from _told_to_gate(whole, includes)
    workflow = whole.get("workflow")
    rules = workflow.get("rules") if isinstance(workflow, Mapping) else None
    if isinstance(rules, list):
        if not _makes_one_for_a_request(rules):
            said = "makes no pipeline for a merge request, so that the gate never runs"
            yield Hurdle(("workflow", "rules"), said, HINT)
    elif any(_BRANCHES_ALONE in str(part.get("template")) for part in includes):
        said = f"{_BRANCHES_ALONE} makes no pipeline for a merge request, so that the gate never runs"
        yield Hurdle(("include",), said, f"include {_REQUESTS}.gitlab-ci.yml in its place")
    elif all(_is_of_gate(part) for part in includes):
        yield from _left_out(whole)


def _left_out(whole: Mapping[Any, Any]) -> Iterator[Hurdle]:
    """Jobs that run in branch pipelines alone, as those do that say nothing else while no workflow does."""
    names = [
        str(name)
        for name, job in whole.items()
        if isinstance(job, Mapping) and not str(name).startswith(".")
        if not _STARTS.isdisjoint(map(str, job)) and _WHEN.isdisjoint(map(str, job)) and "extends" not in job
    ]
    if names:
        shown = ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
        said = (
            f"{shown} would stop no merge: GitLab looks at the merge request's own pipeline, which the gate's job "
            "makes, and jobs without rules are not in it"
        )
        yield Hurdle((names[0],), said, HINT)


def _told_to_gate(whole: Mapping[Any, Any], includes: list[Mapping[Any, Any]]) -> Iterator[Hurdle]:
    """Jobs whose results the gate reads and that hand variables on, which stand above those that GitLab sets itself."""
    given = [part.get("inputs") for part in includes if _is_of_gate(part)]
    named = [it.get("evidence-jobs") for it in given if isinstance(it, Mapping)]
    for name in dict.fromkeys(str(job) for jobs in named if isinstance(jobs, list) for job in jobs):
        node: Any = whole
        for key in (name, "artifacts", "reports"):
            node = node.get(key) if isinstance(node, Mapping) else None
        if isinstance(node, Mapping) and "dotenv" in node:
            said = (
                f"{name} is named in evidence-jobs and hands variables on: what its code writes there can say another "
                "target, or that the gate only reports"
            )
            mend = "hand them on from another job, or name one whose code the author of a change cannot edit"
            yield Hurdle((name, "artifacts", "reports", "dotenv"), said, mend)


def _stages(whole: Mapping[Any, Any], includes: list[Mapping[Any, Any]]) -> Iterator[Hurdle]:
    stages = whole.get("stages")
    if not isinstance(stages, list) or not stages or STAGE in map(str, stages):
        return
    if not any(_said_stage(part) for part in includes if _is_of_gate(part)):
        said = f"has no stage {STAGE}, where the job goes, so that GitLab refuses the file"
        yield Hurdle(("stages",), said, f"write inputs: {{stage: {stages[0]}}} beside the include")


def _said_stage(part: Mapping[Any, Any]) -> bool:
    inputs = part.get("inputs")
    return isinstance(inputs, Mapping) and "stage" in inputs


def _makes_one_for_a_request(rules: list[Any]) -> bool:
    """May one of these rules be true of a merge request's pipeline? Only what surely speaks of others is none."""
    for rule in rules:
        condition = rule.get("if") if isinstance(rule, Mapping) else None
        said = str(getattr(condition, "text", condition))
        is_never = isinstance(rule, Mapping) and str(rule.get("when")) == "never"
        if is_never:
            if _OF_REQUEST.search(said) and "!=" not in said and "&&" not in said and "CI_OPEN" not in said:
                return False
            continue
        if condition is None or _OF_REQUEST.search(said) or "||" in said or not _OF_BRANCH.search(said):
            return True
    return False


def _includes(node: Any) -> Iterator[Mapping[Any, Any]]:
    for part in node if isinstance(node, list) else [] if node is None else [node]:
        yield part if isinstance(part, Mapping) else {"local": str(getattr(part, "text", part))}


def _is_of_gate(part: Mapping[Any, Any]) -> bool:
    said = " ".join(str(getattr(value, "text", value)) for key, value in part.items() if key != "inputs")
    return _GATE.search(said) is not None
