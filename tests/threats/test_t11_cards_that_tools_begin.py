"""T11: cards that a tool writes the beginning of, sent as they came; each beside the same with something written."""

from __future__ import annotations

import json
import re

import pytest
from card_words import CARD_WORDS
from evidence import card
from hypothesis import given
from hypothesis import strategies as st
from promotion import Promotion

from policy_gate.cards import no_answer
from policy_gate.cards.placeholders import is_placeholder, states_nothing, strip_placeholders
from policy_gate.cards.reader import read_card
from policy_gate.collect.evidence import evidence_of
from policy_gate.schema.source import Location


def state(text: str, name: str, path: str = "CARD.md") -> str:
    return read_card(evidence_of(path, "", text.encode()), Location("governance.yaml"), CARD_WORDS).fields[name].state


@pytest.mark.parametrize(
    ("begun", "finished"),
    [
        ("The main purpose of the ranker is to ...", "The main purpose of the ranker is to order parcels."),
        ("The rows we trained on were …", "The rows we trained on were sent in by 40 shops …"),
        ("We picked these rows because ...", "We picked these rows because they are public ..."),
        ("The ranker does not ...", "The ranker does not read Greek, Thai ..."),
        ("We recommend ...", "We recommend a second look ..."),
        ("Here are some rows of the training set ...", "Here are all rows of the training set of 2019."),
        ("Le modèle est ...", "Le modèle est petit et lent ..."),
        ("Das Modell ist …", "Das Modell ist klein …"),
    ],
)
def test_t11_a_sentence_that_nobody_finished_says_nothing(begun: str, finished: str) -> None:
    assert is_placeholder(begun)
    assert strip_placeholders(begun) == ""
    assert strip_placeholders(finished) == finished
    assert state(f"# R\n\n## Known limitations\n\n- {begun}\n", "known_limitations") == "placeholder"
    assert state(f"# R\n\n## Known limitations\n\n- {finished}\n", "known_limitations") == "present"


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("PERSON AND/OR TEAM", "TEAM NORD"),
        ("YOUR NAME", "MARIA ROSSI"),
        ("NAME OF THE ORGANISATION", "NATIONAL LIBRARY"),
        ("AUTHOR, COMPANY", "IBM"),
    ],
)
def test_t11_words_in_capitals_that_ask_are_no_name(asked: str, written: str) -> None:
    for said, wanted in ((asked, "placeholder"), (written, "present")):
        assert state(f"# R\n\n- Developed by {said}\n", "authors") == wanted


def test_t11_an_address_in_capitals_that_asks_is_no_contact() -> None:
    asked, written = "PERSON@ORG.ORG", "HELP@LYON-PARCELS.FR"
    for said, wanted in ((asked, "placeholder"), (written, "present")):
        assert state(f"# R\n\n## Contact\n\n{said}\n", "incident_contact") == wanted


@pytest.mark.parametrize("heading", ["### Framework versions", "## Framework Versions", "#### Library versions"])
@pytest.mark.parametrize("line", ["- PEFT 0.17.1", "- Datasets: 3.1.0", "- Datasets: 3.1.0\n- Tokenizers: 0.20.3"])
def test_t11_versions_of_libraries_fill_no_field(heading: str, line: str) -> None:
    text = f"# R\n\n## Model Card Contact\n\n{{}}\n\n{heading}\n\n{line}\n"
    assert state(text.format("[More Information Needed]"), "incident_contact") == "placeholder"
    assert state(text.format("Write to the parcel desk."), "incident_contact") == "present"
    assert state(text.format("-"), "training_data_description") == "absent"
    assert state("# R\n\n## Contents\n\n- Datasets: parcels of 2019\n", "training_data_description") == "present"


@pytest.mark.parametrize("flag", [0, 1, 3, 0.5, "1", "3.1.0", "2024-05", "**", [0, 1], {"a": 1}])
def test_t11_a_number_alone_describes_nothing(flag: object) -> None:
    told = {"name": "R", "training_data": "parcels"}
    for name in ("limitations", "out_of_scope", "change_log", "training_data"):
        field = {
            "limitations": "known_limitations",
            "out_of_scope": "out_of_scope_uses",
            "change_log": "changelog_summary",
            "training_data": "training_data_description",
        }[name]
        found = state(json.dumps(told | {name: flag}), field, "card.json")
        assert found == ("present" if isinstance(flag, dict) else "placeholder")
        assert state(json.dumps(told | {name: "1 of 3 parcels"}), field, "card.json") == "present"
    assert state(json.dumps(told | {"training_data": "9,000"}), "training_data_description", "card.json") == "present"


