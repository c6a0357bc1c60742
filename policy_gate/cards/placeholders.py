"""What counts as words somebody wrote: no templates, no filler, no invisible ink."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from policy_gate.cards.draft_questions import is_asked, may_ask
from policy_gate.cards.no_answer import is_no_answer
from policy_gate.cards.text_normal import (
    holds_any,
    lower_as_matched,
    visible,
    words_of,
)
from policy_gate.cards.unwritten import is_filler, is_left_open, without_unwritten
from policy_gate.cards.vacuous import says_nothing
from policy_gate.schema.patterns import lazy_pattern

_NEVER_LAST: Final = "e.g i.e z.b d.h p.ex cf vs dr mr mrs ms prof"
_SELDOM_LAST: Final = "etc approx incl resp ca no nr fig eq sec art al"
_ABBREVIATED: Final = "".join(rf"(?<!\b{re.escape(word)}\.\s)" for word in _NEVER_LAST.split())
_CUT: Final = "".join(rf"(?:(?<!\b{word}\.\s)|(?!\s*(?-i:[a-z0-9])))" for word in _SELDOM_LAST.split())
_SENTENCE_END: Final = lazy_pattern(
    rf"\s(?:(?<=[.!?]\s)(?:(?<!\.\s)|{_ABBREVIATED}{_CUT})\s*|(?<=\n)\n*)", re.IGNORECASE
)
"""what parts two sentences or lines, both of which it leaves whole; an abbreviation ends none"""
_UNSPACED_END: Final = lazy_pattern(r"(?<=[。！？；])")
_HAS_UNSPACED_END: Final = lazy_pattern(r"[。！？；]")

_SINGLE: Final = """
    t tbd tba tbc todo @todo fixme wip xxx xx n/a na n.a none nil null empty placeholder pending unknown undisclosed
    unspecified undefined forthcoming sample example
    """
_SINGLES: Final = frozenset(_SINGLE.split())
_WHOLE: Final = _SINGLES | {
    "coming soon", "in progress", "work in progress", "under construction", "not applicable", "not available",
    "not yet available", "not yet", "to do", "more information needed", "information needed", "more info needed",
    "needs more information", "fill in", "fill me in", "fill in later", "fill this in", "to follow", "same as above",
    "see above", "see below", "text here", "your text here", "some text", "content here", "add content here",
    "write here", "description here", "to be determined", "to be decided", "to be added", "to be completed",
    "to be defined", "to be written", "to be provided", "to be filled in", "to be confirmed", "to be announced",
    "à compléter", "zu ergänzen", "noch offen", "por definir", "por completar", "pendiente", "a definir",
    "待定", "待补充", "待補充", "未定", "記入してください", "暂无",
}  # fmt: skip

_MARKS: Final = lazy_pattern(
    r"\bTODO\b|\bFIXME\b|\bTBD\b|\bTBC\b|\bTBA\b|\bXXX+\b|(?i:\btodo:|\blorem ipsum\b|\bcoming soon\b"
    r"|\bto be (?:determined|decided|defined|written|filled in|added later|provided later|announced)\b"
    r"|\bmore (?:information|info|details?) (?:is |are )?needed\b|\bplaceholder text\b"
    r"|\b(?:fill|write) (?:this|me) in\b"
    r"|\b(?:this|the) section (?:should|must|needs to) (?:describe|list|contain|explain|state|include|be)\b"
    r"|\bdescribe\b[^.\n]{0,80}\bhere\b|\breview section \d[\d.]* of\b|\byour (?:text|answer|content) here\b"
    r"|\breplace (?:this|the) (?:text|line|section|paragraph|placeholder)\b|\bdelete this (?:line|text|section)\b)"
)
_IN_MARKS: Final = (
    "todo", "fixme", "tbd", "tbc", "tba", "xxx", "lorem ipsum", "coming soon", "to be ", " needed", "placeholder text",
    "this in", "me in", " section ", "describe", "your ", "replace th", "delete this",
)  # fmt: skip
"""One of these, in lower case, is in every text that `_MARKS` finds something in."""
_BOILERPLATE: Final = lazy_pattern(
    r"^\W*users \((?:both )?direct and downstream\)|\bquantitative analyses in the card\b"
    r"|\bmay not be possible to provide in practice\b"
    r"|\breaders should be (?:made )?aware (?:that )?(?:this|the) (?:section|card|page|document|text|part)\b"
    r"|\bothers listed in section \d|^\W*metrics should be chosen to reflect\b"
    r"|^\W*factors could include demographic\b|^\W*this (?:model )?card aims to be a base template"
    r"|^\W*this (?:model )?card (?:has been|was) (?:automatically )?generated (?:automatically|using|when)"
    r"|^\W*this (?:(?:model )?card )?template (?:intentionally|deliberately|avoids|leaves|does|has|is)\b"
    r"|\bdid not write a model ?card for this model\b"
    r"|^\W*this is the model card of a 🤗|\bproofread and complete it, then remove this comment\b",
    re.IGNORECASE,
)
"""sentences that a template brings along, and that say nothing of this model"""
_IN_BOILERPLATE: Final = (
    "users (",
    "template",
    "card",
    "proofread",
    "in practice",
    "readers should",
    "listed in section",
    "metrics should",
    "factors",
)
"""One of these, in lower case, is in every text that `_BOILERPLATE` finds something in."""
_POINTER: Final = lazy_pattern(
    r"\A(?:for (?:more |further )?(?:details?|information),? )?(?:please )?(?:also )?(?:see|refer to|cf\.?|link to"
    r"|(?:as |is |are )?(?:described|stated|documented|detailed|found|given|available|listed|provided|discussed)"
    r" (?:in|at|on|by|under|here)|(?:more )?(?:details?|information) (?:are |is |can be found )?(?:in|at|on))\b",
    re.IGNORECASE,
)
_LONG_POINTER: Final = lazy_pattern(
    r"\A(?:for|to find|to get) (?:(?:any|more|further|additional|detailed|other|the full) )+(?:details?|information)"
    r" (?:on|about|regarding|concerning|of)\b[^.!?]{0,200}?\b(?:see|refer to|consult|visit|read|check|contact)\b",
    re.IGNORECASE,
)
"""a sentence that sends its reader elsewhere for what it names, however long the name"""
_TO_A_PAPER: Final = lazy_pattern(
    r"\A(?:please )?(?:also )?(?:see|refer to|consult|check|read)\b[^!?]{0,300}?"
    r"\b(?:papers?|publications?|articles?|preprints?|reports?|appendix|repository|repo|documentation|website"
    r"|blog ?post|model card|thesis)"
    r"(?: for (?:(?:more|further|all|full|the|exact) )*(?:details?|information|results|numbers))?\Z"
    r"|\A[^。！？\n]{1,120}(?:を|は|も)(?:ご)?(?:参照|覧)(?:してください|下さい|ください|のこと)?[。.]?\Z"
    r"|\A(?:详情|更多信息|具体内容)?请(?:参考|参阅|参见|查看|见)[^。！？\n]{1,80}[。.]?\Z",
    re.IGNORECASE,
)
"""a sentence that is all about where else something stands, and that names a number at most as of a section there"""
_PLACE_NUMBER: Final = lazy_pattern(
    r"\b(?:sections?|tables?|figures?|fig|appendix|chapters?|pages?|sec)\.? [\d.]+", re.IGNORECASE
)
_POINTER_WORDS: Final = 14
"""words that a mere pointer has at most"""
_DONE: Final = (
    r"(?:considered|evaluated|assessed|provided|known|available|applicable|specified|tested|measured|documented|done"
    r"|disclosed|reported|performed|conducted|determined|decided|written|given|stated|investigated|examined|studied"
    r"|analy[sz]ed|collected|looked at|checked|defined|described|listed|released|public|published|shared|identified"
    r"|found|observed|set|run|carried out|made|completed|compared|started|planned|audited|validated)"
)
_LATER: Final = (
    r"(?: (?:it|this|them|these|yet|so far|at this time|at the moment|for now|here|publicly|currently|today))*"
)
_WHO: Final = r"(?:(?:we|it|this|these|they|that|i|(?:the |our )?\w+(?: \w+)?) )?"
_THINGS: Final = (
    r"(?:limit(?:ation)?s?|bias(?:es)?|risks?|issues?|restrictions?|problems?|data|information|details?|uses?"
    r"|measures?|idea"
    r"|plans?|schedule|contact|groups?)"
)
_REFUSAL: Final = lazy_pattern(
    rf"\A{_WHO}(?:(?:has|have|is|are|was|were|will) )?(?:currently )?(?:not|never)(?: yet)?(?: be)?(?: been)?"
    rf"(?: \w+ly)? {_DONE}{_LATER}\Z"
    r"|\A(?:none|nothing|no (?:known )?(?:\w+ )?\w+)(?: \w+)?"
    r"(?: (?:has|have|is|are|was|were)(?: (?:ever|yet))?(?: been)?)? "
    rf"(?:to report|{_DONE}){_LATER}\Z|\A(?:no|without)(?: known)? {_THINGS}\Z"
    r"|\A(?:(?:we|i) )?(?:do not|don['’]t|did not|didn['’]t) (?:know|say|tell|disclose|check|measure|test|evaluate"
    r"|assess"
    rf"|analy[sz]e|examine|document|look at)(?: of)?(?: any)?{_LATER}\Z|\A(?:unknown|undisclosed|unspecified"
    rf"|unclear|not sure|same|idem|ditto){_LATER}\Z",
    re.IGNORECASE,
)
_REFUSAL_LAST: Final = lazy_pattern(
    rf"{_DONE}|{_THINGS}|out|at|it|this|them|these|yet|far|time|moment|now|here|publicly|currently|today|report"
    rf"|know|say|tell"
    r"|disclose|check|measure|test|evaluate|assess|analy[sz]e|examine|document|of|any|unknown|undisclosed"
    r"|unspecified|unclear|sure|same|idem|ditto",
    re.IGNORECASE,
)
"""the last word of all that `_REFUSAL` matches"""
_NOUNS: Final = (
    r"(?:review|approval|sign-?off|evaluation|assessment|testing|tests|audit|construction|validation|discussion|release"
    r"|development|progress|confirmation|publication|decision)"
)
_DEFERRAL: Final = lazy_pattern(
    rf"(?:is |are |still |currently )*(?:pending|awaiting|under|in|subject to)(?: \w+){{0,3}} {_NOUNS}"
    r"(?: (?:by|in|at|until)\b.{0,40})?"
    rf"|{_WHO}(?:will|shall|needs? to|has to|have to|must|is to|are to|to) be"
    rf" (?:{_DONE}|added|filled(?: in)?|updated)"
    r"(?: (?:later|soon|in|after|before|by|with|once|when|here)\b.{0,40})?"
    r"|(?:more |further )?(?:details?|information|results|documentation|data)"
    r"(?: (?:will|to|is|are))? (?:follow|be added|come|in progress|pending)"
    r"(?: (?:after|in|with|once|upon|at|by|soon|later)\b.{0,40})?"
    rf"|(?:not|never) (?:yet )?(?:been )?{_DONE} (?:because|due to|owing to|for lack|for want|as we|since)\b.{{0,60}}"
    r"|(?:for )?(?:more|further) (?:info(?:rmation)?|details?)\s*[:—–-]?\s*(?:https?://|www\.)\S+"
    r"|coming (?:soon|later|next|in)\b.{0,30}|ongoing|confidential|proprietary"
    r"|as usual|business as usual|standard|normal|(?:none|nothing|no)(?: at all| whatsoever| of note| really)"
    r"|(?:the )?(?:standard|usual|normal|typical) (?:limit(?:ation)?s?|caveats?|risks?|restrictions?|rules?)(?: apply)?"
    r"|(?:the )?same as (?:the |its |our )?(?:base|parent|original|previous|last|upstream|teacher|underlying)(?: \w+)?"
    r"|(?:n/?a|not applicable) (?:for|to|in|here)\b.{0,40}|under construction\b.{0,40}"
    rf"|(?:not|never) (?:yet )?{_DONE} by\b.{{0,40}}"
    r"|(?:please )?(?:contact|ask|email|consult|talk to|check with) (?:\w+ ){0,3}\w+(?: (?:for|about) \w+(?: \w+)?)?"
    r"|(?:https?://|www\.)\S+|(?:this |the |a )?"
    r"(?:link|here|website|web ?page|docs?|documentation|readme|paper|wiki|report|page)",
    re.IGNORECASE,
)
"""a sentence that puts off the answer, or hands the question on"""
_DEFERRAL_WORDS: Final = 12
_WAITING_LINE: Final = lazy_pattern(r"^\W*(?:TODO|FIXME|TBD|TBC|TBA)\b.*$", re.MULTILINE)
_INSTRUCTION: Final = lazy_pattern(
    r"^(?:\((?:optional|internal)[^)\n]{0,60}\):?\s*)?(?:describe|explain|insert|fill in|fill out|summari[sz]e|outline"
    r"|please (?:describe|provide|list|explain|add|fill|pick|select|choose|specify|note how))\b"
    r"|^(?:(?:when|once|after|as soon as)\b[^.\n]{3,80}?,\s+)?(?:report|record|add|include)\s+"
    r"(?:(?:the|all|your|both|final|measured|overall|and)\s+)*"
    r"(?:metrics?|measures|results?|scores?|numbers|figures|accuracy|precision|recall|auc|auroc|f1|bleu)\b"
    r"(?!\s+(?:to|at|via)\b)"
    r"|^(?:list|state|name|put|enter|give|write) (?:the|all|any|your|a|an|some|one|two|three)\b[^\n]{0,100}?"
    r"(?:\bhere\b\W*$|(?<=\w\s)(?:paragraphs?|sentences?|lines?)\s(?:about|on|of|that|with)\b)",
    re.IGNORECASE,
)
_IN_INSTRUCTIONS: Final = (
    "describe", "explain", "insert", "fill ", "summari", "outline", "please", "report", "record", "add", "include",
    "list ", "state ", "name ", "put ", "enter ", "give ", "write ",
)  # fmt: skip
"""One of these, in lower case, is in every text that `_INSTRUCTION` matches."""
_IN_ANY: Final = tuple(dict.fromkeys((*_IN_BOILERPLATE, *_IN_INSTRUCTIONS, *_IN_MARKS)))
_HINT_WORDS: Final = (
    r"insert|describe|add|fill|your|name|date|enter|provide|list|explain|specify|state|todo|tbd|yyyy|needed|optional"
    r"|organi[sz]ation|company|here|placeholder|e\.g\.|replace|link|number|author|owner|team|version|to be"
)
_ASKS: Final = (
    r"insert|answer|use|provide|list|describe|specify|state|classify|how|what|which|name|number|link|if|please|optional"
    r"|choose|select|pick|in number|think|only|explain|add|enter|give|yes or no|yes/no|internal|leave"
)
"""words with which a template begins what it asks for in brackets"""
_SLOTS: Final = (
    "PERSON|PEOPLE|TEAM|YOUR|YOU|NAME|NAMES|FIRST|LAST|USER|EMAIL|MAIL|ADDRESS|ORG|ORGANI[SZ]ATION|COMPANY|INSTITUTION"
    "|DEPARTMENT|GROUP|DOMAIN|EXAMPLE|AUTHOR|AUTHORS|OWNER|CONTACT|DATE|MODEL|VERSION|LINK|URL|HERE"
)
"""what a template asks for in capitals"""
_IN_CAPITALS: Final = lazy_pattern(rf"(?:(?:{_SLOTS})(?:[\s/,-]+(?:AND/OR|AND|OR|OF|THE|A|AN)\b)*[\s/,-]*)+")
_INLINE: Final = (
    (
        ("{", "%("),
        lazy_pattern(r"\{\{.{0,300}?\}\}|\{%.{0,300}?%\}|\$\{[^}\n]{0,100}\}|%\([a-z_]{1,40}\)s", re.DOTALL),
    ),
    (("{",), lazy_pattern(r"(?<![\w\\$^}{])\{(?:[a-zA-Z]+(?:_[a-zA-Z0-9]+)+|[A-Z]{2,}(?:[ _-]+[A-Z]{2,})+)\}(?!\})")),
    (("{/*",), lazy_pattern(r"\{/\*.{0,2000}?\*/\}", re.DOTALL)),
    (("<<",), lazy_pattern(r"<<(?=[^\s<>=])[^<>\n]{0,200}(?<!\s)>>")),
    (("[",), lazy_pattern(rf"\[(?![ xX]\])[^\][\n]{{0,150}}\b(?i:{_HINT_WORDS})\b[^\][\n]{{0,150}}\](?![(\[:])")),
    (("[",), lazy_pattern(rf"\[(?i:\(?(?:{_ASKS})\b)[^\][\n]{{2,900}}\](?![(\[:])")),
    (("](",), lazy_pattern(r"\]\((?i:insert|add|your|enter|todo|tbd|link|url|place)\b[^()\n:/#.]{0,60}\)")),
    (("[",), lazy_pattern(r"\[\s*(?:\.{2,}|…|_+|-+|\?+|[A-Z][A-Z _-]{2,})?\s*\](?![(\[:])")),
    (("<",), lazy_pattern(rf"<(?![/!])[^<>\n]{{0,100}}\b(?i:{_HINT_WORDS})\b[^<>\n]{{0,100}}>")),
    (("@",), lazy_pattern(rf"\b(?:{_SLOTS})(?:[._-](?:{_SLOTS}))*@(?:{_SLOTS})(?:\.[A-Z]{{2,}})+\b")),
    (
        ("___", "YYYY", "DD", "X", "??"),
        lazy_pattern(r"_{3,}|\bYYYY(?:-MM(?:-DD)?)?\b|\bDD[./-]MM[./-]YYYY\b|\bX+(?:\.X+)?\s?%|\?{2,}"),
    ),
)
"""Placeholders among other words: one of the signs is in every text in which the pattern finds something."""
_SIGN_OF_INLINE: Final = lazy_pattern(r"[{%\[<_?XYD@]")
"""one of these is in each of the signs"""
_BRACKETS: Final = lazy_pattern(r"\[[^\[\]\n=]{3,2000}\](?![(\[:])")
_OPEN: Final = 0.3
"""the part of a text in brackets from which on it is a template's"""
_NAME: Final = 120
"""characters that the longest of these has"""
_PARTS_TEXT: Final = """
    person or organization developing model|model date|model version|model type|license|citation details|paper
    |paper or other resource for more information|where to send questions or comments about the model
    |information about training algorithms parameters fairness constraints or other applied approaches and features
    |primary intended uses|primary intended users|out of scope use cases|out-of-scope use cases|relevant factors
    |evaluation factors|model performance measures|decision thresholds|variation approaches|datasets|motivation
    |preprocessing|unitary results|intersectional results|direct use|downstream use|out-of-scope use|recommendations
    |training data|training procedure|testing data|factors|metrics|results|summary|developed by|shared by|funded by
    |language s nlp|finetuned from model|repository|demo|approaches to uncertainty and variability
"""
_PARTS: Final = frozenset(" ".join(part.split()) for part in _PARTS_TEXT.split("|"))


