"""Changes that the code shows: another model, vendor, host, prompt or weights, and unclaimed AI use (D50)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from policy_gate.facts.change_kinds import FactsPair, is_weakening, placed
from policy_gate.facts.declared_models import fallbacks
from policy_gate.facts.statements_refuted import models_named
from policy_gate.schema.canonical import digest_of
from policy_gate.schema.change import Change
from policy_gate.schema.observed import WEIGHTS_NAMED, Observed, Signal, SystemSigns, model_family
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.source import Location

_SHOWN: Final = 5
"""places of one finding that are named before the rest is counted"""


class _Compared(Struct, frozen=True):
    """One kind of thing that is compared: the kind of change, its field, which signs tell it, and in which words."""

    kind: str
    field: str
    sign: str | None
    """the kind of sign whose value it is; None for the vendor that any sign names"""
    said: Callable[[Signal], str]

    def value(self, signal: Signal) -> str:
        """What the sign says of it; empty where it says nothing."""
        if self.sign is None:
            return signal.vendor
        kind = "weights" if signal.kind == WEIGHTS_NAMED else signal.kind
        return signal.value if kind == self.sign else ""


_COMPARED: Final = (
    _Compared("model-changed", "observed_models", "model", lambda signal: signal.value),
    _Compared("vendor-changed", "observed_vendors", None, lambda signal: signal.vendor),
    _Compared("vendor-changed", "observed_hosts", "host", lambda signal: signal.value),
    _Compared(
        "weights-changed",
        "observed_weights",
        "weights",
        lambda signal: signal.found if signal.kind == WEIGHTS_NAMED else f"{signal.path} ({signal.value[:12]})",
    ),
    _Compared("prompt-changed", "observed_prompts", "prompt", lambda signal: f'"{signal.found}" ({signal.value[:12]})'),
)


def observed_changes(pair: FactsPair, seen: SystemSigns | None) -> Iterator[Change]:
    """What the touched files of one system show otherwise than in base.

    A value that only comes or only goes is none where the system shows it elsewhere, too. One that takes another's
    place is a change in any case, and so is one that may have done so where nobody can see it.
    """
    if seen is None:
        return
    is_last = not seen.hides and not any(values_compared([it for file in seen.after for it in file]).values())
    is_last = is_last and not any(seen.elsewhere.values())
    for compared in _COMPARED:
        gone, come = _difference(compared, seen)
        if gone or come:
            change = pair.change(
                compared.kind, compared.field, _said(compared, gone), _said(compared, come), base_loc=("paths",)
            )
            to_fallback = (
                compared.sign == "model" and bool(come) and {*map(compared.value, come)} <= fallbacks(pair.was)
            )
            only_leaves = compared.sign == "model" and not come
            bound = digest_of([[compared.value(it) for it in side] for side in (gone, come)])
            yield replace(
                placed(change, _place(come), _place(gone)),
                confidence="high",
                bound=bound,
                to_fallback=to_fallback,
                option_removed=only_leaves and _are_options(gone, seen, models_named(pair.was, pair.policy)),
                is_last_seen=is_last,
            )


def _are_options(gone: Sequence[Signal], seen: SystemSigns, named: frozenset[str]) -> bool:
    """Whether base names none of these models, and each file that they leave still shows one which it names.

    What the code takes from then on is nothing that it could not have taken of the same file before.
    """
    values = {it.value for it in gone}
    if seen.hides or not named or not named.isdisjoint(map(model_family, values)):
        return False
    for before, after in zip(seen.before, seen.after, strict=True):
        left = {it.value for it in before if it.kind == "model"} - {it.value for it in after}
        if left & values and named.isdisjoint(model_family(it.value) for it in after if it.kind == "model"):
            return False
    return True


def _difference(compared: _Compared, seen: SystemSigns) -> tuple[list[Signal], list[Signal]]:
    was, now = _counted(compared, seen.before), _counted(compared, seen.after)
    gone, come = was - now, now - was
    if not (gone and come) or compared.kind == "vendor-changed":
        elsewhere = seen.elsewhere.get(compared.field, frozenset())
        if not seen.hides or compared.kind == "vendor-changed":
            gone = Counter(value for value in gone if value not in now and value not in elsewhere)
        come = Counter(value for value in come if value not in was and value not in elsewhere)
    lost, won = _replaced(compared, seen)
    gone, come = gone | lost, come | won
    return _showing(compared, seen.before, gone), _showing(compared, seen.after, come)


def _replaced(compared: _Compared, seen: SystemSigns) -> tuple[Counter[str], Counter[str]]:
    """What took another's place within one file, be it that the other stands elsewhere now."""
    lost: Counter[str] = Counter()
    won: Counter[str] = Counter()
    for before, after in zip(seen.before, seen.after, strict=True):
        was, now = _counted(compared, [_asking(before)]), _counted(compared, [_asking(after)])
        if was - now and now - was:
            lost |= was - now
            won |= now - was
    return lost, won


