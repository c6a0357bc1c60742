"""What a heading, an introduction or a quotation makes of the text it stands over: in force, or set aside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from policy_gate.cards.text_normal import SENTENCE_END, holds_any, lower_as_matched
from policy_gate.schema.patterns import lazy_pattern

if TYPE_CHECKING:
    from policy_gate.cards.piece import Piece

_STRONG: Final = (
    r"withdrawn|obsolete|superseded|superceded|retracted|revoked|rescinded|repealed|outdated|deprecated|discarded"
    r"|abandoned|defunct|expired|lapsed|void|invalid|archived|struck|dropped|replaced|overruled|disregard(?:ed)?|ignored?"
    r"|stale|retired|zurückgezogen|veraltet|überholt|aufgehoben|ungültig|obsolète|retirée?s?|périmée?s?|obsoletos?"
    r"|obsoletas?|retirad[oa]s?|sustituid[oa]s?|已撤回|已废弃|已作废|已过时|廃止|撤回"
)
"""one of these alone sets aside what stands below"""
_WEAK: Final = (
    r"old|older|former|formerly|previous|earlier|past|historic|historical|resolved|fixed|closed|lifted|removed"
)
_SAMPLES: Final = r"(?:template|sample|example)(?: (?:text|only|section|document|wording|answer))?|(?:for )?example"
_NEGATED: Final = (
    r"no longer|not any ?more|not any longer|any ?more|any longer|no more|never (?:held|applied|was|were)|used to"
    r"|not (?:true|valid|current|in force|binding|applicable)|untrue|false"
)
_BY_WHOM: Final = r"(?: (?:by|since|on|in|as of|per|at) (?:us\b|the (?:board|committee|team|authors?|review)|\S*\d).*)?"
_FOR_SHOW: Final = r" (?:only )?(?:for|to (?:please|pass|fill|fool)) (?:the )?(?:gate|check|ci|policy|review)\b.*"
_PARTS: Final = r"(?:texts?|sections?|contents?|words?|wording|documents?|answers?|paragraphs?)"
_NO_PART: Final = (
    rf"(?:rejected|cancell?ed|nullified|annulled|scrapped|voided|null and void|unused){_BY_WHOM}"
    r"|not (?:yet )?(?:done|used|performed|carried out|conducted|in use|part of (?:this|the) \w+)(?: yet)?"
    r"|(?:please )?(?:ignore|disregard|skip|do(?: not|n['’]t) read)(?: (?:this|the|all|what|everything))?"
    r"(?: (?:part|section|text|chapter|paragraph|follows|below))*"
    rf"|(?:dummy|filler|placeholder|nonsense|lorem ipsum)(?: {_PARTS})?(?:{_FOR_SHOW})?"
    rf"|(?:fake|made[ -]up|invented|fictional|fictitious|bogus|mock|fiction|scratch ?pad|padding)(?:{_FOR_SHOW})?"
    rf"|(?:fake|made[ -]up|invented|test)? ?{_PARTS}{_FOR_SHOW}"
)
"""headings that say of themselves that what stands below is no part of the document; no introduction is read so"""
_FILLER_TEXT: Final = """
    the a an these those this that which what all any of in for to and or on with as is are was were be been
    being have has had do does did not it its they them apply applies applied hold holds held true valid force
    current stand stands binding relevant count counts known intended prohibited out scope limit limits
    limitation limitations restriction restrictions use uses bias biases purpose purposes section sections text
    content contents statement statements rule rules prohibition prohibitions note notes caveat caveats point
    points item items failure mode modes document draft part parts paragraph paragraphs wording list lists below
    following
    """
_FILLER: Final = frozenset(_FILLER_TEXT.split())
"""words for parts of a document: with these about it, a mark speaks of the text and not of what the text is about"""
_MARK: Final = lazy_pattern(
    rf"\b(?:{_STRONG})\b|(?:已撤回|已废弃|已作废|已过时|廃止)|\b(?:{_NEGATED})\b", re.IGNORECASE
)
_WEAK_MARK: Final = lazy_pattern(rf"\b(?:{_WEAK})\b", re.IGNORECASE)
_ALONE: Final = lazy_pattern(
    rf"(?:now |since |long |since then )?(?:{_STRONG})(?: (?:by|since|on|in|as|from|with|per|\d).*)?|{_SAMPLES}",
    re.IGNORECASE,
)
_ALONE_SAMPLE: Final = lazy_pattern(_SAMPLES, re.IGNORECASE)
_NO_PART_ALONE: Final = lazy_pattern(_NO_PART, re.IGNORECASE)
_NAMES_USES: Final = lazy_pattern(r"\b(?:not (?:valid|applicable)|invalid|void) for\W*\Z", re.IGNORECASE)
"""above a list of what it is not valid for"""
_SEGMENTS: Final = lazy_pattern(r"[()\[\]{}|:;,/]+|\s[-–—]+\s|[–—]")

_LIMIT: Final = r"(?:limit(?:ation)?s?|restrictions?|uses?|bias(?:es)?|prohibitions?|caveats?|failure modes?|warnings?)"
_NOUN: Final = (
    rf"(?:{_LIMIT}|points?|items?|statements?|sections?|chapters?|text|rules?|risks?|bullets?|lists?|entries|paragraphs?"
    r"|pages?|ones|things|concerns|claims?|wording|notes?|content|assertions?|findings?|results?|conditions?|documents?"
    r"|parts?|reports?|known|intended|prohibited|stated|listed|all|of|it|them|these|that|which|and|has|have|been|in)"
)
_VERB: Final = (
    r"(?:no longer|(?:do|does|did) not|(?:is|are|was|were) not|don['’]t|doesn['’]t|(?:is|are)n['’]t|never|used to|once)"
    r"(?: any ?more| longer| really| in fact)? ?(?:be |to )?"
    r"(?:apply|applies|applied|hold|holds|held|true|valid|in force|current|stand|stands|correct|count|binding|relevant"
    r"|the case|applicable|limits?|restrictions?)"
)
_WAS: Final = (
    r"(?:(?:is|are|was|were|be|been|being|now|hereby|considered|regarded as|marked|as)\s+){1,3}(?:all |since |long )?"
)
_BY_NONE: Final = r"\s+by\s+(?:nothing|none|nobody|no\s+(?:one|other|later|newer|further|document|version))\b"
_ENDED: Final = rf"(?:{_VERB}|{_WAS}(?:{_STRONG}|wrong|false|untrue|history)\b(?!\s+(?:if|unless|should)\b|{_BY_NONE}))"
"""what is to end on a condition, or by nothing, holds until then"""
_LIFTED: Final = rf"{_WAS}(?:lifted|removed|resolved|fixed|solved|mended|overcome|addressed|gone)\b"
"""what may well be said of a finding, and takes a limit away"""
_BELOW: Final = r"(?:following|below|what follows|here(?:under)?|next)"
_ABOVE: Final = r"(?:above|foregoing|preceding|aforementioned)"
_WHOLE: Final = (
    r"(?:^\W*(?:(?:all|none|everything|nothing|the rest)(?: of| in)? )?(?:this|the) (?:whole |entire )?"
    r"(?:section|chapter|part|list|text|document|page|paragraph|report|assessment)"
    r"|\beverything (?:here|below|that follows))"
)


_MAY_END: Final = lazy_pattern(
    r"no longer|not|n['’]t|never|used to|once|wrong|false|untrue|history|lifted|removed|resolved|fixed|solved|mended"
    r"|overcome|addressed|gone",
    re.IGNORECASE,
)
"""one of these, or a mark, is in all that is said to hold no more"""


class _Ends:
    """Sentences that say of one part of the text that it holds no more.

    Few name that part and hold a word that could end it, and whether one does is quickly told.
    """

    def __init__(self, subject: str) -> None:
        about = rf"\b{subject}\b" if subject != _WHOLE else subject
        next_word = (
            rf"\s+(?:{_NOUN}|no|do|did|is|are|was|were|never|used|once|be|now|hereby|considered|regarded|marked|as)"
        )
        limits = rf"(?:{_NOUN}\s+){{0,3}}{_LIMIT}\s+(?:{_NOUN}\s+){{0,2}}{_LIFTED}"
        self._about = lazy_pattern(about + next_word, re.IGNORECASE)
        self._said = lazy_pattern(
            rf"{about}\s+(?:(?:{_NOUN}\s+){{0,4}}{_ENDED}|{limits})"
            rf"|{_LIMIT}\s+{about}\s+(?:{_NOUN}\s+){{0,2}}(?:{_ENDED}|{_LIFTED})",
            re.IGNORECASE,
        )

    def said_in(self, sentence: str) -> bool:
        may_end = self._about.search(sentence) and (_MARK.search(sentence) or _MAY_END.search(sentence))
        return bool(may_end and self._said.search(sentence))


_ENDS_BELOW: Final = _Ends(_BELOW)
_ENDS_ABOVE: Final = _Ends(_ABOVE)
_ENDS_SECTION: Final = _Ends(_WHOLE)
_NAMES_WHOLE: Final = lazy_pattern(r"\W*(?:this|the|all|none|nothing)\b|.*everything", re.IGNORECASE | re.DOTALL)
"""a sentence about the whole section begins so, or holds this word"""
_NAMES_BELOW: Final = lazy_pattern(r"following|follows|below", re.IGNORECASE)
_FORGET: Final = lazy_pattern(r"forget", re.IGNORECASE)
"""what `_TAKES_BACK` finds names what is below, and holds a mark or this"""
_TAKES_BACK: Final = lazy_pattern(
    rf"\b(?:no longer (?:stand by|hold|claim|say|see|apply|believe in?)|(?:{_STRONG})|forget)\s+(?:\w+\s+){{0,2}}"
    rf"(?:the |what )?(?:following|follows|below)(?:\s+{_NOUN}){{0,3}}\s*$",
    re.IGNORECASE,
)
_SAYS_NONE: Final = lazy_pattern(r"\bnone of ", re.IGNORECASE)
_NONE_OF: Final = lazy_pattern(
    rf"\bnone of (?:the |these |this )?(?:{_BELOW}|{_ABOVE}|{_NOUN})(?:\s+{_NOUN}){{0,3}}\s+"
    r"(?:is|are|holds?|appl(?:y|ies)|was|were)"
    r"(?: (?:true|valid|in force|the case|current))?(?: any ?more| any longer| now| today)?\s*[.:]?$",
    re.IGNORECASE,
)
_SIGNS_TEXT: Final = """
    not n't n’t used once none withdrawn obsol superseded superceded retracted revoked rescinded repealed outdated
    deprecated discarded abandoned defunct expired lapsed void invalid archived struck dropped replaced overruled
    disregard ignore stale retir zurückgezogen veraltet überholt aufgehoben ungültig périm sustituid 撤回 已废弃
    已作废 已过时 廃止 never longer wrong false untrue history lifted removed resolved fixed solved mended overcome
    addressed gone forget
    """
_SIGNS: Final = tuple(_SIGNS_TEXT.split())
"""one of these, in lower case, is in every sentence that `_ENDS_*`, `_TAKES_BACK` or `_NONE_OF` finds"""
_SIGNS_OF_MARKS_TEXT: Final = "more old former previous earlier past histor closed ample templ"
_SIGNS_OF_MARKS: Final = (*_SIGNS, *_SIGNS_OF_MARKS_TEXT.split())
_SIGNS_OF_NO_PART_TEXT: Final = """
    to for not read made reject cancel null annul scrap void unused n't n’t ignore disregard skip dummy filler
    placeholder nonsense lorem fake invented fict bogus mock scratch padding
    """
_SIGNS_OF_NO_PART: Final = tuple(_SIGNS_OF_NO_PART_TEXT.split())
_LEVELS: Final = 6
"""of real headings; labels stand below them"""
_SHORT: Final = 30
"""words that an introduction has at most"""
_SAID: Final = lazy_pattern(
    r"\b(?:said|says?|wr[oi]tes?|written by|stated?|states|claim(?:s|ed)?|according to|quot(?:e[sd]?|ing|ation)"
    r"|reads|puts? it|words of|(?:taken|copied|cited|excerpt|extract|adapted) from|cit(?:es|ing)|argue[sd]?|wants"
    r"|(?:template|example|guidance|sample)\b[^.]*)\b",
    re.IGNORECASE,
)
_OWN_OR_VENDOR: Final = lazy_pattern(
    r"\b(?:vendor|supplier|provider|manufacturer|licensor|we|our team|i)\b", re.IGNORECASE
)
_SIGNED: Final = lazy_pattern(r"(?:^|\n)\s*(?:—|–|--|―)\s*\S[^\n]{0,80}\Z")
_ALERT: Final = lazy_pattern(r"\A\s*\[!(?:note|tip|important|warning|caution)\]", re.IGNORECASE)
_TURNS: Final = lazy_pattern(
    r"\b(?:no|not|never|none|nothing|neither|nor|longer|false|untrue|wrong|former(?:ly)?|previous(?:ly)?|past|once|old|older"
    r"|earlier|until|before|was|were|had|been|used|ignore|disregard|lifted|removed|resolved|fixed|solved|void|claimed|alleged"
    r"|said|supposed(?:ly)?|so-called|hypothetical(?:ly)?|overcome|addressed|mitigated|history|historical)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def is_set_aside(title: str) -> bool:
    """Whether a heading or summary says that what it stands over is withdrawn, or an example of somebody else's."""
    if not _may_be_marked(title):
        return False
    plain = " ".join(re.sub(r"[*_`~#\"'“”]", " ", title).split())
    if not plain or len(plain) > 200 or _NAMES_USES.search(plain):
        return False
    segments = [segment.strip(" .!") for segment in _SEGMENTS.split(plain)]
    marked = _MARK.search(plain)
    # What sets aside alone is a mark itself, or names a sample.
    alone = _ALONE if marked else _ALONE_SAMPLE
    if any(alone.fullmatch(segment) for segment in segments if segment):
        return True
    weak = _WEAK_MARK.search(plain)
    if not marked and not weak:
        return False
    rest = re.findall(r"[^\W\d_]+", _WEAK_MARK.sub(" ", _MARK.sub(" ", plain)).casefold())
    if marked:
        return all(word in _FILLER for word in rest)
    return bool(set(rest) & _FILLER - {"the", "of", "in", "and", "use", "uses"}) and all(
        word in _FILLER for word in rest
    )


