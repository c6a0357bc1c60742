"""Fixtures for every room."""

from __future__ import annotations

from pathlib import Path

import pytest
from scratch import Scratch


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    """An empty scratch repository on `main`."""
    return Scratch(tmp_path)
