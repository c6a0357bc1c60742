"""A history as a script for a shell: it makes each commit and merge with git, and asks policy-gate each time.

A repository holds no reviews: of a change on a forge the script tells them in a remark, and policy-gate, asked without
the forge, may answer otherwise.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence

from commit_line import Histories
from comparison import Turn, play
from history import History
from world import email_of

_HEAD = """\
set -eu
: "${POLICY_GATE:=policy-gate}"
git init -q -b main repository && cd repository
commit() {  # author, message; further arguments are co-authors
  who=$1; mail=$2; shift 2
  git add -A
  git -c user.name="$who" -c user.email="$mail" commit -q --allow-empty --no-verify "$@"
}
forge() { git -c user.name=Forge -c user.email=forge@example.com "$@"; }
merge() { git checkout -q main && forge merge -q --no-ff -m "Merge change $1" "change-$1"; }
squash() {
  git checkout -q main && forge merge -q --squash "change-$1" && forge commit -q --allow-empty -m "Change $1"
}
rebase() {
  git checkout -q -B rebased "change-$1" && forge rebase -q --force-rebase --no-keep-empty main
  git checkout -q main && git merge -q --ff-only rebased
}
"""


def as_script(history: History, gate: Histories) -> str:
    """The script of a history, up to the first change on which the two differ."""
    turns = play(history, gate).turns
    return _HEAD + "\n".join(line for n, turn in enumerate(turns, 1) for line in _of_turn(n, turn))


def _of_turn(number: int, turn: Turn) -> Iterator[str]:
    if number == 1:
        yield from _files({}, turn.base)
        yield _commit(("Rae Kim",), "Start")
    yield f"git checkout -q -B change-{number} {f'change-{number - 1}' if turn.kept else f'main~{turn.behind}'}"
    before: Mapping[str, str] = turn.made[turn.kept - 1][1] if turn.kept else turn.fork
    for people, files in turn.made[turn.kept :]:
        yield from _files(before, files)
        yield _commit(people, f"Change {number}")
        before = files
    if turn.forge:
        said = ", ".join(f"{it.who} {it.says} {it.commit}" for it in turn.forge.reviews)
        yield f"# opened by {turn.forge.opener} on a forge, where it was said: {said or 'nothing'}"
    yield f'code=0; $POLICY_GATE check --base main --as-of {turn.today} || code=$?; echo "change {number}: exit $code"'
    if turn.merged:
        yield f"{turn.way} {number}"


def _files(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for path in sorted(set(before) - set(after)):
        yield f"git rm -q -f {shlex.quote(path)}"
    for path, text in sorted(after.items()):
        if before.get(path) != text:
            folder = path.rpartition("/")[0]
            if folder:
                yield f"mkdir -p {shlex.quote(folder)}"
            yield f"printf %s {shlex.quote(text)} > {shlex.quote(path)}"


def _commit(people: Sequence[str], message: str) -> str:
    trailers = "".join(f"\n\nCo-authored-by: {name} <{email_of(name)}>" for name in people[1:])
    return f"commit {shlex.quote(people[0])} {email_of(people[0])} -m {shlex.quote(message + trailers)}"
