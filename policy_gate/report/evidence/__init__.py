"""Evidence for people outside: the pack of a period with its figures, and the page of today's state."""
