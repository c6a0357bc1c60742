"""Changes of words and numbers in purpose and card: use, limits, model, data, sections, metrics (D38, D39)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, zip_longest
from typing import Final

from msgspec.structs import replace

from policy_gate.cards.joining_words import is_same_statement, prose_key, statement_key
from policy_gate.cards.limits_taken_back import only_asked, taken_back
from policy_gate.cards.stated_twice import LIMITS, USES
from policy_gate.cards.statements import ELSEWHERE
from policy_gate.cards.text_normal import key_of
from policy_gate.facts.change_kinds import FactsPair, placed
from policy_gate.schema.card_check import CardDiff
from policy_gate.schema.card_fields import CARD_FIELDS
from policy_gate.schema.change import Change
from policy_gate.schema.facts import CardFact, CardField, Facts, Metric
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.source import Location

MODEL: Final = ("base_model", "model_id", "model_name", "version", "weights_digest")
DATA: Final = ("evaluation_data_description", "training_data_cutoff", "training_data_description", "training_data_size")
EDITED: Final = "words-edited"
_BESIDE: Final = "in another place of the card"
_OF_A_VERSION: Final = ("model-changed", "data-changed", "use-case-changed")
"""changes of a card after which it is another version's"""
_OF_A_PURPOSE: Final = "use-case-changed"
_CHANGELOG: Final = "changelog_summary"
_RUN: Final = 4
"""how many neighbouring sentences may be joined or parted before it counts as another wording"""
_GAINS: Final[Mapping[str, str]] = {
    "card-section-removed": "card-section-added",
    "card-section-emptied": "card-section-filled",
    "limit-dropped": "limit-added",
}
"""what a difference is called, seen from the other side"""
_OF_A_NAME: Final = 12
"""words that the name of a model or a version has at most; more are prose"""
_NUMBERS: Final = lazy_pattern(r"[^\s,;()]*\d[^\s,;()]*")


def card_differences(was: CardFact, now: CardFact | None) -> Iterator[CardDiff]:
    """What a card no longer says, says less well, or says otherwise than it did; gains are none of it."""
    for name in CARD_FIELDS:
        before = was.field(name)
        if before.state == "present":
            yield from _field(was, now, name, before)
    if now is not None and now.cause is None:
        yield from _lifted_elsewhere(was, now)
        yield from _metrics(was, now)


def _lifted_elsewhere(was: CardFact, now: CardFact) -> Iterator[CardDiff]:
    """Limits of which a text that stands in no section of theirs now says that they hold no more."""
    name = next((name for name in LIMITS if was.field(name).state == now.field(name).state == "present"), None)
    texts, before = (_outside_limits(card) for card in (now, was))
    if name is not None and (lifted := taken_back(texts, before, must_name_limits=True)):
        field = was.field(name)
        yield _at("limit-dropped", name, field, now.field(name), field.text, "\n".join(lifted))


def _outside_limits(card: CardFact) -> list[str]:
    fields = (card.field(name) for name in CARD_FIELDS if name not in LIMITS)
    return [*(text for _, text in card.unclaimed), *(text for it in fields for text in (*it.items, *it.also))]


def card_gains(was: CardFact, now: CardFact) -> Iterator[CardDiff]:
    """What a card says anew: what would be lost on the way back, less numbers, whose gain is told already."""
    had = {(metric.name.casefold(), metric.group.casefold()) for metric in was.metrics if metric.value is not None}
    numbers = {f"{metric.name}[{metric.group}]": metric for metric in now.metrics}
    for lost in card_differences(now, was):
        kind = _GAINS.get(lost.kind)
        if lost.kind == "metric-regressed":
            name, _, group = lost.field.rpartition("[")
            kind = None if (name.casefold(), group.rstrip("]").casefold()) in had else "metric-added"
        if lost.kind == "limit-dropped" and lost.field.startswith("threshold "):
            kind = "threshold-tightened"
        if kind is not None:
            told = CardDiff(kind, lost.field, lost.after, lost.before, lost.base_line, lost.line)
            yield _resting(told, numbers.get(lost.field))


def evidence_differences(was: CardFact, now: CardFact) -> Iterator[CardDiff]:
    """The numbers that both cards give and bind to a result, where that comes to something else than it did."""
    before = {(metric.name.casefold(), metric.group.casefold()): metric for metric in was.metrics if metric.claim}
    for new in now.metrics:
        old = before.get((new.name.casefold(), new.group.casefold()))
        if old is not None and new.claim is not None and old.evidence != new.evidence:
            field = f"{new.name}[{new.group}]"
            yield _resting(_at("metric-evidence-changed", field, old, new, old.evidence, new.evidence), new)


