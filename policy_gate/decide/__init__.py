"""Decide: approvals, waivers, separation of duties, blame; findings and verdict in a Report."""
