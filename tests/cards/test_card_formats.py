"""Every format of a card, both ways: what is written reads as the card says it, and what it cannot hold is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from card_words import CARD_WORDS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from policy_gate.cards.card import NUMBERS, CardDocument, differences
from policy_gate.cards.card_values import fields_of, text_of
from policy_gate.cards.formats import FORMATS, format_of
from policy_gate.cards.formats.huggingface import HUB_KEYS
from policy_gate.cards.markdown_document import field_section
from policy_gate.collect.evidence import evidence_of
from policy_gate.documents.scalars import UNCLEAN
from policy_gate.errors import DocumentError
from policy_gate.schema.card_fields import CARD_FIELDS
from policy_gate.schema.facts import CardField
from policy_gate.schema.snapshot import Evidence

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "cards"
CARDS = sorted(path for path in CORPUS.glob("*") if path.name[:2].isdigit()) if CORPUS.is_dir() else []
PATHS = {
    "cyclonedx": "bom.json", "yaml": "card.yaml", "json": "card.json", "huggingface": "README.md",
    "markdown": "MODEL_CARD.md",
}  # fmt: skip
ODD = [
    "# heading", "## Version", "---", "...", "===", "| a | b |", "|---|---|", "```", "~~~~", "- item", "* star",
    "1. one", "+ plus", "> quote", "<b>bold</b>", "<!-- hidden", "-->", "<div hidden>", "<script>", "**Version**: 2",
    "Version: 3", "Known limitations: none at all", "accuracy: 91%", "recall: 0.8", "[a]: http://example.com", "[a](b)",
    "![i](j)", "TBD", "TODO: later", "{{ x }}", "[Insert name here]", "a\\b", "&amp; &#35;", "\u2028", "\u2029", "été",
    "模型", "🙂", "\u202eright", "\u200b", "\t", "  ", "\n", "\n\n", "    code", "x" * 1500, "no", "0o17", "1e5",
    "007", "1.10", "~", "yes", "null", "'", '"', ": ", " #", "%x", "@a", "`b", "\x85", "\ud800", "\ufeff", "\x00",
    "\r\n", "$x$",
]  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(ODD), st.text(max_size=12)), min_size=1, max_size=6).map("".join) | st.lists(
    st.sampled_from(ODD), min_size=2, max_size=4
).map("\n".join)
NAMES = st.sampled_from(["accuracy", "false positive rate", "women", "men", "all", "users", "a|b", "#1", "é: x", ""])
RAW = st.one_of(
    st.sampled_from(["91%", "0.93 ± 0.02", "<= 0.1", "n/a", "TBD", "1,234", None, True]),
    st.floats(allow_nan=False, allow_infinity=False, width=16),
    st.integers(-9999, 9999),
)
FLAT = st.dictionaries(NAMES, RAW, max_size=3)
WORDS = st.dictionaries(
    st.sampled_from([name for name in CARD_FIELDS if name not in NUMBERS]),
    TEXTS | st.none() | st.lists(TEXTS | st.just(""), max_size=3),
    max_size=4,
)
FIGURES = st.fixed_dictionaries(
    {},
    optional={
        "overall_performance": FLAT | TEXTS,
        "performance_by_group": st.dictionaries(NAMES, FLAT, max_size=3),
        "performance_thresholds": FLAT,
    },
)
VALUES = st.builds(lambda words, figures: words | figures, WORDS, FIGURES)
CALM = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def card_of(values: dict[str, Any], **more: Any) -> CardDocument:
    numbers = {name: values[name] for name in NUMBERS if isinstance(values.get(name), dict)}
    return CardDocument("generated", CARD_WORDS, fields_of(values, {}), numbers, **more)


def read_back(text: str, name: str) -> CardDocument:
    return FORMATS[name].read(evidence_of(PATHS[name], "", text.encode()), CARD_WORDS)


def lost_fields(losses: tuple[str, ...]) -> set[str]:
    return {loss.split(":")[0] for loss in losses} & set(CARD_FIELDS)


@pytest.mark.parametrize("name", FORMATS)
@CALM
@given(VALUES)
def test_what_is_written_reads_as_the_card_or_is_said_to_be_lost(name: str, values: dict[str, Any]) -> None:
    card = card_of(values)
    written = FORMATS[name].write(card)
    again = read_back(written.text, name)
    assert written.losses == differences(card, again)
    assert FORMATS[name].write(card) == written
    for field in set(CARD_FIELDS) - lost_fields(written.losses):
        assert (card.fields[field].state, card.fields[field].text, card.fields[field].items) == (
            again.fields[field].state,
            again.fields[field].text,
            again.fields[field].items,
        )


@pytest.mark.parametrize("name", ["markdown", "huggingface"])
@CALM
@given(VALUES)
def test_markdown_holds_every_text_whatever_it_is_made_of(name: str, values: dict[str, Any]) -> None:
    card = card_of(values)
    lost = lost_fields(FORMATS[name].write(card).losses)
    assert not {field for field in lost if card.fields[field].state == "present" and is_kept(card.fields[field])}


@pytest.mark.parametrize("name", ["yaml", "json"])
@CALM
@given(VALUES)
def test_our_document_holds_every_clean_text(name: str, values: dict[str, Any]) -> None:
    card = card_of(values)
    lost = lost_fields(FORMATS[name].write(card).losses)
    for field in lost - {*NUMBERS, "risk_tier"}:
        found = card.fields[field]
        is_odd = UNCLEAN.search(found.text or "") or not is_kept(found)
        assert found.state != "present" or is_odd, (field, found)


def is_kept(field: CardField) -> bool:
    """Lone surrogates are no text that a file can hold; a carriage return is a line break in Markdown."""
    return not any("\ud800" <= character <= "\udfff" or character == "\r" for character in field.text or "")


@CALM
@given(WORDS)
def test_a_card_goes_through_every_format_and_keeps_its_words(values: dict[str, Any]) -> None:
    clean = {
        name: value for name, value in values.items() if not UNCLEAN.search(text_of(value)) and name not in NUMBERS
    }
    clean.pop("risk_tier", None)
    first = card_of(clean)
    card = first
    for name in ("markdown", "yaml", "huggingface", "json"):
        card = read_back(FORMATS[name].write(card).text, name)
    lost = lost_fields(differences(first, card))
    assert not {field for field in lost if first.fields[field].state == "present" and is_kept(first.fields[field])}


def test_numbers_stand_in_the_text_where_it_gives_them_and_else_in_the_front_matter() -> None:
    numbers = {
        "overall_performance": {"accuracy": "91%", "recall": 0.88},
        "performance_by_group": {"women": {"accuracy": 0.9}, "men": {"accuracy": 0.92}},
        "performance_thresholds": {"false positive rate": "<= 0.05"},
    }
    card = card_of({**numbers, "model_name": "Screener v2.1"})
    written = FORMATS["markdown"].write(card)
    assert written.losses == ()
    assert written.text.startswith("---\nperformance_by_group:\n  women:\n    accuracy: 0.9\n")
    assert "# Model card: Screener v2.1\n\n## Overall performance\n\n- accuracy: 91%\n- recall: 0.88\n" in written.text
    assert "## Performance by group\n\n" in written.text, "whoever reads the page sees them, too"
    again = read_back(written.text, "markdown")
    assert again.groups == 2
    assert [(m.name, m.group, m.value, m.threshold, m.higher_is_better) for m in again.metrics] == [
        ("accuracy", "men", 0.92, None, True),
        ("accuracy", "overall", 0.91, None, True),
        ("false positive rate", "overall", None, 0.05, False),
        ("recall", "overall", 0.88, None, True),
        ("accuracy", "women", 0.9, None, True),
    ]


def test_numbers_without_a_field_come_back_from_tables() -> None:
    text = (
        "# C\n\n## Results\n\n| Metric | Value | Threshold |\n|---|---|---|\n| accuracy | 91 % | 0.9 |\n\n"
        "## Cohorts\n\n| Cohort | Accuracy | n |\n|---|---|---|\n| women | 0.90 | 10 |\n| men | 0.92 | 12 |\n"
    )
    card = read_back(text, "markdown")
    assert (card.groups, card.fields["performance_by_group"].state) == (2, "absent")
    written = FORMATS["markdown"].write(card)
    assert written.losses == ()
    assert "| women | 0.90 | 10 |  |" in written.text


def test_a_hub_card_keeps_the_keys_of_the_hub_and_a_plain_one_says_that_it_cannot() -> None:
    text = (
        "---\nlanguage:\n  - en\nlicense: apache-2.0\ntags: [resume, ranking]\ndatasets: [org/applications]\n"
        "base_model: org/bert\nmetrics: [accuracy]\nmodel-index:\n  - name: s\n    results: []\nwidget: 1.10\n---\n"
        "# Screener\n\n## Limitations\n\nWeak on scans.\n"
    )
    card = read_back(text, "huggingface")
    assert (card.format, card.title, card.fields["license"].text) == ("huggingface", "Screener", "apache-2.0")
    written = FORMATS["huggingface"].write(card)
    assert written.losses == ()
    again = read_back(written.text, "huggingface")
    assert {key: again.data[key] for key in card.data} == dict(card.data) | {"widget": "1.10"}
    assert [key for key in again.data if key in HUB_KEYS] == [key for key in HUB_KEYS if key in card.data]
    plain = FORMATS["markdown"].write(card)
    assert {loss.split(":")[0] for loss in plain.losses} == {"language", "tags", "model-index", "widget"}
    assert read_back(plain.text, "markdown").fields["license"].text == "apache-2.0"
    gone = replace(card, fields={**card.fields, "license": CardField("absent")})
    assert "license" not in FORMATS["huggingface"].write(gone).text


@pytest.mark.parametrize(
    ("license_", "base", "front"),
    [
        ("mit", "org/model", {"license": "mit", "base_model": "org/model"}),
        ("Ours alone", "a model of ours", {"license": "other"}),
    ],
)
def test_the_hub_gets_ids_and_the_reader_the_words(license_: str, base: str, front: dict[str, str]) -> None:
    written = FORMATS["huggingface"].write(card_of({"license": license_, "base_model": base}))
    assert written.losses == ()
    assert dict(read_back(written.text, "huggingface").data) == front


def test_our_document_says_what_its_schema_has_no_place_for() -> None:
    card = read_back("# C\n\n## Results\n\nIt does well.\n\n## Risk tier\n\nsomewhere in the middle\n", "markdown")
    written = FORMATS["yaml"].write(card)
    assert written.losses == ("risk_tier: present in the card, absent in what is written",)
    assert read_back(written.text, "yaml").fields["overall_performance"].text == "It does well."


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Ranker", ()),
        ("Model card: Ranker", ()),
        ("The Ranker model card", ()),
        ("Ranker of the group", ("title: 'Ranker of the group' is not kept",)),
    ],
)
def test_a_title_is_lost_where_it_says_more_than_the_name(title: str, told: tuple[str, ...]) -> None:
    card = read_back(f"# {title}\n\n## Model name\n\nRanker\n\n## License\n\nMIT\n", "markdown")
    card = replace(card, fields={**card.fields, "model_name": CardField("present", 1, "Ranker", ("Ranker",))})
    assert FORMATS["yaml"].write(card).losses == told


def test_our_document_stays_as_it_is() -> None:
    text = (
        "schema: policy-gate/card/v1\nmodel_name: S\nversion: '1.10'\nidentified_biases:\n  assessed: true\n"
        "  method: paired resumes\n  findings: []\noverall_performance:\n  accuracy: 91%\n"
    )
    card = read_back(text, "yaml")
    written = FORMATS["yaml"].write(card)
    assert (written.losses, read_back(written.text, "yaml").data) == ((), card.data)


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        ("a.yml", "license: mit\n", "yaml"),
        ("a.JSON", "{}", "json"),
        ("README.md", "---\npipeline_tag: text-classification\n---\n# X\n", "huggingface"),
        ("README.md", "---\nowner: me\n---\n# X\n", "markdown"),
        ("card.txt", "# X\n", "markdown"),
    ],
)
def test_a_format_is_told_by_suffix_and_front_matter(path: str, text: str, name: str) -> None:
    assert format_of(evidence_of(path, "", text.encode())) == name


@pytest.mark.parametrize("name", FORMATS)
def test_of_a_number_given_twice_the_one_that_counts_is_written(name: str) -> None:
    rows = "## Performance\n\n| metric | value |\n|---|---|\n| accuracy | 0.93 |\n| accuracy | 0.71 |\n"
    card = FORMATS["markdown"].read(Evidence("MODEL_CARD.md", "file", text=f"# Ranker\n\n{rows}"), CARD_WORDS)
    written = FORMATS[name].write(card)
    assert not [loss for loss in written.losses if loss.startswith("metric")]
    assert [item.value for item in read_back(written.text, name).metrics] == [0.71]


@pytest.mark.skipif(not CARDS, reason="the collected cards are not beside this checkout")
@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.stem)
def test_cards_found_in_the_wild_survive_markdown(path: Path) -> None:
    evidence = evidence_of(path.name, "", path.read_bytes())
    if evidence.problem is not None:
        pytest.skip("it is no strict YAML or JSON")
    card = FORMATS[format_of(evidence)].read(evidence, CARD_WORDS)
    for name in ("markdown", "huggingface"):
        written = FORMATS[name].write(card)
        assert not lost_fields(written.losses), written.losses
        assert not [loss for loss in written.losses if loss.startswith("metric")], written.losses
    assert isinstance(FORMATS["yaml"].write(card).text, str)


def test_a_section_of_a_draft_counts_as_open_under_the_name_that_the_policies_give_it() -> None:
    todo = CardField(
        "placeholder", text="TODO: say which groups, and how many people each of them has in the test data"
    )
    assert field_section("known_limitations", todo, CARD_WORDS, "Known limits") == f"## Known limits\n\n{todo.text}\n"
    renamed = field_section("known_limitations", todo, CARD_WORDS, "What worries us")
    assert renamed == f"## Known limitations\n\n{todo.text}\n", "a heading that no reader knows is not taken"


@pytest.mark.parametrize("name", ["yaml", "json"])
def test_a_card_that_no_reader_takes_is_not_written(name: str) -> None:
    with pytest.raises(DocumentError, match="too large"):
        FORMATS[name].write(card_of({"known_limitations": "Weak. " * 200_000}))


def test_evidence_is_taken_as_the_tree_holds_it() -> None:
    nothing = Evidence("MODEL_CARD.md", "file", text="")
    assert FORMATS[format_of(nothing)].read(nothing, CARD_WORDS).fields == fields_of({}, {})
