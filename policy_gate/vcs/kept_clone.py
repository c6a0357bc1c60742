"""Clones of our own that are kept between runs: of each repository the newest files of its default branch, no more.

They are partial and shallow, so that a later run fetches what is new in the files and nothing of the history. As for
every clone of ours, no setting of the user's or the repository's is obeyed.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from policy_gate.errors import BaseError, UndecidedError
from policy_gate.vcs.clone import Address, Clone, Want
from policy_gate.vcs.ref_files import BranchTip

PROTOCOLS: Final = ("https", "http", "ssh")
_FILTER: Final = "blob:none"
_CONFIG: Final = """[core]
\trepositoryformatversion = 1
\tbare = true
[extensions]
\tpartialClone = origin
[remote "origin"]
\turl = {url}
\tpromisor = true
\tpartialclonefilter = {filter}
"""
_MADE: Final = "policy-gate-complete"
"""the file that says of which commit every file is here"""


class KeptClone:
    """The clone of one address below a folder; UndecidedError, with git's reason, where the remote does not answer."""

    def __init__(self, folder: Path, address: Address, timeout: float) -> None:
        if not address.is_usable:
            raise UndecidedError("this is no address to fetch from", hint=f"give a URL of {', '.join(PROTOCOLS)}")
        name = hashlib.sha256(address.url.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        self.path = folder / f"{name}.git"
        self._address = address
        self._timeout = timeout

    def tip(self) -> BranchTip:
        """The newest commit of the remote's default branch; nothing of it is fetched."""
        self._lay_out()
        branch, commit, failure = self._clone().head_of_remote()
        if failure:
            hint = "check the address, and the token if it is private"
            raise UndecidedError(f"it cannot be fetched: {failure}", hint=hint)
        if not commit:
            raise BaseError("there is no commit yet", hint="commit something, or leave this repository out")
        return BranchTip(branch, commit)

    def bring(self, tip: BranchTip) -> None:
        """Have the files of a tip."""
        made = self.path / _MADE
        clone = self._clone()
        if made.is_file() and made.read_text("ascii", "replace").strip() == tip.commit and clone.commit_of(tip.commit):
            return
        made.unlink(missing_ok=True)
        kept_as = f"refs/remotes/origin/{tip.branch}" if tip.branch else "refs/remotes/origin/HEAD"
        name = f"refs/heads/{tip.branch}" if tip.branch else "HEAD"
        failure = clone.fetch(Want(name, kept_as))
        if not failure and clone.commit_of(kept_as) != tip.commit:
            failure = clone.fetch(Want(tip.commit, kept_as))
        failure = failure or clone.fill_in(tip.commit)
        if failure:
            raise UndecidedError(f"it cannot be fetched: {failure}", hint="run the sync again")
        if tip.branch:
            clone.point_default_at(tip.branch)
        made.write_text(tip.commit, "ascii")

    def _clone(self) -> Clone:
        return Clone(self.path, self._address, lambda _: None, depth=1, without=_FILTER, timeout=self._timeout)

    def _lay_out(self) -> None:
        """Make the empty repository where there is none; its settings are ours each time, whatever git added."""
        if not (self.path / "objects").is_dir():
            shutil.rmtree(self.path, ignore_errors=True)
            for name in ("objects/info", "refs/heads"):
                (self.path / name).mkdir(parents=True, mode=0o700)
            (self.path / "HEAD").write_bytes(b"ref: refs/heads/none\n")
        config = _CONFIG.format(url=_quoted(self._address.url), filter=_FILTER)
        (self.path / "config").write_text(config, "utf-8")


def _quoted(url: str) -> str:
    return '"' + url.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def address_of(url: str, user: str = "", token: str = "") -> Address | None:
    """The address that a URL means, its user and password taken out of it; None for a transport that is not used.

    `git@host:path` is ssh. What git would take for a program to run (`ext::`) or an option is no address.
    """
    spelled = _of_scp(url)
    try:
        parts = urlsplit(spelled)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in PROTOCOLS or not host or host.startswith("-") or parts.path.startswith("-"):
        return None
    if not all(char.isprintable() and not char.isspace() for char in spelled):
        return None
    netloc = f"[{host}]" if ":" in host else host
    netloc = f"{netloc}:{port}" if port is not None else netloc
    if parts.scheme == "ssh":
        login = f"{_unquoted(parts.username)}@" if parts.username else ""
        return None if login.startswith("-") else Address(f"ssh://{login}{netloc}{parts.path}", protocols=PROTOCOLS)
    if parts.password is not None or parts.username is not None:
        told, secret = _unquoted(parts.username), _unquoted(parts.password)
        # A token alone stands where a user does.
        user, token = (told, secret) if secret else ("x-access-token", told)
    return Address(f"{parts.scheme}://{netloc}{parts.path}", user, token, PROTOCOLS)


def _of_scp(url: str) -> str:
    """`git@host:path` as the URL that it stands for."""
    before, colon, path = url.partition(":")
    is_scp = bool(colon) and "/" not in before and "@" in before and not path.startswith(("//", ":"))
    return f"ssh://{before}/{path.lstrip('/')}" if is_scp else url


def _unquoted(text: str | None) -> str:
    return unquote(text or "")
