"""The document that lists signs of AI use in a repository (`policy-gate/signs/v1`); one ships with the package."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from policy_gate.schema.documents import KebabId, Line
from policy_gate.schema.strict import Strict

SignKind = Literal["sdk", "model", "host", "weights", "prompt", "training", "dependency"]
Confidence = Literal["high", "medium", "low"]
Address = Annotated[str, StringConstraints(pattern=r"^https://[^\s]+$", max_length=300)]


class SignSpec(Strict):
    """One sign: what it is seen by (at least one of the lists), and what it says of the place where it is seen."""

    id: KebabId
    kind: SignKind
    what: Line
    confidence: Confidence
    checked: Address
    """where somebody can look up that the names and patterns are right"""
    python: list[Line] = []
    """modules that Python code imports"""
    javascript: list[Line] = []
    """packages that JavaScript or TypeScript code imports"""
    pypi: list[Line] = []
    """distributions that requirements files and pyproject.toml name"""
    npm: list[Line] = []
    """packages that package.json names"""
    files: list[Line] = []
    """patterns of paths, as in a manifest"""
    any_case: bool = False
    """whether the case of letters in `files` is of no account"""
    text: Line | None = None
    """an expression that a line of such a file must hold, too"""
    within: Literal["front-matter"] | None = None
    """where in the file; anywhere if left out"""
    card: bool = False
    """whether such a file is a model card, which speaks for its folder"""


class SignDocument(Strict):
    """All signs of one file."""

    schema_: Literal["policy-gate/signs/v1"] = Field(alias="schema")
    signs: list[SignSpec]
