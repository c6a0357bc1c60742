"""`raci --held`: who held which role on a branch, since when and until when, from real commits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from raw_objects import all_of, write_commit
from scratch import Scratch
from world import email_of, high_system, roles, to_yaml

ROLES = "policies/roles.yaml"
FIRST, SECOND, THIRD, LAST = "2026-01-05", "2026-03-02", "2026-06-01", "2026-09-01"


def named(*people: str, teams: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    said = roles()
    members = [{"name": name, "email": email_of(name)} for name in people]
    said["roles"]["ciso"] = {"members": members, **({"teams": list(teams)} if teams else {})}
    said["roles"] |= more
    return said


def on(repo: Scratch, day: str, said: dict[str, Any] | str) -> str:
    """Commit roles to main on a day; the commit's id."""
    repo.write({ROLES: said if isinstance(said, str) else to_yaml(said)})
    repo.git("add", "-A")
    moment = f"{day}T12:00:00+0000"
    repo.git("commit", "-q", "--no-verify", "-m", day, GIT_COMMITTER_DATE=moment, GIT_AUTHOR_DATE=moment)
    return repo.git("rev-parse", "HEAD")


@pytest.fixture
def repo(scratch: Scratch) -> Scratch:
    scratch.write({"policy-gate.yaml": "schema: policy-gate/config/v1\n"})
    on(scratch, FIRST, named("Old Hand"))
    return scratch


def held(repo: Scratch, *args: str, role: str = "ciso") -> list[tuple[str, str | None, str | None]]:
    done = repo.run("raci", "--held", "--base", "main", "--format", "json", *args)
    assert done.code == 0, done
    (found,) = [it["held"] for it in done.report["roles"] if it["id"] == role]
    return [(it["holder"], (it["since"] or {}).get("day"), (it["until"] or {}).get("day")) for it in found]


def test_who_left_has_an_end_and_who_came_a_beginning(repo: Scratch) -> None:
    on(repo, SECOND, named("Ada Example"))
    on(repo, THIRD, named("Ada Example", teams=("github:example-org/safety",)))
    assert held(repo) == [
        ("Ada Example <ada@example.com>", SECOND, None),
        ("github:example-org/safety", THIRD, None),
        ("Old Hand <old@example.com>", FIRST, SECOND),
    ]
    said = repo.run("raci", "--held", "--base", "main")
    assert "2026-03-02 to now" in said.out
    assert "2026-01-05 to 2026-03-02" in said.out
    assert f"Roles on main, {FIRST} to {THIRD}" in said.out


def test_who_comes_back_held_it_twice(repo: Scratch) -> None:
    on(repo, SECOND, named("Ada Example"))
    on(repo, THIRD, named("Old Hand"))
    assert [row[1:] for row in held(repo) if row[0].startswith("Old")] == [(THIRD, None), (FIRST, SECOND)]


def test_another_spelling_of_somebody_is_nobody_new(repo: Scratch) -> None:
    said = named("Old Hand")
    said["roles"]["ciso"]["members"][0] |= {"name": "Olga Hand", "github": "olga"}
    on(repo, SECOND, said)
    assert held(repo) == [("Olga Hand <old@example.com>", FIRST, None)]


def test_a_role_that_is_the_same_as_another_has_its_holders(repo: Scratch) -> None:
    on(repo, SECOND, named("Ada Example", dpo={"same_as": "ciso"}))
    on(repo, THIRD, named("Old Hand", dpo={"same_as": "ciso"}))
    assert [row for row in held(repo, role="dpo") if row[2] is None] == [("Old Hand <old@example.com>", THIRD, None)]


def test_what_lies_on_a_branch_beside_is_not_the_branchs(repo: Scratch) -> None:
    repo.branch("work")
    on(repo, SECOND, named("Bo Author"))
    repo.checkout("main")
    assert held(repo) == [("Old Hand <old@example.com>", FIRST, None)]
    moment = f"{THIRD}T12:00:00+0000"
    repo.git("merge", "-q", "--no-ff", "-m", "Merge", "work", GIT_COMMITTER_DATE=moment, GIT_AUTHOR_DATE=moment)
    assert held(repo)[0] == ("Bo Author <bo@example.com>", THIRD, None), "the day of the merge, not of the commit"


def test_a_commit_that_is_dated_back_gives_nobody_a_longer_past(repo: Scratch) -> None:
    on(repo, SECOND, named("Old Hand", legal={"members": []}))
    on(repo, "2020-01-01", named("Bo Author"))
    on(repo, THIRD, named("Bo Author", legal={"members": []}))
    assert held(repo)[0][1] == SECOND, "the day of the commit before it"


