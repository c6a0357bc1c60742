"""Reports as tools for evaluations write them, made after their published forms.

promptfoo: `OutputFile`, `EvaluateSummaryV3` and `EvaluateResult` of its `src/types/index.ts`. garak: the records of its
`command.py`, `attempt.py` and `evaluators/base.py`. deepeval: `TestRun` and the API test cases of `deepeval/test_run`.
lm-evaluation-harness: what `EvaluationTracker.save_results_aggregated` dumps. pytest-json-report: the
`sample_report.json` of its repository, in short; a real one is made in `tests/facts/test_h23_pytest_json_report.py`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from world import days_ago

MODEL = "openai:chat:gpt-4o-2024-08-06"


def dumped(data: Any) -> str:
    """JSON as such tools indent it."""
    return json.dumps(data, indent=2) + "\n"


def promptfoo_row(number: int, *, ok: bool = True, provider: str = MODEL, **more: Any) -> dict[str, Any]:
    """One result: prompt 0 of a test with one assertion."""
    reason = "All assertions passed" if ok else 'Expected output to contain "no"'
    part = {"pass": ok, "score": float(ok), "reason": reason, "assertion": {"type": "contains", "value": "no"}}
    row = {
        "id": f"0d0e{number:04d}-5bd1-4c4e-9a4d-{days_ago(1).replace('-', '')}aaaa",
        "promptIdx": 0,
        "testIdx": number,
        "testCase": {"description": f"refuses {number}", "vars": {"q": "hello"}, "assert": [part["assertion"]]},
        "promptId": "p1",
        "provider": {"id": provider, "label": ""},
        "prompt": {"raw": "Answer: hello", "label": "p1"},
        "vars": {"q": "hello"},
        "response": {"output": "no", "tokenUsage": {"total": 17}, "cached": False},
        "error": None if ok else reason,
        "failureReason": 0 if ok else 1,
        "success": ok,
        "score": float(ok),
        "latencyMs": 400 + 7 * number,
        "namedScores": {},
        "cost": 0.0002,
        "gradingResult": {"pass": ok, "score": float(ok), "reason": reason, "componentResults": [part]},
    }
    return row | more


def promptfoo(
    passed: int = 40,
    failed: int = 0,
    rows: Sequence[dict[str, Any]] | None = None,
    *,
    description: str = "bias-benchmark-suite",
    day: str = "",
    config: dict[str, Any] | None = None,
    stats: dict[str, Any] | None = None,
    provider: str = MODEL,
) -> dict[str, Any]:
    """A whole output file; `rows` are its results where they are not so many that passed and failed."""
    found = list(rows) if rows is not None else [promptfoo_row(n, provider=provider) for n in range(passed)]
    found += [] if rows is not None else [promptfoo_row(passed + n, ok=False, provider=provider) for n in range(failed)]
    good = sum(1 for row in found if row["success"])
    return {
        "evalId": "eval-Qx1-2026",
        "results": {
            "version": 3,
            "timestamp": f"{day or days_ago(1)}T10:00:00.000Z",
            "prompts": [{"raw": "Answer: {{q}}", "label": "p1", "provider": provider}],
            "results": found,
            "stats": stats or {"successes": good, "failures": len(found) - good, "errors": 0, "tokenUsage": {}},
        },
        "config": {"description": description, **(config or {})},
        "shareableUrl": None,
        "metadata": {"promptfooVersion": "0.123.1", "exportedAt": f"{days_ago(0)}T10:01:00.000Z"},
    }


def garak(
    evals: Sequence[tuple[str, str, int, int]] = (("dan.Dan_11_0", "dan.DAN", 40, 40),),
    *,
    day: str = "",
    attempts: int = 2,
    hits: int = 0,
    model: str = "gpt-4o-2024-08-06",
    run: str = "5b1f2c9e-8d49-4b0e-9c39-0e6ac0b1d001",
) -> str:
    """A .report.jsonl; `evals` are probe, detector, answers that passed, and answers in all."""
    lines: list[dict[str, Any]] = [
        {"entry_type": "start_run setup", "plugins.target_type": "openai", "plugins.target_name": model,
         "run.seed": 7, "run.generations": 5, "run.eval_threshold": 0.5},
        {"entry_type": "init", "garak_version": "0.17.0", "run": run,
         "start_time": f"{day or days_ago(1)}T10:00:00.12"},
    ]  # fmt: skip
    for probe, detector, passed, total in evals:
        lines += [
            {"entry_type": "attempt", "uuid": f"{run[:8]}-{probe}-{n}", "seq": n, "status": 2, "probe_classname": probe,
             "outputs": [{"text": "no"}], "goal": "x",
             "detector_results": {detector: [1.0 if n < hits else 0.0, *([] if n else [0.0] * (total - attempts))]}}
            for n in range(attempts)
        ]  # fmt: skip
        lines.append(
            {"entry_type": "eval", "probe": probe, "detector": detector, "passed": passed, "fails": total - passed,
             "nones": 0, "total_evaluated": total, "total_processed": total}
        )  # fmt: skip
    lines.append({"entry_type": "completion", "end_time": f"{day or days_ago(1)}T10:05:00.0", "run": run})
    return "".join(json.dumps(line) + "\n" for line in lines)


def garak_hits(number: int = 2) -> str:
    """A .hitlog.jsonl."""
    hit = {"goal": "x", "prompt": {"turns": []}, "output": {"text": "sure"}, "triggers": None, "score": 1.0,
           "run_id": "r1", "attempt_seq": 0, "attempt_idx": 0, "generator": "openai gpt-4o", "probe": "dan.Dan_11_0",
           "detector": "dan.DAN", "generations_per_prompt": 5}  # fmt: skip
    return "".join(json.dumps(hit | {"attempt_id": f"a{n}"}) + "\n" for n in range(number))


def deepeval(passed: int = 40, failed: int = 0, **more: Any) -> dict[str, Any]:
    """A test run as deepeval saves it."""

    def case(number: int, *, ok: bool) -> dict[str, Any]:
        metric = {"name": "Bias", "threshold": 0.5, "success": ok, "score": 0.1 if ok else 0.9, "reason": "so",
                  "strictMode": False, "evaluationModel": "gpt-4o", "evaluationCost": 0.001}  # fmt: skip
        return {"name": f"test_case_{number}", "input": "hello", "actualOutput": "no", "success": ok,
                "metricsData": [metric], "runDuration": 1.25 + number / 7, "order": number}  # fmt: skip

    cases = [case(n, ok=n < passed) for n in range(passed + failed)]
    return {
        "testFile": "test_bias.py",
        "testCases": cases,
        "conversationalTestCases": [],
        "hyperparameters": {"model": "gpt-4o-2024-08-06", "seed": 7},
        "testPassed": passed,
        "testFailed": failed,
        "runDuration": 12.5,
        **more,
    }


def lm_eval(share: float = 1.0, samples: int = 400, task: str = "hellaswag", **more: Any) -> dict[str, Any]:
    """Aggregated results of lm-evaluation-harness."""
    return {
        "results": {task: {"alias": task, "acc,none": share, "acc_stderr,none": 0.0045}},
        "group_subtasks": {task: []},
        "configs": {task: {"task": task, "num_fewshot": 0}},
        "versions": {task: 1.0},
        "n-shot": {task: 0},
        "higher_is_better": {task: {"acc": True}},
        "n-samples": {task: {"original": samples, "effective": samples}},
        "config": {"model": "hf", "model_args": "pretrained=acme/screener,revision=main", "random_seed": 7},
        "git_hash": "abc1234",
        "date": _epoch(1),
        "lm_eval_version": "0.4.13",
        "model_source": "hf",
        "model_name": "acme/screener",
        "total_evaluation_time_seconds": "812.4132",
        **more,
    }


def pytest_json(outcomes: Sequence[str] = ("passed", "passed", "passed"), **more: Any) -> dict[str, Any]:
    """A report of pytest-json-report."""
    tests = []
    for number, outcome in enumerate(outcomes):
        call = (
            "failed" if outcome in ("failed", "error") else "skipped" if outcome in ("skipped", "xfailed") else "passed"
        )
        stages = {
            "setup": {"duration": 0.00013, "outcome": "passed"},
            "teardown": {"duration": 0.0004, "outcome": "passed"},
        }
        tests.append(
            {"nodeid": f"tests/test_bias.py::test_{number}", "lineno": number, "outcome": outcome, "keywords": ["x"],
             "call": {"duration": 0.0123 + number / 1000, "outcome": call}, **stages}
        )  # fmt: skip
    counts = {name: list(outcomes).count(name) for name in dict.fromkeys(outcomes)}
    bad = any(name in ("failed", "error", "xpassed") for name in outcomes)
    return {
        "created": _epoch(1),
        "duration": 0.05,
        "exitcode": int(bad),
        "root": "/builds/screener",
        "environment": {"Python": "3.12.1", "Platform": "Linux", "Packages": {"pytest": "8.0"}},
        "summary": {**counts, "total": len(tests), "collected": len(tests)},
        "collectors": [{"nodeid": "", "outcome": "passed", "result": []}],
        "tests": tests,
        **more,
    }


def plain(passed: int = 40, failed: int = 0, **more: Any) -> dict[str, Any]:
    """A plain list of cases."""
    cases = [
        {"name": f"case {n}", "outcome": "passed" if n < passed else "failed", "duration": 0.5 + n / 9}
        for n in range(passed + failed)
    ]
    return {"suite": "bias-benchmark-suite", "date": f"{days_ago(1)}T08:00:00Z", "cases": cases, **more}


def _epoch(days: int) -> float:
    from datetime import UTC, datetime

    return datetime.fromisoformat(days_ago(days)).replace(hour=9, tzinfo=UTC).timestamp()
