"""Path patterns as texts: where one is rooted, and whether one covers all of another."""

from __future__ import annotations

from policy_gate.schema.globs import covers, has_wildcard


def rooted(folder: str, glob: str) -> str:
    """A pattern of a manifest in `folder`, from the repository's root; a leading `/` already is."""
    whole = glob if glob.startswith("/") or not folder else f"{folder}/{glob}"
    return "/".join(part for part in whole.split("/") if part not in ("", "."))


def covers_glob(wide: str, narrow: str) -> bool:
    """Whether everything `narrow` could match is surely matched by `wide`; in doubt, no."""
    if wide in (narrow, "**") or (not has_wildcard(narrow) and covers(wide, narrow)):
        return True
    folder = wide.removesuffix("/**")
    return not has_wildcard(folder) and narrow.startswith(f"{folder}/")
