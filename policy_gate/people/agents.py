"""Bots and coding agents, told by patterns of their accounts, addresses and names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from policy_gate.schema.people import Author


def is_agent(author: Author, patterns: Iterable[str]) -> bool:
    """Whether this is a bot or a coding agent, by address and account; `patterns` are in lower case, with `*`.

    People may be called like a tool, so that a name alone tells only where there is no address beside it.
    """
    said = [author.email or author.name, author.account.partition(":")[2]]
    return is_named_agent((text for text in said if text), patterns)


def is_named_agent(texts: Iterable[str], patterns: Iterable[str]) -> bool:
    """Whether one of these texts is what a bot or a coding agent is called."""
    expression = _expression(tuple(patterns))
    return any(expression.fullmatch(text.strip().casefold()) is not None for text in texts)


@cache
def _expression(patterns: Sequence[str]) -> re.Pattern[str]:
    spelled = (".{0,300}".join(re.escape(part) for part in pattern.split("*")) for pattern in patterns)
    return re.compile("|".join(spelled) or r"(?!)")
