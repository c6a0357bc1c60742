"""`policy-gate law`, `explain` of rows, and the law in a check, through the command line on real repositories."""

from __future__ import annotations

import json
from typing import Any

import pytest

from test_law_scenarios import LENDER, SCREENER
from world import World, high_system, manifest

KEYS = {"id", "regulation", "state", "because", "applies_from", "missing_facts", "evidence", "citation", "checked_on"}
STATES = {"enforceable", "upcoming", "superseded", "not-applicable", "unknown"}
