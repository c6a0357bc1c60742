"""Changes that are blocked, one of whose files is then fuzzed: no bytes in it may let the change merge.

Each world lacks what only somebody else can give: the author makes every commit, so no file of the change can hold it.

- *promoted*: SYS-001, high, enters a stage with all its work done and no approval, or with approvals that the author
  typed, or as the author's own role holder, or under a waiver that has run out. Cards, documents, results, records,
  waivers, roles, rules, settings, workflows and a second manifest are fuzzed, and whatever they hold the change stays
  blocked. What a document or a result says of itself is believed (a failed test may be written as passed, which no
  check inside the job can see): so the world is blocked by something else. Only a manifest that leaves the stage as it
  was is an honest edit.
- *open incident*: SYS-003 moves on while its incident runs, and the file of the incident is fuzzed.
- *weaker*: the fuzzed file is what blocks (roles taken, rules loosened, a card without a prohibition, a lower score, a
  document dated anew). It may pass where it has become what base holds again: for law the same values, for the rest
  nothing lost by `guarded.losses`, which reads the files without the gate.
- *not governed*: the other way round. A text that nothing governs is fuzzed in a change that passes and in one that is
  blocked, and neither verdict moves.

Not here: who made a commit and what a forge's event says. Their bytes are git's and the forge's, and another author in
them is another author. Signatures, which ssh-keygen verifies, are in `forged_signatures.py`.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "properties"))

import forged_bundles
import yaml
from author_moves import ALL, CARD, CI, CONFIG, INCIDENT, MANIFEST, Draft, Files, result_of, start
from author_play import Play
from evidence import CARD_SECTIONS, completed, owed
from forged_signatures import counts_for_nobody
from forged_signatures import seeds as seeds_of_signatures
from gate_in_memory import Gate
from guarded import LIMITS, losses
from targets import Target
from world import base_files, days_ago, email_of, from_yaml, high_system, low_system, roles, to_yaml

from policy_gate.errors import PolicyGateError

ROLES, WAIVERS = "policies/roles.yaml", "governance/waivers.yaml"
_KEPT = 200
"""inputs after which what was read of them is let go"""
Honest = Callable[[Files, Files], bool]
"""Whether a result, beside its base, no longer holds what the change was blocked for, read without the gate."""


class TalkedIntoPassError(AssertionError):
    """The author's bytes alone have turned a block into a pass, or moved a verdict that they are no part of."""


class Blocked(NamedTuple):
    """A change that is blocked, and the file of it that is fuzzed."""

    base: Files
    result: Files
    path: str
    is_honest: Honest = lambda base, result: False

    def judged(self, data: bytes) -> int:
        """The exit code with these bytes in the file; TalkedIntoPassError for 0 where nothing was taken back."""
        text = data.decode("utf-8", "surrogateescape")
        result = {**self.result, self.path: text}
        code = code_of(self.base, result)
        if code == 0 and not self.is_honest(self.base, result):
            raise TalkedIntoPassError(f"{self.path} lets a change merge that is blocked")
        return code

    def seed(self) -> bytes:
        """What the file holds in the blocked change."""
        return self.result[self.path].encode("utf-8", "surrogateescape")


@cache
def _gate() -> Gate:
    return Gate()


_judged = 0


def code_of(base: Files, result: Files) -> int:
    """The exit code of `check`, and little kept of it."""
    global _judged  # noqa: PLW0603
    _judged += 1
    if _judged % _KEPT == 0:
        _gate().forget()
    try:
        return _gate().report(base, result).exit_code
    except PolicyGateError as error:
        return error.exit_code


# The worlds


def _promoted(card: str = CARD, text: str = "", also: Files | None = None) -> tuple[Files, Files]:
    """Base with SYS-001 in development, and its promotion with all its work: only the approvals are missing."""
    done, files = completed(high_system("pre_deployment", model_card=card))
    before = {**done, "stage": "development"}
    others = base_files() | files | ({card: text} if text else {}) | dict(also or {})
    return tuple(others | {MANIFEST: _manifest(entry)} for entry in (before, done))  # type: ignore[return-value]


