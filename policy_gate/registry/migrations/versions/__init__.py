"""One module a revision, numbered; Alembic reads them."""