@lru_cache(maxsize=4096)
def is_placeholder(text: str) -> bool:
    """Whether the whole text stands for something still to be written."""
    plain = visible(text).strip()
    core = plain.strip(" \t\n*_`~\"'“”().,:;!?-–—…[]{}<>|/\\#=+").casefold()
    if not core or core in _WHOLE or _SINGLES.issuperset(core.split()) or _is_in_capitals(plain):
        return True
    return _may_be_open(plain) and not strip_placeholders(plain).strip(" \t\n*_`.,:;-–—|()")


def _is_in_capitals(text: str) -> bool:
    return text.isupper() and len(text) < _NAME and _IN_CAPITALS.fullmatch(text.strip(" .:*_")) is not None


def _may_be_open(text: str) -> bool:
    """False where a text surely holds nothing that `strip_placeholders` takes out."""
    is_marked = _holds_a_sign(text) or may_ask(text) or is_left_open(text)
    return is_marked or any(pattern.search(text) for pattern in _inline_in(text))


@lru_cache(maxsize=4096)
def _holds_a_sign(text: str) -> bool:
    """False where a text surely holds no mark, no instruction and nothing that a template brings along.

    Whether it does is asked of the same text again and again on the way to its words.
    """
    return holds_any(lower_as_matched(text), _IN_ANY)


