"""Fixtures for every room."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from scratch import Scratch

# No test says how long anything takes, on any machine.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    """An empty scratch repository on `main`."""
    return Scratch(tmp_path)
