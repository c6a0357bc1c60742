"""Which versions of the tool and which rules may judge, as `tool` in `policy-gate.yaml` names them."""

from typing import Annotated

from pydantic import Field, StringConstraints

from policy_gate.schema.strict import Strict

Version = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]


class ToolPin(Strict):
    """The tool and rule set that may judge (D31); a list names those of before and after an upgrade."""

    version: Version | Annotated[list[Version], Field(min_length=1)] | None = None
    policies_digest: Digest | Annotated[list[Digest], Field(min_length=1)] | None = None

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions that may judge; "0.1" stands for every 0.1.x. Empty where any may."""
        return _each(self.version)

    @property
    def digests(self) -> tuple[str, ...]:
        """The digests that the policies in force may have; empty where any may."""
        return _each(self.policies_digest)

    def takes_version(self, version: str) -> bool:
        """Is this one of the versions that may judge?"""
        have = version.split(".")
        wanted = [it.split(".") for it in self.versions]
        return not wanted or any(have[: len(parts)] == parts for parts in wanted)


def _each(said: str | list[str] | None) -> tuple[str, ...]:
    return () if said is None else (said,) if isinstance(said, str) else tuple(said)
