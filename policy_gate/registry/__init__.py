"""The registry: what many repositories hold, in one database, and what can be asked of it."""
