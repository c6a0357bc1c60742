"""Documents of the gate's own that a change puts where nothing reads them: settings, manifests, records, policies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy_gate.collect.evidence import spelling
from policy_gate.collect.layout import APPROVALS, CONFIG_FILE, INCIDENTS, WAIVERS_FILE, Layout
from policy_gate.collect.manifests import Selection
from policy_gate.collect.policy_files import schema_of
from policy_gate.documents.scalars import MAX_BYTES
from policy_gate.vcs.tree import Tree, TreeEntry

_SETTINGS: Final = ("policy-gate", "policygate", "policy-gate-config", "policy-gate.config")
_ENDINGS_OF_SETTINGS: Final = ("yaml", "yml", "json", "toml")
_SETTINGS_STAND: Final = f"the settings of the gate stand in {CONFIG_FILE}"
_ENDINGS: Final = (".yaml", ".yml", ".json")


def misplaced_documents(tree: Tree, selection: Selection, layout: Layout) -> Iterator[str]:
    """What to say of each, in path order: of changed files, where everything is looked at of settings in the root."""
    near = list(_near_settings(tree, selection))
    yield from near
    if selection.everything:
        return
    for path in sorted(selection.changed):
        entry = tree.entry(path) if path.lower().endswith(_ENDINGS) else None
        if entry is not None and entry.kind == "file" and (note := _read_elsewhere(tree, entry, layout)) not in near:
            yield from filter(None, (note,))


def _near_settings(tree: Tree, selection: Selection) -> Iterator[str]:
    """Files in the root that are named nearly as the settings of the gate."""
    for name in tree.names(""):
        plain = spelling(name).lstrip("._").replace("_", "-")
        stem, _, ending = plain.rpartition(".")
        is_alike = stem in _SETTINGS and ending in _ENDINGS_OF_SETTINGS and name != CONFIG_FILE
        if is_alike and (selection.everything or name in selection.changed):
            yield f"{name} is not read: {_SETTINGS_STAND}"


def _read_elsewhere(tree: Tree, entry: TreeEntry, layout: Layout) -> str:
    """A sentence on a document by its schema that stands at another place than those that are read; else empty."""
    path = entry.path
    if layout.is_record(path) or layout.is_policy(path) or tree.size(entry) > MAX_BYTES:
        return ""
    data = tree.read(entry)
    kind = schema_of(data) if b"policy-gate/" in data else ""
    wanted = {
        "policy-gate/incident/v1": f"incidents are YAML in {INCIDENTS}/",
        "policy-gate/approval/v1": f"recorded approvals are YAML in {APPROVALS}/",
        "policy-gate/waiver/v1": f"waivers stand in {WAIVERS_FILE}",
        "policy-gate/policy/v1": f"the policies of this repository are YAML in {layout.policies}/",
        "policy-gate/config/v1": _SETTINGS_STAND,
        "policy-gate/roles/v1": f"the roles stand in {layout.roles_file}",
    }.get(kind)
    return f"{path} is not read: {wanted}" if wanted else ""
