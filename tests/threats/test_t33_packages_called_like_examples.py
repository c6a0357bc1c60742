"""T33: new AI in a package of the JVM that is called like a folder for examples, tests or what others wrote."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import high_system

ASKS = "import com.openai.client.OpenAIClient;\nclass Asks { OpenAIClient client; }\n"
PLAIN = "class Plain { int one = 1; }\n"


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    made = Scratch(tmp_path_factory.mktemp("packages"))
    made.adopt(high_system("production"), files={"app/src/main/java/com/example/Main.java": PLAIN})
    return made


@pytest.mark.parametrize("package", ["com/example/ask", "com/acme/samples", "com/acme/test", "com/acme/vendor"])
def test_t33_a_package_hides_no_ai_by_its_name(repo: Scratch, package: str) -> None:
    repo.branch()
    repo.commit("Ask", files={f"app/src/main/java/{package}/Asks.java": ASKS})
    found = repo.check()
    assert found.code == 1, found
    assert "no system claims it" in found.out


@pytest.mark.parametrize(
    "path",
    ["app/src/test/java/com/acme/Asks.java", "examples/src/main/java/com/acme/Asks.java", "docs/Asks.java"],
)
def test_t33_control_tests_and_examples_stay_told_and_stop_nobody(repo: Scratch, path: str) -> None:
    repo.branch()
    repo.commit("Show it", files={path: ASKS})
    found = repo.check()
    assert found.code == 0, found


def test_t33_control_a_package_without_ai_passes(repo: Scratch) -> None:
    repo.branch()
    repo.commit("Plain", files={"app/src/main/java/com/acme/vendor/Plain.java": PLAIN})
    found = repo.check()
    assert (found.code, found.verdict) == (0, "pass"), found
