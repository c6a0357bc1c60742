"""Open pull requests after the rules changed: their checks say what the rules of before said.

The newest run of each is started again by the Actions API. It runs as it ran before, with the event that it had, and
fetches the rules of the default branch anew; what it says is its own. Whoever wrote a pull request starts none of this.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import islice
from typing import Final

from policy_gate.ci.github.reruns import newest_run, start_again, workflow_of
from policy_gate.forges.errors import ForgeError
from policy_gate.forges.github import GitHub
from policy_gate.forges.github_answers import OpenPull

MOST: Final = 50
"""pull requests that one job starts again, those that changed last first"""
PERMISSION: Final = "{actions: write, pull-requests: read}"
_STARTED, _RUNNING, _SINCE, _NONE = "started again", "still running", "judged since", "without a run of this workflow"


def rejudge_open(environment: Mapping[str, str], branch: str) -> str:
    """Start the checks of open pull requests into this branch again; a sentence on what was done or why not.

    Nothing that GitHub does raises anything here: the verdict of the job is about something else.
    """
    try:
        with GitHub.of_job(environment, PERMISSION) as github:
            return f"open pull requests into {branch}: {_rejudged(github, environment, branch)}"
    except ForgeError as error:
        by_hand = "re-run their jobs by hand, or push to them"
        return f"open pull requests into {branch} were not judged again: {error.sentence}; {by_hand}"


def _rejudged(github: GitHub, environment: Mapping[str, str], branch: str) -> str:
    workflow, own = workflow_of(github, environment)
    asked = {"state": "open", "base": branch, "sort": "updated", "direction": "desc"}
    listed = github.newest(OpenPull, f"{github.repository}/pulls", asked, "the open pull requests")
    pulls = list(islice(listed, MOST + 1))
    if not pulls:
        return "none"
    done: Counter[str] = Counter()
    refused: list[str] = []
    for pull in pulls[:MOST]:
        try:
            done[_renewed(github, workflow, own, pull)] += 1
        except ForgeError as error:
            refused.append(error.sentence)
    if len(refused) == len(pulls[:MOST]):
        raise ForgeError(refused[0])
    said = [f"{number} {what}" for what, number in done.items()]
    said += [f"{len(refused)} not started again ({refused[0]})"] if refused else []
    said += [f"more than {MOST}, the others were left"] if len(pulls) > MOST else []
    return ", ".join(said)


def _renewed(github: GitHub, workflow: int, own: int, pull: OpenPull) -> str:
    run = newest_run(github, workflow, pull.number, pull.head.sha)
    if run is None:
        return _NONE
    if run.id > own:
        return _SINCE
    if run.status != "completed":
        return _RUNNING
    start_again(github, run)
    return _STARTED
