"""GitHub's REST API as far as a job reads and writes it: whole listings or none, refusals in words.

GitHub's own words are looked at, never shown. A client is made for one permission, which its refusals name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn, Self, TypeVar
from urllib.parse import unquote, urlsplit

from policy_gate.forges.answers import Answer, Shaped, UnexpectedShapeError, parse
from policy_gate.forges.errors import (
    EndlessError,
    ForbiddenError,
    ForgeError,
    MalformedError,
    RateLimitedError,
    TokenError,
    UnreachableError,
)
from policy_gate.forges.github_answers import Comment, User, ViewerAnswer, Written
from policy_gate.forges.http import ForgeClient, Response, is_client_installed, kind_of
from policy_gate.schema.patterns import lazy_pattern

PER_PAGE = 100
MOST_PAGES = 50
"""What nobody needs more of: a listing is read up to here."""
READS_REVIEWS = "{contents: read, pull-requests: read}"
_ACCEPTED = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
_REPOSITORY = lazy_pattern(r"[A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9._-]+")
_CURSOR = lazy_pattern(r'[?&]after=([^&>]+)[^>]*>;\s*rel="next"')
_LAST_PAGE = lazy_pattern(r'[?&]page=(\d+)[^>]*>;\s*rel="last"')
_AGAIN = "run the job again when GitHub is well"

Item = TypeVar("Item", bound=Answer)
Said = TypeVar("Said", bound=Comment)


class GitHub(ForgeClient):
    """One conversation with GitHub. Every method raises a ForgeError where the answer is not to be had.

    `permission` is what a job must be given for what it wants here, such as `pull-requests: write`.
    """

    server = "GitHub"

    def __init__(self, url: str, token: str, permission: str, repository: str = "") -> None:
        super().__init__(url, {**_ACCEPTED, "Authorization": f"Bearer {token}"})
        self.repository = f"/repos/{repository}"
        self._permission = permission

    @classmethod
    def of_job(cls, environment: Mapping[str, str], permission: str) -> Self:
        """A conversation about the repository of a job; ForgeError where it does not say where and as whom."""
        url, token = environment.get("GITHUB_API_URL", ""), environment.get("GITHUB_TOKEN", "")
        repository = environment.get("GITHUB_REPOSITORY", "")
        if not token:
            raise TokenError("there is no token", hint=f"pass one, and give the job `permissions: {permission}`")
        if (
            urlsplit(url).scheme not in ("http", "https")
            or not urlsplit(url).hostname
            or not _REPOSITORY.fullmatch(repository)
        ):
            raise ForgeError("GITHUB_API_URL and GITHUB_REPOSITORY do not say where to write")
        if not is_client_installed():
            raise ForgeError("requests is not installed", hint='run pip install "ai-policy-gate[github]"')
        return cls(url, token, permission, repository)

    def one(self, kind: type[Item], path: str, what: str, query: Mapping[str, object] | None = None) -> Item:
        """The object at a path; `what` names it in the sentence that says why it could not be read."""
        found: Item = self._parsed(kind, "GET", self.ask("GET", path, what, query), what)
        return found

    def all(self, kind: type[Item], path: str, key: str, what: str) -> tuple[Item, ...]:
        """Every item of a listing, told apart by `key`; pages that end early or overlap are no listing."""
        found: dict[object, Item] = {}
        last, is_promised = 1, True
        for page in range(1, MOST_PAGES + 1):
            response, items = self._page(list[kind], path, {"page": page}, what)  # type: ignore[valid-type]
            before = len(found)
            found |= {getattr(item, key): item for item in items}
            if len(found) - before != len(items) or (page > 1 and not items and is_promised):
                self._unreadable(what, "the listing changed meanwhile, or a page is cut short")
            last = max(last, _last_page(response))
            if not _has_next(response):
                if page < last:
                    self._unreadable(what, f"{last} pages were promised, {page} came")
                if len(items) < PER_PAGE or "link" in response.headers:
                    return tuple(found.values())
            # A proxy may have taken the header away that tells of more.
            is_promised = _has_next(response)
        raise EndlessError(self.not_available("GET", what, f"more than {MOST_PAGES * PER_PAGE} of them"))

    def newest(self, kind: type[Item], path: str, query: Mapping[str, object], what: str) -> Iterator[Item]:
        """The items of a listing that goes on by cursor, newest first, for as long as somebody reads."""
        asked = dict(query)
        for _ in range(MOST_PAGES):
            response, items = self._page(list[kind], path, asked, what)  # type: ignore[valid-type]
            yield from items
            cursor = _CURSOR.search(response.headers.get("link", ""))
            if cursor is None:
                return
            asked["after"] = unquote(cursor[1])

    def first(
        self, kind: type[Said], path: str, query: Mapping[str, object], most_pages: int | None = None
    ) -> tuple[list[Said], bool]:
        """The comments or issues of a listing in order, each once, and whether that is all of them.

        What has another shape is left out. At most MOST_PAGES pages are read, or as many as are wanted.
        """
        found: dict[int, Said] = {}
        for page in range(1, (most_pages or MOST_PAGES) + 1):
            response, items = self._page(list[Shaped[kind]], path, {**query, "page": page}, "the listing")  # type: ignore[valid-type]
            found |= {item.id: item for item in items if item is not None}
            if not _has_next(response):
                return list(found.values()), True
        return list(found.values()), False

    def write(self, method: str, path: str, what: str, body: Mapping[str, object]) -> Written:
        """Write something; the thing that was written, with its number."""
        written: Written = self._parsed(Written, method, self.ask(method, path, what, body=body), what)
        return written

    def account(self) -> str:
        """The login that this token writes as: a person's, `github-actions[bot]` or another app's.

        GraphQL tells every sort of token who it is; `GET /user` only a person's.
        """
        what = "the account that the token writes as"
        try:
            return self.query(ViewerAnswer, "query { viewer { login } }", {}, what).data.viewer.login
        except ForgeError as error:
            if isinstance(error, UnreachableError) and not error.status:
                raise
            # Many servers and proxies know no GraphQL.
            return self.one(User, "/user", what).login

    def query(self, kind: type[Item], query: str, variables: Mapping[str, object], what: str) -> Item:
        """What GraphQL answers; an Enterprise Server has it beside the versions of its REST API."""
        address = f"{self.url.removesuffix('/v3')}/graphql"
        answer = self.ask("POST", address, what, body={"query": query, "variables": variables})
        found: Item = self._parsed(kind, "GET", answer, what)
        return found

    def not_available(self, method: str, what: str, why: str) -> str:
        return f"{what} could not be read: {why}" if method == "GET" else f"{what}: {why}"

    def refusal(self, method: str, response: Response) -> tuple[type[ForgeError], str, str]:
        status, kind, said = response.status, kind_of(response.status), _message_of(response)
        limit, does = response.headers.get("x-ratelimit-remaining"), "read it " if method == "GET" else ""
        if kind in (ForbiddenError, RateLimitedError) and limit == "0":
            until = _instant(response.headers.get("x-ratelimit-reset", ""))
            why = f"GitHub asks for fewer requests ({status}), the rate limit of this token is used up until {until}"
            return RateLimitedError, why, "run the job again after that"
        if kind is RateLimitedError or (status == 403 and ("rate limit" in said or "retry-after" in response.headers)):
            return RateLimitedError, f"GitHub asks for fewer requests ({status})", "run the job again later"
        if status == 403 and "is locked" in said:
            return kind, "the conversation is locked (403)", "unlock it, or do without"
        if 300 <= status < 400:
            return kind, f"GitHub answers with a redirect, which is not followed ({status})", "check GITHUB_API_URL"
        words = {
            401: ("GitHub does not accept the token (401)", "pass a valid one as GITHUB_TOKEN"),
            403: (f"the token may not {does}(403)", self._wanted),
            404: ("it is not there, or hidden from the token (404)", self._wanted),
            410: ("it is switched off in this repository, or deleted (410)", "switch it on in the settings"),
        }
        return kind, *words.get(status, (f"GitHub answered {status}", _AGAIN if status >= 500 else ""))

    @property
    def _wanted(self) -> str:
        fork = " (a fork's pull request has a token that only reads)" if "write" in self._permission else ""
        return f"give the job `permissions: {self._permission}`{fork}"

    def _page(self, kind: Any, path: str, query: Mapping[str, object], what: str) -> tuple[Response, list[Any]]:
        response = self.ask("GET", path, what, {"per_page": PER_PAGE, **query})
        return response, self._parsed(kind, "GET", response, what)

    def _parsed(self, kind: Any, method: str, response: Response, what: str) -> Any:
        try:
            return parse(kind, response.body)
        except UnexpectedShapeError as error:
            why = f"the answer is not what GitHub documents ({error})"
            raise MalformedError(self.not_available(method, what, why), hint=_AGAIN, status=response.status) from None

    def _unreadable(self, what: str, why: str) -> NoReturn:
        raise MalformedError(self.not_available("GET", what, why))


def _has_next(response: Response) -> bool:
    return 'rel="next"' in response.headers.get("link", "")


def _last_page(response: Response) -> int:
    found = _LAST_PAGE.search(response.headers.get("link", ""))
    return int(found[1]) if found else 1


def _message_of(response: Response) -> str:
    return response.body[:10_000].decode("utf-8", "replace").casefold()


def _instant(seconds: str) -> str:
    try:
        return datetime.fromtimestamp(float(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return "a time that GitHub does not tell"
