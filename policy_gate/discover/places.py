"""What a path says of a file: its language, and whether it is the product's own, a test, a text or somebody else's."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final

from policy_gate.schema.patterns import lazy_pattern

LANGUAGES: Final = {
    **dict.fromkeys((".py", ".pyw", ".pyi"), "python"),
    ".ipynb": "notebook",
    **dict.fromkeys((".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".vue", ".svelte"), "javascript"),
    **dict.fromkeys((".java", ".kt", ".kts", ".scala", ".groovy"), "java"),
    ".go": "go",
    **dict.fromkeys((".cs", ".fs", ".vb", ".razor", ".cshtml"), "csharp"),
    **dict.fromkeys((".rb", ".rake", ".erb"), "ruby"),
    ".rs": "rust",
    ".php": "php",
    ".swift": "swift",
    **dict.fromkeys((".r", ".rmd", ".qmd"), "r"),
    **dict.fromkeys((".c", ".cc", ".cpp", ".h", ".hpp", ".m", ".mm", ".dart"), "other"),
    **dict.fromkeys(
        (".yaml", ".yml", ".json", ".toml", ".ini", ".cfg", ".conf", ".env", ".properties", ".tf", ".tfvars", ".bicep"),
        "configuration",
    ),
    **dict.fromkeys((".sh", ".bash", ".zsh", ".ps1"), "configuration"),
}
"""By the ending of a name in lower case."""

_NAMES: Final = lazy_pattern(r"(?:dockerfile|containerfile)(?:\..*)?|\.env(?:\..*)?|modelfile", re.IGNORECASE)
_TESTS: Final = frozenset(
    {"test", "tests", "__tests__", "testing", "testdata", "test-data", "fixtures", "e2e", "cypress", "__mocks__"}
)
_TEST_FILE: Final = lazy_pattern(
    r"(?:test_.*|.*_test|.*_tests|conftest|.*\.test|.*\.spec|.*_spec|.*-test|.*Tests?|.*\.stories)\.[A-Za-z]{1,5}"
)
_FOREIGN: Final = frozenset({"node_modules", "vendor", "third_party", "third-party", ".venv", "venv", "site-packages"})
_TEXTS: Final = frozenset({"docs", "doc", "documentation", "examples", "example", "samples", "sample"})


def language_of(path: str) -> str:
    """The language of a file by its name; empty where it is none that is looked into."""
    place = PurePosixPath(path)
    return LANGUAGES.get(place.suffix.lower(), "configuration" if _NAMES.fullmatch(place.name) else "")


def is_test(path: str) -> bool:
    """Is it a test, or something that tests use, by the names that people give these?"""
    place = PurePosixPath(path)
    return not _TESTS.isdisjoint(place.parts[:-1]) or _TEST_FILE.fullmatch(place.name) is not None


def excusing_folder(path: str) -> str:
    """The topmost folder for tests, or for what others wrote, that it lies in, as a path; empty where in none."""
    parts = PurePosixPath(path).parts[:-1]
    names = _TESTS | _FOREIGN
    return next(("/".join(parts[: at + 1]) for at, part in enumerate(parts) if part in names), "")


def is_foreign(path: str) -> bool:
    """Does it lie in a folder for what others wrote?"""
    return not _FOREIGN.isdisjoint(PurePosixPath(path).parts[:-1])


def is_text(path: str) -> bool:
    """Does it lie in a folder that explains or shows something?"""
    return not _TEXTS.isdisjoint(PurePosixPath(path).parts[:-1])
