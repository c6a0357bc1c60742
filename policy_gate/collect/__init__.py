"""Fetch the papers: git trees to snapshots, reviews, records and commits to people."""

from policy_gate.collect.papers import OpenPapers, earlier_layers, fetch, fetch_at, lacking
from policy_gate.collect.people import names_only, people
from policy_gate.collect.policies import builtin

__all__ = ["OpenPapers", "builtin", "earlier_layers", "fetch", "fetch_at", "lacking", "names_only", "people"]
