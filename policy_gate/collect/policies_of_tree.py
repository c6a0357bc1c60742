"""The policies that one tree holds: its config, its own policies and roles, and the files they stand in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from policy_gate import __version__
from policy_gate.collect.layout import CONFIG_FILE, Layout
from policy_gate.collect.outside_packs import fetched_packs, folder_packs
from policy_gate.collect.policy_files import PolicyFolder, is_no_folder, read_policies
from policy_gate.documents.cache import DocumentCache
from policy_gate.errors import DocumentError, UndecidedError
from policy_gate.schema.check_inputs import LayerSource
from policy_gate.schema.documents import Config, PackFrom
from policy_gate.schema.roles import Roles
from policy_gate.schema.snapshot import CodeFile
from policy_gate.schema.source import Document, Problem, Unread
from policy_gate.vcs.tree import Tree

DEFAULT_CONFIG = Config.model_construct(schema_="policy-gate/config/v1")
"""What holds without a policy-gate.yaml; the defaults of the model need no validation."""


class TreePolicies(Struct, frozen=True):
    """Config, policies and roles of one tree; `files` are all that they stand in."""

    config: Document[Config] | None
    layout: Layout
    source: LayerSource
    roles: Document[Roles] | None
    files: tuple[CodeFile, ...]
    problems: tuple[Problem, ...]
    policies_id: str | None
    """the object id of the policies folder, by which two trees' policies are known to be the same"""
    packs: tuple[LayerSource, ...] = ()
    """packs from outside, as layers below the own one"""
    pack_files: tuple[CodeFile, ...] = ()
    """the files of such packs that lie in the tree"""
    roles_unread: bool = False
    """there are roles that cannot be read, or something that cannot be read may say where they are"""

    @property
    def layers(self) -> tuple[LayerSource, ...]:
        """What this tree puts above the layers of others."""
        return (*self.packs, self.source) if self.source.documents or self.source.cases else self.packs

    @property
    def holds_policies(self) -> bool:
        """Is there a policy, a case, or a roles file, readable or not?"""
        return any(file.path != CONFIG_FILE for file in self.files)


def policies_of(tree: Tree, name: str, cache: DocumentCache, known: TreePolicies | None = None) -> TreePolicies:
    """Read a tree's own policies; nothing is raised for what is malformed.

    `name` is put before the folder's for people. What `known` has of the same folder is not read again.
    """
    config, problems, files = _config(tree, cache)
    layout = Layout(config.content if config else DEFAULT_CONFIG)
    entry = tree.entry(layout.policies)
    folder_id = entry.oid if entry else None
    shown = f"{name}:{layout.policies}"
    if known and known.policies_id == folder_id and known.layout.policies == layout.policies:
        folder = _same_folder(known, shown)
    else:
        folder = _read_folder(tree, layout, shown, cache)
    source = folder.source
    if problems:
        unread = Document(CONFIG_FILE, files[0].oid, Unread(problems), {})
        source = replace(source, documents=(*source.documents, unread), problems=(*problems, *source.problems))
    packs = folder_packs(config, tree, layout.policies)
    return TreePolicies(
        config,
        layout,
        source,
        folder.roles,
        (*files, *folder.files, *packs.files),
        (*problems, *folder.problems, *packs.problems),
        folder_id,
        packs.layers,
        packs.files,
        roles_unread=folder.roles is None
        and (bool(problems) or is_no_folder(entry) or tree.entry(layout.roles_file) is not None),
    )


def with_fetched_packs(
    policies: TreePolicies, environment: Mapping[str, str], may_fetch: Callable[[PackFrom], bool] = lambda _: True
) -> tuple[TreePolicies, tuple[str, ...]]:
    """The policies with the packs that come from other repositories, and what people should know of these."""
    found = fetched_packs(policies.config, environment, may_fetch)
    if not found.layers:
        return policies, found.notes
    problems = (*policies.problems, *found.problems)
    return replace(policies, packs=(*policies.packs, *found.layers), problems=problems), found.notes


def with_packs(
    base: TreePolicies, result: TreePolicies, environment: Mapping[str, str]
) -> tuple[TreePolicies, TreePolicies, tuple[str, ...]]:
    """Both sides' policies with the packs of other repositories: no change makes its judge fetch what base does not."""
    has_none = not any(side.config and side.config.content.packs_from_outside for side in (base, result))
    if has_none:
        return base, result, ()
    known, notes = with_fetched_packs(base, environment)
    if result is base:
        return known, known, notes
    asked = {(it.url, it.digest) for _, it in base.config.content.packs_from_outside} if base.config else set()
    proposed, left = with_fetched_packs(result, environment, lambda it: (it.url, it.digest) in asked)
    return known, proposed, (*notes, *left)


def _read_folder(tree: Tree, layout: Layout, shown: str, cache: DocumentCache) -> PolicyFolder:
    """The folder as read once for each content of it, place and name."""
    entry = tree.entry(layout.policies)
    if entry is None or entry.kind != "folder":
        return read_policies(tree, layout.policies, "repository", shown)
    key = ("policies", layout.policies, entry.oid, shown)
    return cache.once(key, lambda: read_policies(tree, layout.policies, "repository", shown))


def _config(
    tree: Tree, cache: DocumentCache
) -> tuple[Document[Config] | None, tuple[Problem, ...], tuple[CodeFile, ...]]:
    entry = tree.entry(CONFIG_FILE)
    if entry is None:
        return None, (), ()
    files = (CodeFile(entry.path, entry.mode, entry.oid),)
    try:
        return cache.document(Config, tree, entry), (), files
    except DocumentError as error:
        return None, error.problems, files


def _same_folder(known: TreePolicies, shown: str) -> PolicyFolder:
    source = replace(
        known.source,
        name=shown,
        documents=tuple(document for document in known.source.documents if document.path != CONFIG_FILE),
        problems=tuple(problem for problem in known.source.problems if problem.path != CONFIG_FILE),
    )
    others = {CONFIG_FILE, *(file.path for file in known.pack_files)}
    files = tuple(file for file in known.files if file.path not in others)
    return PolicyFolder(source, known.roles, files, source.problems)


def check_pin(policy: TreePolicies) -> None:
    """UndecidedError where base pins another version of the tool (D31); "0.1" stands for every 0.1.x."""
    pin = policy.config.content.tool if policy.config else None
    if pin is None or pin.takes_version(__version__):
        return
    message = f"base pins policy-gate {' or '.join(pin.versions)}, this is {__version__}"
    hint = (
        f"install policy-gate {pin.versions[0]}, or change the pin in policy-gate.yaml in a change of its own: "
        f'`version: ["{pin.versions[0]}", "{__version__}"]` lets either judge meanwhile'
    )
    raise UndecidedError(message, hint=hint)
