"""T16: YAML, JSON and front matter that another parser would read otherwise, or never finish reading."""

from __future__ import annotations

import json

import pytest
from evidence import document, prose
from promotion import Promotion
from scratch import Scratch
from world import base_files, high_system, to_yaml

BOMB = "".join(["a0: &a0 [x, x]\n", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))])

YAML = {
    "duplicate": ("reason: one\nreason: two\n", 2, 1, "key 'reason' is there twice"),
    "bomb": (BOMB, 1, 5, "anchor &a0 is not read"),
    "alias": ("reason: *a\n", 1, 9, "alias *a is not read"),
    "merge": ("<<: {reason: x}\n", 1, 1, "merge key << is not read"),
    "tag": ("reason: !!python/object/apply:os.system ['true']\n", 1, 9, "is not read"),
    "second": ("reason: one\n---\nreason: two\n", 2, 1, "a second document begins here"),
    "deep": (f"reason: {'[' * 10_000}{']' * 10_000}\n", 1, 48, "nested too deeply"),
    "no": ("reason: NO\nvendors: NO\n", 2, 10, '"NO"'),
    "nul": ("reason: a\0b\n", 1, 10, "U+0000"),
    "latin": (b"reason: caf\xe9\n", 1, 12, "byte 0xe9 is no UTF-8"),
    "infinite": ("reason: 1e400\n", 1, 9, "no finite number"),
    "surrogate": ('reason: "\\ud800"\n', 1, 9, "U+D800"),
}
"""What is laid at the end of a manifest, where in it the fault stands, and what is said of it."""

FRONT = {name: YAML[name] for name in ("duplicate", "bomb", "alias", "merge", "tag", "deep", "infinite", "surrogate")}
JSON = {
    "duplicate": ('"scope": "x"', 3, "key 'scope' is there twice"),
    "deep": (f'"k": {"[" * 10_000}{"]" * 10_000}', 3, "nested too deeply"),
    "infinite": ('"k": 1e400', 3, "no finite number"),
    "not a number": ('"k": NaN', 3, "no finite number"),
    "surrogate": ('"k": "\\ud800"', 3, "U+D800"),
    "nul": ('"k": "\\u0000"', 3, "U+0000"),
    "comment": ("/* k */", 3, "no JSON"),
    "second": ('"k": 1}\n{"l": 2', 4, "no JSON"),
}


SECTIONS = ("scope", "attacks_tried", "findings", "remediation")


@pytest.fixture(scope="module")
def monorepo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """`main` is governed; `work` adds one sound manifest for each trick, in a folder named after it."""
    repo = Scratch(tmp_path_factory.mktemp("monorepo"))
    sound = {"schema": "policy-gate/manifest/v1", "systems": []}
    manifests = {f"{name}/governance.yaml": to_yaml(sound) for name in (*YAML, "bom", "large", "sound")}
    repo.commit("Govern", files=base_files() | manifests)
    repo.declare(high_system("development"))
    repo.commit("Declare")
    return repo


def test_t16_each_trick_is_one_clear_problem_of_its_manifest(monorepo: Scratch) -> None:
    monorepo.branch()
    head = monorepo.read("sound/governance.yaml")
    tricks = {f"{name}/governance.yaml": _add(head, data) for name, (data, *_) in YAML.items()}
    tricks["bom/governance.yaml"] = b"\xef\xbb\xbf" + head.encode()
    tricks["large/governance.yaml"] = f"{head}reason: {'x' * (100 << 20)}\n"
    monorepo.commit("Tricks", files=tricks)
    result = monorepo.check()
    told = {item["path"].partition("/")[0]: item for item in result.report["problems"]}
    assert (result.code, len(result.report["problems"]), sorted(told)) == (
        1,
        len(tricks),
        sorted({*YAML, "bom", "large"}),
    )
    for name, (_, line, column, said) in YAML.items():
        assert (told[name]["line"], told[name]["column"]) == (line + head.count("\n"), column), told[name]
        assert said in told[name]["message"]
    assert "byte order mark" in told["bom"]["message"]
    assert "too large (got 1048" in told["large"]["message"]


def test_t16_the_same_manifests_without_the_tricks_are_read(monorepo: Scratch) -> None:
    """That they name no system any more, whatever they named before, is for the committee to agree to (D45)."""
    monorepo.branch()
    head = monorepo.read("sound/governance.yaml")
    monorepo.commit(
        "Honest", files={f"{name}/governance.yaml": f"{head}reason: none left in {name}\n" for name in YAML}
    )
    result = monorepo.check()
    assert (result.code, result.report["problems"]) == (1, [])
    assert set(result.blocking()) == {"approval:ai-governance-committee"}


