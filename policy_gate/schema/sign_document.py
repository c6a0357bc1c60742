"""The document that lists signs of AI use in a repository (`policy-gate/signs/v1`); one ships with the package."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from policy_gate.schema.document_types import KebabId, Line
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
    vendor: KebabId | None = None
    """whose product it is, where it belongs to one"""
    python: list[Line] = []
    """modules that Python code imports; `module:name` only with that name of it, `name_` all modules that begin so"""
    javascript: list[Line] = []
    """packages that JavaScript or TypeScript code imports; `@scope/` all packages of a scope"""
    java: list[Line] = []
    """packages that Java or Kotlin code imports, with all below them"""
    go: list[Line] = []
    """modules that Go code imports and go.mod requires, with all below them"""
    csharp: list[Line] = []
    """namespaces that C# code uses, with all below them"""
    ruby: list[Line] = []
    """what Ruby code requires"""
    rust: list[Line] = []
    """crates that Rust code uses, as code writes them"""
    php: list[Line] = []
    """namespaces that PHP code uses, with all below them"""
    swift: list[Line] = []
    """modules that Swift code imports"""
    r: list[Line] = []
    """packages that R code loads"""
    pypi: list[Line] = []
    """distributions that requirements files and pyproject.toml name; `name-` all that begin so"""
    npm: list[Line] = []
    """packages that package.json names; `@scope/` all packages of a scope"""
    maven: list[Line] = []
    """groups, or group:artifact, that pom.xml and Gradle files name"""
    nuget: list[Line] = []
    """packages that project files of .NET name, with all below them"""
    gems: list[Line] = []
    """gems that a Gemfile or gemspec names"""
    crates: list[Line] = []
    """crates that Cargo.toml names"""
    packagist: list[Line] = []
    """packages that composer.json names"""
    hosts: list[Line] = []
    """hosts that code and configuration speak to; `*` stands for any letters of a name"""
    models: list[Line] = []
    """expressions that a whole text in code or configuration fits if it names such a model, letters in any case"""
    strings: list[Line] = []
    """texts in code that say it, whole"""
    calls: list[Line] = []
    """names of functions or methods that Python code calls"""
    files: list[Line] = []
    """patterns of paths, as in a manifest"""
    any_case: bool = False
    """whether the case of letters in `files` and `text` is of no account"""
    text: Line | None = None
    """an expression that a line of such a file must hold, too"""
    asks: Line | None = None
    """an expression whose groups are the names of models that such a file asks, looked for in all of it"""
    within: Literal["front-matter"] | None = None
    """where in the file; anywhere if left out"""
    card: bool = False
    """whether such a file is a model card, which speaks for its folder"""


class SignDocument(Strict):
    """All signs of one file."""

    schema_: Literal["policy-gate/signs/v1"] = Field(alias="schema")
    signs: list[SignSpec]
