"""Views of the rules and the facts, for the commands that judge nothing."""
