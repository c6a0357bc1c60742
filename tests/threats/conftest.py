"""A promotion with all its papers, made once for all the attempts on it."""

from __future__ import annotations

import pytest
from promotion import Promotion


@pytest.fixture(scope="session")
def promotion(tmp_path_factory: pytest.TempPathFactory) -> Promotion:
    """SYS-001 on its way to pre_deployment, nothing missing but the approvals; every attempt starts afresh."""
    return Promotion(tmp_path_factory.mktemp("promotion"))
