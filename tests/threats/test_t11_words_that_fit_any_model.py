"""T11: what fits any model fills a field and says nothing of this one: it errs, it works, care is due."""

from __future__ import annotations

import json

import pytest
from card_words import CARD_WORDS

from policy_gate.cards.reader import read_card
from policy_gate.cards.substance import substantive_words
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.source import Location

HEADINGS = {
    "known_limitations": "Known limitations",
    "identified_biases": "Known biases",
    "failure_modes": "Failure modes",
    "safety_risks": "Risks",
    "mitigation_measures": "Mitigations",
    "performance_caveats": "Caveats",
    "primary_intended_uses": "Intended use",
    "training_data_description": "Training data",
    "evaluation_data_description": "Evaluation data",
    "training_data_size": "Training data size",
}
PAIRS = [
    (
        "known_limitations",
        "The model has the limitations inherent to machine learning models.",
        "It has those of OCR.",
    ),
    ("known_limitations", "As an AI model, it may produce inaccurate outputs.", "May produce inaccurate dosages."),
    ("known_limitations", "The model may not perform well in all scenarios.", "It may not perform well at night."),
    ("known_limitations", "Performance may vary depending on the input data.", "Performance varies by microphone."),
    (
        "known_limitations",
        "The model may not generalize well to data outside its training distribution.",
        "The model may not generalize to hospitals outside the training regions.",
    ),
    ("known_limitations", "Performance may degrade on out-of-distribution data.", "It may degrade on faxes."),
    ("known_limitations", "No model is perfect, and this one is no exception.", "No model of scale fits all trucks."),
    ("known_limitations", "We are very proud of this model; it works great.", "It works great below 40 kg."),
    ("known_limitations", "The model works well in most cases.", "Works well in dry weather."),
    ("known_limitations", "Everything works as expected, no complaints so far.", "No complaints but from Graz."),
    ("known_limitations", "Please use with caution and at your own risk.", "Use with caution before 1900."),
    ("known_limitations", "Known limitations: none known.", "Known limitations: none in 400 paired runs."),
    ("known_limitations", "- Limitation 1\n- Limitation 2\n- Limitation 3", "- Limitation 1: wet parcels"),
    ("known_limitations", "First limitation, second limitation.", "First limitation: glare."),
    ("known_limitations", "Wie bei jedem Modell gibt es Einschränkungen.", "Wie bei jeder Waage: Drift."),
    ("known_limitations", "Das Modell funktioniert gut.", "Das Modell funktioniert nur bei Tag."),
    ("known_limitations", "Uns sind derzeit keine Einschränkungen bekannt.", "Uns ist die Drift bei Kälte bekannt."),
    ("known_limitations", "Bitte mit Vorsicht verwenden.", "Bei Regen mit Vorsicht verwenden."),
    ("known_limitations", "Comme tout modèle, il présente des limites.", "Comme tout peson, il dérive."),
    ("known_limitations", "Les limites seront décrites dans la prochaine version.", "Les colis seront secs."),
    ("known_limitations", "No conocemos limitaciones hasta la fecha.", "No conocemos cajas mojadas."),
    ("known_limitations", "El modelo funciona muy bien.", "El modelo no funciona de noche."),
    ("identified_biases", "The model may reflect biases present in its training data.", "Towards urban postcodes."),
    ("identified_biases", "We believe that our model is fair and unbiased.", "Unfair to late applicants."),
    ("identified_biases", "Das Modell kann Verzerrungen aus den Trainingsdaten übernehmen.", "Bevorzugt lange Texte."),
    ("identified_biases", "El modelo puede reflejar sesgos presentes en los datos.", "Favorece textos largos."),
    ("failure_modes", "The model can fail in unexpected ways.", "It can fail in tunnels."),
    ("failure_modes", "Sometimes the model is wrong.", "It is wrong about one parcel in nine."),
    ("safety_risks", "Safety is our top priority.", "Fingers in the belt."),
    ("safety_risks", "- Risk A\n- Risk B", "- Risk A: fire"),
    ("mitigation_measures", "Industry-standard best practices are followed to mitigate risks.", "A second reader."),
    ("mitigation_measures", "Appropriate technical and organisational measures are in place.", "Rate limits."),
    ("mitigation_measures", "The team continuously works on mitigations.", "Continuous monitoring by the team."),
    ("performance_caveats", "Metrics may not reflect real-world performance.", "Measured on clean audio."),
    ("primary_intended_uses", "This model can be used for a variety of tasks.", "A variety of parcel tasks."),
    ("primary_intended_uses", "The model is intended to be used for predictions.", "Demand predictions."),
    ("training_data_description", "A large and diverse dataset was used.", "A large set of scans was used."),
    ("training_data_description", "Entraîné sur des données de qualité.", "Entraîné sur des étiquettes."),
    ("evaluation_data_description", "Evaluated using standard metrics.", "Evaluated using the dev set of GLUE."),
    ("training_data_size", "Large.", "Large: 4 TB."),
]


def state(text: str, name: str, path: str = "CARD.md") -> str:
    card = read_card(evidence_of(path, "", text.encode()), Location("governance.yaml"), CARD_WORDS)
    return card.fields[name].state


@pytest.mark.parametrize(("name", "hollow", "real"), PAIRS)
def test_t11_what_fits_any_model_states_no_field(name: str, hollow: str, real: str) -> None:
    section, data = f"# Ranker\n\n## {HEADINGS[name]}\n\n{{}}\n", '{{"model_name": "Ranker", "{}": {}}}'
    assert state(section.format(hollow), name) == "placeholder"
    assert state(section.format(real), name) == "present", "the control has a word of its own"
    assert state(data.format(name, json.dumps(hollow)), name, "card.json") == "placeholder"
    assert state(data.format(name, json.dumps(real)), name, "card.json") == "present"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("known_limitations", "New users."),
        ("known_limitations", "Does not work outside."),
        ("known_limitations", "Real world images only."),
        ("known_limitations", "Language C only."),
        ("failure_modes", "Error 404."),
        ("failure_modes", "Returns no answer below 0.3."),
        ("failure_modes", "False positives on sarcasm."),
        ("identified_biases", "Gender bias."),
        ("identified_biases", "Inherits the bias of Common Crawl towards English."),
        ("mitigation_measures", "Output is reviewed."),
        ("mitigation_measures", "Team training."),
        ("primary_intended_uses", "Internal search."),
        ("training_data_description", "Reliable supplier scans."),
    ],
)
def test_control_terse_answers_of_an_engineer(name: str, text: str) -> None:
    assert state(f"# Ranker\n\n## {HEADINGS[name]}\n\n{text}\n", name) == "present"


def test_t11_several_such_sentences_are_no_more_than_one_and_a_word_among_them_is() -> None:
    text = "# R\n\n## Known limitations\n\nNo model is perfect. It works well in most cases. Please use with caution.\n"
    assert state(text, "known_limitations") == "placeholder"
    assert state(f"{text}Parcels over 40 kg are not weighed.\n", "known_limitations") == "present"


def test_t11_a_document_counts_no_words_of_what_fits_any_data_outside_of_training() -> None:
    hollow = "The model may perform poorly on data outside of its training distribution."
    assert substantive_words([hollow], title="Risks") == 0
    assert substantive_words([hollow.replace("training distribution", "two halls")], title="Risks") > 8
