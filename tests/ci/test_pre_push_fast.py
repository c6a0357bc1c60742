"""The first look at a push never says pass where the full check would not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pushing import Pusher
from raw_objects import write_object
from world import high_system, low_system, to_yaml

from policy_gate.app.check import CheckSession, run_check
from policy_gate.ci.push import Base, Update
from policy_gate.ci.remembered_paths import load, save
from policy_gate.cli.pre_push_fast import is_quiet_push
from policy_gate.collect.inputs import load_inputs
from policy_gate.decide.governed_paths import GovernedPaths
from policy_gate.decide.nothing_changed import changes_nothing_governed
from policy_gate.decide.trust import options_of
from policy_gate.schema.check_inputs import Request
from policy_gate.schema.vocabulary import NOTHING_CHANGED
from policy_gate.vcs.discovery import Here

pytestmark = pytest.mark.real_git
BRANCH = "refs/heads/main"
MANIFEST_TEXT = "schema: policy-gate/manifest/v1\nsystems: []\nreason: an example\n"
QUIET = ("src/tool.py", "src/new/deep/er/file.txt", "docs/page.md", "inner/lib.py")
CHANGES: Mapping[str, str | None] = {
    **dict.fromkeys(QUIET, "changed\n"),
    "docs/plain.yaml": "a: 1\n",
    "README.md": None,
    "model.safetensors": "weights",
    "src/uses_ai.py": "import anthropic\n",
}
LOUD: Mapping[str, str | None] = {
    "docs/example.yaml": MANIFEST_TEXT,
    "screener/rank.py": "x = 2\n",
    "Screener/rank.py": "x = 2\n",
    "governance.yaml": MANIFEST_TEXT,
    "Governance.yaml": MANIFEST_TEXT,
    "governance.yml": "a: 1\n",
    "src/governance.yaml": MANIFEST_TEXT,
    "src/.governance.json": "{}\n",
    "inner/governance.yaml": None,
    "inner/summariser/a.py": "y = 1\n",
    "MODEL_CARD.md": None,
    "model_card.md": "# Card\n",
    "MODEL_CARD.md/inside": "a file where a file was",
    "policies/new.yaml": "schema: policy-gate/policy/v1\n",
    "policies": "a file where a folder was",
    "Policies/notes.txt": "words",
    "policy-gate.yaml": None,
    "governance/approvals/x.yaml": "a: 1\n",
    "governance/waivers.yaml": "a: 1\n",
    ".github/workflows/ci.yml": "run: policy-gate check\n",
    ".gitlab-ci.yml": "script: policy-gate check\n",
    ".pre-commit-config.yaml": "repos: []\n",
    ".gitattributes": "* merge=ours\n",
    "caf\u00e9.txt": "accent\n",
    "MODEL_CARD\u200b.md": "hidden\n",
}
ANY = {**CHANGES, **LOUD}


def remember_paths(request: Request) -> GovernedPaths | None:
    with CheckSession(request.directory) as session:
        return session.governed_paths(request)


class Home:
    """A governed repository with two manifests, and what a full check of its main left in its memory."""

    def __init__(self, path: Path) -> None:
        self.repo = Pusher(path)
        self.repo.declare(low_system(paths=["summariser/**"]), path="inner/governance.yaml")
        files = {"src/tool.py": "x = 0\n", "screener/rank.py": "x = 0\n", "inner/summariser/a.py": "y = 0\n"}
        self.base = self.repo.commit("Two systems", files=files)
        git_dir = self.repo.path / ".git"
        self.place = Here(git_dir, git_dir, self.repo.path, "sha1", git_dir / "policy-gate")
        self.learn({"src/tool.py": "x = 9\n"})
        self.learn({"inner/lib.py": "x = 9\n"})

    def learn(self, files: Mapping[str, str | None]) -> None:
        """Let a full check of a harmless change leave its memory."""
        told = remember_paths(self.request(self.commit(files)))
        assert told is not None
        save(self.place.memory, self.base, told)

    def commit(self, files: Mapping[str, str | None], modes: Mapping[str, str] | None = None, onto: str = "") -> str:
        """A commit with these files written (None: removed); a path that stands in the way of another gives way."""
        index: dict[str, Any] = {"GIT_INDEX_FILE": str(self.repo.path / ".git" / "test-index")}
        self.repo.git("read-tree", onto or self.base, **index)
        for path, text in files.items():
            self.repo.git("rm", "-q", "-r", "-f", "--cached", "--ignore-unmatch", "--", path, **index)
            if text is not None:
                oid = self.repo.git("hash-object", "-w", "--stdin", stdin=text)
                mode = (modes or {}).get(path, "100644")
                self.repo.git("update-index", "--add", "--replace", "--cacheinfo", f"{mode},{oid},{path}", **index)
        tree = self.repo.git("write-tree", **index)
        return self.repo.git("commit-tree", "-m", "change", "-p", onto or self.base, tree)

    def request(self, head: str) -> Request:
        now = datetime.now(UTC).replace(microsecond=0)
        return Request(self.repo.path, now, base=self.base, head=head, defer_approval=True)

    def glance(self, head: str, base: str = "") -> bool:
        return is_quiet_push(self.place, Update("x", head, "refs/heads/x", "0" * 40), Base(BRANCH, base or self.base))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("glance"))


def assert_sound(home: Home, head: str) -> bool:
    """Whether a glance is enough; where it is, the trees and the full check must say that nothing governed changed."""
    is_quiet = home.glance(head)
    if is_quiet:
        with load_inputs(home.request(head)) as inputs:
            assert changes_nothing_governed(inputs, options_of(home.request(head), inputs))
        report = run_check(home.request(head))
        assert report.headline == NOTHING_CHANGED
        assert (report.verdict, report.exit_code) == ("pass", 0)
        assert all(system.presence == "unchanged" for system in report.systems)
        assert not report.problems
    return is_quiet


@pytest.mark.parametrize("path", QUIET)
def test_what_is_not_governed_takes_a_glance(home: Home, path: str) -> None:
    assert assert_sound(home, home.commit({path: "changed\n"}))


@pytest.mark.parametrize("path", LOUD)
def test_d04_what_could_matter_goes_to_the_full_check(home: Home, path: str) -> None:
    assert not home.glance(home.commit({path: LOUD[path]}))


@pytest.mark.parametrize("module", ["langchain_newer", "tensorflow_newer.text", "azureml_newer"])
def test_d04_a_library_of_a_family_goes_to_the_full_check_by_how_it_begins(home: Home, module: str) -> None:
    assert not home.glance(home.commit({"src/asks.py": f"from {module} import ask\n"}))
    assert home.glance(home.commit({"src/asks.py": "from a_langchain_newer import ask\n"}))


@pytest.mark.parametrize(
    "files",
    [
        {"src/score.py": "import joblib\n\nrank = joblib.load('rank.joblib')\n"},
        {"infra/role.tf": 'resource "aws_sagemaker_model" "rank" {}\n'},
        {"src/rank.rb": "OpenAI::Client.new\n"},
        {"src/fetch.py": "import huggingface_hub as hub\n\nhub.hf_hub_download('acme/rank', 'a.bin')\n"},
        {"bin/get.sh": "curl -O https://acme.example/rank_1.onnx\n"},
        {"bin/copy.sh": "aws s3 sync s3://acme/models/rank/1 /m\n"},
        {"bin/clone.sh": "hf download acme/rank\n"},
        {"src/get.py": "from urllib.request import urlretrieve\n\nurlretrieve('https://acme.example/r.onnx', 'r')\n"},
        {"conf/proxy.yaml": "model_list: [{model_name: r, litellm_params: {model: azure/rank}}]\n"},
        {"src/main/resources/application.yml": "spring:\n  ai:\n    ollama: {}\n"},
    ],
    ids=str,
)
def test_d04_a_text_that_shows_ai_in_a_file_of_its_kind_goes_to_the_full_check(
    home: Home, files: dict[str, str]
) -> None:
    assert not home.glance(home.commit(files))
    assert home.glance(home.commit(dict.fromkeys(files, "nothing = 1\n")))


HIDDEN = {
    "src/wide.py": "import \uff4f\uff50\uff45\uff4e\uff41\uff49\n",
    "src/bold.py": "import \U0001d428\U0001d429\U0001d41e\U0001d427\U0001d41a\U0001d422\n",
    "src/parts.py": "import importlib\n\nm = importlib.import_module('ope' 'nai')\n",
    "src/sum.py": "import importlib\n\nm = importlib.import_module('ope' + 'nai')\n",
    "src/number.py": "import importlib\n\nm = importlib.import_module('\\x6fpen\\x61i')\n",
    "src/name.py": "import importlib\n\nm = importlib.import_module('\\N{LATIN SMALL LETTER O}penai')\n",
    "src/Asks.java": "import com.\\uu006fpenai.client.OpenAIClient;\n",
    "src/asks.ipynb": '{"cells": [{"cell_type": "code", "source": ["import open\\\\u0061i\\\\n"]}]}',
    "src/seven.py": "# coding: utf-7\nimport +AG8AcABlAG4AYQBp-\n",
}


@pytest.mark.parametrize("path", HIDDEN)
def test_t33_a_name_that_is_written_otherwise_than_it_reads_goes_to_the_full_check(home: Home, path: str) -> None:
    assert not home.glance(home.commit({path: HIDDEN[path]}))


@pytest.mark.parametrize("text", ['x = "a" + "b"\n', "x = 'a\\tb'\n", "# coding: latin-1\nx = 1\n", "x = '\u00fc'\n"])
def test_t33_control_other_escapes_and_letters_take_a_glance(home: Home, text: str) -> None:
    assert assert_sound(home, home.commit({"src/tool.py": text}))


APART = {f"{folder}/ask.py": "import openai\n\nopenai.OpenAI()\n" for folder in ("tests", "examples", "vendor/asks")}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("src/tool.py", "from tests.ask import x\n"),
        ("src/tool.py", "from examples import ask\n"),
        ("src/tool.py", "from vendor.asks import ask\n"),
        ("settings.yaml", "start: python examples/ask.py\n"),
        ("bin/run", "exec python examples/ask.py\n"),
    ],
)
def test_t33_what_may_begin_to_use_a_test_or_an_example_goes_to_the_full_check(
    tmp_path: Path, path: str, text: str
) -> None:
    home = Home(tmp_path)
    home.base = home.commit(APART)
    home.learn({"src/tool.py": "x = 9\n"})
    assert not home.glance(home.commit({path: text}))
    assert assert_sound(home, home.commit({path: "nothing = 1\n"}))


def test_t57_what_links_of_a_system_lead_to_goes_to_the_full_check(tmp_path: Path) -> None:
    home = Home(tmp_path)
    there = home.commit({"lib/rank.txt": "x\n", "conf/a.txt": "x\n", "other/a.txt": "x\n"})
    links = {"screener/rank.txt": "again.txt", "screener/again.txt": "../lib/rank.txt", "screener/conf": "../conf"}
    home.base = home.commit(links, dict.fromkeys(links, "120000"), onto=there)
    home.learn({"src/tool.py": "x = 9\n"})
    for path in ("lib/rank.txt", "conf/a.txt", "conf/new/b.txt"):
        assert not home.glance(home.commit({path: "y\n"})), path
    for path in ("lib/else.txt", "other/a.txt", "confer.txt"):
        assert assert_sound(home, home.commit({path: "y\n"})), path


@pytest.mark.parametrize("path", ["screener./rank.py", "screener /rank.py", "src/tool.py.", "src./new.py"])
def test_t61_a_name_of_which_windows_drops_something_goes_to_the_full_check(home: Home, path: str) -> None:
    assert not home.glance(home.commit({path: "x = 1\n"}))


@pytest.mark.parametrize("mode", ["120000", "160000"])
def test_links_and_submodules_go_to_the_full_check(home: Home, mode: str) -> None:
    assert not home.glance(home.commit({"src/odd": "target"}, {"src/odd": mode}))
    assert home.glance(home.commit({"src/odd": "target"}))


def test_t14_a_folder_that_reads_two_ways_goes_to_the_full_check(home: Home) -> None:
    blob = bytes.fromhex(home.repo.git("hash-object", "-w", "--stdin", stdin="x\n"))
    twice = b"100644 a.py\0" + blob
    for body in (twice + twice, b"100644 b.py\0" + blob + twice, b"100644 .GIT\0" + blob, b"100666 a.py\0" + blob):
        src = write_object(home.repo.path, "tree", body)
        kept = [row for row in home.repo.git("ls-tree", home.base).splitlines() if not row.endswith("\tsrc")]
        tree = home.repo.git("mktree", stdin="\n".join([*kept, f"040000 tree {src}\tsrc"]) + "\n")
        assert not home.glance(home.repo.git("commit-tree", "-m", "raw", "-p", home.base, tree))


def test_a_branch_behind_its_base_is_merged_first(home: Home) -> None:
    later, stale = home.commit({"src/later.py": "z = 1\n"}), home.commit({"src/stale.py": "z = 2\n"})
    assert home.glance(stale, base=later), "the same paths are governed in the later base"
    assert load(home.place.memory, later) is not None
    assert not home.glance(home.commit({"src/later.py": "z = 3\n"}), base=later), "a conflict"
    assert not home.glance(home.commit({"policies/new.yaml": "a: 1\n"}), base=later)
    assert not home.glance(stale, base=home.commit({"governance.yaml": MANIFEST_TEXT})), "base governs otherwise"


CODE = "".join(f"def part_{n}(a):\n    b_{n} = a + {n}\n    return b_{n} * {n}\n" for n in range(20))
BRINGS_CODE = {"src/back.py": CODE}


@pytest.mark.parametrize("text", [None, "x = 0\n"], ids=["deleted", "emptied"])
def test_t54_after_claimed_code_went_new_code_goes_to_the_full_check(tmp_path: Path, text: str | None) -> None:
    home = Home(tmp_path)
    home.base = home.commit({"screener/rank.py": CODE})
    home.learn({"src/tool.py": "x = 9\n"})
    assert assert_sound(home, home.commit(BRINGS_CODE)), "control: nothing went"
    earlier, home.base = home.base, home.commit({"screener/rank.py": text})
    assert not home.glance(home.commit(BRINGS_CODE)), "what is carried over knows nothing of what went since"
    home.learn({"src/tool.py": "x = 9\n"})
    for few in ({"src/tool.py": "x = 1\n"}, {"docs/page.md": CODE}, {"src/gone.txt": None}):
        assert assert_sound(home, home.commit(few))
    assert not home.glance(home.commit(BRINGS_CODE))
    assert home.glance(home.commit(BRINGS_CODE, onto=earlier), base=earlier)


def test_t54_code_that_came_and_went_between_two_bases_is_remembered_of_neither(tmp_path: Path) -> None:
    home = Home(tmp_path)
    other = home.commit({"docs/page.md": "other\n"})
    assert home.glance(home.commit(BRINGS_CODE, onto=other), base=other), "control: nothing claimed was touched"
    with_code = home.commit({"screener/more.py": CODE})
    without = home.commit({"screener/more.py": None}, onto=with_code)
    assert home.glance(home.commit({"src/tool.py": "x = 1\n"}, onto=without), base=without)
    assert not home.glance(home.commit(BRINGS_CODE, onto=without), base=without)


def test_a_manifest_that_no_check_has_read_is_not_passed_over(tmp_path: Path) -> None:
    home = Home(tmp_path)
    (home.place.memory / "ground" / f"{home.base}.json").unlink()
    home.learn({"src/tool.py": "x = 9\n"})
    assert not home.glance(home.commit({"inner/lib.py": "x = 1\n"}))
    home.learn({"inner/lib.py": "x = 9\n"})
    assert home.glance(home.commit({"inner/lib.py": "x = 1\n"}))


def test_a_broken_or_foreign_memory_is_none(home: Home, tmp_path: Path) -> None:
    place = home.place._replace(memory=tmp_path)
    push = Update("x", home.commit({"src/tool.py": "x = 5\n"}), "refs/heads/x", "0" * 40)
    file = tmp_path / "ground" / f"{home.base}.json"
    file.parent.mkdir()
    good = (home.place.memory / "ground" / file.name).read_text("utf-8")
    for text in ("", "{", "[]", "null", "[" * 9999, good.replace('"key": [5', '"key": [4'), good.replace("[", "{", 1)):
        file.write_text(text, "utf-8")
        assert not is_quiet_push(place, push, Base(BRANCH, home.base)), text[:80]
    file.write_text(good, "utf-8")
    assert is_quiet_push(place, push, Base(BRANCH, home.base))


@pytest.mark.parametrize(
    "text",
    [
        "systems: [",
        to_yaml({"schema": "policy-gate/manifest/v1", "systems": [], "reason": "none here"}),
        to_yaml({"schema": "policy-gate/manifest/v1", "systems": [high_system(vendors=["nobody"])]}),
    ],
)
def test_d24_d28_a_base_with_something_wrong_is_never_remembered(home: Home, text: str) -> None:
    base = home.commit({"governance.yaml": text})
    head = home.commit({"src/tool.py": "x = 7\n"}, onto=base)
    request = Request(home.repo.path, datetime.now(UTC), base=base, head=head, defer_approval=True)
    assert remember_paths(request) is None
    assert remember_paths(home.request(home.commit({"src/tool.py": "x = 7\n"}))) is not None


@settings(max_examples=60)
@given(st.lists(st.sampled_from(sorted(ANY)), min_size=1, max_size=3, unique=True))
def test_d04_a_glance_never_says_pass_where_the_full_check_would_not(home: Home, paths: list[str]) -> None:
    chosen = [path for path in paths if not any(path.startswith(f"{other}/") for other in paths)]
    assert_sound(home, home.commit({path: ANY[path] for path in chosen}))