def _asking(file: Sequence[Signal]) -> Sequence[Signal]:
    """What asks somebody: lists of dependencies change with the packages of a repository, and ask nobody."""
    return [signal for signal in file if signal.kind != "dependency"]


def _counted(compared: _Compared, files: Sequence[Sequence[Signal]]) -> Counter[str]:
    """In how many files each value stands."""
    return Counter(value for file in files for value in {compared.value(signal) for signal in file} if value)


def _showing(compared: _Compared, files: Sequence[Sequence[Signal]], values: Counter[str]) -> list[Signal]:
    """A sign for each value, the first of it."""
    found: dict[str, Signal] = {}
    for file in files:
        for signal in file:
            value = compared.value(signal)
            if value in values:
                found.setdefault(value, signal)
    return [found[value] for value in sorted(found)]


def values_compared(seen: Sequence[Signal]) -> dict[str, frozenset[str]]:
    """The values of these signs, by the field of the change that another value would be."""
    return {
        compared.field: frozenset(value for signal in seen if (value := compared.value(signal)))
        for compared in _COMPARED
    }


def is_one_sided(seen: SystemSigns) -> bool:
    """Whether something only comes or only goes, so that it matters what the system shows elsewhere."""
    for compared in _COMPARED:
        was, now = _counted(compared, seen.before), _counted(compared, seen.after)
        gone, come = was - now, now - was
        if bool(gone) != bool(come) or (gone and compared.kind == "vendor-changed"):
            return True
    return False


def _said(compared: _Compared, signals: Sequence[Signal]) -> str | None:
    return ", ".join(dict.fromkeys(compared.said(signal) for signal in signals)) or None


def _place(signals: Sequence[Signal]) -> Location | None:
    return Location(signals[0].path, signals[0].line, 1) if signals else None


def changes_outside(seen: Observed, policy: RuleSet) -> Iterator[Change]:
    """AI use that the change brings and no system claims, by folder; and what refutes that there is none."""
    groups: dict[str, list[Signal]] = {}
    for signal in seen.unclaimed:
        groups.setdefault(signal.path.rpartition("/")[0] or signal.path, []).append(signal)
    for folder in sorted(groups):
        yield _outside("unclaimed-ai-use", folder, groups[folder], policy)
    if seen.refuting:
        yield _outside("absence-contradicted", "systems", seen.refuting, policy)


def changes_at_new_places(pair: FactsPair, signals: Sequence[Signal] | None) -> Iterator[Change]:
    """AI use that comes to a place which the system claims only since of late."""
    if signals:
        shown = _outside("ai-use-claimed", "paths", signals, pair.policy)
        bound = digest_of(sorted([it.path, it.kind, it.what, it.value] for it in signals))
        yield replace(shown, system=pair.now.id, bound=bound)


def _outside(kind: str, field: str, signals: Sequence[Signal], policy: RuleSet) -> Change:
    order = ("high", "medium", "low")
    ranked = sorted(signals, key=lambda it: order.index(it.confidence))
    shown = [f"{it.path}:{it.line} {it.what} ({it.found})" for it in ranked[:_SHOWN]]
    if len(ranked) > _SHOWN:
        shown.append(f"{len(ranked) - _SHOWN} more")
    return Change(
        kind,
        None,
        field,
        None,
        "; ".join(shown),
        is_weakening(kind, policy),
        location=_place(ranked),
        confidence=ranked[0].confidence,
    )
