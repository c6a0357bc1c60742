"""T03: a limit that still stands in the card, beside a new sentence by which it holds no more."""

from __future__ import annotations

import pytest
from facts_world import entry, policy, snapshot

from policy_gate.facts.changes import changes_between
from policy_gate.facts.facts import facts_of

FIRST, SECOND = "Weak on handwritten resumes.", "Knows no schools outside Europe."
STANDS = f"- {FIRST}\n- {SECOND}\n"


def card(limits: str = STANDS, above: str = "", below: str = "") -> str:
    uses = "Order job applications for a recruiter who reads all of them."
    return f"# Ranker\n\n{above}## Intended uses\n\n{uses}\n\n## Known limitations\n\n{limits}\n{below}"


def kinds(before: str, after: str, path: str = "MODEL_CARD.md") -> list[str]:
    base, result = (snapshot(entry(model_card=path), files={path: text}) for text in (before, after))
    was, now = facts_of(base, policy()), facts_of(result, policy())
    return [it.kind for it in changes_between(was, now, base, result, policy())]


TAKEN_BACK = {
    "both": f"{STANDS}\nBoth were fixed in version 2.2.\n",
    "none of these": f"{STANDS}\nNone of these hold since 2.2.\n",
    "all of them": f"{STANDS}\nAll of these limitations have been resolved.\n",
    "no longer": f"- {FIRST} This is no longer so.\n- {SECOND}\n",
    "in brackets": f"- {FIRST} (fixed)\n- {SECOND}\n",
    "below its point": f"- {FIRST}\n  - Solved by the update of May.\n- {SECOND}\n",
    "in a box": f"{STANDS}\n> [!NOTE]\n> These points do not apply any more.\n",
    "in a column": f"| Limit | State |\n|---|---|\n| {FIRST} | fixed |\n| {SECOND} | open |\n",
    "made small": f"- {FIRST} The effect is negligible.\n- {SECOND}\n",
    "German": f"{STANDS}\nBeides gilt seit 2.2 nicht mehr.\n",
    "French": f"{STANDS}\nCes limites ne s'appliquent plus.\n",
    "Spanish": f"{STANDS}\nEstas limitaciones ya no se aplican.\n",
    "Chinese": f"{STANDS}\n以上限制已不再适用。\n",
    "a question": f"- {FIRST[:-1]}?\n- {SECOND}\n",
}


@pytest.mark.parametrize("form", TAKEN_BACK)
def test_t03_a_limit_that_is_said_to_hold_no_more_is_dropped(form: str) -> None:
    assert kinds(card(), card(TAKEN_BACK[form])) == ["limit-dropped"]


def test_t03_nor_may_another_part_of_the_card_say_so() -> None:
    said = "The known limitations below no longer apply."
    assert kinds(card(), card(above=f"> {said}\n\n")) == ["limit-dropped"]
    assert kinds(card(), card(below="\n## News\n\nAll known limitations were fixed in 2.2.\n")) == ["limit-dropped"]


def test_t03_nor_may_a_card_of_keys() -> None:
    before = f"known_limitations: ['{FIRST}', '{SECOND}']\n"
    assert kinds(before, before.replace("]", ", 'Both were solved.']"), "card.yaml") == ["limit-dropped"]


@pytest.mark.parametrize(
    "limits",
    [
        f"{STANDS}- Slow on long documents; this is not fixed yet.\n",
        f"{STANDS}- Prompts of a fixed length only.\n",
        f"{STANDS}- The model no longer reads documents from before 1990.\n",
        f"{STANDS}- Names are removed before training, so that it cannot tell people of one name apart.\n",
        f"{STANDS}- It is wrong on names with two parts.\n",
        f"{STANDS}- Both are worse in winter.\n",
        f"{STANDS}\nNone of these limits may be passed over by a recruiter.\n",
        f"{STANDS}\nThese limitations apply to every version.\n",
        f"{STANDS}\nThis does not change with the new version.\n",
        f"{STANDS}- Does it know schools in Asia? It does not.\n",
        f"{STANDS}- Lebensläufe vor 1990 werden nicht mehr erkannt.\n",
        f"{STANDS}- Nothing is known of resumes in Thai.\n",
        f"{STANDS}- Nothing is corrected by hand.\n",
        f"{STANDS}\nNone of these is fixed.\n",
        f"{STANDS}\nNone of these limits were solved in 2.2.\n",
    ],
)
def test_t03_control_more_limits_in_such_words_are_free(limits: str) -> None:
    assert kinds(card(), card(limits)) == []


def test_t03_control_what_base_says_already_is_no_change_and_neither_is_other_news() -> None:
    said = card(TAKEN_BACK["both"])
    assert kinds(said, said.replace("- Knows", "- It knows no names of towns.\n- Knows")) == []
    news = "A crash on empty files was fixed. This issue is gone. The bias of the sample was corrected by weights."
    assert kinds(card(), card(below=f"\n## News\n\n{news}\n")) == []
