"""H19: an answer of one to five words is one, in whatever language, where it is about its field."""

from __future__ import annotations

import pytest
from card_words import CARD_WORDS

from policy_gate.cards.reader import read_card
from policy_gate.cards.substance import substantive_words
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.source import Location

ANSWERS = {
    ("primary_intended_users", "Intended users"): """
        Adults only.|Internal staff.|Radiologists.|IT staff.|US users.|Our team.|Everyone.|All users.|The board.
        |Users of SAP.|Known customers.|Selected partners.
        |Students and teachers.|Nur Erwachsene.|Médecins.|Agricultores.|Standard users.
        """,
    ("primary_intended_uses", "Intended use"): """
        Spam filtering.|Ticket routing.|Research only.|Teaching.|Case law search.|Describes images.|Issue tracking.
        |Problem detection.|Information retrieval.|System documentation.|To be used by nurses.|Will answer tickets.
        |Betrugserkennung.|Previsione della domanda.|Voir les petits objets.
        """,
    ("training_data_description", "Training data"): """
        Tabular data from 2019.|Wikipedia dumps.|ImageNet-1k.|Synthetic invoices.|1.2 million images.|Makes and models.
        |Data from users.|Data from May.|Data from last year.|System data.|Collected internally.|Used cars.
        |Model outputs.|No training data.|Facturas de 2021.|Referti radiologici anonimi.
        """,
    ("evaluation_data_description", "Evaluation data"): """
        CoNLL-2003.|Held-out 10% of tickets.|Same as training.|Validation set.|The 2023 season.
        """,
    ("known_limitations", "Known limitations"): """
        English only.|Hallucinates.|Poor on dialects.|Slow on CPU.|Fails at night.|Text only.|Low light.|Not calibrated.
        |Max 512 tokens.|Standard cases only.|Takes long.|Depends on GPS.|Wird von Regen gestört.
        |Out of vocabulary words.|Still slow.|As slow as v1.|Under 18.|Unknown makes.
        |Follows instructions blindly.|Bestimmte Arten.|Nur für Deutsch.|Solo español.|Peu précis la nuit.
        """,
    ("failure_modes", "Failure modes"): """
        Empty output.|Type errors.|Some type errors.|Falls.|Mode collapse.|Wrong dates.|Times out on long inputs.
        """,
    ("identified_biases", "Known biases"): """
        Western-centric.|Favours long answers.|Age.|Gender.|Information bias.|Genre.|Biais de genre.|Genre bias.
        |War bias.
        """,
    ("safety_risks", "Risks"): "Toxic output.|Prompt injection.|Harm to users.|Data leaks.",
    ("mitigation_measures", "Mitigations"): """
        Human review.|Rate limit.|Access control.|Reviewed by a nurse.|To be reviewed by a human.|Tested.|Monitored.
        |Will be reviewed by a clerk.|Wird von einer Pflegekraft geprüft.|Selected outputs are checked.
        |Internal controls.|A clerk checks each output.
        """,
    ("prohibited_uses", "Prohibited uses"): """
        Not for children under 13.|Surveillance.|No military use.|War.|War systems.|Any use.|Use in schools.|Deepfakes.
        """,
    ("out_of_scope_uses", "Out-of-scope use"): """
        Medical advice.|Any clinical use.|Everything else.|Use outside France.|Use outside the US.|Case law.|Hiring.
        |All uses other than those above.|Usage médical.|Bewerberauswahl.
        """,
    ("performance_caveats", "Caveats"): "Small test set.|Measured once.|Small numbers.|Results vary by place.",
    ("review_schedule", "Review schedule"): """
        Annually.|Every six months.|As needed.|As required.|When the model changes.|With each release.|Yearly review.
        |Will be updated each quarter.|Follows the release.|At every new version.|Continuous.|Bei Bedarf.|Jährlich.
        """,
    ("required_oversight_level", "Human oversight"): "Human in the loop.|Reviewed by a nurse.",
}


@pytest.mark.parametrize(
    ("name", "heading", "answer"),
    [(*key, answer.strip()) for key, several in ANSWERS.items() for answer in several.split("|")],
)
def test_h19_an_answer_of_few_words_states_its_field(name: str, heading: str, answer: str) -> None:
    text = f"# Ranker\n\n## {heading}\n\n{answer}\n"
    card = read_card(evidence_of("MODEL_CARD.md", "", text.encode()), Location("governance.yaml"), CARD_WORDS)
    assert card.fields[name].state == "present"


def test_h19_a_part_of_a_sentence_on_a_line_of_its_own_counts_in_a_document() -> None:
    sentence = "The belt is stopped where a parcel falls, as is told\nin that section, by\nwhoever stands there."
    assert substantive_words([sentence], title="Section") == len(sentence.split())