def purpose_changes(pair: FactsPair) -> Iterator[Change]:
    """Every change of what the system is for, what it must not be used for, and what it is made of."""
    was, now = pair.was.declared.entry, pair.now.declared.entry
    if was.description.strip() and not is_same_statement(was.description, now.description):
        after = now.description.strip() or None
        yield pair.change("use-case-changed", "description", was.description.strip(), after, "description")
    if was.model_version is not None and _plain(was.model_version) != _plain(now.model_version or ""):
        yield pair.change("model-changed", "model_version", was.model_version, now.model_version, "model_version")
    if pair.was.card is not None and pair.was.card.cause is None:
        found = list(_card(pair, pair.was.card))
        yield from found
        if pair.now.card is not None:
            yield from _versions(pair, pair.was.card, pair.now.card, found)


def _card(pair: FactsPair, was: CardFact) -> Iterator[Change]:
    for told in card_differences(was, pair.now.card):
        yield _placed(pair, was, told)


def _versions(pair: FactsPair, was: CardFact, now: CardFact, found: Sequence[Change]) -> Iterator[Change]:
    """What else changed while the card's version did not, and a new version of which its changelog says nothing.

    Where it is the purpose alone, the field is `purpose`: the model is the one that the version names.
    """
    before, after = was.field("version"), now.field("version")
    if before.state != "present" or after.state != "present":
        return
    if _plain(before.words) == _plain(after.words):
        others = [change for change in found if change.kind in _OF_A_VERSION]
        told = [change.field for change in others]
        is_purpose = all(change.kind == _OF_A_PURPOSE for change in others)
        if pair.was.declared.entry.model_version not in (None, pair.now.declared.entry.model_version):
            told, is_purpose = [*told, "model_version"], False
        if told:
            about = "purpose" if is_purpose else "version"
            yield _placed(pair, was, _at("version-kept", about, before, after, before.text, ", ".join(told)))
        return
    old, new = was.field(_CHANGELOG), now.field(_CHANGELOG)
    if old.state == new.state == "present" and key_of(old.words) == key_of(new.words):
        yield _placed(pair, was, _at("changelog-kept", _CHANGELOG, old, new, before.text, after.text))


def gains_of_cards(was: Sequence[Facts], now: Sequence[Facts], policy: RuleSet) -> tuple[Change, ...]:
    """What the cards say anew; nothing is asked for it. Systems are paired by id."""
    return tuple(gain for pair in _pairs(was, now, policy) for gain in _gains(pair))


def _pairs(was: Sequence[Facts], now: Sequence[Facts], policy: RuleSet) -> Iterator[FactsPair]:
    before = {facts.id: facts for facts in was}
    return (FactsPair(before[facts.id], facts, policy) for facts in now if facts.id in before)


def _gains(pair: FactsPair) -> Iterator[Change]:
    was, now = pair.was.card, pair.now.card
    if was is not None and now is not None and was != now and was.cause is None and now.cause is None:
        for told in card_gains(was, now):
            yield _placed(pair, was, told)


def word_edits(was: Sequence[Facts], now: Sequence[Facts], policy: RuleSet) -> tuple[Change, ...]:
    """What a reader sees otherwise in or above purpose and limits, where approvals bind what is judged (D53).

    It is there for people to compare: nothing is asked for it. Systems are paired by id.
    """
    return tuple(edit for pair in _pairs(was, now, policy) if _is_compared(pair) for edit in _edits(pair))


def _is_compared(pair: FactsPair) -> bool:
    tiers = pair.policy.assurance.binds_code
    return pair.was.tier in tiers or pair.now.tier in tiers


def _edits(pair: FactsPair) -> Iterator[Change]:
    was, now = pair.was.card, pair.now.card
    if was is None or now is None or was.cause is not None or now.cause is not None:
        return
    for name in sorted((*USES, *LIMITS)):
        before, after = was.field(name), now.field(name)
        gone, added = _differing(_sentences(before), _sentences(after))
        if gone or added:
            yield _placed(pair, was, _at(EDITED, name, before, after, gone, added))
    gone, added = _differing(_above(was), _above(now))
    if gone or added:
        yield _placed(pair, was, CardDiff(EDITED, "above purpose and limits", gone, added, line=1, base_line=1))


def _said_in(field: CardField) -> str | None:
    """The text of a field; where it stands under something, with that."""
    is_placed = any(place not in ("", ELSEWHERE) for place in field.standing)
    return "\n".join(_sentences(field)) if is_placed or field.also else field.text