@pytest.mark.parametrize("name", ["duplicate", "bomb", "second", "deep"])
def test_t16_one_trick_alone_blocks_the_system_of_its_manifest(promotion: Promotion, name: str) -> None:
    promotion.restart()
    result = promotion.attempt({"governance.yaml": _add(promotion.read("governance.yaml"), YAML[name][0])})
    assert (result.code, result.verdict, len(result.report["problems"])) == (1, "block", 1)


def test_t16_front_matter_is_read_as_strictly(promotion: Promotion) -> None:
    promotion.restart()
    inputs = {name: paper["id"] for name, paper in zip(FRONT, promotion.entry()["artifacts"], strict=False)}
    files = {
        f"governance/{inputs[name]}.md": _add("---\n", data) + f"---\n{document(inputs[name])}".encode()
        for name, (data, *_) in FRONT.items()
    }
    assert len(files) == len(FRONT)
    result = promotion.attempt(files)
    assert (result.code, result.blocking()) == (1, sorted(f"artifact:{paper}" for paper in inputs.values()))
    for name, (_, line, column, said) in FRONT.items():
        finding = result.finding(inputs[name])
        place = finding["location"]
        assert said in finding["message"], finding
        assert (place["path"], place["line"], place["column"]) == (f"governance/{inputs[name]}.md", line + 1, column)


def test_t16_sound_front_matter_is_read(promotion: Promotion) -> None:
    result = promotion.attempt(
        {"governance/red-team-report.md": f"---\nreason: NO\n---\n{document('red-team-report')}"}
    )
    assert (result.code, result.finding("red-team-report")["state"]) == (0, "met")


@pytest.mark.parametrize("trick", ["license: a\nlicense: b\n", "license: &a x\n", "license: [\n"])
def test_t16_front_matter_of_a_card_is_read_as_strictly(promotion: Promotion, trick: str) -> None:
    promotion.restart()
    card = promotion.read("MODEL_CARD.md")
    result = promotion.attempt({"MODEL_CARD.md": f"---\n{trick}---\n{card}"})
    place = result.finding("model-card")["location"]
    assert (result.code, place["path"], place["line"] > 1) == (1, "MODEL_CARD.md", True)
    assert promotion.attempt({"MODEL_CARD.md": f"---\nlicense: a\n---\n{card}"}).code == 0


def test_t16_json_is_read_as_strictly(promotion: Promotion) -> None:
    promotion.restart()
    sound = json.dumps({title: prose(30, number) for number, title in enumerate(SECTIONS)})
    inputs = promotion.entry()["artifacts"]
    names = dict(zip((paper["id"] for paper in inputs if paper["id"] != "red-team-report"), JSON, strict=False))
    files = {f"governance/{id_}.json": f"{sound[:-1]},\n\n{JSON[name][0]}}}" for id_, name in names.items()}
    files["governance/red-team-report.json"] = f'{sound[:-1]},\n\n"k": 1}}'
    moved = [paper | {"path": path} for paper in inputs if (path := f"governance/{paper['id']}.json") in files]
    moved += [paper for paper in inputs if f"governance/{paper['id']}.json" not in files]
    result = promotion.attempt(files, artifacts=moved)
    assert (result.code, sorted(names.values())) == (1, sorted(JSON))
    assert result.finding("red-team-report")["state"] == "met"
    for id_, name in names.items():
        finding, (_, line, said) = result.finding(id_), JSON[name]
        assert (finding["state"], said in finding["message"]) == ("gap", True), finding
        assert (finding["location"]["path"], finding["location"]["line"]) == (f"governance/{id_}.json", line)


@pytest.mark.parametrize(("written", "ran", "code"), [("1.10", "1.10", 0), ("1.10", "1.1", 1), ("0x1F", "31", 1)])
def test_t16_a_version_is_what_was_written(promotion: Promotion, written: str, ran: str, code: int) -> None:
    path = "reports/bias-benchmark-suite.xml"
    promotion.restart()
    stated = f'"><properties><property name="model_version" value="{ran}"/></properties>\n  <testcase'
    report = promotion.read(path).replace('">\n  <testcase', stated, 1)
    result = promotion.attempt({path: report}, tests=promotion.results("bias-benchmark-suite", version=written))
    assert (result.code, f"version: {written}\n" in promotion.read("governance.yaml")) == (code, True)


def _add(text: str, more: str | bytes) -> bytes:
    return text.encode() + (more if isinstance(more, bytes) else more.encode())
