"""GitHub's accounts as authors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_gate.schema.people import Author

if TYPE_CHECKING:
    from policy_gate.forges import github_answers as answers


def author_of(login: str, number: int) -> Author:
    """A GitHub account as an author without an address."""
    return Author(login, "", f"github:{login}", f"github:{number}")


def account_of(user: answers.User) -> Author:
    """A user of GitHub's answers as an author."""
    return author_of(user.login, user.id)
