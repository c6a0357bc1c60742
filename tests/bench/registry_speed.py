"""How fast a registry takes records, passes by what is known, and lists 100,000 systems; run it by hand.

PYTHONPATH=.:tests/registry python tests/bench/registry_speed.py [URL]
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path
from time import perf_counter, process_time

from registry_world import Registry, record, system

from policy_gate.app.registry_ask import named_questions
from policy_gate.registry.asking import answered
from policy_gate.registry.portfolio import portfolio_of
from policy_gate.registry.systems_query import listed_systems
from policy_gate.report.views.portfolio import portfolio_html
from policy_gate.schema.registry_list import SystemFilter

FULL, SMALL, EACH = 1_000, 1_000, 97
"""repositories with all kinds of rows and three systems each, and of bare systems"""


def main() -> None:
    folder = tempfile.TemporaryDirectory()
    named = (sys.argv[1:] or [str(Path(folder.name) / "registry.db")])[0]
    with folder, Registry.open(named, for_writing=True) as registry:
        measure(registry)


def measure(registry: Registry) -> None:
    full = [record(f"full/{n}", *(system(f"SYS-{it}") for it in range(3))) for n in range(FULL)]
    registry.begin_sync("1.0", "2026-11-01T00:00:00Z")
    began = perf_counter()
    for it in full:
        registry.record(it, "x")
    print(f"records of three systems: {FULL / (perf_counter() - began):,.0f} a second")
    teams = [f"Team {n}" for n in range(50)]
    for n in range(SMALL):
        bare = (
            system(f"S-{n}-{it}", owner_team=teams[it % 50], tier=("low", "critical")[it % 10 == 0], effective_tier="")
            for it in range(EACH)
        )
        registry.record(record(f"bare/{n}", *bare, findings=(), law=(), models=(), due=(), incidents=()), "x")
    registry.end_sync("2026-11-01T01:00:00Z")
    began = perf_counter()
    registry.begin_sync("1.0", "2026-11-02T00:00:00Z")
    assert all(registry.is_current(it.repository, "x") for it in full)
    registry.end_sync("2026-11-02T01:00:00Z")
    print(f"nothing changed: {FULL / (perf_counter() - began):,.0f} a second")
    day = date(2026, 11, 29)
    for name, asked in {
        "all": SystemFilter(day=day),
        "first 50 by due": SystemFilter(day=day, sort="due", limit=50),
        "critical": SystemFilter(day=day, tiers=("critical",)),
        "one team": SystemFilter(day=day, owners=("Team 7",)),
        "first 50 by tier, last first": SystemFilter(day=day, sort="tier", reverse=True, limit=50),
        "one model": SystemFilter(day=day, models=("gpt-*",), limit=50),
        "law of all": SystemFilter(day=day, laws=("eu-ai-act*",), limit=50),
        "law, vendor, overdue": SystemFilter(day=day, laws=("eu-ai-act",), vendors=("openai",), overdue=True, limit=50),
    }.items():
        began, busy = perf_counter(), process_time()
        found = registry.ask(lambda c, asked=asked: listed_systems(c, asked))  # type: ignore[misc]
        took = f"{perf_counter() - began:.2f} s, {process_time() - busy:.2f} s of it at work here"
        print(f"list, {name}: {len(found.systems):,} of {found.total:,} in {took}")
    for name, question in named_questions().items():
        busy = process_time()
        told = answered(registry, question, {}, day)
        print(f"ask {name}: {len(told.rows):,} rows in {process_time() - busy:.2f} s at work here")
    busy = process_time()
    page = portfolio_html(portfolio_of(registry, day, "1.0"))
    print(f"report: {len(page) / 1e6:.1f} MB in {process_time() - busy:.2f} s at work here")


if __name__ == "__main__":
    main()
