"""A pytest plugin: leave out every test that needs a disk or a process of its own, by the fixtures it asks for."""

from __future__ import annotations

import pytest

OUTSIDE = frozenset({"scratch", "tmp_path", "tmp_path_factory", "monkeypatch"})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests that a forked process can run a thousand times."""
    kept, left = [], []
    for item in items:
        (left if OUTSIDE & set(getattr(item, "fixturenames", ())) else kept).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept
