"""What a forge says of the branch merged into: whether it is protected, which checks it demands, how it merges.

Asked only by `doctor`, and only where the environment says which repository it is and holds a token.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from msgspec import Struct

from policy_gate.forges.answers import Answer
from policy_gate.forges.errors import AbsentError, ForgeError, TokenError
from policy_gate.forges.github import GitHub
from policy_gate.forges.gitlab import GitLab
from policy_gate.forges.http import is_client_installed
from policy_gate.schema.patterns import lazy_pattern

GITLAB_TOKENS = ("POLICY_GATE_GITLAB_TOKEN", "GITLAB_TOKEN")
"""Variables that may hold GitLab's token; the first that is set is taken."""
_READS = "{contents: read}"
_HEAD_ALONE = "HEADGREEN"
"""how GitHub calls a merge queue that asks for green checks of the last pull request of a group alone"""
_NO_ONE = 0
"""the level of access that nobody has, and that GitLab lists where nobody may push"""
_API = lazy_pattern(r"(https?://[^/\s?#@]+(?:/[^\s?#]*?)?)/api/v4/?\Z")
_NUMBER = lazy_pattern(r"[1-9][0-9]{0,18}\Z")


class BranchSettings(Struct, frozen=True):
    """What was told; None where it was not, with the reason in `untold` by name of the field."""

    forge: str
    is_protected: bool | None = None
    required_checks: tuple[str, ...] | None = None
    """names of the checks that must pass; of GitLab `pipeline` where a merge needs a successful one"""
    merge_methods: tuple[str, ...] | None = None
    untold: Mapping[str, str] = {}
    is_queue_lax: bool = False
    """a merge queue merges what is red together with what is green behind it"""
    is_skip_enough: bool = False
    """a pipeline that was skipped counts as one that passed"""
    is_push_open: bool = False
    """the branch is protected, and some may push to it"""


class _Checks(Answer):
    contexts: list[str] = []


class _Protection(Answer):
    required_status_checks: _Checks | None = None


class _Branch(Answer):
    protected: bool
    protection: _Protection | None = None


class _Check(Answer):
    context: str


class _Workflow(Answer):
    path: str


class _Parameters(Answer):
    required_status_checks: list[_Check] = []
    workflows: list[_Workflow] = []
    grouping_strategy: str = ""


class _Rule(Answer):
    type: str
    parameters: _Parameters | None = None


class _GithubRepository(Answer):
    allow_merge_commit: bool | None = None
    allow_squash_merge: bool | None = None
    allow_rebase_merge: bool | None = None


class _Project(Answer):
    squash_option: str = ""
    merge_method: str = "merge"
    only_allow_merge_if_pipeline_succeeds: bool = False
    allow_merge_on_skipped_pipeline: bool | None = None


class _PushAccess(Answer):
    access_level: int | None = None


class _ProtectedBranch(Answer):
    name: str
    push_access_levels: list[_PushAccess] = []


def branch_settings(environment: Mapping[str, str], branch: str) -> BranchSettings:
    """What the forge of this environment says of a branch; ForgeError where none can be asked."""
    if environment.get("GITHUB_REPOSITORY"):
        url = environment.get("GITHUB_API_URL") or "https://api.github.com"
        token = environment.get("GITHUB_TOKEN") or environment.get("GH_TOKEN") or ""
        asked = {**environment, "GITHUB_API_URL": url, "GITHUB_TOKEN": token}
        with GitHub.of_job(asked, _READS) as github:
            return _of_github(github, branch)
    if environment.get("CI_PROJECT_ID") and environment.get("CI_API_V4_URL"):
        with _gitlab(environment) as gitlab:
            return _of_gitlab(gitlab, environment["CI_PROJECT_ID"], branch)
    hint = "set GITHUB_REPOSITORY and GITHUB_TOKEN, or on GitLab CI_PROJECT_ID, CI_API_V4_URL and "
    raise ForgeError("not asked: nothing says which forge this is", hint=hint + GITLAB_TOKENS[0])


