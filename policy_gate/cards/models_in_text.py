"""Several models in one card: which it describes, and the card as it reads for one of them.

Models are described apart where two or more headings beside one another name no field and have the same fields below
them, and one of them is asked for or all look like names of models; or where a table has a model in each row. What is
said of the other models is left out, what stands outside is said of all. Lines stay where they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.cards.field_names import CardVocabulary, name_key
from policy_gate.cards.formats.models_in_bill import models_with_cards, with_one_card
from policy_gate.cards.markdown_outline import MAX_TEXT, outline
from policy_gate.cards.markdown_sections import OF_COLUMNS, VERSION, read_markdown_card
from policy_gate.cards.piece import RUN_IN, Piece
from policy_gate.cards.text_normal import key_of, visible
from policy_gate.schema.facts import ModelChoice
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.snapshot import Evidence

_SHARED: Final = 2
"""fields that the sections of two models have both"""
_OF_MODELS: Final = frozenset({
    "primary_intended_uses", "out_of_scope_uses", "known_limitations", "overall_performance", "identified_biases",
    "training_data_description", "safety_risks",
})  # fmt: skip
"""one of these is among them: a size and a licence have data sets, too"""
_LANGUAGES: Final = frozenset({
    "english", "german", "deutsch", "spanish", "español", "french", "français", "italian", "italiano", "portuguese",
    "português", "dutch", "nederlands", "polish", "polski", "chinese", "中文", "简体中文", "繁體中文", "japanese",
    "日本語", "korean", "한국어", "russian", "русский", "arabic", "العربية", "hindi", "turkish", "türkçe",
})  # fmt: skip
"""headings of one card in several languages"""
_PREFIX: Final = lazy_pattern(r"\A(?:the )?(?:model|modell|modelo|modèle)\b(?: [a-z0-9]{1,2}(?= \S))? ?")
_LIKE_A_MODEL: Final = lazy_pattern(r"(?i:\bmodell?o?\b|\bmodèle\b)|\d|\w[-_/]\w|[a-z][A-Z]")
"""a heading that may well be what a model is called, and no task or audience of one model"""
_COLUMNS: Final = 3
_NAMES: Final = "model_name"


class DescribedModel(Struct, frozen=True):
    """A model that a text describes: its name, and the lines of its section, from the first up to the last."""

    name: str
    first: int
    last: int
    also: str = ""
    """the name that its section gives it"""


def of_one_model(
    evidence: Evidence, words: CardVocabulary, names: Collection[str] = ()
) -> tuple[Evidence, ModelChoice]:
    """The card without what it says of other models than the one of these names; of the first where none is of them."""
    text = evidence.text or ""
    if isinstance(evidence.data, Mapping) and evidence.data.get("bomFormat") == "CycloneDX":
        return _of_one_component(evidence, names)
    if evidence.path.lower().endswith((".yaml", ".yml", ".json")) or not text or len(text) > MAX_TEXT:
        return evidence, ModelChoice()
    lines = text.split("\n")
    body = "\n".join(lines[max(evidence.body_line - 1, 0) :])
    pieces = outline(visible(body), evidence.body_line)
    found = list(_sections(pieces, words, len(lines) + 1))
    if len(found) > 1:
        found = [replace(it, also=_named_within(it, lines, words)) for it in found]
        chosen = _chosen(found, names)
        if chosen is None and not all(_LIKE_A_MODEL.search(it.name) for it in found):
            return evidence, ModelChoice()
        judged = chosen or found[0]
        for other in found:
            if other is not judged:
                lines[other.first - 1 : other.last - 1] = [""] * (other.last - other.first)
        choice = ModelChoice(tuple(it.name for it in found), judged.name, chosen is not None)
        return replace(evidence, text="\n".join(lines)), choice
    return _of_one_row(evidence, lines, _rows(pieces, words), names)


def _of_one_component(evidence: Evidence, names: Collection[str]) -> tuple[Evidence, ModelChoice]:
    """A bill with the card of one model, where it has several."""
    models = models_with_cards(evidence.data)
    found = [DescribedModel(str(it.get("name") or it.get("bom-ref") or ""), at, at) for at, it in enumerate(models)]
    if len(found) < 2:
        return evidence, ModelChoice()
    chosen = _chosen(found, names)
    judged = chosen or found[0]
    choice = ModelChoice(tuple(it.name for it in found), judged.name, chosen is not None)
    return replace(evidence, data=with_one_card(evidence.data, models[judged.first])), choice


def _of_one_row(
    evidence: Evidence, lines: list[str], rows: Sequence[DescribedModel], names: Collection[str]
) -> tuple[Evidence, ModelChoice]:
    """A table is read as before where none of its rows is of these names: it may list versions of one model."""
    chosen = _chosen(rows, names) if len(rows) > 1 else None
    if chosen is None or any("|" not in lines[row.first - 1] for row in rows):
        return evidence, ModelChoice()
    for other in rows:
        if other is not chosen:
            lines[other.first - 1] = "|" * max(lines[other.first - 1].count("|"), 2)
    choice = ModelChoice(tuple(it.name for it in rows), chosen.name, is_named=True)
    return replace(evidence, text="\n".join(lines)), choice


def _sections(pieces: Sequence[Piece], words: CardVocabulary, end: int) -> Iterator[DescribedModel]:
    """The models of the highest level at which headings have the same fields below them."""
    headings = [piece for piece in pieces if piece.kind == "heading"]
    in_field = _are_in_fields(headings, words)
    for level in sorted({piece.level for piece in headings if piece.level < RUN_IN}):
        found = [
            (it, _end(headings, at, end), _fields_below(headings, at, words))
            for at, it in enumerate(headings)
            if it.level == level and not in_field[at] and _may_name(it, words)
        ]
        counts = Counter(name for _, _, fields in found for name in fields)
        again = {name for name, count in counts.items() if count > 1}
        models = [it for it in found if len(it[2] & again) >= _SHARED and it[2] & again & _OF_MODELS]
        if len(models) > 1:
            yield from (DescribedModel(piece.text.strip(), piece.line, last) for piece, last, _ in models)
            return


def _may_name(piece: Piece, words: CardVocabulary) -> bool:
    text = piece.text.strip()
    is_plain = not (piece.quoted or piece.depth or piece.boxes) and bool(name_key(text))
    is_other = VERSION.fullmatch(text) or key_of(text) in _LANGUAGES or words.fields_headed(text)
    return is_plain and not is_other


def _end(headings: Sequence[Piece], at: int, end: int) -> int:
    level = headings[at].level
    return next((headings[it].line for it in range(at + 1, len(headings)) if headings[it].level <= level), end)


def _fields_below(headings: Sequence[Piece], at: int, words: CardVocabulary) -> frozenset[str]:
    """The fields that headings and labels below one are about."""
    found: set[str] = set()
    for below in range(at + 1, len(headings)):
        if headings[below].level <= headings[at].level:
            break
        found.update(words.fields_headed(headings[below].text))
    return frozenset(found)


def _are_in_fields(headings: Sequence[Piece], words: CardVocabulary) -> list[bool]:
    """Whether each heading stands in the section of a field."""
    above: list[tuple[int, bool]] = []
    found: list[bool] = []
    for piece in headings:
        while above and above[-1][0] >= piece.level:
            above.pop()
        found.append(bool(above) and above[-1][1])
        above.append((piece.level, found[-1] or bool(words.fields_headed(piece.text))))
    return found


def _named_within(model: DescribedModel, lines: Sequence[str], words: CardVocabulary) -> str:
    section = "\n".join(lines[model.first : model.last - 1])
    return "\n".join(read_markdown_card(section, words).texts.get(_NAMES, []))


def _rows(pieces: Sequence[Piece], words: CardVocabulary) -> list[DescribedModel]:
    """The rows of the first table that has a model's name and fields of it in columns."""
    column, block = -1, -1
    found: list[DescribedModel] = []
    for piece in pieces:
        if piece.kind != "row" or len(piece.cells) < _COLUMNS:
            continue
        if piece.header and column < 0:
            named = [_of_header(cell, words) for cell in piece.cells]
            is_family = sum(1 for fields in named if fields & OF_COLUMNS - {_NAMES}) > 0
            column = next((at for at, fields in enumerate(named) if _NAMES in fields), -1) if is_family else -1
            block = piece.block
        elif column >= 0 and piece.block == block and not piece.header:
            found.append(DescribedModel(piece.cells[column].strip(), piece.line, piece.line + 1))
    return found


def _of_header(cell: str, words: CardVocabulary) -> frozenset[str]:
    fields = frozenset(words.fields_named(cell))
    return fields | {_NAMES} if name_key(cell) in ("model", "modell", "modelo", "modèle", "checkpoint") else fields


def _chosen(found: Sequence[DescribedModel], names: Collection[str]) -> DescribedModel | None:
    """The one model that has one of these names: word for word, or else somewhere in its heading."""
    sought = {key for name in names if (key := key_of(name))}
    for fits in (_is_called, _holds_name):
        exact = [it for it in found if any(fits(it, key) for key in sought)]
        if len(exact) == 1:
            return exact[0]
    return None


def _is_called(model: DescribedModel, key: str) -> bool:
    heading = key_of(model.name)
    return key in (heading, _PREFIX.sub("", heading), *(key_of(part) for part in model.also.split("\n")))


def _holds_name(model: DescribedModel, key: str) -> bool:
    return f" {key} " in f" {key_of(model.name)} {key_of(model.also)} "