def is_mostly_open(text: str) -> bool:
    """Whether much of a text stands in square brackets, as what a template asks for does."""
    asked = [part for part in _BRACKETS.findall(text) if len(part.split()) > 1]
    return bool(asked) and sum(len(part.split()) for part in asked) >= _OPEN * len(text.split())


def holds_blank(text: str) -> bool:
    """Whether a text has a place to fill in among its words, as "[Insert name] overview" has."""
    return any(pattern.search(text) for pattern in _inline_in(visible(text)))


def is_bare_name(text: str) -> bool:
    """Whether a line is no more than the name of a part that a template asks for."""
    return len(text) < _NAME and " ".join(words_of(text)) in _PARTS


def states_nothing(text: str, *, alone: bool = False, of_field: str | None = None) -> bool:
    """Whether what should answer a question only points elsewhere, declines to answer, or is a single letter.

    Where the text stands alone, nothing follows a line that announces something. Of a field, few words must say
    something of it.
    """
    parts = split_sentences(without_unwritten(strip_placeholders(visible(text))))
    return all(
        _is_no_statement(part)
        or (alone and part.rstrip(" *_").endswith((":", "：")))
        or (of_field is not None and says_nothing(part, of_field))
        for part in parts
    )


def _is_no_statement(sentence: str) -> bool:
    plain = " ".join(sentence.strip(" \t\n*_`~\"'“”.,:;!?-–—()[]。！").split())
    if is_no_answer(plain):
        return True
    is_pointer = bool(_POINTER.match(plain)) and len(plain.split()) <= _POINTER_WORDS
    is_pointer = is_pointer or bool(_LONG_POINTER.match(plain)) or _is_to_a_paper(plain)
    is_letter = len(plain) <= 1 and not plain.isdigit()
    is_refusal = bool(_REFUSAL_LAST.fullmatch(plain.rpartition(" ")[2]) and _REFUSAL.match(plain))
    is_put_off = plain.count(" ") < _DEFERRAL_WORDS and bool(_DEFERRAL.fullmatch(plain))
    is_put_off = is_put_off or is_filler(words_of(plain))
    return is_letter or is_pointer or is_refusal or is_put_off or is_placeholder(plain)


