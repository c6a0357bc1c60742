"""The story: a change is blocked, the work is done, it passes; four tricks are tried, and an incident stops it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from policy_gate.demo.repository import DemoRepository

MANIFEST = "governance.yaml"
GATE = "pre-deployment-security-review"
AUTHOR = "Bo Author"
APPROVERS = (("Lin Park", "legal"), ("Pat Moss", "product-owner"), ("Ada Example", "ciso"))

_PRIVACY = "- {id: privacy-impact-assessment, path: governance/privacy.md, status: draft, completed: @TODAY-88@}"
_PRIVACY_FINAL = _PRIVACY.replace("draft", "final").replace("@TODAY-88@", "@TODAY-7@")
_BIAS = "- {id: bias-evaluation-results, path: governance/bias.md, status: final, completed: @TODAY-6@}"
_BIAS_TEST = "- {id: bias-benchmark-suite, report: reports/bias.xml}"
_ITEM = "\n      "

HALF_DONE = (
    ("stage: development", "stage: pre_deployment"),
    ('    paths: ["screener/**"]', '    model_card: screener/MODEL_CARD.md\n    paths: ["screener/**"]'),
    (
        _PRIVACY,
        _ITEM.join(
            (
                _PRIVACY_FINAL,
                "- {id: security-assessment-report, path: governance/security-assessment.md, status: final,"
                " completed: @TODAY-8@}",
                "- {id: data-lineage-documentation, path: governance/data-lineage.md, status: final,"
                " completed: @TODAY-7@}",
                _BIAS,
            )
        )
        + "\n    tests:"
        + _ITEM
        + _ITEM.join(("- {id: security-penetration-test, report: reports/penetration.xml}", _BIAS_TEST)),
    ),
)
DOCUMENTS = (
    (
        _BIAS,
        _ITEM.join(
            (
                _BIAS.replace("@TODAY-6@", "@TODAY-1@"),
                "- {id: red-team-report, path: governance/red-team-report.md, status: final, completed: @TODAY-1@}",
                "- {id: incident-response-plan, path: governance/incident-plan.md, status: final,"
                " completed: @TODAY-1@}",
            )
        ),
    ),
)
TESTS = (
    (
        _BIAS_TEST,
        _ITEM.join(
            (
                _BIAS_TEST,
                "- {id: adversarial-robustness-evaluation, report: reports/robustness.xml}",
                "- {id: out-of-distribution-testing, report: reports/unusual.xml}",
            )
        ),
    ),
)
LOWERED = (
    ("decision_impact: employment", "decision_impact: informational"),
    ("    facts: {eu_market: true, annex_iii_points: [4-a]}\n", ""),
)
SOFTENED = (
    (
        "assurance:\n",
        "gates:\n"
        f"  - id: {GATE}\n"
        "    title: Pre-Deployment Security Review\n"
        "    from: development\n"
        "    to: pre_deployment\n"
        "    tiers: [critical]\n"
        "    none_for: [high, medium, low]\n"
        "    enforcement: advise\n"
        "    require:\n"
        "      - artifact: model-card\n"
        "assurance:\n",
    ),
)

INCIDENT = (
    *("--system", "SYS-001", "--type", "privacy_violation", "--severity", "high"),
    *("--description", "Another's letter was shown."),
)
_REPORT = ".git/incident.json"


class Step(Struct, frozen=True):
    """One command of the story: where it ran (a tag of the repository), what it was, and how it ended."""

    ref: str
    command: tuple[str, ...]
    expected: int
    exit: int


class Story:
    """The acts in order; each leaves a tag and a Step."""

    def __init__(self, repository: DemoRepository, say: Callable[[str], None]) -> None:
        self.repository = repository
        self.say = say
        self.steps: list[Step] = []
        self.is_signed = False

    def tell(self) -> None:
        """All acts; they are told even where one did not end as expected."""
        self.found()
        self.half_done()
        self.do_the_work()
        self.approve()
        self.lower_a_dimension()
        self.empty_the_report()
        self.edit_the_policy()
        self.sign_for_another()
        self.open_an_incident()
        self.repository.git("checkout", "-q", "promote-screener")
        self.repository.is_me(AUTHOR)

    def found(self) -> None:
        """Main: policies, roles and three systems, pushed to origin."""
        self._act("Three systems, and the rules they live under.")
        self.is_signed = self.repository.make_keys("ada", "lin", "pat", "bo")
        if not self.is_signed:
            self.say("(There is no ssh-keygen here, so approvals are only written down, which these rules accept.)\n")
        self.repository.lay("main")
        self.repository.lay(self._assurance)
        self.repository.commit("Declare three AI systems and who may approve what", "Rae Kim")
        self.repository.git("push", "-q", "-u", "origin", "main")
        self.repository.git("remote", "set-head", "origin", "main")
        self._run("step-0-main", 0, "classify")

    def half_done(self) -> None:
        """The author moves the screener forward with half of the work done."""
        self._act("Bo wants the resume screener in pre-deployment, with half of the work done.")
        self.repository.git("checkout", "-q", "-b", "promote-screener")
        self.repository.lay("half")
        self.repository.edit(MANIFEST, *HALF_DONE)
        self.repository.commit("Move the resume screener to pre-deployment", AUTHOR)
        self._run("step-1-half-done", 1, "check")

    def do_the_work(self) -> None:
        """The documents, then the tests."""
        self._act("Rae starts the missing report with the command above, and Sam and she write what lacks.")
        self._quietly("draft", "red-team-report", "--system", "SYS-001")
        self.repository.lay("work")
        self.repository.edit(MANIFEST, *DOCUMENTS)
        self.repository.commit("Red team report, incident plan, bias results", "Rae Kim")
        self._run("step-2-documents", 1, "check")
        self._act("Sam mends the model until the bias suite passes, and runs the two suites that lacked.")
        self.repository.lay("fixed")
        self.repository.edit(MANIFEST, *TESTS)
        self.repository.commit("Hide gaps in careers from the model; run all suites", "Sam Lee")
        self._run("step-3-tests", 1, "check")

    def approve(self) -> None:
        """Three people say yes, each under their own name, and the same command passes."""
        how = "each with a key that main pins for them" if self.is_signed else "each under their own name"
        self._act(f"The work is there. Now three people who wrote none of it look, and say yes, {how}.")
        for name, role in APPROVERS:
            self._say_yes(name, role, name.split(maxsplit=1)[0].lower())
            self.repository.commit(f"Approve {GATE} as {role}", name, "governance/approvals")
        self._run("step-4-approved", 0, "check")

    def lower_a_dimension(self) -> None:
        """Trick one: say that the system is less dangerous, in a change of its own."""
        self._act("Trick 1. Next time Bo would rather do less: the screener only informs, says a small change.")
        self._branch("trick-1-lower-a-dimension", "main", ())
        self.repository.edit(MANIFEST, *LOWERED)
        self.repository.commit("Correct the risk profile", AUTHOR)
        self._run("trick-1", 1, "check")

    def empty_the_report(self) -> None:
        """Trick two: once all have approved, take the substance out of the evidence."""
        self._act("Trick 2. All have approved, so Bo empties the red team report.")
        self._branch("trick-2-empty-the-report", "step-4-approved", (*HALF_DONE, *DOCUMENTS, *TESTS))
        (self.repository.folder / "governance/red-team-report.md").write_text("# Red team report\n", encoding="utf-8")
        self.repository.commit("Tidy up the reports", AUTHOR)
        self._run("trick-2", 1, "check")

    def edit_the_policy(self) -> None:
        """Trick three: change the rules in the change that they judge."""
        self._act("Trick 3. Bo does not wait for approvals: a policy in the same change asks nobody any more.")
        self._branch("trick-3-edit-the-policy", "step-3-tests", (*HALF_DONE, *DOCUMENTS, *TESTS))
        self.repository.edit("policies/organisation.yaml", *SOFTENED)
        self.repository.commit("Simplify our policy", AUTHOR)
        self._run("trick-3", 1, "check")

    def sign_for_another(self) -> None:
        """Trick four: approve in somebody else's name."""
        how = "signs one in her name with his own key" if self.is_signed else "writes one in her name"
        self._act(f"Trick 4. Only Ada's approval lacks, so Bo {how}, and commits it.")
        self.repository.git("checkout", "-q", "-b", "trick-4-sign-for-another", "step-4-approved~1")
        self._say_yes("Ada Example", "ciso", "bo", who="Bo, as Ada Example")
        self.repository.commit(f"Approve {GATE} as ciso", AUTHOR, "governance/approvals")
        self._run("trick-4", 1, "check")

    def open_an_incident(self) -> None:
        """What passed waits while something serious is open where the system runs; told in three lines."""
        self.say("\n-- At night the screener shows an applicant another's letter. What had passed now waits:")
        self.repository.git("checkout", "-q", "-b", "incident-at-night", "step-4-approved")
        self._quietly("incident", "open", "--id", "INC-NIGHT", *INCIDENT)
        self.repository.commit("An applicant was shown the letter of another", "Rae Kim")
        self.repository.git("tag", "incident")
        code = self.repository.run("check", "--format", f"json={_REPORT}", is_shown=False)
        self.steps.append(Step("incident", ("check",), 1, code))
        found = json.loads((self.repository.folder / _REPORT).read_text("utf-8"))["findings"]
        said = "; ".join(it["title"] for it in found if it["blame"] == "introduced" and it["state"] == "gap")
        self.say(f"$ policy-gate check   BLOCKED: {said}   [incident] exit {code}")

    @property
    def _assurance(self) -> str:
        return "signed" if self.is_signed else "recorded"

    def _say_yes(self, name: str, role: str, key: str, who: str = "") -> None:
        self.repository.is_me(name)
        signing = ("--key", self.repository.key(key)) if self.is_signed else ()
        about = ("--for", GATE, "--system", "SYS-001", "--role", role)
        self._quietly("approve", *about, *signing, "--yes", who=who or name)

    def _branch(self, name: str, at: str, edits: tuple[tuple[str, str], ...]) -> None:
        self.repository.git("checkout", "-q", "-b", name, at)
        self.repository.recall("main")
        self.repository.recall(self._assurance)
        self.repository.edit(MANIFEST, *edits)

    def _act(self, text: str) -> None:
        self.say(f"\n-- {text}\n")

    def _run(self, tag: str, expected: int, *command: str) -> None:
        self.repository.git("tag", tag)
        self.say(f"$ policy-gate {' '.join(command)}")
        code = self.repository.run(*command)
        self.steps.append(Step(tag, command, expected, code))
        told = "" if code == expected else f"   but the story says {expected}"
        self.say(f"[{tag}] exit {code}{told}")

    def _quietly(self, *command: str, who: str = "Rae Kim") -> None:
        code = self.repository.run(*command, is_shown=False)
        self.say(f"{who} $ policy-gate {' '.join(command)}")
        self.steps.append(Step("", command, 0, code))


def tell(folder: Path, say: Callable[[str], None], today: date, environment: Mapping[str, str]) -> tuple[Step, ...]:
    """Build the repository in an empty folder and tell the story; every command with its exit code.

    Leaves `steps.json` (not committed) with the tag, command and exit of each step.
    """
    repository = DemoRepository(folder, today, environment)
    story = Story(repository, say)
    story.tell()
    kept = [asdict(step) for step in story.steps if step.ref]
    (folder / "steps.json").write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    with (folder / ".git/info/exclude").open("a", encoding="utf-8") as exclude:
        exclude.write("steps.json\n")
    return tuple(story.steps)
