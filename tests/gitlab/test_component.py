"""The CI/CD component through the real gitlab-ci-local: adoption by the docs page alone, attempts of an author, inputs.

Each start installs the package from a wheel of this checkout into an environment of its own, as a real job does.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from parts import PARTS, ROOT, part
from project import VERIFIED, Project
from runner import Pipeline, Runner, Wheels, component_server, preview, reports
from scratch import Scratch
from world import high_system, low_system, org_policy, roles, to_yaml

from policy_gate import __version__
from policy_gate.write.ci_files import GITLAB_JOB, ci_file

pytestmark = [pytest.mark.real_runner, pytest.mark.real_git, pytest.mark.contract_fake]

DATA = ROOT / "tests" / "data"
PAGE = ROOT / "docs" / "gitlab.md"
TEMPLATE = ROOT / "templates" / "policy-gate.yml"
GROUP = "acme"
_EXAMPLE = re.compile(r"^```yaml fragment:gitlab-ci ([^\n]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def ssh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The way to the component's project, with the tags 1.0.0 and 1.1.0."""
    return component_server(tmp_path_factory.mktemp("components"), "1.0.0", "1.1.0")


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory, ssh: Path) -> Runner:
    part("gitlab-ci-local")
    folder = tmp_path_factory.mktemp("runner")
    return Runner(folder, Wheels(folder), ssh)


@pytest.fixture
def quick(tmp_path: Path, ssh: Path) -> Runner:
    """For pipelines of which no job is started."""
    return Runner(tmp_path, None, ssh)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project(tmp_path / "project") as made:
        yield made


def example(variant: str = "") -> str:
    """A pipeline of the docs page, with the group that holds the component."""
    found = {}
    for info, text in _EXAMPLE.findall(PAGE.read_text("utf-8")):
        names = [word.removeprefix("variant=") for word in info.split() if word.startswith("variant=")]
        found[names[0] if names else ""] = text
    return str(found[variant]).replace("<group>", GROUP)


def accounts() -> str:
    held = roles()
    for role in held["roles"].values():
        for member in role["members"]:
            member["gitlab"] = member["name"].split()[0].lower()
    return to_yaml(held)


def start(runner: Runner, project: Project, branch: str, *args: str, **more: str) -> Pipeline:
    """The merge request's pipeline in a clone of depth 1, as GitLab runs it."""
    head = project.tip(branch)
    return runner.run(project.checkout(head), project.variables(7, head), *args, **more)


def test_a_fresh_project_adopts_the_gate_by_the_docs_page_alone(runner: Runner, project: Project) -> None:
    """The include and what `init` writes; then conditions, then a block, then a pass that a later job sees."""
    repo = project.scratch
    repo.commit("Code", files={"screener/rank.py": "import transformers\n"})
    repo.branch("govern")
    repo.write({".gitlab-ci.yml": example("later")})
    assert repo.run("init", "--yes").code == 0
    assert not (repo.path / GITLAB_JOB).exists(), "the component is there already"
    enrolled = repo.manifest()["systems"][0]["enrolled"]
    policy = org_policy(approvals=VERIFIED, governed_changes="verified")
    repo.write({"policies/roles.yaml": accounts(), "policies/organisation.yaml": to_yaml(policy)})
    repo.remove("governance.yaml")
    repo.declare(high_system("development", enrolled=enrolled))
    repo.commit("Govern this project")
    project.propose("govern")
    adopted = start(runner, project, "govern")
    assert adopted.code == 0, adopted
    assert adopted.report["verdict"] == "conditions"
    assert adopted.report["trust"]["mode"] == "adoption"
    assert "the gate says conditions" in adopted.log("announce")
    repo.merge("govern")

    repo.branch("work")
    repo.declare(high_system("pre_deployment", enrolled=enrolled))
    repo.commit("Promote the screener")
    project.gitlab.merge_requests.clear()
    project.propose()
    blocked = start(runner, project, "work")
    assert blocked.code == 1, blocked
    assert blocked.variables["POLICY_GATE_VERDICT"] == "block"
    assert "Legal has not approved" in blocked.log("policy-gate")
    _check_reports(reports(blocked))

    project.approve("Ada Example", "Lin Park", "Pat Moss")
    passed = start(runner, project, "work")
    assert passed.code == 0, passed
    assert passed.report["verdict"] == "pass"
    assert passed.report["trust"]["enforcing"] is True
    assert "the gate says pass with 0 gaps" in passed.log("announce")


