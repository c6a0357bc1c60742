"""Where governed files stand in a repository, by base's config: manifests, policies, records, CI files."""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct

from policy_gate.documents.globs import has_wildcard, literal_folder, matches_any
from policy_gate.schema.documents import Config

CONFIG_FILE = "policy-gate.yaml"
APPROVALS = "governance/approvals"
WAIVERS_FILE = "governance/waivers.yaml"
INCIDENTS = "governance/incidents"
YAML_ENDINGS = (".yaml", ".yml")

CI_FILES = (
    ".github/workflows/*.yml",
    ".github/workflows/*.yaml",
    ".github/actions/**/action.yml",
    ".github/actions/**/action.yaml",
    ".gitlab-ci.yml",
    ".gitlab/**/*.yml",
    ".gitlab/**/*.yaml",
    ".pre-commit-config.yaml",
    ".forgejo/workflows/*.yml",
    ".forgejo/workflows/*.yaml",
    ".gitea/workflows/*.yml",
    ".gitea/workflows/*.yaml",
    ".azure-pipelines/**/*.yml",
    ".buildkite/*.yml",
    ".circleci/*.yml",
    ".drone.yml",
    ".husky/*",
    ".tekton/*.yaml",
    ".travis.yml",
    ".woodpecker.yml",
    ".woodpecker/*.yml",
    ".woodpecker/*.yaml",
    "Jenkinsfile",
    "azure-pipelines.yml",
    "bitbucket-pipelines.yml",
    "lefthook.yml",
)
"""Where CI and hooks are configured; of these, and of what they run, the files that call policy-gate are governed
(D31)."""


def is_yaml(path: str) -> bool:
    """Is it YAML by its name, however that is spelt? One that is not read would be no rule, silently."""
    return path.lower().endswith(YAML_ENDINGS)


class Layout(Struct, frozen=True, dict=True):
    """What a path is to the gate."""

    config: Config

    @cached_property
    def policies(self) -> str:
        """The folder of the repository's own policies, without slashes at its ends."""
        return self.config.policies.strip("/")

    @cached_property
    def pack_folders(self) -> tuple[str, ...]:
        """The folders of packs from outside, without slashes at their ends."""
        return tuple(it.folder.strip("/") for _, it in self.config.packs_from_outside if it.folder is not None)

    @cached_property
    def _policy_folders(self) -> tuple[str, ...]:
        return tuple(f"{folder}/" for folder in (self.policies, *self.pack_folders))

    @property
    def roles_file(self) -> str:
        return f"{self.policies}/roles.yaml"

    @property
    def enforcement_globs(self) -> tuple[str, ...]:
        return CI_FILES if self.config.enforcement is None else tuple(self.config.enforcement)

    @property
    def names_the_gate(self) -> bool:
        """Must a file of `enforcement_globs` name policy-gate to be governed?"""
        return self.config.enforcement is None

    def looking_for(self, manifests: list[str]) -> Layout:
        """This layout with other patterns for manifests; itself where they are the same."""
        if manifests == self.config.manifests:
            return self
        return Layout(self.config.model_copy(update={"manifests": manifests}))

    @cached_property
    def manifest_names(self) -> tuple[str, ...]:
        """The last names of the manifest patterns, sorted; some may hold wildcards."""
        return tuple(sorted({glob.rstrip("/").rpartition("/")[2] for glob in self.config.manifests}))

    @cached_property
    def names_are_open(self) -> bool:
        """Does a manifest pattern leave open what the file is called?"""
        return any(has_wildcard(name) for name in self.manifest_names)

    def is_manifest(self, path: str) -> bool:
        fits = self.names_are_open or path.rpartition("/")[2] in self.manifest_names
        return fits and matches_any(self.config.manifests, path)

    def is_policy(self, path: str) -> bool:
        """Policies by their place: the config, and YAML in the policies folder or in one of a pack."""
        return path == CONFIG_FILE or (path.startswith(self._policy_folders) and is_yaml(path))

    def is_record(self, path: str) -> bool:
        """An approval record or its signature, the waivers, or an incident."""
        if path == WAIVERS_FILE:
            return True
        record = path.startswith(f"{APPROVALS}/") and (is_yaml(path) or path.endswith(".sig"))
        return record or self.is_incident(path)

    def is_incident(self, path: str) -> bool:
        """The file of an incident."""
        return path.startswith(f"{INCIDENTS}/") and is_yaml(path)

    def is_shared(self, path: str) -> bool:
        return matches_any(self.config.shared, path)

    def may_be_shared(self, pattern: str) -> bool:
        """Could what a pattern covers be claimed through `shared`, too? One folder of the two holds the other."""
        folder = f"{literal_folder(pattern)}/".lstrip("/")
        shared = (f"{literal_folder(glob)}/".lstrip("/") for glob in self.config.shared)
        return any(folder.startswith(other) or other.startswith(folder) for other in shared)

    def is_enforcement(self, path: str) -> bool:
        """Could this file run the gate, by its place?"""
        return matches_any(self.enforcement_globs, path)

    def resolved(self, folder: str, written: str) -> str | None:
        """The repository path that a path or pattern in a manifest means; None where it may not go.

        Paths are relative to the manifest's folder and stay inside it; a leading `/` may only point
        into the `shared` globs (D20).
        """
        parts = [part for part in written.split("/") if part not in ("", ".")]
        if ".." in parts or "\\" in written:
            return None
        if not parts:
            return None if written.startswith("/") else folder or "**"
        inner = "/".join(parts)
        if written.startswith("/"):
            shared = self.is_shared(inner) or self.is_shared(literal_folder(inner))
            return inner if shared else None
        return f"{folder}/{inner}" if folder else inner
