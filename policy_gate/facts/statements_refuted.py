"""Statements of manifest and card that the code refutes: another vendor, another model, code of its own that it misses.

Only what a change brings is a change: that the code shows it anew, or that the statement no longer says it. What base
had already is told as a note.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.facts.change_kinds import is_weakening
from policy_gate.schema.canonical import digest_of
from policy_gate.schema.change import REFUTED, Change
from policy_gate.schema.facts import CardFact, Facts
from policy_gate.schema.observed import Signal, StatementSigns, model_family
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.rule_set import KnownVendor, RuleSet
from policy_gate.schema.source import Location

_SHOWN: Final = 5
_SUPPLIES: Final = ("sdk", "host", "model")
_NAMES_MODEL: Final = ("base_model", "model_id", "model_name", "version")
_LONGEST: Final = 6
"""words that the name of a model may have in a text"""
_BREAKS: Final = lazy_pattern(r"[\s,;()\[\]\"'`|]+")
_SHA256: Final = lazy_pattern(r"(?<![0-9a-f])([0-9a-f]{64})(?![0-9a-f])")
_PIECES: Final = lazy_pattern(r"[^a-z0-9]+")


class _Stated(Struct, frozen=True):
    """What one tree states of a system: the words of its vendors, and the names of its models in every form."""

    vendors: tuple[str, ...]
    models: frozenset[str]
    names_models: bool

    def has_vendor(self, vendor: str, known: Mapping[str, KnownVendor]) -> bool:
        """Whether a declared vendor is this one, or one that serves what this one makes."""
        serving = [it.id for it in known.values() if vendor in it.offers]
        return any(_is_named(id_, known, said) for id_ in (vendor, *serving) for said in self.vendors)


def _is_named(id_: str, known: Mapping[str, KnownVendor], said: str) -> bool:
    names = (id_, *(known[id_].names if id_ in known else ()))
    return any(f"-{_plain(name)}-" in said for name in names)


def refuted_statements(was: Facts | None, now: Facts, seen: StatementSigns | None, policy: RuleSet) -> Iterator[Change]:
    """What the change brings that a statement of the result denies, one change for each field."""
    if seen is None:
        return
    stated, before = _stated(now, policy), _stated(was, policy) if was is not None else None
    vendors = [it for it in _undeclared_vendors(seen, stated, policy) if _is_brought_vendor(it, seen, before, policy)]
    if vendors:
        yield _change(now, "vendors", ", ".join(now.declared.entry.vendors), vendors, policy)
    models = list(_undeclared_models(seen, stated, before))
    if models:
        yield _change(now, "model", ", ".join(_shown_models(now)), models, policy)
    weights = list(_other_weights(now, seen))
    if weights:
        yield _change(now, "digest", ", ".join(digest for _, digest in _digests(now)), weights, policy)
    if seen.missed:
        yield _change(now, "paths", ", ".join(now.declared.entry.paths), seen.missed, policy)


def refuted_before(was: Facts | None, now: Facts, seen: StatementSigns | None, policy: RuleSet) -> Iterator[str]:
    """A sentence for each statement that the touched files refuted in base already."""
    if seen is None or was is None:
        return
    stated, before = _stated(now, policy), _stated(was, policy)
    touched = replace(seen, others=())
    for signal in _undeclared_vendors(touched, stated, policy):
        if not _is_brought_vendor(signal, seen, before, policy):
            yield (
                f"{now.id}: {signal.path}:{signal.line} shows {signal.what} ({signal.found}), of a vendor that "
                "`vendors` does not name; base had it, too"
            )
    for signal in seen.missed_before:
        yield (
            f"{now.id}: {signal.path}:{signal.line} imports {signal.found}, which no system claims; base had it, too"
        )


def _undeclared_vendors(seen: StatementSigns, stated: _Stated, policy: RuleSet) -> Iterator[Signal]:
    """The first sign of each vendor that the code shows and the entry does not name, where it names any."""
    if not stated.vendors:
        return
    found: dict[str, Signal] = {}
    for file in (*seen.after, seen.others):
        for signal in _of_vendors(file, policy.known_vendors):
            best = found.get(signal.vendor)
            if best is None or (best.confidence != "high" and signal.confidence == "high"):
                found[signal.vendor] = signal
    for vendor in sorted(found):
        if not stated.has_vendor(vendor, policy.known_vendors):
            yield found[vendor]


def _of_vendors(file: Collection[Signal], known: Mapping[str, KnownVendor]) -> Iterator[Signal]:
    """The signs of one file that a supplier is used; to depend on its package is not yet to use it."""
    speaks_to_another = any(it.kind == "host" for it in file)
    for signal in file:
        spec = known.get(signal.vendor)
        if not signal.vendor or signal.kind not in _SUPPLIES or signal.confidence == "low":
            continue
        if spec is not None and spec.runs_here:
            continue
        if signal.kind == "sdk" and spec is not None and spec.serves_others and speaks_to_another:
            continue
        yield signal


def _is_brought_vendor(signal: Signal, seen: StatementSigns, before: _Stated | None, policy: RuleSet) -> bool:
    """Whether base did not show this vendor, or named it."""
    if before is not None and before.has_vendor(signal.vendor, policy.known_vendors):
        return True
    old = {it.vendor for file in seen.before for it in _of_vendors(file, policy.known_vendors)}
    old |= {it.vendor for it in _of_vendors(seen.others, policy.known_vendors)}
    return signal.vendor not in old


def _undeclared_models(seen: StatementSigns, stated: _Stated, before: _Stated | None) -> Iterator[Signal]:
    """Models that the code shows and the statement does not name, where it names any, new in the one or the other.

    A first statement, and that of a new system, may leave out what stands beside the model that it names.
    """
    if not stated.names_models:
        return
    shown = _models((*seen.after, seen.others))
    unnamed = {name: signal for name, signal in shown.items() if name not in stated.models}
    if before is None or not before.names_models:
        if len(unnamed) == len(shown):
            yield from (unnamed[name] for name in sorted(unnamed))
        return
    old = {*_models(seen.before), *_models((seen.others,))}
    for name in sorted(unnamed):
        if name not in old or name in before.models:
            yield unnamed[name]


def _models(files: Iterable[Iterable[Signal]]) -> dict[str, Signal]:
    """The models known by name that these files show, by their plain names, each with its first sign."""
    found: dict[str, Signal] = {}
    for file in files:
        for signal in file:
            if signal.kind == "model" and signal.value and signal.confidence != "low":
                found.setdefault(model_family(signal.value), signal)
    return found


def _other_weights(now: Facts, seen: StatementSigns) -> Iterator[Signal]:
    """Files of weights whose digest is not the one declared for their path, or where a digest is declared for none.

    A digest without a path may be of any file: it is denied where no file has it, and by those that no digest is for.
    """
    declared = list(_digests(now))
    by_path = {path: digest for path, digest in declared if path}
    known, held = {digest for _, digest in declared}, {digest for _, digest in seen.weights}
    lost = {digest for path, digest in declared if not path} - held
    for path, digest in seen.weights:
        wanted = by_path.get(path)
        if (wanted is not None and wanted != digest) or (lost and digest not in known):
            yield Signal(path, 1, "weights", "Weights", "high", f"sha256 {digest}", "", digest)


def _digests(facts: Facts) -> Iterator[tuple[str, str]]:
    """Path (empty where none is given) and SHA-256 of each model that the entry lists, and of the card's."""
    folder = facts.declared.manifest.path.rpartition("/")[0]
    for model in facts.declared.entry.models:
        if model.digest:
            path = "/".join(part for part in f"{folder}/{model.path}".split("/") if part not in ("", "."))
            yield path if model.path else "", model.digest.removeprefix("sha256:")
    said = _SHA256.search(_card_text(facts.card, "weights_digest") or "")
    if said:
        yield "", said[1]


