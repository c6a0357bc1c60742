"""D04: which paths could matter to a full check, told without reading a manifest. In doubt, a path does."""

from __future__ import annotations

from typing import Any

import pytest

from policy_gate.decide.governed_paths import GovernedPaths, is_quiet, may_lose_code

OIDS = ("1" * 40, "2" * 40)


def ground(**fields: Any) -> GovernedPaths:
    known = {"bot/governance.yaml": {"paths": ["bot/src/**"], "files": ["bot/Docs/card.md", "bot/tests.xml"]}}
    given = {"names": ("governance.yaml",), "patterns": ("ci/**",), "policies": "policies",
             "manifests": ("bot/governance.yaml", "old/governance.yaml"), "known": known, **fields}  # fmt: skip
    return GovernedPaths(**given)


def quiet(path: str, *, is_regular: bool = True, text: bytes = b"", with_code: bool = True, **fields: Any) -> bool:
    return is_quiet(ground(**fields), [(path, OIDS, is_regular)], lambda oid: text, with_code=with_code)


@pytest.mark.parametrize(
    "path", ["README.md", "src/app.py", "bot/README.md", "bot/srcs/a.py", "docs/card.md", "policy/a.py", "cid/x"]
)
def test_what_nothing_points_at_is_quiet(path: str) -> None:
    assert quiet(path)


@pytest.mark.parametrize(
    "path",
    [
        # by their name, in any folder and spelling
        "governance.yaml", "new/governance.yaml", "new/Governance.YAML", "new/governance.json", "new/_governance.yaml",
        "new/governance.old.txt",
        # policies and what runs the gate
        "policies", "policies/org.yaml", "Policies/org.yaml", "policy-gate.yaml", "x/policy-gate/a", "ci/run", "CI/run",
        ".github/workflows/a.yml", "x/.gitmodules", ".gitattributes",
        # code and evidence of a system, what stands in place of a folder on their way, and twins of such a folder
        "bot/src/a.py", "BOT/src/a.py", "bot/docs/card.md", "bot/Docs/card.md", "bot/tests.xml", "bot/tests.xml/x",
        "bot", "bot/Docs", "bot/docs/else.md", "Bot/else.md",
        # what may not be told apart from a governed path
        "x/governance-notes.md", "caf\u00e9/a.py", "a\nb",
    ],
)  # fmt: skip
def test_what_could_matter_is_not(path: str) -> None:
    assert not quiet(path)


def test_code_is_left_out_where_only_the_same_paths_are_asked_for() -> None:
    assert not quiet("bot/src/a.py")
    assert quiet("bot/src/a.py", with_code=False)
    assert not quiet("bot/tests.xml", with_code=False)
    assert not quiet("ci/run", with_code=False)


def test_all_below_a_manifest_that_is_not_known_could_be_code_of_it() -> None:
    assert not quiet("old/app.py")
    assert not quiet("old/deep/app.py")
    assert quiet("older/app.py")
    assert quiet("old/app.py", with_code=False)


def test_t61_what_tells_weights_that_dvc_keeps_is_never_quiet() -> None:
    for path in ("dvc.lock", "ranking/dvc.lock", "dvc.yaml"):
        assert not quiet(path, text=b"stages: {}\n")
        assert not quiet(path, text=b"stages: {}\n", with_code=False)
    assert quiet("poetry.lock", text=b"stages: {}\n")


def test_links_and_submodules_are_never_quiet() -> None:
    assert not quiet("README.md", is_regular=False)


@pytest.mark.parametrize(("path", "is_one"), [("a.yaml", True), ("a.YML", True), ("a.json", True), ("a.py", False)])
def test_data_that_speaks_of_this_gate_may_be_governed(path: str, is_one: bool) -> None:
    assert quiet(path, text=b"schema: policy-gate/manifest/v1") is not is_one
    assert quiet(path, text=b"schema: other")


def test_one_path_that_matters_is_enough_and_open_names_make_every_path_one() -> None:
    paths = [("README.md", OIDS, True), ("bot/src/a.py", OIDS, True)]
    assert not is_quiet(ground(), paths, lambda oid: b"")
    assert not is_quiet(ground(), paths[::-1], lambda oid: b"")
    assert is_quiet(ground(), paths[:1], lambda oid: b"")
    assert not quiet("README.md", names=("*.yaml",))


@pytest.mark.parametrize("path", ["README.md", "bot/srcs/a.py"])
def test_d51_code_may_leave_a_system_by_its_paths_or_below_a_manifest_that_is_not_known(path: str) -> None:
    assert not may_lose_code(ground(), [path])
    for lost in ("bot/src/a.py", "old/app.py"):
        assert may_lose_code(ground(), [path, lost])


def test_t33_a_kind_of_file_may_show_ai_by_a_text_in_it_and_any_by_how_a_name_begins() -> None:
    signs: Any = {"texts": ((("**/*.json", "**/*.cfg"), ('"model_type"', "hidden_size")),), "words": ("mlx_",)}
    for text in (b'{"MODEL_type": "x"}', b"hidden_size", "x".encode("utf-16")):
        assert not quiet("a/config.json", text=text, **signs)
        assert not quiet("a/Config.CFG", text=text, **signs)
        assert quiet("a/config.txt", text=text, **signs)
        assert quiet("a/config.json", text=text, with_code=False, **signs)
    assert quiet("a/config.json", text=b'{"type": "model"}', **signs)
    for name, is_one in (("mlx_lm", True), ("MLX_", True), ("mlx", False), ("amlx_lm", False)):
        assert quiet("a/config.txt", text=f"import {name}\n".encode(), **signs) is not is_one


def test_t33_a_file_may_show_ai_by_its_name_in_any_spelling_or_by_a_word_in_it() -> None:
    signs: Any = {"files": ("**/*.safetensors",), "words": ("openai",)}
    assert quiet("models/rank.bin", text=b"x = 1\n", **signs)
    for path in ("models/rank.safetensors", "models/Rank.SAFETENSORS"):
        assert not quiet(path, **signs)
        assert quiet(path, with_code=False, **signs)
    for text in (b"import openai\n", b"from OpenAI import x\n"):
        assert not quiet("src/a.py", text=text, **signs)
    assert quiet("src/a.py", text=b"import openaid\n", **signs), "a word is a whole word"
    assert not quiet("src/a.py", text=b"#" * 1_000_001, **signs), "what is so long is looked at in full"


@pytest.mark.parametrize(("lines", "is_one"), [(4, True), (5, False), (50, False)])
def test_d51_a_new_file_counts_by_all_its_lines(lines: int, *, is_one: bool) -> None:
    text = b"".join(b"x = %d\n" % number for number in range(lines))
    assert is_quiet(ground(), [("src/app.py", OIDS[:1], True)], lambda oid: text) is is_one
    assert is_quiet(ground(), [("src/app.py", OIDS, True)], lambda oid: text if oid == OIDS[1] else b"") is is_one
    assert is_quiet(ground(), [("src/app.py", OIDS, True)], lambda oid: text if oid == OIDS[0] else b"")
    assert not is_quiet(ground(), [("src/app.py", OIDS[:1], True)], lambda oid: b"\0")
