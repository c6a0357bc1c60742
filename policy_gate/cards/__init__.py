"""Model cards: one document, whatever format it is written in. A foundation: knows no gate."""