def _sentences(field: CardField) -> list[str]:
    """What a field says, each sentence with what it stands under."""
    if field.state != "present":
        return []
    said = field.items or (field.words,)
    pairs = zip_longest(said, field.standing, fillvalue="")
    return [_standing(text, place) for text, place in pairs] + [f"{text} ({_BESIDE})" for text in field.also]


def _standing(text: str, place: str) -> str:
    """A text with what it stands under, as people are told it."""
    told = place if place == ELSEWHERE else f"under {place}"
    return f"{text} ({told})" if place else text


def _above(card: CardFact) -> list[str]:
    """What stands in no field's section before the last line of purpose and limits begins."""
    begin = [at for name in (*USES, *LIMITS) if (at := card.field(name).line) is not None]
    return [text for line, text in card.unclaimed if any(line < at for at in begin)]


def _differing(before: Sequence[str], after: Sequence[str]) -> tuple[str | None, str | None]:
    """The texts of each side that the other has not as often, blanks and where a line ends aside."""
    was, now = (Counter(" ".join(text.split()) for text in texts) for texts in (before, after))
    gone, added = "\n".join((was - now).elements()), "\n".join((now - was).elements())
    return (gone or None, added or None) if gone.split() != added.split() else (None, None)


def _field(was: CardFact, card: CardFact | None, name: str, before: CardField) -> Iterator[CardDiff]:
    now = card.field(name) if card else CardField("absent")
    is_elsewhere = set(before.standing) == {ELSEWHERE}
    if is_elsewhere and name not in (*USES, *LIMITS):
        return
    if now.state != "present" and name != "approved_by" and not is_elsewhere:
        lost = "card-section-removed" if now.state == "absent" else "card-section-emptied"
        yield _at(lost, name, before, now, before.text, now.text)
    kind = _kind_of(name, before, now)
    if name == "model_name" and not _is_named_otherwise(was, before, card, now):
        kind = None
    if kind == "limit-dropped":
        gone = dropped_items(before.items, now.items, before.standing, now.standing)
        gone += dropped_items(before.also, (*now.items, *now.also))
        added = dropped_items(now.items, before.items, now.standing, before.standing)
        lifted = taken_back((*now.items, *now.also), (*before.items, *before.also))
        gone += only_asked(before.items, now.items)
        if gone or lifted:
            told = "\n".join(dict.fromkeys((*added, *lifted)))
            yield _at(kind, name, before, now, "\n".join(gone) or before.text, told or None)
    elif kind is not None:
        is_in_front = name in MODEL and _plain(before.words) == _plain(now.words)
        yield _at(kind, name, before, now, *(it.front if is_in_front else _said_in(it) for it in (before, now)))


def _is_named_otherwise(was: CardFact, before: CardField, card: CardFact | None, now: CardField) -> bool:
    """Whether the model has another name beside the card's title, which says what the card is called and no more."""
    old, new = _names_stated(was, before), _names_stated(card, now)
    return bool(old) and old != new and not (not new and card is not None and old <= {key_of(card.title)})


def _names_stated(card: CardFact | None, field: CardField) -> set[str]:
    names = [key_of(item) for item in field.items]
    if card is not None and names and names[0] and names[0] in key_of(card.title):
        names = names[1:]
    return set(names)


def _kind_of(name: str, before: CardField, now: CardField) -> str | None:
    """The kind of change that other words in this field are; None where they are none."""
    old, new = before.words, now.words if now.state == "present" else ""
    if name in LIMITS:
        return "limit-dropped"
    if name in USES:
        keys = (key_of, statement_key)
        same = any(sorted(map(key, before.items)) == sorted(map(key, now.items)) for key in keys)
        same = same or is_same_statement(old, new)
        anew = dropped_items(now.also, (*before.items, *before.also))
        return None if same and _stays(before, now) and not anew else "use-case-changed"
    if name in MODEL:
        return "model-changed" if _is_other_in_front(before, now) or not _is_same_model(old, new) else None
    if name in DATA and new:
        return None if sorted(_NUMBERS.findall(old)) == sorted(_NUMBERS.findall(new)) else "data-changed"
    return None


def _is_other_in_front(before: CardField, now: CardField) -> bool:
    """Whether the front matter names something else, or no longer names what the text does not name either.

    What comes there first beside the same text says more of the same; were leaving free, too, two changes would
    exchange what one may not.
    """
    if not before.front or _plain(before.front) == _plain(now.front):
        return False
    return bool(now.front) or key_of(before.front.rpartition("/")[2]) not in key_of(now.words)


