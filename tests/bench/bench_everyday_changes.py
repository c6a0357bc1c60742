"""How often the gate stops what people did where nobody thought of a gate: merges and card edits of real histories.

`make bench-everyday` with POLICY_GATE_CLONES, a folder of clones (bare or not; what lies in it is only read). Into each
first-parent commit of the last `--last` the same adoption is laid: what `init` proposes, answered as a system of a high
tier in production, and people who hold all roles. Each is judged against the one before it. Of model cards each edit
is judged by itself, as the card of a high system in production. Nothing is fetched, and no clone is written to.

What is stopped is printed with what it was stopped for, to be read: whether a stop is right is no number.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from world import base_files, days_ago, from_yaml, high_system, org_policy, roles, to_yaml

GATE = (sys.executable, "-P", "-m", "policy_gate")
CARDS = ("*[mM][oO][dD][eE][lL]?[cC][aA][rR][dD]*.md", "*[mM]odelcard*.md")
PROFILE = {
    "decision_impact": "financial",
    "human_oversight": "partial",
    "data_sensitivity": "highly_sensitive",
    "user_vulnerability": "general_public",
    "deployment_scale": "hundreds_of_thousands",
    "decision_reversibility": "difficult_to_reverse",
}
_NAMED = (("NAME", "Bo Author"), ("EMAIL", "bo@example.com"))
_WHO = {f"GIT_{who}_{what}": said for who in ("AUTHOR", "COMMITTER") for what, said in _NAMED}


class Clone(NamedTuple):
    """A copy of a clone that shares its objects, with an index of its own for trees that are put together."""

    path: Path

    def git(self, *words: str, data: str | None = None) -> str:
        env = {**os.environ, **_WHO, "GIT_INDEX_FILE": str(self.path / ".git" / "laid-over")}
        done = subprocess.run(
            ["git", "-C", str(self.path), *words], input=data, capture_output=True, text=True, env=env, check=True
        )
        return done.stdout.strip()

    def laid_over(self, commit: str, parent: str, files: Mapping[str, str]) -> str:
        """A commit of another's tree with these files in it, and its message and author."""
        self.git("read-tree", f"{commit}^{{tree}}")
        for path, blob in files.items():
            self.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
        tree = self.git("write-tree", "--missing-ok")
        return self.git("commit-tree", tree, "-p", parent, "-m", self.git("log", "-1", "--format=%s", commit))


def check(folder: Path, base: str, head: str) -> tuple[int, str]:
    """Exit code and text of one check."""
    words = [*GATE, "check", "--base", base, "--into", "main", "--head", head]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def stopped_for(text: str) -> list[str]:
    """The titles of what blocks, without what tells one of a kind from another."""
    found = re.findall(r"(?m)^ {1,3}\d+  (.+(?:\n {5}\S.*)?)", text)
    return [" ".join(title.split()).partition(":")[0] for title in found if "does not block" not in title]


def adopted(clone: Clone, start: str) -> dict[str, str] | None:
    """The blobs of an adoption as `init` proposes it for this commit; None where it proposes no system."""
    clone.git("checkout", "-q", "--force", "-B", "main", start)
    subprocess.run([*GATE, "init", "--yes"], cwd=clone.path, capture_output=True, check=False)
    manifest = clone.path / "governance.yaml"
    data = from_yaml(manifest.read_text("utf-8")) if manifest.is_file() else {}
    if not data.get("systems"):
        return None
    for system in data["systems"]:
        system.pop("guessed", None)
        system |= {"risk_profile": dict(PROFILE), "facts": {"eu_market": False}, "stage": "production"}
        system.setdefault("enrolled", days_ago(0))
    files = {
        "governance.yaml": to_yaml(data),
        "policies/roles.yaml": to_yaml(roles()),
        "policies/organisation.yaml": to_yaml(org_policy()),
    }
    return {path: clone.git("hash-object", "-w", "--stdin", data=text) for path, text in files.items()}


