"""Who approves, and with which key: what `approve` does about `--key`."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from policy_gate.cli.output import one_line, say, to_root
from policy_gate.collect.inputs import load_inputs
from policy_gate.documents.writer import NewFile
from policy_gate.errors import UsageError
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.documents import Approver
from policy_gate.schema.people import Author
from policy_gate.signing.pinned_keys import KeyHolder, holder_of, line_of
from policy_gate.signing.sign import SigningKey, sign, signing_key, verify_command
from policy_gate.signing.verify import author_of
from policy_gate.write.approval_record import with_signature
from policy_gate.write.git_identity import identity, signing_key_setting


class Undersigned(NamedTuple):
    """Whose approval it will be, and what signs it; without a key it is only recorded."""

    approver: Approver
    key: SigningKey | None = None
    problem: str | None = None
    """why base's roles let this key sign for nobody, or not for now"""
    author: Author | None = None
    """whom base pins the key for, by what base says of them"""

    def files(self, record: NewFile) -> tuple[NewFile, ...]:
        """The record, with its signature beside it where there is a key."""
        if self.key is None:
            return (record,)
        return with_signature(record, sign(self.key, record.text.encode("utf-8")))

    def tell(self, files: tuple[NewFile, ...], root: Path, what: str, against: str | None) -> None:
        """Say what was written, what is left to do, and how anybody checks it; `against` is why it would not count."""
        paths = " ".join(file.path for file in files)
        name = one_line(self.approver.name)
        wrote, then = f"wrote {paths}", f"it counts once {name} commits it:"
        if self.key is not None:
            wrote, then = f"wrote {files[0].path} and its signature, by {name}", "it counts once somebody commits both:"
        if against is not None:
            then = f"as things stand it will not count: {one_line(against)}"
        say(f"{wrote}; {then}")
        say(f'  {one_line(to_root(root))}git add {paths} && git commit -m "Approve {what}" {paths}')
        if self.key is not None:
            say("anybody can verify it offline, in bash:")
            verify = verify_command(line_of(self.key.blob), self.approver.email, files[0].path)
            say(f"  {one_line(to_root(root) + verify)}")
        if self.key is not None and self.problem:
            say(f"base's roles.yaml decides; this key is: {line_of(self.key.blob)}")


def who_signs(key: Path | None, root: Path, asked: Request) -> Undersigned:
    """Whose hand it is: whom base pins the key for, else git's identity.

    Without `--key` the setting `policygate.signingkey` names the key. UsageError where it is nobody's.
    """
    file = key.expanduser() if key else signing_key_setting(root)
    if file is None:
        return Undersigned(_by_git(root, None))
    found = signing_key(file)
    with load_inputs(asked) as inputs:
        holder = holder_of(inputs.roles.content if inputs.roles else None, found.blob, asked.as_of.date())
    author = author_of(holder.person) if holder.person else None
    return Undersigned(_by_git(root, holder), found, holder.problem or None, author)


def _by_git(root: Path, holder: KeyHolder | None) -> Approver:
    person = holder.person if holder else None
    if person is not None and person.email:
        return Approver(name=person.name, email=person.email)
    me = identity(root)
    if me is None:
        raise UsageError("git does not know who you are", hint='git config user.name "…" and user.email "…" here')
    return Approver(name=person.name, email=me.email) if person is not None else me