def _manifest(*systems: Mapping[str, Any]) -> str:
    return to_yaml({"schema": "policy-gate/manifest/v1", "systems": list(systems)})


def _of_promoted(path: str, text: str | None = None, also: Files | None = None) -> Blocked:
    """The promotion with this file in its change, and others that base has, too."""
    base, result = _promoted(also=also)
    return Blocked(base, result if text is None else {**result, path: text}, path)


def _of_card(path: str, text: str) -> Blocked:
    return Blocked(*_promoted(path, text), path)


def _of_manifest() -> Blocked:
    return Blocked(*_promoted(), MANIFEST, _stays_in_development)


def _stays_in_development(_: Files, result: Files) -> bool:
    """SYS-001 is declared once, and its stage is base's."""
    stages = [entry.get("stage") for entry in from_yaml(result[MANIFEST])["systems"] if entry.get("id") == "SYS-001"]
    return stages == ["development"]


def _of_record() -> Blocked:
    """The promotion with every approval typed by the author in the names of those who could give them."""
    base, result = _promoted()
    whole = Play(_gate(), base).with_records(result)
    return Blocked(base, whole, max(path for path in whole if path not in result))


def _waivers(approver: str, expires: str) -> str:
    waiver = {
        "system": "SYS-001",
        "rule": "pre-deployment-security-review",
        "owner": email_of("Sam Lee"),
        "approver": approver,
        "reason": "The review comes later.",
        "created": days_ago(40),
        "expires": expires,
    }
    return to_yaml({"schema": "policy-gate/waiver/v1", "waivers": [waiver]})


def _of_incident() -> Blocked:
    base = start()

    def promote(draft: Draft) -> None:
        done, files = completed(low_system("production"))
        works = {kind: done.get(kind, []) for kind in ("artifacts", "tests")}
        draft.system("SYS-003").update(works, stage="pre_deployment")
        draft.files.update({path: text for path, text in files.items() if path not in draft.files})

    return Blocked(base, result_of(base, [promote]), INCIDENT)


def _weaker(path: str, *moves: str) -> Blocked:
    base = start()
    law = path.startswith(("policies/", CONFIG))
    is_honest: Honest = _same_values(path) if law else _items_stand if path == CARD else _nothing_lost
    return Blocked(base, result_of(base, [ALL[name] for name in moves]), path, is_honest)


def _same_values(path: str) -> Honest:
    return lambda base, result: from_yaml(result[path]) == from_yaml(base[path])


def _nothing_lost(base: Files, result: Files) -> bool:
    """How an incident is described may be reworded: nothing is worked out from it."""
    now = {**result, MANIFEST: _as_json(result[MANIFEST])}
    return set(losses(base, now)) <= {"description of the incident is another"}


def _as_json(text: str) -> str:
    """A manifest that passed, as `guarded` reads one: the gate reads JSON as YAML, which allows more."""
    return json.dumps(yaml.load(text, Loader=_Plain), default=str)  # noqa: S506 - it makes only text, lists and maps


class _Plain(yaml.SafeLoader):
    """Dates stay text."""


_Plain.yaml_implicit_resolvers = {
    sign: [it for it in known if it[0] != "tag:yaml.org,2002:timestamp"]
    for sign, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _items_stand(_: Files, result: Files) -> bool:
    """Every word of what the card limits and permits stands where it did, in order; blanks and marks are no words."""
    words = " ".join(_words(result[CARD]))
    return all(" ".join(_words(item)) in words for name in _PROTECTED for item in str(CARD_SECTIONS[name]).splitlines())


def _words(text: str) -> list[str]:
    """The words of what a reader sees: characters that are not shown join what stands beside them."""
    shown = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign)[0] != "C")
    return re.findall(r"\w+", shown.casefold())


_PROTECTED = (*LIMITS, "primary_intended_uses", "primary_intended_users")