@pytest.mark.parametrize(
    ("sent_away", "stated"),
    [
        (
            "See the scores of all sizes and ablations in Section 3 and those of safety in Section 4 of the paper.",
            "See the scores of all sizes in Section 3 of our long paper: the middle one has an accuracy of 0.81 on it.",
        ),
        ("結果の数値は論文を参照してください。", "結果は正解率0.81で、論文を参照してください。"),
        ("请参考我们的论文第三节。", "正确率为0.81，请参考我们的论文。"),
    ],
)
def test_t11_who_is_sent_to_a_paper_is_told_nothing(sent_away: str, stated: str) -> None:
    assert states_nothing(sent_away)
    assert not states_nothing(stated)
    assert state(f"# R\n\n## Evaluation results\n\n{sent_away}\n", "overall_performance") == "placeholder"
    assert state(f"# R\n\n## Evaluation results\n\n{stated}\n", "overall_performance") == "present"


def test_t11_a_line_that_announces_what_never_comes_says_nothing() -> None:
    told = "# R\n\n## Training data\n\nThe rows that we trained on look like this:\n\n"
    assert state(f"{told}```python\nframe.head()\n```\n", "training_data_description") == "placeholder"
    assert state(f"{told}- parcels of 40 shops\n", "training_data_description") == "present"
    assert state(f"{told}| Shop | Rows |\n|---|---|\n| Lyon | 400 |\n", "training_data_description") == "present"


@pytest.mark.parametrize(
    ("counted", "is_size"),
    [
        ("At most 4 sentences are sent back, to keep answers short.", False),
        ("A visitor may send 3 questions per session and no more.", False),
        ("Resampling is told in Section 3.1 of the guide to images.", False),
        ("It requires a minimum of 72 hours of data from a scale.", False),
        ("The ranker was trained on 4,000 questions of past visitors.", True),
        ("Up to 2019, 3 million images were used for training it.", True),
    ],
)
def test_t11_what_is_allowed_at_once_is_no_size_of_the_training_data(counted: str, *, is_size: bool) -> None:
    found = state(f"# R\n\n## Summary\n\n{counted}\n", "training_data_size")
    assert found == ("present" if is_size else "absent")


def test_t11_words_of_a_licence_about_its_file_exclude_no_use() -> None:
    text = "# R\n\n## License\n\n{} use this {} in court except in compliance with the License.\n"
    assert state(text.format("You may not", "file"), "out_of_scope_uses") == "absent"
    assert state(text.format("Do not", "model"), "out_of_scope_uses") == "present"


@pytest.mark.parametrize("hollow", ["The limits of the ranker are ...", "We found that it does not ..."])
def test_t11_a_card_that_a_tool_began_blocks(promotion: Promotion, hollow: str) -> None:
    result = promotion.attempt({"MODEL_CARD.md": card(known_limitations=hollow)})
    assert result.code == 1
    assert result.blocking()
    assert promotion.attempt({"MODEL_CARD.md": card(known_limitations="Weak on parcels, bags ...")}).code == 0


@pytest.mark.parametrize(
    ("heading", "other", "own", "name"),
    [
        (
            "Intended use",
            "The primary users of the ranker are sorters of Lyon.",
            "The primary users of the ranker are sorters who order parcels by weight.",
            "primary_intended_uses",
        ),
        (
            "Training data",
            "The test set holds 300 parcels of 2020.",
            "The test set holds 300 parcels, and we trained on 4,000 others.",
            "training_data_description",
        ),
        (
            "Training and evaluation data",
            "Our training data are 4,000 parcels.",
            "Our training data are 4,000 parcels, and 300 were held out.",
            "evaluation_data_description",
        ),
    ],
)
def test_t11_a_sentence_about_another_part_fills_not_the_one_it_stands_in(
    heading: str, other: str, own: str, name: str
) -> None:
    begun = "The rest of this part is ..."
    for said, wanted in ((other, {"absent", "placeholder"}), (own, {"present"})):
        assert state(f"# R\n\n## {heading}\n\n{begun}\n\n{said}\n", name) in wanted


def test_t11_a_remark_of_mdx_fills_no_field() -> None:
    remark = "{/* Tell what the ranker cannot do, in a few lines. */}"
    assert state(f"# R\n\n## Known limitations\n\n{remark}\n", "known_limitations", "card.mdx") == "placeholder"
    both = f"# R\n\n## Known limitations\n\n{remark}\n\nIt stops at 40 kg.\n"
    assert state(both, "known_limitations", "card.mdx") == "present"


def test_t11_that_others_wrote_the_card_is_no_risk() -> None:
    text = "# R\n\nDisclaimer: {} so this model card has been written by the Parcel team.\n"
    hollow = "The team releasing R did not write a model card for this model"
    assert state(text.format(hollow), "safety_risks") != "present"
    assert state(text.format("It may leak names and other private data,"), "safety_risks") == "present"


