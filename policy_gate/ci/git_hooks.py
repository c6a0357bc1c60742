"""The pre-push hook as a file of git's: written, chained, shown, removed; a foreign one is never overwritten."""

from __future__ import annotations

import difflib
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from policy_gate.documents.atomic_file import replacing
from policy_gate.errors import UsageError
from policy_gate.schema.patterns import lazy_pattern
from policy_gate.vcs.discovery import Here, here
from policy_gate.vcs.process import GitFailedError, ask

NAME = "pre-push"
CHAINED = "pre-push.before-policy-gate"
_MARK = "# policy-gate hook, "
_SEAL = lazy_pattern(r"\A#!/bin/sh\n# policy-gate hook, ([0-9a-f]{64})\n")
_START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from policy_gate.cli import main; main()"

_BODY = """\
# Written by `policy-gate hook install`, removed by `policy-gate hook uninstall`. Do not edit it.
# It is advisory: CI decides, and `git push --no-verify` goes past it.
{before}if [ -x {python} ] && [ -f {module} ]; then
  {feed}{run}
elif command -v policy-gate >/dev/null 2>&1; then
  {feed}policy-gate hook pre-push{advisory} -- "$@"
else
  echo "policy-gate: not judged: policy-gate is not where it was when this hook was installed, nor on the PATH" >&2
  echo "  hint: install it and run policy-gate hook install again; git push --no-verify pushes all the same" >&2
  exit {missing}
fi
"""
_CHAIN = """\
pushed=$(cat; echo .)
pushed=${{pushed%.}}
printf '%s' "$pushed" | "${{0%/*}}/{chained}" "$@" || exit $?
"""


class Folder(NamedTuple):
    """Where git looks for hooks: `setting` says which core.hooksPath sends it there, empty for git's own folder."""

    path: Path
    setting: str
    is_shared: bool
    """set for more than this repository"""
    is_in_tree: bool


class HookFile(NamedTuple):
    """What stands at the hook's place: `kind` is none, ours, edited (ours once) or foreign."""

    kind: str
    text: str


def install(directory: Path, *, chain: bool, advisory: bool) -> Iterator[str]:
    """Write the hook, and say in lines what was done; UsageError, with the line to add, where a foreign hook stands."""
    folder = _folder(directory)
    file, kept = folder.path / NAME, folder.path / CHAINED
    system_change = _standing(file)
    was_kept = kept.exists() or kept.is_symlink()
    if system_change.kind in ("foreign", "edited") and not (chain and system_change.kind == "foreign"):
        raise _refusal(file, system_change, advisory)
    if system_change.kind == "foreign":
        _keep(file, kept)
    wanted = script(chained=kept.exists(), advisory=advisory)
    if system_change == HookFile("ours", wanted):
        yield f"already installed: {file}"
        return
    try:
        _write(file, wanted)
    except UsageError:
        if not was_kept:
            with suppress(OSError):
                kept.unlink(missing_ok=True)
        raise
    if system_change.kind == "foreign":
        yield f"kept the hook that was there as {kept}; it runs first"
    yield f"{'updated' if system_change.kind == 'ours' else 'wrote'} {file}"
    yield from _remarks(folder)


def uninstall(directory: Path) -> Iterator[str]:
    """Remove our hook and put back the one it was chained to; UsageError where it was edited since."""
    folder = _folder(directory)
    file, kept = folder.path / NAME, folder.path / CHAINED
    system_change = _standing(file)
    if system_change.kind == "edited":
        raise UsageError(f"{file} was edited since it was installed", hint="keep what is yours and delete the rest")
    if system_change.kind != "ours":
        yield f"nothing of ours is installed: {file} is {'not there' if system_change.kind == 'none' else 'not ours'}"
        return
    was_kept = kept.exists() or kept.is_symlink()
    with _writable(file):
        if was_kept:
            kept.replace(file)
        else:
            file.unlink()
    yield f"removed {file}"
    if was_kept:
        yield f"put back the hook that was there before as {file}"


def script(*, chained: bool, advisory: bool) -> str:
    """The whole hook, for POSIX sh: the interpreter of now by its path, else `policy-gate` on the PATH."""
    python, module = _place()
    body = _BODY.format(
        before=_CHAIN.format(chained=CHAINED) if chained else "",
        feed="printf '%s' \"$pushed\" | " if chained else "exec ",
        python=shlex.quote(python),
        module=shlex.quote(module),
        run=_run(python, module, advisory),
        advisory=" --advisory" if advisory else "",
        missing=0 if advisory else 3,
    )
    return f"#!/bin/sh\n{_MARK}{_sealed(body)}\n{body}"


def _run(python: str, module: str, advisory: bool) -> str:
    options = " --advisory" if advisory else ""
    start = "-m policy_gate"
    if not _is_installed(python, module):
        # Run from a checkout: the isolated interpreter does not find the package by itself.
        start = f"-c {shlex.quote(_START)} {shlex.quote(str(Path(module).parent.parent.as_posix()))}"
    return f'{shlex.quote(python)} -I {start} hook pre-push{options} -- "$@"'


