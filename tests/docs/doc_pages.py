"""The documentation as data: its fenced blocks, the worlds its commands run in, and the law it speaks of."""

from __future__ import annotations

import functools
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from portfolio_world import declare, lay_code
from scratch import Scratch
from world import high_system, roles, to_yaml

from policy_gate.collect.policy_files import builtin_layer
from policy_gate.policy.load import load_policies
from policy_gate.schema.rule_set import RuleSet

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = (*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md")
ALL_PAGES = (*PAGES, *sorted((ROOT / "docs" / "adr").glob("*.md")))
CI_FRAGMENTS = ("workflow", "workflow-step", "gitlab-ci", "pre-commit")
"""What a YAML block of CI says that it is (```yaml fragment:workflow); real linters and runners judge those."""
_FENCE = re.compile(r"^(?P<fence>```+)(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=fence)\s*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block; `words` is its info string after the language."""

    page: Path
    line: int
    language: str
    words: tuple[str, ...]
    text: str

    def value(self, name: str, by: str = "=") -> str | None:
        """What `name=value` (or `name:value`) of the info string says."""
        return next((word.removeprefix(name + by) for word in self.words if word.startswith(name + by)), None)

    @property
    def name(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks(page: Path, *languages: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text("utf-8")
    found = []
    for match in _FENCE.finditer(text):
        language, *words = match["info"].split() or [""]
        block = Block(page, text.count("\n", 0, match.start()) + 1, language, tuple(words), match["text"])
        if not languages or language in languages:
            found.append(block)
    return found


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return _FENCE.sub("", page.read_text("utf-8"))


def spans(page: Path) -> list[str]:
    """The code spans of a page's prose."""
    return re.findall(r"`([^`\n]+)`", prose(page))


@functools.cache
def shipped_policies() -> RuleSet:
    return load_policies([builtin_layer()], ())


def _governed(scratch: Scratch) -> None:
    scratch.adopt(high_system())


def _lowered(scratch: Scratch) -> None:
    scratch.adopt(high_system())
    scratch.branch()
    scratch.edit(risk_profile={"human_oversight": "full"})
    scratch.commit("A person decides now")


def _signed(scratch: Scratch) -> None:
    """Shipped assurance, Rae's key pinned in base, and a lower score on a branch."""
    key = scratch.home / ".ssh" / "approvals"
    key.parent.mkdir()
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "Rae", "-f", str(key)], check=True)
    rae = {"name": "Rae Kim", "email": "rae@example.com", "keys": [key.with_suffix(".pub").read_text("ascii").strip()]}
    pinned = roles()
    pinned["roles"]["ai-safety-lead"]["members"] = [rae]
    scratch.adopt(high_system(), files={"policies/roles.yaml": to_yaml(pinned)})
    scratch.remove("policies/org.yaml")
    scratch.commit("Only what is verified counts", by="Rae Kim")
    scratch.branch()
    scratch.edit(risk_profile={"human_oversight": "full"})
    scratch.commit("A person decides now")


def _typo(scratch: Scratch) -> None:
    scratch.adopt(high_system())
    scratch.branch()
    text = scratch.read("governance.yaml").replace("human_oversight: partial", "human_oversight: partal")
    scratch.commit("Typo", files={"governance.yaml": text})


def _code(scratch: Scratch) -> None:
    scratch.commit("Code", files={"README.md": "# Screener\n", "screener/rank.py": "import transformers\n"})


def _pushing(scratch: Scratch) -> None:
    """A clone with a remote whose main it has fetched, on a branch that changes nothing governed so far."""
    scratch.adopt(high_system("development"))
    served = scratch.path.parent / "served.git"
    scratch.git("clone", "-q", "--bare", str(scratch.path), str(served))
    scratch.git("remote", "add", "origin", str(served))
    scratch.git("fetch", "-q", "origin")
    scratch.branch("work")
    scratch.commit("Tidy up", files={"src/tool.py": "NAME = 'screener'\n"})


def _company(scratch: Scratch) -> None:
    """The repositories of the lesson's company under `clones`, as an audit finds them."""
    lay_code(scratch.path / "clones")


def _declared_company(scratch: Scratch) -> None:
    """The same once each team has declared what it runs."""
    lay_code(scratch.path / "clones")
    declare(scratch.path / "clones")


WORLDS: Mapping[str, Callable[[Scratch], None]] = {
    "governed": _governed,
    "lowered": _lowered,
    "signed": _signed,
    "typo": _typo,
    "code": _code,
    "pushing": _pushing,
    "company": _company,
    "declared-company": _declared_company,
}
"""What `world=NAME` of a console block begins with; blocks without it go on where the page stands."""
