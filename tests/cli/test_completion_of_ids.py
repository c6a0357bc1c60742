"""What a shell offers where the id of a system, of a vendor or of the policies is wanted."""

from __future__ import annotations

import pytest
from scratch import Scratch
from world import high_system, low_system, to_yaml


def offered(repo: Scratch, *words: str) -> list[str]:
    """What bash is told for the last of these words."""
    line = " ".join(("policy-gate", *words))
    done = repo.run(_POLICY_GATE_COMPLETE="bash_complete", COMP_WORDS=line, COMP_CWORD=str(len(words)))
    assert (done.code, done.err) == (0, ""), done
    return [text.partition(",")[2] for text in done.out.splitlines() if text]


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """Two systems and three vendors, one of them in a manifest of its own."""
    repo = Scratch(tmp_path_factory.mktemp("completed"))
    repo.adopt(high_system("development"), low_system("development"))
    repo.rewrite(
        lambda data: data | {"vendors": [{"id": name, "vendor_name": name} for name in ("openai", "anthropic")]}
    )
    alone = {"schema": "policy-gate/manifest/v1", "vendors": [{"id": "acme", "vendor_name": "Acme"}]}
    repo.commit("Vendors", files={"team/governance.yaml": to_yaml(alone)})
    return repo


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        (("vendor", "assess", ""), ["acme", "anthropic", "openai"]),
        (("vendor", "assess", "a"), ["acme", "anthropic"]),
        (("vendor", "assess", "acme", "a"), ["anthropic"]),
        (("vendor", "assess", "none"), []),
        (("vendor", "questionnaire", "o"), ["openai"]),
        (("vendor", "import", "answers.yaml", "--vendor", "an"), ["anthropic"]),
        (("check", "--system", ""), ["SYS-001", "SYS-003"]),
        (("check", "--system", "SYS-001", "--system", "SYS"), ["SYS-003"]),
        (("law", "--system", "SYS-003"), ["SYS-003"]),
        (("approve", "--system", "SYS-0"), ["SYS-001", "SYS-003"]),
        (("waive", "--system", "SYS-0"), ["SYS-001", "SYS-003"]),
        (("draft", "--system", "SYS-0"), ["SYS-001", "SYS-003"]),
        (("explain", "subject", "--system", "SYS-0"), ["SYS-001", "SYS-003"]),
        (("policy", "eval", "--system", "SYS-0"), ["SYS-001", "SYS-003"]),
    ],
)
def test_declared_ids_are_offered(repo: Scratch, words: tuple[str, ...], ids: list[str]) -> None:
    assert offered(repo, *words) == ids


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        (("waive", "--rule", "weakeni"), ["weakening"]),
        (("waive", "--rule", "production-dep"), ["production-deployment"]),
        (("waive", "--rule", "ciso-app"), ["ciso-approval"]),
        (("approve", "--role", "ai-"), ["ai-governance-committee", "ai-safety-lead"]),
        (("approve", "--for", "policy-c"), ["policy-change"]),
        (("approve", "--for", "pre-dep"), ["pre-deployment-security-review"]),
        (("explain", "red-team-r"), ["red-team-report"]),
        (("explain", "ai-safety-l"), ["ai-safety-lead"]),
        (("explain", "bias-benchmark-s"), ["bias-benchmark-suite"]),
        (("draft", "red-team-r"), ["red-team-report"]),
        (("draft", "red-team-report", "red-team-r"), []),
        (("raci", "risk-tier-c"), ["risk-tier-classification"]),
        (("policy", "case", "tier-lowerin"), ["tier-lowering"]),
        (("audit", "query", "--role", "ciso"), ["ciso"]),
    ],
)
def test_ids_of_the_policies_are_offered(repo: Scratch, words: tuple[str, ...], ids: list[str]) -> None:
    assert offered(repo, *words) == ids


def test_policies_that_cannot_be_read_offer_nothing_and_say_nothing(scratch: Scratch) -> None:
    scratch.commit("Broken", files={"policies/own.yaml": "schema: policy-gate/policy/v1\nabout: x\nrules: [{id: a}]\n"})
    assert offered(scratch, "waive", "--rule", "weak") == []


def test_what_cannot_be_read_offers_nothing_and_says_nothing(scratch: Scratch) -> None:
    scratch.commit("Broken", files={"governance.yaml": "vendors: [\n"})
    assert offered(scratch, "vendor", "assess", "") == []
