"""What the fake GitHub notes of a pull request: the events of the API of issues, and their like in GraphQL.

    github.retarget(number, "main")
    github.happens(number, "labeled")
    ...  # a client asks for /repos/…/issues/7/events

Events are validated against GitHub's own OpenAPI description, which names no `base_ref_changed`: it takes any event
that has the fields which all of them have.
"""

from __future__ import annotations

import copy
import json
import re
from abc import abstractmethod
from datetime import timedelta
from typing import Any

from fakes.forge_server import Answer, Asked
from fakes.github_issues import Grant, Issues

RETARGETS = {
    "base_ref_changed": "BaseRefChangedEvent",
    "automatic_base_change_succeeded": "AutomaticBaseChangeSucceededEvent",
}
"""What changes of base are called in GraphQL."""
_REFUSED = "Resource not accessible by integration"


class Events(Issues):
    """The events of the pull requests of one repository; mixed into the fake that has them."""

    @abstractmethod
    def aim(self, number: int, base: str) -> None:
        """Let a pull request be for another branch."""

    # what happens there

    def happens(self, number: int, event: str, by: str = "bo-x") -> None:
        """Something that GitHub notes, a minute after what happened last."""
        self._now += timedelta(minutes=1)
        noted: dict[str, Any] = copy.deepcopy(self.example("issue-event-for-issue-items")[0])
        del noted["label"]
        id_ = self.next_id()
        noted |= {
            "id": id_,
            "url": f"{self.url}/repos/{self.repository}/issues/events/{id_}",
            "actor": self.account(by),
            "event": event,
            "commit_id": None,
            "commit_url": None,
            "created_at": self._now.isoformat().replace("+00:00", "Z"),
        }
        self.events.setdefault(number, []).append(noted)

    def retarget(self, number: int, base: str, *, was_deleted: bool = False) -> None:
        """Let it be for another branch, by hand or because the one that it was for is deleted."""
        self.aim(number, base)
        self.happens(number, "automatic_base_change_succeeded" if was_deleted else "base_ref_changed")

    # what it answers

    def answer_about_issues(self, request: Asked, grant: Grant) -> Answer | None:
        found = re.fullmatch(rf"/repos/{re.escape(self.repository)}/issues/(\d+)/events", request.path)
        if found and request.method == "GET":
            return self._list_events(request, grant, int(found[1]))
        if (request.method, request.path) == ("POST", "/graphql") and b"timelineItems" in request.body:
            return self._tell_changes(json.loads(request.body), grant)
        return super().answer_about_issues(request, grant)

    def _list_events(self, request: Asked, grant: Grant, number: int) -> Answer:
        if all(found["number"] != number for found in self.pulls_as_issues()):
            return self.error(404, "Not Found")
        if not grant.may("GET", "issues", "pull-requests"):
            return self.error(403, _REFUSED)
        return self.page(request, self.events.get(number, []), "issue-event-for-issue")

    def _tell_changes(self, asked: dict[str, Any], grant: Grant) -> Answer:
        """The changes of base, oldest first; whoever may not ask is told so with a status of 200."""
        of = asked["variables"]
        named = re.findall(r"\.\.\. on (\w+) \{ createdAt \}", asked["query"])
        is_known = any(found["number"] == of["number"] for found in self.pulls_as_issues())
        is_here = f"{of['owner']}/{of['name']}" == self.repository and is_known
        if not self.tells_viewer or not is_here or not grant.may("GET", "pull-requests"):
            told = {"type": "FORBIDDEN", "path": ["repository", "pullRequest"], "message": _REFUSED}
            return Answer(200, {"data": {"repository": {"pullRequest": None}}, "errors": [told]})
        events = [event for event in self.events.get(of["number"], []) if RETARGETS.get(event["event"]) in named]
        nodes = [{"createdAt": event["created_at"]} for event in events]
        data = {"repository": {"pullRequest": {"timelineItems": {"nodes": nodes[-100:]}}}}
        return Answer(200, self._valid("base-changes", {"data": data}))
