"""T63: a pack of law from outside is swapped, weakens what is shipped, or is more than a pack.

The control is the same pack as it was approved: its row is judged.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from git_server import GitServer
from outside_pack import PACK, REGULATION, ROW, below, config, digest_of, pack_files
from scratch import Result, Scratch
from world import high_system, to_yaml

pytestmark = pytest.mark.real_git

AT = "governance/house"
COMMITTEE = "approval:ai-governance-committee"
ENTRY = {"folder": AT, "digest": digest_of(pack_files())}


def _rows(done: Result) -> list[str]:
    """The rows of the house code that `law` knows."""
    return [row["id"] for system in done.report["systems"] for row in system["rows"] if row["id"].startswith("house/")]


def _law(repo: Scratch, **env: str) -> Result:
    return repo.run("law", "--format", "json", **env)


def _adopted(repo: Scratch, entry: Any = ENTRY, files: dict[str, str] | None = None) -> Scratch:
    repo.write({"policy-gate.yaml": config(entry), **below(AT, pack_files() if files is None else files)})
    repo.adopt(high_system("development"))
    repo.write({"policy-gate.yaml": config(entry)})
    repo.commit("Take the house code in")
    repo.branch("work")
    return repo


def _edited(repo: Scratch) -> Result:
    """What the gate says of a change of a governed thing beside the pack."""
    repo.edit(owner_team="Another team")
    repo.commit("Another owner")
    return repo.check()


def test_t63_control_the_pack_that_was_approved_is_judged(scratch: Scratch) -> None:
    _adopted(scratch)
    assert _rows(_law(scratch)) == ["house/notice"]
    assert scratch.run("explain", "house/notice").code == 0
    done = _edited(scratch)
    assert done.code in (0, 1), done
    scratch.edit(regulatory_scope=["Our house code"])
    scratch.commit("In scope")
    assert not [item for item in scratch.check().findings() if "house" in str(item) and "unknown" in str(item)]


def test_t63_ids_of_shipped_packs_go_on_working_beside_it(scratch: Scratch) -> None:
    _adopted(scratch)
    scratch.write({"policy-gate.yaml": config("eu-ai-act", "gdpr", ENTRY)})
    assert _rows(_law(scratch)) == ["house/notice"]
    assert scratch.run("policy", "lint").code == 0


SWAPPED: dict[str, dict[str, str]] = {
    "a row lost": pack_files(PACK | {"rows": [ROW | {"id": "house/other"}]}),
    "a word changed": pack_files(PACK | {"title": "House code."}),
    "a document more": pack_files() | {"more/house-2.yaml": to_yaml(PACK | {"id": "house-2"})},
    "a document less": {"house.yaml": pack_files()["house.yaml"]},
    "renamed": {"sub/house.yaml": pack_files()["house.yaml"], "names.yaml": pack_files()["names.yaml"]},
    "nothing left": {"README.md": "gone"},
}


@pytest.mark.parametrize("swap", SWAPPED)
def test_t63_a_change_that_swaps_the_content_is_refused_and_base_judges(scratch: Scratch, swap: str) -> None:
    _adopted(scratch)
    scratch.remove(*below(AT, pack_files()))
    scratch.write(below(AT, SWAPPED[swap]))
    scratch.commit(swap)
    done = scratch.check()
    assert done.code == 1, done
    (problem,) = done.report["problems"]
    assert (problem["path"], problem["line"]) == ("policy-gate.yaml", _line(scratch, "digest")), done
    assert COMMITTEE in done.blocking()


def test_t63_content_and_digest_swapped_together_ask_for_the_approval_of_policies(scratch: Scratch) -> None:
    _adopted(scratch)
    files = SWAPPED["a word changed"]
    scratch.write({"policy-gate.yaml": config({"folder": AT, "digest": digest_of(files)}), **below(AT, files)})
    scratch.commit("Raise the pack")
    done = scratch.check()
    assert (done.code, done.blocking()) == (1, [COMMITTEE]), done


@pytest.mark.parametrize("how", ["entry dropped", "another folder", "first brought"])
def test_t63_taking_a_pack_in_or_out_asks_for_the_approval_of_policies(scratch: Scratch, how: str) -> None:
    if how == "first brought":
        scratch.adopt(high_system("development"))
        scratch.branch("work")
    else:
        _adopted(scratch)
    twin = below("elsewhere", pack_files())
    wanted = {
        "entry dropped": {"policy-gate.yaml": config()},
        "another folder": {"policy-gate.yaml": config(ENTRY | {"folder": "elsewhere"}), **twin},
        "first brought": {"policy-gate.yaml": config(ENTRY), **below(AT, pack_files())},
    }
    scratch.write(wanted[how])
    scratch.commit(how)
    done = scratch.check()
    assert (done.code, done.blocking()) == (1, [COMMITTEE]), done


HOSTILE: dict[str, dict[str, str]] = {
    "the id of a shipped pack": pack_files(PACK | {"id": "gdpr", "rows": [ROW | {"id": "gdpr/notice"}]}),
    "a row of a shipped pack": pack_files(PACK | {"rows": [ROW | {"id": "gdpr/art-35"}]}),
    "a derived fact of a shipped pack": pack_files(
        PACK | {"derived": [{"id": "high_risk", "about": "Nothing is.", "when": "false"}]}
    ),
    "a shipped regulation": pack_files(regulations=[REGULATION, {"id": "gdpr", "title": "GDPR", "aliases": ["X"]}]),
    "a shipped regulation's name": pack_files(regulations=[REGULATION | {"aliases": ["AI Act"]}]),
    "a shipped fact": pack_files(
        facts=[{"id": "eu_market", "type": "BOOL", "about": "On the market.", "weaker": "none"}]
    ),
    "a rule": pack_files(
        rules=[{"id": "ours", "title": "Ours", "enforcement": "advise", "require": [{"artifact": "dpia"}]}]
    ),
    "an artifact that stands for another": pack_files(
        artifacts=[{"id": "note", "title": "A note", "about": "Any.", "responsible": ["ciso"], "satisfies": ["dpia"]}]
    ),
    "waivers": pack_files(waivers={"longest": "P9Y"}),
    "roles": pack_files() | {"roles.yaml": to_yaml({"schema": "policy-gate/roles/v1", "roles": {}})},
    "an alias of YAML": pack_files() | {"bomb.yaml": "schema: policy-gate/policy/v1\na: &a [1]\nb: *a\n"},
    "too large": pack_files() | {"big.yaml": f"schema: policy-gate/policy/v1\n# {'x' * (1 << 20)}\n"},
    "too many": pack_files() | {f"p{number}.yaml": "schema: policy-gate/policy/v1\n" for number in range(201)},
    "too deep": pack_files() | {f"{'d/' * 12}p.yaml": "schema: policy-gate/policy/v1\n"},
    "no pack at all": {"names.yaml": pack_files()["names.yaml"]},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_t63_a_pack_that_is_more_than_a_pack_puts_nothing_in_force(scratch: Scratch, name: str) -> None:
    files = HOSTILE[name]
    _adopted(scratch, {"folder": AT, "digest": digest_of(files)}, files)
    done = _edited(scratch)
    assert done.code == 3, done
    assert AT in done.out + done.err
    assert "Traceback" not in done.err
    verified = scratch.run("policy", "pack", "verify", AT)
    assert verified.code == 1, verified


def test_t63_links_are_no_documents_of_a_pack(scratch: Scratch) -> None:
    _adopted(scratch)
    scratch.remove(f"{AT}/house.yaml")
    (scratch.path / AT / "house.yaml").symlink_to("../../policies/org.yaml")
    scratch.commit("A link")
    done = scratch.check()
    assert done.code == 1
    assert "link" in done.out


def test_t63_a_base_that_cannot_have_its_pack_passes_nothing_but_its_repair(scratch: Scratch) -> None:
    _adopted(scratch)
    scratch.git("checkout", "-q", "main")
    scratch.write(below(AT, SWAPPED["a word changed"]))
    scratch.commit("Slipped in")
    scratch.git("checkout", "-q", "-B", "work", "main")
    refused = _edited(scratch)
    assert refused.code == 3
    assert f"policy-gate.yaml:{_line(scratch, 'digest')}" in refused.out + refused.err
    scratch.git("checkout", "-q", "-f", "-B", "work", "main")
    scratch.write(below(AT, pack_files()))
    scratch.commit("As it was approved")
    done = scratch.check()
    assert (done.code, done.blocking()) == (1, [COMMITTEE]), done


def _line(repo: Scratch, word: str) -> int:
    return next(number for number, line in enumerate(repo.read("policy-gate.yaml").split("\n"), 1) if word in line)


WRONG_ENTRIES: dict[str, Any] = {
    "no digest": {"folder": AT},
    "two places": {"folder": AT, "url": "https://git.example.com/x", "digest": ENTRY["digest"]},
    "outside": {"folder": "../other", "digest": ENTRY["digest"]},
    "absolute": {"folder": "/etc", "digest": ENTRY["digest"]},
    "a helper of git": {"url": "ext::sh -c true", "digest": ENTRY["digest"]},
    "a password": {"url": "https://me:secret@git.example.com/x", "digest": ENTRY["digest"]},
    "an option as ref": {"url": "https://git.example.com/x", "ref": "--upload-pack=x", "digest": ENTRY["digest"]},
    "a short digest": {"folder": AT, "digest": "sha256:12"},
}


@pytest.mark.parametrize("name", WRONG_ENTRIES)
def test_t63_an_entry_that_says_no_place_or_digest_is_an_error_at_its_line(scratch: Scratch, name: str) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch("work")
    scratch.write({"policy-gate.yaml": config(WRONG_ENTRIES[name])})
    scratch.commit(name)
    done = scratch.check()
    assert done.code == 1
    assert "policy-gate.yaml" in done.out
    assert "secret" not in done.out


# from another repository


@pytest.fixture
def other(tmp_path: Path) -> Scratch:
    """The repository of whoever writes the pack, with files beside it that are no pack."""
    repo = Scratch(tmp_path / "other")
    repo.write({**pack_files(), "README.md": "Ours.\n", ".github/workflows/ci.yml": "on: push\n"})
    repo.commit("The house code")
    repo.git("branch", "-M", "main")
    return repo


def _of(url: str, **more: str) -> dict[str, str]:
    return {"url": url, "digest": digest_of(pack_files()), **more}


def test_t63_a_pack_of_another_repository_is_fetched_once(scratch: Scratch, other: Scratch, tmp_path: Path) -> None:
    with GitServer(tmp_path / "served") as server:
        url = server.host(other.path, "law/house")
        _adopted(scratch, _of(url, ref="main"), {})
        cache = {"POLICY_GATE_CACHE": str(tmp_path / "cache")}
        assert _rows(_law(scratch, **cache)) == ["house/notice"]
        asked = len(server.asked)
        assert asked > 0
        server.is_down = True
        assert _rows(_law(scratch, **cache)) == ["house/notice"]
        assert len(server.asked) == asked
        without = scratch.check("--all")
        assert (without.code, "cannot be read" in without.out + without.err) == (3, True)


def test_t63_a_file_url_and_a_kept_pack_that_somebody_changed(scratch: Scratch, other: Scratch, tmp_path: Path) -> None:
    url = f"file://{other.path}"
    _adopted(scratch, _of(url), {})
    cache = {"POLICY_GATE_CACHE": str(tmp_path / "cache")}
    assert _rows(_law(scratch, **cache)) == ["house/notice"]
    (kept,) = (tmp_path / "cache").glob("packs-*")
    kept.write_bytes(b"something else")
    assert _rows(_law(scratch, **cache)) == ["house/notice"]


def test_t63_another_repository_that_moved_on_is_refused(scratch: Scratch, other: Scratch) -> None:
    _adopted(scratch, _of(f"file://{other.path}"), {})
    other.write(SWAPPED["a row lost"])
    other.commit("Less")
    done = _edited(scratch)
    assert done.code == 3
    assert digest_of(SWAPPED["a row lost"]) in done.out + done.err


def test_t63_no_change_makes_its_judge_fetch(scratch: Scratch, other: Scratch, tmp_path: Path) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch("work")
    with GitServer(tmp_path / "served") as server:
        scratch.write({"policy-gate.yaml": config(_of(server.host(other.path, "law/house")))})
        scratch.commit("Bring a pack")
        done = scratch.check()
        assert server.asked == []
    assert (done.code, done.blocking()) == (1, [COMMITTEE]), done
    assert any("is not fetched" in note for note in done.report["trust"]["notes"]), done.report["trust"]


def test_t63_verify_says_the_line_that_takes_a_pack_in(scratch: Scratch, other: Scratch) -> None:
    done = scratch.run("policy", "pack", "verify", f"file://{other.path}", "--ref", "main")
    assert done.code == 0, done
    assert f'ref: main, digest: "{digest_of(pack_files())}"' in done.out
    assert "1 row of house-code" in done.out
    _adopted(scratch)
    assert (
        scratch.run("policy", "pack", "verify", AT, "--format", "json").report["packs"][0]["digest"] == ENTRY["digest"]
    )
    assert scratch.run("policy", "pack", "verify").code == 0
    scratch.write(below(AT, SWAPPED["a word changed"]))
    here = scratch.run("policy", "pack", "verify")
    assert (here.code, "not the pack that was approved" in here.out) == (1, True)
    assert scratch.run("policy", "lint").code == 1
    assert scratch.run("policy", "pack", "verify", "nowhere").code == 2
    assert scratch.run("policy", "pack", "verify", "ext::sh -c x://y").code == 2
    assert scratch.run("policy", "pack", "verify", f"file://{other.path}/none").code == 3


def test_t63_rows_that_nobody_checked_for_a_year_are_advice(scratch: Scratch) -> None:
    files = pack_files(PACK | {"checked_on": "2020-01-01"})
    _adopted(scratch, {"folder": AT, "digest": digest_of(files)}, files)
    for command in (("policy", "pack", "verify", AT), ("policy", "lint")):
        done = scratch.run(*command)
        assert done.code == 0, done
        assert "house/notice last checked more than 1 year ago" in " ".join(done.out.split()), done


def test_t63_a_hook_looks_when_a_file_of_the_pack_changes(scratch: Scratch) -> None:
    _adopted(scratch)
    scratch.write(below(AT, SWAPPED["a word changed"]))
    scratch.commit("Swap")
    assert scratch.check("--worktree").code == 1
