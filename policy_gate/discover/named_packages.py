"""Which sign a package has that a program names: by its import, in a list of packages, or by an address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from policy_gate.discover.signs import Sign
from policy_gate.schema.patterns import lazy_pattern

_FROM_NPM: Final = lazy_pattern(
    r"^(?:npm:/?|https?://(?:(?:esm\.sh|esm\.run|unpkg\.com|jspm\.dev|cdn\.skypack\.dev)/(?:v\d{1,4}/)?"
    r"|cdn\.jsdelivr\.net/npm/|ga\.jspm\.io/npm:))"
)
"""how a program says a package that it loads without installing it"""


def import_sign(known: Mapping[str, Sign], name: str, language: str) -> Sign | None:
    """The sign of what a program imports: of itself or of the nearest name above it."""
    if language == "javascript":
        return _of_npm(known, name)
    if language == "python":
        module, _, last = name.rpartition(".")
        if f"{module}:{last}" in known:
            return known[f"{module}:{last}"]
    if language == "ruby":
        return known.get(name) or known.get(name.partition("/")[0])
    separator = {"go": "/", "php": "\\", "rust": "::"}.get(language, ".")
    for above in _above(name, separator):
        if above in known:
            return known[above]
    return _of_family(known, name.partition(".")[0], "_") if language == "python" else None


def sign_name(known: Mapping[str, Sign], sign: Sign, name: str) -> str:
    """How the list calls what was found, where it holds a part of it."""
    parts = [key for key, other in known.items() if other is sign and key[-1] not in ":/" and name.startswith(key)]
    part = max(parts, key=len, default=name)
    return name.partition(".")[0] if part.endswith("_") else part


def package_sign(known: Mapping[str, Sign], name: str, ecosystem: str) -> Sign | None:
    """The sign of a package that a dependency file names."""
    if ecosystem == "npm":
        return _of_npm(known, name)
    if ecosystem == "go":
        return next((known[above] for above in _above(name, "/") if above in known), None)
    if ecosystem == "maven":
        group = name.partition(":")[0]
        return known.get(name) or next((known[above] for above in _above(group, ".") if above in known), None)
    if ecosystem == "nuget":
        return next((known[above] for above in _above(name, ".") if above in known), None)
    return known.get(name) or (_of_family(known, name, "-") if ecosystem == "pypi" else None)


def _of_npm(known: Mapping[str, Sign], name: str) -> Sign | None:
    parts = _FROM_NPM.sub("", name).split("/")
    parts[:2] = [part[:1] + part[1:].partition("@")[0] for part in parts[:2]]
    package = "/".join(parts[:2]) if parts[0].startswith("@") else parts[0]
    return known.get(package) or (known.get(f"{parts[0]}/") if package.startswith("@") else None)


def _of_family(known: Mapping[str, Sign], name: str, joint: str) -> Sign | None:
    """The sign of all names that begin with the same words, such as `langchain_`."""
    return next((known[f"{above}{joint}"] for above in _above(name, joint) if f"{above}{joint}" in known), None)


def _above(name: str, separator: str) -> Iterator[str]:
    while name:
        yield name
        name = name.rpartition(separator)[0]
