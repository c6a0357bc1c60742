"""What every part of an OSCAL document is made of: stable ids, texts, properties in a namespace of ours, references."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from msgspec import Struct

from policy_gate.report.formats.json import report_data
from policy_gate.report.sanitise import markdown, string, token
from policy_gate.schema.canonical import digest_of
from policy_gate.schema.finding import Finding, Reason
from policy_gate.schema.report import Report
from policy_gate.schema.source import Location

NAMESPACE = "urn:policy-gate:oscal:v1"
"""The namespace of properties that OSCAL does not define."""
CHECK = "check.policy-gate"
"""The control that stands for the check itself: its verdict, and documents that can be read."""

Data = dict[str, Any]
_ROOT = uuid5(NAMESPACE_URL, NAMESPACE)


def uid(*parts: str) -> str:
    """The id (UUID version 5) of what these parts name: the same parts, the same id."""
    return str(uuid5(_ROOT, digest_of(list(parts))))


def line(text: str, instead: str = "(nothing said)") -> str:
    """One line of OSCAL markup, which is Markdown; never empty."""
    return markdown(text) or instead


def paragraphs(texts: Iterable[str]) -> str:
    """Several lines of OSCAL markup as a list; empty where none says anything."""
    said = [markdown(text) for text in texts]
    return "\n".join(f"- {text}" for text in said if text)


def prop(name: str, value: object) -> list[Data]:
    """A property of ours as a list of one, or of none where there is nothing to say."""
    said = string(("yes" if value else "no") if isinstance(value, bool) else "" if value is None else str(value))
    return [{"name": name, "ns": NAMESPACE, "value": said}] if said else []


def filled(**parts: Any) -> Data:
    """The parts that hold something, `_` in their names read as `-`: OSCAL knows no empty list or text."""
    return {name.replace("_", "-"): part for name, part in parts.items() if part not in (None, "", [], {})}


def start_of(day: date) -> str:
    """The first second of a day in UTC, as OSCAL writes times."""
    return f"{day.isoformat()}T00:00:00Z"


def end_of(day: date) -> str:
    """The last second of a day in UTC, as OSCAL writes times."""
    return f"{day.isoformat()}T23:59:59Z"


def control_of(reason: Reason) -> str:
    """The control id of a rule; its kind comes first, because one id may be of two kinds (D33)."""
    return token(f"{reason.kind}.{reason.rule}")


def objective_of(finding: Finding) -> str:
    """The objective id of what a finding wants, whichever rules want it."""
    return token(f"{finding.kind}.{finding.subject}")


class Book(Struct, frozen=True):
    """One report, and the ids by which the parts of its document speak of each other.

    What lasts (systems, people, risks) keeps its id from check to check; what one check saw does not.
    """

    report: Report
    document: str

    @classmethod
    def of(cls, report: Report) -> Book:
        return cls(report, uid("document", report.trust.repository, digest_of(report_data(report))))

    @property
    def now(self) -> str:
        return start_of(self.report.as_of)

    @property
    def tool(self) -> str:
        return uid("tool", "policy-gate")

    @property
    def plan(self) -> str:
        return uid("plan", self.document)

    @property
    def origins(self) -> list[Data]:
        """Everything in the document was seen by the tool."""
        return [{"actors": [{"type": "tool", "actor-uuid": self.tool}]}]

    def component(self, system: str | None) -> str:
        """The id of a system, or of the repository itself."""
        return uid("system", self.report.trust.repository, "" if system is None else f"id:{system}")

    def subjects(self, system: str | None) -> list[Data]:
        return [{"subject-uuid": self.component(system), "type": "component"}]

    def party(self, name: str) -> str:
        return uid("person", self.report.trust.repository, name)

    def resource(self, path: str) -> str:
        return uid("file", self.document, path)

    def evidence(self, location: Location | None) -> list[Data]:
        """The file that was looked at, by its resource in the back matter, and the line in words."""
        if location is None:
            return []
        return [{"href": f"#{self.resource(location.path)}", "description": line(str(location))}]

    def responsible(self, duty: str, roles: Sequence[str]) -> list[Data]:
        """Roles that have something to do, with the people who hold them."""
        return [
            filled(
                role_id=token(role),
                props=prop("duty", duty),
                party_uuids=sorted({self.party(name) for name in self.report.names.get(role, ())}),
            )
            for role in dict.fromkeys(roles)
        ]
