"""What a folder's own files call the product and say of it: README, model card, package.json, pyproject.toml."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from policy_gate.schema.patterns import lazy_pattern

READMES: Final = ("README.md", "Readme.md", "readme.md", "README.rst", "README", "README.txt", "README.markdown")
PACKAGES: Final = ("package.json", "pyproject.toml", "setup.cfg", "Cargo.toml", "composer.json")
_LONGEST_TEXT: Final = 300
_LONGEST_NAME: Final = 80
_HEADING: Final = lazy_pattern(r"^#{1,2}[ \t]+(.{1,300})|<h[12][^>]{0,200}>(.{1,300}?)</h[12]>", re.IGNORECASE)
_UNDERLINED: Final = lazy_pattern(r"^(?:=|-){3,}$")
_MODEL_CARD: Final = lazy_pattern(r"^model card(?:[ \t]*(?::|-|\u2013|\u2014|for\b|of\b))?[ \t]*", re.IGNORECASE)
_NO_NAME: Final = lazy_pattern(
    r"(?:the |a |an )?(?:overview|introduction|readme|table of contents|contents|about|usage"
    r"|(?:quick ?)?(?:start|setup|set up)"
    r"|getting started|environment (?:set ?up|setup)|installation|install|prerequisites|requirements|features"
    r"|description|summary|background|documentation|docs|project|model details|intended use|template"
    r"|model|previews?|screenshots?|demo|status|license|development|instructions|objectives?|untitled|welcome|hello|todo|home|utils?|root)[.!:]?",
    re.IGNORECASE,
)
_LINK: Final = lazy_pattern(r"!?\[((?:[^\[\]]|\[[^\]]{0,200}\]){0,300})\](?:\([^)]{0,500}\)|\[[^\]]{0,100}\])")
_IMAGE: Final = lazy_pattern(r"\[?!\[[^\]]{0,300}\](?:\([^)]{0,500}\)|\[[^\]]{0,100}\])(?:\]\([^)]{0,500}\))?")
_TAG: Final = lazy_pattern(r"<!--.{0,2000}?-->|</?[a-zA-Z][^>]{0,1000}>", re.DOTALL)
_MARKS: Final = lazy_pattern(r"[*`]{1,3}|(?<!\w)_{1,2}(?=\w)|(?<=\w)_{1,2}(?!\w)|\[\^[^\]]{1,20}\]|:[a-z_]{2,30}:")
_DOES_NOT_SAY: Final = lazy_pattern(
    r"^(?:note|warning|tip|important|caution|table of contents|see also|license|copyright|\[|todo\b"
    r"|you can also read\b|read this in\b|we host\b|join (?:us|our)\b|updated? for\b"
    r"|.{0,60}\b(?:supported|sponsored) by\b"
    r"|(?:to )?(?:install|run|download|clone|build|start|working|make sure|please|follow|click|use the|create)\b)",
    re.IGNORECASE,
)
_SENTENCE: Final = lazy_pattern(r"(?<=[a-z)\d][.!?])\s+(?=[A-Z])")


class Seen(NamedTuple):
    """A value, and the file and line that it was seen at."""

    value: str
    place: str


class About(NamedTuple):
    """What a folder says of itself; None where nothing does."""

    name: Seen | None = None
    description: Seen | None = None
    version: Seen | None = None


def about(folder: str, read: Callable[[str], str | None]) -> About:
    """The name and description of what lies in a folder; `read` gives a file's text, None where there is none."""
    found = [_of_readme(path, text) for path, text in _there(folder, READMES, read)]
    found += [_of_package(path, text) for path, text in _there(folder, PACKAGES, read)]
    name = next((it.name for it in found if it.name), None)
    description = next((it.description for it in found if it.description), None)
    return About(name, description, next((it.version for it in found if it.version), None))


def _there(folder: str, names: Iterable[str], read: Callable[[str], str | None]) -> Iterator[tuple[str, str]]:
    for name in names:
        path = f"{folder}/{name}" if folder else name
        text = read(path)
        if text is not None:
            yield path, text


def of_card(path: str, text: str) -> About:
    """The name that a model card gives its system, and its first paragraph."""
    if not path.lower().endswith((".md", ".markdown")):
        found = re.search(r"^[\"']?(?:model_)?name[\"']?\s{0,5}:\s{0,5}[\"']?([^\"'\n#]{1,80})", text, re.MULTILINE)
        return About(Seen(found[1].strip(), f"{path}:{text.count(chr(10), 0, found.start()) + 1}") if found else None)
    said = _of_readme(path, text)
    if said.name is None:
        return said
    name = _MODEL_CARD.sub("", said.name.value).strip()
    is_name = bool(name) and "[" not in name and not _NO_NAME.fullmatch(name)
    return About(said.name._replace(value=name) if is_name else None, said.description)


