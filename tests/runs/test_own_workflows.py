"""This project's own CI: audited, linted and held against the published schemas by the real tools."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from parts import ROOT, part

pytestmark = pytest.mark.real_runner

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")


def ran(name: str, *args: str) -> subprocess.CompletedProcess[str]:
    program = part(name)
    environment = {"PATH": f"{program.parent}:/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent"}
    return subprocess.run([str(program), *args], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_t23_the_strictest_audit_finds_nothing() -> None:
    done = ran("zizmor", "--offline", "--persona", "auditor", "--no-progress", ".github", "action.yml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_t23_the_audit_sees_an_input_that_reaches_a_script(tmp_path: Path) -> None:
    """The same audit of an action that does what ours must not."""
    bad = tmp_path / "action.yml"
    bad.write_text(
        "name: x\ndescription: x\ninputs:\n  base:\n    description: x\n    required: false\n"
        "runs:\n  using: composite\n  steps:\n    - shell: bash\n      run: echo ${{ inputs.base }}\n"
    )
    done = ran("zizmor", "--offline", "--persona", "auditor", "--no-progress", str(bad))
    assert done.returncode != 0
    assert "template-injection" in done.stdout


def test_actionlint_finds_nothing() -> None:
    done = ran("actionlint", *(str(path) for path in WORKFLOWS))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", [str(path) for path in WORKFLOWS]),
        ("vendor.github-actions", ["action.yml"]),
        ("vendor.dependabot", [".github/dependabot.yml"]),
    ],
)
def test_each_file_is_as_its_published_schema_says(schema: str, files: list[str]) -> None:
    done = ran("check-jsonschema", "--builtin-schema", schema, *files)
    assert done.returncode == 0, done.stdout + done.stderr


def test_scripts_are_sound() -> None:
    done = ran("shellcheck", ".ci/run")
    assert done.returncode == 0, done.stdout


def test_every_action_of_others_is_pinned_to_a_commit() -> None:
    for path in WORKFLOWS:
        for used in re.findall(r"uses: (.+)$", path.read_text("utf-8"), re.MULTILINE):
            assert used.startswith("./") or PINNED.match(used), f"{path.name}: {used}"


def test_nothing_gets_a_permission_by_default() -> None:
    for path in WORKFLOWS:
        assert re.search(r"^permissions: \{\}$", path.read_text("utf-8"), re.MULTILINE), path.name
