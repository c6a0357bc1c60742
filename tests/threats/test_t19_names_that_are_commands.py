"""T19: refs and paths that look like options or hold commands, quotes, newlines and bidirectional marks."""

from __future__ import annotations

import pytest
from evidence import document
from promotion import Promotion

ODD = [
    "--output=x",
    "-C",
    "$(touch owned)",
    "`touch owned`",
    "a;touch owned",
    "a'b\"c",
    "a b",
    "\u202egnp.md",
    "*",
    ":(top)",
]


def untouched(promotion: Promotion) -> bool:
    """Was nothing made beside what is committed?"""
    return promotion.git("status", "--porcelain") == "" and not (promotion.path.parent / "owned").exists()


@pytest.mark.parametrize("name", ["--output=x", "$(touch owned)", "main\n--output=x", "main;touch owned"])
@pytest.mark.parametrize(("option", "code"), [("--base", 3), ("--head", 2)])
def test_t19_a_revision_that_is_an_option_or_a_command_is_none(
    promotion: Promotion, option: str, code: int, name: str
) -> None:
    promotion.restart()
    result = promotion.check(f"{option}={name}")
    assert (result.code, untouched(promotion)) == (code, True), result
    assert result.verdict == ("undecided" if code == 3 else "None")
    assert name.splitlines()[0] in result.err


@pytest.mark.parametrize("variable", ["GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"])
@pytest.mark.parametrize("name", ["--output=x", "$(touch owned)", "main^{/Govern}"])
def test_t19_a_target_that_ci_names_is_held_to_the_same(promotion: Promotion, variable: str, name: str) -> None:
    promotion.restart()
    result = promotion.check(CI="true", **{variable: name})
    assert (result.code, result.verdict, untouched(promotion)) == (3, "undecided", True)


def test_t19_an_odd_branch_is_just_a_branch(promotion: Promotion) -> None:
    promotion.restart()
    odd = "we$(touch${IFS}owned)`x`'\u202e"
    promotion.git("update-ref", f"refs/heads/{odd}", "work")
    promotion.git("update-ref", "refs/heads/--output=x", "main")
    result = promotion.check("--defer", "approval", "--base", "refs/heads/--output=x", "--head", f"refs/heads/{odd}")
    promotion.git("update-ref", "-d", f"refs/heads/{odd}")
    promotion.git("update-ref", "-d", "refs/heads/--output=x")
    assert (result.code, untouched(promotion)) == (0, True)
    assert "\u202e" not in result.out


def test_t19_odd_paths_are_just_paths(promotion: Promotion) -> None:
    promotion.restart()
    report = document("red-team-report")
    promotion.write({f"governance/{name}": "Odd.\n" for name in ODD} | {"--output=x/governance.yaml": "odd\n"})
    result = promotion.attempt(
        {f"governance/{name}.md": report for name in ODD} | {"--output=x/governance.yaml": "odd\n"},
        artifacts=promotion.inputs("red-team-report", path=f"governance/{ODD[2]}.md"),
    )
    assert (result.code, untouched(promotion)) == (1, True)
    assert [item["path"] for item in result.report["problems"]] == ["--output=x/governance.yaml"]
    assert result.finding("red-team-report")["state"] == "met"


@pytest.mark.parametrize(
    "path", ["governance/$(touch owned).md", "governance/--output=x", "governance/\u202egnp.md", "a\tb"]
)
def test_t19_a_path_of_a_manifest_is_looked_up_and_nothing_else(promotion: Promotion, path: str) -> None:
    inputs = [
        item if item["id"] != "red-team-report" else {**item, "path": f'"{path}"'} for item in promotion.inputs("")
    ]
    result = promotion.attempt(artifacts=inputs)
    finding = result.finding("red-team-report")
    assert (result.code, result.blocking(), untouched(promotion)) == (1, ["artifact:red-team-report"], True)
    assert "there is no such file" in finding["message"]
    assert "\u202e" not in result.out
    text = promotion.run("check", "--defer", "approval")
    assert (text.code, "\u202e" in text.out, "\t" in text.out) == (1, False, False)
