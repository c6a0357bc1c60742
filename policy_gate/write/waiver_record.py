"""One more waiver in governance/waivers.yaml, added so that what stands there keeps its words and shape."""

from __future__ import annotations

import textwrap

from policy_gate.documents.writer import yaml_text
from policy_gate.schema.documents import Waiver, Waivers
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.schema.source import Document

FILE = "governance/waivers.yaml"
_ITEM = lazy_pattern(r"(?P<indent> *)- ")


def whole(waiver: Waiver) -> str:
    """A new file that holds this waiver."""
    return yaml_text({"schema": "policy-gate/waiver/v1", "waivers": [_plain(waiver)]})


def entry(waiver: Waiver, indent: str = "  ") -> str:
    """The waiver as one item of the list `waivers`."""
    item = yaml_text({"waivers": [_plain(waiver)]}).partition("\n")[2]
    return textwrap.indent(textwrap.dedent(item), indent)


def appended(known: str, held: Document[Waivers], waiver: Waiver) -> str:
    """The known text with the waiver after all else, indented as the last one is.

    Whether that reads as meant depends on the text, so read it back: after a list in brackets, or with
    keys below the list, it does not.
    """
    lines = known.splitlines()
    at = held.at("waivers", len(held.content.waivers) - 1)
    found = _ITEM.match(lines[at.line - 1]) if held.content.waivers and at.line else None
    more = entry(waiver, found["indent"] if found else "  ")
    if ("waivers",) not in held.marks:
        more = f"waivers:\n{more}"
    if known and not known.endswith("\n"):
        more = f"\n{more}"
    return known + (more.replace("\n", "\r\n") if "\r\n" in known else more)


def _plain(waiver: Waiver) -> dict[str, object]:
    return waiver.model_dump(exclude_none=True)
