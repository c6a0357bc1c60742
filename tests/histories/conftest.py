"""Histories stand on the model of the decisions and on the gate in memory."""

from __future__ import annotations

import sys
from pathlib import Path

_TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_TESTS / name) for name in ("properties", "model") if str(_TESTS / name) not in sys.path]
