"""What the action starts: installs the gate into a folder of its own and runs it there. Standard library only.

It is run by file, as `python -I bootstrap.py`, from the action's own source. The folder lies in the runner's
temporary folder, outside of the checkout; libraries come as wheels that `requirements.txt` names by their hashes,
and the gate is copied from beside this file. Nothing that runs is taken from the checkout or from a cache, and of
the job's environment only the variables that are named here get through.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from policy_gate.schema.patterns import lazy_pattern

UNDECIDED = 3
"""Exit code where no trustworthy answer is to be had."""
RETRIES = 5
"""How often one download is tried again."""
INPUTS = (
    "BASE",
    "HEAD",
    "WORKING_DIRECTORY",
    "POLICIES",
    "FORMATS",
    "EVIDENCE",
    "REQUIRE_STAGE",
    "COMMENT",
    "DASHBOARD",
    "GITHUB_TOKEN",
    "ADVISORY",
    "REQUIRE_GOVERNED_BASE",
    "VERSION_CHECK",
    "REJUDGE",
    "AUDIT",
)
"""The inputs of the action that the gate reads; `action.yml` sets each as INPUT_ and its name."""
MACHINE = (
    *("PATH", "HOME", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "POLICY_GATE_TRACEBACK"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA"),
    *("PROGRAMDATA", "PROGRAMFILES", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE"),
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO"),
)
"""What the operating system and its network need."""
INDEXES = {
    "PIP_INDEX_URL": "--index-url",
    "PIP_EXTRA_INDEX_URL": "--extra-index-url",
    "PIP_FIND_LINKS": "--find-links",
    "PIP_TRUSTED_HOST": "--trusted-host",
}
"""Where this runner gets packages from. A wrong place can only fail: what it serves must have the known hashes."""

_NO_PIP = (
    "this Python has no pip; install python3-pip (on Debian and Ubuntu: apt-get install python3-pip), "
    "or start actions/setup-python before this step"
)


class InstallError(Exception):
    """The gate could not be installed; the text is one sentence for the person who reads the job."""


def main() -> int:
    """Install and run; the gate's exit code, or 3 with one error line where it could not be installed."""
    source = Path(__file__).resolve().parent.parent.parent
    folder = Path(tempfile.mkdtemp(prefix="policy-gate-", dir=os.environ.get("RUNNER_TEMP") or None))
    try:
        python = install(source, folder)
        return run(python, folder)
    except (InstallError, OSError) as error:
        say(f"::error title=policy-gate::{_one_line(f'the gate could not be installed: {error}')}")
        _tell_exit_code()
        return UNDECIDED
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def install(source: Path, folder: Path) -> Path:
    """Make the environment in `folder` from the action's source; its Python. InstallError where that fails."""
    clock = Clock()
    (folder / "temporary").mkdir()
    home = folder / "environment"
    python, packages = make_environment(home), packages_of(home)
    clock.lap("environment")
    add_requirements(packages, source, folder)
    clock.lap("libraries")
    copy_gate(source, packages)
    clock.lap("gate")
    say(f"policy-gate is installed outside of the checkout: {clock}")
    return python


def make_environment(home: Path) -> Path:
    """An empty virtual environment; its Python."""
    is_windows = os.name == "nt"
    venv.EnvBuilder(with_pip=False, symlinks=not is_windows).create(home)
    return home / ("Scripts/python.exe" if is_windows else "bin/python")


def packages_of(home: Path) -> Path:
    """The folder that this environment's libraries go to."""
    if os.name == "nt":
        return home / "Lib" / "site-packages"
    return home / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"