def readable_name(word: str) -> str:
    """The name of a package, repository or folder as people write it."""
    words = [part for part in re.split(r"[-_.\s]+", word.rpartition("/")[2]) if part]
    said = " ".join(words)
    return f"{said[:1].upper()}{said[1:]}" if said == said.lower() else said


def _of_readme(path: str, text: str) -> About:
    lines = _prose(text)
    name = next(_titles(path, lines), None)
    return About(name, next(_paragraphs(path, lines), None))


def _prose(text: str) -> list[str]:
    """The lines, those of front matter, code and comments empty."""
    text = re.sub(r"<!--.{0,4000}?-->", lambda it: "\n" * it[0].count("\n"), text, flags=re.DOTALL)
    lines, fence = text.split("\n")[:400], ""
    if lines and lines[0].strip() == "---" and "---" in (line.strip() for line in lines[1:]):
        end = next(number for number, line in enumerate(lines[1:], 1) if line.strip() == "---")
        lines[: end + 1] = [""] * (end + 1)
    for number, line in enumerate(lines):
        mark = line.lstrip()[:3]
        if mark in ("```", "~~~") and (not fence or mark == fence):
            fence = "" if fence else mark
            lines[number] = ""
        elif fence:
            lines[number] = ""
    return lines


def _titles(path: str, lines: list[str]) -> Iterator[Seen]:
    """The first heading, where it names something."""
    for number, line in enumerate(lines, 1):
        found = _HEADING.search(line)
        said = (found[1] or found[2]) if found else ""
        if not said and number < len(lines) and line.strip() and _UNDERLINED.match(lines[number].strip()):
            said = line
        if not said:
            continue
        name = _plain(said).strip(" #.:-\u2013\u2014")
        if name and not _NO_NAME.fullmatch(name):
            yield Seen(name[:_LONGEST_NAME].strip(), f"{path}:{number}")
        elif not name:
            continue
        return


def _paragraphs(path: str, lines: list[str]) -> Iterator[Seen]:
    """Paragraphs that say something: no headings, lists, tables, pictures or lines of links."""
    words: list[str] = []
    begin = 0
    for number, line in enumerate([*lines, ""], 1):
        text = line.strip().removeprefix(">").strip()
        plain = _plain(text)
        if plain and not _is_no_prose(text, lines[number] if number < len(lines) else ""):
            begin = begin if words else number
            words.append(plain)
            continue
        said = " ".join(words)
        words = []
        if len(said.split()) >= 4 and not _DOES_NOT_SAY.match(said) and re.search("[a-z]{3}", said):
            yield Seen(_shortened(said.rstrip(":")), f"{path}:{begin}")


def _is_no_prose(text: str, after: str) -> bool:
    if re.match(r"(?:#|[-*+]\s|\d{1,3}[.)]\s|\||\[[^\]]{1,200}\]:|-{3,}|={3,})", text) or _HEADING.search(text):
        return True
    without = _LINK.sub("", _IMAGE.sub("", text))
    return _UNDERLINED.match(after.strip()) is not None or not re.search(r"[a-zA-Z]{3}", _TAG.sub("", without))


def _plain(text: str) -> str:
    """A line as it is read: no pictures, tags or marks, of links the words."""
    text = _TAG.sub("", _IMAGE.sub("", text))
    text = _LINK.sub(lambda found: found[1].strip("[]"), text)
    text = unescape(_MARKS.sub("", text))
    return " ".join("".join(char for char in text if char.isprintable() and ord(char) < 0x2600).split())


def _shortened(text: str) -> str:
    """Its first sentences, not longer than fits a line or two."""
    if len(text) <= _LONGEST_TEXT:
        return text
    kept = ""
    for sentence in _SENTENCE.split(text):
        if kept and len(kept) + len(sentence) >= _LONGEST_TEXT:
            break
        kept = f"{kept} {sentence}".strip()
    return kept if len(kept) <= _LONGEST_TEXT else f"{kept[: _LONGEST_TEXT - 3].rpartition(' ')[0]}..."


def _of_package(path: str, text: str) -> About:
    quoted = PurePosixPath(path).suffix == ".json"
    return About(*(_entry(path, text, key, quoted=quoted) for key in ("name", "description", "version")))


def _entry(path: str, text: str, key: str, *, quoted: bool) -> Seen | None:
    """The first value of a key that stands by itself on its line."""
    pattern = (
        rf'^\s{{0,8}}"{key}"\s*:\s*"([^"\n]{{1,500}})"' if quoted else rf"""^{key}\s*=\s*["']?([^"'\n]{{1,500}})"""
    )
    found = re.search(pattern, text, re.MULTILINE)
    if found is None:
        return None
    value = found[1].strip()
    if key == "version" and not value[:1].isdigit():
        return None
    if key == "name":
        value = readable_name(value)
        if _NO_NAME.fullmatch(value) or value.lower() in ("app", "agent", "frontend", "backend", "server", "web", "x"):
            return None
    return Seen(value[:_LONGEST_TEXT], f"{path}:{text.count(chr(10), 0, found.start(1)) + 1}") if value else None
