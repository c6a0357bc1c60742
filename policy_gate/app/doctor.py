"""Whether the gate is set up to hold, as the files here say it; the forge is asked only for what no file says.

Everything comes from what a check reads (the collected snapshot, lint of policies and roles). Nothing is judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from msgspec import Struct

from policy_gate import __version__
from policy_gate.app.doctor_ci import ci_lines, forge_lines
from policy_gate.app.doctor_paths import empty_pattern_lines, overlap_lines
from policy_gate.approvals.people import usual_authors
from policy_gate.approvals.records import SIGNATURE
from policy_gate.collect.inputs import OpenInputs, load_inputs
from policy_gate.collect.layout import APPROVALS, CONFIG_FILE, is_yaml
from policy_gate.collect.policies_of_tree import TreePolicies, policies_of
from policy_gate.decide.trust import weakening_options
from policy_gate.errors import PolicyError
from policy_gate.people.identity import is_one_person
from policy_gate.policy.lint_roles import lint_roles
from policy_gate.policy.load import lint_policies, load_policies
from policy_gate.report.wording import plural, revision
from policy_gate.schema.check_inputs import LayerSource, Request
from policy_gate.schema.roles import PinnedIdentity, PinnedKey, Roles
from policy_gate.schema.rule_set import RuleSet
from policy_gate.schema.setup import Setup, SetupLine, SetupTopic
from policy_gate.schema.source import Document, Location, Problem
from policy_gate.signing.pinned_identities import CertifiedIdentity, revocation_of
from policy_gate.signing.pinned_keys import blob_of
from policy_gate.vcs.tree import Tree

NEAR = timedelta(days=30)
"""How long before its last day a key counts as near its end."""


class Read(Struct, frozen=True):
    """What the lines are made from: the inputs of a full check, the tree it looks at and what that tree says."""

    request: Request
    inputs: OpenInputs
    tree: Tree
    own: TreePolicies

    @property
    def layers(self) -> tuple[LayerSource, ...]:
        """The layers that would hold, were this tree base."""
        return self.inputs.result_layers or self.inputs.layers

    @property
    def packs(self) -> Sequence[str]:
        return self.own.config.content.pack_ids if self.own.config else ()

    @property
    def today(self) -> date:
        return self.request.as_of.date()


def doctor(request: Request, *, ask_forge: bool = True) -> Setup:
    """Look at all that the gate hangs on; UsageError outside a repository, UndecidedError where nothing can be read."""
    with load_inputs(request) as inputs:
        assert inputs.revisions is not None  # noqa: S101 - inputs that were loaded have them
        tree = inputs.revisions.result
        name = "work tree" if inputs.result_from == "worktree" else request.head
        read = Read(request, inputs, tree, policies_of(tree, name, inputs.cache))
        policy, lines = _policies(read)
        on_forge, forge = forge_lines(read.inputs, read.own, request.environment, ask_forge=ask_forge)
        return Setup(
            (
                *_base(read),
                *_manifests(read),
                *overlap_lines(inputs.result.systems, read.own.layout, tree),
                *empty_pattern_lines(inputs.result.systems, read.own, tree),
                *lines,
                *_roles(read, policy),
                *_keys(read),
                *_records(read, policy),
                *ci_lines(read.inputs, read.own, tree),
                *_pin(read, policy),
                *on_forge,
            ),
            f"the {name}" if inputs.result_from == "worktree" else revision(inputs.head_ref),
            forge,
        )


def _base(read: Read) -> Iterator[SetupLine]:
    """Which commit the rules come from, and whether it holds what is here."""
    inputs = read.inputs
    unsure = [note for note in inputs.not_enforcing if note not in weakening_options(read.request)]
    if unsure:
        has_remote = inputs.opened is None or inputs.opened.repository.has_a_remote()
        fetch = "git fetch origin main, or " if has_remote else ""
        mend = f"{fetch}name the branch that changes are for: --base REF"
        yield SetupLine("base", "mend", unsure[0], mend=mend)
        return
    at = revision(inputs.base_ref)
    if inputs.result_layers is None:
        yield SetupLine("base", "ok", f"{at} holds the policies that are here")
    elif not any(layer.layer == "repository" for layer in inputs.layers):
        mend = "merge them: the rules of a change are those of its base"
        yield SetupLine("base", "mend", f"{at} holds no policies yet; those here are not in force", mend=mend)
    else:
        yield SetupLine("base", "ok", f"{at} decides; the policies here differ and hold from their merge on")


def _manifests(read: Read) -> Iterator[SetupLine]:
    result, config = read.inputs.result, read.own.config
    places = {problem.path for problem in read.own.problems}
    problems = [problem for problem in result.problems if problem.path not in places]
    problems += [problem for system in result.systems for problem in system.problems]
    yield from (_of_problem("manifests", problem) for problem in problems)
    told = {problem.path for problem in problems}
    yield from (
        SetupLine("manifests", "mend", "cannot be read", Location(it.path), "mend it, or leave it out of `manifests`")
        for it in result.unread
        if it.path not in told
    )
    yield from (SetupLine("manifests", "mend", note) for note in result.misplaced)
    if result.declares_nothing is not None:
        yield SetupLine(
            "manifests", "ok", f"this repository says that it holds no AI system: {result.declares_nothing}"
        )
    elif not result.any_manifest:
        where = config.at("manifests") if config else None
        yield SetupLine("manifests", "mend", "no manifest declares a system", where, "policy-gate init")
    elif not problems and not result.unread:
        said = f"{plural(len(result.manifests), 'manifest')} with {plural(len(result.systems), 'system')}"
        yield SetupLine("manifests", "ok", said)


def _policies(read: Read) -> tuple[RuleSet | None, list[SetupLine]]:
    """The rule set of this tree, None where there is none, and what lint says."""
    found = lint_policies(read.layers, read.packs)
    wrong = [problem for problem in found if not problem.advice]
    try:
        policy = load_policies(read.layers, read.packs)
    except PolicyError as error:
        wrong = wrong or list(error.problems) or [Problem(CONFIG_FILE, error.message, hint=error.hint)]
        return None, [_of_problem("policies", problem) for problem in wrong]
    lines = [_of_problem("policies", problem) for problem in wrong]
    advice = len(found) - len(wrong)
    said = f"{policy.source}; {advice} to consider: policy-gate policy lint" if advice else policy.source
    return policy, lines or [SetupLine("policies", "ok", said)]


def _roles(read: Read, policy: RuleSet | None) -> Iterator[SetupLine]:
    """Roles that nobody, or nobody but the usual authors, can fill."""
    roles, place = read.own.roles, read.own.layout.roles_file
    if roles is None:
        broken = [problem for problem in read.own.problems if problem.path == place]
        yield from (_of_problem("roles", problem) for problem in broken)
        if not broken and read.own.roles_unread:
            said, mend = "says nothing of roles, so nobody can approve", "begin it with `schema: policy-gate/roles/v1`"
            yield SetupLine("roles", "mend", said, Location(place), mend)
        elif not broken:
            yield SetupLine("roles", "mend", f"there is no {place}, so nobody can approve", mend="policy-gate init")
        return
    if policy is None or read.inputs.repository is None:
        yield SetupLine("roles", "not-known", "the policies that ask for roles cannot be read", Location(place))
        return
    problems = lint_roles(roles, policy, usual_authors(read.inputs.repository))
    yield from (_of_problem("roles", problem) for problem in problems)
    if not problems:
        yield SetupLine("roles", "ok", "every role that is asked to approve can be filled", Location(place))


def _keys(read: Read) -> Iterator[SetupLine]:
    """Pinned keys that have ended, end soon without another one beside them, or are revoked and still listed."""
    roles = read.own.roles
    if roles is None:
        if read.own.roles_unread:
            yield SetupLine("keys", "not-known", "the roles cannot be read", Location(read.own.layout.roles_file))
        return
    found = list(dict.fromkeys((*_key_faults(roles, read.today), *_identity_faults(roles, read.today))))
    yield from found
    held = [key for holders in roles.content.roles.values() for person in holders.members for key in person.keys]
    if not found:
        said = "no key is near its end" if held else "no key is pinned: approvals can come from a forge's reviews alone"
        yield SetupLine("keys", "ok", said, Location(roles.path))


def _key_faults(roles: Document[Roles], today: date) -> Iterator[SetupLine]:
    revoked = {blob_of(key.key) for key in roles.content.revoked_keys} - {None}
    seen: set[tuple[str, bytes | None]] = set()
    every = [person for holders in roles.content.roles.values() for person in holders.members]
    for role, holders in roles.content.roles.items():
        for number, person in enumerate(holders.members):
            for position, key in enumerate(person.keys):
                line = key if isinstance(key, str) else key.key
                if (person.name, blob_of(line)) in seen:
                    continue
                seen.add((person.name, blob_of(line)))
                # A deputy signs in one role for some days, and in another for good.
                theirs = [it for other in every if is_one_person(other, person) for it in other.keys]
                said = "is revoked" if blob_of(line) in revoked else _end_of(key, theirs, today)
                if said:
                    at = roles.at("roles", role, "members", number, "keys", position)
                    mend = "take it out" if "revoked" in said else "pin the next key beside it, in a change of its own"
                    yield SetupLine("keys", "mend", f"a key of {person.name} {said}", at, mend)


def _identity_faults(roles: Document[Roles], today: date) -> Iterator[SetupLine]:
    """The same of the identities that sign the audit log."""
    for role, holders in roles.content.roles.items():
        for number, person in enumerate(holders.members):
            for position, pinned in enumerate(person.identities):
                who = CertifiedIdentity(pinned.issuer, pinned.identity)
                said = "is revoked" if revocation_of(roles.content, who) else _end_of(pinned, person.identities, today)
                if said:
                    at = roles.at("roles", role, "members", number, "identities", position)
                    mend = "take it out" if "revoked" in said else "pin it anew, in a change of its own"
                    yield SetupLine("keys", "mend", f"an identity of {person.name} {said}", at, mend)


def _end_of(key: str | PinnedKey | PinnedIdentity, others: Iterable[object], today: date) -> str:
    """When a key or an identity ends, where that is soon or past and no other of the same person goes on."""
    if isinstance(key, str) or key.valid_until is None or key.valid_until > today + NEAR:
        return ""
    ends = [getattr(it, "valid_until", None) for it in others]
    if any(end is None or end > today + NEAR for end in ends):
        return ""
    return f"{'ended' if key.valid_until < today else 'ends'} on {key.valid_until.isoformat()}"


def _records(read: Read, policy: RuleSet | None) -> Iterator[SetupLine]:
    """The folder of approval records, and records that count nowhere because nobody signed them."""
    entry = read.tree.entry(APPROVALS)
    if entry is not None and entry.kind != "folder":
        yield SetupLine("records", "mend", "is no folder", Location(APPROVALS), "keep approval records in a folder")
        return
    paths = {it.path for it in read.tree.walk(APPROVALS)} if entry is not None else set()
    records = sorted(path for path in paths if is_yaml(path))
    unsigned = [path for path in records if f"{path}{SIGNATURE}" not in paths]
    if unsigned and not _believes_records(policy):
        said = f"{len(unsigned)} of {plural(len(records), 'record')} without a signature: they count nowhere"
        mend = "policy-gate approve with --key FILE, or an approving review on the forge"
        yield SetupLine("records", "mend", said, Location(unsigned[0]), mend)
    elif records:
        yield SetupLine("records", "ok", f"{plural(len(records), 'approval record')} in {APPROVALS}")
    else:
        yield SetupLine("records", "ok", f"no record in {APPROVALS} yet; policy-gate approve --key writes them there")


def _believes_records(policy: RuleSet | None) -> bool:
    """Whether these policies count a record that nobody signed, anywhere."""
    if policy is None:
        return False
    return "recorded" in {*policy.assurance.approvals.values(), policy.assurance.governed_changes}


def _pin(read: Read, policy: RuleSet | None) -> Iterator[SetupLine]:
    """Whether the tool and its rules are pinned, and to what is installed here."""
    config = read.own.config
    pin = config.content.tool if config else None
    if config is None or pin is None or not (pin.versions or pin.digests):
        said = "no pin: whichever version the job installs judges"
        yield SetupLine("pin", "ok", said, Location(CONFIG_FILE) if config else None)
        return
    versions = " or ".join(pin.versions)
    if not pin.takes_version(__version__):
        mend = f"install policy-gate {versions}, or change the pin in a change of its own"
        yield SetupLine("pin", "mend", f"pins {versions}, this is {__version__}", config.at("tool", "version"), mend)
    elif pin.digests and policy is not None and policy.digest not in pin.digests:
        said = f"pins policies {pin.digests[0][:14]}…, these are {policy.digest[:14]}…"
        mend = f"policies_digest: {policy.digest}"
        yield SetupLine("pin", "mend", said, config.at("tool", "policies_digest"), mend)
    else:
        yield SetupLine("pin", "ok", f"pinned to {versions or 'these policies'}", config.at("tool"))


def _of_problem(topic: SetupTopic, problem: Problem) -> SetupLine:
    return SetupLine(topic, "mend", problem.message, problem.location, problem.hint)
