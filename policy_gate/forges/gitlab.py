"""GitLab's API, only read: one answer, all pages of a list, or a query; refusals in words.

No message carries the token or text of the server's errors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn, TypeVar

from policy_gate.forges.answers import Answer, UnexpectedShapeError, parse
from policy_gate.forges.errors import EndlessError, ForgeError, MalformedError
from policy_gate.forges.http import ForgeClient, Response, kind_of
from policy_gate.schema.patterns import lazy_pattern

PAGE = 100
"""Items asked for at once: the most that GitLab gives."""
MOST_PAGES = 50
"""Pages of one list that are read; a longer list is not told."""
_RIGHTS = "give a project access token with the scope read_api and the role Reporter"
_LATER = "run the job again later"
_COUNT = lazy_pattern(r"[0-9]{1,9}\Z")
_REFUSED = {
    401: ("the token is not accepted (401)", f"it may have expired, as each does within a year: {_RIGHTS}"),
    403: ("the token may not read it (403)", _RIGHTS),
    404: ("it is not there, or the token may not see it (404)", _RIGHTS),
    429: ("there were too many requests (429)", _LATER),
}

Item = TypeVar("Item", bound=Answer)


class GitLab(ForgeClient):
    """One conversation with the GitLab at an address (without `/api/v4`)."""

    def __init__(self, address: str, token: str) -> None:
        super().__init__(address, {"PRIVATE-TOKEN": token})

    def one(self, kind: type[Item], path: str, what: str) -> Item:
        """The object at a path; ForgeError where there is none."""
        found: Item = self._parsed(kind, self.ask("GET", f"/api/v4{path}", what), what)
        return found

    def pages(self, kind: type[Item], path: str, what: str, **query: str) -> Iterator[tuple[Item, ...]]:
        """A list, page by page, to its end; ForgeError where a page is missing, EndlessError where no end comes.

        Where one that was read already is taken out meanwhile, the others move up, and one of them is on no page.
        """
        most = 0
        for number in range(1, MOST_PAGES + 1):
            asked = query | {"page": str(number), "per_page": str(PAGE)}
            response = self.ask("GET", f"/api/v4{path}", what, asked)
            items = self._parsed(list[kind], response, what)  # type: ignore[valid-type]
            total = _COUNT.match(response.headers.get("x-total", ""))
            if total is not None and int(total[0]) < most:
                why = "something was taken out of the list while it was read"
                raise MalformedError(self.not_available("GET", what, why), hint=_LATER)
            most = int(total[0]) if total is not None else most
            yield tuple(items)
            if not self._has_next(response, number, len(items), what):
                return
        raise EndlessError(self.not_available("GET", what, f"there are more than {MOST_PAGES * PAGE}"))

    def all(self, kind: type[Item], path: str, what: str) -> tuple[Item, ...]:
        """A whole list."""
        return tuple(item for page in self.pages(kind, path, what) for item in page)

    def query(self, kind: type[Item], text: str, variables: Mapping[str, object], what: str) -> Item:
        """What GitLab answers to a GraphQL query."""
        body = {"query": text, "variables": dict(variables)}
        found: Item = self._parsed(kind, self.ask("POST", "/api/graphql", what, body=body), what)
        return found

    def not_available(self, method: str, what: str, why: str) -> str:
        return f"GitLab did not tell {what}: {why}"

    def refusal(self, method: str, response: Response) -> tuple[type[ForgeError], str, str]:
        status = response.status
        if 300 <= status < 400:
            return ForgeError, "it answers with a redirect, which is not followed", "check CI_API_V4_URL"
        return kind_of(status), *_REFUSED.get(status, (f"the server failed ({status})", _LATER))

    def _parsed(self, kind: Any, response: Response, what: str) -> Any:
        try:
            return parse(kind, response.body)
        except UnexpectedShapeError as error:
            self._garbled(what, str(error))

    def _garbled(self, what: str, why: str) -> NoReturn:
        said = f"the answer is not what GitLab documents ({why})"
        raise MalformedError(self.not_available("GET", what, said), hint=_LATER)

    def _has_next(self, response: Response, number: int, count: int, what: str) -> bool:
        """Whether a page follows. Pages may be short, because GitLab leaves out what the reader may not see."""
        named = response.headers.get("x-next-page")
        if named is None:
            return 'rel="next"' in response.headers.get("link", "") or count >= PAGE
        if named not in ("", str(number + 1)):
            self._garbled(what, "the number of the next page is no such number")
        return bool(named)