@pytest.mark.parametrize(
    ("hollow", "written"),
    [
        ("No disponible", "No disponible para bultos de más de 40 kg"),
        ("Sin información.", "Sin información de bultos no decide nada"),
        ("Aún no se ha evaluado", "Aún no se ha evaluado con bultos de otros países"),
        ("Pas encore disponible", "Pas encore disponible pour les colis de plus de 40 kg"),
        ("À compléter", "À compléter par une pesée au-dessus de 40 kg"),
        ("Nicht verfügbar.", "Nicht verfügbar für Pakete über 40 kg."),
        ("Keine Angaben", "Keine Angaben zu Paketen über 40 kg, die es ablehnt"),
        ("Não aplicável", "Não aplicável a pacotes de mais de 40 kg"),
        ("Non disponibile", "Non disponibile per pacchi oltre 40 kg"),
        ("Nog niet beschikbaar", "Nog niet beschikbaar voor pakketten boven 40 kg"),
        ("Ikke tilgjengelig", "Ikke tilgjengelig for pakker over 40 kg"),
        ("Brak danych", "Brak danych o paczkach powyżej 40 kg"),
        ("Нет данных", "Нет данных о посылках тяжелее 40 кг"),
        ("yok", "40 kg üzeri paketleri okumaz"),
        ("情報なし", "40kgを超える荷物は扱えません"),
        ("該当なし。", "該当する荷物は40kgまでです。"),
        ("不适用", "不适用于超过40公斤的包裹"),
        ("暂无信息", "超过40公斤的包裹没有信息"),
        ("해당 없음", "40kg이 넘는 소포는 다루지 못함"),
        ("لا يوجد", "لا يوجد وزن فوق 40 كغ في البيانات"),
        ("Available upon request from the authors.", "Available upon request are weights of up to 40 kg alone."),
        ("_No response_", "No response comes for parcels of more than 40 kg"),
        ("Not tested due to lack of time.", "Not tested on parcels of more than 40 kg."),
        ("We did not evaluate this.", "We did not evaluate this on parcels of more than 40 kg."),
        ("Details will follow after publication.", "Details of parcels over 40 kg are lost."),
        ("Information on this will be provided in the final version.", "The final version of a label is often wrong."),
        ("This section intentionally left blank.", "It leaves the last section of the belt blank at 40 kg."),
        ("We will update this section soon.", "We update the sections of the belt at 40 kg alone."),
        ("List the limits of the ranker here.", "Parcels of more than 40 kg."),
        ("Write one paragraph about what it cannot do.", "Write down parcels of more than 40 kg by hand."),
        ("More info: https://parcels.example/limits", "More info than a weight it cannot use."),
        ("The model has limitations.", "The model has limitations at 40 kg."),
        ("There may be biases.", "There may be biases against rural shops."),
        ("Yes", "Yes, at 40 kg."),
        ("N/A n/a", "N/A cells are read as nought."),
    ],
)
def test_t11_that_there_is_no_answer_is_none_in_any_of_these_languages(hollow: str, written: str) -> None:
    for name, heading in (("known_limitations", "Known limitations"), ("training_data_description", "Training data")):
        assert state(f"# R\n\n## {heading}\n\n{hollow}\n", name) == "placeholder"
        assert state(f"# R\n\n## {heading}\n\n{written}\n", name) == "present"
    assert state(json.dumps({"name": "R", "limitations": hollow}), "known_limitations", "card.json") == "placeholder"


@pytest.mark.parametrize(
    "hollow",
    ["None known.", "No", "✓", "1", "Not available", "Confidential.", "Keine Angaben", "Details will follow."],
)
def test_t11_a_contact_that_reaches_nobody_is_none(hollow: str) -> None:
    assert state(f"# R\n\n## Contact\n\n{hollow}\n", "incident_contact") == "placeholder"
    for written in ("See the desk's page", "+33 4 72 00 00 00", "112", "Lyon", "https://parcels.example/help"):
        assert state(f"# R\n\n## Contact\n\n{written}\n", "incident_contact") == "present"


@given(data=st.data())
def test_t11_whatever_is_no_answer_is_looked_up_by_its_first_word_or_script(data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from([it[-1] for it in (*no_answer._BY_FIRST_WORD, *no_answer._BY_SCRIPT)]))
    text = data.draw(st.from_regex(re.compile(pattern.pattern), fullmatch=True))
    assert len(text) > 80 or text.count(" ") >= 8 or no_answer.is_no_answer(text)