def _stated(facts: Facts, policy: RuleSet) -> _Stated:
    vendors = tuple(f"-{_plain(' '.join(_words(vendor)))}-" for vendor in facts.vendors)
    texts = _said_models(facts)
    listed = [text for it in facts.declared.entry.models for text in (it.name, f"{it.name}-{it.version or ''}")]
    names = frozenset(name for text in (*texts, *listed) for name in _names_in(text))
    begins = tuple(_plain(begin) for known in policy.known_vendors.values() for begin in known.models)
    is_listed = bool(listed) or _card_text(facts.card, "base_model") is not None
    return _Stated(vendors, names, is_listed or any(name.startswith(begins) for name in names))


def models_named(facts: Facts, policy: RuleSet) -> frozenset[str]:
    """The families of models that entry and card name, among other words of theirs; empty where they name none."""
    stated = _stated(facts, policy)
    return stated.models if stated.names_models else frozenset()


def _words(vendor: Mapping[str, Any]) -> list[str]:
    """What an entry of a vendor calls it."""
    return [str(vendor.get(f"vendor.{name}") or "") for name in ("id", "vendor_name", "product_name")]


def _shown_models(facts: Facts) -> list[str]:
    """The statement for people: the card's base model and the models that the entry lists, else whatever names one."""
    base = _card_text(facts.card, "base_model")
    listed = [" ".join(part for part in (it.name, it.version) if part) for it in facts.declared.entry.models]
    return [*([" ".join(base.split())] if base else []), *listed] or _said_models(facts)


def _said_models(facts: Facts) -> list[str]:
    said = [_card_text(facts.card, name) for name in _NAMES_MODEL]
    return [text for text in (*said, facts.declared.entry.model_version) if text]


def _card_text(card: CardFact | None, name: str) -> str | None:
    field = card.field(name) if card is not None else None
    return field.text if field is not None and field.state == "present" else None


def _names_in(text: str) -> Iterator[str]:
    """Every run of words of a text, as the plain name of a model."""
    words = [word for word in _BREAKS.split(text.lower()) if word][:200]
    for start in range(len(words)):
        for length in range(1, _LONGEST + 1):
            yield model_family(" ".join(words[start : start + length]))


def _plain(text: str) -> str:
    return _PIECES.sub("-", text.lower()).strip("-")


def _change(now: Facts, field: str, said: str, signals: Sequence[Signal], policy: RuleSet) -> Change:
    ranked = sorted(signals, key=lambda it: ("high", "medium", "low").index(it.confidence))
    shown = [f"{it.path}:{it.line} {it.what} ({it.found})" for it in ranked[:_SHOWN]]
    if len(ranked) > _SHOWN:
        shown.append(f"{len(ranked) - _SHOWN} more")
    return Change(
        REFUTED,
        now.id,
        field,
        said or None,
        "; ".join(shown),
        is_weakening(REFUTED, policy),
        location=Location(ranked[0].path, ranked[0].line, 1),
        base_location=None,
        confidence=ranked[0].confidence,
        bound=digest_of(sorted([it.path, it.what, it.found, it.value] for it in signals)),
    )
