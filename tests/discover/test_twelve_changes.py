"""The twelve changes that a colleague would want to know about are told, by the real command on real commits."""

from __future__ import annotations

from pathlib import Path

from twelve import TWELVE, outcomes


def test_each_of_the_twelve_is_told(tmp_path: Path) -> None:
    untold = {change.name: (lacks, str(found)) for change, lacks, found in outcomes(tmp_path) if lacks}
    assert not untold
    assert len(TWELVE) == 12