def _of_github(github: GitHub, branch: str) -> BranchSettings:
    untold: dict[str, str] = {}
    name = quote(branch, safe="")
    protected = checks = methods = None
    rules: tuple[_Rule, ...] = ()
    try:
        found = github.one(_Branch, f"{github.repository}/branches/{name}", f"the branch {branch}")
        rules = tuple(github.newest(_Rule, f"{github.repository}/rules/branches/{name}", {}, f"the rules of {branch}"))
        protected = found.protected or bool(rules)
        checks = (*_classic(found), *_of_rules(rules))
    except ForgeError as error:
        untold |= {"is_protected": error.sentence, "required_checks": error.sentence}
    try:
        methods = _methods(github.one(_GithubRepository, github.repository, "the repository"))
        if methods is None:
            untold["merge_methods"] = "GitHub tells them only to who may write"
    except ForgeError as error:
        untold["merge_methods"] = error.sentence
    is_lax = any(rule.parameters is not None and rule.parameters.grouping_strategy == _HEAD_ALONE for rule in rules)
    return BranchSettings("GitHub", protected, checks, methods, untold, is_lax)


def _classic(branch: _Branch) -> tuple[str, ...]:
    wanted = branch.protection.required_status_checks if branch.protection else None
    return tuple(wanted.contexts) if wanted else ()


def _of_rules(rules: tuple[_Rule, ...]) -> tuple[str, ...]:
    """Checks and workflows that rulesets demand."""
    parts = [rule.parameters for rule in rules if rule.parameters is not None]
    checks = [check.context for part in parts for check in part.required_status_checks]
    return (*checks, *(flow.path for part in parts for flow in part.workflows))


def _methods(repository: _GithubRepository) -> tuple[str, ...] | None:
    told = {
        "merge": repository.allow_merge_commit,
        "squash": repository.allow_squash_merge,
        "rebase": repository.allow_rebase_merge,
    }
    return None if None in told.values() else tuple(name for name, is_on in told.items() if is_on)


def _gitlab(environment: Mapping[str, str]) -> GitLab:
    token = next((environment[name] for name in GITLAB_TOKENS if environment.get(name)), "")
    address = _API.match(environment["CI_API_V4_URL"])
    if not token:
        raise TokenError("not asked: there is no token", hint=f"set {GITLAB_TOKENS[0]} (read_api)")
    if address is None or not _NUMBER.match(environment["CI_PROJECT_ID"]):
        raise ForgeError("not asked: CI_PROJECT_ID or CI_API_V4_URL is not what GitLab sets")
    if not is_client_installed():
        raise ForgeError("not asked: requests is not installed", hint='run pip install "ai-policy-gate[gitlab]"')
    return GitLab(address[1], token)


def _of_gitlab(gitlab: GitLab, project: str, branch: str) -> BranchSettings:
    untold: dict[str, str] = {}
    protected: bool | None = None
    checks = methods = None
    is_skip_enough = is_push_open = False
    path = f"/projects/{project}/protected_branches/{quote(branch, safe='')}"
    try:
        pushers = gitlab.one(_ProtectedBranch, path, "the branch").push_access_levels
        protected, is_push_open = True, any(who.access_level != _NO_ONE for who in pushers)
    except AbsentError:
        protected = False
    except ForgeError as error:
        untold["is_protected"] = error.sentence
    try:
        found = gitlab.one(_Project, f"/projects/{project}", "the project")
        checks = ("pipeline",) if found.only_allow_merge_if_pipeline_succeeds else ()
        is_skip_enough = bool(checks and found.allow_merge_on_skipped_pipeline)
        # A branch that GitLab rebases gets a new pipeline, which judges what is merged.
        way = "fast-forward" if found.merge_method == "ff" else "merge"
        methods = {"never": (way,), "always": ("squash",)}.get(found.squash_option, (way, "squash"))
    except ForgeError as error:
        untold |= {"required_checks": error.sentence, "merge_methods": error.sentence}
    return BranchSettings(
        "GitLab", protected, checks, methods, untold, is_skip_enough=is_skip_enough, is_push_open=is_push_open
    )
