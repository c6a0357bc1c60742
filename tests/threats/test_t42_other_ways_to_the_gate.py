"""T42: what lies between CI and the gate in images, packages of the repository, and files that GitLab puts together."""

from __future__ import annotations

from pathlib import Path

import pytest
from approved import CI, WORKFLOW
from scratch import Scratch
from world import low_system

pytestmark = pytest.mark.real_git

COMMITTEE = "approval:ai-governance-committee"
RUN = "- run: policy-gate check"
IMAGE = "FROM python:3.12-slim\nRUN apt-get install -y jq\nRUN pip install \\\n    ai-policy-gate==0.9\n"
PROJECT = '[project]\nname = "app"\ndependencies = ["flask"]\n[dependency-groups]\ndev = ["ai-policy-gate==0.9"]\n'
WRAPPER = '[project]\nname = "ci-gate"\ndependencies = ["ai-policy-gate==0.9"]\n'
GITLAB = "include: [{local: ci/gate.yml}, {local: ci/tests.yml}]\n"
GATE_JOB = "gate: {extends: .tool, script: policy-gate ci gitlab}\n"
TESTS = ".tool: {image: python}\ntests: {script: pytest}\n"


def _workflow(line: str) -> dict[str, str]:
    return {CI: WORKFLOW.replace(RUN, f"- run: {line}")}


_IMAGE_FILES = _workflow("docker build -t gate ci && docker run gate policy-gate check") | {"ci/Dockerfile": IMAGE}
_PACKAGE = _workflow("pip install ./ci/gate && ci-gate") | {
    "ci/gate/pyproject.toml": WRAPPER,
    "ci/gate/src/ci_gate.py": "import subprocess\nsubprocess.run(['policy-gate', 'check'], check=True)\n",
}
_UV = _workflow("uv run policy-gate check") | {"pyproject.toml": PROJECT}
_GITLAB = {".gitlab-ci.yml": GITLAB, "ci/gate.yml": GATE_JOB, "ci/tests.yml": TESTS}
_SETUP = "runs: {using: composite, steps: [{run: make tools}]}\n"
_LEAVES = 'echo "PIP_INDEX_URL=https://example.com/simple" >> $GITHUB_ENV\n'
_STEPS_BEFORE = {
    CI: WORKFLOW.replace(RUN, f"- uses: ./ci/setup\n      - run: ci/tools.sh\n      {RUN}")
    + "  other:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ci/other.sh\n",
    "ci/setup/action.yml": _SETUP,
    "ci/tools.sh": "make\n",
    "ci/other.sh": "make\n",
}
WAYS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "another version in an image": (_IMAGE_FILES, {"ci/Dockerfile": IMAGE.replace("0.9", "0.1")}),
    "another image": (_IMAGE_FILES, {"ci/Dockerfile": IMAGE.replace("python:", "example/python:")}),
    "another index in an image": (
        _IMAGE_FILES, {"ci/Dockerfile": f"{IMAGE}ENV PIP_INDEX_URL=https://example.com/simple\n"},
    ),
    "another entry of an image": (_IMAGE_FILES, {"ci/Dockerfile": f'{IMAGE}ENTRYPOINT ["true"]\n'}),
    "over the program": (_IMAGE_FILES, {"ci/Dockerfile": f"{IMAGE}COPY ok.sh /usr/local/bin/policy-gate\n"}),
    "the image of the root": (
        _workflow("docker build -t gate . && docker run gate policy-gate check") | {"Dockerfile": IMAGE},
        {"Dockerfile": IMAGE.replace("0.9", "0.1")},
    ),
    "the image of an action": (
        {
            CI: WORKFLOW.replace("run: policy-gate check", "uses: ./ci/gate"),
            "ci/gate/action.yml": "runs: {using: docker, image: Dockerfile}\n",
            "ci/gate/Dockerfile": IMAGE,
        },
        {"ci/gate/Dockerfile": IMAGE.replace("0.9", "0.1")},
    ),
    "a package's list": (_PACKAGE, {"ci/gate/pyproject.toml": WRAPPER.replace("0.9", "0.1")}),
    "a package's code": (_PACKAGE, {"ci/gate/src/ci_gate.py": "print('policy-gate: pass')\n"}),
    "a list that no line names": (_UV, {"pyproject.toml": PROJECT.replace("0.9", "0.1")}),
    "an index that no line names": (
        _UV, {"pyproject.toml": f'{PROJECT}[[tool.uv.index]]\nurl = "https://example.com/simple"\n'},
    ),
    "another address of an index": (
        _UV | {"pyproject.toml": f'{PROJECT}[[tool.uv.index]]\nurl = "https://example.com/simple"\n'},
        {"pyproject.toml": f'{PROJECT}[[tool.uv.index]]\nurl = "https://example.org/simple"\n'},
    ),
    "a step before it that leaves a variable": (_STEPS_BEFORE, {"ci/tools.sh": f"make\n{_LEAVES}"}),
    "an action before it that leaves a path": (
        _STEPS_BEFORE, {"ci/setup/action.yml": _SETUP.replace("make tools", "echo bin >> $GITHUB_PATH")},
    ),
    "a step before it that writes a program": (_STEPS_BEFORE, {"ci/tools.sh": "cp ok.sh /usr/local/bin/jq\n"}),
    "variables of all jobs": (
        _GITLAB, {"ci/tests.yml": f"{TESTS}variables: {{PIP_INDEX_URL: 'https://example.com/simple'}}\n"},
    ),
    "a default of all jobs": (_GITLAB, {"ci/tests.yml": f"{TESTS}default: {{before_script: [make]}}\n"}),
    "never a pipeline": (_GITLAB, {"ci/tests.yml": f"{TESTS}workflow: {{rules: [{{when: never}}]}}\n"}),
    "what the gate's job extends": (
        _GITLAB, {"ci/tests.yml": TESTS.replace("{image: python}", "{image: python, allow_failure: true}")},
    ),
    "a file from elsewhere": (_GITLAB, {"ci/tests.yml": f"{TESTS}include: 'https://example.com/x.yml'\n"}),
    "by a tag that GitLab alone reads": (
        _GITLAB, {"ci/tests.yml": f"{TESTS}x: {{script: !reference [.tool, script]}}\nvariables:\n  A: x\n"},
    ),
}  # fmt: skip