@pytest.mark.parametrize("time", ["99999999999", "9" * 17, "9" * 30, "-5", "soon"])
def test_a_commit_that_is_dated_where_no_calendar_reaches_is_on_the_line(repo: Scratch, time: str) -> None:
    who = "".join(f"{role} Bo <bo@example.com> {time} +0000\n" for role in ("author", "committer"))
    odd = write_commit(repo.path, all_of(repo), repo.git("rev-parse", "HEAD"), lines=who)
    repo.git("update-ref", "refs/heads/main", odd)
    on(repo, SECOND, named("Ada Example"))
    on(repo, THIRD, named("Ada Example", "Bo Author"))
    found = [row for row in held(repo) if not row[0].startswith("Bo")]
    assert found == [("Ada Example <ada@example.com>", SECOND, None), ("Old Hand <old@example.com>", FIRST, SECOND)]


def test_roles_that_cannot_be_read_end_nobodys(repo: Scratch) -> None:
    broken = on(repo, SECOND, "schema: policy-gate/roles/v1\nroles: [\n")
    on(repo, THIRD, named("Old Hand"))
    assert held(repo) == [("Old Hand <old@example.com>", FIRST, None)]
    said = repo.run("raci", "--held", "--base", "main").out
    assert f"At {broken[:7]} ({SECOND}) the roles could not be read" in said


def test_roles_that_were_taken_out_ended(repo: Scratch) -> None:
    repo.remove(ROLES)
    repo.git("rm", "-q", "--cached", ROLES)
    moment = f"{SECOND}T12:00:00+0000"
    repo.git("commit", "-q", "--no-verify", "-m", "Gone", GIT_COMMITTER_DATE=moment)
    assert held(repo) == [("Old Hand <old@example.com>", FIRST, SECOND)]


def test_a_clone_that_is_cut_off_says_that_it_does_not_know_the_beginning(repo: Scratch, tmp_path: Path) -> None:
    on(repo, SECOND, named("Old Hand", legal={"members": []}))
    on(repo, LAST, named("Ada Example"))
    shallow = tmp_path / "shallow"
    repo.git("clone", "-q", "--depth", "2", f"file://{repo.path}", str(shallow))
    done = repo.run("-C", str(shallow), "raci", "--held", "--base", "main")
    done = done if done.code == 0 else repo.run("raci", "-C", str(shallow), "--held", "--base", "main")
    assert done.code == 0, done
    assert "before" in next(row for row in done.out.splitlines() if "Old Hand" in row)
    assert "git fetch --unshallow" in done.out


def test_the_roles_of_one_activity_alone(repo: Scratch) -> None:
    every = repo.run("raci", "--held", "--base", "main", "--format", "json").report["roles"]
    few = repo.run("raci", "risk-tier-classification", "--held", "--base", "main", "--format", "json").report["roles"]
    row = repo.run("raci", "risk-tier-classification", "--format", "json").report["activities"][0]
    wanted = {*row["responsible"], row["accountable"], *row["consulted"], *row["informed"]}
    assert {it["id"] for it in few} == wanted & {it["id"] for it in every}
    assert len(few) < len(every)


def test_a_name_that_would_move_the_cursor_is_shown_as_text(repo: Scratch) -> None:
    on(repo, SECOND, named("Old Hand") | {"roles": {"ciso": {"members": [{"name": "Eve \u202eelpmaxE"}]}}})
    assert "\u202e" not in repo.run("raci", "--held", "--base", "main").out


@pytest.mark.parametrize(
    ("args", "said"), [(("--base", "main"), "--held"), (("--held", "--base", "nowhere"), "nowhere")]
)
def test_what_cannot_be_answered_says_why(repo: Scratch, args: tuple[str, ...], said: str) -> None:
    done = repo.run("raci", *args)
    assert done.code in (2, 3), done
    assert said in done.err
    assert "Traceback" not in done.err


def test_outside_of_a_repository_there_is_a_reason(scratch: Scratch, tmp_path: Path) -> None:
    done = scratch.run("raci", "-C", str(tmp_path), "--held")
    assert done.code in (2, 3), done
    assert done.err.strip()
    assert "Traceback" not in done.err


def test_the_matrix_is_what_it_was(scratch: Scratch) -> None:
    scratch.adopt(high_system())
    assert scratch.run("raci", "--format", "json").report.keys() == {"activities"}
