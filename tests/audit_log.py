"""The audit log as tests look at it and as an attacker with write access would change it, by git's own plumbing."""

from __future__ import annotations

import json
from typing import Any

from scratch import Result, Scratch

REF = "refs/policy-gate/audit"


def recorded(repo: Scratch, *args: str, **env: str) -> Result:
    """`audit record` that must succeed."""
    done = repo.run("audit", "record", *args, **env)
    assert done.code == 0, done
    return done


def verified(repo: Scratch, *args: str) -> Result:
    """`audit verify` as JSON, whatever it comes to."""
    return repo.run("audit", "verify", "--format", "json", *args)


def commits(repo: Scratch, ref: str = REF) -> list[str]:
    """The commits of the log, from the oldest."""
    listed = repo.git("rev-list", "--reverse", ref, ok=False)
    return listed.split()


def statement(repo: Scratch, commit: str) -> dict[str, Any]:
    """What one entry says."""
    found: dict[str, Any] = json.loads(repo.git("show", f"{commit}:statement.json"))
    return found


def audit_part(data: dict[str, Any]) -> dict[str, Any]:
    """What the log itself needs, inside a statement."""
    found: dict[str, Any] = data["predicate"]["urn:policy-gate:audit:v1"]
    return found


def canonical(data: Any) -> str:
    """The one spelling of a statement, written here anew."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True) + "\n"


def put(repo: Scratch, parent: str, files: dict[str, str], message: str, moved: bool = True) -> str:
    """A commit of these files after another (or none), to which the log is moved by force; its id."""
    rows = []
    for name, text in sorted(files.items()):
        rows.append(f"100644 blob {repo.git('hash-object', '-w', '--stdin', stdin=text)}\t{name}\n")
    tree = repo.git("mktree", stdin="".join(rows))
    who = {"GIT_AUTHOR_NAME": "x", "GIT_AUTHOR_EMAIL": "x", "GIT_COMMITTER_NAME": "x", "GIT_COMMITTER_EMAIL": "x"}
    commit = repo.git("commit-tree", *(("-p", parent) if parent else ()), "-m", message, tree, **who)
    if moved:
        repo.git("update-ref", REF, commit)
    return commit


def rebuilt(repo: Scratch, changed: dict[int, Any], upto: int | None = None) -> list[str]:
    """The log written anew from its first entry, as its owner would: `changed` is given the statement of a number.

    Every link after a changed entry is made right again, so that only what is remembered or signed can tell.
    """
    made: list[str] = []
    parent, digest = "", ""
    for number, old in enumerate(commits(repo)[:upto]):
        data = statement(repo, old)
        part = audit_part(data)
        part["previous"] = {"commit": parent, "statement": digest} if parent else None
        part["sequence"] = number
        if number in changed:
            changed[number](data)
        text = canonical(data)
        files = {"statement.json": text}
        if repo.git("ls-tree", "--name-only", old).count(".sig"):
            files["statement.json.sig"] = repo.git("show", f"{old}:statement.json.sig") + "\n"
        parent = put(repo, parent, files, repo.git("log", "-1", "--format=%B", old), moved=False)
        digest = digest_of(text)
        made.append(parent)
    repo.git("update-ref", REF, made[-1])
    return made


def digest_of(text: str) -> str:
    """`sha256:` of a text."""
    from hashlib import sha256

    return "sha256:" + sha256(text.encode()).hexdigest()


def summarise(data: dict[str, Any]) -> None:
    """Make the summary of a verdict say what its record and its inputs say now."""
    part = audit_part(data)
    inputs, record, check = part["inputs"], part["record"], data["predicate"]["urn:policy-gate:check:v1"]
    data["predicate"]["policy"]["digest"]["sha256"] = inputs["policies"].removeprefix("sha256:")
    check["policies"]["digest"] = inputs["policies"]
    check["head"]["commit"] = data["subject"][1]["digest"]["gitCommit"] = inputs["head"]["commit"]
    check["base"]["commit"] = inputs["base"]["commit"]
    check["mode"], check["verdict"], check["systems"] = inputs["mode"], record["verdict"], record["systems"]


def set_id(data: dict[str, Any]) -> None:
    """Give a changed statement the id of what it says now, as whoever forges one would."""
    part = audit_part(data)
    inputs, record = part["inputs"], part["record"]
    about: dict[str, Any] = {}
    if record["kind"] == "verdict":
        about = {
            "base": inputs["base"]["commit"],
            "head": inputs["head"]["commit"],
            "tree": inputs["result_tree"],
            "mode": inputs["mode"],
            "policies": inputs["policies"],
            "day": inputs["as_of"][:10],
        }
    elif record["kind"] in ("waiver", "stage"):
        about = {"base": inputs["base"]["commit"]}
    part["id"] = digest_of(canonical({"about": about, "record": record}).rstrip("\n"))


def forge_pass(data: dict[str, Any]) -> None:
    """Turn a recorded block into a pass that is right in itself."""
    part = audit_part(data)
    part["record"] |= {"verdict": "pass", "blocking": []}
    for system in part["record"]["systems"]:
        system["verdict"] = "pass"
    data["predicate"]["verificationResult"] = "PASSED"
    data["predicate"]["verifiedLevels"] = ["SLSA_BUILD_LEVEL_UNEVALUATED", "POLICY_GATE_PASS"]
    summarise(data)
    set_id(data)


def message(data: dict[str, Any]) -> str:
    """The commit message that belongs to a verdict."""
    part = audit_part(data)
    systems = " ".join(one["id"] for one in part["record"]["systems"])
    return f"verdict: {part['record']['verdict']} ({systems})\n\nEntry: {part['id']}\n"
