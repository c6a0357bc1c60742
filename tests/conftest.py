"""Fixtures for every room."""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command import STARTER
from hypothesis import HealthCheck, settings
from scratch import Scratch

if TYPE_CHECKING:
    from fakes.github import GitHub

# No test says how long anything takes, on any machine; at night there is time for more examples.
for profile, examples in (("each change", 40), ("nightly", 1_000)):
    settings.register_profile(
        profile, deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=examples
    )
settings.load_profile("each change")

# What a shell starts in the background ignores Ctrl-C, and so would all that the tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


# Next to nothing of what collecting makes is garbage; looking for it would take a tenth of the time.
gc.set_threshold(50_000, 20, 100)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Runners first: they take longest, and begun last they would leave the other processes idle at the end.

    Then what shares something made for its module: of tests at the end each process takes a part, and makes it anew.
    """
    items.sort(key=lambda item: (item.get_closest_marker("real_runner") is None, not _is_sharing(item)))


def _is_sharing(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.Function):
        return False
    return any(made[-1].scope in ("module", "class") for made in item._fixtureinfo.name2fixturedefs.values())


def pytest_collection_finish() -> None:
    """What was loaded by now stays for good: looking through it for garbage would take a fifth of the time."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests marked `own_start`, and the fixtures made for them, start the command as a user's shell does."""
    STARTER.is_own = item.get_closest_marker("own_start") is not None


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    """An empty scratch repository on `main`."""
    return Scratch(tmp_path)


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHub]:
    """A GitHub of its own on loopback, past any proxy."""
    from fakes.github import GitHub

    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    with GitHub() as fake:
        yield fake


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that is tried again is tried at once."""
    from policy_gate.forges import session

    monkeypatch.setattr(session, "FIRST_PAUSE", 0.0)
