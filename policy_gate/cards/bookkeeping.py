"""What labels, keys and columns say about an entry of a card, which is none of what the entry says.

"Description: as discussed" says no more than "as discussed", and a row with its number, owner and severity says nothing
where the rest of it does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from policy_gate.cards.no_answer import is_one_word
from policy_gate.cards.own_words import NAMES
from policy_gate.cards.placeholders import is_placeholder, states_nothing
from policy_gate.cards.text_normal import title_key
from policy_gate.cards.vacuous import says_nothing
from policy_gate.schema.patterns import lazy_pattern

_CARRIERS_TEXT: Final = """
    value|text|description|content|name|title|summary|detail|details|note|notes|comment|comments|statement|answer
    |response|explanation|item|entry|status|url|link|reference|en|de|fr|es|it|pt|nl|beschreibung|hinweis|bemerkung
    |anmerkung|antwort|titel|remarque|réponse|titre|descripción|nota|respuesta|título|descrizione|risposta|titolo
    |descrição|resposta|beschrijving|opmerking|antwoord
    """
_CARRIERS: Final = frozenset(" ".join(it.split()) for it in _CARRIERS_TEXT.split("|"))
"""labels that only announce a value"""
_ABOUT_TEXT: Final = """
    id|no|nr|number|key|severity|priority|likelihood|probability|level|owner|responsible|assignee|reporter|author|date
    |updated|last updated|created|reviewed|reviewed by|last reviewed|approved by|approved on|ticket|issue id
    |schweregrad|priorität|verantwortlich|datum|gravité|priorité|responsable|gravedad|prioridad|fecha|gravità|priorità
    |responsabile|data|gravidade|prioridade|responsável|ernst|prioriteit|verantwoordelijke
    """
_ABOUT: Final = frozenset(" ".join(it.split()) for it in _ABOUT_TEXT.split("|"))
"""labels of what is recorded about a limit, risk or measure: by whom, when, how grave; not what it is"""
_RECORDED: Final = 2
"""words that such a label is followed by at most; whoever writes more may say something of the entry"""
_MARK: Final = lazy_pattern(r"^\s*(?:[-*+]\s+)?(?:\[[ xX]\]\s*)?(?:[A-Z]{0,2}\d{1,2}[.)]\s+)?")
_LABEL: Final = lazy_pattern(r"^[*_`\s]*([^\W\d_][^:\n]{0,40}?)[*_`\s]*[:：][*_`\s]*(?=\S)")
_JOINED: Final = lazy_pattern(r"\s*;\s+|\s+[-–—]\s+")
_COUNTED: Final = lazy_pattern(r"[A-Za-z]{0,2}[-_#.]?\d{1,3}[a-z]?")
_LEVEL: Final = lazy_pattern(
    r"(?:very )?(?:high|low|medium|moderate|critical|minor|major|hoch|mittel|niedrig|gering|élevée?|moyenne?|faible"
    r"|alt[oa]|medi[oa]|baj[oa]|bass[oa]|baix[oa]|médi[oa]|hoog|laag|open|closed|draft|final|done|team|ml team)",
    re.IGNORECASE,
)
"""how grave an entry is, or how far, which says nothing of what it is"""


def without_labels(text: str, field: str) -> str:
    """The lines of a field's text as what they say, less labels that announce it and what is only recorded about it.

    Parts of a line that a dash or semicolon joins stand alone, as no line says less than each of its parts.
    """
    return "\n".join(_said(line, field) for line in _JOINED.sub("\n", text).split("\n"))


def _said(line: str, field: str) -> str:
    line, was_announced = _MARK.sub("", line), False
    while found := _LABEL.match(line):
        name = title_key(found[1])
        if field in NAMES and name in _ABOUT and len(line[found.end() :].split()) <= _RECORDED:
            return ""
        if name not in _CARRIERS and not says_nothing(found[1], field):
            return line
        line, was_announced = line[found.end() :], True
    is_level = was_announced and field in NAMES and _LEVEL.fullmatch(line.strip(" .")) is not None
    return "" if is_level or is_one_word(line) else line


def row_says_nothing(headers: Sequence[str], cells: Sequence[str], field: str) -> bool:
    """Whether no cell of a row says anything of a limit, risk or measure."""
    if field not in NAMES:
        return False
    names = headers if len(headers) == len(cells) else ("",) * len(cells)
    return all(_cell_says_nothing(name, cell, field) for name, cell in zip(names, cells, strict=True))


def _cell_says_nothing(header: str, cell: str, field: str) -> bool:
    if title_key(header) in _ABOUT or is_placeholder(cell) or is_one_word(cell) or _LEVEL.fullmatch(cell):
        return True
    is_counted = _COUNTED.fullmatch(cell) is not None and (not title_key(header) or says_nothing(header, field))
    return is_counted or states_nothing(cell, of_field=field)
