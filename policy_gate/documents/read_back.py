"""A text that is about to be written, read as it will be read once it is there."""

from __future__ import annotations

from typing import TypeVar

from policy_gate.documents.validation import validated
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.errors import DocumentError
from policy_gate.schema.source import Document
from policy_gate.schema.strict import Strict

M = TypeVar("M", bound=Strict)


def read_back(model: type[M], path: str, text: str) -> Document[M] | None:
    """The document that a text is; None where it is none."""
    try:
        raw, marks = read_yaml(path, text.encode("utf-8"))
        return validated(model, path, "", raw, marks)
    except DocumentError:
        return None
