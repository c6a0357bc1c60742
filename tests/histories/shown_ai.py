"""What must hold where code shows AI: read from the trees alone, as the model has no opinion of it (D28, D50)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from d01_step import Step

Tree = Mapping[str, Any]
Entries = Mapping[str, Mapping[str, Any]]
_RETIRED = "decommissioned"
_LATE = ("pre_deployment", "production", "deprecated")


def brought_alone(
    step: Step,
    entries: Callable[[Tree], Entries],
    is_high: Callable[[Mapping[str, Any]], bool],
    agreed: Callable[[Step, str], bool],
) -> Iterator[str]:
    """AI that merged and that nobody has classified, or that came under a claim at which nobody has looked."""
    before, after = models_by_path(step.base), models_by_path(step.result)
    was, now = _live(entries(step.base)), _live(entries(step.result))
    left = [path for path in before if path not in after and not _claimants(was, path)]
    come = [path for path in after if path not in before and not _claimants(now, path)]
    if len(come) > len(left):  # what only moved about outside is not new
        yield f"AI that no system claims merged: {', '.join(come)}"
    gone = [model for path, model in before.items() if path not in after]
    for path in sorted(set(after) - set(before)):
        claimants = [id_ for id_ in _claimants(now, path) if id_ in was]
        is_known = _claimants(was, path) or any(_shares_folder(path, other) for other in before)
        if not claimants or is_known or after[path] in gone or any(is_high(now[id_]) for id_ in _claimants(now, path)):
            continue
        if not any(agreed(step, id_) for id_ in _claimants(now, path)):
            yield f"{path} came to {', '.join(claimants)}, and nobody looked at it"
    for path in sorted(set(after) & set(before)):
        for id_ in _claimants(now, path) if after[path] != before[path] else ():
            known = {model for other, model in before.items() if id_ in _claimants(was, other)}
            is_late = id_ in was and now[id_]["stage"] in _LATE and is_high(now[id_])
            if is_late and after[path] not in known and not agreed(step, id_) and not _says_so(step, now[id_]):
                yield f"{id_} asks another model, and nobody looked at it"
    for id_ in sorted(set(was) & set(now)):
        come = {
            it for path, it in after.items() if path not in before or before[path] != it if id_ in _claimants(now, path)
        }
        card = step.result["texts"].get(now[id_].get("model_card", ""))
        is_told = not card or not is_high(now[id_]) or agreed(step, id_) or _says_so(step, now[id_])
        if come - {*before.values()} and not is_told:
            yield f"{id_} asks {', '.join(sorted(come))}, and its card names another model"


def models_by_path(tree: Tree) -> dict[str, str]:
    """The hosted model that each file of code asks, of those that ask one."""
    return {path: text[3] for path, text in tree["texts"].items() if text[0] == "code" and len(text) > 3}


def _live(found: Entries) -> Entries:
    return {id_: it for id_, it in found.items() if it["stage"] != _RETIRED}


def _claimants(found: Entries, path: str) -> list[str]:
    return [id_ for id_, it in found.items() if any(path.startswith(glob.removesuffix("**")) for glob in it["paths"])]


def _says_so(step: Step, entry: Mapping[str, Any]) -> bool:
    """Whether the card, too, is another one now."""
    path = entry.get("model_card", "")
    return path in step.result["texts"] and step.result["texts"][path] != step.base["texts"].get(path)


def _shares_folder(one: str, other: str) -> bool:
    folders = [f"{path.rpartition('/')[0]}/" for path in (one, other)]
    return folders[0].startswith(folders[1]) or folders[1].startswith(folders[0])
