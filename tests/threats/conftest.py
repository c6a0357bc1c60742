"""Promotions with all their papers, made once for all the attempts on them."""

from __future__ import annotations

import pytest
from approved import Approved
from promotion import Promotion


@pytest.fixture(scope="session")
def promotion(tmp_path_factory: pytest.TempPathFactory) -> Promotion:
    """SYS-001 on its way to pre_deployment, nothing missing but the approvals; every attempt starts afresh."""
    return Promotion(tmp_path_factory.mktemp("promotion"))


@pytest.fixture(scope="session")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Approved:
    """The same with its approvals recorded, so that it passes; every attempt starts afresh."""
    return Approved(tmp_path_factory.mktemp("approved"))
