"""What is rendered for the Hub loads in its own library, and what is exported as CycloneDX passes the strict validator
of its project; both refuse what is spoilt, so that their yes says something."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from card_words import CARD_WORDS
from parts import PARTS
from test_card_formats import CARDS, ODD, card_of, read_back

from policy_gate.cards.card import CardDocument
from policy_gate.cards.formats import FORMATS, format_of
from policy_gate.collect.evidence import evidence_of

pytestmark = pytest.mark.real_runner

LOAD = """
import json, sys
from pathlib import Path
try:
    from huggingface_hub import ModelCard
except ImportError:
    sys.exit(3)
for name in sys.argv[1:]:
    try:
        card = ModelCard.load(name)
        told = card.data.to_dict()
        again = ModelCard(str(card))
        found = [told.get("license"), sorted(told), again.data.to_dict() == told, card.text.strip()[:20]]
    except Exception as error:
        found = None
    print(json.dumps([Path(name).stem, found]))
"""
VALIDATE = """
import json, sys
from pathlib import Path
try:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator
except ImportError:
    sys.exit(3)
for name in sys.argv[1:]:
    text = Path(name).read_text("utf-8")
    version = json.loads(text)["specVersion"]
    fault = JsonStrictValidator(SchemaVersion.from_version(version)).validate_str(text)
    print(json.dumps([Path(name).stem, fault is None]))
"""
NUMBERS = {
    "overall_performance": {"accuracy": "91%", "recall": 0.88},
    "performance_by_group": {"women": {"accuracy": 0.9}, "men": {"accuracy": 0.92}},
    "performance_thresholds": {"false positive rate": "<= 0.05"},
}
HUB = (
    "---\nlanguage: [en]\nlicense: apache-2.0\ntags: [ranking]\ndatasets: [org/applications]\nbase_model: org/bert\n"
    "metrics: [accuracy]\nmodel-index:\n  - name: screener\n    results:\n      - task: {type: text-classification}\n"
    "        dataset: {name: Applications, type: org/applications}\n"
    "        metrics: [{type: accuracy, value: 0.91}]\n---\n# Screener\n\n## Limitations\n\nWeak on scans.\n"
)


@cache
def cards() -> dict[str, CardDocument]:
    """Cards of every kind, and all of the collected ones that are there and can be read."""
    found = {
        "empty": card_of({}),
        "words": card_of({"model_name": "Screener", "version": "2.1", "license": "Ours alone", "base_model": "a b"}),
        "numbers": card_of({**NUMBERS, "model_name": "Screener v2.1", "license": "mit"}),
        "odd": card_of({"intended_use": "\n\n".join(ODD), "known_limitations": ODD, "owner": "a: b # c"}),
        "hub": read_back(HUB, "huggingface"),
        "tables": read_back(
            "# C\n\n## Cohorts\n\n| Cohort | Accuracy | n |\n|---|---|---|\n| women | 0.90 | 10 |\n", "markdown"
        ),
    }
    for path in CARDS:
        evidence = evidence_of(path.name, "", path.read_bytes())
        if evidence.problem is None:
            found[f"wild-{path.stem}"] = FORMATS[format_of(evidence)].read(evidence, CARD_WORDS)
    return found


def said_of(script: str, files: list[Path]) -> dict[str, Any]:
    python = PARTS / "bin" / "python"
    if not python.exists():
        pytest.skip("the parts are not installed here; .ci/run installs them")
    done = subprocess.run([python, "-c", script, *files], capture_output=True, text=True, check=False)
    if done.returncode == 3:
        pytest.skip("huggingface_hub and cyclonedx-python-lib are not installed here; .ci/run installs them")
    assert done.returncode == 0, done.stderr
    return dict(map(json.loads, done.stdout.splitlines()))


def written(folder: Path, name: str, ending: str) -> list[Path]:
    files = []
    for number, (card_name, card) in enumerate(cards().items()):
        path = folder / f"{number:02}-{card_name}{ending}"
        path.write_text(FORMATS[name].write(card).text, "utf-8", errors="replace")
        files.append(path)
    return files


def test_the_hubs_own_library_loads_every_card_that_is_rendered_for_it(tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt.md"
    spoilt.write_text("---\nlicense: [mit\n---\n# X\n", "utf-8")
    said = said_of(LOAD, [*written(tmp_path, "huggingface", ".md"), spoilt])
    assert said.pop("spoilt") is None
    assert [name for name, found in said.items() if found is None or not found[2]] == []
    by_name = {name.split("-", 1)[1]: found for name, found in said.items()}
    assert by_name["numbers"][0] == "mit"
    assert by_name["words"][0] == "other"
    assert {"base_model", "datasets", "license", "model-index", "tags"} <= set(by_name["hub"][1])


def test_the_strict_validator_of_cyclonedx_accepts_every_card_that_is_exported(tmp_path: Path) -> None:
    spoilt = []
    for name, change in {
        "field": {"grade": "A"},
        "component": {"components": [{"type": "modell", "name": "x"}]},
    }.items():
        document = json.loads(FORMATS["cyclonedx"].write(card_of(NUMBERS)).text) | change
        spoilt.append(tmp_path / f"spoilt-{name}.json")
        spoilt[-1].write_text(json.dumps(document), "utf-8")
    said = said_of(VALIDATE, [*written(tmp_path, "cyclonedx", ".json"), *spoilt])
    assert [said.pop("spoilt-field"), said.pop("spoilt-component")] == [False, False]
    assert [name for name, is_valid in said.items() if not is_valid] == []
    assert len(said) == len(cards())
