"""The demo: a small repository with the lesson's three systems, and a story told with real commands.

`files/` holds what each step lays into the work tree; `@TODAY-5@` in it stands for a date, `@KEY:ada@` for
Ada's key. Of `signed` and `recorded` one is laid: by whether there is an ssh-keygen here.
"""

from policy_gate.demo.story import Step, tell

__all__ = ["Step", "tell"]
