"""What a step hands to later steps, read back as the runner reads it, and its summary."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_gate.ci.github.outputs import MOST_SUMMARY, append_summary, write_outputs
from policy_gate.errors import UsageError

PLAIN = {
    "verdict": "block",
    "exit-code": "1",
    "gaps": "3",
    "report": "/home/runner/work/_temp/policy-gate-reports-x1/report.json",
    "attestation": "",
}
LINE_BREAKS = ("\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")
CONTROLS = ("\0", "\t", "\x1b[31m", "\x7f", "\x9b", "\u202e", "\u2066", "\u200b", "\ufeff", "\ud800", "\U000e0041")
FORGERIES = ("verdict=pass", "a<<EOF", "EOF", "::set-output name=verdict::pass", "report", "=", "<<", " ")
SAID = st.text(st.characters(), max_size=40) | st.lists(
    st.sampled_from((*FORGERIES, *LINE_BREAKS, *CONTROLS)), max_size=5
).map("".join)


class NotAnOutputError(Exception):
    """The runner fails the step: a line of the file has no form that it knows."""


def as_the_runner_reads(data: bytes) -> dict[str, str]:
    """The outputs of a file as the runner takes them (actions/runner, FileCommandManager and its SetOutput command).

    A line is `name=value`, or `name<<word` that begins a value which ends with the line `word`: whichever of the
    two marks comes first. An empty line is passed over; another fails the step. CR alone ends a line here too, so that
    no system's reading is left out.
    """
    lines = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found: dict[str, str] = {}
    rest = iter(lines)
    for line in rest:
        equals, here = line.find("="), line.find("<<")
        if not line:
            continue
        if equals >= 0 and (here < 0 or equals < here):
            name, value = line[:equals], line[equals + 1 :]
        elif here >= 0:
            name, word = line[:here], line[here + 2 :]
            inner: list[str] = []
            for told in rest:
                if told == word:
                    break
                inner.append(told)
            else:
                raise NotAnOutputError(f"no end {word!r}")
            value = "\n".join(inner)
        else:
            raise NotAnOutputError(line)
        if not name:
            raise NotAnOutputError(line)
        found[name] = value
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The runner makes it, empty."""
    path = tmp_path / "set_output"
    path.touch()
    return path


def write(file: Path, values: dict[str, str]) -> dict[str, str]:
    write_outputs({"GITHUB_OUTPUT": str(file)}, values)
    return as_the_runner_reads(file.read_bytes())


# outputs


def test_outputs_are_read_back_as_they_were_set(file: Path) -> None:
    assert write(file, PLAIN) == PLAIN


def test_a_later_call_adds_and_the_last_value_of_a_name_holds(file: Path) -> None:
    write(file, PLAIN)
    later = {"exit-code": "3", "sarif": "/reports/x.sarif"}
    assert write(file, later) == PLAIN | later


@pytest.mark.parametrize("left", [b"other=1\n", b"other=1", b"other<<E\n1\nE\n", b"other<<E\n1\nE"])
def test_what_another_step_left_open_is_closed_first(file: Path, left: bytes) -> None:
    file.write_bytes(left)
    assert write(file, PLAIN) == {"other": "1"} | PLAIN


@pytest.mark.parametrize("path", ["a=b", "a<<b", "a b", "ü/漢", "C:\\x\\y", "x%0Ay", "${{ x }}", "`x`", "::error::x"])
def test_odd_but_plain_values_stay_what_they_are(file: Path, path: str) -> None:
    assert write(file, {"report": path, "gaps": "1"}) == {"report": path, "gaps": "1"}


@pytest.mark.parametrize("odd", [*LINE_BREAKS, *CONTROLS])
@pytest.mark.parametrize("around", ["{}", "report{}", "{}report", "a{}verdict=pass"])
def test_t22_a_line_break_or_control_character_is_refused_and_nothing_is_written(
    file: Path, odd: str, around: str
) -> None:
    values = {"verdict": "block", "report": around.format(odd), "gaps": "1"}
    with pytest.raises(UsageError, match="got a line break or control character, expected plain text") as refused:
        write(file, values)
    assert "output report is" in refused.value.message
    assert file.read_bytes() == b"", "all of them, or none"
    assert write(file, values | {"report": around.format("-")})["verdict"] == "block"