def add_requirements(packages: Path, source: Path, folder: Path) -> None:
    """Install the locked libraries into `packages` by one start of pip. InstallError with the reason, where it fails.

    The environment was made by the Python that runs this, so what fits here fits there; pip's `--python` would say
    the same and start pip twice. The lock is whole: nothing is resolved, and nothing compiled that is not imported.
    """
    places = folder / "places.txt"
    places.write_text("".join(f"{line}\n" for line in index_lines(os.environ)), "utf-8")
    certificate = os.environ.get("PIP_CERT")
    command = [
        *(sys.executable, "-I", *pip()),
        *("--isolated", "--no-input", "--disable-pip-version-check", "--quiet"),
        *("--retries", str(RETRIES), *(("--cert", certificate) if certificate else ())),
        *("install", "--require-hashes", "--only-binary", ":all:", "--no-deps", "--no-cache-dir", "--no-compile"),
        *("--target", str(packages), "-r", str(places), "-r", str(source / "requirements.txt")),
    ]
    done = subprocess.run(
        command, env=machine(folder), cwd=folder, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode != 0:
        for line in done.stderr.splitlines()[-20:]:
            say(f"pip: {_one_line(line)}")
        raise InstallError(reason(done.stderr))


def pip() -> Sequence[str]:
    """How this Python starts a pip. InstallError where there is none."""
    if importlib.util.find_spec("pip") is not None:
        return ("-m", "pip")
    bundled = _bundled_pip()
    if bundled is None:
        raise InstallError(_NO_PIP)
    return (str(bundled / "pip"),)


def _bundled_pip() -> Path | None:
    """The wheel of pip that comes with Python, which runs without being installed; None where it was left out."""
    found = importlib.util.find_spec("ensurepip")
    if found is None or found.origin is None:
        return None
    folders = (Path(found.origin).parent / "_bundled", Path("/usr/share/python-wheels"))
    wheels = [wheel for folder in folders for wheel in sorted(folder.glob("pip-*.whl"))]
    return wheels[0] if wheels else None


def index_lines(environment: Mapping[str, str]) -> Iterator[str]:
    """The runner's own places of packages as lines of a requirements file, one value in each.

    They stand in a file, for addresses may hold passwords and command lines can be read by others. A value that
    is no address or absolute path is left out.
    """
    for name, option in INDEXES.items():
        for value in environment.get(name, "").split():
            if _ADDRESS.fullmatch(value):
                yield f"{option}={value}"


_ADDRESS = lazy_pattern(r"(?:https?://|file://|/|[A-Za-z]:[\\/]|[A-Za-z0-9])[^\s#'\"]*")


def reason(told: str) -> str:
    """Why pip failed, in one sentence."""
    missing = re.search(r"No matching distribution found for (\S+)", told)
    if missing and not re.search(r"connection|Temporary failure|timed out|Max retries", told, re.IGNORECASE):
        here = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
        return f"there is no wheel of {missing[1]} for this machine ({here})"
    if "DO NOT MATCH THE HASHES" in told:
        return "a package is not the one that requirements.txt names by its hash"
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    return (errors or lines or ["pip said nothing"])[-1].removeprefix("ERROR: ")


def copy_gate(source: Path, packages: Path) -> None:
    """Copy the package, its policies and templates as the wheel holds them, and nothing that was compiled before."""
    unwanted = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(source / "policy_gate", packages / "policy_gate", ignore=unwanted)
    for name in ("policies", "templates"):
        shutil.copytree(source / name, packages / "policy_gate" / name, ignore=unwanted)


def run(python: Path, folder: Path) -> int:
    """Run the gate from a folder that holds nothing; its exit code, 4 where a signal ended it."""
    empty = folder / "empty"
    empty.mkdir()
    command = [str(python), "-I", "-B", "-X", "utf8", "-m", "policy_gate", "ci", "github"]
    done = subprocess.run(command, env=job(folder), cwd=empty, check=False)
    return done.returncode if done.returncode >= 0 else 4


def machine(folder: Path) -> dict[str, str]:
    """The variables that any program needs here; temporary files go into `folder`."""
    place = str(folder / "temporary")
    kept = {name: os.environ[name] for name in MACHINE if os.environ.get(name)}
    return kept | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), place)


def job(folder: Path) -> dict[str, str]:
    """The variables that the gate needs: those of the machine, the inputs, and what the runner says of the job."""
    told = {name: value for name, value in os.environ.items() if name.startswith(("GITHUB_", "RUNNER_"))}
    inputs = {f"INPUT_{name}": os.environ.get(f"INPUT_{name}", "") for name in INPUTS}
    # A step inside of an action is not always told whose action it is.
    action = told.get("GITHUB_ACTION_REPOSITORY") or os.environ.get("ACTION_REPOSITORY", "")
    return machine(folder) | told | inputs | {"GITHUB_ACTION_REPOSITORY": action, "CI": "true"}


class Clock:
    """Measures the stages of the installation, in seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._last = now()
        self._laps: list[str] = []

    def lap(self, name: str) -> None:
        """One stage is over."""
        before, self._last = self._last, self._now()
        self._laps.append(f"{name} {self._last - before:.1f} s")

    def __str__(self) -> str:
        return ", ".join(self._laps)


def say(line: str) -> None:
    """One line in the job's log."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _one_line(text: str) -> str:
    """Text of others for the log: no line of its own, no command to the runner."""
    plain = "".join(character if character.isprintable() else " " for character in text)
    return plain.replace("##[", "# #[").replace("%", "%25")


def _tell_exit_code() -> None:
    path = os.environ.get("GITHUB_OUTPUT")
    if path:
        with suppress(OSError), Path(path).open("a", encoding="utf-8") as file:
            file.write(f"exit-code={UNDECIDED}\n")


if __name__ == "__main__":
    sys.exit(main())
