"""Repositories to measure on: made in a scratch folder, the same ones every time."""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "CI", "GITHUB_", "GITLAB_"))},
    "GIT_AUTHOR_NAME": "Bench",
    "GIT_AUTHOR_EMAIL": "bench@example.com",
    "GIT_COMMITTER_NAME": "Bench",
    "GIT_COMMITTER_EMAIL": "bench@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
}
PROFILE = {
    "decision_impact": [
        "life_safety",
        "employment",
        "financial",
        "access_to_services",
        "reputational",
        "informational",
    ],
    "human_oversight": ["none", "partial", "full"],
    "data_sensitivity": ["special_category", "highly_sensitive", "sensitive", "non_sensitive"],
    "user_vulnerability": ["vulnerable_populations", "general_public", "professionals"],
    "deployment_scale": ["millions", "hundreds_of_thousands", "thousands", "internal"],
    "decision_reversibility": ["irreversible", "difficult_to_reverse", "reversible"],
}
LOW = {name: values[-1] for name, values in PROFILE.items()}
STAGES = ["conception", "development", "pre_deployment", "production", "deprecated", "decommissioned"]
PAPERS = [
    "system-description",
    "risk-tier-classification",
    "intended-use-statement",
    "data-governance-plan",
    "privacy-impact-assessment",
    "security-assessment-report",
    "bias-evaluation-results",
    "red-team-report",
    "incident-response-plan",
    "data-lineage-documentation",
    "deployment-runbook",
]
"""Eleven documents that a system of a high tier names on its way to production."""
_TEXT = """
    access account agreed answer application applicant batch bias category check city clerk client complaint data
    decision department document error evaluation exception figure file group human incident input interview letter
    limit list measure message model month number office operator outcome people person plan process quarter queue
    reader reason record report result review risk sample score season sentence service source stage standard store
    summary supplier system team test threshold time tool topic translation user value version week worker
    """
_WORDS = _TEXT.split()
Files = Iterable[tuple[str, str]]


def git(folder: Path, *words: str, data: bytes | None = None) -> str:
    """Run git in a folder; what it printed."""
    command = ["git", "-C", str(folder), *words]
    done = subprocess.run(command, check=True, env=ENVIRONMENT, input=data, stdout=subprocess.PIPE)
    return done.stdout.decode().strip()