@pytest.mark.parametrize("name", ["", "a=b", "a<<b", "a\nb", "A", "-a", "1a", "a b", "a_b", "verdict\n", "ü"])
def test_t22_a_name_that_could_be_read_as_something_else_is_refused(file: Path, name: str) -> None:
    with pytest.raises(UsageError, match="is no name of an output"):
        write(file, {"verdict": "pass", name: "x"})
    assert file.read_bytes() == b""
    assert write(file, {"verdict": "pass", "a-b2": "x"}) == {"verdict": "pass", "a-b2": "x"}


@given(SAID)
def test_t22_no_value_sets_another_output(tmp_path_factory: pytest.TempPathFactory, said: str) -> None:
    file = tmp_path_factory.mktemp("runner") / "set_output"
    try:
        found = write(file, {"verdict": "block", "report": said})
    except UsageError:
        assert not file.exists()
        assert any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in said)
    else:
        assert found == {"verdict": "block", "report": said}


def test_t22_unguarded_the_runner_would_take_the_forgery(file: Path) -> None:
    file.write_bytes(b"verdict=block\nreport=x\nverdict=pass\n")
    assert as_the_runner_reads(file.read_bytes())["verdict"] == "pass"
    file.write_bytes(b"report\n")
    with pytest.raises(NotAnOutputError):
        as_the_runner_reads(file.read_bytes())


def test_the_message_of_a_refusal_is_itself_one_line(file: Path) -> None:
    for odd in (*LINE_BREAKS, *CONTROLS):
        with pytest.raises(UsageError) as refused:
            write(file, {"report": f"x{odd}::error::forged"})
        assert refused.value.message.isprintable()


def test_without_a_runner_nothing_is_written_but_all_is_checked(tmp_path: Path) -> None:
    write_outputs({}, PLAIN)
    write_outputs({"GITHUB_OUTPUT": ""}, PLAIN)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(UsageError):
        write_outputs({}, {"report": "a\nb"})


@pytest.mark.parametrize("place", ["missing/file", "."])
def test_a_file_that_cannot_be_written_is_one_clear_error(tmp_path: Path, place: str) -> None:
    with pytest.raises(UsageError, match="the file that GITHUB_OUTPUT names cannot be written"):
        write_outputs({"GITHUB_OUTPUT": str(tmp_path / place)}, PLAIN)


# the summary


def add(file: Path, text: str) -> str:
    return append_summary({"GITHUB_STEP_SUMMARY": str(file)}, text)


def test_a_summary_is_added_below_what_is_there(file: Path) -> None:
    assert add(file, "**policy-gate: PASS**\n") == ""
    assert add(file, "more ü\n") == ""
    assert file.read_text("utf-8") == "**policy-gate: PASS**\nmore ü\n"


def test_a_line_that_was_left_open_does_not_swallow_the_first_line(file: Path) -> None:
    file.write_bytes(b"a line without an end")
    add(file, "| a |\n")
    assert file.read_bytes() == b"a line without an end\n| a |\n"


@pytest.mark.parametrize("left", [b"", b"x" * 10, b"x" * (MOST_SUMMARY - 1_000)])
@pytest.mark.parametrize("char", ["x", "漢"])
def test_a_summary_never_outgrows_what_github_shows(file: Path, left: bytes, char: str) -> None:
    for size in range(MOST_SUMMARY - len(left) - 4, MOST_SUMMARY - len(left) + 4):
        file.write_bytes(left)
        text = char * (size // len(char.encode())) + "\n"
        said = add(file, text)
        written = file.read_bytes()
        assert len(written) <= MOST_SUMMARY == 1024 * 1024
        is_whole = written.endswith(text.encode())
        assert (said == "") is is_whole
        if not is_whole:
            assert said == "the step summary has no room for the report"
            assert b"the summary has no room for the report" in written


def test_a_summary_that_others_filled_is_left_as_it_is(file: Path) -> None:
    full = b"x" * (MOST_SUMMARY - 20)
    file.write_bytes(full)
    assert add(file, "**policy-gate: PASS**\n") == "no step summary: other text has filled it"
    assert file.read_bytes() == full
    assert add(file, "short\n") == ""


def test_without_a_place_for_it_there_is_a_sentence_and_no_exception(tmp_path: Path) -> None:
    assert append_summary({}, "x\n") == "no step summary: GITHUB_STEP_SUMMARY is not set"
    said = add(tmp_path / "missing" / "file", "x\n")
    assert said.startswith("no step summary: the file that GITHUB_STEP_SUMMARY names cannot be written (")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_file_that_may_not_be_written_is_a_sentence(file: Path) -> None:
    file.chmod(0o400)
    assert add(file, "x\n").startswith("no step summary: the file that GITHUB_STEP_SUMMARY names cannot be written")