def _place() -> tuple[str, str]:
    """This interpreter, and the module it starts, as paths that sh takes on every system."""
    package = Path(__file__).resolve().parent.parent
    return Path(sys.executable).absolute().as_posix(), (package / "__main__.py").as_posix()


def _is_installed(python: str, module: str) -> bool:
    wanted = "import policy_gate; print(policy_gate.__file__)"
    done = subprocess.run([python, "-I", "-c", wanted], cwd=Path(python).parent, capture_output=True, check=False)
    told = done.stdout.decode("utf-8", "replace").strip()
    return done.returncode == 0 and Path(told).resolve().parent == Path(module).parent


def _sealed(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8")).hexdigest()


def _standing(file: Path) -> HookFile:
    if file.is_symlink():
        return HookFile("foreign", f"a link to {file.readlink()}\n")
    if not file.exists():
        return HookFile("none", "")
    if not file.is_file():
        raise UsageError(f"{file} is no file", hint="move it away")
    text = file.read_bytes().decode("utf-8", "backslashreplace")
    seal = _SEAL.match(text)
    if seal is None:
        return HookFile("foreign", text)
    return HookFile("ours" if seal[1] == _sealed(text[seal.end() :]) else "edited", text)


def _refusal(file: Path, system_change: HookFile, advisory: bool) -> UsageError:
    python, module = _place()
    wanted = script(chained=False, advisory=advisory)
    rows = difflib.unified_diff(
        system_change.text.splitlines(), wanted.splitlines(), str(file), "policy-gate", lineterm=""
    )
    line = f"{_run(python, module, advisory)} || exit $?"
    whose = (
        "was edited since it was installed" if system_change.kind == "edited" else "is not ours and is left as it is"
    )
    ways = "run this again with --chain to keep it and run it first, or " if system_change.kind == "foreign" else ""
    shown = "\n".join(rows)
    return HookThereError(
        f"{file} {whose}",
        shown,
        hint=f"{ways}add this line where nothing else reads standard input: {line}",
    )


class HookThereError(UsageError):
    """A hook stands there that is not ours; `shown` is the difference to what would be written."""

    def __init__(self, message: str, shown: str, *, hint: str) -> None:
        super().__init__(message, hint=hint)
        self.shown = shown


def _keep(file: Path, kept: Path) -> None:
    """Give a hook a second name: until ours takes the first one, it is what git runs."""
    if kept.exists() or kept.is_symlink():
        # Whoever was ended between the two steps left the same hook under both names.
        if kept.is_file() and file.is_file() and kept.read_bytes() == file.read_bytes():
            return
        raise UsageError(f"{kept} is in the way of the hook that would be kept", hint="remove or rename it")
    with _writable(kept):
        try:
            os.link(file, kept, follow_symlinks=False)
        except OSError:
            shutil.copy2(file, kept, follow_symlinks=False)


def _write(file: Path, text: str) -> None:
    with _writable(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        with replacing(file, 0o755) as out:
            out.write(text.encode("utf-8"))


@contextmanager
def _writable(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(f"cannot write {file}: {error.strerror}", hint="look at the rights of that folder") from error


def _folder(directory: Path) -> Folder:
    try:
        place = here(directory)
    except GitFailedError as error:
        raise UsageError(str(error), hint="run git init there, or name another with -C DIR") from error
    start = place.root or place.git_dir
    found = ask("rev-parse", "--path-format=absolute", "--git-path", "hooks", cwd=start)
    if not found:
        raise UsageError("git does not say where its hooks are", hint="git 2.38 or later is needed")
    path = Path(found)
    told = ask("config", "--show-scope", "--get", "core.hooksPath", cwd=start) or ""
    scope, _, value = told.partition("\t")
    return Folder(
        path,
        f"core.hooksPath = {value} ({scope})" if value else "",
        scope in ("global", "system"),
        _is_in_tree(path, place),
    )


def _is_in_tree(path: Path, place: Here) -> bool:
    inside = place.root is not None and path.is_relative_to(place.root)
    return inside and not path.is_relative_to(place.common_dir) and not path.is_relative_to(place.git_dir)


def _remarks(folder: Folder) -> Iterator[str]:
    if folder.setting:
        yield f"git looks there because of {folder.setting}"
    if folder.is_shared:
        yield "that folder serves every repository of this account: where none is governed, a push stops as undecided"
    if folder.is_in_tree and ".husky" in folder.path.parts:
        yield "husky may write this folder anew; then add the call of policy-gate to .husky/pre-push instead"
    elif folder.is_in_tree:
        yield "that folder is in the work tree: the hook names this machine's Python, so do not commit it"
    yield "it is advisory: it tells early, CI decides"