def _is_to_a_paper(sentence: str) -> bool:
    if not _TO_A_PAPER.match(sentence):
        return False
    return not any(map(str.isdigit, _PLACE_NUMBER.sub("", sentence)))


DRAFTED: Final = "TODO: drafted by"
"""begins the line above a section that a language model wrote; a person deletes it who has checked the section"""
UNKNOWN: Final = "TODO: not known:"
"""begins a line of such a draft that says what has to be found out"""
_UNREAD: Final = lazy_pattern(rf"^[\W\d_]*({re.escape(DRAFTED)}|{re.escape(UNKNOWN)}).*$", re.MULTILINE)


def unread_draft(text: str) -> re.Match[str] | None:
    """The first line by which a section is still the draft of a language model that nobody has checked."""
    return _UNREAD.search(text) if "TODO: " in text else None


def first_placeholder(text: str) -> str | None:
    """The first placeholder met in the text, as written, or None."""
    plain = visible(text).strip()
    if plain and is_placeholder(plain):
        return _short(plain.splitlines()[0])
    found = [match for match in (pattern.search(plain) for pattern in _inline_in(plain)) if match]
    if _may_be_marked(plain) and (mark := _MARKS.search(plain)):
        found.insert(0, mark)
    if not found:
        return None
    return _short(min(found, key=lambda match: match.start()).group().strip())


