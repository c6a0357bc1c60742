"""D53: a limit or a purpose that is struck, quoted, moved or turned by what introduces it has other words now."""

from __future__ import annotations

import pytest
from facts_world import entry, policy, snapshot

from policy_gate.facts.changes import changes_between
from policy_gate.facts.facts import facts_of

LIMIT = "Reads English text only and ranks people with career gaps too low."
USE = "Orders applications so that a recruiter reads the most relevant ones first."
CARD = f"""# Ranker

## Intended use

{USE}

## Limitations

- Fails on scanned pages.
- {LIMIT}

## Contact

screening@example.com
"""


def kinds(before: str, after: str) -> set[tuple[str, str]]:
    sides = [snapshot(entry(model_card="CARD.md"), files={"CARD.md": text}) for text in (before, after)]
    was, now = (facts_of(side, policy()) for side in sides)
    return {(change.kind, change.field) for change in changes_between(was, now, *sides, policy())}


def limits(text: str) -> str:
    return CARD.replace(f"- {LIMIT}\n", "").replace("## Contact", f"{text}\n\n## Contact")


LOST = {
    "struck": limits(f"- ~~{LIMIT}~~"),
    "struck element": limits(f"- <del>{LIMIT}</del>"),
    "under a heading that withdraws": limits(f"### Withdrawn\n\n- {LIMIT}"),
    "under a heading that no longer holds": limits(f"### No longer holds\n\n- {LIMIT}"),
    "under another heading of its own": limits(f"### Folklore\n\n- {LIMIT}"),
    "under a label": limits(f"**Solved in version 2**\n\n- {LIMIT}"),
    "in another section": CARD.replace(f"- {LIMIT}\n", "") + f"\n## History\n\n- {LIMIT}\n",
    "quoted": limits(f"> {LIMIT}"),
    "quoted as a competitor's": limits(f"A competitor claims:\n\n> {LIMIT}"),
    "introduced as gone": limits(f"The following no longer apply:\n\n- {LIMIT}"),
    "introduced as solved": limits(f"These limits are resolved:\n\n- {LIMIT}"),
    "turned by other words": limits(f"What we once believed and was wrong:\n\n- {LIMIT}"),
    "taken back afterwards": limits(f"- {LIMIT}\n\nThe above limitations no longer apply."),
    "taken back for the section": CARD.replace("## Limitations\n", "## Limitations\n\nThis section is obsolete.\n"),
    "the heading takes it back": CARD.replace("## Limitations", "## Limitations (withdrawn)"),
    "collapsed": limits(f"<details>\n<summary>Obsolete</summary>\n\n- {LIMIT}\n\n</details>"),
    "hidden": limits(f'<div style="display:none">\n\n- {LIMIT}\n\n</div>'),
    "a footnote of nothing": limits(f"[^1]: {LIMIT}"),
    "joined and moved": limits(f"### Folklore\n\n{LIMIT.rstrip('.')}; more of it."),
}
KEPT = {
    "as it was": CARD,
    "another one beside it": limits(f"- {LIMIT}\n- Does not know the names of small schools."),
    "emphasised": limits(f"- **{LIMIT}**"),
    "in a table": limits(f"| limit |\n|---|\n| {LIMIT} |"),
    "in a box of the author's own": limits(f"> [!WARNING]\n> {LIMIT}"),
    "introduced plainly": limits(f"These are the limits that we know:\n\n- {LIMIT}"),
    "heading with another name for it": CARD.replace("## Limitations", "## 4. Known limitations {#limits}"),
    "open details": limits(f"<details open>\n<summary>More limits</summary>\n\n- {LIMIT}\n\n</details>"),
    "a remark above": CARD.replace("# Ranker\n", "# Ranker\n\n<!-- reviewed -->\n\nRanks applications.\n"),
}


@pytest.mark.parametrize("card", LOST.values(), ids=LOST)
def test_d53_another_standing_of_a_limit_is_another_limit(card: str) -> None:
    assert ("limit-dropped", "known_limitations") in kinds(CARD, card)


@pytest.mark.parametrize(
    ("text", "kind"), [("", "card-section-removed"), ("## Limitations\n\nTODO\n", "card-section-emptied")]
)
def test_limits_that_stood_in_their_section_and_are_gone_are_a_section_lost(text: str, kind: str) -> None:
    for card in (CARD, limits(f"### In practice\n\n- {LIMIT}")):
        before, _, rest = card.partition("## Limitations")
        _, mark, after = rest.partition("\n## ")
        assert (kind, "known_limitations") in kinds(card, f"{before}{text}{mark}{after}")


@pytest.mark.parametrize("card", KEPT.values(), ids=KEPT)
def test_d53_the_same_limit_in_another_form_is_the_same(card: str) -> None:
    assert kinds(CARD, card) == set()


@pytest.mark.parametrize(
    "now",
    [
        f"~~{USE}~~",
        f"<s>{USE}</s>",
        f"### Formerly intended\n\n{USE}",
        f"> {USE}",
        f"None of these uses holds any more: {USE}",
    ],
)
def test_d53_another_standing_of_the_purpose_is_another_purpose(now: str) -> None:
    assert ("use-case-changed", "primary_intended_uses") in kinds(CARD, CARD.replace(USE, now))
