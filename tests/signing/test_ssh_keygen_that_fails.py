"""A signature that ssh-keygen could not be asked about is unchecked, and says what came in the way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from keys import NAMESPACE, Keyring
from world import TODAY, roles

from policy_gate.schema.people import UncheckedSignature
from policy_gate.schema.roles import Roles
from policy_gate.signing import verify
from policy_gate.signing.verify import VerifiedSignature, Verifier

RECORD = b"schema: policy-gate/approval/v1\n"


def asked(folder: Path, path: str) -> object:
    """What comes of Ada's genuine signature with the programs of these folders."""
    keys = Keyring(folder)
    record = folder / "record"
    record.write_bytes(RECORD)
    said = roles()
    said["roles"]["ciso"]["members"][0]["keys"] = [keys.public("Ada Example")]
    verifier = Verifier(Roles.model_validate(said), TODAY, {"PATH": path})
    return verifier.who_signed(RECORD, keys.sign("Ada Example", record), NAMESPACE)


def program(folder: Path, text: str) -> str:
    place = folder / "bin"
    place.mkdir()
    (place / "ssh-keygen").write_text(text)
    (place / "ssh-keygen").chmod(0o755)
    return str(place)


def test_a_program_that_cannot_be_run_is_named_with_the_cause(tmp_path: Path) -> None:
    place = program(tmp_path, "#!/nowhere/at/all\n")
    found = asked(tmp_path, place)
    assert isinstance(found, UncheckedSignature)
    assert f"{place}/ssh-keygen cannot be run here: No such file or directory" in found.reason


def test_one_that_never_ends_is_told_with_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "_SECONDS", 1)
    found = asked(tmp_path, program(tmp_path, "#!/bin/sh\nexec /bin/sleep 60\n"))
    assert isinstance(found, UncheckedSignature)
    assert "gave no answer in 1 seconds" in found.reason


def test_the_program_itself_says_that_it_is_good(tmp_path: Path) -> None:
    assert isinstance(asked(tmp_path, os.environ["PATH"]), VerifiedSignature)
