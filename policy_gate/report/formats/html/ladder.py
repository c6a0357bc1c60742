"""The gate ladder: the stages of a system's life from top to bottom, and the gates between them."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from policy_gate.schema.policy_docs import GateDoc
from policy_gate.schema.report import GateReport, Report, SystemReport
from policy_gate.schema.vocabulary import STAGES

_STAGE_HEIGHT = 30
_GATE_HEIGHT = 26
_TITLE_ROOM = 30


class Rung(Struct, frozen=True):
    """A stage or a gate at height `y`. `look` is done, here, ahead, blocked, undecided, open or quiet."""

    is_gate: bool
    title: str
    short: str
    said: str
    progress: str
    y: int


class Ladder(Struct, frozen=True):
    """All rungs; the line is firm down to `firm` and broken below."""

    rungs: tuple[Rung, ...]
    height: int
    firm: int
    title: str
    description: str


def ladder(system: SystemReport, report: Report) -> Ladder:
    """Every stage with its gates; which ones the change goes through, which are behind and which ahead."""
    y, firm = 4, 0
    rungs: list[Rung] = []
    for is_gate, title, said, progress in _steps(system, report):
        height = _GATE_HEIGHT if is_gate else _STAGE_HEIGHT
        middle = y + height // 2
        rungs.append(Rung(is_gate, title, _cut(title), said, progress, middle))
        y += height
        if not is_gate and progress in ("done", "here"):
            firm = middle
    return Ladder(
        rungs=tuple(rungs),
        height=y + 4,
        firm=firm,
        title=f"Stage: {stage_title(system.stage)}",
        description=" ".join(f"{rung.title}: {rung.said}." for rung in rungs if rung.said),
    )


def stage_title(stage: str) -> str:
    """'Pre-deployment' for pre_deployment."""
    return stage.replace("_", "-").capitalize()


def _steps(system: SystemReport, report: Report) -> Iterator[tuple[bool, str, str, str]]:
    reached = STAGES.index(system.stage) if system.stage in STAGES else -1
    for rank, stage in enumerate(STAGES):
        progress = "here" if rank == reached else "done" if rank < reached else "ahead"
        yield False, stage_title(stage), _whose_stage(stage, system), progress
        for title, said, state in _gates_after(stage, system, report, reached):
            yield True, title, said, state


def _whose_stage(stage: str, system: SystemReport) -> str:
    if stage == system.stage:
        return "is here" if system.base_stage == stage else "with this change"
    return "in base" if stage == system.base_stage else ""


def _gates_after(stage: str, system: SystemReport, report: Report, reached: int) -> Iterator[tuple[str, str, str]]:
    """Gates that leave this stage, or that come back while it lasts."""
    known = {gate.id: gate for gate in system.gates}
    if report.docs is None:
        entered = [gate for gate in system.gates if gate.entered and stage == system.base_stage]
        yield from ((gate.title, *_state(gate)) for gate in entered)
        return
    for spec in report.docs.gates:
        found = known.get(spec.id)
        if spec.from_ != stage or (spec.entered_by != "stage" and found is None):
            continue
        yield (spec.title, *(_state(found, spec.entered_by) if found else _unseen(spec, system, reached)))


def _state(gate: GateReport, entered_by: str = "stage") -> tuple[str, str]:
    """How a gate that is entered or owed stands."""
    if gate.entered:
        words = {"block": "entered: blocked", "undecided": "entered: no answer"}
        looks = {"block": "blocked", "undecided": "undecided"}
        return words.get(gate.verdict, "entered: passes"), looks.get(gate.verdict, "done")
    missing = len(gate.missing_artifacts) + len(gate.failed_tests) + len(gate.tests_not_run)
    since = "behind" if entered_by == "stage" else "recurs"
    if gate.verdict == "pass" and not missing:
        return f"{since}: complete", "done"
    return f"{since}: {missing} missing" if missing else f"{since}: has gaps", "open"


def _unseen(spec: GateDoc, system: SystemReport, reached: int) -> tuple[str, str]:
    """A gate of which the report says nothing: ahead, or one that asks nothing of this tier."""
    if system.effective_tier in spec.none_for:
        return f"asks nothing of {system.effective_tier}", "quiet"
    is_behind = STAGES.index(spec.to) <= reached
    return ("behind", "quiet") if is_behind else ("ahead", "ahead")


def _cut(title: str) -> str:
    return title if len(title) <= _TITLE_ROOM else title[: _TITLE_ROOM - 1] + "\u2026"