def repository(folder: Path, files: Files, changed: str, old: str, new: str) -> Path:
    """A repository with these files on main, and on the branch `change` one text of one file replaced."""
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    stream = subprocess.Popen(
        ["git", "-C", str(folder), "fast-import", "--quiet"], env=ENVIRONMENT, stdin=subprocess.PIPE
    )
    assert stream.stdin is not None
    stream.stdin.write(b"commit refs/heads/main\ncommitter B <b@example.com> 1700000000 +0000\ndata 4\nbase\n")
    for path, text in files:
        data = text.encode()
        stream.stdin.write(f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n")
    stream.stdin.close()
    if stream.wait():
        raise SystemExit("git fast-import failed")
    git(folder, "checkout", "-q", "-b", "change", "main")
    manifest = folder / changed
    text = manifest.read_text()
    if old not in text:
        raise SystemExit(f"{changed} does not hold {old!r}")
    manifest.write_text(text.replace(old, new, 1))
    git(folder, "commit", "-qam", "change")
    return folder


def manifest(systems: Iterable[str]) -> str:
    return "schema: policy-gate/manifest/v1\nsystems:\n" + "".join(systems)


def entry(number: int, paths: str, stage: str = "development", profile: dict[str, str] = LOW, more: str = "") -> str:
    """One system of a manifest, in block style."""
    lines = [
        f"  - id: SYS-{number:05d}",
        f"    name: System {number}",
        f"    description: Summarises meeting notes of team {number}",
        f"    owner_team: Team {number}",
        f"    stage: {stage}",
        "    risk_profile:",
        *(f"      {name}: {value}" for name, value in profile.items()),
        f'    paths: ["{paths}"]',
    ]
    return "\n".join(lines) + "\n" + more


def document(number: int, paper: str) -> str:
    """A document of some 200 words under five headings; no two are alike."""
    drawn = random.Random(f"{number} {paper}")
    parts = [f"# {paper.replace('-', ' ').capitalize()} of system {number}\n"]
    for title in ("Overview", "Data and model", "Risks", "Measures", "Review"):
        parts.append(f"\n## {title}\n\n{' '.join(drawn.choices(_WORDS, k=40)).capitalize()}.\n")
        parts.append("\n".join(f"- {' '.join(drawn.choices(_WORDS, k=6))}" for _ in range(2)) + "\n")
    return "".join(parts)


def artifacts(paths: Iterable[tuple[str, str]], completed: str) -> str:
    """The `artifacts` of an entry: ids with the path of each."""
    lines = [f"      - {{id: {id_}, path: {path}, status: final, completed: {completed}}}\n" for id_, path in paths]
    return "    artifacts:\n" + "".join(lines) if lines else ""


def one_per_manifest(folder: Path, systems: int) -> Path:
    """Low systems, each in a folder and manifest of its own; one serves more people on the branch."""

    def files() -> Iterator[tuple[str, str]]:
        for number in range(systems):
            place = f"team-{number % 100:02d}/sys-{number:05d}"
            yield f"{place}/governance.yaml", manifest([entry(number, "src/**")])
            yield f"{place}/src/app.py", f"N = {number}\n"

    return repository(folder, files(), "team-00/sys-00000/governance.yaml", "internal", "thousands")


def under_law(folder: Path, facts: str) -> Path:
    """One system with these lines of `facts`; it serves more people on the branch."""
    text = manifest([entry(0, "src/**", more=facts)])
    files = iter([("governance.yaml", text), ("src/app.py", "N = 1\n")])
    return repository(folder, files, "governance.yaml", "internal", "thousands")


def with_documents(folder: Path, systems: int, day: str, *, together: bool) -> Path:
    """Systems of a high tier with eleven documents each, in one manifest or in as many; one is renamed."""

    def files() -> Iterator[tuple[str, str]]:
        entries = []
        for number in range(systems):
            place = f"sys-{number:03d}"
            inside = f"{place}/" if together else ""
            inputs = artifacts([(paper, f"{inside}docs/{paper}.md") for paper in PAPERS], day)
            profile = LOW | {"decision_impact": "employment", "deployment_scale": "millions", "human_oversight": "none"}
            text = entry(number, f"{inside}src/**", "pre_deployment", profile, inputs)
            entries.append(text)
            yield from ((f"{place}/docs/{paper}.md", document(number, paper)) for paper in PAPERS)
            yield f"{place}/src/app.py", f"N = {number}\n"
            if not together:
                yield f"{place}/governance.yaml", manifest([text])
        if together:
            yield "governance.yaml", manifest(entries)

    changed = "governance.yaml" if together else "sys-000/governance.yaml"
    return repository(folder, files(), changed, "name: System 0\n", "name: System zero\n")


def many_in_one(folder: Path, systems: int) -> Path:
    """So many systems in one manifest, each with code of its own; one is renamed.

    A document may have 1 MiB: beyond 2,000 systems each is written as short as the format allows, without a
    profile, so that the gate takes it for the highest tier.
    """

    def files() -> Iterator[tuple[str, str]]:
        if systems <= 2000:
            text = manifest(entry(number, f"s{number:05d}/**") for number in range(systems))
        else:
            text = manifest(
                f"- {{id: S{number:05d}, name: N{number}, owner_team: T, stage: development, paths: [s{number:05d}],"
                " risk_profile: {}}\n"
                for number in range(systems)
            )
        yield "governance.yaml", text
        yield from ((f"s{number:05d}/app.py", f"N = {number}\n") for number in range(systems))

    if systems <= 2000:
        return repository(folder, files(), "governance.yaml", "name: System 0\n", "name: System zero\n")
    return repository(folder, files(), "governance.yaml", "name: N0,", "name: M0,")


def varied(folder: Path, systems: int, day: str) -> Path:
    """Systems of random profile and stage in as many manifests; half name documents of their own, half shared ones."""

    def files() -> Iterator[tuple[str, str]]:
        drawn = random.Random(7)
        yield "policy-gate.yaml", "schema: policy-gate/config/v1\nshared: ['shared/**']\n"
        yield from ((f"shared/{paper}.md", document(-1, paper)) for paper in PAPERS)
        for number in range(systems):
            place = f"team-{number % 100:02d}/sys-{number:05d}"
            profile = {name: drawn.choice(values) for name, values in PROFILE.items()}
            named = drawn.sample(PAPERS, k=3)
            shared = number % 2 == 0
            inputs = artifacts([(it, f"/shared/{it}.md" if shared else f"docs/{it}.md") for it in named], day)
            yield f"{place}/governance.yaml", manifest([entry(number, "src/**", drawn.choice(STAGES), profile, inputs)])
            yield f"{place}/src/app.py", f"N = {number}\n"
            if not shared:
                yield from ((f"{place}/docs/{paper}.md", document(number, paper)) for paper in named)

    return repository(folder, files(), "team-00/sys-00000/governance.yaml", "name: System 0\n", "name: System zero\n")


def demo(folder: Path, command: list[str]) -> Path:
    """The repository that `policy-gate demo --keep` leaves: own rules, roles, configuration, documents, approvals."""
    said = subprocess.run([*command, "demo", "--keep", str(folder)], env=ENVIRONMENT, capture_output=True, check=False)
    steps = folder / "steps.json"
    if said.returncode or not steps.exists():
        raise SystemExit(f"policy-gate demo: exit {said.returncode}\n{said.stderr.decode()}")
    last = [step["ref"] for step in json.loads(steps.read_text()) if step["ref"].startswith("step-")][-1]
    git(folder, "checkout", "-q", last)
    return folder


def history(folder: Path, merges: int, systems: int, day: str) -> Path:
    """A year of merges into main, over systems with eleven documents each.

    Of ten merges five touch nothing governed, two the code of a system, two a document, and one the manifest.
    """
    profile = LOW | {"decision_impact": "employment", "deployment_scale": "millions", "human_oversight": "none"}

    def entry_of(number: int, name: str) -> str:
        named = artifacts([(paper, f"docs/{paper}.md") for paper in PAPERS], day)
        return manifest([entry(number, "src/**", "pre_deployment", profile, named).replace(f"System {number}\n", name)])

    def base() -> Iterator[tuple[str, str]]:
        for number in range(systems):
            place = f"sys-{number:03d}"
            yield from ((f"{place}/docs/{paper}.md", document(number, paper)) for paper in PAPERS)
            yield f"{place}/src/app.py", f"N = {number}\n"
            yield f"{place}/governance.yaml", entry_of(number, f"System {number}\n")

    def changed(number: int) -> tuple[str, str]:
        system, kind = number // 10 % systems, number % 10
        if kind < 5:
            return f"tools/tool-{number % 37}.py", f"N = {number}\n"
        place = f"sys-{system:03d}"
        if kind < 7:
            return f"{place}/src/app.py", f"N = {number}\n"
        if kind < 9:
            return f"{place}/docs/{PAPERS[number % len(PAPERS)]}.md", document(number, "anew")
        return f"{place}/governance.yaml", entry_of(system, f"System {number} anew\n")

    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    lines = [b"commit refs/heads/main\nmark :1\ncommitter B <b@example.com> 1767225600 +0000\ndata 4\nbase\n"]
    lines += [_inline(*file) for file in base()]
    for number in range(merges):
        tip, at = 2 * number + 1, 1767225600 + (number + 1) * 80_000
        lines.append(_commit(f"refs/heads/work\nmark :{tip + 1}", at - 60, f"change {number}", f"from :{tip}"))
        lines.append(_inline(*changed(number)))
        parents = f"from :{tip}\nmerge :{tip + 1}"
        lines.append(_commit(f"refs/heads/main\nmark :{tip + 2}", at, f"Merge change {number}", parents))
        lines.append(_inline(*changed(number)))
    git(folder, "fast-import", "--quiet", data=b"".join(lines))
    git(folder, "update-ref", "-d", "refs/heads/work")
    git(folder, "checkout", "-q", "-f", "main")
    return folder


def _inline(path: str, text: str) -> bytes:
    data = text.encode()
    return f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n"


def _commit(ref: str, at: int, said: str, parents: str) -> bytes:
    return f"commit {ref}\ncommitter B <b@example.com> {at} +0000\ndata {len(said)}\n{said}\n{parents}\n".encode()
