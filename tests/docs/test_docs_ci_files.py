"""Every CI file of the documentation: linted, audited and held against the published schemas by the real tools."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from doc_pages import PAGES, Block, blocks
from parts import part

pytestmark = pytest.mark.real_runner

_AROUND_A_STEP = """\
name: page
on: [push]
permissions: {{}}
jobs:
  deploy:
    name: deploy
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions:
      contents: read
    steps:
{steps}"""


def examples(*fragments: str) -> list[Block]:
    return [block for page in PAGES for block in blocks(page, "yaml") if block.value("fragment", ":") in fragments]


def workflow(block: Block, folder: Path) -> Path:
    """The block as a whole workflow in a repository of its own; the owner in it is made a name."""
    text = block.text.replace("<owner>", "example-org")
    if block.value("fragment", ":") == "workflow-step":
        text = _AROUND_A_STEP.format(steps="".join(f"      {line}\n" for line in text.splitlines()))
    path = folder / ".github" / "workflows" / "page.yml"
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")
    return path


def ran(name: str, *args: str) -> subprocess.CompletedProcess[str]:
    program = part(name)
    environment = {"PATH": f"{program.parent}:/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent"}
    return subprocess.run([str(program), *args], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("block", examples("workflow", "workflow-step"), ids=lambda block: block.name)
def test_each_workflow_is_sound(block: Block, tmp_path: Path) -> None:
    path = workflow(block, tmp_path)
    for name, args in (
        ("actionlint", ["-no-color"]),
        ("check-jsonschema", ["--builtin-schema", "vendor.github-workflows"]),
        ("zizmor", ["--offline", "--no-progress", "--config", str(_audit(tmp_path))]),
    ):
        done = ran(name, *args, str(path))
        assert done.returncode == 0, f"{block.name}: {name}: {done.stdout}{done.stderr}"


def _audit(folder: Path) -> Path:
    """Settings for the audit: our own action may be named by its major version, every other one by commit."""
    path = folder / "zizmor.yml"
    path.write_text(
        "rules:\n  unpinned-uses:\n    config:\n      policies:\n"
        "        example-org/*: ref-pin\n        actions/*: hash-pin\n        github/*: hash-pin\n"
    )
    return path


def test_an_unsound_workflow_would_be_noticed(tmp_path: Path) -> None:
    block = examples("workflow")[0]
    wrong = Block(block.page, block.line, "yaml", block.words, block.text.replace("runs-on:", "run-on:"))
    with pytest.raises(AssertionError):
        test_each_workflow_is_sound(wrong, tmp_path)


@pytest.mark.parametrize(
    "block",
    [block for block in examples("gitlab-ci") if block.value("variant") is None],
    ids=lambda block: block.name,
)
def test_each_pipeline_of_gitlab_is_one(block: Block, tmp_path: Path) -> None:
    path = tmp_path / "pipeline.yml"
    path.write_text(block.text.replace("<group>", "example-group"), "utf-8")
    done = ran("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", str(path))
    assert done.returncode == 0, f"{block.name}: {done.stdout}{done.stderr}"
