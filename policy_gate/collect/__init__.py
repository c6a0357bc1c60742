"""Fetch the papers: git trees to snapshots, reviews, records and commits to people."""

from policy_gate.collect.ground import ground_of
from policy_gate.collect.job import Checkout, Job, borrow, checkout_of, commit_in, github_job, gitlab_job, lay_out_bare
from policy_gate.collect.papers import OpenPapers, earlier_layers, fetch, fetch_at, lacking
from policy_gate.collect.people import names_only, people
from policy_gate.collect.policies import builtin

__all__ = [
    "Checkout",
    "Job",
    "OpenPapers",
    "borrow",
    "builtin",
    "checkout_of",
    "commit_in",
    "earlier_layers",
    "fetch",
    "fetch_at",
    "github_job",
    "gitlab_job",
    "ground_of",
    "lacking",
    "lay_out_bare",
    "names_only",
    "people",
]
