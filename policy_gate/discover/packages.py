"""Which packages a dependency file names, in the format of each ecosystem; versions are of no account."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from policy_gate.discover.code_facts import Named, normal_name
from policy_gate.schema.patterns import lazy_pattern

_REQUIREMENT: Final = lazy_pattern(r"^[ \t]*([A-Za-z0-9][A-Za-z0-9._-]*)", re.MULTILINE)
_QUOTED: Final = lazy_pattern(r"""["']([A-Za-z0-9][A-Za-z0-9._-]*)(?=[\s"'\[<>=!~;@,])""")
_KEYED: Final = lazy_pattern(r"""^[ \t]*["']?([A-Za-z0-9][A-Za-z0-9._-]*)["']?[ \t]*=""", re.MULTILINE)
_JSON_KEY: Final = lazy_pattern(
    r'"(@?[A-Za-z0-9][A-Za-z0-9._/-]*)"[ \t]*:[ \t]*"(?=[\^~<>=*v0-9@]|workspace:|npm:|latest|next|file:|git|http|dev-)'
)
_SAYS_OF_ITSELF: Final = lazy_pattern(
    r"""\b(?:name|description|summary|author|maintainer|license|readme|url)[ \t]{0,40}=[ \t]{0,40}"""
    r"""(?:"[^"\n]{0,500}"|'[^'\n]{0,500}')"""
    r"""|\b(?:authors|maintainers|keywords|classifiers)[ \t]{0,40}=[ \t]{0,40}\[[^\]]{0,5000}\]"""
)
"""what a package of Python says of itself: no dependency, whatever it is called"""
_GO: Final = lazy_pattern(
    r"^[ \t]*(?:require[ \t]+)?([a-z0-9.-]+\.[a-z]{2,}/[\w./-]+|[\w.-]+\.[\w./-]+)[ \t]+v", re.MULTILINE
)
_MAVEN: Final = lazy_pattern(
    r"<groupId>\s{0,50}([\w.-]{1,200})\s{0,50}</groupId>\s{0,200}<artifactId>\s{0,50}([\w.-]{1,200})"
)
_GRADLE: Final = lazy_pattern(r"""["']([\w.-]{1,200}):([\w.-]{1,200})(?:[:@"'])""")
_NUGET: Final = lazy_pattern(
    r"""<Package(?:Reference|Version)\s[^>]{0,300}?(?:Include|Update)\s*=\s*["']([\w.-]{1,200})"""
)
_NUGET_OLD: Final = lazy_pattern(r"""<package\s[^>]{0,300}?id\s*=\s*["']([\w.-]{1,200})""")
_GEM: Final = lazy_pattern(
    r"""^[ \t]*(?:gem|\w+\.add_(?:runtime_|development_)?dependency)[ \t(]+["']([\w./-]{1,200})""", re.MULTILINE
)
_CRATE: Final = lazy_pattern(r"""^[ \t]*(?:\[.*dependencies\.)?["']?([\w-]{1,100})["']?[ \t]*(?:=|\])""", re.MULTILINE)

_FORMATS: Final[Mapping[str, tuple[str, tuple[re.Pattern[str], ...]]]] = {
    "requirements": ("pypi", (_REQUIREMENT,)),
    "pyproject.toml": ("pypi", (_QUOTED, _KEYED)),
    "setup.py": ("pypi", (_QUOTED,)),
    "setup.cfg": ("pypi", (_REQUIREMENT,)),
    "Pipfile": ("pypi", (_KEYED,)),
    "environment.yml": ("pypi", (lazy_pattern(r"^[ \t]*-[ \t]*([A-Za-z0-9][A-Za-z0-9._-]*)", re.MULTILINE),)),
    "package.json": ("npm", (_JSON_KEY,)),
    "deno.json": ("npm", (lazy_pattern(r'"npm:(@?[a-z0-9][a-z0-9._/-]*)'),)),
    "go.mod": ("go", (_GO,)),
    "pom.xml": ("maven", (_MAVEN,)),
    "gradle": ("maven", (_GRADLE,)),
    "nuget": ("nuget", (_NUGET, _NUGET_OLD)),
    "Gemfile": ("gems", (_GEM,)),
    "Cargo.toml": ("crates", (_CRATE,)),
    "composer.json": ("packagist", (_JSON_KEY,)),
}

_OF_CONDA: Final = lazy_pattern(r"(?:environment.{0,40}|.{0,40}conda.{0,60}|.{1,60}[_-]dependencies)\.ya?ml")
PATTERNS: Final = (
    *("**/requirements*", "**/requirements/**", "**/pyproject.toml", "**/setup.py", "**/setup.cfg", "**/Pipfile"),
    *(
        "**/environment*.y*ml",
        "**/*conda*.y*ml",
        "**/*_dependencies.y*ml",
        "**/*-dependencies.y*ml",
        "**/package.json",
        "**/deno.json*",
        "**/jsr.json",
        "**/go.mod",
    ),
    *("**/pom.xml", "**/*.gradle", "**/*.gradle.kts", "**/libs.versions.toml", "**/*.csproj", "**/*.fsproj"),
    *("**/*.vbproj", "**/*.props", "**/packages.config", "**/Gemfile", "**/gems.rb", "**/*.gemspec", "**/Cargo.toml"),
    "**/composer.json",
)
"""Patterns that cover every dependency file"""


def format_of(path: str) -> str:
    """The format of a dependency file by its name; empty where it is none."""
    name = path.rpartition("/")[2].removesuffix(".tmpl").removesuffix(".j2")
    if (name.startswith("requirements") and name.endswith((".txt", ".in"))) or "/requirements/" in f"/{path}":
        return "requirements" if name.endswith((".txt", ".in")) else ""
    if _OF_CONDA.fullmatch(name):
        return "environment.yml"
    if name.endswith((".gradle", ".gradle.kts")) or name == "libs.versions.toml":
        return "gradle"
    if name.endswith((".csproj", ".fsproj", ".vbproj", ".props")) or name == "packages.config":
        return "nuget"
    if name.endswith(".gemspec") or name == "gems.rb":
        return "Gemfile"
    if name in ("deno.jsonc", "jsr.json"):
        return "deno.json"
    return name if name in _FORMATS else ""


def packages_of(text: str, format_: str) -> tuple[str, Iterator[Named]]:
    """The ecosystem of a file in this format, and each package that it names, once, with its first line."""
    ecosystem, patterns = _FORMATS[format_]
    if format_ in ("pyproject.toml", "setup.py"):
        text = _SAYS_OF_ITSELF.sub(_blank, text)
    return ecosystem, _named(text, ecosystem, patterns)


def _blank(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _named(text: str, ecosystem: str, patterns: tuple[re.Pattern[str], ...]) -> Iterator[Named]:
    for pattern in patterns:
        seen: set[str] = set()
        line = at = 0
        for found in pattern.finditer(text):
            name = ":".join(part for part in found.groups() if part)
            name = normal_name(name) if ecosystem == "pypi" else name
            if name not in seen:
                seen.add(name)
                line, at = line + text.count("\n", at, found.start(1)), found.start(1)
                yield Named(name, line + 1)