@lru_cache(maxsize=4096)
def is_no_part(title: str) -> bool:
    """Whether a heading or summary says that what it stands over was rejected, not done, or is no real text.

    It says so alone: "Rejected" or "Dummy text", and not "Rejected applicants".
    """
    if not _may_be_no_part(title):
        return False
    plain = " ".join(re.sub(r"[*_`~#\"'“”]", " ", title).split())
    if not plain or len(plain) > 200 or _NAMES_USES.search(plain):
        return False
    segments = (re.sub(r"^[\W\d_]+|[\W_]+$", "", segment) for segment in _SEGMENTS.split(plain))
    return any(_NO_PART_ALONE.fullmatch(segment) for segment in segments if segment)


def turns_meaning(introduction: str) -> bool:
    """Whether an introducing sentence may turn what it introduces into its opposite, or into the past."""
    return bool(_TURNS.search(introduction))


def in_force(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces without those that a heading, an introduction, or a later word sets aside, or that others said."""
    section: list[Piece] = []
    below = 0
    for piece in pieces:
        if piece.kind != "heading":
            section.append(piece)
            continue
        yield from _of_section(section, hidden=below > 0)
        closes = _withdraws_section(section)
        section = []
        if below and piece.level > below:
            continue
        below = closes if closes and piece.level > closes else 0
        if below:
            continue
        yield piece
        if is_set_aside(piece.text) or (piece.level <= _LEVELS and is_no_part(piece.text)):
            below = piece.level
        section = [piece]
    yield from _of_section(section, hidden=below > 0)


def _withdraws_section(section: list[Piece]) -> int:
    """The level of the section's heading where the section as a whole says of itself that it does not hold."""
    if not section or section[0].kind != "heading":
        return 0
    return section[0].level if any(_says_section(piece.text) for piece in section[1:]) else 0


@lru_cache(maxsize=1024)
def _says_section(text: str) -> bool:
    if not _may_set_aside(text):
        return False
    return any(_NAMES_WHOLE.match(it) and _ENDS_SECTION.said_in(it) for it in _sentences(text))


def _sentences(text: str) -> list[str]:
    """The sentences that are short enough to be about the text around them."""
    return [sentence for sentence in SENTENCE_END.split(text) if len(sentence.split()) <= _SHORT]


def _of_section(section: list[Piece], *, hidden: bool) -> Iterator[Piece]:
    """The pieces of one section that count; its heading is with whoever calls."""
    if hidden:
        return
    pieces = section[1:] if section and section[0].kind == "heading" else section
    if not pieces or _says_whole(pieces):
        return
    gone_block, gone_depth, gone_quote = -1, 0, -1
    ends = {piece.block: piece.text for piece in pieces if piece.quoted}
    signed = {block for block, text in ends.items() if _SIGNED.search(text)}
    kept: list[Piece] = []
    for position, piece in enumerate(pieces):
        is_gone = piece.block == gone_block and piece.depth >= gone_depth
        if is_gone or (piece.quoted and (piece.block == gone_quote or piece.block in signed)):
            continue
        text = piece.text
        if piece.kind in ("text", "item"):
            if _refers_back(text):
                kept.clear()
            cut = _introduced_at(text)
            if cut is not None:
                deeper = next((it for it in pieces[position + 1 : position + 2] if it.block == piece.block), None)
                if deeper is not None:
                    gone_block, gone_depth = piece.block, piece.depth + (1 if deeper.depth > piece.depth else 0)
                elif not text[cut:].strip():
                    gone_block, gone_depth = piece.block + 1, 0
                text = text[:cut]
            elif _quotes_another(text):
                gone_quote = piece.block + 1
        kept.append(piece if text == piece.text else piece.with_text(text))
    yield from kept


def _says_whole(pieces: list[Piece]) -> bool:
    return any(_says_section(piece.text) for piece in pieces if piece.kind in ("text", "item"))


def _introduced_at(text: str) -> int | None:
    """Where in a text that introduces what does not hold the introduced begins; None where it introduces nothing so."""
    may_end = _may_set_aside(text)
    if not may_end and not (holds_any(text, ":：") and _may_be_marked(text)):
        return None
    for found in re.finditer(r"[^.!?\n]+(?:[.!?](?=\s|\Z)|\n|\Z)", text):
        colon = re.search(r"[:：]", found[0])
        lead = found[0][: colon.start()] if colon else found[0].strip(" .!\n")
        if len(lead.split()) > _SHORT:
            continue
        is_about_text = bool(colon) and is_set_aside(lead) and not _ALONE_SAMPLE.fullmatch(lead.strip())
        is_ended = may_end and (_ENDS_BELOW.said_in(lead) or _takes_back(lead) or _is_none_of(lead, _BELOW))
        if is_about_text or is_ended:
            return found.start() + (colon.end() if colon else len(found[0]))
    return None


def _refers_back(text: str) -> bool:
    if not _may_set_aside(text):
        return False
    return any(_ENDS_ABOVE.said_in(sentence) or _is_none_of(sentence, _ABOVE) for sentence in _sentences(text))


def _takes_back(sentence: str) -> bool:
    may = _NAMES_BELOW.search(sentence) and (_MARK.search(sentence) or _FORGET.search(sentence))
    return bool(may and _TAKES_BACK.search(sentence))


@lru_cache(maxsize=1024)
def _may_set_aside(text: str) -> bool:
    """False where a text surely holds nothing that sets aside what stands above, below or around it.

    All patterns that say so want one of `_SIGNS`, and they are slow to look for.
    """
    return holds_any(lower_as_matched(text), _SIGNS)


def _may_be_marked(text: str) -> bool:
    """False where a text surely holds nothing of `_MARK`, `_WEAK_MARK` or `_ALONE_SAMPLE`."""
    return holds_any(lower_as_matched(text), _SIGNS_OF_MARKS)


def _may_be_no_part(text: str) -> bool:
    """False where a text surely holds nothing of `_NO_PART_ALONE`."""
    return holds_any(lower_as_matched(text), _SIGNS_OF_NO_PART)


def _is_none_of(sentence: str, place: str) -> bool:
    found = _NONE_OF.search(sentence.strip()) if _SAYS_NONE.search(sentence) else None
    return bool(found) and bool(re.search(rf"\b{place}\b", found[0] if found else "", re.IGNORECASE))


def _quotes_another(text: str) -> bool:
    """Whether a paragraph hands the word to somebody else in the quotation after it."""
    plain = text.strip()
    if not plain.endswith((":", "：")):
        return False
    last = SENTENCE_END.split(plain)[-1]
    return last.endswith((":", "：")) and bool(_SAID.search(last)) and not _OWN_OR_VENDOR.search(last)


def is_alert(text: str) -> bool:
    """Whether a quotation is a note of the author's own in the form that forges show as a box."""
    return bool(_ALERT.match(text))
