"""The source of GitLab approvals: exists in a merge request's pipeline and in a replay, and asks only with a token.

CI_JOB_TOKEN may not read approvals, so it is not tried.
"""

from __future__ import annotations

from collections.abc import Mapping

from policy_gate.approvals.source import GITLAB_APPROVALS, ApprovalQuery, SourceAnswer
from policy_gate.forges.errors import ForgeError
from policy_gate.forges.http import is_client_installed
from policy_gate.schema.patterns import lazy_pattern

TOKENS = ("POLICY_GATE_GITLAB_TOKEN", "GITLAB_TOKEN")
"""Variables that may hold the token; the first that is set is taken."""
_NUMBER = lazy_pattern(r"[1-9][0-9]{0,18}\Z")
_OPEN = lazy_pattern(r"![1-9][0-9]{0,18}(?=,|\Z)")
_API = lazy_pattern(r"(https?://[^/\s?#@]+(?:/[^\s?#]*?)?)/api/v4/?\Z")
_HOW = (
    f"set {TOKENS[0]}, a masked CI/CD variable, to a project access token with the scope read_api and the role Reporter"
)


def fetch(query: ApprovalQuery) -> SourceAnswer | None:
    """What GitLab tells of the merge request that this pipeline is for; None where it is for none."""
    environment = query.environment
    if query.merged is not None and query.merged.untold:
        return _not_asked(query.merged.untold)
    # The pipeline of a fork's merge request may run in the fork, where another one has the same number.
    project = environment.get("CI_MERGE_REQUEST_PROJECT_ID") or environment.get("CI_PROJECT_ID", "")
    number, api = environment.get("CI_MERGE_REQUEST_IID", ""), environment.get("CI_API_V4_URL", "")
    if not (project and api and (number or query.merged is not None)):
        return None
    token = next((environment[name] for name in TOKENS if environment.get(name)), "")
    address = _API.match(api)
    if not _NUMBER.match(project) or not (query.merged or _NUMBER.match(number)) or address is None:
        return _not_asked("CI_PROJECT_ID, CI_MERGE_REQUEST_IID or CI_API_V4_URL is not what GitLab sets")
    if not token:
        return _not_asked("there is no token", _HOW)
    if not token.isascii() or not token.isprintable() or " " in token:
        return _not_asked("the token holds characters that no token has", _HOW)
    if not is_client_installed():
        return _not_asked("requests is not installed", 'run pip install "ai-policy-gate[gitlab]"')
    from policy_gate.approvals.gitlab.merge_requests import fetch_approvals, fetch_merged  # noqa: PLC0415 - few runs ask
    from policy_gate.forges.gitlab import GitLab  # noqa: PLC0415 - likewise

    try:
        with GitLab(address[1], token) as gitlab:
            if query.merged is not None:
                return fetch_merged(gitlab, project, query.merged, query)
            return fetch_approvals(gitlab, project, number, query)
    except ForgeError as error:
        return SourceAnswer(GITLAB_APPROVALS, missing=(error.sentence,))


def unread_in_branch(environment: Mapping[str, str]) -> str | None:
    """A note where a branch's pipeline judges what a merge request is open for: its approvals are read in its own."""
    if environment.get("GITLAB_CI") != "true" or environment.get("CI_MERGE_REQUEST_IID"):
        return None
    numbers = _OPEN.findall(environment.get("CI_OPEN_MERGE_REQUESTS", ""))
    if not numbers:
        return None
    requests = ", ".join(dict.fromkeys(numbers))
    return f"this is a branch's pipeline: approvals of {requests} are read in a pipeline of the merge request alone"


def _not_asked(why: str, hint: str = "") -> SourceAnswer:
    error = ForgeError(f"GitLab was not asked for approvals: {why}", hint=hint)
    return SourceAnswer(GITLAB_APPROVALS, missing=(error.sentence,))