def _is_same_model(old: str, new: str) -> bool:
    """Whether two texts name the same: a name or version by each letter, prose about versions by what it says."""
    if _plain(old) == _plain(new):
        return True
    return min(len(old.split()), len(new.split())) > _OF_A_NAME and prose_key(old) == prose_key(new)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def dropped_items(
    before: Sequence[str], after: Sequence[str], was: Sequence[str] = (), now: Sequence[str] = ()
) -> list[str]:
    """The items of `before` that `after` does not have, what says nothing (`statement_key`) aside (D38).

    Neighbouring sentences may be joined or parted: that changes punctuation and no word. `was` and `now` are what the
    items stand under: one that stands under something else is another, and is told with it (D53).
    """
    left, right = _places(was, before), _places(now, after)
    gone = set(range(len(before)))
    for key in (key_of, statement_key):
        gone &= _gone([key(item) for item in before], [key(item) for item in after], left, right)
    return [_standing(before[at], was[at]) if left[at] else before[at] for at in sorted(gone)]


def _gone(old: list[str], new: list[str], left: Sequence[str], right: Sequence[str]) -> set[int]:
    """Which of the old keys no run of the new ones under the same heading holds."""
    nowhere = key_of(ELSEWHERE)
    known: dict[str, set[frozenset[str]]] = {}
    for start, end, text in _runs(new):
        known.setdefault(text, set()).add(frozenset(right[start:end]))
    kept = {
        position
        for start, end, text in _runs(old)
        if frozenset(left[start:end]) in known.get(text, ()) or (set(left[start:end]) == {nowhere} and text in known)
        for position in range(start, end)
    }
    return {position for position in range(len(old)) if position not in kept and old[position]}


def _places(standing: Sequence[str], items: Sequence[str]) -> list[str]:
    return [key_of(place) for place in standing] if standing else [""] * len(items)


def _stays(before: CardField, now: CardField) -> bool:
    """Whether what is said stands under the same; what no section of its own held may come to stand in one."""
    was, stands = _placed_keys(before), _placed_keys(now)
    return stands == was or (was == {key_of(ELSEWHERE)} and not stands)


def _placed_keys(field: CardField) -> set[str]:
    """What the items of a field stand under, where it is something."""
    return {key_of(place) for place in field.standing} - {""}


def _runs(keys: list[str]) -> Iterator[tuple[int, int, str]]:
    """Every run of up to _RUN neighbouring items, joined: (first, one past the last, text)."""
    for start in range(len(keys)):
        joined = accumulate(keys[start : start + _RUN], lambda left, right: f"{left} {right}".strip())
        for length, text in enumerate(joined, 1):
            yield start, start + length, text


def _metrics(was: CardFact, now: CardFact) -> Iterator[CardDiff]:
    from policy_gate.cards.metrics import is_loosened, is_worse, worsened_by  # noqa: PLC0415 - only where there are cards
    from policy_gate.cards.overall_limits import leaves_limit_of_all, under_another_name  # noqa: PLC0415

    after = {(metric.name.casefold(), metric.group.casefold()): metric for metric in now.metrics}
    for old in was.metrics:
        new = after.get((old.name.casefold(), old.group.casefold()))
        field = f"{old.name}[{old.group}]"
        if old.value is not None and is_worse(old, new):
            value = new.value if new else None
            told = _at("metric-regressed", field, old, new, old.value, value)
            yield _resting(replace(told, by_percent=worsened_by(old, new)), new)
        elif old.value is not None and new is not None and is_worse(new, old):
            yield _resting(_at("metric-improved", field, old, new, old.value, new.value), new)
        if old.claim is not None and (new is None or new.claim is None):
            yield _at("metric-evidence-dropped", field, old, new, old.evidence, None)
        own = new or under_another_name(old, now.metrics)
        if leaves_limit_of_all(old, own) or (old.threshold is not None and is_loosened(old, new)):
            limits = (old.overall_limit if old.threshold is None else old.threshold, own.threshold if own else None)
            yield _at("limit-dropped", f"threshold {field}", old, own, *limits)


def _resting(told: CardDiff, new: Metric | None) -> CardDiff:
    """The difference of a number with what the number now rests on."""
    return told if new is None else replace(told, evidence=new.evidence, evidence_said=new.evidence_said)


def _at(
    kind: str, field: str, before: CardField | Metric, now: CardField | Metric | None, old: object, new: object
) -> CardDiff:
    return CardDiff(kind, field, old, new, now.line if now else None, before.line)


def _placed(pair: FactsPair, was: CardFact, told: CardDiff) -> Change:
    """A change located in the cards themselves, where the lines are known."""
    result = Location(pair.now.card.path, told.line, 1) if pair.now.card and told.line else None
    base = Location(was.path, told.base_line, 1) if told.base_line else None
    change = placed(pair.change(told.kind, told.field, told.before, told.after, "model_card"), result, base)
    return replace(change, by_percent=told.by_percent)
