"""T18: attributes, settings, replacements and name maps that make git show something else than there is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from promotion import Promotion
from raw_objects import write_commit
from scratch import Scratch

LOWER = {"risk_profile": {"decision_impact": "informational"}}
HIDING = "* -diff -text filter=quiet diff=quiet export-ignore merge=union ident\n"


@pytest.fixture(scope="module")
def lowered(tmp_path_factory: pytest.TempPathFactory) -> Promotion:
    """`lower` makes the screener look harmless, which is a weakening that nobody has approved."""
    repo = Promotion(tmp_path_factory.mktemp("lowered"))
    repo.branch("lower")
    repo.edit(**LOWER)
    repo.commit("Only words")
    return repo


def weighed(repo: Scratch, head: str = "lower", base: str = "main") -> dict[str, Any]:
    """The report on a change, which must block; its commits are left out."""
    result = repo.check("--head", head, "--base", base)
    assert (result.code, result.verdict) == (1, "block"), result
    trust = {key: value for key, value in result.report["trust"].items() if key not in ("base", "head", "result")}
    return result.report | {"trust": trust}


def test_t18_committed_attributes_hide_nothing(lowered: Promotion) -> None:
    lowered.restart("lower")
    plain = lowered.check("--head", "lower").report
    lowered.commit("Attributes", files={".gitattributes": HIDING, "governance/.gitattributes": HIDING})
    hidden = lowered.check()
    assert "dimension-lowered" in hidden.changes()
    assert hidden.code == 1
    assert [item["id"] for item in hidden.findings()] == [item["id"] for item in plain["findings"]]


def test_t18_settings_of_the_clone_change_no_byte_of_the_report(lowered: Promotion) -> None:
    lowered.restart("lower")
    plain = lowered.check().out
    ran = lowered.home / "ran"
    (lowered.path / ".git/info").mkdir(exist_ok=True)
    (lowered.path / ".git/info/attributes").write_text(HIDING)
    program = f"sh -c 'touch {ran}; echo tier: low'"
    for name in ("filter.quiet.smudge", "filter.quiet.clean", "diff.quiet.textconv", "diff.external", "core.fsmonitor"):
        lowered.git("config", name, program)
    for name in ("core.pager", "core.sshCommand", "merge.union.driver", "alias.cat-file", "core.hooksPath"):
        lowered.git("config", name, program)
    lowered.git("config", "core.attributesFile", str(lowered.path / ".git/info/attributes"))
    lowered.git("config", "core.useReplaceRefs", "true")
    lowered.git("config", "core.worktree", str(lowered.home))
    ran.unlink(missing_ok=True)
    told = lowered.check().out
    for section in ("filter.quiet", "diff", "diff.quiet", "core", "merge.union", "alias"):
        lowered.git("config", "--remove-section", section, ok=False)
    (lowered.path / ".git/info/attributes").unlink()
    lowered.git("config", "core.bare", "false")
    assert (told == plain, ran.exists()) == (True, False)
    assert json.loads(told)["verdict"] == "block"


@pytest.mark.parametrize("what", ["blob", "commit", "base"])
def test_t18_replacements_are_not_followed(lowered: Promotion, what: str) -> None:
    plain = weighed(lowered)
    names = {"blob": "lower:governance.yaml", "commit": "lower", "base": "main"}
    honest = {"blob": "main:governance.yaml", "commit": "main", "base": "lower"}
    lowered.git("replace", "-f", names[what], honest[what])
    shown = lowered.git("diff", "--stat", "main", "lower", "--", "governance.yaml")
    told = weighed(lowered)
    lowered.git("replace", "-d", lowered.git("rev-parse", names[what]))
    assert (shown, told == plain) == ("", True), "the control: git itself sees no difference"


def test_t18_grafts_do_not_make_the_weak_commit_the_base(lowered: Promotion) -> None:
    plain = weighed(lowered)
    grafts = lowered.path / ".git/info/grafts"
    grafts.write_text(f"{lowered.git('rev-parse', 'main')} {lowered.git('rev-parse', 'lower')}\n")
    seen = lowered.git("rev-list", "main..lower")
    told = weighed(lowered)
    grafts.unlink()
    assert (seen, told == plain) == ("", True), "the control: git itself takes lower for a part of main"


def test_t18_a_mailmap_makes_nobody_somebody_else(tmp_path_factory: pytest.TempPathFactory) -> None:
    repo = Promotion(tmp_path_factory.mktemp("mailmap"))
    for role in ("legal", "product-owner"):
        repo.approve(role, "pre-deployment-security-review")
    repo.branch("forged", at="HEAD")
    repo.approve("ciso", "pre-deployment-security-review", by="Ada Example")
    assert repo.check().code == 0
    ada, bo = "Ada Example <ada@example.com>", "Bo Author <bo@example.com>"
    mailmap = repo.home / "mailmap"
    mailmap.write_text(f"Cy Other <cy@example.com> {bo}\n{ada} {bo}\n")
    repo.git("config", "mailmap.file", str(mailmap))
    repo.checkout("work")
    record = repo.git("show", "forged", "--format=", "--name-only")
    repo.write({record: repo.git("show", f"forged:{record}") + "\n", ".mailmap": mailmap.read_text()})
    repo.commit("Approve as Ada")
    assert repo.git("log", "-1", "--format=%aE", "HEAD") == "ada@example.com", "the control: git itself renames Bo"
    result = repo.check()
    assert (result.code, result.blocking()) == (1, ["approval:ciso"])


def test_t18_a_union_merge_makes_no_manifest_that_nobody_wrote(lowered: Promotion) -> None:
    lowered.restart("main")
    lowered.branch("target", at="main")
    lowered.edit(name="Screener of the target")
    lowered.commit("Rename", files={".gitattributes": "*.yaml merge=union\n"})
    lowered.restart("main")
    lowered.branch("source", at="main")
    lowered.edit(name="Screener of the source")
    lowered.commit("Rename", files={".gitattributes": "*.yaml merge=union\n"})
    result = lowered.check("--base", "target", "--head", "source")
    assert (result.code, "governance.yaml conflicts with target" in result.err) == (3, True)
    lowered.checkout("target")
    lowered.git("merge", "-q", "-m", "Union", "source")
    assert lowered.read("governance.yaml").count("name: Screener of the") == 2, "the control: git itself merges"


def test_t18_a_weak_commit_made_by_hand_is_judged_as_what_it_is(lowered: Promotion) -> None:
    tree = lowered.git("rev-parse", "lower^{tree}")
    head = write_commit(lowered.path, tree, lowered.git("rev-parse", "main"))
    assert "dimension-lowered" in lowered.check("--head", head).changes()
    honest = write_commit(lowered.path, lowered.git("rev-parse", "main^{tree}"), lowered.git("rev-parse", "main"))
    assert lowered.check("--head", honest).code == 0
