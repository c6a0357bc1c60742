"""T40: nothing that lies in the checkout, and no variable that an earlier step left, runs as the gate or moves it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from action.runner import Run, Runner, gate, run
from action.wheelhouse import index
from fakes.github import GitHub
from workplace import JobResult, Workplace
from world import high_system

pytestmark = [pytest.mark.real_runner, pytest.mark.real_git, pytest.mark.contract_fake]


def _noting(name: str) -> str:
    """Python that notes its name where the test looks."""
    return f"import os\nwith open(os.environ['KEEP'] + '/ran', 'a') as file:\n    file.write('{name}\\n')\n"


TRAPS = {
    **{f"{name}.py": _noting(name) for name in ("sitecustomize", "usercustomize", "conftest", "startup")},
    **{f"{name}/__init__.py": _noting(name) for name in ("policy_gate", "yaml", "click", "pip", "venv")},
    "policy_gate/__main__.py": _noting("policy_gate"),
    "trap.pth": f"import os; open(os.environ['KEEP'] + '/ran', 'a').write('pth{chr(92)}n')\n",
    "pip.conf": "[global]\nindex-url = http://127.0.0.1:9/simple\n[install]\ntarget = /nowhere\nno-binary = :all:\n",
    "setup.cfg": "[install]\nprefix = /nowhere\n",
    ".python-version": "2.7.18\n",
    "bashenv": 'echo bash-env >>"$KEEP/ran"\n',
    "git-config": "[core]\n\tfsmonitor = echo fsmonitor >>$KEEP/ran; false\n\thooksPath = hooks\n",
}
LEFT = """\
{
  echo "PYTHONPATH=$GITHUB_WORKSPACE"
  echo "PYTHONSTARTUP=$GITHUB_WORKSPACE/startup.py"
  echo "PYTHONUSERBASE=$GITHUB_WORKSPACE"
  echo "PYTHONHOME=/nowhere"
  echo "PYTHONINSPECT=1"
  echo "GIT_DIR=/nowhere"
  echo "GIT_CONFIG_GLOBAL=$GITHUB_WORKSPACE/git-config"
  echo "GIT_CONFIG_COUNT=1"
  echo "GIT_CONFIG_KEY_0=core.fsmonitor"
  echo "GIT_CONFIG_VALUE_0=$GITHUB_WORKSPACE/bashenv"
  echo "GIT_SSH_COMMAND=false"
  echo "GIT_ALTERNATE_OBJECT_DIRECTORIES=/nowhere"
  echo "PIP_TARGET=/nowhere"
  echo "PIP_REQUIRE_VIRTUALENV=1"
  echo "PIP_NO_BINARY=:all:"
  echo "PIP_NO_INDEX=1"
  echo "PIP_CONFIG_FILE=$GITHUB_WORKSPACE/pip.conf"
  echo "BASH_ENV=$GITHUB_WORKSPACE/bashenv"
  echo "ENV=$GITHUB_WORKSPACE/bashenv"
  echo "SHELLOPTS=xtrace"
  echo 'PS4=$(echo ps4 >>"$KEEP/ran")'
  echo 'BASH_FUNC_cd%%=() { echo function >>"$KEEP/ran"; builtin cd "$@"; }'
  echo "INPUT_ADVISORY=true"
  echo "INPUT_BASE=weak"
  echo "INPUT_TOKEN=another"
  echo "POLICY_GATE_BASE=weak"
} >>"$GITHUB_ENV"
"""
CONTROL = """\
cd .
unset PYTHONHOME
python3 -c 'import click'
python3 -m policy_gate </dev/null
python3 -c 'import site; site.addsitedir(".")'
"""


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Run, JobResult]]:
    """One job: a step that sets every trap, the gate, then a step without care; and the gate without a runner."""
    path = tmp_path_factory.mktemp("traps")
    with GitHub() as github:
        place = Workplace(path, github)
        runner = Runner(path, place, index(tmp_path_factory))
        place.hub.adopt(high_system("development"))
        place.scratch.branch("weak")
        place.publish("weak:refs/heads/weak")
        place.scratch.branch("work")
        place.scratch.edit(risk_profile={"human_oversight": "full"})
        place.scratch.commit("A person decides now", files=TRAPS)
        number = place.propose("work")
        careless = run(CONTROL, **{"shell": "bash"})
        steps = [run(LEFT), gate("trapped"), careless, run("true", id="control")]
        tip = place.scratch.git("rev-parse", "work")
        told = {"GITHUB_REF": f"refs/pull/{number}/merge", "GITHUB_SHA": tip}
        yield runner.pull(number, steps), place.pull_job(number, **told)
        place.close()


def test_t40_nothing_of_the_checkout_or_an_earlier_step_runs(jobs: tuple[Run, JobResult]) -> None:
    job, _ = jobs
    assert job.gate("trapped").ran == [], str(job)
    careless = job.gate("control").ran
    assert {"bash-env", "function", "sitecustomize", "click", "policy_gate", "pth"} <= set(careless), str(job)


def test_t40_the_report_is_that_of_an_environment_without_traps(jobs: tuple[Run, JobResult]) -> None:
    job, clean = jobs
    trapped = job.gate("trapped")
    assert (trapped.outcome, trapped.verdict) == ("failure", "block"), str(job)
    assert trapped.report_data == clean.report
    assert clean.report["verdict"] == "block"