def _adopted(path: Path, files: dict[str, str]) -> Scratch:
    repo = Scratch(path)
    repo.adopt(low_system("development"), files=files)
    repo.branch("attempt")
    return repo


@pytest.mark.parametrize("way", WAYS)
def test_t42_what_reaches_the_gate_by_another_way_is_asked_about(tmp_path: Path, way: str) -> None:
    files, edited = WAYS[way]
    repo = _adopted(tmp_path, files)
    repo.commit("Tidy up", files=edited)
    done = repo.check()
    assert (done.code, done.blocking()) == (1, [COMMITTEE]), done


CONTROLS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "an image raised, and another tool in it": (
        _IMAGE_FILES, {"ci/Dockerfile": IMAGE.replace("3.12", "3.13").replace("jq", "jq curl")},
    ),
    "a step before it that does something else": (_STEPS_BEFORE, {"ci/tools.sh": "make\nmake tools\n"}),
    "an action before it that does something else": (
        _STEPS_BEFORE, {"ci/setup/action.yml": _SETUP.replace("make tools", "make all")},
    ),
    "a step of another job": (_STEPS_BEFORE, {"ci/other.sh": f"make\n{_LEAVES}"}),
    "an image of the product": (
        _IMAGE_FILES | {"app/Dockerfile": "FROM node\n"}, {"app/Dockerfile": "FROM node\nENV PATH=/app\nCMD x\n"},
    ),
    "another package of a project": (_UV, {"pyproject.toml": PROJECT.replace("flask", "flask>=3")}),
    "a package called after an index": (_UV, {"pyproject.toml": PROJECT.replace("flask", "search-index==0.12")}),
    "a module of a package beside the call": (
        _PACKAGE | {"ci/gate/src/words.py": "A = 1\n"}, {"ci/gate/src/words.py": "A = 2\n"},
    ),
    "other jobs of a file that is included": (
        _GITLAB, {"ci/tests.yml": f"{TESTS}lint: {{script: ruff, variables: {{PIP_INDEX_URL: x}}}}\nstages: [test]\n"},
    ),
    "another file of the repository": (
        _GITLAB | {"ci/more.yml": "more: {script: make}\n"},
        {"ci/tests.yml": f"{TESTS}include: [{{local: ci/more.yml}}]\n"},
    ),
    "settings of a chart that CI names": (
        _workflow("helm upgrade -f deploy/values.yaml && policy-gate check")
        | {"deploy/values.yaml": "image: {tag: a}\n"},
        {"deploy/values.yaml": "image: {tag: b}\nvariables: {A: b}\n"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", CONTROLS)
def test_t42_control_what_does_not_reach_the_gate(tmp_path: Path, way: str) -> None:
    files, edited = CONTROLS[way]
    repo = _adopted(tmp_path, files)
    repo.commit("Work", files=edited)
    done = repo.check()
    assert (done.code, done.verdict, done.blocking()) == (0, "pass", []), done
