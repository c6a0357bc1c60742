"""A pull request on a fake GitHub, for all tests of what a job there comes to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.github import GitHub
from workplace import Workplace


@pytest.fixture
def place(tmp_path: Path, github: GitHub) -> Iterator[Workplace]:
    """A promotion with all its papers on `work`, which lacks only the approvals; nothing is proposed yet."""
    with Workplace(tmp_path, github) as made:
        made.promotion()
        yield made
