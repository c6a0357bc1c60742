"""What a document says of its own standing: a draft, or withdrawn, whatever the manifest calls it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from policy_gate.cards.text_normal import visible
from policy_gate.schema.patterns import lazy_pattern

_HEAD: Final = 40
"""lines, at most, before the first section, in which a document speaks of itself"""
_LONGEST: Final = 300
"""characters of a line that is no more than a word on the document"""
_DRAFT: Final = (
    r"draft|wip|work in progress|in progress|in review|under review|in preparation|preliminary|unfinished|incomplete"
    r"|unreviewed|unapproved|awaiting (?:review|approval)|pending(?: review| approval)?|to be reviewed"
    r"|not (?:yet )?(?:final|finished|complete|reviewed|approved|valid)|entwurf|in arbeit|in bearbeitung|brouillon"
    r"|projet|borrador|rascunho|minuta|bozza|черновик|草稿|下書き|초안"
)
_VOID: Final = (
    r"withdrawn|superseded|superceded|obsolete|outdated|retracted|revoked|rescinded|rejected|void|invalid|cancell?ed"
    r"|do not use|zurückgezogen|veraltet|ungültig|abgelehnt|retirée?|obsolète|rejetée?"
    r"|retirado|obsoleto|rechazado|rejeitado|已撤回|已作废|撤回|廃止"
)
_STATUS: Final = lazy_pattern(
    r"\W*(?:(?:document|report|paper|approval|review|version|current) )?(?:status|state|zustand|statut|estado)"
    r"(?:\W*[:：|=]|\s+[-–—]\s)\W*(?P<said>.+)\Z",
    re.IGNORECASE,
)
_AT_ONCE: Final = lazy_pattern(
    rf"(?:(?:still|now|only|just) ){{0,2}}(?:an? )?(?:(?P<draft>{_DRAFT})|(?P<void>{_VOID}))(?!\w)", re.IGNORECASE
)
_SETTLED: Final = lazy_pattern(
    r"\b(?:approved|final|released|signed|adopted|freigegeben|genehmigt|approuvé|aprobado)\b"
)
_NOTHING: Final = (
    r"(?:nothing|none|nobody|nil|null|no|n/?a|not applicable|tbd|[-–—]+"
    r"|no (?:one|other|later|newer|further|document|version)\b.{0,60})"
)
_IS_NOTHING: Final = lazy_pattern(rf"\W*(?:{_NOTHING}\W*)?\Z", re.IGNORECASE)
_BY_NOTHING: Final = lazy_pattern(rf"\W*by\W+{_NOTHING}\W*\Z", re.IGNORECASE)
"""what stands behind "superseded" where nothing took the document's place"""
_SUCCESSOR: Final = lazy_pattern(
    r"\W*(?:superseded|superceded|replaced|obsoleted)[ _-]by(?:\W*[:：|=]|\s+[-–—]\s)(?P<said>.*)\Z", re.IGNORECASE
)
_NEWER_KEYS: Final = ("superseded by", "replaced by", "obsoleted by")
_STATUS_KEYS: Final = ("status", "state", "document status", "review status", "approval status", "doc status")
_DRAFT_KEYS: Final = ("draft", "is draft", "wip", "preliminary", "unfinished")
_VOID_KEYS: Final = ("superseded", "withdrawn", "obsolete", "retracted", "revoked", "void", "cancelled", "canceled")
_FINAL_KEYS: Final = ("final", "approved", "reviewed", "is final", "complete", "completed review")
_OF_ITSELF: Final = lazy_pattern(
    r"\W*(?:this|the) (?:[\w-]+ ){0,3}?(?:document|report|assessment|paper|plan|review|analysis|version|procedure"
    r"|notice|evaluation|playbook|runbook|checklist|statement) (?:is|has been) (?:(?:now|still|only|just|hereby) ){0,2}"
    rf"(?:a |an )?(?:mere )?(?:(?P<draft>{_DRAFT})|(?P<void>{_VOID}))"
    r"(?=\W*\Z|\s*[.,;:!*_]|\s+(?:and|by|on|since|because|version)\b)",
    re.IGNORECASE,
)
_BANNER: Final = lazy_pattern(
    rf"\W*(?:(?P<draft>{_DRAFT})|(?P<void>{_VOID}))(?:\W+(?:version|v?\d[\d.-]*|do not \w+|not for use|only"
    r"|for (?:review|comments?)|confidential|internal))*\W*\Z",
    re.IGNORECASE,
)
_IN_TITLE: Final = lazy_pattern(
    rf"#\s.*[(\[]\W*(?:(?P<draft>{_DRAFT})|(?P<void>{_VOID}))\W*[)\]]\W*\Z"
    rf"|#\s+(?:(?P<first>draft|entwurf)|(?P<gone>{_VOID}))\s*[:–—-]\s",
    re.IGNORECASE,
)


