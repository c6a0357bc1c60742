"""T11: a few words that fill a field and say nothing of it: fillers, references without their target, promises."""

from __future__ import annotations

import json

import pytest
from card_words import CARD_WORDS
from evidence import document
from promotion import Promotion

from policy_gate.cards.reader import read_card
from policy_gate.cards.substance import substantive_words
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.source import Location

HEADINGS = {
    "known_limitations": "Known limitations",
    "training_data_description": "Training data",
    "evaluation_data_description": "Evaluation data",
    "primary_intended_uses": "Intended use",
    "primary_intended_users": "Intended users",
    "out_of_scope_uses": "Out-of-scope use",
    "prohibited_uses": "Prohibited uses",
    "failure_modes": "Failure modes",
    "identified_biases": "Known biases",
    "safety_risks": "Risks",
    "mitigation_measures": "Mitigations",
    "performance_caveats": "Caveats",
    "review_schedule": "Review schedule",
}
PAIRS = [
    ("known_limitations", "The usual ones.", "The usual ones, and parcels over 40 kg."),
    ("known_limitations", "Same as last year.", "Same as a spring scale."),
    ("known_limitations", "No change since v1.", "No change of lanes since v1 is seen."),
    ("known_limitations", "Like any model, it is not perfect.", "Like any scale, it is slow when cold."),
    ("known_limitations", "Known and accepted.", "Known for drift."),
    ("known_limitations", "They are documented separately.", "Wet parcels are weighed separately."),
    ("known_limitations", "Siehe Confluence.", "Schwere Pakete."),
    ("known_limitations", "Die üblichen Einschränkungen.", "Die üblichen Pakete nur."),
    ("known_limitations", "Voir plus haut.", "Voir des colis mouillés lui est difficile."),
    ("known_limitations", "Comme d'habitude.", "Comme tout peson, il dérive."),
    ("known_limitations", "Las habituales.", "Las cajas mojadas."),
    ("known_limitations", "Le solite.", "Le scatole bagnate."),
    ("known_limitations", "Igual que la versión anterior.", "Igual que una báscula, deriva."),
    ("known_limitations", "Zoals besproken.", "Natte dozen."),
    ("known_limitations", "As usual limitações habituais.", "Caixas molhadas."),
    ("known_limitations", "It depends.", "It depends on dry labels."),
    ("known_limitations", "Wird noch mit der Rechtsabteilung abgestimmt.", "Wird von Nässe gestört."),
    ("known_limitations", "Même chose que la version précédente.", "Même chose que toute balance."),
    ("known_limitations", "Covered elsewhere.", "Covered labels."),
    ("primary_intended_uses", "As discussed.", "As a scale."),
    ("primary_intended_uses", "As agreed with Maria from sales.", "As a scale with Maria."),
    ("primary_intended_uses", "The intended use of this model.", "The weighing of parcels."),
    ("primary_intended_uses", "Wie besprochen.", "Wie eine Waage."),
    ("primary_intended_users", "The users of the system.", "The users of the belt."),
    ("primary_intended_users", "To be decided by the steering committee.", "To be used by sorters."),
    ("training_data_description", "The model was trained on data.", "The model was trained on labels."),
    ("training_data_description", "Various sources.", "Public sources."),
    ("training_data_description", "Sera fourni ultérieurement.", "Étiquettes de 2021."),
    ("training_data_description", "Da definire con il team.", "Etichette del 2021."),
    ("evaluation_data_description", "Evaluated on the evaluation set.", "Evaluated on the belt."),
    ("evaluation_data_description", "The same data as in the previous version.", "The same data as for training."),
    ("out_of_scope_uses", "Out of scope uses are documented elsewhere.", "Out of scope is mail."),
    ("prohibited_uses", "To be confirmed with legal.", "To be kept from customs."),
    ("prohibited_uses", "Anything that is not allowed.", "Anything that is not a parcel."),
    ("failure_modes", "It can fail.", "It can stall."),
    ("failure_modes", "Failures are tracked internally.", "Type errors."),
    ("identified_biases", "Still under investigation by the fairness group.", "Still against rural shops."),
    ("identified_biases", "Bias was assessed.", "Information bias."),
    ("safety_risks", "Risks are being assessed.", "Risks of falling parcels."),
    ("safety_risks", "Reviewed and found acceptable.", "Crushed fingers."),
    ("mitigation_measures", "Appropriate measures are in place.", "A guard is in place."),
    ("mitigation_measures", "Suitable mitigations will be implemented.", "Checked by a clerk."),
    ("performance_caveats", "Results may vary.", "Results vary by scale."),
    ("review_schedule", "As discussed with the board.", "As needed."),
    ("review_schedule", "To be confirmed with legal.", "To be updated each quarter."),
]


def state(text: str, name: str, path: str = "CARD.md") -> str:
    card = read_card(evidence_of(path, "", text.encode()), Location("governance.yaml"), CARD_WORDS)
    return card.fields[name].state


@pytest.mark.parametrize(("name", "hollow", "real"), PAIRS)
def test_t11_a_few_words_state_a_field_where_one_of_them_is_about_it(name: str, hollow: str, real: str) -> None:
    section, data = f"# Ranker\n\n## {HEADINGS[name]}\n\n{{}}\n", '{{"model_name": "Ranker", "{}": {}}}'
    assert state(section.format(hollow), name) == "placeholder"
    assert state(section.format(real), name) == "present", "the control has a word of its own"
    assert state(data.format(name, json.dumps(hollow)), name, "card.json") == "placeholder"
    assert state(data.format(name, json.dumps(real)), name, "card.json") == "present"


def test_t11_several_such_sentences_are_no_more_than_one() -> None:
    text = "# Ranker\n\n## Known limitations\n\n- The usual ones.\n- As discussed with legal.\n- To be confirmed.\n"
    assert state(text, "known_limitations") == "placeholder"
    assert state(f"{text}- Wet parcels.\n", "known_limitations") == "present"


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("Findings", "The findings are as described."),
        ("Remediation", "The usual remediation was taken."),
        ("Scope", "As agreed in the kickoff meeting."),
        ("Scope", "The same as in the previous version."),
        ("Risks", "Everything is handled where necessary."),
    ],
)
def test_t11_such_sentences_have_no_words_for_a_document(title: str, sentence: str) -> None:
    assert substantive_words([sentence], title=title) == 0
    assert substantive_words([sentence.replace(".", " for the belt.")], title=title) > 3


def test_t11_a_report_of_such_sentences_blocks(promotion: Promotion) -> None:
    path, text = "governance/red-team-report.md", document("red-team-report")
    hollow = (
        "As agreed in the meeting. The usual ones apply. No change since v1. To be confirmed with legal. It is not "
        "perfect. Appropriate measures are in place. Same as last year. They are documented elsewhere."
    )
    titles = [line for line in text.splitlines() if line.startswith("#")]
    result = promotion.attempt({path: "\n\n".join(f"{title}\n\n{hollow}" for title in titles)})
    assert (result.code, result.blocking()) == (1, ["artifact:red-team-report"])
    honest = promotion.attempt({path: text.replace("quarter", "half-year")})
    assert (honest.code, honest.blocking()) == (0, [])
