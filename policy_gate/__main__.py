"""`python -m policy_gate` is `policy-gate`."""

from policy_gate.cli import main

main()
