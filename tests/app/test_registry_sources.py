"""What a word on the command line means as a source, and that none of them runs anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes.github import GitHub
from scratch import Scratch

from policy_gate.app.registry_sources import (
    LocalRepository,
    NoSource,
    RemoteRepository,
    ReportFile,
    Source,
    sources_of,
    without_secret,
)
from policy_gate.errors import UsageError

pytestmark = pytest.mark.real_git


def found(*words: str, lists: tuple[Path, ...] = (), **environment: str) -> tuple[Source, ...]:
    return sources_of(words, lists, environment)


def paths(sources: tuple[Source, ...]) -> list[str]:
    return [Path(it.path).name for it in sources if isinstance(it, LocalRepository)]


def test_a_folder_of_clones_bare_ones_and_reports(tmp_path: Path) -> None:
    for name in ("one", "deep/er/two"):
        Scratch(tmp_path / name)
    bare = tmp_path / "three.git"
    Scratch(tmp_path / "one").git("clone", "-q", "--bare", ".", str(bare))
    reports = tmp_path / "reports" / "org"
    reports.mkdir(parents=True)
    (reports / "app.json").write_text("{}")
    (reports / "notes.txt").write_text("")
    told = found(str(tmp_path))
    assert sorted(paths(told)) == ["repo", "repo", "three.git"]
    assert [it.name for it in told if isinstance(it, ReportFile)] == ["reports/org/app"]
    assert isinstance(told[-1], ReportFile)


def test_links_that_lead_in_circles_are_followed_once(tmp_path: Path) -> None:
    clone = Scratch(tmp_path / "own").path
    many = tmp_path / "many"
    many.mkdir()
    for name in ("one", "two"):
        (many / name).symlink_to(clone)
    (many / "self").symlink_to(many)
    (many / "loop").symlink_to(many / "loop")
    (many / "up").symlink_to(tmp_path)
    (clone / "inner").symlink_to(many)
    assert found(str(many), str(many / "one"), str(clone)) == (LocalRepository(str(clone.resolve())),)


def test_a_list_names_one_a_line_by_paths_from_where_it_lies(tmp_path: Path) -> None:
    Scratch(tmp_path / "one")
    file = tmp_path / "list.txt"
    file.write_text("# ours\n\n one/repo \nhttps://git.example.org/org/app.git\n")
    told = found(f"@{file}")
    assert paths(told) == ["repo"]
    assert isinstance(told[1], RemoteRepository)
    assert told == found(lists=(file,))


@pytest.mark.parametrize("data", [None, b"\xff\xfe"])
def test_a_list_that_cannot_be_read_is_a_fault_of_usage(tmp_path: Path, data: bytes | None) -> None:
    file = tmp_path / "list.txt"
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(UsageError, match="cannot read"):
        found(f"@{file}")


@pytest.mark.parametrize(
    "word",
    [
        "ext::sh -c 'touch ran'",
        "ext::sh%20-c%20touch% ran",
        "fd::17/x",
        "git://git.example.org/app",
        "file://elsewhere.example.org/srv/app.git",
        "https://git.example.org:port/app",
        "ssh://-oProxyCommand=touch%20ran/app",
        "-oProxyCommand=touch@host:app",
        "svn://git.example.org/app",
    ],
)
def test_what_is_no_transport_is_told_and_nothing_runs(
    word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = found(word)
    assert len(told) == 1
    assert isinstance(told[0], NoSource), told
    assert not (tmp_path / "ran").exists()


def test_a_file_url_is_a_path(scratch: Scratch) -> None:
    assert found(f"file://{scratch.path}") == (LocalRepository(str(scratch.path.resolve())),)


def test_what_is_not_there_and_what_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    told = found(str(tmp_path / "empty"), str(tmp_path / "missing"))
    assert [it.error for it in told if isinstance(it, NoSource)] == [
        "it holds no repository and no report",
        "there is no such file or folder",
    ]
    assert str(tmp_path) not in repr(told)


def test_a_password_is_in_no_text() -> None:
    told = found("https://ada:s3cret@git.example.org/org/app.git", "https://ada:s3cret@git.example.org:x/app")
    assert "s3cret" not in repr(told)
    assert isinstance(told[0], RemoteRepository)
    assert told[0].address.token == "s3cret"  # noqa: S105 - of this test alone
    assert without_secret("https://a:b@c@h.example/x?token=1") == "https://h.example/x"


@pytest.mark.contract_fake
def test_an_organisation_is_its_repositories_and_one_that_fails_is_told(github: GitHub) -> None:
    github.repositories["example-org"] = ["app"]
    environment = {"GITHUB_API_URL": github.url, "GITHUB_TOKEN": github.token}
    told = found("github:example-org", "github:nobody", "gitlab:group", **environment)
    assert isinstance(told[0], RemoteRepository)
    assert told[0].name == "example-org/app"
    assert [it.shown for it in told if isinstance(it, NoSource)] == ["github:nobody", "gitlab:group"]
    assert github.token not in repr(told)