_MINE = roles(ciso="Bo Author", legal="Bo Author", product_owner="Bo Author")
_SELF = {
    "schema": "policy-gate/policy/v1",
    "about": "Nobody else is needed.",
    "assurance": {"self_approval": ["low", "medium"]},
}
_PAPER = f"governance/{owed('high', 'pre_deployment')[0][0]}.md"
_RESULT = f"reports/{owed('high', 'pre_deployment')[1][0]}.xml"
BLOCKED: dict[str, Callable[[], Blocked]] = {
    "pass-manifest": _of_manifest,
    "pass-card-markdown": lambda: _of_promoted(CARD),
    "pass-card-yaml": lambda: _of_card("card.yaml", to_yaml(CARD_SECTIONS)),
    "pass-card-json": lambda: _of_card("card.json", json.dumps(CARD_SECTIONS, indent=1)),
    "pass-document": lambda: _of_promoted(_PAPER),
    "pass-results": lambda: _of_promoted(_RESULT),
    "pass-approval": _of_record,
    "pass-waivers": lambda: _of_promoted(
        WAIVERS, _waivers("bo@example.com", days_ago(-20)), {WAIVERS: _waivers("rae@example.com", days_ago(2))}
    ),
    "pass-roles": lambda: _of_promoted(ROLES, to_yaml(_MINE)),
    "pass-policy": lambda: _of_promoted("policies/loose.yaml", to_yaml(_SELF)),
    "pass-config": lambda: _of_promoted(CONFIG, base_files()[CONFIG] + "manifests: [empty/governance.yaml]\n"),
    "pass-second-manifest": lambda: _of_promoted(
        f"screener/{MANIFEST}", _manifest(low_system(id="SYS-008", paths=["**"]))
    ),
    "pass-workflow": lambda: _of_promoted(CI, "on: pull_request\njobs: {gate: {steps: [{run: policy-gate check}]}}\n"),
    "pass-incident": _of_incident,
    "pass-manifest-weaker": lambda: _weaker(MANIFEST, "lowest decision_impact"),
    "pass-card-weaker": lambda: _weaker(CARD, "a prohibition gone"),
    "pass-document-redated": lambda: _weaker("governance/data-governance-plan.md", "a document redated"),
    "pass-roles-taken": lambda: _weaker(ROLES, "roles taken"),
    "pass-config-weaker": lambda: _weaker(CONFIG, "other manifests"),
    "pass-incident-weaker": lambda: _weaker(INCIDENT, "the incident is less severe"),
}
"""Each kind of governed file in a change that is blocked."""


@cache
def blocked(name: str) -> Blocked:
    """The world of this name, made once."""
    return BLOCKED[name]()


NOTE = "docs/notes.md"


def _note_moves_nothing(data: bytes) -> None:
    """A text that nothing governs, in a change that passes and in one that is blocked."""
    text = data.decode("utf-8", "surrogateescape")
    base, result = _promoted_once()
    for made, wanted in ((base, 0), (result, 1)):
        if code_of(base, {**made, NOTE: text}) != wanted:
            raise TalkedIntoPassError(f"a text that nothing governs moves a verdict that is {wanted} without it")


@cache
def _promoted_once() -> tuple[Files, Files]:
    return _promoted()


def _target(name: str) -> Target:
    return Target(lambda data: blocked(name).judged(data), lambda: _seeds(name), ())


def _seeds(name: str) -> Iterator[bytes]:
    """The file as it blocks, and as base has it where that is something else."""
    world = blocked(name)
    yield world.seed()
    before = world.base.get(world.path, "").encode()
    if before not in (b"", world.seed()):
        yield before


PASSES: dict[str, Target] = {
    **{name: _target(name) for name in BLOCKED},
    "pass-not-governed": Target(_note_moves_nothing, lambda: iter([b"# Notes\n\nCalled by policy-gate.\n"]), ()),
    "pass-signature": Target(counts_for_nobody, seeds_of_signatures, ()),
    "pass-bundle": Target(forged_bundles.counts_for_nobody, forged_bundles.seeds, ()),
}
"""Fuzzed like readers: what they raise is a finding."""
