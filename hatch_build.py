"""Seal the built-in policies and the signs of AI into the wheel, so that a check need not read and compile them."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class SealPolicies(BuildHookInterface):  # type: ignore[misc,type-arg] # hatchling is there while it builds
    """A build without the libraries that policies are read with makes the same wheel without the seal."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel" or version == "editable":
            return
        sys.path.insert(0, self.root)
        try:
            from policy_gate.collect.policy_files import LAW_SEAL_FILE, SEAL_FILE, builtin_layer, builtin_texts
            from policy_gate.discover.signs import SEAL_FILE as SIGNS_SEAL
            from policy_gate.discover.signs import sealed_signs
            from policy_gate.policy.load import seal_law, seal_policies
        except ImportError as fault:
            self.app.display_warning(f"the built-in policies are not sealed, as {fault.name} is not installed here")
            return
        finally:
            sys.path.remove(self.root)
        self._folder = tempfile.TemporaryDirectory()
        path = Path(self._folder.name) / SEAL_FILE
        path.write_bytes(seal_policies(builtin_layer(with_cases=False), builtin_texts()))
        law = Path(self._folder.name) / LAW_SEAL_FILE
        law.write_bytes(seal_law(builtin_layer(with_cases=False)))
        build_data["force_include"][str(law)] = f"policy_gate/policies/{LAW_SEAL_FILE}"
        build_data["force_include"][str(path)] = f"policy_gate/policies/{SEAL_FILE}"
        signs = Path(self._folder.name) / SIGNS_SEAL
        signs.write_bytes(sealed_signs())
        build_data["force_include"][str(signs)] = f"policy_gate/discover/{SIGNS_SEAL}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if hasattr(self, "_folder"):
            self._folder.cleanup()
