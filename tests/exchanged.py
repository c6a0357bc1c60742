"""Files of a system whose `@@` is one value in base and another in the change, and what that exchange comes to."""

from __future__ import annotations

from collections.abc import Mapping

from scratch import Result, Scratch
from world import days_ago, high_system

Exchange = tuple[str, str, tuple[str, str], str]
"""path below the system's folder, text with `@@`, the value in base and the other one, and what is exchanged"""


def text_of(exchange: Exchange, *, first: bool) -> str:
    _, text, values, _ = exchange
    return text.replace("@@", values[not first])


def adopted(repo: Scratch, exchanges: Mapping[str, Exchange], files: Mapping[str, str] | None = None) -> Scratch:
    """A high system in production that holds them all with their first values, and further `files`."""
    texts = {exchange[0]: text_of(exchange, first=True) for exchange in exchanges.values()}
    below = {f"screener/{path}": text for path, text in {**texts, **(files or {})}.items()}
    repo.adopt(high_system("production", stage_since=days_ago(20)), files=below)
    return repo


def exchanged(repo: Scratch, exchange: Exchange) -> Result:
    """What the check says of a change that exchanges one value alone."""
    repo.branch("swap")
    repo.commit("A small clean-up", files={f"screener/{exchange[0]}": text_of(exchange, first=False)})
    return repo.check()
