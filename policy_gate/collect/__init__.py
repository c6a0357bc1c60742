"""Snapshots: git trees to typed documents and evidence, and the policy documents of each layer."""
