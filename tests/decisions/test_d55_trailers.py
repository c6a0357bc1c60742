"""D55, H22: who is a co-author is said by git's own trailers; what names no address is nobody's hand."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest
from decision_world import RULES, claim, day, people
from hypothesis import example, given, settings
from hypothesis import strategies as st
from world import AUTHOR, ROLE_HOLDERS, email_of

from policy_gate.decide.authorship import authorship_of
from policy_gate.people.identity import is_named_in
from policy_gate.schema.people import Author, Commit
from policy_gate.schema.roles import Person
from policy_gate.vcs.commits import parse_commit
from policy_gate.vcs.trailers import people_in, trailers_of

LINES = [
    "Subject", "", " ", "\r", "\t", "more text", "# comment", "---", "--- a/file", "---x", "Conflicts:", "\tfile",
    " folded", "\tfolded <sam@example.com>", "Signed-off-by: Ada <ada@example.com>", "Signed-off-by:ada@example.com",
    "(cherry picked from commit 1234567)", "Co-authored-by: Sam <sam@example.com>", "co-authored-by:sam@example.com",
    "CO-AUTHORED-BY : Sam <sam@example.com>\r", "Co-authored-by:\u00a0sam@example.com",
    "\u00a0Co-authored-by: sam@example.com", "  Co-authored-by: Sam <sam@example.com>", "Co-authored-by:",
    "Co-authored-by: lines are read now", "Key k: v", "-: x", ": x", "a: b  ", "\x0bKey: v", "Key\x0b: v",
]  # fmt: skip

messages = st.tuples(st.lists(st.sampled_from(LINES), max_size=9), st.sampled_from(["", "\n", "\n\n"])).map(
    lambda made: "\n".join(made[0]) + made[1]
)


@pytest.mark.real_git
@settings(max_examples=300, deadline=None)
@given(messages)
@example("S\n\nConflicts:\n--- a\n\r\n")
@example("S\n\nCo-authored-by: Sam <sam@example.com>\n\nSigned-off-by: Ada <ada@example.com>\n")
@example("Co-authored-by: Sam <sam@example.com>\n")
def test_d55_trailers_are_those_that_git_reads(message: str) -> None:
    command = ["git", "interpret-trailers", "--parse"]
    answer = subprocess.run(command, input=message.encode(), capture_output=True, check=True, timeout=60)
    assert "".join(f"{key}: {value}\n" for key, value in trailers_of(message)) == answer.stdout.decode()


@pytest.mark.parametrize(
    ("value", "addresses"),
    [
        ("Sam Doe <sam@example.com>", ["sam@example.com"]),
        ("sam@example.com", ["sam@example.com"]),
        ("Sam Doe sam@example.com", ["sam@example.com"]),
        ("Sam Doe (sam@example.com)", ["sam@example.com"]),
        ("\u00a0sam@example.com\u200b", ["sam@example.com"]),
        ("Sam < sam@example.com >", ["sam@example.com"]),
        ("Sam <mailto:sam@example.com>", ["sam@example.com"]),
        ("Sam <sam\u200b@example.com>", ["sam@example.com"]),
        ("Sam <sam@example.com> # pairing", ["sam@example.com"]),
        ("Sam <sam@example.com", ["sam@example.com"]),
        ("Sam <sam@example.com>, Kim <kim@example.com>", ["sam@example.com", "kim@example.com"]),
        ("sam@example.com, kim@example.com", ["sam@example.com", "kim@example.com"]),
        ("Sam <sam@example.com> and kim@example.com", ["sam@example.com", "kim@example.com"]),
        ("Sam <sam>", ["sam"]),
        ("sam@example.com>", ["sam@example.com"]),
        ("Sam <> sam@example.com", ["sam@example.com"]),
        ("Copilot", []),
        ("somebody who left", []),
        ("@sam", []),
        ("Sam <>", []),
    ],
)  # fmt: skip
def test_d55_who_is_named_is_read_from_every_form_that_holds_an_address(value: str, addresses: list[str]) -> None:
    assert [author.email for author in people_in(value)] == addresses


IDENTITIES = "author Ada <ada@example.com> 1700000000 +0000\ncommitter Ada <ada@example.com> 1700000000 +0000\n"


def parsed(message: str, identities: str = IDENTITIES) -> Any:
    return parse_commit(f"tree {'1' * 40}\n{identities}\n{message}".encode())


@pytest.mark.parametrize(
    "message",
    [
        "Read trailers\n\nCo-authored-by: lines are read from the end now.\n\nMore text.\n",
        "Revert the score\n\nThis reverts commit 1234567.\n\n    Co-authored-by: Sam <sam@example.com>\n",
        "Co-authored-by: Sam <sam@example.com>\n",
        "Quote\n\n> Co-authored-by: Sam <sam@example.com>\n",
    ],
)
def test_h22_what_is_no_trailer_names_nobody(message: str) -> None:
    raw = parsed(message)
    assert ([author.name for author in raw.authors], raw.unaddressed) == (["Ada"], ())


@pytest.mark.parametrize(
    "end",
    [
        "Co-authored-by:sam@example.com",
        "CO-AUTHORED-BY: Sam\n <sam@example.com>",
        "Co-authored-by:\u00a0Sam <sam@example.com>",
        "Co-authored-by: Sam <sam@example.com>\nSigned-off-by: Ada <ada@example.com>",
        "see the list\nCo-authored-by: Sam <sam@example.com>\nSigned-off-by: Ada <ada@example.com>",
        "Co-authored-by: Copilot sam@example.com",
        "Co-authored-by: Copilot <sam@example.com>\r",
    ],
)
def test_d55_a_co_author_does_not_vanish_by_how_the_trailer_is_written(end: str) -> None:
    assert "sam@example.com" in [author.email for author in parsed(f"Subject\n\n{end}\n").co_authors]


@pytest.mark.parametrize("end", ["890000000 +051800", "890000000 -7", "890000000 UTC", "890000000", "-1 +0000"])
def test_h22_an_odd_zone_is_no_reason_to_know_nobody(end: str) -> None:
    raw = parsed("Subject\n", f"author Ada <ada@example.com> {end}\n")
    assert raw.authors == (Author("Ada", "ada@example.com"),)


def _asked(line: str, **world: Any) -> str | None:
    commit = Commit("8d41b07" + "0" * 33, (Author(line, ""), Author(AUTHOR, email_of(AUTHOR))), frozenset({"f"}))
    who = people(claim("ciso", "x", None, approved_on=day(0)), commits=[commit], **world)
    return authorship_of(who, frozenset({"f"}), "CASE", RULES.assurance, "committed").not_known


@pytest.mark.parametrize(
    "line", ["Ada ada@example.com 1700000000 +0000", "Ada <ada@example.com", "somebody <> 1 +0000"]
)
def test_d55_an_author_line_that_cannot_be_read_is_told_with_its_remedy(line: str) -> None:
    told = _asked(line) or ""
    assert line in told
    assert "an approver who wrote none of it" in told
    assert "rewrite" not in told
    assert _asked(line, is_forge_known=True) is None


def test_d55_whom_an_unreadable_line_holds_is_an_author_of_it() -> None:
    ciso = Person(name=ROLE_HOLDERS["ciso"], email=email_of(ROLE_HOLDERS["ciso"]))
    for line in (f"{ciso.name} 1 +0000", f"x {ciso.email} 1", f"{ciso.name.upper()} <> 1 +0000"):
        assert is_named_in(ciso, Author(line, ""))
    assert not is_named_in(ciso, Author("Sam sam@example.com 1", ""))
    assert not is_named_in(ciso, Author(ciso.name, "other@example.com")), (
        "a line that can be read speaks by its address"
    )
