"""The command line itself: exit codes, messages, formats, and what happens when something is wrong."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from scratch import Scratch
from world import high_system

own_start = pytest.mark.own_start

COMMANDS = (
    "check", "init", "demo", "discover", "doctor", "classify", "explain", "draft", "guide", "approve", "waive", "raci",
    "policy", "completion",
)  # fmt: skip


@own_start
def test_version_names_the_tool(scratch: Scratch) -> None:
    done = scratch.run("--version")
    assert (done.code, done.out.split()[0]) == (0, "policy-gate,")


def test_help_lists_every_command(scratch: Scratch) -> None:
    done = scratch.run("--help")
    assert done.code == 0
    for command in COMMANDS:
        assert f"  {command} " in done.out


@pytest.mark.parametrize(
    "command",
    [
        *((name,) for name in COMMANDS if name != "policy"),
        ("policy", "eval"),
        ("policy", "impact"),
        ("policy", "pack", "verify"),
    ],
)
def test_help_of_each_command_shows_an_example(scratch: Scratch, command: tuple[str, ...]) -> None:
    done = scratch.run(*command, "--help")
    assert done.code == 0
    assert "Example" in done.out
    assert "policy-gate " + command[0] in done.out.split("Example", 1)[1]


def _commands(scratch: Scratch, *path: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each command that is no group, with its help, as somebody finds them who asks for help again and again."""
    text = scratch.run(*path, "--help").out
    _, is_group, listed = text.partition("Commands:\n")
    if not is_group:
        yield path, text
        return
    for line in listed.split("\n\n")[0].splitlines():
        if line[2] != " ":
            yield from _commands(scratch, *path, line.split()[0])


def test_every_command_has_an_example_on_lines_of_its_own(scratch: Scratch) -> None:
    found = dict(_commands(scratch))
    assert {("hook", "install"), ("incident", "resolve"), ("audit", "verify"), ("ci", "gitlab")} <= set(found)
    for path, text in found.items():
        begins = f"policy-gate {' '.join(path)}"
        _, _, examples = text.partition("Example")
        assert begins in examples, begins
        # A line that goes on stands below the one that it goes on from, with the backslash that a shell wants there.
        # Inside a line a gap is followed by a word about it, never by an option.
        assert not re.search(r"\S {3,}--?[a-z]", examples.partition("\nOptions:")[0]), begins
        # A base is a name or an id; where it is worked out, the shell does it.
        assert not re.search(r"--base [^\s\"$]*[~^@]", text), begins


def test_help_of_a_group_cuts_no_sentence_short(scratch: Scratch) -> None:
    for group in ((), ("policy",), ("policy", "pack")):
        assert "..." not in scratch.run(*group, "--help").out.split("Commands:")[1]


@pytest.mark.parametrize("command", ["raci", "explain"])
def test_ids_in_the_examples_of_help_exist(scratch: Scratch, command: str) -> None:
    scratch.adopt()
    shown = scratch.run(command, "--help").out.split("Examples:")[1].split("Options:")[0]
    examples = [line.split()[1:] for line in shown.splitlines() if line.strip() and "--system" not in line]
    assert len(examples) >= 2
    assert [(example, 0) for example in examples] == [(example, scratch.run(*example).code) for example in examples]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chekc"], 'did you mean "check"?'),
        (["check", "--formt", "json"], 'no option --formt; did you mean "--format"?'),
        (["check", "--qqq"], "no option --qqq"),
        (["check", "--quiet"], "no option --quiet\n"),
        (["check", "--all-of-it"], "no option --all-of-it\n"),
        (["check", "--format", "jsno"], 'did you mean "json"?'),
        (["check", "--format", "json="], "give json=FILE"),
        (["check", "--as-of", "31-12-2026"], "YYYY-MM-DD"),
        (["check", "-C", "nowhere"], 'no folder "nowhere"'),
        (["check", "--require-stage", "prod"], "--require-stage is none of conception, development"),
        (["check", "--worktree", "--head", "other"], "takes no --head"),
        (["explain"], "ID is missing"),
        (["waive"], "--system, --rule, --reason and --expires are missing"),
        (["waive", "--rule", "r", "--reason=w", "--system", "S"], "--expires is missing"),
        (["approve", "--gate", "g"], "--role is missing"),
        (["approve"], "--for and --role are missing"),
        (["registry", "forget"], "NAME... is missing"),
        (["explain", "red-team-reprot"], "red-team-report"),
        (["raci", "nothing"], "risk-tier-classification"),
        (["policy", "case", "tier-lowerin"], "tier-lowering"),
        (["policy", "schema", "manifests"], "manifest"),
        (["completion", "powershell"], "is none of bash, zsh, fish"),
    ],
)
def test_misuse_is_exit_2_and_names_the_way_out(scratch: Scratch, arguments: list[str], said: str) -> None:
    done = scratch.run(*arguments)
    assert done.code == 2
    assert done.out == ""
    assert said in done.err
    assert "Traceback" not in done.err


