"""A page for each law pack, made of its rows: what `docs/regulations/` holds."""

from __future__ import annotations

from collections.abc import Iterator

from policy_gate.schema.law import LawContent, LawPack, LawRow


def pages(content: LawContent) -> dict[str, str]:
    """File names to their text; `README.md` lists the packs."""
    made = {f"{pack.id}.md": page(pack, [row for row in content.rows if row.pack == pack.id]) for pack in content.packs}
    lines = [f"| [{it.id}]({it.id}.md) | {it.title} | {it.checked_on.isoformat()} |" for it in content.packs]
    head = (
        "# The law packs\n\nMade from the rows of `policies/regulations/`. [law](../law.md) says how they are judged."
    )
    made["README.md"] = "\n".join([head, "", "| pack | law or framework | checked |", "|---|---|---|", *lines, ""])
    return made


def page(pack: LawPack, rows: list[LawRow]) -> str:
    lines = [
        f"# {pack.title}",
        "",
        f"{len(rows)} rows, checked on {pack.checked_on.isoformat()}; in our own words, and no legal advice. "
        "`policy-gate explain ID` says more of a row.",
        "",
        "| row | citation | asks | of whom, when | evidence | from | weight | checked |",
        "|---|---|---|---|---|---|---|---|",
        *(f"| {' | '.join(_cells(row))} |" for row in rows),
    ]
    if pack.points:
        lines += ["", "## Points of Annex III", "", *(f"- {id_}: {_plain(use)}" for id_, use in pack.points.items())]
    if pack.uncertain:
        lines += ["", "## Not settled", ""]
        lines += [f"- **{it.id}** {_plain(it.topic)} {_plain(it.known)} {_plain(it.handling)}" for it in pack.uncertain]
    if pack.sources:
        lines += ["", "## Sources", "", *(f"- **{it.id}** {_plain(it.what)} ({it.kind})" for it in pack.sources)]
    return "\n".join([*lines, ""])


def _cells(row: LawRow) -> Iterator[str]:
    yield f"`{row.id}`"
    yield _plain(row.citation)
    yield _plain(row.requirement)
    yield _plain(f"{row.role}: {row.condition}")
    yield ", ".join(wanted.subject for wanted in row.evidence) or "none"
    yield _plain(row.dates or (row.applies[0].from_.isoformat() if row.applies else "in force"))
    status = "" if row.status == "in-force" else f", {row.status}"
    replaced = f", replaced by {row.superseded_by}" if row.superseded_by else ""
    yield f"{row.binding}{status}{replaced}{', advises only' if row.advisory else ''}"
    yield _plain(row.mark)


def _plain(text: str) -> str:
    """Text of a row in a cell of a table: no mark of Markdown in it has a meaning."""
    for mark in "\\|<>*_[]`":
        text = text.replace(mark, f"\\{mark}" if mark != "|" else "&#124;")
    return text