def _check_reports(folder: Path) -> None:
    """JUnit by its schema, Code Quality by ours, and no path that leads out of the project."""
    entries = json.loads((folder / "codequality.json").read_text("utf-8"))
    schema = json.loads((DATA / "code-quality.schema.json").read_text("utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(entries)] == []
    paths = {entry["location"]["path"] for entry in entries}
    assert "governance.yaml" in paths
    assert not any(path.startswith(("/", ".")) for path in paths)
    reader = (
        "import sys; from lxml import etree; etree.XMLSchema(file=sys.argv[1]).assertValid(etree.parse(sys.argv[2]))"
    )
    command = [str(PARTS / "bin" / "python"), "-c", reader, str(DATA / "junit-10.xsd"), str(folder / "junit.xml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


EVIL = "raise SystemExit('the code of the author ran')\n"


def test_t40_t42_t22_what_the_author_commits_does_not_run_as_the_gate(
    runner: Runner, project: Project, tmp_path: Path
) -> None:
    """Code and settings in the checkout, default scripts and variables of the file, reports of their own.

    The control is that the same things do run in a job of the author's.
    """
    repo = project.scratch
    repo.adopt(high_system("development"), files={".gitlab-ci.yml": example()})
    repo.branch("work")
    repo.declare(high_system("pre_deployment"))
    mark = tmp_path / "ran"
    hostile = {
        "variables": {
            "PYTHONPATH": ".",
            "PIP_CONFIG_FILE": "pip.conf",
            "PIP_NO_INDEX": "1",
            "POLICY_GATE_ADVISORY": "true",
            "POLICY_GATE_BASE": "work",
            "GIT_CONFIG_COUNT": "1",
        },
        "default": {"before_script": [f"touch {mark}"]},
        "include": yaml.safe_load(example())["include"],
        "own": {"stage": "build", "script": ["python3 -c 'import policy_gate'"], "allow_failure": True},
        "own-words": {
            "stage": "build",
            "inherit": {"default": False},
            "script": ["printf 'POLICY_GATE_ADVISORY=true\\nPOLICY_GATE_BASE=work\\n' > forged.env"],
            "artifacts": {"reports": {"dotenv": "forged.env"}},
        },
    }
    repo.commit(
        "Ways in",
        files={
            ".gitlab-ci.yml": to_yaml(hostile),
            "policy_gate/__init__.py": EVIL,
            "policy_gate/__main__.py": EVIL,
            "yaml.py": EVIL,
            "pip.py": EVIL,
            "sitecustomize.py": "import sys; sys.stderr.write('sitecustomize of the author\\n')\n",
            "evil.pth": "import policy_gate\n",
            "pip.conf": "[global]\nindex-url = http://127.0.0.1:9/\n",
            "policy-gate-reports/verdict.env": "POLICY_GATE_VERDICT=pass\nLD_PRELOAD=/x.so\n",
            "policy-gate-reports/junit.xml": "<testsuites/>",
        },
    )
    project.propose()
    done = start(runner, project, "work")
    assert "the code of the author ran" in done.log("own"), "the control"
    assert mark.exists(), "the control"
    assert done.code == 1, done
    log = done.log("policy-gate")
    assert "of the author" not in log
    assert "BLOCKED" in log
    assert done.report["trust"]["enforcing"] is True
    assert done.report["trust"]["base"]["commit"] == project.tip("main")
    assert done.variables["POLICY_GATE_VERDICT"] == "block"
    assert "LD_PRELOAD" not in done.variables
    assert (reports(done) / "junit.xml").read_text("utf-8") != "<testsuites/>"
    asked = {item["requirement"]["subject"] for item in done.report["findings"] if item["state"] in ("gap", "unknown")}
    assert "ai-governance-committee" in asked, "the edit of the CI file wants an approval of its own"


def test_an_execution_policy_brings_the_organisations_rules_whatever_the_projects_file_says(
    runner: Runner, project: Project, tmp_path: Path
) -> None:
    """The policy project's file of the docs page, beside a job of the author's that only says that it passed."""
    policy = {
        "schema": "policy-gate/policy/v1",
        "rules": [
            {
                "id": "night-watch",
                "title": "Nobody answers at night",
                "why": "Somebody must.",
                "when": 'system.stage == "development"',
                "require": [{"artifact": "on-call-playbook"}],
                "enforcement": "block",
                "effective": "2026-01-01",
            }
        ],
    }
    rules = Scratch(tmp_path / "rules")
    rules.commit("Rules", files={"policies/rules.yaml": to_yaml(policy)})
    project.server.host(rules.path, "acme/governance")
    repo = project.scratch
    repo.adopt(low_system("conception"))
    repo.branch("work")
    repo.declare(low_system("development"))
    own = {"script": ["echo passed, trust me"], "rules": [{"when": "always"}]}
    pipeline = yaml.safe_load(example("policy")) | {"policy-gate": own}
    repo.commit("Develop it", files={".gitlab-ci.yml": to_yaml(pipeline)})
    project.propose()
    done = start(runner, project, "work", job="policy-gate-required")
    assert done.code == 1, done
    assert "night-watch" in json.dumps(done.report["findings"]), done.report["trust"]
    assert "untrusted" not in done.log("policy-gate-required")
    assert "passed, trust me" in done.log("policy-gate"), "the control: a job of the old name changes nothing"


@pytest.mark.parametrize("version", ["1.0.0", "1", "1.1", "~latest", "main"])
def test_the_component_is_taken_by_version_and_by_ref(quick: Runner, project: Project, version: str) -> None:
    text = example().replace("@1\n", f"@{version}\n")
    project.scratch.commit("Pipeline", files={".gitlab-ci.yml": text})
    project.publish()
    done = quick.run(project.checkout(project.tip("main")), project.variables(7, project.tip("main")), "--preview")
    assert done.code == 0, done
    assert "policy-gate" in preview(done.out)


ODD = {
    "policies": "a \"b\" 'c' $HOME ${CI_JOB_TOKEN} $(id) `id` \\ %s",
    "evidence": "x: {z} # no comment",
    "policies-project": "# no comment",
}


def _expanded(quick: Runner, project: Project, inputs: dict[str, Any], *args: str) -> Pipeline:
    pipeline = {"include": [{"local": "job.yml", "inputs": inputs}]}
    files = {"job.yml": TEMPLATE.read_text("utf-8"), ".gitlab-ci.yml": to_yaml(pipeline)}
    project.scratch.commit("Inputs", files=files)
    project.publish()
    tip = project.tip("main")
    return quick.run(project.checkout(tip), project.variables(7, tip), *(args or ("--preview",)))


def test_t23_values_of_inputs_stay_values(quick: Runner, project: Project) -> None:
    odd = _expanded(quick, project, ODD)
    assert odd.code == 0, odd
    job, plain = (preview(it.out)["policy-gate"] for it in (odd, _expanded(quick, project, {})))
    for name, value in ODD.items():
        told = job["variables"]["POLICY_GATE_" + name.replace("-", "_").upper()]
        assert told.replace("$$", "$") == value
    assert job["script"] == plain["script"], "no value reaches the script but as a variable"


@pytest.mark.parametrize(
    "wrong",
    [
        {"require-stage": "prod"},
        {"advisory": "perhaps"},
        {"version": "1.0 @ https://evil.example/x.whl"},
        {"version": "--index-url=https://evil.example"},
        {"base": "main; id"},
        {"token-variable": "A B"},
        {"evidence-jobs": "tests"},
    ],
    ids=str,
)
def test_a_value_that_cannot_be_meant_is_refused_before_any_job(
    quick: Runner, project: Project, wrong: dict[str, Any]
) -> None:
    refused = _expanded(quick, project, wrong)
    assert refused.code != 0, refused
    assert next(iter(wrong)) in refused.out + refused.err


def test_inputs_shape_the_job(quick: Runner, project: Project) -> None:
    inputs = {"job-name": "gate", "stage": "deploy", "advisory": True, "evidence-jobs": ["tests"], "on-push": True}
    pipeline = {
        "include": [{"local": "job.yml", "inputs": inputs}],
        "tests": {"script": ["true"], "stage": "test", "rules": [{"when": "always"}]},
    }
    files = {"job.yml": TEMPLATE.read_text("utf-8"), ".gitlab-ci.yml": to_yaml(pipeline)}
    project.scratch.commit("Inputs", files=files)
    project.publish()
    tip = project.tip("main")
    checkout = project.checkout(tip, branch="main")
    done = quick.run(checkout, project.variables(7, tip), "--preview")
    job = preview(done.out)["gate"]
    assert (job["stage"], job["allow_failure"], job["interruptible"]) == ("deploy", True, True)
    assert [need["job"] if isinstance(need, dict) else need for need in job["needs"]] == ["tests"]
    assert job["inherit"] == {"default": ["tags", "retry", "timeout"], "variables": False}
    for source, branch, there in (
        ("merge_request_event", "", True),
        ("schedule", "main", True),
        ("push", "main", True),
        ("push", "work", False),
        ("schedule", "work", False),
    ):
        told = project.variables(7, tip) | {"CI_PIPELINE_SOURCE": source, "CI_COMMIT_BRANCH": branch}
        listed = quick.run(checkout, told, "--list-csv")
        assert ("gate;" in listed.out) is there, f"{source} {branch}: {listed}"


def test_the_component_and_its_expansion_fit_gitlabs_schema(quick: Runner, project: Project, tmp_path: Path) -> None:
    header, body = yaml.safe_load_all(TEMPLATE.read_text("utf-8"))
    for name, spec in header["spec"]["inputs"].items():
        assert spec["description"].endswith("."), name
        assert "default" in spec, name
    assert header["spec"]["inputs"]["version"]["default"] == __version__
    done = _expanded(quick, project, {})
    expanded = done.out[done.out.index("---") :]
    (script,) = next(iter(body.values()))["script"]
    made = {
        "header.yml": to_yaml(header),
        "expanded.yml": expanded,
        "wrong.yml": expanded.replace("codequality:", "codequalty:"),
        "script.sh": "#!/bin/sh\n" + script,
    }
    for name, text in made.items():
        (tmp_path / name).write_text(text, "utf-8")
    schema = ("--builtin-schema", "vendor.gitlab-ci")
    assert _complaints("check-jsonschema", *schema, str(tmp_path / "header.yml"), str(tmp_path / "expanded.yml")) == ""
    assert "codequalty" in _complaints("check-jsonschema", *schema, str(tmp_path / "wrong.yml"))
    assert _complaints("shellcheck", "-s", "sh", str(tmp_path / "script.sh")) == ""


def _complaints(name: str, *args: str) -> str:
    done = subprocess.run([str(part(name)), *args], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_t23_no_input_stands_in_a_line_of_the_script() -> None:
    _, body = yaml.safe_load_all(TEMPLATE.read_text("utf-8"))
    job = next(iter(body.values()))
    assert "$[[" not in "".join(job["script"])
    assert all(value["expand"] is False for value in job["variables"].values())


def test_the_docs_page_lists_every_input_with_its_default() -> None:
    inputs = next(yaml.safe_load_all(TEMPLATE.read_text("utf-8")))["spec"]["inputs"]
    table = PAGE.read_text("utf-8").partition("## Inputs")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([a-z-]+)` \|(?: `([^`]*)`)?", table, re.MULTILINE)
    assert [name for name, _ in rows] == list(inputs)
    for name, default in rows:
        told = inputs[name]["default"]
        assert default == (json.dumps(told) if isinstance(told, bool | list) else told), name


def test_what_init_writes_is_the_component(quick: Runner, project: Project) -> None:
    """On a GitLab without the catalog: the same job as a file of the project, found by the include that init adds."""
    assert ci_file("gitlab", __version__).text == TEMPLATE.read_text("utf-8")
    repo = project.scratch
    repo.git("remote", "add", "origin", "git@gitlab.example:example-org/screener.git")
    repo.commit("Code", files={"app.py": "import openai\n"})
    assert repo.run("init", "--yes").code == 0
    assert yaml.safe_load(repo.read(".gitlab-ci.yml")) == yaml.safe_load(example("local"))
    repo.commit("Govern")
    project.publish()
    done = quick.run(project.checkout(project.tip("main")), project.variables(7, project.tip("main")), "--list-csv")
    assert "policy-gate;" in done.out, done