def test_outside_a_repository_is_usage(tmp_path: Path, scratch: Scratch) -> None:
    (tmp_path / "empty").mkdir()
    done = scratch.run("check", "-C", str(tmp_path / "empty"), GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert done.code == 2
    assert "not in a git repository" in done.err


@own_start
@pytest.mark.parametrize("args", [("check",), ("init", "--yes"), ("policy", "list"), ("card", "check"), ("law",)])
def test_a_folder_that_is_gone_is_usage(scratch: Scratch, tmp_path: Path, args: tuple[str, ...]) -> None:
    scratch.adopt(high_system())
    gone = f"mkdir {tmp_path}/gone && cd {tmp_path}/gone && rmdir {tmp_path}/gone && exec "
    command = f"{gone} {sys.executable} -P -m policy_gate "
    env = scratch.environment()
    done = subprocess.run(["sh", "-c", command + " ".join(args)], capture_output=True, text=True, env=env, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("policy-gate: the folder that it was started in is gone\n  hint: ")
    there = subprocess.run(
        ["sh", "-c", f"{command} -C {scratch.path} policy list"], capture_output=True, text=True, env=env, check=False
    )
    assert there.returncode == 0, there


def test_directory_may_stand_before_or_after_the_command(scratch: Scratch) -> None:
    scratch.adopt(high_system())
    (scratch.path / "deep").mkdir()
    before, after = scratch.run("-C", "deep", "classify"), scratch.run("classify", "-C", "deep")
    assert before.code == after.code == 0
    assert before.out == after.out != ""


def test_a_bug_is_exit_4_with_an_id_and_never_a_pass(scratch: Scratch, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.mkdir()
    (trap / "sitecustomize.py").write_text(
        "import policy_gate.app.check as app\n\ndef fail(request, **_):\n    raise ZeroDivisionError('boom')\n\n"
        "app.run_check = fail\n"
    )
    path = f"{trap}{os.pathsep}{scratch.environment()['PYTHONPATH']}"
    done = scratch.check(PYTHONPATH=path)
    assert done.code == 4
    assert "this is a bug in policy-gate (ZeroDivisionError, id " in done.err
    assert "Traceback" not in done.err
    assert "POLICY_GATE_TRACEBACK=1" in done.err
    told = scratch.check(PYTHONPATH=path, POLICY_GATE_TRACEBACK="1")
    assert (told.code, "boom" in told.err) == (4, True)


def test_the_order_of_sets_changes_no_byte_of_a_report(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    scratch.branch()
    scratch.declare_only(high_system("production", artifacts=[], facts={}))
    scratch.commit("straight to production")
    formats = [word for form in ("json", "text", "markdown") for word in ("--format", f"{form}={{}}.{form}")]
    for seed in ("1", "2", "3"):
        scratch.run("check", *(word.format(seed) for word in formats), PYTHONHASHSEED=seed)
    for form in ("json", "text", "markdown"):
        told = {scratch.read(f"{seed}.{form}") for seed in ("1", "2", "3")}
        assert len(told) == 1, form
        assert told != {""}


def test_formats_go_to_files_and_the_exit_code_is_the_same(scratch: Scratch) -> None:
    scratch.adopt()
    scratch.branch()
    scratch.declare_only(high_system("production", artifacts=[]))
    scratch.commit("straight to production")
    plain = scratch.run("check")
    both = scratch.run("check", "--format", "json=gate.json", "--format", "text")
    assert plain.code == both.code == 1
    assert json.loads(scratch.read("gate.json"))["verdict"] == "block"
    assert both.out.startswith(plain.out.split("\n", 1)[0])


def test_two_formats_cannot_share_standard_output(scratch: Scratch) -> None:
    scratch.adopt(high_system())
    done = scratch.run("check", "--format", "json", "--format", "text")
    assert (done.code, done.out) == (2, "")


def test_a_format_that_cannot_be_written_is_no_pass(scratch: Scratch) -> None:
    scratch.adopt(high_system())
    done = scratch.run("check", "--format", "json=no/such/folder/gate.json")
    assert done.code == 2
    assert "no/such/folder" in done.err


@own_start
def test_a_pipe_given_as_file_is_written_to_and_not_replaced(scratch: Scratch) -> None:
    scratch.adopt(high_system())
    pipe = scratch.path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert scratch.run("check", "--format", "json=pipe").code == 0
        assert b'"verdict"' in os.read(reader, 1_000_000)
    finally:
        os.close(reader)
    assert pipe.is_fifo()


def test_a_reader_that_goes_away_changes_nothing(scratch: Scratch) -> None:
    scratch.adopt()
    scratch.branch()
    scratch.declare_only(high_system("production", artifacts=[]))
    scratch.commit("straight to production")
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "policy_gate", "check"],
        cwd=scratch.path,
        env=scratch.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaint = process.stderr.read()
        assert process.wait() == 1
    assert complaint == b""


@own_start
def test_names_survive_a_locale_of_c(scratch: Scratch) -> None:
    scratch.adopt(high_system(name="Bewerbungs-Prüfer 人事"))
    done = scratch.run("classify", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.code == 0
    assert "Bewerbungs-Prüfer 人事" in done.out


def test_advisory_prints_the_verdict_and_exits_0(scratch: Scratch) -> None:
    scratch.adopt()
    scratch.branch()
    scratch.declare_only(high_system("production", artifacts=[]))
    scratch.commit("straight to production")
    done = scratch.check("--advisory")
    assert (done.code, done.verdict, done.report["trust"]["enforcing"]) == (0, "block", False)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_printed(scratch: Scratch, shell: str) -> None:
    done = scratch.run("completion", shell)
    assert done.code == 0
    assert "_POLICY_GATE_COMPLETE" in done.out


@own_start
def test_completion_offers_commands(scratch: Scratch) -> None:
    done = scratch.run(_POLICY_GATE_COMPLETE="bash_complete", COMP_WORDS="policy-gate cl", COMP_CWORD="1")
    assert "classify" in done.out


def test_start_up_imports_no_slow_library() -> None:
    probe = (
        "import sys, policy_gate.cli, policy_gate.cli.check; "
        "print([m for m in ('rich', 'jinja2', 'markdown_it', 'defusedxml', 'anthropic', 'git') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_report_written_to_a_pipe_or_device_goes_into_it_and_does_not_replace_it(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    pipe = scratch.path.parent / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE)
    try:
        assert scratch.run("check", "--format", f"json={pipe}").code == 0
        assert json.loads(reader.communicate(timeout=30)[0])["verdict"] == "pass"
    finally:
        reader.kill()
        reader.wait()
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_paths_are_meant_from_the_directory_of_c(scratch: Scratch) -> None:
    scratch.adopt(high_system())
    scratch.write({"sub/org/own.yaml": "schema: policy-gate/policy/v1\ndebt:\n  enrolment: {high: P10D}\n"})
    done = scratch.run("check", "--policies", "org", "-C", "sub", "--format", "json=gate.json")
    assert done.code == 0
    assert (scratch.path / "sub/gate.json").is_file()


def test_no_answer_is_an_undecided_report_where_json_is_asked(scratch: Scratch) -> None:
    scratch.adopt(high_system("development"))
    done = scratch.check("--base", "gone")
    assert (done.code, done.verdict) == (3, "undecided")
    assert "gone" in done.report["headline"]
    assert "gone" in done.err
    schema = json.loads(scratch.run("policy", "schema", "report").out)
    jsonschema.validate(done.report, schema)
    assert scratch.check("--base", "gone", "--advisory").code == 0
