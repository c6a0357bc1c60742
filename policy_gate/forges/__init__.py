"""GitHub and GitLab as far as the gate speaks with them: one client, one retry policy, one error tree, typed answers.

Nothing here knows what an approval or a verdict is. `requests` is loaded when a forge is asked, and not before.
"""
