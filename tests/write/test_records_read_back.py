"""An approval record says, once read back, exactly what was written: or its own content would refute its digest."""

from __future__ import annotations

import base64
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from policy_gate.documents.scalars import unclean
from policy_gate.documents.validation import validated
from policy_gate.documents.writer import NewFile, create, value_text, yaml_text
from policy_gate.documents.yaml_reader import read_yaml
from policy_gate.errors import UsageError
from policy_gate.schema.canonical import digest_of
from policy_gate.schema.dates import Period
from policy_gate.schema.documents import ApprovalRecord, Approver
from policy_gate.signing.sshsig import MalformedSignatureError, Sshsig, parse
from policy_gate.write.approval_record import record

VALUES = st.one_of(
    st.text(alphabet="0123456789abcdefx_.+-:", max_size=64),
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=200),
)


@given(branch=VALUES, values=st.lists(VALUES, min_size=1, max_size=5))
@example(branch="NO", values=["0123456789012345678901234567890123456789", "12345678e90123456789", "0x1f", "1:30", ""])
@example(branch="release/ 1.0 #x", values=["- a", "'", '"', "{", "null", "~", "true", "2026-11-22", "a: b", "%x"])
def test_content_and_digest_agree_after_reading(branch: str, values: list[str]) -> None:
    content = {f"part {number}": value for number, value in enumerate(values)} | {"target_branch": branch}
    text = record(
        system="SYS-001",
        for_="weakening",
        role="ai-safety-lead",
        approver=Approver(name="Rae Kim", email="rae@example.com"),
        subject_digest=digest_of(content),
        target_branch=branch,
        today=date(2026, 11, 22),
        valid_for=Period.parse("P90D"),
        content=content,
    )
    raw, marks = read_yaml("record.yaml", text.encode("utf-8"))
    said = validated(ApprovalRecord, "record.yaml", "0" * 40, raw, marks).content
    assert said.content == content
    assert digest_of(dict(said.content)) == said.subject_digest
    assert said.target_branch == branch


def _made() -> str:
    return record(
        system=None,
        for_="policy-change",
        role="ai-governance-committee",
        approver=Approver(name="Ada Example", email="ada@example.com"),
        subject_digest=digest_of({}),
        target_branch="main",
        today=date(2026, 11, 22),
        valid_for=Period.parse("P90D"),
        content={},
    )


def test_two_records_of_one_day_and_content_are_two() -> None:
    assert _made() != _made()


@pytest.mark.parametrize("made", ["1234567890123456", "1234567890e12345", "0000000000000000", "123e456789012345"])
def test_the_id_is_text_also_where_another_tool_writes_the_record_anew(
    monkeypatch: pytest.MonkeyPatch, made: str
) -> None:
    monkeypatch.setattr("secrets.token_hex", lambda _: made)
    unquoted = "".join(letter for letter in _made() if letter not in "\"'")
    raw, _ = read_yaml("record.yaml", unquoted.encode("utf-8"))
    assert isinstance(raw["id"], str)


def _armoured(blob: bytes) -> bytes:
    return b"-----BEGIN SSH SIGNATURE-----\n" + base64.encodebytes(blob) + b"-----END SSH SIGNATURE-----\n"


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


HEAD = b"SSHSIG\x00\x00\x00\x01"
WHOLE = HEAD + b"".join(map(_string, (b"key", b"policy-gate-approval@v1", b"", b"sha512", b"signature")))


@given(st.one_of(st.binary(max_size=200), st.binary(max_size=200).map(lambda tail: _armoured(HEAD + tail))))
def test_whatever_a_signature_file_holds_it_is_read_or_refused(data: bytes) -> None:
    with suppress(MalformedSignatureError):
        assert isinstance(parse(data), Sshsig)


def read(blob: bytes) -> Sshsig | None:
    try:
        return parse(_armoured(blob))
    except MalformedSignatureError:
        return None


@pytest.mark.parametrize("place", range(len(WHOLE) - len(b"signature") - 1))
def test_one_byte_more_or_less_is_never_the_same_signature(place: int) -> None:
    """Up to the signature's own bytes, which are for ssh-keygen to read."""
    assert read(WHOLE) == Sshsig(b"key", "policy-gate-approval@v1")
    before, after = WHOLE[:place], WHOLE[place + 1 :]
    odd = {0, 1, 2, 3, 4, 255, WHOLE[place], WHOLE[place] ^ 1, (WHOLE[place] + 1) % 256}
    others = [before + after, *(before + bytes([byte, byte]) + after for byte in sorted(odd))]
    assert read(WHOLE) not in [read(blob) for blob in others]


def test_all_files_are_written_or_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot write record/x\.sig"):
        create(tmp_path, [NewFile("record", "one\n"), NewFile("record/x.sig", "two\n")])
    assert list(tmp_path.iterdir()) == []
    create(tmp_path, [NewFile("record", "one\n"), NewFile("record.sig", "two\n")])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["record", "record.sig"]


@given(text=st.text(max_size=40))
@example(text="red \x1b[31m")
@example(text="\x00")
@example(text="a\x85b")
@example(text="\ud800")
@example(text="a\ttab, a: colon, and [brackets]\n")
def test_a_text_is_written_as_it_is_read_or_refused_before(text: str) -> None:
    for write in (lambda: f"said: {value_text(text)}\n", lambda: yaml_text({"said": text})):
        if unclean(text):
            with pytest.raises(UsageError, match=r" holds the character U\+"):
                write()
        else:
            assert read_yaml("file.yaml", write().encode("utf-8"))[0] == {"said": text}