def _short(asked: str) -> str:
    return f"{asked[:79]}]" if len(asked) > 80 and asked.startswith("[") else asked[:80]


@lru_cache(maxsize=4096)
def strip_placeholders(text: str) -> str:
    """The text without inline placeholders, and without the sentences that carry a TODO or an instruction."""
    text = _WAITING_LINE.sub("", text) if _may_be_marked(text) else text
    for pattern in _inline_in(text):
        text = pattern.sub(" ", text)
    kept = split_sentences(text)
    if _holds_a_sign(text):
        kept = [sentence for sentence in kept if not _is_template(sentence)]
    if "..." in text or "…" in text:
        kept = [sentence for sentence in kept if not is_left_open(sentence)]
    if may_ask(text):
        kept = [sentence for sentence in kept if not is_asked(sentence)]
    return "\n".join(kept)


def _is_template(sentence: str) -> bool:
    """Whether a sentence carries a TODO or an instruction, or comes with a template."""
    return bool(
        (_may_be_marked(sentence) and _MARKS.search(sentence))
        or (_may_be_boilerplate(sentence) and _BOILERPLATE.search(sentence))
        or _INSTRUCTION.match(sentence.strip(" *_>-"))
    )


def _inline_in(text: str) -> list[re.Pattern[str]]:
    """The patterns of `_INLINE` that may find something; what one of them takes out brings no sign of another."""
    if not _SIGN_OF_INLINE.search(text):
        return []
    return [pattern for signs, pattern in _INLINE if any(sign in text for sign in signs)]


def _may_be_marked(text: str) -> bool:
    """False where a text surely holds no mark of `_MARKS`, which is slow to look for."""
    return _holds_a_sign(text) and holds_any(lower_as_matched(text), _IN_MARKS)


def _may_be_boilerplate(text: str) -> bool:
    """False where a text surely holds no sentence of `_BOILERPLATE`."""
    return holds_any(lower_as_matched(text), _IN_BOILERPLATE)


def split_sentences(text: str) -> list[str]:
    """Sentences and lines of the text, stripped; blank ones dropped."""
    if not text.isascii() and _HAS_UNSPACED_END.search(text):
        text = _UNSPACED_END.sub("\n", text)
    return [plain for part in _SENTENCE_END.split(text) if (plain := part.strip())]
