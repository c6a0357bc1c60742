"""Remarks of markup languages beside Markdown, which a reader of the rendered document is not shown.

The lines of a document stay where they are, so that findings name the right ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from policy_gate.schema.patterns import lazy_pattern

_DIRECTIVE: Final = lazy_pattern(r"([A-Za-z][\w:+.-]*?)::(?:\s|\Z)")
_SHOWN_DIRECTIVES_TEXT: Final = """
    admonition attention caution code code-block compound csv-table danger deprecated epigraph error figure glossary
    hint highlights important list-table literalinclude note parsed-literal pull-quote rubric seealso sidebar
    sourcecode table tip topic versionadded versionchanged warning
    """
_SHOWN_DIRECTIVES: Final = frozenset(_SHOWN_DIRECTIVES_TEXT.split())
_CITED: Final = lazy_pattern(r"\[[^\]\s]+\]\s")
_OPTION: Final = lazy_pattern(r"\s+:[\w-]+:")
_ASCIIDOC_ATTRIBUTE: Final = lazy_pattern(r":!?\w[\w-]*!?:(?:\s|\Z)")
_ASCIIDOC_CONDITION: Final = lazy_pattern(r"(ifdef|ifndef|ifeval|endif)::\S*\[(.*)\]\s*\Z")
_TEX_COMMENT: Final = lazy_pattern(r"(?<!\\)((?:\\\\)*)%.*")
_TEX_HIDDEN: Final = lazy_pattern(
    r"\\begin\{comment\}.*?(?:\\end\{comment\}|\Z)|\\iffalse\b.*?(?:\\fi\b|\Z)|\\end\{document\}.*\Z"
    r"|\\(?:[hv]?phantom|textcolor\{white\}|sout|st|xout)\s*\{[^{}]*\}|\{\s*\\color\{white\}[^{}]*\}",
    re.DOTALL,
)
_ORG_DRAWER: Final = lazy_pattern(r":\w[\w-]*:\s*\Z")
_ORG_SHOWN: Final = lazy_pattern(r"#\+(?:title|subtitle|caption|author|date):", re.IGNORECASE)
_ORG_HIDDEN: Final = lazy_pattern(r"(\*+)\s+(?:(?:TODO|DONE)\s+)?COMMENT\b")
_MDX_REMARK: Final = lazy_pattern(r"\{\s*/\*.*?(?:\*/\s*\}|\Z)", re.DOTALL)


def without_remarks(path: str, text: str) -> str:
    """The text of a document without what its format, told by the path's ending, keeps from the reader."""
    read = _FORMATS.get(path.casefold().rpartition(".")[2])
    return read(text) if read else text


def _kept(lines: Sequence[str], shown: Iterator[bool]) -> str:
    return "\n".join(line if is_shown else "" for line, is_shown in zip(lines, shown, strict=True))


def _blanked(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _rst(text: str) -> str:
    """reStructuredText: `..` begins a remark, or a directive that may print what stands in it."""
    lines = text.split("\n")
    return _kept(lines, _rst_shown(lines))


def _rst_shown(lines: Sequence[str]) -> Iterator[bool]:
    below: int | None = None
    in_head = False
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if below is not None and line.strip() and indent <= below:
            below = None
        if below is not None:
            yield False
            continue
        plain = line.strip()
        in_head = in_head and bool(_OPTION.match(line))
        if plain == ".." or plain.startswith(".. "):
            in_head = _prints(plain[2:].strip())
            below = None if in_head else indent
            yield in_head
        else:
            yield not in_head


def _prints(markup: str) -> bool:
    """Whether explicit markup is a footnote, or a directive that prints its text."""
    found = _DIRECTIVE.match(markup)
    return bool(_CITED.match(markup)) or bool(found and found[1].casefold() in _SHOWN_DIRECTIVES)


def _asciidoc(text: str) -> str:
    """AsciiDoc: `//` lines and `////` blocks, attributes, `[comment]` paragraphs, and text under a condition."""
    lines = text.split("\n")
    return _kept(lines, _asciidoc_shown(lines))


def _asciidoc_shown(lines: Sequence[str]) -> Iterator[bool]:
    fence, paragraph, conditions = "", False, 0
    for line in lines:
        plain = line.rstrip()
        if fence:
            fence = "" if plain == fence else fence
            yield False
            continue
        condition = _ASCIIDOC_CONDITION.match(plain)
        if condition:
            is_block = not condition[2] or condition[1] == "ifeval"
            conditions = max(conditions + (-1 if condition[1] == "endif" else int(is_block)), 0)
        is_block_end = re.fullmatch(r"/{4,}", plain)
        fence = plain if is_block_end else "--" if paragraph and plain == "--" else ""
        paragraph = bool(re.match(r"\[comment\b", plain)) or (paragraph and bool(plain) and not fence)
        is_remark = bool(re.match(r"//(?!/)", plain) or _ASCIIDOC_ATTRIBUTE.match(plain) or condition)
        yield not (fence or paragraph or conditions or is_remark)


def _tex(text: str) -> str:
    """TeX: what follows `%`, what is skipped, invisible or struck."""
    return _TEX_HIDDEN.sub(_blanked, _TEX_COMMENT.sub(r"\1", text))


def _org(text: str) -> str:
    """Org: lines that begin with `#`, keywords, comment blocks, drawers, and `COMMENT` trees."""
    lines = text.split("\n")
    return _kept(lines, _org_shown(lines))


def _org_shown(lines: Sequence[str]) -> Iterator[bool]:
    until: str | None = None
    tree = 0
    for line in lines:
        plain = line.strip().casefold()
        if until is not None:
            until = None if plain == until else until
            yield False
            continue
        stars = len(line) - len(line.lstrip("*"))
        if 0 < stars <= tree and line[stars : stars + 1] == " ":
            tree = 0
        hidden = _ORG_HIDDEN.match(line)
        tree = len(hidden[1]) if hidden and not tree else tree
        if plain.startswith("#+begin_comment"):
            until = "#+end_comment"
        elif _ORG_DRAWER.match(plain) and plain != ":end:":
            until = ":end:"
        is_remark = re.match(r"#(?:\s|\Z)", plain) or (plain.startswith("#+") and not _ORG_SHOWN.match(plain))
        yield not (until or tree or is_remark)


def _mdx(text: str) -> str:
    return _MDX_REMARK.sub(_blanked, text)


_FORMATS: Final[dict[str, Callable[[str], str]]] = {
    **dict.fromkeys(("rst", "rest"), _rst),
    **dict.fromkeys(("adoc", "asciidoc", "asc"), _asciidoc),
    **dict.fromkeys(("tex", "latex", "ltx"), _tex),
    "org": _org,
    "mdx": _mdx,
}
