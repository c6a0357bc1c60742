"""Policy files that a change lays out otherwise and that say the same: quotes, line ends, blanks, widths (D11)."""

from __future__ import annotations

from collections.abc import Iterator

from policy_gate.collect.policies_of_tree import TreePolicies
from policy_gate.collect.policy_files import schema_of
from policy_gate.documents.cache import regular_bytes
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.errors import DocumentError
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.snapshot import CodeFile
from policy_gate.vcs.tree import Tree

_REMARK = lazy_pattern(rb"#[^\r\n]*")
"""Every remark, and perhaps what looks like one in a text; it is then a change where the text is wrapped otherwise."""


def policies_alike(was: TreePolicies, before: Tree, now: TreePolicies, after: Tree) -> Iterator[str]:
    """The paths of policy files that are other bytes than base's, with the same values and remarks in the same order.

    People read the remarks of policies, so that others are a change. A file that cannot be read on one side, or whose
    mode is another, is none of them.
    """
    old = {file.path: file for file in was.files}
    for file in now.files:
        earlier = old.get(file.path)
        if earlier is None or earlier.oid == file.oid or earlier.mode != file.mode:
            continue
        said = _said(before, earlier)
        if said is not None and said == _said(after, file):
            yield file.path


def _said(tree: Tree, file: CodeFile) -> tuple[str, str, list[bytes]] | None:
    """What the file says, comparable, the schema that its text alone shows, by which it is sorted, and its remarks."""
    entry = tree.entry(file.path)
    if entry is None or entry.kind != "file":
        return None
    try:
        data = regular_bytes(tree, entry)
        raw, _ = read_yaml(file.path, data)
    except DocumentError:
        return None
    # Unlike ==, repr tells 1 from 1.0 and True, and one order of keys from another.
    return repr(raw), schema_of(data), [remark.strip() for remark in _REMARK.findall(data)]