class Standing(NamedTuple):
    """How a document says that it does not stand: the words, their line, and whether it ever did."""

    line: int
    said: str
    is_void: bool


def standing_of(body: str, first_line: int, data: Any) -> Standing | None:
    """What the head of a document, or its data, says against it; None where it says nothing of the kind.

    `data` is that of a document in YAML or JSON, or a text's front matter.
    """
    for key, value in data.items() if isinstance(data, Mapping) else ():
        is_void = _of_key(re.sub(r"[\s_-]+", " ", str(key)).strip().casefold(), value)
        if is_void is not None:
            return Standing(1, f"{key}: {_written(value)[:60]}", is_void)
    for line, text in _head(body):
        is_void = _of_line(text)
        if is_void is not None:
            return Standing(first_line + line, text.strip(" *_#>")[:80], is_void)
    return None


def _written(value: Any) -> str:
    text = str(getattr(value, "text", value)).strip()
    return text.casefold() if isinstance(value, bool) else text


def _of_key(key: str, value: Any) -> bool | None:
    """Whether a key of a document's data says that it is void, or that it is a draft (False); None for neither."""
    if isinstance(value, list):  # of documents that took its place
        return True if key in _NEWER_KEYS and any(_of_key(key, it) for it in value) else None
    text = _written(value).casefold()
    if isinstance(value, Mapping) or len(text) > _LONGEST:
        return None
    if key in _STATUS_KEYS:
        return _of_status(text)
    says_yes = text in ("true", "yes")
    if key in _NEWER_KEYS:
        return None if value in (None, False) or _IS_NOTHING.match(text) else True
    if key in _VOID_KEYS:
        return True if says_yes or re.match(r"(?:since |on )?\d{4}-\d\d-\d\d", text) else None
    if (key in _DRAFT_KEYS and says_yes) or (key in _FINAL_KEYS and text in ("false", "no")):
        return False
    return None


def _head(body: str) -> Iterator[tuple[int, str]]:
    before = ""
    for line, text in enumerate(visible(body).split("\n", _HEAD)[:_HEAD]):
        plain = text.strip()
        if plain.startswith("##") or (before and plain and not plain.strip("-")):
            return
        before = plain
        if len(plain) <= _LONGEST:
            yield line, plain


def _of_line(text: str) -> bool | None:
    """Whether a line says that the document is void, or that it is a draft (False); None where it says neither."""
    plain = re.sub(r"[*_`]+", "", text)
    newer = _SUCCESSOR.match(plain)
    if newer:
        return None if _IS_NOTHING.match(newer["said"]) else True
    status = _STATUS.match(plain)
    if status:
        return _of_status(status["said"])
    found = _OF_ITSELF.match(plain) or _BANNER.fullmatch(plain) or _IN_TITLE.match(plain)
    if found is None or _BY_NOTHING.match(plain, found.end()):
        return None
    parts = found.groupdict()
    return bool(parts["void"] or parts.get("gone"))


def _of_status(said: str) -> bool | None:
    plain = said.strip(" *_`|\"'")
    found = _AT_ONCE.match(plain)
    if found is None or _SETTLED.search(plain.casefold(), found.end()) or _BY_NOTHING.match(plain, found.end()):
        return None
    return found["void"] is not None