def merges(source: Path, last: int, work: Path) -> Iterator[tuple[str, int, str]]:
    """Subject, exit code and text of each of the last changes of a history."""
    subprocess.run(["git", "clone", "-q", "-s", "-n", str(source), str(work)], check=True)
    clone = Clone(work)
    chain = clone.git("rev-list", "--first-parent", "--reverse", f"--max-count={last + 1}", "HEAD").split()
    files = adopted(clone, chain[0])
    if files is None:
        return
    before = clone.laid_over(chain[0], chain[0], files)
    for commit in chain[1:]:
        after = clone.laid_over(commit, before, files)
        yield (clone.git("log", "-1", "--format=%s", commit), *check(work, before, after))
        before = after


def card_edits(source: Path) -> Iterator[tuple[str, str, str]]:
    """What is edited, and the card before and after."""
    clone = Clone(source)
    words = ("log", "--no-merges", "--format=%x00%h", "--name-only", "--diff-filter=M", "--", *CARDS)
    for part in clone.git(*words).split("\0")[1:]:
        commit, *paths = part.split("\n")
        for path in filter(None, paths):
            try:
                yield f"{commit} {path}", clone.git("show", f"{commit}^:{path}"), clone.git("show", f"{commit}:{path}")
            except (subprocess.CalledProcessError, UnicodeDecodeError):
                continue


def edit_judged(before: str, after: str, work: Path) -> tuple[int, str]:
    """One edit of the card of a high system in production."""
    system = high_system("production", enrolled=days_ago(3), facts={"eu_market": False}, regulatory_scope=None)
    manifest = to_yaml({"schema": "policy-gate/manifest/v1", "systems": [system]})
    files = {**base_files(), "governance.yaml": manifest, "screener/app.py": "x = 1\n", "MODEL_CARD.md": before}
    for path, text in files.items():
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).write_text(text, "utf-8")
    subprocess.run(["git", "init", "-q", "-b", "main", str(work)], check=True)
    clone = Clone(work)
    found = []
    for text in (before, after):
        (work / "MODEL_CARD.md").write_text(text, "utf-8")
        clone.git("add", "-A")
        clone.git("commit", "-q", "--allow-empty", "-m", "A card")
        found.append(clone.git("rev-parse", "HEAD"))
    return check(work, *found)


def _judged_edits(source: Path, scratch: Path) -> Iterator[tuple[str, int, str]]:
    for number, (subject, before, after) in enumerate(card_edits(source)):
        yield (subject, *edit_judged(before, after, scratch / str(number)))


def told(name: str, judged: Iterator[tuple[str, int, str]]) -> None:
    """One line for a history, and one for each stop."""
    codes, reasons = Counter[int](), Counter[str]()
    for subject, code, text in judged:
        codes[code] += 1
        if code:
            titles = list(dict.fromkeys(stopped_for(text))) or [text.strip().splitlines()[0]]
            reasons.update(titles)
            print(f"    {code}  {subject[:60]}: {'; '.join(titles)[:160]}")
    unknown = codes.total() - codes[0] - codes[1]
    print(f"{name}: {codes.total()} judged, {codes[1]} stopped, {unknown} without an answer", flush=True)
    for title, times in reasons.most_common():
        print(f"    {times:>4}  {title}")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--last", type=int, default=100, help="changes of each history (default 100)")
    asked.add_argument("--cards", action="store_true", help="edits of model cards alone")
    given = asked.parse_args()
    clones = os.environ.get("POLICY_GATE_CLONES")
    if not clones:
        print("skipped: POLICY_GATE_CLONES names no folder of clones")
        return
    for found in sorted(Path(clones).glob("**/HEAD")):
        source = found.parent
        if not (source / "objects").is_dir():
            continue
        with tempfile.TemporaryDirectory() as scratch:
            name = str(source.relative_to(clones))
            if not given.cards:
                told(name, merges(source, given.last, Path(scratch) / "history"))
            told(f"{name}, cards", _judged_edits(source, Path(scratch)))


if __name__ == "__main__":
    main()
