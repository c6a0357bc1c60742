"""Git: repositories, trees, merges, history and work trees, through hardened processes. A foundation: knows no gate."""
